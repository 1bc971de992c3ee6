//! A theme's templates, compiled, with what each depends on.
//!
//! In: the sources of all templates. Out: a [`Theme`] that renders a template into bounded output
//! and knows the fingerprint of each template with all it uses, and problems at the template's own
//! bytes. Reads no file; what a template is handed is `view`'s matter.

mod chain;
mod component;
mod growth;
mod problem;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::sync::Arc;

use tera::Tera;

use super::words::{FOLDER as WORDS, Words};
use super::{filter, language};
use crate::diagnostic::{Code, Diagnostic, Span, near};
use crate::fingerprint::Fingerprint;
use crate::scan::Template;
use chain::Graph;
pub use growth::growing;

/// Largest output of one template. Tera bounds recursion and ranges but not nested loops.
pub const OUTPUT_LIMIT: usize = 64 << 20;

/// Longest template, in bytes. What can stand inside what in it is bounded by nothing else.
pub const TEMPLATE_LIMIT: usize = 1 << 20;

/// Places in a line of a template times its bytes, of all lines together, as the engine reads them.
const CROWDED: usize = 128 << 20;

/// A template that nobody can read. Read behind another, it ends the engine's work before that looks for what
/// the other one uses.
const UNREADABLE: (&str, &str) = ("\0", "{{");

/// A theme's templates, compiled, with what each depends on.
#[derive(Debug, Default)]
pub struct Theme {
    tera: Tera,
    sources: BTreeMap<String, Source>,
    /// Of a template and of everything it extends, includes or calls.
    fingerprints: BTreeMap<String, Fingerprint>,
    /// The template that defines each component.
    components: BTreeMap<String, String>,
    /// Templates that cannot be rendered; why has been reported.
    broken: BTreeSet<String>,
    /// What templates say, by language.
    pub(super) words: Words,
    /// Whether any template speaks of `structured_data`, or may show all that it is handed.
    shows_structured_data: bool,
}

/// What problems in a template are pointed out in.
#[derive(Debug)]
struct Source {
    path: Arc<str>,
    text: String,
    /// What the engine reads instead, where lines hold too much.
    parted: Option<String>,
}

impl Source {
    fn new(path: &Arc<str>, text: &str) -> Self {
        let parted = crowded(text).is_some().then(|| uses::parted(text)).flatten();
        Self { path: Arc::clone(path), text: text.to_owned(), parted }
    }

    /// What the engine reads: as long as the text, with the same at the same byte, but for where lines end.
    fn read(&self) -> &str {
        self.parted.as_ref().unwrap_or(&self.text)
    }
}

impl Theme {
    /// Compiles a theme. Problems in its templates are diagnostics at the template's line; a theme
    /// with any still answers, so that every problem of a build is found in one run.
    #[must_use]
    pub fn load(templates: &[Template]) -> (Self, Vec<Diagnostic>) {
        let (words, mut diagnostics) = Words::load(templates);
        let mut theme = Self {
            tera: Tera::new(),
            sources: templates
                .iter()
                .filter(|template| !template.name.starts_with(WORDS))
                .map(|template| (template.name.clone(), Source::new(&template.path, &template.text)))
                .collect(),
            fingerprints: uses::fingerprints(templates),
            components: uses::components(templates),
            broken: BTreeSet::new(),
            words,
            shows_structured_data: templates.iter().any(|template| {
                ["structured_data", "__tera_context"].iter().any(|name| template.text.contains(name))
            }),
        };
        filter::register(&mut theme.tera);
        language::register(&mut theme.tera);
        theme.tera.autoescape_on(escaped_suffixes(templates));
        diagnostics.extend(theme.leave_out_unreadable());
        diagnostics.extend(theme.leave_out_chains(&uses::named(templates)));
        diagnostics.extend(theme.compile(&uses::graph(templates)));
        (theme, diagnostics)
    }

    /// Fingerprint of a template and of everything it extends, includes or calls. A template that
    /// does not exist has one of its own, so that its arrival is noticed.
    #[must_use]
    pub fn fingerprint(&self, template: &str) -> Fingerprint {
        self.fingerprints
            .get(template)
            .copied()
            .unwrap_or_else(|| Fingerprint::of(&("no template", template)))
    }

    /// The engine with the templates in it, for values that all pages share.
    pub(super) fn tera(&self) -> &Tera {
        &self.tera
    }

    /// Renders a template with an engine that was cloned from [`Theme::tera`]. One that is broken
    /// renders to nothing without a further message.
    pub(super) fn render(
        &self,
        tera: &Tera,
        template: &str,
        context: &tera::Context,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        if self.broken.contains(template) {
            return Ok(Vec::new());
        }
        let mut output = Bounded { bytes: Vec::with_capacity(32 << 10), limit: OUTPUT_LIMIT, full: false };
        match tera.render_to(template, context, &mut output) {
            Ok(()) => Ok(output.bytes),
            Err(_) if output.full => {
                let message =
                    format!("`{template}` writes more than {} MiB for one page", OUTPUT_LIMIT >> 20);
                Err(Box::new(self.at_file(template, message).help("look for a loop inside a loop")))
            }
            Err(error) => Err(Box::new(self.diagnostic(&error, template))),
        }
    }

    /// Whether any template reads `structured_data`, so that it has to be made.
    pub(super) fn shows_structured_data(&self) -> bool {
        self.shows_structured_data
    }

    /// The file of a template.
    pub(super) fn path(&self, template: &str) -> Arc<str> {
        self.sources.get(template).map_or_else(|| Arc::from("themes"), |source| Arc::clone(&source.path))
    }

    /// Whether there is a template of this name, broken or not.
    pub(super) fn has(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }

    /// The name of a template that was probably meant.
    pub(super) fn near(&self, template: &str) -> Option<&str> {
        near(template, self.sources.keys().map(String::as_str))
    }

    /// Finds the syntax errors of each template by itself, so that none hides another's.
    fn leave_out_unreadable(&mut self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut broken = Vec::new();
        for (name, source) in &self.sources {
            if source.text.len() > TEMPLATE_LIMIT {
                let message = format!(
                    "this template has {} bytes; at most {TEMPLATE_LIMIT} are read",
                    source.text.len()
                );
                diagnostics.push(self.at_file(name, message).help("part it with `{% include %}`"));
                broken.push(name.clone());
                continue;
            }
            if let Some((line, places)) = crowded(source.read()) {
                let message = format!("this line has {} bytes and {places} places to look at", line.len());
                let span = Span::new(line.start, line.start + 1);
                let mut found = self.at_file(name, message).help("break it into several lines");
                found.location.span = Some(span);
                diagnostics.push(found);
                broken.push(name.clone());
                continue;
            }
            let both = [(name.as_str(), source.read()), UNREADABLE];
            let Err(error) = Tera::new().add_raw_templates(both) else { continue };
            if matches!(error.kind(), tera::ErrorKind::SyntaxError(report) if report.filename() != UNREADABLE.0)
            {
                diagnostics.push(self.diagnostic(&error, name));
                broken.push(name.clone());
            }
        }
        self.broken.extend(broken);
        diagnostics
    }

    /// Finds the templates that lead through too many others.
    fn leave_out_chains(&mut self, graph: &Graph<'_>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for (name, next) in chain::too_long(graph) {
            let message = format!("`{name}` leads through more than {} templates", chain::LONGEST);
            let found = self.at_text(name, next, message, "");
            diagnostics.push(found.help("let fewer templates extend or include each other"));
            self.broken.insert(name.to_owned());
        }
        diagnostics
    }

    /// Compiles the rest together. Tera takes all templates or none, so those it names are left
    /// out, with all that use them, until it takes what remains.
    fn compile(&mut self, graph: &Graph<'_>) -> Vec<Diagnostic> {
        let (users, mut diagnostics) = (chain::users(graph), Vec::new());
        loop {
            self.break_users(&users);
            let readable = self
                .sources
                .iter()
                .filter(|(name, _)| !self.broken.contains(*name))
                .map(|(name, source)| (name, source.read()));
            let Err(error) = self.tera.add_raw_templates(readable) else { break };
            let found = self.problems(&error);
            let before = self.broken.len();
            for (template, diagnostic) in found {
                self.broken.insert(template);
                diagnostics.push(diagnostic);
            }
            if self.broken.len() == before {
                // An error that names no template we know: nothing can be rendered.
                diagnostics.push(self.at_file("", problem::plain(&error.to_string())));
                self.broken.extend(self.sources.keys().cloned());
                break;
            }
        }
        diagnostics
    }

    /// Breaks what uses a broken template: its cause has been reported already.
    fn break_users(&mut self, users: &Graph<'_>) {
        let mut open: Vec<String> = self.broken.iter().cloned().collect();
        while let Some(name) = open.pop() {
            for user in users.get(name.as_str()).into_iter().flatten() {
                if self.broken.insert((*user).to_owned()) {
                    open.push((*user).to_owned());
                }
            }
        }
    }

    fn at_file(&self, template: &str, message: String) -> Diagnostic {
        Diagnostic::new(Code::Template, self.path(template), None, message)
    }
}

/// The line with which a template has too many places that the engine could find wrong, and how many are in
/// it. It would write the whole line for each.
fn crowded(text: &str) -> Option<(Range<usize>, usize)> {
    let (mut start, mut all) = (0, 0);
    text.split_inclusive('\n').find_map(|line| {
        let places = line.bytes().filter(|sign| matches!(sign, b'{' | b'|' | b'(' | b'<')).count();
        let places = places + line.matches(" is ").count();
        let range = start..start + line.len();
        start = range.end;
        all += places * line.len();
        (all > CROWDED).then_some((range, places))
    })
}

/// Everything is escaped save `.txt`: an unknown suffix is safer escaped than not.
fn escaped_suffixes(templates: &[Template]) -> BTreeSet<String> {
    templates
        .iter()
        .map(|template| {
            let file = template.name.rsplit('/').next().unwrap_or(&template.name);
            file.rfind('.').map_or_else(|| template.name.clone(), |dot| file[dot..].to_owned())
        })
        .filter(|suffix| suffix != ".txt")
        .collect()
}

/// Takes bytes up to a limit, then fails.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            self.full = true;
            return Err(io::Error::from(io::ErrorKind::WriteZero));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
