//! Text, links and images inside a block, written by the [`Writer`].
//!
//! In: runs of text and the destinations of links and images. Out: HTML, with a hole for every
//! destination inside the site and none for those outside. Refused schemes become `#`.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::capture::Capture;
use super::escape;
use super::html::Writer;
use super::link::{self, Destination};
use super::run::{Part, Seek};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::directive::inline::Place;
use crate::parse::highlight::CodeBlock;
use crate::parse::{HoleKind, ReferenceKind};

/// What a link shows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkText {
    /// Words of the writer's.
    #[default]
    Label,
    /// Its address: `<https://...>`.
    Address,
}

impl<'e, H> Writer<'_, 'e, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Writes the text gathered so far.
    pub(super) fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        // Taken out, and put back for its memory.
        let mut run = std::mem::take(&mut self.run);
        let seek = if !self.is_all() || self.link_text == LinkText::Address || self.elements.holds_code() {
            Seek::Nothing
        } else if self.open_links > 0 || !self.elements.may_link() {
            Seek::Marks(Place::Link)
        } else {
            Seek::All(if self.table.is_open() { Place::Cell } else { Place::Text })
        };
        run.parts(seek, self.text, |part| match part {
            Part::Text(range) => self.prose(&run, range),
            Part::Link(prefix, range) => {
                let span = run.span(range.clone());
                self.autolink(prefix, run.slice(range), span);
            }
            Part::Mark(found) => self.mark(&run, found),
        });
        run.clear();
        self.run = run;
    }

    fn autolink(&mut self, prefix: &str, text: &str, span: Span) {
        self.push("<a href=\"");
        self.push(prefix);
        escape::href(&mut self.body.html, text);
        self.push("\"");
        let destination = [prefix, text].concat();
        if Destination::of(&destination) == Destination::External {
            self.refer(ReferenceKind::Absolute, &destination, span);
        }
        self.push(">");
        escape::text(&mut self.body.html, text);
        self.push("</a>");
        self.prose.text(text);
    }

    /// A link begins.
    pub(super) fn link(&mut self, link_type: LinkType, destination: &str, title: &str, range: Range<usize>) {
        self.open_links += 1;
        // An address in the text of a link: no link holds another.
        if self.open_links > 1 {
            return;
        }
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.end_link(&mut self.body.html);
        }
        self.link_text = match link_type {
            LinkType::Autolink | LinkType::Email => LinkText::Address,
            _ => LinkText::Label,
        };
        self.push("<a href=\"");
        let class = if link_type == LinkType::Email {
            self.push("mailto:");
            Destination::Contact
        } else {
            Destination::of(destination)
        };
        self.destination(class, destination, range.clone(), ReferenceKind::Link);
        self.push("\"");
        if class == Destination::External && self.is_all() {
            self.refer(ReferenceKind::Absolute, destination, range.into());
        }
        self.end_tag_with_title(title, ">");
    }

    /// An image begins; its alternative text follows.
    pub(super) fn image(&mut self, destination: &str, title: CowStr<'e>, range: Range<usize>) {
        let class = Destination::of_image(destination);
        let own = (class == Destination::Internal).then(|| self.next_reference());
        self.picture(own, HoleKind::Picture);
        self.push("<img src=\"");
        self.destination(class, destination, range, ReferenceKind::Image);
        self.push("\"");
        self.picture(own, HoleKind::PictureAttributes);
        self.push(" alt=\"");
        self.capture = Capture::Alt { depth: 0, title, own };
    }

    /// The image ends after its alternative text.
    pub(super) fn end_image(&mut self, title: &str, own: Option<u32>) {
        self.push("\"");
        self.end_tag_with_title(title, " />");
        self.picture(own, HoleKind::PictureEnd);
    }

    /// A hole at an image of this site, whose reference is given.
    fn picture(&mut self, own: Option<u32>, kind: fn(u32) -> HoleKind) {
        if let Some(index) = own {
            self.hole(kind(index));
        }
    }

    fn end_tag_with_title(&mut self, title: &str, end: &str) {
        if !title.is_empty() {
            self.push(" title=\"");
            escape::attribute(&mut self.body.html, title);
            self.push("\"");
        }
        self.push(end);
    }

    fn destination(
        &mut self,
        class: Destination,
        destination: &str,
        range: Range<usize>,
        kind: ReferenceKind,
    ) {
        match class {
            Destination::Internal => self.refer(kind, destination, range.into()),
            Destination::Refused if self.is_all() => {
                self.push("#");
                let message = match kind {
                    ReferenceKind::Image => format!("an image may not come from `{destination}`"),
                    _ => format!("a link may not lead to `{destination}`"),
                };
                let help = match kind {
                    ReferenceKind::Image => {
                        "an image is a file of this site, or its address begins with `https:` or `http:`"
                            .to_owned()
                    }
                    _ => format!("a link leads into this site, or begins with {}", link::ALLOWED),
                };
                self.diagnostics.push(
                    Diagnostic::new(Code::LinkScheme, self.path.clone(), Span::from(range), message)
                        .help(help),
                );
            }
            Destination::External | Destination::Contact | Destination::Refused => {
                escape::href(&mut self.body.html, destination);
            }
        }
    }
}
