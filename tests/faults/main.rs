//! What disks, systems and other programs do to a build, done to the real program: system calls that
//! fail, kills at every change of the disk, full and read-only file systems, things in the way.
//!
//! Needs Linux with `strace` and `unshare` (util-linux), and leave to trace processes and to make
//! namespaces. Where that is missing every test here fails and says so; `GUIDEPOST_NO_FAULTS=1` does
//! without them, knowingly. `GUIDEPOST_FAULTS=all` tries every error on every call (minutes).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod circumstances;
mod injected;
mod scene;
mod trace;

#[path = "../support/tally.rs"]
mod tally;
