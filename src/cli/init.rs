//! `guidepost init [DIR]`: a small site that builds.

use std::io::Write as _;
use std::path::Path;

use crate::error::Error;

use super::Ending;
use super::args::{self, Global};
use super::site;
use super::terminal::Terminal;

/// The files of a new site. `TODAY` is replaced by the day.
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("init/site.toml")),
    ("content/_index.md", include_str!("init/home.md")),
    ("content/guides/_index.md", include_str!("init/section.md")),
    ("content/guides/first-guide.md", include_str!("init/guide.md")),
    (".gitignore", "/public\n/.guidepost\n"),
];

pub(super) fn run(global: &Global, options: &args::Init, terminal: &mut Terminal) -> Result<Ending, Error> {
    let folder = &match global.root.as_path() {
        root if root == Path::new(".") => options.folder.clone(),
        root if options.folder == Path::new(".") => root.to_owned(),
        root => root.join(&options.folder),
    };
    refuse_non_empty(folder)?;
    let today = site::today()?.to_string();
    for (path, text) in FILES {
        let file = folder.join(path);
        let failed = |error: std::io::Error| Error::io("write", &file, &error);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut new = std::fs::File::create_new(&file).map_err(failed)?;
        new.write_all(text.replace("TODAY", &today).as_bytes()).map_err(failed)?;
    }
    let place =
        if folder == Path::new(".") { String::new() } else { format!(" --root {}", folder.display()) };
    terminal.say(&format!("a new site is ready; build it with `guidepost build{place}`"));
    Ok(Ending::Fine)
}

/// A folder that holds anything but version control's own is somebody's.
fn refuse_non_empty(folder: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io("start a site in", folder, &error);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.file_name() != ".git" {
            let why = format!("the folder is not empty: it holds `{}`", entry.file_name().display());
            return Err(Error::new("start a site in", folder, why)
                .with_help("give the name of a new folder: `guidepost init my-site`"));
        }
    }
    Ok(())
}
