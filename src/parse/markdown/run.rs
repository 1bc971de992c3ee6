//! A run of text: what pulldown-cmark hands over in pieces, put together again.
//!
//! In: adjacent text events. Out: the text as a reader sees it, and the marks and bare URLs in it.
//! Pieces come apart at every character that could have been markup, so a mark or a URL is seldom in
//! one piece; smart punctuation has changed some of them, which must not happen to a URL; and an
//! escape or an entity says that a character is no mark.

use std::ops::Range;

use super::autolink::{self, Autolink};
use crate::diagnostic::Span;
use crate::parse::directive::inline::{self, Found, Place, Stretch};

/// The text since the last event that was not text.
#[derive(Default)]
pub(super) struct Run {
    /// As written, with entities decoded.
    written: String,
    /// Parts that were written otherwise than they are shown.
    pieces: Vec<Piece>,
    /// Where the text comes from, by rising offset.
    origins: Vec<Origin>,
    /// What stands before the run in the source; `None` at the beginning of a line.
    before: Option<char>,
}

struct Piece {
    range: Range<usize>,
    change: Change,
}

enum Change {
    /// Shown as this instead.
    Smart(String),
    /// Decoded from an entity.
    Entity,
}

/// From this offset of the run on, the text is that of the file from `source` on.
struct Origin {
    from: usize,
    source: usize,
    /// Byte for byte as in the file.
    exact: bool,
    /// Where in the file the last of it ends.
    end: usize,
}

/// A part of a run.
pub(super) enum Part {
    /// Text to show.
    Text(Range<usize>),
    /// A link: what goes before its text to make the destination, and the text.
    Link(&'static str, Range<usize>),
    /// A mark.
    Mark(Found),
}

/// What to look for in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seek {
    /// Nothing: all is text.
    Nothing,
    /// Marks that may stand in such a place.
    Marks(Place),
    /// The same and bare URLs.
    All(Place),
}

impl Run {
    /// Whether nothing has been added.
    pub(super) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// The text, with entities decoded and without smart punctuation.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// A part of it.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        &self.written[range]
    }

    /// What stands before the run; `None` at the beginning of a line.
    pub(super) fn before(&self) -> Option<char> {
        self.before
    }

    /// Adds the text of an event that has this range of the `file`; `before` is the character before it.
    pub(super) fn push(
        &mut self,
        text: &str,
        file: &str,
        range: &Range<usize>,
        before: impl FnOnce() -> Option<char>,
    ) {
        if self.is_empty() {
            self.before = before();
        }
        let source = &file[range.clone()];
        let from = self.written.len();
        let smart = matches!(source, "\"" | "'" | "--" | "---" | "...") && text != source;
        self.written.push_str(if smart { source } else { text });
        self.originate(from, range, smart || text == source);
        let change = if smart {
            Change::Smart(text.to_owned())
        } else if source.starts_with('&') && source.ends_with(';') && source != text {
            Change::Entity
        } else {
            return;
        };
        self.pieces.push(Piece { range: from..self.written.len(), change });
    }

    fn originate(&mut self, from: usize, range: &Range<usize>, exact: bool) {
        match self.origins.last_mut() {
            Some(last) if exact && last.exact && last.end == range.start => last.end = range.end,
            _ => self.origins.push(Origin { from, source: range.start, exact, end: range.end }),
        }
    }

    /// Forgets the run, and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.written.clear();
        self.pieces.clear();
        self.origins.clear();
    }

    /// The run in its parts, in order. `file` is the text that it comes from.
    pub(super) fn parts(&self, seek: Seek, file: &str, mut each: impl FnMut(Part)) {
        let end = self.written.len();
        let place = match seek {
            Seek::Nothing if end == 0 => return,
            Seek::Nothing => return each(Part::Text(0..end)),
            Seek::Marks(place) | Seek::All(place) => place,
        };
        let is_literal = |at: usize| self.is_literal(at, file);
        let span = |range: Range<usize>| self.span(range);
        let after = self.origins.last().map_or("", |last| &file[last.end..]);
        let before = self.before;
        let stretch =
            Stretch { text: &self.written, before, after, place, is_literal: &is_literal, span: &span };
        let mut links = Ahead::new(|from| if matches!(seek, Seek::All(_)) { self.link(from) } else { None });
        let mut marks = Ahead::new(|from| inline::find(&stretch, from));
        let mut at = 0;
        loop {
            let link = links.find(at, |link| link.range.start).map_or(usize::MAX, |link| link.range.start);
            let mark =
                marks.find(at, |found| found.range.start).map_or(usize::MAX, |found| found.range.start);
            let text_end = link.min(mark).min(end);
            if at < text_end {
                each(Part::Text(at..text_end));
            }
            let (part, next) = if link < mark
                && let Some(Autolink { range, prefix }) = links.take()
            {
                (Part::Link(prefix, range.clone()), range.end)
            } else if let Some(found) = marks.take() {
                let next = found.range.end;
                (Part::Mark(found), next)
            } else {
                return;
            };
            each(part);
            at = next;
        }
    }

    fn link(&self, from: usize) -> Option<Autolink> {
        let entity_at_end = |end: usize| {
            self.pieces
                .binary_search_by_key(&end, |piece| piece.range.end)
                .ok()
                .map(|index| &self.pieces[index])
                .filter(|piece| matches!(piece.change, Change::Entity))
                .map(|piece| piece.range.start)
        };
        autolink::find(&self.written, from, self.before, &entity_at_end)
    }

    /// A part as it is shown, piece by piece.
    pub(super) fn shown(&self, range: Range<usize>, mut each: impl FnMut(&str)) {
        let mut at = range.start;
        let first = self.pieces.partition_point(|piece| piece.range.start < range.start);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.range.end <= range.end) {
            if let Change::Smart(shown) = &piece.change {
                if at < piece.range.start {
                    each(&self.written[at..piece.range.start]);
                }
                each(shown);
                at = piece.range.end;
            }
        }
        if at < range.end {
            each(&self.written[at..range.end]);
        }
    }

    /// Where a part is in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.origin(range.start).map_or(0, |origin| origin.place(range.start));
        let end = match range.end.checked_sub(1).and_then(|last| self.origin(last)) {
            Some(origin) if origin.exact => origin.place(range.end),
            Some(origin) => origin.end,
            None => start,
        };
        Span::new(start, end.max(start))
    }

    fn origin(&self, at: usize) -> Option<&Origin> {
        let after = self.origins.partition_point(|origin| origin.from <= at);
        self.origins.get(after.checked_sub(1)?)
    }

    /// Whether the character was escaped or comes from an entity.
    fn is_literal(&self, at: usize, file: &str) -> bool {
        self.origin(at).is_none_or(|origin| {
            let before = &file[..origin.place(at)];
            !origin.exact || (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
        })
    }
}

impl Origin {
    /// Where an offset of the run is in the file.
    fn place(&self, at: usize) -> usize {
        if self.exact { self.source + (at - self.from) } else { self.source }
    }
}

/// The next one of what is looked for, looked for no oftener than needed.
struct Ahead<T, F> {
    next: Option<T>,
    is_over: bool,
    find: F,
}

impl<T, F: Fn(usize) -> Option<T>> Ahead<T, F> {
    fn new(find: F) -> Self {
        Self { next: None, is_over: false, find }
    }

    /// The first that begins at `from` or later.
    fn find(&mut self, from: usize, start: impl Fn(&T) -> usize) -> Option<&T> {
        if !self.is_over && self.next.as_ref().is_none_or(|next| start(next) < from) {
            self.next = (self.find)(from);
            self.is_over = self.next.is_none();
        }
        self.next.as_ref()
    }

    fn take(&mut self) -> Option<T> {
        self.next.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of (text, source) pieces and the file that they make.
    fn run(pieces: &[(&str, &str)]) -> (Run, String) {
        let file: String = pieces.iter().map(|(_, source)| *source).collect();
        let (mut run, mut at) = (Run::default(), 0);
        for (text, source) in pieces {
            // A backslash before a piece is no part of its range.
            let start = at + usize::from(source.starts_with('\\'));
            at += source.len();
            run.push(text, &file, &(start..at), || None);
        }
        (run, file)
    }

    #[test]
    fn urls_keep_what_smart_punctuation_changed() {
        let (run, file) = run(&[
            ("a ", "a "),
            ("–", "--"),
            (" http://x.org/a", " http://x.org/a"),
            ("–", "--"),
            ("b", "b"),
        ]);
        let mut seen = String::new();
        run.parts(Seek::All(Place::Text), &file, |part| match part {
            Part::Text(range) => run.shown(range, |text| seen.push_str(text)),
            Part::Link(_, range) => seen.extend(["<", run.slice(range), ">"]),
            Part::Mark(_) => seen.push('?'),
        });
        assert_eq!(seen, "a – <http://x.org/a--b>");
    }

    #[test]
    fn marks_are_found_and_located_across_pieces() {
        let (run, file) = run(&[
            ("é", "&eacute;"),
            (" ", " "),
            ("[", "["),
            ("[a]", "[a]"),
            ("]", "]"),
            (" ", " "),
            ("{{", "\\{{"),
            (" ", " "),
            ("{", "&#123;"),
            ("{ x }}", "{ x }}"),
            (" {{ y | z }}", " {{ y | z }}"),
        ]);
        let mut seen = Vec::new();
        run.parts(Seek::All(Place::Text), &file, |part| {
            if let Part::Mark(found) = part {
                let span = run.span(found.range);
                seen.push(file[span.start as usize..span.end as usize].to_owned());
            }
        });
        assert_eq!(seen, ["[[a]]", "{{ y | z }}"]);
    }
}
