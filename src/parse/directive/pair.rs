//! Where blocks end: `:::name` lines and the `:::` lines that close them.
//!
//! In: the directive lines that the parser has confirmed, and the lists and quotations that begin
//! and end between them, in reading order. Out: which closing line belongs to which block, and
//! findings for those without a partner. Reads no line.
//!
//! A closing line closes the innermost block of the same list item or quotation that began with
//! exactly as many colons, else the innermost that began with fewer. So blocks nest by more colons
//! outside as well as by order.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};

/// Blocks that are open, and the place where the next line stands.
#[derive(Default)]
pub(in crate::parse) struct Pairs {
    open: Vec<Open>,
    /// Lists and quotations around the place, each with a number of its own; none is the page.
    place: Vec<usize>,
    places: usize,
    /// Opening and closing lines that belong together.
    matched: Vec<(usize, usize)>,
    diagnostics: Vec<Diagnostic>,
}

/// A line as the pairs see it.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Line<'a> {
    /// The number of the line among all.
    pub(in crate::parse) index: usize,
    /// Colons at its beginning.
    pub(in crate::parse) colons: usize,
    /// The name, for messages.
    pub(in crate::parse) name: &'a str,
    /// The line.
    pub(in crate::parse) span: Span,
}

struct Open {
    index: usize,
    colons: usize,
    shown: String,
    span: Span,
    place: Option<usize>,
}

impl Pairs {
    /// A list item, quotation, definition or footnote begins.
    pub(in crate::parse) fn enter(&mut self) {
        self.places += 1;
        self.place.push(self.places);
    }

    /// It ends.
    pub(in crate::parse) fn leave(&mut self) {
        self.place.pop();
    }

    /// A line opens a block.
    pub(in crate::parse) fn open(&mut self, line: &Line<'_>) {
        let shown = format!("{}{}", ":".repeat(line.colons), line.name);
        let place = self.place.last().copied();
        self.open.push(Open { index: line.index, colons: line.colons, shown, span: line.span, place });
    }

    /// A line closes a block.
    pub(in crate::parse) fn close(&mut self, line: &Line<'_>, path: &Arc<str>) {
        let here = self.place.last().copied();
        if let Some(at) = self.find(line.colons, |open| open.place == here) {
            for inner in self.open.drain(at + 1..) {
                self.diagnostics.push(inner.unclosed(path));
            }
            self.matched.extend(self.open.pop().map(|open| (open.index, line.index)));
        } else if let Some(at) = self.find(line.colons, |_| true) {
            let open = self.open.remove(at);
            let passage = match (open.place, here) {
                (Some(_), Some(_)) => "begins in one list item or quotation and ends in another",
                (Some(_), None) => "begins inside a list item or quotation and ends outside it",
                (None, _) => "begins outside a list item or quotation and ends inside it",
            };
            let message = format!("`{}` {passage}", open.shown);
            let found = Diagnostic::new(Code::DirectiveMisplaced, path.clone(), open.span, message)
                .help("give both lines the same indentation and the same `>` marks");
            self.diagnostics.push(found.related(path.clone(), line.span, "it ends here"));
        } else {
            self.diagnostics.push(self.stray(line, path));
        }
    }

    /// Which lines belong together (opening, closing), and what was found.
    pub(in crate::parse) fn finish(mut self, path: &Arc<str>) -> (Vec<(usize, usize)>, Vec<Diagnostic>) {
        for open in &self.open {
            self.diagnostics.push(open.unclosed(path));
        }
        (self.matched, self.diagnostics)
    }

    fn find(&self, colons: usize, eligible: impl Fn(&Open) -> bool) -> Option<usize> {
        let exact = self.open.iter().rposition(|open| eligible(open) && open.colons == colons);
        exact.or_else(|| self.open.iter().rposition(|open| eligible(open) && open.colons < colons))
    }

    fn stray(&self, line: &Line<'_>, path: &Arc<str>) -> Diagnostic {
        let shown = ":".repeat(line.colons);
        let found = Diagnostic::new(
            Code::DirectiveUnclosed,
            path.clone(),
            line.span,
            format!("`{shown}` closes a block, but none is open"),
        );
        match self.open.last() {
            Some(open) => {
                let help = format!("`{}` is closed by a line of {} colons", open.shown, open.colons);
                found.help(help).related(path.clone(), open.span, "the block that is open")
            }
            None => found.help("take the line out, or put `:::` and a name where the block begins"),
        }
    }
}

impl Open {
    fn unclosed(&self, path: &Arc<str>) -> Diagnostic {
        let message = format!("`{}` is never closed", self.shown);
        let colons = ":".repeat(self.colons);
        Diagnostic::new(Code::DirectiveUnclosed, path.clone(), self.span, message).help(match self.place {
            None => format!("put `{colons}` on a line of its own where the block ends"),
            Some(_) => format!(
                "put `{colons}` on a line of its own where the block ends, inside the same list item or quotation"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `3a` as an opening line of three colons called `a`, `3` as a closing one, `(` and `)` as
    /// the ends of a list item.
    fn pairs(lines: &str) -> (Vec<(usize, usize)>, Vec<String>) {
        let path: Arc<str> = "a.md".into();
        let mut pairs = Pairs::default();
        for (index, line) in lines.split(' ').enumerate() {
            let (colons, name) = line.split_at(1);
            let Ok(colons) = colons.parse() else {
                match line {
                    "(" => pairs.enter(),
                    _ => pairs.leave(),
                }
                continue;
            };
            let line = Line { index, colons, name, span: Span::new(index, index + 1) };
            match name {
                "" => pairs.close(&line, &path),
                _ => pairs.open(&line),
            }
        }
        let (matched, diagnostics) = pairs.finish(&path);
        (matched, diagnostics.into_iter().map(|found| found.code.id().to_owned()).collect())
    }

    #[test]
    fn blocks_nest_by_order_and_by_colons() {
        for (lines, matched, found) in [
            ("3a 3b 3 3", vec![(1, 2), (0, 3)], vec![]),
            ("4a 3b 3 4", vec![(1, 2), (0, 3)], vec![]),
            ("4a 3b 4", vec![(0, 2)], vec!["directive-unclosed"]),
            ("3a 3b 4 3", vec![(1, 2), (0, 3)], vec![]),
            ("4a 3", vec![], vec!["directive-unclosed", "directive-unclosed"]),
            ("3", vec![], vec!["directive-unclosed"]),
            ("( 3a ) 3", vec![], vec!["directive-misplaced"]),
            ("3a ( 3 )", vec![], vec!["directive-misplaced"]),
            ("( 3a ) ( 3 )", vec![], vec!["directive-misplaced"]),
            ("3a ( 3b ) 3", vec![(0, 4)], vec!["directive-unclosed"]),
            ("3a ( 3b 3 ) 3", vec![(2, 3), (0, 5)], vec![]),
        ] {
            assert_eq!(pairs(lines), (matched, found.into_iter().map(str::to_owned).collect()), "{lines}");
        }
    }
}
