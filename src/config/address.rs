//! The address at which a site is published.
//!
//! In: the text of `base_url`. Out: a [`BaseUrl`], or what is wrong with it. Asks no host whether it is there.

use std::str::FromStr;

use super::{BaseUrl, Config};
use crate::value::{Field, Reader};

pub(super) fn base_url(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(url) = reader.filled(field) else { return };
    match url.parse() {
        Ok(base_url) => {
            config.base_url = base_url;
            config.published_url = config.base_url.clone();
        }
        Err(reason) => {
            let message = format!("`{url}` cannot be the site's address: {reason}");
            reader.refuse(
                field.value.span,
                message,
                "write an address such as `https://example.com/careers/`",
            );
        }
    }
}

impl FromStr for BaseUrl {
    type Err = &'static str;

    /// Reads an absolute `http` or `https` address; the error says what is wrong with it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) =
            text.split_once("://").ok_or("it does not begin with `https://` or `http://`")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return Err("it does not begin with `https://` or `http://`");
        }
        if rest.contains('?') {
            return Err("it holds a `?`");
        }
        if rest.contains('#') {
            return Err("it holds a `#`");
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let odd = |sign: char| sign.is_whitespace() || sign.is_control() || "\"'<>\\^`{|}".contains(sign);
        if authority.contains(odd) || path.contains(odd) {
            return Err("it holds a sign that addresses cannot have");
        }
        if authority.contains('@') {
            return Err("it holds a user name");
        }
        let bracketed = authority.rfind(']').map_or(0, |end| end + 1);
        let (host, port) = match authority[bracketed..].find(':') {
            Some(colon) => authority.split_at(bracketed + colon),
            None => (authority, ""),
        };
        if host.is_empty() {
            return Err("it names no host");
        }
        if !port.is_empty() && port[1..].parse::<u16>().is_err() {
            return Err("its port is not a number up to 65535");
        }
        if path.split('/').any(|part| matches!(part, "." | ".."))
            || path.starts_with('/')
            || path.contains("//")
            || path.ends_with('/')
        {
            return Err("its path holds an empty part, `.` or `..`");
        }
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Ok(Self { origin: format!("{scheme}://{}", authority.to_lowercase()), path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, origin, path) in [
            ("https://example.com", "https://example.com", "/"),
            ("https://example.com/", "https://example.com", "/"),
            ("http://localhost:1616/a/b", "http://localhost:1616", "/a/b/"),
            ("http://[::1]:80/", "http://[::1]:80", "/"),
        ] {
            let url: BaseUrl = text.parse().expect(text);
            assert_eq!((url.origin.as_str(), url.path.as_str()), (origin, path));
        }
        for text in [
            "",
            "example.com",
            "/careers/",
            "ftp://example.com",
            "https://",
            "https:///a",
            "https://:80",
            "https://a?b",
            "https://a/#b",
            "https://a b",
            "https://a/b c",
            "https://u@a",
            "https://a:x",
            "https://a:99999",
            "https://a/../b",
            "https://a//b",
            "https://a/\"b",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
