//! Views of ways to learn: `course`, `courses`, `path`, `quiz`, `glossary`.

use serde::Serialize;

use super::{Amount, Day, Link, RoleLink};

/// `course`: one card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Course {
    /// `web-developer-course`
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence; empty when not given.
    pub text: String,
    /// Who offers it; empty when not given.
    pub provider: String,
    /// Its address.
    pub url: String,
    /// `rel` of links to it: `sponsored` when commercial, `external` when elsewhere; may be empty.
    pub rel: String,
    /// `own`, `affiliate`, `sponsor` or `none`.
    pub relation: String,
    /// Says what the relation is: `Advertisement`; empty for `none`.
    pub relation_label: String,
    /// Set on the first commercial course of the page: goes before it, in view.
    pub disclosure: String,
    /// `course`, `certificate`, `bootcamp`, `book`, `video`, `official`, `article`.
    pub kind: String,
    /// `Certificate`
    pub kind_label: String,
    /// `beginner`; empty when not given.
    pub level: String,
    /// `for beginners`; empty when not given.
    pub level_label: String,
    /// ISO 8601: `P3M`; empty when not given.
    pub duration: String,
    /// `3 months`; empty when not given.
    pub duration_text: String,
    /// `about an hour a day`; empty when not given.
    pub effort_text: String,
    /// Both: `about an hour a day for 3 months`; empty when neither is given.
    pub time_text: String,
    /// What it costs; the text of nothing is `free`.
    pub price: Option<Amount>,
    /// What it teaches, with links into the glossary.
    pub skills: Vec<Link>,
    /// When it starts.
    pub starts: Option<Day>,
    /// When it ends.
    pub ends: Option<Day>,
    /// When someone last saw that all this is so.
    pub checked: Option<Day>,
}

/// `courses`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Courses {
    /// The role they prepare for, when one is named.
    pub role: Option<RoleLink>,
    /// Goes before the list, in view; empty when nothing in it is commercial.
    pub disclosure: String,
    /// Those that teach most of what is needed first.
    pub courses: Vec<Course>,
}

/// `path`: steps towards a role, as an ordered nested list and as a map.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Path {
    /// `back-end`
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about; empty when not given.
    pub text: String,
    /// Where it leads.
    pub role: Option<RoleLink>,
    /// Goes before the steps, in view; empty when nothing in them is commercial.
    pub disclosure: String,
    /// Its steps together without those that are optional: `12 weeks`; empty when none of them says.
    pub needed_time_text: String,
    /// All its steps together: `14 weeks`; empty when no step says.
    pub time_text: String,
    /// One after the other; the steps inside one may be taken in any order.
    pub layers: Vec<Layer>,
    /// The same as a drawing.
    pub map: Map,
}

/// Steps that can be taken once those of the layer before are done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Layer {
    /// From 1.
    pub number: usize,
    /// One or more.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Step {
    /// `sql`
    pub id: String,
    /// Its `id` on the page, unique: `path-1-sql`.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// A sentence or two; empty when not given.
    pub text: String,
    /// `optional` or empty.
    pub optional: String,
    /// `4 weeks`; empty when not given.
    pub time_text: String,
    /// Steps to take first, as links on the page.
    pub after: Vec<Link>,
    /// What it teaches, with links into the glossary.
    pub skills: Vec<Link>,
    /// What helps.
    pub resources: Vec<Resource>,
}

/// Something that helps with a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Resource {
    /// `official`, `course`, ...
    pub kind: String,
    /// `Official guide`
    pub kind_label: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// `rel` of the link; may be empty.
    pub rel: String,
    /// `Advertisement`; empty unless the relation is commercial.
    pub relation_label: String,
}

/// A drawing of a pathway, in units of its `viewBox`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Map {
    /// Of the `viewBox`.
    pub width: u32,
    /// Of the `viewBox`.
    pub height: u32,
    /// Of every node.
    pub node_width: u32,
    /// Of every node.
    pub node_height: u32,
    /// The steps.
    pub nodes: Vec<Node>,
    /// From a step to one that needs it.
    pub edges: Vec<Edge>,
}

/// A step in a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Node {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// The title in lines that fit.
    pub lines: Vec<String>,
    /// `#path-1-sql`
    pub url: String,
    /// `optional` or empty.
    pub optional: String,
}

/// A line in a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Edge {
    /// From.
    pub x1: u32,
    /// From.
    pub y1: u32,
    /// To.
    pub x2: u32,
    /// To.
    pub y2: u32,
    /// Half-way, for the handles of a curve: `M x1 y1 C x1 middle, x2 middle, x2 y2`.
    pub middle: u32,
}

/// `quiz`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Quiz {
    /// `is-tech-for-you`
    pub id: String,
    /// Its title.
    pub title: String,
    /// An introduction; empty when not given.
    pub text: String,
    /// `3 minutes`; empty when not given.
    pub time_text: String,
    /// `score` or `branch`.
    pub mode: String,
    /// In order; a branching quiz begins with the first.
    pub questions: Vec<Question>,
    /// Every result.
    pub outcomes: Vec<Outcome>,
    /// Ids of outcomes, the first wins a tie.
    pub tie_break: Vec<String>,
    /// Count your points yourself; empty for a branching quiz.
    pub tally: Option<Tally>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Question {
    /// `energy`
    pub id: String,
    /// Its `id` on the page, and the `name` of its answers' inputs: `quiz-1-energy`.
    pub anchor: String,
    /// From 1.
    pub number: usize,
    /// The question.
    pub text: String,
    /// Answers to choose from.
    pub answers: Vec<Answer>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Answer {
    /// The `id` of its input: `quiz-1-energy-a`.
    pub anchor: String,
    /// `a`, `b`, ...: the `value` of its input.
    pub letter: String,
    /// The answer.
    pub text: String,
    /// What it counts for.
    pub points: Vec<Points>,
    /// The same for a script, as `data-points`: `front-end-developer:2 designer:1`.
    pub data: String,
    /// In a branching quiz: the next question on the page, or the result's page.
    pub next: Option<Link>,
}

/// Points for an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Points {
    /// Id of the outcome.
    pub outcome: String,
    /// Its title.
    pub title: String,
    /// How many.
    pub points: String,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Outcome {
    /// `back-end-developer`
    pub id: String,
    /// Its `id` on the page, for results that have no page of their own: `quiz-1-result-designer`.
    pub anchor: String,
    /// `You would enjoy back end work`
    pub title: String,
    /// What follows from it; empty when not given.
    pub text: String,
    /// The result's page, else its place on this page.
    pub url: String,
    /// The role it is about.
    pub role: Option<RoleLink>,
    /// A page to read next.
    pub link: Option<Link>,
}

/// A page for one result of a quiz.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct QuizResult {
    /// The quiz it belongs to.
    pub quiz: Link,
    /// What follows from it; empty when not given.
    pub text: String,
    /// The role it is about.
    pub role: Option<RoleLink>,
    /// A page to read next.
    pub link: Option<Link>,
}

/// The key to a quiz: points of each answer for each outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Titles of the outcomes, as columns.
    pub columns: Vec<String>,
    /// One per answer.
    pub rows: Vec<TallyRow>,
}

/// Points of one answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TallyRow {
    /// `1a`
    pub label: String,
    /// In the order of the columns; `0` where there are none.
    pub points: Vec<String>,
}

/// `glossary`: terms from A to Z.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Glossary {
    /// By letter; what begins with none is under `#`.
    pub letters: Vec<Letter>,
}

/// Terms under one letter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Letter {
    /// `A`
    pub letter: String,
    /// Its `id` on the page: `letter-a`.
    pub anchor: String,
    /// By alphabet.
    pub entries: Vec<Entry>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Entry {
    /// `api`
    pub id: String,
    /// Its `id` on the page: the same, so that `/glossary/#api` is its address.
    pub anchor: String,
    /// `API`
    pub term: String,
    /// What it stands for; empty when it is no abbreviation.
    pub long: String,
    /// What it means.
    pub text: String,
    /// Other forms.
    pub also: Vec<String>,
    /// Pages that use it, at most [`Entry::PAGES`], by URL.
    pub pages: Vec<Link>,
}

impl Entry {
    /// How many pages an entry lists, so that the glossary stays readable.
    pub const PAGES: usize = 12;
}
