//! Bodies that want to run something in a reader's browser, under each policy on raw HTML: what is
//! published has no elements, attributes or addresses that run, in pages and in feeds.

use std::fs;

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::{HEAD, SETTINGS, run, site, tally};

/// Raw HTML that runs, loads, steers or covers something.
const RAW: [&str; 24] = [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<img src='x' OnErRoR = alert(1) //>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><script href='data:,alert(1)'/></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src='javascript:alert(1)' srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object><embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "<a href='java&#x0A;script:alert(1)'>x</a><a href='&#106;avascript&colon;alert(1)'>y</a>",
    "<a href='\u{1}javascript:alert(1)'>x</a><a href='vbscript:x'>y</a><a href='data:text/html,x'>z</a>",
    "<base href='https://evil.example/'><link rel=stylesheet href='//evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'https://evil.example/x.css'; * { background: url(javascript:alert(1)) }</style>",
    "<p style='background:url(javascript:alert(1));position:fixed;inset:0'>x</p>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video autoplay onplay=alert(1)><source onerror=alert(1)></video>",
    "<template><script>alert(1)</script></template><noscript><p title='</noscript><script>alert(1)</script>'>",
    "<textarea></textarea><script>alert(1)</script><title></title><plaintext>",
    "<!--><script>alert(1)</script>--><!-- x --!><script>alert(1)</script>",
    "<table><td background='javascript:alert(1)'><script>alert(1)</script></table>",
    "<div\n>\n\n<b onclick\n=alert(1)>\n\n</div><a/href=javascript:alert(1)>x",
    "<x onfocus=alert(1) tabindex=0 autofocus><isindex action=javascript:alert(1)>",
];

/// Markdown that leads where no text may lead, whatever is allowed.
const MARKDOWN: [&str; 14] = [
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](java&NewLine;script&colon;alert(1))",
    "[x]( JaVaScRiPt:alert(1) 'title\" onclick=alert(1)')",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x\" onerror=alert(1) \"](https://example.org/x.png '\"><script>alert(1)</script>')",
    "[x](vbscript:x) [y](data:text/html,x) [z](file:///etc/passwd)",
    "# Heading {#x\" onclick=\"alert(1)}\n\n## Two {onclick=alert(1) .\"><script>}",
    "```html\"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```",
    "| a |\n|---|\n| `</td><script>alert(1)</script>` |\n\nNote[^1].\n\n[^1]: [x](javascript:alert(1))",
];

/// What in a document runs or leads astray. The theme's own scripts have no words of ours in them.
fn dangers(html: &str) -> Vec<String> {
    let document = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut found = Vec::new();
    look(&document.document, &mut found);
    found
}

fn look(node: &Handle, found: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, template_contents, .. } = &node.data {
        let element = &*name.local;
        let text: String = node
            .children
            .borrow()
            .iter()
            .filter_map(|child| match &child.data {
                NodeData::Text { contents } => Some(contents.borrow().to_string()),
                _ => None,
            })
            .collect();
        if matches!(element, "script" | "style") && (text.contains("alert(1)") || text.contains("evil")) {
            // Data in a page is text: what ends a script has been taken out of it.
            let is_data = attrs.borrow().iter().any(|attribute| attribute.value.contains("json"));
            if !is_data {
                found.push(format!("<{element}>{text}"));
            }
        }
        if matches!(element, "iframe" | "object" | "embed" | "base" | "isindex" | "plaintext" | "animate") {
            found.push(format!("<{element}>"));
        }
        for attribute in attrs.borrow().iter() {
            let key = &*attribute.name.local;
            let value: String =
                attribute.value.chars().filter(|c| *c > ' ').collect::<String>().to_ascii_lowercase();
            let leads = ["javascript:", "vbscript:", "data:text", "data:image/svg", "file:"]
                .iter()
                .any(|scheme| value.starts_with(scheme));
            let holds_address = matches!(
                key,
                "href"
                    | "src"
                    | "action"
                    | "formaction"
                    | "data"
                    | "poster"
                    | "background"
                    | "srcset"
                    | "cite"
            );
            let runs =
                key.starts_with("on") || key == "srcdoc" || value.contains("alert(1)") && key == "style";
            let refreshes = key == "http-equiv" && value == "refresh";
            // Redirects of our own are pages without a body of anybody's.
            if runs || refreshes || leads && holds_address || value.contains("evil.example") {
                found.push(format!("<{element} {key}={value:?}>"));
            }
        }
        if let Some(contents) = &*template_contents.borrow() {
            look(contents, found);
        }
    }
    node.children.borrow().iter().for_each(|child| look(child, found));
}

/// Everything that a site of one page publishes and that holds HTML; nothing when the page was refused.
fn published(policy: &str, body: &str) -> Option<Vec<(String, String)>> {
    let page = HEAD.replace("title: T\n", "title: T\npublished: 2026-01-02\n") + body + "\n";
    let settings = format!("{SETTINGS}[markdown]\nhtml = \"{policy}\"\n[feeds]\njson = true\n");
    let site = site(&[
        ("site.toml", settings.into_bytes()),
        ("content/a.md", page.into_bytes()),
        ("content/_index.md", HEAD.into()),
    ]);
    let (code, said) = run(site.path(), "build");
    if code != 0 {
        assert!(said.contains("--> content/a.md:4:") || said.contains("--> content/a.md:"), "{body}: {said}");
        assert!(said.contains("help: "), "{body}: {said}");
        return None;
    }
    let read = |path: &str| fs::read_to_string(site.path().join("public").join(path)).unwrap();
    let mut all: Vec<_> =
        ["a/index.html", "index.html"].map(|path| (path.to_owned(), read(path))).into_iter().collect();
    // The HTML that readers of feeds show.
    let feed: serde_json::Value = serde_json::from_str(&read("feed.json")).unwrap();
    for item in feed["items"].as_array().unwrap() {
        for key in ["content_html", "summary", "title"] {
            all.push((format!("feed.json {key}"), item[key].as_str().unwrap_or_default().to_owned()));
        }
    }
    let mut reader = quick_xml::Reader::from_str(Box::leak(read("atom.xml").into_boxed_str()));
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Text(part) => text.push_str(&part.decode().unwrap()),
            quick_xml::events::Event::GeneralRef(name) => match &*name.decode().unwrap() {
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "amp" => text.push('&'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                other => text.push_str(other),
            },
            quick_xml::events::Event::CData(part) => text.push_str(&part.decode().unwrap()),
            _ => {}
        }
    }
    all.push(("atom.xml".to_owned(), text));
    Some(all)
}

#[test]
fn bodies_of_writers_who_are_not_trusted_run_nothing() {
    let (mut tried, mut shown) = (0, 0);
    for (policy, body) in ["sanitise", "forbid"]
        .iter()
        .flat_map(|policy| RAW.iter().chain(&MARKDOWN).map(move |body| (*policy, *body)))
        .chain(MARKDOWN.iter().map(|body| ("allow", *body)))
    {
        tried += 1;
        let Some(all) = published(policy, body) else { continue };
        shown += 1;
        for (path, html) in all {
            let found = dangers(&html);
            assert!(found.is_empty(), "{policy}: {body:?} in {path}: {found:?}\n{html}");
        }
    }
    assert!(shown > 20, "{shown} of {tried} were published");
    tally::note("bodies", "inputs", tried);
}

/// The judge sees what is there: with `allow`, raw HTML of trusted writers is as they wrote it.
#[test]
fn bodies_of_trusted_writers_would_run() {
    let mut seen = 0;
    for body in RAW {
        let direct = format!("<!DOCTYPE html><body>{body}");
        seen += usize::from(!dangers(&direct).is_empty());
    }
    assert!(seen > RAW.len() - 4, "{seen} of {} dangers are seen", RAW.len());
}

/// Values of front matter in templates of every kind that makes markup.
#[test]
fn values_in_templates_of_any_name_are_escaped() {
    let title = "<script>alert(1)</script>\"' onclick=alert(1) '";
    let front = format!("---\ntitle: {}\n---\n", serde_json::to_string(title).unwrap());
    let names = ["part.html", "part.svg", "part.xml", "part.json", "part.md", "deep/a.b.html"];
    let mut files = vec![("content/a.md".to_owned(), front.clone().into_bytes())];
    let mut page = "<!DOCTYPE html><title>{{ page.title }}</title>".to_owned();
    for name in names {
        page.extend(["{% include \"", name, "\" %}"]);
        let part = "<p title=\"{{ page.title }}\" class='{{ page.title }}'>{{ page.title }}</p>";
        files.push((format!("templates/{name}"), part.into()));
    }
    // Whatever a page is made with.
    for (number, name) in names.iter().enumerate() {
        let front = front.replace("---\ntitle", &format!("---\ntemplate: {name}\ntitle"));
        files.push((format!("content/own-{number}.md"), front.into_bytes()));
    }
    page += "<script type=\"application/json\">{{ page.title | json }}</script>";
    files.push(("templates/page.html".to_owned(), page.into_bytes()));
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let site = site(&files);
    let (code, said) = run(site.path(), "build");
    assert_eq!(code, 0, "{said}");
    let html = fs::read_to_string(site.path().join("public/a/index.html")).unwrap();
    assert_eq!(html.matches("<p title=").count(), names.len(), "{html}");
    let found = dangers(&html);
    assert!(found.is_empty(), "{found:?}\n{html}");
    assert!(!html.contains("<script>alert"), "{html}");
    for (number, name) in names.iter().enumerate() {
        let html = fs::read_to_string(site.path().join(format!("public/own-{number}/index.html"))).unwrap();
        assert!(html.starts_with("<p title=") && !html.contains("<script>alert"), "{name}: {html}");
        assert!(dangers(&html).is_empty(), "{name}: {html}");
    }
    // By any other name nobody would know what to escape.
    for name in ["part", "part.inc", "part.HTML", "part.php"] {
        fs::write(site.path().join("templates").join(name), "{{ page.title }}").unwrap();
        let (code, said) = run(site.path(), "build");
        let is_told =
            said.contains(&format!("this is not a template, and is left out\n--> templates/{name}\n"));
        assert!(code == 0 && is_told, "{name}: {said}");
    }
}
