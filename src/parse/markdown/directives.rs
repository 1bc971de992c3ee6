//! Directives and other marks, written by the [`Writer`] as holes.
//!
//! In: markers that arrive as blocks, and marks found in runs of text. Out: holes, the records they
//! point at, and the boundaries between blocks where a promo may stand. Does not know which
//! directives exist, but for four: `toc` has a hole of its own, the body of `promo` is not counted, that
//! of `takeaway` is also the page's summary, and GitHub's alerts are `callout`s.
//!
//! Holes stand in the order in which they are filled. [`HoleKind::Block`] comes right before the
//! [`HoleKind::Section`] of an `h2`, at the same offset: what is placed there belongs after the end of
//! the section before (after its back-to-top link), not before that.

use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::escape;
use super::html::Writer;
use super::marker::{Marker, Role};
use super::rules::Block;
use super::run::Run;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::parse::HoleKind;
use crate::parse::directive::inline::{Found, Mark};
use crate::parse::directive::{Argument, Call, Form, Mention, MentionKind, abbreviation};
use crate::parse::highlight::CodeBlock;
use crate::value::Spanned;

/// The directive that is the marker of the contents list.
const TOC: &str = "toc";
/// The directive that an alert is another spelling of.
const CALLOUT: &str = "callout";
/// The directive whose body is no part of the content (CAREER-GUIDES row 18).
const PROMO: &str = "promo";
/// The directive whose body lists show as the page's summary (CAREER-GUIDES row 41).
const TAKEAWAY: &str = "takeaway";

/// Whether something may be placed between the block before and the next one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    /// There is no block before, or it is a heading or a sentence with a colon, which the next belongs to.
    #[default]
    Closed,
    /// It may.
    Open,
}

/// What the text of a block must have for the block to be of use.
struct Shape {
    /// The blocks.
    names: &'static [&'static str],
    /// One of these stands in the text's HTML.
    any: &'static [&'static str],
    /// What is missing.
    missing: &'static str,
    help: &'static str,
}

const HEADINGS: &[&str] = &["<h2", "<h3", "<h4", "<h5", "<h6"];
const SHAPES: &[Shape] = &[
    Shape {
        names: &["faq", "questions"],
        any: HEADINGS,
        missing: "no question",
        help: "make a heading of each question: `### Who hires?`",
    },
    Shape {
        names: &["routes"],
        any: HEADINGS,
        missing: "no route",
        help: "begin each route with a heading: `### With a degree`",
    },
    Shape {
        names: &["steps"],
        any: &["<ol", "<h2", "<h3", "<h4", "<h5", "<h6"],
        missing: "no step",
        help: "number the steps (`1.`), or begin each with a heading",
    },
    Shape {
        names: &["timeline"],
        any: &["<ul", "<ol"],
        missing: "no time",
        help: "write a list, each line with its time first: `- **09:00** Mail`",
    },
    Shape {
        names: &["checklist"],
        any: &["type=\"checkbox\""],
        missing: "nothing to tick",
        help: "begin each line with `- [ ]`",
    },
];

impl<H> Writer<'_, '_, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Takes the page's markers and what was found with them.
    pub(super) fn take_markers(&mut self, markers: Vec<Marker>, diagnostics: Vec<Diagnostic>) {
        self.markers = markers;
        self.diagnostics.extend(diagnostics);
    }

    /// The marker that begins at this offset of the file.
    pub(super) fn marker_at(&self, at: usize) -> Option<usize> {
        self.markers.binary_search_by_key(&at, |marker| marker.range.start).ok()
    }

    /// Writes a directive line.
    pub(super) fn directive(&mut self, index: usize) {
        let Some(marker) = self.markers.get_mut(index) else { return };
        let role = std::mem::take(&mut marker.role);
        let range = marker.range.clone();
        self.end_task();
        self.prose.gap();
        match role {
            Role::None => {}
            Role::Leaf(call) if call.name.value == TOC => self.toc_directive(&call, &range),
            Role::Leaf(call) => {
                self.block(Block::Announced);
                self.newline();
                let index = self.call(*call);
                self.hole(HoleKind::Call(index));
            }
            Role::Open(call) => self.open_block(*call),
            Role::Close => self.close_block(),
        }
        self.start_line();
    }

    fn toc_directive(&mut self, call: &Call, range: &Range<usize>) {
        if !call.arguments.is_empty() || call.label.is_some() || call.id.is_some() || !call.classes.is_empty()
        {
            let message = "`::toc` takes no arguments";
            let help = "take them out; the contents list is set up under `toc` at the top of the file";
            let found = Diagnostic::new(Code::DirectiveArgument, self.path.clone(), call.span, message);
            self.diagnostics.push(found.help(help));
        }
        self.toc_marker(range);
    }

    fn open_block(&mut self, call: Call) {
        self.block(Block::Announced);
        let (is_promo, is_takeaway) = (call.name.value == PROMO, call.name.value == TAKEAWAY);
        self.newline();
        let index = self.call(call);
        self.hole(HoleKind::Open(index));
        self.open_calls.push((index, self.body.html.len()));
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.enter();
        }
        if is_promo {
            self.prose.mute();
            self.muted.get_or_insert(index);
        }
        if is_takeaway {
            self.prose.takeaway();
        }
    }

    fn close_block(&mut self) {
        let Some((index, start)) = self.open_calls.pop() else { return };
        self.report_shape(index, start);
        if self.containers == 0 {
            self.diagnostics.extend(self.outline.end(self.path));
        }
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.leave(&mut self.body.html);
        }
        self.newline();
        self.hole(HoleKind::Close(index));
        if self.muted == Some(index) {
            self.muted = None;
            self.prose.unmute();
        }
        if self.calls.get(index as usize).is_some_and(|call| call.name.value == TAKEAWAY) {
            self.prose.end_takeaway();
        }
        if self.containers == 0 && self.open_calls.is_empty() {
            self.boundary = Boundary::Open;
        }
    }

    /// Says of a block whose text has not what makes it one.
    fn report_shape(&mut self, index: u32, start: usize) {
        let Some(call) = self.calls.get(index as usize) else { return };
        let Some(shape) = SHAPES.iter().find(|shape| shape.names.contains(&call.name.value.as_str())) else {
            return;
        };
        let html = self.body.html.get(start..).unwrap_or_default();
        if shape.any.iter().any(|element| html.contains(element)) {
            return;
        }
        let message = format!("this `{}` has {}", call.name.value, shape.missing);
        let found = Diagnostic::new(Code::DirectiveArgument, self.path.clone(), call.span, message);
        self.diagnostics.push(found.help(shape.help).severity(Severity::Warning));
    }

    /// GitHub's alerts are callouts, whose words are then those of the page's language. Headings in one
    /// are those of a quotation still.
    pub(super) fn open_alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) {
        let kind = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let line = self.text[range.clone()].lines().next().unwrap_or_default();
        let span = Span::new(range.start, range.start + line.trim_end().len());
        let spanned = |text: &str| Spanned { value: text.to_owned(), span };
        let call = Call {
            name: spanned(CALLOUT),
            arguments: vec![Argument { key: None, value: spanned(kind) }],
            label: None,
            id: None,
            classes: Vec::new(),
            form: Form::Container,
            span,
        };
        self.newline();
        let index = self.call(call);
        self.hole(HoleKind::Open(index));
        self.open_alerts.push(index);
    }

    /// The alert that was opened last ends.
    pub(super) fn close_alert(&mut self) {
        self.newline();
        if let Some(index) = self.open_alerts.pop() {
            self.hole(HoleKind::Close(index));
        }
    }

    /// Keeps a directive, and takes its id.
    fn call(&mut self, call: Call) -> u32 {
        if let Some(id) = &call.id
            && let Err(owner) = self.ids.claim(&id.value, id.span)
        {
            let found = self.id_duplicate(&id.value, owner, id.span, None).severity(Severity::Error);
            self.diagnostics.push(found);
        }
        self.calls.push(call);
        last_index(self.calls.len())
    }

    /// A block at the top level begins: leaves a boundary before it if there may be one.
    pub(super) fn leave_boundary(&mut self, block: Block) {
        if !self.open_calls.is_empty() || self.is_enclosed() {
            return;
        }
        if self.boundary == Boundary::Open {
            self.newline();
            let words = self.prose.words();
            self.hole(HoleKind::Block { words });
        }
        self.boundary = match block {
            Block::Heading(_) => Boundary::Closed,
            Block::Text | Block::Announced => Boundary::Open,
        };
    }

    /// Writes a mark of a run.
    pub(super) fn mark(&mut self, run: &Run, found: Found) {
        let source = run.slice(found.range.clone());
        match found.mark {
            Ok(Mark::Value(value)) => {
                self.prose.mark(source);
                self.values.push(value);
                self.hole(HoleKind::Value(last_index(self.values.len())));
            }
            Ok(Mark::Role(id)) => {
                if id.value.eq_ignore_ascii_case(TOC) {
                    self.report_toc(
                        id.span,
                        &format!("`{source}` is part of a paragraph"),
                        "leave an empty line before and after it",
                    );
                    return;
                }
                self.prose.mark(source);
                let index = self.mention(MentionKind::Role, id);
                self.hole(HoleKind::Role(index));
            }
            Ok(Mark::Citations(ids)) => {
                self.prose.glue();
                for id in ids {
                    let index = self.mention(MentionKind::Citation, id);
                    self.hole(HoleKind::Citation(index));
                }
            }
            Ok(Mark::Call(call)) => {
                if let Some(label) = &call.label {
                    self.prose.text(&label.value);
                }
                let index = self.call(*call);
                self.hole(HoleKind::Call(index));
            }
            Err(problem) => {
                escape::text(&mut self.body.html, source);
                self.diagnostics.push(problem.diagnostic(self.path));
            }
        }
    }

    fn mention(&mut self, kind: MentionKind, id: Spanned<String>) -> u32 {
        self.mentions.push(Mention { kind, id });
        last_index(self.mentions.len())
    }

    /// Writes a part of a run that is prose, with holes round the first use of each word in capitals.
    pub(super) fn prose(&mut self, run: &Run, range: Range<usize>) {
        let mut at = range.start;
        if self.counts_abbreviations() {
            while let Some(word) = abbreviation::find(run.written(), at..range.end, run.before()) {
                let (text, span) = (run.slice(word.clone()), || run.span(word.clone()));
                let first = self.abbreviations.count(text, span);
                let Some(index) = first else {
                    self.plain(run, at..word.end);
                    at = word.end;
                    continue;
                };
                let index = Span::new(index, index).start;
                self.plain(run, at..word.start);
                self.hole(HoleKind::AbbreviationOpen(index));
                self.plain(run, word.clone());
                self.hole(HoleKind::AbbreviationClose(index));
                at = word.end;
            }
        }
        self.plain(run, at..range.end);
    }

    fn plain(&mut self, run: &Run, range: Range<usize>) {
        let (html, prose) = (&mut self.body.html, &mut self.prose);
        run.shown(range, |text| {
            escape::text(html, text);
            prose.text(text);
        });
    }

    fn counts_abbreviations(&self) -> bool {
        self.is_all()
            && !self.in_heading
            && self.open_links == 0
            && self.elements.may_link()
            && self.muted.is_none()
    }

    /// Values in places that hold plain text or code of the writer's own are never replaced; one in
    /// the description of an image is a mistake, one in raw HTML may be.
    pub(super) fn report_values(&mut self, range: Range<usize>, place: &str, severity: Severity) {
        if !self.is_all() {
            return;
        }
        let Some(at) = self.text[range.clone()].find("{{").map(|at| range.start + at) else { return };
        if !self.text[..at].ends_with('\\') {
            self.report_value(Span::new(at, at + 2), place, severity);
        }
    }

    /// The same for what a link or an image has besides its label.
    pub(super) fn report_value_in_link(&mut self, destination: &str, title: &str, range: &Range<usize>) {
        if self.is_all() && (destination.contains("{{") || title.contains("{{")) {
            self.report_value(range.clone().into(), "an address or a title", Severity::Warning);
        }
    }

    fn report_value(&mut self, span: Span, place: &str, severity: Severity) {
        let message = format!("a value cannot stand in {place}, where it stays as written");
        let found = Diagnostic::new(Code::DirectiveMisplaced, self.path.clone(), span, message);
        self.diagnostics.push(found.help("put the value into the text").severity(severity));
    }
}

fn last_index(length: usize) -> u32 {
    Span::new(length.saturating_sub(1), 0).start
}
