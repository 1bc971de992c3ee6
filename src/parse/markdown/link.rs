//! Where a link or an image leads, judged by the destination alone.
//!
//! In: a destination after entities were decoded. Out: its class. Does not know which pages exist.

use std::borrow::Cow;

/// The class of a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// A page, file or anchor of this site: relative, `/path`, `@/path.md`, `#id`, `?query`.
    Internal,
    /// `http:`, `https:` or `//host`.
    External,
    /// `mailto:`, `tel:` or `sms:`.
    Contact,
    /// Any other scheme.
    Refused,
}

/// What links may begin with, for messages.
pub(super) const ALLOWED: &str = "`https:`, `http:`, `mailto:`, `tel:` or `sms:`";

impl Destination {
    /// The class of a link's destination.
    pub(super) fn of(destination: &str) -> Self {
        let seen = as_browsers_read(destination);
        if seen.starts_with("//") {
            return Self::External;
        }
        match scheme(&seen) {
            None => Self::Internal,
            Some(scheme) => {
                let is_one = |names: &[&str]| names.iter().any(|name| scheme.eq_ignore_ascii_case(name));
                match () {
                    () if is_one(&["https", "http"]) => Self::External,
                    () if is_one(&["mailto", "tel", "sms"]) => Self::Contact,
                    () => Self::Refused,
                }
            }
        }
    }

    /// The class of an image's source: pictures may be embedded as data, scripts (SVG) may not.
    pub(super) fn of_image(destination: &str) -> Self {
        const EMBEDDED: [&str; 5] = ["png", "jpeg", "gif", "webp", "avif"];
        match Self::of(destination) {
            Self::Contact => Self::Refused,
            Self::Refused => {
                let seen = as_browsers_read(destination).to_ascii_lowercase();
                let kind = seen.strip_prefix("data:image/").and_then(|rest| rest.split([';', ',']).next());
                if kind.is_some_and(|kind| EMBEDDED.contains(&kind)) { Self::External } else { Self::Refused }
            }
            other => other,
        }
    }
}

/// Browsers drop control characters and white space in front of a URL, and tabs and line breaks
/// anywhere in it (WHATWG URL, "basic URL parser"); dropping all of them finds every scheme they do.
fn as_browsers_read(destination: &str) -> Cow<'_, str> {
    let is_seen = |c: u8| matches!(c, b'!'..=b'~');
    if destination.bytes().all(is_seen) {
        return Cow::Borrowed(destination);
    }
    destination.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect()
}

/// The scheme of an absolute URL (RFC 3986, 3.1).
fn scheme(url: &str) -> Option<&str> {
    let end = url.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))?;
    let valid = url[end..].starts_with(':') && url.starts_with(|c: char| c.is_ascii_alphabetic());
    valid.then(|| &url[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_told_apart() {
        use Destination::{Contact, External, Internal, Refused};
        for (destination, expected) in [
            ("nurse.md#pay", Internal),
            ("/guides/", Internal),
            ("@/guides/nurse.md", Internal),
            ("#pay", Internal),
            ("?q=1", Internal),
            ("", Internal),
            ("a/b:c", Internal),
            (":colon", Internal),
            ("1a:b", Internal),
            ("https://example.com", External),
            ("HTTP://example.com", External),
            ("//example.com/x", External),
            ("mailto:a@example.com", Contact),
            ("tel:+123", Contact),
            ("sms:+123", Contact),
            ("javascript:alert(1)", Refused),
            (" JaVa\tScr\nipt:alert(1)", Refused),
            ("\u{1}javascript:alert(1)", Refused),
            ("vbscript:x", Refused),
            ("data:text/html,x", Refused),
            ("file:///etc/passwd", Refused),
            ("localhost:8000/x", Refused),
        ] {
            assert_eq!(Destination::of(destination), expected, "{destination}");
        }
    }

    #[test]
    fn images_may_be_embedded_but_not_scripted() {
        for (destination, expected) in [
            ("data:image/png;base64,AAAA", Destination::External),
            ("DATA:image/WEBP,x", Destination::External),
            ("data:image/svg+xml,<svg/onload=x>", Destination::Refused),
            ("data:text/html,x", Destination::Refused),
            ("mailto:x@y", Destination::Refused),
            ("team.jpg", Destination::Internal),
        ] {
            assert_eq!(Destination::of_image(destination), expected, "{destination}");
        }
    }
}
