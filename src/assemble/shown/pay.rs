//! Views of pay and prospects: `salary`, `salary-chart`, `salary-table`, `outlook`.

use serde::Serialize;

use super::{Amount, Day, RoleLink, SourceRef};

/// One published figure, with everything that must stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Figure {
    /// `median`, `mean`, `p10`, ...: the statistic's key.
    pub statistic: String,
    /// What it is called in a sentence: `median`, `average`, `lowest 10 percent`.
    pub label: String,
    /// Level of experience it is for: `senior`; empty for all.
    pub level: String,
    /// The money.
    pub amount: Amount,
    /// Its currency (ISO 4217): `USD`.
    pub currency: String,
    /// `year`, `month`, `week`, `day` or `hour`.
    pub period: String,
    /// The same as it stands after an amount: `a year`.
    pub per: String,
    /// Id of the place it holds for: `US`.
    pub place: String,
    /// The place's name: `United States`; its id when it has no name.
    pub place_name: String,
    /// The same as it stands after `in`: `the United States`.
    pub within: String,
    /// For which day or month it holds.
    pub as_of: Option<Day>,
    /// How many people, jobs or postings it was found from.
    pub sample: Option<Amount>,
    /// Where it was published.
    pub source: Option<SourceRef>,
    /// Says that it is older than its source allows; empty when it is not.
    pub stale: String,
}

/// `salary`: a sentence about what one role, or each of several, earns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Salary {
    /// The role asked for, then those it is held against.
    pub roles: Vec<Pay>,
    /// How the first role's figure differs from each of the others', in their order; missing where
    /// the two cannot be compared.
    pub differences: Vec<Difference>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

/// What one role earns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Pay {
    /// The role.
    pub role: RoleLink,
    /// The main figure: for all levels when there is one.
    pub figure: Figure,
    /// The same statistic for single levels of experience, such as `senior`.
    pub levels: Vec<Figure>,
}

/// How one figure differs from another of the same statistic, place and period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Difference {
    /// The role it is held against.
    pub role: RoleLink,
    /// `more`, `less` or `same`: what the first role earns beside it.
    pub direction: String,
    /// How much more or less, without a sign.
    pub amount: Amount,
    /// The first as a multiple of the second: `1.5 times`; not when that says `1 times`.
    pub times: Option<Amount>,
}

/// `salary-chart`: percentiles on a line, and the same numbers for a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Chart {
    /// The role.
    pub role: RoleLink,
    /// Name of the place: `United States`.
    pub place_name: String,
    /// `<title>` of the drawing.
    pub title: String,
    /// `<desc>` of the drawing: its numbers as sentences.
    pub description: String,
    /// Low to high; only those that are published.
    pub points: Vec<Point>,
    /// From the lowest percentile to the highest; `None` with fewer than two.
    pub range: Option<Range>,
    /// From the 25th percentile to the 75th, when both are published.
    pub middle: Option<Range>,
    /// The axis, rising.
    pub ticks: Vec<Tick>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

/// One percentile.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Point {
    /// The figure.
    pub figure: Figure,
    /// Where on the axis, 0 to 100.
    pub position: f64,
    /// `start`, `middle` or `end`: the `text-anchor` with which its label stays inside the drawing.
    pub align: String,
    /// Which row its label stands in, from 0: one that would overlap the last goes a row further.
    pub row: u32,
}

/// A stretch of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Range {
    /// 0 to 100
    pub start: f64,
    /// 0 to 100
    pub width: f64,
}

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Tick {
    /// 0 to 100
    pub position: f64,
    /// `$50k`
    pub text: String,
}

/// `salary-table`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PayTable {
    /// The role.
    pub role: RoleLink,
    /// `level`, `place` or `industry`.
    pub by: String,
    /// Of the first column: `Level`.
    pub heading: String,
    /// What the table shows.
    pub caption: String,
    /// Heads of the other columns: `Median`.
    pub columns: Vec<String>,
    /// One per level, place or industry.
    pub rows: Vec<Row>,
    /// Sources of the figures, each once.
    pub sources: Vec<SourceRef>,
    /// For which day or month the figures hold, each once.
    pub as_of: Vec<Day>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

/// A row of a table of pay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Row {
    /// `Senior`
    pub label: String,
    /// In the order of the columns; `None` where nothing is published.
    pub figures: Vec<Option<Figure>>,
}

/// `outlook`: how many jobs there are and will be.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Outlook {
    /// The role.
    pub role: RoleLink,
    /// Name of the place: `United States`.
    pub place_name: String,
    /// The same as it stands after `in`: `the United States`.
    pub within: String,
    /// `2024`
    pub base_year: String,
    /// `2034`
    pub target_year: String,
    /// `grow`, `shrink` or `stay`.
    pub direction: String,
    /// One sentence that says so, without the numbers of jobs: for a drawing's `<title>`.
    pub summary: String,
    /// Growth without its sign: value `-6`, text `6%`.
    pub percent: Option<Amount>,
    /// Growth with its sign: `+8%`, `-6%`.
    pub signed: Option<Amount>,
    /// Jobs more or fewer, without a sign.
    pub change: Option<Amount>,
    /// Jobs in the base year.
    pub jobs: Option<Amount>,
    /// Jobs in the target year.
    pub projected: Option<Amount>,
    /// Openings a year.
    pub openings: Option<Amount>,
    /// The two numbers of jobs to draw; empty unless both are known.
    pub bars: Vec<Bar>,
    /// Where it was published.
    pub source: Option<SourceRef>,
    /// What a reader must know of these figures, as sentences.
    pub notes: Vec<String>,
}

/// A bar of a drawing.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Bar {
    /// `2024`
    pub label: String,
    /// The number it stands for.
    pub amount: Amount,
    /// 0 to 100, from zero.
    pub width: f64,
}
