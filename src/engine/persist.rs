//! Memory between two runs of the program.
//!
//! In: what a build remembers. Out: the same in a later process, from `.guidepost/`. What cannot be
//! read is not known, which costs time and nothing else. Decides nothing about what is remembered.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::pictures::Developed;
use super::remember::{Memory, Parsed, Rendered};
use super::search::Index;
use super::styles::Made;
use super::whole::Whole;
use super::{PROGRAM, links};
use crate::fingerprint::Fingerprint;
use crate::memory::{Blobs, HashMap, Kept, Memo, Name, Opened, Record, Saving, Store};
use crate::parse::Document;
use crate::parse::data::DataDocument;
use crate::scan::Stamps;
use crate::write::OutputStamps;

/// The section that is needed to tell whether any source changed.
const STATE: &str = "state";
/// The section that is needed to tell whether any output changed.
const PUBLISHED: &str = "published";
/// The section that is needed when nothing did.
const WHOLE: &str = "whole";
/// The section that spares looking for every link again.
const LINKS: &str = "links";
/// The section that is needed when something did.
const WORK: &str = "work";

/// The state, as it is written.
#[derive(Serialize)]
struct WrittenState<'a> {
    settings: Option<Fingerprint>,
    stamps: &'a Stamps,
    whole: Option<Fingerprint>,
    data: &'a [(Arc<str>, Fingerprint)],
}

/// The state, as it is read.
#[derive(Deserialize)]
struct ReadState {
    settings: Option<Fingerprint>,
    stamps: Stamps,
    whole: Option<Fingerprint>,
    data: Vec<(Name, Fingerprint)>,
}

/// The output folder and its files, as they are written.
type WrittenPublished<'a> = Option<(&'a Path, &'a OutputStamps)>;
/// The output folder and its files, as they are read.
type ReadPublished = Option<(PathBuf, Arc<OutputStamps>)>;

/// Data files and outputs, as they are written.
#[derive(Serialize)]
struct WrittenWork<'a> {
    data: Vec<(&'a str, Fingerprint, Fingerprint, &'a DataDocument)>,
    outputs: Vec<(&'a str, Fingerprint, &'a Rendered)>,
    search: Option<&'a Index>,
    styles: Option<&'a Made>,
    pictures: Vec<(&'a str, Fingerprint, &'a Developed)>,
}

/// Data files and outputs, as they are read.
#[derive(Deserialize)]
struct ReadWork {
    data: Vec<(Arc<str>, Fingerprint, Fingerprint, DataDocument)>,
    outputs: Vec<(String, Fingerprint, Rendered)>,
    search: Option<Index>,
    styles: Option<Made>,
    pictures: Vec<(Arc<str>, Fingerprint, Developed)>,
}

/// An output folder, and what the file system says of the files in it.
pub(super) type Published = (PathBuf, OutputStamps);

/// What is left to the next build, as it is written.
struct Parts<'a> {
    records: Vec<(&'a str, Saving<'a>)>,
    /// Of the sources of data files.
    hashes: Vec<(Arc<str>, Fingerprint)>,
    work: Vec<u8>,
    whole: Vec<u8>,
    links: Cow<'a, [u8]>,
}

/// What the store holds, still in the form in which it lies there.
#[derive(Debug, Default)]
pub(super) struct Frozen {
    store: Option<Opened>,
    /// The pages.
    records: Vec<Record>,
    /// Hashes of the sources of data files.
    data: Vec<(Arc<str>, Fingerprint)>,
    /// Hashes of the sources of pages and data files.
    hashes: HashMap<Arc<str>, Fingerprint>,
    /// Of the inputs of the last whole build.
    whole: Option<Fingerprint>,
}

impl Frozen {
    /// Of the inputs of the last whole build.
    pub(super) fn whole(&self) -> Option<Fingerprint> {
        self.whole
    }

    /// The hash of the text that a page or data file was made from.
    pub(super) fn hash_of(&self, path: &Arc<str>) -> Option<Fingerprint> {
        self.hashes.get(path).copied()
    }
}

/// The store of a site for this very program.
pub(super) fn store(root: &Path) -> Store {
    Store::new(root, Fingerprint::of_bytes(PROGRAM.as_bytes()))
}

impl Memory {
    /// What the last build of a site left.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        let mut memory = Self { blobs: Blobs::of(root), ..Self::default() };
        match store(root).open().and_then(|opened| opened.map(frozen).transpose()) {
            Ok(Some(Loaded { frozen, state, published, losses })) => {
                memory.settings = state.settings;
                memory.stamps = state.stamps;
                memory.published = published;
                memory.frozen = frozen;
                memory.changed = !losses.is_empty();
                memory.losses = losses;
            }
            Ok(None) => {}
            Err(reason) => memory.lose(reason),
        }
        memory
    }

    /// What of the store could not be used so far, and why.
    #[must_use]
    pub fn losses(&self) -> &[String] {
        &self.losses
    }

    /// Turns the last whole build into a value.
    pub(super) fn thaw_whole(&mut self) {
        if self.frozen.whole.take().is_none() {
            return;
        }
        let read = self.frozen.store.as_ref().map(|store| store.section(WHOLE));
        match read.map(|bytes| postcard::from_bytes(&bytes?).map_err(|error| error.to_string())) {
            Some(Ok(whole)) => self.whole = whole,
            Some(Err(reason)) => self.lose(reason),
            None => {}
        }
    }

    /// Whether what the store holds is still as it lies there.
    pub(super) fn is_frozen(&self) -> bool {
        self.frozen.store.is_some()
    }

    /// Turns everything that is frozen into values.
    pub(super) fn thaw(&mut self) {
        let Frozen { store: Some(store), records, .. } = std::mem::take(&mut self.frozen) else { return };
        let ((pages, losses), (links, work)) = rayon::join(
            || documents(records),
            || {
                rayon::join(
                    || links::read(store.section(LINKS)?),
                    || -> Result<_, String> {
                        let bytes = store.section(WORK)?;
                        let work: ReadWork =
                            postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
                        let ReadWork { data, outputs, search, styles, pictures } = work;
                        let mut known = Memo::default();
                        known.reserve(outputs.len());
                        for (path, key, rendered) in outputs {
                            known.insert(path, key, rendered);
                        }
                        Ok((known, data, search, styles, pictures))
                    },
                )
            },
        );
        match links {
            Ok(links) => self.links = links,
            Err(reason) => self.lose(reason),
        }
        self.documents = pages;
        for reason in losses {
            self.lose(reason);
        }
        match work {
            Ok((outputs, data, search, styles, pictures)) => {
                (self.outputs, self.styles, self.search) = (outputs, styles, search);
                for (path, key, developed) in pictures {
                    self.pictures.insert(path, key, developed);
                }
                for (path, key, source, document) in data {
                    let document = Arc::new(document);
                    let outline = OnceLock::new();
                    self.data.insert(path, key, Parsed::Document { source, document, outline, kept: None });
                }
            }
            Err(reason) => self.lose(reason),
        }
    }

    fn lose(&mut self, reason: String) {
        self.losses.push(reason);
        self.changed = true;
    }

    /// Leaves everything to the next build, unless the store knows it all.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save(&mut self, root: &Path) -> io::Result<()> {
        if !self.changed {
            return Ok(());
        }
        if self.save_state(root).is_some() {
            self.changed = false;
            return Ok(());
        }
        self.thaw_whole();
        self.thaw();
        let moved = self.put(root, &self.parts()?, self.published.as_ref())?;
        self.saved(moved);
        Ok(())
    }

    /// The same once the output folder is what it is to be, which `commit` sees to meanwhile: it returns the folder
    /// and what the file system says of the files in it.
    ///
    /// # Errors
    /// Those of `commit`, and then nothing is left; else beside what that returns, when the store cannot be written.
    pub fn save_while<T: Send, E: Send>(
        &mut self,
        root: &Path,
        commit: impl FnOnce() -> Result<(T, Published), E> + Send,
    ) -> Result<(T, io::Result<()>), E> {
        if !self.changed || self.is_frozen() {
            let (done, (folder, stamps)) = commit()?;
            self.publish(folder, stamps);
            return Ok((done, self.save(root)));
        }
        self.thaw_whole();
        let (parts, done) = rayon::join(|| self.parts(), commit);
        let (done, (folder, stamps)) = done?;
        let published = (folder, Arc::new(stamps));
        let moved = parts.and_then(|parts| self.put(root, &parts, Some(&published)));
        self.published = Some(published);
        Ok((done, moved.map(|moved| self.saved(moved))))
    }

    /// What is left to the next build, as it is written, except for what the file system says of files.
    fn parts(&self) -> io::Result<Parts<'_>> {
        let data: Vec<_> = self.data.sorted().into_iter().filter_map(data_file).collect();
        let pictures = self.pictures.sorted().into_iter();
        let outputs = self.outputs.sorted().into_iter();
        let hashes = data.iter().map(|(path, _, source, _)| (Arc::from(*path), *source)).collect();
        let work = WrittenWork {
            data,
            outputs: outputs.map(|(path, key, rendered)| (path.as_str(), key, rendered)).collect(),
            search: self.search.as_ref(),
            styles: self.styles.as_ref(),
            pictures: pictures.map(|(path, key, developed)| (&**path, key, developed)).collect(),
        };
        let pages = || {
            let pages = self.documents.sorted();
            let records = pages.par_iter().filter_map(|(path, key, parsed)| saving(path, *key, parsed));
            records.collect::<io::Result<Vec<_>>>()
        };
        let whole = || rayon::join(|| written(&self.whole), || links::written(self));
        let (records, (work, (whole, links))) = rayon::join(pages, || rayon::join(|| written(&work), whole));
        Ok(Parts { records: records?, hashes, work: work?, whole: whole?, links: links? })
    }

    /// Writes the store. Returns the pages that lie elsewhere in it now.
    fn put(
        &self,
        root: &Path,
        parts: &Parts<'_>,
        published: Option<&(PathBuf, Arc<OutputStamps>)>,
    ) -> io::Result<Vec<(Arc<str>, Option<Kept>)>> {
        let Parts { records, hashes, work, whole, links } = parts;
        let (state, published) = self.write_state(hashes, published)?;
        let sections: [(&str, &[u8]); 5] =
            [(STATE, &state), (PUBLISHED, &published), (WHOLE, whole), (LINKS, links), (WORK, work)];
        let moved = store(root).save(&sections, records)?.into_iter();
        Ok(moved.filter_map(|(number, now)| Some((Arc::from(records.get(number)?.0), now))).collect())
    }

    /// The store knows everything now.
    fn saved(&mut self, moved: Vec<(Arc<str>, Option<Kept>)>) {
        for (path, now) in moved {
            if let Some(Parsed::Document { kept, .. }) = self.documents.get_mut(&path) {
                *kept = now;
            }
        }
        let pictures = self.pictures.sorted();
        let variants = pictures.iter().flat_map(|(_, _, developed)| &developed.picture.variants);
        let variants = variants.map(|variant| variant.digest);
        self.blobs.keep_only(|| variants.chain(self.outputs.fingerprints()).collect());
        self.changed = false;
    }

    /// Leaves to the next build what the file system says of sources and outputs, when all else is in the store
    /// as it was loaded. Nothing when it is not, or cannot be left so.
    fn save_state(&self, root: &Path) -> Option<()> {
        let opened = self.frozen.store.as_ref().filter(|_| self.losses.is_empty())?;
        let (state, published) = self.write_state(&self.frozen.data, self.published.as_ref()).ok()?;
        store(root).renew(opened, &[(STATE, &state), (PUBLISHED, &published)]).ok()
    }

    /// The state and what is published, as they are written.
    fn write_state(
        &self,
        data: &[(Arc<str>, Fingerprint)],
        published: Option<&(PathBuf, Arc<OutputStamps>)>,
    ) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let whole = self.frozen.whole.or(self.whole.as_ref().map(Whole::inputs));
        let state = WrittenState { settings: self.settings, stamps: &self.stamps, whole, data };
        let published: WrittenPublished<'_> = published.map(|(folder, stamps)| (folder.as_path(), &**stamps));
        let (state, published) = rayon::join(|| written(&state), || written(&published));
        Ok((state?, published?))
    }

    /// Deletes what is left to the next build. Says whether there was anything.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub fn clean(root: &Path) -> io::Result<bool> {
        store(root).remove()
    }
}

/// What was read of a store.
struct Loaded {
    frozen: Frozen,
    state: ReadState,
    published: ReadPublished,
    losses: Vec<String>,
}

/// What must be known of a store to tell whether anything changed.
fn frozen(store: Opened) -> Result<Loaded, String> {
    fn read<T: serde::de::DeserializeOwned>(store: &Opened, name: &str) -> Result<T, String> {
        postcard::from_bytes(&store.section(name)?).map_err(|error| error.to_string())
    }
    let pages = || -> Result<_, String> {
        let (records, losses) = store.records()?;
        let hashes = records.iter().map(|record| (Arc::clone(&record.key), record.about[1]));
        Ok((hashes.collect::<HashMap<_, _>>(), records, losses))
    };
    let state =
        || rayon::join(|| read::<ReadState>(&store, STATE), || read::<ReadPublished>(&store, PUBLISHED));
    let (pages, (state, published)) = rayon::join(pages, state);
    let ((mut hashes, records, losses), mut state, published) = (pages?, state?, published?);
    let data: Vec<_> =
        std::mem::take(&mut state.data).into_iter().map(|(Name(path), hash)| (path, hash)).collect();
    hashes.extend(data.iter().map(|(path, hash)| (Arc::clone(path), *hash)));
    let frozen = Frozen { store: Some(store), records, data, hashes, whole: state.whole };
    Ok(Loaded { frozen, state, published, losses })
}

/// A section of the store, as it is written: a few megabytes for a large site.
fn written<T: Serialize>(section: &T) -> io::Result<Vec<u8>> {
    const ROOM: usize = 1 << 20;
    postcard::to_extend(section, Vec::with_capacity(ROOM)).map_err(io::Error::other)
}

type DataFile<'a> = (&'a str, Fingerprint, Fingerprint, &'a DataDocument);

fn data_file<'a>(
    (path, key, parsed): (&'a Arc<str>, Fingerprint, &'a Parsed<DataDocument>),
) -> Option<DataFile<'a>> {
    match parsed {
        Parsed::Document { source, document, .. } => Some((path, key, *source, document)),
        Parsed::Unreadable(_) => None,
    }
}

/// A page: what the memo knows of it, and the document without its text.
fn saving<'a>(
    path: &'a str,
    key: Fingerprint,
    parsed: &'a Parsed<Document>,
) -> Option<io::Result<(&'a str, Saving<'a>)>> {
    match parsed {
        Parsed::Document { kept: Some(kept), document, source, outline }
            if !document.body.stored().is_lost() =>
        {
            let outline = *outline.get_or_init(|| document.outline());
            Some(Ok((path, Saving::Kept { about: [key, *source, outline], kept })))
        }
        Parsed::Document { source, document, outline, .. } => {
            let outline = *outline.get_or_init(|| document.outline());
            let head = postcard::to_stdvec(&**document).map_err(io::Error::other);
            let text = document.body.stored();
            Some(head.map(|head| (path, Saving::New { about: [key, *source, outline], head, text })))
        }
        Parsed::Unreadable(_) => None,
    }
}

/// The pages of a store, and why some are not among them.
fn documents(records: Vec<Record>) -> (Memo<Arc<str>, Parsed<Document>>, Vec<String>) {
    records.iter().for_each(Record::fetch);
    let (mut documents, mut losses) = (Memo::default(), Vec::new());
    documents.reserve(records.len());
    for page in records.into_par_iter().map(page).collect::<Vec<_>>() {
        match page {
            Ok((path, key, parsed)) => documents.insert(path, key, parsed),
            Err(reason) => losses.push(reason),
        }
    }
    (documents, losses)
}

type Page = (Arc<str>, Fingerprint, Parsed<Document>);

fn page(record: Record) -> Result<Page, String> {
    let head = record.head().ok_or_else(|| format!("`{}`: its bytes have changed", record.key))?;
    let mut document: Document =
        postcard::from_bytes(head).map_err(|error| format!("`{}`: {error}", record.key))?;
    document.body = document.body.stored_as(record.text());
    let Record { key, about: [fingerprint, source, outline], kept } = record;
    let (document, outline, kept) = (Arc::new(document), OnceLock::from(outline), Some(kept));
    Ok((key, fingerprint, Parsed::Document { source, document, outline, kept }))
}
