//! The one build, in two calls.
//!
//! [`plan`] parses what changed and links the site; [`render()`] renders what changed and hands each
//! output to a [`Sink`]. `build` and `check` render every route, `serve` the requested one first.
//! In: [`Inputs`] and [`Memory`]. Out: outputs, one at a time, and every problem of the site.
//! Memory changes how long a build takes, never its answer.

mod aside;
mod desk;
mod lost;
mod persist;
mod remember;
mod search;
mod sink;
mod styles;
mod whole;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::assemble::facts::Facts;
use crate::assemble::{self, Cause, PageId, Route, Site};
use crate::check;
use crate::diagnostic::{self, Diagnostic, Location, Severity};
use crate::fingerprint::{Fingerprint, Hashed};
use crate::memory::{Counts, Memo, Recalled};
use crate::parse::data::{self, DataDocument};
use crate::parse::highlight::Highlighter;
use crate::parse::{self, Document};
use crate::render::{self, Theme, View};
use crate::scan::{self, Asset, Inputs, Source};
use remember::Parsed;
pub use remember::{Memory, Rendered};
pub use search::{Indexing, finish as index};
pub use sink::{Nowhere, Sink, StageSink};

/// Hash of the program's own sources: a changed program trusts nothing an older one remembered.
const PROGRAM: &str = env!("GUIDEPOST_SOURCES");

/// What the engine needs to know of a parsed file, whatever it holds.
trait FromFile {
    /// Its own problems.
    fn diagnostics(&self) -> &[Diagnostic];
    /// Whether it depends on the file and the settings alone.
    fn is_memorable(&self) -> bool;
}

impl FromFile for Document {
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn is_memorable(&self) -> bool {
        self.memorable
    }
}

impl FromFile for DataDocument {
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn is_memorable(&self) -> bool {
        true
    }
}

/// A site ready to be rendered, wholly or in part.
#[derive(Debug)]
pub struct Plan {
    /// What it was made from.
    pub inputs: Inputs,
    /// The linked site with its route table.
    pub site: Site,
    /// What its data files say.
    pub facts: Arc<Facts>,
    /// Problems found before rendering.
    pub diagnostics: Vec<Diagnostic>,
    /// What is nobody's mistake but worth knowing for those who ask: keys in other spellings.
    pub notes: Vec<Diagnostic>,
    /// Files parsed and files remembered.
    pub parsed: Counts,
    /// Pages with links that earn money.
    earning: HashSet<PageId>,
    theme: Arc<Theme>,
    shared: Hashed<render::view::SiteView>,
    styles: Option<Arc<str>>,
    highlighter: Highlighter,
}

impl Plan {
    /// The source of a page that is published at a route and has links that earn money.
    fn earner(&self, route: &Route) -> Option<&Arc<str>> {
        let id = match route.cause {
            Cause::Page(id) => id,
            Cause::SectionPage { section, .. } => self.site.sections.get(section)?.page,
            _ => return None,
        };
        self.earning.contains(&id).then(|| &self.site.pages[id].document.path)
    }
}

/// What a whole build found and did.
#[derive(Debug)]
pub struct Outcome {
    /// Every problem, sorted, each once.
    pub diagnostics: Vec<Diagnostic>,
    /// [`Plan::notes`]
    pub notes: Vec<Diagnostic>,
    /// How many errors that fail `check` alone are not among them.
    pub more: usize,
    /// Files parsed and files remembered.
    pub parsed: Counts,
    /// Outputs rendered and outputs remembered; files copied as they are do not count.
    pub rendered: Counts,
    /// Pages built: routes that are a page's own.
    pub pages: usize,
    /// All routes.
    pub routes: usize,
    /// The search index, when there is one.
    pub search: Option<Indexing>,
    /// Who looks after the files that have findings: names of authors, by file. Only `check` says so.
    pub owners: BTreeMap<String, Vec<String>>,
}

impl Outcome {
    /// Whether the site may be published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Every web address that pages and data name, with the places that name it.
#[must_use]
pub fn addresses(plan: &Plan, memory: &Memory) -> BTreeMap<String, Vec<Location>> {
    desk::addresses(plan, memory)
}

/// What the settings and the pages' exceptions leave of findings that were made elsewhere.
#[must_use]
pub fn judge(plan: &Plan, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    desk::judge(plan, found)
}

/// Plans and renders everything; of the editor's desk, what stops a build is found too.
pub fn build(mut inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory, sink: &dyn Sink) -> Outcome {
    whole::settle(&mut inputs, memory);
    if let Some(outcome) = whole::recall(&inputs, memory, sink) {
        memory.learn_stamps(&inputs);
        return outcome;
    }
    let scope = desk::Scope::Build(inputs.config.checks.build);
    let (plan, mut outcome) = run(inputs, highlighter, memory, sink, scope);
    // What is not published needs no index.
    if !outcome.has_errors() {
        match search::finish(&plan, memory, sink) {
            Ok(indexing) => outcome.search = indexing,
            Err(diagnostic) => {
                outcome.diagnostics.push(diagnostic);
                return outcome;
            }
        }
    }
    if !memory.is_fleeting {
        memory.whole = whole::of(&plan, memory, &outcome);
    }
    outcome
}

/// The same build, which writes nothing and shows everything that the editor's desk finds.
pub fn check(mut inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Outcome {
    whole::settle(&mut inputs, memory);
    if let Some(outcome) = aside::recall(&inputs, memory) {
        memory.learn_stamps(&inputs);
        return outcome;
    }
    check_anew(inputs, highlighter, memory).1
}

/// The same, never recalled as a whole: for who needs the plan too.
pub fn check_anew(inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> (Plan, Outcome) {
    memory.thaw_desk();
    let (plan, mut outcome) = run(inputs, highlighter, memory, &Nowhere, desk::Scope::Check);
    outcome.owners = desk::owners(&plan, &outcome.diagnostics);
    memory.desk.checked = aside::of(&plan, memory, &outcome);
    memory.desk.changed = true;
    (plan, outcome)
}

fn run(
    inputs: Inputs,
    highlighter: &Highlighter,
    memory: &mut Memory,
    sink: &dyn Sink,
    scope: desk::Scope,
) -> (Plan, Outcome) {
    let plan = plan(inputs, highlighter, memory);
    if scope.reads_pages() {
        desk::read(&plan, memory);
    }
    let routes: Vec<&str> = plan.site.routes.keys().map(String::as_str).collect();
    let (rendered, found) = if scope.reads_outputs() {
        let inspector = desk::Inspector::new(&plan, memory, sink);
        let rendered = render(&plan, &routes, memory, &inspector);
        inspector.finish(memory);
        rendered
    } else {
        render(&plan, &routes, memory, sink)
    };
    memory.forget_gone(&plan);
    let pages = plan.site.routes.values().filter(|route| matches!(route.cause, Cause::Page(_))).count();
    let stages = plan.diagnostics.iter().cloned().chain(found).collect();
    let desk::Settled { diagnostics, more } = desk::settle(&plan, memory, stages, scope);
    let (notes, parsed, routes) = (plan.notes.clone(), plan.parsed, routes.len());
    let owners = BTreeMap::new();
    (plan, Outcome { diagnostics, notes, more, parsed, rendered, pages, routes, search: None, owners })
}

/// Parses what changed and links the whole site.
pub fn plan(inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Plan {
    let mut diagnostics = inputs.diagnostics.clone();
    memory.thaw();
    memory.whole = None;
    let parsed = parse_pages(&inputs, highlighter, memory) + parse_data(&inputs, memory);
    memory.changed |= parsed.fresh > 0;
    memory.learn_stamps(&inputs);
    let pages = documents(&inputs.pages, &mut memory.documents, &mut diagnostics);
    let data = documents(&inputs.data, &mut memory.data, &mut diagnostics);
    let notes =
        pages.iter().flat_map(|page| page.front.spellings.iter().map(|key| key.note(&page.path))).collect();
    let (facts, found) = Facts::link(&data);
    diagnostics.extend(found);

    let config = &inputs.config;
    diagnostics.extend(styles::unknown_themes(&config.highlight));
    let code = styles::syntax(&config.highlight, &pages);
    let known = memory.styles.take();
    memory.styles = styles::site(&inputs, code, known);
    let styles = memory.styles.as_ref();
    diagnostics.extend(styles.into_iter().flat_map(|styles| styles.diagnostics.iter().cloned()));
    let (claim, styles) = (styles.map(styles::Made::claim), styles.map(|styles| Arc::clone(&styles.css)));
    let (theme, found) = theme(&inputs, memory);
    diagnostics.extend(found);
    let linked = assemble::assemble(&assemble::Input {
        documents: &pages,
        facts: &facts,
        components: &theme.directives(),
        config,
        assets: &inputs.assets,
        today: inputs.today,
        visibility: inputs.visibility,
        styles: claim,
    });
    diagnostics.extend(linked.diagnostics);
    let shared = Hashed::new(render::view::site_view(config, &linked.site));
    diagnostic::sort(&mut diagnostics);
    let earning = desk::earning(&linked.site, config);
    Plan {
        earning,
        site: linked.site,
        facts: Arc::new(facts),
        diagnostics,
        notes,
        parsed,
        theme,
        shared,
        styles,
        highlighter: highlighter.clone(),
        inputs,
    }
}

/// Renders the given routes, or recalls them; each output goes to the sink once.
pub fn render(
    plan: &Plan,
    routes: &[&str],
    memory: &mut Memory,
    sink: &dyn Sink,
) -> (Counts, Vec<Diagnostic>) {
    let styles = plan.styles.as_deref().unwrap_or_default();
    let context = render::Context::new(&plan.inputs.config, &plan.site, &plan.shared, &plan.theme, styles);
    let mut work: Vec<(&str, &Route)> = Vec::with_capacity(routes.len());
    let mut assets: Vec<(&str, &Asset)> = Vec::new();
    for path in routes {
        match plan.site.routes.get(*path) {
            Some(Route { cause: Cause::Asset(index), .. }) => {
                assets.extend(plan.inputs.assets.get(*index).map(|asset| (*path, asset)));
            }
            Some(route) => work.push((path, route)),
            None => {}
        }
    }
    for (path, _) in &work {
        let path = (*path).to_owned();
        if memory.outputs.get(&path).is_some_and(|known| !sink.holds(&path, known.digest)) {
            memory.outputs.forget(&path);
        }
    }
    let program = Fingerprint::of_bytes(PROGRAM.as_bytes());
    let affiliates = Fingerprint::of(&plan.inputs.config.checks.affiliates);
    let counts = memory.outputs.map(
        &work,
        |(path, route)| {
            let (own, view) = render::view(&context, route).unzip();
            let mut parts = vec![program];
            parts.extend(own);
            let earner = plan.earner(route);
            parts.extend(earner.map(|_| affiliates));
            let fingerprint = if parts.len() == 1 { program } else { Fingerprint::combine(&parts) };
            ((*path).to_owned(), fingerprint, (*path, view, earner))
        },
        |(path, view, earner): (&str, Option<View>, Option<&Arc<str>>)| {
            let (output, lacking) = match view {
                Some(view) => lost::render(plan, &context, path, &view),
                None => (render::Rendered { bytes: Vec::new(), diagnostics: Vec::new() }, false),
            };
            let render::Rendered { bytes, mut diagnostics } = output;
            if let (Some(source), Ok(html)) = (earner, std::str::from_utf8(&bytes)) {
                let checks = &plan.inputs.config.checks;
                diagnostics.extend(check::unmarked(&check::Published {
                    html,
                    source,
                    has_own_html: true,
                    checks,
                }));
            }
            let digest = Fingerprint::of_bytes(&bytes);
            sink.put(path, &bytes, digest);
            Rendered { digest, len: bytes.len() as u64, diagnostics, lacking }
        },
        |path, recalled| {
            if let Recalled::Unchanged(Rendered { digest, len, .. }) = recalled {
                sink.keep(path, *digest, *len);
            }
        },
    );
    memory.changed |= counts.fresh > 0;
    copy_assets(&assets, sink);
    let mut found = work
        .iter()
        .filter_map(|(path, _)| memory.outputs.get(&(*path).to_owned()))
        .flat_map(|rendered| rendered.diagnostics.iter().cloned())
        .collect();
    diagnostic::fold(&mut found);
    for (path, _) in &work {
        let path = (*path).to_owned();
        if memory.outputs.get(&path).is_some_and(|rendered| rendered.lacking) {
            memory.outputs.forget(&path);
        }
    }
    (counts, found)
}

/// Parses every page whose bytes or settings changed.
fn parse_pages(inputs: &Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Counts {
    let settings = parse::Settings::of(&inputs.config);
    let fingerprint =
        Fingerprint::combine(&[Fingerprint::of_bytes(PROGRAM.as_bytes()), Fingerprint::of(&settings)]);
    let known = memory.settings.replace(fingerprint);
    let spool = memory.spool.clone();
    parse_sources(&inputs.pages, fingerprint, known, &mut memory.documents, |path, bytes| {
        let mut document = parse::parse(path, bytes, &settings, highlighter);
        if let Some(spool) = &spool {
            document.body = document.body.put_away(spool);
        }
        document
    })
}

/// Parses every data file whose bytes changed: no setting bears on them.
fn parse_data(inputs: &Inputs, memory: &mut Memory) -> Counts {
    let fingerprint = Fingerprint::of_bytes(PROGRAM.as_bytes());
    parse_sources(&inputs.data, fingerprint, Some(fingerprint), &mut memory.data, data::parse)
}

/// Parses every file that changed, or whose settings are not the `known` ones, and forgets those
/// that are gone.
fn parse_sources<D: Send + Sync>(
    sources: &[Source],
    settings: Fingerprint,
    known: Option<Fingerprint>,
    memory: &mut Memo<Arc<str>, Parsed<D>>,
    parse: impl Fn(&Arc<str>, &[u8]) -> D + Sync,
) -> Counts {
    let trusted = known == Some(settings);
    let counts = memory.map(
        sources,
        |source| {
            let loaded = match source.remembered {
                Some(hash) if trusted => Loaded::Remembered(hash),
                _ => match source.load() {
                    Ok(bytes) => Loaded::Read(Fingerprint::of_bytes(&bytes), bytes),
                    Err(error) => Loaded::Failed(error),
                },
            };
            let path = Fingerprint::of_bytes(source.path.as_bytes());
            let key = Fingerprint::combine(&[settings, path, loaded.fingerprint()]);
            (Arc::clone(&source.path), key, (source, loaded))
        },
        |(source, loaded)| parse_source(source, loaded, &parse),
        |_, _| {},
    );
    let known: std::collections::HashSet<&Arc<str>> = sources.iter().map(|source| &source.path).collect();
    memory.retain(|path| known.contains(path));
    counts
}

/// A content file's bytes, or what stands for them.
enum Loaded {
    /// Not read: the stamp proves they are those memory knows.
    Remembered(Fingerprint),
    /// Read now, with their hash.
    Read(Fingerprint, Vec<u8>),
    /// Not to be read.
    Failed(std::io::Error),
}

impl Loaded {
    fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Remembered(hash) | Self::Read(hash, _) => *hash,
            Self::Failed(error) => Fingerprint::of_bytes(error.to_string().as_bytes()),
        }
    }
}

fn parse_source<D>(source: &Source, loaded: Loaded, parse: impl Fn(&Arc<str>, &[u8]) -> D) -> Parsed<D> {
    let read = match loaded {
        Loaded::Read(hash, bytes) => Ok((hash, bytes)),
        Loaded::Remembered(_) => source.load().map(|bytes| (Fingerprint::of_bytes(&bytes), bytes)),
        Loaded::Failed(error) => Err(error),
    };
    match read {
        Ok((hash, bytes)) => {
            let document = Arc::new(parse(&source.path, &bytes));
            Parsed::Document { source: hash, document, kept: None }
        }
        // Gone since the folder was listed: as if it had never been there.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Parsed::Unreadable(Vec::new()),
        Err(error) => Parsed::Unreadable(vec![scan::unreadable(&source.path, &error)]),
    }
}

/// What became of files, in the order of their paths, with their own problems. What must not be
/// remembered (unreadable files, a block whose highlighting was given up) is forgotten here.
fn documents<D: FromFile + Send + Sync>(
    sources: &[Source],
    memory: &mut Memo<Arc<str>, Parsed<D>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Arc<D>> {
    let mut documents = Vec::with_capacity(sources.len());
    let mut forget = Vec::new();
    for source in sources {
        match memory.get(&source.path) {
            Some(Parsed::Document { document, .. }) => {
                diagnostics.extend(document.diagnostics().iter().cloned());
                if !document.is_memorable() {
                    forget.push(&source.path);
                }
                documents.push(Arc::clone(document));
            }
            Some(Parsed::Unreadable(found)) => {
                diagnostics.extend(found.iter().cloned());
                forget.push(&source.path);
            }
            None => {}
        }
    }
    for path in forget {
        memory.forget(path);
    }
    documents
}

/// The compiled theme, compiled again only when a template changed.
fn theme(inputs: &Inputs, memory: &mut Memory) -> (Arc<Theme>, Vec<Diagnostic>) {
    let sources: Vec<_> = inputs
        .templates
        .iter()
        .map(|template| (&template.name, &template.path, template.fingerprint))
        .collect();
    let fingerprint = Fingerprint::of(&sources);
    if let Some((known, theme, diagnostics)) = &memory.theme
        && *known == fingerprint
    {
        return (Arc::clone(theme), diagnostics.clone());
    }
    let (theme, diagnostics) = Theme::load(&inputs.templates);
    let theme = Arc::new(theme);
    memory.theme = Some((fingerprint, Arc::clone(&theme), diagnostics.clone()));
    (theme, diagnostics)
}

fn copy_assets(assets: &[(&str, &Asset)], sink: &dyn Sink) {
    use rayon::prelude::*;
    assets.par_iter().for_each(|(path, asset)| sink.copy(path, asset));
}
