//! `{{ salary.nurse.median | short }}`: paths to values, and values as HTML.
//!
//! In: a path and filters as written. Out: what the path leads to, with its kind, so that it can be
//! shown, filtered and compared; or what there is instead. A figure that is another role's, or older
//! than its source allows, is never shown without saying so.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::desk::Desk;
use super::pay::{ALL, statistic};
use super::source::Back;
use super::standing::{Figures, standing};
use super::{is_stale, map};
use crate::assemble::facts::Filed;
use crate::assemble::format::{Applied, Datum, FILTERS, Machine, apply};

use crate::diagnostic::{Code, near};
use crate::parse::data::{
    AsOf, Author, Course, Decimal, Figure, Op, Outlook, Precision, Role, Source, Statistic,
};
use crate::parse::directive::{Filter, Value};
use crate::value::{Spanned, listed};

/// Where paths begin.
const NAMESPACES: [&str; 8] = ["author", "build", "course", "outlook", "page", "role", "salary", "site"];
/// Names that a message lists before it says no more.
const LISTED: usize = 16;

/// What a path leads to.
#[derive(Debug, Clone)]
pub(super) struct Found<'s> {
    pub(super) datum: Datum,
    /// The figures it is made of.
    figures: Vec<&'s Filed<Figure>>,
    /// Id of its source, when it has one and the figures do not name it.
    source: Option<&'s str>,
}

impl Found<'_> {
    fn plain(datum: Datum) -> Self {
        Self { datum, figures: Vec::new(), source: None }
    }
}

/// Why a path leads nowhere.
#[derive(Debug, Clone)]
pub(super) struct Missing {
    /// What was found.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
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

impl<'s> Desk<'s, '_> {
    /// A value as HTML; empty when a problem has been reported.
    pub(super) fn value(&mut self, value: &'s Value) -> String {
        self.shown_value(value).unwrap_or_default()
    }

    fn shown_value(&mut self, value: &'s Value) -> Option<String> {
        let mut found = match self.find(&value.path.value) {
            Ok(found) => found,
            Err(missing) => {
                self.report(Code::ValueUnknown, value.path.span, missing.message, missing.help);
                return None;
            }
        };
        let filters = self.filters(&mut found, &value.filters)?;
        let written: Vec<(&str, Option<&str>)> = filters
            .iter()
            .map(|filter| {
                (filter.name.value.as_str(), filter.argument.as_ref().map(|argument| argument.value.as_str()))
            })
            .collect();
        let applied = match apply(found.datum.clone(), &written) {
            Ok(applied) => applied,
            Err((index, message, help)) => {
                let span = filters.get(index).map_or(value.span, |filter| filter.name.span);
                self.report(Code::ValueUnknown, span, message, help);
                return None;
            }
        };
        if found.figures.is_empty() && matches!(found.datum, Datum::Range { currency: Some(_), .. }) {
            return None;
        }
        Some(self.html(&found, &applied))
    }

    /// The filters that are left when `times` with a path in it has made a ratio of the value.
    fn filters(&mut self, found: &mut Found<'s>, written: &'s [Filter]) -> Option<Vec<Filter>> {
        let mut left = Vec::with_capacity(written.len());
        for filter in written {
            let name = filter.name.value.as_str();
            if !FILTERS.contains(&name) {
                let help = match near(name, FILTERS.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there is {}", listed(FILTERS.iter().copied(), "and")),
                };
                self.report(
                    Code::ValueUnknown,
                    filter.name.span,
                    format!("no filter is called `{name}`"),
                    help,
                );
                return None;
            }
            match (&filter.argument, name) {
                (Some(argument), "times") => {
                    found.datum = Datum::Number(self.ratio(found, argument)?);
                    left.push(Filter { name: filter.name.clone(), argument: None });
                }
                _ => left.push(filter.clone()),
            }
        }
        Some(left)
    }

    /// How many times another value one is: of the same kind, or it is nonsense.
    fn ratio(&mut self, found: &mut Found<'s>, argument: &Spanned<String>) -> Option<Decimal> {
        let other = match self.find(&argument.value) {
            Ok(other) => other,
            Err(missing) => {
                self.report(Code::ValueUnknown, argument.span, missing.message, missing.help);
                return None;
            }
        };
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
            self.report(Code::ValueUnknown, argument.span, message, "name two values of one kind");
            return None;
        };
        found.figures.extend(other.figures);
        let mixed = self.differ(&found.figures);
        if !mixed.is_empty() {
            let message = "this compares figures of different kinds";
            let help = "name two figures of one statistic, place, period and year";
            self.report(Code::StatisticMix, argument.span, message, help);
        }
        Some(ratio)
    }

    fn html(&mut self, found: &Found<'s>, applied: &Applied) -> String {
        let mut anchor = String::new();
        let sources: Vec<&'s str> =
            found.figures.iter().map(|figure| figure.source.value.as_str()).chain(found.source).collect();
        for source in sources {
            if let Some(cited) = self.cite_id(source, Back::First).filter(|_| anchor.is_empty()) {
                anchor = cited.anchor;
            }
        }
        let mut html = String::new();
        let text = applied.text(self.locale);
        let id = if anchor.is_empty() { String::new() } else { format!(" id=\"{anchor}\"") };
        // Writing to a string cannot fail.
        let _ = match applied.machine() {
            Machine::Data(value) => {
                write!(html, "<data{id} value=\"{}\">{}</data>", Attribute(&value), Text(&text))
            }
            Machine::Time(value) => {
                write!(html, "<time{id} datetime=\"{}\">{}</time>", Attribute(&value), Text(&text))
            }
            Machine::None if id.is_empty() => write!(html, "{}", Text(&text)),
            Machine::None => write!(html, "<span{id}>{}</span>", Text(&text)),
        };
        let mut old = BTreeSet::new();
        for figure in &found.figures {
            self.figures.push(figure);
            self.used.insert(("salaries", &figure.role.value));
            if is_stale(self.shared.facts, figure, self.shared.today).is_some() {
                old.insert(figure.as_of);
            }
        }
        for as_of in old {
            let day = self.locale.day_or_month(as_of);
            let _ = write!(
                html,
                " <small class=\"as-of\">(<time datetime=\"{}\">{}</time>)</small>",
                Attribute(&day.iso),
                Text(&day.text)
            );
        }
        html
    }

    /// What a path leads to.
    pub(super) fn find(&self, path: &str) -> Result<Found<'s>, Missing> {
        let parts: Vec<&str> = path.split('.').collect();
        let facts = self.shared.facts;
        match parts.as_slice() {
            ["salary", role, rest @ ..] => self.salary_value(path, role, rest),
            ["outlook", role, rest @ ..] => self.outlook_value(path, role, rest),
            ["role", id, field] => {
                of(path, &facts.roles, id, field, |role, field| role_field(role, field, self))
            }
            ["course", id, field] => {
                of(path, &facts.courses, id, field, |course, field| course_field(course, field, self))
            }
            ["source", id, field] => {
                of(path, &facts.sources, id, field, |source, field| source_field(source, field))
            }
            ["author", id, field] => {
                of(path, &facts.authors, id, field, |author, field| author_field(author, field))
            }
            ["site", field] => self.site_field(path, field),
            ["page", field] => self.page_field(path, field),
            ["build", "year"] => Ok(Found::plain(Datum::Year(i64::from(self.shared.today.year())))),
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
        let facts = self.shared.facts;
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
        let default = || self.default_place(&places);
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
        let help = match standing(self.shared.facts, role, Figures::Pay, self.locale) {
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
        let facts = self.shared.facts;
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
        for set in self.shared.facts.figures(role, place).iter().filter(|set| set.level == ALL) {
            for (low, high) in pairs {
                let (Some(low), Some(high)) = (set.figures.get(&low), set.figures.get(&high)) else {
                    continue;
                };
                let datum = Datum::Range {
                    low: low.value,
                    high: high.value,
                    currency: Some(set.currency.to_owned()),
                };
                return Ok(Found { datum, figures: vec![low, high], source: None });
            }
        }
        let help = "name one figure, such as `salary.web-developer.median`";
        Err(Missing::new(format!("`{path}` has no lowest and highest figure"), help))
    }

    /// The date or the sample of the main figure.
    fn of_main(&self, path: &str, role: &str, place: &str, field: &str) -> Result<Found<'s>, Missing> {
        let facts = self.shared.facts;
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
        let facts = self.shared.facts;
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
            [field] => (self.default_place(&known), *field),
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
        let config = self.shared.config;
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
            "url" => Some(Datum::Text(self.shared.config.base_url.absolute(&self.entry.url))),
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

fn number(number: i64) -> Datum {
    Datum::Number(Decimal::from(number))
}

/// The datum of a field, or the fields there are.
type Field = Result<Option<Datum>, &'static [&'static str]>;

fn role_field(role: &Role, field: &str, desk: &Desk<'_, '_>) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    let list = |items: &[String]| Some(Datum::Text(desk.locale.list(items)));
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
            Some(Datum::Range { low, high, currency: None })
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

fn course_field(course: &Course, field: &str, desk: &Desk<'_, '_>) -> Field {
    let text = |text: &Option<String>| text.clone().map(Datum::Text);
    let day = |date: Option<jiff::civil::Date>| date.map(Datum::day);
    Ok(match field {
        "title" => Some(Datum::Text(course.title.clone())),
        "provider" => text(&course.provider),
        "summary" => text(&course.summary),
        "url" => text(&course.url),
        "duration" => course.duration.map(Datum::Duration),
        "effort" => course.effort.map(Datum::Effort),
        "time" => Some(Datum::Text(desk.locale.time(course.effort, course.duration))),
        "level" => course.level.map(|level| Datum::Text(level.word().to_owned())),
        "kind" => Some(Datum::Text(course.kind.word().to_owned())),
        "price" => course.price.as_ref().map(|price| match price.amount.units {
            0 => Datum::Text(desk.price(price).text),
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

fn source_field(source: &Source, field: &str) -> Field {
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

fn author_field(author: &Author, field: &str) -> Field {
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
fn outlook_field(outlook: &Outlook, field: &str) -> (Option<Datum>, Vec<&'static str>) {
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

/// Shown as escaped text.
struct Text<'a>(&'a str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html_body_text(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}

/// Shown as the value of a quoted attribute.
struct Attribute<'a>(&'a str);

impl std::fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}
