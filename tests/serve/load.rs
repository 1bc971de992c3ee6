//! Many readers while a writer saves again and again: every answer is one whole page, none older than the
//! last; and memory and disk do not grow with the number of rebuilds.
//!
//! In the suite with few of each; `GUIDEPOST_LOAD=all` (`tests/hardening/table`) with a thousand readers and
//! ten thousand rebuilds.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use crate::hostile::handles;
use crate::preview::{DEADLINE, Folder, Preview};
use crate::tally;

/// How much of everything.
struct Load {
    readers: usize,
    edits: usize,
    slow: usize,
    flood: usize,
    rebuilds: usize,
}

impl Load {
    fn wanted() -> Self {
        if std::env::var("GUIDEPOST_LOAD").is_ok_and(|load| load == "all") {
            Self { readers: 1_000, edits: 500, slow: 40, flood: 200, rebuilds: 10_000 }
        } else {
            Self { readers: 24, edits: 150, slow: 4, flood: 80, rebuilds: 200 }
        }
    }
}

/// The last edit that a page shows; 0 for the page before the first.
fn edit_shown(text: &str) -> usize {
    let digits = text.split("Edit-").nth(1).unwrap_or_default();
    digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default()
}

/// What the program holds in memory, in KiB.
#[cfg(target_os = "linux")]
fn memory(preview: &Preview) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", preview.process())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn save(folder: &Folder, edit: usize) {
    let original = folder.read("content/guides/nurse.md");
    let (front, _) = original.split_once("\n---\n").unwrap();
    folder.write("draft", &format!("{front}\n---\nEdit-{edit} {}\n", "of a long text. ".repeat(50)));
    std::fs::rename(folder.path("draft"), folder.path("content/guides/nurse.md")).unwrap();
}

/// Reads one page again and again: always whole, never older than before.
fn read_on(preview: &Preview, over: &AtomicBool, answers: &AtomicUsize) {
    let mut last = 0;
    while !over.load(Ordering::Relaxed) {
        let reply = preview.get("/guides/nurse/");
        let text = reply.text();
        let fits = reply.status == 200 && text.trim_end().ends_with("</html>");
        let shown = edit_shown(&text);
        if !fits || shown < last {
            over.store(true, Ordering::Relaxed);
            panic!("after edit {last}: {shown} {}\n{text}", reply.head);
        }
        last = shown;
        answers.fetch_add(1, Ordering::Relaxed);
    }
}

/// How large the file is that slow readers ask for: more than any buffer between them and the program.
const LARGE: usize = 16 << 20;

/// Asks for a large file and takes its time.
fn ask_slowly(preview: &Preview) -> TcpStream {
    let mut stream = TcpStream::connect(&preview.address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let request =
        format!("GET /careers/large.bin HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", preview.address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    stream
}

/// Opens streams for as long as the others are at it, more than there is room for. Each is let in, or told
/// when to come back. Hands over how many were tried and how many were let in.
fn flood(preview: &Preview, over: &AtomicBool, most: usize) -> (usize, usize) {
    let mut open = std::collections::VecDeque::new();
    let (mut tried, mut let_in) = (0, 0);
    let request = format!("GET /__guidepost/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address);
    // However fast the others are, more than there is room for.
    while !over.load(Ordering::Relaxed) || tried <= most {
        let mut stream = TcpStream::connect(&preview.address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "no answer to a stream: {head:?}");
        }
        let is_in = head.starts_with("HTTP/1.1 200 ");
        let is_refused =
            head.starts_with("HTTP/1.1 503 ") && head.to_ascii_lowercase().contains("retry-after: 1\r\n");
        assert!(is_in || is_refused, "{head}");
        (tried, let_in) = (tried + 1, let_in + usize::from(is_in));
        open.push_back(lines);
        if open.len() > most {
            open.pop_front();
        }
    }
    (tried, let_in)
}

#[cfg(target_os = "linux")]
#[test]
fn readers_see_whole_pages_in_order_while_a_writer_saves() {
    const WARM_UP: usize = 50;
    let load = Load::wanted();
    assert!(handles() > 2 * (load.readers + load.slow + load.flood), "this system allows too few files");
    let folder = Folder::new();
    folder.write("static/large.bin", &"x".repeat(LARGE));
    let preview = Preview::start(&folder);
    let (over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut grown = 0;
    let slow: Vec<_> = (0..load.slow).map(|_| ask_slowly(&preview)).collect();
    let (tried, let_in) = thread::scope(|scope| {
        let flooding = scope.spawn(|| flood(&preview, &over, load.flood));
        for _ in 0..load.readers {
            let reader = thread::Builder::new().stack_size(256 << 10);
            reader.spawn_scoped(scope, || read_on(&preview, &over, &answers)).unwrap();
        }
        let mut settled = 0;
        for edit in 1..=load.edits {
            save(&folder, edit);
            // Every tenth is waited for; the others come as fast as they can be written.
            if edit % 10 == 0 && !over.load(Ordering::Relaxed) {
                preview.until_shows("/guides/nurse/", &format!("Edit-{edit} "));
            }
            if edit == WARM_UP {
                settled = memory(&preview);
            }
        }
        over.store(true, Ordering::Relaxed);
        grown = memory(&preview).saturating_sub(settled);
        flooding.join().unwrap()
    });
    preview.until_shows("/guides/nurse/", &format!("Edit-{} ", load.edits));
    // Who was slow gets all of it in the end.
    for mut stream in slow {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        let body = rest.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        assert_eq!(rest.len() - body, LARGE);
    }
    // What so many rebuilds leave behind would be far more than what allocators keep to themselves.
    assert!(grown < 64 << 10, "{grown} KiB more after {} edits", load.edits - WARM_UP);
    assert!(tried > let_in && let_in >= 64, "{let_in} of {tried} streams were let in");
    tally::note("load", "answers", answers.load(Ordering::Relaxed));
    tally::note("load", "streams", tried);
    tally::note("load", "readers", load.readers);
    tally::note("load", "edits", load.edits);
}

/// The part of the theme that the edits of a template change.
const FOOTER: &str = "templates/partials/footer.html";

/// One rebuild, of one kind after the other; returns when its outcome is shown.
fn rebuild(folder: &Folder, preview: &Preview, number: usize) {
    let nurse = |title: &str, text: &str| {
        folder.write("content/guides/nurse.md", &format!("---\ntitle: {title}\ntags: [care]\n---\n{text}\n"));
    };
    let address = format!("/guides/new-{}/", number / 5);
    let file = format!("content/guides/new-{}.md", number / 5);
    match number % 5 {
        0 => {
            nurse("Nurse", &format!("Edit-{number} of a text."));
            preview.until_shows("/guides/nurse/", &format!("Edit-{number} "));
        }
        1 => {
            nurse(&format!("Nurse {number}"), "Old text.");
            preview.until_shows("/guides/", &format!("Nurse {number}<"));
        }
        2 => {
            folder.write(FOOTER, &format!("<footer>Template-{number} </footer>\n"));
            preview.until_shows("/guides/welder/", &format!("Template-{number} "));
        }
        3 => {
            folder.write(&file, &format!("---\ntitle: New {number}\ntags: [t{number}]\n---\nA page.\n"));
            preview.until_shows(&address, "A page.");
        }
        _ => {
            std::fs::remove_file(folder.path(&file)).unwrap();
            preview.until(&address, "is gone", |reply| reply.status == 404);
        }
    }
}

/// Bytes of all files below a folder.
fn on_disk(folder: &std::path::Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    files
        .filter_map(|file| file.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}

/// Edits of text, titles and templates, and pages that come and go: what they need is given back.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_steady_over_rebuilds() {
    let load = Load::wanted();
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    // A page that follows sees every rebuild.
    let events = preview.events();
    let (sender, followed) = channel();
    thread::spawn(move || sender.send(events.iter().count()));
    let mut samples = Vec::new();
    for number in 0..load.rebuilds {
        rebuild(&folder, &preview, number);
        if (number + 1) % (load.rebuilds / 10) == 0 {
            samples.push((memory(&preview), on_disk(&folder.root())));
        }
    }
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    drop(preview);
    let states = followed.recv().unwrap();
    assert!(states > load.rebuilds / 2, "{states} states were told of {} rebuilds", load.rebuilds);
    assert!(last.0 < first.0 + (16 << 10), "memory grows: {samples:?}");
    assert!(last.1 < first.1 + (1 << 20), "the folder grows: {samples:?}");
    tally::note("rebuilds", "rebuilds", load.rebuilds);
    tally::note("rebuilds", "first-KiB", first.0);
    tally::note("rebuilds", "last-KiB", last.0);
}

/// Requests whose length can be read in two ways: one answer at most, or a refusal, and never what is
/// smuggled behind them.
#[test]
fn requests_of_two_lengths_smuggle_nothing() {
    let folder = Folder::new();
    folder.write("content/.secret.md", "the-secret");
    let preview = Preview::start(&folder);
    let own = preview.address.clone();
    let smuggled = format!("GET /careers/note.txt HTTP/1.1\r\nHost: {own}\r\nX: y\r\n\r\n");
    let lengths = [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n",
        " Transfer-Encoding: chunked\r\n",
    ];
    for length in lengths {
        let request = format!("GET /careers/ HTTP/1.1\r\nHost: {own}\r\n{length}\r\n0\r\n\r\n{smuggled}");
        if let Some(reply) = preview.ask(&request) {
            let refused = (400..500).contains(&reply.status) || reply.status == 501;
            assert!(refused, "{length:?} got {}\n{}", reply.head, reply.text());
        }
        assert_eq!(preview.get("/guides/nurse/").status, 200);
    }
    tally::note("requests-smuggled", "requests", lengths.len());
}
