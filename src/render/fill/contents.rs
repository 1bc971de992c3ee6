//! The contents list of a page.
//!
//! In: a page's headings. Out: a nested list, as entries and as HTML. A heading in a block that is
//! not shown today is not listed.

use std::collections::BTreeSet;

use super::furniture::Plan;
use super::{Attribute, Text};
use crate::assemble::Page;
use crate::assemble::contents::Contents;
use crate::config::Config;
use crate::parse::{Heading, HoleKind};
use crate::render::view::TocEntry;

/// The contents of a page as a nested list, to its own depth; empty when it wants none.
#[must_use]
pub fn toc_entries(page: &Page, config: &Config) -> Vec<TocEntry> {
    let plan = Plan::of(page, config);
    if plan.contents == Contents::Nowhere { Vec::new() } else { nest(&listed(page, plan.depth)) }
}

/// The headings that a list of this depth shows.
pub(super) fn listed(page: &Page, depth: u8) -> Vec<&Heading> {
    let hidden = hidden(page);
    let headings = page.document.headings.iter().enumerate();
    headings
        .filter(|(index, heading)| {
            heading.top_level && (2..=depth).contains(&heading.level) && !hidden.contains(index)
        })
        .map(|(_, heading)| heading)
        .collect()
}

/// Headings inside blocks whose body is not shown: outside the dates of a `from` or `until`.
fn hidden(page: &Page) -> BTreeSet<usize> {
    let is_hidden = |call: u32| {
        page.career.directives.get(call as usize).is_some_and(|directive| !directive.shown.shows_body())
    };
    let mut hidden = BTreeSet::new();
    if !page.career.directives.iter().any(|directive| !directive.shown.shows_body()) {
        return hidden;
    }
    let mut closed: Vec<u32> = Vec::new();
    for hole in &page.document.body.holes {
        match hole.kind {
            HoleKind::Open(call) if is_hidden(call) => closed.push(call),
            HoleKind::Close(call) => closed.retain(|open| *open != call),
            HoleKind::Anchor(heading) if !closed.is_empty() => {
                hidden.insert(heading as usize);
            }
            _ => {}
        }
    }
    hidden
}

/// Headings as a tree. A heading below a gap (`h4` under `h2`) is its nearest higher one's child.
pub(super) fn nest(headings: &[&Heading]) -> Vec<TocEntry> {
    let mut entries = Vec::new();
    let mut rest = headings;
    while let Some((first, below)) = rest.split_first() {
        let length = below.iter().take_while(|heading| heading.level > first.level).count();
        let (inner, after) = below.split_at(length);
        let html = match &first.toc_label {
            Some(label) => Text(label).to_string(),
            None => first.html().to_owned(),
        };
        entries.push(TocEntry { id: first.id.clone(), html, children: nest(inner) });
        rest = after;
    }
    entries
}

/// The list as HTML.
pub(super) fn write(html: &mut String, entries: &[TocEntry]) {
    html.push_str("<ol>\n");
    for entry in entries {
        html.push_str("<li><a href=\"#");
        Attribute(&entry.id).push_to(html);
        html.push_str("\">");
        html.push_str(&entry.html);
        html.push_str("</a>");
        if !entry.children.is_empty() {
            html.push('\n');
            write(html, &entry.children);
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ol>\n");
}
