//! `guidepost list`: every page with its URL, date and state, published or not.

use serde_json::json;

use crate::assemble::{Page, State};
use crate::engine::{self, Memory};
use crate::error::Error;
use crate::parse::front_matter::Date;
use crate::parse::highlight::{Highlighter, Reading};

use super::Ending;
use super::args::{self, Global, Selection};
use super::site;
use super::terminal::Terminal;

pub(super) fn run(global: &Global, options: &args::List, terminal: &mut Terminal) -> Result<Ending, Error> {
    site::use_threads(global);
    let mut memory = Memory::default();
    // The list is of everything there is; its last column says what a build leaves out.
    let selection = Selection { drafts: true, future: true, expired: true, ..options.selection.clone() };
    let inputs = site::scan(global, &selection, "public".as_ref(), &memory)?;
    // Code need not be coloured for a list.
    let plan = engine::plan(inputs, &Highlighter::new(|_, _| Ok(Reading::Runs(Vec::new()))), &mut memory);
    let found = terminal.with_notes(plan.diagnostics, plan.notes);
    let rows: Vec<Row<'_>> = plan.site.pages.iter().map(|page| Row::of(page)).collect();
    if terminal.is_json() {
        let rows: Vec<_> = rows.iter().map(Row::to_json).collect();
        terminal.answer(&format!("{:#}\n", serde_json::Value::Array(rows)))?;
        terminal.problems_aside(&found, &global.root);
    } else {
        let width = rows.iter().map(|row| row.url.chars().count()).max().unwrap_or(0);
        let lines: String = rows.iter().map(|row| row.to_line(width)).collect();
        terminal.answer(&lines)?;
        terminal.problems(&found, &global.root);
    }
    let errors = found.iter().any(|found| found.severity == crate::diagnostic::Severity::Error);
    Ok(if errors { Ending::Problems } else { Ending::Fine })
}

/// One page of the list.
struct Row<'a> {
    url: &'a str,
    title: &'a str,
    source: &'a str,
    date: Option<Date>,
    state: State,
    kind: crate::assemble::Kind,
}

impl<'a> Row<'a> {
    fn of(page: &'a Page) -> Self {
        Self {
            url: &page.url,
            title: &page.document.title,
            source: &page.document.path,
            date: page.front.published,
            state: page.state,
            kind: page.kind,
        }
    }

    fn date(&self) -> Option<String> {
        self.date.map(|date| date.date.to_string())
    }

    fn to_line(&self, width: usize) -> String {
        let date = self.date().unwrap_or_else(|| "-".to_owned());
        let state = format!("{:?}", self.state).to_lowercase();
        format!("{:width$}  {date:10}  {state:9}  {}\n", self.url, self.source)
    }

    fn to_json(&self) -> serde_json::Value {
        json!({
            "url": self.url,
            "title": self.title,
            "source": self.source,
            "published": self.date(),
            "state": self.state,
            "type": self.kind,
        })
    }
}
