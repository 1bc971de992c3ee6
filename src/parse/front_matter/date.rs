//! Dates as writers write them.
//!
//! In: text and the site's time zone. Out: a [`Date`], or nothing when the calendar has no such day
//! or the clock no such time. Asks no clock.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};

use super::Date;

/// Reads `YYYY-MM-DD`, RFC 3339, or a day with `HH:MM` or `HH:MM:SS` after a space or `T`, with or
/// without an offset (`Z`, `+01:00`, `+0100`). What has no offset is in `timezone`; a time that a
/// change of clocks skips moves forward by the change, one that it repeats is the first.
pub(super) fn parse(text: &str, timezone: &str) -> Option<Date> {
    let (date, rest) = (text.get(..10)?, &text[10..]);
    let day = day(date)?;
    if rest.is_empty() {
        return Some(Date { date: day, time: None });
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let moment = day.to_datetime(clock(time.trim_end())?);
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    let time = match offset {
        "" => moment.to_zoned(zone.clone()).ok()?.timestamp(),
        written => offset_of(written)?.to_timestamp(moment).ok()?,
    };
    let date = time.to_zoned(zone).date();
    (date.year() >= 1).then_some(Date { date, time: Some(time) })
}

/// Reads `YYYY-MM-DD`.
pub(in crate::parse) fn day(text: &str) -> Option<civil::Date> {
    let day: civil::Date = shaped(text, "dddd-dd-dd").then(|| text.parse().ok()).flatten()?;
    (day.year() >= 1).then_some(day)
}

fn clock(text: &str) -> Option<civil::Time> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = shaped(whole, "dd:dd:dd");
    let shaped = match fraction {
        Some(fraction) => seconds && digits(fraction),
        None => seconds || shaped(whole, "dd:dd"),
    };
    shaped.then(|| text.parse().ok()).flatten()
}

fn offset_of(text: &str) -> Option<Offset> {
    if text.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let digits = text.get(1..)?.replace(':', "");
    if !shaped(&text[1..], "dd:dd") && !shaped(&text[1..], "dddd") {
        return None;
    }
    let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    let seconds = (hours * 60 + minutes) * 60;
    let fits = hours < 24 && minutes < 60;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    fits.then(|| Offset::from_seconds(sign * seconds).ok()).flatten()
}

/// Whether a text has a digit wherever the shape has `d`, and its other signs otherwise.
fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, expected)| match expected {
            b'd' => byte.is_ascii_digit(),
            _ => byte == expected,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("2026-11-20", "2026-11-20", None),
            ("0001-01-01", "0001-01-01", None),
            ("9999-12-31", "9999-12-31", None),
            ("2024-02-29", "2024-02-29", None),
            ("2026-11-20 09:30", "2026-11-20", Some("2026-11-20T08:30:00Z")),
            ("2026-11-20 09:30:15", "2026-11-20", Some("2026-11-20T08:30:15Z")),
            ("2026-07-20T09:30:15.25", "2026-07-20", Some("2026-07-20T07:30:15.25Z")),
            ("2026-11-20T09:30:00Z", "2026-11-20", Some("2026-11-20T09:30:00Z")),
            ("2026-11-20t09:30:00z", "2026-11-20", Some("2026-11-20T09:30:00Z")),
            ("2026-11-20T09:30Z", "2026-11-20", Some("2026-11-20T09:30:00Z")),
            ("2026-11-20 09:30:00 +0530", "2026-11-20", Some("2026-11-20T04:00:00Z")),
            ("2026-11-20T23:30:00-05:00", "2026-11-21", Some("2026-11-21T04:30:00Z")),
            // Clocks go forward from 02:00 to 03:00, and back from 03:00 to 02:00.
            ("2026-03-29 02:30", "2026-03-29", Some("2026-03-29T01:30:00Z")),
            ("2026-10-25 02:30", "2026-10-25", Some("2026-10-25T00:30:00Z")),
        ];
        for (text, day, moment) in cases {
            let found = parse(text, "Europe/Berlin").expect(text);
            assert_eq!(found.date.to_string(), *day, "{text}");
            assert_eq!(found.time.map(|time| time.to_string()).as_deref(), *moment, "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-13-01",
            "2026-02-30",
            "0000-01-01",
            "20261120",
            "2026-1-2",
            "2026/11/20",
            "20.11.2026",
            "2026-11-20T",
            "2026-11-20 9:30",
            "2026-11-20 24:30",
            "2026-11-20 09",
            "2026-11-20x09:30",
            "2026-11-20 09:30 CET",
            "2026-11-20 09:30+1",
            "2026-11-20 09:30+25:00",
            "2026-11-20 09:30:00.",
            "2026-11-20 09:30[Europe/Berlin]",
            "tomorrow",
            "07:32",
            "-026-11-20",
            "2026-11-2é",
            "2026-11-20 é",
            "9999-12-31T23:59:59-23:59",
        ] {
            assert_eq!(parse(text, "UTC"), None, "{text}");
        }
    }
}
