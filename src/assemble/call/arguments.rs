//! What a writer said in a call, held against what may be said.
//!
//! In: calls as written, the table of directives, and the parameters of the theme's own components. Out:
//! [`Arguments`] by name, or diagnostics that list what is valid. Does not know which records exist.

use super::spec::{CALLOUTS, Components, Kind, Known, Label, Parameter, ParameterKind, Place, SPECS, Spec};
use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::parse::data::{Decimal, Statistic};
use crate::parse::directive::{Argument, Call, Form};
use crate::value::{Spanned, listed};

/// Keys by which other tools are told a title.
const TITLES: &[&str] = &["title", "label", "heading", "caption"];

/// A call whose arguments are of the right kind.
#[derive(Debug)]
pub(super) struct Arguments<'c> {
    pub(super) call: &'c Call,
    values: Vec<(&'static str, &'c Spanned<String>)>,
}

impl<'c> Arguments<'c> {
    /// What was said for a key.
    pub(super) fn get(&self, key: &str) -> Option<&'c Spanned<String>> {
        self.all(key).next()
    }

    /// The same as text.
    pub(super) fn text(&self, key: &str) -> Option<&'c str> {
        self.get(key).map(|value| value.value.as_str())
    }

    /// Everything that was said for a key, in order.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &'c Spanned<String>> {
        self.values.iter().filter(move |(known, _)| *known == key).map(|(_, value)| *value)
    }

    /// Where the directive is.
    pub(super) fn span(&self) -> Span {
        self.call.span
    }

    /// What stands in its brackets; empty when nothing does.
    pub(super) fn label(&self) -> &'c str {
        self.call.label.as_ref().map_or("", |label| label.value.as_str())
    }
}

/// Problems of one call, all of them at its own places.
pub(super) struct Check<'a> {
    pub(super) path: &'a str,
    pub(super) found: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    /// The arguments of a built-in directive; `None` when something is wrong with them.
    pub(super) fn arguments<'c>(&mut self, spec: &'static Spec, call: &'c Call) -> Option<Arguments<'c>> {
        let before = self.found.len();
        if !spec.forms.contains(&call.form) {
            self.form(spec, call);
            return None;
        }
        let mut values: Vec<(&'static str, &'c Spanned<String>)> = Vec::new();
        // Words that follow one that fits nowhere are the rest of the same mistake.
        let mut lost = false;
        for (place, argument) in call.arguments.iter().enumerate() {
            lost &= argument.key.is_none();
            if lost {
                continue;
            }
            let Some(parameter) = self.parameter(spec, argument, &values) else {
                if argument.key.is_none() {
                    lost = true;
                    self.homeless(spec, &call.arguments[..=place], &call.arguments[place + 1..]);
                }
                continue;
            };
            let twice = parameter.place != Place::Rest && values.iter().any(|(key, _)| *key == parameter.key);
            if twice {
                let message = format!("`{}` is given twice", parameter.key);
                self.argument(argument.value.span, message, "keep one of the two".to_owned());
            } else if self.is_of_kind(parameter, &argument.value) {
                values.push((parameter.key, &argument.value));
            } else {
                lost = argument.key.is_none() && parameter.place == Place::Positional;
            }
        }
        for parameter in spec.parameters.iter().filter(|parameter| parameter.required) {
            let given = call
                .arguments
                .iter()
                .any(|argument| argument.key.as_ref().is_none_or(|key| key.value == parameter.key));
            if !given {
                let message = format!("`{}` needs {}", spec.name, parameter.kind.what());
                let example = example(spec, call.form);
                self.argument(call.span, message, format!("write `{example}`"));
            }
        }
        self.label(spec, call);
        (self.found.len() == before).then_some(Arguments { call, values })
    }

    /// A word that no parameter is left for, with those before and after it.
    fn homeless(&mut self, spec: &'static Spec, until: &[Argument], after: &[Argument]) {
        let [.., last] = until else { return };
        let message = format!("`{}` cannot do anything with `{}`", spec.name, last.value.value);
        let phrase = until.len().checked_sub(2).and_then(|before| {
            let key = &until[before].key.as_ref()?.value;
            let rest = after.iter().take_while(|argument| argument.key.is_none());
            let words: Vec<&str> =
                until[before..].iter().chain(rest).map(|argument| argument.value.value.as_str()).collect();
            Some(format!("{key}=\"{}\"", words.join(" ")))
        });
        let help = match phrase {
            Some(phrase) => format!("write several words in quotes: `{phrase}`"),
            None => meant(spec, until, after).unwrap_or_else(|| valid(spec)),
        };
        self.argument(last.value.span, message, help);
    }

    /// Which parameter an argument is for; `None` for a word without a key that none is left for.
    fn parameter(
        &mut self,
        spec: &'static Spec,
        argument: &Argument,
        values: &[(&'static str, &Spanned<String>)],
    ) -> Option<&'static Known> {
        let Some(key) = &argument.key else {
            let free = |known: &&Known| match known.place {
                Place::Rest => true,
                Place::Positional => values.iter().all(|(key, _)| *key != known.key),
                Place::Keyed => false,
            };
            return spec.parameters.iter().find(free);
        };
        let found = spec.parameters.iter().find(|known| known.key == key.value);
        if found.is_none() {
            let message = format!("`{}` has no `{}`", spec.name, key.value);
            let keys = spec.parameters.iter().map(|known| known.key);
            let help = match near(&key.value, keys) {
                Some(near) => format!("did you mean `{near}`?"),
                None if spec.label == Label::Optional && TITLES.contains(&key.value.as_str()) => {
                    let colons = if spec.forms.contains(&Form::Container) { ":::" } else { "::" };
                    format!("a title stands in brackets: `{colons}{}[{}]`", spec.name, argument.value.value)
                }
                None => valid(spec),
            };
            self.argument(key.span, message, help);
        }
        found
    }

    fn is_of_kind(&mut self, parameter: &Known, written: &Spanned<String>) -> bool {
        let value = written.value.as_str();
        let (fits, help) = match parameter.kind {
            Kind::Id(_) | Kind::Place | Kind::Level | Kind::Page | Kind::Text => {
                (!value.is_empty(), "write it, or take the key away".to_owned())
            }
            Kind::Date => (date(value).is_some(), "write year, month and day: `2026-10-01`".to_owned()),
            Kind::Number => (Decimal::parse(value).is_some(), "write a bare number".to_owned()),
            Kind::Word(words) => (words.contains(&value), one_of(value, words.iter().copied())),
            Kind::Statistic => {
                let words = Statistic::WORDS.iter().map(|(word, _)| *word);
                (words.clone().any(|word| word == value), one_of(value, words))
            }
        };
        if !fits {
            let message = match value {
                "" => format!("`{}` is empty", parameter.key),
                _ => format!("`{}` cannot be `{value}`", parameter.key),
            };
            self.argument(written.span, message, help);
        }
        fits
    }

    fn form(&mut self, spec: &Spec, call: &Call) {
        let (message, help) = match (call.form, spec.forms) {
            (_, [Form::Inline]) => {
                (format!("`{}` stands within a line", spec.name), format!("write `:{}[word]`", spec.name))
            }
            (Form::Container, _) => {
                let example = example(spec, Form::Leaf);
                let help = format!("write `{example}`, with two colons and no closing `:::`");
                (format!("`{}` has no text of its own", spec.name), help)
            }
            _ => {
                let help =
                    format!("write `:::{}`, the text below it, and `:::` on a line of its own", spec.name);
                (format!("`{}` is a block around text", spec.name), help)
            }
        };
        self.argument(call.span, message, help);
    }

    fn label(&mut self, spec: &Spec, call: &Call) {
        match (&call.label, spec.label) {
            (Some(label), Label::None) => {
                let message = format!("`{}` has no label", spec.name);
                self.argument(label.span, message, "take the brackets away".to_owned());
            }
            (None, Label::Required) => {
                let message = format!("`{}` has no word", spec.name);
                self.argument(call.span, message, format!("write `:{}[word]`", spec.name));
            }
            _ => {}
        }
    }

    /// The arguments of a component of the theme or the site, as its template is handed them.
    pub(super) fn custom(&mut self, call: &Call, parameters: &[Parameter]) -> Option<crate::config::Extra> {
        let before = self.found.len();
        let mut values = crate::config::Extra::new();
        let name = &call.name.value;
        let keys = || listed(parameters.iter().map(|parameter| parameter.name.as_str()), "and");
        for argument in &call.arguments {
            let parameter = match &argument.key {
                // What stands alone is for the first parameters, in the order they are declared.
                None => parameters.iter().find(|parameter| !values.contains_key(&parameter.name)),
                Some(key) => parameters.iter().find(|parameter| parameter.name == key.value),
            };
            let (written, place) = match &argument.key {
                Some(key) => (&key.value, key.span),
                None => (&argument.value.value, argument.value.span),
            };
            let Some(parameter) = parameter else {
                let message = format!("`{name}` has no `{written}`");
                let help = match near(written, parameters.iter().map(|parameter| parameter.name.as_str())) {
                    _ if parameters.is_empty() => {
                        "take it away: the component declares no parameter".to_owned()
                    }
                    Some(near) if argument.key.is_some() => format!("did you mean `{near}`?"),
                    _ => format!("it takes {}", keys()),
                };
                self.argument(place, message, help);
                continue;
            };
            let Some(value) = json(parameter.kind, &argument.value.value) else {
                let message = format!("`{}` cannot be `{}`", parameter.name, argument.value.value);
                self.argument(argument.value.span, message, parameter.kind.help().to_owned());
                continue;
            };
            if values.insert(parameter.name.clone(), value).is_some() {
                let message = format!("`{}` is given twice", parameter.name);
                self.argument(argument.value.span, message, "keep one of the two".to_owned());
            }
        }
        for parameter in parameters.iter().filter(|parameter| parameter.required) {
            let given =
                |argument: &Argument| argument.key.as_ref().is_some_and(|key| key.value == parameter.name);
            if !values.contains_key(&parameter.name) && !call.arguments.iter().any(given) {
                let message = format!("`{name}` needs `{}`", parameter.name);
                self.argument(call.span, message, format!("write `{}=...`", parameter.name));
            }
        }
        (self.found.len() == before).then_some(values)
    }

    /// A name that nothing has.
    pub(super) fn unknown(&mut self, call: &Call, components: &Components) {
        let name = &call.name.value;
        let inline = call.form == Form::Inline;
        let known = || {
            let fits = move |spec: &&Spec| (spec.label == Label::Required) == inline;
            let own = components.keys().map(String::as_str).filter(move |_| !inline);
            SPECS.iter().filter(fits).map(|spec| spec.name).chain(own)
        };
        let help = match near(name, known()) {
            // What other tools have a block of its own for.
            _ if CALLOUTS.contains(&name.as_str()) => format!("write `:::callout {name}`"),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there is {}", listed(known(), "and")),
        };
        let message = format!("no directive is called `{name}`");
        let diagnostic = Diagnostic::new(Code::DirectiveUnknown, self.path, call.name.span, message);
        self.found.push(diagnostic.help(help));
    }

    fn argument(&mut self, span: Span, message: String, help: String) {
        self.found.push(Diagnostic::new(Code::DirectiveArgument, self.path, span, message).help(help));
    }
}

/// Reads a day.
pub(super) fn date(text: &str) -> Option<jiff::civil::Date> {
    use crate::parse::data::{AsOf, Precision};
    AsOf::parse(text).filter(|as_of| as_of.precision == Precision::Day).map(|as_of| as_of.date)
}

fn one_of<'w>(value: &str, words: impl Iterator<Item = &'w str> + Clone) -> String {
    match near(value, words.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write {}", listed(words, "or")),
    }
}

/// What a directive takes, for messages.
fn valid(spec: &Spec) -> String {
    match spec.parameters {
        [] => "take it away".to_owned(),
        parameters => format!("it takes {}", listed(parameters.iter().map(|known| known.key), "and")),
    }
}

/// What a writer may have meant by a word that fits nowhere: the last of `until`.
fn meant(spec: &Spec, until: &[Argument], after: &[Argument]) -> Option<String> {
    let [before @ .., last] = until else { return None };
    let (word, next) = (last.value.value.as_str(), after.first().filter(|next| next.key.is_none()));
    let has = |key: &str| spec.parameters.iter().any(|known| known.key == key);
    if let Some(next) = next.filter(|_| has(word)) {
        return Some(format!("write `{word}={}`", next.value.value));
    }
    if has("place") && word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
        return Some(format!("write `place={word}`"));
    }
    let previous = before.last().filter(|previous| previous.key.is_none())?.value.value.as_str();
    if previous.ends_with(',') {
        return Some(format!("{}; words stand side by side, without commas", valid(spec)));
    }
    let takes_id = spec.parameters.iter().any(|known| matches!(known.kind, Kind::Id(_)));
    let id = format!("{previous}-{word}").to_ascii_lowercase();
    // A whole id before it is one already.
    let example = if previous.contains('-') { String::new() } else { format!(", as in `{id}`") };
    takes_id.then(|| format!("{}; an id has no spaces{example}", valid(spec)))
}

/// How a directive is written.
fn example(spec: &Spec, form: Form) -> String {
    let colons = match form {
        Form::Container => ":::",
        Form::Leaf => "::",
        Form::Inline => ":",
    };
    let first = spec.parameters.first().filter(|known| known.place != Place::Keyed);
    let argument = first.map(|known| format!(" {}", known.kind.example())).unwrap_or_default();
    format!("{colons}{}{argument}", spec.name)
}

impl Kind {
    fn what(self) -> String {
        match self {
            Self::Id(what) => format!("the id of a {what}"),
            Self::Date => "a date".to_owned(),
            Self::Page => "a page".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Place | Self::Level | Self::Text | Self::Word(_) | Self::Statistic => "a word".to_owned(),
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Id("role") => "web-developer",
            Self::Id(_) => "its-id",
            Self::Date => "2026-10-01",
            Self::Word([first, ..]) => first,
            _ => "...",
        }
    }
}

impl ParameterKind {
    fn help(self) -> &'static str {
        match self {
            Self::Number => "write a bare number",
            Self::Bool => "write `true` or `false`",
            Self::Text | Self::List | Self::Any => "write it in quotation marks",
        }
    }
}

/// A value as a template is handed it.
fn json(kind: ParameterKind, written: &str) -> Option<serde_json::Value> {
    use serde_json::Value;
    let number = || {
        let whole = written.parse::<i64>().ok().map(Value::from);
        whole.or_else(|| Decimal::parse(written)?.to_string().parse::<f64>().ok().map(Value::from))
    };
    match kind {
        ParameterKind::Text => Some(Value::from(written)),
        ParameterKind::Number => number(),
        ParameterKind::Bool => written.parse::<bool>().ok().map(Value::from),
        ParameterKind::List => Some(written.split(',').map(|item| Value::from(item.trim())).collect()),
        ParameterKind::Any => number()
            .or_else(|| written.parse::<bool>().ok().map(Value::from))
            .or_else(|| Some(Value::from(written))),
    }
}
