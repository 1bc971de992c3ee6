//! Pages with hand-made calls over data in the files' own syntax.

use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use crate::assemble::facts::Facts;
use crate::assemble::shown::{Career, Mention, Shown};
use crate::assemble::{Components, Input, Parameter, ParameterKind, Site, assemble};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Span};
use crate::parse::Document;
use crate::parse::data::{DataDocument, parse};
use crate::parse::directive::{
    Abbreviation, Argument, Call, Filter, Form, Mention as Written, MentionKind, Value,
};
use crate::scan::Visibility;
use crate::value::Spanned;

const ROLES: &str = r#"
[web-developer]
title = "Web developer"
plural = "web developers"
soc = "15-1254"
education = "bachelor"
hours = { min = 37, max = 40, pattern = "office hours" }
skills = [ { id = "sql", level = 3, kind = "language" }, { id = "html", level = 5, kind = "language" } ]
[back-end-developer]
title = "Back end developer"
plural = "back end developers"
soc = "15-1254"
soc_match = "broader"
skills = [ { id = "sql", level = 4, kind = "language" } ]
[software-developer]
title = "Software developer"
plural = "software developers"
soc = "15-1252"
[programmer]
title = "Programmer"
plural = "programmers"
[tester]
title = "Tester"
plural = "testers"
[software-and-testing]
title = "Software and testing"
covers = ["software-developer", "tester"]
"#;

const SALARIES: &str = "role,place,currency,period,statistic,level,value,op,source,as_of,retrieved,sample
web-developer,US,USD,year,p10,all,48560,<,bls,2024-05,2026-02-27,86000
web-developer,US,USD,year,median,all,90930,=,bls,2024-05,2026-02-27,86000
web-developer,US,USD,year,median,senior,120000,=,bls,2024-05,2026-02-27,
web-developer,US,USD,year,p90,all,162870,>,bls,2024-05,2026-02-27,86000
web-developer,GB,GBP,year,median,all,45000,=,ons,2025-04,2026-02-27,
software-developer,US,USD,year,median,all,133080,=,bls-software,2024-05,2026-02-27,
software-developer,US,USD,year,p90,all,239200,>=,bls-software,2024-05,2026-02-27,
programmer,US,USD,year,mean,all,126216,=,board,2024-11-20,2024-11-20,10000
programmer,US,USD,year,mean,senior,150613,=,board,2024-11-20,2024-11-20,
software-and-testing,US,USD,year,median,all,131450,=,bls-software,2024-05,2026-02-27,
";

const SOURCES: &str = r#"
[bls]
publisher = "Bureau"
title = "Web developers"
url = "https://example.gov/web"
published = 2025-08-28
retrieved = 2026-02-27
max_age_days = 540
[bls-software]
publisher = "Bureau"
title = "Software developers"
published = 2025-08-28
max_age_days = 540
[ons]
publisher = "Office"
title = "Earnings"
published = 2025-10-01
max_age_days = 540
[board]
title = "Job board"
max_age_days = 120
"#;

const OUTLOOK: &str = r#"
[web-developer.US]
jobs = 86000
base_year = 2024
projected = 92500
target_year = 2034
percent = 8
change = 6500
source = "bls"
[programmer.US]
jobs = 121200
base_year = 2024
projected = 113900
target_year = 2034
percent = -6
change = -7200
source = "bls"
"#;

const OTHERS: &[(&str, &str)] = &[
    (
        "authors.toml",
        "[team]\nname = \"the team\"\nkind = \"team\"\nbio = \"Writers.\"\n[ann]\nname = \"Ann\"\n",
    ),
    (
        "courses.toml",
        r#"
[free-sql]
title = "Free SQL"
url = "https://example.org/sql"
price = { amount = 0, currency = "USD" }
duration = "P3M"
effort = "PT1H/day"
skills = ["sql"]
kind = "official"
[paid-sql]
title = "Paid SQL"
url = "https://shop.example/sql"
price = { amount = 49.5, currency = "USD" }
skills = ["sql", "html"]
relation = "affiliate"
level = "beginner"
ends = 2026-12-31
[old]
title = "Old"
url = "https://example.org/old"
ends = 2026-01-31
"#,
    ),
    (
        "glossary.toml",
        r#"
[api]
term = "API"
long = "application programming interface"
text = "How programs ask each other."
also = ["APIs"]
[sql]
term = "SQL"
long = "structured query language"
text = "A language for data."
[cache]
term = "cache"
text = "A store."
"#,
    ),
    (
        "promos.toml",
        r#"
[quiz]
title = "Is it for you?"
points = ["a", "b", "c"]
cta = { label = "Take it", href = "https://example.com/quiz/fit/" }
slots = ["end"]
[over]
title = "Over"
cta = { label = "Go", href = "https://example.com/" }
ends = 2026-01-01
fallback = "quiz"
[gone]
title = "Gone"
cta = { label = "Go", href = "https://example.com/" }
ends = 2026-01-01
"#,
    ),
    (
        "quizzes/fit.toml",
        r#"
title = "Fit?"
minutes = 3
mode = "score"
tie_break = ["dev", "design"]
[[question]]
id = "day"
text = "A free day?"
[[question.answer]]
text = "Code"
points = { dev = 2 }
[[question.answer]]
text = "Draw"
points = { design = 2, dev = 1 }
[[outcome]]
id = "dev"
title = "Develop"
role = "web-developer"
[[outcome]]
id = "design"
title = "Design"
"#,
    ),
    (
        "paths/back-end.toml",
        r#"
title = "Back end"
role = "back-end-developer"
[[step]]
id = "web"
title = "How the web works"
weeks = 2
[[step]]
id = "sql"
title = "SQL and a very long title that will not fit into two lines"
after = ["web"]
weeks = 4
skills = ["sql"]
resources = [ { kind = "official", title = "Docs", url = "https://example.org" }, { course = "paid-sql" } ]
[[step]]
id = "api"
title = "APIs"
after = ["web"]
optional = true
"#,
    ),
];

fn data(path: &str, text: &str) -> Arc<DataDocument> {
    let document = parse(&format!("content/data/{path}").into(), text.as_bytes());
    assert_eq!(document.diagnostics, [], "{path}");
    Arc::new(document)
}

fn facts() -> Facts {
    let own = [
        ("outlook.toml", OUTLOOK),
        ("roles.toml", ROLES),
        ("salaries.csv", SALARIES),
        ("sources.toml", SOURCES),
    ];
    let mut documents: Vec<_> = own.iter().chain(OTHERS).map(|(path, text)| data(path, text)).collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let (facts, found) = Facts::link(&documents);
    assert_eq!(found, []);
    facts
}

/// Hands out places in reading order.
#[derive(Default)]
struct Page {
    document: Option<Document>,
    at: usize,
}

impl Page {
    fn new(path: &str) -> Self {
        Self { document: Some(Document::unwritten(format!("content/{path}"), path)), at: 100 }
    }

    fn document(&mut self) -> &mut Document {
        self.document.as_mut().unwrap()
    }

    fn spanned(&mut self, text: &str) -> Spanned<String> {
        self.at += text.len() + 1;
        Spanned { value: text.to_owned(), span: Span::new(self.at - text.len() - 1, self.at - 1) }
    }

    /// A directive: `::salary web-developer vs=tester`, `:::until 2026-10-01`, `:term[API]`.
    fn call(mut self, line: &str) -> Self {
        let start = self.at;
        let name = line.trim_start_matches(':');
        let form = [Form::Inline, Form::Leaf, Form::Container][line.len() - name.len() - 1];
        let (name, label) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((name, label)) => (name, Some(self.spanned(label))),
            None => (name, None),
        };
        let mut words = name.split(' ');
        let name = self.spanned(words.next().unwrap());
        let arguments = words
            .map(|word| match word.split_once('=') {
                Some((key, value)) => Argument { key: Some(self.spanned(key)), value: self.spanned(value) },
                None => Argument { key: None, value: self.spanned(word) },
            })
            .collect();
        let span = Span::new(start, self.at);
        let document = self.document();
        let (html, holes) = (document.body.html().into_owned(), document.body.holes.clone());
        let mut body = crate::parse::Body { html, holes };
        let number = u32::try_from(document.calls.len()).unwrap();
        body.holes.push(crate::parse::Hole { at: number, kind: crate::parse::HoleKind::Call(number) });
        document.body = crate::parse::Text::new(body);
        document.calls.push(Call { name, arguments, label, id: None, classes: Vec::new(), form, span });
        self
    }

    fn value(mut self, written: &str) -> Self {
        let start = self.at;
        let mut parts = written.split('|');
        let path = self.spanned(parts.next().unwrap());
        let filters = parts
            .map(|part| match part.split_once(':') {
                Some((name, argument)) => {
                    Filter { name: self.spanned(name), argument: Some(self.spanned(argument)) }
                }
                None => Filter { name: self.spanned(part), argument: None },
            })
            .collect();
        let span = Span::new(start, self.at);
        self.document().values.push(Value { path, filters, span });
        self
    }

    fn mention(mut self, kind: MentionKind, id: &str) -> Self {
        let id = self.spanned(id);
        self.document().mentions.push(Written { kind, id });
        self
    }

    fn abbreviation(mut self, text: &str) -> Self {
        let span = self.spanned(text).span;
        self.document().abbreviations.push(Abbreviation { text: text.to_owned(), span, uses: 1 });
        self
    }

    fn front(mut self, set: impl FnOnce(&mut crate::parse::FrontMatter)) -> Self {
        set(&mut self.document().front);
        self
    }

    fn role(self, id: &str) -> Self {
        self.front(|front| front.role = Some(written(id)))
    }
}

fn written(value: &str) -> Spanned<String> {
    Spanned { value: value.to_owned(), span: Span::new(5, 5 + value.len()) }
}

fn config() -> Config {
    let text = "title = \"Careers\"\nbase_url = \"https://example.com/jobs\"\nlang = \"en-US\"\n";
    crate::config::parse(text, "site.toml").0
}

fn components() -> Components {
    let parameter = |name: &str, kind, required| Parameter { name: name.to_owned(), kind, required };
    let counter = vec![
        parameter("title", ParameterKind::Text, true),
        parameter("count", ParameterKind::Number, false),
        parameter("open", ParameterKind::Bool, false),
    ];
    Components::from([("counter".to_owned(), Some(counter)), ("broken".to_owned(), None)])
}

fn build(pages: impl IntoIterator<Item = Page>) -> (Site, Vec<Diagnostic>) {
    let mut documents: Vec<Arc<Document>> =
        pages.into_iter().map(|page| Arc::new(page.document.unwrap())).collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let outcome = assemble(&Input {
        documents: &documents,
        facts: &facts(),
        components: &components(),
        config: &config(),
        assets: &[],
        today: date(2026, 11, 20),
        visibility: Visibility::default(),
        styles: None,
        pictures: &crate::assemble::picture::Pictures::new(),
        card_template: None,
        former: None,
        known: None,
    });
    let mut found = outcome.diagnostics;
    crate::diagnostic::sort(&mut found);
    (outcome.site, found)
}

/// What data gives to one page, and the problems as `code: message (help)`.
fn career(page: Page) -> (Career, Vec<String>) {
    let path = page.document.as_ref().unwrap().path.clone();
    let (site, found) = build([page]);
    let page = site.pages.into_iter().find(|page| page.document.path == path).unwrap();
    let line = |found: &Diagnostic| {
        format!("{}: {} ({})", found.code.id(), found.message, found.help.as_deref().unwrap_or_default())
    };
    ((*page.career).clone(), found.iter().map(line).collect())
}

/// The one view of a page without problems.
fn shown(page: Page) -> Shown {
    let (career, found) = career(page);
    assert_eq!(found, Vec::<String>::new());
    career.directives.into_iter().next().unwrap().shown
}

fn line(line: &str) -> Shown {
    shown(Page::new("guides/x.md").call(line))
}

fn problems(line: &str) -> Vec<String> {
    career(Page::new("guides/x.md").call(line)).1
}

#[test]
fn lists_with_ids_of_their_own_stand_on_a_page_once() {
    for (line, what) in [("::glossary", "the glossary"), ("::sources", "the list of sources")] {
        let (career, found) = career(Page::new("guides/x.md").call(line).call(line));
        assert_ne!(career.directives[0].shown, Shown::Nothing, "{line}");
        assert_eq!(career.directives[1].shown, Shown::Nothing, "{line}");
        assert_eq!(
            found,
            [format!("directive-argument: {what} stands on this page already (take this line away)")]
        );
    }
}

#[test]
fn a_sentence_about_pay() {
    let Shown::Salary(salary) = line("::salary web-developer vs=software-developer") else { panic!() };
    assert_eq!(salary.roles.len(), 2);
    let first = &salary.roles[0];
    assert_eq!((first.figure.amount.value.as_str(), first.figure.amount.text.as_str()), ("90930", "$90,930"));
    assert_eq!((first.figure.label.as_str(), first.figure.per.as_str()), ("median", "a year"));
    assert_eq!(first.figure.place_name, "United States");
    assert_eq!(first.figure.as_of.as_ref().unwrap().text, "May 2024");
    assert_eq!(first.figure.sample.as_ref().unwrap().text, "86,000");
    let source = first.figure.source.as_ref().unwrap();
    assert_eq!((source.number, source.anchor.as_str()), (1, "cite-bls"));
    assert_eq!(first.levels[0].level, "senior");
    let difference = &salary.differences[0];
    assert_eq!(difference.direction, "less");
    let times = difference.times.as_ref().map(|times| times.text.as_str());
    assert_eq!((difference.amount.text.as_str(), times), ("$42,150", Some("0.7 times")));
    assert_eq!(salary.notes, Vec::<String>::new());
}

#[test]
fn a_mean_is_never_set_against_a_median_silently() {
    let (career, found) = career(Page::new("guides/x.md").call("::salary web-developer vs=programmer"));
    let Shown::Salary(salary) = &career.directives[0].shown else { panic!() };
    assert!(salary.differences.is_empty());
    assert!(salary.notes[0].starts_with("These figures differ in statistic"), "{:?}", salary.notes);
    assert!(
        found.iter().any(|found| found.starts_with(
            "statistic-mix: this compares the median per year of `web-developer` (US, USD, 2024-05, `bls`) with the mean"
        )),
        "{found:?}"
    );
    let compared = Page::new("compare/x.md")
        .front(|front| front.roles = vec![written("web-developer"), written("programmer")]);
    let (career, found) = self::career(compared);
    assert!(matches!(&career.blocks[0].shown, Shown::Compare(compare) if !compare.notes.is_empty()));
    assert!(found.iter().any(|found| found.starts_with("statistic-mix")), "{found:?}");
}

#[test]
fn what_another_role_is_paid_is_said_to_be_so() {
    let Shown::Salary(salary) = line("::salary back-end-developer") else { panic!() };
    let note =
        "Published for web developers, which is wider; no separate figure exists for back end developers.";
    assert_eq!(salary.notes, [note]);
    assert_eq!(salary.roles[0].figure.amount.text, "$90,930");
    let Shown::Salary(salary) = line("::salary tester") else { panic!() };
    assert_eq!(
        salary.notes,
        ["Published for software developers and testers together; no separate figure exists for testers."]
    );
    let (career, found) = career(Page::new("guides/x.md").value("salary.back-end-developer.median"));
    assert_eq!(career.values, [""]);
    assert!(found[0].contains("no pay is published for `back-end-developer`"), "{found:?}");
    assert!(found[0].contains("pay is published for `web-developer`"), "{found:?}");
}

#[test]
fn old_figures_are_marked_and_reported_once_with_their_pages() {
    let page = |name: &str| Page::new(name).call("::salary programmer").value("salary.programmer.mean");
    let (site, found) = build([page("guides/a.md"), page("guides/b.md")]);
    let career =
        &site.pages.iter().find(|page| &*page.document.path == "content/guides/a.md").unwrap().career;
    let Shown::Salary(salary) = &career.directives[0].shown else { panic!() };
    assert_eq!(salary.roles[0].figure.stale, "This figure is from November 20, 2024 and may be out of date.");
    assert_eq!(
        career.values[0],
        "<data value=\"126216\">$126,216</data> <small class=\"as-of\">(<time datetime=\"2024-11-20\">November 20, 2024</time>)</small>"
    );
    assert_eq!(found.len(), 2, "the mean of all and of seniors");
    assert_eq!(&*found[0].location.path, "content/data/salaries.csv");
    assert_eq!(
        found[0].message,
        "the figure is from 2024-11-20 (730 days old); the limit for `board` is 120 days"
    );
    let pages: Vec<&str> = found[0].users().map(|page| &*page.path).collect();
    assert_eq!(pages, ["content/guides/a.md", "content/guides/b.md"]);
    assert_eq!(found[0].severity, crate::diagnostic::Severity::Error, "more than twice the limit");
}

#[test]
fn charts_bear_missing_percentiles_and_bounds() {
    let Shown::SalaryChart(chart) = line("::salary-chart web-developer") else { panic!() };
    let points: Vec<_> =
        chart.points.iter().map(|point| (point.figure.statistic.as_str(), point.position)).collect();
    assert_eq!(points, [("p10", 24.3), ("median", 45.5), ("p90", 81.4)]);
    assert_eq!(chart.points[0].figure.amount.op, "less than");
    assert_eq!(
        chart.description,
        "10th percentile: less than $48,560; median: $90,930; 90th percentile: more than $162,870"
    );
    assert!(chart.middle.is_none());
    assert_eq!(chart.ticks.last().unwrap().text, "$200k");
    assert_eq!(chart.title, "Pay of web developers in the United States");
    let Shown::SalaryChart(chart) = line("::salary-chart software-developer") else { panic!() };
    assert_eq!(chart.notes, ["The source publishes no figures above $239,200."]);
    assert_eq!(
        problems("::salary-chart programmer")[0].split(" (").next().unwrap(),
        "value-unknown: no figure is published for `programmer` in `US`"
    );
}

#[test]
fn tables_of_pay() {
    let Shown::SalaryTable(table) = line("::salary-table web-developer") else { panic!() };
    assert_eq!(table.columns, ["10th percentile", "Median", "90th percentile"]);
    assert_eq!(table.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), ["All levels", "Senior"]);
    assert!(table.rows[1].figures[0].is_none());
    let (career, found) = career(Page::new("guides/x.md").call("::salary-table web-developer by=place"));
    let Shown::SalaryTable(table) = &career.directives[0].shown else { panic!() };
    assert_eq!(
        table.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(),
        ["United Kingdom", "United States"]
    );
    assert_eq!(table.sources.len(), 2);
    assert!(found[0].starts_with("statistic-mix"), "different years and publishers: {found:?}");
}

#[test]
fn skills_lead_to_what_nobody_pays_for() {
    let Shown::Skills(skills) = line("::skills back-end-developer") else { panic!() };
    let courses = skills.groups.iter().flat_map(|group| &group.skills).flat_map(|skill| &skill.courses);
    let titles: Vec<&str> = courses.map(|course| course.title.as_str()).collect();
    assert!(titles.contains(&"Free SQL") && !titles.contains(&"Paid SQL"), "{titles:?}");
}

#[test]
fn decline_is_worded_as_decline() {
    let Shown::Outlook(outlook) = line("::outlook programmer") else { panic!() };
    assert_eq!(outlook.direction, "shrink");
    assert_eq!(outlook.summary, "Jobs for programmers are projected to shrink by 6% from 2024 to 2034.");
    let percent = outlook.percent.as_ref().unwrap();
    assert_eq!((percent.value.as_str(), percent.text.as_str()), ("-6", "6%"));
    assert_eq!(outlook.change.as_ref().unwrap().text, "7,200");
    assert_eq!((outlook.bars[0].width, outlook.bars[1].width), (100.0, 94.0));
    assert!(outlook.openings.is_none());
}

#[test]
fn places_follow_the_page_and_are_asked_for_when_unclear() {
    let british = Page::new("guides/x.md").front(|front| front.lang = Some("en-GB".to_owned()));
    let Shown::Salary(salary) = shown(british.call("::salary web-developer")) else { panic!() };
    assert_eq!(salary.roles[0].figure.amount.text, "£45,000");
    let german = || Page::new("guides/x.md").front(|front| front.lang = Some("de-DE".to_owned()));
    let (_, found) = career(german().call("::salary web-developer"));
    assert_eq!(
        found,
        [
            "value-unknown: `salary` does not say for which place (write `place=GB`; there are figures for `GB` and `US`)"
        ]
    );
    let Shown::Salary(salary) = shown(german().call("::salary web-developer place=US")) else { panic!() };
    assert_eq!(salary.roles[0].figure.amount.text, "90.930\u{a0}$");
    let found = problems("::salary web-developer place=FR");
    assert!(
        found[0].starts_with("value-unknown: nothing is published for `web-developer` in `FR`"),
        "{found:?}"
    );
}

#[test]
fn facts_and_comparisons() {
    let Shown::QuickFacts(facts) =
        shown(Page::new("guides/x.md").role("web-developer").call("::quick-facts"))
    else {
        panic!()
    };
    let keys: Vec<_> = facts.facts.iter().map(|fact| fact.key.as_str()).collect();
    assert_eq!(keys, ["pay", "jobs", "outlook", "education", "hours", "code"]);
    assert_eq!(facts.facts[0].label, "Median pay");
    assert_eq!(facts.facts[2].amount.as_ref().unwrap().text, "+8%");
    assert_eq!(facts.facts[4].text, "37–40 hours a week, office hours");
    let Shown::Compare(compare) = line("::compare web-developer back-end-developer") else { panic!() };
    assert_eq!(compare.roles.len(), 2);
    let row = |key: &str| compare.rows.iter().find(|row| row.key == key).unwrap();
    assert_eq!(row("pay").label, "Median pay");
    assert_eq!(row("shared-skills").cells[0].items[0].title, "SQL");
    assert_eq!(row("skills").cells[0].items[0].title, "Html");
    assert!(compare.notes[0].starts_with("Published for web developers"));
    assert_eq!(
        problems("::compare web-developer"),
        [
            "directive-argument: one role alone cannot be compared (name two to four: `::compare web-developer software-developer`)"
        ]
    );
    assert!(problems("::compare web-developer web-developer")[0].contains("compared with itself"));
}

#[test]
fn commercial_courses_are_disclosed_before_the_first() {
    let page = Page::new("guides/x.md")
        .call("::course free-sql")
        .call("::course paid-sql")
        .call("::course paid-sql");
    let (career, found) = career(page);
    assert_eq!(found, Vec::<String>::new());
    let courses: Vec<_> = career
        .directives
        .iter()
        .map(|directive| match &directive.shown {
            Shown::Course(course) => course,
            _ => panic!(),
        })
        .collect();
    assert_eq!((courses[0].rel.as_str(), courses[0].disclosure.as_str()), ("external", ""));
    assert_eq!(courses[0].time_text, "about an hour a day for 3 months");
    assert_eq!(courses[0].price.as_ref().unwrap().text, "free");
    assert_eq!(courses[0].duration, "P3M");
    assert_eq!(
        (courses[1].rel.as_str(), courses[1].relation_label.as_str()),
        ("sponsored external", "Advertisement")
    );
    assert!(!courses[1].disclosure.is_empty() && courses[2].disclosure.is_empty());
    assert_eq!(courses[1].price.as_ref().unwrap().text, "$49.50");
    assert!(problems("::course old")[0].starts_with("past-event: the course `old` ended on 2026-01-31"));
    let Shown::Courses(list) = line("::courses web-developer") else { panic!() };
    assert_eq!(
        list.courses.iter().map(|course| course.id.as_str()).collect::<Vec<_>>(),
        ["paid-sql", "free-sql"]
    );
    assert!(!list.disclosure.is_empty());
}

#[test]
fn pathways_are_layers_and_a_map() {
    let Shown::Path(path) = line("::path back-end") else { panic!() };
    assert_eq!(path.layers.iter().map(|layer| layer.steps.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(path.time_text, "6 weeks");
    let step = &path.layers[1].steps[0];
    assert_eq!((step.anchor.as_str(), step.after[0].url.as_deref()), ("path-1-sql", Some("#path-1-web")));
    assert_eq!(step.resources[1].rel, "sponsored external");
    assert!(path.disclosure.contains("advertising"), "said before the first step that has any");
    assert_eq!((path.map.width, path.map.height, path.map.nodes[0].x), (424, 168, 112));
    assert_eq!(path.map.nodes[1].lines, ["SQL and a very long", "title that will not fit…"]);
    assert_eq!(path.map.edges.len(), 2);
}

#[test]
fn quizzes_have_a_key_and_result_pages() {
    let quiz = Page::new("quiz/fit.md");
    let guide = Page::new("guides/web.md").role("web-developer");
    let (site, found) = build([quiz, guide]);
    assert_eq!(found, []);
    let find = |url: &str| site.pages.iter().find(|page| page.url == url).unwrap();
    let Shown::Quiz(quiz) = &find("/quiz/fit/").career.blocks[0].shown else { panic!() };
    assert_eq!(quiz.questions[0].answers[1].data, "design:2 dev:1");
    assert_eq!(quiz.outcomes[0].url, "/jobs/quiz/fit/dev/");
    let tally = quiz.tally.as_ref().unwrap();
    assert_eq!(
        (tally.columns.as_slice(), tally.rows[0].points.as_slice()),
        (&["Develop".to_owned(), "Design".to_owned()][..], &["2".to_owned(), "0".to_owned()][..])
    );
    assert_eq!((tally.rows[1].label.as_str(), quiz.tie_break[0].as_str()), ("1b", "dev"));
    let result = find("/quiz/fit/dev/");
    let about = result.career.result.as_ref().unwrap();
    assert_eq!(about.quiz.url.as_deref(), Some("/jobs/quiz/fit/"));
    assert_eq!(about.link.as_ref().unwrap().url.as_deref(), Some("/jobs/guides/web/"));
    assert!(result.front.noindex && result.template.as_deref() == Some("quiz-result.html"));
    let section = site.sections.iter().find(|section| site.pages[section.page].url == "/quiz/").unwrap();
    assert_eq!(section.pages.len(), 1, "results are not listed");
}

#[test]
fn roles_have_pages_from_data_alone_where_there_is_a_section_for_them() {
    let own = || Page::new("roles/web-developer.md").role("web-developer");
    let (site, _) = build([own()]);
    assert!(site.pages.iter().all(|page| page.url != "/roles/programmer/"));
    let (site, found) = build([
        own(),
        Page::new("roles/_index.md"),
        Page::new("guides/x.md").mention(MentionKind::Role, "programmer"),
    ]);
    assert!(found.iter().all(|found| found.code.id() == "salary-stale"), "{found:?}");
    let made = site.pages.iter().find(|page| page.url == "/roles/programmer/").unwrap();
    let names: Vec<_> = made.career.blocks.iter().filter_map(|block| block.shown.component()).collect();
    assert_eq!(names, ["quick-facts", "salary", "outlook"]);
    assert_eq!(site.pages.iter().filter(|page| page.url == "/roles/web-developer/").count(), 1);
    let guide = site.pages.iter().find(|page| page.url == "/guides/x/").unwrap();
    assert!(
        matches!(&guide.career.mentions[0], Mention::Role(role) if role.url.as_deref() == Some("/jobs/roles/programmer/"))
    );
}

#[test]
fn sources_are_numbered_by_first_use_and_linked_back() {
    let page = Page::new("guides/x.md")
        .mention(MentionKind::Citation, "ons")
        .call("::salary software-developer")
        .mention(MentionKind::Citation, "ons")
        .value("salary.web-developer.median")
        .call("::sources")
        .front(|front| front.sources = vec![written("board")]);
    let (career, found) = career(page);
    assert_eq!(found, Vec::<String>::new());
    let list: Vec<_> =
        career.sources.iter().map(|source| (source.id.as_str(), source.uses.as_slice())).collect();
    let uses = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(list[0], ("ons", uses(&["cite-ons", "cite-ons-2"]).as_slice()));
    assert_eq!(list[1], ("bls-software", uses(&["cite-bls-software"]).as_slice()));
    assert_eq!(list[2], ("bls", uses(&["cite-bls"]).as_slice()));
    assert_eq!(list[3].0, "board");
    assert!(matches!(&career.mentions[1], Mention::Citation(source) if source.number == 1));
    assert_eq!(career.values[0], "<data id=\"cite-bls\" value=\"90930\">$90,930</data>");
    assert!(matches!(&career.directives[1].shown, Shown::Sources(list) if list.sources == career.sources));
}

#[test]
fn terms_are_explained_once() {
    let page = Page::new("guides/x.md")
        .abbreviation("API")
        .call(":term[APIs]")
        .abbreviation("CSS")
        .call(":abbr[SQL]")
        .abbreviation("SQL")
        .call(":kbd[Ctrl++]");
    let (site, found) = build([page, Page::new("glossary/_index.md").front(|front| front.template = None)]);
    assert_eq!(found, []);
    let career = &site.pages.iter().find(|page| page.url == "/guides/x/").unwrap().career;
    assert_eq!(career.abbreviations[0].as_ref().unwrap().long, "application programming interface");
    assert_eq!(career.abbreviations[1..], [None, None]);
    assert!(
        matches!(&career.directives[0].shown, Shown::Term(term) if !term.first && term.url.as_deref() == Some("/jobs/glossary/#api"))
    );
    assert!(matches!(&career.directives[2].shown, Shown::Kbd(kbd) if kbd.keys == ["Ctrl", "+"]));
    let glossary = Page::new("words.md").call("::glossary");
    let (site, _) = build([glossary, Page::new("guides/x.md").abbreviation("API")]);
    let career = &site.pages.iter().find(|page| page.url == "/words/").unwrap().career;
    let Shown::Glossary(glossary) = &career.directives[0].shown else { panic!() };
    assert_eq!(
        glossary.letters.iter().map(|letter| letter.letter.as_str()).collect::<Vec<_>>(),
        ["A", "C", "S"]
    );
    assert_eq!(glossary.letters[0].entries[0].pages[0].url.as_deref(), Some("/jobs/guides/x/"));
    let found = problems(":term[APY]");
    assert!(
        found[0].starts_with("directive-argument: there is no term `APY` (did you mean `API`?"),
        "{found:?}"
    );
}

#[test]
fn people_by_id_and_by_name() {
    let page = Page::new("guides/x.md").front(|front| {
        front.authors = vec![written("team")];
        front.reviewers = vec![written("anne")];
    });
    let (site, found) = build([page, Page::new("authors/team.md")]);
    assert_eq!(found[0].code.id(), "author-unknown");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `ann`?"));
    let find = |url: &str| &site.pages.iter().find(|page| page.url == url).unwrap().career;
    assert_eq!(find("/guides/x/").authors[0].name, "the team");
    assert_eq!(find("/guides/x/").author_boxes[0].url.as_deref(), Some("/jobs/authors/team/"));
    let Shown::Author(author) = &find("/authors/team/").blocks[0].shown else { panic!() };
    assert_eq!(author.pages[0].url.as_deref(), Some("/jobs/guides/x/"));
}

#[test]
fn promos_by_hand_fall_back_or_are_missed() {
    let (career, found) = career(Page::new("guides/x.md").call("::promo quiz").call("::promo over"));
    assert_eq!(found, Vec::<String>::new());
    let copies = career.directives.iter().filter_map(|directive| match &directive.shown {
        Shown::Promo(promo) => Some((promo.id.as_str(), promo.copy)),
        _ => None,
    });
    assert_eq!(copies.collect::<Vec<_>>(), [("quiz", 1), ("quiz", 2)], "what stands in is counted too");
    let Shown::Promo(promo) = line("::promo over") else { panic!() };
    assert_eq!((promo.id.as_str(), promo.copy, promo.points.len()), ("quiz", 1, 3));
    assert!(problems("::promo gone")[0].starts_with("promo-expired: the promo `gone` ended on 2026-01-01"));
}

#[test]
fn text_of_a_time() {
    for (line, open) in [("from 2026-11-20", true), ("from 2026-11-21", false), ("until 2026-11-21", true)] {
        let shown = self::line(&format!(":::{line}"));
        assert_eq!(shown.shows_body(), open, "{line}");
    }
    assert!(
        problems(":::until 2026-11-20")[0].starts_with("past-event: this text was shown until 2026-11-20")
    );
}

#[test]
fn values_as_html() {
    for (written, html) in [
        ("salary.web-developer.p10", "less than $48,560"),
        ("salary.web-developer.median|short", "$91k"),
        ("salary.web-developer.GB.median", "£45,000"),
        ("salary.web-developer.median.senior", "$120,000"),
        ("salary.web-developer.sample", "86,000"),
        ("salary.web-developer.as_of", "May 2024"),
        ("salary.web-developer|range|round:1000", "less than $49,000 to more than $163,000"),
        ("salary.software-developer.median|times:salary.web-developer.median", "1.5 times"),
        ("outlook.web-developer.percent|signed", "+8%"),
        ("outlook.web-developer.target_year", "2034"),
        ("role.web-developer.title", "Web developer"),
        ("role.web-developer.hours", "37–40"),
        ("course.free-sql.duration", "3 months"),
        ("course.free-sql.price", "free"),
        ("source.bls.published|month-year", "August 2025"),
        ("author.team.name", "the team"),
        ("site.title", "Careers"),
        ("page.title", "guides/x.md"),
        ("build.year", "2026"),
    ] {
        let (career, found) = career(Page::new("guides/x.md").value(written));
        assert_eq!(found, Vec::<String>::new(), "{written}");
        let mut text = String::new();
        let mut inside = false;
        for letter in career.values[0].chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => text.push(letter),
                _ => {}
            }
        }
        assert_eq!(text, html, "{written}");
    }
    let (career, _) = career(Page::new("guides/x.md").value("source.bls.retrieved"));
    assert_eq!(career.values, ["<time datetime=\"2026-02-27\">February 27, 2026</time>"]);
}

#[test]
fn values_that_do_not_exist() {
    for (written, expected) in [
        (
            "salary.web-developer.avg",
            "value-unknown: no value `salary.web-developer.avg`: nothing is called `avg` (there is `median`, `p10` and `p90`)",
        ),
        (
            "salary.web-devloper.median",
            "value-unknown: no value `salary.web-devloper.median`: nothing is called `web-devloper` (did you mean `web-developer`?)",
        ),
        (
            "salry.web-developer.median",
            "value-unknown: no value `salry.web-developer.median`: nothing is called `salry` (did you mean `salary`?)",
        ),
        (
            "outlook.web-developer.openings_per_year",
            "value-unknown: no value `outlook.web-developer.openings_per_year`: nothing is called `openings_per_year` (there is `jobs`, `projected`, `percent`, `change`, `base_year` and `target_year`)",
        ),
        (
            "role.web-developer.summary",
            "value-unknown: no value `role.web-developer.summary`: `summary` is not set (set it, or take the value away)",
        ),
        ("role", "value-unknown: `role` alone is no value (write `role.web-developer.title`)"),
        (
            "salary.web-developer.median|shrt",
            "value-unknown: no filter is called `shrt` (did you mean `short`?)",
        ),
        (
            "salary.web-developer.median|times:role.web-developer.title",
            "value-unknown: an amount of money cannot be held against `role.web-developer.title`, which is text (name two values of one kind)",
        ),
    ] {
        assert_eq!(career(Page::new("guides/x.md").value(written)).1, [expected]);
    }
}

#[test]
fn lines_that_say_what_is_not_understood() {
    for (line, expected) in [
        ("::warning x", "directive-unknown: no directive is called `warning` (write `:::callout warning`)"),
        ("::salry x", "directive-unknown: no directive is called `salry` (did you mean `salary`?)"),
        (
            "::salary wbe-developer",
            "role-unknown: there is no role `wbe-developer` (did you mean `web-developer`?)",
        ),
        (
            "::salary",
            "directive-argument: `salary` does not say which role it is about (write `::salary web-developer`, or give the page a `role`)",
        ),
        (
            "::salary web-developer versus=tester",
            "directive-argument: `salary` has no `versus` (it takes `role`, `vs`, `statistic`, `level` and `place`)",
        ),
        (
            "::salary web-developer statistic=medain",
            "directive-argument: `statistic` cannot be `medain` (did you mean `median`?)",
        ),
        (
            "::salary web-developer tester",
            "directive-argument: `salary` cannot do anything with `tester` (it takes `role`, `vs`, `statistic`, `level` and `place`; an id has no spaces)",
        ),
        (
            "::salary web-developer statistic=mean",
            "value-unknown: no mean is published for `web-developer` in `US` (there is `median`, `median (senior)`, `p10` and `p90`)",
        ),
        (
            ":::salary web-developer",
            "directive-argument: `salary` has no text of its own (write `::salary web-developer`, with two colons and no closing `:::`)",
        ),
        (
            "::faq",
            "directive-argument: `faq` is a block around text (write `:::faq`, the text below it, and `:::` on a line of its own)",
        ),
        (
            ":::until soon",
            "directive-argument: `date` cannot be `soon` (write year, month and day: `2026-10-01`)",
        ),
        (
            ":::until 1 October 2026",
            "directive-argument: `date` cannot be `1` (write year, month and day: `2026-10-01`)",
        ),
        (
            "::figure /team.jpg caption=Ann at work",
            "directive-argument: `figure` cannot do anything with `at` (write several words in quotes: `caption=\"Ann at work\"`)",
        ),
        (":::until", "directive-argument: `until` needs a date (write `:::until 2026-10-01`)"),
        ("::course", "directive-argument: `course` needs the id of a course (write `::course its-id`)"),
        ("::counter", "directive-argument: `counter` needs `title` (write `title=...`)"),
        (
            "::counter title=a count=many",
            "directive-argument: `count` cannot be `many` (write a bare number)",
        ),
        ("::counter a tilte=b", "directive-argument: `counter` has no `tilte` (did you mean `title`?)"),
    ] {
        assert_eq!(problems(line), [expected], "{line}");
    }
    assert!(problems("::broken a=b").is_empty());
    let Shown::Custom(custom) = line("::counter Steps count=3 open=true") else { panic!() };
    assert_eq!(
        serde_json::to_string(&custom.arguments).unwrap(),
        r#"{"title":"Steps","count":3,"open":true}"#
    );
}

#[test]
fn claims_are_checked_against_the_data() {
    let page = |claim: &str| Page::new("guides/x.md").front(|front| front.claims = vec![written(claim)]);
    for claim in [
        "salary.software-developer.median > salary.web-developer.median * 1.3",
        "between(outlook.programmer.percent, -10, 0)",
    ] {
        assert_eq!(career(page(claim)).1, Vec::<String>::new(), "{claim}");
    }
    let (_, found) = career(page("salary.software-developer.median > salary.web-developer.median * 1.5"));
    assert_eq!(
        found,
        [
            "claim-broken: the text relies on `salary.software-developer.median > salary.web-developer.median * 1.5`, which is no longer true ($133,080 against 136395) (correct the text and the claim, or the data)"
        ]
    );
    assert!(career(page("salary.web-developer.median >")).1[0].starts_with("claim-broken: the claim `"));
    assert!(career(page("salary.web-developer.avg > 1")).1[0].starts_with("value-unknown: "));
}

#[test]
fn which_pages_use_which_records() {
    let (site, _) = build([
        Page::new("guides/a.md").call("::salary web-developer"),
        Page::new("guides/b.md").value("salary.web-developer.median"),
    ]);
    let users = &site.uses[&("salaries", "web-developer".to_owned())];
    assert_eq!(
        users.iter().map(|path| &**path).collect::<Vec<_>>(),
        ["content/guides/a.md", "content/guides/b.md"]
    );
    assert_eq!(site.uses[&("sources", "bls".to_owned())].len(), 2);
}

#[test]
fn every_view_serialises_without_its_name_and_with_a_fingerprint() {
    let view = line("::salary web-developer");
    let json = serde_json::to_value(view.view()).unwrap();
    assert_eq!(json["roles"][0]["figure"]["amount"]["text"], "$90,930");
    let other = line("::salary software-developer");
    assert_ne!(crate::fingerprint::Fingerprint::of(&view), crate::fingerprint::Fingerprint::of(&other));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_line_or_value_panics(
        colons in 1_usize..4,
        name in "(salary|salary-chart|salary-table|outlook|compare|skills|courses|path|quiz|figure|until|kbd|x)",
        arguments in proptest::collection::vec(" (web-developer|programmer|place=GB|vs=tester|by=place|level=senior|\\PC{0,6}|[a-z]{1,4}=[a-z0-9-]{0,6})", 0..4),
        value in "(salary|outlook|role|course|page|x)(\\.(web-developer|US|median|percent|title|\\PC{0,4})){0,4}(\\|(short|round:[0-9-]{1,20}|times:salary.web-developer.p90|signed)){0,3}",
    ) {
        let arguments = arguments.concat().replace(['[', ']'], "");
        let page = Page::new("guides/x.md").call(&format!("{}{name}{arguments}", ":".repeat(colons))).value(&value);
        let (career, _) = career(page);
        prop_assert_eq!(career.directives.len(), 1);
        prop_assert_eq!(career.values.len(), 1);
    }
}
