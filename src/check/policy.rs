//! Which findings count: levels, exceptions on pages, what was asked for.
//!
//! In: every finding of a run, the settings, and the `allow` lists of the pages. Out: the findings that
//! are left, with the severity they have on this site, and a finding for each exception that has ended
//! or that nothing needs.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::rule;
use crate::assemble::Site;
use crate::config::{Checks, Level};
use crate::diagnostic::{Code, Diagnostic, Severity, near};

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

/// Findings with the severity that they have on a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Those of the stages.
    pub stages: Vec<Diagnostic>,
    /// Those of the desk, those about exceptions among them.
    pub desk: Vec<Diagnostic>,
}

/// Gives every finding the severity it has on this site, and drops what is off or allowed.
#[must_use]
pub fn settle(
    stages: Vec<Diagnostic>,
    desk: Vec<Diagnostic>,
    site: &Site,
    checks: &Checks,
    today: Date,
) -> Settled {
    let mut exceptions = Exceptions::of(site, today);
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
    let folders = checks.folders.iter().map(|(_, levels)| levels);
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
        .filter(|(folder, levels)| {
            path.starts_with(folder.as_str()) && levels.iter().any(|(code, _)| *code == finding.code)
        })
        .max_by_key(|(folder, _)| folder.len())
        .map(|(_, levels)| levels);
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

/// The `allow` lists of all pages.
struct Exceptions<'s> {
    by_page: BTreeMap<&'s str, Vec<Exception<'s>>>,
}

struct Exception<'s> {
    written: &'s crate::parse::front_matter::Allow,
    code: Option<Code>,
    expired: bool,
    used: bool,
}

impl<'s> Exceptions<'s> {
    fn of(site: &'s Site, today: Date) -> Self {
        let mut by_page = BTreeMap::new();
        for page in site.pages.iter().filter(|page| !page.front.allow.is_empty()) {
            let exceptions = page.front.allow.iter().map(|written| Exception {
                written,
                code: Code::ALL.iter().copied().find(|code| code.id() == written.check.value),
                expired: written.until.date < today,
                used: false,
            });
            by_page.insert(&*page.document.path, exceptions.collect());
        }
        Self { by_page }
    }

    /// Whether a page allows a finding.
    fn cover(&mut self, finding: &Diagnostic) -> bool {
        let Some(exceptions) = self.by_page.get_mut(&*finding.location.path) else { return false };
        let found = exceptions.iter_mut().find(|known| known.code == Some(finding.code));
        let Some(exception) = found.filter(|_| !rule::is_fixed(finding.code)) else { return false };
        exception.used = true;
        !exception.expired
    }

    fn report(self) -> Vec<Diagnostic> {
        let all = self.by_page.into_iter();
        all.flat_map(|(path, exceptions)| exceptions.into_iter().filter_map(move |known| known.report(path)))
            .collect()
    }
}

impl Exception<'_> {
    fn report(&self, path: &str) -> Option<Diagnostic> {
        let (check, until) = (&self.written.check, self.written.until.date);
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
            Some(Code::LinkExternalDead | Code::LinkExternalMoved | Code::LinkExternalUnchecked) => None,
            Some(_) if !self.used => Some(
                at(Code::AllowUnused, format!("the exception for `{}` allows nothing", check.value))
                    .help("remove it"),
            ),
            Some(_) => None,
        }
    }
}
