//! `guidepost check`: the same build, which writes nothing and tells everything an editor would.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use crate::check::policy::Choice;
use crate::diagnostic::{Code, Diagnostic, Severity, near};
use crate::engine::{self, Memory};
use crate::error::Error;

use super::Ending;
use super::args::{self, Global};
use super::site;
use super::terminal::{self, Terminal};

pub(super) fn run(global: &Global, options: &args::Check, terminal: &mut Terminal) -> Result<Ending, Error> {
    let started = Instant::now();
    let choice = Choice { only: rules(&options.only)?, skip: rules(&options.skip)? };
    site::use_threads(global);
    let mut memory = Memory::default();
    let inputs = site::scan(global, &options.selection, Path::new("public"), &memory)?;
    let outcome = engine::check(inputs, &site::highlighter()?, &mut memory);
    let mut found = outcome.diagnostics;
    found.retain(|finding| choice.wants(finding.code));
    terminal.problems(&found, &global.root);
    terminal.say(&summary(outcome.pages, &found, started));
    let fails = |finding: &Diagnostic| match finding.severity {
        Severity::Error => true,
        Severity::Warning => options.strict,
        Severity::Info => false,
    };
    Ok(if found.iter().any(fails) { Ending::Problems } else { Ending::Fine })
}

/// The rules that were named.
fn rules(names: &[String]) -> Result<Vec<Code>, Error> {
    names.iter().map(|name| rule(name)).collect()
}

/// The rule of a name.
pub(super) fn rule(name: &str) -> Result<Code, Error> {
    let known = || Code::ALL.iter().copied();
    known().find(|code| code.id() == name).ok_or_else(|| {
        let error = Error::usage("find the rule", name, "there is none of that name");
        match near(name, known().map(Code::id)) {
            Some(id) => error.with_help(format!("did you mean `{id}`?")),
            None => error.with_help("`guidepost explain` lists them"),
        }
    })
}

/// `12 pages checked: 2 errors, 1 warning (alt-missing 2, title-long 1) in 80 ms`
fn summary(pages: usize, found: &[Diagnostic], started: Instant) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in found {
        *counts.entry(finding.code.id()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(id, number)| (std::cmp::Reverse(*number), *id));
    let rules: Vec<String> = counts.into_iter().map(|(id, number)| format!("{id} {number}")).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
    format!(
        "{} checked: {}{rules} in {} ms",
        terminal::count(pages, "page"),
        terminal::findings(found),
        started.elapsed().as_millis()
    )
}
