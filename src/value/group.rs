//! A group of keys, read key by key; what nobody asked for is unknown.
//!
//! In: the entries of a table. Out: typed values by a [`Reader`], with a diagnostic for each key that
//! is missing although it must be there, and for each that is there although nothing reads it. Knows
//! no key itself: those that are asked for are the ones that exist.

use super::shape::{Form, Key, PROBE};
use super::{Entry, Field, Kind, Reader, listed};
use crate::diagnostic::Span;

/// Entries that are being read.
#[derive(Debug)]
pub struct Group<'v> {
    /// What they are, for messages: ``role `nurse` ``, `an answer`.
    what: String,
    entries: &'v [Entry],
    /// Where a key that is missing is reported.
    span: Span,
    asked: Vec<&'static str>,
    /// What they take, when nothing is to be read.
    traced: Vec<Key>,
}

impl<'v> Group<'v> {
    /// Entries of which `what` consists; `span` is where to report that a key is missing.
    #[must_use]
    pub fn new(what: impl Into<String>, entries: &'v [Entry], span: Span) -> Self {
        Self { what: what.into(), entries, span, asked: Vec::new(), traced: Vec::new() }
    }

    /// The group that a field's value is; `None`, with a diagnostic, when it is something else.
    pub fn of(
        reader: &mut Reader<'_, '_>,
        what: impl Into<String>,
        field: Field<'v>,
        help: &str,
    ) -> Option<Self> {
        if reader.is_tracing() {
            return Some(Self::new(what, &[], field.value.span));
        }
        if let Kind::Table(entries) = &field.value.kind {
            return Some(Self::new(what, entries, field.value.span));
        }
        reader.mistyped(field, "a group of keys", help);
        None
    }

    /// The same entries under another name, and with another place for what is missing.
    #[must_use]
    pub fn named(self, what: String, span: Span) -> Self {
        Self { what, span, ..self }
    }

    /// The group as a whole.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The field of a key that has a value; an empty one is as good as absent.
    pub fn field(&mut self, key: &'static str) -> Option<Field<'v>> {
        self.asked.push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.value.kind != Kind::Null).then_some(Field { key: &entry.key, value: &entry.value })
    }

    /// Where a key stands, if it is there.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span)
    }

    /// A value that may be absent.
    pub fn optional<'s, 't, T>(
        &mut self,
        reader: &mut Reader<'s, 't>,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'s, 't>, Field<'v>) -> Option<T>,
    ) -> Option<T> {
        if reader.is_tracing() {
            self.trace(reader, key, false, |reader, field| drop(read(reader, field)));
            return None;
        }
        self.field(key).and_then(|field| read(reader, field))
    }

    /// A value that must be there.
    pub fn required<'s, 't, T>(
        &mut self,
        reader: &mut Reader<'s, 't>,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'s, 't>, Field<'v>) -> Option<T>,
    ) -> Option<T> {
        if reader.is_tracing() {
            self.trace(reader, key, true, |reader, field| drop(read(reader, field)));
            return None;
        }
        if let Some(field) = self.field(key) {
            return read(reader, field);
        }
        self.missing(reader, key);
        None
    }

    /// Every item of a list; none when the key is absent.
    pub fn list<'s, 't, T>(
        &mut self,
        reader: &mut Reader<'s, 't>,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'s, 't>, Field<'v>) -> Vec<T>,
    ) -> Vec<T> {
        if reader.is_tracing() {
            self.trace(reader, key, false, |reader, field| drop(read(reader, field)));
            return Vec::new();
        }
        self.field(key).map(|field| read(reader, field)).unwrap_or_default()
    }

    /// Notes a key and what is asked of its value.
    fn trace<'s, 't>(
        &mut self,
        reader: &mut Reader<'s, 't>,
        key: &'static str,
        is_required: bool,
        read: impl FnOnce(&mut Reader<'s, 't>, Field<'v>),
    ) {
        let form = reader.traced(|reader| read(reader, Field { key, value: &PROBE }));
        self.traced.push(Key::new(key, is_required, form));
    }

    /// The keys that were asked for, in that order.
    #[must_use]
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    /// Reports that a key is missing, unless its value was malformed and has been reported.
    pub fn missing(&self, reader: &mut Reader<'_, '_>, key: &str) {
        let value = self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.span);
        let told = value.is_some_and(|span| reader.has_reported(span));
        if !told {
            reader.refuse(self.span, format!("{} has no `{key}`", self.what), format!("add `{key}`"));
        }
    }

    /// Reports every key that nothing has asked for.
    pub fn finish(self, reader: &mut Reader<'_, '_>) {
        if reader.is_tracing() {
            reader.traces(|| Form::Group(self.traced));
            return;
        }
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            let help = format!("there is {}", listed(self.asked.iter().copied(), "and"));
            reader.unknown(entry, self.asked.iter().copied(), &help);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::value::{Source, Syntax, parse};

    #[test]
    fn missing_and_unknown_keys() {
        let text = "title = \"A\"\nplurl = \"As\"\nempty =\n";
        let source = Source { path: "a.toml".into(), text, block: 0..text.len(), code: Code::DataType };
        let (entries, problems) = parse(&source, Syntax::Toml);
        let mut reader = Reader::new(&source);
        reader.diagnostics = problems;
        let mut group = Group::new("role `a`", &entries, Span::new(0, 5));
        assert_eq!(group.required(&mut reader, "title", Reader::text).as_deref(), Some("A"));
        assert_eq!(group.optional(&mut reader, "plural", Reader::text), None);
        assert_eq!(group.required(&mut reader, "summary", Reader::text), None);
        assert_eq!(group.required(&mut reader, "empty", Reader::text), None);
        group.finish(&mut reader);
        let found: Vec<_> = reader
            .diagnostics
            .iter()
            .map(|found| (found.code.id(), found.message.as_str(), found.help.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(
            found,
            [
                ("data-type", "a value is missing after `=`", "write a value, or remove the key"),
                ("data-type", "role `a` has no `summary`", "add `summary`"),
                ("data-unknown-key", "unknown key `plurl`", "did you mean `plural`?"),
            ]
        );
    }
}
