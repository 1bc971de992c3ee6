//! Problems and sources as the browser is told of them.
//!
//! In: diagnostics and the settings. Out: JSON. Says nothing on the terminal and reads only the
//! files that excerpts are cut from.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::config::EDITORS;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::report::{self, Format, Style};
use crate::error::Error;
use crate::scan;

/// What is written as it is in the path of a URL.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');

/// The URL that opens a file, with `{line}` and `{column}` still in it. `path` is relative to the root.
pub(super) fn editor_url(editor: &str, root: &Path, path: &str) -> Option<String> {
    let pattern = EDITORS.iter().find(|(name, _)| *name == editor).map_or(editor, |(_, pattern)| pattern);
    let file = std::path::absolute(root.join(path)).ok()?;
    let file = file.to_str()?.replace('\\', "/");
    let slash = if file.starts_with('/') { "" } else { "/" };
    Some(pattern.replace("{path}", &format!("{slash}{}", utf8_percent_encode(&file, PATH))))
}

/// Every problem, as the overlay shows it.
pub(super) fn to_json(diagnostics: &[Diagnostic], root: &Path, editor: Option<&str>) -> Vec<Value> {
    diagnostics.iter().map(|diagnostic| one(diagnostic, root, editor)).collect()
}

fn one(diagnostic: &Diagnostic, root: &Path, editor: Option<&str>) -> Value {
    let path = &*diagnostic.location.path;
    let text = |path: &str| scan::text(root, path);
    let excerpt = report::render(std::slice::from_ref(diagnostic), Format::Human, Style::Plain, &text);
    // The first line repeats the message.
    let excerpt = excerpt.split_once('\n').map_or("", |(_, rest)| rest).trim_end();
    let place = diagnostic
        .location
        .span
        .and_then(|span| Some(report::position(&scan::text(root, path)?, span.start)));
    let (line, column) = place.map_or((None, None), |place| (Some(place.line), Some(place.column)));
    let editor = editor.and_then(|editor| editor_url(editor, root, path)).map(|url| {
        url.replace("{line}", &line.unwrap_or(1).to_string())
            .replace("{column}", &column.unwrap_or(1).to_string())
    });
    json!({
        "severity": diagnostic.severity,
        "code": diagnostic.code.id(),
        "message": diagnostic.message,
        "file": path,
        "line": line,
        "column": column,
        "help": diagnostic.help,
        "excerpt": excerpt,
        "editor": editor,
    })
}

/// Why the site cannot be read at all, in the same form.
pub(super) fn trouble(error: &Error) -> Value {
    json!({
        "severity": "error",
        "code": "file",
        "message": error.to_string(),
        "file": error.path().to_string_lossy(),
        "help": error.help(),
    })
}
