//! Feeds: Atom (RFC 4287) through the theme's `atom.xml`, and JSON Feed 1.1.
//!
//! In: the site and what a feed lists. Out: a [`FeedView`] of the newest dated pages, then the feed
//! with their whole text and absolute URLs. Its dates come from content, never from the clock.

use std::cmp::Reverse;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::Context;
use super::fill::{self, Furniture, LinkStyle};
use super::view::{DateView, PageDates, Shared, people, terms, xml_text};
use crate::assemble::route::FeedOf;
use crate::assemble::{FeedKind, Page, PageId, State};
use crate::fingerprint::Fingerprint;

/// The template of Atom feeds.
pub(super) const TEMPLATE: &str = "atom.xml";

/// What a feed says, without the texts of its pages: `feed` in `atom.xml`.
#[derive(Debug, Clone, Serialize)]
pub struct FeedView {
    /// Its format.
    pub kind: FeedKind,
    /// Title of the feed.
    pub title: String,
    /// One or two sentences; may be empty.
    pub description: String,
    /// Absolute URL of the feed, which is its id.
    pub permalink: String,
    /// Absolute URL of the page it belongs to.
    pub home: String,
    /// BCP 47 tag.
    pub lang: String,
    /// RFC 3339: when its newest entry changed; 1970 when it has none.
    pub updated: String,
    /// Newest first.
    pub entries: Vec<EntryView>,
}

/// One entry: an element of `feed.entries`, with its text as `content` beside these.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Title of the page.
    pub title: String,
    /// Absolute URL, which is the entry's id.
    pub permalink: String,
    /// BCP 47 tag.
    pub lang: String,
    /// First published.
    pub published: Shared<DateView>,
    /// Last changed.
    pub updated: Shared<DateView>,
    /// One or two sentences.
    pub summary: Option<String>,
    /// Names.
    pub authors: Vec<String>,
    /// Names of its terms, of all taxonomies.
    pub terms: Vec<String>,
    /// Fingerprint of the text.
    pub text: Fingerprint,
    #[serde(skip)]
    source: PageId,
}

/// The view of one feed.
pub(super) fn view(context: &Context<'_>, kind: FeedKind, of: FeedOf, url: &str) -> FeedView {
    let Context { config, site, .. } = context;
    let (title, description, home) = match of {
        FeedOf::Site => (None, config.description.clone(), "/"),
        FeedOf::Section(section) => {
            let page = site.sections.get(section).and_then(|section| site.pages.get(section.page));
            let description = page.and_then(|page| page.front.description.clone());
            let title = page.map(|page| page.document.title.as_str());
            (title, description.unwrap_or_default(), page.map_or("/", |page| &page.url))
        }
        FeedOf::Term(taxonomy, term) => {
            let term = site.taxonomies.get(taxonomy).and_then(|index| index.terms.get(term));
            (term.map(|term| term.name.as_str()), String::new(), term.map_or("/", |term| &term.url))
        }
    };
    let title = title.map_or_else(|| config.title.clone(), |title| format!("{title} | {}", config.title));
    let mut pages: Vec<(PageId, &Page)> = listed(context, of);
    let order = |(_, page): &(PageId, &Page)| (Reverse(page.front.published), page.url.clone());
    pages.sort_by_cached_key(order);
    pages.truncate(config.feeds.limit);
    let entries: Vec<EntryView> = pages.iter().filter_map(|(id, page)| entry(context, *id, page)).collect();
    // Offsets differ between entries only by daylight saving, so the moments are compared.
    let updated = entries.iter().max_by_key(|entry| entry.updated.rfc3339.parse::<jiff::Timestamp>().ok());
    FeedView {
        kind,
        title: xml_text(&title),
        description: xml_text(&description),
        permalink: context.urls.absolute(url),
        home: context.urls.absolute(home),
        lang: config.lang.clone(),
        updated: updated.map_or("1970-01-01T00:00:00Z", |entry| &entry.updated.rfc3339).to_owned(),
        entries,
    }
}

/// The dated, published pages that a feed may list, in no order.
fn listed<'a>(context: &Context<'a>, of: FeedOf) -> Vec<(PageId, &'a Page)> {
    let site = context.site;
    let ids: Vec<PageId> = match of {
        FeedOf::Site => (0..site.pages.len()).collect(),
        FeedOf::Term(taxonomy, term) => {
            let term = site.taxonomies.get(taxonomy).and_then(|index| index.terms.get(term));
            term.map(|term| term.pages.clone()).unwrap_or_default()
        }
        FeedOf::Section(section) => {
            let mut ids = Vec::new();
            let mut open = vec![section];
            while let Some(section) = open.pop().and_then(|id| site.sections.get(id)) {
                ids.extend(&section.pages);
                open.extend(&section.subsections);
            }
            ids
        }
    };
    ids.into_iter()
        .filter_map(|id| Some((id, &**site.pages.get(id)?)))
        .filter(|(_, page)| {
            // Neither sections nor the not-found page.
            let article = page.section.is_some() && page.own_section.is_none();
            article && page.state == State::Published && page.front.published.is_some()
        })
        .collect()
}

fn entry(context: &Context<'_>, id: PageId, page: &Page) -> Option<EntryView> {
    let document = &page.document;
    let front = &page.front;
    let PageDates { published: Some(published), updated: Some(updated) } = context.page_dates(id) else {
        return None;
    };
    let card = context.card(id)?;
    Some(EntryView {
        title: xml_text(&document.title),
        permalink: context.urls.absolute(&page.url),
        lang: page.lang.to_string(),
        published,
        updated,
        summary: card.summary.as_deref().map(xml_text),
        authors: people(&page.career.authors, &front.authors)
            .iter()
            .map(|author| xml_text(&author.name))
            .collect(),
        terms: (0..page.terms.len())
            .flat_map(|taxonomy| terms(context, page, taxonomy))
            .map(|term| xml_text(&term.name))
            .collect(),
        text: fill::fingerprint(context, page, Furniture::Plain),
        source: id,
    })
}

impl FeedView {
    /// The pages whose texts it holds.
    pub(super) fn texts(&self) -> impl Iterator<Item = PageId> {
        self.entries.iter().map(|entry| entry.source)
    }

    /// `feed` as templates see it: every entry with its text.
    pub(super) fn with_texts(&self, context: &Context<'_>) -> tera::Value {
        let entries: Vec<Json> = self
            .entries
            .iter()
            .map(|entry| {
                json!({
                    "title": entry.title, "permalink": entry.permalink, "lang": entry.lang,
                    "published": entry.published, "updated": entry.updated, "summary": entry.summary,
                    "authors": entry.authors, "terms": entry.terms, "content": entry.html(context),
                })
            })
            .collect();
        tera::Value::from_serializable(&json!({
            "title": self.title, "description": self.description, "permalink": self.permalink,
            "home": self.home, "lang": self.lang, "updated": self.updated, "entries": entries,
        }))
    }

    /// The feed as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).
    pub(super) fn to_json(&self, context: &Context<'_>) -> Vec<u8> {
        let items: Vec<Json> = self.entries.iter().map(|entry| entry.to_json(context)).collect();
        let mut feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.home,
            "feed_url": self.permalink,
            "language": self.lang,
            "authors": [{ "name": context.config.title, "url": context.urls.absolute("/") }],
        });
        if let Some(fields) = feed.as_object_mut() {
            if !self.description.is_empty() {
                fields.insert("description".to_owned(), json!(self.description));
            }
            fields.insert("items".to_owned(), Json::Array(items));
        }
        let mut text = format!("{feed:#}");
        text.push('\n');
        text.into_bytes()
    }
}

impl EntryView {
    /// The page's text for readers elsewhere.
    fn html(&self, context: &Context<'_>) -> String {
        let Some(page) = context.site.pages.get(self.source) else { return String::new() };
        // Problems in components are told where the page itself is rendered.
        xml_text(&fill::fill(context, page, Furniture::Plain, LinkStyle::Absolute).html)
    }

    fn to_json(&self, context: &Context<'_>) -> Json {
        let mut item = json!({
            "id": self.permalink,
            "url": self.permalink,
            "title": self.title,
            "content_html": self.html(context),
            "date_published": self.published.rfc3339,
            "date_modified": self.updated.rfc3339,
            "language": self.lang,
        });
        if let Some(fields) = item.as_object_mut() {
            if let Some(summary) = &self.summary {
                fields.insert("summary".to_owned(), json!(summary));
            }
            if !self.authors.is_empty() {
                let authors: Vec<Json> = self.authors.iter().map(|name| json!({ "name": name })).collect();
                fields.insert("authors".to_owned(), Json::Array(authors));
            }
            if !self.terms.is_empty() {
                fields.insert("tags".to_owned(), json!(self.terms));
            }
        }
        item
    }
}
