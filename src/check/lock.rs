//! `urls.lock`: the addresses and heading ids that were published.
//!
//! In: the file's text. Out: a [`Lock`], and the same as text again. Knows no site: what has become of
//! an address is asked in `addresses`.
//!
//! ```text
//! # Addresses that readers may have kept.
//! /guides/nurse/
//!   #pay
//! ```

use std::fmt::Write as _;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity, Span};

/// The file's name, in the root of a site.
pub const NAME: &str = crate::scan::URLS_LOCK;

const HEAD: &str = "# Addresses that were published, and the sections that could be linked to.\n# `guidepost fix urls` writes this file; keep it with the site's sources.\n";

/// Published addresses, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// One for each address.
    pub entries: Vec<Entry>,
}

/// A published address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Site path: `/guides/nurse/`.
    pub url: String,
    /// Where it is written.
    pub span: Span,
    /// Ids of its headings.
    pub ids: Vec<String>,
}

impl Lock {
    /// Reads the file; a line that is none of it is a problem, and left out.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        let (mut entries, mut problems) = (Vec::<Entry>::new(), Vec::new());
        let path: Arc<str> = Arc::from(NAME);
        let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
        for line in text[start..].split_inclusive('\n') {
            let written = line.trim_end();
            let span = Span::new(start, start + written.len());
            start += line.len();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let id = written.strip_prefix("  #").filter(|id| !id.is_empty());
            match (id, entries.last_mut()) {
                (Some(id), Some(entry)) => {
                    if !entry.ids.iter().any(|known| known == id) {
                        entry.ids.push(id.to_owned());
                    }
                }
                _ if written.starts_with('/') && !written.contains("//") => {
                    entries.push(Entry { url: written.to_owned(), span, ids: Vec::new() });
                }
                _ => problems.push(
                    Diagnostic::new(Code::Config, Arc::clone(&path), span, "this line is no address")
                        .severity(Severity::Warning)
                        .help("`guidepost fix urls` writes this file; take the line out, or bring it back from its history"),
                ),
            }
        }
        entries.sort_by(|a, b| a.url.cmp(&b.url));
        entries.dedup_by(|again, first| {
            let same = again.url == first.url;
            if same {
                let more = again.ids.drain(..).filter(|id| !first.ids.contains(id)).collect::<Vec<_>>();
                first.ids.extend(more);
            }
            same
        });
        (Self { entries }, problems)
    }

    /// The file's text.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = HEAD.to_owned();
        for entry in &self.entries {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", entry.url);
            for id in &entry.ids {
                let _ = writeln!(out, "  #{id}");
            }
        }
        out
    }

    /// The entry of an address.
    #[must_use]
    pub fn get(&self, url: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.url.as_str().cmp(url)).ok()?;
        self.entries.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = format!("{HEAD}/\n/guides/nurse/\n  #pay\n  #the-work\n");
        let (lock, problems) = Lock::parse(&text);
        assert_eq!(problems, []);
        assert_eq!(lock.get("/guides/nurse/").unwrap().ids, ["pay", "the-work"]);
        assert_eq!(lock.write(), text);
    }

    #[test]
    fn lines_in_any_order_and_line_endings_are_read_and_others_told() {
        let (lock, problems) = Lock::parse("\u{feff}/b/\r\n  #x\r\n<<<<<<< ours\r\n/a/\r\n/b/\r\n  #y\r\n");
        let urls: Vec<_> = lock.entries.iter().map(|entry| entry.url.as_str()).collect();
        assert_eq!(urls, ["/a/", "/b/"]);
        assert_eq!(lock.get("/b/").unwrap().ids, ["x", "y"]);
        assert_eq!(problems.len(), 1);
        let (_, problems) = Lock::parse("  #x\n");
        assert_eq!(problems.len(), 1);
    }
}
