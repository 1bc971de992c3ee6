//! `check --external`: every web address of the site is asked for.
//!
//! In: addresses with the places that name them. Out: findings at those places. Each host is asked by
//! one thread, one address after the other with a pause in between, and only for what its
//! `robots.txt` leaves open. A page that links lead into is read for the ids that they name. Answers are kept in
//! `.guidepost/`, good ones for some days, bad ones for an hour.

mod ask;
mod robots;

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

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
const KEPT: &[u8] = b"answers of web addresses 2";
const NAME: &str = "links";

/// Addresses with the places that name them, each with its fragment.
pub(super) type Addresses = BTreeMap<String, Vec<(String, Location)>>;

/// Answers by address.
type Answers = HashMap<String, Known>;

/// What is known of an address.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    /// When it was asked for, in seconds since 1970.
    then: u64,
    answer: Answer,
    /// Fragments that its page was read for, with whether it lacks them.
    fragments: BTreeMap<String, bool>,
}

/// An address with the fragments that links name.
type Question<'a> = (&'a str, Vec<&'a str>);

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
    let mut hosts: BTreeMap<&str, Vec<Question<'_>>> = BTreeMap::new();
    for url in &wanted {
        let fragments = fragments(&addresses[*url]);
        if !answers.get(*url).is_some_and(|known| known.is_fresh(&fragments, now, settings)) {
            hosts.entry(origin(url)).or_default().push((url, fragments));
        }
    }
    let asked: usize = hosts.values().map(Vec::len).sum();
    let fresh = ask_hosts(hosts, settings, now);
    let is_offline =
        !fresh.is_empty() && fresh.iter().all(|(_, known)| matches!(known.answer, Answer::Unreached(_)));
    terminal.say(&format!(
        "{}: {asked} asked for, {} known",
        terminal::count(wanted.len(), "web address").replace("addresss", "addresses"),
        wanted.len() - asked
    ));
    if is_offline {
        terminal.say("offline: no host could be reached, so nothing is said about these addresses");
        return told(addresses, &wanted, &answers);
    }
    answers.extend(fresh);
    let found = told(addresses, &wanted, &answers);
    answers.retain(|url, _| addresses.contains_key(url));
    let saved = postcard::to_stdvec(&answers).map_err(std::io::Error::other);
    if let Err(error) = saved.and_then(|bytes| store.put_aside(NAME, &bytes)) {
        terminal.detail(&format!("not remembered for the next check: {}", crate::error::reason(&error)));
    }
    found
}

impl Known {
    fn is_fresh(&self, fragments: &[&str], now: u64, settings: &External) -> bool {
        let holds = match self.answer {
            Answer::Fine | Answer::Moved(_) => settings.days * 24 * 60 * 60,
            Answer::Dead(_) | Answer::Unclear(_) | Answer::Unreached(_) => BAD,
        };
        // A section may be added any time.
        let lacks = |fragment: &&str| self.fragments.get(*fragment).copied();
        let holds = if fragments.iter().any(|of| lacks(of) == Some(true)) { holds.min(BAD) } else { holds };
        let answers = matches!(self.answer, Answer::Fine | Answer::Moved(_));
        let is_read = !answers || fragments.iter().all(|of| lacks(of).is_some());
        is_read && now.saturating_sub(self.then) < holds
    }
}

/// The fragments that a page must have an id for: the top is everywhere (HTML, 7.4.6.4), a passage of text
/// is no id, and what begins like a path is for a script to read.
fn fragments(places: &[(String, Location)]) -> Vec<&str> {
    let named = places.iter().map(|(fragment, _)| fragment.as_str());
    let mut named: Vec<&str> = named.filter(|fragment| leads_into_page(fragment)).collect();
    named.sort_unstable();
    named.dedup();
    named
}

fn leads_into_page(fragment: &str) -> bool {
    let is_path = fragment.starts_with(['/', '!']) || fragment.contains('=') || fragment.contains(":~:");
    !fragment.is_empty() && !fragment.eq_ignore_ascii_case("top") && !is_path
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
fn ask_hosts(
    hosts: BTreeMap<&str, Vec<Question<'_>>>,
    settings: &External,
    now: u64,
) -> Vec<(String, Known)> {
    let workers = WORKERS.min(hosts.len());
    let queue = Mutex::new(hosts.into_iter());
    let answers = Mutex::new(Vec::new());
    let asker = Asker::new(Duration::from_secs(settings.timeout), settings.retries);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                    let Some((origin, questions)) = next else { break };
                    let found = ask_host(&asker, origin, &questions, settings);
                    let found = found.into_iter().map(|(url, answer, fragments)| {
                        (url.to_owned(), Known { then: now, answer, fragments })
                    });
                    answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// An answer, and which fragments its page lacks.
type Answered<'q> = (&'q str, Answer, BTreeMap<String, bool>);

fn ask_host<'q>(
    asker: &Asker,
    origin: &str,
    questions: &[Question<'q>],
    settings: &External,
) -> Vec<Answered<'q>> {
    let robots: Robots = asker.robots(origin);
    let pause = robots.pause.unwrap_or_default().max(Duration::from_millis(settings.pause));
    let mut answers: Vec<Answered<'q>> = Vec::with_capacity(questions.len());
    for (url, fragments) in questions {
        let path = &url[origin.len()..];
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        if !robots.allows(&path) {
            let why = "its host asks programs not to look at it (`robots.txt`)";
            answers.push((url, Answer::Unclear(why.to_owned()), BTreeMap::new()));
            continue;
        }
        std::thread::sleep(pause);
        let (answer, at) = asker.ask(url);
        // Who does not reach a host once need not try again for its other addresses.
        if matches!(answer, Answer::Unreached(_)) {
            let rest = questions[answers.len()..].iter();
            answers.extend(rest.map(|(url, _)| (*url, answer.clone(), BTreeMap::new())));
            break;
        }
        let answers_well = matches!(answer, Answer::Fine | Answer::Moved(_));
        let mut read = BTreeMap::new();
        if answers_well && !fragments.is_empty() {
            std::thread::sleep(pause);
            let missing = asker.missing(&at, fragments);
            read.extend(fragments.iter().map(|of| ((*of).to_owned(), missing.contains(of))));
        }
        answers.push((url, answer, read));
    }
    answers
}

/// The answers that somebody should know of, at every place that names the address.
fn told(addresses: &Addresses, wanted: &[&String], answers: &Answers) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for url in wanted {
        let Some(known) = answers.get(*url) else { continue };
        for (fragment, place) in addresses.get(*url).into_iter().flatten() {
            let lacks = known.fragments.get(fragment).copied().unwrap_or_default();
            let told = of_answer(url, fragment, &known.answer);
            let told = told.into_iter().chain(lacks.then(|| of_fragment(url, fragment)));
            found.extend(told.map(|(code, message, help)| {
                Diagnostic::new(code, place.path.clone(), place.span, message).help(help)
            }));
        }
    }
    found
}

type Told = (Code, String, String);

/// What an answer is worth saying, and what to do about it.
fn of_answer(url: &str, fragment: &str, answer: &Answer) -> Option<Told> {
    Some(match answer {
        Answer::Fine => return None,
        Answer::Moved(to) => {
            let to = if fragment.is_empty() { to.clone() } else { format!("{to}#{fragment}") };
            let message = format!("`{url}` leads on to `{to}` for good");
            (Code::LinkExternalMoved, message, format!("write `{to}`"))
        }
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
    })
}

/// A page that lacks what a link leads to.
fn of_fragment(url: &str, fragment: &str) -> Told {
    (
        Code::LinkExternalFragment,
        format!("`{url}` answers, but nothing on that page has the id `{fragment}`"),
        format!(
            "look at the page in a browser, and link to a section that it has, or to the page alone: `{url}`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_that_name_an_id_are_told_from_others() {
        for fragment in ["pay", "Pay_(US)", "p-3", "topic", "%C3%A9"] {
            assert!(leads_into_page(fragment), "{fragment}");
        }
        for fragment in ["", "top", "TOP", "/route", "!/route", ":~:text=pay", "pay:~:text=x", "page=4"] {
            assert!(!leads_into_page(fragment), "{fragment}");
        }
    }
}
