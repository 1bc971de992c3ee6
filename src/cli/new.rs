//! `guidepost new PATH`: a page with its front matter filled in.

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use crate::engine::Memory;
use crate::error::Error;
use crate::scan;

use super::Ending;
use super::args::{self, Global, Selection};
use super::site;
use super::terminal::Terminal;

pub(super) fn run(global: &Global, options: &args::New, terminal: &mut Terminal) -> Result<Ending, Error> {
    let path = below_content(&options.path)?;
    let selection = Selection { drafts: false, future: false, expired: false, today: None, base_url: None };
    let output = Path::new("public");
    if let Some(why) = scan::misses(&site::request(global, &selection, output)?, &path)? {
        return Err(Error::usage("make the page", &path, why)
            .with_help("choose another name, or a folder that lies in the site"));
    }
    // Scanned for the site's own day.
    let inputs = site::scan(global, &selection, output, &Memory::default())?;
    let title = options.title.clone().unwrap_or_else(|| title_of(&path));
    let text = format!(
        "---\ntitle: {}\ndescription: \"\"\npublished: {}\nauthors: []\ntags: []\ndraft: true\n---\n\n",
        quoted(&title),
        inputs.today
    );
    let file = global.root.join("content").join(&path);
    let shown = Path::new("content").join(&path);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("write", &shown, &error))?;
    }
    let mut new = std::fs::File::create_new(&file).map_err(|error| {
        let failed = Error::io("write", &shown, &error);
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                failed.with_help("choose another name, or edit the page that is there")
            }
            _ => failed,
        }
    })?;
    new.write_all(text.as_bytes()).map_err(|error| Error::io("write", &shown, &error))?;
    terminal.say(&format!("{} is ready; it is a draft until you delete `draft: true`", shown.display()));
    Ok(Ending::Fine)
}

/// The path below `content/`, with `content/` before it or not, ending in `.md`.
fn below_content(path: &Path) -> Result<PathBuf, Error> {
    let path = path.strip_prefix("content").unwrap_or(path);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || path.as_os_str().is_empty() {
        return Err(Error::usage("make the page", path, "its path does not lie below `content/`")
            .with_help("give a path such as `guides/nurse.md`"));
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("md" | "markdown") => Ok(path.to_owned()),
        Some(other) => {
            Err(Error::usage("make the page", path, format!("pages end in `.md`, not `.{other}`"))
                .with_help("leave the ending out, or write `.md`"))
        }
        None => Ok(path.with_extension("md")),
    }
}

/// `back-end-developer.md` gives `Back end developer`; `nurse/index.md` gives `Nurse`.
fn title_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    let name = if stem == "index" || stem == "_index" {
        path.parent().and_then(Path::file_name).unwrap_or(stem)
    } else {
        stem
    };
    let words = name.to_string_lossy().replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A YAML double-quoted scalar (YAML 1.2, 7.3.1), which JSON strings are a subset of.
fn quoted(title: &str) -> String {
    serde_json::Value::from(title).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_content() {
        assert_eq!(below_content(Path::new("guides/nurse")).unwrap(), Path::new("guides/nurse.md"));
        assert_eq!(
            below_content(Path::new("content/guides/nurse.md")).unwrap(),
            Path::new("guides/nurse.md")
        );
        for path in ["../x.md", "/etc/x.md", "", "a/../../x.md", "x.html"] {
            assert!(below_content(Path::new(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn titles_come_from_names() {
        assert_eq!(title_of(Path::new("guides/back-end-developer.md")), "Back end developer");
        assert_eq!(title_of(Path::new("guides/nurse/index.md")), "Nurse");
        assert_eq!(quoted("a \"b\": c"), "\"a \\\"b\\\": c\"");
    }
}
