//! What a component shows: the contract between the build and themes.
//!
//! In: nothing. Out: the types of the views that components are rendered with, one per directive,
//! with every number, date and name already formatted for the page's language, so that a template
//! neither looks anything up nor calculates. Holds no markup and knows no record.
//!
//! A component is called by the directive's name with `_` for `-` (`salary_chart`), with the view as
//! `it`, beside `id`, `classes` and `label` of its [`Directive`], and for a container `body`: the
//! HTML of what stands in it. Conventions of all views:
//!
//! - `text` is what a reader reads, escaped by nobody yet; `value` is the same for machines: a bare
//!   number for `<data value>`, an ISO date for `<time datetime>`.
//! - a `url` can stand in an `href` as it is: it begins with the site's base path, or is absolute.
//! - positions in drawings are numbers from 0 to 100: per cent of the width.
//! - an empty list or `None` means that there is nothing to show, and the template says nothing.

mod learning;
mod pay;
mod people;
mod role;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::Extra;
pub use learning::{
    Answer, Course, Courses, Edge, Entry, Glossary, Layer, Letter, Map, Node, Outcome, Path, Points,
    Question, Quiz, QuizResult, Resource, Step, Tally, TallyRow,
};
pub use pay::{Bar, Chart, Difference, Figure, Outlook, Pay, PayTable, Point, Range, Row, Salary, Tick};
pub use people::{Author, Story};
pub use role::{
    Cell, Compare, CompareRow, Fact, QuickFacts, SimilarRole, SimilarRoles, Skill, SkillGroup, Skills,
};

/// A directive of a page, resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Directive {
    /// What the writer wrote as `#id`, else the name with a number: `salary-chart-2`. Unique on the
    /// page, so a component may build ids of its own from it.
    pub id: String,
    /// What the writer wrote as `.class`.
    pub classes: Vec<String>,
    /// Plain text of `[...]`.
    pub label: Option<String>,
    /// What is shown.
    pub shown: Shown,
}

macro_rules! shown {
    ($($(#[$doc:meta])* $variant:ident($view:ty) = $name:literal,)*) => {
        /// What a directive shows; each variant is a component's `it`.
        ///
        /// As a value it serialises with its variant's name, which is what fingerprints need; what a
        /// template is handed is [`Shown::view`].
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub enum Shown {
            $($(#[$doc])* $variant(Box<$view>),)*
            /// A component of the theme or the site.
            Custom(Box<Custom>),
            /// Nothing: what was written could not be resolved, and that has been reported.
            Nothing,
        }

        impl Shown {
            /// The component that shows it, as a writer writes the directive (`salary-chart`).
            #[must_use]
            pub fn component(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some($name),)*
                    Self::Custom(custom) => Some(&custom.name),
                    Self::Nothing => None,
                }
            }

            /// The view alone, to be serialised into a template's `it`.
            #[must_use]
            pub fn view(&self) -> View<'_> {
                View(self)
            }
        }

        impl Serialize for View<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.0 {
                    $(Shown::$variant(view) => view.serialize(serializer),)*
                    Shown::Custom(view) => view.arguments.serialize(serializer),
                    Shown::Nothing => serializer.serialize_unit(),
                }
            }
        }
    };
}

/// Serialises as the view inside, without its variant's name.
#[derive(Debug, Clone, Copy)]
pub struct View<'s>(&'s Shown);

shown! {
    /// `::promo id`: one copy of a promo, placed by hand or by rule.
    Promo(Promo) = "promo",
    /// `::quick-facts role`
    QuickFacts(QuickFacts) = "quick-facts",
    /// `::salary role vs=role`
    Salary(Salary) = "salary",
    /// `::salary-chart role`
    SalaryChart(Chart) = "salary-chart",
    /// `::salary-table role by=level`
    SalaryTable(PayTable) = "salary-table",
    /// `::outlook role`
    Outlook(Outlook) = "outlook",
    /// `::skills role`
    Skills(Skills) = "skills",
    /// `::similar role`
    Similar(SimilarRoles) = "similar",
    /// `::compare role role`
    Compare(Compare) = "compare",
    /// `:::compare-notes`
    CompareNotes(Body) = "compare-notes",
    /// `::path id`
    Path(Path) = "path",
    /// `:::steps`
    Steps(Body) = "steps",
    /// `:::routes`
    Routes(Body) = "routes",
    /// `:::timeline`
    Timeline(Body) = "timeline",
    /// `:::checklist`
    Checklist(Checklist) = "checklist",
    /// `:::faq`
    Faq(Faq) = "faq",
    /// `:::questions` or `::questions`
    Questions(Questions) = "questions",
    /// `::glossary`
    Glossary(Glossary) = "glossary",
    /// `::course id`
    Course(Course) = "course",
    /// `::courses role`
    Courses(Courses) = "courses",
    /// `::quiz id`
    Quiz(Quiz) = "quiz",
    /// `::author id`
    Author(Author) = "author",
    /// `::sources`
    Sources(Sources) = "sources",
    /// `::related`
    Related(Related) = "related",
    /// `:::story person`
    Story(Story) = "story",
    /// `:::takeaways` or `::takeaways`
    Takeaways(Takeaways) = "takeaways",
    /// `:::takeaway`
    Takeaway(Body) = "takeaway",
    /// `:::callout`
    Callout(Callout) = "callout",
    /// `::figure image` or `:::figure`
    Figure(Picture) = "figure",
    /// `:::from date`
    From(Window) = "from",
    /// `:::until date`
    Until(Window) = "until",
    /// `:::screen-only`
    ScreenOnly(Body) = "screen-only",
    /// `:::print-only`
    PrintOnly(Body) = "print-only",
    /// `:term[API]`
    Term(Term) = "term",
    /// `:kbd[Ctrl+C]`
    Kbd(Kbd) = "kbd",
    /// `:abbr[API]`
    Abbr(Abbr) = "abbr",
}

impl Shown {
    /// Whether what stands in the container is part of the page: not outside the dates of a `from`
    /// or `until`. Its headings are then not in the contents either.
    #[must_use]
    pub fn shows_body(&self) -> bool {
        match self {
            Self::From(window) | Self::Until(window) => window.open,
            _ => true,
        }
    }
}

/// A number with what a reader reads for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Amount {
    /// The bare number, for `<data value>`: `48560`, `-6`, `0.5`.
    pub value: String,
    /// As the page's language writes it: `$48,560`, `6%`, `129,200`.
    pub text: String,
    /// What goes before it when the figure is a bound: `less than`, `more than`, `at least`; else empty.
    pub op: String,
}

/// A day or a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Day {
    /// `2024-05-31` or `2024-05`, for `<time datetime>`.
    pub iso: String,
    /// `May 31, 2024` or `May 2024`.
    pub text: String,
}

/// Something with a title that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Link {
    /// Its title.
    pub title: String,
    /// Where it leads, if anywhere.
    pub url: Option<String>,
}

/// A role as it is named in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RoleLink {
    /// `web-developer`
    pub id: String,
    /// `Web developer`
    pub title: String,
    /// `web developers`: how a sentence speaks of them.
    pub plural: String,
    /// The role's page, when there is one that is not this page.
    pub url: Option<String>,
}

/// The source of a figure, beside the figure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SourceRef {
    /// `bls-ooh-web`
    pub id: String,
    /// Its number in the page's list of sources, which links to it as `#source-<id>`.
    pub number: usize,
    /// The `id` that this mention of it should carry: the list links back to it.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Who publishes it; empty when not given.
    pub publisher: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Day>,
    /// When it was read.
    pub retrieved: Option<Day>,
}

/// `sources`: the page's sources, numbered in the order they are first used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sources {
    /// By rising number.
    pub sources: Vec<Source>,
}

/// One entry of a list of sources.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Source {
    /// From 1.
    pub number: usize,
    /// `bls-ooh-web`
    pub id: String,
    /// The `id` of its entry: `source-bls-ooh-web`.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Who publishes it; empty when not given.
    pub publisher: String,
    /// Its address.
    pub url: Option<String>,
    /// A copy of it in an archive.
    pub archive_url: Option<String>,
    /// When it was published.
    pub published: Option<Day>,
    /// When it was read.
    pub retrieved: Option<Day>,
    /// Under which terms it may be used; empty when not given.
    pub licence: String,
    /// Ids on this page of the places that use it, in reading order.
    pub uses: Vec<String>,
}

/// `promo`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Promo {
    /// `quiz`
    pub id: String,
    /// Which copy on the page, from 1; with the id it makes ids unique: `promo-quiz-2`.
    pub copy: usize,
    /// The headline, which is no heading.
    pub title: String,
    /// Before the points: `You will learn`; empty when there is none.
    pub points_label: String,
    /// Short points.
    pub points: Vec<String>,
    /// Its alt text is empty from the second copy on.
    pub image: Option<Image>,
    /// The button, which is a link.
    pub action: Link,
    /// `rel` of that link; empty when it needs none.
    pub rel: String,
}

/// An image of the site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image {
    /// Its id in the images file; empty when the file was named itself.
    pub id: String,
    /// Its address.
    pub url: String,
    /// What it shows; empty for decoration.
    pub alt: String,
    /// In pixels, when known.
    pub width: Option<u32>,
    /// In pixels, when known.
    pub height: Option<u32>,
    /// Whose it is; empty when not given.
    pub credit: String,
    /// Which point stays visible when it is cropped: `50% 30%`; empty when not given.
    pub focus: String,
    /// Copies in formats that browsers are asked to prefer.
    pub sources: Vec<ImageSource>,
    /// Copies in its own format as the attribute `srcset` lists them, itself among them; empty without.
    pub srcset: String,
    /// How wide it is shown in a text, as the attribute `sizes` says it; empty without copies.
    pub sizes: String,
    /// Whether readers see it first.
    pub lead: bool,
}

/// Copies of an image in one format.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageSource {
    /// `image/webp`
    pub media_type: Cow<'static, str>,
    /// As the attribute `srcset` lists them.
    pub srcset: String,
}

/// A container about which nothing is known but what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Body {}

/// `checklist`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Checklist {
    /// Under which name a browser may keep what is ticked: the page's URL and the list's id.
    pub key: String,
}

/// `faq`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Faq {
    /// Whether answers are folded away in `<details>`: `open` or `closed`.
    pub answers: String,
}

/// `questions`: interview questions, in the body or as `items`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Questions {
    /// `beginner`, `intermediate` or `advanced`; empty for all.
    pub level: String,
    /// The page's own, when the directive has no body.
    pub items: Vec<QuestionItem>,
}

/// One interview question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct QuestionItem {
    /// The question.
    pub question: String,
    /// A good answer; empty when none is given.
    pub answer: String,
}

/// `related`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Related {
    /// Pages to read next, nearest first.
    pub links: Vec<Link>,
}

/// `takeaways`: in the body or as `items`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Takeaways {
    /// The page's own, when the directive has no body.
    pub items: Vec<String>,
}

/// `callout`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Callout {
    /// `note`, `tip`, `important`, `warning` or `caution`.
    pub kind: String,
}

/// `figure`: an image of the images file, or what stands in the body; the label is the caption.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Picture {
    /// The image, when one is named.
    pub image: Option<Image>,
    /// What stands below it: the label, else the caption of the images file; may be empty.
    pub caption: String,
}

/// `from` and `until`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Window {
    /// Whether it is shown today; when not, nothing of it is.
    pub open: bool,
    /// The day from which, or until which, it is shown.
    pub date: Day,
}

/// `term`: a word of the glossary, wherever it is used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Term {
    /// What the text says.
    pub text: String,
    /// Its id in the glossary.
    pub id: String,
    /// What is explained: `API`.
    pub term: String,
    /// What it stands for; empty when it is no abbreviation.
    pub long: String,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Its entry on the glossary's page, when there is such a page.
    pub url: Option<String>,
    /// Whether this is its first use on the page, which is the one to mark up as a definition.
    pub first: bool,
}

/// `kbd`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Kbd {
    /// One or more, pressed together: `Ctrl`, `C`.
    pub keys: Vec<String>,
}

/// `abbr`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Abbr {
    /// What the text says: `API`.
    pub text: String,
    /// What it stands for.
    pub long: String,
    /// Its entry on the glossary's page, when there is such a page.
    pub url: Option<String>,
}

/// A component of the theme or the site, with the arguments it declares.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Custom {
    /// As a writer writes it.
    pub name: String,
    /// Checked against what the component declares: numbers are numbers, the rest text.
    pub arguments: Extra,
}

/// A role link or a citation, resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Mention {
    /// `[[id]]`: the role's title, and its page if it has one that is not this page.
    Role(RoleLink),
    /// `[@id]`
    Citation(SourceRef),
    /// Neither; the text stays as written, and the problem has been reported.
    Unknown(String),
}

/// A person or team named on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Byline {
    /// Id in the authors file; empty when front matter gives a name instead.
    pub id: String,
    /// Name.
    pub name: String,
    /// Their page.
    pub url: Option<String>,
}

/// Everything data gives to one page.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Career {
    /// Its directives, in the order of the document's calls.
    pub directives: Vec<Directive>,
    /// Its values as HTML, in the order of the document's values.
    pub values: Vec<String>,
    /// Its role links and citations, in the order of the document's mentions.
    pub mentions: Vec<Mention>,
    /// For each of the document's abbreviations, what to mark its first use up with, if anything.
    pub abbreviations: Vec<Option<Abbr>>,
    /// Every source it uses, by number; for the list at its foot unless a `sources` directive is
    /// among the directives.
    pub sources: Vec<Source>,
    /// Who wrote it.
    pub authors: Vec<Byline>,
    /// Who reviewed it.
    pub reviewers: Vec<Byline>,
    /// Who checked its facts.
    pub fact_checkers: Vec<Byline>,
    /// Boxes about those who wrote it, for its foot.
    pub author_boxes: Vec<Author>,
    /// Its picture.
    pub image: Option<std::sync::Arc<Image>>,
    /// The role it is about, with its facts, on pages of type `role`.
    pub role: Option<RoleLink>,
    /// What a page of its type shows besides its text, each unless the text shows it: a role's
    /// facts and pay, a quiz's form. Templates place them.
    pub blocks: Vec<Directive>,
    /// The result that the page is made for, on pages of a quiz's results.
    pub result: Option<QuizResult>,
}

/// Pages by the records they use: `("salaries", "web-developer")` to source paths, sorted.
pub type Uses = BTreeMap<(&'static str, String), Vec<std::sync::Arc<str>>>;
