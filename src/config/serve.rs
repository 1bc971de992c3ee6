//! `[serve]`: who may ask for the preview, and which editor it opens.
//!
//! In: the fields of the table. Out: names of hosts, and an editor or its address. Opens nothing.

use super::{Config, EDITORS};
use crate::value::{Field, Reader, listed};

pub(super) fn hosts(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    config.serve.hosts.clear();
    for host in reader.names(field) {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if host.value.bytes().all(fits) {
            config.serve.hosts.push(host.value.to_ascii_lowercase());
        } else {
            let message = format!("`{}` is not the name of a host", host.value);
            reader.refuse(
                host.span,
                message,
                "write the name alone, without `http://` and port: `preview.example.com`",
            );
        }
    }
}

pub(super) fn editor(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(editor) = reader.text(field) else { return };
    let is_known = EDITORS.iter().any(|(name, _)| *name == editor);
    let scheme = editor.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    let is_safe = !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !["javascript", "data", "vbscript", "blob", "file"].contains(&scheme.as_str());
    if editor.is_empty() || is_known || (is_safe && editor.contains("{path}")) {
        config.serve.editor = editor;
    } else {
        let names = listed(EDITORS.iter().map(|(name, _)| *name), "or");
        let message = format!("`{editor}` is neither an editor we know nor a URL with `{{path}}` in it");
        let help = format!("write {names}, or a URL such as `vscode://file{{path}}:{{line}}:{{column}}`");
        reader.refuse(field.value.span, message, &help);
    }
}
