//! stub
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use crate::config::Extra;
use crate::diagnostic::{Diagnostic, Span};

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where, in bytes from the top of the file.
    pub span: Span,
}

/// The keys before the text, under their own names (CAREER-GUIDES 3.3). Absent keys are `None`
/// or empty: what a default is belongs to `assemble`, which knows the section.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FrontMatter {
    pub title: Option<String>,
    pub seo_title: Option<String>,
    pub dek: Option<String>,
    pub description: Option<String>,
    pub kind: Option<String>,
    pub template: Option<Spanned<String>>,
    pub slug: Option<Spanned<String>>,
    pub path: Option<Spanned<String>>,
    pub aliases: Vec<Spanned<String>>,
    pub authors: Vec<Spanned<String>>,
    pub reviewers: Vec<Spanned<String>>,
    pub fact_checkers: Vec<Spanned<String>>,
    pub published: Option<Date>,
    pub updated: Option<Date>,
    pub reviewed: Option<Date>,
    pub review_by: Option<Date>,
    pub expires: Option<Date>,
    pub draft: bool,
    pub weight: Option<i64>,
    pub summary: Option<String>,
    pub taxonomies: BTreeMap<String, Vec<Spanned<String>>>,
    pub series: Option<String>,
    pub translation_key: Option<String>,
    pub lang: Option<String>,
    pub level: Option<String>,
    pub audience: Vec<String>,
    pub image: Option<Spanned<String>>,
    pub toc: Option<TocChoice>,
    pub back_to_top: Option<bool>,
    pub canonical_url: Option<String>,
    pub noindex: bool,
    pub search: Option<bool>,
    pub sitemap: Option<bool>,
    pub related: Vec<Spanned<String>>,
    pub extra: Extra,
    pub section: SectionKeys,
}

/// Keys that only `_index.md` may have.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SectionKeys {
    pub sort_by: Option<SortBy>,
    pub paginate_by: Option<usize>,
    pub feed: Option<bool>,
    pub defaults: Extra,
}

/// Order of a section's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortBy { Date, Weight, Title }

/// `toc` on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TocChoice { pub enabled: Option<bool>, pub depth: Option<u8>, pub title: Option<String> }

/// A date as written: a day, or a day and time with its offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date { pub date: jiff::civil::Date, pub time: Option<jiff::Timestamp> }

#[allow(dead_code)]
fn stub(_: Diagnostic) {}
