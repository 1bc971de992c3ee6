//! What a pattern could match, read from its Oniguruma source.
//!
//! In: the source of a pattern (Oniguruma's own syntax, <https://github.com/kkos/oniguruma/blob/master/doc/RE>).
//! Out: a [`Node`] tree that matches wherever the pattern does, and perhaps elsewhere. Decides no
//! match: what cannot be said in the tree (back-references, recursion, conditions) is
//! [`Node::Anything`], which always could match. Characters beyond ASCII are all one.

mod class;

use super::set::{LOWER, Set, UPPER};
use class::{Class, Member};

/// What a pattern could match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Empty,
    Set(Set),
    All(Vec<Node>),
    OneOf(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    /// A group, by its number.
    Group(u32, Box<Node>),
    Ahead(Box<Node>),
    NotAhead(Box<Node>),
    Behind(Box<Node>),
    NotBehind(Box<Node>),
    WordEdge,
    NoWordEdge,
    LineStart,
    TextStart,
    LineEnd,
    TextEnd,
    Anything,
}

/// A pattern, read.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) node: Node,
    /// Whether it matches depends on where the search for it began (`\G`), or its match begins
    /// elsewhere than it was found (`\K`): it has to be searched for as the grammar's parser would.
    pub(super) bound_to_search: bool,
    /// In ASCII text the tree matches exactly what the pattern matches, branches in their order and
    /// repetitions as long as they can be.
    pub(super) exact: bool,
}

/// Reads the source of a pattern.
pub(super) fn read(source: &str) -> Outline {
    let mut reader = Reader {
        rest: source,
        flags: Flags::default(),
        depth: 0,
        bound_to_search: false,
        exact: true,
        groups: 0,
    };
    let node = match reader.one_of() {
        Ok(node) if reader.rest.is_empty() => node,
        _ => Node::Anything,
    };
    let bound_to_search = reader.bound_to_search || node == Node::Anything && source.contains(r"\G");
    Outline { exact: reader.exact && node != Node::Anything, node, bound_to_search }
}

/// Something the tree cannot say, or a pattern that is not well formed.
struct Unclear;

type Read<T> = Result<T, Unclear>;

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    any_case: bool,
    extended: bool,
    dot_all: bool,
}

struct Reader<'a> {
    rest: &'a str,
    flags: Flags,
    depth: u32,
    bound_to_search: bool,
    exact: bool,
    groups: u32,
}

/// Groups within groups; no grammar comes near.
const DEEPEST: u32 = 200;

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Everything up to a character, which is skipped.
    fn until(&mut self, end: char) -> Read<&str> {
        let (before, rest) = self.rest.split_once(end).ok_or(Unclear)?;
        self.rest = rest;
        Ok(before)
    }

    fn one_of(&mut self) -> Read<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unclear);
        }
        let mut branches = vec![self.all()?];
        while self.eat("|") {
            branches.push(self.all()?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Node::OneOf(branches) })
    }

    fn all(&mut self) -> Read<Node> {
        let mut nodes = Vec::new();
        loop {
            self.skip_layout();
            let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) else { break };
            let node = match c {
                '(' => {
                    self.next();
                    self.group()?
                }
                '[' => {
                    self.next();
                    let class = self.class()?;
                    self.set(class)
                }
                '\\' => {
                    self.next();
                    self.escape()?
                }
                '*' | '+' | '?' => return Err(Unclear),
                _ => {
                    self.next();
                    match c {
                        '.' if self.flags.dot_all => Node::Set(Set::ALL),
                        '.' => Node::Set(Set::char('\n').not()),
                        '^' => Node::LineStart,
                        '$' => Node::LineEnd,
                        c => self.literal(c),
                    }
                }
            };
            nodes.push(self.repeated(node)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.swap_remove(0),
            _ => Node::All(nodes),
        })
    }

    /// Skips what is not part of an extended pattern.
    fn skip_layout(&mut self) {
        while self.flags.extended {
            let rest = self.rest.trim_start();
            self.rest = match rest.strip_prefix('#') {
                Some(comment) => comment.split_once('\n').map_or("", |(_, rest)| rest),
                None if rest.len() == self.rest.len() => return,
                None => rest,
            };
        }
    }

    fn literal(&self, c: char) -> Node {
        if self.flags.any_case && !c.is_ascii() {
            // It may fold to several ASCII letters.
            return Node::Anything;
        }
        Node::Set(self.folded(Set::char(c)))
    }

    fn set(&mut self, class: Class) -> Node {
        let set = Node::Set(self.folded(class.set));
        self.exact &= class.exact && !(self.flags.any_case && class.negated);
        // What is not in an inexact set may be meant all the same: no `Set` as such.
        if class.exact && !self.flags.any_case { set } else { Node::Repeat(Box::new(set), 1, Some(1)) }
    }

    fn folded(&self, set: Set) -> Set {
        if self.flags.any_case && (set.ascii & (LOWER | UPPER) != 0 || set.beyond) {
            set.in_any_case()
        } else {
            set
        }
    }

    fn repeated(&mut self, mut node: Node) -> Read<Node> {
        loop {
            self.skip_layout();
            let (least, most) = match self.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => {
                    let Some((least, most, length)) = interval(self.rest) else { return Ok(node) };
                    self.rest = &self.rest[length..];
                    // `{n}?` is no lazy interval but an optional one.
                    let least = if self.peek() == Some('?') && most == Some(least) { 0 } else { least };
                    self.exact &= !self.eat("?");
                    node = Node::Repeat(Box::new(node), least, most);
                    continue;
                }
                _ => return Ok(node),
            };
            self.next();
            self.exact &= !(self.eat("?") || self.eat("+"));
            node = Node::Repeat(Box::new(node), least, most);
        }
    }

    /// A group, its opening parenthesis read.
    fn group(&mut self) -> Read<Node> {
        let outer = self.flags;
        if self.rest.starts_with('*') {
            return Err(Unclear);
        }
        let mut number = None;
        let wrap: fn(Box<Node>) -> Node = if self.eat("?") {
            if self.eat("#") {
                self.until(')')?;
                return Ok(Node::Empty);
            }
            if self.eat(":") {
                |node| *node
            } else if self.eat(">") {
                self.exact = false;
                |node| *node
            } else if self.eat("=") {
                Node::Ahead
            } else if self.eat("!") {
                Node::NotAhead
            } else if self.eat("<=") {
                Node::Behind
            } else if self.eat("<!") {
                Node::NotBehind
            } else if self.eat("<") {
                self.until('>')?;
                self.exact = false;
                |node| *node
            } else if self.eat("'") {
                self.until('\'')?;
                self.exact = false;
                |node| *node
            } else {
                self.options()?;
                if self.peek() == Some(')') {
                    // Options for all that follows in the group around, its other branches too.
                    self.next();
                    let node = self.one_of()?;
                    self.flags = outer;
                    return Ok(node);
                }
                self.next();
                |node| *node
            }
        } else {
            self.groups += 1;
            number = Some(self.groups);
            |node| *node
        };
        let node = self.one_of()?;
        self.flags = outer;
        if !self.eat(")") {
            return Err(Unclear);
        }
        let node = Box::new(node);
        Ok(match number {
            Some(number) => Node::Group(number, node),
            None => wrap(node),
        })
    }

    /// Option letters, up to the `:` or `)` after them.
    fn options(&mut self) -> Read<()> {
        let mut on = true;
        loop {
            match self.peek().ok_or(Unclear)? {
                ':' | ')' => return Ok(()),
                '-' => on = false,
                'i' => self.flags.any_case = on,
                'x' => self.flags.extended = on,
                'm' => self.flags.dot_all = on,
                _ => return Err(Unclear),
            }
            self.next();
        }
    }

    /// An escape outside a class, its backslash read.
    fn escape(&mut self) -> Read<Node> {
        let c = self.peek().ok_or(Unclear)?;
        let node = match c {
            'b' => Node::WordEdge,
            'B' => Node::NoWordEdge,
            'A' => Node::TextStart,
            'Z' => {
                // Only before the last line end.
                self.exact = false;
                Node::LineEnd
            }
            'z' => Node::TextEnd,
            'G' | 'K' => {
                self.bound_to_search = true;
                Node::Anything
            }
            'N' => Node::Set(Set::char('\n').not()),
            'O' => Node::Set(Set::ALL),
            'R' => {
                self.exact = false;
                let one = Set { beyond: true, ..Set::chars("\n\u{b}\u{c}\r") };
                Node::All(vec![
                    Node::Set(one),
                    Node::Repeat(Box::new(Node::Set(Set::char('\n'))), 0, Some(1)),
                ])
            }
            'y' | 'Y' => {
                self.exact = false;
                Node::Empty
            }
            'X' | 'C' | 'M' => return Err(Unclear),
            'k' | 'g' if self.rest[1..].starts_with(['<', '\'']) => {
                let close = if self.rest[1..].starts_with('<') { '>' } else { '\'' };
                self.rest = &self.rest[2..];
                self.until(close)?;
                return Ok(Node::Anything);
            }
            '1'..='9' => {
                self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
                return Ok(Node::Anything);
            }
            _ => {
                return Ok(match self.member()? {
                    Member::Char(c) => self.literal(c),
                    Member::Class(class) => self.set(class),
                });
            }
        };
        self.next();
        Ok(node)
    }
}

/// `{n}`, `{n,}`, `{,m}` or `{n,m}` at the start of a text: its bounds and its length.
fn interval(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let (inside, _) = text.strip_prefix('{')?.split_once('}')?;
    let number = |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    let (least, most) = match inside.split_once(',') {
        None => (number(inside)?, Some(number(inside)?)),
        Some(("", most)) => (0, Some(number(most)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    let swapped = most.is_some_and(|most| most < least);
    let (least, most) = if swapped { (most.unwrap_or(0), Some(least)) } else { (least, most) };
    Some((least, most, inside.len() + 2))
}
