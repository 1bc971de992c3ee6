//! What a grammar's parser remembers from line to line.

use std::sync::Arc;

use syntect::parsing::SyntaxReference;

use super::super::classes::Cursor;
use super::Stop;
use super::scenes::Source;
use super::tables::ContextId;

/// The state between two lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) stack: Vec<Level>,
    /// Heights of the stack at which an imposed prototype pushed; those below are out of sight.
    pub(super) proto_starts: Vec<usize>,
    pub(super) first_line: bool,
    /// What is open, where classes are wanted.
    pub(super) cursor: Cursor,
}

/// A context that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Level {
    pub(super) context: ContextId,
    /// Prototypes that it imposes on all above it.
    pub(super) prototypes: Vec<ContextId>,
    /// The groups of the match that entered it, where patterns refer to them.
    pub(super) groups: Option<Arc<[Option<Box<str>>]>>,
}

impl State {
    pub(super) fn new(source: Source<'_>, grammar: &SyntaxReference) -> Result<Self, Stop> {
        let context = source.tables.start(source.set, grammar).ok_or(Stop::Grammar("it cannot be read"))?;
        Ok(Self {
            stack: vec![Level { context, prototypes: Vec::new(), groups: None }],
            proto_starts: Vec::new(),
            first_line: true,
            cursor: Cursor::default(),
        })
    }

    /// Bytes of memory it holds, about.
    pub(super) fn size(&self) -> usize {
        let level = |level: &Level| {
            let groups = level.groups.iter().flat_map(|groups| groups.iter());
            let texts: usize =
                groups.map(|group| 16 + group.as_ref().map_or(0, |text| text.len() + 16)).sum();
            size_of::<Level>() + level.prototypes.len() * size_of::<ContextId>() + texts
        };
        size_of::<Self>()
            + self.stack.iter().map(level).sum::<usize>()
            + self.proto_starts.len() * size_of::<usize>()
            + self.cursor.size()
    }
}
