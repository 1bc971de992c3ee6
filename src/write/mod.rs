//! Outputs to the output folder: everything or nothing, and only what differs.
//!
//! In: paths below the output folder with their bytes, one at a time, from any thread. Out: that
//! folder, holding exactly those files and whatever others put there. Does not decide what exists.
//!
//! Outputs are staged beside the target ([`Stage`]) and moved into place at the end (`commit`), or
//! the whole folder is exchanged (`swap`). What we wrote is listed in a manifest inside the output
//! folder; nothing else is ever deleted.

mod commit;
mod look;
mod manifest;
mod plan;
mod refuse;
mod sources;
mod stage;
mod staging;
mod swap;

use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::scan::Stamps;
use commit::{Committer, Journal, Run};
use look::Looking;
pub use sources::{Change, replace};
pub use stage::Stage;
use staging::Staging;

/// Where to write, and how.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The site's folder.
    pub root: &'a Path,
    /// The output folder, absolute or relative to the root.
    pub output: &'a Path,
    /// How the new files take the old ones' place.
    pub mode: Mode,
    /// What to do with a folder that somebody else filled.
    pub adopt: Adopt,
}

/// How new files take the old ones' place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// One by one; a build that is killed meanwhile is finished by the next.
    #[default]
    InPlace,
    /// All at once, by exchanging the whole folder (`--atomic`).
    Atomic,
}

/// What to do with files that are not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Adopt {
    /// A folder that holds some without a manifest is refused, and none is written over.
    #[default]
    Refuse,
    /// They may be written over, but are still never deleted (`--force`).
    Force,
}

/// What the file system said of each output after the last commit: memory for the next.
pub type OutputStamps = Stamps;

/// What a commit did, in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// New or different.
    pub written: usize,
    /// There already, byte for byte, and left alone.
    pub unchanged: usize,
    /// Of the last build and not of this one.
    pub deleted: usize,
}

/// Opens the output folder for one build: refuses folders that must not be written to, finishes a
/// commit that was interrupted, and reads what the last build left. Changes nothing else yet.
///
/// # Errors
/// When the folder is refused, another build has it, or it cannot be read or staged for.
pub fn open(target: &Target<'_>, stamps: Arc<OutputStamps>) -> Result<Stage, Error> {
    let output = refuse::resolve(target)?;
    let staging = claim(target, &output)?;
    let former = manifest::read(&output, target.output)?;
    if former.is_none() && target.adopt == Adopt::Refuse {
        refuse::foreign(&output, target.output)?;
    }
    if target.mode == Mode::Atomic && !staging.is_beside() {
        return Err(Error::new(
            "swap",
            target.output,
            "the folder above it cannot be written to, or is another file system",
        )
        .with_help("build without `--atomic`"));
    }
    Ok(Stage::new(target, output, staging, former, stamps))
}

/// Deletes every file that the manifest lists, the folders this empties, and the manifest. Says how
/// many files it deleted.
///
/// # Errors
/// As [`open()`], or when a file cannot be deleted.
pub fn clean(target: &Target<'_>) -> Result<usize, Error> {
    let output = refuse::resolve(target)?;
    if !output.exists() {
        return Ok(0);
    }
    let staging = claim(target, &output)?;
    let Some(owned) = manifest::read(&output, target.output)? else { return Ok(0) };
    let mut committer = Committer::new(&output, target.output, staging.files(), Run::First);
    let mut deleted = 0;
    for path in owned.keys() {
        deleted += usize::from(committer.delete(path)?);
    }
    committer.delete(manifest::NAME)?;
    Ok(deleted)
}

/// Takes the staging folder for ourselves, and finishes the commit it may hold.
fn claim(target: &Target<'_>, output: &Path) -> Result<Staging, Error> {
    let staging = Staging::claim(output, target.output)?;
    if let Some(journal) = Journal::load(&staging) {
        let mut committer = Committer::new(output, target.output, staging.files(), Run::Again);
        for step in &journal.steps {
            committer.step(step).map_err(|error| commit::unfinished(error, &staging))?;
        }
    }
    staging.clear()?;
    Ok(staging)
}

#[cfg(test)]
mod tests;
