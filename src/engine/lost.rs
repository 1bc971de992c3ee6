//! Texts that the store lost.
//!
//! In: a view. Out: its output, with every such text made again from its source, or the problem that
//! the source is another by now. What is made again is the same: a document depends on its source
//! and the settings alone.

use std::sync::Arc;

use super::Plan;
use crate::diagnostic::{Code, Diagnostic};
use crate::guard;
use crate::parse::{self, Document};
use crate::render::{self, Context, Rendered, View};
use crate::scan::Source;

/// Renders a view. A text that the store lost is made again from its source. Says whether one could
/// not be, for its source has changed since.
pub(super) fn render(plan: &Plan, context: &Context<'_>, path: &str, view: &View) -> (Rendered, bool) {
    let output = watched(context, path, view);
    let pages = view.texts().into_iter().filter_map(|id| plan.site.pages.get(id));
    let lost: Vec<&Document> =
        pages.map(|page| &*page.document).filter(|document| document.body.stored().is_lost()).collect();
    if lost.is_empty() {
        return (output, false);
    }
    // Another thread may have put a text back by now, yet after this output was made without it.
    let gone: Vec<&Document> = lost.into_iter().filter(|document| !restore(plan, document)).collect();
    let mut output = watched(context, path, view);
    let lacking = !gone.is_empty();
    output.diagnostics.extend(gone.into_iter().map(|document| {
        let message = "this changed while the site was built";
        Diagnostic::new(Code::File, Arc::clone(&document.path), None, message).help("build again")
    }));
    (output, lacking)
}

/// Renders a view while its template's memory is watched.
pub(super) fn watched(context: &Context<'_>, path: &str, view: &View) -> Rendered {
    let template = render::template_file(context, view);
    let _rendering = template.and_then(|template| guard::memory::turn(path, template));
    render::render(context, path, view)
}

/// Puts a document's text back by parsing its source again. Says whether it is still that text.
pub(super) fn restore(plan: &Plan, document: &Document) -> bool {
    let source = plan.inputs.pages.iter().find(|source| source.path == document.path);
    let Some(Ok(bytes)) = source.map(Source::load) else { return false };
    let settings = parse::Settings::of(&plan.inputs.config);
    let again = parse::parse(&document.path, &bytes, &settings, &plan.highlighter);
    document.body.stored().restore(&again.body.html())
}
