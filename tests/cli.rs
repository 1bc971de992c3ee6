//! What a user sees: commands in `tests/cli`, with their output and exit code.
//!
//! The commands of `<name>.trycmd` run one after the other in a copy of `<name>.in`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

#[test]
fn commands_say_what_they_should() {
    let folder = tempfile::tempdir().unwrap();
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"), folder.path());
    trycmd::TestCases::new().case(folder.path().join("*.trycmd"));
}
