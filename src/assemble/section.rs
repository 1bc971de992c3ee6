//! Sections, the order of their pages, and each page's neighbours.
//!
//! In: pages and the tree of folders. Out: [`Sections`] and [`Neighbours`]. Makes no page and cuts
//! no list into list pages.

use std::collections::BTreeMap;

use super::folder::{FolderId, Role, Tree};
use super::order;
use super::page::Entry;
use super::{PageId, Section, SectionId, Series};
use crate::config::Config;
use crate::parse::front_matter::SortBy;

/// Every section, and which page belongs to which.
#[derive(Debug)]
pub(super) struct Sections {
    /// Sorted by folder; the first is the home page's.
    pub(super) all: Vec<Section>,
    /// For each page, the section it lies in, which lists it unless it is a quiz's result.
    pub(super) holding: Vec<Option<SectionId>>,
    /// For each page, the section it stands for.
    pub(super) own: Vec<Option<SectionId>>,
}

/// The page before and the page after, for each page.
pub(super) type Neighbours = Vec<(Option<PageId>, Option<PageId>)>;

/// Finds the sections: every folder with a page of its own kind, written or not.
pub(super) fn sections(entries: &[Entry<'_>], tree: &Tree<'_>, config: &Config) -> Sections {
    let mut page_of: Vec<Option<PageId>> = vec![None; tree.folders.len()];
    for (page, entry) in entries.iter().enumerate() {
        if entry.role == Role::Index {
            page_of[entry.folder] = Some(page);
        }
    }
    let mut section_of: Vec<Option<SectionId>> = vec![None; tree.folders.len()];
    let mut all: Vec<Section> = Vec::new();
    let mut own = vec![None; entries.len()];
    for (folder, page) in page_of.iter().enumerate() {
        let Some(page) = *page else { continue };
        let keys = &entries[page].front.section;
        section_of[folder] = Some(all.len());
        own[page] = Some(all.len());
        all.push(Section {
            page,
            parent: tree.folders[folder].parent.and_then(|outer| nearest(outer, tree, &section_of)),
            subsections: Vec::new(),
            pages: Vec::new(),
            paginate_by: keys.paginate_by.unwrap_or(0),
            feed: keys.feed.unwrap_or(config.feeds.sections),
        });
    }
    let holding: Vec<_> = entries
        .iter()
        .map(|entry| match entry.role {
            Role::NotFound | Role::Taxonomy => None,
            Role::Index => {
                tree.folders[entry.folder].parent.and_then(|outer| nearest(outer, tree, &section_of))
            }
            Role::Leaf | Role::Page | Role::Result => nearest(entry.folder, tree, &section_of),
        })
        .collect();
    for (page, section) in holding.iter().enumerate() {
        if entries[page].role == Role::Result {
            continue;
        }
        match (*section, own[page]) {
            (Some(_), None) if entries[page].role == Role::Result => {}
            (Some(section), None) => all[section].pages.push(page),
            (Some(section), Some(own)) => all[section].subsections.push(own),
            (None, _) => {}
        }
    }
    sort(&mut all, entries);
    Sections { all, holding, own }
}

fn nearest(folder: FolderId, tree: &Tree<'_>, section_of: &[Option<SectionId>]) -> Option<SectionId> {
    let mut up = Some(folder);
    while let Some(id) = up {
        if section_of[id].is_some() {
            return section_of[id];
        }
        up = tree.folders[id].parent;
    }
    None
}

fn sort(all: &mut [Section], entries: &[Entry<'_>]) {
    let pages: Vec<PageId> = all.iter().map(|section| section.page).collect();
    for section in all {
        let by = entries[section.page].front.section.sort_by.unwrap_or(SortBy::Date);
        order::sort(entries, by, &mut section.pages);
        let of = |section: &SectionId| order::Key::new(entries, SortBy::Weight, pages[*section]);
        section.subsections.sort_by_cached_key(of);
    }
}

/// The series that pages belong to, by title, each in its order.
pub(super) fn series(entries: &[Entry<'_>]) -> Vec<Series> {
    let mut all: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
    for (page, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.is_article()) {
        if let Some(title) = entry.front.series.as_deref() {
            all.entry(title.trim()).or_default().push(page);
        }
    }
    all.into_iter()
        .map(|(title, mut pages)| {
            pages.sort_unstable_by(|a, b| order::series(entries, *a, *b));
            Series { title: title.to_owned(), pages }
        })
        .collect()
}

/// Finds each page's neighbours: in its series when that has other pages, else in its section.
///
/// Previous and next are meant as a reader of the list sees them: the page above and the page
/// below. In a list that is newest first, previous is therefore the newer one.
pub(super) fn neighbours(pages: usize, sections: &Sections, all_series: &[Series]) -> Neighbours {
    let mut neighbours = vec![(None, None); pages];
    for section in &sections.all {
        chain(&section.pages, &mut neighbours);
    }
    for series in all_series.iter().filter(|series| series.pages.len() > 1) {
        chain(&series.pages, &mut neighbours);
    }
    neighbours
}

fn chain(pages: &[PageId], neighbours: &mut Neighbours) {
    for (at, page) in pages.iter().enumerate() {
        let previous = at.checked_sub(1).map(|before| pages[before]);
        neighbours[*page] = (previous, pages.get(at + 1).copied());
    }
}
