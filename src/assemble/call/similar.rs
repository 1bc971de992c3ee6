//! Roles like another: those it names, then those that need the same skills.
//!
//! In: a role. Out: a few roles, each with the skills that both need and its pay. The
//! work for a page is bounded: a skill that very many roles need says nothing about any of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Arguments;
use super::desk::Desk;
use super::pay::{ALL, note};
use crate::assemble::facts::{Facts, Filed};
use crate::assemble::format::words_with;
use crate::assemble::shown::{SimilarRole, SimilarRoles};
use crate::diagnostic::Code;
use crate::parse::data::Role;

/// Fewest skills that two roles share by which one is found to be like the other.
const SHARED: usize = 2;
/// Most roles that need a skill by which roles are found.
const COMMON: usize = 200;

/// Roles by the skills they need; not those that are only published together.
pub(super) fn by_skill(facts: &Facts) -> BTreeMap<&str, Vec<&Filed<Role>>> {
    let mut roles: BTreeMap<&str, Vec<&Filed<Role>>> = BTreeMap::new();
    for role in facts.roles.values().filter(|role| role.covers.is_empty()) {
        for skill in &role.skills {
            roles.entry(&skill.id.value).or_default().push(role);
        }
    }
    roles
}

impl<'s> Desk<'s, '_> {
    /// `::similar role`
    pub(super) fn similar(&mut self, arguments: &Arguments<'s>) -> Option<SimilarRoles> {
        let role = self.role_argument(arguments)?;
        let roles = self.similar_to(role);
        if roles.is_empty() {
            let message = format!("no role is known to be like `{}`", role.id.value);
            let help = "give the role `similar`, or `skills` that others need too, or take this line away";
            self.report(Code::ValueUnknown, arguments.span(), message, help);
            return None;
        }
        let mut view = SimilarRoles { role: self.role_link(role), ..SimilarRoles::default() };
        let asked = arguments.text("place");
        let paid: Vec<_> = roles.iter().map(|role| self.paid_quietly(role, asked)).collect();
        let places: Vec<usize> = (0..paid.len()).filter(|index| paid[*index].is_some()).collect();
        let paid: Vec<_> = paid.into_iter().flatten().collect();
        let choice = self.choose(&paid, None, ALL);
        if !choice.mixed.is_empty() {
            let list = self.locale.list(&choice.mixed);
            note(&mut view.notes, Some(words_with(self.locale.words.notes.mixed, &[&list])));
        }
        for other in roles {
            self.used.insert(("roles", &other.id.value));
            view.roles.push(SimilarRole {
                role: self.role_link(other),
                summary: other.summary.clone().unwrap_or_default(),
                skills: shared(role, other).into_iter().map(|skill| self.skill_link(skill)).collect(),
                pay: None,
            });
        }
        for ((index, paid), figure) in places.into_iter().zip(&paid).zip(&choice.figures) {
            if let Some(figure) = figure {
                view.roles[index].pay = Some(self.figure(figure, &mut view.notes));
                note(&mut view.notes, paid.of.note.clone());
            }
        }
        Some(view)
    }

    /// Those that the page names, else its record, then by the number of skills shared.
    fn similar_to(&self, role: &'s Filed<Role>) -> Vec<&'s Filed<Role>> {
        let facts = self.shared.facts;
        // Front matter speaks of the page's own role.
        let is_own = self.default_role().is_some_and(|own| own.id.value == role.id.value);
        let named = match self.entry.front.similar.as_slice() {
            own @ [_, ..] if is_own => own,
            _ => &role.similar,
        };
        let mut roles: Vec<&'s Filed<Role>> = Vec::new();
        let mut taken = BTreeSet::from([role.id.value.as_str()]);
        for other in named.iter().filter_map(|id| facts.roles.get(&id.value)) {
            if taken.insert(&other.id.value) {
                roles.push(other);
            }
        }
        let mut counts: BTreeMap<&'s str, (usize, &'s Filed<Role>)> = BTreeMap::new();
        let skills = role.skills.iter().filter_map(|skill| self.pages.skills.get(skill.id.value.as_str()));
        for other in skills.filter(|roles| roles.len() <= COMMON).flatten() {
            counts.entry(&other.id.value).or_insert((0, other)).0 += 1;
        }
        let mut found: Vec<_> = counts
            .into_values()
            .filter(|(count, other)| *count >= SHARED && !taken.contains(other.id.value.as_str()))
            .collect();
        found.sort_by_key(|(count, _)| Reverse(*count));
        roles.extend(found.into_iter().map(|(_, other)| other));
        roles.truncate(SimilarRoles::ROLES);
        roles
    }
}

/// The skills that two roles need, in the order of the first.
fn shared<'s>(role: &'s Role, other: &Role) -> Vec<&'s str> {
    let theirs: BTreeSet<&str> = other.skills.iter().map(|skill| skill.id.value.as_str()).collect();
    let own = role.skills.iter().map(|skill| skill.id.value.as_str());
    own.filter(|skill| theirs.contains(skill)).collect()
}
