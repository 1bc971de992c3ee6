//! Files together: what refers to what, and what is looked up.

use jiff::civil::date;

use super::*;
use crate::parse::data::{self, Period, Statistic};

fn facts(files: &[(&str, &str)]) -> (Facts, Vec<String>) {
    let parse = |(file, text): &(&str, &str)| {
        let document = data::parse(&Arc::from(format!("content/data/{file}")), text.as_bytes());
        Arc::new(document)
    };
    let documents: Vec<_> = files.iter().map(parse).collect();
    let (facts, mut found) = Facts::link(&documents);
    crate::diagnostic::sort(&mut found);
    let tell = |found: &Diagnostic| {
        let (_, text) = files.iter().find(|(file, _)| found.location.path.ends_with(file)).unwrap();
        let at = found.location.span.map_or("", |span| &text[span.start as usize..span.end as usize]);
        let help = found.help.as_deref().unwrap_or_default();
        format!("{} {} @{at}@ {} ({help})", found.code.id(), found.location.path, found.message)
    };
    let told = found.iter().map(tell).collect();
    (facts, told)
}

#[track_caller]
fn bad(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(facts(files).1, expected);
}

const ROLES: (&str, &str) = ("roles.toml", "[nurse]\ntitle = \"Nurse\"\n[doctor]\ntitle = \"Doctor\"\n");
const SOURCES: (&str, &str) = (
    "sources.toml",
    "[bls]\ntitle = \"BLS\"\npublished = 2025-08-28\nmax_age_days = 540\n[board]\ntitle = \"Board\"\n",
);
const HEADER: &str = "role,place,currency,period,statistic,level,value,op,source,as_of\n";

#[test]
fn ids_are_unique_across_files() {
    let (facts, told) = facts(&[ROLES, ("roles.yaml", "nurse:\n  title: Nurse again\n")]);
    assert_eq!(
        told,
        [
            "data-duplicate-id content/data/roles.yaml @nurse@ `nurse` is defined in `content/data/roles.toml` as well \
         (give one of the two another id, or remove it)",
        ]
    );
    assert_eq!(
        (facts.roles["nurse"].title.as_str(), &*facts.roles["nurse"].path),
        ("Nurse", "content/data/roles.toml")
    );
    bad(
        &[("custom/a.toml", "x = 1\n"), ("custom/a.yaml", "x: 1\n")],
        &[
            "data-duplicate-id content/data/custom/a.yaml @@ `a` is defined in `content/data/custom/a.toml` as well \
         (give one of the two another id, or remove it)",
        ],
    );
}

#[test]
fn references_are_checked() {
    let row = format!("{HEADER}nurs,US,USD,year,mean,all,1,=,bsl,2024-05\n");
    bad(
        &[ROLES, ("salaries.csv", &row), SOURCES],
        &[
            "role-unknown content/data/salaries.csv @nurs@ there is no role `nurs` (did you mean `nurse`?)",
            "data-unknown-id content/data/salaries.csv @bsl@ there is no source `bsl` (did you mean `bls`?)",
        ],
    );
    bad(
        &[("outlook.toml", "[nurze.US]\nsource = \"bls\"\n[nurze.GB]\nsource = \"ons\"\n"), ROLES, SOURCES],
        &[
            "role-unknown content/data/outlook.toml @nurze@ there is no role `nurze` (did you mean `nurse`?)",
            "data-unknown-id content/data/outlook.toml @\"ons\"@ there is no source `ons` (add it to the `sources` file, or remove it here)",
        ],
    );
    bad(
        &[(
            "roles.toml",
            "[a]\ntitle = \"A\"\nsimilar = [\"b\"]\nprogression = [\"a\", \"chief\"]\ncovers = [\"c\"]\n",
        )],
        &[
            "role-unknown content/data/roles.toml @\"b\"@ there is no role `b` (did you mean `a`?)",
            "role-unknown content/data/roles.toml @\"chief\"@ there is no role `chief` (add it to the `roles` file, or remove it here)",
            "role-unknown content/data/roles.toml @\"c\"@ there is no role `c` (did you mean `a`?)",
        ],
    );
    let promo = |id: &str, fallback: &str| {
        format!(
            "[{id}]\ntitle = \"T\"\ncta = {{ label = \"Go\", href = \"/\" }}\nfallback = \"{fallback}\"\n"
        )
    };
    bad(
        &[("promos.toml", &promo("quiz", "news"))],
        &[
            "data-unknown-id content/data/promos.toml @\"news\"@ there is no promo `news` (add it to the `promos` file, or remove it here)",
        ],
    );
    bad(
        &[("promos.toml", &(promo("a", "b") + &promo("b", "a")))],
        &[
            "data-type content/data/promos.toml @\"b\"@ these promos stand in for each other: a -> b -> a (remove one `fallback`)",
        ],
    );
    bad(
        &[(
            "authors.toml",
            "[a]\nname = \"A\"\nphoto = \"portrait\"\n[b]\nname = \"B\"\nphoto = \"img/b.jpg\"\n",
        )],
        &[
            "data-unknown-id content/data/authors.toml @\"portrait\"@ there is no image `portrait` (add it to the `images` file, or remove it here)",
        ],
    );
    let path = "title = \"P\"\nrole = \"nurse\"\n[[step]]\nid = \"a\"\ntitle = \"A\"\nresources = [{ course = \"first-aid\" }]\n";
    bad(
        &[("paths/p.toml", path), ROLES],
        &[
            "data-unknown-id content/data/paths/p.toml @\"first-aid\"@ there is no course `first-aid` (add it to the `courses` file, or remove it here)",
        ],
    );
    let quiz = "title = \"Q\"\nmode = \"branch\"\n[[question]]\nid = \"q\"\ntext = \"Q?\"\n[[question.answer]]\ntext = \"A\"\noutcome = \"o\"\n\
                [[outcome]]\nid = \"o\"\ntitle = \"O\"\nrole = \"nusre\"\n";
    bad(
        &[("quizzes/q.toml", quiz), ROLES],
        &[
            "role-unknown content/data/quizzes/q.toml @\"nusre\"@ there is no role `nusre` (did you mean `nurse`?)",
        ],
    );
    bad(
        &[(
            "glossary.toml",
            "[api]\nterm = \"API\"\ntext = \"T\"\n[apis]\nterm = \"apis\"\ntext = \"T\"\nalso = [\"Api\"]\n",
        )],
        &[
            "data-duplicate-id content/data/glossary.toml @\"Api\"@ `Api` is explained twice (remove one of the two)",
        ],
    );
}

#[test]
fn what_stands_in_an_unread_part_is_not_missing() {
    let row = format!("{HEADER}doctor,US,USD,year,mean,all,1,=,bls,2024-05\n");
    bad(
        &[("roles.yaml", "nurse:\n  title: Nurse\ndoctor:\n  title: [\n"), ("salaries.csv", &row), SOURCES],
        &[],
    );
    // A record with a mistake is still a record.
    bad(&[("roles.toml", "[doctor]\ntitel = \"Doctor\"\n"), ("salaries.csv", &row), SOURCES], &[]);
}

#[test]
fn pay_is_never_mixed() {
    let sheet = format!(
        "{HEADER}nurse,US,USD,hour,median,all,43.72,=,bls,2024-05\n\
         nurse,US,USD,year,median,all,90930,=,bls,2024-05\n\
         nurse,US,USD,year,median,all,88000,=,bls,2023-05\n\
         nurse,US,USD,year,p90,all,239200,>=,bls,2024-05\n\
         nurse,US,USD,year,mean,all,95000,=,board,2024-06\n\
         nurse,US,USD,year,mean,senior,120000,=,board,2024-06\n\
         doctor,US,USD,hour,mean,all,100.5,=,bls,2024-05\n"
    );
    let (facts, told) = facts(&[ROLES, ("salaries.csv", &sheet), SOURCES]);
    assert!(told.is_empty(), "{told:?}");
    let value = |role, place, statistic, level| {
        facts.salary(role, place, statistic, level).map(|figure| figure.value.to_string())
    };
    assert_eq!(value("nurse", "US", Statistic::Median, "all").as_deref(), Some("90930"));
    assert_eq!(value("nurse", "US", Statistic::Mean, "senior").as_deref(), Some("120000"));
    assert_eq!(value("nurse", "US", Statistic::P10, "all"), None);
    assert_eq!(value("nurse", "US", Statistic::Median, "senior"), None);
    assert_eq!(value("nurse", "GB", Statistic::Median, "all"), None);
    assert_eq!(value("doctor", "US", Statistic::Mean, "all").as_deref(), Some("100.5"));
    assert_eq!(value("doctor", "US", Statistic::Median, "all"), None);
    let hourly = facts.salary_per(Period::Hour, "nurse", "US", Statistic::Median, "all").unwrap();
    assert_eq!(hourly.value.to_string(), "43.72");
    let sets: Vec<_> = facts
        .figures("nurse", "US")
        .into_iter()
        .map(|set| {
            let names: Vec<_> = set.figures.keys().map(|statistic| statistic.word()).collect();
            format!(
                "{} {} {} {}: {}",
                set.period.word(),
                set.level,
                set.source,
                set.as_of.datetime(),
                names.join(" ")
            )
        })
        .collect();
    assert_eq!(
        sets,
        [
            "year all board 2024-06: mean",
            "year all bls 2024-05: median p90",
            "year all bls 2023-05: median",
            "year senior board 2024-06: mean",
            "hour all bls 2024-05: median",
        ]
    );
    assert_eq!(facts.salary_places("nurse").collect::<Vec<_>>(), ["US"]);
    let median = facts.salary("nurse", "US", Statistic::Median, "all").unwrap();
    assert_eq!(facts.age(median, date(2026, 8, 28)), Age { days: 365, limit: Some(540) });
    // Without a date of publication, from the end of the month it is of.
    let mean = facts.salary("nurse", "US", Statistic::Mean, "all").unwrap();
    assert_eq!(facts.age(mean, date(2024, 7, 1)), Age { days: 1, limit: None });
}

#[test]
fn one_number_said_twice_is_an_error() {
    let sheet = format!(
        "{HEADER}nurse,US,USD,year,median,all,90930,=,bls,2024-05\nnurse,US,USD,year,median,all,91000,=,board,2024-05\n"
    );
    let (facts, told) = facts(&[ROLES, ("salaries.csv", &sheet), SOURCES]);
    assert_eq!(
        told,
        ["data-duplicate-id content/data/salaries.csv @nurse,US,USD,year,median,all,91000,=,board,2024-05@ \
         a second median per year for `nurse` in `US`, as of 2024-05 (keep one of the two, or give them different levels)",]
    );
    assert_eq!(facts.salaries.iter().count(), 1);
}
