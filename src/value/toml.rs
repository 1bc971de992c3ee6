//! TOML to the tree.
//!
//! In: a [`Source`]. Out: entries in the order written, and every mistake in the syntax that the
//! parser can step over, in plain words. Reads no meaning into keys.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use super::{Entry, Kind, Source, Value};
use crate::diagnostic::{Diagnostic, Span};

/// Most complaints of the parser that are looked into. A file with more is no TOML, and telling
/// each would take time that grows with their square.
const MAX_ERRORS: usize = 200;

/// The entries of a TOML source, and what is not TOML in it.
pub(super) fn parse(source: &Source<'_>) -> (Vec<Entry>, Vec<Diagnostic>) {
    let block = &source.text[source.block.clone()];
    let (table, errors) = DeTable::parse_recoverable(block);
    let mut tree = Tree { source, block, faults: Faults::default(), diagnostics: Vec::new() };
    tree.sort_errors(&errors);
    let entries = tree.entries(table.get_ref());
    tree.report(&entries);
    (entries, tree.diagnostics)
}

/// What the parser complained of, by place. The parser goes on after each mistake, so one slip may
/// cause several complaints; only the one that started it is shown.
#[derive(Default)]
struct Faults {
    /// Unquoted text: told by whoever reads the value, who knows what it should have been.
    unquoted: Vec<Range<usize>>,
    /// Dates that the calendar lacks.
    dates: Vec<Range<usize>>,
    /// Keys given twice.
    duplicates: Vec<Range<usize>>,
    /// Ends of lists and inline tables that are never closed.
    unclosed: Vec<usize>,
    /// Everything else, the first on each line.
    others: BTreeMap<usize, (Range<usize>, String)>,
}

struct Tree<'s, 't> {
    source: &'s Source<'t>,
    block: &'t str,
    faults: Faults,
    diagnostics: Vec<Diagnostic>,
}

impl Tree<'_, '_> {
    fn sort_errors(&mut self, errors: &[Error]) {
        for error in errors.iter().take(MAX_ERRORS) {
            let range = error.span().unwrap_or(0..0);
            let message = error.message();
            if message.starts_with("string values must be quoted") {
                self.faults.unquoted.push(range);
            } else if message.starts_with("invalid date") || message.starts_with("invalid time") {
                self.faults.dates.push(range);
            } else if message.starts_with("duplicate key") {
                self.faults.duplicates.push(range);
            } else if message.starts_with("unclosed array,") || message.starts_with("unclosed inline table") {
                self.faults.unclosed.push(range.start);
            } else {
                let line =
                    self.block.as_bytes().iter().take(range.start).filter(|byte| **byte == b'\n').count();
                let first = self.faults.others.get(&line).is_none_or(|(known, _)| range.start < known.start);
                if first {
                    self.faults.others.insert(line, (range, message.to_owned()));
                }
            }
        }
    }

    fn entries(&mut self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().clone().into_owned(),
                key_span: self.source.span(key.span()),
                value: self.value(value.get_ref(), value.span()),
            })
            .collect();
        // The library sorts by name.
        entries.sort_by_key(|entry| entry.key_span);
        entries
    }

    fn value(&mut self, value: &DeValue<'_>, range: Range<usize>) -> Value {
        let span = self.source.span(range.clone());
        let kind = match value {
            DeValue::String(_) if range.is_empty() => {
                let message = "a value is missing after `=`";
                self.diagnostics
                    .push(self.source.problem(span, message).help("write a value, or remove the key"));
                Kind::Null
            }
            DeValue::String(text) if self.faults.unquoted.contains(&range) => Kind::Bare(text.to_string()),
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Boolean(_) | DeValue::Integer(_) | DeValue::Float(_) if self.is_faulty(&range) => {
                self.bare(&range)
            }
            DeValue::Boolean(value) => Kind::Bool(*value),
            DeValue::Integer(number) => {
                let (digits, radix) = (number.as_str(), number.radix());
                if let Ok(value) = i64::from_str_radix(digits, radix) {
                    Kind::Integer(value)
                } else {
                    let message = format!("`{}` is too large a number", self.source.slice(span));
                    self.diagnostics.push(self.source.problem(span, message).help("put it in quotes"));
                    Kind::Null
                }
            }
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(value) => Kind::Float(value),
                Err(_) => self.bare(&range),
            },
            DeValue::Datetime(_) if self.faults.dates.contains(&range) => {
                self.diagnostics.push(self.source.not_a_date(self.source.slice(span), span));
                Kind::Null
            }
            DeValue::Datetime(_) => Kind::Date(self.source.slice(span).to_owned()),
            DeValue::Array(_) | DeValue::Table(_) if self.is_open(&range) => Kind::Null,
            DeValue::Array(items) => {
                Kind::List(items.iter().map(|item| self.value(item.get_ref(), item.span())).collect())
            }
            DeValue::Table(table) => Kind::Table(self.entries(table)),
        };
        Value { kind, span }
    }

    /// Whether the parser disliked something inside a value: the library replaces what begins like
    /// a number or a boolean but is none, such as `no`, `True` or `1.2.3`, by a guess.
    fn is_faulty(&self, range: &Range<usize>) -> bool {
        self.faults.others.values().any(|(other, _)| range.start <= other.start && other.end <= range.end)
    }

    /// What was written instead of that guess.
    fn bare(&mut self, range: &Range<usize>) -> Kind {
        self.faults.others.retain(|_, (other, _)| other.start < range.start || other.end > range.end);
        Kind::Bare(self.block[range.clone()].to_owned())
    }

    /// Whether a list or inline table runs on without end, which is reported at its opening bracket;
    /// what the parser disliked inside follows from that.
    fn is_open(&mut self, range: &Range<usize>) -> bool {
        let Some(index) = self.faults.unclosed.iter().position(|end| *end == range.end) else { return false };
        self.faults.unclosed.swap_remove(index);
        self.faults.others.retain(|_, (other, _)| !range.contains(&other.start) && other.start != range.end);
        let open = self.source.span(range.start..range.start + 1);
        let message = format!("`{}` is never closed", self.source.slice(open));
        let close = if self.source.slice(open) == "{" { "}" } else { "]" };
        self.diagnostics
            .push(self.source.problem(open, message).help(format!("write `{close}` after the last value")));
        true
    }

    fn report(&mut self, entries: &[Entry]) {
        for range in std::mem::take(&mut self.faults.duplicates) {
            let second = self.source.span(range);
            let key = self.source.slice(second);
            let first = first_of(entries, key, second, self.source).or_else(|| self.same_header(second));
            self.diagnostics.push(self.source.duplicate(key, second, first));
        }
        for (_, (range, message)) in std::mem::take(&mut self.faults.others) {
            let span = self.source.span(range);
            let (message, help) = plain(&message, self.source.slice(span));
            let found = self.source.problem(span, message);
            self.diagnostics.push(match help {
                Some(help) => found.help(help),
                None => found,
            });
        }
        for at in std::mem::take(&mut self.faults.unclosed) {
            let span = self.source.span(at..at);
            self.diagnostics.push(self.source.problem(span, "a list or group of keys is never closed"));
        }
    }

    /// The name in an earlier `[header]` that reads like the one around `second`, which replaced it.
    fn same_header(&self, second: Span) -> Option<Span> {
        let at = second.start as usize - self.source.block.start;
        let line_start = self.block[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.block[line_start..].lines().next()?;
        let header = &line[..=line.find(']')?];
        let mut offset = 0;
        for earlier in self.block[..line_start].split_inclusive('\n') {
            if earlier.trim_start().starts_with(header.trim_start()) {
                let start = offset + (earlier.len() - earlier.trim_start().len());
                let name = start + (at - line_start);
                return Some(self.source.span(name..name + (second.end - second.start) as usize));
            }
            offset += earlier.len();
        }
        None
    }
}

/// Where a key that was given again was given first: the last of its name before the second, in the
/// inline table that holds the second if there is one.
fn first_of(entries: &[Entry], key: &str, second: Span, source: &Source<'_>) -> Option<Span> {
    let mut first = None;
    for entry in entries {
        if let Kind::Table(inner) = &entry.value.kind {
            let inline = source.slice(entry.value.span).starts_with('{');
            let holds = entry.value.span.start < second.start && second.end <= entry.value.span.end;
            if inline && holds {
                return first_of(inner, key, second, source);
            }
            if !inline && let Some(found) = first_of(inner, key, second, source) {
                first = first.max(Some(found));
            }
        }
        if source.slice(entry.key_span) == key && entry.key_span < second {
            first = first.max(Some(entry.key_span));
        }
    }
    first
}

/// The library's words in a writer's, with what to do.
fn plain(message: &str, found: &str) -> (String, Option<&'static str>) {
    const WORDS: &[(&str, &str, &str)] = &[
        ("key with no value", "a key without a value", "write `key = value`"),
        ("invalid unquoted key", "a key with a sign that keys cannot have", "put the key in quotes"),
        ("unquoted keys cannot be empty", "a value without a key", "write `key = value`"),
        ("missing value for key", "a key without a value", "write `key = value`"),
        ("missing assignment", "a key without a value", "write `key = value`"),
        ("extra `=`", "one `=` too many", "write `key = value`, and quotes round a value that holds `=`"),
        (
            "extra assignment",
            "one `=` too many",
            "write `key = value`, and quotes round a value that holds `=`",
        ),
        ("unexpected key or value", "more text after a value", "give each key a line of its own"),
        ("unexpected content", "text that belongs to no key", "write `key = value`"),
        ("invalid basic string", "a text whose quotes are not closed", "end it with `\"` on the same line"),
        ("invalid literal string", "a text whose quotes are not closed", "end it with `'` on the same line"),
        ("invalid multi-line", "a text whose quotes are not closed", "end it with three quotes"),
        (
            "missing escaped value",
            "an unknown `\\` sign",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ("unclosed table", "a `[` that is never closed", "write `]` after the name"),
        ("unclosed array table", "`[[` that is never closed", "write `]]` after the name"),
        ("missing comma", "a comma is missing", "put `,` between the values"),
        ("extra comma", "one comma too many", "put one `,` between the values"),
        ("cannot extend value", "a key inside something that holds no keys", "give it another name"),
        ("cannot recurse", "values nested too deeply", "flatten them"),
        ("recursion limit", "values nested too deeply", "flatten them"),
        ("carriage return", "a stray carriage return", "save the file with ordinary line ends"),
    ];
    if found == ":" {
        return ("`:` after a key".to_owned(), Some("here a value follows `=`: write `key = value`"));
    }
    match WORDS.iter().find(|(theirs, ..)| message.starts_with(theirs)) {
        Some((_, ours, help)) => ((*ours).to_owned(), Some(*help)),
        None => (message.to_owned(), None),
    }
}
