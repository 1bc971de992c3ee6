//! What links and images refer to.
//!
//! In: destinations as written, each with the file it stands in. Out: site paths, or why there is
//! none. A destination is read as a path in the source tree first (so that it works in an editor
//! and on a code host too), then as an address relative to the page. Follows no link out of the site.

pub(super) mod frame;
mod suggest;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::former::{Former, Known};
use super::page::Entry;
use super::picture::{self, Lead, Shots};
use super::route::{Cause, Routes};
use super::shown::Image;
use super::state::State;
use super::{PageId, Resolved, url};
use crate::config::{BaseUrl, Config, Toc};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::memory::{HashMap, each};
use crate::parse::{Document, Reference, ReferenceKind};
use crate::scan::Asset;

/// The id that is on every page, beside those of its text.
const TOP: &str = "top";
/// The id of a page's contents list.
const CONTENTS: &str = "contents";
/// Broken references for which a near name is looked for. Each search is linear, so a site that is
/// broken throughout must not take quadratic time to say so.
const SUGGESTIONS: u32 = 200;

/// Everything a reference can lead to.
pub(super) struct Resolver<'s> {
    entries: &'s [Entry<'s>],
    hidden: &'s std::collections::HashMap<&'s str, State>,
    routes: &'s Routes,
    /// Pages by source path, in composed form.
    pages: HashMap<Cow<'s, str>, PageId>,
    /// URLs of files by source path, in composed form; `None` when left out with their page.
    files: HashMap<Cow<'s, str>, Option<&'s str>>,
    /// What is known of published images.
    shots: Shots<'s>,
    base: &'s BaseUrl,
    /// What pages have a contents list by.
    toc: &'s Toc,
    /// Where the site is published, and where this build of it is.
    addresses: [&'s BaseUrl; 2],
    /// Near names that may still be looked for. Counted down in the order of the pages, never by
    /// several threads.
    suggestions: AtomicU32,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'s> {
    Page(PageId),
    /// A file published as it is.
    File(&'s str),
    /// A list, a feed or another made file.
    Other(&'s str),
    /// A page that is left out.
    Unpublished(State),
    /// A file that is left out with its page.
    UnpublishedFile,
    Nothing,
}

/// Why a reference is broken.
enum Fault<'s> {
    /// It names nothing.
    Empty(ReferenceKind),
    /// A path that leads to nothing of the kind that was asked for.
    Missed(ReferenceKind, String, Target<'s>),
    /// An id that a page lacks, and the path to that page.
    NoAnchor(String, &'s Document, Option<String>),
    /// An id in something that holds no text of the writer's.
    NoText(String, String),
}

/// The same in words.
struct Broken {
    code: Code,
    message: String,
    help: String,
}

/// Where a reference stands.
#[derive(Clone, Copy)]
struct From<'e> {
    /// Source path.
    path: &'e str,
    /// URL of the page.
    url: &'e str,
    /// The page.
    entry: &'e Entry<'e>,
}

impl<'e> From<'e> {
    fn of(entry: &'e Entry<'e>) -> Self {
        Self { path: &entry.document.path, url: &entry.url, entry }
    }
}

impl<'s> Resolver<'s> {
    /// Indexes what references may lead to.
    pub(super) fn new(
        entries: &'s [Entry<'s>],
        hidden: &'s std::collections::HashMap<&'s str, State>,
        routes: &'s Routes,
        (assets, files, shots): (&'s [Asset], &'s [Option<String>], Shots<'s>),
        config: &'s Config,
    ) -> Self {
        let pages =
            entries.iter().enumerate().map(|(page, entry)| (url::nfc(&entry.document.path), page)).collect();
        let by_path =
            assets.iter().zip(files).map(|(asset, file)| (url::nfc(&asset.path), file.as_deref())).collect();
        let base = &config.base_url;
        let files = by_path;
        let addresses = [&config.published_url, &config.base_url];
        let suggestions = AtomicU32::new(SUGGESTIONS);
        Self { entries, hidden, routes, pages, files, shots, base, toc: &config.toc, addresses, suggestions }
    }

    /// What each reference of each page means, in the same order.
    pub(super) fn resolve(
        &self,
        former: Option<Former<'_>>,
        known: Option<&Known>,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Arc<[Resolved]>> {
        let former = former.filter(|former| former.leads_there(self.entries, self.toc));
        let led_to = |page, entry| {
            let former = former.and_then(|former| former.references(page, entry));
            former.or_else(|| known?.references(page, entry))
        };
        let pages = each(
            self.entries,
            || (),
            |(), page, entry| match led_to(page, entry) {
                Some(resolved) => (resolved, Vec::new()),
                None => self.resolve_page(entry),
            },
        );
        let explained = self.entries.iter().zip(pages).map(|(entry, (resolved, faults))| {
            for (fault, span) in faults {
                found.push(self.explain(From::of(entry), fault).at(&entry.document.path, Some(span)));
            }
            resolved
        });
        explained.collect()
    }

    fn resolve_page(&self, entry: &'s Entry<'s>) -> (Arc<[Resolved]>, Vec<(Fault<'s>, Span)>) {
        let from = From::of(entry);
        let mut faults = Vec::new();
        let references = entry.document.references.iter();
        let mut resolved: Vec<_> = references
            .map(|Reference { kind, target, span }| {
                self.reference(from, *kind, target).unwrap_or_else(|fault| {
                    faults.push((fault, *span));
                    Resolved::Broken(target.clone())
                })
            })
            .collect();
        if resolved.iter().any(|one| matches!(one, Resolved::Image(_)))
            && let Some(Lead::Reference(index)) = picture::lead(&entry.document)
            && let Some(Resolved::Image(image)) = resolved.get_mut(index as usize)
        {
            image.lead = true;
        }
        (resolved.into(), faults)
    }

    /// A fault in words, with the fix.
    fn explain(&self, from: From<'_>, fault: Fault<'_>) -> Broken {
        match fault {
            Fault::Empty(kind) => Broken::empty(kind),
            Fault::Missed(kind, path, target) => self.missed(from, kind, &path, target),
            Fault::NoAnchor(id, page, link) => self.no_anchor(&id, page, link.as_deref()),
            Fault::NoText(id, link) => Broken::no_text(&id, &link),
        }
    }

    /// What stands behind the site's own address in an absolute one, as a path from the site's root;
    /// `None` for another site's. Both schemes of the web count: a link to `http:` leads to `https:`.
    fn own(&self, target: &str) -> Option<String> {
        let (_, address) = target.split_once("//")?;
        let (authority, rest) = address.split_at(address.find(['/', '?', '#']).unwrap_or(address.len()));
        self.addresses.iter().find_map(|base| {
            let (_, own) = base.origin.split_once("//")?;
            if !own.eq_ignore_ascii_case(authority) {
                return None;
            }
            let folder = base.path.trim_end_matches('/');
            match rest.strip_prefix(folder)? {
                inside if inside.starts_with('/') => Some(inside.to_owned()),
                home if home.is_empty() || home.starts_with(['?', '#']) => Some(format!("/{home}")),
                _ => None,
            }
        })
    }

    /// The page that `related` names by path, with or without extension.
    pub(super) fn page(&self, entry: &Entry<'_>, id: &str) -> Option<PageId> {
        self.named(entry, id).find_map(|target| match target {
            Target::Page(page) => Some(page),
            _ => None,
        })
    }

    /// Why the page that `related` names is left out.
    pub(super) fn unpublished(&self, entry: &Entry<'_>, id: &str) -> Option<&'static str> {
        self.named(entry, id).find_map(|target| match target {
            Target::Unpublished(state) => Some(reason(state)),
            _ => None,
        })
    }

    /// The site path of a page or file that data names: `@quiz/is-tech-for-you`, `/guides/#top`.
    pub(super) fn target(&self, entry: &Entry<'_>, written: &str) -> Option<String> {
        let written = written.strip_prefix('@').filter(|rest| !rest.starts_with('/')).unwrap_or(written);
        let end = written.bytes().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(written.len());
        let (path, suffix) = written.split_at(end);
        let url = self.named(entry, path).find_map(|target| match target {
            Target::Page(page) => Some(self.entries[page].url.as_str()),
            Target::Other(url) | Target::File(url) => Some(url),
            Target::Unpublished(_) | Target::UnpublishedFile | Target::Nothing => None,
        })?;
        Some([url, &url::encode_suffix(suffix)].concat())
    }

    /// The URL of the page at a site path, if there is one.
    pub(super) fn published(&self, path: &str) -> Option<&'s str> {
        match self.address(&url::decode(path.trim_start_matches('/'))) {
            Target::Page(page) => Some(&self.entries[page].url),
            _ => None,
        }
    }

    /// The URL of an image that data names: below `static/`, below the content, or beside the page.
    pub(super) fn image(&self, entry: &Entry<'_>, file: &str) -> Option<&'s str> {
        let places = [format!("static/{file}"), format!("content/{file}"), file.to_owned()];
        let named = places.iter().map(|place| self.source(place));
        named.chain([self.locate(From::of(entry), file)]).find_map(|target| match target {
            Target::File(url) => Some(url),
            _ => None,
        })
    }

    /// The image at a URL, when it is a file of the site that says how large it is.
    pub(super) fn shot(&self, url: &str) -> Option<Image> {
        self.shots.image(url)
    }

    fn named(&self, entry: &Entry<'_>, id: &str) -> impl Iterator<Item = Target<'s>> {
        let forms = [id.to_owned(), format!("@/{id}"), format!("@/{id}.md"), format!("{id}.md")];
        forms.into_iter().map(move |form| self.locate(From::of(entry), &form))
    }

    /// Whether there is still time to look for a near name.
    pub(super) fn may_suggest(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.suggestions.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    fn home(&self) -> PageId {
        self.entries.iter().position(|entry| entry.url == "/").unwrap_or(0)
    }

    fn reference(&self, from: From<'s>, kind: ReferenceKind, target: &str) -> Result<Resolved, Fault<'s>> {
        if target.is_empty() {
            return Err(Fault::Empty(kind));
        }
        if kind == ReferenceKind::Absolute {
            return match self.own(target) {
                Some(own) => self.reference(from, ReferenceKind::Link, &own),
                None => Ok(Resolved::Outside),
            };
        }
        let path_end = target.bytes().position(|byte| byte == b'?' || byte == b'#').unwrap_or(target.len());
        let (path, suffix) = target.split_at(path_end);
        let fragment = suffix.split_once('#').map(|(_, fragment)| fragment);
        if path.is_empty() && kind == ReferenceKind::Link {
            self.check_fragment(fragment, from.entry, None)?;
            return Ok(Resolved::Fragment(url::encode_suffix(target).into_owned()));
        }
        let path = url::decode(path);
        let address = match (self.locate(from, &path), kind) {
            (Target::Page(page), ReferenceKind::Link) => {
                let entry = &self.entries[page];
                self.check_fragment(fragment, entry, Some(&path))?;
                entry.url.as_str()
            }
            (Target::Other(url), ReferenceKind::Link) => {
                self.check_made(fragment, url, &path)?;
                url
            }
            (Target::File(url), ReferenceKind::Image) => {
                let url_of =
                    |url: &str| [self.base.path(url), url::encode_suffix(suffix).into_owned()].concat();
                return Ok(match self.shots.image(url) {
                    Some(image) => Resolved::Image(Box::new(Image { url: url_of(url), ..image })),
                    None => Resolved::Internal([url, &url::encode_suffix(suffix)].concat()),
                });
            }
            // What a fragment means in a file is the matter of its format: `report.pdf#page=3`.
            (Target::File(url), _) => url,
            (missed, _) => return Err(Fault::Missed(kind, path.into_owned(), missed)),
        };
        Ok(Resolved::Internal([address, &url::encode_suffix(suffix)].concat()))
    }

    fn check_fragment(
        &self,
        fragment: Option<&str>,
        entry: &'s Entry<'s>,
        link: Option<&str>,
    ) -> Result<(), Fault<'s>> {
        let document = &entry.document;
        let known = |id: &str| {
            id == TOP || document.ids.contains(id) || (id == CONTENTS && entry.has_contents(self.toc))
        };
        match fragment.and_then(|fragment| unknown(fragment, known)) {
            Some(id) => Err(Fault::NoAnchor(id.into_owned(), document, link.map(str::to_owned))),
            None => Ok(()),
        }
    }

    /// A fragment of what we make ourselves: a list's is that of the text written for it, if any.
    fn check_made(&self, fragment: Option<&str>, url: &str, link: &str) -> Result<(), Fault<'s>> {
        let Some(fragment) = fragment else { return Ok(()) };
        if let Some(entry) = self.entries.iter().find(|entry| entry.url == url) {
            return self.check_fragment(Some(fragment), entry, Some(link));
        }
        let is_page = Path::new(&url::output_path(url)).extension().is_some_and(|kind| kind == "html");
        match unknown(fragment, |id| is_page && id == TOP) {
            Some(id) => Err(Fault::NoText(id.into_owned(), link.to_owned())),
            None => Ok(()),
        }
    }

    /// What a decoded path, written in this place, leads to.
    fn locate(&self, from: From<'_>, path: &str) -> Target<'s> {
        let path = &*url::nfc(path);
        if let Some(path) = path.strip_prefix("@/") {
            return join("content", path).map_or(Target::Nothing, |path| self.source(&path));
        }
        if let Some(rooted) = path.strip_prefix('/') {
            // An address of the site; else, as code hosts read it, a path from the root of the
            // sources, or from `content/`. The last finds the usual source of an unpublished page.
            let Some(rooted) = join("", rooted) else { return Target::Nothing };
            return self
                .address(&rooted)
                .or_else(|| self.source(&rooted))
                .or_else(|| self.source(&format!("content/{rooted}")))
                .or_else(|| self.source(&format!("content/{}.md", rooted.trim_end_matches('/'))));
        }
        let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = join(folder, path).map_or(Target::Nothing, |path| self.source(&path));
        source.or_else(|| {
            let base = from.url.rsplit_once('/').map_or("", |(base, _)| base);
            join(&url::decode(base.trim_start_matches('/')), path)
                .map_or(Target::Nothing, |path| self.address(&path))
        })
    }

    /// What a path from the site's root names: a page's or an asset's file, or a folder.
    fn source(&self, path: &str) -> Target<'s> {
        if let Some(page) = self.pages.get(path) {
            return Target::Page(*page);
        }
        if let Some(file) = self.files.get(path) {
            return file.map_or(Target::UnpublishedFile, Target::File);
        }
        if let Some(state) = self.hidden.get(path) {
            return Target::Unpublished(*state);
        }
        let folder = path.trim_end_matches('/');
        for name in ["_index.md", "index.md"] {
            let file = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(page) = self.pages.get(file.as_str()) {
                return Target::Page(*page);
            }
            if let Some(state) = self.hidden.get(file.as_str()) {
                return Target::Unpublished(*state);
            }
        }
        Target::Nothing
    }

    /// What is published at a decoded path without its leading slash. A page is found without its
    /// trailing slash too, and by its `index.html`.
    fn address(&self, path: &str) -> Target<'s> {
        let route = if path.is_empty() || path.ends_with('/') {
            self.routes.get(&format!("{path}index.html"))
        } else {
            self.routes.get(path).or_else(|| self.routes.get(&format!("{path}/index.html")))
        };
        let Some(route) = route else { return Target::Nothing };
        match route.cause {
            Cause::Page(page) | Cause::Alias(page) => Target::Page(page),
            Cause::Asset(_) | Cause::Image(_) | Cause::Drawing(_) => Target::File(&route.url),
            _ => Target::Other(&route.url),
        }
    }
}

impl Target<'_> {
    fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Target::Nothing { other() } else { self }
    }
}

impl Broken {
    fn empty(kind: ReferenceKind) -> Self {
        let (code, what) = match kind {
            ReferenceKind::Image => (Code::ImageMissing, "this image names no file"),
            _ => (Code::LinkBroken, "this link has no destination"),
        };
        Self { code, message: what.to_owned(), help: "write one between the parentheses".to_owned() }
    }

    /// An id in something that holds no text of the writer's.
    fn no_text(id: &str, link: &str) -> Self {
        Self {
            code: Code::AnchorBroken,
            message: format!("nothing at `{link}` has the id `{id}`"),
            help: format!("take `#{id}` away; only the texts of pages have ids"),
        }
    }

    fn at(self, path: &str, span: Option<Span>) -> Diagnostic {
        Diagnostic::new(self.code, path, span, self.message).help(self.help)
    }
}

/// The id that a fragment asks for and that is not known, decoded.
fn unknown(fragment: &str, known: impl Fn(&str) -> bool) -> Option<Cow<'_, str>> {
    if fragment.is_empty() || known(fragment) {
        return None;
    }
    // What follows `:~:` is for the browser, such as a text to scroll to.
    let id = url::decode(fragment.split(":~:").next().unwrap_or_default());
    (!id.is_empty() && !known(&id)).then_some(id)
}

/// Why a page is left out, after its name.
fn reason(state: State) -> &'static str {
    match state {
        State::Draft => "is a draft and is not published",
        State::Future => "is dated after today and is not published yet",
        State::Expired => "has expired and is not published any more",
        State::Published => "is not published",
    }
}

/// Joins a path to the folder it is relative to, without `.` and `..`; `None` leads out of the site.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + path.len() + 1);
    joined.push_str(folder);
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        match part {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            name => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(name);
            }
        }
        let is_folder = part.is_empty() || part == "." || part == "..";
        if parts.peek().is_none() && is_folder && !joined.is_empty() {
            joined.push('/');
        }
    }
    Some(joined)
}

/// Whether a path names a Markdown file.
fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

/// Whether a destination begins with a scheme (RFC 3986, section 3.1).
fn has_scheme(target: &str) -> bool {
    let Some((scheme, _)) = target.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
