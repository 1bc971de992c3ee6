//! Blobs: large things that were dear to make, kept by key between two builds.
//!
//! In: bytes and a key that says all they were made from. Out: the same bytes, proved by their own
//! hash, or nothing. Without a folder they are kept in memory, as many as fit.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::regular;
use super::store::{self, FOLDER};
use crate::fingerprint::Fingerprint;

/// The folder below the store's.
const IMAGES: &str = "images";
/// Bytes kept in memory at most; what does not fit is made again.
const ROOM: usize = 256 << 20;

/// Kept bytes by key.
#[derive(Debug, Default)]
pub struct Blobs {
    /// `None` for a build that leaves nothing behind.
    folder: Option<PathBuf>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    blobs: HashMap<Fingerprint, Arc<[u8]>>,
    len: usize,
}

impl Blobs {
    /// Those of a site.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self { folder: Some(root.join(FOLDER).join(IMAGES)), held: Mutex::default() }
    }

    /// The bytes that were kept under a key.
    #[must_use]
    pub fn get(&self, key: Fingerprint) -> Option<Arc<[u8]>> {
        if let Some(held) = self.lock().blobs.get(&key) {
            return Some(Arc::clone(held));
        }
        let bytes = regular::read(&self.folder.as_ref()?.join(name(key))).ok()?;
        let (proof, bytes) = bytes.split_at_checked(32)?;
        (proof == Fingerprint::of_bytes(bytes).as_bytes()).then(|| Arc::from(bytes))
    }

    /// Keeps bytes under a key. What cannot be kept is made again when it is needed.
    pub fn put(&self, key: Fingerprint, bytes: &[u8]) {
        if self.folder.as_ref().is_some_and(|folder| write(folder, key, bytes).is_ok()) {
            return;
        }
        let mut held = self.lock();
        if held.len + bytes.len() <= ROOM && held.blobs.insert(key, Arc::from(bytes)).is_none() {
            held.len += bytes.len();
        }
    }

    /// Deletes all but the blobs of these keys. One that stays does no harm.
    pub fn keep_only(&self, keys: impl FnOnce() -> HashSet<Fingerprint>) {
        let folder = self.folder.as_ref().filter(|folder| is_ours(folder));
        let Some(entries) = folder.and_then(|folder| fs::read_dir(folder).ok()) else { return };
        let names: HashSet<String> = keys().into_iter().map(name).collect();
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_str().is_some_and(|name| is_blob(name) && !names.contains(name)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Deletes all of a site's blobs.
    pub(super) fn remove(store: &Path) {
        let _ = fs::remove_dir_all(store.join(IMAGES));
    }

    /// A thread that panicked while it held the lock left the map whole.
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(key: Fingerprint) -> String {
    key.short(64)
}

/// Whether a file is a blob by its name, or was to become one.
fn is_blob(name: &str) -> bool {
    name.starts_with("draft-") || (name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether the folder is there, and neither it nor the store's is a link to what is not ours.
fn is_ours(folder: &Path) -> bool {
    regular::is_folder(folder) && folder.parent().is_some_and(regular::is_folder)
}

fn write(folder: &Path, key: Fingerprint, bytes: &[u8]) -> std::io::Result<()> {
    if !is_ours(folder) {
        if let Some(store) = folder.parent() {
            store::prepare(store)?;
        }
        fs::create_dir(folder)?;
    }
    let draft = super::pack::draft(folder, &name(key));
    regular::anew(&draft)?.write_all(&[Fingerprint::of_bytes(bytes).as_bytes(), bytes].concat())?;
    fs::rename(&draft, folder.join(name(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Fingerprint {
        Fingerprint::of_bytes(text.as_bytes())
    }

    #[test]
    fn what_is_kept_comes_back_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let blobs = Blobs::of(root.path());
        assert_eq!(blobs.get(key("a")), None);
        blobs.put(key("a"), b"one");
        blobs.put(key("b"), b"two");
        assert_eq!(Blobs::of(root.path()).get(key("a")).as_deref(), Some(&b"one"[..]));
        fs::write(root.path().join(FOLDER).join(IMAGES).join(name(key("a"))), [0; 40]).unwrap();
        assert_eq!(blobs.get(key("a")), None, "bytes that changed prove nothing");
        blobs.keep_only(|| HashSet::from([key("a")]));
        assert_eq!(blobs.get(key("b")), None);
    }

    #[test]
    fn without_a_folder_they_stay_in_memory() {
        let blobs = Blobs::default();
        blobs.put(key("a"), b"one");
        assert_eq!(blobs.get(key("a")).as_deref(), Some(&b"one"[..]));
        blobs.put(key("b"), &vec![0; ROOM]);
        assert_eq!(blobs.get(key("b")), None);
    }
}
