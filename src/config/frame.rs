//! What pages have in common: the taxonomies they are filed under, and the navigation.
//!
//! In: the fields of `taxonomies` and `nav`. Out: lists in the order written. Looks for no page.

use super::read::{Place, group, join};
use super::{Config, NavItem, Taxonomy};
use crate::value::{Field, Kind, Reader, Value};

pub(super) fn taxonomies(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    match &field.value.kind {
        Kind::Table(entries) => {
            config.taxonomies.clear();
            for entry in entries {
                let key = Value { kind: Kind::Text(entry.key.clone()), span: entry.key_span };
                let shown = join(field.key, &entry.key);
                if !taxonomy(config, reader, Field { key: field.key, value: &key }) {
                    continue;
                }
                let keys = reader.table(
                    Field { key: &shown, value: &entry.value },
                    &format!("write `[{shown}]`, and its keys below"),
                );
                group(config, reader, Place { lookup: "taxonomies.*", shown: &shown }, keys);
            }
        }
        Kind::List(items) => {
            config.taxonomies.clear();
            for value in items {
                taxonomy(config, reader, Field { key: field.key, value });
            }
        }
        _ => reader.mistyped(field, "a list of names or a table", "write `taxonomies = [\"tags\"]`"),
    }
}

/// Adds a taxonomy under its name; says whether the name can be one.
fn taxonomy(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) -> bool {
    let Some(name) = reader.filled(field) else { return false };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(plain) {
        let message = format!("`{name}` cannot name a taxonomy");
        reader.refuse(
            field.value.span,
            message,
            "use small letters, digits and `-` only, such as `job-families`",
        );
        return false;
    }
    if config.taxonomies.iter().any(|known| known.name == name) {
        reader.refuse(
            field.value.span,
            format!("the taxonomy `{name}` is given twice"),
            "keep one of the two",
        );
        return false;
    }
    let spaced = name.replace('-', " ");
    let title = spaced[..1].to_uppercase() + &spaced[1..];
    config.taxonomies.push(Taxonomy { name, title, paginate_by: 0, feed: false });
    true
}

pub(super) fn nav(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    const HELP: &str = "write `[[nav]]`, and `title` and `url` below";
    let Kind::List(items) = &field.value.kind else {
        return reader.mistyped(field, "a list of tables", HELP);
    };
    config.nav.clear();
    for value in items {
        config.nav.push(NavItem { title: String::new(), url: String::new(), span: None });
        let entries = reader.table(Field { key: field.key, value }, HELP);
        group(config, reader, Place { lookup: "nav.*", shown: field.key }, entries);
        let is_table = matches!(value.kind, Kind::Table(_));
        for key in ["title", "url"] {
            if is_table && !entries.iter().any(|entry| entry.key == key) {
                let message = format!("an entry of `nav` without `{key}`");
                reader.refuse(value.span, message, "give each entry a `title` and a `url`");
            }
        }
    }
    config.nav.retain(|item| !item.title.is_empty() && !item.url.is_empty());
}

pub(super) fn nav_url(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    if let (Some(url), Some(item)) = (leads_somewhere(reader, field), config.nav.last_mut()) {
        item.url = url;
        item.span = Some(field.value.span);
    }
}

/// Where a link of the site's frame leads: a page's file, a path or a web address.
pub(super) fn leads_somewhere(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    const STARTS: &[&str] = &["@/", "/", "https://", "http://", "mailto:"];
    let url = reader.filled(field)?;
    let odd = |sign: char| sign.is_whitespace() || sign.is_control();
    if STARTS.iter().any(|start| url.starts_with(start)) && !url.contains(odd) {
        return Some(url);
    }
    let message = format!("`{url}` leads nowhere");
    let help = "write `@/guides/nurse.md`, `/guides/` or `https://example.com/`";
    reader.refuse(field.value.span, message, help);
    None
}
