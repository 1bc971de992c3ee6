//! Scope changes as runs of classed text.

use syntect::parsing::ClearAmount;

use super::super::classes::{Class, Cursor};
use super::super::grammar::{Pieces, Run};
use super::{Sink, tables};

/// Where a piece of a line ends, and what it is.
pub(super) type Piece = (u32, Option<Class>);

/// Follows the scope changes of a block and keeps its runs.
#[derive(Default)]
pub(super) struct Painter {
    cursor: Cursor,
    /// Pieces of the line in hand.
    line: Vec<Piece>,
    at: usize,
    line_start: usize,
    pieces: Pieces,
}

impl Painter {
    /// Begins a line with what is open before it.
    pub(super) fn begin(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.line.clear();
        self.at = 0;
    }

    /// Ends the line; returns what is open after it.
    pub(super) fn end(&mut self, line: &str) -> Cursor {
        self.reach(line.len());
        let pieces = std::mem::take(&mut self.line);
        self.repeat(line, &pieces);
        self.line = pieces;
        std::mem::take(&mut self.cursor)
    }

    /// The pieces of the line that was ended last.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.line
    }

    /// Adds a whole line.
    pub(super) fn repeat(&mut self, line: &str, pieces: &[Piece]) {
        let mut at = 0;
        for (end, class) in pieces {
            let end = *end as usize;
            self.pieces.push(self.line_start + at, line.get(at..end).unwrap_or_default(), *class);
            at = end;
        }
        self.line_start += line.len();
    }

    pub(super) fn runs(self) -> Vec<Run> {
        self.pieces.into_runs()
    }

    fn reach(&mut self, at: usize) {
        if at > self.at {
            self.at = at;
            let end = u32::try_from(at).unwrap_or(u32::MAX);
            let class = self.cursor.class();
            match self.line.last_mut() {
                // Of keywords each counts by itself: one of signs alone is none.
                Some(last) if last.1 == class && class != Some(Class::Keyword) => last.0 = end,
                _ => self.line.push((end, class)),
            }
        }
    }
}

impl Sink for Painter {
    fn push(&mut self, at: usize, scope: &tables::Scope) {
        self.reach(at);
        self.cursor.push(scope.rule);
    }

    fn pop(&mut self, at: usize, count: usize) {
        self.reach(at);
        self.cursor.pop(count);
    }

    fn clear(&mut self, at: usize, amount: ClearAmount) {
        self.reach(at);
        self.cursor.clear(amount);
    }

    fn restore(&mut self, at: usize) {
        self.reach(at);
        self.cursor.restore();
    }
}
