//! Proofs about a quiz: every outcome can be the result, every answer counts, every tie has a rule.
//!
//! In: a [`Quiz`]. Out: diagnostics. In score mode all totals of points that answers can add up to
//! are tried, each once, which is few although the ways to answer are many; in branch mode the
//! graph of questions is walked. Judges no wording.

use std::collections::{BTreeMap, BTreeSet};

use super::{Mode, Quiz};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::data::{WHOLE_FILE, field, graph};
use crate::value::{Reader, Spanned};

/// Most totals that are tried. A quiz of ten questions for five outcomes has some thousands.
const MAX_TOTALS: usize = 200_000;

/// Checks a quiz of which the first `ranked` outcomes in [`Quiz::tie_break`] are the writer's own.
pub(super) fn check(reader: &mut Reader<'_, '_>, quiz: &Quiz, ranked: usize) {
    let outcomes: BTreeMap<&str, usize> =
        quiz.outcomes.iter().enumerate().map(|(index, outcome)| (outcome.id.value.as_str(), index)).collect();
    match quiz.mode {
        Mode::Score => Score { reader, quiz, outcomes }.check(ranked.min(quiz.outcomes.len())),
        Mode::Branch => Branch { reader, quiz, outcomes }.check(),
    }
}

fn report(reader: &mut Reader<'_, '_>, code: Code, span: Span, message: String, help: &str) {
    let path = reader.source().path.clone();
    reader.report(Diagnostic::new(code, path, span, message).help(help));
}

fn unreachable(reader: &mut Reader<'_, '_>, what: &str, id: &Spanned<String>, help: &str) {
    let message = format!("the {what} `{}` can never be reached", id.value);
    report(reader, Code::QuizUnreachable, id.span, message, help);
}

struct Score<'q, 'r, 's, 't> {
    reader: &'r mut Reader<'s, 't>,
    quiz: &'q Quiz,
    outcomes: BTreeMap<&'q str, usize>,
}

impl Score<'_, '_, '_, '_> {
    fn check(&mut self, ranked: usize) {
        let questions = self.points();
        let Some(totals) = totals(&questions, self.quiz.outcomes.len()) else {
            let message = format!("this quiz has more than {MAX_TOTALS} different results");
            let help = "ask fewer questions, or give fewer points, so that every outcome can be tried";
            return report(self.reader, Code::QuizTooLarge, WHOLE_FILE, message, help);
        };
        let verdict = judge(&totals, &self.quiz.tie_break, ranked);
        for (index, outcome) in self.quiz.outcomes.iter().enumerate() {
            if !verdict.winners.contains(&index) {
                let help = "give its answers more points, or name it earlier in `tie_break`";
                unreachable(self.reader, "outcome", &outcome.id, help);
            }
        }
        for (first, second) in verdict.ties {
            let [first, second] = [first, second].map(|index| &self.quiz.outcomes[index].id);
            let message = format!("`{}` and `{}` can end with the same points", first.value, second.value);
            let help = "say which one wins: name both in `tie_break`";
            report(self.reader, Code::QuizTie, second.span, message, help);
        }
    }

    /// The points of each answer to each question, by outcome; reports those for nothing.
    fn points(&mut self) -> Vec<Vec<Total>> {
        let mut questions = Vec::with_capacity(self.quiz.questions.len());
        for answer in self.quiz.questions.iter().flat_map(|question| &question.answers) {
            for (id, _) in
                answer.points.iter().filter(|(id, _)| !self.outcomes.contains_key(id.value.as_str()))
            {
                field::unknown(self.reader, "outcome", id, self.outcomes.keys().copied());
            }
            if !answer.is_neutral && answer.points.iter().all(|(_, points)| *points == 0) {
                let message = format!("the answer `{}` counts for no outcome", answer.text);
                let help = "give it `points`, or write `neutral = true` if that is meant";
                report(self.reader, Code::QuizDeadAnswer, answer.span, message, help);
            }
        }
        for question in &self.quiz.questions {
            let mut answers = Vec::with_capacity(question.answers.len());
            for answer in &question.answers {
                let mut total = vec![0; self.quiz.outcomes.len()];
                for (id, points) in &answer.points {
                    if let Some(index) = self.outcomes.get(id.value.as_str()) {
                        total[*index] += points;
                    }
                }
                answers.push(total);
            }
            questions.push(answers);
        }
        questions
    }
}

/// Points by outcome.
type Total = Vec<i64>;

/// Every total that answers can add up to, less the smallest of its own numbers: only differences
/// decide. `None` when there are too many.
fn totals(questions: &[Vec<Total>], outcomes: usize) -> Option<BTreeSet<Total>> {
    let mut totals = BTreeSet::from([vec![0; outcomes]]);
    for answers in questions.iter().filter(|answers| !answers.is_empty()) {
        let mut next = BTreeSet::new();
        for total in &totals {
            for answer in answers {
                let sum: Total = total.iter().zip(answer).map(|(one, other)| one + other).collect();
                let least = sum.iter().min().copied().unwrap_or_default();
                next.insert(sum.into_iter().map(|points| points - least).collect());
            }
            if next.len() > MAX_TOTALS {
                return None;
            }
        }
        totals = next;
    }
    Some(totals)
}

/// What the totals lead to.
#[derive(Debug, Default, PartialEq)]
struct Verdict {
    /// Outcomes that can win.
    winners: BTreeSet<usize>,
    /// For each outcome that can tie for most points without a rule: one it can tie with before it.
    ties: Vec<(usize, usize)>,
}

/// Finds who wins; `order` ranks all outcomes, the first `ranked` of them by the writer's will.
fn judge(totals: &BTreeSet<Total>, order: &[usize], ranked: usize) -> Verdict {
    let mut verdict = Verdict::default();
    let mut ties: BTreeMap<usize, usize> = BTreeMap::new();
    for total in totals {
        let Some(most) = total.iter().max() else { continue };
        let mut best = order.iter().enumerate().filter(|(_, outcome)| total[**outcome] == *most);
        let Some((_, first)) = best.next() else { continue };
        verdict.winners.insert(*first);
        let unruled = best.filter(|(rank, _)| *rank >= ranked);
        for (_, second) in unruled {
            ties.entry(*second).or_insert(*first);
        }
    }
    verdict.ties = ties.into_iter().map(|(second, first)| (first, second)).collect();
    verdict
}

struct Branch<'q, 'r, 's, 't> {
    reader: &'r mut Reader<'s, 't>,
    quiz: &'q Quiz,
    outcomes: BTreeMap<&'q str, usize>,
}

impl Branch<'_, '_, '_, '_> {
    fn check(&mut self) {
        let (edges, ends) = self.edges();
        let ids: Vec<&Spanned<String>> = self.quiz.questions.iter().map(|question| &question.id).collect();
        for around in graph::loops(&edges) {
            let first = around.first().copied().unwrap_or_default();
            let shown: Vec<&str> =
                around.iter().chain([&first]).map(|index| ids[*index].value.as_str()).collect();
            let message = format!("these questions go round in a circle: {}", shown.join(" -> "));
            let help = "let one of their answers lead to an outcome";
            report(self.reader, Code::QuizCycle, ids[first].span, message, help);
        }
        let reached = graph::reached(&edges, 0);
        for (id, _) in ids.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            unreachable(self.reader, "question", id, "name it as the `next` of an answer, or remove it");
        }
        let results: BTreeSet<usize> = ends
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| **reached)
            .flat_map(|(ends, _)| ends)
            .copied()
            .collect();
        for (index, outcome) in self.quiz.outcomes.iter().enumerate() {
            if !results.contains(&index) {
                let help = "name it as the `outcome` of an answer, or remove it";
                unreachable(self.reader, "outcome", &outcome.id, help);
            }
        }
    }

    /// For each question, the questions and the outcomes that its answers lead to.
    fn edges(&mut self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut questions = BTreeMap::new();
        for (index, question) in self.quiz.questions.iter().enumerate() {
            questions.entry(question.id.value.as_str()).or_insert(index);
        }
        let mut edges = vec![Vec::new(); self.quiz.questions.len()];
        let mut ends = edges.clone();
        for (index, question) in self.quiz.questions.iter().enumerate() {
            for answer in &question.answers {
                match (&answer.next, &answer.outcome) {
                    (Some(next), None) => {
                        follow(self.reader, &questions, "question", next, &mut edges[index]);
                    }
                    (None, Some(end)) => {
                        follow(self.reader, &self.outcomes, "outcome", end, &mut ends[index]);
                    }
                    (next, _) => {
                        let (message, help) = match next {
                            Some(_) => ("this answer has both `next` and `outcome`", "keep one of the two"),
                            None => ("this answer leads nowhere", "add `next` or `outcome`"),
                        };
                        self.reader.refuse(answer.span, message, help);
                    }
                }
            }
        }
        (edges, ends)
    }
}

/// Notes where an answer leads, or that there is no such place.
fn follow(
    reader: &mut Reader<'_, '_>,
    known: &BTreeMap<&str, usize>,
    what: &str,
    id: &Spanned<String>,
    into: &mut Vec<usize>,
) {
    if let Some(to) = known.get(id.value.as_str()) {
        into.push(*to);
    } else {
        field::unknown(reader, what, id, known.keys().copied());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every way to answer, one by one: the outcomes that can win, and those that can tie.
    fn by_hand(questions: &[Vec<Total>], order: &[usize]) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let mut ways = vec![vec![0; order.len()]];
        for answers in questions {
            ways = ways
                .iter()
                .flat_map(|way| {
                    answers.iter().map(move |answer| way.iter().zip(answer).map(|(a, b)| a + b).collect())
                })
                .collect();
        }
        let (mut winners, mut tied) = (BTreeSet::new(), BTreeSet::new());
        for way in &ways {
            let most = way.iter().max().unwrap();
            let best: Vec<usize> = order.iter().copied().filter(|outcome| way[*outcome] == *most).collect();
            winners.insert(best[0]);
            tied.extend(best.iter().skip(1));
        }
        (winners, tied)
    }

    proptest! {
        #[test]
        fn totals_tell_what_all_ways_to_answer_tell(
            (questions, order) in (1_usize..5).prop_flat_map(|outcomes| {
                let answer = prop::collection::vec(-2_i64..4, outcomes);
                let question = prop::collection::vec(answer, 1..4);
                let order = Just((0..outcomes).collect::<Vec<_>>()).prop_shuffle();
                (prop::collection::vec(question, 1..6), order)
            })
        ) {
            let found = totals(&questions, order.len()).unwrap();
            let (winners, tied) = by_hand(&questions, &order);
            let verdict = judge(&found, &order, 0);
            prop_assert_eq!(&verdict.winners, &winners);
            prop_assert_eq!(verdict.ties.iter().map(|(_, second)| *second).collect::<BTreeSet<_>>(), tied);
            // A full order leaves no tie open, and decides nothing anew.
            let ruled = judge(&found, &order, order.len());
            prop_assert_eq!(&ruled.winners, &winners);
            prop_assert!(ruled.ties.is_empty());
        }
    }

    #[test]
    fn too_many_totals_are_given_up() {
        // Powers of two: every way to answer has a total of its own.
        let question = |power: u32| vec![vec![0, 0], vec![0, 2_i64.pow(power)]];
        let questions: Vec<_> = (0..17).map(question).collect();
        assert_eq!(totals(&questions, 2).map(|totals| totals.len()), Some(131_072));
        let questions: Vec<_> = (0..18).map(question).collect();
        assert_eq!(totals(&questions, 2), None);
    }
}
