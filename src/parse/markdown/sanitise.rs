//! Cleaning raw HTML to an allow-list, one tag at a time, without touching the markup around it.
//!
//! In: the tokens of raw HTML in the order of the page, and where the page's own elements open and
//! close. Out: allowed tags with allowed attributes, balanced: an element left open is closed with
//! the block around it, an end tag without its start is dropped. Makes no messages: what an
//! allow-list drops is the reason for having one.

use super::raw::{DEEPEST, Tag, Token, is_safe_url, is_url};

/// Elements that may stay. Neither forms nor anything that loads, runs or styles.
const ELEMENTS: [&str; 68] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// Attributes that may stay on any of them; URLs only with an allowed scheme.
const ATTRIBUTES: [&str; 23] = [
    "align",
    "alt",
    "cite",
    "class",
    "colspan",
    "datetime",
    "dir",
    "height",
    "href",
    "id",
    "lang",
    "name",
    "open",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "src",
    "start",
    "title",
    "translate",
    "value",
    "width",
];

/// Raw elements that are open, and the page's own elements around them.
#[derive(Default)]
pub(super) struct Sanitiser {
    open: Vec<&'static str>,
    /// For each open element of the page's own, how many raw ones were open when it began.
    frames: Vec<usize>,
    /// Inside an element whose content goes with it: its name.
    dropping: Option<String>,
}

impl Sanitiser {
    /// An element of the page's own begins.
    pub(super) fn enter(&mut self) {
        self.frames.push(self.open.len());
    }

    /// An element of the page's own is about to end: closes what was left open in it.
    pub(super) fn leave(&mut self, html: &mut String) {
        let keep = self.frames.pop().unwrap_or_default();
        self.close_down_to(keep, html);
    }

    /// Writes what may stay of one token.
    pub(super) fn write(&mut self, token: &Token<'_>, html: &mut String) {
        if let Some(element) = &self.dropping {
            if let Token::End(tag) = token
                && tag.is(element)
            {
                self.dropping = None;
            }
            return;
        }
        match token {
            Token::Text(text) => write_text(html, text),
            Token::Start(tag) => self.start(*tag, html),
            Token::End(tag) => self.end(*tag, html),
            Token::Unclosed(text) => super::escape::text(html, text),
            Token::Comment(_) | Token::Verbatim(_) => {}
        }
    }

    /// The end of a fragment of raw HTML: what it leaves unfinished does not swallow Markdown.
    pub(super) fn end_fragment(&mut self) {
        self.dropping = None;
    }

    /// Whether no raw element is open.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How many raw elements were open when the page's current element began.
    fn floor(&self) -> usize {
        self.frames.last().copied().unwrap_or_default()
    }

    fn start(&mut self, tag: Tag<'_>, html: &mut String) {
        if self.open.len() >= DEEPEST {
            return;
        }
        let Some(&element) = ELEMENTS.iter().find(|element| tag.is(element)) else {
            if ["svg", "math", "object", "select", "template"].iter().any(|element| tag.is(element)) {
                self.dropping = Some(tag.name.to_owned());
            }
            return;
        };
        html.push('<');
        html.push_str(element);
        for (name, value) in tag.attributes() {
            let Some(allowed) = ATTRIBUTES.iter().find(|allowed| name.eq_ignore_ascii_case(allowed)) else {
                continue;
            };
            if is_url(allowed) && !is_safe_url(value) {
                continue;
            }
            html.push(' ');
            html.push_str(allowed);
            html.push_str("=\"");
            value.chars().for_each(|c| match c {
                '"' => html.push_str("&quot;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                c => html.push(c),
            });
            html.push('"');
        }
        html.push('>');
        if !tag.is_void() {
            self.open.push(element);
        }
    }

    fn end(&mut self, tag: Tag<'_>, html: &mut String) {
        let floor = self.floor();
        if let Some(at) = self.open[floor..].iter().rposition(|element| tag.is(element)) {
            self.close_down_to(floor + at, html);
        }
    }

    fn close_down_to(&mut self, keep: usize, html: &mut String) {
        for element in self.open.drain(keep.min(self.open.len())..).rev() {
            html.push_str("</");
            html.push_str(element);
            html.push('>');
        }
    }
}

/// Text of raw HTML keeps its entities; only a bare `<` could be misread.
fn write_text(html: &mut String, text: &str) {
    match text.strip_prefix('<') {
        Some(rest) => {
            html.push_str("&lt;");
            html.push_str(rest);
        }
        None => html.push_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::Tokens;
    use super::*;

    fn clean(html: &str) -> String {
        let mut sanitiser = Sanitiser::default();
        let mut out = String::new();
        sanitiser.enter();
        Tokens::new(html).for_each(|token| sanitiser.write(&token, &mut out));
        sanitiser.leave(&mut out);
        out
    }

    #[test]
    fn only_the_allowed_stays_and_it_is_balanced() {
        for (html, expected) in [
            ("<b>x</b>", "<b>x</b>"),
            ("<B CLASS=y onclick=z>x", "<b class=\"y\">x</b>"),
            ("x</b></div>", "x"),
            ("<div><b>x</div>y", "<div><b>x</b></div>y"),
            ("<script>alert(1)</script>ok", "ok"),
            ("<svg><a href=x>y</a></svg>ok", "ok"),
            ("<a href='javascript:x' title='\">'>y</a>", "<a title=\"&quot;&gt;\">y</a>"),
            ("<img src=x onerror=y>", "<img src=\"x\">"),
            ("<!-- x --><custom>y</custom>", "y"),
            ("<div class=\"x", "&lt;div class=\"x"),
            ("a &lt; b < c", "a &lt; b &lt; c"),
        ] {
            assert_eq!(clean(html), expected, "{html}");
        }
    }

    #[test]
    fn the_pages_own_elements_bound_raw_ones() {
        let mut sanitiser = Sanitiser::default();
        let mut out = String::new();
        sanitiser.enter();
        Tokens::new("<div>").for_each(|token| sanitiser.write(&token, &mut out));
        sanitiser.enter();
        Tokens::new("<b></div>").for_each(|token| sanitiser.write(&token, &mut out));
        sanitiser.leave(&mut out);
        out.push('|');
        sanitiser.leave(&mut out);
        assert_eq!(out, "<div><b></b>|</div>");
    }
}
