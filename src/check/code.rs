//! Blocks of code that do not say what they are.
//!
//! In: a page. Out: findings at the fence.

use super::Sheet;
use crate::diagnostic::{Code, Diagnostic, Span};

/// Fences without a language (`code-language-missing`); indented code cannot have one.
pub(super) fn missing_language(sheet: &Sheet<'_>, found: &mut Vec<Diagnostic>) {
    for fence in &sheet.reading.fences {
        let Some(info) = &fence.info else { continue };
        let first = info.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
        // `{.rust}` and `{ruby}` name one too.
        let named = first.trim_start_matches(['{', '.']).starts_with(|c: char| c.is_alphabetic());
        if named && !first.contains('=') {
            continue;
        }
        let start = fence.span.start as usize;
        let line = sheet.written(fence.span).lines().next().unwrap_or_default().trim_end();
        found.push(
            sheet
                .finding(
                    Code::CodeLanguageMissing,
                    Span::new(start, start + line.len()),
                    "which language is this?",
                )
                .help("write it after the fence, such as `python`; `text` is none"),
        );
    }
}
