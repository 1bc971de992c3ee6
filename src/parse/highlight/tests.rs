//! Blocks as a whole: text kept, size, structure, messages.

use std::fs;

use super::*;

const ON: Options = Options { enabled: true, line_numbers: false };

/// A block of `content/x.md`, whose info string stands at byte 103.
fn block<'a>(path: &'a Arc<str>, info: &'a str, code: &'a str) -> CodeBlock<'a> {
    let info_span = Span::from(0..info.len()).shifted(103);
    CodeBlock { path, info, info_span, code, code_span: Span::from(0..code.len()).shifted(200) }
}

fn written(highlighter: &Highlighter, info: &str, code: &str, options: Options) -> (String, Vec<Diagnostic>) {
    let (mut out, mut diagnostics) = (String::new(), Vec::new());
    let path = Arc::from("content/x.md");
    let outcome = write(highlighter, &block(&path, info, code), &options, &mut out, &mut diagnostics);
    assert_eq!(outcome, Outcome::Done);
    (out, diagnostics)
}

/// What a browser holds as the text of the code, found without an HTML parser: this module writes
/// no `<` and no `>` but those of tags.
fn text(html: &str) -> String {
    let (_, code) = html.split_once("<pre tabindex=\"0\"><code").unwrap();
    let (_, code) = code.split_once('>').unwrap();
    let code = code.strip_suffix("</code></pre></figure>\n").unwrap();
    let mut out = String::new();
    let mut rest = code;
    while let Some((before, tag)) = rest.split_once('<') {
        out += before;
        rest = tag.split_once('>').unwrap().1;
    }
    (out + rest).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Every sample of `tests/highlight`, by the language it is named for.
fn samples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/highlight");
    let mut samples: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    samples.sort();
    assert!(samples.len() >= 25);
    samples
}

#[test]
fn text_is_kept_exactly_in_every_language_and_form() {
    let highlighter = Highlighter::in_process();
    for (language, code) in samples() {
        let awkward = format!("\n\t{code}\t\"é ' & <b> &amp; 中 \u{1f600}\n  \n\n\n");
        for info in ["", " lines", " {1} ins={2} del=2"] {
            for code in [&code, &awkward, code.trim_end()] {
                let (html, diagnostics) = written(&highlighter, &format!("{language}{info}"), code, ON);
                assert_eq!(text(&html), *code, "{language}{info}");
                assert_eq!(diagnostics, [], "{language}{info}");
                for tag in ["span", "mark", "ins", "del"] {
                    let count = |text: &str| html.matches(text).count();
                    assert_eq!(count(&format!("<{tag} ")), count(&format!("</{tag}>")), "{language}{info}");
                }
            }
        }
    }
}

#[test]
fn every_language_has_colours_at_little_weight() {
    let highlighter = Highlighter::in_process();
    let (mut input, mut output) = (0, 0);
    for (language, code) in samples() {
        let (html, _) = written(&highlighter, &language, &code, ON);
        if is_plain(&language) {
            assert!(!html.contains("<span"), "{language}");
            continue;
        }
        assert!(html.matches("<span").count() >= 4, "{language}: {html}");
        input += code.len();
        output += html.len();
    }
    // The samples are short and crowded on purpose; code as it is written weighs less.
    assert!(output * 10 <= input * 35, "{output} bytes for {input}");
    for code in [include_str!("fence.rs"), include_str!("../../guard.rs"), include_str!("styles.rs")] {
        let (html, _) = written(&highlighter, "rust", code, ON);
        assert!(html.len() * 10 <= code.len() * 25, "{} bytes for {}", html.len(), code.len());
    }
}

#[test]
fn carriage_returns_become_line_feeds() {
    let highlighter = Highlighter::in_process();
    for info in ["rust", "rust lines"] {
        let (html, _) = written(&highlighter, info, "let a = 1;\r\n\r\n// b\rlet c = 2;\r\n", ON);
        assert_eq!(text(&html), "let a = 1;\n\n// b\nlet c = 2;\n");
    }
}

#[test]
fn a_block_is_a_titled_figure() {
    let highlighter = Highlighter::in_process();
    let (html, _) = written(&highlighter, "Ruby title=\"a <b>.rb\" nocopy", "puts nil\n", ON);
    assert_eq!(
        html,
        "<figure class=\"code\" data-copy=\"off\"><figcaption>a &lt;b&gt;.rb</figcaption><pre tabindex=\"0\">\
         <code class=\"language-ruby\"><span class=\"f\">puts</span> <span class=\"l\">nil</span>\n\
         </code></pre></figure>\n"
    );
    let (html, _) = written(&highlighter, "", "a < b\n", ON);
    assert_eq!(html, "<figure class=\"code\"><pre tabindex=\"0\"><code>a &lt; b\n</code></pre></figure>\n");
    let (html, _) = written(&highlighter, "a&b<", "", Options { enabled: false, ..ON });
    assert!(html.contains("<code class=\"language-a&amp;b&lt;\"></code>"), "{html}");
}

#[test]
fn lines_have_elements_numbers_and_marks() {
    let highlighter = Highlighter::in_process();
    let (html, diagnostics) =
        written(&highlighter, "rust start=9 {1} ins={2} del={3} hl=3", "/* a\n\n   b */ x\nreturn\n", ON);
    assert_eq!(diagnostics, []);
    let (_, lines) = html.split_once("language-rust\">").unwrap();
    assert_eq!(
        lines,
        "<mark class=\"line hl\" data-n=\"9\"><span class=\"c\">/* a</span>\n</mark>\
         <ins class=\"line ins\" data-n=\"10\">\n</ins>\
         <del class=\"line hl del\" data-n=\"11\"><span class=\"c\">   b */</span> x\n</del>\
         <span class=\"line\" data-n=\"12\"><span class=\"k\">return</span>\n</span></code></pre></figure>\n"
    );
}

/// A mark is looked up once, not for every line: this took the square of its time.
#[test]
fn many_marks_on_many_lines_each_count_once() {
    let highlighter = Highlighter::in_process();
    let many = 100_000;
    let info = format!("text {{{}}} del=2-3,3-{many} ins=3", vec!["2"; many].join(","));
    let (html, diagnostics) = written(&highlighter, &info, &"\n".repeat(many), ON);
    assert_eq!(diagnostics, []);
    let count = |text: &str| html.matches(text).count();
    assert_eq!(count("<del class=\"line hl del\">"), 1);
    assert_eq!(count("<del class=\"line ins del\">"), 1);
    assert_eq!((count("<del class=\"line del\">"), count("<span class=\"line\">")), (many - 3, 1));
}

#[test]
fn numbers_are_the_sites_choice_and_the_fences_first() {
    let highlighter = Highlighter::in_process();
    let numbered = Options { line_numbers: true, ..ON };
    assert!(written(&highlighter, "rust", "x\n", numbered).0.contains("data-n=\"1\""));
    assert!(!written(&highlighter, "rust nolines", "x\n", numbered).0.contains("line"));
    assert!(!written(&highlighter, "rust {1}", "x\n", ON).0.contains("data-n"));
}

#[test]
fn an_unknown_language_is_plain_with_one_warning_at_its_bytes() {
    let highlighter = Highlighter::in_process();
    let (html, diagnostics) = written(&highlighter, "rubby title=x", "puts nil\n", ON);
    assert_eq!(text(&html), "puts nil\n");
    assert!(!html.contains("<span"));
    let [warning] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!(warning.code, Code::CodeLanguageUnknown);
    assert_eq!(warning.location.span, Some(Span::new(103, 108)));
    assert!(warning.help.as_deref().unwrap().contains("`ruby`"));
    for info in ["text", "TXT", "plain", "", "console"] {
        assert_eq!(written(&highlighter, info, "x\n", ON).1, [], "{info}");
    }
    assert_eq!(written(&highlighter, "rubby", "x\n", Options { enabled: false, ..ON }).1, []);
}

#[test]
fn marks_outside_the_block_and_odd_attributes_are_reported_where_they_stand() {
    let highlighter = Highlighter::in_process();
    let (_, diagnostics) = written(&highlighter, "rust {0,2-9} titel=x", "a\nb\n", ON);
    let found: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| {
            (diagnostic.code.id(), diagnostic.severity, diagnostic.location.span.unwrap().start)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("unknown-key", Severity::Error, 103 + 13),
            ("code-attribute", Severity::Warning, 103 + 6),
            ("code-attribute", Severity::Warning, 103 + 8),
        ]
    );
    // With an entity in the source the places are not those of the decoded text.
    let path = Arc::from("content/x.md");
    let block = CodeBlock { info_span: Span::new(103, 140), ..block(&path, "rust titel=x", "a\n") };
    let mut diagnostics = Vec::new();
    let _ = write(&highlighter, &block, &ON, &mut String::new(), &mut diagnostics);
    assert_eq!(diagnostics[0].location.span, Some(Span::new(103, 140)));
}

#[test]
fn a_block_that_was_given_up_is_plain_and_not_for_keeps() {
    let highlighter = Highlighter::new(|_, _| Err(GaveUp("it took too long".to_owned())));
    let path = Arc::from("content/x.md");
    let (mut out, mut diagnostics) = (String::new(), Vec::new());
    let outcome = write(&highlighter, &block(&path, "js lines", "x /*\n"), &ON, &mut out, &mut diagnostics);
    assert_eq!(outcome, Outcome::GaveUp);
    assert_eq!(text(&out), "x /*\n");
    assert_eq!(diagnostics[0].code, Code::CodeNotHighlighted);
    assert_eq!(diagnostics[0].location.span, Some(Span::new(200, 205)));
}

#[test]
fn a_reader_that_answers_nonsense_loses_colours_and_no_text() {
    for (start, end) in [(1, 2), (0, 99), (5, 3), (99, 100)] {
        let highlighter = Highlighter::new(move |_, _| {
            Ok(Reading::Runs(vec![Run { start, end, class: Class::Keyword }; 2]))
        });
        for info in ["x", "x lines"] {
            assert_eq!(text(&written(&highlighter, info, "é\nab\n", ON).0), "é\nab\n", "{start} {end}");
        }
    }
}

#[test]
fn classes_of_a_few_languages_are_as_readers_expect() {
    let highlighter = Highlighter::in_process();
    let has = |language: &str, code: &str, spans: &[(&str, &str)]| {
        let (html, _) = written(&highlighter, language, code, ON);
        for (class, text) in spans {
            assert!(
                html.contains(&format!("<span class=\"{class}\">{text}</span>")),
                "{language} {class} {text}: {html}"
            );
        }
    };
    has("json", "{\"a\": [1, true, \"b\"]}\n", &[("g", "\"a\""), ("n", "1"), ("l", "true"), ("s", "\"b\"")]);
    has("yaml", "a: b # c\n", &[("g", "a"), ("c", "# c")]);
    has("toml", "a = 'b'\n", &[("g", "a"), ("s", "'b'")]);
    has("html", "<a href=\"x\">y</a>\n", &[("g", "a"), ("a", "href"), ("s", "\"x\"")]);
    has("css", ".a { color: #fff }\n", &[("a", "color")]);
    has("diff", "-a\n+b\n", &[("d", "-a"), ("i", "+b")]);
    has("python", "def f(x): return x and None\n", &[("k", "def"), ("f", "f"), ("k", "and"), ("l", "None")]);
    has("php", "echo $a;\n", &[("v", "$a")]);
    has("sql", "SELECT 1 -- a\n", &[("k", "SELECT"), ("n", "1"), ("c", "-- a")]);
    has("rust", "#[test]\nstruct A;\n", &[("k", "struct"), ("t", "A")]);
}
