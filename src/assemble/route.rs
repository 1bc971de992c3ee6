//! The route table: every output path and its cause.
//!
//! In: causes with their paths. Out: [`Routes`] in which each path has one owner, and collisions
//! named as pairs. It is the render work list and what `write` compares the output folder with.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{PageId, SectionId, url};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::memory::{HashMap, each};

/// Every output, by its path below the output folder: `guides/nurse/index.html`.
pub type Routes = BTreeMap<String, Route>;

/// One output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What it is asked for by: `/guides/nurse/`, `/atom.xml`.
    pub url: String,
    /// Why it exists.
    pub cause: Cause,
}

/// Why an output exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A page, the home page and first list pages included.
    Page(PageId),
    /// Page `number` (from 2) of a section's list.
    SectionPage {
        /// The section.
        section: SectionId,
        /// Counted from 1.
        number: usize,
    },
    /// The list of a taxonomy's terms.
    Taxonomy(usize),
    /// Page `number` (from 1) of a term's list.
    Term {
        /// Index of the taxonomy.
        taxonomy: usize,
        /// Index of the term.
        term: usize,
        /// Counted from 1.
        number: usize,
    },
    /// A feed.
    Feed(FeedKind, FeedOf),
    /// `sitemap.xml`, or part `n` (from 1) of one above 50,000 URLs; 0 is the only or the index file.
    Sitemap(usize),
    /// `robots.txt`
    Robots,
    /// `404.html`
    NotFound,
    /// The page to search the site from, unless a page of the site is that.
    Search,
    /// A page that sends readers on to another's URL.
    Alias(PageId),
    /// A file published as it is: index into `Inputs::assets`.
    Asset(usize),
    /// The stylesheet that the build makes.
    Styles,
    /// A photograph or graphic without what it tells about its maker: index into `Inputs::assets`.
    Image(usize),
    /// A drawing without what could act on a reader: index into `Inputs::assets`.
    Drawing(usize),
    /// A smaller copy of an image.
    Variant {
        /// Index into `Inputs::assets`.
        asset: usize,
        /// Index into its [`Picture::variants`](crate::picture::Picture::variants).
        number: usize,
    },
    /// The picture of a page for those who share it.
    Card(PageId),
    /// An icon made from the site's `favicon.svg`, which is at this index in `Inputs::assets`.
    Icon(usize, Icon),
    /// `_headers`, for hosts that read it.
    Headers,
    /// `_redirects`, for hosts that read it.
    Redirects,
    /// `llms.txt`
    Llms,
    /// What a page says, as Markdown.
    Markdown(PageId),
}

/// An icon that browsers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Icon {
    /// `favicon.ico`, for those who know no SVG.
    Favicon,
    /// `apple-touch-icon.png`, for home screens.
    Touch,
}

impl Icon {
    /// Every icon, with its name.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::Favicon, "favicon.ico"), (Self::Touch, "apple-touch-icon.png")];
}

impl Cause {
    /// Whether it is a file or a picture, which a preview makes when somebody asks for it.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.original().is_some() || matches!(self, Self::Card(_) | Self::Icon(..) | Self::Variant { .. })
    }

    /// The file that a preview answers with as it is: index into `Inputs::assets`. A drawing is none, for it
    /// might act on a reader.
    #[must_use]
    pub fn original(&self) -> Option<usize> {
        self.file().filter(|_| !matches!(self, Self::Drawing(_)))
    }

    /// The file that is published as it is, or nearly so: index into `Inputs::assets`.
    #[must_use]
    pub fn file(&self) -> Option<usize> {
        match self {
            Self::Asset(index) | Self::Image(index) | Self::Drawing(index) => Some(*index),
            _ => None,
        }
    }
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedKind {
    /// RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

/// What a feed lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedOf {
    /// The newest pages of the site.
    Site,
    /// Of one section.
    Section(SectionId),
    /// Of one term: taxonomy and term index.
    Term(usize, usize),
}

/// A wish to own an output path.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) output: String,
    pub(super) route: Route,
    /// Where the address was written, for aliases.
    pub(super) span: Option<Span>,
}

impl Claim {
    /// A claim of the file that a URL is written to.
    pub(super) fn new(url: String, cause: Cause) -> Self {
        Self { output: url::output_path(&url), route: Route { url, cause }, span: None }
    }
}

/// Who made a claim, as messages say it.
#[derive(Debug)]
pub(super) struct Owner {
    /// "the page `content/x.md`"
    pub(super) name: String,
    /// The file to look at.
    pub(super) path: Option<Arc<str>>,
}

/// Gives each path to the first who claims it and reports the others, each with the owner. Paths
/// that differ only in case or in how accents are stored are one, since they are on some systems,
/// and a path cannot be both a file and a folder.
pub(super) fn settle(
    claims: Vec<Claim>,
    owner: impl Fn(&Cause) -> Owner,
    found: &mut Vec<Diagnostic>,
) -> Routes {
    let mut collisions: Vec<(usize, usize)> = Vec::new();
    {
        let folded = each(&claims, || (), |(), _, claim| url::folded(&claim.output));
        let mut first: HashMap<&str, usize> = HashMap::default();
        first.reserve(folded.len());
        for (at, key) in folded.iter().enumerate() {
            match first.entry(key) {
                Slot::Vacant(slot) => {
                    slot.insert(at);
                }
                Slot::Occupied(slot) => collisions.push((*slot.get(), at)),
            }
        }
        let mut last = "";
        for (at, key) in folded.iter().enumerate() {
            let holder = parent(key);
            if holder == last {
                continue;
            }
            last = holder;
            let mut up = holder;
            while !up.is_empty() {
                if let Some(file) = first.get(up) {
                    collisions.push((*file.min(&at), *file.max(&at)));
                }
                up = parent(up);
            }
        }
    }
    collisions.sort_unstable_by_key(|(first, second)| (*second, *first));
    for (first, second) in &collisions {
        found.push(collision(&claims[*first], &claims[*second], &owner));
    }
    let mut lost = collisions.iter().map(|(_, second)| *second).peekable();
    let kept = claims.into_iter().enumerate().filter_map(|(at, claim)| {
        while lost.next_if(|lost| *lost < at).is_some() {}
        (lost.peek() != Some(&at)).then_some((claim.output, claim.route))
    });
    kept.collect()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn collision(first: &Claim, second: &Claim, owner: &impl Fn(&Cause) -> Owner) -> Diagnostic {
    let (one, other) = (owner(&first.route.cause), owner(&second.route.cause));
    let (one_url, other_url) = (&first.route.url, &second.route.url);
    let message = if first.output == second.output {
        format!("{} and {} are both published at `{one_url}`", one.name, other.name)
    } else if url::folded(&first.output) == url::folded(&second.output) {
        format!(
            "{} at `{one_url}` and {} at `{other_url}` are one file on systems that ignore case or accents' spelling",
            one.name, other.name
        )
    } else {
        format!(
            "{} at `{one_url}` and {} at `{other_url}` would make one name both a file and a folder",
            one.name, other.name
        )
    };
    let help = "give one of them another name, `slug` or `path`";
    let label = "the other one";
    match (one.path, other.path) {
        (Some(path), Some(also)) => Diagnostic::new(Code::RouteCollision, also, second.span, message)
            .help(help)
            .related(path, first.span, label),
        (Some(path), None) => Diagnostic::new(Code::RouteCollision, path, first.span, message).help(help),
        (None, Some(path)) => Diagnostic::new(Code::RouteCollision, path, second.span, message).help(help),
        (None, None) => Diagnostic::new(Code::RouteCollision, "site.toml", None, message).help(help),
    }
}
