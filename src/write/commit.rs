//! Moving staged files into place, so that it can be finished by whoever comes next.
//!
//! In: a list of steps. Out: the output folder changed by them, in order. Each step may be run
//! again after it was done, or half done, with the same result; that is what makes a killed commit
//! harmless. Decides nothing about what the steps are.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Staging, manifest, refuse};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::memory::regular;
use crate::scan;

/// Names the shape of a journal; another version's journal is not read.
const FORMAT: &str = "guidepost journal 1";

/// What a commit does, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    format: String,
    pub(super) steps: Vec<Step>,
}

/// One change to the output folder. Paths are below it, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Step {
    /// Deletes a file that was ours, and the folders this empties.
    Delete(String),
    /// Moves a staged file to its place.
    Place { path: String, digest: Fingerprint },
    /// Writes the manifest, whose text this is.
    Manifest(String),
}

impl Step {
    /// Whether it changes the output folder alone. A step that does not was never ours, whoever left it.
    fn stays_inside(&self) -> bool {
        match self {
            Self::Delete(path) | Self::Place { path, .. } => refuse::path(path).is_ok(),
            Self::Manifest(_) => true,
        }
    }
}

impl Journal {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self { format: FORMAT.to_owned(), steps }
    }

    /// Puts the journal where the next build finds it. From here on the commit will happen.
    pub(super) fn save(&self, staging: &Staging) -> Result<(), Error> {
        let draft = staging.folder().join("journal.new");
        let save = || {
            let bytes = postcard::to_stdvec(self).map_err(io::Error::other)?;
            let mut file = regular::anew(&draft)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&draft, staging.journal())
        };
        save().map_err(|error| Error::io("write", &draft, &error))
    }

    /// The journal of a commit that was interrupted. One that cannot be read is as good as none: the
    /// next build compares every output with what it should be. So is one beside a link where staged
    /// files lie: no build left that.
    pub(super) fn load(staging: &Staging) -> Option<Self> {
        let is_link = matches!(kind_of(staging.files()), Ok(Some(kind)) if !kind.is_dir());
        let bytes = regular::read(&staging.journal()).ok().filter(|_| !is_link)?;
        postcard::from_bytes(&bytes)
            .ok()
            .filter(|journal: &Self| journal.format == FORMAT && journal.steps.iter().all(Step::stays_inside))
    }

    /// Runs every step, then drops the journal. It stays when a step fails after another was done,
    /// for then the output folder is between two builds.
    pub(super) fn run(&self, committer: &mut Committer<'_>, staging: &Staging) -> Result<(), Error> {
        let outcome = self
            .steps
            .iter()
            .enumerate()
            .try_for_each(|(done, step)| committer.step(step).map_err(|error| (done, error)));
        match outcome {
            Ok(()) => staging.clear(),
            Err((0, error)) => {
                staging.clear()?;
                Err(error)
            }
            Err((_, error)) => Err(unfinished(error, staging)),
        }
    }
}

/// Says of a failed step that others were done, and what to do then.
pub(super) fn unfinished(error: Error, staging: &Staging) -> Error {
    error.with_help(format!(
        "some files are of the new build and some of the old: mend this and build again, or delete `{}` \
         and build again",
        staging.folder().display()
    ))
}

/// Whether steps are run for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// Every staged file must be there.
    First,
    /// Files may have been placed already; those left may be torn, for only the journal was synced.
    Again,
}

/// Carries out steps on one output folder.
pub(super) struct Committer<'a> {
    output: &'a Path,
    shown: &'a Path,
    staged: &'a Path,
    run: Run,
    /// Folders below the output folder known to be there, and to be no links.
    folders: HashSet<String>,
}

impl<'a> Committer<'a> {
    pub(super) fn new(output: &'a Path, shown: &'a Path, staged: &'a Path, run: Run) -> Self {
        Self { output, shown, staged, run, folders: HashSet::new() }
    }

    /// Carries out one step.
    pub(super) fn step(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Delete(path) => self.delete(path).map(drop),
            Step::Place { path, digest } => self.place(path, *digest),
            Step::Manifest(text) => self.write_manifest(text),
        }
    }

    /// Deletes a file and the folders this empties. A link or folder in its place is not ours, and
    /// stays, as does a file behind a link. Says whether there was a file.
    pub(super) fn delete(&mut self, path: &str) -> Result<bool, Error> {
        let trouble = |error: &io::Error| Error::io("delete", self.shown.join(path), error);
        for folder in ancestors(path) {
            match kind_of(&self.output.join(folder)).map_err(|error| trouble(&error))? {
                Some(kind) if kind.is_dir() => {}
                None if self.run == Run::Again => break,
                _ => return Ok(false),
            }
        }
        match kind_of(&self.output.join(path)).map_err(|error| trouble(&error))? {
            Some(kind) if kind.is_file() => {}
            // Whoever deleted it may have been killed before the folders were.
            None if self.run == Run::Again => {
                self.remove_emptied(path);
                return Ok(false);
            }
            _ => return Ok(false),
        }
        fs::remove_file(self.output.join(path)).map_err(|error| trouble(&error))?;
        self.remove_emptied(path);
        Ok(true)
    }

    /// Removes the folders of a deleted file, innermost first, as far as they are empty.
    fn remove_emptied(&mut self, path: &str) {
        let mut folders: Vec<&str> = ancestors(path).collect();
        while let Some(folder) = folders.pop() {
            // The system removes a folder only when it is empty, and no link ever.
            match fs::remove_dir(self.output.join(folder)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => break,
                _ => drop(self.folders.remove(folder)),
            }
        }
    }

    fn place(&mut self, path: &str, digest: Fingerprint) -> Result<(), Error> {
        let staged = self.staged.join(path);
        let is_whole = || scan::hash(&staged).is_ok_and(|(found, _)| found == digest);
        if self.run == Run::Again && !(self.is_staged(path) && is_whole()) {
            // Placed before, or torn by a crash of the machine; the next build writes it again.
            return Ok(());
        }
        self.make_folders(path)?;
        let place = self.output.join(path);
        let moved = match fs::rename(&staged, &place) {
            // Bind mounts look like one file system and are not.
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(&staged, &place),
            outcome => outcome,
        };
        moved.map_err(|error| Error::io("write", self.shown.join(path), &error))
    }

    /// Whether a file waits to be placed: no link, and behind none.
    fn is_staged(&self, path: &str) -> bool {
        let kind = |path: &str| kind_of(&self.staged.join(path)).ok().flatten();
        ancestors(path).all(|folder| kind(folder).is_some_and(|kind| kind.is_dir()))
            && kind(path).is_some_and(|kind| kind.is_file())
    }

    /// Makes the folders a file lies in. A link among them is refused: it may lead anywhere.
    fn make_folders(&mut self, path: &str) -> Result<(), Error> {
        let trouble = |folder: &str, error: &io::Error| Error::io("make", self.shown.join(folder), error);
        if self.folders.is_empty() {
            fs::create_dir_all(self.output).map_err(|error| trouble("", &error))?;
        }
        for folder in ancestors(path) {
            if self.folders.contains(folder) {
                continue;
            }
            let place = self.output.join(folder);
            match fs::symlink_metadata(&place) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Err(Error::new("write into", self.shown.join(folder), "it is not a folder")),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    fs::create_dir(&place).map_err(|error| trouble(folder, &error))?;
                }
                Err(error) => return Err(trouble(folder, &error)),
            }
            self.folders.insert(folder.to_owned());
        }
        Ok(())
    }

    fn write_manifest(&mut self, text: &str) -> Result<(), Error> {
        let draft = self.staged.join(manifest::NAME);
        let write = || {
            fs::create_dir_all(self.staged)?;
            regular::anew(&draft)?.write_all(text.as_bytes())
        };
        write().map_err(|error| Error::io("write", &draft, &error))?;
        self.place(manifest::NAME, Fingerprint::of_bytes(text.as_bytes()))
    }
}

/// Puts a copy of a file in its place at one stroke, where it cannot be moved there.
fn copy_over(staged: &Path, place: &Path) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".guidepost-new-");
    name.push(place.file_name().unwrap_or_default());
    let draft: PathBuf = place.with_file_name(name);
    let copy = || io::copy(&mut regular::open(staged)?, &mut regular::anew(&draft)?);
    let outcome = copy().and_then(|_| fs::rename(&draft, place));
    if outcome.is_err() {
        let _ = fs::remove_file(&draft);
    }
    outcome.and_then(|()| fs::remove_file(staged))
}

/// The folders a path lies in, outermost first: `a`, `a/b` for `a/b/c`.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// What a path itself is, no link followed; `None` when it is nothing.
pub(super) fn kind_of(path: &Path) -> io::Result<Option<fs::FileType>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_moved_is_copied_whole() {
        let folder = tempfile::TempDir::new().unwrap();
        let (staged, place) = (folder.path().join("staged"), folder.path().join("place"));
        fs::write(&staged, "new").unwrap();
        fs::write(&place, "old").unwrap();
        copy_over(&staged, &place).unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn ancestors_come_outermost_first() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(ancestors("c").count(), 0);
    }
}
