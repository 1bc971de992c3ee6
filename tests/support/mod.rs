//! A site in a temporary folder that is edited and built, warm and cold.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::must_use_candidate, reason = "a test that cannot go on has failed")]

pub mod html;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use guidepost::diagnostic::report::{self, Format, Style};
use guidepost::engine::{self, Memory, Sink};
use guidepost::fingerprint::Fingerprint;
use guidepost::memory::FOLDER;
use guidepost::parse::highlight::Highlighter;
use guidepost::scan::{self, Asset, Stamps, Visibility};
use guidepost::write::{self, Adopt, Mode, OutputStamps, Target};

/// What is published: every file's bytes by its path.
pub type Published = BTreeMap<String, Vec<u8>>;

/// What a warm build has of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remembers {
    /// Its memory, as in one process.
    InProcess,
    /// What it left in `.guidepost/`, as between two runs of the program.
    InStore,
}

/// Grammars are read once for all sites.
static HIGHLIGHTER: LazyLock<Highlighter> = LazyLock::new(Highlighter::in_process);

/// A site with what its builds remember.
pub struct Site {
    folder: tempfile::TempDir,
    pub remembers: Remembers,
    memory: Memory,
    stamps: OutputStamps,
    pub today: jiff::civil::Date,
}

/// What one build did and found.
pub struct Built {
    pub parsed: usize,
    pub rendered: usize,
    /// Whether the site was linked anew.
    pub linked: bool,
    /// Paths rendered now.
    pub fresh: Vec<String>,
    /// Codes of all problems, sorted, each once.
    pub codes: Vec<String>,
    /// All problems as text.
    pub messages: String,
    /// Whether it was published.
    pub published: bool,
}

impl Site {
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            remembers: Remembers::InProcess,
            memory: Memory::default(),
            stamps: OutputStamps::default(),
            today: jiff::civil::date(2026, 11, 22),
        }
    }

    pub fn copy_of(base: &Path) -> Self {
        let site = Self::empty();
        copy(base, &site.root());
        site
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, text: &[u8]) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn delete(&self, path: &str) {
        let file = self.root().join(path);
        if file.is_dir() { fs::remove_dir_all(file).unwrap() } else { fs::remove_file(file).unwrap() }
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.root().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.root().join(from), to).unwrap();
    }

    pub fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.root().join(path)).unwrap().modified().unwrap()
    }

    pub fn set_modified(&self, path: &str, time: SystemTime) {
        let file = fs::File::options().append(true).open(self.root().join(path)).unwrap();
        file.set_modified(time).unwrap();
    }

    pub fn touch(&self, path: &str) {
        let later = self.modified(path) + Duration::from_mins(1);
        self.set_modified(path, later);
    }

    /// Builds with what earlier builds remember, into `public/`.
    pub fn build_warm(&mut self) -> Built {
        let output = self.root().join("public");
        if self.remembers == Remembers::InStore {
            return self.build_stored(&output);
        }
        let mut memory = std::mem::take(&mut self.memory);
        let mut stamps = std::mem::take(&mut self.stamps);
        let built = self.build(&output, &mut memory, &mut stamps);
        self.memory = memory;
        self.stamps = stamps;
        built
    }

    /// Builds as a run of the program does, with what the run before left in `.guidepost/`.
    pub fn build_stored(&self, output: &Path) -> Built {
        let mut memory = Memory::load(&self.root());
        let mut stamps = OutputStamps::clone(&memory.output_stamps(output));
        let built = self.build(output, &mut memory, &mut stamps);
        if built.published {
            memory.publish(output.to_owned(), stamps);
        }
        // Another build may be writing its own.
        let _ = memory.save(&self.root());
        built
    }

    /// The files of the store, sorted; none when there is no store.
    pub fn store(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.root().join(FOLDER)) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Builds from nothing, into a fresh folder, and hands over what was published.
    pub fn build_cold(&self) -> (Built, Published) {
        let output = tempfile::tempdir_in(self.folder.path()).unwrap();
        let built = self.build(output.path(), &mut Memory::default(), &mut OutputStamps::default());
        let published = published(output.path());
        (built, published)
    }

    /// What `public/` holds.
    pub fn published(&self) -> Published {
        published(&self.root().join("public"))
    }

    /// The law: a warm build's output and messages equal a cold build's.
    pub fn assert_law(&self, when: &str, warm: &Built) {
        self.assert_law_at(when, warm, "public");
    }

    /// The same of a build into another folder.
    pub fn assert_law_at(&self, when: &str, warm: &Built, output: &str) {
        let (cold, expected) = self.build_cold();
        assert_eq!(warm.messages, cold.messages, "{when}: messages of a warm and a cold build");
        assert_eq!(warm.published, cold.published, "{when}: one of them was published");
        if warm.published {
            let found = published(&self.root().join(output));
            let names = |published: &Published| published.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(&found), names(&expected), "{when}: files of a warm and a cold build");
            for (path, bytes) in &expected {
                assert!(
                    found[path] == *bytes,
                    "{when}: {path} differs\n--- warm\n{}\n--- cold\n{}",
                    String::from_utf8_lossy(&found[path]),
                    String::from_utf8_lossy(bytes)
                );
            }
        }
    }

    /// What `check` finds by these rules, a line for each.
    pub fn check(&self, rules: &[String]) -> String {
        let root = self.root();
        let request = scan::Request {
            root: &root,
            base_url: None,
            origin: None,
            today: Some(self.today),
            now: SystemTime::now(),
            source_date_epoch: None,
            visibility: Visibility::default(),
            suspects: &BTreeSet::new(),
            output: Path::new("public"),
        };
        let inputs = scan::scan(&request, &Stamps::default(), &|_, _| false).unwrap();
        let outcome = engine::check(inputs, &Highlighter::in_process(), &mut Memory::default(), &|_| {});
        let found: Vec<_> = outcome
            .diagnostics
            .into_iter()
            .filter(|found| rules.iter().any(|rule| rule == found.code.id()))
            .collect();
        report::render(&found, Format::Short, Style::Plain, &|path| scan::text(&root, path))
    }

    fn build(&self, output: &Path, memory: &mut Memory, stamps: &mut OutputStamps) -> Built {
        let root = self.root();
        let request = scan::Request {
            root: &root,
            base_url: None,
            origin: None,
            today: Some(self.today),
            now: SystemTime::now(),
            source_date_epoch: None,
            visibility: Visibility::default(),
            suspects: &BTreeSet::new(),
            output,
        };
        let inputs = scan::scan(&request, &memory.stamps, &|path, hash| memory.answers(path, hash)).unwrap();
        let target = Target { root: &root, output, mode: Mode::InPlace, adopt: Adopt::Refuse };
        let stage = write::open(&target, Arc::new(stamps.clone())).unwrap();
        let sink = Watched { inner: engine::StageSink::new(stage), fresh: Mutex::default() };
        let outcome = engine::build(inputs, &HIGHLIGHTER, memory, &sink);
        let Watched { inner, fresh } = sink;
        let stage = inner.finish().unwrap();
        let published = !outcome.has_errors();
        if published {
            *stamps = stage.commit().unwrap().1;
        } else {
            stage.abandon();
        }
        let mut fresh = fresh.into_inner().unwrap();
        fresh.sort();
        let codes: BTreeSet<_> = outcome.diagnostics.iter().map(|found| found.code.id().to_owned()).collect();
        let messages = report::render(&outcome.diagnostics, Format::Human, Style::Plain, &|path| {
            scan::text(&root, path)
        });
        Built {
            parsed: outcome.parsed.fresh,
            rendered: outcome.rendered.fresh,
            linked: outcome.linking == engine::Linking::Anew,
            fresh,
            codes: codes.into_iter().collect(),
            messages,
            published,
        }
    }
}

/// A sink that notes what was rendered now.
struct Watched {
    inner: engine::StageSink,
    fresh: Mutex<Vec<String>>,
}

impl Sink for Watched {
    fn holds(&self, path: &str, digest: Fingerprint) -> bool {
        self.inner.holds(path, digest)
    }
    fn put(&self, path: &str, bytes: &[u8], digest: Fingerprint) {
        self.fresh.lock().unwrap().push(path.to_owned());
        self.inner.put(path, bytes, digest);
    }
    fn keep(&self, path: &str, digest: Fingerprint, len: u64) {
        self.inner.keep(path, digest, len);
    }
    fn copy(&self, path: &str, asset: &Asset) {
        self.inner.copy(path, asset);
    }
}

/// Copies a folder, where there is one.
pub fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let target = to.join(entry.path().strip_prefix(from).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder.
pub fn published(output: &Path) -> Published {
    walkdir::WalkDir::new(output)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(output).unwrap().to_string_lossy().into_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The repository's own site, copied.
pub fn demo() -> Site {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = Site::empty();
    for tree in ["content", "static", "templates"] {
        copy(&repository.join(tree), &site.root().join(tree));
    }
    site.write("site.toml", &demo_settings("https://example.com/"));
    site
}

/// The demo's `site.toml` under another address.
pub fn demo_settings(base_url: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("site.toml")).unwrap();
    let line = "base_url = \"https://example.com/\"";
    assert!(text.contains(line));
    text.replace(line, &format!("base_url = \"{base_url}\""))
}

/// How many cases a property is tried with, unless `PROPTEST_CASES` asks for another number.
pub fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}
