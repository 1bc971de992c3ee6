//! What a piece of code is, in one letter: the small fixed set of classes that pages carry.
//!
//! In: the scopes that a grammar gives to a piece of code. Out: a [`Class`], or none for plain
//! text. Knows neither languages nor colours; [`super::styles()`] asks a theme how it would show
//! each class's [`Class::sample`].
//!
//! The scope names are Sublime Text's (<https://www.sublimetext.com/docs/scope_naming.html>).

use serde::{Deserialize, Serialize};
use syntect::parsing::{ClearAmount, ScopeStackOp};

use super::HashMap;

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $letter:literal, $sample:literal;)*) => {
        /// What a piece of code is. Plain text has no class.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Class {
            $($(#[$doc])* $variant,)*
        }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The value of the `class` attribute.
            #[must_use]
            pub fn letter(self) -> &'static str {
                match self { $(Self::$variant => $letter,)* }
            }

            /// Scopes, outermost first, whose colour in a theme is the colour of this class.
            pub(super) fn sample(self) -> &'static str {
                match self { $(Self::$variant => $sample,)* }
            }
        }
    };
}

classes! {
    /// Names of attributes, properties, annotations and decorators.
    Attribute = "a", "text.html meta.tag entity.other.attribute-name";
    /// Comments and documentation.
    Comment = "c", "source comment.line";
    /// A removed line of a diff.
    Deleted = "d", "source.diff markup.deleted";
    /// Escapes and placeholders in strings.
    Escape = "e", "source string.quoted constant.character.escape";
    /// Names of functions and macros.
    Function = "f", "source meta.function entity.name.function";
    /// Names of elements, and keys of data.
    Tag = "g", "text.html meta.tag entity.name.tag";
    /// Headings, and the file names of a diff.
    Heading = "h", "text markup.heading";
    /// An added line of a diff.
    Inserted = "i", "source.diff markup.inserted";
    /// Keywords, modifiers and operators that are words. Signs are plain: half of all code is `=` and
    /// the like, and an element round each would cost more than it tells.
    Keyword = "k", "source keyword.control";
    /// Constants of a language or a library: `true`, `null`.
    Literal = "l", "source constant.language";
    /// Numbers with their units.
    Number = "n", "source constant.numeric";
    /// Regular expressions.
    Regexp = "r", "source string.regexp";
    /// Strings.
    String = "s", "source string.quoted";
    /// Names of types.
    Type = "t", "source meta.class entity.name.class";
    /// Variables where a language marks them (`$x`, `@x`, `self`). Elsewhere a grammar knows them in
    /// some places and not in others.
    Variable = "v", "source variable.other.readwrite";
}

/// What a scope says about the code inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rule {
    /// It is this, unless a scope further in knows better.
    Is(Class),
    /// It is this to the last character, whatever lies further in.
    Whole(Class),
    /// It is plain, whatever lies further out: code inside a string.
    Plain,
}

use Rule::{Is, Plain, Whole};

/// Scope prefixes and what they mean. The innermost scope that a row matches decides, and of its
/// rows the longest. What no row names says nothing: most punctuation, plain identifiers and all
/// `meta` scopes take after the scope around them, which is also what keeps pages small.
const RULES: &[(&str, Rule)] = &[
    ("comment", Whole(Class::Comment)),
    ("constant", Is(Class::Literal)),
    ("constant.character", Is(Class::Escape)),
    ("constant.numeric", Is(Class::Number)),
    ("constant.other.color", Is(Class::Number)),
    ("constant.other.database-name", Plain),
    ("constant.other.datetime", Is(Class::Number)),
    ("constant.other.placeholder", Is(Class::Escape)),
    ("constant.other.symbol", Is(Class::String)),
    ("constant.other.table-name", Plain),
    ("entity.name.class", Is(Class::Type)),
    ("entity.name.constant", Is(Class::Literal)),
    ("entity.name.enum", Is(Class::Type)),
    ("entity.name.function", Is(Class::Function)),
    ("entity.name.impl", Is(Class::Type)),
    ("entity.name.interface", Is(Class::Type)),
    ("entity.name.label", Is(Class::Variable)),
    ("entity.name.macro", Is(Class::Function)),
    ("entity.name.section", Is(Class::Heading)),
    ("entity.name.struct", Is(Class::Type)),
    ("entity.name.table", Is(Class::Heading)),
    ("entity.name.tag", Is(Class::Tag)),
    ("entity.name.trait", Is(Class::Type)),
    ("entity.name.type", Is(Class::Type)),
    ("entity.name.union", Is(Class::Type)),
    ("entity.other.attribute-name", Is(Class::Attribute)),
    ("entity.other.inherited-class", Is(Class::Type)),
    ("entity.other.pseudo", Is(Class::Attribute)),
    ("keyword", Is(Class::Keyword)),
    ("keyword.operator.accessor", Plain),
    ("keyword.operator.dot", Plain),
    ("keyword.operator.module", Plain),
    ("keyword.operator.type.annotation", Plain),
    ("keyword.other.unit", Is(Class::Number)),
    ("markup.changed", Is(Class::Variable)),
    ("markup.deleted", Whole(Class::Deleted)),
    ("markup.heading", Whole(Class::Heading)),
    ("markup.inserted", Whole(Class::Inserted)),
    ("markup.quote", Is(Class::Comment)),
    ("markup.raw", Is(Class::String)),
    ("markup.underline.link", Is(Class::String)),
    ("meta.diff.header", Whole(Class::Heading)),
    ("meta.diff.range", Whole(Class::Function)),
    ("meta.interpolation", Plain),
    ("meta.mapping.key.json", Whole(Class::Tag)),
    ("meta.template.expression", Plain),
    ("punctuation.definition.annotation", Is(Class::Attribute)),
    ("punctuation.definition.comment", Is(Class::Comment)),
    ("punctuation.definition.string", Is(Class::String)),
    ("punctuation.section.embedded", Is(Class::String)),
    ("punctuation.section.interpolation", Is(Class::String)),
    ("source", Plain),
    ("storage", Is(Class::Keyword)),
    ("storage.modifier.lifetime", Is(Class::Type)),
    ("storage.type.boolean", Is(Class::Type)),
    ("storage.type.buildin", Is(Class::Type)),
    ("storage.type.built-in", Is(Class::Type)),
    ("storage.type.builtin", Is(Class::Type)),
    ("storage.type.numeric", Is(Class::Type)),
    ("storage.type.primitive", Is(Class::Type)),
    ("string", Is(Class::String)),
    ("string.regexp", Whole(Class::Regexp)),
    ("string.unquoted.plain", Plain),
    ("string.unquoted.shell", Plain),
    ("support.class", Is(Class::Type)),
    ("support.constant", Is(Class::Literal)),
    ("support.function", Is(Class::Function)),
    ("support.macro", Is(Class::Function)),
    ("support.type", Is(Class::Type)),
    ("support.type.custom-property", Is(Class::Variable)),
    ("support.type.property-name", Is(Class::Attribute)),
    ("support.type.vendored", Is(Class::Attribute)),
    ("support.variable", Is(Class::Variable)),
    ("text", Plain),
    ("variable.annotation", Is(Class::Attribute)),
    ("variable.function", Is(Class::Function)),
    ("variable.language", Is(Class::Variable)),
    ("variable.other.constant", Is(Class::Literal)),
    ("variable.other.php", Is(Class::Variable)),
    ("variable.other.readwrite.class", Is(Class::Variable)),
    ("variable.other.readwrite.global", Is(Class::Variable)),
    ("variable.other.readwrite.instance", Is(Class::Variable)),
    ("variable.other.readwrite.perl", Is(Class::Variable)),
    ("variable.other.readwrite.powershell", Is(Class::Variable)),
    ("variable.other.readwrite.shell", Is(Class::Variable)),
    ("variable.parameter", Plain),
];

/// [`RULES`] in the form that is quick to ask.
#[derive(Debug)]
pub(super) struct Classifier {
    rules: HashMap<&'static str, Rule>,
}

impl Classifier {
    pub(super) fn new() -> Self {
        Self { rules: RULES.iter().copied().collect() }
    }

    /// What a scope says, if any row names it.
    pub(super) fn rule(&self, scope: &str) -> Option<Rule> {
        let mut prefix = scope;
        loop {
            if let Some(rule) = self.rules.get(prefix) {
                return Some(*rule);
            }
            prefix = prefix.rsplit_once('.')?.0;
        }
    }
}

/// The class at one point of a text: follows a grammar's scope changes, keeping for each open scope
/// only what it means, so that the answer at any point is one look at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Cursor {
    open: Vec<Rule>,
    cleared: Vec<Vec<Rule>>,
}

impl Cursor {
    /// Bytes of memory that what is open takes, about.
    pub(super) fn size(&self) -> usize {
        let rules = self.open.len() + self.cleared.iter().map(Vec::len).sum::<usize>();
        rules * size_of::<Rule>() + self.cleared.len() * size_of::<Vec<Rule>>()
    }

    /// The class of text that stands here.
    pub(super) fn class(&self) -> Option<Class> {
        match self.open.last()? {
            Is(class) | Whole(class) => Some(*class),
            Plain => None,
        }
    }

    /// Opens a scope, given what it says.
    pub(super) fn push(&mut self, rule: Option<Rule>) {
        let outer = self.open.last().copied().unwrap_or(Plain);
        self.open.push(match outer {
            Whole(_) => outer,
            Is(_) | Plain => rule.unwrap_or(outer),
        });
    }

    /// Closes some scopes.
    pub(super) fn pop(&mut self, count: usize) {
        self.open.truncate(self.open.len().saturating_sub(count));
    }

    /// Sets scopes aside.
    pub(super) fn clear(&mut self, amount: ClearAmount) {
        let kept = match amount {
            ClearAmount::TopN(count) => self.open.len().saturating_sub(count),
            ClearAmount::All => 0,
        };
        self.cleared.push(self.open.split_off(kept));
    }

    /// Brings back what was last set aside.
    pub(super) fn restore(&mut self) {
        self.open.extend(self.cleared.pop().unwrap_or_default());
    }

    /// Moves past a scope change.
    pub(super) fn apply(&mut self, change: &ScopeStackOp, classifier: &Classifier) {
        match *change {
            ScopeStackOp::Push(scope) => self.push(classifier.rule(&scope.build_string())),
            ScopeStackOp::Pop(count) => self.pop(count),
            ScopeStackOp::Clear(amount) => self.clear(amount),
            ScopeStackOp::Restore => self.restore(),
            ScopeStackOp::Noop => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use syntect::parsing::Scope;

    use super::*;

    /// The class of the innermost of some scopes.
    fn class(scopes: &str) -> Option<Class> {
        let classifier = Classifier::new();
        let mut cursor = Cursor::default();
        for scope in scopes.split(' ') {
            cursor.apply(&ScopeStackOp::Push(Scope::new(scope).unwrap()), &classifier);
        }
        cursor.class()
    }

    #[test]
    fn every_row_is_a_scope_and_rows_are_sorted() {
        for (prefix, _) in RULES {
            assert!(Scope::new(prefix).is_ok(), "{prefix}");
        }
        assert!(RULES.is_sorted_by_key(|(prefix, _)| *prefix));
        assert_eq!(Classifier::new().rules.len(), RULES.len());
    }

    #[test]
    fn letters_are_distinct() {
        let mut letters: Vec<_> = Class::ALL.iter().map(|class| class.letter()).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), Class::ALL.len());
    }

    #[test]
    fn the_innermost_known_scope_decides_by_its_longest_row() {
        assert_eq!(class("source.rust"), None);
        assert_eq!(class("source.rust keyword.control.rust"), Some(Class::Keyword));
        assert_eq!(class("source.js keyword.operator.logical.js"), Some(Class::Keyword));
        assert_eq!(
            class("source.rust string.quoted.double.rust constant.character.escape.rust"),
            Some(Class::Escape)
        );
        assert_eq!(class("source.rust string.quoted.double.rust meta.odd.rust"), Some(Class::String));
        assert_eq!(
            class("source.ruby string.quoted.double.ruby source.ruby.embedded variable.other.ruby"),
            None
        );
        assert_eq!(class("source.rust comment.line.rust keyword.control.rust"), Some(Class::Comment));
        assert_eq!(class("source.rust keywordish.control"), None);
    }

    #[test]
    fn cleared_scopes_come_back() {
        use syntect::parsing::ClearAmount;
        let classifier = Classifier::new();
        let mut cursor = Cursor::default();
        cursor.apply(&ScopeStackOp::Push(Scope::new("source.x").unwrap()), &classifier);
        cursor.apply(&ScopeStackOp::Push(Scope::new("string.quoted").unwrap()), &classifier);
        cursor.apply(&ScopeStackOp::Clear(ClearAmount::TopN(1)), &classifier);
        assert_eq!(cursor.class(), None);
        cursor.apply(&ScopeStackOp::Push(Scope::new("variable.language").unwrap()), &classifier);
        assert_eq!(cursor.class(), Some(Class::Variable));
        cursor.apply(&ScopeStackOp::Pop(1), &classifier);
        cursor.apply(&ScopeStackOp::Restore, &classifier);
        assert_eq!(cursor.class(), Some(Class::String));
        cursor.apply(&ScopeStackOp::Pop(9), &classifier);
        assert_eq!(cursor.class(), None);
    }
}
