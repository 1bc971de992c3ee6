//! Where the watcher looks.
//!
//! In: the site's folder. Out: orders to look, as the system reports events, from a thread of the
//! watcher's own. Decides nothing about when: that is for `settle`.
//!
//! The root is watched without what lies in it, so that `site.toml` and its neighbours are seen however they are saved;
//! the source folders are watched with all that lies in them.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::edition::Order;
use crate::scan;

/// A watcher and what it watches.
#[derive(Debug)]
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    mode: RecursiveMode,
    /// Which folder it was when it was last watched; `None` when there was none.
    identity: Option<Identity>,
}

/// Kinds of file system that do not report what others change, by the number that `statfs` gives
/// (`linux/magic.h`), with their names.
#[cfg(target_os = "linux")]
const SILENT: &[(u32, &str)] = &[
    (0x6969, "a network drive (NFS)"),
    (0x517B, "a network drive (SMB)"),
    (0xFF53_4D42, "a network drive (CIFS)"),
    (0xFE53_4D42, "a network drive (SMB)"),
    (0x0102_1997, "a folder shared with this system (9p)"),
    (0x786F_4256, "a folder shared with a virtual machine"),
    (0x00C3_6400, "a network drive (Ceph)"),
];

/// The kind of file system a folder lies on, if it is one that does not report changes.
#[cfg(target_os = "linux")]
fn silent(root: &Path) -> Option<&'static str> {
    let kind = rustix::fs::statfs(root).ok()?.f_type;
    // The numbers are 32 bits, however wide the field is.
    let kind = u32::try_from(kind & 0xFFFF_FFFF).ok()?;
    SILENT.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
}

#[cfg(not(target_os = "linux"))]
fn silent(_: &Path) -> Option<&'static str> {
    None
}

/// What tells a folder from another that took its name.
type Identity = (u64, u64);

impl Watch {
    /// Starts to watch a site; orders arrive from now on.
    ///
    /// # Errors
    /// When the system's watcher cannot be had; the reason is for people.
    pub(super) fn start(root: &Path, orders: Sender<Order>) -> Result<Self, String> {
        if let Some(kind) = silent(root) {
            return Err(format!("the site lies on {kind}"));
        }
        let watcher = notify::recommended_watcher(move |event| pass_on(event, &orders));
        let watcher = watcher.map_err(|error| explain(&error))?;
        let place = |path, mode| Place { path, mode, identity: None };
        let mut places = vec![place(root.to_owned(), RecursiveMode::NonRecursive)];
        places.extend(scan::FOLDERS.iter().map(|name| place(root.join(name), RecursiveMode::Recursive)));
        let mut watch = Self { watcher, places };
        watch.refresh()?;
        Ok(watch)
    }

    /// Watches folders that are new, or others than they were.
    ///
    /// # Errors
    /// When the system has no room for more watches; the reason is for people.
    pub(super) fn refresh(&mut self) -> Result<(), String> {
        for place in &mut self.places {
            let identity = identity(&place.path);
            if identity == place.identity {
                continue;
            }
            if place.identity.take().is_some() {
                // What is gone is no longer watched, which is what is asked for.
                let _ = self.watcher.unwatch(&place.path);
            }
            if identity.is_some() {
                match self.watcher.watch(&place.path, place.mode) {
                    Ok(()) => place.identity = identity,
                    // Gone again: the next refresh will tell.
                    Err(error) if is_gone(&error) => {}
                    Err(error) => return Err(explain(&error)),
                }
            }
        }
        Ok(())
    }
}

/// Reading is no news, and the thread that reads should not be woken by it.
fn pass_on(event: notify::Result<Event>, orders: &Sender<Order>) {
    let order = match event {
        Ok(event) => match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Order::Look(event),
            EventKind::Access(_) => return,
            _ => Order::Look(event),
        },
        Err(error) if is_gone(&error) => return,
        Err(error) => Order::Blind(explain(&error)),
    };
    // Nobody listens any more when the program ends.
    let _ = orders.send(order);
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Why files cannot be watched, and what to do.
fn explain(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "the system's limit for watched folders is reached; raise it with \
             `sudo sysctl fs.inotify.max_user_watches=524288`"
                .to_owned()
        }
        notify::ErrorKind::Io(error) if error.raw_os_error() == Some(TOO_MANY_OPEN) => {
            "the system's limit for programs that watch is reached; raise it with \
             `sudo sysctl fs.inotify.max_user_instances=512`"
                .to_owned()
        }
        notify::ErrorKind::Io(error) => crate::error::reason(error),
        _ => error.to_string(),
    }
}

/// `EMFILE`, which Linux also answers when a user has too many watchers.
const TOO_MANY_OPEN: i32 = 24;

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|_| (0, 0))
}
