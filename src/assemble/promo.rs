//! Where promos stand on a page, by rule.
//!
//! In: one page's body, the site's `[promos]` settings, what the page says of promos, and the
//! promos there are, with today's date. Out: `Copy`s in reading order, each with its number among
//! the copies of the same promo. Decides nothing about what a promo looks like; a promo is not
//! content, so that no count of words, heading or feed knows of one.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::shown::Directive;
use crate::config::{self, PromoBoundary};
use crate::parse::{self, Document, HoleKind};
use crate::value::Spanned;

/// A promo that stands on a page by rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placed {
    /// Where.
    pub place: Place,
    /// What is shown there.
    pub promo: Directive,
}

/// Where a copy of a promo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Place {
    /// At the hole of this index in the body, by rule: between two blocks, or between two sections
    /// when the hole is a [`HoleKind::Section`].
    Hole(usize),
    /// Where the writer put it: the directive of this index.
    Call(u32),
    /// After the whole text, by rule.
    End,
}

/// One copy of a promo on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy<'a> {
    /// Where it stands.
    pub place: Place,
    /// The promo's id, after fallbacks.
    pub id: &'a str,
    /// Its number among the copies of this promo on the page, from 1.
    pub number: u32,
}

impl Copy<'_> {
    /// The `id` attribute of this copy: `promo-quiz-2`.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("promo-{}-{}", self.id, self.number)
    }
}

/// What placing needs to know of one promo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its id.
    pub id: &'a str,
    /// The slots it may fill by rule; none is by name alone.
    pub slots: Vec<Slot>,
    /// First day on which it is shown.
    pub starts: Option<Date>,
    /// Last day on which it is shown.
    pub ends: Option<Date>,
    /// The heaviest stands where several may fill a slot.
    pub weight: i64,
    /// The promo that stands in outside these days.
    pub fallback: Option<&'a str>,
}

/// A place that the settings reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// After the first words.
    Start,
    /// About half way.
    Middle,
    /// After the last section.
    End,
}

impl Slot {
    /// Every slot in reading order, by the name that data files have for it.
    pub const NAMES: [(&'static str, Self); 3] =
        [("start", Self::Start), ("middle", Self::Middle), ("end", Self::End)];

    /// Whether the settings reserve it.
    fn is_on(self, settings: &config::Promos) -> bool {
        match self {
            Self::Start => settings.start.is_some(),
            Self::Middle => settings.middle.is_some(),
            Self::End => settings.end,
        }
    }
}

impl Candidate<'_> {
    fn is_shown(&self, today: Date) -> bool {
        self.starts.is_none_or(|starts| starts <= today) && self.ends.is_none_or(|ends| today <= ends)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.ends.is_some_and(|ends| ends < today)
    }
}

/// The promo that is shown for `id` today: itself, or the first of its fallbacks that is.
#[must_use]
pub fn current<'a>(id: &str, candidates: &[Candidate<'a>], today: Date) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    let mut candidate = candidates.iter().find(|candidate| candidate.id == id)?;
    while !candidate.is_shown(today) {
        if !seen.insert(candidate.id) {
            return None;
        }
        let fallback = candidate.fallback?;
        candidate = candidates.iter().find(|candidate| candidate.id == fallback)?;
    }
    Some(candidate.id)
}

/// A place with the words of prose before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    place: Place,
    words: u32,
}

/// Which promos stand on a page by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted<'c> {
    /// None.
    None,
    /// Those whose slots they are.
    Slots,
    /// These, in their order.
    Only(&'c [Spanned<String>]),
}

/// The copies of promos on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies<'a> {
    /// In reading order.
    pub copies: Vec<Copy<'a>>,
    /// How many there would be in a text that is long enough.
    pub wanted: usize,
}

/// All copies on a page. `manual` are the ids of its `promo` directives by the index of the
/// directive; those stand whatever is `wanted` by rule.
#[must_use]
pub fn place<'a>(
    document: &Document,
    manual: &[(u32, &str)],
    wanted: &Wanted<'_>,
    candidates: &[Candidate<'a>],
    rules: (&config::Promos, Date),
) -> Copies<'a> {
    if *wanted == Wanted::None && manual.is_empty() {
        return Copies::default();
    }
    let (settings, today) = rules;
    let text = Text::of(&document.body, document.words);
    let by_hand: Vec<(Spot, &str)> = manual
        .iter()
        .filter_map(|(call, id)| Some((text.call(*call)?, current(id, candidates, today)?)))
        .collect();
    let (mut copies, slots) = automatic(&text, wanted, candidates, rules);
    suppress(&mut copies, &by_hand, settings.min_gap_words);
    copies.truncate(settings.max_per_page.saturating_sub(by_hand.len()));
    copies.extend(by_hand);
    let copies = numbered(copies, &text);
    Copies { wanted: slots.min(settings.max_per_page).max(copies.len()), copies }
}

/// Copies in reading order, each with its number among those of its promo.
fn numbered<'a>(mut copies: Vec<(Spot, &'a str)>, text: &Text) -> Vec<Copy<'a>> {
    copies.sort_by_key(|(spot, _)| text.order(spot.place));
    let mut placed: Vec<Copy<'a>> = Vec::with_capacity(copies.len());
    for (spot, id) in copies {
        let before = placed.iter().filter(|copy| copy.id == id).count();
        let number = u32::try_from(before + 1).unwrap_or(u32::MAX);
        placed.push(Copy { place: spot.place, id, number });
    }
    placed
}

/// The copies that stand by rule, each far enough from the one before, and how many there would be
/// if there were room.
fn automatic<'a>(
    text: &Text,
    wanted: &Wanted<'_>,
    candidates: &[Candidate<'a>],
    (settings, today): (&config::Promos, Date),
) -> (Vec<(Spot, &'a str)>, usize) {
    let mut given = match wanted {
        Wanted::None => return (Vec::new(), 0),
        Wanted::Slots => None,
        Wanted::Only(ids) => Some(ids.iter().filter_map(|id| current(&id.value, candidates, today))),
    };
    let mut copies: Vec<(Spot, &'a str)> = Vec::new();
    let (mut on, mut slots) = (0, 0);
    for (_, slot) in Slot::NAMES.into_iter().filter(|(_, slot)| text.words > 0 && slot.is_on(settings)) {
        on += 1;
        let fitting = if given.is_none() { of_slot(slot, candidates, today) } else { None };
        slots += usize::from(fitting.is_some());
        let Some(spot) = text.spot(slot, settings) else { continue };
        let far =
            copies.last().is_none_or(|(last, _)| spot.words.abs_diff(last.words) >= settings.min_gap_words);
        if far {
            let id = given.as_mut().map_or(fitting, Iterator::next);
            copies.extend(id.map(|id| (spot, id)));
        }
    }
    if let Some(left) = given {
        slots = on.min(copies.len() + left.count());
    }
    (copies, slots)
}

/// The heaviest promo for a slot that is shown today, itself or by its fallback.
fn of_slot<'a>(slot: Slot, candidates: &[Candidate<'a>], today: Date) -> Option<&'a str> {
    let mut fitting: Vec<&Candidate<'a>> =
        candidates.iter().filter(|candidate| candidate.slots.contains(&slot)).collect();
    fitting.sort_by_key(|candidate| (Reverse(candidate.weight), candidate.id));
    fitting.iter().find_map(|candidate| current(candidate.id, candidates, today))
}

/// A promo that the writer placed stands instead of the nearest one by rule, and keeps the others
/// at a distance.
fn suppress(copies: &mut Vec<(Spot, &str)>, by_hand: &[(Spot, &str)], gap: u32) {
    for (hand, _) in by_hand {
        let distance = |(spot, _): &(Spot, &str)| spot.words.abs_diff(hand.words);
        let nearest = (0..copies.len()).min_by_key(|at| distance(&copies[*at]));
        if let Some(nearest) = nearest {
            copies.remove(nearest);
        }
    }
    copies.retain(|(spot, _)| by_hand.iter().all(|(hand, _)| spot.words.abs_diff(hand.words) >= gap));
}

/// Where promos may stand in a text.
struct Text {
    words: u32,
    /// Between two blocks or two sections, in reading order.
    boundaries: Vec<Boundary>,
    /// The directives, with their hole and the words before them.
    calls: Vec<(u32, usize, u32)>,
}

struct Boundary {
    hole: usize,
    words: u32,
    /// A section ends here; the end of the introduction is none.
    ends_section: bool,
}

impl Text {
    fn of(body: &parse::Text, words: u32) -> Self {
        let mut text = Self { words, boundaries: Vec::new(), calls: Vec::new() };
        let (mut before, mut depth, mut sections) = (0, 0_u32, 0);
        let mut holes = body.holes.iter().enumerate().peekable();
        while let Some((index, hole)) = holes.next() {
            match hole.kind {
                HoleKind::Open(_) => depth += 1,
                HoleKind::Close(_) => depth = depth.saturating_sub(1),
                HoleKind::Call(call) => text.calls.push((call, index, before)),
                HoleKind::Block { words } if depth == 0 => {
                    before = words;
                    // Before a section, what stands between is between the sections.
                    let next = holes.peek().filter(|(_, next)| next.at == hole.at);
                    if !next.is_some_and(|(_, next)| matches!(next.kind, HoleKind::Section(_))) {
                        text.boundaries.push(Boundary { hole: index, words, ends_section: false });
                    }
                }
                HoleKind::Section(_) if depth == 0 => {
                    // At the very top there is nothing to stand after.
                    if hole.at > 0 {
                        text.boundaries.push(Boundary {
                            hole: index,
                            words: before,
                            ends_section: sections > 0,
                        });
                    }
                    sections += 1;
                }
                _ => {}
            }
        }
        text
    }

    fn spot(&self, slot: Slot, settings: &config::Promos) -> Option<Spot> {
        let at = |boundary: &Boundary| Spot { place: Place::Hole(boundary.hole), words: boundary.words };
        let may = |boundary: &&Boundary, wanted: PromoBoundary| {
            wanted == PromoBoundary::Block || boundary.ends_section
        };
        match slot {
            Slot::Start => {
                let rule = settings.start.as_ref()?;
                self.boundaries
                    .iter()
                    .filter(|boundary| may(boundary, rule.boundary))
                    .find(|boundary| boundary.words >= rule.after_words)
                    .map(at)
            }
            Slot::Middle => {
                let rule = settings.middle.as_ref()?;
                // In hundredths of a word, so that no fraction is lost.
                let goal = u64::from(self.words) * u64::from(rule.near);
                self.boundaries
                    .iter()
                    .filter(|boundary| may(boundary, rule.boundary))
                    .min_by_key(|boundary| (u64::from(boundary.words) * 100).abs_diff(goal))
                    .map(at)
            }
            Slot::End => {
                (settings.end && self.words > 0).then_some(Spot { place: Place::End, words: self.words })
            }
        }
    }

    fn call(&self, call: u32) -> Option<Spot> {
        let (_, _, words) = self.calls.iter().find(|(index, ..)| *index == call)?;
        Some(Spot { place: Place::Call(call), words: *words })
    }

    fn order(&self, place: Place) -> usize {
        match place {
            Place::Hole(hole) => hole,
            Place::Call(call) => {
                self.calls.iter().find(|(index, ..)| *index == call).map_or(usize::MAX, |(_, hole, _)| *hole)
            }
            Place::End => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::config::{BaseUrl, Config};
    use crate::diagnostic::Span;
    use crate::parse::{Body, Hole};

    const TODAY: Date = jiff::civil::date(2026, 11, 20);

    /// A document of blocks: `Some(words)` is a block of prose, `None` a section's heading.
    fn text(blocks: &[Option<u32>]) -> Document {
        let (mut holes, mut words, mut at, mut sections) = (Vec::new(), 0, 0, 0);
        let mut after_heading = true;
        for block in blocks {
            if !after_heading {
                holes.push(Hole { at, kind: HoleKind::Block { words } });
            }
            if let Some(block) = block {
                words += block;
                after_heading = false;
            } else {
                holes.push(Hole { at, kind: HoleKind::Section(sections) });
                sections += 1;
                after_heading = true;
            }
            at += 10;
        }
        holes.push(Hole { at, kind: HoleKind::End });
        document(holes, words)
    }

    fn document(holes: Vec<Hole>, words: u32) -> Document {
        Document {
            words,
            body: parse::Text::new(Body { html: String::new(), holes }),
            ..Document::unwritten("content/guides/a.md", "A")
        }
    }

    /// The reference article: three paragraphs, a list and a paragraph, two more paragraphs, then
    /// sections of 295, 266, 622, 76 and 150 words.
    fn reference() -> Document {
        let intro = [40, 40, 30, 20, 38, 35, 40].map(Some);
        let sections: [&[Option<u32>]; 5] = [
            &[None, Some(145), Some(150)],
            &[None, Some(266)],
            &[None, Some(100), Some(322), Some(200)],
            &[None, Some(76)],
            &[None, Some(150)],
        ];
        text(&[&intro[..], &sections.concat()].concat())
    }

    fn settings() -> config::Promos {
        let base = BaseUrl { origin: "https://example.com".to_owned(), path: "/".to_owned() };
        Config::with_defaults("Jobs", base).promos
    }

    fn candidate(id: &str) -> Candidate<'_> {
        let slots = Slot::NAMES.map(|(_, slot)| slot).to_vec();
        Candidate { id, slots, starts: None, ends: None, weight: 0, fallback: None }
    }

    fn shown(
        document: &Document,
        manual: &[(u32, &str)],
        wanted: &Wanted<'_>,
        all: &[Candidate<'_>],
    ) -> String {
        let text = Text::of(&document.body, document.words);
        let copies = place(document, manual, wanted, all, (&settings(), TODAY)).copies;
        let words = |place| match place {
            Place::Hole(hole) => {
                text.boundaries.iter().find(|boundary| boundary.hole == hole).map_or(0, |found| found.words)
            }
            Place::Call(call) => text.call(call).map_or(0, |spot| spot.words),
            Place::End => document.words,
        };
        let sign = |place| match place {
            Place::Hole(hole) => match document.body.holes[hole].kind {
                HoleKind::Section(section) => format!("before section {section} "),
                _ => String::new(),
            },
            Place::Call(_) => "by hand ".to_owned(),
            Place::End => "end ".to_owned(),
        };
        let copies: Vec<String> = copies
            .iter()
            .map(|copy| format!("{} {}@{}", copy.anchor(), sign(copy.place), words(copy.place)))
            .collect();
        copies.join(", ")
    }

    #[test]
    fn the_reference_article_has_its_three_positions() {
        let document = reference();
        assert_eq!(document.words, 1652);
        assert_eq!(
            shown(&document, &[], &Wanted::Slots, &[candidate("quiz")]),
            "promo-quiz-1 @168, promo-quiz-2 before section 2 @804, promo-quiz-3 end @1652"
        );
    }

    #[test]
    fn the_sibling_article_passes_over_the_boundary_before_150_words() {
        let document = text(&[Some(147), Some(24), None, Some(400), None, Some(400)]);
        assert_eq!(
            shown(&document, &[], &Wanted::Slots, &[candidate("quiz")]),
            "promo-quiz-1 before section 0 @171, promo-quiz-2 before section 1 @571, promo-quiz-3 end @971"
        );
    }

    #[test]
    fn a_short_page_has_one_promo_and_an_empty_one_none() {
        let short = text(&[Some(160), None, Some(70), None, Some(70)]);
        assert_eq!(
            shown(&short, &[], &Wanted::Slots, &[candidate("quiz")]),
            "promo-quiz-1 before section 0 @160"
        );
        assert_eq!(
            shown(&text(&[Some(90)]), &[], &Wanted::Slots, &[candidate("quiz")]),
            "promo-quiz-1 end @90"
        );
        assert_eq!(shown(&text(&[]), &[], &Wanted::Slots, &[candidate("quiz")]), "");
    }

    #[test]
    fn a_page_says_none_or_which() {
        let document = reference();
        let all = [candidate("quiz"), Candidate { slots: Vec::new(), ..candidate("newsletter") }];
        let only = |ids: &[&str]| -> Vec<Spanned<String>> {
            ids.iter().map(|id| Spanned { value: (*id).to_owned(), span: Span::default() }).collect()
        };
        assert_eq!(shown(&document, &[], &Wanted::None, &all), "");
        let (one, two) = (only(&["newsletter"]), only(&["newsletter", "quiz"]));
        assert_eq!(shown(&document, &[], &Wanted::Only(&one), &all), "promo-newsletter-1 @168");
        assert_eq!(
            shown(&document, &[], &Wanted::Only(&two), &all),
            "promo-newsletter-1 @168, promo-quiz-1 before section 2 @804"
        );
    }

    #[test]
    fn a_promo_placed_by_hand_stands_for_the_nearest_by_rule() {
        let mut document = reference();
        let mut body = Body { html: String::new(), holes: document.body.holes.clone() };
        let section = body.holes.iter().position(|hole| hole.kind == HoleKind::Section(3)).unwrap();
        let at = body.holes[section].at;
        body.holes.insert(section - 1, Hole { at: at - 5, kind: HoleKind::Call(0) });
        document.body = parse::Text::new(body);
        let all = [candidate("quiz"), candidate("newsletter")];
        assert_eq!(
            shown(&document, &[(0, "newsletter")], &Wanted::Slots, &all[..1]),
            "promo-quiz-1 @168, promo-quiz-2 before section 2 @804, promo-quiz-3 end @1652",
            "a promo that does not exist is the writer's error elsewhere"
        );
        assert_eq!(
            shown(&document, &[(0, "quiz")], &Wanted::Slots, &all[..1]),
            "promo-quiz-1 @168, promo-quiz-2 by hand @1226, promo-quiz-3 end @1652"
        );
    }

    #[test]
    fn dates_weights_and_fallbacks_decide_which() {
        let day = jiff::civil::date;
        let document = reference();
        let ended = Candidate { ends: Some(day(2026, 11, 19)), ..candidate("quiz") };
        let last_day = Candidate { ends: Some(TODAY), starts: Some(TODAY), ..candidate("quiz") };
        let later = Candidate { starts: Some(day(2026, 11, 21)), ..candidate("quiz") };
        for (candidate, count) in [(&ended, 0), (&last_day, 3), (&later, 0)] {
            let copies =
                place(&document, &[], &Wanted::Slots, std::slice::from_ref(candidate), (&settings(), TODAY))
                    .copies;
            assert_eq!(copies.len(), count, "{candidate:?}");
        }
        let letter = Candidate { slots: Vec::new(), ..candidate("letter") };
        let all = [Candidate { fallback: Some("letter"), ..ended.clone() }, letter.clone()];
        assert_eq!(current("quiz", &all, TODAY), Some("letter"));
        let round = [
            Candidate { fallback: Some("letter"), ..ended.clone() },
            Candidate { fallback: Some("quiz"), ends: ended.ends, ..letter },
        ];
        assert_eq!(current("quiz", &round, TODAY), None);
        let heavy = [Candidate { weight: 5, ..candidate("a") }, Candidate { weight: 1, ..candidate("b") }];
        assert_eq!(of_slot(Slot::End, &heavy, TODAY), Some("a"));
    }

    #[test]
    fn nothing_stands_inside_a_container() {
        let hole = |at, kind| Hole { at, kind };
        let holes = vec![
            hole(0, HoleKind::Open(0)),
            hole(5, HoleKind::Block { words: 200 }),
            hole(9, HoleKind::Close(0)),
            hole(9, HoleKind::Block { words: 400 }),
            hole(20, HoleKind::End),
        ];
        assert_eq!(
            shown(&document(holes, 500), &[], &Wanted::Slots, &[candidate("quiz")]),
            "promo-quiz-1 @400"
        );
    }
}
