//! Outputs that somebody looked at, kept while there is room.
//!
//! In: outputs as they are rendered. Out: their bytes, and which of them are fresh. An output that
//! could not be made keeps the bytes it had when it last could. Dropping any of it costs time only.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;

use crate::engine::Sink;
use crate::fingerprint::Fingerprint;
use crate::scan::Asset;

/// Bytes kept at most. The oldest in use go first; what is asked for again is rendered again.
const ROOM: usize = 48 << 20;

/// The bytes of an output.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// As a build writes them.
    pub(super) bytes: Bytes,
    /// Their hash.
    pub(super) digest: Fingerprint,
}

#[derive(Debug, Default)]
pub(super) struct Shelf {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    places: HashMap<String, Place>,
    bytes: usize,
    clock: u64,
}

/// One output's place.
#[derive(Debug)]
struct Place {
    /// What was last made without an error, or made at all.
    good: Held,
    /// Whether there was no error; if not, it is what there is until there is better.
    is_good: bool,
    /// Hash of what was last made, good or not.
    seen: Fingerprint,
    /// The edition for which it was last made or found unchanged.
    edition: u64,
    /// When somebody last asked for it.
    used: u64,
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An output, if it is known to be that of the given edition.
    pub(super) fn fresh(&self, path: &str, edition: u64) -> Option<Held> {
        self.lock().ask(path).filter(|place| place.edition == edition).map(|place| place.good.clone())
    }

    /// An output as it last was, whatever became of it since.
    pub(super) fn last(&self, path: &str) -> Option<Held> {
        self.lock().ask(path).map(|place| place.good.clone())
    }

    /// Whether an output is kept, fresh or not.
    pub(super) fn has(&self, path: &str) -> bool {
        self.lock().places.contains_key(path)
    }

    /// The pages that were asked for last, newest first.
    pub(super) fn recent(&self, most: usize) -> Vec<String> {
        let inner = self.lock();
        let mut pages: Vec<_> = inner.places.iter().filter(|(path, _)| is_page(path)).collect();
        pages.sort_unstable_by_key(|(_, place)| std::cmp::Reverse(place.used));
        pages.into_iter().take(most).map(|(path, _)| path.clone()).collect()
    }

    /// Drops outputs that exist no more.
    pub(super) fn retain(&self, exists: impl Fn(&str) -> bool) {
        let mut inner = self.lock();
        inner.places.retain(|path, _| exists(path));
        inner.bytes = inner.places.values().map(|place| place.good.bytes.len()).sum();
    }
}

impl Inner {
    fn ask(&mut self, path: &str) -> Option<&mut Place> {
        self.clock += 1;
        let place = self.places.get_mut(path)?;
        place.used = self.clock;
        Some(place)
    }

    fn put(&mut self, path: &str, mut place: Place) {
        self.clock += 1;
        self.bytes += place.good.bytes.len();
        place.used = self.clock;
        if let Some(former) = self.places.insert(path.to_owned(), place) {
            self.bytes -= former.good.bytes.len();
        }
        while self.bytes > ROOM && self.places.len() > 1 {
            let oldest = self.places.iter().min_by_key(|(_, place)| place.used).map(|(path, _)| path.clone());
            let Some(dropped) = oldest.and_then(|path| self.places.remove(&path)) else { return };
            self.bytes -= dropped.good.bytes.len();
        }
    }
}

/// Whether an output is a page, which has the preview's script in it.
pub(super) fn is_page(output: &str) -> bool {
    std::path::Path::new(output).extension().is_some_and(|suffix| suffix == "html")
}

/// Why outputs are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Somebody waits for them: their bytes are needed.
    Asked,
    /// To learn what changed and what is wrong: bytes are kept only of those that were asked for.
    Learn,
}

/// Takes what the engine renders to the shelf.
#[derive(Debug)]
pub(super) struct Shelving<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) edition: u64,
    pub(super) purpose: Purpose,
    /// Outputs of which the last good version is shown, though they can be rendered.
    pub(super) broken: &'a HashSet<String>,
    /// Every output that was made, with its hash.
    pub(super) made: Mutex<Vec<(String, Fingerprint)>>,
}

impl Sink for Shelving<'_> {
    fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        self.purpose == Purpose::Learn
            || self.shelf.lock().places.get(path).is_some_and(|place| place.seen == digest)
    }

    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        let mut inner = self.shelf.lock();
        let is_good = !bytes.is_empty() && !self.broken.contains(path);
        match inner.places.get_mut(path) {
            Some(place) if bytes.is_empty() || (!is_good && place.is_good) => {
                place.seen = digest;
                place.edition = self.edition;
            }
            None if bytes.is_empty() || self.purpose == Purpose::Learn => {}
            place => {
                let used = place.map(|place| place.used);
                let good = Held { bytes: Bytes::copy_from_slice(bytes), digest };
                inner.put(path, Place { good, is_good, seen: digest, edition: self.edition, used: 0 });
                // To be rendered behind the scenes is not to be looked at.
                if let (Purpose::Learn, Some(used), Some(place)) =
                    (self.purpose, used, inner.places.get_mut(path))
                {
                    place.used = used;
                }
            }
        }
        drop(inner);
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), digest));
    }

    fn keep(&self, path: &str, _: Fingerprint, _: u64) {
        if let Some(place) = self.shelf.lock().places.get_mut(path) {
            place.edition = self.edition;
        }
    }

    fn copy(&self, _: &str, _: &Asset) {}
}
