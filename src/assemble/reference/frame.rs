//! What the settings name for the frame of every page: links and files of the navigation and the theme.
//!
//! In: the settings. Out: what each leads to, as site paths, and what is not there. Asks the theme
//! nothing: what its options are is known from the settings.

use super::{From, Resolver, Target, has_scheme};
use crate::assemble::Resolved;
use crate::config::theme::{Face, FileName, Setting, font_format};
use crate::config::{Config, NavItem, Palette};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::parse::ReferenceKind;

/// What an option of the theme came to: addresses are site paths, or absolute.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// Nothing.
    Unset,
    /// Text, a number, `true` or `false`.
    Plain(serde_json::Value),
    /// A colour.
    Colour(Palette),
    /// A published file, with its size in pixels when it is a picture.
    File(String, Option<(u32, u32)>),
    /// Files of a font: address, media type, weight and style of each.
    Font(Vec<(String, &'static str, String, &'static str)>),
    /// Title and address of each link.
    Links(Vec<(String, String)>),
}

impl Resolver<'_> {
    /// The title and address of each entry of the site's navigation.
    pub(in crate::assemble) fn nav(
        &self,
        config: &Config,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<(String, String)> {
        self.links(&config.nav, found)
    }

    /// What the options of the theme came to.
    pub(in crate::assemble) fn theme(
        &self,
        config: &Config,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<(String, Chosen)> {
        let chosen = |setting: &Setting, found: &mut Vec<Diagnostic>| match setting {
            Setting::Unset => Chosen::Unset,
            Setting::Plain(value) => Chosen::Plain(value.clone()),
            Setting::Colour(palette) => Chosen::Colour(*palette),
            Setting::Links(links) => Chosen::Links(self.links(links, found)),
            Setting::File(file) => self.file(file, found).map_or(Chosen::Unset, |url| {
                let size = self.shot(&url).and_then(|image| Some((image.width?, image.height?)));
                Chosen::File(url, size)
            }),
            Setting::Font(faces) => {
                let face = |Face { file, weight, style }: &Face| {
                    let url = self.file(file, found)?;
                    let (_, media_type) = font_format(&file.name)?;
                    Some((url, media_type, weight.clone(), *style))
                };
                Chosen::Font(faces.iter().filter_map(face).collect())
            }
        };
        config.options.iter().map(|(name, setting)| (name.clone(), chosen(setting, found))).collect()
    }

    fn links(&self, links: &[NavItem], found: &mut Vec<Diagnostic>) -> Vec<(String, String)> {
        let from = From { path: "content/_index.md", url: "/", entry: &self.entries[self.home()] };
        let mut resolved = Vec::with_capacity(links.len());
        for NavItem { title, url, span } in links {
            let is_absolute = url.starts_with("//") || has_scheme(url);
            let kind = if is_absolute { ReferenceKind::Absolute } else { ReferenceKind::Link };
            match self.reference(from, kind, url) {
                Ok(Resolved::Internal(url)) => resolved.push((title.clone(), url)),
                // A fragment in the frame of every page means the home page's.
                Ok(Resolved::Fragment(fragment)) => resolved.push((title.clone(), format!("/{fragment}"))),
                Ok(Resolved::Outside | Resolved::Broken(_) | Resolved::Image(_)) => {
                    resolved.push((title.clone(), url.clone()));
                }
                Err(fault) => found.push(self.explain(from, fault).at("site.toml", *span)),
            }
        }
        resolved
    }

    /// The address of a file below the site's `static/` or its theme's.
    fn file(&self, file: &FileName, found: &mut Vec<Diagnostic>) -> Option<String> {
        let FileName { name, told_in, span } = file;
        let target = self.source(&format!("static/{name}")).or_else(|| self.address(name));
        if let Target::File(url) = target {
            return Some(url.to_owned());
        }
        let files = self.routes.values().filter(|route| route.cause.file().is_some());
        let names: Vec<&str> = files.map(|route| route.url.trim_start_matches('/')).collect();
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let same = names.iter().find(|known| last(known) == last(name)).copied();
        let help = match same.or_else(|| near(name, names.iter().copied())) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("put it there as `static/{name}`, or take the line out"),
        };
        let message = format!("there is no file `static/{name}`");
        found.push(Diagnostic::new(Code::Config, told_in.as_str(), *span, message).help(help));
        None
    }
}
