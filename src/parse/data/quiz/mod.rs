//! `quizzes/<id>`: questions that lead to a role.
//!
//! In: a whole file. Out: a [`Quiz`], and by [`proof`] what is wrong with it as a quiz: that is
//! found here since it needs this file alone. Whether its roles exist is checked by `assemble`.

mod proof;

use serde::{Deserialize, Serialize};

use super::field::{self, groups};
use super::words::words;
use super::{Content, Records, WHOLE_FILE};
use crate::diagnostic::Span;
use crate::value::shape::Form;
use crate::value::{Entry, Field, Group, Kind, Reader, Spanned};

/// A quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    /// The file's name without its ending.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What stands before the questions.
    pub text: Option<String>,
    /// How long it takes.
    pub minutes: Option<u32>,
    /// How its result is found.
    pub mode: Mode,
    /// In the order asked; a branching quiz begins with the first.
    pub questions: Vec<Question>,
    /// In the order written.
    pub outcomes: Vec<Outcome>,
    /// Indices of outcomes: of those with equal points, the first in this order wins. Every outcome
    /// is in it, those that the file does not name last.
    pub tie_break: Vec<usize>,
}

words! {
    /// How a quiz finds its result.
    Mode {
        /// Answers give points; the outcome with most of them wins.
        Score = "score",
        /// Each answer names the next question, or the outcome.
        Branch = "branch",
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Unique in its quiz.
    pub id: Spanned<String>,
    /// What is asked.
    pub text: String,
    /// What may be answered.
    pub answers: Vec<Answer>,
}

/// An answer. In score mode it has points, in branch mode `next` or `outcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What is answered.
    pub text: String,
    /// Points by outcome id, in the order written.
    pub points: Vec<(Spanned<String>, i64)>,
    /// Whether it is meant to count for nothing.
    pub is_neutral: bool,
    /// The question that follows: an id.
    pub next: Option<Spanned<String>>,
    /// The outcome it leads to: an id.
    pub outcome: Option<Spanned<String>>,
    /// The answer's keys.
    pub span: Span,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Unique in its quiz.
    pub id: Spanned<String>,
    /// The role it recommends: an id.
    pub role: Option<Spanned<String>>,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: Option<String>,
}

/// Most points for one answer; below zero as well.
const MAX_POINTS: i64 = 1000;

pub(super) fn read(reader: &mut Reader<'_, '_>, content: Content<'_>) -> Records {
    let mut group = Group::new("this quiz", content.entries, WHOLE_FILE);
    let title = group.required(reader, "title", Reader::filled).unwrap_or_else(|| content.name.to_owned());
    let text = group.optional(reader, "text", Reader::filled);
    let minutes = group.optional(reader, "minutes", field::count);
    let mode = group.optional(reader, "mode", |reader, field| reader.choice(field, Mode::WORDS));
    let mode = mode.unwrap_or(Mode::Score);
    let order = group.list(reader, "tie_break", Reader::names);
    let questions = group.required(reader, "question", |reader, field| Some(questions(reader, field, mode)));
    let found = group.required(reader, "outcome", |reader, field| Some(outcomes(reader, field)));
    group.finish(reader);
    let (outcomes, late_order) = found.unwrap_or_default();
    let order = if order.is_empty() { late_order } else { order };
    let tie_break = tie_break(reader, &outcomes, &order);
    let questions = questions.unwrap_or_default();
    let quiz =
        Quiz { id: content.name.to_owned(), title, text, minutes, mode, questions, outcomes, tie_break };
    if content.is_whole {
        proof::check(reader, &quiz, order.len());
    }
    Records::Quiz(std::sync::Arc::new(quiz))
}

fn questions(reader: &mut Reader<'_, '_>, field: Field<'_>, mode: Mode) -> Vec<Question> {
    let questions = groups(reader, field, "this question", |reader, group| {
        let id = group.required(reader, "id", field::id);
        let answers = group.required(reader, "answer", |reader, field| Some(answers(reader, field, mode)));
        Question {
            id: id.unwrap_or_else(|| Spanned { value: String::new(), span: group.span() }),
            text: group.required(reader, "text", Reader::filled).unwrap_or_default(),
            answers: answers.unwrap_or_default(),
        }
    });
    field::check_unique(
        reader,
        questions.iter().map(|question| &question.id).filter(|id| !id.value.is_empty()),
    );
    questions
}

fn answers(reader: &mut Reader<'_, '_>, field: Field<'_>, mode: Mode) -> Vec<Answer> {
    groups(reader, field, "this answer", |reader, group| {
        // The keys of the other mode would count for nothing.
        let misplaced: &[&'static str] = match mode {
            Mode::Score => &["next", "outcome"],
            Mode::Branch => &["points", "neutral"],
        };
        for key in misplaced {
            if let Some(span) = group.key_span(key) {
                let message = format!("`{key}` does nothing in the mode `{}`", mode.word());
                let help = match mode {
                    Mode::Score => "give `points`, or set `mode = \"branch\"`",
                    Mode::Branch => "name `next` or `outcome`, or set `mode = \"score\"`",
                };
                reader.refuse(span, message, help);
            }
        }
        Answer {
            text: group.required(reader, "text", Reader::filled).unwrap_or_default(),
            points: group.list(reader, "points", points),
            is_neutral: group.optional(reader, "neutral", Reader::boolean).unwrap_or(false),
            next: group.optional(reader, "next", Reader::name),
            outcome: group.optional(reader, "outcome", Reader::name),
            span: group.span(),
        }
    })
}

/// `{ front-end-developer = 2, designer = 1 }`
fn points(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<(Spanned<String>, i64)> {
    if reader.traces(|| Form::Map(Box::new(Form::Integer(-MAX_POINTS, MAX_POINTS)))) {
        return Vec::new();
    }
    let entries = reader.table(field, "write `{ outcome-id = 2 }`");
    let mut points = Vec::with_capacity(entries.len());
    for Entry { key, key_span, value } in entries {
        let number = reader.integer(Field { key, value }, -MAX_POINTS..=MAX_POINTS);
        points.extend(number.map(|number| (Spanned { value: key.clone(), span: *key_span }, number)));
    }
    points
}

/// The outcomes, and a `tie_break` below the last of them: that is where TOML puts a key at the end
/// of the file, whatever its writer had in mind.
fn outcomes(reader: &mut Reader<'_, '_>, field: Field<'_>) -> (Vec<Outcome>, Vec<Spanned<String>>) {
    let mut count = match &field.value.kind {
        Kind::List(items) => items.len(),
        _ => 0,
    };
    let mut order = Vec::new();
    let outcomes = groups(reader, field, "this outcome", |reader, group| {
        count = count.saturating_sub(1);
        if count == 0 {
            order = group.list(reader, "tie_break", Reader::names);
        }
        let id = group.required(reader, "id", field::id);
        let id = id.unwrap_or_else(|| Spanned { value: String::new(), span: group.span() });
        Outcome {
            role: group.optional(reader, "role", Reader::name),
            title: group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone()),
            text: group.optional(reader, "text", Reader::filled),
            id,
        }
    });
    field::check_unique(reader, outcomes.iter().map(|outcome| &outcome.id).filter(|id| !id.value.is_empty()));
    (outcomes, order)
}

fn tie_break(reader: &mut Reader<'_, '_>, outcomes: &[Outcome], order: &[Spanned<String>]) -> Vec<usize> {
    field::check_unique(reader, order);
    let mut indices = Vec::with_capacity(outcomes.len());
    for id in order {
        match outcomes.iter().position(|outcome| outcome.id.value == id.value) {
            Some(index) if indices.contains(&index) => {}
            Some(index) => indices.push(index),
            None => field::unknown(
                reader,
                "outcome",
                id,
                outcomes.iter().map(|outcome| outcome.id.value.as_str()),
            ),
        }
    }
    for index in 0..outcomes.len() {
        if !indices.contains(&index) {
            indices.push(index);
        }
    }
    indices
}
