//! Reading a line: find the next match, do what it says, and again.
//!
//! In: a line, the state before it, and a [`Sink`]. Out: the scope changes of the line, and the state
//! after it. The rules are those of `syntect::parsing::ParseState`, down to their oddities; where a
//! comment says "as syntect", the order of what is done is the point.

mod act;
mod find;
mod search;

use onig::Region;

use super::plain::Groups;
use super::scenes::{Entry, Origin, Source};
use super::state::{Level, State};
use super::tables::{Operation, Pattern, PatternId};
use super::{Engine, Sink, Stop};
use search::{Ask, Replay};

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

/// Contexts on top of one another, beyond which syntect ignores patterns that push.
const DEEPEST: usize = 100;
/// Matches in one place, beyond which the grammar goes in circles.
const MOST_IN_PLACE: u32 = 2_000;
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
