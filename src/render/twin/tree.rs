//! HTML as a tree, however badly somebody wrote it.
//!
//! In: a piece of HTML. Out: elements and texts. An end without a start is passed over, an element that
//! is never closed ends with the one around it, and nesting has a limit.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::parse::markdown::VOID;

/// Deepest nesting that is kept; what lies deeper stands in the innermost element that is. The reason why
/// recursion over a tree is safe.
const MAX_DEPTH: usize = 200;

/// Elements that end where another of the kind begins, as writers of HTML are free to leave the ends out.
const REPEATED: &[&str] = &["li", "dt", "dd", "p", "tr", "td", "th", "option"];

/// An element, or a text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    /// The value of an attribute; empty when it is not there.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| known == name)
    }

    pub(super) fn is_of(&self, class: &str) -> bool {
        self.attribute("class").split_ascii_whitespace().any(|one| one == class)
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All text in it, as it is.
    pub(super) fn text(&self) -> String {
        let text = |child: &Node| match child {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        };
        self.children.iter().map(text).collect()
    }
}

/// Reads HTML.
pub(super) fn read(html: &str) -> Vec<Node> {
    let tokenizer = Tokenizer::new(Builder::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // Nothing here asks the tokenizer to wait for a script.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut open = tokenizer.sink.open.take();
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// Elements that are open, from the root to the innermost.
#[derive(Default)]
struct Builder {
    open: RefCell<Vec<Element>>,
}

fn close(open: &mut Vec<Element>) {
    if let Some(element) = open.pop()
        && let Some(outer) = open.last_mut()
    {
        outer.children.push(Node::Element(element));
    }
}

impl Builder {
    fn text(&self, text: &str) {
        let mut open = self.open.borrow_mut();
        if open.is_empty() {
            open.push(Element::default());
        }
        let Some(element) = open.last_mut() else { return };
        match element.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => element.children.push(Node::Text(text.to_owned())),
        }
    }

    fn start(&self, tag: &Tag) -> TokenSinkResult<()> {
        let mut open = self.open.borrow_mut();
        if open.is_empty() {
            open.push(Element::default());
        }
        let name = tag.name.to_string();
        let attributes = tag.attrs.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
        let element = Element { attributes: attributes.collect(), name, children: Vec::new() };
        let name = element.name.as_str();
        if REPEATED.contains(&name) && open.last().is_some_and(|last| last.name == name) {
            close(&mut open);
        }
        let raw = match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        };
        let is_void = VOID.contains(&name) || (tag.self_closing && raw_is_none(&raw) && is_foreign(&open));
        if is_void || open.len() > MAX_DEPTH {
            if let Some(last) = open.last_mut() {
                last.children.push(Node::Element(element));
            }
        } else {
            open.push(element);
        }
        raw
    }

    fn end(&self, name: &str) {
        let mut open = self.open.borrow_mut();
        // The root has no name.
        let Some(at) = open.iter().rposition(|element| element.name == name) else { return };
        while open.len() > at {
            close(&mut open);
        }
    }
}

fn raw_is_none(result: &TokenSinkResult<()>) -> bool {
    matches!(result, TokenSinkResult::Continue)
}

/// Within a drawing or a formula a slash before the end of a tag means something.
fn is_foreign(open: &[Element]) -> bool {
    open.iter().any(|element| matches!(element.name.as_str(), "svg" | "math"))
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return self.start(&tag),
            Token::TagToken(tag) => self.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
