//! What a user sees: commands in `tests/cli`, with their output and exit code.
//!
//! The commands of `<name>.trycmd` run one after the other in a copy of `<name>.in`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

#[test]
fn commands_say_what_they_should() {
    let folder = tempfile::tempdir().unwrap();
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"), folder.path());
    trycmd::TestCases::new().env("GITHUB_ACTIONS", "").case(folder.path().join("*.trycmd"));
}

#[cfg(unix)]
#[test]
fn new_makes_no_page_through_a_link_out_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let (site, outside) = (folder.path().join("site"), folder.path().join("outside"));
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/site.in"), &site);
    std::fs::create_dir(&outside).unwrap();
    std::fs::create_dir(site.join("content/guides")).unwrap();
    for (link, target) in [("far", "../../outside"), ("gone", "../../nothing"), ("near", "guides")] {
        std::os::unix::fs::symlink(target, site.join("content").join(link)).unwrap();
    }
    let new = |page: &str| {
        let program = env!("CARGO_BIN_EXE_guidepost");
        let done =
            std::process::Command::new(program).args(["new", page]).current_dir(&site).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, said) = new("far/nurse");
    assert_eq!(code, Some(2));
    assert!(said.contains("`content/far`: this link leads out of the site"), "{said}");
    let (code, said) = new("gone/nurse");
    assert_eq!(code, Some(2));
    assert!(said.contains("`content/gone`: this cannot be read"), "{said}");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(new("near/nurse").0, Some(0));
    assert!(site.join("content/guides/nurse.md").exists());
}

/// A run of the program in a site: its exit code, and what it said on either stream.
fn run(site: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(arguments)
        .current_dir(site)
        .env("GITHUB_ACTIONS", "")
        .output()
        .unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap())
}

/// The library that makes the index would ask the environment how large its parts are to be.
#[test]
fn a_search_index_depends_on_the_site_alone() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/site.in"), &site);
    let build = || {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"));
        program.arg("build").current_dir(&site).env("PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE", "1");
        let done = program.output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(build().0, Some(0), "without an index it means nothing");
    let settings = std::fs::read_to_string(site.join("site.toml")).unwrap();
    std::fs::write(site.join("site.toml"), settings + "\n[search]\nenabled = true\n").unwrap();
    let (code, said) = build();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE") && said.contains("unset"), "{said}");
}

#[test]
fn fix_urls_leads_readers_to_where_pages_and_sections_went() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/desk.in"), &site);
    let text = |path: &str| std::fs::read_to_string(site.join(path)).unwrap();
    let write = |path: &str, text: &str| std::fs::write(site.join(path), text).unwrap();
    assert_eq!(run(&site, &["fix", "urls"]).0, Some(0));
    let lock = text("urls.lock");
    assert!(lock.contains("\n/guides/pilot/\n  #the-work\n  #the-way-in\n  #the-pay\n"), "{lock}");

    // A page that moved, and a heading that was reworded.
    let page = text("content/guides/pilot.md").replace("## The pay\n", "## What pay there is\n");
    std::fs::create_dir(site.join("content/jobs")).unwrap();
    write("content/jobs/pilot.md", &page);
    std::fs::remove_file(site.join("content/guides/pilot.md")).unwrap();
    write("content/_index.md", "---\ntitle: Home\n---\nSee [what pilots do](jobs/pilot.md).\n");
    let (_, said) = run(&site, &["check", "--only", "url-gone,id-changed", "--format", "short"]);
    assert!(said.contains("urls.lock:7:1: warning[url-gone]: `/guides/pilot/` was published"), "{said}");
    let (code, said) = run(&site, &["fix", "urls", "--dry-run"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!((text("urls.lock"), text("content/jobs/pilot.md")), (lock, page), "a dry run writes nothing");
    let (code, said) = run(&site, &["fix", "urls"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(text("content/jobs/pilot.md").starts_with("---\naliases: [\"/guides/pilot/\"]\n"), "{said}");
    let (_, said) = run(&site, &["check", "--only", "url-gone,id-changed"]);
    assert!(said.contains("no problems"), "{said}");

    let page = text("content/jobs/pilot.md");
    write(
        "content/jobs/pilot.md",
        &page.replace("## What pay there is\n", "## What pay you get {.no-top}\n"),
    );
    let (code, said) = run(&site, &["fix", "urls"]);
    assert_eq!(code, Some(0), "{said}");
    let page = text("content/jobs/pilot.md");
    assert!(page.contains("## What pay you get {.no-top old=\"what-pay-there-is\"}\n"), "{page}");

    // What is gone for good stays in the lock until somebody gives it up.
    write("content/jobs/pilot.md", &page.replace("aliases: [\"/guides/pilot/\"]\n", "draft: true\n"));
    write("content/_index.md", "---\ntitle: Home\n---\nNothing.\n");
    let (code, said) = run(&site, &["fix", "urls"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        text("urls.lock").contains("\n/guides/pilot/\n") && text("urls.lock").contains("\n/jobs/pilot/\n")
    );
    let (code, said) = run(&site, &["fix", "urls", "--forget", "/guides/pilot/", "--forget", "/jobs/pilot/"]);
    assert_eq!(code, Some(1), "the section of the page is gone too: {said}");
    assert!(!text("urls.lock").contains("pilot"), "{}", text("urls.lock"));
}

/// From the first build to the redirect that a host reads, and an address that is given up for a while.
#[test]
fn an_address_that_was_published_is_led_on_by_the_next_build() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/desk.in"), &site);
    let text = |path: &str| std::fs::read_to_string(site.join(path)).unwrap();
    let write = |path: &str, text: &str| std::fs::write(site.join(path), text).unwrap();
    let settings = format!("{}\n[publish]\nhost = \"netlify\"\n", text("site.toml"));
    write("site.toml", &settings);
    let said_of = |day: &str, more: &[&str]| {
        let check = ["check", "--only", "url-gone,allow-expired,allow-unused,allow-unknown", "--today", day];
        run(&site, &[&check[..], more].concat())
    };
    let build = || {
        let (code, said) = run(&site, &["build", "--today", "2026-11-22"]);
        assert_eq!(code, Some(0), "{said}");
    };
    build();
    assert!(site.join("public/guides/pilot/index.html").exists());
    assert!(!text("public/_redirects").contains("pilot"), "{}", text("public/_redirects"));
    assert_eq!(run(&site, &["fix", "urls"]).0, Some(0));

    std::fs::rename(site.join("content/guides/pilot.md"), site.join("content/guides/airline-pilot.md"))
        .unwrap();
    let home = text("content/_index.md").replace("guides/pilot.md", "guides/airline-pilot.md");
    write("content/_index.md", &home);
    let (code, said) = said_of("2026-11-22", &[]);
    assert_eq!(code, Some(0), "a warning: {said}");
    for part in [
        "warning[url-gone]: `/guides/pilot/` was published, and leads nowhere now",
        "most likely it is here now",
        "--> content/guides/airline-pilot.md:2:1",
        "help: add `aliases: [/guides/pilot/]` to `guides/airline-pilot.md`, as `guidepost fix urls` does",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(said_of("2026-11-22", &["--strict"]).0, Some(1));

    // A team that knows says so in the settings, until a day.
    let allow = |at: &str| {
        format!(
            "{settings}\n[[checks.allow]]\ncheck = \"url-gone\"\nat = \"{at}\"\nreason = \"it moves in spring\"\nuntil = 2027-03-31\n"
        )
    };
    write("site.toml", &allow("/guides/pilot/"));
    let (code, said) = said_of("2027-03-31", &["--strict"]);
    assert!(code == Some(0) && said.contains("no problems"), "{said}");
    let (_, said) = said_of("2027-04-01", &[]);
    assert!(said.contains("warning[url-gone]"), "{said}");
    assert!(
        said.contains("the exception for `url-gone` ended on 2027-03-31") && said.contains("--> site.toml:"),
        "{said}"
    );
    write("site.toml", &allow("/guides/pilott/"));
    let (_, said) = said_of("2026-11-22", &["--format", "short"]);
    assert!(said.contains("warning[url-gone]"), "{said}");
    assert!(said.contains("warning[allow-unused]: the exception for `url-gone` allows nothing"), "{said}");
    write("site.toml", &settings);

    let (code, said) = run(&site, &["fix", "urls"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        text("content/guides/airline-pilot.md").starts_with("---\naliases: [\"/guides/pilot/\"]\n"),
        "{said}"
    );
    build();
    let redirects = text("public/_redirects");
    assert!(
        redirects.lines().any(|line| line.split_whitespace().collect::<Vec<_>>()
            == ["/guides/pilot/", "/guides/airline-pilot/", "301!"]),
        "{redirects}"
    );
    assert!(text("public/guides/pilot/index.html").contains("/guides/airline-pilot/"));
    let (code, said) = said_of("2026-11-22", &["--strict"]);
    assert!(code == Some(0) && said.contains("no problems"), "{said}");
    assert!(
        text("urls.lock").contains("\n/guides/pilot/\n")
            && text("urls.lock").contains("\n/guides/airline-pilot/\n")
    );
}

#[test]
fn what_nobody_may_publish_stops_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/desk.in"), &site);
    let page = std::fs::read_to_string(site.join("content/guides/pilot.md")).unwrap();
    let build = |more: &str| {
        std::fs::write(site.join("content/guides/pilot.md"), format!("{page}\n{more}\n")).unwrap();
        run(&site, &["build", "--today", "2026-11-22", "--format", "short"])
    };
    assert_eq!(build("").0, Some(0));
    for (text, rule) in [
        ("See [the draft](http://localhost:1616/x/).", "link-localhost"),
        ("See http://192.168.1.7/x.", "link-localhost"),
        ("<a href=\"http://127.0.0.1/\">It</a>", "link-localhost"),
        ("A [school](https://amzn.to/x).", "affiliate-undisclosed"),
        (
            "We earn a commission.\n\n<a href=\"https://amzn.to/x\" rel=\"\">A school</a>.",
            "affiliate-unmarked",
        ),
    ] {
        let (code, said) = build(text);
        assert!(code == Some(1) && said.contains(&format!("error[{rule}]")), "{text}: {said}");
        // And once more, from memory.
        assert_eq!(
            run(&site, &["build", "--today", "2026-11-22", "--format", "short"]),
            (code, said),
            "{text}"
        );
    }
    assert_eq!(build("We earn a commission on a [school](https://amzn.to/x).").0, Some(0));

    // What the data says is paid for, and what a template of the site makes of it.
    let data = site.join("content/data");
    std::fs::create_dir_all(&data).unwrap();
    let course = |relation: &str| {
        let text = format!(
            "[school]\ntitle = \"A school\"\nurl = \"https://school.example/fly\"\nrelation = \"{relation}\"\n"
        );
        std::fs::write(data.join("courses.toml"), text).unwrap();
    };
    course("none");
    assert_eq!(build("A [school](https://school.example/fly).").0, Some(0));
    let page = || std::fs::read_to_string(site.join("public/guides/pilot/index.html")).unwrap();
    assert!(page().contains("href=\"https://school.example/fly\" rel=\"external\""), "{}", page());
    course("affiliate");
    let (code, said) = build("A [school](https://school.example/fly#fees).");
    assert!(code == Some(1) && said.contains("error[affiliate-undisclosed]"), "{said}");
    let (code, said) = build("We earn a commission.\n\nA [school](https://school.example/fly).");
    assert_eq!(code, Some(0), "{said}");
    assert!(page().contains("href=\"https://school.example/fly\" rel=\"external sponsored\""), "{}", page());
    // A card says so above itself.
    let (code, said) = build("::course school\n\nThat [school](https://school.example/fly) has planes.");
    assert_eq!(code, Some(0), "{said}");
    std::fs::create_dir_all(site.join("templates/components")).unwrap();
    let card = |rel: &str| {
        let text = format!(
            "{{% component course(it: map, id = \"\", classes = \"\") %}}\n<p id=\"{{{{ id }}}}\"><a href=\"{{{{ it.url }}}}\"{rel}>{{{{ it.title }}}}</a></p>\n{{% endcomponent course %}}\n"
        );
        std::fs::write(site.join("templates/components/course.html"), text).unwrap();
    };
    card("");
    let (code, said) = build("::course school");
    assert!(
        code == Some(1)
            && said.contains("error[affiliate-unmarked]: the link to `https://school.example/fly`"),
        "{said}"
    );
    let again = run(&site, &["build", "--today", "2026-11-22", "--format", "short"]);
    assert_eq!(again, (code, said));
    card(" rel=\"sponsored\"");
    let (code, said) = build("::course school");
    assert_eq!(code, Some(0), "{said}");

    // Structured data that nobody can read is a page that does not hold together.
    let broken = "{% component callout(it: map) %}\n<div>{{ body }}<script type=\"application/ld+json\">{\"name\": }</script></div>\n{% endcomponent callout %}\n";
    std::fs::write(site.join("templates/components/callout.html"), broken).unwrap();
    for text in [":::callout\nAsk a school.\n:::", "<b>Ask</b>\n\n:::callout\nAsk a school.\n:::"] {
        let (code, said) = build(text);
        assert!(
            code == Some(1) && said.contains("error[html-invalid]") && said.contains("is no JSON"),
            "{said}"
        );
    }
}

/// What a fix must not do to a page: lead a link elsewhere, lose an id that is linked to, or a note.
#[test]
fn safe_fixes_change_no_address_and_lose_no_id() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    let write = |path: &str, text: &str| std::fs::write(site.join(path), text).unwrap();
    let text = || std::fs::read_to_string(site.join("content/_index.md")).unwrap();
    std::fs::create_dir(site.join("content")).unwrap();
    std::fs::create_dir(site.join("content/data")).unwrap();
    write("content/data/glossary.toml", "[signup]\nterm = \"signup\"\ntext = \"x\"\n");
    write(
        "site.toml",
        "title = \"T\"\nbase_url = \"https://example.com/\"\n[checks.words]\nresume = \"CV\"\nsite = \"web site\"\n\
         foo = \"bar\"\nbar = \"foo\"\nsignup = \"sign up\"\npipe = \"a | b\"\nbrace = \"{{ x }}\"\n",
    );
    let fixed = |body: &str| {
        write("content/_index.md", &format!("---\ntitle: H\n---\n{body}"));
        let (_, first) = run(site, &["check", "--fix", "--yes", "--format", "short"]);
        let after = text();
        run(site, &["check", "--fix", "--yes", "--format", "short"]);
        assert_eq!(text(), after, "there is nothing left to do: {body}");
        let body = after.strip_prefix("---\ntitle: H\n---\n").unwrap().to_owned();
        (body, first)
    };
    for (body, expected) in [
        // Read as Markdown, `&copy;` is a sign.
        ("<https://example.org/?a=1&copy;=2>\n", None),
        ("| a |\n|---|\n| https://example.org/a\\|b |\n", None),
        ("[Jump](#your-resume)\n\n## Your resume\n\nText.\n", None),
        ("## See https://example.org/a\n\n[Jump](#see-httpsexampleorga)\n", None),
        ("Q[^1].\n\n[^1]: - [A](#a)\n    - [B](#b)\n    - [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("A foo and bar.\n", None),
        // Nothing would be left in it.
        (":::callout\n- [A](#a)\n- [B](#b)\n- [C](#c)\n:::\n\n## A\n\n## B\n\n## C\n", None),
        (
            "## Contents\n\n```sh\nkeep me\n```\n\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n",
            None,
        ),
        ("## Contents\n\n<p>Keep me.</p>\n\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("## Contents\n\n::sources\n\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("- [A](#a)\n\n  ```sh\n  keep me\n  ```\n\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("- [A](#a)\n  <!-- keep me -->\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("Mail signup@signup.example now.\n", None),
        ("A :term[signup].\n", None),
        ("## On this page\n\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n## A\n\n## B\n\n## C\n", None),
        ("Look!https://example.org/a now\n", None),
        ("Keep this line\n- [A](#a)\n- [B](#b)\n- [C](#c)\n---\n\n## A\n\n## B\n\n## C\n", None),
        ("| [Top](#top) | |\n| --- | --- |\n| keep | this |\n", None),
        ("| a |\n| - |\n| pipe |\n\nA brace.\n", None),
        (
            "## Contents\n\n1. [A](#a)\n2. [B](#b)\n   - [C](#c)\n\n## A\n\n### B\n\n[Back to top](#top)\n\n## C\n",
            Some("\n## A\n\n### B\n\n## C\n"),
        ),
        // And what else there is on such a page is mended.
        (
            "My resume: <https://example.org/>\n\n## Your resume\n\nSite. The site.\n",
            Some("My CV: [example.org](https://example.org/)\n\n## Your resume\n\nWeb site. The web site.\n"),
        ),
    ] {
        let (after, said) = fixed(body);
        assert_eq!(after, expected.unwrap_or(body), "{said}");
    }
}
