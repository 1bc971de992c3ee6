//! Which templates a template uses.
//!
//! In: the sources of all templates. Out: a graph, and per template the fingerprint of all it can
//! reach. Tera lists no template's includes, so the text is scanned; what is found may be too much
//! (inside comments) and is never too little: a tag whose
//! target cannot be read counts as all templates.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::chain;
use crate::fingerprint::Fingerprint;
use crate::scan::Template;

/// Per template, the templates it names itself. A name without a template is left out.
pub(super) fn graph(templates: &[Template]) -> BTreeMap<&str, BTreeSet<&str>> {
    let names: BTreeSet<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    let mut components: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for template in templates {
        for name in defined_components(&template.text) {
            components.entry(name).or_default().insert(&template.name);
        }
    }
    templates
        .iter()
        .map(|template| {
            let mut used = BTreeSet::new();
            for target in tag_targets(&template.text) {
                match target.and_then(|target| names.get(target)) {
                    Some(name) => drop(used.insert(*name)),
                    // A missing template is Tera's to report, and its arrival changes the text of none.
                    None if target.is_some() => {}
                    None => used.extend(&names),
                }
            }
            for name in component_calls(&template.text) {
                used.extend(components.get(name).into_iter().flatten());
            }
            (template.name.as_str(), used)
        })
        .collect()
}

/// Per template, the templates that it extends or includes by a name that can be read.
pub(super) fn named(templates: &[Template]) -> BTreeMap<&str, BTreeSet<&str>> {
    let names: BTreeSet<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    let used = |text| tag_targets(text).flatten().filter_map(|name| names.get(name).copied()).collect();
    templates.iter().map(|template| (template.name.as_str(), used(&template.text))).collect()
}

/// Per component, the template that defines it. Of two, the first by name: Tera refuses both.
pub(super) fn components(templates: &[Template]) -> BTreeMap<String, String> {
    let mut components = BTreeMap::new();
    for template in templates {
        for name in defined_components(&template.text) {
            components.entry(name.to_owned()).or_insert_with(|| template.name.clone());
        }
    }
    components
}

/// Per template, the fingerprint of its text and of all texts it can reach.
pub(super) fn fingerprints(templates: &[Template]) -> BTreeMap<String, Fingerprint> {
    let graph = graph(templates);
    let own: BTreeMap<&str, Fingerprint> =
        templates.iter().map(|template| (template.name.as_str(), template.fingerprint)).collect();
    let mut reached: BTreeMap<&str, Fingerprint> = BTreeMap::new();
    for group in chain::groups(&graph) {
        let texts: Vec<_> = group.iter().map(|name| (name, own.get(name))).collect();
        let used = group.iter().filter_map(|name| graph.get(name)).flatten();
        let beyond: BTreeSet<&str> = used.copied().filter(|name| !group.contains(name)).collect();
        let beyond: Vec<_> = beyond.iter().map(|name| (name, reached.get(name))).collect();
        let whole = Fingerprint::of(&(texts, beyond));
        reached.extend(group.into_iter().map(|name| (name, whole)));
    }
    templates
        .iter()
        .map(|template| {
            let name = template.name.as_str();
            (template.name.clone(), Fingerprint::of(&(name, reached.get(name))))
        })
        .collect()
}

/// What follows `{% extends` and `{% include`: a quoted name, or `None` for anything else.
fn tag_targets(text: &str) -> impl Iterator<Item = Option<&str>> {
    tags(text).filter_map(|tag| {
        let rest = tag.strip_prefix("extends").or_else(|| tag.strip_prefix("include"))?.trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
        let target = quote.and_then(|quote| {
            let rest = rest.get(1..)?;
            rest.get(..rest.find(quote)?).filter(|name| !name.contains('\\'))
        });
        Some(target)
    })
}

fn defined_components(text: &str) -> impl Iterator<Item = &str> {
    tags(text).filter_map(|tag| Some(name(tag.strip_prefix("component")?.trim_start())))
}

/// The names after each `<` inside `{{ }}` and `{% %}`, which is how a component is called.
pub(super) fn component_calls(text: &str) -> impl Iterator<Item = &str> {
    code(text)
        .into_iter()
        .flat_map(|code| text[code].split('<').skip(1))
        .map(|rest| name(rest.trim_start()))
        .filter(|name| !name.is_empty())
}

/// The same text with the line ended where a tag begins with a space, which means the same to the engine;
/// nothing where what looks like a tag may be a text.
pub(super) fn parted(text: &str) -> Option<String> {
    let hides_an_end = |rest: &str| rest.starts_with(['"', '\'', '`']);
    if tags(text).any(|tag| tag.starts_with("raw")) || text.split('\\').skip(1).any(hides_an_end) {
        return None;
    }
    let mut parted = String::with_capacity(text.len());
    let mut written = 0;
    for code in code(text) {
        // It begins with the second sign of the tag's mark, perhaps with a hyphen behind it.
        let hyphen = usize::from(text[code.clone()][1..].starts_with('-'));
        let space = code.start + 1 + hyphen;
        if text[space..code.end].starts_with(' ') {
            parted.push_str(&text[written..space]);
            parted.push('\n');
            written = space + 1;
        }
    }
    parted.push_str(&text[written..]);
    Some(parted)
}

/// What stands inside `{{ }}` and `{% %}`; an end inside quotes is none, and one that is missing
/// is the end of the text.
fn code(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find('{') {
        from += start + 1;
        let rest = &text[from..];
        let end = match rest.as_bytes().first() {
            Some(b'#') => {
                from = rest.find("#}").map_or(text.len(), |end| from + end);
                continue;
            }
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => continue,
        };
        let mut quote = None;
        let length = rest.char_indices().find(|(at, letter)| {
            match quote {
                Some(open) if open == *letter => quote = None,
                Some(_) => {}
                None if matches!(letter, '"' | '\'' | '`') => quote = Some(*letter),
                None => return rest[*at..].starts_with(end),
            }
            false
        });
        let length = length.map_or(rest.len(), |(at, _)| at);
        found.push(from..from + length);
        from += length;
    }
    found
}

/// What follows each `{%` or `{%-`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).map(|tag| tag.strip_prefix('-').unwrap_or(tag).trim_start())
}

/// The leading name, which may hold dots.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
