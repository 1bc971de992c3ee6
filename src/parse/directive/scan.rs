//! Lines that may be directives, found without reading Markdown.
//!
//! In: a text. Out: [`Candidate`]s by rising offset, and the text with each of them replaced by a
//! marker. Does not know code from prose: a marker that the parser does not find as a block of its
//! own is none, and the line stays text.
//!
//! A marker is a processing instruction (`<?---?>`) of the line's own length, so every offset stays
//! true. Of the HTML blocks (`CommonMark` 4.6) it is the one that fits into three bytes (`<?>`, for
//! `:::`) and the rarest in guides; unlike a comment it does no harm inside one. It may interrupt a
//! paragraph, ends on its own line, and stays in lists and quotations at its indentation. Markers
//! are known by their place, so no text of a writer can pass for one.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr2, memmem, memrchr2};

/// A line that may be a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse) struct Candidate {
    /// From the first colon to the last character that is not white space.
    pub(in crate::parse) range: Range<usize>,
    /// Colons at its beginning.
    pub(in crate::parse) colons: usize,
    /// What it would be.
    pub(in crate::parse) shape: Shape,
}

/// What a line would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Shape {
    /// `::name ...`
    Leaf,
    /// `:::name ...`
    Open,
    /// `:::`
    Close,
}

/// All candidates of `text` from byte `start` on; offsets count from the top of `text`.
pub(in crate::parse) fn candidates(text: &str, start: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    let (bytes, two) = (text.as_bytes(), memmem::Finder::new("::"));
    let mut at = start;
    while let Some(here) = bytes.get(at..).and_then(|rest| two.find(rest)).map(|length| at + length) {
        let top = memrchr2(b'\n', b'\r', &bytes[at..here]).map_or(at, |end| at + end + 1);
        let bottom = memchr2(b'\n', b'\r', &bytes[here..]).map_or(bytes.len(), |length| here + length);
        let line = &text[top..bottom];
        let (from, end) = (top + marks_before(line.as_bytes()), top + line.trim_end().len());
        if from < end
            && let Some((colons, shape)) = shape(&text[from..end])
        {
            found.push(Candidate { range: from..end, colons, shape });
        }
        at = bottom + 1;
    }
    found
}

/// The text from byte `start` on with markers for those candidates that are `active`.
pub(in crate::parse) fn masked(
    text: &str,
    start: usize,
    active: impl Iterator<Item = Range<usize>>,
) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut copied = start;
    for line in active {
        masked.push_str(&text[copied..line.start]);
        masked.push_str("<?");
        masked.extend(std::iter::repeat_n('-', line.len().saturating_sub("<??>".len())));
        masked.push_str(if line.len() == "<?>".len() { ">" } else { "?>" });
        copied = line.end;
    }
    if copied == start {
        return Cow::Borrowed(&text[start..]);
    }
    masked.push_str(&text[copied..]);
    Cow::Owned(masked)
}

/// The colons and the shape of a line that begins with colons and is trimmed.
fn shape(line: &str) -> Option<(usize, Shape)> {
    let colons = line.len() - line.trim_start_matches(':').len();
    if colons < 2 {
        return None;
    }
    let shape = if colons == 2 { Shape::Leaf } else { Shape::Open };
    let rest = line[colons..].trim_start_matches([' ', '\t']);
    let name = rest.len() - rest.trim_start_matches(is_in_name).len();
    match (rest.chars().next(), shape) {
        (None, Shape::Open) => Some((colons, Shape::Close)),
        // `::std::vec` is text; `::word: x` is to be told how it is written.
        (Some(first), Shape::Leaf) if first.is_ascii_alphabetic() && is_path(&rest[name..]) => None,
        (Some(first), _) if first.is_ascii_alphabetic() => Some((colons, shape)),
        // A block needs a name, and `::: {.note}` is to be told so.
        (Some('{' | '['), Shape::Open) => Some((colons, shape)),
        _ => None,
    }
}

/// Whether what follows a name makes it the path of something in code.
fn is_path(rest: &str) -> bool {
    rest.strip_prefix(':').is_some_and(|rest| !rest.starts_with([' ', '\t']) && !rest.is_empty())
}

/// Whether a name may hold the character; it begins with a letter.
pub(super) fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// The length of the indentation and of the marks of quotations and list items before a line's text.
fn marks_before(line: &[u8]) -> usize {
    let is_space = |at: usize| matches!(line.get(at), Some(b' ' | b'\t'));
    let mut at = 0;
    loop {
        at += match line.get(at) {
            Some(b' ' | b'\t' | b'>') => 1,
            Some(b'-' | b'+' | b'*') if is_space(at + 1) => 2,
            Some(b'0'..=b'9') => {
                let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_item = matches!(line.get(at + digits), Some(b'.' | b')')) && is_space(at + digits + 1);
                if !is_item {
                    return at;
                }
                digits + 2
            }
            _ => return at,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<(&str, Shape)> {
        candidates(text, 0).into_iter().map(|found| (&text[found.range], found.shape)).collect()
    }

    #[test]
    fn lines_that_begin_with_colons_and_a_name_are_candidates() {
        for (text, expected) in [
            ("::toc", vec![("::toc", Shape::Leaf)]),
            (":: toc  \r\nx", vec![(":: toc", Shape::Leaf)]),
            (":::note[x] y\ntext\n:::\n", vec![(":::note[x] y", Shape::Open), (":::", Shape::Close)]),
            ("> 1. ::a\n>    ::b", vec![("::a", Shape::Leaf), ("::b", Shape::Leaf)]),
            ("::: {.note}", vec![("::: {.note}", Shape::Open)]),
            ("::::", vec![("::::", Shape::Close)]),
            ("::a.b", vec![("::a.b", Shape::Leaf)]),
            ("::a: b", vec![("::a: b", Shape::Leaf)]),
            ("::a:", vec![("::a:", Shape::Leaf)]),
        ] {
            assert_eq!(shapes(text), expected, "{text}");
        }
    }

    #[test]
    fn other_colons_are_text() {
        for text in [
            "::",
            ":: ",
            "::1",
            "::std::vec",
            "::word:x",
            ":kbd[x]",
            "a ::toc",
            "\\:::note",
            ":-) x",
            "-::toc",
        ] {
            assert_eq!(shapes(text), [], "{text}");
        }
    }

    #[test]
    fn markers_are_as_long_as_their_lines() {
        let text = "---\na\n::toc é\n:::\n::a\n::ab";
        let found = candidates(text, 4);
        let masked = masked(text, 4, found.into_iter().map(|candidate| candidate.range));
        assert_eq!(masked, "a\n<?----?>\n<?>\n<?>\n<??>");
        assert_eq!(masked.len(), text.len() - 4);
    }
}
