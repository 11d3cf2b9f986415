//! What a commit changed of the ratings: each cell as of its end, compared with the commit before.
//!
//! A pure function of the log: of what was recorded later nothing is looked at, so that a commit's changes are the same
//! whenever they are asked for. Both sides are without a bound on `known_at`, so that a backfill that does not stand
//! changes nothing.
//!
//! Cells are compared that ever had a result up to then; [`Touched`] keeps those apart that a commit cannot have changed.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Event;
use domain::result::Series;
use domain::time::AsOf;
use domain::{AreaId, Book, Cell, CohortId, Date, MeasureId, Period, Position, Span};
use ratings::{NotRated, Rating};

use crate::answer::{Difference, Row};
use crate::causes::Stand;
use crate::differences::{self, Pair};
use crate::history::cell_wanted;
use crate::reader::Reader;

/// How many cells of a measure are told apart; of more, all of the measure's are compared.
const CELLS_MAX: usize = 16_384;
/// How many targets of a measure are told apart.
const TARGETS_MAX: usize = 256;

/// A cell whose rating a commit changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingChange {
    /// Its rating as of the commit before.
    pub before: Rating,
    /// Its row as of the commit's end.
    pub after: Row,
    /// Of what the rating rests on, what changed and why; and the rating itself, last.
    pub causes: Vec<Difference>,
}

/// What the records of one commit may have changed the rating of.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    measures: BTreeMap<MeasureId, Scope>,
    /// Areas that may now be inside another one.
    areas: BTreeSet<AreaId>,
    /// A rule was adopted for every measure, for periods that end on this day or later.
    from: Option<Date>,
}

#[derive(Debug, Clone, Default)]
struct Scope {
    cells: BTreeMap<Series, BTreeSet<Period>>,
    n_cells: usize,
    targets: Vec<(AreaId, CohortId, Span)>,
    all: bool,
}

impl Scope {
    fn add_cell(&mut self, cell: &Cell) {
        if self.all {
            return;
        }
        if self.n_cells >= CELLS_MAX {
            *self = Self { all: true, ..Self::default() };
            return;
        }
        let added = self.cells.entry(cell.series.clone()).or_default().insert(cell.period);
        self.n_cells = self.n_cells.saturating_add(usize::from(added));
    }

    fn add_target(&mut self, area: &AreaId, cohort: &CohortId, span: Span) {
        if self.targets.len() >= TARGETS_MAX {
            *self = Self { all: true, ..Self::default() };
        }
        if !self.all {
            self.targets.push((area.clone(), cohort.clone(), span));
        }
    }
}

impl Touched {
    /// Counts one record in. A rollback or a reinstatement also touches what every record of that submission does.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::ResultRecorded(it) => self.scope(&it.cell.series.measure).add_cell(&it.cell),
            Event::ResultWithdrawn(cell) => self.scope(&cell.series.measure).add_cell(cell),
            Event::TargetChanged(it) => self.target(&it.key, it.span),
            Event::TargetWithdrawn(it) => self.target(&it.key, it.span),
            Event::MeasureDefined(it) | Event::MeasureRevised(it) => self.scope(&it.measure).all = true,
            Event::MeasureWithdrawn(it) => self.scope(&it.measure).all = true,
            Event::AreaDefined(it) => {
                self.areas.insert(it.area.clone());
            }
            Event::RatingRuleAdopted(it) => match &it.measure {
                Some(measure) => self.scope(measure).all = true,
                None => self.from = Some(self.from.map_or(it.from, |from| from.min(it.from))),
            },
            Event::LogOpened(_)
            | Event::SubmissionReceived(_)
            | Event::SubmissionRolledBack(_)
            | Event::SubmissionReinstated(_)
            | Event::ContentStored(_)
            | Event::ActorNamed(_)
            | Event::CohortDefined(_)
            | Event::BenchmarkRecorded(_)
            | Event::NeighboursAdopted(_)
            | Event::CommentaryWritten(_)
            | Event::DirectionMethodAdopted(_)
            | Event::ScorecardDefined(_)
            | Event::RowSetAside(_)
            | Event::ActionAgreed(_)
            | Event::ViewPublished(_)
            | Event::CommitteeActRecorded(_)
            | Event::LateFigureTold(_)
            | Event::FormatRaised(_) => {}
        }
    }

    fn scope(&mut self, measure: &MeasureId) -> &mut Scope {
        self.measures.entry(measure.clone()).or_default()
    }

    fn target(&mut self, key: &domain::target::TargetKey, span: Span) {
        self.scope(&key.measure).add_target(&key.area, &key.cohort, span);
    }
}

/// The changes of a commit, cell by cell.
pub struct RatingChanges<'a> {
    before: Reader<'a>,
    after: Reader<'a>,
    touched: &'a Touched,
    /// Whether one of the areas is now inside another one.
    moved: bool,
}

impl<'a> RatingChanges<'a> {
    /// Of the commit that ends at `end`, where the one before it ends at `before`, and its records touched `touched`.
    pub fn new(book: &'a Book, touched: &'a Touched, before: Position, end: Position) -> Self {
        Self::between(book, touched, AsOf::position(before), AsOf::position(end))
    }

    /// The same, each side within bounds of its own.
    pub(crate) fn between(book: &'a Book, touched: &'a Touched, before: AsOf, after: AsOf) -> Self {
        let (before, after) = (Reader::new(book, before), Reader::new(book, after));
        let inside = |reader: &Reader<'a>, area| reader.area_and_containing(area).into_iter().nth(1);
        let moved = touched.areas.iter().any(|area| inside(&before, area) != inside(&after, area));
        Self { before, after, touched, moved }
    }

    /// Compares up to `n_cells_max` cells after one (all, without), in the order of measure, area, cohort and period code.
    /// Gives what changed, and the last cell that was compared; `None` once there are no more.
    ///
    /// Cost: of a cell, two ratings, about 5 µs; and of a wide change, a look at each cell of its measures.
    pub fn page(&self, after: Option<&Cell>, n_cells_max: usize) -> (Vec<RatingChange>, Option<Cell>) {
        let (mut changes, mut last, mut n_cells) = (Vec::new(), None, 0_usize);
        let first = after.map(|cell| cell.series.clone());
        for series in self.series(first) {
            for period in self.periods(series, after) {
                if n_cells == n_cells_max {
                    return (changes, last);
                }
                n_cells = n_cells.saturating_add(1);
                let cell = Cell { series: series.clone(), period };
                changes.extend(self.compare(&cell));
                last = Some(cell);
            }
        }
        (changes, None)
    }

    /// Every cell whose rating may have changed, in order.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> {
        self.series(None).flat_map(|series| {
            let periods = self.periods(series, None);
            periods.into_iter().map(|period| Cell { series: series.clone(), period })
        })
    }

    /// The series that may have changed, from one on.
    fn series(&self, first: Option<Series>) -> Box<dyn Iterator<Item = &'a Series> + '_> {
        let book = self.after.book;
        if self.touched.from.is_some() || self.moved {
            let from = first.or_else(|| book.measure_ids().next().map(Series::first_of));
            return Box::new(from.into_iter().flat_map(|from| book.series_from(&from)));
        }
        let measures = self.touched.measures.iter();
        let wanted = first.clone();
        let measures = measures.skip_while(move |(m, _)| wanted.as_ref().is_some_and(|it| **m < it.measure));
        Box::new(measures.flat_map(move |(measure, scope)| {
            let from = first.clone().filter(|it| it.measure == *measure).unwrap_or_else(|| Series::first_of(measure));
            let few = !scope.all && scope.targets.is_empty();
            let found: Box<dyn Iterator<Item = &'a Series>> = if few {
                Box::new(scope.cells.range(from..).map(|(series, _)| series))
            } else {
                Box::new(book.series_from(&from).take_while(move |series| series.measure == *measure))
            };
            found
        }))
    }

    /// The periods of a series that may have changed, after a cell, by code.
    fn periods(&self, series: &Series, after: Option<&Cell>) -> Vec<Period> {
        let figures = self.after.book.figures(series);
        let recorded = |period: &Period| {
            figures.revisions(*period).any(|revision| revision.position() <= self.after.as_of.position)
        };
        let done = after.filter(|cell| cell.series == *series).map(|cell| cell.period.code());
        let touched = self.touched_periods(series).into_iter().filter(recorded).map(|period| (period.code(), period));
        let mut left: Vec<_> = touched.filter(|(code, _)| done.as_ref().is_none_or(|done| code > done)).collect();
        left.sort_unstable();
        left.into_iter().map(|(_, period)| period).collect()
    }

    /// The periods of a series that may have changed.
    fn touched_periods(&self, series: &Series) -> Vec<Period> {
        let all = || self.after.book.figures(series).periods();
        if self.wholly(series) {
            return all().collect();
        }
        let scope = self.touched.measures.get(&series.measure);
        let mut periods = scope.and_then(|scope| scope.cells.get(series)).cloned().unwrap_or_default();
        if let Some(from) = self.touched.from {
            periods.extend(all().filter(|period| from <= period.last_day()));
        }
        let targets: &[_] = scope.map_or(&[], |scope| &scope.targets);
        if !targets.is_empty() {
            // Where they were others before, all of the series is compared anyway.
            let areas = self.after.area_and_containing(&series.area);
            let judged = |period: &Period, (area, cohort, span): &(AreaId, CohortId, Span)| {
                *cohort == series.cohort && span.holds_day(period.last_day()) && areas.contains(area)
            };
            periods.extend(all().filter(|period| targets.iter().any(|target| judged(period, target))));
        }
        periods.into_iter().collect()
    }

    /// Whether every period of a series may have changed.
    fn wholly(&self, series: &Series) -> bool {
        let measure = self.touched.measures.get(&series.measure).is_some_and(|scope| scope.all);
        let area = || {
            let now = self.after.area_and_containing(&series.area);
            now != self.before.area_and_containing(&series.area)
        };
        measure || (self.moved && area())
    }

    fn compare(&self, cell: &Cell) -> Option<RatingChange> {
        // While its measure is not defined, a cell is as without a result.
        let rating = |reader: &Reader<'_>| reader.rating(cell).unwrap_or(Rating::NotRated(NotRated::NoResult));
        let before = rating(&self.before);
        if before == rating(&self.after) {
            return None;
        }
        let row = self.after.cell(cell).ok()?;
        let nothing = |_not_defined| Row { result: None, target: None, rating: before, ..row.clone() };
        let was = self.before.cell(cell).unwrap_or_else(nothing);
        let wanted = cell_wanted(cell);
        let stand = |reader| Stand { reader, wanted: &wanted };
        let (before_it, after_it) = (stand(&self.before), stand(&self.after));
        let causes = differences::of_rating(&Pair { was: &was, is: &row, before: before_it, after: after_it });
        Some(RatingChange { before, after: row, causes })
    }
}
