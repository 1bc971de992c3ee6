//! The kinds of value that records share: ids, numbers, dates, addresses, currencies.
//!
//! In: a [`Field`]. Out: the value, or `None` with a diagnostic that says how to write it. Knows no
//! record.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::currency::CURRENCIES;
use super::decimal::Decimal;
use super::when::{AsOf, Duration, Effort};
use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::parse::front_matter::date::day;
use crate::value::shape::Form;
use crate::value::{Field, Group, Kind, Reader, Spanned, listed};

/// An id, as schemas say it.
pub(super) const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
const DAY: &str = r"^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\s*$";
const MONTH: &str = r"^\s*\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?\s*$";
const LENGTH: &str = "^\\s*P";
const EFFORT: &str = "^\\s*P";
const URL: &str = r#"^\s*https?://[^\s<>"\\/?#][^\s<>"\\]*\s*$"#;
const NUMBER: Form = Form::Number { signed: true };
const POSITIVE: Form = Form::Number { signed: false };

/// An amount of money in a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's main unit.
    pub amount: Decimal,
    /// ISO 4217 code.
    pub currency: String,
}

/// Whether an id can name a file, an anchor and a value all at once.
#[must_use]
pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
        && !id.contains("--")
}

/// Reports an id that cannot name a file, an anchor and a value all at once.
pub(super) fn check_id(reader: &mut Reader<'_, '_>, id: &str, span: Span) {
    if !is_id(id) {
        let message = format!("`{id}` cannot be an id");
        reader.refuse(span, message, "use lower-case letters, digits and single hyphens: `web-developer`");
    }
}

/// The id of a record of its own within another one.
pub(super) fn id(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Spanned<String>> {
    if reader.traces(|| Form::Pattern(ID)) {
        return None;
    }
    if matches!(&field.value.kind, Kind::Text(text) | Kind::Bare(text) if text.trim().is_empty()) {
        check_id(reader, "", field.value.span);
        return None;
    }
    let id = reader.name(field)?;
    check_id(reader, &id.value, id.span);
    Some(id)
}

/// A number, exactly as it is written.
pub(super) fn decimal(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Decimal> {
    if reader.traces(|| NUMBER) {
        return None;
    }
    let span = field.value.span;
    let written = reader.written(span);
    let number = match &field.value.kind {
        Kind::Integer(number) => return Some(Decimal::from(*number)),
        Kind::Float(_) => Decimal::parse(written),
        Kind::Text(text) | Kind::Bare(text) => {
            let message = format!("`{}` must be a number, found `{text}`", field.key);
            let bare: String = text.chars().filter(|sign| sign.is_ascii_digit() || *sign == '.').collect();
            let help = match Decimal::parse(&bare) {
                Some(_) if !text.contains(char::is_alphabetic) => format!(
                    "write the bare number, such as `{bare}`; the page's language decides how it is shown"
                ),
                _ => "write a bare number; leave it out where nothing is published".to_owned(),
            };
            reader.refuse(span, message, help);
            return None;
        }
        _ => {
            reader.mistyped(field, "a number", "write a bare number, such as `90930` or `43.72`");
            return None;
        }
    };
    if number.is_none() {
        let message = format!("`{}` cannot be {written}", field.key);
        reader.refuse(span, message, "write digits, with at most nine after the point");
    }
    number
}

/// A number that is not below zero.
pub(super) fn positive(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Decimal> {
    if reader.traces(|| POSITIVE) {
        return None;
    }
    let number = decimal(reader, field)?;
    if number.is_negative() {
        let message = format!("`{}` cannot be {number}", field.key);
        reader.refuse(field.value.span, message, "write a number from 0 up");
        return None;
    }
    Some(number)
}

/// A whole number from 0 up.
pub(super) fn count(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<u32> {
    reader.integer(field, 0..=i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok())
}

/// A day.
pub(super) fn date(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Date> {
    moment(reader, field, day, DAY, "write year, month and day: `2026-11-20`")
}

/// A day or a month.
pub(super) fn as_of(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<AsOf> {
    moment(reader, field, AsOf::parse, MONTH, "write `\"2024-05\"` for a month, or `2024-05-31` for a day")
}

fn moment<T>(
    reader: &mut Reader<'_, '_>,
    field: Field<'_>,
    read: fn(&str) -> Option<T>,
    pattern: &'static str,
    help: &str,
) -> Option<T> {
    if reader.traces(|| Form::Pattern(pattern)) {
        return None;
    }
    let text = reader.filled(field)?;
    let found = read(&text);
    if found.is_none() {
        reader.refuse(field.value.span, format!("`{text}` is not a date"), help);
    }
    found
}

/// A length of time.
pub(super) fn duration(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Duration> {
    let help = "write it by ISO 8601: `P3M` is 3 months, `P6W` 6 weeks, `PT20H` 20 hours";
    timespan(reader, field, Duration::parse, LENGTH, help)
}

/// How much time something takes.
pub(super) fn effort(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Effort> {
    timespan(
        reader,
        field,
        Effort::parse,
        EFFORT,
        "write `PT1H/day` for an hour a day, or `PT40H` for 40 hours in all",
    )
}

fn timespan<T>(
    reader: &mut Reader<'_, '_>,
    field: Field<'_>,
    read: fn(&str) -> Option<T>,
    pattern: &'static str,
    help: &str,
) -> Option<T> {
    if reader.traces(|| Form::Pattern(pattern)) {
        return None;
    }
    let text = reader.filled(field)?;
    let found = read(&text);
    if found.is_none() {
        reader.refuse(field.value.span, format!("`{text}` is not a length of time"), help);
    }
    found
}

/// The address of something on the web.
pub(super) fn url(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    if reader.traces(|| Form::Pattern(URL)) {
        return None;
    }
    let url = reader.name(field)?;
    if is_url(&url.value) {
        return Some(url.value);
    }
    let message = format!("`{}` is not a full web address", url.value);
    reader.refuse(url.span, message, "write it with `https://` and without spaces");
    None
}

/// Whether a text is an absolute web address: a scheme we link to, a host, and no spaces.
pub(super) fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty()
            && !text.contains(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '"' | '\\'))
    })
}

/// A currency's code.
pub(super) fn currency(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    if reader.traces(|| Form::Choice(CURRENCIES.iter().map(|(code, _)| (*code).to_owned()).collect())) {
        return None;
    }
    let code = reader.filled(field)?;
    if CURRENCIES.iter().any(|(known, _)| *known == code) {
        return Some(code);
    }
    let near = near(&code, CURRENCIES.iter().map(|(known, _)| *known));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write its code of three letters, such as `USD`".to_owned(),
    };
    reader.refuse(field.value.span, format!("`{code}` is not a currency we know"), help);
    None
}

/// `{ amount = 12.50, currency = "USD" }`
pub(super) fn money(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Money> {
    let help = "write `{ amount = 0, currency = \"USD\" }`";
    let mut group = Group::of(reader, format!("`{}`", field.key), field, help)?;
    let amount = group.required(reader, "amount", positive);
    let currency = group.required(reader, "currency", currency);
    group.finish(reader);
    Some(Money { amount: amount?, currency: currency? })
}

/// Every item of a list of groups of keys, each called `what`.
pub(super) fn groups<'v, T>(
    reader: &mut Reader<'_, '_>,
    field: Field<'v>,
    what: &str,
    mut read: impl FnMut(&mut Reader<'_, '_>, &mut Group<'v>) -> T,
) -> Vec<T> {
    if reader.is_tracing() {
        let form = reader.traced(|reader| {
            let mut group = Group::new(what, &[], field.value.span);
            drop(read(reader, &mut group));
            group.finish(reader);
        });
        reader.traces(|| Form::List(Box::new(form)));
        return Vec::new();
    }
    let Kind::List(items) = &field.value.kind else {
        reader.mistyped(field, "a list", "write a list, even of one");
        return Vec::new();
    };
    let mut found = Vec::with_capacity(items.len());
    for value in items {
        let item = Field { key: field.key, value };
        if let Some(mut group) = Group::of(reader, what, item, "give each its keys") {
            found.push(read(reader, &mut group));
            group.finish(reader);
        }
    }
    found
}

/// Reports an end before its start.
pub(super) fn check_window(
    reader: &mut Reader<'_, '_>,
    group: &Group<'_>,
    starts: Option<Date>,
    ends: Option<Date>,
) {
    if let (Some(starts), Some(ends)) = (starts, ends)
        && ends < starts
    {
        let span = group.key_span("ends").unwrap_or(group.span());
        reader.refuse(
            span,
            format!("it ends on {ends}, before it starts on {starts}"),
            "exchange the two dates",
        );
    }
}

/// Reports an id that has been given before in the same file.
pub(super) fn duplicate(reader: &mut Reader<'_, '_>, second: &Spanned<String>, first: Span) {
    let path = reader.source().path.clone();
    let message = format!("`{}` is defined twice", second.value);
    reader.report(
        Diagnostic::new(Code::DataDuplicateId, path.clone(), second.span, message)
            .help("give one of the two another id, or remove it")
            .related(path, first, "first defined here"),
    );
}

/// Reports each of some ids that an earlier one has already.
pub(super) fn check_unique<'i>(
    reader: &mut Reader<'_, '_>,
    ids: impl IntoIterator<Item = &'i Spanned<String>>,
) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for id in ids {
        match seen.entry(&id.value) {
            Entry::Occupied(first) => duplicate(reader, id, *first.get()),
            Entry::Vacant(place) => {
                place.insert(id.span);
            }
        }
    }
}

/// Reports a reference within a file to something that is not in it.
pub(super) fn unknown<'i>(
    reader: &mut Reader<'_, '_>,
    what: &str,
    id: &Spanned<String>,
    known: impl IntoIterator<Item = &'i str> + Clone,
) {
    let help = match near(&id.value, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there is {}", listed(known, "and")),
    };
    let path = reader.source().path.clone();
    let message = format!("there is no {what} `{}`", id.value);
    reader.report(Diagnostic::new(Code::DataUnknownId, path, id.span, message).help(help));
}
