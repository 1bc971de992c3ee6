//! From a plan to what is on the screen: the current edition, its pages, and what is said of them.
//!
//! In: a plan. Out: an edition on the board. Pages that are looked at are rendered before it is there,
//! those that somebody waits for next, and the others behind.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Workshop;
use crate::assemble::{Cause, SEARCH_INDEX};
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::engine::{self, Plan};
use crate::fingerprint::Fingerprint;
use crate::serve::edition::Edition;
use crate::serve::news::News;
use crate::serve::problem;
use crate::serve::shelf::{Purpose, Shelving};

/// Pages that were looked at last are rendered before anything is published.
const LOOKED_AT: usize = 8;
/// How long one piece of the work behind may keep a request waiting.
const PIECE: Duration = Duration::from_millis(6);

impl Workshop {
    /// Makes a plan the current edition.
    pub(super) fn publish(&mut self, plan: Plan) {
        let begun = Instant::now();
        let number = self.edition.as_ref().map_or(0, |edition| edition.number) + 1;
        self.broken = broken(&plan);
        let edition = Arc::new(Edition { number, plan });
        self.round.assets = self.compare(&edition);
        let routes = &edition.plan.site.routes;
        let looked_at: Vec<String> = self.board.shelf.recent(LOOKED_AT);
        let looked_at: Vec<&str> =
            looked_at.iter().map(String::as_str).filter(|path| routes.contains_key(*path)).collect();
        let has_errors = has_errors(&edition.plan.diagnostics);
        if !has_errors {
            self.board.shelf.retain(|path| routes.contains_key(path) || path.starts_with(SEARCH_INDEX));
        }
        self.render(&edition, &looked_at, Purpose::Learn);
        self.board.publish(Arc::clone(&edition));
        // Only now: an old page must never carry the new count.
        self.round.is_published = true;
        if self.round.is_counted {
            self.board.count_change();
        }
        let now = Instant::now();
        self.round.split.render = now - begun;
        let behind = routes
            .iter()
            .filter(|(path, route)| !route.cause.is_picture() && !looked_at.contains(&path.as_str()));
        self.behind = behind.map(|(path, _)| path.clone()).collect();
        self.edition = Some(Arc::clone(&edition));
        self.round.rebuilt.took = now.saturating_duration_since(self.round.started);
        if self.round.is_first {
            self.greet();
        }
        self.announce();
        self.finish_if_done();
    }

    fn greet(&self) {
        let Some(edition) = &self.edition else { return };
        let pages = edition.plan.site.pages.len();
        let path = &edition.plan.inputs.config.base_url.path;
        let urls = [format!("{}{path}", self.preview.origin)];
        let lan = self.preview.lan.as_ref().map(|lan| format!("{lan}{path}"));
        let took = self.round.rebuilt.took;
        (self.say)(News::Ready { urls: &urls, lan: lan.as_deref(), pages, took });
    }

    /// Counts a change when an output came, went, or is another file than before. Returns the files
    /// that changed under a name that stays.
    fn compare(&mut self, edition: &Edition) -> Vec<String> {
        let plan = &edition.plan;
        let routes = &*plan.site.routes;
        let former = self.edition.as_ref().map(|edition| &edition.plan.site.routes);
        let is_same = former.is_some_and(|former| Arc::ptr_eq(former, &plan.site.routes));
        let mut changed = !is_same && former.is_some_and(|former| former.keys().ne(routes.keys()));
        if !is_same {
            self.published.retain(|path, _| routes.contains_key(path));
        }
        let mut assets = Vec::new();
        for (path, route) in routes {
            let Some(index) = route.cause.file() else { continue };
            let Some(asset) = plan.inputs.assets.get(index) else { continue };
            match self.published.insert(path.clone(), asset.fingerprint) {
                Some(known) if known == asset.fingerprint => {}
                Some(_) => {
                    changed = true;
                    assets.push(plan.inputs.config.base_url.path(&route.url));
                }
                None => {}
            }
        }
        if changed {
            self.count_change();
        }
        assets
    }

    fn count_change(&mut self) {
        if !self.round.is_counted {
            self.round.is_counted = true;
            if self.round.is_published {
                self.board.count_change();
            }
        }
    }

    /// Renders outputs of an edition, and notes which of them are not what they were.
    fn render(&mut self, edition: &Edition, paths: &[&str], purpose: Purpose) {
        if paths.is_empty() {
            return;
        }
        let sink = Shelving {
            shelf: &self.board.shelf,
            edition: edition.number,
            purpose,
            broken: &self.broken,
            made: Mutex::default(),
        };
        let (counts, _) = engine::render(&edition.plan, paths, &mut self.memory, &sink);
        let made = sink.made.into_inner().unwrap_or_else(PoisonError::into_inner);
        let nothing = Fingerprint::of_bytes(b"");
        let mut differs = 0;
        for (path, digest) in made {
            // Of a drawing its file was compared.
            let is_file =
                edition.plan.site.routes.get(&path).is_some_and(|route| route.cause.file().is_some());
            if digest == nothing || is_file || self.broken.contains(&path) {
                continue;
            }
            match self.published.insert(path, digest) {
                Some(known) if known != digest => {
                    self.count_change();
                    differs += 1;
                }
                _ => {}
            }
        }
        // What is rendered anew only because its bytes were not kept is no work of this change.
        self.round.rebuilt.rendered += if purpose == Purpose::Learn { counts.fresh } else { differs };
    }

    /// Answers whoever waits for an output.
    pub(super) fn answer(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let Some(edition) = self.edition.clone() else { return };
        let waiting = std::mem::take(&mut self.waiting);
        let wanted: BTreeSet<&str> = waiting.iter().map(|(path, _)| path.as_str()).collect();
        let routes = &edition.plan.site.routes;
        let wanted: Vec<&str> = wanted.into_iter().filter(|path| routes.contains_key(*path)).collect();
        let before = self.board.changes();
        self.render(&edition, &wanted, Purpose::Asked);
        if self.board.changes() != before {
            self.announce();
        }
        for (path, reply) in waiting {
            // Whoever has hung up wants nothing.
            let _ = reply.send(self.board.shelf.last(&path));
        }
    }

    /// Renders a piece of what nobody waits for.
    pub(super) fn work_behind(&mut self) {
        let Some(edition) = self.edition.clone() else { return };
        let begun = Instant::now();
        let most = self.piece.min(self.behind.len());
        let paths: Vec<String> = self.behind.drain(..most).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        self.render(&edition, &paths, Purpose::Learn);
        let took = begun.elapsed();
        self.piece = if took > PIECE { (self.piece / 2).max(2) } else { (self.piece * 2).min(512) };
        self.finish_if_done();
    }

    pub(super) fn finish_if_done(&mut self) {
        if self.behind.is_empty() && self.is_sure {
            self.finish();
        }
    }

    /// All is rendered: says what was done and what is wrong.
    fn finish(&mut self) {
        if let Some(edition) = &self.edition {
            self.memory.forget_gone(&edition.plan);
        }
        if self.round.is_first {
            self.round.is_counted = true;
        } else {
            (self.say)(News::Rebuilt(self.round.rebuilt));
            (self.say)(News::Split(self.round.split));
        }
        self.index();
        let problems = self.problems();
        let fresh: Vec<Diagnostic> =
            problems.iter().filter(|found| !self.told.contains(found)).cloned().collect();
        if !fresh.is_empty() {
            (self.say)(News::Problems(&fresh));
        } else if problems.is_empty() && !self.told.is_empty() {
            (self.say)(News::Mended);
        }
        self.told = problems.into_iter().collect();
        self.announce();
    }

    /// Makes the search index, when somebody asked for it.
    fn index(&mut self) {
        let Some(edition) = self.edition.clone().filter(|_| self.preview.search) else { return };
        let sink = Shelving {
            shelf: &self.board.shelf,
            edition: edition.number,
            purpose: Purpose::Asked,
            broken: &self.broken,
            made: Mutex::default(),
        };
        if let Err(diagnostic) = engine::index(&edition.plan, &mut self.memory, &sink) {
            (self.say)(News::Problems(&[diagnostic]));
        }
    }

    /// Everything that is wrong now.
    fn problems(&self) -> Vec<Diagnostic> {
        let Some(edition) = &self.edition else { return Vec::new() };
        let mut problems = edition.plan.diagnostics.clone();
        problems.extend(self.memory.found_rendering(&edition.plan));
        diagnostic::sort(&mut problems);
        problems
    }

    /// Tells the browsers.
    pub(super) fn announce(&self) {
        let Some(edition) = &self.edition else { return };
        let editor = Some(edition.plan.inputs.config.serve.editor.as_str()).filter(|name| !name.is_empty());
        let mut problems: Vec<Value> = self.trouble.iter().map(problem::trouble).collect();
        problems.extend(problem::to_json(&self.problems(), &self.preview.root, editor));
        let state = json!({
            "server": self.board.server,
            "build": self.board.changes(),
            "status": self.round.rebuilt.to_string(),
            "assets": self.round.assets,
            "diagnostics": problems,
        });
        self.board.announce(state.to_string());
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|found| found.severity == Severity::Error)
}

/// Outputs whose page has front matter that cannot be read: they exist, under the file's name, but
/// what they last were says more.
fn broken(plan: &Plan) -> HashSet<String> {
    let is_broken = |page: &crate::assemble::Page| {
        let path = &page.document.path;
        page.document.diagnostics.iter().any(|found| {
            found.location.path == *path && matches!(found.code, Code::FrontMatter | Code::Encoding)
        })
    };
    let routes = plan.site.routes.iter().filter(|(_, route)| match route.cause {
        Cause::Page(id) => plan.site.numbered(id).is_some_and(is_broken),
        _ => false,
    });
    routes.map(|(path, _)| path.clone()).collect()
}
