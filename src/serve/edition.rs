//! What the preview answers from, shared by the workshop and the server.
//!
//! In: editions of the site, as the workshop publishes them. Out: the newest, whoever asks. An
//! edition never changes once it is published; the next one takes its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use tokio::sync::{Semaphore, oneshot, watch};

use super::shelf::{Held, Shelf};
use crate::engine::Plan;
use crate::fingerprint::Fingerprint;

/// A site as it was planned at one moment.
#[derive(Debug)]
pub(super) struct Edition {
    /// Counts plans that were published.
    pub(super) number: u64,
    /// Which outputs exist, and how to make them.
    pub(super) plan: Plan,
}

/// What is asked of the workshop.
#[derive(Debug)]
pub(super) enum Order {
    /// Somebody wants an output of the current edition; `None` when it has no such output.
    Output {
        /// Its path below the output folder.
        path: String,
        /// Where to send it.
        reply: oneshot::Sender<Option<Held>>,
    },
    /// Something may have changed on the disk.
    Look(notify::Event),
    /// The watcher has failed; the reason is for people.
    Blind(String),
}

/// Where the workshop puts what the server shows.
#[derive(Debug)]
pub(super) struct Board {
    /// Tells this process from the one before it, for clients that outlive a restart.
    pub(super) server: String,
    /// Outputs that were asked for.
    pub(super) shelf: Shelf,
    /// Room for those who follow.
    pub(super) streams: Arc<Semaphore>,
    edition: watch::Sender<Option<Arc<Edition>>>,
    state: watch::Sender<Arc<str>>,
    changes: AtomicU64,
    orders: Sender<Order>,
}

impl Board {
    pub(super) fn new(orders: Sender<Order>) -> Self {
        let seed = (std::process::id(), SystemTime::now());
        Self {
            server: Fingerprint::of(&seed).short(16),
            shelf: Shelf::default(),
            streams: super::http::streams(),
            edition: watch::Sender::new(None),
            state: watch::Sender::new(Arc::from("")),
            changes: AtomicU64::new(1),
            orders,
        }
    }

    /// The newest edition; waits for the first.
    pub(super) async fn edition(&self) -> Option<Arc<Edition>> {
        let mut receiver = self.edition.subscribe();
        receiver.wait_for(Option::is_some).await.ok().and_then(|edition| edition.clone())
    }

    /// Further names under which the preview may be asked for.
    pub(super) fn hosts(&self) -> Vec<String> {
        self.edition
            .borrow()
            .as_ref()
            .map(|edition| edition.plan.inputs.config.serve.hosts.clone())
            .unwrap_or_default()
    }

    /// Publishes an edition.
    pub(super) fn publish(&self, edition: Arc<Edition>) {
        self.edition.send_replace(Some(edition));
    }

    /// How many times something published has changed.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Counts one more change of what is published.
    pub(super) fn count_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Tells every client how things stand: one line of JSON.
    pub(super) fn announce(&self, state: String) {
        self.state.send_replace(state.into());
    }

    /// How things stand, now and whenever that changes. Empty before the first edition.
    pub(super) fn states(&self) -> watch::Receiver<Arc<str>> {
        self.state.subscribe()
    }

    /// An output of an edition: from the shelf when it is fresh there, else from the workshop.
    pub(super) async fn output(&self, edition: &Edition, path: &str) -> Option<Held> {
        if let Some(held) = self.shelf.fresh(path, edition.number) {
            return Some(held);
        }
        let (reply, answer) = oneshot::channel();
        self.orders.send(Order::Output { path: path.to_owned(), reply }).ok()?;
        answer.await.ok().flatten()
    }
}
