//! Writing text into HTML: three contexts, three ways to escape.
//!
//! In: plain text. Out: the same appended to HTML. Wraps pulldown-cmark's own escaping, whose
//! results are `Result`s although a `String` takes everything.

/// Text between tags: `&`, `<`, `>`.
pub(super) fn text(html: &mut String, text: &str) {
    let _infallible = pulldown_cmark_escape::escape_html_body_text(html, text);
}

/// The inside of a quoted attribute: quotes too.
pub(super) fn attribute(html: &mut String, text: &str) {
    let _infallible = pulldown_cmark_escape::escape_html(html, text);
}

/// A URL inside a quoted attribute: what may not stand in a URL is percent-encoded.
pub(super) fn href(html: &mut String, url: &str) {
    let _infallible = pulldown_cmark_escape::escape_href(html, url);
}
