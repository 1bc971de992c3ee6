//! Looking up pay.
//!
//! In: every figure. Out: the one asked for, or those that may stand side by side. A mean never
//! stands for a median, nor an hour's pay for a year's, nor one source's number among another's.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Facts, Filed};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::data::{AsOf, Figure, Period, Statistic};

/// All figures, by role and place.
#[derive(Debug, Clone, Default)]
pub struct Salaries {
    /// Sorted by period (the longest first), level and statistic; of several, the newest first.
    by_role: BTreeMap<String, BTreeMap<String, Vec<Filed<Figure>>>>,
}

/// Figures that may stand side by side: of one source, date, level, period and currency.
#[derive(Debug, Clone)]
pub struct Distribution<'f> {
    /// What the pay is for.
    pub period: Period,
    /// Of whom.
    pub level: &'f str,
    /// ISO 4217 code.
    pub currency: &'f str,
    /// A source's id.
    pub source: &'f str,
    /// Of when.
    pub as_of: AsOf,
    /// What is published; any may be missing.
    pub figures: BTreeMap<Statistic, &'f Filed<Figure>>,
}

/// How old a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Days since its source was published, or else since the end of what it is of. Below zero: not yet.
    pub days: i32,
    /// After how many days it is stale, when its source says so.
    pub limit: Option<u32>,
}

impl Salaries {
    /// Figures of a role in a place, in the order of [`Salaries::by_role`].
    fn of(&self, role: &str, place: &str) -> &[Filed<Figure>] {
        self.by_role.get(role).and_then(|places| places.get(place)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes a figure; [`Salaries::settle`] must follow.
    pub(super) fn add(&mut self, path: &Arc<str>, figure: &Arc<Figure>) {
        let places = self.by_role.entry(figure.role.value.clone()).or_default();
        let filed = Filed { path: Arc::clone(path), record: Arc::clone(figure) };
        places.entry(figure.place.value.clone()).or_default().push(filed);
    }

    /// Sorts all figures, and reports those that say one thing twice.
    pub(super) fn settle(&mut self, found: &mut Vec<Diagnostic>) {
        for figures in self.by_role.values_mut().flat_map(BTreeMap::values_mut) {
            // Stable, so that the first by file and row stays first.
            figures.sort_by(|a, b| slot(a).cmp(&slot(b)).then(b.as_of.date.cmp(&a.as_of.date)));
            let mut first: Option<Filed<Figure>> = None;
            figures.retain(|figure| {
                let Some(known) = first.as_ref().filter(|first| is_same(first, figure)) else {
                    first = Some(figure.clone());
                    return true;
                };
                let message = format!(
                    "a second {} per {} for `{}` in `{}`, as of {}",
                    figure.statistic.word(),
                    figure.period.word(),
                    figure.role.value,
                    figure.place.value,
                    figure.as_of.datetime(),
                );
                found.push(
                    Diagnostic::new(Code::DataDuplicateId, figure.path.clone(), figure.span, message)
                        .help("keep one of the two, or give them different levels")
                        .related(known.path.clone(), known.span, "the first"),
                );
                false
            });
        }
    }

    /// Every figure.
    pub fn iter(&self) -> impl Iterator<Item = &Filed<Figure>> {
        self.by_role.values().flat_map(BTreeMap::values).flatten()
    }
}

/// What a figure is of, its date aside.
fn slot(figure: &Figure) -> (Period, &str, Statistic) {
    (figure.period, &figure.level, figure.statistic)
}

fn is_same(one: &Figure, other: &Figure) -> bool {
    slot(one) == slot(other) && one.as_of.date == other.as_of.date
}

impl Facts {
    /// The newest figure of a statistic and level (`all`), for the longest period that has one:
    /// hourly pay only where there is no yearly.
    #[must_use]
    pub fn salary(
        &self,
        role: &str,
        place: &str,
        statistic: Statistic,
        level: &str,
    ) -> Option<&Filed<Figure>> {
        let wanted = |figure: &&Filed<Figure>| figure.statistic == statistic && figure.level == level;
        self.salaries.of(role, place).iter().find(wanted)
    }

    /// The same for one period.
    #[must_use]
    pub fn salary_per(
        &self,
        period: Period,
        role: &str,
        place: &str,
        statistic: Statistic,
        level: &str,
    ) -> Option<&Filed<Figure>> {
        let wanted = |figure: &&Filed<Figure>| slot(figure) == (period, level, statistic);
        self.salaries.of(role, place).iter().find(wanted)
    }

    /// All figures of a role in a place, as sets that may stand side by side: by period, then level,
    /// then the newest first, then source.
    #[must_use]
    pub fn figures(&self, role: &str, place: &str) -> Vec<Distribution<'_>> {
        let mut sets: BTreeMap<_, Distribution<'_>> = BTreeMap::new();
        for figure in self.salaries.of(role, place) {
            let newest_first = std::cmp::Reverse(figure.as_of);
            let (level, source) = (figure.level.as_str(), figure.source.value.as_str());
            let key = (figure.period, level, newest_first, source, figure.currency.as_str());
            let set = sets.entry(key).or_insert_with(|| Distribution {
                period: figure.period,
                level,
                currency: &figure.currency,
                source,
                as_of: figure.as_of,
                figures: BTreeMap::new(),
            });
            set.figures.insert(figure.statistic, figure);
        }
        sets.into_values().collect()
    }

    /// The places that a role has figures for, by name.
    pub fn salary_places(&self, role: &str) -> impl Iterator<Item = &str> {
        self.salaries.by_role.get(role).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// How old a figure is. A yearly statistic is a year behind when it is published, so its age
    /// counts from there when that is known (CAREER-GUIDES 4.2, `salary-stale`).
    #[must_use]
    pub fn age(&self, figure: &Figure, today: Date) -> Age {
        let source = self.sources.get(&figure.source.value);
        let since = source.and_then(|source| source.published).unwrap_or(figure.as_of).date;
        let days = since.until(today).map_or(i32::MAX, |span| span.get_days());
        Age { days, limit: source.and_then(|source| source.max_age_days) }
    }
}
