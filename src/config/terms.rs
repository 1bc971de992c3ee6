//! `terms.toml` and `words.txt`: the words of the house.
//!
//! In: the texts of the two files. Out: words that the site has better ones for, words that no
//! dictionary need know, and diagnostics for what could not be read.
//!
//! ```toml
//! [prefer]
//! "sign up" = ["signup", "sign-up"]
//!
//! [avoid]
//! guru = "say what the person knows"
//! ```

use serde::Serialize;

use super::Config;
use super::read::join;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::{self, Entry, Field, Kind, Reader, Source, Syntax};

/// The file of preferred words.
pub const TERMS: &str = "terms.toml";
/// The file of words that dictionaries need not know.
pub const WORDS: &str = "words.txt";

/// A word that the site does not use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// As somebody may type it, in small letters or not.
    pub word: String,
    /// What to write; empty when there is nothing better.
    pub instead: String,
    /// What to do in that case; empty when nobody said.
    pub why: String,
}

/// Reads `terms.toml` into the settings.
pub fn add_terms(config: &mut Config, text: &str) -> Vec<Diagnostic> {
    const HELP: &str = "there is `[prefer]`, with what to write and a list of what not to, and `[avoid]`, with a word and what to do instead";
    let source = Source { path: TERMS.into(), text, block: 0..text.len(), code: Code::Config };
    let (entries, diagnostics) = value::parse(&source, Syntax::Toml);
    let mut reader = Reader::new(&source);
    reader.diagnostics = diagnostics;
    for entry in &entries {
        let field = Field { key: &entry.key, value: &entry.value };
        match entry.key.as_str() {
            "prefer" => {
                for term in reader.table(field, HELP) {
                    prefer(config, &mut reader, term);
                }
            }
            "avoid" => {
                for term in reader.table(field, HELP) {
                    let key = join("avoid", &term.key);
                    match &term.value.kind {
                        Kind::Text(why) => config.checks.words.push(Word {
                            word: term.key.clone(),
                            instead: String::new(),
                            why: why.trim().to_owned(),
                        }),
                        _ => reader.mistyped(Field { key: &key, value: &term.value }, "text", HELP),
                    }
                }
            }
            _ => reader.unknown(entry, ["prefer", "avoid"], HELP),
        }
    }
    reader.diagnostics
}

fn prefer(config: &mut Config, reader: &mut Reader<'_, '_>, term: &Entry) {
    let key = join("prefer", &term.key);
    for word in reader.texts(Field { key: &key, value: &term.value }) {
        config.checks.words.push(Word { word, instead: term.key.clone(), why: String::new() });
    }
}

/// Reads `words.txt` into the settings: a word on each line, `#` begins a remark.
pub fn add_words(config: &mut Config, text: &str) {
    let lines = text.trim_start_matches('\u{feff}').lines();
    let words = lines.map(|line| line.split('#').next().unwrap_or_default().trim());
    config.checks.known_words.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_words_are_read_and_mistakes_told() {
        let (mut config, _) =
            super::super::parse("title = \"x\"\nbase_url = \"https://x.example/\"", "site.toml");
        let found = add_terms(
            &mut config,
            "[prefer]\n\"sign up\" = [\"signup\", \"sign-up\"]\nemail = \"e-mail\"\n[avoid]\nguru = \"name the skill\"\nninja = 3\n[prefers]\n",
        );
        let words: Vec<_> = config
            .checks
            .words
            .iter()
            .map(|word| (word.word.as_str(), word.instead.as_str(), word.why.as_str()))
            .collect();
        assert_eq!(
            words,
            [
                ("signup", "sign up", ""),
                ("sign-up", "sign up", ""),
                ("e-mail", "email", ""),
                ("guru", "", "name the skill")
            ]
        );
        assert_eq!(found.len(), 2, "{found:?}");
        add_words(&mut config, "# ours\nguidepost\nUX # and more\n\n");
        assert_eq!(config.checks.known_words, ["guidepost", "UX"]);
    }
}
