//! `[theme]`: what a theme lets a site choose, and what the site chose.
//!
//! In: `theme.toml`, which declares options with types and defaults, and the values of `site.toml`.
//! Out: a [`Setting`] for every option, and diagnostics at the bytes of either file. Reads no file, and
//! does not ask whether a file or a page that is named exists.

use serde::Serialize;

use super::colour::{Colour, Faint, Grounds, Palette};
use super::frame::leads_somewhere;
use super::read::join;
use super::{Config, NavItem};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::value::{self, Entry, Field, Group, Kind, Reader, Source, Spanned, Syntax, Value, listed};

/// The key of `[theme]` that names the folder; no option can be called so.
const NAME: &str = "name";

/// Something that a theme lets a site choose.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeOption {
    /// The key below `[theme]`.
    pub name: String,
    /// What it takes.
    pub kind: OptionKind,
    /// What it is unless a site says otherwise.
    pub default: Setting,
    /// What it does, in one line.
    pub summary: String,
}

/// What an option takes.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionKind {
    /// Words.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number from 0 up.
    Number,
    /// One of these words.
    Choice(Vec<String>),
    /// A colour for text on these grounds, or one for light and one for dark pages.
    Colour(Grounds),
    /// A file below `static/`, the site's or the theme's.
    File,
    /// A font: one such file, or several with weight and style.
    Font,
    /// Links, each with `title` and `url`.
    Links,
}

/// What `type` may be, and the one spelling that we go by.
const KINDS: &[(&str, &str)] = &[
    ("text", "text"),
    ("boolean", "boolean"),
    ("number", "number"),
    ("choice", "choice"),
    ("colour", "colour"),
    ("color", "colour"),
    ("file", "file"),
    ("font", "font"),
    ("links", "links"),
];

/// What an option is set to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Setting {
    /// Nothing: the site chose nothing, and the theme has no default.
    Unset,
    /// Text, a number, `true` or `false`.
    Plain(serde_json::Value),
    /// A colour.
    Colour(Palette),
    /// A file's name below `static/`.
    File(FileName),
    /// The files of a font.
    Font(Vec<Face>),
    /// Links in their order.
    Links(Vec<NavItem>),
}

/// A file that is named in `site.toml` or `theme.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileName {
    /// Below `static/`: `img/logo.svg`.
    pub name: String,
    /// The file that names it.
    pub told_in: String,
    /// Where.
    pub span: Span,
}

/// One file of a font.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Face {
    /// The file.
    pub file: FileName,
    /// `400`, or `100 900` for a file that holds all weights between.
    pub weight: String,
    /// `normal` or `italic`.
    pub style: &'static str,
}

/// Endings of fonts, each with what CSS calls the format and the media type.
pub const FONTS: &[(&str, &str, &str)] = &[
    ("woff2", "woff2", "font/woff2"),
    ("woff", "woff", "font/woff"),
    ("ttf", "truetype", "font/ttf"),
    ("otf", "opentype", "font/otf"),
];

/// The entry of [`FONTS`] for a file.
#[must_use]
pub fn font_format(name: &str) -> Option<(&'static str, &'static str)> {
    let (_, ending) = name.rsplit_once('.')?;
    let known = FONTS.iter().find(|(known, ..)| ending.eq_ignore_ascii_case(known))?;
    Some((known.1, known.2))
}

/// Reads what `theme.toml` declares.
#[must_use]
pub fn declared(text: &str, path: &str) -> (Vec<ThemeOption>, Vec<Diagnostic>) {
    let source = Source { path: path.into(), text, block: 0..text.len(), code: Code::Config };
    let (entries, diagnostics) = value::parse(&source, Syntax::Toml);
    let mut reader = Reader::new(&source);
    reader.diagnostics = diagnostics;
    let mut group = Group::new("the theme", &entries, Span::new(0, 0));
    for key in ["name", "description", "license", "version", "homepage"] {
        group.optional(&mut reader, key, Reader::text);
    }
    group.list(&mut reader, "authors", Reader::texts);
    let options = group.list(&mut reader, "options", |reader, field| {
        const HELP: &str = "write `[options.accent]`, and `type`, `default` and `summary` below";
        let entries = reader.table(field, HELP);
        entries.iter().filter_map(|entry| option(reader, entry)).collect()
    });
    group.finish(&mut reader);
    (options, reader.diagnostics)
}

fn option(reader: &mut Reader<'_, '_>, entry: &Entry) -> Option<ThemeOption> {
    let Entry { key, key_span, value } = entry;
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    if key == NAME || !key.starts_with(|sign: char| sign.is_ascii_lowercase()) || !key.chars().all(plain) {
        let message = format!("`{key}` cannot name an option");
        reader.refuse(*key_span, message, "use small letters, digits and `_`, and a word other than `name`");
        return None;
    }
    let field = Field { key, value };
    let help = format!("write `[options.{key}]`, and `type`, `default` and `summary` below");
    let mut group = Group::of(reader, format!("option `{key}`"), field, &help)?;
    let summary = group.optional(reader, "summary", Reader::text).unwrap_or_default();
    let kind = group.required(reader, "type", |reader, field| reader.choice(field, KINDS));
    let choices = group.list(reader, "choices", Reader::texts);
    let grounds = group.optional(reader, "on", grounds).unwrap_or_default();
    let default = group.field("default");
    let span = group.span();
    group.finish(reader);
    let kind = match kind? {
        "boolean" => OptionKind::Boolean,
        "number" => OptionKind::Number,
        "choice" if choices.is_empty() => {
            reader.refuse(span, format!("option `{key}` has no `choices`"), "list the words to choose from");
            return None;
        }
        "choice" => OptionKind::Choice(choices),
        "colour" => OptionKind::Colour(grounds),
        "file" => OptionKind::File,
        "font" => OptionKind::Font,
        "links" => OptionKind::Links,
        _ => OptionKind::Text,
    };
    let default = default.and_then(|field| read(reader, &kind, Field { key, ..field }));
    Some(ThemeOption { name: key.clone(), kind, default: default.unwrap_or(Setting::Unset), summary })
}

/// Colours that text stands on, for light and for dark pages.
fn grounds(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Grounds> {
    let help = "write `{ light = \"#fff\", dark = \"#111\" }`";
    let mut group = Group::of(reader, "the ground", field, help)?;
    let colours = |reader: &mut Reader<'_, '_>, field: Field<'_>| reader.list(field, colour);
    let grounds =
        Grounds { light: group.list(reader, "light", colours), dark: group.list(reader, "dark", colours) };
    group.finish(reader);
    Some(grounds)
}

/// Reads what a site chose into its settings, by what its theme declares. `text` is that of `site.toml`.
pub fn choose(config: &mut Config, options: &[ThemeOption], text: &str, path: &str) -> Vec<Diagnostic> {
    let source = Source { path: path.into(), text, block: 0..text.len(), code: Code::Config };
    let mut reader = Reader::new(&source);
    let entries = std::mem::take(&mut config.theme_entries);
    for entry in &entries {
        if !options.iter().any(|option| option.name == entry.key) {
            let known = || options.iter().map(|option| option.name.as_str());
            let help = match options {
                [] => format!("the theme `{}` has no options", config.theme),
                _ => format!("the theme `{}` has {}", config.theme, listed(known(), "and")),
            };
            reader.unknown(entry, known(), &help);
        }
    }
    let chosen = |option: &ThemeOption| {
        let entry = entries.iter().find(|entry| entry.key == option.name);
        let setting = entry.and_then(|entry| {
            let key = join("theme", &entry.key);
            read(&mut reader, &option.kind, Field { key: &key, value: &entry.value })
        });
        (option.name.clone(), setting.unwrap_or_else(|| option.default.clone()))
    };
    config.options = options.iter().map(chosen).collect();
    reader.diagnostics
}

/// A value of an option.
fn read(reader: &mut Reader<'_, '_>, kind: &OptionKind, field: Field<'_>) -> Option<Setting> {
    let plain = |value: serde_json::Value| Setting::Plain(value);
    match kind {
        OptionKind::Text => reader.text(field).map(|text| plain(text.into())),
        OptionKind::Boolean => reader.boolean(field).map(|value| plain(value.into())),
        OptionKind::Number => reader.size(field).map(|number| plain(number.into())),
        OptionKind::Choice(words) => {
            let words: Vec<(&str, &str)> = words.iter().map(|word| (word.as_str(), word.as_str())).collect();
            reader.choice(field, &words).map(|word| plain(word.into()))
        }
        OptionKind::Colour(grounds) => palette(reader, grounds, field).map(Setting::Colour),
        OptionKind::File => file(reader, field).map(Setting::File),
        OptionKind::Font => font(reader, field).map(Setting::Font),
        OptionKind::Links => links(reader, field).map(Setting::Links),
    }
}

fn colour(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Colour> {
    let text = reader.filled(field)?;
    let colour = Colour::read(&text);
    if colour.is_none() {
        let message = format!("`{text}` is not an opaque colour");
        reader.refuse(field.value.span, message, "write it as `\"#14584a\"`, or as CSS does");
    }
    colour
}

/// One colour for light pages, from which that for dark ones is made, or both.
fn palette(reader: &mut Reader<'_, '_>, grounds: &Grounds, field: Field<'_>) -> Option<Palette> {
    let Kind::Table(_) = field.value.kind else {
        let light = colour(reader, field)?;
        return readable(reader, field.value, light, "light", grounds.faint_on_light(light))
            .then(|| grounds.palette(light, grounds.lightened(light)));
    };
    let help = "write one colour, or `{ light = \"#14584a\", dark = \"#82cfb7\" }`";
    let mut group = Group::of(reader, format!("`{}`", field.key), field, help)?;
    let light = group.required(reader, "light", |reader, field| {
        let light = colour(reader, field)?;
        readable(reader, field.value, light, "light", grounds.faint_on_light(light)).then_some(light)
    });
    let dark = group.required(reader, "dark", |reader, field| {
        let dark = colour(reader, field)?;
        readable(reader, field.value, dark, "dark", grounds.faint_on_dark(dark)).then_some(dark)
    });
    group.finish(reader);
    Some(grounds.palette(light?, dark?))
}

/// Whether a colour can be read on its grounds; if not, says what could be.
fn readable(
    reader: &mut Reader<'_, '_>,
    value: &Value,
    colour: Colour,
    pages: &str,
    faint: Option<Faint>,
) -> bool {
    let Some(Faint { ground, contrast, instead }) = faint else { return true };
    // Cut off and not rounded, or what is just too little would be told as enough.
    let contrast = (contrast * 10.0).floor() / 10.0;
    let message =
        format!("`{colour}` is hard to read on {pages} pages: its contrast with `{ground}` is {contrast:.1}");
    let help = format!(
        "write `{instead}`, the nearest shade with a contrast of {}, which readers with weak sight need",
        super::colour::CONTRAST
    );
    reader.refuse(value.span, message, help);
    false
}

/// The name of a file below `static/`.
fn file(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<FileName> {
    let Spanned { value, span } = reader.name(field)?;
    let name = value.trim_start_matches('/');
    let name = name.strip_prefix("static/").unwrap_or(name);
    if name.is_empty() || name.contains("://") || name.split('/').any(|part| matches!(part, "" | "." | ".."))
    {
        let message = format!("`{value}` is not a file of the site");
        reader.refuse(span, message, "put the file into `static/` and name it from there: `img/logo.svg`");
        return None;
    }
    let told_in = reader.source().path.to_string();
    Some(FileName { name: name.to_owned(), told_in, span })
}

/// One file with all weights, or several, each with its own.
fn font(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Vec<Face>> {
    let faces = match field.value.kind {
        Kind::List(_) => reader.list(field, face),
        _ => vec![face(reader, field)?],
    };
    (!faces.is_empty()).then_some(faces)
}

fn face(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Face> {
    const STYLES: &[(&str, &str)] = &[("normal", "normal"), ("italic", "italic")];
    let Kind::Table(_) = field.value.kind else {
        let file = font_file(reader, field)?;
        return Some(Face { file, weight: "100 900".to_owned(), style: "normal" });
    };
    let help = "write `{ file = \"fonts/text.woff2\", weight = 400 }`";
    let mut group = Group::of(reader, "a font's file", field, help)?;
    let file = group.required(reader, "file", font_file);
    let weight = group.optional(reader, "weight", weight);
    let style = group.optional(reader, "style", |reader, field| reader.choice(field, STYLES));
    group.finish(reader);
    let weight = weight.unwrap_or_else(|| "400".to_owned());
    Some(Face { file: file?, weight, style: style.unwrap_or("normal") })
}

fn font_file(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<FileName> {
    let file = file(reader, field)?;
    if font_format(&file.name).is_some() {
        return Some(file);
    }
    let endings = listed(FONTS.iter().map(|(ending, ..)| *ending), "or");
    reader.refuse(
        file.span,
        format!("`{}` is not a font for the web", file.name),
        format!("name a file in {endings}"),
    );
    None
}

/// A weight from 1 to 1000, or two with a space between them.
fn weight(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<String> {
    let text = reader.filled(field)?;
    let weights: Vec<Option<u16>> = text.split(' ').map(|part| part.parse().ok()).collect();
    let fits = |weight: &Option<u16>| weight.is_some_and(|weight| (1..=1000).contains(&weight));
    let is_range = weights.first() <= weights.last();
    if (1..=2).contains(&weights.len()) && weights.iter().all(fits) && is_range {
        return Some(text);
    }
    let message = format!("`{text}` is not a font's weight");
    reader.refuse(
        field.value.span,
        message,
        "write a number from 1 to 1000, or the first and the last: `\"100 900\"`",
    );
    None
}

fn links(reader: &mut Reader<'_, '_>, field: Field<'_>) -> Option<Vec<NavItem>> {
    let help = format!("write `[[{}]]`, and `title` and `url` below", field.key);
    let Kind::List(items) = &field.value.kind else {
        reader.mistyped(field, "a list of links", &help);
        return None;
    };
    let link = |value: &Value| {
        let mut group =
            Group::of(reader, format!("an entry of `{}`", field.key), Field { value, ..field }, &help)?;
        let title = group.required(reader, "title", Reader::filled);
        let url = group.required(reader, "url", |reader, field| {
            Some((leads_somewhere(reader, field)?, field.value.span))
        });
        group.finish(reader);
        let (url, span) = url?;
        Some(NavItem { title: title?, url, span: Some(span) })
    };
    Some(items.iter().filter_map(link).collect())
}

/// A folder's name, or a table with it and with what the theme lets a site choose. What that is, its
/// own file says, which is read later.
pub(super) fn chosen(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    match &field.value.kind {
        Kind::Table(entries) => {
            for entry in entries {
                if entry.key == "name" {
                    theme_name(config, reader, Field { key: "theme.name", value: &entry.value });
                } else {
                    config.theme_entries.push(entry.clone());
                }
            }
        }
        _ => theme_name(config, reader, field),
    }
}

fn theme_name(config: &mut Config, reader: &mut Reader<'_, '_>, field: Field<'_>) {
    let Some(theme) = reader.filled(field) else { return };
    let is_folder = |name: &str| {
        !name.starts_with('.')
            && name.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.'))
    };
    if is_folder(&theme) {
        config.theme = theme;
    } else {
        let message = format!("`{theme}` is not the name of a folder");
        reader.refuse(
            field.value.span,
            message,
            "write the name of a folder below `themes/`, without slashes",
        );
    }
}
