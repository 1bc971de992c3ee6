//! Pay in a sentence: `salary`, and what charts and tables of pay share.
//!
//! In: checked arguments. Out: views in which a mean never stands beside a median, nor one place,
//! period or year beside another, without a sentence that says so. What is missing is a problem at
//! the writer's line; what is old is marked.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use super::desk::Desk;
use super::source::{self, Back};
use super::standing::{Figures, Standing, standing};
use super::{is_stale, map};
use crate::assemble::facts::{Distribution, Facts, Filed};
use crate::assemble::format::{Locale, absolute, trimmed, words_with};
use crate::assemble::shown::{self, Amount, Difference, Pay, RoleLink, Salary, SourceRef};
use crate::diagnostic::Code;
use crate::parse::data::{Decimal, Figure, Op, Role, Statistic};
use crate::value::{Spanned, listed};

/// The level that figures for everyone have.
pub(super) const ALL: &str = "all";
/// What a sentence about pay says when nobody asks for something else: the first that there is.
pub(super) const MAIN: [Statistic; 6] = [
    Statistic::Median,
    Statistic::Mean,
    Statistic::Starter,
    Statistic::Experienced,
    Statistic::Min,
    Statistic::Max,
];

/// A role with the figures that are shown for it.
pub(super) struct Paid<'s> {
    pub(super) role: &'s Filed<Role>,
    pub(super) of: Standing<'s>,
    pub(super) place: &'s str,
}

/// The figures chosen for several roles.
pub(super) struct Choice<'s> {
    /// One for each role, when it has any that fits.
    pub(super) figures: Vec<Option<&'s Filed<Figure>>>,
    /// What they differ in, in words.
    pub(super) mixed: Vec<&'static str>,
}

impl<'s> Desk<'s, '_> {
    /// Whose pay is shown for a role, and where.
    pub(super) fn paid(&mut self, arguments: &Arguments<'s>, role: &'s Filed<Role>) -> Option<Paid<'s>> {
        let facts = self.shared.facts;
        let Some(of) = standing(facts, role, Figures::Pay, self.locale) else {
            let id = &role.id.value;
            let help = format!("add figures for `{id}` to the salaries, or take this line away");
            self.report(
                Code::ValueUnknown,
                arguments.span(),
                format!("no pay is published for `{id}`"),
                help,
            );
            return None;
        };
        let places: Vec<&str> = facts.salary_places(of.role).collect();
        let place = self.place(arguments, &places, of.role)?;
        Some(Paid { role, of, place })
    }

    /// `::salary role vs=role`
    pub(super) fn salary(&mut self, arguments: &Arguments<'s>) -> Option<Salary> {
        let role = self.role_argument(arguments)?;
        let mut roles = vec![role];
        for id in arguments.all("vs").flat_map(ids) {
            roles.push(self.role(&id)?);
        }
        let paid: Vec<Paid<'s>> =
            roles.into_iter().map(|role| self.paid(arguments, role)).collect::<Option<_>>()?;
        let level = arguments.text("level").unwrap_or(ALL);
        let asked = arguments.text("statistic").and_then(statistic);
        let choice = self.choose(&paid, asked, level);
        let mut salary = Salary::default();
        self.mixed(arguments, &choice, &mut salary.notes);
        for (paid, figure) in paid.iter().zip(&choice.figures) {
            let Some(figure) = figure else {
                self.no_figure(arguments, paid, asked, level);
                return None;
            };
            let view = self.figure(figure, &mut salary.notes);
            note(&mut salary.notes, paid.of.note.clone());
            let levels = self.levels(paid, figure, level, &mut salary.notes);
            salary.roles.push(Pay { role: self.role_link(paid.role), figure: view, levels });
        }
        if let (Some(Some(first)), true) = (choice.figures.first(), choice.mixed.is_empty()) {
            let others = choice.figures.iter().flatten().zip(&salary.roles).skip(1);
            salary.differences =
                others.filter_map(|(other, pay)| self.difference(first, other, &pay.role)).collect();
        }
        Some(salary)
    }

    /// One figure for each role: of the statistic asked for, else of the first that all have, else
    /// of the first that each has.
    pub(super) fn choose(&self, paid: &[Paid<'s>], asked: Option<Statistic>, level: &str) -> Choice<'s> {
        let facts = self.shared.facts;
        let find = |paid: &Paid<'s>, statistic| facts.salary(paid.of.role, paid.place, statistic, level);
        let common = |statistic: &Statistic| paid.iter().all(|paid| find(paid, *statistic).is_some());
        let figures: Vec<_> = match asked.or_else(|| MAIN.into_iter().find(common)) {
            Some(statistic) => paid.iter().map(|paid| find(paid, statistic)).collect(),
            None => {
                paid.iter().map(|paid| MAIN.into_iter().find_map(|statistic| find(paid, statistic))).collect()
            }
        };
        let known: Vec<_> = figures.iter().flatten().copied().collect();
        Choice { mixed: differ(facts, self.locale, &known), figures }
    }

    /// Tells readers and the writer that figures do not compare.
    pub(super) fn mixed(&mut self, arguments: &Arguments<'s>, choice: &Choice<'s>, notes: &mut Vec<String>) {
        if choice.mixed.is_empty() {
            return;
        }
        let list = self.locale.list(&choice.mixed);
        note(notes, Some(words_with(self.locale.words.notes.mixed, &[&list])));
        let mut told: Vec<String> = Vec::new();
        for figure in choice.figures.iter().flatten().map(|figure| described(figure)) {
            note(&mut told, Some(figure));
        }
        let message = format!("this compares {}", told.join(" with "));
        self.report(
            Code::StatisticMix,
            arguments.span(),
            message,
            "readers are told that these do not compare; add figures of one kind, or name one with `statistic=`",
        );
    }

    pub(super) fn no_figure(
        &mut self,
        arguments: &Arguments<'s>,
        paid: &Paid<'s>,
        asked: Option<Statistic>,
        level: &str,
    ) {
        let (role, place) = (paid.of.role, paid.place);
        let what = asked.map_or("figure", Statistic::word);
        let of_level = if level == ALL { String::new() } else { format!(" for the level `{level}`") };
        let message = format!("no {what}{of_level} is published for `{role}` in `{place}`");
        let known: BTreeSet<String> = self
            .shared
            .facts
            .figures(role, place)
            .iter()
            .flat_map(|set| {
                let level = if set.level == ALL { String::new() } else { format!(" ({})", set.level) };
                set.figures.keys().map(move |statistic| format!("{}{level}", statistic.word()))
            })
            .collect();
        let help = format!("there is {}", listed(known.iter().map(String::as_str), "and"));
        self.report(Code::ValueUnknown, arguments.span(), message, help);
    }

    /// The same statistic, source and date for single levels.
    fn levels(
        &mut self,
        paid: &Paid<'s>,
        main: &'s Filed<Figure>,
        level: &str,
        notes: &mut Vec<String>,
    ) -> Vec<shown::Figure> {
        if level != ALL {
            return Vec::new();
        }
        let sets = self.shared.facts.figures(paid.of.role, paid.place);
        let alike = |set: &&Distribution<'s>| {
            set.level != ALL
                && set.period == main.period
                && set.source == main.source.value
                && set.as_of == main.as_of
        };
        let figures: Vec<&'s Filed<Figure>> =
            sets.iter().filter(alike).filter_map(|set| set.figures.get(&main.statistic).copied()).collect();
        figures.into_iter().map(|figure| self.figure(figure, notes)).collect()
    }

    /// How much more the first earns.
    fn difference(&self, first: &Figure, other: &Figure, role: &RoleLink) -> Option<Difference> {
        // How far "at least" is from anything, nobody knows.
        if [first, other].iter().any(|figure| figure.op != Op::Equal) {
            return None;
        }
        let apart = map::subtract(first.value, other.value)?;
        let direction = match apart.units.signum() {
            1 => "more",
            -1 => "less",
            _ => "same",
        };
        let ratio = map::divide(first.value, other.value)?;
        let times = self.locale.times(ratio);
        let is_telling = times != self.locale.times(Decimal::from(1));
        Some(Difference {
            role: role.clone(),
            direction: direction.to_owned(),
            amount: Amount {
                value: trimmed(absolute(apart)).to_string(),
                text: self.locale.money(absolute(apart), &first.currency),
                op: String::new(),
            },
            times: is_telling.then(|| Amount { value: ratio.to_string(), text: times, op: String::new() }),
        })
    }

    /// The view of a figure; notes that belong to it are added to those of the directive.
    pub(super) fn figure(&mut self, figure: &'s Filed<Figure>, notes: &mut Vec<String>) -> shown::Figure {
        let words = self.locale.words;
        self.figures.push(figure);
        self.used.insert(("salaries", &figure.role.value));
        let stale = is_stale(self.shared.facts, figure, self.shared.today);
        let stale = stale
            .map(|_| words_with(words.notes.stale, &[&self.locale.as_of(figure.as_of)]))
            .unwrap_or_default();
        note(notes, Some(stale.clone()).filter(|stale| !stale.is_empty()));
        let amount = self.money(figure);
        if figure.is_capped() {
            note(notes, Some(words_with(words.notes.capped, &[&amount.text])));
        }
        shown::Figure {
            statistic: figure.statistic.word().to_owned(),
            label: words.statistics[figure.statistic as usize].to_owned(),
            level: if figure.level == ALL { String::new() } else { figure.level.clone() },
            amount,
            currency: figure.currency.clone(),
            period: figure.period.word().to_owned(),
            per: words.per[figure.period as usize].to_owned(),
            place: figure.place.value.clone(),
            place_name: self.locale.place(&figure.place.value).to_owned(),
            within: self.locale.within(&figure.place.value),
            as_of: Some(self.locale.day_or_month(figure.as_of)),
            sample: figure.sample.map(|sample| self.count(i64::from(sample))),
            source: self.cite_id(&figure.source.value, Back::Link),
            stale,
        }
    }

    fn money(&self, figure: &Figure) -> Amount {
        Amount {
            value: figure.value.to_string(),
            text: self.locale.money(figure.value, &figure.currency),
            op: self.locale.limit(figure.op).to_owned(),
        }
    }

    /// A number of people, jobs or postings.
    pub(super) fn count(&self, number: i64) -> Amount {
        let text = self.locale.number(Decimal::from(number));
        Amount { value: number.to_string(), text, op: String::new() }
    }
}

/// What figures differ in that makes them hard to compare.
pub(super) fn differ(facts: &Facts, locale: &Locale, figures: &[&Filed<Figure>]) -> Vec<&'static str> {
    let many = |key: &dyn Fn(&Figure) -> String| {
        figures.iter().map(|figure| key(figure)).collect::<BTreeSet<_>>().len() > 1
    };
    let different = [
        many(&|figure| figure.statistic.word().to_owned()),
        many(&|figure| figure.place.value.clone()),
        many(&|figure| figure.period.word().to_owned()),
        many(&|figure| figure.currency.clone()),
        many(&|figure| figure.as_of.date.year().to_string()),
        many(&|figure| source::publisher(facts, &figure.source.value).to_owned()),
    ];
    let words = locale.words.notes.differ;
    words.into_iter().zip(different).filter(|(_, different)| *different).map(|(word, _)| word).collect()
}

/// Adds a sentence once.
pub(super) fn note(notes: &mut Vec<String>, sentence: Option<String>) {
    if let Some(sentence) = sentence.filter(|sentence| !notes.contains(sentence)) {
        notes.push(sentence);
    }
}

/// With its first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let text = text.replace('-', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Each source once, in order.
pub(super) fn distinct_sources(sources: impl Iterator<Item = SourceRef>) -> Vec<SourceRef> {
    let mut distinct: Vec<SourceRef> = Vec::new();
    for source in sources {
        if distinct.iter().all(|known| known.id != source.id) {
            distinct.push(source);
        }
    }
    distinct
}

/// The statistic of a word.
pub(super) fn statistic(word: &str) -> Option<Statistic> {
    Statistic::WORDS.iter().find(|(known, _)| *known == word).map(|(_, statistic)| *statistic)
}

/// The ids of a value with commas in it.
fn ids(written: &Spanned<String>) -> impl Iterator<Item = Spanned<String>> {
    written
        .value
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| Spanned { value: id.to_owned(), span: written.span })
}

/// A figure as a message names it.
fn described(figure: &Figure) -> String {
    format!(
        "the {} per {} of `{}` ({}, {}, {}, `{}`)",
        figure.statistic.word(),
        figure.period.word(),
        figure.role.value,
        figure.place.value,
        figure.currency,
        figure.as_of.datetime(),
        figure.source.value,
    )
}
