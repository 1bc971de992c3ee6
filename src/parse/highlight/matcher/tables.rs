//! The grammars' contexts, decoded a language at a time.
//!
//! In: syntect's set of grammars. Out: [`Tables`], which hands out contexts by their numbers.
//! Matches nothing.
//!
//! A grammar in the set holds its contexts in a compressed form that syntect decodes at first use
//! and shows no one, except as part of all grammars at once (a quarter of a second). Serialised, a
//! grammar gives that form away: it is read here into types of the same shape, by syntect's own
//! decoder. A test sees to it that every grammar can be read so.

use std::sync::OnceLock;

use onig::{RegexOptions, Syntax};
use serde::Deserialize;
use syntect::dumps;
use syntect::parsing::{ClearAmount, SyntaxReference, SyntaxSet};

use super::super::classes::{Classifier, Rule};
use super::nfa::Nfa;

/// A context of a grammar, by the number of the grammar and its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct ContextId {
    grammar: usize,
    context: usize,
}

impl ContextId {
    /// The number of the grammar, and that of the context in it.
    pub(super) fn numbers(self) -> (usize, usize) {
        (self.grammar, self.context)
    }
}

/// A pattern of a grammar, by the number of the grammar and its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PatternId {
    grammar: u32,
    number: u32,
}

impl PatternId {
    /// The pattern of a number in the grammar of a context.
    pub(super) fn new(context: ContextId, number: u32) -> Self {
        // There are a few hundred grammars.
        Self { grammar: u32::try_from(context.grammar).unwrap_or(u32::MAX), number }
    }
}

/// Every context of every grammar, decoded as needed. May be shared between threads.
#[derive(Debug)]
pub(in super::super) struct Tables {
    classifier: Classifier,
    grammars: Vec<OnceLock<Grammar>>,
}

#[derive(Debug, Default)]
struct Grammar {
    start: Option<ContextId>,
    contexts: Vec<Context>,
    /// Side by side, as many are asked for each character of code.
    patterns: Vec<Pattern>,
}

/// What can be read in a state.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) meta_scope: Vec<Scope>,
    pub(super) meta_content_scope: Vec<Scope>,
    pub(super) clear_scopes: Option<ClearAmount>,
    pub(super) prototype: Option<ContextId>,
    pub(super) uses_backrefs: bool,
    pub(super) items: Vec<Item>,
}

/// A part of a context.
#[derive(Debug)]
pub(super) enum Item {
    /// A pattern of the same grammar, by its number.
    Pattern(u32),
    Include(ContextId),
}

/// A pattern and what its match does.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Its source refers to groups of the pattern that opened the context.
    pub(super) has_captures: bool,
    pub(super) source: String,
    pub(super) scope: Vec<Scope>,
    pub(super) captures: Vec<(usize, Vec<Scope>)>,
    pub(super) operation: Operation,
    pub(super) with_prototype: Option<Target>,
    nfa: OnceLock<Nfa>,
    regex: OnceLock<Option<onig::Regex>>,
}

/// What a match does to the stack of contexts.
#[derive(Debug)]
pub(super) enum Operation {
    Push(Vec<Target>),
    Set(Vec<Target>),
    Pop,
    None,
}

/// A context that is gone to; nothing where the grammar names one that is not there.
pub(super) type Target = Option<ContextId>;

/// A scope and what it says about code.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) name: String,
    pub(super) rule: Option<Rule>,
}

impl Tables {
    pub(in super::super) fn new(set: &SyntaxSet) -> Self {
        Self {
            classifier: Classifier::new(),
            grammars: set.syntaxes().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The context in which a grammar begins.
    pub(super) fn start(&self, set: &SyntaxSet, grammar: &SyntaxReference) -> Option<ContextId> {
        let number = set.syntaxes().iter().position(|one| std::ptr::eq(one, grammar))?;
        self.grammar(set, number)?.start
    }

    /// A context. Nothing if there is none of that number.
    pub(super) fn context(&self, set: &SyntaxSet, id: ContextId) -> Option<&Context> {
        self.grammar(set, id.grammar)?.contexts.get(id.context)
    }

    /// A pattern.
    pub(super) fn pattern(&self, set: &SyntaxSet, id: PatternId) -> Option<&Pattern> {
        self.grammar(set, id.grammar as usize)?.patterns.get(id.number as usize)
    }

    fn grammar(&self, set: &SyntaxSet, number: usize) -> Option<&Grammar> {
        let decode = || {
            let stored = decoded(set.syntaxes().get(number)?)?;
            let start = stored.context_ids.iter().find(|(name, _)| *name == "__start").map(|(_, id)| *id);
            let mut patterns = Vec::new();
            let contexts = stored.contexts.into_iter();
            let contexts = contexts.map(|context| self.context_of(context, &mut patterns)).collect();
            Some(Grammar { start, contexts, patterns })
        };
        Some(self.grammars.get(number)?.get_or_init(|| decode().unwrap_or(Grammar::default())))
    }

    fn context_of(&self, stored: stored::Context, patterns: &mut Vec<Pattern>) -> Context {
        Context {
            meta_scope: self.scopes(stored.meta_scope),
            meta_content_scope: self.scopes(stored.meta_content_scope),
            clear_scopes: stored.clear_scopes,
            prototype: stored.prototype,
            uses_backrefs: stored.uses_backrefs,
            items: stored.patterns.into_iter().filter_map(|item| self.item(item, patterns)).collect(),
        }
    }

    fn item(&self, item: stored::Pattern, patterns: &mut Vec<Pattern>) -> Option<Item> {
        let pattern = match item {
            // An include of a context that is not there includes nothing.
            stored::Pattern::Include(reference) => return reference.target().map(Item::Include),
            stored::Pattern::Match(pattern) => pattern,
        };
        let targets =
            |references: Vec<stored::Reference>| references.iter().map(stored::Reference::target).collect();
        let captures = pattern.captures.unwrap_or_default();
        patterns.push(Pattern {
            has_captures: pattern.has_captures,
            source: pattern.regex,
            scope: self.scopes(pattern.scope),
            captures: captures.into_iter().map(|(group, scopes)| (group, self.scopes(scopes))).collect(),
            operation: match pattern.operation {
                stored::Operation::Push(references) => Operation::Push(targets(references)),
                stored::Operation::Set(references) => Operation::Set(targets(references)),
                stored::Operation::Pop => Operation::Pop,
                stored::Operation::None => Operation::None,
            },
            with_prototype: pattern.with_prototype.as_ref().map(stored::Reference::target),
            nfa: OnceLock::new(),
            regex: OnceLock::new(),
        });
        u32::try_from(patterns.len() - 1).ok().map(Item::Pattern)
    }

    fn scopes(&self, names: Vec<String>) -> Vec<Scope> {
        names.into_iter().map(|name| Scope { rule: self.classifier.rule(&name), name }).collect()
    }
}

impl Pattern {
    /// What it could match.
    pub(super) fn nfa(&self) -> &Nfa {
        self.nfa.get_or_init(|| Nfa::new(&self.source))
    }

    /// The pattern itself. Nothing if it is not well formed.
    pub(super) fn regex(&self) -> Option<&onig::Regex> {
        self.regex.get_or_init(|| compiled(&self.source)).as_ref()
    }

    /// The source with the groups of an opening match in it, as syntect substitutes them.
    pub(super) fn source_with(&self, groups: &[Option<Box<str>>]) -> String {
        let mut out = String::with_capacity(self.source.len());
        let mut escaped = false;
        for c in self.source.chars() {
            match c.to_digit(10) {
                Some(group) if escaped => {
                    if let Some(Some(text)) = groups.get(group as usize) {
                        push_escaped(&mut out, text);
                    }
                }
                _ if escaped => out.extend(['\\', c]),
                _ if c != '\\' => out.push(c),
                _ => {}
            }
            escaped = c == '\\' && !escaped;
        }
        if escaped {
            out.push('\\');
        }
        out
    }
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// A pattern compiled as syntect compiles it.
pub(super) fn compiled(source: &str) -> Option<onig::Regex> {
    let options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
    onig::Regex::with_options(source, options, Syntax::default()).ok()
}

fn decoded(grammar: &SyntaxReference) -> Option<stored::Contexts> {
    let bytes = postcard::to_stdvec(grammar).ok()?;
    let grammar: stored::Grammar<'_> = postcard::from_bytes(&bytes).ok()?;
    dumps::from_reader(grammar.serialized_lazy_contexts).ok()
}

/// Syntect's own types, as far as their serialised forms show them.
mod stored {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use syntect::parsing::ClearAmount;

    use super::ContextId;

    #[derive(Deserialize)]
    pub(super) struct Grammar<'a> {
        #[serde(rename = "name")]
        _name: &'a str,
        #[serde(rename = "file_extensions")]
        _file_extensions: Vec<&'a str>,
        #[serde(rename = "scope")]
        _scope: &'a str,
        #[serde(rename = "first_line_match")]
        _first_line_match: Option<&'a str>,
        #[serde(rename = "hidden")]
        _hidden: bool,
        #[serde(rename = "variables")]
        _variables: BTreeMap<&'a str, &'a str>,
        pub(super) serialized_lazy_contexts: &'a [u8],
    }

    #[derive(Deserialize)]
    pub(super) struct Contexts {
        pub(super) context_ids: BTreeMap<String, ContextId>,
        pub(super) contexts: Vec<Context>,
    }

    #[derive(Deserialize)]
    pub(super) struct Context {
        pub(super) meta_scope: Vec<String>,
        pub(super) meta_content_scope: Vec<String>,
        #[serde(rename = "meta_include_prototype")]
        _meta_include_prototype: bool,
        pub(super) clear_scopes: Option<ClearAmount>,
        pub(super) prototype: Option<ContextId>,
        pub(super) uses_backrefs: bool,
        pub(super) patterns: Vec<Pattern>,
    }

    #[derive(Deserialize)]
    pub(super) enum Pattern {
        Match(MatchPattern),
        Include(Reference),
    }

    #[derive(Deserialize)]
    pub(super) struct MatchPattern {
        pub(super) has_captures: bool,
        pub(super) regex: String,
        pub(super) scope: Vec<String>,
        pub(super) captures: Option<Vec<(usize, Vec<String>)>>,
        pub(super) operation: Operation,
        pub(super) with_prototype: Option<Reference>,
    }

    #[derive(Deserialize)]
    pub(super) enum Operation {
        Push(Vec<Reference>),
        Set(Vec<Reference>),
        Pop,
        None,
    }

    #[derive(Deserialize)]
    pub(super) enum Reference {
        Named(#[expect(dead_code, reason = "of the stored shape")] String),
        ByScope {
            #[serde(rename = "scope")]
            _scope: String,
            #[serde(rename = "sub_context")]
            _sub_context: Option<String>,
            #[serde(rename = "with_escape")]
            _with_escape: bool,
        },
        File {
            #[serde(rename = "name")]
            _name: String,
            #[serde(rename = "sub_context")]
            _sub_context: Option<String>,
            #[serde(rename = "with_escape")]
            _with_escape: bool,
        },
        Inline(#[expect(dead_code, reason = "of the stored shape")] String),
        Direct(ContextId),
    }

    impl Reference {
        pub(super) fn target(&self) -> Option<ContextId> {
            match self {
                Self::Direct(id) => Some(*id),
                _ => None,
            }
        }
    }
}
