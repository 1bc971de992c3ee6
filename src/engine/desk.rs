//! The editor's desk within a build: `check` is a build that writes nothing and looks at everything.
//!
//! In: a plan and memory. Out: the findings of the desk. What a page or an output says by itself is
//! remembered, keyed by the settings of the checks too; what the site says as a whole is found anew.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Memory, PROGRAM, Parsed, Plan, Sink};
use crate::assemble::{Cause, Page};
use crate::check::policy::{self, CHECK_ONLY};
use crate::check::{self, Noted, Room};
use crate::config::{BuildChecks, Checks};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fingerprint::Fingerprint;
use crate::memory::Memo;
use crate::parse::{self, Settings};
use crate::scan::{Asset, Source};

/// What the desk remembers.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// What was noted of each file.
    pages: Memo<Arc<str>, Noted>,
    /// What was found in each published page, with what it was found from.
    outputs: HashMap<String, (Fingerprint, Vec<Diagnostic>)>,
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

/// Reads every page that changed as an editor does.
pub(super) fn read(plan: &Plan, memory: &mut Memory) {
    let settings = Settings::of(&plan.inputs.config);
    let checks = &plan.inputs.config.checks;
    let shared = Fingerprint::combine(&[
        Fingerprint::of_bytes(PROGRAM.as_bytes()),
        Fingerprint::of(checks),
        Fingerprint::of(&settings),
    ]);
    let work: Vec<(&Page, &Source, Fingerprint)> = plan
        .site
        .pages
        .iter()
        .filter_map(|page| {
            let source = source(plan, &page.document.path)?;
            let hash = memory.documents.get(&page.document.path).and_then(Parsed::source)?;
            Some((page, source, hash))
        })
        .collect();
    memory.desk.pages.map(
        &work,
        |(page, source, hash)| {
            let lang = Fingerprint::of_bytes(page.lang.as_bytes());
            let key = Fingerprint::combine(&[shared, lang, *hash]);
            (Arc::clone(&page.document.path), key, (*page, *source))
        },
        |(page, source)| {
            // Gone since the scan: what it held has been told or forgotten already.
            let bytes = source.load().unwrap_or_default();
            let (text, reading) = parse::reading(&page.document.path, &bytes, &settings);
            check::page(&check::Sheet {
                document: &page.document,
                text: &text,
                reading: &reading,
                checks,
                english: page.lang.split('-').next() == Some("en"),
            })
        },
        |_, _| {},
    );
    memory.desk.pages.retain(|path| source(plan, path).is_some());
}

fn source<'p>(plan: &'p Plan, path: &Arc<str>) -> Option<&'p Source> {
    let pages = &plan.inputs.pages;
    pages.binary_search_by(|source| source.path.cmp(path)).ok().and_then(|at| pages.get(at))
}

/// Everything that the desk found, and what of it and of the stages' own findings counts.
pub(super) fn settle(plan: &Plan, memory: &Memory, stages: Vec<Diagnostic>, scope: Scope) -> Settled {
    let config = &plan.inputs.config;
    let of = |path| memory.desk.pages.get(path).filter(|_| scope.reads_pages());
    let noted: Vec<Option<&Noted>> = plan.site.pages.iter().map(|page| of(&page.document.path)).collect();
    let mut desk: Vec<Diagnostic> =
        noted.iter().flatten().flat_map(|noted| noted.findings.iter().cloned()).collect();
    desk.extend(check::site(&Room {
        site: &plan.site,
        facts: &plan.facts,
        config,
        assets: &plan.inputs.assets,
        today: plan.inputs.today,
        noted: &noted,
    }));
    if scope.reads_outputs() {
        let outputs = plan.site.routes.keys().filter_map(|path| memory.desk.outputs.get(path));
        let mut found = outputs.flat_map(|(_, found)| found.iter().cloned()).collect();
        crate::diagnostic::fold(&mut found);
        desk.extend(found);
    }
    let settled = policy::settle(stages, desk, &plan.site, &config.checks, plan.inputs.today);
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
    crate::diagnostic::sort(&mut stages);
    Settled { diagnostics: stages, more }
}

/// A sink that looks at every page on its way to another.
pub(super) struct Inspector<'a> {
    inner: &'a dyn Sink,
    /// By output path: the page it is made from, and whether a writer's own HTML is in it.
    pages: BTreeMap<&'a str, (&'a Arc<str>, bool)>,
    checks: &'a Checks,
    settings: Fingerprint,
    known: HashMap<String, (Fingerprint, Vec<Diagnostic>)>,
    found: Mutex<Vec<(String, Fingerprint, Vec<Diagnostic>)>>,
}

impl<'a> Inspector<'a> {
    /// Takes what the desk remembers of outputs; [`Inspector::finish`] gives it back.
    pub(super) fn new(plan: &'a Plan, memory: &mut Memory, inner: &'a dyn Sink) -> Self {
        let checks = &plan.inputs.config.checks;
        let program = Fingerprint::of_bytes(PROGRAM.as_bytes());
        Self {
            inner,
            pages: pages(plan, memory),
            checks,
            settings: Fingerprint::combine(&[program, Fingerprint::of(checks)]),
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

    fn key(&self, digest: Fingerprint, page: (&Arc<str>, bool)) -> Fingerprint {
        Fingerprint::combine(&[self.settings, digest, Fingerprint::of(&(&**page.0, page.1))])
    }
}

/// The HTML files that are looked at, with the page that each is shown at.
fn pages<'p>(plan: &'p Plan, memory: &Memory) -> BTreeMap<&'p str, (&'p Arc<str>, bool)> {
    plan.site
        .routes
        .iter()
        .filter_map(|(path, route)| {
            let id = match route.cause {
                Cause::Page(id) => id,
                Cause::SectionPage { section, .. } => plan.site.sections.get(section)?.page,
                _ => return None,
            };
            let source = &plan.site.pages.get(id)?.document.path;
            let has_html = memory.desk.pages.get(source).is_some_and(|noted| noted.has_html);
            Some((path.as_str(), (source, has_html)))
        })
        .collect()
}

impl Sink for Inspector<'_> {
    fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        let seen = self.pages.get(path).is_none_or(|page| {
            self.known.get(path).is_some_and(|(known, _)| *known == self.key(digest, *page))
        });
        seen && self.inner.holds(path, digest)
    }

    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        if let (Some(page), Ok(html)) = (self.pages.get(path), std::str::from_utf8(bytes)) {
            let sheet = check::Published { html, source: page.0, has_own_html: page.1, checks: self.checks };
            let found = (path.to_owned(), self.key(digest, *page), check::output(&sheet));
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
