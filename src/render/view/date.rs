//! Dates of front matter in the forms templates need.
//!
//! In: a date as written, the site's time zone and a language. Out: a [`DateView`]. Knows no clock
//! and not the machine's time zones: the database is compiled in.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::DateView;
use crate::assemble::format::Locale;
use crate::parse::front_matter::Date;

/// Makes dates for templates in one site's time zone.
#[derive(Debug)]
pub(in crate::render) struct Dates {
    zone: TimeZone,
}

impl Dates {
    /// Dates in a zone of the IANA database; UTC when there is no such zone (`config` reports that).
    pub(in crate::render) fn new(timezone: &str) -> Self {
        Self { zone: TimeZoneDatabase::bundled().get(timezone).unwrap_or(TimeZone::UTC) }
    }

    /// The forms of one date, the written one in the language of the page.
    pub(in crate::render) fn view(&self, date: Date, lang: &str) -> DateView {
        let rfc3339 = self.rfc3339(date);
        DateView {
            iso: if date.time.is_some() { rfc3339.clone() } else { date.date.to_string() },
            rfc3339,
            text: Locale::of(lang).date(date.date),
        }
    }

    /// RFC 3339: the moment written, or the day's beginning in the site's zone.
    pub(in crate::render) fn rfc3339(&self, date: Date) -> String {
        let zoned = match date.time {
            Some(time) => time.to_zoned(self.zone.clone()),
            // Only the very ends of jiff's calendar have no such moment; UTC serves there.
            None => match date.date.to_zoned(self.zone.clone()) {
                Ok(zoned) => zoned,
                Err(_) => return format!("{}T00:00:00Z", date.date),
            },
        };
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_the_sites_zone() {
        let dates = Dates::new("Europe/Berlin");
        let day = Date { date: jiff::civil::date(2026, 7, 1), time: None };
        let view = dates.view(day, "de");
        assert_eq!((view.iso.as_str(), view.text.as_str()), ("2026-07-01", "1. Juli 2026"));
        assert_eq!(view.rfc3339, "2026-07-01T00:00:00+02:00");
    }

    #[test]
    fn a_moment_keeps_its_time() {
        let dates = Dates::new("UTC");
        let time = "2026-11-20T09:30:00+01:00".parse().unwrap();
        let view = dates.view(Date { date: jiff::civil::date(2026, 11, 20), time: Some(time) }, "en");
        assert_eq!(view.iso, "2026-11-20T08:30:00+00:00");
        assert_eq!(view.text, "November 20, 2026");
    }
}
