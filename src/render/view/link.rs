//! Links to other pages: all that one page's view may hold of another.
//!
//! In: a page's or term's number. Out: a [`LinkView`], short (title and URL) or as a card (with
//! summary and dates). Never a body.

use super::{LinkView, PageDates};
use crate::assemble::{Page, PageId, Term};
use crate::render::Context;

impl LinkView {
    /// A link of a title and a URL alone.
    pub(in crate::render) fn plain(title: &str, url: Option<String>) -> Self {
        Self {
            title: title.to_owned(),
            url,
            permalink: None,
            summary: None,
            published: None,
            updated: None,
            kind: None,
            state: None,
            image: None,
            count: None,
        }
    }
}

impl Context<'_> {
    /// Title and URL: what breadcrumbs and the parts of a series show.
    pub(in crate::render) fn link(&self, id: PageId) -> Option<LinkView> {
        let page = self.site.pages.get(id)?;
        Some(LinkView {
            permalink: Some(self.urls.absolute(&page.url)),
            kind: Some(page.kind),
            state: Some(page.state),
            ..LinkView::plain(&page.document.title, Some(self.urls.path(&page.url)))
        })
    }

    /// With summary, dates and picture: what lists, neighbours and related pages show.
    pub(in crate::render) fn card(&self, id: PageId) -> Option<LinkView> {
        let page = self.site.pages.get(id)?;
        let PageDates { published, updated } = self.page_dates(id);
        Some(LinkView {
            summary: summary(page),
            published,
            updated,
            image: page.career.image.clone(),
            ..self.link(id)?
        })
    }

    /// A term with the number of its pages.
    pub(in crate::render) fn term_link(&self, term: &Term) -> LinkView {
        LinkView {
            permalink: Some(self.urls.absolute(&term.url)),
            count: Some(term.pages.len()),
            ..LinkView::plain(&term.name, Some(self.urls.path(&term.url)))
        }
    }
}

/// `summary`, else the takeaway, else the text before `<!-- more -->`, else `description`.
pub(super) fn summary(page: &Page) -> Option<String> {
    let document = &page.document;
    let summary = Some(&document.summary).filter(|summary| !summary.is_empty());
    summary.or(document.front.description.as_ref()).cloned()
}
