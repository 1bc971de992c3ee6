//! What the preview lives through, and how it ends.

use std::fs;
use std::path::Path;

use crate::preview::{Folder, Preview};

const URL: &str = "/guides/nurse/";

fn diagnostics(state: &serde_json::Value) -> Vec<String> {
    let found = state["diagnostics"].as_array().unwrap();
    found.iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_broken_template_leaves_the_last_good_page() {
    let folder = Folder::new();
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\ntemplate: own.html\n---\nOld text.\n");
    folder.write("templates/own.html", "<html><body>One: {{ content }}</body></html>");
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "One: ");
    folder.write("templates/own.html", "<html><body>Two: {{ content | nonsense }}</body></html>");
    let state = preview.until_state("names the template", |state| diagnostics(state) == ["template"]);
    let found = &state["diagnostics"][0];
    assert_eq!(found["file"], "templates/own.html");
    assert_eq!(found["line"], 1);
    assert!(found["excerpt"].as_str().unwrap().contains('^'), "{found:#}");
    assert!(preview.get(URL).text().contains("One: "));
    preview.wait_for_line("error[template]");
    // Pages that do not use it go on.
    folder.write("content/guides/_index.md", "---\ntitle: Guides\n---\nStill alive.\n");
    preview.until_shows("/guides/", "Still alive.");
    folder.write("templates/own.html", "<html><body>Three: {{ content }}</body></html>");
    preview.until_shows(URL, "Three: ");
    preview.until_state("is mended", |state| diagnostics(state).is_empty());
    preview.wait_for_line("all problems are mended");
    assert_eq!(preview.said().matches("error[template]").count(), 1, "{}", preview.said());
}

#[test]
fn unreadable_front_matter_leaves_the_last_good_page_and_its_name_in_lists() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    preview.until_shows("/guides/", "Nurse");
    folder.write("content/guides/nurse.md", "---\ntitle: [Nurse\n---\nNew text.\n");
    let state = preview.until_state("names the front matter", |state| !diagnostics(state).is_empty());
    assert_eq!(diagnostics(&state), ["front-matter"], "{state:#}");
    assert!(preview.get(URL).text().contains("Old text."));
    assert!(preview.get("/guides/").text().contains("/careers/guides/nurse/"), "the page stays in its list");
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse again\n---\nMended text.\n");
    preview.until_shows(URL, "Mended text.");
    preview.until_state("is mended", |state| diagnostics(state).is_empty());
}

#[test]
fn bytes_that_are_no_text_leave_the_last_good_page() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    fs::write(folder.path("content/guides/nurse.md"), b"---\ntitle: Nurse\n---\nNew \xff text.\n").unwrap();
    let state = preview.until_state("names the byte", |state| !diagnostics(state).is_empty());
    let found = &state["diagnostics"][0];
    assert_eq!((&found["file"], &found["line"]), (&"content/guides/nurse.md".into(), &4.into()), "{found:#}");
    assert!(preview.get(URL).text().contains("Old text."));
    folder.write("content/guides/welder.md", "---\ntitle: Welder\n---\nSparks have flown.\n");
    preview.until_shows("/guides/welder/", "Sparks have flown.");
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nNew text.\n");
    preview.until_shows(URL, "New text.");
    preview.until_state("is mended", |state| diagnostics(state).is_empty());
}

#[test]
fn a_page_that_was_never_good_is_still_there() {
    let folder = Folder::new();
    folder.write("content/guides/nurse.md", "---\ntitle: [Nurse\n---\nNew text.\n");
    let preview = Preview::start(&folder);
    let page = preview.get(URL);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("/__guidepost/client.js"));
    preview.wait_for_line("error[front-matter]");
}

#[test]
fn settings_that_vanish_or_break_are_waited_for() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let settings = folder.read("site.toml");
    fs::remove_file(folder.path("site.toml")).unwrap();
    preview.until_state("says that they are gone", |state| diagnostics(state) == ["file"]);
    assert!(preview.get(URL).text().contains("Old text."));
    folder.write("site.toml", &settings.replace("\"Care\"", "\"Cure\""));
    preview.until_shows(URL, "Cure");
    preview.until_state("is mended", |state| diagnostics(state).is_empty());
    // Broken, they are told at their line, and what somebody writes meanwhile is shown all the same.
    folder.write("site.toml", &settings.replace("\"Care\"", "\"Care"));
    let state = preview.until_state("names the settings", |state| diagnostics(state) == ["config"]);
    let found = &state["diagnostics"][0];
    assert_eq!((&found["file"], &found["line"]), (&"site.toml".into(), &1.into()), "{found:#}");
    folder.write("content/guides/welder.md", "---\ntitle: Welder\n---\nSparks have flown.\n");
    preview.until_shows("/guides/welder/", "Sparks have flown.");
    assert!(preview.get(URL).text().contains("Old text."));
    folder.write("site.toml", &settings.replace("\"Care\"", "\"Core\""));
    preview.until_shows(URL, "Core");
    preview.until_state("is mended again", |state| diagnostics(state).is_empty());
}

#[test]
fn a_root_that_disappears_is_waited_for() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let away = folder.root().with_file_name("away");
    fs::rename(folder.root(), &away).unwrap();
    preview.until_state("says that it is gone", |state| diagnostics(state) == ["file"]);
    assert!(preview.get(URL).text().contains("Old text."));
    fs::rename(&away, folder.root()).unwrap();
    preview.until_state("is well again", |state| diagnostics(state).is_empty());
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nBack again.\n");
    preview.until_shows(URL, "Back again.");
}

#[test]
fn a_content_folder_that_goes_and_comes_back_is_watched() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    preview.until_state("misses it", |state| !diagnostics(state).is_empty());
    fs::rename(folder.path("aside"), folder.path("content")).unwrap();
    preview.until_state("is well again", |state| diagnostics(state).is_empty());
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nBack again.\n");
    preview.until_shows(URL, "Back again.");
}

#[test]
fn a_folder_of_templates_that_goes_and_comes_back_is_watched() {
    let folder = Folder::new();
    folder.write("templates/partials/state.html", "<p>One: {{ page.state }}</p>");
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "One: ");
    fs::rename(folder.path("templates"), folder.path("aside")).unwrap();
    preview.until(URL, "uses the theme's own", |reply| !reply.text().contains("One: "));
    fs::rename(folder.path("aside"), folder.path("templates")).unwrap();
    preview.until_shows(URL, "One: ");
    folder.write("templates/partials/state.html", "<p>Two: {{ page.state }}</p>");
    preview.until_shows(URL, "Two: ");
}

/// Somebody builds the site that is being previewed: what is written there is no change of the site.
#[test]
fn a_build_beside_it_changes_nothing() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let before = preview.build();
    for _ in 0..3 {
        let built = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args(["build", "--quiet", "--root"])
            .arg(folder.root())
            .status()
            .unwrap();
        assert!(built.success());
        fs::remove_dir_all(folder.path("public")).unwrap();
    }
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nNew text.\n");
    preview.until_shows(URL, "New text.");
    preview.assert_build(before + 1, "one change, and that is the page");
}

#[test]
fn polling_sees_what_the_system_does_not_report() {
    let folder = Folder::new();
    let preview = Preview::start_with(&folder.root(), &["--poll", "20"]);
    preview.until_shows(URL, "Old text.");
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nPolled text.\n");
    preview.until_shows(URL, "Polled text.");
    fs::remove_file(folder.path("content/guides/nurse.md")).unwrap();
    preview.until(URL, "is gone", |reply| reply.status == 404);
}

fn tree(folder: &Path) -> Vec<(String, Vec<u8>, std::time::SystemTime)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            let modified = entry.metadata().unwrap().modified().unwrap();
            (entry.path().display().to_string(), bytes, modified)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn an_interruption_ends_it_at_once_and_leaves_the_output_alone() {
    for signal in ["INT", "TERM"] {
        let folder = Folder::new();
        folder.write("public/index.html", "published long ago");
        folder.write("public/old/index.html", "and so was this");
        let before = tree(&folder.path("public"));
        let preview = Preview::start(&folder);
        preview.until_shows(URL, "Old text.");
        // A reader who stays connected does not keep it.
        let events = preview.events();
        events.recv().unwrap();
        folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nNew text.\n");
        preview.until_shows(URL, "New text.");
        assert_eq!(preview.end(signal), Some(0));
        assert_eq!(tree(&folder.path("public")), before);
    }
}

#[test]
fn a_taken_port_is_said_to_be_taken() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["serve", "--port", &port, "--root"])
        .arg(folder.root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("port {port} is in use")), "{said}");
}

#[test]
fn a_folder_without_a_site_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["serve", "--port", "0", "--root"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("site.toml") && said.contains("guidepost init"), "{said}");
}

/// A pipe, a link in a circle and a link out of the site appear while somebody writes: they are told, and the
/// rest goes on.
#[cfg(unix)]
#[test]
fn pipes_and_circles_that_appear_are_passed_over() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let made =
        std::process::Command::new("mkfifo").arg(folder.path("content/guides/pipe.md")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink(".", folder.path("content/guides/here")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.path("content/guides/etc")).unwrap();
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nNew text.\n");
    preview.until_shows(URL, "New text.");
    preview.wait_for_line("content/guides/here");
    for path in ["/guides/pipe/", "/guides/here/nurse/", "/guides/etc/passwd"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
    fs::remove_file(folder.path("content/guides/pipe.md")).unwrap();
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nLast text.\n");
    preview.until_shows(URL, "Last text.");
}

/// One thread that works, beside those that answer.
#[test]
fn one_job_is_enough() {
    let folder = Folder::new();
    let preview = Preview::start_with(&folder.root(), &["--jobs", "1"]);
    preview.until_shows(URL, "Old text.");
    folder.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\nNew text.\n");
    preview.until_shows(URL, "New text.");
}

/// Nothing stops a template that takes all memory but the end of the program; the terminal says why.
#[cfg(target_os = "linux")]
#[test]
fn a_template_that_takes_all_memory_ends_it_with_a_reason() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    preview.until_shows(URL, "Old text.");
    let doubled = "{% set x = \"x\" %}\n{% for i in range(end=64) %}{% set_global x = x ~ x %}{% endfor %}";
    folder.write("templates/page.html", doubled);
    preview.wait_for_line("error[template]: this template takes more than");
    preview.wait_for_line("this makes a value of itself");
    preview.wait_for_line("--> templates/page.html:2:29");
    assert_eq!(preview.ended(), Some(1));
}
