//! The command line: arguments in, an exit code out.
//!
//! In: the program's arguments, environment and clock. Out: text on the terminal and an exit code
//! (0 fine, 1 problems in the site, 2 wrong command line, 3 could not read or write, 70 a bug).
//! Holds no rule about sites: it calls the stages.

mod args;
mod build;
mod check;
mod clean;
mod completions;
mod explain;
mod external;
mod fix;
mod init;
mod list;
mod new;
mod schema;
mod serve;
mod site;
mod terminal;
mod theme;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::error::Error;
use args::{Arguments, Command};
use terminal::Terminal;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// All is well.
    Fine,
    /// The user's site has problems, which have been shown.
    Problems,
}

const PROBLEMS: u8 = 1;
const USAGE: u8 = 2;
const TROUBLE: u8 = 3;
const BUG: u8 = 70;

/// What can be typed, for those who write it down.
#[must_use]
pub fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}

/// Runs the program on its arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == crate::guard::COMMAND) {
        let ended = crate::guard::child_main(std::io::stdin(), std::io::stdout());
        return if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(TROUBLE) };
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors; a closed terminal is nobody's problem.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let mut terminal = Terminal::new(&arguments.global);
    terminal::explain_panics();
    site::end_when_greedy(&arguments.global);
    let work = || site::with_room(&arguments.global, || dispatch(&arguments, &mut terminal));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    match outcome {
        Ok(Ok(Ending::Fine)) => ExitCode::SUCCESS,
        Ok(Ok(Ending::Problems)) => ExitCode::from(PROBLEMS),
        Ok(Err(error)) => {
            terminal.error(&error);
            ExitCode::from(if error.is_usage() { USAGE } else { TROUBLE })
        }
        Err(_) => ExitCode::from(BUG),
    }
}

fn dispatch(arguments: &Arguments, terminal: &mut Terminal) -> Result<Ending, Error> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Build(options) => build::run(global, options, terminal),
        Command::Check(options) => check::run(global, options, terminal),
        Command::Clean(options) => clean::run(global, options, terminal),
        Command::Completions(options) => completions::completions(options, terminal),
        Command::Explain(options) => explain::run(options, terminal),
        Command::Fix(options) => fix::run(global, options, terminal),
        Command::Init(options) => init::run(global, options, terminal),
        Command::List(options) => list::run(global, options, terminal),
        Command::Man(options) => completions::man(options, terminal),
        Command::New(options) => new::run(global, options, terminal),
        Command::Schema(options) => schema::run(global, options, terminal),
        Command::Serve(options) => serve::run(global, options),
        Command::Theme(options) => theme::run(global, options, terminal),
    }
}
