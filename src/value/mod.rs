//! TOML, YAML and CSV as one tree in which every key and value knows its place.
//!
//! In: a file's text and the part of it that holds settings. Out: [`Entry`]s in the order written,
//! with diagnostics for what is not well-formed; [`Reader`] turns them into typed values. Knows no
//! key and no stage, and reads no file.

pub mod csv;
pub mod free;
mod group;
mod reader;
pub mod shape;
mod toml;
mod yaml;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Span};
pub use group::Group;
pub(crate) use reader::listed;
pub use reader::{Field, Reader};

/// Deepest nesting of lists and tables, and the reason why recursion over a tree is safe.
const MAX_DEPTH: usize = 80;

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where, in bytes from the top of the file.
    pub span: Span,
}

/// One value of a settings file, of either syntax.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where, in bytes from the top of the file; quotes and brackets included.
    pub span: Span,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// YAML's empty value or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text. In YAML dates are text as well.
    Text(String),
    /// TOML text that lacks its quotes: a mistake, unless a reader has a better name for it.
    Bare(String),
    /// A TOML date or time, as it was written.
    Date(String),
    /// A list.
    List(Vec<Value>),
    /// Keys with values, in the order written; a key may occur once only.
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, without quotes.
    pub key: String,
    /// Where the key is.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

impl fmt::Display for Kind {
    /// The kind in a writer's words, with an article.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) | Self::Bare(_) => "text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a group of keys",
        })
    }
}

/// A file, the part of it that is read, and the code that its problems carry.
#[derive(Debug, Clone)]
pub struct Source<'t> {
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// All of its text.
    pub text: &'t str,
    /// The bytes that hold TOML or YAML.
    pub block: Range<usize>,
    /// What a problem with its syntax, a type or a value is called.
    pub code: Code,
}

/// Which syntax a source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// TOML 1.1.
    Toml,
    /// YAML 1.2, core schema: `yes` and `no` are text.
    Yaml,
}

/// The top-level entries of a source. After a mistake in the syntax, what was understood all the
/// same is still returned, so that its other problems are found in the same run.
#[must_use]
pub fn parse(source: &Source<'_>, syntax: Syntax) -> (Vec<Entry>, Vec<Diagnostic>) {
    match syntax {
        Syntax::Toml => toml::parse(source),
        Syntax::Yaml => yaml::parse(source),
    }
}

impl Source<'_> {
    /// A problem at bytes of the file.
    pub(crate) fn problem(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code, self.path.clone(), span, message)
    }

    /// Something in a date's place that is none.
    pub(crate) fn not_a_date(&self, written: &str, span: Span) -> Diagnostic {
        self.problem(span, format!("`{written}` is not a date"))
            .help("write year, month and day, such as `2026-11-20`, or with a time `2026-11-20 09:30`")
    }

    /// One key twice in one place.
    fn duplicate(&self, key: &str, second: Span, first: Option<Span>) -> Diagnostic {
        let message = format!("`{key}` is given twice");
        let found = Diagnostic::new(Code::KeyDuplicate, self.path.clone(), second, message)
            .help("keep one of the two");
        match first {
            Some(first) => found.related(self.path.clone(), first, "first given here"),
            None => found,
        }
    }

    /// A span of this file from bytes of the block. An empty one is widened to a character of its
    /// line, since a caret needs something to point at.
    fn span(&self, range: Range<usize>) -> Span {
        let block = self.block.start..self.block.end.min(self.text.len());
        let mut start = self.floor((block.start + range.start).min(block.end));
        let mut end = self.floor((block.start + range.end).clamp(start, block.end));
        if start == end {
            match self.text[start..block.end].chars().next() {
                Some(next) if !matches!(next, '\n' | '\r') => end += next.len_utf8(),
                _ => {
                    let line = &self.text[block.start..start];
                    let before = line.trim_end_matches(['\n', '\r']).chars().next_back();
                    let width = line.len() - line.trim_end_matches(['\n', '\r']).len();
                    if let Some(before) = before {
                        end = start - width;
                        start = end - before.len_utf8();
                    }
                }
            }
        }
        Span::new(start, end)
    }

    /// The start of the character that a byte lies in.
    fn floor(&self, at: usize) -> usize {
        self.text.floor_char_boundary(at)
    }

    /// What stands at a span.
    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}
