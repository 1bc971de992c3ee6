//! Dates that have come: reviews that are due, updates that changed no figure.
//!
//! In: the linked site and today. Out: findings at the date. How old a single figure may be is found
//! when data is put on pages.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Shelf, at_key};
use crate::diagnostic::{Code, Diagnostic};

/// Pages whose review is overdue (`review-due`).
pub(super) fn reviews_due(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let days = i64::try_from(shelf.config.checks.limits.review_days).unwrap_or(i64::MAX).min(100_000);
    for (_, page) in shelf.written() {
        let by_hand = page.front.review_by.map(|date| (date.date, "review_by"));
        let by_rule = page.front.reviewed.and_then(|date| date.date.checked_add(days.days()).ok());
        let Some((due, key)) = by_hand.or(by_rule.map(|due| (due, "reviewed"))) else { continue };
        if due >= shelf.today {
            continue;
        }
        let authors = page.front.authors.iter().map(|author| author.value.as_str());
        let owners: Vec<&str> = authors.map(|id| shelf.name_of_author(id)).collect();
        let owner = if owners.is_empty() { "nobody".to_owned() } else { owners.join(", ") };
        let message = format!("the review was due on {due} (owner: {owner})");
        let finding = at_key(Code::ReviewDue, page, &[key], message);
        found
            .push(finding.help("review the page and set `reviewed` to the day, and `review_by` to the next"));
    }
}

/// Days by which an update may follow its figures.
const SLACK: i64 = 30;

/// Pages that say they were updated long after anybody last looked at any of their figures
/// (`updated-without-change`).
pub(super) fn updates_without_change(shelf: &Shelf<'_>, found: &mut Vec<Diagnostic>) {
    let newest = newest_figures(shelf);
    for (_, page) in shelf.written() {
        let (Some(updated), Some(figure)) = (page.front.updated, newest.get(&*page.document.path)) else {
            continue;
        };
        let late = figure.checked_add(SLACK.days()).is_ok_and(|limit| updated.date > limit);
        if late {
            let message = format!(
                "the page says it was updated on {}, but its newest figure is from {figure}",
                updated.date
            );
            let finding = at_key(Code::UpdatedWithoutChange, page, &["updated"], message);
            found.push(finding.help("look the figures up again, and set `retrieved` where they still hold"));
        }
    }
}

/// When somebody last looked at the newest figure of each page that shows one.
fn newest_figures<'a>(shelf: &Shelf<'a>) -> HashMap<&'a str, Date> {
    let mut by_role: HashMap<&str, Date> = HashMap::new();
    for figure in shelf.facts.salaries.iter() {
        let source = shelf.facts.sources.get(&figure.source.value);
        let dates = [
            Some(figure.as_of.date),
            figure.retrieved,
            source.and_then(|source| source.published).map(|date| date.date),
            source.and_then(|source| source.retrieved),
        ];
        let seen = dates.into_iter().flatten().max().unwrap_or(figure.as_of.date);
        let newest = by_role.entry(&figure.role.value).or_insert(seen);
        *newest = seen.max(*newest);
    }
    let mut by_page: HashMap<&str, Date> = HashMap::new();
    for ((kind, role), pages) in &*shelf.site.uses {
        let Some(seen) = by_role.get(role.as_str()).filter(|_| *kind == "salaries") else { continue };
        for page in pages {
            let newest = by_page.entry(page).or_insert(*seen);
            *newest = (*seen).max(*newest);
        }
    }
    by_page
}
