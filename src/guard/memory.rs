//! A watch over the memory that one template takes.
//!
//! In: which outputs are being rendered now ([`turn`]). Out: those whose template takes more memory than
//! any page needs, to whoever asked for it ([`watch`]) and ends the program.
//!
//! A text that a template doubles in a loop grows until there is no memory left, and then the system ends
//! the program without a word. The engine has no bound for it, and a thread cannot be stopped; so a thread
//! of its own looks now and then at how much the program holds while the same output is being rendered. It
//! sleeps when nothing is rendered, and a page takes far less time than there is between two looks: a build
//! pays a lock for each page.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often it looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Most bytes that the program may grow by while one output is rendered. Output is bounded by far less.
pub const MOST: u64 = 2 << 30;

/// Where there is little memory it may be less, but not less than this.
const LEAST: u64 = 256 << 20;

/// How long an output must have been rendered before anybody says that it takes too much: others may be at
/// work, and take what they need. Where there is little memory there is no time for that.
const PATIENCE: Duration = Duration::from_millis(200);

/// An output that takes more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greedy {
    /// Its path below the output folder.
    pub output: String,
    /// The file of the template that makes it.
    pub template: Arc<str>,
    /// How many bytes are more than it may take.
    pub most: u64,
}

type Report = Box<dyn Fn(&[Greedy]) + Send + Sync>;

/// The watch of this program, which has one memory.
static WATCH: OnceLock<Watch> = OnceLock::new();

struct Watch {
    report: Report,
    started: Once,
    rendered: Mutex<Rendered>,
    wake: Condvar,
}

/// What is being rendered, in the order in which it was begun.
#[derive(Default)]
struct Rendered {
    now: Vec<Turn>,
    next: u64,
    is_asleep: bool,
}

#[derive(Clone)]
struct Turn {
    number: u64,
    output: String,
    template: Arc<str>,
}

/// While this lives, an output is being rendered.
pub struct Rendering(u64);

/// Has `report` called when outputs take too much memory. It should end the program: nothing else would.
/// Only the first call counts.
pub fn watch(report: impl Fn(&[Greedy]) + Send + Sync + 'static) {
    let (rendered, wake) = (Mutex::default(), Condvar::new());
    let _ = WATCH.set(Watch { report: Box::new(report), started: Once::new(), rendered, wake });
}

/// Begins an output that the template in this file makes.
#[must_use]
pub fn turn(output: &str, template: Arc<str>) -> Option<Rendering> {
    let watch = WATCH.get()?;
    watch.started.call_once(|| {
        // Without a thread there is no watch, and all else is as it was.
        let _ = thread::Builder::new().name("memory".to_owned()).spawn(|| watch.look_on());
    });
    let mut rendered = watch.lock();
    let number = rendered.next;
    rendered.next += 1;
    rendered.now.push(Turn { number, output: output.to_owned(), template });
    if rendered.is_asleep {
        watch.wake.notify_one();
    }
    Some(Rendering(number))
}

impl Drop for Rendering {
    fn drop(&mut self) {
        if let Some(watch) = WATCH.get() {
            watch.lock().now.retain(|turn| turn.number != self.0);
        }
    }
}

/// What was being rendered at one look, and how much the program held.
struct Look {
    turns: Vec<Turn>,
    at: Instant,
    held: u64,
    most: u64,
    patience: Duration,
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, Rendered> {
        self.rendered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_on(&self) {
        let mut former: Option<Look> = None;
        loop {
            let turns = self.turns();
            let Some(held) = system::held() else { return };
            match former.as_ref().filter(|former| former.is_of(&turns)) {
                Some(former) if former.is_exceeded(held) => (self.report)(&former.greedy(&turns)),
                Some(_) => {}
                None => former = Some(Look::new(turns, held, system::room())),
            }
            thread::sleep(PAUSE);
        }
    }

    /// What is being rendered; waits until something is.
    fn turns(&self) -> Vec<Turn> {
        let mut rendered = self.lock();
        rendered.is_asleep = true;
        let mut rendered = self
            .wake
            .wait_while(rendered, |rendered| rendered.now.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        rendered.is_asleep = false;
        rendered.now.clone()
    }
}

impl Look {
    fn new(turns: Vec<Turn>, held: u64, room: Option<u64>) -> Self {
        let room = room.unwrap_or(u64::MAX);
        let patience = if room < 2 * MOST { Duration::ZERO } else { PATIENCE };
        Self { turns, at: Instant::now(), held, most: (room / 2).clamp(LEAST, MOST), patience }
    }

    /// Whether the output that was begun first then is still the first.
    fn is_of(&self, now: &[Turn]) -> bool {
        let first = |turns: &[Turn]| turns.first().map(|turn| turn.number);
        first(&self.turns) == first(now)
    }

    fn is_exceeded(&self, held: u64) -> bool {
        held > self.held.saturating_add(self.most) && self.at.elapsed() >= self.patience
    }

    /// What was being rendered then and still is: one output for each template.
    fn greedy(&self, now: &[Turn]) -> Vec<Greedy> {
        let mut named = BTreeSet::new();
        let still = self.turns.iter().filter(|turn| now.iter().any(|other| other.number == turn.number));
        still
            .filter(|turn| named.insert(Arc::clone(&turn.template)))
            .map(|turn| Greedy {
                output: turn.output.clone(),
                template: Arc::clone(&turn.template),
                most: self.most,
            })
            .collect()
    }
}

/// What the system says of memory.
#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::path::Path;

    /// Bytes that this program holds.
    pub(super) fn held() -> Option<u64> {
        kibibytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
    }

    /// Bytes that it may still take: by what the machine has, and by the limit of its control group.
    pub(super) fn room() -> Option<u64> {
        let machine = kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
        Some(group().map_or(machine, |group| machine.min(group)))
    }

    fn group() -> Option<u64> {
        let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
        let below = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
        let folder = Path::new("/sys/fs/cgroup").join(below);
        let number = |name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
        Some(number("memory.max")?.saturating_sub(number("memory.current")?))
    }

    fn kibibytes(text: &str, name: &str) -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1 << 10)
    }
}

/// Other systems are not asked: there is no watch.
#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn held() -> Option<u64> {
        None
    }

    pub(super) fn room() -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(numbers: &[(u64, &str)]) -> Vec<Turn> {
        let turn = |(number, template): &(u64, &str)| Turn {
            number: *number,
            output: format!("{number}.html"),
            template: Arc::from(*template),
        };
        numbers.iter().map(turn).collect()
    }

    #[test]
    fn who_was_at_it_and_still_is_is_named_once_for_each_template() {
        let look = Look::new(turns(&[(3, "a"), (4, "b"), (5, "a"), (6, "c")]), 0, None);
        let greedy = look.greedy(&turns(&[(3, "a"), (5, "a"), (6, "c"), (9, "d")]));
        let named: Vec<_> = greedy.iter().map(|found| (&*found.output, &*found.template)).collect();
        assert_eq!(named, [("3.html", "a"), ("6.html", "c")]);
    }

    #[test]
    fn what_an_output_may_take_follows_what_there_is() {
        let (gib, here) = (1 << 30, &[(1, "a")]);
        let look = |room| Look::new(turns(here), gib, Some(room));
        assert_eq!(look(64 * gib).most, MOST);
        assert_eq!((look(gib).most, look(gib / 8).most), (gib / 2, LEAST));
        assert!(look(gib).is_exceeded(2 * gib) && !look(gib).is_exceeded(gib + gib / 4));
        assert!(!look(64 * gib).is_exceeded(8 * gib), "not at once");
        assert!(look(gib).is_of(&turns(&[(1, "a"), (2, "a")])) && !look(gib).is_of(&turns(&[(2, "a")])));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_says_what_it_is_asked() {
        assert!(system::held().is_some_and(|held| held > 1 << 20));
        assert!(system::room().is_some_and(|room| room > 1 << 20));
    }
}
