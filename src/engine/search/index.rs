//! Pages to the files of a search index.
//!
//! In: small HTML documents, sorted by address. Out: the files that browsers search, by their paths
//! below the output folder: the same bytes for the same pages. Writes nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

use crate::assemble::SEARCH_INDEX;
use crate::render::search::{Indexed, LEFT_OUT};

/// Parts of pagefind's own interface, for which the theme has its own.
const NOT_NEEDED: [&str; 7] = [
    "pagefind-ui.js",
    "pagefind-ui.css",
    "pagefind-modular-ui.js",
    "pagefind-modular-ui.css",
    "pagefind-component-ui.js",
    "pagefind-component-ui.css",
    "pagefind-highlight.js",
];

/// The index of these pages.
///
/// # Errors
/// What went wrong, in words: an index that is not understood breaks no build but its own step.
pub(super) fn make(documents: Vec<Indexed>) -> Result<Vec<(String, Vec<u8>)>, String> {
    catch_unwind(AssertUnwindSafe(|| run(documents))).unwrap_or_else(|_| Err("it panicked".to_owned()))
}

fn run(documents: Vec<Indexed>) -> Result<Vec<(String, Vec<u8>)>, String> {
    // The library waits for nothing but its own work.
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let files = runtime.block_on(async {
        let options =
            PagefindServiceConfig::builder().exclude_selectors(LEFT_OUT.map(str::to_owned).to_vec()).build();
        let mut index = PagefindIndex::new(Some(options))?;
        for Indexed { url, html } in documents {
            index.add_html_file(None, Some(url), html).await?;
        }
        index.get_files().await
    });
    let files = files.map_err(|error| format!("{error:#}"))?;
    let mut named: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .filter_map(|file| Some((name(&file.filename)?, file.contents)))
        .filter(|(name, _)| !NOT_NEEDED.contains(&name.as_str()))
        .map(|(name, bytes)| (format!("{SEARCH_INDEX}{name}"), bytes))
        .collect();
    named.sort();
    named.dedup();
    Ok(named)
}

/// A path with `/` on every system.
fn name(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
