//! A baseline: findings that a site had on some day, so that only new ones count.
//!
//! In: the text of a baseline and findings. Out: the findings that are not in it. A finding is known by
//! its file, its rule and its words; lines and numbers in the words are left out, so that text may
//! move, and a figure grow older, without a finding becoming a new one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{Code, Diagnostic};

const HEAD: &str = "# Findings that are known, one a line, with 0 for numbers. `guidepost check --baseline FILE --write-baseline` writes this file.\n";

/// What a baseline begins with, whichever version wrote it.
const MARK: &str = "# Findings that are known";

/// How often each finding is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    known: BTreeMap<String, usize>,
}

impl Baseline {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut known = BTreeMap::new();
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                *known.entry(line.to_owned()).or_default() += 1;
            }
        }
        Self { known }
    }

    /// Whether a text is a baseline, by the line that it begins with.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.trim_start_matches('\u{feff}').starts_with(MARK)
    }

    /// The text of one with these findings, and with those of this one that nobody looked for.
    #[must_use]
    pub fn write(&self, findings: &[Diagnostic], asked: impl Fn(Code) -> bool) -> String {
        let mut keys: Vec<String> = findings.iter().map(key).collect();
        let left = self.known.iter().filter(|(key, _)| !is_asked(key, &asked));
        keys.extend(left.flat_map(|(key, number)| std::iter::repeat_n(key.clone(), *number)));
        keys.sort();
        keys.into_iter().fold(HEAD.to_owned(), |mut out, key| {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{key}");
            out
        })
    }

    /// Takes known findings away, and says how many those were, and how many of the known that were looked for
    /// are found no more.
    pub fn settle(mut self, findings: &mut Vec<Diagnostic>, asked: impl Fn(Code) -> bool) -> (usize, usize) {
        let all = findings.len();
        findings.retain(|finding| match self.known.get_mut(&key(finding)) {
            Some(number) if *number > 0 => {
                *number -= 1;
                false
            }
            _ => true,
        });
        let gone = self.known.iter().filter(|(key, _)| is_asked(key, &asked));
        (all - findings.len(), gone.map(|(_, number)| number).sum())
    }
}

/// Whether a line is of a rule that was asked; one of no rule that there is can never be found.
fn is_asked(key: &str, asked: impl Fn(Code) -> bool) -> bool {
    let mut parts = key.split(": ").skip(1);
    let code = parts.find_map(|part| Code::ALL.iter().find(|code| code.id() == part));
    code.is_none_or(|code| asked(*code))
}

fn key(finding: &Diagnostic) -> String {
    format!("{}: {}: {}", finding.location.path, finding.code.id(), finding.lasting_message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn what_is_known_is_left_out_as_often_as_it_is_known() {
        let at =
            |line: usize, words: &str| Diagnostic::new(Code::TitleLong, "a.md", Span::new(line, line), words);
        let known = [at(1, "the title has 70 characters"), at(5, "the title has 1,080 characters")];
        let text = Baseline::default().write(&known, |_| true);
        let mut found = vec![
            at(9, "the title has 71 characters"),
            at(12, "the title has 5 characters"),
            at(13, "the title has 6 characters"),
        ];
        let counts = Baseline::parse(&text).settle(&mut found, |_| true);
        assert_eq!((counts, found.len()), ((2, 0), 1));
        let mut found = vec![at(3, "another thing")];
        assert_eq!((Baseline::parse(&text).settle(&mut found, |_| true), found.len()), ((0, 2), 1));
    }

    #[test]
    fn what_was_not_looked_for_stays_known() {
        let of = |code| Diagnostic::new(code, "a: b.md", Span::new(0, 0), "words");
        let known = [of(Code::TitleLong), of(Code::LinkExternalDead), of(Code::LinkExternalDead)];
        let text = Baseline::default().write(&known, |_| true);
        let asked = |code| code == Code::TitleLong;
        let baseline = Baseline::parse(&text);
        assert_eq!(baseline.clone().settle(&mut Vec::new(), asked), (0, 1));
        let left = Baseline::parse(&baseline.write(&[], asked));
        assert_eq!(left.clone().settle(&mut Vec::new(), |_| true), (0, 2));
        assert_eq!(left.write(&[], |_| true), HEAD);
    }
}
