use super::*;

fn file(language: &str, text: &str) -> Template {
    Template {
        name: format!("{FOLDER}{language}.toml"),
        path: format!("templates/words/{language}.toml").into(),
        file: None,
        text: text.to_owned(),
        fingerprint: Fingerprint::of_bytes(text.as_bytes()),
    }
}

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

fn messages(language: &str, words: &str) -> Vec<String> {
    let (_, diagnostics) = Words::load(&[file(language, words)]);
    diagnostics
        .iter()
        .map(|found| {
            let span = found.location.span.map_or("", |span| &words[span.start as usize..span.end as usize]);
            format!("{} [{span}] {}", found.message, found.help.clone().unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_built_in_language_says_everything() {
    let (words, diagnostics) = Words::load(&[]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let english = &words.languages["en"];
    assert!(words.languages.len() >= 3);
    for (language, own) in &words.languages {
        let keys = |words: &BTreeMap<String, Word>| words.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(own), keys(english), "{language}");
    }
    // The files themselves hold to what other themes' files are held to.
    for template in crate::scan::built_in_words() {
        let (_, diagnostics) = Words::load(&[template]);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }
}

#[test]
fn words_follow_the_language() {
    let own = file("de-CH", "draft = \"Vorlage\"\n");
    let (words, diagnostics) = Words::load(&[own]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    for (tag, draft, page) in [
        ("en-GB", "Draft", "1,000 words"),
        ("DE-at", "Entwurf", "1.000 Wörter"),
        ("de-ch", "Vorlage", "1.000 Wörter"),
        ("de-CH-1996", "Vorlage", "1.000 Wörter"),
        ("fr", "Brouillon", "1\u{202f}000 mots"),
        ("pl-PL", "Draft", "1,000 words"),
        ("", "Draft", "1,000 words"),
    ] {
        let words = words.of(tag);
        assert_eq!(words.own("draft", &[]), draft, "{tag}");
        assert_eq!(words.own("word_count", &[("count", Part::Number(1000))]), page, "{tag}");
    }
}

#[test]
fn numbers_choose_the_form() {
    let (words, _) = Words::load(&[]);
    for (tag, count, said) in [
        ("en", 0, "0 words"),
        ("en", 1, "1 word"),
        ("en", 2, "2 words"),
        ("fr", 0, "0 mot"),
        ("fr", 2, "2 mots"),
        ("de", 1, "1 Wort"),
    ] {
        assert_eq!(words.of(tag).own("word_count", &[("count", Part::Number(count))]), said);
    }
}

#[test]
fn what_is_handed_over_stands_as_it_is_and_the_words_are_escaped() {
    let (words, diagnostics) = Words::load(&[file("en", "by = \"{people} & <co> {, {}\"\n")]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let words = words.of("en");
    assert_eq!(words.own("by", &[("people", text("<b>Ann</b>"))]), "<b>Ann</b> &amp; &lt;co&gt; {, {}");
    assert_eq!(words.plain("by", &[("people", text("Ann"))]), "Ann & <co> {, {}");
}

#[test]
fn a_word_that_is_not_there_or_lacks_a_part_is_an_error() {
    let (words, _) = Words::load(&[]);
    let words = words.of("en");
    assert!(words.say("publishd", &[]).unwrap_err().starts_with("no word `publishd`. Available words: "));
    assert_eq!(
        words.say("by", &[("person", text("Ann"))]).unwrap_err(),
        "the word `by` has `{people}`, and is handed `person`"
    );
    assert_eq!(
        words.say("word_count", &[]).unwrap_err(),
        "the word `word_count` has one and many, and needs a number `count`"
    );
}

#[test]
fn mistakes_in_a_file_are_found_at_the_word() {
    assert_eq!(
        messages("de", "publishd = \"x\"\n"),
        ["unknown key `publishd` [publishd] did you mean `published`?"]
    );
    assert_eq!(
        messages("de", "by = \"Von {pepole}\"\n"),
        ["`by` knows no `{pepole}` [\"Von {pepole}\"] did you mean `{people}`?"]
    );
    assert_eq!(
        messages("de", "word_count = { one = \"ein Wort\" }\n"),
        [
            "`word_count` does not say what many are called [{ one = \"ein Wort\" }] write `{ one = \"...\", other = \"...\" }`"
        ]
    );
    assert_eq!(messages("de", "draft = { one = \"a\", other = \"b\" }\n").len(), 1);
    assert_eq!(messages("de", "draft = 3\n").len(), 0, "numbers are text");
    assert_eq!(messages("de", "draft = [1]\n").len(), 1);
    assert_eq!(messages("deutsch-", "draft = \"x\"\n").len(), 1);
}

#[test]
fn a_key_of_a_sites_own_is_one_that_a_template_asks_for() {
    let page = Template {
        name: "page.html".to_owned(),
        path: "templates/page.html".into(),
        ..file("x", "{{ \"our_word\" | word }}")
    };
    let (words, diagnostics) = Words::load(&[page, file("en", "our_word = \"Ours\"\nother_word = \"No\"\n")]);
    assert_eq!(words.of("en").own("our_word", &[]), "Ours");
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
}
