//! A site's folder to [`Inputs`]: what is there, and what of it has changed.
//!
//! In: the site's root and what the command line says, and the stamps of the last scan. Out: every
//! file that counts, unread where it can be told without reading that memory knows it. Parses
//! nothing but settings and house words, and never looks into the output folder.

mod desk;
mod glance;
pub mod image;
mod settings;
mod stamp;
mod theme;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::iter::Either;
use rayon::prelude::*;
use serde::Serialize;

use crate::config::{Config, TERMS, WORDS};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::error::{Error, reason};
use crate::fingerprint::{Fingerprint, Hashed};
pub use desk::{DeskFiles, Dictionary};
pub use glance::glance;
pub use image::Size;
pub use settings::date_by_clock;
pub use stamp::{Stamp, Stamps};
pub(crate) use stamp::{hash, open};
pub use theme::{BUILT_IN, built_in, built_in_words};
pub use walk::is_litter;
use walk::{Dotfiles, Found, Walk};

/// What to scan, and the world around it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The site's folder.
    pub root: &'a Path,
    /// `--base-url`
    pub base_url: Option<&'a str>,
    /// A preview's scheme and authority, in place of those of `base_url`, whose path stays.
    pub origin: Option<&'a str>,
    /// `--today`
    pub today: Option<jiff::civil::Date>,
    /// What the clock says; decides `today` when nothing else does, and which stamps to trust.
    pub now: SystemTime,
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// `--drafts`, `--future`, `--expired`
    pub visibility: Visibility,
    /// Files a watcher named, absolute or relative to the root: read whatever their stamps say.
    pub suspects: &'a BTreeSet<PathBuf>,
    /// The output folder, absolute or relative to the root; never walked.
    pub output: &'a Path,
}

/// The file of published addresses, in the root of a site.
pub const URLS_LOCK: &str = "urls.lock";
/// Folders of a site whose files make it.
pub const FOLDERS: [&str; 4] = ["content", "themes", "templates", "static"];
/// Files beside them that make it, or that its editors need.
pub const FILES: [&str; 4] = [settings::SITE_TOML, TERMS, WORDS, URLS_LOCK];

/// Finds everything a build depends on.
///
/// `stamps` are those of the last scan ([`Inputs::stamps`]); `answers` says whether memory knows
/// what a page or data file with these bytes became.
///
/// # Errors
/// As [`look`].
pub fn scan(request: &Request<'_>, stamps: &Stamps, answers: Answers<'_>) -> Result<Inputs, Error> {
    Ok(look(request)?.recall(request, stamps, answers))
}

/// Whether memory knows what a page or data file with these bytes became.
pub type Answers<'a> = &'a (dyn Fn(&str, Fingerprint) -> bool + Sync);

/// What lies in a site's folder, before it is compared with what memory knows.
#[derive(Debug)]
pub struct Seen {
    settings: settings::Settings,
    today: jiff::civil::Date,
    theme: theme::Theme,
    desk: DeskFiles,
    content: Content,
    files: Vec<Found>,
    diagnostics: Vec<Diagnostic>,
}

/// Looks what there is; reads nothing but settings, templates and what the editor's desk wants.
///
/// # Errors
/// Only when the root or `site.toml` cannot be read, or the command line or the clock makes no
/// sense; all else that is wrong is a diagnostic.
pub fn look(request: &Request<'_>) -> Result<Seen, Error> {
    let mut settings = settings::read(request)?;
    let today = settings::today(request, &settings.config.timezone)?;
    let walk = Walk::new(request.root, request.output, settings.ignore.clone())?;
    let mut theme = theme::find(request.root, &walk, &settings);
    settings.choose(&theme.options);
    let mut diagnostics = Vec::new();
    let desk = DeskFiles {
        lock: desk::text(request.root, URLS_LOCK, &mut diagnostics).map(Arc::from),
        dictionaries: desk::dictionaries(request.root, &settings, &mut diagnostics),
    };
    diagnostics.append(&mut settings.diagnostics);
    diagnostics.append(&mut theme.diagnostics);
    let (content, reports) = walk.tree("content", Dotfiles::LeftOut);
    diagnostics.extend(reports);
    diagnostics.extend(content_missing(request.root));
    diagnostics.extend(desk::folders(&settings.config.checks, &content));
    let content = Content::sort(content, &mut diagnostics);
    let (files, reports) = walk.tree("static", Dotfiles::ForHosts);
    diagnostics.extend(reports);
    Ok(Seen { settings, today, theme, desk, content, files, diagnostics })
}

impl Seen {
    /// Everything a build depends on, unread where it can be told without reading that memory knows it.
    #[must_use]
    pub fn recall(self, request: &Request<'_>, stamps: &Stamps, answers: Answers<'_>) -> Inputs {
        let Self { settings, today, theme, desk, content, files, mut diagnostics } = self;
        let reading = Reading { request, stamps };
        let mut assets = theme.embedded;
        for (tree, origin, files) in [
            ("content", Origin::Content, &content.assets),
            ("static", Origin::Static, &files),
            (theme.files.0.as_str(), Origin::Theme, &theme.files.1),
        ] {
            let (found, reports) = reading.assets(tree, origin, files);
            assets.extend(found);
            diagnostics.extend(reports);
        }
        prefer_own(&mut assets);
        let pages = reading.sources(content.pages, answers);
        let data = reading.sources(content.data, answers);
        let stamps = stamps_of(request.now, &pages, &data, &assets);
        crate::diagnostic::sort(&mut diagnostics);
        Inputs {
            root: request.root.to_owned(),
            settings: settings.fingerprint(),
            config: Arc::new(Hashed::new(settings.config)),
            today,
            visibility: request.visibility,
            pictures: if request.origin.is_some() { Pictures::Originals } else { Pictures::Scaled },
            pages,
            data,
            assets,
            templates: theme.templates,
            desk,
            stamps,
            diagnostics,
        }
    }
}

/// Why no build of the site would see a page at this path below `content/`, if none would: its name is
/// left out, or a link on the way leads out of the site. The page need not be there yet.
///
/// # Errors
/// When the root or `site.toml` cannot be read, or the command line makes no sense.
pub fn misses(request: &Request<'_>, page: &Path) -> Result<Option<String>, Error> {
    let settings = settings::read(request)?;
    let walk = Walk::new(request.root, request.output, settings.ignore)?;
    Ok(walk.misses("content", page))
}

/// The text of a file of the site, for excerpts beside diagnostics; bytes that are not UTF-8 are
/// replaced, after the first of which offsets no longer fit. Knows the built-in theme's files too.
#[must_use]
pub fn text(root: &Path, path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    match stamp::open(&root.join(path)).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(_) => Some(String::from_utf8_lossy(&theme::built_in_file(path)?).into_owned()),
    }
}

/// The diagnostic for a file or folder that could not be read.
#[must_use]
pub fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "allow it to be read, or leave it out with `ignore` in `site.toml`"
        }
        _ => "check the file, or leave it out with `ignore` in `site.toml`",
    };
    Diagnostic::new(Code::File, path, None, format!("this cannot be read: {}", reason(error))).help(help)
}

/// Everything a build depends on.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The site's folder.
    pub root: PathBuf,
    /// `site.toml`, with the command line's `--base-url` applied.
    pub config: Arc<Hashed<Config>>,
    /// Hash of the text of `site.toml`, which places of settings point into.
    pub settings: Fingerprint,
    /// The one clock: decides drafts, future and expired pages.
    pub today: jiff::civil::Date,
    /// Which unpublished pages are built all the same.
    pub visibility: Visibility,
    /// Which pictures are published.
    pub pictures: Pictures,
    /// Markdown files below `content/`, sorted by path.
    pub pages: Vec<Source>,
    /// Files below `content/data/` that are not Markdown, sorted by path.
    pub data: Vec<Source>,
    /// Files published as they are, sorted by name; of two for one name both are here, but for a
    /// theme's file that the site's own `static/` replaces.
    pub assets: Vec<Asset>,
    /// The theme's templates with the site's own in their place, sorted by name.
    pub templates: Vec<Template>,
    /// What the editor's desk reads besides.
    pub desk: DeskFiles,
    /// What the next scan is handed. Knows the assets and every remembered source; whoever loads
    /// another source adds it with [`Stamps::learn`].
    pub stamps: Stamps,
    /// Problems found while looking: unreadable files, links out of the root, settings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Which pictures are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Pictures {
    /// As they are, for a preview that shows a change at once.
    Originals,
    /// With smaller copies.
    Scaled,
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

impl Inputs {
    /// Whether templates lie in files, so that not the program alone writes pages.
    #[must_use]
    pub fn has_templates_of_its_own(&self) -> bool {
        self.templates.iter().any(|template| template.file.is_some())
    }
}

impl Source {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is gone, may not be read, or is no regular file any more; see [`unreadable`].
    pub fn load(&self) -> io::Result<Vec<u8>> {
        // How long it is was told when it was found; to ask once more takes longer than to read it.
        let room = usize::try_from(self.stamp.len).unwrap_or(0).min(MOST_ROOM);
        let mut bytes = Vec::with_capacity(room + SPARE);
        stamp::open(&self.file)?.take(u64::MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// So few files are not worth a second thread.
const FEW: usize = 256;
/// Room that is made for a file before it is read, at most: it may have become shorter.
const MOST_ROOM: usize = 1 << 20;
/// Room beyond that, in which the end of the file is found.
const SPARE: usize = 64;

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
    /// Its width and height, when it is an image that says so.
    pub size: Option<Size>,
}

impl Asset {
    /// Its bytes.
    ///
    /// # Errors
    /// When the file is gone, may not be read, or is no regular file any more; see [`unreadable`].
    pub fn load(&self) -> io::Result<Vec<u8>> {
        match &self.content {
            AssetContent::Embedded(bytes) => Ok(bytes.to_vec()),
            AssetContent::File(file) => {
                let mut bytes = Vec::new();
                stamp::open(file)?.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// Its bytes, when they are those that were found: what is made of them may be remembered.
    ///
    /// # Errors
    /// A finding of this moment, which must not be remembered: it cannot be read, or holds something
    /// else by now.
    pub fn load_as_found(&self) -> Result<Vec<u8>, Diagnostic> {
        let bytes = self.load().map_err(|error| unreadable(&self.path, &error))?;
        if Fingerprint::of_bytes(&bytes) == self.fingerprint { Ok(bytes) } else { Err(self.moved()) }
    }

    /// The finding that it holds something else than when it was found.
    #[must_use]
    pub fn moved(&self) -> Diagnostic {
        Diagnostic::new(Code::File, Arc::clone(&self.path), None, "this changed while the site was built")
            .help("build again")
    }
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
    /// Where to read it; `None` when compiled in.
    pub file: Option<PathBuf>,
    /// Its text.
    pub text: String,
    /// Hash of its text.
    pub fingerprint: Fingerprint,
}

/// The files below `content/`, by what becomes of them.
#[derive(Debug, Default)]
struct Content {
    pages: Vec<Found>,
    data: Vec<Found>,
    assets: Vec<Found>,
}

impl Content {
    fn sort(files: Vec<Found>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut content = Self::default();
        for found in files {
            let suffix = found.path.rsplit_once('.').map_or("", |(_, suffix)| suffix);
            if matches!(suffix, "md" | "markdown") {
                content.pages.push(found);
            } else if found.path.starts_with("content/data/") {
                content.data.push(found);
            } else {
                if ["md", "markdown"].iter().any(|page| suffix.eq_ignore_ascii_case(page)) {
                    diagnostics.push(capital_suffix(&found.path, suffix));
                }
                content.assets.push(found);
            }
        }
        content
    }
}

fn capital_suffix(path: &Arc<str>, suffix: &str) -> Diagnostic {
    Diagnostic::new(Code::File, Arc::clone(path), None, "this is published as it is, not as a page")
        .severity(Severity::Warning)
        .help(format!("end its name in `.{}` to make it a page", suffix.to_lowercase()))
}

fn content_missing(root: &Path) -> Option<Diagnostic> {
    let metadata = fs::metadata(root.join("content"));
    metadata.is_err_and(|error| error.kind() == io::ErrorKind::NotFound).then(|| {
        Diagnostic::new(Code::File, "content", None, "there is no folder `content`, so there are no pages")
            .help("make it and put a first page in `content/_index.md`")
    })
}

/// How this scan reads: what was asked, and what the last one knew.
struct Reading<'a> {
    request: &'a Request<'a>,
    stamps: &'a Stamps,
}

impl Reading<'_> {
    /// The hash of a file's bytes, if it can be told without reading them.
    fn recall(&self, found: &Found) -> Option<Fingerprint> {
        let suspects = self.request.suspects;
        let suspect = suspects.contains(&found.file) || suspects.contains(Path::new(&*found.path));
        if suspect { None } else { self.stamps.recall(&found.path, &found.stamp) }
    }

    fn sources(&self, files: Vec<Found>, answers: Answers<'_>) -> Vec<Source> {
        let source = |found: Found| {
            let remembered = self.recall(&found).filter(|fingerprint| answers(&found.path, *fingerprint));
            Source { path: found.path, file: found.file, stamp: found.stamp, remembered }
        };
        files.into_par_iter().with_min_len(FEW).map(source).collect()
    }

    /// Hashes the files of a tree that are not known already. One that cannot be read is reported;
    /// one that is gone by now was never there.
    fn assets(&self, tree: &str, origin: Origin, files: &[Found]) -> (Vec<Asset>, Vec<Diagnostic>) {
        let read = |found: &Found| {
            let known = self.recall(found).map(|fingerprint| {
                (fingerprint, found.stamp.len, self.stamps.sizes.get(&found.path).copied())
            });
            let read = || -> io::Result<_> {
                let (fingerprint, len) = stamp::hash(&found.file)?;
                Ok((fingerprint, len, image::size(&found.file)))
            };
            match known.map_or_else(read, Ok) {
                Ok((fingerprint, len, size)) => Some(Ok(Asset {
                    path: Arc::clone(&found.path),
                    origin,
                    name: below(&found.path, tree),
                    content: AssetContent::File(found.file.clone()),
                    fingerprint,
                    len,
                    stamp: Some(found.stamp),
                    size,
                })),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => Some(Err(unreadable(&found.path, &error))),
            }
        };
        files.par_iter().filter_map(read).partition_map(apart)
    }
}

/// For `partition_map`: values to one side, diagnostics to the other.
fn apart<T>(outcome: Result<T, Diagnostic>) -> Either<T, Diagnostic> {
    outcome.map_or_else(Either::Right, Either::Left)
}

/// A path relative to the root, made relative to a tree.
fn below(path: &str, tree: &str) -> String {
    path.strip_prefix(tree).map_or(path, |rest| rest.trim_start_matches('/')).to_owned()
}

/// Sorts assets by name and drops a theme's files that the site's own `static/` replaces.
fn prefer_own(assets: &mut Vec<Asset>) {
    let own: BTreeSet<String> = assets
        .iter()
        .filter(|asset| asset.origin == Origin::Static)
        .map(|asset| asset.name.clone())
        .collect();
    assets.retain(|asset| asset.origin != Origin::Theme || !own.contains(&asset.name));
    assets.sort_by(|a, b| (&a.name, a.origin).cmp(&(&b.name, b.origin)));
}

fn stamps_of(now: SystemTime, pages: &[Source], data: &[Source], assets: &[Asset]) -> Stamps {
    let sources =
        pages.iter().chain(data).filter_map(|source| Some((&source.path, source.stamp, source.remembered?)));
    let sizes = assets.iter().filter_map(|asset| Some((Arc::clone(&asset.path), asset.size?))).collect();
    let assets = assets.iter().filter_map(|asset| Some((&asset.path, asset.stamp?, asset.fingerprint)));
    let files: BTreeMap<_, _> =
        sources.chain(assets).map(|(path, stamp, hash)| (Arc::clone(path), (stamp, hash))).collect();
    Stamps { taken: Some(now), files, sizes }
}

#[cfg(test)]
mod tests;
