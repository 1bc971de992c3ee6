//! Stamps: how a scan knows that a file is the one it read before, without reading it.
//!
//! In: what the file system says of a file. Out: [`Stamp`]s, and the hashes they vouch for.
//! Decides nothing about what a file is for.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::image::Size;
use crate::fingerprint::Fingerprint;
use crate::memory::Name;
pub(crate) use crate::memory::regular::open;

/// A file changed this shortly before a scan may have changed again within the same tick of the
/// file system's clock (FAT counts in two seconds), so its stamp proves nothing. Git calls such
/// entries of its index "racily clean".
const TICK: i128 = 2_000_000_000;
/// The same where the clock is a finer one: longer than the ticks by which any system's own clock goes.
const FINE_TICK: i128 = 100_000_000;
/// Room is made for so many stamps at once, at most.
const MOST_AT_ONCE: usize = 1 << 16;
/// No clock whose ticks are longer tells times that are no multiple of this (exFAT counts in as much).
const FINE: i128 = 10_000_000;

/// What the file system says of a file; equal stamps mean equal bytes, save within one clock tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub len: u64,
    /// Modification time, nanoseconds since 1970.
    pub modified: i128,
    /// Change time, nanoseconds since 1970; 0 where there is none.
    pub changed: i128,
    /// Inode; 0 where there is none.
    pub inode: u64,
}

impl Stamp {
    /// The stamp in a file's metadata.
    #[cfg(unix)]
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        Self {
            len: metadata.len(),
            modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    /// The stamp in a file's metadata.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        Self { len: metadata.len(), modified, changed: 0, inode: 0 }
    }
}

impl Stamp {
    /// Whether everything in it is older than a time by more than a clock tick.
    #[must_use]
    pub fn is_settled_at(&self, time: SystemTime) -> bool {
        self.is_settled(nanoseconds(time))
    }

    fn is_settled(&self, moment: i128) -> bool {
        // Nobody can set the change time, so it shows how fine the file system's clock is.
        let tick = if self.changed % FINE == 0 { TICK } else { FINE_TICK };
        self.changed != 0 && self.modified.max(self.changed).saturating_add(tick) <= moment
    }
}

/// What is known of files, by path.
type Files = BTreeMap<Arc<str>, (Stamp, Fingerprint)>;

/// Stamps and hashes of the last scan: memory, handed back to the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamps {
    /// When that scan began.
    pub taken: Option<SystemTime>,
    /// By path relative to the root.
    #[serde(deserialize_with = "in_order")]
    pub files: Files,
    /// Sizes of the images among them.
    pub sizes: BTreeMap<Arc<str>, Size>,
}

/// What is read in order becomes a map at one stroke.
fn in_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
    struct Entries;
    impl<'de> Visitor<'de> for Entries {
        type Value = Files;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("stamps by path")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            // A length that is not true must not ask for memory.
            let mut all = Vec::with_capacity(map.size_hint().unwrap_or_default().min(MOST_AT_ONCE));
            while let Some((Name(path), known)) = map.next_entry()? {
                all.push((path, known));
            }
            Ok(all.into_iter().collect())
        }
    }
    deserializer.deserialize_map(Entries)
}

impl Stamps {
    /// The hash of a file's bytes, when its stamp proves that they are the ones read before: it is
    /// equal, and everything in it is older than the last scan by more than a clock tick. The
    /// change time counts as well as the modification time, for only the latter can be put back; where
    /// there is none, a stamp proves nothing and the file is read.
    #[must_use]
    pub fn recall(&self, path: &str, stamp: &Stamp) -> Option<Fingerprint> {
        let taken = nanoseconds(self.taken?);
        let (known, fingerprint) = self.files.get(path)?;
        (known == stamp && known.is_settled(taken)).then_some(*fingerprint)
    }

    /// Whether every stamp vouches for its file, as far as age goes.
    #[must_use]
    pub fn are_settled(&self) -> bool {
        let Some(taken) = self.taken.map(nanoseconds) else { return self.files.is_empty() };
        self.files.values().all(|(stamp, _)| stamp.is_settled(taken))
    }

    /// Remembers the hash of the bytes that were read under a stamp.
    pub fn learn(&mut self, path: &Arc<str>, stamp: Stamp, fingerprint: Fingerprint) {
        self.files.insert(Arc::clone(path), (stamp, fingerprint));
    }
}

/// Nanoseconds since 1970, negative before.
fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |nanos: u128| i128::try_from(nanos).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => signed(after.as_nanos()),
        Err(before) => -signed(before.duration().as_nanos()),
    }
}

/// Hash and length of a file's bytes, in constant memory.
pub(crate) fn hash(file: &Path) -> io::Result<(Fingerprint, u64)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(open(file)?)?;
    Ok((hasher.finalize().into(), hasher.count()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn stamps(known: Stamp, taken: u64) -> Stamps {
        let mut stamps = Stamps { taken: Some(UNIX_EPOCH + Duration::from_secs(taken)), ..Stamps::default() };
        stamps.learn(&"a.md".into(), known, Fingerprint::of_bytes(b"a"));
        stamps
    }

    const OLD: Stamp = Stamp { len: 1, modified: 100_000_000_000, changed: 100_000_000_000, inode: 7 };

    #[test]
    fn a_settled_equal_stamp_vouches() {
        assert_eq!(stamps(OLD, 102).recall("a.md", &OLD), Some(Fingerprint::of_bytes(b"a")));
        assert_eq!(stamps(OLD, 102).recall("b.md", &OLD), None);
        assert_eq!(Stamps { taken: None, ..stamps(OLD, 102) }.recall("a.md", &OLD), None);
    }

    #[test]
    fn every_difference_is_seen() {
        let known = stamps(OLD, 102);
        assert_eq!(known.recall("a.md", &Stamp { len: 2, ..OLD }), None);
        assert_eq!(known.recall("a.md", &Stamp { modified: 1, ..OLD }), None);
        assert_eq!(known.recall("a.md", &Stamp { changed: 1, ..OLD }), None);
        assert_eq!(known.recall("a.md", &Stamp { inode: 1, ..OLD }), None);
    }

    #[test]
    fn a_fine_clock_has_short_ticks() {
        let fine = Stamp { changed: 100_000_000_001, ..OLD };
        let at = |millis| {
            let taken = Some(UNIX_EPOCH + Duration::from_millis(millis));
            Stamps { taken, ..stamps(fine, 0) }.recall("a.md", &fine)
        };
        assert_eq!((at(100_099), at(100_101)), (None, Some(Fingerprint::of_bytes(b"a"))));
    }

    #[test]
    fn without_a_change_time_nothing_is_proved() {
        let known = Stamp { changed: 0, ..OLD };
        assert_eq!(stamps(known, 102).recall("a.md", &known), None);
    }

    #[test]
    fn within_a_tick_of_the_scan_nothing_is_proved() {
        assert_eq!(stamps(OLD, 101).recall("a.md", &OLD), None);
        let put_back = Stamp { modified: 1, ..OLD };
        assert_eq!(stamps(put_back, 101).recall("a.md", &put_back), None);
    }
}
