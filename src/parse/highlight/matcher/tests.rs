//! The same answers as syntect's parser, and always an answer.

use std::fs;

use proptest::prelude::*;
use syntect::parsing::ParseState;

use super::super::grammar::{Grammars, Reading};
use super::effort::Effort;
use super::nfa::Nfa;
use super::plain::{self, Groups};
use super::scenes::Source;
use super::state::State;
use super::tables::compiled;
use super::*;

/// Every sample of `tests/highlight`: the grammar it is for, and its text.
fn samples(set: &SyntaxSet) -> Vec<(&SyntaxReference, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/highlight");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let found: Vec<_> = paths
        .iter()
        .filter_map(|path| {
            let grammar = set.find_syntax_by_token(path.file_stem()?.to_str()?)?;
            Some((grammar, fs::read_to_string(path).unwrap()))
        })
        .collect();
    assert!(found.len() >= 30);
    found
}

/// Asserts that the scope changes of each line are those of syntect's parser.
fn assert_same(
    set: &SyntaxSet,
    tables: &Tables,
    matcher: &mut Matcher,
    grammar: &SyntaxReference,
    code: &str,
) {
    let ours = matcher.changes(set, tables, grammar, code).unwrap();
    let mut state = ParseState::new(grammar);
    for (line, ours) in code.split_inclusive('\n').zip(ours) {
        assert_eq!(ours, state.parse_line(line, set).unwrap(), "{}: {line:?} in\n{code}", grammar.name);
    }
}

#[test]
fn every_grammar_can_be_decoded() {
    let set = two_face::syntax::extra_newlines();
    let tables = Tables::new(&set);
    for grammar in set.syntaxes() {
        let source = Source { set: &set, tables: &tables };
        assert!(State::new(source, grammar).is_ok(), "{}", grammar.name);
    }
}

#[test]
fn samples_are_read_as_syntect_reads_them() {
    let set = two_face::syntax::extra_newlines();
    let (tables, mut matcher) = (Tables::new(&set), Matcher::default());
    for (grammar, code) in samples(&set) {
        assert_same(&set, &tables, &mut matcher, grammar, &code);
        assert_same(&set, &tables, &mut matcher, grammar, code.trim_end());
        assert_same(&set, &tables, &mut matcher, grammar, &code.replace('e', "\u{e9}"));
        assert_same(&set, &tables, &mut matcher, grammar, &code.replace(['(', '{'], "\""));
    }
}

#[test]
fn what_a_matcher_remembers_changes_nothing() {
    let set = two_face::syntax::extra_newlines();
    let tables = Tables::new(&set);
    let mut warm = Matcher::default();
    for _ in 0..2 {
        for (grammar, code) in samples(&set) {
            let cold = Matcher::default().runs(&set, &tables, grammar, &code);
            assert_eq!(warm.runs(&set, &tables, grammar, &code), cold, "{}", grammar.name);
        }
    }
}

#[test]
fn runs_are_those_of_the_slow_reader() {
    let grammars = Grammars::new();
    for language in ["rust", "python", "javascript", "html", "php", "markdown", "bash", "yaml", "sql", "json"]
    {
        let path = format!("{}/tests/highlight/{language}.txt", env!("CARGO_MANIFEST_DIR"));
        let code = fs::read_to_string(path).unwrap();
        assert_eq!(grammars.read_fast(language, &code), Ok(grammars.read(language, &code)), "{language}");
    }
    assert_eq!(grammars.read_fast("rubby", "x\n"), Ok(Reading::Unknown(Some("ruby".to_owned()))));
}

#[test]
fn grammars_that_go_in_circles_are_given_up() {
    let grammars = Grammars::new();
    assert_eq!(grammars.changes("JavaScript", "x /*\n"), Some(Err(Stop::TooLong)));
    assert_eq!(grammars.changes("JavaScript", "x /*\n"), Some(Err(Stop::TooLong)));
}

#[test]
fn long_lines_are_given_up_or_read() {
    let grammars = Grammars::new();
    let short = format!("[{}1]\n", "1, ".repeat(2_000));
    assert!(matches!(grammars.read_fast("json", &short), Ok(Reading::Runs(runs)) if runs.len() > 2_000));
    let deep = "a(b[c{".repeat(200);
    assert_eq!(grammars.read_fast("javascript", &deep), Err(Stop::TooDeep));
    assert!(grammars.read_fast("javascript", &deep.repeat(1_000)).is_err());
    let long = "a = (b + \"c\") ".repeat(100_000);
    assert_eq!(grammars.read_fast("javascript", &long), Err(Stop::TooLong));
}

#[test]
fn deep_nesting_is_reported() {
    let code = "[".repeat(300);
    assert_eq!(Grammars::new().changes("JSON", &code), Some(Err(Stop::TooDeep)));
}

/// The engine of syntect gives a pattern up before a place where it would find it.
#[test]
fn a_pattern_that_is_given_up_is_nowhere_in_the_line() {
    let set = two_face::syntax::extra_newlines();
    let (tables, mut matcher) = (Tables::new(&set), Matcher::default());
    let grammar = set.find_syntax_by_name("Python").unwrap();
    let mut found = |name: usize| {
        let code = format!("@x:\n    {{{0}   {{{0}:j\n", "j".repeat(name));
        assert_same(&set, &tables, &mut matcher, grammar, &code);
        let changes = matcher.changes(&set, &tables, grammar, &code);
        format!("{changes:?}").matches("meta.mapping").count()
    };
    assert!(found(24) < found(4));
}

/// One that wins where the search begins keeps later ones from being asked, which would be in vain and
/// remembered for the rest of the line.
#[test]
fn patterns_behind_one_that_wins_at_once_are_not_asked() {
    let set = two_face::syntax::extra_newlines();
    let (tables, mut matcher) = (Tables::new(&set), Matcher::default());
    let grammar = set.find_syntax_by_name("TypeScript").unwrap();
    let code = "/**\n * {@link A} {@link B}\n */\n";
    assert_same(&set, &tables, &mut matcher, grammar, code);
    let changes = format!("{:?}", matcher.changes(&set, &tables, grammar, code));
    assert_eq!(changes.matches("variable.other.description").count(), 2);
}

#[test]
fn efforts_are_bounds() {
    let of = |source| Effort::of(&super::pattern::read(source).node);
    for (source, times, power) in [(r"a|b", 3, 0), (r"ab?c", 5, 0)] {
        let effort = of(source);
        assert_eq!(effort, Effort::Power { times, power }, "{source}");
    }
    for (source, wanted) in [
        (r"\b(?:if|else)\b", 0),
        (r"a*b", 1),
        (r#""(?:\\.|[^"\\])*""#, 1),
        (r"\s*\w+\s*=", 3),
        (r"(?=\s*\w+)x*", 2),
        (r"(?:ab?){2,5}", 0),
    ] {
        assert!(matches!(of(source), Effort::Power { power, .. } if power == wanted), "{source}");
    }
    for source in [r"(a+)*b", r"(a|ab)*c", r"(\w+\s*)+:", r"\g<0>?", r"(x)\1"] {
        assert_eq!(of(source), Effort::Endless, "{source}");
    }
    assert!(!of(r"\s*\w+=").exceeds(200) && of(r"\s*\w+=").exceeds(20_000) && of(r"(a+)*b").exceeds(30));
}

/// Patterns with everything an outline must understand or let go.
const PATTERNS: &[&str] = &[
    r"\b(if|else(?:if)?|elif)\b",
    r"(?i)\bSeleCT\b|from",
    r"[^\W\d]\w*(?=\s*\()",
    r"(?<!\.)\b[a-c]+\b(?!\()",
    r"(?x) a \s* # a comment
      (b | c{2,3}) +",
    r"(a|ab)(c|bcd)(d*)",
    r"(?>a+)b|a",
    r"(['`])(?:(?!\1).)*\1",
    r"[a-c&&[^b]]+|[\h&&[:alpha:]]",
    r"(?:a{2}?|b{,2}c)$",
    r"\\(?:x[0-9a-f]{2}|.)",
    r"^\s*(?=\S)|(?<=[)\]])\.",
    r"(?m:.)*z|\Z",
    r"[]a-]+|[^]]",
    r"(?i:k|\u00df)\p{Alpha}?[[:^space:]]",
    r"\u00e9|[\x{e8}-\x{ea}]|\D(?<x>\w)\k<x>",
    r"((a)|b)+(?=c)|a++b",
    r"\B\w|\G-",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Where the exact engine matches, the outline says it could; and plain patterns match alike.
    #[test]
    fn outlines_miss_nothing(index in 0..PATTERNS.len(), text in "[abcdkzSifelsz0-2 ().\\\\'`\\[\\]é\u{212a}\n-]{0,12}") {
        let source = PATTERNS[index];
        let regex = compiled(source).unwrap();
        let nfa = Nfa::new(source);
        let mut groups = Groups::default();
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let mut region = onig::Region::new();
            let options = onig::SearchOptions::SEARCH_OPTION_NONE;
            let length = regex.match_with_options(&text, at, options, Some(&mut region));
            if !nfa.bound_to_search {
                prop_assert!(length.is_none() || super::scene::could_match(&nfa, &text, at), "{source} {text:?} {at}");
            }
            match nfa.program.as_ref().map(|program| program.at(text.as_bytes(), at, &mut groups)) {
                None | Some(plain::Answer::Unclear) => {}
                Some(plain::Answer::NoMatch) => prop_assert_eq!(length, None, "{} {:?} {}", source, text, at),
                Some(plain::Answer::Match(end)) => {
                    prop_assert_eq!(length, Some(end - at), "{} {:?} {}", source, text, at);
                    for group in 0..4 {
                        prop_assert_eq!(groups.span(group), region.pos(group), "{} {:?} {}", source, text, at);
                    }
                }
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Nonsense is read as syntect reads it.
    #[test]
    fn nonsense_is_read_as_syntect_reads_it(
        index in 0..30_usize,
        edits in prop::collection::vec((0..400_usize, "[\"'`(){}<>\\[\\]/*#$\\\\é;:=,.a0 \n-]{1,3}"), 1..12),
    ) {
        let set = two_face::syntax::extra_newlines();
        let (tables, mut matcher) = (Tables::new(&set), Matcher::default());
        let samples = samples(&set);
        let (grammar, code) = &samples[index];
        // The grammar of that name hangs syntect; see the test above.
        prop_assume!(grammar.name != "JavaScript");
        let mut code: Vec<char> = code.chars().collect();
        for (at, text) in edits {
            let at = at % code.len();
            code.splice(at..at, text.chars());
        }
        let code: String = code.into_iter().collect();
        assert_same(&set, &tables, &mut matcher, grammar, &code);
    }
}
