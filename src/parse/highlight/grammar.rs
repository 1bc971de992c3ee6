//! Reading code with a grammar: which pieces are keywords, strings, comments and so on.
//!
//! In: the name of a language and code with `\n` line ends. Out: a [`Reading`], runs of classed
//! text. Writes no HTML.
//!
//! **Reading may never return**: the parser behind it loops for ever on some inputs
//! (trishume/syntect#706), and nothing in the process can stop it. [`Grammars::read`] is therefore
//! for a process that may be killed; the engine reaches it through a [`super::Highlighter`] that
//! runs one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use syntect::parsing::{ParseState, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::classes::{Class, Classifier, Cursor};
use super::matcher::{Matcher, Stop, Tables};
use crate::diagnostic;

/// A stretch of text of one class, as byte offsets into the code. It begins and ends with
/// characters that are seen; white space within it is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
    /// What it is.
    pub class: Class,
}

/// What came of reading a code block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// By rising offset, without overlap; what lies between is plain.
    Runs(Vec<Run>),
    /// No grammar has that name; the nearest known name, if one is near.
    Unknown(Option<String>),
    /// The grammar itself is at fault, and will be each time; why.
    Broken(String),
}

/// Names of languages that are shown as they are, without a grammar.
const PLAIN: &[&str] = &[
    "ascii",
    "console",
    "none",
    "output",
    "plain",
    "plaintext",
    "sh-session",
    "shell-session",
    "terminal",
    "text",
    "txt",
];

/// Names people use which are neither a grammar's name nor one of its file extensions, and what
/// the grammar set calls them. `javascript` is here because the grammar of exactly that name is an
/// older one, which hangs on `x /*` and which `js` does not mean: one language, one grammar.
const ALIASES: &[(&str, &str)] = &[
    ("apache", "apache conf"),
    ("csharp", "c#"),
    ("delphi", "pascal"),
    ("docker", "dockerfile"),
    ("eex", "html (eex)"),
    ("ejs", "html"),
    ("elisp", "lisp"),
    ("emacs-lisp", "lisp"),
    ("fsharp", "f#"),
    ("golang", "go"),
    ("handlebars", "html"),
    ("hbs", "html"),
    ("heex", "html (eex)"),
    ("javascript", "javascript (babel)"),
    ("javascriptreact", "javascript (babel)"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("jsonl", "json"),
    ("mdx", "markdown"),
    ("mustache", "html"),
    ("mysql", "sql"),
    ("node", "javascript (babel)"),
    ("njk", "jinja2"),
    ("nunjucks", "jinja2"),
    ("obj-c", "objective-c"),
    ("objc", "objective-c"),
    ("objectivec", "objective-c"),
    ("plist", "xml"),
    ("plsql", "sql"),
    ("postgres", "sql"),
    ("postgresql", "sql"),
    ("psql", "sql"),
    ("pwsh", "powershell"),
    ("python3", "python"),
    ("regex", "regular expression"),
    ("regexp", "regular expression"),
    ("scheme", "lisp"),
    ("shell", "bash"),
    ("shellscript", "bash"),
    ("sqlite", "sql"),
    ("tera", "jinja2"),
    ("tsql", "sql"),
];

/// Whether a language is shown as it is, without a grammar and without complaint.
#[must_use]
pub fn is_plain(language: &str) -> bool {
    PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(language))
}

/// Every grammar there is, decoded at the first use. May be shared between threads.
#[derive(Debug, Default)]
pub struct Grammars {
    loaded: OnceLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    set: SyntaxSet,
    names: Names,
    classifier: Classifier,
    tables: Tables,
    /// Matchers that no thread is using.
    idle: Mutex<Vec<Matcher>>,
}

/// Where scopes begin and end in a line, in order.
pub type Changes = Vec<(usize, ScopeStackOp)>;

impl Grammars {
    /// A set that costs nothing until it is used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads code in a language given by any of its names, in any case. May never return.
    #[must_use]
    pub fn read(&self, language: &str, code: &str) -> Reading {
        let loaded = self.loaded();
        match loaded.find(language, code) {
            Ok(grammar) => loaded.runs(grammar, code),
            Err(near) => Reading::Unknown(near),
        }
    }

    /// Reads code in a language given by any of its names, in any case: the same as [`Self::read`],
    /// many times faster, and always to an end.
    ///
    /// # Errors
    /// Why the code was given up, for this code each time.
    pub fn read_fast(&self, language: &str, code: &str) -> Result<Reading, Stop> {
        let loaded = self.loaded();
        match loaded.find(language, code) {
            Ok(grammar) => loaded
                .with_matcher(|matcher| matcher.runs(&loaded.set, &loaded.tables, grammar, code))
                .map(Reading::Runs),
            Err(near) => Ok(Reading::Unknown(near)),
        }
    }

    /// The scope changes of each line, found as [`Self::read_fast`] finds them: for comparing them
    /// with those of syntect's parser. Nothing if no grammar has exactly that name.
    ///
    /// # Errors
    /// Why the code was given up.
    pub fn changes(&self, grammar: &str, code: &str) -> Option<Result<Vec<Changes>, Stop>> {
        let loaded = self.loaded();
        let grammar = loaded.set.find_syntax_by_name(grammar)?;
        Some(loaded.with_matcher(|matcher| matcher.changes(&loaded.set, &loaded.tables, grammar, code)))
    }

    fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let set = two_face::syntax::extra_newlines();
            let tables = Tables::new(&set);
            Loaded {
                names: Names::new(&set),
                set,
                classifier: Classifier::new(),
                tables,
                idle: Mutex::default(),
            }
        })
    }
}

/// The numbers of grammars by what they are called in small letters, as syntect finds them: by file
/// extension, else by name, and of several the last.
#[derive(Debug)]
struct Names {
    extensions: HashMap<String, usize>,
    names: HashMap<String, usize>,
}

impl Names {
    fn new(set: &SyntaxSet) -> Self {
        let grammars = || set.syntaxes().iter().enumerate();
        let small = |name: &String, number| (name.to_ascii_lowercase(), number);
        Self {
            extensions: grammars()
                .flat_map(|(number, grammar)| {
                    grammar.file_extensions.iter().map(move |name| small(name, number))
                })
                .collect(),
            names: grammars().map(|(number, grammar)| small(&grammar.name, number)).collect(),
        }
    }

    fn find(&self, language: &str, code: &str) -> Option<usize> {
        // PHP in a guide seldom opens with `<?php`; without it the grammar for whole files sees HTML.
        if language == "php" && !code.contains("<?") {
            return self.names.get("php source").copied();
        }
        let name = ALIASES.iter().find(|(alias, _)| *alias == language).map_or(language, |(_, name)| name);
        self.extensions.get(name).or_else(|| self.names.get(name)).copied()
    }
}

fn nearest(set: &SyntaxSet, language: &str) -> Option<String> {
    let grammars = set.syntaxes().iter().filter(|grammar| !grammar.hidden);
    let mut known: BTreeSet<String> = grammars
        .flat_map(|grammar| std::iter::once(&grammar.name).chain(&grammar.file_extensions))
        .map(|name| name.to_lowercase())
        .filter(|name| name.len() > 1 && !name.contains(['.', ' ']))
        .collect();
    known.extend(ALIASES.iter().map(|(alias, _)| (*alias).to_owned()));
    known.extend(PLAIN.iter().map(|&plain| plain.to_owned()));
    diagnostic::near(language, known.iter().map(String::as_str)).map(str::to_owned)
}

impl Loaded {
    /// The grammar of a language; the nearest name if there is none of that name.
    fn find(&self, language: &str, code: &str) -> Result<&SyntaxReference, Option<String>> {
        let language = language.to_lowercase();
        self.names
            .find(&language, code)
            .and_then(|number| self.set.syntaxes().get(number))
            .ok_or_else(|| nearest(&self.set, &language))
    }

    /// Lends a matcher to a thread. One that is not brought back, for whatever reason, is made anew.
    fn with_matcher<T>(&self, work: impl FnOnce(&mut Matcher) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut matcher = idle().pop().unwrap_or_default();
        let result = work(&mut matcher);
        idle().push(matcher);
        result
    }

    fn runs(&self, grammar: &SyntaxReference, code: &str) -> Reading {
        let mut state = ParseState::new(grammar);
        let mut cursor = Cursor::default();
        let mut pieces = Pieces::default();
        let mut line_start = 0;
        for line in code.split_inclusive('\n') {
            let changes = match state.parse_line(line, &self.set) {
                Ok(changes) => changes,
                Err(error) => return Reading::Broken(error.to_string()),
            };
            let mut at = 0;
            for (offset, change) in &changes {
                if *offset > at {
                    pieces.push(line_start + at, line.get(at..*offset).unwrap_or_default(), cursor.class());
                    at = *offset;
                }
                cursor.apply(change, &self.classifier);
            }
            pieces.push(line_start + at, line.get(at..).unwrap_or_default(), cursor.class());
            line_start += line.len();
        }
        Reading::Runs(pieces.runs)
    }
}

/// Joins pieces of code, given in order, to as few runs as say the same: white space has no
/// colour, so it neither needs a run nor ends one.
#[derive(Default)]
pub(super) struct Pieces {
    runs: Vec<Run>,
    /// Plain text that is seen stands after the last run.
    interrupted: bool,
}

impl Pieces {
    pub(super) fn into_runs(self) -> Vec<Run> {
        self.runs
    }

    pub(super) fn push(&mut self, start: usize, text: &str, class: Option<Class>) {
        let seen = text.trim_start();
        let start = start + text.len() - seen.len();
        let seen = seen.trim_end();
        if seen.is_empty() {
            return;
        }
        // A keyword of signs alone is an operator: plain.
        let class = class.filter(|class| *class != Class::Keyword || seen.contains(char::is_alphanumeric));
        let Some(class) = class else {
            self.interrupted = true;
            return;
        };
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let end = offset(start + seen.len());
        match self.runs.last_mut() {
            Some(last) if last.class == class && !self.interrupted => last.end = end,
            _ => self.runs.push(Run { start: offset(start), end, class }),
        }
        self.interrupted = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code with its runs marked `<k:...>`.
    fn marked(language: &str, code: &str) -> String {
        let Reading::Runs(runs) = Grammars::new().read(language, code) else { panic!("{language}") };
        let mut out = String::new();
        let mut at = 0;
        for run in runs {
            out += &code[at..run.start as usize];
            out.extend(["<", run.class.letter(), ":", &code[run.start as usize..run.end as usize], ">"]);
            at = run.end as usize;
        }
        out + &code[at..]
    }

    #[test]
    fn equal_neighbours_are_one_run_and_white_space_is_in_none() {
        assert_eq!(marked("rust", "pub  fn  f() {}\n"), "<k:pub  fn>  <f:f>() {}\n");
        assert_eq!(marked("rust", "  // a\n  // b\nx\n"), "  <c:// a\n  // b>\nx\n");
        assert_eq!(marked("rust", "let s = \"a\\n\";\n"), "<k:let> s = <s:\"a><e:\\n><s:\">;\n");
    }

    #[test]
    fn operators_are_keywords_when_they_are_words() {
        assert_eq!(marked("python", "a = not b + c\n"), "a = <k:not> b + c\n");
        assert_eq!(marked("javascript", "a => a && typeof b\n"), "a => a && <k:typeof> b\n");
    }

    #[test]
    fn code_inside_a_string_is_code() {
        assert_eq!(marked("ruby", "\"a#{b}c\"\n"), "<s:\"a#{>b<s:}c\">\n");
    }

    #[test]
    fn names_are_found_in_any_case_and_by_aliases() {
        let grammars = Grammars::new();
        for name in ["Ruby", "RB", "c++", "C#", "golang", "javascript", "Shell", "tsx", "psql"] {
            assert!(matches!(grammars.read(name, "x\n"), Reading::Runs(_)), "{name}");
        }
        for (alias, name) in ALIASES {
            assert!(matches!(grammars.read(alias, ""), Reading::Runs(_)), "{alias} -> {name}");
        }
        assert_eq!(grammars.read("rubby", ""), Reading::Unknown(Some("ruby".to_owned())));
        assert_eq!(grammars.read("pyhton", ""), Reading::Unknown(Some("python".to_owned())));
        assert_eq!(grammars.read("quenya", ""), Reading::Unknown(None));
        assert!(is_plain("Text") && !is_plain("rust"));
    }

    #[test]
    fn javascript_by_its_full_name_returns_on_the_comment_that_hangs_the_older_grammar() {
        assert_eq!(marked("javascript", "x /*\n"), "x <c:/*>\n");
    }

    #[test]
    fn php_needs_no_opening_tag() {
        assert_eq!(marked("php", "return null; // x\n"), "<k:return> <l:null>; <c:// x>\n");
        assert!(marked("php", "<p><?php return null; ?></p>\n").contains("<k:return>"));
    }

    #[test]
    fn code_may_lack_its_last_line_end() {
        assert_eq!(marked("rust", "return"), "<k:return>");
        assert_eq!(marked("rust", ""), "");
    }
}
