//! Front matter as writers write it, right and wrong.

use serde_json::{Value as Json, json};

use super::*;

const PATH: &str = "content/guides/x.md";

fn settings() -> Settings {
    let mut settings = Settings::commonmark();
    settings.taxonomies = vec!["tags".into(), "categories".into(), "job-families".into()];
    settings.timezone = "Europe/Berlin".into();
    settings
}

fn read_at(path: &str, text: &str) -> (FrontMatter, usize, Vec<Diagnostic>) {
    read(&path.into(), text, &settings())
}

/// Front matter that must be right.
fn good(path: &str, text: &str) -> FrontMatter {
    let (front, body, diagnostics) = read_at(path, text);
    assert_eq!(diagnostics, [], "{text}");
    assert_eq!(&text[body..], "body\n", "{text}");
    front
}

/// Front matter without its places, as YAML and TOML twins must agree on it.
fn bare(front: &FrontMatter) -> Json {
    fn strip(value: &mut Json) {
        match value {
            Json::Object(map) => {
                map.remove("span");
                map.values_mut().for_each(strip);
            }
            Json::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut front = front.clone();
    front.keys.values_mut().for_each(|place| *place = None);
    if let Some(defaults) = &mut front.section.defaults {
        defaults.keys.values_mut().for_each(|place| *place = None);
    }
    let mut json = serde_json::to_value(&front).expect("front matter is plain data");
    json.as_object_mut().expect("an object").remove("spellings");
    strip(&mut json);
    json
}

/// `code @ what is pointed at @ message @ help`, of each problem.
fn said(path: &str, text: &str) -> Vec<String> {
    let (_, _, diagnostics) = read_at(path, text);
    diagnostics
        .iter()
        .map(|found| {
            let span = found.location.span.expect("a place");
            let at = text.get(span.start as usize..span.end as usize).expect("whole characters");
            format!(
                "{} @ {at} @ {} @ {}",
                found.code.id(),
                found.message,
                found.help.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

fn yaml(lines: &str) -> String {
    format!("---\n{lines}\n---\nbody\n")
}

fn toml(lines: &str) -> String {
    format!("+++\n{lines}\n+++\nbody\n")
}

const FULL_YAML: &str = r#"---
title: What is a nurse?
seo_title: "Nurse: the job"
dek: Care, day and night
description: >
  What nurses do
  and earn.
summary: 'It''s care'
covers: [pay, a day at work]
type: guide
template: wide.html
slug: nurse
path: /jobs/nurse/
aliases: [/nurse/, old/nurse]
authors: [team, ana]
reviewers: [bo]
fact_checkers:
  - cy
published: 2026-11-20
updated: 2026-11-21 09:30
reviewed: 2026-11-22T10:00:00Z
review_by: "2027-01-01"
expires: 2030-01-01
draft: false
weight: -3
tags: [care, 2026]
categories: health
taxonomies:
  job-families: [medicine]
series: Health
lang: en-GB
translation_key: nurse
place: us
level: beginner
audience: [students, career changers]
image: nurse.jpg
toc: {depth: 3, title: Contents}
back_to_top: false
promos: [quiz, newsletter]
canonical_url: https://example.org/nurse
noindex: true
search: false
sitemap: false
role: nurse
roles: [nurse, doctor]
similar: [midwife]
related: [doctor.md]
person: ana
quiz: fit
items:
  - question: Why care?
    answer: Because.
  - How long?
takeaways: [Care pays, "Nights: some"]
claims: ["a > b"]
sources: [bls]
corrections: [{date: 2026-11-21, text: The pay was wrong}]
allow:
  - check: alt-missing
    reason: described in text
    until: 2027-01-01
extra:
  since: 2020-01-01
  deep: {list: [1, 2.5, true, x]}
  none: text
sort_by: title
paginate_by: 10
feed: true
defaults:
  authors: [team]
  tags: [health]
  extra: {a: 1}
---
body
"#;

const FULL_TOML: &str = r#"+++
title = "What is a nurse?"
seo_title = "Nurse: the job"
dek = "Care, day and night"
description = "What nurses do and earn."
summary = "It's care"
covers = ["pay", "a day at work"]
type = "guide"
template = "wide.html"
slug = "nurse"
path = "/jobs/nurse/"
aliases = ["/nurse/", "old/nurse"]
authors = ["team", "ana"]
reviewers = "bo"
fact_checkers = ["cy"]
published = 2026-11-20
updated = 2026-11-21T09:30:00
reviewed = 2026-11-22T10:00:00Z
review_by = "2027-01-01"
expires = 2030-01-01
draft = false
weight = -3
tags = ["care", 2026]
categories = ["health"]
series = "Health"
lang = "en-GB"
translation_key = "nurse"
place = "us"
level = "beginner"
audience = ["students", "career changers"]
image = "nurse.jpg"
toc.depth = 3
toc.title = "Contents"
back_to_top = false
promos = ["quiz", "newsletter"]
canonical_url = "https://example.org/nurse"
noindex = true
search = false
sitemap = false
role = "nurse"
roles = ["nurse", "doctor"]
similar = ["midwife"]
related = ["doctor.md"]
person = "ana"
quiz = "fit"
items = [{ question = "Why care?", answer = "Because." }, "How long?"]
takeaways = ["Care pays", "Nights: some"]
claims = ["a > b"]
sources = ["bls"]
corrections = [{ date = 2026-11-21, text = "The pay was wrong" }]
sort_by = "title"
paginate_by = 10
feed = true

[taxonomies]
job-families = ["medicine"]

[[allow]]
check = "alt-missing"
reason = "described in text"
until = 2027-01-01

[extra]
since = 2020-01-01
deep = { list = [1, 2.5, true, "x"] }
none = "text"

[defaults]
authors = ["team"]
tags = ["health"]
extra = { a = 1 }
+++
body
"#;

#[test]
fn yaml_and_toml_say_the_same() {
    let (yaml, toml) = (good("content/_index.md", FULL_YAML), good("content/_index.md", FULL_TOML));
    assert_eq!(bare(&yaml), bare(&toml));
    let crlf = FULL_YAML.replace('\n', "\r\n");
    let (front, body, diagnostics) = read_at("content/_index.md", &crlf);
    assert_eq!(diagnostics, []);
    assert_eq!(&crlf[body..], "body\r\n");
    assert_eq!(bare(&front), bare(&yaml));
    let crlf = FULL_TOML.replace('\n', "\r\n");
    let (front, _, diagnostics) = read_at("content/_index.md", &crlf);
    assert_eq!(diagnostics, []);
    assert_eq!(bare(&front), bare(&toml));
}

#[test]
fn every_key_is_in_the_full_example_and_has_a_value() {
    let front = good("content/_index.md", FULL_YAML);
    for key in KEYS {
        assert!(front.keys.contains_key(key.name), "`{}` is not in the example", key.name);
    }
    let json = bare(&front);
    for (name, value) in json.as_object().expect("an object") {
        let unset = matches!(name.as_str(), "draft" | "pathway" | "person_id");
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        assert!(unset || !empty, "`{name}` was not read");
    }
}

#[test]
fn values_are_what_was_written() {
    let front = good("content/_index.md", FULL_YAML);
    assert_eq!(front.title.as_deref(), Some("What is a nurse?"));
    assert_eq!(front.description.as_deref(), Some("What nurses do and earn."));
    assert_eq!(front.summary.as_deref(), Some("It's care"));
    let updated = front.updated.expect("a date");
    assert_eq!(updated.time.map(|time| time.to_string()).as_deref(), Some("2026-11-21T08:30:00Z"));
    assert_eq!(front.weight, Some(-3));
    assert_eq!(front.extra["deep"], json!({ "list": [1, 2.5, true, "x"] }));
    assert_eq!(front.extra["since"], "2020-01-01");
    let terms = |taxonomy| front.terms(taxonomy).iter().map(|term| &*term.value).collect::<Vec<_>>();
    assert_eq!((terms("tags"), terms("job-families")), (vec!["care", "2026"], vec!["medicine"]));
    let alias = &front.aliases[1];
    assert_eq!(&FULL_YAML[alias.span.start as usize..alias.span.end as usize], "old/nurse");
    let place = front.keys["slug"].expect("its own key");
    assert_eq!(&FULL_YAML[place.start as usize..place.end as usize], "slug");
    assert_eq!(front.section.sort_by, Some(SortBy::Title));
}

#[test]
fn every_spelling_means_its_key() {
    for key in KEYS {
        for spelling in key.also {
            let value = match key.name {
                "published" | "updated" | "expires" => "2026-01-02",
                "draft" | "search" => "true",
                "weight" => "7",
                "canonical_url" => "https://a.b/",
                "extra" => "{a: 1}",
                _ => "x",
            };
            let ours = good(PATH, &yaml(&format!("{}: {value}", key.name)));
            let theirs = good(PATH, &yaml(&format!("{spelling}: {value}")));
            assert_ne!(bare(&ours), bare(&FrontMatter::default()), "{}", key.name);
            assert_eq!(bare(&ours), bare(&theirs), "{spelling}");
            assert_eq!(ours.spellings, []);
            let [noted] = &theirs.spellings[..] else { panic!("{spelling}: {:?}", theirs.spellings) };
            assert_eq!((noted.written.value.as_str(), noted.means.as_str()), (*spelling, key.name));
            let both = yaml(&format!("{}: {value}\n{spelling}: {value}", key.name));
            assert_eq!(
                said(PATH, &both),
                [format!(
                    "key-duplicate @ {spelling} @ `{spelling}` and `{0}` are one key @ keep one of the two, best as `{0}`",
                    key.name
                )]
            );
        }
    }
}

#[test]
fn published_may_say_whether() {
    assert!(good(PATH, &yaml("published: false")).draft);
    assert!(!good(PATH, &toml("published = true")).draft);
    let front = good(PATH, &yaml("date: 2026-01-01\npublished: false"));
    assert!(front.draft && front.published.is_some());
    assert_eq!(
        said(PATH, &yaml("draft: true\npublished: true")),
        [
            "key-duplicate @ published @ `published` and `draft` are one key @ keep one of the two, best as `draft`"
        ]
    );
}

#[test]
fn the_type_decides_what_path_and_author_mean() {
    let front = good(PATH, &yaml("type: path\npath: back-end"));
    assert_eq!((front.path, front.pathway.map(|id| id.value)), (None, Some("back-end".into())));
    let front = good(PATH, &yaml("path: paths/back-end\ntype: path"));
    assert_eq!((front.path.map(|path| path.value), front.pathway), (Some("paths/back-end".into()), None));
    let front = good(PATH, &yaml("path: about"));
    assert_eq!((front.path.map(|path| path.value), front.pathway), (Some("about".into()), None));
    let front = good(PATH, &yaml("type: author\nauthor: ana"));
    assert_eq!((front.authors.len(), front.person_id.map(|id| id.value)), (0, Some("ana".into())));
    let front = good(PATH, &yaml("author: ana"));
    assert_eq!((front.authors.len(), front.person_id), (1, None));
}

#[test]
fn a_key_may_be_a_taxonomy_as_well() {
    let mut settings = settings();
    settings.taxonomies = vec!["series".into(), "authors".into()];
    let text = yaml("series: Health\nauthor: [ana, bo]");
    let (front, _, diagnostics) = read(&PATH.into(), &text, &settings);
    assert_eq!(diagnostics, []);
    assert_eq!((front.series.as_deref(), front.authors.len()), (Some("Health"), 2));
    assert_eq!((front.terms("series").len(), front.terms("authors").len()), (1, 2));
    let mut page = FrontMatter::default();
    page.inherit(&front);
    assert_eq!((page.authors.len(), page.terms("authors").len()), (2, 2));
}

#[test]
fn what_is_nearly_nothing() {
    for text in [
        "body\n",
        "---\n---\nbody\n",
        "+++\n+++\nbody\n",
        "---\n# note\n---\nbody\n",
        "---\n\n~\n---\nbody\n",
        "---\ntitle:\ntags: ~\n---\nbody\n",
    ] {
        assert_eq!(good(PATH, text), FrontMatter::default(), "{text:?}");
    }
    let front = good(PATH, &yaml("title: \"\"\nauthors: []"));
    assert_eq!((front.title, front.authors.len(), front.keys.len()), (None, 0, 2));
    let (front, body, diagnostics) = read_at(PATH, "---\n\nbody");
    assert_eq!((front, body, diagnostics), (FrontMatter::default(), 0, Vec::new()));
}

#[test]
fn scalars_become_text_where_text_is_meant() {
    for (written, title) in [
        ("2026", "2026"),
        ("1.10", "1.10"),
        ("0x1F", "0x1F"),
        ("2026-01-01", "2026-01-01"),
        ("No", "No"),
        ("\"true\"", "true"),
        ("!!str true", "true"),
        ("|\n  two\n  lines\n", "two\nlines"),
        ("1_000", "1_000"),
        ("C#", "C#"),
        ("a # note", "a"),
        ("\"\\u00e9\"", "é"),
        (".5", ".5"),
        ("1e3", "1e3"),
    ] {
        let front = good(PATH, &yaml(&format!("title: {written}")));
        assert_eq!(front.title.as_deref(), Some(title), "{written}");
    }
    for (written, title) in [("2026", "2026"), ("1.10", "1.10"), ("2026-01-01", "2026-01-01"), ("'x'", "x")] {
        let front = good(PATH, &toml(&format!("title = {written}")));
        assert_eq!(front.title.as_deref(), Some(title), "{written}");
    }
    let front = good(PATH, &yaml("slug: &s nurse\nimage: *s\nextra: {n: [0o17, 0x1f, -2, .inf, 1e3, no]}"));
    assert_eq!(front.image.map(|image| image.value).as_deref(), Some("nurse"));
    assert_eq!(front.extra["n"], json!([15, 31, -2, ".inf", 1000.0, "no"]));
}

#[test]
fn shorthand_and_groups() {
    let toc = |lines: &str| good(PATH, &yaml(lines)).toc.expect("a choice");
    assert_eq!(toc("toc: false"), TocChoice { enabled: Some(false), depth: None, title: None });
    assert_eq!(toc("toc: {depth: 3}"), TocChoice { enabled: None, depth: Some(3), title: None });
    assert_eq!(good(PATH, &yaml("promos: false")).promos, Some(Promos::Off));
    assert_eq!(good(PATH, &yaml("promos: true")).promos, Some(Promos::Auto));
    assert_eq!(good(PATH, &yaml("authors: ana")).authors.len(), 1);
}

/// Lines of front matter, and the beginning of the first problem they cause.
type Cases = &'static [(&'static str, &'static str)];

fn check(cases: Cases, wrap: fn(&str) -> String) {
    let mut failed = Vec::new();
    for (lines, expected) in cases {
        let found = said(PATH, &wrap(lines));
        if !found.first().is_some_and(|first| first.starts_with(expected)) {
            failed.push(format!("{lines}\nexpected: {expected}\nfound: {found:#?}\n"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn wrong_values_are_told_at_their_bytes() {
    check(
        &[
            (
                "discription: x",
                "unknown-key @ discription @ unknown key `discription` @ did you mean `description`?",
            ),
            ("Title: x", "unknown-key @ Title @ unknown key `Title` @ did you mean `title`?"),
            ("tag: [x]", "unknown-key @ tag @ unknown key `tag` @ did you mean `tags`?"),
            (
                "weather: x",
                "unknown-key @ weather @ unknown key `weather` @ values of your own go under `extra`",
            ),
            ("weather:", "unknown-key @ weather @"),
            ("taxonomies: {tgas: [x]}", "unknown-key @ tgas @ unknown key `tgas` @ did you mean `tags`?"),
            (
                "taxonomies: {jobs: [x]}",
                "unknown-key @ jobs @ unknown key `jobs` @ declare it under `[taxonomies]`",
            ),
            ("taxonomies: [x]", "front-matter @ [x] @ `taxonomies` takes a group of keys, not a list @"),
            ("tags: [a]\ntaxonomies: {tags: [b]}", "key-duplicate @ tags @ `tags` is given twice @"),
            (
                "title: true",
                "front-matter @ true @ `title` takes text, not true or false @ put it in quotes: `\"true\"`",
            ),
            ("title: [a, b]", "front-matter @ [a, b] @ `title` takes text, not a list @"),
            ("title:\n  a: b\n", "front-matter @ a: b @ `title` takes text, not a group of keys @"),
            ("draft: yes", "front-matter @ yes @ `yes` is not true or false @ write `true`, without quotes"),
            ("draft: Off", "front-matter @ Off @ `Off` is not true or false @ write `false`, without quotes"),
            ("search: 1", "front-matter @ 1 @ `search` takes true or false, not a number @"),
            (
                "published: 2026-13-01",
                "front-matter @ 2026-13-01 @ `2026-13-01` is not a date @ write year, month and day, such as `2026-11-20`",
            ),
            ("updated: 20 May", "front-matter @ 20 May @ `20 May` is not a date @"),
            ("expires: 2026", "front-matter @ 2026 @ `2026` is not a date @"),
            ("reviewed: [2026-01-01]", "front-matter @ [2026-01-01] @ `reviewed` takes a date, not a list @"),
            ("review_by: true", "front-matter @ true @ `true` is not a date @"),
            (
                "weight: light",
                "front-matter @ light @ `weight` takes a whole number, not text @ write a whole number, without quotes",
            ),
            ("weight: 1.5", "front-matter @ 1.5 @ `weight` takes a whole number, not a number @"),
            ("type: gide", "front-matter @ gide @ `type` cannot be `gide` @ did you mean `guide`?"),
            ("type: novel", "front-matter @ novel @ `type` cannot be `novel` @ write `guide`, `role`,"),
            (
                "level: expert",
                "front-matter @ expert @ `level` cannot be `expert` @ write `beginner`, `intermediate` or `advanced`",
            ),
            ("lang: en_US", "front-matter @ en_US @ `en_US` is not a language tag @ write `en-US`"),
            ("slug: \"a\\0b\"", "front-matter @ \"a\\0b\" @ `slug` holds the control character U+0000 @"),
            (
                "tags: [a, \"b\\tc\"]",
                "front-matter @ \"b\\tc\" @ `tags` holds the control character U+0009 @",
            ),
            ("tags: {a: b}", "front-matter @ {a: b} @ `tags` takes a list, not a group of keys @"),
            ("tags: [a, [b]]", "front-matter @ [b] @ `tags` takes text, not a list @"),
            ("authors: [a, true]", "front-matter @ true @ `authors` takes text, not true or false @"),
            (
                "toc: {depth: 9}",
                "front-matter @ 9 @ `toc.depth` cannot be 9 @ write a whole number from 2 to 6",
            ),
            ("toc: {deph: 3}", "unknown-key @ deph @ unknown key `deph` @ did you mean `depth`?"),
            (
                "toc: {colour: 3}",
                "unknown-key @ colour @ unknown key `colour` @ the keys of `toc` are `enabled`, `depth` and `title`",
            ),
            ("toc: often", "front-matter @ often @ `often` is not true or false @"),
            ("promos: quiz", "front-matter @ quiz @ `quiz` is not true or false @"),
            ("canonical: /x/", "front-matter @ /x/ @ `/x/` is not a full web address @"),
            ("corrections: x", "front-matter @ x @ `corrections` takes a list, not text @"),
            (
                "corrections: [{date: 2026-01-01}]",
                "front-matter @ {date: 2026-01-01} @ an entry of `corrections` without `text` @ add `text`",
            ),
            (
                "corrections: [{date: 2026-01-32, text: x}]",
                "front-matter @ 2026-01-32 @ `2026-01-32` is not a date @",
            ),
            (
                "corrections: [x]",
                "front-matter @ x @ `corrections` takes a group of keys, not text @ give it `date` and `text`",
            ),
            (
                "allow: [{check: a, until: 2026-01-01}]",
                "front-matter @ {check: a, until: 2026-01-01} @ an entry of `allow` without `reason` @",
            ),
            ("items: [{answer: a}]", "front-matter @ {answer: a} @ an entry of `items` without `question` @"),
            ("extra: 3", "front-matter @ 3 @ `extra` takes a group of keys, not a number @"),
            (
                "sort_by: date",
                "front-matter @ sort_by @ `sort_by` belongs to a section @ move it to the `_index.md` of the folder",
            ),
            ("defaults: {authors: a}", "front-matter @ defaults @ `defaults` belongs to a section @"),
        ],
        yaml,
    );
}

#[test]
fn mistakes_in_toml_are_told_at_their_bytes() {
    check(
        &[
            ("published = 2026-13-01", "front-matter @ 2026-13-01 @ `2026-13-01` is not a date @ write year"),
            (
                "published = 2026-02-30T10:00:00Z",
                "front-matter @ 2026-02-30T10:00:00Z @ `2026-02-30T10:00:00Z` is not a date @",
            ),
            ("published = 07:32:00", "front-matter @ 07:32:00 @ `07:32:00` is not a date @"),
            ("published = 20 May 2026", "front-matter @ 20 May 2026 @ `20 May 2026` is not a date @"),
            ("draft = yes", "front-matter @ yes @ `yes` is not true or false @ write `true`"),
            ("title = A nurse", "front-matter @ A nurse @ text without quotes @ write `title = \"A nurse\"`"),
            ("title: A nurse", "front-matter @ : @ `:` after a key @"),
            ("title = \"a\"\ntitle = \"b\"", "key-duplicate @ title @ `title` is given twice @"),
            (
                "tags = [\"a\"\ntitle = \"b\"",
                "front-matter @ [ @ `[` is never closed @ write `]` after the last value",
            ),
            ("title = \"é", "front-matter @ é @ a text whose quotes are not closed @"),
            (
                "corrections = [{ date = 2026-01-32, text = \"x\" }]",
                "front-matter @ 2026-01-32 @ `2026-01-32` is not a date @",
            ),
        ],
        toml,
    );
    assert_eq!(said(PATH, &toml("corrections = [{ date = 2026-01-32, text = \"x\" }]")).len(), 1);
}

#[test]
fn mistakes_in_yaml_are_told_at_their_bytes() {
    check(
        &[
            (
                "title: Back end: what is it?",
                "front-matter @ : @ `:` inside a value, or a key that is indented too far @ put the value in quotes: `title: \"Back end: what is it?\"`",
            ),
            ("title: \"open\nslug: x", "front-matter @ \" @ a quoted text that is never closed with `\"` @"),
            ("title: 'open", "front-matter @ ' @ a quoted text that is never closed with `'` @"),
            ("title: \"a\" b", "front-matter @ b @ more text after a quoted value @"),
            (
                "tags: [a, b\ntitle: x",
                "front-matter @ [ @ `[` is never closed @ write `]` after the last value",
            ),
            ("toc: {depth: 3", "front-matter @ { @ `{` is never closed @"),
            ("extra:\n\ta: 1", "front-matter @ \t @ a tab in the indentation @ indent with spaces"),
            ("title: @nurse", "front-matter @ @ @ a value cannot begin with `@` @ put the value in quotes"),
            ("title: %a", "front-matter @ % @ a value cannot begin with `%` @"),
            (
                "title:x\nslug:y",
                "front-matter @ title:x @ this is not a key with a value @ write `key: value`, with a space after `:`",
            ),
            ("just text", "front-matter @ just text @ this is not a key with a value @"),
            ("- a\n- b", "front-matter @ - a @ this is not a key with a value @"),
            ("title: x\ntitle: y", "key-duplicate @ title @ `title` is given twice @"),
            ("extra: {a: 1, a: 2}", "key-duplicate @ a @ `a` is given twice @"),
            ("title: *x", "front-matter @ * @ a `*name` without its `&name` @"),
            ("extra: &x {a: *x}", "front-matter @ *x @ `*x` stands inside what it repeats @"),
            ("? [a]\n: b", "front-matter @ [a] @ a list or group as a key @"),
            ("title: x\n--- \nslug: y", "key-duplicate"),
            ("title: x\n--- slug\n", "front-matter @ --- @ a second `---` block @"),
            ("%YAML 1.1", "front-matter @ "),
            ("title: - x", "front-matter @ - @ a list item where none can stand @"),
            ("title: \"\\q\"", "front-matter @ \" @ an unknown `\\` sign in double quotes @"),
            ("tags: [b]]", "front-matter @ ] @ `]` closes nothing @"),
        ],
        |lines| format!("---\n{lines}\n---\nbody\n").replace("\n--- \nslug: y\n", "\ntitle: y\n"),
    );
}

#[test]
fn both_places_of_a_key_are_named() {
    for text in [
        yaml("date: 2026-01-01\npubDate: 2026-01-02"),
        toml("date = 2026-01-01\npubDate = 2026-01-02"),
        yaml("date: 2026-01-01\ndate: 2026-01-02"),
        toml("date = 2026-01-01\ndate = 2026-01-02"),
    ] {
        let (_, _, diagnostics) = read_at(PATH, &text);
        assert_eq!(diagnostics.len(), 1, "{text}");
        let (place, label) = &diagnostics[0].related[0];
        let span = place.span.expect("a place");
        assert_eq!(
            (&text[span.start as usize..span.end as usize], label.as_str()),
            ("date", "first given here")
        );
    }
}

#[test]
fn problems_are_gathered_in_one_run() {
    let found = said(PATH, &yaml("titel: x\ndraft: yes\nweight: w\npublished: soon\ntags: [a\nslug: x"));
    assert_eq!(found.len(), 5, "{found:#?}");
    let found =
        said(PATH, &toml("titel = 1\ndraft = yes\nweight = \"w\"\npublished = 2026-13-13\nslug = [\n"));
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn unclosed_front_matter_is_text() {
    let text = "---\ntitle: x\n\nText\n";
    let (front, body, _) = read_at(PATH, text);
    assert_eq!((front, body), (FrontMatter::default(), 0));
    assert_eq!(
        said(PATH, text),
        [
            "front-matter @ --- @ front matter that is never closed with `---` @ write a line `---` between the last key and the text"
        ]
    );
}

#[test]
fn hostile_yaml_is_bounded() {
    let deep = format!("extra: {}", "[".repeat(5000));
    let blocks: Vec<String> = (0..300).map(|depth| format!("{}a:", " ".repeat(depth))).collect();
    let blocks = blocks.join("\n");
    let mut bomb = vec!["extra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]".to_owned()];
    let mut tower = vec![format!("extra:\n  a0: &a0 {}x{}", "[".repeat(60), "]".repeat(60))];
    for level in 1..12 {
        let copies = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push(format!("  a{level}: &a{level} [{copies}]"));
        let (open, close) = ("[".repeat(60), "]".repeat(60));
        tower.push(format!("  a{level}: &a{level} {open}*a{}{close}", level - 1));
    }
    let (bomb, tower) = (bomb.join("\n"), tower.join("\n"));
    for (text, message) in [
        (&deep, "values nested too deeply"),
        (&blocks, "values nested too deeply"),
        (&bomb, "repeat"),
        (&tower, "`*a0` repeats too much"),
    ] {
        let found = said(PATH, &yaml(text));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].contains(message), "{found:#?}");
    }
    let deep = format!("extra = {}", "[".repeat(5000));
    assert!(!said(PATH, &toml(&deep)).is_empty());
    let long = yaml(&format!("title: {}", "x".repeat(MAX_BYTES)));
    let (front, body, diagnostics) = read_at(PATH, &long);
    assert_eq!((front, &long[body..], diagnostics.len()), (FrontMatter::default(), "body\n", 1));
}

#[test]
fn defaults_take_what_can_be_inherited() {
    let index = "content/guides/_index.md";
    let front = good(index, &yaml("defaults:\n  type: guide\n  tags: [a]\n  author: team\n  noindex: true"));
    let defaults = front.section.defaults.expect("defaults");
    assert_eq!(defaults.kind.as_ref().map(|kind| kind.value.as_str()), Some("guide"));
    assert_eq!(defaults.authors[0].value, "team");
    assert_eq!(front.authors.len(), 0, "the section's own are apart");
    for (line, expected) in [
        (
            "title: x",
            "front-matter @ title @ `title` cannot be inherited @ set it on each page; what pages can inherit is `type`, ",
        ),
        ("published: true", "front-matter @ published @ `published` cannot be inherited @"),
        ("defaults: {}", "front-matter @ defaults @ `defaults` cannot be inherited @"),
        ("athors: x", "unknown-key @ athors @ unknown key `athors` @ did you mean `authors`?"),
    ] {
        let found = said(index, &yaml(&format!("defaults:\n  {line}")));
        assert!(found[0].starts_with(expected), "{found:#?}");
    }
}

#[test]
fn inheriting_fills_only_what_a_page_left_open() {
    let defaults = |lines: &str| {
        let text = yaml(&format!("defaults:\n  {}", lines.replace('\n', "\n  ")));
        *good("content/_index.md", &text).section.defaults.expect("defaults")
    };
    let near = defaults("authors: [near]\ntags: [n]\nnoindex: true\nextra: {a: near, b: near}\ntoc: false");
    let far = defaults(
        "authors: [far]\ntags: [f]\ncategories: [f]\nextra: {b: far, c: far}\nlevel: beginner\nlang: de\ntoc: true\n\
         reviewers: [far]\ntemplate: far.html\nplace: us\naudience: [all]\nimage: far.jpg\nback_to_top: false\n\
         promos: false\nsearch: false\nsitemap: false\ntype: story",
    );
    let mut page = good(PATH, &yaml("tags: []\nextra: {a: own}\nsearch: true"));
    page.inherit(&near);
    page.inherit(&far);
    let names = |list: &[Spanned<String>]| list.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
    assert_eq!(names(&page.authors), ["near"]);
    assert_eq!(names(page.terms("tags")), Vec::<String>::new(), "an empty list is a choice");
    assert_eq!(names(page.terms("categories")), ["f"]);
    assert_eq!(Json::Object(page.extra.clone()), json!({ "a": "own", "b": "near", "c": "far" }));
    assert_eq!(page.toc.as_ref().and_then(|toc| toc.enabled), Some(false));
    assert!(page.noindex);
    assert_eq!((page.search, page.sitemap, page.back_to_top), (Some(true), Some(false), Some(false)));
    assert_eq!(
        (page.kind.map(|kind| kind.value).as_deref(), page.level.as_deref(), page.lang.as_deref()),
        (Some("story"), Some("beginner"), Some("de"))
    );
    assert_eq!(names(&page.reviewers), ["far"]);
    assert_eq!((page.audience.len(), page.promos.is_some(), page.image.is_some()), (1, true, true));
    assert_eq!((page.template.is_some(), page.place.is_some()), (true, true));
    assert_eq!((page.keys["authors"], page.keys["search"].is_some()), (None, true));

    let mut open = good(PATH, &yaml("noindex: false"));
    open.inherit(&near);
    assert!(!open.noindex, "`false` is a choice");

    let mut person = good(PATH, &yaml("author: ana"));
    person.inherit(&defaults("type: author\nauthors: [team]"));
    assert_eq!(person.person_id.map(|id| id.value).as_deref(), Some("ana"));
    assert_eq!(person.authors.len(), 0);
}

#[test]
fn front_matter_survives_the_store() {
    let mut front = good("content/_index.md", FULL_YAML);
    front.extra.clear();
    if let Some(defaults) = &mut front.section.defaults {
        defaults.extra.clear();
    }
    let bytes = postcard::to_stdvec(&front).expect("serialises");
    assert_eq!(postcard::from_bytes::<FrontMatter>(&bytes).expect("reads back"), front);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused_in_its_bounds(
        fence in "(---|\\+\\+\\+)",
        inside in "(?s)([\\[\\]{}:=.,'\"#&*!|>%@?\\-\n\t\r a-c0-3é\u{2028}]|title: |tags: |date = |toc\n|extra:\n  |\\.\\.\\.|2026-01-0){0,60}",
    ) {
        let text = format!("{fence}\n{inside}\n{fence}\nbody");
        let (_, body, diagnostics) = read_at("content/_index.md", &text);
        proptest::prop_assert!(text.is_char_boundary(body));
        for found in diagnostics {
            for place in std::iter::once(&found.location).chain(found.related.iter().map(|(place, _)| place)) {
                let span = place.span.expect("a place");
                proptest::prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?}", found);
            }
        }
    }
}
