//! From options to a scanned site: what `build`, `list` and later commands share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::diagnostic::{Code, Diagnostic};
use crate::engine::Memory;
use crate::error::Error;
use crate::guard;
use crate::parse::highlight::Highlighter;
use crate::render::theme::growing;
use crate::scan::{self, Inputs, Visibility};

use super::PROBLEMS;
use super::args::{Global, Selection};
use super::terminal::{self, Terminal};

/// Scans the site that the options name.
pub(super) fn scan(
    global: &Global,
    selection: &Selection,
    output: &Path,
    memory: &Memory,
) -> Result<Inputs, Error> {
    let request = request(global, selection, output)?;
    scan::scan(&request, &memory.stamps, &|path, hash| memory.answers(path, hash))
}

/// The same with memory that is loaded meanwhile.
pub(super) fn scan_with(
    global: &Global,
    selection: &Selection,
    output: &Path,
    load: impl FnOnce() -> Memory + Send,
) -> Result<(Inputs, Memory), Error> {
    let request = request(global, selection, output)?;
    let (seen, memory) = rayon::join(|| scan::look(&request), load);
    let inputs = seen?.recall(&request, &memory.stamps, &|path, hash| memory.answers(path, hash));
    Ok((inputs, memory))
}

/// What to scan, as the options say.
pub(super) fn request<'a>(
    global: &'a Global,
    selection: &'a Selection,
    output: &'a Path,
) -> Result<scan::Request<'a>, Error> {
    const NONE: &BTreeSet<PathBuf> = &BTreeSet::new();
    Ok(scan::Request {
        root: &global.root,
        base_url: selection.base_url.as_deref(),
        origin: None,
        today: selection.today,
        now: SystemTime::now(),
        source_date_epoch: source_date_epoch()?,
        visibility: Visibility {
            drafts: selection.drafts,
            future: selection.future,
            expired: selection.expired,
        },
        suspects: NONE,
        output,
    })
}

/// Starts the threads of the whole program, one per processor or as many as somebody wishes. One is this
/// one: the order of all that is done is then the same in every run.
pub(super) fn use_threads(global: &Global) {
    if is_alone(global) { guard::room::alone() } else { use_threads_beside(global) }
}

/// The same where this thread has something else to do.
pub(super) fn use_threads_beside(global: &Global) {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    guard::room::share(global.jobs.map_or_else(all, usize::from));
}

/// Does work where calls inside calls have room, whichever thread does it.
pub(super) fn with_room<T>(global: &Global, work: impl FnOnce() -> T) -> T {
    if is_alone(global) { guard::room::here(work) } else { work() }
}

fn is_alone(global: &Global) -> bool {
    global.jobs.is_some_and(|jobs| jobs == 1)
}

/// The day in UTC: by `SOURCE_DATE_EPOCH`, else by the clock.
pub(super) fn today() -> Result<jiff::civil::Date, Error> {
    let now = match source_date_epoch()? {
        Some(seconds) => jiff::Timestamp::from_second(seconds)
            .map_err(|error| Error::new("use", "SOURCE_DATE_EPOCH", error.to_string()))?,
        None => jiff::Timestamp::now(),
    };
    Ok(now.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Refuses a search index that would depend on more than the site: its library asks the environment how
/// large its parts are to be.
pub(super) fn no_foreign_index() -> Result<(), Error> {
    const SIZE: &str = "PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE";
    if std::env::var_os(SIZE).is_none() {
        return Ok(());
    }
    let why = "it would make another search index of the same site";
    Err(Error::new("build with", SIZE, why).with_help("unset this variable of the environment"))
}

/// `SOURCE_DATE_EPOCH`, in seconds since 1970 (reproducible-builds.org).
pub(super) fn source_date_epoch() -> Result<Option<i64>, Error> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    match value.to_str().and_then(|text| text.parse().ok()) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(Error::new("read", "SOURCE_DATE_EPOCH", "it is not a whole number of seconds")
            .with_help("unset it, or set it to seconds since 1970, such as 1795219200")),
    }
}

/// Colours code with our own matcher; the rare block that it cannot treat is read in a child process
/// of this program, which may hang and is then ended.
pub(super) fn highlighter() -> Result<Highlighter, Error> {
    let program =
        guard::this_program().map_err(|error| Error::io("find", "this program's own file", &error))?;
    Ok(Highlighter::fast(guard::highlighter(program, guard::LIMIT)))
}

/// Ends the program with a problem of the site when a template takes all memory: the system would end it
/// without a word.
pub(super) fn end_when_greedy(global: &Global) {
    let (terminal, root) = (Terminal::new(global), global.root.clone());
    guard::memory::watch(move |greedy| {
        let problem = |found: &guard::memory::Greedy| {
            let (file, output, most) = (&found.template, &found.output, found.most >> 20);
            let message = format!("this template takes more than {most} MiB of memory for `{output}`");
            let place = |path: &str| scan::text(&root, path).and_then(|text| growing(&text));
            let mut found = Diagnostic::new(Code::Template, Arc::clone(file), place(file), message)
                .help("look for a text or a list that a loop makes of itself, such as `{% set x = x ~ x %}`");
            // It may be in what the template extends or includes.
            for path in own_templates(&root).iter().filter(|path| ***path != **file) {
                if let Some(span) = place(path) {
                    found = found.related(path.as_str(), span, "this makes a value of itself");
                }
            }
            found
        };
        let problems: Vec<Diagnostic> = greedy.iter().map(problem).collect();
        terminal.problems(&problems, &root);
        terminal.say(&format!("{}; nothing was published", terminal::findings(&problems)));
        #[expect(clippy::exit, reason = "nothing else stops a template, and the next step is the system's")]
        std::process::exit(PROBLEMS.into())
    });
}

/// The templates that the site has itself, as paths below its root.
fn own_templates(root: &Path) -> Vec<String> {
    let files = walkdir::WalkDir::new(root.join("templates")).sort_by_file_name().into_iter();
    let files = files.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_str()?.to_owned())).collect()
}
