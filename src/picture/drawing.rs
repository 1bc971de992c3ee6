//! Drawings (SVG) without what could act on a reader.
//!
//! In: the bytes of an SVG file. Out: the same drawing without scripts, handlers, foreign documents,
//! references to other places and what editors note for themselves; everything else byte for byte as
//! it was. Says what was taken out and where, save for the notes of editors.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A drawing that is safe to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// The drawing.
    pub text: String,
    /// What was taken out or is wrong, in reading order.
    pub found: Vec<Found>,
}

/// Something that was taken out or is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where in the file, where that can be said.
    pub place: Option<Range<usize>>,
    /// As in "this drawing holds a script".
    pub what: String,
}

/// Elements that run, or show documents of another kind (SVG 2, 12 and 15; HTML).
const ELEMENTS: &[&str] = &[
    "script",
    "foreignobject",
    "handler",
    "listener",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "source",
    "canvas",
    "link",
    "meta",
    "base",
    "form",
    "discard",
];
/// Elements that change an attribute while the drawing is shown.
const CHANGES: &[&str] = &["set", "animate"];
/// Prefixes of what editors note for themselves, paths on their user's disk among it.
const NOTES: &[&str] = &["sodipodi", "inkscape", "adobe", "ai", "sketch", "serif"];
/// More text than this is not made of entities.
const GROWTH: usize = 1 << 20;

/// Takes out what could act on a reader. A file that is no XML ends where it stops being so.
#[must_use]
pub fn clean(bytes: &[u8]) -> Clean {
    let (text, mut found, is_moved) = text(bytes);
    let mut sieve = Sieve { text: &text, cuts: Vec::new(), found: Vec::new(), skip: None };
    let end = sieve.read();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, with) in sieve.cuts {
        if range.start >= from {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(&with);
            from = range.end;
        }
    }
    out.push_str(text.get(from..end.max(from)).unwrap_or_default());
    found
        .extend(sieve.found.into_iter().map(|one| if is_moved { Found { place: None, ..one } } else { one }));
    Clean { text: out, found }
}

/// The text of a file, its entities put in place, and whether places in it are still those of the file.
fn text(bytes: &[u8]) -> (Cow<'_, str>, Vec<Found>, bool) {
    let odd = |what: &str| vec![Found { place: None, what: what.to_owned() }];
    let (text, found, moved) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Vec::new(), false),
        Err(_) => (decoded(bytes), odd("an encoding other than UTF-8"), true),
    };
    match doctype(&text) {
        Some(range) => {
            let (with, odd_entities) = without_doctype(&text, range);
            let found = odd_entities.map_or(found, odd);
            (Cow::Owned(with), found, true)
        }
        None => (text, found, moved),
    }
}

/// UTF-16 by its mark; anything else as Latin-1, which has a character for every byte.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    // What the declaration says of the encoding is no longer so.
    let rest =
        text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(_, rest)| rest.to_owned());
    Cow::Owned(rest.unwrap_or(text))
}

/// Where the document type stands, if it declares anything.
fn doctype(text: &str) -> Option<Range<usize>> {
    let start = memchr::memmem::find(text.as_bytes(), b"<!DOCTYPE")?;
    let mut depth = 0_usize;
    let mut quote = None;
    let mut declares = false;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => {
                declares = true;
                depth += 1;
            }
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return declares.then_some(start..at + 1),
            _ => {}
        }
    }
    // It never ends: nothing that follows is a drawing.
    Some(start..text.len())
}

/// The text with its entities in place of their names and without their declarations. An entity that
/// holds markup, or that is another file, stands for nothing.
fn without_doctype(text: &str, range: Range<usize>) -> (String, Option<&'static str>) {
    let mut odd = None;
    let mut entities: BTreeMap<&str, String> = BTreeMap::new();
    for declared in text[range.clone()].split("<!ENTITY").skip(1) {
        let declared = declared.trim_start();
        let Some((name, rest)) = declared.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        let value = rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))
            .and_then(|quote| rest[1..].split_once(quote).map(|(value, _)| value));
        let value = value.filter(|value| !value.contains(['<', '&', '%']));
        if value.is_none() {
            odd = Some("an entity that holds markup or another file");
        }
        let value =
            value.unwrap_or_default().replace('"', "&quot;").replace('\'', "&apos;").replace('>', "&gt;");
        entities.entry(name).or_insert(value);
    }
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..range.start]);
    let limit = text.len() + GROWTH;
    let mut rest = &text[range.end..];
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').and_then(|(name, rest)| Some((entities.get(name)?.as_str(), rest)));
        out.push_str(match named {
            Some((value, _)) => value,
            None => "&",
        });
        rest = named.map_or(after, |(_, rest)| rest);
        if out.len() > limit {
            return (out, Some("entities without end"));
        }
    }
    out.push_str(rest);
    (out, odd)
}

struct Sieve<'t> {
    text: &'t str,
    /// What to leave out, and what stands there instead.
    cuts: Vec<(Range<usize>, String)>,
    found: Vec<Found>,
    /// How deep inside something that is left out, and where it began.
    skip: Option<(usize, usize)>,
}

impl Sieve<'_> {
    /// Reads the text to its end, or to where it is no XML; says where that is.
    fn read(&mut self) -> usize {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_end_names = true;
        let mut style = false;
        let mut open: Vec<usize> = Vec::new();
        loop {
            let start = position(&reader);
            let event = reader.read_event();
            let range = start..position(&reader);
            match event {
                Ok(Event::Start(_)) => {
                    open.push(range.start);
                    if let Some((depth, _)) = &mut self.skip {
                        *depth += 1;
                    } else if self.element(&range) {
                        self.skip = Some((1, range.start));
                    } else {
                        style = name(&self.text[range.clone()]).1.eq_ignore_ascii_case("style");
                    }
                }
                Ok(Event::Empty(_)) if self.skip.is_none() && self.element(&range) => {
                    self.cuts.push((range, String::new()));
                }
                Ok(Event::End(_)) => {
                    open.pop();
                    style = false;
                    if let Some((depth, start)) = &mut self.skip {
                        *depth -= 1;
                        if *depth == 0 {
                            self.cuts.push((*start..range.end, String::new()));
                            self.skip = None;
                        }
                    }
                }
                Ok(Event::Text(_) | Event::CData(_)) if style && self.skip.is_none() => self.style(&range),
                Ok(Event::PI(_)) if self.skip.is_none() => {
                    self.take(range, "an instruction to load a style sheet".to_owned());
                }
                Ok(Event::Eof) => {
                    let end = self.text.len();
                    if open.is_empty() {
                        return end;
                    }
                    return self.broken(end);
                }
                Err(_) => return self.broken(range.start),
                _ => {}
            }
        }
    }

    /// The text stops being XML here: what was open and left out ends here too.
    fn broken(&mut self, at: usize) -> usize {
        let end = self.text.len();
        let place = at.min(end.saturating_sub(1))..end;
        self.found.push(Found { place: Some(place), what: BROKEN.to_owned() });
        self.skip.map_or(at, |(_, start)| start)
    }

    fn take(&mut self, range: Range<usize>, what: String) {
        self.found.push(Found { place: Some(range.clone()), what });
        self.cuts.push((range, String::new()));
    }

    /// Looks at a start tag; says whether the element is left out.
    fn element(&mut self, range: &Range<usize>) -> bool {
        let tag = &self.text[range.clone()];
        let (prefix, local) = name(tag);
        let name = local.to_ascii_lowercase();
        if name == "metadata" || NOTES.contains(&prefix.to_ascii_lowercase().as_str()) {
            return true;
        }
        if ELEMENTS.contains(&name.as_str()) {
            let what =
                if name == "script" { "a script".to_owned() } else { format!("the element `{local}`") };
            self.found.push(Found { place: Some(range.clone()), what });
            return true;
        }
        let attributes = attributes(tag);
        if CHANGES.contains(&name.as_str()) && attributes.iter().any(changes_what_acts) {
            self.found.push(Found { place: Some(range.clone()), what: format!("the element `{local}`") });
            return true;
        }
        for attribute in attributes {
            self.attribute(&name, range.start, &attribute);
        }
        false
    }

    fn attribute(&mut self, element: &str, base: usize, attribute: &Attribute<'_>) {
        let shift = |range: &Range<usize>| range.start + base..range.end + base;
        let (prefix, local) = split(attribute.name);
        let name = local.to_ascii_lowercase();
        if NOTES.contains(&prefix.to_ascii_lowercase().as_str()) {
            self.cuts.push((shift(&attribute.whole), String::new()));
            return;
        }
        let value = unescaped(attribute.value);
        if name.starts_with("on") {
            self.take(shift(&attribute.whole), format!("the handler `{}`", attribute.name));
        } else if matches!(name.as_str(), "href" | "src" | "base") && !may_lead(element, &value) {
            self.take(shift(&attribute.whole), format!("a reference to `{}`", shown(&value)));
        } else if prefix != "xmlns"
            && let Some(safe) = styled(&value)
        {
            self.found.push(Found { place: Some(shift(&attribute.whole)), what: LOADS.to_owned() });
            let escaped = safe.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            self.cuts.push((shift(&attribute.whole), format!(" {}=\"{escaped}\"", attribute.name)));
        }
    }

    /// A style sheet within the drawing.
    fn style(&mut self, range: &Range<usize>) {
        let written = &self.text[range.clone()];
        let is_data = written.starts_with("<![CDATA[");
        let value = if is_data { Cow::Borrowed(written) } else { unescaped(written) };
        if let Some(safe) = styled(&value) {
            self.found.push(Found { place: Some(range.clone()), what: LOADS.to_owned() });
            let safe = if is_data { safe } else { safe.replace('&', "&amp;").replace('<', "&lt;") };
            self.cuts.push((range.clone(), safe));
        }
    }
}

const LOADS: &str = "a style that loads something from elsewhere";
const BROKEN: &str = "no drawing from here on: it is not well-formed XML";

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Prefix and name of a tag `<svg:rect ...>`.
fn name(tag: &str) -> (&str, &str) {
    let inner = tag.trim_start_matches('<');
    let end =
        inner.find(|sign: char| sign.is_whitespace() || matches!(sign, '/' | '>')).unwrap_or(inner.len());
    split(&inner[..end])
}

fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// An attribute of a tag.
struct Attribute<'t> {
    name: &'t str,
    /// As written between the quotes.
    value: &'t str,
    /// With the space before it.
    whole: Range<usize>,
}

/// The attributes of a well-formed tag.
fn attributes(tag: &str) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    let mut at = tag.find(char::is_whitespace).unwrap_or(tag.len());
    while let Some(rest) = tag.get(at..).filter(|rest| !rest.is_empty()) {
        let space = rest.len() - rest.trim_start().len();
        let Some(equals) = rest.find('=') else { break };
        let name = rest[space.min(equals)..equals].trim();
        let after = &rest[equals + 1..];
        let open = after.len() - after.trim_start().len();
        let Some(quote) = after[open..].chars().next().filter(|sign| matches!(sign, '"' | '\'')) else {
            break;
        };
        let value = &after[open + 1..];
        let Some(close) = value.find(quote) else { break };
        let end = at + equals + 1 + open + 1 + close + 1;
        found.push(Attribute { name, value: &value[..close], whole: at..end });
        at = end;
    }
    found
}

/// Whether an element that changes things changes what leads somewhere or runs.
fn changes_what_acts(attribute: &Attribute<'_>) -> bool {
    let value = unescaped(attribute.value).trim().to_ascii_lowercase();
    attribute.name.eq_ignore_ascii_case("attributeName")
        && (split(&value).1 == "href" || value.starts_with("on") || value == "style")
}

/// A value as browsers read it.
fn unescaped(value: &str) -> Cow<'_, str> {
    match quick_xml::escape::unescape(value) {
        Ok(value) => value,
        // An entity that is unknown here is unknown to browsers.
        Err(_) => Cow::Borrowed(value),
    }
}

/// Whether an element may refer to that: to a part of the drawing, to a picture in it, and a link to a page.
fn may_lead(element: &str, value: &str) -> bool {
    let seen: String = value.chars().filter(|sign| !sign.is_whitespace() && !sign.is_control()).collect();
    let seen = seen.to_ascii_lowercase();
    let is_link =
        element == "a" && (seen.starts_with("https:") || seen.starts_with("http:") || !has_scheme(&seen));
    seen.is_empty() || seen.starts_with('#') || is_link || (element != "a" && is_embedded(&seen))
}

fn has_scheme(value: &str) -> bool {
    value.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

/// Whether an address is a picture or a font that it holds itself.
fn is_embedded(value: &str) -> bool {
    const KINDS: [&str; 9] = [
        "image/png",
        "image/jpeg",
        "image/jpg",
        "image/gif",
        "image/webp",
        "image/avif",
        "font/",
        "application/font",
        "application/x-font",
    ];
    value.strip_prefix("data:").is_some_and(|rest| KINDS.iter().any(|kind| rest.starts_with(kind)))
}

/// A style without what loads something from elsewhere; `None` when it loads nothing.
fn styled(value: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let escapes = value.contains('\\') && (lower.contains('(') || lower.contains('@'));
    if !lower.contains("url(") && !lower.contains("@import") && !lower.contains("image-set(") && !escapes {
        return None;
    }
    if escapes || lower.contains("image-set(") {
        // What is written so that it cannot be read was written so for a reason.
        return Some(String::new());
    }
    let mut out = String::new();
    let mut changed = false;
    let mut at = 0;
    while let Some(next) = lower[at..].find("url(").into_iter().chain(lower[at..].find("@import")).min() {
        let start = at + next;
        out.push_str(&value[at..start]);
        if lower[start..].starts_with("@import") {
            changed = true;
            at = lower[start..].find([';', '\n']).map_or(value.len(), |end| start + end + 1);
            continue;
        }
        let end = lower[start..].find(')').map_or(value.len(), |end| start + end + 1);
        let target = lower[start + 4..end].trim_end_matches(')');
        let target = target.trim().trim_matches(['"', '\'']).trim();
        if target.starts_with('#') || is_embedded(target) {
            out.push_str(&value[start..end]);
        } else {
            changed = true;
            out.push_str("none");
        }
        at = end;
    }
    out.push_str(&value[at..]);
    changed.then_some(out)
}

/// The beginning of a value, for a message.
fn shown(value: &str) -> String {
    let short: String = value.chars().take(40).collect();
    let end = if short.len() < value.len() { "..." } else { "" };
    format!("{}{end}", crate::diagnostic::visible(&short))
}
