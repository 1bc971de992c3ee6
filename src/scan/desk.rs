//! Files in a site's root that only its editors need: what was published, house terms, dictionaries.
//!
//! In: the root and the settings. Out: their texts. Parses none of them.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic};

/// What the editor's desk reads beside the site itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeskFiles {
    /// `urls.lock`
    pub lock: Option<Arc<str>>,
    /// One for each language of `checks.dictionaries` that could be read.
    pub dictionaries: Vec<Dictionary>,
}

/// A dictionary in Hunspell's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dictionary {
    /// The language it is for.
    pub lang: String,
    /// The file of the words, relative to the root.
    pub path: String,
    /// Rules for endings.
    pub affixes: Arc<str>,
    /// Words.
    pub words: Arc<str>,
}

/// A text file of the root: nothing when there is none.
pub(super) fn text(root: &Path, path: &str, found: &mut Vec<Diagnostic>) -> Option<String> {
    let mut bytes = Vec::new();
    match super::stamp::open(&root.join(path)).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            found.push(super::unreadable(path, &error));
            None
        }
    }
}

/// The dictionaries that the settings name.
pub(super) fn dictionaries(
    root: &Path,
    settings: &super::settings::Settings,
    found: &mut Vec<Diagnostic>,
) -> Vec<Dictionary> {
    let mut dictionaries = Vec::new();
    for (lang, stem) in &settings.config.checks.dictionaries {
        let name = stem.trim_end_matches(".dic").trim_end_matches(".aff");
        let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        let (path, affixes) = (format!("{name}.dic"), format!("{name}.aff"));
        let texts = inside.then(|| (text(root, &path, found), text(root, &affixes, found)));
        match texts {
            Some((Some(words), Some(affixes))) => dictionaries.push(Dictionary {
                lang: lang.clone(),
                path,
                affixes: affixes.into(),
                words: words.into(),
            }),
            _ => found.push(
                Diagnostic::new(
                    Code::Config,
                    super::settings::SITE_TOML,
                    settings.span_of(stem),
                    format!("there is no dictionary `{stem}`"),
                )
                .help(format!("put `{affixes}` and `{path}` into the site's folder, or take the line out")),
            ),
        }
    }
    dictionaries
}
