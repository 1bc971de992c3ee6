//! The view of `salary-table`.
//!
//! In: checked arguments. Out: figures by level or place, with a sentence where the rows of a column do
//! not compare.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use super::desk::Desk;
use super::pay::{ALL, Choice, MAIN, capitalised, differ, distinct_sources, note};
use super::standing::{Figures, standing};
use crate::assemble::facts::Filed;
use crate::assemble::format::words_with;
use crate::assemble::shown::{PayTable, Row};
use crate::diagnostic::Code;
use crate::parse::data::{Decimal, Figure, Period, Role, Statistic};

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

/// A row's label with its figures.
type Listed<'s> = (String, Vec<&'s Filed<Figure>>);

impl<'s> Desk<'s, '_> {
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
