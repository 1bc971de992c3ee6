//! Lines that were read before: the same text in the same state comes to the same.
//!
//! In: a state and a line. Out: the line's pieces and the state after it, if both were met. Code
//! repeats itself (closing brackets, imports, whole examples shown twice), so this pays for itself
//! many times over; what it holds is bounded.

use super::super::HashMap;
use super::paint::Piece;
use super::state::State;

/// Lines met so far.
#[derive(Debug, Default)]
pub(super) struct Lines {
    numbers: HashMap<State, usize>,
    states: Vec<(State, HashMap<Box<str>, Line>)>,
    current: usize,
    size: usize,
}

/// What came of a line.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) pieces: Box<[Piece]>,
    /// Steps it took.
    pub(super) cost: u64,
    next: usize,
}

/// Lines longer than this, in bytes, are not kept: they seldom come again.
const LONGEST: usize = 200;
/// Memory that lines may hold, in bytes, about.
const MOST_MEMORY: usize = 4 << 20;

impl Lines {
    /// Begins a block.
    pub(super) fn begin(&mut self, state: State) {
        self.current = self.number(state);
    }

    /// The state before the next line.
    pub(super) fn state(&self) -> State {
        self.states[self.current].0.clone()
    }

    /// What comes of the next line, if that is known; it is then read.
    pub(super) fn known(&mut self, line: &str) -> Option<&Line> {
        let known = self.states[self.current].1.get(line)?;
        self.current = known.next;
        Some(known)
    }

    /// Notes what came of the next line, and the state after it.
    pub(super) fn learn(&mut self, line: &str, pieces: &[Piece], cost: u64, after: State) {
        let next = self.number(after);
        if line.len() <= LONGEST {
            self.size += line.len() + size_of_val(pieces) + 100;
            self.states[self.current].1.insert(line.into(), Line { pieces: pieces.into(), cost, next });
        }
        self.current = next;
    }

    /// Forgets everything if it is too much. Not within a block.
    pub(super) fn trim(&mut self) {
        if self.size > MOST_MEMORY {
            *self = Self::default();
        }
    }

    fn number(&mut self, state: State) -> usize {
        if let Some(number) = self.numbers.get(&state) {
            return *number;
        }
        self.size += 1_000;
        self.numbers.insert(state.clone(), self.states.len());
        self.states.push((state, HashMap::default()));
        self.states.len() - 1
    }
}
