//! Disks, limits, permissions, streams and neighbours that are not as a build would like them.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::scene::{Scene, allow, fast_folder, tree};
use crate::tally;
use crate::trace::{Ended, arguments, finish, wanted};

/// Runs a script in a mount namespace of its own, as its root. `$SITE` is the site, `$GUIDEPOST` the
/// program with its arguments; what `$SITE/public` is at the end is found in `after/`.
fn in_a_world(scene: &Scene, script: &str) -> Ended {
    let site = scene.reset();
    let after = scene.folder.path().join("after");
    let _ = fs::remove_dir_all(&after);
    let program =
        [&[env!("CARGO_BIN_EXE_guidepost").to_owned()], &arguments(&site, scene.command())[..]].concat();
    let script = format!("{script}\ncode=$?\ncp -a \"$SITE/public\" \"$AFTER\" || exit 99\nexit $code");
    let ended = finish(
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "bash", "-c", &script])
            .env("SITE", &site)
            .env("AFTER", &after)
            .env("GUIDEPOST", program.join(" ")),
    );
    assert!(
        !ended.errors.contains("unshare") && !ended.errors.contains("mount:") && ended.code != Some(99),
        "no world could be made; allow namespaces, or set GUIDEPOST_NO_FAULTS=1: {}",
        ended.errors
    );
    ended
}

/// The old output is untouched, and the message names what is lacking.
fn assert_refused(scene: &Scene, ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    for word in words.iter().chain(&["help: "]) {
        assert!(ended.errors.contains(word), "`{word}` is not in: {}", ended.errors);
    }
    let after = scene.folder.path().join("after");
    let (after, before) = (tree(&after), tree(&scene.folder.path().join("start/public")));
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{}", ended.errors);
    assert!(after == before, "an output changed: {}", ended.errors);
    tally::note("circumstances", &words.concat().replace([' ', '`', '/'], "-"), 1);
}

const OWN_DISK: &str = "cp -a $SITE/public $SITE/old; mount -t tmpfs -o OPTIONS tmpfs $SITE/public; cp -a $SITE/old/. $SITE/public; ";

#[test]
fn a_full_disk_leaves_the_old_output() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let disk = OWN_DISK.replace("OPTIONS", "size=1m");
    let fill = "dd if=/dev/zero of=$SITE/public/.fill bs=4k 2>/dev/null; rm $SITE/old -r; $GUIDEPOST; code=$?; rm $SITE/public/.fill; (exit $code)";
    assert_refused(&scene, &in_a_world(&scene, &format!("{disk}{fill}")), &["no space left", "make room"]);
    let disk = OWN_DISK.replace("OPTIONS", "nr_inodes=80");
    let fill = "for i in $(seq 100); do : > $SITE/public/.fill$i; done 2>/dev/null; $GUIDEPOST; code=$?; rm $SITE/public/.fill*; (exit $code)";
    assert_refused(&scene, &in_a_world(&scene, &format!("{disk}{fill}")), &["no space left", "make room"]);
}

#[test]
fn a_read_only_output_is_refused_and_a_read_only_source_is_not() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let read_only =
        "mount --bind $SITE/public $SITE/public && mount -o remount,bind,ro $SITE/public && $GUIDEPOST";
    assert_refused(&scene, &in_a_world(&scene, read_only), &["read-only file system"]);
    let source =
        "mount --bind $SITE/content $SITE/content && mount -o remount,bind,ro $SITE/content && $GUIDEPOST";
    let ended = in_a_world(&scene, source);
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
    scene.check_now(&scene.folder.path().join("site"), &ended, "read-only source");
    // Nothing but the output folder can be written to: all that is lost is memory.
    let all = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/out && mount --bind $SITE $SITE && mount -o remount,bind,ro $SITE && $GUIDEPOST --output /mnt/out && test -f /mnt/out/index.html";
    let ended = in_a_world(&scene, all);
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
}

#[test]
fn an_output_on_another_file_system_is_whole_too() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let ended = in_a_world(&scene, &format!("{}$GUIDEPOST", OWN_DISK.replace("OPTIONS", "size=4m")));
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
    let after = scene.folder.path().join("after");
    assert_eq!(fs::read_to_string(after.join("note.txt")).unwrap(), "another note");
    assert!(after.join("guides/vet/index.html").exists() && !after.join("guides/pilot").exists());
    assert!(!after.join(".guidepost-stage").exists(), "litter");
    let atomic = Scene::edited(&["build", "--atomic"]);
    let ended = in_a_world(&atomic, &format!("{}$GUIDEPOST", OWN_DISK.replace("OPTIONS", "size=4m")));
    assert_refused(&atomic, &ended, &["another file system", "without `--atomic`"]);
}

/// Runs the scene's command after `limits` of a shell.
fn limited(scene: &Scene, limits: &str) -> Ended {
    let site = scene.reset();
    finish(
        Command::new("bash")
            .args(["-c", &format!("{limits}; exec \"$@\""), "bash", env!("CARGO_BIN_EXE_guidepost")])
            .args(arguments(&site, scene.command())),
    )
}

#[test]
fn limits_of_the_system_are_named_and_nothing_is_lost() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let site = scene.folder.path().join("site");
    for limit in ["ulimit -n 32", "ulimit -n 12", "ulimit -s 1024", "ulimit -v 4000000", "ulimit -u 4096"] {
        let ended = limited(&scene, limit);
        scene.check(&site, &ended, limit);
        assert_eq!(ended.code, Some(0), "{limit}: {}", ended.errors);
        tally::note("circumstances", &limit.replace(' ', "-"), 1);
    }
    // The system kills whoever writes more, unless the signal is ignored: then it is an error.
    let ended = limited(&scene, "trap '' XFSZ; ulimit -f 1");
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    assert!(ended.errors.contains("file too large"), "{}", ended.errors);
    scene.check(&site, &ended, "file size");
    let ended = limited(&scene, "ulimit -f 1");
    scene.check(&site, &Ended { code: None, ..ended }, "killed for a file's size");
}

/// The library that shows a program another clock.
fn fake_clock() -> Option<std::path::PathBuf> {
    let libraries = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut places = libraries.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    places.find(|place| place.exists())
}

#[test]
fn surroundings_change_nothing() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    for around in [
        "unset HOME",
        "export TMPDIR=/nonexistent",
        "export LC_ALL=C LANG=C",
        "export TERM=dumb NO_COLOR=1",
        "export PATH=",
        "mkdir -p $(mktemp -d)/gone; cd $_; rmdir $OLDPWD/none 2>/dev/null; rmdir $PWD",
        "exec <&-",
        "exec >&-",
        "exec 2>&-",
        "exec >/dev/full",
        "exec 2>/dev/full",
        "exec > >(exit)",
    ] {
        let ended = limited(&scene, around);
        assert_eq!(ended.code, Some(0), "{around}: {}", ended.errors);
        scene.check(&scene.folder.path().join("site"), &ended, around);
        tally::note("circumstances", &around.replace(|c: char| !c.is_alphanumeric(), "-"), 1);
    }
    // Clocks at their ends: the day is given, and files are then of the future or of long ago.
    let Some(library) = fake_clock() else { panic!("install `faketime`, or set GUIDEPOST_NO_FAULTS=1") };
    for clock in ["1970-01-01 00:00:10", "2038-01-19 03:14:08", "2106-02-07 06:28:20"] {
        let around = format!(
            "export LD_PRELOAD={} FAKETIME='@{clock}' NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1",
            library.display()
        );
        let ended = limited(&scene, &around);
        assert_eq!(ended.code, Some(0), "{clock}: {}", ended.errors);
        scene.check(&scene.folder.path().join("site"), &ended, clock);
        tally::note("circumstances", &clock.replace([' ', ':'], "-"), 1);
    }
    // An answer that cannot be given is an error, unless nobody wants it any more.
    let site = scene.reset();
    let list = |to: &str| {
        finish(Command::new("bash").args([
            "-c",
            &format!("'{}' list --root '{}' {to}", env!("CARGO_BIN_EXE_guidepost"), site.display()),
        ]))
    };
    assert_eq!(list("> /dev/full").code, Some(3));
    assert_eq!(list("| true; exit ${PIPESTATUS[0]}").code, Some(0));
}

#[test]
fn what_may_not_be_written_stops_a_build_before_it_begins() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    for (path, mode) in [
        ("public/guides", 0o555),
        ("public", 0o555),
        ("content/guides/nurse.md", 0o000),
        ("content/guides", 0o000),
        ("static/note.txt", 0o000),
        ("site.toml", 0o000),
    ] {
        let site = scene.reset();
        // Everything is handed to somebody who may not override permissions.
        let nobody = fs::metadata(&site).unwrap().uid() == 0;
        allow(&site.join(path), mode);
        let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
        command.args(arguments(&site, scene.command()));
        if nobody {
            allow(scene.folder.path(), 0o755);
            finish(Command::new("chown").args(["-R", "65534:65534"]).arg(&site));
            command.uid(65534).gid(65534);
        }
        let ended = finish(&mut command);
        assert!(matches!(ended.code, Some(1 | 3)), "{path}: {:?} {}", ended.code, ended.errors);
        assert!(ended.errors.contains("permission denied"), "{path}: {}", ended.errors);
        assert!(ended.errors.contains("help: "), "{path}: {}", ended.errors);
        assert_eq!(tree(&site.join("public")), tree(&scene.folder.path().join("start/public")), "{path}");
        allow(&site.join(path), 0o755);
        if nobody {
            finish(Command::new("chown").args(["-R", "0:0"]).arg(&site));
        }
        scene.check_healed(&site, path);
    }
}

/// Puts something at a place, perhaps leading to a folder elsewhere.
type Obstacle = fn(&Path, &Path);

#[test]
fn what_stands_in_the_way_is_named_and_kept() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let outside = fast_folder();
    fs::write(outside.path().join("precious"), "precious").unwrap();
    let obstacles: [(&str, Obstacle); 5] = [
        ("a folder with a file", |place, _| {
            fs::create_dir(place).unwrap();
            fs::write(place.join("mine"), "mine").unwrap();
        }),
        ("a link to a folder", |place, outside| std::os::unix::fs::symlink(outside, place).unwrap()),
        ("a link to a file", |place, outside| {
            std::os::unix::fs::symlink(outside.join("precious"), place).unwrap();
        }),
        ("a link to nothing", |place, _| std::os::unix::fs::symlink("nowhere", place).unwrap()),
        ("a pipe", |place, _| assert!(Command::new("mkfifo").arg(place).status().unwrap().success())),
    ];
    for (what, obstacle) in obstacles {
        for path in ["guides/vet", "guides/vet/index.html", "note.txt"] {
            let site = scene.reset();
            let place = site.join("public").join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&place);
            if what == "a folder with a file" && path == "guides/vet" {
                continue;
            }
            obstacle(&place, outside.path());
            let before = tree(&site.join("public"));
            let ended =
                finish(Command::new(env!("CARGO_BIN_EXE_guidepost")).args(arguments(&site, scene.command())));
            assert_eq!(ended.code, Some(3), "{what} at {path}: {}", ended.errors);
            assert!(ended.errors.contains("help: "), "{what} at {path}: {}", ended.errors);
            assert_eq!(tree(&site.join("public")), before, "{what} at {path}");
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "{what} at {path}");
            if place.is_dir() && !place.is_symlink() {
                fs::remove_dir_all(&place).unwrap();
            } else {
                fs::remove_file(&place).unwrap();
            }
            scene.check_healed(&site, what);
            tally::note("circumstances", &format!("{what}-{path}").replace([' ', '/'], "-"), 1);
        }
    }
}

#[test]
fn several_builds_at_once_leave_one_whole_output() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    for round in 0..4 {
        let site = scene.reset();
        let builds: Vec<_> = (0..4)
            .map(|_| {
                Command::new(env!("CARGO_BIN_EXE_guidepost"))
                    .args(arguments(&site, scene.command()))
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for build in builds {
            let output = build.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            let code = output.status.code();
            assert!(
                code == Some(0) || (code == Some(3) && errors.contains("another build is writing")),
                "round {round}: {code:?} {errors}"
            );
        }
        scene.check_healed(&site, "four at once");
    }
    tally::note("circumstances", "at-once", 4);
}

/// With all its threads, killed or interrupted wherever it happens to be.
#[test]
fn a_kill_at_any_moment_leaves_whole_files() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    for (moment, signal) in (0..36).zip([Signal::KILL, Signal::INT, Signal::TERM].into_iter().cycle()) {
        let site = scene.reset();
        let mut build = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args(["build", "--quiet", "--today", "2026-11-22", "--root"])
            .arg(&site)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(3_000 * moment));
        // It has not been waited for, so it is still the one with this number.
        kill_process(Pid::from_child(&build), signal).unwrap();
        let status = build.wait().unwrap();
        // Whoever interrupts it by a key sees that; a shell answers with 130.
        assert!(status.success() || status.signal() == Some(signal.as_raw()), "{signal:?}: {status}");
        scene.check(
            &site,
            &Ended { code: None, errors: String::new() },
            &format!("{signal:?} at moment {moment}"),
        );
    }
    tally::note("circumstances", "killed-at-random", 36);
}

/// Files come, change and go while builds walk and read.
#[test]
fn a_site_in_motion_is_built_or_its_errors_are_located() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    let site = scene.reset();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0_u64.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                for number in 0..20 {
                    let file = site.join(format!("content/guides/moving-{number}.md"));
                    if (round + number) % 3 == 0 {
                        let _ = fs::remove_file(&file);
                    } else {
                        let text = format!(
                            "---\ntitle: M{number}\n---\n{}",
                            "x ".repeat(usize::try_from(round % 50).unwrap())
                        );
                        let _ = fs::write(&file, text);
                    }
                    let asset = site.join(format!("static/moving-{number}.txt"));
                    let _ = if round % 2 == 0 {
                        fs::write(&asset, "x".repeat(usize::try_from(number).unwrap()))
                    } else {
                        fs::remove_file(&asset)
                    };
                }
            }
        });
        for _ in 0..12 {
            let ended =
                finish(Command::new(env!("CARGO_BIN_EXE_guidepost")).args(["build", "--root"]).arg(&site));
            let gentle = match ended.code {
                Some(0) => true,
                // A title that is half written, or a file that changed under the reader's eyes.
                Some(1) => ended.errors.contains("-->"),
                Some(3) => ended.errors.contains("build again"),
                _ => false,
            };
            if !gentle {
                over.store(true, Ordering::Relaxed);
                panic!("{:?} {}", ended.code, ended.errors);
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    for entry in
        fs::read_dir(site.join("content/guides")).unwrap().chain(fs::read_dir(site.join("static")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("moving-") {
            fs::remove_file(path).unwrap();
        }
    }
    scene.check_healed(&site, "a site in motion");
}

/// Permissions of what is published follow the umask of whoever builds, and nothing else does.
#[test]
fn the_umask_decides_permissions_alone() {
    if !wanted() {
        return;
    }
    let scene = Scene::edited(&["build"]);
    for (mask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let ended = limited(&scene, &format!("umask {mask}"));
        let site = scene.folder.path().join("site");
        let file = site.join("public/guides/vet/index.html");
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, mode, "umask {mask}");
        scene.check(&site, &ended, mask);
    }
}
