//! The route table: every output path and its cause.
//!
//! In: causes with their paths. Out: [`Routes`] in which each path has one owner, and collisions
//! named as pairs. It is the render work list and what `write` compares the output folder with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PageId, SectionId};

/// Every output, by its path below the output folder: `guides/nurse/index.html`.
pub type Routes = BTreeMap<String, Route>;

/// One output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What it is asked for by: `/guides/nurse/`, `/atom.xml`.
    pub url: String,
    /// Why it exists.
    pub cause: Cause,
}

/// Why an output exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A page, the home page and first list pages included.
    Page(PageId),
    /// Page `number` (from 2) of a section's list.
    SectionPage {
        /// The section.
        section: SectionId,
        /// Counted from 1.
        number: usize,
    },
    /// The list of a taxonomy's terms.
    Taxonomy(usize),
    /// Page `number` (from 1) of a term's list.
    Term {
        /// Index of the taxonomy.
        taxonomy: usize,
        /// Index of the term.
        term: usize,
        /// Counted from 1.
        number: usize,
    },
    /// A feed.
    Feed(FeedKind, FeedOf),
    /// `sitemap.xml`, or part `n` (from 1) of one above 50,000 URLs; 0 is the only or the index file.
    Sitemap(usize),
    /// `robots.txt`
    Robots,
    /// `404.html`
    NotFound,
    /// A page that sends readers on to another's URL.
    Alias(PageId),
    /// A file published as it is: index into `Inputs::assets`.
    Asset(usize),
    /// The stylesheet for highlighted code.
    SyntaxStyles,
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedKind {
    /// RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

/// What a feed lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedOf {
    /// The newest pages of the site.
    Site,
    /// Of one section.
    Section(SectionId),
    /// Of one term: taxonomy and term index.
    Term(usize, usize),
}
