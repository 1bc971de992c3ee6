use super::super::tests::template;
use super::*;

/// Messages with the text they point at.
fn problems(templates: &[Template]) -> Vec<(String, String, String)> {
    let (_, mut diagnostics) = Theme::load(templates);
    diagnostics.sort();
    diagnostics
        .iter()
        .map(|found| {
            let name = found.location.path.trim_start_matches("themes/default/templates/");
            let text = &templates.iter().find(|template| template.name == name).unwrap().text;
            let span = found.location.span.unwrap();
            (name.to_owned(), found.message.clone(), text[span.start as usize..span.end as usize].to_owned())
        })
        .collect()
}

#[test]
fn problems_of_all_templates_are_found_in_one_run() {
    let templates = [
        template("a.html", "ok"),
        template("b.html", "é\n  {% if x }"),
        template("c.html", "{% extends \"non.html\" %}"),
        template("d.html", "{% include \"a.htm\" %}"),
        template("e.html", "é {{ x | shout }}\n{{ <gone /> }}"),
        template("f.html", "{% include \"b.html\" %}"),
        template("g.html", "{% extends \"h.html\" %}"),
        template("h.html", "{% extends \"g.html\" %}"),
        template("i.html", "{% component twice() %}{% endcomponent twice %}"),
        template("j.html", "{% component twice() %}{% endcomponent twice %}"),
    ];
    let found = problems(&templates);
    let found: Vec<_> =
        found.iter().map(|(name, message, text)| (name.as_str(), message.as_str(), text.as_str())).collect();
    for expected in [
        ("c.html", "no template `non.html` to extend", "non.html"),
        ("d.html", "unknown template `a.htm`", "\""),
        ("e.html", "unknown filter `shout`", "shout"),
        ("j.html", "component `twice` is defined twice", "twice"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    for name in ["b.html", "e.html", "g.html"] {
        assert!(found.iter().any(|(found, ..)| *found == name), "{name} in {found:#?}");
    }
    assert!(!found.iter().any(|(name, ..)| *name == "f.html"), "the cause is reported, not its users");
}

/// Tera names any of them.
#[test]
fn of_several_components_that_are_defined_twice_the_first_is_told_every_time() {
    let both = "{% component one() %}x{% endcomponent %}\n{%- component two() %}y{% endcomponent %}\n\
                {% component three() %}z{% endcomponent %}\n";
    for _ in 0..20 {
        let found = problems(&[template("a.html", both), template("b.html", both)]);
        assert_eq!(found, [("b.html".into(), "component `one` is defined twice".into(), "one".into())]);
    }
}

#[test]
fn a_circle_names_the_templates_in_it_and_the_place_where_it_closes() {
    let said = |templates: &[Template]| problems(templates).into_iter().next().unwrap();
    let own = said(&[template("page.html", "{% include \"page.html\" %}")]);
    assert_eq!(own, ("page.html".into(), "`page.html` includes itself".into(), "page.html".into()));
    let two = said(&[
        template("a.html", "{% include \"b.html\" %}"),
        template("b.html", "{% include \"c.html\" %}"),
        template("c.html", "{% include \"b.html\" %}"),
    ]);
    assert_eq!(two, ("b.html".into(), "`b.html` includes itself through `c.html`".into(), "c.html".into()));
    let own = said(&[template("page.html", "{% extends \"page.html\" %}")]);
    assert_eq!(own, ("page.html".into(), "`page.html` extends itself".into(), "page.html".into()));
}

#[test]
fn a_sound_template_renders_beside_a_broken_one() {
    let (theme, diagnostics) = Theme::load(&[
        template("a.html", "{{ x }}"),
        template("b.html", "{% if %}"),
        template("c.txt", "{{ x }}"),
    ]);
    assert_eq!(diagnostics.len(), 1);
    let mut context = tera::Context::new();
    context.insert("x", "<&>");
    assert_eq!(theme.render(theme.tera(), "a.html", &context).unwrap(), b"&lt;&amp;&gt;");
    assert_eq!(theme.render(theme.tera(), "c.txt", &context).unwrap(), b"<&>", "text is not escaped");
    assert_eq!(theme.render(theme.tera(), "b.html", &context).unwrap(), b"");
}

#[test]
fn unknown_suffixes_are_escaped() {
    let (theme, _) = Theme::load(&[template("card", "{{ x }}"), template("a.svg", "{{ x }}")]);
    let mut context = tera::Context::new();
    context.insert("x", "<");
    assert_eq!(theme.render(theme.tera(), "card", &context).unwrap(), b"&lt;");
    assert_eq!(theme.render(theme.tera(), "a.svg", &context).unwrap(), b"&lt;");
}

#[test]
fn runaway_output_and_recursion_end_in_a_message() {
    let loops = "{% for i in range(end=9999) %}{% for j in range(end=9999) %}{{ i }}aaaaaaaaaaaaaaaaaaa{% endfor %}{% endfor %}";
    let recursive = "{% component again() %}{{ <again /> }}{% endcomponent again %}{{ <again /> }}";
    let (theme, diagnostics) = Theme::load(&[template("a.html", loops), template("b.html", recursive)]);
    assert_eq!(diagnostics, []);
    let long = theme.render(theme.tera(), "a.html", &tera::Context::new()).unwrap_err();
    assert_eq!(long.message, "`a.html` writes more than 64 MiB for one page");
    let deep = theme.render(theme.tera(), "b.html", &tera::Context::new()).unwrap_err();
    assert_eq!(deep.message, "component `again` calls itself without end");
    assert!(deep.location.span.is_some(), "at the call");
}

#[test]
fn a_fingerprint_covers_all_that_a_template_can_reach() {
    let base = [
        template("base.html", "{% include 'partials/nav.html' %}"),
        template("page.html", "{%- extends \"base.html\" %}{% block x %}{{ <ui.card /> }}{% endblock %}"),
        template("partials/nav.html", "nav"),
        template("ui.html", "{% component ui.card() %}{% include \"icon.svg\" %}{% endcomponent ui.card %}"),
        template("icon.svg", "icon"),
        template("other.html", "other"),
    ];
    let (before, _) = Theme::load(&base);
    let changes = |name: &str| {
        let mut templates = base.clone();
        templates.iter_mut().filter(|old| old.name == name).for_each(|old| *old = template(name, "changed"));
        before.fingerprint("page.html") != Theme::load(&templates).0.fingerprint("page.html")
    };
    for name in ["base.html", "page.html", "partials/nav.html", "ui.html", "icon.svg"] {
        assert!(changes(name), "{name}");
    }
    assert!(!changes("other.html"));
    assert_ne!(before.fingerprint("gone.html"), before.fingerprint("page.html"));
}

#[test]
fn lines_end_where_tags_begin_and_nothing_else_changes() {
    for (text, parted) in [
        (
            "é{{ a }} b {{- c -}} {{d}} {%- if x %}{% endif %}",
            "é{{\na }} b {{-\nc -}} {{d}} {%-\nif x %}{%\nendif %}",
        ),
        ("{# {{ a }} #}{{ \"{{ b }}\" }} { { }} {{ c", "{# {{ a }} #}{{\n\"{{ b }}\" }} { { }} {{\nc"),
        ("{{", "{{"),
        ("{{-", "{{-"),
    ] {
        assert_eq!(uses::parted(text).as_deref(), Some(parted));
    }
    for kept in ["{{ a }}{% raw %}{{ b }}{% endraw %}", "{{ \"\\\"\" }} {{ \"}} {{ b\" }}"] {
        assert_eq!(uses::parted(kept), None, "{kept}");
    }
}
