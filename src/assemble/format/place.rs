//! Names of the places that figures are most often of.
//!
//! In: a place's id as data files have it. Out: its name in a language. Any other place is its own
//! name: `England`, `Inner London`.

use super::Locale;

/// ISO 3166-1 codes with their names in English, German and French (Unicode CLDR 48).
const PLACES: &[(&str, [&str; 3])] = &[
    ("AT", ["Austria", "Österreich", "Autriche"]),
    ("AU", ["Australia", "Australien", "Australie"]),
    ("BE", ["Belgium", "Belgien", "Belgique"]),
    ("CA", ["Canada", "Kanada", "Canada"]),
    ("CH", ["Switzerland", "Schweiz", "Suisse"]),
    ("DE", ["Germany", "Deutschland", "Allemagne"]),
    ("ES", ["Spain", "Spanien", "Espagne"]),
    ("FR", ["France", "Frankreich", "France"]),
    ("GB", ["United Kingdom", "Vereinigtes Königreich", "Royaume-Uni"]),
    ("IE", ["Ireland", "Irland", "Irlande"]),
    ("IN", ["India", "Indien", "Inde"]),
    ("IT", ["Italy", "Italien", "Italie"]),
    ("JP", ["Japan", "Japan", "Japon"]),
    ("NL", ["Netherlands", "Niederlande", "Pays-Bas"]),
    ("NZ", ["New Zealand", "Neuseeland", "Nouvelle-Zélande"]),
    ("PL", ["Poland", "Polen", "Pologne"]),
    ("US", ["United States", "Vereinigte Staaten", "États-Unis"]),
    ("ZA", ["South Africa", "Südafrika", "Afrique du Sud"]),
];

/// Places that an English sentence has an article before.
const THE: [&str; 3] = ["GB", "NL", "US"];

impl Locale {
    /// The name of a place after `in`: `the United States`.
    #[must_use]
    pub fn within(&self, id: &str) -> String {
        let article = if self.words.language == 0 && THE.contains(&id) { "the " } else { "" };
        format!("{article}{}", self.place(id))
    }

    /// The name of a place.
    #[must_use]
    pub fn place<'p>(&self, id: &'p str) -> &'p str {
        let found = PLACES.iter().find(|(code, _)| *code == id);
        found.map_or(id, |(_, names)| names[self.words.language])
    }
}
