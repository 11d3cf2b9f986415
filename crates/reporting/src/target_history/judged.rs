//! What a target judged, and what it would have: each result of its span under its terms, whether or not it still stands.

use domain::Cell;
use domain::book::Noted;
use domain::history::Revision;
use domain::measure::Definition;
use domain::result::Colour;
use domain::target::{TargetEntry, TargetKey};
use ratings::{NotRated, Rating, Subject};

use super::series_of;
use crate::answer::{Judged, JudgedPeriod};
use crate::reader::{Reader, shown};

impl Reader<'_> {
    /// Each period of its span that has a result, with the rating that the change gives it. Of its own area and cohort: where an area inside it
    /// has no target of its own, that is judged by it too, and is not told here.
    pub(super) fn judged(
        &self,
        key: &TargetKey,
        revision: &Revision<Noted<TargetEntry>>,
        definition: &Definition,
    ) -> Judged {
        let series = series_of(key);
        let figures = self.book.figures(&series);
        let span = revision.value.value.span;
        let periods = figures.periods().filter(|period| span.holds(*period)).filter_map(|period| {
            let cell = Cell { series: series.clone(), period };
            let (stored, entry) = self.entry(figures, period)?;
            self.rests_on_result(stored);
            let subject = Subject {
                definition,
                entry: Some(&entry),
                terms: revision.value.value.terms,
                withdrawn: self.withdrawn(&cell.series.measure, period),
                shown_only: false,
            };
            let rule = self.rule(&cell);
            Some(JudgedPeriod {
                period,
                display: shown(&entry, definition),
                rating: ratings::rate(&rule, &subject),
                rule,
                judges: self.target(&cell, None).is_some_and(|(_, _, it)| it.position == revision.position),
                set_after_result: self.set_after_result(revision, figures, period),
                position: stored.position(),
            })
        });
        Judged::of(periods.collect())
    }
}

impl Judged {
    fn of(periods: Vec<JudgedPeriod>) -> Self {
        let count = |counts: fn(Rating) -> bool| {
            let n = periods.iter().filter(|judged| counts(judged.rating)).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        };
        Self {
            // Missed without a known minimum standard has no colour, and yet it was judged.
            n_judged: count(|it| it.colour().is_some() || it == Rating::NotRated(NotRated::NoMinimumStandard)),
            n_met: count(|it| it == Rating::Rated(Colour::Green)),
            n_minimum_met: count(|it| matches!(it, Rating::Rated(Colour::Green | Colour::Amber))),
            periods,
        }
    }

    /// “of 6 results in its span, 4 met it, and 5 met the minimum standard”.
    pub fn words(&self) -> String {
        match (self.n_judged, self.periods.is_empty()) {
            (0, true) => "no result stands for a period that it judges".to_owned(),
            (0, false) => "none of the results that stand in its span can be judged by it".to_owned(),
            (n, _) => {
                let results = if n == 1 { "result" } else { "results" };
                let (met, minimum) = (self.n_met, self.n_minimum_met);
                format!("of {n} {results} in its span, {met} met it, and {minimum} met the minimum standard")
            }
        }
    }
}
