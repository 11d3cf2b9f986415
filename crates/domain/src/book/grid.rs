//! Reading many figures at once: a measure's lines and targets, looked up once.

use super::Book;
use super::columns::{Lines, TargetLine, TargetWord, rolled_back};
use super::figures::{Figures, StoredResult};
use crate::ids::{AreaId, CohortId, MeasureId, Position};
use crate::period::{DayNumber, PeriodKey};
use crate::target::{Owner, Terms};
use crate::time::{AsOf, Timestamp};

pub use super::columns::AreaNumber;

/// A measure's results and targets for one cohort.
#[derive(Clone, Copy)]
pub struct MeasureColumns<'a> {
    book: &'a Book,
    lines: Option<Lines<'a>>,
    targets: &'a [TargetLine],
    cohort: Option<u32>,
}

/// A target that judges a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judging {
    /// Where it is in the log.
    pub position: Position,
    /// When it was known.
    pub known_at: Timestamp,
    /// What it asks for.
    pub terms: Terms,
}

impl Book {
    /// The number of an area; `None` when neither a result nor a target is about it.
    pub fn area_number(&self, area: &AreaId) -> Option<AreaNumber> {
        self.columns.area(area)
    }

    /// A measure's results and targets for a cohort. Cost: two look-ups.
    pub fn measure_columns(&self, measure: &MeasureId, cohort: &CohortId) -> MeasureColumns<'_> {
        let (lines, targets) = self.columns.of_measure(measure, cohort);
        MeasureColumns { book: self, lines, targets, cohort: self.columns.cohort(cohort) }
    }
}

impl<'a> MeasureColumns<'a> {
    /// An area's figures.
    pub fn figures(&self, area: AreaNumber) -> Figures<'a> {
        Figures::new(self.book, self.lines.and_then(|lines| lines.of(area)))
    }

    /// Every owner's targets of an area, with what judges each of some days, ascending; what a withdrawal emptied is empty.
    pub fn targets(&self, days: &[DayNumber], as_of: AsOf) -> Vec<(AreaNumber, Owner, Vec<Option<Judging>>)> {
        let own = self.targets.iter().filter(|line| Some(line.cohort()) == self.cohort);
        let mut words = Vec::new();
        own.map(|line| {
            line.resolve(days, as_of, rolled_back(self.book, as_of), &mut words);
            let judging = |word: &TargetWord| {
                Some(Judging { position: word.position, known_at: word.known_at, terms: word.terms? })
            };
            (line.area(), line.owner(), words.iter().map(|word| word.and_then(judging)).collect())
        })
        .collect()
    }
}

impl<'a> Figures<'a> {
    /// What stands for each of some periods, ascending.
    ///
    /// Cost: a binary search among the line's periods, and a step for each between the first and the last.
    pub fn standing_in(self, periods: &[PeriodKey], as_of: AsOf, found: &mut Vec<Option<StoredResult<'a>>>) {
        found.clear();
        let (Some(line), Some(first)) = (self.line(), periods.first()) else {
            return found.resize(periods.len(), None);
        };
        let mut slots = line.from(*first).peekable();
        for wanted in periods {
            while slots.next_if(|(period, _)| period < wanted).is_some() {}
            let revisions = slots.next_if(|(period, _)| period == wanted).map_or(&[][..], |(_, revisions)| revisions);
            found.push(self.last_standing(revisions, as_of));
        }
    }
}
