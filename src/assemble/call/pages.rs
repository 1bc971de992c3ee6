//! Which page shows which record.
//!
//! In: all pages. Out: [`Pages`]: the page of a role, a person, a quiz or a pathway, and the pages
//! that use a term. A page of such a kind without a key is of the record that has its file's name.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Shared, similar};
use crate::assemble::facts::Filed;
use crate::assemble::page::{Entry, name};
use crate::assemble::{Kind, PageId};
use crate::diagnostic::Span;
use crate::memory::each;
use crate::parse::data::Role;
use crate::parse::directive::{Call, Form};
use crate::value::Spanned;

/// What a page of a type shows besides its text (CAREER-GUIDES 3.2), unless its text shows it.
pub(super) const BLOCKS: &[(Kind, &[&str])] = &[
    (Kind::Role, &["quick-facts", "salary", "salary-chart", "outlook", "skills", "similar", "courses"]),
    (Kind::Comparison, &["compare"]),
    (Kind::Path, &["path"]),
    (Kind::Quiz, &["quiz"]),
    (Kind::Questions, &["questions"]),
    (Kind::Glossary, &["glossary"]),
    (Kind::Author, &["author"]),
    (Kind::Courses, &["courses"]),
    (Kind::Story, &["author"]),
];

/// Where the glossary is, unless a page is one by its kind.
const GLOSSARY: &str = "/glossary/";

fn call(name: &str) -> Call {
    Call {
        name: Spanned { value: name.to_owned(), span: Span::default() },
        arguments: Vec::new(),
        label: None,
        id: None,
        classes: Vec::new(),
        form: Form::Leaf,
        span: Span::default(),
    }
}

/// Whether [`Pages`] may have to know a page.
fn matters(entry: &Entry<'_>, has_glossary: bool) -> bool {
    let (front, document) = (&entry.front, &entry.document);
    matches!(entry.kind, Kind::Role | Kind::Author | Kind::Quiz | Kind::Path | Kind::Glossary)
        || front.role.is_some()
        || !front.authors.is_empty()
        || entry.url == GLOSSARY
        || (has_glossary && !(document.abbreviations.is_empty() && document.calls.is_empty()))
}

/// Pages by the records they show.
pub(super) struct Pages<'s> {
    pub(super) roles: BTreeMap<&'s str, PageId>,
    pub(super) authors: BTreeMap<&'s str, PageId>,
    pub(super) quizzes: BTreeMap<&'s str, PageId>,
    pub(super) paths: BTreeMap<&'s str, PageId>,
    pub(super) glossary: Option<PageId>,
    /// Ids of terms by their forms: as written, and in small letters.
    forms: BTreeMap<Cow<'s, str>, &'s str>,
    /// Pages that use a term, by its id.
    pub(super) terms: BTreeMap<&'s str, BTreeSet<PageId>>,
    /// The first guide about a role.
    pub(super) guides: BTreeMap<&'s str, PageId>,
    /// The record that a page of a record's kind is of.
    own: BTreeMap<PageId, &'s str>,
    /// A line without arguments for each directive that pages show by their type.
    pub(super) calls: Vec<Call>,
    /// Pages by those who wrote them, newest first.
    pub(super) written: BTreeMap<&'s str, Vec<PageId>>,
    /// Roles by the skills they need.
    pub(super) skills: BTreeMap<&'s str, Vec<&'s Filed<Role>>>,
}

impl<'s> Pages<'s> {
    pub(super) fn new(shared: &Shared<'s>) -> Self {
        let mut pages = Self {
            roles: BTreeMap::new(),
            authors: BTreeMap::new(),
            quizzes: BTreeMap::new(),
            paths: BTreeMap::new(),
            glossary: None,
            forms: BTreeMap::new(),
            terms: BTreeMap::new(),
            guides: BTreeMap::new(),
            own: BTreeMap::new(),
            calls: BLOCKS.iter().flat_map(|(_, names)| *names).map(|name| call(name)).collect(),
            written: BTreeMap::new(),
            skills: similar::by_skill(shared.facts),
        };
        for (form, term) in &shared.facts.forms {
            pages.forms.insert(Cow::Borrowed(form), term);
            pages.forms.entry(Cow::Owned(form.to_lowercase())).or_insert(term);
        }
        // Most pages of a large site are none of these, which is told on all threads.
        let has_glossary = !shared.facts.glossary.is_empty();
        let counts = each(shared.entries, || (), |(), _, entry| matters(entry, has_glossary));
        for (id, _) in counts.iter().enumerate().filter(|(_, matters)| **matters) {
            pages.add(shared, id, &shared.entries[id]);
        }
        for written in pages.written.values_mut() {
            written.sort_by_key(|page| (shared.recency.get(*page).copied(), *page));
        }
        pages
    }

    /// Notes a page; one that does not matter would leave no trace.
    fn add(&mut self, shared: &Shared<'s>, id: PageId, entry: &'s Entry<'s>) {
        let front = &entry.front;
        let own = |written: Option<&'s str>| written.unwrap_or_else(|| name(&entry.document.path));
        let value =
            |written: &'s Option<Spanned<String>>| written.as_ref().map(|written| written.value.as_str());
        let (map, record) = match entry.kind {
            Kind::Role => (Some(&mut self.roles), own(value(&front.role))),
            Kind::Author => (Some(&mut self.authors), own(value(&front.person_id))),
            Kind::Quiz => (Some(&mut self.quizzes), own(value(&front.quiz))),
            Kind::Path => (Some(&mut self.paths), own(value(&front.pathway))),
            _ => (None, ""),
        };
        if let Some(map) = map {
            map.entry(record).or_insert(id);
            self.own.insert(id, record);
        }
        if let (Kind::Guide, Some(role)) = (entry.kind, value(&front.role)) {
            self.guides.entry(role).or_insert(id);
        }
        if entry.kind == Kind::Glossary || entry.url == GLOSSARY {
            self.glossary.get_or_insert(id);
        }
        if entry.is_article() {
            for author in &front.authors {
                self.written.entry(&author.value).or_default().push(id);
            }
        }
        if shared.facts.glossary.is_empty() {
            return;
        }
        let tokens = entry.document.abbreviations.iter().map(|abbreviation| abbreviation.text.as_str());
        let calls = entry.document.calls.iter().filter(|call| call.name.value == "term");
        let labels = calls.filter_map(|call| call.label.as_ref()).map(|label| label.value.as_str());
        let used: Vec<&'s str> = tokens.chain(labels).filter_map(|text| self.term(text)).collect();
        for term in used {
            self.terms.entry(term).or_default().insert(id);
        }
    }

    /// The record that a page is of, by its key or its name.
    pub(super) fn own(&self, page: PageId) -> Option<&'s str> {
        self.own.get(&page).copied()
    }

    /// The line of a directive that pages show by their type.
    pub(super) fn call(&self, name: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.name.value == name)
    }

    /// The id of the term that a text is a form of, whatever its capitals.
    pub(super) fn term(&self, text: &str) -> Option<&'s str> {
        self.forms.get(text).or_else(|| self.forms.get(text.to_lowercase().as_str())).copied()
    }
}
