//! Every result of the log in columns: a line of figures for each series, 24 bytes a revision and 8 a cell.
//!
//! A line's latest revisions lie together by period, and those before them apart, so that the figures of thirteen months
//! as of any time are read from neighbouring places in memory: few cells have a later figure than was known then. What few figures have (a printed
//! denominator, a source's own writing) lies apart; from where and why a record came is kept for runs of records, in
//! [`origins`](super::origins).

mod line;
mod names;
mod packed;
mod pending;
mod saved;
mod standings;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

pub use line::{Late, Older, Plain};
pub(crate) use line::{Line, Revisions, Slots, Within};
use names::Names;
pub(crate) use packed::Packed;
pub(super) use packed::{Extra, Ratio};
pub use pending::Laying;
pub(super) use pending::Pending;
pub(super) use saved::RestoredColumns;
pub use standings::{Seen, Standing, Standings};
pub use targets::StoredTarget;
pub(crate) use targets::TargetLine;

use crate::event::Recorded;
use crate::ids::{AreaId, CohortId, MeasureId, Position};
use crate::period::{PeriodKey, Span};
use crate::result::{Figure, ResultEntry, Series, Status};
use crate::target::{TargetKey, Terms};
use crate::time::Timestamp;

/// When a record was known, where it is in the log, and whether it was said to be known before it was taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(super) known_at: Timestamp,
    pub(super) position: Position,
    pub(super) backfill: bool,
}

impl Stamp {
    pub(crate) fn of(record: &Recorded) -> Self {
        Self { known_at: record.known_at, position: record.position, backfill: record.backfill() }
    }

    /// The position as columns keep it.
    fn position(self) -> u32 {
        u32::try_from(self.position.get()).unwrap_or(u32::MAX)
    }
}

/// Where a series' line is, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    cohort: u32,
    area: u32,
    line: u32,
}

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    measures: Names<MeasureId>,
    areas: Names<AreaId>,
    cohorts: Names<CohortId>,
    /// By measure, the lines of its series by cohort and area.
    places: Vec<Vec<Place>>,
    /// By measure, its targets.
    targets: Vec<Vec<TargetLine>>,
    lines: Vec<Line>,
    /// The same lines in the order of their series.
    series: BTreeMap<Series, u32>,
    ratios: Vec<Ratio>,
    extras: BTreeMap<u32, Extra>,
    n_cells: usize,
}

/// The number of an area that some result or target is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AreaNumber(u32);

/// The number of a cohort that some result or target is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortNumber(u32);

impl Columns {
    /// Adds a revision of a cell, of which the line is given; `None` is a withdrawal. Positions only grow.
    ///
    /// Cost: a move of the line's revisions that come after it; of live records, none do.
    pub(crate) fn add(&mut self, (line, period): (u32, PeriodKey), entry: Option<&ResultEntry>, stamp: Stamp) {
        let packed = self.pack(entry, stamp);
        let Some(line) = usize::try_from(line).ok().and_then(|line| self.lines.get_mut(line)) else { return };
        let new = line.add(period, packed);
        self.n_cells = self.n_cells.saturating_add(usize::from(new));
    }

    /// The number of a series' line, an empty one when it is new. Cost: four look-ups.
    pub(crate) fn enter(&mut self, series: &Series) -> u32 {
        let measure = self.measures.enter(&series.measure);
        let area = self.areas.enter(&series.area);
        let cohort = self.cohorts.enter(&series.cohort);
        let next = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let Some(places) = of(&mut self.places, measure) else { return next };
        match places.binary_search_by_key(&(cohort, area), |place| (place.cohort, place.area)) {
            Ok(at) => places.get(at).map_or(next, |place| place.line),
            Err(at) => {
                places.insert(at, Place { cohort, area, line: next });
                self.lines.push(Line::default());
                let shared = Series {
                    measure: self.measures.name(measure).unwrap_or(&series.measure).clone(),
                    area: self.areas.name(area).unwrap_or(&series.area).clone(),
                    cohort: self.cohorts.name(cohort).unwrap_or(&series.cohort).clone(),
                };
                self.series.insert(shared, next);
                next
            }
        }
    }

    /// Adds a word about a key's targets. Positions only grow.
    pub(crate) fn add_target(&mut self, key: &TargetKey, span: Span, terms: Option<Terms>, stamp: Stamp) {
        let measure = self.measures.enter(&key.measure);
        let (area, cohort) = (self.areas.enter(&key.area), self.cohorts.enter(&key.cohort));
        let Some(lines) = of(&mut self.targets, measure) else { return };
        let whose = (cohort, area, key.owner);
        let at = lines.binary_search_by_key(&whose, TargetLine::whose).unwrap_or_else(|at| {
            lines.insert(at, TargetLine::new(whose));
            at
        });
        if let Some(line) = lines.get_mut(at) {
            line.add(span, terms, stamp);
        }
    }

    /// A revision to be kept in a line; what of it does not fit there is kept now.
    pub(super) fn pack(&mut self, entry: Option<&ResultEntry>, stamp: Stamp) -> Packed {
        let Some(entry) = entry else { return Packed::withdrawal(stamp) };
        let next_ratio = self.ratios.len();
        let (packed, ratio) = Packed::new(entry, next_ratio, stamp);
        self.ratios.extend(ratio);
        if let Some(extra) = Extra::of(entry) {
            self.extras.insert(packed.position(), extra);
        }
        packed
    }

    /// Keeps what lies apart of many revisions, positions ascending, and gives how many ratios are before theirs.
    pub(super) fn keep(&mut self, ratios: Vec<Ratio>, extras: Vec<(u32, Extra)>) -> usize {
        let n_before = self.ratios.len();
        self.ratios.extend(ratios);
        self.extras.extend(extras);
        n_before
    }

    /// The figure of a revision, and how settled it is; `None` for a withdrawal.
    pub(crate) fn figure(&self, packed: &Packed) -> Option<(Figure, Status)> {
        let denominator = || self.extra(packed).and_then(|extra| extra.denominator);
        let ratio = |at: usize| self.ratios.get(at).copied();
        packed.figure(ratio, denominator)
    }

    /// All that was recorded with a revision; `None` for a withdrawal.
    pub(crate) fn entry(&self, packed: &Packed) -> Option<ResultEntry> {
        let (figure, status) = self.figure(packed)?;
        let extra = self.extra(packed);
        Some(ResultEntry {
            figure,
            status,
            stated_colour: packed.stated_colour(),
            stated_previous: extra.and_then(|extra| extra.previous.clone()),
            source_text: extra.map_or_else(String::new, |extra| extra.source_text.clone()),
        })
    }

    fn extra(&self, packed: &Packed) -> Option<&Extra> {
        packed.has_extra().then(|| self.extras.get(&packed.position()))?
    }

    /// The line of a series. Cost: three look-ups.
    pub(crate) fn line_of(&self, series: &Series) -> Option<&Line> {
        let area = self.area(&series.area)?;
        let places = self.places(self.measures.number(&series.measure)?, self.cohort(&series.cohort)?);
        self.line_near(places, area, &mut 0)
    }

    /// The number of a measure, a new one when it was not met before.
    pub(crate) fn enter_measure(&mut self, measure: &MeasureId) -> u32 {
        self.measures.enter(measure)
    }

    /// The number of a measure.
    pub(crate) fn measure(&self, measure: &MeasureId) -> Option<u32> {
        self.measures.number(measure)
    }

    /// How many measures have a number.
    pub(crate) fn n_measures(&self) -> usize {
        self.measures.all().len()
    }

    /// The targets of a measure for a cohort, by area and then by owner.
    #[inline]
    pub(crate) fn targets(&self, measure: u32, cohort: CohortNumber) -> &[TargetLine] {
        let all = number(measure).and_then(|at| self.targets.get(at)).map_or(&[][..], Vec::as_slice);
        of_key(all, cohort.0, |line| line.whose().0)
    }

    /// The number of a cohort.
    pub(crate) fn cohort(&self, cohort: &CohortId) -> Option<CohortNumber> {
        self.cohorts.number(cohort).map(CohortNumber)
    }

    /// Where the lines of a measure and a cohort are, by area.
    #[inline]
    pub(crate) fn places(&self, measure: u32, cohort: CohortNumber) -> &[Place] {
        let all = number(measure).and_then(|at| self.places.get(at)).map_or(&[][..], Vec::as_slice);
        of_key(all, cohort.0, |place| place.cohort)
    }

    /// The line of an area, which is one of some places: looked for first where it was among those of another measure, which is
    /// mostly where it is now. Cost: otherwise a binary search among the areas.
    #[inline]
    pub(crate) fn line_near(&self, places: &[Place], area: AreaNumber, at: &mut usize) -> Option<&Line> {
        if places.get(*at).is_none_or(|place| place.area != area.0) {
            *at = places.binary_search_by_key(&area.0, |place| place.area).ok()?;
        }
        self.line(places.get(*at)?.line)
    }

    /// The number of an area; `None` when no result is about it.
    pub(crate) fn area(&self, area: &AreaId) -> Option<AreaNumber> {
        self.areas.number(area).map(AreaNumber)
    }

    fn line(&self, number: u32) -> Option<&Line> {
        self.lines.get(usize::try_from(number).ok()?)
    }

    /// The results and targets of some measures, and no others.
    pub(crate) fn excerpt(&self, measures: &BTreeSet<MeasureId>) -> Self {
        let mut part = Self {
            measures: self.measures.clone(),
            areas: self.areas.clone(),
            cohorts: self.cohorts.clone(),
            ..Self::default()
        };
        for measure in measures {
            if let Some(number) = self.measures.number(measure) {
                let targets = usize::try_from(number).ok().and_then(|number| self.targets.get(number));
                if let (Some(targets), Some(place)) = (targets, of(&mut part.targets, number)) {
                    place.clone_from(targets);
                }
            }
            for (series, number) in self.series_of(measure) {
                let Some(line) = self.line(*number) else { continue };
                let at = part.enter(series);
                let line = line.copied(|packed| part.take(self, packed));
                part.n_cells = part.n_cells.saturating_add(line.n_periods());
                if let Some(place) = of(&mut part.lines, at) {
                    *place = line;
                }
            }
        }
        part
    }

    /// A revision of another's, with what lies apart of it.
    fn take(&mut self, from: &Self, packed: &Packed) -> Packed {
        if let Some(extra) = from.extra(packed) {
            self.extras.insert(packed.position(), extra.clone());
        }
        match packed.ratio().and_then(|at| from.ratios.get(at)) {
            Some(ratio) => {
                self.ratios.push(*ratio);
                packed.with_ratio(self.ratios.len().saturating_sub(1))
            }
            None => *packed,
        }
    }

    /// How many cells of a measure ever had a result. Cost: a look at each of its series.
    pub(crate) fn n_cells_of(&self, measure: &MeasureId) -> usize {
        let lines = self.series_of(measure).filter_map(|(_, number)| self.line(*number));
        lines.map(Line::n_periods).fold(0, usize::saturating_add)
    }

    fn series_of<'a>(&'a self, measure: &'a MeasureId) -> impl Iterator<Item = (&'a Series, &'a u32)> {
        self.series.range(Series::first_of(measure)..).take_while(move |(series, _)| series.measure == *measure)
    }

    /// Every series with its line, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Series, &Line)> {
        self.series.iter().filter_map(|(series, number)| Some((series, self.line(*number)?)))
    }

    /// Every series from one on, in order.
    pub(crate) fn from<'a>(&'a self, first: &Series) -> impl Iterator<Item = &'a Series> + use<'a> {
        self.series.range(first.clone()..).map(|(series, _)| series)
    }

    /// How many cells ever had a result.
    pub(crate) const fn n_cells(&self) -> usize {
        self.n_cells
    }
}

fn number(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// The items of one key, of those that are in its order. There is mostly one key: then nothing is searched.
pub(crate) fn of_key<T, K: Ord + Copy>(all: &[T], key: K, of: impl Fn(&T) -> K) -> &[T] {
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if of(first) == key && of(last) == key => all,
        _ => {
            let from = all.partition_point(|item| of(item) < key);
            let to = all.partition_point(|item| of(item) <= key);
            all.get(from..to).unwrap_or_default()
        }
    }
}

/// What a number's place in a column holds, making room up to it.
fn of<T: Default>(column: &mut Vec<T>, number: u32) -> Option<&mut T> {
    let at = usize::try_from(number).ok()?;
    if at >= column.len() {
        column.resize_with(at.saturating_add(1), T::default);
    }
    column.get_mut(at)
}
