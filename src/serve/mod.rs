//! The preview: `build` in a loop with memory, and a server that answers from it.
//!
//! In: a site's folder and what the command line says. Out: pages over HTTP, and news for the
//! terminal. Writes no file. What it answers is what `build` writes, save for the script that keeps
//! a browser up to date, the mark on pages that are not published, and what photographs tell about
//! their maker.
//!
//! One thread, the workshop, builds and remembers; it is told to look by the watcher, and asked for
//! outputs by the server, which knows nothing but the newest edition and a shelf of outputs.

mod edition;
mod http;
mod listen;
mod news;
mod problem;
mod settle;
mod shelf;
mod watch;
mod workshop;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::guard;
use crate::parse::highlight::Highlighter;
use crate::scan::{self, Visibility};
use edition::Board;
pub use listen::{Listen, Port, Reach};
pub use news::{News, Rebuilt, Split};
use workshop::Workshop;

/// What to preview, and for whom.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// The output folder, absolute or relative to the root; never looked into.
    pub output: PathBuf,
    /// Where to listen.
    pub listen: Listen,
    /// Which unpublished pages are shown.
    pub visibility: Visibility,
    /// Whether the search index is made too.
    pub search: bool,
    /// `--today`
    pub today: Option<jiff::civil::Date>,
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// Looks this often instead of waiting for the system to report changes.
    pub poll: Option<Duration>,
}

/// Where news goes.
pub type Say = Arc<dyn Fn(News<'_>) + Send + Sync>;

/// What the workshop needs to know.
#[derive(Debug)]
struct Preview {
    root: PathBuf,
    output: PathBuf,
    /// Scheme and authority under which the preview is asked for.
    origin: String,
    /// The same for other devices.
    lan: Option<String>,
    visibility: Visibility,
    search: bool,
    today: Option<jiff::civil::Date>,
    source_date_epoch: Option<i64>,
    poll: Option<Duration>,
}

impl Preview {
    /// Whether an event is about something that makes the site.
    fn is_source(&self, event: &notify::Event) -> bool {
        let is_ours = |path: &PathBuf| match path.strip_prefix(&self.root) {
            Ok(below) => below.components().next().is_none_or(|first| {
                scan::FOLDERS.iter().chain(&scan::FILES).any(|name| first.as_os_str() == *name)
            }),
            Err(_) => true,
        };
        event.paths.is_empty() || event.paths.iter().any(is_ours)
    }
}

/// Serves a site until the program is interrupted.
///
/// # Errors
/// When the port is taken, or the site cannot be read at the start.
pub fn run(options: Options, highlighter: Highlighter, say: Say) -> Result<(), Error> {
    let bound = listen::bind(&options.listen)?;
    let root = absolute(&options.root)?;
    let preview = Arc::new(Preview {
        root,
        output: options.output,
        origin: bound.origin,
        lan: bound.lan,
        visibility: options.visibility,
        search: options.search,
        today: options.today,
        source_date_epoch: options.source_date_epoch,
        poll: options.poll,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::io("start", "the server", &error))?;
    let (orders, inbox) = std::sync::mpsc::channel();
    let board = Arc::new(Board::new(orders.clone()));
    let (ended, end) = tokio::sync::oneshot::channel();
    let workshop = Workshop::new(preview, highlighter, Arc::clone(&board), (orders, inbox), say);
    guard::room::start("workshop", 2, move || drop(ended.send(workshop.run())))
        .map_err(|error| Error::io("start", "the workshop", &error))?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            () = interrupted() => Ok(()),
            outcome = end => outcome.unwrap_or_else(|_| Err(Error::new("go on with", "the preview", "it has ended by a bug"))),
            outcome = http::serve(bound.listener, board) => outcome,
        }
    });
    // Neither open connections nor work in hand keep the program.
    runtime.shutdown_background();
    outcome
}

/// The root without links to where the program was started; links in it stay.
fn absolute(root: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(root).map_err(|error| Error::io("find", root, &error))
}

/// Waits for Ctrl-C, or for the system's wish that the program end.
async fn interrupted() {
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
