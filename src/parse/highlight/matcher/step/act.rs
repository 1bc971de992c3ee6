//! Doing what a match says.
//!
//! In: the match that won and the state it was found in. Out: the scope changes it makes, in syntect's
//! order, and the new stack of contexts. Looks for no match.

use syntect::parsing::ClearAmount;

use super::super::state::{Level, State};
use super::super::tables::{Context, ContextId, Operation, Pattern, Scope, Target};
use super::super::{Sink, Stop};
use super::{Reader, top};

/// A scope change of a group.
enum Change<'a> {
    Push(&'a Scope),
    Pop(usize),
}

impl<'a> Reader<'a, '_> {
    /// Does what a match says.
    pub(super) fn act(
        &mut self,
        line: &str,
        pattern: &'a Pattern,
        state: &mut State,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let (start, end) = self.span;
        let level = self.source.context(top(state)?.context)?;
        self.meta_before(start, level, &pattern.operation, sink)?;
        for scope in &pattern.scope {
            sink.push(start, scope);
        }
        if !pattern.captures.is_empty() {
            self.captures(pattern, sink);
        }
        if !pattern.scope.is_empty() {
            sink.pop(end, pattern.scope.len());
        }
        self.meta_after(end, level, &pattern.operation, sink)?;
        self.stack(line, pattern, state)
    }

    /// Scopes of groups, outer ones first.
    fn captures(&self, pattern: &'a Pattern, sink: &mut impl Sink) {
        // Where, closing before opening, and the longer before the shorter.
        let mut changes: Vec<((usize, bool, usize), Change<'_>)> = Vec::new();
        for (group, scopes) in &pattern.captures {
            let Some((start, end)) = self.group(*group).filter(|(start, end)| start != end) else {
                continue;
            };
            let shortness = usize::MAX - end.saturating_sub(start);
            changes.extend(scopes.iter().map(|scope| ((start, true, shortness), Change::Push(scope))));
            changes.push(((end, false, 0), Change::Pop(scopes.len())));
        }
        changes.sort_by_key(|(order, _)| *order);
        for ((at, ..), change) in changes {
            match change {
                Change::Push(scope) => sink.push(at, scope),
                Change::Pop(count) => sink.pop(at, count),
            }
        }
    }

    fn target(&self, target: Target) -> Result<&'a Context, Stop> {
        self.source.context(resolved(target)?)
    }

    /// Scopes of contexts, as they change where a match begins.
    fn meta_before(
        &self,
        at: usize,
        level: &Context,
        operation: &Operation,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        match operation {
            Operation::Pop => {
                if !level.meta_content_scope.is_empty() {
                    sink.pop(at, level.meta_content_scope.len());
                }
            }
            Operation::Push(targets) => {
                for target in targets {
                    let context = self.target(*target)?;
                    clear(at, context, sink);
                    push(at, &context.meta_scope, sink);
                }
            }
            Operation::Set(targets) => {
                if level.clear_scopes.is_some() {
                    sink.restore(at);
                }
                for target in targets {
                    push(at, &self.target(*target)?.meta_scope, sink);
                }
            }
            Operation::None => {}
        }
        Ok(())
    }

    /// Scopes of contexts, as they change where a match ends.
    fn meta_after(
        &self,
        at: usize,
        level: &Context,
        operation: &Operation,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let (targets, is_set) = match operation {
            Operation::Pop => {
                if !level.meta_scope.is_empty() {
                    sink.pop(at, level.meta_scope.len());
                }
                if level.clear_scopes.is_some() {
                    sink.restore(at);
                }
                return Ok(());
            }
            Operation::Push(targets) => (targets, false),
            Operation::Set(targets) => (targets, true),
            Operation::None => return Ok(()),
        };
        let own = if is_set { level.meta_scope.len() + level.meta_content_scope.len() } else { 0 };
        let mut again = own > 0;
        let mut open = own;
        for target in targets {
            let context = self.target(*target)?;
            again |= !context.meta_content_scope.is_empty() || is_set && context.clear_scopes.is_some();
            open += context.meta_scope.len();
        }
        if !again {
            return Ok(());
        }
        // As syntect: all of them are closed at once and opened again with the content's among them.
        if open > 0 {
            sink.pop(at, open);
        }
        for target in targets {
            let context = self.target(*target)?;
            if is_set {
                clear(at, context, sink);
            }
            push(at, &context.meta_scope, sink);
            push(at, &context.meta_content_scope, sink);
        }
        Ok(())
    }

    /// Where a group of the last match is, if it took part.
    fn group(&self, group: usize) -> Option<(usize, usize)> {
        if self.is_plain { self.groups.span(group) } else { self.region.pos(group) }
    }

    /// Changes the stack of contexts.
    fn stack(&mut self, line: &str, pattern: &'a Pattern, state: &mut State) -> Result<(), Stop> {
        let (targets, mut kept) = match &pattern.operation {
            Operation::None => return Ok(()),
            Operation::Pop => {
                state.stack.pop();
                self.scene = None;
                return Ok(());
            }
            Operation::Push(targets) => (targets, None),
            // What was imposed stays imposed until the level is popped.
            Operation::Set(targets) => (targets, state.stack.pop().map(|level| level.prototypes)),
        };
        self.scene = None;
        for (index, target) in targets.iter().enumerate() {
            let mut prototypes = kept.take().unwrap_or_default();
            if index + 1 == targets.len()
                && let Some(prototype) = pattern.with_prototype
            {
                prototypes.push(resolved(prototype)?);
            }
            let id = resolved(*target)?;
            let mut uses_groups = self.source.context(id)?.uses_backrefs;
            for prototype in &prototypes {
                uses_groups |= self.source.context(*prototype)?.uses_backrefs;
            }
            let groups = uses_groups.then(|| {
                let group =
                    |group| self.group(group).and_then(|(start, end)| Some(line.get(start..end)?.into()));
                // A source refers to one by a digit.
                (0..10).map(group).collect()
            });
            state.stack.push(Level { context: id, prototypes, groups });
        }
        Ok(())
    }
}

fn resolved(target: Target) -> Result<ContextId, Stop> {
    target.ok_or(Stop::Grammar("it refers to a context that is not there"))
}

fn push(at: usize, scopes: &[Scope], sink: &mut impl Sink) {
    for scope in scopes {
        sink.push(at, scope);
    }
}

fn clear(at: usize, context: &Context, sink: &mut impl Sink) {
    let amount: Option<ClearAmount> = context.clear_scopes;
    if let Some(amount) = amount {
        sink.clear(at, amount);
    }
}
