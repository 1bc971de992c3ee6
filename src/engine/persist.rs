//! Memory between two runs of the program.
//!
//! In: what a build remembers. Out: the same in a later process, from `.guidepost/`. What cannot be
//! read is not known, which costs time and nothing else. Decides nothing about what is remembered.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Memory, PROGRAM, Parsed, Rendered};
use crate::fingerprint::Fingerprint;
use crate::memory::{Kept, Loaded, Record, Saving, Store};
use crate::parse::Document;
use crate::parse::data::DataDocument;
use crate::scan::Stamps;
use crate::write::OutputStamps;

/// The section that holds everything but pages.
const BUILD: &str = "build";

/// Everything but pages, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    settings: Option<Fingerprint>,
    stamps: &'a Stamps,
    data: Vec<(&'a str, Fingerprint, Fingerprint, &'a DataDocument)>,
    outputs: Vec<(&'a str, Fingerprint, &'a Rendered)>,
    published: Option<(&'a Path, &'a OutputStamps)>,
}

/// The same as it is read.
#[derive(Deserialize)]
struct Read {
    settings: Option<Fingerprint>,
    stamps: Stamps,
    data: Vec<(Arc<str>, Fingerprint, Fingerprint, DataDocument)>,
    outputs: Vec<(String, Fingerprint, Rendered)>,
    published: Option<(PathBuf, OutputStamps)>,
}

/// The store of a site for this very program.
fn store(root: &Path) -> Store {
    Store::new(root, Fingerprint::of_bytes(PROGRAM.as_bytes()))
}

impl Memory {
    /// What the last build of a site left, and in a few words what of it cannot be used, and why.
    #[must_use]
    pub fn load(root: &Path) -> (Self, Vec<String>) {
        let Loaded { sections, records, mut losses } = match store(root).load() {
            Ok(loaded) => loaded,
            Err(reason) => return (Self::default(), vec![reason]),
        };
        let Some(build) = sections.get(BUILD) else { return (Self::default(), losses) };
        let read: Read = match postcard::from_bytes(build) {
            Ok(read) => read,
            Err(error) => return (Self::default(), vec![error.to_string()]),
        };
        let mut memory = Self {
            stamps: read.stamps,
            settings: read.settings,
            published: read.published,
            changed: !losses.is_empty(),
            ..Self::default()
        };
        for (path, key, source, document) in read.data {
            let document = Arc::new(document);
            memory.data.insert(path, key, Parsed::Document { source, document, kept: None });
        }
        for (path, fingerprint, rendered) in read.outputs {
            memory.outputs.insert(path, fingerprint, rendered);
        }
        let pages: Vec<_> = records.into_par_iter().map(page).collect();
        for page in pages {
            match page {
                Ok((path, key, parsed)) => memory.documents.insert(path, key, parsed),
                Err(reason) => losses.push(reason),
            }
        }
        (memory, losses)
    }

    /// Leaves everything to the next build, unless the store knows it all.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save(&mut self, root: &Path) -> io::Result<()> {
        if !self.changed {
            return Ok(());
        }
        let data = self.data.sorted();
        let data = data.into_iter().filter_map(|(path, key, parsed)| match parsed {
            Parsed::Document { source, document, .. } => Some((&**path, key, *source, &**document)),
            Parsed::Unreadable(_) => None,
        });
        let outputs = self.outputs.sorted().into_iter();
        let build = postcard::to_stdvec(&Written {
            settings: self.settings,
            stamps: &self.stamps,
            data: data.collect(),
            outputs: outputs.map(|(path, key, rendered)| (path.as_str(), key, rendered)).collect(),
            published: self.published.as_ref().map(|(folder, stamps)| (folder.as_path(), stamps)),
        })
        .map_err(io::Error::other)?;
        let pages: Vec<_> = self.documents.sorted();
        let records = pages.par_iter().filter_map(|(path, key, parsed)| saving(path, *key, parsed));
        let records = records.collect::<io::Result<Vec<_>>>()?;
        let kept = store(root).save(&[(BUILD, &build)], &records)?;
        let paths: Vec<Arc<str>> = records.iter().map(|(path, _)| Arc::from(*path)).collect();
        for (path, now) in paths.iter().zip(kept) {
            if let Some(Parsed::Document { kept, .. }) = self.documents.get_mut(path) {
                *kept = now;
            }
        }
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

/// A page's head: what the memo knows of it, and the document without its text.
fn saving<'a>(
    path: &'a str,
    key: Fingerprint,
    parsed: &'a Parsed<Document>,
) -> Option<io::Result<(&'a str, Saving<'a>)>> {
    match parsed {
        Parsed::Document { kept: Some(kept), document, .. } if !document.body.stored().is_lost() => {
            Some(Ok((path, Saving::Kept(kept))))
        }
        Parsed::Document { source, document, .. } => {
            let head = postcard::to_stdvec(&(key, source, &**document)).map_err(io::Error::other);
            Some(head.map(|head| (path, Saving::New { head, text: document.body.stored() })))
        }
        Parsed::Unreadable(_) => None,
    }
}

type Page = (Arc<str>, Fingerprint, Parsed<Document>);

fn page(record: Record) -> Result<Page, String> {
    let (key, source, mut document): (Fingerprint, Fingerprint, Document) =
        postcard::from_bytes(record.head()).map_err(|error| format!("`{}`: {error}", record.key))?;
    document.body = document.body.stored_as(record.text());
    let kept: Option<Kept> = Some(record.kept);
    Ok((record.key, key, Parsed::Document { source, document: Arc::new(document), kept }))
}
