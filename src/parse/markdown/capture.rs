//! Blocks that can only be written once their end is known.
//!
//! In: the events inside such a block. Out: the block, given as a whole to the part of the
//! [`Writer`] that writes it: headings (their id comes from their text), code (it is highlighted
//! whole), raw HTML (a tag may go over several lines), footnotes (they go to the end).

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::escape;
use super::html::{Writer, level_number};
use super::marker::is_hidden;
use super::rules::{self, Block};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::parse::HoleKind;
use crate::parse::highlight::CodeBlock;

/// What is being captured.
#[derive(Default)]
pub(super) enum Capture<'e> {
    /// Nothing: events are written as they come.
    #[default]
    None,
    /// A heading of this level.
    Heading(Captured<'e, HeadingLevel>),
    /// Footnotes with their labels, each inside the one before.
    Footnotes(Vec<Captured<'e, CowStr<'e>>>),
    /// A block of code.
    Code(Box<CodeCapture<'e>>),
    /// A block of raw HTML.
    Html { html: String, range: Range<usize> },
    /// The alternative text of an image, which may hold further elements.
    Alt {
        depth: usize,
        title: CowStr<'e>,
        /// Its reference, when it is one of this site.
        own: Option<u32>,
    },
    /// A paragraph that is not written.
    Skip,
    /// The line of a directive: its marker, by index.
    Marker(usize),
}

/// Events to write later.
pub(super) struct Captured<'e, K> {
    /// What they belong to.
    pub(super) key: K,
    /// The block in the file.
    pub(super) range: Range<usize>,
    /// The events inside it.
    pub(super) events: Vec<(Event<'e>, Range<usize>)>,
}

impl<K> Captured<'_, K> {
    /// Nothing captured yet.
    pub(super) fn new(key: K, range: Range<usize>) -> Self {
        Self { key, range, events: Vec::new() }
    }
}

/// A block of code so far.
pub(super) struct CodeCapture<'e> {
    info: CowStr<'e>,
    range: Range<usize>,
    code: String,
    code_range: Option<Range<usize>>,
    /// The first typographic quote and where it is.
    quote: Option<(usize, char)>,
}

impl<'e> Capture<'e> {
    /// A block of code begins.
    pub(super) fn code(kind: CodeBlockKind<'e>, range: Range<usize>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info,
            CodeBlockKind::Indented => CowStr::Borrowed(""),
        };
        Self::Code(Box::new(CodeCapture { info, range, code: String::new(), code_range: None, quote: None }))
    }

    /// A block of raw HTML begins.
    pub(super) fn html(range: Range<usize>) -> Self {
        Self::Html { html: String::with_capacity(range.len()), range }
    }
}

impl<'e, H> Writer<'_, 'e, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Takes an event inside a captured block.
    pub(super) fn captured(&mut self, event: Event<'e>, range: Range<usize>) {
        match (std::mem::take(&mut self.capture), event) {
            (Capture::None, event) => self.event(event, range),
            (Capture::Heading(heading), Event::End(TagEnd::Heading(_))) => {
                let level = level_number(heading.key);
                self.heading(level, heading.range, heading.events);
            }
            (Capture::Heading(mut heading), event) => {
                heading.events.push((event, range));
                self.capture = Capture::Heading(heading);
            }
            (Capture::Footnotes(footnotes), event) => self.captured_footnote(footnotes, event, range),
            (Capture::Code(code), Event::End(TagEnd::CodeBlock)) => self.code_block(*code),
            (Capture::Code(mut code), event) => {
                if let Event::Text(text) = event {
                    code.push(&text, &range, self.text);
                }
                self.capture = Capture::Code(code);
            }
            (Capture::Html { html, range }, Event::End(TagEnd::HtmlBlock)) => self.html_block(&html, range),
            (Capture::Html { html: mut block, range: whole }, event) => {
                if let Event::Html(html) | Event::Text(html) | Event::InlineHtml(html) = event {
                    block.push_str(&html);
                }
                self.capture = Capture::Html { html: block, range: whole };
            }
            (Capture::Alt { depth, title, own }, event) => self.alternative(event, depth, title, own),
            (Capture::Skip, Event::End(TagEnd::Paragraph)) => {}
            (Capture::Marker(index), Event::End(TagEnd::HtmlBlock)) => self.directive(index),
            (Capture::Marker(index), _) => self.capture = Capture::Marker(index),
            (Capture::Skip, _) => self.capture = Capture::Skip,
        }
    }

    fn captured_footnote(
        &mut self,
        mut open: Vec<Captured<'e, CowStr<'e>>>,
        event: Event<'e>,
        range: Range<usize>,
    ) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open.push(Captured::new(label, range)),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some(footnote) = open.pop() {
                    self.footnotes.define(footnote);
                }
            }
            event => {
                if let Some(footnote) = open.last_mut() {
                    footnote.events.push((event, range));
                }
            }
        }
        if !open.is_empty() {
            self.capture = Capture::Footnotes(open);
        }
    }

    /// One event of an alternative text, as pulldown-cmark's renderer writes it.
    fn alternative(&mut self, event: Event<'e>, depth: usize, title: CowStr<'e>, own: Option<u32>) {
        let html = &mut self.body.html;
        let mut depth = depth;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return self.end_image(&title, own),
            Event::End(_) => depth -= 1,
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => escape::attribute(html, &text),
            Event::InlineMath(math) => {
                html.push('$');
                escape::attribute(html, &math);
                html.push('$');
            }
            Event::DisplayMath(math) => {
                html.push_str("$$");
                escape::attribute(html, &math);
                html.push_str("$$");
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule => html.push(' '),
            Event::Html(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
        self.capture = Capture::Alt { depth, title, own };
    }

    fn code_block(&mut self, block: CodeCapture<'e>) {
        self.newline();
        let CodeCapture { info, range, code, code_range, quote } = block;
        if self.is_all() {
            let info_span =
                if info.is_empty() { fence_span(self.text, &range) } else { info_span(self.text, &range) };
            let code_span = code_range.map_or(Span::new(range.end, range.end), Span::from);
            let block = CodeBlock { path: self.path, info: &info, info_span, code: &code, code_span };
            (self.highlight)(&block, &mut self.body.html, &mut self.diagnostics);
            // Without colours no stylesheet of theirs is needed; title, numbers and marks stay.
            self.has_code |= self.settings.highlight;
            self.newline();
        } else {
            self.push("<pre><code");
            let language = info.split(' ').next().unwrap_or_default();
            if !language.is_empty() {
                self.push(" class=\"language-");
                escape::attribute(&mut self.body.html, language);
                self.push("\"");
            }
            self.push(">");
            escape::text(&mut self.body.html, &code);
            self.push("</code></pre>\n");
        }
        if let Some((at, quote)) = quote.filter(|_| self.is_all()) {
            let line = self.line(at);
            self.diagnostics.push(rules::smart_quote_finding(
                self.path,
                line,
                quote,
                at..at + quote.len_utf8(),
            ));
        }
        self.start_line();
    }

    fn html_block(&mut self, html: &str, range: Range<usize>) {
        if self.is_all() && self.containers == 0 && is_more(html) && self.prose.more() {
            self.newline();
            self.hole(HoleKind::More);
            return;
        }
        if !is_comment(html) {
            self.block(Block::Announced);
        }
        if !is_hidden(html) {
            self.report_values(range.clone(), "raw HTML", Severity::Warning);
        }
        self.raw_block(html, range);
    }
}

impl CodeCapture<'_> {
    fn push(&mut self, text: &str, range: &Range<usize>, file: &str) {
        if self.quote.is_none()
            && let Some((at, quote)) = rules::smart_quote(text)
            && file.get(range.start + at..).is_some_and(|source| source.starts_with(quote))
        {
            self.quote = Some((range.start + at, quote));
        }
        self.code.push_str(text);
        self.code_range.get_or_insert_with(|| range.clone()).end = range.end;
    }
}

/// The run of backticks or tildes that begins a fenced block; the first line of an indented one.
fn fence_span(text: &str, block: &Range<usize>) -> Span {
    let line = text[block.clone()].lines().next().unwrap_or_default();
    Span::new(block.start, block.start + line.trim_end().len())
}

/// The info string behind the fence.
fn info_span(text: &str, block: &Range<usize>) -> Span {
    let line = text[block.clone()].lines().next().unwrap_or_default().trim_end();
    let info = line.trim_start().trim_start_matches(['`', '~']).trim_start();
    Span::new(block.start + line.len() - info.len(), block.start + line.len())
}

/// Whether a page may hold a "more" mark: a quick look that spares the others keeping their text.
pub(super) fn has_more(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "<!--").any(|at| {
        let inside = text[at + 4..].trim_start();
        inside.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("more"))
    })
}

/// Whether raw HTML is `<!-- more -->`, with any spacing and case.
pub(super) fn is_more(html: &str) -> bool {
    let inside = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inside.is_some_and(|inside| inside.trim().eq_ignore_ascii_case("more"))
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.find("-->").is_some_and(|at| at + 3 == html.len())
}
