//! Pictures made by code, cleaned and scaled.
#![expect(
    clippy::cast_possible_truncation,
    clippy::trivially_copy_pass_by_ref,
    reason = "images made here are small"
)]

use image::{DynamicImage, ImageEncoder as _, Rgb, RgbImage};

use super::drawing;
use super::*;

const GPS: &[u8] = b"GPS 51.5074 N 0.1278 W";

fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = (x * 7 + y * 13) % 64;
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, (wave * 2 + 60) as u8])
    })
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder
        .write_image(photo(width, height).as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A JPEG with an Exif block that says where it was taken, and a second picture behind it.
fn telling_jpeg(orientation: u8) -> Vec<u8> {
    let plain = jpeg(64, 32);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.push(orientation);
    exif.extend([0; 6]);
    exif.extend(GPS);
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(&exif);
    bytes.extend([0xff, 0xfe, 0, 2 + GPS.len() as u8]);
    bytes.extend(GPS);
    bytes.extend(&plain[2..]);
    bytes.extend(GPS);
    bytes
}

fn tells(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"51.5074").is_some()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

#[test]
fn a_photograph_no_longer_tells_where_it_was_taken() {
    for turned in 1..=8 {
        let bytes = telling_jpeg(turned);
        let cleaned = clean(Format::Jpeg, &bytes);
        assert_eq!(cleaned.trouble, None);
        assert!(tells(&bytes) && !tells(&cleaned.bytes));
        assert_eq!(orientation::of(Format::Jpeg, &cleaned.bytes), turned);
        assert_eq!(decoded(&bytes), decoded(&cleaned.bytes), "not one pixel changes");
        assert_eq!(clean(Format::Jpeg, &cleaned.bytes).bytes, cleaned.bytes, "twice is once");
    }
}

#[test]
fn graphics_and_animations_are_cleaned_too() {
    let plain = png(&photo(20, 10).into());
    let split = plain.len() - 12;
    let note = [chunk(b"tEXt", &[b"Comment\0", GPS].concat()), chunk(b"eXIf", GPS)].concat();
    let bytes = [&plain[..split], &note, &plain[split..], GPS].concat();
    let cleaned = clean(Format::Png, &bytes);
    assert_eq!((&*cleaned.bytes, cleaned.trouble), (&*plain, None));

    let webp =
        webp::Encoder::from_rgb(photo(20, 10).as_raw(), 20, 10).encode_simple(false, 80.0).unwrap().to_vec();
    let extended = icc::embed(&webp, &[1; 33], (20, 10)).unwrap();
    let mut bytes = extended.clone();
    bytes[20] |= 0x0c;
    for kind in [b"EXIF", b"XMP "] {
        bytes.extend(kind);
        bytes.extend((GPS.len() as u32).to_le_bytes());
        bytes.extend(GPS);
    }
    let len = (bytes.len() as u32 - 8).to_le_bytes();
    bytes[4..8].copy_from_slice(&len);
    let cleaned = clean(Format::WebP, &bytes);
    assert_eq!((&*cleaned.bytes, cleaned.trouble), (&*extended, None));
    assert_eq!(decoded(&cleaned.bytes).width(), 20);

    let mut gif = b"GIF89a\x01\x00\x01\x00\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    let comment = [&[0x21, 0xfe, GPS.len() as u8][..], GPS, &[0]].concat();
    let repeats = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    let frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";
    gif.extend(repeats);
    let expected = [&gif[..], frame].concat();
    gif.extend(comment);
    gif.extend(frame);
    assert_eq!(&*clean(Format::Gif, &gif).bytes, &*expected);
}

#[test]
fn an_avif_keeps_its_length_and_loses_its_notes() {
    let boxed =
        |kind: &[u8; 4], data: &[u8]| [&(data.len() as u32 + 8).to_be_bytes()[..], kind, data].concat();
    let infe =
        |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0][..], kind, b"\0"].concat());
    let build = |at: u32| {
        let iinf = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 2][..], &infe(1, b"av01"), &infe(2, b"Exif")].concat());
        let item = |id: u8, at: u32, len: u32| {
            [&[0, id, 0, 0, 0, 1][..], &at.to_be_bytes(), &len.to_be_bytes()].concat()
        };
        let len = GPS.len() as u32;
        let iloc = boxed(
            b"iloc",
            &[&[0, 0, 0, 0, 0x44, 0, 0, 2][..], &item(1, at, 4), &item(2, at + 4, len)].concat(),
        );
        let meta = boxed(b"meta", &[&[0; 4][..], &iinf, &iloc].concat());
        [boxed(b"ftyp", b"avif\0\0\0\0"), meta].concat()
    };
    let start = build(0).len() as u32 + 8;
    let bytes = [build(start), boxed(b"mdat", &[b"AV1!", GPS].concat())].concat();
    let cleaned = clean(Format::Avif, &bytes);
    assert!(tells(&bytes) && !tells(&cleaned.bytes));
    assert_eq!(cleaned.bytes.len(), bytes.len());
    assert!(memchr::memmem::find(&cleaned.bytes, b"AV1!").is_some());
}

#[test]
fn damaged_files_are_said_and_left_alone() {
    let whole = telling_jpeg(1);
    for end in 0..whole.len() - GPS.len() {
        let cleaned = clean(Format::Jpeg, &whole[..end]);
        assert!(cleaned.trouble.is_some(), "{end}");
        let begun = end + 100 > whole.len() - GPS.len();
        assert!(*cleaned.bytes == whole[..end] || !tells(&cleaned.bytes));
        assert!(!begun || !tells(&cleaned.bytes), "what is cut off in its pixels tells nothing either");
    }
    let whole = png(&photo(9, 9).into());
    assert!((0..whole.len()).all(|end| clean(Format::Png, &whole[..end]).trouble.is_some()));
    assert!(clean(Format::Png, &jpeg(2, 2)).trouble.is_some(), "a name that lies");
    for format in [Format::Jpeg, Format::Png, Format::WebP] {
        let plan = Plan { widths: vec![4], quality: 80 };
        for end in [0, 1, 7, 20, 60, whole.len() / 2] {
            assert!(scale(format, &whole[..end.min(whole.len())], &plan).is_err(), "{format:?} {end}");
        }
    }
}

#[test]
fn an_image_is_made_smaller_never_larger() {
    let plan = Plan { widths: vec![100, 40, 4000], quality: 80 };
    let bytes = jpeg(200, 120);
    let made = scale(Format::Jpeg, &bytes, &plan).unwrap();
    let said: Vec<_> = made.iter().map(|made| (made.format, made.width, made.height)).collect();
    assert_eq!(
        said,
        [
            (Format::WebP, 40, 24),
            (Format::WebP, 100, 60),
            (Format::WebP, 200, 120),
            (Format::Jpeg, 40, 24),
            (Format::Jpeg, 100, 60)
        ]
    );
    assert!(made.iter().all(|made| made.bytes.len() < bytes.len()));
    for made in &made {
        assert_eq!(Format::of_bytes(&made.bytes), Some(made.format));
        assert_eq!((decoded(&made.bytes).width(), decoded(&made.bytes).height()), (made.width, made.height));
    }
    assert_eq!(scale(Format::Jpeg, &bytes, &plan).unwrap(), made, "the same each time");
}

#[test]
fn a_turned_photograph_is_made_upright() {
    let plan = Plan { widths: vec![16], quality: 80 };
    let made = scale(Format::Jpeg, &telling_jpeg(6), &plan).unwrap();
    assert!(made.iter().any(|made| (made.width, made.height) == (16, 32)));
    assert!(made.iter().all(|made| !tells(&made.bytes) && made.width < made.height));
}

#[test]
fn deep_grey_and_transparent_images_are_scaled() {
    let plan = Plan { widths: vec![30], quality: 80 };
    let deep = DynamicImage::from(photo(90, 90)).into_rgb16();
    assert!(!scale(Format::Png, &png(&deep.into()), &plan).unwrap().is_empty());
    let grey = DynamicImage::from(photo(90, 90)).into_luma8();
    assert!(!scale(Format::Png, &png(&grey.into()), &plan).unwrap().is_empty());
    let mut glass = DynamicImage::from(photo(90, 90)).into_rgba8();
    glass.pixels_mut().for_each(|pixel| pixel.0[3] = 100);
    let made = scale(Format::Png, &png(&glass.into()), &plan).unwrap();
    assert!(made.iter().all(|made| decoded(&made.bytes).color().has_alpha()));
}

#[test]
fn drawings_without_danger_stay_as_they_are() {
    for text in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 4 3'><title>A &amp; b</title><path d=\"M0 0\"/></svg>\n",
        "<?xml version=\"1.0\"?>\n<!-- mine --><svg><use href=\"#a\" fill=\"url(#g)\"/><a href=\"https://example.com/\">x</a></svg>",
        "<svg><style>.a{fill:url(#g)} @media print{.b{fill:red}}</style><animate attributeName=\"x\" to=\"4\"/></svg>",
        "<svg><image href=\"data:image/png;base64,AAAA\"/></svg>",
    ] {
        assert_eq!(drawing::clean(text.as_bytes()), drawing::Clean { text: text.to_owned(), found: vec![] });
    }
}

#[test]
fn what_acts_is_taken_out_of_drawings() {
    for (written, left) in [
        ("<svg><script>alert(1)</script><g/></svg>", "<svg><g/></svg>"),
        ("<svg><SCRIPT href='x'/></svg>", "<svg></svg>"),
        ("<svg onload=\"x()\" width='4'/>", "<svg width='4'/>"),
        ("<svg><foreignObject><p><b>x</b></p></foreignObject></svg>", "<svg></svg>"),
        ("<svg><a xlink:href=\"java&#x73;cript:x\">t</a></svg>", "<svg><a>t</a></svg>"),
        ("<svg><use href=\"https://example.com/x.svg#a\"/></svg>", "<svg><use/></svg>"),
        ("<svg><image xlink:href='//example.com/t.png'/></svg>", "<svg><image/></svg>"),
        ("<svg><set attributeName=\"href\" to=\"javascript:x\"/></svg>", "<svg></svg>"),
        (
            "<svg><rect style=\"fill:url(https://example.com/)\"/></svg>",
            "<svg><rect style=\"fill:none\"/></svg>",
        ),
        ("<svg><style>@import 'https://example.com/'; .a{}</style></svg>", "<svg><style> .a{}</style></svg>"),
        ("<svg><style>.a{fill:u\\72l(//x)}</style></svg>", "<svg><style></style></svg>"),
        ("<?xml-stylesheet href='x'?><svg/>", "<svg/>"),
        ("<!DOCTYPE svg [<!ENTITY x 'javascript:y'>]><svg><a href='&x;'/></svg>", "<svg><a/></svg>"),
        ("<!DOCTYPE svg [<!ENTITY x '<script/>'>]><svg>&x;</svg>", "<svg></svg>"),
        ("<svg><g/><script>x", "<svg><g/>"),
        ("<svg><g></svg>", "<svg><g>"),
    ] {
        let clean = drawing::clean(written.as_bytes());
        assert_eq!(clean.text, left, "{written}");
        assert!(!clean.found.is_empty(), "{written}");
    }
}

#[test]
fn notes_of_editors_go_without_a_word() {
    let written = "<svg inkscape:export-filename=\"C:\\me\\a.png\"><metadata>me</metadata><sodipodi:namedview/><g/></svg>";
    assert_eq!(drawing::clean(written.as_bytes()).text, "<svg><g/></svg>");
    assert_eq!(drawing::clean(written.as_bytes()).found, []);
}

#[test]
fn other_encodings_are_read() {
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("<svg><script/></svg>".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(drawing::clean(&wide).text, "<svg></svg>");
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><svg><title>\xe9</title></svg>";
    assert_eq!(drawing::clean(latin).text, "<svg><title>\u{e9}</title></svg>");
}
