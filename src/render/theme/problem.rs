//! Tera's errors as diagnostics in a template.
//!
//! In: an error of Tera. Out: diagnostics at the template's own bytes, in this project's manner of
//! speaking. Decides nothing about what is rendered.

use std::collections::BTreeMap;

use tera::ErrorKind;

use super::{Theme, uses};
use crate::diagnostic::{Code, Diagnostic, Span, near};

impl Theme {
    /// One error, in the template it names or else in the one that was asked for.
    pub(super) fn diagnostic(&self, error: &tera::Error, template: &str) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let name = if report.filename().is_empty() { template } else { report.filename() };
                self.at(name, Span::from(report.span().range.clone()), report.message())
            }
            _ => {
                let message = error.to_string();
                let endless =
                    message.contains("recursion depth for components").then(|| self.endless(template));
                endless.flatten().unwrap_or_else(|| self.at_file(template, plain(&message)))
            }
        }
    }

    /// A component that leads back to itself, of those that a template calls: at the call which does.
    fn endless(&self, template: &str) -> Option<Diagnostic> {
        let calls = |template: &str| -> Vec<&str> {
            let source = self.sources.get(template);
            source.map(|source| uses::component_calls(&source.text).collect()).unwrap_or_default()
        };
        let reached = |from: Vec<&str>| -> Vec<String> {
            let (mut reached, mut open) = (Vec::new(), from);
            while let Some(component) = open.pop() {
                let Some(home) = self.components.get(component) else { continue };
                if !reached.iter().any(|known| known == component) {
                    reached.push(component.to_owned());
                    open.extend(calls(home));
                }
            }
            reached
        };
        reached(calls(template)).into_iter().find_map(|component| {
            let home = self.components.get(&component)?;
            let next = calls(home).into_iter().find(|next| reached(vec![next]).contains(&component))?;
            let through = if next == component { String::new() } else { format!(", through `{next}`") };
            let message = format!("component `{component}` calls itself without end{through}");
            let diagnostic = self.at_text(home, &format!("<{next}"), message, "");
            Some(diagnostic.help("take this call away, or put it under a condition that ends"))
        })
    }

    /// The errors of templates that do not fit together, each with the template to leave out.
    pub(super) fn problems(&self, error: &tera::Error) -> Vec<(String, Diagnostic)> {
        match error.kind() {
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("no template `{parent}` to extend");
                vec![(current.clone(), self.at_text(current, parent, message, parent))]
            }
            ErrorKind::CircularExtend { tpl, inheritance_chain } => {
                vec![(tpl.clone(), self.circle(tpl, "extends", inheritance_chain))]
            }
            ErrorKind::CircularInclude { tpl, include_chain } => {
                vec![(tpl.clone(), self.circle(tpl, "includes", include_chain))]
            }
            ErrorKind::Msg(text) => {
                let reports = self.reports(text);
                if reports.is_empty() {
                    self.duplicate_component(text).into_iter().collect()
                } else {
                    reports
                }
            }
            _ => Vec::new(),
        }
    }

    /// Tera joins what it finds wrong between templates into one text of reports:
    /// `error: MESSAGE`, then `--> NAME:LINE:COLUMN`.
    fn reports(&self, text: &str) -> Vec<(String, Diagnostic)> {
        let mut found = Vec::new();
        let mut message = None;
        // There may be as many as places in a template: where its lines begin, and what helps against a mistake,
        // is looked up once.
        let mut lines: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut known: BTreeMap<(&str, &str), Diagnostic> = BTreeMap::new();
        for line in text.lines() {
            if let Some(said) = line.strip_prefix("error: ") {
                message = Some(said);
            } else if let (Some(place), Some(said)) = (line.trim_start().strip_prefix("--> "), message.take())
            {
                let mut parts = place.rsplitn(3, ':');
                let column = parts.next().and_then(|column| column.parse().ok());
                let row = parts.next().and_then(|row| row.parse().ok());
                let (Some(name), Some(row), Some(column)) = (parts.next(), row, column) else { continue };
                let Some(source) = self.sources.get(name) else { continue };
                let lines = lines.entry(name).or_insert_with(|| line_starts(source.read()));
                let start = offset(source.read(), lines, row, column);
                let end = start
                    + quoted(said).filter(|word| source.text[start..].starts_with(*word)).map_or(1, str::len);
                let end = source.text.ceil_char_boundary(end);
                let span = Span::new(start, end);
                let mut problem =
                    known.entry((name, said)).or_insert_with(|| self.at(name, span, said)).clone();
                problem.location.span = Some(span);
                found.push((name.to_owned(), problem));
            }
        }
        found
    }

    /// ``Component `x` is defined in both `a.html` and `b.html` ``. Of several Tera names any; here it is the first.
    fn duplicate_component(&self, text: &str) -> Option<(String, Diagnostic)> {
        let mut words = text.split('`').skip(1).step_by(2);
        let (component, first, second) = (words.next()?, words.next()?, words.next()?);
        let has = |component: &str| {
            let mut others = self.sources.iter().filter(|(name, _)| !self.broken.contains(*name));
            let other = others.find(|(name, source)| {
                *name != second && components(source.read()).any(|own| own == component)
            });
            other.map(|(name, _)| name.as_str())
        };
        let mut again = self.sources.get(second).into_iter().flat_map(|source| components(source.read()));
        let found = again.find_map(|component| Some((component, has(component)?)));
        let (component, first) = found.unwrap_or((component, first));
        let source = self.sources.get(first)?;
        let message = format!("component `{component}` is defined twice");
        let diagnostic = self
            .at_text(second, component, message, "")
            .related(source.path.clone(), None, "also defined here")
            .help("keep one of the two");
        Some((second.to_owned(), diagnostic))
    }

    /// A template that needs itself. Tera's chain may begin with templates outside the circle, and
    /// ends with the one that closes it.
    fn circle(&self, template: &str, verb: &str, chain: &[String]) -> Diagnostic {
        let closing = chain.len().saturating_sub(1);
        let from = chain[..closing].iter().position(|name| name == template).unwrap_or(0);
        let others: Vec<&String> = chain[from..].iter().filter(|name| *name != template).collect();
        let names: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
        let through = if names.is_empty() { String::new() } else { format!(" through {}", names.join(", ")) };
        let next = others.first().map_or(template, |name| name.as_str());
        self.at_text(template, next, format!("`{template}` {verb} itself{through}"), "")
    }

    fn at(&self, template: &str, span: Span, message: &str) -> Diagnostic {
        // Tera lists what could have been meant in the message itself.
        let (message, available) = message.split_once(". Available ").unwrap_or((message, ""));
        let mut diagnostic = self.at_file(template, plain(message));
        diagnostic.location.span = Some(span);
        let word = quoted(message).unwrap_or_default();
        let names = available.split_once(": ").map_or("", |(_, names)| names);
        match near(word, names.split(", ").filter(|name| !name.is_empty())) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None if !names.is_empty() => diagnostic.help(format!("there is: {names}")),
            None if message.starts_with("Unknown template") => self.help_near(diagnostic, word),
            None => diagnostic,
        }
    }

    /// At the first place where a template's text holds a word.
    pub(super) fn at_text(&self, template: &str, word: &str, message: String, unknown: &str) -> Diagnostic {
        let text = self.sources.get(template).map_or("", |source| source.text.as_str());
        let mut diagnostic = self.at_file(template, message);
        diagnostic.code = Code::Template;
        diagnostic.location.span = text.find(word).map(|start| Span::new(start, start + word.len()));
        self.help_near(diagnostic, unknown)
    }

    fn help_near(&self, diagnostic: Diagnostic, unknown: &str) -> Diagnostic {
        match self.near(unknown) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        }
    }
}

/// Tera's words without its capital, its full stop and its terms for Rust types.
pub(super) fn plain(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let message = ["&str", "String"]
        .iter()
        .fold(message.to_owned(), |message, name| message.replace(&format!("`{name}`"), "`string`"));
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => message,
    }
}

fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1).filter(|word| !word.is_empty())
}

/// Where each line begins.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(end, _)| end + 1);
    std::iter::once(0).chain(ends).collect()
}

/// Byte offset of a line and a column, both counted from 1 and the latter in characters.
fn offset(text: &str, lines: &[usize], line: usize, column: usize) -> usize {
    let start = lines.get(line.saturating_sub(1)).copied().unwrap_or(text.len());
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(index, _)| index)
}

/// The components that a template defines, in the order of their places.
fn components(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).filter_map(|tag| {
        let name = tag.trim_start_matches('-').trim_start().strip_prefix("component")?;
        let name = name.strip_prefix(char::is_whitespace)?.trim_start();
        name.split(|c: char| c == '(' || c.is_whitespace()).next()
    })
}
