//! What a commit will do, settled before anything is changed.
//!
//! In: what the last build left, what this one made, and what lies in the output folder. Out: the
//! steps in their order, or the one thing in the way. Changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::commit::{Step, ancestors, kind_of};
use super::manifest::{self, Manifest, Owned};
use super::{Adopt, Written};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::scan::Stamp;

/// One output of this build.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) owned: Owned,
    pub(super) state: State,
}

/// Where an output's bytes are before the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// In the staging folder.
    Staged,
    /// In the output folder already.
    Held(Stamp),
}

/// The outputs of this build, by path.
pub(super) type Entries = BTreeMap<String, Entry>;

/// What a commit will do.
#[derive(Debug)]
pub(super) struct Plan {
    /// None when the folder is as it should be.
    pub(super) steps: Vec<Step>,
    pub(super) manifest: String,
    pub(super) counts: Written,
}

/// Settles the steps: what stands in the way goes first, then files are placed, pages last, so that
/// no page asks for a file that is not there yet; then what is not of this build goes.
pub(super) fn plan(
    output: &Path,
    shown: &Path,
    adopt: Adopt,
    former: Option<&Manifest>,
    entries: &Entries,
) -> Result<Plan, Error> {
    let none = Manifest::new();
    let known = former.unwrap_or(&none);
    let staged: Vec<(&str, Fingerprint)> = entries
        .iter()
        .filter(|(_, entry)| entry.state == State::Staged)
        .map(|(path, entry)| (path.as_str(), entry.owned.digest))
        .collect();
    let stale: Vec<&str> =
        known.keys().map(String::as_str).filter(|path| !entries.contains_key(*path)).collect();
    let first = in_the_way(&stale, entries);
    let mut ground = Ground {
        output,
        shown,
        adopt,
        known,
        first: &first,
        folders: HashSet::new(),
        writable: HashSet::new(),
    };
    let is_there = fs::symlink_metadata(output).is_ok();
    for (path, _) in staged.iter().filter(|_| is_there) {
        ground.check_folders(path)?;
        ground.check_place(path)?;
        ground.check_writable(path)?;
    }
    for path in &stale {
        if ground.kind_of(path)?.is_some_and(|kind| kind.is_file()) {
            ground.check_writable(path)?;
        }
    }

    let owned: Vec<_> = entries.iter().map(|(path, entry)| (path.as_str(), entry.owned)).collect();
    let delete = |path: &&str| Step::Delete((*path).to_owned());
    let place =
        |(path, digest): &(&str, Fingerprint)| Step::Place { path: (*path).to_owned(), digest: *digest };
    let (pages, assets): (Vec<_>, Vec<_>) = staged.iter().partition(|(path, _)| is_page(path));
    let mut steps: Vec<Step> = first.iter().map(delete).collect();
    steps.extend(assets.into_iter().chain(pages).map(place));
    steps.extend(stale.iter().filter(|path| !first.contains(*path)).map(delete));
    let manifest = manifest::to_text(&owned);
    let is_same = |former: &Manifest| {
        former.iter().map(|(path, owned)| (path.as_str(), *owned)).eq(owned.iter().copied())
    };
    if !former.is_some_and(is_same) {
        steps.push(Step::Manifest(manifest.clone()));
    }
    let counts =
        Written { written: staged.len(), unchanged: entries.len() - staged.len(), deleted: stale.len() };
    Ok(Plan { steps, manifest, counts })
}

fn is_page(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("html"))
}

/// Which files of the last build must go before those of this one can be placed: a file where a
/// folder is wanted, a folder where a file is, and a name that differs by letter case alone, which
/// on some file systems is the same name.
fn in_the_way<'a>(stale: &[&'a str], entries: &Entries) -> BTreeSet<&'a str> {
    if stale.is_empty() {
        return BTreeSet::new();
    }
    let folders: HashSet<&str> = entries.keys().flat_map(|path| ancestors(path)).collect();
    let folded: HashSet<String> = entries.keys().map(|path| path.to_lowercase()).collect();
    let blocks = |path: &&str| {
        folders.contains(path)
            || folded.contains(&path.to_lowercase())
            || ancestors(path).any(|folder| entries.contains_key(folder))
    };
    stale.iter().copied().filter(blocks).collect()
}

/// The output folder as a commit will find it.
struct Ground<'a> {
    output: &'a Path,
    shown: &'a Path,
    adopt: Adopt,
    known: &'a Manifest,
    /// Files that go before any is placed.
    first: &'a BTreeSet<&'a str>,
    /// Folders looked at already.
    folders: HashSet<String>,
    /// Folders known to be writable.
    writable: HashSet<PathBuf>,
}

impl Ground<'_> {
    /// Nothing but folders, or what goes first, may stand where a file's folders must be.
    fn check_folders(&mut self, path: &str) -> Result<(), Error> {
        for folder in ancestors(path) {
            if self.folders.contains(folder) {
                continue;
            }
            match self.kind_of(folder)? {
                None => return Ok(()),
                Some(kind) if kind.is_dir() => {}
                Some(kind) if kind.is_file() && self.goes_first(folder) => return Ok(()),
                Some(kind) if kind.is_symlink() => {
                    return Err(self.blocked(folder, "it is a link, and a link may lead anywhere"));
                }
                Some(_) => {
                    return Err(
                        self.blocked(folder, "a folder must be there, and a file that is not ours is")
                    );
                }
            }
            self.folders.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Nothing but a file of ours, or a folder that empties, may be where a file must be.
    fn check_place(&self, path: &str) -> Result<(), Error> {
        let Some(kind) = self.kind_of(path)? else { return Ok(()) };
        if kind.is_dir() {
            return match self.lasting(path) {
                None => Ok(()),
                Some(other) => {
                    let why =
                        format!("a file must be there, and a folder is, with `{other}`, which is not ours");
                    Err(self.blocked(path, &why))
                }
            };
        }
        if kind.is_symlink() {
            return Err(self.blocked(path, "it is a link, and a link may lead anywhere"));
        }
        if !kind.is_file() {
            return Err(self.blocked(path, "it is a pipe, a socket or a device"));
        }
        let ours = self.known.contains_key(path) || self.goes_first(path);
        if ours || self.adopt == Adopt::Force {
            return Ok(());
        }
        Err(Error::new("replace", self.shown.join(path), "no build of ours wrote it")
            .with_help("move it to `static/`, delete it, or pass `--force` to replace it"))
    }

    /// The innermost folder that is there must take the file, or the folders still to be made.
    fn check_writable(&mut self, path: &str) -> Result<(), Error> {
        let folders = Path::new(path).ancestors().skip(1);
        let is_folder = |kind: fs::FileType| kind.is_dir();
        let there =
            |folder: &&Path| kind_of(&self.output.join(folder)).is_ok_and(|kind| kind.is_some_and(is_folder));
        let Some(folder) = folders.into_iter().find(there) else { return Ok(()) };
        if self.writable.contains(folder) {
            return Ok(());
        }
        may_write(&self.output.join(folder)).map_err(|error| {
            let shown = if folder == Path::new("") { self.shown.to_owned() } else { self.shown.join(folder) };
            Error::io("write into", shown, &error)
                .with_help("allow it to be written to, or delete it; no file has been changed")
        })?;
        self.writable.insert(folder.to_owned());
        Ok(())
    }

    /// What lies at a path; `None` when nothing does.
    fn kind_of(&self, path: &str) -> Result<Option<fs::FileType>, Error> {
        kind_of(&self.output.join(path)).map_err(|error| Error::io("look at", self.shown.join(path), &error))
    }

    fn goes_first(&self, path: &str) -> bool {
        self.first.contains(path) || {
            let folded = path.to_lowercase();
            self.first.iter().any(|first| first.to_lowercase() == folded)
        }
    }

    /// The first thing below a folder that stays when what goes first has gone.
    fn lasting(&self, folder: &str) -> Option<String> {
        let top = self.output.join(folder);
        for entry in WalkDir::new(&top).min_depth(1).sort_by_file_name() {
            let Ok(entry) = entry else { return Some("a file that cannot be read".to_owned()) };
            let below = entry.path().strip_prefix(self.output).unwrap_or(entry.path());
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let path = parts.join("/");
            let goes = if entry.file_type().is_dir() {
                let inside = format!("{path}/");
                self.first.iter().any(|first| first.starts_with(&inside))
            } else {
                self.first.contains(path.as_str())
            };
            if !goes {
                return Some(path);
            }
        }
        // An empty folder has nobody to empty it.
        let inside = format!("{folder}/");
        (!self.first.iter().any(|first| first.starts_with(&inside))).then(|| folder.to_owned())
    }

    fn blocked(&self, path: &str, why: &str) -> Error {
        Error::new("write into", self.shown.join(path), why)
            .with_help("delete or move it; no file has been changed")
    }
}

/// Whether the system lets us make, replace and delete files in a folder.
#[cfg(unix)]
fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Elsewhere folders have no such permission that could be asked for.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
fn may_write(_folder: &Path) -> io::Result<()> {
    Ok(())
}
