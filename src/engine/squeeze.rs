//! Twins of files that are compressed already, for hosts that send such files as they are.
//!
//! In: the bytes of an output. Out: the same in Brotli and gzip, each only where it saves a tenth or more, to
//! the same sink. The same bytes are always compressed to the same.

use std::io::Write as _;

use serde::{Deserialize, Serialize};

use super::Sink;
use crate::assemble::{Cause, Route, Routes};
use crate::fingerprint::Fingerprint;
use crate::render::Rendered;
use crate::scan::{Asset, Inputs, Pictures};

/// Endings of files that are text. Pictures and fonts are compressed by themselves.
const TEXT: &[&str] =
    &["html", "css", "js", "mjs", "svg", "xml", "json", "txt", "md", "webmanifest", "csv", "xsl"];

/// A twin that was made of an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Twin {
    is_brotli: bool,
    /// Hash of its bytes.
    pub(super) digest: Fingerprint,
    /// Their number.
    pub(super) len: u64,
}

impl Twin {
    /// Its path, by that of the file it is a twin of.
    pub(super) fn path(&self, of: &str) -> String {
        path(of, self.is_brotli)
    }
}

fn path(of: &str, is_brotli: bool) -> String {
    format!("{of}.{}", if is_brotli { "br" } else { "gz" })
}

/// Whether a build makes twins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Squeeze<'a> {
    routes: Option<&'a Routes>,
}

impl<'a> Squeeze<'a> {
    /// As the settings say; a preview makes none.
    pub(super) fn of(inputs: &Inputs, routes: &'a Routes) -> Self {
        let is_wanted = inputs.config.publish.compress && inputs.pictures == Pictures::Scaled;
        Self { routes: is_wanted.then_some(routes) }
    }

    /// Whether it makes any.
    pub(super) fn is_on(self) -> bool {
        self.routes.is_some()
    }

    /// The key of an output, which is another one when it is to have twins, and by which of them it may.
    pub(super) fn key(self, output: &str, own: Fingerprint) -> Fingerprint {
        let Some(routes) = self.routes.filter(|_| is_text(output)) else { return own };
        let taken = [true, false].map(|is_brotli| routes.contains_key(&path(output, is_brotli)));
        Fingerprint::of(&("compressed", own, taken))
    }

    /// The file of this route when twins of it are wanted, so that its bytes must be seen.
    pub(super) fn file(self, path: &str, route: &Route) -> Option<usize> {
        match route.cause {
            Cause::Asset(index) if self.is_on() && is_text(path) => Some(index),
            _ => None,
        }
    }

    /// Makes the twins of an output. A file that the site publishes under such a name stands.
    pub(super) fn put(self, path: &str, bytes: &[u8], sink: &dyn Sink) -> Vec<Twin> {
        let Some(routes) = self.routes.filter(|_| is_text(path)) else { return Vec::new() };
        let made = [(true, brotli(bytes)), (false, gzip(bytes))];
        let twins = made.into_iter().filter_map(|(is_brotli, squeezed)| {
            let squeezed = squeezed.filter(|squeezed| squeezed.len() <= bytes.len() / 10 * 9)?;
            let (digest, len) = (Fingerprint::of_bytes(&squeezed), squeezed.len() as u64);
            let twin = Twin { is_brotli, digest, len };
            let name = twin.path(path);
            if routes.contains_key(&name) {
                return None;
            }
            sink.put(&name, &squeezed, digest);
            Some(twin)
        });
        twins.collect()
    }
}

/// A file as it is, and whether it changed or went while the site was built.
pub(super) fn file(asset: &Asset) -> (Rendered, bool) {
    match asset.load_as_found() {
        Ok(bytes) => (Rendered::of(bytes, Vec::new()), false),
        Err(found) => (Rendered::of(Vec::new(), vec![found]), true),
    }
}

fn is_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))
}

/// Brotli as small as it goes (RFC 7932).
fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let params = ::brotli::enc::BrotliEncoderParams { size_hint: bytes.len(), ..Default::default() };
    let mut squeezed = Vec::with_capacity(bytes.len() / 3 + 64);
    let mut input = bytes;
    ::brotli::BrotliCompress(&mut input, &mut squeezed, &params).ok()?;
    Some(squeezed)
}

/// gzip as small as it goes (RFC 1952), without a name or a time in it.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_compressed_is_the_same_again_and_the_same_each_time() {
        let text = "Guides to work, with figures that carry their dates. ".repeat(200);
        for squeeze in [brotli, gzip] {
            assert_eq!(squeeze(text.as_bytes()), squeeze(text.as_bytes()));
            assert!(squeeze(text.as_bytes()).unwrap().len() < text.len() / 10);
        }
        let mut plain = Vec::new();
        ::brotli::BrotliDecompress(&mut brotli(text.as_bytes()).unwrap().as_slice(), &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        let mut plain = String::new();
        let squeezed = gzip(text.as_bytes()).unwrap();
        flate2::read::GzDecoder::new(squeezed.as_slice()).read_to_string(&mut plain).unwrap();
        assert_eq!(plain, text);
        // Neither a name nor a time, nor the system that made it.
        assert_eq!(squeezed[3..8], [0; 5]);
        assert_eq!(squeezed[9], 255);
    }

    #[test]
    fn only_texts_have_twins() {
        assert!(is_text("index.html") && is_text("css/main.1a2b3c4d.css") && is_text("img/logo.svg"));
        assert!(!is_text("a.png") && !is_text("_headers") && !is_text("x.html.br") && !is_text("f.woff2"));
    }
}
