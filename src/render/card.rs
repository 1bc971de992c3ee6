//! The card of a page: a drawing by the theme's template, turned into a picture.
//!
//! In: what a card says. Out: its view, with the title in lines that fit; PNG. The template sees the
//! card and nothing else of the site, so that no other edit draws it again.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Context, Rendered};
use crate::assemble::PageId;
use crate::assemble::card::Card;
use crate::config::Palette;
use crate::diagnostic::{Code, Diagnostic};
use crate::picture::{draw, letters};

/// The template.
pub const TEMPLATE: &str = "card.svg";
/// In pixels: what networks show whole (<https://ogp.me/> names no size; 1.91 to 1 is what they cut to).
pub const SIZE: (u32, u32) = (1200, 630);
/// The title's place.
const WIDTH: f32 = 1040.0;
/// Sizes of the title, each with the lines that fit.
const SIZES: &[(u32, usize)] = &[(84, 2), (72, 3), (60, 4), (50, 5), (42, 6)];

/// `card` in the template.
#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    title: String,
    section: String,
    site: String,
    host: String,
    kind: crate::assemble::Kind,
    colours: BTreeMap<String, Palette>,
    width: u32,
    height: u32,
}

/// The view of a page's card.
pub(super) fn view(context: &Context<'_>, page: PageId) -> Option<CardView> {
    let Card { url: _, title, section, site, host, kind, colours } = context.site.cards.get(&page)?.clone();
    Some(CardView { title, section, site, host, kind, colours, width: SIZE.0, height: SIZE.1 })
}

pub(super) fn render(context: &Context<'_>, path: &str, view: &CardView) -> Rendered {
    let mut values = tera::Context::new();
    values.insert_value("card", tera::Value::from_serializable(view));
    let title = letters::fit(&view.title, WIDTH, SIZES);
    values.insert_value("title", tera::Value::from_serializable(&title));
    let nothing = |diagnostic| Rendered::of(Vec::new(), vec![diagnostic]);
    if !context.theme.has(TEMPLATE) {
        return nothing(super::missing(context, TEMPLATE, None));
    }
    let svg = match context.theme.render(context.theme.tera(), TEMPLATE, &values) {
        Ok(svg) => svg,
        Err(found) => return nothing(found.related(path, None, "while this card was drawn")),
    };
    // One that is broken has been reported.
    if svg.is_empty() {
        return Rendered::of(Vec::new(), Vec::new());
    }
    match draw::png(&String::from_utf8_lossy(&svg)) {
        Ok(bytes) => Rendered::of(bytes, Vec::new()),
        Err(why) => {
            let message = format!("`{TEMPLATE}` makes a drawing that {why}");
            let file = context.theme.path(TEMPLATE);
            nothing(
                Diagnostic::new(Code::Template, file, None, message)
                    .help("look at what it writes for this title")
                    .related(path, None, "while this card was drawn"),
            )
        }
    }
}
