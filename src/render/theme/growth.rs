//! Where a template makes a value of itself.
//!
//! In: a template's text. Out: the first `set` whose value is made of what it had before. In a loop such
//! a value can grow without end; most never do, so this is asked only when something has.

use crate::diagnostic::Span;

/// The first statement that makes a value of itself: `{% set x = x ~ x %}`, also by a block of its own.
#[must_use]
pub fn growing(text: &str) -> Option<Span> {
    let mut at = 0;
    while let Some(start) = text[at..].find("{%").map(|found| at + found) {
        let end = start + text[start..].find("%}")? + 2;
        let inside = text[start + 2..end - 2].trim_matches(|c: char| c == '-' || c.is_whitespace());
        if let Some(rest) = inside.strip_prefix("set_global ").or_else(|| inside.strip_prefix("set ")) {
            let (name, value) = match rest.split_once('=') {
                Some((name, value)) => (name, value),
                None => (rest, block(&text[end..])),
            };
            let name = name.split('|').next().unwrap_or_default().trim();
            if reads(value, name) {
                return Some(Span::new(start, end));
            }
        }
        at = end;
    }
    None
}

/// The text up to the end of the innermost block.
fn block(text: &str) -> &str {
    text.find("endset").map_or(text, |end| &text[..end])
}

/// Whether an expression reads a name: it is a word of it that is not in quotes.
fn reads(expression: &str, name: &str) -> bool {
    let mut quote = None;
    let mut unquoted = String::with_capacity(expression.len());
    for c in expression.chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => {
                quote = Some(c);
                unquoted.push(' ');
            }
            None => unquoted.push(c),
        }
    }
    unquoted.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_itself_is_found() {
        for (text, found) in [
            ("{% set a = b %}{%- set x = x ~ x -%}", Some("{%- set x = x ~ x -%}")),
            ("{% set_global list = [...list, 1] %}", Some("{% set_global list = [...list, 1] %}")),
            ("{% set x %}{{ x }}{{ x }}{% endset %}", Some("{% set x %}")),
            ("{% set x | upper %}{{ x }}{% endset %}", Some("{% set x | upper %}")),
            ("{% set x = \"x\" %}{% set x = 'x' ~ x %}", Some("{% set x = 'x' ~ x %}")),
            ("{% set x = xx %}{% set y %}z{% endset %}{{ y }}", None),
            ("{% if x == x %}{% endif %}{% set", None),
        ] {
            let span = growing(text).map(|span| &text[span.start as usize..span.end as usize]);
            assert_eq!(span, found, "{text}");
        }
    }
}
