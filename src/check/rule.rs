//! Every rule: what it looks for, why, and an example of each side.
//!
//! In: nothing. Out: [`RULES`]. The texts are files in `rules/`, one for each; the manual's page, the
//! words of `explain` and the fixtures are made from them, so that none can differ from the others.
//!
//! A file holds one line that says what the rule finds, a paragraph that says why it matters, and parts
//! under lines `-- ... --`:
//!
//! ```text
//! -- fails PATH --    a file of a site on which the rule fires; `body` is the text of a guide
//! -- says --          what is said of that site, in the `short` format
//! -- passes PATH --   the same file as it should be
//! -- gone PATH --     a file that should not be
//! -- settings --      lines for `site.toml`, for both
//! -- today DATE --    the day, for both
//! -- elsewhere --     in which test it is seen, when no text can hold such a site
//! ```

use crate::diagnostic::{Code, Severity};

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Figures, claims and dates.
    Facts,
    /// Pictures.
    Images,
    /// Headings and contents.
    Headings,
    /// Links and addresses.
    Links,
    /// Titles, descriptions, people.
    Metadata,
    /// How a text reads.
    Language,
    /// Code in a text.
    Code,
    /// Data files, quizzes and paths.
    Data,
    /// What is published.
    Published,
    /// Exceptions and settings of the desk.
    Desk,
    /// What cannot be read, and so neither be allowed nor switched off.
    Syntax,
}

impl Family {
    /// Every family, in the order of the manual.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Facts, "Facts and freshness"),
        (Self::Images, "Pictures"),
        (Self::Headings, "Headings and contents"),
        (Self::Links, "Links"),
        (Self::Metadata, "Titles, descriptions and people"),
        (Self::Language, "Language and style"),
        (Self::Code, "Code"),
        (Self::Data, "Data, quizzes and paths"),
        (Self::Published, "What is published"),
        (Self::Desk, "Exceptions that are not needed"),
        (Self::Syntax, "Files, front matter and directives"),
    ];
}

/// A rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// What it looks at.
    pub family: Family,
    text: &'static str,
}

/// A part of a rule's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'t> {
    /// What its line says: `fails body`.
    pub name: &'t str,
    /// What follows.
    pub text: &'t str,
}

/// The parts of a text in this form, whatever stands above the first.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let start = if text.starts_with("-- ") { Some(0) } else { text.find("\n-- ").map(|at| at + 1) };
    let mut rest = start.map_or("", |at| &text[at..]);
    while let Some((name, after)) = rest.strip_prefix("-- ").and_then(|rest| rest.split_once(" --\n")) {
        let end = after.find("\n-- ").map_or(after.len(), |at| at + 1);
        let (text, next) = if after.starts_with("-- ") { ("", after) } else { after.split_at(end) };
        parts.push(Part { name, text });
        rest = next;
    }
    parts
}

impl Rule {
    /// How much a finding matters unless the site says otherwise: most often the first of these.
    #[must_use]
    pub fn levels(&self) -> &'static [Severity] {
        use Severity::{Error, Info, Warning};
        match self.code {
            // Its manual page says when it is the one and when the other.
            Code::AltMissing | Code::DescriptionMissing | Code::CodeAttribute | Code::File => {
                &[Error, Warning]
            }
            Code::HtmlRawUnsafe | Code::IdDuplicate | Code::SalaryStale => &[Warning, Error],
            Code::ReadingLevel => &[Info, Warning],
            // A stage finds it, and says how bad it is for a build.
            Code::FileName => &[Error],
            code => match code.severity() {
                Error => &[Error],
                Warning => &[Warning],
                Info => &[Info],
            },
        }
    }

    /// What it finds, in one line.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Why that matters.
    #[must_use]
    pub fn why(&self) -> &'static str {
        let head = self.text.split("\n-- ").next().unwrap_or_default();
        head.split_once('\n').map_or("", |(_, why)| why.trim())
    }

    /// Its examples and what belongs to them.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'static>> {
        parts(self.text)
    }

    /// The text of a part.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&'static str> {
        self.parts().into_iter().find(|part| part.name == name).map(|part| part.text)
    }
}

/// The rule of a code.
#[must_use]
pub fn find(code: Code) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// Whether a finding can neither be allowed nor switched off.
#[must_use]
pub fn is_fixed(code: Code) -> bool {
    find(code).is_none_or(|rule| rule.family == Family::Syntax)
}

macro_rules! rules {
    ($($family:ident: $($code:ident $id:literal)*;)*) => {
        /// Every rule, by family.
        pub const RULES: &[Rule] = &[$($(Rule {
            code: Code::$code,
            family: Family::$family,
            text: include_str!(concat!("rules/", $id, ".txt")),
        },)*)*];
    };
}

rules! {
    Facts:
        ClaimBroken "claim-broken"
        MoneyTypedByHand "money-typed-by-hand"
        PastEvent "past-event"
        ReviewDue "review-due"
        SalaryNoSource "salary-no-source"
        SalaryStale "salary-stale"
        SalaryUndated "salary-undated"
        StatisticMix "statistic-mix"
        UpdatedWithoutChange "updated-without-change";
    Images:
        AltMissing "alt-missing"
        AltPoor "alt-poor"
        DrawingUnsafe "drawing-unsafe"
        ImageDamaged "image-damaged"
        ImageHeavy "image-heavy"
        ImageMissing "image-missing";
    Headings:
        HeadingDuplicateText "heading-duplicate-text"
        HeadingEmpty "heading-empty"
        HeadingH1Extra "heading-h1-extra"
        HeadingSkip "heading-skip"
        IdChanged "id-changed"
        IdDuplicate "id-duplicate"
        Toc "toc"
        TocHeadingTyped "toc-heading-typed";
    Links:
        AffiliateUndisclosed "affiliate-undisclosed"
        AnchorBroken "anchor-broken"
        FewInternalLinks "few-internal-links"
        FootnoteUnused "footnote-unused"
        LinkBroken "link-broken"
        LinkExternalDead "link-external-dead"
        LinkExternalFragment "link-external-fragment"
        LinkExternalMoved "link-external-moved"
        LinkExternalUnchecked "link-external-unchecked"
        LinkInsecure "link-insecure"
        LinkLocalhost "link-localhost"
        LinkScheme "link-scheme"
        LinkTextPoor "link-text-poor"
        OrphanPage "orphan-page"
        UrlGone "url-gone";
    Metadata:
        AuthorMissing "author-missing"
        AuthorUnknown "author-unknown"
        DescriptionDuplicate "description-duplicate"
        DescriptionLong "description-long"
        DescriptionMissing "description-missing"
        DescriptionShort "description-short"
        FileName "file-name"
        ReviewerSelf "reviewer-self"
        TitleDuplicate "title-duplicate"
        TitleLong "title-long"
        TitleMissing "title-missing";
    Language:
        BannedWord "banned-word"
        GlossaryUndefinedAbbr "glossary-undefined-abbr"
        LeadInWithoutList "lead-in-without-list"
        ParagraphLong "paragraph-long"
        ReadingLevel "reading-level"
        RelativeDate "relative-date"
        SentenceLong "sentence-long"
        Spelling "spelling";
    Code:
        CodeAttribute "code-attribute"
        CodeLanguageMissing "code-language-missing"
        CodeLanguageUnknown "code-language-unknown"
        CodeNotHighlighted "code-not-highlighted"
        SmartQuoteInCode "smart-quote-in-code";
    Data:
        DataUnused "data-unused"
        PathCycle "path-cycle"
        PathUnreachable "path-unreachable"
        PromoCrowded "promo-crowded"
        PromoExpired "promo-expired"
        QuizCycle "quiz-cycle"
        QuizDeadAnswer "quiz-dead-answer"
        QuizTie "quiz-tie"
        QuizTooLarge "quiz-too-large"
        QuizUnreachable "quiz-unreachable";
    Published:
        AffiliateUnmarked "affiliate-unmarked"
        HtmlInvalid "html-invalid"
        HtmlRawUnsafe "html-raw-unsafe"
        LdMismatch "ld-mismatch";
    Desk:
        AllowExpired "allow-expired"
        AllowUnknown "allow-unknown"
        AllowUnused "allow-unused";
    Syntax:
        CitationUnknown "citation-unknown"
        Config "config"
        DataDuplicateId "data-duplicate-id"
        DataFile "data-file"
        DataType "data-type"
        DataUnknownId "data-unknown-id"
        DataUnknownKey "data-unknown-key"
        DirectiveArgument "directive-argument"
        DirectiveMisplaced "directive-misplaced"
        DirectiveUnclosed "directive-unclosed"
        DirectiveUnknown "directive-unknown"
        Encoding "encoding"
        File "file"
        FrontMatter "front-matter"
        KeyDuplicate "key-duplicate"
        Markdown "markdown"
        RoleUnknown "role-unknown"
        RouteCollision "route-collision"
        StyleInvalid "style-invalid"
        Template "template"
        UnknownKey "unknown-key"
        ValueUnknown "value-unknown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_rule_with_its_texts() {
        for code in Code::ALL {
            let rules: Vec<_> = RULES.iter().filter(|rule| rule.code == *code).collect();
            assert_eq!(rules.len(), 1, "{}", code.id());
            let rule = rules[0];
            assert!(rule.summary().ends_with('.') && rule.why().ends_with('.'), "{}", code.id());
            let expected: &[&str] =
                if rule.part("elsewhere").is_some() { &["elsewhere"] } else { &["fails", "passes", "says"] };
            for part in expected {
                assert!(
                    rule.parts().iter().any(|found| found.name.starts_with(part)),
                    "{}: {part}",
                    code.id()
                );
            }
        }
        assert_eq!(RULES.len(), Code::ALL.len());
    }
}
