//! What the system refuses or lacks, in a namespace of its own where that can be arranged.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use super::preview::{Folder, Preview};

const URL: &str = "/guides/nurse/";

/// `guidepost serve` behind a line of shell, in new namespaces of the given kinds; `None`, and said so,
/// where the system lets nobody make one.
fn confined(kinds: &str, line: &str, folder: &Folder, arguments: &[&str]) -> Option<Command> {
    let allowed = Command::new("unshare").args([kinds, "sh", "-ec", line]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: this system does not allow `unshare {kinds} sh -c '{line}'`");
        return None;
    }
    let mut command = Command::new("unshare");
    command
        .args([kinds, "sh", "-ec", &format!("{line}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_guidepost"))
        .args(["serve", "--port", "0", "--color", "never", "--root"])
        .arg(folder.root())
        .args(arguments);
    Some(command)
}

/// Under a limit of the system's, changes are found all the same, and the limit is named.
fn limited(limit: &str, value: u32, said: &str) {
    let folder = Folder::new();
    let line = format!("echo {value} > /proc/sys/user/{limit}");
    let Some(command) = confined("-Ur", &line, &folder, &[]) else { return };
    let preview = Preview::start_program(command);
    let terminal = preview.said();
    assert!(terminal.contains(said), "{terminal}");
    assert!(terminal.contains("looking every 500 ms instead"), "{terminal}");
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nFound by looking.\n");
    preview.until_shows(URL, "Found by looking.");
    assert_eq!(preview.end("INT"), Some(0));
}

#[test]
fn without_watches_it_looks_by_itself() {
    limited("max_inotify_watches", 3, "fs.inotify.max_user_watches");
}

#[test]
fn without_a_watcher_it_looks_by_itself() {
    limited("max_inotify_instances", 0, "fs.inotify.max_user_instances");
}

#[test]
fn a_limit_reached_while_watching_is_survived() {
    let folder = Folder::new();
    // Enough for the folders that there are, and for a few more.
    let Some(command) = confined("-Ur", "echo 12 > /proc/sys/user/max_inotify_watches", &folder, &[]) else {
        return;
    };
    let preview = Preview::start_program(command);
    preview.until_shows(URL, "Old text.");
    assert!(!preview.said().contains("changes are not reported"), "{}", preview.said());
    for number in 0..20 {
        folder.write(&format!("content/new-{number}/page.md"), "---\ntitle: New\n---\nNew page.\n");
    }
    preview.until_shows("/new-19/page/", "New page.");
    folder.write("content/new-19/page.md", "---\ntitle: New\n---\nNewer page.\n");
    preview.until_shows("/new-19/page/", "Newer page.");
    assert!(preview.said().contains("fs.inotify.max_user_watches"), "{}", preview.said());
}

#[test]
fn other_devices_are_told_where_it_is() {
    let folder = Folder::new();
    let network =
        "ip link set lo up; ip addr add 10.77.0.2/24 dev lo; ip route add default dev lo src 10.77.0.2";
    let Some(command) = confined("-Urn", network, &folder, &["--lan"]) else { return };
    let preview = Preview::start_program(command);
    let line = preview.wait_for_line("other devices on this network: ");
    assert!(line.contains("http://10.77.0.2:"), "{line}");
    assert!(line.ends_with("/careers/"), "{line}");
    // The code that a camera reads is drawn below it.
    preview.wait_for_line("█");
}

#[test]
fn a_browser_is_opened_at_the_site() {
    let folder = Folder::new();
    let bin = folder.path("bin");
    fs::create_dir_all(&bin).unwrap();
    let note = folder.path("opened.txt");
    for name in ["xdg-open", "open", "gio", "gnome-open", "kde-open", "wslview", "kfmclient"] {
        let script = format!("#!/bin/sh\nfor last; do :; done\nprintf %s \"$last\" > '{}'\n", note.display());
        fs::write(bin.join(name), script).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    command
        .env("PATH", path)
        .args(["serve", "--port", "0", "--color", "never", "--open", "--root"])
        .arg(folder.root());
    let preview = Preview::start_program(command);
    let expected = format!("http://{}/careers/", preview.address);
    preview.until(URL, "is followed by an open browser", |_| {
        fs::read_to_string(&note).is_ok_and(|opened| opened == expected)
    });
}

/// The library that shows a program another clock. Its wrapper would leave the program running when
/// the test ends.
fn fake_clock() -> Option<PathBuf> {
    let libraries = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut places = libraries.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    places.find(|place| place.exists())
}

#[test]
fn midnight_brings_out_what_is_due() {
    let folder = Folder::new();
    let Some(library) = fake_clock() else {
        eprintln!("not tested: `faketime` is not installed");
        return;
    };
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\nexpires: 2026-03-02\n---\nOld text.\n");
    folder.write("content/guides/welder.md", "---\ntitle: Welder\npublished: 2026-03-02\n---\nSparks fly.\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME", "@2026-03-01 23:59:56")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("TZ", "UTC")
        .args(["serve", "--port", "0", "--color", "never", "--no-drafts", "--root"])
        .arg(folder.root());
    let preview = Preview::start_program(command);
    assert_eq!(preview.get("/guides/welder/").status, 404);
    preview.until_shows(URL, "Old text.");
    preview.until_shows("/guides/welder/", "Sparks fly.");
    preview.until(URL, "is past its day", |reply| reply.status == 404);
}
