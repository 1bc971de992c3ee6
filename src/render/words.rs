//! The words of templates: one table for each language, in files that a theme and a site can add to.
//!
//! In: the built-in `words/<language>.toml`, then the theme's, then the site's. Out: for a language, a
//! [`Dictionary`] of its words, with English for those that it lacks. A word is text with
//! `{names}` for what the template says, or two such texts for one and for many. Words inside
//! values, such as those round figures, are [`Locale`]'s.

mod pattern;
mod read;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::assemble::format::Locale;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::scan::Template;
use pattern::{Pattern, Piece};

/// Where the files lie below `templates/`.
pub const FOLDER: &str = "words/";

/// The language that stands in for any other.
const FALLBACK: &str = "en";

/// The words of every language that anybody wrote down.
#[derive(Debug, Default)]
pub struct Words {
    /// By language tag in lower case.
    languages: BTreeMap<String, BTreeMap<String, Word>>,
}

/// What is said for a key.
#[derive(Debug, Clone, PartialEq, Serialize)]
enum Word {
    /// Always the same.
    Plain(Pattern),
    /// By the number that is handed over as `count`.
    Counted { one: Pattern, other: Pattern },
}

/// The words of one language, complete.
#[derive(Debug)]
pub struct Dictionary {
    words: BTreeMap<String, Word>,
    locale: &'static Locale,
    /// What pages in this language depend on.
    pub fingerprint: Fingerprint,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Plain,
}

/// What stands for a `{name}`.
#[derive(Debug)]
pub enum Part {
    /// Put in as it is: HTML, where HTML is asked for.
    Text(String),
    /// A whole number, written as the language does.
    Number(i128),
}

impl Words {
    /// Reads the files among a theme's templates. Problems in them are diagnostics at the word.
    #[must_use]
    pub fn load(templates: &[Template]) -> (Self, Vec<Diagnostic>) {
        let mut words = Self::default();
        let mut diagnostics = Vec::new();
        for template in crate::scan::built_in_words() {
            diagnostics.extend(words.add(&template, None));
        }
        let english = words.languages.get(FALLBACK).cloned().unwrap_or_default();
        let known = read::Known { english: &english, used: read::used(templates) };
        for template in templates.iter().filter(|template| template.name.starts_with(FOLDER)) {
            diagnostics.extend(words.add(template, Some(&known)));
        }
        (words, diagnostics)
    }

    fn add(&mut self, template: &Template, known: Option<&read::Known<'_>>) -> Vec<Diagnostic> {
        let (language, found, diagnostics) = read::file(template, known);
        if let Some(language) = language {
            self.languages.entry(language).or_default().extend(found);
        }
        diagnostics
    }

    /// The words for a BCP 47 tag: `de-CH` has its own, else those of `de`, else English ones.
    #[must_use]
    pub fn of(&self, tag: &str) -> Dictionary {
        let tag = tag.to_ascii_lowercase();
        let mut words = self.languages.get(FALLBACK).cloned().unwrap_or_default();
        let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
        for end in ends {
            let own = self.languages.get(&tag[..end]);
            words.extend(own.into_iter().flatten().map(|(key, word)| (key.clone(), word.clone())));
        }
        let fingerprint = Fingerprint::of(&words);
        Dictionary { words, locale: Locale::of(&tag), fingerprint }
    }
}

impl Dictionary {
    /// What is said for a key, as HTML that may stand in text and in quoted attributes.
    ///
    /// # Errors
    /// In a template author's words: no such key, or a `{name}` for which there is nothing.
    pub fn say(&self, key: &str, parts: &[(&str, Part)]) -> Result<String, String> {
        self.compose(key, parts, Form::Html)
    }

    fn compose(&self, key: &str, parts: &[(&str, Part)], form: Form) -> Result<String, String> {
        let Some(word) = self.words.get(key) else {
            let known: Vec<&str> = self.words.keys().map(String::as_str).collect();
            return Err(format!("no word `{key}`. Available words: {}", known.join(", ")));
        };
        let pattern = match word {
            Word::Plain(pattern) => pattern,
            Word::Counted { one, other } => {
                let count = parts.iter().find(|(name, _)| *name == "count").map(|(_, part)| part);
                let Some(Part::Number(count)) = count else {
                    return Err(format!("the word `{key}` has one and many, and needs a number `count`"));
                };
                if self.locale.is_one(*count) { one } else { other }
            }
        };
        let mut said = String::with_capacity(64);
        for piece in &pattern.0 {
            match piece {
                Piece::Text { plain, html } => said.push_str(if form == Form::Html { html } else { plain }),
                Piece::Name(name) => match parts.iter().find(|(given, _)| given == name) {
                    Some((_, Part::Text(text))) => said.push_str(text),
                    // Writing to a string cannot fail.
                    Some((_, Part::Number(number))) => {
                        let _ = write!(said, "{}", self.locale.plain_number(&number.to_string()));
                    }
                    None => {
                        let given: Vec<String> = parts.iter().map(|(name, _)| format!("`{name}`")).collect();
                        let given = if given.is_empty() { "nothing".to_owned() } else { given.join(", ") };
                        return Err(format!("the word `{key}` has `{{{name}}}`, and is handed {given}"));
                    }
                },
            }
        }
        Ok(said)
    }

    /// The same for the program's own words, which a test holds complete; a word that a site broke
    /// has been reported, and is left out.
    #[must_use]
    pub(super) fn own(&self, key: &str, parts: &[(&str, Part)]) -> String {
        self.say(key, parts).unwrap_or_default()
    }

    /// The same as plain text, for what is escaped later.
    #[must_use]
    pub(super) fn plain(&self, key: &str, parts: &[(&str, Part)]) -> String {
        self.compose(key, parts, Form::Plain).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
