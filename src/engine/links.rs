//! What links led to, from one run of the program to the next.
//!
//! In: a linked site. Out: what its references meant and which pages are related, to a later process that links
//! the same site with other words in it: to look for every link again takes as long as all else of that. Within
//! one process the linked site itself tells.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use super::Memory;
use crate::assemble::Known;
use crate::fingerprint::Fingerprint;
use crate::memory::each;
use crate::parse::Document;

/// So few pages with other words are linked as new each time, rather than all noted again.
const FEW: usize = 64;

/// What an earlier process noted.
#[derive(Debug)]
pub(super) struct Links {
    /// What all of it stands on; see [`super::ground`].
    ground: Fingerprint,
    /// What each document was made from.
    texts: Vec<Option<Fingerprint>>,
    known: Option<Known>,
    /// As it lies in the store.
    bytes: Vec<u8>,
    /// How many documents have other words by now.
    changed: usize,
}

/// The same as it lies in the store.
type Noted = (Fingerprint, Vec<Option<Fingerprint>>, Known);

/// Reads what was noted, if anything was.
pub(super) fn read(bytes: Vec<u8>) -> Result<Option<Links>, String> {
    let noted: Option<Noted> = match bytes.as_slice() {
        [] => None,
        bytes => postcard::from_bytes(bytes).map_err(|error| error.to_string())?,
    };
    Ok(noted.map(|(ground, texts, known)| Links { ground, texts, known: Some(known), bytes, changed: 0 }))
}

/// What is known of the links of these documents, when they stand on this ground.
pub(super) fn known(
    ground: Option<Fingerprint>,
    pages: &[Arc<Document>],
    memory: &mut Memory,
) -> Option<Known> {
    let now = texts(pages, memory);
    let links = memory.links.as_mut()?;
    if ground != Some(links.ground) || links.texts.len() != pages.len() {
        return None;
    }
    let pairs = pages.iter().zip(now.iter().zip(&links.texts));
    let changed = pairs.filter(|(_, (now, then))| now.is_none() || now != then);
    let changed: HashSet<_> = changed.map(|(page, _)| Arc::clone(&page.path)).collect();
    links.changed = changed.len();
    Some(links.known.take()?.but_for(changed))
}

/// What there is to note for the next process.
pub(super) fn written(memory: &Memory) -> io::Result<Cow<'_, [u8]>> {
    let known = memory.links.as_ref();
    let Some((linked, ground)) = memory.linked.as_ref().and_then(|linked| Some((linked, linked.ground?)))
    else {
        return Ok(known.map_or_else(Cow::default, |links| Cow::Borrowed(&*links.bytes)));
    };
    if let Some(links) = known.filter(|links| links.ground == ground && links.changed <= FEW) {
        return Ok(Cow::Borrowed(&links.bytes));
    }
    let noted: Noted = (ground, texts(linked.pages(), memory), Known::of(&linked.outcome.site));
    postcard::to_stdvec(&Some(noted)).map(Cow::Owned).map_err(io::Error::other)
}

/// What memory made each document from; nothing where it has another by now.
fn texts(pages: &[Arc<Document>], memory: &Memory) -> Vec<Option<Fingerprint>> {
    let text = |page: &Arc<Document>| {
        let known = memory.documents.get(&page.path).filter(|known| known.is(page));
        known.and_then(|_| memory.documents.fingerprint(&page.path))
    };
    each(pages, || (), |(), _, page| text(page))
}
