//! One data file to typed records, looking at nothing else.
//!
//! In: the path and bytes of a file below `content/data/`; the path says what it holds. Out: its
//! [`Records`], each id and reference with its place, and the problems found. What a record says of
//! another file's records is checked by `assemble`, which also merges files. Formats nothing.

mod author;
mod course;
mod currency;
mod custom;
mod decimal;
mod field;
mod glossary;
pub(crate) mod graph;
mod image;
mod outlook;
mod pathway;
mod promo;
mod quiz;
mod role;
mod salary;
mod source;
#[cfg(test)]
mod tests;
mod when;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use author::{Author, AuthorKind};
pub use course::{Course, CourseKind, CourseLevel, Relation};
pub use currency::{CURRENCIES, digits as currency_digits};
pub use custom::Custom;
pub use decimal::Decimal;
pub use field::{Money, is_id};
pub use glossary::Term;
pub use image::{Focus, Image};
pub use outlook::Outlook;
pub use pathway::{Pathway, Resource, Step};
pub use promo::{Action, Promo, Slot};
pub use quiz::{Answer, Mode, Outcome, Question, Quiz};
pub use role::{Hours, Role, Skill, SkillKind, SocMatch};
pub use salary::{Figure, Op, Period, Statistic};
pub use source::{Source, Volatility};
pub use when::{AsOf, Duration, Effort, Per, Precision};

use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::value::csv::{self, Sheet};
use crate::value::shape::Form;
use crate::value::{self, Entry, Field, Group, Reader, Spanned, Syntax, listed};

/// The folder that data files lie in.
pub const FOLDER: &str = "content/data/";

/// Where a problem is that stands in no line, such as a key that is missing at the top of a file.
const WHOLE_FILE: Span = Span { start: 0, end: 0 };

/// One data file, parsed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DataDocument {
    /// The file, relative to the root: `content/data/roles.toml`.
    pub path: Arc<str>,
    /// What it holds.
    pub records: Records,
    /// Whether all of its syntax was understood; else a record that seems missing may only be misspelt.
    pub is_whole: bool,
    /// Problems that are this file's own.
    pub diagnostics: Vec<Diagnostic>,
}

/// The records of a file, in the order written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Records {
    /// `roles`
    Roles(Vec<Arc<Role>>),
    /// `salaries`
    Salaries(Vec<Arc<Figure>>),
    /// `outlook`
    Outlook(Vec<Arc<Outlook>>),
    /// `sources`
    Sources(Vec<Arc<Source>>),
    /// `authors`
    Authors(Vec<Arc<Author>>),
    /// `courses`
    Courses(Vec<Arc<Course>>),
    /// `promos`
    Promos(Vec<Arc<Promo>>),
    /// `glossary`
    Glossary(Vec<Arc<Term>>),
    /// `images`
    Images(Vec<Arc<Image>>),
    /// `quizzes/<id>`
    Quiz(Arc<Quiz>),
    /// `paths/<id>`
    Pathway(Arc<Pathway>),
    /// `custom/<name>`
    Custom(Arc<Custom>),
    /// None: the file has no business here, as its diagnostics say.
    Nothing,
}

impl Records {
    /// The name of the file or folder that holds such records.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Roles(_) => "roles",
            Self::Salaries(_) => "salaries",
            Self::Outlook(_) => "outlook",
            Self::Sources(_) => "sources",
            Self::Authors(_) => "authors",
            Self::Courses(_) => "courses",
            Self::Promos(_) => "promos",
            Self::Glossary(_) => "glossary",
            Self::Images(_) => "images",
            Self::Quiz(_) => "quizzes",
            Self::Pathway(_) => "paths",
            Self::Custom(_) => "custom",
            Self::Nothing => "nothing",
        }
    }
}

/// What the readers of records are handed.
#[derive(Debug, Clone, Copy)]
struct Content<'c> {
    /// The file's name without its ending.
    name: &'c str,
    /// The top-level keys; none in CSV.
    entries: &'c [Entry],
    /// The rows of CSV.
    sheet: Option<&'c Sheet>,
    /// Whether the syntax is in order.
    is_whole: bool,
}

/// A kind of data file.
struct Shape {
    /// Its name without an ending, or its folder's.
    name: &'static str,
    place: Place,
    syntaxes: &'static [&'static str],
    read: fn(&mut Reader<'_, '_>, Content<'_>) -> Records,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One file directly in `content/data/`.
    File,
    /// One file for each record, in a folder of this name.
    Folder,
}

const TREES: &[&str] = &["toml", "yaml", "yml"];
const TREES_AND_SHEETS: &[&str] = &["toml", "yaml", "yml", "csv"];
const ANYTHING: &[&str] = &["toml", "yaml", "yml", "csv", "json"];

const SHAPES: &[Shape] = &[
    file("roles", |reader, content| Records::Roles(keyed(reader, content, "role", role::read))),
    Shape { name: "salaries", place: Place::File, syntaxes: TREES_AND_SHEETS, read: salary::read },
    file("outlook", |reader, content| Records::Outlook(outlook::read(reader, content.entries))),
    file("sources", |reader, content| Records::Sources(keyed(reader, content, "source", source::read))),
    file("authors", |reader, content| Records::Authors(keyed(reader, content, "author", author::read))),
    file("courses", |reader, content| Records::Courses(keyed(reader, content, "course", course::read))),
    file("promos", |reader, content| Records::Promos(keyed(reader, content, "promo", promo::read))),
    file("glossary", |reader, content| Records::Glossary(keyed(reader, content, "term", glossary::read))),
    file("images", |reader, content| Records::Images(keyed(reader, content, "image", image::read))),
    Shape { name: "quizzes", place: Place::Folder, syntaxes: TREES, read: quiz::read },
    Shape { name: "paths", place: Place::Folder, syntaxes: TREES, read: pathway::read },
    Shape { name: "custom", place: Place::Folder, syntaxes: ANYTHING, read: custom::read },
];

/// Names that are farther from the right ones than a slip of the finger.
const SINGULARS: &[(&str, &str)] = &[("salary", "salaries"), ("quiz", "quizzes")];

const fn file(name: &'static str, read: fn(&mut Reader<'_, '_>, Content<'_>) -> Records) -> Shape {
    Shape { name, place: Place::File, syntaxes: TREES, read }
}

/// What each kind of data file may hold: its name, or its folder's, and the form of the file.
#[must_use]
pub fn forms() -> Vec<(&'static str, Form)> {
    let source = value::Source { path: "".into(), text: "", block: 0..0, code: Code::DataType };
    let form = |shape: &Shape| {
        let mut reader = Reader::tracing(&source);
        let content = Content { name: "", entries: &[], sheet: None, is_whole: false };
        let form = reader.traced(|reader| drop((shape.read)(reader, content)));
        (shape.name, form)
    };
    SHAPES.iter().map(form).collect()
}

/// Parses one data file.
///
/// A byte-order mark is dropped; bytes that are not UTF-8 are an error, and read as `?` so that the
/// places of all other problems stay true.
#[must_use]
pub fn parse(path: &Arc<str>, bytes: &[u8]) -> DataDocument {
    let (text, encoding) = super::decode(path, bytes);
    let (shape, name, suffix) = match shape_of(path) {
        Ok(found) => found,
        Err(diagnostic) => {
            let diagnostics = vec![diagnostic];
            return DataDocument {
                path: path.clone(),
                records: Records::Nothing,
                is_whole: true,
                diagnostics,
            };
        }
    };
    let start = text.len() - text.trim_start_matches(super::BYTE_ORDER_MARK).len();
    let source =
        value::Source { path: path.clone(), text: &text, block: start..text.len(), code: Code::DataType };
    let (entries, sheet, problems) = match suffix {
        "csv" => {
            let mut sheet = csv::parse(&source);
            let problems = std::mem::take(&mut sheet.diagnostics);
            (Vec::new(), Some(sheet), problems)
        }
        "toml" => without_sheet(value::parse(&source, Syntax::Toml)),
        // JSON is YAML, as far as data goes.
        _ => without_sheet(value::parse(&source, Syntax::Yaml)),
    };
    // Of what is given twice, one is there.
    let lost = problems.iter().any(|found| found.code != Code::KeyDuplicate);
    let is_whole = !lost && encoding.is_none();
    let mut reader = Reader::new(&source);
    reader.diagnostics = problems;
    let content = Content { name, entries: &entries, sheet: sheet.as_ref(), is_whole };
    check_name(&mut reader, shape, name);
    let records = (shape.read)(&mut reader, content);
    let mut diagnostics = reader.diagnostics;
    retell_duplicates(&mut diagnostics, &source, &entries);
    for found in &mut diagnostics {
        found.location.span = found.location.span.filter(|span| *span != WHOLE_FILE);
    }
    diagnostics.extend(encoding);
    crate::diagnostic::sort(&mut diagnostics);
    DataDocument { path: path.clone(), records, is_whole, diagnostics }
}

fn without_sheet(
    (entries, problems): (Vec<Entry>, Vec<Diagnostic>),
) -> (Vec<Entry>, Option<Sheet>, Vec<Diagnostic>) {
    (entries, None, problems)
}

/// What a file holds, its name without the ending, and the ending.
fn shape_of(path: &Arc<str>) -> Result<(&'static Shape, &str, &str), Diagnostic> {
    let below = path.strip_prefix(FOLDER).unwrap_or(path);
    let (folder, file) = match below.split_once('/') {
        Some((folder, file)) => (Some(folder), file),
        None => (None, below),
    };
    let (name, suffix) = file.rsplit_once('.').unwrap_or((file, ""));
    let place = if folder.is_some() { Place::Folder } else { Place::File };
    let wanted = folder.unwrap_or(name);
    let fits = |shape: &&Shape| shape.place == place && shape.name == wanted;
    let Some(shape) = SHAPES.iter().find(fits) else {
        let names = SHAPES.iter().filter(|shape| shape.place == place).map(|shape| (shape.name, shape.name));
        let names: BTreeMap<_, _> = names.chain(SINGULARS.iter().copied()).collect();
        let near = near(wanted, names.keys().copied()).map(|near| names[near]);
        let help = match near {
            Some(near) if folder.is_some() => format!("did you mean the folder `{near}`?"),
            Some(near) => format!("did you mean `{near}.{suffix}`?"),
            None => "data of your own goes into `content/data/custom/`".to_owned(),
        };
        let message = match folder {
            Some(folder) => format!("`{folder}` is no folder for data files"),
            None => format!("`{file}` is none of the data files"),
        };
        return Err(Diagnostic::new(Code::DataFile, path.clone(), None, message).help(help));
    };
    let message = if name.contains('/') {
        format!("`{}` is too deep: files lie directly in `{}`", below, shape.name)
    } else if shape.syntaxes.contains(&suffix) {
        return Ok((shape, name, suffix));
    } else {
        format!("`{file}` cannot be read: `{wanted}` is not kept as `.{suffix}`")
    };
    let endings = listed(shape.syntaxes.iter().copied(), "or");
    let help = format!("its ending is one of {endings}");
    Err(Diagnostic::new(Code::DataFile, path.clone(), None, message).help(help))
}

/// A file that is one record has an id for its name.
fn check_name(reader: &mut Reader<'_, '_>, shape: &Shape, name: &str) {
    let before = reader.diagnostics.len();
    if shape.place == Place::Folder && !matches!(shape.name, "custom") {
        field::check_id(reader, name, WHOLE_FILE);
    }
    for found in &mut reader.diagnostics[before..] {
        found.code = Code::DataFile;
    }
}

/// What the syntax calls a repeated key is a repeated id at the top of a file of records. TOML then
/// finds the keys of the second record repeated too, which says nothing more.
fn retell_duplicates(diagnostics: &mut Vec<Diagnostic>, source: &value::Source<'_>, entries: &[Entry]) {
    let at = |span| source.text.get(span_range(span)).unwrap_or_default().trim_matches(['"', '\'']);
    let is_id = |span| entries.iter().any(|entry| entry.key_span == span);
    let mut repeated = Vec::new();
    for found in diagnostics.iter_mut().filter(|found| found.code == Code::KeyDuplicate) {
        let (Some(second), Some((first, _))) = (found.location.span, found.related.first()) else { continue };
        if is_id(second) || first.span.is_some_and(is_id) {
            found.code = Code::DataDuplicateId;
            found.message = format!("`{}` is defined twice", at(second));
            found.help = Some("give one of the two another id, or remove it".to_owned());
            let rest = source.text.get(second.end as usize..).unwrap_or_default();
            let end = rest.find("\n[").unwrap_or(rest.len());
            repeated.push(second.end..Span::new(0, second.end as usize + end).end);
        }
    }
    diagnostics.retain(|found| {
        let start = found.location.span.unwrap_or_default().start;
        found.code != Code::KeyDuplicate || !repeated.iter().any(|record| record.contains(&start))
    });
}

fn span_range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// The records of a file whose keys are their ids. One that lacks something is kept with what it
/// has, so that what refers to it is not reported as well.
fn keyed<T>(
    reader: &mut Reader<'_, '_>,
    content: Content<'_>,
    what: &str,
    read: fn(&mut Reader<'_, '_>, Spanned<String>, &mut Group<'_>) -> T,
) -> Vec<Arc<T>> {
    if reader.is_tracing() {
        let form = reader.traced(|reader| {
            let mut group = Group::new(what, &[], WHOLE_FILE);
            drop(read(reader, Spanned { value: String::new(), span: WHOLE_FILE }, &mut group));
            group.finish(reader);
        });
        reader.traces(|| Form::Map(Box::new(form)));
        return Vec::new();
    }
    let mut records = Vec::with_capacity(content.entries.len());
    for entry in content.entries {
        let id = Spanned { value: entry.key.clone(), span: entry.key_span };
        field::check_id(reader, &id.value, id.span);
        let field = Field { key: &entry.key, value: &entry.value };
        let help = format!("put its keys below `[{}]`", entry.key);
        let Some(group) = Group::of(reader, String::new(), field, &help) else { continue };
        let mut group = group.named(format!("{what} `{}`", entry.key), entry.key_span);
        records.push(Arc::new(read(reader, id, &mut group)));
        group.finish(reader);
    }
    records
}
