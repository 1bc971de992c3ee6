//! The entries of a block to front matter, by the table of keys.
//!
//! In: entries and settings. Out: a [`FrontMatter`] with what could be read, and a diagnostic for
//! everything else. Does not cut the block out of its file.

use super::keys::{KEYS, Key, Scope};
use super::{Allow, Correction, Date, FrontMatter, Item, Promos, Spelling, TocChoice, date};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::Settings;
use crate::value::shape::{Form, Key as Shape, PROBE};
use crate::value::{Entry, Field, Kind, Reader, Source, Spanned, Value, listed};

/// Front matter that is being read.
pub(super) struct Page<'c, 's, 't> {
    pub(super) front: FrontMatter,
    pub(super) reader: Reader<'s, 't>,
    settings: &'c Settings,
    /// Those under `defaults` too.
    spellings: Vec<Spelling>,
}

/// Which keys may stand in a group of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// The front matter of a page.
    Page,
    /// The front matter of `_index.md`.
    Index,
    /// `defaults` in `_index.md`.
    Defaults,
}

/// Reads the entries of a page; `problems` are those of its syntax.
pub(super) fn page(
    source: &Source<'_>,
    settings: &Settings,
    entries: &[Entry],
    problems: Vec<Diagnostic>,
) -> (FrontMatter, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    reader.diagnostics = problems;
    let mut page = Page { front: FrontMatter::default(), reader, settings, spellings: Vec::new() };
    let name = source.path.rsplit('/').next().unwrap_or_default();
    page.group(entries, if name.starts_with("_index.") { Group::Index } else { Group::Page });
    if let Some(kind) = page.front.kind.clone() {
        page.front.settle(&kind.value);
    }
    page.front.spellings = page.spellings;
    (page.front, page.reader.diagnostics)
}

/// What the front matter of a page may hold, or that of a section: every key with its other spellings.
pub(super) fn form(taxonomies: &[String], scope: Scope) -> Form {
    let settings = Settings::commonmark();
    let source = Source { path: "".into(), text: "", block: 0..0, code: Code::FrontMatter };
    let mut page = Page {
        front: FrontMatter::default(),
        reader: Reader::tracing(&source),
        settings: &settings,
        spellings: Vec::new(),
    };
    let mut keys = Vec::new();
    for key in KEYS.iter().filter(|key| scope == Scope::Section || key.scope == Scope::Page) {
        page.reader.forget_trace();
        (key.set)(&mut page, Field { key: key.name, value: &PROBE });
        let mut form = page.reader.last_traced();
        if key.name == "defaults" {
            let inherited = |known: &Shape| {
                KEYS.iter().any(|key| {
                    key.is_inheritable()
                        && (key.name == known.name || key.also.contains(&known.name.as_str()))
                })
            };
            form = Form::Group(keys.iter().filter(|known| inherited(known)).cloned().collect());
        }
        for name in std::iter::once(key.name).chain(key.also.iter().copied()) {
            // Where `published` says whether, not when.
            let form = if name == "published" {
                Form::OneOf(vec![form.clone(), Form::Boolean])
            } else {
                form.clone()
            };
            let summary = if name == key.name {
                format!("{}: {}", key.takes, key.summary)
            } else {
                format!("another spelling of `{}`", key.name)
            };
            keys.push(Shape { summary, ..Shape::new(name, false, form) });
        }
    }
    for taxonomy in taxonomies {
        let form = Form::Some(Box::new(Form::Text));
        keys.push(Shape {
            summary: "terms by which pages are grouped".to_owned(),
            ..Shape::new(taxonomy.as_str(), false, form)
        });
    }
    Form::Group(keys)
}

impl Page<'_, '_, '_> {
    fn group(&mut self, entries: &[Entry], group: Group) {
        for entry in entries {
            // An empty value (`title:` in a scaffold) is as good as no key.
            if let Some(key) = key_of(&entry.key) {
                if entry.value.kind != Kind::Null {
                    self.key(key, entry, group);
                }
            } else if self.settings.taxonomies.contains(&entry.key) {
                self.taxonomy(entry);
            } else {
                self.unknown(entry, group);
            }
        }
    }

    fn key(&mut self, key: &'static Key, entry: &Entry, group: Group) {
        if key.scope == Scope::Section && group == Group::Page {
            let message = format!("`{}` belongs to a section", entry.key);
            return self.reader.refuse(entry.key_span, message, "move it to the `_index.md` of the folder");
        }
        if group == Group::Defaults && !key.is_inheritable() {
            let keys = KEYS.iter().filter(|key| key.is_inheritable()).map(|key| key.name);
            let help = format!("set it on each page; what pages can inherit is {}", listed(keys, "and"));
            return self.reader.refuse(entry.key_span, format!("`{}` cannot be inherited", entry.key), help);
        }
        // Where `published` says whether, not when.
        if let ("published", Kind::Bool(published)) = (entry.key.as_str(), &entry.value.kind) {
            if group == Group::Defaults {
                return self.reader.refuse(
                    entry.key_span,
                    "`draft` cannot be inherited",
                    "set it on each page",
                );
            }
            if self.claim("draft", entry) {
                self.front.draft = !published;
                let draft = self.front.draft;
                self.spelt(entry, format!("published: {published}"), format!("draft: {draft}"));
            }
        } else if self.claim(key.name, entry) {
            if entry.key != key.name {
                self.spelt(entry, entry.key.clone(), key.name.to_owned());
            }
            let field = Field { key: &entry.key, value: &entry.value };
            (key.set)(self, field);
            // A site may group its pages by what is a key already: `series`, `authors`.
            if self.settings.taxonomies.iter().any(|taxonomy| taxonomy == key.name) {
                let terms = self.reader.names(field);
                self.front.taxonomies.push((key.name.to_owned(), terms));
            }
        }
    }

    /// Notes a key that has another name of its own.
    fn spelt(&mut self, entry: &Entry, written: String, means: String) {
        let written = Spanned { value: written, span: entry.key_span };
        self.spellings.push(Spelling { written, means });
    }

    /// Notes a key under its own name, unless it has been given before.
    fn claim(&mut self, name: &str, entry: &Entry) -> bool {
        let Some(first) = self.front.keys.get(name).copied() else {
            self.front.keys.insert(name.to_owned(), Some(entry.key_span));
            return true;
        };
        let source = self.reader.source();
        let written = first.map_or(name, |span: Span| {
            source.text.get(span.start as usize..span.end as usize).unwrap_or(name)
        });
        let message = if written == entry.key {
            format!("`{written}` is given twice")
        } else {
            format!("`{}` and `{written}` are one key", entry.key)
        };
        let help = format!("keep one of the two, best as `{name}`");
        let found =
            Diagnostic::new(Code::KeyDuplicate, source.path.clone(), entry.key_span, message).help(help);
        self.reader.report(found.related(source.path.clone(), first, "first given here"));
        false
    }

    fn taxonomy(&mut self, entry: &Entry) {
        if entry.value.kind != Kind::Null && self.claim(&entry.key, entry) {
            let terms = self.reader.names(Field { key: &entry.key, value: &entry.value });
            self.front.taxonomies.push((entry.key.clone(), terms));
        }
    }

    fn unknown(&mut self, entry: &Entry, group: Group) {
        let fits = |key: &&Key| match group {
            Group::Page => key.scope == Scope::Page,
            Group::Index => true,
            Group::Defaults => key.is_inheritable(),
        };
        let names = KEYS
            .iter()
            .filter(fits)
            .flat_map(|key| std::iter::once(key.name).chain(key.also.iter().copied()));
        let taxonomies = self.settings.taxonomies.iter().map(String::as_str);
        let help = "values of your own go under `extra`, and taxonomies are declared in `site.toml`";
        self.reader.unknown(entry, names.chain(taxonomies), help);
    }

    /// A date, completed by the site's time zone.
    pub(super) fn date(&mut self, field: Field<'_>) -> Option<Date> {
        if self.reader.traces(|| Form::Date) {
            return None;
        }
        let span = field.value.span;
        let written = match &field.value.kind {
            Kind::Null => return None,
            Kind::Text(text) | Kind::Bare(text) | Kind::Date(text) => text.trim(),
            Kind::List(_) | Kind::Table(_) => {
                self.reader.mistyped(field, "a date", "write one date, such as `2026-11-20`");
                return None;
            }
            _ => self.reader.source().text.get(span.start as usize..span.end as usize).unwrap_or_default(),
        };
        if written.is_empty() {
            return None;
        }
        let date = date::parse(written, &self.settings.timezone);
        if date.is_none() {
            let found = self.reader.source().not_a_date(written, span);
            self.reader.report(found);
        }
        date
    }

    /// The values of a group with fixed keys, in their order.
    fn fields<'v, const N: usize>(&mut self, field: Field<'v>, keys: [&str; N]) -> [Option<&'v Value>; N] {
        let listed = listed(keys, "and");
        let entries = self.reader.table(field, &format!("give it {listed}"));
        for entry in entries.iter().filter(|entry| !keys.contains(&entry.key.as_str())) {
            self.reader.unknown(entry, keys, &format!("the keys of `{}` are {listed}", field.key));
        }
        keys.map(|key| entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value))
    }

    /// Reads one value of a group that cannot do without it.
    fn required<T>(
        &mut self,
        group: Field<'_>,
        key: &str,
        value: Option<&Value>,
        read: impl FnOnce(&mut Self, Field<'_>) -> Option<T>,
    ) -> Option<T> {
        let shown = format!("{}.{key}", group.key);
        match value {
            Some(value) if value.kind != Kind::Null => read(self, Field { key: &shown, value }),
            _ if !matches!(group.value.kind, Kind::Table(_)) => None,
            // A value that the syntax made nothing of has been reported where it stands.
            Some(value)
                if self.reader.diagnostics.iter().any(|found| found.location.span == Some(value.span)) =>
            {
                None
            }
            _ => {
                let message = format!("an entry of `{}` without `{key}`", group.key);
                self.reader.refuse(group.value.span, message, format!("add `{key}`"));
                None
            }
        }
    }

    /// Every item of a list of groups.
    fn groups<T>(
        &mut self,
        field: Field<'_>,
        mut item: impl FnMut(&mut Self, Field<'_>) -> Option<T>,
    ) -> Vec<T> {
        if self.reader.is_tracing() {
            item(self, Field { key: field.key, value: &PROBE });
            let form = self.reader.last_traced();
            self.reader.traces(|| Form::List(Box::new(form)));
            return Vec::new();
        }
        let Kind::List(items) = &field.value.kind else {
            self.reader.mistyped(field, "a list", "write a list, even of one entry");
            return Vec::new();
        };
        items.iter().filter_map(|value| item(self, Field { key: field.key, value })).collect()
    }
}

/// The key that a name or another spelling means.
fn key_of(written: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == written || key.also.contains(&written))
}

/// A group of these keys, in traces.
fn shape<const N: usize>(keys: [(&str, bool, Form); N]) -> Form {
    Form::Group(
        keys.into_iter().map(|(name, is_required, form)| Shape::new(name, is_required, form)).collect(),
    )
}

pub(super) fn taxonomies(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    if page.reader.traces(|| Form::Map(Box::new(Form::Some(Box::new(Form::Text))))) {
        return;
    }
    for entry in page.reader.table(field, "give each taxonomy a list of terms") {
        if page.settings.taxonomies.contains(&entry.key) {
            page.taxonomy(entry);
        } else {
            let known = page.settings.taxonomies.iter().map(String::as_str);
            page.reader.unknown(entry, known, "declare it under `[taxonomies]` in `site.toml`");
        }
    }
}

/// A list that holds an empty text is a slip: every address leads somewhere.
pub(super) fn aliases(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    if let Kind::List(items) = &field.value.kind {
        for item in items {
            if matches!(&item.kind, Kind::Text(text) | Kind::Bare(text) if text.trim().is_empty()) {
                page.reader.refuse(
                    item.span,
                    "an alias without an address",
                    "write one such as `/guides/nurse/`, or take it out",
                );
            }
        }
    }
    page.front.aliases = page.reader.names(field);
}

pub(super) fn toc(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    if page.reader.traces(|| {
        let group = shape([
            ("enabled", false, Form::Boolean),
            ("depth", false, Form::Integer(2, 6)),
            ("title", false, Form::Text),
        ]);
        Form::OneOf(vec![Form::Boolean, group])
    }) {
        return;
    }
    if !matches!(field.value.kind, Kind::Table(_)) {
        let enabled = page.reader.boolean(field);
        page.front.toc = enabled.map(|enabled| TocChoice { enabled: Some(enabled), ..TocChoice::default() });
        return;
    }
    let [enabled, depth, title] = page.fields(field, ["enabled", "depth", "title"]);
    let reader = &mut page.reader;
    page.front.toc = Some(TocChoice {
        enabled: enabled.and_then(|value| reader.boolean(Field { key: "toc.enabled", value })),
        depth: depth
            .and_then(|value| reader.integer(Field { key: "toc.depth", value }, 2..=6))
            .and_then(|depth| u8::try_from(depth).ok()),
        title: title.and_then(|value| reader.text(Field { key: "toc.title", value })),
    });
}

pub(super) fn promos(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    if page.reader.traces(|| Form::OneOf(vec![Form::Boolean, Form::List(Box::new(Form::Text))])) {
        return;
    }
    page.front.promos = match field.value.kind {
        Kind::List(_) => Some(Promos::Only(page.reader.names(field))),
        _ => page.reader.boolean(field).map(|on| if on { Promos::Auto } else { Promos::Off }),
    };
}

pub(super) fn canonical_url(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    if page.reader.traces(|| Form::Pattern(r"^\s*https?://\S*\s*$")) {
        return;
    }
    let Some(url) = page.reader.name(field) else { return };
    let absolute = url.value.starts_with("https://") || url.value.starts_with("http://");
    if absolute && !url.value.contains(char::is_whitespace) {
        page.front.canonical_url = Some(url.value);
    } else {
        let message = format!("`{}` is not a full web address", url.value);
        page.reader.refuse(url.span, message, "write it with `https://` and without spaces");
    }
}

pub(super) fn items(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    page.front.items = page.groups(field, |page, item| {
        let group = || shape([("question", true, Form::Filled), ("answer", false, Form::Text)]);
        if page.reader.traces(|| Form::OneOf(vec![Form::Text, group()])) {
            return None;
        }
        if !matches!(item.value.kind, Kind::Table(_)) {
            return page.reader.text(item).map(|question| Item { question, answer: None });
        }
        let [question, answer] = page.fields(item, ["question", "answer"]);
        let question = page.required(item, "question", question, |page, field| page.reader.filled(field));
        let answer = answer.and_then(|value| page.reader.text(Field { key: "items.answer", value }));
        Some(Item { question: question?, answer })
    });
}

pub(super) fn corrections(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    page.front.corrections = page.groups(field, |page, item| {
        if page.reader.traces(|| shape([("date", true, Form::Date), ("text", true, Form::Filled)])) {
            return None;
        }
        let [date, text] = page.fields(item, ["date", "text"]);
        let date = page.required(item, "date", date, Page::date);
        let text = page.required(item, "text", text, |page, field| page.reader.filled(field));
        Some(Correction { date: date?, text: text? })
    });
}

pub(super) fn allow(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    page.front.allow = page.groups(field, |page, item| {
        if page.reader.traces(|| {
            shape([("check", true, Form::Text), ("reason", true, Form::Filled), ("until", true, Form::Date)])
        }) {
            return None;
        }
        let [check, reason, until] = page.fields(item, ["check", "reason", "until"]);
        let check = page.required(item, "check", check, |page, field| page.reader.name(field));
        let reason = page.required(item, "reason", reason, |page, field| page.reader.filled(field));
        let until = page.required(item, "until", until, Page::date);
        Some(Allow { check: check?, reason: reason?, until: until? })
    });
}

pub(super) fn defaults(page: &mut Page<'_, '_, '_>, field: Field<'_>) {
    let entries = page.reader.table(field, "put the keys that pages inherit below it");
    let own = std::mem::take(&mut page.front);
    page.group(entries, Group::Defaults);
    let defaults = std::mem::replace(&mut page.front, own);
    page.front.section.defaults = Some(Box::new(defaults));
}
