//! The preview, driven as a browser and an editor drive it: the real program over loopback.
//!
//! Nothing here waits for a time to pass: each step waits for what it must bring about, and fails
//! only when that has not come long after it should have.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "what a system does not allow to be tested is said")]

mod answers;
mod beside;
mod hostile;
mod law;
mod life;
mod limits;
mod load;
mod preview;
mod saves;
#[path = "../support/tally.rs"]
mod tally;
