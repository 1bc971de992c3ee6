//! What a reader reads: the count of words, and the plain text of a summary.
//!
//! In: the text of a page piece by piece, and where one block ends and the next begins. Out: words
//! and plain text. Knows nothing of markup, so a word that changes its face midway is one word.

use crate::parse::directive::inline::protect;

/// A page's words so far.
#[derive(Default)]
pub(super) struct Prose {
    words: u32,
    state: State,
    summary: Summary,
    /// What the page says is to be taken away from it.
    takeaway: Summary,
    /// What was counted when the text fell silent.
    muted: Option<u32>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Gap,
    Word,
    /// Right after a character that counts by itself: punctuation here begins no word.
    Ideograph,
}

/// A part of the text, such as that before the "more" mark.
#[derive(Default)]
enum Summary {
    /// There is none, or none yet: nothing is kept.
    #[default]
    None,
    /// Its end is not reached yet.
    Open(String),
    /// Reached.
    Closed(String),
}

impl Summary {
    fn push(&mut self, text: &str) {
        if let Self::Open(summary) = self {
            summary.push_str(text);
        }
    }

    fn gap(&mut self) {
        if let Self::Open(summary) = self
            && !summary.is_empty()
        {
            summary.push(' ');
        }
    }

    fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Ends what is open. False when nothing is.
    fn close(&mut self) -> bool {
        let Self::Open(text) = self else { return false };
        *self = Self::Closed(std::mem::take(text));
        true
    }

    /// With its white space tidied; nothing when it is empty or never ended.
    fn finish(self) -> Option<String> {
        match self {
            Self::Closed(text) => Some(tidy(&text)).filter(|text| !text.is_empty()),
            Self::None | Self::Open(_) => None,
        }
    }
}

impl Prose {
    /// Counts words only.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Counts words, and keeps the text until [`Prose::more`].
    pub(super) fn with_summary() -> Self {
        Self { summary: Summary::Open(String::new()), ..Self::default() }
    }

    /// Takes the next piece of text.
    pub(super) fn text(&mut self, text: &str) {
        if text.is_ascii() && self.state != State::Ideograph {
            self.ascii(text.as_bytes());
        } else {
            self.letters(text);
        }
        if self.summary.is_open() || self.takeaway.is_open() {
            self.summarise(&protect(text));
        }
    }

    /// What most text is, for which a byte says everything.
    fn ascii(&mut self, text: &[u8]) {
        // As `char::is_whitespace` has it, which is one more than `u8::is_ascii_whitespace`.
        let is_gap = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
        let (Some(&first), Some(&last)) = (text.first(), text.last()) else { return };
        // A word begins where a gap ends: that many bytes can be looked at side by side, and the fewer bits a sum
        // has, the more of them. Of 256 bytes no more than half begin a word.
        let begins = |(before, byte): (&u8, &u8)| u8::from(is_gap(*before) & !is_gap(*byte));
        let sum = |(befores, bytes): (&[u8], &[u8])| befores.iter().zip(bytes).map(begins).sum::<u8>();
        let begun: u32 = text.chunks(256).zip(text[1..].chunks(256)).map(sum).map(u32::from).sum();
        let words = u32::from(self.state == State::Gap && !is_gap(first)) + begun;
        self.words = self.words.saturating_add(words);
        self.state = if is_gap(last) { State::Gap } else { State::Word };
    }

    fn letters(&mut self, text: &str) {
        for c in text.chars() {
            if is_ideograph(c) {
                self.words = self.words.saturating_add(1);
                self.state = State::Ideograph;
            } else if c.is_whitespace() || is_ideographic_punctuation(c) {
                self.state = State::Gap;
            } else if self.state == State::Gap || (self.state == State::Ideograph && c.is_alphanumeric()) {
                self.words = self.words.saturating_add(1);
                self.state = State::Word;
            }
        }
    }

    /// Takes a mark such as `{{ value }}`: a word that is not known yet. In the summary it stays as written.
    pub(super) fn mark(&mut self, source: &str) {
        if self.state != State::Word {
            self.words = self.words.saturating_add(1);
            self.state = State::Word;
        }
        self.summarise(source);
    }

    /// Something without words of its own: punctuation after it begins no word.
    pub(super) fn glue(&mut self) {
        self.state = State::Word;
    }

    fn summarise(&mut self, text: &str) {
        if self.muted.is_none() {
            self.summary.push(text);
            self.takeaway.push(text);
        }
    }

    /// What follows is no part of the content, until [`Prose::unmute`].
    pub(super) fn mute(&mut self) {
        self.muted.get_or_insert(self.words);
    }

    /// What follows counts again.
    pub(super) fn unmute(&mut self) {
        self.words = self.muted.take().unwrap_or(self.words);
    }

    /// Words so far.
    pub(super) fn words(&self) -> u32 {
        self.words
    }

    /// Ends the word: a line break, or the edge of a block.
    pub(super) fn gap(&mut self) {
        self.state = State::Gap;
        self.summary.gap();
        self.takeaway.gap();
    }

    /// The "more" mark is here. False when it is not the first.
    pub(super) fn more(&mut self) -> bool {
        self.summary.close()
    }

    /// What follows is the page's takeaway, until [`Prose::end_takeaway`]; the first counts.
    pub(super) fn takeaway(&mut self) {
        if matches!(self.takeaway, Summary::None) {
            self.takeaway = Summary::Open(String::new());
        }
    }

    /// The takeaway ends.
    pub(super) fn end_takeaway(&mut self) {
        self.takeaway.close();
    }

    /// The number of words, and the summary: the takeaway, else what stands before the "more" mark.
    pub(super) fn finish(self) -> (u32, String) {
        (self.words, self.takeaway.finish().or_else(|| self.summary.finish()).unwrap_or_default())
    }
}

/// Text with each stretch of white space turned into one space, and none at its ends.
pub(in crate::parse) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// The same of a text that most often is tidy already.
pub(super) fn tidied(text: String) -> String {
    let bytes = text.as_bytes();
    let is_plain = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let ends_well = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    let is_tidy = is_plain && ends_well && !bytes.windows(2).any(|pair| pair == b"  ");
    if is_tidy { text } else { tidy(&text) }
}

/// Chinese characters and Japanese syllables, which are written without spaces and counted singly.
/// Korean is written with spaces.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

fn is_ideographic_punctuation(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff3d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pieces: &[&str]) -> u32 {
        let mut prose = Prose::new();
        for piece in pieces {
            prose.text(piece);
        }
        prose.finish().0
    }

    #[test]
    fn words_are_counted_across_pieces() {
        assert_eq!(words(&["foo", "bar"]), 1);
        assert_eq!(words(&["foo ", "bar\u{a0}baz"]), 3);
        assert_eq!(words(&["北京、です。ok です. (ok)"]), 8);
        assert_eq!(words(&["한국어 단어"]), 2);
    }

    #[test]
    fn ascii_is_counted_as_other_text_is() {
        const PIECES: [&str; 9] = ["", " ", "a", "ab c", " a", "a ", "\u{b}\u{c}a", "\u{1c}b", "-\r\n."];
        for first in PIECES {
            for second in PIECES {
                let (mut fast, mut slow) = (Prose::new(), Prose::new());
                for piece in [first, second, "x"] {
                    fast.text(piece);
                    slow.letters(piece);
                }
                assert_eq!(fast.words(), slow.words(), "{first:?} {second:?}");
            }
        }
        for length in [15, 16, 17, 4_079, 4_080, 4_081, 9_000] {
            for text in ["ab".repeat(length), " a".repeat(length), "abc ".repeat(length)] {
                let (mut fast, mut slow) = (Prose::new(), Prose::new());
                fast.text(&text[..length]);
                slow.letters(&text[..length]);
                assert_eq!(fast.words(), slow.words(), "{length}");
            }
        }
    }

    #[test]
    fn what_is_tidy_already_is_left_so() {
        for text in
            ["", " ", "a", "a b", " a", "a ", "a  b", "a\tb", "\n", "é", "é  é", "a\u{a0}b", "a\u{7f}b"]
        {
            assert_eq!(tidied(text.to_owned()), tidy(text), "{text:?}");
        }
    }

    #[test]
    fn the_summary_is_what_stands_before_the_first_mark() {
        let mut prose = Prose::with_summary();
        prose.text("one");
        prose.gap();
        prose.text("two ");
        assert!(prose.more());
        prose.text("three");
        assert!(!prose.more());
        assert_eq!(prose.finish(), (3, "one two".to_owned()));
    }

    #[test]
    fn a_takeaway_is_the_summary_before_anything_else() {
        let mut prose = Prose::with_summary();
        prose.text("one");
        assert!(prose.more());
        for words in [" two\n three ", "four"] {
            prose.takeaway();
            prose.text(words);
            prose.end_takeaway();
        }
        assert_eq!(prose.finish(), (4, "two three".to_owned()));
    }
}
