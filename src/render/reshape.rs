//! Filters that give the text of a block the shape that its component promises.
//!
//! In: HTML as Markdown makes it. Out: the same words in other elements: answers folded below
//! their questions, lists of times, tasks that can be ticked. What does not have the shape that a
//! filter looks for stays as it is.

use std::fmt::Write as _;
use std::ops::Range;

use tera::{Kwargs, State, Tera, Value};

use crate::parse::markdown::VOID;

/// Adds the filters to an engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("folded", |body: &str, _: Kwargs, _: &State| Value::safe_string(&folded(body)));
    tera.register_filter("times", |body: &str, _: Kwargs, _: &State| Value::safe_string(&times(body)));
    tera.register_filter("tickable", |body: &str, _: Kwargs, _: &State| Value::safe_string(&tickable(body)));
}

/// One tag, with the number of elements that are open around its element.
struct Tag<'h> {
    name: &'h str,
    closes: bool,
    depth: usize,
    range: Range<usize>,
}

/// Every tag of some HTML. Comments are passed over; `>` in a quoted attribute ends no tag.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|offset| at + offset) {
        let rest = &html[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else { break };
            at = start + 4 + end + 3;
            continue;
        }
        let closes = rest.starts_with('/');
        let name_start = start + 1 + usize::from(closes);
        let name = &html[name_start..];
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let Some(end) = end_of_tag(&html[name_start..]).filter(|_| !name.is_empty()) else {
            at = start + 1;
            continue;
        };
        let range = start..name_start + end;
        if closes {
            if let Some(position) = open.iter().rposition(|element| *element == name) {
                open.truncate(position);
            }
            found.push(Tag { name, closes, depth: open.len(), range: range.clone() });
        } else {
            found.push(Tag { name, closes, depth: open.len(), range: range.clone() });
            if !VOID.contains(&name) && !html[range.clone()].ends_with("/>") {
                open.push(name);
            }
        }
        at = range.end;
    }
    found
}

/// The offset after the `>` that ends a tag.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// Folds what follows each heading of the first heading's level below it, in `<details>`.
fn folded(html: &str) -> String {
    let tags = tags(html);
    let is_heading = |tag: &&Tag<'_>| {
        tag.depth == 0 && tag.name.len() == 2 && tag.name.starts_with('h') && tag.name != "hr"
    };
    let outer: Vec<&Tag<'_>> = tags.iter().filter(is_heading).collect();
    let Some(level) = outer.first().map(|tag| tag.name) else { return html.to_owned() };
    let headings: Vec<Range<usize>> = outer
        .windows(2)
        .filter(|pair| pair[0].name == level && !pair[0].closes && pair[1].name == level && pair[1].closes)
        .map(|pair| pair[0].range.start..pair[1].range.end)
        .collect();
    let Some(first) = headings.first() else { return html.to_owned() };
    let mut out = html[..first.start].to_owned();
    for (index, heading) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(html.len(), |next| next.start);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<details>\n<summary>{}</summary>\n{}\n</details>",
            without_anchor(&html[heading.clone()]),
            html[heading.end..end].trim()
        );
    }
    out
}

/// A heading without the link to itself: what is folded opens at a click on its heading.
fn without_anchor(heading: &str) -> String {
    const ANCHOR: &str = "<a class=\"anchor\"";
    let Some((before, anchor)) = heading.split_once(ANCHOR) else { return heading.to_owned() };
    let Some((_, after)) = anchor.split_once("</a>") else { return heading.to_owned() };
    format!("{}{after}", before.trim_end())
}

/// Makes the outer lists ordered, and of the bold time that an item begins with a `<time>`.
fn times(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut from = 0;
    let tags = tags(html);
    for (index, tag) in tags.iter().enumerate() {
        match (tag.name, tag.depth) {
            ("ul", 0) => {
                out.push_str(&html[from..tag.range.start]);
                out.push_str(if tag.closes { "</ol>" } else { "<ol>" });
                from = tag.range.end;
            }
            ("strong", 2 | 3) if !tag.closes && begins_item(html, &tags, index) => {
                let Some(end) = tags.get(index + 1).filter(|end| end.name == "strong" && end.closes) else {
                    continue;
                };
                let text = &html[tag.range.end..end.range.start];
                let Some(time) = clock(text) else { continue };
                out.push_str(&html[from..tag.range.start]);
                // Writing to a string cannot fail.
                let _ = write!(out, "<time datetime=\"{time}\">{text}</time>");
                from = end.range.end;
            }
            _ => {}
        }
    }
    out.push_str(&html[from..]);
    out
}

/// Whether nothing stands between an item's start and this tag, save the start of a paragraph.
fn begins_item(html: &str, tags: &[Tag<'_>], index: usize) -> bool {
    let mut before = tags[..index].iter().rev().filter(|tag| tag.name != "p" || tag.closes);
    before.next().is_some_and(|item| {
        let between = &html[item.range.end..tags[index].range.start];
        item.name == "li" && !item.closes && matches!(between.trim(), "" | "<p>")
    })
}

/// A time of day as HTML has it: `9:30`, `09:30` and `9.30 pm` are times.
fn clock(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (digits, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        _ => (text.as_str(), None),
    };
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if afternoon.is_some() => (digits, "00"),
        _ => return None,
    };
    let hours: u8 = hours.parse().ok()?;
    let minutes: u8 = minutes.parse().ok()?;
    let hours = match afternoon {
        Some(more) if (1..=12).contains(&hours) => hours % 12 + more,
        Some(_) => return None,
        None => hours,
    };
    (hours < 24 && minutes < 60).then(|| format!("{hours:02}:{minutes:02}"))
}

/// Frees the boxes of a task list, each of which stands in a label with its task.
fn tickable(html: &str) -> String {
    html.replace("<label><input disabled=\"\" type=\"checkbox\"", "<label><input type=\"checkbox\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_folded_below_their_questions() {
        assert_eq!(
            folded(
                "<p>Intro</p>\n<h3 id=\"a\">A? <a class=\"anchor\" href=\"#a\">#</a></h3>\n<p>Yes</p>\n<h4>More</h4>\n<h3 id=\"b\">B > c?</h3>\n"
            ),
            "<p>Intro</p>\n<details>\n<summary><h3 id=\"a\">A?</h3></summary>\n<p>Yes</p>\n<h4>More</h4>\n</details>\n\
             <details>\n<summary><h3 id=\"b\">B > c?</h3></summary>\n\n</details>\n"
        );
        let quoted = "<blockquote>\n<h3>Said</h3>\n</blockquote>\n<hr />\n<p title=\"<h3>\">x</p>";
        assert_eq!(folded(quoted), quoted);
    }

    #[test]
    fn times_of_day_become_times() {
        assert_eq!(
            times(
                "<ul>\n<li><strong>9:00</strong> Mail, <strong>9:10</strong>\n<ul>\n<li>x</li>\n</ul>\n</li>\n\
                   <li>\n<p><strong>1 pm</strong> Lunch</p>\n</li>\n<li><strong>Late</strong> Home</li>\n</ul>"
            ),
            "<ol>\n<li><time datetime=\"09:00\">9:00</time> Mail, <strong>9:10</strong>\n<ul>\n<li>x</li>\n</ul>\n</li>\n\
             <li>\n<p><time datetime=\"13:00\">1 pm</time> Lunch</p>\n</li>\n<li><strong>Late</strong> Home</li>\n</ol>"
        );
        for (text, expected) in
            [("12 am", Some("00:00")), ("12.30 PM", Some("12:30")), ("24:00", None), ("9", None)]
        {
            assert_eq!(clock(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn tasks_can_be_ticked() {
        assert_eq!(
            tickable(
                "<ul>\n<li><label><input disabled=\"\" type=\"checkbox\" checked=\"\"/> Read <em>it</em></label></li>\n</ul>"
            ),
            "<ul>\n<li><label><input type=\"checkbox\" checked=\"\"/> Read <em>it</em></label></li>\n</ul>"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_reshaped_without_losing_text(html in "(<(/)?(h3|ul|li|p|strong|input|!--)( a=\"[>]\")?(/)?>|-->|<|a|é|9:00| ){0,24}") {
            let text = |html: &str| html.replace(|c: char| c.is_whitespace(), "").matches(['é', 'a']).count();
            let _ = (folded(&html), tickable(&html), times(&html));
            proptest::prop_assert!(text(&folded(&html)) >= text(&html));
        }
    }
}
