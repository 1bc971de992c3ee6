//! Front matter: the keys before the text of a page.
//!
//! In: the whole text of a Markdown file, without a byte-order mark, and the settings that bear on
//! it. Out: a [`FrontMatter`], the byte where the Markdown starts, and what was wrong, located from
//! the top of the file. Looks at no other file: whether an author, an image or a template exists,
//! and what a default is, belongs to `assemble`.

mod cut;
pub(in crate::parse) mod date;
mod inherit;
mod keys;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::config::Extra;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
pub use crate::value::Spanned;
use crate::value::{self, Source};
use cut::Cut;
pub use keys::{KEYS, Key, Scope};

/// What the front matter of a page may hold, or that of a section.
#[must_use]
pub fn form(taxonomies: &[String], scope: Scope) -> crate::value::shape::Form {
    read::form(taxonomies, scope)
}

/// Longest front matter that is read, in bytes. It bounds what a hostile page can cost.
const MAX_BYTES: usize = 64 * 1024;

/// The keys before the text, under their own names (CAREER-GUIDES 3.3). Absent keys are `None`
/// or empty: what a default is belongs to `assemble`, which knows the section. Texts are trimmed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FrontMatter {
    /// The `<h1>`.
    pub title: Option<String>,
    /// What search engines show instead of the title.
    pub seo_title: Option<String>,
    /// Line under the title.
    pub dek: Option<String>,
    /// For search results.
    pub description: Option<String>,
    /// `type`: one of the names of the content types.
    pub kind: Option<Spanned<String>>,
    /// Template that renders the page.
    pub template: Option<Spanned<String>>,
    /// Last part of the URL.
    pub slug: Option<Spanned<String>>,
    /// The whole URL path.
    pub path: Option<Spanned<String>>,
    /// On a page of type `path`: id of the pathway it shows, which is what its key `path` means.
    pub pathway: Option<Spanned<String>>,
    /// Earlier URL paths that lead here.
    pub aliases: Vec<Spanned<String>>,
    /// Ids or names of who wrote it.
    pub authors: Vec<Spanned<String>>,
    /// Ids or names of who reviewed it.
    pub reviewers: Vec<Spanned<String>>,
    /// Ids or names of who checked its facts.
    pub fact_checkers: Vec<Spanned<String>>,
    /// On a page of type `author`: id of the person it shows, which is what its key `author` means.
    pub person_id: Option<Spanned<String>>,
    /// On a story: id of the person it is about.
    pub person: Option<Spanned<String>>,
    /// First published.
    pub published: Option<Date>,
    /// Last changed.
    pub updated: Option<Date>,
    /// Last reviewed.
    pub reviewed: Option<Date>,
    /// When the next review is due.
    pub review_by: Option<Date>,
    /// From when on it is no longer published.
    pub expires: Option<Date>,
    /// Not published yet.
    pub draft: bool,
    /// Place in a section sorted by weight, light ones first.
    pub weight: Option<i64>,
    /// Shown in lists of pages.
    pub summary: Option<String>,
    /// Terms by declared taxonomy, each once; most pages have one or two.
    pub taxonomies: Vec<(String, Vec<Spanned<String>>)>,
    /// The series it belongs to.
    pub series: Option<String>,
    /// The same on the page in every language.
    pub translation_key: Option<String>,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Id of the place whose figures it shows.
    pub place: Option<Spanned<String>>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<String>,
    /// Whom it is for.
    pub audience: Vec<String>,
    /// Image id or path.
    pub image: Option<Spanned<String>>,
    /// `toc`
    pub toc: Option<TocChoice>,
    /// Whether sections end with a link to the top.
    pub back_to_top: Option<bool>,
    /// Which promos it shows.
    pub promos: Option<Promos>,
    /// Absolute URL of the page that search engines should know instead.
    pub canonical_url: Option<String>,
    /// Asks search engines not to list it.
    pub noindex: bool,
    /// Whether the site's search finds it.
    pub search: Option<bool>,
    /// Whether it stands in `sitemap.xml`.
    pub sitemap: Option<bool>,
    /// Id of the role it is about.
    pub role: Option<Spanned<String>>,
    /// Ids of the roles it compares.
    pub roles: Vec<Spanned<String>>,
    /// Ids of similar roles.
    pub similar: Vec<Spanned<String>>,
    /// Pages to read next.
    pub related: Vec<Spanned<String>>,
    /// Id of the quiz it shows.
    pub quiz: Option<Spanned<String>>,
    /// Interview questions.
    pub items: Vec<Item>,
    /// What it covers, in a few words each.
    pub covers: Vec<String>,
    /// What to remember.
    pub takeaways: Vec<String>,
    /// Comparisons over data that must hold.
    pub claims: Vec<Spanned<String>>,
    /// Ids of sources.
    pub sources: Vec<Spanned<String>>,
    /// What was corrected, and when.
    pub corrections: Vec<Correction>,
    /// Checks silenced on this page.
    pub allow: Vec<Allow>,
    /// Free values for templates.
    #[serde(with = "crate::value::free::map")]
    pub extra: Extra,
    /// Keys of `_index.md` alone.
    pub section: SectionKeys,
    /// Every key that has a value, under its own name, a taxonomy under its own, with the place of
    /// the key; `None` when the value came from a section's defaults. Spans inside such a value
    /// are those of the section's file.
    pub keys: BTreeMap<String, Option<Span>>,
    /// Keys that are written as other generators write them, in their order.
    pub spellings: Vec<Spelling>,
    /// The section's file that the value of an inherited key came from, where its spans lie; in
    /// `defaults` as `assemble` passes them on, that of every key.
    #[serde(skip)]
    pub origins: BTreeMap<String, Arc<str>>,
}

impl FrontMatter {
    /// The terms of a taxonomy.
    #[must_use]
    pub fn terms(&self, taxonomy: &str) -> &[Spanned<String>] {
        let known = self.taxonomies.iter().find(|(name, _)| name == taxonomy);
        known.map_or(&[], |(_, terms)| terms)
    }

    /// The file in which the value of a key was written, on a page whose own file is `own`.
    #[must_use]
    pub fn file_of<'a>(&'a self, key: &str, own: &'a Arc<str>) -> &'a Arc<str> {
        self.origins.get(key).unwrap_or(own)
    }
}

/// A key in another spelling than its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spelling {
    /// As it is written.
    pub written: Spanned<String>,
    /// The name it is read as.
    pub means: String,
}

impl Spelling {
    /// A note of it, for those who ask for more: it is nobody's mistake. `others` more pages write the
    /// same.
    #[must_use]
    pub fn note(&self, path: &Arc<str>, others: usize) -> Diagnostic {
        let Self { written, means } = self;
        let elsewhere = match others {
            0 => String::new(),
            1 => ", here and on one more page".to_owned(),
            more => format!(", here and on {more} more pages"),
        };
        let message = format!("`{}` is read as `{means}`{elsewhere}", written.value);
        Diagnostic::new(Code::FrontMatter, Arc::clone(path), written.span, message)
            .severity(Severity::Info)
            .help(format!("both are fine; the manual writes `{means}`"))
    }
}

/// Keys that only `_index.md` may have.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SectionKeys {
    /// Order of its pages.
    pub sort_by: Option<SortBy>,
    /// Pages in one list page; 0 is all.
    pub paginate_by: Option<usize>,
    /// Whether it has feeds of its own.
    pub feed: Option<bool>,
    /// What pages below it inherit, see [`FrontMatter::inherit`].
    pub defaults: Option<Box<FrontMatter>>,
}

/// Order of a section's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortBy {
    /// Newest first.
    Date,
    /// Lightest first.
    Weight,
    /// By alphabet.
    Title,
}

/// `toc` on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TocChoice {
    /// `true` or `false` instead of a group, or the key in it.
    pub enabled: Option<bool>,
    /// Deepest heading level: 2 to 6.
    pub depth: Option<u8>,
    /// Heading above the list.
    pub title: Option<String>,
}

/// `promos` on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Promos {
    /// `true`: placed as the site's settings say.
    Auto,
    /// `false`
    Off,
    /// These alone, by id.
    Only(Vec<Spanned<String>>),
}

/// One interview question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The question.
    pub question: String,
    /// A good answer.
    pub answer: Option<String>,
}

/// One correction of a published page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When it was made.
    pub date: Date,
    /// What was wrong and what is right.
    pub text: String,
}

/// One check silenced on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allow {
    /// Id of the check.
    pub check: Spanned<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it is silent.
    pub until: Date,
}

/// A day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date {
    /// The day, of years 1 to 9999. With a time: the day it is then in the site's time zone, so
    /// that it compares with `today`.
    pub date: jiff::civil::Date,
    /// The moment, when a time was written.
    pub time: Option<jiff::Timestamp>,
}

/// The byte at which a file's Markdown starts.
pub(super) fn body(text: &str) -> usize {
    match cut::cut(text) {
        Cut::None | Cut::Unclosed(_) => 0,
        Cut::Block { body, .. } => body,
    }
}

/// Reads the front matter of a file. The second value is the byte at which its Markdown starts: 0
/// when it has no front matter. YAML stands between lines `---` (`...` closes it as well), TOML
/// between lines `+++`, at the very top.
#[must_use]
pub fn read(path: &Arc<str>, text: &str, settings: &Settings) -> (FrontMatter, usize, Vec<Diagnostic>) {
    let opening = Span::new(0, 3);
    match cut::cut(text) {
        Cut::None => (FrontMatter::default(), 0, Vec::new()),
        Cut::Unclosed(fence) => {
            let message = format!("front matter that is never closed with `{fence}`");
            let help = format!("write a line `{fence}` between the last key and the text");
            let found = Diagnostic::new(Code::FrontMatter, path.clone(), opening, message).help(help);
            (FrontMatter::default(), 0, vec![found])
        }
        Cut::Block { block, body, .. } if block.len() > MAX_BYTES => {
            let message = format!("front matter of {} bytes; at most {MAX_BYTES} are read", block.len());
            let found = Diagnostic::new(Code::FrontMatter, path.clone(), opening, message)
                .help("move long texts below it");
            (FrontMatter::default(), body, vec![found])
        }
        Cut::Block { syntax, block, body } => {
            let source = Source { path: path.clone(), text, block, code: Code::FrontMatter };
            let (entries, problems) = value::parse(&source, syntax);
            let (front, mut diagnostics) = read::page(&source, settings, &entries, problems);
            crate::diagnostic::sort(&mut diagnostics);
            (front, body, diagnostics)
        }
    }
}
