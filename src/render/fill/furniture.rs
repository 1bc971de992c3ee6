//! What the build puts into an article: introduction, sections, contents list, anchors, ways back.
//!
//! In: the holes of a body and the settings, page before site. Out: HTML between the blocks of the
//! text. Inside a block (`:::name`) there is no furniture but the anchors of headings.

use std::fmt::Write as _;

use super::{Attribute, Filler, PromoPlace, Text, contents};
use crate::assemble::Page;
use crate::assemble::contents::{Contents, ContentsList, sections};
use crate::config::{BackToTopTarget, Config};
use crate::render::words::Part;

/// Text as a part of a word.
fn escaped(text: &str) -> Part {
    Part::Text(Attribute(text).to_string())
}

/// What the furniture of one page needs to know of the settings.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    title: &'a str,
    pub(super) depth: u8,
    pub(super) contents: Contents,
    /// Target of the back-to-top links; `None` when the page has none.
    top: Option<&'static str>,
}

/// Where in the article the filler stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the first section; the introduction began at this offset of the output.
    Intro { start: usize },
    /// In the section of this heading.
    Section(usize),
    /// After the last section.
    Done,
}

impl<'a> Plan<'a> {
    pub(super) fn of(page: &'a Page, config: &'a Config) -> Self {
        let front = &page.front;
        let document = &page.document;
        let ContentsList { place, depth } = ContentsList::of(&document.body, document, front, &config.toc);
        let sections = sections(&document.body);
        // Every heading may lie in a block that is not shown today.
        let empty = place == Contents::Nowhere || contents::listed(page, depth).is_empty();
        let contents = if empty { Contents::Nowhere } else { place };

        let settings = &config.back_to_top;
        let wanted = front.back_to_top.unwrap_or(settings.enabled) && sections >= settings.min_sections;
        let target = match (settings.target, contents) {
            (BackToTopTarget::Contents, Contents::AtMarker | Contents::BeforeFirstSection) => "contents",
            _ => "top",
        };
        Self {
            title: front.toc.as_ref().and_then(|toc| toc.title.as_deref()).unwrap_or(&config.toc.title),
            depth,
            contents,
            top: wanted.then_some(target),
        }
    }
}

impl Filler<'_> {
    /// Ends what stands before a heading's section and begins it; `hole` is its index in the body.
    pub(super) fn section(&mut self, heading: usize, hole: usize) {
        let known = self.page.document.headings.get(heading).is_some();
        if self.plan.is_none() || !known || !self.open.is_empty() {
            return;
        }
        self.close();
        self.promos(PromoPlace::Hole(hole));
        // Without a name: each named section would be a landmark, and a guide has dozens.
        self.html.push_str("<section>\n");
        self.place = Place::Section(heading);
    }

    pub(super) fn end(&mut self) {
        if self.plan.is_some() && self.open.is_empty() && matches!(self.place, Place::Section(_)) {
            self.close();
            self.place = Place::Done;
        }
    }

    /// Ends what stands before the next section: the introduction, with the contents list after
    /// it, or a section, with its way back to the top inside it.
    fn close(&mut self) {
        match self.place {
            Place::Intro { start } => {
                if self.html.get(start..).is_some_and(|intro| !intro.trim().is_empty()) {
                    self.html.insert_str(start, "<div class=\"intro\">\n");
                    self.html.push_str("</div>\n");
                }
                self.contents(Contents::BeforeFirstSection);
            }
            Place::Section(index) => {
                self.back_to_top(index);
                self.html.push_str("</section>\n");
            }
            Place::Done => {}
        }
    }

    pub(super) fn contents(&mut self, here: Contents) {
        let Some(plan) = self.plan.as_mut().filter(|plan| plan.contents == here) else { return };
        // A second marker has been reported; a second list would repeat the id.
        plan.contents = Contents::Nowhere;
        let (written, depth) = (plan.title, plan.depth);
        let title = self.written_or(written, "contents");
        let _ = writeln!(
            self.html,
            "<nav class=\"toc\" aria-labelledby=\"contents\">\n<h2 id=\"contents\">{title}</h2>",
        );
        let entries = contents::nest(&contents::listed(self.page, depth));
        contents::write(&mut self.html, &entries);
        self.html.push_str("</nav>\n");
    }

    pub(super) fn anchor(&mut self, index: usize) {
        if self.plan.is_none() {
            return;
        }
        let Some(heading) = self.page.document.headings.get(index) else { return };
        self.html.push_str(" <a class=\"anchor\" href=\"#");
        Attribute(&heading.id).push_to(&mut self.html);
        self.html.push_str("\" aria-label=\"");
        self.html.push_str(&self.language.words.own("link_to_section", &[("title", escaped(&heading.text))]));
        self.html.push_str("\">#</a>");
    }

    fn back_to_top(&mut self, index: usize) {
        let Some(target) = self.plan.as_ref().and_then(|plan| plan.top) else { return };
        let Some(heading) = self.page.document.headings.get(index) else { return };
        // A section without the link still counts its title, so numbers do not move with `.no-top`.
        let name = self.unique_name(&heading.text);
        if heading.no_top {
            return;
        }
        let label = self.written_or(&self.context.config.back_to_top.label, "back_to_top");
        let from = self.language.words.own("from_section", &[("title", escaped(&name))]);
        for part in [
            "<p class=\"back-to-top\"><a href=\"#",
            target,
            "\">",
            &label,
            "<span class=\"visually-hidden\"> ",
            &from,
            "</span></a></p>\n",
        ] {
            self.html.push_str(part);
        }
    }

    /// What the settings say, else what the page's language does.
    fn written_or(&self, written: &str, key: &str) -> String {
        if written.is_empty() { self.language.words.own(key, &[]) } else { Text(written).to_string() }
    }

    /// A section's title, with its number when it was there before.
    fn unique_name(&mut self, title: &str) -> String {
        let mut name = title.to_owned();
        // Where this title's numbers have got to, so that many repeats cost no search.
        let mut number = self.names.get(title).copied().unwrap_or(2);
        while self.names.contains_key(&name) {
            name = format!("{title} ({number})");
            number += 1;
        }
        self.names.insert(title.to_owned(), number);
        self.names.entry(name.clone()).or_insert(2);
        name
    }
}
