//! A document's face: all that others can see of it.
//!
//! In: a [`Document`]. Out: a fingerprint of everything that linking goes by. Two versions of a page
//! with one face differ in their words alone: no list, link, address or record is another because of
//! it. Places in the text count by their order only, since a new sentence moves all that follow.

use serde::Serialize;

use super::directive::{Abbreviation, Argument, Call, Filter, Form, Mention, MentionKind, Value};
use super::{Document, Heading, HoleKind, Reference, ReferenceKind};
use crate::diagnostic::Span;
use crate::fingerprint::Fingerprint;
use crate::value::Spanned;

/// What stands in a heading, a call, a value: each type of a document without its spans. Every field is
/// named where they are made, so that a new one cannot be forgotten.
#[derive(Serialize)]
struct Face<'a> {
    headings: Vec<HeadingFace<'a>>,
    references: Vec<(ReferenceKind, &'a str)>,
    calls: Vec<CallFace<'a>>,
    values: Vec<ValueFace<'a>>,
    mentions: Vec<(MentionKind, &'a str)>,
    abbreviations: Vec<&'a str>,
    /// In which order these stand in the text.
    order: Vec<(u8, u32)>,
    holes: Vec<HoleKind>,
}

type HeadingFace<'a> = (u8, [&'a str; 3], &'a [String], Option<&'a str>, [bool; 2]);
type CallFace<'a> =
    (&'a str, Vec<(Option<&'a str>, &'a str)>, Option<&'a str>, Option<&'a str>, &'a [String], Form);
type ValueFace<'a> = (&'a str, Vec<(&'a str, Option<&'a str>)>);

impl Document {
    /// The fingerprint of all that other pages can see of it: its face, and its words where it says itself
    /// how many they are.
    #[must_use]
    pub fn outline(&self) -> Fingerprint {
        let words = self.counts_words().then_some(self.words);
        Fingerprint::of(&(self.face(), words))
    }

    /// Whether something that others may see says how many words it has, or claims it.
    #[must_use]
    pub fn counts_words(&self) -> bool {
        const WORDS: &str = "page.words";
        let front = &self.front;
        let texts = [Some(&self.title), Some(&self.summary), front.description.as_ref(), front.dek.as_ref()];
        texts.into_iter().flatten().any(|text| text.contains(WORDS))
            || self.values.iter().any(|value| value.path.value == WORDS)
            || front.claims.iter().any(|claim| claim.value.contains(WORDS))
    }

    /// The fingerprint of all that others can see of it. Not among that is how many words it has, for
    /// which whoever goes by it must ask.
    #[must_use]
    pub fn face(&self) -> Fingerprint {
        let Self {
            path,
            front,
            title,
            headings,
            references,
            calls,
            values,
            mentions,
            abbreviations,
            ids,
            words: _,
            summary,
            has_code,
            own_html,
            body,
            // They are not of linking.
            diagnostics: _,
            memorable: _,
        } = self;
        let face = Face {
            headings: headings.iter().map(heading).collect(),
            references: references
                .iter()
                .map(|Reference { kind, target, span: _ }| (*kind, target.as_str()))
                .collect(),
            calls: calls.iter().map(call).collect(),
            values: values.iter().map(value).collect(),
            mentions: mentions.iter().map(|Mention { kind, id }| (*kind, id.value.as_str())).collect(),
            abbreviations: abbreviations
                .iter()
                .map(|Abbreviation { text, span: _, uses: _ }| text.as_str())
                .collect(),
            order: order(self),
            // A promo's place is its own page's matter.
            holes: body
                .holes
                .iter()
                .map(|hole| hole.kind)
                .filter(|kind| !matches!(kind, HoleKind::Block { .. }))
                .collect(),
        };
        // Front matter stands above the text, whose edits do not move it: its spans count.
        Fingerprint::of(&(path, front, title, ids, summary, has_code, own_html, face))
    }
}

fn text(spanned: &Spanned<String>) -> &str {
    &spanned.value
}

fn heading(heading: &Heading) -> HeadingFace<'_> {
    let Heading { level, id, old, html: _, text, toc_label, no_top, top_level, span: _ } = heading;
    (*level, [id, heading.html(), text], old, toc_label.as_deref(), [*no_top, *top_level])
}

fn call(call: &Call) -> CallFace<'_> {
    let Call { name, arguments, label, id, classes, form, span: _ } = call;
    let arguments = arguments.iter().map(|Argument { key, value }| (key.as_ref().map(text), text(value)));
    (text(name), arguments.collect(), label.as_ref().map(text), id.as_ref().map(text), classes, *form)
}

fn value(value: &Value) -> ValueFace<'_> {
    let Value { path, filters, span: _ } = value;
    let filters = filters.iter().map(|Filter { name, argument }| (text(name), argument.as_ref().map(text)));
    (text(path), filters.collect())
}

/// What is answered in reading order, in that order: its kind and its index.
fn order(document: &Document) -> Vec<(u8, u32)> {
    let kinds: [Vec<Span>; 4] = [
        document.calls.iter().map(|call| call.span).collect(),
        document.values.iter().map(|value| value.span).collect(),
        document.mentions.iter().map(|mention| mention.id.span).collect(),
        document.abbreviations.iter().map(|abbreviation| abbreviation.span).collect(),
    ];
    let places = (0..).zip(&kinds).flat_map(|(kind, spans)| {
        (0..).zip(spans).map(move |(index, span): (u32, &Span)| (span.start, (kind, index)))
    });
    let mut places: Vec<(u32, (u8, u32))> = places.collect();
    places.sort_by_key(|(start, _)| *start);
    places.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::parse::highlight::Highlighter;
    use crate::parse::{Settings, parse};

    fn face(text: &str) -> Fingerprint {
        let path = Arc::from("content/guides/a.md");
        let highlighter = Highlighter::in_process();
        parse(&path, text.as_bytes(), &Settings::of(&config::parse("", "site.toml").0), &highlighter).face()
    }

    const BASE: &str = "---\ntitle: A\nrole: nurse\n---\nText [b](b.md) and {{ salary.nurse.median }}.\n\n## One\n\n\
        See [[nurse]], the API and [@bls].\n\n::salary nurse\n";

    #[test]
    fn words_and_places_are_no_part_of_it() {
        for (from, to) in [
            ("Text ", "Many more words "),
            ("\n\n## One", "\n\nA paragraph.\n\nAnother.\n\n## One"),
            ("the API and", "the API, again the API, and"),
        ] {
            assert!(BASE.contains(from));
            assert_eq!(face(BASE), face(&BASE.replacen(from, to, 1)), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn everything_else_is() {
        for (from, to) in [
            ("title: A", "title: B"),
            ("role: nurse", "role:  nurse"),
            ("b.md", "c.md"),
            ("[b](b.md)", "![b](b.md)"),
            ("salary.nurse.median", "salary.nurse.p10"),
            ("median }}", "median | short }}"),
            ("## One", "### One"),
            ("## One", "## Two"),
            ("## One", "## One {.no-top}"),
            ("## One", "## One {old=\"first\"}"),
            ("## One", "## One {toc=\"1\"}"),
            ("[[nurse]]", "[[baker]]"),
            ("[@bls]", "[@ons]"),
            ("[[nurse]], the API and [@bls]", "[@bls], the API and [[nurse]]"),
            ("the API and [@bls]", "[@bls] and the API"),
            ("the API", "the HTTP"),
            ("::salary nurse", "::salary baker"),
            ("::salary nurse", "::salary nurse {#pay}"),
            ("Text ", "Text <!-- more --> "),
            ("::salary nurse", "::salary nurse\n\n```toml\na = 1\n```"),
            ("::salary nurse", "<p id=\"x\">Raw.</p>"),
        ] {
            assert!(BASE.contains(from));
            assert_ne!(face(BASE), face(&BASE.replacen(from, to, 1)), "{from:?} to {to:?}");
        }
    }
}
