//! Figures in prose that no data stands behind.
//!
//! In: a page. Out: findings at the figure.

use std::ops::Range;

use super::Sheet;
use crate::config::is_external;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::markdown::reading::{Block, BlockKind};

const SIGNS: &[char] = &['$', '£', '€', '¥', '₹'];
const CODES: &[&str] =
    &["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY", "INR", "SEK", "NOK", "DKK", "PLN", "NZD"];
const WORDS: &[&str] = &["dollars", "euros", "pounds", "francs"];

/// Amounts of money typed into prose, unless their paragraph cites a source (`money-typed-by-hand`).
pub(super) fn money_by_hand(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    for block in &sheet.reading.blocks {
        let mut amounts = amounts(&block.text).peekable();
        if amounts.peek().is_none() || is_cited(sheet, block) {
            continue;
        }
        for range in amounts {
            let message = format!("`{}` is typed by hand", &block.text[range.clone()]);
            found.push(sheet.finding(Code::MoneyTypedByHand, block.place(range), message).help(
                "take it from data, as in `{{ salary.nurse.median }}`, or cite its source: `[@id]`, or a link",
            ));
        }
    }
}

/// Whether a citation or a link out of the site stands in the paragraph.
fn is_cited(sheet: &Sheet<'_>, block: &Block) -> bool {
    let span = if block.kind == BlockKind::Cell { row(sheet, block) } else { block.span };
    let inside = |start: u32| (span.start..span.end).contains(&start);
    let links = sheet.reading.links.iter();
    let mentions = sheet.document.mentions.iter();
    links.into_iter().any(|link| inside(link.span.start) && is_external(&link.target))
        || mentions.into_iter().any(|mention| {
            mention.kind == crate::parse::directive::MentionKind::Citation && inside(mention.id.span.start)
        })
}

/// The row of a table that a cell stands in: a source beside it speaks for all of it.
fn row(sheet: &Sheet<'_>, cell: &Block) -> Span {
    let at = cell.span.start as usize;
    let start = sheet.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = sheet.text[at..].find('\n').map_or(sheet.text.len(), |newline| at + newline);
    Span::new(start, end)
}

/// Where amounts stand in a text: `$1,200`, `€ 50k`, `USD 90,000`, `54 000 euros`. `$5` and `$1` are
/// no figures that grow old.
fn amounts(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(digit) =
            text.as_bytes()[from..].iter().position(u8::is_ascii_digit).map(|at| at + from)
        {
            let number = number(text, digit);
            from = number.end;
            if let Some(amount) = amount(text, number) {
                return Some(amount);
            }
        }
        None
    })
}

/// The whole number at a digit: groups of thousands, a fraction, and `k` or `m` behind.
fn number(text: &str, start: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    loop {
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        let sign = text[end..]
            .chars()
            .next()
            .filter(|c| matches!(c, ',' | '.' | '\'' | '\u{a0}' | '\u{202f}' | ' '));
        let Some(sign) = sign else { break };
        let next = end + sign.len_utf8();
        let digits = bytes[next..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // A space parts thousands only, and only before three digits.
        if digits == 0 || (sign.is_whitespace() && (digits != 3 || end - start > 3 + 4 * 2)) {
            break;
        }
        end = next;
    }
    let suffix = bytes.get(end).is_some_and(|byte| matches!(byte, b'k' | b'K' | b'm' | b'M'));
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    start..if suffix && ends(end + 1) { end + 1 } else { end }
}

fn amount(text: &str, number: Range<usize>) -> Option<Range<usize>> {
    let digits = &text[number.clone()];
    if digits.len() < 2 {
        return None;
    }
    let before = &text[..number.start];
    let close = before.trim_end_matches([' ', '\u{a0}']);
    let gap = before.len() - close.len() <= 2;
    if let Some(sign) = close.chars().next_back().filter(|sign| gap && SIGNS.contains(sign)) {
        return Some(close.len() - sign.len_utf8()..number.end);
    }
    if let Some(code) = CODES.iter().find(|code| gap && close.ends_with(**code)) {
        return Some(close.len() - code.len()..number.end);
    }
    let after = &text[number.end..];
    let rest = after.trim_start_matches([' ', '\u{a0}']);
    let skipped = after.len() - rest.len();
    if let Some(sign) = rest.chars().next().filter(|sign| skipped <= 2 && SIGNS[1..].contains(sign)) {
        return Some(number.start..number.end + skipped + sign.len_utf8());
    }
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let known = CODES.contains(&word) || WORDS.contains(&word);
    (known && skipped > 0 && skipped <= 2).then(|| number.start..number.end + skipped + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_found_as_they_are_written() {
        for (text, expected) in [
            ("It pays $126,216 a year.", &["$126,216"][..]),
            ("from $50k to $1.2m", &["$50k", "$1.2m"]),
            ("£32,916 or € 40 000,50", &["£32,916", "€ 40 000,50"]),
            ("USD 90,000 and 54,000 euros, 30 000 €", &["USD 90,000", "54,000 euros", "30 000 €"]),
            ("$5 and $1 and 2026 and 3 dollars", &[]),
            ("In 2024, 1,200 people; A$AP 12; US$ 15", &["$ 15"]),
        ] {
            let found: Vec<&str> = amounts(text).map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
