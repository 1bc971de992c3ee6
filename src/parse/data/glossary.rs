//! `glossary`: terms and what they mean.
//!
//! In: one record of the file. Out: a [`Term`]. Where it is used is found by `assemble`.

use serde::{Deserialize, Serialize};

use crate::value::{Group, Reader, Spanned};

/// A term with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its id.
    pub id: Spanned<String>,
    /// As it is written in a text: `API`.
    pub term: Spanned<String>,
    /// What the abbreviation stands for.
    pub long: Option<String>,
    /// What it means.
    pub text: String,
    /// Other forms of it: `APIs`.
    pub also: Vec<Spanned<String>>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Term {
    Term {
        term: group.required(reader, "term", Reader::name).unwrap_or_else(|| id.clone()),
        long: group.optional(reader, "long", Reader::filled),
        text: group.required(reader, "text", Reader::filled).unwrap_or_default(),
        also: group.list(reader, "also", Reader::names),
        id,
    }
}
