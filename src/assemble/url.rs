//! Site paths, the addresses browsers ask for them by, and the files they are written to.
//!
//! In: names of files, and the `slug`, `path` and `aliases` of front matter. Out: *site paths* such
//! as `/guides/nurse/` (decoded, NFC, beginning with `/`, without the base path), and for each the
//! *URL* (the same, percent-encoded) and the *output path* (`guides/nurse/index.html`). Every path
//! that leaves this module stays below the output folder and can be written on Windows too.
//! Knows no page and reports nothing itself.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::civil::Date;

use crate::config::SlugStyle;
use crate::parse::slug::slug;

/// Longest part of a path, in bytes; file systems take 255, and a suffix may follow.
const LONGEST_SEGMENT: usize = 200;
/// Longest path, in bytes.
const LONGEST_PATH: usize = 1024;
/// Names that Windows keeps for devices, whatever suffix follows
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>); `com1` and `lpt1` to `9` are too.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Why a path that someone wrote cannot be one, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Ends a sentence that begins with the path: ``` holds a `\` ```.
    pub(crate) reason: String,
    /// What to write instead.
    pub(crate) help: &'static str,
}

impl Refusal {
    fn new(reason: impl Into<String>, help: &'static str) -> Self {
        Self { reason: reason.into(), help }
    }
}

/// A path segment made from a file's or folder's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The segment; empty when the name holds nothing an address can.
    pub(crate) text: String,
    /// What is wrong with the name.
    pub(crate) trouble: Option<&'static str>,
}

/// The file a URL is written to: `/guides/x/` is `guides/x/index.html`, `/atom.xml` is `atom.xml`.
#[must_use]
pub fn output_path(url: &str) -> String {
    let path = decode(url.strip_prefix('/').unwrap_or(url));
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.into_owned() }
}

/// The URL of a page's Markdown twin: `/guides/x/index.md`, or for `/x.html` `/x.md`.
#[must_use]
pub fn twin(url: &str) -> String {
    if url.ends_with('/') {
        format!("{url}index.md")
    } else {
        format!("{}.md", url.strip_suffix(".html").unwrap_or(url))
    }
}

/// The URL of page `number` of a list: `/guides/page/2/`; page 1 is the list's own URL.
#[must_use]
pub fn list_page(url: &str, number: usize) -> String {
    if number <= 1 { url.to_owned() } else { format!("{}page/{number}/", below(url)) }
}

/// What the paths of things below a URL begin with: itself, or for `/guides.html` `/guides/`.
#[must_use]
pub fn below(url: &str) -> Cow<'_, str> {
    if url.ends_with('/') {
        return Cow::Borrowed(url);
    }
    Cow::Owned(format!("{}/", url.strip_suffix(".html").unwrap_or(url)))
}

/// Percent-encodes a site path: all but what RFC 3986 lets stand in a path, and `&` and `'`.
#[must_use]
pub fn encode(path: &str) -> Cow<'_, str> {
    encode_all_but(path, |byte| byte.is_ascii_alphanumeric() || b"-._~/!$()*+,;=:@".contains(&byte))
}

/// Encodes what cannot stand in a query or fragment, and leaves escapes that are there.
pub(crate) fn encode_suffix(suffix: &str) -> Cow<'_, str> {
    encode_all_but(suffix, |byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

fn encode_all_but(text: &str, plain: impl Fn(u8) -> bool) -> Cow<'_, str> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if text.bytes().all(&plain) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    Cow::Owned(encoded)
}

/// Undoes percent-encoding; text that does not decode to UTF-8 stays as it is.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair =
            (bytes[at] == b'%').then(|| digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2)))).flatten();
        let value = pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Composed form (NFC): macOS may hand out decomposed names for what was typed composed.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

/// What two paths have in common when some file system takes them for one.
pub(crate) fn folded(path: &str) -> Cow<'_, str> {
    if path.is_ascii() {
        return if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(path.to_ascii_lowercase())
        } else {
            Cow::Borrowed(path)
        };
    }
    Cow::Owned(nfc(&nfc(path).to_lowercase()).into_owned())
}

/// Cuts a leading date from a file's name, as in `2026-11-20-title`.
pub(crate) fn dated(name: &str) -> (Option<Date>, &str) {
    let date = name.get(..10).filter(|_| name.as_bytes().get(10) == Some(&b'-'));
    match (date.and_then(|date| date.parse().ok()), name.get(11..)) {
        (Some(date), Some(title)) if !title.is_empty() => (Some(date), title),
        _ => (None, name),
    }
}

/// The segment a file or folder has in its URL: its name, when that can stand in an address as it
/// is, capitals included; else the name's slug.
pub(crate) fn segment(name: &str, style: SlugStyle) -> Segment {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if name.chars().all(plain) && !name.ends_with('.') {
        let capital = name.bytes().any(|byte| byte.is_ascii_uppercase());
        return avoid_device(name.to_owned(), capital.then_some("has capital letters"));
    }
    let composed = nfc(name);
    let mut text = slug(&composed, style);
    text.truncate(text.floor_char_boundary(LONGEST_SEGMENT));
    let trouble = if text == *composed {
        None
    } else if name.contains(char::is_whitespace) {
        Some("has spaces")
    } else {
        Some("has characters that cannot stand in an address as they are")
    };
    avoid_device(text, trouble)
}

/// The segment of a term: its slug, which is empty when the term has no letter or digit. Signs that
/// tell names apart are words: `C++` is `cplusplus` and `C#` is `csharp`, while the `#` of `#nurses`
/// is no part of a name.
pub(crate) fn term_segment(term: &str, style: SlugStyle) -> String {
    let term = nfc(term);
    let mut named = String::with_capacity(term.len());
    let has_name = term.contains(char::is_alphanumeric);
    for c in term.chars() {
        match c {
            '+' if has_name => named.push_str("plus"),
            '#' if named.ends_with(char::is_alphanumeric) => named.push_str("sharp"),
            _ => named.push(c),
        }
    }
    let mut text = slug(&named, style);
    text.truncate(text.floor_char_boundary(LONGEST_SEGMENT));
    avoid_device(text, None).text
}

fn avoid_device(text: String, trouble: Option<&'static str>) -> Segment {
    if is_device(&text) {
        Segment { text: text + "_", trouble: Some("is reserved by Windows") }
    } else {
        Segment { text, trouble }
    }
}

/// Why a path of a file that is published as it is cannot be stored by every system, if so.
///
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>
pub(crate) fn unstorable(path: &str) -> Option<&'static str> {
    path.split('/').find_map(|part| {
        if part.contains(['<', '>', ':', '"', '|', '?', '*']) {
            Some("has characters that Windows cannot store")
        } else if part.ends_with(['.', ' ']) {
            Some("has a part that ends with a dot or a space, which Windows cannot store")
        } else if is_device(part) {
            Some("is or has a part that is reserved by Windows")
        } else {
            None
        }
    })
}

fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default();
    let numbered = |port: &str| {
        stem.len() == 4
            && stem.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(port))
            && stem.as_bytes()[3].is_ascii_digit()
    };
    DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) || numbered("com") || numbered("lpt")
}

/// Reads `slug`: one segment.
pub(crate) fn parse_slug(text: &str) -> Result<String, Refusal> {
    if text.contains('/') {
        return Err(Refusal::new(
            "holds a `/`",
            "a slug is the last part of an address; `path` sets the whole of it",
        ));
    }
    parse_segment(text)
}

/// Reads `path` or an alias: a whole site path, `/` at either end being optional. One that ends in
/// `.html` is that very file.
pub(crate) fn parse_path(text: &str) -> Result<String, Refusal> {
    if text.len() > LONGEST_PATH {
        return Err(Refusal::new("is too long", "use at most 1,024 bytes"));
    }
    if text.contains("://") {
        return Err(Refusal::new(
            "is the address of a site",
            "write a path on this site, such as `/guides/nurse/`",
        ));
    }
    let inner = text.strip_prefix('/').unwrap_or(text);
    if inner.is_empty() {
        return if text.is_empty() { Err(empty()) } else { Ok("/".to_owned()) };
    }
    let is_folder = inner.ends_with('/');
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let mut path = String::with_capacity(text.len() + 2);
    for part in inner.split('/') {
        path.push('/');
        path.push_str(&parse_segment(part)?);
    }
    let names_file = !is_folder && path.strip_suffix(".html").is_some();
    if let Some(folder) = path.strip_suffix("index.html").filter(|folder| names_file && folder.ends_with('/'))
    {
        return Ok(folder.to_owned());
    }
    if !names_file {
        path.push('/');
    }
    Ok(path)
}

fn parse_segment(text: &str) -> Result<String, Refusal> {
    const FORBIDDEN: &str = "\\%?#:*\"<>|";
    if text.is_empty() {
        return Err(empty());
    }
    if text == "." || text == ".." {
        return Err(Refusal::new(
            format!("holds `{text}`"),
            "write the path from the site's root, without `.` or `..`",
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::new("holds a control character", "use letters, digits and hyphens"));
    }
    if let Some(found) = text.chars().find(|c| FORBIDDEN.contains(*c)) {
        return Err(Refusal::new(format!("holds `{found}`"), "use letters, digits and hyphens"));
    }
    if text.len() > LONGEST_SEGMENT {
        return Err(Refusal::new("has a part that is too long", "use at most 200 bytes between two `/`"));
    }
    if text.trim() != text || text.ends_with('.') {
        return Err(Refusal::new(
            "has a part that begins or ends with a space, or ends with a dot",
            "not every system can store such a name; take it away",
        ));
    }
    if text.starts_with('.') && text != ".well-known" {
        return Err(Refusal::new(
            "has a part that begins with a dot",
            "hosts hide such files; begin with a letter",
        ));
    }
    if is_device(text) {
        return Err(Refusal::new(format!("holds `{text}`, which Windows reserves"), "choose another name"));
    }
    Ok(nfc(text).into_owned())
}

fn empty() -> Refusal {
    Refusal::new("has an empty part", "write something between two `/`, or take the key away")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lead_to_files_and_lists() {
        for (url, output) in [
            ("/", "index.html"),
            ("/guides/x/", "guides/x/index.html"),
            ("/old.html", "old.html"),
            ("/caf%C3%A9/", "café/index.html"),
            ("/100%25/", "100%/index.html"),
        ] {
            assert_eq!(output_path(url), output);
            assert_eq!(encode(&decode(url)), url);
        }
        assert_eq!(list_page("/guides/", 1), "/guides/");
        assert_eq!(list_page("/guides/", 3), "/guides/page/3/");
        assert_eq!(list_page("/guides.html", 2), "/guides/page/2/");
    }

    #[test]
    fn escapes_that_are_none_stay_as_written() {
        for text in ["100%", "%zz", "%f", "%ff"] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(encode_suffix("?a=1&b=%20#x y"), "?a=1&b=%20#x%20y");
    }

    #[test]
    fn names_become_segments() {
        for (name, text, troubled) in [
            ("nurse", "nurse", false),
            ("v1.2_b", "v1.2_b", false),
            ("Nurse", "Nurse", true),
            ("data analyst", "data-analyst", true),
            ("con", "con_", true),
            ("Lpt1.old", "Lpt1.old_", true),
            ("???", "", true),
        ] {
            let segment = segment(name, SlugStyle::Ascii);
            assert_eq!((segment.text.as_str(), segment.trouble.is_some()), (text, troubled), "{name}");
        }
        assert!(segment(&"a b".repeat(200), SlugStyle::Ascii).text.len() <= LONGEST_SEGMENT);
    }

    #[test]
    fn a_date_before_a_name_is_cut_off() {
        assert_eq!(dated("2026-11-20-title"), (Some(jiff::civil::date(2026, 11, 20)), "title"));
        for name in
            ["2026-11-20", "2026-11-20-", "2026-13-20-title", "title", "été-2026-x", "2026-11-20title"]
        {
            assert_eq!(dated(name), (None, name));
        }
    }

    #[test]
    fn written_paths_are_read() {
        for (text, path) in [
            ("/old/", "/old/"),
            ("old", "/old/"),
            ("a/b", "/a/b/"),
            ("/old.html", "/old.html"),
            ("/old.html/", "/old.html/"),
            ("/old/index.html", "/old/"),
            ("/index.html", "/"),
            ("/", "/"),
            ("/.well-known/x", "/.well-known/x/"),
            ("/cafe\u{301}/", "/café/"),
        ] {
            assert_eq!(parse_path(text).as_deref(), Ok(path), "{text}");
        }
    }

    #[test]
    fn paths_that_lead_astray_are_refused() {
        let long = "x".repeat(300);
        let deep = "x/".repeat(600);
        for text in [
            "",
            "..",
            "../x",
            "/a/../../x",
            "/a/./b",
            "//host/x",
            "/a//b",
            "a\\b",
            "%2e%2e/x",
            "a%2fb",
            "a\0b",
            "a\nb",
            "C:/x",
            "/aux/",
            "/a/COM1.html",
            "/.git/",
            "/a /",
            "/a./",
            "a?b",
            "a#b",
            "https://x.org/",
            &long,
            &deep,
        ] {
            assert!(parse_path(text).is_err(), "{text:?}");
        }
        for text in ["", "a/b", "..", ".", "a\\b", "nul", "%2e%2e", ".x"] {
            assert!(parse_slug(text).is_err(), "{text:?}");
        }
        assert_eq!(parse_slug("Data analyst").as_deref(), Ok("Data analyst"));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_stays_in_the_output_folder(text in "[a-c./\\\\% é\u{301}A-C]{0,24}|\\PC{0,24}") {
            if let Ok(path) = parse_path(&text) {
                let output = output_path(&encode(&path));
                assert!(!output.starts_with('/') && output.split('/').all(|part| !matches!(part, "" | "." | "..")));
                assert_eq!(parse_path(&path), Ok(path.clone()), "a site path stands for itself");
                assert_eq!(decode(&encode(&path)), path);
            }
        }

        #[test]
        fn whatever_a_file_is_called_makes_one_segment(name in "\\PC{0,24}") {
            let text = segment(&name, SlugStyle::Ascii).text;
            assert!(!text.contains('/') && !matches!(text.as_str(), "." | ".."));
        }
    }

    #[test]
    fn one_name_in_two_spellings_folds_to_one() {
        assert_eq!(folded("Guides/CAFE\u{301}.html"), folded("guides/café.html"));
        assert_ne!(folded("a.html"), folded("b.html"));
    }
}
