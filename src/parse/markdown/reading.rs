//! A page as an editor reads it: its prose, links, pictures and blocks of code, with their places.
//!
//! In: a file's text and the offset at which its Markdown begins. Out: a [`Reading`]. Judges nothing
//! and writes no HTML; what `html` writes is not needed, so that checks cost a build nothing.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use super::marker::{self, Marker};
use super::options;
use super::source::Source;
use crate::diagnostic::Span;
use crate::parse::Settings;

/// Stands in a block's text for each byte that is no prose: inline code, values, pictures.
pub const MASK: char = '\u{1a}';

/// What an editor reads of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Stretches of prose, in reading order.
    pub blocks: Vec<Block>,
    /// Links, in reading order.
    pub links: Vec<Link>,
    /// Pictures, in reading order.
    pub images: Vec<Image>,
    /// Blocks of code.
    pub fences: Vec<Fence>,
    /// Raw HTML and comments; what stands together is one piece.
    pub html: Vec<Span>,
    /// Lists that stand in no other.
    pub lists: Vec<Span>,
}

/// A stretch of prose: a paragraph, a list item, a cell, a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text; line breaks are spaces, and what is no prose is [`MASK`].
    pub text: String,
    /// The bytes of the file that it was read from.
    pub span: Span,
    /// Offsets into `text` and into the file, by rising offset: from the first on, the two run in step.
    steps: Vec<(u32, u32)>,
}

/// What a stretch of prose is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, in whatever container.
    Paragraph,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
    /// A heading.
    Heading,
    /// A term of a definition list.
    Term,
}

impl Block {
    fn new(kind: BlockKind, range: Range<usize>) -> Self {
        Self { kind, text: String::new(), span: Span::from(range), steps: Vec::new() }
    }

    fn step(&mut self, file: usize) {
        let place = Span::new(self.text.len(), file);
        self.steps.push((place.start, place.end));
    }

    /// Where a part of the text stands in the file.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Span {
        let of = |offset: usize| {
            let at = self.steps.partition_point(|(text, _)| *text as usize <= offset);
            match at.checked_sub(1).and_then(|at| self.steps.get(at)) {
                Some((text, file)) => *file as usize + (offset - *text as usize),
                None => self.span.start as usize,
            }
        };
        let start = of(range.start);
        let last = range.end.saturating_sub(1).max(range.start);
        Span::new(start, (of(last) + (range.end - last)).max(start).min((self.span.end as usize).max(start)))
    }

    /// Values, role links and citations are no prose; what they show is for data to say.
    fn mask_marks(&mut self) {
        if memchr::memchr2(b'{', b'[', self.text.as_bytes()).is_none() {
            return;
        }
        for (open, close) in [("{{", "}}"), ("[[", "]]"), ("[@", "]")] {
            let mut from = 0;
            while let Some(start) = self.text[from..].find(open).map(|at| at + from) {
                let Some(end) = self.text[start..].find(close).map(|at| at + start + close.len()) else {
                    break;
                };
                let masked: String = std::iter::repeat_n(MASK, end - start).collect();
                self.text.replace_range(start..end, &masked);
                from = end;
            }
        }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What a reader sees; the descriptions of pictures in it are part of it.
    pub text: String,
    /// Where it leads, as written.
    pub target: String,
    /// Whether it is an address alone: the text is the target.
    pub bare: bool,
    /// The whole link.
    pub span: Span,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its description.
    pub alt: String,
    /// The file or address.
    pub target: String,
    /// The whole picture.
    pub span: Span,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What stands after the fence; `None` for indented code.
    pub info: Option<String>,
    /// The whole block.
    pub span: Span,
}

impl Reading {
    /// The blocks of a list, those of lists in it too.
    #[must_use]
    pub fn items(&self, list: Span) -> &[Block] {
        let first = self.blocks.partition_point(|block| block.span.start < list.start);
        let rest = &self.blocks[first..];
        &rest[..rest.partition_point(|block| block.span.start < list.end)]
    }

    /// Whether a list item is a link to a section of its own page and says nothing else.
    #[must_use]
    pub fn is_entry(&self, block: &Block) -> bool {
        let first = self.links.partition_point(|link| link.span.start < block.span.start);
        self.links.get(first).is_some_and(|link| {
            block.kind == BlockKind::Item
                && link.target.starts_with('#')
                && link.span.end <= block.span.end
                && link.text.trim() == block.text.trim()
        })
    }
}

/// Reads the Markdown of `text` from byte `start` on.
#[must_use]
pub fn read(path: &Arc<str>, text: &str, start: usize, settings: &Settings) -> Reading {
    let options = options(settings);
    let marked = marker::mark(path, text, start, options);
    let source = Source::masked(&marked.text);
    let mut reader = Reader { text, markers: &marked.markers, ..Reader::default() };
    for (event, range) in Parser::new_ext(&source.text, options).into_offset_iter() {
        let event = source.unmask(event, &range);
        reader.event(event, range.start + start..range.end + start);
    }
    reader.close();
    reader.reading
}

/// A page being read.
#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    markers: &'t [Marker],
    reading: Reading,
    block: Option<Block>,
    /// Kinds of the open containers of text.
    holders: Vec<BlockKind>,
    /// Open links, and pictures, whose text is being read.
    links: Vec<Link>,
    images: Vec<Image>,
    code: bool,
    /// How many lists are open.
    lists: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if !self.code => self.prose(&text, range),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.masked(&text, range);
            }
            Event::SoftBreak | Event::HardBreak => self.space(range),
            Event::Html(_) | Event::InlineHtml(_) => self.html(range),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let span = Span::from(range.clone());
        match tag {
            Tag::Paragraph => {
                let kind = match self.holders.last() {
                    Some(BlockKind::Item) => BlockKind::Item,
                    _ => BlockKind::Paragraph,
                };
                self.open(kind, range);
            }
            Tag::Heading { .. } => self.open(BlockKind::Heading, range),
            Tag::TableCell => self.open(BlockKind::Cell, range),
            Tag::DefinitionListTitle => self.open(BlockKind::Term, range),
            Tag::Item | Tag::DefinitionListDefinition | Tag::FootnoteDefinition(_) => {
                self.close();
                self.holders.push(BlockKind::Item);
            }
            Tag::BlockQuote(_) => {
                self.close();
                self.holders.push(BlockKind::Paragraph);
            }
            Tag::List(_) => {
                self.close();
                if self.lists == 0 {
                    self.reading.lists.push(span);
                }
                self.lists += 1;
            }
            Tag::Table(_) | Tag::HtmlBlock => self.close(),
            Tag::CodeBlock(kind) => {
                self.close();
                self.code = true;
                let info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.into_string()),
                    CodeBlockKind::Indented => None,
                };
                self.reading.fences.push(Fence { info, span });
            }
            Tag::Link { link_type, dest_url, .. } => {
                self.block(&range);
                let bare = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let link = Link { text: String::new(), target: dest_url.into_string(), bare, span };
                self.links.push(link);
            }
            Tag::Image { dest_url, .. } => {
                let image = Image { alt: String::new(), target: dest_url.into_string(), span };
                self.images.push(image);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Item
            | TagEnd::DefinitionListDefinition
            | TagEnd::FootnoteDefinition
            | TagEnd::BlockQuote(_) => {
                self.close();
                self.holders.pop();
            }
            TagEnd::CodeBlock => self.code = false,
            TagEnd::Link => {
                if let Some(link) = self.links.pop() {
                    self.reading.links.push(link);
                }
            }
            TagEnd::Image => {
                if let Some(image) = self.images.pop() {
                    self.masked(&image.alt.clone(), image.span.start as usize..image.span.end as usize);
                    self.reading.images.push(image);
                }
            }
            TagEnd::List(_) => {
                self.close();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::DefinitionListTitle => {
                self.close();
            }
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind, range: Range<usize>) {
        self.close();
        self.block = Some(Block::new(kind, range));
    }

    fn close(&mut self) {
        if let Some(mut block) = self.block.take()
            && !block.text.trim().is_empty()
        {
            block.mask_marks();
            self.reading.blocks.push(block);
        }
    }

    /// The block that takes text now; the text of a tight list has no paragraph round it.
    fn block(&mut self, range: &Range<usize>) -> &mut Block {
        let kind = self.holders.last().copied().unwrap_or(BlockKind::Paragraph);
        let block = self.block.get_or_insert_with(|| Block::new(kind, range.clone()));
        block.span.end = block.span.end.max(Span::from(range.clone()).end);
        block
    }

    fn prose(&mut self, text: &str, range: Range<usize>) {
        if let Some(image) = self.images.last_mut() {
            image.alt.push_str(text);
            return;
        }
        if let Some(link) = self.links.last_mut() {
            link.text.push_str(text);
        }
        let block = self.block(&range);
        block.step(range.start);
        block.text.push_str(text);
    }

    fn masked(&mut self, text: &str, range: Range<usize>) {
        if let Some(image) = self.images.last_mut() {
            image.alt.push_str(text);
            return;
        }
        if let Some(link) = self.links.last_mut() {
            link.text.push_str(text);
        }
        let block = self.block(&range);
        block.step(range.start);
        block.text.extend(std::iter::repeat_n(MASK, range.len()));
    }

    fn space(&mut self, range: Range<usize>) {
        if let Some(link) = self.links.last_mut() {
            link.text.push(' ');
        }
        if let Some(image) = self.images.last_mut() {
            image.alt.push(' ');
        } else if let Some(block) = &mut self.block {
            block.step(range.start);
            block.text.push(' ');
        }
    }

    /// Raw HTML of the writer's own: markers of directives are ours. A block comes line by line, and a
    /// tag or a comment may take several; between them stands no more than what indents them.
    fn html(&mut self, range: Range<usize>) {
        let first = self.markers.partition_point(|marker| marker.range.end <= range.start);
        if self.markers.get(first).is_some_and(|marker| marker.range.start < range.end) {
            return;
        }
        let (text, span) = (self.text, Span::from(range.clone()));
        let gap = |last: &Span| text.get(last.end as usize..range.start);
        match self.reading.html.last_mut() {
            Some(last) if gap(last).is_some_and(|gap| gap.trim().is_empty()) => last.end = span.end,
            _ => self.reading.html.push(span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let mut settings = Settings::commonmark();
        settings.extensions = crate::parse::Extensions::All;
        read(&"a.md".into(), text, 0, &settings)
    }

    #[test]
    fn prose_is_read_with_its_places() {
        let text = "# Pay\n\nShe *earns* `x` much\nmore &amp; **likes** it.\n\n- one\n- two\n\n| a | b |\n| - | - |\n| c | d |\n";
        let found = reading(text);
        let texts: Vec<_> =
            found.blocks.iter().map(|block| (block.kind, block.text.replace(MASK, "~"))).collect();
        assert_eq!(
            texts,
            [
                (BlockKind::Heading, "Pay".to_owned()),
                (BlockKind::Paragraph, "She earns ~~~ much more & likes it.".to_owned()),
                (BlockKind::Item, "one".to_owned()),
                (BlockKind::Item, "two".to_owned()),
                (BlockKind::Cell, "a".to_owned()),
                (BlockKind::Cell, "b".to_owned()),
                (BlockKind::Cell, "c".to_owned()),
                (BlockKind::Cell, "d".to_owned()),
            ]
        );
        for (block, word) in [(1, "earns"), (1, "more"), (1, "likes"), (2, "one"), (6, "c")] {
            let block = &found.blocks[block];
            let at = block.text.find(word).unwrap();
            let span = block.place(at..at + word.len());
            assert_eq!(&text[span.start as usize..span.end as usize], word);
        }
    }

    #[test]
    fn links_pictures_and_code_are_read() {
        let found = reading(
            "See [the *list*](a.md), <https://b.example> and [![A *dog*](d.png)](c.md).\n\n```rust\nx\n```\n\n    y\n\n<b>z</b>\n",
        );
        let links: Vec<_> =
            found.links.iter().map(|link| (link.text.as_str(), link.target.as_str(), link.bare)).collect();
        assert_eq!(
            links,
            [
                ("the list", "a.md", false),
                ("https://b.example", "https://b.example", true),
                ("A dog", "c.md", false)
            ]
        );
        assert_eq!(found.images[0].alt, "A dog");
        let infos: Vec<_> = found.fences.iter().map(|fence| fence.info.as_deref()).collect();
        assert_eq!(infos, [Some("rust"), None]);
        assert_eq!(found.html.len(), 2);
    }

    #[test]
    fn what_data_fills_in_is_no_prose() {
        let found =
            reading("A {{ salary.x.mean }} for [[nurse]] [@bls] :term[API].\n\n::toc\n\n:::tip\nText\n:::\n");
        let texts: Vec<_> = found.blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts[1], "Text");
        assert!(!texts[0].contains("salary") && !texts[0].contains("nurse") && !texts[0].contains("bls"));
        assert_eq!(found.html, []);
    }
}
