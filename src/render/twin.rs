//! The Markdown twin of a page: what it says, for programs that read text.
//!
//! In: a page. Out: its view, then Markdown below a few lines of YAML. Directives are what they show: a
//! table, a list, a sentence; promos, contents lists and controls are left out.

mod markdown;
mod tree;

use std::fmt::Write as _;

use serde::Serialize;

use super::Context;
use super::fill::{self, Furniture, LinkStyle};
use super::view::people;
use crate::assemble::PageId;
use crate::fingerprint::Fingerprint;

/// What the twin of a page is made from.
#[derive(Debug, Clone, Serialize)]
pub struct TwinView {
    title: String,
    dek: Option<String>,
    description: Option<String>,
    /// Absolute.
    url: String,
    lang: String,
    published: Option<String>,
    updated: Option<String>,
    reviewed: Option<String>,
    authors: Vec<String>,
    /// Fingerprint of the text.
    text: Fingerprint,
    #[serde(skip)]
    source: PageId,
}

/// The view of a page's twin.
pub(super) fn view(context: &Context<'_>, id: PageId) -> Option<TwinView> {
    let page = context.site.pages.get(id)?;
    let front = &page.front;
    let date = |date| context.dates.view(date, &page.lang).iso;
    Some(TwinView {
        title: page.document.title.clone(),
        dek: front.dek.clone(),
        description: front.description.clone(),
        url: context.urls.absolute(&page.url),
        lang: page.lang.to_string(),
        published: front.published.map(date),
        updated: front.updated.map(date),
        reviewed: front.reviewed.map(date),
        authors: people(&page.career.authors, &front.authors).into_iter().map(|one| one.name).collect(),
        text: fill::fingerprint(context, page, Furniture::Whole),
        source: id,
    })
}

impl TwinView {
    /// The page whose text it holds.
    pub(super) fn source(&self) -> PageId {
        self.source
    }

    pub(super) fn to_text(&self, context: &Context<'_>) -> Vec<u8> {
        // A text of JSON is one of YAML too. Writing to a string cannot fail.
        let mut text = String::from("---\n");
        let mut say = |key: &str, value: &Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key}: {}", serde_json::Value::from(value.as_str()));
            }
        };
        say("title", &Some(self.title.clone()));
        say("description", &self.description);
        say("url", &Some(self.url.clone()));
        say("lang", &Some(self.lang.clone()));
        say("published", &self.published);
        say("updated", &self.updated);
        say("reviewed", &self.reviewed);
        if !self.authors.is_empty() {
            let _ = writeln!(text, "authors: {}", serde_json::Value::from(self.authors.as_slice()));
        }
        text.push_str("---\n");
        let mut html = format!("<h1>{}</h1>", fill::Text(&self.title));
        if let Some(dek) = &self.dek {
            let _ = write!(html, "<p>{}</p>", fill::Text(dek));
        }
        if let Some(page) = context.site.numbered(self.source) {
            // Problems in components are told where the page itself is rendered.
            let filled = fill::fill(context, page, Furniture::Whole, LinkStyle::Absolute);
            html.push_str(&filled.html);
            // In the order in which the page has them; what ends it comes last.
            let shown = page.career.blocks.iter().filter_map(|block| block.shown.component());
            let names = shown.map(|name| name.replace('-', "_")).chain(["end".to_owned()]);
            html.extend(names.filter_map(|name| filled.blocks.get(&name).map(String::as_str)));
        }
        let body = markdown::text(&tree::read(&html));
        let _ = writeln!(text, "\n{body}");
        text.into_bytes()
    }
}
