//! The store: what is remembered from one run of the program to the next.
//!
//! In: named sections, and records with a short head and a long text. Out: the same, in a later
//! process, as long as every byte is proved; else the reason why they are not. One file, the index,
//! says all; it is replaced at one stroke, and the packs it names never change. So whoever reads
//! sees one state, whoever is killed leaves the last one, and of two who write one comes last.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::index::{self, Encoded, Found, MAGIC, Section, parts};
use super::pack::{self, Extent, Label, Pack, Writer};
use super::regular;
use super::stored::Stored;
use crate::error::reason;
use crate::fingerprint::Fingerprint;

/// The store's folder below the site's.
pub const FOLDER: &str = ".guidepost";
/// The file that says all.
const INDEX: &str = "index";
const LOCK: &str = "lock";
const ASIDE: &str = "aside-";
/// More than most entries of the index take.
const ENTRY_ROOM: usize = 320;
/// What the folder says to other programs: version control is to leave it out, and so are backups
/// (<https://bford.info/cachedir/>).
const NOTES: [(&str, &str); 2] = [
    (".gitignore", "*\n"),
    (
        "CACHEDIR.TAG",
        "Signature: 8a477f597d28d172789f06886806bc55\n# What guidepost remembers between builds. Safe to delete.\n",
    ),
];

/// A site's store, as one version of the program sees it.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    program: Fingerprint,
}

/// A store that is open: what it says of itself is proved, and its parts are still in the file.
#[derive(Debug)]
pub struct Opened {
    folder: PathBuf,
    labels: Vec<Label>,
    records: Section,
    sections: BTreeMap<String, Section>,
}

impl Opened {
    /// The records, in the order they were saved, and why some are not among them.
    ///
    /// # Errors
    /// When none of them can be read.
    pub fn records(&self) -> Result<(Vec<Record>, Vec<String>), String> {
        let bytes = self.records.read()?;
        let entries: Vec<Entry<'_>> = postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
        let (mut packs, mut losses) = (Vec::with_capacity(self.labels.len()), Vec::new());
        for label in &self.labels {
            let open = Pack::open(&self.folder, label.clone()).map(Arc::new);
            let lost = |error: io::Error| losses.push(format!("`{}`: {}", label.name, reason(&error)));
            packs.push(open.map_err(lost).ok());
        }
        let record = |entry: Entry<'_>| {
            let pack = packs.get(entry.pack as usize)?.as_ref()?;
            let kept = Kept { pack: Arc::clone(pack), extent: entry.extent, text: entry.text };
            Some(Record { key: entry.key.into(), about: entry.about, kept })
        };
        Ok((entries.into_iter().filter_map(record).collect(), losses))
    }

    /// The bytes of a section; none of one that was never saved.
    ///
    /// # Errors
    /// When they cannot be read, or are not those that were written.
    pub fn section(&self, name: &str) -> Result<Vec<u8>, String> {
        self.sections.get(name).map_or_else(|| Ok(Vec::new()), Section::read)
    }
}

/// One record of a store.
#[derive(Debug)]
pub struct Record {
    /// What it was saved as.
    pub key: Arc<str>,
    /// What it was saved with.
    pub about: [Fingerprint; 3],
    /// Where it is.
    pub kept: Kept,
}

impl Record {
    /// Reads its head with all others of its pack: for one thread, before many ask for them at once.
    pub fn fetch(&self) {
        let _ = self.kept.pack.heads();
    }

    /// Its head; nothing when the store lost it.
    #[must_use]
    pub fn head(&self) -> Option<&[u8]> {
        self.kept.pack.heads()?.get(range(&self.kept.extent.head)?)
    }

    /// Its text, still in the store.
    #[must_use]
    pub fn text(&self) -> Stored {
        let Extent { text, .. } = &self.kept.extent;
        let len = usize::try_from(text.end.saturating_sub(text.start)).unwrap_or(usize::MAX);
        Stored::kept(Arc::clone(&self.kept.pack), text.start, len, self.kept.text)
    }
}

/// Where a record is, so that it need not be written again.
#[derive(Debug, Clone)]
pub struct Kept {
    pack: Arc<Pack>,
    extent: Extent,
    /// Fingerprint of the text.
    text: Fingerprint,
}

impl Kept {
    fn len(&self) -> u64 {
        let Extent { head, text } = &self.extent;
        head.end.saturating_sub(head.start) + text.end.saturating_sub(text.start)
    }
}

/// A record to save.
#[derive(Debug)]
pub enum Saving<'a> {
    /// It is in the store already.
    Kept {
        /// As in [`Saving::New`].
        about: [Fingerprint; 3],
        /// Where.
        kept: &'a Kept,
    },
    /// It is new.
    New {
        /// Three fingerprints to know it by without reading its head.
        about: [Fingerprint; 3],
        /// Its head.
        head: Vec<u8>,
        /// Its text.
        text: &'a Stored,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry<'a> {
    key: &'a str,
    about: [Fingerprint; 3],
    pack: u32,
    extent: Extent,
    text: Fingerprint,
}

impl Store {
    /// The store of a site; `program` names everything that can change what is remembered.
    #[must_use]
    pub fn new(root: &Path, program: Fingerprint) -> Self {
        Self { folder: root.join(FOLDER), program }
    }

    /// What the store holds; nothing when there is none.
    ///
    /// # Errors
    /// The reason why it cannot be trusted, in words that follow "could not be used:".
    pub fn open(&self) -> Result<Option<Opened>, String> {
        let found = index::open(&self.folder.join(INDEX), self.program)?;
        Ok(found.map(|Found { labels, records, sections }| Opened {
            folder: self.folder.clone(),
            labels,
            records,
            sections,
        }))
    }

    /// Replaces what the store holds. Says of each record that is not where it was where it is now, by its number;
    /// one that the store lost is nowhere.
    ///
    /// # Errors
    /// When the folder cannot be written to, or another build is writing to it.
    pub fn save(
        &self,
        sections: &[(&str, &[u8])],
        records: &[(&str, Saving<'_>)],
    ) -> io::Result<Vec<(usize, Option<Kept>)>> {
        let _lock = self.lock()?;
        let moved = self.pack(records)?;
        let mut labels: Vec<Label> = Vec::new();
        let mut packs: Vec<&Arc<Pack>> = Vec::new();
        let mut entries = Vec::with_capacity(records.len());
        let mut rest = moved.iter().peekable();
        for (number, (key, saving)) in records.iter().enumerate() {
            let kept = match (rest.next_if(|(moved, _)| *moved == number), saving) {
                (Some((_, kept)), _) => kept.as_ref(),
                (None, Saving::Kept { kept, .. }) => Some(*kept),
                (None, Saving::New { .. }) => None,
            };
            let Some(Kept { pack, extent, text }) = kept else { continue };
            // There are few, and most records lie in the first.
            let number = packs.iter().position(|known| Arc::ptr_eq(known, pack)).unwrap_or_else(|| {
                labels.push(pack.label.clone());
                packs.push(pack);
                packs.len() - 1
            });
            let (Saving::New { about, .. } | Saving::Kept { about, .. }) = saving;
            let pack = u32::try_from(number).map_err(io::Error::other)?;
            entries.push(Entry { key, about: *about, pack, extent: extent.clone(), text: *text });
        }
        let names: HashSet<String> = labels.iter().map(|label| label.name.clone()).collect();
        let encoded = || postcard::to_extend(&entries, Vec::with_capacity(entries.len() * ENTRY_ROOM));
        let (encoded, parts) = rayon::join(encoded, || parts(sections));
        self.write(labels, &encoded.map_err(io::Error::other)?, &parts)?;
        self.sweep(&|name| {
            name.starts_with("draft-") || (name.starts_with("pack-") && !names.contains(name))
        });
        Ok(moved)
    }

    /// Puts every record into a pack: new ones into a new pack, and with them those of packs that
    /// hold little, much that nobody uses, or that another build has deleted meanwhile. Packs that stay are each larger than all that is
    /// written, so their number grows with the logarithm of what they hold.
    fn pack(&self, records: &[(&str, Saving<'_>)]) -> io::Result<Vec<(usize, Option<Kept>)>> {
        let moving = moving(records, |pack| !self.has(pack));
        let mut writer: Option<Writer> = None;
        let mut placed: Vec<(usize, Option<(Extent, Fingerprint)>)> = Vec::new();
        for (number, (_, saving)) in records.iter().enumerate() {
            let (head, text) = match saving {
                Saving::New { head, text, .. } => (head.clone(), (*text).clone()),
                Saving::Kept { kept, .. } if moving.contains(kept.pack.label.name.as_str()) => {
                    let heads = kept.pack.heads();
                    let head = range(&kept.extent.head).and_then(|range| heads?.get(range));
                    let Some(head) = head else {
                        placed.push((number, None));
                        continue;
                    };
                    let Extent { text, .. } = &kept.extent;
                    let len = usize::try_from(text.end.saturating_sub(text.start)).unwrap_or(usize::MAX);
                    let text = Stored::kept(Arc::clone(&kept.pack), text.start, len, kept.text);
                    (head.to_vec(), text)
                }
                Saving::Kept { .. } => continue,
            };
            let Some(bytes) = text.text() else {
                placed.push((number, None));
                continue;
            };
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(Writer::new(&self.folder)?),
            };
            placed.push((number, Some((writer.add(&head, &bytes)?, text.fingerprint()))));
        }
        let new = writer.map(Writer::finish).transpose()?.map(Arc::new);
        let kept = |(extent, text)| Some(Kept { pack: Arc::clone(new.as_ref()?), extent, text });
        Ok(placed.into_iter().map(|(number, placed)| (number, placed.and_then(kept))).collect())
    }

    /// Replaces sections of what the store held when it was opened; all else stays as it was.
    ///
    /// # Errors
    /// As [`Store::save`], and when what stays cannot be read, or another build has deleted a part of it.
    pub fn renew(&self, opened: &Opened, sections: &[(&str, &[u8])]) -> io::Result<()> {
        let _lock = self.lock()?;
        if let Some(gone) = opened.labels.iter().find(|label| !self.has(&label.name)) {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("`{}` is gone", gone.name)));
        }
        let is_new = |name: &str| sections.iter().any(|(new, _)| *new == name);
        let stay = opened.sections.iter().filter(|(name, _)| !is_new(name));
        let stay = stay.map(|(name, section)| Ok((name.as_str(), section.read().map_err(io::Error::other)?)));
        let stay = stay.collect::<io::Result<Vec<_>>>()?;
        let records = opened.records.read().map_err(io::Error::other)?;
        let stay = stay.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
        let all: Vec<_> = stay.chain(sections.iter().copied()).collect();
        self.write(opened.labels.clone(), &records, &parts(&all))
    }

    /// Whether a pack is still there: another build deletes those that it does not use.
    fn has(&self, pack: &str) -> bool {
        fs::symlink_metadata(self.folder.join(pack)).is_ok_and(|metadata| metadata.is_file())
    }

    fn write(&self, packs: Vec<Label>, records: &[u8], sections: &[Encoded<'_>]) -> io::Result<()> {
        let draft = pack::draft(&self.folder, INDEX);
        index::write(&draft, self.program, packs, (records, sections))?;
        fs::rename(&draft, self.folder.join(INDEX))
    }

    /// What was put aside under a name, apart from all the rest; nothing when it cannot be trusted.
    #[must_use]
    pub fn aside(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = regular::read(&self.folder.join(format!("{ASIDE}{name}"))).ok()?;
        let head = MAGIC.len() + 64;
        let (magic, rest) = bytes.split_at_checked(MAGIC.len())?;
        let (program, rest) = rest.split_at_checked(32)?;
        let (proof, body) = rest.split_at_checked(32)?;
        let is_ours = magic == MAGIC && program == self.program.as_bytes();
        (is_ours && proof == Fingerprint::of_bytes(body).as_bytes()).then(|| bytes.split_off(head))
    }

    /// Puts something aside that only some commands need, so that the others need not read it.
    ///
    /// # Errors
    /// When the folder cannot be written to, or another build is writing to it.
    pub fn put_aside(&self, name: &str, body: &[u8]) -> io::Result<()> {
        let _lock = self.lock()?;
        let draft = pack::draft(&self.folder, name);
        let proof = Fingerprint::of_bytes(body);
        let bytes = [MAGIC, self.program.as_bytes(), proof.as_bytes(), body].concat();
        regular::anew(&draft)?.write_all(&bytes)?;
        fs::rename(&draft, self.folder.join(format!("{ASIDE}{name}")))
    }

    /// Makes the folder and takes it for ourselves. The system drops the lock with its process.
    fn lock(&self) -> io::Result<File> {
        prepare(&self.folder)?;
        let file = regular::own(&self.folder.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::WouldBlock, "another build is writing to it"))
            }
            // Some network file systems have no locks; the last to write wins there.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Deletes files of the store by name. One that stays does no harm.
    fn sweep(&self, gone: &dyn Fn(&str) -> bool) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_str().is_some_and(gone) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Deletes the store, and its folder when nothing else is in it. Says whether there was one.
    ///
    /// # Errors
    /// When the index cannot be deleted: without it the rest means nothing.
    pub fn remove(&self) -> io::Result<bool> {
        if !regular::is_folder(&self.folder) {
            return Ok(false);
        }
        let there = match fs::remove_file(self.folder.join(INDEX)) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let ours = |name: &str| {
            let is_note = NOTES.iter().any(|(note, _)| *note == name);
            is_note
                || name == LOCK
                || name.starts_with(ASIDE)
                || name.starts_with("draft-")
                || name.starts_with("pack-")
        };
        super::blobs::Blobs::remove(&self.folder);
        self.sweep(&ours);
        let _ = fs::remove_dir(&self.folder);
        Ok(there)
    }
}

/// Makes the folder of a store, with what it says to other programs. A link in its place leads to what is not
/// ours.
pub(super) fn prepare(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if !regular::is_folder(folder) {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a link"));
    }
    for (name, text) in NOTES {
        let file = folder.join(name);
        // A link that leads nowhere is there too, and is not written through.
        if fs::symlink_metadata(&file).is_err() {
            fs::write(file, text)?;
        }
    }
    Ok(())
}

/// Names of the packs whose records are written anew, see [`Store::pack`].
fn moving<'a>(records: &'a [(&str, Saving<'_>)], is_gone: impl Fn(&str) -> bool) -> HashSet<&'a str> {
    let mut written = 0;
    let mut live: BTreeMap<&str, (u64, &Pack)> = BTreeMap::new();
    for (_, saving) in records {
        match saving {
            Saving::New { head, text, .. } => {
                written += (head.len() + text.len()) as u64;
            }
            Saving::Kept { kept, .. } => {
                live.entry(&kept.pack.label.name).or_insert((0, &kept.pack)).0 += kept.len();
            }
        }
    }
    let mut packs: Vec<(u64, &Pack)> = live.into_values().collect();
    packs.sort_by(|(a, one), (b, other)| (a, &one.label.name).cmp(&(b, &other.label.name)));
    let mut moving = HashSet::new();
    for (live, pack) in packs {
        let is_worn = live <= written || 2 * live < pack.label.texts + pack.label.heads;
        if is_worn || is_gone(&pack.label.name) {
            written += live;
            moving.insert(pack.label.name.as_str());
        }
    }
    moving
}

fn range(range: &Range<u64>) -> Option<Range<usize>> {
    Some(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
}
