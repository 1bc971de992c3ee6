//! What pages say of themselves: titles, descriptions, who wrote and reviewed them.
//!
//! In: the linked site. Out: findings at the front-matter key, or at the top of the file.

use std::hash::BuildHasher as _;

use super::{Shelf, at_key, name_of};
use crate::assemble::{Kind, Page};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::memory::{HashMap, HashSet, each};

/// Descriptions that are missing, too long or too short (`description-missing`, `-long`, `-short`).
pub(super) fn descriptions(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let limits = &shelf.config.checks.limits;
    for (_, page) in shelf.written() {
        let Some(text) = &page.front.description else {
            // The home page has the site's own.
            if is_legible(page) && (page.kind != Kind::Home || shelf.config.description.is_empty()) {
                found.push(missing(page));
            }
            continue;
        };
        let length = text.trim().chars().count();
        let (code, message) = if length > limits.description {
            let shown = limits.description;
            (
                Code::DescriptionLong,
                format!("the description has {length} characters; about {shown} are shown"),
            )
        } else if length < limits.description_short {
            (
                Code::DescriptionShort,
                format!("the description has {length} characters, which says next to nothing"),
            )
        } else {
            continue;
        };
        let help = format!(
            "write one or two sentences of {} to {} characters",
            limits.description_short, limits.description
        );
        found.push(at_key(code, page, &["description"], message).help(help));
    }
}

/// Whether what stands at the top of a page's file could be read: else it may well hold what is missing.
fn is_legible(page: &Page) -> bool {
    let mut errors = page.document.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    !errors.any(|found| matches!(found.code, Code::FrontMatter | Code::Encoding))
}

fn missing(page: &Page) -> Diagnostic {
    let found = at_key(Code::DescriptionMissing, page, &["title"], "this page has no description")
        .help("write one or two sentences (70 to 160 characters): `description: ...`");
    match page.kind {
        Kind::Guide | Kind::Role => found,
        _ => found.severity(Severity::Warning),
    }
}

/// Two pages with one description (`description-duplicate`).
pub(super) fn repeated_descriptions(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let mut known: HashMap<&str, &Page> = HashMap::default();
    for (_, page) in shelf.written() {
        let Some(text) = page.front.description.as_deref().map(str::trim).filter(|text| !text.is_empty())
        else {
            continue;
        };
        if let Some(first) = known.get(text) {
            let message = format!("the same description as `{}`", name_of(first));
            let finding = at_key(Code::DescriptionDuplicate, page, &["description"], message);
            found.push(finding.help("say what this page has that the other has not"));
        } else {
            known.insert(text, page);
        }
    }
}

/// What search results call a page.
fn search_title(page: &Page) -> &str {
    page.front.seo_title.as_deref().unwrap_or(&page.document.title)
}

/// Pixels of a title of 60 characters that search results show.
const WIDTH: usize = 580;

/// How wide a text is in search results, in pixels: 20 to the em of a sans-serif face, whose letters are
/// about as wide as those of Helvetica (Adobe, Core 14 AFM Files).
fn width(text: &str) -> usize {
    let thousandths = |letter: char| match letter {
        'i' | 'j' | 'l' | '\'' | '‘' | '’' => 222,
        ' ' | 'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '!' | '/' | '|' | '[' | ']' => 278,
        'r' | '(' | ')' | '-' | '`' | '"' | '“' | '”' => 333,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' => 667,
        'F' | 'T' | 'Z' => 611,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722,
        'G' | 'O' | 'Q' => 778,
        'm' | 'M' => 833,
        'W' | '%' => 944,
        '@' | '—' => 1000,
        // Signs of East Asia are as wide as they are high.
        wide if wide >= '\u{2e80}' => 1000,
        _ => 556,
    };
    text.chars().map(thousandths).sum::<usize>() * 20 / 1000
}

/// Titles that search results cut (`title-long`).
pub(super) fn long_titles(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let limit = shelf.config.checks.limits.title;
    let most = limit.saturating_mul(WIDTH) / 60;
    let (suffix, wide) =
        (" | ".len() + shelf.config.title.chars().count(), width(" | ") + width(&shelf.config.title));
    for (_, page) in shelf.written().filter(|(_, page)| page.kind != Kind::Home) {
        let title = search_title(page);
        let (length, width) = (title.chars().count() + suffix, width(title) + wide);
        if length > limit || width > most {
            let message = if length > limit {
                format!(
                    "the title has {length} characters with the site's name; search results cut at about {limit}"
                )
            } else {
                format!(
                    "the title is about {width} pixels wide with the site's name; search results cut at about {most}"
                )
            };
            let finding = at_key(Code::TitleLong, page, &["seo_title", "title"], message);
            found.push(
                finding.help(format!(
                    "set a `seo_title` of at most {} characters",
                    limit.saturating_sub(suffix)
                )),
            );
        }
    }
}

/// What two titles have in common that readers take for one.
fn title_key(page: &Page) -> (String, &str) {
    (search_title(page).to_lowercase(), &page.lang)
}

/// Two pages with one title (`title-duplicate`).
pub(super) fn repeated_titles(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let pages: Vec<&Page> = shelf.written().map(|(_, page)| page).collect();
    // Nearly all titles are there once, which their hashes tell at less cost.
    let mut known: HashMap<_, &Page> = HashMap::default();
    let hashes = each(&pages, || (), |(), _, page| known.hasher().hash_one(title_key(page)));
    let mut seen = HashSet::default();
    let repeated: HashSet<u64> = hashes.iter().copied().filter(|hash| !seen.insert(*hash)).collect();
    for (page, _) in pages.into_iter().zip(&hashes).filter(|(_, hash)| repeated.contains(hash)) {
        let key = title_key(page);
        if let Some(first) = known.get(&key) {
            let title = search_title(page);
            let message = format!("`{title}` is also the title of `{}`", name_of(first));
            let finding = at_key(Code::TitleDuplicate, page, &["seo_title", "title"], message);
            found.push(finding.help("set a `seo_title` on one of them"));
        } else {
            known.insert(key, page);
        }
    }
}

/// Guides that nobody wrote (`author-missing`).
pub(super) fn authors(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let signed = |kind| matches!(kind, Kind::Guide | Kind::Comparison | Kind::Story);
    let is_unsigned = |page: &Page| signed(page.kind) && page.front.authors.is_empty() && is_legible(page);
    for (_, page) in shelf.written().filter(|(_, page)| is_unsigned(page)) {
        let known: Vec<String> = shelf.facts.authors.keys().take(5).map(|id| format!("`{id}`")).collect();
        let help = if known.is_empty() {
            "add `authors: [...]`; people are kept in `content/data/authors.toml`".to_owned()
        } else {
            format!("add `authors: [...]`; there is {}", known.join(", "))
        };
        found.push(at_key(Code::AuthorMissing, page, &["title"], "this page has no author").help(help));
    }
}

/// Pages that were reviewed by who wrote them (`reviewer-self`).
pub(super) fn reviewers(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    for (_, page) in shelf.written() {
        for reviewer in &page.front.reviewers {
            if page.front.authors.iter().any(|author| author.value == reviewer.value) {
                let path = page.front.file_of("reviewers", &page.document.path).clone();
                let name = shelf.name_of_author(&reviewer.value);
                let message = format!("`{name}` cannot review their own guide");
                found.push(
                    Diagnostic::new(Code::ReviewerSelf, path, reviewer.span, message)
                        .help("name another reviewer, or none"),
                );
            }
        }
    }
}
