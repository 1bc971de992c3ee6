//! What a build leaves in `.guidepost/`: it saves work, heals, stays small and is never believed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use guidepost::engine::Memory;
use guidepost::fingerprint::Fingerprint;
use guidepost::memory::{FOLDER, Opened, Saving, Store, Stored};
use support::{Built, Remembers, Site};

fn site() -> Site {
    let mut site = Site::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits/base"));
    site.remembers = Remembers::InStore;
    site
}

fn counts(built: &Built) -> (usize, usize) {
    (built.parsed, built.rendered)
}

/// The files of the store whose names begin so.
fn files(site: &Site, prefix: &str) -> Vec<std::path::PathBuf> {
    let named = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(prefix);
    site.store().into_iter().filter(named).collect()
}

fn losses(site: &Site) -> Vec<String> {
    Memory::load(&site.root()).losses().to_vec()
}

#[test]
fn a_checkout_whose_times_are_all_new_is_warm() {
    let mut site = site();
    site.build_warm();
    for (number, entry) in walkdir::WalkDir::new(site.root()).into_iter().enumerate() {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            // A new inode too, as a checkout makes.
            let bytes = fs::read(entry.path()).unwrap();
            fs::remove_file(entry.path()).unwrap();
            fs::write(entry.path(), bytes).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + number as u64);
            fs::File::options().append(true).open(entry.path()).unwrap().set_modified(time).unwrap();
        }
    }
    let warm = site.build_warm();
    assert_eq!(counts(&warm), (0, 0));
    site.assert_law("after a checkout", &warm);
    // Only stamps have been noted; all else is still known.
    let text = site.read("content/guides/nurse.md");
    site.write("content/guides/nurse.md", &format!("{text}\nMore.\n"));
    let warm = site.build_warm();
    assert_eq!(warm.parsed, 1);
    assert!(warm.rendered < 10, "{} outputs", warm.rendered);
    site.assert_law("an edit after a checkout", &warm);
}

#[test]
fn a_site_without_its_output_is_rendered_and_not_parsed() {
    let mut site = site();
    let first = site.build_warm();
    site.delete("public");
    let warm = site.build_warm();
    assert_eq!(counts(&warm), (0, first.rendered));
    site.assert_law("without the output", &warm);
}

#[test]
fn a_text_that_the_store_lost_is_made_again_and_the_store_is_whole_again() {
    let mut site = site();
    site.build_warm();
    let pack = files(&site, "pack-").remove(0);
    let mut bytes = fs::read(&pack).unwrap();
    let at = bytes.windows(8).position(|bytes| bytes == b"medicine").unwrap();
    bytes[at] = b'M';
    fs::write(&pack, bytes).unwrap();
    assert_eq!(losses(&site), [""; 0], "a text is only looked at when it is needed");
    site.delete("public/guides/nurse/index.html");
    let warm = site.build_warm();
    assert_eq!(counts(&warm), (0, 1));
    site.assert_law("with a lost text", &warm);
    let healed = files(&site, "pack-");
    assert_eq!(healed.len(), 2, "the text is kept anew");
    site.delete("public");
    let warm = site.build_warm();
    site.assert_law("after a lost text", &warm);
    assert_eq!(files(&site, "pack-"), healed, "nothing was lost again");
}

#[test]
fn what_cannot_be_trusted_is_ignored_with_the_reason() {
    let mut site = site();
    let first = site.build_warm();
    let index = site.root().join(FOLDER).join("index");
    let whole = fs::read(&index).unwrap();
    let mut wrong = |bytes: &[u8], reason: &str| {
        fs::write(&index, bytes).unwrap();
        assert_eq!(losses(&site), [reason]);
        let warm = site.build_warm();
        assert_eq!(warm.parsed, first.parsed, "{reason}");
        site.assert_law(reason, &warm);
    };
    wrong(b"something else", "it is not in the form that this version writes");
    wrong(&whole[..40], "it was cut short");
    wrong(&whole[..whole.len() - 1], "it was cut short");
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] = !bytes[at];
        bytes
    };
    wrong(&changed(25), "another version of guidepost wrote it");
    wrong(&changed(60), "its bytes have changed since they were written");
    let pack = files(&site, "pack-").remove(0);
    fs::write(&pack, "").unwrap();
    let found = losses(&site);
    assert!(found.len() == 1 && found[0].ends_with(": it is not the file that was written"), "{found:?}");
    fs::remove_file(&pack).unwrap();
    assert_eq!(losses(&site).len(), 1);
    let warm = site.build_warm();
    assert_eq!(warm.parsed, first.parsed);
    site.assert_law("without a pack", &warm);
    // Its last part is read when something changed, and only then found out.
    let mut bytes = fs::read(&index).unwrap();
    let at = bytes.len() - 9;
    bytes[at] = !bytes[at];
    fs::write(&index, bytes).unwrap();
    assert_eq!(losses(&site), [""; 0]);
    let text = site.read("content/guides/nurse.md");
    site.write("content/guides/nurse.md", &format!("{text}\nMore.\n"));
    let warm = site.build_warm();
    assert_eq!(losses(&site), [""; 0], "it has been written anew");
    site.assert_law("after a part was lost", &warm);
}

#[test]
fn what_the_last_build_did_not_use_is_dropped() {
    let mut site = site();
    let bytes = |site: &Site| site.store().iter().map(|file| fs::metadata(file).unwrap().len()).sum::<u64>();
    site.build_warm();
    let small = bytes(&site);
    let large = "word ".repeat(40_000);
    for number in 0..12 {
        site.write(&format!("content/guides/page-{number}.md"), &format!("# Page {number}\n\n{large}\n"));
        site.build_warm();
    }
    assert!(bytes(&site) > 12 * 200_000);
    let packs = files(&site, "pack-").len();
    assert!(packs <= 5, "{packs} packs");
    for number in 0..12 {
        site.delete(&format!("content/guides/page-{number}.md"));
    }
    let warm = site.build_warm();
    assert_eq!(warm.parsed, 0);
    site.assert_law("after the deletion", &warm);
    assert!(bytes(&site) < 2 * small + 1000, "{} after {small}", bytes(&site));
}

#[test]
fn an_edit_writes_little() {
    let mut site = site();
    site.write("content/guides/long.md", &format!("# Long\n\n{}\n", "word ".repeat(200_000)));
    site.build_warm();
    let large = files(&site, "pack-");
    let stamp = |file: &std::path::PathBuf| fs::metadata(file).unwrap().modified().unwrap();
    let before = stamp(&large[0]);
    site.write("content/guides/pilot.md", "# Pilot\n\nFlies.\n");
    site.build_warm();
    let now = files(&site, "pack-");
    assert_eq!(now.len(), 2);
    assert!(now.contains(&large[0]) && stamp(&large[0]) == before, "the long page is not written again");
}

/// A copy of the base site for the program itself.
fn command(site: &Site, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(arguments)
        .args(["--root", site.root().to_str().unwrap()])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

const BUILD: [&str; 4] = ["build", "--today", "2026-11-22", "-v"];

#[test]
fn the_program_is_warm_the_second_time_unless_told_otherwise() {
    let site = site();
    let first = command(&site, &BUILD).1;
    assert!(first.contains("parsed 8 files") && !first.contains("could not be used"), "{first}");
    let second = command(&site, &BUILD).1;
    assert!(second.contains("parsed 0 files and rendered 0 of"), "{second}");
    let index = site.root().join(FOLDER).join("index");
    fs::write(&index, "not ours").unwrap();
    let cold = command(&site, &["build", "--today", "2026-11-22", "-v", "--no-cache"]).1;
    assert!(cold.contains("parsed 8 files") && !cold.contains("could not be used"), "{cold}");
    assert_eq!(fs::read_to_string(&index).unwrap(), "not ours", "`--no-cache` leaves it alone");
    let third = command(&site, &BUILD).1;
    let said = third.lines().filter(|line| line.contains("could not be used")).count();
    assert!(said == 1 && third.contains("parsed 8 files"), "{third}");
    assert_eq!(command(&site, &["build", "--today", "2026-11-22"]).1, "", "nobody else need know");
    assert!(site.root().join(FOLDER).join(".gitignore").is_file());
    site.write(".guidepost/mine.txt", "kept");
    command(&site, &["clean"]);
    assert_eq!(site.store(), [site.root().join(".guidepost/mine.txt")]);
    site.delete(".guidepost/mine.txt");
    command(&site, &["clean"]);
    assert!(!site.root().join(FOLDER).exists());
}

#[test]
fn several_programs_at_once_leave_a_whole_store() {
    let site = site();
    let today = ["build", "--today", "2026-11-22", "--quiet"];
    for round in 0..3 {
        site.write("content/guides/nurse.md", &format!("# Nurse\n\nRound {round}.\n"));
        std::thread::scope(|scope| {
            for number in 0..4 {
                let (site, output) = (&site, format!("out-{number}"));
                scope.spawn(move || command(site, &[&today[..], &["--output", &output]].concat()));
            }
        });
        assert_eq!(losses(&site), [""; 0]);
        let first = support::published(&site.root().join("out-0"));
        for number in 1..4 {
            assert!(support::published(&site.root().join(format!("out-{number}"))) == first);
        }
    }
    let last = command(&site, &[&today[..], &["--output", "out-0"]].concat());
    assert_eq!(last, (String::new(), String::new()));
    let memory = Memory::load(&site.root());
    assert!(memory.losses().is_empty() && !memory.stamps.files.is_empty());
}

#[test]
fn what_reads_an_index_reads_it_to_its_end_while_another_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Fingerprint::of_bytes(b"a program"));
    let section = |opened: &Opened| opened.section("one").unwrap();
    store.save(&[("one", b"first")], &[]).unwrap();
    let first = store.open().unwrap().unwrap();
    store.save(&[("one", b"second, and longer")], &[]).unwrap();
    assert_eq!(section(&first), b"first");
    assert_eq!(section(&store.open().unwrap().unwrap()), b"second, and longer");
}

/// Two builds at once, of which the second drops what the first still has.
#[test]
fn what_another_build_dropped_meanwhile_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Fingerprint::of_bytes(b"a program"));
    let about = [Fingerprint::of_bytes(b""); 3];
    let text = Stored::new("text".to_owned());
    let new = |head: &str| Saving::New { about, head: head.as_bytes().to_vec(), text: &text };
    store.save(&[], &[("one", new("of the first"))]).unwrap();
    let first = store.open().unwrap().unwrap();
    let (records, _) = first.records().unwrap();
    store.save(&[], &[("two", new("of the second"))]).unwrap();
    assert!(store.renew(&first, &[("state", b"new")]).is_err(), "an index would name what is gone");
    store.save(&[], &[("one", Saving::Kept { about, kept: &records[0].kept })]).unwrap();
    let (records, losses) = store.open().unwrap().unwrap().records().unwrap();
    assert_eq!(losses, [""; 0]);
    assert_eq!(
        (records[0].head(), records[0].text().text().as_deref()),
        (Some(&b"of the first"[..]), Some("text"))
    );
}
