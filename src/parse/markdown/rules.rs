//! Editorial findings in the text of one page: headings that skip a level, announcements of lists
//! that do not come, typographic quotes in code.
//!
//! In: the blocks of a page in reading order. Out: diagnostics. Changes nothing.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};

/// The kind of a block at the top level of the text, as far as the rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Ordinary text, or a thematic break.
    Text,
    /// What a sentence with a colon may announce: a list, table, code, figure, quotation, raw HTML.
    Announced,
    /// A heading of this level.
    Heading(u8),
}

/// What the rules remember from block to block.
pub(super) struct Outline {
    /// Level of the heading before; the page's title is a level-1 heading.
    level: u8,
    /// Where the colon of the paragraph before is.
    announcement: Option<usize>,
}

impl Outline {
    /// At the beginning of a page.
    pub(super) fn new() -> Self {
        Self { level: 1, announcement: None }
    }

    /// A paragraph has ended with a colon at this offset.
    pub(super) fn announce(&mut self, colon: usize) {
        self.announcement = Some(colon);
    }

    /// The next block at the top level begins (CAREER-GUIDES row 32).
    pub(super) fn block(&mut self, block: Block, path: &Arc<str>) -> Option<Diagnostic> {
        let colon = self.announcement.take()?;
        match block {
            Block::Announced => None,
            Block::Heading(level) if level > self.level => None,
            Block::Text | Block::Heading(_) => Some(lead_in(path, colon)),
        }
    }

    /// The text has ended.
    pub(super) fn end(&mut self, path: &Arc<str>) -> Option<Diagnostic> {
        self.announcement.take().map(|colon| lead_in(path, colon))
    }

    /// A heading at the top level, after [`Outline::block`] was told of it (row 27).
    pub(super) fn heading(&mut self, level: u8, path: &Arc<str>, span: Span) -> Option<Diagnostic> {
        let before = std::mem::replace(&mut self.level, level);
        (level > before + 1).then(|| {
            Diagnostic::new(
                Code::HeadingSkip,
                path.clone(),
                span,
                format!("heading jumps from level {before} to level {level}"),
            )
            .help(format!("use `{}` here, or add the heading between", "#".repeat(usize::from(before) + 1)))
        })
    }
}

fn lead_in(path: &Arc<str>, colon: usize) -> Diagnostic {
    let message = "this sentence announces a list, but none follows";
    Diagnostic::new(Code::LeadInWithoutList, path.clone(), Span::new(colon, colon + 1), message)
        .help("put the list right after it, or end the sentence with a full stop")
}

/// Whether a paragraph holds a piece of code and nothing else, which a sentence may announce as it does a
/// block of code.
pub(super) fn is_code_alone(paragraph: &str) -> bool {
    let inside = paragraph.trim();
    let ticks = inside.len() - inside.trim_start_matches('`').len();
    let fence = &inside[..ticks];
    ticks > 0 && inside.len() > 2 * ticks && inside.ends_with(fence) && {
        let code = &inside[ticks..inside.len() - ticks];
        !code.contains(fence)
    }
}

/// Whether a paragraph announces something itself: a label such as `*Right:*` between a sentence and what
/// that announces.
pub(super) fn leads_on(paragraph: &str) -> bool {
    paragraph.trim_end().trim_end_matches(['*', '_']).ends_with(':')
}

/// Curly quotes and no-break spaces in one piece of code (row 34): the first, with its offset in
/// `code`.
pub(super) fn smart_quote(code: &str) -> Option<(usize, char)> {
    if code.is_ascii() {
        return None;
    }
    code.char_indices().find(|(_, c)| matches!(c, '“' | '”' | '‘' | '’' | '\u{a0}'))
}

/// The finding for a character that stands at `span` on `line` of the file.
pub(super) fn smart_quote_finding(
    path: &Arc<str>,
    line: usize,
    character: char,
    span: Range<usize>,
) -> Diagnostic {
    let (what, instead) = match character {
        '\u{a0}' => ("a no-break space", "a plain space"),
        '‘' | '’' => ("a curly quote", "`'`"),
        _ => ("a curly quote", "`\"`"),
    };
    Diagnostic::new(
        Code::SmartQuoteInCode,
        path.clone(),
        Span::from(span),
        format!("line {line} has {what} in its code; whoever copies the code cannot run it"),
    )
    .help(format!("type {instead} instead"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_want_a_list() {
        let path: Arc<str> = "a.md".into();
        for (block, fires) in [
            (Block::Text, true),
            (Block::Announced, false),
            (Block::Heading(2), true),
            (Block::Heading(3), false),
        ] {
            let mut outline = Outline::new();
            assert!(outline.heading(2, &path, Span::default()).is_none());
            outline.announce(7);
            assert_eq!(outline.block(block, &path).is_some(), fires, "{block:?}");
            assert!(outline.end(&path).is_none());
        }
    }
}
