//! Compares the fast reader of code with syntect's parser, scope change for scope change.
//!
//! `cargo bench --bench highlight_differential -- [--lines N] DIR...` reads every file under the
//! directories whose name or extension a grammar knows, at most N lines of each language (2,500
//! unless told), and prints a line per language: files, lines that are the same, lines that differ,
//! files given up by the fast reader, files on which syntect did not return within its time.
//! Without directories it reads the samples of `tests/highlight`.

#![expect(clippy::print_stdout, reason = "a bench says what it measured")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use guidepost::parse::highlight::{Changes, Grammars};
use syntect::parsing::{ParseState, SyntaxReference, SyntaxSet};

/// Lines read of one file, and bytes of the longest line read.
const FILE_LINES: usize = 400;
const LONGEST: usize = 1_500;
/// How long syntect may take for a line.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Tally {
    files: usize,
    same: usize,
    different: usize,
    given_up: usize,
    hung: usize,
}

fn main() {
    let mut most = 2_500;
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        if argument == "--lines" {
            most = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(most);
        } else {
            collect(Path::new(&argument), &mut files);
        }
    }
    if files.is_empty() {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/highlight"), &mut files);
    }
    let set: &'static SyntaxSet = Box::leak(Box::new(two_face::syntax::extra_newlines()));
    let grammars = Grammars::new();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for path in files {
        let Some(grammar) = grammar(set, &path) else { continue };
        let tally = tallies.entry(&grammar.name).or_default();
        if tally.same >= most {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let lines = text.split_inclusive('\n').filter(|line| line.len() < LONGEST);
        compare(set, grammar, &grammars, &lines.take(FILE_LINES).collect::<String>(), &path, tally);
    }
    let mut total = Tally::default();
    for (name, tally) in &tallies {
        print(name, tally);
        total.files += tally.files;
        total.same += tally.same;
        total.different += tally.different;
        total.given_up += tally.given_up;
        total.hung += tally.hung;
    }
    print(&format!("{} languages", tallies.len()), &total);
    assert_eq!(total.different, 0, "lines differ");
}

fn print(name: &str, tally: &Tally) {
    let Tally { files, same, different, given_up, hung } = tally;
    println!("{name}: {files} files, {same} same, {different} different, {given_up} given up, {hung} hung");
}

/// Files under a path, links not followed.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().flatten() {
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
}

/// The grammar for a file's name or extension; for a sample, which is named for its language, that of
/// its stem.
fn grammar<'a>(set: &'a SyntaxSet, path: &Path) -> Option<&'a SyntaxReference> {
    let name = path.file_name()?.to_str()?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let sample = path.parent().is_some_and(|folder| folder.ends_with("tests/highlight"));
    let found = if sample {
        set.find_syntax_by_token(path.file_stem()?.to_str()?)
    } else {
        set.find_syntax_by_extension(name).or_else(|| set.find_syntax_by_extension(extension))
    };
    found.filter(|grammar| grammar.name != "Plain Text")
}

fn compare(
    set: &'static SyntaxSet,
    grammar: &'static SyntaxReference,
    grammars: &Grammars,
    code: &str,
    path: &Path,
    tally: &mut Tally,
) {
    tally.files += 1;
    let ours: Vec<Changes> = match grammars.changes(&grammar.name, code) {
        Some(Ok(changes)) => changes,
        other => {
            println!("{}: {:?}", path.display(), other.and_then(Result::err));
            tally.given_up += 1;
            return;
        }
    };
    let (sender, theirs) = mpsc::channel();
    let copy = code.to_owned();
    // A thread that hangs is left to itself: nothing can stop it.
    std::thread::spawn(move || {
        let mut state = ParseState::new(grammar);
        for line in copy.split_inclusive('\n') {
            let Ok(changes) = state.parse_line(line, set) else { return };
            if sender.send(changes).is_err() {
                return;
            }
        }
    });
    for ((number, line), ours) in code.split_inclusive('\n').enumerate().zip(ours) {
        match theirs.recv_timeout(PATIENCE) {
            Ok(theirs) if theirs == ours => tally.same += 1,
            Ok(theirs) => {
                tally.different += 1;
                println!(
                    "{}:{}: {line:?}\n  syntect {theirs:?}\n  ours    {ours:?}",
                    path.display(),
                    number + 1
                );
                return;
            }
            Err(RecvTimeoutError::Timeout) => {
                tally.hung += 1;
                return;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
