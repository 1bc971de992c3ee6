//! Numbers exactly as they were written: money is never a float.
//!
//! In: the digits of a TOML, YAML or CSV number. Out: a [`Decimal`]. Formats nothing for readers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A decimal number: `units` tenths, hundredths and so on, by `scale`.
///
/// `90930.50` is 9093050 at scale 2: the digits written are kept, and two that are worth the same
/// are equal.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Decimal {
    /// The digits without the point.
    pub units: i64,
    /// How many of them stand after the point; at most nine.
    pub scale: u8,
}

/// Most digits after the point.
pub(super) const MAX_SCALE: u8 = 9;

impl Decimal {
    /// Reads `-1_234.50`; `None` for anything else, exponents and more digits than fit included.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        let (sign, whole) = match whole.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", whole.strip_prefix('+').unwrap_or(whole)),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        if whole.is_empty() || !digits(whole) || !digits(fraction) || written.ends_with(['.', '_']) {
            return None;
        }
        let fraction = fraction.replace('_', "");
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= MAX_SCALE)?;
        let units = format!("{sign}{}{fraction}", whole.replace('_', "")).parse().ok()?;
        Some(Self { units, scale })
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Its units at the largest scale, by which numbers compare.
    fn fine(self) -> i128 {
        i128::from(self.units) * 10_i128.pow(u32::from(MAX_SCALE.saturating_sub(self.scale)))
    }
}

impl From<i64> for Decimal {
    fn from(units: i64) -> Self {
        Self { units, scale: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.fine() == other.fine()
    }
}

impl Eq for Decimal {}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.fine().cmp(&other.fine())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fine().hash(state);
    }
}

impl fmt::Display for Decimal {
    /// Bare, with a point and all digits written: for `<data value>` and JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = usize::from(self.scale) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(self.scale));
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_and_worth_compared() {
        for written in
            ["0", "-7200", "90930.50", "0.05", "-0.5", "9223372036854775807", "-9223372036854775808"]
        {
            assert_eq!(Decimal::parse(written).unwrap().to_string(), written);
        }
        let worth = |written| Decimal::parse(written).unwrap();
        assert_eq!(worth("+1_000.5"), worth("1000.50"));
        assert!(worth("-0.5") < worth("0.05") && worth("2") < worth("10.000000000"));
        for written in
            ["", "-", ".5", "5.", "1e3", "1.2.3", "1,000", "0.1234567891", "99999999999999999999", "é", "inf"]
        {
            assert_eq!(Decimal::parse(written), None, "{written}");
        }
    }
}
