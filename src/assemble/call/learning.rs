//! Views of ways to learn: `course`, `courses`, `path`, `quiz`, `glossary`.
//!
//! In: checked arguments. Out: cards that say what is commercial before the reader meets it, steps in
//! layers with the geometry of their map, quizzes with a key to count by, terms from A to Z.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use deunicode::deunicode;

use super::desk::Desk;
use super::spec::Arguments;
use crate::assemble::Kind;
use crate::assemble::facts::Filed;
use crate::assemble::folder as page;
use crate::assemble::format::{Locale, Unit};
use crate::assemble::order;
use crate::assemble::shown::{
    self, Amount, Courses, Edge, Entry, Glossary, Layer, Letter, Link, Map, Node, Path, Points, Quiz,
    QuizResult, Resource, Tally, TallyRow,
};
use crate::diagnostic::Code;
use crate::parse::data::{self, Course, CourseKind, Mode, Money, Pathway, Relation};
use crate::value::Spanned;

/// Geometry of the map, in units of its `viewBox`.
const NODE: (u32, u32) = (200, 64);
const GAP: (u32, u32) = (24, 40);
/// Characters that fit into a line of a node, and lines that fit.
const LINE: (usize, usize) = (24, 2);

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
    fn disclose(&mut self, is_commercial: bool) -> String {
        if !is_commercial || std::mem::replace(&mut self.disclosed, true) {
            return String::new();
        }
        self.locale.words.disclosure.to_owned()
    }

    fn course_view(&mut self, course: &'s Filed<Course>) -> shown::Course {
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

    fn kind_label(&self, kind: CourseKind) -> String {
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

    /// `::path id`
    pub(super) fn path(&mut self, arguments: &Arguments<'s>, anchor: &str) -> Option<Path> {
        let facts = self.shared.facts;
        let front = self.entry.front.pathway.as_ref();
        let path = self.record(arguments, ("path", "pathway"), (&facts.paths, front), Kind::Path)?;
        self.used.insert(("paths", &path.id));
        let step_anchor = |step: usize| format!("{anchor}-{}", path.steps[step].id.value);
        let resources = path.steps.iter().flat_map(|step| &step.resources);
        let disclosure = self.disclose(resources.into_iter().any(|resource| match resource {
            data::Resource::Course(id) => {
                facts.courses.get(&id.value).is_some_and(|course| is_commercial(course))
            }
            data::Resource::Link { .. } => false,
        }));
        let mut layers = Vec::with_capacity(path.layers.len());
        for (number, layer) in path.layers.iter().enumerate() {
            let steps = layer.iter().map(|step| self.step(path, *step, &step_anchor)).collect();
            layers.push(Layer { number: number + 1, steps });
        }
        Some(Path {
            id: path.id.clone(),
            title: path.title.clone(),
            text: path.text.clone().unwrap_or_default(),
            role: path
                .role
                .as_ref()
                .and_then(|role| facts.roles.get(&role.value))
                .map(|role| self.role_link(role)),
            disclosure,
            time_text: self.weeks(path, |_| true),
            needed_time_text: self.weeks(path, |step| !step.is_optional),
            layers,
            map: map(path, &step_anchor),
        })
    }

    /// What steps take together, or nothing.
    fn weeks(&self, path: &Pathway, counts: impl Fn(&data::Step) -> bool) -> String {
        let steps = path.steps.iter().filter(|step| counts(step));
        let weeks = steps.filter_map(|step| step.weeks).fold(0, u32::saturating_add);
        if weeks == 0 { String::new() } else { self.locale.units(weeks, Unit::Week) }
    }

    fn step(&mut self, path: &'s Pathway, index: usize, anchor: &dyn Fn(usize) -> String) -> shown::Step {
        let step = &path.steps[index];
        shown::Step {
            id: step.id.value.clone(),
            anchor: anchor(index),
            title: step.title.clone(),
            text: step.text.clone().unwrap_or_default(),
            optional: optional(step.is_optional),
            time_text: step.weeks.map(|weeks| self.locale.units(weeks, Unit::Week)).unwrap_or_default(),
            after: step
                .waits_for
                .iter()
                .map(|before| Link {
                    title: path.steps[*before].title.clone(),
                    url: Some(format!("#{}", anchor(*before))),
                })
                .collect(),
            skills: step.skills.iter().map(|skill| self.skill_link(&skill.value)).collect(),
            resources: step.resources.iter().filter_map(|resource| self.resource(resource)).collect(),
        }
    }

    fn resource(&mut self, resource: &'s data::Resource) -> Option<Resource> {
        match resource {
            data::Resource::Course(id) => {
                let course = self.shared.facts.courses.get(&id.value)?;
                let view = self.course_view(course);
                Some(Resource {
                    kind: view.kind,
                    kind_label: view.kind_label,
                    title: view.title,
                    url: view.url,
                    rel: view.rel,
                    relation_label: view.relation_label,
                })
            }
            data::Resource::Link { kind, title, url } => Some(Resource {
                kind: kind.word().to_owned(),
                kind_label: self.kind_label(*kind),
                title: title.clone(),
                url: url.clone(),
                rel: self.rel(url, false),
                relation_label: String::new(),
            }),
        }
    }

    /// The record that a line names, else the page's front matter, else its file's name.
    fn record<T>(
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

    /// The result that the page is made for.
    pub(super) fn result(&self) -> Option<QuizResult> {
        if self.entry.role != page::Role::Result {
            return None;
        }
        let facts = self.shared.facts;
        let (quiz, outcome) = (self.entry.front.quiz.as_ref()?, self.entry.front.slug.as_ref()?);
        let quiz = facts.quizzes.get(&quiz.value)?;
        let outcome = quiz.outcomes.iter().find(|known| known.id.value == outcome.value)?;
        let role = outcome.role.as_ref().and_then(|role| facts.roles.get(&role.value));
        Some(QuizResult {
            quiz: self.link(*self.pages.quizzes.get(quiz.id.as_str())?),
            text: outcome.text.clone().unwrap_or_default(),
            role: role.map(|role| self.role_link(role)),
            link: role.and_then(|role| self.guide(role)),
        })
    }

    /// `::quiz id`
    pub(super) fn quiz(&mut self, arguments: &Arguments<'s>, anchor: &str) -> Option<Quiz> {
        let facts = self.shared.facts;
        let front = self.entry.front.quiz.as_ref();
        let quiz = self.record(arguments, ("quiz", "quiz"), (&facts.quizzes, front), Kind::Quiz)?;
        self.used.insert(("quizzes", &quiz.id));
        let outcomes: Vec<shown::Outcome> = quiz
            .outcomes
            .iter()
            .map(|outcome| {
                let place = format!("{anchor}-result-{}", outcome.id.value);
                let role = outcome.role.as_ref().and_then(|role| facts.roles.get(&role.value));
                shown::Outcome {
                    id: outcome.id.value.clone(),
                    title: outcome.title.clone(),
                    text: outcome.text.clone().unwrap_or_default(),
                    url: self.result_url(quiz, &outcome.id.value).unwrap_or_else(|| format!("#{place}")),
                    anchor: place,
                    role: role.map(|role| self.role_link(role)),
                    link: role.and_then(|role| self.guide(role)),
                }
            })
            .collect();
        let questions: Vec<shown::Question> = (1..)
            .zip(&quiz.questions)
            .map(|(number, question)| Self::question(quiz, number, question, &outcomes, anchor))
            .collect();
        let tally = (quiz.mode == Mode::Score).then(|| tally(&questions, &outcomes));
        Some(Quiz {
            id: quiz.id.clone(),
            title: quiz.title.clone(),
            text: quiz.text.clone().unwrap_or_default(),
            time_text: quiz
                .minutes
                .map(|minutes| self.locale.units(minutes, Unit::Minute))
                .unwrap_or_default(),
            mode: quiz.mode.word().to_owned(),
            tie_break: quiz
                .tie_break
                .iter()
                .filter_map(|index| Some(outcomes.get(*index)?.id.clone()))
                .collect(),
            questions,
            outcomes,
            tally,
        })
    }

    /// The guide about a role.
    fn guide(&self, role: &data::Role) -> Option<Link> {
        self.pages.guides.get(role.id.value.as_str()).map(|guide| self.link(*guide))
    }

    /// The page of a result: the one that lies below the quiz's own page under the outcome's id.
    fn result_url(&self, quiz: &data::Quiz, outcome: &str) -> Option<String> {
        let page = *self.pages.quizzes.get(quiz.id.as_str())?;
        let url = format!("{}{outcome}/", self.shared.entries[page].url);
        let found = self.shared.resolver.published(&url)?;
        Some(self.shared.config.base_url.path(found))
    }

    fn question(
        quiz: &data::Quiz,
        number: usize,
        question: &data::Question,
        outcomes: &[shown::Outcome],
        anchor: &str,
    ) -> shown::Question {
        let own = format!("{anchor}-{}", question.id.value);
        let outcome = |id: &str| outcomes.iter().find(|outcome| outcome.id == id);
        let answers = ('a'..='z').chain('A'..='Z').zip(&question.answers).map(|(letter, answer)| {
            let points: Vec<Points> = answer
                .points
                .iter()
                .map(|(id, points)| Points {
                    outcome: id.value.clone(),
                    title: outcome(&id.value).map(|outcome| outcome.title.clone()).unwrap_or_default(),
                    points: points.to_string(),
                })
                .collect();
            let data: Vec<String> =
                answer.points.iter().map(|(id, points)| format!("{}:{points}", id.value)).collect();
            let next = match (&answer.next, &answer.outcome) {
                (Some(next), _) => {
                    let found = quiz.questions.iter().find(|question| question.id.value == next.value);
                    found.map(|question| Link {
                        title: question.text.clone(),
                        url: Some(format!("#{anchor}-{}", question.id.value)),
                    })
                }
                (None, Some(id)) => outcome(&id.value)
                    .map(|outcome| Link { title: outcome.title.clone(), url: Some(outcome.url.clone()) }),
                (None, None) => None,
            };
            shown::Answer {
                anchor: format!("{own}-{letter}"),
                letter: letter.to_string(),
                text: answer.text.clone(),
                points,
                data: data.join(" "),
                next,
            }
        });
        shown::Question {
            id: question.id.value.clone(),
            number,
            text: question.text.clone(),
            answers: answers.collect(),
            anchor: own,
        }
    }

    /// `::glossary`
    pub(super) fn glossary(&mut self, arguments: &Arguments<'s>) -> Option<Glossary> {
        self.once(arguments, "the glossary")?;
        let facts = self.shared.facts;
        let mut terms: Vec<_> = facts.glossary.values().collect();
        terms.sort_by(|a, b| order::titles(&a.term.value, &b.term.value));
        let mut letters: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for term in terms {
            self.used.insert(("glossary", &term.id.value));
            let first = deunicode(&term.term.value).chars().next().filter(char::is_ascii_alphabetic);
            let letter = first.map_or_else(|| "#".to_owned(), |first| first.to_ascii_uppercase().to_string());
            let mut pages: Vec<Link> = self
                .pages
                .terms
                .get(term.id.value.as_str())
                .into_iter()
                .flatten()
                .filter(|page| **page != self.id)
                .map(|page| self.link(*page))
                .collect();
            pages.sort_by(|a, b| a.url.cmp(&b.url));
            pages.truncate(Entry::PAGES);
            letters.entry(letter).or_default().push(Entry {
                id: term.id.value.clone(),
                // A heading of this name is where links to the word lead then.
                anchor: self.own_id(&term.id.value),
                term: term.term.value.clone(),
                long: term.long.clone().unwrap_or_default(),
                text: term.text.clone(),
                also: term.also.iter().map(|also| also.value.clone()).collect(),
                pages,
            });
        }
        let letter = |(letter, entries): (String, Vec<Entry>)| {
            let name = if letter == "#" { "other".to_owned() } else { letter.to_lowercase() };
            Letter { anchor: self.own_id(&format!("letter-{name}")), letter, entries }
        };
        Some(Glossary { letters: letters.into_iter().map(letter).collect() })
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

fn optional(is_optional: bool) -> String {
    if is_optional { "optional".to_owned() } else { String::new() }
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

/// Points of every answer for every outcome, to count without a script.
fn tally(questions: &[shown::Question], outcomes: &[shown::Outcome]) -> Tally {
    let row = |question: &shown::Question, answer: &shown::Answer| TallyRow {
        label: format!("{}{}", question.number, answer.letter),
        points: outcomes
            .iter()
            .map(|outcome| {
                let points = answer.points.iter().find(|points| points.outcome == outcome.id);
                points.map_or_else(|| "0".to_owned(), |points| points.points.clone())
            })
            .collect(),
    };
    Tally {
        columns: outcomes.iter().map(|outcome| outcome.title.clone()).collect(),
        rows: questions
            .iter()
            .flat_map(|question| question.answers.iter().map(move |answer| row(question, answer)))
            .collect(),
    }
}

/// A pathway as boxes in rows, each row centred, with a line to each step from those it needs.
fn map(path: &Pathway, anchor: &dyn Fn(usize) -> String) -> Map {
    let size = |count: usize, node: u32, gap: u32| {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        count.saturating_mul(node + gap).saturating_sub(gap)
    };
    let widest = path.layers.iter().map(Vec::len).max().unwrap_or(0);
    let mut map = Map {
        width: size(widest, NODE.0, GAP.0),
        height: size(path.layers.len(), NODE.1, GAP.1),
        node_width: NODE.0,
        node_height: NODE.1,
        nodes: Vec::new(),
        edges: Vec::new(),
    };
    let mut places: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    for (layer, y) in path.layers.iter().zip((0..).step_by((NODE.1 + GAP.1) as usize)) {
        let left = (map.width - size(layer.len(), NODE.0, GAP.0)) / 2;
        for (step, x) in layer.iter().zip((left..).step_by((NODE.0 + GAP.0) as usize)) {
            places.insert(*step, (x, y));
            map.nodes.push(Node {
                x,
                y,
                lines: lines(&path.steps[*step].title),
                url: format!("#{}", anchor(*step)),
                optional: optional(path.steps[*step].is_optional),
            });
        }
    }
    for (step, (x, y)) in &places {
        for before in path.steps[*step].waits_for.iter().filter_map(|before| places.get(before)) {
            let (y1, y2) = (before.1 + NODE.1, *y);
            map.edges.push(Edge {
                x1: before.0 + NODE.0 / 2,
                y1,
                x2: x + NODE.0 / 2,
                y2,
                middle: y1 + y2.saturating_sub(y1) / 2,
            });
        }
    }
    map
}

/// A title in lines that fit into a node; the rest is cut, since the list beside the map has it whole.
fn lines(title: &str) -> Vec<String> {
    let (width, most) = LINE;
    let mut lines: Vec<String> = Vec::new();
    for word in title.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let cut = lines.len() > most;
    lines.truncate(most);
    for (index, line) in lines.iter_mut().enumerate() {
        let too_long = line.chars().count() > width;
        if too_long || (cut && index + 1 == most) {
            *line = line.chars().take(width - 1).chain(['…']).collect();
        }
    }
    lines
}
