//! The view of one page.
//!
//! In: a page's number, or the few facts of a page that has no source. Out: its [`HtmlView`].

use std::collections::BTreeSet;

use super::link::summary;
use super::site::media_type;
use super::{
    Card, CorrectionView, FeedLink, HtmlView, LinkView, ListView, PageDates, PageView, PersonView,
    SeriesView, ShareImage, TaxonomyView,
};
use crate::assemble::route::FeedOf;
use crate::assemble::shown::{Author, Byline, Day, Image, Shown};
use crate::assemble::{FeedKind, Kind, Page, PageId, SEARCH_TEMPLATE, SectionId, State};
use crate::config::Extra;
use crate::parse::front_matter::Spanned;
use crate::picture::Format;
use crate::render::Context;
use crate::render::card;
use crate::render::fill::{self, Furniture};

/// Words a reader reads in a minute.
const WORDS_PER_MINUTE: u32 = 220;

/// The view of a page with its text.
pub(in crate::render) fn html_page(
    context: &Context<'_>,
    id: PageId,
    list: Option<ListView>,
) -> Option<HtmlView> {
    let page = context.site.pages.get(id)?;
    Some(HtmlView {
        template: template(context, page),
        page: page_view(context, page, id),
        list,
        content: Some(fill::fingerprint(context, page, Furniture::Article)),
        source: Some(id),
    })
}

/// The template a page asks for, else its kind's own (`role.html`) where the theme has one.
pub(super) fn template(context: &Context<'_>, page: &Page) -> String {
    if let Some(name) = &page.template {
        return name.clone();
    }
    let own = match page.kind {
        Kind::Home => "home.html",
        Kind::Section => "section.html",
        Kind::Guide => "guide.html",
        Kind::Role => "role.html",
        Kind::Comparison => "comparison.html",
        Kind::Path => "path.html",
        Kind::Quiz => "quiz.html",
        Kind::Questions => "questions.html",
        Kind::Glossary => "glossary.html",
        Kind::Author => "author.html",
        Kind::Courses => "courses.html",
        Kind::Story => "story.html",
        Kind::Page => "page.html",
    };
    let listed = page.own_section.is_some();
    match (context.theme.has(own), listed) {
        (true, _) => own.to_owned(),
        (false, true) => "section.html".to_owned(),
        (false, false) => "page.html".to_owned(),
    }
}

/// The template that a page asks for, else the given one.
pub(super) fn own_template(context: &Context<'_>, id: PageId, usual: &str) -> String {
    let own = context.site.pages.get(id).and_then(|page| page.template.as_deref());
    own.unwrap_or(usual).to_owned()
}

/// The view of `404.html`, with the text of `content/404.md` where there is one.
pub(in crate::render) fn not_found(context: &Context<'_>) -> HtmlView {
    const TEMPLATE: &str = "404.html";
    let own = context.site.not_found.and_then(|id| {
        let view = html_page(context, id, None)?;
        Some(HtmlView { template: own_template(context, id, TEMPLATE), ..view })
    });
    let mut view = own.unwrap_or_else(|| {
        let title = context.language(&context.config.lang).words.plain("page_not_found", &[]);
        let page = sourceless(context, &title, "/404.html", Vec::new());
        HtmlView { template: TEMPLATE.to_owned(), page, list: None, content: None, source: None }
    });
    view.page.noindex = true;
    view
}

/// The view of the page to search from, when no page of the site is that.
pub(in crate::render) fn search(context: &Context<'_>) -> HtmlView {
    let url = context.site.search.as_deref().unwrap_or("/search/");
    let home = context.section_link(0);
    let title = context.language(&context.config.lang).words.plain("search", &[]);
    let page = sourceless(context, &title, url, home.into_iter().collect());
    let page = PageView { noindex: true, ..page };
    HtmlView { template: SEARCH_TEMPLATE.to_owned(), page, list: None, content: None, source: None }
}

/// A page that stands for no source: a taxonomy, a term, the page for what is missing.
pub(super) fn sourceless(context: &Context<'_>, title: &str, url: &str, above: Vec<Card>) -> PageView {
    let config = context.config;
    let mut breadcrumbs = above;
    breadcrumbs.push(LinkView::plain(title, None).into());
    PageView {
        title: title.to_owned(),
        head_title: format!("{title} | {}", config.title),
        dek: None,
        description: None,
        url: context.urls.path(url),
        permalink: context.urls.absolute(url),
        canonical: context.urls.absolute(url),
        lang: config.lang.clone(),
        kind: Kind::Section,
        state: State::Published,
        published: None,
        updated: None,
        reviewed: None,
        authors: Vec::new(),
        reviewers: Vec::new(),
        fact_checkers: Vec::new(),
        review_by: None,
        facts_read: None,
        author_boxes: Vec::new(),
        person: None,
        role: None,
        result: None,
        corrections: Vec::new(),
        covers: Vec::new(),
        takeaways: Vec::new(),
        components: Vec::new(),
        taxonomies: Vec::new(),
        breadcrumbs,
        previous: None,
        next: None,
        series: None,
        related: Vec::new(),
        words: 0,
        reading_minutes: 1,
        summary: None,
        image: None,
        share_image: None,
        level: None,
        noindex: false,
        search: false,
        has_code: false,
        toc: Vec::new(),
        markdown: None,
        feeds: Vec::new(),
        extra: Extra::new(),
    }
}

fn page_view(context: &Context<'_>, page: &Page, id: PageId) -> PageView {
    let Context { config, urls, .. } = context;
    let document = &page.document;
    let front = &page.front;
    let date = |date| context.dates.view(date, &page.lang);
    let PageDates { published, updated } = context.page_dates(id);
    let home = Some(config.description.clone()).filter(|text| page.kind == Kind::Home && !text.is_empty());
    let permalink = urls.absolute(&page.url);
    PageView {
        title: document.title.clone(),
        head_title: head_title(page, &config.title),
        dek: front.dek.clone(),
        description: front.description.clone().or(home),
        url: urls.path(&page.url),
        canonical: front.canonical_url.clone().unwrap_or_else(|| permalink.clone()),
        permalink,
        lang: page.lang.to_string(),
        kind: page.kind,
        state: page.state,
        published,
        updated,
        reviewed: front.reviewed.map(date),
        authors: people(&page.career.authors, &front.authors),
        reviewers: people(&page.career.reviewers, &front.reviewers),
        fact_checkers: people(&page.career.fact_checkers, &front.fact_checkers),
        review_by: front.review_by.map(date),
        facts_read: facts_read(page),
        author_boxes: page.career.author_boxes.clone(),
        person: page.career.blocks.iter().find_map(|block| match &block.shown {
            Shown::Author(author) if page.kind == Kind::Author => Some(Author::clone(author)),
            _ => None,
        }),
        role: page.career.role.clone(),
        result: page.career.result.clone(),
        corrections: front
            .corrections
            .iter()
            .map(|correction| CorrectionView { date: date(correction.date), text: correction.text.clone() })
            .collect(),
        covers: front.covers.clone(),
        takeaways: front.takeaways.clone(),
        components: components(page),
        taxonomies: taxonomies(context, page),
        breadcrumbs: breadcrumbs(context, page),
        previous: page.previous.and_then(|id| context.shared_card(id)),
        next: page.next.and_then(|id| context.shared_card(id)),
        series: page.series.and_then(|(series, place)| series_view(context, series, place)),
        related: context.cards(&page.related),
        words: document.words,
        reading_minutes: document.words.div_ceil(WORDS_PER_MINUTE).max(1),
        summary: summary(page),
        image: page.career.image.clone(),
        share_image: share_image(context, page, id),
        level: front.level.clone(),
        noindex: front.noindex || page.state != State::Published,
        search: front.search.unwrap_or(true),
        has_code: document.has_code,
        toc: fill::toc_entries(page, config),
        markdown: context.twin(id, page).map(|url| urls.path(&url)),
        feeds: page.own_section.map(|section| section_feeds(context, page, section)).unwrap_or_default(),
        extra: front.extra.clone(),
    }
}

/// The page's own picture, when it is one that networks show; else its card.
fn share_image(context: &Context<'_>, page: &Page, id: PageId) -> Option<ShareImage> {
    let shown = |image: &&std::sync::Arc<Image>| {
        let kind = Format::of_name(image.url.split(['?', '#']).next().unwrap_or_default());
        !matches!(kind, Some(Format::Svg | Format::Avif))
    };
    if let Some(image) = page.career.image.as_ref().filter(shown) {
        let Image { width, height, alt, url, .. } = &**image;
        let is_own = url.starts_with('/') && !url.starts_with("//");
        let url = if is_own { [&*context.config.base_url.origin, url].concat() } else { url.clone() };
        return Some(ShareImage { url, width: *width, height: *height, alt: alt.clone() });
    }
    let card = context.site.cards.get(&id)?;
    let (width, height) = card::SIZE;
    let url = context.urls.absolute(&card.url);
    Some(ShareImage { url, width: Some(width), height: Some(height), alt: card.title.clone() })
}

/// The series with the part at `place`, from 0, as the page that is this part shows it.
fn series_view(context: &Context<'_>, series: usize, place: usize) -> Option<SeriesView> {
    let series = context.site.series.get(series)?;
    let count = series.pages.len();
    let first = place.saturating_sub(SeriesView::LIMIT / 2).min(count.saturating_sub(SeriesView::LIMIT));
    let part = |place: usize| context.link(*series.pages.get(place)?);
    let pages = (first..count.min(first + SeriesView::LIMIT))
        .filter_map(|other| {
            let link = part(other)?;
            Some(if other == place { LinkView { url: None, ..link } } else { link })
        })
        .collect();
    Some(SeriesView {
        title: series.title.clone(),
        position: place + 1,
        count,
        start: first + 1,
        pages,
        previous: place.checked_sub(1).and_then(part),
        next: part(place + 1),
    })
}

/// `seo_title` or `title`, then the site's name; the home page's is the site's name alone.
fn head_title(page: &Page, site: &str) -> String {
    match (&page.front.seo_title, page.kind) {
        (Some(title), Kind::Home) => title.clone(),
        (None, Kind::Home) => site.to_owned(),
        (Some(title), _) => format!("{title} | {site}"),
        (None, _) => format!("{} | {site}", page.document.title),
    }
}

/// People as their records name them; without records, what front matter says is the name.
pub(in crate::render) fn people(known: &[Byline], names: &[Spanned<String>]) -> Vec<PersonView> {
    if known.is_empty() {
        return names.iter().map(|name| PersonView { name: name.value.clone(), url: None }).collect();
    }
    known.iter().map(|person| PersonView { name: person.name.clone(), url: person.url.clone() }).collect()
}

/// The last day on which a source of the page was read, when data alone made it: that is as new as
/// what it says.
fn facts_read(page: &Page) -> Option<Day> {
    let read = page.career.sources.iter().filter_map(|source| source.retrieved.as_ref());
    read.filter(|_| page.generated).max_by(|a, b| a.iso.cmp(&b.iso)).cloned()
}

fn components(page: &Page) -> Vec<String> {
    let all = page.career.directives.iter().chain(&page.career.blocks);
    let names: BTreeSet<&str> = all.filter_map(|directive| directive.shown.component()).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn taxonomies(context: &Context<'_>, page: &Page) -> Vec<TaxonomyView> {
    (0..context.config.taxonomies.len())
        .filter_map(|taxonomy| {
            let settings = context.config.taxonomies.get(taxonomy)?;
            let terms: Vec<Card> = page
                .terms
                .get(taxonomy)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .filter_map(|term| context.shared_term(taxonomy, *term))
                .collect();
            (!terms.is_empty()).then(|| TaxonomyView {
                name: settings.name.clone(),
                title: settings.title.clone(),
                terms,
            })
        })
        .collect()
}

/// The terms that a page has in one taxonomy.
pub(in crate::render) fn terms<'a>(
    context: &Context<'a>,
    page: &'a Page,
    taxonomy: usize,
) -> impl Iterator<Item = &'a crate::assemble::Term> {
    let index = context.site.taxonomies.get(taxonomy);
    let numbers = page.terms.get(taxonomy).map_or(&[][..], Vec::as_slice);
    numbers.iter().filter_map(move |term| index?.terms.get(*term))
}

/// From home to the section that lists the page, then the page itself without a URL.
fn breadcrumbs(context: &Context<'_>, page: &Page) -> Vec<Card> {
    let mut trail = vec![LinkView::plain(&page.document.title, None).into()];
    let mut above = page.section;
    while let Some((id, section)) = above.and_then(|id| Some((id, context.site.sections.get(id)?))) {
        trail.extend(context.section_link(id));
        // Sections nest finitely; the bound keeps a wrong link between them from hanging a build.
        above = section.parent.filter(|_| trail.len() <= context.site.sections.len() + 1);
    }
    trail.reverse();
    trail
}

fn section_feeds(context: &Context<'_>, page: &Page, section: SectionId) -> Vec<FeedLink> {
    if page.kind == Kind::Home {
        return Vec::new();
    }
    feeds(context, &page.document.title, FeedOf::Section(section), &page.url)
}

/// The feeds below a URL that the route table knows.
pub(super) fn feeds(context: &Context<'_>, title: &str, of: FeedOf, url: &str) -> Vec<FeedLink> {
    [(FeedKind::Atom, "atom.xml"), (FeedKind::Json, "feed.json")]
        .into_iter()
        .filter_map(|(kind, file)| {
            let path = format!("{}{file}", url.strip_prefix('/').unwrap_or(url));
            let route = context.site.routes.get(&path)?;
            (route.cause == crate::assemble::Cause::Feed(kind, of)).then(|| FeedLink {
                title: format!("{title} | {}", context.config.title),
                url: context.urls.path(&route.url),
                media_type: media_type(kind),
            })
        })
        .collect()
}
