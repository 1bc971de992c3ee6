//! What a page is, by its `type` or its folder.
//!
//! In: front matter and a place in `content/`. Out: a [`Kind`]. Chooses no template.

use serde::Serialize;

use super::folder::Role;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::parse::front_matter::Spanned;

/// What a page is (CAREER-GUIDES 3.2); its default is set by folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The site's first page.
    Home,
    /// A list of pages.
    Section,
    /// A career guide.
    Guide,
    /// Profile of a role.
    Role,
    /// Roles side by side.
    Comparison,
    /// Steps towards a role.
    Path,
    /// A quiz.
    Quiz,
    /// Interview questions.
    Questions,
    /// A list of terms.
    Glossary,
    /// A person or team.
    Author,
    /// A list of courses.
    Courses,
    /// A case study.
    Story,
    /// Anything else.
    Page,
}

impl Kind {
    /// Every kind by the name `type` has for it.
    pub const NAMES: [(&'static str, Self); 13] = [
        ("author", Self::Author),
        ("comparison", Self::Comparison),
        ("courses", Self::Courses),
        ("glossary", Self::Glossary),
        ("guide", Self::Guide),
        ("home", Self::Home),
        ("page", Self::Page),
        ("path", Self::Path),
        ("questions", Self::Questions),
        ("quiz", Self::Quiz),
        ("role", Self::Role),
        ("section", Self::Section),
        ("story", Self::Story),
    ];

    /// The kind of a `type`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// What pages in a folder directly below `content/`, and in those below it, are unless they say
    /// otherwise.
    #[must_use]
    pub fn of_folder(name: &str) -> Self {
        match name {
            "guides" => Self::Guide,
            "roles" => Self::Role,
            "compare" => Self::Comparison,
            "paths" => Self::Path,
            "quiz" => Self::Quiz,
            "questions" => Self::Questions,
            "glossary" => Self::Glossary,
            "authors" => Self::Author,
            "courses" => Self::Courses,
            "stories" => Self::Story,
            _ => Self::Page,
        }
    }

    /// What a page with this `type` is, where `by_place` is what it would be without.
    pub(super) fn read(written: Option<&Spanned<String>>, role: Role, by_place: Self) -> Result<Self, Unfit> {
        let Some(written) = written else { return Ok(by_place) };
        match Self::parse(&written.value) {
            Some(Self::Home) if by_place != Self::Home => Err(Unfit::OnlyHome),
            Some(Self::Section) if role != Role::Index => Err(Unfit::OnlyIndex),
            Some(kind) => Ok(kind),
            None => Err(Unfit::Unknown),
        }
    }
}

/// Why a `type` cannot be that of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    OnlyHome,
    OnlyIndex,
    Unknown,
}

impl Unfit {
    /// Says so at the place it was written.
    pub(super) fn report(self, written: &Spanned<String>, path: &str) -> Diagnostic {
        let names = || Kind::NAMES.iter().map(|(name, _)| *name);
        let all = || format!("use one of {}, or take the key away", names().collect::<Vec<_>>().join(", "));
        let (problem, help) = match self {
            Self::OnlyHome => ("the type `home` is for `content/_index.md` alone".to_owned(), all()),
            Self::OnlyIndex => ("the type `section` is for `_index.md` files".to_owned(), all()),
            Self::Unknown => (
                format!("unknown type `{}`", written.value),
                near(&written.value, names()).map_or_else(all, |name| format!("did you mean `{name}`?")),
            ),
        };
        Diagnostic::new(Code::FrontMatter, path, written.span, problem).help(help)
    }
}
