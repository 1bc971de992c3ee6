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
    current: Current,
    size: usize,
}

/// The state before the next line.
#[derive(Debug)]
enum Current {
    /// One that was met, by its number.
    Met(usize),
    /// Another, when there is no room for more.
    Other(Box<State>),
}

impl Default for Current {
    fn default() -> Self {
        Self::Met(0)
    }
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
/// Memory that lines and states may hold, in bytes, about.
const MOST_MEMORY: usize = 4 << 20;

impl Lines {
    /// Begins a block.
    pub(super) fn begin(&mut self, state: State) {
        self.current = self.number(state);
    }

    /// The state before the next line.
    pub(super) fn state(&self) -> State {
        match &self.current {
            Current::Met(number) => self.states[*number].0.clone(),
            Current::Other(state) => State::clone(state),
        }
    }

    /// What comes of the next line, if that is known; it is then read.
    pub(super) fn known(&mut self, line: &str) -> Option<&Line> {
        let Current::Met(number) = self.current else { return None };
        let known = self.states[number].1.get(line)?;
        self.current = Current::Met(known.next);
        Some(known)
    }

    /// Notes what came of the next line, and the state after it.
    pub(super) fn learn(&mut self, line: &str, pieces: &[Piece], cost: u64, after: State) {
        let next = self.number(after);
        if let (Current::Met(number), Current::Met(next)) = (&self.current, &next)
            && line.len() <= LONGEST
            && self.size <= MOST_MEMORY
        {
            self.size += line.len() + size_of_val(pieces) + 100;
            let line_met = Line { pieces: pieces.into(), cost, next: *next };
            self.states[*number].1.insert(line.into(), line_met);
        }
        self.current = next;
    }

    /// Forgets everything if it is too much. Not within a block, where no more is learnt then.
    pub(super) fn trim(&mut self) {
        if self.size > MOST_MEMORY {
            *self = Self::default();
        }
    }

    fn number(&mut self, state: State) -> Current {
        if let Some(number) = self.numbers.get(&state) {
            return Current::Met(*number);
        }
        if self.size > MOST_MEMORY {
            return Current::Other(Box::new(state));
        }
        // It is kept twice.
        self.size += 2 * state.size() + 200;
        self.numbers.insert(state.clone(), self.states.len());
        self.states.push((state, HashMap::default()));
        Current::Met(self.states.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenes::Source;
    use super::super::tables::Tables;
    use super::*;

    #[test]
    fn a_block_whose_every_line_is_another_state_fills_no_memory() {
        let set = two_face::syntax::extra_newlines();
        let source = Source { set: &set, tables: &Tables::new(&set) };
        let mut lines = Lines::default();
        lines.begin(State::new(source, set.find_syntax_plain_text()).unwrap());
        let name = |number: usize| Some(format!("{number:0>100}").into_boxed_str());
        for number in 0..100_000_usize {
            let mut state = lines.state();
            let before = state.stack[0].groups.as_ref().and_then(|groups| groups[0].clone());
            assert_eq!(before, number.checked_sub(1).and_then(name), "the state is the one that was left");
            state.stack[0].groups = Some([name(number)].into());
            let line = format!("{number}\n");
            assert!(lines.known(&line).is_none());
            lines.learn(&line, &[], 1, state);
        }
        assert!(lines.size <= MOST_MEMORY + 10_000 && lines.states.len() < 20_000, "{}", lines.states.len());
        assert!(lines.states.len() > 1_000);
        lines.trim();
        assert!(lines.states.is_empty());
    }
}
