//! Every key of `site.toml`, once: what it is called, takes and does.
//!
//! In: nothing. Out: [`KEYS`], which the reader obeys, the check for unknown keys searches and the
//! manual prints. Defaults themselves are in [`Config::with_defaults`]; a test holds the two equal.

use super::checks::{self, limit};
use super::{BackToTopTarget, Config, HtmlPolicy, MiddlePromo, PromoBoundary, SlugStyle, StartPromo};
use super::{address, frame, images, language, read, serve, theme};
use crate::value::{Field, Reader};

/// One key of `site.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// With the tables it lies in: `toc.depth`. `*` stands for a name of the user's, or for an item.
    pub path: &'static str,
    /// What it takes, in a writer's words.
    pub takes: &'static str,
    /// Its default as TOML; empty when the key is required or has no fixed default.
    pub default: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Puts the value into the settings.
    pub(super) set: fn(&mut Config, &mut Reader<'_, '_>, Field<'_>),
}

/// Puts a value that could be read where it belongs.
pub(super) fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

macro_rules! keys {
    ($($path:literal, $takes:literal, $default:literal, $summary:literal, $set:expr;)*) => {
        &[$(Key { path: $path, takes: $takes, default: $default, summary: $summary, set: $set },)*]
    };
}

/// Every key, in the order of the manual.
pub const KEYS: &[Key] = keys! {
    "title", "text", "", "name of the site; required",
        |config, reader, field| put(&mut config.title, reader.filled(field));
    "base_url", "a web address", "", "where the site will be published, such as `https://example.com/careers/`; required",
        address::base_url;
    "description", "text", r#""""#, "one or two sentences about the site",
        |config, reader, field| config.description = reader.text(field).unwrap_or_default();
    "lang", "a language tag", r#""en-US""#, "the site's main language, such as `en-US`",
        language::lang;
    "timezone", "a time zone's name", r#""UTC""#, "decides which day is today, and completes dates written without a zone",
        language::timezone;
    "theme", "a folder name, or a table", r#""default""#, "folder below `themes/`, such as `theme = \"default\"`, which is built in; a table names it as `name` and holds what the theme lets you choose, see [The look](theme.md)",
        theme::chosen;
    "ignore", "a list of file patterns", "[]", "files to leave out, such as `content/**/*.draft.md`",
        read::ignore;
    "markdown.html", "`allow`, `sanitise` or `forbid`", r#""allow""#, "what happens to raw HTML in Markdown",
        |config, reader, field| put(&mut config.markdown.html, reader.choice(field, HTML_POLICIES));
    "markdown.smart_punctuation", "true or false", "false", "straight quotes, `--` and `...` become typographic",
        |config, reader, field| put(&mut config.markdown.smart_punctuation, reader.boolean(field));
    "markdown.slugs", "`ascii` or `unicode`", r#""ascii""#, "how letters outside ASCII enter addresses and heading ids",
        |config, reader, field| put(&mut config.markdown.slugs, reader.choice(field, SLUG_STYLES));
    "highlight.enabled", "true or false", "true", "whether code is highlighted; `highlight = false` says the same",
        |config, reader, field| put(&mut config.highlight.enabled, reader.boolean(field));
    "highlight.light", "a theme's name", r#""InspiredGitHub""#, "colours of code on light pages",
        |config, reader, field| {
            config.highlight.light_span = Some(field.value.span);
            put(&mut config.highlight.light, reader.filled(field));
        };
    "highlight.dark", "a theme's name", r#""OneHalfDark""#, "colours of code on dark pages",
        |config, reader, field| {
            config.highlight.dark_span = Some(field.value.span);
            put(&mut config.highlight.dark, reader.filled(field));
        };
    "highlight.line_numbers", "true or false", "false", "line numbers on every block of code unless it says otherwise",
        |config, reader, field| put(&mut config.highlight.line_numbers, reader.boolean(field));
    "toc.enabled", "true or false", "true", "whether pages have a contents list; `toc = false` says the same",
        |config, reader, field| put(&mut config.toc.enabled, reader.boolean(field));
    "toc.title", "text", "", "heading above the contents list; in the page's language unless set",
        |config, reader, field| put(&mut config.toc.title, reader.filled(field));
    "toc.depth", "a number from 2 to 6", "2", "deepest heading level that the contents list shows",
        read::toc_depth;
    "toc.min_headings", "a number", "3", "fewest `##` headings for which a list appears by itself",
        |config, reader, field| put(&mut config.toc.min_headings, reader.size(field));
    "back_to_top.enabled", "true or false", "true", "whether sections end with a link to the top; `back_to_top = false` says the same",
        |config, reader, field| put(&mut config.back_to_top.enabled, reader.boolean(field));
    "back_to_top.label", "text", "", "text of that link; in the page's language unless set",
        |config, reader, field| put(&mut config.back_to_top.label, reader.filled(field));
    "back_to_top.target", "`contents` or `top`", r#""contents""#, "where that link leads: the contents list or the page's top",
        |config, reader, field| put(&mut config.back_to_top.target, reader.choice(field, TARGETS));
    "back_to_top.after", "`h2`", r#""h2""#, "which sections end with that link; only `h2` so far",
        |_, reader, field| { reader.choice(field, &[("h2", ())]); };
    "back_to_top.min_sections", "a number", "2", "fewest `##` sections for which the links appear",
        |config, reader, field| put(&mut config.back_to_top.min_sections, reader.size(field));
    "promos.enabled", "true or false", "true", "whether pages have promos by rule; `promos = false` says the same",
        |config, reader, field| put(&mut config.promos.enabled, reader.boolean(field));
    "promos.start.enabled", "true or false", "true", "whether there is a first promo; `start = false` says the same",
        |config, reader, field| if let Some(on) = reader.boolean(field) {
            config.promos.start = on.then_some(config.promos.start.take().unwrap_or(StartPromo::DEFAULT));
        };
    "promos.start.after_words", "a number", "150", "words of prose before the first promo, at least",
        |config, reader, field| if let (Some(start), Some(words)) = (&mut config.promos.start, read::words(reader, field)) {
            start.after_words = words;
        };
    "promos.start.boundary", "`block` or `section`", r#""block""#, "whether it stands between any two blocks, or only after a section",
        |config, reader, field| if let (Some(start), Some(boundary)) = (&mut config.promos.start, reader.choice(field, BOUNDARIES)) {
            start.boundary = boundary;
        };
    "promos.middle.enabled", "true or false", "true", "whether there is a promo half way; `middle = false` says the same",
        |config, reader, field| if let Some(on) = reader.boolean(field) {
            config.promos.middle = on.then_some(config.promos.middle.take().unwrap_or(MiddlePromo::DEFAULT));
        };
    "promos.middle.near", "a percentage", r#""50%""#, "the part of the text near which it stands",
        read::promo_near;
    "promos.middle.boundary", "`block` or `section`", r#""section""#, "whether it stands between any two blocks, or only after a section",
        |config, reader, field| if let (Some(middle), Some(boundary)) = (&mut config.promos.middle, reader.choice(field, BOUNDARIES)) {
            middle.boundary = boundary;
        };
    "promos.end", "true or false", "true", "whether there is a promo after the last section",
        |config, reader, field| put(&mut config.promos.end, reader.boolean(field));
    "promos.min_gap_words", "a number", "250", "fewest words of prose between two promos",
        |config, reader, field| put(&mut config.promos.min_gap_words, read::words(reader, field));
    "promos.max_per_page", "a number", "3", "most promos on one page",
        |config, reader, field| put(&mut config.promos.max_per_page, reader.size(field));
    "taxonomies", "a list of names, or a table for each", r#"["tags", "categories"]"#, "the ways in which pages are grouped",
        frame::taxonomies;
    "taxonomies.*.title", "text", "", "what readers see; the name with a capital unless set",
        |config, reader, field| if let Some(taxonomy) = config.taxonomies.last_mut() {
            put(&mut taxonomy.title, reader.filled(field));
        };
    "taxonomies.*.paginate_by", "a number", "0", "pages in one list page; 0 is all",
        |config, reader, field| if let Some(taxonomy) = config.taxonomies.last_mut() {
            put(&mut taxonomy.paginate_by, reader.size(field));
        };
    "taxonomies.*.feed", "true or false", "false", "whether each term has a feed",
        |config, reader, field| if let Some(taxonomy) = config.taxonomies.last_mut() {
            put(&mut taxonomy.feed, reader.boolean(field));
        };
    "feeds.atom", "true or false", "true", "writes `atom.xml`",
        |config, reader, field| put(&mut config.feeds.atom, reader.boolean(field));
    "feeds.json", "true or false", "true", "writes `feed.json`",
        |config, reader, field| put(&mut config.feeds.json, reader.boolean(field));
    "feeds.limit", "a number", "20", "newest pages in a feed, at most",
        |config, reader, field| put(&mut config.feeds.limit, reader.size(field));
    "feeds.sections", "true or false", "false", "whether each section has feeds of its own",
        |config, reader, field| put(&mut config.feeds.sections, reader.boolean(field));
    "search.enabled", "true or false", "false", "whether readers can search the site; `search = true` says the same",
        |config, reader, field| put(&mut config.search.enabled, reader.boolean(field));
    "images.enabled", "true or false", "true", "whether smaller copies of pictures are made; `images = false` says the same",
        |config, reader, field| put(&mut config.images.enabled, reader.boolean(field));
    "images.widths", "a list of numbers", "[480, 800, 1200, 1600]", "widths of the copies in pixels; a picture is never made wider than it is",
        images::widths;
    "images.quality", "a number from 1 to 100", "80", "quality of the copies in WebP and JPEG",
        images::quality;
    "images.sizes", "a value of the attribute `sizes`", r#""(min-width: 46rem) 44rem, 100vw""#, "how wide the theme shows a picture in a text",
        |config, reader, field| put(&mut config.images.sizes, reader.filled(field));
    "images.strip_metadata", "true or false", "true", "whether places, names and previews are taken out of published photographs",
        |config, reader, field| put(&mut config.images.strip_metadata, reader.boolean(field));
    "images.sanitise_svg", "true or false", "true", "whether scripts and references to other places are taken out of published drawings",
        |config, reader, field| put(&mut config.images.sanitise_svg, reader.boolean(field));
    "cards.enabled", "true or false", "false", "whether each page has a picture for those who share it; `cards = true` says the same",
        |config, reader, field| put(&mut config.cards.enabled, reader.boolean(field));
    "publish.host", "`any`, `netlify` or `cloudflare`", r#""any""#, "whose files for headers and redirects (`_headers`, `_redirects`) are written",
        |config, reader, field| put(&mut config.publish.host, reader.choice(field, images::HOSTS));
    "publish.content_security_policy", "a policy in one line", "", "what pages may load and run, in place of the usual policy in `_headers`",
        images::policy;
    "publish.llms", "true or false", "false", "writes `llms.txt`, a list of the site's pages for language models",
        |config, reader, field| put(&mut config.publish.llms, reader.boolean(field));
    "publish.markdown", "true or false", "false", "publishes what each page says as Markdown too (`index.md` beside its `index.html`)",
        |config, reader, field| put(&mut config.publish.markdown, reader.boolean(field));
    "publish.compress", "true or false", "false", "writes a twin of each text file in Brotli and gzip, for hosts that send such twins",
        |config, reader, field| put(&mut config.publish.compress, reader.boolean(field));
    "nav", "a list of tables", "[]", "the main navigation, in order; the top-level sections unless set",
        frame::nav;
    "nav.*.title", "text", "", "text of the link",
        |config, reader, field| if let Some(item) = config.nav.last_mut() {
            put(&mut item.title, reader.filled(field));
        };
    "nav.*.url", "`@/page.md`, `/path/` or a web address", "", "where the link leads",
        frame::nav_url;
    "serve.hosts", "a list of names", "[]", "names under which `guidepost serve` may be asked for, beside this machine's own",
        serve::hosts;
    "serve.editor", "an editor's name, or a URL with `{path}`, `{line}` and `{column}`", r#""""#, "opens a source file from the preview: `vscode`, `vscodium`, `cursor`, `zed`, `idea` or `textmate`",
        serve::editor;
    "checks.build", "`errors` or `all`", r#""errors""#, "what a build is stopped by: its own errors, or all that `check` finds",
        |config, reader, field| put(&mut config.checks.build, reader.choice(field, checks::BUILDS));
    "checks.levels", "rules, each with `off`, `info`, `warn` or `error`", "{}", "how much a finding matters",
        checks::levels;
    "checks.folders", "folders, each with rules and levels", "{}", "the same for the files below a folder of `content/`, which must be there",
        checks::folders;
    "checks.allow", "a list of tables", "[]", "exceptions to rules for what no page holds: a data file, a picture, an address that was given up",
        checks::allow;
    "checks.allow.*.check", "a rule", "", "the rule that is silenced",
        |_, _, _| {};
    "checks.allow.*.at", "a file, or an address", "", "where: the file as findings show it, or the address as `urls.lock` has it",
        |_, _, _| {};
    "checks.allow.*.reason", "text", "", "why",
        |_, _, _| {};
    "checks.allow.*.until", "a date", "", "the last day of it",
        |_, _, _| {};
    "checks.words", "words, each with what to write instead", "{}", "words that the site does not use",
        checks::words;
    "checks.dictionaries", "languages, each with a path without an ending", "{}", "dictionaries in Hunspell's form (`.aff` and `.dic`), by which texts are spelt",
        checks::dictionaries;
    "checks.external.ignore", "a list of address patterns", "[]", "web addresses that `check --external` leaves alone, such as `https://example.com/*`",
        |config, reader, field| config.checks.external.ignore = reader.texts(field);
    "checks.external.days", "a number", "7", "days for which an address that answered is not asked for again",
        |config, reader, field| put(&mut config.checks.external.days, reader.size(field).map(|days| days as u64));
    "checks.external.timeout", "a number", "20", "seconds after which a server is too slow",
        |config, reader, field| put(&mut config.checks.external.timeout, reader.integer(field, 1..=600).map(i64::unsigned_abs));
    "checks.external.retries", "a number", "2", "how often a busy server is asked again",
        |config, reader, field| put(&mut config.checks.external.retries, reader.integer(field, 0..=10).and_then(|number| u32::try_from(number).ok()));
    "checks.external.pause", "a number", "250", "milliseconds between two questions to one host",
        |config, reader, field| put(&mut config.checks.external.pause, reader.integer(field, 0..=60_000).map(i64::unsigned_abs));
    "checks.affiliate_hosts", "a list of host names", "[]", "hosts whose links earn money, besides the well-known ones",
        |config, reader, field| config.checks.affiliates.hosts = reader.texts(field);
    "checks.affiliate_parameters", "a list of names", "[]", "parameters of addresses that earn money, besides the well-known ones",
        |config, reader, field| config.checks.affiliates.parameters = reader.texts(field);
    "checks.limits.title", "a number", "60", "most characters of a title in search results, the site's name with it",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.title);
    "checks.limits.description", "a number", "160", "most characters of a description",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.description);
    "checks.limits.description_short", "a number", "50", "fewest characters of a description",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.description_short);
    "checks.limits.image_kb", "a number", "300", "most kilobytes of a picture",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.image_kb);
    "checks.limits.review_days", "a number", "365", "days after which a reviewed page is due again",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.review_days);
    "checks.limits.reading_grade", "a number", "", "school grade above which `reading-level` is a warning; without it, it is a note above grade 12",
        |config, reader, field| config.checks.limits.reading_grade = reader.size(field);
    "checks.limits.paragraph_words", "a number", "150", "most words of a paragraph",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.paragraph_words);
    "checks.limits.sentence_words", "a number", "40", "most words of a sentence",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.sentence_words);
    "checks.limits.internal_links", "a number", "2", "fewest links from a guide to other pages",
        |config, reader, field| limit(reader, field, &mut config.checks.limits.internal_links);
    "extra", "a table of anything", "{}", "values of your own for templates",
        |config, reader, field| config.extra = reader.extra(field);
};

const HTML_POLICIES: &[(&str, HtmlPolicy)] = &[
    ("allow", HtmlPolicy::Allow),
    ("sanitise", HtmlPolicy::Sanitise),
    ("sanitize", HtmlPolicy::Sanitise),
    ("forbid", HtmlPolicy::Forbid),
];

const SLUG_STYLES: &[(&str, SlugStyle)] = &[("ascii", SlugStyle::Ascii), ("unicode", SlugStyle::Unicode)];

const TARGETS: &[(&str, BackToTopTarget)] =
    &[("contents", BackToTopTarget::Contents), ("top", BackToTopTarget::Top)];

const BOUNDARIES: &[(&str, PromoBoundary)] =
    &[("block", PromoBoundary::Block), ("section", PromoBoundary::Section)];
