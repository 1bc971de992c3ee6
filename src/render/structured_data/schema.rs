//! The types and properties of schema.org that pages use, release 30.0
//! (<https://schema.org/version/30.0>). Holds no rule of what is said of which page.

use serde::Serialize;
use serde_json::Number;

use crate::assemble::Kind;

/// One node of a graph.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Node<'a> {
    WebPage(Box<WebPage<'a>>),
    CollectionPage(Box<WebPage<'a>>),
    ProfilePage(Box<WebPage<'a>>),
    WebSite(WebSite<'a>),
    Article(Box<Article<'a>>),
    Occupation(Box<Occupation<'a>>),
    DefinedTermSet(DefinedTermSet<'a>),
    Quiz(Quiz<'a>),
    BreadcrumbList(BreadcrumbList<'a>),
    ItemList(ItemList<'a>),
    #[serde(untagged)]
    Person(Person<'a>),
}

impl<'a> Node<'a> {
    /// The node of a page itself.
    pub(super) fn page(kind: Kind, page: WebPage<'a>) -> Self {
        let page = Box::new(page);
        match kind {
            Kind::Section | Kind::Courses => Self::CollectionPage(page),
            Kind::Author => Self::ProfilePage(page),
            _ => Self::WebPage(page),
        }
    }
}

/// Another node, by its id.
#[derive(Serialize)]
pub(super) struct Reference {
    #[serde(rename = "@id")]
    pub(super) id: String,
}

/// <https://schema.org/WebPage>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebPage<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) url: &'a str,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    pub(super) in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_part_of: Option<Thing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) breadcrumb: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_reviewed: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reviewed_by: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_created: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) main_entity: Option<Reference>,
}

/// Anything with a type, a name and an address.
#[derive(Serialize)]
pub(super) struct Thing<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// A person or organisation by name.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// <https://schema.org/WebSite>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebSite<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) url: String,
    pub(super) name: &'a str,
    pub(super) in_language: &'a str,
    pub(super) publisher: Organization<'a>,
}

/// <https://schema.org/Organization>
#[derive(Serialize)]
pub(super) struct Organization<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) url: String,
}

/// <https://schema.org/Article>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) headline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) author: Vec<Named<'a>>,
    pub(super) publisher: Organization<'a>,
    pub(super) main_entity_of_page: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) word_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_required: Option<String>,
    pub(super) is_accessible_for_free: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) about: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) citation: Vec<CreativeWork<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) correction: Vec<Correction<'a>>,
}

/// <https://schema.org/CreativeWork> or a narrower type
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreativeWork<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_published: Option<&'a str>,
}

/// <https://schema.org/CorrectionComment>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Correction<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) text: &'a str,
    pub(super) date_published: &'a str,
}

/// <https://schema.org/BreadcrumbList>
#[derive(Serialize)]
pub(super) struct BreadcrumbList<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    #[serde(rename = "itemListElement")]
    pub(super) items: Vec<ListItem<'a>>,
}

/// <https://schema.org/ListItem>
#[derive(Serialize)]
pub(super) struct ListItem<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) position: usize,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<String>,
}

/// <https://schema.org/Person>, or an organisation that writes
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) works_for: Option<Named<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) knows_about: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) same_as: &'a [String],
}

/// <https://schema.org/Occupation>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Occupation<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alternate_name: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    pub(super) main_entity_of_page: Reference,
    #[serde(rename = "occupationLocation", skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) occupational_category: Option<CategoryCode<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) estimated_salary: Option<Salary<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) education_requirements: Option<Education<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) skills: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject_of: Option<Dataset<'a>>,
}

/// <https://schema.org/CategoryCode>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CategoryCode<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) code_value: &'a str,
    pub(super) in_code_set: Named<'static>,
}

/// <https://schema.org/MonetaryAmountDistribution>
#[derive(Serialize)]
pub(super) struct Salary<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) currency: &'a str,
    pub(super) duration: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) percentile10: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) percentile25: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) median: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) percentile75: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) percentile90: Option<Number>,
}

/// <https://schema.org/EducationalOccupationalCredential>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Education<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) credential_category: &'a str,
}

/// <https://schema.org/Dataset>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dataset<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temporal_coverage: Option<&'a str>,
}

/// <https://schema.org/DefinedTermSet>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefinedTermSet<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) has_defined_term: Vec<DefinedTerm<'a>>,
}

/// <https://schema.org/DefinedTerm>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefinedTerm<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) term_code: &'a str,
    pub(super) description: &'a str,
    pub(super) in_defined_term_set: String,
}

/// <https://schema.org/Quiz>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Quiz<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) has_part: Vec<Question<'a>>,
}

/// <https://schema.org/Question>, as a flash card
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) edu_question_type: &'static str,
    pub(super) text: &'a str,
    pub(super) accepted_answer: Answer<'a>,
}

/// <https://schema.org/Answer>
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) text: &'a str,
}

/// <https://schema.org/ItemList>
#[derive(Serialize)]
pub(super) struct ItemList<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: &'a str,
    #[serde(rename = "itemListElement")]
    pub(super) items: Vec<CourseItem<'a>>,
}

/// <https://schema.org/ListItem> that holds a course
#[derive(Serialize)]
pub(super) struct CourseItem<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) position: usize,
    pub(super) item: Course<'a>,
}

/// <https://schema.org/Course>
#[derive(Serialize)]
pub(super) struct Course<'a> {
    #[serde(rename = "@type")]
    pub(super) kind: &'static str,
    pub(super) url: String,
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<Named<'a>>,
}
