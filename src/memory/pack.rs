//! A pack: many records in one file that never changes.
//!
//! In: records, each a short head and a long text. Out: a file whose heads are read in one go, and
//! whose texts are read one at a time. Every byte that is handed out has been proved by a
//! fingerprint that lies elsewhere. Knows nothing of what a record means.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::regular;
use crate::fingerprint::Fingerprint;

/// What the store's index says of a pack. The texts come first in the file, the heads last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Label {
    /// Its name in the store's folder.
    pub(super) name: String,
    /// Length of all texts, where the heads begin.
    pub(super) texts: u64,
    /// Length of all heads.
    pub(super) heads: u64,
    /// Fingerprint of the heads.
    pub(super) proof: Fingerprint,
}

/// A pack that is open.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) label: Label,
    file: PathBuf,
    handle: File,
    /// Once they were asked for; nothing when they are not what was written.
    heads: OnceLock<Option<Vec<u8>>>,
}

impl Pack {
    /// Opens a pack; it must be as long as its label says.
    pub(super) fn open(folder: &Path, label: Label) -> io::Result<Self> {
        let file = folder.join(&label.name);
        let handle = regular::open(&file)?;
        let metadata = handle.metadata()?;
        if metadata.is_file() && Some(metadata.len()) == label.texts.checked_add(label.heads) {
            Ok(Self { label, file, handle, heads: OnceLock::new() })
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "it is not the file that was written"))
        }
    }

    /// All heads, read when they are first asked for; nothing when they are not what was written.
    pub(super) fn heads(&self) -> Option<&[u8]> {
        let read = || {
            let heads = self.bytes(self.label.texts, usize::try_from(self.label.heads).ok()?).ok()?;
            self.proved(heads)
        };
        self.heads.get_or_init(read).as_deref()
    }

    fn proved(&self, heads: Vec<u8>) -> Option<Vec<u8>> {
        (Fingerprint::of_bytes(&heads) == self.label.proof).then_some(heads)
    }

    /// One text; nothing when it is not the one with this fingerprint.
    pub(super) fn text(&self, at: u64, len: usize, fingerprint: Fingerprint) -> Option<String> {
        let bytes = self.bytes(at, len).ok()?;
        (Fingerprint::of_bytes(&bytes) == fingerprint).then(|| String::from_utf8(bytes).ok())?
    }

    fn bytes(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        // A length that no file of this size can have must not ask for memory.
        if at.saturating_add(len as u64) > self.label.texts + self.label.heads {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read(&self.handle, &self.file, at, len)
    }
}

/// Reads so many bytes at a place of a file, into memory that nobody wrote zeros to before.
#[cfg(unix)]
pub(super) fn read(handle: &File, _: &Path, mut at: u64, len: usize) -> io::Result<Vec<u8>> {
    use rustix::buffer::spare_capacity;
    let mut bytes = Vec::with_capacity(len);
    while bytes.len() < len {
        match rustix::io::pread(handle, spare_capacity(&mut bytes), at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => at += count as u64,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bytes.truncate(len);
    Ok(bytes)
}

/// Elsewhere reading at a place moves the handle, which several threads share.
#[cfg(not(unix))]
pub(super) fn read(_: &File, file: &Path, at: u64, len: usize) -> io::Result<Vec<u8>> {
    use std::io::{Read as _, Seek as _};
    let mut handle = File::open(file)?;
    handle.seek(io::SeekFrom::Start(at))?;
    let mut bytes = vec![0; len];
    handle.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Where one record lies in its pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extent {
    /// The head, from the first of them.
    pub(super) head: Range<u64>,
    /// The text, from the top of the file.
    pub(super) text: Range<u64>,
}

/// Where a file of the store is written before it gets its name: what a killed build leaves is
/// never taken for a whole one.
pub(super) fn draft(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("draft-{}-{name}", std::process::id()))
}

/// A pack being written.
pub(super) struct Writer {
    folder: PathBuf,
    draft: PathBuf,
    file: BufWriter<File>,
    texts: u64,
    heads: Vec<u8>,
}

impl Writer {
    /// Begins a pack under a name that only this process uses.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let draft = draft(folder, "pack");
        let file = BufWriter::with_capacity(1 << 18, regular::anew(&draft)?);
        let folder = folder.to_owned();
        Ok(Self { folder, draft, file, texts: 0, heads: Vec::new() })
    }

    /// Adds a record.
    pub(super) fn add(&mut self, head: &[u8], text: &str) -> io::Result<Extent> {
        let (from, to) = (self.heads.len() as u64, (self.heads.len() + head.len()) as u64);
        let texts = self.texts..self.texts + text.len() as u64;
        self.file.write_all(text.as_bytes())?;
        self.heads.extend_from_slice(head);
        self.texts = texts.end;
        Ok(Extent { head: from..to, text: texts })
    }

    /// Writes the heads and gives the pack its name, at one stroke.
    pub(super) fn finish(mut self) -> io::Result<Pack> {
        self.file.write_all(&self.heads)?;
        self.file.into_inner()?;
        let proof = Fingerprint::of_bytes(&self.heads);
        // The heads tell of the texts, so that packs of one name are the same.
        let name = format!("pack-{}", proof.short(24));
        let label = Label { name, texts: self.texts, heads: self.heads.len() as u64, proof };
        fs::rename(&self.draft, self.folder.join(&label.name))?;
        Pack::open(&self.folder, label)
    }
}
