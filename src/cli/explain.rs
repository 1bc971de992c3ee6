//! `guidepost explain`: what a rule looks for and why, with an example of each side.

use std::fmt::Write as _;

use crate::check::rule::{self, Family, Rule};
use crate::error::Error;

use super::Ending;
use super::args;
use super::check::rule as code;
use super::terminal::Terminal;

pub(super) fn run(options: &args::Explain, terminal: &Terminal) -> Result<Ending, Error> {
    let text = match &options.rule {
        None => list(),
        Some(name) => rule::find(code(name)?).map(page).unwrap_or_default(),
    };
    terminal.answer(&text)?;
    Ok(Ending::Fine)
}

/// Every rule in a line, by family.
fn list() -> String {
    let width = rule::RULES.iter().map(|rule| rule.code.id().len()).max().unwrap_or_default();
    let mut out = String::new();
    for (family, title) in Family::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}{title}", if out.is_empty() { "" } else { "\n" });
        for rule in rule::RULES.iter().filter(|rule| rule.family == *family) {
            let _ = writeln!(out, "  {:width$}  {}", rule.code.id(), rule.summary());
        }
    }
    out
}

/// All about one rule.
fn page(rule: &Rule) -> String {
    let levels = rule.levels().iter().map(|level| match level {
        crate::diagnostic::Severity::Error => "error",
        crate::diagnostic::Severity::Warning => "warning",
        crate::diagnostic::Severity::Info => "info",
    });
    let level = levels.collect::<Vec<_>>().join(" or ");
    let mut out = format!("{} ({level})\n{}\n\n{}\n", rule.code.id(), rule.summary(), rule.why());
    for part in rule.parts() {
        let title = match part.name.split_once(' ') {
            Some(("fails", "body")) => "This fails:".to_owned(),
            Some(("passes", "body")) => "This passes:".to_owned(),
            Some(("fails", path)) => format!("This fails, in {path}:"),
            Some(("passes", path)) => format!("This passes, in {path}:"),
            Some(("today", date)) => format!("On {date}:"),
            Some(("gone", path)) => format!("Without {path}."),
            None if part.name == "elsewhere" => continue,
            _ if part.name == "settings" => "With these settings:".to_owned(),
            _ => "It is told so:".to_owned(),
        };
        let _ = write!(out, "\n{title}\n");
        if !part.text.trim().is_empty() {
            out.push('\n');
        }
        for line in part.text.trim_end().lines() {
            let line = if part.name == "says" { message(line) } else { line };
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
        }
    }
    if rule::is_fixed(rule.code) {
        out.push_str("\nIt can neither be allowed on a page nor switched off: what it finds cannot be built as it was meant.\n");
    } else {
        let _ = write!(
            out,
            "\nTo allow it on one page until a day, in front matter:\n\n    allow:\n      - {{ check: {}, reason: \"...\", until: 2027-01-01 }}\n",
            rule.code.id()
        );
    }
    out
}

/// A finding without its place.
fn message(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, message)| message)
}
