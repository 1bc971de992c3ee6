//! Which findings count: levels, exceptions on pages, what was asked for.
//!
//! In: every finding of a run, the settings, and the `allow` lists of the pages and of the settings. Out: the
//! findings that are left, with the severity they have on this site, and a finding for each exception that has
//! ended or that nothing needs.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{lock, rule};
use crate::assemble::Site;
use crate::config::{Checks, Level};
use crate::diagnostic::{Code, Diagnostic, Severity, Span, near};
use crate::value::Spanned;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// These rules alone, unless empty.
    pub only: Vec<Code>,
    /// Not these.
    pub skip: Vec<Code>,
}

impl Choice {
    /// Whether findings of a rule are wanted.
    #[must_use]
    pub fn wants(&self, code: Code) -> bool {
        (self.only.is_empty() || self.only.contains(&code)) && !self.skip.contains(&code)
    }
}

/// Findings that fail `check` alone: a site is published with them, unless its settings say otherwise.
pub const CHECK_ONLY: &[Code] = &[
    Code::AltMissing,
    Code::AuthorMissing,
    Code::DescriptionMissing,
    Code::FileName,
    Code::LdMismatch,
    Code::TitleDuplicate,
];

/// Findings that only asking the web makes.
pub const OF_THE_WEB: &[Code] = &[
    Code::LinkExternalDead,
    Code::LinkExternalFragment,
    Code::LinkExternalMoved,
    Code::LinkExternalUnchecked,
];

/// Findings with the severity that they have on a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Those of the stages.
    pub stages: Vec<Diagnostic>,
    /// Those of the desk, those about exceptions among them.
    pub desk: Vec<Diagnostic>,
}

/// What decides which findings count.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The site, whose pages have exceptions.
    pub site: &'a Site,
    /// Its settings, which have some too.
    pub checks: &'a Checks,
    /// `urls.lock`
    pub lock: Option<&'a str>,
    /// The day.
    pub today: Date,
}

/// Gives every finding the severity it has on this site, and drops what is off or allowed.
#[must_use]
pub fn settle(stages: Vec<Diagnostic>, desk: Vec<Diagnostic>, terms: &Terms<'_>) -> Settled {
    let checks = terms.checks;
    let mut exceptions = Exceptions::of(terms);
    let mut left = |findings: Vec<Diagnostic>| -> Vec<Diagnostic> {
        let levelled = findings.into_iter().filter_map(|finding| levelled(finding, checks));
        levelled.filter(|finding| !exceptions.cover(finding)).collect()
    };
    let (stages, mut desk) = (left(stages), left(desk));
    desk.extend(exceptions.report().into_iter().filter_map(|finding| levelled(finding, checks)));
    Settled { stages, desk }
}

/// Whether a finding of a rule over the site may be an error anywhere.
#[must_use]
pub fn may_be_error(code: Code, checks: &Checks) -> bool {
    let folders = checks.folders.iter().map(|folder| &folder.levels);
    let raised = || folders.chain([&checks.levels]).flatten().any(|of| *of == (code, Level::Error));
    code.severity() == Severity::Error || raised()
}

/// The finding with the severity that the settings give it; `None` when it is off.
fn levelled(mut finding: Diagnostic, checks: &Checks) -> Option<Diagnostic> {
    if rule::is_fixed(finding.code) {
        return Some(finding);
    }
    // Stages say how bad it is for a build.
    if finding.code == Code::FileName {
        finding.severity = Severity::Error;
    }
    let path = &*finding.location.path;
    let of_folder = checks
        .folders
        .iter()
        .filter(|folder| {
            path.starts_with(&folder.path) && folder.levels.iter().any(|(code, _)| *code == finding.code)
        })
        .max_by_key(|folder| folder.path.len())
        .map(|folder| &folder.levels);
    let level = [of_folder, Some(&checks.levels)]
        .into_iter()
        .flatten()
        .find_map(|levels| levels.iter().find(|(code, _)| *code == finding.code));
    match level.map(|(_, level)| *level) {
        Some(Level::Off) => return None,
        Some(Level::Info) => finding.severity = Severity::Info,
        Some(Level::Warn) => finding.severity = Severity::Warning,
        Some(Level::Error) => finding.severity = Severity::Error,
        None => {}
    }
    Some(finding)
}

/// The `allow` lists of all pages and of the settings.
struct Exceptions<'s> {
    by_page: BTreeMap<&'s str, Vec<Exception<'s>>>,
    of_site: Vec<(&'s str, Exception<'s>)>,
    lock: Option<&'s str>,
}

struct Exception<'s> {
    check: &'s Spanned<String>,
    until: Date,
    code: Option<Code>,
    expired: bool,
    used: bool,
}

impl<'s> Exceptions<'s> {
    fn of(terms: &Terms<'s>) -> Self {
        let exception = |check: &'s Spanned<String>, until: Date| Exception {
            check,
            until,
            code: Code::ALL.iter().copied().find(|code| code.id() == check.value),
            expired: until < terms.today,
            used: false,
        };
        let mut by_page = BTreeMap::new();
        for page in terms.site.pages.iter().filter(|page| !page.front.allow.is_empty()) {
            let written = page.front.allow.iter();
            let exceptions = written.map(|allow| exception(&allow.check, allow.until.date)).collect();
            by_page.insert(&*page.document.path, exceptions);
        }
        let written = terms.checks.allow.iter();
        let of_site = written.map(|allow| (&*allow.at, exception(&allow.check, allow.until))).collect();
        Self { by_page, of_site, lock: terms.lock }
    }

    /// Whether a page or the settings allow a finding.
    fn cover(&mut self, finding: &Diagnostic) -> bool {
        if rule::is_fixed(finding.code) || (self.by_page.is_empty() && self.of_site.is_empty()) {
            return false;
        }
        let path = &*finding.location.path;
        let of_page = self.by_page.get_mut(path).into_iter().flatten();
        // A finding about an address is at the lock's line, which is the address.
        let line = |span: Span| self.lock.and_then(|lock| lock.get(span.start as usize..span.end as usize));
        let address = finding.location.span.filter(|_| path == lock::NAME).and_then(line);
        let of_site = self.of_site.iter_mut().filter(|(at, _)| *at == path || Some(*at) == address);
        let mut all = of_page.chain(of_site.map(|(_, exception)| exception));
        let Some(exception) = all.find(|known| known.code == Some(finding.code)) else { return false };
        exception.used = true;
        !exception.expired
    }

    fn report(self) -> Vec<Diagnostic> {
        let of_pages = self.by_page.into_iter();
        let of_pages = of_pages.flat_map(|(path, exceptions)| {
            exceptions.into_iter().filter_map(move |known| known.report(path))
        });
        of_pages.chain(self.of_site.iter().filter_map(|(_, known)| known.report(SETTINGS))).collect()
    }
}

/// The file of the settings.
const SETTINGS: &str = "site.toml";

impl Exception<'_> {
    fn report(&self, path: &str) -> Option<Diagnostic> {
        let Self { check, until, .. } = self;
        let at = |code, message: String| Diagnostic::new(code, path, check.span, message);
        match self.code {
            None => {
                let found = at(Code::AllowUnknown, format!("no rule `{}`", check.value));
                Some(match near(&check.value, Code::ALL.iter().map(|code| code.id())) {
                    Some(id) => found.help(format!("did you mean `{id}`?")),
                    None => found.help("`guidepost explain` lists them"),
                })
            }
            Some(code) if rule::is_fixed(code) => Some(
                at(Code::AllowUnknown, format!("`{}` cannot be allowed", check.value))
                    .help("a page with it cannot be built as it was meant; mend it"),
            ),
            Some(_) if self.expired => Some(
                at(Code::AllowExpired, format!("the exception for `{}` ended on {until}", check.value))
                    .help("mend what it allowed, or give it another `until`"),
            ),
            // Whether the web was asked is not known here.
            Some(code) if OF_THE_WEB.contains(&code) => None,
            Some(_) if !self.used => Some(
                at(Code::AllowUnused, format!("the exception for `{}` allows nothing", check.value))
                    .help("remove it"),
            ),
            Some(_) => None,
        }
    }
}
