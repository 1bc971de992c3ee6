//! What lies at the place of an output.
//!
//! In: the output folder, and paths below it. Out: their stamps. Changes nothing.

#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use crate::scan::Stamp;

/// An output folder that is looked into.
#[derive(Debug)]
pub(super) struct Looking {
    folder: PathBuf,
    /// The same, open: names below it are short, and the system has less to look up for each of thousands.
    #[cfg(unix)]
    handle: Option<OwnedFd>,
}

impl Looking {
    /// Opens a folder to look into it.
    pub(super) fn into(folder: &Path) -> Self {
        #[cfg(unix)]
        use rustix::fs::{Mode, OFlags};
        Self {
            folder: folder.to_owned(),
            #[cfg(unix)]
            handle: rustix::fs::open(folder, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok(),
        }
    }

    /// The stamp of the regular file at an output's place.
    #[cfg(unix)]
    pub(super) fn stamp(&self, path: &str) -> Option<Stamp> {
        use rustix::fs::{AtFlags, FileType};
        let Some(handle) = &self.handle else { return stamp(&self.folder.join(path)) };
        let found = rustix::fs::statat(handle, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let nanos = |seconds: i64, nanos: i128| i128::from(seconds) * 1_000_000_000 + nanos;
        FileType::from_raw_mode(found.st_mode).is_file().then(|| Stamp {
            len: u64::try_from(found.st_size).unwrap_or_default(),
            modified: nanos(found.st_mtime, found.st_mtime_nsec.into()),
            changed: nanos(found.st_ctime, found.st_ctime_nsec.into()),
            inode: found.st_ino,
        })
    }

    /// The stamp of the regular file at an output's place.
    #[cfg(not(unix))]
    pub(super) fn stamp(&self, path: &str) -> Option<Stamp> {
        stamp(&self.folder.join(path))
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = std::fs::symlink_metadata(file).ok()?;
    metadata.is_file().then(|| Stamp::of(&metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_the_library_tells() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/b"), "text").unwrap();
        let looking = Looking::into(folder.path());
        assert_eq!(looking.stamp("a/b"), stamp(&folder.path().join("a/b")));
        assert!(looking.stamp("a/b").is_some());
        assert_eq!((looking.stamp("a"), looking.stamp("c")), (None, None));
    }
}
