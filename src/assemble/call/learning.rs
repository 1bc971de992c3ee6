//! Views of courses: `course`, `courses`.
//!
//! In: checked arguments. Out: cards that say what is commercial before the reader meets it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Arguments;
use super::desk::Desk;
use crate::assemble::Kind;
use crate::assemble::facts::Filed;
use crate::assemble::format::Locale;
use crate::assemble::shown::{self, Amount, Courses};
use crate::diagnostic::Code;
use crate::parse::data::{self, Course, CourseKind, Money, Relation};
use crate::value::Spanned;

impl<'s> Desk<'s, '_> {
    /// `::course id`
    pub(super) fn course(&mut self, arguments: &Arguments<'s>) -> Option<shown::Course> {
        let id = arguments.get("course")?;
        let courses = &self.shared.facts.courses;
        let Some(course) = courses.get(&id.value) else {
            self.unknown(Code::DirectiveArgument, "course", id, courses.keys());
            return None;
        };
        if let Some(ends) = course.ends.filter(|ends| *ends < self.shared.today) {
            let message = format!("the course `{}` ended on {ends}", id.value);
            self.report(
                Code::PastEvent,
                id.span,
                message,
                "take it away, or update its `ends` in the courses",
            );
        }
        let mut view = self.course_view(course);
        view.disclosure = self.disclose(is_commercial(course));
        Some(view)
    }

    /// `::courses role`
    pub(super) fn courses(&mut self, arguments: &Arguments<'s>) -> Option<Courses> {
        let facts = self.shared.facts;
        let (level, skill) = (arguments.text("level"), arguments.text("skill"));
        let role = match (arguments.get("role"), skill) {
            (None, Some(_)) => None,
            (None, None) if self.default_role().is_none() => None,
            _ => Some(self.role_argument(arguments)?),
        };
        let wanted: BTreeSet<&str> = match role {
            Some(role) => role.skills.iter().map(|skill| skill.id.value.as_str()).collect(),
            None => BTreeSet::new(),
        };
        let today = self.shared.today;
        let shares = |course: &Course| {
            course.skills.iter().filter(|taught| wanted.contains(taught.value.as_str())).count()
        };
        let mut found: Vec<&'s Filed<Course>> = facts
            .courses
            .values()
            .filter(|course| course.ends.is_none_or(|ends| today <= ends))
            .filter(|course| level.is_none_or(|level| course.level.is_some_and(|own| own.word() == level)))
            .filter(|course| {
                skill.is_none_or(|skill| course.skills.iter().any(|taught| taught.value == skill))
            })
            .filter(|course| role.is_none() || shares(course) > 0)
            .collect();
        found.sort_by_key(|course| Reverse(shares(course)));
        if found.is_empty() {
            let message = match role {
                Some(role) => format!("no course teaches a skill of `{}`", role.id.value),
                None => "no course fits this line".to_owned(),
            };
            let help = "add one to the courses, with the `skills` it teaches, or take this line away";
            self.report(Code::ValueUnknown, arguments.span(), message, help);
            return None;
        }
        let disclosure = self.disclose(found.iter().any(|course| is_commercial(course)));
        let courses = found.into_iter().map(|course| self.course_view(course)).collect();
        Some(Courses { role: role.map(|role| self.role_link(role)), disclosure, courses })
    }

    /// What readers must be told before the first commercial link of the page.
    pub(super) fn disclose(&mut self, is_commercial: bool) -> String {
        if !is_commercial || std::mem::replace(&mut self.disclosed, true) {
            return String::new();
        }
        self.locale.words.disclosure.to_owned()
    }

    pub(super) fn course_view(&mut self, course: &'s Filed<Course>) -> shown::Course {
        self.used.insert(("courses", &course.id.value));
        let (locale, words) = (self.locale, self.locale.words);
        let url = course.url.clone().unwrap_or_default();
        shown::Course {
            id: course.id.value.clone(),
            title: course.title.clone(),
            text: course.summary.clone().unwrap_or_default(),
            provider: course.provider.clone().unwrap_or_default(),
            rel: self.rel(&url, is_commercial(course)),
            url,
            relation: course.relation.word().to_owned(),
            relation_label: words.relations[course.relation as usize].to_owned(),
            disclosure: String::new(),
            kind: course.kind.word().to_owned(),
            kind_label: self.kind_label(course.kind),
            level: course.level.map(|level| level.word().to_owned()).unwrap_or_default(),
            level_label: course
                .level
                .map(|level| words.course_levels[level as usize])
                .unwrap_or_default()
                .to_owned(),
            duration: course.duration.map(iso).unwrap_or_default(),
            duration_text: course.duration.map(|duration| locale.duration(duration)).unwrap_or_default(),
            effort_text: course.effort.map(|effort| locale.effort(effort)).unwrap_or_default(),
            time_text: locale.time(course.effort, course.duration),
            price: course.price.as_ref().map(|money| price(locale, money)),
            skills: course.skills.iter().map(|skill| self.skill_link(&skill.value)).collect(),
            starts: course.starts.map(|date| locale.day(date)),
            ends: course.ends.map(|date| locale.day(date)),
            checked: course.checked.map(|date| locale.day(date)),
        }
    }

    pub(super) fn kind_label(&self, kind: CourseKind) -> String {
        self.locale.words.course_kinds[kind as usize].to_owned()
    }

    /// `rel` of a link: paid ones say so, and those that leave the site do.
    pub(super) fn rel(&self, url: &str, is_commercial: bool) -> String {
        let origin = &self.shared.config.base_url.origin;
        let is_own =
            url.strip_prefix(origin.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let external = url.contains("://") && !is_own;
        match (is_commercial, external) {
            (true, true) => "sponsored external",
            (true, false) => "sponsored",
            (false, true) => "external",
            (false, false) => "",
        }
        .to_owned()
    }

    /// The record that a line names, else the page's front matter, else its file's name.
    pub(super) fn record<T>(
        &mut self,
        arguments: &Arguments<'s>,
        (name, what): (&str, &str),
        (records, front): (&'s BTreeMap<String, Filed<T>>, Option<&'s Spanned<String>>),
        kind: Kind,
    ) -> Option<&'s Filed<T>> {
        if let Some(id) = arguments.get(name) {
            if !records.contains_key(&id.value) {
                self.unknown(Code::DirectiveArgument, what, id, records.keys());
            }
            return records.get(&id.value);
        }
        if let Some(id) = front {
            // One that does not exist has been reported.
            return records.get(&id.value);
        }
        let own = self.own(kind).and_then(|own| records.get(own));
        if own.is_none() {
            let message = format!("`{name}` does not say which {what} it shows");
            let help = format!("write `::{name} its-id`, or give the page a `{name}`");
            self.report(Code::DirectiveArgument, arguments.span(), message, help);
        }
        own
    }
}

/// Whether money flows: the site is paid, or sells what is its own.
pub(super) fn is_commercial(course: &Course) -> bool {
    let sells = course.price.as_ref().is_some_and(|price| price.amount.units > 0);
    course.relation.is_commercial() || (course.relation == Relation::Own && sells)
}

/// What something costs; nothing is free.
pub(super) fn price(locale: &Locale, price: &Money) -> Amount {
    let text = match price.amount.units {
        0 => locale.words.free.to_owned(),
        _ => locale.money(price.amount, &price.currency),
    };
    Amount { value: price.amount.to_string(), text, op: String::new() }
}

/// A duration by ISO 8601.
fn iso(duration: data::Duration) -> String {
    let data::Duration { years, months, weeks, days, hours, minutes } = duration;
    let units = |units: &[(u32, char)]| -> String {
        let written = units.iter().filter(|(number, _)| *number > 0);
        written.map(|(number, unit)| format!("{number}{unit}")).collect::<Vec<_>>().concat()
    };
    let date = units(&[(years, 'Y'), (months, 'M'), (weeks, 'W'), (days, 'D')]);
    let time = units(&[(hours, 'H'), (minutes, 'M')]);
    if time.is_empty() { format!("P{date}") } else { format!("P{date}T{time}") }
}
