//! Where front matter ends and Markdown starts.
//!
//! In: a file's text. Out: a [`Cut`]. Reads no key.

use std::ops::Range;

use crate::value::Syntax;

/// What stands at the top of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Markdown at once.
    None,
    /// Front matter with this fence, which never ends.
    Unclosed(&'static str),
    /// Front matter.
    Block {
        /// By its fence.
        syntax: Syntax,
        /// What stands between the fences.
        block: Range<usize>,
        /// The first byte after the closing line.
        body: usize,
    },
}

/// Finds the front matter, after a byte-order mark if there is one. A file may also begin with `---` as a line across the page, which needs
/// no second one: without a closing line, only something like `key:` below makes it front matter.
pub(super) fn cut(text: &str) -> Cut {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let (syntax, fence) = match opening.trim_start_matches('\u{feff}').trim_end() {
        "---" => (Syntax::Yaml, "---"),
        "+++" => (Syntax::Toml, "+++"),
        _ => return Cut::None,
    };
    let start = opening.len();
    let mut at = start;
    let mut first = None;
    for line in lines {
        let content = line.trim_end();
        if content == fence || (syntax == Syntax::Yaml && content == "...") {
            return Cut::Block { syntax, block: start..at, body: at + line.len() };
        }
        if first.is_none() && !content.is_empty() {
            first = Some(content);
        }
        at += line.len();
    }
    match first {
        Some(line) if is_key(line, syntax) => Cut::Unclosed(fence),
        _ => Cut::None,
    }
}

/// Whether a line begins with a key.
fn is_key(line: &str, syntax: Syntax) -> bool {
    let sign = match syntax {
        Syntax::Yaml => ':',
        Syntax::Toml if line.starts_with('[') => return true,
        Syntax::Toml => '=',
    };
    let Some((key, value)) = line.split_once(sign) else { return false };
    let key = key.trim_end();
    let word = !key.is_empty() && key.chars().all(|sign| sign.is_alphanumeric() || "_-.\"'".contains(sign));
    word && (syntax == Syntax::Toml || value.is_empty() || value.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_cut_at_their_fences() {
        let cases: &[(&str, &str, &str)] = &[
            ("---\na: 1\n---\ntext", "a: 1\n", "text"),
            ("---  \r\na: 1\r\n--- \t\r\ntext\r\n", "a: 1\r\n", "text\r\n"),
            ("---\na: 1\n...\ntext", "a: 1\n", "text"),
            ("\u{feff}---\na: 1\n---\ntext", "a: 1\n", "text"),
            ("---\n---\n", "", ""),
            ("---\na: 1\n---", "a: 1\n", ""),
            ("+++\na = 1\n...\n+++\n\n+++\n", "a = 1\n...\n", "\n+++\n"),
            ("---\na: |\n  ---\n---\n---\n", "a: |\n  ---\n", "---\n"),
        ];
        for (text, inside, after) in cases {
            match cut(text) {
                Cut::Block { block, body, .. } => {
                    assert_eq!((&text[block], &text[body..]), (*inside, *after));
                }
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_line_across_the_page_is_markdown() {
        for text in [
            "",
            "text",
            "---",
            "---\n",
            "---\nNote well: x",
            "----\na: 1\n----\n",
            " ---\na: 1\n---\n",
            "\n---\na: 1\n---\n",
            "+++\ntext",
            "---\nhttp://example.com",
        ] {
            assert_eq!(cut(text), Cut::None, "{text:?}");
        }
    }

    #[test]
    fn keys_without_an_end_are_told() {
        for (text, fence) in [
            ("---\n\ntitle: x\n\ntext", "---"),
            ("---\ntags:\n", "---"),
            ("+++\ntitle = 1\n", "+++"),
            ("+++\n[extra]\n", "+++"),
        ] {
            assert_eq!(cut(text), Cut::Unclosed(fence), "{text:?}");
        }
    }
}
