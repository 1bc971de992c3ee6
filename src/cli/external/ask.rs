//! One web address: whether it answers, and where it leads.
//!
//! In: an address. Out: an [`Answer`]. Asks for a body only where a link leads into the page, follows
//! redirects itself to tell which are for good, and waits and tries again where a server says that it is
//! busy.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read as _};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode};

use super::robots::{NAME, Robots};

/// Most redirects in a row.
const HOPS: usize = 10;
/// Longest wait that a server may ask for.
const LONGEST: u64 = 30;
/// Longest `robots.txt` that is read (RFC 9309, 2.5 asks for 500 KiB at least).
const ROBOTS: u64 = 512 * 1024;

/// Longest page that is read for its sections.
const PAGE: u64 = 4 * 1024 * 1024;

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It answers.
    Fine,
    /// It answers at another address, for good.
    Moved(String),
    /// It leads nowhere: why, in words.
    Dead(String),
    /// It could not be told: why, in words.
    Unclear(String),
    /// The network does not reach its host: why, in words.
    Unreached(String),
}

/// Who asks, and how patiently.
#[derive(Debug)]
pub(super) struct Asker {
    agent: Agent,
    retries: u32,
}

impl Asker {
    pub(super) fn new(timeout: Duration, retries: u32) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .user_agent(format!("{NAME}/{} (link check)", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.new_agent(), retries }
    }

    /// What a host asks of programs. A host that hides its rules behind an error of its own is left
    /// alone (RFC 9309, 2.3.1.4); one that the network does not reach will be told by its addresses.
    pub(super) fn robots(&self, origin: &str) -> Robots {
        match self.agent.get(format!("{origin}/robots.txt")).call() {
            Ok(mut response) if response.status().is_success() => {
                let text = response.body_mut().with_config().limit(ROBOTS).lossy_utf8(true).read_to_string();
                Robots::parse(&text.unwrap_or_default())
            }
            Ok(response) if response.status().is_server_error() => Robots::closed(),
            _ => Robots::default(),
        }
    }

    /// Asks for an address, again where that may help. Returns where it answered, too.
    pub(super) fn ask(&self, url: &str) -> (Answer, String) {
        let mut at = url.to_owned();
        let mut for_good = true;
        for _ in 0..HOPS {
            let (status, headers) = match self.patiently(&at) {
                Ok(found) => found,
                Err(error) => return (failure(&error), at),
            };
            if !status.is_redirection() {
                let moved = for_good && at != url;
                let answer = match judge(status) {
                    Answer::Fine if moved => Answer::Moved(at.clone()),
                    answer => answer,
                };
                return (answer, at);
            }
            let Some(next) = headers.get("location").and_then(|to| to.to_str().ok()) else {
                let why = format!("it answers {}, and does not say where to go", status.as_u16());
                return (Answer::Unclear(why), at);
            };
            for_good &= matches!(status.as_u16(), 301 | 308);
            let next = join(&at, next);
            if !crate::config::is_external(&next) {
                return (Answer::Unclear(format!("it leads on to `{next}`")), at);
            }
            at = next;
        }
        (Answer::Dead(format!("it leads on and on, more than {HOPS} times")), at)
    }

    /// Which of some fragments a page does not have; none when that cannot be told: it is no HTML, it is
    /// longer than anybody reads, or the connection was lost on the way.
    pub(super) fn missing<'f>(&self, url: &str, fragments: &[&'f str]) -> Vec<&'f str> {
        let Ok(mut response) = self.agent.get(url).call() else { return Vec::new() };
        let of_html = |kind: &str| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
        };
        let headers = response.headers();
        let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok());
        // One that is packed all the same was not asked for so.
        let is_plain = headers.get("content-encoding").is_none_or(|coding| coding == "identity");
        if response.status() != StatusCode::OK || !kind.is_some_and(of_html) || !is_plain {
            return Vec::new();
        }
        let mut bytes = Vec::new();
        let read = response.body_mut().as_reader().take(PAGE + 1).read_to_end(&mut bytes);
        if read.is_err() || bytes.len() as u64 > PAGE {
            return Vec::new();
        }
        let html = String::from_utf8_lossy(&bytes);
        let anchors: HashSet<Cow<'_, str>> = crate::check::anchors(&html).collect();
        let has = |fragment: &str| {
            let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
            // Where readers' texts are shown, ids get this prefix, and a script takes it off.
            let of_user = format!("user-content-{decoded}");
            anchors.contains(fragment) || anchors.contains(&decoded) || anchors.contains(of_user.as_str())
        };
        fragments.iter().copied().filter(|fragment| !has(fragment)).collect()
    }

    fn patiently(&self, url: &str) -> Result<(StatusCode, HeaderMap), ureq::Error> {
        let mut tries = 0;
        loop {
            let outcome = self.once(url);
            let wait = match &outcome {
                Ok((status, headers)) if matches!(status.as_u16(), 429 | 502 | 503 | 504) => after(headers),
                Err(ureq::Error::Io(error)) if is_passing(error) => None,
                _ => return outcome,
            };
            if tries >= self.retries {
                return outcome;
            }
            let wait = wait.unwrap_or(Duration::from_millis(500 << tries));
            std::thread::sleep(wait.min(Duration::from_secs(LONGEST)));
            tries += 1;
        }
    }

    /// `HEAD`, and `GET` where a server does not know that or refuses it.
    fn once(&self, url: &str) -> Result<(StatusCode, HeaderMap), ureq::Error> {
        let head = self.agent.head(url).call();
        let response = match head {
            Ok(response) if !is_refusal(response.status()) => response,
            // Some servers break off instead of answering.
            Ok(_) | Err(ureq::Error::Io(_) | ureq::Error::Protocol(_)) => self.agent.get(url).call()?,
            Err(error) => return Err(error),
        };
        Ok((response.status(), response.headers().clone()))
    }
}

/// Whether a status may be about `HEAD` and not about the address.
fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() && status.as_u16() != 410 && status.as_u16() != 429
        || status.as_u16() == 501
        || status.as_u16() == 500
}

/// Whether trying again may help: the connection was made and lost.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof
    )
}

fn after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn judge(status: StatusCode) -> Answer {
    let code = status.as_u16();
    match code {
        200..=299 => Answer::Fine,
        404 => Answer::Dead("it answers 404: there is nothing".to_owned()),
        410 => Answer::Dead("it answers 410: it was taken away".to_owned()),
        401 | 403 | 407 | 429 | 451 => Answer::Unclear(format!("it does not let programs in ({code})")),
        _ => Answer::Unclear(format!("it answers {code}")),
    }
}

fn failure(error: &ureq::Error) -> Answer {
    match error {
        ureq::Error::HostNotFound => Answer::Unreached("there is no such host".to_owned()),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Answer::Dead("it is no address".to_owned()),
        ureq::Error::Timeout(_) => Answer::Unclear("it does not answer in time".to_owned()),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            Answer::Unclear("its certificate is not in order".to_owned())
        }
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkDown => {
                Answer::Unreached("the network does not reach its host".to_owned())
            }
            io::ErrorKind::ConnectionRefused => Answer::Unclear("its host takes no connections".to_owned()),
            // The resolver has no kind of its own.
            _ if error.to_string().contains("lookup") => {
                Answer::Unreached("there is no such host".to_owned())
            }
            _ => Answer::Unclear(format!("the connection was lost: {}", crate::error::reason(error))),
        },
        _ => Answer::Unclear("it does not answer as web servers do".to_owned()),
    }
}

/// A reference as seen from an address (RFC 3986, 5.2, without dot segments, which servers resolve).
fn join(base: &str, reference: &str) -> String {
    let reference = reference.trim();
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    if reference.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    }) {
        return reference.split('#').next().unwrap_or_default().to_owned();
    }
    let reference = reference.split('#').next().unwrap_or_default();
    if let Some(rest) = reference.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    let (host, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    if reference.starts_with('/') {
        return format!("{scheme}://{host}{reference}");
    }
    let path = path.split('?').next().unwrap_or_default();
    if reference.is_empty() || reference.starts_with('?') {
        return format!("{scheme}://{host}{path}{reference}");
    }
    let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
    format!("{scheme}://{host}{folder}{reference}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_joined() {
        for (base, reference, expected) in [
            ("https://a.example/x/y?q", "z", "https://a.example/x/z"),
            ("https://a.example/x/y", "/z#f", "https://a.example/z"),
            ("https://a.example", "z", "https://a.example/z"),
            ("https://a.example?q", "?r", "https://a.example?r"),
            ("http://a.example/x", "//b.example/", "http://b.example/"),
            ("http://a.example/x", "https://b.example/y", "https://b.example/y"),
            ("http://a.example/x", "mailto:a@b.example", "mailto:a@b.example"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} {reference}");
        }
    }

    #[test]
    fn no_network_is_told_from_no_page() {
        assert!(matches!(failure(&ureq::Error::HostNotFound), Answer::Unreached(_)));
        for kind in [io::ErrorKind::NetworkUnreachable, io::ErrorKind::HostUnreachable] {
            assert!(matches!(failure(&ureq::Error::Io(kind.into())), Answer::Unreached(_)));
        }
        let lookup = io::Error::other("failed to lookup address information: Name or service not known");
        assert!(matches!(failure(&ureq::Error::Io(lookup)), Answer::Unreached(_)));
        assert!(matches!(
            failure(&ureq::Error::Io(io::ErrorKind::ConnectionRefused.into())),
            Answer::Unclear(_)
        ));
        assert!(matches!(judge(StatusCode::NOT_FOUND), Answer::Dead(_)));
        assert!(matches!(judge(StatusCode::FORBIDDEN), Answer::Unclear(_)));
    }
}
