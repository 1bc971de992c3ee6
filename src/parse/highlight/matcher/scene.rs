//! Which of many patterns could match at a position: one automaton for all of them, built as far as
//! the texts it meets need it.
//!
//! In: the patterns of a context in their order, and a position in a line. Out: those patterns that
//! could match there, in order. Confirms no match.
//!
//! States are sets of the patterns' states. Each line position costs one table look-up when nothing
//! could match at it, which is most of them, and a few when something could.

use super::super::HashMap;
use super::nfa::{ACCEPT, Nfa, State as NfaState};
use super::scenes::Asked;
use super::set::WORD;

/// What is read: a byte of ASCII, or one of these.
type Symbol = u8;
/// A byte of a character beyond ASCII.
const BEYOND: Symbol = 128;
/// The end of the text; before a position, its start.
const EDGE: Symbol = 129;
const SYMBOLS: usize = 130;

/// Bytes read from a position before every pattern that is still open counts as one that could match.
const FARTHEST: usize = 48;
/// States an automaton may have before it starts anew.
const MOST_STATES: usize = 6_000;

/// A state of the automaton.
type StateId = u16;
const UNKNOWN: StateId = StateId::MAX;

/// An open pattern: its place among the patterns, and a state of its own automaton.
type Thread = (u16, u32);

/// What distinguishes one state from another.
#[derive(Debug, PartialEq, Eq, Hash, Clone, Default)]
struct Key {
    /// Open patterns, sorted.
    threads: Vec<Thread>,
    /// Patterns that could match, sorted.
    accepted: Vec<u16>,
    /// What stood before, where an open pattern asks for it.
    before: Option<Before>,
}

#[derive(Debug, PartialEq, Eq, Hash, Clone, Copy)]
enum Before {
    Word,
    Other,
    Unclear,
}

fn before(symbol: Symbol) -> Before {
    match symbol {
        BEYOND => Before::Unclear,
        EDGE => Before::Other,
        byte if WORD >> byte & 1 == 1 => Before::Word,
        _ => Before::Other,
    }
}

/// The automaton.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    states: HashMap<Key, StateId>,
    keys: Vec<Key>,
    /// Whether patterns are still open in a state.
    open: Vec<bool>,
    /// Whether nothing could match and nothing is open in a state.
    idle: Vec<bool>,
    /// Patterns that could match if reading stops in a state.
    closed: Vec<Option<Answer>>,
    candidates: Vec<u16>,
    next: Vec<StateId>,
    starts: Vec<StateId>,
    work: Work,
}

/// Patterns that could match: a range of the automaton's candidates, until it is asked again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Answer {
    first: usize,
    last: usize,
}

impl Automaton {
    /// The first position of a line from `from` on at which some pattern could match, or `stop` if that
    /// comes first, and the patterns that could match there. Nothing when the line ends before.
    pub(super) fn next(
        &mut self,
        patterns: &Asked<'_>,
        line: &[u8],
        from: usize,
        stop: usize,
    ) -> Option<(usize, Answer)> {
        let mut before = if from == 0 { EDGE } else { symbol(line, from - 1) };
        for at in from..=line.len() {
            let first = symbol(line, at);
            let is_inside = line.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte));
            // Most positions are settled by the characters at their sides.
            if !is_inside && (at == stop || !self.is_idle(before, first)) {
                let answer = self.ask(patterns, line, at, before);
                if at == stop || answer.first < answer.last {
                    return Some((at, answer));
                }
            }
            before = first;
        }
        None
    }

    /// Whether nothing is known to match between two characters.
    fn is_idle(&self, before: Symbol, first: Symbol) -> bool {
        let Some(start) = self.starts.get(usize::from(before)).filter(|start| **start != UNKNOWN) else {
            return false;
        };
        let next = self.next[usize::from(*start) * SYMBOLS + usize::from(first)];
        next != UNKNOWN && self.idle[usize::from(next)]
    }

    /// The patterns that could match at a position, behind `before`.
    fn ask(&mut self, patterns: &Asked<'_>, line: &[u8], at: usize, before: Symbol) -> Answer {
        let mut state = match self.starts.get(usize::from(before)) {
            Some(state) if *state != UNKNOWN => *state,
            _ => self.start(patterns, before),
        };
        let mut read = 0;
        while self.open[usize::from(state)] && read < FARTHEST {
            let symbol = symbol(line, at + read);
            read += 1;
            let next = self.next[usize::from(state) * SYMBOLS + usize::from(symbol)];
            state = if next == UNKNOWN { self.step(patterns, state, symbol) } else { next };
        }
        self.closed[usize::from(state)].unwrap_or_else(|| self.close(state))
    }

    /// One of the patterns of an answer.
    pub(super) fn candidate(&self, answer: Answer, index: usize) -> Option<usize> {
        self.candidates.get(answer.first..answer.last)?.get(index).map(|place| usize::from(*place))
    }

    /// Bytes of memory it holds, about.
    pub(super) fn size(&self) -> usize {
        self.next.len() * 2 + self.keys.len() * 120 + self.candidates.len() * 2
    }

    /// The patterns that could match if reading stops in a state.
    fn close(&mut self, state: StateId) -> Answer {
        let key = &self.keys[usize::from(state)];
        let mut all = key.accepted.clone();
        all.extend(key.threads.iter().map(|(place, _)| *place));
        all.sort_unstable();
        all.dedup();
        let first = self.candidates.len();
        self.candidates.append(&mut all);
        let answer = Answer { first, last: self.candidates.len() };
        self.closed[usize::from(state)] = Some(answer);
        answer
    }

    fn start(&mut self, patterns: &Asked<'_>, before: Symbol) -> StateId {
        if self.starts.is_empty() {
            self.starts = vec![UNKNOWN; SYMBOLS];
        }
        self.work.begin();
        for entry in 0..patterns.count() {
            if let Some(nfa) = patterns.nfa(entry) {
                self.work.open(nfa, entry);
                self.work.enter(nfa, nfa.start, before);
                self.work.close(entry);
            }
        }
        let key = self.work.key(before);
        let equal = self.work.equal;
        let state = self.intern(key);
        self.starts[usize::from(before)] = state;
        if before < BEYOND {
            fill(&mut self.starts, equal, state);
        }
        state
    }

    fn step(&mut self, patterns: &Asked<'_>, state: StateId, symbol: Symbol) -> StateId {
        if self.keys.len() >= MOST_STATES {
            let key = self.keys[usize::from(state)].clone();
            let work = std::mem::take(&mut self.work);
            *self = Self { work, ..Self::default() };
            self.starts = vec![UNKNOWN; SYMBOLS];
            let state = self.intern(key);
            return self.step(patterns, state, symbol);
        }
        self.work.begin();
        let key = &self.keys[usize::from(state)];
        self.work.before = key.before.unwrap_or(Before::Unclear);
        self.work.accepted.extend_from_slice(&key.accepted);
        let mut rest = key.threads.as_slice();
        while let Some(first) = rest.first() {
            let entry = first.0;
            let count = rest.iter().take_while(|thread| thread.0 == entry).count();
            let (mine, others) = rest.split_at(count);
            if let Some(nfa) = patterns.nfa(entry) {
                self.work.open(nfa, entry);
                for thread in mine {
                    self.work.advance(nfa, thread.1, symbol);
                }
                self.work.close(entry);
            }
            rest = others;
        }
        let key = self.work.key(symbol);
        let equal = self.work.equal;
        let next = self.intern(key);
        let row = usize::from(state) * SYMBOLS;
        self.next[row + usize::from(symbol)] = next;
        if symbol < BEYOND {
            fill(&mut self.next[row..row + SYMBOLS], equal, next);
        }
        next
    }

    fn intern(&mut self, mut key: Key) -> StateId {
        key.accepted.sort_unstable();
        key.accepted.dedup();
        if let Some(state) = self.states.get(&key) {
            return *state;
        }
        let state = StateId::try_from(self.keys.len()).unwrap_or(UNKNOWN);
        self.open.push(!key.threads.is_empty());
        self.idle.push(key.threads.is_empty() && key.accepted.is_empty());
        self.closed.push(None);
        self.next.extend([UNKNOWN; SYMBOLS]);
        self.keys.push(key.clone());
        self.states.insert(key, state);
        state
    }
}

/// What is read at a position of a line.
fn symbol(line: &[u8], at: usize) -> Symbol {
    line.get(at).map_or(EDGE, |byte| (*byte).min(BEYOND))
}

fn fill(row: &mut [StateId], symbols: u128, state: StateId) {
    let mut left = symbols;
    while left != 0 {
        row[left.trailing_zeros() as usize] = state;
        left &= left - 1;
    }
}

/// What it takes to make one state.
#[derive(Debug)]
struct Work {
    entry: u16,
    threads: Vec<Thread>,
    /// Where the threads of the entry in hand begin.
    mine: usize,
    accepts: bool,
    accepted: Vec<u16>,
    before: Before,
    asks_before: bool,
    /// The ASCII bytes that would have led to the same state.
    equal: u128,
    /// When a state of the entry in hand was last entered, and when last advanced from.
    entered: Vec<u32>,
    advanced: Vec<u32>,
    time: u32,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            entry: 0,
            threads: Vec::new(),
            mine: 0,
            accepts: false,
            accepted: Vec::new(),
            before: Before::Unclear,
            asks_before: false,
            equal: 0,
            entered: Vec::new(),
            advanced: Vec::new(),
            time: 0,
        }
    }
}

impl Work {
    fn begin(&mut self) {
        self.threads.clear();
        self.accepted.clear();
        self.asks_before = false;
        self.before = Before::Unclear;
        self.equal = u128::MAX;
    }

    fn open(&mut self, nfa: &Nfa, entry: u16) {
        self.entry = entry;
        self.mine = self.threads.len();
        self.accepts = false;
        if self.entered.len() < nfa.states.len() {
            self.entered.resize(nfa.states.len(), 0);
            self.advanced.resize(nfa.states.len(), 0);
        }
        if self.time == u32::MAX {
            self.entered.fill(0);
            self.advanced.fill(0);
            self.time = 0;
        }
        self.time += 1;
    }

    /// Ends an entry: one that could match is no longer open.
    fn close(&mut self, entry: u16) {
        if self.accepts {
            self.threads.truncate(self.mine);
            self.accepted.push(entry);
        } else {
            self.threads[self.mine..].sort_unstable();
        }
    }

    fn key(&mut self, symbol: Symbol) -> Key {
        // Entries that accepted are closed for good, but their conditions were asked all the same.
        let before = self.asks_before.then(|| before(symbol));
        if self.asks_before && symbol < BEYOND {
            self.same(WORD, symbol);
        }
        Key { threads: self.threads.clone(), accepted: self.accepted.clone(), before }
    }

    /// Notes that bytes are told apart by a set.
    fn same(&mut self, set: u128, symbol: Symbol) {
        if symbol < BEYOND {
            self.equal &= if set >> symbol & 1 == 1 { set } else { !set };
        }
    }

    /// Whether a symbol is in a set.
    fn is_in(&mut self, set: u128, beyond: bool, edge: bool, symbol: Symbol) -> bool {
        match symbol {
            BEYOND => beyond,
            EDGE => edge,
            byte => {
                self.same(set, byte);
                set >> byte & 1 == 1
            }
        }
    }

    /// Enters a state of the entry in hand after `symbol`, and all that can be reached from it
    /// without reading.
    fn enter(&mut self, nfa: &Nfa, state: u32, symbol: Symbol) {
        let mut left = vec![state];
        while let Some(state) = left.pop() {
            if self.accepts || std::mem::replace(&mut self.entered[state as usize], self.time) == self.time {
                continue;
            }
            match &nfa.states[state as usize] {
                NfaState::Accept => self.accepts = true,
                NfaState::Read(..) | NfaState::After { .. } => self.threads.push((self.entry, state)),
                NfaState::WordEdge(_) | NfaState::NoWordEdge(_) => {
                    self.asks_before = true;
                    self.threads.push((self.entry, state));
                }
                NfaState::Either(branches) => left.extend(branches.iter().rev()),
                NfaState::Before { set, start, next } => {
                    if self.is_in(set.ascii, true, *start, symbol) {
                        left.push(*next);
                    }
                }
            }
        }
    }

    /// Reads a symbol in a state.
    fn advance(&mut self, nfa: &Nfa, state: u32, symbol: Symbol) {
        let mut left = vec![state];
        while let Some(state) = left.pop() {
            if self.accepts || std::mem::replace(&mut self.advanced[state as usize], self.time) == self.time {
                continue;
            }
            match &nfa.states[state as usize] {
                NfaState::Accept => self.accepts = true,
                NfaState::Read(set, next) => {
                    if self.is_in(set.ascii, set.beyond, false, symbol) {
                        let next = if symbol == BEYOND { ACCEPT } else { *next };
                        self.enter(nfa, next, symbol);
                    }
                }
                NfaState::After { set, end, next } => {
                    if self.is_in(set.ascii, set.beyond, *end, symbol) {
                        left.push(*next);
                    }
                }
                NfaState::WordEdge(next) => {
                    if self.edge(symbol) != Some(false) {
                        left.push(*next);
                    }
                }
                NfaState::NoWordEdge(next) => {
                    if self.edge(symbol) != Some(true) {
                        left.push(*next);
                    }
                }
                NfaState::Either(branches) => left.extend(branches.iter().rev()),
                // What stood before is no longer known exactly.
                NfaState::Before { next, .. } => left.push(*next),
            }
        }
    }

    /// Whether the edge of a word is before a symbol, if that is known.
    fn edge(&mut self, symbol: Symbol) -> Option<bool> {
        if symbol < BEYOND {
            self.same(WORD, symbol);
        }
        match (self.before, before(symbol)) {
            (Before::Unclear, _) | (_, Before::Unclear) => None,
            (left, right) => Some(left != right),
        }
    }
}

/// Whether one pattern could match at a position of a text.
#[cfg(test)]
pub(super) fn could_match(nfa: &Nfa, text: &str, at: usize) -> bool {
    let line = text.as_bytes();
    let symbol = |at: usize| line.get(at).map_or(EDGE, |byte| (*byte).min(BEYOND));
    let mut before_it = if at == 0 { EDGE } else { symbol(at - 1) };
    let mut work = Work::default();
    work.begin();
    work.open(nfa, 0);
    work.enter(nfa, nfa.start, before_it);
    work.close(0);
    let mut key = work.key(before_it);
    for at in at..=line.len() {
        if !key.accepted.is_empty() {
            break;
        }
        before_it = symbol(at);
        work.begin();
        work.before = key.before.unwrap_or(Before::Unclear);
        work.open(nfa, 0);
        for thread in &key.threads {
            work.advance(nfa, thread.1, before_it);
        }
        work.close(0);
        key = work.key(before_it);
    }
    !key.accepted.is_empty()
}
