//! Published addresses that lead nowhere any more, and where they most likely lead now.
//!
//! In: the lock and the linked site. Out: what was lost, findings that say so with the line that mends
//! it, and the lock as it should be. Writes no file.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::lock::{self, Entry, Lock};
use super::{Shelf, key_span, name_of};
use crate::assemble::{Cause, Page, PageId, Resolved, Site};
use crate::diagnostic::{Code, Diagnostic};

/// Something that was published and is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss<'a> {
    /// A whole address.
    Url {
        /// What the lock has of it.
        entry: &'a Entry,
        /// The page that most likely took its place.
        likely: Option<Likely<PageId>>,
    },
    /// A heading's id on a page that is still there.
    Id {
        /// What the lock has of the page.
        entry: &'a Entry,
        /// The id.
        id: &'a str,
        /// The page.
        page: PageId,
        /// The index of the heading that most likely had it.
        likely: Option<Likely<usize>>,
    },
}

/// A guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likely<T> {
    /// What is guessed.
    pub what: T,
    /// Whether a program may act on it.
    pub sure: bool,
}

/// Every address that readers may keep, with the ids on it.
#[must_use]
pub fn published(site: &Site) -> BTreeMap<&str, Vec<&str>> {
    let entry = |route: &crate::assemble::Route| match route.cause {
        Cause::Page(id) => Some(site.numbered(id).map_or_else(Vec::new, ids)),
        Cause::Alias(_) | Cause::Taxonomy(_) | Cause::Term { number: 1, .. } | Cause::Feed(..) => {
            Some(Vec::new())
        }
        _ => None,
    };
    site.routes.values().filter_map(|route| Some((route.url.as_str(), entry(route)?))).collect()
}

fn ids(page: &Page) -> Vec<&str> {
    let headings = page.document.headings.iter();
    headings
        .flat_map(|heading| std::iter::once(&heading.id).chain(&heading.old))
        .map(String::as_str)
        .collect()
}

/// What of a lock is gone.
#[must_use]
pub fn losses<'a>(lock: &'a Lock, site: &'a Site) -> Vec<Loss<'a>> {
    let now = published(site);
    let pages: BTreeMap<&str, PageId> = site
        .routes
        .values()
        .filter_map(|route| match route.cause {
            Cause::Page(id) => Some((route.url.as_str(), id)),
            _ => None,
        })
        .collect();
    let mut losses = Vec::new();
    let mut newcomers: Option<Vec<PageId>> = None;
    for entry in &lock.entries {
        // What was written by hand without its last slash leads to the page all the same.
        let is_there = |url: &str| now.contains_key(url) || now.contains_key(format!("{url}/").as_str());
        if !is_there(&entry.url) {
            let newcomers = newcomers.get_or_insert_with(|| {
                let new = pages.iter().filter(|(url, _)| lock.get(url).is_none());
                new.map(|(_, id)| *id).filter(|id| !site.pages[*id].generated).collect()
            });
            let likely = successor(entry, site, newcomers).or_else(|| {
                // An address of earlier may be it as well, but then nobody can be sure.
                let known = (0..site.pages.len()).filter(|id| !site.pages[*id].generated);
                let guess = successor(entry, site, &known.collect::<Vec<_>>());
                guess.map(|guess| Likely { sure: false, ..guess })
            });
            losses.push(Loss::Url { entry, likely });
        } else if let Some(id) = pages.get(entry.url.as_str()) {
            losses.extend(lost_ids(entry, *id, &site.pages[*id]));
        }
    }
    losses
}

/// The last part of an address.
fn slug(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// All parts of an address but the last.
fn folder(url: &str) -> &str {
    url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The page that took the place of an address: one of the same name, else the one with most of its
/// sections, else one of a similar name.
fn successor(entry: &Entry, site: &Site, newcomers: &[PageId]) -> Option<Likely<PageId>> {
    let name = slug(&entry.url);
    let mut namesakes = newcomers.iter().filter(|id| slug(&site.pages[**id].url) == name);
    if let (Some(first), None) = (namesakes.next(), namesakes.next()) {
        return Some(Likely { what: *first, sure: true });
    }
    let shared = |id: &PageId| {
        let known: HashSet<&str> = ids(&site.pages[*id]).into_iter().collect();
        entry.ids.iter().filter(|id| known.contains(id.as_str())).count()
    };
    let best = newcomers.iter().map(|id| (shared(id), std::cmp::Reverse(*id))).max();
    if let Some((shared, std::cmp::Reverse(id))) = best.filter(|(shared, _)| *shared >= 2) {
        return Some(Likely { what: id, sure: shared * 2 >= entry.ids.len() });
    }
    // The only new page in the same folder, when the two have something in common.
    let mut beside = newcomers.iter().filter(|id| folder(&site.pages[**id].url) == folder(&entry.url));
    if let (Some(only), None) = (beside.next(), beside.next()) {
        let sure = shared(only) > 0 || alike(name, slug(&site.pages[*only].url)) >= 0.5;
        return Some(Likely { what: *only, sure });
    }
    let best = newcomers.iter().map(|id| (alike(name, slug(&site.pages[*id].url)), *id));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    best.filter(|(alike, _)| *alike >= 0.5).map(|(_, what)| Likely { what, sure: false })
}

/// Ids that a page had; each new heading stands in for one of them at most.
fn lost_ids<'a>(entry: &'a Entry, id: PageId, page: &'a Page) -> Vec<Loss<'a>> {
    let now: HashSet<&str> = ids(page).into_iter().collect();
    let missing: Vec<&String> = entry.ids.iter().filter(|id| !now.contains(id.as_str())).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let headings = page.document.headings.iter().enumerate();
    let mut new: Vec<(usize, &str)> = headings
        .filter(|(_, heading)| !entry.ids.contains(&heading.id))
        .map(|(at, heading)| (at, heading.id.as_str()))
        .collect();
    let only = missing.len() == 1 && new.len() == 1;
    missing
        .into_iter()
        .map(|lost| {
            let best = new
                .iter()
                .enumerate()
                .max_by(|(_, a), (_, b)| alike(lost, a.1).total_cmp(&alike(lost, b.1)).then(b.0.cmp(&a.0)));
            let best = best.map(|(place, (at, id))| (place, *at, alike(lost, id)));
            let likely = best.filter(|(_, _, alike)| only || *alike >= 0.5).map(|(place, what, _)| {
                new.remove(place);
                Likely { what, sure: true }
            });
            Loss::Id { entry, id: lost, page: id, likely }
        })
        .collect()
}

/// How alike two ids are, from 0 to 1: by their letters, or by the words they share.
fn alike(a: &str, b: &str) -> f64 {
    let words = |id: &str| id.split('-').map(str::to_owned).collect::<BTreeSet<_>>();
    let (one, other) = (words(a), words(b));
    let shared = one.intersection(&other).count();
    let smaller = one.len().min(other.len()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of words in a heading")]
    let by_words = shared as f64 / smaller as f64;
    strsim::normalized_damerau_levenshtein(a, b).max(if shared >= 2 { by_words } else { by_words * 0.6 })
}

/// Addresses and ids that were published and are gone (`url-gone`, `id-changed`).
pub(super) fn gone(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let Some(text) = shelf.lock else { return };
    let (lock, problems) = Lock::parse(text);
    found.extend(problems);
    found.extend(losses(&lock, shelf.site).iter().map(|loss| tell(loss, shelf.site)));
}

/// What was lost, in words.
#[must_use]
pub fn tell(loss: &Loss<'_>, site: &Site) -> Diagnostic {
    match loss {
        Loss::Url { entry: Entry { url, span, .. }, likely } => {
            let message = format!("`{url}` was published, and leads nowhere now");
            let found = Diagnostic::new(Code::UrlGone, lock::NAME, *span, message);
            let Some(page) = likely.map(|likely| &site.pages[likely.what]) else {
                return found.help(format!(
                    "add `{url}` to the `aliases` of the page that took its place, or give it up: `guidepost fix urls --forget {url}`"
                ));
            };
            let sure = likely.is_some_and(|likely| likely.sure);
            let by_itself = if sure { ", as `guidepost fix urls` does" } else { ", if it took its place" };
            found.help(format!("add `aliases: [{url}]` to `{}`{by_itself}", name_of(page))).related(
                page.document.path.clone(),
                key_span(page, "title"),
                "most likely it is here now",
            )
        }
        Loss::Id { entry: Entry { url, .. }, id, page, likely } => {
            let page = &site.pages[*page];
            let links = linked_from(site, url, id);
            let links = match links {
                0 => String::new(),
                1 => "; 1 page links to it".to_owned(),
                _ => format!("; {links} pages link to it"),
            };
            let message = format!("`#{id}` was published, and is not on this page now{links}");
            let heading = likely.and_then(|likely| page.document.headings.get(likely.what));
            let span = heading.map(|heading| heading.span).or(key_span(page, "title")).unwrap_or_default();
            let help = if heading.is_some() {
                format!("write `{{old=\"{id}\"}}` after this heading, as `guidepost fix urls` does")
            } else {
                format!(
                    "write `{{old=\"{id}\"}}` after the heading that took its place, or give it up: `guidepost fix urls --forget {url}#{id}`"
                )
            };
            Diagnostic::new(Code::IdChanged, page.document.path.clone(), span, message).help(help)
        }
    }
}

/// How many pages link to an id.
fn linked_from(site: &Site, url: &str, id: &str) -> usize {
    let target = format!("{url}#{id}");
    let here = format!("#{id}");
    let leads = |page: &Page| {
        page.document.references.iter().zip(&*page.resolved).any(|(written, resolved)| match resolved {
            Resolved::Internal(to) => *to == target,
            Resolved::Fragment(to) => page.url == url && *to == here,
            Resolved::Broken(_) => {
                let fragment = written.target.split_once('#').map(|(_, fragment)| fragment);
                fragment == Some(id) && {
                    let path = written.target.split('#').next().unwrap_or_default();
                    let name = path.trim_end_matches(".md").trim_end_matches("/index");
                    (name.is_empty() && page.url == url) || (!name.is_empty() && slug(name) == slug(url))
                }
            }
            Resolved::Outside | Resolved::Image(_) => false,
        })
    };
    site.pages.iter().filter(|page| leads(page)).count()
}

/// A change to a page's file that brings something back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// An alias of the page.
    Alias(String),
    /// An earlier id of a heading, by the heading's index.
    OldId(usize, String),
}

/// What there is to do about a lock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repair {
    /// By page.
    pub mends: BTreeMap<PageId, Vec<Mend>>,
    /// The lock afterwards.
    pub lock: Lock,
    /// How many addresses and ids are new in it.
    pub added: usize,
    /// What nobody can tell the new place of.
    pub left: Vec<Diagnostic>,
}

/// What brings lost addresses back, and the lock that holds afterwards. `forget` are addresses, or
/// addresses with `#id`, that are given up.
///
/// # Errors
/// The first of `forget` that the lock does not have.
pub fn repair(lock: &Lock, site: &Site, forget: &[String]) -> Result<Repair, String> {
    let mut lock = lock.clone();
    for wish in forget {
        let known = lock.entries.len() + lock.entries.iter().map(|entry| entry.ids.len()).sum::<usize>();
        match wish.split_once('#') {
            Some((url, id)) => {
                lock.entries
                    .iter_mut()
                    .filter(|entry| entry.url == url)
                    .for_each(|entry| entry.ids.retain(|known| known != id));
            }
            None => lock.entries.retain(|entry| entry.url != *wish),
        }
        if known == lock.entries.len() + lock.entries.iter().map(|entry| entry.ids.len()).sum::<usize>() {
            return Err(wish.clone());
        }
    }
    let mut repair = Repair::default();
    for loss in losses(&lock, site) {
        match &loss {
            Loss::Url { entry, likely: Some(Likely { what, sure: true }) } => {
                repair.mends.entry(*what).or_default().push(Mend::Alias(entry.url.clone()));
            }
            Loss::Id { id, page, likely: Some(Likely { what, sure: true }), .. } => {
                repair.mends.entry(*page).or_default().push(Mend::OldId(*what, (*id).to_owned()));
            }
            Loss::Url { .. } | Loss::Id { .. } => repair.left.push(tell(&loss, site)),
        }
    }
    let now = published(site);
    let mut entries: BTreeMap<String, Entry> =
        lock.entries.into_iter().map(|entry| (entry.url.clone(), entry)).collect();
    let forgotten: HashSet<&str> = forget.iter().map(String::as_str).collect();
    for (url, ids) in now {
        let entry = entries.entry(url.to_owned()).or_insert_with(|| {
            repair.added += 1;
            Entry { url: url.to_owned(), span: crate::diagnostic::Span::default(), ids: Vec::new() }
        });
        for id in ids {
            if !entry.ids.iter().any(|known| known == id)
                && !forgotten.contains(format!("{url}#{id}").as_str())
            {
                repair.added += 1;
                entry.ids.push(id.to_owned());
            }
        }
    }
    // What an alias covers is an address without sections of its own.
    let aliases = repair.mends.values().flatten().filter_map(|mend| match mend {
        Mend::Alias(url) => Some(url),
        Mend::OldId(..) => None,
    });
    let by_route = site.routes.values().filter(|route| matches!(route.cause, Cause::Alias(_)));
    for url in aliases.chain(by_route.map(|route| &route.url)) {
        if let Some(entry) = entries.get_mut(url) {
            entry.ids.clear();
        }
    }
    repair.lock = Lock { entries: entries.into_values().collect() };
    Ok(repair)
}
