//! What a build remembers: the values, and what tells whether they still hold.
//!
//! In: what a build worked out. Out: the same to the next build. Works nothing out itself.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::Plan;
use super::desk::Desk;
use super::link::Linked;
use super::links::Links;
use super::persist::Frozen;
use super::pictures::{Developed, Progress};
use super::search::Index;
use super::sink::Sink;
use super::squeeze::Twin;
use super::styles::Made;
use super::whole::Whole;
use crate::assemble::{Cause, Route};
use crate::diagnostic::{self, Diagnostic};
use crate::fingerprint::Fingerprint;
use crate::memory::{Blobs, Kept, Memo, Spool};
use crate::parse::Document;
use crate::parse::data::DataDocument;
use crate::render::{Press, Theme};
use crate::scan::{Inputs, Stamps};
use crate::write::OutputStamps;

/// What a build may remember from the one before. Dropping it is always correct.
#[derive(Debug, Default)]
pub struct Memory {
    /// Stamps and hashes of the files as they were last seen.
    pub stamps: Stamps,
    /// What the parse settings were; under others, no file's hash answers for its document.
    pub(super) settings: Option<Fingerprint>,
    pub(super) documents: Memo<Arc<str>, Parsed<Document>>,
    pub(super) data: Memo<Arc<str>, Parsed<DataDocument>>,
    pub(super) theme: Option<Compiled>,
    pub(super) linked: Option<Linked>,
    /// What links led to in an earlier process.
    pub(super) links: Option<Links>,
    pub(super) press: Option<Arc<Press>>,
    pub(super) outputs: Memo<String, Rendered>,
    /// Smaller copies of images.
    pub(super) pictures: Memo<Arc<str>, Developed>,
    /// What was dear to make.
    pub(super) blobs: Blobs,
    /// Hears how far the images are.
    pub progress: Progress,
    pub(super) desk: Desk,
    pub(super) whole: Option<Whole>,
    pub(super) search: Option<Index>,
    pub(super) styles: Option<Made>,
    /// What the store holds and nobody has needed yet.
    pub(super) frozen: Frozen,
    /// The folder that was last published to, and what the file system said of it then.
    pub(super) published: Option<(PathBuf, Arc<OutputStamps>)>,
    /// What the last whole build was planned as: to take it apart takes as long as to write a hundred pages,
    /// which a program that ends need not do.
    pub(super) last: Option<Plan>,
    /// It ends with the build, so that nothing need be noted for the next.
    pub(super) is_fleeting: bool,
    /// Where texts wait until their pages are written.
    pub(super) spool: Option<Arc<Spool>>,
    /// What of the store could not be used, and why.
    pub(super) losses: Vec<String>,
    /// Whether it knows anything that the store does not.
    pub(super) changed: bool,
}

impl Memory {
    /// For one build from nothing, which leaves nothing.
    #[must_use]
    pub fn fleeting() -> Self {
        Self { is_fleeting: true, ..Self::default() }
    }

    /// Has texts wait on disk, in the file system of a folder, until their pages are written: for a
    /// build that is the last of its process. Where that cannot be, they wait in memory.
    pub fn spool(&mut self, folder: &Path) {
        self.spool = Spool::open(folder).ok();
    }

    /// Whether what became of this very text is remembered, so that it need not be read.
    #[must_use]
    pub fn answers(&self, path: &str, source: Fingerprint) -> bool {
        self.hash_of(&Arc::from(path)) == Some(source)
    }

    /// What the file system said of the files of an output folder when they were last written.
    #[must_use]
    pub fn output_stamps(&self, folder: &Path) -> Arc<OutputStamps> {
        match &self.published {
            Some((known, stamps)) if known == folder => Arc::clone(stamps),
            _ => Arc::default(),
        }
    }

    /// Remembers what the file system says of the files of an output folder.
    pub fn publish(&mut self, folder: PathBuf, stamps: OutputStamps) {
        let known = self.published.as_ref().filter(|(known, _)| *known == folder);
        self.changed |= known.is_none_or(|(_, known)| known.files != stamps.files || !known.are_settled());
        self.published = Some((folder, Arc::new(stamps)));
    }
}

impl Memory {
    /// Forgets the outputs that a plan has no route for.
    pub fn forget_gone(&mut self, plan: &Plan) {
        if self.is_fleeting {
            return;
        }
        // All that there are are known, and files that are copied need not be: as many are the same ones.
        let is_made = |route: &&Route| !matches!(route.cause, Cause::Asset(_));
        if self.outputs.count() != plan.site.routes.values().filter(is_made).count() {
            self.changed |= self.outputs.retain(|path| plan.site.routes.contains_key(path));
        }
    }

    /// What an output was made from, if its proof is still the one that it was made or looked at with.
    pub(super) fn proved(&self, path: &str, proof: Option<Fingerprint>) -> Option<Fingerprint> {
        let known = self.outputs.get(path)?;
        (proof.is_some() && known.proof == proof).then(|| self.outputs.fingerprint(path)).flatten()
    }

    /// Notes the proof of an output that was looked at.
    pub(super) fn prove(&mut self, path: &str, proof: Option<Fingerprint>) {
        if let Some(known) = self.outputs.get_mut(path) {
            known.proof = proof;
        }
    }

    /// Problems that rendering a plan's routes found, each when it was last rendered.
    #[must_use]
    pub fn found_rendering(&self, plan: &Plan) -> Vec<Diagnostic> {
        let rendered = plan.site.routes.keys().filter_map(|path| self.outputs.get(path));
        let mut found = rendered.flat_map(|rendered| rendered.diagnostics.iter().cloned()).collect();
        diagnostic::fold(&mut found);
        found
    }
}

/// A theme, compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    /// Of its templates' sources.
    pub(super) fingerprint: Fingerprint,
    pub(super) theme: Arc<Theme>,
    /// What is wrong with them.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What became of a content file.
#[derive(Debug)]
pub(super) enum Parsed<D> {
    /// It was read; the hash is that of its bytes.
    Document {
        source: Fingerprint,
        document: Arc<D>,
        /// What others see of it, once somebody asked.
        outline: OnceLock<Fingerprint>,
        /// Where the store has it.
        kept: Option<Kept>,
    },
    /// It could not be read: gone since the scan, or refused.
    Unreadable(Vec<Diagnostic>),
}

impl<D> Parsed<D> {
    /// The hash of the bytes it was read from.
    pub(super) fn source(&self) -> Option<Fingerprint> {
        match self {
            Self::Document { source, .. } => Some(*source),
            Self::Unreadable(_) => None,
        }
    }

    /// Whether this very document was made of it.
    pub(super) fn is(&self, other: &Arc<D>) -> bool {
        matches!(self, Self::Document { document, .. } if Arc::ptr_eq(document, other))
    }
}

/// What is remembered of an output once its bytes have gone to the sink.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rendered {
    /// Hash of its bytes.
    pub digest: Fingerprint,
    /// Length in bytes.
    pub len: u64,
    /// What it was compressed to.
    pub(super) twins: Vec<Twin>,
    /// Problems found while rendering it.
    pub diagnostics: Vec<Diagnostic>,
    /// With which it need not be looked at; see [`super::ground`].
    pub(super) proof: Option<Fingerprint>,
    /// It lacks a text that could not be made again, and must not be remembered.
    #[serde(skip)]
    pub(super) lacking: bool,
}

impl Rendered {
    /// Whether the sink has it and its twins.
    pub(super) fn is_held(&self, path: &str, sink: &dyn Sink) -> bool {
        let held = |twin: &Twin| sink.holds(&twin.path(path), twin.digest);
        sink.holds(path, self.digest) && self.twins.iter().all(held)
    }

    /// Keeps it and its twins.
    pub(super) fn keep(&self, path: &str, sink: &dyn Sink) {
        sink.keep(path, self.digest, self.len);
        for twin in &self.twins {
            sink.keep(&twin.path(path), twin.digest, twin.len);
        }
    }
}

impl Memory {
    /// Keeps stamps and hashes for the next scan.
    pub(super) fn learn_stamps(&mut self, inputs: &mut Inputs) {
        if self.is_fleeting {
            return;
        }
        let mut stamps = std::mem::take(&mut inputs.stamps);
        // What a stamp proved is among them already.
        for file in inputs.pages.iter().chain(&inputs.data).filter(|file| file.remembered.is_none()) {
            if let Some(hash) = self.hash_of(&file.path) {
                stamps.learn(&file.path, file.stamp, hash);
            }
        }
        self.changed |= self.stamps.files != stamps.files || !self.stamps.are_settled();
        self.stamps = stamps;
    }
}
