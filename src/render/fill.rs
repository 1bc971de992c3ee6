//! The holes of a body, filled.
//!
//! In: a page with what each of its holes means, and the theme's components. Out: HTML, and
//! problems in components. A block's body is filled before the block itself, so components nest.
//! What it reads beside the body is what [`fingerprint`] covers; it looks at no other page.

mod contents;
mod furniture;
mod mention;
mod picture;

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

pub use contents::toc_entries;

use super::Context;
use super::language::Language;
use crate::assemble::contents::{Contents, ContentsList};
use crate::assemble::promo::Place as PromoPlace;
use crate::assemble::shown::{Directive, Shown, Source as SourceView, Sources};
use crate::assemble::{Page, Resolved};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::parse::{Heading, HoleKind};
use furniture::{Place, Plan};

/// What surrounds the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Furniture {
    /// Introduction, sections, contents list, anchors, back-to-top links and promos.
    Article,
    /// Nothing: for feeds.
    Plain,
    /// Nothing, but what the page shows besides its text is there: for its Markdown twin.
    Whole,
    /// The same without its sources: for the search index.
    Index,
}

/// How links to the site itself are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStyle {
    /// `/guides/nurse/`, for pages of the site.
    Path,
    /// `https://example.com/guides/nurse/`, for readers elsewhere.
    Absolute,
}

/// A text with nothing left to fill.
#[derive(Debug, Default)]
pub struct Filled {
    /// The HTML.
    pub html: String,
    /// What the page shows besides its text, by component (`quick_facts`); then under `end` what
    /// otherwise comes after the text: its sources and the last promo.
    pub blocks: BTreeMap<String, String>,
    /// Problems in components, at their templates.
    pub diagnostics: Vec<Diagnostic>,
}

/// A page's text with every hole filled.
#[must_use]
pub fn fill(context: &Context<'_>, page: &Page, furniture: Furniture, links: LinkStyle) -> Filled {
    let body = &page.document.body;
    let text = body.html();
    let mut filler = Filler {
        html: String::with_capacity(text.len() + text.len() / 4 + 512),
        page,
        context,
        links,
        language: context.language(&page.lang),
        plan: (furniture == Furniture::Article).then(|| Plan::of(page, context.config)),
        place: Place::Intro { start: 0 },
        names: BTreeMap::new(),
        open: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut from = 0;
    for (index, hole) in body.holes.iter().enumerate() {
        let at = hole.at as usize;
        filler.html.push_str(text.get(from..at).unwrap_or_default());
        filler.hole(index, hole.kind);
        from = from.max(at);
    }
    filler.html.push_str(text.get(from..).unwrap_or_default());
    filler.finish();
    let mut html = std::mem::take(&mut filler.html);
    let mut blocks = if furniture == Furniture::Plain { BTreeMap::new() } else { filler.blocks() };
    let around = blocks.values().map(String::as_str).collect::<String>();
    html = filler.fill_sources(html, &around);
    if furniture != Furniture::Index {
        filler.end_of_article(&[&html, &around]);
    }
    if blocks.is_empty() {
        html.push_str(&filler.html);
    } else if !filler.html.is_empty() {
        blocks.insert("end".to_owned(), filler.html);
    }
    Filled { html, blocks, diagnostics: filler.diagnostics }
}

/// Fingerprint of all that [`fill`] reads. Spans are no part of it. Nobody asks for it in a build that leaves
/// nothing to another.
#[must_use]
pub fn fingerprint(context: &Context<'_>, page: &Page, furniture: Furniture) -> Fingerprint {
    if !context.remembers {
        return Fingerprint::of_bytes(b"");
    }
    let document = &page.document;
    let config = context.config;
    let text = (
        (document.body.fingerprint(), &page.resolved, &config.base_url, &page.url, &*page.lang),
        context.site.earners(config),
        &page.career,
        components(context, page, furniture),
        context.language(&page.lang).fingerprint(),
    );
    if furniture != Furniture::Article {
        return Fingerprint::of(&text);
    }
    let headings: Vec<_> = document
        .headings
        .iter()
        .map(|heading| {
            let Heading { level, id, html: _, text, toc_label, no_top, top_level, old: _, span: _ } = heading;
            (level, id, heading.html(), text, toc_label, no_top, top_level)
        })
        .collect();
    let front = &page.front;
    let settings = (&config.toc, &config.back_to_top, &front.toc, &front.back_to_top);
    let list = ContentsList::of(&page.document.body, &page.document, front, &context.config.toc);
    Fingerprint::of(&(text, headings, settings, list, &page.promos))
}

/// Each component that the page uses, with the fingerprint of its template and all that uses.
fn components<'p>(
    context: &Context<'_>,
    page: &'p Page,
    furniture: Furniture,
) -> Vec<(&'p str, Fingerprint)> {
    let placed = page.career.directives.iter().chain(&page.career.blocks);
    let written = placed.filter_map(|directive| directive.shown.component());
    let promo = (furniture == Furniture::Article && !page.promos.is_empty()).then_some("promo");
    let sources = (!page.career.sources.is_empty()).then_some("sources");
    let used: BTreeSet<&str> = written.chain(promo).chain(sources).collect();
    used.into_iter().map(|name| (name, context.theme.component_fingerprint(name))).collect()
}

struct Filler<'a> {
    html: String,
    page: &'a Page,
    context: &'a Context<'a>,
    links: LinkStyle,
    language: &'a Language,
    /// `None` without furniture.
    plan: Option<Plan<'a>>,
    place: Place,
    /// Accessible names of the back-to-top links so far, each with the number to try next for repeats.
    names: BTreeMap<String, usize>,
    /// The blocks that are open: which directive, and where its body began in the output.
    open: Vec<(u32, usize)>,
    diagnostics: Vec<Diagnostic>,
}

impl Filler<'_> {
    fn hole(&mut self, index: usize, kind: HoleKind) {
        match kind {
            HoleKind::Reference(index) => self.reference(index as usize),
            HoleKind::Relation(index) => self.relation(index as usize),
            HoleKind::Picture(index) => self.picture(index as usize, picture::Part::Start),
            HoleKind::PictureAttributes(index) => self.picture(index as usize, picture::Part::Attributes),
            HoleKind::PictureEnd(index) => self.picture(index as usize, picture::Part::End),
            HoleKind::Toc => self.contents(Contents::AtMarker),
            HoleKind::Section(section) => {
                self.section(section as usize, index);
            }
            HoleKind::Anchor(index) => self.anchor(index as usize),
            HoleKind::End => self.end(),
            HoleKind::Call(call) => self.call(call, None),
            HoleKind::Open(call) => self.open.push((call, self.html.len())),
            HoleKind::Close(call) => self.close_block(call),
            HoleKind::Value(index) => {
                if let Some(html) = self.page.career.values.get(index as usize) {
                    self.html.push_str(html);
                }
            }
            HoleKind::Role(index) | HoleKind::Citation(index) => self.mention(index as usize),
            HoleKind::AbbreviationOpen(index) => self.abbreviation(index as usize, mention::End::Open),
            HoleKind::AbbreviationClose(index) => self.abbreviation(index as usize, mention::End::Close),
            HoleKind::Block { .. } => self.promos(PromoPlace::Hole(index)),
            HoleKind::BackReference { note, mention } => self.back_reference(note, mention),
            HoleKind::More => {}
        }
    }

    /// Ends what is still open.
    fn finish(&mut self) {
        while let Some((call, _)) = self.open.last().copied() {
            self.close_block(call);
        }
        self.end();
    }

    /// What a page of this type shows besides its text.
    fn blocks(&mut self) -> BTreeMap<String, String> {
        let page = self.page;
        let mut blocks = BTreeMap::new();
        for directive in &page.career.blocks {
            self.component(directive, None);
            let html = std::mem::take(&mut self.html);
            if let Some(name) = directive.shown.component().filter(|_| !html.is_empty()) {
                blocks.insert(name.replace('-', "_"), html);
            }
        }
        blocks
    }

    /// Writes the lists of sources that the writer placed, each at its mark in the text. They lead
    /// back to those uses that the text and what is `around` it show.
    fn fill_sources(&mut self, mut html: String, around: &str) -> String {
        for (call, directive) in (0..).zip(&self.page.career.directives) {
            let Shown::Sources(list) = &directive.shown else { continue };
            let mark = sources_mark(call);
            let Some((before, after)) = html.split_once(&mark) else { continue };
            let sources = with_shown_uses(&list.sources, &[before, after, around]);
            let shown = Shown::Sources(Box::new(Sources { sources }));
            self.component(&Directive { shown, ..directive.clone() }, None);
            html = [before, &std::mem::take(&mut self.html), after].concat();
        }
        html
    }

    /// The sources that the page uses, unless the writer placed them, then the last promo. A source
    /// leads back to those uses that `above` shows: what is shown twice in one table is marked once.
    fn end_of_article(&mut self, above: &[&str]) {
        let career = &self.page.career;
        let placed = career.directives.iter().any(|one| matches!(one.shown, Shown::Sources(_)));
        if !career.sources.is_empty() && !placed {
            let sources = with_shown_uses(&career.sources, above);
            let (id, shown) = ("sources".to_owned(), Shown::Sources(Box::new(Sources { sources })));
            self.component(&Directive { id, shown, classes: Vec::new(), label: None }, None);
        }
        self.promos(PromoPlace::End);
    }

    fn reference(&mut self, index: usize) {
        let Some(resolved) = self.page.resolved.get(index) else { return };
        let base = &self.context.config.base_url;
        let url = match resolved {
            Resolved::Internal(url) => self.url(url),
            Resolved::Image(image) => match self.links {
                LinkStyle::Path => image.url.clone(),
                LinkStyle::Absolute => [&*base.origin, &image.url].concat(),
            },
            Resolved::Fragment(fragment) => {
                let page = match self.links {
                    LinkStyle::Path => String::new(),
                    LinkStyle::Absolute => base.absolute(&self.page.url),
                };
                page + fragment
            }
            Resolved::Broken(written) => written.clone(),
            Resolved::Outside => return,
        };
        // Writing to a string cannot fail.
        let _ = escape_href(&mut self.html, &url);
    }

    /// Says of a link that it leaves the site, and whether somebody earns by that.
    fn relation(&mut self, index: usize) {
        if self.page.resolved.get(index) == Some(&Resolved::Outside) {
            let target = self.page.document.references.get(index).map_or("", |reference| &reference.target);
            let earns = self.context.site.earners(self.context.config).earns(target);
            self.html.push_str(if earns { " rel=\"external sponsored\"" } else { " rel=\"external\"" });
        }
    }

    /// A site path as readers of this output need it.
    fn url(&self, url: &str) -> String {
        let base = &self.context.config.base_url;
        match self.links {
            LinkStyle::Path => base.path(url),
            LinkStyle::Absolute => base.absolute(url),
        }
    }

    /// The output of a directive. `body` is the filled text of a block.
    fn call(&mut self, call: u32, body: Option<&str>) {
        let page = self.page;
        let Some(directive) = page.career.directives.get(call as usize) else { return };
        // A promo is not content: readers elsewhere never see one.
        let hidden = matches!(directive.shown, Shown::Promo(_)) && self.plan.is_none();
        if directive.shown.shows_body() && !hidden {
            match &directive.shown {
                // Leads back to uses below it too, so it is written when all else is.
                Shown::Sources(_) => self.html.push_str(&sources_mark(call)),
                _ => self.component(directive, body),
            }
        }
    }

    /// Ends a block. One that was left open inside it ends with it.
    fn close_block(&mut self, call: u32) {
        let Some(depth) = self.open.iter().rposition(|(open, _)| *open == call) else { return };
        while self.open.len() > depth {
            let Some((inner, start)) = self.open.pop() else { return };
            let body = self.html.split_off(start.min(self.html.len()));
            self.call(inner, Some(&body));
        }
    }

    fn promos(&mut self, place: PromoPlace) {
        if self.plan.is_none() {
            return;
        }
        let page = self.page;
        for placed in page.promos.iter().filter(|placed| placed.place == place) {
            self.component(&placed.promo, None);
        }
    }

    fn component(&mut self, directive: &Directive, body: Option<&str>) {
        match self.context.theme.component(&self.language.tera, directive, body) {
            Ok(html) => self.push(&html),
            Err(diagnostic) => {
                let path = self.page.document.path.clone();
                self.diagnostics.push(diagnostic.related(path, None, "while this page was rendered"));
            }
        }
    }

    /// HTML whose links begin with the base path, which readers elsewhere need as whole addresses.
    fn push(&mut self, html: &str) {
        if self.links == LinkStyle::Path {
            return self.html.push_str(html);
        }
        let base = &self.context.config.base_url;
        let mut rest = html;
        while let Some(at) = rest.find("=\"/") {
            let (before, link) = rest.split_at(at + 2);
            self.html.push_str(before);
            let is_url = before.ends_with(" href=\"") || before.ends_with(" src=\"");
            if is_url && !link.starts_with("//") {
                self.html.push_str(&base.origin);
            }
            rest = link;
        }
        self.html.push_str(rest);
    }
}

/// Stands for a list of sources until the whole text is known. No text has such a character in it:
/// HTML forbids it, and the parser replaces it.
fn sources_mark(call: u32) -> String {
    format!("\u{0}sources {call}\u{0}")
}

/// Sources that lead back only to uses which the HTML above them shows.
fn with_shown_uses(sources: &[SourceView], above: &[&str]) -> Vec<SourceView> {
    let mut sources = sources.to_vec();
    for source in &mut sources {
        source.uses.retain(|id| {
            let mark = format!(" id=\"{id}\"");
            above.iter().any(|html| html.contains(&mark))
        });
    }
    sources
}

/// Shown as escaped text.
pub(super) struct Text<'a>(pub(super) &'a str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html_body_text(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}

/// Shown as the value of a quoted attribute.
pub(super) struct Attribute<'a>(pub(super) &'a str);

impl Attribute<'_> {
    /// The same as formatting, for text of which every page has a lot.
    pub(super) fn push_to(&self, html: &mut String) {
        // Writing to a string cannot fail.
        let _ = escape_html(html, self.0);
    }
}

impl std::fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}
