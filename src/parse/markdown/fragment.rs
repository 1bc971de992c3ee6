//! Raw HTML on its way into the page, by the site's policy.
//!
//! In: a block or an inline tag of raw HTML. Out: the same, cleaned, or as text; the ids it brings;
//! and what is dangerous in it. (`raw` reads it, `sanitise` cleans it.)

use std::ops::Range;

use super::capture::is_more;
use super::escape;
use super::html::Writer;
use super::link::Destination;
use super::raw::{Placement, Tag, Token, Tokens, url};
use crate::config::HtmlPolicy;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::parse::highlight::CodeBlock;
use crate::parse::{HoleKind, Reference, ReferenceKind};

impl<H> Writer<'_, '_, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Raw HTML inside a paragraph: one tag or comment.
    pub(super) fn inline_html(&mut self, html: &str, range: Range<usize>) {
        if self.is_all() && self.containers == 0 && is_more(html) && self.prose.more() {
            self.hole(HoleKind::More);
            return;
        }
        self.raw(html, &range, Placement::Inline);
    }

    /// Raw HTML that is a block.
    pub(super) fn raw_block(&mut self, html: &str, range: Range<usize>) {
        if self.is_all() && self.settings.markdown.html == HtmlPolicy::Forbid {
            // A comment shows nothing and runs nothing: it is a note between writers.
            if Tokens::new(html.trim()).any(|token| !matches!(token, Token::Comment(_))) {
                self.newline();
                self.push("<p>");
                escape::text(&mut self.body.html, html.trim_end());
                self.push("</p>\n");
                self.forbidden(range);
            }
        } else {
            self.raw(html, &range, Placement::Block);
        }
        self.start_line();
    }

    fn raw(&mut self, html: &str, range: &Range<usize>, placement: Placement) {
        if !self.is_all() {
            self.push(html);
            return;
        }
        let mut seen = range.start;
        match self.settings.markdown.html {
            HtmlPolicy::Allow => {
                for token in Tokens::new(html) {
                    self.own_tags += usize::from(!matches!(token, Token::Text(_) | Token::Comment(_)));
                    let span = self.locate(&token, range, &mut seen);
                    self.inspect(&token, span);
                    self.note(&token, span, placement);
                    self.keep(&token, &token, span);
                }
            }
            HtmlPolicy::Sanitise => {
                for token in Tokens::new(html) {
                    let span = self.locate(&token, range, &mut seen);
                    let before = self.body.html.len();
                    let is_link_in_link =
                        matches!(&token, Token::Start(tag) if tag.is("a")) && self.open_links > 0;
                    if let Some(sanitiser) = self.sanitiser.as_mut().filter(|_| !is_link_in_link) {
                        sanitiser.write(&token, &mut self.body.html);
                    }
                    if self.body.html.len() > before {
                        self.note(&token, span, placement);
                        let cleaned = self.body.html.split_off(before);
                        Tokens::new(&cleaned).for_each(|kept| self.keep(&kept, &token, span));
                    }
                }
                if let Some(sanitiser) = &mut self.sanitiser {
                    sanitiser.end_fragment();
                }
            }
            HtmlPolicy::Forbid => {
                if Tokens::new(html).any(|token| !matches!(token, Token::Comment(_))) {
                    escape::text(&mut self.body.html, html);
                    self.forbidden(range.clone());
                }
            }
        }
    }

    /// Writes a token that may stay, with a hole for each address inside the site, as for a link or an
    /// image in Markdown. `written` is the token as it stands in the file, at `span`.
    fn keep(&mut self, token: &Token<'_>, written: &Token<'_>, span: Span) {
        let Token::Start(tag) = token else {
            self.push(token.source());
            return;
        };
        let mut done = 0;
        for (name, value) in tag.attributes() {
            let Some(kind) = tag.address(name) else { continue };
            let Some(target) = url(value).filter(|target| !target.is_empty()) else { continue };
            let at = self.place(written, name, span);
            match Destination::of(&target) {
                Destination::Internal => {
                    let start = tag.offset(value);
                    self.push(&tag.source[done..start]);
                    self.refer(kind, &target, at);
                    done = start + value.len();
                }
                // What the tag says of it is the writer's own business; whether it is there is not.
                Destination::External if kind == ReferenceKind::Link => {
                    let target = target.into_owned();
                    self.references.push(Reference { kind: ReferenceKind::Absolute, target, span: at });
                }
                Destination::External | Destination::Contact | Destination::Refused => {}
            }
        }
        self.push(&tag.source[done..]);
    }

    /// Where the value of an attribute stands in the file; the whole tag, when its lines do not follow
    /// one another there.
    fn place(&self, written: &Token<'_>, name: &str, span: Span) -> Span {
        let Token::Start(tag) = written else { return span };
        let start = span.start as usize;
        let value = tag.attributes().find(|(written, _)| written.eq_ignore_ascii_case(name));
        match value {
            Some((_, value)) if self.text[start..].starts_with(tag.source) => {
                let at = start + tag.offset(value);
                Span::new(at, at + value.len())
            }
            _ => span,
        }
    }

    /// Where a tag stands in the file, looked for after the one before. A block inside a quotation is
    /// not one piece of the file; what is not found is said to be the whole block.
    fn locate(&self, token: &Token<'_>, range: &Range<usize>, seen: &mut usize) -> Span {
        let source = match token {
            Token::Start(tag) => tag.source,
            Token::Unclosed(source) => source,
            _ => return range.clone().into(),
        };
        let line = source.lines().next().unwrap_or_default();
        let Some(at) = self.text[*seen..range.end].find(line) else { return range.clone().into() };
        let start = *seen + at;
        *seen = start + line.len();
        Span::new(start, *seen)
    }

    /// Reports what is dangerous in a token that is passed through.
    fn inspect(&mut self, token: &Token<'_>, span: Span) {
        let (what, help, severity) = match token {
            Token::Start(tag) => {
                let Some(danger) = tag.danger() else { return };
                let (help, severity) = if tag.is("script") {
                    (
                        "scripts belong in the theme: `templates/` and `static/` hold what is the site's own",
                        Severity::Error,
                    )
                } else {
                    ("scripts and styles belong in the theme", Severity::Warning)
                };
                (format!("raw HTML with {danger}"), help, severity)
            }
            Token::Unclosed(_) => {
                let what = "this tag has no `>`, so it swallows what follows".to_owned();
                (what, "close the tag with `>`", Severity::Error)
            }
            _ => return,
        };
        let found = Diagnostic::new(Code::HtmlRawUnsafe, self.path.clone(), span, what);
        self.diagnostics.push(found.help(help).severity(severity));
    }

    /// Keeps what later parts need to know of a token that reached the page.
    fn note(&mut self, token: &Token<'_>, span: Span, placement: Placement) {
        match token {
            Token::Text(text) => self.prose.text(text),
            Token::Start(tag) => {
                self.raw_ids(*tag, span);
                self.elements.open(*tag, span, placement);
            }
            Token::End(tag) => self.elements.close(*tag),
            Token::Comment(_) | Token::Verbatim(_) | Token::Unclosed(_) => {}
        }
    }

    fn raw_ids(&mut self, tag: Tag<'_>, span: Span) {
        let mut named = None;
        for (name, value) in tag.attributes() {
            if value.is_empty() || value.contains('&') {
                continue;
            }
            if name.eq_ignore_ascii_case("id") {
                if let Err(owner) = self.ids.claim(value, span) {
                    let found = self.id_duplicate(value, owner, span, None).severity(Severity::Error);
                    self.diagnostics.push(found);
                }
            } else if name.eq_ignore_ascii_case("name") && tag.is("a") {
                named = Some(value);
            }
        }
        // An old-fashioned anchor; most repeat the tag's own id, and a repeat is harmless.
        if let Some(name) = named {
            let _taken = self.ids.claim(name, span);
        }
    }

    fn forbidden(&mut self, range: Range<usize>) {
        let span = Span::new(range.start, range.start + self.text[range].trim_end().len());
        let found = Diagnostic::new(
            Code::HtmlRawUnsafe,
            self.path.clone(),
            span,
            "this site does not allow raw HTML",
        )
        .severity(Severity::Error);
        self.diagnostics
            .push(found.help("write it in Markdown, or put a backslash before the `<` to show it as text"));
    }

    /// Whether the text stands inside an element of raw HTML, where a section cannot begin.
    pub(super) fn is_enclosed(&self) -> bool {
        self.elements.is_enclosed() || self.sanitiser.as_ref().is_some_and(|sanitiser| !sanitiser.is_empty())
    }

    /// The end of the text: closes what sanitised HTML left open, reports what passed-through HTML did.
    pub(super) fn close_raw(&mut self) {
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.leave(&mut self.body.html);
            return;
        }
        for (name, span) in self.elements.take_enclosing() {
            let message = format!("`<{name}>` is never closed, so the rest of the page is inside it");
            let found = Diagnostic::new(Code::HtmlRawUnsafe, self.path.clone(), span, message);
            self.diagnostics.push(found.help(format!("put `</{name}>` where it ends")));
        }
    }
}
