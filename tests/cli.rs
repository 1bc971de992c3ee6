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

#[cfg(unix)]
#[test]
fn new_makes_no_page_through_a_link_out_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let (site, outside) = (folder.path().join("site"), folder.path().join("outside"));
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/site.in"), &site);
    std::fs::create_dir(&outside).unwrap();
    std::fs::create_dir(site.join("content/guides")).unwrap();
    for (link, target) in [("far", "../../outside"), ("gone", "../../nothing"), ("near", "guides")] {
        std::os::unix::fs::symlink(target, site.join("content").join(link)).unwrap();
    }
    let new = |page: &str| {
        let program = env!("CARGO_BIN_EXE_guidepost");
        let done =
            std::process::Command::new(program).args(["new", page]).current_dir(&site).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, said) = new("far/nurse");
    assert_eq!(code, Some(2));
    assert!(said.contains("`content/far`: this link leads out of the site"), "{said}");
    let (code, said) = new("gone/nurse");
    assert_eq!(code, Some(2));
    assert!(said.contains("`content/gone`: this cannot be read"), "{said}");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(new("near/nurse").0, Some(0));
    assert!(site.join("content/guides/nurse.md").exists());
}
