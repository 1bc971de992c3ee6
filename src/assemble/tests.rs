//! Whole sites made of hand-made documents.

use std::path::PathBuf;
use std::time::Instant;

use jiff::civil::{Date as Day, date};

use super::*;
use crate::config::{BaseUrl, NavItem};
use crate::diagnostic::{Code, Severity, Span};
use crate::parse::front_matter::{Date, SortBy, Spanned};
use crate::parse::{FrontMatter, Reference, ReferenceKind};
use crate::scan::{AssetContent, Origin};

const TODAY: Day = date(2026, 11, 22);

fn spanned(value: &str) -> Spanned<String> {
    Spanned { value: value.to_owned(), span: Span::new(4, 4 + value.len()) }
}

#[expect(clippy::unnecessary_wraps, reason = "front matter holds it as an option")]
fn day(text: &str) -> Option<Date> {
    Some(Date { date: text.parse().unwrap(), time: None })
}

/// A document below `content/`, titled by its path unless told otherwise.
fn document(path: &str) -> Document {
    Document { words: 100, ..Document::unwritten(format!("content/{path}"), path) }
}

impl Document {
    fn front(mut self, set: impl FnOnce(&mut FrontMatter)) -> Self {
        set(&mut self.front);
        self
    }

    fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    fn dated(self, published: &str) -> Self {
        self.front(|front| front.published = day(published))
    }

    fn weight(self, weight: i64) -> Self {
        self.front(|front| front.weight = Some(weight))
    }

    fn tags(self, tags: &[&str]) -> Self {
        let terms = tags.iter().map(|tag| spanned(tag)).collect();
        self.front(|front| front.taxonomies.push(("tags".to_owned(), terms)))
    }

    fn ids(mut self, ids: &[&str]) -> Self {
        self.ids = ids.iter().collect();
        self
    }

    fn refers(mut self, kind: ReferenceKind, target: &str) -> Self {
        let at = self.references.len() * 10;
        self.references.push(Reference { kind, target: target.to_owned(), span: Span::new(at, at + 9) });
        self
    }

    fn link(self, target: &str) -> Self {
        self.refers(ReferenceKind::Link, target)
    }
}

fn asset(path: &str) -> Asset {
    let (tree, name) = match path.split_once("/static/") {
        Some((_, name)) => (Origin::Theme, name),
        None if path.starts_with("static/") => (Origin::Static, &path["static/".len()..]),
        None => (Origin::Content, &path["content/".len()..]),
    };
    Asset {
        path: path.into(),
        origin: tree,
        name: name.to_owned(),
        content: AssetContent::File(PathBuf::from(path)),
        fingerprint: Fingerprint::of_bytes(path.as_bytes()),
        len: 1,
        stamp: None,
        size: None,
    }
}

/// Keys as front matter records that they are set.
fn keys(names: &[&str]) -> impl Iterator<Item = (String, Option<Span>)> {
    names.iter().map(|name| ((*name).to_owned(), Some(Span::new(0, 1))))
}

struct Given {
    facts: Facts,
    config: Config,
    assets: Vec<Asset>,
    visibility: Visibility,
}

fn given() -> Given {
    let base = BaseUrl { origin: "https://example.com".to_owned(), path: "/".to_owned() };
    Given {
        config: Config::with_defaults("Careers", base),
        assets: Vec::new(),
        facts: Facts::default(),
        visibility: Visibility::default(),
    }
}

impl Given {
    fn configured(mut self, set: impl FnOnce(&mut Config)) -> Self {
        set(&mut self.config);
        self
    }

    fn assets(mut self, paths: &[&str]) -> Self {
        self.assets = paths.iter().map(|path| asset(path)).collect();
        self
    }

    fn assemble(&self, documents: impl IntoIterator<Item = Document>) -> Outcome {
        let mut documents: Vec<_> = documents.into_iter().map(Arc::new).collect();
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        self.assemble_all(&documents)
    }

    fn assemble_all(&self, documents: &[Arc<Document>]) -> Outcome {
        assemble(&Input {
            documents,
            facts: &self.facts,
            components: &Components::new(),
            config: &self.config,
            assets: &self.assets,
            today: TODAY,
            visibility: self.visibility,
            styles: Some((Styles::Code, Fingerprint::of_bytes(b"styles"))),
            pictures: &picture::Pictures::new(),
            card_template: None,
            former: None,
            known: None,
        })
    }
}

impl Outcome {
    fn clean(self) -> Site {
        assert_eq!(self.diagnostics, [], "a site without problems");
        self.site
    }

    /// Each problem as `path: code: message (help)`.
    fn problems(&self) -> Vec<String> {
        let mut sorted = self.diagnostics.clone();
        crate::diagnostic::sort(&mut sorted);
        let line = |d: &Diagnostic| {
            let help = d.help.as_deref().unwrap_or_default();
            format!("{}: {}: {} ({help})", d.location.path, d.code.id(), d.message)
        };
        sorted.iter().map(line).collect()
    }

    fn codes(&self) -> Vec<Code> {
        self.diagnostics.iter().map(|d| d.code).collect()
    }
}

impl Site {
    fn id(&self, path: &str) -> PageId {
        let path = format!("content/{path}");
        self.pages.iter().position(|page| *page.document.path == *path).unwrap()
    }

    fn page(&self, path: &str) -> &Page {
        let path = format!("content/{path}");
        self.pages
            .iter()
            .find(|page| *page.document.path == *path)
            .unwrap_or_else(|| panic!("no page {path}"))
    }

    fn sources(&self, pages: &[PageId]) -> Vec<&str> {
        pages.iter().map(|page| self.pages[*page].document.path.strip_prefix("content/").unwrap()).collect()
    }

    fn section(&self, path: &str) -> &Section {
        &self.sections[self.page(path).own_section.unwrap()]
    }

    fn neighbours(&self, path: &str) -> (Option<&str>, Option<&str>) {
        let page = self.page(path);
        let title = |page: PageId| self.pages[page].document.title.as_str();
        (page.previous.map(title), page.next.map(title))
    }
}

#[test]
fn files_get_their_addresses() {
    let slug = |slug: &'static str| move |front: &mut FrontMatter| front.slug = Some(spanned(slug));
    let path = |path: &'static str| move |front: &mut FrontMatter| front.path = Some(spanned(path));
    let site = given()
        .assemble(vec![
            document("_index.md"),
            document("404.md"),
            document("about.md"),
            document("guides/x.md"),
            document("guides/y/index.md"),
            document("guides/y/notes.md"),
            document("guides/z/index.md").front(slug("zed")),
            document("guides/moved.md").front(path("elsewhere")),
            document("guides/file.md").front(path("/files/x.html")),
            document("guides/slugged.md").front(slug("Straße")),
            document("news/2026-11-20-opening.md"),
            document("news/2026-11-21-dated.md").dated("2026-01-02"),
            document("old/_index.md").front(slug("new")),
            document("old/child.md"),
        ])
        .clean();
    for (source, url, output) in [
        ("_index.md", "/", "index.html"),
        ("404.md", "/404.html", "404.html"),
        ("about.md", "/about/", "about/index.html"),
        ("guides/_index.md", "/guides/", "guides/index.html"),
        ("guides/x.md", "/guides/x/", "guides/x/index.html"),
        ("guides/y/index.md", "/guides/y/", "guides/y/index.html"),
        ("guides/y/notes.md", "/guides/y/notes/", "guides/y/notes/index.html"),
        ("guides/z/index.md", "/guides/zed/", "guides/zed/index.html"),
        ("guides/moved.md", "/elsewhere/", "elsewhere/index.html"),
        ("guides/file.md", "/files/x.html", "files/x.html"),
        ("guides/slugged.md", "/guides/Stra%C3%9Fe/", "guides/Straße/index.html"),
        ("news/2026-11-20-opening.md", "/news/opening/", "news/opening/index.html"),
        ("old/child.md", "/new/child/", "new/child/index.html"),
    ] {
        assert_eq!(site.page(source).url, url);
        assert_eq!(site.routes[output].url, url);
    }
    assert_eq!(site.page("news/2026-11-20-opening.md").front.published, day("2026-11-20"));
    assert_eq!(site.page("news/2026-11-21-dated.md").front.published, day("2026-01-02"));
    assert_eq!(site.routes["404.html"].cause, Cause::NotFound);
    assert_eq!(site.not_found.map(|page| &*site.pages[page].document.path), Some("content/404.md"));
    assert!(site.page("404.md").section.is_none());
}

#[test]
fn bad_addresses_are_refused_where_they_are_written() {
    let outcome = given().assemble([
        document("a.md").front(|front| front.slug = Some(spanned("../up"))),
        document("b.md").front(|front| front.path = Some(spanned("/%2e%2e/up/"))),
        document("c.md").front(|front| front.aliases = vec![spanned("/fine/"), spanned("a\\b")]),
        document("My Page.md"),
        document("???.md"),
    ]);
    assert_eq!(outcome.site.page("a.md").url, "/a/");
    assert!(outcome.site.routes.contains_key("fine/index.html"));
    assert!(outcome.site.routes.keys().all(|path| !path.contains("..")));
    assert_eq!(
        outcome.problems().iter().map(|line| line.split(" (").next().unwrap()).collect::<Vec<_>>(),
        [
            "content/???.md: front-matter: no address can be made of the name `???`",
            "content/My Page.md: file-name: the name `My Page` has spaces",
            "content/a.md: front-matter: the slug `../up` holds a `/`",
            "content/b.md: front-matter: the path `/%2e%2e/up/` holds `%`",
            "content/c.md: front-matter: the alias `a\\b` holds `\\`",
        ]
    );
    let slug = outcome.diagnostics.iter().find(|d| *d.location.path == *"content/a.md").unwrap();
    assert_eq!(slug.location.span, Some(Span::new(4, 9)));
}

#[test]
fn names_of_files_that_not_every_system_can_store_are_warned_of() {
    let names = ["docs/a:b.txt", "nul.txt", "dot.", "con/x.png", "space /x.png", "fine.txt", "null.txt"];
    let paths = names.map(|name| format!("static/{name}"));
    let outcome = given().assets(&paths.each_ref().map(String::as_str)).assemble([document("a.md")]);
    assert_eq!(
        outcome.problems().iter().map(|line| line.split(" (").next().unwrap()).collect::<Vec<_>>(),
        [
            "static/con/x.png: file-name: the name `con/x.png` is or has a part that is reserved by Windows",
            "static/docs/a:b.txt: file-name: the name `docs/a:b.txt` has characters that Windows cannot store",
            "static/dot.: file-name: the name `dot.` has a part that ends with a dot or a space, which Windows cannot store",
            "static/nul.txt: file-name: the name `nul.txt` is or has a part that is reserved by Windows",
            "static/space /x.png: file-name: the name `space /x.png` has a part that ends with a dot or a space, which Windows cannot store",
        ]
    );
}

#[test]
fn unpublished_pages_are_left_out_and_links_to_them_say_why() {
    let documents = || {
        [
            document("a.md").link("draft.md").link("/late/").link("future.md").link("wip/x.md"),
            document("draft.md").front(|front| front.draft = true),
            document("late.md").front(|front| front.expires = day("2026-11-22")),
            document("future.md").dated("2026-11-23"),
            document("today.md").dated("2026-11-22").front(|front| front.expires = day("2026-11-23")),
            document("wip/_index.md").front(|front| front.draft = true),
            document("wip/x.md"),
        ]
    };
    let outcome = given().assemble(documents());
    assert_eq!(outcome.site.sources(&(0..3).collect::<Vec<_>>()), ["_index.md", "a.md", "today.md"]);
    assert_eq!(outcome.codes(), [Code::LinkBroken; 4]);
    let problems = outcome.problems().join("\n");
    for message in [
        "`draft.md` is a draft and is not published",
        "`/late/` has expired",
        "`future.md` is dated after today",
        "`wip/x.md` is a draft",
    ] {
        assert!(problems.contains(message), "{message} in {problems}");
    }

    let mut all = given();
    all.visibility = Visibility { drafts: true, future: true, expired: true };
    let site = all.assemble(documents()).clean();
    let states =
        ["a.md", "draft.md", "late.md", "future.md", "today.md", "wip/x.md"].map(|p| site.page(p).state);
    assert_eq!(
        states,
        [State::Published, State::Draft, State::Expired, State::Future, State::Published, State::Draft]
    );
    assert!(
        !site
            .sitemap
            .iter()
            .any(|l| matches!(l, Listed::Page(p) if site.pages[*p].state != State::Published))
    );
}

#[test]
fn a_folder_becomes_a_section_whatever_its_depth() {
    let site = given()
        .assemble([
            document("top.md"),
            document("web-design/a.md"),
            document("web-design/tools/deep/b.md"),
            document("web-design/album/index.md"),
            document("empty/x.md").front(|front| front.draft = true),
        ])
        .clean();
    let home = &site.sections[0];
    assert_eq!(site.pages[home.page].url, "/");
    assert_eq!(site.pages[home.page].kind, Kind::Home);
    assert_eq!(site.sources(&home.pages), ["top.md"]);
    assert_eq!(site.sections.len(), 4, "home, web-design, tools, deep: not album, not empty");
    let design = site.section("web-design/_index.md");
    assert_eq!(site.page("web-design/_index.md").document.title, "Web design");
    assert!(site.page("web-design/_index.md").generated);
    assert_eq!(site.sources(&design.pages), ["web-design/a.md", "web-design/album/index.md"]);
    assert_eq!(design.parent, Some(0));
    let deep = site.section("web-design/tools/deep/_index.md");
    let tools = deep.parent.unwrap();
    assert_eq!(site.pages[site.sections[tools].page].url, "/web-design/tools/");
    assert_eq!(site.nav, [("Web design".to_owned(), "/web-design/".to_owned())]);
}

#[test]
fn sections_are_sorted_as_they_ask() {
    let pages = |by: Option<SortBy>| {
        let mut config = given();
        config.config.taxonomies.clear();
        let site = config
            .assemble([
                document("g/_index.md").front(|front| front.section.sort_by = by),
                document("g/1.md").title("éclair").dated("2026-01-01").weight(3),
                document("g/2.md").title("Zoo"),
                document("g/3.md").title("bee").dated("2026-03-01").weight(1),
                document("g/4.md").title("Ant").dated("2026-01-01").weight(1),
            ])
            .clean();
        let titles = |id: &PageId| site.pages[*id].document.title.clone();
        site.section("g/_index.md").pages.iter().map(titles).collect::<Vec<_>>()
    };
    assert_eq!(pages(None), ["bee", "Ant", "éclair", "Zoo"]);
    assert_eq!(pages(Some(SortBy::Date)), ["bee", "Ant", "éclair", "Zoo"]);
    assert_eq!(pages(Some(SortBy::Weight)), ["Ant", "bee", "éclair", "Zoo"]);
    assert_eq!(pages(Some(SortBy::Title)), ["Ant", "bee", "éclair", "Zoo"]);
}

#[test]
fn neighbours_follow_the_list_and_a_series_wins() {
    let series = |front: &mut FrontMatter| front.series = Some("Start here".to_owned());
    let site = given()
        .assemble([
            document("g/a.md").title("a").dated("2026-03-01"),
            document("g/b.md").title("b").dated("2026-02-01").front(series),
            document("g/c.md").title("c").dated("2026-01-01"),
            document("h/d.md").title("d").dated("2025-01-01").front(series),
            document("h/e.md").title("e").weight(1).front(series),
            document("h/f.md").title("f").front(|front| front.series = Some("alone".to_owned())),
        ])
        .clean();
    assert_eq!(site.neighbours("g/a.md"), (None, Some("b")));
    assert_eq!(site.neighbours("g/c.md"), (Some("b"), None));
    assert_eq!(site.neighbours("h/e.md"), (None, Some("d")), "a weight comes first, then the oldest");
    assert_eq!(site.neighbours("g/b.md"), (Some("d"), None));
    assert_eq!(site.neighbours("h/f.md").0, Some("e"), "a series of one is none");
}

#[test]
fn kinds_come_from_the_type_or_the_folder() {
    let kind = |kind: &str| {
        let kind = spanned(kind);
        move |front: &mut FrontMatter| front.kind = Some(kind)
    };
    let outcome = given().assemble([
        document("guides/deep/x.md"),
        document("compare/x.md"),
        document("compare/y.md").front(kind("story")),
        document("glossary/_index.md").front(kind("glossary")),
        document("legal/x.md"),
        document("legal/y.md").front(kind("gide")),
        document("legal/z.md").front(kind("section")),
    ]);
    for (path, kind) in [
        ("guides/deep/x.md", Kind::Guide),
        ("guides/deep/_index.md", Kind::Section),
        ("compare/x.md", Kind::Comparison),
        ("compare/y.md", Kind::Story),
        ("glossary/_index.md", Kind::Glossary),
        ("legal/x.md", Kind::Page),
        ("legal/y.md", Kind::Page),
        ("legal/z.md", Kind::Page),
    ] {
        assert_eq!(outcome.site.page(path).kind, kind, "{path}");
    }
    let problems = outcome.problems();
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0], "content/legal/y.md: front-matter: unknown type `gide` (did you mean `guide`?)");
}

#[test]
fn defaults_are_inherited_and_the_nearest_wins() {
    let defaults = |kind: &str, level: Option<&str>| {
        let defaults = FrontMatter {
            kind: Some(spanned(kind)),
            level: level.map(str::to_owned),
            template: Some(spanned(&format!("{kind}.html"))),
            keys: keys(&["type", "template"]).chain(level.iter().flat_map(|_| keys(&["level"]))).collect(),
            ..FrontMatter::default()
        };
        move |front: &mut FrontMatter| front.section.defaults = Some(Box::new(defaults))
    };
    let outcome = given().assemble([
        document("_index.md").front(defaults("guide", Some("beginner"))),
        document("x.md"),
        document("a/_index.md").front(defaults("story", None)),
        document("a/x.md"),
        document("a/b/x.md").front(|front| {
            front.level = Some("advanced".to_owned());
            front.keys.extend(keys(&["level"]));
        }),
        document("c/_index.md").front(defaults("nonsense", None)),
        document("c/x.md"),
        document("c/y.md"),
    ]);
    let seen = |path: &str| {
        let page = outcome.site.page(path);
        (page.kind, page.front.level.clone().unwrap_or_default(), page.template.clone())
    };
    let story = Some("story.html".to_owned());
    assert_eq!(seen("x.md"), (Kind::Guide, "beginner".to_owned(), Some("guide.html".to_owned())));
    assert_eq!(seen("a/_index.md"), (Kind::Section, "beginner".to_owned(), None));
    assert_eq!(seen("a/x.md"), (Kind::Story, "beginner".to_owned(), story.clone()));
    assert_eq!(seen("a/b/x.md"), (Kind::Story, "advanced".to_owned(), story));
    assert_eq!(outcome.problems().len(), 1, "reported once, where it is written");
    assert!(outcome.problems()[0].starts_with("content/c/_index.md: front-matter: unknown type `nonsense`"));
}

#[test]
fn terms_are_gathered_by_slug() {
    let outcome = given().assemble([
        document("a.md").tags(&["Back end", "zeta"]).dated("2026-01-01"),
        document("b.md").tags(&["back-end", "Data", "Back end"]).dated("2026-02-01"),
        document("c.md").tags(&["!!!", "con"]),
    ]);
    let site = &outcome.site;
    let tags = &site.taxonomies[0];
    let names: Vec<_> = tags.terms.iter().map(|term| (term.name.as_str(), term.url.as_str())).collect();
    assert_eq!(
        names,
        [
            ("Back end", "/tags/back-end/"),
            ("con", "/tags/con_/"),
            ("Data", "/tags/data/"),
            ("zeta", "/tags/zeta/"),
        ]
    );
    assert_eq!(site.sources(&tags.terms[0].pages), ["b.md", "a.md"]);
    assert_eq!(site.page("b.md").terms, [vec![0, 2], vec![]]);
    assert_eq!(site.routes["tags/index.html"].cause, Cause::Taxonomy(0));
    assert!(!site.routes.contains_key("categories/index.html"), "a taxonomy without terms has no page");
    assert_eq!(outcome.codes(), [Code::FrontMatter]);
    assert_eq!(outcome.diagnostics[0].location.span, Some(Span::new(4, 7)));
}

#[test]
fn lists_are_cut_into_pages_and_get_feeds() {
    let given = given().configured(|config| {
        config.taxonomies[0].paginate_by = 2;
        config.taxonomies[0].feed = true;
    });
    let site = given
        .assemble((0..5).map(|n| document(&format!("g/{n}.md")).tags(&["all"])).chain([
            document("g/_index.md").front(|front| {
                front.section.paginate_by = Some(2);
                front.section.feed = Some(true);
            }),
        ]))
        .clean();
    let section = site.page("g/_index.md").own_section.unwrap();
    assert_eq!(site.routes["g/page/3/index.html"].cause, Cause::SectionPage { section, number: 3 });
    assert!(!site.routes.contains_key("g/page/4/index.html"));
    assert!(!site.routes.contains_key("g/page/1/index.html"));
    let term = Cause::Term { taxonomy: 0, term: 0, number: 2 };
    assert_eq!(site.routes["tags/all/page/2/index.html"].cause, term);
    for (path, of) in [
        ("atom.xml", FeedOf::Site),
        ("g/atom.xml", FeedOf::Section(section)),
        ("tags/all/atom.xml", FeedOf::Term(0, 0)),
    ] {
        assert_eq!(site.routes[path].cause, Cause::Feed(FeedKind::Atom, of));
    }
    for path in ["feed.json", "g/feed.json", "sitemap.xml", "robots.txt", "404.html"] {
        assert!(site.routes.contains_key(path), "{path}");
    }
}

#[test]
fn assets_go_beside_their_pages() {
    let mut given = given().assets(&[
        "content/guides/x/photo 1.png",
        "content/guides/shared/logo.svg",
        "content/hidden/secret.png",
        "static/css/site.css",
        "static/css/own.css",
        "static/robots.txt",
        "themes/t/static/css/main.css",
        "themes/t/static/css/own.css",
        "themes/t/static/fonts/a.woff2",
        "themes/t/static/js/a.min.js",
        "themes/t/static/favicon.ico",
    ]);
    given.config.feeds.atom = false;
    let site = given
        .assemble([
            document("guides/x/index.md").front(|front| front.slug = Some(spanned("ex"))),
            document("hidden/index.md").front(|front| front.draft = true),
        ])
        .clean();
    let hash = |at: usize| given.assets[at].fingerprint.short(8);
    assert_eq!(site.routes["guides/ex/photo 1.png"].url, "/guides/ex/photo%201.png");
    assert_eq!(site.routes["guides/shared/logo.svg"].cause, Cause::Drawing(1));
    assert_eq!(site.routes["guides/ex/photo 1.png"].cause, Cause::Image(0));
    assert!(!site.routes.keys().any(|path| path.contains("secret")));
    assert_eq!(site.routes["css/site.css"].cause, Cause::Asset(3));
    assert_eq!(site.routes["robots.txt"].cause, Cause::Asset(5), "the site's own wins silently");
    assert_eq!(site.routes[&format!("css/main.{}.css", hash(6))].cause, Cause::Asset(6));
    assert_eq!(site.theme_files["css/own.css"], "/css/own.css", "the site's own stands for the theme's");
    assert_eq!(site.theme_files["fonts/a.woff2"], "/fonts/a.woff2", "stylesheets ask for it by name");
    assert_eq!(site.theme_files["js/a.min.js"], format!("/js/a.min.{}.js", hash(9)));
    assert_eq!(site.theme_files["favicon.ico"], "/favicon.ico");
    let styles = format!("css/syntax.{}.css", Fingerprint::of_bytes(b"styles").short(8));
    assert_eq!(site.routes[&styles].cause, Cause::Styles);
    assert!(!site.routes.contains_key("atom.xml"));
}

#[test]
fn the_folder_settles_what_a_key_means() {
    let outcome = given().assemble([
        document("paths/a.md").front(|front| front.path = Some(spanned("data"))),
        document("paths/b/index.md").front(|front| front.path = Some(spanned("data"))),
        document("paths/c.md").front(|front| front.path = Some(spanned("/c/"))),
        document("paths/d.md").front(|front| {
            front.kind = Some(spanned("guide"));
            front.path = Some(spanned("d"));
        }),
        document("authors/ann.md").front(|front| front.authors = vec![spanned("ann")]),
    ]);
    assert_eq!(outcome.codes(), [Code::DataUnknownId; 2], "the pathways, of which there are none");
    let site = outcome.site;
    let page = |path: &str| site.pages.iter().find(|page| page.document.path.ends_with(path)).unwrap();
    for (path, url, pathway) in [
        ("paths/a.md", "/paths/a/", Some("data")),
        ("paths/b/index.md", "/paths/b/", Some("data")),
        ("paths/c.md", "/c/", None),
        ("paths/d.md", "/d/", None),
    ] {
        let page = page(path);
        assert_eq!(page.url, url);
        assert_eq!(page.front.pathway.as_ref().map(|pathway| pathway.value.as_str()), pathway, "{path}");
    }
    let ann = &page("authors/ann.md").front;
    assert_eq!((ann.authors.len(), ann.person_id.as_ref().unwrap().value.as_str()), (0, "ann"));
}

#[test]
fn an_index_file_supplies_the_text_of_a_taxonomys_list() {
    let site = given()
        .assemble([
            document("guides/a.md").tags(&["Pay"]),
            document("tags/_index.md").title("By subject"),
            document("tags/note.md"),
            document("b.md").link("tags/_index.md"),
        ])
        .clean();
    assert_eq!(site.routes["tags/index.html"].cause, Cause::Taxonomy(0));
    let page = site.taxonomies[0].page.unwrap();
    assert_eq!(site.pages[page].document.title, "By subject");
    assert_eq!((site.pages[page].section, site.pages[page].own_section), (None, None));
    let note = site.pages.iter().find(|page| page.url == "/tags/note/").unwrap();
    assert_eq!(note.section, Some(0), "other pages of the folder are in the section above");
    assert_eq!(site.sitemap.iter().filter(|listed| **listed == Listed::Taxonomy(0)).count(), 1);
    assert!(!site.sitemap.contains(&Listed::Page(page)));
}

/// A site whose page `guides/nurse.md` holds the references under test.
fn refer(kind: ReferenceKind, target: &str) -> Outcome {
    let mut nurse = document("guides/nurse.md").ids(&["pay", "día"]).refers(kind, target);
    nurse.front.draft = false;
    given()
        .assets(&[
            "content/guides/team.png",
            "content/guides/x/own.png",
            "static/img/logo.svg",
            "static/cv.pdf",
        ])
        .assemble([
            nurse,
            document("guides/doctor.md")
                .ids(&["pay", "salary"])
                .front(|f| f.aliases = vec![spanned("/medic/")]),
            document("guides/x/index.md"),
            document("how-to/apply.md").tags(&["cv"]),
            document("how-to/über.md").front(|f| f.slug = Some(spanned("über"))),
        ])
}

#[test]
fn references_are_resolved() {
    let internal = |url: &str| Resolved::Internal(url.to_owned());
    let fragment = |text: &str| Resolved::Fragment(text.to_owned());
    for (target, resolved) in [
        ("doctor.md", internal("/guides/doctor/")),
        ("./doctor.md#pay", internal("/guides/doctor/#pay")),
        ("doctor.md?a=1#top", internal("/guides/doctor/?a=1#top")),
        ("../how-to/apply.md", internal("/how-to/apply/")),
        ("../how-to/%C3%BCber.md", internal("/how-to/%C3%BCber/")),
        ("../how-to/u\u{308}ber.md", internal("/how-to/%C3%BCber/")),
        ("@/guides/doctor.md#salary", internal("/guides/doctor/#salary")),
        ("@/guides/", internal("/guides/")),
        ("../how-to/", internal("/how-to/")),
        ("../how-to", internal("/how-to/")),
        ("..", internal("/")),
        ("x/index.md", internal("/guides/x/")),
        ("x", internal("/guides/x/")),
        ("/guides/doctor/", internal("/guides/doctor/")),
        ("/guides/doctor", internal("/guides/doctor/")),
        ("/guides/doctor/index.html#pay", internal("/guides/doctor/#pay")),
        ("/guides/doctor.md", internal("/guides/doctor/")),
        ("/content/guides/doctor.md", internal("/guides/doctor/")),
        ("/medic/", internal("/guides/doctor/")),
        ("../doctor/", internal("/guides/doctor/")),
        ("/", internal("/")),
        ("/tags/cv/", internal("/tags/cv/")),
        ("/atom.xml", internal("/atom.xml")),
        ("/cv.pdf#page=2", internal("/cv.pdf#page=2")),
        ("../../static/cv.pdf", internal("/cv.pdf")),
        ("team.png", internal("/guides/team.png")),
        ("#pay", fragment("#pay")),
        ("#d%C3%ADa", fragment("#d%C3%ADa")),
        ("#", fragment("#")),
        ("?print", fragment("?print")),
        ("doctor.md#:~:text=pay%20rise", internal("/guides/doctor/#:~:text=pay%20rise")),
    ] {
        let site = refer(ReferenceKind::Link, target).clean();
        assert_eq!(*site.page("guides/nurse.md").resolved, [resolved], "{target}");
    }
    for (target, resolved) in [
        ("https://example.org/x", Resolved::Outside),
        ("//example.org/x", Resolved::Outside),
        ("https://jobs.example.com.example.org/", Resolved::Outside),
    ] {
        let site = refer(ReferenceKind::Absolute, target).clean();
        assert_eq!(*site.page("guides/nurse.md").resolved, [resolved], "{target}");
    }
    for (target, url) in [
        ("team.png", "/guides/team.png"),
        ("x/own.png", "/guides/x/own.png"),
        ("/img/logo.svg", "/img/logo.svg"),
        ("@/guides/team.png", "/guides/team.png"),
        ("/img/logo.svg#icon", "/img/logo.svg#icon"),
    ] {
        let site = refer(ReferenceKind::Image, target).clean();
        assert_eq!(*site.page("guides/nurse.md").resolved, [internal(url)], "{target}");
    }
}

#[test]
fn broken_references_are_reported_with_a_near_name() {
    use ReferenceKind::{Image, Link};
    for (kind, target, code, help) in [
        (Link, "docter.md", Code::LinkBroken, Some("doctor.md")),
        (Link, "doctor", Code::LinkBroken, Some("doctor.md")),
        (Link, "apply.md", Code::LinkBroken, Some("../how-to/apply.md")),
        (Link, "../guide/doctor.md", Code::LinkBroken, Some("doctor.md")),
        (Link, "../../../../etc/passwd", Code::LinkBroken, None),
        (Link, "@/guides/docter.md", Code::LinkBroken, Some("@/guides/doctor.md")),
        (Link, "/guides/docter/", Code::LinkBroken, Some("/guides/doctor/")),
        (Link, "/help/apply/", Code::LinkBroken, Some("/how-to/apply/")),
        (Link, "zebra-keeping.md", Code::LinkBroken, None),
        (Link, "", Code::LinkBroken, None),
        (Link, "#pey", Code::AnchorBroken, Some("#pay")),
        (Link, "doctor.md#salery", Code::AnchorBroken, Some("doctor.md#salary")),
        (Link, "doctor.md#weather", Code::AnchorBroken, None),
        (Link, "team.jpg", Code::LinkBroken, Some("team.png")),
        (Image, "teem.png", Code::ImageMissing, Some("team.png")),
        (Image, "logo.svg", Code::ImageMissing, Some("../../static/img/logo.svg")),
        (Image, "doctor.md", Code::ImageMissing, None),
        (Image, "#pay", Code::ImageMissing, None),
    ] {
        let outcome = refer(kind, target);
        let [diagnostic] = &outcome.diagnostics[..] else { panic!("{target}: {:?}", outcome.problems()) };
        assert_eq!(
            (diagnostic.code, &*diagnostic.location.path),
            (code, "content/guides/nurse.md"),
            "{target}"
        );
        assert_eq!(diagnostic.location.span, Some(Span::new(0, 9)));
        assert_eq!(diagnostic.severity, Severity::Error);
        let suggestion = diagnostic.help.as_deref().and_then(|help| help.strip_prefix("did you mean `"));
        assert_eq!(suggestion.and_then(|help| help.strip_suffix("`?")), help, "{target}");
        assert_eq!(*outcome.site.page("guides/nurse.md").resolved, [Resolved::Broken(target.to_owned())]);
    }
}

#[test]
fn navigation_is_resolved_too() {
    let item = |title: &str, url: &str| NavItem { title: title.to_owned(), url: url.to_owned(), span: None };
    let outcome = given()
        .configured(|config| {
            config.nav = vec![
                item("Guide", "@/guides/x.md"),
                item("List", "/guides"),
                item("Out", "https://example.org/"),
                item("Gone", "@/guides/y.md"),
            ];
        })
        .assemble([document("guides/x.md")]);
    let urls: Vec<_> = outcome.site.nav.iter().map(|(_, url)| url.as_str()).collect();
    assert_eq!(urls, ["/guides/x/", "/guides/", "https://example.org/"]);
    assert_eq!(outcome.problems().len(), 1);
    assert!(
        outcome.problems()[0].starts_with("site.toml: link-broken: there is no page or file `@/guides/y.md`")
    );
}

#[test]
fn collisions_name_both_owners() {
    let slug = |slug: &'static str| move |front: &mut FrontMatter| front.slug = Some(spanned(slug));
    let alias = |alias: &'static str| move |front: &mut FrontMatter| front.aliases = vec![spanned(alias)];
    let with = |documents: Vec<Document>, assets: &[&str]| {
        let outcome = given().assets(assets).assemble(documents);
        let [collision] = &outcome.diagnostics[..] else { panic!("{:?}", outcome.problems()) };
        assert_eq!(collision.code, Code::RouteCollision);
        (collision.message.clone(), collision.location.path.to_string(), collision.related.len())
    };
    let (message, path, related) = with(vec![document("a.md").front(slug("b")), document("b.md")], &[]);
    assert_eq!(message, "`content/a.md` and `content/b.md` are both published at `/b/`");
    assert_eq!((path.as_str(), related), ("content/b.md", 1));

    for (documents, assets, owners) in [
        (
            vec![document("x.md").front(slug("B")), document("b.md")],
            vec![],
            ["`content/b.md`", "`content/x.md`"],
        ),
        (
            vec![document("a.md").front(slug("café")), document("b.md").front(alias("/CAFE\u{301}/"))],
            vec![],
            ["`content/a.md`", "an alias of `content/b.md`"],
        ),
        (
            vec![document("a.md").front(alias("/b")), document("b.md")],
            vec![],
            ["`content/b.md`", "an alias of"],
        ),
        (
            vec![document("a.md").front(slug("tags")).tags(&["x"])],
            vec![],
            ["`content/a.md`", "the list of all `tags`"],
        ),
        (
            vec![document("a.md").tags(&["x"]).front(|front| front.path = Some(spanned("/tags/x/")))],
            vec![],
            ["`content/a.md`", "the term `x` of `tags`"],
        ),
        (
            vec![document("a.md")],
            vec!["static/a/index.html"],
            ["`content/a.md`", "the file `static/a/index.html`"],
        ),
        (
            vec![document("a/b.md")],
            vec!["content/a/p.png", "static/a/p.png"],
            ["the file `content/a/p.png`", "the file `static/a/p.png`"],
        ),
        (vec![document("a.md")], vec!["static/atom.xml"], ["the site's feed", "the file `static/atom.xml`"]),
        (vec![document("a.md")], vec!["static/a"], ["`content/a.md`", "the file `static/a`"]),
        (
            vec![document("g/a.md").front(slug("page"))]
                .into_iter()
                .chain([document("g/index.md"), document("g/_index.md")])
                .collect(),
            vec![],
            ["`content/g/_index.md`", "`content/g/index.md`"],
        ),
    ] {
        let (message, ..) = with(documents, &assets);
        assert!(owners.iter().all(|owner| message.contains(owner)), "{message}");
    }
    let brought =
        ["static/404.html", "static/sitemap.xml", "static/favicon.ico", "themes/t/static/favicon.ico"];
    given().assets(&brought).assemble([document("a.md")]).clean();
}

#[test]
fn related_pages_share_rare_terms() {
    let documents = || {
        vec![
            document("a.md").tags(&["common", "rare"]).dated("2026-01-01"),
            document("b.md").tags(&["common"]).dated("2026-02-01"),
            document("c.md").tags(&["rare"]).dated("2025-01-01"),
            document("d.md").tags(&["common"]).dated("2026-03-01"),
            document("e.md").tags(&["common"]).dated("2026-03-01"),
            document("f.md").tags(&["other"]),
            document("german.md").tags(&["rare"]).front(|front| front.lang = Some("de".to_owned())),
            document("list/_index.md").tags(&["rare"]),
            document("own.md").tags(&["common"]).front(|front| {
                front.related = vec![spanned("f"), spanned("/c/"), spanned("@/a.md"), spanned("b.md")];
            }),
        ]
    };
    let site = given().assemble(documents()).clean();
    let related = |path: &str| site.sources(&site.page(path).related);
    assert_eq!(related("a.md"), ["c.md", "d.md", "e.md", "b.md", "own.md"]);
    assert_eq!(related("f.md"), Vec::<&str>::new());
    assert_eq!(related("own.md"), ["f.md", "c.md", "a.md", "b.md", "d.md"], "its own choice comes first");
    let again = given().assemble(documents()).clean();
    assert!(site.pages.iter().zip(&again.pages).all(|(one, other)| one.related == other.related));

    let unknown =
        given().assemble([document("a.md").front(|f| f.related = vec![spanned("bees")]), document("bee.md")]);
    assert_eq!(
        unknown.problems(),
        ["content/a.md: link-broken: no page is called `bees` (did you mean `bee`?)"]
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "a figure for whoever asks with `--nocapture`")]
fn ten_thousand_pages_are_linked() {
    let documents: Vec<_> = (0..10_000)
        .map(|n: usize| {
            let tag = |kind: &str, of: usize| format!("{kind} {}", n % of);
            let mut page = document(&format!("section-{}/page-{n}.md", n % 40))
                .tags(&[&tag("common", 3), &tag("topic", 17), &tag("skill", 211), &tag("rare", 2_003)])
                .title(&format!("Page {n}"))
                .dated(&format!("20{:02}-{:02}-{:02}", 10 + n % 16, 1 + n % 12, 1 + n % 28))
                .ids(&["pay", "skills"]);
            for step in 1..=10 {
                let other = (n + step * 40) % 10_000;
                page = page.link(&format!("page-{other}.md#pay"));
            }
            Arc::new(page)
        })
        .collect();
    let mut documents = documents;
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let given = given().configured(|config| config.taxonomies[0].paginate_by = 100);
    let run = || {
        let start = Instant::now();
        let outcome = given.assemble_all(&documents);
        (outcome, start.elapsed())
    };
    let (outcome, first) = run();
    let (again, second) = run();
    println!("10,000 pages linked in {first:?}, then in {second:?}");
    let site = outcome.clean();
    assert_eq!(site.pages.len(), 10_041);
    assert_eq!(site.sections.len(), 41);
    assert!(site.pages.iter().filter(|page| !page.generated).all(|page| page.related.len() == 5));
    assert_eq!(
        site.page("section-0/page-0.md").resolved[0],
        Resolved::Internal("/section-0/page-40/#pay".to_owned())
    );
    assert_eq!(site.routes, again.site.routes);
    assert!(site.pages.iter().zip(&again.site.pages).all(|(one, other)| one.related == other.related));
}

#[test]
fn a_thousand_broken_links_take_linear_time() {
    let documents = (0..1_000).map(|n| document(&format!("g/page-{n}.md")).link(&format!("no-{n}.md")));
    assert_eq!(given().assemble(documents).diagnostics.len(), 1_000);
}

fn facts(files: &[(&str, &str)]) -> Facts {
    let documents: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            Arc::new(crate::parse::data::parse(&format!("content/data/{name}").into(), text.as_bytes()))
        })
        .collect();
    let (facts, found) = Facts::link(&documents);
    assert_eq!(found, []);
    facts
}

const RECORDS: &[(&str, &str)] = &[
    ("authors.toml", "[ann]\nname = \"Ann\"\n[bo]\nname = \"Bo\"\n"),
    (
        "quizzes/tech.toml",
        "title = \"Tech?\"\n[[question]]\nid = \"q\"\ntext = \"Q?\"\n[[question.answer]]\ntext = \"A\"\npoints = { front = 1 }\n\
         [[question.answer]]\ntext = \"B\"\npoints = { back = 1 }\n[[outcome]]\nid = \"front\"\ntitle = \"Front!\"\n\
         [[outcome]]\nid = \"back\"\ntitle = \"Back!\"\n",
    ),
    (
        "roles.toml",
        "[nurse]\ntitle = \"Nurse\"\nsummary = \"Cares.\"\n[pilot]\ntitle = \"Pilot\"\n[baker]\ntitle = \"Baker\"\n[both]\ntitle = \"Both\"\ncovers = [\"nurse\", \"pilot\"]\n",
    ),
];

#[test]
fn records_without_a_file_have_pages_where_there_is_a_section_for_them() {
    let mut given = given();
    given.facts = facts(RECORDS);
    let documents = || {
        [
            document("roles/_index.md"),
            document("roles/airline-pilot.md").front(|front| front.role = Some(spanned("pilot"))),
            document("roles/baker.md").front(|front| front.draft = true),
            document("a.md").link("roles/nurse/"),
        ]
    };
    let site = given.assemble(documents()).site;
    let roles: Vec<(&str, bool)> = site
        .pages
        .iter()
        .filter(|page| page.kind == Kind::Role)
        .map(|page| (page.url.as_str(), page.generated))
        .collect();
    assert_eq!(roles, [("/roles/airline-pilot/", false), ("/roles/nurse/", true)]);
    let nurse = site.page("roles/nurse.md");
    assert_eq!(
        (nurse.document.title.as_str(), nurse.front.description.as_deref()),
        ("Nurse", Some("Cares."))
    );
    assert_eq!(site.routes["roles/nurse/index.html"].cause, Cause::Page(site.id("roles/nurse.md")));
    assert!(site.sections.iter().any(|section| section.pages.contains(&site.id("roles/nurse.md"))));
    assert!(!site.pages.iter().any(|page| page.kind == Kind::Author), "there is no section for them");
}

#[test]
fn each_result_of_a_quiz_has_a_page_that_no_list_holds() {
    let mut given = given();
    given.facts = facts(RECORDS);
    let site = given.assemble([document("quiz/tech.md"), document("authors/_index.md")]).clean();
    let result = site.page("quiz/tech/back.md");
    assert_eq!((result.url.as_str(), result.document.title.as_str()), ("/quiz/tech/back/", "Back!"));
    assert_eq!((result.template.as_deref(), result.kind), (Some("quiz-result.html"), Kind::Page));
    let id = site.id("quiz/tech/back.md");
    assert!(!site.sections.iter().any(|section| section.pages.contains(&id)));
    assert!(!site.sitemap.contains(&Listed::Page(id)));
    assert_eq!(
        site.pages[id].section,
        site.page("quiz/tech.md").section,
        "breadcrumbs lead to the quiz's section"
    );
    assert_eq!(site.page("authors/ann.md").kind, Kind::Author);
    let found = given.assemble([
        document("quiz/tech.md"),
        document("x.md").front(|front| front.path = Some(spanned("/quiz/tech/back/"))),
    ]);
    assert!(
        found.diagnostics.iter().any(|one| one.message.contains("a result of the quiz `tech`")),
        "{:?}",
        found.diagnostics
    );
}
