//! One source file to one [`Document`], looking at nothing else.
//!
//! In: the path and bytes of a Markdown file and the settings that bear on Markdown. Out: a
//! document whose links, images and furniture are *holes* that `assemble` and `render` fill, and
//! the problems found. Does not look at another file, the theme or the clock.

pub mod front_matter;
pub mod highlight;
pub mod markdown;
mod settings;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Span};
use crate::fingerprint::Hashed;
pub use front_matter::FrontMatter;
pub use settings::{Extensions, Settings};

/// One content file, parsed: everything a build needs to know of it without reading it again.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file, relative to the root: `content/guides/nurse.md`.
    pub path: Arc<str>,
    /// What stands before the text.
    pub front: FrontMatter,
    /// `title`, else the text of the first level-1 heading, else the file's name.
    pub title: String,
    /// Headings in reading order, without a level-1 heading that became the title.
    pub headings: Vec<Heading>,
    /// Every place where the body refers to something outside itself, in reading order.
    pub references: Vec<Reference>,
    /// Every `id` on the page: headings, their old ids, raw HTML, footnotes. Sorted.
    pub ids: Vec<String>,
    /// Words a reader reads: no code, no markup.
    pub words: u32,
    /// Plain text of `summary`, else of what stands before `<!-- more -->`; empty when neither.
    pub summary: String,
    /// Whether the page holds highlighted code.
    pub has_code: bool,
    /// The text as HTML with holes.
    pub body: Hashed<Arc<Body>>,
    /// Problems that are this file's own.
    pub diagnostics: Vec<Diagnostic>,
}

/// HTML with holes: places whose text depends on something outside the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Body {
    /// The HTML with nothing in the holes.
    pub html: String,
    /// Holes by rising offset; several may share one, and are filled in order.
    pub holes: Vec<Hole>,
}

/// One place to fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Byte offset into [`Body::html`].
    pub at: u32,
    /// What belongs there.
    pub kind: HoleKind,
}

/// What belongs in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HoleKind {
    /// The value of an `href` or `src` attribute: [`Document::references`] at this index.
    Reference(u32),
    /// The contents list, at the writer's own marker.
    Toc,
    /// Furniture of the article before a top-level `h2`: [`Document::headings`] at this index.
    /// Ends the introduction or the section before, and begins this heading's section.
    Section(u32),
    /// Where `<!-- more -->` stood.
    More,
}

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Unique on the page.
    pub id: String,
    /// Earlier ids that still lead here (`old="..."`).
    pub old: Vec<String>,
    /// Inline HTML of the heading's text, without links.
    pub html: String,
    /// The same as plain text.
    pub text: String,
    /// What the contents list says instead (`toc="..."`), as plain text.
    pub toc_label: Option<String>,
    /// No back-to-top link after this section (`.no-top`).
    pub no_top: bool,
    /// It stands at the top level of the text, not inside a list or a quotation.
    pub top_level: bool,
    /// The heading's source.
    pub span: Span,
}

/// A place where a body refers to something outside itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What kind of thing is meant.
    pub kind: ReferenceKind,
    /// The destination as written, after entities were decoded: `nurse.md#pay`, `/guides/`, `team.jpg`.
    pub target: String,
    /// The whole link or image in the source.
    pub span: Span,
}

/// What kind of thing a reference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReferenceKind {
    /// The `href` of a link to a page, a file or an anchor of this site.
    Link,
    /// The `src` of an image of this site.
    Image,
}
