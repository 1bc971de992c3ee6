//! Role links, citations and abbreviations.
//!
//! In: what `assemble` found each to mean. Out: their inline HTML, which is no theme's matter: a
//! link is a link.

use std::fmt::Write as _;

use super::{Attribute, Filler, Text};
use crate::assemble::shown::Mention;
use crate::render::words::Part;

/// One end of a marked-up stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Open,
    Close,
}

impl Filler<'_> {
    pub(super) fn mention(&mut self, index: usize) {
        // Writing to a string cannot fail.
        match self.page.career.mentions.get(index) {
            Some(Mention::Role(role)) => match &role.url {
                Some(url) => {
                    let link = format!("<a href=\"{}\">{}</a>", Attribute(url), Text(&role.title));
                    self.push(&link);
                }
                None => drop(write!(self.html, "{}", Text(&role.title))),
            },
            // The number alone says little to who hears it, so the link's name tells the source.
            Some(Mention::Citation(source)) => {
                let _ = write!(
                    self.html,
                    "<sup class=\"citation\" id=\"{}\"><a href=\"#source-{}\" aria-label=\"{}\">[{}]</a></sup>",
                    Attribute(&source.anchor),
                    Attribute(&source.id),
                    Attribute(&format!("[{}] {}", source.number, source.title)),
                    source.number,
                );
            }
            Some(Mention::Unknown(written)) => drop(write!(self.html, "{}", Text(written))),
            None => {}
        }
    }

    /// What a footnote's way back is called: `Back to reference 2`, and `2-3` where it leads to the third
    /// of several mentions.
    pub(super) fn back_reference(&mut self, note: u32, mention: u32) {
        let number = if mention > 1 { format!("{note}-{mention}") } else { note.to_string() };
        let said = self.language.words.own("back_to_reference", &[("number", Part::Text(number))]);
        self.html.push_str(&said);
    }

    pub(super) fn abbreviation(&mut self, index: usize, end: End) {
        let Some(Some(abbr)) = self.page.career.abbreviations.get(index) else { return };
        match end {
            End::Open => drop(write!(self.html, "<abbr title=\"{}\">", Attribute(&abbr.long))),
            End::Close => self.html.push_str("</abbr>"),
        }
    }
}
