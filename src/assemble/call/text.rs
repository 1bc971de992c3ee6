//! Views that belong to a text: figures, questions, takeaways, terms, dates.
//!
//! In: checked arguments. Out: views, with links and images resolved.

use std::sync::Arc;

use super::arguments::{self, Arguments};
use super::desk::Desk;
use crate::assemble::facts::Filed;
use crate::assemble::picture;
use crate::assemble::shown::{
    self, Abbr, Image, Picture, QuestionItem, Questions, Related, Takeaways, Window,
};
use crate::diagnostic::Code;
use crate::parse::data::Term;
use crate::parse::directive::Form;
use crate::value::Spanned;

impl<'s> Desk<'s, '_> {
    /// A page, a site path or a web address as something a link may lead to.
    pub(super) fn resolved(&self, written: &str) -> Option<String> {
        if written.contains("://") {
            return Some(written.to_owned());
        }
        let found = self.shared.resolver.target(self.entry, written)?;
        Some(self.shared.config.base_url.path(&found))
    }

    /// The same for an argument, where a miss is reported.
    pub(super) fn target(&mut self, written: &Spanned<String>) -> Option<String> {
        let found = self.resolved(&written.value);
        if found.is_none() {
            let message = format!("there is no page `{}`", written.value);
            let help = "write a page's path, such as `guides/nurse`, or a full web address";
            self.report(Code::LinkBroken, written.span, message, help);
        }
        found
    }

    /// An image of the images file, or a file named itself.
    pub(super) fn image(&self, id: &str) -> Option<Image> {
        let record = self.shared.facts.images.get(id);
        let file = record.map_or(Some(id), |record| record.file.as_ref().map(|file| file.value.as_str()))?;
        let url = self.shared.resolver.image(self.entry, file)?;
        let shot = self.shared.resolver.shot(url).unwrap_or_default();
        let shot = Image { url: self.shared.config.base_url.path(url), ..shot };
        Some(match record {
            None => shot,
            Some(record) => Image {
                id: id.to_owned(),
                alt: record.alt.clone(),
                credit: record.credit.clone().unwrap_or_default(),
                focus: record.focus.map(|focus| format!("{}% {}%", focus.x, focus.y)).unwrap_or_default(),
                ..shot
            },
        })
    }

    /// The picture that the page's front matter names: by its id, its file, or a full web address.
    pub(super) fn own_image(&mut self) -> Option<Arc<Image>> {
        const KEY: &str = "image";
        let written = self.entry.front.image.as_ref()?;
        if ["https://", "http://"].iter().any(|scheme| written.value.starts_with(scheme)) {
            return Some(Arc::new(Image { url: written.value.clone(), ..Image::default() }));
        }
        let images = &self.shared.facts.images;
        if let Some((id, _)) = images.get_key_value(&written.value) {
            self.used.insert(("images", id));
        } else if !written.value.contains(['.', '/']) {
            self.unknown_in_front(Code::ImageMissing, "image", (KEY, written), images.keys());
            return None;
        }
        let image = self.image(&written.value);
        if image.is_none() {
            let message = format!("there is no image file `{}`", self.image_file(&written.value));
            let help = "put it into `static/`, or correct its path";
            self.report_in_front(Code::ImageMissing, (KEY, written.span), message, help);
        }
        image.map(Arc::new)
    }

    /// The file that an image is in: its record's, or what was named.
    fn image_file<'f>(&'f self, id: &'f str) -> &'f str {
        let record = self.shared.facts.images.get(id);
        record.and_then(|record| record.file.as_ref()).map_or(id, |file| &file.value)
    }

    /// `::figure image` or `:::figure`
    pub(super) fn picture(&mut self, arguments: &Arguments<'s>) -> Option<Picture> {
        let written = arguments.get("image");
        let said = arguments.text("caption").unwrap_or(arguments.label());
        let Some(id) = written else {
            if arguments.call.form == Form::Container {
                return Some(Picture { image: None, caption: said.to_owned() });
            }
            let help = "write `::figure its-id`, the id of an image in the images file";
            self.report(
                Code::DirectiveArgument,
                arguments.span(),
                "`figure` does not say which image it shows",
                help,
            );
            return None;
        };
        let images = &self.shared.facts.images;
        let record = images.get_key_value(&id.value);
        if record.is_none() && !id.value.contains(['.', '/']) {
            self.unknown(Code::ImageMissing, "image", id, images.keys());
            return None;
        }
        if let Some((known, _)) = record {
            self.used.insert(("images", known));
        }
        let Some(mut image) = self.image(&id.value) else {
            let message = format!("there is no image file `{}`", self.image_file(&id.value));
            self.report(Code::ImageMissing, id.span, message, "put it into `static/`, or correct its path");
            return None;
        };
        image.lead = picture::lead(&self.entry.document) == Some(picture::Lead::Figure(arguments.call.span));
        let own = record.and_then(|(_, record)| record.caption.clone()).unwrap_or_default();
        let caption = if said.is_empty() { own } else { said.to_owned() };
        Some(Picture { image: Some(image), caption })
    }

    /// `:::questions` or `::questions`
    pub(super) fn questions(&mut self, arguments: &Arguments<'s>) -> Option<Questions> {
        let level = arguments.text("level").unwrap_or_default().to_owned();
        let leaf = arguments.call.form == Form::Leaf;
        let items = self.entry.front.items.iter().filter(|_| leaf).map(|item| QuestionItem {
            question: item.question.clone(),
            answer: item.answer.clone().unwrap_or_default(),
        });
        let items: Vec<QuestionItem> = items.collect();
        if leaf && items.is_empty() {
            let help = "give the page `items`, or write the questions between `:::questions` and `:::`";
            self.report(Code::DirectiveArgument, arguments.span(), "the page has no questions to show", help);
            return None;
        }
        Some(Questions { level, items })
    }

    /// `:::takeaways` or `::takeaways`
    pub(super) fn takeaways(&mut self, arguments: &Arguments<'s>) -> Option<Takeaways> {
        if arguments.call.form == Form::Container {
            return Some(Takeaways::default());
        }
        let items = self.entry.front.takeaways.clone();
        if items.is_empty() {
            let help = "give the page `takeaways`, or write them between `:::takeaways` and `:::`";
            self.report(Code::DirectiveArgument, arguments.span(), "the page has no takeaways to show", help);
            return None;
        }
        Some(Takeaways { items })
    }

    /// `::related`
    pub(super) fn related(&self) -> Related {
        let pages = self.shared.related.get(self.id).map(Vec::as_slice).unwrap_or_default();
        Related { links: pages.iter().map(|page| self.link(*page)).collect() }
    }

    /// `:::from date` and `:::until date`: what stands in the one begins on the day on which what
    /// stands in the other ends.
    pub(super) fn window(&mut self, arguments: &Arguments<'s>) -> Option<Window> {
        let written = arguments.get("date")?;
        let date = arguments::date(&written.value)?;
        let past = date <= self.shared.today;
        let is_until = arguments.call.name.value == "until";
        if is_until && past {
            let message = format!("this text was shown until {date}, and no longer is");
            self.report(Code::PastEvent, arguments.span(), message, "take it away, with its `:::` lines");
        }
        Some(Window { open: past != is_until, date: self.locale.day(date) })
    }

    /// `:term[API]`
    pub(super) fn term(&mut self, arguments: &Arguments<'s>) -> Option<shown::Term> {
        let text = arguments.label();
        let Some(id) = self.pages.term(text) else {
            self.no_term(arguments);
            return None;
        };
        let term = self.glossary_term(id)?;
        Some(shown::Term {
            text: text.to_owned(),
            id: id.to_owned(),
            term: term.term.value.clone(),
            long: term.long.clone().unwrap_or_default(),
            meaning: term.text.clone(),
            url: self.term_url(id),
            first: self.explained.insert(id),
        })
    }

    fn no_term(&mut self, arguments: &Arguments<'s>) {
        let facts = self.shared.facts;
        if let Some(label) = &arguments.call.label {
            self.unknown(Code::DirectiveArgument, "term", label, facts.forms.keys());
        }
    }

    /// `:abbr[API]`
    pub(super) fn abbr(&mut self, arguments: &Arguments<'s>) -> Option<Abbr> {
        let text = arguments.label();
        let Some(id) = self.pages.term(text) else {
            self.no_term(arguments);
            return None;
        };
        let term = self.glossary_term(id)?;
        let Some(long) = &term.long else {
            let message = format!("the glossary does not say what `{text}` stands for");
            let help = format!("add `long` to `[{id}]` in the glossary, or write `:term[{text}]`");
            self.report(Code::DirectiveArgument, arguments.span(), message, help);
            return None;
        };
        self.explained.insert(id);
        Some(Abbr { text: text.to_owned(), long: long.clone(), url: self.term_url(id) })
    }

    /// What the first use of a word in capitals is marked up with; nothing when the glossary does not
    /// know it or the text has explained it before.
    pub(super) fn abbreviation(&mut self, text: &str) -> Option<Abbr> {
        let id = self.shared.facts.forms.get(text)?;
        let term = self.shared.facts.glossary.get(id)?;
        let long = term.long.as_ref()?;
        if !self.explained.insert(&term.id.value) {
            return None;
        }
        self.used.insert(("glossary", &term.id.value));
        Some(Abbr { text: text.to_owned(), long: long.clone(), url: self.term_url(id) })
    }

    fn glossary_term(&mut self, id: &str) -> Option<&'s Filed<Term>> {
        let term = self.shared.facts.glossary.get(id)?;
        self.used.insert(("glossary", &term.id.value));
        Some(term)
    }

    /// The entry of a term on the glossary's page.
    pub(super) fn term_url(&self, id: &str) -> Option<String> {
        let page = self.pages.glossary?;
        Some(if page == self.id { format!("#{id}") } else { format!("{}#{id}", self.url(page)) })
    }
}
