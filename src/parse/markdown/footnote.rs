//! Footnotes, numbered in the order of their first mention and gathered at the page's end.
//!
//! In: captured definitions and mentions. Out: a list of endnotes with links both ways. A note may
//! mention others, so notes are written, not just sorted, in that order. What is mentioned and not
//! defined is text already when it leaves the parser.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::capture::Captured;
use super::escape;
use super::html::Writer;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::highlight::CodeBlock;
use crate::parse::{Body, Hole, HoleKind};

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Footnotes<'e> {
    /// By label, in lower case: labels match without regard to case.
    definitions: BTreeMap<String, Definition<'e>>,
    /// In the order of their first mention.
    notes: Vec<Note>,
    numbers: BTreeMap<String, usize>,
    repeated: Vec<(String, Span)>,
}

struct Definition<'e> {
    range: Range<usize>,
    events: Vec<(Event<'e>, Range<usize>)>,
}

struct Note {
    label: String,
    id: String,
    /// Ids of the places that mention it.
    mentions: Vec<String>,
}

impl<'e> Footnotes<'e> {
    /// Keeps a definition until the end of the page.
    pub(super) fn define(&mut self, captured: Captured<'e, CowStr<'e>>) {
        let label = captured.key.to_lowercase();
        let definition = Definition { range: captured.range, events: captured.events };
        match self.definitions.entry(label) {
            Entry::Occupied(first) => self.repeated.push((first.key().clone(), definition.range.into())),
            Entry::Vacant(free) => {
                free.insert(definition);
            }
        }
    }
}

impl<H> Writer<'_, '_, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Writes a mention.
    pub(super) fn footnote_reference(&mut self, label: &str, range: Range<usize>) {
        let span = Span::from(range);
        let label = label.to_lowercase();
        let index = if let Some(&index) = self.footnotes.numbers.get(&label) {
            index
        } else {
            let index = self.footnotes.notes.len();
            let (id, _) = self.ids.claim_like(&format!("fn-{}", index + 1), span);
            self.footnotes.notes.push(Note { label: label.clone(), id, mentions: Vec::new() });
            self.footnotes.numbers.insert(label, index);
            index
        };
        let number = index + 1;
        let Some(note) = self.footnotes.notes.get_mut(index) else { return };
        let wish = match note.mentions.len() {
            0 => format!("fnref-{number}"),
            earlier => format!("fnref-{number}-{}", earlier + 1),
        };
        let (mention, _) = self.ids.claim_like(&wish, span);
        // A link cannot hold a link.
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.end_link(&mut self.body.html);
        }
        let (start, end) = if self.open_links == 0 {
            (format!("<a href=\"#{}\" id=\"{mention}\" role=\"doc-noteref\">", note.id), "</a>")
        } else {
            (format!("<span id=\"{mention}\">"), "</span>")
        };
        note.mentions.push(mention);
        self.push(&format!("<sup class=\"footnote-reference\">{start}{number}{end}</sup>"));
    }

    /// Writes the notes that were mentioned, and reports the others.
    pub(super) fn write_footnotes(&mut self) {
        if !self.footnotes.notes.is_empty() {
            self.newline();
            self.push("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n");
            self.containers += 1;
            // Notes may mention notes, so there may be more of them after each.
            let mut ends = Vec::with_capacity(self.footnotes.notes.len());
            while ends.len() < self.footnotes.notes.len() {
                ends.push(self.write_note(ends.len()));
            }
            self.push("</ol>\n</section>\n");
            self.insert_back_links(&ends);
        }
        let unused: Vec<_> = std::mem::take(&mut self.footnotes.definitions)
            .into_iter()
            .map(|(label, definition)| (label, Span::from(definition.range)))
            .collect();
        for (label, span) in unused {
            let message = format!("nothing mentions the footnote `[^{label}]`, so it is left out");
            let found = Diagnostic::new(Code::FootnoteUnused, self.path.clone(), span, message);
            self.diagnostics
                .push(found.help(format!("put `[^{label}]` where it belongs, or take the footnote out")));
        }
        for (label, span) in std::mem::take(&mut self.footnotes.repeated) {
            let message = format!("the footnote `[^{label}]` is written twice; only the first is shown");
            let found = Diagnostic::new(Code::FootnoteUnused, self.path.clone(), span, message);
            self.diagnostics.push(found.help("give this one another name"));
        }
    }

    /// Writes a note, and returns where in the HTML its ways back belong.
    fn write_note(&mut self, index: usize) -> usize {
        let note = &self.footnotes.notes[index];
        let start = format!("<li id=\"{}\">\n", note.id);
        let definition = self.footnotes.definitions.remove(&note.label);
        self.push(&start);
        self.start_line();
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.enter();
        }
        for (event, range) in definition.into_iter().flat_map(|definition| definition.events) {
            self.event(event, range);
        }
        self.flush();
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.leave(&mut self.body.html);
        }
        self.newline();
        let html = &self.body.html;
        let end = if html.ends_with("</p>\n") { html.len() - "</p>\n".len() } else { html.len() };
        self.push("</li>\n");
        end
    }

    /// Puts the ways back to its mentions at the end of each note. Only now are all mentions known: a
    /// later note may mention an earlier one.
    fn insert_back_links(&mut self, ends: &[usize]) {
        let html = std::mem::take(&mut self.body.html);
        let mut linked =
            Body { html: String::with_capacity(html.len() + 128 * ends.len()), holes: Vec::new() };
        let mut holes = std::mem::take(&mut self.body.holes).into_iter().peekable();
        let moved = |hole: Hole, shift: usize| Hole { at: offset(hole.at as usize + shift), ..hole };
        let mut copied = 0;
        for (&end, (note, number)) in ends.iter().zip(self.footnotes.notes.iter().zip(1..)) {
            let shift = linked.html.len() - copied;
            while let Some(hole) = holes.next_if(|hole| hole.at as usize <= end) {
                linked.holes.push(moved(hole, shift));
            }
            linked.html.push_str(&html[copied..end]);
            copied = end;
            note.write_back_links(number, &mut linked);
        }
        let shift = linked.html.len() - copied;
        linked.holes.extend(holes.map(|hole| moved(hole, shift)));
        linked.html.push_str(&html[copied..]);
        self.body = linked;
    }
}

impl Note {
    fn write_back_links(&self, note: u32, body: &mut Body) {
        for (id, mention) in self.mentions.iter().zip(1..) {
            let html = &mut body.html;
            html.push_str(" <a href=\"#");
            escape::attribute(html, id);
            html.push_str("\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"");
            let at = offset(html.len());
            body.holes.push(Hole { at, kind: HoleKind::BackReference { note, mention } });
            html.push_str("\">↩</a>");
        }
    }
}

/// An offset as holes have it.
fn offset(at: usize) -> u32 {
    Span::new(at, at).start
}
