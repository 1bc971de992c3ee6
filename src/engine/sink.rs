//! Where outputs go.
//!
//! In: outputs, one at a time and from several threads. Out: nothing, or a stage that `write` commits.
//! Decides nothing about what is built.

use std::sync::{Mutex, PoisonError};

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::scan::Asset;
use crate::write::Stage;

/// Where outputs go, one at a time, from several threads.
pub trait Sink: Sync {
    /// Whether it has an output with this digest already, so that it need not be made again.
    fn holds(&self, path: &str, digest: Fingerprint) -> bool;
    /// Takes the bytes of an output.
    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint);
    /// Keeps an output that it holds.
    fn keep(&self, path: &str, digest: Fingerprint, len: u64);
    /// Takes a file that is published as it is.
    fn copy(&self, path: &str, asset: &Asset);
}

/// Takes every output and keeps none: for `check`.
#[derive(Debug)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn holds(&self, _: &str, _: Fingerprint) -> bool {
        true
    }
    fn put(&self, _: &str, _: &[u8], _: Fingerprint) {}
    fn keep(&self, _: &str, _: Fingerprint, _: u64) {}
    fn copy(&self, _: &str, _: &Asset) {}
}

/// Hands outputs to the stage that will publish them, and keeps the first trouble for the end, since
/// a full disk stops no other thread in mid-render.
#[derive(Debug)]
pub struct StageSink {
    stage: Stage,
    trouble: Mutex<Option<Error>>,
}

impl StageSink {
    /// A sink into a stage.
    #[must_use]
    pub fn new(stage: Stage) -> Self {
        Self { stage, trouble: Mutex::new(None) }
    }

    /// The stage, when everything has reached it.
    ///
    /// # Errors
    ///
    /// The first trouble that writing met.
    pub fn finish(self) -> Result<Stage, Error> {
        match self.trouble.into_inner().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(self.stage),
            Some(error) => {
                self.stage.abandon();
                Err(error)
            }
        }
    }

    fn note(&self, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            self.trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

impl Sink for StageSink {
    fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        self.stage.holds(path, digest)
    }

    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        self.note(self.stage.put_hashed(path, bytes, digest));
    }

    fn keep(&self, path: &str, digest: Fingerprint, len: u64) {
        self.stage.keep(path, digest, len);
    }

    fn copy(&self, path: &str, asset: &Asset) {
        self.note(self.stage.copy(path, asset));
    }
}
