//! Which pages a page's reader may want next.
//!
//! In: pages and their terms. Out: up to five pages for each, nearest first: those it names itself,
//! then those that share the rarest terms with it. The work for a page is bounded, so that the whole
//! stays linear in the number of pages.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::former::Former;
use super::page::Entry;
use super::reference::Resolver;
use super::taxonomy::TermsOf;
use super::{PageId, TaxonomyIndex};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::memory::each;
use crate::parse::front_matter::Spanned;

/// Pages suggested for each page.
const WANTED: usize = 5;
/// A term that more pages share than this, and than one page in ten, says nothing about any of them.
const COMMON: usize = 50;
/// Pages looked at for one page; the rarest terms come first, and of each term its newest pages.
const LOOKED_AT: usize = 256;
/// Pages looked at for a term even when rarer ones have used up the rest.
const LEAST: usize = 16;

/// Finds the related pages of every page.
pub(super) fn related(
    entries: &[Entry<'_>],
    recency: &[u32],
    resolver: &Resolver<'_>,
    terms: (&[TaxonomyIndex], &TermsOf),
    former: Option<Former<'_>>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Vec<PageId>> {
    let (taxonomies, terms_of) = terms;
    if let Some(related) = former.and_then(|former| former.related(entries, taxonomies, terms_of)) {
        return related;
    }
    let named = named(entries, resolver, found);
    let articles = Articles::new(entries, recency);
    let scratch = || Scores { of: vec![0; entries.len()], touched: Vec::new(), articles: &articles };
    each(&named, scratch, |scores, page, named| {
        let mut chosen = named.clone();
        if entries[page].is_article() && chosen.len() < WANTED {
            scores.collect(page, taxonomies, &terms_of[page]);
            scores.take_best(&mut chosen);
        }
        chosen
    })
}

/// The pages that each page names itself.
fn named(entries: &[Entry<'_>], resolver: &Resolver<'_>, found: &mut Vec<Diagnostic>) -> Vec<Vec<PageId>> {
    let names = Names::new(entries);
    let mut all = vec![Vec::new(); entries.len()];
    for (page, chosen) in all.iter_mut().enumerate() {
        for written in &entries[page].front.related {
            match names.find(page, written, entries, resolver) {
                Ok(other) if other == page || chosen.contains(&other) => {}
                Ok(other) => chosen.push(other),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
    }
    all
}

/// Which pages are articles, in what language, and how recent. What the inner loop reads is kept in
/// plain numbers, side by side.
struct Articles<'r> {
    /// Number of each article's language; [`NO_ARTICLE`] for other pages.
    language: Vec<u16>,
    recency: &'r [u32],
    count: usize,
}

/// How much each page shares with the one in hand.
struct Scores<'a> {
    of: Vec<u32>,
    touched: Vec<PageId>,
    articles: &'a Articles<'a>,
}

/// In the place of a language.
const NO_ARTICLE: u16 = u16::MAX;

impl<'r> Articles<'r> {
    fn new(entries: &[Entry<'_>], recency: &'r [u32]) -> Self {
        let mut tags: Vec<&str> = Vec::new();
        let mut number = |lang| {
            let known = tags.iter().position(|tag| *tag == lang).unwrap_or_else(|| {
                tags.push(lang);
                tags.len() - 1
            });
            u16::try_from(known).unwrap_or(NO_ARTICLE - 1)
        };
        let language: Vec<u16> = entries
            .iter()
            .map(|entry| if entry.is_article() { number(&*entry.lang) } else { NO_ARTICLE })
            .collect();
        let count = language.iter().filter(|language| **language != NO_ARTICLE).count();
        Self { language, recency, count }
    }
}

impl Scores<'_> {
    fn collect(&mut self, page: PageId, taxonomies: &[TaxonomyIndex], terms: &[Vec<usize>]) {
        let Articles { language, count, .. } = self.articles;
        let mut shared: Vec<&[PageId]> = terms
            .iter()
            .zip(taxonomies)
            .flat_map(|(terms, taxonomy)| terms.iter().map(|term| taxonomy.terms[*term].pages.as_slice()))
            .filter(|pages| pages.len() > 1 && (pages.len() <= COMMON || pages.len() * 10 <= *count))
            .collect();
        shared.sort_by_key(|pages| pages.len());
        let mut left = LOOKED_AT;
        for pages in shared {
            let weight = rarity(pages.len(), *count);
            let looked_at = pages.len().min(left.max(LEAST));
            left = left.saturating_sub(looked_at);
            for other in &pages[..looked_at] {
                if language[*other] == language[page] && *other != page {
                    if self.of[*other] == 0 {
                        self.touched.push(*other);
                    }
                    self.of[*other] += weight;
                }
            }
        }
    }

    /// Moves the best into `chosen`: highest score, then newest, then first by path.
    fn take_best(&mut self, chosen: &mut Vec<PageId>) {
        let wanted = WANTED - chosen.len();
        let named = chosen.len();
        let mut best: Vec<(Reverse<u32>, u32, PageId)> = Vec::with_capacity(wanted + 1);
        for page in self.touched.drain(..) {
            let rank = (Reverse(std::mem::take(&mut self.of[page])), self.articles.recency[page], page);
            let is_worse = best.last().is_some_and(|worst| best.len() == wanted && *worst < rank);
            if is_worse || chosen[..named].contains(&page) {
                continue;
            }
            best.insert(best.partition_point(|other| *other < rank), rank);
            best.truncate(wanted);
        }
        chosen.extend(best.into_iter().map(|(.., page)| page));
    }
}

/// Weight of a term that `pages` of `all` have: its inverse document frequency, in thousandths, so
/// that sums are the same on every machine.
fn rarity(pages: usize, all: usize) -> u32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of pages stay far below 2^52")]
    let ratio = (all + 1) as f64 / pages as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a logarithm of at least 1 and at most 64"
    )]
    let weight = ((1.0 + ratio.max(1.0).ln()) * 1000.0).round() as u32;
    weight
}

/// Articles by the last part of their URL, made only when some page names others.
struct Names<'a>(HashMap<&'a str, Vec<PageId>>);

impl<'a> Names<'a> {
    fn new(entries: &'a [Entry<'_>]) -> Self {
        let mut names: HashMap<&str, Vec<PageId>> = HashMap::new();
        if entries.iter().any(|entry| !entry.front.related.is_empty()) {
            for (page, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.is_article()) {
                names.entry(last_part(&entry.url)).or_default().push(page);
            }
        }
        Self(names)
    }

    /// The page that `related` names by path (`../roles/nurse.md`, `@/roles/nurse.md`, `/roles/nurse/`,
    /// `roles/nurse`) or by the last part of its URL (`nurse`).
    fn find(
        &self,
        page: PageId,
        written: &Spanned<String>,
        entries: &[Entry<'_>],
        resolver: &Resolver<'_>,
    ) -> Result<PageId, Box<Diagnostic>> {
        let entry = &entries[page];
        let problem = |message: String, help: String| {
            Box::new(
                Diagnostic::new(Code::LinkBroken, entry.document.path.clone(), written.span, message)
                    .help(help),
            )
        };
        let id = written.value.as_str();
        let named = self.0.get(id).map_or(&[][..], Vec::as_slice);
        let beside =
            || named.iter().copied().find(|other| *other != page && entries[*other].folder == entry.folder);
        match named {
            [only] => return Ok(*only),
            [] => {}
            several => {
                return beside().ok_or_else(|| {
                    let paths = several.iter().map(|other| {
                        let path = &*entries[*other].document.path;
                        format!("`@/{}`", path.strip_prefix("content/").unwrap_or(path))
                    });
                    problem(
                        format!("`{id}` names {} pages", several.len()),
                        format!("write one of {}", paths.collect::<Vec<_>>().join(", ")),
                    )
                });
            }
        }
        if let Some(other) = resolver.page(entry, id) {
            return Ok(other);
        }
        if let Some(state) = resolver.unpublished(entry, id) {
            return Err(problem(
                format!("the related page `{id}` {state}"),
                "take it out, or publish that page".into(),
            ));
        }
        let nearest = if resolver.may_suggest() { near(id, self.0.keys().copied()) } else { None };
        let help = nearest.map_or_else(
            || {
                "name a page by its file, such as `@/guides/nurse.md`, or by the last part of its address"
                    .to_owned()
            },
            |name| format!("did you mean `{name}`?"),
        );
        Err(problem(format!("no page is called `{id}`"), help))
    }
}

fn last_part(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    url.rsplit('/').next().unwrap_or_default()
}
