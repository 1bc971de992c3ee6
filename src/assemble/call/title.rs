//! Values and role links in a page's title and in the other texts beside its body.
//!
//! In: a page as it was parsed, and the facts. Out: the page with these texts as readers see them,
//! everywhere they stand: on the page, in lists, feeds and contents. Done before pages are linked;
//! costs nothing where no text has such a mark.

use std::sync::Arc;

use super::value::{Finder, Read};
use crate::assemble::facts::Facts;
use crate::assemble::format::Locale;
use crate::assemble::page::{Entry, Front};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::memory::each;
use crate::parse::directive::{TextMark, Value, fill_text};
use crate::parse::{Document, FrontMatter};

/// Fills the texts of every page. What cannot be filled stays as written, and is reported where
/// nothing else reports it.
pub(in crate::assemble) fn fill(
    entries: &mut [Entry<'_>],
    facts: &Facts,
    config: &Config,
    today: jiff::civil::Date,
    found: &mut Vec<Diagnostic>,
) {
    let marked = each(entries, || (), |(), _, entry| has_marks(entry));
    for (entry, _) in entries.iter_mut().zip(marked).filter(|(_, is_marked)| *is_marked) {
        let locale = Locale::of(&entry.lang);
        let finder = Finder { facts, config, today, entry, locale };
        let mut filler = Filler { finder, told: Vec::new(), found };
        let document = Arc::new(filler.document(&entry.document));
        let told = filler.told;
        let front = match &entry.front {
            Front::Own(_) => Front::Own(Arc::clone(&document)),
            Front::Completed(front) => {
                // These texts are the document's own, and their problems have been reported.
                let mut again = Filler { finder, told: Vec::new(), found: &mut Vec::new() };
                Front::Completed(Arc::new(again.front(front)))
            }
        };
        entry.front = front;
        entry.document = document;
        entry.told = told;
    }
}

fn has_marks(entry: &Entry<'_>) -> bool {
    let Document { title, summary, headings, .. } = &*entry.document;
    let front = &*entry.front;
    let is_marked = |text: &str| {
        let mut signs = memchr::memchr2_iter(b'{', b'[', text.as_bytes());
        signs.any(|at| text.as_bytes().get(at + 1) == text.as_bytes().get(at))
    };
    let is = |text: &Option<String>| text.as_deref().is_some_and(is_marked);
    is_marked(title)
        || is_marked(summary)
        || is(&front.description)
        || is(&front.dek)
        || is(&front.seo_title)
        || headings.iter().any(|heading| is_marked(heading.html()) || is(&heading.toc_label))
        || front.covers.iter().any(|text| is_marked(text))
        || front.takeaways.iter().any(|text| is_marked(text))
        || front.corrections.iter().any(|correction| is_marked(&correction.text))
        || front.items.iter().any(|item| is_marked(&item.question) || is(&item.answer))
}

/// Fills the texts of one page.
struct Filler<'s, 'e, 'd> {
    finder: Finder<'s, 'e>,
    /// Values shown in texts beside the body.
    told: Vec<Value>,
    found: &'d mut Vec<Diagnostic>,
}

impl Filler<'_, '_, '_> {
    fn document(&mut self, document: &Document) -> Document {
        let mut filled = document.clone();
        filled.title = self.text("title", &document.title);
        filled.summary = self.text("summary", &document.summary);
        for heading in &mut filled.headings {
            // What is wrong with a heading is reported where it stands in the body.
            let html = self.quietly(heading.html(), true);
            heading.text = self.quietly(&heading.text, false);
            heading.html = Some(html).filter(|html| *html != heading.text);
            heading.toc_label = heading.toc_label.as_deref().map(|label| self.quietly(label, false));
        }
        filled.front = self.front(&document.front);
        filled
    }

    fn front(&mut self, front: &FrontMatter) -> FrontMatter {
        let mut filled = front.clone();
        for (key, text) in [
            ("description", &mut filled.description),
            ("dek", &mut filled.dek),
            ("seo_title", &mut filled.seo_title),
        ] {
            if let Some(text) = text {
                *text = self.text(key, text);
            }
        }
        for text in &mut filled.covers {
            *text = self.text("covers", text);
        }
        for text in &mut filled.takeaways {
            *text = self.text("takeaways", text);
        }
        for correction in &mut filled.corrections {
            correction.text = self.text("corrections", &correction.text);
        }
        for item in &mut filled.items {
            item.question = self.text("items", &item.question);
            item.answer = item.answer.as_deref().map(|answer| self.text("items", answer));
        }
        filled
    }

    /// A text of front matter.
    fn text(&mut self, key: &str, text: &str) -> String {
        let mut problems = Vec::new();
        let filled = fill_text(text, |mark| match self.shown(mark) {
            Ok(shown) => {
                if let TextMark::Value(value) = mark {
                    self.told.push(value.clone());
                }
                Some(shown)
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        });
        let filled = filled.into_owned();
        for (code, message, help) in problems {
            let entry = self.finder.entry;
            let span = entry.front.keys.get(key).copied().flatten();
            let message = format!("in the {key}: {message}");
            self.found
                .push(Diagnostic::new(code, Arc::clone(&entry.document.path), span, message).help(help));
        }
        filled
    }

    fn quietly(&self, text: &str, is_html: bool) -> String {
        let shown = |mark: &TextMark| {
            let shown = self.shown(mark).ok()?;
            Some(if is_html { super::value::escaped(&shown) } else { shown })
        };
        fill_text(text, shown).into_owned()
    }

    /// What readers see of a mark; a figure that is old has its date.
    fn shown(&self, mark: &TextMark) -> Result<String, (Code, String, String)> {
        match mark {
            TextMark::Value(value) => {
                let read = self.finder.read(value);
                let Read { found, applied, .. } =
                    read.map_err(|problem| (problem.code, problem.message, problem.help))?;
                let locale = self.finder.locale;
                let mut text = applied.text(locale);
                for as_of in self.finder.old(&found) {
                    text = format!("{text} ({})", locale.day_or_month(as_of).text);
                }
                Ok(text)
            }
            TextMark::Role(id) => {
                let roles = &self.finder.facts.roles;
                roles.get(id).map(|role| role.title.clone()).ok_or_else(|| {
                    let help = match near(id, roles.keys().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "add the role to the data, or put a backslash before the brackets".to_owned(),
                    };
                    (Code::RoleUnknown, format!("there is no role `{id}`"), help)
                })
            }
        }
    }
}
