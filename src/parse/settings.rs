//! The settings that bear on parsing one file, and nothing more: a change of any other setting
//! parses nothing again.

use serde::Serialize;

use crate::config::{Config, Highlight, HtmlPolicy, Markdown, SlugStyle};

/// Settings of the Markdown stage. `lang` and taxonomy names are here because front matter uses them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// `[markdown]`
    pub markdown: Markdown,
    /// `[highlight]` without its colours.
    pub highlight: bool,
    /// Line numbers unless a fence says otherwise.
    pub line_numbers: bool,
    /// Names of the declared taxonomies.
    pub taxonomies: Vec<String>,
    /// The site's time zone, for dates written without one.
    pub timezone: String,
    /// Which syntax extensions are on.
    pub extensions: Extensions,
}

/// Which Markdown dialect is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Extensions {
    /// `CommonMark` 0.31 alone; for checking against its specification.
    None,
    /// GFM and Guidepost's own.
    All,
}

impl Settings {
    /// Picks what matters to parsing out of a site's settings.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let Highlight { enabled, line_numbers, .. } = config.highlight;
        Self {
            markdown: config.markdown.clone(),
            highlight: enabled,
            line_numbers,
            taxonomies: config.taxonomies.iter().map(|taxonomy| taxonomy.name.clone()).collect(),
            timezone: config.timezone.clone(),
            extensions: Extensions::All,
        }
    }

    /// `CommonMark` with nothing else: no highlighting, raw HTML passed through.
    #[must_use]
    pub fn commonmark() -> Self {
        Self {
            markdown: Markdown { html: HtmlPolicy::Allow, smart_punctuation: false, slugs: SlugStyle::Ascii },
            highlight: false,
            line_numbers: false,
            taxonomies: Vec::new(),
            timezone: "UTC".to_owned(),
            extensions: Extensions::None,
        }
    }
}
