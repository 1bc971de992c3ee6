//! Bare URLs and e-mail addresses in text, by the rules of GFM 6.9 (extended autolinks).
//!
//! In: a run of prose with entities decoded and smart punctuation not yet applied. Out: the
//! parts of it that are links. Writes nothing; a scan is linear in the text's length.
//!
//! Schemes other than `http`, `https` and `mailto` are left as text, as everywhere in a site.

use std::ops::Range;

/// A link found in text; its label is the text itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Autolink {
    /// Its bytes in the run.
    pub(super) range: Range<usize>,
    /// What the destination has in front of the text: `http://`, `mailto:` or nothing.
    pub(super) prefix: &'static str,
}

/// Finds the first link that starts at `from` or later. `before` is what precedes the run, `None`
/// at the beginning of a line; `entity_at_end` tells whether an entity ends at an offset.
pub(super) fn find(
    text: &str,
    from: usize,
    before: Option<char>,
    entity_at_end: &dyn Fn(usize) -> Option<usize>,
) -> Option<Autolink> {
    let bytes = text.as_bytes();
    if !may_hold_link(&bytes[from..]) {
        return None;
    }
    let opens = |at: usize| may_precede(text[..at].chars().next_back().or(before));
    let mut at = from;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'w' | b'W' if starts_with(&bytes[at..], "www.") && opens(at) => {
                web(text, at, at, entity_at_end).map(|range| Autolink { range, prefix: "http://" })
            }
            b'h' | b'H' => scheme(&bytes[at..]).filter(|_| opens(at)).and_then(|length| {
                web(text, at, at + length, entity_at_end).map(|range| Autolink { range, prefix: "" })
            }),
            b'@' => email(bytes, from, at).filter(|link| opens(link.range.start)),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        at += 1;
    }
    None
}

/// Whether a text holds what every link has: `://`, `www.` or `@`. Most texts hold none.
fn may_hold_link(text: &[u8]) -> bool {
    memchr::memchr3_iter(b':', b'.', b'@', text).any(|at| match text[at] {
        b':' => text[at..].starts_with(b"://"),
        b'.' => at >= 3 && text[at - 3..at].eq_ignore_ascii_case(b"www"),
        _ => true,
    })
}

/// Whether a link may follow this character: a line's beginning, white space, `*`, `_`, `~`, `(`.
fn may_precede(before: Option<char>) -> bool {
    before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '('))
}

fn starts_with(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn scheme(bytes: &[u8]) -> Option<usize> {
    ["https://", "http://"].into_iter().find(|scheme| starts_with(bytes, scheme)).map(str::len)
}

/// A link from `start` whose domain begins at `domain`.
fn web(
    text: &str,
    start: usize,
    domain: usize,
    entity_at_end: &dyn Fn(usize) -> Option<usize>,
) -> Option<Range<usize>> {
    let rest = &text[domain..];
    let length: usize =
        rest.chars().take_while(|&c| is_domain(c)).take(LONGEST_DOMAIN).map(char::len_utf8).sum();
    if !is_valid_domain(rest[..length].trim_end_matches('.')) {
        return None;
    }
    let end = domain + rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
    let end = trimmed(text, start, end, entity_at_end);
    (end > domain).then_some(start..end)
}

/// No more of a domain is read (RFC 1035 allows 253), or `_www._www.` and so on would cost its square.
const LONGEST_DOMAIN: usize = 256;

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// At least two segments, none empty, and no underscore in the last two.
fn is_valid_domain(domain: &str) -> bool {
    let mut segments = domain.rsplit('.');
    let last_two = [segments.next(), segments.next()];
    last_two.iter().all(|segment| segment.is_some_and(|text| !text.is_empty() && !text.contains('_')))
        && segments.all(|segment| !segment.is_empty())
}

/// The end of a link without the punctuation that belongs to the sentence: `?!.,:*_~` and quotes,
/// closing brackets that nothing in the link opens, entities.
fn trimmed(text: &str, start: usize, end: usize, entity_at_end: &dyn Fn(usize) -> Option<usize>) -> usize {
    let bytes = text.as_bytes();
    let count = |bracket: char| text[start..end].matches(bracket).count();
    let mut unopened = count(')').saturating_sub(count('('));
    let mut end = end;
    while end > start {
        if let Some(entity) = entity_at_end(end) {
            end = entity.max(start);
            continue;
        }
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if unopened > 0 => {
                unopened -= 1;
                end -= 1;
            }
            b';' => match looks_like_entity(&bytes[start..end - 1]) {
                Some(length) => end -= length + 1,
                None => break,
            },
            _ => break,
        }
    }
    end
}

/// The length of `&letters` at the end of the bytes in front of a semicolon.
fn looks_like_entity(bytes: &[u8]) -> Option<usize> {
    let name = bytes.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let ampersand = bytes.len().checked_sub(name + 1)?;
    (name > 0 && bytes[ampersand] == b'&').then_some(name + 1)
}

/// The address around the `@` at `at`, not reaching back before `from`.
fn email(bytes: &[u8], from: usize, at: usize) -> Option<Autolink> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let local = bytes[from..at].iter().rev().take_while(|byte| is_local(byte)).count();
    let host = &bytes[at + 1..];
    let host = &host[..host.iter().take_while(|byte| is_host(byte)).count()];
    let dots = host.iter().rev().take_while(|&&byte| byte == b'.').count();
    let host = &host[..host.len() - dots];
    let segments = host.split(|&byte| byte == b'.');
    let valid = local > 0
        && segments.clone().count() > 1
        && segments.clone().all(|segment| !segment.is_empty())
        && !matches!(host.last(), Some(b'-' | b'_'));
    if !valid {
        return None;
    }
    let start = at - local;
    let end = at + 1 + host.len();
    let scheme = "mailto:";
    if start >= from + scheme.len() && starts_with(&bytes[start - scheme.len()..], scheme) {
        return Some(Autolink { range: start - scheme.len()..end, prefix: "" });
    }
    Some(Autolink { range: start..end, prefix: "mailto:" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(link) = find(text, at, None, &|_| None) {
            at = link.range.end;
            found.push(format!("{}|{}", link.prefix, &text[link.range]));
        }
        found
    }

    #[test]
    fn the_rules_of_gfm() {
        for (text, expected) in [
            ("www.commonmark.org/help", vec!["http://|www.commonmark.org/help"]),
            ("Visit www.commonmark.org.", vec!["http://|www.commonmark.org"]),
            ("Visit www.commonmark.org/a.b.", vec!["http://|www.commonmark.org/a.b"]),
            (
                "(www.google.com/search?q=Markup+(business))",
                vec!["http://|www.google.com/search?q=Markup+(business)"],
            ),
            (
                "www.google.com/search?q=Markup+(business)))",
                vec!["http://|www.google.com/search?q=Markup+(business)"],
            ),
            (
                "www.google.com/search?q=(business))+ok",
                vec!["http://|www.google.com/search?q=(business))+ok"],
            ),
            (
                "www.google.com/search?q=commonmark&hl=en",
                vec!["http://|www.google.com/search?q=commonmark&hl=en"],
            ),
            ("www.google.com/search?q=commonmark&hl;", vec!["http://|www.google.com/search?q=commonmark"]),
            ("www.commonmark.org/he<lp", vec!["http://|www.commonmark.org/he"]),
            ("http://commonmark.org, HTTPS://x.org?", vec!["|http://commonmark.org", "|HTTPS://x.org"]),
            ("foo@bar.baz", vec!["mailto:|foo@bar.baz"]),
            (
                "hello@mail+xyz.example isn't, hello+xyz@mail.example is.",
                vec!["mailto:|hello+xyz@mail.example"],
            ),
            ("a.b-c_d@a.b", vec!["mailto:|a.b-c_d@a.b"]),
            ("a.b-c_d@a.b.", vec!["mailto:|a.b-c_d@a.b"]),
            ("a.b-c_d@a.b-", vec![]),
            ("a.b-c_d@a.b_", vec![]),
            ("mailto:foo@bar.baz", vec!["|mailto:foo@bar.baz"]),
            ("http://a_b.c_d", vec![]),
            ("http://a_b.c.d", vec!["|http://a_b.c.d"]),
            ("http://localhost:3000", vec![]),
            ("xhttp://a.b http:// www.", vec![]),
            ("(see https://de.example.org/wiki/Bär)", vec!["|https://de.example.org/wiki/Bär"]),
        ] {
            assert_eq!(links(text), expected, "{text}");
        }
    }

    #[test]
    fn what_precedes_the_run_counts() {
        assert!(find("www.a.b", 0, Some('x'), &|_| None).is_none());
        assert!(find("www.a.b", 0, Some('*'), &|_| None).is_some());
        assert!(find("www.a.b", 0, None, &|_| None).is_some());
    }

    #[test]
    fn a_decoded_entity_at_the_end_is_no_part_of_the_link() {
        let link = find("www.a.b©", 0, None, &|end| (end == 9).then_some(7));
        assert_eq!(link.map(|link| link.range), Some(0..7));
    }
}
