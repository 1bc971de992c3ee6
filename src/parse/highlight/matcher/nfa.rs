//! What a pattern could match, as an automaton that is read a byte at a time.
//!
//! In: a [`Node`] tree. Out: an [`Nfa`]. Knows neither grammars nor positions; [`super::scene`]
//! walks many of these at once.
//!
//! Only *whether* a pattern could match counts, so branches need no order, what stands after a
//! first accepting state is never read, and beyond ASCII everything is accepted.

use super::effort::Effort;
use super::pattern::{self, Node};
use super::plain::Program;
use super::set::Set;

/// An automaton for one pattern.
#[derive(Debug)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) start: u32,
    pub(super) bound_to_search: bool,
    /// How long the exact engine may try it at one place.
    pub(super) effort: Effort,
    /// The pattern itself, if it is plain.
    pub(super) program: Option<Program>,
}

/// The state in which the pattern could match.
pub(super) const ACCEPT: u32 = 0;

/// A state. Conditions look at the character before or after, and read nothing.
#[derive(Debug)]
pub(super) enum State {
    Accept,
    /// Reads a character of the set.
    Read(Set, u32),
    Either(Vec<u32>),
    /// The character before is in the set, or there is none and that is allowed.
    Before {
        set: Set,
        start: bool,
        next: u32,
    },
    /// The character after is in the set, or there is none and that is allowed.
    After {
        set: Set,
        end: bool,
        next: u32,
    },
    WordEdge(u32),
    NoWordEdge(u32),
}

/// States of one pattern; a larger one could match anywhere.
const MOST_STATES: usize = 60_000;

impl Nfa {
    pub(super) fn new(source: &str) -> Self {
        let outline = pattern::read(source);
        let bound_to_search = outline.bound_to_search;
        let program = Program::new(&outline).filter(|_| !bound_to_search);
        let effort = Effort::of(&outline.node);
        let mut builder = Builder { states: vec![State::Accept] };
        let start = builder.node(&outline.node, ACCEPT);
        if builder.states.len() > MOST_STATES {
            return Self { states: vec![State::Accept], start: ACCEPT, bound_to_search, effort, program };
        }
        Self { states: builder.states, start, bound_to_search, effort, program }
    }
}

struct Builder {
    states: Vec<State>,
}

/// Copies made of what is repeated a number of times; more are taken for any number.
const MOST_COPIES: u32 = 6;

impl Builder {
    fn push(&mut self, state: State) -> u32 {
        self.states.push(state);
        u32::try_from(self.states.len() - 1).unwrap_or(ACCEPT)
    }

    /// States for a node after which the automaton is in `next`.
    fn node(&mut self, node: &Node, next: u32) -> u32 {
        if self.states.len() > MOST_STATES {
            return ACCEPT;
        }
        match node {
            Node::Empty => next,
            Node::Anything => ACCEPT,
            Node::Set(set) => self.push(State::Read(*set, next)),
            Node::All(nodes) => nodes.iter().rev().fold(next, |next, node| self.node(node, next)),
            Node::OneOf(branches) => {
                let branches = branches
                    .iter()
                    .map(|branch| match branch {
                        Node::All(nodes) => nodes.as_slice(),
                        Node::Empty => &[],
                        node => std::slice::from_ref(node),
                    })
                    .collect();
                self.one_of(branches, next)
            }
            Node::Repeat(node, least, most) => self.repeat(node, *least, *most, next),
            Node::Group(_, node) => self.node(node, next),
            // Where nothing follows, what is looked at may as well be read.
            Node::Ahead(node) if next == ACCEPT => self.node(node, ACCEPT),
            Node::Ahead(node) => match first(node) {
                Some((set, end)) => self.push(State::After { set, end, next }),
                None => next,
            },
            Node::NotAhead(node) => match one(node) {
                Some(One { set, end: true, .. }) if set == Set::NONE => {
                    self.push(State::After { set: Set::char('\n').not(), end: false, next })
                }
                Some(One { set, .. }) => self.push(State::After { set: set.not(), end: true, next }),
                None => next,
            },
            Node::Behind(node) => match last(node) {
                Some(set) => self.push(State::Before { set, start: false, next }),
                None => next,
            },
            Node::NotBehind(node) => match one(node) {
                Some(One { set, end: false }) => {
                    self.push(State::Before { set: set.not(), start: true, next })
                }
                _ => next,
            },
            Node::WordEdge => self.push(State::WordEdge(next)),
            Node::NoWordEdge => self.push(State::NoWordEdge(next)),
            Node::LineStart => self.push(State::Before { set: Set::char('\n'), start: true, next }),
            Node::TextStart => self.push(State::Before { set: Set::NONE, start: true, next }),
            Node::LineEnd => self.push(State::After { set: Set::char('\n'), end: true, next }),
            Node::TextEnd => self.push(State::After { set: Set::NONE, end: true, next }),
        }
    }

    /// States for branches; those that begin with the same character share it.
    fn one_of(&mut self, branches: Vec<&[Node]>, next: u32) -> u32 {
        let mut starts = Vec::new();
        let mut groups: Vec<(Set, Vec<&[Node]>)> = Vec::new();
        for branch in branches {
            match branch {
                [] => starts.push(next),
                [Node::Set(set), rest @ ..] => match groups.iter_mut().find(|(first, _)| first == set) {
                    Some((_, group)) => group.push(rest),
                    None => groups.push((*set, vec![rest])),
                },
                nodes => {
                    let start = nodes.iter().rev().fold(next, |next, node| self.node(node, next));
                    starts.push(start);
                }
            }
        }
        for (set, group) in groups {
            let next = match group.as_slice() {
                [nodes] => nodes.iter().rev().fold(next, |next, node| self.node(node, next)),
                _ => self.one_of(group, next),
            };
            starts.push(self.push(State::Read(set, next)));
        }
        starts.sort_unstable();
        starts.dedup();
        match starts.as_slice() {
            [start] => *start,
            _ => self.push(State::Either(starts)),
        }
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>, next: u32) -> u32 {
        let mut start = match most {
            Some(most) if most <= MOST_COPIES => {
                let mut start = next;
                for _ in least..most {
                    let again = self.node(node, start);
                    start = self.push(State::Either(vec![again, next]));
                }
                start
            }
            _ => {
                let loops = self.push(State::Either(vec![next]));
                let again = self.node(node, loops);
                if let State::Either(branches) = &mut self.states[loops as usize] {
                    branches.push(again);
                }
                loops
            }
        };
        for _ in 0..least.min(MOST_COPIES) {
            start = self.node(node, start);
        }
        start
    }
}

/// What a node of one character is.
struct One {
    set: Set,
    /// It is also the end of a line.
    end: bool,
}

/// A node that is exactly one character; nothing if it may be anything else.
fn one(node: &Node) -> Option<One> {
    match node {
        // Beyond ASCII the set is only what may be meant, but then everything is accepted.
        Node::Set(set) => Some(One { set: *set, end: false }),
        Node::OneOf(nodes) => {
            nodes.iter().map(one).try_fold(One { set: Set::NONE, end: false }, |all, one| {
                let one = one?;
                (!one.end).then_some(One { set: all.set.or(one.set), end: false })
            })
        }
        Node::LineEnd => Some(One { set: Set::NONE, end: true }),
        Node::Group(_, node) => one(node),
        _ => None,
    }
}

/// The characters a node could begin with, and whether it could match at the end of the text;
/// nothing if it could match without looking at a character.
pub(super) fn first(node: &Node) -> Option<(Set, bool)> {
    match node {
        Node::Set(set) => Some((*set, false)),
        Node::LineEnd => Some((Set::char('\n'), true)),
        Node::TextEnd => Some((Set::NONE, true)),
        Node::OneOf(nodes) => nodes.iter().map(first).try_fold((Set::NONE, false), |(set, end), one| {
            let one = one?;
            Some((set.or(one.0), end || one.1))
        }),
        Node::All(nodes) => {
            let mut before = Set::NONE;
            for node in nodes {
                match node {
                    Node::Repeat(inner, 0, _) => {
                        let (set, end) = first(inner)?;
                        if end {
                            return None;
                        }
                        before = before.or(set);
                    }
                    Node::WordEdge
                    | Node::NoWordEdge
                    | Node::NotAhead(_)
                    | Node::NotBehind(_)
                    | Node::Behind(_)
                    | Node::Ahead(_)
                    | Node::LineStart
                    | Node::TextStart
                    | Node::Empty => {}
                    node => return first(node).map(|(set, end)| (set.or(before), end)),
                }
            }
            None
        }
        Node::Ahead(node) | Node::Group(_, node) | Node::Repeat(node, 1.., _) => first(node),
        _ => None,
    }
}

/// The characters a node could end with; nothing if it could match without reading one.
fn last(node: &Node) -> Option<Set> {
    match node {
        Node::Set(set) => Some(*set),
        Node::OneOf(nodes) => nodes.iter().map(last).try_fold(Set::NONE, |all, set| Some(all.or(set?))),
        Node::All(nodes) => last(nodes.last()?),
        Node::Repeat(node, 1.., _) | Node::Group(_, node) => last(node),
        _ => None,
    }
}
