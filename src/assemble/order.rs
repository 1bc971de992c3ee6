//! The orders pages are shown in.
//!
//! In: what is compared of two pages. Out: which stands first. Every order is total, so a list is
//! the same whatever order its pages were found in: the last tie is broken by source path.

use std::cmp::{Ordering, Reverse};

use deunicode::deunicode_char;

use super::PageId;
use super::page::Entry;
use crate::parse::front_matter::{Date, SortBy};

/// What a page's place in its section goes by. Keys lie side by side, which pages do not.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'e> {
    date: Option<Reverse<Option<Date>>>,
    weight: Option<(bool, i64)>,
    title: Title<'e>,
    page: PageId,
}

/// A title, compared by [`titles`].
#[derive(Debug, PartialEq, Eq)]
struct Title<'e>(&'e str);

impl Ord for Title<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        titles(self.0, other.0)
    }
}

impl PartialOrd for Title<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'e> Key<'e> {
    /// The key of a page in a section that is sorted this way.
    pub(super) fn new(entries: &'e [Entry<'_>], by: SortBy, page: PageId) -> Self {
        Self {
            date: (by == SortBy::Date).then(|| Reverse(entries[page].front.published)),
            weight: (by == SortBy::Weight).then(|| weight(entries, page)),
            title: Title(entries[page].title()),
            page,
        }
    }
}

/// Sorts pages as a section sorted this way shows them.
pub(super) fn sort(entries: &[Entry<'_>], by: SortBy, pages: &mut [PageId]) {
    pages.sort_by_cached_key(|page| Key::new(entries, by, *page));
}

/// Each page's place among all: newest first, pages without a date last, then by source path.
/// Lists that are newest first compare these numbers, which is many times cheaper than dates.
pub(super) fn recency(entries: &[Entry<'_>]) -> Vec<u32> {
    let mut keys: Vec<_> =
        entries.iter().enumerate().map(|(page, entry)| (Reverse(entry.front.published), page)).collect();
    keys.sort_unstable();
    let mut places = vec![0; entries.len()];
    for (place, (_, page)) in (0..).zip(keys) {
        places[page] = place;
    }
    places
}

/// The order of a series: by weight, then oldest first; pages without either come last.
pub(super) fn series(entries: &[Entry<'_>], a: PageId, b: PageId) -> Ordering {
    let date = |page: PageId| entries[page].front.published.map_or((true, None), |date| (false, Some(date)));
    weight(entries, a)
        .cmp(&weight(entries, b))
        .then_with(|| date(a).cmp(&date(b)))
        .then_with(|| titles(entries[a].title(), entries[b].title()))
        .then(a.cmp(&b))
}

/// Pages without a weight come after those with one.
fn weight(entries: &[Entry<'_>], page: PageId) -> (bool, i64) {
    entries[page].front.weight.map_or((true, 0), |weight| (false, weight))
}

/// Compares titles as a reader would look them up: without regard to case and accents, other
/// scripts by their Latin transcription; spellings that differ in nothing else by code point.
pub(super) fn titles(a: &str, b: &str) -> Ordering {
    fn keys(text: &str) -> impl Iterator<Item = u8> {
        text.chars()
            .flat_map(|c| {
                let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
                let latin = if ascii.is_some() { "" } else { deunicode_char(c).unwrap_or("") };
                ascii.into_iter().chain(latin.bytes())
            })
            .map(|byte| byte.to_ascii_lowercase())
    }
    let order = if a.is_ascii() && b.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        a.bytes().map(lower).cmp(b.bytes().map(lower))
    } else {
        keys(a).cmp(keys(b))
    };
    order.then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_sort_without_case_or_accents() {
        let mut names = vec!["zebra", "Écologie", "apple", "Éa", "Apple", "eb", "Ångström"];
        names.sort_by(|a, b| titles(a, b));
        assert_eq!(names, ["Ångström", "Apple", "apple", "Éa", "eb", "Écologie", "zebra"]);
    }
}
