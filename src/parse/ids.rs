//! The ids of a page once it is parsed: many ask whether one is there, and nobody changes them.
//!
//! In: ids. Out: the same, sorted, in one piece of text, which is stored and read faster than a text for each.

use serde::{Deserialize, Serialize};

/// Ids, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IdSet {
    /// One after the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl IdSet {
    /// Whether an id is among them.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.get(middle).cmp(id) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        false
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|index| self.get(index))
    }

    fn get(&self, index: usize) -> &str {
        let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
        let start = index.checked_sub(1).map_or(0, end);
        self.text.get(start..end(index)).unwrap_or_default()
    }
}

impl<T: AsRef<str>> FromIterator<T> for IdSet {
    fn from_iter<I: IntoIterator<Item = T>>(ids: I) -> Self {
        let mut all: Vec<T> = ids.into_iter().collect();
        all.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
        let mut ids = Self::default();
        for id in all {
            ids.text.push_str(id.as_ref());
            ids.ends.push(u32::try_from(ids.text.len()).unwrap_or(u32::MAX));
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_and_found() {
        let ids: IdSet = ["pay", "a", "", "pay-2", "é"].into_iter().collect();
        assert_eq!(ids.iter().collect::<Vec<_>>(), ["", "a", "pay", "pay-2", "é"]);
        for id in ["pay", "a", "", "pay-2", "é"] {
            assert!(ids.contains(id), "{id}");
        }
        for id in ["pa", "pay-", "z", "aa"] {
            assert!(!ids.contains(id), "{id}");
        }
        assert!(!IdSet::default().contains("") && IdSet::default().iter().next().is_none());
    }
}
