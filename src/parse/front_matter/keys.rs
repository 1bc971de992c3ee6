//! Every front-matter key, once: its name, its other spellings, what it takes and does.
//!
//! In: nothing. Out: [`KEYS`], which the reader obeys, the check for unknown keys searches, the
//! inheritance follows and the manual prints. Taxonomies are keys as well, but the site names them.

use super::read::{self, Page};
use super::{FrontMatter, SortBy, inherit};
use crate::config;
use crate::value::Field;

/// One front-matter key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Spellings of other generators that mean the same.
    pub also: &'static [&'static str],
    /// What it takes, in a writer's words.
    pub takes: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Where it may stand.
    pub scope: Scope,
    /// Puts its value into the front matter.
    pub(super) set: fn(&mut Page<'_, '_, '_>, Field<'_>),
    /// Copies its value from defaults, if it can be inherited.
    pub(super) inherit: Option<fn(&mut FrontMatter, &FrontMatter)>,
}

/// Where a key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On any page.
    Page,
    /// In `_index.md` only.
    Section,
}

impl Key {
    /// Whether the key can stand under `defaults` in `_index.md`.
    #[must_use]
    pub fn is_inheritable(&self) -> bool {
        self.inherit.is_some()
    }
}

macro_rules! keys {
    ($($scope:ident $name:literal $also:tt $takes:literal $summary:literal $set:expr $(, inherits $inherit:expr)?;)*) => {
        &[$(Key {
            name: $name,
            also: &$also,
            takes: $takes,
            summary: $summary,
            scope: Scope::$scope,
            set: $set,
            inherit: keys!(@inherit $($inherit)?),
        },)*]
    };
    (@inherit) => { None };
    (@inherit $inherit:expr) => { Some($inherit) };
}

/// Every key, in the order of the manual.
#[rustfmt::skip]
pub const KEYS: &[Key] = keys! {
    Page "title" [] "text" "the page's title; the first `#` heading unless set"
        |page, field| page.front.title = page.reader.text(field);
    Page "seo_title" [] "text" "title for search results"
        |page, field| page.front.seo_title = page.reader.text(field);
    Page "dek" [] "text" "line under the title"
        |page, field| page.front.dek = page.reader.text(field);
    Page "description" [] "text" "for search results"
        |page, field| page.front.description = page.reader.text(field);
    Page "summary" ["excerpt"] "text" "shown in lists of pages"
        |page, field| page.front.summary = page.reader.text(field);
    Page "type" [] "a type of page" "what the page is; set by its folder unless given"
        |page, field| {
            let span = field.value.span;
            let kind = page.reader.choice(field, TYPES).map(str::to_owned);
            page.front.kind = kind.map(|value| crate::value::Spanned { value, span });
        },
        inherits inherit::kind;
    Page "template" ["layout"] "a template's name" "what renders the page"
        |page, field| page.front.template = page.reader.name(field),
        inherits |page, defaults| page.template.clone_from(&defaults.template);
    Page "slug" [] "text" "last part of the address"
        |page, field| page.front.slug = page.reader.name(field);
    Page "path" ["url", "permalink"] "an address" "the whole address; on a page of type `path` the id of a pathway"
        |page, field| page.front.path = page.reader.name(field);
    Page "aliases" ["redirect_from"] "a list of addresses" "earlier addresses that lead here"
        read::aliases;
    Page "authors" ["author", "authorId"] "a list of author ids or names" "who wrote it"
        |page, field| page.front.authors = page.reader.names(field),
        inherits |page, defaults| page.authors.clone_from(&defaults.authors);
    Page "reviewers" ["reviewed_by"] "a list of author ids or names" "who reviewed it"
        |page, field| page.front.reviewers = page.reader.names(field),
        inherits |page, defaults| page.reviewers.clone_from(&defaults.reviewers);
    Page "fact_checkers" [] "a list of author ids or names" "who checked its facts"
        |page, field| page.front.fact_checkers = page.reader.names(field);
    Page "published" ["date", "publish_date", "publishDate", "pubDate", "datepublished"] "a date" "first published; in the future: not yet built"
        |page, field| page.front.published = page.date(field);
    Page "updated" ["lastmod", "modified", "last_modified_at", "lastUpdated"] "a date" "last changed"
        |page, field| page.front.updated = page.date(field);
    Page "reviewed" [] "a date" "last reviewed"
        |page, field| page.front.reviewed = page.date(field);
    Page "review_by" [] "a date" "when the next review is due"
        |page, field| page.front.review_by = page.date(field);
    Page "expires" ["expiryDate", "unpublishDate", "unpublishdate"] "a date" "from this day on it is not built"
        |page, field| page.front.expires = page.date(field);
    Page "draft" ["is_draft"] "true or false" "not built unless asked for; `published: false` says the same"
        |page, field| page.front.draft = page.reader.boolean(field).unwrap_or_default();
    Page "weight" ["order", "nav_order", "sidebar_position"] "a whole number" "place in a section sorted by weight"
        |page, field| page.front.weight = page.reader.integer(field, i64::MIN..=i64::MAX);
    Page "taxonomies" [] "a group of lists" "terms by taxonomy; each taxonomy is also a key of its own"
        read::taxonomies,
        inherits |_, _| {};
    Page "series" [] "text" "the series it belongs to"
        |page, field| page.front.series = page.reader.text(field);
    Page "lang" [] "a language tag" "the page's language, such as `en-US`"
        |page, field| page.front.lang = config::language_tag(&mut page.reader, field),
        inherits |page, defaults| page.lang.clone_from(&defaults.lang);
    Page "translation_key" ["translationKey"] "text" "the same on the page in every language"
        |page, field| page.front.translation_key = page.reader.text(field);
    Page "place" [] "a place id" "whose figures it shows"
        |page, field| page.front.place = page.reader.name(field),
        inherits |page, defaults| page.place.clone_from(&defaults.place);
    Page "level" [] "`beginner`, `intermediate` or `advanced`" "how much a reader must know"
        |page, field| page.front.level = page.reader.choice(field, LEVELS).map(str::to_owned),
        inherits |page, defaults| page.level.clone_from(&defaults.level);
    Page "audience" [] "a list of texts" "whom it is for"
        |page, field| page.front.audience = page.reader.texts(field),
        inherits |page, defaults| page.audience.clone_from(&defaults.audience);
    Page "image" ["cover", "featured_image"] "an image id or path" "picture for lists and sharing"
        |page, field| page.front.image = page.reader.name(field),
        inherits |page, defaults| page.image.clone_from(&defaults.image);
    Page "toc" [] "true, false, or `depth` and `title`" "the contents list"
        read::toc,
        inherits |page, defaults| page.toc.clone_from(&defaults.toc);
    Page "back_to_top" [] "true or false" "links to the top after each section"
        |page, field| page.front.back_to_top = page.reader.boolean(field),
        inherits |page, defaults| page.back_to_top = defaults.back_to_top;
    Page "promos" [] "true, false, or a list of promo ids" "promos on the page"
        read::promos,
        inherits |page, defaults| page.promos.clone_from(&defaults.promos);
    Page "canonical_url" ["canonical"] "a web address" "the page that search engines should list instead"
        read::canonical_url;
    Page "noindex" [] "true or false" "asks search engines not to list it"
        |page, field| page.front.noindex = page.reader.boolean(field).unwrap_or_default(),
        inherits |page, defaults| page.noindex = defaults.noindex;
    Page "search" ["in_search_index", "pagefind"] "true or false" "whether the site's search finds it"
        |page, field| page.front.search = page.reader.boolean(field),
        inherits |page, defaults| page.search = defaults.search;
    Page "sitemap" [] "true or false" "whether it stands in `sitemap.xml`"
        |page, field| page.front.sitemap = page.reader.boolean(field),
        inherits |page, defaults| page.sitemap = defaults.sitemap;
    Page "role" [] "a role id" "the role it is about"
        |page, field| page.front.role = page.reader.name(field);
    Page "roles" [] "a list of role ids" "the roles it compares"
        |page, field| page.front.roles = page.reader.names(field);
    Page "similar" [] "a list of role ids" "similar roles"
        |page, field| page.front.similar = page.reader.names(field);
    Page "related" [] "a list of pages" "what to read next"
        |page, field| page.front.related = page.reader.names(field);
    Page "person" [] "a person's id" "whom a story is about"
        |page, field| page.front.person = page.reader.name(field);
    Page "quiz" [] "a quiz id" "the quiz it shows"
        |page, field| page.front.quiz = page.reader.name(field);
    Page "items" [] "a list of `question` and `answer`" "interview questions"
        read::items;
    Page "covers" [] "a list of texts" "what the page covers"
        |page, field| page.front.covers = page.reader.texts(field);
    Page "takeaways" [] "a list of texts" "what to remember"
        |page, field| page.front.takeaways = page.reader.texts(field);
    Page "claims" [] "a list of comparisons" "what must hold of the data, such as `a > b`"
        |page, field| page.front.claims = page.reader.names(field);
    Page "sources" [] "a list of source ids" "where its facts come from"
        |page, field| page.front.sources = page.reader.names(field);
    Page "corrections" [] "a list of `date` and `text`" "what was corrected, and when"
        read::corrections;
    Page "allow" [] "a list of `check`, `reason` and `until`" "silences a check on this page until a day"
        read::allow;
    Page "extra" ["params"] "a group of anything" "values of your own for templates"
        |page, field| page.front.extra = page.reader.extra(field),
        // By its own keys, see `FrontMatter::inherit`.
        inherits |_, _| {};
    Section "sort_by" [] "`date`, `weight` or `title`" "order of the section's pages"
        |page, field| page.front.section.sort_by = page.reader.choice(field, SORTS);
    Section "paginate_by" [] "a number" "pages in one list page; 0 is all"
        |page, field| page.front.section.paginate_by = page.reader.size(field);
    Section "feed" [] "true or false" "whether the section has feeds of its own"
        |page, field| page.front.section.feed = page.reader.boolean(field);
    Section "defaults" [] "a group of keys" "what the pages below inherit"
        read::defaults;
};

/// The content types (CAREER-GUIDES 3.2).
const TYPES: &[(&str, &str)] = &[
    ("guide", "guide"),
    ("role", "role"),
    ("comparison", "comparison"),
    ("path", "path"),
    ("quiz", "quiz"),
    ("questions", "questions"),
    ("glossary", "glossary"),
    ("author", "author"),
    ("courses", "courses"),
    ("story", "story"),
    ("section", "section"),
    ("page", "page"),
    ("home", "home"),
];

const LEVELS: &[(&str, &str)] =
    &[("beginner", "beginner"), ("intermediate", "intermediate"), ("advanced", "advanced")];

const SORTS: &[(&str, SortBy)] =
    &[("date", SortBy::Date), ("weight", SortBy::Weight), ("title", SortBy::Title)];
