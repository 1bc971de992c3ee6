//! Cards: what lists and related pages show of a page.
//!
//! In: a page's number. Out: a [`Card`], made once for all pages that show it, as the value that
//! templates read. In a view it stands by its fingerprint.

use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use tera::Value;

use super::{LinkView, ListView, PageView};
use crate::assemble::PageId;
use crate::fingerprint::Fingerprint;
use crate::render::Context;

/// A [`LinkView`] with summary and dates, shared by all that show it.
#[derive(Debug, Clone)]
pub struct Card(Arc<Made>);

#[derive(Debug)]
struct Made {
    fingerprint: Fingerprint,
    value: Value,
}

impl Card {
    fn new(link: &LinkView) -> Self {
        let value = Value::from_serializable(link);
        Self(Arc::new(Made { fingerprint: Fingerprint::of(link), value }))
    }

    fn value(&self) -> Value {
        self.0.value.clone()
    }
}

impl PartialEq for Card {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl Eq for Card {}

/// As its fingerprint: views are serialised to be compared, and templates are handed the value.
impl Serialize for Card {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.fingerprint.serialize(serializer)
    }
}

/// The cards of a site's pages, each made when it is first shown.
#[derive(Debug)]
pub(in crate::render) struct Cards(Vec<OnceLock<Option<Card>>>);

impl Cards {
    /// Room for as many pages as a site has.
    pub(in crate::render) fn new(pages: usize) -> Self {
        Self(std::iter::repeat_with(OnceLock::new).take(pages).collect())
    }
}

impl Context<'_> {
    /// What lists and related pages show; a number that no page has is left out.
    pub(in crate::render) fn cards(&self, ids: &[PageId]) -> Vec<Card> {
        ids.iter().filter_map(|id| self.shared_card(*id)).collect()
    }

    fn shared_card(&self, id: PageId) -> Option<Card> {
        let place = self.cards.0.get(id)?;
        place.get_or_init(|| self.card(id).map(|link| Card::new(&link))).clone()
    }
}

impl PageView {
    /// `page` as templates read it.
    pub(in crate::render) fn to_value(&self) -> Value {
        with_cards(Value::from_serializable(self), "related", &self.related)
    }
}

impl ListView {
    /// `list` as templates read it.
    pub(in crate::render) fn to_value(&self) -> Value {
        let list = with_cards(Value::from_serializable(self), "pages", &self.pages);
        let sections = self
            .sections
            .iter()
            .map(|section| with_cards(Value::from_serializable(section), "pages", &section.pages))
            .collect::<Vec<_>>();
        with(list, "sections", Value::from(sections))
    }
}

/// A map with cards in the place of their fingerprints.
fn with_cards(map: Value, key: &'static str, cards: &[Card]) -> Value {
    with(map, key, Value::from(cards.iter().map(Card::value).collect::<Vec<_>>()))
}

/// A map with another value for a key that it has, in the same place.
fn with(map: Value, key: &'static str, value: Value) -> Value {
    let Some(mut map) = map.into_map() else { return value };
    map.insert(key.into(), value);
    Value::from(map)
}
