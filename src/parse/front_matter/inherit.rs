//! What a page takes over from the defaults of its sections.
//!
//! In: a page's front matter and a section's `defaults`. Out: the front matter with what it did not
//! set itself. Knows no section: the caller goes from the nearest outwards.

use std::sync::Arc;

use super::FrontMatter;
use super::keys::KEYS;

impl FrontMatter {
    /// Fills what the page did not set from the defaults of a section above it. Call it for the
    /// nearest section first; what one gave, the next cannot change.
    ///
    /// These can be inherited: `type`, `template`, `authors`, `reviewers`, `lang`, `place`, `level`,
    /// `audience`, `image`, `toc`, `back_to_top`, `promos`, `noindex`, `search`, `sitemap`, each
    /// taxonomy by itself, and `extra`, by its top-level keys. Everything else is a page's own. A key
    /// that the page sets wins even when its value is empty (`authors = []`) or `false`.
    pub fn inherit(&mut self, defaults: &Self) {
        let mut taken = Vec::new();
        for key in KEYS {
            if let Some(copy) = key.inherit
                && defaults.keys.contains_key(key.name)
                && !self.keys.contains_key(key.name)
            {
                copy(self, defaults);
                taken.push(key.name);
            }
        }
        for (taxonomy, terms) in &defaults.taxonomies {
            if !self.keys.contains_key(taxonomy) {
                self.taxonomies.push((taxonomy.clone(), terms.clone()));
                taken.push(taxonomy);
            }
        }
        for key in &taken {
            if let Some(file) = defaults.origins.get(*key) {
                self.origins.insert((*key).to_owned(), Arc::clone(file));
            }
        }
        self.keys.extend(taken.into_iter().map(|name| (name.to_owned(), None)));
        for (name, value) in &defaults.extra {
            if !self.extra.contains_key(name) {
                self.extra.insert(name.clone(), value.clone());
            }
        }
    }

    /// Moves the keys whose meaning depends on the page's type: on a page of type `path`, a `path`
    /// without `/` is the id of a pathway; on one of type `author`, a lone author is the person
    /// shown. Reading and inheriting do this when they learn the type; call it when it is known by
    /// folder only.
    pub fn settle(&mut self, kind: &str) {
        match kind {
            "path" if self.path.as_ref().is_some_and(|path| !path.value.contains('/')) => {
                self.pathway = self.path.take();
            }
            "author" if self.person_id.is_none() && self.authors.len() == 1 => {
                self.person_id = self.authors.pop();
            }
            _ => {}
        }
    }
}

/// Takes over the type, which settles what other keys mean.
pub(super) fn kind(page: &mut FrontMatter, defaults: &FrontMatter) {
    page.kind.clone_from(&defaults.kind);
    if let Some(kind) = &defaults.kind {
        page.settle(&kind.value);
    }
}
