//! The index of a store: the file that says all.
//!
//! In: what packs there are, and the store's parts as bytes. Out: one file; and from it each part, read and proved
//! when somebody asks for it. Knows nothing of what a part means.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::pack::{self, Label};
use super::regular;
use crate::error::reason;
use crate::fingerprint::Fingerprint;

/// Names the shape of the files.
pub(super) const MAGIC: &[u8] = b"guidepost memory 2\n";
/// What is longer than any list of parts is no index.
const MOST_PARTS: u64 = 1 << 20;

/// An index that is open: what it says of itself is proved, and its parts are still in the file.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) labels: Vec<Label>,
    pub(super) records: Section,
    pub(super) sections: BTreeMap<String, Section>,
}

/// A part of a store, read and proved when it is asked for. It stays the one that was opened, for an index is
/// replaced and never changed.
#[derive(Debug)]
pub(super) struct Section {
    handle: Arc<File>,
    file: PathBuf,
    at: u64,
    part: Part,
}

impl Section {
    pub(super) fn read(&self) -> Result<Vec<u8>, String> {
        let len = usize::try_from(self.part.len).map_err(|error| error.to_string())?;
        let bytes = pack::read(&self.handle, &self.file, self.at, len).map_err(|error| reason(&error))?;
        if self.part == Part::of(&bytes) { Ok(bytes) } else { Err(changed()) }
    }
}

fn changed() -> String {
    "its bytes have changed since they were written".to_owned()
}

/// What the index file says of itself, after what proves it. The parts follow, one behind the other.
#[derive(Debug, Serialize, Deserialize)]
struct Index<'a> {
    packs: Vec<Label>,
    records: Part,
    #[serde(borrow)]
    sections: Vec<(&'a str, Part)>,
}

/// A part of the index file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    len: u64,
    proof: Fingerprint,
}

impl Part {
    fn of(bytes: &[u8]) -> Self {
        Self { len: bytes.len() as u64, proof: Fingerprint::of_bytes(bytes) }
    }
}

/// What an index says of itself; nothing when there is none. The error is the reason why it cannot be trusted.
pub(super) fn open(file: &Path, program: Fingerprint) -> Result<Option<Found>, String> {
    let mut handle = match regular::open(file) {
        Ok(handle) => handle,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(reason(&error)),
    };
    let len = handle.metadata().map_err(|error| reason(&error))?.len();
    let mut magic = Vec::new();
    let room = MAGIC.len() as u64;
    (&mut handle).take(room).read_to_end(&mut magic).map_err(|error| reason(&error))?;
    let mut next = |len: usize| {
        let mut bytes = vec![0; len];
        match handle.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err("it was cut short".to_owned()),
            Err(error) => Err(reason(&error)),
        }
    };
    if magic != MAGIC {
        return Err("it is not in the form that this version writes".to_owned());
    }
    if next(32)? != program.as_bytes() {
        return Err("another version of guidepost wrote it".to_owned());
    }
    let proof = next(32)?;
    let size = next(8)?.try_into().map_or(u64::MAX, u64::from_le_bytes);
    let size = usize::try_from(size.min(MOST_PARTS)).unwrap_or_default();
    let bytes = next(size)?;
    if proof != Fingerprint::of_bytes(&bytes).as_bytes() {
        return Err(changed());
    }
    let Index { packs, records, sections } =
        postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
    let (handle, mut at) = (Arc::new(handle), (MAGIC.len() + 32 + 32 + 8 + size) as u64);
    let mut section = |part: Part| {
        let section = Section { handle: Arc::clone(&handle), file: file.to_owned(), at, part };
        at = at.saturating_add(part.len);
        section
    };
    let records = section(records);
    let sections = sections.into_iter().map(|(name, part)| (name.to_owned(), section(part))).collect();
    if at != len {
        return Err("it was cut short".to_owned());
    }
    Ok(Some(Found { labels: packs, records, sections }))
}

/// Writes an index under a name that it is not yet known by.
pub(super) fn write(
    draft: &Path,
    program: Fingerprint,
    packs: Vec<Label>,
    (records, sections): (&[u8], &[Encoded<'_>]),
) -> io::Result<()> {
    let named = sections.iter().map(|(name, _, part)| (*name, *part)).collect();
    let index = Index { packs, records: Part::of(records), sections: named };
    let index = postcard::to_stdvec(&index).map_err(io::Error::other)?;
    let (proof, size) = (Fingerprint::of_bytes(&index), (index.len() as u64).to_le_bytes());
    let head: [&[u8]; 5] = [MAGIC, program.as_bytes(), proof.as_bytes(), &size, &index];
    let head = head.concat();
    let pieces: Vec<&[u8]> =
        [&*head, records].into_iter().chain(sections.iter().map(|(_, bytes, _)| *bytes)).collect();
    write_all(&regular::anew(draft)?, &pieces)
}

/// Writes pieces one behind the other: all at once, for a system copies them.
#[cfg(unix)]
fn write_all(file: &File, pieces: &[&[u8]]) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    let mut end = 0;
    let places: Vec<u64> = pieces
        .iter()
        .map(|piece| {
            end += piece.len() as u64;
            end - piece.len() as u64
        })
        .collect();
    pieces.par_iter().zip(places).try_for_each(|(piece, at)| file.write_all_at(piece, at))
}

#[cfg(not(unix))]
fn write_all(mut file: &File, pieces: &[&[u8]]) -> io::Result<()> {
    use std::io::Write as _;
    pieces.iter().try_for_each(|piece| file.write_all(piece))
}

/// A section with what proves it.
pub(super) type Encoded<'a> = (&'a str, &'a [u8], Part);

/// Sections with what proves them.
pub(super) fn parts<'a>(sections: &[(&'a str, &'a [u8])]) -> Vec<Encoded<'a>> {
    sections.par_iter().map(|(name, bytes)| (*name, *bytes, Part::of(bytes))).collect()
}
