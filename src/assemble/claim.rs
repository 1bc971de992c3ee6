//! Everything that is written: who claims which output path.
//!
//! In: pages, sections, taxonomies and assets. Out: the route table, the address of every asset, and
//! the list of what sitemaps hold. Decides no contents.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::card::{self, Card};
use super::folder::{Role, Tree};
use super::made::Made;
use super::page::Entry;
use super::picture::{self, Pictures};
use super::route::{Cause, Claim, FeedKind, FeedOf, Icon, Owner, Routes, settle};
use super::section::Sections;
use super::state::{Shown, State};
use super::{CODE_STYLES, Listed, MAIN_STYLES, OWN_STYLES, PageId, Styles, TaxonomyIndex, url};
use crate::config::{Config, Host};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::fingerprint::Fingerprint;
use crate::memory::each;
use crate::scan::{Asset, Origin};

/// URLs in one sitemap file, at most (<https://www.sitemaps.org/protocol.html>).
pub const SITEMAP_LIMIT: usize = 50_000;
/// Kinds of theme files that have their hash in their name. The others are asked for by their very
/// name: fonts and images by `url()` in a stylesheet, `favicon.ico` by browsers.
const FINGERPRINTED: [&str; 2] = ["css", "js"];
/// The folder of the search index, whose files are known only when everything is rendered.
pub const SEARCH_INDEX: &str = "pagefind/";
/// The template of the page to search from; a page that asks for it is that page.
pub const SEARCH_TEMPLATE: &str = "search.html";
/// Digits of its hash in the name of a theme's file.
const DIGITS: usize = 8;

/// What claims are made of.
pub(super) struct Claimants<'s, 'a> {
    pub(super) entries: &'s [Entry<'a>],
    pub(super) hidden: &'s HashMap<&'a str, State>,
    pub(super) tree: &'s Tree<'a>,
    pub(super) sections: &'s Sections,
    pub(super) taxonomies: &'s [TaxonomyIndex],
    pub(super) config: &'s Config,
    pub(super) assets: &'s [Asset],
    pub(super) styles: Option<(Styles, Fingerprint)>,
    pub(super) pictures: &'s Pictures,
    pub(super) cards: &'s BTreeMap<PageId, Card>,
}

/// What came of the claims.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) routes: Routes,
    /// For each asset its URL; `None` when it is left out.
    pub(super) files: Vec<Option<String>>,
    /// URLs of the theme's files by their names.
    pub(super) theme_files: BTreeMap<String, String>,
    /// By URL.
    pub(super) sitemap: Vec<Listed>,
    /// The page to search from.
    pub(super) search: Option<String>,
}

impl Claimants<'_, '_> {
    /// Gathers all claims and settles them.
    pub(super) fn settle(&self, found: &mut Vec<Diagnostic>) -> Settled {
        let (files, mut theme_files) = self.files();
        let sitemap = self.sitemap();
        let mut claims = Vec::with_capacity(self.entries.len() + self.assets.len() + 64);
        self.pages(&mut claims);
        self.twins(&mut claims);
        self.lists(&mut claims);
        self.feeds(&mut claims);
        self.aliases(&mut claims, found);
        for (asset, file) in files.iter().enumerate() {
            if let Some(url) = file {
                found.extend(self.assets.get(asset).and_then(unstorable));
                let cause = picture::cause(&self.assets[asset], asset, self.config);
                claims.push(Claim::new(url.clone(), cause));
            }
        }
        claims.extend(picture::claims(self.pictures, &files));
        claims.extend(card::claims(self.cards));
        self.icons(&mut theme_files, &mut claims);
        self.generated(&files, sitemap.len(), &mut claims);
        if let Some((of, fingerprint)) = self.styles {
            let main = if of == Styles::Site { MAIN_STYLES } else { CODE_STYLES };
            let url = fingerprinted(format!("/{main}"), fingerprint);
            // Themes that link to both find all in one.
            for name in [main, CODE_STYLES] {
                theme_files.insert(name.to_owned(), url.clone());
            }
            claims.push(Claim::new(url, Cause::Styles));
        }
        let search = self.search(&mut claims, found);
        let routes = settle(claims, |cause| self.owner(cause), found);
        Settled { routes, files, theme_files, sitemap, search }
    }

    /// The address of the page to search from: one that asks for its template, else one of ours.
    /// Nothing else may be published where the index will lie.
    fn search(&self, claims: &mut Vec<Claim>, found: &mut Vec<Diagnostic>) -> Option<String> {
        if !self.config.search.enabled {
            return None;
        }
        let is_search = |entry: &&Entry<'_>| {
            entry.front.template.as_ref().is_some_and(|template| template.value == SEARCH_TEMPLATE)
        };
        let url = if let Some(entry) = self.entries.iter().find(is_search) {
            entry.url.clone()
        } else {
            let url = "/search/".to_owned();
            claims.push(Claim::new(url.clone(), Cause::Search));
            url
        };
        let inside = claims.iter().filter(|claim| url::folded(&claim.output).starts_with(SEARCH_INDEX));
        found.extend(inside.map(|claim| {
            let Owner { name, path } = self.owner(&claim.route.cause);
            let message =
                format!("{name} is published at `{}`, where the search index lies", claim.route.url);
            Diagnostic::new(
                Code::RouteCollision,
                path.unwrap_or_else(|| "site.toml".into()),
                claim.span,
                message,
            )
            .help("give it another name, `slug` or `path`")
        }));
        Some(url)
    }

    fn pages(&self, claims: &mut Vec<Claim>) {
        let claim = |(): &mut (), page: PageId, entry: &Entry<'_>| {
            let taxonomy = self.taxonomies.iter().position(|taxonomy| taxonomy.page == Some(page));
            let cause = match taxonomy {
                Some(taxonomy) => Cause::Taxonomy(taxonomy),
                None if entry.role == Role::NotFound => Cause::NotFound,
                None => Cause::Page(page),
            };
            Claim::new(entry.url.clone(), cause)
        };
        claims.extend(each(self.entries, || (), claim));
    }

    /// What published pages that are no lists say, as Markdown.
    fn twins(&self, claims: &mut Vec<Claim>) {
        if !self.config.publish.markdown {
            return;
        }
        for (page, entry) in self.entries.iter().enumerate() {
            let is_text = matches!(entry.role, Role::Leaf | Role::Page);
            if is_text && entry.state == State::Published && !entry.front.noindex {
                claims.push(Claim::new(url::twin(&entry.url), Cause::Markdown(page)));
            }
        }
    }

    fn lists(&self, claims: &mut Vec<Claim>) {
        for (id, section) in self.sections.all.iter().enumerate() {
            let url = &self.entries[section.page].url;
            for number in 2..=list_pages(section.pages.len(), section.paginate_by) {
                claims.push(Claim::new(
                    url::list_page(url, number),
                    Cause::SectionPage { section: id, number },
                ));
            }
        }
        for (id, taxonomy) in self.used_taxonomies() {
            if taxonomy.page.is_none() {
                claims.push(Claim::new(taxonomy.url.clone(), Cause::Taxonomy(id)));
            }
            let paginate_by = self.config.taxonomies[id].paginate_by;
            for (at, term) in taxonomy.terms.iter().enumerate() {
                for number in 1..=list_pages(term.pages.len(), paginate_by) {
                    let cause = Cause::Term { taxonomy: id, term: at, number };
                    claims.push(Claim::new(url::list_page(&term.url, number), cause));
                }
            }
        }
    }

    fn feeds(&self, claims: &mut Vec<Claim>) {
        let feeds = &self.config.feeds;
        let mut claim = |base: &str, of: FeedOf| {
            // A section or term that asks for a feed gets one, even on a site that has none.
            let site = matches!(of, FeedOf::Site);
            if feeds.atom || (!site && !feeds.json) {
                claims.push(Claim::new(format!("{base}atom.xml"), Cause::Feed(FeedKind::Atom, of)));
            }
            if feeds.json {
                claims.push(Claim::new(format!("{base}feed.json"), Cause::Feed(FeedKind::Json, of)));
            }
        };
        claim("/", FeedOf::Site);
        for (id, section) in self.sections.all.iter().enumerate().skip(1).filter(|(_, section)| section.feed)
        {
            claim(&url::below(&self.entries[section.page].url), FeedOf::Section(id));
        }
        for (id, taxonomy) in self.used_taxonomies().filter(|(id, _)| self.config.taxonomies[*id].feed) {
            for (at, term) in taxonomy.terms.iter().enumerate() {
                claim(&term.url, FeedOf::Term(id, at));
            }
        }
    }

    fn aliases(&self, claims: &mut Vec<Claim>, found: &mut Vec<Diagnostic>) {
        for (page, entry) in self.entries.iter().enumerate() {
            // An inherited alias would be that of every page below.
            for alias in &entry.document.front.aliases {
                match url::parse_path(&alias.value) {
                    Ok(path) => claims.push(Claim {
                        span: Some(alias.span),
                        ..Claim::new(url::encode(&path).into_owned(), Cause::Alias(page))
                    }),
                    Err(refusal) => found.push(
                        Diagnostic::new(
                            Code::FrontMatter,
                            entry.document.path.clone(),
                            alias.span,
                            format!("the alias `{}` {}", diagnostic::visible(&alias.value), refusal.reason),
                        )
                        .help(refusal.help),
                    ),
                }
            }
        }
    }

    /// Files that exist unless the site brings its own.
    fn generated(&self, files: &[Option<String>], listed: usize, claims: &mut Vec<Claim>) {
        const NAMES: [&str; 6] =
            ["/404.html", "/robots.txt", "/sitemap.xml", "/_headers", "/_redirects", "/llms.txt"];
        let brought: HashSet<&str> =
            files.iter().flatten().map(String::as_str).filter(|url| NAMES.contains(url)).collect();
        if !brought.contains("/404.html") && !self.entries.iter().any(|entry| entry.role == Role::NotFound) {
            claims.push(Claim::new("/404.html".to_owned(), Cause::NotFound));
        }
        let publish = &self.config.publish;
        let for_hosts = publish.host != Host::Any;
        for (url, cause, wanted) in [
            ("/_headers", Cause::Headers, for_hosts),
            ("/_redirects", Cause::Redirects, for_hosts),
            ("/llms.txt", Cause::Llms, publish.llms),
        ] {
            if wanted && !brought.contains(url) {
                claims.push(Claim::new(url.to_owned(), cause));
            }
        }
        if !brought.contains("/robots.txt") {
            claims.push(Claim::new("/robots.txt".to_owned(), Cause::Robots));
        }
        if !brought.contains("/sitemap.xml") {
            claims.push(Claim::new("/sitemap.xml".to_owned(), Cause::Sitemap(0)));
            if listed > SITEMAP_LIMIT {
                for part in 1..=listed.div_ceil(SITEMAP_LIMIT) {
                    claims.push(Claim::new(format!("/sitemap-{part}.xml"), Cause::Sitemap(part)));
                }
            }
        }
    }

    /// Icons made from the site's own `favicon.svg`, unless it brings them; templates find both by name.
    fn icons(&self, theme_files: &mut BTreeMap<String, String>, claims: &mut Vec<Claim>) {
        let own = |name: &str| {
            self.assets.iter().position(|asset| asset.origin == Origin::Static && asset.name == name)
        };
        let Some(drawing) = own("favicon.svg") else { return };
        theme_files.entry("favicon.svg".to_owned()).or_insert_with(|| "/favicon.svg".to_owned());
        for (icon, name) in Icon::ALL {
            let url = format!("/{name}");
            if own(name).is_none() {
                claims.push(Claim::new(url.clone(), Cause::Icon(drawing, icon)));
            }
            theme_files.insert(name.to_owned(), url);
        }
    }

    /// The address of every asset, and those of the theme's files by name. A file in the site's
    /// `static/` stands for the theme's file of the same name.
    fn files(&self) -> (Vec<Option<String>>, BTreeMap<String, String>) {
        let own: HashSet<&str> = self
            .assets
            .iter()
            .filter(|asset| asset.origin == Origin::Static)
            .map(|asset| asset.name.as_str())
            .collect();
        let mut theme_files = BTreeMap::new();
        let mut files = Vec::with_capacity(self.assets.len());
        for asset in self.assets {
            let plain = || format!("/{}", url::encode(&url::nfc(&asset.name)));
            let bundled = matches!(self.styles, Some((Styles::Site, _)))
                && [MAIN_STYLES, OWN_STYLES].contains(&asset.name.as_str());
            files.push(match asset.origin {
                Origin::Static | Origin::Theme if bundled => None,
                Origin::Static => Some(plain()),
                Origin::Content => self.beside_page(asset),
                Origin::Theme if own.contains(asset.name.as_str()) => {
                    theme_files.insert(asset.name.clone(), plain());
                    None
                }
                Origin::Theme => {
                    let url = fingerprinted(plain(), asset.fingerprint);
                    theme_files.insert(asset.name.clone(), url.clone());
                    Some(url)
                }
            });
        }
        (files, theme_files)
    }

    /// The address of a file below `content/`, unless the page or section it belongs to is left out.
    fn beside_page(&self, asset: &Asset) -> Option<String> {
        let (folder, rest) = self.tree.nearest(&asset.path);
        let mut up = Some(folder);
        while let Some(outer) = up {
            let hidden = outer.leaf.is_some_and(|leaf| self.hidden.contains_key(&*leaf.path));
            if hidden || matches!(outer.shown, Shown::Not(_)) {
                return None;
            }
            up = outer.parent.map(|parent| &self.tree.folders[parent]);
        }
        Some(url::encode(&format!("{}{}", folder.base, url::nfc(rest))).into_owned())
    }

    /// Published pages that search engines may list, and the lists of terms.
    fn sitemap(&self) -> Vec<Listed> {
        let shown = |entry: &Entry<'_>| {
            entry.state == State::Published
                && !entry.front.noindex
                && entry.front.sitemap != Some(false)
                && entry.front.canonical_url.is_none()
        };
        let is_own = |entry: &Entry<'_>| !matches!(entry.role, Role::NotFound | Role::Taxonomy);
        let pages = self.entries.iter().enumerate().filter(|(_, entry)| is_own(entry) && shown(entry));
        let pages = pages.map(|(page, entry)| (entry.url.as_str(), Listed::Page(page)));
        let lists = self.used_taxonomies().flat_map(|(id, taxonomy)| {
            let terms = taxonomy.terms.iter().enumerate();
            let list = taxonomy.page.is_none_or(|page| shown(&self.entries[page]));
            list.then_some((taxonomy.url.as_str(), Listed::Taxonomy(id)))
                .into_iter()
                .chain(terms.map(move |(at, term)| (term.url.as_str(), Listed::Term(id, at))))
        });
        let mut listed: Vec<_> = pages.chain(lists).collect();
        // Mostly in order already, which a stable sort makes use of.
        listed.sort();
        listed.into_iter().map(|(_, listed)| listed).collect()
    }

    fn used_taxonomies(&self) -> impl Iterator<Item = (usize, &TaxonomyIndex)> {
        self.taxonomies.iter().enumerate().filter(|(_, taxonomy)| !taxonomy.terms.is_empty())
    }

    fn owner(&self, cause: &Cause) -> Owner {
        let nobody = |name: String| Owner { name, path: None };
        let taxonomy = |id: usize| &self.config.taxonomies[id].name;
        let by = |name: String, page: PageId| {
            let path =
                self.entries[page].made.is_none().then(|| Arc::clone(&self.entries[page].document.path));
            Owner { name, path }
        };
        match *cause {
            Cause::Page(page) => by(self.page_name(page), page),
            Cause::Alias(page) => by(format!("an alias of {}", self.page_name(page)), page),
            Cause::SectionPage { section, number } => {
                let page = self.sections.all[section].page;
                by(format!("list page {number} of {}", self.page_name(page)), page)
            }
            Cause::Taxonomy(id) => match self.taxonomies[id].page {
                Some(page) => by(self.page_name(page), page),
                None => nobody(format!("the list of all `{}`", taxonomy(id))),
            },
            Cause::Term { taxonomy: id, term, .. } | Cause::Feed(_, FeedOf::Term(id, term)) => {
                let term = &self.taxonomies[id].terms[term];
                let path = term.pages.first().map(|page| Arc::clone(&self.entries[*page].document.path));
                Owner { name: format!("the term `{}` of `{}`", term.name, taxonomy(id)), path }
            }
            Cause::Feed(_, FeedOf::Site) => nobody("the site's feed".to_owned()),
            Cause::Feed(_, FeedOf::Section(section)) => {
                let page = self.sections.all[section].page;
                by(format!("the feed of {}", self.page_name(page)), page)
            }
            Cause::Sitemap(_) => nobody("the sitemap".to_owned()),
            Cause::Robots => nobody("the generated `robots.txt`".to_owned()),
            Cause::NotFound => match self.entries.iter().position(|entry| entry.role == Role::NotFound) {
                Some(page) => by(self.page_name(page), page),
                None => nobody("the not-found page".to_owned()),
            },
            Cause::Search => {
                nobody(format!("the search page, unless a page has `template = \"{SEARCH_TEMPLATE}\"`,"))
            }
            Cause::Asset(asset) | Cause::Image(asset) | Cause::Drawing(asset) => {
                let path = &self.assets[asset].path;
                Owner { name: format!("the file `{path}`"), path: Some(Arc::clone(path)) }
            }
            Cause::Styles => nobody("the theme's stylesheet".to_owned()),
            Cause::Variant { asset, .. } => {
                let path = &self.assets[asset].path;
                Owner { name: format!("a smaller copy of `{path}`"), path: Some(Arc::clone(path)) }
            }
            Cause::Card(page) => by(format!("the card of {}", self.page_name(page)), page),
            Cause::Icon(asset, _) => {
                let path = &self.assets[asset].path;
                Owner { name: format!("an icon made from `{path}`"), path: Some(Arc::clone(path)) }
            }
            Cause::Headers => nobody("the generated `_headers`".to_owned()),
            Cause::Redirects => nobody("the generated `_redirects`".to_owned()),
            Cause::Llms => nobody("the generated `llms.txt`".to_owned()),
            Cause::Markdown(page) => by(format!("the Markdown twin of {}", self.page_name(page)), page),
        }
    }

    fn page_name(&self, page: PageId) -> String {
        let entry = &self.entries[page];
        entry.made.as_ref().map_or_else(|| format!("`{}`", entry.document.path), Made::name)
    }
}

/// How many list pages so many entries take; an empty list takes one.
#[must_use]
pub fn list_pages(entries: usize, paginate_by: usize) -> usize {
    if paginate_by == 0 { 1 } else { entries.div_ceil(paginate_by).max(1) }
}

/// `/css/main.css` with its hash: `/css/main.1a2b3c4d.css`. Other kinds of files stay.
fn fingerprinted(url: String, fingerprint: Fingerprint) -> String {
    match url.rsplit_once('.') {
        Some((name, kind)) if FINGERPRINTED.contains(&kind) => {
            format!("{name}.{}.{kind}", fingerprint.short(DIGITS))
        }
        _ => url,
    }
}

/// Files keep their names, so one that not every system can store is only warned of.
fn unstorable(asset: &Asset) -> Option<Diagnostic> {
    let trouble = url::unstorable(&asset.name)?;
    let message = format!("the name `{}` {trouble}", diagnostic::visible(&asset.name));
    Some(
        Diagnostic::new(Code::FileName, asset.path.clone(), None, message)
            .help("rename it; letters, digits, `-`, `_` and `.` are safe everywhere"),
    )
}
