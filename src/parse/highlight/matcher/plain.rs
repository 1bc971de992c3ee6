//! Plain patterns, matched without the exact engine: those whose whole meaning is in their outline.
//!
//! In: an [`Outline`], and a position in a line. Out: where the match there ends, or that only the
//! exact engine can tell.
//!
//! Most matches in code are of patterns such as `\b\d+\b` or `(?=\))`, for which calling into a
//! library, and compiling large Unicode classes for it first, is most of the cost. The outcome is
//! that of backtracking, as the order of branches is kept; as soon as a character beyond ASCII is
//! looked at, or many steps were taken, the answer is left to the exact engine.

use super::pattern::{Node, Outline};
use super::set::WORD;

/// A pattern in the form of small steps.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// What its steps read.
    sets: Vec<u128>,
    groups: u32,
}

/// Where the groups of a match begin and end, the whole match first; kept from match to match for
/// its memory.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Start and end of each group in turn.
    edges: Vec<usize>,
    /// What to go back to: a step and a position, or an edge and what it was.
    others: Vec<(u32, usize)>,
}

/// No edge was set.
const NOWHERE: usize = usize::MAX;
/// Marks an edge to set back, rather than a step.
const EDGE: u32 = 1 << 31;

impl Groups {
    /// Where a group is, if it took part.
    pub(super) fn span(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (*self.edges.get(group * 2)?, *self.edges.get(group * 2 + 1)?);
        (start != NOWHERE && end != NOWHERE).then_some((start, end))
    }

    fn begin(&mut self, groups: u32) {
        self.others.clear();
        self.edges.clear();
        self.edges.resize(groups as usize * 2 + 2, NOWHERE);
    }

    /// The last step and position to go back to, above some height; edges set since are set back.
    fn back(&mut self, height: usize) -> Option<(usize, usize)> {
        while self.others.len() > height {
            let (what, value) = self.others.pop()?;
            if what & EDGE == 0 {
                return Some((what as usize, value));
            }
            self.edges[(what & !EDGE) as usize] = value;
        }
        None
    }

    fn set(&mut self, edge: u32, at: usize) {
        let was = std::mem::replace(&mut self.edges[edge as usize], at);
        self.others.push((edge | EDGE, was));
    }
}

/// Small, as a list of words is hundreds of them.
#[derive(Debug)]
enum Step {
    /// Reads a character of a set, by its number.
    Read(u16),
    /// Reads one character.
    Byte(u8),
    /// Notes an edge of a group.
    Edge(u32),
    /// Goes on with the first, and with the second if that fails.
    Try(u32, u32),
    Go(u32),
    Condition(Condition),
    /// Whether what follows matches here, up to its `Match`; goes on after that.
    Look {
        wanted: bool,
        after: u32,
    },
    Match,
}

#[derive(Debug, Clone, Copy)]
enum Condition {
    WordEdge,
    NoWordEdge,
    LineStart,
    TextStart,
    LineEnd,
    TextEnd,
    Before { set: u16, wanted: bool },
}

/// What came of matching.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It matches up to there.
    Match(usize),
    NoMatch,
    /// The exact engine has to be asked.
    Unclear,
}

/// Steps of a program; longer ones are left to the exact engine.
const LONGEST: usize = 3_000;
/// Steps taken in one match before it is left to the exact engine.
const PATIENCE: u32 = 1_500;

/// What cannot be said in a program.
struct NotPlain;

impl Program {
    /// Nothing if the pattern is not plain.
    pub(super) fn new(outline: &Outline) -> Option<Self> {
        if !outline.exact {
            return None;
        }
        let mut program = Self { steps: Vec::new(), sets: Vec::new(), groups: 0 };
        program.node(&outline.node).ok()?;
        program.steps.push(Step::Match);
        (program.steps.len() <= LONGEST).then_some(program)
    }

    /// Matches at a position.
    pub(super) fn at(&self, line: &[u8], at: usize, groups: &mut Groups) -> Answer {
        groups.begin(self.groups);
        let mut left = PATIENCE;
        match self.run(line, 0, at, &mut left, groups) {
            Ok(Some(end)) => {
                (groups.edges[0], groups.edges[1]) = (at, end);
                Answer::Match(end)
            }
            Ok(None) => Answer::NoMatch,
            Err(NotPlain) => Answer::Unclear,
        }
    }

    fn run(
        &self,
        line: &[u8],
        first: usize,
        start: usize,
        left: &mut u32,
        groups: &mut Groups,
    ) -> Result<Option<usize>, NotPlain> {
        let height = groups.others.len();
        let (mut step, mut at) = (first, start);
        loop {
            *left = left.checked_sub(1).ok_or(NotPlain)?;
            let next = match &self.steps[step] {
                Step::Match => return Ok(Some(at)),
                Step::Read(_) | Step::Byte(_) => {
                    let fits = self.reads(step, line.get(at).copied())?;
                    at += usize::from(fits);
                    fits.then_some(step + 1)
                }
                Step::Edge(edge) => {
                    groups.set(*edge, at);
                    Some(step + 1)
                }
                Step::Try(one, other) => {
                    // Most branches end at their first character.
                    if self.reads(*one as usize, line.get(at).copied())? {
                        groups.others.push((*other, at));
                        Some(*one as usize)
                    } else {
                        Some(*other as usize)
                    }
                }
                Step::Go(to) => Some(*to as usize),
                Step::Condition(condition) => self.holds(*condition, line, at)?.then_some(step + 1),
                Step::Look { wanted, after } => {
                    let above = groups.others.len();
                    let found = self.run(line, step + 1, at, left, groups)?.is_some();
                    if found && *wanted {
                        // No other way of looking is tried later, but groups may be set back.
                        let mut kept = above;
                        for index in above..groups.others.len() {
                            if groups.others[index].0 & EDGE != 0 {
                                groups.others[kept] = groups.others[index];
                                kept += 1;
                            }
                        }
                        groups.others.truncate(kept);
                    } else {
                        while groups.back(above).is_some() {}
                    }
                    (found == *wanted).then_some(*after as usize)
                }
            };
            match next {
                Some(next) => step = next,
                None => match groups.back(height) {
                    Some(other) => (step, at) = other,
                    None => return Ok(None),
                },
            }
        }
    }

    /// Whether a step takes a character, nothing being the end of the text; true of one that reads none.
    fn reads(&self, step: usize, byte: Option<u8>) -> Result<bool, NotPlain> {
        let (is_ascii, fits) = match self.steps[step] {
            Step::Read(set) => (
                byte.is_none_or(|byte| byte.is_ascii()),
                byte.is_some_and(|byte| self.sets[usize::from(set)] >> (byte & 0x7f) & 1 == 1),
            ),
            Step::Byte(wanted) => (byte.is_none_or(|byte| byte.is_ascii()), byte == Some(wanted)),
            _ => (true, true),
        };
        if is_ascii { Ok(fits) } else { Err(NotPlain) }
    }

    fn set(&mut self, set: u128) -> Result<u16, NotPlain> {
        let number = self.sets.iter().position(|known| *known == set).unwrap_or(self.sets.len());
        if number == self.sets.len() {
            self.sets.push(set);
        }
        u16::try_from(number).map_err(|_| NotPlain)
    }

    fn here(&self) -> u32 {
        number(self.steps.len())
    }

    fn node(&mut self, node: &Node) -> Result<(), NotPlain> {
        if self.steps.len() > LONGEST {
            return Err(NotPlain);
        }
        match node {
            Node::Empty => {}
            Node::Set(set) if set.ascii.is_power_of_two() => {
                // A character of ASCII has one of the first 128 bits.
                self.steps.push(Step::Byte(u8::try_from(set.ascii.trailing_zeros()).unwrap_or_default()));
            }
            Node::Set(set) => {
                let read = Step::Read(self.set(set.ascii)?);
                self.steps.push(read);
            }
            Node::All(nodes) => nodes.iter().try_for_each(|node| self.node(node))?,
            Node::OneOf(branches) => self.one_of(branches)?,
            Node::Repeat(node, least, most) => self.repeat(node, *least, *most)?,
            Node::Group(number, node) => {
                self.groups = self.groups.max(*number);
                self.steps.push(Step::Edge(number * 2));
                self.node(node)?;
                self.steps.push(Step::Edge(number * 2 + 1));
            }
            Node::Ahead(node) => self.look(node, true)?,
            Node::NotAhead(node) => self.look(node, false)?,
            Node::Behind(node) => self.before(node, true)?,
            Node::NotBehind(node) => self.before(node, false)?,
            Node::WordEdge => self.condition(Condition::WordEdge),
            Node::NoWordEdge => self.condition(Condition::NoWordEdge),
            Node::LineStart => self.condition(Condition::LineStart),
            Node::TextStart => self.condition(Condition::TextStart),
            Node::LineEnd => self.condition(Condition::LineEnd),
            Node::TextEnd => self.condition(Condition::TextEnd),
            Node::Anything => return Err(NotPlain),
        }
        Ok(())
    }

    fn condition(&mut self, condition: Condition) {
        self.steps.push(Step::Condition(condition));
    }

    fn before(&mut self, node: &Node, wanted: bool) -> Result<(), NotPlain> {
        let Node::Set(set) = node else { return Err(NotPlain) };
        let set = self.set(set.ascii)?;
        self.condition(Condition::Before { set, wanted });
        Ok(())
    }

    fn look(&mut self, node: &Node, wanted: bool) -> Result<(), NotPlain> {
        let look = self.steps.len();
        self.steps.push(Step::Look { wanted, after: 0 });
        self.node(node)?;
        self.steps.push(Step::Match);
        self.steps[look] = Step::Look { wanted, after: self.here() };
        Ok(())
    }

    fn one_of(&mut self, branches: &[Node]) -> Result<(), NotPlain> {
        let mut ends = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let fork = self.steps.len();
            let last = index + 1 == branches.len();
            if !last {
                self.steps.push(Step::Match);
            }
            self.node(branch)?;
            if !last {
                ends.push(self.steps.len());
                self.steps.push(Step::Match);
                self.steps[fork] = Step::Try(number(fork + 1), self.here());
            }
        }
        for end in ends {
            self.steps[end] = Step::Go(self.here());
        }
        Ok(())
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>) -> Result<(), NotPlain> {
        // A round that reads nothing has rules of its own.
        if !reads(node) || least > 20 || most.is_some_and(|most| most > 20) {
            return Err(NotPlain);
        }
        for _ in 0..least {
            self.node(node)?;
        }
        match most {
            None => {
                let fork = self.steps.len();
                self.steps.push(Step::Match);
                self.node(node)?;
                self.steps.push(Step::Go(number(fork)));
                self.steps[fork] = Step::Try(number(fork + 1), self.here());
            }
            Some(most) => {
                let mut forks = Vec::new();
                for _ in least..most {
                    forks.push(self.steps.len());
                    self.steps.push(Step::Match);
                    self.node(node)?;
                }
                for fork in forks {
                    self.steps[fork] = Step::Try(number(fork + 1), self.here());
                }
            }
        }
        Ok(())
    }
}

/// A place in a program; there are few.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Whether a node always reads a character.
fn reads(node: &Node) -> bool {
    match node {
        Node::Set(_) => true,
        Node::All(nodes) => nodes.iter().any(reads),
        Node::OneOf(nodes) => nodes.iter().all(reads),
        Node::Repeat(node, least, _) => *least > 0 && reads(node),
        Node::Group(_, node) => reads(node),
        _ => false,
    }
}

impl Program {
    fn holds(&self, condition: Condition, line: &[u8], at: usize) -> Result<bool, NotPlain> {
        let ascii = |byte: Option<&u8>| match byte {
            Some(byte) if !byte.is_ascii() => Err(NotPlain),
            byte => Ok(byte.copied()),
        };
        let before = || ascii(at.checked_sub(1).and_then(|at| line.get(at)));
        let after = || ascii(line.get(at));
        let is_word = |byte: Option<u8>| byte.is_some_and(|byte| WORD >> byte & 1 == 1);
        Ok(match condition {
            Condition::WordEdge => is_word(before()?) != is_word(after()?),
            Condition::NoWordEdge => is_word(before()?) == is_word(after()?),
            Condition::LineStart => at == 0 || line.get(at - 1) == Some(&b'\n') && at < line.len(),
            Condition::TextStart => at == 0,
            Condition::LineEnd => line.get(at).is_none_or(|byte| *byte == b'\n'),
            Condition::TextEnd => at == line.len(),
            Condition::Before { set, wanted } => {
                before()?.is_some_and(|byte| self.sets[usize::from(set)] >> byte & 1 == 1) == wanted
            }
        })
    }
}
