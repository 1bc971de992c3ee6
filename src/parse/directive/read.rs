//! The grammar of one directive line: `::name[label] argument key=value {key="value" #id .class}`.
//!
//! In: a line from its first colon on. Out: a [`Call`] with spans, or every problem of the line.
//! Does not know which names and arguments exist.

use std::ops::Range;

use super::scan::is_in_name;
use super::{Argument, Call, Form, Problem};
use crate::diagnostic::Span;
use crate::value::Spanned;

/// Reads a line that begins at byte `at` of its file.
pub(in crate::parse) fn read(line: &str, at: usize) -> Result<Call, Vec<Problem>> {
    let mut reader = Reader { line, at: 0, base: at, problems: Vec::new() };
    let call = reader.call();
    if reader.problems.is_empty() { Ok(call) } else { Err(reader.problems) }
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
    /// Where in the file the line begins.
    base: usize,
    problems: Vec<Problem>,
}

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Line,
    Braces,
}

impl Reader<'_> {
    fn call(&mut self) -> Call {
        self.take(|c| c == ':');
        let form = if self.at == 2 { Form::Leaf } else { Form::Container };
        self.skip_space();
        let name = self.take(is_in_name);
        let mut call = Call {
            name: self.spanned(name.clone(), &self.line[name.clone()]),
            arguments: Vec::new(),
            label: None,
            id: None,
            classes: Vec::new(),
            form,
            span: self.span(0..self.line.len()),
        };
        if name.is_empty() {
            let message = "this block has no name";
            self.problem(0..self.line.len(), message, "write its name after the colons, as in `:::callout`");
        } else if let Some(next) = self.peek().filter(|c| !matches!(c, ' ' | '\t' | '[' | '{')) {
            let message = format!("`{next}` cannot stand in a directive's name");
            let help = if next == ':' {
                "take this colon away, or put a backslash before the first ones to show them as text"
            } else {
                "a name has letters, digits and hyphens; put a space before what follows it, \
                        or a backslash before the colons to show them as text"
            };
            self.problem(self.at..self.at + next.len_utf8(), message, help);
        } else {
            self.items(&mut call);
        }
        call
    }

    fn items(&mut self, call: &mut Call) {
        loop {
            self.skip_space();
            match self.peek() {
                None => return,
                Some('[') if call.label.is_none() => self.label(call),
                Some('{') if !self.line[self.at..].starts_with("{{") => self.braces(call),
                Some(c @ ('[' | ']' | '{' | '}')) => self.stray(c),
                Some(_) => self.argument(call, Within::Line),
            }
        }
    }

    /// `[...]`, with brackets inside it in pairs or after a backslash.
    fn label(&mut self, call: &mut Call) {
        let open = self.at;
        self.at += 1;
        let mut label = String::new();
        let mut depth = 0_usize;
        while let Some(c) = self.next() {
            match c {
                ']' if depth == 0 => {
                    call.label = Some(self.spanned(open + 1..self.at - 1, label.trim()));
                    return;
                }
                ']' => depth -= 1,
                '[' => depth += 1,
                '\\' if self.peek().is_some_and(|c| matches!(c, '[' | ']' | '\\')) => {
                    label.extend(self.next());
                    continue;
                }
                _ => {}
            }
            label.push(c);
        }
        self.problem(open..self.line.len(), "this label is never closed", "put `]` where it ends");
    }

    /// `{...}`
    fn braces(&mut self, call: &mut Call) {
        let open = self.at;
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return;
                }
                None => {
                    let help = "put `}` after the last argument";
                    return self.problem(open..self.line.len(), "this brace is never closed", help);
                }
                Some('#') => self.id(call),
                Some('.') => self.class(call),
                Some(c @ ('{' | '[' | ']')) => self.stray(c),
                Some(_) => self.argument(call, Within::Braces),
            }
        }
    }

    fn id(&mut self, call: &mut Call) {
        let start = self.at;
        self.at += 1;
        let name = self.take(|c| !ends_mark(c));
        if name.is_empty() {
            self.problem(start..self.at, "`#` without a name", "write the id right after it, as in `#pay`");
            self.skip_quote();
        } else if call.id.is_some() {
            self.problem(start..self.at, "a second id", "keep one of the two");
        } else {
            call.id = Some(self.spanned(start..self.at, &self.line[name]));
        }
    }

    fn class(&mut self, call: &mut Call) {
        let start = self.at;
        self.at += 1;
        let name = self.take(|c| !ends_mark(c));
        if name.is_empty() {
            let help = "write the class right after it, as in `.wide`";
            self.problem(start..self.at, "`.` without a name", help);
            self.skip_quote();
        } else {
            call.classes.push(self.line[name].to_owned());
        }
    }

    /// `value`, `"value"`, `key=value` or `key="value"`.
    fn argument(&mut self, call: &mut Call, within: Within) {
        let start = self.at;
        let key = self.take(is_in_name);
        let begins_key = self.line[key.clone()].starts_with(|c: char| c.is_ascii_alphabetic());
        let key = (begins_key && self.peek() == Some('=')).then(|| {
            self.at += 1;
            self.spanned(key.clone(), &self.line[key])
        });
        if key.is_none() {
            self.at = start;
        }
        // `:::callout tip[Title]`: a label may follow a bare word.
        let ends_at_label = within == Within::Line && key.is_none() && call.label.is_none();
        let Some(value) = self.value(start, key.as_ref(), within, ends_at_label) else { return };
        if let Some(key) = &key
            && let Some(first) = call
                .arguments
                .iter()
                .filter_map(|argument| argument.key.as_ref())
                .find(|first| first.value == key.value)
        {
            let message = format!("`{}` is given twice", first.value);
            self.problems.push(Problem::new(key.span, message, "keep one of the two"));
            return;
        }
        call.arguments.push(Argument { key, value });
    }

    fn value(
        &mut self,
        start: usize,
        key: Option<&Spanned<String>>,
        within: Within,
        ends_at_label: bool,
    ) -> Option<Spanned<String>> {
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            return self.quoted(quote);
        }
        let word =
            self.take(|c| !(c.is_whitespace() || matches!(c, '"' | '{' | '}') || ends_at_label && c == '['));
        let text = &self.line[word.clone()];
        if let Some(quote) = text.chars().next().filter(|c| matches!(c, '“' | '”' | '‘' | '’')) {
            let message = format!("`{quote}` is a curly quotation mark");
            self.problem(word.start..word.start + quote.len_utf8(), message, "type straight ones: `\"`");
            self.at = self.line.len();
            return None;
        }
        if text.is_empty() || key.is_none() && text.starts_with('=') {
            self.nothing(start, key, word);
            return None;
        }
        if text.len() > 1 && text.chars().all(|c| c == ':') {
            let help = "put the closing line on a line of its own, below what the block holds";
            self.problem(word, format!("`{text}` cannot stand behind a directive"), help);
            return None;
        }
        if let Some(next @ ('"' | '{' | '}')) = self.peek()
            && !(next == '}' && within == Within::Braces)
        {
            self.stray(next);
            self.skip_quote();
            return None;
        }
        Some(self.spanned(word, text))
    }

    /// A value is missing: `key=`, or `=` without a key.
    fn nothing(&mut self, start: usize, key: Option<&Spanned<String>>, word: Range<usize>) {
        match (key, self.peek()) {
            (Some(key), next) if next.is_none_or(|c| c.is_whitespace() || c == '}') => {
                let key = &key.value;
                let help = format!("write the value right after the sign, without a space: `{key}=value`");
                self.problem(start..self.at, format!("`{key}=` has no value"), help);
            }
            (None, _) if !word.is_empty() => {
                let help = "write `key=value`, without spaces round the sign";
                self.problem(word.start..word.start + 1, "`=` without a key before it", help);
            }
            (_, Some(c)) => {
                self.stray(c);
                self.skip_quote();
            }
            (_, None) => {}
        }
    }

    fn quoted(&mut self, quote: char) -> Option<Spanned<String>> {
        let open = self.at;
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.next() {
            if c == quote {
                let value = self.spanned(open + 1..self.at - 1, &value);
                if let Some(c) = self.peek().filter(|c| !c.is_whitespace() && !matches!(c, '{' | '}')) {
                    let message = format!("`{c}` right after a quotation mark");
                    let help = "leave a space between arguments; inside quotation marks write `\\\"`";
                    self.problem(self.at..self.at + c.len_utf8(), message, help);
                    self.at = self.line.len();
                    return None;
                }
                return Some(value);
            }
            let is_escape = c == '\\' && self.peek().is_some_and(|c| matches!(c, '"' | '\'' | '\\'));
            value.extend(if is_escape { self.next() } else { Some(c) });
        }
        let help = format!("put a `{quote}` where the value ends");
        self.problem(open..self.line.len(), "this quotation mark is never closed", help);
        None
    }

    /// A mark that means nothing here.
    fn stray(&mut self, mark: char) {
        let range = self.at..self.at + mark.len_utf8();
        self.at = range.end;
        let (message, help) = if self.line[range.start..].starts_with("{{") {
            self.at =
                self.line[range.start..].find("}}").map_or(self.line.len(), |end| range.start + end + 2);
            ("a `{{ value }}` cannot be an argument", "put the value into the text")
        } else {
            ("this mark means nothing here", "put quotation marks round a value that holds it")
        };
        let end = if self.line[range.start..].starts_with("{{") { self.at } else { range.end };
        self.problem(range.start..end, message.replace("this mark", &format!("`{mark}`")), help);
    }

    /// One problem with a quotation mark is enough.
    fn skip_quote(&mut self) {
        if self.peek() == Some('"') || self.line[..self.at].ends_with('"') {
            self.at = self.line.len();
        }
    }

    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = &self.line[start..];
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        start..self.at
    }

    fn skip_space(&mut self) {
        self.take(char::is_whitespace);
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::from(range).shifted(self.base)
    }

    fn spanned(&self, range: Range<usize>, value: &str) -> Spanned<String> {
        Spanned { value: value.to_owned(), span: self.span(range) }
    }

    fn problem(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(self.span(range), message, help));
    }
}

/// Whether `#id` or `.class` ends before the character.
fn ends_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '{' | '}' | '"' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let Ok(call) = read(line, 0) else { return "problem".to_owned() };
        let mut shown = vec![call.name.value];
        shown.extend(call.label.map(|label| format!("[{}]", label.value)));
        for Argument { key, value } in call.arguments {
            let span = &line[value.span.start as usize..value.span.end as usize];
            assert!(value.value == span || span.contains('\\'), "{span}");
            let key = key.map_or(String::new(), |key| key.value + "=");
            shown.push(format!("{key}({})", value.value));
        }
        shown.extend(call.id.map(|id| format!("#{}", id.value)));
        shown.extend(call.classes.iter().map(|class| format!(".{class}")));
        shown.join(" ")
    }

    #[test]
    fn lines_are_read() {
        for (line, expected) in [
            ("::toc", "toc"),
            (":: toc", "toc"),
            (
                "::salary web-developer vs=software-developer",
                "salary (web-developer) vs=(software-developer)",
            ),
            ("::: note", "note"),
            (":::note[A [b] \\] c] x", "note [A [b] ] c] (x)"),
            (":::note [Title]", "note [Title]"),
            (":::note{a=b #id .c .d e=\"f g\"}", "note a=(b) e=(f g) #id .c .d"),
            (":::note[T]{a=b}", "note [T] a=(b)"),
            ("::x a=\"say \\\"hi\\\"\" 'b c'", "x a=(say \"hi\") (b c)"),
            ("::x https://a.b/?c=d #e .5 don't", "x (https://a.b/?c=d) (#e) (.5) (don't)"),
            ("::x op=< a=", "problem"),
            ("::x op=<", "x op=(<)"),
            ("::x a=\"\"", "x a=()"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn problems_are_pointed_at() {
        for (line, expected) in [
            ("::x a=\"b c", "\"b c"),
            ("::x }", "}"),
            ("::x a}b", "}"),
            ("::x {a=b", "{a=b"),
            ("::x[a b", "[a b"),
            ("::x a=", "a="),
            ("::x a = b", "="),
            ("::x a=b a=c", "a"),
            ("::x a=“b”", "“"),
            ("::x \"a\"b", "b"),
            ("::x {{ a.b }}", "{{ a.b }}"),
            ("::x.y", "."),
            (":::note text :::", ":::"),
            ("::: {.note}", "::: {.note}"),
            ("::x {#a #b}", "#b"),
            ("::x {#}", "#"),
        ] {
            let problems = read(line, 0).expect_err(line);
            let span = problems[0].span;
            assert_eq!(&line[span.start as usize..span.end as usize], expected, "{line} {problems:?}");
            assert_eq!(problems.len(), 1, "{line} {problems:?}");
        }
    }
}
