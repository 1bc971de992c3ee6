//! Every text in settings, front matter and records is what somebody else wrote: whatever it holds, what is
//! published has the same elements, attributes, entries and rules as with plain words.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{NodeData, RcDom};
use quick_xml::events::Event;

use super::{run, tally};

/// What comes in place of `@@` in every field.
const PAYLOADS: [&str; 14] = [
    "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "</script><script>alert(1)</script>",
    "</title></style></textarea><img src=x onerror=alert(1)>",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "<!-- --><!--",
    "<svg/onload=alert(1)>",
    "&lt;script&gt; &#60;b&#62; &amp;amp;",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "javascript:alert(1)",
    "\u{2028}\u{2029}\\u003c/script\\u003e",
    "<?php echo 1 ?> <%= 1 %> ${7*7} `id`",
    "*/ /* --> ; } @import 'x'",
];

/// Keys of records whose values are texts.
const KEYS: [&str; 12] = [
    "title",
    "plural",
    "name",
    "bio",
    "text",
    "term",
    "long",
    "alt",
    "publisher",
    "label",
    "summary",
    "description",
];

/// A text as TOML, YAML and JSON all write it.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// The careers site, with a text behind every text in it.
fn with(payload: &str, root: &Path) {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bases/careers");
    for entry in walkdir::WalkDir::new(&base).into_iter().map(Result::unwrap) {
        let to = root.join(entry.path().strip_prefix(&base).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).unwrap();
            continue;
        }
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        let kind = entry.path().extension().unwrap().to_str().unwrap();
        let lines = text.lines().map(|line| match kind {
            "toml" => in_toml(line, payload),
            "md" => in_yaml(line, payload),
            _ => line.to_owned(),
        });
        fs::write(to, lines.map(|line| line + "\n").collect::<String>()).unwrap();
    }
    let settings = fs::read_to_string(root.join("site.toml")).unwrap().replace("json = false", "json = true");
    let description = format!("description = {}\n", quoted(&format!("A site. {payload}")));
    fs::write(root.join("site.toml"), description + &settings).unwrap();
}

fn in_toml(line: &str, payload: &str) -> String {
    let mut line = line.to_owned();
    for key in KEYS {
        let begin = format!("{key} = \"");
        if let Some(at) = line.find(&begin).filter(|at| *at == 0 || line[..*at].ends_with(['{', ' '])) {
            let from = at + begin.len();
            let to = from + line[from..].find('"').unwrap();
            let text = quoted(&format!("{} {payload}", &line[from..to]));
            line.replace_range(from - 1..=to, &text);
        }
    }
    line
}

fn in_yaml(line: &str, payload: &str) -> String {
    match line.split_once(": ") {
        Some((key @ ("title" | "description"), value)) => {
            format!("{key}: {}", quoted(&format!("{value} {payload}")))
        }
        _ => line.to_owned(),
    }
}

/// What a published file is made of, but for its words.
fn shape(path: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    match path.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => elements(path, &text),
        "xml" | "xsl" | "svg" => {
            let mut reader = quick_xml::Reader::from_str(&text);
            let mut found = Vec::new();
            loop {
                match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}")) {
                    Event::Eof => return found,
                    Event::Start(element) | Event::Empty(element) => {
                        let keys =
                            element.attributes().map(|attribute| attribute.unwrap().key.as_ref().to_vec());
                        let keys: Vec<_> = keys.map(|key| String::from_utf8(key).unwrap()).collect();
                        found.push(format!("{:?} {keys:?}", element.name()));
                    }
                    _ => {}
                }
            }
        }
        "json" => {
            let value: serde_json::Value =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            keys(&value)
        }
        // Rules for hosts and lists for machines: a line is an entry.
        "css" | "js" => vec![text.into_owned()],
        _ => vec![text.lines().count().to_string()],
    }
}

fn elements(path: &str, text: &str) -> Vec<String> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(text);
    let (mut nodes, mut found) = (vec![dom.document.clone()], Vec::new());
    while let Some(node) = nodes.pop() {
        let children = node.children.borrow();
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let names: Vec<String> =
                    attrs.borrow().iter().map(|attribute| attribute.name.local.to_string()).collect();
                // Lines of a drawing's label: longer words take more of them.
                if &*name.local != "tspan" {
                    found.push(format!("<{}> {names:?}", name.local));
                }
                if &*name.local == "script" {
                    let script = children.iter().filter_map(|child| match &child.data {
                        NodeData::Text { contents } => Some(contents.borrow().to_string()),
                        _ => None,
                    });
                    let script: String = script.collect();
                    let is_data = attrs.borrow().iter().any(|attribute| attribute.value.contains("json"));
                    if is_data {
                        let value = serde_json::from_str(&script)
                            .unwrap_or_else(|error| panic!("{path}: {error}: {script}"));
                        found.extend(keys(&value));
                    } else {
                        found.push(script);
                    }
                }
                for attribute in attrs.borrow().iter() {
                    let runs = attribute.value.trim_start().to_ascii_lowercase().starts_with("javascript:");
                    assert!(
                        !runs || !matches!(&*attribute.name.local, "href" | "src" | "action"),
                        "{path}: {attribute:?}"
                    );
                }
            }
            NodeData::Comment { .. } => found.push("a comment".to_owned()),
            _ => {}
        }
        nodes.extend(children.iter().rev().cloned());
    }
    found
}

fn keys(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(map) => {
            map.iter().flat_map(|(key, value)| [vec![key.clone()], keys(value)].concat()).collect()
        }
        serde_json::Value::Array(list) => list.iter().flat_map(keys).collect(),
        _ => vec!["a value".to_owned()],
    }
}

/// Every file that a site with this text publishes, and what it is made of.
fn shapes(payload: &str) -> (BTreeMap<String, Vec<String>>, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    with(payload, &root);
    let (code, said) = run(&root, "build");
    assert_eq!(code, 0, "{payload}: {said}");
    let output = root.join("public");
    let files = walkdir::WalkDir::new(&output)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file());
    let mut all = BTreeMap::new();
    for file in files {
        let path = file.path().strip_prefix(&output).unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(file.path()).unwrap();
        // The names of search's parts are made of their content.
        if !path.starts_with("pagefind/") && path != ".guidepost-files" {
            all.insert(path.clone(), shape(&path, &bytes));
        }
    }
    let page = fs::read_to_string(output.join("guides/web/index.html")).unwrap();
    (all, page)
}

#[test]
fn texts_stay_texts_wherever_they_are_shown() {
    let (plain, page) = shapes("plain words");
    assert!(plain.len() > 15 && page.matches("plain words").count() > 10, "{} files: {page}", plain.len());
    for payload in PAYLOADS {
        let (found, page) = shapes(payload);
        let names = |shapes: &BTreeMap<String, Vec<String>>| shapes.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&plain), "{payload}");
        for (path, shape) in &found {
            let differs = shape.iter().zip(&plain[path]).find(|(found, plain)| found != plain);
            assert!(
                differs.is_none() && shape.len() == plain[path].len(),
                "{payload} in {path}: {differs:?}"
            );
        }
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
        let mut nodes = vec![dom.document.clone()];
        let mut words = String::new();
        while let Some(node) = nodes.pop() {
            if let NodeData::Text { contents } = &node.data {
                words.push_str(&contents.borrow());
            }
            nodes.extend(node.children.borrow().iter().rev().cloned());
        }
        assert!(words.contains(&format!("Web work {payload}")), "{payload} is not shown as it was written");
    }
    tally::note("fields", "inputs", PAYLOADS.len());
}
