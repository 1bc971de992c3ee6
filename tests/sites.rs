//! Every site in `tests/sites`: its output and its messages, exactly.
//!
//! `<name>/in/` is the site, `<name>/out/` what it publishes (absent when it publishes nothing) and
//! `<name>/diagnostics.txt` what it is told. A site without a theme of its own gets the plain one of
//! `tests/edits/base`. `UPDATE=1` writes the expected half; read the difference before you keep it.
//!
//! An optional `<name>/fixture.toml` says more:
//!
//! ```toml
//! base = ["rows", "promos"]    # folders of `tests/bases` under `in/`, each laid over those before
//! today = "2026-11-22"         # the day of the build
//! only = ["guides/**"]         # the published files that are compared; all unless said
//! check = ["title-long"]        # what `check` finds by these rules is said too, in every build
//! never = ["126,216"]          # stands in no published file but the theme's styles and scripts
//!
//! [[variant]]                  # the same site, otherwise; built from nothing like the first
//! name = "later"
//! today = "2027-01-01"
//! replace = [{ file = "site.toml", old = "end = true", new = "end = false" }]
//! gone = ["old/index.html"]    # published by the first build and not by this one
//! never = ["This autumn"]
//! ```
//!
//! A variant's own files are `in-<variant>/`, laid over the others. `out-<variant>/` holds what it
//! publishes otherwise than the first build: whatever is not there is the same, byte for byte. Its
//! messages are `diagnostics-<variant>.txt`.
//!
//! Every page is also read by an HTML5 parser, which must find no error and no id twice.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::{Built, Published, Site};
use toml::{Table, Value};

#[test]
fn every_site_publishes_and_says_exactly_what_is_expected() {
    let folder = repository().join("tests/sites");
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

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What `fixture.toml` says, and each of its variants.
struct Options {
    base: Vec<String>,
    only: Option<globset::GlobSet>,
    /// Rules of `check` whose findings are part of the messages.
    check: Vec<String>,
    first: Case,
    variants: Vec<Case>,
}

/// One build of a site.
#[derive(Default)]
struct Case {
    /// Empty for the first.
    name: String,
    today: Option<jiff::civil::Date>,
    never: Vec<String>,
    gone: Vec<String>,
    /// File, old text, new text.
    replace: Vec<[String; 3]>,
}

impl Options {
    fn of(fixture: &Path) -> Self {
        let text = fs::read_to_string(fixture.join("fixture.toml")).unwrap_or_default();
        let mut table: Table =
            text.parse().unwrap_or_else(|error| panic!("{}: fixture.toml: {error}", fixture.display()));
        let base = table.remove("base").map(|base| texts(&base)).unwrap_or_default();
        let only = table.remove("only").map(|only| {
            let mut globs = globset::GlobSetBuilder::new();
            for glob in texts(&only) {
                globs.add(globset::GlobBuilder::new(&glob).literal_separator(true).build().unwrap());
            }
            globs.build().unwrap()
        });
        let check = table.remove("check").map(|check| texts(&check)).unwrap_or_default();
        let variants = table.remove("variant").map_or_else(Vec::new, |variants| {
            variants.as_array().unwrap().iter().map(|one| Case::of(one.as_table().unwrap().clone())).collect()
        });
        Self { base, only, check, first: Case::of(table), variants }
    }
}

impl Case {
    fn of(mut table: Table) -> Self {
        let mut list = |key: &str| table.remove(key).map(|value| texts(&value)).unwrap_or_default();
        let (never, gone) = (list("never"), list("gone"));
        let mut text = |key: &str| table.remove(key).map(|value| value.as_str().unwrap().to_owned());
        let (name, today) = (text("name").unwrap_or_default(), text("today"));
        let today = today.map(|day| day.parse().unwrap());
        let replace = table.remove("replace").map_or_else(Vec::new, |replace| {
            let of = |one: &Value| ["file", "old", "new"].map(|key| one[key].as_str().unwrap().to_owned());
            replace.as_array().unwrap().iter().map(of).collect()
        });
        assert!(table.is_empty(), "fixture.toml has no `{}`", table.keys().next().unwrap());
        Self { name, today, never, gone, replace }
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn run(fixture: &Path) -> Vec<String> {
    let options = Options::of(fixture);
    let (built, found) = build(fixture, &options, &options.first);
    let mut failures = compare(fixture, &options.first, &built, &found);
    for variant in &options.variants {
        let (built, other) = build(fixture, &options, variant);
        let gone: Vec<&String> = found.keys().filter(|path| !other.contains_key(*path)).collect();
        if built.published && gone != variant.gone.iter().collect::<Vec<_>>() {
            failures.push(format!("{}: no longer published: {gone:?}", variant.name));
        }
        let different: Published =
            other.into_iter().filter(|(path, bytes)| found.get(path) != Some(bytes)).collect();
        assert!(
            !built.published || !different.is_empty() || !gone.is_empty() || variant.replace.is_empty(),
            "{}: {}: a variant that changes nothing shows nothing",
            fixture.display(),
            variant.name
        );
        failures.extend(compare(fixture, variant, &built, &different));
    }
    failures
}

/// What one case publishes of the files that are compared.
fn build(fixture: &Path, options: &Options, case: &Case) -> (Built, Published) {
    let mut site = Site::empty();
    for base in &options.base {
        let base = repository().join("tests/bases").join(base);
        assert!(base.is_dir(), "no {}", base.display());
        support::copy(&base, &site.root());
    }
    support::copy(&fixture.join("in"), &site.root());
    if !case.name.is_empty() {
        support::copy(&fixture.join(format!("in-{}", case.name)), &site.root());
    }
    let plain = repository().join("tests/edits/base/themes");
    if !site.root().join("themes").exists() && site.read("site.toml").contains("\"plain\"") {
        support::copy(&plain, &site.root().join("themes"));
    }
    for [file, old, new] in &case.replace {
        let text = site.read(file);
        assert_eq!(text.matches(old.as_str()).count(), 1, "`{old}` must stand once in {file}");
        site.write(file, &text.replace(old.as_str(), new));
    }
    if let Some(today) = case.today.or(options.first.today) {
        site.today = today;
    }
    let (mut built, published) = site.build_cold();
    if !options.check.is_empty() {
        built.messages.push_str(&site.check(&options.check));
    }
    if !built.published {
        return (built, Published::new());
    }
    for (path, bytes) in &published {
        let text = String::from_utf8_lossy(bytes);
        if path.starts_with("css/") || path.starts_with("js/") {
            continue;
        }
        for never in options.first.never.iter().filter(|_| case.name.is_empty()).chain(&case.never) {
            assert!(!text.contains(never.as_str()), "{}: `{never}` stands in {path}", fixture.display());
        }
        if Path::new(path).extension().is_some_and(|extension| extension == "html") {
            let page = support::html::read(&text);
            assert!(page.errors.is_empty(), "{}: {path}: {:?}", fixture.display(), page.errors);
            let twice = page.repeated_ids();
            assert!(twice.is_empty(), "{}: {path}: ids that occur twice: {twice:?}", fixture.display());
        }
    }
    // The manifest repeats what the files say themselves.
    let compared =
        |path: &str| options.only.as_ref().map_or(path != ".guidepost-files", |o| o.is_match(path));
    (built, published.into_iter().filter(|(path, _)| compared(path)).collect())
}

fn compare(fixture: &Path, case: &Case, built: &Built, found: &Published) -> Vec<String> {
    let suffix = if case.name.is_empty() { String::new() } else { format!("-{}", case.name) };
    let out = fixture.join(format!("out{suffix}"));
    let messages = fixture.join(format!("diagnostics{suffix}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_dir_all(&out);
        for (path, bytes) in found {
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
                "out{suffix}/{name} differs\n--- found\n{}\n--- expected\n{}",
                String::from_utf8_lossy(found),
                String::from_utf8_lossy(expected)
            )),
            (Some(_), None) => failures.push(format!("out{suffix}/{name} was published and is not expected")),
            (None, _) => failures.push(format!("out{suffix}/{name} is expected and was not published")),
        }
    }
    let expected = fs::read_to_string(&messages).unwrap_or_default();
    if built.messages != expected {
        failures.push(format!("messages{suffix}\n--- found\n{}\n--- expected\n{expected}", built.messages));
    }
    failures
}
