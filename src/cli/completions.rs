//! `guidepost completions` and `guidepost man`: made from the arguments, so they cannot go stale.

use clap::CommandFactory as _;

use crate::error::Error;

use super::Ending;
use super::args::{self, Arguments};
use super::terminal::Terminal;

pub(super) fn completions(options: &args::Completions, terminal: &Terminal) -> Result<Ending, Error> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "guidepost", &mut script);
    terminal.answer(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Fine)
}

pub(super) fn man(options: &args::Man, terminal: &Terminal) -> Result<Ending, Error> {
    let mut command = Arguments::command();
    command.build();
    let page = match &options.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            Error::usage("describe", name, "there is no such command").with_help("see `guidepost --help`")
        })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Error::io("write", "the manual page", &error))?;
    terminal.answer(&String::from_utf8_lossy(&text))?;
    Ok(Ending::Fine)
}
