//! A glance at a published file: most have nothing to report, and that can be seen without reading them.
//!
//! In: the HTML. Out: whether it is certain that the exact reading would find nothing. When in doubt the
//! answer is no, so that this never decides what is reported.

use memchr::{memchr_iter, memmem, memrchr, memrchr2};
use pulldown_cmark_escape::escape_html;
use serde_json::Value;

use super::{Sheet, Told, said};
use crate::check::markup::{closing, decoded, end_of_tag};

/// Whether an exact reading would find nothing.
pub(super) fn is_clean(sheet: &Sheet<'_>) -> bool {
    links_are_clean(sheet) && data_is_clean(sheet.html)
}

/// Whether no address on the page earns money.
pub(super) fn links_are_clean(sheet: &Sheet<'_>) -> bool {
    let html = sheet.html;
    let is_slash = |at| {
        let code = html[at + 2..].trim_start_matches(['x', 'X', '0']);
        code.starts_with("47") || code.get(..2).is_some_and(|code| code.eq_ignore_ascii_case("2f"))
    };
    if memmem::find_iter(html.as_bytes(), b"&#").any(is_slash) {
        return false;
    }
    memmem::find_iter(html.as_bytes(), b"//").all(|at| {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'>' | b'<');
        let (before, after) = (&html.as_bytes()[..at], &html.as_bytes()[at..]);
        let start = before.iter().rposition(ends).map_or(0, |end| end + 1);
        let end = after.iter().position(ends).map_or(html.len(), |end| at + end);
        let Some(address) = html.get(start..end) else { return false };
        // Without quotes the name stands before it.
        let bare =
            address.find('=').filter(|equals| start + equals < at).map(|equals| &address[equals + 1..]);
        !sheet.earners.earns(&decoded(address))
            && bare.is_none_or(|bare| !sheet.earners.earns(&decoded(bare)))
    })
}

/// Whether all that the structured data says stands in the text, letter by letter.
fn data_is_clean(html: &str) -> bool {
    let Some(body) = memmem::find(html.as_bytes(), b"<body") else { return false };
    let mut rest = html;
    while let Some(at) = memmem::find(rest.as_bytes(), b"ld+json") {
        let start = at + end_of_tag(&rest[at..]);
        let json = &rest[start..][..closing(&rest.as_bytes()[start..], b"script")];
        let Ok(data) = serde_json::from_str::<Value>(json) else { return false };
        let mut clean = true;
        said(&data, &mut |told| {
            clean &= match told {
                Told::Name(name) => is_seen(&html[body..], name),
                // How numbers are written is for the exact reading.
                Told::Number(_) => false,
            };
        });
        if !clean {
            return false;
        }
        rest = &rest[start + json.len()..];
    }
    true
}

/// Whether words stand in text that readers see.
fn is_seen(body: &str, words: &str) -> bool {
    let mut escaped = String::with_capacity(words.len());
    // Writing to a string cannot fail.
    let _ = escape_html(&mut escaped, words);
    !escaped.trim().is_empty()
        && memmem::find_iter(body.as_bytes(), escaped.as_bytes()).any(|at| is_text(&body[..at]))
}

/// What hides what stands in it, and holds no tags.
const HIDING: &[(&str, &str)] =
    &[("<script", "</script"), ("<style", "</style"), ("<textarea", "</textarea"), ("<title", "</title")];
/// What hides what stands in it, and may hold anything.
const DOUBTFUL: &[&str] = &["<template", "<head"];

/// Whether what follows is text that readers see.
fn is_text(before: &str) -> bool {
    let bytes = before.as_bytes();
    let Some(tag) = memrchr2(b'<', b'>', bytes).filter(|tag| bytes[*tag] == b'>') else { return false };
    let open = memrchr(b'<', &bytes[..tag]).map_or(bytes, |open| &bytes[open..tag]);
    // An angle bracket in the value of an attribute ends no tag.
    let even = |quote: u8| memchr_iter(quote, open).count().is_multiple_of(2);
    let last = |of: &str| memmem::rfind(bytes, of.as_bytes());
    even(b'"')
        && even(b'\'')
        && HIDING.iter().all(|(start, end)| last(start) <= last(end))
        && last("<!--").is_none()
        && DOUBTFUL.iter().all(|of| !has(bytes, of))
}

/// Whether an element of a name is opened: `<head`, and not `<header`.
fn has(bytes: &[u8], tag: &str) -> bool {
    let is_whole = |at: usize| !bytes.get(at + tag.len()).is_some_and(u8::is_ascii_alphabetic);
    memmem::find_iter(bytes, tag).any(is_whole)
}
