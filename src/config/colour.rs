//! A colour of a site's choice, in shades that can be read on light and on dark pages.
//!
//! In: colours as CSS writes them, and the grounds that text stands on. Out: a [`Palette`], or the
//! nearest shade that would do. Knows no theme.

use std::fmt;

use lightningcss::traits::Parse as _;
use lightningcss::values::color::{CssColor, RGBA, SRGB};
use serde::{Serialize, Serializer};

/// The least contrast between text and its ground (WCAG 2.2, 1.4.3).
pub const CONTRAST: f64 = 4.5;
/// What a shade for dark pages that nobody chose is lightened to.
const COMFORT: f64 = 7.0;
/// Most bytes of a colour; it takes a tenth of them to say one.
const LONGEST: usize = 200;
/// How much of the colour is in the ground that is tinted with it, in per cent.
const TINT: [u8; 2] = [12, 16];

/// An opaque colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0; 3]);

/// What text stands on, on light and on dark pages; of each the first is the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// On light pages.
    pub light: Vec<Colour>,
    /// On dark pages.
    pub dark: Vec<Colour>,
}

impl Default for Grounds {
    fn default() -> Self {
        Self { light: vec![WHITE], dark: vec![Colour([20; 3])] }
    }
}

/// One colour in all shades that a theme needs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// For text on light pages.
    pub light: Colour,
    /// For text on dark pages.
    pub dark: Colour,
    /// Farther from the ground of light pages.
    pub strong_light: Colour,
    /// Farther from the ground of dark pages.
    pub strong_dark: Colour,
    /// A tinted ground on light pages.
    pub soft_light: Colour,
    /// A tinted ground on dark pages.
    pub soft_dark: Colour,
    /// For text on the colour itself, on light pages.
    pub on_light: Colour,
    /// For text on the colour itself, on dark pages.
    pub on_dark: Colour,
}

/// A shade that cannot be read on a ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faint {
    /// Where it is hardest to read.
    pub ground: Colour,
    /// How hard.
    pub contrast: f64,
    /// The nearest shade that can be read.
    pub instead: Colour,
}

impl Colour {
    /// Reads an opaque colour in any notation of CSS.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // Colours may be made of colours, and the parser calls itself for each.
        let text = Some(text.trim()).filter(|text| text.len() <= LONGEST)?;
        let color = CssColor::parse_string(text).ok()?;
        if matches!(color, CssColor::CurrentColor | CssColor::LightDark(..) | CssColor::System(_)) {
            return None;
        }
        let RGBA { red, green, blue, alpha } = SRGB::try_from(&color).ok()?.into();
        (alpha == 255).then_some(Self([red, green, blue]))
    }

    /// This colour with so many parts in a hundred of another in it.
    fn mixed(self, other: Self, percent: u8) -> Self {
        let mix = |at: usize| {
            let (own, its) = (u32::from(self.0[at]), u32::from(other.0[at]));
            let sum = own * (100 - u32::from(percent)) + its * u32::from(percent);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self([mix(0), mix(1), mix(2)])
    }

    /// Its relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast between two colours, from 1 to 21 (WCAG 2.2).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// The ground on which it is hardest to read.
    fn hardest(self, grounds: &[Self]) -> Option<(Self, f64)> {
        let contrasts = grounds.iter().map(|ground| (*ground, self.contrast(*ground)));
        contrasts.min_by(|one, two| one.1.total_cmp(&two.1))
    }

    /// The nearest shade on the way to another colour that has a contrast with all grounds.
    fn towards(self, end: Self, grounds: &[Self], least: f64) -> Self {
        let fits = |shade: &Self| shade.hardest(grounds).is_none_or(|(_, contrast)| contrast >= least);
        (0..=100).map(|percent| self.mixed(end, percent)).find(fits).unwrap_or(end)
    }

    /// Why it cannot be read on these grounds, if it cannot; shades grow towards `end`.
    fn faint(self, end: Self, grounds: &[Self]) -> Option<Faint> {
        let (ground, contrast) = self.hardest(grounds)?;
        let instead = self.towards(end, grounds, CONTRAST);
        (contrast < CONTRAST).then_some(Faint { ground, contrast, instead })
    }
}

impl Grounds {
    /// Why a colour cannot be read on light pages, if it cannot.
    #[must_use]
    pub fn faint_on_light(&self, colour: Colour) -> Option<Faint> {
        colour.faint(BLACK, &self.light)
    }

    /// Why a colour cannot be read on dark pages, if it cannot.
    #[must_use]
    pub fn faint_on_dark(&self, colour: Colour) -> Option<Faint> {
        colour.faint(WHITE, &self.dark)
    }

    /// The shade of a colour that is pleasant to read on dark pages.
    #[must_use]
    pub fn lightened(&self, colour: Colour) -> Colour {
        colour.towards(WHITE, &self.dark, COMFORT)
    }

    /// All shades of a pair that can be read.
    #[must_use]
    pub fn palette(&self, light: Colour, dark: Colour) -> Palette {
        let paper = |grounds: &[Colour], otherwise| grounds.first().copied().unwrap_or(otherwise);
        let (day, night) = (paper(&self.light, WHITE), paper(&self.dark, BLACK));
        // Less of it where text in the colour itself could not be read on the tint.
        let soft = |colour: Colour, ground: Colour, most: u8| {
            let tints = (0..=most).rev().map(|percent| ground.mixed(colour, percent));
            tints.into_iter().find(|tint| colour.contrast(*tint) >= CONTRAST).unwrap_or(ground)
        };
        Palette {
            light,
            dark,
            strong_light: light.mixed(BLACK, 35),
            strong_dark: dark.mixed(WHITE, 45),
            soft_light: soft(light, day, TINT[0]),
            soft_dark: soft(dark, night, TINT[1]),
            on_light: WHITE,
            on_dark: night,
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds() -> Grounds {
        let read = |names: [&str; 3]| names.map(|name| Colour::read(name).unwrap()).to_vec();
        Grounds { light: read(["#fdfcf8", "#f4f1e8", "#fff"]), dark: read(["#141716", "#1d2220", "#222826"]) }
    }

    #[test]
    fn colours_are_read_in_any_notation() {
        for (text, hex) in [
            ("#14584a", "#14584a"),
            ("#0A5", "#00aa55"),
            ("rebeccapurple", "#663399"),
            ("rgb(20 88 74)", "#14584a"),
            ("hsl(120 100% 25%)", "#008000"),
            ("oklch(0.4 0.1 250)", "#124a7b"),
        ] {
            assert_eq!(Colour::read(text).map(|colour| colour.to_string()).as_deref(), Some(hex), "{text}");
        }
        for text in ["", "greenish", "#12", "#14584a80", "currentcolor", "Canvas", "light-dark(#000, #fff)"] {
            assert_eq!(Colour::read(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        // The grey that is known for just reaching 4.5 on white, and its neighbour that does not.
        assert!(Colour([0x76; 3]).contrast(WHITE) >= CONTRAST);
        assert!(Colour([0x77; 3]).contrast(WHITE) < CONTRAST);
    }

    #[test]
    fn a_faint_colour_is_told_with_the_nearest_shade_that_is_not() {
        let grounds = grounds();
        let faint = grounds.faint_on_light(Colour::read("#fc0").unwrap()).unwrap();
        assert!(faint.contrast < 1.6, "{faint:?}");
        assert_eq!(grounds.faint_on_light(faint.instead), None);
        let less = faint.instead.mixed(WHITE, 3);
        assert!(grounds.faint_on_light(less).is_some(), "it is the nearest");
        assert!(grounds.faint_on_dark(Colour::read("#14584a").unwrap()).is_some());
    }

    /// Each hue in steps, in three depths: whatever is accepted can be read wherever it is used.
    #[test]
    fn every_palette_can_be_read() {
        let grounds = grounds();
        let (ink, pale) = (Colour::read("#1c211f").unwrap(), Colour::read("#e9e7e0").unwrap());
        let mut accepted = 0;
        for hue in (0..360).step_by(6) {
            for depth in [15, 28, 40, 60] {
                let chosen = Colour::read(&format!("hsl({hue} 90% {depth}%)")).unwrap();
                let light = grounds.faint_on_light(chosen).map_or(chosen, |faint| faint.instead);
                accepted += usize::from(light == chosen);
                let Palette {
                    dark, strong_light, strong_dark, soft_light, soft_dark, on_light, on_dark, ..
                } = grounds.palette(light, grounds.lightened(light));
                let lit = grounds.light.iter().copied().chain([soft_light]);
                let unlit = grounds.dark.iter().copied().chain([soft_dark]);
                let text = lit.flat_map(|ground| [(light, ground), (strong_light, ground), (ink, ground)]);
                let more = unlit.flat_map(|ground| [(dark, ground), (strong_dark, ground), (pale, ground)]);
                let on =
                    [(on_light, light), (on_light, strong_light), (on_dark, dark), (on_dark, strong_dark)];
                for (text, ground) in text.chain(more).chain(on) {
                    assert!(text.contrast(ground) >= CONTRAST, "hsl({hue} 90% {depth}%): {text} on {ground}");
                }
            }
        }
        assert!(accepted > 60, "{accepted} of 240 as they were chosen");
    }
}
