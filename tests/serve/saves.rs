//! Every way in which editors and people save: seen at once, once, and never half.
//!
//! While a file is saved its page is asked for without pause: each answer must be the old page or
//! the new one. The save is then followed by another change; that the counter of changes has gone
//! up by exactly two shows that the save was one.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::preview::{Folder, Preview};

const PAGE: &str = "content/guides/nurse.md";
const URL: &str = "/guides/nurse/";
const NEW: &str = "---\ntitle: Nurse\ntags: [care]\n---\nNew text, and more of it than before.\n";

/// Saves the page in some way and shows what that must look like from outside.
fn saved(save: impl FnOnce(&Folder, &Path)) {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    preview.until_shows("/guides/welder/", "Sparks fly.");
    let before = preview.build();
    let done = AtomicBool::new(false);
    let wrong = thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut wrong = Vec::new();
            while !done.load(Ordering::SeqCst) {
                let reply = preview.get(URL);
                let text = reply.text();
                if reply.status != 200
                    || !(text.contains("Old text.") || text.contains("New text, and more of it"))
                {
                    wrong.push(format!("{}\n{text}", reply.head));
                }
            }
            wrong
        });
        save(&folder, &folder.path(PAGE));
        preview.until_shows(URL, "New text, and more of it than before.");
        preview.wait_for_line("rebuilt in ");
        done.store(true, Ordering::SeqCst);
        asking.join().unwrap()
    });
    assert!(wrong.is_empty(), "while it was saved, the page was\n{}", wrong[0]);
    folder.write("content/guides/welder.md", "---\ntitle: Welder\n---\nSparks have flown.\n");
    preview.until_shows("/guides/welder/", "Sparks have flown.");
    preview.assert_build(before + 2, "one change for the save, one for what came after");
}

#[test]
fn written_in_place() {
    saved(|_, file| {
        let mut file = OpenOptions::new().write(true).open(file).unwrap();
        file.write_all(NEW.as_bytes()).unwrap();
    });
}

#[test]
fn truncated_and_written() {
    saved(|_, file| fs::write(file, NEW).unwrap());
}

/// The file is empty for a while: whatever reads it then must wait.
#[test]
fn truncated_and_written_later() {
    saved(|_, path| {
        let mut file = File::create(path).unwrap();
        file.flush().unwrap();
        let mut rest = NEW.as_bytes();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(7));
            file.write_all(now).unwrap();
            rest = later;
            // Somebody else's turn, so that the reader may come in between.
            thread::yield_now();
        }
    });
}

#[test]
fn written_beside_and_renamed_over() {
    saved(|_, file| {
        let beside = file.with_extension("md.tmp");
        fs::write(&beside, NEW).unwrap();
        fs::rename(beside, file).unwrap();
    });
}

#[test]
fn written_beside_under_a_hidden_name_and_renamed_over() {
    saved(|folder, file| {
        let beside = folder.path("content/guides/.nurse.md.1234");
        let mut hidden = File::create(&beside).unwrap();
        hidden.write_all(NEW.as_bytes()).unwrap();
        hidden.sync_all().unwrap();
        drop(hidden);
        fs::rename(beside, file).unwrap();
    });
}

#[test]
fn put_aside_and_written_anew() {
    saved(|_, file| {
        let aside = file.with_file_name("nurse.md~");
        fs::rename(file, &aside).unwrap();
        fs::write(file, NEW).unwrap();
        fs::remove_file(aside).unwrap();
    });
}

/// As editors do that rename a finished file into place after the old one was put aside.
#[test]
fn put_aside_and_replaced() {
    saved(|_, file| {
        let (new, old) =
            (file.with_file_name("nurse.md___jb_tmp___"), file.with_file_name("nurse.md___jb_old___"));
        fs::write(&new, NEW).unwrap();
        fs::rename(file, &old).unwrap();
        fs::rename(new, file).unwrap();
        fs::remove_file(old).unwrap();
    });
}

#[test]
fn edited_by_sed() {
    saved(|_, file| {
        let script = "s/Old text\\./New text, and more of it than before./";
        let status = std::process::Command::new("sed").args(["-i", script]).arg(file).status();
        assert!(status.unwrap().success());
    });
}

#[test]
fn linked_elsewhere() {
    saved(|folder, file| {
        folder.write("content/guides/.one.md", NEW);
        let link = file.with_file_name(".link");
        std::os::unix::fs::symlink(".one.md", &link).unwrap();
        fs::rename(link, file).unwrap();
    });
}

#[test]
fn saved_and_its_times_put_back() {
    saved(|_, file| {
        let times = fs::metadata(file).unwrap().modified().unwrap();
        let text = "---\ntitle: Nurse\ntags: [care]\n---\nNew text, and more of it than before.\n";
        let handle = File::create(file).unwrap();
        (&handle).write_all(text.as_bytes()).unwrap();
        handle.set_modified(times).unwrap();
    });
}

/// Nothing that a folder's list shows differs then, but for the time of the change itself.
#[test]
fn saved_at_the_same_size_and_its_times_put_back() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let before = preview.build();
    let (path, old) = (folder.path(PAGE), folder.read(PAGE));
    let times = fs::metadata(&path).unwrap().modified().unwrap();
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all(old.replace("Old text.", "New text.").as_bytes()).unwrap();
    file.set_modified(times).unwrap();
    drop(file);
    assert_eq!(fs::metadata(&path).unwrap().len(), old.len() as u64);
    preview.until_shows(URL, "New text.");
    preview.wait_for_line("rebuilt in ");
    preview.assert_build(before + 1, "one change");
}

/// Who saves twice within a moment sees the second text, and never the first again.
#[test]
fn saved_twice() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    for round in 0..20 {
        for half in ["First", "Second"] {
            let aside = folder.path("content/guides/nurse.md~");
            fs::rename(folder.path(PAGE), &aside).unwrap();
            folder.write(PAGE, &format!("---\ntitle: Nurse\n---\n{half} of {round}.\n"));
            fs::remove_file(aside).unwrap();
        }
        preview.until_shows(URL, &format!("Second of {round}."));
        assert!(preview.get(URL).text().contains(&format!("Second of {round}.")));
    }
}

#[test]
fn touched_without_change() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let before = preview.build();
    let file = File::options().append(true).open(folder.path(PAGE)).unwrap();
    file.set_modified(std::time::SystemTime::now()).unwrap();
    drop(file);
    folder.write(PAGE, &folder.read(PAGE));
    folder.write("content/guides/welder.md", "---\ntitle: Welder\n---\nSparks have flown.\n");
    preview.until_shows("/guides/welder/", "Sparks have flown.");
    preview.wait_for_line("rebuilt in ");
    preview.assert_build(before + 1, "one change");
    assert_eq!(preview.said().matches("rebuilt in ").count(), 1, "{}", preview.said());
}

/// What a change of files must come to.
fn changed(change: impl FnOnce(&Folder), shows: &[(&str, u16, &str)]) {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let before = preview.build();
    change(&folder);
    for (path, status, text) in shows {
        preview.until(path, &format!("is {status} with {text:?}"), |reply| {
            reply.status == *status && reply.text().contains(text)
        });
    }
    preview.wait_for_line("rebuilt in ");
    folder.write("content/_index.md", "---\ntitle: Home\n---\nWelcome again.\n");
    preview.until_shows("/", "Welcome again.");
    preview.assert_build(before + 2, "one change for this, one for what came after");
}

#[test]
fn created() {
    changed(
        |folder| folder.write("content/guides/teacher.md", "---\ntitle: Teacher\n---\nChalk.\n"),
        &[("/guides/teacher/", 200, "Chalk."), ("/guides/", 200, "Teacher")],
    );
}

#[test]
fn deleted() {
    changed(|folder| fs::remove_file(folder.path(PAGE)).unwrap(), &[(URL, 404, "")]);
}

#[test]
fn renamed() {
    changed(
        |folder| fs::rename(folder.path(PAGE), folder.path("content/guides/midwife.md")).unwrap(),
        &[("/guides/midwife/", 200, "Old text."), (URL, 404, "")],
    );
}

#[test]
fn a_folder_renamed() {
    changed(
        |folder| fs::rename(folder.path("content/guides"), folder.path("content/craft")).unwrap(),
        &[("/craft/nurse/", 200, "Old text."), (URL, 404, "")],
    );
}

#[test]
fn a_folder_moved_in_with_files_in_it() {
    changed(
        |folder| {
            folder.write("elsewhere/paths/deep/one.md", "---\ntitle: One\n---\nFirst step.\n");
            fs::rename(folder.path("elsewhere/paths"), folder.path("content/paths")).unwrap();
        },
        &[("/paths/deep/one/", 200, "First step.")],
    );
}

/// The watcher learns of the folder after the first files are in it, and is told of none of them.
#[test]
fn a_folder_made_and_filled() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    for number in 0..20 {
        folder.write(
            &format!("content/new{number}/deep/page.md"),
            &format!("---\ntitle: P{number}\n---\nStep {number}.\n"),
        );
    }
    for number in 0..20 {
        preview.until_shows(&format!("/new{number}/deep/page/"), &format!("Step {number}."));
    }
    // And what comes into them later is seen as well.
    folder.write("content/new7/deep/later.md", "---\ntitle: Later\n---\nMuch later.\n");
    preview.until_shows("/new7/deep/later/", "Much later.");
}

#[test]
fn settings_replaced_by_a_rename() {
    changed(
        |folder| {
            let new = folder.read("site.toml").replace("\"Care\"", "\"Care and craft\"");
            folder.write(".site.toml.new", &new);
            fs::rename(folder.path(".site.toml.new"), folder.path("site.toml")).unwrap();
        },
        &[(URL, 200, "Care and craft")],
    );
}

#[test]
fn house_words_mended() {
    let folder = Folder::new();
    folder.write("terms.toml", "not toml at all");
    let preview = Preview::start(&folder);
    let codes = |state: &serde_json::Value| state["diagnostics"].as_array().is_some_and(Vec::is_empty);
    preview.until_state("the broken words are told of", |state| !codes(state));
    folder.write("terms.toml", "");
    preview.until_state("they are mended", codes);
    folder.write("terms.toml", "broken again");
    preview.until_state("they are broken again", |state| !codes(state));
}

#[test]
fn templates_and_files_that_were_not_there_at_the_start() {
    let folder = Folder::new();
    fs::remove_dir_all(folder.path("static")).unwrap();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    folder.write("templates/partials/state.html", "<p>Own: {{ page.state }}</p>");
    preview.until_shows(URL, "Own: ");
    folder.write("templates/partials/state.html", "<p>Ours: {{ page.state }}</p>");
    preview.until_shows(URL, "Ours: ");
    folder.write("static/later.txt", "Came later.");
    preview.until_shows("/later.txt", "Came later.");
    fs::remove_dir_all(folder.path("templates")).unwrap();
    preview.until(URL, "uses the theme again", |reply| !reply.text().contains("Ours: "));
}

/// A version control system changes many files: one change, not thousands.
#[test]
fn ten_thousand_files_at_once() {
    let folder = Folder::new();
    let write = |version: &str| {
        for number in 0..10_000 {
            let path = folder.path(&format!("static/set{}/n{number}.txt", number % 10));
            if number < 10 {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
            }
            // As a checkout does: the old file goes, the new one comes.
            let _ = fs::remove_file(&path);
            fs::write(path, format!("{number} of {version}")).unwrap();
        }
        folder.write(PAGE, &format!("---\ntitle: Nurse\n---\nText of {version}.\n"));
    };
    write("one");
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Text of one.");
    let before = preview.build();
    write("two");
    preview.until_shows(URL, "Text of two.");
    preview.wait_for_line("rebuilt in ");
    preview.assert_build(before + 1, "one change");
    // All of them go again, as with a branch that does not have them, and what follows is seen.
    fs::remove_dir_all(folder.path("static")).unwrap();
    folder.write(PAGE, "---\ntitle: Nurse\n---\nText of three.\n");
    preview.until_shows(URL, "Text of three.");
    for number in [0, 4_999, 9_999] {
        preview.until(&format!("/set{}/n{number}.txt", number % 10), "is gone", |reply| reply.status == 404);
    }
}
