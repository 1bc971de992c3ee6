//! `guidepost build`: scan, build, and commit when there is no error.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{self, Indexing, Memory, Outcome};
use crate::error::{Error, reason};
use crate::memory::FOLDER;
use crate::write::{self, Adopt, Mode, Target, Written};

use super::Ending;
use super::args::{self, Global};
use super::terminal::Terminal;
use super::{site, terminal};

pub(super) fn run(global: &Global, options: &args::Build, terminal: &mut Terminal) -> Result<Ending, Error> {
    let started = Instant::now();
    site::use_threads(global);
    // Relative folders are below the site's own.
    let output = options.output.as_path();
    let target = Target {
        root: &global.root,
        output,
        mode: if options.atomic { Mode::Atomic } else { Mode::InPlace },
        adopt: if options.force { Adopt::Force } else { Adopt::Refuse },
    };
    let load = || remembered(global, options);
    let (inputs, mut memory) = site::scan_with(global, &options.selection, output, load)?;
    memory.progress = terminal.progress();
    if inputs.config.search.enabled {
        site::no_foreign_index()?;
    }
    let scanned = started.elapsed();
    let folder =
        std::path::absolute(global.root.join(output)).map_err(|error| Error::io("find", output, &error))?;
    let stage = write::open(&target, memory.output_stamps(&folder))?;
    memory.spool(folder.parent().unwrap_or(&folder));
    let sink = engine::StageSink::new(stage);
    let mut outcome = engine::build(inputs, &site::highlighter()?, &mut memory, &sink);
    outcome.diagnostics = terminal.with_notes(outcome.diagnostics, std::mem::take(&mut outcome.notes));
    let built = started.elapsed();
    terminal.detail(&format!(
        "scanned in {} ms; parsed {} and rendered {} of {} outputs in {} ms",
        scanned.as_millis(),
        terminal::count(outcome.parsed.fresh, "file"),
        outcome.rendered.fresh,
        outcome.routes,
        built.saturating_sub(scanned).as_millis()
    ));
    terminal.problems(&outcome.diagnostics, &global.root);
    let stage = sink.finish()?;
    if outcome.has_errors() || (options.strict && has_warnings(&outcome.diagnostics)) {
        stage.abandon();
        if !options.no_cache {
            let started = Instant::now();
            let saved = memory.save(&global.root);
            tell(&memory, saved, started, terminal);
        }
        terminal.say(&format!("{}; nothing was published", terminal::findings(&outcome.diagnostics)));
        return Ok(Ending::Problems);
    }
    let say_written = |terminal: &Terminal, at: Duration| {
        terminal.detail(&format!("written in {} ms", at.saturating_sub(built).as_millis()));
    };
    let written = if options.no_cache {
        let written = stage.commit_for_good()?;
        say_written(terminal, started.elapsed());
        written
    } else {
        let commit = || {
            let (written, stamps) = stage.commit()?;
            Ok(((written, started.elapsed()), (folder, stamps)))
        };
        let begun = Instant::now();
        let ((written, at), saved) = memory.save_while(&global.root, commit)?;
        say_written(terminal, at);
        tell(&memory, saved, begun, terminal);
        written
    };
    terminal.say(&summary(&outcome, &written, started));
    // The process ends: the system takes its memory back at one stroke.
    std::mem::forget(memory);
    Ok(Ending::Fine)
}

/// What the last build left, unless this one is to start from nothing.
fn remembered(global: &Global, options: &args::Build) -> Memory {
    if options.no_cache { Memory::fleeting() } else { Memory::load(&global.root) }
}

/// Says whether what is remembered is left to the next build. Only time is lost when it is not.
fn tell(memory: &Memory, saved: std::io::Result<()>, started: Instant, terminal: &Terminal) {
    if let Some((first, more)) = memory.losses().split_first() {
        let more = if more.is_empty() { String::new() } else { format!(" (and {} more)", more.len()) };
        terminal.detail(&format!("memory in `{FOLDER}` could not be used: {first}{more}"));
    }
    match saved {
        Ok(()) => terminal.detail(&format!("remembered in {} ms", started.elapsed().as_millis())),
        Err(error) => terminal.detail(&format!("nothing is remembered in `{FOLDER}`: {}", reason(&error))),
    }
}

fn has_warnings(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Warning)
}

/// `12 pages, 40 files written, 3 unchanged, 1 deleted in 82 ms`
fn summary(outcome: &Outcome, written: &Written, started: Instant) -> String {
    let mut line = format!(
        "{}, {} written, {} unchanged",
        terminal::count(outcome.pages, "page"),
        terminal::count(written.written, "file"),
        written.unchanged
    );
    // Writing to a string cannot fail.
    if written.deleted > 0 {
        let _ = write!(line, ", {} deleted", written.deleted);
    }
    let findings = terminal::findings(&outcome.diagnostics);
    if !outcome.diagnostics.is_empty() {
        let _ = write!(line, ", {findings}");
    }
    if outcome.more > 0 {
        let _ = write!(line, "; {} of `guidepost check`", terminal::count(outcome.more, "finding"));
    }
    let _ = write!(line, " in {} ms", started.elapsed().as_millis());
    if let Some(Indexing { pages, took: Some(took) }) = outcome.search {
        let _ = write!(line, " ({} ms for search over {})", took.as_millis(), terminal::count(pages, "page"));
    }
    line
}
