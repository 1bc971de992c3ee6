//! Raw HTML in Markdown: read tag by tag, and kept, cleaned or shown by the site's policy.
//!
//! In: fragments of HTML as they stand between Markdown. Out: tokens, and for each the judgement
//! of whether it is safe. Does not build a tree: a fragment is often half of an element, with
//! Markdown between its tags, so a sanitiser of whole documents cannot be used on it.
//!
//! Tokens follow the HTML Standard's tokenizer (13.2.5) as far as tags, comments and the elements
//! whose content is not markup are concerned.

use std::borrow::Cow;

use crate::diagnostic::Span;
use crate::parse::ReferenceKind;

/// One token of a fragment; the tokens' sources, joined, are the fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its entities as written.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag.
    End(Tag<'a>),
    /// A comment, doctype, processing instruction or CDATA section.
    Comment(&'a str),
    /// The content of `<script>`, `<style>` and the like.
    Verbatim(&'a str),
    /// A tag that is never closed by `>`; it reaches to the fragment's end.
    Unclosed(&'a str),
}

impl<'a> Token<'a> {
    /// The token as written.
    pub(super) fn source(&self) -> &'a str {
        match self {
            Self::Start(tag) | Self::End(tag) => tag.source,
            Self::Text(source) | Self::Comment(source) | Self::Verbatim(source) | Self::Unclosed(source) => {
                source
            }
        }
    }
}

/// A tag as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// From `<` to `>`.
    pub(super) source: &'a str,
    /// The name as written.
    pub(super) name: &'a str,
}

/// Elements whose content is not markup.
const VERBATIM: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Reads a fragment.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    verbatim: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    /// The tokens of a fragment.
    pub(super) fn new(fragment: &'a str) -> Self {
        Self { rest: fragment, verbatim: None }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        token
    }

    fn comment(&mut self) -> Token<'a> {
        let rest = self.rest;
        let after = |start: usize, end: &str| rest[start..].find(end).map(|at| start + at + end.len());
        let end = if rest.starts_with("<!-->") {
            Some(5)
        } else if rest.starts_with("<!--->") {
            Some(6)
        } else if rest.starts_with("<!--") {
            comment_end(rest)
        } else if rest.starts_with("<![CDATA[") {
            after(9, "]]>")
        } else {
            after(1, ">")
        };
        match end {
            Some(end) => Token::Comment(self.take(end)),
            None => Token::Unclosed(self.take(rest.len())),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(element) = self.verbatim.take() {
            let end = find_end_tag(self.rest, element);
            if end > 0 {
                return Some(Token::Verbatim(self.take(end)));
            }
        }
        let bytes = self.rest.as_bytes();
        if bytes[0] != b'<' {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            return Some(Token::Text(self.take(end)));
        }
        let name_at = match (bytes.get(1), bytes.get(2)) {
            (Some(b'/'), Some(next)) if next.is_ascii_alphabetic() => 2,
            (Some(b'!' | b'?'), _) | (Some(b'/'), Some(_)) => return Some(self.comment()),
            (Some(next), _) if next.is_ascii_alphabetic() => 1,
            _ => {
                let end = self.rest[1..].find('<').map_or(self.rest.len(), |at| at + 1);
                return Some(Token::Text(self.take(end)));
            }
        };
        let Some(end) = tag_end(self.rest) else {
            return Some(Token::Unclosed(self.take(self.rest.len())));
        };
        let source = self.take(end);
        let name = &source[name_at..];
        let name_end =
            name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len());
        let tag = Tag { source, name: &name[..name_end] };
        if name_at == 2 {
            return Some(Token::End(tag));
        }
        if VERBATIM.iter().any(|element| tag.is(element)) {
            self.verbatim = Some(tag.name);
        }
        Some(Token::Start(tag))
    }
}

/// The length of a comment, which ends with `-->` or `--!>`.
fn comment_end(comment: &str) -> Option<usize> {
    comment[4..].match_indices("--").find_map(|(at, _)| {
        let end = 4 + at + 2;
        let rest = &comment[end..];
        if rest.starts_with('>') {
            Some(end + 1)
        } else if rest.starts_with("!>") || rest.starts_with("->") {
            Some(end + 2)
        } else {
            None
        }
    })
}

/// Where `</element` begins, or the end of the text.
fn find_end_tag(text: &str, element: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("</").map(|at| from + at) {
        let name = text.as_bytes().get(at + 2..at + 2 + element.len());
        if name.is_some_and(|name| name.eq_ignore_ascii_case(element.as_bytes())) {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

/// The length of a tag: up to the first `>` outside a quoted attribute value.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in tag.bytes().enumerate() {
        match quote {
            Some(mark) if byte == mark => quote = None,
            Some(_) => {}
            None => match byte {
                b'>' => return Some(at + 1),
                b'"' | b'\'' if after_equals => quote = Some(byte),
                _ => {}
            },
        }
        if quote.is_some() || !byte.is_ascii_whitespace() {
            after_equals = byte == b'=' && quote.is_none();
        }
    }
    None
}

impl<'a> Tag<'a> {
    /// Whether this is the element of that (lower-case) name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its attributes in order: name and value as written (entities included, quotes not).
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let inside = self.source.trim_start_matches(['<', '/']);
        let mut rest = inside[self.name.len()..].trim_end_matches('>');
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '=');
            // An attribute's name may begin with `=`; it has at least one character.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = rest[first..].find(ends).map_or(rest.len(), |at| first + at);
            let name;
            (name, rest) = rest.split_at(end);
            let Some(after) = rest.trim_start().strip_prefix('=') else { return Some((name, "")) };
            let after = after.trim_start();
            let value;
            (value, rest) = match after.as_bytes().first() {
                Some(&quote @ (b'"' | b'\'')) => {
                    let inside = &after[1..];
                    let end = inside.find(char::from(quote)).unwrap_or(inside.len());
                    (&inside[..end], inside.get(end + 1..).unwrap_or_default())
                }
                _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len())),
            };
            Some((name, value))
        })
    }

    /// Where one of its attributes' values begins in its source.
    pub(super) fn offset(self, value: &str) -> usize {
        (value.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize)
    }

    /// What the address in an attribute leads to: a page or file that is linked, or an image.
    pub(super) fn address(self, attribute: &str) -> Option<ReferenceKind> {
        const ADDRESSES: [(&str, &str, ReferenceKind); 8] = [
            ("a", "href", ReferenceKind::Link),
            ("area", "href", ReferenceKind::Link),
            ("img", "src", ReferenceKind::Image),
            ("video", "poster", ReferenceKind::Image),
            ("video", "src", ReferenceKind::Link),
            ("audio", "src", ReferenceKind::Link),
            ("source", "src", ReferenceKind::Link),
            ("track", "src", ReferenceKind::Link),
        ];
        ADDRESSES
            .iter()
            .find(|(element, name, _)| self.is(element) && attribute.eq_ignore_ascii_case(name))
            .map(|(_, _, kind)| *kind)
    }

    /// What is dangerous about the tag, in words that complete "raw HTML with ...".
    pub(super) fn danger(self) -> Option<Cow<'static, str>> {
        for element in ["script", "style", "iframe", "object", "embed", "base", "meta", "link"] {
            if self.is(element) {
                return Some(format!("a `<{element}>` element").into());
            }
        }
        self.attributes().find_map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            if name.starts_with("on") && name.len() > 2 {
                Some(format!("an event handler, `{name}`").into())
            } else if is_url(&name) && !is_safe_url(value) {
                Some(format!("a script or an unknown scheme in `{name}`").into())
            } else {
                None
            }
        })
    }

    /// Whether the element never has an end tag.
    pub(super) fn is_void(self) -> bool {
        VOID.iter().any(|element| self.is(element))
    }
}

/// Elements without content, which never have an end tag
/// (<https://html.spec.whatwg.org/#void-elements>).
pub const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Attributes that hold a URL.
pub(super) fn is_url(attribute: &str) -> bool {
    matches!(
        attribute,
        "href" | "src" | "action" | "formaction" | "poster" | "cite" | "data" | "xlink:href" | "srcset"
    )
}

/// Whether an attribute's value, as written, is a URL that a site may have.
pub(super) fn is_safe_url(value: &str) -> bool {
    use super::link::Destination;
    decode(value, Reach::Scheme).is_some_and(|url| {
        Destination::of(&url) != Destination::Refused || Destination::of_image(&url) != Destination::Refused
    })
}

/// An attribute's value as the URL it means. `None` when it has entities or characters beyond those
/// that URLs have, which browsers read each in a way of its own.
pub(super) fn url(value: &str) -> Option<Cow<'_, str>> {
    let value = value.trim_matches(|c: char| c.is_ascii_whitespace());
    let odd = |c: char| c.is_control() || matches!(c, '\\' | '`');
    decode(value, Reach::Whole).filter(|url| !url.contains(odd))
}

/// How much of a URL is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// As far as a scheme could reach.
    Scheme,
    /// All of it.
    Whole,
}

/// The value with entities decoded as far as `reach`. `None` when an entity is met
/// there that is not among the few that URLs have: nobody writes one who means well.
fn decode(value: &str, reach: Reach) -> Option<Cow<'_, str>> {
    if !value.contains('&') {
        return Some(Cow::Borrowed(value));
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        if c != '&' {
            decoded.push(c);
            if reach == Reach::Scheme && matches!(c, '/' | '?' | '#') {
                break;
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let entity = &rest[1..];
        let length = entity.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(entity.len());
        let name = &entity[..length];
        if reach == Reach::Whole && !name.starts_with('#') && !entity[length..].starts_with(';') {
            // No entity, but a parameter: `?a=1&b=2`.
            decoded.push('&');
            rest = entity;
            continue;
        }
        decoded.push(match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?,
                None => digits.parse().ok().and_then(char::from_u32)?,
            },
            None if name.starts_with("amp") => '&',
            None if name == "colon" => ':',
            None => return None,
        });
        rest = entity[length..].strip_prefix(';').unwrap_or(&entity[length..]);
    }
    Some(Cow::Owned(decoded))
}

/// Where raw HTML stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Inside a paragraph or the like; what it opens ends there.
    Inline,
    /// A block of its own; what it opens reaches to its end tag.
    Block,
}

/// Elements inside elements that are kept track of; browsers give up at 512.
pub(super) const DEEPEST: usize = 256;

/// Raw elements that are open, as far as they bear on the Markdown inside them.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// Blocks around Markdown, with the tags that opened them.
    enclosing: Vec<(String, Span)>,
    /// Elements in which a bare URL stays text.
    unlinkable: Vec<(String, Placement)>,
}

impl Elements {
    const ENCLOSING: [&'static str; 24] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "ol",
        "section",
        "table",
        "tbody",
        "td",
        "template",
        "tr",
        "ul",
    ];
    const UNLINKABLE: [&'static str; 12] = [
        "a", "abbr", "button", "code", "dfn", "kbd", "option", "pre", "script", "style", "textarea", "title",
    ];
    /// Those of them whose text is no prose at all.
    const CODE: [&str; 6] = ["code", "pre", "script", "style", "textarea", "title"];

    /// A start tag.
    pub(super) fn open(&mut self, tag: Tag<'_>, span: Span, placement: Placement) {
        if self.enclosing.len() + self.unlinkable.len() >= DEEPEST {
            return;
        }
        if Self::ENCLOSING.iter().any(|element| tag.is(element)) {
            self.enclosing.push((tag.name.to_ascii_lowercase(), span));
        } else if Self::UNLINKABLE.iter().any(|element| tag.is(element)) {
            self.unlinkable.push((tag.name.to_ascii_lowercase(), placement));
        }
    }

    /// An end tag.
    pub(super) fn close(&mut self, tag: Tag<'_>) {
        if let Some(at) = self.enclosing.iter().rposition(|(element, _)| tag.is(element)) {
            self.enclosing.truncate(at);
        }
        if let Some(at) = self.unlinkable.iter().rposition(|(element, _)| tag.is(element)) {
            self.unlinkable.truncate(at);
        }
    }

    /// A block of Markdown ends: what was opened inside it is closed.
    pub(super) fn end_block(&mut self) {
        self.unlinkable.retain(|(_, placement)| *placement == Placement::Block);
    }

    /// Whether a bare URL may become a link here.
    pub(super) fn may_link(&self) -> bool {
        self.unlinkable.is_empty()
    }

    /// Whether text here is code, in which no mark counts.
    pub(super) fn holds_code(&self) -> bool {
        self.unlinkable.iter().any(|(element, _)| Self::CODE.contains(&element.as_str()))
    }

    /// Whether Markdown here is inside a raw block.
    pub(super) fn is_enclosed(&self) -> bool {
        !self.enclosing.is_empty()
    }

    /// Blocks that were never closed.
    pub(super) fn take_enclosing(&mut self) -> Vec<(String, Span)> {
        std::mem::take(&mut self.enclosing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        Tokens::new(html)
            .map(|token| match token {
                Token::Text(text) => format!("text {text}"),
                Token::Start(tag) => format!("start {}", tag.name),
                Token::End(tag) => format!("end {}", tag.name),
                Token::Comment(_) => "comment".to_owned(),
                Token::Verbatim(text) => format!("verbatim {text}"),
                Token::Unclosed(text) => format!("unclosed {text}"),
            })
            .collect()
    }

    #[test]
    fn fragments_are_read_as_browsers_read_them() {
        for (html, expected) in [
            ("<b>x</b>", vec!["start b", "text x", "end b"]),
            ("a < b <!-- > --> c", vec!["text a ", "text < b ", "comment", "text  c"]),
            ("<a title='>' x>", vec!["start a"]),
            ("<a x=y\"z>w", vec!["start a", "text w"]),
            (
                "<script>if (a</b>c) {}</SCRIPT>",
                vec!["start script", "verbatim if (a</b>c) {}", "end SCRIPT"],
            ),
            ("<style>", vec!["start style"]),
            ("<!--> <b>", vec!["comment", "text  ", "start b"]),
            ("</ b><?php x ?>", vec!["comment", "comment"]),
            ("<div class=\"x", vec!["unclosed <div class=\"x"]),
            ("<", vec!["text <"]),
        ] {
            assert_eq!(names(html), expected, "{html}");
        }
    }

    #[test]
    fn attributes_are_read() {
        let source = "<A href = 'x y' b=\"1\"c=2/ d / =e>";
        let tag = Tag { source, name: "A" };
        let seen: Vec<_> = tag.attributes().collect();
        assert_eq!(seen, [("href", "x y"), ("b", "1"), ("c", "2/"), ("d", ""), ("=e", "")]);
    }

    #[test]
    fn dangers_are_seen_through_their_disguises() {
        for html in [
            "<script>",
            "<STYLE>",
            "<img src=x ONERROR=y>",
            "<a href=javascript:x>",
            "<a href=' java\tscript&colon;x'>",
            "<a href='&#106;avascript&#x3a;x'>",
            "<a href='java&Tab;script:x'>",
            "<img/onload=x>",
            "<img src='data:text/html,x'>",
        ] {
            let Some(Token::Start(tag)) = Tokens::new(html).next() else { panic!("{html}") };
            assert!(tag.danger().is_some(), "{html}");
        }
        for html in [
            "<a href='x?a=1&amp;b=2&copy=3'>",
            "<img src='data:image/png;base64,x'>",
            "<b class=on>",
            "<i on=x>",
        ] {
            let Some(Token::Start(tag)) = Tokens::new(html).next() else { panic!("{html}") };
            assert_eq!(tag.danger(), None, "{html}");
        }
    }
}
