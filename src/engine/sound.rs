//! Whether pages that templates made hold together.
//!
//! In: a rendered page and the plan it was made from. Out: its fault, if it has one that nobody has told
//! already. For a writer's own HTML nobody vouches.

use std::ops::Range;
use std::sync::Arc;

use super::Plan;
use crate::assemble::Page;
use crate::check::{self, Hand, Proof};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::render::{Rendered, View};

/// What is found on outputs rather than in templates.
pub(super) const TOLD: &[Code] = &[Code::AffiliateUnmarked, Code::HtmlInvalid];

/// Why a page does not hold together.
pub(super) fn fault(plan: &Plan, path: &str, view: &View, output: &Rendered) -> Option<Diagnostic> {
    let View::Html(view) = view else { return None };
    let page = view.source.and_then(|id| plan.site.pages.get(id));
    if !output.diagnostics.is_empty() {
        return None;
    }
    let hand = if page.is_some_and(|page| page.document.own_html) {
        Hand::Writer
    } else if plan.inputs.has_templates_of_its_own() {
        Hand::Templates
    } else {
        Hand::Program
    };
    let of_output;
    let source = if let Some(page) = page {
        &page.document.path
    } else {
        of_output = Arc::from(path);
        &of_output
    };
    let ours = page.zip(output.text.clone()).and_then(|(page, range)| ours(page, &output.bytes, range));
    check::unsound(&Proof { html: &output.bytes, path, source, hand, ours: ours.as_ref() })
}

/// The text of a page for which no theme and no record has written anything: it is as the parser wrote it.
fn ours<'p>(page: &'p Page, bytes: &[u8], range: Range<usize>) -> Option<check::Ours<'p>> {
    let Page { document, career, promos, .. } = page;
    let parts = [document.calls.len(), document.values.len(), document.mentions.len(), promos.len()];
    // What stands there is a set: it does not tell of an id that is given twice.
    let is_twice = document.diagnostics.iter().any(|found| found.code == Code::IdDuplicate);
    let has_parts = parts.iter().any(|count| *count > 0);
    if is_twice || has_parts || !career.blocks.is_empty() || !career.sources.is_empty() {
        return None;
    }
    let has_list = memchr::memmem::find(bytes.get(range.clone())?, b"<h2 id=\"contents\">").is_some();
    let ids = document.ids.iter().chain(has_list.then_some("contents")).collect();
    Some(check::Ours { range, ids })
}

/// Whether a page with an error of its own, such as an id that it gives twice, comes to this. Then the error
/// says it better, and the output must not be remembered as one without a fault.
pub(super) fn is_told(plan: &Plan, fault: &Diagnostic) -> bool {
    let path = &fault.location.path;
    plan.diagnostics.iter().any(|found| found.severity == Severity::Error && found.location.path == *path)
}
