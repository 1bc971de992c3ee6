//! Slugs: the words of a title as they stand in an id or a URL.
//!
//! In: any text. Out: lower-case words joined by `-` (CAREER-GUIDES row 24). Does not make slugs
//! unique and has no fallback for text without letters: both depend on where the slug is used.

use crate::config::SlugStyle;

/// The slug of a text: lower case, white space and dashes to `-`, `&` to `and`, other punctuation
/// dropped, letters outside ASCII folded or kept. Empty when nothing is left.
///
/// ```
/// use guidepost::{config::SlugStyle, parse::slug::slug};
/// assert_eq!(slug("REST & SOAP?", SlugStyle::Ascii), "rest-and-soap");
/// ```
#[must_use]
pub fn slug(text: &str, style: SlugStyle) -> String {
    let mut words = Words { slug: String::with_capacity(text.len()), gap: false };
    for c in text.chars() {
        match c {
            '_' => words.push(c),
            _ if c.is_ascii_alphanumeric() => words.push(c.to_ascii_lowercase()),
            '&' => words.word("and"),
            _ if c.is_whitespace() || is_dash(c) => words.gap = true,
            _ if c.is_ascii() => {}
            _ => match style {
                SlugStyle::Ascii if c.is_alphanumeric() => words.fold(c),
                SlugStyle::Unicode if c.is_alphanumeric() || is_mark(c) => {
                    c.to_lowercase().for_each(|c| words.push(c));
                }
                SlugStyle::Ascii | SlugStyle::Unicode => {}
            },
        }
    }
    words.slug
}

/// A slug being written: `gap` is a `-` that is owed once another character follows.
struct Words {
    slug: String,
    gap: bool,
}

impl Words {
    fn push(&mut self, c: char) {
        if self.gap && !self.slug.is_empty() {
            self.slug.push('-');
        }
        self.gap = false;
        self.slug.push(c);
    }

    /// A word of its own, whatever it touches: `R&D` is `r-and-d`.
    fn word(&mut self, word: &str) {
        self.gap = true;
        word.chars().for_each(|c| self.push(c));
        self.gap = true;
    }

    /// The ASCII letters of one letter of another script. Ideographs come with a space at their end.
    fn fold(&mut self, c: char) {
        for folded in deunicode::deunicode_char(c).unwrap_or_default().chars() {
            if folded.is_ascii_alphanumeric() {
                self.push(folded.to_ascii_lowercase());
            } else if folded == ' ' {
                self.gap = true;
            }
        }
    }
}

/// Whether a character joins words: a hyphen, a dash or a minus sign.
#[must_use]
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Marks that are part of a letter but not alphabetic: combining accents, and the vowel killers
/// and nuktas of the scripts of India (their block, without its full stops).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{963}' | '\u{966}'..='\u{dff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_slugs() {
        for (text, expected) in [
            ("What is a Back End Developer?", "what-is-a-back-end-developer"),
            ("REST & SOAP", "rest-and-soap"),
            ("R&D", "r-and-d"),
            ("C++", "c"),
            ("  a — b -- c  ", "a-b-c"),
            ("snake_case", "snake_case"),
            ("Résumé naïve Łódź", "resume-naive-lodz"),
            ("re\u{301}sume\u{301}", "resume"),
            ("北京 city", "bei-jing-city"),
            ("Привет", "privet"),
            ("It’s “done”", "its-done"),
            ("🎉", ""),
            ("?!", ""),
            ("", ""),
        ] {
            assert_eq!(slug(text, SlugStyle::Ascii), expected, "{text}");
        }
    }

    #[test]
    fn unicode_slugs_keep_letters_and_their_marks() {
        for (text, expected) in [
            ("Résumé", "résumé"),
            ("re\u{301}sume\u{301}", "re\u{301}sume\u{301}"),
            ("北京 City", "北京-city"),
            ("ÄRZTE & Öl", "ärzte-and-öl"),
            ("हिन्दी।", "हिन्दी"),
            ("€ 5", "5"),
        ] {
            assert_eq!(slug(text, SlugStyle::Unicode), expected, "{text}");
        }
    }
}
