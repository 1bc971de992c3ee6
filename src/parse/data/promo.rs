//! `promos`: what a site asks its readers to do next.
//!
//! In: one record of the file. Out: a [`Promo`]. Where on a page it stands is decided by `assemble`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::course::Relation;
use super::field;
use super::words::words;
use crate::value::shape::Form;
use crate::value::{Field, Group, Reader, Spanned};

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promo {
    /// Its id.
    pub id: Spanned<String>,
    /// Its headline.
    pub title: String,
    /// What stands above the points.
    pub points_label: Option<String>,
    /// What it offers.
    pub points: Vec<String>,
    /// An image's id, or a file.
    pub image: Option<Spanned<String>>,
    /// Its link.
    pub cta: Option<Action>,
    /// Where it may stand by itself; nowhere when empty.
    pub slots: Vec<Slot>,
    /// Of several that may stand in a slot, the heaviest does.
    pub weight: i64,
    /// What the site has to do with what it promotes.
    pub relation: Relation,
    /// Its first day.
    pub starts: Option<Date>,
    /// Its last day.
    pub ends: Option<Date>,
    /// The promo that stands in its place outside those days: an id.
    pub fallback: Option<Spanned<String>>,
}

impl Promo {
    /// Whether it is shown on a day; the last day counts.
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        self.starts.is_none_or(|starts| starts <= today) && self.ends.is_none_or(|ends| today <= ends)
    }
}

/// A call to action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Text of the link.
    pub label: String,
    /// Where it leads: `@quiz/is-tech-for-you` is a page, `/guides/` a site path, else a web address.
    pub href: Spanned<String>,
}

words! {
    /// A place on a page that the site's rules find.
    Slot {
        /// In the introduction.
        Start = "start",
        /// Between two sections, near the middle.
        Middle = "middle",
        /// Before the author box.
        End = "end",
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>, id: Spanned<String>, group: &mut Group<'_>) -> Promo {
    let relation = group.optional(reader, "relation", |reader, field| reader.choice(field, Relation::WORDS));
    let weight = group.optional(reader, "weight", |reader, field| reader.integer(field, -1000..=1000));
    let promo = Promo {
        title: group.required(reader, "title", Reader::filled).unwrap_or_else(|| id.value.clone()),
        points_label: group.optional(reader, "points_label", Reader::filled),
        points: group.list(reader, "points", Reader::texts),
        image: group.optional(reader, "image", Reader::name),
        cta: group.required(reader, "cta", action),
        slots: group.list(reader, "slots", slots),
        weight: weight.unwrap_or(0),
        relation: relation.unwrap_or(Relation::None),
        starts: group.optional(reader, "starts", field::date),
        ends: group.optional(reader, "ends", field::date),
        fallback: group.optional(reader, "fallback", Reader::name),
        id,
    };
    field::check_window(reader, group, promo.starts, promo.ends);
    promo
}

fn action(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Action> {
    let help = "write `{ label = \"Take the quiz\", href = \"@quiz/is-tech-for-you\" }`";
    let mut group = Group::of(reader, "`cta`", field, help)?;
    let label = group.required(reader, "label", Reader::filled);
    let href = group.required(reader, "href", href);
    group.finish(reader);
    Some(Action { label: label?, href: href? })
}

/// A page, a site path or a web address.
fn href(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Spanned<String>> {
    if reader.traces(|| Form::Pattern(r"^\s*(https?://|@|/(?!/))\S*\s*$")) {
        return None;
    }
    let href = reader.name(field)?;
    let local = href.value.starts_with(['@', '/']) && !href.value.starts_with("//");
    if field::is_url(&href.value) || (local && !href.value.contains(char::is_whitespace)) {
        return Some(href);
    }
    let message = format!("`{}` leads nowhere", href.value);
    reader.refuse(href.span, message, "write a page as `@guides/nurse`, or a web address with `https://`");
    None
}

fn slots(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Vec<Slot> {
    let mut slots = reader.list(field, |reader, field| reader.choice(field, Slot::WORDS));
    slots.sort();
    slots.dedup();
    slots
}
