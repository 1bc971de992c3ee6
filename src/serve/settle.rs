//! When to act on what the watcher says: a save should be seen whole, once, and without delay.
//!
//! In: events and the time they came. Out: when to look, and where. What an event says of a file's
//! content is never believed: it only names a place. Reads no clock and touches no file.
//!
//! A file that was closed after writing, renamed or deleted is looked at at once. One that was
//! merely modified waits for its close, or for a short silence. The first half of a save that moves
//! the old file out of the way waits for its second half. Many files at once wait for the last.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind};

/// A modification is taken for whole after this silence when no close comes.
const SILENCE: Duration = Duration::from_millis(30);
/// A file that is written to without pause is looked at after this time all the same.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the second half of a save may take.
const RETURN: Duration = Duration::from_millis(150);
/// A file nobody knew, which may be an editor's own: it is given this long to go away.
const STRANGER: Duration = Duration::from_millis(20);
/// More files than this at once are not one person's saving.
const MANY: usize = 16;
/// Silence after which many changes at once are over.
const BURST_SILENCE: Duration = Duration::from_millis(80);
/// Many changes are looked at after this time though there are still more.
const BURST_PATIENCE: Duration = Duration::from_secs(10);
/// A new folder is looked at once more, for what came into it before it was watched.
const ONCE_MORE: Duration = Duration::from_millis(60);

/// What is to be looked at, and when.
#[derive(Debug, Default)]
pub(super) struct Settle {
    hints: BTreeMap<PathBuf, Hint>,
    first: Option<Instant>,
    last: Option<Instant>,
    again: Option<Instant>,
}

/// What is known of one place.
#[derive(Debug, Clone, Copy)]
struct Hint {
    since: Instant,
    due: Instant,
    weight: Weight,
}

/// Whether a place must be settled before anything is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Only its times or permissions changed.
    Light,
    /// Its content may have.
    Heavy,
}

impl Settle {
    /// Takes note of an event. `known` says whether the site knows a file.
    pub(super) fn note(&mut self, event: &Event, now: Instant, known: impl Fn(&Path) -> bool) {
        let Some(path) = event.paths.last() else {
            if event.need_rescan() {
                self.hint(Path::new(""), now, now, Weight::Heavy);
            }
            return;
        };
        if event.need_rescan() {
            self.hint(path, now, now, Weight::Heavy);
        }
        if let EventKind::Modify(ModifyKind::Name(RenameMode::Both)) = event.kind {
            self.note_rename(event, now, known);
        } else if !is_litter(path) {
            self.note_one(event.kind, path, now, known);
        }
    }

    fn note_one(&mut self, kind: EventKind, path: &Path, now: Instant, known: impl Fn(&Path) -> bool) {
        match kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                let due = if known(path) || is_source(path) { now } else { now + STRANGER };
                self.hint(path, now, due, Weight::Heavy);
            }
            EventKind::Access(_) => {}
            EventKind::Create(CreateKind::Folder) => {
                self.hint(path, now, now, Weight::Heavy);
                self.again = Some(now + ONCE_MORE);
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
                self.hint(path, now, now, Weight::Heavy);
                if !known(path) {
                    self.again = Some(now + ONCE_MORE);
                }
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::From))
            | EventKind::Remove(RemoveKind::File | RemoveKind::Folder) => {
                self.hint(path, now, now, Weight::Heavy);
            }
            EventKind::Modify(ModifyKind::Metadata(_)) => {
                if !self.hints.contains_key(path) {
                    self.hint(path, now, now + SILENCE, Weight::Light);
                }
            }
            _ => {
                let since = self.hints.get(path).map_or(now, |hint| hint.since);
                self.hint(path, now, (now + SILENCE).min(since + PATIENCE), Weight::Heavy);
            }
        }
    }

    /// A rename of which both names are known.
    fn note_rename(&mut self, event: &Event, now: Instant, known: impl Fn(&Path) -> bool) {
        let [from, to] = event.paths.as_slice() else { return };
        if is_backup(from, to) {
            // The old file was put aside; the new one is on its way.
            self.hint(from, now, now + RETURN, Weight::Heavy);
            if !is_litter(to) && known(to) {
                self.hint(to, now, now, Weight::Heavy);
            }
            return;
        }
        for path in [from, to] {
            if !is_litter(path) {
                self.hint(path, now, now, Weight::Heavy);
            }
        }
    }

    /// Looks at a place again, after a while.
    pub(super) fn postpone(&mut self, path: &Path, now: Instant) {
        self.hint(path, now, now + SILENCE, Weight::Heavy);
    }

    /// Keeps a place in mind that was looked at too early; `first` is when it first changed.
    pub(super) fn remember(&mut self, path: &Path, first: Instant, now: Instant) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        let hint = Hint { since: first, due: now, weight: Weight::Heavy };
        self.hints.entry(path.to_owned()).or_insert(hint);
    }

    fn hint(&mut self, path: &Path, now: Instant, due: Instant, weight: Weight) {
        self.first.get_or_insert(now);
        self.last = Some(now);
        let hint = self.hints.entry(path.to_owned()).or_insert(Hint { since: now, due, weight });
        hint.due = due;
        hint.weight = hint.weight.max(weight);
    }

    /// When the next look is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let hints = if self.hints.len() > MANY {
            let (first, last) = (self.first?, self.last?);
            Some((last + BURST_SILENCE).min(first + BURST_PATIENCE))
        } else {
            // One that is not ready holds the others back: they may be one save.
            let heavy = self.hints.values().filter(|hint| hint.weight == Weight::Heavy);
            heavy.map(|hint| hint.due).max().or_else(|| self.hints.values().map(|hint| hint.due).min())
        };
        hints.into_iter().chain(self.again).min()
    }

    /// When the first thing happened that has not been published.
    pub(super) fn first(&self) -> Option<Instant> {
        self.first
    }

    /// Whether what was just read may be out of date already.
    pub(super) fn is_unsettled(&self) -> bool {
        self.hints.values().any(|hint| hint.weight == Weight::Heavy)
    }

    /// The places to look at; nothing is due after this.
    pub(super) fn take(&mut self, now: Instant) -> BTreeSet<PathBuf> {
        self.first = None;
        self.last = None;
        self.again = self.again.filter(|again| *again > now);
        std::mem::take(&mut self.hints).into_keys().collect()
    }
}

/// Whether a renamed file was only put aside by an editor that is about to write it anew.
fn is_backup(from: &Path, to: &Path) -> bool {
    if from.parent() != to.parent() {
        return false;
    }
    let (Some(from), Some(name)) = (from.file_name(), to.file_name()) else { return false };
    let (from, name) = (from.to_string_lossy(), name.to_string_lossy());
    let stem = from.rsplit_once('.').map_or(&*from, |(stem, _)| stem);
    let aside = |ending: &str| ["bak", "bck", "old", "orig", "save", "tmp", "backup"].contains(&ending);
    is_litter(to)
        || name.strip_prefix(&*from).is_some_and(|rest| rest.starts_with(['.', '~', '_', '-']))
        || name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.')).is_some_and(aside)
}

/// Whether a file is text that somebody writes for the site.
fn is_source(path: &Path) -> bool {
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
    ["md", "markdown", "toml", "yaml", "yml", "csv", "html", "css", "js", "xml"].contains(&suffix)
}

/// Whether a name is one that a scan leaves out.
fn is_litter(path: &Path) -> bool {
    path.file_name().is_some_and(|name| crate::scan::is_litter(&name.to_string_lossy()))
}
