//! The views of `quiz` and of its results.
//!
//! In: checked arguments, or a page made for an outcome. Out: a form with a key to count by without a
//! script, and where each outcome leads.

use super::arguments::Arguments;
use super::desk::Desk;
use crate::assemble::Kind;
use crate::assemble::folder as page;
use crate::assemble::format::Unit;
use crate::assemble::shown::{self, Link, Points, Quiz, QuizResult, Tally, TallyRow};
use crate::parse::data::{self, Mode};

impl<'s> Desk<'s, '_> {
    /// `::quiz id`
    pub(super) fn quiz(&mut self, arguments: &Arguments<'s>, anchor: &str) -> Option<Quiz> {
        let facts = self.shared.facts;
        let front = self.entry.front.quiz.as_ref();
        let quiz = self.record(arguments, ("quiz", "quiz"), (&facts.quizzes, front), Kind::Quiz)?;
        self.used.insert(("quizzes", &quiz.id));
        let outcomes: Vec<shown::Outcome> = quiz
            .outcomes
            .iter()
            .map(|outcome| {
                let place = format!("{anchor}-result-{}", outcome.id.value);
                let role = outcome.role.as_ref().and_then(|role| facts.roles.get(&role.value));
                shown::Outcome {
                    id: outcome.id.value.clone(),
                    title: outcome.title.clone(),
                    text: outcome.text.clone().unwrap_or_default(),
                    url: self.result_url(quiz, &outcome.id.value).unwrap_or_else(|| format!("#{place}")),
                    anchor: place,
                    role: role.map(|role| self.role_link(role)),
                    link: role.and_then(|role| self.guide(role)),
                }
            })
            .collect();
        let questions: Vec<shown::Question> = (1..)
            .zip(&quiz.questions)
            .map(|(number, question)| Self::question(quiz, number, question, &outcomes, anchor))
            .collect();
        let tally = (quiz.mode == Mode::Score).then(|| tally(&questions, &outcomes));
        Some(Quiz {
            id: quiz.id.clone(),
            title: quiz.title.clone(),
            text: quiz.text.clone().unwrap_or_default(),
            time_text: quiz
                .minutes
                .map(|minutes| self.locale.units(minutes, Unit::Minute))
                .unwrap_or_default(),
            mode: quiz.mode.word().to_owned(),
            tie_break: quiz
                .tie_break
                .iter()
                .filter_map(|index| Some(outcomes.get(*index)?.id.clone()))
                .collect(),
            questions,
            outcomes,
            tally,
        })
    }

    /// The result that the page is made for.
    pub(super) fn result(&self) -> Option<QuizResult> {
        if self.entry.role != page::Role::Result {
            return None;
        }
        let facts = self.shared.facts;
        let (quiz, outcome) = (self.entry.front.quiz.as_ref()?, self.entry.front.slug.as_ref()?);
        let quiz = facts.quizzes.get(&quiz.value)?;
        let outcome = quiz.outcomes.iter().find(|known| known.id.value == outcome.value)?;
        let role = outcome.role.as_ref().and_then(|role| facts.roles.get(&role.value));
        Some(QuizResult {
            quiz: self.link(*self.pages.quizzes.get(quiz.id.as_str())?),
            text: outcome.text.clone().unwrap_or_default(),
            role: role.map(|role| self.role_link(role)),
            link: role.and_then(|role| self.guide(role)),
        })
    }

    /// The page of a result: the one that lies below the quiz's own page under the outcome's id.
    fn result_url(&self, quiz: &data::Quiz, outcome: &str) -> Option<String> {
        let page = *self.pages.quizzes.get(quiz.id.as_str())?;
        let url = format!("{}{outcome}/", self.shared.entries[page].url);
        let found = self.shared.resolver.published(&url)?;
        Some(self.shared.config.base_url.path(found))
    }

    /// The guide about a role.
    fn guide(&self, role: &data::Role) -> Option<Link> {
        self.pages.guides.get(role.id.value.as_str()).map(|guide| self.link(*guide))
    }

    fn question(
        quiz: &data::Quiz,
        number: usize,
        question: &data::Question,
        outcomes: &[shown::Outcome],
        anchor: &str,
    ) -> shown::Question {
        let own = format!("{anchor}-{}", question.id.value);
        let outcome = |id: &str| outcomes.iter().find(|outcome| outcome.id == id);
        let answers = ('a'..='z').chain('A'..='Z').zip(&question.answers).map(|(letter, answer)| {
            let points: Vec<Points> = answer
                .points
                .iter()
                .map(|(id, points)| Points {
                    outcome: id.value.clone(),
                    title: outcome(&id.value).map(|outcome| outcome.title.clone()).unwrap_or_default(),
                    points: points.to_string(),
                })
                .collect();
            let data: Vec<String> =
                answer.points.iter().map(|(id, points)| format!("{}:{points}", id.value)).collect();
            let next = match (&answer.next, &answer.outcome) {
                (Some(next), _) => {
                    let found = quiz.questions.iter().find(|question| question.id.value == next.value);
                    found.map(|question| Link {
                        title: question.text.clone(),
                        url: Some(format!("#{anchor}-{}", question.id.value)),
                    })
                }
                (None, Some(id)) => outcome(&id.value)
                    .map(|outcome| Link { title: outcome.title.clone(), url: Some(outcome.url.clone()) }),
                (None, None) => None,
            };
            shown::Answer {
                anchor: format!("{own}-{letter}"),
                letter: letter.to_string(),
                text: answer.text.clone(),
                points,
                data: data.join(" "),
                next,
            }
        });
        shown::Question {
            id: question.id.value.clone(),
            number,
            text: question.text.clone(),
            answers: answers.collect(),
            anchor: own,
        }
    }
}

/// Points of every answer for every outcome, to count without a script.
fn tally(questions: &[shown::Question], outcomes: &[shown::Outcome]) -> Tally {
    let row = |question: &shown::Question, answer: &shown::Answer| TallyRow {
        label: format!("{}{}", question.number, answer.letter),
        points: outcomes
            .iter()
            .map(|outcome| {
                let points = answer.points.iter().find(|points| points.outcome == outcome.id);
                points.map_or_else(|| "0".to_owned(), |points| points.points.clone())
            })
            .collect(),
    };
    Tally {
        columns: outcomes.iter().map(|outcome| outcome.title.clone()).collect(),
        rows: questions
            .iter()
            .flat_map(|question| question.answers.iter().map(move |answer| row(question, answer)))
            .collect(),
    }
}
