//! The view of `glossary`.
//!
//! In: the glossary and the pages that use its terms. Out: its entries from A to Z.

use std::collections::BTreeMap;

use deunicode::deunicode;

use super::arguments::Arguments;
use super::desk::Desk;
use crate::assemble::order;
use crate::assemble::shown::{Entry, Glossary, Letter, Link};

impl<'s> Desk<'s, '_> {
    /// `::glossary`
    pub(super) fn glossary(&mut self, arguments: &Arguments<'s>) -> Option<Glossary> {
        self.once(arguments, "the glossary")?;
        let facts = self.shared.facts;
        let mut terms: Vec<_> = facts.glossary.values().collect();
        terms.sort_by(|a, b| order::titles(&a.term.value, &b.term.value));
        let mut letters: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for term in terms {
            self.used.insert(("glossary", &term.id.value));
            let first = deunicode(&term.term.value).chars().next().filter(char::is_ascii_alphabetic);
            let letter = first.map_or_else(|| "#".to_owned(), |first| first.to_ascii_uppercase().to_string());
            let mut pages: Vec<Link> = self
                .pages
                .terms
                .get(term.id.value.as_str())
                .into_iter()
                .flatten()
                .filter(|page| **page != self.id)
                .map(|page| self.link(*page))
                .collect();
            pages.sort_by(|a, b| a.url.cmp(&b.url));
            pages.truncate(Entry::PAGES);
            letters.entry(letter).or_default().push(Entry {
                id: term.id.value.clone(),
                // A heading of this name is where links to the word lead then.
                anchor: self.own_id(&term.id.value),
                term: term.term.value.clone(),
                long: term.long.clone().unwrap_or_default(),
                text: term.text.clone(),
                also: term.also.iter().map(|also| also.value.clone()).collect(),
                pages,
            });
        }
        let letter = |(letter, entries): (String, Vec<Entry>)| {
            let name = if letter == "#" { "other".to_owned() } else { letter.to_lowercase() };
            Letter { anchor: self.own_id(&format!("letter-{name}")), letter, entries }
        };
        Some(Glossary { letters: letters.into_iter().map(letter).collect() })
    }
}
