//! Promos of one page: which stand by rule, and views of them and of those placed by hand.
//!
//! In: the page, its `::promo` lines, and every promo with its days. Out: views numbered over the
//! whole page, so that no two copies share an id and the image is described once. Knows no places:
//! `assemble::promo` finds them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::arguments::{self, Arguments};
use super::desk::Desk;
use crate::assemble::Kind;
use crate::assemble::facts::{Facts, Filed};
use crate::assemble::promo::{Candidate, Copies, Place, Placed, Slot, Wanted, current, place};
use crate::assemble::shown::{self, Directive, Image, Link, Shown};
use crate::config;
use crate::diagnostic::{Code, Span};
use crate::parse::data::{self, Promo};
use crate::parse::front_matter::Promos as Choice;
use crate::parse::{Document, FrontMatter, HoleKind};

/// The promos of a site as placing them needs them.
pub(in crate::assemble) fn candidates(facts: &Facts) -> Vec<Candidate<'_>> {
    let slot = |slot: &data::Slot| match slot {
        data::Slot::Start => Slot::Start,
        data::Slot::Middle => Slot::Middle,
        data::Slot::End => Slot::End,
    };
    facts
        .promos
        .values()
        .map(|promo| Candidate {
            id: &promo.id.value,
            slots: promo.slots.iter().map(slot).collect(),
            starts: promo.starts,
            ends: promo.ends,
            weight: promo.weight,
            fallback: promo.fallback.as_ref().map(|fallback| fallback.value.as_str()),
        })
        .collect()
}

/// Whether pages of a kind are read from the top to the bottom, so that something may stand between.
/// Lists, forms, records and legal pages are not: they have promos only when they ask for them.
fn is_article(kind: Kind) -> bool {
    match kind {
        Kind::Guide | Kind::Role | Kind::Comparison | Kind::Path | Kind::Questions | Kind::Story => true,
        Kind::Home
        | Kind::Section
        | Kind::Quiz
        | Kind::Glossary
        | Kind::Author
        | Kind::Courses
        | Kind::Page => false,
    }
}

/// What decides where the promos of one page stand.
#[derive(Clone, Copy)]
pub(in crate::assemble) struct Placing<'p> {
    pub(in crate::assemble) document: &'p Document,
    pub(in crate::assemble) front: &'p FrontMatter,
    pub(in crate::assemble) kind: Kind,
    pub(in crate::assemble) settings: &'p config::Promos,
    pub(in crate::assemble) today: Date,
}

impl<'p> Placing<'p> {
    /// Every copy on the page.
    pub(in crate::assemble) fn copies<'c>(&self, candidates: &[Candidate<'c>]) -> Copies<'c> {
        let rules = (self.settings, self.today);
        place(self.document, &self.promos_by_hand(), &self.wanted_promos(), candidates, rules)
    }

    /// The `promo` lines that are shown today, with the ids they name.
    fn promos_by_hand(&self) -> Vec<(u32, &'p str)> {
        let calls = (0..).zip(&self.document.calls).filter(|(_, call)| call.name.value == "promo");
        let named: Vec<(u32, &'p str)> = calls
            .filter_map(|(index, call)| {
                let named = |key: &str| key == "promo";
                let mut ids = call
                    .arguments
                    .iter()
                    .filter(|argument| argument.key.as_ref().is_none_or(|key| named(&key.value)));
                Some((index, ids.next()?.value.value.as_str()))
            })
            .collect();
        if named.is_empty() || self.own_choice() == Some(&Choice::Off) {
            return Vec::new();
        }
        let hidden = self.hidden_calls();
        named.into_iter().filter(|(index, _)| !hidden.contains(index)).collect()
    }

    /// Directives in a block that is not shown today.
    fn hidden_calls(&self) -> BTreeSet<u32> {
        let document = self.document;
        let is_closed = |call: u32| {
            let Some(call) = document.calls.get(call as usize) else { return false };
            let date = call.arguments.first().and_then(|argument| arguments::date(&argument.value.value));
            match (call.name.value.as_str(), date) {
                ("from", Some(date)) => self.today < date,
                ("until", Some(date)) => date <= self.today,
                _ => false,
            }
        };
        let (mut hidden, mut closed, mut open) = (BTreeSet::new(), 0_u32, Vec::new());
        for hole in &document.body.holes {
            match hole.kind {
                HoleKind::Open(call) => {
                    let is_closed = is_closed(call);
                    closed += u32::from(is_closed);
                    open.push(is_closed);
                }
                HoleKind::Close(_) => closed -= u32::from(open.pop().unwrap_or_default()),
                HoleKind::Call(call) if closed > 0 => drop(hidden.insert(call)),
                _ => {}
            }
        }
        hidden
    }

    /// What the page says of promos itself.
    fn own_choice(&self) -> Option<&'p Choice> {
        let is_own = self.front.keys.get("promos").is_none_or(Option::is_some);
        self.front.promos.as_ref().filter(|_| is_own)
    }

    /// What stands by rule: what the page says, else its section, else its kind and the settings.
    fn wanted_promos(&self) -> Wanted<'p> {
        match &self.front.promos {
            Some(Choice::Only(ids)) => Wanted::Only(ids),
            Some(Choice::Auto) => Wanted::Slots,
            None if self.settings.enabled && is_article(self.kind) => Wanted::Slots,
            Some(Choice::Off) | None => Wanted::None,
        }
    }
}

impl<'s> Desk<'s, '_> {
    /// Finds every place on the page where a promo stands. Call it before any line is answered.
    pub(super) fn place_promos(&mut self, candidates: &[Candidate<'s>]) {
        self.check_chosen();
        if candidates.is_empty() {
            return;
        }
        self.copies = self.placing().copies(candidates);
        self.report_crowd();
    }

    /// Reports promos that front matter names and nobody defined.
    fn check_chosen(&mut self) {
        let promos = &self.shared.facts.promos;
        let Some(Choice::Only(ids)) = &self.entry.front.promos else { return };
        for id in ids.iter().filter(|id| !promos.contains_key(&id.value)) {
            self.unknown_in_front(Code::DataUnknownId, "promo", ("promos", id), promos.keys());
        }
    }

    fn placing(&self) -> Placing<'s> {
        let Desk { shared, entry, .. } = self;
        let (document, front, kind) = (&*entry.document, &*entry.front, entry.kind);
        Placing { document, front, kind, settings: &shared.config.promos, today: shared.today }
    }

    /// Says that a page is too short for what it asks for itself. A page that leaves its promos to
    /// the rules has as many as fit, which is what the rules are for.
    fn report_crowd(&mut self) {
        let Copies { copies, wanted } = &self.copies;
        let (placed, wanted) = (copies.len(), *wanted);
        let asks = matches!(self.placing().own_choice(), Some(Choice::Only(_) | Choice::Auto));
        if placed >= wanted || !asks {
            return;
        }
        let span = self.entry.front.keys.get("promos").copied().flatten();
        let words = self.entry.document.words;
        let gap = self.shared.config.promos.min_gap_words;
        let message = format!("the page has {words} words: {placed} of {wanted} promos placed");
        let help = format!("name fewer in `promos`; two of them stand at least {gap} words apart");
        self.report(Code::PromoCrowded, span, message, help);
    }

    /// All promos of the page that stand by rule.
    pub(super) fn promos(&mut self) -> Vec<Placed> {
        let copies = std::mem::take(&mut self.copies).copies;
        copies
            .iter()
            .filter(|copy| !matches!(copy.place, Place::Call(_)))
            .filter_map(|copy| {
                let promo = self.shared.facts.promos.get(copy.id)?;
                let view = self.promo_view(promo, copy.number as usize);
                let shown = Shown::Promo(Box::new(view));
                let promo = Directive { id: copy.anchor(), classes: Vec::new(), label: None, shown };
                Some(Placed { place: copy.place, promo })
            })
            .collect()
    }

    /// `::promo id`
    pub(super) fn promo(&mut self, arguments: &Arguments<'s>, index: u32) -> Option<shown::Promo> {
        let id = arguments.get("promo")?;
        let promos = &self.shared.facts.promos;
        if !promos.contains_key(&id.value) {
            self.unknown(Code::DirectiveArgument, "promo", id, promos.keys());
            return None;
        }
        let copy = self.copies.copies.iter().find(|copy| copy.place == Place::Call(index));
        if let Some((promo, number)) = copy.and_then(|copy| Some((promos.get(copy.id)?, copy.number))) {
            return Some(self.promo_view(promo, number as usize));
        }
        self.report_expired(&id.value, id.span);
        None
    }

    /// Says why a promo that a writer placed is not shown, when its days are over for good.
    fn report_expired(&mut self, id: &str, span: Span) {
        let today = self.shared.today;
        let promo = self.shared.facts.promos.get(id);
        let Some(ends) = promo.and_then(|promo| promo.ends).filter(|ends| *ends < today) else { return };
        if current(id, &candidates(self.shared.facts), today).is_none() {
            let message = format!("the promo `{id}` ended on {ends} and has no fallback");
            let help = "take this line away, or give the promo a `fallback`";
            self.report(Code::PromoExpired, span, message, help);
        }
    }

    fn promo_view(&mut self, promo: &'s Filed<Promo>, copy: usize) -> shown::Promo {
        self.used.insert(("promos", &promo.id.value));
        let image = promo.image.as_ref().and_then(|image| self.image(&image.value));
        let action = promo
            .cta
            .as_ref()
            .map(|action| Link { title: action.label.clone(), url: self.resolved(&action.href.value) });
        let action = action.unwrap_or_default();
        shown::Promo {
            id: promo.id.value.clone(),
            copy,
            title: promo.title.clone(),
            points_label: promo.points_label.clone().unwrap_or_default(),
            points: promo.points.clone(),
            // Said once: whoever listens to the page has heard it.
            image: image.map(|image| if copy > 1 { Image { alt: String::new(), ..image } } else { image }),
            rel: self.rel(action.url.as_deref().unwrap_or_default(), promo.relation.is_commercial()),
            action,
        }
    }
}
