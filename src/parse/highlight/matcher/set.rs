//! Sets of characters, as far as a scan of bytes can tell them apart.
//!
//! In: characters and ranges. Out: [`Set`]s. Characters beyond ASCII are all one. Reads no pattern.

/// A set of characters: ASCII ones by bit, all others by one flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) ascii: u128,
    /// May contain characters beyond ASCII.
    pub(super) beyond: bool,
}

impl Set {
    pub(super) const NONE: Self = Self { ascii: 0, beyond: false };
    pub(super) const ALL: Self = Self { ascii: u128::MAX, beyond: true };

    pub(super) fn char(c: char) -> Self {
        if c.is_ascii() {
            Self { ascii: 1 << u32::from(c), beyond: false }
        } else {
            Self { ascii: 0, beyond: true }
        }
    }

    pub(super) fn range(low: char, high: char) -> Self {
        let ascii = (u32::from(low)..=u32::from(high).min(127)).fold(0, |set, c| set | 1 << c);
        Self { ascii, beyond: high > '\u{7f}' }
    }

    pub(super) fn chars(chars: &str) -> Self {
        chars.chars().fold(Self::NONE, |set, c| set.or(Self::char(c)))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, beyond: self.beyond || other.beyond }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii & other.ascii, beyond: self.beyond && other.beyond }
    }

    /// Whether a character may be in both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.and(other) != Self::NONE
    }

    /// What is not in the set; beyond ASCII that may be anything.
    pub(super) fn not(self) -> Self {
        Self { ascii: !self.ascii, beyond: true }
    }

    pub(super) fn in_any_case(self) -> Self {
        const UPPER: u128 = ((1 << 26) - 1) << b'A';
        let folded = self.ascii | (self.ascii & UPPER) << 32 | (self.ascii & UPPER << 32) >> 32;
        // A few letters beyond ASCII, and ligatures, fold to ASCII letters.
        Self { ascii: folded, beyond: true }
    }
}

pub(super) const LOWER: u128 = ((1 << 26) - 1) << b'a';
pub(super) const UPPER: u128 = ((1 << 26) - 1) << b'A';
pub(super) const DIGIT: u128 = ((1 << 10) - 1) << b'0';
pub(super) const WORD: u128 = LOWER | UPPER | DIGIT | 1 << b'_';
pub(super) const SPACE: u128 = ((1 << 5) - 1) << 9 | 1 << b' ';
pub(super) const HEX: u128 = DIGIT | ((1 << 6) - 1) << b'a' | ((1 << 6) - 1) << b'A';
