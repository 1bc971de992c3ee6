//! `check --external`: every web address of the site is asked for.
//!
//! In: addresses with the places that name them. Out: findings at those places. Each host is asked by
//! one thread, one address after the other with a pause in between, and only for what its
//! `robots.txt` leaves open. Answers are kept in `.guidepost/`, good ones for some days, bad ones for
//! an hour.

mod ask;
mod robots;

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::config::External;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::fingerprint::Fingerprint;
use crate::memory::Store;
use ask::{Answer, Asker};
use robots::Robots;

use super::args::Global;
use super::terminal::{self, Terminal};

/// Hosts that are asked at the same time.
const WORKERS: usize = 8;
/// How long a bad answer holds.
const BAD: u64 = 60 * 60;
/// The shape of what is kept.
const KEPT: &[u8] = b"answers of web addresses 1";
const NAME: &str = "links";

/// Addresses with the places that name them.
pub(super) type Addresses = BTreeMap<String, Vec<Location>>;

/// Answers by address, with when they were given, in seconds since 1970.
type Answers = HashMap<String, (u64, Answer)>;

/// Asks for every address, unless an answer is known, and says what is wrong with them.
pub(super) fn check(
    global: &Global,
    addresses: &Addresses,
    settings: &External,
    terminal: &Terminal,
) -> Vec<Diagnostic> {
    let store = Store::new(&global.root, Fingerprint::of_bytes(KEPT));
    let kept = store.aside(NAME).and_then(|bytes| postcard::from_bytes::<Answers>(&bytes).ok());
    let mut answers = kept.unwrap_or_default();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let ignored = ignored(&settings.ignore);
    let wanted: Vec<&String> = addresses.keys().filter(|url| !ignored.is_match(url.as_str())).collect();
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for url in &wanted {
        if !answers.get(*url).is_some_and(|known| is_fresh(known, now, settings)) {
            hosts.entry(origin(url)).or_default().push(url);
        }
    }
    let asked: usize = hosts.values().map(Vec::len).sum();
    let fresh = ask_hosts(hosts, settings);
    let is_offline =
        !fresh.is_empty() && fresh.iter().all(|(_, answer)| matches!(answer, Answer::Unreached(_)));
    terminal.say(&format!(
        "{}: {asked} asked for, {} known",
        terminal::count(wanted.len(), "web address").replace("addresss", "addresses"),
        wanted.len() - asked
    ));
    if is_offline {
        terminal.say("offline: no host could be reached, so nothing is said about these addresses");
        return told(addresses, &wanted, &answers);
    }
    answers.extend(fresh.into_iter().map(|(url, answer)| (url, (now, answer))));
    let found = told(addresses, &wanted, &answers);
    answers.retain(|url, _| addresses.contains_key(url));
    let saved = postcard::to_stdvec(&answers).map_err(std::io::Error::other);
    if let Err(error) = saved.and_then(|bytes| store.put_aside(NAME, &bytes)) {
        terminal.detail(&format!("not remembered for the next check: {}", crate::error::reason(&error)));
    }
    found
}

fn is_fresh((then, answer): &(u64, Answer), now: u64, settings: &External) -> bool {
    let holds = match answer {
        Answer::Fine | Answer::Moved(_) => settings.days * 24 * 60 * 60,
        Answer::Dead(_) | Answer::Unclear(_) | Answer::Unreached(_) => BAD,
    };
    now.saturating_sub(*then) < holds
}

/// Addresses that are never asked for; `*` is anything.
fn ignored(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // One that is no pattern is an address.
        let glob = GlobBuilder::new(pattern).literal_separator(false).build();
        if let Ok(glob) = glob.or_else(|_| GlobBuilder::new(&globset::escape(pattern)).build()) {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// Scheme, host and port.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    &url[..end]
}

/// Asks the hosts, some of them at the same time.
fn ask_hosts(hosts: BTreeMap<&str, Vec<&str>>, settings: &External) -> Vec<(String, Answer)> {
    let workers = WORKERS.min(hosts.len());
    let queue = Mutex::new(hosts.into_iter());
    let answers = Mutex::new(Vec::new());
    let asker = Asker::new(Duration::from_secs(settings.timeout), settings.retries);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                    let Some((origin, urls)) = next else { break };
                    let found = ask_host(&asker, origin, &urls, settings);
                    answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn ask_host(asker: &Asker, origin: &str, urls: &[&str], settings: &External) -> Vec<(String, Answer)> {
    let robots: Robots = asker.robots(origin);
    let pause = robots.pause.unwrap_or_default().max(Duration::from_millis(settings.pause));
    let mut answers = Vec::with_capacity(urls.len());
    for url in urls {
        let path = url[origin.len()..].split('#').next().unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        if !robots.allows(&path) {
            let why = "its host asks programs not to look at it (`robots.txt`)";
            answers.push(((*url).to_owned(), Answer::Unclear(why.to_owned())));
            continue;
        }
        std::thread::sleep(pause);
        let answer = asker.ask(url.split('#').next().unwrap_or_default());
        // Who does not reach a host once need not try again for its other addresses.
        if matches!(answer, Answer::Unreached(_)) {
            answers.extend(urls[answers.len()..].iter().map(|url| ((*url).to_owned(), answer.clone())));
            break;
        }
        answers.push(((*url).to_owned(), answer));
    }
    answers
}

/// The answers that somebody should know of, at every place that names the address.
fn told(addresses: &Addresses, wanted: &[&String], answers: &Answers) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for url in wanted {
        let Some((_, answer)) = answers.get(*url) else { continue };
        let (code, message, help) = match answer {
            Answer::Fine => continue,
            Answer::Moved(to) => (
                Code::LinkExternalMoved,
                format!("`{url}` leads on to `{to}` for good"),
                format!("write `{to}`"),
            ),
            Answer::Dead(why) | Answer::Unreached(why) => (
                Code::LinkExternalDead,
                format!("`{url}` leads nowhere: {why}"),
                "link to where it is now, to an archived copy, or to something else".to_owned(),
            ),
            Answer::Unclear(why) => (
                Code::LinkExternalUnchecked,
                format!("nobody can tell whether `{url}` answers: {why}"),
                "look at it in a browser; if it is in order, list it under `ignore` of `[checks.external]`"
                    .to_owned(),
            ),
        };
        let places = addresses.get(*url).into_iter().flatten();
        found.extend(places.map(|place| {
            Diagnostic::new(code, place.path.clone(), place.span, message.clone()).help(help.clone())
        }));
    }
    found
}
