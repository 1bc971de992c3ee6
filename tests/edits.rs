//! Every script in `tests/edits`: a site, a series of edits, how much each costs, and the law.
//!
//! A script is a file of parts. `== file PATH ==` writes a file of the site before the first build;
//! `== base NAME ==` starts from `tests/bases/NAME`, or from the repository's own site when that is
//! `demo`. With neither, the script starts from `tests/edits/base`. Then come steps:
//!
//! ```text
//! == replace PATH ==          the one place where OLD stands becomes NEW
//! OLD
//! => NEW
//! == replace-unseen PATH ==   the same with the modification time put back
//! == write PATH ==            the file's whole text
//! == delete PATH ==
//! == rename OLD NEW ==
//! == touch PATH ==            a new modification time, the same bytes
//! == today 2026-12-01 ==      builds are of that day from now on
//! == where TEXT ==            the published files that hold the text; none when nothing follows
//! == expect TITLE ==          build, and compare: counts, the names of codes found, outputs rendered
//! parsed 1
//! rendered 2
//! linked no                   where it stands: whether all was linked anew, with memory in one process
//! codes link-broken
//!   guides/nurse/index.html
//!   atom.xml
//! == expect TITLE ==          build, whatever it costs
//! whatever
//! ```
//!
//! `SCRIPT=name` runs only scripts whose path holds the name. `UPDATE=1` writes the counts that were
//! found; read each before you keep it, since a count that is too high is what this is about.
//!
//! After each `expect` the site is also built from nothing; outputs and messages must be equal. Each
//! script runs twice: with memory in one process, and with what each build leaves on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;
use std::path::Path;

use support::{Remembers, Site};

#[test]
fn every_script_costs_what_it_says_and_never_changes_the_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut scripts: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    scripts.sort();
    assert!(scripts.len() >= 25, "only {} scripts", scripts.len());
    let only = std::env::var("SCRIPT").unwrap_or_default();
    let mut failures = Vec::new();
    for script in scripts.iter().filter(|path| path.to_string_lossy().contains(&only)) {
        for remembers in [Remembers::InProcess, Remembers::InStore] {
            let Err(panic) = std::panic::catch_unwind(|| run(script, remembers)) else { continue };
            let reason = panic.downcast_ref::<String>().cloned();
            let reason = reason.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            failures.push(format!(
                "{} {remembers:?}: {}",
                script.file_name().unwrap().display(),
                reason.unwrap_or_default()
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

/// One part of a script: its words between `==`, and the lines below.
struct Part<'a> {
    words: Vec<&'a str>,
    body: String,
}

fn parts(script: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for line in script.lines() {
        if let Some(head) = line.strip_prefix("== ").and_then(|rest| rest.strip_suffix(" ==")) {
            parts.push(Part { words: head.split(' ').collect(), body: String::new() });
        } else if let Some(part) = parts.last_mut() {
            part.body.push_str(line);
            part.body.push('\n');
        }
    }
    parts
}

fn run(script: &Path, remembers: Remembers) {
    let text = std::fs::read_to_string(script).unwrap();
    let parts = parts(&text);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = parts.iter().find_map(|part| match part.words.as_slice() {
        ["base", name] => Some(*name),
        _ => None,
    });
    let mut site = match base {
        Some("demo") => support::demo(),
        Some(name) => Site::copy_of(&repository.join("tests/bases").join(name)),
        None if parts.iter().any(|part| part.words[0] == "file") => Site::empty(),
        None => Site::copy_of(&repository.join("tests/edits/base")),
    };
    site.remembers = remembers;
    let mut expectations = 0;
    let mut rewritten = text.split_once("\n== ").map_or("", |(intro, _)| intro).to_owned() + "\n";
    for part in &parts {
        let _ = writeln!(rewritten, "== {} ==", part.words.join(" "));
        match part.words.as_slice() {
            ["base", _] => {}
            ["file" | "write", path] => site.write(path, &part.body),
            ["replace", path] => replace(&mut site, path, &part.body),
            ["replace-unseen", path] => {
                let time = site.modified(path);
                replace(&mut site, path, &part.body);
                site.set_modified(path, time);
            }
            ["delete", path] => site.delete(path),
            ["rename", from, to] => site.rename(from, to),
            ["touch", path] => site.touch(path),
            ["today", day] => site.today = day.parse().unwrap(),
            ["where", text @ ..] => {
                rewritten.push_str(&holders(&site, &text.join(" "), &part.body));
                continue;
            }
            ["expect", title @ ..] => {
                expectations += 1;
                rewritten.push_str(&expect(&mut site, &title.join(" "), &part.body));
                continue;
            }
            other => panic!("unknown part {other:?}"),
        }
        rewritten.push_str(&part.body);
    }
    assert!(expectations > 0, "the script expects nothing");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(script, rewritten).unwrap();
    }
}

fn replace(site: &mut Site, path: &str, body: &str) {
    let (old, new) = body.split_once("\n=> ").expect("`OLD`, then `=> NEW`");
    let new = new.strip_suffix('\n').unwrap_or(new);
    let text = site.read(path);
    assert_eq!(text.matches(old).count(), 1, "`{old}` must stand once in {path}");
    site.write(path, &text.replace(old, new));
}

/// The published files that hold a text, compared, one a line. The theme's styles and scripts and the
/// list of what is published say nothing of a site.
fn holders(site: &Site, text: &str, wanted: &str) -> String {
    let found = site
        .published()
        .into_iter()
        .filter(|(path, _)| !path.starts_with("css/") && !path.starts_with("js/") && !path.starts_with('.'))
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text))
        .fold(String::new(), |found, (path, _)| found + "  " + &path + "\n");
    if std::env::var_os("UPDATE").is_none() {
        assert_eq!(found, wanted, "files that hold `{text}` (left: found, right: the script)");
    }
    found
}

/// What a script expects of a site whose size it does not want to know: the demo's grows every day.
const WHATEVER: &str = "whatever\n";

/// Builds, compares, and gives what was found.
fn expect(site: &mut Site, title: &str, wanted: &str) -> String {
    let warm = site.build_warm();
    let mut found = format!("parsed {}\nrendered {}\n", warm.parsed, warm.rendered);
    if let Some(line) = wanted.lines().find(|line| line.starts_with("linked ")) {
        let linked = if warm.linked { "linked yes" } else { "linked no" };
        let line = if site.remembers == Remembers::InProcess { linked } else { line };
        let _ = writeln!(found, "{line}");
    }
    if !warm.codes.is_empty() {
        let _ = writeln!(found, "codes {}", warm.codes.join(" "));
    }
    for path in warm.fresh.iter().filter(|_| warm.rendered <= 12) {
        let _ = writeln!(found, "  {path}");
    }
    if wanted == WHATEVER {
        WHATEVER.clone_into(&mut found);
    }
    if std::env::var_os("UPDATE").is_none() {
        assert_eq!(found, wanted, "at `{title}` (left: found, right: the script)");
    }
    site.assert_law(&format!("at `{title}`"), &warm);
    found
}
