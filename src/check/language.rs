//! How a text reads: its length, its sentences, its words.
//!
//! In: a page. Out: findings at the paragraph, the sentence or the word. Rules about reading know
//! English only and leave other languages alone.

use std::ops::Range;

use super::{Opened, Sheet};
use crate::config;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::markdown::reading::{Block, BlockKind, MASK};

/// A stretch of prose with its sentences.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    block: &'a Block,
    sentences: Vec<Sentence>,
}

/// A sentence and what it is measured by.
#[derive(Debug)]
struct Sentence {
    range: Range<usize>,
    words: usize,
    /// Those of them that are no code and no values, and their syllables.
    plain: usize,
    syllables: usize,
}

/// The prose of a page, measured once for all rules.
pub(super) fn passages<'a>(sheet: &Sheet<'a>) -> Vec<Passage<'a>> {
    let passage = |block: &'a Block| {
        let measured = |range| Sentence::measured(&block.text, range, sheet.english);
        let sentences = sentences(&block.text).into_iter().map(measured).collect();
        Passage { block, sentences }
    };
    prose(sheet).map(passage).collect()
}

impl Sentence {
    /// One pass over its letters. Words are what white space parts, when it holds a letter, a digit or
    /// something masked.
    fn measured(text: &str, range: Range<usize>, english: bool) -> Self {
        let mut sentence = Self { range: range.clone(), words: 0, plain: 0, syllables: 0 };
        let mut word = Word::default();
        let text = &text[range];
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            at += 1;
            let kind = KINDS[usize::from(*byte)];
            // One branch for all letters: whether one is a vowel nobody can guess.
            if kind & LETTER != 0 {
                word.letter(byte | 0x20, kind & VOWEL);
                continue;
            }
            match kind {
                SPACE => sentence.end(&mut word, english),
                DIGIT => word.counts = true,
                MASKED => word.masked = true,
                BEYOND => {
                    let Some(c) = text.get(at - 1..).and_then(|rest| rest.chars().next()) else { continue };
                    at += c.len_utf8() - 1;
                    if c.is_whitespace() {
                        sentence.end(&mut word, english);
                    } else if c.is_alphabetic() {
                        let small = c.to_lowercase().next().unwrap_or(c);
                        word.letter(0, u8::from(matches!(small, 'é' | 'è' | 'ê' | 'ö' | 'ü' | 'ä')));
                    } else {
                        word.counts |= c.is_alphanumeric();
                    }
                }
                _ => {}
            }
        }
        sentence.end(&mut word, english);
        sentence
    }

    fn end(&mut self, word: &mut Word, english: bool) {
        if word.counts || word.masked {
            self.words += 1;
            if english && !word.masked {
                self.plain += 1;
                self.syllables += word.syllables();
            }
        }
        *word = Word::default();
    }
}

/// What a byte of a text is to a word: with [`LETTER`] also whether it is a vowel.
const VOWEL: u8 = 1;
const LETTER: u8 = 2;
const DIGIT: u8 = 4;
const SPACE: u8 = 8;
const MASKED: u8 = 16;
/// The first of several bytes of one letter or sign.
const BEYOND: u8 = 32;

/// By byte; of signs nothing is known.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        #[expect(clippy::cast_possible_truncation, reason = "the table has a place for each byte")]
        let sign = byte as u8;
        kinds[byte] = match sign.to_ascii_lowercase() {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => LETTER | VOWEL,
            b'a'..=b'z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'\t'..=b'\r' | b' ' => SPACE,
            0x80.. => BEYOND,
            sign if sign == MASK as u8 => MASKED,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// A word being read, by what no speaker says in one breath: English syllables are told by their vowels,
/// with the silent `e` and its kin taken off.
#[derive(Default)]
struct Word {
    /// Whether it holds a letter or a digit.
    counts: bool,
    /// Whether it holds something that is no prose.
    masked: bool,
    /// Groups of vowels.
    groups: usize,
    /// Whether the letter before is a vowel: 1 or 0.
    before: u8,
    /// The last letters in small ones, the latest in the lowest byte; nought for those of other alphabets.
    last: u32,
}

impl Word {
    /// A small letter.
    fn letter(&mut self, small: u8, vowel: u8) {
        self.counts = true;
        self.groups += usize::from(vowel & !self.before);
        self.before = vowel;
        self.last = self.last << 8 | u32::from(small);
    }

    fn syllables(&self) -> usize {
        let [before, third, second, last] = self.last.to_be_bytes();
        let spoken = matches!(
            [last, second, third, before],
            [b'e', b'l', ..]
                | [b's', b'e', b's' | b'z' | b'c' | b'g' | b'x', _]
                | [b's', b'e', b'h', b's' | b'c']
                | [b'd', b'e', b't' | b'd', _]
        );
        let silent = !spoken && matches!([last, second], [b'e', _] | [b's' | b'd', b'e']);
        self.groups.saturating_sub(usize::from(silent && self.groups > 1)).max(1)
    }
}

/// Paragraphs that nobody takes in at once (`paragraph-long`).
pub(super) fn long_paragraphs(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    let limit = sheet.checks.limits.paragraph_words;
    for Passage { block, sentences } in &sheet.passages {
        let words: usize = sentences.iter().map(|sentence| sentence.words).sum();
        if words > limit {
            let message = format!("a paragraph of {words} words; the limit is {limit}");
            let help = "part it where the thought turns, or make a list of it";
            found.push(sheet.finding(Code::ParagraphLong, block.span, message).help(help));
        }
    }
}

/// Sentences that are over before their beginning is remembered (`sentence-long`).
pub(super) fn long_sentences(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    let limit = sheet.checks.limits.sentence_words;
    for Passage { block, sentences } in &sheet.passages {
        for Sentence { range, words, .. } in sentences.iter().filter(|sentence| sentence.words > limit) {
            let message = format!("a sentence of {words} words; the limit is {limit}");
            let place = block.place(range.clone());
            found.push(sheet.finding(Code::SentenceLong, place, message).help("make two sentences of it"));
        }
    }
}

pub(super) fn prose<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = &'a Block> + use<'a> {
    sheet.reading.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item))
}

/// Fewest words and sentences from which a grade means anything.
const SAMPLE: (usize, usize) = (100, 5);

/// The grade above which a site that says nothing of it is told.
const GRADE: usize = 12;

/// Texts that need more schooling than the site asks for (`reading-level`): the grade of Flesch and
/// Kincaid (Kincaid and others, 1975, Research Branch Report 8-75).
pub(super) fn reading_level(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    if !sheet.english {
        return;
    }
    let (mut count, mut syllables, mut number) = (0_usize, 0_usize, 0_usize);
    let mut longest: Option<(&Block, &Sentence)> = None;
    for Passage { block, sentences } in &sheet.passages {
        // Scraps of lists are no sentences.
        for sentence in sentences.iter().filter(|sentence| sentence.plain >= 4) {
            count += sentence.plain;
            syllables += sentence.syllables;
            number += 1;
            if longest.is_none_or(|(_, most)| sentence.plain > most.plain) {
                longest = Some((*block, sentence));
            }
        }
    }
    let Some((block, longest)) = longest.filter(|_| count >= SAMPLE.0 && number >= SAMPLE.1) else {
        return;
    };
    let grade = grade(count, number, syllables);
    let own = sheet.checks.limits.reading_grade;
    let limit = own.unwrap_or(GRADE);
    if grade > limit {
        let most = longest.plain;
        let message = format!(
            "the page reads at grade {grade}; the limit is {limit}; its longest sentence has {most} words"
        );
        found.push(
            sheet
                .finding(Code::ReadingLevel, block.place(longest.range.clone()), message)
                .severity(if own.is_some() { Severity::Warning } else { Severity::Info })
                .help("use shorter sentences and shorter words; begin with this sentence"),
        );
    }
}

/// 0.39 words per sentence + 11.8 syllables per word - 15.59, rounded down, in whole numbers.
fn grade(words: usize, sentences: usize, syllables: usize) -> usize {
    let hundredths = 39 * words / sentences + 1180 * syllables / words;
    hundredths.saturating_sub(1559) / 100
}

/// Short forms whose full stop ends no sentence.
const SHORT_FORMS: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "cf", "mr", "mrs", "ms", "dr", "prof", "st", "no", "inc", "ltd", "co",
    "approx", "dept", "est", "fig", "jr", "sr", "u.s", "u.k", "p", "pp", "vol", "al",
];

/// Where sentences stand in a text: each ends with `.`, `!`, `?` or `…` before white space, after
/// which no small letter follows.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some((at, c)) = mark(text, from) {
        from = at + c.len_utf8();
        let end = from;
        let rest = text[end..].trim_start_matches(['"', '\'', '”', '’', ')', ']', '*', '_']);
        if !rest.starts_with(char::is_whitespace) {
            continue;
        }
        let next = rest.trim_start().chars().next();
        let goes_on = next.is_some_and(char::is_lowercase);
        let word = text[start..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let short = c == '.'
            && (SHORT_FORMS.iter().any(|form| form.eq_ignore_ascii_case(word))
                || (word.starts_with(char::is_uppercase) && word.chars().nth(1).is_none()));
        if !goes_on && !short {
            let end = text.len() - rest.len();
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// The next sign that may end a sentence.
fn mark(text: &str, from: usize) -> Option<(usize, char)> {
    let rest = &text[from..];
    let stop = memchr::memchr3(b'.', b'!', b'?', rest.as_bytes());
    let before = &rest[..stop.unwrap_or(rest.len())];
    let ellipsis = if before.is_ascii() { None } else { before.find('…') };
    match (ellipsis, stop) {
        (Some(at), _) => Some((from + at, '…')),
        (None, Some(at)) => Some((from + at, char::from(rest.as_bytes()[at]))),
        (None, None) => None,
    }
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let sentence = &text[range.clone()];
    let trimmed = sentence.trim_start();
    let start = range.end - trimmed.len();
    let end = start + trimmed.trim_end().len();
    if start < end {
        found.push(start..end);
    }
}

/// Words that the site has better ones for (`banned-word`).
pub(super) fn banned_words(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    if sheet.checks.words.is_empty() {
        return;
    }
    for block in &sheet.reading.blocks {
        let lower = block.text.to_lowercase();
        // Offsets hold only where small letters are as long as capitals.
        let haystack = if lower.len() == block.text.len() { &lower } else { &block.text };
        for config::Word { word, instead, why } in &sheet.checks.words {
            let word = word.to_lowercase();
            for (at, _) in haystack.match_indices(&word) {
                let range = at..at + word.len();
                let Some(typed) = block.text.get(range.clone()) else { continue };
                // Of another form of the word the capitals count.
                let is_form = instead.to_lowercase() == word;
                let is_right = if is_form {
                    is_part_of(&block.text, &range, instead)
                } else {
                    is_part_of(haystack, &range, &instead.to_lowercase())
                };
                if !is_whole(haystack, &range) || typed == instead || is_right {
                    continue;
                }
                let (message, help) = if instead.is_empty() {
                    (
                        format!("the site does not use `{typed}`"),
                        if why.is_empty() { "say it in other words".to_owned() } else { why.clone() },
                    )
                } else {
                    (format!("use `{instead}` instead of `{typed}`"), format!("write `{instead}`"))
                };
                found.push(sheet.finding(Code::BannedWord, block.place(range), message).help(help));
            }
        }
    }
}

/// Whether no letter or digit stands right before or after.
pub(super) fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Whether what was found is part of the very words it should be: `end` of `back end`.
fn is_part_of(text: &str, range: &Range<usize>, instead: &str) -> bool {
    !instead.is_empty()
        && text.match_indices(instead).any(|(at, _)| at <= range.start && range.end <= at + instead.len())
}

/// Words in capitals that every reader knows, and names that are written in capitals and stand for nothing.
const KNOWN: &[&str] = &[
    "AA", "AAA", "AI", "AM", "ARM", "ASUS", "BBC", "CEO", "CSS", "CV", "DNA", "EU", "FAQ", "GB", "GPS",
    "HTML", "HTTP", "HTTPS", "ID", "IKEA", "IT", "KB", "LEGO", "MB", "NASA", "NATO", "NEON", "NVIDIA", "OK",
    "PC", "PDF", "PIN", "PM", "PS", "README", "TB", "TV", "UK", "UN", "URL", "US", "USA", "USB", "VIP",
    "VISA", "XEROX",
];

/// Words in capitals that are used more than once and that the text never spells out, by its side of
/// `glossary-undefined-abbr`: whether the glossary knows them is for the site to say.
pub(super) fn unexplained(sheet: &Sheet<'_>) -> Vec<String> {
    let often = sheet.document.abbreviations.iter().filter(|word| word.uses >= 2);
    let candidates = often.filter(|word| !KNOWN.contains(&word.text.as_str()) && is_abbreviation(&word.text));
    let candidates = candidates.filter(|word| stands_alone(sheet, &word.text) >= 2);
    candidates.filter(|word| !is_spelled_out(sheet, &word.text)).map(|word| word.text.clone()).collect()
}

/// How often a word is no part of a name with hyphens, such as `EUC-KR` and `ISO-8859-1`.
fn stands_alone(sheet: &Sheet<'_>, word: &str) -> usize {
    let joined = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let alone = |text: &str, at: usize| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let is_word = is_whole(text, &(at..at + word.len()));
        let is_last = before.strip_suffix('-').is_some_and(|before| before.ends_with(joined));
        let is_first = after.strip_prefix('-').is_some_and(|after| after.starts_with(joined));
        is_word && !is_last && !is_first
    };
    let blocks = sheet.reading.blocks.iter();
    blocks.map(|block| block.text.match_indices(word).filter(|(at, _)| alone(&block.text, *at)).count()).sum()
}

/// Long ones are words that were stressed, ones with digits are names.
fn is_abbreviation(word: &str) -> bool {
    word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `Server-side rendering (SSR)` or `SSR (server-side rendering)`; a word that also stands in small
/// letters is a word, and was only stressed.
fn is_spelled_out(sheet: &Sheet<'_>, word: &str) -> bool {
    let (behind, before, small) = (format!("({word}"), format!("{word} ("), word.to_lowercase());
    sheet.reading.blocks.iter().any(|block| {
        block.text.contains(&behind)
            || block.text.contains(&before)
            || block.text.match_indices(&small).any(|(at, _)| is_whole(&block.text, &(at..at + small.len())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_where_they_do() {
        assert_eq!(parts("One. Two! \"Three?\" Four"), ["One.", "Two!", "\"Three?\"", "Four"]);
        assert_eq!(parts("Skills, e.g. Java, cost 1.5 hours."), ["Skills, e.g. Java, cost 1.5 hours."]);
        assert_eq!(
            parts("See J. Smith (approx. Four). Then go."),
            ["See J. Smith (approx. Four).", "Then go."]
        );
        assert_eq!(parts("Use example.com. it is fine"), ["Use example.com. it is fine"]);
        assert_eq!(parts("Well\u{2026} Yes. \u{2026} No"), ["Well\u{2026}", "Yes.", "\u{2026}", "No"]);
        assert!(parts("  ").is_empty());
    }

    #[test]
    fn syllables_are_counted_as_they_are_spoken() {
        for (word, expected) in [
            ("nurse", 1),
            ("table", 2),
            ("career", 2),
            ("developer", 4),
            ("the", 1),
            ("makes", 1),
            ("wages", 2),
            ("worked", 1),
            ("wanted", 2),
            ("salary", 3),
            ("HR", 1),
            ("caf\u{e9}", 2),
            ("2026", 1),
        ] {
            let sentence = Sentence::measured(word, 0..word.len(), true);
            assert_eq!((sentence.words, sentence.plain, sentence.syllables), (1, 1, expected), "{word}");
        }
    }

    #[test]
    fn words_are_counted_as_white_space_parts_them() {
        for (text, words, plain) in [
            ("One two\u{a0}three\tfour", 4, 4),
            ("A \u{2014} \u{b7} dash & 3 \u{d6}re", 4, 4),
            ("It takes \u{1a}\u{1a} or x\u{1a}", 5, 3),
            ("\u{4e00}\u{3000}\u{4e00}", 2, 2),
            (" ... ", 0, 0),
        ] {
            let sentence = Sentence::measured(text, 0..text.len(), true);
            assert_eq!((sentence.words, sentence.plain), (words, plain), "{text}");
            let other = Sentence::measured(text, 0..text.len(), false);
            assert_eq!((other.words, other.plain, other.syllables), (words, 0, 0), "{text}");
        }
    }

    #[test]
    fn grades_follow_the_formula() {
        // 100 words, 5 sentences, 150 syllables: 7.8 + 17.7 - 15.59 = 9.91.
        assert_eq!(grade(100, 5, 150), 9);
        assert_eq!(grade(100, 50, 100), 0);
    }
}
