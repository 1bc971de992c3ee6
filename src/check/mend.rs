//! Small changes to a page's text: an alias in its front matter, an earlier id on a heading, the safe
//! fixes of findings.
//!
//! In: a file's text and what is wanted. Out: edits. Whoever applies them parses the result again, so
//! that a page in a form that is not foreseen here is left alone rather than spoilt. Writes no file.

use std::ops::Range;

use super::language::is_whole;
use crate::config::Checks;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::parse::Document;
use crate::parse::directive::Call;
use crate::parse::markdown::reading::{Block, BlockKind, Reading};

/// Other text for some bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { start: range.start, end: range.end, text: text.into() }
    }

    fn at(place: usize, text: impl Into<String>) -> Self {
        Self::new(place..place, text)
    }
}

/// The text with all edits; of two that overlap the first alone is made.
#[must_use]
pub fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort();
    edits.dedup();
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for Edit { start, end, text: new } in edits {
        let Some(before) = text.get(at..start).filter(|_| text.get(start..end).is_some()) else { continue };
        out.push_str(before);
        out.push_str(&new);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Adds aliases to a page.
#[must_use]
pub fn aliases(document: &Document, text: &str, urls: &[&str]) -> Option<Edit> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let first = text[mark..].lines().next().unwrap_or_default().trim_end();
    let quoted = |url: &str| format!("\"{}\"", url.replace('\\', "\\\\").replace('"', "\\\""));
    let all = urls.iter().map(|url| quoted(url)).collect::<Vec<_>>().join(", ");
    let known = document.front.aliases.last().filter(|_| document.front.keys.contains_key("aliases"));
    if let Some(last) = known {
        let end = last.span.end as usize;
        let line = text[..last.span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line..last.span.start as usize];
        if before.trim_start().starts_with("- ")
            && before.trim_start().trim_start_matches("- ").trim().is_empty()
        {
            let more = urls.iter().fold(String::new(), |more, url| more + newline + before + &quoted(url));
            return Some(Edit::at(end, more));
        }
        let key = document.front.keys.get("aliases").copied().flatten()?;
        let between = text.get(key.end as usize..last.span.start as usize)?;
        if between.contains('[') {
            return Some(Edit::at(end, format!(", {all}")));
        }
        let written = text.get(last.span.start as usize..end)?;
        return Some(Edit::new(last.span.start as usize..end, format!("[{written}, {all}]")));
    }
    if document.front.keys.contains_key("aliases") {
        return None;
    }
    let (line, sign) = match first {
        "---" => (mark + text[mark..].find('\n')? + 1, ":"),
        "+++" => (mark + text[mark..].find('\n')? + 1, " ="),
        _ => {
            return Some(Edit::at(
                mark,
                format!("---{newline}aliases: [{all}]{newline}---{newline}{newline}"),
            ));
        }
    };
    Some(Edit::at(line, format!("aliases{sign} [{all}]{newline}")))
}

/// Adds an earlier id to a heading.
#[must_use]
pub fn old_id(text: &str, heading: Span, id: &str) -> Option<Edit> {
    let range = heading.start as usize..heading.end as usize;
    let line = text.get(range.clone())?.lines().next()?.trim_end();
    // `## Title ##` closes with its signs.
    let closed = line.trim_end_matches('#');
    let line = if closed.ends_with(' ') && line.starts_with('#') { closed.trim_end() } else { line };
    let end = range.start + line.len();
    // `{{ value }}` is no list of attributes.
    if line.ends_with('}') && !line.ends_with("}}") && line.contains('{') {
        let open = line.rfind('{')?;
        let inside = &line[open..];
        if let Some(at) = inside.find("old=\"") {
            let value = range.start + open + at + "old=\"".len();
            return Some(Edit::at(value, format!("{id} ")));
        }
        return Some(Edit::at(end - 1, format!(" old=\"{id}\"")));
    }
    Some(Edit::at(end, format!(" {{old=\"{id}\"}}")))
}

/// Findings that a program can mend without a thought.
pub const FIXABLE: &[Code] =
    &[Code::AltPoor, Code::BannedWord, Code::LinkTextPoor, Code::SmartQuoteInCode, Code::TocHeadingTyped];

/// The edits that mend a finding; none when it takes a person.
#[must_use]
pub fn fix(finding: &Diagnostic, text: &str, reading: &Reading, checks: &Checks) -> Vec<Edit> {
    let Some(span) = finding.location.span else { return Vec::new() };
    let range = span.start as usize..span.end as usize;
    let Some(written) = text.get(range.clone()) else { return Vec::new() };
    match finding.code {
        Code::SmartQuoteInCode => straight(text, range.start, reading),
        Code::LinkTextPoor => named(written, &range).into_iter().collect(),
        Code::AltPoor => undescribed(written, &range).into_iter().collect(),
        Code::BannedWord => reworded(written, &range, checks).into_iter().collect(),
        Code::TocHeadingTyped => untyped(text, &range, reading).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Makes the edits of findings that leave the rest of a page as it is: its addresses, its ids, and how often
/// it is wrong. All at once where that holds, else half by half. Says which were made, and the new text.
#[must_use]
pub fn safely(
    before: &str,
    wanted: &[(usize, Vec<Edit>)],
    parse: impl Fn(&str) -> Document,
) -> (Vec<usize>, String) {
    let page = parse(before);
    let mut kept: Vec<Edit> = Vec::new();
    let (mut mended, mut text) = (Vec::new(), before.to_owned());
    let mut open = vec![wanted];
    while let Some(some) = open.pop() {
        let more: Vec<Edit> = kept.iter().chain(some.iter().flat_map(|(_, edits)| edits)).cloned().collect();
        let after = apply(before, more.clone());
        if holds(&page, &parse(&after), &more) {
            (kept, text) = (more, after);
            mended.extend(some.iter().map(|(at, _)| *at));
        } else if some.len() > 1 {
            let (first, rest) = some.split_at(some.len() / 2);
            open.extend([rest, first]);
        }
    }
    (mended, text)
}

/// Whether a page is what it was but for words, and for what edits took away: a contents list with its heading.
fn holds(before: &Document, after: &Document, edits: &[Edit]) -> bool {
    let is_gone = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        edits.iter().any(|edit| edit.text.is_empty() && edit.start <= start && end <= edit.end)
    };
    let targets = |document: &Document, is_gone: &dyn Fn(Span) -> bool| -> Vec<_> {
        let stay = document.references.iter().filter(|reference| !is_gone(reference.span));
        stay.map(|reference| (reference.kind, reference.target.clone())).collect()
    };
    let targets = (targets(before, &is_gone), targets(after, &|_| false));
    let ids = |document: &Document, is_gone: &dyn Fn(Span) -> bool| -> Vec<_> {
        let stay = document.headings.iter().filter(|heading| !is_gone(heading.span));
        stay.map(|heading| (heading.level, heading.id.clone())).collect()
    };
    let lost = |id: &str| {
        // The list that the build makes has this one, and a heading typed beside it one with a number.
        let is_wanted = targets.1.iter().any(|(_, target)| target.strip_prefix('#') == Some(id));
        let number = id.strip_prefix("contents").map(|rest| rest.trim_start_matches('-'));
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) && !is_wanted
    };
    targets.0 == targets.1
        && ids(before, &is_gone) == ids(after, &|_| false)
        && before.ids.iter().all(|id| after.ids.contains(id) || lost(id))
        && said(before) == said(after)
        && only_lists_went(&tags(before), &tags(after))
        && after.diagnostics.len() <= before.diagnostics.len()
}

/// What a page's directives, values, role links and citations say.
fn said(document: &Document) -> Vec<String> {
    let call = |call: &Call| {
        let arguments = call
            .arguments
            .iter()
            .map(|one| (one.key.as_ref().map(|key| key.value.as_str()), one.value.value.as_str()));
        let label = call.label.as_ref().map(|label| &label.value);
        format!("{} {:?} {label:?}", call.name.value, arguments.collect::<Vec<_>>())
    };
    let calls = document.calls.iter().map(call);
    let values = document.values.iter().map(|value| value.path.value.clone());
    calls.chain(values).chain(document.mentions.iter().map(|mention| mention.id.value.clone())).collect()
}

/// The tags of a page, without descriptions of pictures.
fn tags(document: &Document) -> Vec<String> {
    let body = document.body.html();
    let tag = |part: &str| {
        let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
        let Some((before, alt)) = tag.split_once(" alt=\"").filter(|_| tag.starts_with("img")) else {
            return tag.to_owned();
        };
        [before, alt.split_once('"').map_or("", |(_, after)| after)].concat()
    };
    body.split('<').skip(1).map(tag).collect()
}

/// Whether all that is missing is of lists, links inside the site, paragraphs and headings, and nothing is new.
fn only_lists_went(before: &[String], after: &[String]) -> bool {
    let mut after = after.iter().peekable();
    let all = before.iter().all(|tag| {
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        let may_go = ["ul", "ol", "li", "a", "p", "h2", "h3", "h4", "h5", "h6"].contains(&name.trim_end());
        after.next_if_eq(&tag).is_some()
            || (may_go && !tag.contains("href=\"mailto:") && !tag.contains("://"))
    });
    all && after.next().is_none()
}

/// Straight quotes and plain spaces in the piece of code at a place.
fn straight(text: &str, place: usize, reading: &Reading) -> Vec<Edit> {
    let fence = reading
        .fences
        .iter()
        .find(|fence| (fence.span.start as usize..fence.span.end as usize).contains(&place));
    let range = match fence {
        Some(fence) => {
            let (start, end) = (fence.span.start as usize, fence.span.end as usize);
            // What stands after the fence is no code.
            let skipped = fence.info.as_ref().and_then(|_| text[start..end].find('\n')).unwrap_or(0);
            start + skipped..end
        }
        None => place..text[place..].find('`').map_or(text.len(), |end| place + end),
    };
    let Some(code) = text.get(range.clone()) else { return Vec::new() };
    code.char_indices()
        .filter_map(|(at, sign)| {
            let plain = match sign {
                '“' | '”' => "\"",
                '‘' | '’' => "'",
                '\u{a0}' => " ",
                _ => return None,
            };
            Some(Edit::new(range.start + at..range.start + at + sign.len_utf8(), plain))
        })
        .collect()
}

/// An address that stands for itself gets the name of its site for a text.
fn named(written: &str, range: &Range<usize>) -> Option<Edit> {
    let url = written.trim_start_matches('<').trim_end_matches('>');
    if !(url.starts_with("https://") || url.starts_with("http://"))
        || url.contains(['<', '>', ' ', '\n', ')', '('])
    {
        return None;
    }
    let host = crate::config::host(url)?;
    let name = host.strip_prefix("www.").unwrap_or(host);
    Some(Edit::new(range.clone(), format!("[{name}]({url})")))
}

/// A description that is the name of the picture's file is taken away: who hears the page is spared it, and
/// somebody has to write one. A word such as `photo` is left for whoever knows what it shows.
fn undescribed(written: &str, range: &Range<usize>) -> Option<Edit> {
    let rest = written.strip_prefix("![")?;
    let (alt, target) = rest.split_once("](")?;
    let target = target.trim_start_matches('<').split([')', '>', ' ', '\n']).next()?;
    (!alt.contains(['[', ']', '\\']) && super::images::is_name(alt.trim(), target))
        .then(|| Edit::new(range.start + 2..range.start + 2 + alt.len(), ""))
}

/// Signs that Markdown reads as more than words.
const MARKS: [char; 11] = ['|', '{', '}', '[', ']', '<', '>', '*', '_', '`', '\\'];

/// What the site says instead, with a capital where there was one.
fn reworded(written: &str, range: &Range<usize>, checks: &Checks) -> Option<Edit> {
    let lower = written.to_lowercase();
    let word =
        checks.words.iter().find(|word| word.word.to_lowercase() == lower && !word.instead.is_empty())?;
    // What the site does not say either is for a person to choose.
    let better = word.instead.to_lowercase();
    let is_banned = |other: &crate::config::Word| {
        let banned = other.word.to_lowercase();
        banned != lower
            && better.match_indices(&banned).any(|(at, _)| is_whole(&better, &(at..at + banned.len())))
    };
    // So is what Markdown would read as more than words.
    if checks.words.iter().any(is_banned) || word.instead.contains(MARKS) {
        return None;
    }
    let capital = written.starts_with(char::is_uppercase) && word.instead.starts_with(char::is_lowercase);
    let mut letters = word.instead.chars();
    let instead = match (capital, letters.next()) {
        (true, Some(first)) => first.to_uppercase().chain(letters).collect(),
        _ => word.instead.clone(),
    };
    Some(Edit::new(range.clone(), instead))
}

/// Takes a contents list or a link to the top away, with the lines it stands on, when there is nothing
/// else on them.
fn untyped(text: &str, range: &Range<usize>, reading: &Reading) -> Option<Edit> {
    let blocks = &reading.blocks;
    let at = blocks
        .iter()
        .position(|block| (block.span.start as usize..=block.span.end as usize).contains(&range.start))?;
    let lines = if reading.is_entry(&blocks[at]) {
        let place = blocks[at].span.start;
        let list = reading.lists.iter().find(|list| (list.start..list.end).contains(&place))?;
        let items = reading.items(*list);
        let end = items.last()?.span.end;
        // An item that is more than an entry is for a person to move.
        if !items.iter().all(|item| reading.is_entry(item)) {
            return None;
        }
        let heading = heading_above(blocks, at);
        let first = heading.map_or(list.start, |heading| heading.span.start);
        let lines = whole_lines(text, first as usize..end as usize);
        // And so is what is neither the heading nor an entry, such as code between the two.
        let below = heading.map_or(lines.start, |heading| heading.span.end as usize);
        if !text.get(below..lines.end)?.lines().all(|line| line.trim().is_empty() || is_listed(line)) {
            return None;
        }
        lines
    } else {
        let lines = whole_lines(text, range.clone());
        let rest = [&text[lines.start..range.start], &text[range.end..lines.end]].concat();
        if rest.chars().any(|c| !c.is_whitespace() && !"-*+_>^↑".contains(c)) {
            return None;
        }
        lines
    };
    // One of the two empty lines round it goes too.
    let before = &text[..lines.start];
    let after = &text[lines.end..];
    let blank = |line: &str| line.trim().is_empty();
    // A container that would hold nothing any more is for a person, too.
    let is_marker = |line: Option<&str>| line.is_some_and(|line| line.trim_start().starts_with(":::"));
    if is_marker(before.lines().rfind(|line| !blank(line)))
        && is_marker(after.lines().find(|line| !blank(line)))
    {
        return None;
    }
    let gap = before.lines().next_back().is_none_or(blank);
    let more = after.split_inclusive('\n').next().filter(|line| gap && blank(line)).map_or(0, str::len);
    Some(Edit::new(lines.start..lines.end + more, ""))
}

/// Whether a line of a list is a link to a place on the page, and nothing else.
fn is_listed(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['>', ' ']);
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let sign = if number.len() < line.len() { ['.', ')', ')'] } else { ['-', '*', '+'] };
    let entry = number.strip_prefix(sign).map(str::trim).unwrap_or_default();
    entry.starts_with('[') && entry.contains("](#") && entry.ends_with(')')
}

const CONTENTS: &[&str] = &["contents", "table of contents", "on this page", "in this article", "toc"];

fn heading_above(blocks: &[Block], at: usize) -> Option<&Block> {
    let heading = blocks.get(at.checked_sub(1)?)?;
    let text = heading.text.trim().trim_end_matches(':').to_lowercase();
    (heading.kind == BlockKind::Heading && CONTENTS.contains(&text.as_str())).then_some(heading)
}

fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    // A range may end with its last newline.
    let last = range.end.saturating_sub(usize::from(text[..range.end].ends_with('\n'))).max(start);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::highlight::Highlighter;
    use crate::parse::{self, Settings};

    fn parsed(text: &str) -> Document {
        let mut settings = Settings::commonmark();
        settings.extensions = parse::Extensions::All;
        parse::parse(&"content/a.md".into(), text.as_bytes(), &settings, &Highlighter::in_process())
    }

    #[test]
    fn aliases_are_added_to_every_form_of_front_matter() {
        for text in [
            "---\ntitle: A\n---\nText\n",
            "---\r\ntitle: A\r\n---\r\nText\r\n",
            "+++\ntitle = \"A\"\n[extra]\nx = 1\n+++\nText\n",
            "# A\n\nText\n",
            "\u{feff}---\ntitle: A\n---\n",
            "---\ntitle: A\naliases: /x/\n---\n",
            "---\ntitle: A\naliases: [/x/]\n---\n",
            "---\ntitle: A\naliases: [ '/x/', \"/y/\" ]\ndraft: true\n---\n",
            "---\naliases:\n  - /x/\n  - \"/y/\"\ntitle: A\n---\n",
            "---\naliases:\n- /x/\ntitle: A\n---\n",
            "+++\naliases = [\"/x/\"]\n+++\n",
            "+++\naliases = [\n  \"/x/\",\n]\n+++\n",
        ] {
            let document = parsed(text);
            let before = document.front.aliases.len();
            let edit = aliases(&document, text, &["/old/", "/older \"one\"/"]).unwrap();
            let after = apply(text, vec![edit]);
            let again = parsed(&after);
            let urls: Vec<_> = again.front.aliases.iter().map(|alias| alias.value.as_str()).collect();
            assert_eq!(urls.len(), before + 2, "{after}");
            assert!(urls.contains(&"/old/") && urls.contains(&"/older \"one\"/"), "{after}");
            assert_eq!(again.title, document.title, "{after}");
            assert_eq!(
                again.diagnostics.len(),
                document.diagnostics.len(),
                "{after}: {:?}",
                again.diagnostics
            );
        }
    }

    #[test]
    fn earlier_ids_are_added_to_every_form_of_heading() {
        for text in [
            "## The pay\n",
            "## The pay ##\n",
            "## The pay {#pay}\n",
            "## The pay {toc=\"Pay\" .no-top}\n",
            "## The pay {old=\"money\"}\n",
            "The pay\n-------\n",
            "## The {{ x }}\r\n",
        ] {
            let text = format!("# Title\n\n{text}\nText.\n");
            let document = parsed(&text);
            let heading = &document.headings[0];
            let after = apply(&text, vec![old_id(&text, heading.span, "wages").unwrap()]);
            let again = parsed(&after);
            assert!(again.headings[0].old.iter().any(|id| id == "wages"), "{after}");
            assert_eq!(again.headings[0].id, heading.id, "{after}");
            assert_eq!(again.headings[0].old.len(), heading.old.len() + 1, "{after}");
        }
    }

    #[test]
    fn of_edits_that_overlap_the_first_is_made() {
        let edits = vec![Edit::new(2..4, "x"), Edit::new(3..5, "y"), Edit::at(6, "z")];
        assert_eq!(apply("abcdefg", edits), "abxefzg");
    }
}
