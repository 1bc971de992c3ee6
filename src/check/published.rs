//! What is published: whether its structured data is true, and its links say who pays.
//!
//! In: one HTML file as it is written, and the page it was made from. Out: findings at that page, since
//! nobody edits what is published. Knows no template.

mod glance;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Number, Value};

use super::markup::{self, Attributes, Markup, decoded};
use crate::config::Earners;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::markdown::VOID;

/// A published file.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Its HTML.
    pub html: &'a str,
    /// The file that findings are shown at.
    pub source: &'a Arc<str>,
    /// Which links earn money.
    pub earners: Earners<'a>,
}

/// Everything that one published file decides.
#[must_use]
pub fn output(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    if glance::is_clean(sheet) { Vec::new() } else { exact(sheet) }
}

/// What a reading of the whole file finds.
fn exact(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    let page = Published::read(sheet.html);
    let mut found = Vec::new();
    unmarked_links(sheet, &page, &mut found);
    for data in &page.data {
        // What is none is told by whoever looks whether the page holds together.
        if let Ok(data) = serde_json::from_str::<Value>(data) {
            Truth::of(&page).hold(sheet, &data, &mut found);
        }
    }
    found
}

/// Links of a published file that earn money and do not say so to machines, and nothing else.
#[must_use]
pub fn unmarked(sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !glance::links_are_clean(sheet) {
        unmarked_links(sheet, &Published::read(sheet.html), &mut found);
    }
    found
}

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
    fn read(html: &'h str) -> Self {
        let mut page = Self::default();
        for piece in markup::read(html) {
            page.take(&piece);
        }
        page
    }

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
        .map(|(href, _)| decoded(href).into_owned())
        .filter(|href| sheet.earners.earns(href))
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
        Self { text: plain(&text), numbers }
    }

    /// Reports each name and number that is not seen (`ld-mismatch`).
    fn hold(&self, sheet: &Sheet<'_>, value: &Value, found: &mut Vec<Diagnostic>) {
        said(value, &mut |told| match told {
            Told::Name(name) if !self.text.contains(&plain(name)) => {
                found.push(mismatch(sheet, &format!("`{name}`")));
            }
            Told::Number(number) => {
                let told = number.as_f64().unwrap_or_default();
                if !self.numbers.iter().any(|seen| (seen - told).abs() < 1e-6) {
                    found.push(mismatch(sheet, &format!("{number}")));
                }
            }
            Told::Name(_) => {}
        });
    }
}

/// Words as they are compared.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What structured data says that a page has to show.
#[derive(Clone, Copy)]
enum Told<'v> {
    Name(&'v str),
    Number(&'v Number),
}

/// All of it, in order.
fn said<'v>(value: &'v Value, tell: &mut dyn FnMut(Told<'v>)) {
    let fields = match value {
        Value::Array(items) => return items.iter().for_each(|item| said(item, tell)),
        Value::Object(fields) if fields.get("@type").and_then(Value::as_str) != Some("WebSite") => fields,
        _ => return,
    };
    for (key, value) in fields.iter().filter(|(key, _)| !ELSEWHERE.contains(&key.as_str())) {
        match value {
            // `base` names the kind of pay to machines (schema.org, `estimatedSalary`).
            Value::String(text) if key == "name" && text == "base" => {}
            Value::String(text) if matches!(key.as_str(), "name" | "headline" | "jobTitle") => {
                tell(Told::Name(text));
            }
            Value::Number(number) if !COUNTS.contains(&key.as_str()) => tell(Told::Number(number)),
            Value::Object(_) | Value::Array(_) => said(value, tell),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Affiliates, Paid};

    fn told(html: &str) -> Vec<String> {
        let (affiliates, paid) = (Affiliates::default(), Paid::default());
        let earners = Earners { affiliates: &affiliates, paid: &paid };
        let sheet = Sheet { html, source: &"a.md".into(), earners };
        output(&sheet).into_iter().map(|found| format!("{}: {}", found.code.id(), found.message)).collect()
    }

    #[test]
    fn structured_data_is_held_against_what_is_seen() {
        let page = |data: &str| {
            format!(
                "<script type=\"application/ld+json\">{data}</script><p>Ann &amp; <b>B</b>en earn $90,930 or 1.234,5 and <data value=\"7.5\">7½</data></p>"
            )
        };
        assert!(told(&page(r#"{"name":"Ann & Ben","median":90930,"a":1234.5,"b":7.5,"position":3,"publisher":{"name":"X"}}"#)).is_empty());
        assert_eq!(
            told(&page(r#"{"@graph":[{"author":[{"name":"Carl"}],"median":90931}]}"#)),
            [
                "ld-mismatch: the structured data says `Carl`, but the page does not show it",
                "ld-mismatch: the structured data says 90931, but the page does not show it",
            ]
        );
    }

    #[test]
    fn a_glance_sees_what_most_pages_are() {
        let (affiliates, paid) = (Affiliates::default(), Paid::default());
        let earners = Earners { affiliates: &affiliates, paid: &paid };
        let is_clean =
            |html: String| glance::is_clean(&Sheet { html: &html, source: &"a.md".into(), earners });
        let data = r#"<script type="application/ld+json">{"headline":"Ann & Ben","wordCount":7}</script>"#;
        let page = |body: &str| {
            format!(
                "<head>{data}<title>Ann &amp; Ben</title></head><body><header class=\"x\">x</header><h1 id=\"x\">{body}"
            )
        };
        assert!(is_clean(page("Ann &amp; Ben</h1> <a href=\"https://example.org/\">x</a>")));
        for doubtful in [
            "Ben</h1>",
            "<!-- <p>Ann &amp; Ben</p> --></h1>",
            "<b title=\">Ann &amp; Ben\"></b></h1>",
            "<head>Ann &amp; Ben</h1>",
            "<script>\"<p>Ann &amp; Ben</p>\"</script></h1>",
            "Ann &amp; Ben</h1> <a href=\"https://amzn.to/x\" rel=sponsored>x</a>",
            "Ann &amp; Ben</h1> <a href=https&#58;//amzn.to/x>x</a>",
            "Ann &amp; Ben</h1> <a href=\"https:&#x2F;&#x2f;amzn.to/x\">x</a>",
        ] {
            assert!(!is_clean(page(doubtful)), "{doubtful}");
        }
    }

    proptest::proptest! {
        /// A glance never hides what a reading would find.
        #[test]
        fn what_a_glance_passes_is_clean(
            body in "(<p>|</p>|<head>|<header>|<head\n>|Ann|7|<!--|-->|<script>|</script>|<style>|</style>|<template>|</template>|<p title=\">Ann\">|<a href=\"https://amzn.to/x\">|<a href='//amzn.to/x'>|<a href=https://amzn.to/x>|</a>| ){0,9}",
            name in "Ann|Ben|7",
        ) {
            let data = format!("<script type=\"application/ld+json\">{{\"name\":\"{name}\"}}</script>");
            let html = format!("<head>{data}</head><body>{body}");
            let (affiliates, paid) = (Affiliates::default(), Paid::default());
            let earners = Earners { affiliates: &affiliates, paid: &paid };
            let sheet = Sheet { html: &html, source: &"a.md".into(), earners };
            if glance::is_clean(&sheet) {
                proptest::prop_assert_eq!(exact(&sheet), []);
            }
        }
    }
}
