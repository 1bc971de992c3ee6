//! What our own source promises about itself: the import graph, and a fixture for every code.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Stages and above, from the top; each may import those after it.
const ORDER: &[&str] =
    &["cli", "serve", "engine", "check", "guard", "write", "render", "assemble", "parse", "scan", "config"];
/// Modules that know no stage and that every module may import.
const BASE: &[&str] = &["diagnostic", "error", "fingerprint", "memory", "picture", "value"];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    walkdir::WalkDir::new(root.join("src"))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap().to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        // Tests may use anything.
        .filter(|(path, _)| path.file_name().is_none_or(|name| name != "tests.rs"))
        .collect()
}

/// The top-level module a file belongs to.
fn module(path: &Path) -> String {
    let part = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
    part.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its tests: they may use anything.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Top-level modules named after `crate::`, in `use` lines and in paths.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in without_tests(text).lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

#[test]
fn imports_follow_the_graph() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let from = module(&path);
        if from == "main" || from == "lib" {
            continue;
        }
        seen.insert(from.clone());
        let rank = ORDER.iter().position(|name| *name == from);
        assert!(
            rank.is_some() || BASE.contains(&from.as_str()),
            "{} is in no place of the graph",
            path.display()
        );
        for to in imports(&text) {
            let allowed = to == from
                || BASE.contains(&to.as_str())
                || match (rank, ORDER.iter().position(|name| *name == to)) {
                    (Some(from), Some(to)) => from < to,
                    _ => false,
                };
            if !allowed {
                wrong.push(format!("{} imports {to}", path.display()));
            }
        }
    }
    for name in ORDER.iter().chain(BASE) {
        assert!(seen.contains(*name), "the graph names `{name}`, which is not there");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_stages_have_no_locks_statics_or_threads() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        // The pool of the highlighter's matchers: scratch memory that a test of its own shows to have
        // no part in any answer.
        if path == Path::new("src/parse/highlight/grammar.rs") {
            continue;
        }
        if ["parse", "assemble", "render"].contains(&module(&path).as_str()) {
            for (number, line) in without_tests(&text).lines().enumerate() {
                if is_impure(line) {
                    wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a line of code has a lock, a thread, a look at the world or an item that all of the program shares.
fn is_impure(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or(line);
    let words = ["Mutex", "RwLock", "thread::", "rayon::", "std::fs", "SystemTime::now", "std::env::"];
    // The lifetime of the same name is another thing.
    let shares = code.match_indices("static ").any(|(at, _)| {
        let before = code[..at].chars().next_back();
        before.is_none_or(|sign| sign != '\'' && !sign.is_alphanumeric() && sign != '_')
    });
    shares || words.iter().any(|word| code.contains(word))
}

#[test]
fn what_is_shared_is_told_from_a_lifetime() {
    for line in [
        "static NAMES: &'static [&'static str] = &[];",
        "    pub(super) static COUNT: AtomicUsize = AtomicUsize::new(0);",
        "fn name() -> &'static str { std::env::var(\"NAME\") }",
        "let known: Mutex<&'static str> = Mutex::new(\"\");",
        "use std::fs;",
    ] {
        assert!(is_impure(line), "{line}");
    }
    for line in [
        "fn name(self) -> &'static str {",
        "const NAMES: &[&'static str] = &[];",
        "let count = 1; // not static any more",
        "let is_ecstatic = true;",
        "T: 'static + Send,",
    ] {
        assert!(!is_impure(line), "{line}");
    }
}

#[test]
fn every_code_is_seen_in_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in [
        "src/check/rules",
        "tests/markdown",
        "tests/sites",
        "tests/edits",
        "tests/cli",
        "tests/highlight_guard.rs",
        "tests/external.rs",
    ] {
        for entry in walkdir::WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                text.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }
    let missing: Vec<_> = guidepost::diagnostic::Code::ALL
        .iter()
        .map(|code| code.id())
        .filter(|id| {
            !text.contains(&format!("[{id}]"))
                && !text.contains(&format!("codes {id}"))
                && !text.contains(&format!("\"{id}\""))
        })
        .collect();
    assert!(missing.is_empty(), "codes that no fixture shows: {missing:?}");
}

/// The inventory of the article that guides are modelled on has 43 rows.
#[test]
fn every_row_of_the_inventory_has_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = Vec::new();
    for folder in ["tests/sites", "tests/markdown"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
            // A site that publishes nothing and is told nothing shows nothing.
            let path = entry.path();
            let shows = path.is_file()
                || path.join("out").is_dir()
                || std::fs::metadata(path.join("diagnostics.txt")).is_ok_and(|file| file.len() > 0);
            names.extend(shows.then(|| entry.file_name().to_string_lossy().into_owned()));
        }
    }
    let bare: Vec<_> = (1..=43)
        .map(|row| format!("row-{row:02}-"))
        .filter(|prefix| !names.iter().any(|name| name.starts_with(prefix)))
        .collect();
    assert!(bare.is_empty(), "rows without a fixture: {bare:?}");
}

/// The tables of `tests/README.md`: row and fixtures, report and fixtures.
#[test]
fn the_fixtures_that_the_readme_names_are_there() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let text = std::fs::read_to_string(tests.join("README.md")).unwrap();
    let (mut rows, mut reports) = (Vec::new(), 0);
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let named: Vec<&str> = cells[2].split('`').skip(1).step_by(2).collect();
        let row: Option<usize> = cells[0].parse().ok();
        if row.is_none() && !cells[0].contains('#') && !cells[0].contains("manual") {
            continue;
        }
        for name in &named {
            assert!(tests.join(name).exists(), "tests/README.md names `{name}`, which is not there");
        }
        assert!(!named.is_empty(), "no fixture: {line}");
        match row {
            Some(row) => {
                let own = format!("row-{row:02}-");
                assert!(named[0].contains(&own), "row {row} is shown by another row's fixture: {line}");
                rows.push(row);
            }
            None => reports += 1,
        }
    }
    assert_eq!(rows, (1..=43).collect::<Vec<_>>());
    assert!(reports >= 12, "only {reports} reports");
}

#[test]
fn every_module_says_what_it_is_for() {
    let bare: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn the_repository_holds_no_machine_paths() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "themes", "benches", ".ci"] {
        let made = |name: &std::ffi::OsStr| ["node_modules", "out", "tools"].iter().any(|made| name == *made);
        let entries = walkdir::WalkDir::new(root.join(folder)).into_iter();
        for entry in entries.filter_entry(|entry| !made(entry.file_name())).filter_map(Result::ok) {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let found = machine_paths(&text).into_iter();
            wrong.extend(found.map(|found| format!("{}: {found}", entry.path().display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The paths of somebody's machine in a text. What goes on from a host or another folder is none.
fn machine_paths(text: &str) -> Vec<&str> {
    let goes_on = |sign: char| sign.is_alphanumeric() || "._-~%)]}".contains(sign);
    let paths = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")].into_iter();
    let found = paths.flat_map(|path| text.match_indices(path));
    let begun = found.filter(|(at, _)| !text[..*at].chars().next_back().is_some_and(goes_on));
    begun.map(|(at, path)| text[at..].split(['\n', '"', '`', ' ']).next().unwrap_or(path)).collect()
}

#[test]
fn machine_paths_are_told_from_addresses() {
    let mine = |before: &str, path: &str| machine_paths(&format!("{before}/{path}")).len();
    for (path, name) in [("wor", "k/site/x.rs"), ("hom", "e/ana/x"), ("roo", "t/.cache")] {
        let path = format!("{path}{name}");
        for before in ["", "\"", "see ", "--root=", "(", "file://", "a\n", "C:"] {
            assert_eq!(mine(before, &path), 1, "{before}/{path}");
        }
        for before in
            ["https://example.com", "http://[::1]:80", "http://localhost:1616", "guides", "..", "{root}"]
        {
            assert_eq!(mine(before, &path), 0, "{before}/{path}");
        }
    }
}
