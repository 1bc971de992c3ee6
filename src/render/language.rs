//! What renders pages of one language: the theme's engine, which speaks it, and its words.
//!
//! In: the theme's engine with what all pages share, and the theme's words. Out: one [`Language`]
//! for each that pages of the site are written in. Components know nothing of the page they stand
//! on, so the language is the engine's.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::words::{Dictionary, Part, Words};
use crate::fingerprint::Fingerprint;

/// The engine and the words of one language.
#[derive(Debug)]
pub(super) struct Language {
    /// The theme's engine, with `site`, `lang` and the filter `word` in it.
    pub(super) tera: Tera,
    /// What the filter says.
    pub(super) words: Arc<Dictionary>,
}

/// The languages of a site's pages.
#[derive(Debug)]
pub(super) struct Languages {
    /// The site's own.
    main: Language,
    /// The others, by tag.
    others: BTreeMap<String, Language>,
}

impl Languages {
    /// Languages for the site's own tag and those of its pages.
    pub(super) fn new<'a>(
        engine: Tera,
        words: &Words,
        main: &str,
        pages: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut others = BTreeMap::new();
        for tag in pages {
            if tag != main && !others.contains_key(tag) {
                others.insert(tag.to_owned(), Language::new(engine.clone(), words, tag));
            }
        }
        Self { main: Language::new(engine, words, main), others }
    }

    /// Whether all of these are among them, with `main` as the site's own.
    pub(super) fn speak<'a>(&self, main: &str, mut pages: impl Iterator<Item = &'a str>) -> bool {
        pages.all(|tag| tag == main || self.others.contains_key(tag))
    }

    /// The language of a page.
    pub(super) fn of(&self, tag: &str) -> &Language {
        self.others.get(tag).unwrap_or(&self.main)
    }
}

impl Language {
    fn new(mut tera: Tera, words: &Words, tag: &str) -> Self {
        let words = Arc::new(words.of(tag));
        let spoken = Arc::clone(&words);
        tera.global_context().insert("lang", tag);
        tera.register_filter("word", move |key: &str, arguments: Kwargs, state: &State| {
            word(&spoken, key, &arguments, state)
        });
        Self { tera, words }
    }

    /// What pages in it depend on.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.words.fingerprint
    }
}

/// `"published" | word`, `"reviewed_by" | word(people=names)`: what the page's language says for a key,
/// with the values that the template hands over in it.
fn word(words: &Dictionary, key: &str, arguments: &Kwargs, state: &State) -> TeraResult<Value> {
    let mut parts = Vec::new();
    for (name, value) in arguments.iter() {
        let Some(name) = name.as_str() else { continue };
        let part = match value.as_i128() {
            Some(number) => Part::Number(number),
            None if value.is_undefined() || value.is_none() => Part::Text(String::new()),
            None => Part::Text(state.escape_if_needed(value)?),
        };
        parts.push((name, part));
    }
    let said = words.say(key, &parts).map_err(Error::message)?;
    Ok(Value::safe_string(&said))
}

/// Stands in where templates are only compiled: Tera refuses filters that it does not know.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("word", |key: &str, _: Kwargs, _: &State| -> TeraResult<Value> {
        Err(Error::message(format!("no language to say `{key}` in")))
    });
}
