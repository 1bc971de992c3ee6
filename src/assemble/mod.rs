//! All documents to one [`Site`]: the linker of the build.
//!
//! In: every [`Document`], the settings and `today`. Out: pages with their URLs, sections,
//! taxonomies, resolved references and the route table, and the problems found on the way.
//! Renders nothing and looks at no page's HTML.

pub mod reference;
pub mod related;
pub mod route;
pub mod section;
pub mod taxonomy;
pub mod url;

use std::sync::Arc;

use serde::Serialize;

use crate::parse::Document;
pub use route::{Cause, FeedKind, Route, Routes};

/// Index into [`Site::pages`].
pub type PageId = usize;
/// Index into [`Site::sections`].
pub type SectionId = usize;

/// The whole site, linked.
#[derive(Debug, Clone)]
pub struct Site {
    /// Every page that is built, sections and home included, sorted by source path.
    pub pages: Vec<Page>,
    /// Every section; the first is the home page's.
    pub sections: Vec<Section>,
    /// One per declared taxonomy, in the order of the settings.
    pub taxonomies: Vec<TaxonomyIndex>,
    /// Everything that is written.
    pub routes: Routes,
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its source. A folder without `_index.md` has an empty one.
    pub document: Arc<Document>,
    /// What it is.
    pub kind: Kind,
    /// Site path, beginning and ending with `/`, without the base path: `/guides/nurse/`.
    pub url: String,
    /// BCP 47 tag of its language.
    pub lang: Arc<str>,
    /// The template it asks for.
    pub template: String,
    /// The section it is listed in; `None` for the home page.
    pub section: Option<SectionId>,
    /// For a section's or the home page's own page: that section.
    pub own_section: Option<SectionId>,
    /// Why it is not published, when it is shown all the same.
    pub state: State,
    /// For each declared taxonomy, the terms it has, as indices into that taxonomy's terms.
    pub terms: Vec<Vec<usize>>,
    /// The page before it in its section's order.
    pub previous: Option<PageId>,
    /// The page after it.
    pub next: Option<PageId>,
    /// Pages on the same subjects, nearest first.
    pub related: Vec<PageId>,
    /// What each of the document's references means, in the same order.
    pub resolved: Vec<Resolved>,
}

/// What a page is (CAREER-GUIDES 3.2); its default is set by folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The site's first page.
    Home,
    /// A list of pages.
    Section,
    /// A career guide.
    Guide,
    /// Profile of a role.
    Role,
    /// Roles side by side.
    Comparison,
    /// Steps towards a role.
    Path,
    /// A quiz.
    Quiz,
    /// Interview questions.
    Questions,
    /// A list of terms.
    Glossary,
    /// A person or team.
    Author,
    /// A list of courses.
    Courses,
    /// A case study.
    Story,
    /// Anything else.
    Page,
}

/// Whether and why a page is unpublished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is published.
    Published,
    /// `draft = true`
    Draft,
    /// `published` is after today.
    Future,
    /// `expires` is today or before.
    Expired,
}

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Resolved {
    /// A site path with its query and fragment, without the base path: `/guides/nurse/#pay`.
    Internal(String),
    /// Something only the reader's browser resolves: a fragment of the same page.
    Fragment(String),
    /// Nothing; the text stays as written, and the problem has been reported.
    Broken(String),
}

/// A folder of pages.
#[derive(Debug, Clone)]
pub struct Section {
    /// The page that stands for it.
    pub page: PageId,
    /// The section it lies in; `None` for home.
    pub parent: Option<SectionId>,
    /// Sections directly below, sorted as their pages are.
    pub subsections: Vec<SectionId>,
    /// Its own pages, sorted, without its subsections.
    pub pages: Vec<PageId>,
    /// Pages in one list page; 0 is all.
    pub paginate_by: usize,
    /// Whether it has feeds of its own.
    pub feed: bool,
}

/// One taxonomy with the terms in use.
#[derive(Debug, Clone)]
pub struct TaxonomyIndex {
    /// `/tags/`
    pub url: String,
    /// Terms sorted by name.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone)]
pub struct Term {
    /// As the first page by path wrote it.
    pub name: String,
    /// `/tags/data/`
    pub url: String,
    /// Its pages, newest first.
    pub pages: Vec<PageId>,
}
