//! Diagnostics as text for people and for programs.
//!
//! In: sorted [`Diagnostic`]s and a way to get at a file's text. Out: a string. Prints nothing.

mod github;
mod html;
mod sarif;

use std::collections::HashMap;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::json;

use super::{Code, Diagnostic, Location, Severity, Span, for_terminal};

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// An excerpt with a caret for each.
    #[default]
    Human,
    /// `path:line:column: level[code]: message`, one a line.
    Short,
    /// One JSON array.
    Json,
    /// Annotations of a pull request, one a line.
    Github,
    /// One SARIF 2.1.0 document.
    Sarif,
    /// One page for people.
    Html,
}

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// ANSI colours; the caller's stream strips them when it is no terminal.
    Colour,
    /// Plain text.
    Plain,
}

impl Format {
    /// Whether it is one document, which nothing else may stand beside.
    #[must_use]
    pub fn is_document(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Html)
    }
}

/// What reports say beside the problems themselves.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// What a rule looks for, and why.
    pub rule: &'a dyn Fn(Code) -> (&'static str, &'static str),
    /// Who looks after a file.
    pub owners: &'a dyn Fn(&str) -> Vec<String>,
    /// The site's name.
    pub title: &'a str,
    /// The day.
    pub today: jiff::civil::Date,
}

impl About<'_> {
    /// Nothing.
    pub const NOTHING: About<'static> = About {
        rule: &|_| ("", ""),
        owners: &|_| Vec::new(),
        title: "",
        today: jiff::civil::Date::constant(1970, 1, 1),
    };
}

impl std::fmt::Debug for About<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("About").field("title", &self.title).finish_non_exhaustive()
    }
}

/// Writes all problems in the given format. `text` gives the text of a file of the site, by its
/// path relative to the root; where it gives none, the excerpt is left out.
#[must_use]
pub fn render(
    diagnostics: &[Diagnostic],
    format: Format,
    style: Style,
    text: &dyn Fn(&str) -> Option<String>,
) -> String {
    render_about(diagnostics, format, style, text, &About::NOTHING)
}

/// The same with what the richer formats say besides.
#[must_use]
pub fn render_about(
    diagnostics: &[Diagnostic],
    format: Format,
    style: Style,
    text: &dyn Fn(&str) -> Option<String>,
    about: &About<'_>,
) -> String {
    let mut files = Files { text, read: HashMap::new() };
    match format {
        Format::Human => human(diagnostics, style, &mut files),
        Format::Short => short(diagnostics, &mut files),
        Format::Github => github::write(diagnostics, &mut files),
        Format::Sarif => sarif::write(diagnostics, about, &mut files),
        Format::Html => html::write(diagnostics, about, &mut files),
        Format::Json => {
            let rows: Vec<_> = diagnostics.iter().map(|diagnostic| as_json(diagnostic, &mut files)).collect();
            let mut out = serde_json::to_string_pretty(&rows).unwrap_or_else(|_| "[]".to_owned());
            out.push('\n');
            out
        }
    }
}

/// A line and column, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

/// Where a byte offset lies in a text.
#[must_use]
pub fn position(text: &str, offset: u32) -> Position {
    let offset = floor_boundary(text, offset as usize);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// Files read for excerpts, each once.
struct Files<'a> {
    text: &'a dyn Fn(&str) -> Option<String>,
    read: HashMap<Arc<str>, Option<Arc<Lines>>>,
}

/// A file's text, and where its lines begin: a file with many problems is searched once.
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: String) -> Self {
        let feeds = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(feeds).collect();
        Self { text, starts }
    }

    /// The number of the line that an offset lies in, from 1, and where it begins.
    fn line(&self, offset: usize) -> (usize, usize) {
        let number = self.starts.partition_point(|start| *start <= offset).max(1);
        (number, self.starts.get(number - 1).copied().unwrap_or_default())
    }

    /// As [`position`].
    fn position(&self, offset: u32) -> Position {
        let offset = floor_boundary(&self.text, offset as usize);
        let (line, start) = self.line(offset);
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }
}

impl Files<'_> {
    fn get(&mut self, path: &Arc<str>) -> Option<Arc<Lines>> {
        let text = self.text;
        let read = || text(path).map(|text| Arc::new(Lines::new(text)));
        self.read.entry(Arc::clone(path)).or_insert_with(read).clone()
    }

    /// Where a place begins and ends.
    fn range(&mut self, location: &Location) -> Option<(Position, Position)> {
        let span = location.span?;
        let lines = self.get(&location.path)?;
        let end = span.end.max(span.start);
        // A line break at the end belongs to no line that is shown.
        let written = lines.text.get(span.start as usize..end as usize).unwrap_or_default();
        let width = u32::try_from(written.trim_end_matches(['\n', '\r']).len()).unwrap_or(u32::MAX);
        Some((lines.position(span.start), lines.position(span.start.saturating_add(width))))
    }

    /// The line of a place, its number, and the part of it that is meant.
    fn excerpt(&mut self, location: &Location) -> Option<(String, usize, std::ops::Range<usize>)> {
        let (line, number, range) = Excerpt::of(location, self).lines?;
        let (start, end) = (floor_boundary(&line, range.start), floor_boundary(&line, range.end));
        Some((line, number, start..end))
    }

    fn position(&mut self, location: &Location) -> Option<Position> {
        let span = location.span?;
        let lines = self.get(&location.path)?;
        Some(lines.position(span.start))
    }
}

fn human(diagnostics: &[Diagnostic], style: Style, files: &mut Files<'_>) -> String {
    let renderer = match style {
        Style::Colour => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    }
    .decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let excerpt = Excerpt::of(&diagnostic.location, files);
        let notes = diagnostic.notes();
        let related: Vec<_> =
            notes.iter().map(|(location, label)| (Excerpt::of(location, files), *location, label)).collect();
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let title = level.primary_title(for_terminal(&diagnostic.message)).id(diagnostic.code.id());
        let mut group = excerpt.add_to(Group::with_title(title), &diagnostic.location, None);
        if related.is_empty()
            && let Some(help) = &diagnostic.help
        {
            group = group.element(Level::HELP.message(for_terminal(help)));
        }
        let mut groups = vec![group];
        for (excerpt, location, label) in &related {
            let group = Group::with_title(Level::NOTE.secondary_title(for_terminal(label)));
            groups.push(excerpt.add_to(group, location, Some(AnnotationKind::Context)));
        }
        if !related.is_empty()
            && let Some(help) = &diagnostic.help
        {
            groups.push(Group::with_title(Level::HELP.secondary_title(for_terminal(help))));
        }
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    out
}

/// The lines of a file that a span touches: an excerpt of a long file costs its own lines only.
struct Excerpt {
    lines: Option<(String, usize, std::ops::Range<usize>)>,
    /// Where it is, for a place whose line is too long to be shown.
    place: Option<Position>,
}

impl Excerpt {
    /// Longest excerpt in bytes; a file of one huge line shows its place and no text.
    const LIMIT: usize = 2_000;

    fn of(location: &Location, files: &mut Files<'_>) -> Self {
        let lines = location.span.and_then(|span| Self::cut(files.get(&location.path)?.as_ref(), span));
        let place = if lines.is_none() { files.position(location) } else { None };
        Self { lines, place }
    }

    fn cut(lines: &Lines, span: Span) -> Option<(String, usize, std::ops::Range<usize>)> {
        let text = lines.text.as_str();
        let start = floor_boundary(text, span.start as usize);
        let end = floor_boundary(text, span.end as usize).max(start);
        let (number, first) = lines.line(start);
        // A span over many lines is shown by its first line: the place is what helps.
        let last = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let line = text[first..last].trim_end_matches('\r');
        if line.len() > Self::LIMIT {
            return None;
        }
        let begin = (start - first).min(line.len());
        let stop = (end - first).min(line.len()).max(begin);
        // The renderer shows control characters of ASCII as signs, but lets those above it through, which
        // some terminals obey. Two bytes stand for two, so that the caret stays where it belongs.
        let line = line.replace(|c| ('\u{80}'..='\u{9f}').contains(&c), "\u{b7}");
        Some((line, number, begin..stop))
    }

    fn add_to<'a>(
        &'a self,
        group: Group<'a>,
        location: &'a Location,
        kind: Option<AnnotationKind>,
    ) -> Group<'a> {
        if let Some((line, number, range)) = &self.lines {
            let kind = kind.unwrap_or(AnnotationKind::Primary);
            let annotation = kind.span(range.clone());
            let snippet = Snippet::source(line.as_str()).line_start(*number).path(&*location.path);
            return group.element(snippet.annotation(annotation));
        }
        let origin = Origin::path(&*location.path);
        group.element(match self.place {
            Some(Position { line, column }) => origin.line(line).char_column(column),
            None => origin,
        })
    }
}

fn short(diagnostics: &[Diagnostic], files: &mut Files<'_>) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let path = &diagnostic.location.path;
        let place = match files.position(&diagnostic.location) {
            Some(Position { line, column }) => format!("{path}:{line}:{column}"),
            None => path.to_string(),
        };
        let level = name(diagnostic.severity);
        let message = one_line(&diagnostic.message);
        let used = diagnostic.uses().map_or_else(String::new, |used| format!("; {used}"));
        let line = format!("{place}: {level}[{}]: {message}{used}", diagnostic.code.id());
        out.push_str(&for_terminal(&line));
        out.push('\n');
    }
    out
}

fn as_json(diagnostic: &Diagnostic, files: &mut Files<'_>) -> serde_json::Value {
    let place = |location: &Location, files: &mut Files<'_>| {
        let position = files.position(location);
        json!({
            "path": &*location.path,
            "line": position.map(|position| position.line),
            "column": position.map(|position| position.column),
            "start": location.span.map(|span| span.start),
            "end": location.span.map(|span| span.end),
        })
    };
    let related: Vec<_> = diagnostic
        .related
        .iter()
        .map(|(location, label)| json!({ "label": label, "location": place(location, files) }))
        .collect();
    json!({
        "code": diagnostic.code.id(),
        "severity": name(diagnostic.severity),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "location": place(&diagnostic.location, files),
        "related": related,
    })
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn sample() -> (Vec<Diagnostic>, impl Fn(&str) -> Option<String>) {
        let text = "---\ntitle: Nurse\ntilte: x\n---\n";
        let key = text.find("tilte").unwrap();
        let diagnostics = vec![
            Diagnostic::new(Code::UnknownKey, "content/a.md", Span::new(key, key + 5), "unknown key `tilte`")
                .help("did you mean `title`?"),
            Diagnostic::new(Code::File, "content/b.md", None, "the file\nis gone"),
        ];
        (diagnostics, move |path: &str| (path == "content/a.md").then(|| text.to_owned()))
    }

    #[test]
    fn people_see_place_line_caret_and_fix() {
        let (diagnostics, text) = sample();
        let out = render(&diagnostics, Format::Human, Style::Plain, &text);
        for part in [
            "error[unknown-key]: unknown key `tilte`",
            "content/a.md:3:1",
            "3 | tilte: x",
            "^^^^^",
            "help: did you mean",
        ] {
            assert!(out.contains(part), "{part:?} is missing from\n{out}");
        }
        assert!(out.contains("--> content/b.md"), "{out}");
    }

    #[test]
    fn short_and_json_name_line_and_column() {
        let (diagnostics, text) = sample();
        let out = render(&diagnostics, Format::Short, Style::Plain, &text);
        assert_eq!(
            out,
            "content/a.md:3:1: error[unknown-key]: unknown key `tilte`\ncontent/b.md: error[file]: the file is gone\n"
        );
        let out = render(&diagnostics, Format::Json, Style::Plain, &text);
        let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(rows[0]["location"]["line"], 3);
        assert_eq!(rows[1]["location"]["line"], serde_json::Value::Null);
    }

    #[test]
    fn spans_out_of_the_text_are_shown_as_well_as_can_be() {
        let diagnostics = vec![Diagnostic::new(Code::File, "a.md", Span::new(90, 95), "x")];
        let out = render(&diagnostics, Format::Human, Style::Plain, &|_| Some("é\n".to_owned()));
        assert!(out.contains("a.md:2:1") || out.contains("a.md"), "{out}");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(position("é x\ny", 3), Position { line: 1, column: 3 });
        assert_eq!(position("é x\ny", 5), Position { line: 2, column: 1 });
    }
}
