//! What the desk remembers between two runs of the program.
//!
//! In: what `check` worked out. Out: the same to a later `check`, from files of their own beside the
//! store's, so that a build never reads them. Whatever cannot be read is not known.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::persist::store;
use super::remember::Memory;
use super::{Counts, Linking, Outcome, Plan, whole};
use crate::check::Noted;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::scan::{Inputs, Source};

/// The whole check, as one value.
const CHECKED: &str = "checked";
/// What was found page by page.
const PIECES: &str = "desk";

/// What a whole check came to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Checked {
    /// Of its inputs.
    inputs: Fingerprint,
    diagnostics: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
    pages: usize,
    routes: usize,
    owners: BTreeMap<String, Vec<String>>,
}

/// What was found page by page and output by output.
#[derive(Debug, Serialize, Deserialize)]
struct Pieces {
    pages: Vec<(Arc<str>, Fingerprint, Noted)>,
    outputs: Vec<(String, Fingerprint, Vec<Diagnostic>)>,
}

/// What a check came to, if all of its inputs are known by their hashes.
pub(super) fn of(plan: &Plan, memory: &Memory, outcome: &Outcome) -> Option<Checked> {
    if memory.is_fleeting || whole::is_passing(plan, &outcome.diagnostics) {
        return None;
    }
    let hash_of = |source: &Source| memory.hash_of(&source.path);
    let inputs = whole::fingerprint(&plan.inputs, &hash_of)?;
    let Outcome { diagnostics, notes, pages, routes, owners, .. } = outcome;
    Some(Checked {
        inputs,
        diagnostics: diagnostics.clone(),
        notes: notes.clone(),
        pages: *pages,
        routes: *routes,
        owners: owners.clone(),
    })
}

/// What a check of these inputs comes to, if it was the last one.
pub(super) fn recall(inputs: &Inputs, memory: &Memory) -> Option<Outcome> {
    let checked = memory.desk.checked.as_ref()?;
    if whole::fingerprint(inputs, &|source| source.remembered) != Some(checked.inputs) {
        return None;
    }
    Some(Outcome {
        diagnostics: checked.diagnostics.clone(),
        notes: checked.notes.clone(),
        more: 0,
        parsed: Counts { fresh: 0, unchanged: inputs.pages.len() + inputs.data.len() },
        linking: Linking::Recalled,
        rendered: Counts { fresh: 0, unchanged: checked.routes },
        pages: checked.pages,
        routes: checked.routes,
        search: None,
        owners: checked.owners.clone(),
    })
}

impl Memory {
    /// What the last build of a site left, and the last check.
    #[must_use]
    pub fn load_for_check(root: &Path) -> Self {
        let mut memory = Self::load(root);
        let store = store(root);
        memory.desk.checked =
            store.aside(CHECKED).and_then(|bytes| postcard::from_bytes(&bytes).ok()).flatten();
        memory.desk.frozen = Some(root.to_owned());
        memory
    }

    /// Turns what is left of the last check into values: a check in which nothing changed needs none.
    pub(super) fn thaw_desk(&mut self) {
        let bytes = self.desk.frozen.take().and_then(|root| store(&root).aside(PIECES)).unwrap_or_default();
        let Ok(Pieces { pages, outputs }) = postcard::from_bytes(&bytes) else { return };
        for (path, key, noted) in pages {
            self.desk.pages.insert(path, key, noted);
        }
        self.desk.outputs.extend(outputs.into_iter().map(|(path, key, found)| (path, (key, found))));
    }

    /// Leaves what a check found to the next one, unless that knows it all.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_desk(&mut self, root: &Path) -> io::Result<()> {
        if !self.desk.changed {
            return Ok(());
        }
        let pages = self.desk.pages.sorted().into_iter();
        let pieces = Pieces {
            pages: pages.map(|(path, key, noted)| (Arc::clone(path), key, noted.clone())).collect(),
            outputs: self
                .desk
                .outputs
                .iter()
                .map(|(path, (key, found))| (path.clone(), *key, found.clone()))
                .collect(),
        };
        let store = store(root);
        store.put_aside(PIECES, &postcard::to_stdvec(&pieces).map_err(io::Error::other)?)?;
        store.put_aside(CHECKED, &postcard::to_stdvec(&self.desk.checked).map_err(io::Error::other)?)?;
        self.desk.changed = false;
        Ok(())
    }
}
