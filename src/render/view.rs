//! The contract with themes: what a template is handed, and nothing else.
//!
//! In: the [`Site`](crate::assemble::Site). Out: views, which are bounded (links to other pages,
//! never their bodies) and whose serialised form is what is fingerprinted and, but for the cards
//! that pages share, what templates read. Renders nothing.

mod card;
mod date;
mod link;
mod list;
mod page;
mod site;
mod url;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::assemble::shown::{Author, Day, Image, QuizResult, RoleLink};
use crate::assemble::{Kind, PageId, State};
use crate::config::Extra;
use crate::fingerprint::Fingerprint;

pub(super) use card::PageDates;
pub use card::{Card, Cards, Shared};
pub(super) use date::Dates;
pub(super) use list::{page_of_section, page_of_taxonomy, page_of_term};
pub(super) use page::{html_page, not_found, people, search, terms};
pub use site::site_view;
pub(super) use url::{Urls, xml_text};

/// `site` in every template: the same value for all pages of a build.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// `title` of `site.toml`.
    pub title: String,
    /// `description` of `site.toml`; may be empty.
    pub description: String,
    /// URL path of the home page: `/`, or `/careers/` under a sub-path.
    pub url: String,
    /// Absolute URL of the home page.
    pub permalink: String,
    /// Main language.
    pub lang: String,
    /// `[[nav]]`, or the top-level sections.
    pub nav: Vec<LinkView>,
    /// URL paths of the theme's files by their name below `static/`, stylesheets and scripts with
    /// their fingerprints in the file name: `{{ site.assets["css/main.css"] }}`; `css/syntax.css`
    /// colours code.
    pub assets: BTreeMap<String, String>,
    /// URL path and media type of the site's feeds.
    pub feeds: Vec<FeedLink>,
    /// Taxonomies that have terms.
    pub taxonomies: Vec<LinkView>,
    /// How the site is searched; `None` when it is not.
    pub search: Option<SearchLink>,
    /// `[theme]`: what the theme lets the site choose; templates find it as `theme` too.
    pub theme: Extra,
    /// `[extra]`
    pub extra: Extra,
}

/// How the site is searched.
#[derive(Debug, Clone, Serialize)]
pub struct SearchLink {
    /// URL path of the page to search from; it takes what is looked for as `?q=`.
    pub url: String,
    /// URL path of the folder of the index.
    pub index: String,
}

/// A feed, for `<link rel="alternate">`.
#[derive(Debug, Clone, Serialize)]
pub struct FeedLink {
    /// Title of the feed.
    pub title: String,
    /// URL path.
    pub url: String,
    /// Media type.
    pub media_type: &'static str,
}

/// `page` in every HTML template.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// The `<h1>`.
    pub title: String,
    /// The `<title>`, with the site's name.
    pub head_title: String,
    /// Line under the title.
    pub dek: Option<String>,
    /// For search results.
    pub description: Option<String>,
    /// URL path with the base path.
    pub url: String,
    /// Absolute URL.
    pub permalink: String,
    /// Absolute canonical URL; another site's when the page says so.
    pub canonical: String,
    /// BCP 47 tag.
    pub lang: String,
    /// What the page is.
    pub kind: Kind,
    /// Whether and why it is unpublished.
    pub state: State,
    /// First published.
    pub published: Option<Shared<DateView>>,
    /// Last changed; `published` unless set.
    pub updated: Option<Shared<DateView>>,
    /// Last reviewed.
    pub reviewed: Option<DateView>,
    /// Who wrote it.
    pub authors: Vec<PersonView>,
    /// Who reviewed it.
    pub reviewers: Vec<PersonView>,
    /// Who checked its facts.
    pub fact_checkers: Vec<PersonView>,
    /// When the next review is due.
    pub review_by: Option<DateView>,
    /// When the sources of its figures were last read, on a page that nobody wrote.
    pub facts_read: Option<Day>,
    /// Boxes about those who wrote it.
    pub author_boxes: Vec<Author>,
    /// Whom an author's page is about, with their pages.
    pub person: Option<Author>,
    /// The role it is about.
    pub role: Option<RoleLink>,
    /// The result that a page of a quiz's results is made for.
    pub result: Option<QuizResult>,
    /// What was corrected, and when.
    pub corrections: Vec<CorrectionView>,
    /// `covers`
    pub covers: Vec<String>,
    /// `takeaways`
    pub takeaways: Vec<String>,
    /// Directives that it shows, in its text or besides, by name: which scripts it needs.
    pub components: Vec<String>,
    /// Its terms by taxonomy, as links.
    pub taxonomies: Vec<TaxonomyView>,
    /// From home to the parent, then the page itself with no URL.
    pub breadcrumbs: Vec<Card>,
    /// The page before it in its section.
    pub previous: Option<Card>,
    /// The page after it.
    pub next: Option<Card>,
    /// The series it belongs to, with its parts.
    pub series: Option<SeriesView>,
    /// Pages on the same subjects.
    pub related: Vec<Card>,
    /// Words.
    pub words: u32,
    /// Minutes to read, at least 1.
    pub reading_minutes: u32,
    /// `summary`, else the text before `<!-- more -->`, else `description`.
    pub summary: Option<String>,
    /// `image`: its picture, for the page, for lists and for sharing.
    pub image: Option<Arc<Image>>,
    /// The picture that others show when somebody shares the page.
    pub share_image: Option<ShareImage>,
    /// `level`
    pub level: Option<String>,
    /// Asks search engines not to list it.
    pub noindex: bool,
    /// Whether the site's search finds it.
    pub search: bool,
    /// Whether it holds highlighted code.
    pub has_code: bool,
    /// Headings as a nested list, to the page's depth.
    pub toc: Vec<TocEntry>,
    /// URL path of what it says as Markdown, when the site publishes that.
    pub markdown: Option<String>,
    /// Feeds of this section or term.
    pub feeds: Vec<FeedLink>,
    /// `[extra]`, with the section's defaults.
    pub extra: Extra,
}

/// A picture for other sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareImage {
    /// Absolute URL.
    pub url: String,
    /// In pixels, when known.
    pub width: Option<u32>,
    /// In pixels, when known.
    pub height: Option<u32>,
    /// What it shows; may be empty.
    pub alt: String,
}

/// A date in the forms templates need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// `2026-11-20`, or with a time `2026-11-20T09:00:00+01:00`: for `datetime` attributes.
    pub iso: String,
    /// RFC 3339 with a time, midnight in the site's zone when there was none: for feeds.
    pub rfc3339: String,
    /// In the page's language: `November 20, 2026`.
    pub text: String,
}

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// When it was made.
    pub date: DateView,
    /// What was wrong and what is right.
    pub text: String,
}

/// An author or reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// The name to print.
    pub name: String,
    /// URL path of the person's page.
    pub url: Option<String>,
}

/// A link to another page: what a page may know of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// The text.
    pub title: String,
    /// URL path; `None` is the page itself.
    pub url: Option<String>,
    /// Absolute URL.
    pub permalink: Option<String>,
    /// One or two sentences.
    pub summary: Option<String>,
    /// First published.
    pub published: Option<Shared<DateView>>,
    /// Last changed.
    pub updated: Option<Shared<DateView>>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Whether and why it is unpublished.
    pub state: Option<State>,
    /// Its picture.
    pub image: Option<Arc<Image>>,
    /// Number of pages behind it, for terms.
    pub count: Option<usize>,
}

/// The series that a page belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesView {
    /// Its name.
    pub title: String,
    /// Which part the page is, counted from 1.
    pub position: usize,
    /// How many parts there are.
    pub count: usize,
    /// Which part is the first of `pages`, counted from 1: for `<ol start>`.
    pub start: usize,
    /// The parts in their order, the page itself among them without a URL; of a series longer than
    /// [`SeriesView::LIMIT`] those around it.
    pub pages: Vec<LinkView>,
    /// The part before.
    pub previous: Option<LinkView>,
    /// The part after.
    pub next: Option<LinkView>,
}

impl SeriesView {
    /// Most parts that a page lists.
    pub const LIMIT: usize = 50;
}

/// The terms of one taxonomy on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaxonomyView {
    /// `tags`
    pub name: String,
    /// `Tags`
    pub title: String,
    /// Links to the terms.
    pub terms: Vec<Card>,
}

/// One line of a contents list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    /// Fragment without `#`.
    pub id: String,
    /// Inline HTML.
    pub html: String,
    /// Deeper headings.
    pub children: Vec<TocEntry>,
}

/// `list` in section, taxonomy and term templates.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// This list page's entries.
    pub pages: Vec<Card>,
    /// Sections below, each with its first pages; only on the first list page.
    pub sections: Vec<SectionView>,
    /// Terms, on a taxonomy's page.
    pub terms: Vec<LinkView>,
    /// Where this list page stands; `None` when all fit on one.
    pub paginator: Option<Paginator>,
}

/// A section as the list above it shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionView {
    /// The section's own page; `count` is the number of its pages.
    pub link: LinkView,
    /// Its first pages, at most [`SectionView::LIMIT`].
    pub pages: Vec<Card>,
}

impl SectionView {
    /// Most pages that a list shows of a section below it.
    pub const LIMIT: usize = 12;
}

/// Where a list page stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paginator {
    /// Counted from 1.
    pub number: usize,
    /// List pages in all.
    pub total: usize,
    /// URL path of the first list page.
    pub first: String,
    /// URL path of the last list page.
    pub last: String,
    /// URL path of the page before.
    pub previous: Option<String>,
    /// URL path of the page after.
    pub next: Option<String>,
}

/// The view of one route: all that its output depends on beside the theme and [`SiteView`].
#[derive(Debug, Clone, Serialize)]
pub enum View {
    /// A page rendered by a template.
    Html(Box<HtmlView>),
    /// A feed.
    Feed(Box<super::feed::FeedView>),
    /// A sitemap, or the list of several.
    Sitemap(super::sitemap::SitemapView),
    /// `robots.txt`: the absolute URL of the sitemap, if there is one.
    Robots(Option<String>),
    /// A page that sends readers on.
    Alias(AliasView),
    /// The stylesheet that the build makes.
    Styles(Fingerprint),
    /// The picture of a page for those who share it.
    Card(Box<super::card::CardView>),
    /// `_headers`
    Headers(super::host::HeadersView),
    /// `_redirects`
    Redirects(super::host::RedirectsView),
    /// `llms.txt`
    Llms(super::host::LlmsView),
    /// The Markdown twin of a page.
    Markdown(Box<super::twin::TwinView>),
}

impl View {
    /// The pages whose texts the output holds.
    #[must_use]
    pub fn texts(&self) -> Vec<PageId> {
        match self {
            Self::Html(html) => html.content.and(html.source).into_iter().collect(),
            Self::Feed(feed) => feed.texts().collect(),
            Self::Markdown(twin) => vec![twin.source()],
            _ => Vec::new(),
        }
    }
}

/// A page rendered by a template.
#[derive(Debug, Clone, Serialize)]
pub struct HtmlView {
    /// Name of the template.
    pub template: String,
    /// `page`
    pub page: PageView,
    /// `list`
    pub list: Option<ListView>,
    /// `content`: fingerprint of the body and of what fills its holes; `None` shows no text.
    pub content: Option<Fingerprint>,
    /// The page whose text and source this is; `None` for pages without a source. Not part of the
    /// fingerprint, since numbers of pages shift when one is added.
    #[serde(skip)]
    pub source: Option<PageId>,
}

/// A page that sends readers on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasView {
    /// Title of the page it leads to.
    pub title: String,
    /// Its URL path.
    pub url: String,
    /// Its absolute URL.
    pub permalink: String,
    /// Its language.
    pub lang: String,
}
