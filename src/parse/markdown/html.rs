//! The writer: events in, HTML with holes out.
//!
//! In: pulldown-cmark's events in order, each with its place in the file. Out: a [`Markdown`]. The
//! HTML is that of pulldown-cmark's own renderer, except where the page model wants more: holes,
//! heading ids, autolinks, highlighted code, endnotes. Leaf blocks that can only be written whole
//! (headings, code, raw HTML, footnotes) are captured first; nothing else is kept.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::blocks::{Table, is_toc_marker};
use super::capture::Capture;
use super::directives::Boundary;
use super::footnote::Footnotes;
use super::ids::Ids;
use super::inline::LinkText;
use super::marker::Marker;
use super::prose::Prose;
use super::raw::Elements;
use super::rules::{self, Block, Outline};
use super::run::Run;
use super::sanitise::Sanitiser;
use super::{Markdown, TitleHeading, capture, escape};
use crate::config::HtmlPolicy;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::parse::directive::abbreviation::Abbreviations;
use crate::parse::directive::{Call, Mention, Value};
use crate::parse::highlight::CodeBlock;
use crate::parse::{Body, Extensions, Heading, Hole, HoleKind, Reference, ReferenceKind, Settings};

/// A page being written.
pub(super) struct Writer<'t, 'e, H> {
    pub(super) path: &'t Arc<str>,
    /// The whole file: all ranges are ranges of it.
    pub(super) text: &'t str,
    pub(super) settings: &'t Settings,
    pub(super) title_heading: TitleHeading,
    pub(super) highlight: H,

    pub(super) body: Body,
    pub(super) title: Option<String>,
    pub(super) headings: Vec<Heading>,
    pub(super) references: Vec<Reference>,
    pub(super) calls: Vec<Call>,
    pub(super) values: Vec<Value>,
    pub(super) mentions: Vec<Mention>,
    pub(super) abbreviations: Abbreviations,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) has_code: bool,
    /// How many tags of the writer's own are written as they are.
    pub(super) own_tags: usize,
    pub(super) ids: Ids,
    pub(super) prose: Prose,
    pub(super) outline: Outline,
    pub(super) footnotes: Footnotes<'e>,

    pub(super) capture: Capture<'e>,
    pub(super) run: Run,
    /// Nothing has been written on this line of the source.
    line_start: bool,
    /// Where the colon is with which the text so far ends.
    pub(super) colon: Option<usize>,
    /// Open lists, quotations, tables and footnotes.
    pub(super) containers: usize,
    pub(super) open_links: usize,
    /// What the text of the open link is.
    pub(super) link_text: LinkText,
    /// The heading's own text is being written.
    pub(super) in_heading: bool,
    pub(super) table: Table,
    task: Task,
    /// Lines that are directives, by rising offset.
    pub(super) markers: Vec<Marker>,
    /// Calls of the open blocks.
    /// Blocks that are open: which directive, and where in the HTML its text begins.
    pub(super) open_calls: Vec<(u32, usize)>,
    /// Alerts that are open.
    pub(super) open_alerts: Vec<u32>,
    /// The open block whose text is no part of the content.
    pub(super) muted: Option<u32>,
    pub(super) boundary: Boundary,
    /// Where the contents list was asked for.
    pub(super) toc: Option<Span>,
    pub(super) elements: Elements,
    pub(super) sanitiser: Option<Sanitiser>,
    /// Where each line but the first begins; found out when a finding has to name one.
    lines: OnceCell<Vec<usize>>,
}

impl<'t, 'e, H> Writer<'t, 'e, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// An empty page.
    pub(super) fn new(
        path: &'t Arc<str>,
        text: &'t str,
        settings: &'t Settings,
        title_heading: TitleHeading,
        highlight: H,
    ) -> Self {
        // So that lists seldom move.
        let (few, many) = ((text.len() / 512).min(16), (text.len() / 128).min(256));
        let all = settings.extensions == Extensions::All;
        let sanitise = all && settings.markdown.html == HtmlPolicy::Sanitise;
        Self {
            path,
            text,
            settings,
            title_heading,
            highlight,
            body: Body { html: String::with_capacity(2 * text.len()), holes: Vec::with_capacity(many) },
            title: None,
            headings: Vec::with_capacity(few),
            references: Vec::with_capacity(few),
            calls: Vec::new(),
            values: Vec::new(),
            mentions: Vec::new(),
            abbreviations: Abbreviations::default(),
            diagnostics: Vec::new(),
            has_code: false,
            own_tags: 0,
            ids: Ids::default(),
            prose: if all && capture::has_more(text) { Prose::with_summary() } else { Prose::new() },
            outline: Outline::new(),
            footnotes: Footnotes::default(),
            capture: Capture::None,
            run: Run::default(),
            line_start: true,
            colon: None,
            containers: 0,
            open_links: 0,
            link_text: LinkText::default(),
            in_heading: false,
            table: Table::default(),
            task: Task::None,
            markers: Vec::new(),
            open_calls: Vec::new(),
            open_alerts: Vec::new(),
            muted: None,
            boundary: Boundary::default(),
            toc: None,
            elements: Elements::default(),
            sanitiser: sanitise.then(Sanitiser::default),
            lines: OnceCell::new(),
        }
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: Event<'e>, range: Range<usize>) {
        if matches!(self.capture, Capture::None) {
            self.write(event, range);
        } else {
            self.captured(event, range);
        }
    }

    /// Ends the page.
    pub(super) fn finish(mut self) -> Markdown {
        self.flush();
        self.diagnostics.extend(self.outline.end(self.path));
        self.close_raw();
        self.hole(HoleKind::End);
        self.write_footnotes();
        let (words, summary) = self.prose.finish();
        crate::diagnostic::sort(&mut self.diagnostics);
        self.body.holes.shrink_to_fit();
        self.headings.shrink_to_fit();
        self.references.shrink_to_fit();
        Markdown {
            title: self.title,
            headings: self.headings,
            references: self.references,
            calls: self.calls,
            values: self.values,
            mentions: self.mentions,
            abbreviations: self.abbreviations.finish(),
            ids: self.ids.into_all().collect(),
            words,
            summary,
            has_code: self.has_code,
            own_html: self.own_tags > 0,
            body: self.body,
            diagnostics: self.diagnostics,
        }
    }

    fn write(&mut self, event: Event<'e>, range: Range<usize>) {
        if let Event::Text(text) = event {
            self.text(&text, range);
            return;
        }
        self.flush();
        if ends_task(&event) {
            self.end_task();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => {
                self.block(Block::Text);
                self.newline();
                self.push("<hr />\n");
            }
            leaf => {
                self.colon = None;
                self.line_start = false;
                self.leaf(leaf, range);
            }
        }
    }

    fn leaf(&mut self, event: Event<'e>, range: Range<usize>) {
        match event {
            Event::Code(code) => {
                self.check_inline_code(&code, &range);
                self.push("<code>");
                escape::text(&mut self.body.html, &code);
                self.push("</code>");
                self.prose.text(&code);
            }
            Event::InlineMath(math) => self.math("<span class=\"math math-inline\">", &math),
            Event::DisplayMath(math) => self.math("<span class=\"math math-display\">", &math),
            Event::Html(html) | Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::FootnoteReference(label) => self.footnote_reference(&label, range),
            Event::TaskListMarker(done) => {
                self.task = Task::Open;
                let checked = if done { " checked=\"\"" } else { "" };
                self.push(&format!("<label><input disabled=\"\" type=\"checkbox\"{checked}/> "));
                if let Some(sanitiser) = &mut self.sanitiser {
                    sanitiser.enter();
                }
            }
            Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule => {}
        }
    }

    /// Ends the label of a task: it holds the task's own words and no block below them.
    pub(super) fn end_task(&mut self) {
        if std::mem::replace(&mut self.task, Task::None) == Task::Open {
            if let Some(sanitiser) = &mut self.sanitiser {
                sanitiser.leave(&mut self.body.html);
            }
            self.push("</label>");
        }
    }

    fn math(&mut self, start: &str, math: &str) {
        self.push(start);
        escape::attribute(&mut self.body.html, math);
        self.push("</span>");
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let source = &self.text[range.clone()];
        let line_start = std::mem::replace(&mut self.line_start, false);
        let before = || if line_start { None } else { self.text[..range.start].chars().next_back() };
        self.run.push(text, self.text, &range, before);
        self.colon = (text.ends_with(':') && source.ends_with(':')).then(|| range.end - 1);
    }

    fn line_break(&mut self, html: &str) {
        self.push(html);
        self.prose.gap();
        self.line_start = true;
    }

    /// An element begins. Those that are captured return early: the sanitiser sees them when they
    /// are written.
    fn start(&mut self, tag: Tag<'e>, range: Range<usize>) {
        match tag {
            Tag::Paragraph if self.is_all() && is_toc_marker(&self.text[range.clone()]) => {
                self.toc_paragraph(&range);
                return;
            }
            Tag::Heading { level, .. } => {
                self.capture = Capture::Heading(capture::Captured::new(level, range));
                return;
            }
            Tag::CodeBlock(kind) => {
                self.block(Block::Announced);
                self.capture = Capture::code(kind, range);
                return;
            }
            Tag::HtmlBlock => {
                self.capture = match self.marker_at(range.start) {
                    Some(index) => Capture::Marker(index),
                    None => Capture::html(range),
                };
                return;
            }
            Tag::FootnoteDefinition(label) => {
                self.capture = Capture::Footnotes(vec![capture::Captured::new(label, range)]);
                return;
            }
            Tag::Image { dest_url, title, .. } => {
                self.line_start = false;
                self.colon = None;
                self.report_values(range.clone(), "the description of an image", Severity::Error);
                self.image(&dest_url, title, range);
                return;
            }
            Tag::MetadataBlock(_) => return,
            Tag::Link { link_type, dest_url, title, .. } => {
                self.report_value_in_link(&dest_url, &title, &range);
                self.link(link_type, &dest_url, &title, range);
            }
            Tag::Emphasis => self.push("<em>"),
            Tag::Strong => self.push("<strong>"),
            Tag::Strikethrough => self.push("<del>"),
            Tag::Subscript => self.push("<sub>"),
            Tag::Superscript => self.push("<sup>"),
            block => self.start_block(block, &range),
        }
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.enter();
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.leave(&mut self.body.html);
        }
        match tag {
            TagEnd::Emphasis => self.push("</em>"),
            TagEnd::Strong => self.push("</strong>"),
            TagEnd::Strikethrough => self.push("</del>"),
            TagEnd::Subscript => self.push("</sub>"),
            TagEnd::Superscript => self.push("</sup>"),
            TagEnd::Link => {
                self.open_links = self.open_links.saturating_sub(1);
                if self.open_links == 0 {
                    self.link_text = LinkText::default();
                    self.push("</a>");
                }
            }
            block => self.end_block(block),
        }
    }

    /// The next block begins: before it there may be a boundary, if it is at the top level.
    pub(super) fn block(&mut self, block: Block) {
        if self.containers == 0 && self.is_all() {
            self.tell_rules(block);
            self.leave_boundary(block);
        }
    }

    /// Tells the rules of the next block at the top level.
    pub(super) fn tell_rules(&mut self, block: Block) {
        if self.containers == 0 {
            self.diagnostics.extend(self.outline.block(block, self.path));
        }
    }

    fn check_inline_code(&mut self, code: &str, range: &Range<usize>) {
        if !self.is_all() || rules::smart_quote(code).is_none() {
            return;
        }
        let source = &self.text[range.clone()];
        if let Some((at, quote)) = rules::smart_quote(source) {
            let at = range.start + at;
            let line = self.line(at);
            self.diagnostics.push(rules::smart_quote_finding(
                self.path,
                line,
                quote,
                at..at + quote.len_utf8(),
            ));
        }
    }

    /// Whether extensions are on.
    pub(super) fn is_all(&self) -> bool {
        self.settings.extensions == Extensions::All
    }

    /// The line of the file, from 1, that a byte is on.
    pub(super) fn line(&self, at: usize) -> usize {
        let text = self.text;
        let starts = self.lines.get_or_init(|| text.match_indices('\n').map(|(end, _)| end + 1).collect());
        starts.partition_point(|&start| start <= at) + 1
    }

    /// Makes the next event the first on its line.
    pub(super) fn start_line(&mut self) {
        self.line_start = true;
        self.colon = None;
    }

    /// Appends HTML.
    pub(super) fn push(&mut self, html: &str) {
        self.body.html.push_str(html);
    }

    /// Begins a line of HTML.
    pub(super) fn newline(&mut self) {
        if !self.body.html.is_empty() && !self.body.html.ends_with('\n') {
            self.body.html.push('\n');
        }
    }

    /// Leaves a hole here.
    pub(super) fn hole(&mut self, kind: HoleKind) {
        let at = u32::try_from(self.body.html.len()).unwrap_or(u32::MAX);
        self.body.holes.push(Hole { at, kind });
    }

    /// The index of the next reference.
    pub(super) fn next_reference(&self) -> u32 {
        u32::try_from(self.references.len()).unwrap_or(u32::MAX)
    }

    /// Leaves a hole: for the address of a link or an image of this site, or for what a link says of
    /// the absolute address it leads to.
    pub(super) fn refer(&mut self, kind: ReferenceKind, target: &str, span: Span) {
        let index = self.next_reference();
        self.references.push(Reference { kind, target: target.to_owned(), span });
        self.hole(match kind {
            ReferenceKind::Link | ReferenceKind::Image => HoleKind::Reference(index),
            ReferenceKind::Absolute => HoleKind::Relation(index),
        });
    }
}

/// The label that holds the words of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    None,
    Open,
}

/// Whether the words of a task end here, at the end of their block or the start of another.
fn ends_task(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => !matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::End(tag) => !matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript
                | TagEnd::Link
                | TagEnd::Image
        ),
        Event::Rule => true,
        _ => false,
    }
}

/// 1 to 6.
pub(super) fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}
