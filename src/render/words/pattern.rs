//! Text with names in braces.
//!
//! In: what a file says for a word. Out: its pieces, the text of which is escaped once, here.

use serde::Serialize;

/// A word's pieces.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Pattern(pub(super) Vec<Piece>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) enum Piece {
    /// Text, as written and as HTML.
    Text { plain: String, html: String },
    /// What the template hands over by this name.
    Name(String),
}

impl Pattern {
    /// Reads a pattern. A brace that begins no name is text.
    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let inner = &rest[open + 1..];
            let name = inner.find('}').map(|close| &inner[..close]).filter(|name| is_name(name));
            let end = if let Some(name) = name {
                plain.push_str(&rest[..open]);
                push_text(&mut pieces, &mut plain);
                pieces.push(Piece::Name(name.to_owned()));
                open + 1 + name.len() + 1
            } else {
                plain.push_str(&rest[..=open]);
                open + 1
            };
            rest = &rest[end..];
        }
        plain.push_str(rest);
        push_text(&mut pieces, &mut plain);
        Self(pieces)
    }

    /// The names in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Name(name) => Some(name.as_str()),
            Piece::Text { .. } => None,
        })
    }
}

fn push_text(pieces: &mut Vec<Piece>, plain: &mut String) {
    if !plain.is_empty() {
        let mut html = String::with_capacity(plain.len());
        // Writing to a string cannot fail.
        let _ = pulldown_cmark_escape::escape_html(&mut html, plain);
        pieces.push(Piece::Text { plain: std::mem::take(plain), html });
    }
}

/// Whether a text can be the name of a template's value.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
