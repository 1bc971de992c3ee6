//! A site of a thousand pages: what one edit costs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "our own outputs are in lower case")]

mod support;

use std::fmt::Write as _;

use support::Site;

const PAGES: usize = 1_000;

fn site() -> Site {
    let site = Site::empty();
    site.write(
        "site.toml",
        "title = \"Large\"\nbase_url = \"https://example.com/\"\n[taxonomies.tags]\n[feeds]\natom = true\n",
    );
    site.write("content/_index.md", "---\ntitle: Home\n---\n");
    for section in 0..10 {
        site.write(
            &format!("content/s{section}/_index.md"),
            &format!("---\ntitle: Section {section}\npaginate_by: 20\n---\n"),
        );
    }
    for page in 0..PAGES {
        let mut text = format!(
            "---\ntitle: Page {page}\ndescription: About {page}.\npublished: 20{:02}-01-{:02}\ntags: [t{}, u{}]\n---\n",
            10 + page % 15,
            1 + page % 28,
            page % 40,
            page % 7
        );
        for part in 0..4 {
            let other = (page * 7 + part * 13) % PAGES;
            let _ = write!(text, "\n## Part {part}\n\nSee [that](../s{}/p{other}.md).\n", other % 10);
        }
        site.write(&format!("content/s{}/p{page}.md", page % 10), &text);
    }
    site
}

#[test]
fn one_edit_costs_one_page_and_the_lists_that_show_it() {
    let mut site = site();
    let first = site.build_warm();
    assert_eq!(first.messages, "");
    assert_eq!(first.parsed, PAGES + 11);

    let path = "content/s3/p123.md";
    let text = site.read(path);
    site.write(path, &text.replace("## Part 1\n", "## Part 1\n\nNew words.\n"));
    let edited = site.build_warm();
    assert_eq!(edited.parsed, 1);
    let lists: Vec<_> = edited.fresh.iter().filter(|path| !path.contains("p123")).collect();
    assert_eq!(edited.fresh.len() - lists.len(), 1, "{:?}", edited.fresh);
    assert!(
        lists.iter().all(|path| path.ends_with(".xml") || path.ends_with(".json")),
        "only feeds show a body: {lists:?}"
    );
    site.assert_law("after a body edit", &edited);

    let text = site.read(path);
    site.write(path, &text.replace("title: Page 123", "title: Renamed"));
    let renamed = site.build_warm();
    assert_eq!(renamed.parsed, 1);
    assert!(renamed.rendered < 60, "{} outputs show one title: {:?}", renamed.rendered, renamed.fresh);
    site.assert_law("after a new title", &renamed);

    let again = site.build_warm();
    assert_eq!((again.parsed, again.rendered), (0, 0));
}
