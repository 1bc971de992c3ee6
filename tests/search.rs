//! The search index: what it finds, when it is made again, and that it is always the same.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "search")]

mod support;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::{Duration, SystemTime};

use support::{Remembers, Site};

fn site() -> Site {
    let site = Site::empty();
    site.write(
        "site.toml",
        "title = \"Careers\"\nbase_url = \"https://example.com/careers/\"\n[search]\nenabled = true\n",
    );
    site.write("content/_index.md", "---\ntitle: Home\n---\n\nWelcome.\n");
    site.write("content/guides/_index.md", "---\ntitle: Guides\n---\n");
    site.write(
        "content/guides/nurse.md",
        "---\ntitle: Nurse\ndek: Care for the sick\n---\n\nNurses look after patients.\n\n## Working nights\n\n\
         The ward sleeps.\n\n```text\nverbatim\n```\n",
    );
    site.write("content/guides/welder.md", "---\ntitle: Welder\nsearch: false\n---\n\nSparks fly.\n");
    site.write(
        "content/data/promos.toml",
        "[fair]\ntitle = \"Jamboree\"\npoints = [\"Come\"]\ncta = { label = \"Go\", href = \"/guides/\" }\nslots = [\"end\"]\n",
    );
    site
}

/// The texts of the index, by page.
fn texts(site: &Site) -> BTreeMap<String, serde_json::Value> {
    let folder = site.root().join("public/pagefind/fragment");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let mut text = String::new();
            flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
            let json = text.strip_prefix("pagefind_dcd").unwrap();
            let fragment: serde_json::Value = serde_json::from_str(json).unwrap();
            (fragment["url"].as_str().unwrap().to_owned(), fragment)
        })
        .collect()
}

/// When each file of the index was written, as far as it was.
fn times(site: &Site) -> BTreeMap<String, SystemTime> {
    let folder = site.root().join("public/pagefind");
    walkdir::WalkDir::new(&folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(&folder).unwrap().display().to_string();
            (name, entry.metadata().unwrap().modified().unwrap())
        })
        .collect()
}

#[test]
fn it_finds_pages_by_what_they_say_and_nothing_else() {
    let mut site = site();
    let built = site.build_warm();
    assert!(built.published, "{}", built.messages);
    let texts = texts(&site);
    // Addresses are without the base path, which the browser adds.
    assert_eq!(texts.keys().collect::<Vec<_>>(), ["/", "/guides/", "/guides/nurse/"]);
    let nurse = &texts["/guides/nurse/"];
    assert_eq!(nurse["meta"]["title"], "Nurse");
    assert_eq!(nurse["meta"]["section"], "Guides");
    let content = nurse["content"].as_str().unwrap();
    for said in ["Care for the sick", "look after patients", "Working nights", "The ward sleeps"] {
        assert!(content.contains(said), "{said}: {content}");
    }
    for unsaid in ["verbatim", "Jamboree", "Back to top", "Table of Contents", "#"] {
        assert!(!content.contains(unsaid), "{unsaid}: {content}");
    }
    let anchors: Vec<&str> =
        nurse["anchors"].as_array().unwrap().iter().filter_map(|anchor| anchor["id"].as_str()).collect();
    assert_eq!(anchors, ["working-nights"]);
    let pages = site.read("public/guides/nurse/index.html");
    assert!(pages.contains("action=\"/careers/search/\""), "{pages}");
    let search = site.read("public/search/index.html");
    assert!(search.contains("data-index=\"/careers/pagefind/\""), "{search}");
    assert!(!site.read("public/sitemap.xml").contains("/search/"));
}

#[test]
fn it_is_the_same_after_any_edit_and_made_again_only_for_its_texts() {
    for remembers in [Remembers::InProcess, Remembers::InStore] {
        let mut site = site();
        site.remembers = remembers;
        let built = site.build_warm();
        site.assert_law("first", &built);
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let entry = "public/pagefind/pagefind-entry.json";
        let first = site.read(entry);

        for (what, file, text) in [
            (
                "a promo",
                "content/data/promos.toml",
                "[fair]\ntitle = \"Parade\"\npoints = [\"Come\"]\ncta = { label = \"Go\", href = \"/guides/\" }\nslots = [\"end\"]\n",
            ),
            (
                "code",
                "content/guides/nurse.md",
                "---\ntitle: Nurse\ndek: Care for the sick\n---\n\nNurses look after patients.\n\n## Working nights\n\n\
             The ward sleeps.\n\n```text\nother\n```\n",
            ),
            (
                "what it does not find",
                "content/guides/welder.md",
                "---\ntitle: Welder\nsearch: false\n---\n\nIron glows.\n",
            ),
        ] {
            site.write(file, text);
            let before = times(&site);
            let built = site.build_warm();
            assert!(built.published, "{what}: {}", built.messages);
            assert_eq!(times(&site), before, "{what} is in no index");
            site.assert_law(what, &built);
            assert_eq!(site.read(entry), first, "{what}");
        }
        site.write("content/guides/nurse.md", "---\ntitle: Nurse\n---\n\nNurses watch over patients.\n");
        let built = site.build_warm();
        site.assert_law("a text", &built);
        assert_ne!(site.read(entry), first);
        assert_eq!(texts(&site).len(), 3, "what the index held before is gone");

        // Without a change, nothing at all is written.
        for name in times(&site).keys() {
            site.set_modified(&format!("public/pagefind/{name}"), long_ago);
        }
        let built = site.build_warm();
        site.assert_law("nothing", &built);
        assert!(times(&site).values().all(|time| *time == long_ago));
        site.delete("public/pagefind/pagefind.js");
        let built = site.build_warm();
        site.assert_law("a file that was lost", &built);

        site.write("site.toml", "title = \"Careers\"\nbase_url = \"https://example.com/careers/\"\n");
        let built = site.build_warm();
        site.assert_law("without search", &built);
        assert!(!site.root().join("public/pagefind").exists());
        assert!(!site.root().join("public/search").exists());
    }
}

#[test]
fn a_page_of_the_site_can_be_the_one_to_search_from() {
    let mut site = site();
    site.write("content/find.md", "---\ntitle: Find\ntemplate: search.html\n---\n\nAsk away.\n");
    let built = site.build_warm();
    assert!(built.published, "{}", built.messages);
    let page = site.read("public/find/index.html");
    assert!(page.contains("Ask away.") && page.contains("data-index="), "{page}");
    assert!(site.read("public/guides/nurse/index.html").contains("action=\"/careers/find/\""));
    assert!(!site.root().join("public/search").exists());
    assert!(!texts(&site).contains_key("/find/"));
}

#[test]
fn nothing_else_lies_where_the_index_does() {
    let mut site = site();
    site.write("static/pagefind/notes.txt", "mine");
    site.write("content/search.md", "---\ntitle: Another\n---\n");
    let built = site.build_warm();
    assert!(!built.published);
    for part in [
        "the file `static/pagefind/notes.txt` is published at `/pagefind/notes.txt`, where the search index lies",
        "`content/search.md` and the search page, unless a page has `template = \"search.html\"`, are both published at `/search/`",
    ] {
        assert!(built.messages.contains(part), "{part}\n{}", built.messages);
    }
}
