//! Every site in `tests/sites`: its output and its messages, exactly.
//!
//! `<name>/in/` is the site, `<name>/out/` what it publishes (absent when it publishes nothing) and
//! `<name>/diagnostics.txt` what it is told. A site without a theme of its own gets the plain one of
//! `tests/edits/base`. `UPDATE=1` writes the expected half; read the difference before you keep it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::{Published, Site};

#[test]
fn every_site_publishes_and_says_exactly_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let only = std::env::var("SITE").unwrap_or_default();
    let mut names: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && path.to_string_lossy().contains(&only))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let mut failures = Vec::new();
    for site in names {
        failures.extend(
            run(&site).into_iter().map(|reason| format!("{}: {reason}", site.file_name().unwrap().display())),
        );
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn run(fixture: &Path) -> Vec<String> {
    let site = Site::copy_of(&fixture.join("in"));
    let plain = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits/base/themes");
    if !site.root().join("themes").exists() && site.read("site.toml").contains("\"plain\"") {
        for (path, bytes) in support::published(&plain) {
            site.write(&format!("themes/{path}"), std::str::from_utf8(&bytes).unwrap());
        }
    }
    let (built, published) = site.build_cold();
    // The manifest repeats what the files say themselves.
    let found: Published = if built.published {
        published.into_iter().filter(|(path, _)| path != ".guidepost-files").collect()
    } else {
        Published::new()
    };
    let (out, messages) = (fixture.join("out"), fixture.join("diagnostics.txt"));
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_dir_all(&out);
        for (path, bytes) in &found {
            let file = out.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        fs::write(&messages, &built.messages).unwrap();
        return Vec::new();
    }
    let mut failures = Vec::new();
    let expected = support::published(&out);
    let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    for name in names {
        match (found.get(name), expected.get(name)) {
            (Some(found), Some(expected)) if found == expected => {}
            (Some(found), Some(expected)) => failures.push(format!(
                "{name} differs\n--- found\n{}\n--- expected\n{}",
                String::from_utf8_lossy(found),
                String::from_utf8_lossy(expected)
            )),
            (Some(_), None) => failures.push(format!("{name} was published and is not expected")),
            (None, _) => failures.push(format!("{name} is expected and was not published")),
        }
    }
    let expected = fs::read_to_string(&messages).unwrap_or_default();
    if built.messages != expected {
        failures.push(format!("messages\n--- found\n{}\n--- expected\n{expected}", built.messages));
    }
    failures
}
