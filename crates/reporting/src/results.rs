//! Every result that stands, in parts, so that all of them can be read with little memory.

use domain::book::{Figures, MeasureState};
use domain::ids::Origin;
use domain::measure::Definition;
use domain::result::{ResultEntry, Series};
use domain::time::{AsOf, Timestamp};
use domain::{AreaId, Book, Cell, Decimal, Figure, Period, Position};

use crate::answer::AreaAnswer;
use crate::reader::Reader;

/// What stands of one series, or of a part of its periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesResults {
    /// Measure, area and cohort.
    pub series: Series,
    /// The measure's definition as of then; its earliest when it was defined only later.
    pub definition: Definition,
    /// The area itself, then each that contains it, nearest first.
    pub areas: Vec<AreaAnswer>,
    /// What stands, earliest period first; at least one.
    pub results: Vec<StandingResult>,
}

/// A result that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingResult {
    /// Which period.
    pub period: Period,
    /// What is recorded.
    pub entry: ResultEntry,
    /// The value that the counts give, rounded to the measure's decimal places; `None` where a value was stated, there is
    /// none, or it does not fit.
    pub calculated: Option<Decimal>,
    /// Where it is recorded.
    pub position: Position,
    /// When it was known.
    pub known_at: Timestamp,
    /// True when it was said to be known before it was taken in.
    pub backfill: bool,
    /// The name of the file it came from, and the line.
    pub origin: Option<(String, Origin)>,
}

/// A part of all results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// By measure, area and cohort.
    pub series: Vec<SeriesResults>,
    /// The last cell that was looked at, to go on after; `None` when this was the last part.
    pub last: Option<Cell>,
}

/// What stands of the next `n_cells` cells after one, by series and period; from the first cell without one.
///
/// Cost: the cells looked at. An answer at fixed bounds never changes, so that parts read at different times make one whole.
pub fn results(book: &Book, after: Option<&Cell>, n_cells: usize, as_of: AsOf) -> Part {
    let reader = Reader::new(book, as_of);
    let mut part = Part::default();
    let mut n_left = n_cells;
    let all: Box<dyn Iterator<Item = &Series>> = match after {
        Some(cell) => Box::new(book.series_from(&cell.series)),
        None => Box::new(book.all_series()),
    };
    for series in all {
        let told = after.filter(|cell| cell.series == *series).map(|cell| cell.period);
        let mut standing = Vec::new();
        let figures = book.figures(series);
        for period in figures.periods().skip_while(|period| told.is_some_and(|told| *period <= told)) {
            if n_left == 0 {
                part.series.extend(reader.series_results(series, standing));
                return part;
            }
            n_left = n_left.saturating_sub(1);
            standing.extend(reader.standing(figures, period));
            part.last = Some(Cell { series: series.clone(), period });
        }
        part.series.extend(reader.series_results(series, standing));
    }
    part.last = None;
    part
}

impl Reader<'_> {
    fn standing(&self, figures: Figures<'_>, period: Period) -> Option<StandingResult> {
        let revision = figures.standing(period, self.as_of)?.revision();
        let provenance = self.provenance(&revision);
        Some(StandingResult {
            period,
            entry: revision.value.value?,
            calculated: None,
            position: provenance.position,
            known_at: provenance.known_at,
            backfill: provenance.known_at < provenance.recorded_at,
            origin: provenance.origin,
        })
    }

    /// `None` when nothing stands.
    fn series_results(&self, series: &Series, mut results: Vec<StandingResult>) -> Option<SeriesResults> {
        let (revision, _) = self.book.definition(&series.measure, self.as_of).filter(|_| !results.is_empty())?;
        let MeasureState::Defined(definition) = &revision.value.value else { return None };
        for result in &mut results {
            result.calculated = calculated(&result.entry, definition);
        }
        let areas = self.area_and_containing(&series.area).iter().filter_map(|area| self.area_answer(area)).collect();
        Some(SeriesResults { series: series.clone(), definition: Definition::clone(definition), areas, results })
    }

    /// An area with its name as of then.
    pub(crate) fn area_answer(&self, area: &AreaId) -> Option<AreaAnswer> {
        let revision = self.book.area(area, self.as_of)?;
        self.rests_on(revision);
        let found = &revision.value.value;
        Some(AreaAnswer {
            area: area.clone(),
            name: found.name.clone(),
            level: found.level,
            parent: found.parent.clone(),
        })
    }
}

fn calculated(entry: &ResultEntry, definition: &Definition) -> Option<Decimal> {
    match entry.figure {
        figure @ Figure::Counted { stated: None, .. } => {
            figure.exact(definition.unit.multiplier).ok()??.round(definition.decimal_places)
        }
        Figure::Counted { .. } | Figure::Stated { .. } | Figure::Missing(_) => None,
    }
}
