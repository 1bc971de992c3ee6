//! One tree of a site to the files in it that count.
//!
//! In: the name of a folder below the root. Out: its regular files, sorted, with their stamps, and
//! a diagnostic for whatever a user may have meant to publish and we leave out. Opens no file.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::Stamp;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::error::{Error, reason};

/// What every tree of one scan has in common.
pub(super) struct Walk {
    root: PathBuf,
    /// The root with every link resolved: what a link's target is measured against.
    real_root: PathBuf,
    /// The output folder, resolved; `None` before the first build.
    output: Option<PathBuf>,
    ignore: GlobSet,
}

/// What becomes of files whose name begins with a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dotfiles {
    /// All are left out.
    LeftOut,
    /// Those that hosts look for are kept: `.well-known/`, `.nojekyll`, `.htaccess`.
    ForHosts,
}

/// A regular file.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Relative to the root, with `/`.
    pub(super) path: Arc<str>,
    /// Where to read it.
    pub(super) file: PathBuf,
    /// What the file system says of it.
    pub(super) stamp: Stamp,
}

/// What to do with one entry of a folder.
enum Verdict {
    Enter,
    Keep(String),
    LeaveOut,
    Report(Diagnostic),
}

impl Walk {
    /// Prepares to walk below `root`, never into `output`.
    pub(super) fn new(root: &Path, output: &Path, ignore: GlobSet) -> Result<Self, Error> {
        let real_root = fs::canonicalize(root).map_err(|error| Error::io("read", root, &error))?;
        let output = fs::canonicalize(root.join(output)).ok();
        Ok(Self { root: root.to_owned(), real_root, output, ignore })
    }

    /// Why a walk of a tree never comes to a file, if it does not; the file need not be there yet.
    /// Without this a page could be made that no build sees, or that lies outside the site.
    pub(super) fn misses(&self, name: &str, below: &Path) -> Option<String> {
        let top = self.root.join(name);
        let tree = Tree { walk: self, name, top: &top, dotfiles: Dotfiles::LeftOut };
        let mut file = top.clone();
        let mut parts = below.iter();
        for depth in 0.. {
            match tree.name_of(&file, depth) {
                Err(Verdict::Report(found)) => return Some(found.message),
                Err(_) => return Some(tree.why_left_out(&file, depth)),
                Ok(path) if fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_symlink()) => {
                    if let Err(found) = tree.check_link(&file, &path) {
                        return Some(format!("`{path}`: {}", found.message));
                    }
                }
                Ok(_) => {}
            }
            file.push(parts.next()?);
        }
        None
    }

    /// The files below one folder; none when there is no such folder.
    pub(super) fn tree(&self, name: &str, dotfiles: Dotfiles) -> (Vec<Found>, Vec<Diagnostic>) {
        let top = self.root.join(name);
        if fs::symlink_metadata(&top).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return (Vec::new(), Vec::new());
        }
        let tree = Tree { walk: self, name, top: &top, dotfiles };
        let mut folders = Vec::new();
        let mut entries = WalkDir::new(&top).follow_links(true).into_iter();
        // Where the walk goes, folders say; other threads look at the rest meanwhile, in whatever order.
        let leaves = std::iter::from_fn(|| {
            loop {
                let entry = entries.next()?;
                match &entry {
                    Ok(folder) if folder.file_type().is_dir() => match tree.judge(folder) {
                        Verdict::Enter => continue,
                        Verdict::Report(diagnostic) => folders.push(diagnostic),
                        Verdict::Keep(_) | Verdict::LeaveOut => {}
                    },
                    _ => return Some(entry),
                }
                entries.skip_current_dir();
            }
        });
        let looked = leaves.par_bridge().filter_map(|entry| tree.look(entry));
        let (mut found, mut diagnostics): (Vec<Found>, Vec<_>) = looked.partition_map(super::apart);
        diagnostics.extend(folders);
        found.par_sort_unstable_by(|one, other| one.path.cmp(&other.path));
        diagnostic::sort(&mut diagnostics);
        (found, diagnostics)
    }
}

/// Stamps a file, or says why it cannot be; a file that is gone by now was never there.
fn stamped(path: String, file: PathBuf) -> Option<Result<Found, Diagnostic>> {
    match fs::metadata(&file) {
        Ok(metadata) if metadata.is_file() => {
            Some(Ok(Found { path: path.into(), file, stamp: Stamp::of(&metadata) }))
        }
        Ok(_) => Some(Err(special(&path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(super::unreadable(&path, &error))),
    }
}

/// One tree while it is walked.
struct Tree<'a> {
    walk: &'a Walk,
    name: &'a str,
    top: &'a Path,
    dotfiles: Dotfiles,
}

impl Tree<'_> {
    /// What is not a folder to go into, stamped, unless it is left out.
    fn look(&self, entry: Result<DirEntry, walkdir::Error>) -> Option<Result<Found, Diagnostic>> {
        let verdict = match &entry {
            Ok(entry) => self.judge(entry),
            Err(error) => self.failure(error),
        };
        match verdict {
            Verdict::Keep(path) => stamped(path, entry.ok()?.into_path()),
            Verdict::Report(diagnostic) => Some(Err(diagnostic)),
            Verdict::Enter | Verdict::LeaveOut => None,
        }
    }

    fn judge(&self, entry: &DirEntry) -> Verdict {
        let path = match self.name_of(entry.path(), entry.depth()) {
            Ok(path) => path,
            Err(verdict) => return verdict,
        };
        let kind = entry.file_type();
        if entry.depth() == 0 && !kind.is_dir() {
            return Verdict::Report(Diagnostic::new(Code::File, path, None, "this is not a folder"));
        }
        if kind.is_dir() && self.walk.output.as_deref() == Some(&self.walk.real_root.join(&path)) {
            return Verdict::LeaveOut;
        }
        if entry.path_is_symlink()
            && let Err(diagnostic) = self.check_link(entry.path(), &path)
        {
            return Verdict::Report(diagnostic);
        }
        if kind.is_dir() {
            Verdict::Enter
        } else if kind.is_file() {
            Verdict::Keep(path)
        } else {
            Verdict::Report(special(&path))
        }
    }

    /// What an entry that could not be looked at means.
    fn failure(&self, error: &walkdir::Error) -> Verdict {
        let file = error.path().unwrap_or(self.top);
        let path = match self.name_of(file, error.depth()) {
            Ok(path) => path,
            Err(verdict) => return verdict,
        };
        if let Some(ancestor) = error.loop_ancestor() {
            return Verdict::Report(endless(&path, ancestor));
        }
        let is_link = fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_symlink());
        match error.io_error() {
            Some(error) if is_link && error.kind() == io::ErrorKind::NotFound => {
                let target = fs::read_link(file).unwrap_or_default();
                let message = format!("this link leads to `{}`, which does not exist", target.display());
                Verdict::Report(link(&path, message).help("mend the link or delete it"))
            }
            Some(error) if is_link => {
                let message = format!("this link leads nowhere: {}", reason(error));
                Verdict::Report(link(&path, message).help("mend the link or delete it"))
            }
            Some(error) if error.kind() == io::ErrorKind::NotFound => Verdict::LeaveOut,
            Some(error) => Verdict::Report(super::unreadable(&path, error)),
            None => Verdict::LeaveOut,
        }
    }

    /// The path of an entry relative to the root, unless its name alone decides that it is left out.
    fn name_of(&self, file: &Path, depth: usize) -> Result<String, Verdict> {
        if depth == 0 {
            return Ok(self.name.to_owned());
        }
        let mut path = String::with_capacity(self.name.len() + file.as_os_str().len());
        path.push_str(self.name);
        for part in file.strip_prefix(self.top).unwrap_or(file) {
            path.push('/');
            path.push_str(&part.to_string_lossy());
        }
        let name = file.file_name().unwrap_or_default();
        if self.is_left_out(name, depth) || self.walk.ignore.is_match(&path) {
            return Err(Verdict::LeaveOut);
        }
        let refuse = |path: String, message: &str| {
            Verdict::Report(
                Diagnostic::new(Code::File, path, None, message)
                    .help("rename it; letters, digits, `-`, `_` and `.` are safe everywhere"),
            )
        };
        match name.to_str() {
            None => Err(refuse(path, "this name is not UTF-8, so no URL can be made of it")),
            Some(name) if name.contains(|letter: char| letter.is_control()) => {
                Err(refuse(path.escape_debug().to_string(), "this name holds a control character"))
            }
            Some(name) if name.contains('\\') => Err(refuse(path, "this name holds a backslash")),
            Some(_) => Ok(path),
        }
    }

    fn is_left_out(&self, name: &OsStr, depth: usize) -> bool {
        let name = name.to_string_lossy();
        let for_hosts = self.dotfiles == Dotfiles::ForHosts
            && (matches!(&*name, ".nojekyll" | ".htaccess") || (depth == 1 && name == ".well-known"));
        (name.starts_with('.') && !for_hosts) || is_litter(&name)
    }

    /// What a file is left out for, in words.
    fn why_left_out(&self, file: &Path, depth: usize) -> String {
        let name = file.file_name().unwrap_or_default();
        let shown = diagnostic::visible(&name.to_string_lossy());
        if !self.is_left_out(name, depth) {
            format!("`ignore` in `site.toml` leaves `{shown}` out of every build")
        } else if shown.starts_with('.') {
            format!("`{shown}` begins with a dot, and what does is left out of every build")
        } else {
            format!(
                "`{shown}` is a name that editors give to files of their own, and is left out of every build"
            )
        }
    }

    /// Whether a link may be followed: its target lies in the root, outside the output folder, and
    /// is not a folder that holds the link itself.
    fn check_link(&self, file: &Path, path: &str) -> Result<(), Diagnostic> {
        let target = fs::canonicalize(file).map_err(|error| super::unreadable(path, &error))?;
        if !target.starts_with(&self.walk.real_root) {
            let message =
                format!("this link leads out of the site, to `{}`, and is not followed", target.display());
            return Err(link(path, message).help("copy the file or folder into the site"));
        }
        if self.walk.output.as_ref().is_some_and(|output| target.starts_with(output)) {
            let message = format!(
                "this link leads into the output folder, to `{}`, and is not followed",
                target.display()
            );
            return Err(link(path, message).help("link to the source of the file instead"));
        }
        let folder = file.parent().and_then(|folder| fs::canonicalize(folder).ok());
        if folder.is_some_and(|folder| folder.starts_with(&target)) {
            return Err(endless(path, &target));
        }
        Ok(())
    }
}

/// Whether a file of this name is one that editors (vim, Emacs, those of `JetBrains`) and desktops
/// leave behind.
#[must_use]
pub fn is_litter(name: &str) -> bool {
    const ENDINGS: [&str; 6] = ["~", ".swp", ".swx", ".bck", "___jb_tmp___", "___jb_old___"];
    name == "4913"
        || name == "Thumbs.db"
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn link(path: &str, message: String) -> Diagnostic {
    Diagnostic::new(Code::File, path, None, message).severity(Severity::Warning)
}

fn endless(path: &str, target: &Path) -> Diagnostic {
    link(path, format!("this link leads back to `{}`, which holds it, and is not followed", target.display()))
        .help("delete the link")
}

fn special(path: &str) -> Diagnostic {
    Diagnostic::new(Code::File, path, None, "this is neither a file nor a folder, and is left out")
        .severity(Severity::Warning)
        .help("a pipe, socket or device cannot be published; move it out of the site")
}
