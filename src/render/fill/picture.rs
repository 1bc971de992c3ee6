//! Images of a text: their size, their smaller copies, and when they are asked for.
//!
//! In: what an image's reference was resolved to. Out: what stands before it, among its attributes
//! and after it. Readers elsewhere get the image and its size alone.

use std::fmt::Write as _;

use super::{Attribute, Filler};
use crate::assemble::Resolved;
use crate::assemble::shown::Image;

/// A place at an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Before it.
    Start,
    /// Among its attributes.
    Attributes,
    /// After it.
    End,
}

impl Filler<'_> {
    pub(super) fn picture(&mut self, index: usize, part: Part) {
        let page = self.page;
        let Some(Resolved::Image(image)) = page.resolved.get(index) else { return };
        let own = self.plan.is_some();
        match part {
            Part::Start if own => self.sources(image),
            Part::Attributes => self.attributes(image, own),
            Part::End if own && !image.sources.is_empty() => self.html.push_str("</picture>"),
            Part::Start | Part::End => {}
        }
    }

    fn sources(&mut self, image: &Image) {
        if image.sources.is_empty() {
            return;
        }
        self.html.push_str("<picture>");
        for source in &image.sources {
            // Writing to a string cannot fail.
            let _ = write!(
                self.html,
                "<source type=\"{}\" srcset=\"{}\" sizes=\"{}\">",
                source.media_type,
                Attribute(&source.srcset),
                Attribute(&image.sizes)
            );
        }
    }

    fn attributes(&mut self, image: &Image, own: bool) {
        let html = &mut self.html;
        if own && !image.srcset.is_empty() {
            let (srcset, sizes) = (Attribute(&image.srcset), Attribute(&image.sizes));
            let _ = write!(html, " srcset=\"{srcset}\" sizes=\"{sizes}\"");
        }
        if let (Some(width), Some(height)) = (image.width, image.height) {
            let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
        }
        if own {
            html.push_str(if image.lead { " fetchpriority=\"high\"" } else { " loading=\"lazy\"" });
            html.push_str(" decoding=\"async\"");
        }
    }
}
