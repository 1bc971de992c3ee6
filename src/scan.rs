//! stub
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Hashed};

/// Everything a build depends on.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The site's folder.
    pub root: PathBuf,
    /// `site.toml`, with the command line's `--base-url` applied.
    pub config: Arc<Hashed<Config>>,
    /// The one clock: decides drafts, future and expired pages.
    pub today: jiff::civil::Date,
    /// Which unpublished pages are built all the same.
    pub visibility: Visibility,
    /// Markdown files below `content/`, sorted by path.
    pub pages: Vec<Source>,
    /// Files published as they are, sorted by output path; of two for one path both are here.
    pub assets: Vec<Asset>,
    /// The theme's templates with the site's own in their place, sorted by name.
    pub templates: Vec<Template>,
    /// Problems found while looking: unreadable files, links out of the root, settings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Which unpublished pages are built all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Visibility {
    /// `draft = true`
    pub drafts: bool,
    /// `published` after today.
    pub future: bool,
    /// `expires` today or before.
    pub expired: bool,
}

/// A file that is read when it is needed.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the root, with `/`: `content/guides/nurse.md`.
    pub path: Arc<str>,
    /// Where to read it.
    pub file: PathBuf,
    /// What the file system said of it before it was read.
    pub stamp: Stamp,
    /// The hash of its bytes, when the stamp proves that they are the ones memory knows.
    pub remembered: Option<Fingerprint>,
}

/// What the file system says of a file; equal stamps mean equal bytes, save within one clock tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub len: u64,
    /// Modification time, nanoseconds since 1970.
    pub modified: i128,
    /// Change time, nanoseconds since 1970; 0 where there is none.
    pub changed: i128,
    /// Inode; 0 where there is none.
    pub inode: u64,
}

/// Stamps and hashes of the last scan: memory, handed back to the next one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Stamps {
    /// When that scan began.
    pub taken: Option<SystemTime>,
    /// By path relative to the root.
    pub files: BTreeMap<Arc<str>, (Stamp, Fingerprint)>,
}

/// A file published as it is.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The file it comes from, relative to the root (for the built-in theme: as if it lay there).
    pub path: Arc<str>,
    /// Which tree it lies in.
    pub origin: Origin,
    /// Its path below that tree: `css/main.css`.
    pub name: String,
    /// Its bytes.
    pub content: AssetContent,
    /// Hash of its bytes.
    pub fingerprint: Fingerprint,
    /// Length in bytes.
    pub len: u64,
    /// What the file system said of it; `None` when compiled in.
    pub stamp: Option<Stamp>,
}

/// Which tree an asset lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Origin {
    /// Beside a page below `content/`.
    Content,
    /// The site's `static/`.
    Static,
    /// The theme's `static/`.
    Theme,
}

/// Where an asset's bytes are.
#[derive(Debug, Clone)]
pub enum AssetContent {
    /// In a file, streamed when written.
    File(PathBuf),
    /// Compiled into the program.
    Embedded(std::borrow::Cow<'static, [u8]>),
}

/// A template's source.
#[derive(Debug, Clone)]
pub struct Template {
    /// As templates name it: `page.html`, `components/figure.html`.
    pub name: String,
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// Its text.
    pub text: String,
    /// Hash of its text.
    pub fingerprint: Fingerprint,
}

#[allow(dead_code)]
fn stub(_: &Path) {}
