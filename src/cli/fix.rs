//! `guidepost fix urls`: published addresses that are gone are led to their new places, and
//! `urls.lock` is kept.
//!
//! In: the site and its lock. Out: aliases and earlier ids in pages, and the lock. A page is changed
//! only when its new text, read again, has what was added to it and no new problem.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::check::addresses::{self, Mend, Repair};
use crate::check::lock::{self, Lock};
use crate::check::mend;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::engine::{self, Memory, Plan};
use crate::error::Error;
use crate::parse::highlight::Highlighter;
use crate::parse::{self, Document, Settings};
use crate::write::{self, Change};

use super::Ending;
use super::args::{self, FixCommand, Global, Selection};
use super::site;
use super::terminal::{self, Terminal};

pub(super) fn run(global: &Global, options: &args::Fix, terminal: &Terminal) -> Result<Ending, Error> {
    let FixCommand::Urls { forget, dry_run } = &options.command;
    site::use_threads(global);
    let mut memory = Memory::load(&global.root);
    let inputs = site::scan(global, &Selection::default(), Path::new("public"), &memory)?;
    let highlighter = site::highlighter()?;
    let plan = engine::plan(inputs, &highlighter, &mut memory);
    let hiding: Vec<_> = plan.diagnostics.iter().filter(|found| hides_pages(found)).cloned().collect();
    if !hiding.is_empty() {
        terminal.problems(&hiding, &global.root);
        terminal.say("nothing was changed: a site with errors has not all of its addresses");
        return Ok(Ending::Problems);
    }
    let before = plan.inputs.desk.lock.as_deref().map(str::to_owned);
    let (lock, problems) = Lock::parse(before.as_deref().unwrap_or_default());
    if !problems.is_empty() {
        terminal.problems(&problems, &global.root);
        terminal.say("nothing was changed: mend `urls.lock` first");
        return Ok(Ending::Problems);
    }
    let repair = addresses::repair(&lock, &plan.site, forget).map_err(|wish| {
        Error::usage("forget", wish, "`urls.lock` does not have it")
            .with_help("give it as it stands there: `/guides/nurse/`, or `/guides/nurse/#pay`")
    })?;
    // What the settings allow is no more to do.
    let repair = Repair { left: engine::judge(&plan, repair.left), ..repair };
    let (mut changes, by_hand) = mended(global, &plan, &repair, &highlighter);
    let pages = changes.len();
    let after = repair.lock.write();
    if before.as_ref() != Some(&after) {
        changes.push(Change { path: lock::NAME.to_owned(), before, after });
    }
    for change in &changes {
        // The lock is long and made by a program: what becomes of pages is what a reader wants to see.
        if change.path != lock::NAME {
            terminal.show(&diff(change))?;
        }
    }
    // Before the lock is another one: places point into the one that is there.
    terminal.problems(&repair.left, &global.root);
    if !dry_run {
        write::replace(&global.root, &changes)?;
    }
    let left = repair.left.len() + by_hand.len();
    for line in by_hand {
        terminal.say(&line);
    }
    terminal.say(&format!(
        "{}{} changed, {} new in `urls.lock`, {left} left to mend",
        if *dry_run { "would be: " } else { "" },
        terminal::count(pages, "page"),
        repair.added
    ));
    Ok(if left == 0 { Ending::Fine } else { Ending::Problems })
}

/// Whether a page may not be where it belongs because of a problem, or not at all. A link that is broken
/// hides nothing: it may be the very thing that is to be mended.
fn hides_pages(found: &Diagnostic) -> bool {
    let hides = matches!(
        found.code,
        Code::Config
            | Code::Encoding
            | Code::File
            | Code::FrontMatter
            | Code::RouteCollision
            | Code::UnknownKey
    );
    hides && found.severity == Severity::Error
}

/// A change as people read it.
pub(super) fn diff(change: &Change) -> String {
    let before = change.before.as_deref().unwrap_or_default();
    let diff = similar::TextDiff::from_lines(before, change.after.as_str());
    diff.unified_diff().context_radius(2).header(&change.path, &change.path).to_string()
}

/// New texts of pages, and what must be done by hand because no program should.
fn mended(
    global: &Global,
    plan: &Plan,
    repair: &Repair,
    highlighter: &Highlighter,
) -> (Vec<Change>, Vec<String>) {
    let settings = Settings::of(&plan.inputs.config);
    let (mut changes, mut by_hand) = (Vec::new(), Vec::new());
    for (page, mends) in &repair.mends {
        let document = &plan.site.pages[*page].document;
        let before = crate::scan::text(&global.root, &document.path).unwrap_or_default();
        let parse = |text: &str| parse::parse(&document.path, text.as_bytes(), &settings, highlighter);
        match mended_text(document, &before, mends).filter(|after| holds(document, &parse(after), mends)) {
            Some(after) => {
                changes.push(Change { path: document.path.to_string(), before: Some(before), after });
            }
            None => by_hand.extend(mends.iter().map(|mend| advice(document, mend))),
        }
    }
    (changes, by_hand)
}

fn mended_text(document: &Document, text: &str, mends: &[Mend]) -> Option<String> {
    let urls: Vec<&str> = mends
        .iter()
        .filter_map(|mend| match mend {
            Mend::Alias(url) => Some(url.as_str()),
            Mend::OldId(..) => None,
        })
        .collect();
    let mut edits = Vec::new();
    if !urls.is_empty() {
        edits.push(mend::aliases(document, text, &urls)?);
    }
    // A heading stands in for one id at most, so no two edits meet.
    for mend in mends {
        if let Mend::OldId(heading, id) = mend {
            edits.push(mend::old_id(text, document.headings.get(*heading)?.span, id)?);
        }
    }
    Some(mend::apply(text, edits))
}

/// Whether a page has what was added to it, and is otherwise what it was.
fn holds(before: &Document, after: &Document, mends: &[Mend]) -> bool {
    let ids = |document: &Document| {
        document.headings.iter().map(|heading| heading.id.clone()).collect::<BTreeSet<_>>()
    };
    let added = mends.iter().all(|mend| match mend {
        Mend::Alias(url) => after.front.aliases.iter().any(|alias| alias.value == *url),
        Mend::OldId(heading, id) => {
            after.headings.get(*heading).is_some_and(|heading| heading.old.contains(id))
        }
    });
    added
        && before.title == after.title
        && ids(before) == ids(after)
        && before.diagnostics.len() == after.diagnostics.len()
}

fn advice(document: &Arc<Document>, mend: &Mend) -> String {
    let path = &document.path;
    match mend {
        Mend::Alias(url) => format!("add `aliases: [{url}]` to the front matter of `{path}` by hand"),
        Mend::OldId(heading, id) => {
            let text = document.headings.get(*heading).map_or("", |heading| heading.text.as_str());
            format!("write `{{old=\"{id}\"}}` after the heading `{text}` of `{path}` by hand")
        }
    }
}
