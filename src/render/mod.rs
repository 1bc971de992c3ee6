//! One route and its view to one output.
//!
//! In: a [`View`] and the theme. Out: the bytes of one file. Looks nothing up outside its view:
//! the site is at hand only so that a view can name a text instead of holding it, by its
//! fingerprint. Files published as they are never pass through here.

pub mod card;
pub mod feed;
pub mod fill;
mod filter;
pub mod host;
mod language;
mod reshape;
pub mod search;
pub mod sitemap;
mod structured_data;
pub mod theme;
pub mod twin;
pub mod view;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assemble::{Cause, FeedKind, Page, PageId, Route, Site, url};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::fingerprint::{Fingerprint, Hashed};
use fill::{Furniture, LinkStyle};
use language::{Language, Languages};
pub use theme::Theme;
use view::{AliasView, Dates, HtmlView, SiteView, Urls};
pub use view::{Cards, View, site_view};

/// The template of `robots.txt`.
const ROBOTS: &str = "robots.txt";

/// What prints the outputs of a site, as long as its theme and what its pages share are the same.
#[derive(Debug)]
pub struct Press {
    theme: Arc<Theme>,
    shared: Arc<Hashed<SiteView>>,
    /// The theme's engine with `site` in it and its words, by language.
    languages: Languages,
}

impl Press {
    /// Sets it up for a site, whose languages it speaks.
    #[must_use]
    pub fn new(theme: Arc<Theme>, shared: Arc<Hashed<SiteView>>, site: &Site) -> Self {
        let mut tera = theme.tera().clone();
        let view: &SiteView = &shared;
        tera.global_context().insert_value("site", tera::Value::from_serializable(view));
        tera.global_context().insert_value("theme", tera::Value::from_serializable(&view.theme));
        let languages = Languages::new(tera, &theme.words, &shared.lang, tags(site));
        Self { theme, shared, languages }
    }

    /// Whether it is the one for this very theme and this very view, and speaks the languages of a site.
    #[must_use]
    pub fn is_of(&self, theme: &Arc<Theme>, shared: &Arc<Hashed<SiteView>>, site: &Site) -> bool {
        Arc::ptr_eq(&self.theme, theme)
            && Arc::ptr_eq(&self.shared, shared)
            && self.languages.speak(&shared.lang, tags(site))
    }
}

/// The languages of a site's pages.
fn tags(site: &Site) -> impl Iterator<Item = &str> {
    site.pages.iter().map(|page| &*page.lang)
}

/// What all routes of one build are rendered from.
#[derive(Debug)]
pub struct Context<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The linked site.
    pub site: &'a Site,
    /// What every page shares.
    pub shared: &'a Hashed<SiteView>,
    /// The compiled theme.
    pub theme: &'a Theme,
    /// The stylesheet that the build makes.
    pub styles: &'a str,
    /// The theme's engine and words, by language.
    languages: &'a Languages,
    dates: Dates,
    urls: Urls<'a>,
    cards: &'a Cards,
    /// Whether somebody will ask what texts were made from.
    remembers: bool,
}

impl<'a> Context<'a> {
    /// Prepares what all routes share; once per build.
    #[must_use]
    pub fn new(
        config: &'a Config,
        site: &'a Site,
        press: &'a Press,
        cards: &'a Cards,
        styles: &'a str,
    ) -> Self {
        let Press { theme, shared, languages } = press;
        let (dates, urls) = (Dates::new(&config.timezone), Urls::new(&config.base_url));
        Self { config, site, shared, theme, styles, languages, dates, urls, cards, remembers: true }
    }

    /// The same for a build that leaves nothing to a later one: what texts are made from is not told apart.
    #[must_use]
    pub fn fleeting(self, is_fleeting: bool) -> Self {
        Self { remembers: !is_fleeting, ..self }
    }

    /// The URL of a page's Markdown twin, if it has one.
    fn twin(&self, id: PageId, page: &Page) -> Option<String> {
        let url = url::twin(&page.url);
        let route = self.site.routes.get(&url::output_path(&url))?;
        (route.cause == Cause::Markdown(id)).then_some(url)
    }

    /// What renders pages of a language.
    fn language(&self, tag: &str) -> &Language {
        self.languages.of(tag)
    }
}

/// One file.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its bytes; empty when it could not be rendered.
    pub bytes: Vec<u8>,
    /// Problems found on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// Where in its bytes the text of its page stands, when that is known.
    pub text: Option<std::ops::Range<usize>>,
}

impl Rendered {
    /// Bytes that hold no page's text.
    #[must_use]
    pub fn of(bytes: Vec<u8>, diagnostics: Vec<Diagnostic>) -> Self {
        Self { bytes, diagnostics, text: None }
    }
}

/// The view of a route. `None` for files published as they are, and for a cause whose page is gone.
#[must_use]
pub fn view(context: &Context<'_>, route: &Route) -> Option<View> {
    let html = |view: HtmlView| View::Html(Box::new(view));
    let view = match route.cause {
        Cause::Page(id) => match context.site.pages.get(id)?.own_section {
            Some(section) => html(view::page_of_section(context, section, 1)?),
            None => html(view::html_page(context, id, None)?),
        },
        Cause::SectionPage { section, number } => html(view::page_of_section(context, section, number)?),
        Cause::Taxonomy(taxonomy) => html(view::page_of_taxonomy(context, taxonomy)?),
        Cause::Term { taxonomy, term, number } => html(view::page_of_term(context, taxonomy, term, number)?),
        Cause::NotFound => html(view::not_found(context)),
        Cause::Search => html(view::search(context)),
        Cause::Feed(kind, of) => View::Feed(Box::new(feed::view(context, kind, of, &route.url))),
        Cause::Sitemap(number) => View::Sitemap(sitemap::view(context, number)),
        Cause::Robots => View::Robots(sitemap_url(context)),
        Cause::Alias(id) => {
            let page = context.site.pages.get(id)?;
            View::Alias(AliasView {
                title: page.document.title.clone(),
                url: context.urls.path(&page.url),
                permalink: context.urls.absolute(&page.url),
                lang: page.lang.to_string(),
            })
        }
        Cause::Styles => View::Styles(Fingerprint::of(context.styles)),
        Cause::Card(page) => View::Card(Box::new(card::view(context, page)?)),
        Cause::Headers => View::Headers(host::headers(context)),
        Cause::Redirects => View::Redirects(host::redirects(context)),
        Cause::Llms => View::Llms(host::llms(context)),
        Cause::Markdown(page) => View::Markdown(Box::new(twin::view(context, page)?)),
        Cause::Asset(_) | Cause::Image(_) | Cause::Drawing(_) | Cause::Variant { .. } | Cause::Icon(..) => {
            return None;
        }
    };
    Some(view)
}

/// The fingerprint of all that an output depends on, save the program itself.
#[must_use]
pub fn fingerprint(context: &Context<'_>, view: &View) -> Fingerprint {
    let own = Fingerprint::of(view);
    match template(view) {
        // It sees nothing that pages share.
        Some(name) if name == card::TEMPLATE => Fingerprint::combine(&[context.theme.fingerprint(name), own]),
        Some(name) => {
            let words = context.language(lang(context, view)).fingerprint();
            Fingerprint::combine(&[context.theme.fingerprint(name), context.shared.fingerprint(), words, own])
        }
        None => own,
    }
}

/// Renders a view. `path` is the output's, for messages about what has no source.
#[must_use]
pub fn render(context: &Context<'_>, path: &str, view: &View) -> Rendered {
    let mut values = tera::Context::new();
    match view {
        View::Html(html) => {
            let text = fill_values(context, html, &mut values);
            let mut rendered = run(context, path, view, &values);
            rendered.text = place(&text.html, &rendered.bytes);
            rendered.diagnostics.extend(text.diagnostics);
            return rendered;
        }
        View::Feed(feed) if feed.kind == FeedKind::Atom => {
            values.insert_value("feed", feed.with_texts(context));
        }
        View::Robots(sitemap) => values.insert("sitemap", sitemap),
        View::Card(card) => return card::render(context, path, card),
        View::Headers(headers) => return done(headers.to_text()),
        View::Redirects(redirects) => return done(redirects.to_text()),
        View::Llms(llms) => return done(llms.to_text()),
        View::Markdown(twin) => return done(twin.to_text(context)),
        View::Feed(feed) => return done(feed.to_json(context)),
        View::Sitemap(sitemap) => return done(sitemap.to_xml()),
        View::Alias(alias) => return done(alias.to_html()),
        View::Styles(_) => return done(context.styles.as_bytes().to_vec()),
    }
    run(context, path, view, &values)
}

/// Where a text stands in a page, if its template shows it as it is.
fn place(text: &str, page: &[u8]) -> Option<std::ops::Range<usize>> {
    const START: usize = 64;
    let start = text.as_bytes().get(..START).filter(|start| start.starts_with(b"<"))?;
    let at = memchr::memmem::find(page, start)?;
    page.get(at..)?.starts_with(text.as_bytes()).then(|| at..at + text.len())
}

/// The language that a view is rendered in.
fn lang<'v>(context: &'v Context<'_>, view: &'v View) -> &'v str {
    match view {
        View::Html(html) => &html.page.lang,
        _ => &context.config.lang,
    }
}

/// The template that renders a view; `None` for what no theme decides.
fn template(view: &View) -> Option<&str> {
    match view {
        View::Html(html) => Some(&html.template),
        View::Feed(feed) if feed.kind == FeedKind::Atom => Some(feed::TEMPLATE),
        View::Robots(_) => Some(ROBOTS),
        View::Card(_) => Some(card::TEMPLATE),
        View::Headers(_)
        | View::Redirects(_)
        | View::Llms(_)
        | View::Markdown(_)
        | View::Feed(_)
        | View::Sitemap(_)
        | View::Alias(_)
        | View::Styles(_) => None,
    }
}

/// The file of the template that renders a view; `None` for what no theme decides.
#[must_use]
pub fn template_file(context: &Context<'_>, view: &View) -> Option<Arc<str>> {
    template(view).map(|name| context.theme.path(name))
}

fn done(bytes: Vec<u8>) -> Rendered {
    Rendered::of(bytes, Vec::new())
}

fn sitemap_url(context: &Context<'_>) -> Option<String> {
    let route = context.site.routes.values().find(|route| route.cause == Cause::Sitemap(0))?;
    Some(context.urls.absolute(&route.url))
}

/// `page`, `list`, `content`, `blocks` and `structured_data`. Returns the text.
fn fill_values(context: &Context<'_>, html: &HtmlView, values: &mut tera::Context) -> fill::Filled {
    values.insert("page", &html.page);
    values.insert("list", &html.list);
    let page = html.content.and(html.source).and_then(|id| context.site.numbered(id));
    let text = page.map(|page| fill::fill(context, page, Furniture::Article, LinkStyle::Path));
    let text = text.unwrap_or_default();
    values.insert_value("content", tera::Value::safe_string(&text.html));
    let blocks: BTreeMap<String, tera::Value> =
        text.blocks.iter().map(|(name, html)| (name.clone(), tera::Value::safe_string(html))).collect();
    values.insert_value("blocks", tera::Value::from(blocks));
    if context.theme.shows_structured_data() {
        let data = structured_data::of(context, html, page);
        values.insert_value("structured_data", tera::Value::safe_string(&data));
    }
    text
}

fn run(context: &Context<'_>, path: &str, view: &View, values: &tera::Context) -> Rendered {
    let Some(name) = template(view) else { return done(Vec::new()) };
    let source = match view {
        View::Html(html) => html.source.and_then(|id| context.site.numbered(id)),
        _ => None,
    };
    if !context.theme.has(name) {
        return Rendered::of(Vec::new(), vec![missing(context, name, source)]);
    }
    let tera = &context.language(lang(context, view)).tera;
    match context.theme.render(tera, name, values) {
        Ok(bytes) => done(bytes),
        Err(diagnostic) => {
            let page = source.map_or_else(|| path.into(), |page| Arc::clone(&page.document.path));
            let diagnostic = diagnostic.related(page, None, "while this page was rendered");
            Rendered::of(Vec::new(), vec![diagnostic])
        }
    }
}

/// A template that does not exist: at the page that asks for it, else at the theme.
fn missing(context: &Context<'_>, name: &str, source: Option<&crate::assemble::Page>) -> Diagnostic {
    let theme = &context.config.theme;
    let asked = source.and_then(|page| Some((page, page.front.template.as_ref()?)));
    let diagnostic = if let Some((page, template)) = asked.filter(|(_, template)| template.value == name) {
        let message = format!("no template `{name}` in theme `{theme}` or in `templates/`");
        let file = page.front.file_of("template", &page.document.path);
        Diagnostic::new(Code::Template, Arc::clone(file), template.span, message)
    } else {
        let path = format!("themes/{theme}/theme.toml");
        Diagnostic::new(Code::Template, path, None, format!("theme `{theme}` has no template `{name}`"))
    };
    match context.theme.near(name) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("add `templates/{name}`")),
    }
}

impl AliasView {
    /// A page that sends readers and search engines on, with a link for whom that fails.
    fn to_html(&self) -> Vec<u8> {
        let escape = |text: &str| {
            let mut escaped = String::with_capacity(text.len());
            // Writing to a string cannot fail.
            let _ = pulldown_cmark_escape::escape_html(&mut escaped, text);
            escaped
        };
        let (title, url, permalink) = (escape(&self.title), escape(&self.url), escape(&self.permalink));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <link rel=\"canonical\" href=\"{permalink}\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</head>\n<body>\n\
             <p><a href=\"{url}\">{title}</a></p>\n</body>\n</html>\n",
            escape(&self.lang)
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests;
