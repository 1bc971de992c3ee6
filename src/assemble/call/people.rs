//! Views of people: `author`, `story`, bylines and author boxes.
//!
//! In: ids of people. Out: what readers are told of them. Without an authors file, what front matter
//! says is a name.

use super::arguments::Arguments;
use super::desk::Desk;
use crate::assemble::Kind;
use crate::assemble::facts::Filed;
use crate::assemble::shown::{self, Byline, Career, Story};
use crate::diagnostic::Code;
use crate::parse::data::Author;
use crate::value::Spanned;

impl<'s> Desk<'s, '_> {
    /// `::author id`
    pub(super) fn author(&mut self, arguments: &Arguments<'s>) -> Option<shown::Author> {
        let front = &self.entry.front;
        let about = match self.entry.kind {
            Kind::Story => front.person.as_ref(),
            _ => front.person_id.as_ref(),
        };
        let own = self.own(Kind::Author).and_then(|own| self.shared.facts.authors.get(own));
        if let (Some(own), None, None) = (own, arguments.get("author"), about) {
            return Some(self.author_view(own));
        }
        let Some(id) = arguments.get("author").or(about).or_else(|| front.authors.first()) else {
            let help = "write `::author its-id`, or give the page `authors`";
            self.report(
                Code::DirectiveArgument,
                arguments.span(),
                "`author` does not say who it is about",
                help,
            );
            return None;
        };
        self.person(id).map(|author| self.author_view(author))
    }

    /// `:::story person`
    pub(super) fn story(&mut self, arguments: &Arguments<'s>) -> Option<Story> {
        let person = match arguments.get("person").or(self.entry.front.person.as_ref()) {
            Some(id) => Some(self.person(id)?),
            None => None,
        };
        let url = match arguments.get("url") {
            Some(url) => Some(self.target(url)?),
            None => None,
        };
        Some(Story { person: person.map(|person| self.author_view(person)), url })
    }

    fn person(&mut self, id: &Spanned<String>) -> Option<&'s Filed<Author>> {
        let authors = &self.shared.facts.authors;
        let author = authors.get(&id.value);
        if author.is_none() {
            self.unknown(Code::AuthorUnknown, "author", id, authors.keys());
        }
        author
    }

    /// Everybody that front matter names.
    pub(super) fn people(&mut self, career: &mut Career) {
        let front = &self.entry.front;
        career.authors = self.bylines("authors", &front.authors);
        career.reviewers = self.bylines("reviewers", &front.reviewers);
        career.fact_checkers = self.bylines("fact_checkers", &front.fact_checkers);
        if self.entry.kind == Kind::Author {
            return;
        }
        let authors = &self.shared.facts.authors;
        let known: Vec<_> = front.authors.iter().filter_map(|id| authors.get(&id.value)).collect();
        career.author_boxes = known.into_iter().map(|author| self.author_view(author)).collect();
    }

    fn bylines(&mut self, key: &str, ids: &'s [Spanned<String>]) -> Vec<Byline> {
        let authors = &self.shared.facts.authors;
        let name = |id: &Spanned<String>| Byline { name: id.value.clone(), ..Byline::default() };
        if authors.is_empty() {
            return ids.iter().map(name).collect();
        }
        let mut bylines = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(author) = authors.get(&id.value) else {
                self.unknown_in_front(Code::AuthorUnknown, "author", (key, id), authors.keys());
                bylines.push(name(id));
                continue;
            };
            self.used.insert(("authors", &author.id.value));
            let url = self.person_url(&author.id.value);
            bylines.push(Byline { id: author.id.value.clone(), name: author.name.clone(), url });
        }
        bylines
    }

    fn person_url(&self, id: &str) -> Option<String> {
        self.pages.authors.get(id).filter(|page| **page != self.id).map(|page| self.url(*page))
    }

    pub(super) fn author_view(&mut self, author: &'s Filed<Author>) -> shown::Author {
        let id = author.id.value.as_str();
        self.used.insert(("authors", id));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let photo = author.photo.as_ref().and_then(|photo| self.image(&photo.value));
        // A box at the foot of every page must not grow with the site; the person's own page lists them.
        let lists = self.entry.kind == Kind::Author;
        let written = self.pages.written.get(id).filter(|_| lists);
        shown::Author {
            id: id.to_owned(),
            kind: author.kind.word().to_owned(),
            name: author.name.clone(),
            job_title: text(&author.job_title),
            organisation: text(&author.organisation),
            location: text(&author.location),
            bio: text(&author.bio),
            topics: author.topics.clone(),
            credentials: author.credentials.clone(),
            same_as: author.same_as.clone(),
            photo,
            url: self.person_url(id),
            pages: written
                .into_iter()
                .flatten()
                .take(shown::Author::PAGES)
                .map(|page| self.link(*page))
                .collect(),
        }
    }
}
