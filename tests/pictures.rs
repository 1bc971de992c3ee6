//! Pictures from the file beside a page to the published site: sizes, copies, and what they tell.
//!
//! The images are made here, so that none has to be kept.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

use guidepost::assemble::Cause;
use guidepost::engine::{self, Memory};
use guidepost::fingerprint::Fingerprint;
use guidepost::parse::highlight::Highlighter;
use guidepost::scan;
use image::{ExtendedColorType, ImageEncoder as _, Rgb, RgbImage};
use support::{Published, Remembers, Site};

/// Where the photographs say that they were taken.
const PLACE: &[u8] = b"GPS 51.5074 N";

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |value: u32, of: u32| u8::try_from(value * 255 / of).unwrap();
        Rgb([part(x, width), part(y, height), part((x * 7 + y * 13) % 64, 64)])
    })
}

/// A photograph turned on its side, with the place it was taken at.
fn photo(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut plain = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut plain, 95);
    encoder.write_image(picture(width, height).as_raw(), width, height, ExtendedColorType::Rgb8).unwrap();
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.push(orientation);
    exif.extend([0; 6]);
    exif.extend(PLACE);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&[0xff, 0xd8, 0xff, 0xe1][..], &length, &exif, &plain[2..]].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(picture(width, height).as_raw(), width, height, ExtendedColorType::Rgb8).unwrap();
    bytes
}

const GUIDE: &str = "---\ntitle: Surgeon\npublished: 2026-11-01\n---\n\nIntroduction.\n\n![A ward](ward.jpg)\n\n## Pay\n\n![A chart](/chart.png \"Pay\")\n\n## More\n\n![A drawing](plan.svg)\n";

fn site() -> Site {
    let site = Site::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits/base"));
    site.write("content/guides/surgeon/index.md", GUIDE);
    site.write_bytes("content/guides/surgeon/ward.jpg", &photo(900, 600, 1));
    site.write_bytes("static/chart.png", &png(600, 400));
    site.write(
        "content/guides/surgeon/plan.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\" onload=\"x()\"/>",
    );
    // Nobody shows it.
    site.write_bytes("static/spare.jpg", &photo(1000, 500, 1));
    site
}

fn page(published: &Published) -> String {
    String::from_utf8(published["guides/surgeon/index.html"].clone()).unwrap()
}

/// Every element of a name, with its attributes.
fn elements<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!("<{name} ");
    html.match_indices(&start).map(|(at, _)| &html[at..at + html[at..].find('>').unwrap()]).collect()
}

fn attribute<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let start = format!(" {name}=\"");
    let at = element.find(&start)? + start.len();
    Some(&element[at..at + element[at..].find('"')?])
}

/// The published files of a `srcset`, each with the width that it states.
fn candidates(element: &str) -> Vec<(String, u32)> {
    let srcset = attribute(element, "srcset").unwrap_or_default();
    let one = |candidate: &str| {
        let (url, width) = candidate.trim().rsplit_once(' ').unwrap();
        (url.trim_start_matches('/').to_owned(), width.trim_end_matches('w').parse().unwrap())
    };
    srcset.split(", ").filter(|candidate| !candidate.is_empty()).map(one).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_picture_has_its_size_and_smaller_copies() {
    let site = site();
    let (built, published) = site.build_cold();
    assert!(built.published, "{:?}", built.messages);
    let html = page(&published);
    let images = elements(&html, "img");
    assert_eq!(images.len(), 3, "{html}");
    for (image, size) in images.iter().zip([("900", "600"), ("600", "400"), ("30", "20")]) {
        assert_eq!((attribute(image, "width"), attribute(image, "height")), (Some(size.0), Some(size.1)));
    }
    assert_eq!(attribute(images[0], "fetchpriority"), Some("high"), "readers see it first");
    assert_eq!(attribute(images[0], "loading"), None);
    assert!(images[1..].iter().all(|image| attribute(image, "loading") == Some("lazy")));
    assert_eq!(attribute(images[1], "title"), Some("Pay"));
    let sources = elements(&html, "source");
    assert_eq!(sources.len(), 2, "{html}");
    let mut seen = 0;
    for element in images.iter().chain(&sources) {
        let all = candidates(element);
        for (file, width) in &all {
            let bytes = &published[file];
            assert_eq!(image::load_from_memory(bytes).unwrap().width(), *width, "{file}");
            seen += 1;
        }
        assert!(all.is_sorted_by_key(|(_, width)| *width) && all.iter().all(|(_, width)| *width <= 900));
    }
    assert!(seen >= 6, "{html}");
    assert!(sources.iter().all(|source| attribute(source, "type") == Some("image/webp")));
    let copies = published.keys().filter(|path| path.contains("w.")).count();
    let originals = candidates(images[0]).len().min(1) + candidates(images[1]).len().min(1);
    assert_eq!(copies + originals, seen, "nothing is made that no page names");
    assert!(!published.keys().any(|path| path.contains("spare.") && path != "spare.jpg"));
    assert!(
        holds(&published["atom.xml"], b"https://example.com/guides/surgeon/ward.jpg"),
        "feeds have the original"
    );
    assert!(!holds(&published["atom.xml"], b"srcset"));
}

#[test]
fn no_published_file_tells_where_a_photograph_was_taken() {
    let site = site();
    assert!(holds(&std::fs::read(site.root().join("static/spare.jpg")).unwrap(), PLACE));
    let (_, published) = site.build_cold();
    for (path, bytes) in &published {
        assert!(!holds(bytes, PLACE), "{path}");
    }
    site.write("site.toml", &format!("{}\n[images]\nstrip_metadata = false\n", site.read("site.toml")));
    let (_, published) = site.build_cold();
    assert!(holds(&published["spare.jpg"], PLACE), "unless the site wants it to");
}

#[test]
fn a_photograph_on_its_side_is_shown_upright() {
    let site = site();
    site.write_bytes("content/guides/surgeon/ward.jpg", &photo(900, 600, 6));
    let (_, published) = site.build_cold();
    let html = page(&published);
    let image = elements(&html, "img")[0];
    assert_eq!((attribute(image, "width"), attribute(image, "height")), (Some("600"), Some("900")));
    for (file, width) in elements(&html, "source").iter().take(1).flat_map(|source| candidates(source)) {
        let made = image::load_from_memory(&published[&file]).unwrap();
        assert_eq!((made.width(), made.height() > made.width()), (width, true), "{file}");
    }
}

#[test]
fn what_a_drawing_could_do_is_taken_out_and_said() {
    let site = site();
    let (built, published) = site.build_cold();
    assert!(!holds(&published["guides/surgeon/plan.svg"], b"onload"));
    assert!(
        built.messages.contains("drawing-unsafe") && built.messages.contains("plan.svg"),
        "{}",
        built.messages
    );
}

#[test]
fn damaged_pictures_are_said_where_they_lie_and_published() {
    let site = site();
    let whole = photo(900, 600, 1);
    for (name, bytes) in [
        ("ward.jpg", &whole[..whole.len() / 2]),
        ("empty.png", &[][..]),
        ("noise.webp", &b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xffxxxx"[..]),
        (
            "huge.png",
            &[&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\x01\0\0\x08\x06\0\0\0"[..], &[0; 4]].concat(),
        ),
    ] {
        site.write_bytes(&format!("content/guides/surgeon/{name}"), bytes);
    }
    let links = "\n![a](empty.png) ![b](noise.webp) ![c](huge.png)\n";
    site.write("content/guides/surgeon/index.md", &format!("{GUIDE}{links}"));
    let (built, published) = site.build_cold();
    assert!(built.published, "{}", built.messages);
    for name in ["ward.jpg", "empty.png", "noise.webp", "huge.png"] {
        let path = format!("content/guides/surgeon/{name}");
        assert!(built.messages.contains(&path), "{name}: {}", built.messages);
        assert!(published.contains_key(&format!("guides/surgeon/{name}")), "{name}");
    }
    assert!(!holds(&published["guides/surgeon/ward.jpg"], PLACE), "half a photograph tells nothing either");
}

#[test]
fn an_edit_of_a_picture_costs_what_shows_it_and_changes_no_answer() {
    for remembers in [Remembers::InProcess, Remembers::InStore] {
        let mut site = site();
        site.remembers = remembers;
        let first = site.build_warm();
        site.assert_law("first", &first);
        let nothing = site.build_warm();
        assert_eq!((nothing.parsed, nothing.rendered), (0, 0));
        site.write_bytes("static/chart.png", &png(560, 300));
        let edited = site.build_warm();
        site.assert_law("edited", &edited);
        assert_eq!(edited.parsed, 0);
        let other: Vec<_> = edited
            .fresh
            .iter()
            .filter(|path| {
                !path.starts_with("chart")
                    && *path != "guides/surgeon/index.html"
                    && !path.ends_with("atom.xml")
                    && !path.ends_with("feed.json")
            })
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert!(edited.fresh.iter().any(|path| path == "guides/surgeon/index.html"));
        site.write("site.toml", &format!("{}\n[images]\nenabled = false\n", site.read("site.toml")));
        let without = site.build_warm();
        site.assert_law("switched off", &without);
        assert!(!site.published().keys().any(|path| path.contains("w.")));
    }
}

#[test]
fn copies_come_from_the_store_when_the_output_is_gone_and_are_made_again_when_both_are() {
    let mut site = site();
    site.remembers = Remembers::InStore;
    site.build_warm();
    let expected = site.published();
    for gone in [&["public"][..], &["public", ".guidepost/images"]] {
        for path in gone {
            site.delete(path);
        }
        let again = site.build_warm();
        assert_eq!(site.published(), expected);
        site.assert_law("again", &again);
    }
    // A copy that nobody needs any more is not kept.
    let kept = |site: &Site| std::fs::read_dir(site.root().join(".guidepost/images")).unwrap().count();
    let before = kept(&site);
    site.write("content/guides/surgeon/index.md", "---\ntitle: Surgeon\n---\n\nNo pictures.\n");
    site.build_warm();
    assert!(before > 0 && kept(&site) == 0, "{before} {}", kept(&site));
}

#[test]
fn a_preview_shows_originals_at_once() {
    let site = site();
    let none = std::collections::BTreeSet::new();
    let request = scan::Request {
        root: &site.root(),
        base_url: None,
        origin: Some("http://127.0.0.1:1616"),
        today: Some("2026-11-22".parse().unwrap()),
        now: std::time::SystemTime::UNIX_EPOCH,
        source_date_epoch: None,
        visibility: scan::Visibility::default(),
        suspects: &none,
        output: Path::new("public"),
    };
    let nothing = |_: &str, _: Fingerprint| false;
    let inputs = scan::scan(&request, &scan::Stamps::default(), &nothing).unwrap();
    let plan = engine::plan(inputs, &Highlighter::in_process(), &mut Memory::default());
    let has_copies = plan.site.routes.values().any(|route| matches!(route.cause, Cause::Variant { .. }));
    assert!(!has_copies);
}

fn with(site: &Site, settings: &str) {
    site.write("site.toml", &format!("{}\n{settings}\n", site.read("site.toml")));
}

#[test]
fn each_page_has_a_card_that_its_words_fit_on() {
    for remembers in [Remembers::InProcess, Remembers::InStore] {
        let mut site = site();
        site.remembers = remembers;
        site.write("site.toml", &site.read("site.toml").replace("theme = \"plain\"", "theme = \"default\""));
        with(&site, "[cards]\nenabled = true");
        let long =
            "How to become an information security analyst when you have neither a degree in it nor a friend";
        site.write(
            "content/guides/long.md",
            &format!("---\ntitle: {long} & <more>\npublished: 2026-11-01\n---\n\nText.\n"),
        );
        site.write(
            "content/guides/far.md",
            "---\ntitle: \u{533b}\u{751f}\npublished: 2026-11-01\n---\n\nText.\n",
        );
        let first = site.build_warm();
        assert!(first.published, "{}", first.messages);
        site.assert_law("first", &first);
        let published = site.published();
        let card_of = |page: &str| {
            let html = String::from_utf8(published[page].clone()).unwrap();
            let meta = elements(&html, "meta")
                .into_iter()
                .find(|meta| attribute(meta, "property") == Some("og:image"));
            meta.map(|meta| attribute(meta, "content").unwrap().to_owned())
        };
        let url = card_of("guides/long/index.html").unwrap();
        let file = url.strip_prefix("https://example.com/").unwrap();
        assert!(file.starts_with("cards/guides/long."), "{file}");
        let card = image::load_from_memory(&published[file]).unwrap();
        assert_eq!((card.width(), card.height()), (1200, 630));
        assert!(published[file].len() < 80_000, "{}", published[file].len());
        let other = card_of("index.html").unwrap();
        let other = &published[other.strip_prefix("https://example.com/").unwrap()];
        assert_ne!(&published[file], other, "each says its own title");
        assert_eq!(card_of("guides/far/index.html"), None, "the font has no such letters");
        let nothing = site.build_warm();
        assert!(nothing.fresh.is_empty(), "{:?}", nothing.fresh);
        // Another word on a card is another card at another address, and no other is drawn.
        site.write("content/guides/long.md", "---\ntitle: Short\npublished: 2026-11-01\n---\n\nText.\n");
        let renamed = site.build_warm();
        site.assert_law("renamed", &renamed);
        let drawn = renamed.fresh.iter().filter(|path| path.starts_with("cards/")).count();
        assert_eq!(drawn, 1, "{:?}", renamed.fresh);
        assert!(!site.published().contains_key(file));
        // A page's own picture goes before its card.
        site.write("content/guides/long.md", "---\ntitle: Short\nimage: chart.png\n---\n\nText.\n");
        site.build_warm();
        let html = String::from_utf8(site.published()["guides/long/index.html"].clone()).unwrap();
        assert!(html.contains("content=\"https://example.com/chart.png\""), "{html}");
    }
}

#[test]
fn a_broken_template_of_cards_is_said() {
    let site = site();
    with(&site, "[cards]\nenabled = true");
    site.write(
        "templates/card.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\">{{ card.title }}</svg>",
    );
    let (built, _) = site.build_cold();
    assert!(!built.published && built.messages.contains("card.svg"), "{}", built.messages);
}

#[test]
fn icons_are_made_of_the_sites_own_drawing() {
    let site = site();
    site.write("static/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><rect width=\"9\" height=\"9\"/></svg>");
    let (_, published) = site.build_cold();
    let touch = image::load_from_memory(&published["apple-touch-icon.png"]).unwrap();
    assert_eq!((touch.width(), touch.height()), (180, 180));
    assert_eq!(published["favicon.ico"][..4], [0, 0, 1, 0]);
    site.write("static/favicon.ico", "mine");
    let (_, published) = site.build_cold();
    assert_eq!(published["favicon.ico"], b"mine");
    site.write("static/favicon.svg", "no drawing");
    let (built, _) = site.build_cold();
    assert!(!built.published && built.messages.contains("no icon can be made"), "{}", built.messages);
}

#[test]
fn hosts_and_readers_without_eyes_have_their_files() {
    let mut site = site();
    let first = site.build_warm();
    assert!(
        first.published
            && !["_headers", "_redirects", "llms.txt"]
                .iter()
                .any(|file| site.published().contains_key(*file))
    );
    with(&site, "[publish]\nhost = \"netlify\"\nllms = true");
    site.write("content/guides/moved.md", "---\ntitle: \"A [b]\"\ndescription: What it is.\naliases: [/old place/]\npublished: 2026-11-01\n---\n\nText.\n");
    let built = site.build_warm();
    assert!(built.published, "{}", built.messages);
    site.assert_law("for hosts", &built);
    let published = site.published();
    let text = |file: &str| String::from_utf8(published[file].clone()).unwrap();
    assert_eq!(text("_redirects"), "/old%20place/ /guides/moved/ 301!\n");
    let headers = text("_headers");
    assert!(
        headers.starts_with("/*\n  Content-Security-Policy: default-src 'none'; script-src 'self';"),
        "{headers}"
    );
    assert!(!headers.contains("unsafe-inline"));
    assert!(
        text("llms.txt").contains("- [A b](https://example.com/guides/moved/): What it is.\n"),
        "{}",
        text("llms.txt")
    );
    with(&site, "content_security_policy = \"default-src 'self'\"");
    site.write("static/_redirects", "/mine /yours 301");
    site.build_warm();
    assert_eq!(site.published()["_redirects"], b"/mine /yours 301");
    assert!(
        String::from_utf8(site.published()["_headers"].clone())
            .unwrap()
            .contains("Policy: default-src 'self'\n")
    );
}
