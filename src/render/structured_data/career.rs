//! Occupations, glossaries and quizzes in structured data.
//!
//! In: the components that a page shows. Out: nodes that repeat what is seen there, and no more:
//! an occupation without a chart of pay on its page has no salary.

use std::collections::BTreeSet;

use serde_json::Number;

use super::Subject;
use super::schema::{
    Answer, CategoryCode, Course, CourseItem, Dataset, DefinedTerm, DefinedTermSet, Education, ItemList,
    Named, Occupation, Question, Quiz, Reference, Salary, Thing,
};
use crate::assemble::shown::{Fact, Figure, RoleLink, Shown};
use crate::assemble::{Kind, Page};

/// Fewest courses that search engines take for a list of them.
const COURSES: usize = 3;

impl<'a> Subject<'a> {
    /// Everything that the page shows, in its text and besides.
    fn shown(&self) -> impl Iterator<Item = &'a Shown> + use<'a> {
        let career = self.page.map(|page| &page.career);
        let all = career.into_iter().flat_map(|career| career.directives.iter().chain(&career.blocks));
        all.map(|directive| &directive.shown)
    }

    /// What an article is about: its own role or those it compares, and what it says that it covers.
    pub(super) fn about(&self, page: &'a Page) -> Vec<Thing<'a>> {
        let compared = self.shown().find_map(|shown| match shown {
            Shown::Compare(compare) if page.kind == Kind::Comparison => Some(&compare.roles[..]),
            _ => None,
        });
        let own = page.career.role.as_slice();
        let role = |role: &'a RoleLink| Thing {
            kind: "Occupation",
            id: None,
            name: &role.title,
            url: role.url.as_deref().map(|url| self.absolute(url)),
        };
        let covered = |name: &'a String| Thing { kind: "Thing", id: None, name, url: None };
        compared.unwrap_or(own).iter().map(role).chain(self.view.covers.iter().map(covered)).collect()
    }

    pub(super) fn occupation(&self) -> Option<Occupation<'a>> {
        let role = self.page?.career.role.as_ref()?;
        let facts: Vec<&'a Fact> = self
            .shown()
            .filter_map(|shown| match shown {
                Shown::QuickFacts(facts) if facts.role.id == role.id => Some(&facts.facts),
                _ => None,
            })
            .flatten()
            .collect();
        let fact = |key: &str| facts.iter().find(|fact| fact.key == key).copied();
        let text = |key: &str| fact(key).map(|fact| fact.text.as_str()).filter(|text| !text.is_empty());
        let figures = self.figures(role);
        let main = figures.iter().find(|figure| figure.statistic == "median").or(figures.first()).copied();
        Some(Occupation {
            id: self.id("occupation"),
            name: &role.title,
            alternate_name: fact("also-called")
                .map(|fact| fact.items.iter().map(|item| item.title.as_str()).collect())
                .unwrap_or_default(),
            description: self.view.description.as_deref(),
            main_entity_of_page: Reference { id: self.id("page") },
            location: main.filter(|figure| !figure.place_name.is_empty()).map(|figure| Named {
                // Countries have two letters (ISO 3166-1), parts of them more (ISO 3166-2).
                kind: if figure.place.len() == 2 { "Country" } else { "AdministrativeArea" },
                name: &figure.place_name,
                url: None,
            }),
            occupational_category: text("code").map(|code_value| CategoryCode {
                kind: "CategoryCode",
                code_value,
                in_code_set: Named {
                    kind: "CategoryCodeSet",
                    name: "Standard Occupational Classification 2018",
                    url: None,
                },
            }),
            estimated_salary: salary(&figures),
            education_requirements: text("education").map(|credential_category| Education {
                kind: "EducationalOccupationalCredential",
                credential_category,
            }),
            skills: self
                .shown()
                .filter_map(|shown| match shown {
                    Shown::Skills(skills) if skills.role.id == role.id => Some(&skills.groups),
                    _ => None,
                })
                .flatten()
                .flat_map(|group| group.skills.iter().map(|skill| skill.title.as_str()))
                .collect(),
            subject_of: main.and_then(|figure| {
                let source = figure.source.as_ref()?;
                Some(Dataset {
                    kind: "Dataset",
                    name: &source.title,
                    url: source.url.as_deref(),
                    temporal_coverage: figure.as_of.as_ref().map(|day| day.iso.as_str()),
                })
            }),
        })
    }

    /// The figures of a role's pay that a chart or a sentence on the page shows.
    fn figures(&self, role: &RoleLink) -> Vec<&'a Figure> {
        let charts = self.shown().filter_map(|shown| match shown {
            Shown::SalaryChart(chart) if chart.role.id == role.id => {
                Some(chart.points.iter().map(|point| &point.figure).collect::<Vec<_>>())
            }
            Shown::Salary(salary) => {
                let own = salary.roles.iter().filter(|pay| pay.role.id == role.id);
                Some(own.map(|pay| &pay.figure).collect())
            }
            _ => None,
        });
        charts.flatten().collect()
    }

    pub(super) fn glossary(&self) -> Option<DefinedTermSet<'a>> {
        let glossary = self.shown().find_map(|shown| match shown {
            Shown::Glossary(glossary) => Some(glossary),
            _ => None,
        })?;
        let entries = glossary.letters.iter().flat_map(|letter| &letter.entries);
        Some(DefinedTermSet {
            id: self.id("set"),
            name: &self.view.title,
            has_defined_term: entries
                .map(|entry| DefinedTerm {
                    kind: "DefinedTerm",
                    id: self.id(&entry.anchor),
                    name: &entry.term,
                    term_code: &entry.id,
                    description: &entry.text,
                    in_defined_term_set: self.id("set"),
                })
                .collect(),
        })
    }

    /// The courses of the page that have pages of their own on this site; fewer than three are no
    /// list of courses.
    pub(super) fn courses(&self) -> Option<ItemList<'a>> {
        let courses = self.shown().find_map(|shown| match shown {
            Shown::Courses(list) => Some(&list.courses),
            _ => None,
        })?;
        let mut urls = BTreeSet::new();
        let own = courses.iter().filter_map(|course| {
            let url = self.absolute(&course.url);
            let page = url.split('#').next().unwrap_or_default();
            let rest = page.strip_prefix(self.context.config.base_url.origin.as_str())?;
            let is_own = rest.starts_with('/') && page != self.view.permalink && !course.text.is_empty();
            (is_own && urls.insert(page.to_owned())).then_some((url, course))
        });
        let items: Vec<CourseItem<'a>> = (1..)
            .zip(own)
            .map(|(position, (url, course))| CourseItem {
                kind: "ListItem",
                position,
                item: Course {
                    kind: "Course",
                    url,
                    name: &course.title,
                    description: &course.text,
                    provider: Some(course.provider.as_str())
                        .filter(|name| !name.is_empty())
                        .map(|name| Named { kind: "Organization", name, url: None }),
                },
            })
            .collect();
        (items.len() >= COURSES).then(|| ItemList { id: self.id("courses"), name: &self.view.title, items })
    }

    /// A quiz about oneself by name alone; interview questions as flash cards.
    pub(super) fn quiz(&self) -> Option<Quiz<'a>> {
        let has_part = self.shown().find_map(|shown| match shown {
            Shown::Quiz(_) => Some(Vec::new()),
            Shown::Questions(questions) if self.view.kind == Kind::Questions => {
                let answered = questions.items.iter().filter(|item| !item.answer.is_empty());
                let cards: Vec<Question<'a>> = answered
                    .map(|item| Question {
                        kind: "Question",
                        edu_question_type: "Flashcard",
                        text: &item.question,
                        accepted_answer: Answer { kind: "Answer", text: &item.answer },
                    })
                    .collect();
                (!cards.is_empty()).then_some(cards)
            }
            _ => None,
        })?;
        Some(Quiz { id: self.id("quiz"), name: &self.view.title, url: &self.view.permalink, has_part })
    }
}

/// Percentiles of one currency and period. A mean is no median, and has no property of its own.
fn salary<'a>(figures: &[&'a Figure]) -> Option<Salary<'a>> {
    let first = figures.first()?;
    let number = |statistic: &str| -> Option<Number> {
        let fits = |figure: &&&Figure| {
            figure.statistic == statistic
                && figure.level.is_empty()
                && (&figure.currency, &figure.period) == (&first.currency, &first.period)
        };
        figures.iter().find(fits).and_then(|figure| figure.amount.value.parse().ok())
    };
    let duration = match first.period.as_str() {
        "year" => "P1Y",
        "month" => "P1M",
        "week" => "P1W",
        "day" => "P1D",
        "hour" => "PT1H",
        _ => return None,
    };
    let salary = Salary {
        kind: "MonetaryAmountDistribution",
        name: "base",
        currency: &first.currency,
        duration,
        percentile10: number("p10"),
        percentile25: number("p25"),
        median: number("median"),
        percentile75: number("p75"),
        percentile90: number("p90"),
    };
    let Salary { percentile10, percentile25, median, percentile75, percentile90, .. } = &salary;
    let some =
        [percentile10, percentile25, median, percentile75, percentile90].into_iter().any(Option::is_some);
    some.then_some(salary)
}
