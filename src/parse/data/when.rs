//! Dates and lengths of time, as data files write them.
//!
//! In: text. Out: [`AsOf`], [`Duration`] and [`Effort`]. Asks no clock.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::words::words;
use crate::parse::front_matter::date::day;

/// The day or month that a figure or publication is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AsOf {
    /// The day; of a month, its last, from which ages count.
    pub date: Date,
    /// What was written.
    pub precision: Precision,
}

words! {
    /// How exactly a date is known.
    Precision {
        /// `2024-05`
        Month = "month",
        /// `2024-05-31`
        Day = "day",
    }
}

impl AsOf {
    /// Reads `YYYY-MM-DD` or `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(date) = day(text) {
            return Some(Self { date, precision: Precision::Day });
        }
        let first = (text.len() == "2024-05".len()).then(|| day(&format!("{text}-01"))).flatten()?;
        Some(Self { date: first.last_of_month(), precision: Precision::Month })
    }

    /// As HTML's `<time datetime>` takes it: `2024-05` or `2024-05-31`.
    #[must_use]
    pub fn datetime(self) -> String {
        match self.precision {
            Precision::Day => self.date.to_string(),
            Precision::Month => self.date.strftime("%Y-%m").to_string(),
        }
    }
}

impl Default for AsOf {
    /// For records whose date was refused.
    fn default() -> Self {
        Self { date: date(1, 1, 1), precision: Precision::Day }
    }
}

/// A length of time by ISO 8601, such as `P3M` or `PT1H30M`; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Duration {
    /// `Y`
    pub years: u32,
    /// `M`
    pub months: u32,
    /// `W`
    pub weeks: u32,
    /// `D`
    pub days: u32,
    /// `H` after `T`
    pub hours: u32,
    /// `M` after `T`
    pub minutes: u32,
}

impl Duration {
    /// Reads whole, positive units in ISO's order, without seconds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.strip_prefix('P')?.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (text.strip_prefix('P')?, ""),
        };
        let [years, months, weeks, days] = units(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes] = units(time, ['H', 'M'])?;
        let duration = Self { years, months, weeks, days, hours, minutes };
        (duration != Self::default()).then_some(duration)
    }
}

/// The numbers before each of the designators, in their order; all of the text must be used up.
fn units<const N: usize>(mut text: &str, designators: [char; N]) -> Option<[u32; N]> {
    let mut found = [0; N];
    for (number, designator) in found.iter_mut().zip(designators) {
        let digits = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
        if let Some(rest) = text[digits..].strip_prefix(designator) {
            *number = text[..digits].parse().ok()?;
            text = rest;
        }
    }
    text.is_empty().then_some(found)
}

words! {
    /// What an effort repeats by.
    Per {
        /// Each day.
        Day = "day",
        /// Each week.
        Week = "week",
        /// Each month.
        Month = "month",
    }
}

/// How much time something takes, in all or again and again: `PT40H`, `PT1H/day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Effort {
    /// How long.
    pub duration: Duration,
    /// How often; `None` is in all.
    pub per: Option<Per>,
}

impl Effort {
    /// Reads a duration with or without `/day`, `/week` or `/month`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some((duration, per)) = text.split_once('/') else {
            return Some(Self { duration: Duration::parse(text)?, per: None });
        };
        let (_, per) = *Per::WORDS.iter().find(|(word, _)| *word == per)?;
        Some(Self { duration: Duration::parse(duration)?, per: Some(per) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_means_its_last_day() {
        let as_of = AsOf::parse("2024-02").unwrap();
        assert_eq!((as_of.date, as_of.datetime().as_str()), (date(2024, 2, 29), "2024-02"));
        let as_of = AsOf::parse("2026-11-20").unwrap();
        assert_eq!((as_of.date, as_of.datetime().as_str()), (date(2026, 11, 20), "2026-11-20"));
        for text in
            ["2024", "2024-13", "2024-5", "2024-02-30", "202405", "2024-05-", "May 2024", "", "é024-05"]
        {
            assert_eq!(AsOf::parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_and_efforts() {
        let three_months = Duration { months: 3, ..Duration::default() };
        assert_eq!(Duration::parse("P3M"), Some(three_months));
        let full = Duration { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6 };
        assert_eq!(Duration::parse("P1Y2M3W4DT5H6M"), Some(full));
        let hour = Duration { hours: 1, ..Duration::default() };
        assert_eq!(Effort::parse("PT1H/day"), Some(Effort { duration: hour, per: Some(Per::Day) }));
        assert_eq!(Effort::parse("PT1H"), Some(Effort { duration: hour, per: None }));
        for text in [
            "",
            "P",
            "PT",
            "P3",
            "3M",
            "P3X",
            "P1M2Y",
            "P3MT",
            "PT1S",
            "P1.5M",
            "P0D",
            "-P3M",
            "P99999999999M",
            "pé",
        ] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
        for text in ["PT1H/", "PT1H/hour", "/day", "PT1H/day/week"] {
            assert_eq!(Effort::parse(text), None, "{text}");
        }
    }
}
