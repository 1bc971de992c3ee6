//! Every kind of problem: its stable name, and how much it matters unless said otherwise.

use serde::{Deserialize, Serialize};

use super::Severity;

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
