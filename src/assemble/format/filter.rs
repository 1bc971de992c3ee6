//! The fixed filters of values: `{{ salary.nurse.median | short }}`.
//!
//! In: a value with its kind, and filters with their arguments. Out: a value to be shown, or what is
//! wrong with a filter. Looks nothing up.

use jiff::civil::Date;

use super::Locale;
use super::number::{Limit, Rounding, round, trimmed, words_with};
use crate::parse::data::{AsOf, Decimal, Duration, Effort};

/// Every filter, as a writer writes it.
pub const FILTERS: &[&str] =
    &["date", "floor", "month-year", "number", "percent", "range", "round", "short", "signed", "times"];

/// A value with its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Words.
    Text(String),
    /// A number of anything.
    Number(Decimal),
    /// A year: a number that is not grouped.
    Year(i64),
    /// A number of per cent: 8 is `8%`.
    Percent(Decimal),
    /// Money in a currency.
    Money {
        /// In the currency's main unit.
        amount: Decimal,
        /// ISO 4217 code.
        currency: String,
        /// Whether it is a bound.
        limit: Limit,
    },
    /// From the lowest to the highest, of money when there is a currency.
    Range {
        /// Lower end.
        low: Decimal,
        /// Upper end.
        high: Decimal,
        /// ISO 4217 code.
        currency: Option<String>,
        /// Whether each end is a bound.
        limits: [Limit; 2],
    },
    /// A day or a month.
    Day(AsOf),
    /// A length of time.
    Duration(Duration),
    /// Work in a length of time.
    Effort(Effort),
}

/// How a value is written in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Style {
    #[default]
    Plain,
    Short,
    Number,
    Percent,
    Signed,
    Times,
    Date,
    MonthYear,
}

/// A value with its filters applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    datum: Datum,
    style: Style,
}

/// One filter as written: its name and argument.
type Written<'f> = (&'f str, Option<&'f str>);

/// Applies filters in order. `ratio` is the number that the argument of `times` names.
///
/// # Errors
/// The index of the filter, what is wrong with it, and what to do.
pub fn apply(datum: Datum, filters: &[Written<'_>]) -> Result<Applied, (usize, String, String)> {
    let mut applied = Applied { datum, style: Style::Plain };
    for (index, (name, argument)) in filters.iter().enumerate() {
        applied.filter(name, *argument).map_err(|(message, help)| (index, message, help))?;
    }
    Ok(applied)
}

impl Applied {
    fn filter(&mut self, name: &str, argument: Option<&str>) -> Result<(), (String, String)> {
        if let ("round" | "floor", written) = (name, argument) {
            return self.round(name, written);
        }
        if let Some(argument) = argument {
            let message = format!("the filter `{name}` takes no `{argument}`");
            return Err((message, format!("write `{name}` alone")));
        }
        let style = match name {
            "short" => Style::Short,
            "number" => Style::Number,
            "percent" => Style::Percent,
            "signed" => Style::Signed,
            "times" => Style::Times,
            "date" => Style::Date,
            "month-year" => Style::MonthYear,
            // A pair of numbers is what it is; the path says that it is one.
            _ => Style::Plain,
        };
        let fits = matches!(
            (name, &self.datum),
            ("range", Datum::Range { .. })
                | ("date" | "month-year", Datum::Day(_))
                | ("short" | "signed" | "number", Datum::Number(_) | Datum::Money { .. } | Datum::Percent(_))
                | ("short", Datum::Range { .. })
                | ("number", Datum::Year(_))
                | ("percent" | "times", Datum::Number(_) | Datum::Percent(_))
        );
        if !fits {
            let message = format!("the filter `{name}` does not fit {}", self.datum.what());
            return Err((message, self.datum.filters()));
        }
        self.style = style;
        Ok(())
    }

    fn round(&mut self, name: &str, argument: Option<&str>) -> Result<(), (String, String)> {
        let example = || format!("write what to round to: `{name}:1000`");
        let step = argument.and_then(Decimal::parse).filter(|step| step.units > 0);
        let Some(step) = step else {
            let message = match argument {
                Some(written) => format!("the filter `{name}` cannot round to `{written}`"),
                None => format!("the filter `{name}` lacks a number"),
            };
            return Err((message, example()));
        };
        let way = if name == "floor" { Rounding::Floor } else { Rounding::Nearest };
        match &mut self.datum {
            Datum::Number(number) | Datum::Percent(number) | Datum::Money { amount: number, .. } => {
                *number = round(*number, step, way);
            }
            Datum::Range { low, high, .. } => {
                *low = round(*low, step, way);
                *high = round(*high, step, way);
            }
            other => {
                return Err((format!("the filter `{name}` does not fit {}", other.what()), other.filters()));
            }
        }
        Ok(())
    }

    /// What a reader reads; a bound says that it is one.
    #[must_use]
    pub fn text(&self, locale: &Locale) -> String {
        match (&self.datum, self.style) {
            (Datum::Text(text), _) => text.clone(),
            (Datum::Year(year), _) => year.to_string(),
            (Datum::Duration(duration), _) => locale.duration(*duration),
            (Datum::Effort(effort), _) => locale.effort(*effort),
            (Datum::Day(as_of), Style::MonthYear) => locale.month_year(as_of.date),
            (Datum::Day(as_of), _) => locale.as_of(*as_of),
            (
                Datum::Range { low, high, currency: Some(currency), limits: [Limit::Equal, Limit::Equal] },
                style,
            ) => {
                if style == Style::Short {
                    let ends = [low, high].map(|end| locale.short_money(*end, currency));
                    return ends.join("\u{2013}");
                }
                locale.money_range(*low, *high, currency)
            }
            // A dash between words would say less than it hides.
            (Datum::Range { low, high, currency: Some(currency), limits }, style) => {
                let [low, high] = [(low, limits[0]), (high, limits[1])].map(|(amount, limit)| {
                    let end = Datum::Money { amount: *amount, currency: currency.clone(), limit };
                    Applied { datum: end, style }.text(locale)
                });
                words_with(locale.words.range, &[&low, &high])
            }
            (Datum::Range { low, high, currency: None, .. }, _) => locale.number_range(*low, *high),
            (Datum::Money { amount, currency, limit }, style) => {
                let text = match style {
                    Style::Short => locale.short_money(*amount, currency),
                    Style::Signed => locale.signed_money(*amount, currency),
                    Style::Number => locale.number(trimmed(*amount)),
                    _ => locale.money(*amount, currency),
                };
                match locale.limit(*limit) {
                    "" => text,
                    limit => format!("{limit} {text}"),
                }
            }
            (Datum::Percent(number) | Datum::Number(number), Style::Number) => locale.number(*number),
            (Datum::Percent(number) | Datum::Number(number), Style::Times) => locale.times(*number),
            (Datum::Percent(number), Style::Signed) => locale.signed_percent(*number),
            (Datum::Percent(number), _) | (Datum::Number(number), Style::Percent) => locale.percent(*number),
            (Datum::Number(number), Style::Signed) => locale.signed(*number),
            (Datum::Number(number), Style::Short) => locale.short(*number),
            (Datum::Number(number), _) => locale.number(*number),
        }
    }

    /// The value for machines, and the element that carries it.
    #[must_use]
    pub fn machine(&self) -> Machine {
        match &self.datum {
            Datum::Number(number) | Datum::Percent(number) => Machine::Data(number.to_string()),
            Datum::Money { amount, .. } => Machine::Data(amount.to_string()),
            Datum::Day(as_of) => Machine::Time(as_of.datetime()),
            _ => Machine::None,
        }
    }
}

/// The machine-readable half of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// `<data value>`
    Data(String),
    /// `<time datetime>`
    Time(String),
    /// Text alone.
    None,
}

impl Datum {
    /// A day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self::Day(AsOf { date, precision: crate::parse::data::Precision::Day })
    }

    /// The number it is, for arithmetic.
    #[must_use]
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) | Self::Percent(number) | Self::Money { amount: number, .. } => {
                Some(*number)
            }
            Self::Year(year) => Some(Decimal::from(*year)),
            _ => None,
        }
    }

    /// What it is, in a writer's words.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Year(_) => "a year",
            Self::Percent(_) => "a percentage",
            Self::Money { .. } => "an amount of money",
            Self::Range { .. } => "a range",
            Self::Day(_) => "a date",
            Self::Duration(_) | Self::Effort(_) => "a length of time",
        }
    }

    /// Which filters fit it.
    fn filters(&self) -> String {
        let fitting: &[&str] = match self {
            Self::Text(_) | Self::Duration(_) | Self::Effort(_) => return "take the filter away".to_owned(),
            Self::Number(_) => &["short", "round", "floor", "number", "percent", "signed", "times"],
            Self::Percent(_) => &["round", "floor", "number", "percent", "signed", "times"],
            Self::Year(_) => &["number"],
            Self::Money { .. } => &["short", "round", "floor", "number", "signed"],
            Self::Range { .. } => &["range", "short", "round", "floor"],
            Self::Day(_) => &["date", "month-year"],
        };
        format!("filters for {} are {}", self.what(), crate::value::listed(fitting.iter().copied(), "and"))
    }
}
