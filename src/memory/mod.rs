//! Memory: what a build may remember from the one before.
//!
//! Dropping any of it is always correct; a build in a fresh process is the reference. Knows no
//! stage: what is remembered is given by the engine.

mod blobs;
mod each;
mod index;
mod memo;
mod name;
mod pack;
pub(crate) mod regular;
mod spool;
mod store;
mod stored;

pub use blobs::Blobs;
pub use each::{both, each};
pub use memo::{Counts, Memo, Recalled};
pub use name::Name;
pub use spool::Spool;
/// A map that is asked for every link of a site, where the standard hasher's guard against attackers is
/// not needed: who wrote the keys can only slow down their own site.
pub type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
/// The same for a set.
pub type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;

pub use store::{FOLDER, Kept, Opened, Record, Saving, Store};
pub use stored::Stored;
