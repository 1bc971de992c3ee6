//! `guidepost clean`: delete what a build wrote, and what it remembers.

use crate::engine::Memory;
use crate::error::Error;
use crate::memory::FOLDER;
use crate::write::{self, Adopt, Mode, Target};

use super::Ending;
use super::args::{self, Global};
use super::terminal::{Terminal, count};

pub(super) fn run(global: &Global, options: &args::Clean, terminal: &mut Terminal) -> Result<Ending, Error> {
    let target =
        Target { root: &global.root, output: &options.output, mode: Mode::InPlace, adopt: Adopt::Refuse };
    let deleted = write::clean(&target)?;
    Memory::clean(&global.root).map_err(|error| Error::io("delete", global.root.join(FOLDER), &error))?;
    terminal.say(&format!("{} deleted", count(deleted, "file")));
    Ok(Ending::Fine)
}
