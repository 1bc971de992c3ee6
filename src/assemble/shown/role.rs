//! Views of roles: `quick-facts`, `skills`, `compare`.

use serde::Serialize;

use super::{Amount, Day, Figure, Link, RoleLink, SourceRef};

/// `quick-facts`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct QuickFacts {
    /// The role.
    pub role: RoleLink,
    /// What is known of it, the most asked first.
    pub facts: Vec<Fact>,
    /// What a reader must know of these facts, as sentences.
    pub notes: Vec<String>,
}

/// One row of the facts about a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Fact {
    /// `pay`, `jobs`, `outlook`, `openings`, `education`, `experience`, `hours`, `workplace`,
    /// `also-called`, `progression`, `code`
    pub key: String,
    /// `Median pay`
    pub label: String,
    /// What that means, in a sentence.
    pub definition: String,
    /// The fact as text; empty when there is an amount or a list.
    pub text: String,
    /// The fact, when it is a number.
    pub amount: Option<Amount>,
    /// What follows the amount: `a year`; empty when nothing does.
    pub unit: String,
    /// The fact, when it is a list.
    pub items: Vec<Link>,
    /// For which day or month it holds.
    pub as_of: Option<Day>,
    /// Where it was published.
    pub source: Option<SourceRef>,
}

/// `skills`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Skills {
    /// The role.
    pub role: RoleLink,
    /// Skills by kind, in the order the role names the kinds first.
    pub groups: Vec<SkillGroup>,
}

/// Skills of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SkillGroup {
    /// `language`; empty for skills without a kind.
    pub kind: String,
    /// `Languages`
    pub label: String,
    /// Highest level first.
    pub skills: Vec<Skill>,
}

/// One skill.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Skill {
    /// `sql`
    pub id: String,
    /// `SQL`
    pub title: String,
    /// Its entry in the glossary, when there is one and a page for it.
    pub url: Option<String>,
    /// 1 to [`Skill::HIGHEST`]; 0 when not given.
    pub level: u8,
    /// `working knowledge`; empty when no level is given.
    pub level_text: String,
    /// Courses that teach it.
    pub courses: Vec<Link>,
}

impl Skill {
    /// The highest level there is.
    pub const HIGHEST: u8 = 5;
}

/// `compare`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Compare {
    /// Two to four, as columns.
    pub roles: Vec<RoleLink>,
    /// What is compared.
    pub rows: Vec<CompareRow>,
    /// Sources of the figures, each once.
    pub sources: Vec<SourceRef>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

/// A row of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CompareRow {
    /// `pay`, `jobs`, `outlook`, `education`, `experience`, `hours`, `workplace`, `skills`, `shared-skills`
    pub key: String,
    /// `Median pay`
    pub label: String,
    /// One per role, in their order.
    pub cells: Vec<Cell>,
}

/// One cell of a comparison; all parts empty when nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cell {
    /// Text; empty when there is a figure, an amount or a list.
    pub text: String,
    /// Pay.
    pub figure: Option<Figure>,
    /// Another number.
    pub amount: Option<Amount>,
    /// A list.
    pub items: Vec<Link>,
}

/// `similar`: roles like another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SimilarRoles {
    /// The role they are like.
    pub role: RoleLink,
    /// Those that the page or the role names, then those that share most skills with it.
    pub roles: Vec<SimilarRole>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

impl SimilarRoles {
    /// How many roles are listed at most.
    pub const ROLES: usize = 6;
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SimilarRole {
    /// The role.
    pub role: RoleLink,
    /// What it is, in a sentence; empty when not given.
    pub summary: String,
    /// Skills that both need.
    pub skills: Vec<Link>,
    /// Its pay, when some is published.
    pub pay: Option<Figure>,
}
