//! The stylesheet for coloured code.
//!
//! In: the settings for code, and the pages. Out: the stylesheet, when a page needs it, and names of
//! colours that are none, whether or not a page needs them. Writes nothing.

use std::sync::Arc;

use crate::config::Highlight;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::Document;
use crate::parse::highlight;

/// The stylesheet, when any code is coloured and the colours are known.
pub(super) fn syntax(config: &Highlight, documents: &[Arc<Document>]) -> Option<String> {
    let wanted = config.enabled && documents.iter().any(|document| document.has_code);
    if wanted { highlight::styles(&config.light, &config.dark).ok() } else { None }
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
