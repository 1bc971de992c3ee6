//! Structured data of the whole demo: it says what its page shows, in words that schema.org has.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "our own outputs are in lower case")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::html;

/// What a property's value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Range {
    Text,
    Url,
    Number,
    Boolean,
    /// A day or a moment by ISO 8601.
    Date,
    /// A length of time by ISO 8601.
    Duration,
    /// A node of one of these types, or a reference to one.
    Node(&'static [&'static str]),
}

use Range::{Boolean, Date, Duration, Node, Number, Text, Url};

/// A type, those it is a kind of, and its own properties.
type Type = (&'static str, &'static [&'static str], &'static [(&'static str, Range)]);

/// The part of the vocabulary that pages use (<https://schema.org/version/30.0>).
const TYPES: &[Type] = &[
    (
        "Thing",
        &[],
        &[
            ("name", Text),
            ("description", Text),
            ("url", Url),
            ("image", Url),
            ("sameAs", Url),
            ("alternateName", Text),
            ("mainEntityOfPage", Node(&["WebPage", "CollectionPage", "ProfilePage"])),
            ("subjectOf", Node(&["CreativeWork", "Dataset"])),
        ],
    ),
    (
        "CreativeWork",
        &["Thing"],
        &[
            ("headline", Text),
            ("inLanguage", Text),
            ("isPartOf", Node(&["WebSite"])),
            ("dateCreated", Date),
            ("dateModified", Date),
            ("datePublished", Date),
            ("author", Node(&["Person", "Organization"])),
            ("publisher", Node(&["Organization"])),
            ("isAccessibleForFree", Boolean),
            ("about", Node(&["Thing", "Occupation"])),
            ("citation", Node(&["CreativeWork"])),
            ("correction", Node(&["CorrectionComment"])),
            ("timeRequired", Duration),
            ("hasPart", Node(&["Question"])),
            ("text", Text),
            ("temporalCoverage", Text),
            (
                "mainEntity",
                Node(&[
                    "Article",
                    "Occupation",
                    "Person",
                    "Organization",
                    "DefinedTermSet",
                    "Quiz",
                    "ItemList",
                ]),
            ),
        ],
    ),
    (
        "WebPage",
        &["CreativeWork"],
        &[
            ("breadcrumb", Node(&["BreadcrumbList"])),
            ("lastReviewed", Date),
            ("reviewedBy", Node(&["Person", "Organization"])),
        ],
    ),
    ("CollectionPage", &["WebPage"], &[]),
    ("ProfilePage", &["WebPage"], &[]),
    ("WebSite", &["CreativeWork"], &[]),
    ("Article", &["CreativeWork"], &[("wordCount", Number)]),
    ("CorrectionComment", &["CreativeWork"], &[]),
    ("Dataset", &["CreativeWork"], &[]),
    ("EducationalOccupationalCredential", &["CreativeWork"], &[("credentialCategory", Text)]),
    ("Quiz", &["CreativeWork"], &[]),
    ("Question", &["CreativeWork"], &[("eduQuestionType", Text), ("acceptedAnswer", Node(&["Answer"]))]),
    ("Answer", &["CreativeWork"], &[]),
    ("Course", &["CreativeWork"], &[("provider", Node(&["Organization"]))]),
    ("DefinedTermSet", &["CreativeWork"], &[("hasDefinedTerm", Node(&["DefinedTerm"]))]),
    ("DefinedTerm", &["Thing"], &[("termCode", Text), ("inDefinedTermSet", Url)]),
    ("CategoryCode", &["DefinedTerm"], &[("codeValue", Text), ("inCodeSet", Node(&["CategoryCodeSet"]))]),
    ("CategoryCodeSet", &["DefinedTermSet"], &[]),
    ("ItemList", &["Thing"], &[("itemListElement", Node(&["ListItem"]))]),
    ("BreadcrumbList", &["ItemList"], &[]),
    ("ListItem", &["Thing"], &[("position", Number), ("item", Node(&["Course"]))]),
    ("Organization", &["Thing"], &[("knowsAbout", Text)]),
    (
        "Person",
        &["Thing"],
        &[("jobTitle", Text), ("worksFor", Node(&["Organization"])), ("knowsAbout", Text)],
    ),
    ("Place", &["Thing"], &[]),
    ("AdministrativeArea", &["Place"], &[]),
    ("Country", &["AdministrativeArea"], &[]),
    (
        "Occupation",
        &["Thing"],
        &[
            ("occupationLocation", Node(&["AdministrativeArea", "Country"])),
            ("occupationalCategory", Node(&["CategoryCode"])),
            ("estimatedSalary", Node(&["MonetaryAmountDistribution"])),
            ("educationRequirements", Node(&["EducationalOccupationalCredential"])),
            ("skills", Text),
        ],
    ),
    (
        "MonetaryAmountDistribution",
        &["Thing"],
        &[
            ("currency", Text),
            ("duration", Duration),
            ("percentile10", Number),
            ("percentile25", Number),
            ("median", Number),
            ("percentile75", Number),
            ("percentile90", Number),
        ],
    ),
];

/// Names that are no reader's matter: what kind of thing something is.
const WORDS_OF_THE_VOCABULARY: &[(&str, &str)] =
    &[("MonetaryAmountDistribution", "name"), ("CategoryCodeSet", "name"), ("Question", "eduQuestionType")];
/// Properties whose text is a name or is read as part of the page.
const SHOWN: &[&str] = &[
    "name",
    "alternateName",
    "headline",
    "jobTitle",
    "knowsAbout",
    "skills",
    "codeValue",
    "credentialCategory",
    "text",
];

fn property(kind: &str, name: &str) -> Option<Range> {
    let (_, parents, own) = TYPES.iter().find(|(known, ..)| *known == kind)?;
    let found = own.iter().find(|(known, _)| *known == name).map(|(_, range)| *range);
    found.or_else(|| parents.iter().find_map(|parent| property(parent, name)))
}

/// What a page shows.
struct Shown {
    text: String,
    html: String,
}

impl Shown {
    fn has(&self, text: &str) -> bool {
        self.text.contains(&words(text))
    }

    /// As its digits, whatever stands between thousands, or as the value of an element.
    fn has_number(&self, number: &str) -> bool {
        let bare: String = self.text.replace([',', '.', '\u{a0}', '\u{202f}'], "");
        bare.contains(&number.replace('.', "")) || self.html.contains(&format!("value=\"{number}\""))
    }

    fn has_date(&self, date: &str) -> bool {
        self.html.contains(&format!("datetime=\"{date}"))
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Problems of a node and of those in it.
fn judge(node: &Value, known: &[(String, String)], shown: &Shown, problems: &mut Vec<String>) {
    let object = node.as_object().unwrap();
    let Some(kind) = object.get("@type").and_then(Value::as_str) else {
        let keys: Vec<&String> = object.keys().collect();
        if keys != ["@id"] {
            problems.push(format!("a node without a type: {node}"));
        }
        return;
    };
    for (name, value) in object.iter().filter(|(name, _)| !name.starts_with('@')) {
        let Some(range) = property(kind, name) else {
            problems.push(format!("{kind} has no property `{name}`"));
            continue;
        };
        for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
            if !fits(value, range, (kind, name), known) {
                problems.push(format!("{kind}.{name} cannot be {value}"));
            }
            if value.is_object() {
                judge(value, known, shown, problems);
            } else if !is_shown(value, range, (kind, name), shown) {
                problems.push(format!("{kind}.{name}: the page does not show {value}"));
            }
        }
    }
}

fn fits(value: &Value, range: Range, (kind, name): (&str, &str), known: &[(String, String)]) -> bool {
    let text = value.as_str();
    match range {
        Text => text.is_some_and(|text| !text.trim().is_empty()),
        Url => text.is_some_and(|text| text.starts_with("https://") || text.starts_with("http://")),
        Number => value.is_number(),
        Boolean => value.is_boolean(),
        Date => text.is_some_and(|text| {
            text.len() >= 10
                && text.as_bytes()[4] == b'-'
                && text.as_bytes()[7] == b'-'
                && (text.len() == 10 || text.ends_with('Z') || text.contains('+'))
        }),
        Duration => text.is_some_and(|text| text.starts_with('P') && text.len() > 2),
        // The last crumb's page, and what leads there, are addresses.
        Node(_) if (kind, name) == ("ListItem", "item") && text.is_some() => {
            text.is_some_and(|text| text.starts_with("https://"))
        }
        Node(kinds) => {
            let own = value.get("@type").and_then(Value::as_str);
            let id = value.get("@id").and_then(Value::as_str);
            let of_id = || {
                let id = id?;
                known.iter().find(|(known, _)| known == id).map(|(_, kind)| kind.as_str())
            };
            own.or_else(of_id).is_some_and(|own| kinds.contains(&own))
        }
    }
}

fn is_shown(value: &Value, range: Range, at: (&str, &str), shown: &Shown) -> bool {
    if WORDS_OF_THE_VOCABULARY.contains(&at) {
        return true;
    }
    match (value, range) {
        // The place in a list is what it shows.
        (Value::Number(_), _) if at.1 == "position" => true,
        (Value::Number(number), _) => shown.has_number(&number.to_string()),
        (Value::String(date), Date) => shown.has_date(date),
        (Value::String(month), _) if at.1 == "temporalCoverage" => shown.has_date(month),
        (Value::String(text), _) if SHOWN.contains(&at.1) => shown.has(text),
        _ => true,
    }
}

fn graph(html: &str) -> Option<Vec<Value>> {
    let start = html.find("<script type=\"application/ld+json\">")? + 35;
    let end = start + html[start..].find("</script>")?;
    let data: Value = serde_json::from_str(&html[start..end]).unwrap();
    assert_eq!(data["@context"], "https://schema.org");
    Some(data["@graph"].as_array().unwrap().clone())
}

#[test]
fn it_says_what_the_page_shows_in_words_that_schema_org_has() {
    let (built, published) = support::demo().build_cold();
    assert!(built.published);
    let (mut kinds, mut problems) = (BTreeSet::new(), Vec::new());
    for (path, bytes) in published.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let Some(graph) = graph(text) else { continue };
        let known: Vec<(String, String)> = graph
            .iter()
            .filter_map(|node| {
                Some((node.get("@id")?.as_str()?.to_owned(), node.get("@type")?.as_str()?.to_owned()))
            })
            .collect();
        let shown = Shown {
            text: words(&html::read(&text[text.find("<body").unwrap()..]).text),
            html: text.to_owned(),
        };
        for node in &graph {
            let mut found = Vec::new();
            judge(node, &known, &shown, &mut found);
            problems.extend(found.into_iter().map(|problem| format!("{path}: {problem}")));
        }
        let occupations = known.iter().filter(|(_, kind)| kind == "Occupation").count();
        assert!(occupations <= 1, "{path}: {occupations} occupations");
        kinds.extend(known.into_iter().map(|(_, kind)| kind));
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    let wanted =
        ["Article", "BreadcrumbList", "DefinedTermSet", "Occupation", "Organization", "ProfilePage", "Quiz"];
    for kind in wanted {
        assert!(kinds.contains(kind), "no page has a {kind}");
    }
}

#[test]
fn the_judge_finds_what_is_wrong() {
    let shown =
        Shown { text: words("Nurse earns $1,234"), html: "<time datetime=\"2026-01-02\">".to_owned() };
    let said = |node: &str| {
        let mut problems = Vec::new();
        judge(&serde_json::from_str(node).unwrap(), &[], &shown, &mut problems);
        problems.len()
    };
    assert_eq!(said(r#"{"@type":"Occupation","name":"Nurse"}"#), 0);
    assert_eq!(said(r#"{"@type":"Occupation","name":"Pilot"}"#), 1);
    assert_eq!(said(r#"{"@type":"Occupation","salary":1}"#), 1);
    assert_eq!(said(r#"{"@type":"MonetaryAmountDistribution","median":1234}"#), 0);
    assert_eq!(said(r#"{"@type":"MonetaryAmountDistribution","median":1235}"#), 1);
    assert_eq!(said(r#"{"@type":"MonetaryAmountDistribution","median":"1234"}"#), 1);
    assert_eq!(said(r#"{"@type":"Article","datePublished":"2026-01-02"}"#), 0);
    assert_eq!(said(r#"{"@type":"Article","datePublished":"2026-01-03"}"#), 1);
    assert_eq!(said(r#"{"@type":"Article","author":{"@type":"Country","name":"Nurse"}}"#), 1);
}
