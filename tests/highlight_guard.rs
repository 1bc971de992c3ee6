//! Highlighting through children of the real program.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use guidepost::diagnostic::{Code, Diagnostic, Span};
use guidepost::guard;
use guidepost::parse::highlight::{CodeBlock, Highlighter, Options, Outcome, write};

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_guidepost"))
}

fn written(highlighter: &Highlighter, info: &str, code: &str) -> (String, Outcome, Vec<Diagnostic>) {
    let path = Arc::from("content/x.md");
    let block = CodeBlock {
        path: &path,
        info,
        info_span: Span::new(0, info.len()),
        code,
        code_span: Span::default(),
    };
    let (mut out, mut diagnostics) = (String::new(), Vec::new());
    let options = Options { enabled: true, line_numbers: false };
    let outcome = write(highlighter, &block, &options, &mut out, &mut diagnostics);
    (out, outcome, diagnostics)
}

#[test]
fn a_child_answers_as_this_process_would_from_any_thread() {
    let (here, there) = (Highlighter::in_process(), guard::highlighter(program(), guard::LIMIT));
    let blocks = [("rust", "fn a() -> u8 { 1 } // é\n"), ("ruby", "puts \"#{a}\"\n"), ("rubby", "x\n")];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (info, code) in blocks.iter().cycle().take(12) {
                    assert_eq!(written(&there, info, code), written(&here, info, code));
                }
            });
        }
    });
}

/// `htc` is the one name left for the JavaScript grammar that loops for ever on `x /*`.
#[test]
fn a_block_that_hangs_is_plain_and_the_next_one_is_not() {
    let highlighter = guard::highlighter(program(), Duration::from_millis(500));
    let (html, outcome, diagnostics) = written(&highlighter, "htc", "x /*\n");
    assert_eq!(
        html,
        "<figure class=\"code\"><pre tabindex=\"0\"><code class=\"language-htc\">x /*\n</code></pre></figure>\n"
    );
    assert_eq!(outcome, Outcome::GaveUp);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code.id(), "code-not-highlighted");
    assert!(diagnostics[0].message.contains("500ms"), "{}", diagnostics[0].message);

    let highlighter = guard::highlighter(program(), guard::LIMIT);
    let (html, outcome, diagnostics) = written(&highlighter, "javascript", "x /*\n");
    assert!(html.contains("<span class=\"c\">/*</span>"), "{html}");
    assert_eq!((outcome, diagnostics), (Outcome::Done, Vec::new()));
}

#[test]
fn a_program_that_is_missing_or_another_one_costs_colours_only() {
    for program in ["/nowhere/guidepost", "/bin/true", "/bin/echo"] {
        let highlighter = guard::highlighter(PathBuf::from(program), guard::LIMIT);
        let (html, outcome, diagnostics) = written(&highlighter, "rust", "let x = 1;\n");
        assert!(html.contains(">let x = 1;\n<"), "{program}: {html}");
        assert_eq!(outcome, Outcome::GaveUp, "{program}");
        assert_eq!(diagnostics[0].code, Code::CodeNotHighlighted, "{program}");
    }
}

#[test]
fn a_child_ends_with_its_parent_even_in_the_middle_of_a_hang() {
    let mut child = Command::new(program())
        .arg(guard::COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"\x0a\0\0\0\x03htc\x05x /*\n").unwrap();
    drop(input);
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || ended.send(child.wait().unwrap().success()));
    assert_eq!(end.recv_timeout(Duration::from_mins(1)), Ok(true));
}
