//! Data and files that nobody uses, or that cost readers too much.
//!
//! In: the linked site with its data and files. Out: findings at the record or the file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Shelf;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::data::{Promo, Slot};
use crate::scan::Origin;

/// Records that no page uses (`data-unused`).
pub(super) fn unused(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let facts = shelf.facts;
    let mut report = |kind: &'static str, noun: &str, id: &str, path: &Arc<str>, span: Span| {
        if !shelf.site.uses.contains_key(&(kind, id.to_owned())) {
            found.push(
                Diagnostic::new(
                    Code::DataUnused,
                    Arc::clone(path),
                    span,
                    format!("no page uses the {noun} `{id}`"),
                )
                .help("use it, or remove it"),
            );
        }
    };
    for (id, record) in &facts.courses {
        report("courses", "course", id, &record.path, record.id.span);
    }
    // Figures that wait for their page have sources too.
    let of_pay = facts.salaries.iter().map(|figure| figure.source.value.as_str());
    let of_outlook =
        facts.outlook.values().flat_map(BTreeMap::values).filter_map(|outlook| outlook.source.as_ref());
    let of_outlook = of_outlook.map(|source| source.value.as_str());
    let behind: BTreeSet<&str> = of_pay.chain(of_outlook).collect();
    for (id, record) in facts.sources.iter().filter(|(id, _)| !behind.contains(id.as_str())) {
        report("sources", "source", id, &record.path, record.id.span);
    }
}

/// Promos that are over and leave a slot of the site's rules empty (`promo-expired`). One that a page
/// asks for by name is reported there.
pub(super) fn expired_promos(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let rules = &shelf.config.promos;
    let promos = &shelf.facts.promos;
    let has_slot = |slot: Slot| {
        rules.enabled
            && match slot {
                Slot::Start => rules.start.is_some(),
                Slot::Middle => rules.middle.is_some(),
                Slot::End => rules.end,
            }
    };
    // A circle of fallbacks has been reported, and ends nowhere.
    let stands = |promo: &Promo| {
        let mut now = Some(promo);
        let mut seen = BTreeSet::new();
        while let Some(promo) = now.filter(|promo| seen.insert(promo.id.value.as_str())) {
            if promo.is_open(shelf.today) {
                return true;
            }
            now = promo.fallback.as_ref().and_then(|id| promos.get(&id.value)).map(|other| &*other.record);
        }
        false
    };
    let filled = |slot: Slot| promos.values().any(|other| other.slots.contains(&slot) && stands(other));
    for promo in promos.values() {
        let Some(ends) = promo.ends.filter(|ends| *ends < shelf.today) else { continue };
        if promo.slots.iter().any(|slot| has_slot(*slot) && !filled(*slot)) {
            let id = &promo.id;
            let message = format!("the promo `{}` ended on {ends} and has no fallback", id.value);
            found.push(
                Diagnostic::new(Code::PromoExpired, Arc::clone(&promo.path), id.span, message)
                    .help("give it a `fallback` or a later last day, or remove it"),
            );
        }
    }
}

/// Extensions of pictures.
const PICTURES: &[&str] =
    &[".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff"];

/// Pictures that take long to load (`image-heavy`).
pub(super) fn heavy_images(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let limit = shelf.config.checks.limits.image_kb;
    for asset in shelf.assets.iter().filter(|asset| asset.origin != Origin::Theme) {
        let name = asset.name.to_ascii_lowercase();
        let size = usize::try_from(asset.len).unwrap_or(usize::MAX);
        if size <= limit.saturating_mul(1000) || !PICTURES.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let message = format!("`{}` is {}; the limit is {limit} kB", asset.name, readable(size));
        found.push(
            Diagnostic::new(Code::ImageHeavy, Arc::clone(&asset.path), None, message)
                .help("make it smaller: no wider than it is shown, and as WebP or AVIF"),
        );
    }
}

/// `340 kB`, `2.1 MB`; rounded up, so that what is above a limit looks so.
fn readable(bytes: usize) -> String {
    let (kilobytes, tenths) = (bytes.div_ceil(1000), bytes.div_ceil(100_000));
    if kilobytes < 1000 { format!("{kilobytes} kB") } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
}

/// Words in capitals that neither the text nor the glossary explains (`glossary-undefined-abbr`).
pub(super) fn unexplained(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    for (id, page) in shelf.written() {
        let Some(noted) = shelf.noted.get(id).copied().flatten() else { continue };
        let words = page
            .document
            .abbreviations
            .iter()
            .zip(page.career.abbreviations.iter().map(Some).chain(std::iter::repeat(None)));
        for (word, shown) in words {
            let explained = shown.is_some_and(Option::is_some) || shelf.facts.forms.contains_key(&word.text);
            if explained || !noted.unexplained.contains(&word.text) {
                continue;
            }
            let message = format!("`{}` is used {} times and never explained", word.text, word.uses);
            found.push(
                Diagnostic::new(Code::GlossaryUndefinedAbbr, page.document.path.clone(), word.span, message)
                    .help("add it to `content/data/glossary.toml`, or spell it out once"),
            );
        }
    }
}

/// Words that neither a dictionary nor the site's data knows (`spelling`).
pub(super) fn misspelt(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let mut names: Option<BTreeSet<String>> = None;
    for (id, page) in shelf.written() {
        let Some(noted) = shelf.noted.get(id).copied().flatten() else { continue };
        for unknown in &noted.misspelt {
            if names.get_or_insert_with(|| names_in(shelf)).contains(&unknown.word.to_lowercase()) {
                continue;
            }
            let message = format!("`{}` is in no dictionary", unknown.word);
            let near: Vec<String> = unknown.near.iter().map(|word| format!("`{word}`")).collect();
            let help = if near.is_empty() {
                "mend it, or add it to `words.txt`".to_owned()
            } else {
                format!("did you mean {}? If it is right, add it to `words.txt`", near.join(" or "))
            };
            found.push(
                Diagnostic::new(Code::Spelling, page.document.path.clone(), unknown.span, message).help(help),
            );
        }
    }
}

/// The words of all names in the site's data, in small letters.
fn names_in(shelf: &Shelf<'_>) -> BTreeSet<String> {
    let facts = shelf.facts;
    let roles = facts.roles.values().map(|role| role.title.as_str());
    let people = facts.authors.values().map(|person| person.name.as_str());
    let terms = facts.forms.keys().map(String::as_str);
    let courses = facts
        .courses
        .values()
        .flat_map(|course| std::iter::once(course.title.as_str()).chain(course.provider.as_deref()));
    roles
        .chain(people)
        .chain(terms)
        .chain(courses)
        .chain(std::iter::once(shelf.config.title.as_str()))
        .flat_map(|name| name.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
