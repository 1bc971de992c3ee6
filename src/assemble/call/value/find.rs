//! Paths to values: `salary.nurse.median`, `outlook.nurse.percent`, `page.updated`.
//!
//! In: a path, the facts, and the page it stands on. Out: what the path leads to, with its kind and
//! the figures it is made of; or what there is instead. Shows nothing.

use std::collections::BTreeSet;

use super::field::{author_field, course_field, outlook_field, role_field, source_field};
use crate::assemble::call::pay::{ALL, statistic};
use crate::assemble::call::standing::{Figures, standing};
use crate::assemble::facts::{Facts, Filed};
use crate::assemble::format::{Datum, Locale};
use crate::assemble::page::Entry;
use crate::config::Config;
use crate::diagnostic::near;
use crate::parse::data::{Decimal, Figure, Role, Statistic};
use crate::value::listed;

/// Where paths begin.
const NAMESPACES: [&str; 8] = ["author", "build", "course", "outlook", "page", "role", "salary", "site"];
/// Names that a message lists before it says no more.
const LISTED: usize = 16;

/// What a path leads to.
#[derive(Debug, Clone)]
pub(in crate::assemble::call) struct Found<'s> {
    pub(in crate::assemble::call) datum: Datum,
    /// The figures it is made of.
    pub(in crate::assemble::call) figures: Vec<&'s Filed<Figure>>,
    /// Id of its source, when it has one and the figures do not name it.
    pub(in crate::assemble::call) source: Option<&'s str>,
}

impl Found<'_> {
    fn plain(datum: Datum) -> Self {
        Self { datum, figures: Vec::new(), source: None }
    }
}

/// Why a path leads nowhere.
#[derive(Debug, Clone)]
pub(in crate::assemble::call) struct Missing {
    /// What was found.
    pub(in crate::assemble::call) message: String,
    /// What to do.
    pub(in crate::assemble::call) help: String,
}

impl Missing {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// A name that is none of those there are.
    fn among<'k>(path: &str, name: &str, known: impl Iterator<Item = &'k str> + Clone) -> Self {
        let help = match near(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.clone().next().is_none() => "there is nothing of this kind yet".to_owned(),
            None => {
                let more = if known.clone().nth(LISTED).is_some() { ", ..." } else { "" };
                format!("there is {}{more}", listed(known.take(LISTED), "and"))
            }
        };
        Self { message: format!("no value `{path}`: nothing is called `{name}`"), help }
    }
}

/// What paths are looked up in.
#[derive(Clone, Copy)]
pub(in crate::assemble::call) struct Finder<'s, 'e> {
    pub(in crate::assemble::call) facts: &'s Facts,
    pub(in crate::assemble::call) config: &'e Config,
    pub(in crate::assemble::call) today: jiff::civil::Date,
    pub(in crate::assemble::call) entry: &'e Entry<'e>,
    pub(in crate::assemble::call) locale: &'static Locale,
}

impl<'s> Finder<'s, '_> {
    /// What a path leads to.
    pub(in crate::assemble::call) fn find(&self, path: &str) -> Result<Found<'s>, Missing> {
        let parts: Vec<&str> = path.split('.').collect();
        let facts = self.facts;
        match parts.as_slice() {
            ["salary", role, rest @ ..] => self.salary_value(path, role, rest),
            ["outlook", role, rest @ ..] => self.outlook_value(path, role, rest),
            ["role", id, field] => {
                of(path, &facts.roles, id, field, |role, field| role_field(role, field, self.locale))
            }
            ["course", id, field] => {
                of(path, &facts.courses, id, field, |course, field| course_field(course, field, self.locale))
            }
            ["source", id, field] => {
                of(path, &facts.sources, id, field, |source, field| source_field(source, field))
            }
            ["author", id, field] => {
                of(path, &facts.authors, id, field, |author, field| author_field(author, field))
            }
            ["site", field] => self.site_field(path, field),
            ["page", field] => self.page_field(path, field),
            ["build", "year"] => Ok(Found::plain(Datum::Year(i64::from(self.today.year())))),
            ["build", field, ..] => Err(Missing::among(path, field, ["year"].into_iter())),
            [
                name @ ("role" | "course" | "source" | "author" | "salary" | "outlook" | "site" | "page"
                | "build"),
            ] => Err(Missing::new(format!("`{name}` alone is no value"), shape(name))),
            [name @ ("role" | "course" | "source" | "author" | "site" | "page"), ..] => {
                Err(Missing::new(format!("no value `{path}`"), shape(name)))
            }
            [name, ..] => Err(Missing::among(path, name, NAMESPACES.into_iter().chain(["source"]))),
            [] => Err(Missing::new("no value is named", shape("salary"))),
        }
    }

    /// `salary.<role>`, then a statistic with or without a place before and a level behind it.
    fn salary_value(&self, path: &str, role: &str, rest: &[&str]) -> Result<Found<'s>, Missing> {
        let facts = self.facts;
        let Some(record) = facts.roles.get(role) else {
            return Err(Missing::among(path, role, facts.roles.keys().map(String::as_str)));
        };
        let places: Vec<&'s str> = facts.salary_places(&record.id.value).collect();
        if places.is_empty() {
            return Err(self.others_pay(path, record));
        }
        let (place, rest) = match rest {
            [first, rest @ ..] if places.contains(first) => (Some(*first), rest),
            rest => (None, rest),
        };
        let own = self.entry.front.place.as_ref().map(|place| place.value.as_str());
        let default = || own.or_else(|| default_place(self.entry, &places));
        let Some(place) = place.or_else(default) else {
            let places = listed(places.iter().copied(), "and");
            let help = format!("write the place behind the role: there are figures for {places}");
            return Err(Missing::new(format!("`{path}` does not say for which place"), help));
        };
        if !places.contains(&place) {
            let places = listed(places.iter().copied(), "and");
            return Err(Missing::new(
                format!("nothing is published for `{role}` in `{place}`"),
                format!("there are figures for {places}"),
            ));
        }
        match rest {
            [] => self.pay_range(path, role, place),
            [field @ ("as_of" | "as-of" | "sample")] => self.of_main(path, role, place, field),
            [word] => self.pay_figure(path, (role, place), word, ALL),
            [word, level] => self.pay_figure(path, (role, place), word, level),
            _ => Err(Missing::new(format!("no value `{path}`"), shape("salary"))),
        }
    }

    /// Says whose pay could be shown with a note, which a value has no room for.
    fn others_pay(&self, path: &str, role: &'s Filed<Role>) -> Missing {
        let id = &role.id.value;
        let help = match standing(self.facts, role, Figures::Pay, self.locale) {
            Some(of) => format!(
                "pay is published for `{0}`: write `{0}` and say so, or use `::salary {id}`, which says so itself",
                of.role
            ),
            None => format!("add figures for `{id}` to the salaries"),
        };
        Missing::new(format!("no value `{path}`: no pay is published for `{id}`"), help)
    }

    fn pay_figure(
        &self,
        path: &str,
        (role, place): (&str, &str),
        word: &str,
        level: &str,
    ) -> Result<Found<'s>, Missing> {
        let facts = self.facts;
        let found = statistic(word).and_then(|statistic| facts.salary(role, place, statistic, level));
        let Some(figure) = found else {
            let sets = facts.figures(role, place);
            if level != ALL && sets.iter().any(|set| set.level != ALL) && statistic(word).is_some() {
                let levels: BTreeSet<&str> =
                    sets.iter().map(|set| set.level).filter(|level| *level != ALL).collect();
                if !levels.contains(level) {
                    return Err(Missing::among(path, level, levels.iter().copied()));
                }
            }
            let of_level = sets.iter().filter(|set| set.level == level);
            let words: BTreeSet<&str> =
                of_level.flat_map(|set| set.figures.keys()).map(|statistic| statistic.word()).collect();
            return Err(Missing::among(path, word, words.iter().copied()));
        };
        let datum =
            Datum::Money { amount: figure.value, currency: figure.currency.clone(), limit: figure.op };
        Ok(Found { datum, figures: vec![figure], source: None })
    }

    /// From the lowest to the highest of what one source publishes.
    fn pay_range(&self, path: &str, role: &str, place: &str) -> Result<Found<'s>, Missing> {
        let pairs = [
            (Statistic::P10, Statistic::P90),
            (Statistic::P25, Statistic::P75),
            (Statistic::Min, Statistic::Max),
            (Statistic::Starter, Statistic::Experienced),
        ];
        for set in self.facts.figures(role, place).iter().filter(|set| set.level == ALL) {
            for (low, high) in pairs {
                let (Some(low), Some(high)) = (set.figures.get(&low), set.figures.get(&high)) else {
                    continue;
                };
                let datum = Datum::Range {
                    low: low.value,
                    high: high.value,
                    currency: Some(set.currency.to_owned()),
                    limits: [low.op, high.op],
                };
                return Ok(Found { datum, figures: vec![low, high], source: None });
            }
        }
        let help = "name one figure, such as `salary.web-developer.median`";
        Err(Missing::new(format!("`{path}` has no lowest and highest figure"), help))
    }

    /// The date or the sample of the main figure.
    fn of_main(&self, path: &str, role: &str, place: &str, field: &str) -> Result<Found<'s>, Missing> {
        let facts = self.facts;
        let main = [Statistic::Median, Statistic::Mean]
            .into_iter()
            .find_map(|statistic| facts.salary(role, place, statistic, ALL))
            .or_else(|| facts.figures(role, place).first()?.figures.values().next().copied());
        let datum = main.and_then(|figure| match field {
            "sample" => figure.sample.map(|sample| number(i64::from(sample))),
            _ => Some(Datum::Day(figure.as_of)),
        });
        let Some((datum, figure)) = datum.zip(main) else {
            return Err(Missing::new(
                format!("no value `{path}`: the figure has no `{field}`"),
                "add it to the salaries",
            ));
        };
        Ok(Found { datum, figures: vec![figure], source: None })
    }

    fn outlook_value(&self, path: &str, role: &str, rest: &[&str]) -> Result<Found<'s>, Missing> {
        let facts = self.facts;
        let Some(places) = facts.outlook.get(role) else {
            return Err(match facts.roles.get(role) {
                Some(_) => Missing::new(
                    format!("no value `{path}`: no outlook is published for `{role}`"),
                    format!("add `[{role}.US]` to the outlook"),
                ),
                None => Missing::among(path, role, facts.outlook.keys().map(String::as_str)),
            });
        };
        let known: Vec<&'s str> = places.keys().map(String::as_str).collect();
        let (place, field) = match rest {
            [field] => (default_place(self.entry, &known), *field),
            [place, field] => (known.iter().copied().find(|known| known == place), *field),
            _ => return Err(Missing::new(format!("no value `{path}`"), shape("outlook"))),
        };
        let Some(outlook) = place.and_then(|place| places.get(place)) else {
            let places = listed(known.iter().copied(), "and");
            return Err(Missing::new(
                format!("no value `{path}`"),
                format!("there is an outlook for {places}"),
            ));
        };
        let (datum, known) = outlook_field(outlook, field);
        let datum = datum.ok_or_else(|| Missing::among(path, field, known.into_iter()))?;
        Ok(Found {
            datum,
            figures: Vec::new(),
            source: outlook.source.as_ref().map(|source| source.value.as_str()),
        })
    }

    fn site_field(&self, path: &str, field: &str) -> Result<Found<'s>, Missing> {
        let config = self.config;
        let text = match field {
            "title" => config.title.clone(),
            "description" => config.description.clone(),
            "url" => config.base_url.absolute("/"),
            "lang" => config.lang.clone(),
            _ => {
                return Err(Missing::among(path, field, ["title", "description", "url", "lang"].into_iter()));
            }
        };
        filled(path, field, Some(Datum::Text(text)))
    }

    fn page_field(&self, path: &str, field: &str) -> Result<Found<'s>, Missing> {
        let (front, document) = (&self.entry.front, &self.entry.document);
        let text = |text: &Option<String>| text.clone().map(Datum::Text);
        let day = |date: Option<crate::parse::front_matter::Date>| date.map(|date| Datum::day(date.date));
        let datum = match field {
            "title" => Some(Datum::Text(document.title.clone())),
            "description" => text(&front.description),
            "dek" => text(&front.dek),
            "level" => text(&front.level),
            "url" => Some(Datum::Text(self.config.base_url.absolute(&self.entry.url))),
            "words" => Some(number(i64::from(document.words))),
            "published" => day(front.published),
            "updated" => day(front.updated.or(front.published)),
            "reviewed" => day(front.reviewed),
            "review_by" => day(front.review_by),
            _ => {
                let known = [
                    "title",
                    "description",
                    "dek",
                    "level",
                    "url",
                    "words",
                    "published",
                    "updated",
                    "reviewed",
                    "review_by",
                ];
                return Err(Missing::among(path, field, known.into_iter()));
            }
        };
        filled(path, field, datum)
    }
}

/// A field of a record of a kind.
fn of<'s, T>(
    path: &str,
    records: &'s std::collections::BTreeMap<String, Filed<T>>,
    id: &str,
    field: &str,
    read: impl FnOnce(&'s Filed<T>, &str) -> Result<Option<Datum>, &'static [&'static str]>,
) -> Result<Found<'s>, Missing> {
    let Some(record) = records.get(id) else {
        return Err(Missing::among(path, id, records.keys().map(String::as_str)));
    };
    match read(record, field) {
        Ok(datum) => filled(path, field, datum),
        Err(known) => Err(Missing::among(path, field, known.iter().copied())),
    }
}

/// A value that is there, and not empty.
fn filled<'s>(path: &str, field: &str, datum: Option<Datum>) -> Result<Found<'s>, Missing> {
    match datum {
        Some(datum) if datum != Datum::Text(String::new()) => Ok(Found::plain(datum)),
        _ => Err(Missing::new(
            format!("no value `{path}`: `{field}` is not set"),
            "set it, or take the value away",
        )),
    }
}

pub(super) fn number(number: i64) -> Datum {
    Datum::Number(Decimal::from(number))
}

/// How paths of a namespace are written.
fn shape(name: &str) -> &'static str {
    match name {
        "outlook" => "write `outlook.web-developer.percent`",
        "role" => "write `role.web-developer.title`",
        "course" => "write `course.its-id.duration`",
        "source" => "write `source.its-id.published`",
        "author" => "write `author.their-id.name`",
        "site" => "write `site.title`",
        "page" => "write `page.updated`",
        "build" => "write `build.year`",
        _ => "write `salary.web-developer.median`, with the place before `median` where it is not the page's",
    }
}

/// The place that figures are of unless a writer says otherwise.
pub(in crate::assemble::call) fn default_place<'s>(entry: &Entry<'_>, known: &[&'s str]) -> Option<&'s str> {
    if let Some(place) = &entry.front.place {
        return known.iter().find(|known| **known == place.value).copied();
    }
    let is_region = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    let region = entry.lang.split('-').find(is_region);
    let of_language = region.and_then(|region| known.iter().find(|known| **known == region));
    match (of_language, known) {
        (Some(place), _) => Some(place),
        (None, [only]) => Some(only),
        _ => None,
    }
}
