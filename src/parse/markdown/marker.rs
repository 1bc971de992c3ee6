//! Which candidate lines are directives, and which of them belong together.
//!
//! In: a file's text. Out: the text with markers for the lines that the parser finds as blocks of
//! their own, and for each what the writer is to do there. Lines in code and raw HTML stay text, and
//! so does what cannot be a directive where it stands, with a finding. Writes nothing.
//!
//! Only the parser knows code from prose, and a marker may change what it finds (`<?` of the writer's
//! own would end at a marker's `?>`). So the parser reads the marked text once, the markers that are
//! no blocks are taken back, and so on until all are; a page without code that looks like directives
//! needs one such reading, a page without candidates none.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::source::Source;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::parse::directive::pair::{Line, Pairs};
use crate::parse::directive::scan::{self, Candidate, Shape};
use crate::parse::directive::{self, Call};

/// After so many readings of an odd page its markers are given up.
const READINGS: usize = 8;

/// A line with a marker instead.
pub(super) struct Marker {
    /// The line in the file.
    pub(super) range: Range<usize>,
    /// What it does.
    pub(super) role: Role,
}

/// What a marker does.
#[derive(Default)]
pub(super) enum Role {
    /// Nothing: a finding says why.
    #[default]
    None,
    /// A directive of its own.
    Leaf(Box<Call>),
    /// A block begins; its end follows in the same list item or quotation.
    Open(Box<Call>),
    /// The innermost block ends.
    Close,
}

/// A page's text for the parser, and its markers.
pub(super) struct Marked<'t> {
    /// The text from the offset that was given on, as long as it was.
    pub(super) text: Cow<'t, str>,
    /// By rising offset.
    pub(super) markers: Vec<Marker>,
    /// What was found.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'t> Marked<'t> {
    /// A text without markers.
    pub(super) fn none(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), markers: Vec::new(), diagnostics: Vec::new() }
    }
}

/// What the parser made of a candidate's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// A block of its own.
    Block,
    /// Part of code, or of raw HTML that is not for readers.
    Verbatim,
    /// Part of other raw HTML.
    Raw,
    /// Part of a paragraph or a definition.
    Lost,
}

/// What bears on pairs, in reading order.
enum Step {
    Enter,
    Leave,
    Line(usize),
}

/// Finds the directives of `text` from byte `start` on.
pub(super) fn mark<'t>(path: &Arc<str>, text: &'t str, start: usize, options: Options) -> Marked<'t> {
    let candidates = scan::candidates(text, start);
    let mut active: Vec<usize> = (0..candidates.len()).collect();
    if active.is_empty() {
        return Marked::none(&text[start..]);
    }
    let mut readings = 0;
    loop {
        let lines = active.iter().map(|&index| candidates[index].range.clone());
        let marked = scan::masked(text, start, lines);
        let (fates, steps) = read(&marked, start, &candidates, options);
        let before = active.len();
        active.retain(|&index| fates[index] == Fate::Block);
        if active.len() == before {
            let (markers, diagnostics) = judge(path, text, &candidates, &fates, &steps);
            return Marked { text: marked, markers, diagnostics };
        }
        readings += 1;
        if readings == READINGS {
            active.clear();
        }
    }
}

/// One reading of the marked text: the fate of each candidate.
fn read(marked: &str, start: usize, candidates: &[Candidate], options: Options) -> (Vec<Fate>, Vec<Step>) {
    let source = Source::masked(marked);
    let mut fates = vec![Fate::Lost; candidates.len()];
    let mut steps = Vec::new();
    let from = |offset: usize| candidates.partition_point(|candidate| candidate.range.start < offset);
    for (event, range) in Parser::new_ext(&source.text, options).into_offset_iter() {
        let inside = || from(range.start + start)..from(range.end + start);
        match event {
            Event::Start(
                Tag::Item | Tag::BlockQuote(_) | Tag::DefinitionListDefinition | Tag::FootnoteDefinition(_),
            ) => {
                steps.push(Step::Enter);
            }
            Event::End(
                TagEnd::Item
                | TagEnd::BlockQuote(_)
                | TagEnd::DefinitionListDefinition
                | TagEnd::FootnoteDefinition,
            ) => steps.push(Step::Leave),
            Event::Start(Tag::HtmlBlock) => {
                let html = &marked[range.clone()];
                let first = from(range.start + start);
                let is_marker = candidates.get(first).is_some_and(|candidate| {
                    candidate.range.start == range.start + start && html.starts_with("<?")
                });
                if is_marker {
                    fates[first] = Fate::Block;
                    steps.push(Step::Line(first));
                } else {
                    fates[inside()].fill(if is_hidden(html) { Fate::Verbatim } else { Fate::Raw });
                }
            }
            Event::Start(Tag::CodeBlock(_))
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::InlineHtml(_) => fates[inside()].fill(Fate::Verbatim),
            _ => {}
        }
    }
    (fates, steps)
}

/// Whether a block of raw HTML holds no text that a writer means to be Markdown.
pub(super) fn is_hidden(html: &str) -> bool {
    const HIDDEN: [&str; 6] = ["<!", "<?", "<pre", "<script", "<style", "<textarea"];
    HIDDEN.iter().any(|start| html.get(..start.len()).is_some_and(|html| html.eq_ignore_ascii_case(start)))
}

/// Reads the confirmed lines, pairs them, and says what is wrong with the others.
fn judge(
    path: &Arc<str>,
    text: &str,
    candidates: &[Candidate],
    fates: &[Fate],
    steps: &[Step],
) -> (Vec<Marker>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut roles: Vec<Role> = Vec::new();
    roles.resize_with(candidates.len(), Role::default);
    let mut pairs = Pairs::default();
    for step in steps {
        let index = match step {
            Step::Enter => {
                pairs.enter();
                continue;
            }
            Step::Leave => {
                pairs.leave();
                continue;
            }
            Step::Line(index) => *index,
        };
        let Candidate { range, colons, shape } = &candidates[index];
        let source = &text[range.clone()];
        let line = Line { index, colons: *colons, name: name(source), span: range.clone().into() };
        match shape {
            Shape::Close => {
                pairs.close(&line, path);
                continue;
            }
            Shape::Open => pairs.open(&line),
            Shape::Leaf => {}
        }
        match directive::read(source, range.start) {
            Ok(call) if *shape == Shape::Leaf => roles[index] = Role::Leaf(Box::new(call)),
            Ok(call) => roles[index] = Role::Open(Box::new(call)),
            Err(problems) => diagnostics.extend(problems.into_iter().map(|problem| problem.diagnostic(path))),
        }
    }
    let (matched, found) = pairs.finish(path);
    diagnostics.extend(found);
    let mut partners = vec![false; candidates.len()];
    for (open, close) in matched {
        partners[open] = true;
        if matches!(roles[open], Role::Open(_)) {
            roles[close] = Role::Close;
        }
    }
    let mut markers = Vec::with_capacity(candidates.len());
    for (index, (candidate, role)) in candidates.iter().zip(roles).enumerate() {
        let range = candidate.range.clone();
        let role = if matches!(role, Role::Open(_)) && !partners[index] { Role::None } else { role };
        diagnostics.extend(misplaced(path, &text[range.clone()], &range, fates[index]));
        if fates[index] == Fate::Block {
            markers.push(Marker { range, role });
        }
    }
    (markers, diagnostics)
}

/// The directive up to its name, for messages: `::toc`, `:::`.
fn shown(line: &str) -> &str {
    let name = name(line);
    if name.is_empty() {
        line.trim_end_matches(|c| c != ':')
    } else {
        &line[..line.find(name).unwrap_or(0) + name.len()]
    }
}

fn name(line: &str) -> &str {
    let name = line.trim_start_matches([':', ' ', '\t']);
    &name[..name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(name.len())]
}

fn misplaced(path: &Arc<str>, line: &str, range: &Range<usize>, fate: Fate) -> Option<Diagnostic> {
    let (message, help, severity) = match fate {
        Fate::Block | Fate::Verbatim => return None,
        Fate::Raw => (
            format!("`{}` stands inside raw HTML, where it is text", shown(line)),
            "leave an empty line before and after it",
            Severity::Warning,
        ),
        Fate::Lost => (
            format!("`{}` is part of the text before it", shown(line)),
            "leave an empty line before it, and begin it right below the text it belongs to; \
             put a backslash before the colons to show them as text",
            Severity::Error,
        ),
    };
    let found = Diagnostic::new(Code::DirectiveMisplaced, path.clone(), Span::from(range.clone()), message);
    Some(found.help(help).severity(severity))
}
