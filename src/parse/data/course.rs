//! `courses`: courses, certificates, books and other things to learn from.
//!
//! In: one record of the file. Out: a [`Course`]. Says nothing of whether it has begun or ended.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::field::{self, Money};
use super::when::{Duration, Effort};
use super::words::words;
use crate::value::{Group, Reader, Spanned};

/// Something to learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Its id.
    pub id: Spanned<String>,
    /// Its title.
    pub title: String,
    /// Who offers it, as readers see it.
    pub provider: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// What it is about, in a sentence.
    pub summary: Option<String>,
    /// What it costs; `None` when not known.
    pub price: Option<Money>,
    /// How long it runs.
    pub duration: Option<Duration>,
    /// How much work it is.
    pub effort: Option<Effort>,
    /// For whom.
    pub level: Option<CourseLevel>,
    /// Ids of the skills it teaches.
    pub skills: Vec<Spanned<String>>,
    /// What it is.
    pub kind: CourseKind,
    /// What the site has to do with it.
    pub relation: Relation,
    /// Its first day.
    pub starts: Option<Date>,
    /// Its last day.
    pub ends: Option<Date>,
    /// When somebody last looked at it.
    pub checked: Option<Date>,
}

words! {
    /// For whom a course is.
    CourseLevel {
        /// Those who know nothing of it.
        Beginner = "beginner",
        /// Those who know the basics.
        Intermediate = "intermediate",
        /// Those who work with it.
        Advanced = "advanced",
    }
}

words! {
    /// What a course is.
    CourseKind {
        /// A course.
        Course = "course",
        /// An examination with a certificate.
        Certificate = "certificate",
        /// A full-time course of some weeks.
        Bootcamp = "bootcamp",
        /// A book.
        Book = "book",
        /// A film or a series of them.
        Video = "video",
        /// What the makers of a thing publish about it.
        Official = "official",
        /// An article or tutorial.
        Article = "article",
    }
}

words! {
    /// What the site has to do with what it recommends.
    Relation {
        /// Nothing.
        None = "none",
        /// It is the site's own.
        Own = "own",
        /// The site earns a commission.
        Affiliate = "affiliate",
        /// The site is paid to show it.
        Sponsor = "sponsor",
    }
}

impl Relation {
    /// Whether money flows, so that readers must be told and links marked.
    #[must_use]
    pub fn is_commercial(self) -> bool {
        matches!(self, Self::Affiliate | Self::Sponsor)
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Course {
    let kind = group.optional(reader, "kind", |reader, field| reader.choice(field, CourseKind::WORDS));
    let relation = group.optional(reader, "relation", |reader, field| reader.choice(field, Relation::WORDS));
    let course = Course {
        title: group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone()),
        provider: group.optional(reader, "provider", Reader::filled),
        url: group.required(reader, "url", field::url),
        summary: group.optional(reader, "summary", Reader::filled),
        price: group.optional(reader, "price", field::money),
        duration: group.optional(reader, "duration", field::duration),
        effort: group.optional(reader, "effort", field::effort),
        level: group.optional(reader, "level", |reader, field| reader.choice(field, CourseLevel::WORDS)),
        skills: group.list(reader, "skills", Reader::names),
        kind: kind.unwrap_or(CourseKind::Course),
        relation: relation.unwrap_or(Relation::None),
        starts: group.optional(reader, "starts", field::date),
        ends: group.optional(reader, "ends", field::date),
        checked: group.optional(reader, "checked", field::date),
        id,
    };
    field::check_window(reader, group, course.starts, course.ends);
    course
}
