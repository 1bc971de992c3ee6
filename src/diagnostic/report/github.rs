//! Problems as annotations of a pull request.
//!
//! In: diagnostics. Out: workflow commands, one a line, as GitHub Actions reads them off a step's
//! output (docs.github.com, "Workflow commands").

use std::fmt::Write as _;

use super::Files;
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn write(diagnostics: &[Diagnostic], files: &mut Files<'_>) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut place = format!("file={}", property(&diagnostic.location.path));
        if let Some((start, end)) = files.range(&diagnostic.location) {
            // Writing to a string cannot fail.
            let _ = write!(place, ",line={},col={}", start.line, start.column);
            if end.line == start.line {
                let _ = write!(place, ",endColumn={}", end.column.max(start.column + 1));
            } else {
                let _ = write!(place, ",endLine={}", end.line);
            }
        }
        let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
        let used = diagnostic.uses().map_or_else(String::new, |used| format!("\n{used}"));
        let message = data(&format!("{}{used}{help}", diagnostic.message));
        let _ = writeln!(out, "::{command} {place},title={}::{message}", property(diagnostic.code.id()));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
