//! The patterns that apply in a state, in their order, with the automaton that asks them all.
//!
//! In: a context, and the prototypes that outer contexts impose on it. Out: a [`Scene`], made once
//! and kept. Includes are followed in the order of Sublime Text's parser: imposed prototypes from
//! the outermost, then the context's own, then the context.

use syntect::parsing::SyntaxSet;

use super::super::HashMap;
use super::Stop;
use super::nfa::Nfa;
use super::scene::Automaton;
use super::tables::{ContextId, Item, Pattern, PatternId, Tables};

/// Patterns that apply together.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) entries: Vec<Entry>,
    pub(super) automaton: Automaton,
    /// Entries that have to be searched for as syntect does.
    pub(super) searched: Vec<usize>,
}

/// A pattern in a scene.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) pattern: PatternId,
    pub(super) origin: Origin,
}

/// Why a pattern applies, which says whose groups its source refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// An imposed prototype, by its place among them.
    Imposed(usize),
    /// The context's own prototype, which sees no groups.
    Prototype,
    /// The context itself.
    Context,
}

/// Where grammars come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) set: &'a SyntaxSet,
    pub(super) tables: &'a Tables,
}

impl<'a> Source<'a> {
    pub(super) fn context(self, id: ContextId) -> Result<&'a super::tables::Context, Stop> {
        self.tables.context(self.set, id).ok_or(Stop::Grammar("it refers to a context that is not there"))
    }

    pub(super) fn pattern(self, id: PatternId) -> Result<&'a Pattern, Stop> {
        self.tables.pattern(self.set, id).ok_or(Stop::Grammar("it refers to a pattern that is not there"))
    }
}

/// Every scene met so far.
#[derive(Debug, Default)]
pub(super) struct Scenes {
    /// Scenes of contexts on which nothing is imposed, by the numbers of grammar and context.
    plain: Vec<Vec<Option<usize>>>,
    imposed: HashMap<(Vec<ContextId>, ContextId), usize>,
    made: Vec<Scene>,
}

/// Includes within includes; no grammar comes near.
const DEEPEST: usize = 64;
/// Memory that automata may hold before all start anew, in bytes.
const MOST_MEMORY: usize = 64 << 20;

impl Scenes {
    /// The number of the scene of a context under imposed prototypes.
    pub(super) fn number(
        &mut self,
        source: Source<'_>,
        imposed: Vec<ContextId>,
        context: ContextId,
    ) -> Result<usize, Stop> {
        let key = (imposed, context);
        if let Some(number) = self.imposed.get(&key) {
            return Ok(*number);
        }
        self.made.push(Scene::new(source, &key.0, context)?);
        self.imposed.insert(key, self.made.len() - 1);
        Ok(self.made.len() - 1)
    }

    /// The number of the scene of a context on which nothing is imposed.
    pub(super) fn plain(&mut self, source: Source<'_>, context: ContextId) -> Result<usize, Stop> {
        let (grammar, place) = context.numbers();
        if self.plain.len() <= grammar {
            self.plain.resize(grammar + 1, Vec::new());
        }
        let contexts = &mut self.plain[grammar];
        if contexts.len() <= place {
            contexts.resize(place + 1, None);
        }
        if let Some(number) = contexts[place] {
            return Ok(number);
        }
        self.made.push(Scene::new(source, &[], context)?);
        contexts[place] = Some(self.made.len() - 1);
        Ok(self.made.len() - 1)
    }

    pub(super) fn scene(&mut self, number: usize) -> &mut Scene {
        &mut self.made[number]
    }

    /// Forgets what was built if it is too much. Not while a scene is in use.
    pub(super) fn trim(&mut self) {
        let size: usize = self.made.iter().map(|scene| scene.automaton.size()).sum();
        if size > MOST_MEMORY {
            for scene in &mut self.made {
                scene.automaton = Automaton::default();
            }
        }
    }
}

impl Scene {
    fn new(source: Source<'_>, imposed: &[ContextId], context: ContextId) -> Result<Self, Stop> {
        let mut entries = Vec::new();
        for (place, prototype) in imposed.iter().enumerate() {
            gather(source, *prototype, Origin::Imposed(place), 0, &mut entries)?;
        }
        if let Some(prototype) = source.context(context)?.prototype {
            gather(source, prototype, Origin::Prototype, 0, &mut entries)?;
        }
        gather(source, context, Origin::Context, 0, &mut entries)?;
        if entries.len() > usize::from(u16::MAX) {
            return Err(Stop::Grammar("it has too many patterns in one context"));
        }
        let mut searched = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            if source.pattern(entry.pattern)?.nfa().bound_to_search {
                searched.push(place);
            }
        }
        Ok(Self { entries, automaton: Automaton::default(), searched })
    }
}

fn gather(
    source: Source<'_>,
    context: ContextId,
    origin: Origin,
    depth: usize,
    entries: &mut Vec<Entry>,
) -> Result<(), Stop> {
    if depth > DEEPEST {
        return Err(Stop::Grammar("its contexts include one another without end"));
    }
    for part in &source.context(context)?.items {
        match part {
            Item::Pattern(number) => {
                entries.push(Entry { pattern: PatternId::new(context, *number), origin });
            }
            Item::Include(included) => gather(source, *included, origin, depth + 1, entries)?,
        }
    }
    Ok(())
}

/// The patterns of a scene, for its automaton.
pub(super) struct Asked<'a> {
    pub(super) source: Source<'a>,
    pub(super) entries: &'a [Entry],
}

impl Asked<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> u16 {
        u16::try_from(self.entries.len()).unwrap_or(u16::MAX)
    }

    /// What one of them could match. Nothing if it is not to be asked.
    pub(super) fn nfa(&self, entry: u16) -> Option<&Nfa> {
        Some(self.source.pattern(self.entries.get(usize::from(entry))?.pattern).ok()?.nfa())
            .filter(|nfa| !nfa.bound_to_search)
    }
}
