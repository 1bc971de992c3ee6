//! What front matter asks of the data.
//!
//! In: a page's front matter. Out: the records and sources that it names noted as used, and problems where
//! there are none.

use std::collections::BTreeMap;

use super::Desk;
use crate::assemble::call::source::Back;
use crate::diagnostic::Code;
use crate::value::Spanned;

impl Desk<'_, '_> {
    /// Records that front matter names, other than people and sources.
    pub(super) fn front(&mut self) {
        let front = &self.entry.front;
        let roles = &self.shared.facts.roles;
        let named = front
            .role
            .iter()
            .map(|role| ("role", role))
            .chain(front.roles.iter().map(|role| ("roles", role)));
        for (key, role) in named.chain(front.similar.iter().map(|role| ("similar", role))) {
            match roles.get_key_value(&role.value) {
                Some((id, _)) => drop(self.used.insert(("roles", id))),
                None => self.unknown_in_front(Code::RoleUnknown, "role", (key, role), roles.keys()),
            }
        }
        let facts = self.shared.facts;
        self.front_record("quiz", front.quiz.as_ref(), &facts.quizzes);
        self.front_record("path", front.pathway.as_ref(), &facts.paths);
        self.front_record("person", front.person.as_ref(), &facts.authors);
        self.front_record("author", front.person_id.as_ref(), &facts.authors);
        self.claims();
    }

    /// Figures that the title and other texts beside the body show.
    pub(super) fn told(&mut self) {
        for value in &self.entry.told {
            // What is wrong with it has been reported.
            if let Ok(read) = self.finder().read(value) {
                for figure in read.found.figures {
                    self.figures.push(figure);
                    self.used.insert(("salaries", &figure.role.value));
                    self.cite_id(&figure.source.value, Back::None);
                }
            }
        }
    }

    /// Sources that front matter names beside those the text uses.
    pub(super) fn own_sources(&mut self) {
        let sources = &self.shared.facts.sources;
        for id in &self.entry.front.sources {
            match sources.get(&id.value) {
                Some(source) => drop(self.cite(source, Back::None)),
                None => {
                    self.unknown_in_front(Code::CitationUnknown, "source", ("sources", id), sources.keys());
                }
            }
        }
    }

    fn front_record<T>(&mut self, key: &str, id: Option<&Spanned<String>>, records: &BTreeMap<String, T>) {
        let Some(id) = id.filter(|id| !records.contains_key(&id.value)) else { return };
        let (code, what) = match key {
            // Without an authors file, people have names alone.
            "person" | "author" if records.is_empty() => return,
            "person" | "author" => (Code::AuthorUnknown, "author"),
            "path" => (Code::DataUnknownId, "pathway"),
            _ => (Code::DataUnknownId, key),
        };
        self.unknown_in_front(code, what, (key, id), records.keys());
    }
}
