//! Pictures without words.
//!
//! In: a page. Out: findings at the picture. What a description is worth is not its question.

use super::Sheet;
use super::markup::{self, Markup};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};

/// Most characters of a description.
pub(super) const LONGEST: usize = 150;

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
            if attributes.get("alt").is_none() {
                let target = attributes.get("src").unwrap_or_default();
                found.push(missing(sheet, target, Span::from(at).shifted(html.start as usize)));
            }
        }
    }
}

/// Descriptions that say no more than that there is a picture.
const POOR: &[&str] = &[
    "image",
    "img",
    "photo",
    "photograph",
    "picture",
    "pic",
    "graphic",
    "icon",
    "screenshot",
    "illustration",
    "figure",
    "banner",
    "thumbnail",
    "author image",
    "author photo",
    "profile picture",
    "hero image",
    "featured image",
    "image description",
    "alt text",
    "untitled",
];

/// Descriptions that describe nothing, or too much (`alt-poor`).
pub(super) fn poor_descriptions(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    let mut judge = |alt: &str, target: &str, span: Span| {
        let alt = alt.trim();
        let length = alt.chars().count();
        let (message, help) = if length > LONGEST {
            (
                format!("the description has {length} characters; the limit is {LONGEST}"),
                "say what matters of the picture, and leave the rest to the text",
            )
        } else if !alt.is_empty() && says_nothing(alt, target) {
            (
                format!("`{alt}` does not describe the picture"),
                "write what it shows, as you would tell it on the telephone",
            )
        } else {
            return;
        };
        found.push(sheet.finding(Code::AltPoor, span, message).help(help));
    };
    for image in &sheet.reading.images {
        judge(&image.alt, &image.target, image.span);
    }
    for html in &sheet.reading.html {
        for tag in markup::read(sheet.written(*html)) {
            let Markup::Open { name: "img", attributes, at, .. } = tag else { continue };
            let of = |wanted: &str| attributes.get(wanted).unwrap_or_default();
            judge(of("alt"), of("src"), Span::from(at).shifted(html.start as usize));
        }
    }
}

/// Whether a description is the file's name, or a word for any picture.
fn says_nothing(alt: &str, target: &str) -> bool {
    is_name(alt, target) || POOR.contains(&plain(alt).as_str())
}

/// Whether a description is the name of the picture's file.
pub(super) fn is_name(alt: &str, target: &str) -> bool {
    let file = file_of(target);
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    // Words that happen to be a file's name as well may describe it: `team-meeting.jpg`.
    let is_file = alt.eq_ignore_ascii_case(file) || (!ending.is_empty() && plain(alt) == plain(file));
    let is_stem = alt.eq_ignore_ascii_case(stem)
        && (stem.contains(['-', '_']) || stem.contains(|c: char| c.is_ascii_digit()));
    !alt.is_empty() && (is_file || is_stem)
}

/// The words of a text in small letters.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The name of a picture's file.
fn file_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

fn missing(sheet: &Sheet<'_>, target: &str, span: Span) -> Diagnostic {
    let file = match file_of(target) {
        "" => target,
        file => file,
    };
    let message = match file {
        "" => "this picture has no description".to_owned(),
        file => format!("the picture `{file}` has no description"),
    };
    let name = file.to_ascii_lowercase();
    let decorates = DECORATION.iter().any(|word| name.contains(word));
    let found = sheet.finding(Code::AltMissing, span, message).help(HELP);
    if decorates { found.severity(Severity::Warning) } else { found }
}
