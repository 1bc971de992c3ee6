//! `guidepost theme eject`: the built-in theme as files, to change.

use std::io::Write as _;

use crate::error::Error;
use crate::scan;

use super::Ending;
use super::args::{self, Global, ThemeCommand};
use super::terminal::{Terminal, count};

pub(super) fn run(global: &Global, options: &args::Theme, terminal: &mut Terminal) -> Result<Ending, Error> {
    let ThemeCommand::Eject { name } = &options.command;
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(Error::usage("make the theme", name, "its name has other characters")
            .with_help("use lower case, digits and hyphens"));
    }
    let folder = global.root.join("themes").join(name);
    let shown = format!("themes/{name}");
    if folder.exists() {
        return Err(Error::new("copy the theme to", &shown, "the folder is there already")
            .with_help("give another name: `guidepost theme eject mine`"));
    }
    let mut files = 0;
    for (path, bytes) in scan::built_in() {
        let file = folder.join(&path);
        let failed = |error: std::io::Error| Error::io("write", format!("{shown}/{path}"), &error);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut new = std::fs::File::create_new(&file).map_err(failed)?;
        new.write_all(&bytes).map_err(failed)?;
        files += 1;
    }
    terminal
        .say(&format!("{} copied to {shown}; set `theme = \"{name}\"` in site.toml", count(files, "file")));
    Ok(Ending::Fine)
}
