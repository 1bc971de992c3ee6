//! Problems in a user's site, as values: what was found, where, and what to do.
//!
//! In: nothing. Out: [`Diagnostic`]s that stages return beside their values, sorted and shown at
//! the end by [`report`]. Knows no stage and prints nothing.

pub mod report;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build fails and publishes nothing.
    Error,
    /// Published; fails under `--strict`.
    Warning,
    /// Worth knowing.
    Info,
}

/// A range of bytes in one file, counted from the top of the file, front matter included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span from a byte range; offsets beyond 4 GiB are clamped.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The span moved `offset` bytes down its file.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file, relative to the site's root, with `/` between its parts.
    pub path: Arc<str>,
    /// The bytes; `None` is the file as a whole.
    pub span: Option<Span>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $id:literal $severity:ident,)*) => {
        /// The stable name of a kind of problem, as users see it in `error[...]`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $id)] $variant,)*
        }

        impl Code {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in kebab case.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The severity a finding has unless said otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A `#id` that its target page lacks.
    AnchorBroken = "anchor-broken" Error,
    /// A fence whose language no grammar knows.
    CodeLanguageUnknown = "code-language-unknown" Warning,
    /// A code block whose highlighting was given up.
    CodeNotHighlighted = "code-not-highlighted" Warning,
    /// A wrong setting in `site.toml` or `theme.toml`.
    Config = "config" Error,
    /// A file that is not UTF-8.
    Encoding = "encoding" Error,
    /// A file that could not be read, or was left out, and why.
    File = "file" Error,
    /// Front matter that cannot be read: unclosed, malformed, a wrong type, a bad date.
    FrontMatter = "front-matter" Error,
    /// A heading without text.
    HeadingEmpty = "heading-empty" Error,
    /// A second heading of level 1.
    HeadingH1Extra = "heading-h1-extra" Warning,
    /// A heading more than one level below the one before.
    HeadingSkip = "heading-skip" Warning,
    /// Raw HTML where the site forbids it, or that holds a script.
    HtmlRawUnsafe = "html-raw-unsafe" Warning,
    /// One id twice on a page.
    IdDuplicate = "id-duplicate" Warning,
    /// An image file that is not there.
    ImageMissing = "image-missing" Error,
    /// A key given twice, or in two spellings.
    KeyDuplicate = "key-duplicate" Error,
    /// A paragraph that announces a list which does not follow.
    LeadInWithoutList = "lead-in-without-list" Warning,
    /// An internal link to nothing.
    LinkBroken = "link-broken" Error,
    /// A link with a scheme that is not allowed.
    LinkScheme = "link-scheme" Error,
    /// A panic inside a library, contained to one page.
    Markdown = "markdown" Error,
    /// Two causes for one output path.
    RouteCollision = "route-collision" Error,
    /// A curly quote or a no-break space inside code.
    SmartQuoteInCode = "smart-quote-in-code" Warning,
    /// A template that cannot be read, or failed while rendering.
    Template = "template" Error,
    /// A page without a title.
    TitleMissing = "title-missing" Error,
    /// A marker or attribute of the contents list that cannot be used.
    Toc = "toc" Error,
    /// A key that does not exist.
    UnknownKey = "unknown-key" Error,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where; the content file that caused it comes before any template.
    pub location: Location,
    /// What kind.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What was found: lower case, no full stop, backticks round what the user typed.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places, each with a label (the template behind an error, the other owner of a URL).
    pub related: Vec<(Location, String)>,
}

impl Diagnostic {
    /// A problem of a code's usual severity.
    pub fn new(code: Code, path: impl Into<Arc<str>>, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self {
            location: Location { path: path.into(), span: span.into() },
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            related: Vec::new(),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets another severity than the code's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds a further place with its label.
    #[must_use]
    pub fn related(mut self, path: impl Into<Arc<str>>, span: impl Into<Option<Span>>, label: impl Into<String>) -> Self {
        self.related.push((Location { path: path.into(), span: span.into() }, label.into()));
        self
    }
}

/// Sorts by place and drops repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort();
    diagnostics.dedup();
}

/// The known name nearest to a mistyped one, if one is near enough to be meant.
#[must_use]
pub fn near<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let limit = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let keys = ["title", "description", "draft"];
        assert_eq!(near("tilte", keys), Some("title"));
        assert_eq!(near("discription", keys), Some("description"));
        assert_eq!(near("weather", keys), None);
        assert_eq!(near("x", keys), None);
    }
}
