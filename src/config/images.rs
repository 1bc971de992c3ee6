//! `[images]`, `[cards]` and `[publish]`: pictures, and files for other programs.
//!
//! In: values of `site.toml`. Out: settings, and diagnostics for what makes no sense.

use serde::Serialize;

use super::Config;
use crate::value::{Field, Reader};

/// `[images]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Images {
    /// Whether smaller images are made.
    pub enabled: bool,
    /// Their widths in pixels.
    pub widths: Vec<u32>,
    /// From 1 to 100.
    pub quality: u8,
    /// How wide a picture in a text is shown, as the attribute `sizes` says it.
    pub sizes: String,
    /// Whether what a photograph tells about its maker is taken out.
    pub strip_metadata: bool,
    /// Whether scripts and references to other places are taken out of drawings.
    pub sanitise_svg: bool,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            enabled: true,
            widths: vec![480, 800, 1200, 1600],
            quality: 80,
            sizes: "(min-width: 46rem) 44rem, 100vw".to_owned(),
            strip_metadata: true,
            sanitise_svg: true,
        }
    }
}

/// `[cards]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cards {
    /// Whether each page has a picture for those who share it.
    pub enabled: bool,
}

/// `[publish]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Publish {
    /// Whose files for headers and redirects are written.
    pub host: Host,
    /// The policy that pages are served with, in place of the usual one; empty when not set.
    pub content_security_policy: String,
    /// Whether `llms.txt` is written.
    pub llms: bool,
    /// Whether each page's text is published as Markdown too.
    pub markdown: bool,
    /// Whether text files have compressed twins.
    pub compress: bool,
}

/// A host that reads `_headers` and `_redirects`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Host {
    /// One that reads neither.
    #[default]
    Any,
    /// <https://docs.netlify.com/routing/headers/>
    Netlify,
    /// <https://developers.cloudflare.com/pages/configuration/headers/>
    Cloudflare,
}

pub(super) const HOSTS: &[(&str, Host)] =
    &[("any", Host::Any), ("netlify", Host::Netlify), ("cloudflare", Host::Cloudflare)];

/// More widths than this are a mistake.
const WIDTHS: usize = 12;

pub(super) fn widths(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let help = "write widths in pixels, such as `[480, 800, 1200]`";
    let mut widths = Vec::new();
    let mut is_whole = true;
    for width in reader.list(field, |reader, item| reader.integer(item, 16..=10_000)) {
        match u32::try_from(width) {
            Ok(width) => widths.push(width),
            Err(_) => is_whole = false,
        }
    }
    if widths.len() > WIDTHS {
        reader.refuse(field.value.span, format!("more than {WIDTHS} widths"), help);
    } else if is_whole {
        widths.sort_unstable();
        widths.dedup();
        config.images.widths = widths;
    }
}

pub(super) fn quality(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    if let Some(quality) = reader.integer(field, 1..=100).and_then(|quality| u8::try_from(quality).ok()) {
        config.images.quality = quality;
    }
}

/// A policy of one line: a second one would be another header.
pub(super) fn policy(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(policy) = reader.filled(field) else { return };
    if policy.chars().all(|sign| sign.is_ascii_graphic() || sign == ' ') {
        config.publish.content_security_policy = policy;
    } else {
        reader.refuse(
            field.value.span,
            "this policy holds a sign that headers cannot have",
            "write it in one line of plain letters, such as `default-src 'self'`",
        );
    }
}
