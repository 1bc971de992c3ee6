//! What each fuzz target does with its bytes, shared with `tests/fuzz_bodies.rs`, which runs the same
//! under proptest.
//!
//! A body takes any bytes and returns. It panics when a promise is broken: the program must not panic,
//! must answer the same twice, point at whole characters, print nothing that steers a terminal, let
//! nothing run in a page that a site does not trust, and keep the law of warm and cold builds.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a body that cannot go on has failed")]
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each user takes its own part")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use guidepost::assemble::url;
use guidepost::config::{self, HtmlPolicy, Markdown, SlugStyle};
use guidepost::diagnostic::Diagnostic;
use guidepost::diagnostic::report::{self, Format, Style};
use guidepost::fingerprint::Fingerprint;
use guidepost::memory::{FOLDER, Store};
use guidepost::parse::highlight::{Grammars, Highlighter};
use guidepost::parse::slug::slug;
use guidepost::parse::{self, Extensions, HoleKind, ReferenceKind, Settings, data, front_matter};
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use syntect::parsing::{ParseState, SyntaxSet};

#[path = "../tests/support/mod.rs"]
pub mod support;

/// The path module of the preview's server: nothing but the standard library and the decoder, so it
/// can stand here as it is.
#[path = "../src/serve/http/path.rs"]
mod path;

/// A target: its name and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target there is; `fuzz/targets` and `fuzz/seeds` have one file and one folder for each.
pub const TARGETS: [Target; 9] = [
    ("front_matter", front_matter),
    ("page", page),
    ("values", values),
    ("data", records),
    ("config", settings_file),
    ("highlight", highlight),
    ("store", store),
    ("paths", paths),
    ("edits", edits),
];

fn settings(html: HtmlPolicy) -> Settings {
    Settings {
        extensions: Extensions::All,
        markdown: Markdown { html, smart_punctuation: true, slugs: SlugStyle::Unicode },
        taxonomies: vec!["tags".to_owned()],
        ..Settings::commonmark()
    }
}

/// Problems point at whole characters, and showing them prints nothing that a terminal obeys.
fn check_problems(diagnostics: &[Diagnostic], text: &str) {
    for span in diagnostics.iter().filter_map(|found| found.location.span) {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(text.get(start..end).is_some(), "a span off its characters: {span:?}");
    }
    let file = |_: &str| Some(text.to_owned());
    for format in [Format::Human, Format::Short] {
        let shown = report::render(diagnostics, format, Style::Plain, &file);
        let steers =
            shown.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c));
        assert!(steers.is_none(), "{steers:?} is printed:\n{}", shown.escape_debug());
    }
    let json = report::render(diagnostics, Format::Json, Style::Plain, &file);
    serde_json::from_str::<serde_json::Value>(&json).expect("JSON that parses");
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Front matter in TOML, YAML or JSON, and what follows it.
pub fn front_matter(bytes: &[u8]) {
    let text = lossy(bytes);
    let path: Arc<str> = "content/a.md".into();
    let settings = settings(HtmlPolicy::Allow);
    let (front, start, found) = front_matter::read(&path, &text, &settings);
    assert!(text.is_char_boundary(start), "the text begins off a character");
    check_problems(&found, &text);
    let again = front_matter::read(&path, &text, &settings);
    assert_eq!((Fingerprint::of(&front), start, &found), (Fingerprint::of(&again.0), again.1, &again.2));
}

/// A whole page under each policy on raw HTML.
pub fn page(bytes: &[u8]) {
    let path: Arc<str> = "content/a.md".into();
    let highlighter = Highlighter::new(|_, _| Ok(parse::highlight::Reading::Runs(Vec::new())));
    for html in [HtmlPolicy::Allow, HtmlPolicy::Sanitise, HtmlPolicy::Forbid] {
        let settings = settings(html);
        let document = parse::parse(&path, bytes, &settings, &highlighter);
        let again = parse::parse(&path, bytes, &settings, &highlighter);
        assert_eq!(Fingerprint::of(&document), Fingerprint::of(&again), "not the same twice");
        // What is not UTF-8 is read as one `?` a byte, so places stay true.
        let (text, _) = parse::reading(&path, bytes, &settings);
        check_problems(&document.diagnostics, &text);
        let body = document.body.html();
        let (mut before, mut filled) = (0, String::new());
        for hole in &document.body.holes {
            let at = hole.at as usize;
            filled.push_str(body.get(before..at).expect("holes in order, between characters"));
            before = at;
            match hole.kind {
                HoleKind::Reference(index) => {
                    let reference = &document.references[index as usize];
                    if reference.kind != ReferenceKind::Absolute {
                        filled.push('#');
                    }
                }
                HoleKind::Call(_) => filled.push_str("<i></i>"),
                _ => {}
            }
        }
        filled.push_str(&body[before..]);
        if html != HtmlPolicy::Allow {
            let page = format!("<!DOCTYPE html><title>x</title><body>{filled}");
            let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
            assert_inert(&dom.document, &filled);
        }
    }
}

/// Nothing in a page can run.
fn assert_inert(top: &Handle, html: &str) {
    let mut nodes = vec![top.clone()];
    while let Some(node) = nodes.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let element = &*name.local;
            let runs =
                ["script", "style", "iframe", "object", "embed", "svg", "math", "base", "form", "link"];
            assert!(!runs.contains(&element), "<{element}> in\n{html}");
            for attribute in attrs.borrow().iter() {
                let value: String =
                    attribute.value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
                let value = value.to_ascii_lowercase();
                // Pictures may stand in an address; drawings, which may hold scripts, may not.
                let picture = element == "img"
                    && value.starts_with("data:image/")
                    && !value.starts_with("data:image/svg");
                let bad = attribute.name.local.starts_with("on")
                    || &*attribute.name.local == "style"
                    || ["javascript:", "vbscript:", "data:"].iter().any(|scheme| value.starts_with(scheme))
                        && matches!(&*attribute.name.local, "href" | "src" | "cite" | "action")
                        && !picture;
                assert!(!bad, "{}={value:?} in\n{html}", &*attribute.name.local);
            }
        }
        nodes.extend(node.children.borrow().iter().cloned());
    }
}

thread_local! {
    static CAREERS: RefCell<Option<support::Site>> = const { RefCell::new(None) };
    static STORED: RefCell<Option<Stored>> = const { RefCell::new(None) };
}

/// A page of a site with records: values, filters, directives, role links and citations, to the
/// rendered page.
pub fn values(bytes: &[u8]) {
    CAREERS.with_borrow_mut(|site| {
        let site = site.get_or_insert_with(|| support::Site::copy_of(&careers()));
        let text =
            format!("---\ntitle: T\npublished: 2026-01-01\nrole: web-developer\n---\n{}", lossy(bytes));
        site.write("content/guides/web.md", &text);
        let built = site.build_warm();
        let is_error = |message: &&str| message.starts_with("error[");
        for message in built.messages.split("\n\n").filter(is_error) {
            assert!(message.contains("--> content/guides/web.md:"), "{text}\n---\n{message}");
            assert!(!message.starts_with("error[template]"), "{text}\n---\n{message}");
        }
        let errors = built.messages.lines().filter(is_error).count();
        assert_eq!(built.published, errors == 0, "{text}\n---\n{}", built.messages);
    });
}

/// The site with records that tests share; this file's users lie at different depths.
fn careers() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bases = |top: &Path| top.join("tests/bases/careers");
    if bases(here).is_dir() { bases(here) } else { bases(&here.join("..")) }
}

/// The kinds of data files, in the order of the first byte.
const DATA: [&str; 16] = [
    "roles.toml",
    "salaries.csv",
    "salaries.toml",
    "outlook.yaml",
    "sources.toml",
    "authors.yaml",
    "courses.toml",
    "promos.toml",
    "glossary.yaml",
    "images.toml",
    "quizzes/fit.toml",
    "paths/web.yaml",
    "custom/x.json",
    "custom/x.csv",
    "custom/x.yaml",
    "roles.yml",
];

/// A data file: the first byte says which.
pub fn records(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let path: Arc<str> = format!("content/data/{}", DATA[usize::from(*kind) % DATA.len()]).into();
    let document = data::parse(&path, bytes);
    let again = data::parse(&path, bytes);
    assert_eq!(Fingerprint::of(&document), Fingerprint::of(&again), "not the same twice");
    let (text, _) = parse::reading(&path, bytes, &settings(HtmlPolicy::Allow));
    check_problems(&document.diagnostics, &text);
}

/// `site.toml`.
pub fn settings_file(bytes: &[u8]) {
    let text = lossy(bytes);
    let (config, found) = config::parse(&text, "site.toml");
    check_problems(&found, &text);
    let again = config::parse(&text, "site.toml");
    assert_eq!(found, again.1);
    let absolute = config.base_url.absolute("/a/");
    assert!(absolute.ends_with("/a/") && !absolute.contains(['\n', '"', '<', ' ']), "{absolute}");
}

/// Languages whose grammars always return.
const LANGUAGES: [&str; 12] =
    ["Rust", "Python", "JSON", "TOML", "YAML", "CSS", "SQL", "Go", "Java", "C", "Ruby", "Lua"];

/// Code: the first byte says in which language. Our reader must agree with syntect's, scope for scope.
pub fn highlight(bytes: &[u8]) {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    let Some((language, bytes)) = bytes.split_first() else { return };
    let code = lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let name = LANGUAGES[usize::from(*language) % LANGUAGES.len()];
    let grammars = GRAMMARS.get_or_init(Grammars::new);
    let Some(Ok(ours)) = grammars.changes(name, &code) else { return };
    let set = SET.get_or_init(two_face::syntax::extra_newlines);
    let Some(grammar) = set.find_syntax_by_name(name) else { return };
    let (sender, theirs) = mpsc::channel();
    // It may hang, and nothing can stop a thread: then it is left to itself.
    std::thread::spawn(move || {
        let mut state = ParseState::new(grammar);
        let changes: Option<Vec<_>> =
            code.split_inclusive('\n').map(|line| state.parse_line(line, set).ok()).collect();
        let _ = sender.send((code, changes));
    });
    let Ok((code, Some(theirs))) = theirs.recv_timeout(Duration::from_secs(10)) else { return };
    for ((line, ours), theirs) in code.split_inclusive('\n').zip(&ours).zip(&theirs) {
        assert_eq!(ours, theirs, "{name}: {line:?} in\n{code}");
    }
}

/// A store that a build left, to be spoilt again and again.
struct Stored {
    folder: tempfile::TempDir,
    files: Vec<(PathBuf, Vec<u8>)>,
}

const PROGRAM: &[u8] = b"the program of this store";
const SECTION: &[u8] = b"section";

impl Stored {
    fn new() -> Self {
        use guidepost::memory::{Saving, Stored as Text};
        let folder = tempfile::tempdir().unwrap();
        let texts: Vec<Text> = (0..6).map(|number| Text::new("text ".repeat(number * 40))).collect();
        let about = [b"a", b"b", b"c"].map(|name| Fingerprint::of_bytes(name));
        let records: Vec<_> = texts
            .iter()
            .zip(["a", "b", "c", "d", "e", "f"])
            .map(|(text, key)| (key, Saving::New { about, head: key.repeat(9).into_bytes(), text }))
            .collect();
        let store = Store::new(folder.path(), Fingerprint::of_bytes(PROGRAM));
        store.save(&[("one", SECTION)], &records).unwrap();
        let files = std::fs::read_dir(folder.path().join(FOLDER))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        Self { folder, files }
    }
}

/// A store whose files are changed in places, or whose index is any bytes that prove themselves.
pub fn store(bytes: &[u8]) {
    STORED.with_borrow_mut(|stored| {
        let stored = stored.get_or_insert_with(Stored::new);
        let store = Store::new(stored.folder.path(), Fingerprint::of_bytes(PROGRAM));
        for (path, whole) in &stored.files {
            std::fs::write(path, whole).unwrap();
        }
        let Some((how, rest)) = bytes.split_first() else { return };
        match how {
            0 => lie(stored, |_, _| (rest.to_vec(), Vec::new())),
            1 => lie(stored, |head, parts| (with_records(head, parts, rest), [rest, SECTION].concat())),
            _ => spoil(stored, rest),
        }
        let Ok(Some(opened)) = store.open() else { return };
        if let Ok(section) = opened.section("one") {
            assert!(section.is_empty() || section == SECTION);
        }
        let Ok((records, _)) = opened.records() else { return };
        for record in &records {
            let _ = record.head();
            // A text that is there is the one that was saved.
            if let Some(text) = record.text().text() {
                assert_eq!(Fingerprint::of_bytes(text.as_bytes()), record.text().fingerprint());
            }
        }
    });
}

/// An index that proves itself and says anything: what it says of itself, and its parts, made of the true ones.
fn lie(stored: &Stored, make: impl Fn(&[u8], &[u8]) -> (Vec<u8>, Vec<u8>)) {
    let (path, whole) = stored.files.iter().find(|(path, _)| path.ends_with("index")).unwrap();
    let program = Fingerprint::of_bytes(PROGRAM);
    let at = whole.windows(32).position(|window| window == program.as_bytes()).unwrap() + 32;
    let size = usize::try_from(u64::from_le_bytes(whole[at + 32..at + 40].try_into().unwrap())).unwrap();
    let (head, parts) = whole[at + 40..].split_at(size);
    let (head, parts) = make(head, parts);
    let (proof, size) = (Fingerprint::of_bytes(&head), (head.len() as u64).to_le_bytes());
    std::fs::write(path, [&whole[..at], proof.as_bytes(), &size, &head, &parts].concat()).unwrap();
}

/// What an index says of itself, with other records, which come first among its parts.
fn with_records(head: &[u8], parts: &[u8], records: &[u8]) -> Vec<u8> {
    let told = |records: &[u8]| {
        postcard::to_stdvec(&(records.len() as u64, Fingerprint::of_bytes(records))).unwrap()
    };
    let (then, now) = (told(&parts[..parts.len() - SECTION.len()]), told(records));
    let at = head.windows(then.len()).position(|window| window == then).unwrap();
    [&head[..at], &now, &head[at + then.len()..]].concat()
}

/// Four bytes each: a file, a place in it, what is there from now on.
fn spoil(stored: &Stored, changes: &[u8]) {
    for change in changes.chunks_exact(4) {
        let (path, _) = &stored.files[usize::from(change[0]) % stored.files.len()];
        let mut text = std::fs::read(path).unwrap();
        let at = usize::from(change[1]) << 8 | usize::from(change[2]);
        let place = at % text.len().max(1);
        match (change[3], text.get_mut(place)) {
            (0, _) => text.truncate(at % (text.len() + 1)),
            (1, _) => text.splice(place..place, [0xff; 9]).for_each(drop),
            (byte, Some(old)) => *old ^= byte,
            _ => {}
        }
        std::fs::write(path, text).unwrap();
    }
}

/// Addresses: of requests to the preview, of files, and the slugs of titles.
pub fn paths(bytes: &[u8]) {
    let text = lossy(bytes);
    if let Some(decoded) = path::decode(&text) {
        assert!(decoded.starts_with('/') && !decoded.contains(char::is_control) && !decoded.contains('\\'));
        assert!(decoded.split('/').all(|part| part != "." && part != ".."), "{decoded}");
        let found = path::find(&decoded[1..], |_| true);
        if let path::Found::Output(output) = found {
            assert!(!output.starts_with('/'), "{output}");
        }
    }
    let encoded = url::encode(&text);
    assert!(
        encoded.is_ascii() && !encoded.contains([' ', '"', '<', '>', '\\', '\n', '\'', '&']),
        "{encoded}"
    );
    assert_eq!(url::decode(&encoded), text, "an address that does not come back");
    let _ = url::decode(&text);
    for style in [SlugStyle::Ascii, SlugStyle::Unicode] {
        let made = slug(&text, style);
        assert!(!made.contains(['/', '\\', '.', '%', ':', '"', '<', '\0']), "{made:?}");
        assert!(!made.contains(|c: char| c.is_control() || c.is_whitespace()), "{made:?}");
        assert_eq!(slug(&made, style), made, "the slug of a slug");
    }
}

const PAGES: [&str; 6] = [
    "content/_index.md",
    "content/guides/_index.md",
    "content/guides/nurse.md",
    "content/guides/pilot.md",
    "content/new.md",
    "templates/page.html",
];

/// A theme as small as one can be that shows what pages tell each other: a build is over in no time.
const THEME: [(&str, &str); 7] = [
    ("theme.toml", "name = \"Small\"\n"),
    (
        "templates/base.html",
        "<!DOCTYPE html><title>{{ page.title }}</title><main>{% block main %}{{ content }}{% endblock %}</main>",
    ),
    ("templates/page.html", "{% extends \"base.html\" %}"),
    (
        "templates/section.html",
        "{% extends \"base.html\" %}{% block main %}{{ content }}{% for item in section.pages %}\
         <a href=\"{{ item.url }}\">{{ item.title }}</a>{% endfor %}{% endblock %}",
    ),
    ("templates/taxonomy.html", "{% extends \"base.html\" %}"),
    ("templates/term.html", "{% extends \"base.html\" %}"),
    ("templates/404.html", "{% extends \"base.html\" %}{% block main %}Nothing{% endblock %}"),
];

const TEXTS: [&str; 8] = [
    "---\ntitle: A\ntags: [x, y]\n---\n## One\n\n[two](/guides/pilot/)\n",
    "---\ntitle: B\ndraft: true\n---\nText.\n",
    "---\ntitle: C\npublished: 2026-01-02\naliases: [/old/]\n---\n::toc\n",
    "# D\n\n```rust\nfn main() {}\n```\n",
    "---\ntitle: [\n---\n",
    "{% extends \"base.html\" %}{% block main %}{{ page.title }}{% endblock %}",
    "{{ broken",
    "",
];

/// A series of edits, four bytes each; after every build, warm equals cold.
pub fn edits(bytes: &[u8]) {
    let mut site = support::Site::empty();
    site.write(
        "site.toml",
        "title = \"T\"\nbase_url = \"https://example.com/\"\ntheme = \"small\"\n[taxonomies.tags]\n",
    );
    for (path, text) in THEME {
        site.write(&format!("themes/small/{path}"), text);
    }
    site.write("content/guides/_index.md", TEXTS[0]);
    {
        for edit in bytes.chunks_exact(4).take(12) {
            let page = PAGES[usize::from(edit[1]) % PAGES.len()];
            let there = site.root().join(page).exists();
            match edit[0] % 6 {
                0 | 1 => site.write(page, TEXTS[usize::from(edit[2]) % TEXTS.len()]),
                2 if there => site.delete(page),
                3 if there => {
                    let mut text = std::fs::read(site.root().join(page)).unwrap();
                    let at = usize::from(edit[2]) % (text.len() + 1);
                    text.insert(at, edit[3]);
                    site.write_bytes(page, &text);
                }
                4 if there => site.touch(page),
                _ => {
                    let built = site.build_warm();
                    site.assert_law("after these edits", &built);
                }
            }
        }
        let built = site.build_warm();
        site.assert_law("at the end", &built);
    }
}
