//! `[checks]`: how strict the editor's desk is, and what it measures by.
//!
//! In: the fields of the table. Out: [`Checks`]. Knows the names of findings, and none of the rules.

use jiff::civil::Date;
use serde::Serialize;

use super::affiliate::Affiliates;
use super::read::join;
use super::terms::Word;
use super::{Config, keys};
use crate::diagnostic::{Code, near};
use crate::value::{Field, Group, Kind, Reader, Spanned};

/// `[checks]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// Which findings of the desk stop a build.
    pub build: BuildChecks,
    /// How much a finding matters, other than by default, in the order written.
    pub levels: Vec<(Code, Level)>,
    /// The same for the files below a folder, in the order written; the longest folder counts.
    pub folders: Vec<FolderLevels>,
    /// `[checks.limits]`
    pub limits: Limits,
    /// Exceptions for what no page holds, in the order written.
    pub allow: Vec<Allowed>,
    /// Words that the site does not use, those of `terms.toml` among them.
    pub words: Vec<Word>,
    /// Words that dictionaries need not know (`words.txt`).
    pub known_words: Vec<String>,
    /// Dictionaries by language, as paths without an ending.
    pub dictionaries: Vec<(String, String)>,
    /// `[checks.external]`. No part of what a check finds by itself, so no part of what the settings say.
    #[serde(skip)]
    pub external: External,
    /// Which links earn money.
    pub affiliates: Affiliates,
}

/// How much findings below a folder matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FolderLevels {
    /// The folder as the paths of its files begin: `content/guides/`.
    pub path: String,
    /// As the settings name it, and where; what it does depends on the path alone.
    #[serde(skip)]
    pub name: Spanned<String>,
    /// Findings with their levels, in the order written.
    pub levels: Vec<(Code, Level)>,
}

/// An exception to a rule for a file, or for an address that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allowed {
    /// The rule's name.
    pub check: Spanned<String>,
    /// The file as findings show it, or the address as `urls.lock` has it.
    pub at: String,
    /// Why.
    pub reason: String,
    /// The last day of it.
    pub until: Date,
}

/// Which findings of the desk stop a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum BuildChecks {
    /// Those that need no second reading, but for errors that are the desk's alone.
    Errors,
    /// All errors, and everything is shown.
    All,
}

/// `[checks.external]`: how web addresses are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Patterns of addresses that are left alone.
    pub ignore: Vec<String>,
    /// Days for which a good answer holds.
    pub days: u64,
    /// Seconds after which a server is too slow.
    pub timeout: u64,
    /// How often a busy server is asked again.
    pub retries: u32,
    /// Milliseconds between two questions to one host.
    pub pause: u64,
}

impl Default for External {
    fn default() -> Self {
        Self { ignore: Vec::new(), days: 7, timeout: 20, retries: 2, pause: 250 }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Level {
    /// It is not looked for.
    Off,
    /// Shown.
    Info,
    /// Fails under `--strict`.
    Warn,
    /// Fails.
    Error,
}

/// `[checks.limits]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Characters of a title with the site's name.
    pub title: usize,
    /// Most characters of a description.
    pub description: usize,
    /// Fewest characters of a description.
    pub description_short: usize,
    /// Kilobytes of a picture.
    pub image_kb: usize,
    /// Days from one review to the next.
    pub review_days: usize,
    /// School grade that a text may need, when the site says so itself.
    pub reading_grade: Option<usize>,
    /// Words of a paragraph.
    pub paragraph_words: usize,
    /// Words of a sentence.
    pub sentence_words: usize,
    /// Fewest links from a guide to other pages.
    pub internal_links: usize,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            build: BuildChecks::Errors,
            levels: Vec::new(),
            folders: Vec::new(),
            limits: Limits {
                title: 60,
                description: 160,
                description_short: 50,
                image_kb: 300,
                review_days: 365,
                reading_grade: None,
                paragraph_words: 150,
                sentence_words: 40,
                internal_links: 2,
            },
            allow: Vec::new(),
            words: Vec::new(),
            known_words: Vec::new(),
            dictionaries: Vec::new(),
            external: External::default(),
            affiliates: Affiliates::default(),
        }
    }
}

/// What `checks.build` takes.
pub(super) const BUILDS: &[(&str, BuildChecks)] =
    &[("errors", BuildChecks::Errors), ("all", BuildChecks::All)];

const LEVELS: &[(&str, Level)] =
    &[("off", Level::Off), ("info", Level::Info), ("warn", Level::Warn), ("error", Level::Error)];

/// `checks.levels`
pub(super) fn levels(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    config.checks.levels = table(reader, field);
}

/// `checks.folders`
pub(super) fn folders(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    const HELP: &str = "write `[checks.folders.\"content/guides\"]`, and rules with their levels below";
    let mut folders = Vec::new();
    for entry in reader.table(field, HELP) {
        let key = join(field.key, &entry.key);
        let folder = entry.key.trim_matches('/');
        let folder = folder.strip_prefix("content").map_or(folder, |rest| rest.trim_start_matches('/'));
        let path = if folder.is_empty() { "content/".to_owned() } else { format!("content/{folder}/") };
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        let levels = table(reader, Field { key: &key, value: &entry.value });
        folders.push(FolderLevels { path, name, levels });
    }
    config.checks.folders = folders;
}

/// `checks.allow`
pub(super) fn allow(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    const HELP: &str = "write `[[checks.allow]]`, and `check`, `at`, `reason` and `until` below";
    let Kind::List(items) = &field.value.kind else {
        return reader.mistyped(field, "a list of tables", HELP);
    };
    config.checks.allow = items
        .iter()
        .filter_map(|value| {
            let of = Field { key: field.key, value };
            let mut group = Group::of(reader, "an entry of `checks.allow`", of, HELP)?;
            let check = group.required(reader, "check", Reader::name);
            let at = group.required(reader, "at", Reader::filled);
            let reason = group.required(reader, "reason", Reader::filled);
            let until = group.required(reader, "until", date);
            group.finish(reader);
            Some(Allowed { check: check?, at: at?, reason: reason?, until: until? })
        })
        .collect();
}

/// A day.
fn date(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Date> {
    let written = reader.filled(field)?;
    let found = written.parse::<Date>().ok().filter(|_| written.len() == "2027-01-31".len());
    if found.is_none() {
        let told = reader.source().not_a_date(&written, field.value.span);
        reader.report(told);
    }
    found
}

/// Rules with their levels.
fn table(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<(Code, Level)> {
    let mut levels = Vec::new();
    for entry in reader.table(field, "write a rule and its level: `title-long = \"off\"`") {
        let Some(code) = Code::ALL.iter().copied().find(|code| code.id() == entry.key) else {
            let ids = || Code::ALL.iter().map(|code| code.id());
            let help = match near(&entry.key, ids()) {
                Some(id) => format!("did you mean `{id}`?"),
                None => "`guidepost explain` lists them".to_owned(),
            };
            let message = format!("no rule `{}`", entry.key);
            reader.refuse(entry.key_span, message, help);
            continue;
        };
        let key = join(field.key, &entry.key);
        if let Some(level) = reader.choice(Field { key: &key, value: &entry.value }, LEVELS) {
            levels.push((code, level));
        }
    }
    levels
}

/// `checks.words`
pub(super) fn words(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    const HELP: &str = "write a word and what to write instead: `signup = \"sign up\"`";
    let mut words = Vec::new();
    for entry in reader.table(field, HELP) {
        match &entry.value.kind {
            Kind::Text(instead) => words.push(Word {
                word: entry.key.clone(),
                instead: instead.trim().to_owned(),
                why: String::new(),
            }),
            _ => reader.mistyped(Field { key: &entry.key, value: &entry.value }, "text", HELP),
        }
    }
    config.checks.words = words;
}

/// `checks.dictionaries`
pub(super) fn dictionaries(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    const HELP: &str = "write a language and a path without an ending: `en = \"dictionaries/en_US\"`";
    let mut dictionaries = Vec::new();
    for entry in reader.table(field, HELP) {
        let key = join(field.key, &entry.key);
        if let Some(path) = reader.filled(Field { key: &key, value: &entry.value }) {
            dictionaries.push((entry.key.clone(), path));
        }
    }
    config.checks.dictionaries = dictionaries;
}

/// A limit.
pub(super) fn limit(reader: &mut Reader<'_, '_>, field: Field<'_>, place: &mut usize) {
    keys::put(place, reader.size(field));
}
