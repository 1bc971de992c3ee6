//! Sitemaps (<https://www.sitemaps.org/protocol.html>).
//!
//! In: the site and the number of the file. Out: a [`SitemapView`], then XML. `lastmod` comes from
//! content: what lists pages is as new as the newest of them. What is listed is `assemble`'s matter.

use std::fmt::Write as _;

use serde::Serialize;

use super::Context;
use crate::assemble::{Cause, Listed, Page, PageId, Route, SITEMAP_LIMIT, Section, State};
use crate::parse::front_matter::Date;

/// What one sitemap file lists.
#[derive(Debug, Clone, Serialize)]
pub enum SitemapView {
    /// Pages.
    Urls(Vec<SitemapEntry>),
    /// Other sitemap files.
    Index(Vec<SitemapEntry>),
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SitemapEntry {
    /// Absolute URL.
    pub url: String,
    /// RFC 3339 date, or date and time.
    pub updated: Option<String>,
}

/// The view of `sitemap.xml` (`number` 0) or of one part (from 1).
pub(super) fn view(context: &Context<'_>, number: usize) -> SitemapView {
    let listed = &context.site.sitemap;
    let entries =
        |listed: &[Listed]| SitemapView::Urls(listed.iter().filter_map(|one| entry(context, *one)).collect());
    if let Some(before) = number.checked_sub(1) {
        return entries(listed.chunks(SITEMAP_LIMIT).nth(before).unwrap_or_default());
    }
    if listed.len() <= SITEMAP_LIMIT {
        return entries(listed);
    }
    let parts = context.site.routes.values().filter(|route| matches!(route.cause, Cause::Sitemap(1..)));
    let part = |route: &Route| SitemapEntry { url: context.urls.absolute(&route.url), updated: None };
    SitemapView::Index(parts.map(part).collect())
}

fn entry(context: &Context<'_>, listed: Listed) -> Option<SitemapEntry> {
    let site = context.site;
    let (url, date) = match listed {
        Listed::Page(id) => {
            let page = site.pages.get(id)?;
            let section = page.own_section.and_then(|id| site.sections.get(id));
            let below = section.and_then(|section| newest(context, shown(context, section)));
            (&page.url, changed(page).max(below))
        }
        Listed::Taxonomy(id) => {
            let index = site.taxonomies.get(id)?;
            let own = index.page.and_then(|id| changed(site.pages.get(id)?));
            let below = newest(context, index.terms.iter().flat_map(|term| &term.pages).copied());
            (&index.url, own.max(below))
        }
        Listed::Term(taxonomy, term) => {
            let term = site.taxonomies.get(taxonomy)?.terms.get(term)?;
            (&term.url, newest(context, term.pages.iter().copied()))
        }
    };
    let updated = date.map(|date| match date.time {
        Some(_) => context.dates.rfc3339(date),
        None => date.date.to_string(),
    });
    Some(SitemapEntry { url: context.urls.absolute(url), updated })
}

fn changed(page: &Page) -> Option<Date> {
    page.front.updated.or(page.front.published)
}

/// The pages that a section's list shows: its own, and those directly below its subsections.
fn shown<'a>(context: &Context<'a>, section: &'a Section) -> impl Iterator<Item = PageId> + 'a {
    let sections = &context.site.sections;
    let below =
        section.subsections.iter().filter_map(|id| sections.get(*id)).flat_map(|section| &section.pages);
    section.pages.iter().chain(below).copied()
}

fn newest(context: &Context<'_>, pages: impl Iterator<Item = PageId>) -> Option<Date> {
    pages
        .filter_map(|id| context.site.pages.get(id))
        .filter(|page| page.state == State::Published)
        .filter_map(|page| changed(page))
        .max()
}

impl SitemapView {
    /// The file.
    pub(super) fn to_xml(&self) -> Vec<u8> {
        let (outer, inner, entries) = match self {
            Self::Urls(entries) => ("urlset", "url", entries),
            Self::Index(entries) => ("sitemapindex", "sitemap", entries),
        };
        let mut xml = String::with_capacity(entries.len() * 96 + 160);
        xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "<{outer} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        for entry in entries {
            // URLs are percent-encoded already: of XML's special characters only these two are left.
            let url = entry.url.replace('&', "&amp;").replace('\'', "&apos;");
            let _ = write!(xml, "<{inner}><loc>{url}</loc>");
            if let Some(updated) = &entry.updated {
                let _ = write!(xml, "<lastmod>{updated}</lastmod>");
            }
            let _ = writeln!(xml, "</{inner}>");
        }
        let _ = writeln!(xml, "</{outer}>");
        xml.into_bytes()
    }
}
