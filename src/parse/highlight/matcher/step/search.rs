//! Searching as syntect does, where it has to be the same search.
//!
//! In: a pattern, a line, and from where it is searched. Out: where syntect's parser finds it. It keeps
//! what a search found until the line is read past it, and gives a pattern up for the rest of the line
//! when its engine took too many tries at one place, or found nothing.

use onig::{MatchParam, Regex, Region, SearchOptions};

use super::super::Stop;
use super::super::plain::{self, Groups};
use super::super::scenes::Entry;
use super::super::state::State;
use super::super::tables::{Pattern, PatternId};
use super::{Reader, does_something};

/// Patterns that were asked for: those of a scene, up to the entry at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) scene: usize,
    pub(super) last: usize,
    pub(super) start: usize,
}

/// What syntect's searches for a pattern came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replay {
    pattern: PatternId,
    /// So many asks were gone through.
    asks: usize,
    /// The last match begins here, and counts until a line is read past it.
    at: Option<usize>,
}

/// Ways that may be tried at one place in a search, and what they cost of the budget for so many
/// characters. The last are as many as syntect's parser allows.
pub(super) const PATIENCE: [(u32, u64); 8] = [
    (1_000, 8),
    (4_000, 160),
    (16_000, 640),
    (64_000, 2_600),
    (250_000, 10_000),
    (1_000_000, 40_000),
    (4_000_000, 160_000),
    (10_000_000, 400_000),
];
const CHARACTERS: u64 = 64;

impl<'a> Reader<'a, '_> {
    /// Whether syntect's parser finds a match of a pattern of much effort, too. Its searches began where
    /// it asked, and came to places of which the automaton knows that nothing matches there: if one of
    /// them took too many tries, the pattern is nowhere in the line.
    pub(super) fn is_found(
        &mut self,
        entry: Entry,
        pattern: &'a Pattern,
        line: &str,
        at: usize,
        state: &State,
    ) -> Result<bool, Stop> {
        let mut region = Region::new();
        let last = self.asked.len().saturating_sub(1);
        let groups = Self::groups(entry, pattern, state);
        if let Some(groups) = groups {
            // What was found with other groups is not kept.
            let start = self.asked.get(last).map_or(at, |ask| ask.start);
            let regex = self.engine.regex(pattern, Some(groups))?;
            return Ok(start == at
                || search(regex, line, start, &PATIENCE, &mut self.budget, &mut region)? == Some(at));
        }
        let known = self.replayed.iter().position(|replay| replay.pattern == entry.pattern);
        let known = known.unwrap_or_else(|| {
            self.replayed.push(Replay { pattern: entry.pattern, asks: 0, at: None });
            self.replayed.len() - 1
        });
        while self.replayed[known].asks <= last {
            let Replay { asks, at: before, .. } = self.replayed[known];
            self.replayed[known].asks += 1;
            let Ask { scene, last: last_place, start } = self.asked[asks];
            if before.is_some_and(|before| before >= start) {
                continue;
            }
            let entries = &self.engine.scenes.scene(scene).entries;
            let place = entries.iter().position(|one| one.pattern == entry.pattern);
            if place.is_none_or(|place| place > last_place) {
                continue;
            }
            if start == at {
                // It was just seen to match here.
                self.replayed[known].at = Some(at);
                continue;
            }
            self.spend(1 + (at - start) as u64 / 8)?;
            let (found, end) = if let Some(span) = found_plainly(pattern, line, start, at) {
                span
            } else {
                let regex = self.engine.regex(pattern, None)?;
                let found = search(regex, line, start, &PATIENCE, &mut self.budget, &mut region)?;
                let Some(found) = found else {
                    self.searched.push((entry.pattern, None));
                    return Ok(false);
                };
                region.pos(0).unwrap_or((found, found))
            };
            if does_something(pattern, found == end, state)? {
                self.replayed[known].at = Some(found);
            }
        }
        Ok(true)
    }

    /// Where a pattern that cannot be asked position by position is found, and its groups; nothing if that
    /// does nothing. What is found counts until the line is read past it, and what is not is nowhere.
    pub(super) fn search(
        &mut self,
        entry: Entry,
        line: &str,
        start: usize,
        state: &State,
    ) -> Result<Option<(usize, Region)>, Stop> {
        let pattern = self.source.pattern(entry.pattern)?;
        let known = self.searched.iter().rposition(|(id, _)| *id == entry.pattern);
        match known.map(|known| &self.searched[known].1) {
            Some(None) => return Ok(None),
            Some(Some(region)) => {
                if let Some((at, _)) = region.pos(0).filter(|(at, _)| *at >= start) {
                    return Ok(Some((at, region.clone())));
                }
            }
            None => {}
        }
        let groups = Self::groups(entry, pattern, state);
        let regex = self.engine.regex(pattern, groups)?;
        let mut region = Region::new();
        let matched = search(regex, line, start, &PATIENCE, &mut self.budget, &mut region)?;
        let Some((at, end)) = matched.and_then(|_| region.pos(0)) else {
            if groups.is_none() {
                self.searched.push((entry.pattern, None));
            }
            return Ok(None);
        };
        if !does_something(pattern, at == end, state)? {
            return Ok(None);
        }
        if groups.is_none() {
            self.searched.push((entry.pattern, Some(region.clone())));
        }
        Ok(Some((at, region)))
    }
}

/// Where a pattern is found from a position on, as syntect finds it: one that takes too many tries is
/// nowhere.
pub(super) fn search(
    regex: &Regex,
    line: &str,
    from: usize,
    patience: &[(u32, u64)],
    budget: &mut u64,
    region: &mut Region,
) -> Result<Option<usize>, Stop> {
    // The engine tells from the whole line where a match may begin: a search of a part of it is another.
    let parts = 1 + (line.len() - from) as u64 / CHARACTERS;
    for (tries, cost) in patience {
        *budget = budget.checked_sub(cost * parts).ok_or(Stop::TooLong)?;
        let mut limit = MatchParam::default();
        limit.set_retry_limit_in_match(*tries);
        let options = SearchOptions::SEARCH_OPTION_NONE;
        if let Ok(found) = regex.search_with_param(line, from, line.len(), options, Some(region), limit) {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The first match of a plain pattern from a position up to another, if that is clear after a few
/// steps at each: then no engine gives it up on the way.
fn found_plainly(pattern: &Pattern, line: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let program = pattern.nfa().program.as_ref()?;
    let mut groups = Groups::default();
    for at in from..=to {
        match program.at(line.as_bytes(), at, &mut groups) {
            plain::Answer::Match(end) => return Some((at, end)),
            plain::Answer::NoMatch => {}
            plain::Answer::Unclear => return None,
        }
    }
    None
}
