//! Trouble with the machine: what we were doing, on what, and why it could not be done.
//!
//! In: the failure of a system call, or a rule of ours about files. Out: an [`Error`] that says so
//! in one line, with a help. Problems in a user's site are `Diagnostic`s, not this.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// We cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    doing: String,
    path: PathBuf,
    why: String,
    help: Option<String>,
    cause: Cause,
}

/// Whose doing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A file, the disk, the system.
    Machine,
    /// What was typed on the command line.
    Usage,
}

impl Error {
    /// `doing` completes "could not ...", `path` is its object, `why` follows a colon.
    pub fn new(doing: impl Into<String>, path: impl AsRef<Path>, why: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            path: path.as_ref().to_owned(),
            why: why.into(),
            help: None,
            cause: Cause::Machine,
        }
    }

    /// The same for what was typed on the command line.
    pub fn usage(doing: impl Into<String>, path: impl AsRef<Path>, why: impl Into<String>) -> Self {
        Self { cause: Cause::Usage, ..Self::new(doing, path, why) }
    }

    /// The same for a system call that failed, with what helps against failures of its kind.
    pub fn io(doing: impl Into<String>, path: impl AsRef<Path>, error: &io::Error) -> Self {
        Self { help: remedy(error).map(str::to_owned), ..Self::new(doing, path, reason(error)) }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the command line is at fault.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        self.cause == Cause::Usage
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {} `{}`: {}", self.doing, self.path.display(), self.why)
    }
}

impl std::error::Error for Error {}

/// The system's own words for a failure, in our style: lower case, without the error number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text).trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What helps against a failure of the system, where that can be told from the failure alone.
#[must_use]
pub fn remedy(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind;
    Some(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk, and try again",
        ErrorKind::PermissionDenied => "see who owns it and what its permissions allow, and try again",
        ErrorKind::FileTooLarge => {
            "raise the system's limit on the size of files (`ulimit -f`), and try again"
        }
        ErrorKind::ReadOnlyFilesystem => "choose a place that can be written to",
        ErrorKind::NotADirectory => "a part of that path is a file, not a folder: see what is there",
        ErrorKind::IsADirectory => "a folder is in its place: move it away, and try again",
        ErrorKind::InvalidFilename => "choose a shorter name",
        ErrorKind::AlreadyExists => "see what is in its place, and try again",
        ErrorKind::NotFound | ErrorKind::InvalidInput => return None,
        _ => match error.raw_os_error() {
            Some(TOO_MANY_FILES | TOO_MANY_FILES_IN_SYSTEM) => {
                "too many files are open at once: raise the limit with `ulimit -n`, and try again"
            }
            Some(IO) => "the disk, or the network it hangs on, failed: check it, and try again",
            _ => return None,
        },
    })
}

/// Numbers that the systems we know give to failures for which the library has no kind.
const IO: i32 = 5;
const TOO_MANY_FILES_IN_SYSTEM: i32 = 23;
const TOO_MANY_FILES: i32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_on_what_and_why() {
        let missing = std::fs::read("/nonexistent/site.toml").unwrap_err();
        let error = Error::io("read", "/nonexistent/site.toml", &missing).with_help("run `guidepost init`");
        assert_eq!(error.to_string(), "could not read `/nonexistent/site.toml`: no such file or directory");
        assert_eq!(error.help(), Some("run `guidepost init`"));
    }
}
