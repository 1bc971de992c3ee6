//! Words that no dictionary knows.
//!
//! In: a page and the dictionary of its language, in Hunspell's form. Out: the words, with what may
//! have been meant. Names in the site's data are taken out later, by `records`. Words with capitals
//! inside a sentence are names, and words with capitals inside them are too: they are left alone.

use std::collections::HashSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Sheet;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::markdown::reading::MASK;

/// The same in every run, as every answer of a build is.
type Hasher = std::hash::BuildHasherDefault<std::hash::DefaultHasher>;

/// A dictionary, or why there is none.
pub struct Speller {
    /// The file with the words.
    path: String,
    dictionary: Result<spellbook::Dictionary<Hasher>, String>,
}

impl std::fmt::Debug for Speller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Speller").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Speller {
    /// Reads a dictionary: the rules for endings, and the words. `path` is the file of the words.
    #[must_use]
    pub fn new(path: &str, affixes: &str, words: &str) -> Self {
        let dictionary = spellbook::Dictionary::new_with_hasher(affixes, words, Hasher::default());
        let dictionary = dictionary.map_err(|error| error.to_string());
        Self { path: path.to_owned(), dictionary }
    }
}

/// A word that is in no dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// As it was typed.
    pub word: String,
    /// Where it stands first.
    pub span: Span,
    /// What may have been meant.
    pub near: Vec<String>,
}

/// Most words of a page for which something better is looked for, which takes long.
const SUGGESTED: usize = 20;

/// The words of a page that its dictionary does not know, each once.
pub(super) fn unknown(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) -> Vec<Unknown> {
    let Some(speller) = sheet.speller else { return Vec::new() };
    let dictionary = match &speller.dictionary {
        Ok(dictionary) => dictionary,
        Err(why) => {
            let message = format!("this dictionary cannot be read: {why}");
            found.push(
                Diagnostic::new(Code::Config, speller.path.as_str(), None, message)
                    .help("dictionaries are pairs of an `.aff` and a `.dic` file in Hunspell's form"),
            );
            return Vec::new();
        }
    };
    let known: HashSet<String> = sheet.checks.known_words.iter().map(|word| word.to_lowercase()).collect();
    let mut seen = HashSet::new();
    let mut unknown: Vec<Unknown> = Vec::new();
    for block in &sheet.reading.blocks {
        for range in words(&block.text) {
            let word = block.text[range.clone()].replace('’', "'");
            let word = word.strip_suffix("'s").unwrap_or(&word).trim_matches('\'');
            if word.chars().nth(1).is_none()
                || is_name(&block.text, range.start, word)
                || !seen.insert(word.to_owned())
            {
                continue;
            }
            let lower = word.to_lowercase();
            if dictionary.check(word) || dictionary.check(&lower) || known.contains(&lower) {
                continue;
            }
            let mut near = Vec::new();
            if unknown.len() < SUGGESTED {
                dictionary.suggest(word, &mut near);
                near.truncate(3);
            }
            unknown.push(Unknown { word: word.to_owned(), span: block.place(range), near });
        }
    }
    unknown
}

/// Words of letters alone: no parts of addresses, file names and numbers.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let inside = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find(char::is_alphabetic)?;
            let end = text[start..].find(|c: char| !inside(c)).map_or(text.len(), |at| start + at);
            from = end;
            let end = start + text[start..end].trim_end_matches(['\'', '’']).len();
            let before = text[..start].chars().next_back();
            let mut after = text[end..].chars();
            let joined = |c: char| c.is_ascii_digit() || matches!(c, '@' | '/' | '\\' | '_' | '#' | MASK);
            let next = after.next();
            let dotted = next == Some('.') && after.next().is_some_and(char::is_alphanumeric);
            let in_name = before.is_some_and(|c| joined(c) || c == '.') || next.is_some_and(joined) || dotted;
            if !in_name {
                return Some(start..end);
            }
        }
    })
}

/// Whether a word is a name by its capitals.
fn is_name(text: &str, start: usize, word: &str) -> bool {
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    if letters.any(char::is_uppercase) {
        return true;
    }
    let before = text[..start].trim_end_matches([' ', '“', '"', '(', '‘', '\'', '*', '_', '-']);
    capital && !before.is_empty() && !before.ends_with(['.', '!', '?', ':', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_from_what_is_none() {
        let text = "Don’t ask a nurse's friend: mail me@b.example or see www.a.example/x_y, 3rd and v2. End.";
        let found: Vec<&str> = words(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["Don’t", "ask", "a", "nurse's", "friend", "mail", "or", "see", "and", "End"]);
    }

    #[test]
    fn names_are_known_by_their_capitals() {
        let text = "Teh nurse met Jon. Teh JavaScript";
        let name = |word: &str| is_name(text, text.find(word).unwrap(), word);
        assert!(name("Jon") && name("JavaScript"));
        assert!(!name("Teh") && !name("nurse"));
        assert!(!is_name(text, text.rfind("Teh").unwrap(), "Teh"));
    }
}
