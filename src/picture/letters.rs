//! Letters on pictures: the one font, what it can write, and how long a line is.
//!
//! In: texts. Out: their widths, and lines that fit. The font lies in the program, so that no picture
//! depends on the machine that it is drawn on.

use std::fmt::Write as _;
use std::sync::Arc;

use resvg::usvg::{self, fontdb};

/// What drawings call the font.
pub const FAMILY: &str = "Noto Sans";
/// Noto Sans Bold for Latin, Greek and Cyrillic script; its licence lies beside it.
const FONT: &[u8] = include_bytes!("font/noto-sans-bold.ttf");
/// The size at which words are measured.
const MEASURED: f32 = 100.0;

/// The fonts that drawings may use: one.
pub(super) fn fonts() -> Arc<fontdb::Database> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_serif_family(FAMILY);
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    Arc::new(fonts)
}

/// Whether the font can write a text.
#[must_use]
pub fn covers(text: &str) -> bool {
    text.chars().all(|sign| {
        sign.is_whitespace()
            || COVERED.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(sign)))
    })
}

/// A text in lines.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Lines {
    /// From top to bottom.
    pub lines: Vec<String>,
    /// Font size in pixels.
    pub size: u32,
}

/// Breaks a text into lines of a width, in the largest of the sizes in which it takes no more lines
/// than stand beside that size; in the last size what is too much is cut off.
#[must_use]
pub fn fit(text: &str, width: f32, sizes: &[(u32, usize)]) -> Lines {
    let words: Vec<&str> = text.split_whitespace().collect();
    let widths = measure(&words);
    let space = MEASURED * 0.27;
    let mut last = Lines { lines: Vec::new(), size: 0 };
    for (size, most) in sizes {
        let room = width * MEASURED / to_float(*size);
        let breaks = break_at(&widths, space, room);
        let fits = breaks.len() <= *most && widths.iter().all(|width| *width <= room);
        let lines = |breaks: &[usize]| -> Vec<String> {
            let starts = std::iter::once(0).chain(breaks.iter().copied());
            starts.zip(breaks.iter().copied()).map(|(from, to)| words[from..to].join(" ")).collect()
        };
        if fits {
            return Lines { lines: lines(&balanced(&widths, space, room, breaks.len())), size: *size };
        }
        let mut cut = lines(&breaks);
        cut.truncate(*most);
        if let Some(end) = cut.last_mut().filter(|_| breaks.len() > *most) {
            end.push_str(" \u{2026}");
        }
        last = Lines { lines: cut.into_iter().map(|line| shorten(line, room)).collect(), size: *size };
    }
    last
}

/// Where each line ends, as a count of words.
fn break_at(widths: &[f32], space: f32, room: f32) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut used = 0.0;
    for (at, width) in widths.iter().enumerate() {
        if at > 0 && used + space + width > room {
            breaks.push(at);
            used = *width;
        } else {
            used += if at == 0 { *width } else { space + width };
        }
    }
    if !widths.is_empty() {
        breaks.push(widths.len());
    }
    breaks
}

/// The same number of lines, each about as long as the others.
fn balanced(widths: &[f32], space: f32, room: f32, lines: usize) -> Vec<usize> {
    let widest = widths.iter().copied().fold(0.0, f32::max);
    let (mut low, mut high) = (widest, room);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if break_at(widths, space, middle).len() <= lines {
            high = middle;
        } else {
            low = middle;
        }
    }
    break_at(widths, space, high)
}

/// A line without what reaches over its end, which only a very long word does.
fn shorten(line: String, room: f32) -> String {
    let width = measure(&[&line]).first().copied().unwrap_or_default();
    if width <= room {
        return line;
    }
    let count = line.chars().count();
    let part = room / width * 0.95;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a small count")]
    let kept = (to_float(u32::try_from(count).unwrap_or(u32::MAX)) * part) as usize;
    let short: String = line.chars().take(kept.max(1)).collect();
    format!("{}\u{2026}", short.trim_end_matches([' ', '\u{2026}']))
}

#[expect(clippy::cast_precision_loss, reason = "sizes and lengths are small")]
fn to_float(number: u32) -> f32 {
    number as f32
}

/// How wide texts are in the size [`MEASURED`]; zero for one that cannot be written.
fn measure(texts: &[&str]) -> Vec<f32> {
    let mut svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\">".to_owned();
    for (index, text) in texts.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(svg, "<text id=\"t{index}\" font-size=\"{MEASURED}\">{}</text>", Escaped(text));
    }
    svg.push_str("</svg>");
    let options =
        usvg::Options { font_family: FAMILY.to_owned(), fontdb: fonts(), ..usvg::Options::default() };
    let Ok(tree) = usvg::Tree::from_str(&svg, &options) else { return vec![0.0; texts.len()] };
    let width =
        |index: usize| tree.node_by_id(&format!("t{index}")).map_or(0.0, |node| node.bounding_box().width());
    (0..texts.len()).map(width).collect()
}

/// Shown as text in XML.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&quick_xml::escape::escape(self.0))
    }
}

/// What the font has, from the first to the last of each range of characters.
const COVERED: &[(u32, u32)] = &[
    (0x0021, 0x007e),
    (0x00a0, 0x024f),
    (0x0259, 0x0259),
    (0x02bb, 0x02bc),
    (0x02c6, 0x02dd),
    (0x0300, 0x0304),
    (0x0306, 0x030c),
    (0x0323, 0x0323),
    (0x0326, 0x0328),
    (0x0370, 0x0377),
    (0x037a, 0x037f),
    (0x0384, 0x038a),
    (0x038c, 0x038c),
    (0x038e, 0x03a1),
    (0x03a3, 0x03e1),
    (0x03f0, 0x045f),
    (0x0490, 0x0491),
    (0x1e00, 0x1eff),
    (0x2010, 0x2015),
    (0x2018, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203a),
    (0x2044, 0x2044),
    (0x20a0, 0x20bf),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0xfffd, 0xfffd),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: &[(u32, usize)] = &[(80, 2), (50, 3)];

    #[test]
    fn the_font_has_what_the_table_says() {
        for (first, last) in COVERED {
            for sign in (*first..=*last).filter_map(char::from_u32).filter(|sign| !sign.is_whitespace()) {
                assert!(covers(&sign.to_string()));
            }
        }
        assert!(covers("Führungskräfte, Žižek, Ελλάδα, Москва – “x” … 10 €"));
        assert!(!covers("漢字") && !covers("العربية") && !covers("👩"));
        assert!(measure(&["W", "i"]).is_sorted_by(|wide, narrow| wide > narrow));
        assert!(measure(&["iii"])[0] > 2.0 * measure(&["i"])[0]);
    }

    #[test]
    fn long_titles_are_broken_and_shrunk() {
        let short = fit("Nurse", 1000.0, SIZES);
        assert_eq!((short.lines, short.size), (vec!["Nurse".to_owned()], 80));
        let title = "How to become an information security analyst without a degree in it";
        let long = fit(title, 1000.0, SIZES);
        assert_eq!((long.lines.join(" "), long.size), (title.to_owned(), 50));
        assert!(
            measure(&long.lines.iter().map(String::as_str).collect::<Vec<_>>())
                .iter()
                .all(|width| *width <= 2000.0)
        );
        let shortest = long.lines.iter().map(String::len).min().unwrap();
        assert!(shortest * 2 > long.lines.iter().map(String::len).max().unwrap(), "{:?}", long.lines);
    }

    #[test]
    fn what_never_fits_is_cut_off() {
        let endless = fit(&"career ".repeat(100), 600.0, SIZES);
        assert_eq!((endless.lines.len(), endless.size), (3, 50));
        assert!(endless.lines[2].ends_with('\u{2026}'));
        let word = fit(&"a".repeat(500), 600.0, SIZES);
        assert!(word.lines[0].ends_with('\u{2026}'), "{word:?}");
        assert!(measure(&[&word.lines[0]])[0] <= 600.0 * 2.0);
        assert_eq!(fit("", 600.0, SIZES).lines, Vec::<String>::new());
    }
}
