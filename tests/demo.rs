//! The repository's own site: it builds without a finding, and what it publishes holds together.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "our own outputs are in lower case")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use support::html::{self, Page};

#[test]
fn the_demo_is_published_without_a_finding() {
    let site = support::demo();
    let (built, published) = site.build_cold();
    assert_eq!(built.messages, "");
    assert!(built.published);
    let guides = published.keys().filter(|path| path.starts_with("guides/") && path.ends_with("/index.html"));
    assert!(guides.count() >= 8);
}

#[test]
fn every_page_is_valid_has_unique_ids_and_leads_somewhere() {
    let site = support::demo();
    for base_url in ["https://example.com/", "https://example.com/careers/"] {
        site.write("site.toml", &support::demo_settings(base_url));
        let (_, published) = site.build_cold();
        let base_path = base_url.strip_prefix("https://example.com").unwrap();
        let pages: BTreeMap<&str, Page> = published
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| (path.as_str(), html::read(std::str::from_utf8(bytes).unwrap())))
            .collect();
        assert!(pages.len() > 20);
        for (path, page) in &pages {
            assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
            assert_eq!(page.repeated_ids(), BTreeSet::new(), "{path}: ids that occur twice");
            assert_eq!(page.h1, 1, "{path}: level-1 headings");
            for link in &page.links {
                if let Some(problem) = broken(path, link, base_path, &pages, &published) {
                    panic!("{path}: {link}: {problem}");
                }
            }
        }
    }
}

/// Why an internal link leads nowhere; `None` when it leads somewhere or out of the site.
fn broken(
    from: &str,
    link: &str,
    base_path: &str,
    pages: &BTreeMap<&str, Page>,
    published: &support::Published,
) -> Option<String> {
    let local = link.strip_prefix("https://example.com").unwrap_or(link);
    if local.contains("://") || local.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = local.split_once('#').unwrap_or((local, ""));
    let path = path.split('?').next().unwrap_or(path);
    let file = if path.is_empty() {
        from.to_owned()
    } else {
        let Some(inside) = path.strip_prefix(base_path) else {
            return Some(format!("not below {base_path}"));
        };
        if inside.is_empty() || inside.ends_with('/') {
            format!("{inside}index.html")
        } else {
            inside.to_owned()
        }
    };
    if !published.contains_key(&file) {
        return Some(format!("no file {file}"));
    }
    if !fragment.is_empty() && !pages.get(file.as_str()).is_some_and(|page| page.ids.contains_key(fragment)) {
        return Some(format!("no #{fragment} in {file}"));
    }
    None
}

#[test]
fn code_keeps_every_character() {
    let site = support::demo();
    let (_, published) = site.build_cold();
    let mut blocks = 0;
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guides")) {
        let entry = entry.unwrap();
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        let Some(bytes) = published.get(&format!("guides/{name}/index.html")) else { continue };
        let page = html::read(std::str::from_utf8(bytes).unwrap());
        let source = std::fs::read_to_string(entry.path()).unwrap();
        let mut fences = Vec::new();
        let mut open: Option<String> = None;
        for line in source.lines() {
            match (&mut open, line.starts_with("```")) {
                (None, true) => open = Some(String::new()),
                (Some(code), false) => {
                    code.push_str(line);
                    code.push('\n');
                }
                (Some(_), true) => fences.extend(open.take()),
                (None, false) => {}
            }
        }
        assert_eq!(page.code, fences, "{name}");
        blocks += fences.len();
    }
    assert!(blocks >= 10, "only {blocks} blocks");
}
