//! The filters of templates beyond Tera's own.
//!
//! In: values of a template. Out: values. Filters are pure: no clock, no files, no look at the
//! site beyond the `site` and `page` that the template itself was handed.
//!
//! | Filter | Use |
//! |---|---|
//! | `date` | `page.published \| date`, `\| date(format="%d %B %Y")` |
//! | `slug` | `"C & C++" \| slug` |
//! | `markdown` | `page.dek \| markdown` |
//! | `json` | `<script type="application/json">{{ page.title \| json }}</script>` |
//! | `urlencode` | `"?q=" ~ (term.title \| urlencode)` |
//! | `number` | `90930 \| number`, `\| number(decimals=2, lang="de")` |
//! | `xml` | text for XML: escaped, without characters XML forbids |
//! | `absolute` | `page.url \| absolute` |

#![expect(clippy::needless_pass_by_value, reason = "Tera hands filters their arguments by value")]

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::Pieces;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use pulldown_cmark_escape::escape_href;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::fill::Text;
use super::view::xml_text;
use crate::assemble::format::Locale;
use crate::config::SlugStyle;

/// Adds the filters to an engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("date", date);
    tera.register_filter("slug", slug);
    tera.register_filter("markdown", markdown);
    tera.register_filter("json", json);
    tera.register_filter("urlencode", urlencode);
    tera.register_filter("number", number);
    tera.register_filter("xml", xml);
    tera.register_filter("absolute", absolute);
    super::reshape::register(tera);
}

/// A date in the page's language, or by a `strftime` format. Takes the dates of views, and text
/// that begins with a day (`2026-11-20`).
fn date(value: &Value, arguments: Kwargs, state: &State) -> TeraResult<String> {
    let written = value.get_from_path("iso").and_then(Value::as_str).or_else(|| value.as_str());
    let parsed = written.and_then(|text| {
        let date: Date = text.get(..10)?.parse().ok()?;
        let pieces = Pieces::parse(text).ok()?;
        let mut parts = BrokenDownTime::from(date.to_datetime(pieces.time().unwrap_or_default()));
        parts.set_offset(pieces.to_numeric_offset());
        Some((date, parts))
    });
    let Some((date, parts)) = parsed else {
        return Err(Error::message(format!(
            "`date` takes a date such as `2026-11-20`, found {}",
            found(value)
        )));
    };
    match arguments.get::<&str>("format")? {
        None => Ok(locale(&arguments, state)?.date(date)),
        Some(format) => parts
            .to_string(format)
            .map_err(|error| Error::message(format!("`{format}` is no date format: {error}"))),
    }
}

/// Text as part of a URL: lower-case ASCII letters, digits, `_` and hyphens.
fn slug(value: &str, _: Kwargs, _: &State) -> String {
    crate::parse::slug::slug(value, SlugStyle::Ascii)
}

/// Markdown of a few words, such as a line of front matter, as HTML. One paragraph alone comes
/// without its `<p>`; raw HTML is shown as text, an image as its description, and links keep only
/// schemes that are safe.
fn markdown(value: &str, _: Kwargs, _: &State) -> Value {
    let mut html = String::new();
    let mut paragraphs = 0;
    for event in Parser::new_ext(value, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(tag) => open(&mut html, &tag),
            Event::End(tag) => {
                paragraphs += usize::from(tag == TagEnd::Paragraph);
                close(&mut html, tag);
            }
            Event::Code(code) => {
                let _ = write!(html, "<code>{}</code>", Text(&code));
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                let _ = write!(html, "{}", Text(&text));
            }
            Event::SoftBreak => html.push('\n'),
            Event::HardBreak => html.push_str("<br>\n"),
            Event::Rule => html.push_str("<hr>\n"),
            // Of syntax that is not switched on.
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }
    let html = html.trim_end();
    let inner =
        html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|_| paragraphs == 1);
    Value::safe_string(inner.unwrap_or(html))
}

fn open(html: &mut String, tag: &Tag<'_>) {
    let name = match tag {
        Tag::Link { dest_url, .. } => {
            html.push_str("<a href=\"");
            let _ = escape_href(&mut *html, if is_safe(dest_url) { dest_url } else { "#" });
            html.push_str("\">");
            return;
        }
        tag => element(tag.to_end()),
    };
    if let Some(name) = name {
        let _ = write!(html, "<{name}>");
    }
}

fn close(html: &mut String, tag: TagEnd) {
    if let Some(name) = element(tag) {
        let _ = write!(html, "</{name}>");
    }
    if matches!(
        tag,
        TagEnd::Paragraph | TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::CodeBlock
    ) {
        html.push('\n');
    }
}

/// The element of a kind of text; headings are paragraphs, since levels are the template's.
fn element(tag: TagEnd) -> Option<&'static str> {
    Some(match tag {
        TagEnd::Paragraph | TagEnd::Heading(_) => "p",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "del",
        TagEnd::Link => "a",
        TagEnd::List(true) => "ol",
        TagEnd::List(false) => "ul",
        TagEnd::Item => "li",
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::CodeBlock => "pre",
        _ => return None,
    })
}

fn is_safe(url: &str) -> bool {
    let Some((scheme, _)) = url.split_once(':') else { return true };
    if scheme.contains(['/', '?', '#']) {
        return true;
    }
    ["http", "https", "mailto", "tel"].iter().any(|safe| scheme.eq_ignore_ascii_case(safe))
}

/// A value as JSON that is safe inside `<script>` and attributes' scripts: nothing in it can end
/// the element, begin a comment or break a line of JavaScript.
fn json(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let plain = serde_json::to_string(value).map_err(|error| Error::message(format!("no JSON: {error}")))?;
    let mut safe = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{:04x}", letter as u32);
            }
            _ => safe.push(letter),
        }
    }
    Ok(Value::safe_string(&safe))
}

/// Text as one part of a URL: everything but unreserved characters (RFC 3986, 2.3) is encoded.
fn urlencode(value: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_number() => value.to_string(),
        None => return Err(Error::message(format!("`urlencode` takes text, found {}", found(value)))),
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    Ok(encoded)
}

/// A number with its digits grouped as the page's language does, rounded to `decimals`.
fn number(value: &Value, arguments: Kwargs, state: &State) -> TeraResult<String> {
    let locale = locale(&arguments, state)?;
    let decimals = arguments.get::<u8>("decimals")?.map(|decimals| usize::from(decimals.min(20)));
    let plain = match (value.as_i128(), value.as_f64(), decimals) {
        (Some(whole), _, None | Some(0)) => whole.to_string(),
        (_, Some(number), Some(decimals)) if number.is_finite() => format!("{number:.decimals$}"),
        (_, Some(number), None) if number.is_finite() => number.to_string(),
        _ => return Err(Error::message(format!("`number` takes a number, found {}", found(value)))),
    };
    Ok(locale.plain_number(&plain))
}

/// Text for XML 1.0.
fn xml(value: &str, _: Kwargs, state: &State) -> TeraResult<Value> {
    Ok(Value::safe_string(&state.escape(&xml_text(value))?))
}

/// A URL path of the site as an absolute URL; what has a scheme stays as it is.
fn absolute(value: &str, _: Kwargs, state: &State) -> TeraResult<String> {
    let site = state.get::<Value>("site")?.unwrap_or_else(Value::undefined);
    let text = |name: &str| site.get_from_path(name).and_then(|value| value.as_str().map(str::to_owned));
    let (Some(path), Some(permalink)) = (text("url"), text("permalink")) else {
        return Err(Error::message("`absolute` needs `site`, which this template was not handed"));
    };
    if value.contains("://") || value.starts_with("mailto:") {
        return Ok(value.to_owned());
    }
    let below = value.strip_prefix(&path).unwrap_or(value);
    Ok(format!("{permalink}{}", below.strip_prefix('/').unwrap_or(below)))
}

/// `lang` of the arguments, else of the page, else of the engine: components see no page.
fn locale(arguments: &Kwargs, state: &State) -> TeraResult<&'static Locale> {
    if let Some(tag) = arguments.get::<&str>("lang")? {
        return Ok(Locale::of(tag));
    }
    let page = state.get::<Value>("page")?;
    if let Some(tag) = page.as_ref().and_then(|page| page.get_from_path("lang")).and_then(Value::as_str) {
        return Ok(Locale::of(tag));
    }
    Ok(Locale::of(&state.get::<String>("lang")?.unwrap_or_default()))
}

/// What a value is, in a writer's words.
fn found(value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!("`{text}`"),
        None if value.is_undefined() || value.is_none() => "nothing".to_owned(),
        None if value.is_number() || value.is_bool() => format!("`{value}`"),
        None if value.is_array() => "a list".to_owned(),
        None => "a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> Result<String, String> {
        let mut tera = Tera::new();
        register(&mut tera);
        let mut context = tera::Context::new();
        context.insert(
            "site",
            &serde_json::json!({
                "url": "/careers/", "permalink": "https://example.com/careers/", "lang": "en-US",
            }),
        );
        context.insert(
            "page",
            &serde_json::json!({
                "lang": "de", "published": {"iso": "2026-11-20T09:05:00+01:00"}, "n": 1_234_567,
            }),
        );
        tera.render_str(template, &context, true).map_err(|error| error.to_string())
    }

    #[test]
    fn filters_answer_what_authors_expect() {
        for (template, expected) in [
            ("{{ page.published | date }}", "20. November 2026"),
            ("{{ page.published | date(lang='en-GB') }}", "20 November 2026"),
            ("{{ page.published | date(format='%Y/%m/%d %H:%M %:z') }}", "2026/11/20 09:05 +01:00"),
            ("{{ '2026-02-03' | date(format='%-d %b %Y') }}", "3 Feb 2026"),
            ("{{ 'Où & Ça: C++!' | slug }}", "ou-and-ca-c"),
            (
                "{{ 'the *new* [x](javascript:alert(1)) <b>' | markdown }}",
                "the <em>new</em> <a href=\"#\">x</a> &lt;b&gt;",
            ),
            ("{{ 'a\n\nb' | markdown }}", "<p>a</p>\n<p>b</p>"),
            ("{{ '</script> & \u{2028}' | json }}", "\"\\u003c/script\\u003e \\u0026 \\u2028\""),
            ("{{ page.published | json }}", "{\"iso\":\"2026-11-20T09:05:00+01:00\"}"),
            ("{{ 'a b/ü&' | urlencode }}", "a%20b%2F%C3%BC%26"),
            ("{{ page.n | number }}", "1.234.567"),
            ("{{ 1234.5 | number(decimals=2, lang='en') }}", "1,234.50"),
            ("{{ 'a\u{8}<b>' | xml }}", "a&lt;b&gt;"),
            ("{{ '/guides/x/' | absolute }}", "https://example.com/careers/guides/x/"),
            ("{{ '/careers/guides/x/' | absolute }}", "https://example.com/careers/guides/x/"),
            ("{{ 'https://example.org/' | absolute }}", "https://example.org/"),
        ] {
            assert_eq!(render(template).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn wrong_values_are_named() {
        for (template, part) in [
            ("{{ 'soon' | date }}", "`date` takes a date such as `2026-11-20`, found `soon`"),
            ("{{ page.published | date(format='%Q %!') }}", "is no date format"),
            ("{{ 'many' | number }}", "`number` takes a number, found `many`"),
            ("{{ [1] | urlencode }}", "`urlencode` takes text, found a list"),
            ("{{ 3 | slug }}", "expected `&str`"),
        ] {
            let error = render(template).expect_err(template);
            assert!(error.contains(part), "{template}: {error}");
        }
    }
}
