//! The view of `path`.
//!
//! In: checked arguments. Out: steps in layers, with the geometry of their map.

use std::collections::BTreeMap;

use super::arguments::Arguments;
use super::desk::Desk;
use super::learning::is_commercial;
use crate::assemble::Kind;
use crate::assemble::format::Unit;
use crate::assemble::shown::{self, Edge, Layer, Link, Map, Node, Path, Resource};
use crate::parse::data::{self, Pathway};

/// Geometry of the map, in units of its `viewBox`.
const NODE: (u32, u32) = (200, 64);
const GAP: (u32, u32) = (24, 40);
/// Characters that fit into a line of a node, and lines that fit.
const LINE: (usize, usize) = (24, 2);

impl<'s> Desk<'s, '_> {
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
}

fn optional(is_optional: bool) -> String {
    if is_optional { "optional".to_owned() } else { String::new() }
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
