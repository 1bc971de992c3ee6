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
pub(super) const MANY: usize = 16;
/// Silence after which many changes at once are over.
const BURST_SILENCE: Duration = Duration::from_millis(80);
/// Many changes are looked at after this time though there are still more.
const BURST_PATIENCE: Duration = Duration::from_secs(30);
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
        let hints = if self.is_burst() {
            let (first, last) = (self.first?, self.last?);
            Some((last + BURST_SILENCE).min(first + BURST_PATIENCE))
        } else {
            // One that is not ready holds the others back: they may be one save.
            let heavy = self.hints.values().filter(|hint| hint.weight == Weight::Heavy);
            heavy.map(|hint| hint.due).max().or_else(|| self.hints.values().map(|hint| hint.due).min())
        };
        hints.into_iter().chain(self.again).min()
    }

    /// Whether more changes than one person makes.
    pub(super) fn is_burst(&self) -> bool {
        self.hints.len() > MANY
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

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Event, MetadataKind};

    use super::*;

    const WRITTEN: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const MODIFIED: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const FROM: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));
    const TO: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));
    const BOTH: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::Both));

    /// A series of events: milliseconds, kind, paths. `a.md` is known. Returns when the look is due.
    fn due(events: &[(u64, EventKind, &[&str])]) -> Option<u64> {
        let start = Instant::now();
        let mut settle = Settle::default();
        for (at, kind, paths) in events {
            let event = paths.iter().fold(Event::new(*kind), |event, path| event.add_path(path.into()));
            settle.note(&event, start + Duration::from_millis(*at), |path| path == Path::new("/s/a.md"));
        }
        settle.due().map(|due| u64::try_from((due - start).as_millis()).unwrap())
    }

    #[test]
    fn what_is_finished_is_looked_at_at_once() {
        for (kind, paths) in [
            (WRITTEN, &["/s/a.md"][..]),
            (FROM, &["/s/a.md"]),
            (BOTH, &["/s/a.md", "/s/b.md"]),
            (EventKind::Remove(RemoveKind::File), &["/s/a.md"]),
            (EventKind::Remove(RemoveKind::Folder), &["/s/x"]),
            (EventKind::Create(CreateKind::Folder), &["/s/x"]),
        ] {
            assert_eq!(due(&[(5, kind, paths)]), Some(5), "{kind:?}");
        }
    }

    #[test]
    fn a_modification_waits_for_its_close_or_for_silence() {
        assert_eq!(due(&[(0, MODIFIED, &["/s/a.md"])]), Some(30));
        assert_eq!(due(&[(0, MODIFIED, &["/s/a.md"]), (20, MODIFIED, &["/s/a.md"])]), Some(50));
        assert_eq!(due(&[(0, MODIFIED, &["/s/a.md"]), (20, WRITTEN, &["/s/a.md"])]), Some(20));
        let mut without_end: Vec<(u64, EventKind, &[&str])> = Vec::new();
        for at in 0..100 {
            without_end.push((at * 20, MODIFIED, &["/s/a.md"]));
        }
        assert_eq!(due(&without_end), Some(1000));
    }

    #[test]
    fn the_first_half_of_a_save_waits_for_the_second() {
        let aside: [(u64, EventKind, &[&str]); 3] =
            [(0, FROM, &["/s/a.md"]), (0, TO, &["/s/a.md~"]), (0, BOTH, &["/s/a.md", "/s/a.md~"])];
        assert_eq!(due(&aside), Some(150));
        let mut whole = aside.to_vec();
        whole.extend([
            (3, EventKind::Create(CreateKind::File), &["/s/a.md"][..]),
            (4, MODIFIED, &["/s/a.md"]),
            (5, WRITTEN, &["/s/a.md"]),
            (6, EventKind::Remove(RemoveKind::File), &["/s/a.md~"]),
        ]);
        assert_eq!(due(&whole), Some(5));
        for backup in ["/s/a.md.bak", "/s/a.bak", "/s/a.md___jb_old___", "/s/a.md.orig"] {
            assert!(is_backup(Path::new("/s/a.md"), Path::new(backup)), "{backup}");
        }
        for other in ["/s/b.md", "/s/ab.md", "/t/a.md~", "/s/a2.md"] {
            assert!(!is_backup(Path::new("/s/a.md"), Path::new(other)), "{other}");
        }
    }

    #[test]
    fn strangers_and_litter_and_reading() {
        assert_eq!(due(&[(0, WRITTEN, &["/s/sedX1y2"])]), Some(20));
        assert_eq!(due(&[(0, WRITTEN, &["/s/new.md"])]), Some(0));
        assert_eq!(due(&[(0, WRITTEN, &["/s/.a.md.swp"]), (0, WRITTEN, &["/s/4913"])]), None);
        assert_eq!(due(&[(0, EventKind::Access(AccessKind::Open(AccessMode::Any)), &["/s/a.md"])]), None);
        // Times and permissions wait, and hold nothing back.
        let touched = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
        assert_eq!(due(&[(0, touched, &["/s/a.md"])]), Some(30));
        assert_eq!(due(&[(0, touched, &["/s/b.md"]), (1, WRITTEN, &["/s/a.md"])]), Some(1));
    }

    #[test]
    fn many_at_once_are_one() {
        let names: Vec<String> = (0..1000).map(|number| format!("/s/{number}.md")).collect();
        let start = Instant::now();
        let mut settle = Settle::default();
        for (at, name) in names.iter().enumerate() {
            let event = Event::new(WRITTEN).add_path(name.into());
            settle.note(&event, start + Duration::from_millis(at as u64), |_| true);
        }
        assert_eq!(settle.due(), Some(start + Duration::from_millis(999) + BURST_SILENCE));
        assert_eq!(settle.take(start).len(), 1000);
        assert_eq!(settle.due(), None);
    }

    #[test]
    fn a_full_queue_means_look_everywhere() {
        let event = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        let mut settle = Settle::default();
        let now = Instant::now();
        settle.note(&event, now, |_| false);
        assert_eq!(settle.due(), Some(now));
    }
}
