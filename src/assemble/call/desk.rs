//! Answers to what one page asks, in reading order.
//!
//! In: a page and what all pages share. Out: its [`Career`], and problems at its own lines. Makes no
//! view itself but keeps what they share: the language, the place, the sources used so far.

mod front;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use super::Shared;
use super::arguments::{Arguments, Check};
use super::pages::{BLOCKS, Pages};
use super::source::{self, Back, Citations};
use super::spec::spec;
use super::value;
use crate::assemble::facts::Filed;
use crate::assemble::format::Locale;
use crate::assemble::page::Entry;
use crate::assemble::promo::Copies;
use crate::assemble::shown::{self, Career, Custom, Directive, Mention, Shown};
use crate::assemble::{Kind, PageId};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::data::{Figure, Role, Source};
use crate::parse::directive::{Call, MentionKind};
use crate::value::{Spanned, listed};

/// Near names are looked for this often on a page; each search is linear.
const SUGGESTIONS: u32 = 50;

/// Where one page's questions are answered.
pub(super) struct Desk<'s, 'd> {
    pub(super) shared: &'s Shared<'s>,
    pub(super) pages: &'s Pages<'s>,
    pub(super) id: PageId,
    pub(super) entry: &'s Entry<'s>,
    pub(super) locale: &'static Locale,
    pub(super) citations: Citations<'s>,
    /// Terms that have been marked up as definitions or abbreviations.
    pub(super) explained: BTreeSet<&'s str>,
    /// Whether readers have been told that some links are commercial.
    pub(super) disclosed: bool,
    /// Figures shown.
    pub(super) figures: Vec<&'s Filed<Figure>>,
    /// Records used, by kind and id.
    pub(super) used: BTreeSet<(&'static str, &'s str)>,
    /// The copies of promos on the page.
    pub(super) copies: Copies<'s>,
    /// What is found is nobody's line: a page shows it by its type, where there is something to show.
    is_quiet: bool,
    /// Lists that stand on the page: a second one of its kind would have the same ids.
    listed: BTreeSet<&'static str>,
    suggestions: u32,
    numbers: BTreeMap<&'s str, usize>,
    taken: BTreeSet<String>,
    found: &'d mut Vec<Diagnostic>,
}

/// One thing to answer, with its index.
#[derive(Debug, Clone, Copy)]
enum Ask {
    Call(usize),
    Value(usize),
    Mention(usize),
    Abbreviation(usize),
}

impl<'s, 'd> Desk<'s, 'd> {
    pub(super) fn new(
        shared: &'s Shared<'s>,
        pages: &'s Pages<'s>,
        id: PageId,
        found: &'d mut Vec<Diagnostic>,
    ) -> Self {
        let entry = &shared.entries[id];
        Self {
            shared,
            pages,
            id,
            entry,
            locale: Locale::of(&entry.lang),
            citations: Citations::default(),
            explained: BTreeSet::new(),
            disclosed: false,
            figures: Vec::new(),
            used: BTreeSet::new(),
            copies: Copies::default(),
            is_quiet: false,
            listed: BTreeSet::new(),
            suggestions: SUGGESTIONS,
            numbers: BTreeMap::new(),
            taken: BTreeSet::new(),
            found,
        }
    }

    /// Everything the page asks.
    pub(super) fn career(&mut self) -> Career {
        let document = &self.entry.document;
        self.front();
        let nothing = |call: &Call| Directive {
            id: String::new(),
            classes: call.classes.clone(),
            label: call.label.as_ref().map(|label| label.value.clone()),
            shown: Shown::Nothing,
        };
        let mut career = Career {
            directives: document.calls.iter().map(nothing).collect(),
            values: vec![String::new(); document.values.len()],
            mentions: vec![Mention::Unknown(String::new()); document.mentions.len()],
            abbreviations: vec![None; document.abbreviations.len()],
            ..Career::default()
        };
        // What is listed or counted in a view (sources, first uses, disclosures) goes by where it
        // stands in the text.
        for ask in self.asks() {
            match ask {
                Ask::Call(index) => {
                    let call = &document.calls[index];
                    career.directives[index].id = self.anchor(call);
                    let id = career.directives[index].id.clone();
                    let number = u32::try_from(index).unwrap_or(u32::MAX);
                    career.directives[index].shown = self.call(call, &id, number);
                }
                Ask::Value(index) => career.values[index] = self.value(&document.values[index]),
                Ask::Mention(index) => {
                    let mention = &document.mentions[index];
                    career.mentions[index] = self.mention(mention.kind, &mention.id);
                }
                Ask::Abbreviation(index) => {
                    career.abbreviations[index] = self.abbreviation(&document.abbreviations[index].text);
                }
            }
        }
        career.image = self.own_image();
        career.blocks = self.blocks();
        career.result = self.result();
        self.told();
        self.own_sources();
        career.sources = self.citations.list(self.locale);
        for directive in &mut career.directives {
            if let Shown::Sources(list) = &mut directive.shown {
                list.sources.clone_from(&career.sources);
            }
        }
        self.people(&mut career);
        career.role = self.default_role().map(|role| self.role_link(role));
        career
    }

    /// Everything there is to answer, in reading order.
    fn asks(&self) -> Vec<Ask> {
        let document = &self.entry.document;
        let calls = document.calls.iter().enumerate().map(|(at, call)| (call.span, Ask::Call(at)));
        let values = document.values.iter().enumerate().map(|(at, value)| (value.span, Ask::Value(at)));
        let mentions =
            document.mentions.iter().enumerate().map(|(at, mention)| (mention.id.span, Ask::Mention(at)));
        let abbreviations =
            document.abbreviations.iter().enumerate().map(|(at, token)| (token.span, Ask::Abbreviation(at)));
        let mut asks: Vec<_> = calls.chain(values).chain(mentions).chain(abbreviations).collect();
        asks.sort_by_key(|(span, _)| span.start);
        asks.into_iter().map(|(_, ask)| ask).collect()
    }

    /// The id of a directive's element.
    fn anchor(&mut self, call: &'s Call) -> String {
        if let Some(id) = &call.id {
            return id.value.clone();
        }
        let name = call.name.value.as_str();
        loop {
            let number = self.numbers.entry(name).or_insert(0);
            *number += 1;
            let id = format!("{name}-{number}");
            if self.is_free(&id) {
                self.taken.insert(id.clone());
                return id;
            }
        }
    }

    /// An id that nothing on the page has yet: the wanted one, or that with a number.
    pub(super) fn own_id(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number: u32| format!("{wanted}-{number}"));
        let mut ids = std::iter::once(wanted.to_owned()).chain(numbered);
        let id = ids.find(|id| self.is_free(id)).unwrap_or_default();
        self.taken.insert(id.clone());
        id
    }

    /// Whether no heading and nothing else that was written on the page has an id.
    fn is_free(&self, id: &str) -> bool {
        !self.entry.document.ids.contains(id) && !self.taken.contains(id)
    }

    fn call(&mut self, call: &'s Call, id: &str, index: u32) -> Shown {
        let name = call.name.value.as_str();
        let path = &*self.entry.document.path;
        let mut check = Check { path, found: self.found };
        if let Some(spec) = spec(name) {
            return match check.arguments(spec, call) {
                Some(arguments) => self.answer(&arguments, id, index).unwrap_or(Shown::Nothing),
                None => Shown::Nothing,
            };
        }
        let components = self.shared.components;
        let Some(parameters) = components.get(name) else {
            check.unknown(call, components);
            return Shown::Nothing;
        };
        let Some(parameters) = parameters else { return Shown::Nothing };
        match check.custom(call, parameters) {
            Some(arguments) => Shown::Custom(Box::new(Custom { name: name.to_owned(), arguments })),
            None => Shown::Nothing,
        }
    }

    /// The view of a built-in directive; `None` when a problem has been reported.
    fn answer(&mut self, arguments: &Arguments<'s>, id: &str, index: u32) -> Option<Shown> {
        let body = || Box::new(shown::Body {});
        Some(match arguments.call.name.value.as_str() {
            "promo" => Shown::Promo(Box::new(self.promo(arguments, index)?)),
            "quick-facts" => Shown::QuickFacts(Box::new(self.quick_facts(arguments)?)),
            "salary" => Shown::Salary(Box::new(self.salary(arguments)?)),
            "salary-chart" => Shown::SalaryChart(Box::new(self.chart(arguments)?)),
            "salary-table" => Shown::SalaryTable(Box::new(self.pay_table(arguments)?)),
            "outlook" => Shown::Outlook(Box::new(self.outlook(arguments)?)),
            "skills" => Shown::Skills(Box::new(self.skills(arguments)?)),
            "similar" => Shown::Similar(Box::new(self.similar(arguments)?)),
            "compare" => Shown::Compare(Box::new(self.compare(arguments)?)),
            "compare-notes" => Shown::CompareNotes(body()),
            "path" => Shown::Path(Box::new(self.path(arguments, id)?)),
            "steps" => Shown::Steps(body()),
            "routes" => Shown::Routes(body()),
            "timeline" => Shown::Timeline(body()),
            "checklist" => {
                let key = format!("{}#{id}", self.entry.url);
                Shown::Checklist(Box::new(shown::Checklist { key }))
            }
            "faq" => {
                let answers = arguments.text("answers").unwrap_or("open").to_owned();
                Shown::Faq(Box::new(shown::Faq { answers }))
            }
            "questions" => Shown::Questions(Box::new(self.questions(arguments)?)),
            "glossary" => Shown::Glossary(Box::new(self.glossary(arguments)?)),
            "course" => Shown::Course(Box::new(self.course(arguments)?)),
            "courses" => Shown::Courses(Box::new(self.courses(arguments)?)),
            "quiz" => Shown::Quiz(Box::new(self.quiz(arguments, id)?)),
            "author" => Shown::Author(Box::new(self.author(arguments)?)),
            "sources" => {
                self.once(arguments, "the list of sources")?;
                // Filled when the whole page has been read.
                Shown::Sources(Box::default())
            }
            "related" => Shown::Related(Box::new(self.related())),
            "story" => Shown::Story(Box::new(self.story(arguments)?)),
            "takeaways" => Shown::Takeaways(Box::new(self.takeaways(arguments)?)),
            "takeaway" => Shown::Takeaway(body()),
            "callout" => {
                let kind = arguments.text("kind").unwrap_or("note").to_owned();
                Shown::Callout(Box::new(shown::Callout { kind }))
            }
            "figure" => Shown::Figure(Box::new(self.picture(arguments)?)),
            "from" => Shown::From(Box::new(self.window(arguments)?)),
            "until" => Shown::Until(Box::new(self.window(arguments)?)),
            "screen-only" => Shown::ScreenOnly(body()),
            "print-only" => Shown::PrintOnly(body()),
            "term" => Shown::Term(Box::new(self.term(arguments)?)),
            "kbd" => Shown::Kbd(Box::new(text_keys(arguments))),
            "abbr" => Shown::Abbr(Box::new(self.abbr(arguments)?)),
            // `toc` has its own hole.
            _ => return None,
        })
    }

    fn mention(&mut self, kind: MentionKind, id: &'s Spanned<String>) -> Mention {
        let unknown = || Mention::Unknown(id.value.clone());
        match kind {
            MentionKind::Role => {
                self.role(id).map_or_else(unknown, |role| Mention::Role(self.role_link(role)))
            }
            MentionKind::Citation => {
                let sources = &self.shared.facts.sources;
                let source = sources.get(&id.value);
                if source.is_none() {
                    self.unknown(Code::CitationUnknown, "source", id, sources.keys());
                }
                source.map_or_else(unknown, |source| Mention::Citation(self.cite(source, Back::Link)))
            }
        }
    }

    /// A use of a source.
    pub(super) fn cite(&mut self, source: &'s Filed<Source>, back: Back) -> shown::SourceRef {
        self.used.insert(("sources", &source.id.value));
        let (ids, taken) = (&self.entry.document.ids, &self.taken);
        let is_free = |id: &str| !ids.contains(id) && !taken.contains(id);
        let cited = self.citations.cite(source, back, is_free);
        source::view(source, cited, self.locale)
    }

    /// The same by id; a source that does not exist has been reported in the data.
    pub(super) fn cite_id(&mut self, id: &str, back: Back) -> Option<shown::SourceRef> {
        let source = self.shared.facts.sources.get(id)?;
        Some(self.cite(source, back))
    }

    /// The role of an argument, or of the page; `None` when there is neither, which is reported.
    pub(super) fn role_argument(&mut self, arguments: &Arguments<'s>) -> Option<&'s Filed<Role>> {
        if let Some(written) = arguments.get("role") {
            return self.role(written);
        }
        if self.entry.front.role.is_none() && self.own(Kind::Role).is_none() {
            let name = &arguments.call.name.value;
            let message = format!("`{name}` does not say which role it is about");
            let help = format!("write `::{name} web-developer`, or give the page a `role`");
            self.report(Code::DirectiveArgument, arguments.span(), message, help);
        }
        self.default_role()
    }

    /// The role that the page is about; one that does not exist has been reported.
    pub(super) fn default_role(&self) -> Option<&'s Filed<Role>> {
        let written = self.entry.front.role.as_ref().map(|role| role.value.as_str());
        self.shared.facts.roles.get(written.or_else(|| self.own(Kind::Role))?)
    }

    /// The record that the page is of, when it is of this kind.
    pub(super) fn own(&self, kind: Kind) -> Option<&'s str> {
        self.pages.own(self.id).filter(|_| self.entry.kind == kind)
    }

    /// What a page of its type shows besides its text.
    fn blocks(&mut self) -> Vec<Directive> {
        let kind = self.entry.kind;
        let names = BLOCKS.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, names)| *names);
        let is_written = |name: &str| self.entry.document.calls.iter().any(|call| call.name.value == name);
        let missing: Vec<&Call> =
            names.iter().filter(|name| !is_written(name)).filter_map(|name| self.pages.call(name)).collect();
        self.is_quiet = true;
        let mut blocks = Vec::with_capacity(missing.len());
        for call in missing {
            let id = self.anchor(call);
            // No line of the text has this number.
            let shown = self.call(call, &id, u32::MAX);
            if shown != Shown::Nothing {
                blocks.push(Directive { id, classes: Vec::new(), label: None, shown });
            }
        }
        self.is_quiet = false;
        blocks
    }

    /// The role of an id in the text.
    pub(super) fn role(&mut self, id: &Spanned<String>) -> Option<&'s Filed<Role>> {
        let roles = &self.shared.facts.roles;
        let role = roles.get(&id.value);
        match role {
            Some(role) => drop(self.used.insert(("roles", &role.id.value))),
            None => self.unknown(Code::RoleUnknown, "role", id, roles.keys()),
        }
        role
    }

    /// A role as the text names it.
    pub(super) fn role_link(&self, role: &Role) -> shown::RoleLink {
        let page = self.pages.roles.get(role.id.value.as_str()).filter(|page| **page != self.id);
        shown::RoleLink {
            id: role.id.value.clone(),
            title: role.title.clone(),
            plural: super::standing::plural(role),
            url: page.map(|page| self.url(*page)),
        }
    }

    /// The address of a page.
    pub(super) fn url(&self, page: PageId) -> String {
        self.shared.config.base_url.path(&self.shared.entries[page].url)
    }

    /// A link to a page.
    pub(super) fn link(&self, page: PageId) -> shown::Link {
        let title = self.shared.entries[page].title().to_owned();
        shown::Link { title, url: Some(self.url(page)) }
    }

    /// The place whose figures are shown for a role: the one asked for, else the page's, else the
    /// country of its language where the role has figures of it, else the only one it has.
    pub(super) fn place(
        &mut self,
        arguments: &Arguments<'s>,
        known: &[&'s str],
        role: &str,
    ) -> Option<&'s str> {
        let asked = arguments.get("place");
        let place = asked.map(|place| place.value.as_str()).or_else(|| self.default_place(known));
        if let Some(found) = place.and_then(|place| known.iter().find(|known| **known == place)) {
            return Some(found);
        }
        let name = &arguments.call.name.value;
        let span = asked.map_or(arguments.span(), |place| place.span);
        let places = listed(known.iter().copied(), "and");
        let (message, help) = match place {
            Some(place) => (
                format!("nothing is published for `{role}` in `{place}`"),
                format!(
                    "there are figures for {places}; name one of these as `place=...`, or add it to the data"
                ),
            ),
            None => (
                format!("`{name}` does not say for which place"),
                format!("write `place={}`; there are figures for {places}", known.first().unwrap_or(&"US")),
            ),
        };
        self.report(Code::ValueUnknown, span, message, help);
        None
    }

    /// The place that figures are of unless a writer says otherwise; a page's own place even where
    /// nothing is known of it.
    pub(super) fn default_place(&self, known: &[&'s str]) -> Option<&'s str> {
        match &self.entry.front.place {
            Some(place) => Some(&place.value),
            None => value::default_place(self.entry, known),
        }
    }
}

/// Keys that are pressed together have `+` between them.
fn text_keys(arguments: &Arguments<'_>) -> shown::Kbd {
    let label = arguments.label();
    // `Ctrl++` ends with the plus key itself.
    let (label, plus) = match label.strip_suffix("++") {
        Some(rest) => (rest, true),
        None => (label, label == "+"),
    };
    let mut keys: Vec<String> =
        label.split('+').map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if plus {
        keys.push("+".to_owned());
    }
    shown::Kbd { keys }
}
