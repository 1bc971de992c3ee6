//! What ICU 78 (CLDR 48) prints, as tables.

use super::*;
use crate::parse::data::{AsOf, Decimal, Duration, Effort, Op};

/// No-break spaces as `_`, narrow ones as `'`.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', "_").replace('\u{202f}', "'")
}

fn number(written: &str) -> Decimal {
    Decimal::parse(written).unwrap()
}

/// Checks one row: a name and what each of the four languages prints.
fn row(what: &str, print: impl Fn(&Locale) -> String, expected: [&str; 4]) {
    let printed: Vec<String> =
        ["en-US", "en-GB", "de-DE", "fr-FR"].iter().map(|tag| plain(&print(Locale::of(tag)))).collect();
    assert_eq!(printed, expected, "{what}");
}

#[test]
fn numbers() {
    for (written, expected) in [
        ("1234567.5", ["1,234,567.5", "1,234,567.5", "1.234.567,5", "1'234'567,5"]),
        ("1234", ["1,234", "1,234", "1.234", "1'234"]),
        ("999", ["999"; 4]),
        ("-7200", ["-7,200", "-7,200", "-7.200", "-7'200"]),
        ("0", ["0"; 4]),
    ] {
        row(written, |locale| locale.number(number(written)), expected);
        row(written, |locale| locale.plain_number(written), expected);
    }
    row("signed", |locale| locale.signed(number("6500")), ["+6,500", "+6,500", "+6.500", "+6'500"]);
    row("signed", |locale| locale.signed(number("-6500")), ["-6,500", "-6,500", "-6.500", "-6'500"]);
    row("signed zero", |locale| locale.signed(number("0")), ["0"; 4]);
    row("percent", |locale| locale.percent(number("6")), ["6%", "6%", "6_%", "6_%"]);
    row("percent", |locale| locale.percent(number("-6.5")), ["-6.5%", "-6.5%", "-6,5_%", "-6,5_%"]);
    row("signed percent", |locale| locale.signed_percent(number("8")), ["+8%", "+8%", "+8_%", "+8_%"]);
}

#[test]
fn money() {
    for (written, currency, expected) in [
        ("90930", "USD", ["$90,930", "US$90,930", "90.930_$", "90'930_$US"]),
        ("43.72", "USD", ["$43.72", "US$43.72", "43,72_$", "43,72_$US"]),
        ("43.5", "USD", ["$43.50", "US$43.50", "43,50_$", "43,50_$US"]),
        ("90930.00", "USD", ["$90,930", "US$90,930", "90.930_$", "90'930_$US"]),
        ("-90930", "USD", ["-$90,930", "-US$90,930", "-90.930_$", "-90'930_$US"]),
        ("90930", "CHF", ["CHF_90,930", "CHF_90,930", "90.930_CHF", "90'930_CHF"]),
        ("90930", "EUR", ["€90,930", "€90,930", "90.930_€", "90'930_€"]),
        ("32916", "GBP", ["£32,916", "£32,916", "32.916_£", "32'916_£GB"]),
        ("1500000", "JPY", ["¥1,500,000", "JP¥1,500,000", "1.500.000_¥", "1'500'000_JPY"]),
    ] {
        row(written, |locale| locale.money(number(written), currency), expected);
    }
    row(
        "range",
        |l| l.money_range(number("48560"), number("162870"), "USD"),
        ["$48,560_– $162,870", "US$48,560–162,870", "48.560–162.870_$", "48'560–162'870_$US"],
    );
    row("range", |l| l.number_range(number("37"), number("40")), ["37–40"; 4]);
    assert_eq!(Locale::of("es").money(number("90930"), "USD"), "USD\u{a0}90,930");
}

#[test]
fn short() {
    for (written, expected) in [
        ("950", ["$950", "US$950", "950_$", "950_$US"]),
        ("1234", ["$1.2k", "US$1.2k", "1234_$", "1,2_k_$US"]),
        ("9949", ["$9.9k", "US$9.9k", "9949_$", "9,9_k_$US"]),
        ("9950", ["$10k", "US$10k", "9950_$", "10_k_$US"]),
        ("90930", ["$91k", "US$91k", "90.930_$", "91_k_$US"]),
        ("162870", ["$163k", "US$163k", "162.870_$", "163_k_$US"]),
        ("999499", ["$999k", "US$999k", "999.499_$", "999_k_$US"]),
        ("1234567", ["$1.2M", "US$1.2m", "1,2_Mio._$", "1,2_M_$US"]),
        ("12345678", ["$12M", "US$12m", "12_Mio._$", "12_M_$US"]),
        ("2500000000", ["$2.5B", "US$2.5bn", "2,5_Mrd._$", "2,5_Md_$US"]),
        ("-90930", ["-$91k", "-US$91k", "-90.930_$", "-91_k_$US"]),
    ] {
        row(written, |locale| locale.short_money(number(written), "USD"), expected);
    }
    assert_eq!(Locale::of("en-US").short_money(number("999500"), "USD"), "$1M");
    row("number", |l| l.short(number("1500000000000")), ["1.5T", "1.5tn", "1,5_Bio.", "1,5_Bn"]);
}

#[test]
fn rounding() {
    for (written, step, nearest, floor) in [
        ("90930", "1000", "91000", "90000"),
        ("90500", "1000", "91000", "90000"),
        ("-90500", "1000", "-91000", "-91000"),
        ("43.72", "0.5", "43.5", "43.5"),
        ("7", "100", "0", "0"),
        ("5", "0.1", "5", "5"),
        ("9223372036854775807", "10", "9223372036854775807", "9223372036854775800"),
    ] {
        let (value, step) = (number(written), number(step));
        assert_eq!(round(value, step, Rounding::Nearest).to_string(), nearest, "{written}");
        assert_eq!(round(value, step, Rounding::Floor).to_string(), floor, "{written}");
    }
    assert_eq!(round(number("5"), number("0"), Rounding::Nearest).to_string(), "5");
}

#[test]
fn dates_and_times() {
    let day = jiff::civil::date(2026, 11, 20);
    row(
        "date",
        |l| l.date(day),
        ["November 20, 2026", "20 November 2026", "20. November 2026", "20 novembre 2026"],
    );
    row(
        "first",
        |l| l.date(jiff::civil::date(2026, 11, 1)),
        ["November 1, 2026", "1 November 2026", "1. November 2026", "1er novembre 2026"],
    );
    let month = AsOf::parse("2024-05").unwrap();
    row("month", |l| l.as_of(month), ["May 2024", "May 2024", "Mai 2024", "mai 2024"]);
    assert_eq!(Locale::of("es").as_of(month), "2024-05");
    assert_eq!(Locale::of("en").day_or_month(month).iso, "2024-05");
    let effort = Effort::parse("PT1H/day");
    row(
        "effort",
        |l| l.time(effort, Duration::parse("P3M")),
        [
            "about an hour a day for 3 months",
            "about an hour a day for 3 months",
            "etwa eine Stunde pro Tag, 3 Monate lang",
            "environ une heure par jour pendant 3 mois",
        ],
    );
    row(
        "one",
        |l| l.duration(Duration::parse("P1Y2M").unwrap()),
        ["1 year, 2 months", "1 year, 2 months", "1 Jahr, 2 Monate", "1 an, 2 mois"],
    );
    row("zero", |l| l.units(0, Unit::Week), ["0 weeks", "0 weeks", "0 Wochen", "0 semaine"]);
    row("list", |l| l.list(&["a", "b", "c"]), ["a, b, and c", "a, b and c", "a, b und c", "a, b et c"]);
}

#[test]
fn languages_without_a_row_of_their_own() {
    for (tag, text) in [
        ("en", "$1"),
        ("en-AU", "US$1"),
        ("de", "1\u{a0}$"),
        ("de-AT", "1\u{a0}$"),
        ("FR-ca", "1\u{a0}$US"),
        ("den", "USD\u{a0}1"),
        ("", "USD\u{a0}1"),
    ] {
        assert_eq!(Locale::of(tag).money(number("1"), "USD"), text, "{tag}");
    }
}

fn money_datum(limit: Op) -> Datum {
    Datum::Money { amount: number("90930"), currency: "USD".to_owned(), limit }
}

#[test]
fn filters() {
    let english = Locale::of("en-US");
    let range = |limits| Datum::Range {
        low: number("48560"),
        high: number("162870"),
        currency: Some("USD".to_owned()),
        limits,
    };
    let (exact, capped) = ([Op::Equal; 2], [Op::Less, Op::More]);
    for (datum, filters, text) in [
        (money_datum(Op::Equal), &[][..], "$90,930"),
        (money_datum(Op::Less), &[], "less than $90,930"),
        (money_datum(Op::AtLeast), &[("short", None)], "at least $91k"),
        (money_datum(Op::Equal), &[("round", Some("1000"))], "$91,000"),
        (money_datum(Op::Equal), &[("floor", Some("1000")), ("short", None)], "$90k"),
        (money_datum(Op::Equal), &[("number", None)], "90,930"),
        (Datum::Percent(number("-6")), &[], "-6%"),
        (Datum::Percent(number("8")), &[("signed", None)], "+8%"),
        (Datum::Percent(number("8")), &[("number", None)], "8"),
        (Datum::Number(number("0.08")), &[("percent", None)], "0.08%"),
        (Datum::Number(number("6500")), &[("signed", None)], "+6,500"),
        (Datum::Number(number("1.46")), &[("times", None)], "1.5 times"),
        (Datum::Year(2034), &[], "2034"),
        (range(exact), &[("range", None)], "$48,560\u{a0}\u{2013} $162,870"),
        (range(capped), &[], "less than $48,560 to more than $162,870"),
        (range(capped), &[("short", None)], "less than $49k to more than $163k"),
        (range([Op::Equal, Op::More]), &[("range", None)], "$48,560 to more than $162,870"),
        (range(exact), &[("round", Some("1000")), ("short", None)], "$49k\u{2013}$163k"),
        (Datum::day(jiff::civil::date(2026, 11, 20)), &[("month-year", None)], "November 2026"),
        (Datum::day(jiff::civil::date(2026, 11, 20)), &[("date", None)], "November 20, 2026"),
    ] {
        assert_eq!(apply(datum, filters).unwrap().text(english), text, "{filters:?}");
    }
    for (datum, filters, message) in [
        (money_datum(Op::Equal), &[("date", None)][..], "the filter `date` does not fit an amount of money"),
        (money_datum(Op::Equal), &[("range", None)], "the filter `range` does not fit an amount of money"),
        (money_datum(Op::Equal), &[("round", None)], "the filter `round` lacks a number"),
        (money_datum(Op::Equal), &[("round", Some("-1"))], "the filter `round` cannot round to `-1`"),
        (money_datum(Op::Equal), &[("short", Some("1"))], "the filter `short` takes no `1`"),
        (Datum::Text(String::new()), &[("round", Some("10"))], "the filter `round` does not fit text"),
    ] {
        assert_eq!(apply(datum, filters).unwrap_err().1, message);
    }
    assert_eq!(
        apply(money_datum(Op::Less), &[("short", None)]).unwrap().machine(),
        Machine::Data("90930".to_owned())
    );
}
