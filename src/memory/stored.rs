//! A long text that is at hand, or on disk until somebody asks for it.
//!
//! In: a text, or its place in a pack or a spool. Out: the text, proved by its fingerprint, or the word that
//! it is lost. What is lost can be put back; a text is never another than the one put in.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::pack::Pack;
use super::spool::Spool;
use crate::fingerprint::Fingerprint;

/// A text and where it is.
#[derive(Debug, Clone)]
pub struct Stored {
    fingerprint: Fingerprint,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Here(Arc<str>),
    Kept(Arc<Kept>),
}

/// A text on disk.
#[derive(Debug)]
struct Kept {
    file: Keeper,
    at: u64,
    len: usize,
    /// It was asked for and the file did not have it.
    lost: AtomicBool,
    /// The text, put back after that.
    restored: OnceLock<Arc<str>>,
}

/// What has a text.
#[derive(Debug)]
enum Keeper {
    /// The store, of an earlier build.
    Pack(Arc<Pack>),
    /// This very process.
    Spool(Arc<Spool>),
}

impl Default for Stored {
    fn default() -> Self {
        Self::new(String::new())
    }
}

impl Stored {
    /// A text at hand.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { fingerprint: Fingerprint::of_bytes(text.as_bytes()), place: Place::Here(text.into()) }
    }

    /// A text in a pack.
    pub(super) fn kept(pack: Arc<Pack>, at: u64, len: usize, fingerprint: Fingerprint) -> Self {
        Self::on_disk(Keeper::Pack(pack), at, len, fingerprint)
    }

    /// A text in a spool.
    pub(super) fn spooled(spool: Arc<Spool>, at: u64, len: usize, fingerprint: Fingerprint) -> Self {
        Self::on_disk(Keeper::Spool(spool), at, len, fingerprint)
    }

    fn on_disk(file: Keeper, at: u64, len: usize, fingerprint: Fingerprint) -> Self {
        let kept = Kept { file, at, len, lost: AtomicBool::new(false), restored: OnceLock::new() };
        Self { fingerprint, place: Place::Kept(Arc::new(kept)) }
    }

    /// The text, if it is at hand.
    pub(super) fn here(&self) -> Option<&str> {
        match &self.place {
            Place::Here(text) => Some(text),
            Place::Kept(_) => None,
        }
    }

    /// The fingerprint of the text.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Length of the text in bytes.
    pub(super) fn len(&self) -> usize {
        match &self.place {
            Place::Here(text) => text.len(),
            Place::Kept(kept) => kept.len,
        }
    }

    /// The text, unless it was lost. Read anew each time when it is on disk, so that a large site
    /// stays out of memory.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        let kept = match &self.place {
            Place::Here(text) => return Some(Cow::Borrowed(text)),
            Place::Kept(kept) => kept,
        };
        if let Some(text) = kept.restored.get() {
            return Some(Cow::Borrowed(text));
        }
        let text = match &kept.file {
            Keeper::Pack(pack) => pack.text(kept.at, kept.len, self.fingerprint),
            Keeper::Spool(spool) => spool.text(kept.at, kept.len),
        };
        let text = text.map(Cow::Owned);
        if text.is_none() {
            kept.lost.store(true, Ordering::Release);
        }
        text
    }

    /// Whether it was lost, and somebody asked for it in vain, be it put back since or not.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        match &self.place {
            Place::Here(_) => false,
            Place::Kept(kept) => kept.lost.load(Ordering::Acquire),
        }
    }

    /// Puts a lost text back, here and in every clone. Says whether it is the one that was lost.
    #[must_use]
    pub fn restore(&self, text: &str) -> bool {
        if Fingerprint::of_bytes(text.as_bytes()) != self.fingerprint {
            return false;
        }
        if let Place::Kept(kept) = &self.place {
            kept.restored.get_or_init(|| text.into());
        }
        true
    }
}
