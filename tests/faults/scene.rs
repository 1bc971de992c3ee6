//! A site between two builds, set up anew for each fault, and what must hold after any.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::trace::{self, Ended};

/// Files, links and folders by their path below a folder.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// A site whose output folder is of an older state, and what it looks like before and after the next
/// command.
pub(crate) struct Scene {
    pub(crate) folder: tempfile::TempDir,
    command: Vec<&'static str>,
    start: PathBuf,
    old: Tree,
    new: Tree,
}

/// Put into the output folder by somebody else; must survive everything.
const FOREIGN: [(&str, &str); 4] = [
    ("CNAME", "example.com\n"),
    (".well-known/security.txt", "Contact: x\n"),
    ("guides/notes.txt", "mine"),
    (".env", "A=1"),
];

const SETTINGS: &str = "title = \"T\"\nbase_url = \"https://example.com/\"\n[taxonomies.tags]\n";

fn page(title: &str, more: &str) -> String {
    format!(
        "---\ntitle: {title}\npublished: 2026-01-02\ntags: [x]\n---\n## One\n\n{more}\n\n```rust\nfn f() {{}}\n```\n"
    )
}

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

impl Scene {
    /// Nothing has been built yet.
    pub(crate) fn first(command: &[&'static str]) -> Self {
        Self::new(command, Self::site, false)
    }

    /// A built site was edited: pages changed, new and gone, a file where a folder was and the reverse.
    pub(crate) fn edited(command: &[&'static str]) -> Self {
        Self::new(
            command,
            |root| {
                Self::site(root);
                let built = trace::run(root, &["build"]);
                assert_eq!(built.code, Some(0), "{}", built.errors);
                for (path, text) in FOREIGN {
                    write(&root.join("public"), path, text);
                }
                write(root, "content/guides/nurse.md", &page("Nurse", "Another text."));
                write(root, "content/guides/vet.md", &page("Vet", "New."));
                fs::remove_file(root.join("content/guides/pilot.md")).unwrap();
                write(root, "static/note.txt", "another note");
                fs::remove_file(root.join("static/turns")).unwrap();
                write(root, "static/turns/folder.txt", "a folder now");
                fs::remove_dir_all(root.join("static/folder")).unwrap();
                write(root, "static/folder", "a file now");
            },
            true,
        )
    }

    fn site(root: &Path) {
        write(root, "site.toml", SETTINGS);
        write(root, "content/_index.md", "---\ntitle: Home\n---\nText.\n");
        for (name, text) in [("nurse", "See [pilot](pilot.md)."), ("pilot", "Text."), ("cook", "Text.")] {
            let text = if name == "nurse" { "Text." } else { text };
            write(root, &format!("content/guides/{name}.md"), &page(name, text));
        }
        write(root, "static/note.txt", "a note");
        write(root, "static/turns", "a file");
        write(root, "static/folder/deep/file.txt", "in a folder");
    }

    fn new(command: &[&'static str], set_up: impl Fn(&Path), built: bool) -> Self {
        let folder = fast_folder();
        let start = folder.path().join("start");
        fs::create_dir(&start).unwrap();
        set_up(&start);
        let command = command.to_vec();
        let mut scene = Self { old: tree(&start.join("public")), new: Tree::new(), folder, command, start };
        let site = scene.reset();
        let ended = trace::run(&site, &scene.command);
        assert_eq!(ended.code, Some(0), "{}", ended.errors);
        scene.new = tree(&site.join("public"));
        assert_ne!(scene.old, scene.new);
        if built {
            scene.assert_foreign(&scene.new);
        }
        scene
    }

    /// The site as it is before the command.
    pub(crate) fn reset(&self) -> PathBuf {
        let site = self.folder.path().join("site");
        if site.exists() {
            fs::remove_dir_all(&site).unwrap();
        }
        copy(&self.start, &site);
        site
    }

    pub(crate) fn command(&self) -> &[&'static str] {
        &self.command
    }

    fn assert_foreign(&self, tree: &Tree) {
        if self.old.contains_key("CNAME") {
            for (path, text) in FOREIGN {
                assert_eq!(tree.get(path).map(Vec::as_slice), Some(text.as_bytes()), "{path} is not ours");
            }
        }
    }

    /// After a fault: no bug, every file whole, nothing foreign touched, a message that helps; and the
    /// next build is as if nothing had happened. Says how many files were looked at.
    pub(crate) fn check(&self, site: &Path, ended: &Ended, what: &str) -> usize {
        let files = self.check_now(site, ended, what);
        self.check_healed(site, what);
        files
    }

    /// The first half of [`Scene::check`].
    pub(crate) fn check_now(&self, site: &Path, ended: &Ended, what: &str) -> usize {
        let Ended { code, errors } = ended;
        assert!(!errors.contains("panicked") && !errors.contains("bug in itself"), "{what}: {errors}");
        let found = tree(&site.join("public"));
        match code {
            // Killed, or the system could not start the program.
            None | Some(127) => {}
            Some(0) => assert_same(&found, &self.new, what),
            Some(1 | 3) => {
                assert!(errors.contains("error"), "{what}: no message\n{errors}");
                assert!(errors.contains("help: "), "{what}: the message does not say what to do\n{errors}");
            }
            code => panic!("{what}: ended with {code:?}\n{errors}"),
        }
        for (path, bytes) in &found {
            let whole = [&self.old, &self.new].iter().any(|tree| tree.get(path) == Some(bytes));
            // Where a folder cannot be staged beside, it is staged inside.
            assert!(whole || path.starts_with(".guidepost-stage"), "{what}: {path} is neither old nor new");
        }
        self.assert_foreign(&found);
        found.len()
    }

    /// The second half of [`Scene::check`].
    pub(crate) fn check_healed(&self, site: &Path, what: &str) {
        let memory = guidepost::engine::Memory::load(site);
        assert_eq!(memory.losses(), [""; 0], "{what}: what a build remembers is torn");
        drop(memory);
        let healed = trace::run(site, &self.command);
        assert_eq!(healed.code, Some(0), "{what}: the next build: {}", healed.errors);
        assert_same(&tree(&site.join("public")), &self.new, what);
        let litter: Vec<String> = fs::read_dir(site)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(".guidepost-"))
            .collect();
        assert_eq!(litter, [""; 0], "{what}: left behind");
    }
}

fn assert_same(found: &Tree, expected: &Tree, what: &str) {
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what}: files");
    for (path, bytes) in expected {
        assert!(found[path] == *bytes, "{what}: {path} differs");
    }
}

/// A folder in memory where there is one: these tests sync and copy a lot.
pub(crate) fn fast_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Everything below a folder: files with their bytes, links with where they lead, folders with a mark.
pub(crate) fn tree(top: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in walkdir::WalkDir::new(top).min_depth(1) {
        let Ok(entry) = entry else { continue };
        let path = entry.path().strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        let kind = entry.file_type();
        if kind.is_file() {
            tree.insert(path, fs::read(entry.path()).unwrap());
        } else if kind.is_symlink() {
            tree.insert(path, format!("-> {}", fs::read_link(entry.path()).unwrap().display()).into_bytes());
        }
    }
    tree
}

/// Copies a folder with its times, as far as a build looks at them.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else {
            fs::copy(entry.path(), &target).unwrap();
            let modified = entry.metadata().unwrap().modified().unwrap();
            fs::File::options().append(true).open(&target).unwrap().set_modified(modified).unwrap();
        }
    }
}

/// Sets the permissions of a file or folder.
pub(crate) fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
