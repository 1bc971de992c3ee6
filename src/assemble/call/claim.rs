//! Claims: comparisons over data that a text relies on.
//!
//! In: `salary.a.median > salary.b.median * 1.3`, `between(outlook.a.percent, 5, 10)`. Out: nothing
//! when it holds, else a problem at the claim with both sides. Numbers are exact fractions: a claim
//! never fails by rounding.
//!
//! ```text
//! claim  = sum compare sum | "between(" sum "," sum "," sum ")"
//! sum    = product { ("+" | "-") product }       product = factor { ("*" | "/") factor }
//! factor = number | path | "(" sum ")" | "-" factor
//! ```

use std::cmp::Ordering;

use super::desk::Desk;
use crate::assemble::format::{Datum, apply};
use crate::diagnostic::Code;
use crate::parse::data::Decimal;
use crate::value::Spanned;

/// Most signs of a claim; and so the deepest nesting of its brackets.
const LONGEST: usize = 400;

/// An exact fraction; the denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fraction {
    over: i128,
    under: i128,
}

/// Why a claim says nothing.
#[derive(Debug, Clone)]
enum Fault {
    /// It cannot be read.
    Syntax(String, String),
    /// A value does not exist.
    Value(String, String),
}

/// One side of a claim: what it is worth, and how a message shows it.
#[derive(Debug, Clone)]
struct Side {
    worth: Fraction,
    shown: String,
}

/// What a claim comes to.
struct Verdict {
    holds: bool,
    sides: Vec<Side>,
}

impl Desk<'_, '_> {
    /// Checks what front matter claims.
    pub(super) fn claims(&mut self) {
        let front = &self.entry.front;
        for claim in &front.claims {
            let span = self.front_span("claims", claim.span);
            match self.judge(claim) {
                Ok(Verdict { holds: true, .. }) => {}
                Ok(Verdict { sides, .. }) => {
                    let sides: Vec<&str> = sides.iter().map(|side| side.shown.as_str()).collect();
                    let message = format!(
                        "the text relies on `{}`, which is no longer true ({})",
                        claim.value,
                        sides.join(" against ")
                    );
                    let help = "correct the text and the claim, or the data";
                    self.report(Code::ClaimBroken, span, message, help);
                }
                Err(Fault::Syntax(problem, help)) => {
                    let message = format!("the claim `{}` cannot be read: {problem}", claim.value);
                    self.report(Code::ClaimBroken, span, message, help);
                }
                Err(Fault::Value(message, help)) => self.report(Code::ValueUnknown, span, message, help),
            }
        }
    }

    fn judge(&self, claim: &Spanned<String>) -> Result<Verdict, Fault> {
        judge(&claim.value, &|path| self.side(path))
    }

    /// The number at a path.
    fn side(&self, path: &str) -> Result<Side, Fault> {
        let found = self.find(path).map_err(|missing| Fault::Value(missing.message, missing.help))?;
        let Some(number) = found.datum.as_number() else {
            let message = format!("`{path}` is {}, which cannot be compared", found.datum.what());
            return Err(Fault::Value(message, "name a value that is a number".to_owned()));
        };
        let shown = shown(&found.datum, self.locale).unwrap_or_else(|| number.to_string());
        Ok(Side { worth: Fraction::of(number), shown })
    }
}

fn shown(datum: &Datum, locale: &crate::assemble::format::Locale) -> Option<String> {
    Some(apply(datum.clone(), &[]).ok()?.text(locale))
}

/// Reads and weighs a claim. `find` finds the number at a path.
fn judge(claim: &str, find: &dyn Fn(&str) -> Result<Side, Fault>) -> Result<Verdict, Fault> {
    if claim.len() > LONGEST {
        return Err(syntax("it is too long", "split it into several claims"));
    }
    let tokens = tokens(claim)?;
    let mut reader = Reader { tokens: &tokens, at: 0, find };
    let verdict = reader.claim()?;
    match reader.peek() {
        None => Ok(verdict),
        Some(token) => Err(unexpected(Some(token))),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'c> {
    Number(&'c str),
    Path(&'c str),
    Sign(&'c str),
}

/// A hyphen between letters belongs to a path; one with a space beside it is a minus.
fn tokens(claim: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = claim.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = |fits: fn(char) -> bool| rest.find(|c: char| !fits(c)).unwrap_or(rest.len());
        let (token, length) = if first.is_ascii_digit() {
            let length = length(|c| c.is_ascii_digit() || matches!(c, '.' | '_'));
            (Token::Number(&rest[..length]), length)
        } else if first.is_alphabetic() {
            let length = length(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
            (Token::Path(&rest[..length]), length)
        } else {
            const SIGNS: [&str; 14] =
                [">=", "<=", "==", "!=", ">", "<", "=", "+", "-", "*", "/", "(", ")", ","];
            let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
                return Err(syntax(&format!("`{first}` means nothing here"), EXAMPLE));
            };
            (Token::Sign(sign), sign.len())
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

const EXAMPLE: &str =
    "write it as `salary.web-developer.median > 80000`, `a >= b * 1.5` or `between(a, 5, 10)`";

fn syntax(problem: &str, help: &str) -> Fault {
    Fault::Syntax(problem.to_owned(), help.to_owned())
}

fn unexpected(token: Option<Token<'_>>) -> Fault {
    match token {
        None => syntax("it breaks off", EXAMPLE),
        Some(Token::Number(text) | Token::Path(text) | Token::Sign(text)) => {
            syntax(&format!("`{text}` is not expected there"), EXAMPLE)
        }
    }
}

struct Reader<'c> {
    tokens: &'c [Token<'c>],
    at: usize,
    find: &'c dyn Fn(&str) -> Result<Side, Fault>,
}

impl<'c> Reader<'c> {
    fn peek(&self) -> Option<Token<'c>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'c>> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.peek() == Some(Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) { Ok(()) } else { Err(unexpected(self.peek())) }
    }

    fn claim(&mut self) -> Result<Verdict, Fault> {
        if self.peek() == Some(Token::Path("between")) {
            self.at += 1;
            self.expect("(")?;
            let value = self.sum()?;
            self.expect(",")?;
            let low = self.sum()?;
            self.expect(",")?;
            let high = self.sum()?;
            self.expect(")")?;
            let holds = value.worth.cmp(low.worth)? != Ordering::Less
                && value.worth.cmp(high.worth)? != Ordering::Greater;
            return Ok(Verdict { holds, sides: vec![value, low, high] });
        }
        let left = self.sum()?;
        let Some(Token::Sign(sign @ (">" | ">=" | "<" | "<=" | "=" | "==" | "!="))) = self.next() else {
            self.at -= 1;
            return Err(unexpected(self.peek()));
        };
        let right = self.sum()?;
        let order = left.worth.cmp(right.worth)?;
        let holds = match sign {
            ">" => order == Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            "!=" => order != Ordering::Equal,
            _ => order == Ordering::Equal,
        };
        Ok(Verdict { holds, sides: vec![left, right] })
    }

    fn sum(&mut self) -> Result<Side, Fault> {
        let mut side = self.product()?;
        loop {
            let negative = match self.peek() {
                Some(Token::Sign("+")) => false,
                Some(Token::Sign("-")) => true,
                _ => return Ok(side),
            };
            self.at += 1;
            let other = self.product()?.worth;
            side = Side::made(side.worth.add(if negative { other.negative() } else { other })?);
        }
    }

    fn product(&mut self) -> Result<Side, Fault> {
        let mut side = self.factor()?;
        loop {
            let divides = match self.peek() {
                Some(Token::Sign("*")) => false,
                Some(Token::Sign("/")) => true,
                _ => return Ok(side),
            };
            self.at += 1;
            let other = self.factor()?.worth;
            side = Side::made(side.worth.times(if divides { other.inverse()? } else { other })?);
        }
    }

    fn factor(&mut self) -> Result<Side, Fault> {
        match self.next() {
            Some(Token::Number(written)) => {
                let number = Decimal::parse(written).ok_or_else(|| {
                    syntax(&format!("`{written}` is not a number"), "write bare digits: `80000`")
                })?;
                Ok(Side::made(Fraction::of(number)))
            }
            Some(Token::Path(path)) => (self.find)(path),
            Some(Token::Sign("(")) => {
                let side = self.sum()?;
                self.expect(")")?;
                Ok(side)
            }
            Some(Token::Sign("-")) => Ok(Side::made(self.factor()?.worth.negative())),
            token => Err(unexpected(token)),
        }
    }
}

impl Side {
    /// What was calculated, shown to two digits.
    fn made(worth: Fraction) -> Self {
        let hundredths = worth.over.checked_mul(100).map(|over| over / worth.under);
        let shown = hundredths
            .and_then(|units| i64::try_from(units).ok())
            .map(|units| crate::assemble::format::trimmed(Decimal { units, scale: 2 }).to_string());
        Self { worth, shown: shown.unwrap_or_else(|| "a very large number".to_owned()) }
    }
}

impl Fraction {
    fn of(number: Decimal) -> Self {
        Self { over: i128::from(number.units), under: 10_i128.pow(u32::from(number.scale)) }
    }

    /// In lowest terms, so that numbers stay small.
    fn new(over: i128, under: i128) -> Result<Self, Fault> {
        let divisor = gcd(over.unsigned_abs(), under.unsigned_abs());
        let Ok(divisor) = i128::try_from(divisor.max(1)) else { return Err(too_large()) };
        Ok(Self { over: over / divisor, under: under / divisor })
    }

    fn add(self, other: Self) -> Result<Self, Fault> {
        let sum = || {
            let left = self.over.checked_mul(other.under)?;
            let right = other.over.checked_mul(self.under)?;
            Some((left.checked_add(right)?, self.under.checked_mul(other.under)?))
        };
        let (over, under) = sum().ok_or_else(too_large)?;
        Self::new(over, under)
    }

    fn times(self, other: Self) -> Result<Self, Fault> {
        let product = || Some((self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?));
        let (over, under) = product().ok_or_else(too_large)?;
        Self::new(over, under)
    }

    fn negative(self) -> Self {
        Self { over: self.over.saturating_neg(), under: self.under }
    }

    fn inverse(self) -> Result<Self, Fault> {
        match self.over.signum() {
            0 => Err(syntax("it divides by zero", "compare without the division")),
            -1 => Ok(Self {
                over: self.under.saturating_neg(),
                under: self.over.checked_neg().ok_or_else(too_large)?,
            }),
            _ => Ok(Self { over: self.under, under: self.over }),
        }
    }

    fn cmp(self, other: Self) -> Result<Ordering, Fault> {
        let left = self.over.checked_mul(other.under).ok_or_else(too_large)?;
        let right = other.over.checked_mul(self.under).ok_or_else(too_large)?;
        Ok(left.cmp(&right))
    }
}

fn too_large() -> Fault {
    syntax("its numbers are too large", "compare smaller numbers")
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(path: &str) -> Result<Side, Fault> {
        let number = match path {
            "salary.a-b.median" => "133080",
            "c" => "90930",
            "outlook.d.percent" => "-6",
            _ => return Err(Fault::Value(path.to_owned(), String::new())),
        };
        Ok(Side { worth: Fraction::of(Decimal::parse(number).unwrap()), shown: number.to_owned() })
    }

    fn verdict(claim: &str) -> String {
        match judge(claim, &find) {
            Ok(verdict) => {
                let sides: Vec<String> = verdict.sides.into_iter().map(|side| side.shown).collect();
                format!("{} {}", verdict.holds, sides.join(" "))
            }
            Err(Fault::Syntax(problem, _)) => problem,
            Err(Fault::Value(path, _)) => format!("no {path}"),
        }
    }

    #[test]
    fn claims_are_weighed_exactly() {
        for (claim, expected) in [
            ("salary.a-b.median > c", "true 133080 90930"),
            ("salary.a-b.median > c * 1.5", "false 133080 136395"),
            ("salary.a-b.median - c = 42150", "true 42150 42150"),
            ("c / 3 * 3 == c", "true 90930 90930"),
            ("0.1 + 0.2 = 0.3", "true 0.3 0.3"),
            ("outlook.d.percent<0", "true -6 0"),
            ("outlook.d.percent != -(2 + 4)", "false -6 -6"),
            ("between(c, 90000, 100_000)", "true 90930 90000 100000"),
            ("between(c, 1, 2)", "false 90930 1 2"),
            ("c >= 90930", "true 90930 90930"),
            ("1 / -2 < 0", "true -0.5 0"),
        ] {
            assert_eq!(verdict(claim), expected, "{claim}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (claim, expected) in [
            ("", "it breaks off"),
            ("c", "it breaks off"),
            ("c >", "it breaks off"),
            ("c > d", "no d"),
            ("c > 1 > 0", "`>` is not expected there"),
            ("c $ 1", "`$` means nothing here"),
            ("c > 1.2.3", "`1.2.3` is not a number"),
            ("c > 1 / 0", "it divides by zero"),
            ("(c > 1)", "`>` is not expected there"),
            ("between(c, 1)", "`)` is not expected there"),
            (
                "9000000000000000000 * 9000000000000000000 * 9000000000000000000 > 1",
                "its numbers are too large",
            ),
        ] {
            assert_eq!(verdict(claim), expected, "{claim}");
        }
        assert_eq!(verdict(&"(".repeat(1000)), "it is too long");
    }

    proptest! {
        #[test]
        fn nothing_a_writer_claims_panics(claim in "[c0-9.()+*/<>=, -]{0,60}|\\PC{0,40}") {
            verdict(&claim);
        }
    }
}
