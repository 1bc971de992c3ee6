//! The stylesheet of a site: one file, which all pages load.
//!
//! In: the theme's stylesheets, the site's own, the settings for code and the theme, and the pages. Out: one
//! stylesheet, and what is wrong with it. Writes nothing.

mod bundle;
mod theme;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assemble::{MAIN_STYLES, OWN_STYLES, Styles};
use crate::config::Highlight;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::fingerprint::Fingerprint;
use crate::parse::Document;
use crate::parse::highlight;
use crate::scan::{Asset, Inputs, Origin};
use bundle::Sheet;

/// The name under which the stylesheet for code is joined to the others.
const CODE: &str = "code";
/// The name of the one for what the site chose of its theme.
const CHOSEN: &str = "theme";

/// A stylesheet that was made, and what from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Made {
    /// Nothing when a file could not be read as it was found: the next build must look again.
    sources: Option<Fingerprint>,
    pub(super) of: Kind,
    /// Its text.
    pub(super) css: Arc<str>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// [`Styles`], as it is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    /// [`Styles::Site`]
    Site,
    /// [`Styles::Code`]
    Code,
}

impl Made {
    /// What `assemble` needs to know of it.
    pub(super) fn claim(&self) -> (Styles, Fingerprint) {
        let of = match self.of {
            Kind::Site => Styles::Site,
            Kind::Code => Styles::Code,
        };
        (of, Fingerprint::of_bytes(self.css.as_bytes()))
    }
}

/// The stylesheet of a site, made again only when something in it changed.
pub(super) fn site(inputs: &Inputs, pages: &[Arc<Document>], known: Option<Made>) -> Option<Made> {
    let highlight = &inputs.config.highlight;
    let colours = highlight.enabled && pages.iter().any(|page| page.has_code);
    let styles: Vec<&Asset> = inputs
        .assets
        .iter()
        .filter(|asset| asset.origin != Origin::Content && is_stylesheet(&asset.name))
        .collect();
    let parts: Vec<_> =
        styles.iter().map(|asset| (&asset.path, &asset.name, asset.origin, asset.fingerprint)).collect();
    let themes = colours.then_some((&highlight.light, &highlight.dark));
    let chosen = theme::sheet(&inputs.config);
    let sources = Fingerprint::of(&(super::PROGRAM, parts, themes, &chosen));
    if let Some(known) = known.filter(|known| known.sources == Some(sources)) {
        return Some(known);
    }
    // Names that no theme has are told by `unknown_themes`.
    let code = themes.and_then(|(light, dark)| highlight::styles(light, dark).ok());
    if !styles.iter().any(|asset| asset.name == MAIN_STYLES) {
        let css = Arc::from(code?);
        return Some(Made { sources: Some(sources), of: Kind::Code, css, diagnostics: Vec::new() });
    }
    let (mut sheets, mut diagnostics, mut sources) = (BTreeMap::new(), Vec::new(), Some(sources));
    for asset in styles {
        match read(asset) {
            Ok((sheet, found)) => {
                sheets.insert(asset.name.clone(), sheet);
                diagnostics.extend(found);
            }
            Err(found) => {
                diagnostics.push(found);
                sources = None;
            }
        }
    }
    if let Some(text) = code {
        sheets.insert(CODE.to_owned(), Sheet { path: "site.toml".into(), text });
    }
    if !chosen.is_empty() {
        sheets.insert(CHOSEN.to_owned(), Sheet { path: "site.toml".into(), text: chosen });
    }
    let (css, found) = bundle::bundle(&sheets, &[CHOSEN, MAIN_STYLES, CODE, OWN_STYLES]);
    diagnostics.extend(found);
    Some(Made { sources, of: Kind::Site, css: css.into(), diagnostics })
}

/// Stylesheets of the folder that the site's own lies in: those that it may import.
fn is_stylesheet(name: &str) -> bool {
    name.starts_with("css/") && name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == "css")
}

fn read(asset: &Asset) -> Result<(Sheet, Option<Diagnostic>), Diagnostic> {
    let bytes = asset.load_as_found()?;
    let path = Arc::clone(&asset.path);
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (Sheet { path, text }, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let found = Diagnostic::new(
                Code::Encoding,
                Arc::clone(&path),
                Span::new(at, at + 1),
                "this byte is not UTF-8",
            )
            .help("save the stylesheet as UTF-8");
            (Sheet { path, text: String::from_utf8_lossy(error.as_bytes()).into_owned() }, Some(found))
        }
    })
}

/// What is wrong with the names in the settings: told before somebody writes the first code.
pub(super) fn unknown_themes(config: &Highlight) -> Vec<Diagnostic> {
    let themes = [(&config.light, config.light_span), (&config.dark, config.dark_span)];
    let unknown =
        themes.into_iter().filter_map(|(name, span)| Some((highlight::check_theme(name).err()?, span)));
    unknown
        .map(|(theme, span)| {
            let message = format!("no highlighting theme `{}`", theme.name);
            let help = match theme.near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is: {}", highlight::theme_names().join(", ")),
            };
            Diagnostic::new(Code::Config, "site.toml", span, message).help(help)
        })
        .collect()
}
