//! One image to smaller ones.
//!
//! In: the bytes of an image, and the widths that are wanted. Out: what is worth publishing of them:
//! never wider than the image, never larger than what it would stand for. Bounded in memory.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{
    DynamicImage, GrayImage, ImageDecoder as _, ImageEncoder as _, ImageReader, Limits, RgbImage, RgbaImage,
};
use serde::Serialize;

use super::{Format, icc};

/// Images with more pixels than this are published as they are.
pub const PIXELS: u64 = 100_000_000;
/// No WebP file is wider or higher.
const WEBP_SIDE: u32 = 16_383;

/// What is wanted of an image.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Plan {
    /// In pixels.
    pub widths: Vec<u32>,
    /// From 1 to 100.
    pub quality: u8,
}

/// An image that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its format.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Makes what is wanted. Images that move stay as they are.
///
/// # Errors
/// Why the image cannot be used, in words that follow "this image".
pub fn scale(format: Format, bytes: &[u8], plan: &Plan) -> Result<Vec<Made>, String> {
    let Some(kind) = decoder(format) else { return Ok(Vec::new()) };
    if moves(format, bytes) {
        return Ok(Vec::new());
    }
    let Decoded { image, profile } = decode(kind, bytes)?;
    let source = Source { image: &image, profile: profile.as_deref(), quality: plan.quality };
    let full = image.width();
    let mut widths: Vec<u32> = plan.widths.iter().copied().filter(|width| *width < full).collect();
    widths.sort_unstable();
    widths.dedup();
    let mut made = Vec::new();
    let mut resizer = Resizer::new();
    for width in widths {
        let small = resize(&mut resizer, &image, width)?;
        let small = Source { image: &small, ..source };
        let original = small.encode(format).filter(|made| made.bytes.len() < bytes.len());
        let limit = original.as_ref().map_or(bytes.len(), |made| made.bytes.len());
        if format != Format::WebP {
            made.extend(small.encode(Format::WebP).filter(|made| made.bytes.len() < limit));
        }
        made.extend(original);
    }
    if format != Format::WebP {
        made.extend(source.encode(Format::WebP).filter(|made| made.bytes.len() < bytes.len()));
    }
    made.sort_by_key(|made| (made.format != Format::WebP, made.width));
    Ok(made)
}

fn decoder(format: Format) -> Option<image::ImageFormat> {
    match format {
        Format::Jpeg => Some(image::ImageFormat::Jpeg),
        Format::Png => Some(image::ImageFormat::Png),
        Format::WebP => Some(image::ImageFormat::WebP),
        Format::Gif | Format::Avif | Format::Svg => None,
    }
}

/// Whether an image has more than one frame.
fn moves(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Png => super::container::png_chunks(bytes).any(|chunk| chunk.kind == *b"acTL"),
        Format::WebP => super::container::riff_chunks(bytes).any(|chunk| chunk.kind == *b"ANIM"),
        _ => false,
    }
}

/// An image, the right way up.
struct Decoded {
    image: DynamicImage,
    /// Its colours, when they are not the usual ones.
    profile: Option<Vec<u8>>,
}

fn decode(kind: image::ImageFormat, bytes: &[u8]) -> Result<Decoded, String> {
    let wrong = |error: &image::ImageError| match error {
        image::ImageError::Limits(_) => "needs too much memory".to_owned(),
        image::ImageError::Unsupported(_) => "is of a kind that browsers rarely show".to_owned(),
        _ => "ends too early or is damaged".to_owned(),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
    let mut limits = Limits::default();
    limits.max_alloc = Some(PIXELS * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| wrong(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS {
        return Err(format!(
            "has {} million pixels; up to {} are scaled",
            pixels / 1_000_000,
            PIXELS / 1_000_000
        ));
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| icc::matters(profile));
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| wrong(&error))?;
    image = plain(image);
    image.apply_orientation(turned);
    Ok(Decoded { image, profile })
}

fn resize(resizer: &mut Resizer, image: &DynamicImage, width: u32) -> Result<DynamicImage, String> {
    let (full, high) = (u64::from(image.width().max(1)), u64::from(image.height()));
    let height = (high * u64::from(width) + full / 2) / full;
    let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
    let kind = match image {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageRgb8(_) => PixelType::U8x3,
        _ => PixelType::U8x4,
    };
    let failed = |error: &dyn std::fmt::Display| format!("cannot be scaled: {error}");
    let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), kind);
    let source = source.map_err(|error| failed(&error))?;
    let mut small = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    resizer.resize(&source, &mut small, &options).map_err(|error| failed(&error))?;
    let pixels = small.into_vec();
    let small = match kind {
        PixelType::U8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        PixelType::U8x3 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        _ => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from),
    };
    small.ok_or_else(|| "cannot be scaled".to_owned())
}

/// Eight bits for each colour, and only the channels that say something.
fn plain(image: DynamicImage) -> DynamicImage {
    let color = image.color();
    if color.has_alpha() {
        let image = image.into_rgba8();
        if image.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
            return DynamicImage::from(image).into_rgb8().into();
        }
        return image.into();
    }
    if color.has_color() { image.into_rgb8().into() } else { image.into_luma8().into() }
}

/// An image to be written.
#[derive(Clone, Copy)]
struct Source<'a> {
    image: &'a DynamicImage,
    profile: Option<&'a [u8]>,
    quality: u8,
}

impl Source<'_> {
    /// The image in a format, if that can hold it.
    fn encode(&self, format: Format) -> Option<Made> {
        let (width, height) = (self.image.width(), self.image.height());
        let bytes = match format {
            Format::WebP => self.webp(),
            Format::Jpeg => self.jpeg(),
            Format::Png => self.png(),
            Format::Gif | Format::Avif | Format::Svg => None,
        }?;
        Some(Made { format, width, height, bytes })
    }

    fn webp(&self) -> Option<Vec<u8>> {
        let (width, height) = (self.image.width(), self.image.height());
        if width > WEBP_SIDE || height > WEBP_SIDE {
            return None;
        }
        let rgb;
        let encoder = match self.image {
            DynamicImage::ImageRgba8(image) => webp::Encoder::from_rgba(image.as_raw(), width, height),
            DynamicImage::ImageRgb8(image) => webp::Encoder::from_rgb(image.as_raw(), width, height),
            other => {
                rgb = other.to_rgb8();
                webp::Encoder::from_rgb(rgb.as_raw(), width, height)
            }
        };
        let file = encoder.encode_simple(false, f32::from(self.quality)).ok()?;
        match self.profile {
            Some(profile) => icc::embed(&file, profile, (width, height)),
            None => Some(file.to_vec()),
        }
    }

    fn jpeg(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, self.quality);
        if let Some(profile) = self.profile {
            encoder.set_icc_profile(profile.to_vec()).ok()?;
        }
        match self.image {
            DynamicImage::ImageLuma8(image) => encoder.encode_image(image).ok()?,
            other => encoder.encode_image(&other.to_rgb8()).ok()?,
        }
        Some(bytes)
    }

    fn png(&self) -> Option<Vec<u8>> {
        use image::codecs::png::{CompressionType, FilterType, PngEncoder};
        let mut bytes = Vec::new();
        let mut encoder =
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
        if let Some(profile) = self.profile {
            encoder.set_icc_profile(profile.to_vec()).ok()?;
        }
        let (width, height) = (self.image.width(), self.image.height());
        encoder.write_image(self.image.as_bytes(), width, height, self.image.color().into()).ok()?;
        Some(bytes)
    }
}
