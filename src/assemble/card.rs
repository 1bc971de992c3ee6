//! Cards: the picture of each page that others show when somebody shares it.
//!
//! In: pages, the settings and the fingerprint of the template. Out: what each card says, and its
//! address, which changes with what it says. Draws nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::folder::Role;
use super::page::Entry;
use super::route::{Cause, Claim};
use super::section::Sections;
use super::{PageId, url};
use crate::config::{Config, Palette};
use crate::fingerprint::Fingerprint;
use crate::picture::letters;

/// Digits of a card's fingerprint in its name.
const DIGITS: usize = 8;

/// What a card says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Its address, without the base path.
    pub url: String,
    /// The page's title.
    pub title: String,
    /// The title of the section it lies in; empty for home and the sections right below it.
    pub section: String,
    /// The site's name.
    pub site: String,
    /// Where the site is: `example.com/careers`.
    pub host: String,
    /// The page's kind, as templates know it.
    pub kind: super::Kind,
    /// The theme's colours, by the names of their options.
    pub colours: BTreeMap<String, Palette>,
}

/// The card of each page whose title the font can write; `template` is none on a site without cards.
pub(super) fn cards(
    entries: &[Entry<'_>],
    sections: &Sections,
    config: &Config,
    template: Option<Fingerprint>,
) -> BTreeMap<PageId, Card> {
    let Some(template) = template else { return BTreeMap::new() };
    let base = &config.published_url;
    let origin = base.origin.split_once("://").map_or(&*base.origin, |(_, host)| host);
    let host = format!("{origin}{}", base.path.trim_end_matches('/'));
    let colours = config.colours();
    let card = |(id, entry): (PageId, &Entry<'_>)| {
        if matches!(entry.role, Role::NotFound | Role::Taxonomy) || !letters::covers(entry.title()) {
            return None;
        }
        let holder =
            sections.holding[id].filter(|section| *section != 0).map(|section| sections.all[section].page);
        let section =
            holder.map(|page| entries[page].title().to_owned()).filter(|title| letters::covers(title));
        let mut card = Card {
            url: String::new(),
            title: entry.title().to_owned(),
            section: section.unwrap_or_default(),
            site: if letters::covers(&config.title) { config.title.clone() } else { String::new() },
            host: host.clone(),
            kind: entry.kind,
            colours: colours.clone(),
        };
        let name = match entry.url.trim_matches('/') {
            "" => "home",
            path => path,
        };
        card.url = format!("/cards/{name}.{}.png", Fingerprint::of(&(template, &card)).short(DIGITS));
        (url::output_path(&card.url).len() <= LONGEST).then_some((id, card))
    };
    entries.iter().enumerate().filter_map(card).collect()
}

/// Longer paths cannot be stored everywhere.
const LONGEST: usize = 240;

/// The claims of all cards.
pub(super) fn claims(cards: &BTreeMap<PageId, Card>) -> impl Iterator<Item = Claim> {
    cards.iter().map(|(page, card)| Claim::new(card.url.clone(), Cause::Card(*page)))
}
