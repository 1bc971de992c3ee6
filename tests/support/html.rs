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
