//! Whether a page holds together: each element closed in its turn, each id once, its structured data JSON.
//!
//! In: the HTML of one page, and which part of it needs no look. Out: its first fault. Every page that is
//! rendered is looked at, so this builds no tree and leaps from tag to tag; what attributes say is not its
//! question.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use memchr::{memchr, memmem};
use serde::de::IgnoredAny;

use super::markup;
use crate::diagnostic::{Code, Diagnostic};

/// A file that is about to be published.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Its HTML.
    pub html: &'a [u8],
    /// Its path below the output.
    pub path: &'a str,
    /// The file that findings are shown at.
    pub source: &'a Arc<str>,
    /// Whose tags it holds.
    pub hand: Hand,
    /// The part of it that needs no look.
    pub ours: Option<&'a Ours<'a>>,
}

/// Who wrote the tags of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// The program alone: whatever is wrong is a fault in it.
    Program,
    /// Templates of the site too.
    Templates,
    /// A writer too, for whose tags nobody vouches.
    Writer,
}

/// HTML that does not hold together (`html-invalid`): the first fault, since the rest follow from it.
#[must_use]
pub fn unsound(proof: &Proof<'_>) -> Option<Diagnostic> {
    let Proof { html, path, source, hand, ours } = proof;
    let fault = if *hand == Hand::Writer {
        data_fault(html)
    } else {
        let found = fault(html, *ours, *hand);
        debug_assert_eq!(found.is_some(), fault(html, None, *hand).is_some(), "{found:?} in {source}");
        found
    }?;
    let (message, help) = match hand {
        Hand::Program => (
            format!("internal error while writing `{path}`, which cannot be published: {fault}"),
            "this is a fault in Guidepost; please report it, together with this file",
        ),
        Hand::Templates | Hand::Writer => (
            format!("`{path}` cannot be published: {fault}"),
            "look at the site's own templates, which wrote it; if they are in order, this is a fault in Guidepost: please report it, together with this file",
        ),
    };
    Some(Diagnostic::new(Code::HtmlInvalid, Arc::clone(source), None, message).help(help))
}

/// A part of a page that holds together, for the parser wrote it from Markdown alone.
#[derive(Debug)]
pub struct Ours<'h> {
    /// Where it is; it begins with a tag.
    pub range: Range<usize>,
    /// The ids in it.
    pub ids: Vec<&'h str>,
}

/// What the name of an element says of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has one.
    Closed,
    /// It may be left out (HTML, 13.1.2.4).
    MayStayOpen,
    /// It has none (`VOID` of the parser).
    Void,
    /// It has one, and all that comes before is text.
    Text,
    /// It has one, and `/>` closes what is inside.
    Drawing,
}

impl Kind {
    fn of(name: &[u8]) -> Self {
        match name {
            b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta"
            | b"source" | b"track" | b"wbr" => Self::Void,
            b"body" | b"caption" | b"colgroup" | b"dd" | b"dt" | b"head" | b"html" | b"li" | b"optgroup"
            | b"option" | b"p" | b"rb" | b"rp" | b"rt" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead"
            | b"tr" => Self::MayStayOpen,
            b"script" | b"style" | b"textarea" | b"title" => Self::Text,
            b"math" | b"svg" => Self::Drawing,
            _ if name.iter().any(u8::is_ascii_uppercase) => Self::of(&name.to_ascii_lowercase()),
            _ => Self::Closed,
        }
    }
}

/// The first thing that is wrong with a page.
fn fault<'h>(html: &'h [u8], ours: Option<&Ours<'h>>, hand: Hand) -> Option<String> {
    let (open, ids) = (Vec::with_capacity(32), HashSet::with_capacity_and_hasher(64, FixedState::default()));
    let mut reader = Reader { html, at: 0, open, drawings: 0, ids, hand };
    while let Some(found) = memchr(b'<', &html[reader.at..]) {
        reader.at += found;
        let fault = match ours {
            // Only from tag to tag one comes here: not if a template put it into a comment, say.
            Some(ours) if ours.range.start == reader.at => reader.leap(ours),
            _ => reader.tag(),
        };
        if let Some(fault) = fault {
            return Some(fault);
        }
    }
    let mut open = reader.open.into_iter();
    open.find(|(_, kind)| *kind != Kind::MayStayOpen)
        .map(|(name, _)| format!("`<{}>` is never closed", shown(name)))
}

fn shown(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Structured data of a page that nobody can read.
fn data_fault(html: &[u8]) -> Option<String> {
    let mut rest = html;
    while let Some(at) = memmem::find(rest, b"ld+json") {
        let Some(start) = memchr(b'>', &rest[at..]) else { break };
        rest = &rest[at + start + 1..];
        if let Some(fault) = of_data(&rest[..markup::closing(rest, b"script")]) {
            return Some(fault);
        }
    }
    None
}

/// What is wrong with structured data.
fn of_data(json: &[u8]) -> Option<String> {
    serde_json::from_slice::<IgnoredAny>(json).is_err().then(|| "its structured data is no JSON".to_owned())
}

struct Reader<'h> {
    html: &'h [u8],
    at: usize,
    open: Vec<(&'h [u8], Kind)>,
    /// How many of them are drawings or formulas.
    drawings: usize,
    ids: HashSet<&'h [u8], FixedState>,
    hand: Hand,
}

impl<'h> Reader<'h> {
    /// Goes past what needs no look.
    fn leap(&mut self, ours: &Ours<'h>) -> Option<String> {
        self.at = ours.range.end;
        ours.ids.iter().find_map(|id| self.claim(id.as_bytes()))
    }

    fn claim(&mut self, id: &'h [u8]) -> Option<String> {
        (!self.ids.insert(id)).then(|| format!("the id `{}` is on it twice", shown(id)))
    }

    /// What begins at a `<`.
    fn tag(&mut self) -> Option<String> {
        let rest = &self.html[self.at..];
        match (rest.get(1), rest.get(2)) {
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => {
                let name = self.name(self.at + 2);
                self.at += 2 + name.len();
                // Nearly always right here.
                match self.html.get(self.at) {
                    Some(b'>') => self.at += 1,
                    _ => self.skip_past(b">"),
                }
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

    fn name(&self, start: usize) -> &'h [u8] {
        let rest = &self.html[start..];
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
        &rest[..end.unwrap_or(rest.len())]
    }

    fn skip_past(&mut self, end: &[u8]) {
        let rest = &self.html[self.at..];
        let found = if let [byte] = end { memchr(*byte, rest) } else { memmem::find(rest, end) };
        self.at += found.map_or(rest.len(), |at| at + end.len());
    }

    fn enter(&mut self) -> Option<String> {
        let name = self.name(self.at + 1);
        self.at += 1 + name.len();
        let inside = self.at;
        let Attributes { id, closes } = self.attributes();
        if let Some(fault) = id.and_then(|id| self.claim(id)) {
            return Some(fault);
        }
        let kind = Kind::of(name);
        if kind == Kind::Void || (closes && (self.drawings > 0 || kind == Kind::Drawing)) {
            return None;
        }
        self.drawings += usize::from(kind == Kind::Drawing);
        self.open.push((name, kind));
        if kind == Kind::Text && self.drawings == 0 {
            let length = markup::closing(&self.html[self.at..], name);
            let text = &self.html[self.at..self.at + length];
            // The program's own is made by a serialiser, which knows no other.
            let is_data = self.hand != Hand::Program
                && name == b"script"
                && memmem::find(&self.html[inside..self.at], b"\"application/ld+json\"").is_some();
            self.at += length;
            return if is_data { of_data(text) } else { None };
        }
        None
    }

    /// Goes past the attributes of a tag and its `>`.
    fn attributes(&mut self) -> Attributes<'h> {
        let start = self.at;
        let mut id = None;
        while let Some(byte) = self.html.get(self.at) {
            self.at += 1;
            match byte {
                b'>' => {
                    let closes = self.html[start..self.at].ends_with(b"/>");
                    return Attributes { id, closes };
                }
                b'=' => {
                    let is_id = is_id(&self.html[start..self.at - 1]);
                    let value = self.value();
                    id = id.or(Some(value).filter(|_| is_id));
                    // Of a value without quotes, a slash at its end is a part.
                    if self.html.get(self.at) == Some(&b'>') {
                        self.at += 1;
                        return Attributes { id, closes: false };
                    }
                }
                _ => {}
            }
        }
        Attributes { id, closes: false }
    }

    /// The value that comes after an equals sign, gone past.
    fn value(&mut self) -> &'h [u8] {
        let rest = &self.html[self.at..];
        let white = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (start, rest) = (self.at + white, &rest[white..]);
        if let Some(quote @ (b'"' | b'\'')) = rest.first() {
            let length = memchr(*quote, &rest[1..]).unwrap_or(rest.len() - 1);
            self.at = (start + length + 2).min(self.html.len());
            return &rest[1..=length];
        }
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
        let length = end.unwrap_or(rest.len());
        self.at = start + length;
        &rest[..length]
    }

    fn leave(&mut self, name: &[u8]) -> Option<String> {
        // By far the most often.
        if let Some((last, kind)) = self.open.last()
            && *last == name
        {
            self.drawings -= usize::from(*kind == Kind::Drawing);
            self.open.pop();
            return None;
        }
        let Some(at) = self.open.iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name)) else {
            return Some(format!("`</{}>` closes nothing", shown(name)));
        };
        while self.open.len() > at + 1 {
            let (inside, kind) = self.open.pop()?;
            self.drawings -= usize::from(kind == Kind::Drawing);
            if kind != Kind::MayStayOpen {
                return Some(format!("`<{}>` is not closed before `</{}>`", shown(inside), shown(name)));
            }
        }
        let (_, kind) = self.open.pop()?;
        self.drawings -= usize::from(kind == Kind::Drawing);
        None
    }
}

/// What is to be known of the attributes of a tag.
struct Attributes<'h> {
    id: Option<&'h [u8]>,
    /// The tag ends with `/>`.
    closes: bool,
}

/// Whether what stands before an equals sign ends with the name `id`.
fn is_id(before: &[u8]) -> bool {
    let [before @ .., i, d] = before.trim_ascii_end() else { return false };
    i.eq_ignore_ascii_case(&b'i')
        && d.eq_ignore_ascii_case(&b'd')
        && before.last().is_some_and(|last| last.is_ascii_whitespace() || matches!(last, b'"' | b'\'' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_without_an_end_are_those_of_the_parser() {
        for name in crate::parse::markdown::VOID {
            assert_eq!(Kind::of(name.as_bytes()), Kind::Void, "{name}");
        }
    }

    #[test]
    fn sound_pages_pass() {
        for html in [
            "<!doctype html><html><head><title>a < b</title></head><body><p>x<ul><li>y<li>z</ul><br></html>",
            "<svg><g><path d='x'/></g><title>a</title></svg><svg/>",
            "<p data-a=\"<div>\" title='>'>a</p><!-- <div> --><script>\"</p>\"</script>",
            "<p id=a data-id=a></p><p id='b' ID-x=\"b\" class=id></p><p id=\"c\"></p>",
            "<DIV></div><div\n></div\n><input value=/ ><a href=/x/>x</a>",
            "<BR><IMG src=a><Title>a < b</TITLE><svg/><svg><path d=a/></path></svg>",
            "<p class=\"a\"id=a></p><p data-id=a></p><p title=id=a></p><p title='id=\"a\"'></p>",
            "1 < 2 <3 </ p>",
        ] {
            assert_eq!(fault(html.as_bytes(), None, Hand::Templates), None, "{html}");
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
            ("<p id='a'></p><p ID=a>", "the id `a` is on it twice"),
            ("<p class=\"x\"id=a></p><p/id=a>", "the id `a` is on it twice"),
            ("<svg><path d=a/></svg>", "`<path>` is not closed before `</svg>`"),
            ("<script>", "`<script>` is never closed"),
            ("<svg></svg><b/>", "`<b>` is never closed"),
            ("<script type=\"application/ld+json\">{\"a\": }</script>", "its structured data is no JSON"),
        ] {
            assert_eq!(fault(html.as_bytes(), None, Hand::Templates).as_deref(), Some(told), "{html}");
        }
    }

    #[test]
    fn what_needs_no_look_is_leapt_over() {
        let ours = |html: &str| {
            let start = html.find("<i>").unwrap();
            Ours { range: start..html.find("</i>").unwrap() + 4, ids: vec!["a"] }
        };
        for (html, told) in [
            ("<p><i></b></i></p><p id=b>", None),
            ("<div><i></b></i>", Some("`<div>` is never closed")),
            ("<p id=a><i>x</i>", Some("the id `a` is on it twice")),
            ("<p title='<i>x</i>'><p id=a>", None),
            ("<!-- <i>x</i> --></div>", Some("`</div>` closes nothing")),
        ] {
            assert_eq!(fault(html.as_bytes(), Some(&ours(html)), Hand::Templates).as_deref(), told, "{html}");
        }
    }

    #[test]
    fn whose_fault_it_is_is_said() {
        let of = |html: &str, hand| {
            let html = html.as_bytes();
            let proof = Proof { html, path: "a/index.html", source: &"a.md".into(), hand, ours: None };
            unsound(&proof).map(|found| (found.message, found.help.unwrap_or_default()))
        };
        let (message, help) = of("<b>", Hand::Program).unwrap();
        assert!(message.starts_with("internal error while writing `a/index.html`"), "{message}");
        assert!(help.contains("report"), "{help}");
        let (message, help) = of("<b>", Hand::Templates).unwrap();
        assert!(message.starts_with("`a/index.html` cannot be published: `<b>`"), "{message}");
        assert!(help.contains("templates"), "{help}");
        assert_eq!(of("<b>", Hand::Writer), None);
        let data = "<i><script type='application/ld+json'>{}</script><script type=\"application/ld+json\">{</script>";
        assert!(of(data, Hand::Writer).is_some_and(|(message, _)| message.ends_with("no JSON")));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(?s)(<[/a-c!]|<svg|<title|id=|--|[<>/=\"' a-cé↩!?-]){0,60}") {
            let _ = fault(text.as_bytes(), None, Hand::Templates);
        }
    }
}
