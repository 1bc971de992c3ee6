//! Headings that say one thing twice, and contents lists typed by hand.
//!
//! In: a page. Out: findings at the heading or the list. What belongs to the order of levels is found
//! while the page is parsed.

use std::collections::HashMap;

use super::Sheet;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::markdown::reading::Block;

/// Headings of a page with one text (`heading-duplicate-text`).
pub(super) fn same_text(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    let mut known: HashMap<String, Span> = HashMap::new();
    for heading in sheet.document.headings.iter().filter(|heading| !heading.text.is_empty()) {
        let first = known.entry(heading.text.to_lowercase()).or_insert(heading.span);
        if *first == heading.span {
            continue;
        }
        let line = sheet.line(first.start);
        let message = format!("`{}` is also the heading at line {line}", heading.text);
        found.push(
            sheet
                .finding(Code::HeadingDuplicateText, heading.span, message)
                .help("say in each what its section is about: readers see headings alone in lists"),
        );
    }
}

/// Fewest links to a page's own sections that make a contents list.
const ENTRIES: usize = 3;

/// What links to the top of a page say.
const TO_TOP: &[&str] = &[
    "back to top",
    "back to the top",
    "back to contents",
    "back to table of contents",
    "back to the table of contents",
    "back to toc",
    "return to top",
    "go to top",
    "top",
];

/// Contents lists and links to the top that the site makes by itself (`toc-heading-typed`).
pub(super) fn typed_contents(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "remove it: the site builds this from the headings";
    for list in &sheet.reading.lists {
        let items = sheet.reading.items(*list);
        let entries: Vec<&Block> = items.iter().filter(|item| sheet.reading.is_entry(item)).collect();
        if let [first, ..] = entries[..]
            && entries.len() >= ENTRIES
            && entries.len() * 2 > items.len()
        {
            let message = format!("a contents list of {} entries, typed by hand", entries.len());
            found.push(sheet.finding(Code::TocHeadingTyped, first.span, message).help(HELP));
        }
    }
    for link in &sheet.reading.links {
        let text: String = link.text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
        let text = text.trim().to_lowercase();
        if link.target.starts_with('#') && TO_TOP.contains(&text.as_str()) {
            let message = "a link to the top of the page, typed by hand";
            found.push(sheet.finding(Code::TocHeadingTyped, link.span, message).help(HELP));
        }
    }
}
