//! Problems as SARIF 2.1.0 (OASIS standard, 27 March 2020), for code scanning and editors.
//!
//! In: diagnostics and what their rules say. Out: one JSON document with one run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::{About, Files};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::fingerprint::Fingerprint;

/// What a path may not hold as it is in a URI (RFC 3986).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

pub(super) fn write(diagnostics: &[Diagnostic], about: &About<'_>, files: &mut Files<'_>) -> String {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            let (summary, why) = (about.rule)(*code);
            json!({
                "id": code.id(),
                "shortDescription": { "text": summary },
                "fullDescription": { "text": why },
                "help": { "text": format!("`guidepost explain {}` shows an example of each side.", code.id()) },
                "defaultConfiguration": { "level": level(code.severity()) },
            })
        })
        .collect();
    let index: BTreeMap<Code, usize> = codes.iter().enumerate().map(|(at, code)| (*code, at)).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
            let mut result = json!({
                "ruleId": diagnostic.code.id(),
                "ruleIndex": index.get(&diagnostic.code),
                "level": level(diagnostic.severity),
                "message": { "text": format!("{}{help}", diagnostic.message) },
                "locations": [{ "physicalLocation": place(&diagnostic.location, files) }],
                "partialFingerprints": { "guidepost/v1": fingerprint(diagnostic, &mut seen) },
            });
            if !diagnostic.related.is_empty() {
                let related = diagnostic.related.iter().map(|(location, label)| {
                    json!({ "physicalLocation": place(location, files), "message": { "text": label } })
                });
                result["relatedLocations"] = related.collect();
            }
            result
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "guidepost",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "the site's folder" } } },
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn place(location: &Location, files: &mut Files<'_>) -> Value {
    let uri = utf8_percent_encode(&location.path, PATH).to_string();
    let mut place = json!({ "artifactLocation": { "uri": uri, "uriBaseId": "ROOT" } });
    if let Some((start, end)) = files.range(location) {
        place["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    place
}

/// The same for a finding whose line has moved or whose figure has grown older; the second of two that are alike has another.
fn fingerprint(diagnostic: &Diagnostic, seen: &mut BTreeMap<String, usize>) -> String {
    let path: &Arc<str> = &diagnostic.location.path;
    let key = format!("{path}\n{}\n{}", diagnostic.code.id(), diagnostic.lasting_message());
    let number = seen.entry(key.clone()).or_default();
    *number += 1;
    let hash = Fingerprint::of_bytes(format!("{key}\n{number}").as_bytes());
    hash.as_bytes().iter().take(16).fold(String::with_capacity(32), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
