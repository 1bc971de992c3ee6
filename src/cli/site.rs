//! From options to a scanned site: what `build`, `list` and later commands share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::engine::Memory;
use crate::error::Error;
use crate::guard;
use crate::parse::highlight::Highlighter;
use crate::scan::{self, Inputs, Visibility};

use super::args::{Global, Selection};

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

/// Sets the number of threads for the whole program; without a wish, one per processor. One is this
/// one: the order of all that is done is then the same in every run.
pub(super) fn use_threads(global: &Global) {
    if let Some(jobs) = global.jobs.map(usize::from) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs);
        let pool = if jobs == 1 { pool.use_current_thread() } else { pool };
        // Only a second call can fail, and then the first one holds.
        let _ = pool.build_global();
    }
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
