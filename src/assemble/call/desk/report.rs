//! Problems at one page's own lines.
//!
//! In: what is wrong, and where. Out: a diagnostic in the page's file, or in the file that front matter
//! was inherited from, with the names that may have been meant.

use super::Desk;
use crate::assemble::call::arguments::Arguments;
use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::value::{Spanned, listed};

/// So many names that hold what was typed are suggested; more say nothing.
const KIN: usize = 3;

impl<'s> Desk<'s, '_> {
    pub(in crate::assemble::call) fn report(
        &mut self,
        code: Code,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mut span = span.into();
        if self.is_quiet {
            // What readers are told is told to the writer too, who can change the roles alone.
            if code != Code::StatisticMix {
                return;
            }
            span = self.entry.front.keys.get("roles").copied().flatten();
        }
        let path = self.entry.document.path.clone();
        self.found.push(Diagnostic::new(code, path, span, message).help(help));
    }

    /// An id in the text that no record has.
    pub(in crate::assemble::call) fn unknown<'k>(
        &mut self,
        code: Code,
        what: &str,
        id: &Spanned<String>,
        known: impl Iterator<Item = &'k String> + Clone,
    ) {
        let help = self.suggestion(&id.value, what, known);
        self.report(code, id.span, format!("there is no {what} `{}`", id.value), help);
    }

    /// The same in front matter, where a value may come from a section's defaults.
    pub(in crate::assemble::call) fn unknown_in_front<'k>(
        &mut self,
        code: Code,
        what: &str,
        (key, id): (&str, &Spanned<String>),
        known: impl Iterator<Item = &'k String> + Clone,
    ) {
        let help = self.suggestion(&id.value, what, known);
        self.report_in_front(code, (key, id.span), format!("there is no {what} `{}`", id.value), help);
    }

    /// A problem of a value in front matter, reported where it was written: once, for all pages that
    /// inherit it.
    pub(in crate::assemble::call) fn report_in_front(
        &mut self,
        code: Code,
        (key, span): (&str, Span),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let path = self.entry.front.file_of(key, &self.entry.document.path);
        self.found.push(Diagnostic::new(code, path.clone(), span, message).help(help));
    }

    /// Where something in front matter stands in this file, if it does.
    pub(in crate::assemble::call) fn front_span(&self, key: &str, span: Span) -> Option<Span> {
        let inherited = self.entry.front.keys.get(key).is_some_and(Option::is_none);
        (!inherited).then_some(span)
    }

    /// Reports a list that stands on the page already.
    pub(in crate::assemble::call) fn once(
        &mut self,
        arguments: &Arguments<'s>,
        what: &'static str,
    ) -> Option<()> {
        if self.listed.insert(what) {
            return Some(());
        }
        let message = format!("{what} stands on this page already");
        self.report(Code::DirectiveArgument, arguments.span(), message, "take this line away");
        None
    }

    fn suggestion<'k>(
        &mut self,
        typed: &str,
        what: &str,
        known: impl Iterator<Item = &'k String> + Clone,
    ) -> String {
        let names = known.map(String::as_str);
        let near = if self.suggestions > 0 { near(typed, names.clone()) } else { None };
        self.suggestions = self.suggestions.saturating_sub(1);
        let kin = || names.clone().filter(|name| is_part(typed, name));
        match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if (1..=KIN).contains(&kin().take(KIN + 1).count()) => {
                format!("did you mean {}?", listed(kin(), "or"))
            }
            None if names.clone().next().is_none() => {
                format!("the site has no {what} yet: add it to the data")
            }
            None if names.clone().nth(12).is_none() => format!("there is {}", listed(names, "and")),
            None => format!("add the {what} to the data, or take it away here"),
        }
    }
}

/// Whether every word of what was typed is one of an id's: `web` of `web-developer`.
fn is_part(typed: &str, id: &str) -> bool {
    let typed = typed.to_ascii_lowercase();
    let mut words = typed.split(['-', '_', ' ']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| id.split('-').any(|part| part == word))
}
