//! `outlook`: how many people work in a role, and how many will.
//!
//! In: the file's keys, `[role.PLACE]`. Out: an [`Outlook`] for each role and place. What is not
//! published is left out, and is not computed here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::field;
use super::salary::check_place;
use crate::diagnostic::Span;
use crate::value::shape::Form;
use crate::value::{Entry, Field, Group, Reader, Spanned};

/// The outlook of a role in a place. Growth may be negative, and rounded numbers need not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// A role's id.
    pub role: Spanned<String>,
    /// Where.
    pub place: Spanned<String>,
    /// Jobs in the base year.
    pub jobs: Option<u32>,
    /// The year of `jobs`.
    pub base_year: Option<u16>,
    /// Jobs in the target year.
    pub projected: Option<u32>,
    /// The year of `projected`.
    pub target_year: Option<u16>,
    /// Growth in percent, as published.
    pub percent: Option<Decimal>,
    /// Growth in jobs, as published.
    pub change: Option<i64>,
    /// Openings a year.
    pub openings_per_year: Option<u32>,
    /// A source's id.
    pub source: Option<Spanned<String>>,
    /// The name of the place in `[role.PLACE]`.
    pub span: Span,
}

pub(super) fn read(reader: &mut Reader<'_, '_>, entries: &[Entry]) -> Vec<Arc<Outlook>> {
    let mut found = Vec::new();
    if reader.is_tracing() {
        let nowhere = Spanned { value: String::new(), span: crate::diagnostic::Span::default() };
        let form = reader.traced(|reader| {
            let mut group = Group::new("", &[], nowhere.span);
            outlook(reader, nowhere.clone(), nowhere.clone(), &mut group);
            group.finish(reader);
        });
        reader.traces(|| Form::Map(Box::new(Form::Map(Box::new(form)))));
    }
    for entry in entries {
        let role = Spanned { value: entry.key.clone(), span: entry.key_span };
        let field = Field { key: &entry.key, value: &entry.value };
        let help = format!("give it a place: `[{}.US]`", entry.key);
        for inner in reader.table(field, &help) {
            let place = Spanned { value: inner.key.clone(), span: inner.key_span };
            let field = Field { key: &inner.key, value: &inner.value };
            let Some(group) = Group::of(reader, String::new(), field, &help) else { continue };
            check_place(reader, &place);
            let what = format!("the outlook of `{}` in `{}`", role.value, place.value);
            let mut group = group.named(what, place.span);
            found.push(Arc::new(outlook(reader, role.clone(), place, &mut group)));
            group.finish(reader);
        }
    }
    found
}

fn outlook(
    reader: &mut Reader<'_, '_>,
    role: Spanned<String>,
    place: Spanned<String>,
    group: &mut Group<'_>,
) -> Outlook {
    let outlook = Outlook {
        span: place.span,
        role,
        place,
        jobs: group.optional(reader, "jobs", field::count),
        base_year: group.optional(reader, "base_year", year),
        projected: group.optional(reader, "projected", field::count),
        target_year: group.optional(reader, "target_year", year),
        percent: group.optional(reader, "percent", field::decimal),
        change: group.optional(reader, "change", |reader, field| reader.integer(field, i64::MIN..=i64::MAX)),
        openings_per_year: group.optional(reader, "openings_per_year", field::count),
        source: group.required(reader, "source", Reader::name),
    };
    check_signs(reader, group, &outlook);
    outlook
}

fn year(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<u16> {
    reader.integer(field, 1900..=2200).and_then(|year| u16::try_from(year).ok())
}

/// Growth in jobs and growth in percent point the same way, and a later year comes later.
fn check_signs(reader: &mut Reader<'_, '_>, group: &Group<'_>, outlook: &Outlook) {
    if let (Some(percent), Some(change)) = (outlook.percent, outlook.change)
        && percent.units.signum() * change.signum() < 0
    {
        let span = group.key_span("change").unwrap_or(group.span());
        let message = format!("`change` is {change}, but `percent` is {percent}");
        reader.refuse(span, message, "write a minus sign before both, or before neither");
    }
    if let (Some(base), Some(target)) = (outlook.base_year, outlook.target_year)
        && target <= base
    {
        let span = group.key_span("target_year").unwrap_or(group.span());
        reader.refuse(
            span,
            format!("`target_year` {target} is not after `base_year` {base}"),
            "exchange the two",
        );
    }
}
