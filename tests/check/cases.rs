//! The edges of rules: sites on which a rule only just fires, and on which it only just does not.
//!
//! Each file in `tests/check/cases` is named after its rule and holds cases, which are laid over the base of
//! all examples:
//!
//! ```text
//! === what it shows ===
//! -- body --           the text of a guide
//! -- PATH --           any file
//! -- size PATH N --    a file of so many bytes
//! -- link PATH --      a link to what the next line names
//! -- settings --       lines for `site.toml`
//! -- today DATE --     the day
//! -- with RULE --      another rule that cannot but fire as well
//! -- says --           what is found, what of the text is marked, and what to do: nothing, or of this rule alone
//! ```

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use guidepost::check::rule::{self, Part};
use guidepost::diagnostic::report::{self, Format, Style};
use guidepost::engine::Memory;
use guidepost::scan;
use rayon::prelude::*;

use super::support::Site;
use super::{FRONT, GUIDE, REST, base, findings, repository};

#[test]
fn each_rule_keeps_to_its_edges() {
    let only = std::env::var("RULE").unwrap_or_default();
    let folder = repository().join("tests/check/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let files = files.into_par_iter().filter(|file| file.to_string_lossy().contains(&only));
    let failures: Vec<String> = files.flat_map_iter(|file| judge(&file)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn judge(file: &PathBuf) -> Vec<String> {
    let id = file.file_stem().unwrap().to_str().unwrap();
    if !rule::RULES.iter().any(|rule| rule.code.id() == id) {
        return vec![format!("no rule `{id}`")];
    }
    let text = fs::read_to_string(file).unwrap();
    let (mut failures, mut kept, mut fires) = (Vec::new(), String::new(), false);
    for case in text.split("=== ").skip(1) {
        let (name, case) = case.split_once(" ===\n").unwrap();
        let parts = rule::parts(case);
        let said = told(&site(&parts));
        let expected = parts.iter().find(|part| part.name == "says").map(|part| part.text);
        let company = parts.iter().filter_map(|part| part.name.strip_prefix("with "));
        let allowed: Vec<String> = company.chain(std::iter::once(id)).map(|id| format!("[{id}]: ")).collect();
        let findings = said.lines().filter(|line| !line.starts_with("  "));
        for line in findings.filter(|line| !allowed.iter().any(|id| line.contains(id))) {
            failures.push(format!("{id}, {name}: another rule fires: {line}"));
        }
        if expected != Some(&*said) {
            let expected = expected.unwrap_or_default();
            failures.push(format!("{id}, {name}: is said to find\n{expected}and finds\n{said}"));
        }
        fires |= said.contains(&format!("[{id}]: "));
        keep(&mut kept, name, &parts, &said);
    }
    if std::env::var_os("UPDATE").is_some() {
        failures.retain(|failure| failure.contains("another rule fires"));
        fs::write(file, kept).unwrap();
    } else if !fires
        && rule::RULES.iter().any(|rule| rule.code.id() == id && rule.part("elsewhere").is_some())
    {
        failures.push(format!("{id} fires on none of its cases"));
    }
    failures
}

/// What `check` says of a site, and what it says to do about it.
fn told(site: &Site) -> String {
    let root = site.root();
    findings(site, &mut Memory::default()).iter().fold(String::new(), |mut out, found| {
        let one = std::slice::from_ref(found);
        out += &report::render(one, Format::Short, Style::Plain, &|path| scan::text(&root, path));
        let marked = found.location.span.zip(scan::text(&root, &found.location.path));
        let marked = marked
            .and_then(|(span, text)| Some(text.get(span.start as usize..span.end as usize)?.to_owned()));
        if let Some(marked) = marked.filter(|marked| !marked.is_empty()) {
            let (first, dots) = marked.split_once('\n').map_or((&*marked, ""), |(first, _)| (first, " ..."));
            let _ = writeln!(out, "  marks: {first}{dots}");
        }
        if let Some(help) = &found.help {
            let _ = writeln!(out, "  help: {help}");
        }
        out
    })
}

fn site(parts: &[Part<'_>]) -> Site {
    let mut site = base();
    for part in parts {
        let words: Vec<&str> = part.name.split(' ').collect();
        match words[..] {
            ["says"] | ["with", _] => {}
            ["body"] => site.write(GUIDE, &format!("{FRONT}{}{REST}", part.text)),
            ["settings"] => {
                let settings = site.read("site.toml");
                site.write("site.toml", &format!("{settings}\n{}", part.text));
            }
            ["today", date] => site.today = date.parse().unwrap(),
            ["size", path, bytes] => site.write_bytes(path, &vec![b' '; bytes.parse().unwrap()]),
            #[cfg(unix)]
            ["link", path] => {
                let link = site.root().join(path);
                fs::create_dir_all(link.parent().unwrap()).unwrap();
                std::os::unix::fs::symlink(part.text.trim(), link).unwrap();
            }
            [path] => site.write(path, part.text),
            _ => panic!("what is `-- {} --`?", part.name),
        }
    }
    site
}

fn keep(kept: &mut String, name: &str, parts: &[Part<'_>], said: &str) {
    let _ = writeln!(kept, "=== {name} ===");
    for part in parts.iter().filter(|part| part.name != "says") {
        let _ = write!(kept, "-- {} --\n{}", part.name, part.text);
    }
    let _ = write!(kept, "-- says --\n{said}");
}
