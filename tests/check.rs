//! The editor's desk: for each rule a site on which it fires, and alone, and a twin on which it does not.
//!
//! The sites are the examples of `src/check/rules`, laid over `tests/check/base`; `UPDATE=1` writes
//! what is said of them, and the manual's page. Read the difference before you keep it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "check/cases.rs"]
mod cases;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use guidepost::check::rule::{self, Family, Rule};
use guidepost::diagnostic::Severity;
use guidepost::diagnostic::report::{self, Format, Style};
use guidepost::engine::{self, Memory};
use guidepost::parse::highlight::Highlighter;
use guidepost::scan::{self, Visibility};
use rayon::prelude::*;
use support::Site;

const FRONT: &str = "---\ntitle: Teacher\ndescription: What teachers do, how to become one, and what a day at a school is like.\nauthors: [ana]\n---\n";
const REST: &str = "\nA teacher may [nurse](nurse.md) or [weld](welder.md) later on.\n";
const GUIDE: &str = "content/guides/teacher.md";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn base() -> Site {
    let site = Site::copy_of(&repository().join("tests/check/base"));
    site.write(GUIDE, &format!("{FRONT}{REST}"));
    site
}

/// The site of a rule's failing example, or of its passing twin.
fn example(rule: &Rule, sides: &[&str]) -> Site {
    let mut site = base();
    for part in rule.parts() {
        let (kind, what) = part.name.split_once(' ').unwrap_or((part.name, ""));
        match kind {
            "settings" => {
                let settings = site.read("site.toml");
                site.write("site.toml", &format!("{settings}\n{}", part.text));
            }
            "today" => site.today = what.parse().unwrap(),
            kind if sides.contains(&kind) => {
                let (path, text) = match what {
                    "body" => (GUIDE, format!("{FRONT}{}{REST}", part.text)),
                    path => (path, part.text.to_owned()),
                };
                // What no text can hold: a quotation mark of Windows-1252.
                let bytes = text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0x92);
                site.write_bytes(path, &bytes);
            }
            "gone" if sides.contains(&"passes") => site.delete(what),
            _ => {}
        }
    }
    site
}

/// What `check` says of a site, a line for each finding.
fn check(site: &Site, memory: &mut Memory) -> String {
    let root = site.root();
    report::render(&findings(site, memory), Format::Short, Style::Plain, &|path| scan::text(&root, path))
}

/// Everything that `check` finds.
fn findings(site: &Site, memory: &mut Memory) -> Vec<guidepost::diagnostic::Diagnostic> {
    let root = site.root();
    let request = scan::Request {
        root: &root,
        base_url: None,
        origin: None,
        today: Some(site.today),
        now: SystemTime::now(),
        source_date_epoch: None,
        visibility: Visibility::default(),
        suspects: &BTreeSet::new(),
        output: Path::new("public"),
    };
    let inputs = scan::scan(&request, &memory.stamps, &|path, hash| memory.answers(path, hash)).unwrap();
    engine::check(inputs, &Highlighter::in_process(), memory, &|_| {}).diagnostics
}

#[test]
fn each_rule_fires_alone_and_not_on_its_twin() {
    let only = std::env::var("RULE").unwrap_or_default();
    let failures: Vec<String> =
        rule::RULES.par_iter().filter(|rule| rule.code.id().contains(&only)).flat_map_iter(judge).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn judge(rule: &Rule) -> Vec<String> {
    let id = rule.code.id();
    if let Some(elsewhere) = rule.part("elsewhere") {
        let place = elsewhere.split('`').nth(1).unwrap();
        let files = walkdir::WalkDir::new(repository().join(place)).into_iter().map(Result::unwrap);
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        let seen = texts.into_iter().any(|text| text.contains(id));
        return if seen { Vec::new() } else { vec![format!("{id} is not in {place}")] };
    }
    let mut failures = Vec::new();
    let said = check(&example(rule, &["fails"]), &mut Memory::default());
    if std::env::var_os("UPDATE").is_some() {
        keep(rule, &said);
    } else if rule.part("says") != Some(said.as_str()) {
        failures.push(format!(
            "{id} is said to find\n{}and finds\n{said}",
            rule.part("says").unwrap_or_default()
        ));
    }
    for line in said.lines().filter(|line| !line.contains(&format!("[{id}]"))) {
        failures.push(format!("{id}: its example is not its own: {line}"));
    }
    if !said.contains(&format!("[{id}]")) {
        failures.push(format!("{id} does not fire on its example"));
    }
    let levels = rule.levels().iter().map(|level| format!("{}[{id}]", word(*level)));
    if !levels.into_iter().any(|level| said.contains(&level)) {
        failures.push(format!("{id} is told at another level than the manual says"));
    }
    let twin = check(&example(rule, &["fails", "passes"]), &mut Memory::default());
    if !twin.is_empty() {
        failures.push(format!("{id}: its passing example fails: {twin}"));
    }
    failures
}

/// Writes what is said of an example into the rule's file, after the example.
fn keep(rule: &Rule, said: &str) {
    let file = repository().join(format!("src/check/rules/{}.txt", rule.code.id()));
    let text = fs::read_to_string(&file).unwrap();
    let head = text.split("\n-- ").next().unwrap();
    let mut out = format!("{head}\n");
    let mut kept = false;
    for part in rule.parts().into_iter().filter(|part| part.name != "says") {
        if part.name.starts_with("passes") && !kept {
            kept = true;
            let _ = write!(out, "-- says --\n{said}");
        }
        let _ = write!(out, "-- {} --\n{}", part.name, part.text);
    }
    fs::write(file, out).unwrap();
}

#[test]
fn the_base_of_all_examples_is_clean() {
    assert_eq!(check(&base(), &mut Memory::default()), "");
}

#[test]
fn the_demo_has_no_finding() {
    assert_eq!(check(&support::demo(), &mut Memory::default()), "");
}

/// With the days going by, exactly what dates cause.
#[test]
fn the_demo_grows_old_as_it_should() {
    let mut site = support::demo();
    site.today = jiff::civil::date(2028, 6, 1);
    let said = with_pages(&site);
    let file = repository().join("tests/check/demo-in-2028.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &said).unwrap();
    } else {
        assert_eq!(said, fs::read_to_string(file).unwrap());
    }
    let dated = ["salary-stale", "review-due", "past-event", "promo-expired"];
    for line in said.lines().filter(|line| !line.starts_with("  ")) {
        assert!(dated.iter().any(|id| line.contains(&format!("[{id}]"))), "{line}");
    }
    assert!(said.contains("[salary-stale]"));
}

/// The demo has no review that falls due and no promo without another in its place: with both, each of the
/// four rules about days fires, on the day after and no sooner.
#[test]
fn each_rule_about_days_fires_on_the_day_after() {
    let mut site = support::demo();
    let guide = "content/guides/back-end-developer.md";
    let text = site.read(guide);
    site.write(guide, &text.replacen("---\n", "---\nreview_by: 2026-12-31\n", 1));
    let promos = site.read("content/data/promos.toml");
    let ended = "[fair]\ntitle = \"The job fair\"\nslots = [\"end\"]\nends = 2026-12-31\ncta = { label = \"Get a ticket\", href = \"https://example.org/fair\" }\n";
    let others = promos.replace("\"end\"", "\"start\"");
    site.write("content/data/promos.toml", &format!("{others}\n{ended}"));
    site.today = jiff::civil::date(2026, 12, 31);
    assert_eq!(check(&site, &mut Memory::default()), "");
    site.today = jiff::civil::date(2027, 1, 1);
    let said = check(&site, &mut Memory::default());
    let rules: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once('[')?.1.split_once(']').map(|(rule, _)| rule))
        .collect();
    assert_eq!(rules, ["promo-expired", "review-due"], "{said}");
    site.today = jiff::civil::date(2028, 6, 1);
    let said = check(&site, &mut Memory::default());
    for rule in ["salary-stale", "past-event", "promo-expired", "review-due"] {
        assert!(said.contains(&format!("[{rule}]")), "{rule}: {said}");
    }
}

/// Findings in lines of the `short` format, each with all the pages that it is on.
fn with_pages(site: &Site) -> String {
    let found = findings(site, &mut Memory::default());
    let root = site.root();
    found.iter().fold(String::new(), |mut out, finding| {
        let one = std::slice::from_ref(finding);
        out += &report::render(one, Format::Short, Style::Plain, &|path| scan::text(&root, path));
        for page in finding.users() {
            let _ = writeln!(out, "  {}", page.path);
        }
        out
    })
}

#[test]
fn what_is_remembered_changes_no_answer() {
    let mut memory = Memory::default();
    let site = base();
    let mut seen = 0;
    for rule in
        rule::RULES.iter().filter(|rule| rule.family == Family::Links || rule.family == Family::Language)
    {
        for side in [&["fails"][..], &["fails", "passes"]] {
            let example = example(rule, side);
            support::copy(&example.root(), &site.root());
            let mut site = Site::copy_of(&site.root());
            site.today = example.today;
            let cold = check(&site, &mut Memory::default());
            assert_eq!(check(&site, &mut memory), cold, "{}", rule.code.id());
            assert_eq!(check(&site, &mut memory), cold, "{}", rule.code.id());
            seen += cold.lines().count();
        }
    }
    assert!(seen > 10);
}

/// A value of the data in a heading is part of what a page's rules look at.
#[test]
fn data_in_a_heading_is_looked_at_anew() {
    let careers = repository().join("tests/bases/careers");
    let site = Site::copy_of(&careers);
    let text =
        "## Pay: {{ salary.web-developer.median }} {#web}\n\nText.\n\n## Pay: $90,931 {#other}\n\nText.\n";
    site.write("content/guides/web.md", &format!("---\ntitle: Web\n---\n{text}"));
    let repeated = |found: &str| found.contains("[heading-duplicate-text]");
    let mut memory = Memory::default();
    assert!(!repeated(&check(&site, &mut memory)));
    let pay = site.read("content/data/salaries.csv");
    assert!(pay.contains("90930"));
    site.write("content/data/salaries.csv", &pay.replace("90930", "90931"));
    let cold = check(&site, &mut Memory::default());
    assert!(repeated(&cold), "{cold}");
    assert_eq!(check(&site, &mut memory), cold);
}

/// A check in a later process, with what the ones before left in `.guidepost/`.
fn check_stored(site: &Site) -> (String, engine::Outcome) {
    let root = site.root();
    let mut memory = Memory::load_for_check(&root);
    let request = scan::Request {
        root: &root,
        base_url: None,
        origin: None,
        today: Some(site.today),
        now: SystemTime::now() + std::time::Duration::from_mins(1),
        source_date_epoch: None,
        visibility: Visibility::default(),
        suspects: &BTreeSet::new(),
        output: Path::new("public"),
    };
    let inputs = scan::scan(&request, &memory.stamps, &|path, hash| memory.answers(path, hash)).unwrap();
    let outcome = engine::check(inputs, &Highlighter::in_process(), &mut memory, &|_| {});
    memory.save(&root).unwrap();
    memory.save_desk(&root).unwrap();
    let said =
        report::render(&outcome.diagnostics, Format::Short, Style::Plain, &|path| scan::text(&root, path));
    (said, outcome)
}

#[test]
fn a_later_check_is_told_what_this_one_found() {
    let site = base();
    site.write(GUIDE, &format!("{FRONT}See [here](nurse.md). It pays $90,000.\n{REST}"));
    let (first, outcome) = check_stored(&site);
    assert!(first.contains("[link-text-poor]") && outcome.rendered.fresh > 0, "{first}");
    assert_eq!(outcome.owners[GUIDE], ["Ana Sample"]);
    let (again, outcome) = check_stored(&site);
    assert_eq!((again, outcome.rendered.fresh), (first, 0));
    assert_eq!(outcome.owners[GUIDE], ["Ana Sample"]);
    // One page changes: the others are told from memory.
    site.write(GUIDE, &format!("{FRONT}See [more](nurse.md).\n{REST}"));
    let (after, outcome) = check_stored(&site);
    assert_eq!(after, check(&site, &mut Memory::default()));
    assert!(after.contains("`more`") && outcome.parsed.fresh == 1, "{after}");
    // Files of the root count too.
    site.write("terms.toml", "[prefer]\ninstructor = [\"teacher\"]\n");
    let (with_terms, _) = check_stored(&site);
    assert!(with_terms.contains("[banned-word]"), "{with_terms}");
    assert_eq!(with_terms, check(&site, &mut Memory::default()));
    site.write("urls.lock", "/guides/gone/\n");
    let (with_lock, _) = check_stored(&site);
    assert!(with_lock.contains("[url-gone]"), "{with_lock}");
    // What lies there is not believed when it has changed.
    for name in ["aside-checked", "aside-desk"] {
        let path = format!(".guidepost/{name}");
        let mut bytes = fs::read(site.root().join(&path)).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        site.write_bytes(&path, &bytes);
    }
    assert_eq!(check_stored(&site).0, with_lock);
}

#[test]
fn a_build_after_a_check_and_a_check_after_a_build_are_what_they_are_alone() {
    let mut site = base();
    site.remembers = support::Remembers::InStore;
    let (first, _) = check_stored(&site);
    let built = site.build_warm();
    site.assert_law("after a check", &built);
    site.write(GUIDE, &format!("{FRONT}See [here](nurse.md).\n{REST}"));
    let built = site.build_warm();
    site.assert_law("after an edit", &built);
    let (after, _) = check_stored(&site);
    assert_ne!(first, after);
    assert_eq!(after, check(&site, &mut Memory::default()));
    let built = site.build_warm();
    site.assert_law("after a check of the edit", &built);
}

#[test]
fn a_problem_in_data_names_the_pages_that_use_the_record() {
    let site = support::demo();
    let authors = site.read("content/data/authors.toml");
    let line = authors.lines().find(|line| line.starts_with("name = ")).unwrap();
    site.write("content/data/authors.toml", &authors.replacen(line, &format!("{line}\nnickname = \"x\""), 1));
    let said = findings(&site, &mut Memory::default());
    let [found] = &said[..] else { panic!("{said:#?}") };
    assert_eq!(found.code.id(), "data-unknown-key");
    assert!(found.users().count() > 3, "{found:#?}");
    let short = with_pages(&site);
    assert!(
        short.lines().next().unwrap().contains(" more") && short.contains("\n  content/guides/"),
        "{short}"
    );
}

/// A level as findings show it.
fn word(level: Severity) -> &'static str {
    if level == Severity::Warning { "warning" } else { name(level) }
}

/// A level as settings and the manual name it.
fn name(level: Severity) -> &'static str {
    match level {
        Severity::Error => "error",
        Severity::Warning => "warn",
        Severity::Info => "info",
    }
}

#[test]
fn the_manual_lists_every_rule() {
    let mut text = String::new();
    for (family, title) in Family::ALL {
        let _ = write!(text, "## {title}\n\n| Rule | Level | Finds |\n| --- | --- | --- |\n");
        for rule in rule::RULES.iter().filter(|rule| rule.family == *family) {
            let levels: Vec<&str> = rule.levels().iter().map(|level| name(*level)).collect();
            let level = levels.join(", ");
            let _ = writeln!(text, "| `{}` | {level} | {} |", rule.code.id(), rule.summary());
        }
        text.push('\n');
    }
    let file = repository().join("content/docs/checks.md");
    let page = fs::read_to_string(&file).unwrap();
    let (start, end) = ("<!-- reference -->\n\n", "<!-- end of reference -->");
    let (before, rest) = page.split_once(start).expect("the page has a place for the rules");
    let (found, after) = rest.split_once(end).expect("the place for the rules ends");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, format!("{before}{start}{text}{end}{after}")).unwrap();
    } else {
        assert_eq!(found, text, "run `UPDATE=1 cargo test --test check`");
    }
}
