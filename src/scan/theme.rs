//! The theme a site asks for: its own folder below `themes/`, else the one compiled in.
//!
//! In: the name of a theme. Out: its templates and static files, with the site's own in their
//! place. Compiles no template.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use rayon::prelude::*;

use super::settings::{SITE_TOML, Settings};
use super::walk::{Dotfiles, Found, Walk};
use super::{Asset, AssetContent, Origin, Template, stamp};
use crate::config::theme::{self, ThemeOption};
use crate::diagnostic::{Code, Diagnostic, Severity, Span, near};
use crate::fingerprint::Fingerprint;

/// The name of the theme that is compiled into the program.
pub const BUILT_IN: &str = "default";

/// What a theme says of itself.
const THEME_TOML: &str = "theme.toml";

/// What a template may be: text that Tera can fill. A template's suffix also decides how it escapes.
const TEXT: [&str; 6] = ["html", "xml", "txt", "json", "svg", "md"];

/// Where a theme's and a site's words lie among their templates; see `render::words`.
const WORDS: &str = "words/";

/// Templates that a theme need not write: without its own, the built-in ones serve. Those for
/// machines, and the components of directives, so that a text shows what it says in any theme.
const STAND_INS: [&str; 4] = ["atom.xml", "robots.txt", "card.svg", "components/"];

#[derive(rust_embed::Embed)]
#[folder = "themes/default"]
struct Embedded;

/// Every file of the built-in theme, by its path below `themes/default/`.
#[must_use]
pub fn built_in() -> BTreeMap<String, Cow<'static, [u8]>> {
    Embedded::iter()
        .filter(|name| !name.split('/').any(|part| part.starts_with('.')))
        .filter_map(|name| Some((name.replace('\\', "/"), Embedded::get(&name)?.data)))
        .collect()
}

/// The words of the built-in theme's templates, which those of a theme and a site add to.
#[must_use]
pub fn built_in_words() -> Vec<Template> {
    let files = built_in().into_iter().filter_map(|(name, bytes)| {
        let template = name.strip_prefix("templates/").filter(|template| template.starts_with(WORDS))?;
        template_of(template, &format!("themes/{BUILT_IN}/{name}"), bytes.into_owned()).ok()
    });
    files.collect()
}

/// One file of the built-in theme, by its path in a site: `themes/default/templates/page.html`.
pub(super) fn built_in_file(path: &str) -> Option<Cow<'static, [u8]>> {
    let name = path.strip_prefix("themes/default/")?;
    Embedded::get(name).map(|file| file.data)
}

/// A theme with the site's own templates in their place, before its static files are read.
#[derive(Debug, Default)]
pub(super) struct Theme {
    /// Sorted by name.
    pub(super) templates: Vec<Template>,
    /// The folder of its static files, relative to the root, and those found there.
    pub(super) files: (String, Vec<Found>),
    /// Static files of the built-in theme.
    pub(super) embedded: Vec<Asset>,
    /// What it lets a site choose.
    pub(super) options: Vec<ThemeOption>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finds the theme and reads its templates and the site's own. A theme that does not exist is
/// reported and stood in for by the built-in one, so that the other problems of a site show too.
pub(super) fn find(root: &Path, walk: &Walk, settings: &Settings) -> Theme {
    let name = settings.config.theme.as_str();
    let folder = folder_of(root, name);
    let mut theme = folder.as_deref().map_or_else(compiled_in, |folder| on_disk(walk, folder));
    theme.declare(root, folder.as_deref());
    if folder.is_none() && name != BUILT_IN {
        theme.diagnostics.push(unknown_theme(root, name, settings.span_of(name)));
    }
    let (own, diagnostics) = templates_in(walk, "templates");
    theme.diagnostics.extend(diagnostics);
    let mut templates: BTreeMap<String, Template> = BTreeMap::new();
    let stand_ins = compiled_in().templates.into_iter().filter(|one| {
        STAND_INS.iter().any(|name| one.name == *name || (name.ends_with('/') && one.name.starts_with(name)))
    });
    // Of words, the theme's and the site's count both, key by key.
    let is_words = |template: &Template| template.name.starts_with(WORDS);
    let (words, others): (Vec<_>, Vec<_>) = theme.templates.into_iter().chain(own).partition(is_words);
    for template in stand_ins.chain(others) {
        templates.insert(template.name.clone(), template);
    }
    theme.templates = templates.into_values().chain(words).collect();
    theme
}

impl Theme {
    /// Learns from its `theme.toml` what it lets a site choose; one without it lets it choose nothing.
    fn declare(&mut self, root: &Path, folder: Option<&str>) {
        let built_in = format!("themes/{BUILT_IN}");
        let path = format!("{}/{THEME_TOML}", folder.unwrap_or(&built_in));
        let text = if folder.is_some() {
            super::desk::text(root, &path, &mut self.diagnostics).map(Cow::Owned)
        } else {
            built_in_file(&path).map(|bytes| Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
        };
        let text: Cow<'_, str> = text.unwrap_or_default();
        let (options, diagnostics) = theme::declared(&text, &path);
        self.options = options;
        self.diagnostics.extend(diagnostics);
    }
}

/// The folder of a theme, relative to the root, if the site has one. A theme is named, not pointed
/// at: a name with a slash has no folder.
fn folder_of(root: &Path, name: &str) -> Option<String> {
    let is_name = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':']);
    let folder = format!("themes/{name}");
    (is_name && root.join(&folder).is_dir()).then_some(folder)
}

fn on_disk(walk: &Walk, folder: &str) -> Theme {
    let (templates, mut diagnostics) = templates_in(walk, &format!("{folder}/templates"));
    let tree = format!("{folder}/static");
    let (found, reports) = walk.tree(&tree, Dotfiles::ForHosts);
    diagnostics.extend(reports);
    Theme { templates, files: (tree, found), embedded: Vec::new(), options: Vec::new(), diagnostics }
}

fn compiled_in() -> Theme {
    let mut theme = Theme::default();
    for (name, bytes) in built_in() {
        let path = format!("themes/{BUILT_IN}/{name}");
        if name.strip_prefix("templates/").is_some_and(|template| template.starts_with(WORDS)) {
            continue;
        }
        if let Some(template) = name.strip_prefix("templates/") {
            match template_of(template, &path, bytes.into_owned()) {
                Ok(template) => theme.templates.push(template),
                Err(diagnostic) => theme.diagnostics.push(diagnostic),
            }
        } else if let Some(name) = name.strip_prefix("static/") {
            theme.embedded.push(Asset {
                path: path.into(),
                origin: Origin::Theme,
                name: name.to_owned(),
                fingerprint: Fingerprint::of_bytes(&bytes),
                len: bytes.len() as u64,
                stamp: None,
                size: super::image::size_of(name, &bytes),
                content: AssetContent::Embedded(bytes),
            });
        }
    }
    theme
}

/// Reads every template of a tree.
fn templates_in(walk: &Walk, tree: &str) -> (Vec<Template>, Vec<Diagnostic>) {
    let (found, mut diagnostics) = walk.tree(tree, Dotfiles::LeftOut);
    let (templates, reports): (Vec<_>, Vec<_>) =
        found.par_iter().map(|found| read(found, tree)).partition_map(super::apart);
    diagnostics.extend(reports);
    (templates, diagnostics)
}

fn read(found: &Found, tree: &str) -> Result<Template, Diagnostic> {
    read_at(&found.file, &super::below(&found.path, tree), &found.path)
}

/// A template as its file is now; `None` when that is for a scan to tell.
pub(super) fn read_again(former: &Template) -> Option<Template> {
    read_at(former.file.as_deref()?, &former.name, &former.path).ok()
}

fn read_at(file: &Path, name: &str, path: &str) -> Result<Template, Diagnostic> {
    let mut bytes = Vec::new();
    stamp::open(file)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|error| super::unreadable(path, &error))?;
    Ok(Template { file: Some(file.to_owned()), ..template_of(name, path, bytes)? })
}

fn template_of(name: &str, path: &str, bytes: Vec<u8>) -> Result<Template, Diagnostic> {
    let is_text = |suffix| TEXT.contains(&suffix) || suffix == "toml" && name.starts_with(WORDS);
    if !name.rsplit_once('.').is_some_and(|(_, suffix)| is_text(suffix)) {
        let known = TEXT.map(|suffix| format!("`.{suffix}`")).join(", ");
        return Err(Diagnostic::new(Code::File, path, None, "this is not a template, and is left out")
            .severity(Severity::Warning)
            .help(format!("templates end in {known}; files to publish as they are belong in `static/`")));
    }
    let fingerprint = Fingerprint::of_bytes(&bytes);
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Diagnostic::new(Code::Encoding, path, Span::new(at, at + 1), "this byte is not UTF-8")
            .help("save the template as UTF-8")
    })?;
    Ok(Template { name: name.to_owned(), path: path.into(), file: None, text, fingerprint })
}

fn unknown_theme(root: &Path, name: &str, span: Option<Span>) -> Diagnostic {
    let folders = fs::read_dir(root.join("themes")).into_iter().flatten().flatten();
    let mut themes: Vec<String> = folders
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|theme| !theme.starts_with('.'))
        .chain([BUILT_IN.to_owned()])
        .collect();
    themes.sort();
    themes.dedup();
    let help = if let Some(near) = near(name, themes.iter().map(String::as_str)) {
        format!("did you mean `{near}`?")
    } else {
        let themes: Vec<String> = themes.iter().map(|theme| format!("`{theme}`")).collect();
        format!("name a folder below `themes/`; there are {}", themes.join(", "))
    };
    Diagnostic::new(Code::Config, SITE_TOML, span, format!("there is no theme `{name}`")).help(help)
}
