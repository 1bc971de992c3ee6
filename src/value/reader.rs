//! Typed values out of the tree, every refusal located and worded for a writer.
//!
//! In: a [`Field`]: a key and its value. Out: the value in the type asked for, or `None` with a
//! diagnostic at its bytes. An empty value (`key:` in YAML) is as good as absent: `None`, silently.

use std::ops::RangeInclusive;

use serde_json::{Map, Number, Value as Json};

use super::shape::{Form, PROBE};
use super::{Entry, Kind, Source, Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Span, near};

/// A key and the value it was given.
#[derive(Debug, Clone, Copy)]
pub struct Field<'v> {
    /// The key, as messages name it: `title`, `toc.depth`.
    pub key: &'v str,
    /// Its value, or one item of the list that is its value.
    pub value: &'v Value,
}

/// Reads typed values and gathers what was wrong with them.
#[derive(Debug)]
pub struct Reader<'s, 't> {
    source: &'s Source<'t>,
    /// What was found so far.
    pub diagnostics: Vec<Diagnostic>,
    /// What was asked for, when nothing is to be read.
    trace: Option<Vec<Form>>,
}

impl<'s, 't> Reader<'s, 't> {
    /// A reader of one source.
    #[must_use]
    pub fn new(source: &'s Source<'t>) -> Self {
        Self { source, diagnostics: Vec::new(), trace: None }
    }

    /// A reader that reads nothing and notes what it is asked for.
    #[must_use]
    pub fn tracing(source: &'s Source<'t>) -> Self {
        Self { trace: Some(Vec::new()), ..Self::new(source) }
    }

    /// Whether it only notes what it is asked for.
    #[must_use]
    pub fn is_tracing(&self) -> bool {
        self.trace.is_some()
    }

    /// Notes a form, if that is all it does; who gets `true` has nothing to read.
    pub(crate) fn traces(&mut self, form: impl FnOnce() -> Form) -> bool {
        let Some(noted) = &mut self.trace else { return false };
        noted.push(form());
        true
    }

    /// Forgets what was noted.
    pub(crate) fn forget_trace(&mut self) {
        self.trace = self.trace.take().map(|_| Vec::new());
    }

    /// The last thing that was noted, which holds the others.
    pub(crate) fn last_traced(&mut self) -> Form {
        self.trace.as_mut().and_then(Vec::pop).unwrap_or(Form::Any)
    }

    /// What is asked for within `read`: the last of what it notes, which holds the others.
    pub(crate) fn traced(&mut self, read: impl FnOnce(&mut Self)) -> Form {
        let outer = self.trace.replace(Vec::new());
        read(self);
        let noted = std::mem::replace(&mut self.trace, outer);
        noted.and_then(|mut noted| noted.pop()).unwrap_or(Form::Any)
    }

    /// Reports a problem with a value, at the value.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(self.source.problem(span, message).help(help));
    }

    /// Adds a problem found by someone else.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether a problem at exactly these bytes has been reported.
    #[must_use]
    pub fn has_reported(&self, span: Span) -> bool {
        self.diagnostics.iter().any(|found| found.location.span == Some(span))
    }

    /// Where the values come from.
    #[must_use]
    pub fn source(&self) -> &'s Source<'t> {
        self.source
    }

    /// Reports a key that does not exist, with the nearest that does, or else `help`.
    pub fn unknown<'k>(&mut self, entry: &Entry, known: impl IntoIterator<Item = &'k str>, help: &str) {
        let help = match near(&entry.key, known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => help.to_owned(),
        };
        let message = format!("unknown key `{}`", entry.key);
        let code = match self.source.code {
            Code::DataType => Code::DataUnknownKey,
            _ => Code::UnknownKey,
        };
        let path = self.source.path.clone();
        self.diagnostics.push(Diagnostic::new(code, path, entry.key_span, message).help(help));
    }

    /// The bytes of a value as they are written.
    #[must_use]
    pub fn written(&self, span: Span) -> &'s str {
        self.source.slice(span)
    }

    /// Text, trimmed; numbers and dates count as the text they were written as. `None` when empty.
    pub fn text(&mut self, field: Field<'_>) -> Option<String> {
        if self.traces(|| Form::Text) {
            return None;
        }
        let span = field.value.span;
        let text = match &field.value.kind {
            Kind::Text(text) => text.trim().to_owned(),
            Kind::Integer(_) | Kind::Float(_) | Kind::Date(_) => self.source.slice(span).to_owned(),
            Kind::Bare(text) => {
                self.refuse(span, "text without quotes", format!("write `{} = \"{text}\"`", field.key));
                text.trim().to_owned()
            }
            Kind::Bool(value) => {
                let help = format!("put it in quotes: `\"{value}\"`");
                self.refuse(span, format!("`{}` takes text, not true or false", field.key), help);
                return None;
            }
            _ => {
                self.mistyped(field, "text", "write one text, in quotes if it holds special signs");
                return None;
            }
        };
        (!text.is_empty()).then_some(text)
    }

    /// Text that must not be empty when it is given.
    pub fn filled(&mut self, field: Field<'_>) -> Option<String> {
        if self.traces(|| Form::Filled) {
            return None;
        }
        let text = self.text(field);
        if let (None, Kind::Text(_) | Kind::Bare(_)) = (&text, &field.value.kind) {
            self.refuse(
                field.value.span,
                format!("`{}` is empty", field.key),
                "write a text, or remove the key",
            );
        }
        text
    }

    /// An id, a path or a URL with its place: text without control characters.
    pub fn name(&mut self, field: Field<'_>) -> Option<Spanned<String>> {
        let value = self.text(field)?;
        let span = field.value.span;
        if let Some(control) = value.chars().find(|sign| sign.is_control()) {
            let message = format!("`{}` holds the control character U+{:04X}", field.key, u32::from(control));
            self.refuse(span, message, "remove it");
            return None;
        }
        Some(Spanned { value, span })
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, field: Field<'_>) -> Option<bool> {
        if self.traces(|| Form::Boolean) {
            return None;
        }
        match &field.value.kind {
            Kind::Bool(value) => Some(*value),
            Kind::Text(text) | Kind::Bare(text) => {
                let help = match text.to_ascii_lowercase().as_str() {
                    "yes" | "y" | "on" | "true" => "write `true`, without quotes",
                    "no" | "n" | "off" | "false" => "write `false`, without quotes",
                    _ => "write `true` or `false`",
                };
                self.refuse(field.value.span, format!("`{text}` is not true or false"), help);
                None
            }
            _ => {
                self.mistyped(field, "true or false", "write `true` or `false`");
                None
            }
        }
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, field: Field<'_>, bounds: RangeInclusive<i64>) -> Option<i64> {
        if self.traces(|| Form::Integer(*bounds.start(), *bounds.end())) {
            return None;
        }
        let help = match (*bounds.start(), *bounds.end()) {
            (i64::MIN, i64::MAX) => "write a whole number, without quotes".to_owned(),
            (start, i64::MAX) => format!("write a whole number from {start} up, without quotes"),
            (start, end) => format!("write a whole number from {start} to {end}, without quotes"),
        };
        match &field.value.kind {
            Kind::Integer(number) if bounds.contains(number) => Some(*number),
            Kind::Integer(number) => {
                self.refuse(field.value.span, format!("`{}` cannot be {number}", field.key), help);
                None
            }
            _ => {
                self.mistyped(field, "a whole number", &help);
                None
            }
        }
    }

    /// A whole number from 0 up, as a size.
    pub fn size(&mut self, field: Field<'_>) -> Option<usize> {
        self.integer(field, 0..=i64::from(u32::MAX)).and_then(|number| usize::try_from(number).ok())
    }

    /// One of a few words, each with what it stands for.
    pub fn choice<T: Copy>(&mut self, field: Field<'_>, choices: &[(&str, T)]) -> Option<T> {
        if self.traces(|| Form::Choice(choices.iter().map(|(name, _)| (*name).to_owned()).collect())) {
            return None;
        }
        let text = self.filled(field)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*choice);
        }
        let help = match near(&text, choices.iter().map(|(name, _)| *name)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("write {}", listed(choices.iter().map(|(name, _)| *name), "or")),
        };
        self.refuse(field.value.span, format!("`{}` cannot be `{text}`", field.key), help);
        None
    }

    /// Every item of a list, read by `item`; a value that is no list counts as a list of one.
    pub fn list<T>(
        &mut self,
        field: Field<'_>,
        mut item: impl FnMut(&mut Self, Field<'_>) -> Option<T>,
    ) -> Vec<T> {
        if self.is_tracing() {
            let form = self.traced(|reader| {
                item(reader, Field { key: field.key, value: &PROBE });
            });
            self.traces(|| Form::Some(Box::new(form)));
            return Vec::new();
        }
        let items = match &field.value.kind {
            Kind::Null => &[][..],
            Kind::List(items) => items,
            _ => std::slice::from_ref(field.value),
        };
        items.iter().filter_map(|value| item(self, Field { key: field.key, value })).collect()
    }

    /// A list of ids, paths or other names; one text is a list of one.
    pub fn names(&mut self, field: Field<'_>) -> Vec<Spanned<String>> {
        if let Kind::Table(_) = field.value.kind {
            self.mistyped(field, "a list", "write `[one, two]`");
            return Vec::new();
        }
        self.list(field, Self::name)
    }

    /// A list of texts; one text is a list of one.
    pub fn texts(&mut self, field: Field<'_>) -> Vec<String> {
        if let Kind::Table(_) = field.value.kind {
            self.mistyped(field, "a list", "write `[one, two]`");
            return Vec::new();
        }
        self.list(field, Self::text)
    }

    /// The keys of a group.
    pub fn table<'v>(&mut self, field: Field<'v>, help: &str) -> &'v [Entry] {
        if self.traces(|| Form::Map(Box::new(Form::Any))) {
            return &[];
        }
        if let Kind::Table(entries) = &field.value.kind {
            return entries;
        }
        self.mistyped(field, "a group of keys", help);
        &[]
    }

    /// A free-form group, as data for templates.
    pub fn extra(&mut self, field: Field<'_>) -> Map<String, Json> {
        let entries = self.table(field, "give each value a key of its own");
        self.free(entries)
    }

    /// Free-form entries, as data for templates.
    pub fn free(&mut self, entries: &[Entry]) -> Map<String, Json> {
        entries.iter().map(|entry| (entry.key.clone(), self.json(entry))).collect()
    }

    fn json(&mut self, entry: &Entry) -> Json {
        self.json_value(Field { key: &entry.key, value: &entry.value })
    }

    /// Anything, as data for templates.
    pub fn json_value(&mut self, field: Field<'_>) -> Json {
        match &field.value.kind {
            Kind::Null => Json::Null,
            Kind::Bool(value) => Json::Bool(*value),
            Kind::Integer(number) => Json::from(*number),
            // JSON has no word for an infinite number: it stays what was written.
            Kind::Float(number) => match Number::from_f64(*number) {
                Some(number) => Json::Number(number),
                None => Json::from(self.source.slice(field.value.span)),
            },
            Kind::Text(text) | Kind::Date(text) => Json::from(text.as_str()),
            Kind::Bare(_) => self.text(field).map_or(Json::Null, Json::from),
            Kind::List(items) => {
                items.iter().map(|value| self.json_value(Field { key: field.key, value })).collect()
            }
            Kind::Table(entries) => Json::Object(self.free(entries)),
        }
    }

    /// Reports a value of the wrong kind; an empty one is nobody's mistake.
    pub fn mistyped(&mut self, field: Field<'_>, takes: &str, help: &str) {
        if field.value.kind != Kind::Null {
            let message = format!("`{}` takes {takes}, not {}", field.key, field.value.kind);
            self.refuse(field.value.span, message, help);
        }
    }
}

/// Names in backticks as a phrase: `` `a`, `b` or `c` ``.
#[must_use]
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => names.concat(),
    }
}
