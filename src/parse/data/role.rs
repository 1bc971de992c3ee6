//! `roles`: occupations and job titles.
//!
//! In: one record of the file. Out: a [`Role`]. Its pay and outlook are in files of their own.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::field::{self, groups, positive};
use super::words::words;
use crate::value::{Field, Group, Reader, Spanned};

/// An occupation or a job title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its id.
    pub id: Spanned<String>,
    /// `Back end developer`
    pub title: String,
    /// `back end developers`
    pub plural: Option<String>,
    /// Other titles for it.
    pub also_called: Vec<String>,
    /// What somebody in it does, in one sentence.
    pub summary: Option<String>,
    /// What the work consists of.
    pub responsibilities: Option<String>,
    /// The group of roles it belongs to; a free word.
    pub family: Option<String>,
    /// Codes in the Standard Occupational Classification: none, one, or the several that a profile covers.
    pub soc: Vec<Spanned<String>>,
    /// How the role differs from what those codes mean.
    pub soc_match: SocMatch,
    /// Usual education; a word or a phrase.
    pub education: Option<String>,
    /// Usual experience; a word or a phrase.
    pub experience: Option<String>,
    /// Hours a week.
    pub hours: Option<Hours>,
    /// Where the work is done.
    pub place_of_work: Vec<String>,
    /// What one must be able to do.
    pub skills: Vec<Skill>,
    /// Ways into it; words such as `degree`.
    pub entry_routes: Vec<String>,
    /// Role ids from the first job to the last, the role's own among them.
    pub progression: Vec<Spanned<String>>,
    /// Role ids.
    pub similar: Vec<Spanned<String>>,
    /// Role ids of which this one is all together, where figures are published for them together only.
    pub covers: Vec<Spanned<String>>,
    /// Holland codes, most fitting first: letters of `RIASEC`.
    pub interests: Option<String>,
}

words! {
    /// How a role differs from the occupation whose code it has.
    SocMatch {
        /// They are the same.
        Exact = "exact",
        /// The occupation is the wider of the two.
        Broader = "broader",
        /// The occupation is the narrower of the two.
        Narrower = "narrower",
        /// They overlap.
        Partial = "partial",
    }
}

/// Hours a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// At least.
    pub min: Option<Decimal>,
    /// At most.
    pub max: Option<Decimal>,
    /// When: `office hours, some on-call`.
    pub pattern: Option<String>,
}

/// A skill that a role needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// Its id, often that of a glossary entry.
    pub id: Spanned<String>,
    /// 1 to 5; `None` when not said.
    pub level: Option<u8>,
    /// What kind of skill.
    pub kind: Option<SkillKind>,
}

words! {
    /// What kind of skill.
    SkillKind {
        /// A programming or markup language.
        Language = "language",
        /// A framework or library.
        Framework = "framework",
        /// A tool.
        Tool = "tool",
        /// Something to understand.
        Concept = "concept",
        /// Working with people, or with oneself.
        People = "people",
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Role {
    let title = group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone());
    let soc = group.list(reader, "soc", Reader::names);
    for code in &soc {
        check_soc(reader, code);
    }
    let soc_match =
        group.optional(reader, "soc_match", |reader, field| reader.choice(field, SocMatch::WORDS));
    if let (true, Some(_), Some(span)) = (soc.is_empty(), soc_match, group.key_span("soc_match")) {
        reader.refuse(span, "`soc_match` without `soc`", "add the code it is about, or remove it");
    }
    Role {
        title,
        plural: group.optional(reader, "plural", Reader::filled),
        also_called: group.list(reader, "also_called", Reader::texts),
        summary: group.optional(reader, "summary", Reader::filled),
        responsibilities: group.optional(reader, "responsibilities", Reader::filled),
        family: group.optional(reader, "family", Reader::filled),
        soc,
        soc_match: soc_match.unwrap_or(SocMatch::Exact),
        education: group.optional(reader, "education", Reader::filled),
        experience: group.optional(reader, "experience", Reader::filled),
        hours: group.optional(reader, "hours", hours),
        place_of_work: group.list(reader, "place_of_work", Reader::texts),
        skills: group.list(reader, "skills", skills),
        entry_routes: group.list(reader, "entry_routes", Reader::texts),
        progression: group.list(reader, "progression", Reader::names),
        similar: group.list(reader, "similar", Reader::names),
        covers: group.list(reader, "covers", Reader::names),
        interests: group.optional(reader, "interests", interests),
        id,
    }
}

/// A code consists of digits with hyphens and points (`15-1254`, `15-1254.00`, `2134`).
fn check_soc(reader: &mut Reader<'_, '_>, code: &Spanned<String>) {
    let fits = code.value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if !fits {
        let message = format!("`{}` is not an occupation's code", code.value);
        reader.refuse(code.span, message, "write one such as `15-1254`, or leave `soc` out");
    }
}

fn hours(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Hours> {
    let mut group = Group::of(reader, "`hours`", field, "write `{ min = 37, max = 40 }`")?;
    let hours = Hours {
        min: group.optional(reader, "min", positive),
        max: group.optional(reader, "max", positive),
        pattern: group.optional(reader, "pattern", Reader::filled),
    };
    if let (Some(min), Some(max)) = (hours.min, hours.max)
        && max < min
    {
        reader.refuse(
            field.value.span,
            format!("from {min} to {max} hours"),
            "write the smaller number as `min`",
        );
    }
    group.finish(reader);
    Some(hours)
}

fn skills(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<Skill> {
    let skills = groups(reader, field, "a skill", |reader, group| {
        let id = group.required(reader, "id", field::id);
        let level = group.optional(reader, "level", |reader, field| reader.integer(field, 1..=5));
        let kind = group.optional(reader, "kind", |reader, field| reader.choice(field, SkillKind::WORDS));
        Some(Skill { id: id?, level: level.and_then(|level| u8::try_from(level).ok()), kind })
    });
    let skills: Vec<Skill> = skills.into_iter().flatten().collect();
    field::check_unique(reader, skills.iter().map(|skill| &skill.id));
    skills
}

fn interests(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    let letters = reader.filled(field)?;
    let repeated = letters.char_indices().any(|(at, letter)| letters[..at].contains(letter));
    if repeated || letters.contains(|letter| !"RIASEC".contains(letter)) {
        let message = format!("`{letters}` is not an interest code");
        reader.refuse(
            field.value.span,
            message,
            "write letters of `RIASEC`, each once, the most fitting first",
        );
        return None;
    }
    Some(letters)
}
