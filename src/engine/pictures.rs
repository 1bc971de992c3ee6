//! Pictures of a build: smaller copies, and originals that tell nothing about their maker.
//!
//! In: the site's files, and which of them pages show. Out: what was made of each, remembered like a
//! parsed page; later the bytes of each image that is published. What is dear to make lies in the
//! store, by its content.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::{Memory, PROGRAM, Plan};
use crate::assemble::facts::Facts;
use crate::assemble::picture::{Pictures, shown_names};
use crate::assemble::{Cause, Icon, Route};
use crate::config::Images;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::fingerprint::Fingerprint;
use crate::memory::Blobs;
use crate::parse::Document;
use crate::picture::{self, Format, PIXELS, Picture, Variant, drawing};
use crate::render::Rendered;
use crate::scan::{self, Asset, Inputs, Origin};

/// Pixels that are decoded at once, at most, by all threads together.
const AT_ONCE: u64 = 128_000_000;
/// What a damaged image needs.
const HELP: &str = "save it anew from an image editor; until then it is published as it is";

/// What became of an image.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Developed {
    pub(super) picture: Picture,
    diagnostics: Vec<Diagnostic>,
    /// Its file could not be read as it was found, and what came of that must not be remembered.
    #[serde(skip)]
    moved: bool,
}

/// Hears how far the images are: how many are done, and of how many.
#[derive(Default)]
pub struct Progress(Option<Box<dyn Fn(usize, usize) + Send + Sync>>);

impl Progress {
    /// Calls that for each image that is done.
    #[must_use]
    pub fn new(hear: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(hear)))
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Progress").field(&self.0.is_some()).finish()
    }
}

/// Makes smaller copies of the images that pages show, or recalls them.
pub(super) fn develop(
    inputs: &Inputs,
    pages: &[Arc<Document>],
    facts: &Facts,
    memory: &mut Memory,
) -> (Pictures, Vec<Diagnostic>) {
    let images = &inputs.config.images;
    let wanted = wanted(inputs, pages, facts);
    let known: HashSet<&Arc<str>> = wanted.iter().map(|(_, asset, _)| &asset.path).collect();
    memory.changed |= memory.pictures.retain(|path| known.contains(path));
    let plan = picture::Plan { widths: images.widths.clone(), quality: images.quality };
    let settings = Fingerprint::of(&(PROGRAM, &plan));
    let (done, all) = (AtomicUsize::new(0), wanted.len());
    let (blobs, progress) = (&memory.blobs, &memory.progress);
    for batch in batches(&wanted) {
        let counts = memory.pictures.map(
            batch,
            |(_, asset, format)| {
                let own = Fingerprint::of(&(format, asset.fingerprint));
                let key = Fingerprint::combine(&[settings, own]);
                (Arc::clone(&asset.path), key, (*asset, *format))
            },
            |(asset, format)| develop_one(asset, format, &plan, blobs),
            |_, _| {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if let Some(hear) = &progress.0 {
                    hear(done, all);
                }
            },
        );
        memory.changed |= counts.fresh > 0;
    }
    let mut pictures = Pictures::new();
    let mut found = Vec::new();
    for (index, asset, _) in wanted {
        let Some(developed) = memory.pictures.get(&asset.path) else { continue };
        found.extend(developed.diagnostics.iter().cloned());
        pictures.insert(index, developed.picture.clone());
        if developed.moved {
            memory.pictures.forget(&asset.path);
        }
    }
    (pictures, found)
}

type Wanted<'a> = (usize, &'a Asset, Format);

/// The files of which smaller copies are wanted: those that a page may show.
fn wanted<'a>(inputs: &'a Inputs, pages: &[Arc<Document>], facts: &Facts) -> Vec<Wanted<'a>> {
    if inputs.pictures == scan::Pictures::Originals || !inputs.config.images.enabled {
        return Vec::new();
    }
    let scaled = |(index, asset): (usize, &'a Asset)| {
        let format = Format::of_name(&asset.name).filter(|format| format.is_scaled())?;
        (asset.origin != Origin::Theme && asset.size.is_some()).then_some((index, asset, format))
    };
    let mut wanted: Vec<Wanted<'a>> = inputs.assets.iter().enumerate().filter_map(scaled).collect();
    if !wanted.is_empty() {
        let names = shown_names(pages.iter().map(|page| &**page), facts);
        wanted.retain(|(_, asset, _)| {
            let name = asset.name.rsplit('/').next().unwrap_or(&asset.name);
            names.contains(&*crate::assemble::url::nfc(name))
        });
    }
    wanted
}

/// Cuts the work so that what is decoded at once fits into memory.
fn batches<'w, 'a>(wanted: &'w [Wanted<'a>]) -> Vec<&'w [Wanted<'a>]> {
    let mut batches = Vec::new();
    let (mut start, mut pixels) = (0, 0);
    for (at, (_, asset, _)) in wanted.iter().enumerate() {
        let own =
            asset.size.map_or(PIXELS, |size| u64::from(size.width) * u64::from(size.height)).min(PIXELS);
        if at > start && pixels + own > AT_ONCE {
            batches.push(&wanted[start..at]);
            (start, pixels) = (at, 0);
        }
        pixels += own;
    }
    batches.push(&wanted[start..]);
    batches
}

fn develop_one(asset: &Asset, format: Format, plan: &picture::Plan, blobs: &Blobs) -> Developed {
    let mut picture = Picture::default();
    let bytes = match asset.load_as_found() {
        Ok(bytes) => bytes,
        Err(found) => return Developed { picture, diagnostics: vec![found], moved: true },
    };
    match make(asset, &bytes, format, plan) {
        Ok(made) => {
            for picture::Made { format, width, height, bytes } in made {
                let digest = Fingerprint::of_bytes(&bytes);
                blobs.put(digest, &bytes);
                picture.variants.push(Variant { format, width, height, digest, len: bytes.len() as u64 });
            }
            Developed { picture, diagnostics: Vec::new(), moved: false }
        }
        Err(trouble) => Developed { picture, diagnostics: vec![trouble], moved: false },
    }
}

/// The smaller copies of an image.
fn make(
    asset: &Asset,
    bytes: &[u8],
    format: Format,
    plan: &picture::Plan,
) -> Result<Vec<picture::Made>, Diagnostic> {
    let scale = || {
        let cleaned = picture::clean(format, bytes);
        match cleaned.trouble {
            // It is shown as far as it goes, and said where it is published.
            Some(_) => Ok(Vec::new()),
            None => picture::scale(format, bytes, plan),
        }
    };
    // Decoders are large, and files come from anywhere.
    let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(scale));
    made.unwrap_or_else(|_| Err("cannot be decoded".to_owned())).map_err(|trouble| damaged(asset, &trouble))
}

fn damaged(asset: &Asset, trouble: &str) -> Diagnostic {
    Diagnostic::new(Code::ImageDamaged, Arc::clone(&asset.path), None, format!("this image {trouble}"))
        .help(HELP)
}

/// What an output that is an image is made from; `None` for all others.
pub(super) fn key(plan: &Plan, route: &Route) -> Option<Fingerprint> {
    let own = match route.cause {
        Cause::Image(index) | Cause::Drawing(index) => {
            let asset = plan.inputs.assets.get(index)?;
            Fingerprint::of(&(PROGRAM, "clean", &asset.path, asset.fingerprint))
        }
        Cause::Variant { asset, number } => {
            let variant = plan.pictures.get(&asset)?.variants.get(number)?;
            Fingerprint::of(&(PROGRAM, "variant", variant.digest))
        }
        Cause::Icon(index, icon) => {
            let asset = plan.inputs.assets.get(index)?;
            Fingerprint::of(&(PROGRAM, "icon", icon == Icon::Touch, &asset.path, asset.fingerprint))
        }
        _ => return None,
    };
    Some(own)
}

/// An image as it is published, and whether its file changed or went while the site was built.
pub(super) fn shot(plan: &Plan, blobs: &Blobs, route: &Route) -> (Rendered, bool) {
    let (Cause::Image(index)
    | Cause::Drawing(index)
    | Cause::Icon(index, _)
    | Cause::Variant { asset: index, .. }) = route.cause
    else {
        return (Rendered::of(Vec::new(), Vec::new()), true);
    };
    let Some(asset) = plan.inputs.assets.get(index) else {
        return (Rendered::of(Vec::new(), Vec::new()), true);
    };
    let made = match route.cause {
        Cause::Variant { number, .. } => copy(plan, blobs, (index, asset), number),
        Cause::Drawing(_) => asset.load_as_found().map(|bytes| draw(asset, &bytes)),
        Cause::Icon(_, icon) => asset.load_as_found().map(|bytes| self::icon(asset, &bytes, icon)),
        _ => asset.load_as_found().map(|bytes| image(asset, &bytes)),
    };
    match made {
        Ok(made) => (made, false),
        Err(found) => (Rendered::of(Vec::new(), vec![found]), true),
    }
}

/// A card: from the store, else drawn.
pub(super) fn card(blobs: &Blobs, key: Fingerprint, draw: impl FnOnce() -> Rendered) -> Rendered {
    if let Some(bytes) = blobs.get(key) {
        return Rendered::of(bytes.to_vec(), Vec::new());
    }
    let drawn = draw();
    if drawn.diagnostics.is_empty() && !drawn.bytes.is_empty() {
        blobs.put(key, &drawn.bytes);
    }
    drawn
}

/// A smaller copy: from the store, else made again.
fn copy(
    plan: &Plan,
    blobs: &Blobs,
    (index, asset): (usize, &Asset),
    number: usize,
) -> Result<Rendered, Diagnostic> {
    let again = || asset.moved();
    let variant = plan.pictures.get(&index).and_then(|picture| picture.variants.get(number));
    let variant = variant.ok_or_else(again)?;
    if let Some(bytes) = blobs.get(variant.digest) {
        return Ok(Rendered::of(bytes.to_vec(), Vec::new()));
    }
    let Images { widths, quality, .. } = &plan.inputs.config.images;
    let wanted = picture::Plan { widths: widths.clone(), quality: *quality };
    let format = Format::of_name(&asset.name).ok_or_else(again)?;
    let made = make(asset, &asset.load_as_found()?, format, &wanted)?;
    for one in &made {
        blobs.put(Fingerprint::of_bytes(&one.bytes), &one.bytes);
    }
    let mut all = made.into_iter().map(|made| made.bytes);
    let bytes = all.find(|bytes| Fingerprint::of_bytes(bytes) == variant.digest).ok_or_else(again)?;
    Ok(Rendered::of(bytes, Vec::new()))
}

fn image(asset: &Asset, bytes: &[u8]) -> Rendered {
    // Only names of images have such a route.
    let Some(format) = Format::of_name(&asset.name) else {
        return Rendered::of(bytes.to_vec(), Vec::new());
    };
    let picture::Cleaned { bytes, trouble } = picture::clean(format, bytes);
    let diagnostics = trouble.map(|trouble| damaged(asset, trouble)).into_iter().collect();
    Rendered::of(bytes.into_owned(), diagnostics)
}

fn draw(asset: &Asset, bytes: &[u8]) -> Rendered {
    let drawing::Clean { text, found } = drawing::clean(bytes);
    let mut said: BTreeMap<String, Option<Span>> = BTreeMap::new();
    for found in found {
        said.entry(found.what).or_insert(found.place.map(Span::from));
    }
    let tell = |(what, place): (String, Option<Span>)| {
        let message = format!("this drawing holds {what}");
        Diagnostic::new(Code::DrawingUnsafe, Arc::clone(&asset.path), place, message).help(
            "it is published without; to publish drawings as they are, write `images.sanitise_svg = false`",
        )
    };
    Rendered::of(text.into_bytes(), said.into_iter().map(tell).collect())
}

/// Sides of icons in pixels.
const FAVICON: u8 = 32;
const TOUCH: u32 = 180;

fn icon(asset: &Asset, bytes: &[u8], icon: Icon) -> Rendered {
    let svg = drawing::clean(bytes).text;
    let drawn = match icon {
        Icon::Favicon => {
            picture::draw::square(&svg, u32::from(FAVICON)).map(|png| picture::draw::ico(&png, FAVICON))
        }
        Icon::Touch => picture::draw::square(&svg, TOUCH),
    };
    match drawn {
        Ok(bytes) => Rendered::of(bytes, Vec::new()),
        Err(why) => {
            let message = format!("no icon can be made of this drawing: it {why}");
            let found = Diagnostic::new(Code::ImageDamaged, Arc::clone(&asset.path), None, message)
                .severity(Severity::Error)
                .help("mend the drawing, or put icons of your own beside it: `favicon.ico` and `apple-touch-icon.png`");
            Rendered::of(Vec::new(), vec![found])
        }
    }
}
