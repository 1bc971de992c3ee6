//! The default theme's components, with views as `assemble` makes them.

use super::*;
use crate::assemble::shown::{Term, *};

fn amount(value: &str, text: &str) -> Amount {
    Amount { value: value.to_owned(), text: text.to_owned(), op: String::new() }
}

fn day(iso: &str, text: &str) -> Day {
    Day { iso: iso.to_owned(), text: text.to_owned() }
}

fn link(title: &str, url: &str) -> Link {
    Link { title: title.to_owned(), url: Some(url.to_owned()) }
}

fn role(title: &str, plural: &str) -> RoleLink {
    let id = title.to_lowercase().replace(' ', "-");
    RoleLink {
        url: Some(format!("/careers/roles/{id}/")),
        id,
        title: title.to_owned(),
        plural: plural.to_owned(),
    }
}

/// A use of the one source, each with its own number for its id.
fn source(used: usize) -> SourceRef {
    SourceRef {
        id: "bls".to_owned(),
        number: 1,
        anchor: format!("use-bls-{used}"),
        title: "Web Developers & Designers".to_owned(),
        publisher: "Bureau of \"Labor\"".to_owned(),
        url: Some("https://www.example.gov/web?a=1&b=2".to_owned()),
        ..SourceRef::default()
    }
}

fn figure(label: &str, value: &str, text: &str, used: usize) -> Figure {
    Figure {
        statistic: "median".to_owned(),
        label: label.to_owned(),
        amount: amount(value, text),
        period: "year".to_owned(),
        per: "a year".to_owned(),
        place: "US".to_owned(),
        place_name: "United States".to_owned(),
        within: "the United States".to_owned(),
        as_of: Some(day("2024-05", "May 2024")),
        source: Some(source(used)),
        ..Figure::default()
    }
}

fn pay(used: usize) -> Salary {
    Salary {
        roles: vec![Pay {
            role: role("Web developer", "web developers"),
            figure: Figure {
                sample: Some(amount("86000", "86,000")),
                ..figure("median", "90930", "$90,930", used)
            },
            levels: vec![Figure {
                level: "senior".to_owned(),
                ..figure("median", "150613", "$150,613", used)
            }],
        }],
        differences: vec![Difference {
            role: role("Software developer", "software developers"),
            direction: "less".to_owned(),
            amount: amount("42150", "$42,150"),
            times: Some(amount("0.7", "0.7 times")),
        }],
        notes: vec!["The nearest published occupation is broader.".to_owned()],
    }
}

fn chart() -> Chart {
    let point = |label: &str, value: &str, text: &str, op: &str, position: f64, row: u32| {
        let mut figure = figure(label, value, text, 10 + usize::try_from(row).unwrap() + value.len());
        figure.source = None;
        op.clone_into(&mut figure.amount.op);
        Point { figure, position, align: "middle".to_owned(), row }
    };
    Chart {
        role: role("Web developer", "web developers"),
        place_name: "United States".to_owned(),
        title: "Pay of web developers".to_owned(),
        description: "The median is $90,930.".to_owned(),
        points: vec![
            point("lowest 10 percent", "48560", "$48,560", "less than", 5.0, 0),
            point("median", "90930", "$90,930", "", 40.25, 1),
            point("highest 10 percent", "162870", "$162,870", "more than", 95.0, 0),
        ],
        range: Some(Range { start: 5.0, width: 90.0 }),
        middle: None,
        ticks: vec![Tick { position: 10.0, text: "$50k".to_owned() }],
        notes: Vec::new(),
    }
}

fn course(relation: &str) -> Course {
    Course {
        id: "c".to_owned(),
        title: "Web <course>".to_owned(),
        provider: "Example".to_owned(),
        url: "https://example.com/c".to_owned(),
        rel: "sponsored".to_owned(),
        relation: relation.to_owned(),
        relation_label: "Advertisement".to_owned(),
        disclosure: "We earn a commission.".to_owned(),
        kind_label: "Course".to_owned(),
        time_text: "about an hour a day for 3 months".to_owned(),
        price: Some(amount("0", "free")),
        skills: vec![link("SQL", "/careers/glossary/#sql")],
        starts: Some(day("2026-09-01", "September 1, 2026")),
        ..Course::default()
    }
}

fn quiz(mode: &str) -> Quiz {
    let answer = |letter: &str, data: &str, next: Option<Link>| Answer {
        anchor: format!("{mode}-energy-{letter}"),
        letter: letter.to_owned(),
        text: format!("Task {letter}"),
        data: data.to_owned(),
        next,
        ..Answer::default()
    };
    let outcome = |id: &str| Outcome {
        id: id.to_owned(),
        anchor: format!("{mode}-result-{id}"),
        title: format!("You would enjoy {id}"),
        text: "Read on.".to_owned(),
        url: format!("/careers/quiz/{id}/"),
        role: Some(role("Web developer", "web developers")),
        link: Some(link("What is a web developer?", "/careers/guides/web/")),
    };
    let next = (mode == "branch").then(|| link("You would enjoy back", "/careers/quiz/back/"));
    Quiz {
        id: "tech".to_owned(),
        title: "Is tech for you?".to_owned(),
        time_text: "3 minutes".to_owned(),
        mode: mode.to_owned(),
        questions: vec![Question {
            id: "energy".to_owned(),
            anchor: format!("{mode}-energy"),
            number: 1,
            text: "Which task?".to_owned(),
            answers: vec![answer("a", "front:2", next.clone()), answer("b", "back:2 front:1", next)],
        }],
        outcomes: vec![outcome("front"), outcome("back")],
        tie_break: vec!["back".to_owned(), "front".to_owned()],
        tally: (mode == "score").then(|| Tally {
            columns: vec!["Front".to_owned(), "Back".to_owned()],
            rows: vec![TallyRow { label: "1a".to_owned(), points: vec!["2".to_owned(), "0".to_owned()] }],
        }),
        ..Quiz::default()
    }
}

fn person() -> Author {
    Author {
        id: "ann".to_owned(),
        name: "Ann O'Neil".to_owned(),
        job_title: "Staff writer".to_owned(),
        organisation: "Example".to_owned(),
        location: "Leeds".to_owned(),
        bio: "Writes & <edits>.".to_owned(),
        topics: vec!["jobs".to_owned(), "pay".to_owned()],
        same_as: vec!["https://example.social/@ann".to_owned()],
        photo: Some(image("Ann O'Neil")),
        url: Some("/careers/authors/ann/".to_owned()),
        ..Author::default()
    }
}

fn image(alt: &str) -> Image {
    Image {
        url: "/careers/img/a.jpg".to_owned(),
        alt: alt.to_owned(),
        width: Some(400),
        height: Some(300),
        credit: "Photo: Bo".to_owned(),
        ..Image::default()
    }
}

fn promo(copy: usize) -> Promo {
    Promo {
        id: "quiz".to_owned(),
        copy,
        title: "Is tech right for you?".to_owned(),
        points_label: "You will learn".to_owned(),
        points: ["a", "b", "c"].map(str::to_owned).to_vec(),
        image: Some(image(if copy == 1 { "A woman thinking" } else { "" })),
        action: link("Take the quiz", "/careers/quiz/tech/"),
        ..Promo::default()
    }
}

fn pathway() -> Path {
    let step = |id: &str, after: Vec<Link>| Step {
        id: id.to_owned(),
        anchor: format!("path-1-{id}"),
        title: id.to_uppercase(),
        text: "Learn it.".to_owned(),
        time_text: "4 weeks".to_owned(),
        after,
        resources: vec![Resource {
            kind_label: "Official guide".to_owned(),
            title: "Guide".to_owned(),
            url: "https://example.org".to_owned(),
            rel: "external".to_owned(),
            ..Resource::default()
        }],
        ..Step::default()
    };
    let node = |x, y, id: &str| Node {
        x,
        y,
        lines: vec!["How the".to_owned(), "web works".to_owned()],
        url: format!("#path-1-{id}"),
        optional: String::new(),
    };
    Path {
        id: "back-end".to_owned(),
        title: "Back end".to_owned(),
        text: "From nothing to a job.".to_owned(),
        role: Some(role("Web developer", "web developers")),
        disclosure: "Some of it is advertising.".to_owned(),
        time_text: "6 weeks".to_owned(),
        needed_time_text: "6 weeks".to_owned(),
        layers: vec![
            Layer { number: 1, steps: vec![step("web", Vec::new())] },
            Layer {
                number: 2,
                steps: vec![step("sql", vec![link("WEB", "#path-1-web")]), step("git", Vec::new())],
            },
        ],
        map: Map {
            width: 400,
            height: 200,
            node_width: 120,
            node_height: 50,
            nodes: vec![node(10, 10, "web"), node(10, 120, "sql")],
            edges: vec![Edge { x1: 70, y1: 60, x2: 70, y2: 120, middle: 90 }],
        },
    }
}

/// Every component once, with the body it gets when it is a block.
#[expect(clippy::too_many_lines, reason = "a table")]
fn all() -> Vec<(Shown, Option<&'static str>)> {
    let boxed = |shown| (shown, None);
    let block = |shown, body| (shown, Some(body));
    vec![
        boxed(Shown::Promo(Box::new(promo(1)))),
        boxed(Shown::QuickFacts(Box::new(QuickFacts {
            role: role("Web developer", "web developers"),
            facts: vec![
                Fact {
                    key: "pay".to_owned(),
                    label: "Median pay".to_owned(),
                    definition: "Half earn more.".to_owned(),
                    amount: Some(amount("90930", "$90,930")),
                    unit: "a year".to_owned(),
                    source: Some(source(1)),
                    as_of: Some(day("2024-05", "May 2024")),
                    ..Fact::default()
                },
                Fact { label: "Education".to_owned(), text: "A degree".to_owned(), ..Fact::default() },
                Fact {
                    label: "Next".to_owned(),
                    items: vec![link("Lead", "/careers/roles/lead/")],
                    ..Fact::default()
                },
            ],
            notes: vec!["A note.".to_owned()],
        }))),
        boxed(Shown::Salary(Box::new(pay(2)))),
        boxed(Shown::SalaryChart(Box::new(chart()))),
        boxed(Shown::SalaryTable(Box::new(PayTable {
            role: role("Web developer", "web developers"),
            by: "level".to_owned(),
            heading: "Level".to_owned(),
            caption: "Pay by level".to_owned(),
            columns: vec!["Median".to_owned(), "Mean".to_owned()],
            rows: vec![Row {
                label: "Senior".to_owned(),
                figures: vec![Some(figure("median", "9", "$9", 3)), None],
            }],
            sources: vec![source(3)],
            as_of: vec![day("2024-05", "May 2024")],
            notes: Vec::new(),
        }))),
        boxed(Shown::Outlook(Box::new(Outlook {
            role: role("Web developer", "web developers"),
            place_name: "United States".to_owned(),
            within: "the United States".to_owned(),
            base_year: "2024".to_owned(),
            target_year: "2034".to_owned(),
            direction: "shrink".to_owned(),
            summary: "Jobs should shrink.".to_owned(),
            percent: Some(amount("-6", "6%")),
            signed: Some(amount("-6", "−6%")),
            change: Some(amount("7200", "7,200")),
            bars: vec![
                Bar { label: "2024".to_owned(), amount: amount("121200", "121,200"), width: 100.0 },
                Bar { label: "2034".to_owned(), amount: amount("113900", "113,900"), width: 94.0 },
            ],
            source: Some(source(4)),
            ..Outlook::default()
        }))),
        boxed(Shown::Skills(Box::new(Skills {
            role: role("Web developer", "web developers"),
            groups: vec![SkillGroup {
                kind: "language".to_owned(),
                label: "Languages".to_owned(),
                skills: vec![Skill {
                    id: "sql".to_owned(),
                    title: "SQL".to_owned(),
                    url: Some("/careers/glossary/#sql".to_owned()),
                    level: 3,
                    level_text: "working knowledge".to_owned(),
                    courses: vec![link("Course", "/careers/c/")],
                }],
            }],
        }))),
        boxed(Shown::Compare(Box::new(Compare {
            roles: vec![role("Web developer", "web developers"), role("Tester", "testers")],
            rows: vec![CompareRow {
                key: "pay".to_owned(),
                label: "Median pay".to_owned(),
                cells: vec![
                    Cell { figure: Some(figure("median", "9", "$9", 5)), ..Cell::default() },
                    Cell::default(),
                ],
            }],
            sources: vec![source(5)],
            notes: vec!["Different years.".to_owned()],
        }))),
        block(Shown::CompareNotes(Box::default()), "<p>Notes</p>"),
        boxed(Shown::Path(Box::new(pathway()))),
        block(Shown::Steps(Box::default()), "<ol>\n<li>One</li>\n</ol>"),
        block(Shown::Routes(Box::default()), "<h4>Degree</h4>\n<p>Long</p>"),
        block(Shown::Timeline(Box::default()), "<ul>\n<li><strong>09:00</strong> Mail</li>\n</ul>"),
        block(
            Shown::Checklist(Box::new(Checklist { key: "/a/#checklist-1".to_owned() })),
            "<ul>\n<li><input disabled=\"\" type=\"checkbox\"/>\nRead</li>\n</ul>",
        ),
        block(Shown::Faq(Box::new(Faq { answers: "closed".to_owned() })), "<h3>Why?</h3>\n<p>So.</p>"),
        block(Shown::Faq(Box::new(Faq { answers: "open".to_owned() })), "<h3>Why?</h3>\n<p>So.</p>"),
        boxed(Shown::Questions(Box::new(Questions {
            level: "beginner".to_owned(),
            items: vec![
                QuestionItem { question: "What is an `API`?".to_owned(), answer: "One\n\nTwo".to_owned() },
                QuestionItem { question: "Why?".to_owned(), answer: String::new() },
            ],
        }))),
        block(Shown::Questions(Box::default()), "<h3>Why?</h3>\n<p>So.</p>"),
        boxed(Shown::Glossary(Box::new(Glossary {
            letters: vec![Letter {
                letter: "A".to_owned(),
                anchor: "letter-a".to_owned(),
                entries: vec![Entry {
                    id: "api".to_owned(),
                    anchor: "api".to_owned(),
                    term: "API".to_owned(),
                    long: "application programming interface".to_owned(),
                    text: "The agreed way.".to_owned(),
                    also: vec!["APIs".to_owned()],
                    pages: vec![link("Guide", "/careers/guides/a/")],
                }],
            }],
        }))),
        boxed(Shown::Course(Box::new(course("affiliate")))),
        boxed(Shown::Courses(Box::new(Courses {
            role: None,
            disclosure: "We earn a commission.".to_owned(),
            courses: vec![course("own")],
        }))),
        boxed(Shown::Quiz(Box::new(quiz("score")))),
        boxed(Shown::Quiz(Box::new(quiz("branch")))),
        boxed(Shown::Author(Box::new(person()))),
        boxed(Shown::Related(Box::new(Related { links: vec![link("Guide", "/careers/guides/a/")] }))),
        block(
            Shown::Story(Box::new(Story {
                person: Some(person()),
                url: Some("https://example.org/".to_owned()),
            })),
            "<p>I like it.</p>",
        ),
        boxed(Shown::Takeaways(Box::new(Takeaways { items: vec!["One *two*".to_owned()] }))),
        block(Shown::Takeaway(Box::default()), "<p>Start.</p>"),
        block(Shown::Callout(Box::new(Callout { kind: "warning".to_owned() })), "<p>Mind.</p>"),
        boxed(Shown::Figure(Box::new(Picture { image: Some(image("A desk")), caption: "A & b".to_owned() }))),
        block(Shown::Until(Box::new(Window { open: true, date: Day::default() })), "<p>Now.</p>"),
        block(Shown::From(Box::new(Window { open: true, date: Day::default() })), "<p>Now.</p>"),
        block(Shown::ScreenOnly(Box::default()), "<p>Screen.</p>"),
        block(Shown::PrintOnly(Box::default()), "<p>Paper.</p>"),
        boxed(Shown::Term(Box::new(Term {
            text: "API".to_owned(),
            long: "application <x>".to_owned(),
            url: Some("/careers/glossary/#api".to_owned()),
            first: true,
            ..Term::default()
        }))),
        boxed(Shown::Kbd(Box::new(Kbd { keys: vec!["Ctrl".to_owned(), "C".to_owned()] }))),
        boxed(Shown::Abbr(Box::new(Abbr {
            text: "SQL".to_owned(),
            long: "query language".to_owned(),
            url: None,
        }))),
    ]
}

/// The first guide with these directives, each a leaf or a block with this body.
#[expect(clippy::format_push_string, reason = "a test reads better so")]
fn shows(directives: Vec<(Shown, Option<&str>)>) -> Site {
    let mut site = site();
    let mut html = String::new();
    for (index, (shown, body)) in directives.iter().enumerate() {
        let inline = matches!(shown, Shown::Term(_) | Shown::Kbd(_) | Shown::Abbr(_));
        html += &match body {
            Some(body) => format!("[[<{index}]]{body}[[>{index}]]\n"),
            None if inline => format!("<p>A [[c{index}]].</p>\n"),
            None => format!("[[c{index}]]\n"),
        };
    }
    let page = Arc::make_mut(&mut site.pages[2]);
    let document = Document { body: Text::new(body(&html)), ..Document::clone(&page.document) };
    page.replace(Document { headings: Vec::new(), references: Vec::new(), ..document });
    Arc::make_mut(&mut page.career).directives = directives
        .into_iter()
        .enumerate()
        .map(|(index, (shown, _))| Directive {
            id: format!("d-{index}"),
            classes: vec!["wide".to_owned()],
            label: None,
            shown,
        })
        .collect();
    Arc::make_mut(&mut page.career).sources = vec![Source {
        number: 1,
        id: "bls".to_owned(),
        anchor: "source-bls".to_owned(),
        title: "Web Developers & Designers".to_owned(),
        publisher: "Bureau".to_owned(),
        url: Some("https://www.example.gov/web?a=1&b=2".to_owned()),
        retrieved: Some(day("2026-02-27", "February 27, 2026")),
        uses: (1..=5).map(|used| format!("use-bls-{used}")).collect(),
        ..Source::default()
    }];
    site
}

fn guide(site: &Site) -> String {
    let (outputs, diagnostics) = build(&config(), site, &templates());
    assert_eq!(diagnostics, []);
    outputs["guides/nurse/index.html"].1.clone()
}

fn article(html: &str) -> &str {
    let start = html.find("<div class=\"text").unwrap();
    let start = start + html[start..].find(">\n").unwrap() + ">\n".len();
    &html[start..start + html[start..].find("<footer class=\"article-footer\">").unwrap()]
}

#[test]
fn every_component_writes_sound_html_without_repeated_ids() {
    let html = guide(&shows(all()));
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html.as_str());
    assert!(dom.errors.borrow().is_empty(), "{:?}\n{html}", dom.errors.borrow());
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "a repeated id");
    for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(target.is_empty() || ids.contains(&target), "`#{target}` leads nowhere\n{html}");
    }
    for name in html.split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&name), "a label for `{name}`, which is not there");
    }
    assert!(!html.contains(" style="), "a style in an attribute");
    assert!(!html.contains("{{") && !html.contains("[object") && !html.contains("undefined"));
    assert_eq!(html.matches("<table>").count(), html.matches("<caption>").count());
}

#[test]
fn every_directive_has_a_component() {
    let site = site();
    let (theme, _) = Theme::load(&templates());
    let shared = Hashed::new(site_view(&config(), &site));
    let config = config();
    let press = Press::new(Arc::new(theme), Arc::new(shared), &site);
    let cards = Cards::of(&site);
    let context = Context::new(&config, &site, &press, &cards, "");
    let mut names: Vec<String> =
        all().iter().filter_map(|(shown, _)| shown.component().map(str::to_owned)).collect();
    names.push("sources".to_owned());
    for name in names {
        let component = name.replace('-', "_");
        let defined = context.language("en-US").tera.get_component_definition(&component);
        assert!(defined.is_some(), "no component `{component}`");
    }
}

#[test]
fn pay_stands_in_text_with_its_source_and_date() {
    let html = guide(&shows(vec![(Shown::Salary(Box::new(pay(1))), None)]));
    insta::assert_snapshot!(article(&html).trim_end());
}

#[test]
fn a_chart_has_its_numbers_in_a_table() {
    let html = guide(&shows(vec![(Shown::SalaryChart(Box::new(chart())), None)]));
    insta::assert_snapshot!(article(&html).trim_end());
}

#[test]
fn a_quiz_gives_a_result_without_scripts() {
    let html = guide(&shows(vec![(Shown::Quiz(Box::new(quiz("score"))), None)]));
    insta::assert_snapshot!(article(&html).trim_end());
    let html = guide(&shows(vec![(Shown::Quiz(Box::new(quiz("branch"))), None)]));
    assert!(!html.contains("<form"), "a branching quiz needs none");
    assert!(html.contains("<li><a href=\"/careers/quiz/back/\">Task a"));
}

#[test]
fn blocks_are_filled_from_the_inside() {
    let mut site = shows(vec![
        (Shown::Callout(Box::new(Callout { kind: "note".to_owned() })), Some("")),
        (Shown::Takeaway(Box::default()), Some("")),
        (Shown::Kbd(Box::new(Kbd { keys: vec!["X".to_owned()] })), None),
        (Shown::Until(Box::new(Window { open: false, date: Day::default() })), Some("")),
        (Shown::Nothing, None),
    ]);
    let text = "[[<0]]<p>a</p>[[<1]]<p>b [[c2]] [[v0]]</p>[[>1]]<p>c</p>[[<3]]<h3 id=\"gone\">x[[a0]]</h3>[[>3]][[>0]][[c4]]<p>d [[m0]] [[m1]][[abbr]]API[[/abbr]]</p>";
    let page = Arc::make_mut(&mut site.pages[2]);
    let document = Document {
        body: Text::new(body(text)),
        headings: vec![heading(2, "gone", "Gone")],
        ..Document::clone(&page.document)
    };
    page.replace(document);
    Arc::make_mut(&mut page.career).sources.clear();
    Arc::make_mut(&mut page.career).values = vec!["<data value=\"1\">$1</data>".to_owned()];
    Arc::make_mut(&mut page.career).mentions =
        vec![Mention::Role(role("R & D", "")), Mention::Citation(source(1))];
    Arc::make_mut(&mut page.career).abbreviations =
        vec![Some(Abbr { long: "inter\"face".to_owned(), ..Abbr::default() })];
    let html = guide(&site);
    insta::assert_snapshot!(article(&html).trim_end());
    assert!(toc(&site).is_empty(), "a heading that is not shown is not listed");
}

fn toc(site: &Site) -> Vec<view::TocEntry> {
    let config = Config { toc: crate::config::Toc { min_headings: 0, ..config().toc }, ..config() };
    fill::toc_entries(&site.pages[2], &config)
}

#[test]
fn promos_change_nothing_but_the_page_itself() {
    use crate::assemble::Placed;
    use crate::assemble::promo::Place;
    let without = {
        let mut site = site();
        let page = Arc::make_mut(&mut site.pages[2]);
        let text = NURSE.replace("[[more]]", "[[block]][[more]]");
        page.replace(Document { body: Text::new(body(&text)), ..Document::clone(&page.document) });
        site
    };
    let mut with = without.clone();
    let page = Arc::make_mut(&mut with.pages[2]);
    let holes = &page.document.body.holes;
    let hole = |wanted: HoleKind| Place::Hole(holes.iter().position(|hole| hole.kind == wanted).unwrap());
    let places = [hole(HoleKind::Block { words: 1 }), hole(HoleKind::Section(2)), Place::End];
    page.promos = places
        .into_iter()
        .zip(1..)
        .map(|(place, copy)| Placed {
            place,
            promo: Directive {
                id: format!("promo-quiz-{copy}"),
                classes: Vec::new(),
                label: None,
                shown: Shown::Promo(Box::new(promo(copy))),
            },
        })
        .collect();
    let (before, _) = build(&config(), &without, &templates());
    let (after, diagnostics) = build(&config(), &with, &templates());
    assert_eq!(diagnostics, []);
    let changed: Vec<&String> = after.keys().filter(|path| after[*path] != before[*path]).collect();
    assert_eq!(changed, ["guides/nurse/index.html"], "neither feeds nor lists know of promos");
    let html = &after["guides/nurse/index.html"].1;
    let mut plain = String::new();
    let mut rest = html.as_str();
    while let Some((outside, inside)) = rest.split_once("<div data-nosnippet") {
        plain += outside;
        rest = inside.split_once("</aside>\n</div>\n").unwrap().1;
    }
    plain += rest;
    assert_eq!(plain, before["guides/nurse/index.html"].1, "all else stays as it was");
    assert_eq!(html.matches("<aside class=\"promo\"").count(), 3);
    assert_eq!((html.matches("alt=\"A woman thinking\"").count(), html.matches("alt=\"\"").count()), (1, 2));
    assert_eq!(
        html.matches("</p>\n</section>\n<div data-nosnippet").count(),
        1,
        "after the way back to the top"
    );
    insta::assert_snapshot!(
        article(html).split_inclusive("</div>\n</aside>\n</div>\n").next().unwrap().trim_end()
    );
}

#[test]
fn a_feed_has_whole_addresses_and_no_promo() {
    let mut site = shows(vec![
        (Shown::Promo(Box::new(promo(1))), None),
        (Shown::Related(Box::new(Related { links: vec![link("Guide", "/careers/guides/a/")] })), None),
    ]);
    Arc::make_mut(&mut Arc::make_mut(&mut site.pages[2]).career).sources.clear();
    let (outputs, _) = build(&config(), &site, &templates());
    let feed: serde_json::Value = serde_json::from_str(&outputs["feed.json"].1).unwrap();
    let items = feed["items"].as_array().unwrap();
    let html = items.iter().find(|item| item["title"].as_str().unwrap().starts_with("Nurse")).unwrap();
    let html = html["content_html"].as_str().unwrap();
    assert!(html.contains("<a href=\"https://example.com/careers/guides/a/\">"), "{html}");
    assert!(!html.contains("promo"), "{html}");
}

#[test]
fn a_page_depends_on_the_components_it_uses_and_no_other() {
    let site = shows(vec![(Shown::Kbd(Box::new(Kbd { keys: vec!["X".to_owned()] })), None)]);
    let own = templates();
    let (before, _) = build(&config(), &site, &own);
    let changed_by = |name: &str| {
        let mut templates = own.clone();
        let changed = templates.iter_mut().find(|template| template.name == name).unwrap();
        *changed = template(name, &format!("{}\n", changed.text));
        let (after, diagnostics) = build(&config(), &site, &templates);
        assert_eq!(diagnostics, []);
        after.iter().filter(|(path, (now, _))| *now != before[*path].0).count()
    };
    assert_eq!(changed_by("components/kbd.html"), 4, "the page and the feeds that hold its text");
    assert_eq!(changed_by("components/figure.html"), 0);
    assert_eq!(changed_by("components/path.html"), 0);
}

#[test]
fn a_failing_component_is_told_at_its_file_with_the_page() {
    let mut templates = templates();
    let kbd = templates.iter_mut().find(|one| one.name == "components/kbd.html").unwrap();
    *kbd = template(
        &kbd.name.clone(),
        "{% component kbd(it: map, wanted) %}{{ it.nothing.more }}{% endcomponent kbd %}",
    );
    let site = shows(vec![(Shown::Kbd(Box::default()), None)]);
    let (_, diagnostics) = build(&config(), &site, &templates);
    let [found] = &diagnostics[..] else { panic!("{diagnostics:?}") };
    assert_eq!(&*found.location.path, "themes/default/templates/components/kbd.html");
    assert_eq!(&*found.related[0].0.path, "content/guides/nurse.md");
    let templates: Vec<Template> =
        super::templates().into_iter().filter(|one| one.name != "components/kbd.html").collect();
    let (_, diagnostics) = build(&config(), &site, &templates);
    assert!(diagnostics[0].message.contains("no component `kbd`"), "{diagnostics:?}");
}

#[test]
fn a_sites_own_component_takes_the_arguments_it_declares() {
    let mut templates = templates();
    templates.push(template(
        "components/two-numbers.html",
        "{% component two_numbers(a: integer, b: integer = 2, @id, @site) -%}\n<p id=\"{{ id }}\">{{ a + b }} {{ site.title }}</p>{{ body }}\n{%- endcomponent two_numbers %}",
    ));
    let arguments = [("a".to_owned(), serde_json::json!(40))].into_iter().collect();
    let custom = Custom { name: "two-numbers".to_owned(), arguments };
    let (outputs, diagnostics) =
        build(&config(), &shows(vec![(Shown::Custom(Box::new(custom)), None)]), &templates);
    assert_eq!(diagnostics, []);
    assert!(outputs["guides/nurse/index.html"].1.contains("<p id=\"d-0\">42 Work &amp; Co</p>"));
}

fn graph(site: &Site, path: &str) -> Vec<serde_json::Value> {
    let (outputs, diagnostics) = build(&config(), site, &templates());
    assert_eq!(diagnostics, []);
    let html = &outputs[path].1;
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    assert!(!json.contains(['<', '>', '&']), "{json}");
    let mut graph: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(graph["@context"], "https://schema.org");
    graph["@graph"].as_array_mut().unwrap().drain(..).collect()
}

#[test]
fn a_guide_tells_machines_what_it_tells_readers() {
    let mut site = shows(Vec::new());
    let page = Arc::make_mut(&mut site.pages[2]);
    Arc::make_mut(&mut page.career).role = Some(role("Nurse", "nurses"));
    Arc::make_mut(&mut page.career).authors = vec![Byline {
        id: "ann".to_owned(),
        name: "Ann </script>".to_owned(),
        url: Some("/careers/authors/ann/".to_owned()),
    }];
    Arc::make_mut(&mut page.career).author_boxes = vec![person()];
    let nodes = graph(&site, "guides/nurse/index.html");
    insta::assert_snapshot!(serde_json::to_string_pretty(&nodes).unwrap());
    let html = guide(&site);
    for text in ["441 words", "Ann &lt;/script&gt;", "Web Developers &amp; Designers", "November 20, 2026"] {
        assert!(html.contains(text), "{text}");
    }
    assert_eq!(html.matches("id=\"about-author\"").count(), 1);
}

#[test]
fn a_role_is_an_occupation_with_the_pay_it_shows() {
    let blocks = vec![
        Shown::QuickFacts(Box::new(QuickFacts {
            role: role("Web developer", "web developers"),
            facts: vec![
                Fact {
                    key: "code".to_owned(),
                    label: "Code".to_owned(),
                    text: "15-1254".to_owned(),
                    ..Fact::default()
                },
                Fact { key: "education".to_owned(), text: "A degree".to_owned(), ..Fact::default() },
            ],
            notes: Vec::new(),
        })),
        Shown::SalaryChart(Box::new({
            let mut chart = chart();
            for (point, statistic) in chart.points.iter_mut().zip(["p10", "median", "p90"]) {
                statistic.clone_into(&mut point.figure.statistic);
                "USD".clone_into(&mut point.figure.currency);
            }
            chart
        })),
    ];
    let mut site = site();
    let page = Arc::make_mut(&mut site.pages[2]);
    page.kind = Kind::Role;
    Arc::make_mut(&mut page.career).role = Some(role("Web developer", "web developers"));
    Arc::make_mut(&mut page.career).blocks = blocks
        .into_iter()
        .map(|shown| Directive {
            id: shown.component().unwrap().to_owned(),
            classes: Vec::new(),
            label: None,
            shown,
        })
        .collect();
    page.promos = Vec::new();
    let nodes = graph(&site, "guides/nurse/index.html");
    assert_eq!(nodes[1]["@type"], "Occupation");
    insta::assert_snapshot!(format!("{:#}", nodes[1]));
    let html = guide(&site);
    let order: Vec<usize> = ["id=\"quick-facts\"", "class=\"intro\"", "id=\"_pay\"", "id=\"salary-chart\""]
        .map(|part| html.find(part).unwrap())
        .to_vec();
    assert!(order.is_sorted(), "facts, then the text, then pay");
}

#[test]
fn lists_and_people_have_types_of_their_own() {
    let mut site = site();
    let page = Arc::make_mut(&mut site.pages[2]);
    page.kind = Kind::Author;
    let author = Author { pages: vec![link("Pilot", "/careers/guides/pilot/")], ..person() };
    let shown = Shown::Author(Box::new(author));
    Arc::make_mut(&mut page.career).blocks =
        vec![Directive { id: "author".to_owned(), classes: Vec::new(), label: None, shown }];
    let nodes = graph(&site, "guides/nurse/index.html");
    assert_eq!(
        (nodes[0]["@type"].as_str(), nodes[1]["@type"].as_str()),
        (Some("ProfilePage"), Some("Person"))
    );
    assert_eq!(nodes[1]["image"], "https://example.com/careers/img/a.jpg");
    assert_eq!(nodes[0]["mainEntity"]["@id"], nodes[1]["@id"]);
    assert!(guide(&site).contains("<a href=\"/careers/guides/pilot/\">Pilot</a>"));
    assert_eq!(graph(&site, "guides/index.html")[0]["@type"], "CollectionPage");
    let home = graph(&site, "index.html");
    assert_eq!((home[0]["@type"].as_str(), home[1]["@type"].as_str()), (Some("WebPage"), Some("WebSite")));
    let (outputs, _) = build(&config(), &site, &templates());
    assert!(!outputs["404.html"].1.contains("ld+json"));
}

#[test]
fn a_glossary_is_a_set_of_terms() {
    let mut site = shows(all());
    Arc::make_mut(&mut site.pages[2]).kind = Kind::Glossary;
    let nodes = graph(&site, "guides/nurse/index.html");
    assert_eq!(nodes[1]["@type"], "DefinedTermSet");
    assert_eq!(nodes[1]["hasDefinedTerm"][0]["name"], "API");
}
