//! The law: what is served, less what the preview adds, is what a build from nothing writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use guidepost::engine::{self, Memory, Sink};
use guidepost::fingerprint::Fingerprint;
use guidepost::parse::highlight::Highlighter;
use guidepost::scan::{self, Asset, AssetContent, Visibility};

use crate::preview::{DEADLINE, Folder, Preview, without_script};

/// Edits made in all; after each group of them the whole site is compared.
const EDITS: usize = 500;
const GROUP: usize = 4;
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

/// Outputs by path.
#[derive(Default)]
struct Collected(Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink for Collected {
    fn holds(&self, _: &str, _: Fingerprint) -> bool {
        false
    }
    fn put(&self, path: &str, bytes: &[u8], _: Fingerprint) {
        self.0.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
    }
    fn keep(&self, _: &str, _: Fingerprint, _: u64) {}
    fn copy(&self, path: &str, asset: &Asset) {
        let bytes = match &asset.content {
            AssetContent::File(file) => fs::read(file).unwrap(),
            AssetContent::Embedded(bytes) => bytes.to_vec(),
        };
        self.0.lock().unwrap().insert(path.to_owned(), bytes);
    }
}

/// What a build from nothing writes; `None` when it would publish nothing.
fn clean(root: &Path, base_url: &str, highlighter: &Highlighter) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut memory = Memory::default();
    let request = scan::Request {
        root,
        base_url: Some(base_url),
        origin: None,
        today: Some(TODAY),
        now: SystemTime::now(),
        source_date_epoch: None,
        visibility: Visibility { drafts: true, future: true, expired: true },
        suspects: &BTreeSet::new(),
        output: Path::new("public"),
    };
    let inputs = scan::scan(&request, &memory.stamps, &|_, _| false).unwrap();
    let sink = Collected::default();
    let outcome = engine::build(inputs, highlighter, &mut memory, &sink);
    (!outcome.has_errors()).then(|| sink.0.into_inner().unwrap())
}

/// The same, which holds whatever it is asked for.
#[derive(Default)]
struct Holding(Collected);

impl Sink for Holding {
    fn holds(&self, _: &str, _: Fingerprint) -> bool {
        true
    }
    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        self.0.put(path, bytes, digest);
    }
    fn keep(&self, _: &str, _: Fingerprint, _: u64) {}
    fn copy(&self, path: &str, asset: &Asset) {
        self.0.copy(path, asset);
    }
}

/// What a preview does between a save and the link that follows: a page is asked for, and the plan is still the
/// one of before, though memory has read the new text.
#[test]
fn a_plan_that_is_rendered_late_proves_nothing_of_a_newer_text() {
    let folder = Folder::new();
    let (root, highlighter) = (folder.path(""), Highlighter::in_process());
    let inputs = || {
        let request = scan::Request {
            root: &root,
            base_url: None,
            origin: None,
            today: Some(TODAY),
            now: SystemTime::now(),
            source_date_epoch: None,
            visibility: Visibility::default(),
            suspects: &BTreeSet::new(),
            output: Path::new("public"),
        };
        scan::scan(&request, &scan::Stamps::default(), &|_, _| false).unwrap()
    };
    let (mut memory, sink) = (Memory::default(), Holding::default());
    let first = engine::plan(inputs(), &highlighter, &mut memory);
    folder.write("content/_index.md", "---\ntitle: Home\n---\nWelcome again.\n");
    let files = engine::parse(inputs(), &highlighter, &mut memory);
    engine::render(&first, &["index.html"], &mut memory, &sink);
    let second = engine::link(files, &highlighter, &mut memory);
    engine::render(&second, &["index.html"], &mut memory, &sink);
    let pages = sink.0.0.into_inner().unwrap();
    assert!(String::from_utf8_lossy(&pages["index.html"]).contains("Welcome again."));
}

/// A fixed series of numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const PAGES: &[&str] = &[
    "content/_index.md",
    "content/guides/_index.md",
    "content/guides/nurse.md",
    "content/guides/welder.md",
    "content/guides/teacher.md",
    "content/how-to/cv.md",
    "content/how-to/letter/index.md",
    "content/new/deep/page.md",
];
const TITLES: &[&str] = &["Nurse", "Welder", "A longer title", "Größe", "\"Quotes & <marks>\""];
const LINES: &[&str] = &[
    "tags: [care, metal]",
    "tags: [care]",
    "draft: true",
    "published: 2027-01-01",
    "expires: 2026-01-01",
    "weight: 3",
];
const TEXTS: &[&str] = &[
    "Plain text.",
    "## One\n\nText.\n\n## Two\n\nText.\n\n## Three\n\nText.",
    "```python\nprint(1)\n```",
    "A [link](https://example.org/) and *more*.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
];

fn edit(folder: &Folder, dice: &mut Dice) -> String {
    let page = dice.pick(PAGES);
    let file = folder.path(page);
    match dice.roll(14) {
        0 if page.contains("guides/") => {
            let _ = fs::remove_file(file);
            format!("delete {page}")
        }
        1 => {
            let to = dice.pick(&PAGES[2..]);
            let target = folder.path(to);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let _ = fs::rename(file, target);
            format!("rename {page} to {to}")
        }
        2 => {
            folder.write("static/note.txt", &format!("Note {}.\n", dice.roll(3)));
            "note".to_owned()
        }
        3 => {
            let _ = fs::remove_file(folder.path("static/note.txt"));
            "no note".to_owned()
        }
        4 => {
            folder.write(
                "templates/partials/state.html",
                &format!("<p>{}{{{{ page.state }}}}</p>", dice.roll(3)),
            );
            "template".to_owned()
        }
        5 => {
            let _ = fs::remove_dir_all(folder.path("templates"));
            "no template".to_owned()
        }
        6 => {
            let (title, base) = (dice.pick(&["Care", "Craft"]), dice.pick(&["/", "/careers/", "/jobs/x/"]));
            let text =
                format!("title = \"{title}\"\nbase_url = \"https://example.com{base}\"\n[taxonomies.tags]\n");
            folder.write("site.toml", &text);
            format!("settings {title} {base}")
        }
        7 => {
            let _ = fs::rename(folder.path("content/how-to"), folder.path("content/advice"));
            "rename a folder".to_owned()
        }
        8 => {
            let _ = fs::rename(folder.path("content/advice"), folder.path("content/how-to"));
            "rename it back".to_owned()
        }
        9 => {
            let beside = file.with_file_name(".beside");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&beside, text(dice)).unwrap();
            fs::rename(beside, file).unwrap();
            format!("replace {page}")
        }
        _ => {
            let text = text(dice);
            folder.write(page, &text);
            format!("write {page}:\n{text}")
        }
    }
}

fn text(dice: &mut Dice) -> String {
    let (title, line, text) = (dice.pick(TITLES), dice.pick(LINES), dice.pick(TEXTS));
    let title = if dice.roll(30) == 0 { "[broken" } else { title };
    format!("---\ntitle: {title}\n{line}\n---\n{text}\n")
}

/// The first difference between what is served and what a build writes.
fn difference(
    preview: &Preview,
    base: &str,
    expected: &BTreeMap<String, Vec<u8>>,
    gone: &BTreeSet<String>,
) -> Option<String> {
    let ask = |path: &str| {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let request =
            format!("GET {base}{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", preview.address);
        preview.ask(&request).unwrap()
    };
    for (path, bytes) in expected {
        let reply = ask(path);
        let same = reply.status == 200
            && if Path::new(path).extension().is_some_and(|suffix| suffix == "html") {
                without_script(&reply.text()).as_bytes() == bytes
            } else {
                reply.body == *bytes
            };
        if !same {
            let expected = String::from_utf8_lossy(bytes);
            return Some(format!("{path}: {}\n{}\n--- a build writes\n{expected}", reply.head, reply.text()));
        }
    }
    gone.iter().find(|path| ask(path).status == 200).map(|path| format!("{path} is still there"))
}

#[test]
fn what_is_served_is_what_a_build_writes() {
    let folder = Folder::new();
    let preview = Preview::start_with(&folder.root(), &["--today", &TODAY.to_string()]);
    let highlighter = Highlighter::in_process();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut history = Vec::new();
    let mut known = BTreeSet::new();
    let mut compared = 0;
    for number in 0..EDITS {
        history.push(edit(&folder, &mut dice));
        if number % GROUP != GROUP - 1 {
            continue;
        }
        let settings = folder.read("site.toml");
        let base = settings.split("https://example.com").nth(1).unwrap().split('"').next().unwrap();
        let base_url = format!("http://{}{base}", preview.address);
        let Some(expected) = clean(&folder.root(), &base_url, &highlighter) else {
            preview.until_state("has problems", |state| !state["diagnostics"].as_array().unwrap().is_empty());
            continue;
        };
        compared += 1;
        known.extend(expected.keys().cloned());
        let gone: BTreeSet<String> =
            known.iter().filter(|path| !expected.contains_key(*path)).cloned().collect();
        let until = Instant::now() + DEADLINE;
        while let Some(difference) = difference(&preview, base, &expected, &gone) {
            assert!(
                Instant::now() < until,
                "after edit {number} ({:#?})\n{difference}\n{}",
                &history[history.len().saturating_sub(8)..],
                preview.said()
            );
        }
    }
    assert!(compared > EDITS / GROUP / 3, "only {compared} comparisons");
}
