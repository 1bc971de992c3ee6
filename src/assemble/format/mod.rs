//! Numbers, money, dates and lengths of time as a page's language writes them.
//!
//! In: exact numbers and dates, and a BCP 47 tag. Out: text, unescaped. Knows no record and no page.
//!
//! The rules are ICU's, from the Unicode CLDR 48, as a table for `en-US`, `en-GB`, `de-DE` and
//! `fr-FR`; `tests.rs` holds what ICU 78 prints for the same numbers. They are a table because
//! ICU4X marks currency, percent, compact and unit formatting experimental, and what is left for
//! its stable `icu_decimal`, grouping by threes, is not worth nine crates. Two deliberate
//! differences: thousands are `k` in American English too (`$91k`, as the specification of the
//! content has it), and the first of a month is `1er` in French.

mod date;
mod filter;
mod locale;
mod number;
mod place;
#[cfg(test)]
mod tests;
mod time;
pub mod words;

pub use filter::{Applied, Datum, FILTERS, Machine, apply};
pub use locale::Locale;
pub use number::{Limit, Rounding, round, words_with};
pub(crate) use number::{absolute, trimmed};
pub use time::Unit;
pub use words::Words;
