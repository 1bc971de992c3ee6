//! What stands between `{{` and `}}`: `salary.web-developer.median | round:1000`.
//!
//! In: that text. Out: a [`Value`], or what is wrong with it. Does not know which paths and filters
//! exist.

use std::ops::Range;

use super::scan::is_in_name;
use super::{Filter, Problem, Value};
use crate::diagnostic::Span;
use crate::value::Spanned;

const HELP: &str = "a value is written `{{ salary.web-developer.median }}`, filters behind it after `|`; \
                    put a backslash before the braces to show them as text";

/// Reads the text between the braces. `range` is the whole with its braces; `span` says where a
/// range of the text around it is in the file.
pub(super) fn read(
    text: &str,
    range: Range<usize>,
    span: &dyn Fn(Range<usize>) -> Span,
) -> Result<Value, Problem> {
    let inside = &text[range.start + 2..range.end - 2];
    let mut at = range.start + 2;
    let mut parts = inside.split('|').map(|part| {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        start..start + part.trim().len()
    });
    let path = parts.next().unwrap_or_default();
    check_path(text, &path, &range, span)?;
    let spanned = |range: Range<usize>| Spanned { value: text[range.clone()].to_owned(), span: span(range) };
    let mut filters = Vec::new();
    for part in parts {
        let source = &text[part.clone()];
        let name = source.split(':').next().unwrap_or_default().trim_end();
        let argument = source.split_once(':').map(|(_, argument)| argument.trim_start());
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_in_name);
        if !is_name || argument.is_some_and(|argument| !is_argument(argument)) {
            let shown = if source.is_empty() { "nothing".to_owned() } else { format!("`{source}`") };
            let message = format!("a filter should follow the `|`, found {shown}");
            let place = if part.is_empty() { range } else { part };
            return Err(Problem::new(span(place), message, HELP));
        }
        filters.push(Filter {
            name: spanned(part.start..part.start + name.len()),
            argument: argument.map(|argument| spanned(part.end - argument.len()..part.end)),
        });
    }
    Ok(Value { path: spanned(path), filters, span: span(range) })
}

fn check_path(
    text: &str,
    path: &Range<usize>,
    whole: &Range<usize>,
    span: &dyn Fn(Range<usize>) -> Span,
) -> Result<(), Problem> {
    let source = &text[path.clone()];
    if source.is_empty() {
        return Err(Problem::new(span(whole.clone()), "no value is named between these braces", HELP));
    }
    // Smart punctuation would have made a dash of two hyphens, as no id has them.
    let is_segment =
        |segment: &str| !segment.is_empty() && segment.chars().all(is_in_name) && !segment.contains("--");
    if source.split('.').all(is_segment) {
        return Ok(());
    }
    let quote = source.chars().any(|c| matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’'));
    let (message, help) = if quote {
        (format!("a value has no quotation marks: `{source}`"), "write the path alone")
    } else {
        (format!("`{source}` is not the path of a value"), HELP)
    };
    Err(Problem::new(span(path.clone()), message, help))
}

fn is_argument(argument: &str) -> bool {
    !argument.is_empty() && argument.chars().all(|c| is_in_name(c) || matches!(c, '.' | '+' | '%' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match read(text, 0..text.len(), &|range| range.into()) {
            Ok(value) => {
                let at = |spanned: &Spanned<String>| {
                    assert_eq!(text[spanned.span.start as usize..spanned.span.end as usize], spanned.value);
                    spanned.value.clone()
                };
                value.filters.iter().fold(at(&value.path), |shown, filter| {
                    let argument =
                        filter.argument.as_ref().map_or(String::new(), |value| format!(":{}", at(value)));
                    format!("{shown}|{}{argument}", at(&filter.name))
                })
            }
            Err(problem) => {
                format!("error {}", &text[problem.span.start as usize..problem.span.end as usize])
            }
        }
    }

    #[test]
    fn values_are_read() {
        for (text, expected) in [
            ("{{ salary.web-developer.median }}", "salary.web-developer.median"),
            ("{{a.b|round:1000|short}}", "a.b|round:1000|short"),
            ("{{ a.b | round : 1000 }}", "a.b|round:1000"),
            ("{{ }}", "error {{ }}"),
            ("{{ a. }}", "error a."),
            ("{{ a b }}", "error a b"),
            ("{{ a--b.c }}", "error a--b.c"),
            ("{{ a.\"b\" }}", "error a.\"b\""),
            ("{{ a | }}", "error {{ a | }}"),
            ("{{ a | x: }}", "error x:"),
            ("{{ a | 1 }}", "error 1"),
            ("{{ a | x:(1) }}", "error x:(1)"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
