//! Merging files, and checking what their records say of each other.
//!
//! In: data documents sorted by path. Out: [`Facts`] and diagnostics. When a file could not be read
//! as a whole, what seems to be missing from it is not reported: it may stand in the unread part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Facts, Filed};
use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::parse::data::{DataDocument, Promo, Records, Resource, SocMatch, graph};
use crate::value::Spanned;

pub(super) fn link(documents: &[Arc<DataDocument>]) -> (Facts, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut facts = merge(documents, &mut found);
    facts.salaries.settle(&mut found);
    facts.forms = forms(&facts, &mut found);
    index_roles(&mut facts);
    let partial = documents.iter().filter(|document| !document.is_whole);
    let partial = partial.map(|document| document.records.name()).collect();
    let mut check = Check { facts: &facts, partial, found };
    check.figures();
    check.roles();
    check.people_and_promos();
    check.quizzes_and_paths();
    let mut found = check.found;
    fallback_loops(&facts, &mut found);
    (facts, found)
}

/// Puts every record where it belongs; of two with one id, the first.
fn merge(documents: &[Arc<DataDocument>], found: &mut Vec<Diagnostic>) -> Facts {
    let mut facts = Facts::default();
    let mut merge = Merge { found };
    for document in documents {
        let path = &document.path;
        match &document.records {
            Records::Roles(records) => merge.all(&mut facts.roles, path, records, |role| &role.id),
            Records::Salaries(records) => {
                for figure in records {
                    facts.salaries.add(path, figure);
                }
            }
            Records::Outlook(records) => {
                for outlook in records {
                    let places = facts.outlook.entry(outlook.role.value.clone()).or_default();
                    merge.one(places, path, outlook, &outlook.place.value, outlook.place.span);
                }
            }
            Records::Sources(records) => merge.all(&mut facts.sources, path, records, |source| &source.id),
            Records::Authors(records) => merge.all(&mut facts.authors, path, records, |author| &author.id),
            Records::Courses(records) => merge.all(&mut facts.courses, path, records, |course| &course.id),
            Records::Promos(records) => merge.all(&mut facts.promos, path, records, |promo| &promo.id),
            Records::Glossary(records) => merge.all(&mut facts.glossary, path, records, |term| &term.id),
            Records::Images(records) => merge.all(&mut facts.images, path, records, |image| &image.id),
            Records::Quiz(quiz) => merge.one(&mut facts.quizzes, path, quiz, &quiz.id, None),
            Records::Pathway(pathway) => merge.one(&mut facts.paths, path, pathway, &pathway.id, None),
            Records::Custom(custom) => merge.one(&mut facts.custom, path, custom, &custom.name, None),
            Records::Nothing => {}
        }
    }
    facts
}

struct Merge<'f> {
    found: &'f mut Vec<Diagnostic>,
}

impl Merge<'_> {
    fn all<T>(
        &mut self,
        into: &mut BTreeMap<String, Filed<T>>,
        path: &Arc<str>,
        records: &[Arc<T>],
        id: fn(&T) -> &Spanned<String>,
    ) {
        for record in records {
            let id = id(record);
            self.one(into, path, record, &id.value, id.span);
        }
    }

    fn one<T>(
        &mut self,
        into: &mut BTreeMap<String, Filed<T>>,
        path: &Arc<str>,
        record: &Arc<T>,
        id: &str,
        span: impl Into<Option<Span>>,
    ) {
        let filed = Filed { path: Arc::clone(path), record: Arc::clone(record) };
        if let Some(first) = into.get(id) {
            let message = format!("`{id}` is defined in `{}` as well", first.path);
            let found = Diagnostic::new(Code::DataDuplicateId, path.clone(), span, message);
            self.found.push(found.help("give one of the two another id, or remove it"));
        } else {
            into.insert(id.to_owned(), filed);
        }
    }
}

/// Finds, once for all pages, whose figures may stand for whom.
fn index_roles(facts: &mut Facts) {
    for (id, role) in &facts.roles {
        let codes = Facts::codes(role);
        if role.soc_match == SocMatch::Exact && !codes.is_empty() {
            facts.exact.entry(codes).or_default().push(id.clone());
        }
        for covered in &role.covers {
            facts.together.entry(covered.value.clone()).or_default().push(id.clone());
        }
    }
}

/// Ids of glossary entries by the forms of their terms.
fn forms(facts: &Facts, found: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let mut forms = BTreeMap::new();
    let mut seen: BTreeMap<String, (&Arc<str>, &Spanned<String>)> = BTreeMap::new();
    for entry in facts.glossary.values() {
        for form in std::iter::once(&entry.term).chain(&entry.also) {
            if let Some((path, first)) = seen.get(&form.value.to_lowercase()) {
                let message = format!("`{}` is explained twice", form.value);
                found.push(
                    Diagnostic::new(Code::DataDuplicateId, entry.path.clone(), form.span, message)
                        .help("remove one of the two")
                        .related(Arc::clone(path), first.span, "first explained here"),
                );
            } else {
                seen.insert(form.value.to_lowercase(), (&entry.path, form));
                forms.insert(form.value.clone(), entry.id.value.clone());
            }
        }
    }
    forms
}

/// Checks references against the facts.
struct Check<'f> {
    facts: &'f Facts,
    /// Kinds of which a file could not be read as a whole.
    partial: BTreeSet<&'static str>,
    found: Vec<Diagnostic>,
}

impl Check<'_> {
    fn figures(&mut self) {
        let facts = self.facts;
        for figure in facts.salaries.iter() {
            self.role(&figure.path, &figure.role);
            self.source(&figure.path, &figure.source);
        }
        for places in facts.outlook.values() {
            // One role with several places is one mistake at most.
            if let Some(outlook) = places.values().next() {
                self.role(&outlook.path, &outlook.role);
            }
            for outlook in places.values() {
                if let Some(source) = &outlook.source {
                    self.source(&outlook.path, source);
                }
            }
        }
    }

    fn roles(&mut self) {
        for role in self.facts.roles.values() {
            for other in role.similar.iter().chain(&role.progression).chain(&role.covers) {
                self.role(&role.path, other);
            }
        }
    }

    fn people_and_promos(&mut self) {
        let facts = self.facts;
        for author in facts.authors.values() {
            if let Some(photo) = &author.photo {
                self.image(&author.path, photo);
            }
        }
        for promo in facts.promos.values() {
            if let Some(image) = &promo.image {
                self.image(&promo.path, image);
            }
            if let Some(fallback) = &promo.fallback {
                self.known(&facts.promos, ("promos", "promo"), &promo.path, fallback);
            }
        }
    }

    fn quizzes_and_paths(&mut self) {
        let facts = self.facts;
        for quiz in facts.quizzes.values() {
            for role in quiz.outcomes.iter().filter_map(|outcome| outcome.role.as_ref()) {
                self.role(&quiz.path, role);
            }
        }
        for pathway in facts.paths.values() {
            if let Some(role) = &pathway.role {
                self.role(&pathway.path, role);
            }
            for resource in pathway.steps.iter().flat_map(|step| &step.resources) {
                if let Resource::Course(course) = resource {
                    self.known(&facts.courses, ("courses", "course"), &pathway.path, course);
                }
            }
        }
    }

    fn role(&mut self, path: &Arc<str>, id: &Spanned<String>) {
        self.known(&self.facts.roles, ("roles", "role"), path, id);
    }

    fn source(&mut self, path: &Arc<str>, id: &Spanned<String>) {
        self.known(&self.facts.sources, ("sources", "source"), path, id);
    }

    /// What has a point or a slash in it is a file, else an id.
    fn image(&mut self, path: &Arc<str>, id: &Spanned<String>) {
        if !id.value.contains(['.', '/']) {
            self.known(&self.facts.images, ("images", "image"), path, id);
        }
    }

    fn known<T>(
        &mut self,
        records: &BTreeMap<String, T>,
        (file, what): (&'static str, &str),
        path: &Arc<str>,
        id: &Spanned<String>,
    ) {
        if records.contains_key(&id.value) || self.partial.contains(file) {
            return;
        }
        let code = if what == "role" { Code::RoleUnknown } else { Code::DataUnknownId };
        let help = match near(&id.value, records.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it to the `{file}` file, or remove it here"),
        };
        let message = format!("there is no {what} `{}`", id.value);
        self.found.push(Diagnostic::new(code, path.clone(), id.span, message).help(help));
    }
}

/// Reports promos that stand in for each other without end.
fn fallback_loops(facts: &Facts, found: &mut Vec<Diagnostic>) {
    let promos: Vec<_> = facts.promos.values().collect();
    let index: BTreeMap<&str, usize> =
        facts.promos.keys().enumerate().map(|(index, id)| (id.as_str(), index)).collect();
    let fallback = |promo: &&Filed<Promo>| -> Vec<usize> {
        promo.fallback.iter().filter_map(|id| index.get(id.value.as_str()).copied()).collect()
    };
    let edges: Vec<Vec<usize>> = promos.iter().map(fallback).collect();
    for around in graph::loops(&edges) {
        let Some(first) = around.first().map(|index| promos[*index]) else { continue };
        let Some(fallback) = &first.fallback else { continue };
        let ids = around.iter().chain(around.first()).map(|index| promos[*index].id.value.as_str());
        let shown = ids.collect::<Vec<_>>().join(" -> ");
        let message = format!("these promos stand in for each other: {shown}");
        let found_here = Diagnostic::new(Code::DataType, first.path.clone(), fallback.span, message);
        found.push(found_here.help("remove one `fallback`"));
    }
}
