//! `site.toml` to settings, by the table of keys.
//!
//! In: its text. Out: a [`Config`], with defaults where a value was missing or wrong, and a
//! diagnostic for each of those. Looks at no file: whether a theme exists is not its question.

use super::keys::{KEYS, Key};
use super::{BaseUrl, Config};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::{self, Entry, Field, Kind, Reader, Source, Syntax, listed};

/// Reads `site.toml`. `path` is what diagnostics call the file. The settings are usable even when
/// there are errors, so that a build can go on to report what else is wrong.
#[must_use]
pub fn parse(text: &str, path: &str) -> (Config, Vec<Diagnostic>) {
    let source = Source { path: path.into(), text, block: 0..text.len(), code: Code::Config };
    let (entries, diagnostics) = value::parse(&source, Syntax::Toml);
    let unpublished = BaseUrl { origin: "http://localhost".to_owned(), path: "/".to_owned() };
    let mut config = Config::with_defaults("", unpublished);
    let mut reader = Reader::new(&source);
    reader.diagnostics = diagnostics;
    let readable = reader.diagnostics.is_empty();
    group(&mut config, &mut reader, Place { lookup: "", shown: "" }, &entries);
    for (key, example) in [("title", "\"Career guides\""), ("base_url", "\"https://example.com/\"")] {
        // After a mistake in the syntax nobody can say what is missing.
        if readable && !entries.iter().any(|entry| entry.key == key) {
            let message = format!("the required key `{key}` is missing");
            let help = format!("add a line `{key} = {example}` at the top");
            reader.report(Diagnostic::new(Code::Config, path, None, message).help(help));
        }
    }
    let mut diagnostics = reader.diagnostics;
    crate::diagnostic::sort(&mut diagnostics);
    (config, diagnostics)
}

/// A table of the file: under which path [`KEYS`] lists what it holds, and what messages call it.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) lookup: &'p str,
    pub(super) shown: &'p str,
}

/// The path of a key in a table.
pub(super) fn join(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

/// Reads what a table holds, key by key.
pub(super) fn group(config: &mut Config, reader: &mut Reader<'_, '_>, place: Place<'_>, entries: &[Entry]) {
    for entry in entries {
        let (lookup, shown) = (join(place.lookup, &entry.key), join(place.shown, &entry.key));
        let field = Field { key: &shown, value: &entry.value };
        if let Some(key) = find(&lookup).filter(|_| is_name(&entry.key)) {
            (key.set)(config, reader, field);
        } else if is_name(&entry.key) && names_in(&lookup).next().is_some() {
            match (&entry.value.kind, find(&join(&lookup, "enabled"))) {
                (Kind::Table(inner), _) => {
                    group(config, reader, Place { lookup: &lookup, shown: &shown }, inner);
                }
                (Kind::Bool(_), Some(enabled)) => (enabled.set)(config, reader, field),
                _ => reader.mistyped(field, "a table", &format!("write `[{shown}]`, and its keys below")),
            }
        } else {
            let known: Vec<&str> = names_in(place.lookup).collect();
            let keys = listed(known.iter().copied(), "and");
            let help = match place.shown {
                "" => format!("the keys are {keys}; values of your own go under `[extra]`"),
                table => format!("the keys of `[{table}]` are {keys}"),
            };
            reader.unknown(entry, known, &help);
        }
    }
}

/// Whether a key is one name: `"toc.depth"` in quotes is not the path `toc.depth`.
fn is_name(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '*'])
}

fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The names that may stand in a table, each once, in the table's order.
fn names_in(table: &str) -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> = Vec::new();
    for key in KEYS {
        let rest = if table.is_empty() {
            Some(key.path)
        } else {
            key.path.strip_prefix(table).and_then(|rest| rest.strip_prefix('.'))
        };
        let name = rest.and_then(|rest| rest.split('.').next()).filter(|name| *name != "*");
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    names.into_iter()
}

pub(super) fn ignore(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    config.ignore.clear();
    for pattern in reader.names(field) {
        match globset::Glob::new(&pattern.value) {
            Ok(_) => config.ignore.push(pattern.value),
            Err(error) => {
                let message = format!("`{}` is not a file pattern: {}", pattern.value, error.kind());
                reader.refuse(pattern.span, message, "write a pattern such as `content/**/*.bak`");
            }
        }
    }
}

pub(super) fn toc_depth(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    if let Some(depth) = reader.integer(field, 2..=6).and_then(|depth| u8::try_from(depth).ok()) {
        config.toc.depth = depth;
    }
}

/// A number of words.
pub(super) fn words(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<u32> {
    reader.size(field).and_then(|number| u32::try_from(number).ok())
}

pub(super) fn promo_near(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(text) = reader.filled(field) else { return };
    let percent = text.strip_suffix('%').and_then(|number| number.trim().parse::<u8>().ok());
    match (percent.filter(|percent| *percent <= 100), &mut config.promos.middle) {
        (Some(percent), Some(middle)) => middle.near = percent,
        (Some(_), None) => {}
        (None, _) => {
            let message = format!("`{text}` is not a part of the text");
            reader.refuse(field.value.span, message, "write a percentage such as `\"50%\"`");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{BuildChecks, Level};
    use super::super::{BackToTopTarget, Host, HtmlPolicy, SlugStyle, Taxonomy};
    use super::*;
    use crate::value::Value;

    const REQUIRED: &str = "title = \"Jobs\"\nbase_url = \"https://example.com\"\n";

    /// Every key of the table.
    const FULL: &str = r#"
title = "Jobs"
base_url = "HTTPS://Example.com:8080/careers"
description = "Guides to work"
lang = "pt-BR"
timezone = "Europe/Berlin"
theme = "plain"
ignore = ["content/**/*.bak", "drafts/"]
taxonomies.tags = {}
taxonomies.job-families = { title = "Families", paginate_by = 10, feed = true }

[markdown]
html = "sanitise"
smart_punctuation = true
slugs = "unicode"

[highlight]
enabled = false
light = "Day"
dark = "Night"
line_numbers = true

[toc]
enabled = false
title = "Contents"
depth = 3
min_headings = 4

[back_to_top]
enabled = false
label = "Up"
target = "top"
after = "h2"
min_sections = 5

[promos]
enabled = false
start = { enabled = true, after_words = 100, boundary = "section" }
middle = { enabled = true, near = "40%", boundary = "block" }
end = false
min_gap_words = 300
max_per_page = 2

[feeds]
atom = false
json = false
limit = 5
sections = true

[search]
enabled = true

[images]
enabled = false
widths = [900, 300]
quality = 70
sizes = "100vw"
strip_metadata = false
sanitise_svg = false

[cards]
enabled = true

[publish]
host = "netlify"
content_security_policy = "default-src 'self'"
llms = true
markdown = true
compress = true

[checks]
build = "all"
affiliate_hosts = ["shop.example"]
affiliate_parameters = ["partner"]
levels = { title-long = "off", sentence-long = "warn" }
folders = { "content/guides/drafts/" = { alt-missing = "info" } }
words = { signup = "sign up" }

[[checks.allow]]
check = "url-gone"
at = "/guides/typist/"
reason = "the profession is gone"
until = 2027-06-30

[checks.dictionaries]
en = "words/en_US"

[checks.external]
ignore = ["https://shop.example/*"]
days = 3
timeout = 5
retries = 1
pause = 100

[checks.limits]
title = 70
description = 170
description_short = 40
image_kb = 500
review_days = 180
reading_grade = 10
paragraph_words = 120
sentence_words = 30
internal_links = 3

[[nav]]
title = "Guides"
url = "@/guides/_index.md"

[[nav]]
title = "Elsewhere"
url = "https://example.org/"

[serve]
hosts = ["Preview.example.com"]
editor = "zed"

[extra]
since = 2026-01-01
deep = { list = [1, 2.5, true, "x"] }
"#;

    fn said(text: &str) -> Vec<String> {
        let (_, diagnostics) = parse(text, "site.toml");
        diagnostics
            .iter()
            .map(|found| {
                let at = found.location.span.map_or("the file", |span| {
                    text.get(span.start as usize..span.end as usize).expect("a span of whole characters")
                });
                let help = found.help.as_deref().unwrap_or_default();
                format!("{} @ {at} @ {} @ {help}", found.code.id(), found.message)
            })
            .collect()
    }

    #[test]
    fn every_key_is_read() {
        let (config, diagnostics) = parse(FULL, "site.toml");
        assert_eq!(diagnostics, []);
        assert_eq!(config.title, "Jobs");
        assert_eq!(config.base_url.origin, "https://example.com:8080");
        assert_eq!(config.base_url.path, "/careers/");
        assert_eq!(config.description, "Guides to work");
        assert_eq!((config.lang.as_str(), config.timezone.as_str()), ("pt-BR", "Europe/Berlin"));
        assert_eq!(config.theme, "plain");
        assert_eq!(config.ignore, ["content/**/*.bak", "drafts/"]);
        assert_eq!(config.serve.hosts, ["preview.example.com"]);
        assert_eq!(config.serve.editor, "zed");
        assert_eq!(config.markdown.html, HtmlPolicy::Sanitise);
        assert_eq!(config.markdown.slugs, SlugStyle::Unicode);
        assert!(config.markdown.smart_punctuation);
        assert!(!config.highlight.enabled && config.highlight.line_numbers);
        assert_eq!((config.highlight.light.as_str(), config.highlight.dark.as_str()), ("Day", "Night"));
        assert_eq!((config.toc.depth, config.toc.min_headings, config.toc.enabled), (3, 4, false));
        assert_eq!(config.toc.title, "Contents");
        assert_eq!((config.back_to_top.enabled, config.back_to_top.min_sections), (false, 5));
        assert_eq!(config.back_to_top.label, "Up");
        assert_eq!(config.back_to_top.target, BackToTopTarget::Top);
        let tags = Taxonomy { name: "tags".into(), title: "Tags".into(), paginate_by: 0, feed: false };
        let families =
            Taxonomy { name: "job-families".into(), title: "Families".into(), paginate_by: 10, feed: true };
        assert_eq!(config.taxonomies, [tags, families], "in the order written");
        assert!(!config.feeds.atom && !config.feeds.json && config.feeds.sections);
        assert_eq!(config.feeds.limit, 5);
        let images = &config.images;
        assert!(!images.enabled && !images.strip_metadata && !images.sanitise_svg);
        assert_eq!((&images.widths[..], images.quality, &*images.sizes), (&[300, 900][..], 70, "100vw"));
        let publish = &config.publish;
        assert!(config.cards.enabled && publish.llms && publish.markdown && publish.compress);
        assert_eq!((publish.host, &*publish.content_security_policy), (Host::Netlify, "default-src 'self'"));
        let checks = &config.checks;
        assert_eq!(checks.build, BuildChecks::All);
        assert_eq!(checks.levels, [(Code::TitleLong, Level::Off), (Code::SentenceLong, Level::Warn)]);
        assert_eq!(checks.folders[0].path, "content/guides/drafts/");
        assert_eq!(checks.folders[0].name.value, "content/guides/drafts/");
        assert_eq!(checks.folders[0].levels, [(Code::AltMissing, Level::Info)]);
        let words: Vec<_> =
            checks.words.iter().map(|word| (word.word.as_str(), word.instead.as_str())).collect();
        assert_eq!(words, [("signup", "sign up")]);
        assert_eq!(
            (&checks.affiliates.hosts[..], &checks.affiliates.parameters[..]),
            (&["shop.example".to_owned()][..], &["partner".to_owned()][..])
        );
        assert_eq!(checks.dictionaries, [("en".to_owned(), "words/en_US".to_owned())]);
        let [allowed] = &checks.allow[..] else { panic!("{:?}", checks.allow) };
        assert_eq!((&*allowed.check.value, &*allowed.at), ("url-gone", "/guides/typist/"));
        assert_eq!(
            (&*allowed.reason, allowed.until),
            ("the profession is gone", jiff::civil::date(2027, 6, 30))
        );
        let external = &checks.external;
        assert_eq!(external.ignore, ["https://shop.example/*"]);
        assert_eq!((external.days, external.timeout, external.retries, external.pause), (3, 5, 1, 100));
        let limits = &checks.limits;
        assert_eq!((limits.title, limits.description, limits.description_short), (70, 170, 40));
        assert_eq!((limits.image_kb, limits.review_days, limits.reading_grade), (500, 180, Some(10)));
        assert_eq!((limits.paragraph_words, limits.sentence_words, limits.internal_links), (120, 30, 3));
        assert_eq!(config.nav.len(), 2);
        assert_eq!(config.nav[1].url, "https://example.org/");
        let extra = serde_json::json!({ "since": "2026-01-01", "deep": { "list": [1, 2.5, true, "x"] } });
        assert_eq!(serde_json::Value::Object(config.extra), extra);
    }

    #[test]
    fn the_full_example_uses_every_key_of_the_table() {
        let (tree, _) = value::parse(
            &Source { path: "site.toml".into(), text: FULL, block: 0..FULL.len(), code: Code::Config },
            Syntax::Toml,
        );
        for key in KEYS {
            let mut tables = vec![tree.clone()];
            for part in key.path.split('.') {
                let inside: Vec<Value> = tables
                    .iter()
                    .flatten()
                    .filter(|entry| part == "*" || entry.key == part)
                    .map(|entry| entry.value.clone())
                    .collect();
                assert!(!inside.is_empty(), "`{}` is not in the example", key.path);
                tables = inside
                    .into_iter()
                    .flat_map(|value| match value.kind {
                        Kind::Table(entries) => vec![entries],
                        Kind::List(items) => vec![
                            items
                                .into_iter()
                                .map(|value| Entry { key: String::new(), key_span: value.span, value })
                                .collect(),
                        ],
                        _ => Vec::new(),
                    })
                    .collect();
            }
        }
    }

    #[test]
    fn the_table_tells_the_true_defaults() {
        let (plain, diagnostics) = parse(REQUIRED, "site.toml");
        assert_eq!(diagnostics, []);
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            let line = match key.path.strip_prefix("taxonomies.*.") {
                Some(rest) => {
                    format!("taxonomies.tags.{rest} = {}\ntaxonomies.categories = {{}}", key.default)
                }
                None => format!("{} = {}", key.path, key.default),
            };
            let (mut config, diagnostics) = parse(&format!("{REQUIRED}{line}\n"), "site.toml");
            assert_eq!(diagnostics, [], "{line}");
            (config.highlight.light_span, config.highlight.dark_span) = (None, None);
            assert_eq!(config, plain, "{line}");
        }
    }

    #[test]
    fn short_forms() {
        let text = format!(
            "{REQUIRED}toc = false\nback_to_top = false\nhighlight = false\ntaxonomies = [\"topics\"]\n"
        );
        let (config, diagnostics) = parse(&text, "site.toml");
        assert_eq!(diagnostics, []);
        assert!(!config.toc.enabled && !config.back_to_top.enabled && !config.highlight.enabled);
        let (promos, _) =
            parse(&format!("{REQUIRED}promos.start = false\npromos.middle = false\n"), "site.toml");
        assert!(promos.promos.start.is_none() && promos.promos.middle.is_none() && promos.promos.end);
        assert_eq!(config.taxonomies[0].title, "Topics");
        assert_eq!(config.taxonomies.len(), 1);
        let (config, _) = parse(&format!("{REQUIRED}[taxonomies]\n"), "site.toml");
        assert_eq!(config.taxonomies, [], "an empty table is none");
    }

    #[test]
    fn wrong_settings_are_told_at_their_bytes() {
        let cases: &[(&str, &str)] = &[
            (
                "tiimezone = \"UTC\"",
                "unknown-key @ tiimezone @ unknown key `tiimezone` @ did you mean `timezone`?",
            ),
            ("[toc]\ndeph = 2", "unknown-key @ deph @ unknown key `deph` @ did you mean `depth`?"),
            (
                "[toc]\ncolour = 2",
                "unknown-key @ colour @ unknown key `colour` @ the keys of `[toc]` are `enabled`, `title`, `depth` and `min_headings`",
            ),
            (
                "[taxonomies.tags]\npages = 2",
                "unknown-key @ pages @ unknown key `pages` @ the keys of `[taxonomies.tags]` are `title`, `paginate_by` and `feed`",
            ),
            ("\"toc.depth\" = 2", "unknown-key @ \"toc.depth\" @ unknown key `toc.depth` @ the keys are"),
            ("[pay]\nend = true", "unknown-key @ pay @ unknown key `pay` @ the keys are `title`, `base_url`"),
            (
                "promos.middle.near = \"half\"",
                "config @ \"half\" @ `half` is not a part of the text @ write a percentage such as `\"50%\"`",
            ),
            ("toc.depth = 7", "config @ 7 @ `toc.depth` cannot be 7 @ write a whole number from 2 to 6"),
            ("toc.depth = \"2\"", "config @ \"2\" @ `toc.depth` takes a whole number, not text @"),
            ("toc = 3", "config @ 3 @ `toc` takes a table, not a number @ write `[toc]`"),
            ("toc.enabled = \"yes\"", "config @ \"yes\" @ `yes` is not true or false @ write `true`"),
            ("toc.enabled = no", "config @ no @ `no` is not true or false @ write `false`"),
            ("toc.enabled = True", "config @ True @ `True` is not true or false @ write `true`"),
            ("toc.title = 1.2.3", "config @ 1.2.3 @ text without quotes @ write `toc.title = \"1.2.3\"`"),
            (
                "toc.depth = 99999999999999999999",
                "config @ 99999999999999999999 @ `99999999999999999999` is too large a number @",
            ),
            ("toc.title = \"\"", "config @ \"\" @ `toc.title` is empty @"),
            ("description = [\"a\"]", "config @ [\"a\"] @ `description` takes text, not a list @"),
            (
                "description = Guides to work",
                "config @ Guides to work @ text without quotes @ write `description = \"Guides to work\"`",
            ),
            ("lang = \"en_US\"", "config @ \"en_US\" @ `en_US` is not a language tag @ write `en-US`"),
            ("lang = \"!\"", "config @ \"!\" @ `!` is not a language tag @ write a tag such as"),
            (
                "timezone = \"Europe/Berln\"",
                "config @ \"Europe/Berln\" @ `Europe/Berln` is not a time zone @ did you mean `Europe/Berlin`?",
            ),
            ("timezone = \"here\"", "config @ \"here\" @ `here` is not a time zone @ write a name such as"),
            ("theme = \"../x\"", "config @ \"../x\" @ `../x` is not the name of a folder @"),
            (
                "markdown.html = \"forbit\"",
                "config @ \"forbit\" @ `markdown.html` cannot be `forbit` @ did you mean `forbid`?",
            ),
            (
                "back_to_top.after = \"h3\"",
                "config @ \"h3\" @ `back_to_top.after` cannot be `h3` @ did you mean `h2`?",
            ),
            ("feeds.limit = -1", "config @ -1 @ `feeds.limit` cannot be -1 @"),
            (
                "[serve]\nhosts = [\"http://x\"]",
                "config @ \"http://x\" @ `http://x` is not the name of a host",
            ),
            (
                "[serve]\neditor = \"javascript:{path}\"",
                "config @ \"javascript:{path}\" @ `javascript:{path}` is neither",
            ),
            ("ignore = [\"a\", \"b[\"]", "config @ \"b[\" @ `b[` is not a file pattern: "),
            ("taxonomies = [\"Tags\"]", "config @ \"Tags\" @ `Tags` cannot name a taxonomy @"),
            ("taxonomies = [\"a\", \"a\"]", "config @ \"a\" @ the taxonomy `a` is given twice @"),
            ("[taxonomies.job_families]", "config @ job_families @ `job_families` cannot name a taxonomy @"),
            ("taxonomies.tags = 3", "config @ 3 @ `taxonomies.tags` takes a group of keys, not a number @"),
            (
                "nav = { title = \"x\" }",
                "config @ { title = \"x\" } @ `nav` takes a list of tables, not a group of keys @",
            ),
            ("[[nav]]\ntitle = \"x\"", "config @ [[nav]] @ an entry of `nav` without `url` @"),
            (
                "[[nav]]\ntitle = \"x\"\nurl = \"javascript:x\"",
                "config @ \"javascript:x\" @ `javascript:x` leads nowhere @",
            ),
            (
                "description = 'a'\ndescription = 'b'",
                "key-duplicate @ description @ `description` is given twice @",
            ),
            ("[toc]\ndepth = 2\n[toc]", "key-duplicate @ toc @ `toc` is given twice @"),
            ("lang = \"en\" theme = \"x\"", "config @ "),
            ("description = \"open\nlang = \"en\"", "config @ n @ a text whose quotes are not closed @"),
            ("ignore = [\"a\",\nlang = \"en\"", "config @ [ @ `[` is never closed @ write `]`"),
            ("description: x", "config @ : @ `:` after a key @ here a value follows `=`"),
            ("description =", "config @ = @ a value is missing after `=` @"),
            ("extra = 3", "config @ 3 @ `extra` takes a group of keys, not a number @"),
        ];
        let mut failed = Vec::new();
        for (line, expected) in cases {
            let found = said(&format!("{REQUIRED}{line}\n"));
            if !found.first().is_some_and(|first| first.starts_with(expected)) {
                failed.push(format!("{line}\nexpected: {expected}\nfound: {found:#?}\n"));
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }

    #[test]
    fn wrong_checks_are_told_at_their_bytes() {
        for (line, expected) in [
            (
                "checks.levels = { title-longg = \"off\" }",
                "config @ title-longg @ no rule `title-longg` @ did you mean `title-long`?",
            ),
            (
                "checks.levels = { title-long = \"on\" }",
                "config @ \"on\" @ `checks.levels.title-long` cannot be `on` @",
            ),
            (
                "checks.allow = [{ check = \"url-gone\", at = \"/a/\", until = 2027-01-01 }]",
                "config @ { check = \"url-gone\", at = \"/a/\", until = 2027-01-01 } @ an entry of `checks.allow` has no `reason` @ add `reason`",
            ),
            (
                "checks.allow = [{ check = \"url-gone\", at = \"/a/\", reason = \"r\", until = \"soon\" }]",
                "config @ \"soon\" @ `soon` is not a date @",
            ),
            (
                "checks.allow = \"url-gone\"",
                "config @ \"url-gone\" @ `checks.allow` takes a list of tables, not text @",
            ),
            ("checks.words = { a = 1 }", "config @ 1 @ `a` takes text, not a number @"),
        ] {
            let found = said(&format!("{REQUIRED}{line}\n"));
            assert!(found.len() == 1 && found[0].starts_with(expected), "{line}: {found:#?}");
        }
    }

    #[test]
    fn problems_are_gathered_in_one_run() {
        let text = format!("{REQUIRED}lang = \"_\"\ntoc.depth = 9\ncolour = 1\nnav = 2\n");
        assert_eq!(said(&text).len(), 4);
    }

    #[test]
    fn both_places_of_a_key_are_named() {
        for (text, first) in [
            ("lang = \"en\"\n[toc]\ndepth = 2\n[feeds]\natom = true\natom = false\n", "atom"),
            ("[toc]\ndepth = 2\n[feeds]\n[toc]\n", "toc"),
            ("toc = { depth = 2, depth = 3 }\n", "depth"),
        ] {
            let text = format!("{REQUIRED}{text}");
            let (_, diagnostics) = parse(&text, "site.toml");
            let found =
                diagnostics.iter().find(|found| found.code == Code::KeyDuplicate).expect("a duplicate");
            let span = found.related[0].0.span.expect("a span");
            assert_eq!(&text[span.start as usize..span.end as usize], first);
            assert!(Some(span) < found.location.span);
        }
    }

    #[test]
    fn required_keys() {
        assert_eq!(
            said("lang = \"en\"\n"),
            [
                "config @ the file @ the required key `base_url` is missing @ add a line `base_url = \"https://example.com/\"` at the top",
                "config @ the file @ the required key `title` is missing @ add a line `title = \"Career guides\"` at the top",
            ]
        );
        assert_eq!(said("title = \"\"\nbase_url = \"https://x.y\"\n").len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_in_its_bounds(text in "(?s)([\\[\\]{}=.,'\"#\n a-c0-9é-]|toc|nav|title){0,60}") {
            let (_, diagnostics) = parse(&text, "site.toml");
            for found in diagnostics {
                for span in std::iter::once(found.location.span).chain(found.related.iter().map(|(at, _)| at.span)).flatten() {
                    proptest::prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                }
            }
        }
    }
}
