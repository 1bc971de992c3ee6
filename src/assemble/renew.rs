//! A linked site with other words in it.
//!
//! In: an [`Outcome`], and new versions of documents that it was linked from. Out: what linking all of
//! them again comes to, where that can be told without doing it: when all that others see of these
//! documents is as it was ([`Document::face`]), and linking had nothing to say of them. Everything else
//! that a site is linked from must be the same; only whoever calls this knows.

use std::sync::Arc;

use super::call::promo::{Placing, candidates};
use super::facts::Facts;
use super::page::Front;
use super::promo::{Candidate, Copies, Place};
use super::{Outcome, Page};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::parse::Document;

/// A document before and after an edit.
pub type Change<'a> = (&'a Arc<Document>, &'a Arc<Document>);

/// The former outcome with the changed documents in place of the former ones. `None` when the site has
/// to be linked again.
#[must_use]
pub fn renew(
    former: &Outcome,
    changes: &[Change<'_>],
    facts: &Facts,
    (config, today): (&Config, jiff::civil::Date),
) -> Option<Outcome> {
    let is_named = |found: &Diagnostic| changes.iter().any(|(old, _)| names(found, &old.path));
    if former.diagnostics.iter().any(is_named) {
        return None;
    }
    let renewing = Renewing { config, today, candidates: candidates(facts) };
    let mut outcome = former.clone();
    for (old, new) in changes {
        if old.face() != new.face() {
            return None;
        }
        let pages = &mut outcome.site.pages;
        // A document that is left out has no page.
        if let Ok(id) = pages.binary_search_by(|page| page.document.path.cmp(&old.path)) {
            pages[id] = Arc::new(renewing.page(&pages[id], old, new)?);
        }
    }
    Some(outcome)
}

/// Whether a finding is in a file, or leads there.
fn names(found: &Diagnostic, path: &str) -> bool {
    *found.location.path == *path || found.related.iter().any(|(place, _)| *place.path == *path)
}

/// What the places of promos depend on, besides the page.
struct Renewing<'a> {
    config: &'a Config,
    today: jiff::civil::Date,
    candidates: Vec<Candidate<'a>>,
}

impl Renewing<'_> {
    /// A page with the words of another version of its document; `None` when these words decide more
    /// than what is read.
    fn page(&self, page: &Page, old: &Arc<Document>, new: &Arc<Document>) -> Option<Page> {
        // Values in its title have been filled in, or it is another page's document.
        if !Arc::ptr_eq(&page.document, old) {
            return None;
        }
        if old.words != new.words && new.counts_words() {
            return None;
        }
        let (before, after) = (self.copies(page, old), self.copies(page, new));
        let stay = before.wanted == after.wanted
            && before.copies.len() == after.copies.len()
            && before.copies.iter().zip(&after.copies).all(|(before, after)| {
                let moved = matches!((before.place, after.place), (Place::Hole(_), Place::Hole(_)));
                (before.id, before.number) == (after.id, after.number)
                    && (moved || before.place == after.place)
            });
        if !stay {
            return None;
        }
        let mut page = page.clone();
        let places = after.copies.iter().map(|copy| copy.place);
        let places = places.filter(|place| !matches!(place, Place::Call(_)));
        page.promos.iter_mut().zip(places).for_each(|(placed, place)| placed.place = place);
        if let Front::Own(document) = &mut page.front {
            *document = Arc::clone(new);
        }
        page.document = Arc::clone(new);
        Some(page)
    }

    fn copies(&self, page: &Page, document: &Document) -> Copies<'_> {
        if self.candidates.is_empty() {
            return Copies::default();
        }
        let (front, settings) = (&*page.front, &self.config.promos);
        Placing { document, front, kind: page.kind, settings, today: self.today }.copies(&self.candidates)
    }
}
