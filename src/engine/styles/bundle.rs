//! Stylesheets to one: imports in their place, prefixed for the browsers in use, and small.
//!
//! In: the texts of stylesheets by name, and which of them to begin with. Out: one stylesheet, and
//! what in them no browser would understand, at its place. Reads no file.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use lightningcss::error::{Error, ParserError};
use lightningcss::rules::import::ImportRule;
use lightningcss::rules::layer::LayerBlockRule;
use lightningcss::rules::media::MediaRule;
use lightningcss::rules::supports::SupportsRule;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};

use crate::config::brackets::{self, DEEPEST, Excess, LARGEST, ROUND};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A stylesheet as it was written.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// The file, relative to the root.
    pub(super) path: Arc<str>,
    pub(super) text: String,
}

/// The browsers that pages are made for: those that were new in the spring of 2023, which know
/// nesting of selectors by `:has()`, layers and containers. What came later is written for them too.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(111 << 16),
    edge: Some(111 << 16),
    firefox: Some(113 << 16),
    ie: None,
    ios_saf: Some((16 << 16) | (4 << 8)),
    opera: Some(97 << 16),
    safari: Some((16 << 16) | (4 << 8)),
    samsung: Some(22 << 16),
};

/// Most imports that are put in place: each may import others, again and again.
const MOST_IMPORTS: usize = 1_000;

/// Joins the named stylesheets in their order, each with what it imports from its own folder.
pub(super) fn bundle(sheets: &BTreeMap<String, Sheet>, first: &[&str]) -> (String, Vec<Diagnostic>) {
    let mut bundler =
        Bundler { sheets, open: Vec::new(), imports: 0, outside: Vec::new(), diagnostics: Vec::new() };
    let mut rules: Vec<CssRule<'_>> = Vec::new();
    for name in first {
        rules.extend(bundler.rules(name));
    }
    // Imports of other addresses stand before all else, or browsers pass over them.
    let mut all = bundler.outside;
    all.append(&mut rules);
    let mut diagnostics = bundler.diagnostics;
    let targets = Targets::from(BROWSERS);
    let mut joined = StyleSheet::new(Vec::new(), CssRuleList(all), ParserOptions::default());
    let minified = joined.minify(MinifyOptions { targets, ..MinifyOptions::default() });
    let printed = joined.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() });
    match (minified, printed) {
        (Ok(()), Ok(printed)) => (printed.code, diagnostics),
        (minified, printed) => {
            let why = minified.err().map(|error| error.to_string());
            let why = why.or_else(|| printed.err().map(|error| error.to_string())).unwrap_or_default();
            let path = first.first().and_then(|name| sheets.get(*name));
            let path = path.map_or_else(|| "site.toml".into(), |sheet| Arc::clone(&sheet.path));
            diagnostics.push(Diagnostic::new(
                Code::StyleInvalid,
                path,
                None,
                format!("this stylesheet cannot be made small: {why}"),
            ));
            let texts = first.iter().filter_map(|name| sheets.get(*name));
            (texts.map(|sheet| sheet.text.as_str()).collect::<Vec<_>>().join("\n"), diagnostics)
        }
    }
}

struct Bundler<'s> {
    sheets: &'s BTreeMap<String, Sheet>,
    /// The stylesheets that are being read, from the first to the innermost.
    open: Vec<&'s str>,
    /// How many imports were put in place.
    imports: usize,
    outside: Vec<CssRule<'s>>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> Bundler<'s> {
    /// The rules of a stylesheet, with those that it imports.
    fn rules(&mut self, name: &str) -> Vec<CssRule<'s>> {
        let Some((name, sheet)) = self.sheets.get_key_value(name) else { return Vec::new() };
        if self.open.contains(&name.as_str()) {
            return Vec::new();
        }
        if let Err(excess) = brackets::judge(&sheet.text) {
            self.diagnostics.push(excessive(sheet, excess));
            return Vec::new();
        }
        let warnings = Arc::new(RwLock::new(Vec::new()));
        let options = ParserOptions {
            filename: sheet.path.to_string(),
            error_recovery: true,
            warnings: Some(Arc::clone(&warnings)),
            ..ParserOptions::default()
        };
        let parsed = StyleSheet::parse(&sheet.text, options);
        if let Ok(warnings) = warnings.read() {
            self.diagnostics.extend(warnings.iter().map(|warning| invalid(sheet, warning)));
        }
        let rules = match parsed {
            Ok(parsed) => parsed.rules.0,
            Err(error) => {
                self.diagnostics.push(invalid(sheet, &error));
                return Vec::new();
            }
        };
        self.open.push(name);
        let mut all = Vec::with_capacity(rules.len());
        for rule in rules {
            match rule {
                CssRule::Import(import) => match self.inside(name, &import.url) {
                    Some(other) if self.imports < MOST_IMPORTS && self.open.len() < DEEPEST => {
                        self.imports += 1;
                        all.extend(self.import(&other, import));
                    }
                    Some(_) => self.too_many(sheet, &import),
                    None => self.outside.push(CssRule::Import(import)),
                },
                rule => all.push(rule),
            }
        }
        self.open.pop();
        all
    }

    /// Says once that there are too many imports.
    fn too_many(&mut self, sheet: &Sheet, import: &ImportRule<'s>) {
        let message = format!(
            "more than {MOST_IMPORTS} stylesheets are imported, or more than {DEEPEST} of them by each other"
        );
        if self.diagnostics.iter().any(|found| found.message == message) {
            return;
        }
        let span = span(&sheet.text, import.loc.line as usize, import.loc.column as usize);
        let found = Diagnostic::new(Code::StyleInvalid, Arc::clone(&sheet.path), span, message);
        self.diagnostics.push(found.help("import each stylesheet once; this one is left out"));
    }

    /// The stylesheet in the same folder that an import names.
    fn inside(&self, from: &str, url: &str) -> Option<String> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = url.strip_prefix("./").unwrap_or(url);
        let name = format!("{folder}/{name}");
        self.sheets.contains_key(&name).then_some(name)
    }

    /// What is imported, under the conditions of the import.
    fn import(&mut self, name: &str, import: ImportRule<'s>) -> Vec<CssRule<'s>> {
        let mut rules = self.rules(name);
        let loc = import.loc;
        if let Some(layer) = import.layer {
            rules = vec![CssRule::LayerBlock(LayerBlockRule { name: layer, rules: CssRuleList(rules), loc })];
        }
        if let Some(condition) = import.supports {
            rules = vec![CssRule::Supports(SupportsRule { condition, rules: CssRuleList(rules), loc })];
        }
        if !import.media.media_queries.is_empty() {
            rules = vec![CssRule::Media(MediaRule { query: import.media, rules: CssRuleList(rules), loc })];
        }
        rules
    }
}

/// A stylesheet that the parser would not come to an end with.
fn excessive(sheet: &Sheet, excess: Excess) -> Diagnostic {
    let (at, message) = match excess {
        Excess::Deep(at) => (at, format!("more than {DEEPEST} brackets inside each other")),
        Excess::Round(at) => (at, format!("more than {ROUND} parentheses inside each other")),
        Excess::Large(at) => {
            (at, format!("rules in rules make selectors of more than {} MiB", LARGEST >> 20))
        }
    };
    Diagnostic::new(Code::StyleInvalid, Arc::clone(&sheet.path), Span::new(at, at + 1), message)
        .help("flatten them; until then nothing of this file is used")
}

fn invalid(sheet: &Sheet, error: &Error<ParserError<'_>>) -> Diagnostic {
    let span = error.loc.as_ref().map(|loc| span(&sheet.text, loc.line as usize, loc.column as usize));
    let message = format!("browsers pass over this: {}", lowered(&error.kind.to_string()));
    Diagnostic::new(Code::StyleInvalid, Arc::clone(&sheet.path), span, message)
        .help("mend it or take it out; what stands around it works")
}

/// A message of the parser as one of ours: no capital, no full stop.
fn lowered(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The sign at a line, from 0, and a column, from 1, in UTF-16 units.
fn span(text: &str, line: usize, column: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let mut units = 1;
    let mut at = start;
    for sign in rest.chars() {
        if units >= column {
            return Span::new(at, at + sign.len_utf8());
        }
        units += sign.len_utf16();
        at += sign.len_utf8();
    }
    Span::new(at, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheets(texts: &[(&str, &str)]) -> BTreeMap<String, Sheet> {
        let sheet = |(name, text): &(&str, &str)| {
            ((*name).to_owned(), Sheet { path: format!("static/{name}").into(), text: (*text).to_owned() })
        };
        texts.iter().map(sheet).collect()
    }

    #[test]
    fn imports_of_the_same_folder_take_their_place_and_others_come_first() {
        let sheets = sheets(&[
            (
                "css/main.css",
                "@import 'print.css' print;\n@import url(https://example.com/x.css);\n@import './a.css' layer(base);\nb { color: red }",
            ),
            ("css/print.css", "i { color: #000000 }"),
            ("css/a.css", "@import 'main.css';\nu { user-select: none }"),
            ("css/site.css", "b { margin: 0px }"),
        ]);
        let (css, found) = bundle(&sheets, &["css/main.css", "css/site.css"]);
        assert_eq!(
            css,
            "@import \"https://example.com/x.css\";@media print{i{color:#000}}@layer base{u{-webkit-user-select:none;user-select:none}}b{color:red;margin:0}"
        );
        assert_eq!(found, []);
    }

    #[test]
    fn what_browsers_pass_over_is_told_at_its_place_and_the_rest_is_kept() {
        let sheets = sheets(&[("css/main.css", "a { color: red }\n/* ü */ b { colr }\ni { color: blue }\n")]);
        let (css, found) = bundle(&sheets, &["css/main.css"]);
        assert_eq!(css, "a{color:red}i{color:#00f}");
        assert_eq!(found.len(), 1, "{found:?}");
        let span = found[0].location.span.unwrap();
        assert!((26..36).contains(&(span.start as usize)), "{found:?}");
    }

    #[test]
    fn the_built_in_stylesheet_is_understood() {
        let text = include_str!("../../../themes/default/static/css/main.css");
        let (css, found) = bundle(&sheets(&[("css/main.css", text)]), &["css/main.css"]);
        assert_eq!(found, []);
        assert!(css.len() < text.len(), "{} of {}", css.len(), text.len());
        assert!(!css.contains('\n'));
    }
}
