//! `paths/<id>`: the steps on the way into a role.
//!
//! In: a whole file. Out: a [`Pathway`] with its steps in layers, and the proof that every step can
//! be reached: no step waits for itself. The proof is made here since it needs this file alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::course::CourseKind;
use super::field::{self, groups};
use super::graph;
use super::{Content, Records, WHOLE_FILE};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::{Field, Group, Reader, Spanned};

/// The way into a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pathway {
    /// The file's name without its ending.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub text: Option<String>,
    /// The role it leads to: an id.
    pub role: Option<Spanned<String>>,
    /// In the order written.
    pub steps: Vec<Step>,
    /// Indices of steps, each in the first layer after all that it comes after; for drawing. A step
    /// that never becomes available is in none.
    pub layers: Vec<Vec<usize>>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique in its pathway.
    pub id: Spanned<String>,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub text: Option<String>,
    /// Ids of the steps it comes after.
    pub after: Vec<Spanned<String>>,
    /// The same as indices of steps; ids that do not exist are left out.
    pub waits_for: Vec<usize>,
    /// How long it takes.
    pub weeks: Option<u32>,
    /// Whether one can do without it.
    pub is_optional: bool,
    /// Skill ids.
    pub skills: Vec<Spanned<String>>,
    /// Where to learn it.
    pub resources: Vec<Resource>,
}

/// Where to learn something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resource {
    /// A course's id.
    Course(Spanned<String>),
    /// Something that is no course of the site's.
    Link {
        /// What it is.
        kind: CourseKind,
        /// Its title.
        title: String,
        /// Where it is.
        url: String,
    },
}

pub(super) fn read(reader: &mut Reader<'_, '_>, content: Content<'_>) -> Records {
    let mut group = Group::new("this pathway", content.entries, WHOLE_FILE);
    let title = group.required(reader, "title", Reader::filled).unwrap_or_else(|| content.name.to_owned());
    let text = group.optional(reader, "text", Reader::filled);
    let role = group.optional(reader, "role", Reader::name);
    let mut steps = group.list(reader, "step", steps);
    group.finish(reader);
    let mut layers = Vec::new();
    if content.is_whole {
        let leads_to = connect(reader, &mut steps);
        layers = graph::layers(&leads_to);
        prove(reader, &steps, &leads_to, &layers);
    }
    let pathway = Pathway { id: content.name.to_owned(), title, text, role, steps, layers };
    Records::Pathway(std::sync::Arc::new(pathway))
}

fn steps(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<Step> {
    let steps = groups(reader, field, "this step", |reader, group| {
        let id = group.required(reader, "id", field::id);
        let id = id.unwrap_or_else(|| Spanned { value: String::new(), span: group.span() });
        Step {
            title: group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone()),
            text: group.optional(reader, "text", Reader::filled),
            after: group.list(reader, "after", Reader::names),
            waits_for: Vec::new(),
            weeks: group.optional(reader, "weeks", field::count),
            is_optional: group.optional(reader, "optional", Reader::boolean).unwrap_or(false),
            skills: group.list(reader, "skills", Reader::names),
            resources: group.list(reader, "resources", resources),
            id,
        }
    });
    field::check_unique(reader, steps.iter().map(|step| &step.id).filter(|id| !id.value.is_empty()));
    steps
}

fn resources(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<Resource> {
    let found = groups(reader, field, "this resource", |reader, group| {
        let course = group.optional(reader, "course", Reader::name);
        let kind = group.optional(reader, "kind", |reader, field| reader.choice(field, CourseKind::WORDS));
        if reader.is_tracing() {
            // Either a course, or a title and an address: that one of the two is there, readers see to.
            group.optional(reader, "title", Reader::filled);
            group.optional(reader, "url", field::url);
            return None;
        }
        if let Some(course) = course {
            let [title, url] = ["title", "url"].map(|key| group.field(key));
            if let Some(own) = title.or(url) {
                let message = format!("`{}` beside `course`", own.key);
                reader.refuse(own.value.span, message, "a course has its own; remove one of the two");
            }
            return Some(Resource::Course(course));
        }
        let title = group.required(reader, "title", Reader::filled);
        let url = group.required(reader, "url", field::url);
        Some(Resource::Link { kind: kind.unwrap_or(CourseKind::Article), title: title?, url: url? })
    });
    found.into_iter().flatten().collect()
}

/// Turns `after` into indices. What is handed back says for each step which ones it leads to.
fn connect(reader: &mut Reader<'_, '_>, steps: &mut [Step]) -> Vec<Vec<usize>> {
    let mut leads_to = vec![Vec::new(); steps.len()];
    let mut ids = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        ids.entry(step.id.value.clone()).or_insert(index);
    }
    for (index, step) in steps.iter_mut().enumerate() {
        for after in &step.after {
            match ids.get(&after.value) {
                Some(before) if step.waits_for.contains(before) => {}
                Some(before) => {
                    step.waits_for.push(*before);
                    leads_to[*before].push(index);
                }
                None => field::unknown(reader, "step", after, ids.keys().map(String::as_str)),
            }
        }
    }
    leads_to
}

/// Reports loops, and the steps behind them.
fn prove(reader: &mut Reader<'_, '_>, steps: &[Step], leads_to: &[Vec<usize>], layers: &[Vec<usize>]) {
    let path = reader.source().path.clone();
    let loops = graph::loops(leads_to);
    for around in &loops {
        let [first, rest @ ..] = around.as_slice() else { continue };
        let names = std::iter::once(first).chain(rest).chain([first]);
        let shown: Vec<&str> = names.map(|index| steps[*index].id.value.as_str()).collect();
        let message = format!("these steps wait for each other: {}", shown.join(" -> "));
        // The last of the loop is what the first comes after.
        let last = rest.last().unwrap_or(first);
        let waits = steps[*first].after.iter().find(|after| after.value == steps[*last].id.value);
        let span = waits.map_or(steps[*first].id.span, |after| after.span);
        let found = Diagnostic::new(Code::PathCycle, path.clone(), span, message);
        reader.report(found.help("remove one of them from `after`"));
    }
    let mut available = vec![false; steps.len()];
    for index in layers.iter().flatten().chain(loops.iter().flatten()) {
        available[*index] = true;
    }
    for (step, _) in steps.iter().zip(available).filter(|(_, available)| !available) {
        let message = format!("the step `{}` never becomes available", step.id.value);
        let found = Diagnostic::new(Code::PathUnreachable, path.clone(), step.id.span, message);
        reader.report(found.help("the steps it comes after wait for each other"));
    }
}
