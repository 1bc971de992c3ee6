//! What is still as it was when a former site was linked.
//!
//! In: the former site, or what an earlier process noted of it, and the pages, addresses and terms of now. Out:
//! what its pages led to, where that can be told without looking for it again. Decides nothing that linking from
//! nothing would not.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

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

/// What the links of a site led to, for a later process. Whoever hands it back must know that everything that
/// linking sees is the same again, save the words of pages.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Known {
    /// What each page's references meant; nothing where one of them was broken.
    references: Vec<Option<Arc<[Resolved]>>>,
    /// The related pages of each, if no page names any itself.
    related: Option<Vec<Vec<PageId>>>,
    /// Documents with other words than those that they were linked with.
    #[serde(skip)]
    changed: HashSet<Arc<str>>,
}

impl Known {
    /// What there is to note of a site.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        let is_broken = |resolved: &Resolved| matches!(resolved, Resolved::Broken(_));
        let whole = |page: &Page| (!page.resolved.iter().any(is_broken)).then(|| Arc::clone(&page.resolved));
        let names_none = site.pages.iter().all(|page| page.front.related.is_empty());
        Self {
            references: site.pages.iter().map(|page| whole(page)).collect(),
            related: names_none.then(|| site.pages.iter().map(|page| page.related.clone()).collect()),
            changed: HashSet::new(),
        }
    }

    /// The same for documents of which these have other words by now.
    #[must_use]
    pub fn but_for(self, changed: HashSet<Arc<str>>) -> Self {
        Self { changed, ..self }
    }

    /// Whether it can be of these pages.
    pub(super) fn is_of(&self, entries: &[Entry<'_>]) -> bool {
        self.references.len() == entries.len()
            && self.related.as_ref().is_none_or(|related| related.len() == entries.len())
    }

    /// What the references of a page mean.
    pub(super) fn references(&self, page: PageId, entry: &Entry<'_>) -> Option<Arc<[Resolved]>> {
        let known = self.references.get(page)?.as_ref()?;
        (!self.changed.contains(&entry.document.path)).then(|| Arc::clone(known))
    }

    /// The related pages of all.
    pub(super) fn related(&self) -> Option<Vec<Vec<PageId>>> {
        self.related.clone()
    }
}
