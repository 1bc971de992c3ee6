//! The blocks of a page, written by the [`Writer`]: paragraphs, lists, tables, quotations, and the
//! marker of the contents list.
//!
//! In: the beginnings and ends of blocks. Out: their tags. Headings, code and raw HTML are captured
//! and written elsewhere.

use std::ops::Range;

use pulldown_cmark::{Alignment, Tag, TagEnd};

use super::capture::Capture;
use super::directives::Boundary;
use super::html::Writer;
use super::rules::{self, Block};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::HoleKind;
use crate::parse::highlight::CodeBlock;

/// A table being written.
#[derive(Default)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_cell: bool,
    section: TableSection,
}

impl Table {
    /// Whether a cell is being written.
    pub(super) fn is_open(&self) -> bool {
        self.in_cell
    }
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum TableSection {
    #[default]
    Head,
    Body,
}

impl<'e, H> Writer<'_, 'e, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// A block begins.
    pub(super) fn start_block(&mut self, tag: Tag<'e>, range: &Range<usize>) {
        self.prose.gap();
        self.start_line();
        match tag {
            Tag::Paragraph => {
                let text = &self.text[range.clone()];
                let is_figure = text.starts_with("![") || text.starts_with("$$");
                let announced = is_figure || rules::is_code_alone(text) || rules::leads_on(text);
                self.block(if announced { Block::Announced } else { Block::Text });
                self.block_tag("<p>");
            }
            Tag::BlockQuote(Some(kind)) => {
                self.open_container();
                self.open_alert(kind, range);
            }
            Tag::BlockQuote(None) => {
                self.open_container();
                self.block_tag("<blockquote>\n");
            }
            Tag::List(start) => {
                self.open_container();
                match start {
                    None => self.block_tag("<ul>\n"),
                    Some(1) => self.block_tag("<ol>\n"),
                    Some(number) => self.block_tag(&format!("<ol start=\"{number}\">\n")),
                }
            }
            Tag::Item => self.block_tag("<li>"),
            Tag::DefinitionList => {
                self.open_container();
                self.block_tag("<dl>\n");
            }
            Tag::DefinitionListTitle => self.block_tag("<dt>"),
            Tag::DefinitionListDefinition => self.block_tag("<dd>"),
            Tag::Table(alignments) => {
                self.open_container();
                self.table = Table { alignments, ..Table::default() };
                self.push("<div class=\"table\" tabindex=\"0\">\n<table>");
            }
            Tag::TableHead => self.push("<thead><tr>"),
            Tag::TableRow => {
                self.table.column = 0;
                self.push("<tr>");
            }
            Tag::TableCell => self.table_cell(),
            _ => {}
        }
    }

    /// A block ends.
    pub(super) fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                if let Some(colon) = self.colon.filter(|_| self.containers == 0) {
                    self.outline.announce(colon);
                    self.boundary = Boundary::Closed;
                }
                self.push("</p>\n");
            }
            TagEnd::BlockQuote(Some(_)) => {
                self.close_container("");
                self.close_alert();
            }
            TagEnd::BlockQuote(None) => self.close_container("</blockquote>\n"),
            TagEnd::List(true) => self.close_container("</ol>\n"),
            TagEnd::List(false) => self.close_container("</ul>\n"),
            TagEnd::DefinitionList => self.close_container("</dl>\n"),
            TagEnd::Table => self.close_container("</tbody></table>\n</div>\n"),
            TagEnd::Item => self.push("</li>\n"),
            TagEnd::DefinitionListTitle => self.push("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.push("</dd>\n"),
            TagEnd::TableHead => {
                self.push("</tr></thead><tbody>\n");
                self.table.section = TableSection::Body;
            }
            TagEnd::TableRow => self.push("</tr>\n"),
            TagEnd::TableCell => {
                self.push(if self.table.section == TableSection::Head { "</th>" } else { "</td>" });
                self.table.column += 1;
                self.table.in_cell = false;
            }
            _ => {}
        }
        self.prose.gap();
        self.elements.end_block();
    }

    fn table_cell(&mut self) {
        self.table.in_cell = true;
        self.push(if self.table.section == TableSection::Head { "<th" } else { "<td" });
        self.push(match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-start\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-end\">",
            Some(Alignment::None) | None => ">",
        });
    }

    fn open_container(&mut self) {
        self.block(Block::Announced);
        self.containers += 1;
    }

    fn close_container(&mut self, html: &str) {
        self.containers = self.containers.saturating_sub(1);
        self.push(html);
    }

    /// A paragraph that is the contents marker is not written.
    pub(super) fn toc_paragraph(&mut self, range: &Range<usize>) {
        self.capture = Capture::Skip;
        self.toc_marker(range);
    }

    /// The contents marker: a hole instead of text.
    pub(super) fn toc_marker(&mut self, range: &Range<usize>) {
        self.block(Block::Announced);
        let start = range.start;
        let span = Span::new(start, start + self.text[range.clone()].trim_end().len());
        if self.containers > 0 || !self.open_calls.is_empty() {
            let message = "the contents list cannot stand inside a list, a quotation or a block";
            self.report_toc(span, message, "move the marker out to a line of its own");
        } else if let Some(first) = self.toc {
            let message = "a second marker for the contents list";
            let found =
                Diagnostic::new(Code::Toc, self.path.clone(), span, message).help("keep one of the two");
            self.diagnostics.push(found.related(self.path.clone(), first, "the first marker"));
        } else {
            self.toc = Some(span);
            self.newline();
            self.hole(HoleKind::Toc);
        }
    }

    pub(super) fn report_toc(&mut self, span: Span, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic::new(Code::Toc, self.path.clone(), span, message).help(help));
    }

    fn block_tag(&mut self, html: &str) {
        self.newline();
        self.push(html);
    }
}

/// Whether a paragraph asks for the contents list as in other generators. Our own `::toc` is a directive.
pub(super) fn is_toc_marker(paragraph: &str) -> bool {
    let paragraph = paragraph.trim();
    paragraph.eq_ignore_ascii_case("[toc]") || paragraph.eq_ignore_ascii_case("[[toc]]")
}
