//! The examples of the `CommonMark` 0.31.2 specification, all 652.
//!
//! With extensions off, the HTML is the specification's. With them on, it is that of pulldown-cmark's
//! own renderer, except where a page of a site wants more: those examples are listed here with
//! their causes, and each is proven to differ by its causes alone.
//!
//! The specification's text is not part of this repository (its licence is CC BY-SA):
//! `npm pack commonmark-spec@0.31.2`, unpack it, then
//! `COMMONMARK_SPEC=package/spec.txt cargo test --features spec-tests --test commonmark`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use guidepost::config::{HtmlPolicy, Markdown as MarkdownSettings, SlugStyle};
use guidepost::parse::highlight::CodeBlock;
use guidepost::parse::markdown::{options, render};
use guidepost::parse::{Extensions, Settings, TitleHeading};

/// Why an example differs from pulldown-cmark's renderer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Headings have ids.
    Ids,
    /// Code stands in a figure.
    Code,
    /// Bare URLs are links.
    Autolinks,
    /// Refused schemes lead to `#`.
    Schemes,
    /// Links that leave the site say so.
    External,
    /// A word in two pairs of brackets is a link to a role.
    Roles,
}
use Cause::{Autolinks, Code, External, Ids, Roles, Schemes};

/// Every example that differs under all extensions, by all its causes.
const EXCEPTIONS: &[(&[Cause], &[usize])] = &[
    (
        &[Code],
        &[
            1, 2, 3, 5, 6, 7, 8, 18, 19, 24, 34, 36, 48, 69, 85, 100, 107, 110, 111, 112, 114, 116, 117, 118,
            119, 120, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 139,
            140, 142, 143, 144, 146, 147, 183, 184, 191, 211, 212, 225, 231, 236, 237, 252, 253, 254, 257,
            263, 264, 270, 271, 272, 273, 274, 278, 286, 287, 288, 289, 290, 309, 313, 318, 321, 324,
        ],
    ),
    (
        &[Ids],
        &[
            10, 59, 62, 66, 67, 68, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 86, 89, 90, 91,
            95, 96, 102, 103, 214, 215, 227, 228, 229, 230, 232, 300, 646, 647,
        ],
    ),
    (&[External], &[20, 346, 480, 481, 501, 526, 538, 594, 595, 600, 603]),
    (&[Ids, Code], &[115, 141]),
    (&[Schemes], &[596, 598, 599, 601]),
    (&[Autolinks], &[608, 611, 612]),
    (&[Roles], &[590]),
];

/// Examples whose white space between blocks is not the specification's, which means nothing in HTML.
const WHITE_SPACE: &[usize] = &[175];

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let path = std::env::var("COMMONMARK_SPEC").unwrap_or_else(|_| {
        panic!("set COMMONMARK_SPEC to the path of spec.txt from `npm pack commonmark-spec@0.31.2`")
    });
    let spec = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let fence = "`".repeat(32);
    let examples: Vec<_> = spec
        .split(&format!("{fence} example\n"))
        .skip(1)
        .enumerate()
        .map(|(index, rest)| {
            let end = rest.find(&format!("\n{fence}\n")).map_or(rest.len(), |at| at + 1);
            let example = rest[..end].replace('→', "\t");
            // An empty input leaves the dot at the very beginning.
            let (markdown, html) = match example.strip_prefix(".\n") {
                Some(html) => ("", html),
                None => example.split_once("\n.\n").unwrap_or((&*example, "")),
            };
            let markdown = if markdown.is_empty() { String::new() } else { format!("{markdown}\n") };
            Example { number: index + 1, markdown, html: html.to_owned() }
        })
        .collect();
    assert_eq!(examples.len(), 652, "this is not CommonMark 0.31.2");
    examples
}

fn ours(markdown: &str, settings: &Settings) -> String {
    let path: Arc<str> = "example.md".into();
    let page = render(&path, markdown, 0, settings, TitleHeading::Keep, |block, out, _| figure(block, out));
    page.body.plain(&page.references)
}

/// A stand-in for the highlighter, whose colours are tested elsewhere: what it puts around code.
fn figure(block: &CodeBlock<'_>, out: &mut String) {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    out.push_str("<figure class=\"code\"><pre tabindex=\"0\"><code");
    if let Some(language) = block.info.split(' ').next().filter(|language| !language.is_empty()) {
        let _ = write!(out, " class=\"language-{}\"", escape(language));
    }
    let _ = writeln!(out, ">{}</code></pre></figure>", escape(block.code));
}

fn all_extensions() -> Settings {
    Settings {
        extensions: Extensions::All,
        highlight: true,
        markdown: MarkdownSettings {
            html: HtmlPolicy::Allow,
            smart_punctuation: false,
            slugs: SlugStyle::Ascii,
        },
        ..Settings::commonmark()
    }
}

fn theirs(markdown: &str, settings: &Settings) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(markdown, options(settings)));
    html
}

#[test]
fn without_extensions_the_html_is_the_specifications() {
    let settings = Settings::commonmark();
    let mut failures = Vec::new();
    for example in examples() {
        // In text, `"` and `&quot;` are the same; the specification writes the longer.
        let html = ours(&example.markdown, &settings).replace('"', "&quot;");
        let expected = example.html.replace('"', "&quot;");
        let white_space = WHITE_SPACE.contains(&example.number);
        let is_same = html == expected;
        if is_same == white_space || tight(&html) != tight(&expected) {
            failures.push(format!("{}: {:?}\n  {expected:?}\n  {html:?}", example.number, example.markdown));
        }
    }
    assert!(failures.is_empty(), "{} examples\n{}", failures.len(), failures.join("\n"));
}

/// HTML without the line breaks after a list item's tag.
fn tight(html: &str) -> String {
    html.replace("<li>\n", "<li>")
}

#[test]
fn with_extensions_only_the_listed_examples_differ_and_only_by_their_causes() {
    let settings = all_extensions();
    let mut failures = Vec::new();
    for example in examples() {
        let (html, expected) = (ours(&example.markdown, &settings), theirs(&example.markdown, &settings));
        let listed = EXCEPTIONS.iter().find(|(_, numbers)| numbers.contains(&example.number));
        let causes = listed.map_or(&[][..], |(causes, _)| causes);
        let undone = causes
            .iter()
            .fold((html.clone(), expected.clone()), |(html, expected), &cause| undo(cause, &html, &expected));
        if undone.0 != undone.1 {
            let found: Vec<Cause> = [Ids, Code, Autolinks, Schemes, External, Roles]
                .into_iter()
                .filter(|&cause| undo(cause, &html, &expected) != (html.clone(), expected.clone()))
                .collect();
            failures.push(format!(
                "({}, &{found:?}), // {:?}\n  {expected:?}\n  {html:?}",
                example.number, example.markdown
            ));
        }
        // Each cause is needed: with all the others undone, the example still differs.
        for needed in causes {
            let others = causes.iter().filter(|cause| *cause != needed);
            let (html, expected) = others
                .fold((html.clone(), expected.clone()), |(html, expected), &cause| {
                    undo(cause, &html, &expected)
                });
            if html == expected {
                failures.push(format!("{}: {needed:?} is no cause", example.number));
            }
        }
    }
    assert!(failures.is_empty(), "{} examples\n{}", failures.len(), failures.join("\n"));
}

/// Takes one cause of difference out of our HTML; for refused schemes, puts ours into theirs.
fn undo(cause: Cause, ours: &str, theirs: &str) -> (String, String) {
    let (mut ours, mut theirs) = (ours.to_owned(), theirs.to_owned());
    match cause {
        Ids => (1..=6).for_each(|level| {
            ours = without(&ours, &format!("<h{level} id=\""), "\"", &format!("<h{level}"));
        }),
        Code => {
            ours = ours
                .replace("<figure class=\"code\"><pre tabindex=\"0\">", "<pre>")
                .replace("</code></pre></figure>", "</code></pre>");
        }
        External => ours = ours.replace("\" rel=\"external\"", "\""),
        Roles => theirs = theirs.replace("<p>[[foo]]", "<p>"),
        Autolinks => ours = without_autolinks(&ours, &theirs),
        Schemes => {
            for scheme in ["a+b+c", "made-up-scheme", "localhost", "irc"] {
                theirs = without(&theirs, &format!("<a href=\"{scheme}:"), "\"", "<a href=\"#\"");
            }
        }
    }
    (ours, theirs)
}

/// Replaces everything from `start` to the next `end` after it.
fn without(html: &str, start: &str, end: &str, replacement: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(start) {
        let Some((_, after)) = after.split_once(end) else { break };
        out.push_str(before);
        out.push_str(replacement);
        rest = after;
    }
    out + rest
}

/// Takes off links whose text is their destination, unless they stand in the other's HTML too.
fn without_autolinks(ours: &str, theirs: &str) -> String {
    let mut out = String::new();
    let mut rest = ours;
    while let Some((before, after)) = rest.split_once("<a href=\"") {
        out.push_str(before);
        let link = after.split_once("\" rel=\"external\">").or_else(|| after.split_once("\">"));
        let parted = link.and_then(|(href, after)| Some((href, after.split_once("</a>")?)));
        match parted {
            Some((href, (text, after)))
                if [text.to_owned(), format!("http://{text}"), format!("mailto:{text}")]
                    .contains(&href.to_owned())
                    && !theirs.contains(&format!("<a href=\"{href}\"")) =>
            {
                out.push_str(text);
                rest = after;
            }
            _ => {
                out.push_str("<a href=\"");
                rest = after;
            }
        }
    }
    out + rest
}
