//! Each kind of data file, good and bad, with the exact bytes that problems point at.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;

fn parsed(file: &str, text: &str) -> DataDocument {
    parse(&Arc::from(format!("{FOLDER}{file}")), text.as_bytes())
}

/// Problems as `code at-bytes message`, by place.
fn told(text: &str, document: &DataDocument) -> Vec<String> {
    let tell = |found: &Diagnostic| {
        let at = found.location.span.map_or("", |span| &text[span_range(span)]);
        format!("{} @{}@ {}", found.code.id(), at.replace('\n', "\\n"), found.message)
    };
    document.diagnostics.iter().map(tell).collect()
}

#[track_caller]
fn good(file: &str, text: &str) -> Records {
    let document = parsed(file, text);
    assert_eq!(told(text, &document), [""; 0], "{file}: {text}");
    assert!(document.is_whole);
    document.records
}

#[track_caller]
fn bad(file: &str, text: &str, expected: &[&str]) {
    assert_eq!(told(text, &parsed(file, text)), expected, "{file}: {text}");
}

/// The help of the only problem.
fn help(file: &str, text: &str) -> String {
    let document = parsed(file, text);
    assert_eq!(document.diagnostics.len(), 1, "{:?}", document.diagnostics);
    document.diagnostics[0].help.clone().unwrap_or_default()
}

const HEADER: &str = "role,place,currency,period,statistic,level,value,op,source,as_of,retrieved,sample\n";

fn rows(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

fn figures(file: &str, text: &str) -> Vec<Arc<Figure>> {
    match good(file, text) {
        Records::Salaries(figures) => figures,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_have_names() {
    bad("salery.csv", "", &["data-file @@ `salery.csv` is none of the data files"]);
    assert_eq!(help("salery.csv", ""), "did you mean `salaries.csv`?");
    assert_eq!(help("salary.toml", ""), "did you mean `salaries.toml`?");
    assert_eq!(help("weather.toml", ""), "data of your own goes into `content/data/custom/`");
    assert_eq!(help("quizes/a.toml", ""), "did you mean the folder `quizzes`?");
    assert_eq!(help("roles.csv", ""), "its ending is one of `toml`, `yaml` or `yml`");
    bad("roles", "", &["data-file @@ `roles` cannot be read: `roles` is not kept as `.`"]);
    bad("paths/a/b.toml", "", &["data-file @@ `paths/a/b.toml` is too deep: files lie directly in `paths`"]);
    bad(
        "quizzes/My Quiz.yml",
        "title: A\nmode: branch\nquestion: []\noutcome: []\n",
        &["data-file @@ `My Quiz` cannot be an id"],
    );
    // A byte-order mark, and bytes that are no text.
    good("roles.toml", "\u{feff}[a]\ntitle = \"A\"\n");
    let document = parse(&Arc::from("content/data/roles.toml"), b"[a]\ntitle = \"\xff\"\n");
    assert_eq!(document.diagnostics[0].code, Code::Encoding);
    assert!(!document.is_whole);
}

#[test]
fn toml_and_yaml_say_the_same() {
    let toml = good(
        "roles.toml",
        r#"[nurse]
title = "Nurse"
soc = "29-1141"
soc_match = "narrower"
hours = { min = 37.5, max = 40, pattern = "shifts" }
skills = [{ id = "care", level = 4, kind = "people" }]
similar = ["doctor"]
interests = "SIC"
"#,
    );
    let yaml = good(
        "roles.yaml",
        "nurse:\n  title: Nurse\n  soc: 29-1141\n  soc_match: narrower\n  hours: { min: 37.5, max: 40, pattern: shifts }\n  \
         skills:\n    - { id: care, level: 4, kind: people }\n  similar: [doctor]\n  interests: SIC\n",
    );
    let (Records::Roles(toml), Records::Roles(yaml)) = (toml, yaml) else { panic!() };
    let plain = |role: &Role| {
        let mut role = role.clone();
        for name in role.soc.iter_mut().chain(&mut role.similar).chain([&mut role.id, &mut role.skills[0].id])
        {
            name.span = crate::diagnostic::Span::default();
        }
        role
    };
    assert_eq!(plain(&toml[0]), plain(&yaml[0]));
    assert_eq!(toml[0].hours.as_ref().unwrap().min.unwrap().to_string(), "37.5");
    assert_eq!(toml[0].soc_match, SocMatch::Narrower);
}

#[test]
fn bad_roles() {
    bad(
        "roles.toml",
        "[nurse]\ntitel = \"Nurse\"\n",
        &["data-type @nurse@ role `nurse` has no `title`", "data-unknown-key @titel@ unknown key `titel`"],
    );
    bad(
        "roles.toml",
        "[Nurse_1]\ntitle = \"Nurse\"\n[a--b]\ntitle = \"A\"\n",
        &["data-type @Nurse_1@ `Nurse_1` cannot be an id", "data-type @a--b@ `a--b` cannot be an id"],
    );
    bad(
        "roles.toml",
        "[a]\ntitle = \"A\"\n\n[a]\ntitle = \"B\"\n",
        &["data-duplicate-id @a@ `a` is defined twice"],
    );
    bad("roles.yaml", "a:\n  title: A\na:\n  title: B\n", &["data-duplicate-id @a@ `a` is defined twice"]);
    bad(
        "roles.toml",
        "[a]\ntitle = \"A\"\ntitle = \"B\"\n",
        &["key-duplicate @title@ `title` is given twice"],
    );
    bad(
        "roles.toml",
        "title = \"Nurse\"\n",
        &["data-type @\"Nurse\"@ `title` takes a group of keys, not text"],
    );
    let role = |keys: &str| format!("[a]\ntitle = \"A\"\n{keys}\n");
    let cases = [
        ("soc = \"web\"", "data-type @\"web\"@ `web` is not an occupation's code"),
        ("soc_match = \"exact\"", "data-type @soc_match@ `soc_match` without `soc`"),
        ("soc = \"1\"\nsoc_match = \"exactly\"", "data-type @\"exactly\"@ `soc_match` cannot be `exactly`"),
        ("hours = 40", "data-type @40@ `hours` takes a group of keys, not a number"),
        ("hours = { min = 40, max = 37.5 }", "data-type @{ min = 40, max = 37.5 }@ from 40 to 37.5 hours"),
        ("hours = { mim = 40 }", "data-unknown-key @mim@ unknown key `mim`"),
        ("hours = { min = \"37,5\" }", "data-type @\"37,5\"@ `min` must be a number, found `37,5`"),
        ("hours = { min = -1.5 }", "data-type @-1.5@ `min` cannot be -1.5"),
        ("skills = [{ level = 3 }]", "data-type @{ level = 3 }@ a skill has no `id`"),
        ("skills = [{ id = \"x\", level = 6 }]", "data-type @6@ `level` cannot be 6"),
        ("skills = [{ id = \"x\", kind = \"tools\" }]", "data-type @\"tools\"@ `kind` cannot be `tools`"),
        ("skills = [{ id = \"x\" }, { id = \"x\" }]", "data-duplicate-id @\"x\"@ `x` is defined twice"),
        ("skills = [\"sql\"]", "data-type @\"sql\"@ `skills` takes a group of keys, not text"),
        ("interests = \"IRX\"", "data-type @\"IRX\"@ `IRX` is not an interest code"),
        ("interests = \"II\"", "data-type @\"II\"@ `II` is not an interest code"),
    ];
    for (keys, expected) in cases {
        bad("roles.toml", &role(keys), &[expected]);
    }
    assert_eq!(help("roles.toml", &role("similer = [\"b\"]")), "did you mean `similar`?");
}

#[test]
fn figures_from_a_sheet_and_from_tables_are_alike() {
    let sheet = figures(
        "salaries.csv",
        &rows(
            "nurse,US,USD,hour,p90,all,43.72,>=,bls,2024-05,2026-02-27,1200\n\"nurse\",US,USD,year,mean,,90930,,bls,2024-05-31,,\n",
        ),
    );
    let tables = figures(
        "salaries.toml",
        r#"[[salary]]
role = "nurse"
place = "US"
currency = "USD"
period = "hour"
statistic = "p90"
value = 43.72
op = ">="
source = "bls"
as_of = "2024-05"
retrieved = 2026-02-27
sample = 1200
"#,
    );
    assert_eq!(sheet[0].value, tables[0].value);
    assert_eq!((sheet[0].value.units, sheet[0].value.scale), (4372, 2));
    assert_eq!(
        (sheet[0].as_of, sheet[0].retrieved, sheet[0].sample),
        (tables[0].as_of, tables[0].retrieved, Some(1200))
    );
    assert_eq!(sheet[0].as_of.date.to_string(), "2024-05-31");
    assert_eq!(
        (sheet[0].period, sheet[0].statistic, sheet[0].op),
        (Period::Hour, Statistic::P90, Op::AtLeast)
    );
    assert_eq!(
        (sheet[1].level.as_str(), sheet[1].op, sheet[1].as_of.precision),
        ("all", Op::Equal, Precision::Day)
    );
    assert_eq!((sheet[1].role.value.as_str(), sheet[1].sample), ("nurse", None));
}

#[test]
fn bad_cells_are_pointed_at() {
    let row = "nurse,US,USD,year,median,all,90930,=,bls,2024-05,2026-02-27,12";
    let with = |old: &str, new: &str| rows(&format!("{row}\n{}\n", row.replacen(old, new, 1)));
    let cases = [
        ("90930", "\"90,930\"", "data-type @90,930@ `value` must be a number, found `90,930`"),
        ("90930", "$90930", "data-type @$90930@ `value` must be a number, found `$90930`"),
        (
            "90930",
            "See How to Become One",
            "data-type @See How to Become One@ `value` must be a number, found `See How to Become One`",
        ),
        ("90930", "-5", "data-type @-5@ `value` cannot be -5"),
        (
            "90930",
            "90930.125",
            "data-type @90930.125@ `90930.125` has more digits after the point than USD has",
        ),
        ("USD", "USDD", "data-type @USDD@ `USDD` is not a currency we know"),
        ("year", "yearly", "data-type @yearly@ `period` cannot be `yearly`"),
        ("median", "average", "data-type @average@ `statistic` cannot be `average`"),
        (",=,", ",<=,", "data-type @<=@ `op` cannot be `<=`"),
        ("2024-05", "2024-13", "data-type @2024-13@ `2024-13` is not a date"),
        ("2026-02-27", "27.02.2026", "data-type @27.02.2026@ `27.02.2026` is not a date"),
        (",12", ",many", "data-type @many@ `sample` takes a whole number, not text"),
        ("US,", "the US,", "data-type @the US@ `the US` cannot be a place"),
    ];
    for (old, new, expected) in cases {
        bad("salaries.csv", &with(old, new), &[expected]);
    }
    let whole = |old: &str, new: &str| row.replacen(old, new, 1);
    bad(
        "salaries.csv",
        &with("2024-05", ""),
        &[&format!("salary-undated @{}@ this figure has no date", whole("2024-05", ""))],
    );
    bad(
        "salaries.csv",
        &with("bls", ""),
        &[&format!("salary-no-source @{}@ this figure has no source", whole("bls", ""))],
    );
    bad(
        "salaries.csv",
        &with("nurse", ""),
        &[&format!("data-type @{}@ this figure has no `role`", whole("nurse", ""))],
    );
    bad(
        "salaries.csv",
        &rows("nurse,US\n"),
        &["data-type @nurse,US@ this row has 2 cells, the header has 12"],
    );
    assert_eq!(
        help("salaries.csv", &with("90930", "\"90,930\"")),
        "write the bare number, such as `90930`; the page's language decides how it is shown"
    );
}

#[test]
fn bad_headers_are_told_once() {
    let text = rows("a,US,USD,year,mean,all,1,=,b,2024-05,,\na,GB,GBP,year,mean,all,1,=,b,2024-05,,\n");
    let text = text.replace("sample", "sampel");
    bad("salaries.csv", &text, &["data-unknown-key @sampel@ unknown key `sampel`"]);
    assert_eq!(help("salaries.csv", &text), "did you mean `sample`?");
    let text = "role,place,currency,period,statistic,value,source\na,US,USD,year,mean,1,b\n";
    bad(
        "salaries.csv",
        text,
        &["salary-undated @role,place,currency,period,statistic,value,source@ there is no column `as_of`"],
    );
    bad("salaries.toml", "[[salery]]\nrole = \"a\"\n", &["data-unknown-key @salery@ unknown key `salery`"]);
    good("salaries.csv", "");
    good("salaries.csv", HEADER);
}

#[test]
fn bad_outlooks() {
    let outlook = |keys: &str| format!("[nurse.US]\nsource = \"bls\"\n{keys}\n");
    good(
        "outlook.toml",
        &outlook(
            "jobs = 331500\nbase_year = 2024\nprojected = 317700\ntarget_year = 2034\npercent = -4.5\nchange = -13800",
        ),
    );
    let cases = [
        ("percent = 8\nchange = -6500", "data-type @change@ `change` is -6500, but `percent` is 8"),
        (
            "base_year = 2034\ntarget_year = 2024",
            "data-type @target_year@ `target_year` 2024 is not after `base_year` 2034",
        ),
        ("jobs = \"86,000\"", "data-type @\"86,000\"@ `jobs` takes a whole number, not text"),
        ("jobs = -1", "data-type @-1@ `jobs` cannot be -1"),
        ("percent = \"8%\"", "data-type @\"8%\"@ `percent` must be a number, found `8%`"),
        ("openings = 5", "data-unknown-key @openings@ unknown key `openings`"),
    ];
    for (keys, expected) in cases {
        bad("outlook.toml", &outlook(keys), &[expected]);
    }
    bad("outlook.toml", "[nurse]\njobs = 5\n", &["data-type @5@ `jobs` takes a group of keys, not a number"]);
    bad(
        "outlook.toml",
        "[nurse.US]\njobs = 5\n",
        &["data-type @US@ the outlook of `nurse` in `US` has no `source`"],
    );
}

#[test]
fn bad_records_of_the_other_kinds() {
    let cases = [
        (
            "sources.toml",
            "title = \"T\"\nurl = \"www.bls.gov\"",
            "data-type @\"www.bls.gov\"@ `www.bls.gov` is not a full web address",
        ),
        (
            "sources.toml",
            "title = \"T\"\nurl = \"javascript:alert(1)\"",
            "data-type @\"javascript:alert(1)\"@ `javascript:alert(1)` is not a full web address",
        ),
        (
            "sources.toml",
            "title = \"T\"\npublished = 2025-02-30",
            "data-type @2025-02-30@ `2025-02-30` is not a date",
        ),
        (
            "sources.toml",
            "title = \"T\"\nvolatility = \"year\"",
            "data-type @\"year\"@ `volatility` cannot be `year`",
        ),
        (
            "sources.toml",
            "title = \"T\"\nlicense = \"MIT\"",
            "data-unknown-key @license@ unknown key `license`",
        ),
        ("sources.toml", "url = \"https://example.org\"", "data-type @x@ source `x` has no `title`"),
        ("authors.toml", "name = \"N\"\nkind = \"teem\"", "data-type @\"teem\"@ `kind` cannot be `teem`"),
        (
            "authors.toml",
            "name = \"N\"\nsame_as = [\"@nurse\"]",
            "data-type @\"@nurse\"@ `@nurse` is not a full web address",
        ),
        ("authors.toml", "name = \"\"", "data-type @\"\"@ `name` is empty"),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\nprice = { amount = 5, currency = \"US\" }",
            "data-type @\"US\"@ `US` is not a currency we know",
        ),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\nprice = { amount = 5 }",
            "data-type @{ amount = 5 }@ `price` has no `currency`",
        ),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\nduration = \"3 months\"",
            "data-type @\"3 months\"@ `3 months` is not a length of time",
        ),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\neffort = \"PT1H/hour\"",
            "data-type @\"PT1H/hour\"@ `PT1H/hour` is not a length of time",
        ),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\nstarts = 2026-09-01\nends = 2026-08-01",
            "data-type @ends@ it ends on 2026-08-01, before it starts on 2026-09-01",
        ),
        (
            "courses.toml",
            "title = \"T\"\nurl = \"https://x.org\"\nrelation = \"afiliate\"",
            "data-type @\"afiliate\"@ `relation` cannot be `afiliate`",
        ),
        ("promos.toml", "title = \"T\"", "data-type @x@ promo `x` has no `cta`"),
        (
            "promos.toml",
            "title = \"T\"\ncta = { label = \"Go\", href = \"javascript:x\" }",
            "data-type @\"javascript:x\"@ `javascript:x` leads nowhere",
        ),
        (
            "promos.toml",
            "title = \"T\"\ncta = { label = \"Go\", href = \"//evil.example\" }",
            "data-type @\"//evil.example\"@ `//evil.example` leads nowhere",
        ),
        (
            "promos.toml",
            "title = \"T\"\ncta = { label = \"Go\", href = \"/x/\" }\nslots = [\"top\"]",
            "data-type @\"top\"@ `slots` cannot be `top`",
        ),
        ("glossary.toml", "term = \"API\"", "data-type @x@ term `x` has no `text`"),
        ("images.toml", "file = \"a.jpg\"", "data-type @x@ image `x` has no `alt`"),
        (
            "images.toml",
            "file = \"../a.jpg\"\nalt = \"\"",
            "data-type @\"../a.jpg\"@ `../a.jpg` is not a file below `static/`",
        ),
        (
            "images.toml",
            "file = \"a.jpg\"\nalt = \"A\"\nfocus = \"50% 130%\"",
            "data-type @\"50% 130%\"@ `50% 130%` is not a point of a picture",
        ),
    ];
    for (file, keys, expected) in cases {
        bad(file, &format!("[x]\n{keys}\n"), &[expected]);
    }
}

#[test]
fn records_of_the_other_kinds() {
    let Records::Courses(courses) = good(
        "courses.toml",
        "[a]\ntitle = \"A\"\nurl = \"https://x.org\"\nprice = { amount = 12.50, currency = \"USD\" }\n\
         duration = \"P3M\"\neffort = \"PT1H/day\"\nrelation = \"affiliate\"\nstarts = 2026-09-01\nends = 2026-09-01\n",
    ) else {
        panic!()
    };
    assert_eq!(courses[0].price.as_ref().unwrap().amount.to_string(), "12.50");
    assert_eq!(courses[0].effort.unwrap().per, Some(Per::Day));
    assert!(courses[0].relation.is_commercial());
    let Records::Promos(promos) = good(
        "promos.toml",
        "[a]\ntitle = \"A\"\ncta = { label = \"Go\", href = \"@quiz/a\" }\nslots = [\"end\", \"start\", \"end\"]\n\
         starts = 2026-01-01\nends = 2026-01-31\n",
    ) else {
        panic!()
    };
    assert_eq!(promos[0].slots, [Slot::Start, Slot::End]);
    let open = |day| promos[0].is_open(jiff::civil::date(2026, 1, day));
    assert!(open(1) && open(31) && !promos[0].is_open(jiff::civil::date(2026, 2, 1)));
    let Records::Images(images) =
        good("images.toml", "[a]\nfile = \"img/a.jpg\"\nalt = \"\"\nfocus = \"50% 30%\"\n")
    else {
        panic!()
    };
    assert_eq!((images[0].alt.as_str(), images[0].focus), ("", Some(Focus { x: 50, y: 30 })));
    let Records::Custom(custom) = good("custom/pay-bands.csv", "band,pay\nA,1.5\n") else { panic!() };
    assert_eq!(
        (custom.name.as_str(), custom.value.to_string().as_str()),
        ("pay-bands", r#"[{"band":"A","pay":1.5}]"#)
    );
    let Records::Custom(custom) = good("custom/x.json", r#"{"a": [1, {"b": null}]}"#) else { panic!() };
    assert_eq!(custom.value.to_string(), r#"{"a":[1,{"b":null}]}"#);
}

/// A score quiz of two questions for `a`, `b`; `{}` are further keys of the file, and the points of its answers.
fn score(keys: &str, answers: [&str; 4]) -> String {
    let [one, two, three, four] = answers.map(|keys| format!("[[question.answer]]\ntext = \"T\"\n{keys}\n"));
    format!(
        "title = \"Q\"\n{keys}\n[[question]]\nid = \"one\"\ntext = \"One?\"\n{one}{two}\
         [[question]]\nid = \"two\"\ntext = \"Two?\"\n{three}{four}\
         [[outcome]]\nid = \"a\"\ntitle = \"A\"\n[[outcome]]\nid = \"b\"\ntitle = \"B\"\n"
    )
}

#[test]
fn score_quizzes_are_proved() {
    let order = "tie_break = [\"b\", \"a\"]";
    let (a, b) = ("points = { a = 1 }", "points = { b = 1 }");
    let Records::Quiz(quiz) = good("quizzes/q.toml", &score(order, [a, b, a, b])) else { panic!() };
    assert_eq!(
        (quiz.id.as_str(), quiz.mode, quiz.tie_break.as_slice()),
        ("q", Mode::Score, [1, 0].as_slice())
    );
    // Where TOML puts a last line.
    let Records::Quiz(late) = good("quizzes/q.toml", &format!("{}{order}\n", score("", [a, b, a, b]))) else {
        panic!()
    };
    assert_eq!(late.tie_break, [1, 0]);
    good("quizzes/q.toml", &score(order, [a, b, a, "neutral = true"]));

    bad(
        "quizzes/q.toml",
        &score("", [a, b, a, b]),
        &["quiz-tie @\"b\"@ `a` and `b` can end with the same points"],
    );
    bad(
        "quizzes/q.toml",
        &score("tie_break = [\"a\"]", [a, b, a, b]),
        &["quiz-tie @\"b\"@ `a` and `b` can end with the same points"],
    );
    // No tie is possible: no rule is needed.
    good("quizzes/q.toml", &score("", [a, b, "points = { a = 2 }", "points = { b = 2 }"]));
    bad(
        "quizzes/q.toml",
        &score(order, [a, "points = { a = 1, b = 0 }", a, "points = { a = 2 }"]),
        &["quiz-unreachable @\"b\"@ the outcome `b` can never be reached"],
    );
    // Every tie of theirs goes to `a`.
    bad(
        "quizzes/q.toml",
        &score("tie_break = [\"a\", \"b\"]", [a, b, a, a]),
        &["quiz-unreachable @\"b\"@ the outcome `b` can never be reached"],
    );
    let dead = parsed("quizzes/q.toml", &score(order, [a, b, a, "points = { b = 0 }"]));
    assert_eq!(dead.diagnostics.len(), 1);
    assert_eq!(
        (dead.diagnostics[0].code, dead.diagnostics[0].severity),
        (Code::QuizDeadAnswer, Severity::Warning)
    );
    bad(
        "quizzes/q.toml",
        &score(order, [a, b, a, "points = { bb = 1, b = 1 }"]),
        &["data-unknown-id @bb@ there is no outcome `bb`"],
    );
    bad(
        "quizzes/q.toml",
        &score("tie_break = [\"b\", \"a\", \"c\"]", [a, b, a, b]),
        &["data-unknown-id @\"c\"@ there is no outcome `c`"],
    );
    bad(
        "quizzes/q.toml",
        &score(order, [a, b, a, "points = { b = 1 }\nnext = \"one\""]),
        &["data-type @next@ `next` does nothing in the mode `score`"],
    );
    bad(
        "quizzes/q.toml",
        &score(order, [a, b, a, "points = { b = 1 }"]).replace("\"two\"", "\"one\""),
        &["data-duplicate-id @\"one\"@ `one` is defined twice"],
    );
}

#[test]
fn branching_quizzes_are_proved() {
    let quiz = |answers: [&str; 4]| score("mode = \"branch\"", answers);
    let (a, b, two) = ("outcome = \"a\"", "outcome = \"b\"", "next = \"two\"");
    good("quizzes/q.toml", &quiz([a, two, a, b]));
    bad(
        "quizzes/q.toml",
        &quiz([a, b, a, b]),
        &["quiz-unreachable @\"two\"@ the question `two` can never be reached"],
    );
    bad(
        "quizzes/q.toml",
        &quiz([a, two, a, a]),
        &["quiz-unreachable @\"b\"@ the outcome `b` can never be reached"],
    );
    bad(
        "quizzes/q.toml",
        &quiz([a, two, b, "next = \"one\""]),
        &["quiz-cycle @\"one\"@ these questions go round in a circle: one -> two -> one"],
    );
    bad(
        "quizzes/q.toml",
        &quiz([a, two, b, "next = \"tow\""]),
        &["data-unknown-id @\"tow\"@ there is no question `tow`"],
    );
    bad(
        "quizzes/q.toml",
        &quiz([a, two, b, "outcome = \"bb\""]),
        &["data-unknown-id @\"bb\"@ there is no outcome `bb`"],
    );
    let both = parsed("quizzes/q.toml", &quiz([a, two, b, "next = \"two\"\noutcome = \"a\""]));
    assert!(
        both.diagnostics.iter().any(|found| found.message == "this answer has both `next` and `outcome`")
    );
    let none = parsed("quizzes/q.toml", &quiz([a, two, b, ""]));
    assert!(none.diagnostics.iter().any(|found| found.message == "this answer leads nowhere"));
    bad(
        "quizzes/q.toml",
        &quiz([a, two, b, "outcome = \"a\"\npoints = { a = 1 }"]),
        &["data-type @points@ `points` does nothing in the mode `branch`"],
    );
}

#[test]
fn a_quiz_with_too_many_results_says_so() {
    use std::fmt::Write as _;
    let mut text = "title = \"Q\"\ntie_break = [\"a\", \"b\", \"c\"]\n".to_owned();
    for question in 0..20 {
        write!(text, "[[question]]\nid = \"q{question}\"\ntext = \"Q\"\n").unwrap();
        for outcome in ["a", "b", "c"] {
            let points = 1 + question * question;
            write!(text, "[[question.answer]]\ntext = \"T\"\npoints = {{ {outcome} = {points} }}\n").unwrap();
        }
    }
    for outcome in ["a", "b", "c"] {
        write!(text, "[[outcome]]\nid = \"{outcome}\"\ntitle = \"O\"\n").unwrap();
    }
    let document = parsed("quizzes/q.toml", &text);
    assert_eq!(document.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::QuizTooLarge]);
}

#[test]
fn pathways_are_proved() {
    let path = |steps: &[(&str, &str)]| {
        let step = |(id, keys): &(&str, &str)| format!("[[step]]\nid = \"{id}\"\ntitle = \"T\"\n{keys}\n");
        format!("title = \"P\"\n{}", steps.iter().map(step).collect::<String>())
    };
    let text = path(&[
        ("d", "after = [\"b\", \"c\"]"),
        ("a", "weeks = 2"),
        ("b", "after = [\"a\"]"),
        ("c", "after = [\"a\"]\noptional = true"),
    ]);
    let Records::Pathway(pathway) = good("paths/p.toml", &text) else { panic!() };
    assert_eq!(pathway.layers, [vec![1], vec![2, 3], vec![0]]);
    assert_eq!(pathway.steps[0].waits_for, [2, 3]);
    assert!(pathway.steps[3].is_optional);

    bad(
        "paths/p.toml",
        &path(&[("a", "after = [\"bb\"]"), ("b", "")]),
        &["data-unknown-id @\"bb\"@ there is no step `bb`"],
    );
    bad(
        "paths/p.toml",
        &path(&[
            ("sql", "after = [\"db\"]"),
            ("db", "after = [\"sql\"]"),
            ("x", "after = [\"db\"]"),
            ("y", ""),
        ]),
        &[
            "path-cycle @\"db\"@ these steps wait for each other: sql -> db -> sql",
            "path-unreachable @\"x\"@ the step `x` never becomes available",
        ],
    );
    bad(
        "paths/p.toml",
        &path(&[("a", "after = [\"a\"]")]),
        &["path-cycle @\"a\"@ these steps wait for each other: a -> a"],
    );
    bad("paths/p.toml", &path(&[("a", ""), ("a", "")]), &["data-duplicate-id @\"a\"@ `a` is defined twice"]);
    bad(
        "paths/p.toml",
        &path(&[("a", "resources = [{ course = \"c\", title = \"T\" }]")]),
        &["data-type @\"T\"@ `title` beside `course`"],
    );
    bad(
        "paths/p.toml",
        &path(&[("a", "resources = [{ title = \"T\", url = \"x\" }]")]),
        &["data-type @\"x\"@ `x` is not a full web address"],
    );
    // One mistake in the syntax is not many in the meaning.
    bad(
        "paths/p.toml",
        &path(&[("a", "after = [\"b\"]"), ("b", "weeks = ")]),
        &["data-type @ @ a value is missing after `=`"],
    );
}

/// The seven awkward cases of published occupational data.
#[test]
fn awkward_cases_survive() {
    // Negative growth.
    let Records::Outlook(outlook) =
        good("outlook.toml", "[programmer.US]\npercent = -6\nchange = -7200\nsource = \"bls\"\n")
    else {
        panic!()
    };
    assert_eq!((outlook[0].percent.unwrap().to_string(), outlook[0].change), ("-6".to_owned(), Some(-7200)));
    // Two occupations that share a profile, no single code, and words instead of a value.
    let Records::Roles(roles) = good(
        "roles.yaml",
        "web-developer: { title: Web developer, soc: 15-1254 }\nweb-designer: { title: Web designer, soc: 15-1255 }\n\
         web: { title: Web developers and designers, soc: [15-1254, 15-1255], covers: [web-developer, web-designer] }\n\
         military: { title: Military careers, education: See how to become one }\n",
    ) else {
        panic!()
    };
    assert_eq!((roles[2].soc.len(), roles[2].covers.len()), (2, 2));
    assert_eq!((roles[3].soc.len(), roles[3].education.as_deref()), (0, Some("See how to become one")));
    // No wage: the row is left out, and says so when it is not.
    let row = rows("actor,US,USD,year,median,all,,=,bls,2024-05,,\n");
    bad(
        "salaries.csv",
        &row,
        &["data-type @actor,US,USD,year,median,all,,=,bls,2024-05,,@ this figure has no `value`"],
    );
    // Capped wages, and hourly beside yearly.
    let figures = figures(
        "salaries.csv",
        &rows(
            "surgeon,US,USD,year,median,all,239200,>=,bls,2024-05,,\nsurgeon,US,USD,hour,median,all,115.00,>=,bls,2024-05,,\n",
        ),
    );
    assert!(figures[0].is_capped());
    assert_eq!((figures[1].period, figures[1].value.to_string().as_str()), (Period::Hour, "115.00"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn random_bytes_never_panic(file in 0_usize..SHAPES.len(), suffix in 0_usize..4, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        try_parse(file, suffix, &bytes);
    }

    #[test]
    fn random_records_never_panic(
        file in 0_usize..SHAPES.len(),
        suffix in 0_usize..4,
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..40),
    ) {
        try_parse(file, suffix, parts.concat().as_bytes());
    }
}

/// What data files are made of, for putting together at random.
const PARTS: &[&str] = &[
    "[a]\n",
    "[b.US]\n",
    "[[step]]\n",
    "[[question]]\n",
    "[[question.answer]]\n",
    "[[outcome]]\n",
    "[[salary]]\n",
    "id = \"a\"\n",
    "title = \"T\"\n",
    "after = [\"a\"]\n",
    "points = { a = 1 }\n",
    "next = \"a\"\n",
    "outcome = \"a\"\n",
    "mode = \"branch\"\n",
    "value = 1e400\n",
    "value = 0x1F\n",
    "hours = { min = 1 }\n",
    "skills = [1, {}]\n",
    "a:\n",
    "  b: 1\n",
    "- ",
    "role,value\n",
    "\"",
    ",",
    "\n",
    "é",
    "[",
    "{",
    "=",
    ": ",
    "&a ",
    "*a",
    "2026-13-40",
    "tie_break = [\"a\", \"a\"]\n",
];

fn try_parse(file: usize, suffix: usize, bytes: &[u8]) {
    let suffix = ["toml", "yaml", "csv", "json"][suffix];
    let path = match SHAPES[file].place {
        Place::File => format!("{FOLDER}{}.{suffix}", SHAPES[file].name),
        Place::Folder => format!("{FOLDER}{}/a.{suffix}", SHAPES[file].name),
    };
    let document = parse(&Arc::from(path), bytes);
    for found in &document.diagnostics {
        let span = found.location.span.unwrap_or_default();
        assert!(span.start <= span.end && span.end as usize <= bytes.len(), "{found:?}");
    }
}
