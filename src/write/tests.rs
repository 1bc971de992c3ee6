use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::*;
use crate::fingerprint::Fingerprint;
use crate::scan::{Asset, AssetContent, Origin, Stamp};

/// A site whose output folder is `public`.
struct Site {
    folder: TempDir,
    mode: Mode,
    adopt: Adopt,
}

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        Self { folder, mode: Mode::InPlace, adopt: Adopt::Refuse }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Puts a file where no build of ours did.
    fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn target(&self) -> Target<'_> {
        Target { root: self.folder.path(), output: Path::new("public"), mode: self.mode, adopt: self.adopt }
    }

    fn open(&self) -> Result<Stage, Error> {
        open(&self.target(), Arc::default())
    }

    fn staged(&self, files: &[(&str, &str)]) -> Stage {
        let stage = self.open().unwrap();
        for (path, text) in files {
            stage.put(path, text.as_bytes()).unwrap();
        }
        stage
    }

    fn build(&self, files: &[(&str, &str)]) -> Written {
        self.staged(files).commit().unwrap().0
    }

    fn build_fails(&self, files: &[(&str, &str)]) -> String {
        let before = self.tree("public");
        let error = self.staged(files).commit().unwrap_err();
        assert_eq!(self.tree("public"), before, "a refused commit changed something");
        assert_eq!(self.litter(), [""; 0]);
        error.to_string()
    }

    /// Files, links and empty folders below a folder, with their text; not the manifest.
    fn tree(&self, folder: &str) -> BTreeMap<String, String> {
        let top = self.path(folder);
        let entries = walkdir::WalkDir::new(&top).min_depth(1).into_iter().map(Result::unwrap);
        let mut tree = BTreeMap::new();
        for entry in entries.filter(|entry| entry.file_name() != manifest::NAME) {
            let name = entry.path().strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
            if entry.file_type().is_file() {
                tree.insert(name, fs::read_to_string(entry.path()).unwrap());
            } else if entry.file_type().is_symlink() {
                tree.insert(name, format!("-> {}", fs::read_link(entry.path()).unwrap().display()));
            } else if fs::read_dir(entry.path()).unwrap().next().is_none() {
                tree.insert(name, "empty".to_owned());
            }
        }
        tree
    }

    /// What a build left beside the output folder.
    fn litter(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with('.')).collect()
    }

    fn stamp(&self, path: &str) -> Stamp {
        Stamp::of(&fs::symlink_metadata(self.path(path)).unwrap())
    }
}

fn tree(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn counts(written: usize, unchanged: usize, deleted: usize) -> Written {
    Written { written, unchanged, deleted }
}

const FIRST: [(&str, &str); 4] = [
    ("index.html", "home"),
    ("guides/nurse/index.html", "nurse"),
    ("guides/pilot/index.html", "pilot"),
    ("main.css", "css"),
];
const SECOND: [(&str, &str); 4] = [
    ("index.html", "home"),
    ("guides/nurse/index.html", "nurse, revised"),
    ("guides/vet/index.html", "vet"),
    ("main.css", "new css"),
];

#[test]
fn only_what_differs_is_written_and_only_what_is_ours_deleted() {
    let site = Site::new();
    site.write("public/.gitignore", "*");
    assert_eq!(site.build(&FIRST), counts(4, 0, 0));
    site.write("public/CNAME", "example.com");
    site.write("public/guides/mine.txt", "mine");
    let before = site.stamp("public/index.html");
    assert_eq!(site.build(&FIRST), counts(0, 4, 0));
    assert_eq!(site.build(&SECOND), counts(3, 1, 1));
    assert_eq!(site.stamp("public/index.html"), before);
    let unknown = [(".gitignore", "*"), ("CNAME", "example.com"), ("guides/mine.txt", "mine")];
    assert_eq!(site.tree("public"), tree(&[&SECOND[..], &unknown].concat()));
    assert_eq!(site.build(&[]), counts(0, 0, 4));
    assert_eq!(site.tree("public"), tree(&unknown));
    assert_eq!(site.litter(), [""; 0]);
}

#[test]
fn an_unchanged_build_touches_nothing_at_all() {
    for mode in [Mode::InPlace, Mode::Atomic] {
        let site = Site { mode, ..Site::new() };
        site.build(&FIRST);
        let stamps =
            || ["public", "public/.guidepost-files", "public/index.html"].map(|path| site.stamp(path));
        let before = stamps();
        assert_eq!(site.build(&FIRST), counts(0, 4, 0));
        assert_eq!(stamps(), before);
    }
}

#[test]
fn a_failed_build_leaves_everything_as_it_was() {
    let site = Site::new();
    site.staged(&FIRST).abandon();
    assert!(!site.path("public").exists());
    site.build(&FIRST);
    site.staged(&SECOND).abandon();
    drop(site.staged(&SECOND));
    assert_eq!(site.tree("public"), tree(&FIRST));
    assert_eq!(site.litter(), [""; 0]);
    assert_eq!(site.build(&FIRST), counts(0, 4, 0));
}

/// Begins a commit and is killed after some steps. The lock goes with the process, the rest stays.
fn killed_after(steps: usize, stage: &Stage) -> usize {
    let plan = stage.plan().unwrap();
    let (journal, mut committer) = stage.journal(&plan).unwrap();
    for step in journal.steps.iter().take(steps) {
        committer.step(step).unwrap();
    }
    journal.steps.len()
}

#[test]
fn a_commit_killed_at_any_step_is_finished_by_the_next_build() {
    let transitions: [&[(&str, &str)]; 3] = [&SECOND, &[("guides", "a file now")], &[]];
    for after in transitions {
        let mut steps = 0;
        for done in 0.. {
            let site = Site::new();
            site.build(&FIRST);
            site.write("public/CNAME", "mine");
            if done > 0 && done > steps {
                break;
            }
            let stage = site.staged(after);
            steps = killed_after(done, &stage);
            drop(stage);
            assert_eq!(site.litter(), [".guidepost-stage-public"]);
            // The next build heals before it begins, even if it then fails.
            site.open().unwrap().abandon();
            let expected = tree(&[after, &[("CNAME", "mine")]].concat());
            assert_eq!(site.tree("public"), expected, "killed after {done} of {steps}");
            assert_eq!(site.litter(), [""; 0]);
            assert_eq!(site.build(after), counts(0, after.len(), 0));
        }
        assert!(steps >= 4, "{steps}");
    }
}

/// As somebody else's copy of a site might hold.
#[test]
fn a_journal_that_leads_out_of_the_folder_is_not_carried_out() {
    let out = |path: &str| {
        [
            commit::Step::Delete(path.to_owned()),
            commit::Step::Place { path: path.to_owned(), digest: Fingerprint::of_bytes(b"evil") },
        ]
    };
    for step in ["../content/precious.md", "/etc/precious", "a/../../content/precious.md"].map(out).concat() {
        let site = Site::new();
        site.build(&FIRST);
        site.write("content/precious.md", "precious");
        let stage = site.staged(&SECOND);
        fs::create_dir_all(site.path(".guidepost-stage-public/files/a")).unwrap();
        site.write(".guidepost-stage-public/content/precious.md", "evil");
        let steps = vec![commit::Step::Delete("index.html".to_owned()), step.clone()];
        let plan = plan::Plan { steps, ..stage.plan().unwrap() };
        drop(stage.journal(&plan).unwrap());
        drop(stage);
        site.open().unwrap().abandon();
        assert_eq!(site.tree("public"), tree(&FIRST), "{step:?}");
        assert_eq!(fs::read_to_string(site.path("content/precious.md")).unwrap(), "precious", "{step:?}");
    }
}

/// Links where staged files lie: nothing behind them is taken or written to.
#[cfg(unix)]
#[test]
fn a_journal_beside_links_takes_nothing_from_behind_them() {
    use std::os::unix::fs::symlink;
    let files = ".guidepost-stage-public/files";
    for link in ["", "/guides", "/guides/nurse.html", "/.guidepost-files"] {
        let site = Site::new();
        site.build(&FIRST);
        for (name, text) in
            [("guides/nurse.html", "mine"), ("nurse.html", "mine"), (".guidepost-files", "mine")]
        {
            site.write(&format!("home/{name}"), text);
        }
        let stage = site.staged(&FIRST);
        let digest = Fingerprint::of_bytes(b"mine");
        let path = "guides/nurse.html".to_owned();
        let steps = vec![commit::Step::Place { path, digest }, commit::Step::Manifest("theirs".to_owned())];
        let plan = plan::Plan { steps, ..stage.plan().unwrap() };
        drop(stage.journal(&plan).unwrap());
        drop(stage);
        let place = site.path(&format!("{files}{link}"));
        let _ = fs::remove_dir_all(site.path(files));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let behind = if link == "/guides" { "home/guides".to_owned() } else { format!("home{link}") };
        symlink(site.path(&behind), place).unwrap();
        // It may be that nothing is left to build on, but what is not ours stays.
        let _ = site.open().map(Stage::abandon);
        for name in ["guides/nurse.html", "nurse.html", ".guidepost-files"] {
            assert_eq!(
                fs::read_to_string(site.path(&format!("home/{name}"))).unwrap(),
                "mine",
                "{link}: {name}"
            );
        }
        assert!(!fs::symlink_metadata(site.path("public/.guidepost-files")).unwrap().is_symlink(), "{link}");
        assert!(!site.path("public/guides/nurse.html").exists(), "{link}");
    }
}

#[test]
fn a_first_commit_that_was_killed_does_not_make_the_folder_foreign() {
    let site = Site::new();
    let stage = site.staged(&FIRST);
    killed_after(2, &stage);
    drop(stage);
    assert!(!site.path("public/.guidepost-files").exists());
    assert_eq!(site.build(&FIRST), counts(0, 4, 0));
}

#[test]
fn staged_files_torn_by_a_crash_are_not_published() {
    let site = Site::new();
    site.build(&FIRST);
    let stage = site.staged(&SECOND);
    killed_after(0, &stage);
    drop(stage);
    site.write(".guidepost-stage-public/files/main.css", "");
    site.open().unwrap().abandon();
    assert_eq!(site.tree("public")["main.css"], "css");
    assert_eq!(site.build(&SECOND), counts(1, 3, 0));
    // And a torn journal is none.
    let stage = site.staged(&FIRST);
    killed_after(0, &stage);
    drop(stage);
    site.write(".guidepost-stage-public/journal", "torn");
    site.open().unwrap().abandon();
    assert_eq!(site.tree("public"), tree(&SECOND));
    assert_eq!(site.litter(), [""; 0]);
}

#[test]
fn two_builds_at_once_are_kept_apart() {
    let site = Site::new();
    site.build(&SECOND);
    let first = site.staged(&FIRST);
    let error = site.open().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "could not write to `public`: another build is writing to it (process {})",
            std::process::id()
        )
    );
    assert_eq!(clean(&site.target()).unwrap_err(), error);
    first.commit().unwrap();
    assert_eq!(site.build(&FIRST), counts(0, 4, 0));
}

#[test]
fn what_a_killed_build_staged_is_cleared() {
    let site = Site::new();
    site.write(".guidepost-stage-public/lock", "4294967295");
    site.write(".guidepost-stage-public/files/secret.html", "old");
    site.write(".guidepost-stage-public/journal.new", "half");
    assert_eq!(site.build(&FIRST), counts(4, 0, 0));
    assert_eq!(site.tree("public"), tree(&FIRST));
    assert_eq!(site.litter(), [""; 0]);
}

#[test]
fn folders_that_are_not_for_output_are_refused() {
    let site = Site::new();
    site.write("public/file", "a file");
    site.write("site.toml", "");
    let home = std::env::home_dir().unwrap();
    let root = site.folder.path();
    for (output, why) in [
        (root.to_owned(), "it is the site's own folder"),
        (PathBuf::from("content/.."), "it is the site's own folder"),
        (root.parent().unwrap().to_owned(), "the site itself lies in it"),
        (PathBuf::from("/"), "it is the top of the file system"),
        (PathBuf::from("content"), "it overlaps `content`, which is not for output"),
        (PathBuf::from("content/new/deep"), "it overlaps `content`, which is not for output"),
        (PathBuf::from("new/../content"), "it overlaps `content`, which is not for output"),
        (PathBuf::from("themes/default"), "it overlaps `themes`, which is not for output"),
        (PathBuf::from("static"), "it overlaps `static`, which is not for output"),
        (PathBuf::from("templates/x"), "it overlaps `templates`, which is not for output"),
        (PathBuf::from(".guidepost"), "it overlaps `.guidepost`, which is not for output"),
        (PathBuf::from("site.toml"), "it overlaps `site.toml`, which is not for output"),
        (PathBuf::from("public/file"), "it is not a folder"),
        (PathBuf::from("public/file/deep"), "not a directory"),
        (home, "your home folder is, or lies in, that folder"),
    ] {
        for adopt in [Adopt::Refuse, Adopt::Force] {
            let target = Target { output: &output, adopt, ..site.target() };
            let error = open(&target, Arc::default()).unwrap_err().to_string();
            assert_eq!(error, format!("could not write to `{}`: {why}", output.display()));
        }
    }
    assert_eq!(site.litter(), [""; 0]);
}

#[test]
fn a_folder_that_somebody_else_filled_is_refused_unless_forced() {
    let mut site = Site::new();
    site.write("public/thesis.doc", "years of work");
    site.write("public/index.html", "mine");
    site.write("public/empty.txt", "");
    let error = site.open().unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not write to `public`: it holds `empty.txt`, and no build of ours made that folder"
    );
    assert_eq!(site.litter(), [""; 0]);
    site.adopt = Adopt::Force;
    assert_eq!(site.build(&FIRST), counts(4, 0, 0));
    site.adopt = Adopt::Refuse;
    assert_eq!(site.build(&[]), counts(0, 0, 4));
    assert_eq!(site.tree("public"), tree(&[("empty.txt", ""), ("thesis.doc", "years of work")]));
}

#[test]
fn a_file_that_is_not_ours_is_not_written_over_unless_forced() {
    let mut site = Site::new();
    site.build(&FIRST);
    site.write("public/CNAME", "mine");
    let second = [("CNAME", "generated")];
    let error = site.build_fails(&second);
    assert_eq!(error, "could not replace `public/CNAME`: no build of ours wrote it");
    site.adopt = Adopt::Force;
    assert_eq!(site.build(&second), counts(1, 0, 4));
    // One with the very bytes is simply ours from then on.
    site.adopt = Adopt::Refuse;
    site.write("public/robots.txt", "same");
    assert_eq!(site.build(&[("robots.txt", "same")]), counts(0, 1, 1));
}

#[test]
fn files_and_folders_change_places() {
    let site = Site::new();
    let file: [(&str, &str); 2] = [("guides", "file"), ("index.html", "home")];
    let folder: [(&str, &str); 2] = [("guides/a/b.html", "page"), ("guides/c.html", "page")];
    for mode in [Mode::InPlace, Mode::Atomic] {
        let site = Site { mode, ..Site::new() };
        for files in [&file, &folder, &file] {
            site.build(files);
            assert_eq!(site.tree("public"), tree(files));
        }
    }
    site.build(&folder);
    site.write("public/guides/a/mine.txt", "mine");
    let error = site.build_fails(&file);
    assert_eq!(
        error,
        "could not write into `public/guides`: a file must be there, and a folder is, with `guides/a/mine.txt`, \
         which is not ours"
    );
    fs::remove_file(site.path("public/guides/a/mine.txt")).unwrap();
    fs::create_dir(site.path("public/guides/empty")).unwrap();
    assert!(site.build_fails(&file).contains("with `guides/empty`"));
}

#[test]
fn a_name_that_changes_case_is_deleted_before_it_is_written() {
    let site = Site::new();
    site.build(&[("Guide.html", "old")]);
    let stage = site.staged(&[("guide.html", "new")]);
    let steps = stage.plan().unwrap().steps;
    assert!(matches!(&steps[0], commit::Step::Delete(path) if path == "Guide.html"), "{steps:?}");
    stage.commit().unwrap();
    assert_eq!(site.tree("public"), tree(&[("guide.html", "new")]));
}

#[test]
fn assets_come_before_pages_and_deletions_last() {
    let site = Site::new();
    site.build(&FIRST);
    let stage = site.staged(&SECOND);
    let steps = stage.plan().unwrap().steps;
    let order: Vec<String> = steps
        .iter()
        .map(|step| match step {
            commit::Step::Delete(path) => format!("delete {path}"),
            commit::Step::Place { path, .. } => format!("place {path}"),
            commit::Step::Manifest(_) => "manifest".to_owned(),
        })
        .collect();
    assert_eq!(
        order,
        [
            "place main.css",
            "place guides/nurse/index.html",
            "place guides/vet/index.html",
            "delete guides/pilot/index.html",
            "manifest"
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_in_the_output_are_never_followed() {
    use std::os::unix::fs::symlink;
    let elsewhere = TempDir::new().unwrap();
    for mode in [Mode::InPlace, Mode::Atomic] {
        let site = Site { mode, ..Site::new() };
        site.build(&[("old/index.html", "old"), ("index.html", "home")]);
        // The folder of an owned file became a link: what lies there is not ours.
        fs::remove_dir_all(site.path("public/old")).unwrap();
        fs::write(elsewhere.path().join("index.html"), "precious").unwrap();
        symlink(elsewhere.path(), site.path("public/old")).unwrap();
        symlink(elsewhere.path(), site.path("public/guides")).unwrap();
        symlink(elsewhere.path().join("index.html"), site.path("public/about.html")).unwrap();
        let error = site.build_fails(&[("guides/a.html", "a")]);
        assert!(error.starts_with("could not write into `public/guides`: it is a link"), "{error}");
        let error = site.build_fails(&[("about.html", "a")]);
        assert!(error.starts_with("could not write into `public/about.html`: it is a link"), "{error}");
        site.build(&[("index.html", "new home")]);
        assert_eq!(fs::read_to_string(elsewhere.path().join("index.html")).unwrap(), "precious");
        assert_eq!(site.tree("public").len(), 4);
    }
}

#[cfg(unix)]
#[test]
fn the_output_folder_may_be_a_link_to_a_folder_of_its_own() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    fs::create_dir(site.path("www")).unwrap();
    symlink("www", site.path("public")).unwrap();
    assert_eq!(site.build(&FIRST), counts(4, 0, 0));
    assert_eq!(site.tree("www"), tree(&FIRST));
    fs::remove_file(site.path("public")).unwrap();
    symlink("content", site.path("public")).unwrap();
    let error = site.open().unwrap_err().to_string();
    assert_eq!(error, "could not write to `public`: it overlaps `content`, which is not for output");
    fs::remove_file(site.path("public")).unwrap();
    symlink("gone", site.path("public")).unwrap();
    assert_eq!(site.open().unwrap_err().help(), Some("it is a link that leads nowhere: mend or delete it"));
    // A source folder elsewhere is as safe as one in the site.
    let elsewhere = TempDir::new().unwrap();
    symlink(elsewhere.path(), site.path("static")).unwrap();
    let deep = elsewhere.path().join("deep");
    let error = open(&Target { output: &deep, ..site.target() }, Arc::default()).unwrap_err().to_string();
    assert!(error.ends_with("it overlaps `static`, which is not for output"), "{error}");
}

#[test]
fn an_atomic_build_swaps_the_folder_and_keeps_what_did_not_change() {
    let site = Site { mode: Mode::Atomic, ..Site::new() };
    assert_eq!(site.build(&FIRST), counts(4, 0, 0));
    site.write("public/CNAME", "mine");
    site.write("public/guides/mine.txt", "mine");
    fs::create_dir(site.path("public/uploads")).unwrap();
    let identity = |path: &str| {
        let stamp = site.stamp(path);
        (stamp.inode, stamp.modified)
    };
    let kept = ["public/index.html", "public/CNAME", "public/guides/mine.txt"].map(identity);
    let folder = site.stamp("public").inode;
    assert_eq!(site.build(&SECOND), counts(3, 1, 1));
    assert_eq!(["public/index.html", "public/CNAME", "public/guides/mine.txt"].map(identity), kept);
    assert_ne!(site.stamp("public").inode, folder);
    let unknown = [("CNAME", "mine"), ("guides/mine.txt", "mine"), ("uploads", "empty")];
    assert_eq!(site.tree("public"), tree(&[&SECOND[..], &unknown].concat()));
    assert_eq!(site.litter(), [""; 0]);
    // The two ways of writing leave the same folder.
    let in_place = Site::new();
    in_place.build(&SECOND);
    let manifest = |site: &Site| fs::read_to_string(site.path("public/.guidepost-files")).unwrap();
    assert_eq!(manifest(&in_place), manifest(&site));
}

#[test]
fn stamps_spare_reading_but_never_hide_a_change() {
    let site = Site::new();
    let stage = site.staged(&FIRST);
    let (_, stamps) = stage.commit().unwrap();
    let digest = Fingerprint::of_bytes(b"home");
    assert_eq!(stamps.files["index.html"].1, digest);
    // Fresh stamps prove nothing yet, settled ones do: here they vouch for bytes that are not there.
    let settled = |mut stamps: OutputStamps, digest| {
        stamps.taken = Some(SystemTime::now() + Duration::from_hours(1));
        let (stamp, _) = stamps.files["index.html"];
        stamps.learn(&"index.html".into(), stamp, digest);
        stamps
    };
    let lie = Fingerprint::of_bytes(b"lie");
    fs::remove_file(site.path("public/.guidepost-files")).unwrap();
    let forced = Target { adopt: Adopt::Force, ..site.target() };
    assert!(open(&forced, settled(stamps.clone(), lie).into()).unwrap().holds("index.html", lie));
    let mut fresh = settled(stamps.clone(), lie);
    fresh.taken = stamps.taken;
    assert!(!open(&forced, fresh.clone().into()).unwrap().holds("index.html", lie));
    assert!(open(&forced, fresh.into()).unwrap().holds("index.html", digest));
    // Tampered with at the same length: written again.
    site.build_forced(&FIRST);
    fs::write(site.path("public/index.html"), "HOME").unwrap();
    let stage = open(&site.target(), settled(stamps, digest).into()).unwrap();
    assert!(!stage.holds("index.html", digest));
    stage.put("index.html", b"home").unwrap();
    stage.commit().unwrap();
    assert_eq!(site.tree("public"), tree(&[("index.html", "home")]));
}

impl Site {
    fn build_forced(&self, files: &[(&str, &str)]) {
        let stage = open(&Target { adopt: Adopt::Force, ..self.target() }, Arc::default()).unwrap();
        for (path, text) in files {
            stage.put(path, text.as_bytes()).unwrap();
        }
        stage.commit().unwrap();
    }
}

#[test]
fn what_is_held_can_be_kept_without_its_bytes() {
    let site = Site::new();
    site.build(&FIRST);
    // The stamp of a file that may have been written to again within the same tick is not kept.
    let written = Stamp::of(&fs::metadata(site.path("public/index.html")).unwrap());
    let probe = site.path("probe");
    while fs::write(&probe, "").is_ok()
        && !written.is_settled_at(fs::metadata(&probe).unwrap().modified().unwrap())
    {
        std::thread::yield_now();
    }
    let stage = site.open().unwrap();
    let digest = Fingerprint::of_bytes(b"home");
    assert!(stage.holds("index.html", digest));
    assert!(!stage.holds("index.html", Fingerprint::of_bytes(b"other")));
    assert!(!stage.holds("missing.html", digest));
    stage.keep("index.html", digest, 4);
    let (written, stamps) = stage.commit().unwrap();
    assert_eq!(written, counts(0, 1, 3));
    assert_eq!(stamps.files.keys().map(|path| &**path).collect::<Vec<_>>(), ["index.html"]);
    assert_eq!(site.tree("public"), tree(&[("index.html", "home")]));
}

#[test]
fn a_missing_output_is_written_again() {
    let site = Site::new();
    site.build(&FIRST);
    fs::remove_dir_all(site.path("public/guides")).unwrap();
    assert_eq!(site.build(&FIRST), counts(2, 2, 0));
    assert_eq!(site.tree("public"), tree(&FIRST));
}

fn asset(content: AssetContent, bytes: &[u8]) -> Asset {
    Asset {
        path: "static/photo.jpg".into(),
        origin: Origin::Static,
        name: "photo.jpg".to_owned(),
        content,
        fingerprint: Fingerprint::of_bytes(bytes),
        len: bytes.len() as u64,
        stamp: None,
        size: None,
    }
}

#[test]
fn assets_are_copied_as_they_were_scanned() {
    let site = Site::new();
    let photo = "x".repeat(200_000);
    site.write("static/photo.jpg", &photo);
    let file = asset(AssetContent::File(site.path("static/photo.jpg")), photo.as_bytes());
    let embedded = asset(AssetContent::Embedded(b"css".into()), b"css");
    let copy = || {
        let stage = site.open().unwrap();
        stage.copy("images/photo.jpg", &file).unwrap();
        stage.copy("main.css", &embedded).unwrap();
        stage.commit().unwrap().0
    };
    assert_eq!(copy(), counts(2, 0, 0));
    assert_eq!(copy(), counts(0, 2, 0));
    assert_eq!(site.tree("public"), tree(&[("images/photo.jpg", &photo), ("main.css", "css")]));
    site.write("static/photo.jpg", "changed");
    let stage = site.open().unwrap();
    let error = stage.copy("other.jpg", &file).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not publish `static/photo.jpg`: it changed while the site was built"
    );
    fs::remove_file(site.path("static/photo.jpg")).unwrap();
    let error = stage.copy("other.jpg", &file).unwrap_err();
    assert_eq!(error.to_string(), "could not read `static/photo.jpg`: no such file or directory");
}

#[test]
fn paths_out_of_the_folder_are_refused() {
    let site = Site::new();
    let stage = site.open().unwrap();
    let long = "x".repeat(256);
    for path in [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//b",
        "./a",
        "a/",
        "a\0b",
        "a\nb",
        "a\tb",
        "a\\b",
        ".guidepost-files",
        &long,
    ] {
        assert!(stage.put(path, b"").is_err(), "{path:?}");
    }
    let fits = "x".repeat(255);
    stage.put(&fits, b"").unwrap();
    stage.put("..a/.b./c..", b"").unwrap();
    assert_eq!(stage.commit().unwrap().0, counts(2, 0, 0));
}

#[test]
fn the_manifest_is_sorted_and_trusted_only_as_far_as_it_is_ours() {
    let site = Site::new();
    site.build(&[("b.txt", "b"), ("a.txt", "")]);
    let text = fs::read_to_string(site.path("public/.guidepost-files")).unwrap();
    let line = |path: &str, bytes: &str| {
        format!("{path}\t{}\t{}\n", bytes.len(), Fingerprint::of_bytes(bytes.as_bytes()).to_hex())
    };
    assert_eq!(text, line("a.txt", "") + &line("b.txt", "b"));
    site.write("precious.txt", "");
    for bad in [line("../precious.txt", ""), "<<<<<<< HEAD\n".to_owned(), line("x\t1", "")] {
        site.write("public/.guidepost-files", &(text.clone() + &bad));
        let error = site.open().unwrap_err().to_string();
        assert_eq!(error, "could not read `public/.guidepost-files`: line 3 is not one of ours");
        assert!(clean(&site.target()).is_err());
    }
    assert!(site.path("precious.txt").exists());
}

#[test]
fn clean_deletes_what_the_manifest_lists() {
    let site = Site::new();
    assert_eq!(clean(&site.target()).unwrap(), 0);
    site.write("public/mine.txt", "mine");
    assert_eq!(clean(&site.target()).unwrap(), 0);
    site.build_forced(&FIRST);
    assert_eq!(clean(&site.target()).unwrap(), 4);
    assert_eq!(site.tree("public"), tree(&[("mine.txt", "mine")]));
    assert!(!site.path("public/.guidepost-files").exists());
    assert_eq!(site.litter(), [""; 0]);
}

#[test]
fn outputs_may_come_from_many_threads() {
    use rayon::prelude::*;
    let site = Site::new();
    let stage = site.open().unwrap();
    (0..200).into_par_iter().for_each(|number| {
        stage.put(&format!("section-{}/{number}.html", number % 7), number.to_string().as_bytes()).unwrap();
    });
    assert_eq!(stage.commit().unwrap().0, counts(200, 0, 0));
    assert_eq!(site.tree("public").len(), 200);
}

#[test]
fn an_output_cannot_be_a_file_and_a_folder() {
    let site = Site::new();
    let stage = site.open().unwrap();
    stage.put("guides", b"file").unwrap();
    let error = stage.put("guides/index.html", b"page").unwrap_err();
    assert!(error.help().unwrap_or_default().starts_with("two outputs need this name"), "{error:?}");
}

#[cfg(unix)]
#[test]
fn below_a_read_only_folder_files_are_staged_inside() {
    use std::os::unix::fs::PermissionsExt;
    let mut site = Site::new();
    site.build(&FIRST);
    let folder = site.path("");
    let allow = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    // Root writes anywhere: then the files are staged beside, with the same result.
    allow(0o555);
    let inside = !rustix::process::geteuid().is_root();
    assert_eq!(site.build(&SECOND), counts(3, 1, 1));
    assert_eq!(site.tree("public"), tree(&SECOND));
    site.mode = Mode::Atomic;
    let swap = site.open().map(drop);
    allow(0o755);
    assert_eq!(swap.is_err(), inside);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_stops_the_commit_before_it_begins() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        return; // Root writes anywhere.
    }
    let site = Site::new();
    site.build(&FIRST);
    let guides = site.path("public/guides");
    for folder in [guides.join("nurse"), guides.join("pilot"), guides, site.path("public")] {
        let allow = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        allow(0o555);
        let said = site.build_fails(&SECOND);
        allow(0o755);
        let shown = folder.strip_prefix(site.path("")).unwrap();
        assert_eq!(said, format!("could not write into `{}`: permission denied", shown.display()));
    }
}

#[test]
fn a_commit_that_fails_half_way_says_so() {
    let site = Site::new();
    site.build(&FIRST);
    let stage = site.staged(&SECOND);
    let plan = stage.plan().unwrap();
    // Between the look and the commit.
    site.write("public/guides/vet/index.html/mine.txt", "mine");
    let error = stage.place(&plan).unwrap_err();
    drop(stage);
    assert!(error.to_string().starts_with("could not write `public/guides/vet/index.html`: "), "{error}");
    assert_eq!(site.tree("public")["main.css"], "new css");
    assert!(error.help().unwrap().starts_with("some files are of the new build and some of the old"));
    fs::remove_dir_all(site.path("public/guides/vet")).unwrap();
    site.build(&SECOND);
    assert_eq!(site.tree("public"), tree(&SECOND));
}
