//! Promos are no content: with and without them a site is the same but for them. And the demo's guide
//! has them where the article that guides are modelled on has its own (rows 13 to 15).
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "our own files are in lower case")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

use proptest::prelude::*;
use support::html::{self, Element};
use support::{Published, Site, cases};

#[test]
fn the_back_end_guide_has_its_three_promos_where_the_article_has_them() {
    let (_, published) = support::demo().build_cold();
    let page = html::tree(text(&published, "guides/back-end-developer/index.html"));
    let articles = page.named("article");
    assert_eq!(promos(&page).len(), 3);

    // After the paragraph that follows the list of the two roles, 150 words or more into the text.
    let intro = articles[0].all(|element| element.is("div", "intro"));
    let blocks: Vec<&Element> = intro[0].elements().collect();
    let first = blocks.iter().position(|block| is_promo(block)).expect("a promo in the introduction");
    assert_eq!([&*blocks[first - 2].name, &*blocks[first - 1].name], ["ul", "p"]);
    assert!(words(&blocks[..first]) >= 150 && words(&blocks[..first - 1]) < 150);

    // After the second section with its way back to the top, and nothing between.
    let holder = articles[0]
        .all(|element| element.elements().filter(|child| child.name == "section").count() >= 5)
        .into_iter()
        .next_back()
        .expect("what holds the sections");
    let blocks: Vec<&Element> = holder.elements().collect();
    let sections: Vec<usize> = (0..blocks.len()).filter(|at| blocks[*at].name == "section").collect();
    assert!(is_promo(blocks[sections[1] + 1]), "after the second section");
    assert!(blocks[sections[1]].elements().next_back().unwrap().is("p", "back-to-top"));
    let last = *sections.last().unwrap();
    assert!((sections[0]..last).all(|at| at == sections[1] + 1 || !is_promo(blocks[at])));

    // The last thing before the author's box.
    let all = articles[0]
        .all(|element| is_promo(element) || element.is("section", "author-box") || is_text(element));
    let author = all.iter().position(|element| element.is("section", "author-box")).expect("an author's box");
    let before = all[..author].iter().rposition(|element| is_promo(element)).unwrap();
    let inside = promos(&page)[2].all(is_text).len();
    assert_eq!(author - before - 1, inside, "only the promo's own text stands between it and the author");
}

#[test]
fn the_demo_without_promos_is_the_demo_but_for_them() {
    let site = support::demo();
    let (_, on) = site.build_cold();
    let settings = site.read("site.toml");
    site.write("site.toml", &settings.replace("[promos]", "[promos]\nenabled = false"));
    // Those that a writer asks for or places stand all the same.
    let placed = support::published(&site.root().join("content"));
    for (path, bytes) in placed.iter().filter(|(path, _)| path.ends_with(".md")) {
        let mut is_code = false;
        let lines = std::str::from_utf8(bytes).unwrap().split_inclusive('\n');
        let kept: String = lines
            .filter(|line| {
                is_code ^= line.starts_with("```");
                is_code || !line.starts_with("::promo ") && !line.starts_with("promos:")
            })
            .collect();
        site.write(&format!("content/{path}"), &kept);
    }
    let (_, off) = site.build_cold();
    let shown = same_but_for_promos(&on, &off);
    assert!(shown >= 15, "only {shown} promos on the demo");
}

/// Compares two sites, and counts the promos of the first; the other has none.
fn same_but_for_promos(on: &Published, off: &Published) -> usize {
    let names = |published: &Published| {
        published.keys().filter(|path| *path != ".guidepost-files").cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(on), names(off));
    let mut shown = 0;
    for path in names(on) {
        if !path.ends_with(".html") {
            // Feeds, the sitemap, styles and scripts.
            assert!(on[&path] == off[&path], "{path} differs");
            continue;
        }
        let (with, without) = (html::tree(text(on, &path)), html::tree(text(off, &path)));
        shown += promos(&with).len();
        assert_eq!(promos(&without).len(), 0, "{path}");
        assert_eq!(outline(&with), outline(&without), "{path}");
        // A promo may be all that stands before the first section, and so may a comment, which is no part of the tree.
        let is_empty = |element: &Element| element.is("div", "intro") && element.children.is_empty();
        let bare = |page: Element| page.without(&is_promo).without(&is_empty);
        assert!(
            bare(with) == bare(without),
            "{path} differs beside its promos\n--- on\n{}\n--- off\n{}",
            text(on, &path),
            text(off, &path)
        );
    }
    shown
}

fn text<'a>(published: &'a Published, path: &str) -> &'a str {
    std::str::from_utf8(&published[path]).unwrap()
}

fn promos(page: &Element) -> Vec<&Element> {
    page.all(is_promo)
}

/// What a promo comes in: no part of a snippet.
fn is_promo(element: &Element) -> bool {
    element.attributes.contains_key("data-nosnippet")
        && element.all(|inner| inner.is("aside", "promo")).len() == 1
}

fn is_text(element: &Element) -> bool {
    ["p", "li", "img", "a"].contains(&&*element.name)
}

fn words(blocks: &[&Element]) -> usize {
    blocks.iter().map(|block| block.text().split(' ').count()).sum()
}

/// Level, id and text of each heading.
fn outline(page: &Element) -> Vec<(String, String, String)> {
    page.all(|element| matches!(&*element.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
        .iter()
        .map(|heading| (heading.name.clone(), heading.attribute("id").to_owned(), heading.text()))
        .collect()
}

/// Pieces of a page, with promos by hand among them.
const PIECES: &[&str] = &[
    "One two three four five six seven eight nine ten.\n",
    "One two three four five.\n",
    "Announced:\n",
    "- a list\n- of things\n",
    "1. one\n\n   more of it\n\n2. two\n",
    "> a quotation\n",
    "| a | b |\n| - | - |\n| c | d |\n",
    "```text\n::promo quiz\n```\n",
    "## Section\n",
    "## Another *section*\n",
    "### Deeper\n",
    "# Too high\n",
    "::promo quiz\n",
    "::promo newsletter\n",
    "- ::promo newsletter\n",
    "::toc\n",
    "<!-- more -->\n",
    "Note[^1].\n\n[^1]: The note.\n",
    ":::callout\nInside.\n\n::promo quiz\n:::\n",
    ":::from 2026-01-01\n## Shown\n\nText.\n:::\n",
    ":::until 2026-01-01\n## Hidden\n\nText.\n:::\n",
    ":::takeaway\nThe end.\n:::\n",
    "***\n",
    "<div>\n\nraw\n\n</div>\n",
];

/// A page of these pieces, promos by rule after so many words, is that page without promos but for them.
fn check(pieces: &[&str], after: u32) {
    let bases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bases");
    let site = Site::copy_of(&bases.join("promos"));
    support::copy(&bases.join("rows"), &site.root());
    site.write("site.toml", &format!(
        "title = \"T\"\nbase_url = \"https://example.com/\"\ntaxonomies = []\n[promos]\nstart = {{ after_words = {after} }}\n\
         min_gap_words = 3\nmax_per_page = 9\n[extra]\ngraph = true\n"
    ));
    let build = |promos: bool| {
        let head = format!("---\ntitle: T\npublished: 2026-01-01\npromos: {promos}\n---\n");
        site.write("content/guides/guide.md", &(head + &pieces.join("\n")));
        site.build_cold()
    };
    let ((with, on), (without, off)) = (build(true), build(false));
    assert_eq!(with.published, without.published, "{}\n{}", with.messages, without.messages);
    if with.published {
        same_but_for_promos(&on, &off);
    }
}

#[test]
fn an_introduction_of_a_comment_alone_is_the_same_with_promos() {
    check(&["<!-- more -->\n", "<!-- more -->\n", "## Section\n"], 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(24), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_without_promos_is_that_page_but_for_them(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14),
        after in 0..20_u32,
    ) {
        check(&pieces, after);
    }
}
