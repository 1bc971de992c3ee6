//! How fast code is read: `cargo bench --bench highlight -- [BLOCKS]`.
//!
//! Makes blocks of 16 lines in the ten languages of the comparison with other generators from the
//! samples of `tests/highlight`, the same each time, with invented names so that few lines come
//! twice; reads them with the fast reader, which gives classed runs, and with syntect's parser, which
//! gives scope changes, each starting cold; prints times, their ratio, and how many blocks the fast
//! reader gave up.

#![expect(clippy::print_stdout, reason = "a bench says what it measured")]

use std::time::{Duration, Instant};

use guidepost::parse::highlight::Grammars;
use syntect::parsing::ParseState;

/// Languages, and what the grammar set calls them.
const LANGUAGES: [(&str, &str); 10] = [
    ("python", "Python"),
    ("javascript", "JavaScript (Babel)"),
    ("rust", "Rust"),
    ("sql", "SQL"),
    ("ruby", "Ruby"),
    ("php", "PHP Source"),
    ("bash", "Bourne Again Shell (bash)"),
    ("html", "HTML"),
    ("css", "CSS"),
    ("json", "JSON"),
];
const BLOCK_LINES: usize = 16;

fn main() {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    for count in if counts.is_empty() { vec![20, 2_000, 20_000] } else { counts } {
        let blocks = blocks(count);
        let bytes: usize = blocks.iter().map(|(_, code)| code.len()).sum();
        let mut given_up = 0;
        let fast = time(|| {
            let grammars = Grammars::new();
            for (language, code) in &blocks {
                match grammars.read_fast(language, code) {
                    Ok(reading) => drop(std::hint::black_box(reading)),
                    Err(_) => given_up += 1,
                }
            }
        });
        let slow = time(|| {
            let set = two_face::syntax::extra_newlines();
            for (language, code) in &blocks {
                let name = LANGUAGES.iter().find(|(name, _)| name == language).map_or("", |(_, name)| name);
                let Some(grammar) = set.find_syntax_by_name(name) else { continue };
                let mut state = ParseState::new(grammar);
                for line in code.split_inclusive('\n') {
                    let _ = std::hint::black_box(state.parse_line(line, &set));
                }
            }
        });
        println!(
            "{count} blocks, {bytes} bytes: fast {fast:.1?}, syntect {slow:.1?}, ratio {:.2}, {given_up} given up",
            slow.as_secs_f64() / fast.as_secs_f64()
        );
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Blocks of code, each language in turn.
fn blocks(count: usize) -> Vec<(&'static str, String)> {
    let samples: Vec<Vec<String>> = LANGUAGES
        .iter()
        .map(|(language, _)| {
            let path = format!("{}/tests/highlight/{language}.txt", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            text.lines().map(str::to_owned).collect()
        })
        .collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..count)
        .map(|index| {
            let sample = &samples[index % LANGUAGES.len()];
            let code =
                (0..BLOCK_LINES).map(|line| renamed(&sample[line % sample.len()], &mut random)).collect();
            (LANGUAGES[index % LANGUAGES.len()].0, code)
        })
        .collect()
}

/// A line in which two thirds of the longer words have an invented ending, and so most lines are new.
fn renamed(line: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut word = 0;
    for c in line.chars() {
        if c.is_ascii_lowercase() {
            word += 1;
        } else {
            if word > 5 && !random.next().is_multiple_of(3) {
                out.extend(
                    (0..2).map(|_| char::from(b'a' + u8::try_from(random.next() % 26).unwrap_or_default())),
                );
            }
            word = 0;
        }
        out.push(c);
    }
    out.push('\n');
    out
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }
}
