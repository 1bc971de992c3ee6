//! The staging folder: where outputs wait, and the lock that keeps builds apart.
//!
//! In: the output folder. Out: a folder on the same file system, held by one process at a time and
//! gone when that process is done. Its name is fixed, so that the next build finds what a killed
//! one left. Knows nothing of what is staged.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Seek as _, Write as _};
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::OnceLock;
use std::time::SystemTime;

use crate::error::Error;
use crate::memory::regular;

const NAME: &str = ".guidepost-stage";

/// A staging folder that is ours until it is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    files: PathBuf,
    /// The same, open: names below it are short, and the system has less to look up.
    #[cfg(unix)]
    handle: OnceLock<Option<OwnedFd>>,
    place: Place,
    /// Held for its lock, and for what the file system's clock says when it is written to.
    lock: File,
    since: SystemTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the folder that holds the output folder: the usual case, invisible to hosts.
    Beside,
    /// In the output folder, when the one above is read-only or on another file system.
    Inside,
}

impl Staging {
    /// Takes the staging folder of an output folder; fails when another build has it.
    pub(super) fn claim(output: &Path, shown: &Path) -> Result<Self, Error> {
        let trouble = |error: &io::Error| Error::io("stage files for", shown, error);
        let parent = output.parent().unwrap_or(output);
        fs::create_dir_all(parent).map_err(|error| trouble(&error))?;
        let mut name = OsString::from(NAME);
        if let Some(output) = output.file_name() {
            name.push("-");
            name.push(output);
        }
        if same_file_system(parent, output) {
            match lock(&parent.join(&name), shown) {
                Ok(held) => return Ok(Self::new(parent.join(name), Place::Beside, held)),
                Err(Refused::Taken(error)) => return Err(error),
                Err(Refused::Io(error)) if is_read_only(&error) && output.is_dir() => {}
                Err(Refused::Io(error)) => return Err(trouble(&error)),
            }
        }
        match lock(&output.join(NAME), shown) {
            Ok(held) => Ok(Self::new(output.join(NAME), Place::Inside, held)),
            Err(Refused::Taken(error)) => Err(error),
            Err(Refused::Io(error)) => Err(trouble(&error)),
        }
    }

    fn new(folder: PathBuf, place: Place, (lock, since): (File, SystemTime)) -> Self {
        let files = folder.join("files");
        Self {
            folder,
            files,
            #[cfg(unix)]
            handle: OnceLock::new(),
            place,
            lock,
            since,
        }
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where staged files lie, by their paths below the output folder.
    pub(super) fn files(&self) -> &Path {
        &self.files
    }

    /// Stages a file, whose folder is there.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(handle) = self.handle() {
            use rustix::fs::{Mode, OFlags};
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC;
            let file = rustix::fs::openat(handle, path, flags, Mode::from_raw_mode(0o666))?;
            return File::from(file).write_all(bytes);
        }
        fs::write(self.files.join(path), bytes)
    }

    /// Makes a folder for staged files, with those above it.
    pub(super) fn make_folder(&self, folder: &str) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(handle) = self.handle().filter(|_| !folder.is_empty())
            && rustix::fs::mkdirat(handle, folder, rustix::fs::Mode::from_raw_mode(0o777)).is_ok()
        {
            return Ok(());
        }
        fs::create_dir_all(self.files.join(folder))
    }

    /// The folder of staged files, open; nothing when it cannot be opened, which whoever writes into it is told.
    #[cfg(unix)]
    fn handle(&self) -> Option<&OwnedFd> {
        use rustix::fs::{Mode, OFlags};
        let open = || {
            fs::create_dir_all(&self.files).ok()?;
            rustix::fs::open(&self.files, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
        };
        self.handle.get_or_init(open).as_ref()
    }

    /// The file that says what a commit still has to do.
    pub(super) fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// When the folder was claimed, by the file system's own clock.
    pub(super) fn since(&self) -> SystemTime {
        self.since
    }

    /// What that clock says now; the time of the claim when nothing can be written.
    pub(super) fn now(&self) -> SystemTime {
        let mut lock = &self.lock;
        let told = lock
            .rewind()
            .and_then(|()| write!(lock, "{}", std::process::id()))
            .and_then(|()| lock.metadata()?.modified());
        told.unwrap_or(self.since)
    }

    /// Whether it lies beside the output folder, so that the two can be exchanged.
    pub(super) fn is_beside(&self) -> bool {
        self.place == Place::Beside
    }

    /// Empties it of everything but the lock.
    pub(super) fn clear(&self) -> Result<(), Error> {
        self.try_clear().map_err(|error| Error::io("empty", &self.folder, &error))
    }

    fn try_clear(&self) -> io::Result<()> {
        // The journal goes first: without it the rest is litter, without the rest it is a lie.
        gone(fs::remove_file(self.journal()))?;
        gone(fs::remove_file(self.folder.join("journal.new")))?;
        gone(fs::remove_dir_all(&self.files))
    }
}

impl Drop for Staging {
    /// Leaves no litter, but leaves a commit that is to be finished by the next build.
    fn drop(&mut self) {
        if !self.journal().exists() && self.try_clear().is_ok() {
            // A build that waits to claim the folder may have made its own lock in it by now.
            let _ = fs::remove_file(self.folder.join("lock"));
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Whether a removal succeeded, or had nothing to remove.
fn gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

enum Refused {
    Taken(Error),
    Io(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Makes a staging folder and locks it. The system drops the lock with its process, so a killed
/// build never leaves one behind. Says when, by the clock of the file system.
fn lock(folder: &Path, shown: &Path) -> Result<(File, SystemTime), Refused> {
    let path = folder.join("lock");
    // The build before may delete the folder under our hands as it ends: then we start over.
    for _ in 0..100 {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        if !fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Refused::Taken(in_the_way(folder, shown)));
        }
        let mut file = match regular::own(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(_)
                if fs::symlink_metadata(&path)
                    .is_ok_and(|metadata| !metadata.is_file() || regular::has_other_names(&metadata)) =>
            {
                return Err(Refused::Taken(in_the_way(&path, shown)));
            }
            Err(error) => {
                // Of a folder without room for the lock nothing stays behind.
                let _ = fs::remove_dir(folder);
                return Err(error.into());
            }
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Refused::Taken(taken(&path, shown))),
            // Some network file systems have no locks; a build there is on its own.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        if fs::metadata(&path).is_ok_and(|named| file.metadata().is_ok_and(|held| is_same(&named, &held))) {
            // Only for messages: on a full disk the lock holds without it, and what is staged then
            // fails with a better one.
            let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
            let since = file.metadata()?.modified()?;
            return Ok((file, since));
        }
    }
    Err(Refused::Taken(taken(&path, shown)))
}

fn in_the_way(place: &Path, shown: &Path) -> Error {
    Error::new("stage files for", shown, format!("`{}` is in the way", place.display()))
        .with_help("delete it")
}

fn taken(lock: &Path, shown: &Path) -> Error {
    let owner = regular::text(lock).unwrap_or_default();
    let owner = if owner.is_empty() { String::new() } else { format!(" (process {owner})") };
    Error::new("write to", shown, format!("another build is writing to it{owner}"))
        .with_help("wait until it is done")
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

#[cfg(unix)]
fn same_file_system(parent: &Path, output: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    device(output).is_none_or(|output| device(parent) == Some(output))
}

#[cfg(not(unix))]
fn same_file_system(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(unix)]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file that is open cannot lose its name to another.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
