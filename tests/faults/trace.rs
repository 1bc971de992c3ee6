//! Runs of the program under strace: which system calls concern a site, and what comes of one that
//! fails or is the last.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Once;

/// One system call of a run, known by its name and how many of that name came before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// From 1.
    pub(crate) number: usize,
    /// As strace writes it.
    pub(crate) line: String,
}

impl Call {
    /// Whether the disk differs after it. Between two such calls a kill finds the same disk.
    pub(crate) fn changes(&self) -> bool {
        match self.name.as_str() {
            "openat" | "open" => self.line.contains("O_CREAT") || self.line.contains("O_TRUNC"),
            name => CHANGING.contains(&name),
        }
    }
}

const CHANGING: [&str; 17] = [
    "write",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "rmdir",
    "ftruncate",
    "link",
    "linkat",
    "copy_file_range",
    "sendfile",
    "fallocate",
    "fchmod",
    "chmod",
];

/// Calls that read, and can fail.
const READING: [&str; 8] =
    ["read", "pread64", "getdents64", "statx", "newfstatat", "flock", "fsync", "faccessat2"];

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) errors: String,
}

/// The program on a site, with one thread, so that calls come in the same order each time.
pub(crate) fn arguments(root: &Path, command: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = command.iter().map(|&part| part.to_owned()).collect();
    all.extend(["--root".to_owned(), root.display().to_string(), "--jobs".to_owned(), "1".to_owned()]);
    if command[0] == "build" {
        all.extend(["--today".to_owned(), "2026-11-22".to_owned()]);
    }
    all
}

/// Runs the program without faults.
pub(crate) fn run(root: &Path, command: &[&str]) -> Ended {
    finish(Command::new(env!("CARGO_BIN_EXE_guidepost")).args(arguments(root, command)))
}

/// Runs any command to its end.
pub(crate) fn finish(command: &mut Command) -> Ended {
    let output = command.env_remove("RUST_BACKTRACE").stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Ended { code: output.status.code(), errors }
}

/// Whether these tests are to be run; fails when they cannot be.
#[allow(clippy::print_stderr, reason = "a test that is not run says so")]
pub(crate) fn wanted() -> bool {
    static SAID: Once = Once::new();
    if std::env::var_os("GUIDEPOST_NO_FAULTS").is_some() {
        SAID.call_once(|| eprintln!("NOT RUN: faults are left out by GUIDEPOST_NO_FAULTS"));
        return false;
    }
    let probe = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let reason = match probe {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    panic!(
        "faults cannot be injected here: {reason}\ninstall `strace` and allow processes to be traced, or set \
         GUIDEPOST_NO_FAULTS=1 to do without these tests, knowingly"
    );
}

/// The calls of a run that name a file or folder below `root`, or the pipes of no one.
pub(crate) fn calls(root: &Path, command: &[&str]) -> Vec<Call> {
    let log = tempfile::tempdir().unwrap();
    let traced = CHANGING.iter().chain(&READING).chain(&["open", "openat"]);
    let names = traced.map(|name| format!("?{name}")).collect::<Vec<_>>().join(",");
    let ended = finish(
        Command::new("strace")
            .args(["-ff", "--seccomp-bpf", "-y", "-qq", "-s", "0", "-e", &format!("trace={names}"), "-o"])
            .arg(log.path().join("of"))
            .arg(env!("CARGO_BIN_EXE_guidepost"))
            .args(arguments(root, command)),
    );
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
    let site = root.display().to_string();
    let mut found = Vec::new();
    let threads: Vec<_> = std::fs::read_dir(log.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    for thread in threads {
        // Faults are counted for each thread.
        let mut counts: HashMap<String, usize> = HashMap::new();
        let known = found.len();
        for line in std::fs::read_to_string(thread).unwrap().lines() {
            let Some((name, _)) = line.split_once('(') else { continue };
            let number = counts.entry(name.to_owned()).or_default();
            *number += 1;
            if line.contains(&site) {
                found.push(Call { name: name.to_owned(), number: *number, line: line.to_owned() });
            }
        }
        // Beside it there is the watch over memory, which has nothing to do with the site.
        assert!(known == 0 || found.len() == known, "more than one thread works on the site");
    }
    found
}

/// Runs the program with a fault at one call: `error=ENOSPC`, `signal=KILL`; nothing when the call never came.
pub(crate) fn with_fault(root: &Path, command: &[&str], call: &Call, fault: &str) -> Option<Ended> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let inject = format!("inject={}:{fault}:when={}", call.name, call.number);
    let trace = format!("trace={}", call.name);
    // Quicker, but strace then sends no signals.
    let filter: &[&str] = if fault.starts_with("error") { &["--seccomp-bpf"] } else { &[] };
    let ended = finish(
        Command::new("strace")
            .args(filter)
            .args(["-f", "-y", "-qq", "-s", "0", "-e", &trace, "-e", &inject, "-o"])
            .arg(log.path())
            .arg(env!("CARGO_BIN_EXE_guidepost"))
            .args(arguments(root, command)),
    );
    let log = std::fs::read_to_string(log.path()).unwrap();
    // It ends as the program did, here by a signal.
    let happened = log.contains("(INJECTED)") || ended.code.is_none();
    happened.then_some(ended)
}
