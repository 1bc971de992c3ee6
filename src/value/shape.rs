//! What readers ask for, told by the readers themselves.
//!
//! In: a [`Reader`](super::Reader) that traces: each of its methods notes what it would take instead of taking it, and
//! a [`Group`](super::Group) tries every key that is asked for. Out: a [`Form`], and the same as a JSON
//! Schema (draft 2020-12), which can therefore never say anything else than what is checked.

use serde_json::{Map, Value as Json, json};

use super::{Kind, Value};
use crate::diagnostic::Span;

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Text, or a number or date taken for the text it was written as.
    Text,
    /// Text that is not empty.
    Filled,
    /// Text of this pattern (ECMA-262).
    Pattern(&'static str),
    /// A number.
    Number {
        /// Whether it may be below zero.
        signed: bool,
    },
    /// A whole number within bounds.
    Integer(i64, i64),
    /// `true` or `false`.
    Boolean,
    /// One of some words.
    Choice(Vec<String>),
    /// A day, or a moment of one.
    Date,
    /// A list of these, or one of them.
    Some(Box<Form>),
    /// A list of these.
    List(Box<Form>),
    /// A group of these keys and no others.
    Group(Vec<Key>),
    /// A group of any keys, each with this.
    Map(Box<Form>),
    /// One of these.
    OneOf(Vec<Form>),
    /// Anything.
    Any,
}

/// A key of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Whether the group cannot do without it.
    pub is_required: bool,
    /// What it takes.
    pub form: Form,
    /// What it does, when that is known.
    pub summary: String,
}

impl Key {
    /// A key.
    #[must_use]
    pub fn new(name: impl Into<String>, is_required: bool, form: Form) -> Self {
        Self { name: name.into(), is_required, form, summary: String::new() }
    }
}

/// Stands for a value while readers are traced.
pub(crate) static PROBE: Value = Value { kind: Kind::Null, span: Span { start: 0, end: 0 } };

/// A year, a month and a day, and whatever follows.
const DATE: &str = r"^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ].*)?\s*$";

impl Form {
    /// The schema of a value in this form.
    #[must_use]
    pub fn schema(&self) -> Json {
        match self {
            Self::Text => json!({ "type": ["string", "number"] }),
            Self::Filled => json!({ "type": ["string", "number"], "pattern": r"\S" }),
            Self::Pattern(pattern) => json!({ "type": ["string", "number"], "pattern": pattern }),
            Self::Number { signed: true } => json!({ "type": "number" }),
            Self::Number { signed: false } => json!({ "type": "number", "minimum": 0 }),
            Self::Integer(least, most) => {
                let mut schema = json!({ "type": "integer" });
                if *least != i64::MIN {
                    schema["minimum"] = json!(least);
                }
                if *most != i64::MAX {
                    schema["maximum"] = json!(most);
                }
                schema
            }
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Choice(words) => json!({ "enum": words }),
            Self::Date => json!({ "type": "string", "pattern": DATE }),
            Self::Some(item) => {
                let one = item.schema();
                json!({ "anyOf": [one, { "type": "array", "items": item.schema_or_null() }] })
            }
            Self::List(item) => json!({ "type": "array", "items": item.schema() }),
            Self::Group(keys) => group(keys),
            Self::Map(item) => json!({ "type": "object", "additionalProperties": item.schema() }),
            Self::OneOf(forms) => json!({ "anyOf": forms.iter().map(Self::schema).collect::<Vec<_>>() }),
            Self::Any => json!({}),
        }
    }

    /// The same, or nothing at all: a key without a value is as good as absent.
    fn schema_or_null(&self) -> Json {
        match self {
            Self::Any => json!({}),
            form => json!({ "anyOf": [form.schema(), { "type": "null" }] }),
        }
    }
}

fn group(keys: &[Key]) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in keys {
        let mut schema = if key.is_required {
            required.push(key.name.as_str());
            key.form.schema()
        } else {
            key.form.schema_or_null()
        };
        if !key.summary.is_empty() {
            schema["description"] = json!(key.summary);
        }
        properties.entry(key.name.clone()).or_insert(schema);
    }
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
