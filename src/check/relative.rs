//! Words that were true when they were typed.
//!
//! In: a page. Out: a finding at each phrase that tells a time by the day on which it is read. What
//! stands in `:::from` or `:::until` goes by itself and is left alone, as are languages but English.

use std::ops::Range;

use memchr::memmem::Finder;

use super::Sheet;
use super::language::{is_whole, prose};
use crate::diagnostic::{Code, Diagnostic};

/// What goes out of date without anybody touching it. Not `next month` or `last year`, which
/// stories of a usual week are full of.
const PHRASES: &[&str] = &[
    "as of this writing",
    "at the time of writing",
    "coming soon",
    "currently",
    "earlier this year",
    "last autumn",
    "last fall",
    "last spring",
    "last summer",
    "last winter",
    "later this year",
    "next autumn",
    "next fall",
    "next spring",
    "next summer",
    "next winter",
    "right now",
    "this autumn",
    "this coming",
    "this fall",
    "this spring",
    "this summer",
    "this winter",
];

/// Of each phrase the word that is seldom without it: a text with none of these has none of those.
const MARKS: &[&str] =
    &["writing", "coming", "currently", "year", "autumn", "fall", "spring", "summer", "winter", "right now"];

/// Times told by the day of reading (`relative-date`).
pub(super) fn dates(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    if !sheet.english {
        return;
    }
    let marks: Vec<Finder<'_>> = MARKS.iter().map(Finder::new).collect();
    let windows = windows(sheet);
    for block in prose(sheet) {
        let start = block.span.start as usize;
        if windows.iter().any(|window| window.contains(&start)) {
            continue;
        }
        let lower = block.text.to_ascii_lowercase();
        if !marks.iter().any(|mark| mark.find(lower.as_bytes()).is_some()) {
            continue;
        }
        for phrase in PHRASES {
            for (at, _) in lower.match_indices(phrase) {
                let range = at..at + phrase.len();
                if !is_whole(&lower, &range) || is_quoted(&block.text, &range) {
                    continue;
                }
                let message = format!("`{}` will go out of date", &block.text[range.clone()]);
                let help = "give a date, or put the sentence between `:::until 2030-12-31` and `:::`";
                found.push(sheet.finding(Code::RelativeDate, block.place(range), message).help(help));
            }
        }
    }
}

/// Whether a phrase stands in quotation marks of its own: it is spoken of, not said.
fn is_quoted(text: &str, phrase: &Range<usize>) -> bool {
    let marks = |sign: char| matches!(sign, '"' | '“' | '”' | '„' | '‘' | '’' | '\'');
    let before = text[..phrase.start].chars().next_back();
    let after = text[phrase.end..].trim_start_matches([',', '.', ';', '?', '!', '…']).chars().next();
    before.is_some_and(marks) && after.is_some_and(marks)
}

/// The bytes of the file between the lines of each `:::from` and `:::until`.
fn windows(sheet: &Sheet<'_>) -> Vec<Range<usize>> {
    let calls = sheet.document.calls.iter();
    let dated = calls.filter(|call| ["from", "until"].contains(&call.name.value.as_str()));
    dated.map(|call| call.span.start as usize..end_of_block(sheet.text, call.span.end as usize)).collect()
}

/// Where a block ends whose opening line ends here.
fn end_of_block(text: &str, from: usize) -> usize {
    let mut open = 1_usize;
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        at += line.len();
        if let Some(rest) = line.trim_start_matches([' ', '>']).strip_prefix(":::") {
            let is_end = rest.trim_matches(|sign: char| sign == ':' || sign.is_whitespace()).is_empty();
            open = if is_end { open.saturating_sub(1) } else { open + 1 };
            if open == 0 {
                break;
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phrase_has_a_mark() {
        for phrase in PHRASES {
            assert!(MARKS.iter().any(|mark| phrase.contains(mark)), "{phrase}");
        }
    }
}
