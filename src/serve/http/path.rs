//! A request's path to the path of an output.
//!
//! In: the path as it came. Out: which output it may mean, or why it can mean none. Knows no route.

use percent_encoding::percent_decode_str;

/// The path of a request, decoded once. `None` for what no site can contain: bytes that are not
/// UTF-8, control characters, backslashes, `.` and `..` and empty parts.
pub(super) fn decode(path: &str) -> Option<String> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let below = decoded.strip_prefix('/')?;
    let parts: Vec<&str> = below.split('/').collect();
    let (last, folders) = parts.split_last()?;
    let is_safe = |part: &str| {
        !matches!(part, "." | "..") && !part.contains(|letter: char| letter.is_control() || letter == '\\')
    };
    let is_fine = folders.iter().all(|part| !part.is_empty() && is_safe(part)) && is_safe(last);
    is_fine.then(|| decoded.into_owned())
}

/// What a decoded path says below the site's base path, which is written as in addresses.
pub(super) fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    path.strip_prefix(&*percent_decode_str(base).decode_utf8_lossy())
}

/// What a path below the base path asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The output at this path.
    Output(String),
    /// A folder, which is asked for with a slash at its end.
    Folder,
    /// Nothing that there is.
    Nothing,
}

/// Finds the output that a decoded path, relative to the base path, asks for.
pub(super) fn find(below: &str, exists: impl Fn(&str) -> bool) -> Found {
    let index = |folder: &str| format!("{folder}index.html");
    if below.is_empty() || below.ends_with('/') {
        let output = index(below);
        return if exists(&output) { Found::Output(output) } else { Found::Nothing };
    }
    if exists(below) {
        Found::Output(below.to_owned())
    } else if exists(&index(&format!("{below}/"))) {
        Found::Folder
    } else {
        Found::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_once() {
        assert_eq!(decode("/guides/caf%C3%A9/").as_deref(), Some("/guides/café/"));
        assert_eq!(decode("/a%2520b").as_deref(), Some("/a%20b"));
        assert_eq!(decode("/").as_deref(), Some("/"));
    }

    #[test]
    fn a_base_path_may_be_encoded() {
        let path = decode("/caf%C3%A9/guides/").unwrap();
        assert_eq!(below(&path, "/caf%C3%A9/"), Some("guides/"));
        assert_eq!(below("/guides/", "/"), Some("guides/"));
        assert_eq!(below("/guides/", "/caf%C3%A9/"), None);
    }

    #[test]
    fn what_no_site_contains_is_refused() {
        for path in [
            "/../x",
            "/%2e%2e/x",
            "/a/./b",
            "/a/..",
            "/a//b",
            "//a",
            "/a%00b",
            "/a%5c..%5cb",
            "/a%0ab",
            "/%ff",
            "/%c0%ae%c0%ae/x",
            "x",
            "*",
        ] {
            assert_eq!(decode(path), None, "{path}");
        }
    }

    #[test]
    fn a_folder_ends_in_a_slash() {
        let exists = |path: &str| ["index.html", "guides/index.html", "a.css"].contains(&path);
        assert_eq!(find("", exists), Found::Output("index.html".into()));
        assert_eq!(find("guides/", exists), Found::Output("guides/index.html".into()));
        assert_eq!(find("guides", exists), Found::Folder);
        assert_eq!(find("a.css", exists), Found::Output("a.css".into()));
        assert_eq!(find("a.css/", exists), Found::Nothing);
        assert_eq!(find("b", exists), Found::Nothing);
    }
}
