//! Pages that data alone makes: roles and authors without a file, and the results of quizzes.
//!
//! In: the facts, and the pages that were written. Out: further pages. A role or an author has one
//! where the site has a section for them (`content/roles/_index.md`, `content/authors/_index.md`)
//! and nobody wrote it, not even as a draft; each result of a quiz has one below the quiz's own page.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::facts::Facts;
use super::folder::{Folder, FolderId, Role, Tree};
use super::kind::Kind;
use super::page::{Entry, Front, name, stem};
use super::state::{Shown, State};
use crate::diagnostic::Span;
use crate::parse::Document;
use crate::parse::data::is_id;
use crate::parse::front_matter::{Promos, Spanned};

/// What a page was made for that nobody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made<'a> {
    /// A folder without `_index.md`.
    Folder(&'a str),
    /// A role, by its id.
    Role(String),
    /// A person or team, by their id.
    Author(String),
    /// A result, by the quiz's id and its index there.
    Result(String, usize),
}

impl Made<'_> {
    /// What messages call the page.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Folder("") => "the home page".to_owned(),
            Self::Folder(folder) => format!("the section of the folder `content/{folder}`"),
            Self::Role(id) => format!("the page of the role `{id}`"),
            Self::Author(id) => format!("the page of the author `{id}`"),
            Self::Result(quiz, _) => format!("a result of the quiz `{quiz}`"),
        }
    }
}

/// The template of a quiz's result.
const RESULT_TEMPLATE: &str = "quiz-result.html";

/// All pages that data makes, in no order. `written` are those with a file; `hidden` are files that
/// are not published, whose records make no page either.
pub(super) fn pages<'a>(
    facts: &Facts,
    tree: &Tree<'a>,
    written: &[Entry<'a>],
    hidden: &HashMap<&str, State>,
    lang: &Arc<str>,
) -> Vec<Entry<'a>> {
    let site = Written { tree, entries: written, hidden, lang };
    let mut made = Vec::new();
    if let Some(section) = site.section("roles") {
        let taken = site.records("roles", Kind::Role);
        // Occupations that are only published together are no job that someone has.
        let roles =
            facts.roles.iter().filter(|(id, role)| !taken.contains(id.as_str()) && role.covers.is_empty());
        made.extend(roles.map(|(id, role)| {
            let mut document = section.document(id, &role.title);
            document.front.role = Some(unwritten(id));
            document.front.description.clone_from(&role.summary);
            section.entry(document, Kind::Role, Made::Role(id.clone()))
        }));
    }
    if let Some(section) = site.section("authors") {
        let taken = site.records("authors", Kind::Author);
        let authors = facts.authors.iter().filter(|(id, _)| !taken.contains(id.as_str()));
        made.extend(authors.map(|(id, author)| {
            let mut document = section.document(id, &author.name);
            document.front.person_id = Some(unwritten(id));
            section.entry(document, Kind::Author, Made::Author(id.clone()))
        }));
    }
    for quiz in written.iter().filter(|entry| entry.kind == Kind::Quiz) {
        made.extend(results(facts, quiz));
    }
    made
}

/// One page for each result of a quiz that has a page.
fn results<'a>(facts: &Facts, page: &Entry<'a>) -> Vec<Entry<'a>> {
    let Some((id, quiz)) = record(page).and_then(|id| facts.quizzes.get_key_value(id)) else {
        return Vec::new();
    };
    // One that is none was told of, and would be no name of a folder.
    let outcomes = quiz.outcomes.iter().enumerate().filter(|(_, outcome)| is_id(&outcome.id.value));
    outcomes
        .map(|(index, outcome)| {
            let name = &outcome.id.value;
            let path = format!("{}/{name}.md", stem(&page.document.path));
            let mut document = Document::unwritten(path, &outcome.title);
            document.front.quiz = Some(unwritten(id));
            document.front.slug = Some(unwritten(name));
            document.front.noindex = true;
            document.front.search = Some(false);
            document.front.promos = Some(Promos::Off);
            document.front.template = Some(unwritten(RESULT_TEMPLATE));
            let document = Arc::new(document);
            Entry {
                front: Front::Own(Arc::clone(&document)),
                document,
                kind: Kind::Page,
                url: format!("{}/{name}/", page.url.trim_end_matches('/')),
                lang: Arc::clone(&page.lang),
                state: page.state,
                folder: page.folder,
                role: Role::Result,
                made: Some(Made::Result(id.clone(), index)),
                told: Vec::new(),
            }
        })
        .collect()
}

/// The id of the record that a page shows: what it says, else the name of its file or folder.
pub(super) fn record<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    let front = &entry.front;
    let written = match entry.kind {
        Kind::Role => &front.role,
        Kind::Author => &front.person_id,
        Kind::Quiz => &front.quiz,
        Kind::Path => &front.pathway,
        _ => return None,
    };
    Some(written.as_ref().map_or_else(|| name(&entry.document.path), |written| &written.value))
}

fn unwritten(value: &str) -> Spanned<String> {
    Spanned { value: value.to_owned(), span: Span::default() }
}

/// The site as it was written.
struct Written<'w, 'a> {
    tree: &'w Tree<'a>,
    entries: &'w [Entry<'a>],
    hidden: &'w HashMap<&'w str, State>,
    lang: &'w Arc<str>,
}

impl<'w, 'a> Written<'w, 'a> {
    /// A top-level folder with an `_index.md`, which says that the site wants such a section, that
    /// is published.
    fn section(&self, name: &str) -> Option<Section<'w, 'a>> {
        let wanted = |folder: &Folder<'_>| folder.path == name && folder.index.is_some();
        let id = self.tree.folders.iter().position(wanted)?;
        let stands = |entry: &Entry<'_>| entry.folder == id && entry.role == Role::Index;
        let Shown::As(state) = self.tree.folders[id].shown else { return None };
        let lang = self.entries.iter().find(|entry| stands(entry)).map_or(self.lang, |entry| &entry.lang);
        Some(Section { tree: self.tree, id, state, lang: Arc::clone(lang) })
    }

    /// The records that have a file, published or not.
    fn records(&self, folder: &str, kind: Kind) -> BTreeSet<&'w str> {
        let shown = self.entries.iter().filter(|entry| entry.kind == kind).filter_map(record);
        let below = format!("content/{folder}/");
        let hidden = self.hidden.keys().filter(|path| path.starts_with(&below)).map(|path| name(path));
        shown.chain(hidden).collect()
    }
}

/// A section that pages are made in.
struct Section<'w, 'a> {
    tree: &'w Tree<'a>,
    id: FolderId,
    state: State,
    lang: Arc<str>,
}

impl<'a> Section<'_, 'a> {
    fn document(&self, id: &str, title: &str) -> Document {
        Document::unwritten(format!("{}/{id}.md", self.tree.folders[self.id].source()), title)
    }

    fn entry(&self, document: Document, kind: Kind, made: Made<'a>) -> Entry<'a> {
        let folder = &self.tree.folders[self.id];
        let name = name(&document.path).to_owned();
        let document = Arc::new(document);
        Entry {
            front: Front::of_page(&document, folder.defaults.as_ref(), None, folder.kind()),
            document,
            kind,
            url: format!("{}{name}/", folder.base),
            lang: Arc::clone(&self.lang),
            state: self.state,
            folder: self.id,
            role: Role::Page,
            made: Some(made),
            told: Vec::new(),
        }
    }
}
