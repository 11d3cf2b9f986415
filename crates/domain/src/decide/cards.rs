//! Judging how a scorecard is laid out.

use super::desk::{Desk, as_of};
use super::{Outcome, Rejection};
use crate::command::{Instruction, ScorecardDefinition};
use crate::event::{Event, ScorecardDefined};
use crate::ids::ScorecardId;
use crate::scorecard::Layout;
use crate::time::AsOf;

impl Desk<'_> {
    pub(super) fn define_scorecard(
        &self,
        definition: &ScorecardDefinition,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        for row in definition.layout.rows() {
            self.check_measure(&row.measure, as_of)?;
            self.check_cohort(&row.cohort)?;
        }
        self.check_others(definition, as_of)?;
        let before = self.scorecard(&definition.scorecard, definition.remit.from, as_of);
        if before.is_some_and(|state| {
            state.title == definition.title
                && state.committee == definition.committee
                && state.layout == definition.layout
                && state.remit == definition.remit
        }) {
            return Ok(Outcome::Unchanged);
        }
        let words = |layout: &Layout| match layout.rows().count() {
            1 => "1 row".to_owned(),
            n => format!("{n} rows"),
        };
        let before = before.map_or(String::new(), |state| words(&state.layout));
        let (layout, mut events) = self.content(&definition.layout.to_string());
        events.push(Event::ScorecardDefined(ScorecardDefined {
            scorecard: definition.scorecard.clone(),
            title: definition.title.clone(),
            committee: definition.committee.clone(),
            layout,
            remit: definition.remit.clone(),
        }));
        Ok(Outcome::Change { events, before, after: words(&definition.layout) })
    }

    /// The scorecards that it names must be there, and be others; the rows of a part must be rows of the whole.
    fn check_others(&self, definition: &ScorecardDefinition, as_of: AsOf) -> Result<(), Rejection> {
        let remit = &definition.remit;
        let named = [("behind", &remit.behind), ("subset_of", &remit.subset_of)];
        for (field, other) in named.into_iter().filter_map(|(field, other)| Some((field, other.as_ref()?))) {
            if *other == definition.scorecard {
                return Err(Rejection::Text { field, problem: "is the scorecard itself" });
            }
            if self.layouts(other, as_of).is_empty() {
                return Err(Rejection::UnknownScorecard { scorecard: other.clone() });
            }
        }
        remit.subset_of.as_ref().map_or(Ok(()), |whole| self.check_subset(definition, whole, as_of))
    }

    /// A part holds the same figures and ratings as the whole when each of its rows is one of the whole's, in every layout
    /// of the whole that may hold with it.
    fn check_subset(
        &self,
        definition: &ScorecardDefinition,
        whole: &ScorecardId,
        as_of: AsOf,
    ) -> Result<(), Rejection> {
        let layouts = self.layouts(whole, as_of);
        let from = definition.remit.from;
        // The one that holds when the part begins, and those that come after; where none holds yet, the first.
        let first = layouts.keys().rev().find(|day| **day <= from).or_else(|| layouts.keys().next()).copied();
        for (_, state) in layouts.range(first.unwrap_or(from)..) {
            if let Some(row) = definition.layout.rows().find(|row| !state.layout.rows().any(|other| other == *row)) {
                let (measure, cohort) = (row.measure.clone(), row.cohort.clone());
                return Err(Rejection::NotInWhole { whole: whole.clone(), measure, cohort });
            }
        }
        Ok(())
    }
}
