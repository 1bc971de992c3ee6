//! Problems as one page for people: by who owns the files, then by file.
//!
//! In: diagnostics, what their rules say and who owns which file. Out: an HTML document that needs no
//! other file, no script and no network, and can be sent by mail.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark_escape::escape_html;

use super::{About, Files};
use crate::diagnostic::{Code, Diagnostic, Severity};

const STYLE: &str = "
:root{color-scheme:light dark;--ink:#1d2430;--soft:#5a6475;--paper:#fff;--line:#d9dee7;--panel:#f5f7fa;--error:#b3261e;--warning:#8a5a00;--info:#1b5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaf0;--soft:#a5afbf;--paper:#14181f;--line:#333b48;--panel:#1c222c;--error:#ff9c94;--warning:#f2c063;--info:#8fc1ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:2rem 1.25rem 4rem;color:var(--ink);background:var(--paper);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:0;display:inline;font-weight:600;overflow-wrap:anywhere}
p{margin:.25rem 0}
.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}
th,td{overflow-wrap:anywhere;text-align:start;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
details{border:1px solid var(--line);border-radius:.5rem;margin:.75rem 0;background:var(--panel)}
summary{padding:.625rem .875rem;cursor:pointer}
summary:focus-visible,a:focus-visible{outline:3px solid var(--info);outline-offset:2px}
ol{list-style:none;margin:0;padding:0}
li{padding:.75rem .875rem;border-top:1px solid var(--line)}
.level{font-weight:700}
.error{color:var(--error)}.warning{color:var(--warning)}.info{color:var(--info)}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{margin:.5rem 0;padding:.5rem .75rem;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);border-radius:.375rem}
mark{background:none;color:inherit;text-decoration:underline wavy;text-underline-offset:.2em}
a{color:var(--info)}
td.rule{white-space:nowrap;padding-inline-end:1.25rem}
details.pages{margin:.25rem 0;border:0;background:none}
details.pages summary{padding:0;color:var(--soft)}
details.pages ul{margin:.25rem 0;padding-inline-start:1.5rem}
details.pages li{padding:0;border:0}
@media(max-width:40rem){td.rule{white-space:normal}}
@media print{details{break-inside:avoid}}
";

pub(super) fn write(diagnostics: &[Diagnostic], about: &About<'_>, files: &mut Files<'_>) -> String {
    let mut groups: BTreeMap<(bool, String), BTreeMap<&str, Vec<&Diagnostic>>> = BTreeMap::new();
    for found in diagnostics {
        let path = &*found.location.path;
        let owners = (about.owners)(path);
        // Those without an owner come last.
        let key = (owners.is_empty(), owners.join(", "));
        groups.entry(key).or_default().entry(path).or_default().push(found);
    }
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    let title =
        if about.title.is_empty() { "Findings".to_owned() } else { format!("Findings: {}", about.title) };
    text(&mut out, &title);
    let _ = write!(out, "</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>");
    text(&mut out, &title);
    let of = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let _ = writeln!(
        out,
        "</h1>\n<p class=\"soft\">{}, {}, {} on {}</p>\n</header>\n<main>",
        number(of(Severity::Error), "error"),
        number(of(Severity::Warning), "warning"),
        number(of(Severity::Info), "note"),
        about.today
    );
    if diagnostics.is_empty() {
        out.push_str("<p>Nothing was found.</p>\n");
    } else {
        owners(&mut out, &groups);
    }
    for (at, ((_, owner), pages)) in groups.iter().enumerate() {
        let _ = write!(out, "<section aria-labelledby=\"owner-{at}\">\n<h2 id=\"owner-{at}\">");
        text(&mut out, name(owner));
        out.push_str("</h2>\n");
        for (path, findings) in pages {
            page(&mut out, path, findings, files);
        }
        out.push_str("</section>\n");
    }
    if !diagnostics.is_empty() {
        rules(&mut out, diagnostics, about);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn name(owner: &str) -> &str {
    if owner.is_empty() { "Data, settings and pages without an author" } else { owner }
}

type Groups<'d> = BTreeMap<(bool, String), BTreeMap<&'d str, Vec<&'d Diagnostic>>>;

fn owners(out: &mut String, groups: &Groups<'_>) {
    out.push_str("<nav aria-label=\"Owners\">\n<table>\n<thead><tr><th scope=\"col\">Owner</th><th scope=\"col\" class=\"number\">Files</th><th scope=\"col\" class=\"number\">Findings</th></tr></thead>\n<tbody>\n");
    for (at, ((_, owner), pages)) in groups.iter().enumerate() {
        let _ = write!(out, "<tr><td><a href=\"#owner-{at}\">");
        text(out, name(owner));
        let findings: usize = pages.values().map(Vec::len).sum();
        let _ = writeln!(
            out,
            "</a></td><td class=\"number\">{}</td><td class=\"number\">{findings}</td></tr>",
            pages.len()
        );
    }
    out.push_str("</tbody>\n</table>\n<p><a href=\"#rules\">What each rule looks for, and why it matters</a></p>\n</nav>\n");
}

fn rules(out: &mut String, diagnostics: &[Diagnostic], about: &About<'_>) {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for found in diagnostics {
        *counts.entry(found.code).or_default() += 1;
    }
    let mut counts: Vec<(Code, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(code, number)| (std::cmp::Reverse(*number), code.id()));
    out.push_str("<h2 id=\"rules\">Rules</h2>\n<table>\n<thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">What it finds, and why it matters</th><th scope=\"col\" class=\"number\">Findings</th></tr></thead>\n<tbody>\n");
    for (code, number) in counts {
        let (summary, why) = (about.rule)(code);
        let _ = write!(out, "<tr><td class=\"rule\" id=\"rule-{0}\"><code>{0}</code></td><td>", code.id());
        prose(out, summary);
        out.push_str("<br><span class=\"soft\">");
        prose(out, why);
        let _ = writeln!(out, "</span></td><td class=\"number\">{number}</td></tr>");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn page(out: &mut String, path: &str, findings: &[&Diagnostic], files: &mut Files<'_>) {
    let _ = write!(out, "<details open>\n<summary><h3>");
    text(out, path);
    let _ = writeln!(
        out,
        "</h3> <span class=\"soft\">{}</span></summary>\n<ol>",
        number(findings.len(), "finding")
    );
    for found in findings {
        let level = super::name(found.severity);
        let _ = write!(
            out,
            "<li>\n<p><span class=\"level {level}\">{level}</span> <a href=\"#rule-{0}\"><code>{0}</code></a>",
            found.code.id()
        );
        let excerpt = files.excerpt(&found.location);
        if let Some((_, line, _)) = &excerpt {
            let _ = write!(out, " <span class=\"soft\">line {line}</span>");
        }
        out.push_str("</p>\n<p>");
        prose(out, &found.message);
        out.push_str("</p>\n");
        if let Some((line, _, range)) = excerpt.filter(|(line, _, _)| !line.trim().is_empty()) {
            out.push_str("<pre><code>");
            text(out, &line[..range.start]);
            out.push_str("<mark>");
            text(out, &line[range.clone()]);
            out.push_str("</mark>");
            text(out, &line[range.end..]);
            out.push_str("</code></pre>\n");
        }
        notes(out, found, files);
        if let Some(help) = &found.help {
            out.push_str("<p>What to do: ");
            prose(out, help);
            out.push_str("</p>\n");
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n</details>\n");
}

/// Further places; of many pages that use a record the first are shown, and the others when asked for.
fn notes(out: &mut String, found: &Diagnostic, files: &mut Files<'_>) {
    let users = found.users().count();
    for (location, label) in found.notes() {
        if users > 1 && matches!(label, Cow::Owned(_)) {
            out.push_str("<details class=\"pages\">\n<summary>");
            prose(out, &label);
            out.push_str("</summary>\n<ul>\n");
            for page in found.users() {
                out.push_str("<li><code>");
                text(out, &page.path);
                out.push_str("</code></li>\n");
            }
            out.push_str("</ul>\n</details>\n");
            continue;
        }
        out.push_str("<p class=\"soft\">");
        prose(out, &label);
        out.push_str(": <code>");
        text(out, &location.path);
        out.push_str("</code>");
        if let Some((_, line, _)) = files.excerpt(location) {
            let _ = write!(out, ", line {line}");
        }
        out.push_str("</p>\n");
    }
}

/// Text in which backquotes become code.
fn prose(out: &mut String, words: &str) {
    let mut parts = words.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        // A last backquote without a partner is one.
        let opens = code && parts.peek().is_some();
        if opens {
            out.push_str("<code>");
        } else if code {
            out.push('`');
        }
        text(out, part);
        if opens {
            out.push_str("</code>");
        }
        code = !code;
    }
}

fn text(out: &mut String, words: &str) {
    // Writing to a string cannot fail.
    let _ = escape_html(out, words);
}

fn number(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
