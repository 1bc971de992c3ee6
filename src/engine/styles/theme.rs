//! What a site chose of its theme's colours and fonts, as names that its stylesheet uses.
//!
//! In: the settings. Out: custom properties: `--theme-accent` for the option `accent`, with shades of it,
//! and `--theme-text-font` for `text_font`, with the `@font-face` of each file. Nothing else becomes CSS.

use std::fmt::Write as _;

use crate::assemble::url;
use crate::config::theme::{Face, Setting, font_format};
use crate::config::{Config, Palette};

/// The stylesheet; empty when the theme has neither.
pub(super) fn sheet(config: &Config) -> String {
    let (mut names, mut fonts) = (String::new(), String::new());
    for (name, setting) in &config.options {
        let name = name.replace('_', "-");
        // Writing to a string cannot fail.
        match setting {
            Setting::Colour(palette) => colour(&mut names, &name, palette),
            Setting::Font(faces) => {
                let _ = write!(names, "--theme-{name}:\"theme {name}\";");
                for one in faces {
                    face(&mut fonts, &name, one);
                }
            }
            _ => {}
        }
    }
    if names.is_empty() { names } else { format!("{fonts}:root{{{names}}}") }
}

fn colour(css: &mut String, name: &str, palette: &Palette) {
    let Palette { light, dark, strong_light, strong_dark, soft_light, soft_dark, on_light, on_dark } =
        palette;
    for (shade, light, dark) in [
        ("", light, dark),
        ("-strong", strong_light, strong_dark),
        ("-soft", soft_light, soft_dark),
        ("-on", on_light, on_dark),
    ] {
        let _ = write!(css, "--theme-{name}{shade}:light-dark({light},{dark});");
    }
}

/// `optional`: text never changes its face while somebody reads it, so that nothing moves.
fn face(css: &mut String, name: &str, face: &Face) {
    let Face { file, weight, style } = face;
    let Some((format, _)) = font_format(&file.name) else { return };
    // Styles lie one folder below the root; so a site may lie anywhere.
    let address = url::encode(&file.name).replace(['\'', '"', '\\', '\n'], "");
    let _ = write!(
        css,
        "@font-face{{font-family:\"theme {name}\";src:url(\"../{address}\") format(\"{format}\");\
         font-weight:{weight};font-style:{style};font-display:optional}}"
    );
}
