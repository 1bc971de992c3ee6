//! A parser for Sublime grammars that asks first which patterns could match, and runs only those.
//!
//! In: a grammar of syntect's set, and code line by line. Out: the scope changes that
//! `syntect::parsing::ParseState` would give, operation for operation, or what they come to: runs of
//! classed text. Knows no language names and writes no HTML.
//!
//! Sublime Text's rule is: of all patterns that apply, the one that matches earliest wins, and of
//! those the first. syntect searches the rest of the line for each pattern in turn. Here an
//! automaton over all patterns ([`scene`]) tells, position by position, which could match there;
//! those are matched exactly, anchored, in order, so that the first match is the winner. Patterns are
//! compiled when they are first confirmed, which most never are.
//!
//! Unlike syntect's parser this one always ends: every step is counted, and a block that takes too
//! many is given up. Counting has nothing to do with clocks or with what is remembered, so the same
//! block is always given up or never.

mod effort;
mod lines;
mod nfa;
mod paint;
mod pattern;
mod plain;
mod scene;
mod scenes;
mod set;
mod state;
mod step;
mod tables;

use onig::Regex;
use syntect::parsing::{ClearAmount, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::HashMap;
use super::grammar::Run;
use lines::Lines;
use paint::Painter;
use scenes::{Scenes, Source};
use state::State;
use step::Reader;
use tables::Pattern;
pub(super) use tables::Tables;

/// Why a block was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It takes too many steps: the grammar is lost in it.
    TooLong,
    /// It is nested so deeply that syntect's parser would begin to ignore patterns.
    TooDeep,
    /// The grammar is at fault; how.
    Grammar(&'static str),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the grammar of the language gets lost in it",
            Self::TooDeep => "it is nested too deeply",
            Self::Grammar(why) => {
                return write!(f, "the grammar of the language is at fault: {why}");
            }
        })
    }
}

/// Takes the scope changes of a line, in order.
trait Sink {
    fn push(&mut self, at: usize, scope: &tables::Scope);
    fn pop(&mut self, at: usize, count: usize);
    fn clear(&mut self, at: usize, amount: ClearAmount);
    fn restore(&mut self, at: usize);
}

/// What one thread needs to read code: automata, patterns and lines it has met. What it holds
/// changes how long reading takes, never what is read.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    engine: Engine,
    lines: Lines,
}

/// What reading a line needs.
#[derive(Debug, Default)]
struct Engine {
    scenes: Scenes,
    /// Patterns compiled with the groups of an opening match in them, by their source.
    substituted: HashMap<String, Option<Regex>>,
}

/// Patterns with groups substituted that are kept compiled.
const MOST_SUBSTITUTED: usize = 500;

impl Engine {
    /// A pattern, compiled, with the groups in it that its source refers to.
    fn regex<'r>(
        &'r mut self,
        pattern: &'r Pattern,
        groups: Option<&[Option<Box<str>>]>,
    ) -> Result<&'r Regex, Stop> {
        let regex = match groups {
            None => pattern.regex(),
            Some(groups) => {
                if self.substituted.len() > MOST_SUBSTITUTED {
                    self.substituted.clear();
                }
                let source = pattern.source_with(groups);
                self.substituted.entry(source).or_insert_with_key(|source| tables::compiled(source)).as_ref()
            }
        };
        regex.ok_or(Stop::Grammar("it has a pattern that is not well formed"))
    }
}

impl Matcher {
    /// Reads code with a grammar.
    pub(super) fn runs(
        &mut self,
        set: &SyntaxSet,
        tables: &Tables,
        grammar: &SyntaxReference,
        code: &str,
    ) -> Result<Vec<Run>, Stop> {
        let source = Source { set, tables };
        let mut painter = Painter::default();
        let start = State::new(source, grammar)?;
        self.lines.begin(start);
        let mut reader = Reader::new(source, &mut self.engine);
        for line in code.split_inclusive('\n') {
            if let Some(known) = self.lines.known(line) {
                reader.spend(known.cost)?;
                painter.repeat(line, &known.pieces);
                continue;
            }
            let mut state = self.lines.state();
            painter.begin(std::mem::take(&mut state.cursor));
            let cost = reader.line(line, &mut state, &mut painter)?;
            state.cursor = painter.end(line);
            self.lines.learn(line, painter.pieces(), cost, state);
        }
        self.engine.scenes.trim();
        self.lines.trim();
        Ok(painter.runs())
    }

    /// Reads code with a grammar: the scope changes of each line and where they are, as syntect's
    /// parser gives them.
    pub(super) fn changes(
        &mut self,
        set: &SyntaxSet,
        tables: &Tables,
        grammar: &SyntaxReference,
        code: &str,
    ) -> Result<Vec<Vec<(usize, ScopeStackOp)>>, Stop> {
        let source = Source { set, tables };
        let mut state = State::new(source, grammar)?;
        let mut reader = Reader::new(source, &mut self.engine);
        let mut lines = Vec::new();
        for line in code.split_inclusive('\n') {
            let mut changes = Changes(Vec::new());
            reader.line(line, &mut state, &mut changes)?;
            lines.push(changes.0);
        }
        self.engine.scenes.trim();
        Ok(lines)
    }
}

/// Scope changes as syntect writes them.
struct Changes(Vec<(usize, ScopeStackOp)>);

impl Sink for Changes {
    fn push(&mut self, at: usize, scope: &tables::Scope) {
        if let Ok(scope) = syntect::parsing::Scope::new(&scope.name) {
            self.0.push((at, ScopeStackOp::Push(scope)));
        }
    }

    fn pop(&mut self, at: usize, count: usize) {
        self.0.push((at, ScopeStackOp::Pop(count)));
    }

    fn clear(&mut self, at: usize, amount: ClearAmount) {
        self.0.push((at, ScopeStackOp::Clear(amount)));
    }

    fn restore(&mut self, at: usize) {
        self.0.push((at, ScopeStackOp::Restore));
    }
}

#[cfg(test)]
mod tests;
