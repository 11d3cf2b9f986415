//! Reading many figures at once: a measure's lines and targets, looked up once.

use std::hint::black_box;

use super::columns::{Place, Slots, TargetLine, Within, of_key};
use super::figures::Figures;
use super::measures::Said;
use super::{Book, MeasureStates};
use crate::ids::{AreaId, CohortId, MeasureId};
use crate::period::{DayNumber, LastDays, PeriodKey, PeriodKeys};
use crate::time::AsOf;

pub use super::columns::{AreaNumber, CohortNumber, Late, Older, Plain, Seen, Standing, Standings, StoredTarget};

/// The number of a measure that something was said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureNumber(u32);

/// What was said of a measure itself, and its results and targets for one cohort.
#[derive(Clone, Copy)]
pub struct MeasureColumns<'a> {
    book: &'a Book,
    number: Option<u32>,
    said: Option<&'a Said>,
    places: &'a [Place],
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

    /// How many measures something was said of.
    pub fn n_measures(&self) -> usize {
        self.columns.n_measures()
    }

    /// The number of a measure; `None` when nothing was said of it. Cost: a look-up.
    pub fn measure_number(&self, measure: &MeasureId) -> Option<MeasureNumber> {
        self.columns.measure(measure).map(MeasureNumber)
    }

    /// A measure, and its results and targets for a cohort.
    #[inline]
    pub fn measure_columns(&self, number: Option<MeasureNumber>, cohort: Option<CohortNumber>) -> MeasureColumns<'_> {
        let number = number.map(|number| number.0);
        let both = number.zip(cohort);
        MeasureColumns {
            book: self,
            number,
            said: number.and_then(|number| self.measures.numbered(number)),
            places: both.map_or(&[], |(number, cohort)| self.columns.places(number, cohort)),
            targets: both.map_or(&[], |(number, cohort)| self.columns.targets(number, cohort)),
        }
    }
}

/// An area's figures for some neighbouring periods, looked up ahead of being read.
#[derive(Clone, Copy)]
pub struct FigureWindow<'a> {
    book: &'a Book,
    slots: Option<Slots<'a>>,
}

impl<'a> Figures<'a> {
    /// Looks at many, so that they are near when they are read: one does not wait for the other.
    pub fn look(all: &[Self]) {
        black_box(all.iter().filter_map(|figures| figures.line()).fold(0, |seen, line| seen ^ line.look()));
    }

    /// Those of some periods, ascending.
    #[inline]
    pub fn window(self, periods: PeriodKeys<'_>) -> FigureWindow<'a> {
        FigureWindow { book: self.book(), slots: self.line().map(|line| line.slots(periods)) }
    }
}

impl<'a> FigureWindow<'a> {
    /// Looks at many, so that they are near when they are read: one does not wait for the other.
    pub fn look(all: &[Self]) {
        black_box(all.iter().filter_map(|window| window.slots.as_ref()).fold(0, |seen, slots| seen ^ slots.look()));
    }

    /// All of the area's figures.
    pub fn figures(&self) -> Figures<'a> {
        Figures::new(self.book, self.slots.as_ref().map(Slots::line))
    }

    /// Its figures as they lie, where they are plain values that stand for all of `n` periods, which were looked up.
    #[inline]
    pub fn plain(&self, n: usize, bounds: &Bounds<'_>) -> Option<Plain<'a>> {
        self.slots.as_ref()?.plain(n, &bounds.0)
    }

    /// What stands for each of the periods that were looked up, but for those that are told to `late`; `found` has as many
    /// places.
    #[inline]
    pub fn standing(
        &self,
        periods: &[PeriodKey],
        bounds: &Bounds<'_>,
        found: &mut [Standing],
        late: impl FnMut(Late<'a>),
    ) -> Seen {
        match &self.slots {
            Some(slots) => slots.standing(periods, &bounds.0, found, late),
            None => Seen::nothing_for(found),
        }
    }
}

impl Older<'_> {
    /// What stands for their period.
    #[inline]
    pub fn standing_within(self, bounds: &Bounds<'_>) -> Standing {
        self.standing(&bounds.0)
    }
}

/// The bounds of an answer, made ready to be compared with many revisions.
#[derive(Clone, Copy)]
pub struct Bounds<'a>(Within<'a>);

impl<'a> MeasureColumns<'a> {
    /// What was ever said of the measure itself.
    pub fn states(&self) -> Option<MeasureStates<'a>> {
        self.said.map(|said| MeasureStates::new(self.book, said))
    }

    /// An area's figures. `at` is any number, or what it was left at for another measure: areas are mostly found at the same
    /// place again.
    #[inline]
    pub fn figures(&self, area: Option<AreaNumber>, at: &mut usize) -> Figures<'a> {
        Figures::new(self.book, area.and_then(|area| self.book.columns.line_near(self.places, area, at)))
    }

    /// The measure's place among those that the log knows of, below [`Book::n_measures`].
    pub fn place(&self) -> Option<usize> {
        self.number.and_then(|number| usize::try_from(number).ok())
    }

    /// The areas that have targets of their own, in order; one may be there several times.
    pub fn target_areas(&self) -> impl Iterator<Item = AreaNumber> {
        self.targets.iter().map(TargetLine::area)
    }

    /// Looks at when the targets of many change, so that it is near when it is read: one does not wait for the other.
    pub fn look_at_targets<'c>(all: impl Iterator<Item = &'c Self>)
    where
        'a: 'c,
    {
        black_box(all.filter_map(|columns| columns.targets.first()).filter(|line| line.look()).count());
    }

    /// True when what judges in areas is the same within both bounds, as no target of theirs was said within one of them alone.
    /// It may be the same otherwise too.
    pub fn same_targets(&self, areas: &[AreaNumber], one: &Bounds<'_>, other: &Bounds<'_>) -> bool {
        let mut lines = areas.iter().flat_map(|area| self.targets_of(Some(area)));
        one.0.same_positions(&other.0) && lines.all(|line| line.n_known(&one.0) == line.n_known(&other.0))
    }

    /// What judges each of some days, ascending, in an area: of `areas`, which are it and those around it, the nearest that
    /// has a target then, by its owners in their order. Gives the runs of days that are judged alike, in order; what judges one
    /// may judge the next too.
    #[inline]
    pub fn judging(
        &self,
        areas: &[AreaNumber],
        days: &LastDays,
        bounds: &Bounds<'_>,
        found: impl FnMut(JudgedAlike<'a>),
    ) {
        match (areas, self.targets) {
            ([_], [line]) => {
                let Some(first) = days.all().first() else { return };
                let mut stretches = line.stretches_from(*first);
                judged_alike(days, |day| line.standing_of(&mut stretches, day, &bounds.0), found);
            }
            _ => judged_alike(days, |day| self.nearest(areas, day, bounds), found),
        }
    }

    /// Of all lines of some areas, what judges a day, and the first day after it for which something else may.
    #[inline(never)]
    fn nearest(
        &self,
        areas: &[AreaNumber],
        day: DayNumber,
        bounds: &Bounds<'_>,
    ) -> (Option<StoredTarget<'a>>, DayNumber) {
        let mut until = DayNumber::MAX;
        let words = areas.iter().flat_map(|area| self.targets_of(Some(area))).map(|line| {
            let (word, changes) = line.standing(day, &bounds.0);
            until = until.min(changes);
            word
        });
        let by = words.flatten().find(|word| !word.is_withdrawal());
        (by, until)
    }

    fn targets_of(&self, area: Option<&AreaNumber>) -> &'a [TargetLine] {
        area.map_or(&[], |area| of_key(self.targets, *area, TargetLine::area))
    }
}

/// The runs of days that are judged alike, by what judges a day and until when.
#[inline]
fn judged_alike<'a>(
    days: &LastDays,
    mut judging: impl FnMut(DayNumber) -> (Option<StoredTarget<'a>>, DayNumber),
    mut found: impl FnMut(JudgedAlike<'a>),
) {
    let mut end = 0_usize;
    while let Some(day) = days.all().get(end) {
        let (by, until) = judging(*day);
        end = days.n_before(until).max(end.saturating_add(1));
        found(JudgedAlike { end, by });
    }
}

/// Neighbouring days that one target judges.
#[derive(Debug, Clone, Copy)]
pub struct JudgedAlike<'a> {
    /// The place after the last of them.
    pub end: usize,
    /// The last word about their target, which may be a withdrawal; `None` when there is none.
    pub by: Option<StoredTarget<'a>>,
}
