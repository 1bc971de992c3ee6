//! What is published: whether its structured data is true, and its links say who pays.
//!
//! In: one HTML file as it is written, and the page it was made from. Out: findings at that page, since
//! nobody edits what is published. Knows no template.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::markup::{self, Attributes, Markup};
use crate::config::Checks;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::markdown::VOID;

/// A published file.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Its HTML.
    pub html: &'a str,
    /// The file that findings are shown at.
    pub source: &'a Arc<str>,
    /// What it is measured by.
    pub checks: &'a Checks,
}

/// Everything that one published file decides.
#[must_use]
pub fn output(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    let mut page = Published::default();
    for piece in markup::read(sheet.html) {
        page.take(&piece);
    }
    let mut found = Vec::new();
    unmarked_links(sheet, &page, &mut found);
    for data in &page.data {
        if let Ok(data) = serde_json::from_str::<Value>(data) {
            Truth::of(&page).hold(sheet, &data, &mut found);
        } else {
            let message = "the structured data of the published page is no JSON";
            found
                .push(Diagnostic::new(Code::HtmlInvalid, sheet.source.clone(), None, message).help(TEMPLATE));
        }
    }
    found
}

/// Links of a published file that earn money and do not say so to machines, and nothing else.
#[must_use]
pub fn unmarked(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    let mut page = Published::default();
    for piece in markup::read(sheet.html) {
        page.take(&piece);
    }
    let mut found = Vec::new();
    unmarked_links(sheet, &page, &mut found);
    found
}

pub(super) const TEMPLATE: &str = "look at the template that writes it; with the built-in theme this is a fault in the program, so please report it";

/// Elements that part no words.
fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "abbr" | "b" | "code" | "data" | "dfn" | "em" | "i" | "span" | "strong" | "time")
}

/// Elements that a reader does not see.
fn is_hidden(name: &str) -> bool {
    matches!(name, "head" | "script" | "style" | "template")
}

/// What is on a published page.
#[derive(Default)]
struct Published<'h> {
    open: Vec<&'h str>,
    /// Open elements that hide their text.
    hidden: usize,
    text: String,
    /// `value` of `data` elements.
    values: Vec<&'h str>,
    links: Vec<(&'h str, &'h str)>,
    data: Vec<&'h str>,
    is_data: bool,
}

impl<'h> Published<'h> {
    fn take(&mut self, piece: &Markup<'h>) {
        match *piece {
            Markup::Open { name, attributes, closed, .. } => self.enter(name, attributes, closed),
            Markup::Close { name, .. } => self.leave(name),
            Markup::Text(text) if self.is_data => self.data.push(text),
            Markup::Text(text) if self.hidden == 0 => self.text.push_str(text),
            Markup::Text(_) => {}
        }
    }

    fn enter(&mut self, name: &'h str, attributes: Attributes<'h>, closed: bool) {
        let of = |wanted: &str| attributes.get(wanted);
        match name {
            "a" => self.links.extend(of("href").map(|href| (href, of("rel").unwrap_or_default()))),
            "data" => self.values.extend(of("value")),
            "script" => self.is_data = of("type") == Some("application/ld+json"),
            _ => {}
        }
        self.edge(name);
        let drawn = closed && self.open.iter().any(|open| matches!(*open, "svg" | "math"));
        if !VOID.contains(&name) && !drawn {
            self.hidden += usize::from(is_hidden(name));
            self.open.push(name);
        }
    }

    /// Words go on across the tags of some elements, and end at those of others.
    fn edge(&mut self, name: &str) {
        if !is_inline(name) {
            self.text.push(' ');
        }
    }

    fn leave(&mut self, name: &'h str) {
        self.is_data &= name != "script";
        self.edge(name);
        if self.open.last() == Some(&name) {
            self.open.pop();
            self.hidden -= usize::from(is_hidden(name));
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| *open == name) else { return };
        for inside in self.open.drain(at..) {
            self.hidden = self.hidden.saturating_sub(usize::from(is_hidden(inside)));
        }
    }
}

/// Links that earn money and do not say so to machines (`affiliate-unmarked`).
fn unmarked_links(sheet: &Sheet<'_>, page: &Published<'_>, found: &mut Vec<Diagnostic>) {
    let marked = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored"));
    let urls: BTreeSet<String> = page
        .links
        .iter()
        .filter(|(_, rel)| !marked(rel))
        .map(|(href, _)| decoded(href))
        .filter(|href| sheet.checks.affiliates.earns(href))
        .collect();
    for url in urls {
        let message =
            format!("the link to `{url}` earns a commission and is published without `rel=\"sponsored\"`");
        found.push(
            Diagnostic::new(Code::AffiliateUnmarked, sheet.source.clone(), None, message)
                .help("a template or a writer's own HTML dropped it; put it back there"),
        );
    }
}

/// What a reader of the page sees, as structured data is held against it.
struct Truth {
    text: String,
    numbers: Vec<f64>,
}

/// Parts of structured data that speak of the site or of a code list, not of the page.
const ELSEWHERE: &[&str] = &["publisher", "isPartOf", "inCodeSet", "occupationLocation", "worksFor"];
/// Numbers that count or order what is seen.
const COUNTS: &[&str] = &["position", "wordCount"];

impl Truth {
    fn of(page: &Published<'_>) -> Self {
        let text = decoded(&page.text);
        let mut numbers: Vec<f64> = page.values.iter().filter_map(|value| value.parse().ok()).collect();
        numbers.extend(numerals(&text));
        Self { text: text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(), numbers }
    }

    /// Reports each name and number that is not seen (`ld-mismatch`).
    fn hold(&self, sheet: &Sheet<'_>, value: &Value, found: &mut Vec<Diagnostic>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.hold(sheet, item, found)),
            Value::Object(fields) => {
                if fields.get("@type").and_then(Value::as_str) == Some("WebSite") {
                    return;
                }
                for (key, value) in fields.iter().filter(|(key, _)| !ELSEWHERE.contains(&key.as_str())) {
                    match value {
                        // `base` names the kind of pay to machines (schema.org, `estimatedSalary`).
                        Value::String(text) if key == "name" && text == "base" => {}
                        Value::String(text) if matches!(key.as_str(), "name" | "headline" | "jobTitle") => {
                            let seen = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                            if !self.text.contains(&seen) {
                                found.push(mismatch(sheet, &format!("`{text}`")));
                            }
                        }
                        Value::Number(number) if !COUNTS.contains(&key.as_str()) => {
                            let told = number.as_f64().unwrap_or_default();
                            if !self.numbers.iter().any(|seen| (seen - told).abs() < 1e-6) {
                                found.push(mismatch(sheet, &format!("{number}")));
                            }
                        }
                        Value::Object(_) | Value::Array(_) => self.hold(sheet, value, found),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn mismatch(sheet: &Sheet<'_>, what: &str) -> Diagnostic {
    let message = format!("the structured data says {what}, but the page does not show it");
    Diagnostic::new(Code::LdMismatch, sheet.source.clone(), None, message)
        .help("show it, as `::salary-chart` or `::quick-facts` do, or take it out of the template")
}

/// Numbers in a text, each read as an English and as a continental writer means it.
fn numerals(text: &str) -> impl Iterator<Item = f64> + '_ {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}' | '\'' | '’')))
        .filter(|token| token.contains(|c: char| c.is_ascii_digit()))
        .flat_map(|token| {
            let token = token.trim_matches(|c: char| !c.is_ascii_digit());
            let bare = |keep: char| -> String {
                token.chars().filter(|c| c.is_ascii_digit() || *c == keep).collect()
            };
            [bare('.').parse().ok(), bare(',').replace(',', ".").parse().ok(), bare('0').parse().ok()]
        })
        .flatten()
}

/// Text with the character references that templates write.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 8);
        let sign = end.and_then(|end| reference(&rest[1..end]));
        let (sign, length) = sign.zip(end).map_or(('&', 1), |(sign, end)| (sign, end + 1));
        out.push(sign);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        return u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
    }
    if let Some(number) = name.strip_prefix('#') {
        return number.parse().ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(html: &str) -> Vec<String> {
        let sheet = Sheet { html, source: &"a.md".into(), checks: &Checks::default() };
        output(&sheet).into_iter().map(|found| format!("{}: {}", found.code.id(), found.message)).collect()
    }

    #[test]
    fn structured_data_is_held_against_what_is_seen() {
        let page = |data: &str| {
            format!(
                "<script type=\"application/ld+json\">{data}</script><p>Ann &amp; <b>B</b>en earn $90,930 or 1.234,5 and <data value=\"7.5\">7½</data></p>"
            )
        };
        assert!(said(&page(r#"{"name":"Ann & Ben","median":90930,"a":1234.5,"b":7.5,"position":3,"publisher":{"name":"X"}}"#)).is_empty());
        assert_eq!(
            said(&page(r#"{"@graph":[{"author":[{"name":"Carl"}],"median":90931}]}"#)),
            [
                "ld-mismatch: the structured data says `Carl`, but the page does not show it",
                "ld-mismatch: the structured data says 90931, but the page does not show it",
            ]
        );
    }
}
