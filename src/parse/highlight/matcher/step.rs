//! Reading a line: find the next match, do what it says, and again.
//!
//! In: a line, the state before it, and a [`Sink`]. Out: the scope changes of the line, and the state
//! after it. The rules are those of `syntect::parsing::ParseState`, down to their oddities; where a
//! comment says "as syntect", the order of what is done is the point.

mod act;
mod search;

use onig::{MatchParam, Region, SearchOptions};

use super::plain::{self, Groups};
use super::scenes::{Asked, Entry, Origin, Source};
use super::state::{Level, State};
use super::tables::{Operation, Pattern, PatternId};
use super::{Engine, Sink, Stop};
use search::{Ask, PATIENCE, Replay, search};

/// Reads lines of one block.
pub(super) struct Reader<'a, 'e> {
    source: Source<'a>,
    engine: &'e mut Engine,
    /// Steps the block may still take.
    budget: u64,
    /// Where the last match is.
    span: (usize, usize),
    /// Its groups, by whichever engine found it.
    groups: Groups,
    region: Region,
    is_plain: bool,
    /// What patterns that have to be searched for were found to match in this line.
    searched: Vec<(PatternId, Option<Region>)>,
    /// From where patterns were asked for in this line.
    asked: Vec<Ask>,
    /// How far searches for patterns of much effort were made up for in this line.
    replayed: Vec<Replay>,
    /// The scene of the top of the stack, until that changes.
    scene: Option<usize>,
}

/// Steps a block may take. A step is a match that is tried, and more where it is a long one; a line
/// of code takes a few dozen.
const BUDGET: u64 = 4_000_000;

/// The match that wins.
struct Found {
    entry: Entry,
    /// It would lead back to where the parser came from.
    would_loop: bool,
}

/// Contexts on top of one another, beyond which syntect ignores patterns that push.
const DEEPEST: usize = 100;
/// Matches in one place, beyond which the grammar goes in circles.
const MOST_IN_PLACE: u32 = 2_000;
/// Ways a match may try at first; most take a handful.
const FEW: u32 = 1_000;

impl<'a, 'e> Reader<'a, 'e> {
    pub(super) fn new(source: Source<'a>, engine: &'e mut Engine) -> Self {
        Self {
            source,
            engine,
            budget: BUDGET,
            span: (0, 0),
            groups: Groups::default(),
            region: Region::new(),
            is_plain: false,
            searched: Vec::new(),
            asked: Vec::new(),
            replayed: Vec::new(),
            scene: None,
        }
    }

    /// Reads a line; returns the steps it took.
    pub(super) fn line(&mut self, line: &str, state: &mut State, sink: &mut impl Sink) -> Result<u64, Stop> {
        let budget = self.budget;
        self.searched.clear();
        self.asked.clear();
        self.replayed.clear();
        self.scene = None;
        if state.first_line {
            state.first_line = false;
            let context = self.source.context(top(state)?.context)?;
            if let Some(scope) = context.meta_content_scope.first() {
                sink.push(0, scope);
            }
        }
        let mut start = 0;
        let mut in_place = 0;
        // Where a match that read nothing pushed, and how high the stack was then.
        let mut pushed_at = (0, 0);
        loop {
            self.spend(1)?;
            let after_push = pushed_at == (start, state.stack.len());
            while state.proto_starts.last().is_some_and(|height| *height >= state.stack.len()) {
                state.proto_starts.pop();
                self.scene = None;
            }
            let Some(found) = self.find(line, start, state, after_push)? else { break };
            if found.would_loop {
                let Some((length, _)) = line[start..].char_indices().nth(1) else { break };
                start += length;
                in_place = 0;
                continue;
            }
            let (_, end) = self.span;
            let pattern = self.source.pattern(found.entry.pattern)?;
            if end > start {
                in_place = 0;
            } else {
                in_place += 1;
                if in_place > MOST_IN_PLACE {
                    return Err(Stop::TooLong);
                }
                if matches!(pattern.operation, Operation::Push(_)) {
                    pushed_at = (end, state.stack.len() + 1);
                }
            }
            start = end;
            if matches!(found.entry.origin, Origin::Imposed(_)) {
                state.proto_starts.push(state.stack.len());
                self.scene = None;
            }
            self.act(line, pattern, state, sink)?;
        }
        Ok(budget - self.budget)
    }

    /// Counts steps.
    pub(super) fn spend(&mut self, steps: u64) -> Result<(), Stop> {
        self.budget = self.budget.checked_sub(steps).ok_or(Stop::TooLong)?;
        Ok(())
    }

    /// The match that wins from a position on; its groups are in the region.
    fn find(
        &mut self,
        line: &str,
        start: usize,
        state: &State,
        after_push: bool,
    ) -> Result<Option<Found>, Stop> {
        let number = self.scene_of(state)?;
        // What was found of patterns that have to be searched for, and whose turn it is to be.
        let mut searches: Vec<(usize, usize, Region)> = Vec::new();
        let mut turn = 0;
        self.asked.push(Ask { scene: number, last: usize::MAX, start });
        // Patterns whose earliest match does nothing; syntect does not look for a later one.
        let mut spent: Vec<usize> = Vec::new();
        let mut from = start;
        loop {
            let scene = self.engine.scenes.scene(number);
            let stop = if turn < scene.searched.len() {
                Some(start)
            } else {
                searches.iter().map(|(_, at, _)| *at).filter(|at| *at >= from).min()
            };
            let asked = Asked { source: self.source, entries: &scene.entries };
            let next = scene.automaton.next(&asked, line.as_bytes(), from, stop.unwrap_or(usize::MAX));
            let Some((at, answer)) = next else { return Ok(None) };
            from = at + 1;
            let mut looping = None;
            let mut index = 0;
            loop {
                let scene = self.engine.scenes.scene(number);
                let place = scene.automaton.candidate(answer, index);
                // What is searched for takes its turn among the candidates, and is asked in its turn: not
                // at all behind one that matches where the search begins.
                let search = searches
                    .iter()
                    .position(|(other, found, _)| *found == at && place.is_none_or(|place| *other < place));
                let unasked = scene.searched.get(turn).copied();
                let unasked = unasked.filter(|other| place.is_none_or(|place| *other < place));
                let (place, groups) = match (search, unasked, place) {
                    (Some(search), ..) => {
                        let (place, _, groups) = searches.swap_remove(search);
                        (place, Some(groups))
                    }
                    (None, Some(unasked), _) => {
                        turn += 1;
                        let entry = scene.entries[unasked];
                        if let Some((found, groups)) = self.search(entry, line, start, state)? {
                            searches.push((unasked, found, groups));
                        }
                        continue;
                    }
                    (None, None, Some(place)) => {
                        index += 1;
                        (place, None)
                    }
                    (None, None, None) => break,
                };
                if spent.contains(&place) {
                    continue;
                }
                let entry = scene.entries[place];
                let pattern = self.source.pattern(entry.pattern)?;
                if let Some(groups) = groups {
                    self.span = groups.pos(0).unwrap_or((at, at));
                    self.region = groups;
                    self.is_plain = false;
                } else if self.is_nowhere(entry.pattern)
                    || !self.matches(entry, pattern, line, at, state)?
                    || pattern.nfa().effort.exceeds(line.len())
                        && !self.is_found(entry, pattern, line, at, state)?
                {
                    continue;
                }
                let (_, end) = self.span;
                if !does_something(pattern, at == end, state)? {
                    spent.push(place);
                    continue;
                }
                if after_push && end <= start && matches!(pattern.operation, Operation::Pop) {
                    looping = Some(entry);
                    continue;
                }
                if let Some(ask) = self.asked.last_mut().filter(|_| at == start) {
                    // syntect asks no further.
                    ask.last = place;
                }
                return Ok(Some(Found { entry, would_loop: false }));
            }
            if let Some(entry) = looping {
                return Ok(Some(Found { entry, would_loop: true }));
            }
        }
    }

    fn scene_of(&mut self, state: &State) -> Result<usize, Stop> {
        if let Some(number) = self.scene {
            return Ok(number);
        }
        let context = top(state)?.context;
        let visible = state.stack.get(state.proto_starts.last().copied().unwrap_or(0)..).unwrap_or_default();
        let scenes = &mut self.engine.scenes;
        let number = if visible.iter().all(|level| level.prototypes.is_empty()) {
            scenes.plain(self.source, context)?
        } else {
            let imposed = visible.iter().flat_map(|level| level.prototypes.iter().copied()).collect();
            scenes.number(self.source, imposed, context)?
        };
        self.scene = Some(number);
        Ok(number)
    }

    /// The groups that a pattern's source refers to, if it does.
    fn groups<'s>(entry: Entry, pattern: &Pattern, state: &'s State) -> Option<&'s [Option<Box<str>>]> {
        if !pattern.has_captures {
            return None;
        }
        match entry.origin {
            Origin::Prototype => None,
            Origin::Context => state.stack.last()?.groups.as_deref(),
            Origin::Imposed(place) => {
                let visible = state.stack.get(state.proto_starts.last().copied().unwrap_or(0)..)?;
                let mut levels = visible.iter().flat_map(|level| level.prototypes.iter().map(move |_| level));
                levels.nth(place)?.groups.as_deref()
            }
        }
    }

    /// Whether a pattern is known to match nowhere in the line.
    fn is_nowhere(&self, pattern: PatternId) -> bool {
        self.searched.iter().any(|(id, found)| *id == pattern && found.is_none())
    }

    /// Whether a pattern matches at a position.
    fn matches(
        &mut self,
        entry: Entry,
        pattern: &'a Pattern,
        line: &str,
        at: usize,
        state: &State,
    ) -> Result<bool, Stop> {
        if let Some(program) = &pattern.nfa().program {
            match program.at(line.as_bytes(), at, &mut self.groups) {
                plain::Answer::Match(end) => {
                    self.spend(1)?;
                    self.span = (at, end);
                    self.is_plain = true;
                    return Ok(true);
                }
                plain::Answer::NoMatch => {
                    self.spend(1)?;
                    return Ok(false);
                }
                plain::Answer::Unclear => {}
            }
        }
        let matches = self.matches_exactly(entry, pattern, line, at, state)?;
        if matches {
            self.span = self.region.pos(0).unwrap_or((at, at));
            self.is_plain = false;
        }
        Ok(matches)
    }

    /// Whether a pattern matches at a position, by the exact engine; its groups go to the region.
    fn matches_exactly(
        &mut self,
        entry: Entry,
        pattern: &'a Pattern,
        line: &str,
        at: usize,
        state: &State,
    ) -> Result<bool, Stop> {
        self.spend(1 + (line.len() - at) as u64 / 64)?;
        let Self { engine, region, budget, .. } = self;
        let groups = Self::groups(entry, pattern, state);
        let regex = engine.regex(pattern, groups)?;
        let options = SearchOptions::SEARCH_OPTION_NONE;
        let mut limit = MatchParam::default();
        limit.set_retry_limit_in_match(FEW);
        if let Ok(length) = regex.match_with_param(line, at, options, Some(region), limit) {
            return Ok(length.is_some());
        }
        // A search may know what a match does not: that the line lacks something the pattern needs.
        let found = search(regex, line, at, &PATIENCE[1..], budget, region)?;
        if found.is_none() && groups.is_none() {
            self.searched.push((entry.pattern, None));
        }
        Ok(found == Some(at))
    }
}

fn top(state: &State) -> Result<&Level, Stop> {
    state.stack.last().ok_or(Stop::Grammar("it leaves its outermost context"))
}

fn does_something(pattern: &Pattern, empty: bool, state: &State) -> Result<bool, Stop> {
    match pattern.operation {
        Operation::None => Ok(!empty),
        Operation::Push(_) if state.stack.len() >= DEEPEST => Err(Stop::TooDeep),
        Operation::Push(_) | Operation::Set(_) | Operation::Pop => Ok(true),
    }
}
