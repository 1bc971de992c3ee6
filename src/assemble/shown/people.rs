//! Views of people: `author`, `story`.

use serde::Serialize;

use super::{Image, Link};

/// `author`: the box about a person or team.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Author {
    /// `scott-morris`
    pub id: String,
    /// `person` or `team`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// `Staff writer`; empty when not given.
    pub job_title: String,
    /// Whom they work for; empty when not given.
    pub organisation: String,
    /// Where they live; empty when not given.
    pub location: String,
    /// A few sentences; empty when not given.
    pub bio: String,
    /// What they write about.
    pub topics: Vec<String>,
    /// What entitles them to review.
    pub credentials: Vec<String>,
    /// Their pages elsewhere.
    pub same_as: Vec<String>,
    /// A photo.
    pub photo: Option<Image>,
    /// Their page here.
    pub url: Option<String>,
    /// Their newest pages, at most [`Author::PAGES`].
    pub pages: Vec<Link>,
}

impl Author {
    /// How many pages a box lists, so that a view does not grow with the site.
    pub const PAGES: usize = 50;
}

/// `story`: a quotation of a person, which is the body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Story {
    /// Who is quoted, when a record is named.
    pub person: Option<Author>,
    /// Where the quotation is from.
    pub url: Option<String>,
}
