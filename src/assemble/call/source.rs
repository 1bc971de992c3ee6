//! The sources of one page, numbered in the order they are first used.
//!
//! In: uses of sources in reading order. Out: a `SourceRef` beside each use, and the list with
//! links back. Does not know what was said.

use std::collections::BTreeSet;

use crate::assemble::facts::{Facts, Filed};
use crate::assemble::format::Locale;
use crate::assemble::shown;
use crate::parse::data::Source;

/// Sources used so far.
#[derive(Default)]
pub(super) struct Citations<'s> {
    cited: Vec<Cited<'s>>,
    taken: BTreeSet<String>,
}

struct Cited<'s> {
    source: &'s Filed<Source>,
    anchors: Vec<String>,
}

/// Whether the place that uses a source can be linked back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// It carries an `id`.
    Link,
    /// It carries one only when nothing else that uses the source does.
    First,
    /// It is no place in the text.
    None,
}

impl<'s> Citations<'s> {
    /// Notes a use. `is_free` says whether an id is still free on the page.
    pub(super) fn cite(
        &mut self,
        source: &'s Filed<Source>,
        back: Back,
        is_free: impl Fn(&str) -> bool,
    ) -> (usize, String) {
        let id = source.id.value.as_str();
        let known = self.cited.iter().position(|cited| cited.source.id.value == id);
        let index = known.unwrap_or_else(|| {
            self.cited.push(Cited { source, anchors: Vec::new() });
            self.cited.len() - 1
        });
        let cited = &mut self.cited[index];
        let wanted = match back {
            Back::Link => true,
            Back::First => cited.anchors.is_empty(),
            Back::None => false,
        };
        if !wanted {
            return (index + 1, String::new());
        }
        let mut number = cited.anchors.len() + 1;
        let anchor = loop {
            let anchor = if number == 1 { format!("cite-{id}") } else { format!("cite-{id}-{number}") };
            if is_free(&anchor) && self.taken.insert(anchor.clone()) {
                break anchor;
            }
            number += 1;
        };
        cited.anchors.push(anchor.clone());
        (index + 1, anchor)
    }

    /// The list.
    pub(super) fn list(&self, locale: &Locale) -> Vec<shown::Source> {
        let entry = |(index, cited): (usize, &Cited<'s>)| {
            let source = &cited.source;
            shown::Source {
                number: index + 1,
                id: source.id.value.clone(),
                anchor: format!("source-{}", source.id.value),
                title: source.title.clone(),
                publisher: source.publisher.clone().unwrap_or_default(),
                url: source.url.clone(),
                archive_url: source.archive_url.clone(),
                published: source.published.map(|date| locale.day_or_month(date)),
                retrieved: source.retrieved.map(|date| locale.day(date)),
                licence: source.licence.clone().unwrap_or_default(),
                uses: cited.anchors.clone(),
            }
        };
        self.cited.iter().enumerate().map(entry).collect()
    }
}

/// The view of a source beside what it is the source of.
pub(super) fn view(
    source: &Filed<Source>,
    (number, anchor): (usize, String),
    locale: &Locale,
) -> shown::SourceRef {
    shown::SourceRef {
        id: source.id.value.clone(),
        number,
        anchor,
        title: source.title.clone(),
        publisher: source.publisher.clone().unwrap_or_default(),
        url: source.url.clone(),
        published: source.published.map(|date| locale.day_or_month(date)),
        retrieved: source.retrieved.map(|date| locale.day(date)),
    }
}

/// Who publishes a source: what makes two of them alike.
pub(super) fn publisher<'f>(facts: &'f Facts, source: &'f str) -> &'f str {
    facts.sources.get(source).and_then(|source| source.publisher.as_deref()).unwrap_or(source)
}
