//! The repository's own site: it builds without a finding, and what it publishes holds together.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "our own outputs are in lower case")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use support::html::{self, Page};

#[test]
fn the_demo_is_published_without_a_finding() {
    let site = support::demo();
    let (built, published) = site.build_cold();
    assert_eq!(built.messages, "");
    assert!(built.published);
    let guides = published.keys().filter(|path| path.starts_with("guides/") && path.ends_with("/index.html"));
    assert!(guides.count() >= 8);
}

#[test]
fn every_page_is_valid_has_unique_ids_and_leads_somewhere() {
    let site = support::demo();
    for base_url in ["https://example.com/", "https://example.com/careers/"] {
        site.write("site.toml", &support::demo_settings(base_url));
        let (_, published) = site.build_cold();
        let base_path = base_url.strip_prefix("https://example.com").unwrap();
        let pages: BTreeMap<&str, Page> = published
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| (path.as_str(), html::read(std::str::from_utf8(bytes).unwrap())))
            .collect();
        assert!(pages.len() > 20);
        for (path, page) in &pages {
            assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
            assert_eq!(page.repeated_ids(), BTreeSet::new(), "{path}: ids that occur twice");
            assert_eq!(page.h1, 1, "{path}: level-1 headings");
            for link in &page.links {
                if let Some(problem) = broken(path, link, base_path, &pages, &published) {
                    panic!("{path}: {link}: {problem}");
                }
            }
        }
    }
}

/// Why an internal link leads nowhere; `None` when it leads somewhere or out of the site.
fn broken(
    from: &str,
    link: &str,
    base_path: &str,
    pages: &BTreeMap<&str, Page>,
    published: &support::Published,
) -> Option<String> {
    let local = link.strip_prefix("https://example.com").unwrap_or(link);
    if local.contains("://") || local.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = local.split_once('#').unwrap_or((local, ""));
    let path = path.split('?').next().unwrap_or(path);
    let file = if path.is_empty() {
        from.to_owned()
    } else {
        let Some(inside) = path.strip_prefix(base_path) else {
            return Some(format!("not below {base_path}"));
        };
        if inside.is_empty() || inside.ends_with('/') {
            format!("{inside}index.html")
        } else {
            inside.to_owned()
        }
    };
    if !published.contains_key(&file) {
        return Some(format!("no file {file}"));
    }
    if !fragment.is_empty() && !pages.get(file.as_str()).is_some_and(|page| page.ids.contains_key(fragment)) {
        return Some(format!("no #{fragment} in {file}"));
    }
    None
}

#[test]
fn code_keeps_every_character() {
    let site = support::demo();
    let (_, published) = site.build_cold();
    let mut blocks = 0;
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guides")) {
        let entry = entry.unwrap();
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        let Some(bytes) = published.get(&format!("guides/{name}/index.html")) else { continue };
        let page = html::read(std::str::from_utf8(bytes).unwrap());
        let source = std::fs::read_to_string(entry.path()).unwrap();
        let mut fences = Vec::new();
        let mut open: Option<String> = None;
        for line in source.lines() {
            match (&mut open, line.starts_with("```")) {
                (None, true) => open = Some(String::new()),
                (Some(code), false) => {
                    code.push_str(line);
                    code.push('\n');
                }
                (Some(_), true) => fences.extend(open.take()),
                (None, false) => {}
            }
        }
        assert_eq!(page.code, fences, "{name}");
        blocks += fences.len();
    }
    assert!(blocks >= 10, "only {blocks} blocks");
}

/// What is on a page for the screen alone, or stands elsewhere in its twin.
fn is_furniture(element: &html::Element) -> bool {
    let of = |class: &str| element.attribute("class").split(' ').any(|one| one == class);
    ["toc", "promo", "back-to-top", "anchor", "visually-hidden", "back", "course-facts"]
        .iter()
        .any(|class| of(class))
        || ["svg", "button", "script", "input"].contains(&element.name.as_str())
        || element.attribute("aria-hidden") == "true"
}

#[test]
fn the_markdown_twin_of_a_page_says_all_that_its_text_does() {
    // A colon stands where a screen begins a new line.
    let plain = |text: &str| text.split_whitespace().collect::<String>().replace(':', "");
    let site = support::demo();
    site.write("site.toml", &site.read("site.toml").replace("llms = true", "llms = true\nmarkdown = true"));
    let (_, published) = site.build_cold();
    let (mut twins, mut parts) = (0, 0);
    for (path, bytes) in published.iter().filter(|(path, _)| path.ends_with("/index.md")) {
        let twin = std::str::from_utf8(bytes).unwrap();
        let (front, body) = twin.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        assert!(front.contains("\nurl: \"https://example.com/"), "{path}: {front}");
        let options = pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
        let mut read = String::new();
        pulldown_cmark::html::push_html(&mut read, pulldown_cmark::Parser::new_ext(body, options));
        let said = html::read(&read);
        assert_eq!(said.h1, 1, "{path}");
        let said = plain(&said.text);
        let page = html::tree(std::str::from_utf8(&published[&path.replace(".md", ".html")]).unwrap());
        assert!(
            page.all(|link| link.attribute("type") == "text/markdown").len() == 1,
            "{path}: no link to it"
        );
        // The headings of a role's parts are its template's.
        let of_template = |name: &str| name == "h2" && path.starts_with("roles/");
        let names =
            ["p", "h1", "h2", "h3", "h4", "td", "th", "dt", "dd", "pre", "legend", "summary", "label"];
        for text in page.all(|element| element.is("div", "text")) {
            for element in text
                .clone()
                .without(&is_furniture)
                .all(|one| names.contains(&one.name.as_str()) && !of_template(&one.name))
            {
                let wanted = plain(&element.text());
                assert!(said.contains(&wanted), "{path}: `{}` is not in\n{body}", element.text());
                parts += 1;
            }
        }
        twins += 1;
    }
    assert!(twins > 50 && parts > 1_000, "{twins} twins, {parts} parts");
    let llms = String::from_utf8(published["llms.txt"].clone()).unwrap();
    let named = llms.matches("/index.md)").count();
    assert!(named > 50, "{named} of them in llms.txt");
}

/// What a script may hide or reveal, and what stands there without one.
#[test]
fn without_scripts_every_page_is_complete_and_every_quiz_gives_a_result() {
    let site = support::demo();
    let (_, published) = site.build_cold();
    let mut quizzes = BTreeSet::new();
    for (path, bytes) in published.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = html::tree(std::str::from_utf8(bytes).unwrap());
        for hidden in page.all(|element| element.attributes.contains_key("hidden")) {
            // Controls that do nothing without a script, and their names.
            let is_control = |element: &html::Element| {
                ["button", "input", "label", "legend"].contains(&element.name.as_str())
            };
            let only = hidden.elements().count() > 0 && hidden.elements().all(is_control);
            assert!(is_control(hidden) || only, "{path}: hidden without a script");
        }
        assert!(page.named("noscript").is_empty(), "{path}");
        for script in page.named("script") {
            let is_data = script.attribute("type") == "application/ld+json";
            assert!(is_data || script.attribute("src").ends_with(".js"), "{path}: a script in the page");
        }
        let named = |element: &html::Element| element.attributes.keys().any(|name| name.starts_with("on"));
        assert!(page.all(named).is_empty(), "{path}: an event handler");
        for quiz in page.all(|element| element.is("div", "quiz")) {
            let results = results(quiz, &published);
            assert!(results.len() >= 2, "{path}: results");
            if let Some(form) = quiz.named("form").first() {
                score_by_hand(path, quiz, form, &results);
            } else {
                branch_by_links(path, quiz);
            }
            quizzes.insert(path.clone());
        }
    }
    assert!(quizzes.len() >= 2, "{quizzes:?}");
}

/// The results by their ids, each with a title and a link to its page.
fn results<'q>(quiz: &'q html::Element, published: &support::Published) -> BTreeMap<&'q str, String> {
    let listed = quiz.all(|element| element.attributes.contains_key("data-outcome"));
    let result = |item: &&'q html::Element| {
        let link = item.named("a")[0];
        let file = link.attribute("href").trim_start_matches('/').to_owned() + "index.html";
        assert!(published.contains_key(&file), "no page {file}");
        (item.attribute("data-outcome"), link.text())
    };
    listed.iter().map(result).collect()
}

/// A real form: each question a group of its own with labels, and a key that gives what a script does.
fn score_by_hand(path: &str, quiz: &html::Element, form: &html::Element, results: &BTreeMap<&str, String>) {
    let key = quiz.all(|element| element.is("details", "quiz-key"));
    let columns: Vec<String> = key[0].named("th").iter().map(|cell| cell.text()).collect();
    let columns: Vec<&String> =
        columns.iter().skip(1).take_while(|title| results.values().any(|t| t == *title)).collect();
    assert_eq!(columns.len(), results.len(), "{path}: a column for each result");
    let rows: Vec<Vec<String>> = key[0]
        .named("tr")
        .iter()
        .skip(1)
        .map(|row| row.named("td").iter().map(|cell| cell.text()).collect())
        .collect();
    let mut answers = 0;
    let mut names = BTreeSet::new();
    for group in form.named("fieldset") {
        assert!(!group.named("legend")[0].text().is_empty(), "{path}: a question without words");
        let inputs = group.named("input");
        let name = inputs[0].attribute("name");
        assert!(names.insert(name), "{path}: two questions are called {name}");
        for input in inputs {
            assert_eq!((input.attribute("type"), input.attribute("name")), ("radio", name), "{path}");
            let of = input.attribute("id");
            let labels = group.all(|element| element.name == "label" && element.attribute("for") == of);
            assert!(labels.len() == 1 && !labels[0].text().is_empty(), "{path}: {of} has no label");
            // What the script adds up is what the key says.
            let points: BTreeMap<&str, &str> = input
                .attribute("data-points")
                .split_whitespace()
                .filter_map(|entry| entry.rsplit_once(':'))
                .collect();
            for (column, title) in columns.iter().enumerate() {
                let outcome = results.iter().find(|(_, known)| known == title).unwrap().0;
                let by_script: i64 = points.get(outcome).map_or(0, |points| points.parse().unwrap());
                let by_hand = rows[answers][column].parse().unwrap_or(0);
                assert_eq!(by_hand, by_script, "{path}: {of}, {title}");
            }
            answers += 1;
        }
    }
    assert_eq!(answers, rows.len(), "{path}: a row of the key for each answer");
}

/// Every answer leads on, and none outside of the page leads back into nothing.
fn branch_by_links(path: &str, quiz: &html::Element) {
    let questions = quiz.all(|element| element.is("div", "question"));
    assert!(questions.len() >= 2, "{path}");
    let ids: BTreeSet<&str> =
        quiz.all(|element| !element.attribute("id").is_empty()).iter().map(|e| e.attribute("id")).collect();
    for question in questions {
        let answers = question.named("li");
        assert!(answers.len() >= 2, "{path}");
        for answer in answers {
            let link = answer.named("a")[0].attribute("href");
            let leads = link.strip_prefix('#').is_none_or(|id| ids.contains(id));
            assert!(leads && !link.is_empty(), "{path}: {link} leads nowhere");
        }
    }
}
