//! The editor's desk: rules about what a site says and how.
//!
//! In: one page as an editor reads it, the linked site, or one published file. Out: findings. Every
//! rule is a pure function; which findings matter, and which are silenced, is settled by [`policy`]
//! after all have been gathered. Reads no file, renders nothing and changes nothing.
//!
//! - over one page: [`page()`], of `images`, `headings`, `links`, `code`, `facts` and `language`
//! - over the site: [`site()`], of `metadata`, `freshness`, `structure` and `records`
//! - over one output: [`output()`], of `published`; [`unsound()`], of `sound`, which every build asks
//! - [`rule`]: every rule with its reason and its examples, from which the manual and the fixtures
//!   are made

pub mod addresses;
pub mod baseline;
mod code;
mod facts;
mod freshness;
mod headings;
mod images;
mod language;
mod links;
pub mod lock;
mod markup;
pub mod mend;
mod metadata;
pub mod policy;
mod published;
mod records;
mod relative;
pub mod rule;
mod sound;
mod spelling;
mod structure;
pub mod uses;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::assemble::facts::Facts;
use crate::assemble::{Cause, Page, PageId, Site};
use crate::config::{Checks, Config, Earners};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::memory::each;
use crate::parse::Document;
use crate::parse::markdown::reading::Reading;
use crate::scan::Asset;

/// A page on the desk.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The page, parsed.
    pub document: &'a Document,
    /// Its file's text.
    pub text: &'a str,
    /// The same as an editor reads it.
    pub reading: &'a Reading,
    /// What it is measured by.
    pub checks: &'a Checks,
    /// Which links earn money.
    pub earners: Earners<'a>,
    /// From which byte on a course, a list or a path has said that a link may earn money.
    pub disclosed: Option<u32>,
    /// Whether it is in English, for rules that know no other language.
    pub english: bool,
    /// The dictionary of its language, if the site has one.
    pub speller: Option<&'a Speller>,
}

impl Sheet<'_> {
    fn finding(&self, code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.document.path.clone(), span, message)
    }

    /// What was written at a place of the file.
    fn written(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The line of an offset, counted from 1.
    fn line(&self, offset: u32) -> usize {
        crate::diagnostic::report::position(self.text, offset).line
    }
}

/// What was found on a page, and what rules over the site have to know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Findings.
    pub findings: Vec<Diagnostic>,
    /// Words in capitals that are used more than once and that its text does not spell out.
    pub unexplained: Vec<String>,
    /// Web addresses that it links to, with their places.
    pub external: Vec<(String, Span)>,
    /// Words that its dictionary does not know.
    pub misspelt: Vec<Unknown>,
}

/// A page on the desk, and what several rules look at in it.
#[derive(Debug)]
struct Opened<'a> {
    sheet: &'a Sheet<'a>,
    /// Web addresses, wherever they stand.
    addresses: Vec<links::Address<'a>>,
    /// Its prose, measured.
    passages: Vec<language::Passage<'a>>,
}

impl<'a> Opened<'a> {
    fn new(sheet: &'a Sheet<'a>) -> Self {
        Self { sheet, addresses: links::addresses(sheet), passages: language::passages(sheet) }
    }
}

impl<'a> std::ops::Deref for Opened<'a> {
    type Target = Sheet<'a>;

    fn deref(&self) -> &Sheet<'a> {
        self.sheet
    }
}

type PageRule = fn(&Opened<'_>, &mut Vec<Diagnostic>);

const PAGE_RULES: &[PageRule] = &[
    |page, found| images::missing_descriptions(page, found),
    |page, found| images::poor_descriptions(page, found),
    |page, found| headings::same_text(page, found),
    |page, found| headings::typed_contents(page, found),
    links::insecure,
    links::localhost,
    links::poor_text,
    links::undisclosed,
    |page, found| code::missing_language(page, found),
    |page, found| facts::money_by_hand(page, found),
    language::long_paragraphs,
    language::long_sentences,
    language::reading_level,
    |page, found| language::banned_words(page, found),
    |page, found| relative::dates(page, found),
];

/// Everything about one page that its own file decides.
#[must_use]
pub fn page(sheet: &Sheet<'_>) -> Noted {
    let mut findings = Vec::new();
    let opened = Opened::new(sheet);
    for rule in PAGE_RULES {
        rule(&opened, &mut findings);
    }
    let misspelt = spelling::unknown(sheet, &mut findings);
    Noted {
        findings,
        misspelt,
        unexplained: language::unexplained(sheet),
        external: links::external(&opened),
    }
}

/// What of a page stops a build: links to a writer's own machine, and links that earn money unsaid.
#[must_use]
pub fn urgent(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let opened = Opened::new(sheet);
    links::localhost(&opened, &mut findings);
    links::undisclosed(&opened, &mut findings);
    findings
}

pub use links::is_local_address;

/// The linked site, and what several rules look up in it.
#[derive(Debug, Clone, Copy)]
struct Shelf<'a> {
    room: &'a Room<'a>,
    /// Pages of records by the pages that show the records.
    by_use: &'a HashMap<&'a str, Vec<PageId>>,
}

impl<'a> std::ops::Deref for Shelf<'a> {
    type Target = Room<'a>;

    fn deref(&self) -> &Room<'a> {
        self.room
    }
}

impl<'a> Shelf<'a> {
    /// The pages that somebody wrote and that anybody may find, in order.
    fn written(&self) -> impl Iterator<Item = (usize, &'a Page)> + use<'a> {
        let not_found = self.site.not_found;
        let pages = self.site.pages.iter().map(|page| &**page).enumerate();
        pages.filter(move |(id, page)| !page.generated && !page.front.noindex && Some(*id) != not_found)
    }

    /// The page at a site path.
    fn page_at(&self, url: &str) -> Option<PageId> {
        let path = url.strip_prefix('/').unwrap_or(url);
        let index = format!("{path}index.html");
        let output = if path.is_empty() || path.ends_with('/') { &index } else { path };
        match self.site.routes.get(output).map(|route| &route.cause) {
            Some(Cause::Page(id) | Cause::Alias(id)) => Some(*id),
            _ => None,
        }
    }

    /// What an author is called; an id that the authors file does not have stands for itself.
    fn name_of_author(&self, id: &'a str) -> &'a str {
        self.facts.authors.get(id).map_or(id, |author| author.name.as_str())
    }

    /// A URL without the base path of the site.
    fn below_base<'u>(&self, url: &'u str) -> &'u str {
        url.strip_prefix(self.config.base_url.path.as_str()).unwrap_or(url)
    }
}

/// Where a front-matter key of a page stands: at the top of the file when it is not there.
fn key_span(page: &Page, key: &str) -> Option<Span> {
    page.document.front.keys.get(key).copied().flatten()
}

/// A finding about a page as a whole, shown at the first of the given keys that it has.
fn at_key(code: Code, page: &Page, keys: &[&str], message: impl Into<String>) -> Diagnostic {
    let span = keys.iter().find_map(|key| key_span(page, key)).unwrap_or_default();
    Diagnostic::new(code, page.document.path.clone(), span, message)
}

type SiteRule = fn(&Shelf<'_>, &mut Vec<Diagnostic>);

/// Rules with all that they may find.
const SITE_RULES: &[(SiteRule, &[Code])] = &[
    (metadata::descriptions, &[Code::DescriptionMissing, Code::DescriptionLong, Code::DescriptionShort]),
    (metadata::repeated_descriptions, &[Code::DescriptionDuplicate]),
    (metadata::long_titles, &[Code::TitleLong]),
    (metadata::repeated_titles, &[Code::TitleDuplicate]),
    (metadata::authors, &[Code::AuthorMissing]),
    (metadata::reviewers, &[Code::ReviewerSelf]),
    (freshness::reviews_due, &[Code::ReviewDue]),
    (freshness::updates_without_change, &[Code::UpdatedWithoutChange]),
    (structure::orphans, &[Code::OrphanPage]),
    (structure::few_links, &[Code::FewInternalLinks]),
    (records::unused, &[Code::DataUnused]),
    (records::expired_promos, &[Code::PromoExpired]),
    (records::heavy_images, &[Code::ImageHeavy]),
    (records::unexplained, &[Code::GlossaryUndefinedAbbr]),
    (records::misspelt, &[Code::Spelling]),
    (addresses::gone, &[Code::UrlGone, Code::IdChanged, Code::Config]),
];

/// What the rules over a site look at.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its data.
    pub facts: &'a Facts,
    /// Its settings.
    pub config: &'a Config,
    /// Its files.
    pub assets: &'a [Asset],
    /// The day.
    pub today: jiff::civil::Date,
    /// `urls.lock`
    pub lock: Option<&'a str>,
    /// What was noted of each page; nothing of those that nobody wrote.
    pub noted: &'a [Option<&'a Noted>],
}

/// Everything that depends on more than one page, or on data, by the rules that may find something of
/// which `counts` says that it matters.
#[must_use]
pub fn site(room: &Room<'_>, counts: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
    let by_use = structure::by_use(room.site);
    let shelf = Shelf { room, by_use: &by_use };
    let asked = SITE_RULES.iter().filter(|(_, codes)| codes.iter().any(|code| counts(*code)));
    let asked: Vec<_> = asked.collect();
    let findings = each(
        &asked,
        || (),
        |(), _, (rule, codes)| {
            let mut findings = Vec::new();
            rule(&shelf, &mut findings);
            debug_assert!(
                findings.iter().all(|found| codes.contains(&found.code)),
                "a rule finds what it says"
            );
            findings
        },
    );
    findings.concat()
}

pub use markup::anchors;
pub use published::{Sheet as Published, output, unmarked};
pub use sound::{Hand, Ours, Proof, unsound};
pub use spelling::{Speller, Unknown};

/// A page's address as messages show it: its file below `content/`.
fn name_of(page: &Page) -> &str {
    let path = &*page.document.path;
    path.strip_prefix("content/").unwrap_or(path)
}
