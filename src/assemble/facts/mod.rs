//! All data files to one set of [`Facts`].
//!
//! In: every [`DataDocument`]. Out: records by id, each with the file it is from, and the problems
//! between files: ids given twice, and references to records that do not exist. Places nothing on
//! a page and formats nothing.

mod link;
mod salary;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use crate::config::{Paid, is_external};
use crate::diagnostic::Diagnostic;
use crate::parse::data::{
    Author, Course, Custom, DataDocument, Image, Outlook, Pathway, Promo, Quiz, Role, Source, Term,
};
pub use salary::{Age, Distribution, Salaries};

/// What the data files of a site say.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `roles`, by id.
    pub roles: BTreeMap<String, Filed<Role>>,
    /// `salaries`
    pub salaries: Salaries,
    /// `outlook`, by role and place.
    pub outlook: BTreeMap<String, BTreeMap<String, Filed<Outlook>>>,
    /// `sources`, by id.
    pub sources: BTreeMap<String, Filed<Source>>,
    /// `authors`, by id.
    pub authors: BTreeMap<String, Filed<Author>>,
    /// `courses`, by id.
    pub courses: BTreeMap<String, Filed<Course>>,
    /// `promos`, by id.
    pub promos: BTreeMap<String, Filed<Promo>>,
    /// `glossary`, by id.
    pub glossary: BTreeMap<String, Filed<Term>>,
    /// Ids of glossary entries by each form of their terms, as written; no two differ by capitals alone.
    pub forms: BTreeMap<String, String>,
    /// `images`, by id.
    pub images: BTreeMap<String, Filed<Image>>,
    /// `quizzes/`, by file name.
    pub quizzes: BTreeMap<String, Filed<Quiz>>,
    /// `paths/`, by file name.
    pub paths: BTreeMap<String, Filed<Pathway>>,
    /// `custom/`, by file name: what templates see as `data.<name>`.
    pub custom: BTreeMap<String, Filed<Custom>>,
    /// Ids of roles that are exactly what codes stand for, by these codes.
    pub exact: BTreeMap<BTreeSet<String>, Vec<String>>,
    /// Ids of roles that are published together, by those they are made of.
    pub together: BTreeMap<String, Vec<String>>,
}

/// A record with the file that it stands in.
#[derive(Debug)]
pub struct Filed<T> {
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// The record.
    pub record: Arc<T>,
}

impl<T> Clone for Filed<T> {
    fn clone(&self) -> Self {
        Self { path: Arc::clone(&self.path), record: Arc::clone(&self.record) }
    }
}

impl<T> Deref for Filed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}

impl Facts {
    /// Courses and promos that somebody pays for, as pages know them.
    pub fn paying(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let courses = self.courses.iter().filter(|(_, course)| course.relation.is_commercial());
        let promos = self.promos.iter().filter(|(_, promo)| promo.relation.is_commercial());
        let courses = courses.map(|(id, _)| ("courses", id.clone()));
        courses.chain(promos.map(|(id, _)| ("promos", id.clone())))
    }

    /// The web addresses that they lead to.
    #[must_use]
    pub fn paid(&self) -> Paid {
        let courses = self.courses.values().filter(|course| course.relation.is_commercial());
        let promos = self.promos.values().filter(|promo| promo.relation.is_commercial());
        let of_courses = courses.filter_map(|course| course.url.clone());
        let of_promos = promos.filter_map(|promo| promo.cta.as_ref().map(|cta| cta.href.value.clone()));
        of_courses.chain(of_promos).filter(|url| is_external(url)).collect()
    }

    /// Merges all data files, and reports what does not fit together.
    ///
    /// `documents` are sorted by path; of two records with one id, the first counts.
    #[must_use]
    pub fn link(documents: &[Arc<DataDocument>]) -> (Self, Vec<Diagnostic>) {
        link::link(documents)
    }

    /// The codes of a role.
    #[must_use]
    pub fn codes(role: &Role) -> BTreeSet<String> {
        role.soc.iter().map(|code| code.value.clone()).collect()
    }

    /// The outlook of a role in a place.
    #[must_use]
    pub fn outlook(&self, role: &str, place: &str) -> Option<&Filed<Outlook>> {
        self.outlook.get(role)?.get(place)
    }
}
