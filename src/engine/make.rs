//! One output: what it depends on, and its bytes.
//!
//! In: a route and its path. Out: its fingerprint, and when memory has no answer to that, its bytes in the
//! sink and what is remembered of them. Decides nothing about which outputs there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::squeeze::Squeeze;
use super::{PROGRAM, Plan, Rendered, Sink, lost, pictures, sound, squeeze};
use crate::assemble::Route;
use crate::check;
use crate::fingerprint::Fingerprint;
use crate::memory::Blobs;
use crate::render::{self, Context, View};
use crate::scan::Asset;

/// An output to make or to recall.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'r> {
    pub(super) path: &'r str,
    pub(super) route: &'r Route,
    /// What proves that it is as it was; see [`super::ground`].
    pub(super) proof: Option<Fingerprint>,
    /// The fingerprint of what it was made from, when it is proved to be as it was.
    pub(super) proved: Option<Fingerprint>,
}

/// Makes outputs.
pub(super) struct Maker<'a> {
    pub(super) plan: &'a Plan,
    pub(super) context: Context<'a>,
    pub(super) squeeze: Squeeze<'a>,
    pub(super) blobs: &'a Blobs,
    pub(super) sink: &'a dyn Sink,
    /// Which links earn money; nothing when no page has one.
    pub(super) earners: Option<Fingerprint>,
    /// Its build leaves nothing to another.
    pub(super) is_fleeting: bool,
    /// How many pictures and files it made, which do not count as rendered.
    pub(super) uncounted: AtomicUsize,
}

/// What an output is made from.
pub(super) enum Source<'a> {
    /// Its view, with the file of a page that has links that earn money.
    View(View, Option<&'a Arc<str>>),
    /// An image.
    Picture,
    /// A file whose twins are wanted.
    File(&'a Asset),
    /// The picture of a page, with the key of what it is drawn from.
    Card(View, Fingerprint),
    /// Its page is gone.
    Nothing,
}

impl<'a> Maker<'a> {
    /// What an output is made from, and the fingerprint of that.
    pub(super) fn source(&self, job: &Job<'_>) -> (Fingerprint, Source<'a>) {
        let (plan, program) = (self.plan, Fingerprint::of_bytes(PROGRAM.as_bytes()));
        let (fingerprint, source) = if let Some(fingerprint) = pictures::key(plan, job.route) {
            (fingerprint, Source::Picture)
        } else if let Some(asset) =
            self.squeeze.file(job.path, job.route).and_then(|at| plan.inputs.assets.get(at))
        {
            (Fingerprint::combine(&[program, asset.fingerprint]), Source::File(asset))
        } else {
            let earner = plan.earner(job.route);
            match render::view(&self.context, job.route) {
                Some(view @ View::Card(_)) => {
                    let key = Fingerprint::combine(&[program, render::fingerprint(&self.context, &view)]);
                    (key, Source::Card(view, key))
                }
                Some(view) if self.is_fleeting => (program, Source::View(view, earner)),
                Some(view) => {
                    let mut parts = vec![program, render::fingerprint(&self.context, &view)];
                    parts.extend(earner.and(self.earners));
                    (Fingerprint::combine(&parts), Source::View(view, earner))
                }
                None => (program, Source::Nothing),
            }
        };
        (self.squeeze.key(job.path, fingerprint), source)
    }

    /// Makes an output and hands it to the sink.
    pub(super) fn make(&self, job: &Job<'_>, source: Source<'_>) -> Rendered {
        let (plan, path) = (self.plan, job.path);
        let (output, lacking) = match source {
            Source::View(view, earner) => {
                let (mut output, lacking) = lost::render(plan, &self.context, path, &view);
                let fault = sound::fault(plan, path, &view, &output);
                let is_told = fault.as_ref().is_some_and(|fault| sound::is_told(plan, fault));
                output.diagnostics.extend(fault.filter(|_| !is_told));
                if let Some(source) = earner
                    && let Ok(html) = std::str::from_utf8(&output.bytes)
                {
                    let earners = plan.site.earners(&plan.inputs.config);
                    output.diagnostics.extend(check::unmarked(&check::Published { html, source, earners }));
                }
                (output, lacking || is_told)
            }
            Source::Card(view, key) => {
                self.uncounted.fetch_add(1, Ordering::Relaxed);
                (pictures::card(self.blobs, key, || lost::watched(&self.context, path, &view)), false)
            }
            Source::Picture => {
                self.uncounted.fetch_add(1, Ordering::Relaxed);
                pictures::shot(plan, self.blobs, job.route)
            }
            Source::File(asset) => {
                self.uncounted.fetch_add(1, Ordering::Relaxed);
                squeeze::file(asset)
            }
            Source::Nothing => (render::Rendered::of(Vec::new(), Vec::new()), false),
        };
        let render::Rendered { bytes, diagnostics, .. } = output;
        let (digest, len) = (Fingerprint::of_bytes(&bytes), bytes.len() as u64);
        self.sink.put(path, &bytes, digest);
        let twins = self.squeeze.put(path, &bytes, self.sink);
        Rendered { digest, len, twins, diagnostics, proof: job.proof, lacking }
    }
}
