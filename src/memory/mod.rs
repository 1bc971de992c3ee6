//! Memory: what a build may remember from the one before.
//!
//! Dropping any of it is always correct; a build in a fresh process is the reference. Knows no
//! stage: what is remembered is given by the engine.

mod blobs;
mod memo;
mod pack;
mod spool;
mod store;
mod stored;

pub use blobs::Blobs;
pub use memo::{Counts, Memo, Recalled};
pub use spool::Spool;
pub use store::{FOLDER, Kept, Loaded, Record, Saving, Store};
pub use stored::Stored;
