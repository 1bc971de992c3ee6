//! All documents to one [`Site`]: the linker of the build.
//!
//! In: every [`Document`], the [`Facts`], the settings and `today`. Out: pages with their URLs, sections,
//! taxonomies, resolved references and directives and the route table, and the problems found on the way.
//! Renders nothing and looks at no page's HTML.

pub mod call;
pub mod card;
mod claim;
pub mod contents;
pub mod facts;
mod folder;
pub mod format;
mod former;
mod kind;
mod made;
mod order;
mod page;
pub mod picture;
pub mod promo;
mod reference;
mod related;
mod renew;
pub mod route;
mod section;
pub mod shown;
mod state;
mod taxonomy;
#[cfg(test)]
mod tests;
pub mod url;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::{Config, Earners, Paid};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::memory::both;
use crate::parse::Document;
use crate::scan::{Asset, Visibility};
pub use call::{Components, Parameter, ParameterKind};
pub use claim::{SEARCH_INDEX, SEARCH_TEMPLATE, SITEMAP_LIMIT, list_pages};
use facts::Facts;
pub use former::Known;
pub use kind::Kind;
pub use page::Front;
pub use promo::Placed;
pub use reference::frame::Chosen;
pub use renew::{Change, renew};
pub use route::{Cause, FeedKind, FeedOf, Icon, Route, Routes};
pub use shown::Shown;
pub use state::State;

/// Index into [`Site::pages`].
pub type PageId = usize;
/// Index into [`Site::sections`].
pub type SectionId = usize;

/// The site, and the problems found while linking it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Usable even with problems: what could not be placed or resolved is left out.
    pub site: Site,
    /// In no particular order; a document's own are not among them.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a site is linked from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Sorted by path.
    pub documents: &'a [Arc<Document>],
    /// What the data files say.
    pub facts: &'a Facts,
    /// The theme's and the site's own directives, with their parameters.
    pub components: &'a Components,
    /// The settings.
    pub config: &'a Config,
    /// Files that are published as they are.
    pub assets: &'a [Asset],
    /// With `visibility`, decides which pages are built.
    pub today: jiff::civil::Date,
    /// Which unpublished pages are built all the same.
    pub visibility: Visibility,
    /// The stylesheet that the build makes, with its hash, when there is one.
    pub styles: Option<(Styles, Fingerprint)>,
    /// Smaller copies of pictures, by the index of their asset.
    pub pictures: &'a picture::Pictures,
    /// Hash of the template of cards, on a site that has them.
    pub card_template: Option<Fingerprint>,
    /// A site that was linked from documents with the same paths, and from the same in everything else
    /// here: what it led to need not be looked for again where it still is.
    pub former: Option<&'a Site>,
    /// What links led to when all that they depend on was the same, as an earlier process noted it.
    pub known: Option<&'a Known>,
}

/// What the stylesheet that the build makes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styles {
    /// The one of all pages: the theme's, the site's own additions, and code.
    Site,
    /// The one for code, under a theme that has no [`MAIN_STYLES`].
    Code,
}

/// A theme's stylesheet, by its name below `static/`.
pub const MAIN_STYLES: &str = "css/main.css";
/// The site's own additions to it.
pub const OWN_STYLES: &str = "css/site.css";
/// The stylesheet for code.
pub const CODE_STYLES: &str = "css/syntax.css";

/// Links all documents into a site.
#[must_use]
pub fn assemble(input: &Input<'_>) -> Outcome {
    let Input {
        documents,
        facts,
        components,
        config,
        assets,
        today,
        visibility,
        pictures,
        card_template,
        styles,
        former,
        known,
    } = *input;
    let mut found = Vec::new();
    let calendar = state::Calendar { today, visibility };
    let tree = folder::Tree::new(documents, config, calendar, &mut found);
    let page::Entries { pages: mut entries, hidden } =
        page::entries(documents, facts, &tree, config, calendar, &mut found);
    call::title::fill(&mut entries, facts, config, today, &mut found);
    let recency = order::recency(&entries);
    let (sections, (taxonomies, terms)) = both(
        || section::sections(&entries, &tree, config),
        || taxonomy::index(&entries, &recency, config, &mut found),
    );
    let series = section::series(&entries);
    let neighbours = section::neighbours(entries.len(), &sections, &series);
    let parts = parts(entries.len(), &series);
    let cards = card::cards(&entries, &sections, config, card_template);
    let claimants = claim::Claimants {
        entries: &entries,
        hidden: &hidden,
        tree: &tree,
        sections: &sections,
        taxonomies: &taxonomies,
        config,
        assets,
        styles,
        pictures,
        cards: &cards,
    };
    let claim::Settled { routes, files, theme_files, sitemap, search } = claimants.settle(&mut found);
    let shots = picture::Shots::new(pictures, assets, &files, config);
    let resolver = reference::Resolver::new(&entries, &hidden, &routes, (assets, &files, shots), config);
    let former = former.and_then(|site| former::Former::of(site, &entries, &routes));
    let known = known.filter(|known| known.is_of(&entries));
    let references = resolver.resolve(former, known, &mut found);
    let related = match known.and_then(Known::related) {
        Some(related) => related,
        None => related::related(&entries, &recency, &resolver, (&taxonomies, &terms), former, &mut found),
    };
    let nav = nav(&resolver, config, (&entries, &sections), &mut found);
    let theme = resolver.theme(config, &mut found);
    let shared = call::Shared {
        facts,
        config,
        components,
        today,
        entries: &entries,
        resolver: &resolver,
        related: &related,
        recency: &recency,
    };
    let call::Careers { pages: careers, uses } = call::careers(&shared, &mut found);
    let not_found = entries.iter().position(|entry| entry.role == folder::Role::NotFound);
    let links = neighbours.into_iter().zip(terms).zip(related).zip(references).zip(careers);
    let pages = entries
        .into_iter()
        .zip(links)
        .enumerate()
        .map(|(id, (entry, links))| Arc::new(linked(id, entry, links, (&sections, &parts))))
        .collect();
    let site = Site {
        pages,
        sections: sections.all.into(),
        series: series.into(),
        taxonomies: taxonomies.into(),
        routes: Arc::new(routes),
        nav,
        theme,
        not_found,
        theme_files,
        sitemap: sitemap.into(),
        search,
        cards: Arc::new(cards),
        uses: Arc::new(uses),
        paid: Arc::new(facts.paid()),
    };
    Outcome { site, diagnostics: found }
}

/// What is known of a page when everything is linked: its neighbours, terms, related pages and references, and
/// what data gives to it.
type Links = (
    ((((Option<PageId>, Option<PageId>), Vec<Vec<usize>>), Vec<PageId>), Arc<[Resolved]>),
    (Arc<shown::Career>, Vec<Placed>),
);

/// An entry with its links.
fn linked(
    id: PageId,
    entry: page::Entry<'_>,
    ((((neighbours, terms), related), resolved), (career, promos)): Links,
    (sections, parts): (&section::Sections, &[Option<(usize, usize)>]),
) -> Page {
    Page {
        template: entry.front.template.as_ref().map(|template| template.value.clone()),
        document: entry.document,
        front: entry.front,
        kind: entry.kind,
        url: entry.url,
        lang: entry.lang,
        generated: entry.made.is_some(),
        section: sections.holding[id],
        own_section: sections.own[id],
        state: entry.state,
        terms,
        previous: neighbours.0,
        next: neighbours.1,
        series: parts[id],
        related,
        resolved,
        career,
        promos,
    }
}

/// For each page its series and its place there.
fn parts(pages: usize, all: &[Series]) -> Vec<Option<(usize, usize)>> {
    let mut parts = vec![None; pages];
    for (number, series) in all.iter().enumerate() {
        series.pages.iter().enumerate().for_each(|(place, page)| parts[*page] = Some((number, place)));
    }
    parts
}

/// Title and address of each entry of the main navigation: as the settings name them, or each
/// section right below the home page.
fn nav(
    resolver: &reference::Resolver<'_>,
    config: &Config,
    (entries, sections): (&[page::Entry<'_>], &section::Sections),
    found: &mut Vec<Diagnostic>,
) -> Vec<(String, String)> {
    let mut nav = resolver.nav(config, found);
    if config.nav.is_empty() {
        let top = sections.all[0].subsections.iter().map(|section| &entries[sections.all[*section].page]);
        nav.extend(top.map(|entry| (entry.title().to_owned(), entry.url.clone())));
    }
    nav
}

/// The whole site, linked. Cheap to clone: what is large in it is shared.
#[derive(Debug, Clone)]
pub struct Site {
    /// Every page that is built, sections and home included, sorted by source path.
    pub pages: Vec<Arc<Page>>,
    /// Every section; the first is the home page's.
    pub sections: Arc<[Section]>,
    /// Every series, by title.
    pub series: Arc<[Series]>,
    /// One per declared taxonomy, in the order of the settings.
    pub taxonomies: Arc<[TaxonomyIndex]>,
    /// Everything that is written.
    pub routes: Arc<Routes>,
    /// Title and address of each entry of the main navigation: site paths, or absolute URLs. The
    /// top-level sections when the settings name none.
    pub nav: Vec<(String, String)>,
    /// What the theme lets the site choose, in the theme's order, and what it came to.
    pub theme: Vec<(String, Chosen)>,
    /// The page that `content/404.md` makes; it is in no section, list or feed.
    pub not_found: Option<PageId>,
    /// URLs of the theme's files by their names below its `static/` (`css/main.css`), stylesheets
    /// and scripts fingerprinted, or the site's own in their place; `css/syntax.css` colours code.
    pub theme_files: BTreeMap<String, String>,
    /// What sitemaps hold, by URL; part `n` of several holds the `n`-th [`SITEMAP_LIMIT`] of it.
    pub sitemap: Arc<[Listed]>,
    /// URL of the page to search the site from, when it can be searched.
    pub search: Option<String>,
    /// The cards of pages.
    pub cards: Arc<BTreeMap<PageId, card::Card>>,
    /// Pages by the records they use.
    pub uses: Arc<shown::Uses>,
    /// Addresses that earn money because the data says so.
    pub paid: Arc<Paid>,
}

impl Site {
    /// Which links earn money.
    #[must_use]
    pub fn earners<'a>(&'a self, config: &'a Config) -> Earners<'a> {
        Earners { affiliates: &config.checks.affiliates, paid: &self.paid }
    }

    /// The page with this number.
    #[must_use]
    pub fn numbered(&self, id: PageId) -> Option<&Page> {
        self.pages.get(id).map(|page| &**page)
    }
}

/// A URL that a sitemap holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// A page.
    Page(PageId),
    /// The list of a taxonomy's terms.
    Taxonomy(usize),
    /// A term: taxonomy and term index.
    Term(usize, usize),
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its source. A folder without `_index.md` has an empty one.
    pub document: Arc<Document>,
    /// Its front matter with what it inherits; read this, not the document's.
    pub front: Front,
    /// What it is.
    pub kind: Kind,
    /// Site path, percent-encoded, beginning with `/` and mostly ending with it, without the base
    /// path: `/guides/nurse/`.
    pub url: String,
    /// BCP 47 tag of its language.
    pub lang: Arc<str>,
    /// The template it asks for; else its kind decides.
    pub template: Option<String>,
    /// Whether nobody wrote it: a folder without `_index.md`, a record without a file, a quiz's result.
    pub generated: bool,
    /// The section it is listed in; `None` for the home page, the not-found page and the pages of
    /// taxonomies.
    pub section: Option<SectionId>,
    /// For a section's or the home page's own page: that section.
    pub own_section: Option<SectionId>,
    /// Why it is not published, when it is shown all the same.
    pub state: State,
    /// For each declared taxonomy, the terms it has, as indices into that taxonomy's terms.
    pub terms: Vec<Vec<usize>>,
    /// The page above it in its series, or in its section's list as readers see it.
    pub previous: Option<PageId>,
    /// The page below it there.
    pub next: Option<PageId>,
    /// Its series, as an index into those of the site, and its place there, from 0.
    pub series: Option<(usize, usize)>,
    /// Pages on the same subjects, nearest first.
    pub related: Vec<PageId>,
    /// What each of the document's references means, in the same order.
    pub resolved: Arc<[Resolved]>,
    /// What data gives to it: its directives, values, mentions and sources.
    pub career: Arc<shown::Career>,
    /// Promos placed by rule, in reading order.
    pub promos: Vec<Placed>,
}

impl Page {
    /// Whether it shows a list of its contents.
    fn has_contents(&self, toc: &crate::config::Toc) -> bool {
        contents::is_shown(&self.document, &self.front, toc)
    }
}

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolved {
    /// A site path with its query and fragment, without the base path: `/guides/nurse/#pay`.
    Internal(String),
    /// An image of this site that says how large it is; its address with the base path.
    Image(Box<shown::Image>),
    /// Something only the reader's browser resolves: a fragment or query of the same page.
    Fragment(String),
    /// An absolute address of another site.
    Outside,
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
    /// Sections directly below, by weight, then title.
    pub subsections: Vec<SectionId>,
    /// Its own pages, sorted, without its subsections.
    pub pages: Vec<PageId>,
    /// Pages in one list page; 0 is all.
    pub paginate_by: usize,
    /// Whether it has feeds of its own.
    pub feed: bool,
}

/// Pages that belong together, wherever they lie.
#[derive(Debug, Clone)]
pub struct Series {
    /// As its pages write it.
    pub title: String,
    /// By weight, then oldest first.
    pub pages: Vec<PageId>,
}

/// One taxonomy with the terms in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxonomyIndex {
    /// `/tags/`
    pub url: String,
    /// The `_index.md` at that address, with the text and title of the list; it is in no section.
    pub page: Option<PageId>,
    /// Terms sorted by name.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As the first page by path wrote it.
    pub name: String,
    /// `/tags/data/`
    pub url: String,
    /// Its pages, newest first.
    pub pages: Vec<PageId>,
}
