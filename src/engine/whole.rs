//! The whole build as one remembered value: a site in which nothing changed is not even linked.
//!
//! In: the inputs of a build. Out: a fingerprint of everything in them, and what the last build with
//! that fingerprint came to. An input that cannot be told by its hash has no such fingerprint.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::squeeze::Squeeze;
use super::{Counts, Indexing, Linking, Memory, Outcome, PROGRAM, Plan, Sink};
use crate::assemble::Cause;
use crate::diagnostic::{Code, Diagnostic};
use crate::fingerprint::Fingerprint;
use crate::memory::both;
use crate::scan::{Asset, Inputs, Source};

/// What a whole build came to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Whole {
    /// Of its inputs.
    inputs: Fingerprint,
    diagnostics: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
    more: usize,
    pages: usize,
    routes: Vec<(String, Part)>,
    /// How many of these are not routes but files of the search index and compressed twins, which come last.
    indexed: usize,
    /// How many pages the search index finds.
    search: Option<usize>,
}

/// What is published at one path.
#[derive(Debug, Serialize, Deserialize)]
enum Part {
    /// Rendered bytes, by their digest and length.
    Output(Fingerprint, u64),
    /// A file as it is: [`Inputs::assets`] at this index.
    Asset(usize),
}

impl Whole {
    /// The fingerprint of its inputs.
    pub(super) fn inputs(&self) -> Fingerprint {
        self.inputs
    }
}

/// The hash of a source's bytes, where it is known.
pub(super) type HashOf<'a> = &'a dyn Fn(&Source) -> Option<Fingerprint>;

/// Fingerprint of all inputs; nothing when some file's hash is not known.
pub(super) fn fingerprint(inputs: &Inputs, hash_of: HashOf<'_>) -> Option<Fingerprint> {
    // Every field is named, so that a new one cannot be forgotten here. Nothing that is published or
    // said depends on where the site lies.
    let Inputs {
        root: _,
        stamps: _,
        config,
        settings,
        today,
        visibility,
        pictures,
        pages,
        data,
        assets,
        templates,
        desk,
        diagnostics,
    } = inputs;
    let mut all = Vec::new();
    let sizes = [pages.len(), data.len(), assets.len(), templates.len()];
    let world = (PROGRAM, config, settings, today, visibility, (pictures, diagnostics, desk, sizes));
    all.extend(Fingerprint::of(&world).as_bytes());
    for source in pages.iter().chain(data) {
        // How long its path is tells where it ends.
        all.extend((source.path.len() as u64).to_le_bytes());
        all.extend(source.path.as_bytes());
        all.extend(hash_of(source)?.as_bytes());
    }
    for Asset { path, origin, name, fingerprint, len, content: _, size: _, stamp: _ } in assets {
        all.extend(Fingerprint::of(&(path, origin, name, fingerprint, len)).as_bytes());
    }
    for template in templates {
        all.extend(Fingerprint::of(&(&template.name, &template.path)).as_bytes());
        all.extend(template.fingerprint.as_bytes());
    }
    Some(Fingerprint::of_bytes(&all))
}

/// Reads the files whose stamps prove nothing: their bytes may be the ones that memory knows.
pub(super) fn settle(inputs: &mut Inputs, memory: &Memory) {
    if memory.whole_inputs().is_none() && memory.desk.checked.is_none() {
        return;
    }
    let Inputs { pages, data, stamps, .. } = inputs;
    let unknown = pages.par_iter_mut().chain(data).filter(|source| source.remembered.is_none());
    let learnt = unknown.filter_map(|source| {
        let hash = source.load().ok().map(|bytes| Fingerprint::of_bytes(&bytes));
        source.remembered = hash.filter(|hash| memory.answers(&source.path, *hash));
        Some((Arc::clone(&source.path), source.stamp, source.remembered?))
    });
    for (path, stamp, hash) in learnt.collect::<Vec<_>>() {
        stamps.learn(&path, stamp, hash);
    }
}

/// What a build of these inputs comes to, if it was the last one and the sink has all of it.
pub(super) fn recall(inputs: &Inputs, memory: &mut Memory, sink: &dyn Sink) -> Option<Outcome> {
    let known = memory.whole_inputs()?;
    if fingerprint(inputs, &|source| source.remembered) != Some(known) {
        return None;
    }
    memory.thaw_whole();
    let whole = memory.whole.as_ref()?;
    let holds = |(path, part): &(String, Part)| match part {
        Part::Output(digest, _) => sink.holds(path, *digest),
        Part::Asset(index) => *index < inputs.assets.len(),
    };
    if !whole.routes.par_iter().all(holds) {
        return None;
    }
    whole.routes.par_iter().for_each(|(path, part)| match part {
        Part::Output(digest, len) => sink.keep(path, *digest, *len),
        Part::Asset(index) => {
            if let Some(asset) = inputs.assets.get(*index) {
                sink.copy(path, asset);
            }
        }
    });
    let outputs = whole.routes.iter().filter(|(_, part)| matches!(part, Part::Output(..))).count();
    let outputs = outputs - whole.indexed;
    Some(Outcome {
        diagnostics: whole.diagnostics.clone(),
        notes: whole.notes.clone(),
        more: whole.more,
        parsed: Counts { fresh: 0, unchanged: inputs.pages.len() + inputs.data.len() },
        linking: Linking::Recalled,
        rendered: Counts { fresh: 0, unchanged: outputs },
        pages: whole.pages,
        routes: whole.routes.len() - whole.indexed,
        search: whole.search.map(|pages| Indexing { pages, took: None }),
        owners: BTreeMap::new(),
    })
}

/// Whether a build met a file that could not be read as it was found: another build of these very
/// inputs may come to something else.
pub(super) fn is_passing(plan: &Plan, found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.code == Code::File && !plan.inputs.diagnostics.contains(found))
}

/// What a build came to, if all of its inputs are known by their hashes.
pub(super) fn of(plan: &Plan, memory: &Memory, outcome: &Outcome) -> Option<Whole> {
    if is_passing(plan, &outcome.diagnostics) {
        return None;
    }
    let hash_of = |source: &Source| memory.hash_of(&source.path);
    let squeeze = Squeeze::of(&plan.inputs, &plan.site.routes);
    let part = |(path, route): (&String, &crate::assemble::Route)| {
        let part = if let (Cause::Asset(index), None) = (&route.cause, squeeze.file(path, route)) {
            Part::Asset(*index)
        } else {
            let rendered = memory.outputs.get(path)?;
            Part::Output(rendered.digest, rendered.len)
        };
        Some((path.clone(), part))
    };
    let (inputs, routes) = both(
        || fingerprint(&plan.inputs, &hash_of),
        || plan.site.routes.par_iter().map(part).collect::<Option<Vec<_>>>(),
    );
    let (inputs, mut routes) = (inputs?, routes?);
    let files = match (&memory.search, outcome.search) {
        (Some(index), Some(_)) => index.files.as_slice(),
        (None, Some(_)) => return None,
        (_, None) => &[],
    };
    let count = routes.len();
    routes.extend(files.iter().map(|(path, digest, len)| (path.clone(), Part::Output(*digest, *len))));
    if squeeze.is_on() {
        for path in plan.site.routes.keys() {
            let twins = memory.outputs.get(path).map_or(&[][..], |rendered| rendered.twins.as_slice());
            routes.extend(twins.iter().map(|twin| (twin.path(path), Part::Output(twin.digest, twin.len))));
        }
    }
    let Outcome { diagnostics, notes, more, pages, search, .. } = outcome;
    let (diagnostics, notes) = (diagnostics.clone(), notes.clone());
    let (indexed, search) = (routes.len() - count, search.map(|search| search.pages));
    Some(Whole { inputs, diagnostics, notes, more: *more, pages: *pages, routes, indexed, search })
}

impl Memory {
    /// The fingerprint of the inputs of the last whole build.
    fn whole_inputs(&self) -> Option<Fingerprint> {
        self.frozen.whole().or(self.whole.as_ref().map(Whole::inputs))
    }

    /// The hash of the text that a page or data file is remembered from.
    pub(super) fn hash_of(&self, path: &Arc<str>) -> Option<Fingerprint> {
        let frozen = self.frozen.hash_of(path);
        let page = frozen.or_else(|| self.documents.get(path).and_then(super::remember::Parsed::source));
        page.or_else(|| self.data.get(path).and_then(super::remember::Parsed::source))
    }
}
