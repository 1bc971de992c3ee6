//! New texts for a site's own files: all of them or none.
//!
//! In: files with the bytes they were read with and those they shall have. Out: those files. A file that
//! was changed meanwhile stops everything before the first one is written.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::memory::regular;

/// A file that gets another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Relative to the site's folder.
    pub path: String,
    /// What it holds; `None` when it is not there.
    pub before: Option<String>,
    /// What it shall hold.
    pub after: String,
}

/// Writes all changes. Each file is replaced at one stroke, after every new text is safely beside it.
///
/// # Errors
/// When a file is not what it was, or cannot be written: then none is changed, unless the system fails
/// in the middle of the replacing, which the message says.
pub fn replace(root: &Path, changes: &[Change]) -> Result<(), Error> {
    let mut staged: Vec<(PathBuf, PathBuf)> = Vec::with_capacity(changes.len());
    let outcome = changes.iter().try_for_each(|change| {
        staged.push(stage(root, change)?);
        Ok(())
    });
    let outcome = outcome.and_then(|()| {
        staged.iter().enumerate().try_for_each(|(done, (new, file))| {
            fs::rename(new, file).map_err(|error| {
                let trouble = Error::io("replace", file, &error);
                if done == 0 {
                    trouble
                } else {
                    trouble.with_help(format!("{done} of {} files are written", staged.len()))
                }
            })
        })
    });
    if outcome.is_err() {
        for (new, _) in &staged {
            // What is left over is only litter, and the error is what counts.
            let _ = fs::remove_file(new);
        }
    }
    outcome
}

/// Puts the new text beside its file.
fn stage(root: &Path, change: &Change) -> Result<(PathBuf, PathBuf), Error> {
    let named = root.join(&change.path);
    // The file behind a link, not the link.
    let file = fs::canonicalize(&named).unwrap_or(named);
    let now = match regular::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io("read", &change.path, &error)),
    };
    if now.as_deref() != change.before.as_deref().map(str::as_bytes) {
        return Err(Error::new("change", &change.path, "somebody else changed it meanwhile")
            .with_help("nothing was written; run the command again"));
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let new = file.with_file_name(format!(".{name}.guidepost-new"));
    let write = || -> io::Result<()> {
        let mut handle = regular::anew(&new)?;
        handle.write_all(change.after.as_bytes())?;
        if let Ok(metadata) = fs::metadata(&file) {
            handle.set_permissions(metadata.permissions())?;
        }
        handle.sync_all()
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&new);
        Error::io("write beside", &change.path, &error)
    })?;
    Ok((new, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<&str>, after: &str) -> Change {
        Change { path: path.to_owned(), before: before.map(str::to_owned), after: after.to_owned() }
    }

    #[test]
    fn all_files_change_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("a"), "one").unwrap();
        fs::write(root.join("b"), "two").unwrap();
        let changes = [change("a", Some("one"), "1"), change("b", Some("2"), "22")];
        assert!(replace(root, &changes).unwrap_err().to_string().contains("changed it meanwhile"));
        assert_eq!(fs::read_to_string(root.join("a")).unwrap(), "one");
        assert_eq!(fs::read_dir(root).unwrap().count(), 2);
        let changes = [change("a", Some("one"), "1"), change("b", Some("two"), "2"), change("c", None, "3")];
        replace(root, &changes).unwrap();
        for (name, text) in [("a", "1"), ("b", "2"), ("c", "3")] {
            assert_eq!(fs::read_to_string(root.join(name)).unwrap(), text);
        }
        assert_eq!(fs::read_dir(root).unwrap().count(), 3);
        assert!(replace(root, &[change("gone", Some("x"), "y")]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_waits_beside_a_file_is_not_written_through() {
        let (site, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let precious = outside.path().join("precious");
        fs::write(&precious, "precious").unwrap();
        fs::write(site.path().join("a.md"), "one").unwrap();
        std::os::unix::fs::symlink(&precious, site.path().join(".a.md.guidepost-new")).unwrap();
        replace(site.path(), &[change("a.md", Some("one"), "1")]).unwrap();
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
        assert_eq!(fs::read_to_string(site.path().join("a.md")).unwrap(), "1");
        assert_eq!(fs::read_dir(site.path()).unwrap().count(), 1);
    }
}
