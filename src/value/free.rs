//! Free values (`[extra]`, a site's own data) in a form that says its own types.
//!
//! In: a JSON value. Out: the same value, by way of a compact format that otherwise has no types to
//! be read by. Numbers keep every bit, and keys their order. To people it is plain JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// A value as it is written.
#[derive(Serialize)]
enum Written<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(&'a str),
    List(Vec<Written<'a>>),
    Table(Vec<(&'a str, Written<'a>)>),
}

/// A value as it is read; the same shape as [`Written`].
#[derive(Deserialize)]
enum Read {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Read>),
    Table(Vec<(String, Read)>),
}

impl<'a> Written<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Self::Unsigned(number),
                (None, Some(number)) => Self::Signed(number),
                // What is no whole number is a float, for numbers of any length are not read.
                (None, None) => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::List(values.iter().map(Self::of).collect()),
            Value::Object(map) => Self::of_map(map),
        }
    }

    fn of_map(map: &'a Map<String, Value>) -> Self {
        Self::Table(map.iter().map(|(key, value)| (key.as_str(), Self::of(value))).collect())
    }
}

impl Read {
    /// Nothing when it holds a number that JSON cannot.
    fn value(self) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Unsigned(number) => Value::from(number),
            Self::Signed(number) => Value::from(number),
            Self::Float(number) => Value::Number(Number::from_f64(number)?),
            Self::Text(text) => Value::String(text),
            Self::List(values) => Value::Array(values.into_iter().map(Self::value).collect::<Option<_>>()?),
            Self::Table(entries) => Value::Object(
                entries.into_iter().map(|(key, value)| Some((key, value.value()?))).collect::<Option<_>>()?,
            ),
        })
    }
}

/// Writes a value.
///
/// # Errors
/// The serialiser's own.
pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        value.serialize(serializer)
    } else {
        Written::of(value).serialize(serializer)
    }
}

/// Reads a value.
///
/// # Errors
/// The deserialiser's own, and when a number is none.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    if deserializer.is_human_readable() {
        return Value::deserialize(deserializer);
    }
    Read::deserialize(deserializer)?.value().ok_or_else(|| D::Error::custom("a number that is none"))
}

/// The same for a table.
pub mod map {
    use super::{Deserialize, Deserializer, Map, Read, Serialize, Serializer, Value, Written};

    /// Writes a table.
    ///
    /// # Errors
    /// The serialiser's own.
    pub fn serialize<S: Serializer>(map: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            map.serialize(serializer)
        } else {
            Written::of_map(map).serialize(serializer)
        }
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The deserialiser's own, and when it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
        use serde::de::Error as _;
        if deserializer.is_human_readable() {
            return Map::deserialize(deserializer);
        }
        match Read::deserialize(deserializer)?.value() {
            Some(Value::Object(map)) => Ok(map),
            _ => Err(D::Error::custom("no table")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(with = "super")]
        value: Value,
        #[serde(with = "super::map")]
        map: Map<String, Value>,
    }

    #[test]
    fn every_value_comes_back_with_its_order_and_bits() {
        let value = json!({
            "z": null, "a": [true, 1, -1, u64::MAX, i64::MIN, 0.1, 1e300, 3.0, "text", {}, []],
            "nested": { "b": 1, "a": 2 },
        });
        let map = value.as_object().unwrap().clone();
        let holder = Holder { value, map };
        let bytes = postcard::to_stdvec(&holder).unwrap();
        let read: Holder = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(read, holder);
        assert_eq!(read.value.to_string(), holder.value.to_string());
        let json = serde_json::to_string(&holder).unwrap();
        assert!(json.contains("\"a\":[true,1,-1,18446744073709551615"), "{json}");
        assert_eq!(serde_json::from_str::<Holder>(&json).unwrap(), holder);
    }
}
