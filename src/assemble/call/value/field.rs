//! What may be said of a record in a sentence: its fields by name.
//!
//! In: a record and the name of a field. Out: the field, or the names there are.

use super::find::number;
use crate::assemble::format::{Datum, Locale};
use crate::parse::data::{AsOf, Author, Course, Op, Outlook, Precision, Role, Source};

/// The datum of a field, or the fields there are.
pub(super) type Field = Result<Option<Datum>, &'static [&'static str]>;

pub(super) fn role_field(role: &Role, field: &str, locale: &Locale) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    let list = |items: &[String]| Some(Datum::Text(locale.list(items)));
    Ok(match field {
        "title" => Some(Datum::Text(role.title.clone())),
        "plural" => text(&role.plural),
        "summary" => text(&role.summary),
        "family" => text(&role.family),
        "education" => text(&role.education),
        "experience" => text(&role.experience),
        "responsibilities" => text(&role.responsibilities),
        "also_called" => list(&role.also_called),
        "place_of_work" => list(&role.place_of_work),
        "soc" => list(&role.soc.iter().map(|code| code.value.clone()).collect::<Vec<_>>()),
        "interests" => text(&role.interests),
        "hours" => role.hours.as_ref().and_then(|hours| {
            let (low, high) = (hours.min.or(hours.max)?, hours.max.or(hours.min)?);
            Some(Datum::Range { low, high, currency: None, limits: [Op::Equal; 2] })
        }),
        _ => {
            return Err(&[
                "title",
                "plural",
                "summary",
                "family",
                "education",
                "experience",
                "responsibilities",
                "also_called",
                "place_of_work",
                "soc",
                "interests",
                "hours",
            ]);
        }
    })
}

pub(super) fn course_field(course: &Course, field: &str, locale: &Locale) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    let day = |date: Option<jiff::civil::Date>| date.map(Datum::day);
    Ok(match field {
        "title" => Some(Datum::Text(course.title.clone())),
        "provider" => text(&course.provider),
        "summary" => text(&course.summary),
        "url" => text(&course.url),
        "duration" => course.duration.map(Datum::Duration),
        "effort" => course.effort.map(Datum::Effort),
        "time" => Some(Datum::Text(locale.time(course.effort, course.duration))),
        "level" => course.level.map(|level| Datum::Text(level.word().to_owned())),
        "kind" => Some(Datum::Text(course.kind.word().to_owned())),
        "price" => course.price.as_ref().map(|price| match price.amount.units {
            0 => Datum::Text(super::super::learning::price(locale, price).text),
            _ => Datum::Money { amount: price.amount, currency: price.currency.clone(), limit: Op::Equal },
        }),
        "starts" => day(course.starts),
        "ends" => day(course.ends),
        "checked" => day(course.checked),
        _ => {
            return Err(&[
                "title", "provider", "summary", "url", "duration", "effort", "time", "level", "kind",
                "price", "starts", "ends", "checked",
            ]);
        }
    })
}

pub(super) fn source_field(source: &Source, field: &str) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    Ok(match field {
        "title" => Some(Datum::Text(source.title.clone())),
        "publisher" => text(&source.publisher),
        "url" => text(&source.url),
        "licence" => text(&source.licence),
        "published" => source.published.map(Datum::Day),
        "retrieved" => source.retrieved.map(|date| Datum::Day(AsOf { date, precision: Precision::Day })),
        _ => return Err(&["title", "publisher", "url", "licence", "published", "retrieved"]),
    })
}

pub(super) fn author_field(author: &Author, field: &str) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    Ok(match field {
        "name" => Some(Datum::Text(author.name.clone())),
        "job_title" => text(&author.job_title),
        "organisation" => text(&author.organisation),
        "location" => text(&author.location),
        "bio" => text(&author.bio),
        _ => return Err(&["name", "job_title", "organisation", "location", "bio"]),
    })
}

/// A field of an outlook, and the fields that this one has.
pub(super) fn outlook_field(outlook: &Outlook, field: &str) -> (Option<Datum>, Vec<&'static str>) {
    let count = |count: Option<u32>| count.map(|count| number(i64::from(count)));
    let year = |year: Option<u16>| year.map(|year| Datum::Year(i64::from(year)));
    let fields = [
        ("jobs", count(outlook.jobs)),
        ("projected", count(outlook.projected)),
        ("percent", outlook.percent.map(Datum::Percent)),
        ("change", outlook.change.map(number)),
        ("openings_per_year", count(outlook.openings_per_year)),
        ("base_year", year(outlook.base_year)),
        ("target_year", year(outlook.target_year)),
    ];
    let known = fields.iter().filter(|(_, datum)| datum.is_some()).map(|(name, _)| *name).collect();
    let found = fields.into_iter().find(|(name, _)| *name == field).and_then(|(_, datum)| datum);
    (found, known)
}
