//! Whether a page has a contents list, where, and how deep.
//!
//! In: a page's body and headings, its front matter and the settings. Out: a [`ContentsList`], which
//! both links to `#contents` and the page itself go by. Makes no list.

use serde::Serialize;

use crate::config::Toc;
use crate::parse::{Document, FrontMatter, Heading, HoleKind, Text};

/// Where the contents list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Contents {
    /// The page has none.
    Nowhere,
    /// At the writer's own marker.
    AtMarker,
    /// Between the introduction and the first section.
    BeforeFirstSection,
}

/// The contents list of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ContentsList {
    /// Where it goes.
    pub place: Contents,
    /// Deepest heading level listed: 2 to 6.
    pub depth: u8,
}

/// Whether a page shows a list of its contents.
pub(super) fn is_shown(document: &Document, front: &FrontMatter, settings: &Toc) -> bool {
    ContentsList::of(&document.body, document, front, settings).place != Contents::Nowhere
}

impl ContentsList {
    /// What the page says before what the site says. `front` is the effective front matter, and
    /// `body` the document's.
    #[must_use]
    pub fn of(body: &Text, document: &Document, front: &FrontMatter, settings: &Toc) -> Self {
        let choice = front.toc.as_ref();
        let depth = choice.and_then(|toc| toc.depth).unwrap_or(settings.depth).clamp(2, 6);
        // Who describes a page's list on that very page wants one; a section's `defaults` only say
        // what lists are like.
        let described = choice.is_some() && matches!(front.keys.get("toc"), Some(Some(_)));
        let wish = choice.and_then(|toc| toc.enabled).or(described.then_some(true));
        let sections = sections(body);
        let marked = body.holes.iter().any(|hole| hole.kind == HoleKind::Toc);
        let enough = sections > 0 && (sections >= settings.min_headings || wish == Some(true));
        let place = match (wish.unwrap_or(settings.enabled), marked, enough) {
            (false, ..) | (true, false, false) => Contents::Nowhere,
            (true, true, _) => Contents::AtMarker,
            (true, false, true) => Contents::BeforeFirstSection,
        };
        let list = Self { place, depth };
        let is_empty = !document.headings.iter().any(|heading| list.holds(heading));
        if is_empty { Self { place: Contents::Nowhere, depth } } else { list }
    }

    /// Whether a heading is one of its lines.
    #[must_use]
    pub fn holds(&self, heading: &Heading) -> bool {
        heading.top_level && (2..=self.depth).contains(&heading.level)
    }
}

/// How many sections a text has.
#[must_use]
pub fn sections(body: &Text) -> usize {
    body.holes.iter().filter(|hole| matches!(hole.kind, HoleKind::Section(_))).count()
}
