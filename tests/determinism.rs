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

/// Folders list their files in another order, files have other times and inodes, and the day comes from
/// `SOURCE_DATE_EPOCH`.
#[test]
fn the_order_of_folders_and_the_times_of_files_change_nothing() {
    let one = support::demo();
    let other = support::Site::empty();
    let mut files: Vec<_> = walkdir::WalkDir::new(one.root())
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .collect();
    // Last first: file systems list files as they came, or by hashes of names and inodes.
    files.sort_by(|a, b| b.cmp(a));
    for (age, file) in files.iter().enumerate() {
        let path = file.strip_prefix(one.root()).unwrap().to_str().unwrap();
        other.write_bytes(path, &std::fs::read(file).unwrap());
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000 * (age as u64 + 1));
        other.set_modified(path, time);
    }
    let build = |site: &support::Site, jobs: &str| {
        let status = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args(["build", "--quiet", "--output", "out", "--jobs", jobs, "--no-cache"])
            .env("SOURCE_DATE_EPOCH", "1795305600")
            .env("HOME", "/nonexistent")
            .current_dir(site.root())
            .status()
            .unwrap();
        assert!(status.success());
        support::published(&site.root().join("out"))
    };
    let (first, second) = (build(&one, "1"), build(&other, "5"));
    assert!(first.keys().eq(second.keys()), "the same files");
    for (path, bytes) in &first {
        assert!(*bytes == second[path], "{path} differs");
    }
}
