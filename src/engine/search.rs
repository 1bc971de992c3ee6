//! The last step of a build: the search index.
//!
//! In: a site of which every page is rendered. Out: the files of its index, to the same sink as all
//! other outputs. It is made again only when a text in it changed; which files it has is known when it
//! is made and not before, so they are in no route table.

#[cfg(feature = "search")]
mod index;

use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::squeeze::Squeeze;
use super::{Memory, PROGRAM, Plan, Sink};
use crate::assemble::SEARCH_INDEX;
use crate::diagnostic::{Code, Diagnostic};
use crate::fingerprint::Fingerprint;
use crate::render::search::{self, Indexed};

/// What is remembered of an index once its files have gone to the sink.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Index {
    /// Of what its pages are made from.
    sources: Fingerprint,
    /// Of its pages as they were read.
    documents: Fingerprint,
    pages: usize,
    /// Path, digest and length of each file.
    pub(super) files: Vec<(String, Fingerprint, u64)>,
}

/// What an index came to.
#[derive(Debug, Clone, Copy)]
pub struct Indexing {
    /// Pages that it finds.
    pub pages: usize,
    /// How long it took to make; nothing when the one there is still holds.
    pub took: Option<Duration>,
}

/// Makes the site's index, if it is to have one, or keeps the one it has.
///
/// # Errors
/// A diagnostic when it cannot be made.
pub fn finish(plan: &Plan, memory: &mut Memory, sink: &dyn Sink) -> Result<Option<Indexing>, Diagnostic> {
    let Some(_) = &plan.site.search else {
        memory.changed |= memory.search.take().is_some();
        return Ok(None);
    };
    // A measurement: nothing that is published depends on it.
    let started = Instant::now();
    let context = plan.context();
    let pages = search::pages(&context);
    let squeeze = Squeeze::of(&plan.inputs, &plan.site.routes);
    let program = squeeze.key(SEARCH_INDEX, Fingerprint::of_bytes(PROGRAM.as_bytes()));
    let sources = Fingerprint::combine(&[program, search::fingerprint(&context, &pages)]);
    let known = memory
        .search
        .take()
        .filter(|index| index.files.par_iter().all(|(path, digest, _)| sink.holds(path, *digest)));
    if let Some(index) = known.as_ref().filter(|index| index.sources == sources) {
        return Ok(Some(keep(index.clone(), memory, sink)));
    }
    memory.changed = true;
    let (documents, lacking) = documents(plan, &context, &pages);
    let parts: Vec<Fingerprint> =
        documents.par_iter().map(|page| Fingerprint::of(&(&page.url, &page.html))).collect();
    let read = Fingerprint::combine(&[program, Fingerprint::combine(&parts)]);
    if let Some(index) = known.filter(|index| index.documents == read) {
        return Ok(Some(keep(Index { sources, ..index }, memory, sink)));
    }
    let files = make(documents)?
        .into_par_iter()
        .flat_map_iter(|(path, bytes)| {
            let digest = Fingerprint::of_bytes(&bytes);
            sink.put(&path, &bytes, digest);
            let twins = squeeze.put(&path, &bytes, sink).into_iter();
            let twins: Vec<_> = twins.map(|twin| (twin.path(&path), twin.digest, twin.len)).collect();
            twins.into_iter().chain([(path, digest, bytes.len() as u64)])
        })
        .collect();
    // One that lacks a text must not be remembered; the page itself has told why.
    memory.search = (!lacking).then_some(Index { sources, documents: read, pages: pages.len(), files });
    Ok(Some(Indexing { pages: pages.len(), took: Some(started.elapsed()) }))
}

fn keep(index: Index, memory: &mut Memory, sink: &dyn Sink) -> Indexing {
    for (path, digest, len) in &index.files {
        sink.keep(path, *digest, *len);
    }
    let pages = index.pages;
    memory.search = Some(index);
    Indexing { pages, took: None }
}

/// The pages as the index reads them; whether one lacks a text that could not be made again.
fn documents(
    plan: &Plan,
    context: &crate::render::Context<'_>,
    pages: &[crate::assemble::PageId],
) -> (Vec<Indexed>, bool) {
    let (documents, lacking): (Vec<_>, Vec<_>) = pages
        .par_iter()
        .map(|id| {
            let indexed = search::document(context, *id);
            let page = plan.site.pages.get(*id);
            if page.is_none_or(|page| !page.document.body.stored().is_lost()) {
                return (indexed, false);
            }
            let found = page.is_some_and(|page| super::lost::restore(plan, &page.document));
            (search::document(context, *id), !found)
        })
        .unzip();
    (documents.into_iter().flatten().collect(), lacking.contains(&true))
}

#[cfg(feature = "search")]
fn make(documents: Vec<Indexed>) -> Result<Vec<(String, Vec<u8>)>, Diagnostic> {
    index::make(documents).map_err(|why| {
        let message = format!("the search index cannot be made: {why}");
        Diagnostic::new(Code::Config, "site.toml", None, message)
            .help("build again; without an index, set `[search] enabled = false`")
    })
}

#[cfg(not(feature = "search"))]
fn make(_: Vec<Indexed>) -> Result<Vec<(String, Vec<u8>)>, Diagnostic> {
    Err(Diagnostic::new(Code::Config, "site.toml", None, "this program was built without search")
        .help("build it with the feature `search`, or set `[search] enabled = false`"))
}
