//! Many readers while a writer saves again and again: every answer is one whole page, none older than the
//! last, and memory does not grow.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::preview::{Folder, Preview};
use crate::tally;

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

#[cfg(target_os = "linux")]
#[test]
fn readers_see_whole_pages_in_order_while_a_writer_saves() {
    const READERS: usize = 24;
    const EDITS: usize = 150;
    const WARM_UP: usize = 50;
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let (over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut grown = 0;
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
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
            });
        }
        let mut settled = 0;
        for edit in 1..=EDITS {
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
    });
    preview.until_shows("/guides/nurse/", &format!("Edit-{EDITS} "));
    // What a hundred rebuilds leave behind would be far more than what allocators keep to themselves.
    assert!(grown < 64 << 10, "{grown} KiB more after {} edits", EDITS - WARM_UP);
    tally::note("requests-under-load", "requests", answers.load(Ordering::Relaxed));
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
