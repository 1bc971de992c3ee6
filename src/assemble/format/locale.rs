//! What tells the four languages apart.
//!
//! In: a BCP 47 tag. Out: the [`Locale`] of it. Formats nothing.

use super::words::{self, Words};

/// How one language in one region writes numbers, money and dates.
#[derive(Debug)]
pub struct Locale {
    /// The tag, or the primary subtag when all regions without a row of their own write alike.
    pub(super) tags: &'static [&'static str],
    /// Between groups of three digits.
    pub(super) group: &'static str,
    /// Before the fraction.
    pub(super) decimal: &'static str,
    /// Between a number and the percent sign.
    pub(super) percent: &'static str,
    /// On which side of a number the currency stands.
    pub(super) currency: Side,
    /// Currencies that are shown by a symbol; others by their code.
    pub(super) symbols: &'static [(&'static str, &'static str)],
    /// Short names of thousands, millions, billions and trillions, with what goes before them.
    pub(super) compact: [Option<&'static str>; 4],
    /// Between the ends of a range when both, or neither, carry the currency.
    pub(super) range: &'static str,
    /// Whether the currency is written once in a range.
    pub(super) range_currency: Once,
    pub(super) date: DateOrder,
    pub(super) months: &'static [&'static str; 12],
    /// Its words.
    pub words: &'static Words,
}

/// On which side of a number something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// `$90,930`; a code is set off with a space.
    Before,
    /// `90.930 €`
    After,
}

/// How often a range shows its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Once {
    /// `US$48,560–162,870`
    Once,
    /// `$48,560 – $162,870`
    Twice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateOrder {
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

/// No-break space.
pub(super) const NBSP: &str = "\u{a0}";
const NARROW_NBSP: &str = "\u{202f}";

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

const SYMBOLS: &[(&str, &str)] = &[
    ("AUD", "A$"),
    ("BRL", "R$"),
    ("CAD", "CA$"),
    ("CNY", "CN¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "¥"),
    ("KRW", "₩"),
    ("MXN", "MX$"),
    ("NZD", "NZ$"),
    ("PHP", "₱"),
    ("TWD", "NT$"),
    ("USD", "$"),
    ("VND", "₫"),
];
const SYMBOLS_GB: &[(&str, &str)] = &[
    ("AUD", "A$"),
    ("BRL", "R$"),
    ("CAD", "CA$"),
    ("CNY", "CN¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "JP¥"),
    ("KRW", "₩"),
    ("MXN", "MX$"),
    ("NZD", "NZ$"),
    ("PHP", "₱"),
    ("TWD", "NT$"),
    ("USD", "US$"),
    ("VND", "₫"),
];
const SYMBOLS_DE: &[(&str, &str)] = &[
    ("AUD", "AU$"),
    ("BRL", "R$"),
    ("CAD", "CA$"),
    ("CNY", "CN¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "¥"),
    ("KRW", "₩"),
    ("MXN", "MX$"),
    ("NZD", "NZ$"),
    ("THB", "฿"),
    ("TWD", "NT$"),
    ("USD", "$"),
    ("VND", "₫"),
];
const SYMBOLS_FR: &[(&str, &str)] = &[
    ("ARS", "$AR"),
    ("AUD", "$AU"),
    ("BRL", "R$"),
    ("CAD", "$CA"),
    ("CLP", "$CL"),
    ("COP", "$CO"),
    ("EUR", "€"),
    ("GBP", "£GB"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("KRW", "₩"),
    ("MXN", "$MX"),
    ("NZD", "$NZ"),
    ("SGD", "$SG"),
    ("USD", "$US"),
    ("UYU", "$UY"),
    ("VND", "₫"),
];

const AMERICAN: Locale = Locale {
    tags: &["en-us", "en"],
    group: ",",
    decimal: ".",
    percent: "",
    currency: Side::Before,
    symbols: SYMBOLS,
    compact: [Some("k"), Some("M"), Some("B"), Some("T")],
    range: "\u{a0}\u{2013} ",
    range_currency: Once::Twice,
    date: DateOrder::MonthDayYear,
    months: &EN,
    words: &words::ENGLISH,
};
const BRITISH: Locale = Locale {
    tags: &["en-"],
    symbols: SYMBOLS_GB,
    compact: [Some("k"), Some("m"), Some("bn"), Some("tn")],
    range: "\u{2013}",
    range_currency: Once::Once,
    date: DateOrder::DayMonthYear,
    words: &words::BRITISH,
    ..AMERICAN
};
const GERMAN: Locale = Locale {
    tags: &["de", "de-"],
    group: ".",
    decimal: ",",
    percent: NBSP,
    currency: Side::After,
    symbols: SYMBOLS_DE,
    compact: [None, Some("\u{a0}Mio."), Some("\u{a0}Mrd."), Some("\u{a0}Bio.")],
    range: "\u{2013}",
    range_currency: Once::Once,
    date: DateOrder::DayPointMonthYear,
    months: &DE,
    words: &words::GERMAN,
};
const FRENCH: Locale = Locale {
    tags: &["fr", "fr-"],
    group: NARROW_NBSP,
    decimal: ",",
    percent: NBSP,
    currency: Side::After,
    symbols: SYMBOLS_FR,
    compact: [Some("\u{a0}k"), Some("\u{a0}M"), Some("\u{a0}Md"), Some("\u{a0}Bn")],
    range: "\u{2013}",
    range_currency: Once::Once,
    date: DateOrder::DayMonthYearOrdinalFirst,
    months: &FR,
    words: &words::FRENCH,
};
/// English words, codes for currencies and dates that need no translation.
const OTHER: Locale = Locale { tags: &[""], symbols: &[], date: DateOrder::Iso, ..AMERICAN };

const LOCALES: &[Locale] = &[AMERICAN, BRITISH, GERMAN, FRENCH, OTHER];

impl Locale {
    /// The locale of a BCP 47 tag; bare `en` is American English, as in the CLDR, and regions
    /// without a row are written as the language's row is. A language that is not in the table has
    /// English words and numbers, ISO dates, and codes for currencies.
    #[must_use]
    pub fn of(tag: &str) -> &'static Self {
        let tag = tag.to_ascii_lowercase();
        let fits = |known: &&str| tag == *known || (known.ends_with(['-']) && tag.starts_with(known));
        LOCALES.iter().find(|locale| locale.tags.iter().any(&fits)).unwrap_or(&LOCALES[LOCALES.len() - 1])
    }

    /// A currency as this language shows it: a symbol, else its code.
    #[must_use]
    pub fn symbol<'c>(&self, currency: &'c str) -> &'c str {
        let symbol = self.symbols.iter().find(|(code, _)| *code == currency);
        symbol.map_or(currency, |(_, symbol)| symbol)
    }
}
