//! Views of roles: `quick-facts`, `skills`, `compare`.
//!
//! In: checked arguments. Out: what is known of roles, as rows. A fact that is not known has no row.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use super::desk::Desk;
use super::learning::is_commercial;
use super::pay::{ALL, Paid, capitalised, distinct_sources, note};
use super::standing::{Figures, standing};
use crate::assemble::facts::Filed;
use crate::assemble::format::words::FACTS;
use crate::assemble::format::words_with;
use crate::assemble::shown::{
    self, Amount, Cell, Compare, CompareRow, Fact, Link, QuickFacts, SkillGroup, Skills,
};
use crate::diagnostic::Code;
use crate::parse::data::{Role, Skill, SkillKind, Statistic};
use crate::value::Spanned;

/// Fewest and most roles that a comparison has.
const COMPARED: std::ops::RangeInclusive<usize> = 2..=4;

/// One number of an outlook.
type AmountOf = fn(&shown::Outlook) -> Option<Amount>;

impl<'s> Desk<'s, '_> {
    /// `::quick-facts role`
    pub(super) fn quick_facts(&mut self, arguments: &Arguments<'s>) -> Option<QuickFacts> {
        let role = self.role_argument(arguments)?;
        let asked = arguments.text("place");
        let mut view = QuickFacts { role: self.role_link(role), ..QuickFacts::default() };
        self.pay_fact(role, asked, &mut view);
        if let Some((outlook, sentence)) = self.outlook_quietly(role, asked) {
            let outlook = self.outlook_view(role, outlook);
            note(&mut view.notes, sentence);
            let numbers =
                [("jobs", &outlook.jobs), ("outlook", &outlook.signed), ("openings", &outlook.openings)];
            for (key, amount) in numbers {
                if let Some(amount) = amount {
                    let mut fact = self.fact(key);
                    fact.amount = Some(amount.clone());
                    fact.source.clone_from(&outlook.source);
                    if key == "outlook" && !outlook.target_year.is_empty() {
                        fact.unit = format!("({}\u{2013}{})", outlook.base_year, outlook.target_year);
                    }
                    view.facts.push(fact);
                }
            }
        }
        for (key, text) in self.texts(role) {
            if !text.is_empty() {
                let fact = Fact { text, ..self.fact(key) };
                view.facts.push(fact);
            }
        }
        let steps = self.progression(role);
        if !steps.is_empty() {
            let fact = Fact { items: steps, ..self.fact("progression") };
            view.facts.push(fact);
        }
        if !role.soc.is_empty() {
            let codes: Vec<&str> = role.soc.iter().map(|code| code.value.as_str()).collect();
            let fact = Fact { text: codes.join(", "), ..self.fact("code") };
            view.facts.push(fact);
        }
        if view.facts.is_empty() {
            let message = format!("nothing is known of `{}`", role.id.value);
            self.report(
                Code::ValueUnknown,
                arguments.span(),
                message,
                "add facts to the role, or take this line away",
            );
            return None;
        }
        Some(view)
    }

    /// The main figure of pay, when there is one.
    fn pay_fact(&mut self, role: &'s Filed<Role>, asked: Option<&'s str>, view: &mut QuickFacts) {
        let Some(paid) = self.paid_quietly(role, asked) else { return };
        let sentence = paid.of.note.clone();
        let choice = self.choose(&[paid], None, ALL);
        let Some(Some(figure)) = choice.figures.first() else { return };
        let figure = self.figure(figure, &mut view.notes);
        note(&mut view.notes, sentence);
        let label = capitalised(&words_with(self.locale.words.pay, &[&figure.label]));
        let fact = Fact {
            label,
            amount: Some(figure.amount),
            unit: figure.per,
            as_of: figure.as_of,
            source: figure.source,
            ..self.fact("pay")
        };
        view.facts.push(fact);
    }

    /// Whose pay is shown for a role, without a problem when there is none.
    pub(super) fn paid_quietly(&self, role: &'s Filed<Role>, asked: Option<&'s str>) -> Option<Paid<'s>> {
        let facts = self.shared.facts;
        let of = standing(facts, role, Figures::Pay, self.locale)?;
        let places: Vec<&'s str> = facts.salary_places(of.role).collect();
        let place = asked.or_else(|| self.default_place(&places))?;
        let place = places.into_iter().find(|known| *known == place)?;
        Some(Paid { role, of, place })
    }

    /// A fact without its content.
    fn fact(&self, key: &str) -> Fact {
        let (label, definition) = self.fact_words(key);
        Fact {
            key: key.to_owned(),
            label: label.to_owned(),
            definition: definition.to_owned(),
            ..Fact::default()
        }
    }

    fn fact_words(&self, key: &str) -> (&'static str, &'static str) {
        let index = FACTS.iter().position(|known| *known == key);
        let [label, definition] = index.map_or(["", ""], |index| self.locale.words.facts[index]);
        (label, definition)
    }

    /// Facts that are words, by key.
    fn texts(&self, role: &Role) -> [(&'static str, String); 5] {
        let word = |text: &Option<String>| text.as_deref().map(capitalised).unwrap_or_default();
        let list = |items: &[String]| capitalised(&self.locale.list(items));
        [
            ("education", word(&role.education)),
            ("experience", word(&role.experience)),
            ("hours", self.hours(role)),
            ("workplace", list(&role.place_of_work)),
            ("also-called", self.locale.list(&role.also_called)),
        ]
    }

    fn hours(&self, role: &Role) -> String {
        let Some(hours) = &role.hours else { return String::new() };
        let number = match (hours.min, hours.max) {
            (Some(min), Some(max)) => Some(self.locale.number_range(min, max)),
            (only, None) | (None, only) => only.map(|only| self.locale.number(only)),
        };
        let number = number.map(|number| words_with(self.locale.words.hours_a_week, &[&number]));
        let parts: Vec<String> = number.into_iter().chain(hours.pattern.clone()).collect();
        parts.join(", ")
    }

    fn progression(&self, role: &Role) -> Vec<Link> {
        role.progression
            .iter()
            .map(|step| match self.shared.facts.roles.get(&step.value) {
                Some(role) => {
                    let link = self.role_link(role);
                    Link { title: link.title, url: link.url }
                }
                None => Link { title: capitalised(&step.value), url: None },
            })
            .collect()
    }

    /// `::skills role`
    pub(super) fn skills(&mut self, arguments: &Arguments<'s>) -> Option<Skills> {
        let role = self.role_argument(arguments)?;
        if role.skills.is_empty() {
            let message = format!("the role `{}` has no skills", role.id.value);
            self.report(
                Code::ValueUnknown,
                arguments.span(),
                message,
                "add `skills` to the role, or take this line away",
            );
            return None;
        }
        let mut kinds: Vec<Option<SkillKind>> = Vec::new();
        for skill in &role.skills {
            if !kinds.contains(&skill.kind) {
                kinds.push(skill.kind);
            }
        }
        let groups = kinds
            .into_iter()
            .map(|kind| {
                let mut skills: Vec<&Skill> = role.skills.iter().filter(|skill| skill.kind == kind).collect();
                skills.sort_by_key(|skill| std::cmp::Reverse(skill.level));
                let labels = self.locale.words.skill_kinds;
                SkillGroup {
                    kind: kind.map(|kind| kind.word().to_owned()).unwrap_or_default(),
                    label: kind.map_or(labels[labels.len() - 1], |kind| labels[kind as usize]).to_owned(),
                    skills: skills.into_iter().map(|skill| self.skill(skill)).collect(),
                }
            })
            .collect();
        Some(Skills { role: self.role_link(role), groups })
    }

    fn skill(&self, skill: &Skill) -> shown::Skill {
        let link = self.skill_link(&skill.id.value);
        let level = skill.level.unwrap_or(0);
        let texts = self.locale.words.skill_levels;
        let level_text = usize::from(level).checked_sub(1).and_then(|index| texts.get(index).copied());
        let today = self.shared.today;
        // What somebody pays for stands in a card that says so.
        let courses = self.shared.facts.courses.values().filter(|course| {
            course.ends.is_none_or(|ends| today <= ends)
                && !is_commercial(course)
                && course.skills.iter().any(|taught| taught.value == skill.id.value)
        });
        shown::Skill {
            id: skill.id.value.clone(),
            title: link.title,
            url: link.url,
            level,
            level_text: level_text.unwrap_or_default().to_owned(),
            courses: courses
                .map(|course| Link { title: course.title.clone(), url: course.url.clone() })
                .collect(),
        }
    }

    /// A skill by the name and entry that the glossary has for it.
    pub(super) fn skill_link(&self, id: &str) -> Link {
        match self.shared.facts.glossary.get(id) {
            Some(term) => Link { title: term.term.value.clone(), url: self.term_url(id) },
            None => Link { title: capitalised(id), url: None },
        }
    }

    /// `::compare role role`
    pub(super) fn compare(&mut self, arguments: &Arguments<'s>) -> Option<Compare> {
        let roles = self.compared(arguments)?;
        let mut view =
            Compare { roles: roles.iter().map(|role| self.role_link(role)).collect(), ..Compare::default() };
        let mut sources = Vec::new();
        self.compare_pay(arguments, &roles, &mut view);
        self.compare_outlook(arguments, &roles, &mut view, &mut sources);
        let texts: Vec<_> = roles.iter().map(|role| self.texts(role)).collect();
        for index in 0..texts[0].len() {
            let key = texts[0][index].0;
            let cells = texts.iter().map(|texts| Cell { text: texts[index].1.clone(), ..Cell::default() });
            self.row(&mut view, key, None, cells.collect());
        }
        self.compare_skills(&roles, &mut view);
        let figures = view.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.figure.as_ref());
        let of_pay: Vec<_> = figures.filter_map(|figure| figure.source.clone()).collect();
        view.sources = distinct_sources(of_pay.into_iter().chain(sources));
        if view.rows.is_empty() {
            let message = "nothing is known of these roles that could be compared";
            self.report(Code::ValueUnknown, arguments.span(), message, "add facts about them to the data");
            return None;
        }
        Some(view)
    }

    /// The roles that the directive names, else the page's.
    fn compared(&mut self, arguments: &Arguments<'s>) -> Option<Vec<&'s Filed<Role>>> {
        let written: Vec<&'s Spanned<String>> = arguments.all("roles").collect();
        let roles: Vec<&'s Filed<Role>> = if written.is_empty() {
            let facts = self.shared.facts;
            // One that does not exist has been reported where front matter names it.
            self.entry.front.roles.iter().map(|role| facts.roles.get(&role.value)).collect::<Option<_>>()?
        } else {
            written.into_iter().map(|id| self.role(id)).collect::<Option<_>>()?
        };
        let distinct: BTreeSet<&str> = roles.iter().map(|role| role.id.value.as_str()).collect();
        let problem = if !COMPARED.contains(&roles.len()) {
            match roles.len() {
                1 => "one role alone cannot be compared".to_owned(),
                count => format!("{count} roles cannot be compared side by side"),
            }
        } else if distinct.len() < roles.len() {
            "a role is compared with itself".to_owned()
        } else {
            return Some(roles);
        };
        let help = "name two to four: `::compare web-developer software-developer`";
        self.report(Code::DirectiveArgument, arguments.span(), problem, help);
        None
    }

    fn compare_pay(&mut self, arguments: &Arguments<'s>, roles: &[&'s Filed<Role>], view: &mut Compare) {
        let asked = arguments.text("place");
        let paid: Vec<Option<Paid<'s>>> = roles.iter().map(|role| self.paid_quietly(role, asked)).collect();
        let positions: Vec<usize> = (0..paid.len()).filter(|index| paid[*index].is_some()).collect();
        let paid: Vec<Paid<'s>> = paid.into_iter().flatten().collect();
        let choice = self.choose(&paid, None, ALL);
        self.mixed(arguments, &choice, &mut view.notes);
        let mut cells = vec![Cell::default(); roles.len()];
        let mut statistics: BTreeSet<Statistic> = BTreeSet::new();
        for ((index, paid), figure) in positions.into_iter().zip(&paid).zip(&choice.figures) {
            let Some(figure) = figure else { continue };
            statistics.insert(figure.statistic);
            cells[index].figure = Some(self.figure(figure, &mut view.notes));
            note(&mut view.notes, paid.of.note.clone());
        }
        // With several statistics each cell says its own.
        let label = match (statistics.len(), statistics.first()) {
            (1, Some(statistic)) => {
                let name = self.locale.words.statistics[*statistic as usize];
                Some(capitalised(&words_with(self.locale.words.pay, &[name])))
            }
            _ => None,
        };
        self.row(view, "pay", label, cells);
    }

    fn compare_outlook(
        &mut self,
        arguments: &Arguments<'s>,
        roles: &[&'s Filed<Role>],
        view: &mut Compare,
        sources: &mut Vec<shown::SourceRef>,
    ) {
        let asked = arguments.text("place");
        let mut outlooks = Vec::with_capacity(roles.len());
        for role in roles {
            let found = self.outlook_quietly(role, asked);
            outlooks.push(found.map(|(outlook, sentence)| {
                note(&mut view.notes, sentence);
                self.outlook_view(role, outlook)
            }));
        }
        sources.extend(outlooks.iter().flatten().filter_map(|outlook| outlook.source.clone()));
        let rows: [(&str, AmountOf); 3] = [
            ("jobs", |outlook| outlook.jobs.clone()),
            ("outlook", |outlook| outlook.signed.clone()),
            ("openings", |outlook| outlook.openings.clone()),
        ];
        for (key, amount) in rows {
            let cells = outlooks
                .iter()
                .map(|outlook| Cell { amount: outlook.as_ref().and_then(amount), ..Cell::default() })
                .collect();
            self.row(view, key, None, cells);
        }
    }

    fn compare_skills(&self, roles: &[&'s Filed<Role>], view: &mut Compare) {
        let ids = |role: &'s Filed<Role>| role.skills.iter().map(|skill| skill.id.value.as_str());
        let mut shared: Vec<&str> = ids(roles[0]).collect();
        shared.retain(|skill| roles.iter().all(|role| ids(role).any(|other| other == *skill)));
        let cells = roles
            .iter()
            .map(|role| {
                let own = ids(role).filter(|skill| !shared.contains(skill));
                Cell { items: own.map(|skill| self.skill_link(skill)).collect(), ..Cell::default() }
            })
            .collect();
        self.row(view, "skills", None, cells);
        let all: Vec<Link> = shared.iter().map(|skill| self.skill_link(skill)).collect();
        let cells = roles.iter().map(|_| Cell { items: all.clone(), ..Cell::default() }).collect();
        self.row(view, "shared-skills", None, cells);
    }

    /// Adds a row in which something is known.
    fn row(&self, view: &mut Compare, key: &str, label: Option<String>, cells: Vec<Cell>) {
        if cells.iter().all(|cell| *cell == Cell::default()) {
            return;
        }
        let label = label.unwrap_or_else(|| self.fact_words(key).0.to_owned());
        view.rows.push(CompareRow { key: key.to_owned(), label, cells });
    }
}
