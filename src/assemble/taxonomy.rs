//! The terms of each declared taxonomy.
//!
//! In: pages and the declared taxonomies. Out: for each taxonomy its terms with their pages, and for
//! each page its terms. Spellings that differ in case, spaces, dashes and underscores alone are one
//! term, named as the first page by path wrote it; other names that share an address are two terms
//! that claim one route.

use std::sync::Arc;

use super::folder::Role;
use super::page::Entry;
use super::{PageId, TaxonomyIndex, Term, order, url};
use crate::config::{Config, Taxonomy};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::memory::HashMap;
use crate::parse::slug::is_dash;

/// For each page, for each taxonomy, its terms.
pub(super) type TermsOf = Vec<Vec<Vec<usize>>>;

/// Gathers the terms of all taxonomies.
pub(super) fn index(
    entries: &[Entry<'_>],
    recency: &[u32],
    config: &Config,
    found: &mut Vec<Diagnostic>,
) -> (Vec<TaxonomyIndex>, TermsOf) {
    let mut terms_of: TermsOf = entries.iter().map(|_| Vec::with_capacity(config.taxonomies.len())).collect();
    let mut indices = Vec::with_capacity(config.taxonomies.len());
    for taxonomy in &config.taxonomies {
        let TaxonomyIndex { url, page, terms } = one(taxonomy, entries, config, &mut terms_of, found);
        indices.push(TaxonomyIndex { url, page, terms: sort(terms, recency, &mut terms_of) });
    }
    (indices, terms_of)
}

/// The URL of the list of a taxonomy's terms.
pub(super) fn address(taxonomy: &Taxonomy, config: &Config) -> String {
    format!("/{}/", url::encode(&url::term_segment(&taxonomy.name, config.markdown.slugs)))
}

/// One taxonomy, its terms in the order they were found.
fn one(
    taxonomy: &Taxonomy,
    entries: &[Entry<'_>],
    config: &Config,
    terms_of: &mut TermsOf,
    found: &mut Vec<Diagnostic>,
) -> TaxonomyIndex {
    let style = config.markdown.slugs;
    let url = address(taxonomy, config);
    let page = entries.iter().position(|entry| entry.role == Role::Taxonomy && entry.url == url);
    let mut terms: Vec<Term> = Vec::new();
    // Names are dear to fold and most pages spell a term alike, so each spelling is looked at once.
    let mut by_spelling: HashMap<&str, Option<usize>> = HashMap::default();
    let mut by_name: HashMap<String, usize> = HashMap::default();
    for (page, entry) in entries.iter().enumerate() {
        let mut own = Vec::new();
        for name in entry.front.terms(&taxonomy.name) {
            let term = *by_spelling.entry(&name.value).or_insert_with(|| {
                let slug = url::term_segment(&name.value, style);
                (!slug.is_empty()).then(|| {
                    *by_name.entry(folded(&name.value)).or_insert_with(|| {
                        let url = format!("{url}{}/", url::encode(&slug));
                        terms.push(Term { name: name.value.trim().to_owned(), url, pages: Vec::new() });
                        terms.len() - 1
                    })
                })
            });
            match term {
                None => found.push(
                    Diagnostic::new(
                        Code::FrontMatter,
                        Arc::clone(entry.front.file_of(&taxonomy.name, &entry.document.path)),
                        name.span,
                        format!(
                            "no address can be made of `{}` in `{}`",
                            diagnostic::visible(&name.value),
                            taxonomy.name
                        ),
                    )
                    .help("use at least one letter or digit"),
                ),
                Some(term) if own.contains(&term) => {}
                Some(term) => {
                    own.push(term);
                    terms[term].pages.push(page);
                }
            }
        }
        terms_of[page].push(own);
    }
    TaxonomyIndex { url, page, terms }
}

/// What the spellings of one term have in common: letters without case, and words without what
/// stands between them.
fn folded(name: &str) -> String {
    let gap = |c: char| c.is_whitespace() || c == '_' || is_dash(c);
    let name = url::folded(name);
    let words: Vec<&str> = name.split(gap).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Sorts terms by name and their pages by date, and renumbers the terms in the last list of each
/// page to match.
fn sort(terms: Vec<Term>, recency: &[u32], terms_of: &mut TermsOf) -> Vec<Term> {
    let mut numbered: Vec<(usize, Term)> = terms.into_iter().enumerate().collect();
    numbered.sort_by(|(_, a), (_, b)| order::titles(&a.name, &b.name).then_with(|| a.url.cmp(&b.url)));
    let mut number = vec![0; numbered.len()];
    for (new, (old, _)) in numbered.iter().enumerate() {
        number[*old] = new;
    }
    for own in terms_of.iter_mut().filter_map(|all| all.last_mut()) {
        for term in own.iter_mut() {
            *term = number[*term];
        }
    }
    let newest_first = |mut pages: Vec<PageId>| {
        pages.sort_unstable_by_key(|page| recency[*page]);
        pages
    };
    numbered.into_iter().map(|(_, term)| Term { pages: newest_first(term.pages), ..term }).collect()
}
