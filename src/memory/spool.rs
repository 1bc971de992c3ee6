//! Texts that wait on disk until their pages are written, so that a large site stays out of memory.
//!
//! In: texts, from any thread. Out: the same texts, read one at a time. They lie in a file without a
//! name, which is gone with the process. A text that finds no room stays where it was.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shorter texts are left in memory: to read them costs more than to hold them.
const SHORTEST: usize = 1_024;

/// So many bytes of texts stay in memory all the same: sites of some thousand pages need no file.
const ROOM: u64 = 88 << 20;

/// A file that texts wait in.
#[derive(Debug)]
pub struct Spool {
    file: File,
    /// How many bytes have come so far. The first [`Spool::room`] of them stay in memory.
    come: AtomicU64,
    room: u64,
}

impl Spool {
    /// Opens one in the file system of a folder.
    ///
    /// # Errors
    /// When no file can be made there, or only one that others could see.
    pub fn open(folder: &Path) -> io::Result<Arc<Self>> {
        Ok(Arc::new(Self { file: nameless(folder)?, come: AtomicU64::new(0), room: ROOM }))
    }

    /// Takes a text, and says where it is; nothing if it cannot be put there, is short, or there is room for it
    /// in memory.
    pub(super) fn take(&self, text: &str) -> Option<u64> {
        if text.len() < SHORTEST {
            return None;
        }
        let come = self.come.fetch_add(text.len() as u64, Ordering::Relaxed);
        let at = come.checked_sub(self.room)?;
        write_at(&self.file, text.as_bytes(), at).ok()?;
        Some(at)
    }

    /// One text.
    pub(super) fn text(&self, at: u64, len: usize) -> Option<String> {
        let mut bytes = vec![0; len];
        read_at(&self.file, &mut bytes, at).ok()?;
        String::from_utf8(bytes).ok()
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn nameless(folder: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => Ok(file.into()),
        Err(_) => unlinked(folder),
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn nameless(folder: &Path) -> io::Result<File> {
    unlinked(folder)
}

#[cfg(unix)]
fn unlinked(folder: &Path) -> io::Result<File> {
    let name = folder.join(format!(".guidepost-texts-{}", std::process::id()));
    let file = File::options().read(true).write(true).create_new(true).open(&name)?;
    std::fs::remove_file(name)?;
    Ok(file)
}

/// Elsewhere a file has a name as long as it is open.
#[cfg(not(unix))]
fn nameless(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::super::Stored;
    use super::*;

    /// A spool that keeps nothing in memory.
    fn roomless(file: File) -> Arc<Spool> {
        Arc::new(Spool { file, come: AtomicU64::new(0), room: 0 })
    }

    #[test]
    fn the_first_texts_stay_in_memory() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = nameless(folder.path()).unwrap();
        let spool = Arc::new(Spool { file, come: AtomicU64::new(0), room: SHORTEST as u64 * 2 });
        let texts: Vec<Stored> = ["a", "b", "c", "d"]
            .iter()
            .map(|letter| Stored::new(letter.repeat(SHORTEST)).put_away(&spool))
            .collect();
        let at_hand: Vec<bool> = texts.iter().map(|text| text.here().is_some()).collect();
        assert_eq!(at_hand, [true, true, false, false]);
        for (text, letter) in texts.iter().zip(["a", "b", "c", "d"]) {
            assert_eq!(text.text().unwrap(), letter.repeat(SHORTEST));
        }
    }

    #[test]
    fn texts_come_back_and_leave_no_file() {
        let folder = tempfile::TempDir::new().unwrap();
        let spool = roomless(nameless(folder.path()).unwrap());
        let long = |letter: &str| letter.repeat(SHORTEST);
        let texts: Vec<Stored> =
            ["a", "é", "c"].iter().map(|letter| Stored::new(long(letter)).put_away(&spool)).collect();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        for (text, letter) in texts.iter().zip(["a", "é", "c"]) {
            assert!(text.here().is_none());
            assert_eq!(text.text().unwrap(), long(letter));
            assert_eq!(text.fingerprint(), Stored::new(long(letter)).fingerprint());
        }
    }

    #[test]
    fn a_short_text_stays() {
        let folder = tempfile::TempDir::new().unwrap();
        let spool = roomless(nameless(folder.path()).unwrap());
        assert_eq!(Stored::new("short".to_owned()).put_away(&spool).here(), Some("short"));
    }

    #[test]
    fn a_text_that_cannot_be_written_stays_and_one_that_cannot_be_read_is_lost() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("full");
        std::fs::write(&file, "").unwrap();
        let text = "x".repeat(SHORTEST);
        // To be read only, as a full disk takes no more.
        let full = roomless(File::open(&file).unwrap());
        assert_eq!(Stored::new(text.clone()).put_away(&full).here(), Some(text.as_str()));
        let torn = roomless(File::options().read(true).write(true).open(&file).unwrap());
        let stored = Stored::new(text.clone()).put_away(&torn);
        let passing = Stored::passing(text.clone(), Some(&torn));
        assert_eq!(passing.fingerprint(), stored.fingerprint());
        torn.file.set_len(1).unwrap();
        for stored in [stored, passing] {
            assert!(stored.text().is_none() && stored.is_lost());
            assert!(!stored.restore(&text.replace('x', "y")));
            assert!(stored.restore(&text));
            assert_eq!(stored.text().unwrap(), text);
        }
    }
}
