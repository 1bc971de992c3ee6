//! Numbers, percentages, money and ranges.
//!
//! In: exact decimals. Out: text. Rounds only where it is asked to, halves away from zero.

use super::Locale;
use super::locale::{NBSP, Once, Side};
use crate::parse::data::{Decimal, Op, currency_digits};

/// Which way to round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearer; halves away from zero.
    Nearest,
    /// Down.
    Floor,
}

/// Whether a number is a bound, in words: `less than`.
pub type Limit = Op;

/// A number as a multiple of `step`; itself when `step` is not above zero or the result is too large.
#[must_use]
pub fn round(number: Decimal, step: Decimal, rounding: Rounding) -> Decimal {
    if step.units <= 0 {
        return number;
    }
    let scale = number.scale.max(step.scale);
    let at = |decimal: Decimal| {
        i128::from(decimal.units) * 10_i128.pow(u32::from(scale.saturating_sub(decimal.scale)))
    };
    let (units, step) = (at(number), at(step));
    let multiple = match rounding {
        Rounding::Floor => units.div_euclid(step),
        Rounding::Nearest if units < 0 => -((-units + step / 2).div_euclid(step)),
        Rounding::Nearest => (units + step / 2).div_euclid(step),
    };
    let mut rounded = multiple * step;
    let mut scale = scale;
    while scale > 0 && rounded % 10 == 0 {
        rounded /= 10;
        scale -= 1;
    }
    i64::try_from(rounded).map_or(number, |units| Decimal { units, scale })
}

/// When a plus sign is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Minus,
    /// Except for zero.
    Both,
}

impl Locale {
    /// `1,234.5`, `-7,200`
    #[must_use]
    pub fn number(&self, number: Decimal) -> String {
        self.put(Sign::Minus, number, |digits| digits)
    }

    /// The same of a decimal number in digits, with a point and perhaps a sign.
    #[must_use]
    pub fn plain_number(&self, plain: &str) -> String {
        match plain.strip_prefix('-') {
            Some(digits) => format!("-{}", self.digits(digits)),
            None => self.digits(plain),
        }
    }

    /// `+6,500`, `-7,200`, `0`
    #[must_use]
    pub fn signed(&self, number: Decimal) -> String {
        self.put(Sign::Both, number, |digits| digits)
    }

    /// `8%` of the number 8.
    #[must_use]
    pub fn percent(&self, number: Decimal) -> String {
        self.put(Sign::Minus, number, |digits| format!("{digits}{}%", self.percent))
    }

    /// `+8%`, `-6%`, `0%`
    #[must_use]
    pub fn signed_percent(&self, number: Decimal) -> String {
        self.put(Sign::Both, number, |digits| format!("{digits}{}%", self.percent))
    }

    /// `$90,930`, `$43.72`: with the currency's digits after the point, or with none.
    #[must_use]
    pub fn money(&self, amount: Decimal, currency: &str) -> String {
        let amount = minor(amount, currency);
        self.put(Sign::Minus, amount, |digits| self.with_currency(&digits, currency))
    }

    /// `+$6,500`
    #[must_use]
    pub fn signed_money(&self, amount: Decimal, currency: &str) -> String {
        let amount = minor(amount, currency);
        self.put(Sign::Both, amount, |digits| self.with_currency(&digits, currency))
    }

    /// `$91k`, `$1.2M`
    #[must_use]
    pub fn short_money(&self, amount: Decimal, currency: &str) -> String {
        let sign = if amount.is_negative() { "-" } else { "" };
        let short = self.short(absolute(amount));
        format!("{sign}{}", self.with_currency(&short, currency))
    }

    /// `91k`, `1.2M`: two digits at least, three at most.
    #[must_use]
    pub fn short(&self, number: Decimal) -> String {
        let sign = if number.is_negative() { "-" } else { "" };
        let whole = round(absolute(number), Decimal::from(1), Rounding::Nearest);
        let digits = whole.units.unsigned_abs().to_string().len();
        // By the rounded number, so that 999,500 is a million and not a thousand thousands.
        let power = |digits: usize| (digits.saturating_sub(1) / 3).min(self.compact.len());
        let rounded = to_digits(absolute(number), digits, power(digits));
        let digits = rounded.units.unsigned_abs().to_string().len() - usize::from(rounded.scale);
        let power = power(digits);
        let Some(name) = power.checked_sub(1).and_then(|index| self.compact[index]) else {
            return format!("{sign}{}", self.unnamed(absolute(number)));
        };
        let scaled =
            Decimal { units: rounded.units, scale: rounded.scale + 3 * u8::try_from(power).unwrap_or(0) };
        let digits = self.digits(&trimmed(scaled).to_string());
        format!("{sign}{digits}{name}")
    }

    /// Where the language has no short name for the size; four digits stay together.
    fn unnamed(&self, number: Decimal) -> String {
        let whole = round(number, Decimal::from(1), Rounding::Nearest);
        if (1000..10_000).contains(&whole.units) { whole.to_string() } else { self.number(whole) }
    }

    /// `$48,560 – $162,870`
    #[must_use]
    pub fn money_range(&self, low: Decimal, high: Decimal, currency: &str) -> String {
        let (low, high) = (minor(low, currency), minor(high, currency));
        match (self.range_currency, self.currency) {
            (Once::Twice, _) => {
                format!("{}{}{}", self.money(low, currency), self.range, self.money(high, currency))
            }
            (Once::Once, Side::Before) => {
                format!("{}{}{}", self.money(low, currency), self.range, self.number(high))
            }
            (Once::Once, Side::After) => {
                format!("{}{}{}", self.number(low), self.range, self.money(high, currency))
            }
        }
    }

    /// `3–5`
    #[must_use]
    pub fn number_range(&self, low: Decimal, high: Decimal) -> String {
        if low == high {
            return self.number(low);
        }
        format!("{}\u{2013}{}", self.number(low), self.number(high))
    }

    /// `1.5 times`: to one digit after the point.
    #[must_use]
    pub fn times(&self, ratio: Decimal) -> String {
        let ratio = round(ratio, Decimal { units: 1, scale: 1 }, Rounding::Nearest);
        words_with(self.words.times, &[&self.number(trimmed(ratio))])
    }

    /// What goes before a figure that is a bound: `less than`; empty for an exact one.
    #[must_use]
    pub fn limit(&self, limit: Limit) -> &'static str {
        match limit {
            Op::Equal => "",
            Op::Less => self.words.less_than,
            Op::More => self.words.more_than,
            Op::AtLeast => self.words.at_least,
        }
    }

    fn with_currency(&self, digits: &str, currency: &str) -> String {
        let symbol = self.symbol(currency);
        match self.currency {
            Side::After => format!("{digits}{NBSP}{symbol}"),
            Side::Before if symbol.ends_with(|last: char| last.is_alphabetic()) => {
                format!("{symbol}{NBSP}{digits}")
            }
            Side::Before => format!("{symbol}{digits}"),
        }
    }

    /// The sign goes before everything, the currency included.
    fn put(&self, sign: Sign, number: Decimal, dress: impl FnOnce(String) -> String) -> String {
        let written = match (sign, number.units.signum()) {
            (Sign::Minus | Sign::Both, -1) => "-",
            (Sign::Both, 1) => "+",
            _ => "",
        };
        format!("{written}{}", dress(self.digits(absolute_text(&number.to_string()))))
    }

    /// Bare digits with a point, grouped.
    fn digits(&self, plain: &str) -> String {
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::with_capacity(plain.len() + plain.len() / 2);
        for (index, digit) in whole.char_indices() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(self.decimal);
            text.push_str(fraction);
        }
        text
    }
}

/// A pattern of [`super::Words`] with its places `{0}`, `{1}` filled.
#[must_use]
pub fn words_with(pattern: &str, parts: &[&str]) -> String {
    let mut text = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else { break };
        let part = after[..close].parse::<usize>().ok().and_then(|index| parts.get(index));
        text.push_str(part.copied().unwrap_or_default());
        rest = &after[close + 1..];
    }
    text.push_str(rest);
    text
}

fn absolute_text(plain: &str) -> &str {
    plain.strip_prefix('-').unwrap_or(plain)
}

/// Without its sign; the one number that has no opposite is one off.
pub(crate) fn absolute(number: Decimal) -> Decimal {
    Decimal { units: number.units.saturating_abs(), scale: number.scale }
}

/// Without zeros at the end of the fraction.
pub(crate) fn trimmed(number: Decimal) -> Decimal {
    let mut number = number;
    while number.scale > 0 && number.units % 10 == 0 {
        number.units /= 10;
        number.scale -= 1;
    }
    number
}

/// With no digits after the point, or with the currency's.
fn minor(amount: Decimal, currency: &str) -> Decimal {
    let amount = trimmed(amount);
    let digits = currency_digits(currency);
    if amount.scale == 0 {
        return amount;
    }
    let rounded = round(amount, Decimal { units: 1, scale: digits }, Rounding::Nearest);
    let missing = u32::from(digits.saturating_sub(rounded.scale));
    match rounded.units.checked_mul(10_i64.pow(missing)) {
        Some(units) if rounded.scale > 0 || missing < u32::from(digits) => Decimal { units, scale: digits },
        _ => rounded,
    }
}

/// A number with `digits` whole digits, rounded to what stands before its short name of `power`
/// thousands: whole, or with one digit after the point when one stands before it.
fn to_digits(number: Decimal, digits: usize, power: usize) -> Decimal {
    let before = digits - 3 * power.min(digits.saturating_sub(1) / 3);
    let zeros = (3 * power).saturating_sub(usize::from(before == 1));
    let step = u32::try_from(zeros).ok().and_then(|zeros| 10_i64.checked_pow(zeros)).unwrap_or(1);
    round(number, Decimal::from(step), Rounding::Nearest)
}
