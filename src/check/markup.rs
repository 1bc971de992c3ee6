//! Tags and text of HTML, as far as rules look at it.
//!
//! In: HTML. Out: its tags with their attributes and places, and the text between. Builds no tree and
//! decodes no entity.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Markup<'h> {
    /// An opening tag.
    Open {
        /// As written.
        name: &'h str,
        /// Names and values.
        attributes: Attributes<'h>,
        /// Whether it ends with `/>`, which closes it inside drawings and formulas.
        closed: bool,
        /// Its bytes.
        at: Range<usize>,
    },
    /// A closing tag.
    Close {
        /// As written.
        name: &'h str,
        /// Its bytes.
        at: Range<usize>,
    },
    /// Text between tags, that of scripts and styles too.
    Text(&'h str),
}

/// Places of a page that a fragment can lead to: ids, and names of old-fashioned anchors (HTML, 7.4.6.4).
pub fn anchors(html: &str) -> impl Iterator<Item = Cow<'_, str>> {
    read(html)
        .filter_map(|piece| match piece {
            Markup::Open { name, attributes, .. } => Some((name, attributes)),
            Markup::Close { .. } | Markup::Text(_) => None,
        })
        .flat_map(|(element, attributes)| {
            let is_anchor = element.eq_ignore_ascii_case("a");
            attributes.iter().filter_map(move |(name, value)| {
                let leads =
                    name.eq_ignore_ascii_case("id") || (is_anchor && name.eq_ignore_ascii_case("name"));
                (leads && !value.is_empty()).then(|| decoded(value))
            })
        })
}

/// Elements whose content holds no tags.
pub(super) fn is_raw(name: &str) -> bool {
    ["script", "style", "textarea", "title"].iter().any(|raw| name.eq_ignore_ascii_case(raw))
}

/// Reads all pieces in order; comments are left out.
pub(super) fn read(html: &str) -> impl Iterator<Item = Markup<'_>> {
    Pieces { html, at: 0, raw: None }
}

struct Pieces<'h> {
    html: &'h str,
    at: usize,
    /// The open element whose content is text.
    raw: Option<&'h str>,
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Markup<'h>;

    fn next(&mut self) -> Option<Markup<'h>> {
        loop {
            let rest = self.html.get(self.at..).filter(|rest| !rest.is_empty())?;
            if let Some(name) = self.raw.take() {
                let end = closing(rest.as_bytes(), name.as_bytes());
                if end > 0 {
                    self.at += end;
                    return Some(Markup::Text(&rest[..end]));
                }
            }
            if rest.starts_with("<!--") {
                self.at += rest.find("-->").map_or(rest.len(), |end| end + 3);
                continue;
            }
            if rest.starts_with("<!") || rest.starts_with("<?") {
                self.at += rest.find('>').map_or(rest.len(), |end| end + 1);
                continue;
            }
            let letter = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
            if rest.starts_with("</") && letter(2) {
                return Some(self.close(rest));
            }
            if rest.starts_with('<') && letter(1) {
                return Some(self.open(rest));
            }
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = memchr(b'<', &rest.as_bytes()[first..]).map_or(rest.len(), |end| end + first);
            self.at += end;
            return Some(Markup::Text(&rest[..end]));
        }
    }
}

impl<'h> Pieces<'h> {
    fn close(&mut self, rest: &'h str) -> Markup<'h> {
        let end = memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let name = name(&rest[2..end]);
        let at = self.at..self.at + end;
        self.at = at.end;
        Markup::Close { name, at }
    }

    fn open(&mut self, rest: &'h str) -> Markup<'h> {
        let name = name(&rest[1..]);
        let start = 1 + name.len();
        let end = start + end_of_tag(&rest[start..]);
        let at = self.at..self.at + end;
        self.at = at.end;
        let inside = &rest[start..end];
        let closed = inside.ends_with("/>");
        self.raw = is_raw(name).then_some(name);
        Markup::Open { name, attributes: Attributes(inside.strip_suffix('>').unwrap_or(inside)), closed, at }
    }
}

/// How far it is past the `>` that ends a tag, which is none in the value of an attribute.
pub(super) fn end_of_tag(rest: &str) -> usize {
    let mut at = 0;
    while let Some(sign) = memchr3(b'>', b'"', b'\'', &rest.as_bytes()[at..]).map(|sign| sign + at) {
        let quote = rest.as_bytes()[sign];
        if quote == b'>' {
            return sign + 1;
        }
        at = sign + 1;
        if rest[..sign].trim_ascii_end().ends_with('=') {
            at += memchr(quote, &rest.as_bytes()[at..]).map_or(rest.len() - at, |end| end + 1);
        }
    }
    rest.len()
}

/// Names and values of a tag, as written; a name alone has an empty value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attributes<'h>(&'h str);

impl<'h> Attributes<'h> {
    pub(super) fn iter(self) -> impl Iterator<Item = (&'h str, &'h str)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let (found, length) = attribute(rest);
            rest = &rest[length..];
            Some(found)
        })
    }

    /// The value of an attribute.
    pub(super) fn get(self, wanted: &str) -> Option<&'h str> {
        self.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(text.len());
    &text[..end]
}

/// An attribute at the start of a text, with its length.
fn attribute(text: &str) -> ((&str, &str), usize) {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/');
    let end = text[first..].find(ends).map_or(text.len(), |end| end + first);
    let name = &text[..end];
    let after = text[end..].trim_start();
    let Some(value) = after.strip_prefix('=') else { return ((name, ""), end) };
    let value = value.trim_start();
    let start = text.len() - value.len();
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote) {
            let length = inside.find(quote).unwrap_or(inside.len());
            return ((name, &inside[..length]), (start + length + 2).min(text.len()));
        }
    }
    let length = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
    ((name, &value[..length]), start + length)
}

/// Where the content of an element ends that holds text alone.
pub(super) fn closing(rest: &[u8], name: &[u8]) -> usize {
    let mut ends = memmem::find_iter(rest, b"</")
        .filter(|at| rest.get(at + 2..at + 2 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name)));
    ends.next().unwrap_or(rest.len())
}

/// Text with the character references that templates write.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 8);
        let sign = end.and_then(|end| reference(&rest[1..end]));
        let (sign, length) = sign.zip(end).map_or(('&', 1), |(sign, end)| (sign, end + 1));
        out.push(sign);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        return u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
    }
    if let Some(number) = name.strip_prefix('#') {
        return number.parse().ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        read(html)
            .map(|piece| match piece {
                Markup::Open { name, attributes, .. } => {
                    format!("<{name} {:?}>", attributes.iter().collect::<Vec<_>>())
                }
                Markup::Close { name, .. } => format!("</{name}>"),
                Markup::Text(text) => text.to_owned(),
            })
            .collect()
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        assert_eq!(
            shown("<!doctype html><p class=x id='y z' hidden data-q=\"a>b\">é < 2<br/></p><!-- <i> -->."),
            [
                r#"<p [("class", "x"), ("id", "y z"), ("hidden", ""), ("data-q", "a>b")]>"#,
                "é ",
                "< 2",
                "<br []>",
                "</p>",
                "."
            ]
        );
        assert_eq!(shown("<script>a<b></script>x"), ["<script []>", "a<b>", "</script>", "x"]);
        assert_eq!(shown("<style></style>"), ["<style []>", "</style>"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(?s)(<[a-c]|[<>/=\"' a-cé↩!?-]){0,60}") {
            for piece in read(&text) {
                if let Markup::Open { at, .. } | Markup::Close { at, .. } = piece {
                    proptest::prop_assert!(text.get(at).is_some());
                }
            }
        }
    }
}
