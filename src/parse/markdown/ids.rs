//! The ids of one page: each is given out once.
//!
//! In: wished-for ids with the place that wants them. Out: unique ids, and who had a wish first.
//! Makes no messages.

use std::collections::BTreeMap;

use crate::diagnostic::Span;

/// Ids that the page's own furniture has (CAREER-GUIDES row 26).
const RESERVED: [&str; 2] = ["contents", "top"];

/// Every id given out so far.
#[derive(Default)]
pub(super) struct Ids {
    taken: BTreeMap<String, Entry>,
    /// As [`Entry::next`], for the reserved ids in their order.
    reserved: [usize; RESERVED.len()],
}

struct Entry {
    owner: Span,
    /// The number to try next for this id's repeats, so that many repeats cost no search.
    next: usize,
}

/// Who has an id already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The page's furniture.
    Reserved,
    /// Something else on the page.
    At(Span),
}

impl Ids {
    /// Takes an id, or says who has it.
    pub(super) fn claim(&mut self, id: &str, span: Span) -> Result<(), Owner> {
        if RESERVED.contains(&id) {
            return Err(Owner::Reserved);
        }
        if let Some(entry) = self.taken.get(id) {
            return Err(Owner::At(entry.owner));
        }
        self.taken.insert(id.to_owned(), Entry { owner: span, next: 2 });
        Ok(())
    }

    /// Takes an id, or else the first of `id-2`, `id-3` ... that is free, and says who has the id.
    pub(super) fn claim_like(&mut self, id: &str, span: Span) -> (String, Option<Owner>) {
        let Err(owner) = self.claim(id, span) else { return (id.to_owned(), None) };
        let reserved = RESERVED.iter().position(|reserved| *reserved == id);
        let mut number = match reserved {
            Some(index) => self.reserved[index].max(2),
            None => self.taken.get(id).map_or(2, |entry| entry.next),
        };
        loop {
            let candidate = format!("{id}-{number}");
            number += 1;
            if self.claim(&candidate, span).is_ok() {
                if let Some(index) = reserved {
                    self.reserved[index] = number;
                } else if let Some(entry) = self.taken.get_mut(id) {
                    entry.next = number;
                }
                return (candidate, Some(owner));
            }
        }
    }

    /// All of them.
    pub(super) fn into_all(self) -> impl Iterator<Item = String> {
        self.taken.into_keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_reserved_ids_are_numbered() {
        let (first, second) = (Span::new(0, 1), Span::new(5, 6));
        let mut ids = Ids::default();
        assert_eq!(ids.claim_like("pay", first), ("pay".to_owned(), None));
        assert_eq!(ids.claim_like("pay-2", second), ("pay-2".to_owned(), None));
        assert_eq!(ids.claim_like("pay", second), ("pay-3".to_owned(), Some(Owner::At(first))));
        assert_eq!(ids.claim_like("contents", first), ("contents-2".to_owned(), Some(Owner::Reserved)));
        assert_eq!(ids.claim("pay", second), Err(Owner::At(first)));
        assert_eq!(ids.into_all().collect::<Vec<_>>(), ["contents-2", "pay", "pay-2", "pay-3"]);
    }
}
