//! The default theme over a small site made by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

mod components;

use super::*;
use crate::assemble::Chosen;
use crate::assemble::route::FeedOf;
use crate::assemble::{Front, Kind, Listed, Page, Resolved, Section, Series, State, TaxonomyIndex, Term};
use crate::config::BaseUrl;
use crate::config::theme::{self, Setting, ThemeOption};
use crate::diagnostic::Span;
use crate::parse::front_matter::{Date, Spanned, TocChoice};
use crate::parse::{Body, Document, FrontMatter, Heading, Hole, HoleKind, Text};
use crate::scan::Template;

/// The default theme's templates.
pub(super) fn templates() -> Vec<Template> {
    fn read(folder: &std::path::Path, prefix: &str, templates: &mut Vec<Template>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                read(&entry.path(), &format!("{name}/"), templates);
            } else {
                templates.push(template(&name, &std::fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    let mut templates = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/templates");
    read(std::path::Path::new(folder), "", &mut templates);
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    templates
}

pub(super) fn template(name: &str, text: &str) -> Template {
    Template {
        name: name.to_owned(),
        path: format!("themes/default/templates/{name}").into(),
        file: None,
        text: text.to_owned(),
        fingerprint: Fingerprint::of_bytes(text.as_bytes()),
    }
}

fn day(month: i8, day: i8) -> Date {
    Date { date: jiff::civil::date(2026, month, day), time: None }
}

fn spanned(text: &str) -> Spanned<String> {
    Spanned { value: text.to_owned(), span: Span::new(0, 1) }
}

/// A body from text in which `[[...]]` stands for holes: `[[s0]]` section, `[[a0]]` anchor,
/// `[[r0]]` reference, `[[toc]]`, `[[more]]`, `[[end]]`.
fn body(text: &str) -> Body {
    let mut body = Body::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        body.html.push_str(before);
        let (name, after) = after.split_once("]]").unwrap();
        let index = || name[1..].parse().unwrap();
        let kind = match name {
            "toc" => HoleKind::Toc,
            "more" => HoleKind::More,
            "end" => HoleKind::End,
            "block" => HoleKind::Block { words: 1 },
            name if name.starts_with("abbr") => HoleKind::AbbreviationOpen(0),
            name if name.starts_with("/abbr") => HoleKind::AbbreviationClose(0),
            name if name.starts_with('c') => HoleKind::Call(index()),
            name if name.starts_with('<') => HoleKind::Open(index()),
            name if name.starts_with('>') => HoleKind::Close(index()),
            name if name.starts_with('v') => HoleKind::Value(index()),
            name if name.starts_with('m') => HoleKind::Role(index()),
            name if name.starts_with('s') => HoleKind::Section(index()),
            name if name.starts_with('a') => HoleKind::Anchor(index()),
            _ => HoleKind::Reference(index()),
        };
        body.holes.push(Hole { at: u32::try_from(body.html.len()).unwrap(), kind });
        rest = after;
    }
    body.html.push_str(rest);
    body
}

fn heading(level: u8, id: &str, text: &str) -> Heading {
    Heading {
        level,
        id: id.to_owned(),
        old: Vec::new(),
        html: text.contains('&').then(|| text.replace('&', "&amp;")),
        text: text.to_owned(),
        toc_label: None,
        no_top: false,
        top_level: true,
        span: Span::new(9, 12),
    }
}

const NURSE: &str = "<p>Nurses &amp; \"care\".</p>\n[[more]]<p><a href=\"[[r0]]\">Pay</a> <a href=\"[[r1]]\">down</a></p>\n\
    [[s0]]<h2 id=\"what\">What &amp; why?[[a0]]</h2>\n<p>Text</p>\n<h3 id=\"deep\">Deep[[a1]]</h3>\n\
    [[s2]]<h2 id=\"pay\">Pay[[a2]]</h2>\n<pre tabindex=\"0\"><code>x</code></pre>\n\
    [[s3]]<h2 id=\"pay-2\">Pay[[a3]]</h2>\n<p>End</p>\n[[end]]<section class=\"footnotes\"><ol><li id=\"fn-1\">n</li></ol></section>\n";

fn document(
    path: &str,
    title: &str,
    front: FrontMatter,
    html: &str,
    headings: Vec<Heading>,
) -> Arc<Document> {
    Arc::new(Document {
        front,
        headings,
        words: 441,
        has_code: html.contains("<pre"),
        body: Text::new(body(html)),
        ..Document::unwritten(path, title)
    })
}

fn page(document: Arc<Document>, kind: Kind, url: &str, section: Option<usize>, own: Option<usize>) -> Page {
    Page {
        front: Front::Own(Arc::clone(&document)),
        document,
        kind,
        url: url.to_owned(),
        lang: "en-US".into(),
        template: None,
        generated: false,
        section,
        own_section: own,
        state: State::Published,
        terms: vec![Vec::new(), Vec::new()],
        previous: None,
        next: None,
        series: None,
        related: Vec::new(),
        resolved: Arc::default(),
        career: Arc::default(),
        promos: Vec::new(),
    }
}

impl Page {
    fn replace(&mut self, document: Document) {
        self.document = Arc::new(document);
        self.front = Front::Own(Arc::clone(&self.document));
    }
}

/// Home, one section, two guides that share a tag.
fn site() -> Site {
    let front = FrontMatter {
        dek: Some("Care & <skill>".to_owned()),
        description: Some("What nurses do \"all\" day".to_owned()),
        authors: vec![spanned("Ann O'Neil"), spanned("Bo & Co")],
        reviewers: vec![spanned("Cy")],
        published: Some(day(3, 1)),
        updated: Some(day(11, 20)),
        reviewed: Some(day(10, 2)),
        level: Some("beginner".to_owned()),
        ..FrontMatter::default()
    };
    let headings = vec![
        heading(2, "what", "What & why?"),
        heading(3, "deep", "Deep"),
        heading(2, "pay", "Pay"),
        heading(2, "pay-2", "Pay"),
    ];
    let nurse = document("content/guides/nurse.md", "Nurse + <care> & you?", front, NURSE, headings);
    let dated = FrontMatter { published: Some(day(5, 5)), ..FrontMatter::default() };
    let mut guide = page(nurse, Kind::Guide, "/guides/nurse/", Some(1), None);
    guide.resolved = Arc::new([
        Resolved::Internal("/guides/pilot/?a=1&b=2#pay".to_owned()),
        Resolved::Fragment("#pay".to_owned()),
    ]);
    guide.terms = vec![vec![0], Vec::new()];
    guide.next = Some(3);
    guide.related = vec![3];
    let pilot = document("content/guides/pilot.md", "Pilot", dated, "<p>Fly.</p>\n[[end]]", Vec::new());
    let mut pilot = page(pilot, Kind::Guide, "/guides/pilot/", Some(1), None);
    pilot.terms = vec![vec![0], Vec::new()];
    pilot.previous = Some(2);
    let plain = |path, title, html| document(path, title, FrontMatter::default(), html, Vec::new());
    let pages = vec![
        page(plain("content/_index.md", "Careers", "<p>Hello.</p>\n[[end]]"), Kind::Home, "/", None, Some(0)),
        page(plain("content/guides/_index.md", "Guides", ""), Kind::Section, "/guides/", Some(0), Some(1)),
        guide,
        pilot,
    ];
    let section = |page, parent, subsections, pages, paginate_by| Section {
        page,
        parent,
        subsections,
        pages,
        paginate_by,
        feed: false,
    };
    let term =
        Term { name: "Care & cure".to_owned(), url: "/tags/care-and-cure/".to_owned(), pages: vec![3, 2] };
    Site {
        cards: Arc::default(),
        pages: pages.into_iter().map(Arc::new).collect(),
        sections: [section(0, None, vec![1], vec![], 0), section(1, Some(0), vec![], vec![2, 3], 1)].into(),
        series: Arc::default(),
        taxonomies: Arc::new([
            TaxonomyIndex { url: "/tags/".to_owned(), page: None, terms: vec![term] },
            TaxonomyIndex { url: "/categories/".to_owned(), page: None, terms: Vec::new() },
        ]),
        routes: Arc::new(routes()),
        uses: Arc::default(),
        paid: Arc::default(),
        nav: vec![
            ("Guides".to_owned(), "/guides/#pay & more".to_owned()),
            ("Elsewhere".to_owned(), "//example.org/x".to_owned()),
        ],
        not_found: None,
        search: None,
        theme: nothing_chosen(),
        theme_files: [
            ("css/main.css", "/css/main.12ab.css"),
            ("css/syntax.css", "/css/syntax.34cd.css"),
            ("js/quiz.js", "/js/quiz.56ef.js"),
        ]
        .map(|(name, url)| (name.to_owned(), url.to_owned()))
        .into(),
        sitemap: Arc::new([
            Listed::Page(0),
            Listed::Page(1),
            Listed::Page(2),
            Listed::Page(3),
            Listed::Taxonomy(0),
            Listed::Term(0, 0),
        ]),
    }
}

/// The default theme's options, as they are when a site chooses nothing.
fn nothing_chosen() -> Vec<(String, Chosen)> {
    let (options, found) =
        theme::declared(include_str!("../../themes/default/theme.toml"), "themes/default/theme.toml");
    assert_eq!(found, []);
    let chosen = |option: ThemeOption| {
        let chosen = match option.default {
            Setting::Plain(value) => Chosen::Plain(value),
            Setting::Colour(palette) => Chosen::Colour(palette),
            _ => Chosen::Unset,
        };
        (option.name, chosen)
    };
    options.into_iter().map(chosen).collect()
}

fn routes() -> BTreeMap<String, Route> {
    [
        ("index.html", "/", Cause::Page(0)),
        ("guides/index.html", "/guides/", Cause::Page(1)),
        ("guides/page/2/index.html", "/guides/page/2/", Cause::SectionPage { section: 1, number: 2 }),
        ("guides/nurse/index.html", "/guides/nurse/", Cause::Page(2)),
        ("guides/pilot/index.html", "/guides/pilot/", Cause::Page(3)),
        ("nurse/index.html", "/nurse/", Cause::Alias(2)),
        ("tags/index.html", "/tags/", Cause::Taxonomy(0)),
        (
            "tags/care-and-cure/index.html",
            "/tags/care-and-cure/",
            Cause::Term { taxonomy: 0, term: 0, number: 1 },
        ),
        ("atom.xml", "/atom.xml", Cause::Feed(FeedKind::Atom, FeedOf::Site)),
        ("feed.json", "/feed.json", Cause::Feed(FeedKind::Json, FeedOf::Site)),
        ("guides/atom.xml", "/guides/atom.xml", Cause::Feed(FeedKind::Atom, FeedOf::Section(1))),
        ("sitemap.xml", "/sitemap.xml", Cause::Sitemap(0)),
        ("robots.txt", "/robots.txt", Cause::Robots),
        ("404.html", "/404.html", Cause::NotFound),
        ("css/main.12ab.css", "/css/main.12ab.css", Cause::Asset(0)),
        ("css/syntax.34cd.css", "/css/syntax.34cd.css", Cause::Styles),
    ]
    .into_iter()
    .map(|(path, url, cause)| (path.to_owned(), Route { url: url.to_owned(), cause }))
    .collect()
}

fn config() -> Config {
    let base = BaseUrl { origin: "https://example.com".to_owned(), path: "/careers/".to_owned() };
    Config { description: "Guides <to> work".to_owned(), ..Config::with_defaults("Work & Co", base) }
}

/// Renders every route.
fn build(
    config: &Config,
    site: &Site,
    templates: &[Template],
) -> (BTreeMap<String, (Fingerprint, String)>, Vec<Diagnostic>) {
    let (theme, mut diagnostics) = Theme::load(templates);
    let shared = Hashed::new(site_view(config, site));
    let press = Press::new(Arc::new(theme), Arc::new(shared), site);
    let cards = Cards::of(site);
    let context = Context::new(config, site, &press, &cards, ".s{color:red}");
    let mut outputs = BTreeMap::new();
    for (path, route) in &*site.routes {
        let Some(view) = view(&context, route) else { continue };
        let fingerprint = fingerprint(&context, &view);
        let rendered = render(&context, path, &view);
        diagnostics.extend(rendered.diagnostics);
        outputs.insert(path.clone(), (fingerprint, String::from_utf8(rendered.bytes).unwrap()));
    }
    (outputs, diagnostics)
}

fn output(path: &str) -> String {
    let (outputs, diagnostics) = build(&config(), &site(), &templates());
    assert_eq!(diagnostics, []);
    outputs[path].1.clone()
}

fn count_elements(node: &Handle, name: &str) -> usize {
    let own = matches!(&node.data, NodeData::Element { name: element, .. } if &*element.local == name);
    usize::from(own) + node.children.borrow().iter().map(|child| count_elements(child, name)).sum::<usize>()
}

#[test]
fn every_html_output_is_valid_with_one_h1() {
    let (outputs, diagnostics) = build(&config(), &site(), &templates());
    assert_eq!(diagnostics, []);
    assert_eq!(outputs.len(), site().routes.len() - 1, "assets are not rendered");
    for (path, (_, html)) in outputs.iter().filter(|(_, (_, text))| text.starts_with("<!DOCTYPE html>")) {
        let dom =
            html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html.as_str());
        assert!(dom.errors.borrow().is_empty(), "{path}: {:?}\n{html}", dom.errors.borrow());
        let expected = usize::from(!path.starts_with("nurse"));
        assert_eq!(count_elements(&dom.document, "h1"), expected, "{path}");
        assert_eq!(count_elements(&dom.document, "main"), expected, "{path}");
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path} repeats an id");
    }
}

#[test]
fn the_article_has_its_furniture() {
    let html = output("guides/nurse/index.html");
    let start = html.find("<div class=\"text").unwrap();
    let start = start + html[start..].find(">\n").unwrap() + ">\n".len();
    let article = &html[start..start + html[start..].find("<footer class=\"article-footer\">").unwrap()];
    insta::assert_snapshot!(article.trim_end(), @r##"
    <div class="intro">
    <p>Nurses &amp; "care".</p>
    <p><a href="/careers/guides/pilot/?a=1&amp;b=2#pay">Pay</a> <a href="#pay">down</a></p>
    </div>
    <nav class="toc" aria-labelledby="contents">
    <h2 id="contents">Table of Contents</h2>
    <ol>
    <li><a href="#what">What &amp; why?</a></li>
    <li><a href="#pay">Pay</a></li>
    <li><a href="#pay-2">Pay</a></li>
    </ol>
    </nav>
    <section>
    <h2 id="what">What &amp; why? <a class="anchor" href="#what" aria-label="Link to section: What &amp; why?">#</a></h2>
    <p>Text</p>
    <h3 id="deep">Deep <a class="anchor" href="#deep" aria-label="Link to section: Deep">#</a></h3>
    <p class="back-to-top"><a href="#contents">Back to top<span class="visually-hidden"> from What &amp; why?</span></a></p>
    </section>
    <section>
    <h2 id="pay">Pay <a class="anchor" href="#pay" aria-label="Link to section: Pay">#</a></h2>
    <pre tabindex="0"><code>x</code></pre>
    <p class="back-to-top"><a href="#contents">Back to top<span class="visually-hidden"> from Pay</span></a></p>
    </section>
    <section>
    <h2 id="pay-2">Pay <a class="anchor" href="#pay-2" aria-label="Link to section: Pay">#</a></h2>
    <p>End</p>
    <p class="back-to-top"><a href="#contents">Back to top<span class="visually-hidden"> from Pay (2)</span></a></p>
    </section>
    <section class="footnotes"><ol><li id="fn-1">n</li></ol></section>

    </div>
    "##);
}

#[test]
fn the_page_says_who_and_when() {
    let html = output("guides/nurse/index.html");
    for part in [
        "<title>Nurse + &lt;care&gt; &amp; you? | Work &amp; Co</title>",
        "<link rel=\"canonical\" href=\"https://example.com/careers/guides/nurse/\">",
        "<link rel=\"stylesheet\" href=\"/careers/css/main.12ab.css\">",
        "<p class=\"dek\">Care &amp; &lt;skill&gt;</p>",
        "<time datetime=\"2026-03-01\">March 1, 2026</time>",
        "Updated <time datetime=\"2026-11-20\">November 20, 2026</time>",
        "Bo &amp; Co</span></p>",
        "on <time datetime=\"2026-10-02\">October 2, 2026</time>",
        "<span>441 words, 3 min read</span>",
        "<a rel=\"tag\" href=\"/careers/tags/care-and-cure/\">Care &amp; cure</a>",
        "<a rel=\"next\" href=\"/careers/guides/pilot/\">",
        "<li><a href=\"/careers/\">Careers</a></li>\n<li><a href=\"/careers/guides/\">Guides</a></li>\n<li><span aria-current=\"page\">",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[test]
fn lists_are_cut_into_pages() {
    let (first, second) = (output("guides/index.html"), output("guides/page/2/index.html"));
    assert!(first.contains("Nurse +") && !first.contains(">Pilot<"));
    assert!(first.contains("<a rel=\"next\" href=\"/careers/guides/page/2/\">"));
    assert!(second.contains(">Pilot<") && second.contains("<title>Guides, page 2 | Work &amp; Co</title>"));
    assert!(second.contains("<link rel=\"canonical\" href=\"https://example.com/careers/guides/page/2/\">"));
    assert!(first.contains("title=\"Guides | Work &amp; Co\" href=\"/careers/guides/atom.xml\""));
}

#[test]
fn contents_and_links_to_the_top_follow_the_settings() {
    let nurse = |change: &dyn Fn(&mut Config, &mut FrontMatter, &mut Vec<Heading>)| {
        let (mut config, mut site) = (config(), site());
        let mut document = (*site.pages[2].document).clone();
        change(&mut config, &mut document.front, &mut document.headings);
        Arc::make_mut(&mut site.pages[2]).replace(document);
        let (outputs, _) = build(&config, &site, &templates());
        outputs["guides/nurse/index.html"].1.clone()
    };
    let without =
        nurse(&|_, front, _| front.toc = Some(TocChoice { enabled: Some(false), ..TocChoice::default() }));
    assert!(!without.contains("class=\"toc\"") && without.contains("<a href=\"#top\">Back to top"));
    let few = nurse(&|config, _, _| config.toc.min_headings = 4);
    assert!(!few.contains("class=\"toc\""));
    let wanted = nurse(&|config, front, _| {
        config.toc.min_headings = 4;
        front.toc =
            Some(TocChoice { enabled: Some(true), depth: Some(3), title: Some("In <short>".to_owned()) });
    });
    assert!(wanted.contains("<h2 id=\"contents\">In &lt;short&gt;</h2>"));
    assert!(wanted.contains(
        "<li><a href=\"#what\">What &amp; why?</a>\n<ol>\n<li><a href=\"#deep\">Deep</a></li>\n</ol>\n</li>"
    ));
    let labelled = nurse(&|_, _, headings| {
        headings[0].toc_label = Some("Why & <how>".to_owned());
        headings[2].no_top = true;
    });
    assert!(labelled.contains("<li><a href=\"#what\">Why &amp; &lt;how&gt;</a></li>"));
    assert_eq!(labelled.matches("class=\"back-to-top\"").count(), 2);
    assert!(labelled.contains("from Pay (2)<"), "numbers do not move when a link is left out");
    assert_eq!(nurse(&|config, _, _| config.back_to_top.min_sections = 4).matches("back-to-top").count(), 0);
    assert_eq!(nurse(&|_, front, _| front.back_to_top = Some(false)).matches("back-to-top").count(), 0);
}

#[test]
fn a_marker_wins_over_the_usual_place() {
    let mut site = site();
    let mut document = (*site.pages[2].document).clone();
    document.body = Text::new(body(&NURSE.replace("<p>Text</p>\n", "[[toc]]<p>Text</p>\n[[toc]]")));
    Arc::make_mut(&mut site.pages[2]).replace(document);
    let (outputs, _) = build(&config(), &site, &templates());
    let html = &outputs["guides/nurse/index.html"].1;
    assert_eq!(html.matches("class=\"toc\"").count(), 1);
    assert!(html.find("<section>").unwrap() < html.find("class=\"toc\"").unwrap());
}

#[test]
fn the_atom_feed_is_read_back() {
    let xml = output("atom.xml");
    let feed = atom_syndication::Feed::read_from(xml.as_bytes()).unwrap();
    assert_eq!(feed.title.as_str(), "Work & Co");
    assert_eq!(feed.id, "https://example.com/careers/atom.xml");
    assert_eq!(feed.updated.to_rfc3339(), "2026-11-20T00:00:00+00:00");
    let titles: Vec<&str> = feed.entries.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["Pilot", "Nurse + <care> & you?"], "newest first, without lists");
    let nurse = &feed.entries[1];
    assert_eq!(nurse.id, "https://example.com/careers/guides/nurse/");
    assert_eq!(nurse.authors[1].name, "Bo & Co");
    assert_eq!(nurse.categories[0].term, "Care & cure");
    let content = nurse.content.as_ref().unwrap().value.as_deref().unwrap();
    assert!(
        content.contains("<a href=\"https://example.com/careers/guides/pilot/?a=1&amp;b=2#pay\">"),
        "{content}"
    );
    assert!(content.contains("<a href=\"https://example.com/careers/guides/nurse/#pay\">"));
    assert!(content.contains("<h2 id=\"what\">What &amp; why?</h2>"), "no furniture in feeds");
}

#[test]
fn the_json_feed_is_read_back() {
    let feed: serde_json::Value = serde_json::from_str(&output("feed.json")).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["feed_url"], "https://example.com/careers/feed.json");
    assert_eq!(feed["items"][1]["date_modified"], "2026-11-20T00:00:00+00:00");
    assert_eq!(feed["items"][1]["tags"][0], "Care & cure");
    assert_eq!(feed["items"][0]["id"], "https://example.com/careers/guides/pilot/");
}

#[test]
fn sitemap_robots_and_aliases_lead_to_absolute_addresses() {
    insta::assert_snapshot!(output("sitemap.xml"), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://example.com/careers/</loc><lastmod>2026-11-20</lastmod></url>
    <url><loc>https://example.com/careers/guides/</loc><lastmod>2026-11-20</lastmod></url>
    <url><loc>https://example.com/careers/guides/nurse/</loc><lastmod>2026-11-20</lastmod></url>
    <url><loc>https://example.com/careers/guides/pilot/</loc><lastmod>2026-05-05</lastmod></url>
    <url><loc>https://example.com/careers/tags/</loc><lastmod>2026-11-20</lastmod></url>
    <url><loc>https://example.com/careers/tags/care-and-cure/</loc><lastmod>2026-11-20</lastmod></url>
    </urlset>
    "##);
    assert_eq!(
        output("robots.txt"),
        "User-agent: *\nAllow: /\n\nSitemap: https://example.com/careers/sitemap.xml\n"
    );
    let alias = output("nurse/index.html");
    assert!(alias.contains("<meta http-equiv=\"refresh\" content=\"0; url=/careers/guides/nurse/\">"));
    assert!(alias.contains("<link rel=\"canonical\" href=\"https://example.com/careers/guides/nurse/\">"));
}

#[test]
fn only_what_a_page_shows_changes_its_fingerprint() {
    let before = build(&config(), &site(), &templates()).0;
    let changed = |change: &dyn Fn(&mut Document)| {
        let mut site = site();
        let mut document = (*site.pages[3].document).clone();
        change(&mut document);
        Arc::make_mut(&mut site.pages[3]).replace(document);
        let after = build(&config(), &site, &templates()).0;
        let differs = |path: &&String| before[*path].0 != after[*path].0;
        before.keys().filter(differs).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        changed(&|document| document.body = Text::new(body("<p>Soar.</p>[[end]]"))),
        ["atom.xml", "feed.json", "guides/atom.xml", "guides/pilot/index.html"]
    );
    assert_eq!(changed(&|document| document.words = 9000), ["guides/pilot/index.html"]);
    let moved = |document: &mut Document| {
        document.front.template = Some(Spanned { value: "page.html".to_owned(), span: Span::new(5, 9) });
    };
    assert_eq!(changed(&moved), [] as [&str; 0]);
    assert!(changed(&|document| document.title.push('!')).contains(&"guides/nurse/index.html".to_owned()));

    let mut templates = templates();
    let terms = templates.iter_mut().find(|template| template.name == "partials/terms.html").unwrap();
    *terms = template("partials/terms.html", "<!-- none -->");
    let after = build(&config(), &site(), &templates).0;
    let differs: Vec<_> = before.keys().filter(|path| before[*path].0 != after[*path].0).collect();
    assert_eq!(differs, ["guides/nurse/index.html", "guides/pilot/index.html"]);
}

#[test]
fn a_missing_template_is_reported_where_it_is_asked_for() {
    let mut site = site();
    let mut document = (*site.pages[3].document).clone();
    document.front.template = Some(Spanned { value: "pgae.html".to_owned(), span: Span::new(5, 14) });
    Arc::make_mut(&mut site.pages[3]).replace(document);
    Arc::make_mut(&mut site.pages[3]).template = Some("pgae.html".to_owned());
    let mut templates = templates();
    templates.retain(|template| template.name != "404.html");
    let (_, diagnostics) = build(&config(), &site, &templates);
    let found: Vec<_> =
        diagnostics.iter().map(|found| (&*found.location.path, found.message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("themes/default/theme.toml", "theme `default` has no template `404.html`"),
            ("content/guides/pilot.md", "no template `pgae.html` in theme `default` or in `templates/`"),
        ]
    );
    assert_eq!(diagnostics[1].location.span, Some(Span::new(5, 14)));
    assert_eq!(diagnostics[1].help.as_deref(), Some("did you mean `page.html`?"));
}

#[test]
fn pages_may_supply_the_text_of_made_ones() {
    let mut site = site();
    for (path, title, url) in
        [("content/404.md", "Lost", "/404.html"), ("content/tags/_index.md", "By subject", "/tags/")]
    {
        let source = document(path, title, FrontMatter::default(), "<p>Own.</p>\n[[end]]", Vec::new());
        site.pages.push(Arc::new(page(source, Kind::Page, url, None, None)));
    }
    (site.not_found, Arc::make_mut(&mut site.taxonomies)[0].page) = (Some(4), Some(5));
    let (outputs, diagnostics) = build(&config(), &site, &templates());
    assert_eq!(diagnostics, []);
    let lost = &outputs["404.html"].1;
    assert!(lost.contains("<h1>Lost</h1>") && lost.contains("<p>Own.</p>"), "{lost}");
    assert!(lost.contains("<meta name=\"robots\" content=\"noindex\">"));
    let tags = &outputs["tags/index.html"].1;
    assert!(tags.contains("<h1>By subject</h1>") && tags.contains("<p>Own.</p>"), "{tags}");
    assert!(tags.contains("<li><a href=\"/careers/\">Careers</a></li>"));
    assert!(tags.contains("<a href=\"/careers/tags/care-and-cure/\">Care &amp; cure</a>"));
    assert!(!outputs["atom.xml"].1.contains("Lost"));
}

#[test]
fn the_navigation_is_below_the_base_path() {
    let html = output("404.html");
    assert!(html.contains("<a href=\"/careers/guides/#pay%20&amp;%20more\">Guides</a>"), "{html}");
    assert!(html.contains("<a href=\"//example.org/x\">Elsewhere</a>"));
}

#[test]
fn a_failing_template_names_the_page() {
    let mut templates = templates();
    let text = "{% extends \"base.html\" %}{% block main %}{{ page.titel }}{% endblock main %}";
    templates
        .iter_mut()
        .filter(|old| old.name == "guide.html")
        .for_each(|old| *old = template("guide.html", text));
    let (outputs, diagnostics) = build(&config(), &site(), &templates);
    let first = &diagnostics[0];
    assert_eq!(&*first.location.path, "themes/default/templates/guide.html");
    let span = first.location.span.unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "titel");
    assert_eq!(first.message, "field `titel` is not defined");
    assert_eq!(first.help.as_deref(), Some("did you mean `title`?"));
    assert_eq!(&*first.related[0].0.path, "content/guides/nurse.md");
    assert_eq!(diagnostics.len(), 2, "other pages are rendered all the same");
    assert!(!outputs["index.html"].1.is_empty());
}

#[test]
fn a_long_series_shows_the_parts_around_the_page() {
    let config = config();
    let theme = Arc::new(Theme::load(&[]).0);
    let shown = |place: usize, count: usize| {
        let mut site = site();
        site.series = Arc::new([Series { title: "Start here".to_owned(), pages: vec![3; count] }]);
        Arc::make_mut(&mut site.pages[2]).series = Some((0, place));
        let shared = Hashed::new(site_view(&config, &site));
        let press = Press::new(Arc::clone(&theme), Arc::new(shared), &site);
        let cards = Cards::of(&site);
        let context = Context::new(&config, &site, &press, &cards, "");
        let series = view::html_page(&context, 2, None).unwrap().page.series.unwrap();
        let own = series.pages.iter().position(|part| part.url.is_none()).unwrap();
        assert_eq!(own + series.start, series.position, "{place} of {count}");
        assert_eq!((series.position, series.count), (place + 1, count));
        assert_eq!((series.previous.is_some(), series.next.is_some()), (place > 0, place + 1 < count));
        (series.start, series.pages.len())
    };
    assert_eq!(shown(0, 1), (1, 1));
    assert_eq!(shown(49, 50), (1, 50));
    assert_eq!(shown(0, 120), (1, 50));
    assert_eq!(shown(60, 120), (36, 50));
    assert_eq!(shown(119, 120), (71, 50));
}
