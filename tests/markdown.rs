//! Pairs of Markdown and what becomes of it: `tests/markdown/*.md`, one behaviour each.
//!
//! A file is split at lines `-- name --`. `-- input --` is a whole content file, front matter
//! included; an optional `-- settings --` before it has lines such as `html = sanitise`. The sections
//! after it are compared with the outcome, those that are present; `UPDATE=1 cargo test --test
//! markdown` writes all that say something.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use guidepost::config::{HtmlPolicy, Markdown, SlugStyle};
use guidepost::diagnostic::{Diagnostic, Severity, Span};
use guidepost::parse::directive::{Argument, Form, MentionKind};
use guidepost::parse::highlight::{Highlighter, Reading};
use guidepost::parse::markdown::render;
use guidepost::parse::{self, Body, Document, Extensions, HoleKind, ReferenceKind, Settings, TitleHeading};

#[test]
fn markdown_becomes_what_the_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markdown");
    let update = std::env::var_os("UPDATE").is_some();
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 30, "the cases are missing");
    let mut failures = Vec::new();
    for path in paths {
        let case = std::fs::read_to_string(&path).unwrap();
        let sections = sections(&case);
        let outcome = outcome(&sections);
        if update {
            std::fs::write(&path, written(&sections, &outcome)).unwrap();
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let said: BTreeSet<_> = sections.iter().map(|(name, _)| *name).collect();
        for (section, expected) in &sections {
            match outcome.iter().find(|(name, _)| name == section) {
                Some((_, found)) if found != expected => {
                    failures.push(format!("{name}: {section}\n--- expected\n{expected}--- found\n{found}"));
                }
                None if !matches!(*section, "settings" | "input") => {
                    failures.push(format!("{name}: no section is called {section}"));
                }
                _ => {}
            }
        }
        for (section, found) in outcome.iter().filter(|(section, _)| !said.contains(section)) {
            if matches!(*section, "html" | "diagnostics") && !found.is_empty() {
                failures.push(format!("{name}: {section} is not expected\n{found}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}\n(UPDATE=1 accepts what was found)", failures.join("\n"));
}

/// What a highlighter is given: where the fence and the code are, whatever stands around them.
#[test]
fn the_highlighter_is_told_where_the_fence_and_the_code_are() {
    let text = "---\n---\nText.\n\n```ruby title=\"x &amp; y\"\nputs 1\n\nputs 2\n```\n\n    indented\n\n- ~~~\n  listed\n  ~~~\n";
    let path: Arc<str> = "a.md".into();
    let settings = Settings { extensions: Extensions::All, highlight: true, ..Settings::commonmark() };
    let mut seen = Vec::new();
    let _page = render(&path, text, 8, &settings, TitleHeading::Keep, |block, _, _| {
        let source = |span: Span| text[span.start as usize..span.end as usize].to_owned();
        seen.push((
            block.info.to_owned(),
            source(block.info_span),
            block.code.to_owned(),
            source(block.code_span),
        ));
    });
    let expected = [
        ("ruby title=\"x & y\"", "ruby title=\"x &amp; y\"", "puts 1\n\nputs 2\n", "puts 1\n\nputs 2\n"),
        ("", "indented", "indented\n", "indented\n"),
        ("", "~~~", "listed\n", "listed\n"),
    ];
    let expected = expected.map(|(info, at, code, span)| (info.into(), at.into(), code.into(), span.into()));
    assert_eq!(seen, expected);
}

/// Sections that a case has only if it asks for them.
const ASKED_FOR: [&str; 3] = ["page", "abbreviations", "boundaries"];

type Sections<'a> = Vec<(&'a str, String)>;

fn sections(case: &str) -> Sections<'_> {
    let mut sections: Sections<'_> = Vec::new();
    for line in case.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, sections.last_mut()) {
            (Some(name), _) => sections.push((name, String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => panic!("a case begins with `-- input --` or `-- settings --`: {line}"),
        }
    }
    sections
}

fn written(sections: &Sections<'_>, outcome: &Sections<'_>) -> String {
    let kept = sections.iter().filter(|(name, _)| matches!(*name, "settings" | "input"));
    let said: BTreeSet<_> = sections.iter().map(|(name, _)| *name).collect();
    let found = outcome
        .iter()
        .filter(|(name, text)| said.contains(name) || (!text.is_empty() && !ASKED_FOR.contains(name)));
    kept.chain(found).fold(String::new(), |mut case, (name, text)| {
        let _ = write!(case, "-- {name} --\n{text}");
        case
    })
}

fn outcome<'a>(sections: &Sections<'_>) -> Sections<'a> {
    let of = |name: &str| sections.iter().find(|(section, _)| *section == name).map_or("", |(_, text)| text);
    // Characters that do not survive in a text file are written by their names.
    let input = of("input")
        .replace("[BOM]", "\u{feff}")
        .replace("[NUL]", "\0")
        .replace("[CRLF]\n", "\r\n")
        .replace("[NBSP]", "\u{a0}");
    let path: Arc<str> = "content/guides/case.md".into();
    let mut bytes = input.clone().into_bytes();
    if let Some(at) = input.find("[BAD]") {
        bytes.splice(at..at + 5, [0x93]);
    }
    let document = parse::parse(&path, &bytes, &settings(of("settings")), &plain());
    let text = input.replace("[BAD]", "?");
    vec![
        ("html", marked(&document)),
        ("headings", headings(&document)),
        ("references", references(&document, &text)),
        ("calls", calls(&document, &text)),
        ("values", values(&document, &text)),
        ("mentions", mentions(&document, &text)),
        ("abbreviations", abbreviations(&document, &text)),
        ("boundaries", boundaries(&document)),
        (
            "ids",
            lines(
                document.ids.iter().filter(|id| !document.headings.iter().any(|heading| heading.id == *id)),
            ),
        ),
        ("summary", lines([document.summary.as_str()].into_iter().filter(|summary| !summary.is_empty()))),
        (
            "page",
            format!("title {:?}\nwords {}\ncode {}\n", document.title, document.words, document.has_code),
        ),
        ("diagnostics", document.diagnostics.iter().map(|found| shown(found, &text)).collect()),
    ]
}

fn settings(lines: &str) -> Settings {
    let mut settings = Settings {
        extensions: Extensions::All,
        highlight: true,
        markdown: Markdown { html: HtmlPolicy::Allow, smart_punctuation: false, slugs: SlugStyle::Ascii },
        ..Settings::commonmark()
    };
    for line in lines.lines() {
        match line {
            "html = sanitise" => settings.markdown.html = HtmlPolicy::Sanitise,
            "html = forbid" => settings.markdown.html = HtmlPolicy::Forbid,
            "smart_punctuation = true" => settings.markdown.smart_punctuation = true,
            "slugs = unicode" => settings.markdown.slugs = SlugStyle::Unicode,
            "highlight = false" => settings.highlight = false,
            other => panic!("no such setting: {other}"),
        }
    }
    settings
}

/// A highlighter without colours, which are tested elsewhere.
fn plain() -> Highlighter {
    Highlighter::new(|_, code| {
        assert!(!code.contains("panic!()"), "the highlighter gives up");
        Ok(Reading::Runs(Vec::new()))
    })
}

/// The HTML with its holes shown.
fn marked(document: &Document) -> String {
    let body = Body { html: document.body.html().into_owned(), holes: document.body.holes.clone() };
    let mut html = String::new();
    let mut copied = 0;
    for hole in &body.holes {
        html.push_str(&body.html[copied..hole.at as usize]);
        copied = hole.at as usize;
        match hole.kind {
            HoleKind::Reference(index) => {
                let _ = write!(html, "«{}»", document.references[index as usize].target);
            }
            HoleKind::Relation(_) => html.push_str(" «relation»"),
            HoleKind::Toc => html.push_str("«toc»\n"),
            HoleKind::Section(index) => {
                let _ = writeln!(html, "«section {index}»");
            }
            HoleKind::Anchor(index) => {
                let _ = write!(html, "«anchor {index}»");
            }
            HoleKind::More => html.push_str("«more»"),
            HoleKind::Call(index) => {
                let _ = write!(html, "«{}»", document.calls[index as usize].name.value);
            }
            HoleKind::Open(index) => {
                let _ = writeln!(html, "«open {}»", document.calls[index as usize].name.value);
            }
            HoleKind::Close(index) => {
                let _ = writeln!(html, "«close {}»", document.calls[index as usize].name.value);
            }
            HoleKind::Value(index) => {
                let _ = write!(html, "«{}»", document.values[index as usize].path.value);
            }
            HoleKind::Role(index) | HoleKind::Citation(index) => {
                let mention = &document.mentions[index as usize];
                let kind = if mention.kind == MentionKind::Role { "role" } else { "citation" };
                let _ = write!(html, "«{kind} {}»", mention.id.value);
            }
            HoleKind::AbbreviationOpen(_) => html.push_str("«abbr»"),
            HoleKind::AbbreviationClose(_) => html.push_str("«/abbr»"),
            // Shown by themselves, for they are everywhere.
            HoleKind::Block { .. }
            | HoleKind::Picture(_)
            | HoleKind::PictureAttributes(_)
            | HoleKind::PictureEnd(_) => {}
            HoleKind::BackReference { note, mention } => {
                let _ = write!(html, "«back to {note}-{mention}»");
            }
            HoleKind::End => {
                if copied < body.html.len() {
                    html.push_str("«end»\n");
                }
            }
        }
    }
    html.push_str(&body.html[copied..]);
    if !html.is_empty() && !html.ends_with('\n') {
        html.push('\n');
    }
    html
}

fn headings(document: &Document) -> String {
    document.headings.iter().fold(String::new(), |mut out, heading| {
        let _ = write!(out, "{} #{} {}", heading.level, heading.id, heading.html());
        if heading.html() != heading.text {
            let _ = write!(out, " | text {}", heading.text);
        }
        if let Some(label) = &heading.toc_label {
            let _ = write!(out, " | toc {label}");
        }
        if !heading.old.is_empty() {
            let _ = write!(out, " | old {}", heading.old.join(" "));
        }
        if heading.no_top {
            out.push_str(" | no-top");
        }
        if !heading.top_level {
            out.push_str(" | inside");
        }
        out.push('\n');
        out
    })
}

fn references(document: &Document, text: &str) -> String {
    document.references.iter().fold(String::new(), |mut out, reference| {
        let kind = match reference.kind {
            ReferenceKind::Link => "link",
            ReferenceKind::Image => "image",
            ReferenceKind::Absolute => "absolute",
        };
        let _ = writeln!(out, "{kind} {} <- {}", reference.target, source(text, reference.span));
        out
    })
}

fn calls(document: &Document, text: &str) -> String {
    document.calls.iter().fold(String::new(), |mut out, call| {
        let form = match call.form {
            Form::Leaf => "leaf",
            Form::Container => "container",
            Form::Inline => "inline",
        };
        let _ = write!(out, "{form} {}", call.name.value);
        if let Some(label) = &call.label {
            let _ = write!(out, " [{}]", label.value);
        }
        for Argument { key, value } in &call.arguments {
            let key = key.as_ref().map_or(String::new(), |key| format!("{}=", key.value));
            let _ = write!(out, " {key}({})", value.value);
        }
        if let Some(id) = &call.id {
            let _ = write!(out, " {}", source(text, id.span));
        }
        call.classes.iter().for_each(|class| out.extend([" .", class]));
        let _ = writeln!(out, " <- {}", source(text, call.span));
        out
    })
}

fn values(document: &Document, text: &str) -> String {
    document.values.iter().fold(String::new(), |mut out, value| {
        out.push_str(&value.path.value);
        for filter in &value.filters {
            let argument =
                filter.argument.as_ref().map_or(String::new(), |value| format!(":{}", value.value));
            let _ = write!(out, " | {}{argument}", filter.name.value);
        }
        let _ = writeln!(out, " <- {}", source(text, value.span));
        out
    })
}

fn mentions(document: &Document, text: &str) -> String {
    document.mentions.iter().fold(String::new(), |mut out, mention| {
        let kind = if mention.kind == MentionKind::Role { "role" } else { "citation" };
        let _ = writeln!(out, "{kind} {} <- {}", mention.id.value, source(text, mention.id.span));
        out
    })
}

fn abbreviations(document: &Document, text: &str) -> String {
    document.abbreviations.iter().fold(String::new(), |mut out, word| {
        let line = text[..word.span.start as usize].matches('\n').count() + 1;
        let _ = writeln!(out, "{} {} at {line}: {}", word.text, word.uses, source(text, word.span));
        out
    })
}

/// Each place where a promo may stand: the words before it, and the HTML right after.
fn boundaries(document: &Document) -> String {
    let body = document.body.html();
    document.body.holes.iter().fold(String::new(), |mut out, hole| {
        if let HoleKind::Block { words } = hole.kind {
            let after = body[hole.at as usize..].lines().next().unwrap_or_default();
            let _ = writeln!(out, "{words} before {after}");
        }
        out
    })
}

fn shown(found: &Diagnostic, text: &str) -> String {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let mut out = format!("{severity}[{}]: {}\n", found.code.id(), found.message);
    if let Some(span) = found.location.span {
        let line = text[..span.start as usize].matches('\n').count() + 1;
        let _ = writeln!(out, "  at {line}: {}", source(text, span));
    }
    for (location, label) in &found.related {
        let _ =
            writeln!(out, "  {label}: {}", location.span.map_or(String::new(), |span| source(text, span)));
    }
    if let Some(help) = &found.help {
        let _ = writeln!(out, "  help: {help}");
    }
    out
}

fn source(text: &str, span: Span) -> String {
    text.get(span.start as usize..span.end as usize).map_or_else(
        || format!("bytes {}..{}", span.start, span.end),
        |source| source.trim_end().replace('\n', "⏎").replace('\r', "␍").replace('\0', "␀"),
    )
}

fn lines<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.fold(String::new(), |mut out, item| {
        out.push_str(item);
        out.push('\n');
        out
    })
}
