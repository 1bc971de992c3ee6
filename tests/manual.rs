//! The manual's reference tables are made from the tables that the program itself obeys, and what its
//! examples show is made from their own lines.
//!
//! `UPDATE=1` writes the tables; one that has drifted fails.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use guidepost::assemble::call::spec::{Kind, Label, Place, SPECS};
use guidepost::assemble::format::FILTERS;
use guidepost::cli;
use guidepost::config;
use guidepost::config::theme::{self, OptionKind, Setting, ThemeOption};
use guidepost::parse::data::Statistic;
use guidepost::parse::directive::Form;
use guidepost::parse::{self, front_matter};

#[test]
fn the_settings_page_lists_every_key() {
    let mut table = String::from("| Key | Does | Takes | Default |\n| --- | --- | --- | --- |\n");
    for key in config::KEYS {
        let default = if key.default.is_empty() { String::new() } else { format!("`{}`", key.default) };
        let _ = writeln!(table, "| `{}` | {} | {} | {} |", key.path, key.summary, key.takes, default);
    }
    check("content/docs/configuration.md", &table);
}

#[test]
fn the_page_on_commands_lists_every_command_and_option() {
    let mut program = cli::command();
    program.build();
    let mut text = String::from("## For every command\n\n");
    options(&mut text, program.get_arguments().filter(|one| one.is_global_set()));
    let mut open: Vec<clap::Command> = program.get_subcommands().cloned().collect();
    open.reverse();
    let mut commands = 0;
    while let Some(command) = open.pop() {
        if command.get_name() == "help" {
            continue;
        }
        let inner: Vec<_> =
            command.get_subcommands().filter(|one| one.get_name() != "help").cloned().collect();
        if inner.is_empty() {
            commands += 1;
            let usage = command.clone().render_usage().to_string();
            let usage = usage.trim_start_matches("Usage: ").replace(" [OPTIONS]", "");
            let about = command.get_about().expect("a command says what it does").to_string();
            let _ = writeln!(text, "\n## `{usage}`\n\n{about}.");
            let also: Vec<_> = command.get_visible_aliases().map(|name| format!("`{name}`")).collect();
            if !also.is_empty() {
                let _ = writeln!(text, "It may be called {}, too.", also.join(" or "));
            }
            text.push('\n');
            options(&mut text, command.get_arguments().filter(|one| !one.is_global_set()));
        }
        open.extend(inner.into_iter().rev());
    }
    assert!(commands > 12, "{commands}");
    check("content/docs/commands.md", &text);
}

/// A table of options, if there are any.
fn options<'a>(text: &mut String, options: impl Iterator<Item = &'a clap::Arg>) {
    let mut rows = String::new();
    for option in options.filter(|one| !["help", "version"].contains(&one.get_id().as_str())) {
        let names: Vec<String> = option
            .get_short()
            .map(|short| format!("`-{short}`"))
            .into_iter()
            .chain(option.get_long().map(|long| format!("`--{long}`")))
            .collect();
        let value = option.get_value_names().filter(|_| option.get_action().takes_values());
        let value = value.map(|names| names.join(" ")).unwrap_or_default();
        let written = match names.as_slice() {
            [] => format!("`{value}`"),
            names if value.is_empty() => names.join(", "),
            names => format!("{} `{value}`", names.join(", ")),
        };
        let help = option.get_help().expect("an option says what it does").to_string();
        let words: Vec<String> =
            option.get_possible_values().iter().map(|one| format!("`{}`", one.get_name())).collect();
        let words = if words.is_empty() || !option.get_action().takes_values() {
            String::new()
        } else {
            format!(": {}", words.join(", "))
        };
        let defaults: Vec<String> =
            option.get_default_values().iter().map(|one| format!("`{}`", one.to_string_lossy())).collect();
        let default = if defaults.is_empty() || words.contains("`false`") {
            String::new()
        } else {
            format!(" ({} by default)", defaults.join(" "))
        };
        let help = help.replace('|', "\\|");
        let _ = writeln!(rows, "| {written} | {help}{words}{default} |");
    }
    if !rows.is_empty() {
        let _ = write!(text, "| Option | Does |\n| --- | --- |\n{rows}");
    }
}

#[test]
fn the_page_on_the_look_lists_every_option_of_the_default_theme() {
    let (options, found) = theme::declared(&read("themes/default/theme.toml"), "theme.toml");
    assert_eq!(found, []);
    let mut table = String::from("| Key | Does | Takes | Default |\n| --- | --- | --- | --- |\n");
    for ThemeOption { name, kind, default, summary } in &options {
        assert!(!summary.is_empty(), "{name} says nothing of itself");
        let takes = match kind {
            OptionKind::Text => "text".to_owned(),
            OptionKind::Boolean => "true or false".to_owned(),
            OptionKind::Number => "a number".to_owned(),
            OptionKind::Choice(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
            OptionKind::Colour(_) => "a color, or one for light and one for dark pages".to_owned(),
            OptionKind::File => "a file below `static/`".to_owned(),
            OptionKind::Font => "a font's file, or a list of its files".to_owned(),
            OptionKind::Links => "links, each with `title` and `url`".to_owned(),
        };
        let default = match default {
            Setting::Plain(value) => format!("`{value}`"),
            Setting::Colour(palette) => format!("`{}`, `{}`", palette.light, palette.dark),
            _ => String::new(),
        };
        let _ = writeln!(table, "| `{name}` | {summary} | {takes} | {default} |");
    }
    check("content/docs/theme.md", &table);
}

#[test]
fn the_front_matter_page_lists_every_key() {
    let mut table = String::from("| Key | Says | Takes | Other spellings |\n| --- | --- | --- | --- |\n");
    for key in front_matter::KEYS {
        let also: Vec<_> = key.also.iter().map(|name| format!("`{name}`")).collect();
        let inherited = if key.is_inheritable() { " (inherited)" } else { "" };
        let _ = writeln!(
            table,
            "| `{}` | {}{inherited} | {} | {} |",
            key.name,
            key.summary,
            key.takes,
            also.join(", ")
        );
    }
    check("content/docs/front-matter.md", &table);
}

const DIRECTIVES: &str = "content/docs/directives";

fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_directive_has_a_page_that_says_what_it_takes() {
    for spec in SPECS {
        let mut table = String::from("| Part | Takes |\n| --- | --- |\n");
        for form in spec.forms {
            let name = spec.name;
            let _ = match form {
                Form::Leaf => writeln!(table, "| `::{name}` | nothing below it: a line of its own |"),
                Form::Container => writeln!(table, "| `:::{name}` | text below it, then a line `:::` |"),
                Form::Inline => writeln!(table, "| `:{name}[...]` | a word within a line |"),
            };
        }
        match spec.label {
            Label::Optional => table.push_str("| `[...]` | a title; may be left out |\n"),
            Label::Required | Label::None => {}
        }
        for parameter in spec.parameters {
            let key = parameter.key;
            let written = match parameter.place {
                Place::Keyed => format!("`{key}=`"),
                Place::Positional => format!("`{key}=`, or the value alone"),
                Place::Rest => "values alone, as many as you like".to_owned(),
            };
            let needed = if parameter.required { "; must be there" } else { "" };
            let _ = writeln!(table, "| {written} | {}{needed} |", takes(parameter.kind));
        }
        check(&format!("{DIRECTIVES}/{}.md", spec.name), &table);
    }
    let known: BTreeSet<String> = SPECS
        .iter()
        .map(|spec| spec.name)
        .chain(["_index", "alerts", "values"])
        .map(|name| format!("{name}.md"))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(DIRECTIVES);
    let found =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(found.collect::<BTreeSet<_>>(), known, "pages of directives");
}

/// What a parameter holds, in a writer's words.
fn takes(kind: Kind) -> String {
    let words = |words: &mut dyn Iterator<Item = &str>| {
        words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    };
    match kind {
        Kind::Id(what) => {
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("the id of {article} {what}")
        }
        Kind::Place => "a place that figures are of, such as `US`".to_owned(),
        Kind::Level => "a level that figures are of".to_owned(),
        Kind::Date => "a day, such as `2026-10-01`".to_owned(),
        Kind::Page => "a page or a web address".to_owned(),
        Kind::Text => "words".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Word(of) => words(&mut of.iter().copied()),
        Kind::Statistic => words(&mut Statistic::WORDS.iter().map(|(word, _)| *word)),
    }
}

/// A fence of the language `markdown` is an example: its lines stand below it once more, and are shown.
#[test]
fn every_example_is_shown_as_it_is_written() {
    let mut examples = 0;
    let pages =
        SPECS.iter().map(|spec| (spec.name, spec.forms)).chain([("alerts", &[][..]), ("values", &[][..])]);
    for (name, forms) in pages {
        let text = read(&format!("{DIRECTIVES}/{name}.md"));
        let sources: Vec<&str> = text.split("\n```markdown\n").skip(1).collect();
        assert!(!sources.is_empty(), "{name} has no example");
        for rest in &sources {
            let (source, below) = rest.split_once("\n```\n").expect("the fence ends");
            let live = below.strip_prefix('\n').expect("an empty line below the fence");
            assert!(
                live.strip_prefix(source).is_some_and(|rest| rest.starts_with('\n')),
                "{name}: the lines below the example are not those in it:\n{source}\n---\n{live}"
            );
            examples += 1;
        }
        for form in forms {
            let written = match form {
                Form::Leaf => format!("\n::{name}"),
                Form::Container => format!("\n:::{name}"),
                Form::Inline => format!(":{name}["),
            };
            let shown = sources.iter().any(|source| format!("\n{source}").contains(&written));
            // What can be a block or a line has both, or says how in words.
            assert!(shown || forms.len() > 1, "{name}: no example of `{written}`");
        }
    }
    assert!(examples > SPECS.len());
}

#[test]
fn every_filter_is_explained() {
    let text = read(&format!("{DIRECTIVES}/values.md"));
    let listed: BTreeSet<&str> = text
        .split("## Filters")
        .nth(1)
        .unwrap()
        .lines()
        .take_while(|line| !line.starts_with("```"))
        .filter_map(|line| line.strip_prefix("| `")?.split(['`', ':']).next())
        .collect();
    assert_eq!(listed, FILTERS.iter().copied().collect());
}

/// What is told of a key that no record has names those that it may have.
const RECORDS: &[(&str, &str, &str)] = &[
    ("roles", "content/data/roles.toml", "[a]\ntitle = \"A\"\nqqqq = 1\n"),
    ("skills", "content/data/roles.toml", "[a]\ntitle = \"A\"\nskills = [{ id = \"b\", qqqq = 1 }]\n"),
    ("hours", "content/data/roles.toml", "[a]\ntitle = \"A\"\nhours = { min = 1, qqqq = 1 }\n"),
    (
        "salaries",
        "content/data/salaries.csv",
        "role,place,currency,period,statistic,value,source,as_of,qqqq\n",
    ),
    ("outlook", "content/data/outlook.toml", "[a.US]\nsource = \"b\"\nqqqq = 1\n"),
    ("sources", "content/data/sources.toml", "[a]\ntitle = \"A\"\nqqqq = 1\n"),
    ("authors", "content/data/authors.toml", "[a]\nname = \"A\"\nqqqq = 1\n"),
    (
        "courses",
        "content/data/courses.toml",
        "[a]\ntitle = \"A\"\nurl = \"https://example.org/\"\nqqqq = 1\n",
    ),
    ("promos", "content/data/promos.toml", "[a]\ntitle = \"A\"\nqqqq = 1\n"),
    (
        "cta",
        "content/data/promos.toml",
        "[a]\ntitle = \"A\"\ncta = { label = \"A\", href = \"/\", qqqq = 1 }\n",
    ),
    ("glossary", "content/data/glossary.toml", "[a]\nterm = \"A\"\ntext = \"B\"\nqqqq = 1\n"),
    ("images", "content/data/images.toml", "[a]\nfile = \"a.svg\"\nalt = \"A\"\nqqqq = 1\n"),
    ("quizzes", "content/data/quizzes/a.toml", "title = \"A\"\nqqqq = 1\n"),
    ("question", "content/data/quizzes/a.toml", "title = \"A\"\n[[question]]\nid = \"b\"\nqqqq = 1\n"),
    (
        "answer",
        "content/data/quizzes/a.toml",
        "title = \"A\"\n[[question]]\nid = \"b\"\ntext = \"B\"\n[[question.answer]]\ntext = \"C\"\nqqqq = 1\n",
    ),
    (
        "outcome",
        "content/data/quizzes/a.toml",
        "title = \"A\"\n[[outcome]]\nid = \"b\"\nqqqq = 1\n[[outcome]]\nid = \"c\"\n",
    ),
    ("paths", "content/data/paths/a.toml", "title = \"A\"\nqqqq = 1\n"),
    ("step", "content/data/paths/a.toml", "title = \"A\"\n[[step]]\nid = \"b\"\ntitle = \"B\"\nqqqq = 1\n"),
];

#[test]
fn the_data_page_lists_every_key_of_every_record() {
    let text = read("content/docs/data.md");
    for (record, path, source) in RECORDS {
        let data = parse::data::parse(&(*path).into(), source.as_bytes());
        let help = data
            .diagnostics
            .iter()
            .find(|found| found.message.contains("qqqq"))
            .and_then(|found| found.help.clone())
            .unwrap_or_else(|| panic!("{record}: {:?}", data.diagnostics));
        let known: BTreeSet<&str> = help.split('`').skip(1).step_by(2).collect();
        let (_, rest) = text
            .split_once(&format!("<!-- keys of {record} -->\n"))
            .unwrap_or_else(|| panic!("no table of the keys of {record}"));
        let (table, _) = rest.split_once("\n<!-- end -->").expect("the table ends");
        let listed: BTreeSet<&str> =
            table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        assert_eq!(listed, known, "keys of {record} (left: the manual, right: the program)");
    }
}

/// The lines between `<!-- reference -->` and `<!-- end of reference -->` are the table.
fn check(path: &str, table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&file).unwrap();
    let (start, end) = ("<!-- reference -->\n\n", "<!-- end of reference -->");
    let (before, rest) = text.split_once(start).expect("the page has a place for the table");
    let (found, after) = rest.split_once(end).expect("the place for the table ends");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, format!("{before}{start}{table}\n{end}{after}")).unwrap();
    } else {
        assert_eq!(
            found,
            format!("{table}\n"),
            "{path} has drifted; run `UPDATE=1 cargo test --test manual`"
        );
    }
}
