//! Random text that looks like Markdown: whatever comes in, the outcome keeps its promises.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use guidepost::assemble::call::spec::{Kind, Place, SPECS, Spec};
use guidepost::config::{HtmlPolicy, Markdown, SlugStyle};
use guidepost::diagnostic::Code;
use guidepost::parse::directive::Form;
use guidepost::parse::highlight::CodeBlock;
use guidepost::parse::markdown::{Markdown as Page, render};
use guidepost::parse::{Extensions, HoleKind, ReferenceKind, Settings, TitleHeading};
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use support::{Site, cases};

/// Pieces of Markdown without raw HTML.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "### ",
    " #",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    " {#a}",
    "{#b old=\"a c\"}",
    "{toc=\"x\"}",
    "{",
    "}",
    "\"",
    "[x](y.md)",
    "[x](javascript:y)",
    "![",
    "[",
    "](",
    ")",
    "[^1]",
    "[^2]",
    "\n[^1]: ",
    "\n[^2]: ",
    "\n    ",
    "- ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "```\n",
    "```rs a=\"b\"\n",
    "~~~",
    "`",
    "``",
    "*",
    "**",
    "_",
    "~~",
    "$",
    "$$",
    "$5",
    ":",
    "\n: ",
    "::toc\n",
    "\n[toc]\n",
    "www.a.bc",
    "https://x.yz/",
    "a@b.cd",
    "(",
    "|a|b|\n|-|-|\n|",
    "|",
    "- [ ] ",
    "- [x] ",
    "---\n",
    "===\n",
    "\\",
    "&amp;",
    "&#1;",
    "&copy",
    "\t",
    "    ",
    "\r\n",
    "\r",
    "é",
    "北京",
    "\0",
    "\u{1}",
    "\u{7f}",
    "\u{85}",
    "“",
    "’",
    "\u{a0}",
    "a",
    "word",
    " ",
    " ",
    "--",
    "...",
    "'",
    "{{",
    "}}",
    "fn 1",
    "contents",
];

/// What the site adds to Markdown.
const DIRECTIVES: &[&str] = &[
    "\n::course one\n",
    "::course one {#a .b c=\"d\"}\n",
    "\n:::callout\n",
    "\n:::callout[T]\n",
    "\n::::faq x=y\n",
    "\n:::promo\n",
    "\n:::\n",
    "\n:::\n",
    "\n::::\n",
    "\n  :::\n",
    "\n  :::callout\n",
    "\n> :::callout\n",
    "\n> :::\n",
    "\n- :::callout\n  ",
    "\n[^1]: :::callout\n    ",
    "\n    :::\n",
    "::: note ::",
    "::x}\n",
    "::\n",
    ":::",
    "{{ a.b }}",
    "{{a.b\\|c:1}}",
    "{{ a | b }}",
    "[[nurse]]",
    "[[toc]]",
    "[[a b]]",
    "[@bls]",
    "[@bls; @onet]",
    "[@a, b]",
    ":term[API]",
    ":kbd[Ctrl]",
    ":kbd[",
    ":abbr",
    "API",
    "APIs",
    "`API`",
    "\\",
];

/// The same with raw HTML.
const HTML: &[&str] = &[
    "<div>",
    "</div>",
    "<b id=a>",
    "</b>",
    "<a href=\"x\">",
    "</a>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<!-- more -->",
    "<",
    ">",
    "<p title='",
    "<br/>",
    "<table><tr><td>",
    "</table>",
    "<https://x.yz>",
    "<svg onload=x>",
    "<?",
    "?>",
];

fn text(pieces: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

/// Every directive in every form: as it should be, in lists, quotations and tables, and not quite.
fn every_directive() -> Vec<&'static str> {
    let mut pieces = Vec::new();
    for spec in SPECS {
        for form in spec.forms {
            let (name, arguments) = (spec.name, arguments(spec));
            pieces.extend(match form {
                Form::Leaf => vec![
                    format!("\n::{name}{arguments}\n"),
                    format!("\n- ::{name}{arguments}\n"),
                    format!("\n> ::{name}\n"),
                    format!("\n    ::{name} {{{arguments} #one .two}}\n"),
                    format!("|::{name}|"),
                ],
                Form::Container => vec![
                    format!("\n:::{name}{arguments}\n"),
                    format!("\n:::{name}[A *title*]{arguments}\nText.\n:::\n"),
                    format!("\n::::{name}\n### Heading\n\nText.\n::::\n"),
                    format!("\n- :::{name}{arguments}\n  - [ ] 09:00 item\n  :::\n"),
                    format!("\n> :::{name}\n> Text.\n> :::\n"),
                ],
                Form::Inline => {
                    vec![format!(":{name}[API]"), format!(" :{name}[Ctrl+S] "), format!(":{name}[")]
                }
            });
        }
    }
    pieces.into_iter().map(|piece| &*piece.leak()).collect()
}

/// What a directive can be told, from the records of `tests/bases/careers`.
fn arguments(spec: &Spec) -> String {
    let mut arguments = String::new();
    for parameter in spec.parameters {
        let value = match parameter.kind {
            Kind::Id("role") => "web-developer",
            Kind::Id("promo") => "letter",
            Kind::Id("course" | "path") => "web",
            Kind::Id("quiz") => "fit",
            Kind::Id("author" | "image") => "ann",
            Kind::Id(_) => "unknown",
            Kind::Place => "US",
            Kind::Level => "all",
            Kind::Date => "2026-01-01",
            Kind::Page => "/guides/plain/",
            Kind::Text => "\"two words\"",
            Kind::Number => "3",
            Kind::Word(words) => words[0],
            Kind::Statistic => "median",
        };
        let _ = match parameter.place {
            Place::Keyed if parameter.key == "vs" => write!(arguments, " vs=software-developer"),
            Place::Keyed => write!(arguments, " {}={value}", parameter.key),
            Place::Rest => write!(arguments, " {value} software-developer"),
            Place::Positional => write!(arguments, " {value}"),
        };
    }
    arguments
}

/// What stands between directives on a page that is built with data and theme.
const WITH_DATA: &[&str] = &[
    "{{ salary.web-developer.median }}",
    "{{ salary.web-developer.median | short }}",
    "{{ outlook.web-developer.percent }}",
    "{{ salary.nobody.median }}",
    "[[web-developer]]",
    "[@bls]",
    "[@board; @bls]",
    "[@nobody]",
    "\n:::\n",
    "\n:::\n",
    "\n::::\n",
    "\n## Section\n",
    "\n### Deeper\n",
    "\n## API\n",
    "\n- item\n  ",
    "\n1. item\n   ",
    "\n> ",
    "\n\n",
    "\n| a | b |\n| - | - |\n| c | ",
    "\n```text\n",
    "\n```\n",
    "`",
    "**",
    "[link](/guides/plain/)",
    "[^1]",
    "\n[^1]: note ",
    "API",
    "words of a sentence.",
];

fn settings(html: HtmlPolicy) -> Settings {
    Settings {
        extensions: Extensions::All,
        highlight: true,
        markdown: Markdown { html, smart_punctuation: true, slugs: SlugStyle::Unicode },
        ..Settings::commonmark()
    }
}

fn figure(block: &CodeBlock<'_>, out: &mut String) {
    let code = block.code.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(out, "<figure class=\"code\"><pre><code>{code}</code></pre></figure>");
}

/// Renders, and checks what holds for every page. Returns the HTML and whether it was built.
fn page(text: &str, html: HtmlPolicy, title: TitleHeading) -> Option<String> {
    let path: Arc<str> = "a.md".into();
    let settings = settings(html);
    let page = render(&path, text, 0, &settings, title, |block, out, _| figure(block, out));
    let again = render(&path, text, 0, &settings, title, |block, out, _| figure(block, out));
    assert_eq!(page, again, "not the same twice");
    let body = &page.body.html;
    let mut before = 0;
    for hole in &page.body.holes {
        assert!(before <= hole.at && body.is_char_boundary(hole.at as usize), "hole at {}", hole.at);
        before = hole.at;
    }
    assert_eq!(page.body.holes.iter().filter(|hole| hole.kind == HoleKind::End).count(), 1);
    // Absolute addresses in raw HTML are looked at and left alone.
    let (mut to_fill, mut absolute): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for hole in &page.body.holes {
        match hole.kind {
            HoleKind::Reference(index) => to_fill.push(index as usize),
            HoleKind::Relation(index) => absolute.push(index as usize),
            _ => {}
        }
    }
    for (index, reference) in page.references.iter().enumerate() {
        assert_eq!(to_fill.contains(&index), reference.kind != ReferenceKind::Absolute, "{reference:?}");
    }
    assert!(absolute.iter().all(|&index| page.references[index].kind == ReferenceKind::Absolute));
    for (kind, length) in [
        (0, page.values.len()),
        (1, page.mentions.len()),
        (2, page.calls.len()),
        (3, page.abbreviations.len()),
    ] {
        let holes = page.body.holes.iter().filter(|hole| match hole.kind {
            HoleKind::Value(_) => kind == 0,
            HoleKind::Role(_) | HoleKind::Citation(_) => kind == 1,
            HoleKind::Call(_) | HoleKind::Open(_) => kind == 2,
            HoleKind::AbbreviationOpen(_) => kind == 3,
            _ => false,
        });
        assert_eq!(holes.count(), length, "holes for records of kind {kind}");
    }
    let mentions = page.mentions.iter().map(|mention| mention.id.span);
    for span in page
        .calls
        .iter()
        .map(|call| call.span)
        .chain(page.values.iter().map(|value| value.span))
        .chain(mentions)
    {
        let source = text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_else(|| panic!("a span off its characters: {span:?}"));
        assert!(!source.is_empty() && !source.contains('\n'), "{source}");
    }
    assert!(!body.contains('\r'), "a carriage return in the HTML");
    for span in page.diagnostics.iter().filter_map(|found| found.location.span) {
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "a span off its characters: {span:?}"
        );
    }
    let built = page.diagnostics.iter().all(|found| found.code != Code::Markdown);
    built.then(|| filled_in(&page))
}

/// The HTML with something simple in every hole. Blocks must nest, and a link hold no other.
fn filled_in(page: &Page) -> String {
    let body = &page.body;
    let mut html = String::new();
    let (mut copied, mut open, mut in_word) = (0, Vec::new(), None);
    for hole in &body.holes {
        html.push_str(&body.html[copied..hole.at as usize]);
        copied = hole.at as usize;
        match hole.kind {
            HoleKind::Reference(index) => {
                html.push_str(
                    &page.references[index as usize].target.replace('&', "&amp;").replace('"', "&quot;"),
                );
            }
            HoleKind::Picture(_) => html.push_str("<picture><source srcset=\"/a\">"),
            HoleKind::PictureAttributes(_) => html.push_str(" width=\"1\" height=\"1\""),
            HoleKind::PictureEnd(_) => html.push_str("</picture>"),
            HoleKind::Relation(_) => html.push_str(" rel=\"external\""),
            HoleKind::Call(index) if page.calls[index as usize].form == Form::Inline => {
                html.push_str("<kbd></kbd>");
            }
            HoleKind::Call(_) => html.push_str("<aside></aside>"),
            HoleKind::Open(index) => {
                open.push(index);
                html.push_str("<aside>");
            }
            HoleKind::Close(index) => {
                assert_eq!(open.pop(), Some(index), "blocks do not nest");
                html.push_str("</aside>");
            }
            HoleKind::BackReference { .. } => html.push_str("Back"),
            HoleKind::Value(_) => html.push_str("<data value=\"1\">1</data>"),
            HoleKind::Role(_) | HoleKind::Citation(_) => html.push_str("<a href=\"/\">x</a>"),
            HoleKind::AbbreviationOpen(index) => {
                assert_eq!(in_word.replace(index), None);
                html.push_str("<abbr>");
            }
            HoleKind::AbbreviationClose(index) => {
                assert_eq!(in_word.take(), Some(index));
                html.push_str("</abbr>");
            }
            HoleKind::Block { .. } => {
                assert!(open.is_empty(), "a boundary inside a block");
                html.push_str("<hr>");
            }
            HoleKind::Section(_) => assert!(open.is_empty(), "a section begins inside a block"),
            HoleKind::Toc | HoleKind::More | HoleKind::Anchor(_) | HoleKind::End => {}
        }
    }
    assert!(open.is_empty() && in_word.is_none(), "a block is never closed");
    html + &body.html[copied..]
}

fn parsed(body: &str) -> RcDom {
    let page = format!("<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>");
    html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page)
}

/// Ids in document order, and whether anything in the page could run.
fn walk(node: &Handle, ids: &mut Vec<String>, scripts: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        if matches!(&*name.local, "script" | "style" | "iframe" | "object" | "svg") {
            scripts.push(name.local.to_string());
        }
        for attribute in attrs.borrow().iter() {
            let (name, value) = (&*attribute.name.local, attribute.value.to_string());
            if name.starts_with("on") || value.trim_start().to_ascii_lowercase().starts_with("javascript:") {
                scripts.push(format!("{name}={value}"));
            }
            if name == "id" {
                ids.push(value);
            }
        }
    }
    node.children.borrow().iter().for_each(|child| walk(child, ids, scripts));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_alone_becomes_valid_html(text in text(PIECES.to_vec()), keep in any::<bool>()) {
        let title = if keep { TitleHeading::Keep } else { TitleHeading::Take };
        let Some(body) = page(&text, HtmlPolicy::Allow, title) else { return Ok(()) };
        let document = parsed(&body);
        prop_assert!(document.errors.borrow().is_empty(), "{:?}\n{body}", document.errors.borrow());
        let (mut ids, mut scripts) = (Vec::new(), Vec::new());
        walk(&document.document, &mut ids, &mut scripts);
        let unique: BTreeSet<_> = ids.iter().collect();
        prop_assert_eq!(unique.len(), ids.len(), "{}", body);
        prop_assert!(scripts.is_empty(), "{scripts:?}\n{body}");
    }

    #[test]
    fn directives_become_valid_html(text in text([PIECES, DIRECTIVES, DIRECTIVES].concat()), keep in any::<bool>()) {
        let title = if keep { TitleHeading::Keep } else { TitleHeading::Take };
        let Some(body) = page(&text, HtmlPolicy::Sanitise, title) else { return Ok(()) };
        let document = parsed(&body);
        prop_assert!(document.errors.borrow().is_empty(), "{:?}\n{body}", document.errors.borrow());
    }

    #[test]
    fn every_directive_becomes_valid_html(text in text([PIECES, DIRECTIVES, &every_directive()].concat())) {
        let Some(body) = page(&text, HtmlPolicy::Sanitise, TitleHeading::Take) else { return Ok(()) };
        let document = parsed(&body);
        prop_assert!(document.errors.borrow().is_empty(), "{:?}\n{body}", document.errors.borrow());
    }

    #[test]
    fn directives_among_html_pass(text in text([PIECES, HTML, DIRECTIVES].concat())) {
        page(&text, HtmlPolicy::Allow, TitleHeading::Take);
        page(&text, HtmlPolicy::Sanitise, TitleHeading::Take);
        page(&text, HtmlPolicy::Forbid, TitleHeading::Take);
    }

    #[test]
    fn sanitised_html_runs_nothing(text in text([PIECES, HTML].concat())) {
        let Some(body) = page(&text, HtmlPolicy::Sanitise, TitleHeading::Keep) else { return Ok(()) };
        let (mut ids, mut scripts) = (Vec::new(), Vec::new());
        walk(&parsed(&body).document, &mut ids, &mut scripts);
        prop_assert!(scripts.is_empty(), "{scripts:?}\n{body}");
    }

    #[test]
    fn any_html_passes_without_harm_to_the_holes(text in text([PIECES, HTML].concat())) {
        page(&text, HtmlPolicy::Allow, TitleHeading::Take);
        page(&text, HtmlPolicy::Forbid, TitleHeading::Take);
    }

    #[test]
    fn any_text_passes(text in "\\PC{0,80}") {
        page(&text, HtmlPolicy::Allow, TitleHeading::Take);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(20), failure_persistence: None, ..ProptestConfig::default() })]

    /// With real data and the default theme: valid pages, or errors at their places.
    #[test]
    fn any_page_of_a_site_is_valid_or_its_mistakes_are_located(
        pieces in prop::collection::vec(prop::sample::select([WITH_DATA, &every_directive()].concat()), 0..24),
        role in any::<bool>(),
    ) {
        let careers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bases/careers");
        let site = Site::copy_of(&careers);
        let role = if role { "role: web-developer\n" } else { "" };
        let text = format!("---\ntitle: T\npublished: 2026-01-01\n{role}---\n{}", pieces.concat());
        site.write("content/guides/web.md", &text);
        let (built, published) = site.build_cold();
        for message in built.messages.split("\n\n").filter(|message| message.starts_with("error[")) {
            prop_assert!(message.contains("--> content/guides/web.md:"), "{text}\n---\n{message}");
            prop_assert!(!message.starts_with("error[template]"), "{text}\n---\n{message}");
        }
        prop_assert!(built.published != built.messages.contains("error["), "{text}\n---\n{}", built.messages);
        if built.published {
            let html = std::str::from_utf8(&published["guides/web/index.html"]).unwrap();
            let page = support::html::read(html);
            prop_assert!(page.errors.is_empty(), "{:?}\n{text}\n---\n{html}", page.errors);
            prop_assert!(page.repeated_ids().is_empty(), "{:?}\n{text}\n---\n{html}", page.repeated_ids());
        }
    }
}

/// No directive and no inline form is left out of the random pages.
#[test]
fn random_pages_hold_every_directive() {
    let pieces = every_directive().concat();
    for spec in SPECS {
        for (form, written) in [(Form::Leaf, "\n::"), (Form::Container, "\n:::"), (Form::Inline, ":")] {
            let shown = pieces.contains(&format!("{written}{}", spec.name));
            assert!(shown || !spec.forms.contains(&form), "{} in the form {form:?}", spec.name);
        }
    }
    assert!(pieces.len() > SPECS.len() * 20);
}
