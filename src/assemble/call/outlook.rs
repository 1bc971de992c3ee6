//! The view of `outlook`.
//!
//! In: checked arguments. Out: growth or decline in words and numbers. Nothing is computed that the
//! source does not publish.

use super::arguments::Arguments;
use super::desk::Desk;
use super::map;
use super::pay::note;
use super::source::Back;
use super::standing::{Figures, standing};
use crate::assemble::facts::Filed;
use crate::assemble::format::{absolute, words_with};
use crate::assemble::shown::{self, Amount, Bar};
use crate::diagnostic::Code;
use crate::parse::data::{Decimal, Outlook, Role};

impl<'s> Desk<'s, '_> {
    /// `::outlook role`
    pub(super) fn outlook(&mut self, arguments: &Arguments<'s>) -> Option<shown::Outlook> {
        let role = self.role_argument(arguments)?;
        let (outlook, sentence) = self.outlook_of(arguments, role)?;
        let mut view = self.outlook_view(role, outlook);
        note(&mut view.notes, sentence);
        Some(view)
    }

    /// The outlook shown for a role, with why it is another's.
    fn outlook_of(
        &mut self,
        arguments: &Arguments<'s>,
        role: &'s Filed<Role>,
    ) -> Option<(&'s Filed<Outlook>, Option<String>)> {
        let facts = self.shared.facts;
        let Some(of) = standing(facts, role, Figures::Outlook, self.locale) else {
            let id = &role.id.value;
            let message = format!("no outlook is published for `{id}`");
            let help = format!("add `[{id}.US]` to the outlook, or take this line away");
            self.report(Code::ValueUnknown, arguments.span(), message, help);
            return None;
        };
        let places: Vec<&str> = facts.outlook.get(of.role)?.keys().map(String::as_str).collect();
        let place = self.place(arguments, &places, of.role)?;
        Some((facts.outlook(of.role, place)?, of.note))
    }

    /// The same without a problem when there is none, for tables.
    pub(super) fn outlook_quietly(
        &self,
        role: &'s Filed<Role>,
        asked: Option<&str>,
    ) -> Option<(&'s Filed<Outlook>, Option<String>)> {
        let facts = self.shared.facts;
        let of = standing(facts, role, Figures::Outlook, self.locale)?;
        let places: Vec<&str> = facts.outlook.get(of.role)?.keys().map(String::as_str).collect();
        let place = asked.or_else(|| self.default_place(&places))?;
        Some((facts.outlook(of.role, place)?, of.note))
    }

    pub(super) fn outlook_view(
        &mut self,
        role: &'s Filed<Role>,
        outlook: &'s Filed<Outlook>,
    ) -> shown::Outlook {
        self.used.insert(("outlook", &outlook.role.value));
        let locale = self.locale;
        let role = self.role_link(role);
        let year = |year: Option<u16>| year.map(|year| year.to_string()).unwrap_or_default();
        let (base, target) = (year(outlook.base_year), year(outlook.target_year));
        let sign = outlook.percent.map(|percent| percent.units.signum());
        let direction = match sign.or_else(|| outlook.change.map(i64::signum)) {
            Some(1) => "grow",
            Some(-1) => "shrink",
            _ => "stay",
        };
        let growth = outlook.percent.map(|percent| locale.percent(absolute(percent)));
        let growth = growth
            .or_else(|| outlook.change.map(|change| locale.number(Decimal::from(change.saturating_abs()))));
        let words = locale.words;
        let pattern = match direction {
            "grow" => words.grow,
            "shrink" => words.shrink,
            _ => words.stay,
        };
        let said = growth.is_some() && !base.is_empty() && !target.is_empty();
        let summary = if said {
            words_with(pattern, &[&role.plural, &growth.unwrap_or_default(), &base, &target])
        } else {
            String::new()
        };
        let (jobs, projected) = (outlook.jobs.map(i64::from), outlook.projected.map(i64::from));
        let bar = |label: &str, jobs: i64, most: i64| Bar {
            label: label.to_owned(),
            amount: self.count(jobs),
            width: map::share(jobs, most),
        };
        let bars = match (jobs, projected) {
            (Some(jobs), Some(projected)) => {
                let most = jobs.max(projected);
                vec![bar(&base, jobs, most), bar(&target, projected, most)]
            }
            _ => Vec::new(),
        };
        shown::Outlook {
            place_name: locale.place(&outlook.place.value).to_owned(),
            within: locale.within(&outlook.place.value),
            direction: direction.to_owned(),
            summary,
            percent: outlook.percent.map(|percent| Amount {
                value: percent.to_string(),
                text: locale.percent(absolute(percent)),
                op: String::new(),
            }),
            signed: outlook.percent.map(|percent| Amount {
                value: percent.to_string(),
                text: locale.signed_percent(percent),
                op: String::new(),
            }),
            change: outlook.change.map(|change| self.count(change.saturating_abs())),
            jobs: jobs.map(|jobs| self.count(jobs)),
            projected: projected.map(|jobs| self.count(jobs)),
            openings: outlook.openings_per_year.map(|openings| self.count(i64::from(openings))),
            bars,
            source: outlook.source.as_ref().and_then(|source| self.cite_id(&source.value, Back::Link)),
            notes: Vec::new(),
            base_year: base,
            target_year: target,
            role,
        }
    }
}
