//! The info string of a fenced code block: its language and what the writer asks for.
//!
//! In: the text after the opening fence, such as `ruby {2,4-6} title="a.rb"`. Out: a [`Fence`], and
//! a [`Problem`] for every word that means nothing. Does not know which languages exist, nor how
//! many lines the block has.
//!
//! Several dialects are read as one: words and `name=value` pairs, parted by spaces or commas
//! (Zola: `rust,linenos,hl_lines=3-4 8-9`), with or without braces round them (Hugo:
//! `go {linenos=true, hl_lines=[3,"6-8"], linenostart=5}`; Pandoc: `{.rust .numberLines}`), and
//! bare ranges in braces (Docusaurus, Gatsby: `js {2,4-6}`).

use std::ops::Range;

use crate::diagnostic::{self, Code};

/// What an info string says. Ranges are bytes of the info string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence<'a> {
    /// The language as written; empty when none is given.
    pub(super) language: &'a str,
    /// Where the language stands.
    pub(super) language_at: Range<usize>,
    /// What to show above the block, such as a file name.
    pub(super) title: Option<&'a str>,
    /// Whether lines are numbered; `None` leaves it to the site.
    pub(super) numbers: Option<Switch>,
    /// The number of the first line.
    pub(super) start: u32,
    /// Lines that stand out, in the order written.
    pub(super) marks: Vec<Marked>,
    /// Whether the block has a copy button; `None` leaves it to the theme.
    pub(super) copy: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    On,
    Off,
}

/// Some lines of a block, counted from 1 at its top whatever number that line shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) mark: Mark,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) at: Range<usize>,
}

/// How a line stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The reader's attention is drawn to it.
    Highlighted,
    /// It is new.
    Inserted,
    /// It is gone.
    Deleted,
}

/// Something in an info string that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) at: Range<usize>,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
}

/// What a word asks for.
#[derive(Debug, Clone, Copy)]
enum Key {
    Title,
    Numbers(Switch),
    Start,
    Lines(Mark),
    Copy(Switch),
    /// Means something to other tools and nothing to a page.
    Nothing,
}

/// Every word, in lower case with `_` for `-`, and what it asks for.
const KEYS: &[(&str, Key)] = &[
    ("title", Key::Title),
    ("name", Key::Title),
    ("file", Key::Title),
    ("filename", Key::Title),
    ("lines", Key::Numbers(Switch::On)),
    ("linenos", Key::Numbers(Switch::On)),
    ("numbers", Key::Numbers(Switch::On)),
    ("line_numbers", Key::Numbers(Switch::On)),
    ("linenumbers", Key::Numbers(Switch::On)),
    ("numberlines", Key::Numbers(Switch::On)),
    ("showlinenumbers", Key::Numbers(Switch::On)),
    ("nolines", Key::Numbers(Switch::Off)),
    ("nolinenos", Key::Numbers(Switch::Off)),
    ("nonumbers", Key::Numbers(Switch::Off)),
    ("no_line_numbers", Key::Numbers(Switch::Off)),
    ("start", Key::Start),
    ("linenostart", Key::Start),
    ("startfrom", Key::Start),
    ("startline", Key::Start),
    ("hl_lines", Key::Lines(Mark::Highlighted)),
    ("hl", Key::Lines(Mark::Highlighted)),
    ("highlight", Key::Lines(Mark::Highlighted)),
    ("mark", Key::Lines(Mark::Highlighted)),
    ("ins", Key::Lines(Mark::Inserted)),
    ("add", Key::Lines(Mark::Inserted)),
    ("del", Key::Lines(Mark::Deleted)),
    ("rem", Key::Lines(Mark::Deleted)),
    ("copy", Key::Copy(Switch::On)),
    ("nocopy", Key::Copy(Switch::Off)),
    ("no_copy", Key::Copy(Switch::Off)),
    // rustdoc's and mdBook's words for how an example is compiled and played with.
    ("compile_fail", Key::Nothing),
    ("edition2018", Key::Nothing),
    ("edition2021", Key::Nothing),
    ("edition2024", Key::Nothing),
    ("editable", Key::Nothing),
    ("ignore", Key::Nothing),
    ("no_run", Key::Nothing),
    ("noplayground", Key::Nothing),
    ("runnable", Key::Nothing),
    ("should_panic", Key::Nothing),
];

/// Said of a word that resembles none of [`KEYS`].
const KNOWN: &str = "a code block takes `title=\"...\"`, `lines`, `nolines`, `start=5`, `{2,4-6}`, `ins={3}`, \
                     `del={3}`, `copy` and `nocopy`";

/// Reads an info string.
pub(super) fn read(info: &str) -> (Fence<'_>, Vec<Problem>) {
    let mut reader = Reader {
        info,
        at: 0,
        begun: false,
        group: None,
        list: None,
        fence: Fence {
            language: "",
            language_at: 0..0,
            title: None,
            numbers: None,
            start: 1,
            marks: Vec::new(),
            copy: None,
        },
        problems: Vec::new(),
    };
    reader.run();
    (reader.fence, reader.problems)
}

struct Reader<'a> {
    info: &'a str,
    at: usize,
    /// An item has been read; only the first may be a language without a dot.
    begun: bool,
    /// Where the brace that is open stands.
    group: Option<usize>,
    /// The list that a bare range belongs to: that of the braces, or of the `hl_lines=` before it.
    list: Option<Mark>,
    fence: Fence<'a>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        while let Some(next) = self.peek() {
            match next {
                ',' => self.at += 1,
                _ if next.is_whitespace() => self.at += next.len_utf8(),
                '{' if self.group.is_none() => {
                    self.group = Some(self.at);
                    self.list = Some(Mark::Highlighted);
                    self.at += 1;
                }
                '}' if self.group.is_some() => {
                    self.group = None;
                    self.list = None;
                    self.at += 1;
                }
                _ => self.item(),
            }
        }
        if let Some(open) = self.group {
            self.unusable(open..open + 1, "`{` is never closed".to_owned(), "end the braces with `}`");
        }
    }

    /// A word, a pair or a quoted range.
    fn item(&mut self) {
        let start = self.at;
        let first = !std::mem::replace(&mut self.begun, true);
        if let Some('"' | '\'') = self.peek() {
            let (text, at) = self.value();
            return match self.list {
                Some(mark) => self.ranges(mark, text, at.start),
                None => self.unknown(start..self.at),
            };
        }
        let word = self
            .take_until(|next| next.is_whitespace() || matches!(next, ',' | '{' | '}' | '=' | '"' | '\''));
        let is_range = word.starts_with(|first: char| first.is_ascii_digit());
        if self.at == start {
            // A `=`, `{` or `}` where none belongs.
            self.at += self.peek().map_or(1, char::len_utf8);
            self.unknown(start..self.at);
        } else if self.peek() == Some('=') {
            self.at += 1;
            let (value, value_at) = self.value();
            self.attribute(word, start..start + word.len(), Some((value, value_at)));
        } else if self.fence.language.is_empty()
            && (word.starts_with('.') || (first && !(is_range && self.group.is_some())))
        {
            let dot = usize::from(word.len() > 1 && word.starts_with('.'));
            self.fence.language = &word[dot..];
            self.fence.language_at = start + dot..self.at;
        } else if let (Some(mark), true) = (self.list, is_range) {
            self.ranges(mark, word, start);
        } else {
            self.attribute(word, start..self.at, None);
        }
    }

    fn attribute(&mut self, name: &'a str, at: Range<usize>, value: Option<(&'a str, Range<usize>)>) {
        if self.group.is_none() {
            self.list = None;
        }
        let plain = name.trim_start_matches('.').to_lowercase().replace('-', "_");
        let Some((_, key)) = KEYS.iter().find(|(known, _)| *known == plain) else {
            return self.unknown(at);
        };
        match (*key, value) {
            (Key::Nothing, _) => {}
            (Key::Numbers(switch), value) => {
                self.fence.numbers = self.switch(switch, value).or(self.fence.numbers);
            }
            (Key::Copy(switch), value) => {
                self.fence.copy = self.switch(switch, value).or(self.fence.copy);
            }
            (Key::Title, Some((title, _))) => {
                self.fence.title = Some(title.trim()).filter(|title| !title.is_empty());
            }
            (Key::Start, Some((number, number_at))) => match number.trim().parse() {
                Ok(start) => {
                    self.fence.start = start;
                    self.fence.numbers.get_or_insert(Switch::On);
                }
                Err(_) => self.unusable(
                    number_at,
                    format!("`{number}` is no line number"),
                    "give the number that the first line shows: `start=5`",
                ),
            },
            (Key::Lines(mark), Some((lines, lines_at))) => {
                self.ranges(mark, lines, lines_at.start);
                // Zola parts the ranges of a list with spaces: what follows may belong to it.
                let bare = !self.info[..lines_at.start].ends_with(['"', '\'', '{', '[']);
                if bare {
                    self.list = Some(mark);
                }
            }
            (Key::Title | Key::Start | Key::Lines(_), None) => {
                let example = match key {
                    Key::Title => "write `title=\"main.rs\"`",
                    Key::Start => "write `start=5`",
                    _ => "say which lines, as in `ins={3,5-7}`",
                };
                self.unusable(at, format!("`{name}` has no value"), example);
            }
        }
    }

    /// The state a word asks for: its own, or the other one when it is given the value `false`.
    fn switch(&mut self, own: Switch, value: Option<(&str, Range<usize>)>) -> Option<Switch> {
        let Some((value, at)) = value else { return Some(own) };
        let other = match own {
            Switch::On => Switch::Off,
            Switch::Off => Switch::On,
        };
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "inline" | "table" => Some(own),
            "false" | "no" | "off" | "0" => Some(other),
            _ => {
                self.unusable(
                    at,
                    format!("`{value}` is neither `true` nor `false`"),
                    "write `true` or `false`",
                );
                None
            }
        }
    }

    /// Reads `2,4-6`, with any of the dialects' separators and quotes, from `offset`.
    fn ranges(&mut self, mark: Mark, text: &str, offset: usize) {
        let separator = |next: char| next.is_whitespace() || matches!(next, ',' | '"' | '\'' | '[' | ']');
        let mut at = offset;
        for part in text.split_inclusive(separator) {
            let range = part.trim_end_matches(separator);
            let range_at = at..at + range.len();
            at += part.len();
            if range.is_empty() {
                continue;
            }
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) if first <= last => {
                    self.fence.marks.push(Marked { mark, first, last, at: range_at });
                }
                _ => self.unusable(
                    range_at,
                    format!("`{range}` is no line and no range of lines"),
                    "lines are counted from 1 at the top of the block: `2` or `4-6`",
                ),
            }
        }
    }

    /// The value that stands here, without its quotes or brackets.
    fn value(&mut self) -> (&'a str, Range<usize>) {
        let open = self.at;
        let close = match self.peek() {
            Some(quote @ ('"' | '\'')) => quote,
            Some('{') => '}',
            Some('[') => ']',
            _ => {
                let in_group = self.group.is_some();
                let value =
                    self.take_until(|next| next.is_whitespace() || next == ',' || (in_group && next == '}'));
                return (value, open..self.at);
            }
        };
        self.at += 1;
        let start = self.at;
        let value = self.take_until(|next| next == close);
        let at = start..self.at;
        if self.peek().is_some() {
            self.at += close.len_utf8();
        } else {
            let opener = &self.info[open..start];
            self.unusable(
                open..start,
                format!("`{opener}` is never closed"),
                &format!("end the value with `{close}`"),
            );
        }
        (value, at)
    }

    fn peek(&self) -> Option<char> {
        self.info[self.at..].chars().next()
    }

    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.info[self.at..];
        let taken = &rest[..rest.find(stop).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn unknown(&mut self, at: Range<usize>) {
        let word = &self.info[at.clone()];
        let known = KEYS.iter().filter(|(_, key)| !matches!(key, Key::Nothing)).map(|(name, _)| *name);
        let help = match diagnostic::near(word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => KNOWN.to_owned(),
        };
        let message = format!("unknown attribute `{word}` of a code block");
        self.problems.push(Problem { at, code: Code::UnknownKey, message, help });
    }

    fn unusable(&mut self, at: Range<usize>, message: String, help: &str) {
        self.problems.push(Problem { at, code: Code::CodeAttribute, message, help: help.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A fence in one line: language, then what differs from the defaults, then problems.
    fn shown(info: &str) -> String {
        let (fence, problems) = read(info);
        assert_eq!(&info[fence.language_at.clone()], fence.language, "{info}");
        let mut out = fence.language.to_owned();
        if let Some(title) = fence.title {
            write!(out, " title={title:?}").unwrap();
        }
        match fence.numbers {
            Some(Switch::On) => write!(out, " from {}", fence.start).unwrap(),
            Some(Switch::Off) => out += " unnumbered",
            None => {}
        }
        for Marked { mark, first, last, at } in &fence.marks {
            let sign = match mark {
                Mark::Highlighted => '*',
                Mark::Inserted => '+',
                Mark::Deleted => '-',
            };
            write!(out, " {sign}{first}-{last}").unwrap();
            assert!(info[at.clone()].starts_with(&first.to_string()), "{info}: {at:?}");
        }
        match fence.copy {
            Some(Switch::On) => out += " copy",
            Some(Switch::Off) => out += " nocopy",
            None => {}
        }
        for problem in &problems {
            write!(out, " !{}:{}", problem.code.id(), &info[problem.at.clone()]).unwrap();
        }
        out
    }

    #[test]
    fn dialects_are_read_alike() {
        let table = [
            ("", ""),
            ("ruby", "ruby"),
            ("  ", ""),
            ("rust,linenos", "rust from 1"),
            ("{.rust}", "rust"),
            ("{r}", "r"),
            ("  go  lines", "go from 1"),
            (".rust", "rust"),
            ("c++ lines", "c++ from 1"),
            // Docusaurus, Starlight, Gatsby
            (
                "ruby {2,4-6} title=\"a b.rb\" ins={3} del={5,7-8}",
                "ruby title=\"a b.rb\" *2-2 *4-6 +3-3 -5-5 -7-8",
            ),
            ("js{1,3}", "js *1-1 *3-3"),
            ("js {1, 3-4}", "js *1-1 *3-4"),
            ("js showLineNumbers", "js from 1"),
            ("js ins=3-4 del=2", "js +3-4 -2-2"),
            ("{2}", " *2-2"),
            // Zola
            ("rust,hl_lines=3-4 8-9,linenostart=20,name=x.rs", "rust title=\"x.rs\" from 20 *3-4 *8-9"),
            ("rust,hl_lines=1 3", "rust *1-1 *3-3"),
            ("rust,copy", "rust copy"),
            // Hugo
            ("go {linenos=inline hl_lines=[3,\"6-8\"] linenostart=199}", "go from 199 *3-3 *6-8"),
            ("go {linenos=table,hl_lines=[8,\"15-17\"]}", "go from 1 *8-8 *15-17"),
            ("go {linenos=false, hl_lines=\"2 4-6\"}", "go unnumbered *2-2 *4-6"),
            // Pandoc
            ("{.python .numberLines startFrom=\"100\"}", "python from 100"),
            // Ours
            ("sh nolines nocopy", "sh unnumbered nocopy"),
            ("sh copy=false file='run me.sh'", "sh title=\"run me.sh\" nocopy"),
            ("sh start=5 nolines", "sh unnumbered"),
            ("sh title=\"größe\" {1}", "sh title=\"größe\" *1-1"),
            // rustdoc
            ("rust,no_run,edition2021", "rust"),
        ];
        for (info, expected) in table {
            assert_eq!(shown(info), expected, "{info}");
        }
    }

    #[test]
    fn what_means_nothing_is_named_at_its_bytes() {
        let table = [
            ("ruby titel=\"x\"", "ruby !unknown-key:titel"),
            ("ruby 7", "ruby !unknown-key:7"),
            ("ruby title", "ruby !code-attribute:title"),
            ("ruby ins", "ruby !code-attribute:ins"),
            ("ruby start=x", "ruby !code-attribute:x"),
            ("ruby {2-}", "ruby !code-attribute:2-"),
            ("ruby {6-2}", "ruby !code-attribute:6-2"),
            ("ruby {99999999999}", "ruby !code-attribute:99999999999"),
            ("ruby ins={a}", "ruby !code-attribute:a"),
            ("ruby {2", "ruby *2-2 !code-attribute:{"),
            ("ruby title=\"x", "ruby title=\"x\" !code-attribute:\""),
            ("ruby }", "ruby !unknown-key:}"),
            ("ruby {{2}}", "ruby *2-2 !unknown-key:{ !unknown-key:}"),
            ("ruby = x", "ruby !unknown-key:= !unknown-key:x"),
            ("ruby linenos=maybe", "ruby !code-attribute:maybe"),
            ("ruby \"é\"", "ruby !unknown-key:\"é\""),
            ("ruby é=1", "ruby !unknown-key:é"),
            ("\"x\"", " !unknown-key:\"x\""),
        ];
        for (info, expected) in table {
            assert_eq!(shown(info), expected, "{info}");
        }
        assert_eq!(read("ruby titel=x").1[0].help, "did you mean `title`?");
        assert_eq!(read("ruby sparkle").1[0].help, KNOWN);
    }
}
