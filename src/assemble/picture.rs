//! Pictures: the addresses of their smaller copies, and what a page says of them.
//!
//! In: the site's files and the copies that were made of some. Out: for each picture by its address
//! what an element needs to show it, and which picture of a page is on its first screen.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::route::{Cause, Claim};
use super::shown::{Image, ImageSource};
use super::url;
use crate::config::Config;
use crate::diagnostic::Span;
use crate::parse::{Document, HoleKind};
use crate::picture::{Format, Picture, Variant};
use crate::scan::{Asset, Origin};

/// Copies by the index of their asset.
pub type Pictures = BTreeMap<usize, Picture>;

/// Digits of its hash in the name of a copy.
const DIGITS: usize = 8;
/// Larger files are published as they are.
const LARGEST: u64 = 64 << 20;

/// How a file is published.
pub(super) fn cause(asset: &Asset, index: usize, config: &Config) -> Cause {
    let images = &config.images;
    match Format::of_name(&asset.name) {
        _ if asset.origin == Origin::Theme || asset.len > LARGEST => Cause::Asset(index),
        Some(Format::Svg) if images.sanitise_svg => Cause::Drawing(index),
        Some(format) if format != Format::Svg && images.strip_metadata => Cause::Image(index),
        _ => Cause::Asset(index),
    }
}

/// The claims of all copies.
pub(super) fn claims<'p>(
    pictures: &'p Pictures,
    files: &'p [Option<String>],
) -> impl Iterator<Item = Claim> + 'p {
    pictures.iter().flat_map(move |(asset, picture)| {
        let file = files.get(*asset).and_then(Option::as_deref);
        let variants = file.into_iter().flat_map(|file| picture.variants.iter().map(move |one| (file, one)));
        variants.enumerate().map(move |(number, (file, variant))| {
            Claim::new(address(file, variant), Cause::Variant { asset: *asset, number })
        })
    })
}

/// `/team/ana.jpg` to `/team/ana.480w.0a1b2c3d.webp`.
fn address(file: &str, variant: &Variant) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let Variant { format, width, digest, .. } = variant;
    format!("{stem}.{width}w.{}.{}", digest.short(DIGITS), format.suffix())
}

/// What elements need to show each picture of the site, by its address.
#[derive(Debug)]
pub(super) struct Shots<'s> {
    by_url: HashMap<&'s str, Shot>,
    sizes: &'s str,
}

#[derive(Debug)]
struct Shot {
    width: u32,
    height: u32,
    sources: Vec<ImageSource>,
    srcset: String,
}

impl<'s> Shots<'s> {
    pub(super) fn new(
        pictures: &Pictures,
        assets: &[Asset],
        files: &'s [Option<String>],
        config: &'s Config,
    ) -> Self {
        let shot = |(index, (asset, file)): (usize, (&Asset, &'s Option<String>))| {
            let (file, size) = (file.as_deref()?, asset.size?);
            let list = |wanted: &dyn Fn(Format) -> bool| {
                let variants = pictures.get(&index).into_iter().flat_map(|picture| &picture.variants);
                let mut list = String::new();
                for variant in variants.filter(|variant| wanted(variant.format)) {
                    let comma = if list.is_empty() { "" } else { ", " };
                    let url = config.base_url.path(&address(file, variant));
                    // Writing to a string cannot fail.
                    let _ = write!(list, "{comma}{url} {}w", variant.width);
                }
                list
            };
            let own = Format::of_name(&asset.name);
            let newer = if own == Some(Format::WebP) {
                String::new()
            } else {
                list(&|format| format == Format::WebP)
            };
            let mut srcset = list(&|format| Some(format) == own);
            if !srcset.is_empty() {
                let _ = write!(srcset, ", {} {}w", config.base_url.path(file), size.width);
            }
            let source = ImageSource { media_type: Format::WebP.media_type().into(), srcset: newer };
            let sources = if source.srcset.is_empty() { Vec::new() } else { vec![source] };
            Some((file, Shot { width: size.width, height: size.height, sources, srcset }))
        };
        let by_url = assets.iter().zip(files).enumerate().filter_map(shot).collect();
        Self { by_url, sizes: &config.images.sizes }
    }

    /// An image without words, if a file of the site says at that address how large it is. The address
    /// in it is left to the caller.
    pub(super) fn image(&self, url: &str) -> Option<Image> {
        let Shot { width, height, sources, srcset } = self.by_url.get(url)?;
        let has_choice = !sources.is_empty() || !srcset.is_empty();
        Some(Image {
            width: Some(*width),
            height: Some(*height),
            sources: sources.clone(),
            srcset: srcset.clone(),
            sizes: if has_choice { self.sizes.to_owned() } else { String::new() },
            ..Image::default()
        })
    }
}

/// The picture of a text that readers see first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// An image of Markdown: its reference.
    Reference(u32),
    /// A figure: where it is written.
    Figure(Span),
}

/// The first picture of an introduction: it is asked for first, the others when they come near. It goes by the
/// order of things alone, which an edit of words does not change.
pub(super) fn lead(document: &Document) -> Option<Lead> {
    for hole in &document.body.holes {
        match hole.kind {
            HoleKind::Section(_) | HoleKind::Toc => return None,
            HoleKind::Picture(index) => return Some(Lead::Reference(index)),
            HoleKind::Call(call) => {
                let call = document.calls.get(call as usize)?;
                if call.name.value == "figure" {
                    return Some(Lead::Figure(call.span));
                }
            }
            _ => {}
        }
    }
    None
}

/// Names of the files that a site shows as pictures, by their last part: of all others nothing is made.
#[must_use]
pub fn shown_names<'d>(
    documents: impl Iterator<Item = &'d Document>,
    facts: &super::facts::Facts,
) -> std::collections::HashSet<String> {
    let name = |path: &str| {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let path = path.rsplit('/').next().unwrap_or(path);
        url::nfc(&url::decode(path)).into_owned()
    };
    let mut names = std::collections::HashSet::new();
    for document in documents {
        let images = document.references.iter().filter(|one| one.kind == crate::parse::ReferenceKind::Image);
        names.extend(images.map(|reference| name(&reference.target)));
        let figures = document.calls.iter().filter(|call| call.name.value == "figure");
        names.extend(figures.flat_map(|call| &call.arguments).map(|argument| name(&argument.value.value)));
        names.extend(document.front.image.iter().map(|image| name(&image.value)));
    }
    names.extend(facts.images.values().filter_map(|image| image.file.as_ref()).map(|file| name(&file.value)));
    names.extend(
        facts.authors.values().filter_map(|author| author.photo.as_ref()).map(|photo| name(&photo.value)),
    );
    names.extend(
        facts.promos.values().filter_map(|promo| promo.image.as_ref()).map(|image| name(&image.value)),
    );
    names
}
