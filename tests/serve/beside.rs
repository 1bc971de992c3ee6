//! A preview and builds at work on one site, while somebody edits it and any of them is killed.
//!
//! Every edit puts a number into a page and another into a template. Whatever is published or served was
//! made of one state of both, so no file and no answer may hold two numbers of a kind.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use guidepost::engine::Memory;

use crate::preview::{Folder, Preview};

const TODAY: [&str; 2] = ["--today", "2026-11-22"];
const PAGE: &str = "/guides/nurse/";

/// What an edit's number follows in a page, and in a template.
const WORDS: [&str; 2] = ["edit-of-page-", "edit-of-footer-"];

/// The numbers that edits put behind a word, in the order in which they are found.
fn numbers(text: &str, word: &str) -> Vec<usize> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.split(word).skip(1).map(|rest| digits(rest).parse().unwrap_or(usize::MAX)).collect()
}

/// What is wrong with a file or an answer; nothing when it is whole.
fn fault(path: &str, text: &str) -> Option<String> {
    for word in WORDS {
        let found = numbers(text, word);
        if found.windows(2).any(|pair| pair[0] != pair[1]) {
            return Some(format!("{path} is a mixture of {word}{found:?}"));
        }
    }
    let is_whole = match path.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => text.starts_with("<!DOCTYPE html>") && text.trim_end().ends_with("</html>"),
        "xml" => {
            let mut reader = quick_xml::Reader::from_str(text);
            let mut depth = 0_usize;
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Start(_)) => depth += 1,
                    Ok(quick_xml::events::Event::End(_)) => depth -= 1,
                    Ok(quick_xml::events::Event::Eof) => break depth == 0 && !text.is_empty(),
                    Ok(_) => {}
                    Err(_) => break false,
                }
            }
        }
        "json" => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        _ => !text.is_empty(),
    };
    (!is_whole).then(|| format!("{path} is not whole:\n{text}"))
}

/// Saves everything that changes, in the ways in which people save.
fn save(folder: &Folder, edit: usize) {
    let [page, footer] = WORDS.map(|word| format!("{word}{edit} "));
    let page = format!(
        "---\ntitle: Nurse {page}\ndescription: All of {page}\ntags: [care]\n---\n{}\n",
        format!("Text {page}.\n\n## Part\n\n").repeat(1 + edit % 40)
    );
    folder.write("content/guides/.nurse.md.new", &page);
    fs::rename(folder.path("content/guides/.nurse.md.new"), folder.path("content/guides/nurse.md")).unwrap();
    if edit.is_multiple_of(5) {
        folder.write("footer.new", &format!("<footer>{}</footer>\n", footer.repeat(9)));
        fs::create_dir_all(folder.path("templates/partials")).unwrap();
        fs::rename(folder.path("footer.new"), folder.path("templates/partials/footer.html")).unwrap();
    }
    let come_and_gone = format!("content/guides/new-{}.md", edit % 7);
    if edit.is_multiple_of(2) {
        folder.write(&come_and_gone, "---\ntitle: New\n---\nA page.\n");
    } else {
        let _ = fs::remove_file(folder.path(&come_and_gone));
    }
}

fn build(folder: &Folder) -> Command {
    let mut build = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    build.args(["build", "--quiet"]).args(TODAY).arg("--root").arg(folder.root());
    build.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    build
}

/// Whether a build ended as one may beside all the others: well, killed, or with a reason that passes.
fn ended(mut build: Child) -> Result<bool, String> {
    let mut said = String::new();
    build.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let status = build.wait().unwrap();
    let passes = match status.code() {
        None => status.signal() == Some(9),
        Some(0) => true,
        // A file that came or went under its eyes.
        Some(1) => said.contains("--> "),
        Some(3) => said.contains("another build is writing") || said.contains("build again"),
        Some(_) => false,
    };
    if passes { Ok(status.success()) } else { Err(format!("{status}: {said}")) }
}

/// Every file below a folder by its path. What goes away meanwhile is left out.
fn files(output: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(output).into_iter().filter_map(Result::ok);
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(output).ok()?.to_str()?.to_owned();
        Some((path, fs::read(entry.path()).ok()?))
    };
    entries.filter(|entry| entry.file_type().is_file()).filter_map(read).collect()
}

/// What went wrong first.
struct Watch<'a> {
    over: &'a AtomicBool,
    looks: AtomicUsize,
}

impl Watch<'_> {
    fn until_over(&self, mut look: impl FnMut() -> Option<String>) {
        while !self.over.load(Ordering::SeqCst) {
            if let Some(fault) = look() {
                self.over.store(true, Ordering::SeqCst);
                panic!("{fault}");
            }
            self.looks.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Edits, readers, somebody who looks into `public/`, and builds of which most are killed, until there were so
/// many builds. Hands over how many of them ended by themselves, and the number of the last edit.
fn at_once(folder: &Folder, preview: &Preview, first: usize, builds: u64) -> (usize, usize) {
    let over = AtomicBool::new(false);
    let watch = || Watch { over: &over, looks: AtomicUsize::new(0) };
    let (published, served) = (watch(), watch());
    let edits = AtomicUsize::new(first);
    let mut whole = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                save(folder, edits.fetch_add(1, Ordering::SeqCst) + 1);
            }
        });
        scope.spawn(|| {
            published.until_over(|| {
                let found = files(&folder.path("public"));
                found.iter().find_map(|(path, bytes)| fault(path, &String::from_utf8_lossy(bytes)))
            });
        });
        scope.spawn(|| {
            let mut last = 0;
            served.until_over(|| {
                for (path, name) in [(PAGE, "a.html"), ("/guides/", "b.html"), ("/atom.xml", "c.xml")] {
                    let reply = preview.get(path);
                    if reply.status != 200 {
                        return Some(format!("{path} is {}\n{}", reply.head, reply.text()));
                    }
                    if let Some(fault) = fault(name, &reply.text()) {
                        return Some(format!("{path} as it is served: {fault}"));
                    }
                    let shown = numbers(&reply.text(), WORDS[0]).first().copied().unwrap_or_default();
                    if path == PAGE && shown < last {
                        return Some(format!("after {last} there was {shown} again"));
                    }
                    last = if path == PAGE { shown } else { last };
                }
                None
            });
        });
        for number in 0..builds {
            if over.load(Ordering::SeqCst) {
                break;
            }
            let mut one = build(folder).spawn().unwrap();
            if number % 4 != 3 {
                // Wherever it happens to be.
                thread::sleep(Duration::from_millis(number * 37 % 400));
                let _ = one.kill();
            }
            let outcome = ended(one);
            let losses = Memory::load(&folder.root()).losses().to_vec();
            if outcome.is_err() || !losses.is_empty() {
                over.store(true, Ordering::SeqCst);
                panic!("{outcome:?}; what a build remembers is torn: {losses:?}");
            }
            whole += usize::from(outcome == Ok(true));
        }
        over.store(true, Ordering::SeqCst);
    });
    assert!(published.looks.into_inner() > 3 && served.looks.into_inner() > 3, "nobody looked");
    (whole, edits.into_inner())
}

/// The next build finds what memory holds, and publishes what one without memory does.
fn heals(folder: &Folder) {
    let run = |more: &[&str]| {
        let mut build = Command::new(env!("CARGO_BIN_EXE_guidepost"));
        build.args(["build", "-v"]).args(TODAY).args(more).arg("--root").arg(folder.root());
        let output = build.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said
    };
    let next = run(&[]);
    assert!(!next.contains("could not be used"), "memory was lost: {next}");
    let again = run(&[]);
    assert!(again.contains("parsed 0 files and rendered 0 of"), "memory is not used: {again}");
    run(&["--no-cache", "--output", "clean"]);
    let (healed, clean) = (files(&folder.path("public")), files(&folder.path("clean")));
    fs::remove_dir_all(folder.path("clean")).unwrap();
    assert!(healed.keys().eq(clean.keys()), "{:?}\n{:?}", healed.keys(), clean.keys());
    for (path, bytes) in &clean {
        assert!(healed[path] == *bytes, "{path} differs from a build without memory");
    }
    let litter = |top: &Path, begin: &str| {
        let names = fs::read_dir(top).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(begin)).collect::<Vec<_>>()
    };
    assert_eq!(litter(&folder.root(), ".guidepost-"), [""; 0]);
    assert_eq!(litter(&folder.path(".guidepost"), "draft-"), [""; 0]);
}

#[test]
fn builds_and_previews_that_are_killed_leave_whole_files_and_memory() {
    let folder = Folder::new();
    for number in 0..30 {
        folder.write(
            &format!("content/guides/other-{number}.md"),
            &format!("---\ntitle: Other {number}\ntags: [t{}]\n---\n[Nurse](nurse.md) works.\n", number % 3),
        );
    }
    save(&folder, 0);
    assert!(build(&folder).status().unwrap().success());
    let (mut edit, mut whole) = (0, 0);
    for _ in 0..2 {
        let preview = Preview::start_with(&folder.root(), &TODAY);
        let (well, last) = at_once(&folder, &preview, edit, 24);
        (edit, whole) = (last, whole + well);
        // What it shows in the end is the last edit, whatever was built and killed beside it.
        preview.until_shows(PAGE, &format!("{}{edit} ", WORDS[0]));
        // Both are killed while they are at it.
        save(&folder, edit + 1);
        let mut beside = build(&folder).spawn().unwrap();
        assert_eq!(preview.end("KILL"), None);
        let _ = beside.kill();
        edit += 1;
        assert!(ended(beside).is_ok());
        heals(&folder);
        let page = fs::read_to_string(folder.path("public/guides/nurse/index.html")).unwrap();
        assert_eq!(numbers(&page, WORDS[0]).first(), Some(&edit), "{page}");
    }
    assert!(whole > 3, "{whole} builds ended by themselves");
}

#[test]
fn mixtures_and_torn_files_are_seen() {
    let page = "<!DOCTYPE html>\n<p>edit-of-page-1 and edit-of-page-1, edit-of-footer-2</p></html>\n";
    assert_eq!(fault("a.html", page), None);
    assert_eq!(numbers(page, WORDS[0]), [1, 1]);
    assert!(fault("a.html", &page.replacen("page-1", "page-0", 1)).is_some());
    assert!(fault("a.html", &page[..20]).is_some());
    assert!(fault("a.xml", "<a><b></b>").is_some() && fault("a.xml", "<a><b/></a>").is_none());
    assert!(fault("a.json", "{").is_some() && fault("a.css", "").is_some());
}
