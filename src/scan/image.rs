//! How wide and high an image is, from the first bytes of its file.
//!
//! In: a file or its bytes. Out: a [`Size`], if the file is an image that says so. Decodes no image:
//! a page needs the size alone, so that its text does not move when the image arrives.

use std::io::Read as _;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::{Deserialize, Serialize};

use super::stamp;
use crate::picture::{Format, orientation};

/// Within these bytes an image says how large it is; photos may have thumbnails before it.
const HEAD: u64 = 256 * 1024;
/// No picture on a page is larger; what says so is damaged.
const LIMIT: usize = 100_000;

/// Width and height in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// The size of the image in a file; `None` when it is none, cannot be read or does not say.
pub(super) fn size(file: &Path) -> Option<Size> {
    let name = file.to_str()?;
    is_image(name).then_some(())?;
    let mut head = Vec::new();
    stamp::open(file).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    size_of(name, &head)
}

/// The size of the image of which these are the first bytes.
pub(super) fn size_of(name: &str, head: &[u8]) -> Option<Size> {
    if suffix(name) == "svg" {
        return of_svg(head);
    }
    is_image(name).then_some(())?;
    let size = imagesize::blob_size(head).ok()?;
    let size = bounded(size.width, size.height)?;
    // Browsers turn a photograph as its camera says.
    let turned = Format::of_name(name).map_or(1, |format| orientation::of(format, head));
    Some(if orientation::exchanges_sides(turned) {
        Size { width: size.height, height: size.width }
    } else {
        size
    })
}

fn suffix(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, suffix)| suffix.to_ascii_lowercase())
}

fn is_image(name: &str) -> bool {
    matches!(suffix(name).as_str(), "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif")
}

fn bounded(width: usize, height: usize) -> Option<Size> {
    let fits = (1..=LIMIT).contains(&width) && (1..=LIMIT).contains(&height);
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    fits.then_some(Size { width, height })
}

/// The size that the outermost element gives: `width` and `height` in pixels, or else those of its
/// `viewBox`, by whose proportions a browser draws it.
fn of_svg(head: &[u8]) -> Option<Size> {
    let text = String::from_utf8_lossy(head);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == b"svg" => {
                return of_element(&element);
            }
            Event::Start(_) | Event::Empty(_) | Event::Eof => return None,
            _ => {}
        }
    }
}

fn of_element(element: &BytesStart<'_>) -> Option<Size> {
    let attribute = |name: &str| {
        let found = element.try_get_attribute(name).ok().flatten()?;
        String::from_utf8(found.value.into_owned()).ok()
    };
    let pixels = |name: &str| {
        let written = attribute(name)?;
        number(written.trim().trim_end_matches("px"))
    };
    let of_box = || {
        let written = attribute("viewBox")?;
        let mut numbers = written.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty());
        Some((number(numbers.nth(2)?)?, number(numbers.next()?)?))
    };
    let (width, height) = pixels("width").zip(pixels("height")).or_else(of_box)?;
    bounded(width, height)
}

/// A positive number, rounded.
fn number(text: &str) -> Option<usize> {
    let number: f64 = text.parse().ok()?;
    // Casts from floats saturate, and what is too large is refused by the caller.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
    (number.is_finite() && number >= 0.5).then(|| number.round() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(text: &str) -> Option<(u32, u32)> {
        size_of("a.svg", text.as_bytes()).map(|size| (size.width, size.height))
    }

    #[test]
    fn a_drawing_says_its_size_or_its_proportions() {
        assert_eq!(svg("<svg width=\"40\" height='30px'/>"), Some((40, 30)));
        assert_eq!(
            svg("<?xml version=\"1.0\"?>\n<!-- a --><svg viewBox=\"0 0 640.4,360\">"),
            Some((640, 360))
        );
        assert_eq!(svg("<svg width=\"100%\" height=\"100%\" viewBox=\"-5 0 8 9\">"), Some((8, 9)));
        assert_eq!(
            svg("<s:svg xmlns:s=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>"),
            Some((4, 3))
        );
    }

    #[test]
    fn what_says_nothing_has_no_size() {
        for text in [
            "",
            "<svg>",
            "<html width=\"1\" height=\"1\">",
            "<svg width=\"-1\" height=\"2\">",
            "<svg viewBox=\"0 0\">",
        ] {
            assert_eq!(svg(text), None, "{text}");
        }
        assert_eq!(size_of("a.png", b"no image"), None);
        assert_eq!(size_of("a.txt", b"<svg width=\"1\" height=\"1\">"), None);
        assert_eq!(svg("<svg width=\"1e9\" height=\"2\">"), None);
    }

    #[test]
    fn a_raster_image_says_it_in_its_head() {
        let gif = b"GIF89a\x03\x00\x02\x00\x80\x00\x00";
        assert_eq!(size_of("a.gif", gif), Some(Size { width: 3, height: 2 }));
        let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 1, 0, 0, 0, 0, 200]].concat();
        assert_eq!(size_of("A.PNG", &png), Some(Size { width: 256, height: 200 }));
    }
}
