//! What a photograph tells about its maker, taken out without touching a pixel.
//!
//! In: the bytes of an image. Out: the same image without places, names, serial numbers, previews and
//! what else cameras and editors leave; kept are pixels, colours, animation and which way is up.

use std::borrow::Cow;

use super::container::{Block, Segment, Segments, boxes, gif_blocks, png_chunks, riff_chunks};
use super::{Format, orientation};

/// An image without what it tells about its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The image; as it was when there was nothing to take out, or it could not be read.
    pub bytes: Cow<'a, [u8]>,
    /// What is wrong with the file, in words that follow "this image".
    pub trouble: Option<&'static str>,
}

/// Takes out what an image tells about its maker. Drawings are another matter: see
/// [`drawing`](super::drawing).
#[must_use]
pub fn clean(format: Format, bytes: &[u8]) -> Cleaned<'_> {
    let unreadable = |trouble| Cleaned { bytes: Cow::Borrowed(bytes), trouble: Some(trouble) };
    if Format::of_bytes(bytes) != Some(format) {
        return unreadable("is not what its name says");
    }
    let turned = orientation::of(format, bytes);
    let cleaned = match format {
        Format::Jpeg => jpeg(bytes, turned),
        Format::Png => png(bytes, turned),
        Format::WebP => webp(bytes, turned).map(|out| (out, End::There)),
        Format::Gif => gif(bytes).map(|out| (out, End::There)),
        Format::Avif => Some((avif(bytes), End::There)),
        Format::Svg => None,
    };
    let Some((cleaned, end)) = cleaned else { return unreadable(DAMAGED) };
    let trouble = (end == End::Missing).then_some(DAMAGED);
    let bytes = if cleaned == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(cleaned) };
    Cleaned { bytes, trouble }
}

const DAMAGED: &str = "ends too early or is damaged";

/// Whether an image is whole. One that is not is shown as far as it goes, and tells nothing either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    There,
    Missing,
}

/// Keeps what decoding needs, and colour profiles. What follows the image, such as the second
/// picture that some telephones append, goes too.
fn jpeg(bytes: &[u8], turned: u8) -> Option<(Vec<u8>, End)> {
    let mut has_pixels = false;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xff, 0xd8]);
    let mut says = (turned != 1).then(|| [orientation::EXIF, &orientation::block(turned)].concat());
    for segment in Segments::new(bytes) {
        match segment {
            Segment::Block { marker, data, whole } => {
                // JFIF comes first where there is one.
                if marker != 0xe0
                    && let Some(says) = says.take()
                {
                    out.extend([0xff, 0xe1]);
                    out.extend(u16::try_from(says.len() + 2).ok()?.to_be_bytes());
                    out.extend(says);
                }
                let kept = match marker {
                    0xe0 => data.starts_with(b"JFIF\0"),
                    0xe2 => data.starts_with(b"ICC_PROFILE\0"),
                    0xee => data.starts_with(b"Adobe"),
                    0xe1..=0xef | 0xfe => false,
                    _ => true,
                };
                if kept {
                    out.extend(whole);
                }
            }
            Segment::Scan(pixels) => {
                has_pixels = true;
                out.extend(pixels);
            }
            Segment::End => {
                out.extend([0xff, 0xd9]);
                return Some((out, End::There));
            }
        }
    }
    has_pixels.then_some((out, End::Missing))
}

/// Kinds of chunks that no decoder must know and that say how an image looks.
const PNG_KEPT: [&[u8; 4]; 15] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs",
    b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8], turned: u8) -> Option<(Vec<u8>, End)> {
    let mut has_pixels = false;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..8)?);
    for chunk in png_chunks(bytes) {
        has_pixels |= chunk.kind == *b"IDAT";
        let is_critical = chunk.kind[0].is_ascii_uppercase();
        if is_critical || PNG_KEPT.contains(&&chunk.kind) {
            out.extend(chunk.whole);
        }
        if chunk.kind == *b"IHDR" && turned != 1 {
            out.extend(png_chunk(*b"eXIf", &orientation::block(turned))?);
        }
        if chunk.kind == *b"IEND" {
            return Some((out, End::There));
        }
    }
    has_pixels.then_some((out, End::Missing))
}

fn png_chunk(kind: [u8; 4], data: &[u8]) -> Option<Vec<u8>> {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    let len = u32::try_from(data.len()).ok()?.to_be_bytes();
    Some([&len[..], &kind, data, &sum.sum().to_be_bytes()].concat())
}

/// Flags of the extended header (RFC 9649, 2.7.1.1).
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;

fn webp(bytes: &[u8], turned: u8) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..12)?);
    let mut has_pixels = false;
    let mut extended = None;
    for chunk in riff_chunks(bytes) {
        match &chunk.kind {
            b"VP8X" => {
                extended = Some(out.len() + 8);
                out.extend(chunk.whole);
            }
            b"VP8 " | b"VP8L" | b"ANMF" => {
                has_pixels = true;
                out.extend(chunk.whole);
            }
            b"ALPH" | b"ANIM" | b"ICCP" => out.extend(chunk.whole),
            _ => {}
        }
    }
    if let Some(flags) = extended.and_then(|at| out.get_mut(at)) {
        *flags &= !(WEBP_EXIF | WEBP_XMP);
        if turned != 1 {
            *flags |= WEBP_EXIF;
            let block = orientation::block(turned);
            out.extend(b"EXIF");
            out.extend(u32::try_from(block.len()).ok()?.to_le_bytes());
            out.extend(block);
        }
    }
    let len = u32::try_from(out.len().checked_sub(8)?).ok()?.to_le_bytes();
    out.get_mut(4..8)?.copy_from_slice(&len);
    has_pixels.then_some(out)
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    for block in gif_blocks(bytes) {
        match block {
            Block::Head(head) => out.extend(head),
            // Comments, and what programs note; but not how often an animation repeats.
            Block::Extension(0xfe, ..) => {}
            Block::Extension(0xff, name, _) if !matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0") => {}
            Block::Extension(.., whole) | Block::Frame(whole) => out.extend(whole),
            Block::End => {
                out.push(0x3b);
                return Some(out);
            }
        }
    }
    None
}

/// Blanks Exif and XMP where they lie, since everything else is found by its distance from the top.
fn avif(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let top = boxes(bytes, 0, bytes.len());
    for (_, start, end) in top.filter(|(kind, ..)| kind == b"meta") {
        for (from, to) in avif_notes(bytes, start + 4, end).unwrap_or_default() {
            if let Some(part) = out.get_mut(from..to) {
                part.fill(0);
            }
        }
    }
    out
}

/// Where the items that are Exif or XMP lie (ISO/IEC 14496-12, 8.11.3 and 8.11.6).
fn avif_notes(bytes: &[u8], from: usize, to: usize) -> Option<Vec<(usize, usize)>> {
    let find = |wanted: &[u8; 4]| boxes(bytes, from, to).find(|(kind, ..)| kind == wanted);
    let (_, start, end) = find(b"iinf")?;
    let counted = if *bytes.get(start)? == 0 { 6 } else { 8 };
    let mut notes = Vec::new();
    for (kind, start, end) in boxes(bytes, start + counted, end) {
        let version = *bytes.get(start)?;
        if kind != *b"infe" || version < 2 {
            continue;
        }
        let wide = if version == 2 { 2 } else { 4 };
        let id = number(bytes, start + 4, wide)?;
        let at = start + 4 + wide + 2;
        let item = bytes.get(at..at + 4)?;
        let said = bytes.get(at + 4..end)?;
        if item == b"Exif" || (item == b"mime" && contains(said, b"rdf+xml")) {
            notes.push(id);
        }
    }
    let idat = find(b"idat").map_or(0, |(_, start, _)| start);
    let (_, start, end) = find(b"iloc")?;
    Some(avif_places(bytes.get(..end)?, start, idat, &notes))
}

/// Where items lie; as far as the list can be read.
fn avif_places(bytes: &[u8], start: usize, idat: usize, wanted: &[usize]) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut read = || -> Option<()> {
        let version = *bytes.get(start)?;
        let (first, second) = (*bytes.get(start + 4)?, *bytes.get(start + 5)?);
        let nibbles = [first >> 4, first & 15, second >> 4, second & 15].map(usize::from);
        let [offset_len, length_len, base_len, index_len] = nibbles;
        let id_len = if version < 2 { 2 } else { 4 };
        let mut at = start + 6;
        let mut take = |len: usize| {
            let value = number(bytes, at, len)?;
            at += len;
            Some(value)
        };
        for _ in 0..take(id_len)? {
            let id = take(id_len)?;
            let method = if version == 0 { 0 } else { take(2)? & 15 };
            take(2)?;
            let base = take(base_len)?;
            for _ in 0..take(2)? {
                if version > 0 {
                    take(index_len)?;
                }
                let from = base.checked_add(take(offset_len)?)?;
                let from = if method == 1 { from.checked_add(idat)? } else { from };
                let to = from.checked_add(take(length_len)?)?;
                if wanted.contains(&id) {
                    places.push((from, to));
                }
            }
        }
        Some(())
    };
    let _ = read();
    places
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(len)?)?;
    part.iter().try_fold(0_usize, |value, byte| value.checked_mul(256)?.checked_add(usize::from(*byte)))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}
