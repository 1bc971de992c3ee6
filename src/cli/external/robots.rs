//! `robots.txt`: what a host asks programs not to look at (RFC 9309).
//!
//! In: its text and a path. Out: whether we may ask for the path, and how long to wait in between.

use std::time::Duration;

/// The name by which hosts may speak to us.
pub(super) const NAME: &str = "guidepost";

/// Longest pause that a host may ask for.
const LONGEST: f32 = 10.0;

/// What a host asks of us.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Robots {
    /// Patterns of paths, with whether they are allowed.
    rules: Vec<(String, bool)>,
    /// `Crawl-delay`, which many hosts give although the RFC does not have it.
    pub(super) pause: Option<Duration>,
}

impl Robots {
    /// Nothing may be asked for.
    pub(super) fn closed() -> Self {
        Self { rules: vec![("/".to_owned(), false)], pause: None }
    }

    /// Reads the group that is for us, or else the one for everybody.
    pub(super) fn parse(text: &str) -> Self {
        let (mut ours, mut all) = (None::<Self>, None::<Self>);
        let mut agents: Vec<String> = Vec::new();
        let mut in_rules = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if std::mem::take(&mut in_rules) {
                    agents.clear();
                }
                agents.push(value.to_ascii_lowercase());
                continue;
            }
            in_rules |= matches!(key.as_str(), "allow" | "disallow" | "crawl-delay");
            for agent in &agents {
                let group = match agent.as_str() {
                    NAME => ours.get_or_insert_default(),
                    "*" => all.get_or_insert_default(),
                    _ => continue,
                };
                match key.as_str() {
                    // An empty `Disallow` forbids nothing.
                    "allow" | "disallow" if !value.is_empty() => {
                        group.rules.push((value.to_owned(), key == "allow"));
                    }
                    "crawl-delay" => {
                        let seconds = value.parse::<f32>().ok().filter(|seconds| *seconds >= 0.0);
                        group.pause = seconds.map(|seconds| Duration::from_secs_f32(seconds.min(LONGEST)));
                    }
                    _ => {}
                }
            }
        }
        ours.or(all).unwrap_or_default()
    }

    /// Whether a path, with its query, may be asked for: the longest rule that fits counts, and of two
    /// alike the one that allows.
    pub(super) fn allows(&self, path: &str) -> bool {
        let fitting = self.rules.iter().filter(|(pattern, _)| fits(pattern, path));
        fitting.max_by_key(|(pattern, allowed)| (pattern.len(), *allowed)).is_none_or(|(_, allowed)| *allowed)
    }
}

/// Whether a pattern, in which `*` is anything and `$` the end, fits the beginning of a path.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return !to_end || rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    if to_end { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_group_counts_or_else_everybodys() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: Guidepost # us\nDisallow: /private\nAllow: /private/open$\nCrawl-delay: 99\n";
        let robots = Robots::parse(text);
        assert!(robots.allows("/") && robots.allows("/private/open"));
        assert!(!robots.allows("/private") && !robots.allows("/private/open/x"));
        assert_eq!(robots.pause, Some(Duration::from_secs(10)));
        assert!(!Robots::parse("user-agent: *\ndisallow: /x").allows("/x/y"));
        assert!(Robots::parse("user-agent: *\ndisallow:\n").allows("/x"));
        assert!(Robots::parse("<html>not found</html>").allows("/x"));
        assert!(!Robots::closed().allows("/x"));
    }

    #[test]
    fn patterns_fit_as_the_rfc_says() {
        for (pattern, path, expected) in [
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish", false),
            ("/fish*", "/fishheads", true),
            ("/*.php", "/a/b.php?x", true),
            ("/*.php$", "/a/b.php?x", false),
            ("/*.php$", "/a.php/b.php", true),
            ("/a*b*c", "/a-b-c", true),
            ("/a*b*c", "/a-c-b", false),
            ("/$", "/", true),
            ("/$", "/a", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
