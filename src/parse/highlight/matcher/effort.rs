//! How long a backtracking engine may try a pattern before it knows that it does not match.
//!
//! In: the [`Node`] tree of a pattern. Out: an [`Effort`]. Decides no match.
//!
//! syntect's engine gives a pattern up after so many tries at one place, and its parser then takes the
//! pattern for one that is nowhere in the rest of the line. Few patterns can come to that; those that
//! can are searched for as syntect does it before [`super::step`] believes a match.

use super::nfa::first;
use super::pattern::Node;
use super::set::Set;

/// A bound on the tries at one place, as a term of the text's length. The bound may be too high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// So many times a power of the length.
    Power { times: u64, power: u32 },
    /// It may double with each character.
    Endless,
}

/// Tries that are surely allowed at one place: a tenth of Oniguruma's default limit, as a try here may
/// be several there.
const ALLOWED: u64 = 1_000_000;

/// Rounds in several ways each that are counted; more are taken for any number.
const MOST_ROUNDS: u32 = 64;

impl Effort {
    /// What a pattern may take.
    pub(super) fn of(node: &Node) -> Self {
        bounds(node).tries
    }

    /// Whether a text of a length could take more tries than are allowed.
    pub(super) fn exceeds(self, length: usize) -> bool {
        match self {
            Self::Power { times, power } => {
                (length as u64 + 1).saturating_pow(power).saturating_mul(times) > ALLOWED
            }
            Self::Endless => true,
        }
    }

    const NONE: Self = Self::Power { times: 0, power: 0 };
    const ONE: Self = Self::Power { times: 1, power: 0 };
    const LENGTH: Self = Self::Power { times: 1, power: 1 };

    fn and(self, other: Self) -> Self {
        let (Self::Power { times: a, power: p }, Self::Power { times: b, power: q }) = (self, other) else {
            return Self::Endless;
        };
        Self::Power { times: a.saturating_add(b), power: p.max(q) }
    }

    fn by(self, other: Self) -> Self {
        let (Self::Power { times: a, power: p }, Self::Power { times: b, power: q }) = (self, other) else {
            return Self::Endless;
        };
        Self::Power { times: a.saturating_mul(b), power: p.saturating_add(q) }
    }
}

/// What a node may take at one place.
struct Bounds {
    /// Tries until every way was gone.
    tries: Effort,
    /// Ways in which it can match, each of which is tried with what follows.
    ways: Effort,
}

fn bounds(node: &Node) -> Bounds {
    match node {
        Node::Empty
        | Node::Set(_)
        | Node::WordEdge
        | Node::NoWordEdge
        | Node::LineStart
        | Node::TextStart
        | Node::LineEnd
        | Node::TextEnd => Bounds { tries: Effort::ONE, ways: Effort::ONE },
        Node::Anything => Bounds { tries: Effort::Endless, ways: Effort::Endless },
        Node::All(nodes) => {
            let mut all = Bounds { tries: Effort::ONE, ways: Effort::ONE };
            for node in nodes {
                let next = bounds(node);
                all.tries = all.tries.and(all.ways.by(next.tries));
                all.ways = all.ways.by(next.ways);
            }
            all
        }
        Node::OneOf(nodes) => {
            let mut all = Bounds { tries: Effort::ONE, ways: Effort::NONE };
            let mut single = true;
            for node in nodes {
                let branch = bounds(node);
                single &= branch.ways == Effort::ONE;
                all.tries = all.tries.and(branch.tries);
                all.ways = all.ways.and(branch.ways);
            }
            // Of branches that begin with different characters at most one matches.
            if single && differ(nodes) { Bounds { ways: Effort::ONE, ..all } } else { all }
        }
        Node::Repeat(node, least, most) => repeated(node, *least, *most),
        Node::Group(_, node) => bounds(node),
        // What was looked at is not looked at in another way later.
        Node::Ahead(node) | Node::NotAhead(node) | Node::Behind(node) | Node::NotBehind(node) => {
            Bounds { tries: bounds(node).tries, ways: Effort::ONE }
        }
    }
}

/// Whether branches all begin with other characters.
fn differ(nodes: &[Node]) -> bool {
    let mut before = Set::NONE;
    nodes.iter().all(|node| {
        let Some((set, false)) = first(node) else { return false };
        let differs = !set.meets(before);
        before = before.or(set);
        differs
    })
}

fn repeated(node: &Node, least: u32, most: Option<u32>) -> Bounds {
    let Bounds { tries, ways } = bounds(node);
    if ways == Effort::ONE {
        // Each number of rounds is one way.
        let rounds = |count: u32| Effort::Power { times: u64::from(count), power: 0 };
        let (rounds, ways) = match most {
            Some(most) => (rounds(most.max(1)), rounds(most.saturating_sub(least).saturating_add(1))),
            None => (Effort::LENGTH.and(rounds(least)), Effort::LENGTH),
        };
        return Bounds { tries: rounds.by(tries), ways };
    }
    let mut all = Bounds { tries: Effort::ONE, ways: Effort::ONE };
    match most.filter(|most| *most <= MOST_ROUNDS) {
        Some(most) => {
            for _ in 0..most {
                all.tries = all.tries.and(all.ways.by(tries));
                all.ways = Effort::ONE.and(all.ways.by(ways));
            }
            all
        }
        None => Bounds { tries: Effort::Endless, ways: Effort::Endless },
    }
}
