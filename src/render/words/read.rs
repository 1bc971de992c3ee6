//! One file of words.
//!
//! In: its TOML. Out: its language, its words, and what is wrong with them, at the word: a key that
//! no template asks for, a `{name}` that the template does not know.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{Pattern, is_name};
use super::{FOLDER, Word};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::scan::Template;
use crate::value::{self, Entry, Field, Kind, Reader, Source, Syntax};

/// What a theme's or a site's words are checked against.
pub(super) struct Known<'a> {
    /// The built-in English words.
    pub(super) english: &'a BTreeMap<String, Word>,
    /// Keys that some template asks for.
    pub(super) used: BTreeSet<String>,
}

/// Reads a file; its language is its name.
pub(super) fn file(
    template: &Template,
    known: Option<&Known<'_>>,
) -> (Option<String>, BTreeMap<String, Word>, Vec<Diagnostic>) {
    let name = template.name.strip_prefix(FOLDER).unwrap_or(&template.name);
    let language = name.strip_suffix(".toml").filter(|tag| crate::config::is_language_tag(tag));
    let Some(language) = language else {
        let message = "the name of a file of words is its language";
        let diagnostic = Diagnostic::new(Code::Template, template.path.clone(), None, message)
            .help("name it by a language tag, such as `de.toml` or `pt-BR.toml`");
        return (None, BTreeMap::new(), vec![diagnostic]);
    };
    let source = Source {
        path: template.path.clone(),
        text: &template.text,
        block: 0..template.text.len(),
        code: Code::Template,
    };
    let (entries, diagnostics) = value::parse(&source, Syntax::Toml);
    let mut reader = Reader::new(&source);
    reader.diagnostics = diagnostics;
    let mut words = BTreeMap::new();
    for entry in &entries {
        if let Some(word) = word(&mut reader, entry)
            && known.is_none_or(|known| check(&mut reader, entry, &word, known))
        {
            words.insert(entry.key.clone(), word);
        }
    }
    (Some(language.to_ascii_lowercase()), words, reader.diagnostics)
}

fn word(reader: &mut Reader<'_, '_>, entry: &Entry) -> Option<Word> {
    let Kind::Table(forms) = &entry.value.kind else {
        let field = Field { key: &entry.key, value: &entry.value };
        return reader.text(field).map(|text| Word::Plain(Pattern::of(&text)));
    };
    let mut found = [None, None];
    for form in forms {
        let key = format!("{}.{}", entry.key, form.key);
        let field = Field { key: &key, value: &form.value };
        match form.key.as_str() {
            "one" => found[0] = reader.text(field),
            "other" => found[1] = reader.text(field),
            _ => reader.unknown(form, ["one", "other"], "a word has `one` and `other`"),
        }
    }
    let [one, other] = found;
    let Some(other) = other else {
        let message = format!("`{}` does not say what many are called", entry.key);
        reader.refuse(entry.value.span, message, "write `{ one = \"...\", other = \"...\" }`");
        return None;
    };
    let one = one.as_ref().unwrap_or(&other);
    Some(Word::Counted { one: Pattern::of(one), other: Pattern::of(&other) })
}

/// Whether a word is one that templates know what to do with.
fn check(reader: &mut Reader<'_, '_>, entry: &Entry, word: &Word, known: &Known<'_>) -> bool {
    let Some(english) = known.english.get(&entry.key) else {
        let is_used = known.used.contains(&entry.key);
        if !is_used {
            let names = known.english.keys().chain(&known.used).map(String::as_str);
            let help = "use it in a template: `{{ \"the_key\" | word }}`";
            reader.unknown(entry, names, help);
        }
        return is_used;
    };
    let mut names: BTreeSet<&str> = patterns(english).into_iter().flat_map(Pattern::names).collect();
    if let (Word::Counted { .. }, Word::Plain(_)) = (word, english) {
        let message = format!("`{}` is said of no number", entry.key);
        reader.refuse(entry.value.span, message, "write one text");
        return false;
    }
    if matches!(english, Word::Counted { .. }) {
        names.insert("count");
    }
    for name in patterns(word).into_iter().flat_map(Pattern::names) {
        if !names.contains(name) {
            let message = format!("`{}` knows no `{{{name}}}`", entry.key);
            let there: Vec<String> = names.iter().map(|name| format!("`{{{name}}}`")).collect();
            let help = match near(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{{{near}}}`?"),
                None if there.is_empty() => "it stands alone: leave the braces out".to_owned(),
                None => format!("it knows {}", there.join(", ")),
            };
            reader.refuse(entry.value.span, message, help);
            return false;
        }
    }
    true
}

fn patterns(word: &Word) -> Vec<&Pattern> {
    match word {
        Word::Plain(pattern) => vec![pattern],
        Word::Counted { one, other } => vec![one, other],
    }
}

/// The keys that templates ask for: quoted text before `| word`.
pub(super) fn used(templates: &[Template]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for template in templates {
        for (at, _) in template.text.match_indices('|') {
            if !template.text[at + 1..].trim_start().starts_with("word") {
                continue;
            }
            let before = template.text[..at].trim_end();
            let Some(quote) = before.chars().next_back().filter(|last| matches!(last, '"' | '\'' | '`'))
            else {
                continue;
            };
            let key = before[..before.len() - 1].rsplit(quote).next().unwrap_or_default();
            if is_name(key) {
                used.insert(key.to_owned());
            }
        }
    }
    used
}
