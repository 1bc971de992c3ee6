//! What a build prints that depends on a language: dates, numbers and a few words.
//!
//! In: a BCP 47 tag. Out: a [`Language`]; one that is not in the table prints ISO dates and English
//! words. Month names, date patterns and separators follow the Unicode CLDR. Knows no page.

use jiff::civil::Date;

/// How one language writes dates, numbers and the words that pages need.
#[derive(Debug)]
pub struct Language {
    /// Primary subtag, or a whole tag where a region differs.
    tag: &'static str,
    months: &'static [&'static str; 12],
    order: DateOrder,
    /// Between groups of three digits.
    pub group: char,
    /// Before the fraction.
    pub decimal: char,
    /// Between a back-to-top label and the section's title.
    pub from: &'static str,
    /// Before the title in the accessible name of a heading's anchor.
    pub anchor: &'static str,
    /// Title of `404.html`.
    pub not_found: &'static str,
    /// Between a list's title and its number, from the second list page on.
    pub list_page: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum DateOrder {
    /// November 20, 2026
    MonthDayYear,
    /// 20 November 2026
    DayMonthYear,
    /// 20. November 2026
    DayPointMonthYear,
    /// 20 novembre 2026, and 1er novembre 2026
    DayMonthYearOrdinalFirst,
    /// 2026-11-20
    Iso,
}

const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const ENGLISH: Language = Language {
    tag: "en",
    months: &EN,
    order: DateOrder::DayMonthYear,
    group: ',',
    decimal: '.',
    from: "from",
    anchor: "Link to section:",
    not_found: "Page not found",
    list_page: "page",
};
const AMERICAN: Language = Language { tag: "en-us", order: DateOrder::MonthDayYear, ..ENGLISH };
const GERMAN: Language = Language {
    tag: "de",
    months: &DE,
    order: DateOrder::DayPointMonthYear,
    group: '.',
    decimal: ',',
    from: "von",
    anchor: "Link zum Abschnitt:",
    not_found: "Seite nicht gefunden",
    list_page: "Seite",
};
const FRENCH: Language = Language {
    tag: "fr",
    months: &FR,
    order: DateOrder::DayMonthYearOrdinalFirst,
    group: '\u{202f}',
    decimal: ',',
    from: "depuis",
    anchor: "Lien vers la section :",
    not_found: "Page introuvable",
    list_page: "page",
};
/// English words with dates that need no translation.
const OTHER: Language = Language { tag: "", order: DateOrder::Iso, ..ENGLISH };

/// Whole tags before the primary subtags they refine.
const LANGUAGES: &[Language] = &[AMERICAN, ENGLISH, GERMAN, FRENCH];

impl Language {
    /// The language of a BCP 47 tag; bare `en` is American English, as in the CLDR.
    #[must_use]
    pub fn of(tag: &str) -> &'static Self {
        let tag = tag.to_ascii_lowercase();
        let tag = if tag == "en" { "en-us" } else { &tag };
        let primary = tag.split('-').next().unwrap_or_default();
        let find = |wanted: &str| LANGUAGES.iter().find(|language| language.tag == wanted);
        find(tag).or_else(|| find(primary)).unwrap_or(&OTHER)
    }

    /// A day, written out.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).ok().and_then(|month| self.months.get(month));
        let (Some(month), day, year) = (month, date.day(), date.year()) else {
            return date.to_string();
        };
        match self.order {
            DateOrder::MonthDayYear => format!("{month} {day}, {year}"),
            DateOrder::DayPointMonthYear => format!("{day}. {month} {year}"),
            DateOrder::DayMonthYearOrdinalFirst if day == 1 => format!("1er {month} {year}"),
            DateOrder::DayMonthYear | DateOrder::DayMonthYearOrdinalFirst => format!("{day} {month} {year}"),
            DateOrder::Iso => date.to_string(),
        }
    }

    /// A decimal number (`-1234.5`) with its digits grouped.
    #[must_use]
    pub fn number(&self, plain: &str) -> String {
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("\u{2212}", digits),
            None => ("", plain),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = sign.to_owned();
        for (index, digit) in whole.char_indices() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                text.push(self.group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_language() {
        let day = jiff::civil::date(2026, 11, 20);
        for (tag, text) in [
            ("en-US", "November 20, 2026"),
            ("en", "November 20, 2026"),
            ("en-GB", "20 November 2026"),
            ("en-AU", "20 November 2026"),
            ("de-DE", "20. November 2026"),
            ("fr", "20 novembre 2026"),
            ("pl-PL", "2026-11-20"),
        ] {
            assert_eq!(Language::of(tag).date(day), text, "{tag}");
        }
        assert_eq!(Language::of("fr-FR").date(jiff::civil::date(2026, 8, 1)), "1er août 2026");
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(Language::of("en-US").number("1234567"), "1,234,567");
        assert_eq!(Language::of("de").number("1234.5"), "1.234,5");
        assert_eq!(Language::of("fr").number("-90930"), "\u{2212}90\u{202f}930");
        assert_eq!(Language::of("en").number("999"), "999");
    }
}
