//! What each stage costs: `cargo bench --bench stages`. Figures are for comparing one change with
//! another on one machine; `benches/peers/run` compares with other generators.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use guidepost::engine::{self, Memory, Nowhere};
use guidepost::parse::highlight::{Grammars, Highlighter, Reading};
use guidepost::parse::{self, Settings};
use guidepost::scan::{self, Inputs, Source, Stamps, Visibility};

fn main() {
    divan::main();
}

fn inputs(root: &Path) -> Inputs {
    let request = scan::Request {
        root,
        base_url: None,
        origin: None,
        today: Some(jiff::civil::date(2026, 11, 22)),
        now: SystemTime::now(),
        source_date_epoch: None,
        visibility: Visibility::default(),
        suspects: &BTreeSet::new(),
        output: &root.join("public"),
    };
    scan::scan(&request, &Stamps::default(), &|_, _| false).unwrap_or_else(|error| panic!("{error}"))
}

/// Leaves code plain.
fn plain() -> Highlighter {
    Highlighter::new(|_, _| Ok(Reading::Runs(Vec::new())))
}

fn demo() -> Inputs {
    inputs(Path::new(env!("CARGO_MANIFEST_DIR")))
}

#[divan::bench]
fn scan_the_demo(bencher: divan::Bencher<'_, '_>) {
    bencher.bench(demo);
}

/// One guide of 1,700 words, code left plain.
#[divan::bench]
fn parse_a_guide(bencher: divan::Bencher<'_, '_>) {
    let inputs = demo();
    let path: Arc<str> = Arc::from("content/guides/back-end-developer.md");
    let page = inputs.pages.iter().find(|page| page.path == path).map(Source::load);
    let Some(Ok(bytes)) = page else { panic!("the demo has no {path}") };
    let mut settings = Settings::of(&inputs.config);
    settings.highlight = false;
    let highlighter = plain();
    bencher.bench(|| parse::parse(&path, &bytes, &settings, &highlighter));
}

/// The same with its code highlighted in this process.
#[divan::bench]
fn parse_and_highlight_a_guide(bencher: divan::Bencher<'_, '_>) {
    let inputs = demo();
    let path: Arc<str> = Arc::from("content/guides/back-end-developer.md");
    let page = inputs.pages.iter().find(|page| page.path == path).map(Source::load);
    let Some(Ok(bytes)) = page else { panic!("the demo has no {path}") };
    let settings = Settings::of(&inputs.config);
    let highlighter = Highlighter::in_process();
    bencher.bench(|| parse::parse(&path, &bytes, &settings, &highlighter));
}

/// A sample of one language after another, with the automata warm.
#[divan::bench(args = ["python", "javascript", "rust", "php", "css", "json"])]
fn highlight(bencher: divan::Bencher<'_, '_>, language: &str) {
    let path = format!("{}/tests/highlight/{language}.txt", env!("CARGO_MANIFEST_DIR"));
    let Ok(code) = std::fs::read_to_string(&path) else { panic!("{path} cannot be read") };
    let grammars = Grammars::new();
    bencher
        .counter(divan::counter::BytesCount::of_str(&code))
        .bench_local(|| grammars.read_fast(language, &code));
}

/// Everything parsed already: links the site, and compares the theme.
#[divan::bench]
fn assemble_the_demo(bencher: divan::Bencher<'_, '_>) {
    let inputs = demo();
    let highlighter = plain();
    let mut memory = Memory::default();
    engine::plan(inputs.clone(), &highlighter, &mut memory);
    bencher.bench_local(|| engine::plan(inputs.clone(), &highlighter, &mut memory));
}

/// Every route of the demo, from a plan.
#[divan::bench]
fn render_the_demo(bencher: divan::Bencher<'_, '_>) {
    let plan = engine::plan(demo(), &plain(), &mut Memory::default());
    let routes: Vec<&str> = plan.site.routes.keys().map(String::as_str).collect();
    bencher.bench(|| engine::render(&plan, &routes, &mut Memory::default(), &Nowhere));
}

/// Nothing changed: what is left is linking, views and fingerprints.
#[divan::bench]
fn build_the_demo_again(bencher: divan::Bencher<'_, '_>) {
    let inputs = demo();
    let highlighter = plain();
    let mut memory = Memory::default();
    engine::build(inputs.clone(), &highlighter, &mut memory, &Nowhere);
    bencher.bench_local(|| engine::build(inputs.clone(), &highlighter, &mut memory, &Nowhere));
}

/// From nothing, code left plain.
#[divan::bench]
fn build_the_demo(bencher: divan::Bencher<'_, '_>) {
    let inputs = demo();
    let highlighter = plain();
    bencher.bench(|| engine::build(inputs.clone(), &highlighter, &mut Memory::default(), &Nowhere));
}
