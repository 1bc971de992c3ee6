//! Cards: what pages show of each other, and dates, which a page and its card show.
//!
//! In: the number of a page or a term. Out: a [`Shared`] view, made once for all pages that show it, with the
//! value that templates read. To be compared, it stands in a view by its fingerprint.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use tera::Value;

use super::{DateView, LinkView};
use crate::assemble::{PageId, SectionId, Site};
use crate::fingerprint::Fingerprint;
use crate::render::Context;

/// A view, shared by all that show it.
#[derive(Debug)]
pub struct Shared<T>(Arc<Made<T>>);

/// A link to another page, shared.
pub type Card = Shared<LinkView>;

#[derive(Debug)]
struct Made<T> {
    view: T,
    fingerprint: OnceLock<Fingerprint>,
    value: OnceLock<Value>,
}

impl<T: Serialize> Shared<T> {
    fn fingerprint(&self) -> Fingerprint {
        *self.0.fingerprint.get_or_init(|| Fingerprint::of(&self.0.view))
    }

    fn value(&self) -> &Value {
        self.0.value.get_or_init(|| Value::from_serializable(&self.0.view))
    }
}

impl<T> From<T> for Shared<T> {
    fn from(view: T) -> Self {
        Self(Arc::new(Made { view, fingerprint: OnceLock::new(), value: OnceLock::new() }))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.view
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.view == other.0.view
    }
}

impl<T: Eq> Eq for Shared<T> {}

/// As its fingerprint in the compact form that is compared; as the value that all share for templates, which
/// the engine takes over as it is.
impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.value().serialize(serializer)
        } else {
            self.fingerprint().serialize(serializer)
        }
    }
}

/// When a page appeared.
#[derive(Debug, Clone, Default)]
pub(in crate::render) struct PageDates {
    /// First published.
    pub(in crate::render) published: Option<Shared<DateView>>,
    /// Last changed, else the same.
    pub(in crate::render) updated: Option<Shared<DateView>>,
}

/// The cards of a site's pages, sections and terms, and the dates of its pages, each made when it is first
/// shown.
#[derive(Debug)]
pub struct Cards {
    sections: Vec<OnceLock<Option<Card>>>,
    pages: Vec<OnceLock<Option<Card>>>,
    dates: Vec<OnceLock<PageDates>>,
    terms: Vec<Vec<OnceLock<Card>>>,
}

impl Cards {
    /// Room for all of a site.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        fn room<T>(length: usize) -> Vec<OnceLock<T>> {
            std::iter::repeat_with(OnceLock::new).take(length).collect()
        }
        let terms = site.taxonomies.iter().map(|taxonomy| room(taxonomy.terms.len())).collect();
        let (sections, pages) = (site.sections.len(), site.pages.len());
        Self { sections: room(sections), pages: room(pages), dates: room(pages), terms }
    }
}

impl Context<'_> {
    /// What lists and related pages show; a number that no page has is left out.
    pub(in crate::render) fn cards(&self, ids: &[PageId]) -> Vec<Card> {
        ids.iter().filter_map(|id| self.shared_card(*id)).collect()
    }

    /// What lists show of one page, and its neighbours.
    pub(in crate::render) fn shared_card(&self, id: PageId) -> Option<Card> {
        self.cards.pages.get(id)?.get_or_init(|| self.card(id).map(Card::from)).clone()
    }

    /// When a page appeared; nothing of a number that no page has.
    pub(in crate::render) fn page_dates(&self, id: PageId) -> PageDates {
        let (Some(page), Some(dates)) = (self.site.pages.get(id), self.cards.dates.get(id)) else {
            return PageDates::default();
        };
        let made = || {
            let date = |date| Shared::from(self.dates.view(date, &page.lang));
            let (first, last) = (page.front.published, page.front.updated);
            let published = first.map(date);
            let updated = if last == first { None } else { last.map(date) };
            PageDates { updated: updated.or_else(|| published.clone()), published }
        };
        dates.get_or_init(made).clone()
    }

    /// What breadcrumbs show of the page that stands for a section.
    pub(in crate::render) fn section_link(&self, id: SectionId) -> Option<Card> {
        let page = self.site.sections.get(id)?.page;
        self.cards.sections.get(id)?.get_or_init(|| self.link(page).map(Card::from)).clone()
    }

    /// What a page shows of a term that it has.
    pub(in crate::render) fn shared_term(&self, taxonomy: usize, term: usize) -> Option<Card> {
        let known = self.site.taxonomies.get(taxonomy)?.terms.get(term)?;
        let link = || LinkView::plain(&known.name, Some(self.urls.path(&known.url)));
        Some(self.cards.terms.get(taxonomy)?.get(term)?.get_or_init(|| link().into()).clone())
    }
}
