//! `site.toml`: the settings of a site, with their defaults.
//!
//! In: the text of `site.toml`. Out: a [`Config`] in which every value is present and valid, and
//! diagnostics for what was not. Reads no file.

mod address;
mod affiliate;
pub mod brackets;
mod checks;
pub mod colour;
mod frame;
mod images;
mod keys;
mod language;
mod read;
mod serve;
mod terms;
pub mod theme;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::value::Entry;
pub use affiliate::{Affiliates, Earners, Paid, host, is_external};
pub use checks::{Allowed, BuildChecks, Checks, External, Level, Limits};
pub use colour::Palette;
pub use images::{Cards, Host, Images, Publish};
pub use keys::{KEYS, Key};
pub(crate) use language::{is_language_tag, language_tag};
pub use read::parse;
pub use terms::{TERMS, WORDS, Word, add_terms, add_words};

/// All settings of a site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Config {
    /// Name of the site; ends every page's `<title>`.
    pub title: String,
    /// Where the site will be published, or where this build of it will be.
    pub base_url: BaseUrl,
    /// Where the site will be published, by its settings: absolute links that begin so are its own.
    pub published_url: BaseUrl,
    /// One or two sentences about the site; empty when not set.
    pub description: String,
    /// BCP 47 tag of the site's main language, such as `en-US`.
    pub lang: String,
    /// IANA name of the time zone that decides what `today` is and completes dates without one.
    pub timezone: String,
    /// Folder below `themes/`; `default` is compiled in.
    pub theme: String,
    /// What the theme lets a site choose, in the theme's order, with the site's choice or the default.
    pub options: Vec<(String, theme::Setting)>,
    /// The rest of `[theme]` as it was written, until the theme's own file has said what it means.
    #[serde(skip)]
    pub(crate) theme_entries: Vec<Entry>,
    /// `[markdown]`
    pub markdown: Markdown,
    /// `[highlight]`
    pub highlight: Highlight,
    /// `[toc]`
    pub toc: Toc,
    /// `[back_to_top]`
    pub back_to_top: BackToTop,
    /// `[promos]`
    pub promos: Promos,
    /// `[taxonomies.<name>]`, in the order written; `tags` and `categories` by default.
    pub taxonomies: Vec<Taxonomy>,
    /// `[feeds]`
    pub feeds: Feeds,
    /// `[search]`
    pub search: Search,
    /// `[images]`
    pub images: Images,
    /// `[cards]`
    pub cards: Cards,
    /// `[publish]`
    pub publish: Publish,
    /// `[checks]`
    pub checks: Checks,
    /// `[[nav]]`
    pub nav: Vec<NavItem>,
    /// Globs, relative to the root, of files to leave out.
    pub ignore: Vec<String>,
    /// `[serve]`. No part of what is published, so no part of what the settings say.
    #[serde(skip)]
    pub serve: Serve,
    /// `[extra]`: free for templates.
    pub extra: Extra,
}

/// Editors whose links we know, by name: what opens a file at a place.
pub const EDITORS: &[(&str, &str)] = &[
    ("vscode", "vscode://file{path}:{line}:{column}"),
    ("vscodium", "vscodium://file{path}:{line}:{column}"),
    ("cursor", "cursor://file{path}:{line}:{column}"),
    ("zed", "zed://file{path}:{line}:{column}"),
    ("idea", "idea://open?file={path}&line={line}&column={column}"),
    ("textmate", "txmt://open?url=file://{path}&line={line}&column={column}"),
];

/// `[serve]`: the preview.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Serve {
    /// Names under which the preview may be asked for, beside this machine's own.
    pub hosts: Vec<String>,
    /// The editor that links from the preview open: a name that is known, or a URL with `{path}`,
    /// `{line}` and `{column}` in it. Empty when not set.
    pub editor: String,
}

/// Free-form values for templates, as JSON-like data in the order written.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// The address of the site's home page, split where templates need it split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseUrl {
    /// Scheme and authority, without a trailing slash: `https://example.com`.
    pub origin: String,
    /// The path the site lives under, beginning and ending with `/`.
    pub path: String,
}

impl BaseUrl {
    /// The absolute URL of a site path (`/guides/x/`).
    #[must_use]
    pub fn absolute(&self, url: &str) -> String {
        [&self.origin, &self.path, url.strip_prefix('/').unwrap_or(url)].concat()
    }

    /// The URL path of a site path, with the base path before it.
    #[must_use]
    pub fn path(&self, url: &str) -> String {
        [&self.path, url.strip_prefix('/').unwrap_or(url)].concat()
    }
}

/// `[markdown]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Markdown {
    /// What happens to raw HTML.
    pub html: HtmlPolicy,
    /// Straight quotes, `--` and `...` become typographic in prose.
    pub smart_punctuation: bool,
    /// How letters outside ASCII enter heading ids and slugs.
    pub slugs: SlugStyle,
}

/// What happens to raw HTML in Markdown. Link and image schemes are filtered under each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HtmlPolicy {
    /// Passed through.
    Allow,
    /// Cleaned to an allow-list.
    Sanitise,
    /// Shown as text, and reported.
    Forbid,
}

/// How letters outside ASCII enter heading ids and slugs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SlugStyle {
    /// Accents folded, other scripts transliterated.
    Ascii,
    /// Kept.
    Unicode,
}

/// `[highlight]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Highlight {
    /// Whether code is highlighted at all.
    pub enabled: bool,
    /// Name of the syntect theme for light pages.
    pub light: String,
    /// Where that was written. No part of what the settings say.
    #[serde(skip)]
    pub light_span: Option<Span>,
    /// Name of the syntect theme for dark pages.
    pub dark: String,
    /// Where that was written.
    #[serde(skip)]
    pub dark_span: Option<Span>,
    /// Line numbers on every block unless its fence says otherwise.
    pub line_numbers: bool,
}

/// `[toc]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Toc {
    /// Heading above the contents list; empty is the page's language's word for it.
    pub title: String,
    /// Deepest heading level listed: 2 to 6.
    pub depth: u8,
    /// Fewest second-level headings for which a list appears without a marker.
    pub min_headings: usize,
    /// Whether pages have a contents list unless they say otherwise.
    pub enabled: bool,
}

/// `[back_to_top]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackToTop {
    /// Whether sections end with the link.
    pub enabled: bool,
    /// The visible text; empty is the page's language's word for it.
    pub label: String,
    /// Where the link leads: the contents list (`#top` on pages without one) or the page's top.
    pub target: BackToTopTarget,
    /// Fewest second-level sections for which the links appear.
    pub min_sections: usize,
}

/// Where a back-to-top link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackToTopTarget {
    /// The contents list.
    Contents,
    /// The top of the page.
    Top,
}

/// `[promos]`: where promos stand by rule. Distances are in words of prose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promos {
    /// Whether pages have promos by rule unless they say otherwise.
    pub enabled: bool,
    /// The first slot; `None` is no such slot.
    pub start: Option<StartPromo>,
    /// The slot about half way; `None` is no such slot.
    pub middle: Option<MiddlePromo>,
    /// Whether there is a slot after the last section.
    pub end: bool,
    /// Fewest words between two promos.
    pub min_gap_words: u32,
    /// Most promos on one page, those placed by hand included.
    pub max_per_page: usize,
}

/// `[promos.start]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartPromo {
    /// It stands at the first boundary with at least this many words before it.
    pub after_words: u32,
    /// Which boundaries will do.
    pub boundary: PromoBoundary,
}

/// `[promos.middle]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MiddlePromo {
    /// It stands at the boundary nearest to this part of the text, in per cent.
    pub near: u8,
    /// Which boundaries will do.
    pub boundary: PromoBoundary,
}

/// Where a promo may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PromoBoundary {
    /// Between two blocks of the text.
    Block,
    /// After a section.
    Section,
}

impl StartPromo {
    const DEFAULT: Self = Self { after_words: 150, boundary: PromoBoundary::Block };
}

impl MiddlePromo {
    const DEFAULT: Self = Self { near: 50, boundary: PromoBoundary::Section };
}

/// One taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taxonomy {
    /// The front-matter key and the first part of its URLs: `tags`.
    pub name: String,
    /// What templates call it; the name with a capital unless set.
    pub title: String,
    /// Pages in one list page; 0 is all.
    pub paginate_by: usize,
    /// Whether each term has a feed.
    pub feed: bool,
}

/// `[feeds]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Feeds {
    /// Writes `atom.xml`.
    pub atom: bool,
    /// Writes `feed.json`.
    pub json: bool,
    /// Newest pages in a feed, at most.
    pub limit: usize,
    /// Whether each section has feeds of its own.
    pub sections: bool,
}

/// `[search]`: the index that readers search in their browsers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Search {
    /// Whether there is one, with a page and a box in the header to ask it.
    pub enabled: bool,
}

/// One entry of the site's main navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// The visible text.
    pub title: String,
    /// `@/path.md`, a site path or an absolute URL.
    pub url: String,
    /// Where that stands in `site.toml`.
    pub span: Option<Span>,
}

impl Config {
    /// The theme's colours by their options' names.
    #[must_use]
    pub fn colours(&self) -> BTreeMap<String, Palette> {
        let colour = |(name, setting): &(String, theme::Setting)| match setting {
            theme::Setting::Colour(palette) => Some((name.clone(), *palette)),
            _ => None,
        };
        self.options.iter().filter_map(colour).collect()
    }

    /// The settings of a site that gives only what is required.
    #[must_use]
    pub fn with_defaults(title: &str, base_url: BaseUrl) -> Self {
        let taxonomy = |name: &str, title: &str| Taxonomy {
            name: name.to_owned(),
            title: title.to_owned(),
            paginate_by: 0,
            feed: false,
        };
        Self {
            title: title.to_owned(),
            published_url: base_url.clone(),
            base_url,
            description: String::new(),
            lang: "en-US".to_owned(),
            timezone: "UTC".to_owned(),
            theme: "default".to_owned(),
            options: Vec::new(),
            theme_entries: Vec::new(),
            markdown: Markdown { html: HtmlPolicy::Allow, smart_punctuation: false, slugs: SlugStyle::Ascii },
            highlight: Highlight {
                enabled: true,
                light: "InspiredGitHub".to_owned(),
                light_span: None,
                dark: "OneHalfDark".to_owned(),
                dark_span: None,
                line_numbers: false,
            },
            toc: Toc { title: String::new(), depth: 2, min_headings: 3, enabled: true },
            back_to_top: BackToTop {
                enabled: true,
                label: String::new(),
                target: BackToTopTarget::Contents,
                min_sections: 2,
            },
            promos: Promos {
                enabled: true,
                start: Some(StartPromo::DEFAULT),
                middle: Some(MiddlePromo::DEFAULT),
                end: true,
                min_gap_words: 250,
                max_per_page: 3,
            },
            taxonomies: vec![taxonomy("tags", "Tags"), taxonomy("categories", "Categories")],
            feeds: Feeds { atom: true, json: true, limit: 20, sections: false },
            search: Search { enabled: false },
            images: Images::default(),
            cards: Cards::default(),
            publish: Publish::default(),
            checks: Checks::default(),
            nav: Vec::new(),
            ignore: Vec::new(),
            serve: Serve::default(),
            extra: Extra::new(),
        }
    }
}
