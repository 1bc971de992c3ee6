//! `salaries`: pay figures, from CSV or from `[[salary]]` tables.
//!
//! In: the rows of the file. Out: a [`Figure`] for each that is complete. A figure without a date or
//! a source is no figure. Compares none with another.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::currency;
use super::decimal::Decimal;
use super::field;
use super::when::AsOf;
use super::words::words;
use super::{Content, Records, WHOLE_FILE};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::value::csv::Sheet;
use crate::value::shape::Form;
use crate::value::{Entry, Field, Group, Kind, Reader, Spanned, Value, listed};

/// One published number about pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Whose pay: a role's id.
    pub role: Spanned<String>,
    /// Where: `US`, `GB`, `England`.
    pub place: Spanned<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// What it is paid for.
    pub period: Period,
    /// Which statistic it is.
    pub statistic: Statistic,
    /// Of whom: `all`, or a word such as `senior`.
    pub level: String,
    /// The number, in the currency's main unit.
    pub value: Decimal,
    /// How the true number stands to it.
    pub op: Op,
    /// A source's id.
    pub source: Spanned<String>,
    /// The day or month it is of.
    pub as_of: AsOf,
    /// When it was copied from the source.
    pub retrieved: Option<Date>,
    /// How many people or postings it stands on.
    pub sample: Option<u32>,
    /// The row.
    pub span: Span,
}

impl Figure {
    /// Whether the source publishes no higher numbers than this one.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        self.op == Op::AtLeast
    }
}

words! {
    /// What pay is paid for; yearly and hourly figures are never compared.
    Period {
        /// A year.
        Year = "year",
        /// A month.
        Month = "month",
        /// A week.
        Week = "week",
        /// A day.
        Day = "day",
        /// An hour.
        Hour = "hour",
    }
}

words! {
    /// Which statistic a figure is; a mean is never shown for a median.
    Statistic {
        /// The average.
        Mean = "mean",
        /// Half earn less.
        Median = "median",
        /// One in ten earns less.
        P10 = "p10",
        /// One in four earns less.
        P25 = "p25",
        /// One in four earns more.
        P75 = "p75",
        /// One in ten earns more.
        P90 = "p90",
        /// The bottom of a scale.
        Min = "min",
        /// The top of a scale.
        Max = "max",
        /// What beginners earn.
        Starter = "starter",
        /// What experienced people earn.
        Experienced = "experienced",
    }
}

words! {
    /// How the true number stands to the one published.
    Op {
        /// It is that number.
        Equal = "=",
        /// It is less, as published lowest tenths are.
        Less = "<",
        /// It is more, as published highest tenths are.
        More = ">",
        /// It is that number or more: the source caps what it publishes.
        AtLeast = ">=",
    }
}

/// Every column, in the order of the manual.
const COLUMNS: &[&str] = &[
    "role",
    "place",
    "currency",
    "period",
    "statistic",
    "level",
    "value",
    "op",
    "source",
    "as_of",
    "retrieved",
    "sample",
];

/// Those that no row can do without.
const REQUIRED: &[&str] = &["role", "place", "currency", "period", "statistic", "value", "source", "as_of"];

pub(super) fn read(reader: &mut Reader<'_, '_>, content: Content<'_>) -> Records {
    let figures = match content.sheet {
        Some(sheet) => from_sheet(reader, sheet),
        None => from_tables(reader, content.entries),
    };
    Records::Salaries(figures.into_iter().map(Arc::new).collect())
}

fn from_tables(reader: &mut Reader<'_, '_>, entries: &[Entry]) -> Vec<Figure> {
    let mut group = Group::new("the file", entries, WHOLE_FILE);
    let figures =
        group.list(reader, "salary", |reader, field| field::groups(reader, field, "this figure", figure));
    group.finish(reader);
    figures.into_iter().flatten().collect()
}

/// Checks the header once, so that no row repeats its mistakes.
fn from_sheet(reader: &mut Reader<'_, '_>, sheet: &Sheet) -> Vec<Figure> {
    let help = format!("the columns are {}", listed(COLUMNS.iter().copied(), "and"));
    for column in sheet.columns.iter().filter(|column| !COLUMNS.contains(&column.value.as_str())) {
        let value = Value { kind: Kind::Null, span: column.span };
        let entry = Entry { key: column.value.clone(), key_span: column.span, value };
        reader.unknown(&entry, COLUMNS.iter().copied(), &help);
    }
    let (Some(first), Some(last)) = (sheet.columns.first(), sheet.columns.last()) else { return Vec::new() };
    let header = Span { start: first.span.start, end: last.span.end };
    let has = |name: &str| sheet.columns.iter().any(|column| column.value == name);
    let mut complete = true;
    for name in REQUIRED.iter().filter(|name| !has(name)) {
        complete = false;
        let message = format!("there is no column `{name}`");
        let code = missing_code(name);
        let path = reader.source().path.clone();
        reader.report(Diagnostic::new(code, path, header, message).help(format!("add a column `{name}`")));
    }
    if !complete {
        return Vec::new();
    }
    let mut figures = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        if let Kind::Table(cells) = &row.kind {
            figures.extend(figure(reader, &mut Group::new("this figure", cells, row.span)));
        }
    }
    figures
}

/// What the lack of a value is called.
fn missing_code(name: &str) -> Code {
    match name {
        "as_of" => Code::SalaryUndated,
        "source" => Code::SalaryNoSource,
        _ => Code::DataType,
    }
}

fn figure(reader: &mut Reader<'_, '_>, group: &mut Group<'_>) -> Option<Figure> {
    let role = group.required(reader, "role", Reader::name);
    let place = group.required(reader, "place", place);
    let currency = group.required(reader, "currency", field::currency);
    let period = group.required(reader, "period", |reader, field| reader.choice(field, Period::WORDS));
    let statistic =
        group.required(reader, "statistic", |reader, field| reader.choice(field, Statistic::WORDS));
    let level = group.optional(reader, "level", Reader::filled);
    let value = group.required(reader, "value", |reader, field| amount(reader, field, currency.as_deref()));
    let op = group.optional(reader, "op", |reader, field| reader.choice(field, Op::WORDS));
    let source = attributed(reader, group, "source", "this figure has no source", Reader::name);
    let as_of = attributed(reader, group, "as_of", "this figure has no date", field::as_of);
    let retrieved = group.optional(reader, "retrieved", field::date);
    let sample = group.optional(reader, "sample", field::count);
    Some(Figure {
        role: role?,
        place: place?,
        currency: currency?,
        period: period?,
        statistic: statistic?,
        level: level.unwrap_or_else(|| "all".to_owned()),
        value: value?,
        op: op.unwrap_or(Op::Equal),
        source: source?,
        as_of: as_of?,
        retrieved,
        sample,
        span: group.span(),
    })
}

/// Where the number is from or of; the lack of either has a code of its own.
fn attributed<'s, 't, 'v, T>(
    reader: &mut Reader<'s, 't>,
    group: &mut Group<'v>,
    key: &'static str,
    lacking: &str,
    read: impl FnOnce(&mut Reader<'s, 't>, Field<'v>) -> Option<T>,
) -> Option<T> {
    if reader.is_tracing() {
        return group.required(reader, key, read);
    }
    if let Some(field) = group.field(key) {
        return read(reader, field);
    }
    let path = reader.source().path.clone();
    let found = Diagnostic::new(missing_code(key), path, group.span(), lacking);
    reader.report(found.help(format!("add `{key}`")));
    None
}

/// A place's code or name: a word without spaces, which values and arguments can name.
pub(super) fn place(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Spanned<String>> {
    if reader.traces(|| Form::Pattern(r"^[\p{L}\p{N}-]+$")) {
        return None;
    }
    let place = reader.name(field)?;
    check_place(reader, &place);
    Some(place)
}

pub(super) fn check_place(reader: &mut Reader<'_, '_>, place: &Spanned<String>) {
    if !place.value.chars().all(|sign| sign.is_alphanumeric() || sign == '-') {
        let message = format!("`{}` cannot be a place", place.value);
        reader.refuse(place.span, message, "write a code or one word: `US`, `GB-SCT`, `inner-london`");
    }
}

/// An amount with no more digits after the point than its currency has.
fn amount(reader: &mut Reader<'_, '_>, field: Field<'_>, currency: Option<&str>) -> Option<Decimal> {
    let amount = field::positive(reader, field)?;
    if let Some(currency) = currency
        && amount.scale > currency::digits(currency)
    {
        let message = format!("`{amount}` has more digits after the point than {currency} has");
        let help = format!("round it to {} digits after the point", currency::digits(currency));
        reader.refuse(field.value.span, message, help);
    }
    Some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Source;

    #[test]
    fn the_columns_are_what_a_row_is_asked_for() {
        let source = Source { path: "a".into(), text: "", block: 0..0, code: Code::DataType };
        let entries: Vec<Entry> = COLUMNS
            .iter()
            .enumerate()
            .map(|(at, key)| {
                let span = Span::new(at + 1, at + 2);
                let value = Value { kind: Kind::Null, span };
                Entry { key: (*key).to_owned(), key_span: span, value }
            })
            .collect();
        let mut reader = Reader::new(&source);
        let mut group = Group::new("this figure", &entries, Span::default());
        figure(&mut reader, &mut group);
        assert_eq!(group.asked(), COLUMNS);
        // Each that is required has been missed.
        let missed =
            |name: &&&str| reader.diagnostics.iter().any(|found| found.help == Some(format!("add `{name}`")));
        assert_eq!(COLUMNS.iter().filter(missed).collect::<Vec<_>>(), REQUIRED.iter().collect::<Vec<_>>());
    }
}
