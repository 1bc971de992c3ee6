//! What pulldown-cmark is given to read, where its rules would hurt a guide's text.
//!
//! In: the Markdown text as written. Out: a text of the same length in which a few bytes are
//! masked, so that offsets stay true, and a way to lift the mask from what the parser hands back
//! (where characters that HTML may not hold become U+FFFD and all line ends LF, too). Parses nothing.
//!
//! Two marks are masked:
//! - `:` at the start of a line with no white space after it. pulldown-cmark takes every such line
//!   below a paragraph for a definition, and so `::toc` and `:-)`.
//! - `$` after something other than white space and before a digit. pulldown-cmark lets it close a
//!   formula, so that `$50,000-$60,000` would be one. (Pandoc has the same exception.)

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

/// Stands for a masked `:`. A control character that no rule of Markdown mentions.
const COLON: char = '\u{1}';
/// Stands for a masked `$`. Above the control characters that may not stand in a link destination.
const DOLLAR: char = '\u{7f}';

/// Text for the parser.
pub(super) struct Source<'a> {
    /// The text to parse, as long as the original.
    pub(super) text: Cow<'a, str>,
    /// Whether the text has what is not fit for HTML as it is.
    dirty: bool,
    /// Where its masks are, in order.
    masks: Vec<usize>,
}

impl<'a> Source<'a> {
    /// The text unmasked: pure `CommonMark`.
    pub(super) fn plain(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), dirty: is_dirty(text), masks: Vec::new() }
    }

    /// Masks what needs it; copies the text only then. A text that holds control characters, of
    /// which the masks are two, is left alone.
    pub(super) fn masked(text: &'a str) -> Self {
        let plain = Self::plain(text);
        if plain.dirty && text.contains(is_forbidden) {
            return plain;
        }
        let bytes = text.as_bytes();
        let mut masked = String::new();
        let mut masks = Vec::new();
        let mut copied = 0;
        for at in memchr::memchr2_iter(b'$', b':', bytes) {
            let mask = match bytes[at] {
                b'$' if closes_before_digit(bytes, at) => DOLLAR,
                b':' if starts_word_line(bytes, at) => COLON,
                _ => continue,
            };
            if masks.is_empty() {
                masked.reserve_exact(text.len());
            }
            masked.push_str(&text[copied..at]);
            masked.push(mask);
            masks.push(at);
            copied = at + 1;
        }
        if masks.is_empty() {
            return plain;
        }
        masked.push_str(&text[copied..]);
        Self { text: Cow::Owned(masked), masks, ..plain }
    }

    /// Whether an event says what the text does already, as nearly all do.
    pub(super) fn is_as_written(&self, event: &Event<'_>) -> bool {
        let is_usual = matches!(event, Event::Text(CowStr::Borrowed(_)) | Event::End(_) | Event::SoftBreak);
        is_usual && !self.dirty && self.masks.is_empty()
    }

    /// The event of a part of the text, with the original text in all its strings, fit for HTML.
    pub(super) fn unmask<'e>(&self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        // A string that the parser did not take from the text as it is may hold a decoded entity.
        let lift_from = |text: CowStr<'e>, is_masked: bool| match text {
            CowStr::Borrowed(_) if !self.dirty && !is_masked => text,
            _ => self.clean(text),
        };
        let is_masked = self.is_masked(range);
        let lift = |text| lift_from(text, is_masked);
        // What a reference stands for lies elsewhere.
        let lift_far = |text| lift_from(text, !self.masks.is_empty());
        // In an address the decoded ones are escaped, and browsers read past them to a scheme.
        let is_as_written = !self.dirty && self.masks.is_empty();
        let lift_address = |text| if is_as_written { text } else { self.clean(text) };
        match event {
            Event::Text(text) => Event::Text(lift(text)),
            Event::Code(text) => Event::Code(lift(text)),
            Event::InlineMath(text) => Event::InlineMath(lift(text)),
            Event::DisplayMath(text) => Event::DisplayMath(lift(text)),
            Event::Html(text) => Event::Html(lift(text)),
            Event::InlineHtml(text) => Event::InlineHtml(lift(text)),
            Event::FootnoteReference(text) => Event::FootnoteReference(lift(text)),
            Event::Start(tag) => Event::Start(match tag {
                Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                    Tag::CodeBlock(CodeBlockKind::Fenced(lift(info)))
                }
                Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(lift(label)),
                Tag::Link { link_type, dest_url, title, id } => {
                    Tag::Link { link_type, dest_url: lift_address(dest_url), title: lift_far(title), id }
                }
                Tag::Image { link_type, dest_url, title, id } => {
                    Tag::Image { link_type, dest_url: lift_address(dest_url), title: lift_far(title), id }
                }
                other => other,
            }),
            other => other,
        }
    }

    /// Whether a part of the text holds a mask.
    fn is_masked(&self, range: &Range<usize>) -> bool {
        let next = self.masks.partition_point(|mask| *mask < range.start);
        self.masks.get(next).is_some_and(|mask| *mask < range.end)
    }

    fn clean<'e>(&self, text: CowStr<'e>) -> CowStr<'e> {
        if !is_dirty(&text) {
            return text;
        }
        let is_masked = !self.masks.is_empty();
        let mut clean = String::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            clean.push(match c {
                COLON if is_masked => ':',
                DOLLAR if is_masked => '$',
                '\r' if text[at + 1..].starts_with('\n') => continue,
                '\r' => '\n',
                c if is_forbidden(c) => char::REPLACEMENT_CHARACTER,
                c => c,
            });
        }
        clean.into()
    }
}

/// Whether a text holds what HTML may not, or line ends other than LF.
fn is_dirty(text: &str) -> bool {
    let is_dirty = |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | 0xc)) || byte == 0x7f;
    // Without an early end, which would keep the compiler from looking at many bytes at once.
    if text.as_bytes().iter().fold(false, |dirty, &byte| dirty | is_dirty(byte)) {
        return true;
    }
    !text.is_ascii() && text.contains(is_forbidden)
}

/// NUL, as `CommonMark` 2.3 says, and what else is an error in HTML (13.2.3.5): the other control
/// characters and the noncharacters.
fn is_forbidden(c: char) -> bool {
    let is_nonchar = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    is_nonchar || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')
}

/// `$$` is left alone: it opens or closes a displayed formula.
fn closes_before_digit(bytes: &[u8], at: usize) -> bool {
    let follows_text = at > 0 && !bytes[at - 1].is_ascii_whitespace() && bytes[at - 1] != b'$';
    follows_text && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// Whether the colon is the first mark of its line, inside whatever quotations and indentation, and
/// begins a word: neither a definition (`: text`) nor the delimiter row of a table (`:-- | --:`).
fn starts_word_line(bytes: &[u8], at: usize) -> bool {
    let first = bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
        .all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
    let word = bytes.get(at + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
    first && word && !is_delimiter_row(&bytes[at..])
}

fn is_delimiter_row(rest: &[u8]) -> bool {
    let line = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    line.contains(&b'-') && line.iter().all(|byte| matches!(byte, b':' | b'-' | b'|' | b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        Source::masked(text).text.replace(COLON, "C").replace(DOLLAR, "D")
    }

    #[test]
    fn amounts_do_not_close_formulas() {
        assert_eq!(masked("$50,000-$60,000"), "$50,000-D60,000");
        assert_eq!(masked("**$5k** to **$6k**"), "**D5k** to **D6k**");
        assert_eq!(masked("$x$ and $$5$$"), "$x$ and $$5$$");
    }

    #[test]
    fn only_definitions_start_with_a_colon() {
        assert_eq!(masked("a\n\n::toc\n"), "a\n\nC:toc\n");
        assert_eq!(masked("> :-) x"), "> C-) x");
        assert_eq!(masked("a\n: definition\n"), "a\n: definition\n");
        assert_eq!(masked(":--|--:\n"), ":--|--:\n");
        assert_eq!(masked("a: b\n"), "a: b\n");
    }

    #[test]
    fn control_characters_do_not_reach_the_html() {
        let source = Source::masked("a\0b\u{1}c");
        let texts: String = pulldown_cmark::Parser::new(&source.text)
            .into_offset_iter()
            .filter_map(|(event, range)| match source.unmask(event, &range) {
                Event::Text(text) => Some(text.into_string()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn the_mask_is_lifted_everywhere() {
        let text = "x$5 `y$6` [z$7](/u$8 \"t$9\") [r][] ![r]\n\n[r]: /v$1 't$2'\n\n\n```a$1\n:code\n```\n<b a=\"c$2\">";
        let source = Source::masked(text);
        assert_eq!(source.text.len(), text.len());
        for (event, range) in pulldown_cmark::Parser::new(&source.text).into_offset_iter() {
            let shown = format!("{:?}", source.unmask(event, &range));
            assert!(!shown.contains("\\u{1}") && !shown.contains("\\u{7f}"), "{shown}");
        }
    }
}
