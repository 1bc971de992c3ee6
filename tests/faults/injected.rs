//! Every system call of a build that concerns the site fails, or is the last, one at a time.

use std::path::PathBuf;

use crate::scene::Scene;
use crate::tally;
use crate::trace::{self, Call, Ended};

/// The errors that a system answers a call with, most telling first.
fn errors(call: &Call) -> &'static [&'static str] {
    match call.name.as_str() {
        "write" | "ftruncate" | "copy_file_range" | "fallocate" | "sendfile" => &["ENOSPC", "EIO", "EDQUOT"],
        "openat" | "open" if call.changes() => &["ENOSPC", "EACCES", "EMFILE", "EROFS"],
        "openat" | "open" => &["EACCES", "EIO", "EMFILE"],
        "rename" | "renameat" | "renameat2" => &["EIO", "EACCES", "ENOSPC"],
        "mkdir" | "mkdirat" | "link" | "linkat" => &["ENOSPC", "EACCES", "EROFS"],
        "flock" => &["EIO"],
        _ => &["EIO", "EACCES"],
    }
}

fn every_error() -> bool {
    std::env::var_os("GUIDEPOST_FAULTS").is_some_and(|wish| wish == "all")
}

/// A run with a fault. How often a build looks at files depends on how long ago they were written, so on a slow
/// machine a call may not come at first.
fn with_fault(scene: &Scene, call: &Call, fault: &str) -> (PathBuf, Ended) {
    let tries = std::iter::repeat_with(|| {
        let site = scene.reset();
        trace::with_fault(&site, scene.command(), call, fault).map(|ended| (site, ended))
    });
    let came = tries.take(5).flatten().next();
    came.unwrap_or_else(|| panic!("`{}` number {} never came", call.name, call.number))
}

/// Tries faults on one command, and notes how many.
fn fail(row: &str, scene: &Scene) {
    let calls = trace::calls(&scene.reset(), scene.command());
    assert!(calls.iter().any(Call::changes), "a build that changes nothing");
    let (mut faults, mut files) = (0, 0);
    for (index, call) in calls.iter().enumerate() {
        let all = errors(call);
        // One error for each call, each in its turn, unless all are wished for.
        let chosen = if every_error() { all } else { std::slice::from_ref(&all[index % all.len()]) };
        // A call that only looks fails like its neighbours.
        if !call.changes()
            && !every_error()
            && matches!(call.name.as_str(), "statx" | "newfstatat" | "read")
            && index % 4 != 0
        {
            continue;
        }
        for error in chosen {
            let (site, ended) = with_fault(scene, call, &format!("error={error}"));
            files += scene.check(&site, &ended, &format!("{error} at {} ({})", call.line, call.number));
            faults += 1;
        }
    }
    tally::note(row, "faults", faults);
    tally::note(row, "files", files);
    assert!(faults > 50, "{faults}");
}

/// Kills the program right before each change of the disk: between two changes the disk is the same.
fn kill(row: &str, scene: &Scene) {
    let calls = trace::calls(&scene.reset(), scene.command());
    let (mut kills, mut files) = (0, 0);
    for call in calls.iter().filter(|call| call.changes()) {
        let (site, ended) = with_fault(scene, call, "signal=KILL");
        assert_eq!(ended.code, None, "{}", call.line);
        files += scene.check(&site, &ended, &format!("killed at {} ({})", call.line, call.number));
        kills += 1;
    }
    tally::note(row, "faults", kills);
    tally::note(row, "files", files);
    assert!(kills > 20, "{kills}");
}

#[test]
fn a_first_build_survives_every_failing_call() {
    if trace::wanted() {
        fail("fail-first", &Scene::first(&["build"]));
    }
}

#[test]
fn a_build_survives_every_failing_call() {
    if trace::wanted() {
        fail("fail", &Scene::edited(&["build"]));
    }
}

#[test]
fn an_atomic_build_survives_every_failing_call() {
    if trace::wanted() {
        fail("fail-atomic", &Scene::edited(&["build", "--atomic"]));
    }
}

#[test]
fn a_first_build_survives_a_kill_at_every_change() {
    if trace::wanted() {
        kill("kill-first", &Scene::first(&["build"]));
    }
}

#[test]
fn a_build_survives_a_kill_at_every_change() {
    if trace::wanted() {
        kill("kill", &Scene::edited(&["build"]));
    }
}

#[test]
fn an_atomic_build_survives_a_kill_at_every_change() {
    if trace::wanted() {
        kill("kill-atomic", &Scene::edited(&["build", "--atomic"]));
    }
}
