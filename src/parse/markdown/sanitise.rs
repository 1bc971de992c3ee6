//! Cleaning raw HTML, one tag at a time, without touching the markup around it.
//!
//! In: the tokens of raw HTML in the order of the page, and where the page's own elements open and
//! close. Out: allowed tags with allowed attributes, balanced: an element left open is closed with
//! the block around it, an end tag without its start is dropped. Makes no messages: what an
//! allow-list drops is the reason for having one.
//!
//! `ammonia` judges: it has each start tag by itself and says what may stay of it. It cannot have more,
//! since it would close what a fragment leaves open, and Markdown stands between the tags.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

use super::link::Destination;
use super::raw::{DEEPEST, Tag, Token, Tokens, is_url};

/// What the library allows beyond what it does by itself: nothing of this loads, runs or styles.
const MORE_ELEMENTS: [&str; 2] = ["section", "tfoot"];

/// Attributes on any element.
const ATTRIBUTES: [&str; 8] = ["class", "dir", "id", "lang", "role", "title", "translate", "align"];

/// Attributes on some elements. `name` stays where it names a place or a group and where no script of a
/// theme could mistake it for something of its own.
const ATTRIBUTES_OF: [(&str, &[&str]); 9] = [
    ("a", &["name"]),
    ("blockquote", &["cite"]),
    ("data", &["value"]),
    ("details", &["name", "open"]),
    ("img", &["loading"]),
    ("li", &["value"]),
    ("ol", &["reversed"]),
    ("table", &["width"]),
    ("time", &["datetime"]),
];

/// Most attributes of a tag that are looked at; a tag with more loses all.
const MOST_ATTRIBUTES: usize = 200;

/// Who judges; made when a page has the first tag to be judged.
struct Judge {
    library: ammonia::Builder<'static>,
    /// The elements that may stay.
    elements: HashSet<&'static str>,
}

impl Judge {
    fn new() -> Self {
        let mut library = ammonia::Builder::default();
        library
            .add_tags(MORE_ELEMENTS)
            .add_generic_attributes(ATTRIBUTES)
            // The image formats that may stand in an address are told apart below.
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "sms", "data"]))
            .link_rel(None)
            .attribute_filter(|element, attribute, value| {
                let is_kept = !is_url(attribute) || is_safe(element, value);
                is_kept.then_some(Cow::Borrowed(value))
            });
        for (element, attributes) in ATTRIBUTES_OF {
            library.add_tag_attributes(element, attributes);
        }
        let elements = library.clone_tags();
        Self { library, elements }
    }

    /// What may stay of a start tag, written as it should be, and its element. `None` when it may not.
    fn keep(&self, tag: Tag<'_>) -> Option<(&'static str, String)> {
        let element = *self.elements.get(tag.name.to_ascii_lowercase().as_str())?;
        let attributes = tag.attributes().take(MOST_ATTRIBUTES + 1).count();
        if attributes == 0 || attributes > MOST_ATTRIBUTES {
            return Some((element, format!("<{element}>")));
        }
        // The HTML Standard's parser takes parts of a table in a table only.
        let around = match element {
            "caption" | "colgroup" | "tbody" | "thead" | "tfoot" => "<table>",
            "col" => "<table><colgroup>",
            "tr" => "<table><tbody>",
            "td" | "th" => "<table><tbody><tr>",
            _ => "",
        };
        let cleaned = self.library.clean(&[around, tag.source].concat()).to_string();
        Tokens::new(&cleaned).find_map(|token| match token {
            Token::Start(kept) if kept.is(element) => Some((element, kept.source.to_owned())),
            _ => None,
        })
    }
}

/// Whether an address may be had, by the rule for those of Markdown.
fn is_safe(element: &str, address: &str) -> bool {
    let destination =
        if element == "img" { Destination::of_image(address) } else { Destination::of(address) };
    destination != Destination::Refused
}

/// Raw elements that are open, and the page's own elements around them.
#[derive(Default)]
pub(super) struct Sanitiser {
    judge: OnceCell<Judge>,
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
        let Some((element, kept)) = self.judge.get_or_init(Judge::new).keep(tag) else {
            if ["svg", "math", "object", "select", "template"].iter().any(|element| tag.is(element)) {
                self.dropping = Some(tag.name.to_owned());
            }
            return;
        };
        // A link holds no other.
        if element == "a" {
            self.end_link(html);
            if self.open.contains(&element) {
                return;
            }
        }
        html.push_str(&kept);
        if !tag.is_void() {
            self.open.push(element);
        }
    }

    /// A link begins: closes a raw one, unless an element of the page's own stands between.
    pub(super) fn end_link(&mut self, html: &mut String) {
        let floor = self.floor();
        if let Some(at) = self.open[floor..].iter().rposition(|element| *element == "a") {
            self.close_down_to(floor + at, html);
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
    use std::collections::BTreeSet;

    use html5ever::tendril::TendrilSink as _;
    use html5ever::{QualName, local_name, ns};
    use markup5ever_rcdom::{NodeData, RcDom};
    use proptest::prelude::*;

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
            ("<a id=x>y <b>z<a id=w>v", "<a id=\"x\">y <b>z</b></a><a id=\"w\">v</a>"),
            ("<div><b>x</div>y", "<div><b>x</b></div>y"),
            ("<script>alert(1)</script>ok", "ok"),
            ("<svg><a href=x>y</a></svg>ok", "ok"),
            ("<a href='javascript:x' title='\">'>y</a>", "<a title=\"&quot;&gt;\">y</a>"),
            ("<a href='java&Tab;script&colon;x'>y</a>", "<a>y</a>"),
            ("<a href='/x?a=1&b=2'>y</a>", "<a href=\"/x?a=1&amp;b=2\">y</a>"),
            ("<a href='data:image/png;base64,x'>y</a>", "<a>y</a>"),
            ("<img src='data:image/png;base64,x'>", "<img src=\"data:image/png;base64,x\">"),
            ("<img src='data:image/svg+xml,x' name=body>", "<img>"),
            ("<blockquote cite='javascript:x'>y</blockquote>", "<blockquote>y</blockquote>"),
            ("<td colspan=2 bgcolor=x>y</td>", "<td colspan=\"2\">y</td>"),
            ("<col span=2><caption id=c>y</caption>", "<col span=\"2\"><caption id=\"c\">y</caption>"),
            (
                "<details open name=g><summary>x</summary>",
                "<details open=\"\" name=\"g\"><summary>x</summary></details>",
            ),
            (
                "<ol reversed start=3 type=a><li value=4>x</ol>",
                "<ol reversed=\"\" start=\"3\"><li value=\"4\">x</li></ol>",
            ),
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

    /// More attributes than anybody means well with would take their square of time.
    #[test]
    fn too_many_attributes_are_none() {
        let many =
            |count: usize| (0..count).map(|number| format!(" class{number}=x")).collect::<Vec<_>>().concat();
        assert_eq!(clean(&format!("<b class=y{}>", many(199))), "<b class=\"y\"></b>");
        assert_eq!(clean(&format!("<b class=y{}>", many(200))), "<b></b>");
        assert_eq!(clean(&format!("<b class=y{}>", many(100_000))), "<b></b>");
    }

    /// Every element with its attributes, as a browser would find them.
    fn elements(html: &str) -> BTreeSet<(String, Vec<(String, String)>)> {
        let context = QualName::new(None, ns!(html), local_name!("div"));
        let top = html5ever::parse_fragment(
            RcDom::default(),
            html5ever::ParseOpts::default(),
            context,
            vec![],
            false,
        )
        .one(html);
        let (mut nodes, mut found) = (vec![top.document], BTreeSet::new());
        while let Some(node) = nodes.pop() {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                let attributes = attrs.borrow();
                let attributes =
                    attributes.iter().map(|it| (it.name.local.to_string(), it.value.to_string()));
                let mut attributes: Vec<_> = attributes.collect();
                attributes.sort();
                found.insert((name.local.to_string(), attributes));
            }
            nodes.extend(node.children.borrow().iter().cloned());
        }
        found
    }

    /// What fragments of HTML that mean no good are put together from.
    const PIECES: &[&str] = &[
        "<b>",
        "</b>",
        "<b ",
        "<a ",
        "<img ",
        "<td ",
        "<table>",
        "</table>",
        "<tr>",
        "<svg>",
        "</svg>",
        "<math>",
        "<mi>",
        "<mglyph>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<noscript>",
        "</noscript>",
        "<select>",
        "<template>",
        "<xmp>",
        "<plaintext>",
        "<form ",
        "<p>",
        "<div>",
        "</div>",
        "<details ",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?",
        "</",
        "<",
        ">",
        "/",
        "=",
        " ",
        "\n",
        "\t",
        "\0",
        "\"",
        "'",
        "`",
        "&quot;",
        "&lt;",
        "&#60;",
        "&Tab;",
        "&colon;",
        "&#x6a;",
        "href=",
        "src=",
        "onerror=",
        "onclick=",
        "style=",
        "name=",
        "id=",
        "class=",
        "javascript:",
        "java\nscript:",
        "vbscript:",
        "data:text/html,",
        "data:image/svg+xml,",
        "data:image/png,",
        "https://a.b/",
        "//a.b/",
        "x",
        "alert(1)",
        "\u{a0}",
        "\u{2028}",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2_000), failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a writer types: the library, asked about the whole, finds nothing more to take out.
        #[test]
        fn the_library_finds_nothing_left(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
            let judge = Judge::new();
            let cleaned = clean(&pieces.concat());
            let again = judge.library.clean(&cleaned).to_string();
            prop_assert_eq!(elements(&cleaned), elements(&again), "{}\n{}", cleaned, again);
        }
    }
}
