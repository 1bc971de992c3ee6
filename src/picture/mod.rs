//! Pictures: what is in their files, and smaller ones made from them.
//!
//! In: the bytes of an image file and settings. Out: the same image without what it tells about its
//! maker, smaller variants of it, or what is wrong with it. Touches no file and knows no stage.

mod clean;
mod container;
pub mod draw;
pub mod drawing;
mod icc;
pub mod letters;
pub mod orientation;
mod scale;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use clean::{Cleaned, clean};
pub use scale::{Made, PIXELS, Plan, scale};

use crate::fingerprint::Fingerprint;

/// A kind of image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// ISO/IEC 10918-1.
    Jpeg,
    /// W3C Portable Network Graphics.
    Png,
    /// RFC 9649.
    WebP,
    /// `GIF89a`.
    Gif,
    /// AV1 Image File Format.
    Avif,
    /// W3C Scalable Vector Graphics.
    Svg,
}

impl Format {
    /// The format that a file's name says.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, suffix) = name.rsplit_once('.')?;
        match suffix.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::WebP),
            "gif" => Some(Self::Gif),
            "avif" => Some(Self::Avif),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }

    /// The format that the first bytes of a file say, of those that are told by them.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some(Self::Avif),
            _ => None,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
        }
    }

    /// The end of its files' names.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Avif => "avif",
            Self::Svg => "svg",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }

    /// Whether smaller images are made from such a file.
    #[must_use]
    pub fn is_scaled(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP)
    }
}

/// What became of an image: the smaller ones that are worth publishing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Picture {
    /// By format, then from narrow to wide.
    pub variants: Vec<Variant>,
}

/// One image made from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its format.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Hash of its bytes.
    pub digest: Fingerprint,
    /// Length in bytes.
    pub len: u64,
}
