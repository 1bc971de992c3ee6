//! The manual's reference tables are made from the tables that the program itself obeys.
//!
//! `UPDATE=1` writes them; a table that has drifted fails.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::Path;

use guidepost::config;
use guidepost::parse::front_matter;

#[test]
fn the_settings_page_lists_every_key() {
    let mut table = String::from("| Key | Takes | Default | Does |\n| --- | --- | --- | --- |\n");
    for key in config::KEYS {
        let default = if key.default.is_empty() { String::new() } else { format!("`{}`", key.default) };
        let _ = writeln!(table, "| `{}` | {} | {} | {} |", key.path, key.takes, default, key.summary);
    }
    check("content/docs/configuration.md", &table);
}

#[test]
fn the_front_matter_page_lists_every_key() {
    let mut table = String::from("| Key | Takes | Says | Other spellings |\n| --- | --- | --- | --- |\n");
    for key in front_matter::KEYS {
        let also: Vec<_> = key.also.iter().map(|name| format!("`{name}`")).collect();
        let inherited = if key.is_inheritable() { " (inherited)" } else { "" };
        let _ = writeln!(
            table,
            "| `{}` | {} | {}{inherited} | {} |",
            key.name,
            key.takes,
            key.summary,
            also.join(", ")
        );
    }
    check("content/docs/front-matter.md", &table);
}

/// The lines between `<!-- reference -->` and `<!-- end of reference -->` are the table.
fn check(path: &str, table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&file).unwrap();
    let (start, end) = ("<!-- reference -->\n\n", "\n<!-- end of reference -->");
    let (before, rest) = text.split_once(start).expect("the page has a place for the table");
    let (found, after) = rest.split_once(end).expect("the place for the table ends");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, format!("{before}{start}{table}{end}{after}")).unwrap();
    } else {
        assert_eq!(found, table, "{path} has drifted; run `UPDATE=1 cargo test --test manual`");
    }
}
