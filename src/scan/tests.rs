use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

/// A site on disk, and a clock that is far ahead of it, so that stamps prove what they can.
struct Site {
    folder: TempDir,
    suspects: BTreeSet<PathBuf>,
    now: SystemTime,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let now = SystemTime::now() + Duration::from_hours(1);
        let site = Self { folder: TempDir::new().unwrap(), suspects: BTreeSet::new(), now };
        site.set("");
        site.write("content/_index.md", "home");
        for (path, text) in files {
            match *path {
                "site.toml" => site.set(text),
                path => site.write(path, text),
            }
        }
        site
    }

    /// Writes `site.toml`: these settings, then those that every site must have.
    fn set(&self, settings: &str) {
        let required = "title = \"Test\"\nbase_url = \"https://example.com/\"\n";
        self.write("site.toml", format!("{settings}\n{required}"));
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn request(&self) -> Request<'_> {
        Request {
            root: self.folder.path(),
            base_url: None,
            origin: None,
            today: None,
            now: self.now,
            source_date_epoch: None,
            visibility: Visibility::default(),
            suspects: &self.suspects,
            output: Path::new("public"),
        }
    }

    fn scan(&self) -> Inputs {
        self.scan_again(&Stamps::default())
    }

    fn scan_again(&self, stamps: &Stamps) -> Inputs {
        scan(&self.request(), stamps, &|_, _| true).unwrap()
    }
}

/// The stamps of a build that loaded every page.
fn stamps_after(inputs: &Inputs) -> Stamps {
    let mut stamps = inputs.stamps.clone();
    for source in inputs.pages.iter().chain(&inputs.data) {
        stamps.learn(&source.path, source.stamp, Fingerprint::of_bytes(&source.load().unwrap()));
    }
    stamps
}

fn paths(sources: &[Source]) -> Vec<&str> {
    sources.iter().map(|source| &*source.path).collect()
}

fn names(inputs: &Inputs) -> Vec<(&str, Origin)> {
    let on_disk = |asset: &&Asset| matches!(asset.content, AssetContent::File(_));
    inputs.assets.iter().filter(on_disk).map(|asset| (asset.name.as_str(), asset.origin)).collect()
}

/// Each problem as `severity path message`.
fn problems(inputs: &Inputs) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        format!("{:?} {}: {}", diagnostic.severity, diagnostic.location.path, diagnostic.message)
    };
    inputs.diagnostics.iter().map(line).collect()
}

fn recalled(inputs: &Inputs) -> Vec<&str> {
    inputs.pages.iter().filter(|page| page.remembered.is_some()).map(|page| &*page.path).collect()
}

#[test]
fn files_are_sorted_by_what_becomes_of_them() {
    let site = Site::new(&[
        ("content/guides/nurse.md", "a"),
        ("content/guides/pilot.markdown", "b"),
        ("content/guides/team.jpg", "c"),
        ("content/data/roles.toml", "d"),
        ("content/data/quizzes/q.yaml", "e"),
        ("content/data/about.md", "f"),
        ("content/x.md/page.md", "g"),
        ("static/robots.txt", "h"),
        ("public/index.html", "i"),
        ("notes.md", "j"),
    ]);
    let inputs = site.scan();
    assert_eq!(
        paths(&inputs.pages),
        [
            "content/_index.md",
            "content/data/about.md",
            "content/guides/nurse.md",
            "content/guides/pilot.markdown",
            "content/x.md/page.md",
        ]
    );
    assert_eq!(paths(&inputs.data), ["content/data/quizzes/q.yaml", "content/data/roles.toml"]);
    assert_eq!(names(&inputs), [("guides/team.jpg", Origin::Content), ("robots.txt", Origin::Static)]);
    assert_eq!(inputs.pages[2].load().unwrap(), b"a");
    let photo = inputs.assets.iter().find(|asset| asset.name == "guides/team.jpg").unwrap();
    assert_eq!((photo.fingerprint, photo.len), (Fingerprint::of_bytes(b"c"), 1));
    assert_eq!(problems(&inputs), [""; 0]);
}

#[test]
fn litter_and_hidden_files_are_left_out() {
    let site = Site::new(&[
        ("content/a.md~", ""),
        ("content/.#a.md", ""),
        ("content/#a.md#", ""),
        ("content/.a.md.swp", ""),
        ("content/a.swx", ""),
        ("content/4913", ""),
        ("content/.DS_Store", ""),
        ("content/Thumbs.db", ""),
        ("content/a.bck", ""),
        ("content/a.md___jb_tmp___", ""),
        ("content/a.md___jb_old___", ""),
        ("content/.git/config.md", ""),
        ("content/.well-known/x", ""),
        ("static/.env", ""),
        ("static/.well-known/security.txt", ""),
        ("static/.well-known/.secret", ""),
        ("static/deep/.well-known/x", ""),
        ("static/.nojekyll", ""),
        ("static/.htaccess", ""),
    ]);
    let inputs = site.scan();
    assert_eq!(paths(&inputs.pages), ["content/_index.md"]);
    let published: Vec<_> = names(&inputs).into_iter().map(|(name, _)| name).collect();
    assert_eq!(published, [".htaccess", ".nojekyll", ".well-known/security.txt"]);
    assert_eq!(problems(&inputs), [""; 0]);
}

#[test]
fn ignored_files_are_left_out() {
    let site = Site::new(&[
        (
            "site.toml",
            "ignore = [\"*.psd\", \"content/drafts/\", \"/static/raw/**\", \"content/*.txt\", \"[\"]",
        ),
        ("content/a.psd", ""),
        ("content/deep/b.psd", ""),
        ("content/drafts/c.md", ""),
        ("content/deep/drafts/d.md", ""),
        ("content/e.txt", ""),
        ("content/deep/f.txt", ""),
        ("static/raw/deep/g.png", ""),
    ]);
    let inputs = site.scan();
    assert_eq!(paths(&inputs.pages), ["content/_index.md", "content/deep/drafts/d.md"]);
    assert_eq!(names(&inputs), [("deep/f.txt", Origin::Content)]);
    let [bad] = &inputs.diagnostics[..] else { panic!("{:?}", inputs.diagnostics) };
    assert!(bad.message.starts_with("`[` is not a file pattern"), "{}", bad.message);
    assert_eq!(bad.location.span.map(|span| span.end - span.start), Some(3));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_root_only() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret.md"), "secret").unwrap();
    let site = Site::new(&[("shared/a.md", "a"), ("shared/b.txt", "b"), ("public/index.html", "")]);
    let content = site.path("content");
    symlink("../shared", content.join("folder")).unwrap();
    symlink("../shared/a.md", content.join("file.md")).unwrap();
    symlink(outside.path(), content.join("out")).unwrap();
    symlink(outside.path().join("secret.md"), content.join("out.md")).unwrap();
    symlink("../public", content.join("published")).unwrap();
    symlink("gone.md", content.join("dangling.md")).unwrap();
    symlink("user@host.1234", content.join(".#lock.md")).unwrap();
    let inputs = site.scan();
    assert_eq!(paths(&inputs.pages), ["content/_index.md", "content/file.md", "content/folder/a.md"]);
    assert_eq!(names(&inputs), [("folder/b.txt", Origin::Content)]);
    let problems = problems(&inputs);
    for (problem, start) in problems.iter().zip([
        "Warning content/dangling.md: this link leads to `gone.md`, which does not exist",
        "Warning content/out: this link leads out of the site, to `",
        "Warning content/out.md: this link leads out of the site, to `",
        "Warning content/published: this link leads into the output folder, to `",
    ]) {
        assert!(problem.starts_with(start), "{problem}");
    }
    assert_eq!(problems.len(), 4);
}

#[cfg(unix)]
#[test]
fn loops_are_reported_by_name() {
    use std::os::unix::fs::symlink;
    let site = Site::new(&[("content/deep/a.md", "a")]);
    symlink(".", site.path("content/deep/here")).unwrap();
    symlink("..", site.path("content/root")).unwrap();
    symlink("self.md", site.path("content/self.md")).unwrap();
    let inputs = site.scan();
    assert_eq!(paths(&inputs.pages), ["content/_index.md", "content/deep/a.md"]);
    let problems = problems(&inputs);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].starts_with("Warning content/deep/here: this link leads back to `"), "{problems:?}");
    assert!(problems[1].starts_with("Warning content/root: this link leads back to `"), "{problems:?}");
    assert!(problems[2].starts_with("Warning content/self.md: this link leads nowhere: "), "{problems:?}");
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_never_opened() {
    let site = Site::new(&[]);
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    for pipe in ["content/pipe.md", "static/pipe", "templates/pipe.html"] {
        fs::create_dir_all(site.path(pipe).parent().unwrap()).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, site.path(pipe), rustix::fs::FileType::Fifo, mode, 0).unwrap();
    }
    let _socket = std::os::unix::net::UnixListener::bind(site.path("content/socket")).unwrap();
    let inputs = site.scan();
    assert_eq!(
        problems(&inputs),
        ["content/pipe.md", "content/socket", "static/pipe", "templates/pipe.html"]
            .map(|path| format!("Warning {path}: this is neither a file nor a folder, and is left out"))
    );
    // One that takes a page's place after the scan is refused without waiting for a writer.
    let late = Source { file: site.path("content/pipe.md"), ..inputs.pages[0].clone() };
    assert_eq!(late.load().unwrap_err().to_string(), "not a regular file");
}

#[cfg(unix)]
#[test]
fn names_no_url_can_be_made_of_are_errors() {
    use std::os::unix::ffi::OsStrExt;
    let site =
        Site::new(&[("content/two\nlines.md", ""), ("content/back\\slash.md", ""), ("content/ok é.md", "")]);
    fs::write(site.path("content").join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "").unwrap();
    let inputs = site.scan();
    assert_eq!(paths(&inputs.pages), ["content/_index.md", "content/ok é.md"]);
    assert_eq!(
        problems(&inputs),
        [
            "Error content/back\\slash.md: this name holds a backslash",
            "Error content/caf\u{fffd}.md: this name is not UTF-8, so no URL can be made of it",
            "Error content/two\\nlines.md: this name holds a control character",
        ]
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        // Root reads everything; the wording is still tested.
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let diagnostic = unreadable("content/a.md", &denied);
        assert_eq!(diagnostic.message, "this cannot be read: permission denied");
        return;
    }
    let site = Site::new(&[("content/locked/a.md", ""), ("static/locked.txt", ""), ("static/open.txt", "")]);
    for locked in ["content/locked", "static/locked.txt"] {
        fs::set_permissions(site.path(locked), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let inputs = site.scan();
    fs::set_permissions(site.path("content/locked"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(names(&inputs), [("open.txt", Origin::Static)]);
    assert_eq!(
        problems(&inputs),
        ["content/locked", "static/locked.txt"]
            .map(|path| format!("Error {path}: this cannot be read: permission denied"))
    );
}

#[test]
fn capital_suffixes_are_warned_about() {
    let inputs = Site::new(&[("content/README.MD", "")]).scan();
    assert_eq!(problems(&inputs), ["Warning content/README.MD: this is published as it is, not as a page"]);
}

#[test]
fn a_missing_content_folder_is_an_error() {
    let site = Site::new(&[]);
    fs::remove_dir_all(site.path("content")).unwrap();
    assert_eq!(
        problems(&site.scan()),
        ["Error content: there is no folder `content`, so there are no pages"]
    );
    site.write("content", "a file");
    assert_eq!(problems(&site.scan()), ["Error content: this is not a folder"]);
}

#[test]
fn unchanged_files_are_remembered_without_being_read() {
    let site = Site::new(&[("content/a.md", "a"), ("content/b.md", "b"), ("static/c.txt", "c")]);
    let cold = site.scan();
    assert_eq!(recalled(&cold), [""; 0]);
    let stamps = stamps_after(&cold);
    let warm = site.scan_again(&stamps);
    assert_eq!(recalled(&warm), ["content/_index.md", "content/a.md", "content/b.md"]);
    assert_eq!(warm.stamps, stamps);
    // Memory that does not answer, and a watcher's hint, make it read.
    let forgetful = scan(&site.request(), &stamps, &|path, _| path != "content/a.md").unwrap();
    assert_eq!(recalled(&forgetful), ["content/_index.md", "content/b.md"]);
    let suspects = [PathBuf::from("content/b.md"), site.path("content/a.md")].into();
    let hinted = Site { suspects, ..site };
    assert_eq!(recalled(&hinted.scan_again(&stamps)), ["content/_index.md"]);
}

#[test]
fn every_edit_is_seen() {
    let site = Site::new(&[("content/a.md", "one"), ("static/c.txt", "one")]);
    let stamps = stamps_after(&site.scan());
    for path in ["content/a.md", "static/c.txt"] {
        let before = fs::metadata(site.path(path)).unwrap().modified().unwrap();
        // The kernel's clock ticks every few milliseconds: write until the edit is in a later tick,
        // then put the modification time back. The change time gives it away.
        let changed = || Stamp::of(&fs::metadata(site.path(path)).unwrap()).changed;
        let old = changed();
        while changed() == old {
            site.write(path, "two");
        }
        fs::File::options().write(true).open(site.path(path)).unwrap().set_modified(before).unwrap();
        assert_eq!(fs::metadata(site.path(path)).unwrap().modified().unwrap(), before);
    }
    let warm = site.scan_again(&stamps);
    assert_eq!(recalled(&warm), ["content/_index.md"]);
    let asset = warm.assets.iter().find(|asset| asset.name == "c.txt").unwrap();
    assert_eq!(asset.fingerprint, Fingerprint::of_bytes(b"two"));
}

#[test]
fn an_edit_within_the_tick_of_the_last_scan_is_seen() {
    let mut site = Site::new(&[("static/c.txt", "one")]);
    site.now = SystemTime::now();
    let mut stamps = stamps_after(&site.scan());
    assert_eq!(recalled(&site.scan_again(&stamps)), [""; 0]);
    // Even a hash that is wrong under an equal stamp is not believed.
    let path: Arc<str> = "static/c.txt".into();
    let (stamp, _) = stamps.files[&path];
    stamps.learn(&path, stamp, Fingerprint::of_bytes(b"stale"));
    let asset = site.scan_again(&stamps).assets.into_iter().find(|asset| asset.path == path).unwrap();
    assert_eq!(asset.fingerprint, Fingerprint::of_bytes(b"one"));
}

#[test]
fn a_sites_own_files_replace_the_themes() {
    let site = Site::new(&[
        ("site.toml", "theme = \"plain\""),
        ("themes/plain/templates/page.html", "theme page"),
        ("themes/plain/templates/components/figure.html", "theme figure"),
        ("themes/plain/static/main.css", "theme"),
        ("themes/plain/static/theme.js", "theme"),
        ("themes/plain/README.md", "not part of it"),
        ("templates/page.html", "own page"),
        ("templates/photo.png", ""),
        ("templates/latin.html", ""),
        ("static/main.css", "own"),
        ("content/main.css", "beside a page"),
    ]);
    site.write("templates/latin.html", b"caf\xe9");
    let inputs = site.scan();
    let templates: Vec<_> =
        inputs.templates.iter().map(|template| (template.name.as_str(), template.text.as_str())).collect();
    let is_own = |name: &str| !name.starts_with("components/") || name.ends_with("/figure.html");
    assert!(
        templates.iter().any(|(name, _)| *name == "components/salary.html"),
        "directives show in any theme"
    );
    let templates: Vec<_> = templates.into_iter().filter(|(name, _)| is_own(name)).collect();
    let [("atom.xml", _), ("card.svg", _), components, page, ("robots.txt", _)] = templates[..] else {
        panic!("a theme need not write the templates for machines: {templates:?}");
    };
    assert_eq!((components, page), (("components/figure.html", "theme figure"), ("page.html", "own page")));
    assert_eq!(
        names(&inputs),
        [("main.css", Origin::Content), ("main.css", Origin::Static), ("theme.js", Origin::Theme)]
    );
    assert_eq!(
        problems(&inputs),
        [
            "Error templates/latin.html: this byte is not UTF-8",
            "Warning templates/photo.png: this is not a template, and is left out",
        ]
    );
    assert_eq!(inputs.diagnostics[0].location.span.map(|span| (span.start, span.end)), Some((3, 4)));
}

#[test]
fn the_built_in_theme_needs_no_folder_and_yields_to_one() {
    let site = Site::new(&[]);
    let inputs = site.scan();
    let page = inputs.templates.iter().find(|template| template.name == "page.html").unwrap();
    assert_eq!(&*page.path, "themes/default/templates/page.html");
    assert_eq!(text(&site.path(""), &page.path).as_ref(), Some(&page.text));
    assert!(inputs.assets.iter().any(|asset| asset.origin == Origin::Theme && asset.stamp.is_none()));
    site.write("themes/default/templates/page.html", "ejected");
    let inputs = site.scan();
    let is_page = |name: &str| name.ends_with("html") && !name.starts_with("components/");
    let pages: Vec<_> = inputs.templates.iter().filter(|template| is_page(&template.name)).collect();
    assert_eq!(pages.iter().map(|template| template.text.as_str()).collect::<Vec<_>>(), ["ejected"]);
    assert!(inputs.assets.is_empty());
}

#[test]
fn an_unknown_theme_is_an_error_with_the_known_ones() {
    let site = Site::new(&[("site.toml", "theme = \"plian\""), ("themes/plain/templates/page.html", "")]);
    let inputs = site.scan();
    let [unknown] = &inputs.diagnostics[..] else { panic!("{:?}", inputs.diagnostics) };
    assert_eq!(unknown.message, "there is no theme `plian`");
    assert_eq!(unknown.help.as_deref(), Some("did you mean `plain`?"));
    assert_eq!(unknown.location.span.map(|span| (span.start, span.end)), Some((9, 14)));
    site.set("theme = \"elsewhere\"");
    let help = site.scan().diagnostics[0].help.clone().unwrap();
    assert!(help.ends_with("there are `default`, `plain`"), "{help}");
}

#[test]
fn the_day_is_told_once() {
    let mut site = Site::new(&[("site.toml", "timezone = \"Pacific/Auckland\"")]);
    // 2026-03-01 at 23:30 in London, when Auckland has the 2nd.
    site.now = SystemTime::UNIX_EPOCH + Duration::from_mins(29_540_130);
    assert_eq!(site.scan().today, jiff::civil::date(2026, 3, 2));
    let epoch = Request { source_date_epoch: Some(0), ..site.request() };
    let today = |request: &Request<'_>| scan(request, &Stamps::default(), &|_, _| true).unwrap().today;
    assert_eq!(today(&epoch), jiff::civil::date(1970, 1, 1));
    let told = Request { today: Some(jiff::civil::date(2020, 2, 29)), ..epoch };
    assert_eq!(today(&told), jiff::civil::date(2020, 2, 29));
}

#[test]
fn without_settings_there_is_no_site() {
    let site = Site::new(&[("content/deep/a.md", "")]);
    let deep = site.path("content/deep");
    let error =
        scan(&Request { root: &deep, ..site.request() }, &Stamps::default(), &|_, _| true).unwrap_err();
    assert!(error.to_string().ends_with("site.toml`: no such file or directory"), "{error}");
    assert!(error.help().unwrap().starts_with("the site is in `"), "{error:?}");
    let empty = TempDir::new().unwrap();
    let error = scan(&Request { root: empty.path(), ..site.request() }, &Stamps::default(), &|_, _| true);
    assert!(error.unwrap_err().help().unwrap().starts_with("run `guidepost init`"));
    let base_url = Request { base_url: Some("example.com"), ..site.request() };
    let error = scan(&base_url, &Stamps::default(), &|_, _| true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not use `--base-url` `example.com`: it does not begin with `https://` or `http://`"
    );
}

#[test]
fn settings_that_are_not_utf_8_are_a_problem_of_the_site_at_their_byte() {
    let site = Site::new(&[]);
    site.write("site.toml", b"title = \"caf\xe9\"\nbase_url = \"https://example.com/\"\nlangg = \"de\"\n");
    let inputs = site.scan();
    let found: Vec<_> =
        inputs.diagnostics.iter().map(|found| (found.code, found.location.span.unwrap())).collect();
    assert_eq!(
        found,
        [
            (Code::Encoding, crate::diagnostic::Span::new(12, 13)),
            (Code::UnknownKey, crate::diagnostic::Span::new(49, 54))
        ]
    );
}

#[test]
fn a_glance_sees_a_named_template_and_leaves_the_rest_to_a_scan() {
    let site = Site::new(&[("templates/page.html", "old"), ("content/a.md", "")]);
    let mut former = site.scan();
    // As after a build, which knows every page.
    for source in &mut former.pages {
        source.remembered = Some(Fingerprint::of_bytes(b""));
    }
    let look = |name: &str| glance(&former, &former.stamps, &BTreeSet::from([site.path(name)]));
    site.write("templates/page.html", "new");
    let seen = look("templates/page.html").unwrap();
    let page = seen.templates.iter().find(|template| template.name == "page.html").unwrap();
    assert_eq!((page.text.as_str(), page.fingerprint), ("new", Fingerprint::of_bytes(b"new")));
    assert_eq!(seen.templates.len(), former.templates.len());
    site.write("templates/other.html", "");
    assert!(look("templates/other.html").is_none(), "a new one is for a scan");
    fs::remove_file(site.path("templates/page.html")).unwrap();
    assert!(look("templates/page.html").is_none(), "one that is gone too");
}
