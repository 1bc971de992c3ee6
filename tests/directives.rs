//! Every directive, block and inline mark that writers are promised: each has a page in the manual with
//! input and output, and a component that a site can put its own in place of, without any other
//! component minding.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

use guidepost::assemble::call::spec::SPECS;
use support::{Published, Site};

/// What each is written as, on one page of the site below.
const PROMISED: &[(&str, &str)] = &[
    ("toc", "::toc"),
    ("promo", "::promo letter"),
    ("quick-facts", "::quick-facts"),
    ("salary", "::salary"),
    ("salary-chart", "::salary-chart"),
    ("salary-table", "::salary-table by=place"),
    ("outlook", "::outlook"),
    ("skills", "::skills"),
    ("similar", "::similar"),
    ("compare", "::compare web-developer software-developer"),
    ("compare-notes", ":::compare-notes\nNotes.\n:::"),
    ("path", "::path web"),
    ("steps", ":::steps\n1. One.\n:::"),
    ("routes", ":::routes\n### Degree\nLong.\n:::"),
    ("timeline", ":::timeline\n- **09:00** Mail.\n:::"),
    ("checklist", ":::checklist\n- [ ] Read.\n:::"),
    ("faq", ":::faq\n### Why?\nSo.\n:::"),
    ("questions", ":::questions\n### How?\nThus.\n:::"),
    ("glossary", "::glossary"),
    ("course", "::course web"),
    ("courses", "::courses"),
    ("quiz", "::quiz fit"),
    ("author", "::author ann"),
    ("sources", "::sources"),
    ("related", "::related"),
    ("story", ":::story ann\nI like it.\n:::"),
    ("takeaways", ":::takeaways\n- One.\n:::"),
    ("takeaway", ":::takeaway\nStart.\n:::"),
    ("callout", ":::callout tip\nMind.\n:::"),
    ("figure", "::figure ann"),
    ("from", ":::from 2026-01-01\nSince then.\n:::"),
    ("until", ":::until 2030-01-01\nTill then.\n:::"),
    ("screen-only", ":::screen-only\nOn screens.\n:::"),
    ("print-only", ":::print-only\nOn paper.\n:::"),
    ("term", "A :term[API] here."),
    ("kbd", "Press :kbd[Ctrl+C]."),
    ("abbr", "An :abbr[API] there."),
];

/// A mark of the contents list, which the build writes itself.
const CONTENTS: &str = "<nav class=\"toc\"";

/// What shows that a directive's own component, or the contents list, stands on a page.
fn mark(name: &str) -> String {
    if name == "toc" { CONTENTS.to_owned() } else { format!("own {name}.") }
}

/// A component of a site's own that shows nothing but its mark.
fn own(site: &Site, name: &str) {
    let function = name.replace('-', "_");
    let element = if matches!(name, "term" | "kbd" | "abbr") { "b" } else { "p" };
    site.write(
        &format!("templates/components/{name}.html"),
        &format!(
            "{{% component {function}(it: map) %}}<{element}>own {name}.</{element}>{{% endcomponent {function} %}}\n"
        ),
    );
}

fn text<'p>(published: &'p Published, path: &str) -> &'p str {
    std::str::from_utf8(published.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

#[test]
fn what_is_promised_is_what_there_is() {
    let promised: Vec<&str> = PROMISED.iter().map(|(name, _)| *name).collect();
    let there: Vec<&str> = SPECS.iter().map(|spec| spec.name).collect();
    assert_eq!(promised, there);
}

#[test]
fn every_component_can_be_a_sites_own() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bases/careers");
    let mut site = Site::copy_of(&base);
    let lines: Vec<&str> = PROMISED.iter().map(|(_, line)| *line).collect();
    site.write(
        "content/guides/every.md",
        &format!(
            "---\ntitle: Every directive\ndescription: One of each.\nauthors: [ann]\nrole: web-developer\n\
             related: [guides/web]\nsimilar: [software-developer]\n---\nWords [@bls].\n\n{}\n\n## A section\n\nThe end.\n",
            lines.join("\n\n")
        ),
    );
    let built = site.build_warm();
    assert!(built.published, "{}", built.messages);
    let theirs = site.published();
    for (name, _) in PROMISED.iter().filter(|(name, _)| *name != "toc") {
        assert!(!text(&theirs, "guides/every/index.html").contains(&mark(name)));
        own(&site, name);
        let built = site.build_warm();
        assert!(built.published, "{name}: {}", built.messages);
        let ours = site.published();
        let page = text(&ours, "guides/every/index.html");
        assert!(page.contains(&mark(name)), "{name} is not the site's own:\n{page}");
        for (other, _) in PROMISED.iter().filter(|(other, _)| other != name && *other != "toc") {
            assert!(!page.contains(&mark(other)), "{name} brought {other}");
        }
        site.delete(&format!("templates/components/{name}.html"));
    }
    let built = site.build_warm();
    assert!(site.published() == theirs, "with the theme's own again, all is as it was");
    site.assert_law("at the end", &built);
}

#[test]
fn every_directive_is_shown_in_the_manual() {
    let site = support::demo();
    for (name, _) in PROMISED.iter().filter(|(name, _)| *name != "toc") {
        own(&site, name);
    }
    let (built, published) = site.build_cold();
    assert!(built.published, "{}", built.messages);
    for (name, _) in PROMISED {
        let html = text(&published, &format!("docs/directives/{name}/index.html"));
        assert!(
            html.contains("<code class=\"language-markdown\">"),
            "the manual's page on {name} has no input"
        );
        assert!(html.contains(&mark(name)), "the manual's page on {name} has no output:\n{html}");
    }
}
