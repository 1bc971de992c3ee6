//! Same input, same bytes: whatever the threads, the time zone, the locale or the folder.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::process::Command;

#[test]
fn threads_zone_and_locale_change_nothing() {
    let site = support::demo();
    let circumstances: [&[(&str, &str)]; 3] = [
        &[("TZ", "UTC"), ("LANG", "C"), ("LC_ALL", "C")],
        &[("TZ", "Pacific/Kiritimati"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8")],
        &[("TZ", "America/Los_Angeles"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")],
    ];
    let mut builds = Vec::new();
    for (number, circumstance) in circumstances.iter().enumerate() {
        let root = site.root();
        let status = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args(["build", "--today", "2026-11-22", "--quiet", "--jobs", &(number * 3 + 1).to_string()])
            .args(["--output", &format!("out-{number}")])
            .current_dir(&root)
            .envs(circumstance.iter().copied())
            .status()
            .unwrap();
        assert!(status.success());
        builds.push(support::published(&root.join(format!("out-{number}"))));
    }
    assert!(builds[0].len() > 30);
    for build in &builds[1..] {
        assert!(build.keys().eq(builds[0].keys()), "the same files");
        for (path, bytes) in build {
            assert!(*bytes == builds[0][path], "{path} differs");
        }
    }
}
