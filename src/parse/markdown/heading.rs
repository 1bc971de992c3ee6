//! Headings: attributes, ids, and the furniture's holes around them (CAREER-GUIDES rows 22 to 27).
//!
//! In: a captured heading. Out: its HTML in the page and a [`Heading`] for the contents list, or the
//! page's title. Does not write what the contents list or a theme adds.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::attributes::{self, Attributes, Found};
use super::html::Writer;
use super::ids::Owner;
use super::label::{Label, label};
use super::rules::Block;
use super::{TitleHeading, escape};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::parse::highlight::CodeBlock;
use crate::parse::slug::slug;
use crate::parse::{Heading, HoleKind};

/// The id of a heading without a letter in it.
const NAMELESS: &str = "section";

/// The tags of headings by their levels.
const OPEN: [&str; 6] = ["<h1", "<h2", "<h3", "<h4", "<h5", "<h6"];
const CLOSE: [&str; 6] = ["</h1>\n", "</h2>\n", "</h3>\n", "</h4>\n", "</h5>\n", "</h6>\n"];

fn tag(tags: &[&'static str; 6], level: u8) -> &'static str {
    tags[usize::from(level.clamp(1, 6)) - 1]
}

type Events<'e> = Vec<(Event<'e>, Range<usize>)>;

impl<'e, H> Writer<'_, 'e, H>
where
    H: FnMut(&CodeBlock<'_>, &mut String, &mut Vec<Diagnostic>),
{
    /// Writes a heading, or takes it as the title.
    pub(super) fn heading(&mut self, level: u8, range: Range<usize>, events: Events<'e>) {
        if !self.is_all() {
            self.newline();
            self.push(tag(&OPEN, level));
            self.push(">");
            self.heading_text(events);
            self.push(tag(&CLOSE, level));
            return;
        }
        let span = Span::new(range.start, range.start + self.text[range.clone()].trim_end().len());
        let mut events = events;
        let text = self.text;
        let found = cut_attributes(text, &range, &mut events);
        let Found { attributes, problems, .. } = found.found;
        self.diagnostics.extend(attributes::diagnostics(problems, self.path, found.start));
        let label = label(text, &events);
        self.tell_rules(Block::Heading(level));
        if self.containers == 0 {
            self.diagnostics.extend(self.outline.heading(level, self.path, span));
        }
        if label.text.is_empty() {
            let found =
                Diagnostic::new(Code::HeadingEmpty, self.path.clone(), span, "this heading has no text");
            self.diagnostics.push(found.help("write what the section is about, or take the heading out"));
        }
        if level == 1 && self.containers == 0 {
            let is_title = self.title_heading == TitleHeading::Take
                && self.title.is_none()
                && self.open_calls.is_empty()
                && !label.text.is_empty();
            if is_title {
                self.title = Some(label.text);
                self.title_anchors(&attributes, span);
                return;
            }
            self.report_extra_title(span);
        }
        if self.containers == 0 {
            self.leave_boundary(Block::Heading(level));
        }
        self.write_heading(level, span, &attributes, label, events);
    }

    fn write_heading(
        &mut self,
        level: u8,
        span: Span,
        attributes: &Attributes<'_>,
        label: Label,
        events: Events<'e>,
    ) {
        let top_level = self.containers == 0 && !self.is_enclosed() && self.muted.is_none();
        let id = self.heading_id(attributes, &label.lasting, span);
        let index = u32::try_from(self.headings.len()).unwrap_or(u32::MAX);
        self.newline();
        if level == 2 && top_level && self.open_calls.is_empty() {
            self.hole(HoleKind::Section(index));
        }
        let old = self.old_ids(attributes, span);
        self.push(tag(&OPEN, level));
        self.push(" id=\"");
        escape::attribute(&mut self.body.html, &id);
        if let Some((first, others)) = attributes.classes.split_first() {
            self.push("\" class=\"");
            escape::attribute(&mut self.body.html, first);
            for class in others {
                self.push(" ");
                escape::attribute(&mut self.body.html, class);
            }
        }
        for (name, value) in &attributes.others {
            self.push("\" ");
            self.push(name);
            self.push("=\"");
            escape::attribute(&mut self.body.html, value);
        }
        self.push("\">");
        self.headings.push(Heading {
            level,
            id,
            old,
            html: Some(label.html).filter(|html| *html != label.text),
            text: label.text,
            toc_label: attributes.toc.map(str::to_owned),
            no_top: attributes.no_top,
            top_level,
            span,
        });
        self.heading_text(events);
        self.hole(HoleKind::Anchor(index));
        self.push(tag(&CLOSE, level));
    }

    fn heading_text(&mut self, events: Events<'e>) {
        self.prose.gap();
        self.start_line();
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.enter();
        }
        self.in_heading = true;
        for (event, range) in events {
            self.event(event, range);
        }
        self.flush();
        self.end_task();
        self.in_heading = false;
        if let Some(sanitiser) = &mut self.sanitiser {
            sanitiser.leave(&mut self.body.html);
        }
        self.elements.end_block();
        self.prose.gap();
        self.start_line();
    }

    /// The ids of a heading that became the title still lead to the page's beginning.
    fn title_anchors(&mut self, attributes: &Attributes<'_>, span: Span) {
        if let Some(id) = attributes.id
            && self.old_id(id, span)
        {
            self.push_anchor(id);
        }
        self.old_ids(attributes, span);
    }

    fn heading_id(&mut self, attributes: &Attributes<'_>, text: &str, span: Span) -> String {
        let (wish, severity) = if let Some(id) = attributes.id {
            (id.to_owned(), Severity::Error)
        } else {
            let slug = slug(text, self.settings.markdown.slugs);
            (if slug.is_empty() { NAMELESS.to_owned() } else { slug }, Severity::Warning)
        };
        let (id, owner) = self.ids.claim_like(&wish, span);
        match owner {
            None => {}
            // A heading called "Contents" is no mistake; only an id typed by hand is.
            Some(Owner::Reserved) if severity == Severity::Warning => {}
            Some(owner) => {
                let found = self.id_duplicate(&wish, owner, span, Some(&id)).severity(severity);
                self.diagnostics.push(found);
            }
        }
        id
    }

    /// Writes the earlier ids of a heading in front of it, and returns those that were free.
    fn old_ids(&mut self, attributes: &Attributes<'_>, span: Span) -> Vec<String> {
        let mut kept = Vec::with_capacity(attributes.old.len());
        for &old in &attributes.old {
            if self.old_id(old, span) {
                self.push_anchor(old);
                kept.push(old.to_owned());
            }
        }
        kept
    }

    fn old_id(&mut self, id: &str, span: Span) -> bool {
        match self.ids.claim(id, span) {
            Ok(()) => true,
            Err(owner) => {
                let found = self.id_duplicate(id, owner, span, None).severity(Severity::Error);
                self.diagnostics.push(found);
                false
            }
        }
    }

    fn push_anchor(&mut self, id: &str) {
        self.push("<span id=\"");
        escape::attribute(&mut self.body.html, id);
        self.push("\"></span>");
    }

    /// One id wished for twice; `became` is what the second got.
    pub(super) fn id_duplicate(
        &self,
        id: &str,
        owner: Owner,
        span: Span,
        became: Option<&str>,
    ) -> Diagnostic {
        let line = |span: Span| self.line(span.start as usize);
        let outcome = became.map_or_else(String::new, |became| format!("; the second became `#{became}`"));
        match owner {
            Owner::Reserved => Diagnostic::new(
                Code::IdDuplicate,
                self.path.clone(),
                span,
                format!("`#{id}` belongs to the page's own furniture"),
            )
            .help("choose another id"),
            Owner::At(first) => Diagnostic::new(
                Code::IdDuplicate,
                self.path.clone(),
                span,
                format!("`#{id}` is used at lines {} and {}{outcome}", line(first), line(span)),
            )
            .help("give one of the two an id of its own, as in `{#another-id}`")
            .related(self.path.clone(), first, "used here first"),
        }
    }

    fn report_extra_title(&mut self, span: Span) {
        let found = Diagnostic::new(
            Code::HeadingH1Extra,
            self.path.clone(),
            span,
            "the page's title is a level-1 heading already",
        );
        self.diagnostics.push(found.help("use `##` for the page's sections"));
    }
}

/// Attributes taken off a heading, and where in the file the source lies that they were read from.
struct Cut<'t> {
    found: Found<'t>,
    start: usize,
}

/// Takes the attributes off a heading's events. They begin at a place in the source, so everything
/// from there on goes, whatever pulldown-cmark took it for; but a code span, formula, tag or link that
/// began before shows that the braces are part of it.
fn cut_attributes<'t>(text: &'t str, heading: &Range<usize>, events: &mut Events<'_>) -> Cut<'t> {
    let start = events.iter().map(|(_, range)| range.start).min().unwrap_or(heading.start);
    let end = events.iter().map(|(_, range)| range.end).max().unwrap_or(start);
    let none = Cut { found: Found { at: 0, attributes: Attributes::default(), problems: Vec::new() }, start };
    let source = &text[start..end];
    let Some(found) = attributes::trailing(source) else { return none };
    let at = start + found.at;
    let inside = |(event, range): &(Event<'_>, Range<usize>)| {
        !matches!(event, Event::Text(_)) && range.start < at && at < range.end
    };
    if events.iter().any(inside) {
        return none;
    }
    let mut kept = source[..found.at].trim_end();
    if is_atx(&text[heading.clone()]) {
        let without_marks = kept.trim_end_matches('#');
        if without_marks.is_empty() || without_marks.ends_with([' ', '\t']) {
            kept = without_marks.trim_end();
        }
    }
    let cut = start + kept.len();
    events.retain(|(_, range)| range.start < cut);
    for (event, range) in events {
        if let Event::Text(piece) = event
            && range.end > cut
        {
            // Character for character: some were replaced by longer ones.
            let kept: String = piece.chars().take(text[range.start..cut].chars().count()).collect();
            *piece = CowStr::from(kept);
            range.end = cut;
        }
    }
    Cut { found, start }
}

/// Whether a heading is written with `#` in front (and may have more behind), not underlined.
fn is_atx(source: &str) -> bool {
    let source = source.trim_start();
    let text = source.trim_start_matches('#');
    text.len() < source.len() && text.chars().next().is_none_or(char::is_whitespace)
}
