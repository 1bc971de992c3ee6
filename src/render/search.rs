//! What readers can search: each page as the search index reads it.
//!
//! In: the site. Out: small HTML documents with a page's title, its text and what it shows besides,
//! without navigation, promos, code and sources; and one fingerprint of all of them. Makes no index.

use std::fmt::Write as _;

use super::Context;
use super::fill::{self, Attribute, Furniture, LinkStyle, Text};
use crate::assemble::{Cause, Page, PageId, SEARCH_TEMPLATE};
use crate::fingerprint::Fingerprint;

/// Selectors of what is on a page but no part of what it says: code, marks of sources, lists of sources.
pub const LEFT_OUT: [&str; 4] = ["pre", ".sources", ".cite", ".visually-hidden"];

/// Ends of elements whose words do not run into those behind them.
const APART: [&str; 5] = ["</dt>", "</dd>", "</th>", "</summary>", "</figcaption>"];

/// One page, as the search index reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Site path without the base path: `/guides/nurse/`.
    pub url: String,
    /// A whole HTML document.
    pub html: String,
}

/// The pages that the site's search finds, by number: those with an address of their own that do not
/// say `search = false`.
#[must_use]
pub fn pages(context: &Context<'_>) -> Vec<PageId> {
    let site = context.site;
    let mut pages: Vec<PageId> = site
        .routes
        .values()
        .filter_map(|route| match route.cause {
            Cause::Page(id) => Some(id),
            _ => None,
        })
        .filter(|id| {
            site.pages.get(*id).is_some_and(|page| {
                page.front.search.unwrap_or(true) && page.template.as_deref() != Some(SEARCH_TEMPLATE)
            })
        })
        .collect();
    pages.sort_unstable_by(|a, b| site.pages[*a].url.cmp(&site.pages[*b].url));
    pages
}

/// Fingerprint of all that [`document`] reads of these pages.
#[must_use]
pub fn fingerprint(context: &Context<'_>, pages: &[PageId]) -> Fingerprint {
    let parts: Vec<Fingerprint> = pages
        .iter()
        .filter_map(|id| context.site.pages.get(*id))
        .map(|page| {
            let about = (&page.url, &*page.lang, &page.document.title, lead(page), section(context, page));
            Fingerprint::combine(&[
                Fingerprint::of(&about),
                fill::fingerprint(context, page, Furniture::Index),
            ])
        })
        .collect();
    Fingerprint::combine(&parts)
}

/// One page as the index reads it.
#[must_use]
pub fn document(context: &Context<'_>, id: PageId) -> Option<Indexed> {
    let page = context.site.pages.get(id)?;
    // Problems in components are told where the page itself is rendered.
    let filled = fill::fill(context, page, Furniture::Index, LinkStyle::Path);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<body>\n<h1>{}</h1>\n",
        Attribute(&page.lang),
        Text(&page.document.title)
    );
    // Writing to a string cannot fail.
    if let Some(section) = section(context, page) {
        let _ =
            writeln!(html, "<p data-pagefind-ignore data-pagefind-meta=\"section\">{}</p>", Text(section));
    }
    if let Some(lead) = lead(page) {
        let _ = writeln!(html, "<p data-pagefind-weight=\"2\">{}</p>", Text(lead));
    }
    html.push_str(&filled.html);
    // What data adds says the same on many pages, so that it counts less than what was written for one.
    for block in filled.blocks.values() {
        html.push_str("\n<div data-pagefind-weight=\"0.5\">\n");
        html.push_str(block);
        html.push_str("\n</div>");
    }
    for end in APART {
        html = html.replace(end, &format!("{end} "));
    }
    html.push_str("\n</body>\n</html>\n");
    Some(Indexed { url: page.url.clone(), html })
}

/// The line under the title, or what stands for it.
fn lead(page: &Page) -> Option<&str> {
    page.front.dek.as_deref().or(page.front.description.as_deref())
}

/// The section that lists the page, as a hint of what kind of page it is.
fn section<'a>(context: &Context<'a>, page: &Page) -> Option<&'a str> {
    let section = context.site.sections.get(page.section?)?;
    let above = context.site.pages.get(section.page)?;
    (section.parent.is_some()).then_some(&*above.document.title)
}
