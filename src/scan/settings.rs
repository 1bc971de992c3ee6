//! `site.toml` and what the command line and the clock add to it.
//!
//! In: a request. Out: the settings in force, the day it is, and the files to ignore. Validates no
//! setting but the globs of `ignore`; `config` does the rest.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Request;
use crate::config::theme::ThemeOption;
use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::error::Error;
use crate::fingerprint::Fingerprint;

/// The file's name.
pub(super) const SITE_TOML: &str = "site.toml";

/// What `site.toml` says.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) config: Config,
    pub(super) ignore: GlobSet,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The text, in which values are looked up to be pointed at.
    text: String,
}

impl Settings {
    /// Reads what the site chose of what its theme lets it choose.
    pub(super) fn choose(&mut self, options: &[ThemeOption]) {
        let found = config::theme::choose(&mut self.config, options, &self.text, SITE_TOML);
        self.diagnostics.extend(found);
    }

    /// Hash of the text: problems point into it.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_bytes(self.text.as_bytes())
    }

    /// Where a string value stands in `site.toml`, quotes left out.
    pub(super) fn span_of(&self, value: &str) -> Option<Span> {
        span_of(&self.text, value)
    }
}

/// Reads `site.toml` and applies the command line.
pub(super) fn read(request: &Request<'_>) -> Result<Settings, Error> {
    let (text, encoding) = decode(load(request.root)?);
    let (mut config, mut diagnostics) = config::parse(&text, SITE_TOML);
    diagnostics.extend(encoding);
    if let Some(base_url) = request.base_url {
        config.base_url = base_url.parse().map_err(|why: &str| {
            Error::usage("use `--base-url`", base_url, why)
                .with_help("give the site's full address: https://example.com/")
        })?;
    }
    if let Some(origin) = request.origin {
        origin.clone_into(&mut config.base_url.origin);
    }
    if let Some(terms) = super::desk::text(request.root, config::TERMS, &mut diagnostics) {
        diagnostics.extend(config::add_terms(&mut config, &terms));
    }
    if let Some(words) = super::desk::text(request.root, config::WORDS, &mut diagnostics) {
        config::add_words(&mut config, &words);
    }
    let ignore = ignore(&config.ignore, &text, &mut diagnostics);
    Ok(Settings { config, ignore, diagnostics, text })
}

fn load(root: &Path) -> Result<Vec<u8>, Error> {
    let file = root.join(SITE_TOML);
    let mut bytes = Vec::new();
    super::stamp::open(&file).and_then(|mut handle| io::Read::read_to_end(&mut handle, &mut bytes)).map_err(
        |error| {
            let trouble = Error::io("read", &file, &error);
            match error.kind() {
                io::ErrorKind::NotFound => trouble.with_help(where_to_look(root)),
                io::ErrorKind::InvalidInput => {
                    trouble.with_help("move away what is there, and put the settings in a file of that name")
                }
                _ => trouble,
            }
        },
    )?;
    Ok(bytes)
}

/// The text, with `?` for every byte that is none, so that all other places stay true.
fn decode(bytes: Vec<u8>) -> (String, Option<Diagnostic>) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let mut text = String::with_capacity(error.as_bytes().len());
    for chunk in error.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    let diagnostic =
        Diagnostic::new(Code::Encoding, SITE_TOML, Span::new(at, at + 1), "this byte is not UTF-8")
            .help("save the file as UTF-8");
    (text, Some(diagnostic))
}

/// What to do where there is no `site.toml`.
fn where_to_look(root: &Path) -> String {
    let site = fs::canonicalize(root).ok().and_then(|root| {
        root.ancestors().skip(1).find(|folder| folder.join(SITE_TOML).is_file()).map(Path::to_owned)
    });
    match site {
        Some(site) => {
            format!("the site is in `{0}`: run the command there, or with `--root {0}`", site.display())
        }
        None => "run `guidepost init` to start a site, or name its folder with `--root`".to_owned(),
    }
}

/// A pattern without a `/` means that name in any folder; others begin at the root.
fn ignore(patterns: &[String], text: &str, diagnostics: &mut Vec<Diagnostic>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let path = pattern.strip_prefix("./").unwrap_or(pattern).trim_matches('/');
        let anywhere = !pattern.trim_end_matches('/').contains('/');
        let glob = if anywhere { format!("**/{path}") } else { path.to_owned() };
        match GlobBuilder::new(&glob).literal_separator(true).build() {
            Ok(glob) => {
                set.add(glob);
            }
            Err(error) => diagnostics.push(bad_glob(pattern, error.kind(), text)),
        }
    }
    set.build().unwrap_or_else(|error| {
        diagnostics.push(Diagnostic::new(
            Code::Config,
            SITE_TOML,
            None,
            format!("`ignore` is too long: {error}"),
        ));
        GlobSet::empty()
    })
}

fn bad_glob(pattern: &str, kind: &globset::ErrorKind, text: &str) -> Diagnostic {
    let message = format!("`{pattern}` is not a pattern for file names: {kind}");
    Diagnostic::new(Code::Config, SITE_TOML, span_of(text, pattern), message).help(
        "write `*` for any letters, `**` for any folders, and put a backslash before a literal `[` or `{`",
    )
}

/// Where a quoted value stands in a TOML text.
fn span_of(text: &str, value: &str) -> Option<Span> {
    ['"', '\''].into_iter().find_map(|quote| {
        let start = text.find(&format!("{quote}{value}{quote}"))? + 1;
        Some(Span::new(start, start + value.len()))
    })
}

/// The day it is for this build: as the command line says, else as `SOURCE_DATE_EPOCH` says, else
/// by the clock; the latter two in the site's time zone.
///
/// <https://reproducible-builds.org/specs/source-date-epoch/>
pub(super) fn today(request: &Request<'_>, timezone: &str) -> Result<Date, Error> {
    if let Some(today) = request.today {
        return Ok(today);
    }
    let instant = match request.source_date_epoch {
        Some(seconds) => Timestamp::from_second(seconds)
            .map_err(|error| Error::new("use `SOURCE_DATE_EPOCH`", seconds.to_string(), error.to_string())),
        None => clock(request.now),
    }?;
    Ok(date(instant, timezone))
}

/// The date in the site's time zone.
///
/// # Errors
/// When the clock shows a time that is in no calendar.
pub fn date_by_clock(now: SystemTime, timezone: &str) -> Result<Date, Error> {
    Ok(date(clock(now)?, timezone))
}

fn date(instant: Timestamp, timezone: &str) -> Date {
    // An unknown zone is reported by `config`; the build goes on in the default one.
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).date()
}

fn clock(now: SystemTime) -> Result<Timestamp, Error> {
    Timestamp::try_from(now).map_err(|error| {
        Error::new("tell the date from", "the clock", error.to_string())
            .with_help("set the clock, or pass `--today`")
    })
}
