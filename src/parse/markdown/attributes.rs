//! The attributes of a heading: `{#id .class key="two words" key=word}`.
//!
//! In: the source of a heading's text. Out: where its attributes begin, and what they say. Anything
//! that does not read as attributes is text, and no problem; a key that cannot be one is a problem.
//! Keys of the writer's own become attributes: those of every HTML element as they are, others as
//! `data-key`, so that no page becomes invalid and no script runs.
//! pulldown-cmark's own reading of them is left off: it splits quoted values, and panics.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{self, Code, Diagnostic};

/// What a heading's attributes say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes<'a> {
    /// `#id`
    pub(super) id: Option<&'a str>,
    /// `.class`, without `no-top`.
    pub(super) classes: Vec<&'a str>,
    /// `toc="..."`
    pub(super) toc: Option<&'a str>,
    /// `old="..."`: ids separated by white space.
    pub(super) old: Vec<&'a str>,
    /// `.no-top`
    pub(super) no_top: bool,
    /// `key="..."` of the writer's own: names as HTML writes them, with their values.
    pub(super) others: Vec<(Cow<'a, str>, &'a str)>,
}

/// Attributes found at the end of a heading.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Offset of `{` in the source that was given.
    pub(super) at: usize,
    /// What they say.
    pub(super) attributes: Attributes<'a>,
    /// Keys that cannot be used or come twice: code, place in the source given, message, help.
    pub(super) problems: Vec<(Code, Range<usize>, String, String)>,
}

/// The keys that mean something here.
const KEYS: [&str; 2] = ["toc", "old"];

/// Attributes of every HTML element that a writer may set.
///
/// <https://html.spec.whatwg.org/multipage/dom.html#global-attributes>, without those that have a
/// notation of their own here, and those that run or trust something.
#[rustfmt::skip]
const GLOBAL: [&str; 21] = [
    "autocapitalize", "contenteditable", "dir", "draggable", "enterkeyhint", "hidden", "inert",
    "inputmode", "itemid", "itemprop", "itemref", "itemscope", "itemtype", "lang", "popover", "role",
    "slot", "spellcheck", "tabindex", "title", "translate",
];

/// The attributes at the end of a heading's text, if it ends with any.
pub(super) fn trailing(source: &str) -> Option<Found<'_>> {
    let inside = source.strip_suffix('}')?;
    if inside.ends_with('}') {
        return None; // `{{ a.value }}`
    }
    let at = opening(inside)?;
    let before = &source[..at];
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    if before.ends_with('{') || backslashes % 2 == 1 {
        return None;
    }
    let mut found = Found { at, attributes: Attributes::default(), problems: Vec::new() };
    let mut rest = Items { source: inside, at: at + 1 };
    let mut items = 0;
    while let Some(item) = rest.next_item() {
        found.add(item.ok()?);
        items += 1;
    }
    (items > 0).then_some(found)
}

/// The last `{` outside double quotes on the last line, read backwards.
fn opening(inside: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in inside.bytes().enumerate().rev() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' => return None,
            b'{' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

struct Items<'a> {
    source: &'a str,
    at: usize,
}

enum Item<'a> {
    Id(&'a str, Range<usize>),
    Class(&'a str),
    Pair { key: &'a str, key_range: Range<usize>, value: &'a str },
}

/// The braces do not hold attributes.
struct Malformed;

impl<'a> Items<'a> {
    fn next_item(&mut self) -> Option<Result<Item<'a>, Malformed>> {
        let rest = &self.source[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        (self.at < self.source.len()).then(|| self.item())
    }

    fn item(&mut self) -> Result<Item<'a>, Malformed> {
        let start = self.at;
        if let mark @ (b'#' | b'.') = self.source.as_bytes()[start] {
            self.at += 1;
            let name = self.word(|c| c.is_whitespace() || matches!(c, '"' | '{' | '}' | '#' | '='))?;
            Ok(if mark == b'#' { Item::Id(name, start..self.at) } else { Item::Class(name) })
        } else {
            let key = self.word(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':')))?;
            let key_range = start..self.at;
            if !self.source[self.at..].starts_with('=') {
                return Err(Malformed);
            }
            self.at += 1;
            Ok(Item::Pair { key, key_range, value: self.value()? })
        }
    }

    fn word(&mut self, ends: impl Fn(char) -> bool) -> Result<&'a str, Malformed> {
        let rest = &self.source[self.at..];
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        if word.is_empty() { Err(Malformed) } else { Ok(word) }
    }

    fn value(&mut self) -> Result<&'a str, Malformed> {
        let rest = &self.source[self.at..];
        let Some(quoted) = rest.strip_prefix('"') else {
            return self.word(|c| c.is_whitespace() || matches!(c, '"' | '{' | '}' | '='));
        };
        let value = &quoted[..quoted.find('"').ok_or(Malformed)?];
        self.at += value.len() + 2;
        let ends = self.source[self.at..].chars().next().is_none_or(char::is_whitespace);
        if ends { Ok(value) } else { Err(Malformed) }
    }
}

impl<'a> Found<'a> {
    fn add(&mut self, item: Item<'a>) {
        let attributes = &mut self.attributes;
        match item {
            Item::Id(id, range) => {
                if attributes.id.is_some() {
                    self.twice("#id", range);
                } else {
                    attributes.id = Some(id);
                }
            }
            Item::Class("no-top") => attributes.no_top = true,
            Item::Class(class) => attributes.classes.push(class),
            Item::Pair { key: "toc", key_range, value } => {
                if attributes.toc.replace(value).is_some() {
                    self.twice("toc", key_range);
                }
            }
            Item::Pair { key: "old", value, .. } => attributes.old.extend(value.split_whitespace()),
            Item::Pair { key, key_range, value } => match html_name(key) {
                Ok(name) if attributes.others.iter().any(|(known, _)| *known == name) => {
                    self.twice(key, key_range);
                }
                Ok(name) => attributes.others.push((name, value)),
                Err(help) => {
                    self.problems.push((Code::UnknownKey, key_range, format!("unknown key `{key}`"), help));
                }
            },
        }
    }

    fn twice(&mut self, what: &str, range: Range<usize>) {
        let message = format!("`{what}` is given twice on one heading");
        self.problems.push((Code::KeyDuplicate, range, message, "keep one of them".to_owned()));
    }
}

/// The name of the attribute that a key becomes, or what to do about a key that becomes none.
fn html_name(key: &str) -> Result<Cow<'_, str>, String> {
    if GLOBAL.contains(&key) {
        return Ok(Cow::Borrowed(key));
    }
    let is_name = key.starts_with(|first: char| first.is_ascii_lowercase())
        && !key.ends_with('-')
        && key.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    let typo = diagnostic::near(key, KEYS);
    match (key, typo) {
        (_, Some(near)) => Err(format!("did you mean `{near}`?")),
        ("id", _) => Err("write the id as `#id`".to_owned()),
        ("class", _) => Err("write each class as `.class`".to_owned()),
        ("style", _) => Err("give the heading a `.class`, and style that in the theme".to_owned()),
        _ if key.starts_with("on") => Err("a heading cannot run scripts".to_owned()),
        _ if !is_name => Err("write a key of your own with the letters a to z, digits and `-`; \
                              write `\\{` for braces that are text"
            .to_owned()),
        _ if key.starts_with("data-") || key.starts_with("aria-") => Ok(Cow::Borrowed(key)),
        _ => Ok(Cow::Owned(format!("data-{key}"))),
    }
}

/// Turns the problems into diagnostics of a file in which the source begins at `start`.
pub(super) fn diagnostics(
    problems: Vec<(Code, Range<usize>, String, String)>,
    path: &std::sync::Arc<str>,
    start: usize,
) -> impl Iterator<Item = Diagnostic> + '_ {
    problems.into_iter().map(move |(code, range, message, help)| {
        let span = crate::diagnostic::Span::from(range).shifted(start);
        Diagnostic::new(code, path.clone(), span, message).help(help)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read() {
        let source = r#"Pay {#pay .wide toc="What is {it}?" old="a b" .no-top}"#;
        let found = trailing(source).unwrap();
        assert_eq!(found.at, 4);
        assert!(found.problems.is_empty());
        let expected = Attributes {
            id: Some("pay"),
            classes: vec!["wide"],
            toc: Some("What is {it}?"),
            old: vec!["a", "b"],
            no_top: true,
            others: Vec::new(),
        };
        assert_eq!(found.attributes, expected);
    }

    #[test]
    fn other_braces_are_text() {
        for source in [
            "Pay",
            "{}",
            "{ }",
            "Set {1, 2}",
            "Set {a b}",
            r"Pay \{#pay}",
            "{{ salary.nurse }}",
            "Pay {#}",
            "Pay {#a\n.b}",
            r#"Pay {toc="a}"#,
            r#"Pay {toc="a"b}"#,
            "Pay {=x}",
            "Pay #pay}",
        ] {
            assert!(trailing(source).is_none(), "{source}");
        }
    }

    #[test]
    fn own_keys_become_attributes_that_any_element_may_have() {
        let names = |source| trailing(source).unwrap().attributes.others;
        assert_eq!(
            names(r#"Pay {lang=de key="two words" data-x=1 aria-label="Pay"}"#),
            [
                ("lang".into(), "de"),
                ("data-key".into(), "two words"),
                ("data-x".into(), "1"),
                ("aria-label".into(), "Pay")
            ]
        );
        for key in ["onclick", "id", "class", "style", "xlink:href", "Key", "-x", "data-", "tok", "odl"] {
            let source = format!("Pay {{{key}=x}}");
            let found = trailing(&source).unwrap();
            assert!(found.attributes.others.is_empty() && found.problems.len() == 1, "{key}");
        }
    }

    #[test]
    fn unknown_and_repeated_keys_are_problems() {
        let found = trailing("Pay {tocs=x #a #b k=1 data-k=2}").unwrap();
        let seen: Vec<_> = found.problems.iter().map(|(code, range, ..)| (*code, range.clone())).collect();
        assert_eq!(
            seen,
            [(Code::UnknownKey, 5..9), (Code::KeyDuplicate, 15..17), (Code::KeyDuplicate, 22..28)]
        );
        assert_eq!(found.problems[0].3, "did you mean `toc`?");
    }
}
