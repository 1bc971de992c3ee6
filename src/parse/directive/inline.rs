//! Marks within a line: `{{ value }}`, `[[role]]`, `[@source]`, `:term[...]` and its two kin.
//!
//! In: a stretch of text in which Markdown has found no markup. Out: the marks in it, one by one,
//! with their places in the file. Does not know where Markdown is code: it is not given that.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::is_in_name;
use super::{Call, Form, Problem, Value, value};
use crate::diagnostic::Span;
use crate::value::Spanned;

/// The inline directives there are.
const NAMES: [&str; 3] = ["term", "kbd", "abbr"];

/// A stretch of text and its surroundings.
pub(in crate::parse) struct Stretch<'a> {
    /// As a reader would see it.
    pub(in crate::parse) text: &'a str,
    /// The character before it; `None` at the beginning of a line.
    pub(in crate::parse) before: Option<char>,
    /// What follows it in the source.
    pub(in crate::parse) after: &'a str,
    /// What may stand here.
    pub(in crate::parse) place: Place,
    /// Whether the character at an offset was written so that it is no markup: `\{`, `&#123;`.
    pub(in crate::parse) is_literal: &'a dyn Fn(usize) -> bool,
    /// Where a range of the text is in the file.
    pub(in crate::parse) span: &'a dyn Fn(Range<usize>) -> Span,
}

/// Where a stretch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Place {
    /// In running text.
    Text,
    /// In the cell of a table, which a `|` ends.
    Cell,
    /// In the label of a link, which holds no further link.
    Link,
}

/// A mark.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::parse) enum Mark {
    /// `{{ ... }}`
    Value(Value),
    /// `[[id]]`
    Role(Spanned<String>),
    /// `[@id]` or `[@id; @id]`
    Citations(Vec<Spanned<String>>),
    /// `:term[...]`
    Call(Box<Call>),
}

/// A mark, or something written like one that is none.
#[derive(Debug)]
pub(in crate::parse) struct Found {
    /// Its bytes in the stretch.
    pub(in crate::parse) range: Range<usize>,
    /// What it is.
    pub(in crate::parse) mark: Result<Mark, Problem>,
}

/// Finds the first mark that begins at `from` or later.
pub(in crate::parse) fn find(stretch: &Stretch<'_>, from: usize) -> Option<Found> {
    let bytes = stretch.text.as_bytes();
    let mut places = memchr::memchr3_iter(b'{', b'[', b':', &bytes[from..]).map(|at| from + at);
    places.find_map(|at| match bytes[at] {
        b'{' if bytes.get(at + 1) == Some(&b'{') && !stretch.is_literal(at..at + 2) => {
            Some(stretch.value(at))
        }
        b'[' => match bytes.get(at + 1) {
            Some(b'[') if !stretch.is_literal(at..at + 2) => stretch.role(at),
            Some(b'@') if !stretch.is_literal(at..at + 1) => stretch.citations(at),
            _ => None,
        },
        b':' if !stretch.is_literal(at..at + 1) => stretch.call(at),
        _ => None,
    })
}

impl Stretch<'_> {
    fn is_literal(&self, mut range: Range<usize>) -> bool {
        range.any(|at| (self.is_literal)(at))
    }

    fn span(&self, range: Range<usize>) -> Span {
        (self.span)(range)
    }

    fn spanned(&self, range: Range<usize>) -> Spanned<String> {
        Spanned { value: self.text[range.clone()].to_owned(), span: self.span(range) }
    }

    fn value(&self, at: usize) -> Found {
        let end = self.text[at + 2..].find("}}").map(|end| at + 2 + end + 2);
        let Some(end) = end else {
            let help = match self.place {
                Place::Cell => "in a table, write the bar of a filter as `\\|`, for a bare one ends the cell",
                Place::Text | Place::Link => {
                    "put `}}` where the value ends, on the same line; \
                     put a backslash before the braces to show them as text"
                }
            };
            let problem = Problem::new(self.span(at..at + 2), "this value is never closed", help);
            return Found { range: at..self.text.len(), mark: Err(problem) };
        };
        Found { range: at..end, mark: value::read(self.text, at..end, self.span).map(Mark::Value) }
    }

    /// Brackets with words in them that are no id, as other programs have them, are a mistake; with
    /// anything else they are text.
    fn role(&self, at: usize) -> Option<Found> {
        if self.place == Place::Link {
            return None;
        }
        let is_words = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '|' | '\'' | '’');
        let rest = &self.text[at + 2..];
        let length = rest.find(|c| !is_words(c)).filter(|&length| rest[length..].starts_with("]]"))?;
        let inside = at + 2..at + 2 + length;
        let range = at..inside.end + 2;
        let label = &self.text[inside.clone()];
        // `![[file]]` and `[[[name]]]` are other programs' marks.
        let encloses = self.text[..at].ends_with(['!', '[']) || self.text[range.end..].starts_with(']');
        if encloses || !label.starts_with(char::is_alphabetic) {
            return None;
        }
        if label.chars().all(is_in_name) {
            return Some(Found { range, mark: Ok(Mark::Role(self.spanned(inside))) });
        }
        let message = format!("`{label}` is not the id of a role");
        // `[[id|words]]` is how other programs write it.
        let id = label.split('|').next().unwrap_or(label);
        let id = crate::parse::slug::slug(id, crate::config::SlugStyle::Ascii);
        let help = format!(
            "a role link is written `[[{id}]]`; a link with words of its own is written `[words](page.md)`"
        );
        Some(Found { mark: Err(Problem::new(self.span(inside), message, help)), range })
    }

    fn citations(&self, at: usize) -> Option<Found> {
        if self.place == Place::Link {
            return None;
        }
        let mut sources = Vec::new();
        let mut next = at + 1;
        loop {
            let source = self.id(next)?;
            next = source.end;
            sources.push(self.spanned(source));
            match self.text[next..].chars().next()? {
                ']' => {
                    let mark = Ok(Mark::Citations(sources));
                    return Some(Found { range: at..next + 1, mark });
                }
                ';' => {
                    let rest = &self.text[next + 1..];
                    next += 1 + rest.len() - rest.trim_start().len();
                    if self.id(next).is_some() {
                        continue;
                    }
                }
                ',' | ' ' => {}
                _ => return None,
            }
            let close = self.text[next..].find(']').map(|length| next + length + 1);
            let first = self.text[next..].chars().next().map_or(0, char::len_utf8);
            let range = at..close.unwrap_or(next + first);
            let help = "a citation is written `[@source]`, two of them `[@one; @two]`; \
                        put a backslash before the bracket to show it as text";
            let problem = Problem::new(self.span(range.clone()), "this citation cannot be read", help);
            return Some(Found { range, mark: Err(problem) });
        }
    }

    /// The id behind an `@`.
    fn id(&self, at: usize) -> Option<Range<usize>> {
        let id = self.text[at..].strip_prefix('@')?;
        let length = id.find(|c: char| !is_in_name(c)).unwrap_or(id.len());
        id.starts_with(|c: char| c.is_ascii_alphanumeric()).then(|| at + 1..at + 1 + length)
    }

    fn call(&self, at: usize) -> Option<Found> {
        let before = self.text[..at].chars().next_back().or(self.before);
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '_')) {
            return None;
        }
        let rest = &self.text[at + 1..];
        let name = NAMES.into_iter().find(|name| {
            rest.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('[') || rest.is_empty() && self.after.starts_with('['))
        })?;
        let open = at + 1 + name.len();
        if open < self.text.len() && self.is_literal(open..open + 1) {
            return None;
        }
        let problem = |range: Range<usize>, message: String, help: &str| {
            Some(Found { mark: Err(Problem::new(self.span(range.clone()), message, help)), range })
        };
        let plain = "its label is plain text, without links, code or emphasis";
        if open == self.text.len() {
            return problem(at..open, format!("the label of `:{name}` is a link"), plain);
        }
        let Some((label, end)) = self.label(open) else {
            return problem(at..self.text.len(), format!("the label of `:{name}` is never closed"), plain);
        };
        if label.trim().is_empty() {
            let help = "write the word between the brackets, as in `:term[API]`";
            return problem(at..end, format!("`:{name}` has no word between its brackets"), help);
        }
        let braces = &self.text[end..];
        if braces.starts_with('{') && !braces.starts_with("{{") {
            let help = "take the braces out";
            return problem(end..end + 1, format!("`:{name}` takes no arguments"), help);
        }
        if self.place == Place::Link && name == "term" {
            let help = "take the link or the `:term` out: a link cannot hold another";
            return problem(at..end, "`:term` stands inside a link".to_owned(), help);
        }
        let call = Call {
            name: self.spanned(at + 1..open),
            arguments: Vec::new(),
            label: Some(Spanned { value: label.trim().to_owned(), span: self.span(open + 1..end - 1) }),
            id: None,
            classes: Vec::new(),
            form: Form::Inline,
            span: self.span(at..end),
        };
        Some(Found { range: at..end, mark: Ok(Mark::Call(Box::new(call))) })
    }

    /// The text between a bracket and its partner, and the offset after that.
    fn label(&self, open: usize) -> Option<(&str, usize)> {
        let mut depth = 0_usize;
        for (at, c) in self.text[open..].char_indices() {
            let at = open + at;
            match c {
                '[' if !self.is_literal(at..at + 1) => depth += 1,
                ']' if !self.is_literal(at..at + 1) => {
                    depth -= 1;
                    if depth == 0 {
                        return Some((&self.text[open + 1..at], at + 1));
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// A mark in a text that is not Markdown: a title, a description, the text of a heading.
#[derive(Debug, PartialEq, Eq)]
pub enum TextMark {
    /// `{{ ... }}`, with places in that text.
    Value(Value),
    /// `[[id]]`
    Role(String),
}

/// A plain text with its marks replaced. `\{{` and `\[[` are the braces and brackets themselves.
/// Where `shown` has nothing to show for a mark, and where one cannot be read, it stays as written.
pub fn fill_text(text: &str, mut shown: impl FnMut(&TextMark) -> Option<String>) -> Cow<'_, str> {
    if !text.contains("{{") && !text.contains("[[") {
        return Cow::Borrowed(text);
    }
    let is_literal =
        |at: usize| text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    let span = |range: Range<usize>| Span::from(range);
    let stretch =
        Stretch { text, before: None, after: "", place: Place::Text, is_literal: &is_literal, span: &span };
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(Found { range, mark }) = find(&stretch, at) {
        unprotect(&text[at..range.start], &mut filled);
        at = range.end;
        let mark = match mark {
            Ok(Mark::Value(value)) => Some(TextMark::Value(value)),
            Ok(Mark::Role(role)) => Some(TextMark::Role(role.value)),
            Ok(Mark::Citations(_) | Mark::Call(_)) | Err(_) => None,
        };
        match mark.and_then(|mark| shown(&mark)) {
            Some(shown) => filled.push_str(&shown),
            None => filled.push_str(&text[range]),
        }
    }
    unprotect(&text[at..], &mut filled);
    Cow::Owned(filled)
}

/// The text as [`fill_text`] reads it: what looks like a mark in it is none.
pub(in crate::parse) fn protect(text: &str) -> Cow<'_, str> {
    if text.contains("{{") || text.contains("[[") {
        Cow::Owned(text.replace("{{", "\\{{").replace("[[", "\\[["))
    } else {
        Cow::Borrowed(text)
    }
}

fn unprotect(text: &str, out: &mut String) {
    out.push_str(&text.replace("\\{{", "{{").replace("\\[[", "[["));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str, place: Place) -> Vec<String> {
        let is_literal = |at: usize| text[..at].ends_with('\\');
        let span = |range: Range<usize>| Span::from(range);
        let stretch = Stretch { text, before: None, after: "", place, is_literal: &is_literal, span: &span };
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(Found { range, mark }) = find(&stretch, at) {
            at = range.end;
            found.push(match mark {
                Ok(Mark::Value(value)) => format!("value {}", value.path.value),
                Ok(Mark::Role(id)) => format!("role {}", id.value),
                Ok(Mark::Citations(ids)) => {
                    format!("cite {}", ids.iter().map(|id| &*id.value).collect::<Vec<_>>().join("+"))
                }
                Ok(Mark::Call(call)) => {
                    format!("{} {}", call.name.value, call.label.map_or(String::new(), |label| label.value))
                }
                Err(problem) => {
                    format!("error {}", &text[problem.span.start as usize..problem.span.end as usize])
                }
            });
        }
        found
    }

    #[test]
    fn marks_are_found() {
        for (text, expected) in [
            ("a {{ b.c }} d {{e.f}}", vec!["value b.c", "value e.f"]),
            ("\\{{ b.c }} \\[[a]] \\[@b] \\:kbd[c]", vec![]),
            ("{{ b.c", vec!["error {{"]),
            ("[[nurse]] and [[1, 2], [3]] and [[a.b]]", vec!["role nurse"]),
            ("[[Some Page]]", vec!["error Some Page"]),
            (
                "[@a], [@a; @b-c], [@angular/core], [@a, p. 3]",
                vec!["cite a", "cite a+b-c", "error [@a, p. 3]"],
            ),
            ("[@a;\u{e9}", vec!["error [@a;\u{e9}"]),
            ("[@a; ", vec!["error [@a; "]),
            ("[@a; b]", vec!["error [@a; b]"]),
            ("a:term[x] ::term[x] :foo[x] :term x", vec![]),
            (":term[API] (:kbd[Ctrl+[]) :abbr[ ]", vec!["term API", "error :kbd[Ctrl+[]) :abbr[ ]"]),
            (":kbd[a \\] b]", vec!["kbd a \\] b"]),
            (":abbr[ ]", vec!["error :abbr[ ]"]),
            (":kbd[a]{b=c}", vec!["error {"]),
        ] {
            assert_eq!(marks(text, Place::Text), expected, "{text}");
        }
        assert_eq!(
            marks("[[a]] [@b] {{ c.d }} :kbd[x] :term[y]", Place::Link),
            ["value c.d", "kbd x", "error :term[y]"]
        );
    }

    #[test]
    fn plain_texts_are_filled() {
        let shown = |mark: &TextMark| match mark {
            TextMark::Value(value) => (value.path.value == "a.b").then(|| "5".to_owned()),
            TextMark::Role(id) => Some(id.to_uppercase()),
        };
        for (text, expected) in [
            ("plain", "plain"),
            ("{{ a.b }} for [[nurse]]", "5 for NURSE"),
            ("\\{{ a.b }} {{ x.y }} {{", "{{ a.b }} {{ x.y }} {{"),
        ] {
            assert_eq!(fill_text(text, shown), expected);
        }
        assert_eq!(fill_text(&protect("code {{ a.b }} [[c]]"), shown), "code {{ a.b }} [[c]]");
    }
}
