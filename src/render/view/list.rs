//! The views of pages that list others.
//!
//! In: a section, a taxonomy or a term, and the number of the list page. Out: an [`HtmlView`] with
//! its [`ListView`], bounded by the pagination that the settings ask for.

use super::page::{feeds, html_page, own_template, sourceless};
use super::{Card, HtmlView, LinkView, ListView, Paginator, SectionView};
use crate::assemble::route::FeedOf;
use crate::assemble::url::list_page;
use crate::assemble::{PageId, Section, SectionId, list_pages};
use crate::render::Context;
use crate::render::words::Part;

/// List page `number` (from 1) of a section; only the first shows the section's own text.
pub(in crate::render) fn page_of_section(
    context: &Context<'_>,
    id: SectionId,
    number: usize,
) -> Option<HtmlView> {
    let section = context.site.sections.get(id)?;
    let url = &context.site.pages.get(section.page)?.url;
    let slice = Slice::of(context, &section.pages, section.paginate_by, number, url);
    let list = ListView {
        pages: context.cards(slice.pages),
        sections: if number == 1 { sections_below(context, section) } else { Vec::new() },
        terms: Vec::new(),
        paginator: slice.paginator,
    };
    let mut view = html_page(context, section.page, Some(list))?;
    if number > 1 {
        view.content = None;
        view.page.toc = Vec::new();
        view.page.has_code = false;
        renumber(context, &mut view, url, number);
    }
    Some(view)
}

/// The list of a taxonomy's terms, below its own text where it has one.
pub(in crate::render) fn page_of_taxonomy(context: &Context<'_>, taxonomy: usize) -> Option<HtmlView> {
    const TEMPLATE: &str = "taxonomy.html";
    let settings = context.config.taxonomies.get(taxonomy)?;
    let index = context.site.taxonomies.get(taxonomy)?;
    let list = ListView {
        pages: Vec::new(),
        sections: Vec::new(),
        terms: index.terms.iter().map(|term| context.term_link(term)).collect(),
        paginator: None,
    };
    if let Some(id) = index.page {
        let mut view = html_page(context, id, Some(list))?;
        view.template = own_template(context, id, TEMPLATE);
        view.page.breadcrumbs.splice(0..0, home(context));
        return Some(view);
    }
    let page = sourceless(context, &settings.title, &index.url, home(context));
    Some(HtmlView { template: TEMPLATE.to_owned(), page, list: Some(list), content: None, source: None })
}

/// List page `number` (from 1) of a term.
pub(in crate::render) fn page_of_term(
    context: &Context<'_>,
    taxonomy: usize,
    term: usize,
    number: usize,
) -> Option<HtmlView> {
    let settings = context.config.taxonomies.get(taxonomy)?;
    let index = context.site.taxonomies.get(taxonomy)?;
    let of = FeedOf::Term(taxonomy, term);
    let term = index.terms.get(term)?;
    let slice = Slice::of(context, &term.pages, settings.paginate_by, number, &term.url);
    let list = ListView {
        pages: context.cards(slice.pages),
        sections: Vec::new(),
        terms: Vec::new(),
        paginator: slice.paginator,
    };
    let mut above = home(context);
    above.push(LinkView::plain(&settings.title, Some(context.urls.path(&index.url))).into());
    let mut page = sourceless(context, &term.name, &term.url, above);
    page.feeds = feeds(context, &term.name, of, &term.url);
    let mut view =
        HtmlView { template: "term.html".to_owned(), page, list: Some(list), content: None, source: None };
    if number > 1 {
        renumber(context, &mut view, &term.url, number);
    }
    Some(view)
}

fn home(context: &Context<'_>) -> Vec<Card> {
    context.section_link(0).into_iter().collect()
}

fn sections_below(context: &Context<'_>, section: &Section) -> Vec<SectionView> {
    section
        .subsections
        .iter()
        .filter_map(|id| {
            let below = context.site.sections.get(*id)?;
            let first = below.pages.get(..SectionView::LIMIT).unwrap_or(&below.pages);
            let link = LinkView { count: Some(below.pages.len()), ..context.card(below.page)? };
            Some(SectionView { link, pages: context.cards(first) })
        })
        .collect()
}

/// Gives a later list page its own address and title.
fn renumber(context: &Context<'_>, view: &mut HtmlView, first: &str, number: usize) {
    let url = list_page(first, number);
    let page = &mut view.page;
    page.url = context.urls.path(&url);
    page.permalink = context.urls.absolute(&url);
    page.canonical.clone_from(&page.permalink);
    let title = ("title", Part::Text(page.title.clone()));
    let number = ("number", Part::Number(i128::try_from(number).unwrap_or_default()));
    let title = context.language(&page.lang).words.plain("title_of_list_page", &[title, number]);
    page.head_title = format!("{title} | {}", context.config.title);
}

/// One list page's share of a list.
struct Slice<'a> {
    pages: &'a [PageId],
    paginator: Option<Paginator>,
}

impl<'a> Slice<'a> {
    fn of(context: &Context<'_>, all: &'a [PageId], by: usize, number: usize, first: &str) -> Self {
        let total = list_pages(all.len(), by);
        if total == 1 {
            return Self { pages: all, paginator: None };
        }
        let url = |number| context.urls.path(&list_page(first, number));
        let paginator = Paginator {
            number,
            total,
            first: url(1),
            last: url(total),
            previous: (number > 1).then(|| url(number - 1)),
            next: (number < total).then(|| url(number + 1)),
        };
        let pages = all.chunks(by).nth(number.saturating_sub(1)).unwrap_or_default();
        Self { pages, paginator: Some(paginator) }
    }
}
