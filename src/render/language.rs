//! The few words that pages need besides their text and what data says.
//!
//! In: a BCP 47 tag. Out: a [`Language`]; one that is not in the table has English words. Numbers and
//! dates are [`Locale`](crate::assemble::format::Locale)'s. Knows no page.

/// The words of one language.
#[derive(Debug)]
pub struct Language {
    /// Primary subtag.
    tag: &'static str,
    /// Between a back-to-top label and the section's title.
    pub from: &'static str,
    /// Before the title in the accessible name of a heading's anchor.
    pub anchor: &'static str,
    /// Title of `404.html`.
    pub not_found: &'static str,
    /// Title of the page to search from.
    pub search: &'static str,
    /// Between a list's title and its number, from the second list page on.
    pub list_page: &'static str,
}

const ENGLISH: Language = Language {
    tag: "en",
    from: "from",
    anchor: "Link to section:",
    not_found: "Page not found",
    search: "Search",
    list_page: "page",
};
const GERMAN: Language = Language {
    tag: "de",
    from: "von",
    anchor: "Link zum Abschnitt:",
    not_found: "Seite nicht gefunden",
    search: "Suche",
    list_page: "Seite",
};
const FRENCH: Language = Language {
    tag: "fr",
    from: "depuis",
    anchor: "Lien vers la section :",
    not_found: "Page introuvable",
    search: "Recherche",
    list_page: "page",
};

const LANGUAGES: &[Language] = &[ENGLISH, GERMAN, FRENCH];

impl Language {
    /// The language of a BCP 47 tag.
    #[must_use]
    pub fn of(tag: &str) -> &'static Self {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.iter().find(|language| primary.eq_ignore_ascii_case(language.tag)).unwrap_or(&ENGLISH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_language() {
        for (tag, word) in
            [("en-GB", "page"), ("DE-at", "Seite"), ("fr", "page"), ("pl-PL", "page"), ("", "page")]
        {
            assert_eq!(Language::of(tag).list_page, word, "{tag}");
        }
    }
}
