//! Finding the next match: the earliest, and of those that begin there the first of the scene.
//!
//! In: a line and where to begin. Out: the pattern that wins, with its groups in the reader. The automaton
//! says where which patterns could match; an exact engine says whether they do.

use onig::{MatchParam, Region, SearchOptions};

use super::super::Stop;
use super::super::plain;
use super::super::scene::Answer;
use super::super::scenes::{Asked, Entry};
use super::super::state::State;
use super::super::tables::{Operation, Pattern, PatternId};
use super::search::{Ask, PATIENCE, search};
use super::{Reader, does_something};

/// The match that wins.
pub(super) struct Found {
    pub(super) entry: Entry,
    /// It would lead back to where the parser came from.
    pub(super) would_loop: bool,
}

/// Ways a match may try at first; most take a handful.
const FEW: u32 = 1_000;

/// Patterns of a scene in the order in which syntect asks them, position by position.
struct Candidates {
    scene: usize,
    start: usize,
    /// So many of the patterns that have to be searched for had their turn.
    turn: usize,
    /// What was found of those: the pattern's place in the scene, where it matches, and its groups.
    searches: Vec<(usize, usize, Region)>,
    /// The position, the others that could match there, and how many of them had their turn.
    at: usize,
    answer: Answer,
    index: usize,
}

impl<'a> Reader<'a, '_> {
    /// The match that wins from a position on; its groups are in the region.
    pub(super) fn find(
        &mut self,
        line: &str,
        start: usize,
        state: &State,
        after_push: bool,
    ) -> Result<Option<Found>, Stop> {
        let scene = self.scene_of(state)?;
        let mut candidates = Candidates::new(scene, start);
        self.asked.push(Ask { scene, last: usize::MAX, start });
        // Patterns whose earliest match does nothing; syntect does not look for a later one.
        let mut spent: Vec<usize> = Vec::new();
        let mut from = start;
        while self.advance(&mut candidates, line, from) {
            let at = candidates.at;
            from = at + 1;
            let mut looping = None;
            while let Some((place, groups)) = self.candidate(&mut candidates, line, state)? {
                if spent.contains(&place) {
                    continue;
                }
                let entry = self.engine.scenes.scene(scene).entries[place];
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
        Ok(None)
    }

    /// Goes to the first position from `from` on at which something could match. False at the line's end.
    fn advance(&mut self, candidates: &mut Candidates, line: &str, from: usize) -> bool {
        let scene = self.engine.scenes.scene(candidates.scene);
        let stop = if candidates.turn < scene.searched.len() {
            Some(candidates.start)
        } else {
            candidates.searches.iter().map(|(_, at, _)| *at).filter(|at| *at >= from).min()
        };
        let asked = Asked { source: self.source, entries: &scene.entries };
        let next = scene.automaton.next(&asked, line.as_bytes(), from, stop.unwrap_or(usize::MAX));
        let Some((at, answer)) = next else { return false };
        (candidates.at, candidates.answer, candidates.index) = (at, answer, 0);
        true
    }

    /// The next pattern that could match at the position, with its groups if that is known. What is searched
    /// for takes its turn among the others, and is asked in its turn: not at all behind one that matches
    /// where the search begins.
    fn candidate(
        &mut self,
        candidates: &mut Candidates,
        line: &str,
        state: &State,
    ) -> Result<Option<(usize, Option<Region>)>, Stop> {
        loop {
            let scene = self.engine.scenes.scene(candidates.scene);
            let place = scene.automaton.candidate(candidates.answer, candidates.index);
            let is_before = |other: usize| place.is_none_or(|place| other < place);
            let mut searches = candidates.searches.iter();
            if let Some(search) =
                searches.position(|(other, found, _)| *found == candidates.at && is_before(*other))
            {
                let (place, _, groups) = candidates.searches.swap_remove(search);
                return Ok(Some((place, Some(groups))));
            }
            let unasked = scene.searched.get(candidates.turn).copied();
            let Some(unasked) = unasked.filter(|other| is_before(*other)) else {
                candidates.index += 1;
                return Ok(place.map(|place| (place, None)));
            };
            candidates.turn += 1;
            let entry = scene.entries[unasked];
            if let Some((found, groups)) = self.search(entry, line, candidates.start, state)? {
                candidates.searches.push((unasked, found, groups));
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

impl Candidates {
    fn new(scene: usize, start: usize) -> Self {
        let (turn, searches) = (0, Vec::new());
        Self { scene, start, turn, searches, at: start, answer: Answer::default(), index: 0 }
    }
}
