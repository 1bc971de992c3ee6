//! URLs and text as views hold them.
//!
//! In: site paths and raw text. Out: URLs that are ASCII (RFC 3986), and text without the
//! characters that XML 1.0 forbids. Decides no URL: that is `assemble`'s.

use std::fmt::Write as _;

use crate::config::BaseUrl;

/// Makes the URLs of views.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct Urls<'a> {
    base: &'a BaseUrl,
}

impl<'a> Urls<'a> {
    pub(in crate::render) fn new(base: &'a BaseUrl) -> Self {
        Self { base }
    }

    /// The URL path of a site path.
    pub(in crate::render) fn path(self, url: &str) -> String {
        encode(self.base.path(url))
    }

    /// The absolute URL of a site path.
    pub(in crate::render) fn absolute(self, url: &str) -> String {
        encode(self.base.absolute(url))
    }
}

/// Percent-encodes what no URL may hold; what is encoded already stays.
fn encode(url: String) -> String {
    if url.bytes().all(may_stand) {
        return url;
    }
    let mut encoded = String::with_capacity(url.len());
    for byte in url.bytes() {
        if may_stand(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn may_stand(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b';' | b'=' | b'?'..=b'Z' | b'[' | b']' | b'_' | b'a'..=b'z' | b'~')
}

/// Text without the characters that no XML 1.0 document may hold (its production `Char`).
pub(in crate::render) fn xml_text(text: &str) -> String {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let may_be_refused = |byte: u8| is_control(byte) || byte == 0xef;
    if !text.bytes().any(may_be_refused) {
        return text.to_owned();
    }
    text.chars()
        .filter(|letter| {
            !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_ascii_and_below_the_base() {
        let base = BaseUrl { origin: "https://example.com".to_owned(), path: "/careers/".to_owned() };
        let urls = Urls::new(&base);
        assert_eq!(urls.path("/guides/größe/"), "/careers/guides/gr%C3%B6%C3%9Fe/");
        assert_eq!(
            urls.absolute("/a b/%20?q=1&r=\"<#x"),
            "https://example.com/careers/a%20b/%20?q=1&r=%22%3C#x"
        );
    }

    #[test]
    fn xml_text_keeps_white_space_and_drops_controls() {
        assert_eq!(xml_text("a\tb\nc\u{1}\u{ffff}d"), "a\tb\ncd");
    }
}
