//! Whether a page holds together: each element closed in its turn, each id once.
//!
//! In: the HTML of one page. Out: its first fault. Every page that is rendered is looked at, so this
//! builds no tree and leaps from tag to tag; what attributes say is not its question.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::FixedState;
use memchr::{memchr, memchr_iter, memchr3, memmem};

use super::markup;
use super::published::TEMPLATE;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::markdown::VOID;

/// HTML that does not hold together (`html-invalid`): the first fault, since the rest follow from it.
#[must_use]
pub fn unsound(html: &str, source: &Arc<str>) -> Option<Diagnostic> {
    let fault = fault(html)?;
    let message = format!("the published page is not well formed: {fault}");
    Some(Diagnostic::new(Code::HtmlInvalid, Arc::clone(source), None, message).help(TEMPLATE))
}

/// Elements whose end may be left out (HTML, 13.1.2.4).
fn may_stay_open(name: &str) -> bool {
    matches!(
        name,
        "body"
            | "caption"
            | "colgroup"
            | "dd"
            | "dt"
            | "head"
            | "html"
            | "li"
            | "optgroup"
            | "option"
            | "p"
            | "rb"
            | "rp"
            | "rt"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
    )
}

/// Elements in which `/>` closes.
fn is_drawing(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// The first thing that is wrong with a page.
fn fault(html: &str) -> Option<String> {
    let mut reader = Reader { html, at: 0, open: Vec::new(), drawings: 0, ids: HashSet::default() };
    while let Some(found) = memchr(b'<', &html.as_bytes()[reader.at..]) {
        reader.at += found;
        if let Some(fault) = reader.tag() {
            return Some(fault);
        }
    }
    let mut open = reader.open.into_iter();
    open.find(|name| !may_stay_open(name)).map(|name| format!("`<{name}>` is never closed"))
}

struct Reader<'h> {
    html: &'h str,
    at: usize,
    open: Vec<&'h str>,
    /// How many of them are drawings or formulas.
    drawings: usize,
    ids: HashSet<&'h str, FixedState>,
}

impl<'h> Reader<'h> {
    /// What begins at a `<`.
    fn tag(&mut self) -> Option<String> {
        let rest = &self.html.as_bytes()[self.at..];
        match (rest.get(1), rest.get(2)) {
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => {
                let name = self.name(self.at + 2);
                self.skip_past(b">");
                self.leave(name)
            }
            (Some(letter), _) if letter.is_ascii_alphabetic() => self.enter(),
            (Some(b'!'), _) if rest.starts_with(b"<!--") => {
                self.skip_past(b"-->");
                None
            }
            (Some(b'!' | b'?'), _) => {
                self.skip_past(b">");
                None
            }
            _ => {
                self.at += 1;
                None
            }
        }
    }

    fn name(&self, start: usize) -> &'h str {
        let rest = &self.html[start..];
        let end = rest.bytes().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
        &rest[..end.unwrap_or(rest.len())]
    }

    fn skip_past(&mut self, end: &[u8]) {
        let rest = &self.html.as_bytes()[self.at..];
        let found = if let [byte] = end { memchr(*byte, rest) } else { memmem::find(rest, end) };
        self.at += found.map_or(rest.len(), |at| at + end.len());
    }

    fn enter(&mut self) -> Option<String> {
        let name = self.name(self.at + 1);
        self.at += 1 + name.len();
        if let Some(id) = self.attributes()
            && !self.ids.insert(id)
        {
            return Some(format!("the id `{id}` is on it twice"));
        }
        let closed = (self.drawings > 0 || is_drawing(name)) && self.html[..self.at].ends_with("/>");
        if VOID.contains(&name) || closed {
            return None;
        }
        self.drawings += usize::from(is_drawing(name));
        self.open.push(name);
        if markup::is_raw(name) && self.drawings == 0 {
            self.at += markup::closing(&self.html[self.at..], name);
        }
        None
    }

    /// Goes past the attributes of a tag and its `>`. Returns the id.
    fn attributes(&mut self) -> Option<&'h str> {
        let mut id = None;
        loop {
            let rest = &self.html[self.at..];
            let Some(sign) = memchr3(b'>', b'"', b'\'', rest.as_bytes()) else {
                self.at = self.html.len();
                return id;
            };
            let before = &rest[..sign];
            id = id.or_else(|| unquoted_id(before));
            self.at += sign + 1;
            if rest.as_bytes()[sign] == b'>' {
                return id;
            }
            let Some(key) = before.trim_ascii_end().strip_suffix('=') else { continue };
            let value = &rest[sign + 1..];
            let length = memchr(rest.as_bytes()[sign], value.as_bytes()).unwrap_or(value.len());
            if is_id(key.trim_ascii_end()) {
                id = id.or(Some(&value[..length]));
            }
            self.at = (self.at + length + 1).min(self.html.len());
        }
    }

    fn leave(&mut self, name: &str) -> Option<String> {
        // By far the most often.
        if self.open.last() == Some(&name) {
            self.open.pop();
            self.drawings -= usize::from(is_drawing(name));
            return None;
        }
        let Some(at) = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) else {
            return Some(format!("`</{name}>` closes nothing"));
        };
        while self.open.len() > at + 1 {
            let inside = self.open.pop()?;
            self.drawings -= usize::from(is_drawing(inside));
            if !may_stay_open(inside) {
                return Some(format!("`<{inside}>` is not closed before `</{name}>`"));
            }
        }
        let closed = self.open.pop()?;
        self.drawings -= usize::from(is_drawing(closed));
        None
    }
}

/// Whether the text before an equals sign ends with the name `id`.
fn is_id(text: &str) -> bool {
    let Some(before) = text.strip_suffix("id") else { return false };
    before.ends_with(|sign: char| sign.is_ascii_whitespace())
}

/// The value of `id=value` among attributes; one that a quote follows is not there yet.
fn unquoted_id(attributes: &str) -> Option<&str> {
    let mut signs = memchr_iter(b'=', attributes.as_bytes());
    let at = signs.find(|at| is_id(&attributes[..*at]))?;
    let value = attributes[at + 1..].split(|sign: char| sign.is_ascii_whitespace()).next()?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_pages_pass() {
        for html in [
            "<!doctype html><html><head><title>a < b</title></head><body><p>x<ul><li>y<li>z</ul><br></html>",
            "<svg><g><path d='x'/></g><title>a</title></svg><svg/>",
            "<p data-a=\"<div>\" title='>'>a</p><!-- <div> --><script>\"</p>\"</script>",
            "<p id=a data-id=a></p><p id='b' ID-x=\"b\" class=id></p><p id=\"c\"></p>",
            "<DIV></div><div\n></div\n><input value=/ ><a href=/x/>x</a>",
            "1 < 2 <3 </ p>",
        ] {
            assert_eq!(fault(html), None, "{html}");
        }
    }

    #[test]
    fn unsound_pages_are_told() {
        for (html, told) in [
            ("<div><p>x</p>", "`<div>` is never closed"),
            ("<div/>", "`<div>` is never closed"),
            ("<p>x</p></div>", "`</div>` closes nothing"),
            ("<div><b>x</div>", "`<b>` is not closed before `</div>`"),
            ("<svg><g></svg>", "`<g>` is not closed before `</svg>`"),
            ("<p id=a></p><p id=a></p>", "the id `a` is on it twice"),
            ("<p class='x' id=\"a\"></p><p id = 'a'></p>", "the id `a` is on it twice"),
            ("<p id='a' x></p><br id=a>", "the id `a` is on it twice"),
            ("<script>", "`<script>` is never closed"),
            ("<svg></svg><b/>", "`<b>` is never closed"),
        ] {
            assert_eq!(fault(html).as_deref(), Some(told), "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(?s)(<[/a-c!]|<svg|<title|id=|--|[<>/=\"' a-cé↩!?-]){0,60}") {
            let _ = fault(&text);
        }
    }
}
