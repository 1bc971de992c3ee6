//! Drawings to pixels.
//!
//! In: an SVG text. Out: a PNG or ICO file. Letters are those of the one font that lies in the program;
//! a drawing loads nothing.

use image::ImageEncoder as _;
use quick_xml::Reader;
use quick_xml::events::Event;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

use super::letters;

/// No drawing is made larger.
const SIDE: u32 = 4096;
/// Elements that may stand inside each other.
const DEEPEST: usize = 256;
/// Layers of noise, each half as coarse as the one before: more are finer than any pixel.
const OCTAVES: f64 = 16.0;

/// A drawing as PNG, as large as it says.
///
/// # Errors
/// Why it cannot be drawn, in words that follow "this drawing".
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let tree = parse(svg)?;
    let size = tree.size().to_int_size();
    paint(&tree, (size.width(), size.height()), Transform::identity())
}

/// A drawing in the middle of a square, as PNG.
///
/// # Errors
/// As [`png`].
pub fn square(svg: &str, side: u32) -> Result<Vec<u8>, String> {
    let tree = parse(svg)?;
    let (wide, high) = (tree.size().width(), tree.size().height());
    #[expect(clippy::cast_precision_loss, reason = "icons are small")]
    let side_length = side as f32;
    let scale = side_length / wide.max(high);
    let shift = |length: f32| (side_length - length * scale) / 2.0;
    let place = Transform::from_scale(scale, scale).post_translate(shift(wide), shift(high));
    paint(&tree, (side, side), place)
}

/// A PNG of up to 255 pixels as ICO, which may hold one since Windows Vista.
#[must_use]
pub fn ico(png: &[u8], side: u8) -> Vec<u8> {
    let len = u32::try_from(png.len()).unwrap_or(u32::MAX).to_le_bytes();
    let head = [0, 0, 1, 0, 1, 0, side, side, 0, 0, 1, 0, 32, 0];
    [&head[..], &len, &22_u32.to_le_bytes(), png].concat()
}

fn parse(svg: &str) -> Result<usvg::Tree, String> {
    within_bounds(svg)?;
    let options = usvg::Options {
        font_family: letters::FAMILY.to_owned(),
        fontdb: letters::fonts(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            // No drawing reads a file.
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options).map_err(|error| format!("cannot be drawn: {error}"))
}

/// Refuses what the library has no bound for: it calls itself for each element in another, and draws as many
/// layers of noise as it is told to.
fn within_bounds(svg: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = false;
    let mut depth = 0_usize;
    // What is no XML is for the library to tell.
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("has more than {DEEPEST} elements inside each other"));
        }
        if let Event::Start(element) | Event::Empty(element) = &event
            && let Ok(Some(octaves)) = element.try_get_attribute("numOctaves")
        {
            let number =
                std::str::from_utf8(&octaves.value).ok().and_then(|text| text.trim().parse::<f64>().ok());
            if number.is_none_or(|number| number > OCTAVES) {
                return Err(format!("has noise of more than {OCTAVES} octaves"));
            }
        }
    }
    Ok(())
}

fn paint(tree: &usvg::Tree, (width, height): (u32, u32), place: Transform) -> Result<Vec<u8>, String> {
    if width > SIDE || height > SIDE {
        return Err(format!("is larger than {SIDE} pixels"));
    }
    let mut pixels = Pixmap::new(width, height).ok_or("has no size")?;
    resvg::render(tree, place, &mut pixels.as_mut());
    let opaque = pixels.pixels().iter().all(|pixel| pixel.alpha() == u8::MAX);
    let channels = if opaque { 3 } else { 4 };
    let mut bytes = Vec::with_capacity(pixels.pixels().len() * channels);
    for pixel in pixels.pixels() {
        let plain = pixel.demultiply();
        bytes.extend([plain.red(), plain.green(), plain.blue(), plain.alpha()].iter().take(channels));
    }
    encode(&bytes, (width, height), opaque)
}

fn encode(pixels: &[u8], (width, height): (u32, u32), opaque: bool) -> Result<Vec<u8>, String> {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let kind = if opaque { image::ExtendedColorType::Rgb8 } else { image::ExtendedColorType::Rgba8 };
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::NoFilter);
    let written = encoder.write_image(pixels, width, height, kind);
    written.map_err(|error| format!("cannot be written: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOT: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'><rect width='20' height='10' fill='#123456'/></svg>";

    #[test]
    fn a_drawing_is_drawn_as_large_as_it_says() {
        let drawn = image::load_from_memory(&png(DOT).unwrap()).unwrap();
        assert_eq!((drawn.width(), drawn.height(), drawn.color().has_alpha()), (20, 10, false));
        assert_eq!(drawn.to_rgb8().get_pixel(3, 3).0, [0x12, 0x34, 0x56]);
        assert_eq!(png(DOT), png(DOT));
        assert!(
            png("<svg").is_err()
                && png("<svg xmlns='http://www.w3.org/2000/svg' width='9e9' height='9'/>").is_err()
        );
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let of = |inner: &str| {
            square(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inner}</svg>"), 9)
        };
        let deep = |times: usize| {
            of(&format!("<text>{}x{}</text>", "<tspan>".repeat(times), "</tspan>".repeat(times)))
        };
        assert!(deep(DEEPEST - 2).is_ok());
        assert!(deep(DEEPEST - 1).unwrap_err().contains("inside each other"));
        assert!(deep(500_000).unwrap_err().contains("inside each other"));
        let noise = |octaves: &str| {
            of(&format!(
                "<filter id='f'><feTurbulence baseFrequency='1' numOctaves='{octaves}'/></filter><rect width='9' height='9' filter='url(#f)'/>"
            ))
        };
        assert!(noise("4").is_ok());
        for octaves in ["2000000000", "1e9", "&#57;99999"] {
            assert!(noise(octaves).unwrap_err().contains("octaves"), "{octaves}");
        }
    }

    #[test]
    fn an_icon_is_a_square() {
        let icon = image::load_from_memory(&square(DOT, 40).unwrap()).unwrap().to_rgba8();
        assert_eq!((icon.get_pixel(20, 2).0[3], icon.get_pixel(20, 20).0), (0, [0x12, 0x34, 0x56, 255]));
        let file = ico(&square(DOT, 32).unwrap(), 32);
        assert_eq!(&file[..8], [0, 0, 1, 0, 1, 0, 32, 32]);
        assert_eq!(super::super::Format::of_bytes(&file[22..]), Some(super::super::Format::Png));
    }

    #[test]
    fn letters_are_drawn_and_files_are_not_read() {
        let words = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='30'><text y='25' font-family='Arial'>Ab</text></svg>";
        let drawn = image::load_from_memory(&png(words).unwrap()).unwrap().to_rgba8();
        assert!(drawn.pixels().any(|pixel| pixel.0[3] > 0));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.png");
        std::fs::write(&file, png(DOT).unwrap()).unwrap();
        let reads = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{}' width='9' height='9'/></svg>",
            file.display()
        );
        let drawn = image::load_from_memory(&png(&reads).unwrap()).unwrap().to_rgba8();
        assert!(drawn.pixels().all(|pixel| pixel.0[3] == 0));
    }
}
