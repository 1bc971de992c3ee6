//! Whether a page is published, and why not.
//!
//! In: front matter, today's date and what the command line asks for. Out: [`Shown`]. Reads no clock.

use serde::Serialize;

use crate::parse::FrontMatter;
use crate::scan::Visibility;

/// Whether and why a page is unpublished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is published.
    Published,
    /// `draft = true`
    Draft,
    /// `published` is after today.
    Future,
    /// `expires` is today or before.
    Expired,
}

/// Today, and which unpublished pages are built all the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    pub(super) today: jiff::civil::Date,
    pub(super) visibility: Visibility,
}

/// Whether a page is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It is, in this state.
    As(State),
    /// It is left out, for this reason.
    Not(State),
}

impl Shown {
    /// Of what holds for a section and what holds for a page in it, what counts.
    pub(super) fn and(self, page: Self) -> Self {
        match (self, page) {
            (hidden @ Self::Not(_), _) | (_, hidden @ Self::Not(_)) => hidden,
            (section, Self::As(State::Published)) => section,
            (_, page) => page,
        }
    }
}

impl Calendar {
    /// Whether a page with this front matter is built, and why it is unpublished.
    pub(super) fn shown(self, front: &FrontMatter) -> Shown {
        let Visibility { drafts, future, expired } = self.visibility;
        let reasons = [
            (State::Draft, front.draft, drafts),
            (State::Expired, front.expires.is_some_and(|expires| expires.date <= self.today), expired),
            (State::Future, front.published.is_some_and(|published| published.date > self.today), future),
        ];
        let hides = |(_, applies, shown): &&(State, bool, bool)| *applies && !shown;
        if let Some((state, ..)) = reasons.iter().find(hides) {
            return Shown::Not(*state);
        }
        let state =
            reasons.iter().find(|(_, applies, _)| *applies).map_or(State::Published, |(state, ..)| *state);
        Shown::As(state)
    }
}
