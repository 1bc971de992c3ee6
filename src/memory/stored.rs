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
    proof: Proof,
    place: Place,
}

/// What tells whether another text is this one.
#[derive(Debug, Clone, Copy)]
enum Proof {
    Hash(Fingerprint),
    /// Enough to tell whether a file changed meanwhile, for a text that no other process will see.
    Check(u64),
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
        let proof = Proof::Hash(Fingerprint::of_bytes(text.as_bytes()));
        Self { proof, place: Place::Here(text.into()) }
    }

    /// A text of a build that leaves nothing to another, put away where there is a spool with room.
    #[must_use]
    pub fn passing(text: String, spool: Option<&Arc<Spool>>) -> Self {
        let proof = Proof::Check(check(&text));
        let spooled = spool.and_then(|spool| Some((spool, spool.take(&text)?)));
        match spooled {
            Some((spool, at)) => Self::on_disk(Keeper::Spool(Arc::clone(spool)), at, text.len(), proof),
            None => Self { proof, place: Place::Here(text.into()) },
        }
    }

    /// The same text, put away until it is asked for, where there is room.
    #[must_use]
    pub fn put_away(self, spool: &Arc<Spool>) -> Self {
        match self.here().and_then(|text| Some((spool.take(text)?, text.len()))) {
            Some((at, len)) => Self::on_disk(Keeper::Spool(Arc::clone(spool)), at, len, self.proof),
            None => self,
        }
    }

    /// A text in a pack.
    pub(super) fn kept(pack: Arc<Pack>, at: u64, len: usize, fingerprint: Fingerprint) -> Self {
        Self::on_disk(Keeper::Pack(pack), at, len, Proof::Hash(fingerprint))
    }

    fn on_disk(file: Keeper, at: u64, len: usize, proof: Proof) -> Self {
        let kept = Kept { file, at, len, lost: AtomicBool::new(false), restored: OnceLock::new() };
        Self { proof, place: Place::Kept(Arc::new(kept)) }
    }

    /// The text, if it is at hand.
    pub(super) fn here(&self) -> Option<&str> {
        match &self.place {
            Place::Here(text) => Some(text),
            Place::Kept(_) => None,
        }
    }

    /// The fingerprint of the text. That of a passing one is told when somebody asks, and is that of nothing
    /// when it is lost.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        match self.proof {
            Proof::Hash(fingerprint) => fingerprint,
            Proof::Check(_) => Fingerprint::of_bytes(self.text().unwrap_or_default().as_bytes()),
        }
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
            Keeper::Pack(pack) => pack.text(kept.at, kept.len, self.fingerprint()),
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
        let is_same = match self.proof {
            Proof::Hash(fingerprint) => Fingerprint::of_bytes(text.as_bytes()) == fingerprint,
            Proof::Check(known) => check(text) == known,
        };
        if !is_same {
            return false;
        }
        if let Place::Kept(kept) = &self.place {
            kept.restored.get_or_init(|| text.into());
        }
        true
    }
}

fn check(text: &str) -> u64 {
    use std::hash::BuildHasher as _;
    foldhash::quality::FixedState::default().hash_one(text)
}
