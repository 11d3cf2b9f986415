//! Reading many figures at once: a measure's lines and targets, looked up once.

use super::columns::{Lines, Slots, TargetLine, Within, of_key};
use super::figures::Figures;
use super::{Book, MeasureStates};
use crate::ids::{AreaId, CohortId, MeasureId};
use crate::period::{DayNumber, PeriodKey, PeriodKeys};
use crate::time::AsOf;

pub use super::columns::{AreaNumber, CohortNumber, Standing, Standings, StoredTarget};

/// What was said of a measure itself, and its results and targets for one cohort.
#[derive(Clone, Copy)]
pub struct MeasureColumns<'a> {
    book: &'a Book,
    states: Option<MeasureStates<'a>>,
    lines: Option<Lines<'a>>,
    targets: &'a [TargetLine],
}

impl Book {
    /// Bounds made ready to be compared with many revisions.
    pub fn bounds(&self, as_of: AsOf) -> Bounds<'_> {
        Bounds(Within::new(self, as_of))
    }

    /// The number of an area; `None` when neither a result nor a target is about it.
    pub fn area_number(&self, area: &AreaId) -> Option<AreaNumber> {
        self.columns.area(area)
    }

    /// The number of a cohort; `None` when neither a result nor a target is about it.
    pub fn cohort_number(&self, cohort: &CohortId) -> Option<CohortNumber> {
        self.columns.cohort(cohort)
    }

    /// A measure, and its results and targets for a cohort. Cost: a look-up.
    pub fn measure_columns(&self, measure: &MeasureId, cohort: Option<CohortNumber>) -> MeasureColumns<'_> {
        let number = self.columns.measure(measure);
        let both = number.zip(cohort);
        MeasureColumns {
            book: self,
            states: number.and_then(|number| MeasureStates::numbered(self, number)),
            lines: both.map(|(number, cohort)| self.columns.lines(number, cohort)),
            targets: both.map_or(&[], |(number, cohort)| self.columns.targets(number, cohort)),
        }
    }
}

/// An area's figures for some neighbouring periods, looked up ahead of being read.
#[derive(Clone, Copy)]
pub struct FigureWindow<'a> {
    figures: Figures<'a>,
    slots: Option<Slots<'a>>,
}

impl<'a> FigureWindow<'a> {
    /// All of the area's figures.
    pub const fn figures(&self) -> Figures<'a> {
        self.figures
    }

    /// What stands for each of the periods that were looked up; `found` has room for as many.
    #[inline]
    pub fn standing(&self, periods: &[PeriodKey], bounds: &Bounds<'_>, found: &mut Standings) {
        match self.slots {
            Some(slots) => slots.standing(periods, &bounds.0, found),
            None => found.clear(),
        }
    }
}

/// The bounds of an answer, made ready to be compared with many revisions.
#[derive(Clone, Copy)]
pub struct Bounds<'a>(Within<'a>);

impl<'a> MeasureColumns<'a> {
    /// What was ever said of the measure itself.
    pub const fn states(&self) -> Option<MeasureStates<'a>> {
        self.states
    }

    /// An area's figures for some periods, ascending. `at` is any number, or what it was left at for another measure: areas
    /// are mostly found at the same place again.
    #[inline]
    pub fn window(&self, area: Option<AreaNumber>, at: &mut usize, periods: PeriodKeys<'_>) -> FigureWindow<'a> {
        let line = self.lines.zip(area).and_then(|(lines, area)| lines.of_near(area, at));
        FigureWindow { figures: Figures::new(self.book, line), slots: line.map(|line| line.slots(periods)) }
    }

    /// The areas that have targets of their own, in order; one may be there several times.
    pub fn target_areas(&self) -> impl Iterator<Item = AreaNumber> {
        self.targets.iter().map(TargetLine::area)
    }

    /// What judges each of some days, ascending, in an area: of `areas`, which are it and those around it, the nearest that
    /// has a target then, by its owners in their order. What judges nothing may be a withdrawal.
    pub fn judging(
        &self,
        areas: &[AreaNumber],
        days: &[DayNumber],
        bounds: &Bounds<'_>,
        found: &mut Vec<Option<&'a StoredTarget>>,
    ) {
        found.clear();
        found.resize(days.len(), None);
        let mut lines = areas.iter().flat_map(|area| of_key(self.targets, *area, TargetLine::area));
        if let Some(nearest) = lines.next() {
            nearest.resolve(days, &bounds.0, found);
        }
        for line in lines {
            let mut own = vec![None; days.len()];
            line.resolve(days, &bounds.0, &mut own);
            let places = found.iter_mut().zip(own);
            places.for_each(|(place, word)| *place = place.filter(|it| !it.is_withdrawal()).or(word));
        }
    }
}
