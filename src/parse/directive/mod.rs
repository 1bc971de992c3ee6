//! Directives and values as writers put them into Markdown: what was written and where, not what
//! it means.
//!
//! In: candidate lines and text of one file. Out: [`Call`]s and [`Value`]s with spans. Knows no
//! record, no theme and no list of names: `assemble` says which names and arguments exist.
//!
//! - `scan` finds lines that may be directives, `read` reads one, `pair` finds where blocks end
//! - `inline` finds marks within a line, `value` reads `{{ ... }}`, `abbreviation` finds words in
//!   capitals
//!
//! The grammar is that of CAREER-GUIDES 3.5 and 3.4, "Inline values". Where Markdown is text and
//! where it is code is for the Markdown stage to say.

pub(super) mod abbreviation;
pub(super) mod inline;
pub(super) mod pair;
mod read;
pub(super) mod scan;
mod value;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::value::Spanned;
pub use inline::{TextMark, fill_text};
pub(super) use read::read;

/// A directive as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// `salary-chart`
    pub name: Spanned<String>,
    /// In the order written.
    pub arguments: Vec<Argument>,
    /// Plain text of `[...]` after the name.
    pub label: Option<Spanned<String>>,
    /// `#id` in braces.
    pub id: Option<Spanned<String>>,
    /// `.class` in braces.
    pub classes: Vec<String>,
    /// Which of the three forms.
    pub form: Form,
    /// The whole line, or the opening line of a container.
    pub span: Span,
}

/// Something written like a directive that cannot be read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Where.
    pub(super) span: Span,
    /// What was found.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
}

impl Problem {
    fn new(span: impl Into<Span>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: span.into(), message: message.into(), help: help.into() }
    }

    /// The finding.
    pub(super) fn diagnostic(self, path: &Arc<str>) -> Diagnostic {
        Diagnostic::new(Code::DirectiveArgument, path.clone(), self.span, self.message).help(self.help)
    }
}

/// The form of a directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `::name`: a line of its own.
    Leaf,
    /// `:::name` to `:::`: with Markdown between.
    Container,
    /// `:name[text]`: within a line.
    Inline,
}

/// One argument: `key=value`, or a value alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// The key, when there is one.
    pub key: Option<Spanned<String>>,
    /// The value, without quotation marks.
    pub value: Spanned<String>,
}

/// `{{ path | filter:argument }}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// `salary.web-developer.median`
    pub path: Spanned<String>,
    /// In the order written.
    pub filters: Vec<Filter>,
    /// With the braces.
    pub span: Span,
}

/// One filter of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// `round`
    pub name: Spanned<String>,
    /// What follows its colon: `1000`.
    pub argument: Option<Spanned<String>>,
}

/// The first use in prose of a word in capitals: `API`, `HTML5`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abbreviation {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// How often it stands in the prose of the page.
    pub uses: u32,
}

/// A record named in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// What kind of record.
    pub kind: MentionKind,
    /// Its id.
    pub id: Spanned<String>,
}

/// What kind of record is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MentionKind {
    /// `[[id]]`
    Role,
    /// `[@id]`
    Citation,
}
