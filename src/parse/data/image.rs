//! `images`: pictures with their descriptions, said once.
//!
//! In: one record of the file. Out: an [`Image`]. Whether the file is there is seen by `assemble`.

use serde::{Deserialize, Serialize};

use crate::value::shape::Form;
use crate::value::{Field, Group, Kind, Reader, Spanned};

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its id.
    pub id: Spanned<String>,
    /// Below `static/`, with `/` between its parts.
    pub file: Option<Spanned<String>>,
    /// What it shows; empty for decoration.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
    /// What must stay visible when it is cut.
    pub focus: Option<Focus>,
}

/// A point of a picture, in percent from its left and top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Focus {
    /// From the left.
    pub x: u8,
    /// From the top.
    pub y: u8,
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Image {
    Image {
        file: group.required(reader, "file", file),
        alt: group.required(reader, "alt", alt).unwrap_or_default(),
        credit: group.optional(reader, "credit", Reader::filled),
        caption: group.optional(reader, "caption", Reader::filled),
        focus: group.optional(reader, "focus", focus),
        id,
    }
}

/// A relative path that stays where it is.
fn file(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Spanned<String>> {
    let file = reader.name(field)?;
    let stays =
        file.value.split('/').all(|part| !matches!(part, "" | "." | "..")) && !file.value.contains('\\');
    if !stays {
        let message = format!("`{}` is not a file below `static/`", file.value);
        reader.refuse(file.span, message, "write its path from there: `img/team.jpg`");
        return None;
    }
    Some(file)
}

/// A description may be empty, but not by accident.
fn alt(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    if reader.traces(|| Form::Text) {
        return None;
    }
    match &field.value.kind {
        Kind::Text(text) if text.is_empty() => Some(String::new()),
        _ => reader.filled(field),
    }
}

fn focus(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Focus> {
    let text = reader.filled(field)?;
    let percent = |part: &str| part.strip_suffix('%')?.parse().ok().filter(|number| *number <= 100);
    let point = text.split_once(' ').and_then(|(x, y)| Some(Focus { x: percent(x)?, y: percent(y.trim())? }));
    if point.is_none() {
        let message = format!("`{text}` is not a point of a picture");
        reader.refuse(field.value.span, message, "write it in percent from the left and the top: `50% 30%`");
    }
    point
}
