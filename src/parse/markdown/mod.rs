//! Markdown to HTML with holes, in one pass over pulldown-cmark's events.
//!
//! In: a file's text, the offset at which its Markdown begins, and settings. Out: a [`Markdown`]:
//! HTML, headings, references, ids, counts and findings, with spans counted from the top of the
//! file. Does not look at another file, so every link into the site stays a hole.
//!
//! - `marker` finds directives, `source` masks what pulldown-cmark would misread
//! - `html` writes its events, `directives` those that are directives
//! - `heading`, `label`, `attributes`, `ids`: headings and their ids (CAREER-GUIDES rows 22 to 25)
//! - `run`, `autolink`: text with its marks and bare URLs; `link`: which destinations are allowed
//! - `blocks`, `inline`, `capture`: the writer's blocks, its text and links, what it writes whole
//! - `fragment`, `raw`, `sanitise`: raw HTML under the site's policy
//! - `footnote`, `prose`, `rules`: endnotes, word counts, editorial findings
//! - `reading`: the page once more as an editor reads it, for checks alone

mod attributes;
mod autolink;
mod blocks;
mod capture;
mod directives;
mod escape;
mod footnote;
mod fragment;
mod heading;
mod html;
mod ids;
mod inline;
mod label;
mod link;
mod marker;
mod prose;
mod raw;
pub mod reading;
mod rules;
mod run;
mod sanitise;
mod source;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pulldown_cmark::{Options, Parser};

use super::directive;
use super::highlight::CodeBlock;
use super::{Body, Extensions, Heading, Hole, HoleKind, IdSet, Reference, ReferenceKind, Settings};
use crate::diagnostic::{Code, Diagnostic};
use html::Writer;
use marker::Marked;
use source::Source;

pub(super) use prose::tidy;
pub use raw::VOID;

/// The text of one page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markdown {
    /// Text of the first level-1 heading, which has left the body; `None` under
    /// [`TitleHeading::Keep`] and when there is none.
    pub title: Option<String>,
    /// Headings in reading order, without the title.
    pub headings: Vec<Heading>,
    /// Links and images of this site, in reading order.
    pub references: Vec<Reference>,
    /// Directives, in reading order.
    pub calls: Vec<directive::Call>,
    /// Values, in reading order.
    pub values: Vec<directive::Value>,
    /// Role links and citations, in reading order.
    pub mentions: Vec<directive::Mention>,
    /// Words in capitals, at their first use in prose.
    pub abbreviations: Vec<directive::Abbreviation>,
    /// Every id of the HTML, sorted.
    pub ids: IdSet,
    /// Words of prose: text and inline code; no code blocks, no alternative texts.
    pub words: u32,
    /// Plain text before `<!-- more -->`; empty without one.
    pub summary: String,
    /// Whether it has a block of code, and code is coloured.
    pub has_code: bool,
    /// Whether tags of the writer's own stand in it as they were written.
    pub own_html: bool,
    /// The HTML.
    pub body: Body,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a level-1 heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleHeading {
    /// The first is the page's title and leaves the body.
    Take,
    /// The title is known already; all stay.
    Keep,
}

/// Renders the Markdown of `text` from byte `start` on. `highlight` writes each block of code, unless
/// all extensions are off.
///
/// A panic of pulldown-cmark (it has a few on odd input, such as #1109 and #1110) or of the
/// highlighter ends in a diagnostic and an empty body.
pub fn render(
    path: &Arc<str>,
    text: &str,
    start: usize,
    settings: &Settings,
    title: TitleHeading,
    highlight: impl FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
) -> Markdown {
    // Nothing that the closure touches is used after a panic, except `highlight`, which is dropped.
    catch_unwind(AssertUnwindSafe(|| write(path, text, start, settings, title, highlight))).unwrap_or_else(
        |_| {
            let message = "this page has text that cannot be read, and could not be built";
            Markdown {
                body: Body { html: String::new(), holes: vec![Hole { at: 0, kind: HoleKind::End }] },
                diagnostics: vec![Diagnostic::new(Code::Markdown, path.clone(), None, message).help(
                    "this is a fault in the program, not in the page; \
                 to find the text that causes it, take out one half of the page, then one half of that half",
                )],
                ..Markdown::default()
            }
        },
    )
}

fn write(
    path: &Arc<str>,
    text: &str,
    start: usize,
    settings: &Settings,
    title: TitleHeading,
    highlight: impl FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
) -> Markdown {
    let options = options(settings);
    let marked = match settings.extensions {
        Extensions::None => Marked::none(&text[start..]),
        Extensions::All => marker::mark(path, text, start, options),
    };
    let source = match settings.extensions {
        Extensions::None => Source::plain(&marked.text),
        Extensions::All => Source::masked(&marked.text),
    };
    let mut writer = Writer::new(path, text, settings, title, highlight);
    writer.take_markers(marked.markers, marked.diagnostics);
    for (event, range) in Parser::new_ext(&source.text, options).into_offset_iter() {
        let event = if source.is_as_written(&event) { event } else { source.unmask(event, &range) };
        writer.event(event, range.start + start..range.end + start);
    }
    writer.finish()
}

/// pulldown-cmark's options for a site's settings.
///
/// Heading attributes and metadata blocks stay off always: the first panic, the second take a time
/// that grows with the square of the page.
#[must_use]
pub fn options(settings: &Settings) -> Options {
    match settings.extensions {
        Extensions::None => Options::empty(),
        Extensions::All => {
            let mut options = Options::ENABLE_TABLES
                | Options::ENABLE_TASKLISTS
                | Options::ENABLE_STRIKETHROUGH
                | Options::ENABLE_GFM
                | Options::ENABLE_FOOTNOTES
                | Options::ENABLE_DEFINITION_LIST
                | Options::ENABLE_MATH;
            options.set(Options::ENABLE_SMART_PUNCTUATION, settings.markdown.smart_punctuation);
            options
        }
    }
}

impl Body {
    /// The HTML with every reference filled with its target as written, absolute ones told apart, and all else empty: what it
    /// would be without a site around it.
    #[must_use]
    pub fn plain(&self, references: &[Reference]) -> String {
        let mut html = String::with_capacity(self.html.len() + self.html.len() / 16);
        let mut copied = 0;
        for hole in &self.holes {
            let (HoleKind::Reference(index) | HoleKind::Relation(index)) = hole.kind else { continue };
            let Some(reference) = references.get(index as usize) else { continue };
            let at = hole.at as usize;
            html.push_str(self.html.get(copied..at).unwrap_or_default());
            copied = at;
            match reference.kind {
                ReferenceKind::Link | ReferenceKind::Image => escape::href(&mut html, &reference.target),
                ReferenceKind::Absolute => html.push_str(" rel=\"external\""),
            }
        }
        html.push_str(self.html.get(copied..).unwrap_or_default());
        html
    }
}
