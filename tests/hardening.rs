//! `tests/hardening/rows.toml`: each row of what may go wrong has tests that exist, or a reason.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

#[derive(serde::Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    what: String,
    tests: Vec<String>,
    note: Option<String>,
}

fn rows() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hardening/rows.toml");
    toml::from_str::<Rows>(&std::fs::read_to_string(file).unwrap()).unwrap().row
}

#[test]
fn every_row_has_tests_that_exist_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = rows();
    assert!(rows.len() > 20);
    for Row { what, tests, note } in &rows {
        assert!(!tests.is_empty() || note.as_ref().is_some_and(|note| note.len() > 20), "{what}: no test");
        for test in tests {
            let (file, function) = test.split_once("::").unwrap();
            let text =
                std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{test}: {error}"));
            let is_there = function.is_empty() || text.contains(&format!("fn {function}("));
            assert!(is_there, "{what}: no test {test}");
            assert!(text.contains("#[test]"), "{what}: {file} tests nothing");
        }
    }
}

/// Each limit that the manual states is one that the program has, and its message one that it says.
#[test]
fn the_limits_of_the_manual_are_those_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("content/docs/safety.md")).unwrap();
    let mut sources = String::new();
    for entry in walkdir::WalkDir::new(root.join("src")).into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    for (limit, constant, said) in [
        ("64 KiB", "MAX_BYTES: usize = 64 * 1024", "are read"),
        ("| 80 |", "MAX_DEPTH: usize = 80", "nested too deeply"),
        ("4 MiB", "MAX_COPIED: usize = 4 << 20", "repeats too much"),
        ("1 MiB", "TEMPLATE_LIMIT: usize = 1 << 20", "this template has"),
        ("2 GiB", "MOST: u64 = 2 << 30", "of memory"),
        ("128 MiB", "CROWDED: usize = 128 << 20", "break it into several lines"),
        ("| 100 |", "LONGEST: usize = 100", "leads through more than"),
        ("4 GiB", "MOST: usize = 1 << if usize::BITS > 32 { 32 }", ""),
        ("| 64, round ones 16 |", "DEEPEST: usize = 64", "brackets inside each other"),
        ("| 64, round ones 16 |", "ROUND: usize = 16", ""),
        ("64 MiB", "LARGEST: usize = 64 << 20", "make selectors of more than"),
        ("1,000, and 64 by each other", "MOST_IMPORTS: usize = 1_000", "stylesheets are imported"),
        ("200 bytes", "LONGEST: usize = 200", ""),
        ("| 256 |", "DEEPEST: usize = 256", "elements inside each other"),
        ("| 16 |", "OCTAVES: f64 = 16.0", "has noise of more than"),
        ("64 MiB", "OUTPUT_LIMIT: usize = 64 << 20", "MiB for one page"),
        ("200 bytes", "LONGEST_SEGMENT: usize = 200", "has a part that is too long"),
        ("10 seconds", "LIMIT: Duration = Duration::from_secs(10)", "it took longer than"),
        ("| 500 |", "MOST: usize = 500", "more problems are not shown"),
        ("64 KiB", "LONGEST_HEAD: usize = 64 << 10", ""),
        ("2,048", "MOST: usize = 2048", ""),
        ("| 64 |", "STREAMS: usize = 64", "too many pages follow the preview already"),
    ] {
        assert!(page.contains(limit), "the manual says nothing of {limit}");
        assert!(sources.contains(constant), "{constant} has changed: the manual says {limit}");
        assert!(sources.contains(said) && page.contains(said), "{said}");
    }
}
