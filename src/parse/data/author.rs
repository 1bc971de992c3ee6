//! `authors`: the people behind a site, and those its stories are about.
//!
//! In: one record of the file. Out: an [`Author`]. Their pages and guides are found by `assemble`.

use serde::{Deserialize, Serialize};

use super::field;
use super::words::words;
use crate::value::{Group, Reader, Spanned};

/// A person or a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Its id.
    pub id: Spanned<String>,
    /// As readers see it.
    pub name: String,
    /// Which of the two.
    pub kind: AuthorKind,
    /// `Editor`
    pub job_title: Option<String>,
    /// Whom they work for.
    pub organisation: Option<String>,
    /// Where they live.
    pub location: Option<String>,
    /// An image's id, or a file.
    pub photo: Option<Spanned<String>>,
    /// One or two sentences.
    pub bio: Option<String>,
    /// What they know about.
    pub topics: Vec<String>,
    /// Their pages elsewhere.
    pub same_as: Vec<String>,
    /// Degrees and titles, shown beside what they reviewed.
    pub credentials: Vec<String>,
}

words! {
    /// What an author is.
    AuthorKind {
        /// One person.
        Person = "person",
        /// Several, or an office.
        Team = "team",
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Author {
    let kind = group.optional(reader, "kind", |reader, field| reader.choice(field, AuthorKind::WORDS));
    Author {
        name: group.required(reader, "name", Reader::filled).unwrap_or_else(|| id.value.clone()),
        kind: kind.unwrap_or(AuthorKind::Person),
        job_title: group.optional(reader, "job_title", Reader::filled),
        organisation: group.optional(reader, "organisation", Reader::filled),
        location: group.optional(reader, "location", Reader::filled),
        photo: group.optional(reader, "photo", Reader::name),
        bio: group.optional(reader, "bio", Reader::filled),
        topics: group.list(reader, "topics", Reader::texts),
        same_as: group.list(reader, "same_as", |reader, field| reader.list(field, field::url)),
        credentials: group.list(reader, "credentials", Reader::texts),
        id,
    }
}
