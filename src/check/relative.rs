//! Words that were true when they were typed.
//!
//! In: a page. Out: a finding at each phrase that tells a time by the day on which it is read. What
//! stands in `:::from` or `:::until` goes by itself and is left alone, as are languages but English.

use std::ops::Range;

use memchr::memmem;

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
    let windows = windows(sheet);
    let is_dated = |start: u32| windows.iter().any(|window| window.contains(&(start as usize)));
    let blocks: Vec<_> = prose(sheet).filter(|block| !is_dated(block.span.start)).collect();
    // All blocks as one text: no phrase reaches over the end of a line.
    let mut text = String::with_capacity(blocks.iter().map(|block| block.text.len() + 1).sum());
    let mut starts = Vec::with_capacity(blocks.len());
    for block in &blocks {
        starts.push(text.len());
        text.push_str(&block.text);
        text.push('\n');
    }
    text.make_ascii_lowercase();
    let marks: Vec<&str> = MARKS
        .iter()
        .copied()
        .filter(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
        .collect();
    for phrase in PHRASES.iter().filter(|phrase| marks.iter().any(|mark| phrase.contains(mark))) {
        for at in memmem::find_iter(text.as_bytes(), phrase) {
            let number = starts.partition_point(|start| *start <= at).saturating_sub(1);
            let (Some(block), Some(start)) = (blocks.get(number), starts.get(number)) else { continue };
            let range = at - start..at - start + phrase.len();
            if !is_whole(&text, &(at..at + phrase.len())) || is_quoted(&block.text, &range) {
                continue;
            }
            let message = format!("`{}` will go out of date", &block.text[range.clone()]);
            let help = "give a date, or put the sentence between `:::until 2030-12-31` and `:::`";
            found.push(sheet.finding(Code::RelativeDate, block.place(range), message).help(help));
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
