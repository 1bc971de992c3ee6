//! What every directive, value, role link and citation of a page means.
//!
//! In: a page's calls as written, the [`Facts`], the pages there are and today's date. Out: a
//! [`Career`] of views for each page, with problems at the writer's lines. Writes no markup but the
//! elements of inline values, and knows no theme beyond the parameters of its components.
//!
//! - `spec` says which directives there are, `arguments` what a writer said in one; `desk` answers one page's
//!   calls in reading order
//! - `pay`, `role`, `learning`, `people`, `promo`, `text` and the others make the views, each of its own directives
//! - `value` finds `salary.nurse.median`; `claim` compares such values; `source` numbers sources

mod arguments;
mod chart;
mod claim;
mod desk;
mod glossary;
mod learning;
mod map;
mod outlook;
mod pages;
mod pathway;
mod pay;
mod pay_table;
mod people;
pub(super) mod promo;
mod quiz;
mod role;
mod similar;
mod source;
pub mod spec;
mod standing;
mod target;
#[cfg(test)]
mod tests;
mod text;
pub(super) mod title;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::PageId;
use super::facts::{Facts, Filed};
use super::folder::Role;
use super::page::Entry;
use super::promo::{Candidate, Placed};
use super::reference::Resolver;
use super::shown::{Career, Uses};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::memory::each;
use crate::parse::data::Figure;
use desk::Desk;
pub use spec::{Components, Parameter, ParameterKind, SPECS};

/// After how many days a figure is stale when its source sets no limit (CAREER-GUIDES 4.2).
const MAX_AGE_DAYS: u32 = 365;

/// What all pages are answered from.
pub(super) struct Shared<'s> {
    pub(super) facts: &'s Facts,
    pub(super) config: &'s Config,
    pub(super) components: &'s Components,
    pub(super) today: Date,
    pub(super) entries: &'s [Entry<'s>],
    pub(super) resolver: &'s Resolver<'s>,
    pub(super) related: &'s [Vec<PageId>],
    /// Pages by number of days since they were published, newest first.
    pub(super) recency: &'s [u32],
}

/// What data gives to the pages.
pub(super) struct Careers {
    /// One for each page, in their order.
    pub(super) pages: Vec<(Arc<Career>, Vec<Placed>)>,
    /// Which pages use which records.
    pub(super) uses: Uses,
}

/// Answers everything that the pages ask of the data.
pub(super) fn careers(shared: &Shared<'_>, found: &mut Vec<Diagnostic>) -> Careers {
    let pages = pages::Pages::new(shared);
    let candidates = promo::candidates(shared.facts);
    let mut careers = Careers { pages: Vec::with_capacity(shared.entries.len()), uses: Uses::new() };
    let mut stale = Stale::default();
    target::check(shared, found);
    let nothing = Arc::new(Career::default());
    let answers = each(
        shared.entries,
        || (),
        |(), id, entry| {
            let has_promos = !candidates.is_empty() || entry.front.promos.is_some();
            let asks = asks(entry);
            (asks || has_promos).then(|| answer(shared, &pages, id, &candidates, asks))
        },
    );
    for (entry, answer) in shared.entries.iter().zip(answers) {
        let Some(answer) = answer else {
            careers.pages.push((Arc::clone(&nothing), Vec::new()));
            continue;
        };
        found.extend(answer.found);
        for figure in answer.figures {
            stale.note(shared, figure, &entry.document.path);
        }
        for (kind, record) in answer.used {
            careers.uses.entry((kind, record.to_owned())).or_default().push(Arc::clone(&entry.document.path));
        }
        careers.pages.push((answer.career.unwrap_or_else(|| Arc::clone(&nothing)), answer.promos));
    }
    stale.report(shared, found);
    careers
}

/// What one page was answered.
struct Answer<'s> {
    career: Option<Arc<Career>>,
    promos: Vec<Placed>,
    figures: Vec<&'s Filed<Figure>>,
    used: BTreeSet<(&'static str, &'s str)>,
    found: Vec<Diagnostic>,
}

/// Places the promos of a page, and answers what it asks, if anything.
fn answer<'s>(
    shared: &'s Shared<'s>,
    pages: &'s pages::Pages<'s>,
    id: PageId,
    candidates: &[Candidate<'s>],
    asks: bool,
) -> Answer<'s> {
    let mut found = Vec::new();
    let mut desk = Desk::new(shared, pages, id, &mut found);
    desk.place_promos(candidates);
    let career = asks.then(|| Arc::new(desk.career()));
    let promos = desk.promos();
    let (figures, used) = (std::mem::take(&mut desk.figures), std::mem::take(&mut desk.used));
    Answer { career, promos, figures, used, found }
}

/// Whether a page has anything to ask; most pages of a large site do not.
fn asks(entry: &Entry<'_>) -> bool {
    let (document, front) = (&entry.document, &entry.front);
    let of_text = document.calls.is_empty()
        && document.values.is_empty()
        && document.mentions.is_empty()
        && document.abbreviations.is_empty()
        && entry.told.is_empty();
    let of_front = front.authors.is_empty()
        && front.reviewers.is_empty()
        && front.fact_checkers.is_empty()
        && front.claims.is_empty()
        && front.sources.is_empty()
        && front.role.is_none()
        && front.roles.is_empty()
        && front.image.is_none();
    let of_kind = pages::BLOCKS.iter().all(|(kind, _)| *kind != entry.kind);
    !(of_text && of_front && of_kind && entry.role != Role::Result)
}

/// A figure with the pages that show it.
type Shows<'s> = (&'s Filed<Figure>, BTreeSet<Arc<str>>);

/// Figures that have grown old, with the pages that show them.
#[derive(Default)]
struct Stale<'s> {
    /// By file and place in it.
    figures: BTreeMap<(&'s str, u32), Shows<'s>>,
}

impl<'s> Stale<'s> {
    fn note(&mut self, shared: &Shared<'s>, figure: &'s Filed<Figure>, page: &Arc<str>) {
        if is_stale(shared.facts, figure, shared.today).is_some() {
            let key = (&*figure.path, figure.span.start);
            self.figures.entry(key).or_insert((figure, BTreeSet::new())).1.insert(Arc::clone(page));
        }
    }

    /// A problem of the data file, since that is what has to be changed.
    fn report(self, shared: &Shared<'_>, found: &mut Vec<Diagnostic>) {
        for (figure, pages) in self.figures.into_values() {
            let Some((days, limit)) = is_stale(shared.facts, figure, shared.today) else { continue };
            let source = &figure.source.value;
            let as_of = figure.as_of.datetime();
            let published = shared.facts.sources.get(source).and_then(|source| source.published);
            let age = match published {
                Some(published) => format!("published on {}, {days} days ago", published.datetime()),
                None => format!("{days} days old"),
            };
            let message =
                format!("the figure is from {as_of} ({age}); the limit for `{source}` is {limit} days");
            let severity =
                if days > i64::from(limit) * 2 { Severity::Error } else { Code::SalaryStale.severity() };
            let mut stale =
                Diagnostic::new(Code::SalaryStale, Arc::clone(&figure.path), figure.span, message)
                    .severity(severity)
                    .help(format!(
                        "update `value` and `as_of`, or raise `max_age_days` of `{source}` in the sources"
                    ));
            stale.used_on(pages.iter());
            found.push(stale);
        }
    }
}

/// The age and the limit of a figure that is older than its source allows.
fn is_stale(facts: &Facts, figure: &Figure, today: Date) -> Option<(i64, u32)> {
    let age = facts.age(figure, today);
    let limit = age.limit.unwrap_or(MAX_AGE_DAYS);
    let days = i64::from(age.days);
    (days > i64::from(limit)).then_some((days, limit))
}
