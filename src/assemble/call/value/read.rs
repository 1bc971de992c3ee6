//! A value as written, with its filters applied.
//!
//! In: `salary.nurse.median | short`. Out: what it leads to and how it is shown, with the problems
//! that keep nobody from showing it; or the one that does. Writes no markup.

use std::collections::BTreeSet;

use super::find::{Finder, Found, Missing};
use crate::assemble::call::pay::differ;
use crate::assemble::call::{is_stale, map};
use crate::assemble::format::{Applied, Datum, FILTERS, apply};
use crate::diagnostic::{Code, Span, near};
use crate::parse::data::{AsOf, Decimal};
use crate::parse::directive::{Filter, Value};
use crate::value::{Spanned, listed};

/// A value that can be shown.
pub(in crate::assemble::call) struct Read<'s> {
    pub(in crate::assemble::call) found: Found<'s>,
    pub(in crate::assemble::call) applied: Applied,
    pub(in crate::assemble::call) problems: Vec<Problem>,
}

/// What is wrong with one.
pub(in crate::assemble::call) struct Problem {
    pub(in crate::assemble::call) code: Code,
    pub(in crate::assemble::call) span: Span,
    pub(in crate::assemble::call) message: String,
    pub(in crate::assemble::call) help: String,
}

impl Problem {
    fn unknown(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: Code::ValueUnknown, span, message: message.into(), help: help.into() }
    }

    fn missing(span: Span, Missing { message, help }: Missing) -> Self {
        Self::unknown(span, message, help)
    }
}

impl<'s> Finder<'s, '_> {
    /// Finds a value and applies its filters.
    pub(in crate::assemble::call) fn read(&self, value: &Value) -> Result<Read<'s>, Problem> {
        let found =
            self.find(&value.path.value).map_err(|missing| Problem::missing(value.path.span, missing));
        let mut found = found?;
        let mut problems = Vec::new();
        let filters = self.filters(&mut found, &value.filters, &mut problems)?;
        let written: Vec<(&str, Option<&str>)> = filters
            .iter()
            .map(|filter| {
                (filter.name.value.as_str(), filter.argument.as_ref().map(|argument| argument.value.as_str()))
            })
            .collect();
        match apply(found.datum.clone(), &written) {
            Ok(applied) => Ok(Read { found, applied, problems }),
            Err((index, message, help)) => {
                let span = filters.get(index).map_or(value.span, |filter| filter.name.span);
                Err(Problem::unknown(span, message, help))
            }
        }
    }

    /// The dates of those figures that are older than their sources allow.
    pub(in crate::assemble::call) fn old(&self, found: &Found<'s>) -> BTreeSet<AsOf> {
        let old = found.figures.iter().filter(|figure| is_stale(self.facts, figure, self.today).is_some());
        old.map(|figure| figure.as_of).collect()
    }

    /// The filters that are left when `times` with a path in it has made a ratio of the value.
    fn filters(
        &self,
        found: &mut Found<'s>,
        written: &[Filter],
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Filter>, Problem> {
        let mut left = Vec::with_capacity(written.len());
        for filter in written {
            let name = filter.name.value.as_str();
            if !FILTERS.contains(&name) {
                let help = match near(name, FILTERS.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there is {}", listed(FILTERS.iter().copied(), "and")),
                };
                return Err(Problem::unknown(
                    filter.name.span,
                    format!("no filter is called `{name}`"),
                    help,
                ));
            }
            match (&filter.argument, name) {
                (Some(argument), "times") => {
                    found.datum = Datum::Number(self.ratio(found, argument, problems)?);
                    left.push(Filter { name: filter.name.clone(), argument: None });
                }
                _ => left.push(filter.clone()),
            }
        }
        Ok(left)
    }

    /// How many times another value one is: of the same kind, or it is nonsense.
    fn ratio(
        &self,
        found: &mut Found<'s>,
        argument: &Spanned<String>,
        problems: &mut Vec<Problem>,
    ) -> Result<Decimal, Problem> {
        let other = self.find(&argument.value).map_err(|missing| Problem::missing(argument.span, missing))?;
        let ratio = match (found.datum.as_number(), other.datum.as_number()) {
            (Some(number), Some(by)) => map::divide(number, by),
            _ => None,
        };
        let alike = match (&found.datum, &other.datum) {
            (Datum::Money { currency: one, .. }, Datum::Money { currency: other, .. }) => one == other,
            (one, other) => one.what() == other.what(),
        };
        let Some(ratio) = ratio.filter(|_| alike) else {
            let message = format!(
                "{} cannot be held against `{}`, which is {}",
                found.datum.what(),
                argument.value,
                other.datum.what()
            );
            return Err(Problem::unknown(argument.span, message, "name two values of one kind"));
        };
        found.figures.extend(other.figures);
        if !differ(self.facts, self.locale, &found.figures).is_empty() {
            problems.push(Problem {
                code: Code::StatisticMix,
                span: argument.span,
                message: "this compares figures of different kinds".to_owned(),
                help: "name two figures of one statistic, place, period and year".to_owned(),
            });
        }
        Ok(ratio)
    }
}
