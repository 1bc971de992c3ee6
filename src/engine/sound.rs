//! Whether pages that templates made hold together.
//!
//! In: a rendered page and the plan it was made from. Out: its fault, if it has one that nobody has told
//! already. For a writer's own HTML nobody vouches.

use std::sync::Arc;

use super::Plan;
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::render::{Rendered, View};

/// What is found on outputs rather than in templates.
pub(super) const TOLD: &[Code] = &[Code::AffiliateUnmarked, Code::HtmlInvalid];

/// Why a page does not hold together.
pub(super) fn fault(plan: &Plan, path: &str, view: &View, output: &Rendered) -> Option<Diagnostic> {
    let View::Html(view) = view else { return None };
    let page = view.source.and_then(|id| plan.site.pages.get(id));
    if !output.diagnostics.is_empty() || page.is_some_and(|page| page.document.own_html) {
        return None;
    }
    let source = page.map_or_else(|| Arc::from(path), |page| Arc::clone(&page.document.path));
    check::unsound(std::str::from_utf8(&output.bytes).ok()?, &source)
}

/// Whether a page with an error of its own, such as an id that it gives twice, comes to this. Then the error
/// says it better, and the output must not be remembered as one without a fault.
pub(super) fn is_told(plan: &Plan, fault: &Diagnostic) -> bool {
    let path = &fault.location.path;
    plan.diagnostics.iter().any(|found| found.severity == Severity::Error && found.location.path == *path)
}
