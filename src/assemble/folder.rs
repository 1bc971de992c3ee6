//! The folders of `content/`: what they pass on to what lies in them.
//!
//! In: the documents. Out: a [`Tree`] that knows for each folder the site path its contents lie
//! below, the `[defaults]` they inherit and whether all of it is unpublished. Makes no page.

use std::collections::HashMap;
use std::sync::Arc;

use super::kind::Kind;
use super::page::{self, Front};
use super::state::{Calendar, Shown, State};
use super::url;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::{Document, FrontMatter};

/// Index into [`Tree::folders`].
pub(super) type FolderId = usize;

/// The folders that hold Markdown files, at any depth below.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// Sorted by path, so that a folder comes after the one it lies in; the first is `content/`.
    pub(super) folders: Vec<Folder<'a>>,
    ids: HashMap<&'a str, FolderId>,
}

/// One folder.
#[derive(Debug)]
pub(super) struct Folder<'a> {
    /// Relative to `content/`, without slashes at its ends; empty for `content/` itself.
    pub(super) path: &'a str,
    /// The folder it lies in.
    pub(super) parent: Option<FolderId>,
    /// Its `_index.md`.
    pub(super) index: Option<&'a Arc<Document>>,
    /// Its `index.md`, when the folder is a page with its own files.
    pub(super) leaf: Option<&'a Arc<Document>>,
    /// Site path of its own page.
    pub(super) url: String,
    /// Site path its contents lie below; ends with `/`.
    pub(super) base: String,
    /// What pages in it inherit.
    pub(super) defaults: Option<Arc<FrontMatter>>,
    /// Why all of it is unpublished, or left out.
    pub(super) shown: Shown,
}

/// A document's place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `_index.md`
    Index,
    /// `index.md`
    Leaf,
    /// `content/404.md`
    NotFound,
    /// The `_index.md` at the address of a taxonomy's list, whose text it supplies.
    Taxonomy,
    /// No file: a result of a quiz, which no list holds.
    Result,
    /// Any other file.
    Page,
}

impl<'a> Tree<'a> {
    /// Finds the folders of all documents.
    pub(super) fn new(
        documents: &'a [Arc<Document>],
        config: &Config,
        calendar: Calendar,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut paths = vec![""];
        let mut last = "";
        for document in documents {
            let (folder, _) = split(&document.path);
            if folder != last {
                paths.extend(with_ancestors(folder));
                last = folder;
            }
        }
        paths.sort_unstable();
        paths.dedup();
        let ids: HashMap<&str, FolderId> = paths.iter().enumerate().map(|(id, path)| (*path, id)).collect();
        let mut folders: Vec<_> = paths
            .iter()
            .map(|path| Folder {
                path,
                parent: parent(path).map(|parent| ids[parent]),
                index: None,
                leaf: None,
                url: String::new(),
                base: String::new(),
                defaults: None,
                shown: Shown::As(State::Published),
            })
            .collect();
        for document in documents {
            let (folder, name) = split(&document.path);
            match role(folder, name) {
                Role::Index => folders[ids[folder]].index = Some(document),
                Role::Leaf => folders[ids[folder]].leaf = Some(document),
                Role::NotFound | Role::Taxonomy | Role::Result | Role::Page => {}
            }
        }
        // A writer who calls the home page `index.md` means the home page.
        if folders[0].index.is_none() {
            folders[0].index = folders[0].leaf.take();
        }
        for id in 0..folders.len() {
            let (before, rest) = folders.split_at_mut(id);
            let folder = &mut rest[0];
            folder.inherit(folder.parent.map(|parent| &before[parent]), config, calendar, found);
        }
        Self { folders, ids }
    }

    /// The folder a file lies in, and the file's role there. `path` is that of a document the tree
    /// was made of.
    pub(super) fn place(&self, path: &'a str) -> (FolderId, Role) {
        let (folder, name) = split(path);
        let id = self.ids.get(folder).copied().unwrap_or(0);
        match role(folder, name) {
            Role::Leaf if self.folders[id].leaf.is_none() => (id, Role::Index),
            role => (id, role),
        }
    }

    /// The nearest folder that holds Markdown files, and the rest of the path below it.
    pub(super) fn nearest<'p>(&self, path: &'p str) -> (&Folder<'a>, &'p str) {
        let path = path.strip_prefix("content/").unwrap_or(path);
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            if let Some(id) = self.ids.get(folder) {
                let rest = path.get(folder.len()..).unwrap_or_default();
                return (&self.folders[*id], rest.strip_prefix('/').unwrap_or(rest));
            }
            folder = parent(folder).unwrap_or_default();
        }
    }
}

impl<'a> Folder<'a> {
    /// Works out what the folder has of its own and from the one it lies in.
    fn inherit(
        &mut self,
        parent: Option<&Folder<'a>>,
        config: &Config,
        calendar: Calendar,
        found: &mut Vec<Diagnostic>,
    ) {
        let inherited = parent.and_then(|parent| parent.defaults.as_ref());
        if let Some(parent) = parent {
            self.shown = parent.shown;
            self.url = self.address(parent, config, found);
        } else {
            "/".clone_into(&mut self.url);
            self.refuse_home_address(found);
        }
        // The home page's own dates do not hide the site; those of another section hide all of it.
        if let (Some(index), Some(_)) = (self.index, parent) {
            let front = Front::of_section(index, inherited);
            self.shown = self.shown.and(calendar.shown(&front));
        }
        self.base = url::below(&self.url).into_owned();
        let own = self.index.and_then(|index| Some((&index.path, index.front.section.defaults.as_deref()?)));
        self.defaults = match own {
            None => inherited.cloned(),
            Some((file, own)) => {
                self.check_type(own, found);
                let mut defaults = own.clone();
                defaults.origins = own.keys.keys().map(|key| (key.clone(), Arc::clone(file))).collect();
                if let Some(inherited) = inherited {
                    defaults.inherit(inherited);
                }
                Some(Arc::new(defaults))
            }
        };
    }

    fn address(&self, parent: &Folder<'a>, config: &Config, found: &mut Vec<Diagnostic>) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let (base, defaults) = (&parent.base, parent.defaults.as_ref());
        match (self.index, self.leaf) {
            (Some(index), _) => {
                let front = Front::of_section(index, defaults);
                return page::address(&index.path, &front, base, name, config, found);
            }
            (None, Some(leaf)) => {
                let front = Front::of_page(leaf, defaults, None, self.kind());
                return page::address(&leaf.path, &front, base, url::dated(name).1, config, found);
            }
            (None, None) => {}
        }
        let segment = url::segment(name, config.markdown.slugs);
        if let Some(trouble) = segment.trouble {
            found.push(
                Diagnostic::new(Code::FileName, self.source(), None, format!("the folder's name {trouble}"))
                    .help(page::name_help(&segment.text)),
            );
        }
        format!("{base}{}/", segment.text)
    }

    fn check_type(&self, defaults: &FrontMatter, found: &mut Vec<Diagnostic>) {
        if let (Some(index), Some(written)) = (self.index, &defaults.kind)
            && let Err(unfit) = Kind::read(Some(written), Role::Page, Kind::Page)
        {
            found.push(unfit.report(written, &index.path));
        }
    }

    fn refuse_home_address(&self, found: &mut Vec<Diagnostic>) {
        let Some(index) = self.index else { return };
        for key in index.front.slug.iter().chain(&index.front.path) {
            found.push(
                Diagnostic::new(
                    Code::FrontMatter,
                    index.path.clone(),
                    key.span,
                    format!("the home page cannot move to `{}`", key.value),
                )
                .help("take the key away; the home page is always at `/`"),
            );
        }
    }

    /// What pages in it are unless they say otherwise.
    pub(super) fn kind(&self) -> Kind {
        Kind::of_folder(self.path.split('/').next().unwrap_or_default())
    }

    /// Its path from the root: `content/guides`.
    pub(super) fn source(&self) -> String {
        if self.path.is_empty() { "content".to_owned() } else { format!("content/{}", self.path) }
    }
}

/// Splits a document's path into its folder below `content/` and its name.
fn split(path: &str) -> (&str, &str) {
    let path = path.strip_prefix("content/").unwrap_or(path);
    path.rsplit_once('/').unwrap_or(("", path))
}

fn role(folder: &str, name: &str) -> Role {
    match page::stem(name) {
        "_index" => Role::Index,
        "index" => Role::Leaf,
        "404" if folder.is_empty() => Role::NotFound,
        _ => Role::Page,
    }
}

fn parent(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent))
}

fn with_ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| parent(folder))
}
