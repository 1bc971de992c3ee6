//! What is still as it was when a former site was linked.
//!
//! In: the former site, and the pages, addresses and terms of now. Out: what its pages led to, where
//! that can be told without looking for it again. Decides nothing that linking from nothing would not.

use std::sync::Arc;

use super::page::Entry;
use super::route::Routes;
use super::taxonomy::TermsOf;
use super::{Page, PageId, Resolved, Site, TaxonomyIndex};
use crate::config::Toc;

/// A site that was linked from documents with the same paths, and the same in everything else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Former<'a> {
    pages: &'a [Arc<Page>],
    site: &'a Site,
}

impl<'a> Former<'a> {
    /// The former site, if its pages are the ones of now, at the same addresses.
    pub(super) fn of(site: &'a Site, entries: &[Entry<'_>], routes: &Routes) -> Option<Self> {
        let former = Self { pages: &site.pages, site };
        let is_there = |(now, then): (&Entry<'_>, &Arc<Page>)| {
            now.url == then.url && now.document.path == then.document.path
        };
        let stay = entries.len() == site.pages.len() && entries.iter().zip(&site.pages).all(is_there);
        (stay && *routes == *site.routes).then_some(former)
    }

    /// Whether whatever led somewhere still leads there: every id of every page is where it was.
    pub(super) fn leads_there(self, entries: &[Entry<'_>], toc: &Toc) -> bool {
        let has_its_ids = |(now, then): (&Entry<'_>, &Arc<Page>)| {
            if Arc::ptr_eq(&now.document, &then.document) && now.front.is_own() && then.front.is_own() {
                return true;
            }
            let listed = now.has_contents(toc) == then.has_contents(toc);
            listed && now.document.ids == then.document.ids
        };
        entries.iter().zip(self.pages).all(has_its_ids)
    }

    /// What the references of a page mean, if its text is the same and none of them was broken.
    pub(super) fn references(self, page: PageId, entry: &Entry<'_>) -> Option<Arc<[Resolved]>> {
        let then = self.pages.get(page)?;
        let is_broken = |resolved: &Resolved| matches!(resolved, Resolved::Broken(_));
        let stays = Arc::ptr_eq(&then.document, &entry.document) && !then.resolved.iter().any(is_broken);
        stays.then(|| Arc::clone(&then.resolved))
    }

    /// The related pages of all, if each has its terms, its language and its date as it had them, and none
    /// names others itself.
    pub(super) fn related(
        self,
        entries: &[Entry<'_>],
        taxonomies: &[TaxonomyIndex],
        terms: &TermsOf,
    ) -> Option<Vec<Vec<PageId>>> {
        let is_alike = |(page, now): (PageId, &Entry<'_>)| {
            let then = &self.pages[page];
            now.front.related.is_empty()
                && then.front.related.is_empty()
                && now.front.published == then.front.published
                && now.lang == then.lang
                && terms[page] == then.terms
        };
        let alike = *taxonomies == *self.site.taxonomies && entries.iter().enumerate().all(is_alike);
        alike.then(|| self.pages.iter().map(|page| page.related.clone()).collect())
    }
}
