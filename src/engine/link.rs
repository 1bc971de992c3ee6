//! The linked site as one remembered value.
//!
//! In: the documents and everything else that a site is linked from. Out: the [`Linked`] site: the last
//! one when all of that is as it was, the last one with other words in it when an edit changed nothing
//! that other pages see, else a new one. Links nothing itself.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Memory, desk, ground, links};
use crate::assemble::facts::Facts;
use crate::assemble::picture::Pictures;
use crate::assemble::{self, Change, Known, Outcome, PageId, Styles};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Hashed};
use crate::parse::Document;
use crate::parse::data::DataDocument;
use crate::render::{self, Theme, view::SiteView};
use crate::scan::{Asset, Inputs};

/// What the data files say, and what they say it in.
#[derive(Debug, Clone)]
pub(super) struct Told {
    data: Arc<[Arc<DataDocument>]>,
    /// What they say.
    pub(super) facts: Arc<Facts>,
    /// What is wrong with that.
    pub(super) findings: Arc<[Diagnostic]>,
}

/// A linked site, and what it was linked from.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    pages: Arc<[Arc<Document>]>,
    frame: Fingerprint,
    /// Its part of what outputs stand on; see [`super::ground`].
    pub(super) ground: Option<Fingerprint>,
    /// What the data files say.
    pub(super) facts: Told,
    /// The site, and what is wrong with it.
    pub(super) outcome: Outcome,
    /// What every page shares.
    pub(super) shared: Arc<Hashed<SiteView>>,
    /// Pages with links that earn money.
    pub(super) earning: Arc<HashSet<PageId>>,
}

impl Linked {
    /// The documents that it was linked from.
    pub(super) fn pages(&self) -> &[Arc<Document>] {
        &self.pages
    }
}

/// How a linked site was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// It was linked now.
    Anew,
    /// It is the last one, perhaps with other words in it.
    Recalled,
}

/// What a site is linked from.
pub(super) struct Parts<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) pages: Vec<Arc<Document>>,
    pub(super) facts: Told,
    pub(super) theme: &'a Theme,
    /// The stylesheet that the build makes, with its hash, when there is one.
    pub(super) styles: Option<(Styles, Fingerprint)>,
    /// Smaller copies of pictures.
    pub(super) pictures: &'a Pictures,
}

/// Links the data, or recalls what it said when it was the same.
pub(super) fn facts(data: Vec<Arc<DataDocument>>, memory: &Memory) -> Told {
    let former = memory.linked.as_ref().map(|linked| &linked.facts);
    if let Some(former) = former.filter(|former| same(&data, &former.data)) {
        return former.clone();
    }
    let (facts, findings) = Facts::link(&data);
    Told { data: data.into(), facts: Arc::new(facts), findings: findings.into() }
}

/// Links a site, or recalls it.
pub(super) fn link(parts: Parts<'_>, memory: &mut Memory) -> (Linked, Linking) {
    let former = memory.linked.take();
    let frame = frame(&parts);
    let (linked, linking) = if let Some(linked) = recall(&parts, frame, former.as_ref()) {
        (linked, Linking::Recalled)
    } else {
        let ground = ground::of_site(parts.inputs, &parts.pages, frame, memory);
        let known = if former.is_none() { links::known(ground, &parts.pages, memory) } else { None };
        (anew(parts, (frame, ground), (former.as_ref(), known.as_ref())), Linking::Anew)
    };
    memory.linked = Some(linked.clone());
    (linked, linking)
}

/// The last site, if it is this one, or has only other words.
fn recall(parts: &Parts<'_>, frame: Fingerprint, former: Option<&Linked>) -> Option<Linked> {
    let former = former?;
    let Parts { inputs, pages, facts, .. } = parts;
    let is_same = Arc::ptr_eq(&facts.facts, &former.facts.facts) && frame == former.frame;
    if !is_same || pages.len() != former.pages.len() {
        return None;
    }
    let changes: Vec<Change<'_>> =
        former.pages.iter().zip(pages).filter(|(old, new)| !Arc::ptr_eq(old, new)).collect();
    if changes.is_empty() {
        return Some(former.clone());
    }
    let scene = (&**inputs.config, inputs.today);
    let outcome = assemble::renew(&former.outcome, &changes, &facts.facts, scene)?;
    Some(Linked { pages: pages.as_slice().into(), outcome, ..former.clone() })
}

/// Whether two lists hold the very same documents: memory keeps each as long as its file is the same.
fn same<T>(one: &[Arc<T>], other: &[Arc<T>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other))
}

/// Links a site from nothing but its parts; what came out as it was is kept as it was.
fn anew(
    parts: Parts<'_>,
    (frame, ground): (Fingerprint, Option<Fingerprint>),
    (former, known): (Option<&Linked>, Option<&Known>),
) -> Linked {
    let Parts { inputs, pages, facts, theme, styles, pictures } = parts;
    let outcome = assemble::assemble(&assemble::Input {
        documents: &pages,
        facts: &facts.facts,
        components: &theme.directives(),
        config: &inputs.config,
        assets: &inputs.assets,
        today: inputs.today,
        visibility: inputs.visibility,
        styles,
        pictures,
        card_template: card_template(inputs, theme),
        former: former.filter(|former| is_alike(former, frame, &facts, &pages)).map(|of| &of.outcome.site),
        known,
    });
    let shared = Hashed::new(render::site_view(&inputs.config, &outcome.site));
    let former = former.map(|former| &former.shared);
    let shared = match former.filter(|former| former.fingerprint() == shared.fingerprint()) {
        Some(former) => Arc::clone(former),
        None => Arc::new(shared),
    };
    let earning = Arc::new(desk::earning(&outcome.site, inputs, &facts.facts));
    Linked { pages: pages.into(), frame, ground, facts, outcome, shared, earning }
}

/// Whether a site was linked from the same data and settings, and from documents with the same paths.
fn is_alike(former: &Linked, frame: Fingerprint, facts: &Told, pages: &[Arc<Document>]) -> bool {
    former.frame == frame
        && Arc::ptr_eq(&former.facts.facts, &facts.facts)
        && former.pages.len() == pages.len()
        && former.pages.iter().zip(pages).all(|(then, now)| then.path == now.path)
}

/// The fingerprint of the template of cards, on a site that has them.
fn card_template(inputs: &Inputs, theme: &Theme) -> Option<Fingerprint> {
    inputs.config.cards.enabled.then(|| theme.fingerprint(render::card::TEMPLATE))
}

/// The fingerprint of everything but the documents.
fn frame(parts: &Parts<'_>) -> Fingerprint {
    let Parts { inputs, pages: _, facts: _, theme, styles, pictures } = parts;
    // The text of the settings counts as well, for problems point into it.
    let Inputs {
        root: _,
        config,
        settings,
        today,
        visibility,
        // What is made of pictures is known.
        pictures: _,
        pages: _,
        data: _,
        assets,
        templates: _,
        // For the editor's desk alone.
        desk: _,
        stamps: _,
        diagnostics: _,
    } = inputs;
    let asset = |asset: &Asset| {
        let Asset { path, origin, name, content: _, fingerprint, len, stamp: _, size } = asset;
        let size = size.map(|size| (size.width, size.height));
        Fingerprint::of(&(path, origin, name, fingerprint, len, size))
    };
    let styles = styles.map(|(styles, hash)| (styles == Styles::Site, hash));
    let mut all = vec![Fingerprint::of(&(config, settings, today, visibility, theme.directives(), styles))];
    let own_templates = inputs.has_templates_of_its_own();
    all.push(Fingerprint::of(&(pictures, card_template(inputs, theme), own_templates)));
    all.extend(assets.iter().map(asset));
    Fingerprint::combine(&all)
}
