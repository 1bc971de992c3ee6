//! Problems in a user's site, as values: what was found, where, and what to do.
//!
//! In: nothing. Out: [`Diagnostic`]s that stages return beside their values, sorted and shown at
//! the end by [`report`]. Knows no stage and prints nothing.

mod code;
pub mod report;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use code::Code;

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

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    pub fn new(
        code: Code,
        path: impl Into<Arc<str>>,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Self {
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
    pub fn related(
        mut self,
        path: impl Into<Arc<str>>,
        span: impl Into<Option<Span>>,
        label: impl Into<String>,
    ) -> Self {
        self.related.push((Location { path: path.into(), span: span.into() }, label.into()));
        self
    }

    /// Adds the pages that use what the problem is in, each as a further place; of very many the last place
    /// tells the number of the others.
    pub fn used_on<'p>(&mut self, pages: impl ExactSizeIterator<Item = &'p Arc<str>>) {
        const MOST: usize = 100;
        let more = pages.len().saturating_sub(MOST);
        for (at, page) in pages.take(MOST).enumerate() {
            let label =
                if at + 1 == MOST && more > 0 { format!("{USED}{AND}{more}{MORE}") } else { USED.to_owned() };
            self.related.push((Location { path: Arc::clone(page), span: None }, label));
        }
    }

    /// The pages that use what the problem is in.
    pub fn users(&self) -> impl Iterator<Item = &Location> {
        self.related.iter().filter(|(_, label)| label.starts_with(USED)).map(|(page, _)| page)
    }

    /// The same in words: ``used on 7 pages: `a`, `b`, `c` and 4 more``.
    #[must_use]
    pub fn uses(&self) -> Option<String> {
        const NAMED: usize = 3;
        let count = self.users().count() + self.untold_users();
        let first: Vec<String> = self.users().take(NAMED).map(|page| format!("`{}`", page.path)).collect();
        let named = first.join(", ");
        match (count, count - first.len()) {
            (0, _) => None,
            (1, _) => Some(format!("used on {named}")),
            (_, 0) => Some(format!("used on {count} pages: {named}")),
            (_, more) => Some(format!("used on {count} pages: {named}{AND}{more}{MORE}")),
        }
    }

    /// How many more pages than those that are listed use it.
    fn untold_users(&self) -> usize {
        let label = self.related.last().map_or("", |(_, label)| label.as_str());
        let number = label.strip_prefix(USED).and_then(|rest| rest.strip_prefix(AND)?.strip_suffix(MORE));
        number.and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    /// The further places as people read them: pages that use something are one.
    #[must_use]
    pub fn notes(&self) -> Vec<(&Location, Cow<'_, str>)> {
        let others = self.related.iter().filter(|(_, label)| !label.starts_with(USED));
        let mut notes: Vec<(&Location, Cow<'_, str>)> =
            others.map(|(place, label)| (place, Cow::Borrowed(label.as_str()))).collect();
        let mut users = self.users();
        match (users.next(), users.next()) {
            (Some(page), None) => notes.push((page, Cow::Borrowed(USED))),
            (Some(page), Some(_)) => notes.push((page, Cow::Owned(self.uses().unwrap_or_default()))),
            _ => {}
        }
        notes
    }

    /// What is found, without its numbers: it stays the same while a figure grows older.
    #[must_use]
    pub fn lasting_message(&self) -> String {
        let mut words = String::new();
        let mut in_number = false;
        for letter in self.message.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
            // `1,200` and `1.200` are one number, and so is each part of a date.
            let counts = letter.is_ascii_digit() || (in_number && matches!(letter, ',' | '.'));
            if counts && !in_number {
                words.push('0');
            } else if !counts {
                words.push(letter);
            }
            in_number = counts;
        }
        words
    }

    /// Whether it is another but for the further places.
    fn is_like(&self, other: &Self) -> bool {
        let Self { location, code, severity, message, help, related: _ } = self;
        (location, code, severity, message, help)
            == (&other.location, &other.code, &other.severity, &other.message, &other.help)
    }
}

/// The label of a page that uses what a problem is in.
pub const USED: &str = "used on this page";
const AND: &str = " and ";
const MORE: &str = " more";

/// Sorts by place and drops repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort();
    diagnostics.dedup();
}

/// Sorts problems of rendering, and makes one of those that differ only in the page that was
/// rendered: a template that fails, fails on every page. The first page by path stays, with the
/// number of the others.
pub fn fold(diagnostics: &mut Vec<Diagnostic>) {
    sort(diagnostics);
    let mut more = 0;
    let mut folded: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for found in diagnostics.drain(..) {
        match folded.last() {
            Some(first) if first.is_like(&found) => more += 1,
            _ => {
                count(&mut folded, more);
                more = 0;
                folded.push(found);
            }
        }
    }
    count(&mut folded, more);
    *diagnostics = folded;
}

/// Says at the last problem how many more pages have it.
fn count(folded: &mut [Diagnostic], more: usize) {
    if let (Some((_, label)), 1..) = (folded.last_mut().and_then(|last| last.related.last_mut()), more) {
        // Writing to a string cannot fail.
        let _ = write!(label, " and {more} more page{}", if more == 1 { "" } else { "s" });
    }
}

/// What a user typed, as messages show it: what cannot be seen is written as `\u{200b}`, and quotes
/// and backslashes as they are.
#[must_use]
pub fn visible(typed: &str) -> String {
    let mut shown = String::with_capacity(typed.len());
    for letter in typed.chars() {
        match letter {
            '"' | '\'' | '\\' => shown.push(letter),
            _ => shown.extend(letter.escape_debug()),
        }
    }
    shown
}

/// Text that a terminal shows and does not obey: control characters but line feeds, and marks that turn
/// the direction of what follows, are written as `\u{1b}`.
#[must_use]
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if obeyed(c) { shown.extend(c.escape_debug()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// The known name nearest to a mistyped one, if one is near enough to be meant.
#[must_use]
pub fn near<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let letters = typed.chars().count();
    let limit = (letters / 3).max(1);
    // To measure a name takes as long as both are together, and one of another length is never near.
    let is_as_long = |name: &&str| !name.is_empty() && name.chars().count().abs_diff(letters) <= limit;
    known
        .into_iter()
        .filter(is_as_long)
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_as_it_was_unless_it_cannot_be_seen() {
        assert_eq!(visible(r#"q"q's \ é.md"#), r#"q"q's \ é.md"#);
        assert_eq!(visible("a\u{200b}b\n"), r"a\u{200b}b\n");
    }

    #[test]
    fn nothing_typed_steers_a_terminal() {
        assert_eq!(for_terminal("caf\u{e9}\n"), "caf\u{e9}\n");
        assert_eq!(for_terminal("a\u{1b}[2Jb\r\u{202e}c"), r"a\u{1b}[2Jb\r\u{202e}c");
    }

    #[test]
    fn one_problem_of_many_pages_is_said_once() {
        let at = |message: &str, page: &str| {
            Diagnostic::new(Code::Template, "themes/t/templates/page.html", Span::new(3, 9), message)
                .help("did you mean `title`?")
                .related(page, None, "while this page was rendered")
        };
        // The list pages of a section name the same source.
        let mut found =
            vec![at("x", "c.md"), at("y", "b.md"), at("x", "b.md"), at("x", "a.md"), at("x", "a.md")];
        fold(&mut found);
        let said: Vec<_> = found
            .iter()
            .map(|found| (found.message.as_str(), &*found.related[0].0.path, found.related[0].1.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("x", "a.md", "while this page was rendered and 2 more pages"),
                ("y", "b.md", "while this page was rendered"),
            ]
        );
        let before = found.clone();
        sort(&mut found);
        assert_eq!(found, before);
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let keys = ["title", "description", "draft"];
        assert_eq!(near("tilte", keys), Some("title"));
        assert_eq!(near("discription", keys), Some("description"));
        assert_eq!(near("weather", keys), None);
        assert_eq!(near("x", keys), None);
    }
}
