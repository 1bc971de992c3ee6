//! Cards: what pages show of each other.
//!
//! In: the number of a page or a term. Out: a [`Card`], made once for all pages that show it, with the
//! value that templates read. To be compared, it stands in a view by its fingerprint.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use tera::Value;

use super::LinkView;
use crate::assemble::{PageId, SectionId, Site};
use crate::fingerprint::Fingerprint;
use crate::render::Context;

/// A [`LinkView`], shared by all that show it.
#[derive(Debug, Clone)]
pub struct Card(Arc<Made>);

#[derive(Debug)]
struct Made {
    link: LinkView,
    fingerprint: OnceLock<Fingerprint>,
    value: OnceLock<Value>,
}

impl Card {
    fn fingerprint(&self) -> Fingerprint {
        *self.0.fingerprint.get_or_init(|| Fingerprint::of(&self.0.link))
    }

    fn value(&self) -> &Value {
        self.0.value.get_or_init(|| Value::from_serializable(&self.0.link))
    }
}

impl From<LinkView> for Card {
    fn from(link: LinkView) -> Self {
        Self(Arc::new(Made { link, fingerprint: OnceLock::new(), value: OnceLock::new() }))
    }
}

impl Deref for Card {
    type Target = LinkView;

    fn deref(&self) -> &LinkView {
        &self.0.link
    }
}

impl PartialEq for Card {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.link == other.0.link
    }
}

impl Eq for Card {}

/// As its fingerprint in the compact form that is compared; as the value that all share for templates, which
/// the engine takes over as it is.
impl Serialize for Card {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.value().serialize(serializer)
        } else {
            self.fingerprint().serialize(serializer)
        }
    }
}

/// The cards of a site's pages, sections and terms, each made when it is first shown.
#[derive(Debug)]
pub struct Cards {
    sections: Vec<OnceLock<Option<Card>>>,
    pages: Vec<OnceLock<Option<Card>>>,
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
        Self { sections: room(site.sections.len()), pages: room(site.pages.len()), terms }
    }
}

impl Context<'_> {
    /// What lists and related pages show; a number that no page has is left out.
    pub(in crate::render) fn cards(&self, ids: &[PageId]) -> Vec<Card> {
        let card =
            |id: &PageId| self.cards.pages.get(*id)?.get_or_init(|| self.card(*id).map(Card::from)).clone();
        ids.iter().filter_map(card).collect()
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
