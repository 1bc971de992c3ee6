//! Words in capitals in prose: `API`, `HTML5`, and `APIs`, which is the plural of the first.
//!
//! In: a stretch of prose. Out: where they stand, and how often each was used. Does not know which
//! of them a glossary explains.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Abbreviation;
use crate::diagnostic::Span;

/// The abbreviations of a page so far.
#[derive(Default)]
pub(in crate::parse) struct Abbreviations {
    found: Vec<Abbreviation>,
    indices: BTreeMap<String, usize>,
}

impl Abbreviations {
    /// Counts a use. The index of the abbreviation when it is the first.
    pub(in crate::parse) fn count(&mut self, text: &str, span: impl FnOnce() -> Span) -> Option<usize> {
        if let Some(known) = self.indices.get(text).and_then(|&index| self.found.get_mut(index)) {
            known.uses = known.uses.saturating_add(1);
            return None;
        }
        let index = self.found.len();
        self.indices.insert(text.to_owned(), index);
        self.found.push(Abbreviation { text: text.to_owned(), span: span(), uses: 1 });
        Some(index)
    }

    /// All of them, in the order of their first use.
    pub(in crate::parse) fn finish(self) -> Vec<Abbreviation> {
        self.found
    }
}

/// The first abbreviation of `text` that lies within `range`. `before` is the character before the
/// text.
pub(in crate::parse) fn find(text: &str, range: Range<usize>, before: Option<char>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = range.start;
    while let Some(capital) = capital(&bytes[at..range.end]) {
        at += capital;
        let is_capital = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let end = at + bytes[at..range.end].iter().take_while(is_capital).count();
        // Most capitals stand alone, at the head of a sentence.
        if end - at > 1 {
            let begins = !text[..at].chars().next_back().or(before).is_some_and(is_in_word);
            let rest = text[end..].strip_prefix('s').unwrap_or(&text[end..]);
            if begins && !rest.starts_with(is_in_word) {
                return Some(at..end);
            }
        }
        at = end;
    }
    None
}

/// The first capital; most text has none for long, so many bytes are looked at side by side.
fn capital(bytes: &[u8]) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<16>();
    let has_none = |chunk: &&[u8; 16]| !chunk.iter().fold(false, |any, byte| any | byte.is_ascii_uppercase());
    let skipped = 16 * chunks.iter().take_while(has_none).count();
    bytes[skipped..].iter().position(u8::is_ascii_uppercase).map(|at| skipped + at)
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_capitals_are_found() {
        for (text, expected) in [
            ("An API, or APIs", vec!["API", "API"]),
            ("HTML5 (CI/CD) UTF-8", vec!["HTML5", "CI", "CD", "UTF"]),
            ("I am PhD iOS MAX_SIZE APIst xAPI ÄAPI", vec![]),
            ("SQL's", vec!["SQL"]),
        ] {
            let mut found = Vec::new();
            let mut at = 0;
            while let Some(range) = find(text, at..text.len(), None) {
                at = range.end;
                found.push(&text[range]);
            }
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(find("API", 0..3, Some('x')), None);
    }

    #[test]
    fn uses_are_counted() {
        let mut abbreviations = Abbreviations::default();
        assert_eq!(abbreviations.count("API", Span::default), Some(0));
        assert_eq!(abbreviations.count("SQL", Span::default), Some(1));
        assert_eq!(abbreviations.count("API", Span::default), None);
        assert_eq!(abbreviations.finish()[0].uses, 2);
    }
}
