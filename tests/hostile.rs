//! Files that nobody means well with: the program ends in good time with pages or located errors, and
//! never with a panic (70, 101) or by a signal.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::format_collect,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tables of cases are read best as they are"
)]

#[path = "hostile/bodies.rs"]
mod bodies;
#[path = "hostile/fields.rs"]
mod fields;
#[path = "support/tally.rs"]
mod tally;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const HEAD: &str = "---\ntitle: T\n---\n";
const SETTINGS: &str = "title = \"T\"\nbase_url = \"https://example.com/\"\n";

/// Builds a site of these files, and hands over how it ended and what it said.
fn build(files: &[(&str, Vec<u8>)]) -> (i32, String) {
    run(site(files).path(), "build")
}

/// A site of these files.
fn site(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("content")).unwrap();
    fs::write(site.path().join("site.toml"), SETTINGS).unwrap();
    for (path, bytes) in files {
        let file = site.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    site
}

fn run(site: &Path, command: &str) -> (i32, String) {
    run_with(site, command, &[])
}

fn run_with(site: &Path, command: &str, options: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args([command, "--no-cache", "--today", "2026-11-22", "--root"])
        .arg(site)
        .args(options)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {said}"));
    assert!(matches!(code, 0 | 1 | 3), "ended with {code}: {}", &said[..said.len().min(2_000)]);
    assert!(!said.contains("panicked") && !said.contains("bug in itself"), "{said}");
    (code, said)
}

/// Shapes that take many parsers time that grows with their square, or all of their stack.
fn killers() -> Vec<(&'static str, String)> {
    let many = |piece: &str, times: usize| piece.repeat(times);
    let nested =
        |open: &str, close: &str, times: usize| format!("{}a{}", many(open, times), many(close, times));
    let deep =
        |times: usize| (0..times).map(|level| format!("{}- a\n", "  ".repeat(level))).collect::<String>();
    let ticks = (0..1_000).map(|length| format!("{}a", "`".repeat(length))).collect::<String>();
    let numbered = |make: &dyn Fn(usize) -> String, times: usize| (0..times).map(make).collect::<String>();
    vec![
        ("lists", deep(1_500)),
        ("quotes", many("> ", 10_000)),
        ("numbers", many("1. ", 10_000)),
        ("quoted lists", many("> - ", 10_000)),
        ("brackets", nested("[", "]", 50_000)),
        ("images", many("![", 50_000)),
        ("links", many("[a](", 20_000)),
        ("strong", many("**a ", 20_000)),
        ("emphasis", format!("{}{}", many("*a _", 20_000), many("*a **b", 10_000))),
        ("struck", many("~~a ", 20_000)),
        ("ticks", ticks),
        ("angles", format!("{}{}", many("<", 50_000), many("<a ", 20_000))),
        ("comments", many("<!--", 30_000)),
        (
            "declarations",
            format!("{}{}{}", many("<![CDATA[", 10_000), many("<?", 10_000), many("<!A ", 10_000)),
        ),
        ("entities", format!("{}{}", many("&", 50_000), many("&#1", 10_000))),
        ("references", numbered(&|number| format!("[r{number}]: /x{number}\n"), 100_000)),
        ("footnotes", numbered(&|number| format!("a[^{number}]\n\n[^{number}]: n\n\n"), 100_000)),
        ("table", format!("|{}\n|{}\n{}", many("a|", 2_000), many("-|", 2_000), many("|a\n", 2_000))),
        ("elements", many("<div>", 20_000)),
        ("element blocks", many("<div>\n\n", 5_000)),
        ("containers", many(":::callout\n", 2_000)),
        ("longer containers", numbered(&|n| format!("{}callout\n", ":".repeat(303 - n)), 300)),
        ("values", many("{{ ", 30_000)),
        ("words of directives", many(":kbd[", 30_000)),
        ("roles", many("[[", 30_000)),
        ("sources", many("[@", 30_000)),
        ("same headings", many("## Contents\n\n## h\n\n", 3_000)),
        ("attributes", format!("## h {{{}}}", many("a=b ", 5_000))),
        ("front matter in lists", format!("{}{}", many("- +++\n", 20_000), many("> ---\n", 20_000))),
        ("a word", many("a", 2_000_000)),
        ("code in Rust", format!("```rust\n{}\n```\n", many("{(", 20_000))),
        ("code that hangs readers", "```javascript\nx /*\n```\n\n```qml\nA { b: c // d\n```\n".to_owned()),
        ("code in JSON", format!("```json\n{}\n```\n", many("[", 50_000))),
        ("words of a fence", format!("```{}\n```\n", many("a ", 2_000))),
        ("capitals", format!("{}{}", many("ABC", 50_000), many(" XYZ", 30_000))),
        ("addresses", format!("{}{}", many("https://", 30_000), many("a@b.", 30_000))),
        ("money", format!("{}{}", many("$a$", 30_000), many("$", 20_000))),
        ("definitions", many("a\n: ", 20_000)),
        ("typography", many("\"a' -- ...", 20_000)),
        ("panics of the parser", "- [ ] \\\n\t-\n\n2\n:<\n  {}\n -\n".to_owned()),
        ("marks of direction", many("\u{202e}\u{2066}a", 10_000)),
        ("nothing but NUL", many("\0", 100_000)),
        ("openers", many("_a ", 30_000)),
        ("closers", many("a_ ", 30_000)),
        ("openers and other closers", many("*a_ ", 30_000)),
        ("lengths of three", format!("a**b{}", many("c* ", 30_000))),
        ("links and emphasis", many("[ a_", 20_000)),
        ("emphasis around links", many("**x [a*b**c*](d) ", 5_000)),
        ("unclosed addresses", format!("{}{}", many("[a](<b", 20_000), many("[a](b", 20_000))),
        ("unclosed titles", many("[a](b \"", 20_000)),
        ("pictures of nothing", many("![[]()", 20_000)),
        ("empty lines in lists", format!("{}x{}", many("- ", 10_000), many("\n", 10_000))),
        ("emphasis in quotes", format!("{}{}", many(">", 10_000), many("a*", 10_000))),
        ("notes in notes", many("[^1]: [^2]: ", 10_000)),
        ("notes without an end", many("[^", 30_000)),
        ("references to nothing", many("[a][b]", 20_000)),
        ("one reference again and again", many("[a]: /b\n", 30_000)),
        ("backslashes", many("\\", 100_000)),
        ("underlines", many("a\n=\n\n", 10_000)),
        ("rules", many("- - -\n", 20_000)),
        ("columns without a table", many("|", 50_000)),
        ("rows without columns", format!("a|b\n-|-\n{}", many("x\n", 20_000))),
        ("tabs", many("\t", 50_000)),
        ("fences", format!("{}{}", many("```\n", 20_000), many("- ~~~\n", 10_000))),
        ("attributes without an end", many("<a b=\"", 20_000)),
        ("ends of elements", many("</div>", 20_000)),
    ]
}

#[test]
fn killer_documents_are_pages_or_located_errors() {
    let killers = killers();
    let mut files = Vec::new();
    for (index, (_, text)) in killers.iter().enumerate() {
        files.push((format!("content/killer-{index}.md"), format!("{HEAD}{text}").into_bytes()));
    }
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let (_, said) = build(&files);
    for message in said.split("\n\n").filter(|message| message.starts_with("error[")) {
        assert!(message.contains("--> content/killer-"), "an error without a place: {message}");
        assert!(message.contains("help: "), "an error without a remedy: {message}");
    }
    tally::note("killers", "inputs", killers.len());
}

#[test]
fn a_million_lines_and_a_huge_page_are_built() {
    let lines = format!("{HEAD}{}", "a\n\n".repeat(500_000));
    let huge = format!("{HEAD}{}", format!("{}\n\n", "word ".repeat(2_000)).repeat(1_000));
    let (code, said) =
        build(&[("content/lines.md", lines.into_bytes()), ("content/huge.md", huge.into_bytes())]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn front_matter_and_data_have_limits_that_are_said() {
    let open = |piece: &str| piece.repeat(20_000);
    let bomb: String = ('a'..'j')
        .zip('b'..='j')
        .map(|(from, to)| format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 9].join(",")))
        .collect();
    let cases: Vec<(&str, &str, String, &str)> = vec![
        ("deep list", "content/a.md", format!("---\nextra: {}\n---\n", open("[")), "nested too deeply"),
        (
            "deep map",
            "content/a.md",
            format!("---\nextra: {}\n---\n", "{a: ".repeat(9_000)),
            "nested too deeply",
        ),
        (
            "deep block",
            "content/a.md",
            format!("---\n{}---\n", (0..300).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>()),
            "nested too deeply",
        ),
        (
            "bomb",
            "content/a.md",
            format!("---\ntitle: T\na: &a [x,x,x,x,x,x,x,x,x]\n{bomb}extra: {{x: *j}}\n---\n"),
            "error[front-matter]",
        ),
        (
            "long",
            "content/a.md",
            format!("---\ntitle: {}\n---\n", "a".repeat(100_000)),
            "at most 65536 are read",
        ),
        (
            "deep TOML",
            "content/a.md",
            format!("+++\nextra = {{a = {}\n+++\n", open("[")),
            "nested too deeply",
        ),
        (
            "deep tables",
            "content/a.md",
            format!("+++\nextra = {}\n+++\n", "{a=".repeat(9_000)),
            "nested too deeply",
        ),
        (
            "deep keys",
            "content/a.md",
            format!("+++\n{}a = 1\n+++\n", "a.".repeat(9_000)),
            "nested too deeply",
        ),
        ("dates", "content/a.md", "---\ntitle: T\npublished: 99999-99-99\n---\n".to_owned(), "is not a date"),
        ("twice", "content/a.md", "---\ntitle: T\ntitle: U\n---\n".to_owned(), "error["),
        ("deep JSON", "content/data/custom/x.json", "[".repeat(100_000), "error["),
        (
            "deep YAML",
            "content/data/custom/x.yaml",
            format!("a: {}", "[".repeat(100_000)),
            "nested too deeply",
        ),
        ("unclosed CSV", "content/data/custom/x.csv", format!("a,b\n\"{}", "x\n".repeat(50_000)), "error["),
        (
            "deep settings",
            "site.toml",
            format!("{SETTINGS}extra = {}1{}\n", "{a=".repeat(5_000), "}".repeat(5_000)),
            "nested too deeply",
        ),
    ];
    let count = cases.len();
    for (what, path, text, expected) in cases {
        let (code, said) = build(&[("content/_index.md", HEAD.into()), (path, text.into_bytes())]);
        let shown = &said[..said.floor_char_boundary(1_500)];
        assert_eq!(code, 1, "{what}: {shown}");
        assert!(said.contains(expected), "{what}: {shown}");
        assert!(said.contains(&format!("--> {path}:")), "{what} has no place: {shown}");
        assert!(said.contains("help: "), "{what} has no remedy: {shown}");
    }
    tally::note("limits", "inputs", count);
}

#[test]
fn many_keys_are_read() {
    let keys: String = (0..1_000_000).map(|number| format!("k{number} = {number}\n")).collect();
    let yaml: String = (0..20_000).map(|number| format!("k{number}: {number}\n")).collect();
    let wide: String = (0..5_000).map(|number| format!("c{number},")).collect();
    let (code, said) = build(&[
        ("content/_index.md", HEAD.into()),
        ("content/data/custom/x.toml", keys.clone().into_bytes()),
        ("content/data/custom/y.yaml", yaml.into_bytes()),
        ("content/data/custom/z.csv", format!("{wide}z\n{}1\n", "1,".repeat(5_000)).into_bytes()),
        ("site.toml", format!("{SETTINGS}[extra]\n{keys}").into_bytes()),
    ]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn templates_end() {
    let page = "templates/page.html";
    let cases: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("includes itself", vec![(page, "{% include \"page.html\" %}".to_owned())]),
        (
            "extend each other",
            vec![(page, "{% extends \"x.html\" %}".to_owned()), ("templates/x.html", "{% extends \"page.html\" %}".to_owned())],
        ),
        ("parentheses", vec![(page, format!("{{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000)))]),
        ("conditions", vec![(page, format!("{}{}", "{% if true %}".repeat(20_000), "{% endif %}".repeat(20_000)))]),
        ("a giant range", vec![(page, "{% for i in range(end=2000000000) %}x{% endfor %}".to_owned())]),
        ("giant output", vec![(page, "{% for i in range(end=100000) %}{% for j in range(end=100000) %}xxxxxxxxxx{% endfor %}{% endfor %}".to_owned())]),
        ("a missing include", vec![(page, "{% include \"nope.html\" %}".to_owned())]),
        ("an include from outside", vec![(page, "{% include \"../../../etc/passwd\" %}".to_owned())]),
        ("the environment", vec![(page, "{{ get_env(name=\"HOME\") }}".to_owned())]),
        ("an unknown variable", vec![(page, "{{ nobody.knows }}".to_owned())]),
        ("no end", vec![(page, "{% if true".to_owned())]),
        (
            "components of each other",
            vec![
                ("templates/components/one.html", "{% component one() %}{{ <two /> }}{% endcomponent one %}".to_owned()),
                ("templates/components/two.html", "{% component two() %}{{ <one /> }}{% endcomponent two %}".to_owned()),
                (page, "{{ <one /> }}".to_owned()),
            ],
        ),
    ];
    let count = cases.len();
    for (what, templates) in cases {
        let mut files = vec![("content/a.md", Vec::from(HEAD))];
        files.extend(templates.into_iter().map(|(path, text)| (path, text.into_bytes())));
        let (code, said) = build(&files);
        let shown = &said[..said.floor_char_boundary(1_500)];
        assert_eq!(code, 1, "{what}: {shown}");
        assert!(said.contains("error[template]"), "{what}: {shown}");
        // At a line, and not just in a file, unless only the whole output is too much.
        let place = said.split("--> templates/").nth(1).and_then(|rest| rest.lines().next());
        let place = place.unwrap_or_else(|| panic!("{what}: {shown}"));
        let parts: Vec<&str> = place.split(':').collect();
        let is_at_line = parts.len() == 3 && parts[1..].iter().all(|part| part.parse::<u32>().is_ok());
        assert!(is_at_line || what == "giant output", "{what}: {place}");
    }
    tally::note("templates", "inputs", count);
}

/// Values that a template makes of themselves until there is no memory left: the program says which
/// template, and ends before the system ends it.
#[cfg(target_os = "linux")]
#[test]
fn templates_that_take_all_memory_are_told() {
    let page = "templates/page.html";
    let cases = [
        (
            "a text",
            "<p>\n{% set x = \"x\" %}{% for i in range(end=64) %}{% set_global x = x ~ x %}{% endfor %}",
            2,
        ),
        (
            "a block",
            "{% set_global x = \"x\" %}\n{% for i in range(end=64) %}{% set_global x %}{{ x }}{{ x }}{% endset %}{% endfor %}",
            2,
        ),
        (
            "a list",
            "{% set_global x = [1] %}\n\n{% for i in range(end=64) %}{% set_global x = [...x, ...x] %}{% endfor %}",
            3,
        ),
    ];
    // With all threads, and with the one that somebody wished for.
    let each = cases.iter().zip([&[][..], &["--jobs", "1"], &["--jobs", "2"]]);
    for ((what, template, line), options) in each {
        let site = site(&[("content/a.md", HEAD.into()), (page, (*template).into())]);
        let (code, said) = run_with(site.path(), "build", options);
        let shown = &said[..said.floor_char_boundary(1_500)];
        assert_eq!(code, 1, "{what}: {shown}");
        assert!(said.contains("error[template]: this template takes more than"), "{what}: {shown}");
        assert!(said.contains(&format!("--> {page}:{line}:")), "{what}: {shown}");
        assert!(said.contains("help: look for"), "{what}: {shown}");
    }
    tally::note("memory", "inputs", cases.len());
}

/// Far deeper than one loop can put a list inside a list: written, compared and dropped without an end of the
/// stack, whatever the number of threads.
#[test]
fn values_inside_each_other_are_dropped_and_written() {
    let deep = |name: &str| {
        format!(
            "{{% set_global {name} = [1] %}}{{% for i in range(end=1000) %}}{{% for j in range(end=400) %}}\
             {{% set_global {name} = [{name}] %}}{{% endfor %}}{{% endfor %}}"
        )
    };
    let page = format!("{}{}{{% if x == y %}}same{{% endif %}}{{{{ x }}}}", deep("x"), deep("y"));
    // As is a choice of many, each inside the one before.
    let choice = |times| format!("{{%if false%}}{}{{%endif%}}", "{%elif 0%}\n".repeat(times));
    for options in [&[][..], &["--jobs", "1"]] {
        let built = |page: &str| {
            let site = site(&[("content/a.md", HEAD.into()), ("templates/page.html", page.into())]);
            run_with(site.path(), "build", options)
        };
        for page in [&page, &choice(95_000)] {
            let (code, said) = built(page);
            assert_eq!(code, 0, "{said}");
        }
        let (code, said) = built(&choice(150_000));
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("at most 1048576 are read"), "{said}");
    }
}

/// Templates that lead to each other: as many as a limit allows are rendered, and more are an error where
/// there begin to be too many.
#[test]
fn chains_of_templates_end() {
    let chain = |length: usize, tag: &str, through: usize| {
        let page = "---\ntitle: T\ntemplate: own.html\n---\n";
        let mut files = vec![("content/a.md".to_owned(), Vec::from(page))];
        for number in 0..length {
            let name = if number == 0 { "own".to_owned() } else { format!("t{number}") };
            let text = if number + 1 < length {
                format!("{{% {tag} \"t{}.html\" %}}", number + 1)
            } else {
                String::new()
            };
            files.push((format!("templates/{name}.html"), text.into_bytes()));
        }
        let files: Vec<(&str, Vec<u8>)> =
            files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
        let site = site(&files);
        let runs = [("build", &[][..]), ("build", &["--jobs", "1"]), ("check", &[])];
        for (command, options) in runs.into_iter().take(through) {
            let (code, said) = run_with(site.path(), command, options);
            assert_eq!(code, i32::from(length > 101), "{tag} {length}: {said}");
            if length > 101 {
                let place = format!("--> templates/t{}.html:1:", length - 102);
                assert!(said.contains("leads through more than 100 templates"), "{tag} {length}: {said}");
                assert!(said.contains(&place) && said.contains("help: let fewer"), "{tag} {length}: {said}");
                assert_eq!(said.matches("error[template]").count(), 1, "{said}");
            }
        }
    };
    for tag in ["include", "extends"] {
        chain(101, tag, 2);
        chain(3_000, tag, 3);
    }
    tally::note("chains", "inputs", 4);
}

/// Stylesheets and drawings that a library would call itself for without end.
#[test]
fn styles_and_drawings_end() {
    let nested =
        |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let style = |text: String| vec![("static/css/site.css", text.into_bytes())];
    let icon = |inner: String| {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inner}</svg>");
        vec![("static/favicon.svg", svg.into_bytes())]
    };
    let importing =
        (0..12).map(|at| (format!("static/css/a{at}.css"), format!("@import 'a{}.css';", at + 1).repeat(3)));
    let importing: Vec<(String, String)> = importing.collect();
    let mut imports = style("@import 'a0.css';".to_owned());
    imports.extend(importing.iter().map(|(path, text)| (path.as_str(), text.clone().into_bytes())));
    let noise = "<filter id='f'><feTurbulence numOctaves='2000000000'/></filter><rect width='9' height='9' filter='url(#f)'/>";
    let cases = [
        (
            "rules",
            style(nested("a{", "}", 100_000)),
            "static/css/site.css:1:",
            "64 brackets inside each other",
        ),
        ("media", style(nested("@media print{", "}", 50_000)), "static/css/site.css:1:", "64 brackets"),
        (
            "sums",
            style(format!("a{{width:{}", nested("calc(", ")", 50_000))),
            "static/css/site.css:1:",
            "16 parentheses",
        ),
        (
            "colours",
            style(format!("a{{background:{}", "light-dark(".repeat(30))),
            "static/css/site.css:1:",
            "16 parentheses",
        ),
        (
            "selectors",
            style(format!("{}{{}}", nested(":not(", ")", 50_000))),
            "static/css/site.css:1:",
            "16 parentheses",
        ),
        (
            "selectors of selectors",
            style(nested("& &{", "}", 40)),
            "static/css/site.css:1:",
            "selectors of more than 64 MiB",
        ),
        ("imports of imports", imports, "static/css/a", "more than 1000 stylesheets are imported"),
        (
            "letters",
            icon(format!("<text>{}x{}</text>", "<tspan>".repeat(100_000), "</tspan>".repeat(100_000))),
            "static/favicon.svg",
            "256 elements inside each other",
        ),
        ("noise", icon(noise.to_owned()), "static/favicon.svg", "more than 16 octaves"),
        (
            "a colour",
            vec![(
                "site.toml",
                format!("{SETTINGS}[theme]\naccent = \"{}\"\n", "color-mix(in srgb,".repeat(50_000))
                    .into_bytes(),
            )],
            "site.toml:4:",
            "color",
        ),
    ];
    let count = cases.len();
    for (what, files, place, message) in cases {
        let files: Vec<_> = [("content/a.md", Vec::from(HEAD))].into_iter().chain(files).collect();
        let site = site(&files);
        for options in [&[][..], &["--jobs", "1"]] {
            let (_, said) = run_with(site.path(), "build", options);
            let shown = &said[..said.floor_char_boundary(1_500)];
            assert!(said.contains(message), "{what}: {shown}");
            assert!(said.contains(&format!("--> {place}")), "{what}: {shown}");
            assert!(said.contains("help: "), "{what}: {shown}");
        }
    }
    tally::note("styles", "inputs", count);
}

/// A line of a template with many places in it is read like any other; with many mistakes in it they are told,
/// and an engine that shows the line for each takes no memory beyond reason.
#[test]
fn long_lines_of_templates_are_read() {
    let line = |tag: &str| format!("{}é{{{{ page.title }}}}", tag.repeat(8_000));
    let site_of = |line: &str| site(&[("content/a.md", HEAD.into()), ("templates/page.html", line.into())]);
    let spoken = site_of(&line("<i>{{ page.title }}</i>{%- if true -%} {%- endif -%}"));
    let (code, said) = run(spoken.path(), "build");
    assert_eq!(code, 0, "{}", &said[..said.floor_char_boundary(1_500)]);
    let page = fs::read_to_string(spoken.path().join("public/a/index.html")).unwrap();
    assert_eq!(page, format!("{}éT", "<i>T</i>".repeat(8_000)));
    let unknown = line("{{ page.title }}") + "{{ page.title | nonsense }}";
    let column = unknown.chars().count() - "nonsense }}".len() + 1;
    let place = format!("1:{column}");
    for (line, message, place) in [
        (unknown.as_str(), "nonsense", place.as_str()),
        (&line("{% include \"nope.html\" %}"), "unknown template `nope.html`", "1:12"),
        (&line("{%include \"nope.html\"%}"), "break it into several lines", "1:1"),
        // What is no tag is not changed.
        (&line("{% raw %}{{ a }}{% endraw %}"), "break it into several lines", "1:1"),
    ] {
        let (code, said) = run(site_of(line).path(), "build");
        let shown = &said[..said.floor_char_boundary(1_500)];
        assert_eq!(code, 1, "{shown}");
        assert!(
            said.contains(message) && said.contains(&format!("--> templates/page.html:{place}\n")),
            "{shown}"
        );
    }
}

/// A program whose addresses are limited takes smaller stacks, and leaves room for what it works on.
#[cfg(unix)]
#[test]
fn limited_addresses_are_enough() {
    let site = site(&[("content/a.md", HEAD.into())]);
    for (limit, jobs) in [("1500000", "1"), ("1500000", "2"), ("4000000", "16")] {
        let line = format!("ulimit -v {limit}; exec \"$0\" build --no-cache --jobs {jobs} --root \"$1\"");
        let output = Command::new("sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_guidepost")])
            .arg(site.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{limit} {jobs}: {said}");
    }
}

/// Names for files, odd in every way that file systems allow.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "a b",
        "a'b",
        "a\"b",
        "a<b>",
        "a&b",
        "a%41b",
        "a%2e%2e%2fb",
        "a#b",
        "a?b",
        "a;b",
        "a\nb",
        "a\tb",
        "\u{1f600}",
        "e\u{301}",
        "-rf",
        " a",
        "a ",
        "a.",
        "CON",
        "nul",
        "aux.x",
        "com1",
        "{{ x }}",
        "[[x]]",
        "$HOME",
        "`id`",
        "a\\b",
        "..a",
        "a..",
        "~a",
        "\u{202e}a",
        "\u{200b}",
        "\u{feff}b",
        "a:b",
        "a|b",
        "a*b",
        "index",
        "page",
        "404",
        "\u{e9}",
        "\u{130}",
        "\u{df}",
    ]
    .map(str::to_owned)
    .into();
    names.push("x".repeat(240));
    names.push("\u{e9}".repeat(120));
    names
}

/// Every address in the sitemap is one that a browser takes as it is, and leads to a file.
fn leads_to_files(output: &Path, name: &str) {
    let sitemap = fs::read_to_string(output.join("sitemap.xml")).unwrap();
    let addresses = sitemap.split("<loc>https://example.com/").skip(1);
    let addresses: Vec<&str> = addresses.map(|rest| rest.split("</loc>").next().unwrap()).collect();
    assert!(!addresses.is_empty(), "{name:?}: {sitemap}");
    for address in addresses {
        let address = address.replace("&apos;", "'").replace("&#39;", "'").replace("&amp;", "&");
        let is_plain =
            |letter: char| letter.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/".contains(letter);
        assert!(address.chars().all(is_plain), "{name:?} at {address:?}");
        let path = percent_encoding::percent_decode_str(&address).decode_utf8().unwrap().into_owned();
        assert!(output.join(&path).join("index.html").is_file(), "{name:?} is not at {path:?}");
    }
}

/// Each name alone, as a page and as a file: published below `public/`, or refused by name.
#[test]
fn odd_names_are_published_or_refused_by_name() {
    let names = names();
    for name in &names {
        let site = tempfile::tempdir().unwrap();
        let root = site.path().join("site");
        for folder in ["content", "static"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::write(root.join("site.toml"), SETTINGS).unwrap();
        fs::write(root.join(format!("content/{name}.md")), HEAD).unwrap();
        fs::write(root.join(format!("static/{name}.txt")), "text").unwrap();
        let (code, said) = run(&root, "build");
        assert!(code == 0 || said.contains("error["), "{name:?}: {said}");
        assert!(
            !said.contains(|c: char| c.is_control() && c != '\n'),
            "{name:?} steers the terminal: {said:?}"
        );
        let beside: Vec<_> =
            fs::read_dir(site.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(beside, ["site"], "{name:?}");
        let sources = fs::read_dir(root.join("content")).unwrap().count();
        assert_eq!(sources, 1, "{name:?}");
        if code == 0 {
            leads_to_files(&root.join("public"), name);
        } else {
            assert!(said.contains("--> content/") || said.contains("--> static/"), "{name:?}: {said}");
        }
    }
    tally::note("names", "inputs", names.len());
}

/// Slugs, addresses, aliases, terms, templates and pictures that point out of `public/`.
#[test]
fn nothing_named_in_a_page_leaves_the_output_folder() {
    let outs = [
        "../out",
        "/../out",
        "a/../../out",
        "..",
        ".",
        "/",
        "//out",
        "/etc/out",
        "%2e%2e/out",
        "..%2fout",
        "%2e%2e%2fout",
        "..\\out",
        "a\\..\\..\\out",
        "C:/out",
        "C:\\out",
        "\\\\host\\out",
        "a\0b",
        "a\nb",
        "a\r\nLocation: x",
        "out::$DATA",
        "~/out",
        "$HOME/out",
        ".git/hooks/x",
        ".guidepost-files",
        "nul",
        "con/a",
        "a/./../../out",
        "/a/..",
        "\u{ff0e}\u{ff0e}/out",
        "https://evil.example/",
        "javascript:x",
        "a?b",
        "a#b",
        " ",
        "x/ /y",
    ];
    let keys = ["slug", "url", "aliases", "tags", "template", "image", "section"];
    let mut tried = 0;
    for key in keys {
        let site = tempfile::tempdir().unwrap();
        let root = site.path().join("top/site");
        fs::create_dir_all(root.join("content")).unwrap();
        fs::write(root.join("site.toml"), format!("{SETTINGS}[taxonomies.tags]\n")).unwrap();
        for (number, out) in outs.iter().enumerate() {
            let value = serde_json::to_string(out).unwrap();
            let value = if matches!(key, "aliases" | "tags") { format!("[{value}]") } else { value };
            fs::write(
                root.join(format!("content/p{number}.md")),
                format!("---\ntitle: T\n{key}: {value}\n---\n"),
            )
            .unwrap();
            tried += 1;
        }
        for _ in 0..outs.len() {
            let (code, said) = run(&root, "build");
            if code == 0 {
                break;
            }
            // What is refused is taken away, so that the rest is published.
            let refused: Vec<String> = said
                .lines()
                .filter_map(|line| line.trim().strip_prefix("--> content/"))
                .map(|rest| rest.split(':').next().unwrap().to_owned())
                .collect();
            assert!(!refused.is_empty(), "{key}: {said}");
            for name in refused {
                let _ = fs::remove_file(root.join("content").join(name));
            }
        }
        let (code, said) = run(&root, "build");
        assert_eq!(code, 0, "{key}: {said}");
        for entry in walkdir::WalkDir::new(site.path()).min_depth(1) {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(site.path()).unwrap().to_str().unwrap().to_owned();
            let fine = path == "top"
                || path == "top/site"
                || path == "top/site/site.toml"
                || ["top/site/content", "top/site/public"].iter().any(|folder| path.starts_with(folder));
            assert!(fine, "{key}: {path} was made");
            let part = entry.file_name().to_str().unwrap().to_lowercase();
            let stem = part.split('.').next().unwrap().to_owned();
            assert!(
                !["con", "nul", "aux", "prn", "com1"].contains(&stem.as_str()),
                "{key}: {path} on Windows"
            );
        }
    }
    tally::note("escapes", "inputs", tried);
}

/// Whatever pages, data and files are called: hosts read the rules of the build and no other.
#[test]
fn files_for_hosts_hold_no_rule_that_a_name_brought() {
    let odd = [
        "/old one",
        "/*",
        "/:splat",
        "/a#b",
        "/x /evil 301",
        "/a\n/* https://evil.example/ 301!",
        "/a\r\nX-Evil: 1",
        "/a\u{85}X-Evil: 1",
        "/a\u{2028}/b",
        "/a\tb",
        "/ä/",
        "/%0a/*",
        "https://evil.example/*",
    ];
    let mut tried = 0;
    for host in ["netlify", "cloudflare"] {
        let site = tempfile::tempdir().unwrap();
        let root = site.path();
        let write = |path: String, text: &str| {
            let file = root.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("site.toml".to_owned(), &format!("{SETTINGS}[publish]\nhost = \"{host}\"\nllms = true\n"));
        for (number, name) in odd.iter().enumerate() {
            let quoted = serde_json::to_string(name).unwrap();
            write(
                format!("content/p{number}.md"),
                &format!("---\ntitle: {quoted}\ndescription: {quoted}\naliases: [{quoted}]\n---\n"),
            );
            let file = name.trim_start_matches('/').replace('/', "-");
            write(format!("static/css/{file}.css"), "a { color: red }\n");
            write(format!("content/{file}.md"), HEAD);
            tried += 3;
        }
        // Names that steer are refused, and so are aliases that are no addresses.
        let (code, said) = run(root, "build");
        assert!(code == 1 && said.contains("error[file]"), "{said}");
        for folder in ["content", "static/css"] {
            let files = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
            let steers = |path: &std::path::PathBuf| path.to_string_lossy().contains(char::is_control);
            files.filter(steers).for_each(|path| fs::remove_file(path).unwrap());
        }
        for _ in 0..odd.len() {
            let (code, said) = run(root, "build");
            if code == 0 {
                break;
            }
            let errors = said.split("error[").skip(1);
            let refused = errors.filter_map(|error| error.split("--> content/").nth(1)?.split(".md").next());
            let mut any = false;
            for name in refused {
                any |= fs::remove_file(root.join(format!("content/{name}.md"))).is_ok();
            }
            assert!(any, "{said}");
        }
        let (code, said) = run(root, "build");
        assert_eq!(code, 0, "{said}");
        let redirects = fs::read_to_string(root.join("public/_redirects")).unwrap();
        assert!(redirects.lines().count() >= 2, "some of these are addresses:\n{redirects}");
        for line in redirects.split(['\n', '\r', '\u{85}', '\u{2028}']).filter(|line| !line.is_empty()) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            assert!(matches!(parts[..], [_, _, "301" | "301!"]), "{line:?}");
            assert!(
                parts[..2].iter().all(|part| part.starts_with('/') && !part.contains([':', '*', '#'])),
                "{line:?}"
            );
        }
        let headers = fs::read_to_string(root.join("public/_headers")).unwrap();
        for line in headers.split(['\n', '\r', '\u{85}', '\u{2028}']).filter(|line| !line.is_empty()) {
            let known = [
                "Content-Security-Policy",
                "X-Content-Type-Options",
                "Referrer-Policy",
                "Cross-Origin-Opener-Policy",
                "Permissions-Policy",
                "Cache-Control",
            ];
            let rule = line.strip_prefix("  ").and_then(|rest| rest.split(':').next());
            let fine = rule
                .map_or_else(|| line.starts_with('/') && !line.contains(' '), |rule| known.contains(&rule));
            assert!(fine, "{line:?}");
        }
        let llms = fs::read_to_string(root.join("public/llms.txt")).unwrap();
        for line in llms.lines().filter(|line| !line.is_empty()) {
            assert!(["# ", "## ", "> ", "- ["].iter().any(|begin| line.starts_with(begin)), "{line:?}");
        }
    }
    tally::note("hosts", "inputs", tried);
}

/// Days at both ends of what clocks say, and folders inside folders.
#[test]
fn odd_days_and_deep_folders_are_built() {
    let deep = format!("content/{}a.md", "deep/".repeat(150));
    let site = site(&[("content/a.md", HEAD.into()), (&deep, HEAD.into())]);
    for epoch in ["0", "1", "4294967296", "253402207200", "-1", "99999999999999999999", "now", ""] {
        let output = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args(["build", "--no-cache", "--root"])
            .arg(site.path())
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        let is_number = epoch.parse::<i64>().is_ok() || epoch.is_empty();
        assert!(if is_number { code == Some(0) } else { code == Some(3) }, "{epoch}: {code:?} {said}");
        assert!(is_number || said.contains("SOURCE_DATE_EPOCH"), "{epoch}: {said}");
    }
    assert!(site.path().join(format!("public/{}a/index.html", "deep/".repeat(150))).is_file());
}

/// Where something else than a file may stand, in the site and among what builds leave.
const PLACES: [&str; 12] = [
    "site.toml",
    "content/guides/nurse.md",
    "templates/page.html",
    "public/.guidepost-files",
    ".guidepost/index",
    ".guidepost/lock",
    ".guidepost/.gitignore",
    ".guidepost",
    ".guidepost/images",
    ".guidepost-stage-public/files",
    ".guidepost-stage-public/lock",
    ".guidepost-stage-public/journal",
];

/// What somebody else keeps where links lead, under names of ours too.
#[cfg(unix)]
const OUTSIDE: [&str; 4] = ["precious", "pack-holiday", "draft-letter", "index"];

/// Runs a command that must end, whatever it waits for.
#[cfg(unix)]
fn ends(site: &Path, arguments: &[&str], what: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(arguments)
        .arg("--root")
        .arg(site)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = child.stderr.take().unwrap();
    let (sender, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut said = Vec::new();
        let _ = std::io::Read::read_to_end(&mut errors, &mut said);
        let _ = sender.send(said);
    });
    // Long after anything else has ended, on a machine that has much to do.
    let Ok(said) = told.recv_timeout(std::time::Duration::from_mins(5)) else {
        child.kill().unwrap();
        panic!("{what}: {arguments:?} waits for ever");
    };
    let said = String::from_utf8_lossy(&said).into_owned();
    let status = child.wait().unwrap();
    let code = status.code().unwrap_or_else(|| panic!("{what}: {arguments:?} ended by a signal"));
    assert!(matches!(code, 0 | 1 | 3), "{what}: {arguments:?} ended with {code}: {said}");
    assert!(code == 0 || said.contains("error"), "{what}: {arguments:?} says nothing");
    assert!(!said.contains("error") || said.contains("help: "), "{what}: {arguments:?} helps nobody: {said}");
    (code, said)
}

/// Pipes, devices without end, folders and links in the place of every file that is read: nobody waits, nobody
/// reads on, and what a link leads to stays as it is.
#[cfg(unix)]
#[test]
fn whatever_stands_in_place_of_a_file_is_neither_waited_for_nor_followed() {
    let pipe = |place: &Path| assert!(Command::new("mkfifo").arg(place).status().unwrap().success());
    let link = |to: &Path, place: &Path| std::os::unix::fs::symlink(to, place).unwrap();
    let mut tried = 0;
    for place in PLACES {
        for kind in
            ["a pipe", "a device", "a folder", "a link to a file", "a link to nothing", "a link to a folder"]
        {
            let what = format!("{kind} at {place}");
            let top = tempfile::tempdir().unwrap();
            let (root, outside) = (top.path().join("site"), top.path().join("outside"));
            fs::create_dir(&outside).unwrap();
            for name in OUTSIDE {
                fs::write(outside.join(name), "precious").unwrap();
            }
            for (path, text) in
                [("site.toml", SETTINGS), ("content/guides/nurse.md", HEAD), ("content/guides/vet.md", HEAD)]
            {
                let file = root.join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            assert_eq!(ends(&root, &["build"], "at first").0, 0);
            fs::write(root.join("content/guides/vet.md"), format!("{HEAD}More.\n")).unwrap();
            let at = root.join(place);
            let aside = top.path().join("aside");
            let _ = fs::rename(&at, &aside);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            match kind {
                "a pipe" => pipe(&at),
                "a device" => link(Path::new("/dev/zero"), &at),
                "a folder" => fs::create_dir(&at).unwrap(),
                "a link to a file" => link(&outside.join("precious"), &at),
                "a link to a folder" => link(&outside, &at),
                _ => link(&outside.join("nothing"), &at),
            }
            for arguments in [&["build"][..], &["check"], &["list"], &["clean"], &["build"]] {
                ends(&root, arguments, &what);
                tried += 1;
            }
            assert_eq!(fs::read_dir(&outside).unwrap().count(), OUTSIDE.len(), "{what}");
            for name in OUTSIDE {
                assert_eq!(fs::read(outside.join(name)).unwrap(), b"precious", "{what}: {name}");
            }
            // Put right by hand, the site is as good as ever.
            let _ = fs::remove_file(&at).or_else(|_| fs::remove_dir_all(&at));
            if !place.starts_with(".guidepost-stage") {
                let _ = fs::rename(&aside, &at);
            }
            let (code, said) = ends(&root, &["build", "--force"], &what);
            assert_eq!(code, 0, "{what}: {said}");
            assert!(root.join("public/guides/vet/index.html").is_file(), "{what}");
        }
    }
    // What `check` is told to compare with.
    let site = site(&[("content/a.md", HEAD.into())]);
    for file in ["/dev/zero", "/dev/full", "/nonexistent", "content"] {
        let (code, said) = ends(site.path(), &["check", "--baseline", file], file);
        assert_eq!(code, 3, "{file}: {said}");
    }
    tally::note("places", "inputs", tried);
}

/// Bytes that are no text, and text that is no front matter.
#[test]
fn bytes_that_are_no_text_are_named_at_their_place() {
    let cases: [(&str, &[u8], i32, &str); 12] = [
        ("empty", b"", 1, ""),
        ("a mark alone", b"\xef\xbb\xbf", 1, ""),
        ("Latin-1", b"---\ntitle: caf\xe9\n---\n", 1, ":2:11"),
        ("UTF-16", b"\xff\xfe-\0-\0-\0", 1, ":1:1"),
        ("half a letter", b"---\ntitle: T\n---\n\xe2\x82", 1, ":4:1"),
        ("a surrogate", b"---\ntitle: T\n---\na \xed\xa0\x80", 1, ":4:3"),
        ("NUL", b"---\ntitle: T\n---\na\0b", 0, ""),
        ("carriage returns", b"---\rtitle: T\r---\rText", 1, ""),
        ("both", b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nText", 0, ""),
        ("no end", b"---\ntitle: T\n", 1, ":1:1"),
        ("tabs", b"---\ntitle: T\ndefaults:\n\ttoc: false\n---\n", 1, ":4:1"),
        ("no table", b"---\nA sentence.\n---\n", 1, ":2:1"),
    ];
    for (what, bytes, expected, place) in cases {
        let site = site(&[("content/a.md", bytes.to_vec())]);
        let (code, said) = run(site.path(), "build");
        if code == 0 {
            let page = fs::read_to_string(site.path().join("public/a/index.html")).unwrap();
            assert!(page.contains("<title>T"), "{what} has lost its title: {page}");
            assert!(!page.contains(['\0', '\u{feff}', '\r']), "{what} is published as it is: {page}");
            assert!(what != "NUL" || page.contains("a\u{fffd}b"), "{page}");
        }
        // An old line ending may be read as one: what matters is a page or a place.
        assert!(code == expected || what == "carriage returns", "{what}: {code} {said}");
        assert!(code == 0 || said.contains(&format!("--> content/a.md{place}\n")), "{what}: {said}");
    }
    tally::note("bytes", "inputs", cases.len());
}

/// With one thread, which is the main one, nobody waits for another.
#[cfg(unix)]
#[test]
fn one_thread_is_enough_for_every_command_again_and_again() {
    let site =
        site(&[("content/_index.md", HEAD.into()), ("content/a.md", format!("{HEAD}resume\n").into())]);
    let settings = format!("{SETTINGS}[checks.words]\nresume = \"CV\"\n");
    fs::write(site.path().join("site.toml"), settings).unwrap();
    for _ in 0..3 {
        for arguments in
            [&["check", "-j1"][..], &["build", "-j1"], &["check", "-j1", "--fix", "--yes"], &["list", "-j1"]]
        {
            ends(site.path(), arguments, "one thread");
        }
    }
    assert!(fs::read_to_string(site.path().join("content/a.md")).unwrap().contains("CV"));
}

/// What sanitised HTML leaves open ends inside the label of a task, and no link is in another.
#[test]
fn sanitised_html_is_nested_well_in_tasks_and_links() {
    for (body, expected) in [
        (":::checklist\n- [ ] <b>x\n:::\n", "<b>x</b></label></li>"),
        (":::checklist\n- [ ] <td> word\n:::\n", "<td> word</td></label></li>"),
        ("- [ ] <p> word\n", "<p> word</p></label></li>"),
        ("- [x] <b>x\n\n  more\n", "<b>x</b></label></p>"),
        (
            "a <a id=\"o\"> <https://example.org/>\n",
            "<a id=\"o\"> </a><a href=\"https://example.org/\" rel=\"external\">",
        ),
        ("<a href=\"#fn-1\">see[^1]</a>\n\n[^1]: N.\n", "see</a><sup"),
        (
            "[a <https://example.net/> b](https://example.org/)\n",
            "rel=\"external\">a https://example.net/ b</a></p>",
        ),
        ("[a <a id=\"o\">b</a>](https://example.org/)\n", "rel=\"external\">a b</a></p>"),
    ] {
        let site = site(&[("content/a.md", format!("{HEAD}{body}").into())]);
        fs::write(site.path().join("site.toml"), format!("{SETTINGS}[markdown]\nhtml = \"sanitise\"\n"))
            .unwrap();
        let (code, said) = run(site.path(), "build");
        assert_eq!(code, 0, "{body}: {said}");
        let page = fs::read_to_string(site.path().join("public/a/index.html")).unwrap();
        assert!(page.contains(expected), "{body}: {page}");
    }
    let twice = format!("{HEAD}## A\n\n<b id=a>x</b>\n");
    let site = site(&[("content/a.md", twice.into())]);
    fs::write(site.path().join("site.toml"), format!("{SETTINGS}[markdown]\nhtml = \"sanitise\"\n")).unwrap();
    let (code, said) = run(site.path(), "build");
    assert!(code == 1 && said.contains("error[id-duplicate]"), "{said}");
}

/// Files that the desk keeps, damaged or of another kind, and ids of results that are none.
#[cfg(unix)]
#[test]
fn damaged_files_of_the_desk_are_told_of_and_others_kept() {
    let quiz = |id: &str| {
        format!(
            "title = \"Q\"\n[[question]]\nid = \"one\"\ntext = \"?\"\n[[question.answer]]\ntext = \"a\"\npoints = {{ x = 1 }}\n\
             [[outcome]]\nid = \"{id}\"\ntitle = \"X\"\n"
        )
    };
    for id in ["", "a/../../b", "..", "/etc"] {
        let quiz_page = "---\ntitle: T\ntype: quiz\nquiz: q\n---\n";
        let site =
            site(&[("content/q.md", quiz_page.into()), ("content/data/quizzes/q.toml", quiz(id).into())]);
        let (code, said) = ends(site.path(), &["build"], id);
        assert!(code == 1 && said.contains("cannot be an id"), "{id}: {said}");
    }
    let site = site(&[("content/guides/a.md", HEAD.into())]);
    for lock in ["mine", "a b c", "1", "//\n", "/guides/a\n"] {
        fs::write(site.path().join("urls.lock"), lock).unwrap();
        for arguments in [&["check"][..], &["build"]] {
            ends(site.path(), arguments, lock);
        }
        let mut mended = Command::new(env!("CARGO_BIN_EXE_guidepost"));
        let mended = mended.args(["fix", "urls", "--root"]).arg(site.path()).output();
        assert!(matches!(mended.unwrap().status.code(), Some(0 | 1)), "{lock}");
        assert_eq!(fs::read_to_string(site.path().join("content/guides/a.md")).unwrap(), HEAD, "{lock}");
    }
    for file in ["site.toml", "content/guides/a.md"] {
        let before = fs::read(site.path().join(file)).unwrap();
        let (code, _) = ends(site.path(), &["check", "--baseline", file, "--write-baseline"], file);
        assert_eq!((code, fs::read(site.path().join(file)).unwrap()), (3, before), "{file}");
    }
    for _ in 0..2 {
        assert_eq!(
            ends(site.path(), &["check", "--baseline", "known.txt", "--write-baseline"], "again").0,
            0
        );
    }
    // A lock that is somebody's file under another name.
    fs::write(site.path().join("precious"), "precious").unwrap();
    for lock in [".guidepost-stage-public/lock", ".guidepost/lock"] {
        let place = site.path().join(lock);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&place);
        fs::hard_link(site.path().join("precious"), &place).unwrap();
        for arguments in [&["build"][..], &["clean"]] {
            ends(site.path(), arguments, lock);
            assert_eq!(fs::read_to_string(site.path().join("precious")).unwrap(), "precious", "{lock}");
        }
        let _ = fs::remove_file(&place);
    }
}
