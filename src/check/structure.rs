//! How pages hang together.
//!
//! In: the linked site. Out: findings at the top of a page's file. Whether a link leads anywhere is
//! found when the site is linked.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Shelf, at_key, name_of};
use crate::assemble::shown::Mention;
use crate::assemble::{Kind, Page, PageId, Resolved, Site};
use crate::diagnostic::{Code, Diagnostic};

/// Pages that nothing but menus and lists leads to (`orphan-page`).
pub(super) fn orphans(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let pages = &shelf.site.pages;
    let mut linked: HashSet<PageId> = HashSet::new();
    for (id, page) in pages.iter().enumerate() {
        linked.extend(page.related.iter().copied());
        linked.extend(targets(shelf, id, page));
    }
    for (id, page) in shelf.written().filter(|(id, page)| is_article(page) && !linked.contains(id)) {
        let near = neighbours(shelf, id, page);
        let help = if near.is_empty() {
            "link to it from a page about something near to it".to_owned()
        } else {
            format!("pages that could: {}", near.join(", "))
        };
        found.push(at_key(Code::OrphanPage, page, &["title"], "no other page links to this one").help(help));
    }
}

/// Guides with hardly a link to the rest of the site (`few-internal-links`).
pub(super) fn few_links(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let limit = shelf.config.checks.limits.internal_links;
    for (id, page) in shelf.written().filter(|(_, page)| page.kind == Kind::Guide) {
        let number = targets(shelf, id, page).len();
        if number < limit {
            let message = match number {
                0 => "this guide links to no other page".to_owned(),
                1 => "this guide links to 1 other page".to_owned(),
                _ => format!("this guide links to {number} other pages"),
            };
            let near = neighbours(shelf, id, page);
            let help = if near.is_empty() {
                "link to what a reader needs next".to_owned()
            } else {
                format!("near to it: {}", near.join(", "))
            };
            found.push(at_key(Code::FewInternalLinks, page, &["title"], message).help(help));
        }
    }
}

fn is_article(page: &Page) -> bool {
    matches!(page.kind, Kind::Guide | Kind::Role | Kind::Comparison | Kind::Path | Kind::Quiz | Kind::Story)
        && page.own_section.is_none()
        && page.career.result.is_none()
}

/// The other pages that a page's text and data lead to.
fn targets(shelf: &Shelf<'_>, id: PageId, page: &Page) -> BTreeSet<PageId> {
    let by_url = |url: &str| {
        let path = url.split(['#', '?']).next().unwrap_or(url);
        shelf.page_at(path)
    };
    let references = page.resolved.iter().filter_map(|reference| match reference {
        Resolved::Internal(url) => by_url(url),
        Resolved::Image(_) | Resolved::Fragment(_) | Resolved::Broken(_) | Resolved::Outside => None,
    });
    let mentions = page.career.mentions.iter().filter_map(|mention| match mention {
        Mention::Role(role) => role.url.as_deref().and_then(|url| by_url(shelf.below_base(url))),
        Mention::Citation(_) | Mention::Unknown(_) => None,
    });
    let of_data = shelf.by_use.get(&*page.document.path).into_iter().flatten().copied();
    references.chain(mentions).chain(of_data).filter(|target| *target != id).collect()
}

/// Pages on the same subjects that do not link to a page yet.
fn neighbours(shelf: &Shelf<'_>, id: PageId, page: &Page) -> Vec<String> {
    let of_terms = page.terms.iter().zip(&*shelf.site.taxonomies).flat_map(|(terms, taxonomy)| {
        terms.iter().filter_map(|term| taxonomy.terms.get(*term)).flat_map(|term| term.pages.iter().copied())
    });
    let section = page.section.and_then(|section| shelf.site.sections.get(section));
    let of_section = section.into_iter().flat_map(|section| section.pages.iter().copied());
    let mut near: Vec<PageId> = Vec::new();
    for other in page.related.iter().copied().chain(of_terms).chain(of_section) {
        if other != id && !near.contains(&other) {
            near.push(other);
        }
        if near.len() == 3 {
            break;
        }
    }
    near.into_iter()
        .filter_map(|other| shelf.site.pages.get(other))
        .map(|page| format!("`{}`", name_of(page)))
        .collect()
}

/// The pages of records, by the pages that show them: who shows a role's pay leads to the role.
pub(super) fn by_use(site: &Site) -> HashMap<&str, Vec<PageId>> {
    let mut owners: HashMap<(&str, &str), PageId> = HashMap::new();
    for (id, page) in site.pages.iter().enumerate() {
        if let (Kind::Role, Some(role)) = (page.kind, &page.career.role) {
            owners.insert(("roles", &role.id), id);
        }
        if let (Kind::Quiz, Some(quiz)) = (page.kind, &page.front.quiz) {
            owners.insert(("quizzes", &quiz.value), id);
        }
        if let (Kind::Path, Some(pathway)) = (page.kind, &page.front.pathway) {
            owners.insert(("paths", &pathway.value), id);
        }
    }
    let mut by_use: HashMap<&str, Vec<PageId>> = HashMap::new();
    for ((kind, record), pages) in &*site.uses {
        if let Some(owner) = owners.get(&(*kind, record.as_str())) {
            for page in pages {
                by_use.entry(page).or_default().push(*owner);
            }
        }
    }
    by_use
}
