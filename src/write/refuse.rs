//! Where we will not write.
//!
//! In: the output folder as the user named it, and paths below it. Out: the folder's real path, or
//! the reason why it must not be written to. Changes nothing.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Target, manifest};
use crate::error::Error;
use crate::scan;

/// What else of a site is not for output, beside its sources.
const OTHERS: [&str; 2] = [".guidepost", ".git"];

/// The real path of the output folder, every link in it resolved. It need not exist.
pub(super) fn resolve(target: &Target<'_>) -> Result<PathBuf, Error> {
    let named = target.root.join(target.output);
    let output = real(&named).map_err(|error| {
        let trouble = Error::io("write to", target.output, &error);
        let dangling = fs::symlink_metadata(&named).is_ok_and(|metadata| metadata.is_symlink());
        if dangling {
            trouble.with_help("it is a link that leads nowhere: mend or delete it")
        } else {
            trouble
        }
    })?;
    let root = real(target.root).map_err(|error| Error::io("read", target.root, &error))?;
    match reason_against(&output, &root) {
        None => Ok(output),
        Some(why) => Err(Error::new("write to", target.output, why)
            .with_help("choose a folder for the site alone with `--output`, such as `public`")),
    }
}

fn reason_against(output: &Path, root: &Path) -> Option<String> {
    if output.parent().is_none() {
        return Some("it is the top of the file system".to_owned());
    }
    if output == root {
        return Some("it is the site's own folder".to_owned());
    }
    if root.starts_with(output) {
        return Some("the site itself lies in it".to_owned());
    }
    // A source folder may be a link to elsewhere: both places count.
    let overlaps = |source: &&str| {
        let named = root.join(source);
        let resolved = real(&named).unwrap_or_else(|_| named.clone());
        [named, resolved].iter().any(|source| output.starts_with(source) || source.starts_with(output))
    };
    let mut sources = scan::FOLDERS.into_iter().chain(OTHERS).chain(scan::FILES);
    if let Some(source) = sources.find(overlaps) {
        return Some(format!("it overlaps `{source}`, which is not for output"));
    }
    let home = std::env::home_dir().and_then(|home| real(&home).ok());
    if home.is_some_and(|home| home.parent().is_some() && home.starts_with(output)) {
        return Some("your home folder is, or lies in, that folder".to_owned());
    }
    match fs::metadata(output) {
        Ok(metadata) if !metadata.is_dir() => Some("it is not a folder".to_owned()),
        _ => None,
    }
}

/// Resolves the part of a path that exists, and adds the rest.
fn real(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    loop {
        match fs::canonicalize(existing) {
            Ok(mut real) => {
                for part in absolute.strip_prefix(existing).unwrap_or(Path::new("")).components() {
                    match part {
                        Component::ParentDir => drop(real.pop()),
                        part => real.push(part),
                    }
                }
                return Ok(real);
            }
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(existing).is_err() =>
            {
                existing = existing.parent().ok_or(error)?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Refuses a folder without a manifest that holds anything but dotfiles.
pub(super) fn foreign(output: &Path, shown: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", shown, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| Error::io("read", shown, &error))?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push(name);
        }
    }
    match names.iter().min() {
        None => Ok(()),
        Some(name) => {
            let why = format!("it holds `{}`, and no build of ours made that folder", name.display());
            Err(Error::new("write to", shown, why)
                .with_help("empty it, choose another with `--output`, or pass `--force` to build into it; nothing unknown is deleted"))
        }
    }
}

/// Refuses a path that is not plainly below the output folder, or that no host could store.
pub(super) fn path(path: &str) -> Result<(), Error> {
    let why = if path.chars().any(char::is_control) {
        "it holds a control character"
    } else if path.contains('\\') {
        "it holds a backslash"
    } else if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        "it is not a plain path below the output folder"
    } else if path.split('/').any(|part| part.len() > 255) {
        "a part of it is longer than 255 bytes"
    } else if path.eq_ignore_ascii_case(manifest::NAME) {
        "that name is the list of written files"
    } else if cfg!(windows) && path.contains(':') {
        "it holds a colon"
    } else {
        return Ok(());
    };
    Err(Error::new("write", path, why))
}
