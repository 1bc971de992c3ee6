//! One build's outputs on their way to the output folder.
//!
//! In: outputs, from any thread. Out: those that differ, staged; and at the end a commit, or
//! nothing at all. Decides nothing about order; see `plan`.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::commit::{Committer, Journal, Run, ancestors};
use super::manifest::{Manifest, Owned};
use super::plan::{self, Entries, Entry, Plan, State};
use super::{Adopt, Looking, Mode, OutputStamps, Staging, Target, Written, refuse, swap};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::memory::HashMap;
use crate::scan::{self, Asset, AssetContent, Stamp};

/// The outputs of one build. Dropped without a commit, it leaves the output folder as it was.
#[derive(Debug)]
pub struct Stage {
    output: PathBuf,
    looking: Looking,
    /// The output folder as the user names it, for messages.
    shown: PathBuf,
    mode: Mode,
    adopt: Adopt,
    /// There is no output folder yet, so nothing need be looked for in it.
    is_new: bool,
    staging: Staging,
    former: Option<Manifest>,
    stamps: Arc<OutputStamps>,
    entries: Mutex<Entries>,
    /// What was found in the output folder by reading it, so that nothing is read twice.
    seen: Mutex<HashMap<String, (Stamp, Fingerprint)>>,
    /// Folders made in the staging folder.
    folders: Mutex<HashSet<String>>,
}

impl Stage {
    pub(super) fn new(
        target: &Target<'_>,
        output: PathBuf,
        staging: Staging,
        former: Option<Manifest>,
        stamps: Arc<OutputStamps>,
    ) -> Self {
        Self {
            is_new: fs::symlink_metadata(&output).is_err_and(|error| error.kind() == io::ErrorKind::NotFound),
            looking: Looking::into(&output),
            output,
            shown: target.output.to_owned(),
            mode: target.mode,
            adopt: target.adopt,
            staging,
            former,
            stamps,
            entries: Mutex::default(),
            seen: Mutex::default(),
            folders: Mutex::default(),
        }
    }

    /// Whether the output folder has these very bytes already: by manifest and stamp, else by
    /// reading the file once. `false` costs a write at worst.
    #[must_use]
    pub fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        self.held(path, digest, None).is_some()
    }

    /// Adds an output that [`Stage::holds`] found in its place.
    pub fn keep(&self, path: &str, digest: Fingerprint, len: u64) {
        let seen = lock(&self.seen).get(path).map(|(stamp, _)| *stamp);
        let stamp = seen.or_else(|| self.looking.stamp(path));
        let state = stamp.map_or(State::Staged, State::Held);
        lock(&self.entries).insert(path.to_owned(), Entry { owned: Owned { len, digest }, state });
    }

    /// Adds an output; staged unless the output folder has it already.
    ///
    /// # Errors
    /// When the path is not one below the output folder, or the bytes cannot be staged.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.put_hashed(path, bytes, Fingerprint::of_bytes(bytes))
    }

    /// Adds an output whose digest is known already.
    ///
    /// # Errors
    /// As [`Stage::put`].
    pub fn put_hashed(&self, path: &str, bytes: &[u8], digest: Fingerprint) -> Result<(), Error> {
        refuse::path(path)?;
        let owned = Owned { len: bytes.len() as u64, digest };
        if let Some(stamp) = self.held(path, owned.digest, Some(owned.len)) {
            self.add(path, owned, State::Held(stamp));
            return Ok(());
        }
        self.make_folders(path)?;
        self.staging.write(path, bytes).map_err(|error| self.trouble(path, &error))?;
        self.add(path, owned, State::Staged);
        Ok(())
    }

    /// Adds a file published as it is.
    ///
    /// # Errors
    /// As [`Stage::put`], and when it is no longer the file that was scanned: pages may name it by
    /// its fingerprint.
    pub fn copy(&self, path: &str, asset: &Asset) -> Result<(), Error> {
        refuse::path(path)?;
        let owned = Owned { len: asset.len, digest: asset.fingerprint };
        if let Some(stamp) = self.held(path, owned.digest, Some(owned.len)) {
            self.add(path, owned, State::Held(stamp));
            return Ok(());
        }
        let file = match &asset.content {
            AssetContent::Embedded(bytes) => return self.put(path, bytes),
            AssetContent::File(file) => file,
        };
        let source = scan::open(file).map_err(|error| {
            let trouble = Error::io("read", &*asset.path, &error);
            match error.kind() {
                io::ErrorKind::NotFound => {
                    trouble.with_help("it is gone since the folder was listed: build again")
                }
                _ => trouble,
            }
        })?;
        self.make_folders(path)?;
        let staged = self.staging.files().join(path);
        let copied = stream(source, &staged).map_err(|error| self.trouble(path, &error))?;
        if copied != asset.fingerprint {
            return Err(Error::new("publish", &*asset.path, "it changed while the site was built")
                .with_help("build again"));
        }
        self.add(path, owned, State::Staged);
        Ok(())
    }

    /// Makes the output folder hold exactly the outputs added, beside what is not ours.
    ///
    /// # Errors
    /// Before anything is changed, when something is in the way; else when the file system fails,
    /// and then the next build does the rest.
    pub fn commit(self) -> Result<(Written, OutputStamps), Error> {
        let written = self.carry_out()?;
        let stamps = self.stamps_now();
        let Self { former, stamps: known, entries, seen, .. } = self;
        // To take them apart takes as long as to write a hundred pages, and nobody waits for it.
        rayon::spawn(move || drop((former, known, entries, seen)));
        Ok((written, stamps))
    }

    /// The same for a build that leaves nothing to the next, which spares a look at every file.
    ///
    /// # Errors
    /// As [`Stage::commit`].
    pub fn commit_for_good(self) -> Result<Written, Error> {
        self.carry_out()
    }

    fn carry_out(&self) -> Result<Written, Error> {
        let plan = self.plan()?;
        if !plan.steps.is_empty() {
            match self.mode {
                // The staged folder becomes the output folder at one stroke.
                _ if self.is_new && self.staging.is_beside() => self.swap(&plan)?,
                Mode::InPlace => self.place(&plan)?,
                Mode::Atomic => self.swap(&plan)?,
            }
        }
        Ok(plan.counts)
    }

    /// Drops everything staged; the output folder stays as it was.
    pub fn abandon(self) {
        drop(self);
    }

    pub(super) fn plan(&self) -> Result<Plan, Error> {
        plan::plan(&self.output, &self.shown, self.adopt, self.former.as_ref(), &lock(&self.entries))
    }

    /// Saves the journal of a plan, and hands out what carries it out.
    pub(super) fn journal(&self, plan: &Plan) -> Result<(Journal, Committer<'_>), Error> {
        let journal = Journal::new(plan.steps.clone());
        journal.save(&self.staging)?;
        Ok((journal, Committer::new(&self.output, &self.shown, self.staging.files(), Run::First)))
    }

    /// Carries out a plan step by step.
    pub(super) fn place(&self, plan: &Plan) -> Result<(), Error> {
        let (journal, mut committer) = self.journal(plan)?;
        journal.run(&mut committer, &self.staging)
    }

    fn swap(&self, plan: &Plan) -> Result<(), Error> {
        let none = Manifest::new();
        let former = self.former.as_ref().unwrap_or(&none);
        let new = (&*lock(&self.entries), plan.manifest.as_str());
        swap::swap(&self.output, &self.shown, self.staging.files(), former, new)?;
        // The old folder. Before stamps are taken: losing a link changes a file's change time.
        self.staging.clear()
    }

    /// The stamps of every output after the commit.
    fn stamps_now(&self) -> OutputStamps {
        let entries = lock(&self.entries);
        // Before any file is looked at.
        let (since, now) = (self.staging.since(), self.staging.now());
        // Another folder may have taken its place.
        let looking = Looking::into(&self.output);
        let stamp = |(path, entry): (&String, &Entry)| {
            let stamp = match entry.state {
                // It was looked at earlier, and may have been written to again within the same tick.
                State::Held(stamp) if self.mode == Mode::InPlace => {
                    Some(stamp).filter(|stamp| stamp.is_settled_at(since))?
                }
                _ => looking.stamp(path)?,
            };
            Some((Arc::from(path.as_str()), (stamp, entry.owned.digest)))
        };
        let files: Vec<_> = entries.par_iter().filter_map(stamp).collect();
        OutputStamps { taken: Some(now), files: files.into_iter().collect(), ..OutputStamps::default() }
    }

    fn add(&self, path: &str, owned: Owned, state: State) {
        lock(&self.entries).insert(path.to_owned(), Entry { owned, state });
    }

    /// The stamp of the output, if it is there with these bytes. What the manifest says otherwise of
    /// is not looked at, for it is to be written anyway.
    fn held(&self, path: &str, digest: Fingerprint, len: Option<u64>) -> Option<Stamp> {
        if self.is_new {
            return None;
        }
        let owned = self.former.as_ref().and_then(|former| former.get(path));
        if owned.is_some_and(|owned| owned.digest != digest) {
            return None;
        }
        if let Some((stamp, found)) = lock(&self.seen).get(path) {
            return (*found == digest).then_some(*stamp);
        }
        let stamp = self.looking.stamp(path)?;
        if len.or(owned.map(|owned| owned.len)).is_some_and(|len| len != stamp.len) {
            return None;
        }
        let found = match self.stamps.recall(path, &stamp) {
            Some(found) => found,
            None => scan::hash(&self.output.join(path)).ok()?.0,
        };
        lock(&self.seen).insert(path.to_owned(), (stamp, found));
        (found == digest).then_some(stamp)
    }

    /// Makes the folders in which an output is staged.
    fn make_folders(&self, path: &str) -> Result<(), Error> {
        let folder = ancestors(path).last().unwrap_or_default();
        let is_there = lock(&self.folders).contains(folder);
        if !is_there {
            // Another thread may be making it too, which is no mistake of either.
            self.staging.make_folder(folder).map_err(|error| self.trouble(path, &error))?;
            lock(&self.folders).insert(folder.to_owned());
        }
        Ok(())
    }

    fn trouble(&self, path: &str, error: &io::Error) -> Error {
        let trouble = Error::io("write", self.shown.join(path), error);
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                trouble.with_help("make room and build again; nothing published has changed")
            }
            // One output is `x`, another `x/y`.
            io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::AlreadyExists => {
                trouble.with_help("two outputs need this name, one as a file and one as a folder: rename one")
            }
            _ => trouble,
        }
    }
}

/// Copies a file and says what was copied, in constant memory.
fn stream(mut source: File, place: &Path) -> io::Result<Fingerprint> {
    let mut copy = File::create(place)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                copy.write_all(&buffer[..count])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A thread that panicked while it held the lock left the map whole: inserting is all that is done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
