//! Fingerprints of values: what memory compares instead of the values themselves.
//!
//! In: bytes or any serialisable value. Out: 32 bytes that are equal exactly when the values are.
//! Knows no stage.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A BLAKE3 digest of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

/// In one piece, not byte by byte: the store holds tens of thousands.
impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Fingerprint;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Fingerprint, E> {
                let digest = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
                Ok(Fingerprint(digest))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

impl Fingerprint {
    /// The fingerprint of raw bytes: the plain BLAKE3 hash, as `b3sum` prints it.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The fingerprint of a value, over its compact serialised form.
    ///
    /// Maps must iterate in a fixed order (use `BTreeMap`), or equal values differ.
    #[must_use]
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        // Only a value that cannot be serialised at all fails here; its fingerprint is then that of the
        // failure, which the tests of the views would show. All bytes at once are hashed side by side.
        match postcard::to_stdvec(value) {
            Ok(bytes) => Self::of_bytes(&bytes),
            Err(error) => Self::of_bytes(error.to_string().as_bytes()),
        }
    }

    /// Combines fingerprints, in order, into one.
    #[must_use]
    pub fn combine(parts: &[Self]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&part.0);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// The first `digits` hexadecimal digits (at most 64), for file names.
    #[must_use]
    pub fn short(self, digits: usize) -> String {
        let mut hex = self.to_hex();
        hex.truncate(digits);
        hex
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        blake3::Hash::from_hex(hex).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl From<blake3::Hash> for Fingerprint {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short(12))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl Fingerprint {
    /// Adds its hexadecimal digits to a text.
    pub fn write_hex(&self, text: &mut String) {
        text.push_str(&blake3::Hash::from_bytes(self.0).to_hex());
    }
}

/// A value with the fingerprint it had when it was wrapped. It serialises as its fingerprint
/// alone, so that a large value inside a view costs 32 bytes to compare.
#[derive(Debug, Clone)]
pub struct Hashed<T> {
    value: T,
    fingerprint: Fingerprint,
}

impl<T: Serialize> Hashed<T> {
    /// Wraps a value and takes its fingerprint.
    pub fn new(value: T) -> Self {
        let fingerprint = Fingerprint::of(&value);
        Self { value, fingerprint }
    }
}

impl<T> Hashed<T> {
    /// Wraps a value whose fingerprint is known already.
    pub fn with(value: T, fingerprint: Fingerprint) -> Self {
        Self { value, fingerprint }
    }

    /// The fingerprint of the value.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl<T> std::ops::Deref for Hashed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Serialize for Hashed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fingerprint.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_fingerprints() {
        assert_eq!(Fingerprint::of(&("a", 1)), Fingerprint::of(&("a", 1)));
        assert_ne!(Fingerprint::of(&("a", 1)), Fingerprint::of(&("a", 2)));
        assert_ne!(Fingerprint::of(&("ab", "c")), Fingerprint::of(&("a", "bc")));
    }

    #[test]
    fn hex_round_trips() {
        let fingerprint = Fingerprint::of_bytes(b"guide");
        assert_eq!(Fingerprint::from_hex(&fingerprint.to_hex()), Some(fingerprint));
        assert_eq!(Fingerprint::from_hex("zz"), None);
    }
}
