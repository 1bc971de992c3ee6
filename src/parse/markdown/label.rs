//! The words of a heading, for places other than the heading: contents list, title, id.
//!
//! In: a heading's events. Out: its text, the same as HTML, and the part of it that an id is made of.
//! Marks that only the whole site can fill stay as written (see `directive::fill_text`). Writes
//! nothing into the page and reports nothing: the heading itself does.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::escape;
use super::prose::tidied;
use super::run::{Part, Run, Seek};
use crate::parse::directive::inline::{Mark, Place, protect};

/// The words of a heading.
#[derive(Default)]
pub(super) struct Label {
    /// Without markup, alternative texts of images included.
    pub(super) text: String,
    /// For a place that is a link itself: no links, no images, no raw HTML.
    pub(super) html: String,
    /// The text without values and citations: a new figure never changes an id.
    pub(super) lasting: String,
}

/// The words of the heading with these events, in a file's `text`.
pub(super) fn label(text: &str, events: &[(Event<'_>, Range<usize>)]) -> Label {
    let mut label = Label::default();
    let mut run = Run::default();
    for (event, range) in events {
        if let Event::Text(piece) = event {
            run.push(piece, text, range, || text[..range.start].chars().next_back());
            continue;
        }
        label.take_run(&mut run, text);
        match event {
            Event::Code(code) => label.element("<code>", code, "</code>"),
            Event::InlineMath(math) | Event::DisplayMath(math) => {
                label.element("<span class=\"math math-inline\">", math, "</span>");
            }
            Event::SoftBreak | Event::HardBreak => label.add(" "),
            Event::Start(Tag::Emphasis) => label.html.push_str("<em>"),
            Event::End(TagEnd::Emphasis) => label.html.push_str("</em>"),
            Event::Start(Tag::Strong) => label.html.push_str("<strong>"),
            Event::End(TagEnd::Strong) => label.html.push_str("</strong>"),
            Event::Start(Tag::Strikethrough) => label.html.push_str("<del>"),
            Event::End(TagEnd::Strikethrough) => label.html.push_str("</del>"),
            _ => {}
        }
    }
    label.take_run(&mut run, text);
    Label { text: tidied(label.text), html: label.html, lasting: tidied(label.lasting) }
}

impl Label {
    fn take_run(&mut self, run: &mut Run, text: &str) {
        run.parts(Seek::Marks(Place::Text), text, |part| match part {
            Part::Text(range) | Part::Link(_, range) => run.shown(range, |text| self.add(text)),
            Part::Mark(found) => {
                let source = run.slice(found.range);
                match found.mark {
                    Ok(Mark::Value(_)) => self.add_mark(source),
                    Ok(Mark::Role(id)) => {
                        self.add_mark(source);
                        self.lasting.push_str(&id.value);
                    }
                    Ok(Mark::Citations(_)) => {}
                    Ok(Mark::Call(call)) => self.add(call.label.as_ref().map_or("", |label| &label.value)),
                    Err(_) => self.add(source),
                }
            }
        });
        run.clear();
    }

    fn add(&mut self, text: &str) {
        let protected = protect(text);
        self.text.push_str(&protected);
        escape::text(&mut self.html, &protected);
        self.lasting.push_str(text);
    }

    fn add_mark(&mut self, source: &str) {
        self.text.push_str(source);
        escape::text(&mut self.html, source);
    }

    fn element(&mut self, start: &str, text: &str, end: &str) {
        self.html.push_str(start);
        self.add(text);
        self.html.push_str(end);
    }
}
