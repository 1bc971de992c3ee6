//! The one build, in two calls.
//!
//! [`plan`] parses what changed and links the site; [`render()`] renders what changed and hands each
//! output to a [`Sink`]. `build` and `check` render every route, `serve` the requested one first.
//! In: [`Inputs`] and [`Memory`]. Out: outputs, one at a time, and every problem of the site.
//! Memory changes how long a build takes, never its answer.

mod aside;
mod desk;
mod files;
mod ground;
mod link;
mod links;
mod lost;
mod make;
mod persist;
mod pictures;
mod remember;
mod search;
mod sink;
mod sound;
mod squeeze;
mod styles;
mod whole;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::assemble::facts::Facts;
use crate::assemble::picture::Pictures;
use crate::assemble::{Cause, PageId, Route, Site};
use crate::diagnostic::{self, Diagnostic, Location, Severity};
use crate::fingerprint::{Fingerprint, Hashed};
use crate::memory::{Counts, Recalled, both, each};
use crate::parse::highlight::Highlighter;
use crate::render::view::SiteView;
use crate::render::{self, Cards, Press, Theme};
use crate::scan::{Asset, Inputs};
use ground::Ground;
pub use link::Linking;
use make::{Job, Maker};
pub use pictures::Progress;
use remember::Compiled;
pub use remember::{Memory, Rendered};
pub use search::{Indexing, finish as index};
pub use sink::{Nowhere, Sink, StageSink};
use squeeze::Squeeze;

/// Hash of the program's own sources: a changed program trusts nothing an older one remembered.
const PROGRAM: &str = env!("GUIDEPOST_SOURCES");

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
    earning: Arc<HashSet<PageId>>,
    /// What its outputs stand on.
    ground: Option<Ground>,
    pictures: Pictures,
    /// How it was linked.
    pub linking: Linking,
    press: Arc<Press>,
    cards: Cards,
    styles: Option<Arc<str>>,
    highlighter: Highlighter,
}

impl Plan {
    /// What its routes are rendered from.
    fn context(&self) -> render::Context<'_> {
        let styles = self.styles.as_deref().unwrap_or_default();
        render::Context::new(&self.inputs.config, &self.site, &self.press, &self.cards, styles)
    }

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
    /// How the site was linked.
    pub linking: Linking,
    /// Outputs rendered and outputs remembered; files that are copied, and pictures, do not count.
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

/// Every web address that pages and data name, with the places that name it, each with its fragment.
#[must_use]
pub fn addresses(plan: &Plan, memory: &Memory) -> BTreeMap<String, Vec<(String, Location)>> {
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
        memory.learn_stamps(&mut inputs);
        return outcome;
    }
    let scope = desk::Scope::Build(inputs.config.checks.build);
    let (plan, mut outcome) = run(inputs, highlighter, memory, (sink, scope), &|_| {});
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
    memory.last = Some(plan);
    outcome
}

/// What is done with memory while findings are settled, which takes one processor and none of it.
pub type Meanwhile<'a> = &'a (dyn Fn(&mut Memory) + Sync);

/// The same build, which writes nothing and shows everything that the editor's desk finds.
pub fn check(
    mut inputs: Inputs,
    highlighter: &Highlighter,
    memory: &mut Memory,
    meanwhile: Meanwhile<'_>,
) -> Outcome {
    whole::settle(&mut inputs, memory);
    if let Some(outcome) = aside::recall(&inputs, memory) {
        memory.learn_stamps(&mut inputs);
        return outcome;
    }
    check_anew(inputs, highlighter, memory, meanwhile).1
}

/// The same, never recalled as a whole: for who needs the plan too.
pub fn check_anew(
    inputs: Inputs,
    highlighter: &Highlighter,
    memory: &mut Memory,
    meanwhile: Meanwhile<'_>,
) -> (Plan, Outcome) {
    memory.thaw_desk();
    memory.desk.reads = true;
    let (plan, mut outcome) = run(inputs, highlighter, memory, (&Nowhere, desk::Scope::Check), meanwhile);
    outcome.owners = desk::owners(&plan, &outcome.diagnostics);
    memory.desk.checked = aside::of(&plan, memory, &outcome);
    memory.desk.changed = true;
    (plan, outcome)
}

fn run(
    inputs: Inputs,
    highlighter: &Highlighter,
    memory: &mut Memory,
    (sink, scope): (&dyn Sink, desk::Scope),
    meanwhile: Meanwhile<'_>,
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
    let urgent = if scope.reads_pages() { Vec::new() } else { desk::urgent(&plan, memory) };
    let desk = std::mem::take(&mut memory.desk);
    let ((), settled) = both(|| meanwhile(memory), || desk::settle(&plan, &desk, (stages, urgent), scope));
    memory.desk = desk;
    let desk::Settled { diagnostics, more } = settled;
    memory.desk.forget_moved();
    let (notes, parsed, linking, routes) = (plan.notes.clone(), plan.parsed, plan.linking, routes.len());
    let (search, owners) = (None, BTreeMap::new());
    let outcome =
        Outcome { diagnostics, notes, more, parsed, linking, rendered, pages, routes, search, owners };
    (plan, outcome)
}

/// Parses what changed and links the whole site.
pub fn plan(inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Plan {
    let files = parse(inputs, highlighter, memory);
    link(files, highlighter, memory)
}

/// The files of a site, parsed: what they became is in memory.
#[derive(Debug)]
pub struct Files {
    inputs: Inputs,
    parsed: Counts,
}

/// Parses what changed.
pub fn parse(mut inputs: Inputs, highlighter: &Highlighter, memory: &mut Memory) -> Files {
    let parser = files::Parser::new(&inputs, highlighter, memory);
    let (known, is_frozen) = (memory.theme.take(), memory.is_frozen());
    // Templates and changed pages have nothing to do with what else is remembered.
    let (theme, parsed) = both(
        || theme(&inputs, known),
        || {
            if is_frozen {
                both(|| parser.look_ahead(&inputs), || memory.thaw());
            }
            memory.whole = None;
            files::parse_pages(&inputs, &parser, memory) + files::parse_data(&inputs, memory)
        },
    );
    memory.theme = Some(theme);
    memory.changed |= parsed.fresh > 0;
    memory.learn_stamps(&mut inputs);
    Files { inputs, parsed }
}

/// Links the whole site, or recalls it.
pub fn link(files: Files, highlighter: &Highlighter, memory: &mut Memory) -> Plan {
    let Files { inputs, parsed } = files;
    let mut diagnostics = inputs.diagnostics.clone();
    let pages = files::documents(&inputs.pages, &mut memory.documents, &mut diagnostics);
    let data = files::documents(&inputs.data, &mut memory.data, &mut diagnostics);
    let notes = files::notes(&pages);
    let config = &inputs.config;
    diagnostics.extend(styles::unknown_themes(&config.highlight));
    let known = memory.styles.take();
    memory.styles = styles::site(&inputs, &pages, known);
    let styles = memory.styles.as_ref();
    diagnostics.extend(styles.into_iter().flat_map(|styles| styles.diagnostics.iter().cloned()));
    let (claim, styles) = (styles.map(styles::Made::claim), styles.map(|styles| Arc::clone(&styles.css)));
    let known = memory.theme.take();
    let known = memory.theme.insert(theme(&inputs, known));
    let theme = Arc::clone(&known.theme);
    diagnostics.extend(known.diagnostics.iter().cloned());
    let facts = link::facts(data, memory);
    diagnostics.extend(facts.findings.iter().cloned());
    let (pictures, found) = pictures::develop(&inputs, &pages, &facts.facts, memory);
    diagnostics.extend(found);
    let parts =
        link::Parts { inputs: &inputs, pages, facts, theme: &theme, styles: claim, pictures: &pictures };
    let (linked, linking) = link::link(parts, memory);
    let link::Linked { facts, outcome, shared, earning, ground, .. } = linked;
    diagnostics.extend(outcome.diagnostics);
    diagnostic::sort(&mut diagnostics);
    let ground = ground::ground(ground, &outcome.site, &inputs, memory);
    let (press, cards) = both(|| press(theme, shared, &outcome.site, memory), || Cards::of(&outcome.site));
    Plan {
        earning,
        ground,
        press,
        cards,
        site: outcome.site,
        facts: facts.facts,
        diagnostics,
        notes,
        parsed,
        linking,
        pictures,
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
    let is_fleeting = memory.is_fleeting;
    let squeeze = Squeeze::of(&plan.inputs, &plan.site.routes);
    let (work, assets) = share_out(plan, routes, squeeze);
    forget_passing(&work, memory, sink);
    let jobs = each(
        &work,
        || (),
        |(), _, (path, route)| {
            let proof = ground::proof(plan, path, route);
            Job { path, route, proof, proved: memory.proved(path, proof) }
        },
    );
    let (context, blobs) = (plan.context().fleeting(is_fleeting), &memory.blobs);
    let earners = || Fingerprint::of(&plan.site.earners(&plan.inputs.config));
    let earners = (!plan.earning.is_empty()).then(earners);
    let uncounted = AtomicUsize::new(0);
    let maker = Maker { plan, context, squeeze, blobs, sink, earners, is_fleeting, uncounted };
    let counts = memory.outputs.map(
        &jobs,
        |job| {
            let (key, source) = if let Some(key) = job.proved {
                (key, None)
            } else {
                let (key, source) = maker.source(job);
                (key, Some(source))
            };
            debug_assert!(job.proved.is_none_or(|key| key == maker.source(job).0), "{}", job.path);
            (job.path.to_owned(), key, (job, source))
        },
        |(job, source)| maker.make(job, source.unwrap_or_else(|| maker.source(job).1)),
        |path, recalled| {
            if let Recalled::Unchanged(rendered) = recalled {
                rendered.keep(path, sink);
            }
        },
    );
    memory.changed |= counts.fresh > 0;
    let counts = Counts { fresh: counts.fresh - maker.uncounted.into_inner(), ..counts };
    for job in jobs.iter().filter(|job| job.proved.is_none() && !is_fleeting) {
        memory.prove(job.path, job.proof);
    }
    copy_assets(&assets, sink);
    let told = |(path, _): &(&str, &Route)| {
        let rendered = memory.outputs.get(*path)?;
        Some((rendered.diagnostics.clone(), rendered.lacking))
    };
    let told = each(&work, || (), |(), _, work| told(work).unwrap_or_default());
    let mut found = Vec::new();
    for ((path, _), (diagnostics, is_lacking)) in work.iter().zip(told) {
        found.extend(diagnostics);
        if is_lacking {
            memory.outputs.forget(*path);
        }
    }
    diagnostic::fold(&mut found);
    (counts, found)
}

/// Forgets outputs that the sink has no more, and those of which something was told that names their source:
/// it may have moved.
fn forget_passing(work: &[(&str, &Route)], memory: &mut Memory, sink: &dyn Sink) {
    let is_passing = |path: &str| {
        let known = memory.outputs.get(path)?;
        let is_told = known.diagnostics.iter().any(|found| sound::TOLD.contains(&found.code));
        Some(is_told || !known.is_held(path, sink))
    };
    let passing = each(work, || (), |(), _, (path, _)| is_passing(path) == Some(true));
    for ((path, _), _) in work.iter().zip(passing).filter(|(_, is_passing)| *is_passing) {
        memory.outputs.forget(*path);
    }
}

/// Things with the path that each is published at.
type Named<'r, T> = Vec<(&'r str, &'r T)>;

/// The routes whose bytes must be made or seen, and the files that are copied as they are.
fn share_out<'r>(
    plan: &'r Plan,
    routes: &[&'r str],
    squeeze: Squeeze<'_>,
) -> (Named<'r, Route>, Named<'r, Asset>) {
    let (mut work, mut assets) = (Vec::with_capacity(routes.len()), Vec::new());
    for path in routes {
        match plan.site.routes.get(*path) {
            Some(route @ Route { cause: Cause::Asset(index), .. }) if squeeze.file(path, route).is_none() => {
                assets.extend(plan.inputs.assets.get(*index).map(|asset| (*path, asset)));
            }
            Some(route) => work.push((*path, route)),
            None => {}
        }
    }
    (work, assets)
}

/// The compiled theme, compiled again only when a template changed.
fn theme(inputs: &Inputs, known: Option<Compiled>) -> Compiled {
    let sources: Vec<_> = inputs
        .templates
        .iter()
        .map(|template| (&template.name, &template.path, template.fingerprint))
        .collect();
    let fingerprint = Fingerprint::of(&sources);
    if let Some(known) = known.filter(|known| known.fingerprint == fingerprint) {
        return known;
    }
    // In a thread of the pool, which has room for templates that are nested deeply.
    let (theme, diagnostics) = rayon::scope(|_| Theme::load(&inputs.templates));
    Compiled { fingerprint, theme: Arc::new(theme), diagnostics }
}

/// The press for a theme and what pages share, set up anew only when one of them changed.
fn press(theme: Arc<Theme>, shared: Arc<Hashed<SiteView>>, site: &Site, memory: &mut Memory) -> Arc<Press> {
    if let Some(press) = memory.press.as_ref().filter(|press| press.is_of(&theme, &shared, site)) {
        return Arc::clone(press);
    }
    let press = Arc::new(Press::new(theme, shared, site));
    memory.press = Some(Arc::clone(&press));
    press
}

fn copy_assets(assets: &[(&str, &Asset)], sink: &dyn Sink) {
    use rayon::prelude::*;
    assets.par_iter().for_each(|(path, asset)| sink.copy(path, asset));
}
