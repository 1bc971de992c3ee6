//! YAML to the tree, from the parser's events.
//!
//! In: a [`Source`]. Out: entries in the order written, up to the first mistake in the syntax,
//! which is reported in plain words with the rest. Scalars follow YAML 1.2's core schema, so `yes`
//! and `2026-01-01` are text. Depth and the growth by aliases are bounded; the caller bounds size.

use std::collections::{BTreeMap, HashMap};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use super::{Entry, Kind, MAX_DEPTH, Source, Value};
use crate::diagnostic::{Diagnostic, Span};

/// Most bytes, roughly, that aliases may add.
const MAX_COPIED: usize = 4 << 20;

/// The entries of a YAML source, and what is not YAML in it.
pub(super) fn parse(source: &Source<'_>) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    options.disallow_directives = true;
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    let mut tree = Tree {
        source,
        open: Vec::new(),
        root: None,
        anchors: BTreeMap::new(),
        copied: 0,
        last: 0,
        diagnostics: Vec::new(),
    };
    for event in Parser::new_from_str_with_options(&source.text[source.block.clone()], options) {
        let go_on = match event {
            Ok((event, span)) => tree.event(event, &span),
            Err(error) => tree.syntax(&error),
        };
        if go_on.is_none() {
            break;
        }
    }
    tree.finish()
}

/// A list or table that is being filled.
struct Open {
    start: Span,
    style: StructureStyle,
    anchor: usize,
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Table { entries: Vec<Entry>, key: Option<(String, Span)>, known: HashMap<String, Span> },
}

/// A value that an alias may repeat, with what a copy of it costs.
struct Anchored {
    value: Value,
    depth: usize,
    cost: usize,
}

struct Tree<'s, 't> {
    source: &'s Source<'t>,
    open: Vec<Open>,
    root: Option<Value>,
    anchors: BTreeMap<usize, Anchored>,
    copied: usize,
    /// Where the last event ended.
    last: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Tree<'_, '_> {
    /// Takes one event; `None` when the rest is not worth reading.
    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Option<()> {
        let range = span.byte_range().unwrap_or(0..0);
        self.last = self.last.max(range.end);
        let at = if range.is_empty() {
            Span::from(range).shifted(self.source.block.start)
        } else {
            self.source.span(range)
        };
        match event {
            Event::DocumentStart(true, _) if self.root.is_some() => {
                self.problem(at, "a second `---` block", "keep one block of keys at the top of the file")
            }
            Event::Scalar(text, style, anchor, tag) => {
                let as_text = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                let kind = match style {
                    ScalarStyle::Plain if !as_text => plain_scalar(text.as_ref()),
                    _ => Kind::Text(text.into_owned()),
                };
                self.place(Value { kind, span: self.trimmed(at) }, anchor, 0)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(at, style, anchor, Content::List(Vec::new()));
                Some(())
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(
                    at,
                    style,
                    anchor,
                    Content::Table { entries: Vec::new(), key: None, known: HashMap::new() },
                );
                Some(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            _ => Some(()),
        }
    }

    fn open(&mut self, start: Span, style: StructureStyle, anchor: usize, content: Content) {
        self.open.push(Open { start, style, anchor, depth: 0, content });
    }

    fn close(&mut self, end: Span) -> Option<()> {
        let Open { start, style, anchor, depth, content } = self.open.pop()?;
        let (kind, last) = match content {
            Content::List(items) => {
                let last = items.last().map(|item| item.span);
                (Kind::List(items), last)
            }
            Content::Table { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span.max(entry.key_span));
                (Kind::Table(entries), last)
            }
        };
        // The end of block style is the next thing that is not part of it.
        let end = match style {
            StructureStyle::Flow => end.end,
            StructureStyle::Block => last.map_or(start.end, |last| last.end).max(start.end),
        };
        self.place(Value { kind, span: Span { start: start.start, end } }, anchor, depth + 1)
    }

    /// Puts a finished value where it belongs: the root, a list, or a table's key or value.
    fn place(&mut self, value: Value, anchor: usize, depth: usize) -> Option<()> {
        if anchor != 0 {
            let anchored = Anchored { depth, cost: cost(&value), value: value.clone() };
            self.copied += anchored.cost;
            if self.copied > MAX_COPIED {
                return self.problem(value.span, "`&` and `*` repeat too much", "write the values out");
            }
            self.anchors.insert(anchor, anchored);
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(value);
            return Some(());
        };
        parent.depth = parent.depth.max(depth);
        let (entries, key, known) = match &mut parent.content {
            Content::List(items) => {
                items.push(value);
                return Some(());
            }
            Content::Table { entries, key, known } => (entries, key, known),
        };
        if let Some((key, key_span)) = key.take() {
            if let Some(first) = first_of(&key, entries, known) {
                let found = self.source.duplicate(&key, key_span, Some(first));
                self.diagnostics.push(found);
            } else {
                if !known.is_empty() {
                    known.insert(key.clone(), key_span);
                }
                entries.push(Entry { key, key_span, value });
            }
            return Some(());
        }
        let name = match value.kind {
            Kind::Text(text) => text,
            Kind::List(_) | Kind::Table(_) => {
                return self.problem(value.span, "a list or group as a key", "use a word as the key");
            }
            _ => self.source.slice(value.span).to_owned(),
        };
        *key = Some((name, value.span));
        Some(())
    }

    fn alias(&mut self, anchor: usize, at: Span) -> Option<()> {
        let name = self.source.slice(at);
        let Some(Anchored { value, depth, cost }) = self.anchors.get(&anchor) else {
            return self.problem(
                at,
                format!("`{name}` stands inside what it repeats"),
                "write the value out",
            );
        };
        self.copied += cost;
        if self.copied > MAX_COPIED || self.open.len() + depth > MAX_DEPTH {
            return self.problem(
                at,
                format!("`{name}` repeats too much"),
                "write the value out, or shorten it",
            );
        }
        let (value, depth) = (value.clone(), *depth);
        self.place(value, 0, depth)
    }

    /// Block scalars end with line ends that nobody means to point at.
    fn trimmed(&self, span: Span) -> Span {
        let end = span.start as usize + self.source.slice(span).trim_end().len();
        Span { start: span.start, end: Span::new(end, end).end }
    }

    /// Reports something after which reading on would only mislead.
    fn problem(&mut self, span: Span, message: impl Into<String>, help: &str) -> Option<()> {
        self.diagnostics.push(self.source.problem(span, message).help(help));
        None
    }

    fn syntax(&mut self, error: &ScanError) -> Option<()> {
        let at = error.marker().byte_offset().unwrap_or(self.last);
        let unclosed = self.open.iter().rfind(|open| open.style == StructureStyle::Flow);
        if let Some(open) = unclosed
            && follows_from_unclosed(error.kind())
        {
            let bracket = self.source.slice(open.start);
            let close = if bracket == "{" { "}" } else { "]" };
            let message = format!("`{bracket}` is never closed");
            return self.problem(open.start, message, &format!("write `{close}` after the last value"));
        }
        let block = &self.source.text[self.source.block.clone()];
        if matches!(error.kind(), ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent)
            && let Some(quote) = block.get(self.last..).and_then(|rest| rest.find(['"', '\'']))
        {
            let start = self.last + quote;
            let span = self.source.span(start..start + 1);
            let quote = self.source.slice(span);
            let message = format!("a quoted text that is never closed with `{quote}`");
            return self.problem(
                span,
                message,
                &format!("end it with `{quote}`, or indent its further lines"),
            );
        }
        // The parser may stand behind a tab that it does not like.
        let is_behind = is_of_tabs(error.kind()) && block.get(..at).is_some_and(|text| text.ends_with('\t'));
        let at = if is_behind { at - 1 } else { at };
        let span = self.source.span(at..at);
        let (message, help) = plain(error.kind(), self.source.slice(span));
        let help = match error.kind() {
            ErrorKind::MappingValueNotAllowed => self.quoted_line(span).unwrap_or(help),
            _ => help,
        };
        self.problem(span, message, &help)
    }

    /// The line of a stray `: ` as it should be: `title: "Back end: what is it?"`.
    fn quoted_line(&self, span: Span) -> Option<String> {
        let block = &self.source.text[self.source.block.clone()];
        let at = span.start as usize - self.source.block.start;
        let line = block[block[..at].rfind('\n').map_or(0, |newline| newline + 1)..].lines().next()?;
        let (key, value) = line.split_once(": ")?;
        let value = value.trim();
        let fits = !value.is_empty() && !value.contains(['"', '\\']) && line.chars().count() <= 100;
        fits.then(|| format!("put the value in quotes: `{}: \"{value}\"`", key.trim_start()))
    }

    fn finish(mut self) -> (Vec<Entry>, Vec<Diagnostic>) {
        // After a mistake, the entries before it still count; the one that holds it does not.
        self.open.truncate(1);
        if let Some(Open { content: Content::Table { key, .. }, .. }) = self.open.last_mut() {
            *key = None;
            let end = self.source.span(self.last..self.last);
            self.close(end);
        }
        let entries = match self.root.take() {
            Some(Value { kind: Kind::Table(entries), .. }) => entries,
            None | Some(Value { kind: Kind::Null, .. }) => Vec::new(),
            Some(Value { span, .. }) => {
                if self.diagnostics.is_empty() {
                    let first = self.source.slice(span).lines().next().unwrap_or_default().len();
                    let span = Span::new(span.start as usize, span.start as usize + first);
                    self.problem(
                        span,
                        "this is not a key with a value",
                        "write `key: value`, with a space after `:`",
                    );
                }
                Vec::new()
            }
        };
        (entries, self.diagnostics)
    }
}

/// Where a key stands already. Few entries are looked through; of many the keys are `known`.
fn first_of(key: &str, entries: &[Entry], known: &mut HashMap<String, Span>) -> Option<Span> {
    const FEW: usize = 32;
    if entries.len() < FEW {
        return entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span);
    }
    if known.is_empty() {
        known.extend(entries.iter().map(|entry| (entry.key.clone(), entry.key_span)));
    }
    known.get(key).copied()
}

/// Roughly the bytes a copy takes.
fn cost(value: &Value) -> usize {
    64 + match &value.kind {
        Kind::Text(text) => text.len(),
        Kind::List(items) => items.iter().map(cost).sum(),
        Kind::Table(entries) => entries.iter().map(|entry| entry.key.len() + cost(&entry.value)).sum(),
        _ => 0,
    }
}

/// A scalar without quotes, by YAML 1.2's core schema (10.3.2).
fn plain_scalar(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Kind::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Kind::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Kind::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        let digits_only = digits.starts_with(|first: char| first.is_digit(radix));
        digits_only.then(|| i64::from_str_radix(digits, radix).ok()).flatten()
    };
    if let Some(number) = text.parse().ok().or_else(|| radix("0x", 16)).or_else(|| radix("0o", 8)) {
        return Kind::Integer(number);
    }
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'))
        && text.contains(|sign: char| sign.is_ascii_digit())
        && text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '+' | '-' | '.' | 'e' | 'E'));
    match text.parse() {
        Ok(number) if numeric => Kind::Float(number),
        _ => Kind::Text(text.to_owned()),
    }
}

/// Whether a mistake inside `[` or `{` is what a missing bracket looks like to the parser.
fn follows_from_unclosed(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::MappingValueNotAllowed
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::BlockEntryInFlowCollection
    )
}

/// Whether a mistake is a tab where there may be none.
fn is_of_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// The parser's kinds in a writer's words, with what to do.
fn plain(kind: &ErrorKind, found: &str) -> (String, String) {
    let (message, help) = match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "`:` inside a value, or a key that is indented too far".to_owned(),
            "put a value that holds `: ` in quotes",
        ),
        kind if is_of_tabs(kind) => ("a tab in the indentation".to_owned(), "indent with spaces"),
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a value cannot begin with `{character}`"), "put the value in quotes")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar | ErrorKind::InvalidTrailingSingleQuotedScalar => {
            ("more text after a quoted value".to_owned(), "put all of the value in quotes, or none of it")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::ExpectedBlockMappingKey => {
            ("this is not a key with a value".to_owned(), "write `key: value`, with a space after `:`")
        }
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::ExpectedBlockSequenceEntry => (
            "a list item where none can stand".to_owned(),
            "begin the list on a line of its own, or put the value in quotes",
        ),
        ErrorKind::InvalidIndentation | ErrorKind::InvalidBlockScalarIndent => {
            ("a line with the wrong indentation".to_owned(), "indent it like its neighbours")
        }
        ErrorKind::UnknownAnchor => {
            ("a `*name` without its `&name`".to_owned(), "put a value that begins with `*` in quotes")
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "an unknown `\\` sign in double quotes".to_owned(),
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::RecursionLimitExceeded => ("values nested too deeply".to_owned(), "flatten them"),
        ErrorKind::DirectiveDisallowed => (format!("`{found}` begins no key"), "write `key: value`"),
        ErrorKind::MisplacedFlowCollectionEnd => {
            (format!("`{found}` closes nothing"), "remove it, or put the value in quotes")
        }
        other => (other.to_string(), "put the value in quotes if it is meant as text"),
    };
    (message, help.to_owned())
}
