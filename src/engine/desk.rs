//! The editor's desk within a build: `check` is a build that writes nothing and looks at everything.
//!
//! In: a plan and memory. Out: the findings of the desk. What a page or an output says by itself is
//! remembered, keyed by the settings of the checks too; what the site says as a whole is found anew.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::aside::Checked;
use super::remember::Parsed;
use super::{Memory, PROGRAM, Plan, Sink};
use crate::assemble::facts::Facts;
use crate::assemble::shown::Shown;
use crate::assemble::{Cause, Page, PageId, Site};
use crate::check::policy::{self, CHECK_ONLY};
use crate::check::{self, Noted, Room, Speller};
use crate::config::{BuildChecks, Earners};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::fingerprint::Fingerprint;
use crate::memory::{Memo, each};
use crate::parse::{self, Document, ReferenceKind, Settings};
use crate::scan::{Asset, Inputs, Source};

/// What the desk remembers.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// What was noted of each file.
    pub(super) pages: Memo<Arc<str>, Noted>,
    /// What was found in each published page, with what it was found from.
    pub(super) outputs: HashMap<String, (Fingerprint, Vec<Diagnostic>)>,
    /// Files that changed while they were read: what was noted of them holds for this build alone.
    pub(super) moved: Vec<Arc<str>>,
    /// What the last check came to.
    pub(super) checked: Option<Checked>,
    /// The site in whose store more lies that nobody has needed yet.
    pub(super) frozen: Option<PathBuf>,
    /// Whether it knows anything that the store does not.
    pub(super) changed: bool,
    /// Whether pages are read as an editor reads them, so that a page's source has to be known again.
    pub(super) reads: bool,
}

impl Desk {
    /// Forgets what was noted of files that changed meanwhile.
    pub(super) fn forget_moved(&mut self) {
        for path in std::mem::take(&mut self.moved) {
            self.pages.forget(&path);
        }
    }
}

/// What the desk found, settled with what the stages found.
pub(super) struct Settled {
    /// What a command shows.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How many errors that fail `check` alone are left out.
    pub(super) more: usize,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `check`: everything counts.
    Check,
    /// A build, whose settings say which findings of the desk stop it.
    Build(BuildChecks),
}

impl Scope {
    /// Whether every page is read once more as an editor reads it: a build has no time for that unless
    /// it was asked to take it.
    pub(super) fn reads_pages(self) -> bool {
        self != Self::Build(BuildChecks::Errors)
    }

    /// Whether published pages are looked at.
    pub(super) fn reads_outputs(self) -> bool {
        self.reads_pages()
    }
}

/// Whether pages are read as an editor reads them, be it in a build.
pub(super) fn asks(inputs: &Inputs) -> bool {
    Scope::Build(inputs.config.checks.build).reads_pages()
}

/// Reads every page that changed as an editor does.
pub(super) fn read(plan: &Plan, memory: &mut Memory) {
    let settings = Settings::of(&plan.inputs.config);
    let checks = &plan.inputs.config.checks;
    let shared = Fingerprint::combine(&[
        Fingerprint::of_bytes(PROGRAM.as_bytes()),
        Fingerprint::of(checks),
        Fingerprint::of(&(&*plan.site.paid, plan.facts.paying().collect::<Vec<_>>())),
        Fingerprint::of(&settings),
        Fingerprint::of(&plan.inputs.desk.dictionaries),
    ]);
    let spellers = std::sync::OnceLock::new();
    let moved = Mutex::new(Vec::new());
    let work: Vec<(&Page, &Source, &Parsed<Document>)> = plan
        .site
        .pages
        .iter()
        .filter_map(|page| {
            let source = source(plan, &page.document.path)?;
            Some((&**page, source, memory.documents.get(&page.document.path)?))
        })
        .collect();
    memory.desk.pages.map(
        &work,
        |(page, source, parsed)| {
            let mut parts = vec![shared, Fingerprint::of_bytes(page.lang.as_bytes())];
            parts.extend(parsed.source());
            // Which courses a list shows is for the data to say.
            parts.extend(disclosed(plan, page).map(|from| Fingerprint::of(&from)));
            // Values of the data stand in its title or a heading.
            if !parsed.is(&page.document) {
                parts.push(page.document.face());
            }
            (Arc::clone(&page.document.path), Fingerprint::combine(&parts), (*page, *source, *parsed))
        },
        |(page, source, parsed)| match text_of(source, parsed) {
            Ok(bytes) => {
                let (text, reading) = parse::reading(&page.document.path, &bytes, &settings);
                let speller = speller(spellers.get_or_init(|| all_spellers(plan)), &page.lang);
                check::page(&sheet(plan, page, (&text, &reading), speller))
            }
            Err(found) => {
                moved.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&source.path));
                Noted { findings: vec![found], ..Noted::default() }
            }
        },
        |_, _| {},
    );
    memory.desk.pages.retain(|path| source(plan, path).is_some());
    memory.desk.moved = moved.into_inner().unwrap_or_else(PoisonError::into_inner);
}

/// The text that a page was parsed from, read once more.
///
/// # Errors
/// A finding, not to be remembered, when the file holds something else by now.
fn text_of(source: &Source, parsed: &Parsed<Document>) -> Result<Vec<u8>, Diagnostic> {
    let bytes = source.load().ok();
    bytes.filter(|bytes| parsed.source() == Some(Fingerprint::of_bytes(bytes))).ok_or_else(|| {
        let message = "this changed while the site was read";
        Diagnostic::new(Code::File, Arc::clone(&source.path), None, message).help("try again")
    })
}

/// Dictionaries by language; reading one takes a while, so nobody does who needs none.
fn all_spellers(plan: &Plan) -> Vec<(&str, Speller)> {
    let dictionaries = plan.inputs.desk.dictionaries.iter();
    let read = |of: &'_ crate::scan::Dictionary| Speller::new(&of.path, &of.affixes, &of.words);
    dictionaries.map(|of| (of.lang.as_str(), read(of))).collect()
}

/// The dictionary of a language: its own, else that of the language without a country.
fn speller<'s>(spellers: &'s [(&str, Speller)], lang: &str) -> Option<&'s Speller> {
    let of = |wanted: &str| spellers.iter().find(|(lang, _)| lang.eq_ignore_ascii_case(wanted));
    let found = of(lang).or_else(|| of(lang.split('-').next().unwrap_or(lang)));
    found.map(|(_, speller)| speller)
}

/// Pages with a web address that a check must look at before a site is published.
fn suspects(site: &Site, is_suspect: impl Fn(&str) -> bool + Sync) -> HashSet<PageId> {
    let has = |page: &Page| {
        let references = page.document.references.iter();
        references.into_iter().any(|to| to.kind == ReferenceKind::Absolute && is_suspect(&to.target))
    };
    let all = each(&site.pages, || (), |(), id, page| has(page).then_some(id));
    all.into_iter().flatten().collect()
}

/// Pages with links that earn money: in their text, or in what a template of the site makes of their data.
pub(super) fn earning(site: &Site, inputs: &Inputs, facts: &Facts) -> HashSet<PageId> {
    let earners = site.earners(&inputs.config);
    let mut earning = suspects(site, |target| earners.earns(target));
    if !earners.paid.is_empty() && inputs.has_templates_of_its_own() {
        let uses = facts.paying().filter_map(|record| site.uses.get(&record));
        let paths: HashSet<&Arc<str>> = uses.flatten().collect();
        let pages = site.pages.iter().enumerate();
        let of_data = pages.filter(|(_, page)| paths.contains(&page.document.path)).map(|(id, _)| id);
        earning.extend(of_data);
    }
    earning
}

/// What a build must not publish and only a second reading tells, of the pages that may have it.
pub(super) fn urgent(plan: &Plan, memory: &Memory) -> Vec<Diagnostic> {
    let mut pages: Vec<PageId> = suspects(&plan.site, check::is_local_address).into_iter().collect();
    pages.extend(&*plan.earning);
    pages.sort_unstable();
    pages.dedup();
    if pages.is_empty() {
        return Vec::new();
    }
    let settings = Settings::of(&plan.inputs.config);
    let mut found = Vec::new();
    for page in pages.into_iter().filter_map(|id| plan.site.pages.get(id)) {
        let path = &page.document.path;
        let (Some(source), Some(parsed)) = (source(plan, path), memory.documents.get(path)) else { continue };
        match text_of(source, parsed) {
            Ok(bytes) => {
                let (text, reading) = parse::reading(path, &bytes, &settings);
                found.extend(check::urgent(&sheet(plan, page, (&text, &reading), None)));
            }
            Err(moved) => found.push(moved),
        }
    }
    found
}

/// A page as its rules look at it.
fn sheet<'a>(
    plan: &'a Plan,
    page: &'a Page,
    (text, reading): (&'a str, &'a parse::markdown::reading::Reading),
    speller: Option<&'a Speller>,
) -> check::Sheet<'a> {
    check::Sheet {
        document: &page.document,
        text,
        reading,
        checks: &plan.inputs.config.checks,
        earners: plan.site.earners(&plan.inputs.config),
        disclosed: disclosed(plan, page),
        english: page.lang.split('-').next() == Some("en"),
        speller,
    }
}

/// Where the first course, list or path stands above which the theme says that some of it pays.
fn disclosed(plan: &Plan, page: &Page) -> Option<u32> {
    if plan.site.paid.is_empty() {
        return None;
    }
    let says = |shown: &Shown| match shown {
        Shown::Course(course) => !course.disclosure.is_empty(),
        Shown::Courses(list) => !list.disclosure.is_empty(),
        Shown::Path(path) => !path.disclosure.is_empty(),
        _ => false,
    };
    let calls = page.document.calls.iter().zip(&page.career.directives);
    calls.filter(|(_, directive)| says(&directive.shown)).map(|(call, _)| call.span.start).min()
}

/// Every web address that pages and data name, with the places that name it, each with its fragment.
pub(super) fn addresses(plan: &Plan, memory: &Memory) -> BTreeMap<String, Vec<(String, Location)>> {
    let mut addresses: BTreeMap<String, Vec<(String, Location)>> = BTreeMap::new();
    let mut add = |url: &str, path: &Arc<str>, span| {
        let (url, fragment) = url.trim().split_once('#').unwrap_or((url.trim(), ""));
        let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
        let place = Location { path: Arc::clone(path), span: Some(span) };
        addresses.entry(url).or_default().push((fragment.to_owned(), place));
    };
    for page in &plan.site.pages {
        let noted = memory.desk.pages.get(&page.document.path);
        for (url, span) in noted.iter().flat_map(|noted| &noted.external) {
            add(url, &page.document.path, *span);
        }
    }
    for filed in plan.facts.sources.values() {
        for url in filed.url.iter().chain(&filed.archive_url) {
            add(url, &filed.path, filed.id.span);
        }
    }
    for filed in plan.facts.courses.values() {
        if let Some(url) = &filed.url {
            add(url, &filed.path, filed.id.span);
        }
    }
    addresses
}

/// What the settings and the pages' exceptions leave of findings that were made elsewhere.
pub(super) fn judge(plan: &Plan, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    policy::settle(found, Vec::new(), &terms(plan)).stages
}

/// What decides which findings count.
fn terms(plan: &Plan) -> policy::Terms<'_> {
    policy::Terms {
        site: &plan.site,
        checks: &plan.inputs.config.checks,
        lock: plan.inputs.desk.lock.as_deref(),
        today: plan.inputs.today,
    }
}

/// Who looks after the files that have findings.
pub(super) fn owners(plan: &Plan, found: &[Diagnostic]) -> BTreeMap<String, Vec<String>> {
    let paths: HashSet<&str> = found.iter().map(|found| &*found.location.path).collect();
    let authors = |page: &Page| {
        let name =
            |id: &String| plan.facts.authors.get(id).map_or_else(|| id.clone(), |author| author.name.clone());
        page.front.authors.iter().map(|author| name(&author.value)).collect::<Vec<_>>()
    };
    let pages = plan.site.pages.iter().filter(|page| paths.contains(&*page.document.path));
    pages
        .map(|page| (page.document.path.to_string(), authors(page)))
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

fn source<'p>(plan: &'p Plan, path: &Arc<str>) -> Option<&'p Source> {
    let pages = &plan.inputs.pages;
    pages.binary_search_by(|source| source.path.cmp(path)).ok().and_then(|at| pages.get(at))
}

/// Everything that the desk found, and what of it and of the stages' own findings counts.
pub(super) fn settle(
    plan: &Plan,
    known: &Desk,
    (stages, urgent): (Vec<Diagnostic>, Vec<Diagnostic>),
    scope: Scope,
) -> Settled {
    let config = &plan.inputs.config;
    let of = |path| known.pages.get(path).filter(|_| scope.reads_pages());
    let noted: Vec<Option<&Noted>> = plan.site.pages.iter().map(|page| of(&page.document.path)).collect();
    let mut desk: Vec<Diagnostic> =
        noted.iter().flatten().flat_map(|noted| noted.findings.iter().cloned()).collect();
    let room = Room {
        site: &plan.site,
        facts: &plan.facts,
        config,
        assets: &plan.inputs.assets,
        today: plan.inputs.today,
        lock: plan.inputs.desk.lock.as_deref(),
        noted: &noted,
    };
    // Of the others nothing would be shown.
    let counts = |code| scope.reads_pages() || policy::may_be_error(code, &config.checks);
    desk.extend(check::site(&room, counts));
    desk.extend(urgent);
    if scope.reads_outputs() {
        let outputs = plan.site.routes.keys().filter_map(|path| known.outputs.get(path));
        let mut found = outputs.flat_map(|(_, found)| found.iter().cloned()).collect();
        crate::diagnostic::fold(&mut found);
        desk.extend(found);
    }
    let settled = policy::settle(stages, desk, &terms(plan));
    let policy::Settled { mut stages, mut desk } = settled;
    let mut more = 0;
    if scope == Scope::Build(BuildChecks::Errors) {
        // What pages were not read for is neither shown nor counted.
        desk.retain(|found| found.severity == Severity::Error);
        let all = desk.len();
        desk.retain(|found| !CHECK_ONLY.contains(&found.code));
        more = all - desk.len();
        for found in &mut stages {
            if CHECK_ONLY.contains(&found.code) && found.severity == Severity::Error {
                found.severity = Severity::Warning;
            }
        }
    }
    stages.extend(desk);
    if scope == Scope::Check {
        check::uses::tell(&mut stages, &plan.site, &plan.facts);
    }
    crate::diagnostic::sort(&mut stages);
    Settled { diagnostics: stages, more }
}

/// A sink that looks at every page on its way to another.
pub(super) struct Inspector<'a> {
    inner: &'a dyn Sink,
    /// By output path: the page it is made from.
    pages: BTreeMap<&'a str, &'a Arc<str>>,
    earners: Earners<'a>,
    settings: Fingerprint,
    known: HashMap<String, (Fingerprint, Vec<Diagnostic>)>,
    found: Mutex<Vec<(String, Fingerprint, Vec<Diagnostic>)>>,
}

impl<'a> Inspector<'a> {
    /// Takes what the desk remembers of outputs; [`Inspector::finish`] gives it back.
    pub(super) fn new(plan: &'a Plan, memory: &mut Memory, inner: &'a dyn Sink) -> Self {
        let earners = plan.site.earners(&plan.inputs.config);
        let program = Fingerprint::of_bytes(PROGRAM.as_bytes());
        Self {
            inner,
            pages: pages(plan),
            earners,
            settings: Fingerprint::combine(&[program, Fingerprint::of(&earners)]),
            known: std::mem::take(&mut memory.desk.outputs),
            found: Mutex::default(),
        }
    }

    /// Hands over what was found, for the next time.
    pub(super) fn finish(self, memory: &mut Memory) {
        let mut known = self.known;
        known.retain(|path, _| self.pages.contains_key(path.as_str()));
        for (path, key, found) in self.found.into_inner().unwrap_or_else(PoisonError::into_inner) {
            known.insert(path, (key, found));
        }
        memory.desk.outputs = known;
    }

    fn key(&self, digest: Fingerprint, page: &str) -> Fingerprint {
        Fingerprint::combine(&[self.settings, digest, Fingerprint::of_bytes(page.as_bytes())])
    }
}

/// The HTML files that are looked at, with the page that each is shown at.
fn pages(plan: &Plan) -> BTreeMap<&str, &Arc<str>> {
    plan.site
        .routes
        .iter()
        .filter_map(|(path, route)| {
            let id = match route.cause {
                Cause::Page(id) => id,
                Cause::SectionPage { section, .. } => plan.site.sections.get(section)?.page,
                _ => return None,
            };
            Some((path.as_str(), &plan.site.pages.get(id)?.document.path))
        })
        .collect()
}

impl Sink for Inspector<'_> {
    fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        let seen = self.pages.get(path).is_none_or(|page| {
            self.known.get(path).is_some_and(|(known, _)| *known == self.key(digest, page))
        });
        seen && self.inner.holds(path, digest)
    }

    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        if let (Some(page), Ok(html)) = (self.pages.get(path), std::str::from_utf8(bytes)) {
            let sheet = check::Published { html, source: page, earners: self.earners };
            let found = (path.to_owned(), self.key(digest, page), check::output(&sheet));
            self.found.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        }
        self.inner.put(path, bytes, digest);
    }

    fn keep(&self, path: &str, digest: Fingerprint, len: u64) {
        self.inner.keep(path, digest, len);
    }

    fn copy(&self, path: &str, asset: &Asset) {
        self.inner.copy(path, asset);
    }
}
