//! What to say of a reference that leads nowhere.
//!
//! In: the reference and everything there is. Out: a message and the fix nearest to what was
//! meant: the file of that name elsewhere, else a near name in the same folder.

use super::{Broken, From, Resolver, Target, is_markdown, join, reason};
use crate::diagnostic::{Code, near};
use crate::parse::{Document, Heading, ReferenceKind};

impl Resolver<'_> {
    /// A path that leads to nothing of the kind that was asked for.
    pub(super) fn missed(
        &self,
        from: From<'_>,
        kind: ReferenceKind,
        path: &str,
        target: Target<'_>,
    ) -> Broken {
        let code = match kind {
            ReferenceKind::Image => Code::ImageMissing,
            _ => Code::LinkBroken,
        };
        let (message, help) = match target {
            Target::Unpublished(state) => (
                format!("`{path}` {}", reason(state)),
                "publish that page first, or take the link out until then".to_owned(),
            ),
            Target::UnpublishedFile => (
                format!("`{path}` belongs to a page that is not published"),
                "put the file elsewhere, or publish that page".to_owned(),
            ),
            Target::Page(_) | Target::Other(_) if kind == ReferenceKind::Image => {
                (format!("`{path}` is a page, not an image"), "name an image file".to_owned())
            }
            _ => {
                let what = match kind {
                    ReferenceKind::Image => "image",
                    _ if path.starts_with('/') && !is_markdown(path) => "page or file at",
                    _ => "page or file",
                };
                let nearest = if self.may_suggest() { self.nearest(from, path) } else { None };
                let help = match nearest {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if kind == ReferenceKind::Image => {
                        "put the image beside this file or in `static/`, and name it from here".to_owned()
                    }
                    None => "write the path from this file, such as `../guides/nurse.md`, or from `content/` with `@/`"
                        .to_owned(),
                };
                (format!("there is no {what} `{path}`"), help)
            }
        };
        Broken { code, message, help }
    }

    /// An id that its page lacks.
    pub(super) fn no_anchor(&self, id: &str, owner: &Document, link: Option<&str>) -> Broken {
        let Document { ids, headings, path: owner, .. } = owner;
        let page = if link.is_some() { format!("`{owner}`") } else { "this page".to_owned() };
        let nearest = if self.may_suggest() { near(id, ids.iter()) } else { None };
        let help = match nearest {
            Some(near) => format!("did you mean `{}#{near}`?", link.unwrap_or_default()),
            None => format!("{}give the heading it should lead to that id: `{{#{id}}}`", sections(headings)),
        };
        Broken { code: Code::AnchorBroken, message: format!("nothing on {page} has the id `{id}`"), help }
    }

    /// What was meant, in the form it was written in.
    fn nearest(&self, from: From<'_>, path: &str) -> Option<String> {
        let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(rest) = path.strip_prefix("@/") {
            let source = self.near_source(&join("content", rest)?)?;
            return Some(format!("@/{}", source.strip_prefix("content/")?));
        }
        if path.starts_with('/') && !is_markdown(path) {
            return self.near_address(path);
        }
        if let Some(rooted) = path.strip_prefix('/') {
            let source = self.near_source(&join("content", rooted)?)?;
            return Some(relative(folder, source));
        }
        let wanted = join(folder, path).unwrap_or_else(|| path.trim_start_matches("../").to_owned());
        self.near_source(&wanted).map(|source| relative(folder, source))
    }

    fn near_source(&self, wanted: &str) -> Option<&str> {
        let wanted = wanted.trim_end_matches('/');
        let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
        let sources = || {
            let files = self.files.iter().filter(|(_, url)| url.is_some()).map(|(path, _)| &**path);
            self.entries
                .iter()
                .filter(|entry| entry.made.is_none())
                .map(|entry| &*entry.document.path)
                .chain(files)
        };
        let split = |path: &'_ str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len() + 1);
        let same_name = |path: &&str| {
            let found = &path[split(path)..];
            found.eq_ignore_ascii_case(name) || found.strip_suffix(".md") == Some(name)
        };
        if let Some(path) = sources().filter(same_name).min() {
            return Some(path);
        }
        let beside = || sources().filter(|path| path[..split(path)].trim_end_matches('/') == folder);
        let name = near(name, beside().map(|path| &path[split(path)..]))
            .or_else(|| near(&format!("{name}.md"), beside().map(|path| &path[split(path)..])))?;
        beside().find(|path| &path[split(path)..] == name)
    }

    fn near_address(&self, path: &str) -> Option<String> {
        let wanted = path.trim_end_matches('/');
        let last =
            |url: &str| url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
        let name = last(wanted);
        let urls = || self.routes.values().map(|route| route.url.as_str());
        let same = (!name.is_empty()).then(|| urls().filter(|url| last(url) == name).min()).flatten();
        same.or_else(|| near(wanted, urls().filter(|url| url.len().abs_diff(path.len()) <= 4)))
            .map(str::to_owned)
    }
}

/// The path of a file as written in a file of this folder.
fn relative(folder: &str, path: &str) -> String {
    let mut up = 0;
    let mut shared = folder;
    loop {
        let below = if shared.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(shared).and_then(|rest| rest.strip_prefix('/'))
        };
        if let Some(rest) = below {
            return format!("{}{rest}", "../".repeat(up));
        }
        shared = shared.rsplit_once('/').map_or("", |(outer, _)| outer);
        up += 1;
    }
}

/// The sections that a page has, as the beginning of a help; nothing when it has none.
fn sections(headings: &[Heading]) -> String {
    const NAMED: usize = 5;
    let first: Vec<String> =
        headings.iter().take(NAMED).map(|heading| format!("`#{}`", heading.id)).collect();
    let (named, more) = (first.join(", "), headings.len() - first.len());
    match (first.len(), more) {
        (0, _) => String::new(),
        (1, _) => format!("there is the section {named}; or "),
        (_, 0) => format!("there are the sections {named}; or "),
        _ => format!("there are the sections {named} and {more} more; or "),
    }
}
