//! `guidepost check`: the same build, which writes nothing and tells everything an editor would.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::check::baseline::Baseline;
use crate::check::mend;
use crate::check::policy::{Choice, OF_THE_WEB};
use crate::config::Config;
use crate::diagnostic::report::About;
use crate::diagnostic::{Code, Diagnostic, Severity, near};
use crate::engine::{self, Memory, Outcome};
use crate::error::Error;
use crate::fingerprint::Hashed;
use crate::memory::regular;
use crate::parse::{self, Settings};
use crate::write::{self, Change};

use super::Ending;
use super::args::{self, Global};
use super::external;
use super::fix::diff;
use super::site;
use super::terminal::{self, Terminal};

pub(super) fn run(global: &Global, options: &args::Check, terminal: &mut Terminal) -> Result<Ending, Error> {
    let started = Instant::now();
    let choice = Choice { only: rules(&options.only)?, skip: rules(&options.skip)? };
    site::use_threads(global);
    let mut memory = remembered(global, options);
    let mut looked = look(global, options, &choice, &mut memory, terminal)?;
    let fixed = if options.fix { fix(global, options, &looked, terminal)? } else { Fixed::Nothing };
    if matches!(fixed, Fixed::Done) {
        // Memory of one look alone has nothing for another.
        if options.no_cache {
            memory = remembered(global, options);
        }
        looked = look(global, options, &choice, &mut memory, terminal)?;
    }
    let save = || {
        if options.no_cache {
            return Ok(());
        }
        memory.save(&global.root).and_then(|()| memory.save_desk(&global.root))
    };
    let show = || match fixed {
        Fixed::Refused => Ok(Told::Ended(Ending::Problems)),
        Fixed::Nothing | Fixed::Done => tell(global, (options, &choice), looked, terminal),
    };
    // While people read, what was found is left to the next check; where there is one thread, after that.
    let (told, saved) = rayon::join(show, save);
    if let Err(error) = saved {
        // Slower the next time, and nothing else.
        let why = crate::error::reason(&error);
        terminal.detail(&format!("not remembered for the next check: {why}"));
    }
    let ending = told.map(|told| match told {
        Told::Ended(ending) => ending,
        Told::Found { pages, found } => {
            terminal.say(&summary(pages, &found, started));
            if found.iter().any(|finding| fails(finding, options)) { Ending::Problems } else { Ending::Fine }
        }
    });
    // The process ends: the system takes its memory back at one stroke.
    std::mem::forget(memory);
    ending
}

/// What the last build and the last check left, unless this one is to start from nothing.
fn remembered(global: &Global, options: &args::Check) -> Memory {
    if options.no_cache { Memory::fleeting() } else { Memory::load_for_check(&global.root) }
}

/// Whether a finding fails a check.
fn fails(finding: &Diagnostic, options: &args::Check) -> bool {
    match finding.severity {
        Severity::Error => true,
        Severity::Warning => options.strict,
        Severity::Info => false,
    }
}

/// What was told.
enum Told {
    /// All there is.
    Ended(Ending),
    /// These findings, which count.
    Found { pages: usize, found: Vec<Diagnostic> },
}

/// Settles findings with a baseline, and shows what is left.
fn tell(
    global: &Global,
    (options, choice): (&args::Check, &Choice),
    mut looked: Looked,
    terminal: &mut Terminal,
) -> Result<Told, Error> {
    // Of others nobody knows whether they would be found.
    let asked = |code| choice.wants(code) && (options.external || !OF_THE_WEB.contains(&code));
    if let Some(file) = &options.baseline {
        if options.write_baseline {
            write_baseline(global, file, &looked.found, asked)?;
            let count = terminal::count(looked.found.len(), "finding");
            terminal.say(&format!("{count} written to `{}`", file.display()));
            return Ok(Told::Ended(Ending::Fine));
        }
        let (known, gone) = read_baseline(global, file)?.settle(&mut looked.found, asked);
        let file = file.display();
        if known > 0 {
            terminal.say(&format!("{} known from `{file}` and not shown", terminal::count(known, "finding")));
        }
        if gone > 0 {
            let count = terminal::count(gone, "finding");
            terminal.say(&format!("{count} of `{file}` found no more; `--write-baseline` shortens it"));
        }
    }
    let Looked { config, today, found, pages, owners } = looked;
    let owners = |path: &str| owners.get(path).cloned().unwrap_or_default();
    let about = About { rule: &terminal::about, owners: &owners, title: &config.title, today };
    terminal.report(&found, &global.root, &about);
    Ok(Told::Found { pages, found })
}

/// What a look at the site found.
struct Looked {
    config: Arc<Hashed<Config>>,
    today: jiff::civil::Date,
    found: Vec<Diagnostic>,
    pages: usize,
    owners: BTreeMap<String, Vec<String>>,
}

fn look(
    global: &Global,
    options: &args::Check,
    choice: &Choice,
    memory: &mut Memory,
    terminal: &Terminal,
) -> Result<Looked, Error> {
    let inputs = site::scan(global, &options.selection, Path::new("public"), memory)?;
    let (config, today) = (Arc::clone(&inputs.config), inputs.today);
    let highlighter = site::highlighter()?;
    // What cannot be written now is tried, and told, at the end.
    let meanwhile = |memory: &mut Memory| {
        if !options.no_cache {
            let _untold = memory.save(&global.root);
        }
    };
    let (outcome, of_web) = if options.external {
        let (plan, outcome) = engine::check_anew(inputs, &highlighter, memory, &meanwhile);
        let addresses = engine::addresses(&plan, memory);
        let found = external::check(global, &addresses, &config.checks.external, terminal);
        (outcome, engine::judge(&plan, found))
    } else {
        (engine::check(inputs, &highlighter, memory, &meanwhile), Vec::new())
    };
    let Outcome { diagnostics: mut found, pages, owners, .. } = outcome;
    if !of_web.is_empty() {
        found.extend(of_web);
        crate::diagnostic::sort(&mut found);
    }
    found.retain(|finding| choice.wants(finding.code));
    Ok(Looked { config, today, found, pages, owners })
}

fn read_baseline(global: &Global, file: &Path) -> Result<Baseline, Error> {
    match regular::text(&global.root.join(file)) {
        Ok(text) => Ok(Baseline::parse(&text)),
        Err(error) => Err(Error::io("read the baseline", file, &error)
            .with_help("`--write-baseline` makes one of what is found now")),
    }
}

fn write_baseline(
    global: &Global,
    file: &Path,
    found: &[Diagnostic],
    asked: impl Fn(Code) -> bool,
) -> Result<(), Error> {
    let path = global.root.join(file);
    let former = if path.exists() {
        let text = regular::text(&path).map_err(|error| {
            Error::io("read the baseline", file, &error).with_help("name another file, or delete this one")
        })?;
        if !text.is_empty() && !Baseline::is_one(&text) {
            return Err(Error::new("write the baseline", file, "it is a file of another kind")
                .with_help("name a file that is not there yet, such as `known.txt`"));
        }
        Baseline::parse(&text)
    } else {
        Baseline::default()
    };
    std::fs::write(path, former.write(found, asked))
        .map_err(|error| Error::io("write the baseline", file, &error))
}

/// What became of the safe fixes.
enum Fixed {
    /// There were none to make.
    Nothing,
    /// Nobody said yes.
    Refused,
    /// They were made.
    Done,
}

/// Mends what needs no thought: shows the changes, asks, and makes them.
fn fix(global: &Global, options: &args::Check, looked: &Looked, terminal: &Terminal) -> Result<Fixed, Error> {
    let Fixes { changes, fixed, undescribed } = fixes(global, &looked.config, &looked.found)?;
    if changes.is_empty() {
        terminal.say("nothing to fix");
        return Ok(Fixed::Nothing);
    }
    for change in &changes {
        terminal.show(&diff(change))?;
    }
    if undescribed > 0 {
        let (pictures, are) =
            (terminal::count(undescribed, "picture"), if undescribed == 1 { "is" } else { "are" });
        terminal.say(&format!("{pictures} {are} left without a description, which `alt-missing` asks for"));
    }
    let files = terminal::count(changes.len(), "file");
    if !options.yes && !terminal.confirm(&format!("change {files}?")) {
        terminal.say("nothing was changed; `--yes` makes these changes without asking");
        return Ok(Fixed::Refused);
    }
    write::replace(&global.root, &changes)?;
    terminal.say(&format!("{} mended in {files}", terminal::count(fixed, "finding")));
    Ok(Fixed::Done)
}

/// Safe changes to a site.
struct Fixes {
    changes: Vec<Change>,
    /// How many findings they mend.
    fixed: usize,
    /// How many of those were descriptions of pictures, which a person has to write.
    undescribed: usize,
}

/// New texts of files, and what they mend. What would change more of a page than the finding is left to a
/// person: each text is read again.
fn fixes(global: &Global, config: &Config, found: &[Diagnostic]) -> Result<Fixes, Error> {
    let settings = Settings { highlight: false, ..Settings::of(config) };
    let highlighter = site::highlighter()?;
    let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, finding) in found.iter().enumerate().filter(|(_, finding)| mend::FIXABLE.contains(&finding.code))
    {
        by_file.entry(&finding.location.path).or_default().push(at);
    }
    let (mut changes, mut fixed, mut undescribed) = (Vec::new(), 0, 0);
    for (path, findings) in by_file {
        let Ok(before) = regular::text(&global.root.join(path)) else { continue };
        let path: Arc<str> = path.into();
        let (text, reading) = parse::reading(&path, before.as_bytes(), &settings);
        let wanted = |at: usize| (at, mend::fix(&found[at], &text, &reading, &config.checks));
        let wanted: Vec<_> =
            findings.into_iter().map(wanted).filter(|(_, edits)| !edits.is_empty()).collect();
        let parse = |text: &str| parse::parse(&path, text.as_bytes(), &settings, &highlighter);
        let (mended, after) = mend::safely(&before, &wanted, parse);
        fixed += mended.len();
        undescribed += mended.iter().filter(|at| found[**at].code == Code::AltPoor).count();
        if after != before {
            changes.push(Change { path: path.to_string(), before: Some(before), after });
        }
    }
    Ok(Fixes { changes, fixed, undescribed })
}

/// The rules that were named.
fn rules(names: &[String]) -> Result<Vec<Code>, Error> {
    names.iter().map(|name| rule(name)).collect()
}

/// The rule of a name.
pub(super) fn rule(name: &str) -> Result<Code, Error> {
    let known = || Code::ALL.iter().copied();
    known().find(|code| code.id() == name).ok_or_else(|| {
        let error = Error::usage("find the rule", name, "there is none of that name");
        match near(name, known().map(Code::id)) {
            Some(id) => error.with_help(format!("did you mean `{id}`?")),
            None => error.with_help("`guidepost explain` lists them"),
        }
    })
}

/// `12 pages checked: 2 errors, 1 warning (alt-missing 2, title-long 1) in 80 ms`
fn summary(pages: usize, found: &[Diagnostic], started: Instant) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in found {
        *counts.entry(finding.code.id()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(id, number)| (std::cmp::Reverse(*number), *id));
    let rules: Vec<String> = counts.into_iter().map(|(id, number)| format!("{id} {number}")).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
    format!(
        "{} checked: {}{rules} in {} ms",
        terminal::count(pages, "page"),
        terminal::findings(found),
        started.elapsed().as_millis()
    )
}
