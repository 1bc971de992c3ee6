//! Which way up a photograph is, as its camera noted it.
//!
//! In: the bytes of an image, or of its Exif block. Out: a number from 1 to 8 (Exif 2.32, 4.6.4,
//! "Orientation"), or a block that says nothing else. Reads nothing else from the block.

use super::Format;
use super::container::{Segment, Segments, png_chunks, riff_chunks};

/// The tag in an Exif block.
const TAG: u16 = 0x0112;
/// What comes before the block in a JPEG segment, and at times elsewhere.
pub(super) const EXIF: &[u8] = b"Exif\0\0";

/// How an image is turned; 1 when it is upright or does not say.
#[must_use]
pub fn of(format: Format, bytes: &[u8]) -> u8 {
    let found = match format {
        Format::Jpeg => Segments::new(bytes).find_map(|segment| match segment {
            Segment::Block { marker: 0xe1, data, .. } => data.strip_prefix(EXIF).and_then(of_block),
            _ => None,
        }),
        Format::Png => {
            png_chunks(bytes).find(|chunk| chunk.kind == *b"eXIf").and_then(|chunk| of_block(chunk.data))
        }
        Format::WebP => riff_chunks(bytes)
            .find(|chunk| chunk.kind == *b"EXIF")
            .and_then(|chunk| of_block(chunk.data.strip_prefix(EXIF).unwrap_or(chunk.data))),
        // AVIF says it in the image's own properties, and the others never do.
        Format::Gif | Format::Avif | Format::Svg => None,
    };
    found.unwrap_or(1)
}

/// Whether an image so turned is shown with its width and height exchanged.
#[must_use]
pub fn exchanges_sides(orientation: u8) -> bool {
    orientation >= 5
}

/// The orientation that an Exif block states.
fn of_block(block: &[u8]) -> Option<u8> {
    let little = match block.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four: [u8; 4] = block.get(4..8)?.try_into().ok()?;
    let first = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
    let first = usize::try_from(first).ok()?;
    let count = usize::from(u16_at(first)?);
    (0..count).find_map(|index| {
        let entry = first.checked_add(2 + index * 12)?;
        if u16_at(entry)? != TAG {
            return None;
        }
        let value = u16_at(entry + 8)?;
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
    })
}

/// An Exif block that states the orientation and nothing else.
pub(super) fn block(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for orientation in 1..=8 {
            assert_eq!(of_block(&block(orientation)), Some(orientation));
        }
        assert_eq!(block(6).len(), 26);
    }

    #[test]
    fn both_orders_of_bytes_are_read_and_nonsense_is_not() {
        let little =
            b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x04\0\0\0abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(of_block(little), Some(6));
        assert_eq!(of_block(&little[..30]), None);
        assert_eq!(of_block(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(of_block(b"no block"), None);
        assert_eq!(of_block(&block(9)), None);
    }
}
