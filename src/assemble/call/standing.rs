//! Whose figures stand for a role that has none of its own.
//!
//! In: a role. Out: the role whose figures are shown, and the sentence that says so. Nothing ever
//! stands for another without that sentence.

use std::collections::BTreeSet;

use crate::assemble::facts::{Facts, Filed};
use crate::assemble::format::{Locale, words_with};
use crate::parse::data::{Role, SocMatch};

/// A role with figures, and why they are shown for another.
#[derive(Debug, Clone)]
pub(super) struct Standing<'s> {
    /// The id of the role whose figures they are.
    pub(super) role: &'s str,
    /// What a reader must know.
    pub(super) note: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    Pay,
    Outlook,
}

impl Figures {
    fn has(self, facts: &Facts, role: &str) -> bool {
        match self {
            Self::Pay => facts.salary_places(role).next().is_some(),
            Self::Outlook => facts.outlook.contains_key(role),
        }
    }
}

/// Finds figures for a role: its own, else those of the occupation with the same code, else those
/// that are published for it and others together.
pub(super) fn standing<'s>(
    facts: &'s Facts,
    role: &'s Filed<Role>,
    figures: Figures,
    locale: &Locale,
) -> Option<Standing<'s>> {
    let id = role.id.value.as_str();
    let notes = &locale.words.notes;
    let own = plural(role);
    let find = |ids: Option<&'s Vec<String>>| {
        let mut others = ids.into_iter().flatten().filter(|other| *other != id && figures.has(facts, other));
        others.find_map(|other| facts.roles.get(other))
    };
    let exact = || if role.soc.is_empty() { None } else { find(facts.exact.get(&Facts::codes(role))) };
    let note = |other: &Role| {
        let pattern = match role.soc_match {
            SocMatch::Exact => notes.same,
            SocMatch::Broader => notes.broader,
            SocMatch::Narrower => notes.narrower,
            SocMatch::Partial => notes.partial,
        };
        words_with(pattern, &[&plural(other), &own])
    };
    if figures.has(facts, id) {
        // Figures copied from the wider occupation are still the wider occupation's.
        let shared = exact().filter(|other| {
            role.soc_match != SocMatch::Exact
                && figures == Figures::Pay
                && sources(facts, id) == sources(facts, &other.id.value)
        });
        return Some(Standing { role: id, note: shared.map(|other| note(other)) });
    }
    if let Some(other) = exact() {
        return Some(Standing { role: &other.id.value, note: Some(note(other)) });
    }
    let together = find(facts.together.get(id))?;
    let parts: Vec<String> = together
        .covers
        .iter()
        .map(|covered| {
            facts.roles.get(&covered.value).map_or_else(|| covered.value.clone(), |role| plural(role))
        })
        .collect();
    let note = words_with(notes.together, &[&locale.list(&parts), &own]);
    Some(Standing { role: &together.id.value, note: Some(note) })
}

fn sources<'s>(facts: &'s Facts, role: &'s str) -> BTreeSet<&'s str> {
    facts
        .salary_places(role)
        .flat_map(|place| facts.figures(role, place))
        .map(|distribution| distribution.source)
        .collect()
}

/// How a sentence speaks of people in a role.
pub(super) fn plural(role: &Role) -> String {
    role.plural.clone().unwrap_or_else(|| role.title.clone())
}
