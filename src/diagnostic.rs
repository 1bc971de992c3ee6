//! Problems in a user's site, as values: what was found, where, and what to do.
//!
//! In: nothing. Out: [`Diagnostic`]s that stages return beside their values, sorted and shown at
//! the end by [`report`]. Knows no stage and prints nothing.

pub mod report;

use std::borrow::Cow;
use std::fmt::Write as _;
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
    /// A link that earns money, with nothing above it that says so.
    AffiliateUndisclosed = "affiliate-undisclosed" Error,
    /// A published link that earns money without `rel="sponsored"`.
    AffiliateUnmarked = "affiliate-unmarked" Error,
    /// An exception to a check that has ended.
    AllowExpired = "allow-expired" Warning,
    /// An exception to a check that does not exist, or that cannot be silenced.
    AllowUnknown = "allow-unknown" Error,
    /// An exception to a check that finds nothing.
    AllowUnused = "allow-unused" Warning,
    /// A picture without a description.
    AltMissing = "alt-missing" Error,
    /// A description of a picture that describes nothing.
    AltPoor = "alt-poor" Warning,
    /// A `#id` that its target page lacks.
    AnchorBroken = "anchor-broken" Error,
    /// A guide that nobody wrote.
    AuthorMissing = "author-missing" Error,
    /// A person that the authors file does not have.
    AuthorUnknown = "author-unknown" Error,
    /// A word that the site does not use.
    BannedWord = "banned-word" Warning,
    /// A cited source that does not exist.
    CitationUnknown = "citation-unknown" Error,
    /// A claim over data that does not hold, or cannot be read.
    ClaimBroken = "claim-broken" Error,
    /// An attribute of a code block whose value cannot be used.
    CodeAttribute = "code-attribute" Error,
    /// A fence that does not say its language.
    CodeLanguageMissing = "code-language-missing" Warning,
    /// A fence whose language no grammar knows.
    CodeLanguageUnknown = "code-language-unknown" Warning,
    /// A code block whose highlighting was given up.
    CodeNotHighlighted = "code-not-highlighted" Warning,
    /// A wrong setting in `site.toml` or `theme.toml`.
    Config = "config" Error,
    /// One id for two records, or two figures for one thing.
    DataDuplicateId = "data-duplicate-id" Error,
    /// A file in `content/data/` that is none of its files.
    DataFile = "data-file" Error,
    /// A data file that cannot be read, or a value of the wrong kind, or none where there must be one.
    DataType = "data-type" Error,
    /// A record that does not exist.
    DataUnknownId = "data-unknown-id" Error,
    /// A key or column that a record does not have.
    DataUnknownKey = "data-unknown-key" Error,
    /// A record that no page uses.
    DataUnused = "data-unused" Info,
    /// Two pages with one description.
    DescriptionDuplicate = "description-duplicate" Warning,
    /// A description longer than search results show.
    DescriptionLong = "description-long" Warning,
    /// A page without a description.
    DescriptionMissing = "description-missing" Error,
    /// A description that says next to nothing.
    DescriptionShort = "description-short" Warning,
    /// A directive or a value that is written wrongly.
    DirectiveArgument = "directive-argument" Error,
    /// A directive where it cannot stand, or a block that ends elsewhere than it began.
    DirectiveMisplaced = "directive-misplaced" Error,
    /// A block that is never closed, or a closing line that closes nothing.
    DirectiveUnclosed = "directive-unclosed" Error,
    /// A directive that does not exist.
    DirectiveUnknown = "directive-unknown" Error,
    /// A drawing that holds what could act on a reader.
    DrawingUnsafe = "drawing-unsafe" Warning,
    /// A file that is not UTF-8.
    Encoding = "encoding" Error,
    /// A guide with hardly a link to the rest of the site.
    FewInternalLinks = "few-internal-links" Info,
    /// A file that could not be read, or was left out, and why.
    File = "file" Error,
    /// A file or folder whose name makes an awkward address, or none.
    FileName = "file-name" Warning,
    /// A footnote that nothing mentions, or that repeats another's name.
    FootnoteUnused = "footnote-unused" Warning,
    /// Front matter that cannot be read: unclosed, malformed, a wrong type, a bad date.
    FrontMatter = "front-matter" Error,
    /// A word in capitals that is used more than once and never explained.
    GlossaryUndefinedAbbr = "glossary-undefined-abbr" Info,
    /// Two headings of a page with one text.
    HeadingDuplicateText = "heading-duplicate-text" Info,
    /// A heading without text.
    HeadingEmpty = "heading-empty" Error,
    /// A second heading of level 1.
    HeadingH1Extra = "heading-h1-extra" Warning,
    /// A heading more than one level below the one before.
    HeadingSkip = "heading-skip" Warning,
    /// A published page whose HTML does not hold together.
    HtmlInvalid = "html-invalid" Error,
    /// Raw HTML where the site forbids it, or that holds a script.
    HtmlRawUnsafe = "html-raw-unsafe" Warning,
    /// A published heading id that its page has no more.
    IdChanged = "id-changed" Warning,
    /// One id twice on a page.
    IdDuplicate = "id-duplicate" Warning,
    /// An image file that cannot be read to its end.
    ImageDamaged = "image-damaged" Warning,
    /// A picture that takes long to load.
    ImageHeavy = "image-heavy" Warning,
    /// An image file that is not there.
    ImageMissing = "image-missing" Error,
    /// A key given twice, or in two spellings.
    KeyDuplicate = "key-duplicate" Error,
    /// Structured data that says what the page does not show.
    LdMismatch = "ld-mismatch" Error,
    /// A paragraph that announces a list which does not follow.
    LeadInWithoutList = "lead-in-without-list" Warning,
    /// An internal link to nothing.
    LinkBroken = "link-broken" Error,
    /// A web address that leads nowhere.
    LinkExternalDead = "link-external-dead" Warning,
    /// A web address whose page has no such id.
    LinkExternalFragment = "link-external-fragment" Info,
    /// A web address that leads to another for good.
    LinkExternalMoved = "link-external-moved" Info,
    /// A web address that could not be asked for.
    LinkExternalUnchecked = "link-external-unchecked" Info,
    /// A link that is not encrypted.
    LinkInsecure = "link-insecure" Warning,
    /// A link to an address that only the writer's machine has.
    LinkLocalhost = "link-localhost" Error,
    /// A link with a scheme that is not allowed.
    LinkScheme = "link-scheme" Error,
    /// A link whose text does not say where it leads.
    LinkTextPoor = "link-text-poor" Warning,
    /// A panic inside a library, contained to one page.
    Markdown = "markdown" Error,
    /// An amount of money that comes from no data and cites nothing.
    MoneyTypedByHand = "money-typed-by-hand" Warning,
    /// A page that no other page links to.
    OrphanPage = "orphan-page" Warning,
    /// A paragraph that is hard to take in.
    ParagraphLong = "paragraph-long" Info,
    /// Something that is over and is still referred to.
    PastEvent = "past-event" Warning,
    /// Steps of a pathway that wait for each other.
    PathCycle = "path-cycle" Error,
    /// A step of a pathway that never becomes available.
    PathUnreachable = "path-unreachable" Warning,
    /// A page is too short for the promos that it asks for.
    PromoCrowded = "promo-crowded" Info,
    /// A promo that is over, with nothing in its place.
    PromoExpired = "promo-expired" Warning,
    /// Questions of a quiz that lead back to themselves.
    QuizCycle = "quiz-cycle" Error,
    /// An answer that counts for no outcome.
    QuizDeadAnswer = "quiz-dead-answer" Warning,
    /// Outcomes that can end with the same points, and no rule which of them wins.
    QuizTie = "quiz-tie" Error,
    /// A quiz with more results than can be tried out.
    QuizTooLarge = "quiz-too-large" Error,
    /// A question or outcome that no answers lead to.
    QuizUnreachable = "quiz-unreachable" Error,
    /// A text that is hard to read.
    ReadingLevel = "reading-level" Info,
    /// Words that will not be true for long.
    RelativeDate = "relative-date" Warning,
    /// A page whose review is overdue.
    ReviewDue = "review-due" Warning,
    /// A page reviewed by who wrote it.
    ReviewerSelf = "reviewer-self" Warning,
    /// A role that does not exist.
    RoleUnknown = "role-unknown" Error,
    /// Two causes for one output path.
    RouteCollision = "route-collision" Error,
    /// A pay figure without a source.
    SalaryNoSource = "salary-no-source" Error,
    /// A pay figure that is older than its source allows.
    SalaryStale = "salary-stale" Warning,
    /// A pay figure without a date.
    SalaryUndated = "salary-undated" Error,
    /// A sentence that is hard to follow.
    SentenceLong = "sentence-long" Info,
    /// A curly quote or a no-break space inside code.
    SmartQuoteInCode = "smart-quote-in-code" Warning,
    /// A word that no dictionary of the site knows.
    Spelling = "spelling" Warning,
    /// A comparison of figures of different kinds.
    StatisticMix = "statistic-mix" Warning,
    /// A stylesheet with a part that no browser understands.
    StyleInvalid = "style-invalid" Warning,
    /// A template that cannot be read, or failed while rendering.
    Template = "template" Error,
    /// Two pages with one title.
    TitleDuplicate = "title-duplicate" Error,
    /// A title longer than search results show.
    TitleLong = "title-long" Warning,
    /// A page without a title.
    TitleMissing = "title-missing" Error,
    /// A marker or attribute of the contents list that cannot be used.
    Toc = "toc" Error,
    /// A contents list or back-to-top link typed by hand.
    TocHeadingTyped = "toc-heading-typed" Warning,
    /// A key that does not exist.
    UnknownKey = "unknown-key" Error,
    /// A page that says it was updated, with older figures.
    UpdatedWithoutChange = "updated-without-change" Info,
    /// A published address that leads nowhere any more.
    UrlGone = "url-gone" Warning,
    /// A path to a value that does not exist, or a filter that does not fit.
    ValueUnknown = "value-unknown" Error,
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
