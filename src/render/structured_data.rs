//! Structured data (JSON-LD, <https://schema.org/>): what a page tells machines of itself.
//!
//! In: a page's view and what its components show. Out: one `@graph` as text that may stand inside
//! `<script>`. It says nothing that the page does not show, and one thing once: the shapes are
//! those of CAREER-GUIDES 3.8.

mod career;
mod schema;

use serde::Serialize;

use super::Context;
use super::view::{Card, HtmlView, PageView, PersonView};
use crate::assemble::{Kind, Page};
use schema::{
    Article, BreadcrumbList, Correction, CreativeWork, ListItem, Named, Node, Organization, Person,
    Reference, Thing, WebPage, WebSite,
};

/// The structured data of a page; empty for a page that is for nobody to find.
pub(super) fn of(context: &Context<'_>, html: &HtmlView, page: Option<&Page>) -> String {
    let view = &html.page;
    if html.template == "404.html" {
        return String::new();
    }
    let subject = Subject { context, view, page };
    let mut graph = vec![Node::page(view.kind, subject.web_page())];
    graph.extend(subject.main_entity());
    if view.kind == Kind::Home {
        graph.push(Node::WebSite(subject.web_site()));
    }
    graph.extend(subject.breadcrumbs());
    written(&Graph { context: "https://schema.org", graph })
}

#[derive(Serialize)]
struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Node<'a>>,
}

/// As text that neither ends a script nor begins a comment in it.
fn written(graph: &Graph<'_>) -> String {
    // Text and numbers alone can always be written.
    let json = serde_json::to_string(graph).unwrap_or_default();
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// What is told of.
struct Subject<'a> {
    context: &'a Context<'a>,
    view: &'a PageView,
    page: Option<&'a Page>,
}

impl<'a> Subject<'a> {
    /// `https://example.com/guides/nurse/#article`
    fn id(&self, part: &str) -> String {
        format!("{}#{part}", self.view.permalink)
    }

    fn site_id(&self, part: &str) -> String {
        format!("{}#{part}", self.context.urls.absolute("/"))
    }

    /// An absolute address of one that begins with the base path, which is what views hold.
    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') && !url.starts_with("//") {
            format!("{}{url}", self.context.config.base_url.origin)
        } else {
            url.to_owned()
        }
    }

    fn web_page(&self) -> WebPage<'a> {
        let view = self.view;
        WebPage {
            id: self.id("page"),
            url: &view.permalink,
            name: &view.title,
            description: view.description.as_deref(),
            in_language: &view.lang,
            is_part_of: (view.kind != Kind::Home).then(|| self.web_site_reference()),
            breadcrumb: (view.breadcrumbs.len() > 1).then(|| Reference { id: self.id("crumbs") }),
            last_reviewed: view.reviewed.as_ref().map(|date| date.iso.as_str()),
            reviewed_by: view.reviewers.iter().map(|person| self.person(person)).collect(),
            date_created: view
                .published
                .as_ref()
                .filter(|_| view.kind == Kind::Author)
                .map(|date| date.iso.as_str()),
            date_modified: view
                .updated
                .as_ref()
                .filter(|_| view.kind == Kind::Author)
                .map(|date| date.iso.as_str()),
            main_entity: self.main_id().map(|part| Reference { id: self.id(part) }),
        }
    }

    fn web_site_reference(&self) -> Thing<'a> {
        Thing {
            kind: "WebSite",
            id: Some(self.site_id("site")),
            name: &self.context.config.title,
            url: Some(self.context.urls.absolute("/")),
        }
    }

    fn web_site(&self) -> WebSite<'a> {
        WebSite {
            id: self.site_id("site"),
            url: self.context.urls.absolute("/"),
            name: &self.context.config.title,
            in_language: &self.context.config.lang,
            publisher: self.publisher(),
        }
    }

    fn publisher(&self) -> Organization<'a> {
        Organization {
            kind: "Organization",
            id: self.site_id("org"),
            name: &self.context.config.title,
            url: self.context.urls.absolute("/"),
        }
    }

    /// Which part of the page is what it is about.
    fn main_id(&self) -> Option<&'static str> {
        let page = self.page?;
        match page.kind {
            Kind::Guide | Kind::Comparison | Kind::Path | Kind::Story => Some("article"),
            Kind::Role => page.career.role.as_ref().map(|_| "occupation"),
            Kind::Author => self.view.person.as_ref().map(|_| "person"),
            Kind::Glossary => self.glossary().map(|_| "set"),
            Kind::Quiz | Kind::Questions => self.quiz().map(|_| "quiz"),
            Kind::Courses => self.courses().map(|_| "courses"),
            Kind::Home | Kind::Section | Kind::Page => None,
        }
    }

    fn main_entity(&self) -> Option<Node<'a>> {
        let page = self.page?;
        self.main_id()?;
        match page.kind {
            Kind::Role => self.occupation().map(|found| Node::Occupation(Box::new(found))),
            Kind::Author => self.person_of_page().map(Node::Person),
            Kind::Glossary => self.glossary().map(Node::DefinedTermSet),
            Kind::Quiz | Kind::Questions => self.quiz().map(Node::Quiz),
            Kind::Courses => self.courses().map(Node::ItemList),
            _ => Some(Node::Article(Box::new(self.article(page)))),
        }
    }

    fn article(&self, page: &'a Page) -> Article<'a> {
        let view = self.view;
        Article {
            id: self.id("article"),
            headline: &view.title,
            description: view.description.as_deref(),
            date_published: view.published.as_ref().map(|date| date.iso.as_str()),
            date_modified: view.updated.as_ref().map(|date| date.iso.as_str()),
            author: view.authors.iter().map(|person| self.person(person)).collect(),
            publisher: self.publisher(),
            main_entity_of_page: Reference { id: self.id("page") },
            word_count: (view.words > 0).then_some(view.words),
            time_required: (view.words > 0).then(|| format!("PT{}M", view.reading_minutes)),
            is_accessible_for_free: true,
            about: self.about(page),
            citation: page
                .career
                .sources
                .iter()
                .map(|source| CreativeWork {
                    kind: "CreativeWork",
                    name: &source.title,
                    url: source.url.as_deref(),
                    // A month alone is no date there.
                    date_published: source
                        .published
                        .as_ref()
                        .map(|day| day.iso.as_str())
                        .filter(|iso| iso.len() == 10),
                })
                .collect(),
            correction: view
                .corrections
                .iter()
                .map(|correction| Correction {
                    kind: "CorrectionComment",
                    text: &correction.text,
                    date_published: &correction.date.iso,
                })
                .collect(),
        }
    }

    /// A person or, when their box says so, a team.
    fn person(&self, person: &'a PersonView) -> Named<'a> {
        let boxes = &self.view.author_boxes;
        let team = boxes.iter().any(|known| known.name == person.name && known.kind == "team");
        Named {
            kind: if team { "Organization" } else { "Person" },
            name: &person.name,
            url: person.url.as_deref().map(|url| self.absolute(url)),
        }
    }

    fn person_of_page(&self) -> Option<Person<'a>> {
        let person = self.view.person.as_ref()?;
        let text = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        Some(Person {
            kind: if person.kind == "team" { "Organization" } else { "Person" },
            id: self.id("person"),
            name: &person.name,
            description: text(&person.bio),
            image: person.photo.as_ref().map(|photo| self.absolute(&photo.url)),
            job_title: text(&person.job_title).filter(|_| person.kind != "team"),
            works_for: text(&person.organisation).filter(|_| person.kind != "team").map(|name| Named {
                kind: "Organization",
                name,
                url: None,
            }),
            knows_about: &person.topics,
            same_as: &person.same_as,
        })
    }

    /// From home to the page; a list of one leads nowhere.
    fn breadcrumbs(&self) -> Option<Node<'a>> {
        let crumbs = &self.view.breadcrumbs;
        if crumbs.len() < 2 {
            return None;
        }
        let item = |(position, crumb): (usize, &'a Card)| ListItem {
            kind: "ListItem",
            position,
            name: &crumb.title,
            item: crumb.url.as_deref().map(|url| self.absolute(url)),
        };
        let items = (1..).zip(crumbs).map(item).collect();
        Some(Node::BreadcrumbList(BreadcrumbList { id: self.id("crumbs"), items }))
    }
}
