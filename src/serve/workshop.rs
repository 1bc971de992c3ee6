//! The loop: look, plan, render what is looked at, publish, render the rest behind.
//!
//! In: orders, from the watcher and from the server. Out: editions on the board. It is `build` with
//! memory: the same scan, plan and render, and no other way to change a page. What the watcher says
//! decides when to look, never what is found.

mod publish;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::oneshot;

use super::edition::{Board, Edition, Order};
use super::news::{News, Rebuilt, Split};
use super::settle::{self, Settle};
use super::shelf::Held;
use super::watch::Watch;
use super::{Preview, Say};
use crate::diagnostic::Diagnostic;
use crate::engine::{self, Memory, Plan};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::parse::highlight::Highlighter;
use crate::scan::{self, Inputs, Stamp};

/// How often to look when the root is gone.
const WAIT_FOR_ROOT: Duration = Duration::from_millis(200);
/// How often to ask whether a new day has begun: a sleeping machine's timers sleep too.
const DAY_WATCH: Duration = Duration::from_secs(10);
/// How often to look when the system does not say what changes.
const POLL: Duration = Duration::from_millis(500);
/// How long, and for how many looks, files that are still being written may hold back everything else.
const PATIENCE: (Duration, usize) = (Duration::from_millis(400), 4);
/// The same when many files change at once.
const BURST_PATIENCE: Duration = Duration::from_secs(30);
/// A file that changed this shortly before it was found by polling may still be changing.
const JUST_NOW: Duration = Duration::from_millis(30);

/// Who builds, and all that is remembered.
pub(super) struct Workshop {
    preview: Arc<Preview>,
    highlighter: Highlighter,
    memory: Memory,
    board: Arc<Board>,
    inbox: Receiver<Order>,
    orders: Sender<Order>,
    settle: Settle,
    watch: Option<Watch>,
    poll: Option<Duration>,
    /// When it last looked.
    looked: Instant,
    /// The day it was when it last asked.
    day: Option<jiff::civil::Date>,
    /// How often in a row it looked too early.
    looks: usize,
    edition: Option<Arc<Edition>>,
    /// What the current edition was made from.
    inputs: Option<Fingerprint>,
    /// Every output that was published, with the hash of its bytes.
    published: HashMap<String, Fingerprint>,
    broken: HashSet<String>,
    behind: VecDeque<String>,
    piece: usize,
    waiting: Vec<(String, oneshot::Sender<Option<Held>>)>,
    round: Round,
    /// Whether the current edition was made from everything that there was, not from a glance.
    is_sure: bool,
    /// Whether what is remembered is what the current edition was made from.
    is_current: bool,
    told: HashSet<Diagnostic>,
    trouble: Option<Error>,
    say: Say,
}

/// One rebuild, from the first event to the last page.
#[derive(Debug)]
struct Round {
    started: Instant,
    split: Split,
    rebuilt: Rebuilt,
    is_first: bool,
    is_counted: bool,
    is_published: bool,
    assets: Vec<String>,
}

impl Workshop {
    pub(super) fn new(
        preview: Arc<Preview>,
        highlighter: Highlighter,
        board: Arc<Board>,
        (orders, inbox): (Sender<Order>, Receiver<Order>),
        say: Say,
    ) -> Self {
        Self {
            poll: preview.poll,
            preview,
            highlighter,
            memory: Memory::default(),
            board,
            inbox,
            orders,
            settle: Settle::default(),
            watch: None,
            looked: Instant::now(),
            day: None,
            looks: 0,
            edition: None,
            inputs: None,
            published: HashMap::new(),
            broken: HashSet::new(),
            behind: VecDeque::new(),
            piece: 8,
            waiting: Vec::new(),
            round: Round::start(Instant::now()),
            is_sure: true,
            is_current: false,
            told: HashSet::new(),
            trouble: None,
            say,
        }
    }

    /// Builds for the first time, then for ever.
    ///
    /// # Errors
    /// When the site cannot be read at the start. Later it is waited for.
    pub(super) fn run(mut self) -> Result<(), Error> {
        self.watch();
        self.look(&BTreeSet::new())?;
        loop {
            if !self.take_orders() {
                return Ok(());
            }
            self.answer();
            let now = Instant::now();
            if self.settle.due().is_some_and(|due| due <= now) {
                self.round.started = self.settle.first().unwrap_or(now);
                let suspects = self.settle.take(now);
                self.look_again(&suspects);
            } else if self.tick().is_some_and(|due| due <= now) || self.is_another_day() {
                self.round.started = now;
                self.look_again(&BTreeSet::new());
            } else if !self.behind.is_empty() {
                self.work_behind();
            } else if !self.is_sure {
                self.make_sure();
            }
        }
    }

    /// Takes what was ordered, and waits for it if there is nothing else to do. False when nobody is
    /// left to order.
    fn take_orders(&mut self) -> bool {
        let due = self.settle.due().into_iter().chain(self.tick()).min();
        let pause = match due {
            _ if !self.behind.is_empty() || !self.is_sure => Duration::ZERO,
            Some(due) => due.saturating_duration_since(Instant::now()),
            None => DAY_WATCH,
        };
        match self.inbox.recv_timeout(pause) {
            Ok(order) => self.take(order),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        self.drain();
        true
    }

    /// When to look without being told.
    fn tick(&self) -> Option<Instant> {
        let every = if self.trouble.is_some() { Some(WAIT_FOR_ROOT) } else { self.poll };
        every.map(|every| self.looked + every)
    }

    /// Whether midnight has passed since it last asked: guides come out then, and figures age.
    fn is_another_day(&mut self) -> bool {
        let preview = &self.preview;
        let Some(edition) = &self.edition else { return false };
        if preview.today.is_some() || preview.source_date_epoch.is_some() {
            return false;
        }
        let today = scan::date_by_clock(SystemTime::now(), &edition.plan.inputs.config.timezone).ok();
        let before = self.day.unwrap_or(edition.plan.inputs.today);
        self.day = today.or(self.day);
        today.is_some_and(|today| today != before)
    }

    fn drain(&mut self) {
        while let Ok(order) = self.inbox.try_recv() {
            self.take(order);
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Output { path, reply } => self.waiting.push((path, reply)),
            Order::Look(event) => {
                let (root, stamps) = (&self.preview.root, &self.memory.stamps);
                let known = |path: &Path| {
                    let below = path.strip_prefix(root).ok().and_then(Path::to_str);
                    below.is_some_and(|below| stamps.files.contains_key(below))
                };
                if self.preview.is_source(&event) {
                    self.settle.note(&event, Instant::now(), known);
                }
            }
            Order::Blind(why) => self.go_blind(&why),
        }
    }

    fn watch(&mut self) {
        if self.preview.poll.is_some() {
            return;
        }
        match Watch::start(&self.preview.root, self.orders.clone()) {
            Ok(watch) => self.watch = Some(watch),
            Err(why) => self.go_blind(&why),
        }
    }

    /// The system does not say what changes: look every now and then.
    fn go_blind(&mut self, why: &str) {
        self.watch = None;
        if self.poll.is_none() {
            self.poll = Some(POLL);
            let every = POLL.as_millis();
            (self.say)(News::Note(&format!(
                "changes are not reported: {why}; looking every {every} ms instead (`--poll` sets how often)"
            )));
        }
    }

    /// Looks, and lives on whatever is found.
    fn look_again(&mut self, suspects: &BTreeSet<PathBuf>) {
        if let Some(Err(why)) = self.watch.as_mut().map(Watch::refresh) {
            self.go_blind(&why);
        }
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.look(suspects)));
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.stand_by(error),
            // A bug of ours, which has been reported. What is remembered may be half of the truth.
            Err(_) => {
                self.memory = Memory::default();
                self.inputs = None;
            }
        }
        self.looked = Instant::now();
    }

    /// Looks everywhere after a glance.
    fn make_sure(&mut self) {
        let number = self.edition.as_ref().map(|edition| edition.number);
        self.is_sure = true;
        let started = std::mem::replace(&mut self.round.started, Instant::now());
        self.is_current = false;
        self.look_again(&BTreeSet::new());
        if self.edition.as_ref().map(|edition| edition.number) == number {
            self.round.started = started;
            self.finish_if_done();
        }
    }

    /// The site cannot be read: shows what there was, says why, and waits.
    fn stand_by(&mut self, error: Error) {
        if self.trouble.as_ref() != Some(&error) {
            (self.say)(News::Trouble(&error));
            self.trouble = Some(error);
            self.announce();
        }
    }

    fn look(&mut self, suspects: &BTreeSet<PathBuf>) -> Result<(), Error> {
        let begun = Instant::now();
        let glance = self.glance(suspects);
        let is_sure = glance.is_none();
        let inputs = match glance {
            Some(inputs) => inputs,
            None => self.scan(suspects)?,
        };
        let was_in_trouble = self.trouble.take().is_some();
        let scanned = Instant::now();
        if self.inputs.is_some() && self.inputs == signature(&inputs, None) {
            self.is_current = true;
            if was_in_trouble {
                self.announce();
            }
            return Ok(());
        }
        let former_assets = std::mem::take(&mut self.round.assets);
        self.is_current = false;
        let files = engine::parse(inputs, &self.highlighter, &mut self.memory);
        let parsed = Instant::now();
        let plan = engine::link(files, &self.highlighter, &mut self.memory);
        let linked = Instant::now();
        let inputs = signature(&plan.inputs, Some(&self.memory));
        if self.inputs.is_some() && self.inputs == inputs && !was_in_trouble {
            self.round.assets = former_assets;
            self.is_current = true;
            return Ok(());
        }
        if self.is_premature(&plan, suspects) {
            return Ok(());
        }
        self.inputs = inputs;
        (self.is_sure, self.is_current) = (is_sure, true);
        self.round = Round {
            started: self.round.started,
            split: Split {
                settle: begun.saturating_duration_since(self.round.started),
                scan: scanned - begun,
                parse: parsed - scanned,
                assemble: linked - parsed,
                render: Duration::ZERO,
            },
            rebuilt: Rebuilt { took: Duration::ZERO, parsed: plan.parsed.fresh, rendered: 0 },
            is_first: self.edition.is_none(),
            is_counted: false,
            is_published: false,
            assets: Vec::new(),
        };
        self.publish(plan);
        Ok(())
    }

    /// What the watcher named, looked at alone: its word decides what is looked at first. Everything
    /// else is looked at when that is on the page.
    fn glance(&self, suspects: &BTreeSet<PathBuf>) -> Option<Inputs> {
        let edition = self.edition.as_ref().filter(|_| self.is_current && self.trouble.is_none())?;
        if suspects.is_empty() || suspects.len() > settle::MANY || self.watch.is_none() {
            return None;
        }
        scan::glance(&edition.plan.inputs, &self.memory.stamps, suspects)
    }

    fn scan(&self, suspects: &BTreeSet<PathBuf>) -> Result<Inputs, Error> {
        let preview = &self.preview;
        let request = scan::Request {
            root: &preview.root,
            base_url: None,
            origin: Some(&preview.origin),
            today: preview.today,
            now: SystemTime::now(),
            source_date_epoch: preview.source_date_epoch,
            visibility: preview.visibility,
            suspects,
            output: &preview.output,
        };
        let memory = &self.memory;
        scan::scan(&request, &memory.stamps, &|path, hash| memory.answers(path, hash))
    }

    /// Whether files moved on while they were read, or one was caught in the middle of a save: then
    /// nothing is published yet. Not for ever: somebody may be writing all day.
    fn is_premature(&mut self, plan: &Plan, suspects: &BTreeSet<PathBuf>) -> bool {
        self.drain();
        let Some(edition) = self.edition.clone() else { return false };
        let now = Instant::now();
        let waited = now.saturating_duration_since(self.round.started);
        let is_burst = self.settle.is_burst() || suspects.len() > settle::MANY;
        let (patience, looks) = if is_burst { (BURST_PATIENCE, 0) } else { PATIENCE };
        if waited > patience && self.looks >= looks {
            self.looks = 0;
            return false;
        }
        let was_empty = |path: &str| {
            let known = edition.plan.inputs.pages.iter().find(|page| &*page.path == path);
            known.is_none_or(|page| page.stamp.len == 0)
        };
        for page in plan.inputs.pages.iter().filter(|page| page.remembered.is_none()) {
            let is_emptied = page.stamp.len == 0 && suspects.contains(&page.file) && !was_empty(&page.path);
            if is_emptied || (self.poll.is_some() && is_younger(page.stamp, JUST_NOW)) {
                self.settle.postpone(&page.file, now);
            }
        }
        let unsettled = self.settle.is_unsettled();
        if unsettled {
            // What was looked at now is looked at again, with the rest.
            for path in suspects {
                self.settle.remember(path, self.round.started, now);
            }
        }
        self.looks = if unsettled { self.looks + 1 } else { 0 };
        unsettled
    }
}

impl Round {
    fn start(started: Instant) -> Self {
        Self {
            started,
            split: Split::default(),
            rebuilt: Rebuilt { took: Duration::ZERO, parsed: 0, rendered: 0 },
            is_first: true,
            is_counted: true,
            is_published: false,
            assets: Vec::new(),
        }
    }
}

/// Whether a file changed less than this long ago.
fn is_younger(stamp: Stamp, age: Duration) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    i128::try_from(now)
        .is_ok_and(|now| (0..i128::try_from(age.as_nanos()).unwrap_or(0)).contains(&(now - stamp.modified)))
}

/// What a plan is made from, or would be, as one fingerprint: equal ones give the same site. `None`
/// when that cannot be told without reading files.
fn signature(inputs: &Inputs, memory: Option<&Memory>) -> Option<Fingerprint> {
    let world = (&inputs.config, inputs.settings, inputs.today, inputs.visibility, &inputs.diagnostics);
    let sizes = [inputs.pages.len(), inputs.data.len(), inputs.assets.len(), inputs.templates.len()];
    let mut hasher = blake3::Hasher::new();
    hasher.update(Fingerprint::of(&(world, sizes)).as_bytes());
    let mut add = |path: &str, hash: Fingerprint| {
        // A hash is as long as any other, so that no two lists of these are alike.
        hasher.update(&path.len().to_le_bytes()).update(path.as_bytes()).update(hash.as_bytes());
    };
    for source in inputs.pages.iter().chain(&inputs.data) {
        let learnt = || memory?.stamps.files.get(&source.path).map(|(_, hash)| *hash);
        match (source.remembered.or_else(learnt), memory) {
            (Some(hash), _) => add(&source.path, hash),
            // It could not be read.
            (None, Some(_)) => add(&source.path, Fingerprint::of(&())),
            (None, None) => return None,
        }
    }
    for asset in &inputs.assets {
        add(&asset.path, asset.fingerprint);
    }
    for template in &inputs.templates {
        add(&template.path, template.fingerprint);
    }
    Some(hasher.finalize().into())
}
