//! Components: what directives are shown with.
//!
//! In: a resolved [`Directive`] and, for a block, its text. Out: HTML from the theme's component of
//! that name, `_` for `-`. A component is handed `it`, the directive's view, and `body`; what it
//! declares as `@id`, `@classes`, `@label` and `@site` it is handed too, and nothing else. One for a
//! directive of the theme's own is handed the arguments that it declares instead of `it`.

use std::fmt::Write as _;

use tera::{ComponentArgType, Tera};

use super::{Bounded, OUTPUT_LIMIT, Theme};
use crate::assemble::call::SPECS;
use crate::assemble::shown::Directive;
use crate::assemble::{Components, Parameter, ParameterKind, Shown};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::fingerprint::Fingerprint;

/// Where components that are directives lie.
const FOLDER: &str = "components/";

impl Theme {
    /// Directives of the theme's and the site's own, with the parameters that their components
    /// declare: what a writer's line is checked against.
    #[must_use]
    pub fn directives(&self) -> Components {
        let own = self.components.iter().filter_map(|(name, template)| {
            let directive = template.strip_prefix(FOLDER)?.strip_suffix(".html")?;
            let is_own =
                function_name(directive) == *name && !SPECS.iter().any(|spec| spec.name == directive);
            is_own.then(|| (directive.to_owned(), self.parameters(name)))
        });
        own.collect()
    }

    /// What a component declares; nothing when its template is broken.
    fn parameters(&self, component: &str) -> Option<Vec<Parameter>> {
        let definition = self.tera.get_component_definition(component)?;
        let explicit =
            definition.args().iter().filter(|argument| !argument.is_implicit() && argument.name() != "body");
        let parameter = |argument: &tera::ComponentArg| Parameter {
            name: argument.name().to_owned(),
            kind: match argument.arg_type() {
                Some(ComponentArgType::String) => ParameterKind::Text,
                Some(ComponentArgType::Bool) => ParameterKind::Bool,
                Some(ComponentArgType::Integer | ComponentArgType::Float | ComponentArgType::Number) => {
                    ParameterKind::Number
                }
                Some(ComponentArgType::Array) => ParameterKind::List,
                _ => ParameterKind::Any,
            },
            required: argument.is_required(),
        };
        let mut parameters: Vec<Parameter> = explicit.map(parameter).collect();
        // Tera gives them by name; a writer's bare values are for the first that are declared.
        let text = self.components.get(component).and_then(|template| self.sources.get(template));
        let text = text.map_or("", |source| source.text.as_str());
        parameters.sort_by_key(|parameter| declared_at(text, component, &parameter.name));
        Some(parameters)
    }

    /// Renders a directive. What shows nothing renders to nothing, as does a component whose
    /// template is broken, which has been reported.
    pub(in crate::render) fn component(
        &self,
        tera: &Tera,
        directive: &Directive,
        body: Option<&str>,
    ) -> Result<String, Box<Diagnostic>> {
        let Some(written) = directive.shown.component() else { return Ok(String::new()) };
        let name = function_name(written);
        let Some(template) = self.components.get(&name) else { return Err(Box::new(self.missing(written))) };
        if self.broken.contains(template) {
            return Ok(String::new());
        }
        let mut arguments = tera::Context::new();
        match &directive.shown {
            Shown::Custom(custom) => {
                for (key, value) in &custom.arguments {
                    arguments.insert_value(key.clone(), tera::Value::from_serializable(value));
                }
            }
            shown => arguments.insert_value("it", tera::Value::from_serializable(&shown.view())),
        }
        let mut beside = tera::Context::new();
        beside.insert("id", &directive.id);
        beside.insert("classes", &directive.classes);
        beside.insert("label", &directive.label);
        let mut output = Bounded { bytes: Vec::with_capacity(1 << 10), limit: OUTPUT_LIMIT, full: false };
        // A block without text still has a body.
        let body = body.unwrap_or_default();
        let outcome = tera.render_component_with_implicits_to(
            &name,
            &arguments,
            &beside,
            Some(body),
            true,
            &mut output,
        );
        match outcome {
            // Tera writes only text; the line that `{% component %}` stands on is none of it.
            Ok(()) => {
                let html = String::from_utf8_lossy(&output.bytes);
                Ok(html.strip_prefix('\n').unwrap_or(&html).to_owned())
            }
            Err(_) if output.full => {
                let message = format!("`{name}` writes more than {} MiB for one page", OUTPUT_LIMIT >> 20);
                Err(Box::new(self.at_file(template, message).help("look for a loop inside a loop")))
            }
            Err(error) => Err(Box::new(self.diagnostic(&error, template))),
        }
    }

    /// Fingerprint of a component's template and of all that it uses. A component that does not
    /// exist has one of its own, so that its arrival is noticed.
    pub(in crate::render) fn component_fingerprint(&self, written: &str) -> Fingerprint {
        match self.components.get(&function_name(written)) {
            Some(template) => self.fingerprint(template),
            None => Fingerprint::of(&("no component", written)),
        }
    }

    fn missing(&self, written: &str) -> Diagnostic {
        let name = function_name(written);
        let mut message = format!("no component `{name}` in the theme or in `templates/`");
        if name != written {
            // Writing to a string cannot fail.
            let _ = write!(message, ", for `{written}`");
        }
        let diagnostic = Diagnostic::new(Code::Template, "templates/components", None, message);
        match near(&name, self.components.keys().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!(
                "add `templates/components/{written}.html` with `{{% component {name}(...) %}}`"
            )),
        }
    }
}

/// What Tera calls the component of a directive.
fn function_name(written: &str) -> String {
    written.replace('-', "_")
}

/// Where a component's template declares a parameter: after `component name`, a bracket or a comma
/// before it and its type, its default, a comma or a bracket behind it.
fn declared_at(text: &str, component: &str, parameter: &str) -> usize {
    let of_component = |(at, word): (usize, &str)| {
        let rest = text[at + word.len()..].trim_start().strip_prefix(component)?.trim_start();
        rest.starts_with('(').then_some(text.len() - rest.len())
    };
    let start = text.match_indices("component").find_map(of_component).unwrap_or(text.len());
    let declares = |at: usize| {
        let before = text[..at].trim_end();
        let behind = text[at + parameter.len()..].trim_start();
        before.ends_with(['(', ',']) && behind.starts_with([':', '=', ',', ')'])
    };
    let mut places = text[start..].match_indices(parameter).map(|(at, _)| start + at);
    places.find(|at| declares(*at)).unwrap_or(usize::MAX)
}
