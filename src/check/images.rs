//! Pictures without words.
//!
//! In: a page. Out: findings at the picture. What a description is worth is not its question.

use super::Sheet;
use super::markup::{self, Markup};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};

const HELP: &str = "write what it shows between the brackets; for a picture that only decorates, write `<img src=\"...\" alt=\"\">`";

/// Names of files that say that a picture only decorates.
const DECORATION: &[&str] =
    &["divider", "separator", "spacer", "background", "decoration", "ornament", "bullet"];

/// Pictures without a description, in Markdown and in HTML (`alt-missing`).
pub(super) fn missing_descriptions(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    for image in &sheet.reading.images {
        if image.alt.trim().is_empty() {
            found.push(missing(sheet, &image.target, image.span));
        }
    }
    for html in &sheet.reading.html {
        let written = sheet.written(*html);
        for tag in markup::read(written) {
            let Markup::Open { name: "img", attributes, at, .. } = tag else { continue };
            // An empty one says that the picture decorates.
            if !attributes.iter().any(|(name, _)| name.eq_ignore_ascii_case("alt")) {
                let source = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("src"));
                let target = source.map_or("", |(_, value)| *value);
                found.push(missing(sheet, target, Span::from(at).shifted(html.start as usize)));
            }
        }
    }
}

fn missing(sheet: &Sheet<'_>, target: &str, span: Span) -> Diagnostic {
    let file = target.rsplit('/').next().unwrap_or(target);
    let message = format!("the picture `{file}` has no description");
    let name = file.to_ascii_lowercase();
    let decorates = DECORATION.iter().any(|word| name.contains(word));
    let found = sheet.finding(Code::AltMissing, span, message).help(HELP);
    if decorates { found.severity(Severity::Warning) } else { found }
}
