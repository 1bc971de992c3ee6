//! A published page as an HTML5 parser sees it.

use std::collections::{BTreeMap, BTreeSet};

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// What a page holds.
#[derive(Debug, Default)]
pub struct Page {
    /// Errors that the parser found.
    pub errors: Vec<String>,
    /// Every id with the number of its elements.
    pub ids: BTreeMap<String, usize>,
    /// Every `href` and `src`.
    pub links: Vec<String>,
    /// Number of `h1` elements.
    pub h1: usize,
    /// Text of each `pre > code`.
    pub code: Vec<String>,
    /// All text outside of scripts and styles.
    pub text: String,
}

impl Page {
    pub fn repeated_ids(&self) -> BTreeSet<&str> {
        self.ids.iter().filter(|(_, count)| **count > 1).map(|(id, _)| id.as_str()).collect()
    }
}

/// Reads a whole document.
pub fn read(text: &str) -> Page {
    let options = html5ever::ParseOpts {
        tokenizer: html5ever::tokenizer::TokenizerOpts { exact_errors: true, ..Default::default() },
        ..Default::default()
    };
    let dom = html5ever::parse_document(RcDom::default(), options).one(text);
    let mut page =
        Page { errors: dom.errors.borrow().iter().map(ToString::to_string).collect(), ..Page::default() };
    walk(&dom.document, &mut page);
    page
}

fn walk(node: &Handle, page: &mut Page) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            for attr in attrs.borrow().iter() {
                let value = attr.value.to_string();
                match &*attr.name.local {
                    "id" => *page.ids.entry(value).or_default() += 1,
                    "href" | "src" => page.links.push(value),
                    _ => {}
                }
            }
            match &*name.local {
                "h1" => page.h1 += 1,
                "code" if is_pre(node) => page.code.push(text_of(node)),
                "script" | "style" => return,
                _ => {}
            }
        }
        NodeData::Text { contents } => page.text.push_str(&contents.borrow()),
        _ => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, page);
    }
}

fn is_pre(node: &Handle) -> bool {
    let parent = node.parent.take();
    let above = parent.as_ref().and_then(std::rc::Weak::upgrade);
    node.parent.set(parent);
    above.is_some_and(|above| matches!(&above.data, NodeData::Element { name, .. } if &*name.local == "pre"))
}

fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    let mut stack = vec![node.clone()];
    while let Some(node) = stack.pop() {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    text
}

/// An element with what is in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    /// White space is one space.
    Text(String),
}

impl Element {
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn is(&self, name: &str, class: &str) -> bool {
        self.name == name && self.attribute("class").split(' ').any(|one| one == class)
    }

    /// Every element below this one that is wanted, in document order.
    pub fn all(&self, wanted: impl Fn(&Self) -> bool) -> Vec<&Self> {
        let mut found = Vec::new();
        let mut open: Vec<&Self> = vec![self];
        while let Some(element) = open.pop() {
            if wanted(element) {
                found.push(element);
            }
            open.extend(element.elements().rev());
        }
        found
    }

    pub fn named(&self, name: &str) -> Vec<&Self> {
        self.all(|element| element.name == name)
    }

    /// The elements directly in this one.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub fn text(&self) -> String {
        self.children
            .iter()
            .map(|child| match child {
                Node::Element(element) => element.text(),
                Node::Text(text) => text.clone(),
            })
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Takes out what is unwanted, and white space between elements.
    pub fn without(mut self, unwanted: &impl Fn(&Self) -> bool) -> Self {
        let children = std::mem::take(&mut self.children).into_iter();
        let mut kept: Vec<Node> = Vec::new();
        for child in children {
            match child {
                Node::Element(element) if unwanted(&element) => {}
                Node::Element(element) => kept.push(Node::Element(element.without(unwanted))),
                Node::Text(text) if text.trim().is_empty() => {}
                text @ Node::Text(_) => kept.push(text),
            }
        }
        Self { children: kept, ..self }
    }
}

/// A whole document as a tree.
pub fn tree(text: &str) -> Element {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(text);
    element(&dom.document)
}

fn element(node: &Handle) -> Element {
    let (name, attributes) = match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let pair = |attribute: &html5ever::Attribute| {
                (attribute.name.local.to_string(), attribute.value.to_string())
            };
            (name.local.to_string(), attributes.iter().map(pair).collect())
        }
        _ => (String::new(), BTreeMap::new()),
    };
    let child = |child: &Handle| match &child.data {
        NodeData::Element { .. } => Some(Node::Element(element(child))),
        NodeData::Text { contents } => {
            let text = contents.borrow();
            let (start, end) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let edge = |space: bool| if space { " " } else { "" };
            Some(Node::Text(format!("{}{words}{}", edge(start), edge(end))))
        }
        _ => None,
    };
    Element { name, attributes, children: node.children.borrow().iter().filter_map(child).collect() }
}
