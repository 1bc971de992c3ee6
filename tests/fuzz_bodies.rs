//! The bodies of the fuzz targets under proptest: seeds, and what becomes of them when pieces are cut,
//! doubled, spliced and changed. `fuzz/README.md` says how the same is run for hours.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../fuzz/bodies.rs"]
mod bodies;

#[path = "support/tally.rs"]
mod tally;

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// One change to a seed; places are taken modulo its length.
#[derive(Debug, Clone)]
enum Change {
    Cut { at: u16, len: u8 },
    Double { at: u16, len: u8, times: u8 },
    Insert { at: u16, bytes: Vec<u8> },
    Splice { at: u16, seed: u16, from: u16, len: u8 },
    Flip { at: u16, mask: u8 },
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<u16>(), any::<u8>()).prop_map(|(at, len)| Change::Cut { at, len }),
        (any::<u16>(), 1..40_u8, 1..20_u8).prop_map(|(at, len, times)| Change::Double { at, len, times }),
        (any::<u16>(), prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, bytes)| Change::Insert { at, bytes }),
        (any::<u16>(), any::<u16>(), any::<u16>(), any::<u8>())
            .prop_map(|(at, seed, from, len)| Change::Splice { at, seed, from, len }),
        (any::<u16>(), 1..=255_u8).prop_map(|(at, mask)| Change::Flip { at, mask }),
    ]
}

fn apply(mut bytes: Vec<u8>, change: &Change, seeds: &[Vec<u8>]) -> Vec<u8> {
    let place = |bytes: &[u8], at: u16| usize::from(at) % (bytes.len() + 1);
    let piece = |bytes: &[u8], at: u16, len: u8| {
        let start = place(bytes, at);
        start..(start + usize::from(len)).min(bytes.len())
    };
    match change {
        Change::Cut { at, len } => drop(bytes.drain(piece(&bytes, *at, *len))),
        Change::Double { at, len, times } => {
            let range = piece(&bytes, *at, *len);
            let more = bytes[range.clone()].repeat(usize::from(*times));
            bytes.splice(range.end..range.end, more).for_each(drop);
        }
        Change::Insert { at, bytes: new } => {
            let at = place(&bytes, *at);
            bytes.splice(at..at, new.iter().copied()).for_each(drop);
        }
        Change::Splice { at, seed, from, len } => {
            let other = &seeds[usize::from(*seed) % seeds.len()];
            let at = place(&bytes, *at);
            bytes.splice(at..at, other[piece(other, *from, *len)].iter().copied()).for_each(drop);
        }
        Change::Flip { at, mask } => {
            let at = place(&bytes, *at);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= mask;
            }
        }
    }
    bytes
}

/// The files of one folder below `fuzz/`, in the order of their names.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| std::fs::read(entry.path()).unwrap())
        .collect()
}

/// Runs a target on its seeds, on what was once found, and on `cases` changed seeds.
fn run(target: &str, cases: u32) {
    let (_, body) = *bodies::TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let mut seeds = files(&format!("seeds/{target}"));
    if target == "page" {
        seeds.extend(files("../tests/markdown"));
    }
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds.iter().chain(&files(&format!("findings/{target}"))).for_each(|seed| body(seed));
    body(b"");
    let wish = std::env::var("GUIDEPOST_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let (began, mut inputs) = (Instant::now(), 0);
    loop {
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let strategy = (any::<u16>(), prop::collection::vec(change(), 0..12));
        let outcome = TestRunner::new(config).run(&strategy, |(seed, changes)| {
            let seed = seeds[usize::from(seed) % seeds.len()].clone();
            body(&changes.iter().fold(seed, |bytes, change| apply(bytes, change, &seeds)));
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
        inputs += cases as usize;
        // For as long as was asked for; in the suite, once.
        if wish.is_none_or(|seconds| began.elapsed() >= Duration::from_secs(seconds)) {
            break;
        }
    }
    tally::note(&format!("fuzz-{target}"), "inputs", inputs);
    tally::note(&format!("fuzz-{target}"), "seconds", usize::try_from(began.elapsed().as_secs()).unwrap());
}

/// A test for each target: they run side by side, and a failure names its target.
macro_rules! targets {
    ($($name:ident: $cases:expr,)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name), $cases);
        })*

        /// No target is left out here or has no file in `fuzz/targets`.
        #[test]
        fn every_target_runs_here_and_there() {
            let here = [$(stringify!($name)),*];
            let all: Vec<&str> = bodies::TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(here.as_slice(), all);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            for name in all {
                assert!(folder.join(format!("targets/{name}.rs")).is_file(), "{name}");
                assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
            }
        }
    };
}

/// The fuzz targets are built apart from the test suite: what the bodies use must be among their crates too.
#[test]
fn what_the_bodies_use_is_there_for_the_fuzz_targets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = |manifest: &str, tables: &[&str]| -> Vec<String> {
        let text = std::fs::read_to_string(root.join(manifest)).unwrap();
        let manifest: toml::Table = toml::from_str(&text).unwrap();
        let names = tables.iter().flat_map(|table| manifest[*table].as_table().unwrap().keys());
        names.cloned().collect()
    };
    let theirs = crates("fuzz/Cargo.toml", &["dependencies"]);
    let mut used = 0;
    for source in
        ["fuzz/bodies.rs", "src/serve/http/path.rs", "tests/support/mod.rs", "tests/support/html.rs"]
    {
        let text = std::fs::read_to_string(root.join(source)).unwrap();
        for name in crates("Cargo.toml", &["dependencies", "dev-dependencies"]) {
            if text.contains(&format!("{}::", name.replace('-', "_"))) {
                used += 1;
                assert!(
                    theirs.contains(&name),
                    "{source} uses `{name}`, which fuzz/Cargo.toml does not have"
                );
            }
        }
    }
    assert!(used > 5, "{used} crates");
}

targets! {
    front_matter: 1_500,
    page: 400,
    values: 150,
    data: 1_500,
    config: 600,
    highlight: 400,
    store: 800,
    paths: 4_000,
    edits: 10,
}
