//! Reading many figures at once: a measure's lines and targets, looked up once.

use super::Book;
use super::columns::{Lines, TargetLine, Window, rolled_back};
use super::figures::{Figures, StoredResult};
use crate::ids::{AreaId, CohortId, MeasureId};
use crate::period::{DayNumber, PeriodKey};
use crate::target::Owner;
use crate::time::AsOf;

pub use super::columns::{AreaNumber, CohortNumber, StoredTarget};

/// A measure's results and targets for one cohort.
#[derive(Clone, Copy)]
pub struct MeasureColumns<'a> {
    book: &'a Book,
    lines: Option<Lines<'a>>,
    targets: &'a [TargetLine],
    cohort: Option<CohortNumber>,
}

impl Book {
    /// The number of an area; `None` when neither a result nor a target is about it.
    pub fn area_number(&self, area: &AreaId) -> Option<AreaNumber> {
        self.columns.area(area)
    }

    /// The number of a cohort; `None` when neither a result nor a target is about it.
    pub fn cohort_number(&self, cohort: &CohortId) -> Option<CohortNumber> {
        self.columns.cohort(cohort)
    }

    /// A measure's results and targets for a cohort. Cost: a look-up.
    pub fn measure_columns(&self, measure: &MeasureId, cohort: Option<CohortNumber>) -> MeasureColumns<'_> {
        let (lines, targets) = self.columns.of_measure(measure, cohort);
        MeasureColumns { book: self, lines, targets, cohort }
    }
}

/// An area's figures for some neighbouring periods, looked up ahead of being read.
#[derive(Clone, Copy)]
pub struct FigureWindow<'a> {
    figures: Figures<'a>,
    window: Window<'a>,
}

impl<'a> FigureWindow<'a> {
    /// All of the area's figures.
    pub const fn figures(&self) -> Figures<'a> {
        self.figures
    }

    /// What stands for each of some periods, ascending, of those that were looked up.
    pub fn standing(&self, periods: &[PeriodKey], as_of: AsOf, found: &mut Vec<Option<StoredResult<'a>>>) {
        found.clear();
        let mut slots = self.window.all().peekable();
        for wanted in periods {
            while slots.next_if(|(period, _)| period < wanted).is_some() {}
            let revisions = slots.next_if(|(period, _)| period == wanted).map(|(_, revisions)| revisions);
            found.push(revisions.and_then(|revisions| self.figures.last_standing(revisions, as_of)));
        }
    }
}

impl<'a> MeasureColumns<'a> {
    /// An area's figures from one period to another.
    pub fn window(&self, area: Option<AreaNumber>, (from, to): (PeriodKey, PeriodKey)) -> FigureWindow<'a> {
        let line = self.lines.zip(area).and_then(|(lines, area)| lines.of(area));
        let window = line.map_or(Window::EMPTY, |line| line.window(from, to));
        FigureWindow { figures: Figures::new(self.book, line), window }
    }

    /// Every owner's targets of an area, with what judges each of some days, ascending; what a withdrawal emptied is empty.
    pub fn targets(&self, days: &[DayNumber], as_of: AsOf) -> Vec<(AreaNumber, Owner, Vec<Option<&'a StoredTarget>>)> {
        let own = self.targets.iter().filter(|line| Some(line.cohort()) == self.cohort);
        own.map(|line| {
            let mut words = Vec::new();
            line.resolve(days, as_of, rolled_back(self.book, as_of), &mut words);
            for word in &mut words {
                *word = word.filter(|word| word.terms().is_some());
            }
            (line.area(), line.owner(), words)
        })
        .collect()
    }
}
