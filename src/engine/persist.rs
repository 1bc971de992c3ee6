//! Memory between two runs of the program.
//!
//! In: what a build remembers. Out: the same in a later process, from `.guidepost/`. What cannot be
//! read is not known, which costs time and nothing else. Decides nothing about what is remembered.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::PROGRAM;
use super::pictures::Developed;
use super::remember::{Memory, Parsed, Rendered};
use super::search::Index;
use super::styles::Made;
use super::whole::Whole;
use crate::fingerprint::Fingerprint;
use crate::memory::{Blobs, Loaded, Record, Saving, Section, Store};
use crate::parse::Document;
use crate::parse::data::DataDocument;
use crate::scan::Stamps;
use crate::write::OutputStamps;

/// The section that is needed to tell whether anything changed.
const STATE: &str = "state";
/// The section that is needed when something did.
const WORK: &str = "work";

/// The state, as it is written.
#[derive(Serialize)]
struct WrittenState<'a> {
    settings: Option<Fingerprint>,
    stamps: &'a Stamps,
    whole: Option<&'a Whole>,
    published: Option<(&'a Path, &'a OutputStamps)>,
    data: Vec<(&'a str, Fingerprint)>,
}

/// The state, as it is read.
#[derive(Deserialize)]
struct ReadState {
    settings: Option<Fingerprint>,
    stamps: Stamps,
    whole: Option<Whole>,
    published: Option<(PathBuf, OutputStamps)>,
    data: Vec<(Arc<str>, Fingerprint)>,
}

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

/// What the store holds, still in the form in which it lies there.
#[derive(Debug, Default)]
pub(super) struct Frozen {
    /// The pages.
    records: Vec<Record>,
    /// Hashes of the sources of pages and data files.
    hashes: HashMap<Arc<str>, Fingerprint>,
    work: Section,
}

impl Frozen {
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
        match store(root).load() {
            Ok(loaded) => Self { blobs: Blobs::of(root), ..Self::from_loaded(loaded) },
            Err(reason) => {
                Self { losses: vec![reason], changed: true, blobs: Blobs::of(root), ..Self::default() }
            }
        }
    }

    /// What of the store could not be used so far, and why.
    #[must_use]
    pub fn losses(&self) -> &[String] {
        &self.losses
    }

    fn from_loaded(loaded: Loaded) -> Self {
        let Loaded { mut sections, records, losses } = loaded;
        let changed = !losses.is_empty();
        let mut memory = Self { losses, changed, ..Self::default() };
        let (Some(state), Some(work)) = (sections.remove(STATE), sections.remove(WORK)) else {
            return memory;
        };
        match postcard::from_bytes::<ReadState>(&state) {
            Ok(ReadState { settings, stamps, whole, published, data }) => {
                memory.settings = settings;
                memory.stamps = stamps;
                memory.whole = whole;
                memory.published = published;
                let pages = records.iter().map(|record| (Arc::clone(&record.key), record.about[1]));
                memory.frozen.hashes = pages.chain(data).collect();
                memory.frozen.records = records;
                memory.frozen.work = work;
            }
            Err(error) => memory.lose(error.to_string()),
        }
        memory
    }

    /// Turns everything that is frozen into values.
    pub(super) fn thaw(&mut self) {
        let Frozen { records, hashes, work } = std::mem::take(&mut self.frozen);
        if hashes.is_empty() {
            return;
        }
        records.iter().for_each(Record::fetch);
        let (pages, work) = rayon::join(
            || records.into_par_iter().map(page).collect::<Vec<_>>(),
            || postcard::from_bytes::<ReadWork>(&work),
        );
        self.documents.reserve(pages.len());
        for page in pages {
            match page {
                Ok((path, key, parsed)) => self.documents.insert(path, key, parsed),
                Err(reason) => self.lose(reason),
            }
        }
        match work {
            Ok(ReadWork { data, outputs, search, styles, pictures }) => {
                self.styles = styles;
                self.search = search;
                for (path, key, developed) in pictures {
                    self.pictures.insert(path, key, developed);
                }
                for (path, key, source, document) in data {
                    let document = Arc::new(document);
                    let outline = OnceLock::new();
                    self.data.insert(path, key, Parsed::Document { source, document, outline, kept: None });
                }
                self.outputs.reserve(outputs.len());
                for (path, fingerprint, rendered) in outputs {
                    self.outputs.insert(path, fingerprint, rendered);
                }
            }
            Err(error) => self.lose(error.to_string()),
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
        self.thaw();
        let sources: Vec<_> = self.data.sorted().into_iter().filter_map(data_file).collect();
        let (pages, outputs, pictures) =
            (self.documents.sorted(), self.outputs.sorted(), self.pictures.sorted());
        let state = WrittenState {
            settings: self.settings,
            stamps: &self.stamps,
            whole: self.whole.as_ref(),
            published: self.published.as_ref().map(|(folder, stamps)| (folder.as_path(), stamps)),
            data: sources.iter().map(|(path, _, source, _)| (*path, *source)).collect(),
        };
        let work = WrittenWork {
            data: sources,
            outputs: outputs
                .into_iter()
                .map(|(path, key, rendered)| (path.as_str(), key, rendered))
                .collect(),
            search: self.search.as_ref(),
            styles: self.styles.as_ref(),
            pictures: pictures.iter().map(|(path, key, developed)| (&***path, *key, *developed)).collect(),
        };
        let (records, (state, work)) = rayon::join(
            || {
                let records = pages.par_iter().filter_map(|(path, key, parsed)| saving(path, *key, parsed));
                records.collect::<io::Result<Vec<_>>>()
            },
            || rayon::join(|| written(&state), || written(&work)),
        );
        let (records, state, work) = (records?, state?, work?);
        let kept = store(root).save(&[(STATE, &state), (WORK, &work)], &records)?;
        let paths: Vec<Arc<str>> = records.iter().map(|(path, _)| Arc::from(*path)).collect();
        for (path, now) in paths.iter().zip(kept) {
            if let Some(Parsed::Document { kept, .. }) = self.documents.get_mut(path) {
                *kept = now;
            }
        }
        let variants = pictures.iter().flat_map(|(_, _, developed)| &developed.picture.variants);
        let variants = variants.map(|variant| variant.digest);
        self.blobs.keep_only(&variants.chain(self.outputs.fingerprints()).collect());
        self.changed = false;
        Ok(())
    }

    /// Deletes what is left to the next build. Says whether there was anything.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub fn clean(root: &Path) -> io::Result<bool> {
        store(root).remove()
    }
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
