//! `sources`: what figures and citations stand on.
//!
//! In: one record of the file. Out: a [`Source`]. Whether it has grown old is not said here.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::field;
use super::when::AsOf;
use super::words::words;
use crate::value::{Group, Reader, Spanned};

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its id, which `[@id]` cites.
    pub id: Spanned<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it is; print has no address.
    pub url: Option<String>,
    /// Where a copy of it is kept.
    pub archive_url: Option<String>,
    /// The date that the publisher put on it, from which the ages of its figures count.
    pub published: Option<AsOf>,
    /// When it was last looked at.
    pub retrieved: Option<Date>,
    /// Under which terms it may be used.
    pub licence: Option<String>,
    /// After how many days its figures are stale; the site's limit unless set.
    pub max_age_days: Option<u32>,
    /// How often it changes.
    pub volatility: Option<Volatility>,
}

words! {
    /// How often a source changes.
    Volatility {
        /// Job boards.
        Daily = "daily",
        /// Once a week.
        Weekly = "weekly",
        /// Once a month.
        Monthly = "monthly",
        /// Four times a year.
        Quarterly = "quarterly",
        /// Yearly statistics.
        Yearly = "yearly",
        /// Books and articles.
        Never = "never",
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Source {
    Source {
        publisher: group.optional(reader, "publisher", Reader::filled),
        title: group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone()),
        url: group.optional(reader, "url", field::url),
        archive_url: group.optional(reader, "archive_url", field::url),
        published: group.optional(reader, "published", field::as_of),
        retrieved: group.optional(reader, "retrieved", field::date),
        licence: group.optional(reader, "licence", Reader::filled),
        max_age_days: group.optional(reader, "max_age_days", field::count),
        volatility: group
            .optional(reader, "volatility", |reader, field| reader.choice(field, Volatility::WORDS)),
        id,
    }
}
