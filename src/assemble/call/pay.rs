//! Views of pay: `salary`, `salary-chart`, `salary-table`.
//!
//! In: checked arguments. Out: views in which a mean never stands beside a median, nor one place,
//! period or year beside another, without a sentence that says so. What is missing is a problem at
//! the writer's line; what is old is marked.

use std::collections::BTreeSet;

use super::desk::Desk;
use super::source::{self, Back};
use super::spec::Arguments;
use super::standing::{Figures, Standing, standing};
use super::{is_stale, map};
use crate::assemble::facts::{Distribution, Facts, Filed};
use crate::assemble::format::{Locale, absolute, trimmed, words_with};
use crate::assemble::shown::{
    self, Amount, Chart, Difference, Pay, PayTable, Point, Range, RoleLink, Row, Salary, SourceRef, Tick,
};
use crate::diagnostic::Code;
use crate::parse::data::{Decimal, Figure, Op, Period, Role, Statistic};
use crate::value::{Spanned, listed};

/// The level that figures for everyone have.
pub(super) const ALL: &str = "all";
/// What a sentence about pay says when nobody asks for something else: the first that there is.
const MAIN: [Statistic; 6] = [
    Statistic::Median,
    Statistic::Mean,
    Statistic::Starter,
    Statistic::Experienced,
    Statistic::Min,
    Statistic::Max,
];
/// What a chart can draw, low to high.
pub(super) const PERCENTILES: [Statistic; 5] =
    [Statistic::P10, Statistic::P25, Statistic::Median, Statistic::P75, Statistic::P90];
/// Columns of a table, in their order.
const COLUMNS: [Statistic; 10] = [
    Statistic::P10,
    Statistic::P25,
    Statistic::Median,
    Statistic::Mean,
    Statistic::P75,
    Statistic::P90,
    Statistic::Min,
    Statistic::Starter,
    Statistic::Experienced,
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

    fn no_figure(
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

    /// `::salary-chart role`
    pub(super) fn chart(&mut self, arguments: &Arguments<'s>) -> Option<Chart> {
        let role = self.role_argument(arguments)?;
        let paid = self.paid(arguments, role)?;
        let level = arguments.text("level").unwrap_or(ALL);
        let sets = self.shared.facts.figures(paid.of.role, paid.place);
        let percentiles = |set: &Distribution<'s>| {
            PERCENTILES.iter().filter(|statistic| set.figures.contains_key(statistic)).count()
        };
        // Of sets with equally many, the one for the longest period and then the newest comes first.
        let best = sets.iter().filter(|set| set.level == level).rev().max_by_key(|set| percentiles(set));
        let Some(set) = best.filter(|set| percentiles(set) > 0) else {
            self.no_figure(arguments, &paid, None, level);
            return None;
        };
        let mut chart = Chart {
            role: self.role_link(role),
            place_name: self.locale.place(paid.place).to_owned(),
            ..Chart::default()
        };
        note(&mut chart.notes, paid.of.note.clone());
        let figures: Vec<&'s Filed<Figure>> =
            PERCENTILES.iter().filter_map(|statistic| set.figures.get(statistic).copied()).collect();
        let axis = map::Axis::of(figures.iter().map(|figure| figure.value))?;
        for figure in &figures {
            let view = self.figure(figure, &mut chart.notes);
            let position = axis.position(figure.value);
            chart.points.push(Point {
                figure: view,
                position,
                align: map::align(position).to_owned(),
                row: 0,
            });
        }
        map::spread(&mut chart.points);
        chart.range = match chart.points.as_slice() {
            [first, .., last] => Some(between(first, last)),
            _ => None,
        };
        let find = |word: &str| chart.points.iter().find(|point| point.figure.statistic == word);
        chart.middle = find("p25").zip(find("p75")).map(|(low, high)| between(low, high));
        chart.ticks = axis
            .ticks()
            .into_iter()
            .map(|(position, value)| Tick { position, text: self.locale.short_money(value, set.currency) })
            .collect();
        chart.title =
            words_with(self.locale.words.pay_of, &[&chart.role.plural, &self.locale.within(paid.place)]);
        chart.description = chart
            .points
            .iter()
            .map(|point| {
                let amount = format!("{} {}", point.figure.amount.op, point.figure.amount.text);
                words_with(self.locale.words.pair, &[&point.figure.label, amount.trim()])
            })
            .collect::<Vec<_>>()
            .join("; ");
        Some(chart)
    }

    /// `::salary-table role by=level`
    pub(super) fn pay_table(&mut self, arguments: &Arguments<'s>) -> Option<PayTable> {
        let role = self.role_argument(arguments)?;
        let by = arguments.text("by").unwrap_or("level");
        let words = self.locale.words;
        let mut table = PayTable { role: self.role_link(role), by: by.to_owned(), ..PayTable::default() };
        let (rows, note_of) = if by == "place" {
            words.place.clone_into(&mut table.heading);
            table.caption = words_with(words.pay_by_place, &[&table.role.plural]);
            self.rows_by_place(arguments, role)?
        } else {
            words.level.clone_into(&mut table.heading);
            table.caption = words_with(words.pay_by_level, &[&table.role.plural]);
            self.rows_by_level(arguments, role)?
        };
        note(&mut table.notes, note_of);
        let has = |statistic: &Statistic| {
            rows.iter().any(|(_, figures)| figures.iter().any(|figure| figure.statistic == *statistic))
        };
        let columns: Vec<Statistic> = COLUMNS.into_iter().filter(has).collect();
        table.columns =
            columns.iter().map(|statistic| capitalised(words.statistics[*statistic as usize])).collect();
        let mut figures_seen = Vec::new();
        for (label, figures) in &rows {
            let mut row = Row { label: label.clone(), figures: Vec::with_capacity(columns.len()) };
            for statistic in &columns {
                let figure = figures.iter().find(|figure| figure.statistic == *statistic).copied();
                figures_seen.extend(figure);
                row.figures.push(figure.map(|figure| self.figure(figure, &mut table.notes)));
            }
            table.rows.push(row);
        }
        self.table_mix(arguments, by, &columns, &rows, &mut table.notes);
        let views = || table.rows.iter().flat_map(|row| row.figures.iter().flatten());
        table.sources = distinct_sources(views().filter_map(|figure| figure.source.clone()));
        table.as_of =
            views().filter_map(|figure| figure.as_of.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        Some(table)
    }

    /// Rows of a column must compare, except in what the table is by.
    fn table_mix(
        &mut self,
        arguments: &Arguments<'s>,
        by: &str,
        columns: &[Statistic],
        rows: &[Listed<'s>],
        notes: &mut Vec<String>,
    ) {
        let [_, place, _, currency, ..] = self.locale.words.notes.differ;
        for statistic in columns {
            let column: Vec<&'s Filed<Figure>> = rows
                .iter()
                .filter_map(|(_, figures)| {
                    figures.iter().find(|figure| figure.statistic == *statistic).copied()
                })
                .collect();
            let mut mixed = differ(self.shared.facts, self.locale, &column);
            mixed.retain(|word| by != "place" || (*word != place && *word != currency));
            if !mixed.is_empty() {
                let choice = Choice { figures: column.into_iter().map(Some).collect(), mixed };
                self.mixed(arguments, &choice, notes);
                return;
            }
        }
    }

    fn rows_by_level(
        &mut self,
        arguments: &Arguments<'s>,
        role: &'s Filed<Role>,
    ) -> Option<(Vec<Listed<'s>>, Option<String>)> {
        let facts = self.shared.facts;
        let paid = self.paid(arguments, role)?;
        let sets = facts.figures(paid.of.role, paid.place);
        let period = sets.first()?.period;
        let levels: BTreeSet<&str> =
            sets.iter().filter(|set| set.period == period).map(|set| set.level).collect();
        let mut rows: Vec<(bool, Option<Decimal>, Listed<'s>)> = levels
            .into_iter()
            .map(|level| {
                let figures: Vec<&'s Filed<Figure>> = COLUMNS
                    .into_iter()
                    .filter_map(|statistic| {
                        facts.salary_per(period, paid.of.role, paid.place, statistic, level)
                    })
                    .collect();
                let label =
                    if level == ALL { self.locale.words.all_levels.to_owned() } else { capitalised(level) };
                let middle = figures.iter().find(|figure| MAIN.contains(&figure.statistic));
                (level != ALL, middle.map(|figure| figure.value), (label, figures))
            })
            .collect();
        // Everyone first, then by pay, which is the order of a career.
        rows.sort_by_key(|(single, pay, _)| (*single, *pay));
        Some((rows.into_iter().map(|(_, _, row)| row).collect(), paid.of.note))
    }

    fn rows_by_place(
        &mut self,
        arguments: &Arguments<'s>,
        role: &'s Filed<Role>,
    ) -> Option<(Vec<Listed<'s>>, Option<String>)> {
        let facts = self.shared.facts;
        let Some(of) = standing(facts, role, Figures::Pay, self.locale) else {
            // Says what is missing.
            return self.paid(arguments, role).and(None);
        };
        let level = arguments.text("level").unwrap_or(ALL);
        let places: Vec<&str> = facts.salary_places(of.role).collect();
        // The longest period for which any place has a figure.
        let period = places
            .iter()
            .flat_map(|place| facts.figures(of.role, place))
            .filter(|set| set.level == level)
            .map(|set| set.period)
            .min()
            .unwrap_or(Period::Year);
        let rows: Vec<Listed<'s>> = places
            .into_iter()
            .map(|place| {
                let all = |period| -> Vec<&'s Filed<Figure>> {
                    let find = |statistic| facts.salary_per(period, of.role, place, statistic, level);
                    COLUMNS.into_iter().filter_map(find).collect()
                };
                // A place that publishes pay by another period only is shown with that; each figure
                // says its own, and a note that they differ.
                let sets = facts.figures(of.role, place);
                let own = sets.iter().filter(|set| set.level == level).map(|set| set.period).min();
                let mut figures = all(period);
                if let (true, Some(own)) = (figures.is_empty(), own) {
                    figures = all(own);
                }
                (self.locale.place(place).to_owned(), figures)
            })
            .filter(|(_, figures): &Listed<'s>| !figures.is_empty())
            .collect();
        if rows.is_empty() {
            let message = format!("no pay is published for `{}` at the level `{level}`", of.role);
            self.report(
                Code::ValueUnknown,
                arguments.span(),
                message,
                "take `level` away, or add figures for it",
            );
            return None;
        }
        Some((rows, of.note))
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

/// A row's label with its figures.
type Listed<'s> = (String, Vec<&'s Filed<Figure>>);

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

fn between(low: &Point, high: &Point) -> Range {
    Range { start: low.position, width: map::rounded(high.position - low.position) }
}
