//! Exchanging the whole output folder, for hosts that serve it while we build.
//!
//! In: the staged files and the old folder. Out: a complete new folder in the old one's place, at
//! one stroke; files that did not change, and files that are not ours, are the same files (hard
//! links), with their times. Decides nothing about what changes.

use std::fs;
use std::io;
use std::path::Path;

use walkdir::WalkDir;

use super::manifest::{self, Manifest};
use super::plan::{Entries, State};
use crate::error::Error;

/// Completes the staged folder and puts it in the output folder's place. The old folder is then
/// where the staged one was.
pub(super) fn swap(
    output: &Path,
    shown: &Path,
    staged: &Path,
    former: &Manifest,
    (entries, manifest): (&Entries, &str),
) -> Result<(), Error> {
    let trouble = |error: &io::Error| Error::io("swap", shown, error);
    fs::create_dir_all(staged).map_err(|error| trouble(&error))?;
    let list = staged.join(manifest::NAME);
    fs::write(&list, manifest).map_err(|error| Error::io("write", &list, &error))?;
    if output.exists() {
        complete(output, staged, |path| stays(path, former, entries)).map_err(|error| trouble(&error))?;
        exchange(staged, output).map_err(|error| {
            Error::io("swap", shown, &error)
                .with_help("this file system cannot exchange folders: build without `--atomic`")
        })
    } else {
        fs::rename(staged, output).map_err(|error| Error::io("write", shown, &error))
    }
}

/// Whether a file of the old folder is also one of the new, untouched.
fn stays(path: &str, former: &Manifest, entries: &Entries) -> bool {
    match entries.get(path) {
        Some(entry) => entry.state != State::Staged,
        None => path != manifest::NAME && !former.contains_key(path),
    }
}

/// Links what stays into the new folder, and gives folders their old permissions.
fn complete(output: &Path, staged: &Path, stays: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in WalkDir::new(output).contents_first(true) {
        let entry = entry.map_err(of_walk)?;
        let below = entry.path().strip_prefix(output).unwrap_or(entry.path());
        let place = staged.join(below);
        if entry.file_type().is_dir() {
            // Folders that we empty are not made again, but those that were empty are.
            if fs::read_dir(entry.path())?.next().is_none() {
                fs::create_dir_all(&place)?;
            }
            if place.is_dir() {
                fs::set_permissions(&place, entry.metadata().map_err(of_walk)?.permissions())?;
            }
            continue;
        }
        let parts: Option<Vec<&str>> = below.iter().map(std::ffi::OsStr::to_str).collect();
        // A name that is not UTF-8 is none that we gave.
        if parts.is_none_or(|parts| stays(&parts.join("/"))) {
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            link(entry.path(), &place, entry.file_type())?;
        }
    }
    Ok(())
}

/// The failure of the system behind that of a walk. One that follows no links meets no loops.
fn of_walk(error: walkdir::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| io::Error::other("the folder could not be walked"))
}

/// Links a file, or copies it where there are no hard links.
fn link(file: &Path, place: &Path, kind: fs::FileType) -> io::Result<()> {
    match fs::hard_link(file, place) {
        Err(_) if kind.is_file() => {
            fs::copy(file, place)?;
            let modified = fs::metadata(file)?.modified()?;
            fs::File::options().write(true).open(place)?.set_modified(modified)
        }
        outcome => outcome,
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
