//! Which pages a problem in a data file is on.
//!
//! In: findings, the linked site and its data. Out: the same findings, those at a record with the pages
//! that use it. Finds nothing itself.

use std::collections::BTreeMap;

use crate::assemble::Site;
use crate::assemble::facts::Facts;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::data::FOLDER;

/// Findings that name their pages by themselves.
const TOLD: &[Code] =
    &[Code::SalaryStale, Code::DataUnused, Code::DataUnknownId, Code::PastEvent, Code::PromoExpired];

/// A record: where it begins, and what pages know it by.
type Place<'f> = (u32, &'static str, &'f str);

/// Says at each problem of a record which pages use it.
pub fn tell(found: &mut [Diagnostic], site: &Site, facts: &Facts) {
    let concerns =
        |finding: &Diagnostic| finding.location.path.starts_with(FOLDER) && !TOLD.contains(&finding.code);
    if !found.iter().any(concerns) {
        return;
    }
    let records = records(facts);
    for finding in found.iter_mut().filter(|finding| concerns(finding)) {
        let at = finding.location.span.map_or(0, |span| span.start);
        let Some(of_file) = records.get(&*finding.location.path) else { continue };
        // The last record that begins at or above the problem.
        let end = of_file.partition_point(|(start, ..)| *start <= at);
        let Some((_, kind, id)) = end.checked_sub(1).and_then(|last| of_file.get(last)) else { continue };
        let Some(pages) = site.uses.get(&(*kind, (*id).to_owned())) else { continue };
        finding.used_on(pages.iter());
    }
}

/// Every record by its file, from the top.
fn records(facts: &Facts) -> BTreeMap<&str, Vec<Place<'_>>> {
    let mut records: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
    macro_rules! keyed {
        ($($field:ident)*) => {$(
            for (id, filed) in &facts.$field {
                records.entry(&filed.path).or_default().push((filed.record.id.span.start, stringify!($field), id));
            }
        )*};
    }
    keyed!(roles sources authors courses promos glossary images);
    for (id, filed) in &facts.quizzes {
        records.entry(&filed.path).or_default().push((0, "quizzes", id));
    }
    for (id, filed) in &facts.paths {
        records.entry(&filed.path).or_default().push((0, "paths", id));
    }
    for filed in facts.salaries.iter() {
        let figure = &filed.record;
        records.entry(&filed.path).or_default().push((figure.span.start, "salaries", &figure.role.value));
    }
    for places in records.values_mut() {
        places.sort_unstable();
    }
    records
}
