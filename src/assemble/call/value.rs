//! `{{ salary.nurse.median | short }}` as HTML.
//!
//! In: a path and filters as written. Out: the value with its source and, when it is old, its date;
//! or a problem at the writer's place. A figure that is another role's, or older than its source
//! allows, is never shown without saying so.

mod field;
mod find;
mod read;

use std::fmt::Write as _;

use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::desk::Desk;
use super::source::Back;
use crate::assemble::format::{Applied, Machine};
use crate::parse::directive::Value;
pub(super) use find::{Finder, Found, Missing, default_place};
pub(super) use read::Read;

impl<'s> Desk<'s, '_> {
    /// What paths of this page are looked up in.
    pub(super) fn finder(&self) -> Finder<'s, 's> {
        let Desk { shared, entry, locale, .. } = self;
        Finder { facts: shared.facts, config: shared.config, today: shared.today, entry, locale }
    }

    /// What a path leads to.
    pub(super) fn find(&self, path: &str) -> Result<Found<'s>, Missing> {
        self.finder().find(path)
    }

    /// A value as HTML; empty when a problem has been reported.
    pub(super) fn value(&mut self, value: &Value) -> String {
        self.shown_value(value).unwrap_or_default()
    }

    fn shown_value(&mut self, value: &Value) -> Option<String> {
        let read = self.finder().read(value);
        let Read { found, applied, problems } = match read {
            Ok(read) => read,
            Err(problem) => {
                self.report(problem.code, problem.span, problem.message, problem.help);
                return None;
            }
        };
        for problem in problems {
            self.report(problem.code, problem.span, problem.message, problem.help);
        }
        Some(self.html(&found, &applied))
    }

    fn html(&mut self, found: &Found<'s>, applied: &Applied) -> String {
        let mut anchor = String::new();
        let sources: Vec<&'s str> =
            found.figures.iter().map(|figure| figure.source.value.as_str()).chain(found.source).collect();
        for source in sources {
            if let Some(cited) = self.cite_id(source, Back::First).filter(|_| anchor.is_empty()) {
                anchor = cited.anchor;
            }
        }
        let mut html = String::new();
        let text = applied.text(self.locale);
        let id = if anchor.is_empty() { String::new() } else { format!(" id=\"{anchor}\"") };
        // Writing to a string cannot fail.
        let _ = match applied.machine() {
            Machine::Data(value) => {
                write!(html, "<data{id} value=\"{}\">{}</data>", Attribute(&value), Text(&text))
            }
            Machine::Time(value) => {
                write!(html, "<time{id} datetime=\"{}\">{}</time>", Attribute(&value), Text(&text))
            }
            Machine::None if id.is_empty() => write!(html, "{}", Text(&text)),
            Machine::None => write!(html, "<span{id}>{}</span>", Text(&text)),
        };
        for figure in &found.figures {
            self.figures.push(figure);
            self.used.insert(("salaries", &figure.role.value));
        }
        let old = self.finder().old(found);
        for as_of in old {
            let day = self.locale.day_or_month(as_of);
            let _ = write!(
                html,
                " <small class=\"as-of\">(<time datetime=\"{}\">{}</time>)</small>",
                Attribute(&day.iso),
                Text(&day.text)
            );
        }
        html
    }
}

/// A text as HTML.
pub(super) fn escaped(text: &str) -> String {
    Text(text).to_string()
}

/// Shown as escaped text.
struct Text<'a>(&'a str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html_body_text(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}

/// Shown as the value of a quoted attribute.
struct Attribute<'a>(&'a str);

impl std::fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        escape_html(pulldown_cmark_escape::FmtWriter(f), self.0)
    }
}
