//! Classes of characters in a pattern: `[a-z&&[^q]]`, `\d`, `[:alpha:]`.
//!
//! In: the rest of a pattern's source, behind a backslash or an opening bracket. Out: the [`Class`]
//! that it means. What case does to it is not its matter.

use super::super::set::{DIGIT, HEX, LOWER, SPACE, Set, UPPER, WORD};
use super::{DEEPEST, Read, Reader, Unclear};

/// A part of a class.
#[derive(Clone, Copy)]
pub(super) enum Member {
    Char(char),
    Class(Class),
}

impl Member {
    fn class(self) -> Class {
        match self {
            Self::Char(c) => Class::exactly(Set::char(c)),
            Self::Class(class) => class,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Class {
    pub(super) set: Set,
    /// The ASCII part is no more than what is meant, so what is not in it is not meant.
    pub(super) exact: bool,
    /// Something was left out of it, which case may bring back.
    pub(super) negated: bool,
}

impl Class {
    fn exactly(set: Set) -> Self {
        Self { set, exact: true, negated: false }
    }

    fn not(self) -> Self {
        let set = if self.exact { self.set.not() } else { Set::ALL };
        Self { set, exact: self.exact, negated: true }
    }

    fn or(self, other: Self) -> Self {
        Self { set: self.set.or(other.set), ..self.with(other) }
    }

    fn and(self, other: Self) -> Self {
        Self { set: self.set.and(other.set), negated: true, ..self.with(other) }
    }

    fn with(self, other: Self) -> Self {
        Self { set: self.set, exact: self.exact && other.exact, negated: self.negated || other.negated }
    }
}

impl Reader<'_> {
    /// An escape that stands for characters, its backslash read.
    pub(super) fn member(&mut self) -> Read<Member> {
        let c = self.next().ok_or(Unclear)?;
        let class = |ascii, negated: bool| {
            let set = Set { ascii, beyond: true };
            let class = Class::exactly(set);
            Ok(Member::Class(if negated { class.not() } else { class }))
        };
        match c {
            'd' | 'D' => return class(DIGIT, c == 'D'),
            'w' | 'W' => return class(WORD, c == 'W'),
            's' | 'S' => return class(SPACE, c == 'S'),
            'H' => return class(HEX, true),
            'h' => return Ok(Member::Class(Class::exactly(Set { ascii: HEX, beyond: false }))),
            'p' | 'P' if self.eat("{") => {
                let negated = self.eat("^") != (c == 'P');
                let class = property(self.until('}')?);
                return Ok(Member::Class(if negated { class.not() } else { class }));
            }
            _ => {}
        }
        let code = match c {
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            'a' => 7,
            'e' => 27,
            'b' => 8,
            'c' => u32::from(self.next().filter(|c| c.is_ascii() && *c != '\\').ok_or(Unclear)?) & 0x1f,
            'x' if self.eat("{") => u32::from_str_radix(self.until('}')?.trim(), 16).map_err(|_| Unclear)?,
            'x' => match self.digits(2, 16) {
                Some(byte @ 0..128) => byte,
                // A byte of a longer character.
                Some(_) => return Ok(Member::Char('\u{80}')),
                None => return Err(Unclear),
            },
            'u' => self.digits(4, 16).ok_or(Unclear)?,
            'o' if self.eat("{") => u32::from_str_radix(self.until('}')?, 8).map_err(|_| Unclear)?,
            '0' => self.digits(2, 8).unwrap_or(0),
            '1'..='9' | 'C' | 'M' | 'R' | 'X' => return Err(Unclear),
            c => return Ok(Member::Char(c)),
        };
        Ok(Member::Char(char::from_u32(code).ok_or(Unclear)?))
    }

    fn digits(&mut self, most: usize, radix: u32) -> Option<u32> {
        let length = self.rest.chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let code = u32::from_str_radix(&self.rest[..length], radix).ok()?;
        self.rest = &self.rest[length..];
        Some(code)
    }

    /// A class, its opening bracket read.
    pub(super) fn class(&mut self) -> Read<Class> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unclear);
        }
        let negated = self.eat("^");
        let mut whole: Option<Class> = None;
        let mut part = Class::exactly(Set::NONE);
        let mut first = true;
        loop {
            if self.rest.starts_with(']') && !first {
                self.next();
                break;
            }
            if self.eat("&&") {
                whole = Some(whole.map_or(part, |whole| whole.and(part)));
                part = Class::exactly(Set::NONE);
                continue;
            }
            let low = self.class_member()?;
            part = part.or(low.class());
            if self.rest.starts_with('-') && !self.rest[1..].starts_with(']') {
                let before = self.rest;
                self.next();
                if self.rest.starts_with(['[', '&']) {
                    self.rest = before;
                } else {
                    let high = self.class_member()?;
                    part = part.or(high.class());
                    match (low, high) {
                        (Member::Char(low_char), Member::Char(high)) if low_char <= high => {
                            part.set = part.set.or(Set::range(low_char, high));
                        }
                        _ => part.set = part.set.or(Set::char('-')),
                    }
                    if matches!(low, Member::Char('-')) && !first {
                        part.exact = false;
                    }
                }
            }
            first = false;
        }
        self.depth -= 1;
        let class = whole.map_or(part, |whole| whole.and(part));
        Ok(if negated { class.not() } else { class })
    }

    fn class_member(&mut self) -> Read<Member> {
        match self.next().ok_or(Unclear)? {
            '\\' => self.member(),
            '[' => {
                if let Some(rest) = self.rest.strip_prefix(':')
                    && let Some((name, rest)) = rest.split_once(":]")
                    && name.trim_start_matches('^').chars().all(|c| c.is_ascii_alphabetic())
                {
                    self.rest = rest;
                    let class = property(name.trim_start_matches('^'));
                    return Ok(Member::Class(if name.starts_with('^') { class.not() } else { class }));
                }
                Ok(Member::Class(self.class()?))
            }
            c => Ok(Member::Char(c)),
        }
    }
}

/// The ASCII characters of a Unicode property or a POSIX bracket.
fn property(name: &str) -> Class {
    let name: String =
        name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_lowercase();
    let ascii = match name.as_str() {
        "l" | "letter" | "alpha" | "alphabetic" => LOWER | UPPER,
        "lu" | "upper" | "uppercaseletter" => UPPER,
        "ll" | "lower" | "lowercaseletter" => LOWER,
        "n" | "nd" | "digit" => DIGIT,
        "lt" | "lo" | "lm" | "nl" | "no" | "m" | "mn" | "mc" | "me" | "so" => 0,
        "pc" => 1 << b'_',
        "sm" => Set::chars("+<=>|~").ascii,
        "s" => Set::chars("+<=>|~$^`").ascii,
        "alnum" => LOWER | UPPER | DIGIT,
        "word" => WORD,
        "space" => SPACE,
        "blank" => Set::chars(" \t").ascii,
        "xdigit" => HEX,
        "ascii" => u128::MAX,
        _ => return Class { set: Set::ALL, exact: false, negated: true },
    };
    Class::exactly(Set { ascii, beyond: true })
}
