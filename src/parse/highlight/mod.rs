//! A fenced code block as HTML: coloured by short classes, titled, numbered, with marked lines.
//!
//! In: the code, its info string, and a [`Highlighter`] that reads it. Out: a `<figure>` whose text
//! is exactly the code, and what was wrong with the info string. Knows no colours while it writes;
//! [`styles()`] makes the one stylesheet for all blocks of a site.
//!
//! ```html
//! <figure class="code" data-copy="on"><figcaption>a.rb</figcaption><pre tabindex="0"><code
//! class="language-ruby"><span class="line" data-n="5"><span class="k">def</span> <span
//! class="f">go</span>
//! </span><ins class="line ins" data-n="6">end
//! </ins></code></pre></figure>
//! ```
//!
//! Lines have elements of their own only where a block numbers or marks them. A highlighted line
//! is a `<mark>`, an added one an `<ins>`, a removed one a `<del>`, so that the meaning is in the
//! page and not in its colours alone. The number is an attribute, which a stylesheet shows with
//! `content: attr(data-n)`: generated content is never selected, so copied text is clean code; and
//! unlike a CSS counter it can start anywhere without an inline style, which a site's content
//! security policy may forbid. The line end stands inside the line's element, which a theme makes
//! a block.

mod classes;
mod fence;
mod grammar;
mod matcher;
mod styles;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use crate::diagnostic::{Code, Diagnostic, Severity, Span};
pub use classes::Class;
use fence::{Fence, Mark, Switch};
pub use grammar::{Changes, Grammars, Reading, Run, is_plain};
pub use matcher::Stop;
pub use styles::{UnknownTheme, check_theme, styles, theme_names};

/// A map that is asked for every line of code; never iterated where order would show.
type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A fenced or indented code block of a file.
#[derive(Debug, Clone, Copy)]
pub struct CodeBlock<'a> {
    /// The file it stands in.
    pub path: &'a Arc<str>,
    /// The info string, with entities and escapes decoded; empty for indented code.
    pub info: &'a str,
    /// The info string in the file.
    pub info_span: Span,
    /// The code, indentation and quotation marks of the Markdown around it removed.
    pub code: &'a str,
    /// The code in the file.
    pub code_span: Span,
}

/// What a site wants of every block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Colour the code.
    pub enabled: bool,
    /// Number lines unless a fence says otherwise.
    pub line_numbers: bool,
}

/// Whether a written block is the answer for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It depends on the block alone.
    Done,
    /// Reading was given up, so the block is plain this time. Whatever holds it must not be
    /// remembered.
    GaveUp,
}

/// Reading a block was given up: why, as the end of the sentence "the code is not highlighted: ...".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GaveUp(pub String);

type Read = dyn Fn(&str, &str) -> Result<Reading, GaveUp> + Send + Sync;

/// How code is read: given to this stage, which must not know that a process may be involved.
#[derive(Clone)]
pub struct Highlighter(Arc<Read>);

impl Highlighter {
    /// A highlighter that asks `read` with a language and code.
    pub fn new(read: impl Fn(&str, &str) -> Result<Reading, GaveUp> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// A highlighter that reads in this process, always to an end; `slow` is asked for the few blocks
    /// that only syntect's parser, which may never return, can read.
    #[must_use]
    pub fn fast(slow: Self) -> Self {
        let grammars = Grammars::new();
        Self::new(move |language, code| match grammars.read_fast(language, code) {
            Ok(reading) => Ok(reading),
            Err(Stop::TooDeep) => (slow.0)(language, code),
            Err(stop) => Ok(Reading::Broken(stop.to_string())),
        })
    }

    /// A highlighter that reads in this process, which a few inputs hang for ever: for tests, and
    /// for programs that only read code they know.
    #[must_use]
    pub fn in_process() -> Self {
        let grammars = Grammars::new();
        Self::new(move |language, code| Ok(grammars.read(language, code)))
    }
}

impl std::fmt::Debug for Highlighter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Highlighter")
    }
}

/// Writes a block, and says what is wrong with it.
pub fn write(
    highlighter: &Highlighter,
    block: &CodeBlock<'_>,
    options: &Options,
    out: &mut String,
    diagnostics: &mut Vec<Diagnostic>,
) -> Outcome {
    let (fence, problems) = fence::read(block.info);
    diagnostics.extend(problems.into_iter().map(|problem| {
        Diagnostic::new(problem.code, block.path.clone(), block.span_of(problem.at), problem.message)
            .help(problem.help)
    }));
    let code = with_line_feeds(block.code);
    check_lines(block, &fence, &code, diagnostics);
    let (runs, outcome) = if options.enabled && !fence.language.is_empty() && !is_plain(fence.language) {
        read(highlighter, block, &fence, &code, diagnostics)
    } else {
        (Vec::new(), Outcome::Done)
    };

    out.push_str("<figure class=\"code\"");
    match fence.copy {
        Some(Switch::On) => out.push_str(" data-copy=\"on\""),
        Some(Switch::Off) => out.push_str(" data-copy=\"off\""),
        None => {}
    }
    out.push('>');
    if let Some(title) = fence.title {
        out.push_str("<figcaption>");
        push_text(out, title);
        out.push_str("</figcaption>");
    }
    out.push_str("<pre tabindex=\"0\"><code");
    if !fence.language.is_empty() {
        out.push_str(" class=\"language-");
        push_attribute(out, &fence.language.to_lowercase());
        out.push('"');
    }
    out.push('>');
    let numbered = match fence.numbers {
        Some(switch) => switch == Switch::On,
        None => options.line_numbers,
    };
    if numbered || !fence.marks.is_empty() {
        push_lines(out, &code, &runs, &fence, numbered);
    } else {
        push_spans(out, &code, 0..code.len(), &mut runs.as_slice());
    }
    out.push_str("</code></pre></figure>\n");
    outcome
}

impl CodeBlock<'_> {
    /// Where some bytes of the info string stand in the file: all of it when an entity or an escape
    /// in it makes the places differ.
    fn span_of(&self, at: Range<usize>) -> Span {
        let written = self.info_span.end.saturating_sub(self.info_span.start) as usize;
        if written == self.info.len() {
            Span::from(at).shifted(self.info_span.start as usize)
        } else {
            self.info_span
        }
    }
}

/// Has the code read; what cannot be is plain, with a warning.
fn read(
    highlighter: &Highlighter,
    block: &CodeBlock<'_>,
    fence: &Fence<'_>,
    code: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Run>, Outcome) {
    let language = fence.language;
    let span = block.span_of(fence.language_at.clone());
    let plain = |why: &str| {
        Diagnostic::new(
            Code::CodeNotHighlighted,
            block.path.clone(),
            block.code_span,
            format!("this `{language}` code is not highlighted: {why}"),
        )
        .help("the page shows it as plain text; name the language `text` to have it so without a warning")
    };
    match (highlighter.0)(language, code) {
        Ok(Reading::Runs(runs)) => (runs, Outcome::Done),
        Ok(Reading::Unknown(near)) => {
            let help = match near {
                Some(near) => format!("did you mean `{near}`? the page shows this code as plain text"),
                None => "the page shows it as plain text; name the language `text` to have it so without a warning".to_owned(),
            };
            diagnostics.push(
                Diagnostic::new(
                    Code::CodeLanguageUnknown,
                    block.path.clone(),
                    span,
                    format!("unknown language `{language}` of a code block"),
                )
                .help(help),
            );
            (Vec::new(), Outcome::Done)
        }
        Ok(Reading::Broken(why)) => {
            diagnostics.push(plain(&why));
            (Vec::new(), Outcome::Done)
        }
        Err(GaveUp(why)) => {
            diagnostics.push(plain(&why));
            (Vec::new(), Outcome::GaveUp)
        }
    }
}

/// Warns of marks on lines that are not there.
fn check_lines(block: &CodeBlock<'_>, fence: &Fence<'_>, code: &str, diagnostics: &mut Vec<Diagnostic>) {
    if fence.marks.is_empty() {
        return;
    }
    let count = code.lines().count();
    for marked in &fence.marks {
        if marked.first == 0 || marked.last as usize > count {
            let written = &block.info[marked.at.clone()];
            let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            diagnostics.push(
                Diagnostic::new(
                    Code::CodeAttribute,
                    block.path.clone(),
                    block.span_of(marked.at.clone()),
                    format!("`{written}` is outside the code block, which has {lines}"),
                )
                .severity(Severity::Warning)
                .help("lines are counted from 1 at the top of the block, whatever `start` says"),
            );
        }
    }
}

/// Code with `\n` line ends: a browser would turn others into it, and grammars know no other.
fn with_line_feeds(code: &str) -> Cow<'_, str> {
    if code.contains('\r') {
        Cow::Owned(code.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(code)
    }
}

/// Writes each line in an element of its own. A run that spans lines ends and begins with them.
fn push_lines(out: &mut String, code: &str, runs: &[Run], fence: &Fence<'_>, numbered: bool) {
    let mut runs = runs;
    let mut at = 0;
    let steps = mark_steps(&fence.marks, code);
    let mut open = [0; 3];
    for (index, line) in code.split_inclusive('\n').enumerate() {
        if let Some(step) = steps.get(index) {
            open.iter_mut().zip(step).for_each(|(open, step)| *open += step);
        }
        let [highlighted, inserted, deleted] = open.map(|open| open > 0);
        let element = match () {
            () if deleted => "del",
            () if inserted => "ins",
            () if highlighted => "mark",
            () => "span",
        };
        out.push('<');
        out.push_str(element);
        out.push_str(" class=\"line");
        for (on, class) in [(highlighted, " hl"), (inserted, " ins"), (deleted, " del")] {
            if on {
                out.push_str(class);
            }
        }
        out.push('"');
        if numbered {
            push_formatted(out, format_args!(" data-n=\"{}\"", u64::from(fence.start) + index as u64));
        }
        out.push('>');
        let text = line.strip_suffix('\n').unwrap_or(line);
        push_spans(out, code, at..at + text.len(), &mut runs);
        out.push_str(&line[text.len()..]);
        out.push_str("</");
        out.push_str(element);
        out.push('>');
        at += line.len();
    }
}

/// How many marks of each kind begin at each line, less those that ended before it; nothing without marks.
fn mark_steps(marks: &[fence::Marked], code: &str) -> Vec<[i32; 3]> {
    if marks.is_empty() {
        return Vec::new();
    }
    let mut steps = vec![[0; 3]; code.lines().count() + 1];
    let last = steps.len() - 1;
    for marked in marks {
        let kind = match marked.mark {
            Mark::Highlighted => 0,
            Mark::Inserted => 1,
            Mark::Deleted => 2,
        };
        let (begins, ends) =
            ((marked.first as usize).saturating_sub(1).min(last), (marked.last as usize).min(last));
        if begins < ends {
            steps[begins][kind] += 1;
            steps[ends][kind] -= 1;
        }
    }
    steps
}

/// Writes a range of the code, and moves `runs` past those that end in it.
fn push_spans(out: &mut String, code: &str, range: Range<usize>, runs: &mut &[Run]) {
    let mut at = range.start;
    while let Some((run, rest)) = runs.split_first() {
        let start = (run.start as usize).max(at);
        let end = (run.end as usize).min(range.end);
        if start >= range.end {
            break;
        }
        // Offsets that are no boundaries of this text would be a reader's fault; they lose a
        // colour, not a letter.
        if let (Some(before), Some(text)) = (code.get(at..start), code.get(start..end)) {
            push_text(out, before);
            if !text.is_empty() {
                push_formatted(out, format_args!("<span class=\"{}\">", run.class.letter()));
                push_text(out, text);
                out.push_str("</span>");
            }
            at = end;
        }
        if run.end as usize > range.end {
            break;
        }
        *runs = rest;
    }
    push_text(out, code.get(at..range.end).unwrap_or_default());
}

/// Writing to a string cannot fail, though the traits for it must allow for failure.
fn push_formatted(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn push_text(out: &mut String, text: &str) {
    let _ = escape_html_body_text(out, text);
}

fn push_attribute(out: &mut String, text: &str) {
    let _ = escape_html(out, text);
}

#[cfg(test)]
mod tests;
