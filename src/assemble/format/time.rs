//! Lengths of time in words: `3 months`, `about an hour a day`.
//!
//! In: durations and efforts as data files have them. Out: text.

use super::Locale;
use super::number::words_with;
use crate::parse::data::{Decimal, Duration, Effort, Per};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 365 days or so.
    Year,
    /// 30 days or so.
    Month,
    /// 7 days.
    Week,
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
}

impl Locale {
    /// Whether this many are spoken of as one is.
    #[must_use]
    pub fn is_one(&self, count: i128) -> bool {
        count == 1 || (count == 0 && self.words.zero_is_one)
    }

    /// `3 months`
    #[must_use]
    pub fn units(&self, count: u32, unit: Unit) -> String {
        let [one, many] = self.words.units[unit as usize];
        let is_one = self.is_one(i128::from(count));
        format!("{} {}", self.number(Decimal::from(i64::from(count))), if is_one { one } else { many })
    }

    /// `2 years, 3 months`
    #[must_use]
    pub fn duration(&self, duration: Duration) -> String {
        let Duration { years, months, weeks, days, hours, minutes } = duration;
        let parts = [
            (years, Unit::Year),
            (months, Unit::Month),
            (weeks, Unit::Week),
            (days, Unit::Day),
            (hours, Unit::Hour),
            (minutes, Unit::Minute),
        ];
        let written: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| self.units(*count, *unit))
            .collect();
        written.join(", ")
    }

    /// `about an hour a day`, `about 40 hours`
    #[must_use]
    pub fn effort(&self, effort: Effort) -> String {
        let hour = Duration { hours: 1, ..Duration::default() };
        let length = if effort.duration == hour {
            self.words.an_hour.to_owned()
        } else {
            self.duration(effort.duration)
        };
        let about = words_with(self.words.about, &[&length]);
        match effort.per {
            None => about,
            Some(per) => format!("{about} {}", self.per(per)),
        }
    }

    /// `about an hour a day for 3 months`
    #[must_use]
    pub fn time(&self, effort: Option<Effort>, duration: Option<Duration>) -> String {
        match (effort, duration) {
            (Some(effort), Some(duration)) => {
                words_with(self.words.effort_for, &[&self.effort(effort), &self.duration(duration)])
            }
            (Some(effort), None) => self.effort(effort),
            (None, Some(duration)) => self.duration(duration),
            (None, None) => String::new(),
        }
    }

    fn per(&self, per: Per) -> &'static str {
        let [_, month, week, day, _] = self.words.per;
        match per {
            Per::Day => day,
            Per::Week => week,
            Per::Month => month,
        }
    }

    /// `a, b and c`
    #[must_use]
    pub fn list<T: AsRef<str>>(&self, items: &[T]) -> String {
        match items {
            [] => String::new(),
            [one] => one.as_ref().to_owned(),
            [first, second] => format!("{} {} {}", first.as_ref(), self.words.and, second.as_ref()),
            [first @ .., last] => {
                let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
                format!("{}{} {} {}", first.join(", "), self.words.list_comma, self.words.and, last.as_ref())
            }
        }
    }
}
