//! One source file to one [`Document`], looking at nothing else.
//!
//! In: the path and bytes of a Markdown file and the settings that bear on Markdown. Out: a
//! document whose links, images and furniture are *holes* that `assemble` and `render` fill, and
//! the problems found. Does not look at another file, the theme or the clock.

pub mod data;
pub mod directive;
mod face;
pub mod front_matter;
pub mod highlight;
mod ids;
pub mod markdown;
mod settings;
pub mod slug;

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::fingerprint::Fingerprint;
use crate::memory::{Spool, Stored};
pub use front_matter::FrontMatter;
use highlight::Highlighter;
pub use ids::IdSet;
pub use markdown::{Markdown, TitleHeading};
pub use settings::{Extensions, Settings};

/// One content file, parsed: everything a build needs to know of it without reading it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// The file, relative to the root: `content/guides/nurse.md`.
    pub path: Arc<str>,
    /// What stands before the text.
    pub front: FrontMatter,
    /// `title`, else the text of the first level-1 heading, else the file's name. It may hold values
    /// and role links as written: see [`directive::fill_text`].
    pub title: String,
    /// Headings in reading order, without a level-1 heading that became the title.
    pub headings: Vec<Heading>,
    /// Every place where the body refers to something outside itself, in reading order.
    pub references: Vec<Reference>,
    /// Directives, in reading order.
    pub calls: Vec<directive::Call>,
    /// Values in the text, in reading order.
    pub values: Vec<directive::Value>,
    /// Role links `[[id]]` and citations `[@id]`, in reading order.
    pub mentions: Vec<directive::Mention>,
    /// Words in capitals, at their first use in prose.
    pub abbreviations: Vec<directive::Abbreviation>,
    /// Every `id` on the page: headings, their old ids, raw HTML, footnotes. Sorted.
    pub ids: IdSet,
    /// Words a reader reads: no code, no markup.
    pub words: u32,
    /// Plain text of `summary`, else of the first `:::takeaway`, else of what stands before
    /// `<!-- more -->`; empty when there is none. Values and role links as in the title.
    pub summary: String,
    /// Whether the page holds highlighted code.
    pub has_code: bool,
    /// Whether tags of the writer's own stand in the text as they were written.
    pub own_html: bool,
    /// The text as HTML with holes.
    pub body: Text,
    /// Problems that are this file's own.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it depends on the file and the settings alone; not when reading a block of code was
    /// given up for lack of time.
    pub memorable: bool,
}

impl Document {
    /// A document that nobody wrote, without text: for pages made from folders or data alone.
    #[must_use]
    pub fn unwritten(path: impl Into<Arc<str>>, title: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            front: FrontMatter::default(),
            title: title.into(),
            headings: Vec::new(),
            references: Vec::new(),
            calls: Vec::new(),
            values: Vec::new(),
            mentions: Vec::new(),
            abbreviations: Vec::new(),
            ids: IdSet::default(),
            words: 0,
            summary: String::new(),
            has_code: false,
            own_html: false,
            body: Text::new(Body::default()),
            diagnostics: Vec::new(),
            memorable: true,
        }
    }
}

/// The text of a document: HTML with holes, the HTML perhaps still in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Text {
    /// As [`Body::html`]. Serialised it is nothing: the store keeps it apart, and [`Text::stored_as`]
    /// puts it back.
    #[serde(skip)]
    html: Stored,
    /// As [`Body::holes`].
    pub holes: Vec<Hole>,
    /// Nothing for a build that leaves nothing to another.
    fingerprint: Option<Fingerprint>,
}

impl Text {
    /// A text that was just written.
    #[must_use]
    pub fn new(body: Body) -> Self {
        let html = Stored::new(body.html);
        let fingerprint = Some(both(&html, &body.holes));
        Self { html, holes: body.holes, fingerprint }
    }

    /// The same for a build that leaves nothing to another, put away where there is a spool with room.
    #[must_use]
    pub fn passing(body: Body, spool: Option<&Arc<Spool>>) -> Self {
        Self { html: Stored::passing(body.html, spool), holes: body.holes, fingerprint: None }
    }

    /// The fingerprint of HTML and holes.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint.unwrap_or_else(|| both(&self.html, &self.holes))
    }

    /// The HTML with nothing in the holes; nothing when the store lost it, which
    /// [`Stored::is_lost`] then says.
    #[must_use]
    pub fn html(&self) -> Cow<'_, str> {
        self.html.text().unwrap_or_default()
    }

    /// The HTML, wherever it is.
    #[must_use]
    pub fn stored(&self) -> &Stored {
        &self.html
    }

    /// The same text with its HTML put away until it is asked for.
    #[must_use]
    pub fn put_away(self, spool: &Arc<Spool>) -> Self {
        Self { html: self.html.put_away(spool), ..self }
    }

    /// The same text with its HTML where the store has it.
    #[must_use]
    pub fn stored_as(self, html: Stored) -> Self {
        Self { html, ..self }
    }
}

/// The fingerprint of HTML and holes.
fn both(html: &Stored, holes: &[Hole]) -> Fingerprint {
    Fingerprint::of(&(html.fingerprint(), holes))
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
    /// What an anchor says of the page it leads to, if that is another site's:
    /// [`Document::references`] at this index.
    Relation(u32),
    /// Before an image of Markdown: [`Document::references`] at this index.
    Picture(u32),
    /// Among its attributes, after `src`: the same index.
    PictureAttributes(u32),
    /// After it: the same index.
    PictureEnd(u32),
    /// The contents list, at the writer's own marker.
    Toc,
    /// Furniture of the article before a top-level `h2`: [`Document::headings`] at this index. The
    /// headings inside containers are listed and begin no section. Ends the introduction or the section before, and begins this heading's section.
    Section(u32),
    /// Where `<!-- more -->` stood.
    More,
    /// The link to a heading itself, at the end of its inner HTML: [`Document::headings`] at this index.
    Anchor(u32),
    /// A leaf or inline directive: [`Document::calls`] at this index. Its component's output goes here.
    Call(u32),
    /// A container begins: [`Document::calls`] at this index. Its body is what lies between.
    Open(u32),
    /// The same container ends.
    Close(u32),
    /// [`Document::values`] at this index.
    Value(u32),
    /// A link to a role's page with its title, `[[id]]`: [`Document::mentions`] at this index.
    Role(u32),
    /// A citation, `[@id]`: [`Document::mentions`] at this index.
    Citation(u32),
    /// Before the first use of a word in capitals: [`Document::abbreviations`] at this index.
    AbbreviationOpen(u32),
    /// After it.
    AbbreviationClose(u32),
    /// What the way back from a footnote is called: the words of an attribute, by the page's language.
    BackReference {
        /// The note's number, from 1.
        note: u32,
        /// Which of its mentions it leads back to, from 1.
        mention: u32,
    },
    /// Between two top-level blocks where a promo may stand, with the words of prose before it.
    /// Never after a heading or a sentence with a colon, nor inside anything. One that stands at the
    /// end of a section comes right before the [`HoleKind::Section`] of the next, at the same offset:
    /// what is put there goes behind the section's furniture.
    Block {
        /// Words of prose from the top of the text.
        words: u32,
    },
    /// Where the text ends: before the footnotes, else at the end of [`Body::html`]. Exactly one,
    /// after every [`HoleKind::Section`]; it ends the last section.
    End,
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
    /// Plain text. Values and role links are in it as written: see [`directive::fill_text`].
    pub text: String,
    /// The same as inline HTML, without links and citations, when it is not the very same.
    pub html: Option<String>,
    /// What the contents list says instead (`toc="..."`), as plain text.
    pub toc_label: Option<String>,
    /// No back-to-top link after this section (`.no-top`).
    pub no_top: bool,
    /// It belongs to the contents: it stands at the top level of the text or of a container there, not
    /// inside a list, a quotation or raw HTML. Which container that is, the holes round its
    /// [`HoleKind::Anchor`] say.
    pub top_level: bool,
    /// The heading's source.
    pub span: Span,
}

impl Heading {
    /// Inline HTML of the text.
    #[must_use]
    pub fn html(&self) -> &str {
        self.html.as_deref().unwrap_or(&self.text)
    }
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
    /// An absolute address: another site's, unless it lies under this site's own.
    Absolute,
}

/// Parses one file. `highlighter` reads code, and is the only thing that may be slow.
///
/// A byte-order mark is dropped; bytes that are not UTF-8 are an error, and read as `?` so that the
/// places of all other problems stay true.
pub fn parse(path: &Arc<str>, bytes: &[u8], settings: &Settings, highlighter: &Highlighter) -> Document {
    parse_with(path, bytes, (settings, highlighter), Text::new)
}

/// The same, with a way to keep the text.
pub fn parse_with(
    path: &Arc<str>,
    bytes: &[u8],
    (settings, highlighter): (&Settings, &Highlighter),
    keep: impl FnOnce(Body) -> Text,
) -> Document {
    let options = highlight::Options { enabled: settings.highlight, line_numbers: settings.line_numbers };
    let mut memorable = true;
    let highlight = |block: &highlight::CodeBlock<'_>, out: &mut String, found: &mut Vec<Diagnostic>| {
        memorable &= highlight::write(highlighter, block, &options, out, found) == highlight::Outcome::Done;
    };
    let (text, encoding) = decode(path, bytes);
    let (front, start, mut diagnostics) = front_matter::read(path, &text, settings);
    diagnostics.extend(encoding);
    let start = start.max(text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len());
    let title_heading = if front.title.is_some() { TitleHeading::Keep } else { TitleHeading::Take };
    let page = markdown::render(path, &text, start, settings, title_heading, highlight);
    diagnostics.extend(page.diagnostics);
    let title = front.title.clone().or(page.title).unwrap_or_else(|| {
        // What cannot be read may well hold a title.
        if !diagnostics.iter().any(|found| matches!(found.code, Code::FrontMatter | Code::Encoding)) {
            diagnostics.push(
                Diagnostic::new(Code::TitleMissing, path.clone(), None, "this page has no title")
                    .help("write `title: ...` at the top of the file, or begin the text with `# ...`"),
            );
        }
        file_title(path).to_owned()
    });
    let summary = front.summary.as_deref().map_or(page.summary, markdown::tidy);
    crate::diagnostic::sort(&mut diagnostics);
    Document {
        path: path.clone(),
        title,
        headings: page.headings,
        references: page.references,
        calls: page.calls,
        values: page.values,
        mentions: page.mentions,
        abbreviations: page.abbreviations,
        ids: page.ids,
        words: page.words,
        summary,
        has_code: page.has_code,
        own_html: page.own_html,
        body: keep(page.body),
        diagnostics,
        memorable,
        front,
    }
}

/// A file once more, as an editor reads it: its text, which is as long as the file, and what is in it.
#[must_use]
pub fn reading(path: &Arc<str>, bytes: &[u8], settings: &Settings) -> (String, markdown::reading::Reading) {
    let (text, _) = decode(path, bytes);
    let start = front_matter::body(&text).max(text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len());
    // The same panics as in a build, where they have been reported.
    let read = || markdown::reading::read(path, &text, start, settings);
    let reading = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_default();
    (text.into_owned(), reading)
}

/// The byte-order mark that some editors put at the top of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, byte for byte as long as the file, and what is wrong with it.
fn decode<'a>(path: &Arc<str>, bytes: &'a [u8]) -> (Cow<'a, str>, Option<Diagnostic>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (Cow::Borrowed(text), None),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let byte = bytes[at];
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let message = if utf16 {
        "this file is UTF-16, not UTF-8".to_owned()
    } else {
        format!("this file is not UTF-8: byte 0x{byte:02X}")
    };
    let diagnostic = Diagnostic::new(Code::Encoding, path.clone(), Span::new(at, at + 1), message)
        .help("save the file as UTF-8");
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    (Cow::Owned(text), Some(diagnostic))
}

/// What a page without a title is called: its file, or its folder if that is the page.
fn file_title(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    if matches!(stem, "index" | "_index") { parts.next().unwrap_or(stem) } else { stem }
}
