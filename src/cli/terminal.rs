//! The terminal: where the program's words go, in which form and how many of them.
//!
//! In: diagnostics, errors and lines of progress. Out: text on standard output and error. A closed
//! or full stream is nobody's crash.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostic::report::{self, Style};
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::engine::Progress;
use crate::error::Error;

use super::args::{Colour, Format, Global};

/// How long images may take without a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a line is written over.
const REPEAT: Duration = Duration::from_millis(100);

/// Where and how the program talks.
#[derive(Debug)]
pub(super) struct Terminal {
    format: report::Format,
    loudness: Loudness,
    choice: anstream::ColorChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

impl Terminal {
    pub(super) fn new(global: &Global) -> Self {
        let loudness = match (global.quiet, global.verbose) {
            (true, _) => Loudness::Quiet,
            (_, true) => Loudness::Verbose,
            _ => Loudness::Normal,
        };
        let in_workflow = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let format = match global.format {
            None if in_workflow => report::Format::Github,
            None | Some(Format::Human) => report::Format::Human,
            Some(Format::Short) => report::Format::Short,
            Some(Format::Json) => report::Format::Json,
            Some(Format::Github) => report::Format::Github,
            Some(Format::Sarif) => report::Format::Sarif,
            Some(Format::Html) => report::Format::Html,
        };
        let choice = match global.color {
            Colour::Auto => anstream::ColorChoice::Auto,
            Colour::Always => anstream::ColorChoice::AlwaysAnsi,
            Colour::Never => anstream::ColorChoice::Never,
        };
        Self { format, loudness, choice }
    }

    /// Whether the answer is to be read by a program.
    pub(super) fn is_json(&self) -> bool {
        self.format == report::Format::Json
    }

    /// The command's answer, on standard output. A reader who left (`guidepost list | head`) wants no
    /// more; a full disk behind a redirection is an error.
    pub(super) fn answer(&self, text: &str) -> Result<(), Error> {
        let mut stream = anstream::AutoStream::new(std::io::stdout(), self.choice);
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Error::io("write to", "standard output", &error))
            }
            _ => Ok(()),
        }
    }

    /// What is shown before something is done: an answer, unless a document stands where answers do.
    pub(super) fn show(&self, text: &str) -> Result<(), Error> {
        let plain = text.replace("\r\n", "\n").replace('\t', "    ");
        let shown = diagnostic::for_terminal(&plain);
        if !self.format.is_document() {
            return self.answer(&shown);
        }
        self.complain(&shown);
        Ok(())
    }

    /// A line about what was done; left out when quiet, and on standard error beside a document.
    pub(super) fn say(&self, line: &str) {
        if self.loudness >= Loudness::Normal {
            let line = format!("{line}\n");
            if self.format.is_document() {
                self.complain(&line);
            } else {
                write(anstream::AutoStream::new(std::io::stdout(), self.choice), &line);
            }
        }
    }

    /// Asks a question that can be answered with yes; nobody answers when there is no terminal.
    pub(super) fn confirm(&self, question: &str) -> bool {
        use std::io::IsTerminal as _;
        if !std::io::stdin().is_terminal() {
            return false;
        }
        self.complain(&format!("{question} [y/N] "));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }

    /// A line only for those who asked for more.
    pub(super) fn detail(&self, line: &str) {
        if self.loudness >= Loudness::Verbose {
            self.complain(&format!("{line}\n"));
        }
    }

    /// The problems of a site, with the notes beside them for those who asked for more.
    pub(super) fn with_notes(&self, mut found: Vec<Diagnostic>, notes: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.loudness >= Loudness::Verbose {
            found.extend(notes);
            diagnostic::sort(&mut found);
        }
        found
    }

    /// The problems of a site.
    pub(super) fn problems(&self, diagnostics: &[Diagnostic], root: &Path) {
        self.report(diagnostics, root, &report::About { rule: &about, ..report::About::NOTHING });
    }

    /// The same with what the richer formats say besides.
    pub(super) fn report(&self, diagnostics: &[Diagnostic], root: &Path, about: &report::About<'_>) {
        if diagnostics.is_empty() && !self.format.is_document() {
            return;
        }
        let file = |path: &str| crate::scan::text(root, path);
        let (shown, more) = match self.format {
            report::Format::Human => most_telling(diagnostics),
            _ => (Cow::Borrowed(diagnostics), 0),
        };
        let mut text = report::render_about(&shown, self.format, Style::Colour, &file, about);
        if more > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{more} more problems are not shown: `--format short` lists them all\n");
        }
        // Workflows read annotations off standard output.
        if self.format.is_document() || self.format == report::Format::Github {
            write(anstream::AutoStream::new(std::io::stdout(), self.choice), &text);
        } else {
            self.complain(&text);
        }
    }

    /// The problems of a site beside an answer in JSON: one a line, on standard error.
    pub(super) fn problems_aside(&self, diagnostics: &[Diagnostic], root: &Path) {
        let text = report::render(diagnostics, report::Format::Short, Style::Plain, &|path| {
            crate::scan::text(root, path)
        });
        self.complain(&text);
    }

    /// Why the program cannot work.
    pub(super) fn error(&self, error: &Error) {
        if self.is_json() {
            let document = serde_json::json!({ "error": error.to_string(), "help": error.help() });
            write(anstream::AutoStream::new(std::io::stdout(), self.choice), &format!("{document:#}\n"));
            return;
        }
        let help = error.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
        self.complain(&diagnostic::for_terminal(&format!("error: {error}\n{help}")));
    }

    /// Says how far images are, once they take longer than a moment: on a line of its own that is
    /// written over on a terminal, and once elsewhere.
    pub(super) fn progress(&self) -> Progress {
        if self.loudness < Loudness::Normal {
            return Progress::default();
        }
        let (choice, is_terminal) = (self.choice, std::io::stderr().is_terminal());
        let started = Instant::now();
        let said = Mutex::new(None);
        Progress::new(move |done, all| {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            let is_last = done == all;
            let due = match *said {
                None => !is_last && started.elapsed() >= PATIENCE,
                Some(last) => is_terminal && (is_last || Instant::now().duration_since(last) >= REPEAT),
            };
            if !due {
                return;
            }
            *said = Some(Instant::now());
            let end = if is_terminal && !is_last { "" } else { "\n" };
            let back = if is_terminal { "\r" } else { "" };
            let line = format!("{back}smaller copies of images: {done} of {all}{end}");
            write(anstream::AutoStream::new(std::io::stderr(), choice), &line);
        })
    }

    fn complain(&self, text: &str) {
        write(anstream::AutoStream::new(std::io::stderr(), self.choice), text);
    }
}

/// Of very many problems those that are shown with excerpts, errors first, in the order of their places;
/// and how many others there are.
fn most_telling(diagnostics: &[Diagnostic]) -> (Cow<'_, [Diagnostic]>, usize) {
    const MOST: usize = 500;
    let more = diagnostics.len().saturating_sub(MOST);
    if more == 0 {
        return (Cow::Borrowed(diagnostics), 0);
    }
    let mut chosen: Vec<&Diagnostic> = diagnostics.iter().collect();
    // Stable: within a severity the order of places stays.
    chosen.sort_by_key(|found| found.severity != Severity::Error);
    let mut shown: Vec<Diagnostic> = chosen.into_iter().take(MOST).cloned().collect();
    diagnostic::sort(&mut shown);
    (Cow::Owned(shown), more)
}

fn write(mut stream: impl Write, text: &str) {
    // What is said about a build must not turn into its failure: its result is the exit code.
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// What a rule looks for, and why.
pub(super) fn about(code: Code) -> (&'static str, &'static str) {
    crate::check::rule::find(code).map_or(("", ""), |rule| (rule.summary(), rule.why()))
}

/// Replaces Rust's panic message by one that a user can act on.
pub(super) fn explain_panics() {
    std::panic::set_hook(Box::new(|info| {
        // The Markdown parser's own panics are caught and become a page's diagnostic.
        if info.location().is_some_and(|at| at.file().contains("pulldown-cmark")) {
            return;
        }
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let reason = info.payload_as_str().unwrap_or("no reason given");
        let _ = writeln!(
            std::io::stderr(),
            "guidepost found a bug in itself at {place}: {reason}\n\
             Nothing was published. Please report this with the file that causes it."
        );
    }));
}

/// `1 page`, `2 pages`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `2 errors, 1 warning`; `no problems` when there are none.
pub(super) fn findings(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let parts: Vec<String> =
        [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Info), "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}
