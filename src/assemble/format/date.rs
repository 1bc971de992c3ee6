//! Days and months, written out.
//!
//! In: dates. Out: text, or the view of it with its machine form. Asks no clock.

use jiff::civil::Date;

use super::Locale;
use super::locale::DateOrder;
use crate::assemble::shown::Day;
use crate::parse::data::{AsOf, Precision};

impl Locale {
    /// `November 20, 2026`
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let (month, day, year) = (self.month(date), date.day(), date.year());
        match self.date {
            DateOrder::MonthDayYear => format!("{month} {day}, {year}"),
            DateOrder::DayPointMonthYear => format!("{day}. {month} {year}"),
            DateOrder::DayMonthYearOrdinalFirst if day == 1 => format!("1er {month} {year}"),
            DateOrder::DayMonthYear | DateOrder::DayMonthYearOrdinalFirst => format!("{day} {month} {year}"),
            DateOrder::Iso => date.to_string(),
        }
    }

    /// `November 2026`
    #[must_use]
    pub fn month_year(&self, date: Date) -> String {
        match self.date {
            DateOrder::Iso => date.strftime("%Y-%m").to_string(),
            _ => format!("{} {}", self.month(date), date.year()),
        }
    }

    /// As exactly as it is known.
    #[must_use]
    pub fn as_of(&self, as_of: AsOf) -> String {
        match as_of.precision {
            Precision::Month => self.month_year(as_of.date),
            Precision::Day => self.date(as_of.date),
        }
    }

    /// The view of a day.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        Day { iso: date.to_string(), text: self.date(date) }
    }

    /// The view of a day or a month.
    #[must_use]
    pub fn day_or_month(&self, as_of: AsOf) -> Day {
        Day { iso: as_of.datetime(), text: self.as_of(as_of) }
    }

    fn month(&self, date: Date) -> &'static str {
        let index = usize::try_from(date.month() - 1).unwrap_or_default();
        self.months.get(index).copied().unwrap_or_default()
    }
}
