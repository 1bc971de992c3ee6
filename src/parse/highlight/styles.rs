//! The stylesheet for highlighted code, from two syntect themes.
//!
//! In: the names of a theme for light pages and one for dark pages. Out: CSS that sets colours, and
//! weight and slant where a theme does, for `.code` and what is inside it; nothing else. Layout is
//! the site theme's business. The dark colours hold where the reader's system asks for them, and
//! `data-theme="light"` or `"dark"` on the root element overrules it; paper is always light.
//!
//! Themes are drawn for editors, and many a comment in them is too faint to read: each colour is
//! moved towards black or white until it has the contrast that WCAG 2.2 asks of text (1.4.3), on
//! the block's own ground and on those of marked lines.

use std::fmt;
use std::fmt::Write as _;

use syntect::highlighting::{Color, FontStyle, Highlighter, Style, Theme};
use syntect::parsing::ScopeStack;
use two_face::theme::{EmbeddedLazyThemeSet, EmbeddedThemeName};

use super::classes::Class;
use crate::diagnostic;

/// Least contrast of any text with any ground it can stand on: WCAG 2.2, 1.4.3, level AA.
const CONTRAST: f64 = 4.5;

/// A theme name that no theme has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTheme {
    /// The name asked for.
    pub name: String,
    /// The known name nearest to it, if one is near.
    pub near: Option<&'static str>,
}

impl fmt::Display for UnknownTheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown highlighting theme `{}`", self.name)
    }
}

impl std::error::Error for UnknownTheme {}

/// The names that [`styles`] takes, in the order of the alphabet.
#[must_use]
pub fn theme_names() -> Vec<&'static str> {
    let mut names: Vec<_> = themes().map(EmbeddedThemeName::as_name).collect();
    names.sort_unstable_by_key(|name| name.to_lowercase());
    names
}

/// Every theme that has colours of its own. The others name the colours of a terminal.
fn themes() -> impl Iterator<Item = EmbeddedThemeName> {
    use EmbeddedThemeName::{Ansi, Base16, Base16_256};
    EmbeddedLazyThemeSet::theme_names()
        .iter()
        .copied()
        .filter(|theme| !matches!(theme, Ansi | Base16 | Base16_256))
}

/// Whether there is a theme of this name.
///
/// # Errors
/// When the name is none of [`theme_names`].
pub fn check_theme(name: &str) -> Result<(), UnknownTheme> {
    find(name).map(drop)
}

fn find(name: &str) -> Result<EmbeddedThemeName, UnknownTheme> {
    themes()
        .find(|theme| theme.as_name() == name)
        .ok_or_else(|| UnknownTheme { name: name.to_owned(), near: diagnostic::near(name, theme_names()) })
}

/// The stylesheet for two themes.
///
/// # Errors
/// When a name is none of [`theme_names`]; the light one is looked at first.
pub fn styles(light: &str, dark: &str) -> Result<String, UnknownTheme> {
    let (light, dark) = (find(light)?, find(dark)?);
    let set = two_face::theme::extra();
    Ok(css(&Palette::of(set.get(light)), &Palette::of(set.get(dark))))
}

/// The colours of one theme, each readable on each ground.
struct Palette {
    /// Of the block, and of highlighted, added and removed lines.
    grounds: [Color; 4],
    text: Color,
    /// In the order of [`Class::ALL`].
    classes: Vec<(Color, FontStyle)>,
}

/// Names of the grounds' custom properties and what they colour.
const GROUNDS: [(&str, &str); 4] =
    [("bg", ".code"), ("hl", ".code .hl"), ("ins", ".code .ins"), ("del", ".code .del")];

/// What the ground of a marked line leans to: yellow, green, red.
const TINTS: [Color; 3] = [rgb(0xff, 0xc8, 0x00), rgb(0x20, 0xb0, 0x50), rgb(0xe0, 0x40, 0x40)];

impl Palette {
    fn of(theme: &Theme) -> Self {
        let highlighter = Highlighter::new(theme);
        let default = highlighter.get_default();
        let ground = default.background;
        let grounds =
            [ground, mixed(ground, TINTS[0], 16), mixed(ground, TINTS[1], 16), mixed(ground, TINTS[2], 16)];
        let classes = Class::ALL
            .iter()
            .map(|class| {
                // A sample that is no scope would show as plain text; a test looks at each.
                let stack: ScopeStack = class.sample().parse().unwrap_or_default();
                let Style { foreground, font_style, .. } = highlighter.style_for_stack(stack.as_slice());
                // Some themes mark a diff by its ground alone, which a class of text does not have.
                let color = match class {
                    Class::Inserted if foreground == default.foreground => TINTS[1],
                    Class::Deleted if foreground == default.foreground => TINTS[2],
                    _ => foreground,
                };
                (readable(color, &grounds), font_style)
            })
            .collect();
        Self { grounds, text: readable(default.foreground, &grounds), classes }
    }

    /// The custom properties of a palette, `--code-` before each name. A class that looks like plain
    /// text in both themes has none.
    fn properties(&self, other: &Self) -> String {
        let mut out = format!("--code-fg:{}", hex(self.text));
        for ((name, _), ground) in GROUNDS.iter().zip(self.grounds) {
            push(&mut out, format_args!(";--code-{name}:{}", hex(ground)));
        }
        for (index, class) in Class::ALL.iter().enumerate() {
            let (color, font) = self.classes[index];
            let either = font | other.classes[index].1;
            let name = class.letter();
            if self.colours(index) || other.colours(index) {
                push(&mut out, format_args!(";--code-{name}:{}", hex(color)));
            }
            if either.contains(FontStyle::BOLD) {
                let weight = if font.contains(FontStyle::BOLD) { "bold" } else { "normal" };
                push(&mut out, format_args!(";--code-{name}-weight:{weight}"));
            }
            if either.contains(FontStyle::ITALIC) {
                let style = if font.contains(FontStyle::ITALIC) { "italic" } else { "normal" };
                push(&mut out, format_args!(";--code-{name}-style:{style}"));
            }
        }
        out
    }

    fn colours(&self, index: usize) -> bool {
        self.classes[index].0 != self.text
    }
}

fn css(light: &Palette, dark: &Palette) -> String {
    let on_light = light.properties(dark);
    let on_dark = dark.properties(light);
    let mut out = format!(
        ":root{{{on_light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=\"light\"]){{{on_dark}}}}}\n\
         @media screen{{:root[data-theme=\"dark\"]{{{on_dark}}}}}\n"
    );
    for (name, selector) in GROUNDS {
        push(&mut out, format_args!("{selector}{{background:var(--code-{name});color:var(--code-fg)}}\n"));
    }
    out.push_str(".code [data-n]::before{color:var(--code-c,inherit)}\n");
    for (index, class) in Class::ALL.iter().enumerate() {
        let name = class.letter();
        let fonts = light.classes[index].1 | dark.classes[index].1;
        let mut rules = Vec::new();
        if light.colours(index) || dark.colours(index) {
            rules.push(format!("color:var(--code-{name})"));
        }
        if fonts.contains(FontStyle::BOLD) {
            rules.push(format!("font-weight:var(--code-{name}-weight)"));
        }
        if fonts.contains(FontStyle::ITALIC) {
            rules.push(format!("font-style:var(--code-{name}-style)"));
        }
        if !rules.is_empty() {
            push(&mut out, format_args!(".code .{name}{{{}}}\n", rules.join(";")));
        }
    }
    out
}

/// A colour moved, in steps of a fiftieth, to whichever of black and white stands out more from the
/// first ground, until it is readable on all.
fn readable(color: Color, grounds: &[Color]) -> Color {
    let (black, white) = (rgb(0, 0, 0), rgb(255, 255, 255));
    let least =
        |color: Color| grounds.iter().map(|ground| contrast(color, *ground)).fold(f64::INFINITY, f64::min);
    let goal = if least(black) > least(white) { black } else { white };
    (0..=50)
        .map(|step| mixed(color, goal, step * 2))
        .find(|nudged| least(*nudged) >= CONTRAST)
        .unwrap_or(goal)
}

/// A colour with some per cent of another.
fn mixed(color: Color, other: Color, percent: u16) -> Color {
    let mix = |one: u8, two: u8| {
        let sum = u16::from(one) * (100 - percent) + u16::from(two) * percent;
        u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
    };
    rgb(mix(color.r, other.r), mix(color.g, other.g), mix(color.b, other.b))
}

/// The contrast ratio of two colours: WCAG 2.2, "contrast ratio".
fn contrast(one: Color, two: Color) -> f64 {
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

/// How bright a colour is, 0 to 1: WCAG 2.2, "relative luminance".
fn luminance(color: Color) -> f64 {
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

const fn rgb(r: u8, g: u8, b: u8) -> Color {
    Color { r, g, b, a: 0xff }
}

fn hex(color: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r, color.g, color.b)
}

/// Writing to a string cannot fail.
fn push(out: &mut String, text: fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The custom properties of the rule after `selector`.
    fn properties<'a>(css: &'a str, selector: &str) -> BTreeMap<&'a str, &'a str> {
        let (_, rest) = css.split_once(&format!("{selector}{{")).unwrap();
        rest.split_once('}').unwrap().0.split(';').map(|property| property.split_once(':').unwrap()).collect()
    }

    fn color(hex: &str) -> Color {
        let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        rgb(channel(1), channel(3), channel(5))
    }

    #[test]
    fn every_theme_is_readable_on_every_ground_in_either_place() {
        for theme in theme_names() {
            let css = styles(theme, theme).unwrap();
            for selector in [":root", ":root:not([data-theme=\"light\"])", ":root[data-theme=\"dark\"]"] {
                let properties = properties(&css, selector);
                let (grounds, colors): (Vec<_>, Vec<_>) =
                    properties.iter().filter(|(_, value)| value.starts_with('#')).partition(|(name, _)| {
                        GROUNDS.iter().any(|(ground, _)| **name == format!("--code-{ground}"))
                    });
                assert_eq!(grounds.len(), 4);
                assert!(colors.len() >= 4, "{theme}: {colors:?}");
                for (ground, ground_value) in &grounds {
                    for (name, value) in &colors {
                        let ratio = contrast(color(ground_value), color(value));
                        assert!(ratio >= 4.5, "{theme}: {name} on {ground}: {ratio}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_defaults_tell_apart_what_matters_and_lie_on_the_right_side() {
        let highlight = crate::config::Config::with_defaults(
            "x",
            crate::config::BaseUrl { origin: String::new(), path: "/".to_owned() },
        )
        .highlight;
        let css = styles(&highlight.light, &highlight.dark).unwrap();
        let light = properties(&css, ":root");
        let dark = properties(&css, ":root[data-theme=\"dark\"]");
        assert!(luminance(color(light["--code-bg"])) > 0.8);
        assert!(luminance(color(dark["--code-bg"])) < 0.1);
        assert_eq!(dark, properties(&css, ":root:not([data-theme=\"light\"])"));
        for theme in [light, dark] {
            let mut colors: Vec<_> = ["fg", "c", "k", "s", "n", "f"]
                .iter()
                .map(|name| theme[format!("--code-{name}").as_str()])
                .collect();
            colors.sort_unstable();
            colors.dedup();
            assert!(colors.len() >= 5, "{colors:?}");
            assert!(theme["--code-i"] != theme["--code-d"] && theme["--code-d"] != theme["--code-fg"]);
        }
    }

    #[test]
    fn samples_are_scopes() {
        for class in Class::ALL {
            assert!(class.sample().parse::<ScopeStack>().is_ok_and(|stack| !stack.is_empty()), "{class:?}");
        }
    }

    #[test]
    fn every_rule_uses_a_property_that_is_set() {
        let css = styles("InspiredGitHub", "Dracula").unwrap();
        let (light, dark) = (properties(&css, ":root"), properties(&css, ":root[data-theme=\"dark\"]"));
        assert!(light.keys().eq(dark.keys()));
        for used in css.split("var(").skip(1) {
            let name = used.split([')', ',']).next().unwrap();
            assert!(light.contains_key(name), "{name}");
        }
    }

    #[test]
    fn an_unknown_theme_is_named_with_its_neighbour() {
        let error = styles("InspiredGithub", "Dracula").unwrap_err();
        assert_eq!(error.to_string(), "unknown highlighting theme `InspiredGithub`");
        assert_eq!(error.near, Some("InspiredGitHub"));
        assert_eq!(styles("InspiredGitHub", "draculaa").unwrap_err().near, Some("Dracula"));
        assert_eq!(styles("ansi", "Dracula").unwrap_err().name, "ansi");
    }

    #[test]
    fn contrast_is_as_the_standard_has_it() {
        assert!((contrast(rgb(0, 0, 0), rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((contrast(rgb(0x77, 0x77, 0x77), rgb(255, 255, 255)) - 4.478).abs() < 1e-3);
        assert_eq!(readable(rgb(0, 0, 0), &[rgb(255, 255, 255)]), rgb(0, 0, 0));
    }
}
