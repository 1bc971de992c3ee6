//! One value per key, with the fingerprint it was computed from.
//!
//! In: items, a way to say what each depends on, and the computation. Out: every value, one at a
//! time, fresh or remembered. Does no I/O and knows no stage.

use std::borrow::Borrow;
use std::hash::Hash;

use rayon::prelude::*;

use super::HashMap;
use crate::fingerprint::Fingerprint;

/// Remembered values. Three rules make it honest: a value depends on its prepared input alone;
/// the fingerprint covers everything that can change the answer; diagnostics are part of the
/// value and are replayed with it.
#[derive(Debug)]
pub struct Memo<K, V> {
    entries: HashMap<K, (Fingerprint, V)>,
}

/// Items that a thread takes at once: of many more, the last thread would be left with a heap of
/// them when the others are done.
const MOST_AT_ONCE: usize = 32;

/// A value that [`Memo::map`] hands out.
#[derive(Debug)]
pub enum Recalled<'a, V> {
    /// It was computed now.
    Fresh(&'a V),
    /// Its input had the same fingerprint as before.
    Unchanged(&'a V),
}

impl<'a, V> Recalled<'a, V> {
    /// The value, however it was come by.
    #[must_use]
    pub fn value(&self) -> &'a V {
        match self {
            Self::Fresh(value) | Self::Unchanged(value) => value,
        }
    }
}

/// How much work a pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values computed in this pass.
    pub fresh: usize,
    /// Values taken from memory.
    pub unchanged: usize,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { fresh: self.fresh + other.fresh, unchanged: self.unchanged + other.unchanged }
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::default() }
    }
}

impl<K: Eq + Hash + Send + Sync + Clone, V: Send + Sync> Memo<K, V> {
    /// Whether memory answers for this key and fingerprint.
    pub fn answers(&self, key: &K, fingerprint: Fingerprint) -> bool {
        self.entries.get(key).is_some_and(|(known, _)| *known == fingerprint)
    }

    /// The remembered value of a key, whatever it was computed from.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// What the remembered value of a key was computed from.
    pub fn fingerprint<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Fingerprint>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).map(|(fingerprint, _)| *fingerprint)
    }

    /// Makes room for as many more values.
    pub fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
    }

    /// Every fingerprint, in no order.
    pub fn fingerprints(&self) -> impl Iterator<Item = Fingerprint> {
        self.entries.values().map(|(fingerprint, _)| *fingerprint)
    }

    /// Remembers a value that an earlier process computed.
    pub fn insert(&mut self, key: K, fingerprint: Fingerprint, value: V) {
        self.entries.insert(key, (fingerprint, value));
    }

    /// Every value with its key and fingerprint, in the order of the keys.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&K, Fingerprint, &V)>
    where
        K: Ord,
    {
        let entries = self.entries.iter();
        let mut all: Vec<_> = entries.map(|(key, (fingerprint, value))| (key, *fingerprint, value)).collect();
        all.par_sort_unstable_by_key(|(key, ..)| *key);
        all
    }

    /// The value of a key, to note beside it what is not part of the answer.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    /// Drops what the last pass did not use. Says whether there was any.
    pub fn retain(&mut self, keep: impl Fn(&K) -> bool) -> bool {
        let before = self.entries.len();
        self.entries.retain(|key, _| keep(key));
        before != self.entries.len()
    }

    /// How many values are remembered.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Forgets one value.
    pub fn forget<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.entries.remove(key);
    }

    /// Maps items to values in parallel, computing only those whose fingerprint changed.
    ///
    /// `prepare` says what an item depends on; `compute` runs when memory does not answer; `sink`
    /// sees each value once, in no particular order, as soon as it is there.
    pub fn map<'a, T, P>(
        &mut self,
        items: &'a [T],
        prepare: impl Fn(&'a T) -> (K, Fingerprint, P) + Sync,
        compute: impl Fn(P) -> V + Sync,
        sink: impl Fn(&K, Recalled<'_, V>) + Sync,
    ) -> Counts
    where
        T: Sync,
    {
        let entries = &self.entries;
        let fresh: Vec<(K, Fingerprint, V)> = items
            .par_iter()
            .with_max_len(MOST_AT_ONCE)
            .filter_map(|item| {
                let (key, fingerprint, prepared) = prepare(item);
                if let Some((known, value)) = entries.get(&key)
                    && *known == fingerprint
                {
                    sink(&key, Recalled::Unchanged(value));
                    return None;
                }
                let value = compute(prepared);
                sink(&key, Recalled::Fresh(&value));
                Some((key, fingerprint, value))
            })
            .collect();
        let counts = Counts { fresh: fresh.len(), unchanged: items.len() - fresh.len() };
        self.entries.reserve(fresh.len());
        for (key, fingerprint, value) in fresh {
            self.entries.insert(key, (fingerprint, value));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn run(memo: &mut Memo<String, usize>, items: &[(&str, &str)]) -> (Counts, Vec<(String, usize, bool)>) {
        let computed = AtomicUsize::new(0);
        let seen = Mutex::new(Vec::new());
        let counts = memo.map(
            items,
            |(key, text)| ((*key).to_owned(), Fingerprint::of_bytes(text.as_bytes()), *text),
            |text| {
                computed.fetch_add(1, Ordering::Relaxed);
                text.len()
            },
            |key, value| {
                let fresh = matches!(value, Recalled::Fresh(_));
                seen.lock().unwrap().push((key.clone(), *value.value(), fresh));
            },
        );
        assert_eq!(computed.into_inner(), counts.fresh);
        let mut seen = seen.into_inner().unwrap();
        seen.sort();
        (counts, seen)
    }

    #[test]
    fn computes_once_per_fingerprint() {
        let mut memo = Memo::default();
        let (counts, _) = run(&mut memo, &[("a", "one"), ("b", "three")]);
        assert_eq!(counts, Counts { fresh: 2, unchanged: 0 });
        let (counts, seen) = run(&mut memo, &[("a", "one"), ("b", "changed")]);
        assert_eq!(counts, Counts { fresh: 1, unchanged: 1 });
        assert_eq!(seen, [("a".to_owned(), 3, false), ("b".to_owned(), 7, true)]);
    }

    #[test]
    fn forgetting_costs_time_and_nothing_else() {
        let mut memo = Memo::default();
        let (_, cold) = run(&mut memo, &[("a", "one")]);
        memo.forget(&"a".to_owned());
        let (counts, again) = run(&mut memo, &[("a", "one")]);
        assert_eq!(counts.fresh, 1);
        assert_eq!(cold, again);
    }
}
