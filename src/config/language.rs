//! The language and the time zone of a site.
//!
//! In: fields that name one. Out: the name, or what was probably meant. Knows no words of any language.

use super::Config;
use crate::diagnostic::near;
use crate::value::{Field, Reader};

/// Whether a text has the shape of a BCP 47 language tag (RFC 5646, 2.1), such as `en`, `pt-BR` or
/// `zh-Hant-TW`; whether its parts are registered is not asked.
#[must_use]
pub(crate) fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && text.split('-').next_back().is_some_and(|last| last.len() > 1)
}

pub(super) fn lang(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    if let Some(tag) = language_tag(reader, field) {
        config.lang = tag;
    }
}

/// A language tag, or a diagnostic with what was probably meant.
pub(crate) fn language_tag(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    let tag = reader.filled(field)?;
    if is_language_tag(&tag) {
        return Some(tag);
    }
    let mended = tag.replace('_', "-");
    let mended = mended.split('.').next().unwrap_or_default();
    let help = if is_language_tag(mended) {
        format!("write `{mended}`")
    } else {
        "write a tag such as `en`, `en-US` or `pt-BR`".to_owned()
    };
    reader.refuse(field.value.span, format!("`{tag}` is not a language tag"), help);
    None
}

pub(super) fn timezone(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(name) = reader.filled(field) else { return };
    if jiff::tz::TimeZone::get(&name).is_ok() {
        config.timezone = name;
        return;
    }
    let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
    let help = match near(&name, zones.iter().map(String::as_str)) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => "write a name such as `Europe/Berlin`, `America/New_York` or `UTC`".to_owned(),
    };
    reader.refuse(field.value.span, format!("`{name}` is not a time zone"), help);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags() {
        for tag in ["en", "en-US", "zh-Hant-TW", "de-CH-1996", "ast", "es-419"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "e", "english-", "en_US", "en--US", "123", "en-US-abcdefghi", "de-a", "é"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
