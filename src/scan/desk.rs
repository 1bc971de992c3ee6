//! Files in a site's root that only its editors need: what was published, house terms, dictionaries; and whether
//! the folders that have levels of their own are there.
//!
//! In: the root and the settings, and what lies below `content/`. Out: texts and problems. Parses none of them.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::walk::Found;
use crate::config::Checks;
use crate::diagnostic::{Code, Diagnostic, Severity, Span, near};

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

/// Warnings for folders with levels of their own that have no file. `content` is sorted by path.
pub(super) fn folders(checks: &Checks, content: &[Found]) -> Vec<Diagnostic> {
    let is_there = |path: &str| {
        let first = content.partition_point(|found| &*found.path < path);
        content.get(first).is_some_and(|found| found.path.starts_with(path))
    };
    let empty = checks.folders.iter().filter(|folder| !content.is_empty() && !is_there(&folder.path));
    empty.map(|folder| no_folder(&folder.path, folder.name.span, content)).collect()
}

fn no_folder(path: &str, named: Span, content: &[Found]) -> Diagnostic {
    let path = path.trim_end_matches('/');
    let below = path.strip_prefix("content/").unwrap_or(path);
    let name = below.rsplit('/').next().unwrap_or(below);
    let folders: BTreeSet<&str> = content
        .iter()
        .filter_map(|found| found.path.strip_prefix("content/"))
        .flat_map(|path| path.match_indices('/').map(|(slash, _)| &path[..slash]))
        .collect();
    let moved = || folders.iter().copied().find(|path| path.rsplit('/').next() == Some(name));
    let help = if content.iter().any(|found| &*found.path == path) {
        "levels are for folders; a page lists its exceptions under `allow` at its top".to_owned()
    } else if let Some(near) = near(below, folders.iter().copied()).or_else(moved) {
        format!("did you mean `{near}`?")
    } else {
        "name a folder below `content/` in which files lie, or take this out".to_owned()
    };
    let message = format!("there is no folder `{path}`, so these levels change nothing");
    Diagnostic::new(Code::Config, super::settings::SITE_TOML, named, message)
        .severity(Severity::Warning)
        .help(help)
}
