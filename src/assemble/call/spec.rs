//! Which directives there are, and what a writer may say in each.
//!
//! In: nothing. Out: the table of built-in directives, and what a component of a theme or a site says of
//! itself. Reads no call; see `arguments`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::parse::directive::Form;

/// A built-in directive.
#[derive(Debug)]
pub struct Spec {
    /// As a writer writes it.
    pub name: &'static str,
    /// The forms it has.
    pub forms: &'static [Form],
    /// What may be said without a key comes first, in its order.
    pub parameters: &'static [Known],
    /// Whether it has a `[label]`.
    pub label: Label,
}

/// A parameter of a built-in directive.
#[derive(Debug)]
pub struct Known {
    /// Its key, which may be left out when `positional`.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// Whether the directive says nothing without it. What a page can supply (its role) is not
    /// required here, but missed when the page has none.
    pub required: bool,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Alone, or as `key=value`.
    Positional,
    /// Alone, as often as one likes.
    Rest,
    /// As `key=value` only.
    Keyed,
}

/// Whether a directive has a `[label]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// It is what the directive is about.
    Required,
    /// It is a title or caption.
    Optional,
    /// There is nothing it could say.
    None,
}

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The id of a record of this kind.
    Id(&'static str),
    /// A place that figures are of.
    Place,
    /// A level that figures are of.
    Level,
    /// A day.
    Date,
    /// A page or a web address.
    Page,
    /// Words.
    Text,
    /// A number.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A statistic.
    Statistic,
}

/// A parameter of a component of the theme or the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ParameterKind,
    /// Whether it has no default.
    pub required: bool,
}

/// What a parameter of a component holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Words with commas between them.
    List,
    /// Any of these.
    Any,
}

/// Components of the theme or the site by the name of their directive, with their parameters; `None`
/// when the component cannot be read, which has been reported.
pub type Components = BTreeMap<String, Option<Vec<Parameter>>>;

const LEAF: &[Form] = &[Form::Leaf];
const CONTAINER: &[Form] = &[Form::Container];
const BOTH: &[Form] = &[Form::Leaf, Form::Container];
const INLINE: &[Form] = &[Form::Inline];

const fn positional(key: &'static str, kind: Kind) -> Known {
    Known { key, kind, place: Place::Positional, required: false }
}

const fn needed(key: &'static str, kind: Kind) -> Known {
    Known { key, kind, place: Place::Positional, required: true }
}

const fn keyed(key: &'static str, kind: Kind) -> Known {
    Known { key, kind, place: Place::Keyed, required: false }
}

const fn leaf(name: &'static str, parameters: &'static [Known]) -> Spec {
    Spec { name, forms: LEAF, parameters, label: Label::None }
}

const fn container(name: &'static str, parameters: &'static [Known]) -> Spec {
    Spec { name, forms: CONTAINER, parameters, label: Label::Optional }
}

const fn both(name: &'static str, parameters: &'static [Known]) -> Spec {
    Spec { name, forms: BOTH, parameters, label: Label::Optional }
}

const fn inline(name: &'static str) -> Spec {
    Spec { name, forms: INLINE, parameters: &[], label: Label::Required }
}

const ROLE: Known = positional("role", Kind::Id("role"));
const PLACE: Known = keyed("place", Kind::Place);
/// Kinds of a callout.
pub(super) const CALLOUTS: &[&str] = &["note", "tip", "important", "warning", "caution"];

const LEVELS: Kind = Kind::Word(&["beginner", "intermediate", "advanced"]);

/// Every built-in directive (CAREER-GUIDES 3.5), in the order of the manual.
pub const SPECS: &[Spec] = &[
    leaf("toc", &[]),
    leaf("promo", &[needed("promo", Kind::Id("promo"))]),
    leaf("quick-facts", &[ROLE, PLACE]),
    leaf(
        "salary",
        &[
            ROLE,
            Known { key: "vs", kind: Kind::Id("role"), place: Place::Keyed, required: false },
            keyed("statistic", Kind::Statistic),
            keyed("level", Kind::Level),
            PLACE,
        ],
    ),
    leaf("salary-chart", &[ROLE, keyed("level", Kind::Level), PLACE]),
    leaf(
        "salary-table",
        &[ROLE, keyed("by", Kind::Word(&["level", "place"])), keyed("level", Kind::Level), PLACE],
    ),
    leaf("outlook", &[ROLE, PLACE]),
    leaf("skills", &[ROLE]),
    Spec { name: "similar", forms: LEAF, parameters: &[ROLE, PLACE], label: Label::Optional },
    leaf(
        "compare",
        &[Known { key: "roles", kind: Kind::Id("role"), place: Place::Rest, required: false }, PLACE],
    ),
    container("compare-notes", &[]),
    leaf("path", &[positional("path", Kind::Id("path"))]),
    container("steps", &[]),
    container("routes", &[]),
    container("timeline", &[]),
    container("checklist", &[]),
    container("faq", &[keyed("answers", Kind::Word(&["open", "closed"]))]),
    both("questions", &[keyed("level", LEVELS)]),
    leaf("glossary", &[]),
    leaf("course", &[needed("course", Kind::Id("course"))]),
    leaf("courses", &[ROLE, keyed("skill", Kind::Text), keyed("level", LEVELS)]),
    leaf("quiz", &[positional("quiz", Kind::Id("quiz"))]),
    leaf("author", &[positional("author", Kind::Id("author"))]),
    leaf("sources", &[]),
    leaf("related", &[]),
    container("story", &[positional("person", Kind::Id("author")), keyed("url", Kind::Page)]),
    both("takeaways", &[]),
    container("takeaway", &[]),
    container("callout", &[positional("kind", Kind::Word(CALLOUTS))]),
    both("figure", &[positional("image", Kind::Id("image")), keyed("caption", Kind::Text)]),
    container("from", &[needed("date", Kind::Date)]),
    container("until", &[needed("date", Kind::Date)]),
    container("screen-only", &[]),
    container("print-only", &[]),
    inline("term"),
    inline("kbd"),
    inline("abbr"),
];

/// The built-in directive of a name.
#[must_use]
pub fn spec(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.name == name)
}
