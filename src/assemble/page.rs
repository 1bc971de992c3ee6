//! Documents to pages: what each page is, where it is published and whether it is.
//!
//! In: documents, the tree of folders, the settings and today's date. Out: [`Entries`], the pages
//! that are built, each with its kind, address and effective front matter, but nothing yet that
//! depends on another page.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::contents;
use super::facts::Facts;
use super::folder::{FolderId, Role, Tree};
use super::kind::Kind;
use super::made::{self, Made};
use super::state::{Calendar, Shown, State};
use super::{taxonomy, url};
use crate::config::{Config, Toc};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::memory::each;
use crate::parse::directive::Value;
use crate::parse::front_matter::{Date, Spanned};
use crate::parse::{Document, FrontMatter};

/// A page's front matter, with what it inherits. Costs nothing when it inherits nothing.
#[derive(Debug, Clone)]
pub enum Front {
    /// The document's own.
    Own(Arc<Document>),
    /// The document's own, completed by `[defaults]` of its sections and by its file's name.
    Completed(Arc<FrontMatter>),
}

impl Deref for Front {
    type Target = FrontMatter;

    fn deref(&self) -> &FrontMatter {
        match self {
            Self::Own(document) => &document.front,
            Self::Completed(front) => front,
        }
    }
}

impl Front {
    /// Whether it is the document's very own.
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// The front matter of an ordinary page, which is of kind `by_place` unless it says otherwise.
    pub(super) fn of_page(
        document: &Arc<Document>,
        defaults: Option<&Arc<FrontMatter>>,
        dated: Option<jiff::civil::Date>,
        by_place: Kind,
    ) -> Self {
        let dated = dated.filter(|_| document.front.published.is_none());
        // The kinds on whose pages some key has a meaning of its own.
        let settled = match by_place {
            Kind::Path => Some("path"),
            Kind::Author => Some("author"),
            _ => None,
        };
        if defaults.is_none() && dated.is_none() && settled.is_none() {
            return Self::Own(Arc::clone(document));
        }
        let mut front = document.front.clone();
        if let Some(date) = dated {
            front.published = Some(Date { date, time: None });
        }
        if let Some(defaults) = defaults {
            front.inherit(defaults);
        }
        if let (Some(kind), None) = (settled, &front.kind) {
            front.settle(kind);
        }
        Self::Completed(Arc::new(front))
    }

    /// The front matter of a section's own page: defaults say what *pages* are, so its kind and
    /// template are its own.
    pub(super) fn of_section(document: &Arc<Document>, defaults: Option<&Arc<FrontMatter>>) -> Self {
        match Self::of_page(document, defaults, None, Kind::Section) {
            Self::Completed(mut front) => {
                let completed = Arc::make_mut(&mut front);
                completed.kind.clone_from(&document.front.kind);
                completed.template.clone_from(&document.front.template);
                Self::Completed(front)
            }
            own @ Self::Own(_) => own,
        }
    }
}

/// One page before it is linked with others.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) document: Arc<Document>,
    pub(super) front: Front,
    pub(super) kind: Kind,
    /// Percent-encoded.
    pub(super) url: String,
    pub(super) lang: Arc<str>,
    pub(super) state: State,
    pub(super) folder: FolderId,
    pub(super) role: Role,
    /// What it was made for, when nobody wrote it.
    pub(super) made: Option<Made<'a>>,
    /// Values in its title and in other texts beside its body.
    pub(super) told: Vec<Value>,
}

impl Entry<'_> {
    pub(super) fn title(&self) -> &str {
        &self.document.title
    }

    /// Whether it shows a list of its contents.
    pub(super) fn has_contents(&self, toc: &Toc) -> bool {
        contents::is_shown(&self.document, &self.front, toc)
    }

    /// Whether lists, terms and feeds hold it as a page of the site's own text.
    pub(super) fn is_article(&self) -> bool {
        matches!(self.role, Role::Leaf | Role::Page)
    }
}

/// All pages that are built, and what was left out.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    /// Sorted by source path.
    pub(super) pages: Vec<Entry<'a>>,
    /// Why a file's page is left out, by the file's path.
    pub(super) hidden: HashMap<&'a str, State>,
}

/// Makes a page of every document that is shown, and of every folder and record that needs one.
pub(super) fn entries<'a>(
    documents: &'a [Arc<Document>],
    facts: &Facts,
    tree: &Tree<'a>,
    config: &Config,
    calendar: Calendar,
    found: &mut Vec<Diagnostic>,
) -> Entries<'a> {
    let lists = config.taxonomies.iter().map(|taxonomy| taxonomy::address(taxonomy, config)).collect();
    let mut languages = Languages::new(&config.lang);
    let maker = Maker { tree, config, calendar, lists, lang: languages.tag(None) };
    let made = each(
        documents,
        || (),
        |(), _, document| {
            let mut found = Vec::new();
            (maker.page(document, &mut found), found)
        },
    );
    let mut pages = Vec::with_capacity(documents.len() + tree.folders.len());
    let mut hidden = HashMap::new();
    // Folders with a page in them, at any depth.
    let mut live = vec![false; tree.folders.len()];
    live[0] = true;
    for (document, (entry, faults)) in documents.iter().zip(made) {
        found.extend(faults);
        match entry {
            Ok(mut entry) => {
                if let Some(lang) = entry.front.lang.as_deref() {
                    entry.lang = languages.tag(Some(lang));
                }
                let mut up = Some(entry.folder);
                while let Some(id) = up.filter(|id| !std::mem::replace(&mut live[*id], true)) {
                    up = tree.folders[id].parent;
                }
                pages.push(entry);
            }
            Err(state) => {
                hidden.insert(&*document.path, state);
            }
        }
    }
    for (id, folder) in tree.folders.iter().enumerate() {
        let unwritten = folder.index.is_none_or(|index| hidden.contains_key(&*index.path));
        if live[id] && unwritten && (id == 0 || folder.leaf.is_none()) {
            pages.push(maker.unwritten_page(id, &mut languages));
        }
    }
    pages.extend(made::pages(facts, tree, &pages, &hidden, &maker.lang));
    pages.sort_by(|a, b| a.document.path.cmp(&b.document.path));
    Entries { pages, hidden }
}

/// What pages are made with.
struct Maker<'t, 'a> {
    tree: &'t Tree<'a>,
    config: &'t Config,
    calendar: Calendar,
    /// URLs of the taxonomies' lists.
    lists: Vec<String>,
    /// The site's main language.
    lang: Arc<str>,
}

impl<'a> Maker<'_, 'a> {
    /// The page of a document in the main language, or why it is left out.
    fn page(&self, document: &'a Arc<Document>, found: &mut Vec<Diagnostic>) -> Result<Entry<'a>, State> {
        let (folder, role) = self.tree.place(&document.path);
        let holder = &self.tree.folders[folder];
        let outer = holder.parent.map(|parent| &self.tree.folders[parent]);
        let (date, name) = match role {
            Role::Page => url::dated(stem(last_part(&document.path))),
            Role::Leaf => url::dated(last_part(holder.path)),
            Role::Index | Role::NotFound | Role::Taxonomy | Role::Result => (None, ""),
        };
        let front = match role {
            Role::Index => Front::of_section(document, outer.and_then(|outer| outer.defaults.as_ref())),
            _ => Front::of_page(document, holder.defaults.as_ref(), date, holder.kind()),
        };
        let state = match holder.shown.and(self.calendar.shown(&front)) {
            Shown::As(state) => state,
            Shown::Not(state) => return Err(state),
        };
        let path = match (role, outer) {
            (Role::NotFound, _) => "/404.html".to_owned(),
            (Role::Index | Role::Taxonomy, _) => holder.url.clone(),
            (Role::Leaf, _) if holder.index.is_none() => holder.url.clone(),
            (Role::Leaf, None) => "/".to_owned(),
            (Role::Leaf, Some(outer)) => {
                address(&document.path, &front, &outer.base, name, self.config, found)
            }
            (Role::Page | Role::Result, _) => {
                address(&document.path, &front, &holder.base, name, self.config, found)
            }
        };
        let url = encoded(path);
        let kind = self.kind(document, &front, folder, role, found);
        let supplies_list = role == Role::Index && folder != 0 && self.lists.contains(&url);
        Ok(Entry {
            kind,
            url,
            lang: Arc::clone(&self.lang),
            document: Arc::clone(document),
            front,
            state,
            folder,
            role: if supplies_list { Role::Taxonomy } else { role },
            made: None,
            told: Vec::new(),
        })
    }

    /// The page of a folder without `_index.md`.
    fn unwritten_page(&self, id: FolderId, languages: &mut Languages) -> Entry<'a> {
        let folder = &self.tree.folders[id];
        let title = if id == 0 { self.config.title.clone() } else { words(last_part(folder.path)) };
        let document = Arc::new(Document::unwritten(format!("{}/_index.md", folder.source()), title));
        let defaults = folder.parent.and_then(|parent| self.tree.folders[parent].defaults.as_ref());
        let front = Front::of_section(&document, defaults);
        let (Shown::As(state) | Shown::Not(state)) = folder.shown;
        Entry {
            kind: if id == 0 { Kind::Home } else { Kind::Section },
            url: encoded(folder.url.clone()),
            lang: languages.tag(front.lang.as_deref()),
            document,
            front,
            state,
            folder: id,
            role: Role::Index,
            made: Some(Made::Folder(folder.path)),
            told: Vec::new(),
        }
    }

    fn kind(
        &self,
        document: &Document,
        front: &FrontMatter,
        folder: FolderId,
        role: Role,
        found: &mut Vec<Diagnostic>,
    ) -> Kind {
        let by_place = match role {
            Role::Index if folder == 0 => Kind::Home,
            Role::Index | Role::Taxonomy => Kind::Section,
            Role::NotFound | Role::Result => Kind::Page,
            Role::Leaf | Role::Page => self.tree.folders[folder].kind(),
        };
        Kind::read(front.kind.as_ref(), role, by_place).unwrap_or_else(|unfit| {
            // An inherited one has been reported where it was written.
            if let Some(written) = &document.front.kind {
                found.push(unfit.report(written, &document.path));
            }
            by_place
        })
    }
}

fn encoded(path: String) -> String {
    match url::encode(&path) {
        Cow::Borrowed(_) => path,
        Cow::Owned(encoded) => encoded,
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A folder's name as a title: `web-design` is "Web design".
fn words(name: &str) -> String {
    let text = name.replace(['-', '_'], " ");
    let mut letters = text.trim().chars();
    letters.next().map_or_else(|| name.to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// The site path of a page below `base`: by its `path`, its `slug` or else its name. What is
/// wrong with them is reported, and the next of the three is taken.
pub(super) fn address(
    source: &Arc<str>,
    front: &FrontMatter,
    base: &str,
    name: &str,
    config: &Config,
    found: &mut Vec<Diagnostic>,
) -> String {
    let mut refuse = |key: &str, written: &Spanned<String>, refusal: &url::Refusal| {
        found.push(
            Diagnostic::new(
                Code::FrontMatter,
                Arc::clone(source),
                written.span,
                format!("the {key} `{}` {}", diagnostic::visible(&written.value), refusal.reason),
            )
            .help(refusal.help),
        );
    };
    if let Some(written) = &front.path {
        match url::parse_path(&written.value) {
            Ok(path) => return path,
            Err(refusal) => refuse("path", written, &refusal),
        }
    }
    if let Some(written) = &front.slug {
        match url::parse_slug(&written.value) {
            Ok(slug) => return format!("{base}{slug}/"),
            Err(refusal) => refuse("slug", written, &refusal),
        }
    }
    let segment = url::segment(name, config.markdown.slugs);
    if segment.text.is_empty() {
        found.push(
            Diagnostic::new(
                Code::FrontMatter,
                Arc::clone(source),
                None,
                format!("no address can be made of the name `{}`", diagnostic::visible(name)),
            )
            .help("add a `slug` to the page's front matter, or rename the file"),
        );
        return format!("{base}untitled/");
    }
    if let Some(trouble) = segment.trouble {
        found.push(
            Diagnostic::new(
                Code::FileName,
                Arc::clone(source),
                None,
                format!("the name `{}` {trouble}", diagnostic::visible(name)),
            )
            .help(name_help(&segment.text)),
        );
    }
    format!("{base}{}/", segment.text)
}

/// What to do about a file's or folder's name that is published as `segment`.
pub(super) fn name_help(segment: &str) -> String {
    format!(
        "it is published as `{segment}`; rename it with small letters, digits and hyphens, or set `slug` in its front matter"
    )
}

/// A Markdown file's name without its extension.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(".md").or_else(|| name.strip_suffix(".markdown")).unwrap_or(name)
}

/// The name of a page's file, or of its folder: what record a page is of that does not say so.
pub(super) fn name(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match stem(file) {
        "index" | "_index" => last_part(folder),
        name => name,
    }
}

/// Language tags, each held once.
struct Languages(Vec<Arc<str>>);

impl Languages {
    fn new(main: &str) -> Self {
        Self(vec![main.into()])
    }

    fn tag(&mut self, lang: Option<&str>) -> Arc<str> {
        let known = lang.map_or(Some(0), |lang| self.0.iter().position(|tag| **tag == *lang));
        let at = known.unwrap_or_else(|| {
            self.0.push(lang.unwrap_or_default().into());
            self.0.len() - 1
        });
        Arc::clone(&self.0[at])
    }
}
