//! The one build, in two calls.
//!
//! [`plan`] parses what changed and links the site; [`render()`] renders what changed and hands each
//! output to a [`Sink`]. `build` and `check` render every route, `serve` the requested one first.
//! In: [`Inputs`] and [`Memory`]. Out: outputs, one at a time, and every problem of the site.
//! Memory changes how long a build takes, never its answer.

mod persist;
mod sink;
mod styles;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assemble::facts::Facts;
use crate::assemble::{self, Cause, Route, Site};
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::fingerprint::{Fingerprint, Hashed};
use crate::memory::{Counts, Kept, Memo, Recalled};
use crate::parse::data::{self, DataDocument};
use crate::parse::highlight::Highlighter;
use crate::parse::{self, Document};
use crate::render::{self, Theme, View};
use crate::scan::{self, Asset, Inputs, Source, Stamps};
use crate::write::OutputStamps;
pub use sink::{Nowhere, Sink, StageSink};

/// Hash of the program's own sources: a changed program trusts nothing an older one remembered.
const PROGRAM: &str = env!("GUIDEPOST_SOURCES");

/// What a build may remember from the one before. Dropping it is always correct.
#[derive(Debug, Default)]
pub struct Memory {
    /// Stamps and hashes of the files as they were last seen.
    pub stamps: Stamps,
    /// What the parse settings were; under others, no file's hash answers for its document.
    settings: Option<Fingerprint>,
    documents: Memo<Arc<str>, Parsed<Document>>,
    data: Memo<Arc<str>, Parsed<DataDocument>>,
    theme: Option<(Fingerprint, Arc<Theme>, Vec<Diagnostic>)>,
    outputs: Memo<String, Rendered>,
    /// The folder that was last published to, and what the file system said of it then.
    published: Option<(PathBuf, OutputStamps)>,
    /// Whether it knows anything that the store does not.
    changed: bool,
}

impl Memory {
    /// Whether what became of this very text is remembered, so that it need not be read.
    #[must_use]
    pub fn answers(&self, path: &str, source: Fingerprint) -> bool {
        let path = Arc::from(path);
        let known = self.documents.get(&path).and_then(Parsed::source);
        known.or_else(|| self.data.get(&path).and_then(Parsed::source)) == Some(source)
    }

    /// What the file system said of the files of an output folder when they were last written.
    #[must_use]
    pub fn output_stamps(&self, folder: &Path) -> OutputStamps {
        match &self.published {
            Some((known, stamps)) if known == folder => stamps.clone(),
            _ => OutputStamps::default(),
        }
    }

    /// Remembers what the file system says of the files of an output folder.
    pub fn publish(&mut self, folder: PathBuf, stamps: OutputStamps) {
        let known = self.published.as_ref().filter(|(known, _)| *known == folder);
        self.changed |= known.is_none_or(|(_, known)| known.files != stamps.files || !known.are_settled());
        self.published = Some((folder, stamps));
    }
}

impl Memory {
    /// Forgets the outputs that a plan has no route for.
    pub fn forget_gone(&mut self, plan: &Plan) {
        self.changed |= self.outputs.retain(|path| plan.site.routes.contains_key(path));
    }

    /// Problems that rendering a plan's routes found, each when it was last rendered.
    #[must_use]
    pub fn found_rendering(&self, plan: &Plan) -> Vec<Diagnostic> {
        let rendered = plan.site.routes.keys().filter_map(|path| self.outputs.get(path));
        let mut found = rendered.flat_map(|rendered| rendered.diagnostics.iter().cloned()).collect();
        diagnostic::fold(&mut found);
        found
    }
}

/// What became of a content file.
#[derive(Debug)]
enum Parsed<D> {
    /// It was read; the hash is that of its bytes.
    Document {
        source: Fingerprint,
        document: Arc<D>,
        /// Where the store has it.
        kept: Option<Kept>,
    },
    /// It could not be read: gone since the scan, or refused.
    Unreadable(Vec<Diagnostic>),
}

impl<D> Parsed<D> {
    /// The hash of the bytes it was read from.
    fn source(&self) -> Option<Fingerprint> {
        match self {
            Self::Document { source, .. } => Some(*source),
            Self::Unreadable(_) => None,
        }
    }
}

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

/// What is remembered of an output once its bytes have gone to the sink.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rendered {
    /// Hash of its bytes.
    pub digest: Fingerprint,
    /// Length in bytes.
    pub len: u64,
    /// Problems found while rendering it.
    pub diagnostics: Vec<Diagnostic>,
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
    theme: Arc<Theme>,
    shared: Hashed<render::view::SiteView>,
    styles: Option<String>,
    highlighter: Highlighter,
}

/// What a whole build found and did.
#[derive(Debug)]
pub struct Outcome {
    /// Every problem, sorted, each once.
    pub diagnostics: Vec<Diagnostic>,
    /// [`Plan::notes`]
    pub notes: Vec<Diagnostic>,
    /// Files parsed and files remembered.
    pub parsed: Counts,
    /// Outputs rendered and outputs remembered; files copied as they are do not count.
    pub rendered: Counts,
    /// Pages built: routes that are a page's own.
    pub pages: usize,
    /// All routes.
    pub routes: usize,
}

impl Outcome {
    /// Whether the site may be published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Plans and renders everything.
pub fn build(inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory, sink: &dyn Sink) -> Outcome {
    let plan = plan(inputs, highlighter, memory);
    let routes: Vec<&str> = plan.site.routes.keys().map(String::as_str).collect();
    let (rendered, found) = render(&plan, &routes, memory, sink);
    memory.forget_gone(&plan);
    let pages = plan.site.routes.values().filter(|route| matches!(route.cause, Cause::Page(_))).count();
    let mut diagnostics = plan.diagnostics;
    diagnostics.extend(found);
    diagnostic::sort(&mut diagnostics);
    Outcome { diagnostics, notes: plan.notes, parsed: plan.parsed, rendered, pages, routes: routes.len() }
}

/// Parses what changed and links the whole site.
pub fn plan(inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Plan {
    let mut diagnostics = inputs.diagnostics.clone();
    let parsed = parse_pages(&inputs, highlighter, memory) + parse_data(&inputs, memory);
    let stamps = stamps(&inputs, memory);
    let known = &memory.stamps;
    memory.changed |= parsed.fresh > 0 || known.files != stamps.files || !known.are_settled();
    memory.stamps = stamps;
    let pages = documents(&inputs.pages, &mut memory.documents, &mut diagnostics);
    let data = documents(&inputs.data, &mut memory.data, &mut diagnostics);
    let notes =
        pages.iter().flat_map(|page| page.front.spellings.iter().map(|key| key.note(&page.path))).collect();
    let (facts, found) = Facts::link(&data);
    diagnostics.extend(found);

    let config = &inputs.config;
    diagnostics.extend(styles::unknown_themes(&config.highlight));
    let styles = styles::syntax(&config.highlight, &pages);
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
        syntax_styles: styles.as_ref().map(|css| Fingerprint::of_bytes(css.as_bytes())),
    });
    diagnostics.extend(linked.diagnostics);
    let shared = Hashed::new(render::view::site_view(config, &linked.site));
    diagnostic::sort(&mut diagnostics);
    Plan {
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
    let counts = memory.outputs.map(
        &work,
        |(path, route)| {
            let (own, view) = render::view(&context, route).unzip();
            let fingerprint = own.map_or(program, |own| Fingerprint::combine(&[program, own]));
            ((*path).to_owned(), fingerprint, (*path, view))
        },
        |(path, view): (&str, Option<View>)| {
            let (bytes, diagnostics) = view
                .map(|view| render_whole(plan, &context, path, &view))
                .map_or_else(Default::default, |output| (output.bytes, output.diagnostics));
            let digest = Fingerprint::of_bytes(&bytes);
            sink.put(path, &bytes, digest);
            Rendered { digest, len: bytes.len() as u64, diagnostics }
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
    (counts, found)
}

/// Renders a view. A text that the store lost is made again from its source.
fn render_whole(plan: &Plan, context: &render::Context<'_>, path: &str, view: &View) -> render::Rendered {
    let output = render::render(context, path, view);
    let pages = view.texts().into_iter().filter_map(|id| plan.site.pages.get(id));
    let lost: Vec<&Document> =
        pages.map(|page| &*page.document).filter(|document| document.body.stored().is_lost()).collect();
    if lost.is_empty() {
        return output;
    }
    // Another thread may have put a text back by now, yet after this output was made without it.
    let gone: Vec<&Document> = lost.into_iter().filter(|document| !restore(plan, document)).collect();
    let mut output = render::render(context, path, view);
    output.diagnostics.extend(gone.into_iter().map(|document| {
        let message = "this changed while the site was built";
        Diagnostic::new(Code::File, Arc::clone(&document.path), None, message).help("build again")
    }));
    output
}

/// Puts a document's text back by parsing its source again. Says whether it is still that text.
fn restore(plan: &Plan, document: &Document) -> bool {
    let source = plan.inputs.pages.iter().find(|source| source.path == document.path);
    let Some(Ok(bytes)) = source.map(Source::load) else { return false };
    let settings = parse::Settings::of(&plan.inputs.config);
    let again = parse::parse(&document.path, &bytes, &settings, &plan.highlighter);
    document.body.stored().restore(&again.body.html())
}

/// Parses every page whose bytes or settings changed.
fn parse_pages(inputs: &Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Counts {
    let settings = parse::Settings::of(&inputs.config);
    let fingerprint =
        Fingerprint::combine(&[Fingerprint::of_bytes(PROGRAM.as_bytes()), Fingerprint::of(&settings)]);
    let known = memory.settings.replace(fingerprint);
    parse_sources(&inputs.pages, fingerprint, known, &mut memory.documents, |path, bytes| {
        parse::parse(path, bytes, &settings, highlighter)
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

/// Stamps and hashes for the next scan: what this one knew, and every file that was read since.
fn stamps(inputs: &Inputs, memory: &Memory) -> Stamps {
    let mut stamps = inputs.stamps.clone();
    let pages =
        inputs.pages.iter().map(|page| (page, memory.documents.get(&page.path).and_then(Parsed::source)));
    let data = inputs.data.iter().map(|file| (file, memory.data.get(&file.path).and_then(Parsed::source)));
    for (file, hash) in pages.chain(data) {
        if let Some(hash) = hash {
            stamps.learn(&file.path, file.stamp, hash);
        }
    }
    stamps
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
