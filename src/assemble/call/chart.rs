//! The view of `salary-chart`.
//!
//! In: checked arguments. Out: the percentiles that are published of one source, date and level, with
//! their places on an axis.

use super::arguments::Arguments;
use super::desk::Desk;
use super::map;
use super::pay::{ALL, note};
use crate::assemble::facts::{Distribution, Filed};
use crate::assemble::format::words_with;
use crate::assemble::shown::{Chart, Point, Range, Tick};
use crate::parse::data::{Figure, Statistic};

/// What a chart can draw, low to high.
pub(super) const PERCENTILES: [Statistic; 5] =
    [Statistic::P10, Statistic::P25, Statistic::Median, Statistic::P75, Statistic::P90];

impl<'s> Desk<'s, '_> {
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
}

fn between(low: &Point, high: &Point) -> Range {
    Range { start: low.position, width: map::rounded(high.position - low.position) }
}
