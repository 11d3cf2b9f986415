//! A measure through time, and one cell explained.

use domain::book::StoredResult;
use domain::result::Series;
use domain::time::AsOf;
use domain::{Book, Cell, Period};

use crate::answer::{MeasureHistory, RevisionAnswer, Row};
use crate::reader::{Reader, shown};
use crate::row::{Choice, Wanted};
use crate::{Error, PeriodRange};

/// Every period's row and every revision, within the bounds.
///
/// Cost: the revisions of the series.
///
/// # Errors
/// [`Error::NotDefined`] when the measure or the area is not there as of then.
pub fn history(book: &Book, series: &Series, range: PeriodRange, as_of: AsOf) -> Result<MeasureHistory, Error> {
    let reader = Reader::new(book, as_of);
    let Series { measure, area, cohort } = series;
    let defined = reader.defined(measure)?;
    if book.area(area, reader.as_of).is_none() {
        return Err(Error::NotDefined { what: "area", code: area.to_string() });
    }
    let mut rows = Vec::new();
    let mut revisions = Vec::new();
    for period in book.figures(series).periods().filter(|period| range.holds(*period)) {
        let cell = Cell { series: series.clone(), period };
        if reader.result(&cell).is_some() {
            rows.push(reader.cell(&cell)?);
        }
        revisions.extend(reader.revisions(&cell, defined.definition));
    }
    Ok(MeasureHistory {
        definition: defined.definition.clone(),
        definition_text: book.text(&defined.definition.definition).unwrap_or_default(),
        withdrawn: reader.withdrawal(measure),
        area: (area.clone(), reader.area_name(area)),
        cohort: cohort.clone(),
        rows,
        revisions,
        basis: reader.basis(),
    })
}

/// The periods that [`history`] would show, earliest first: those with a revision within the bounds.
///
/// Cost: the periods of the series.
pub fn periods(book: &Book, series: &Series, range: PeriodRange, as_of: AsOf) -> Vec<Period> {
    let as_of = Reader::new(book, as_of).as_of;
    let figures = book.figures(series);
    let recorded = |period: Period| figures.revisions(period).any(|r| as_of.covers(r.known_at(), r.position()));
    figures.periods().filter(|period| range.holds(*period) && recorded(*period)).collect()
}

/// One cell's row: its figure, what judges it, and why it has its rating.
///
/// # Errors
/// [`Error::NotDefined`] when the measure is not there as of then.
pub fn explain(book: &Book, cell: &Cell, as_of: AsOf) -> Result<(Row, crate::answer::Basis), Error> {
    let reader = Reader::new(book, as_of);
    let row = reader.cell(cell)?;
    Ok((row, reader.basis()))
}

/// A cell's own row, whatever scorecard it is on.
pub(crate) fn cell_wanted(cell: &Cell) -> Wanted<'_> {
    let Series { measure, area, cohort } = &cell.series;
    Wanted { measure, area, cohort, period: Choice::Exactly(cell.period), rated: true, owner: None }
}

impl Reader<'_> {
    /// A cell's own row, whatever scorecard it is on.
    ///
    /// # Errors
    /// [`Error::NotDefined`] when the measure is not there as of then.
    pub(crate) fn cell(&self, cell: &Cell) -> Result<Row, Error> {
        self.row(&cell_wanted(cell))
    }

    /// Every revision of a cell within both bounds, in the order in which they are folded.
    fn revisions(&self, cell: &Cell, definition: &domain::measure::Definition) -> Vec<RevisionAnswer> {
        let figures = self.book.figures(&cell.series);
        let standing = figures.standing(cell.period, self.as_of).map(StoredResult::position);
        figures
            .revisions(cell.period)
            .filter(|stored| self.as_of.covers(stored.known_at(), stored.position()))
            .map(|stored| {
                let revision = stored.revision();
                let entry = revision.value.value.clone();
                RevisionAnswer {
                    period: cell.period,
                    display: entry.as_ref().map_or_else(|| "withdrawn".to_owned(), |entry| shown(entry, definition)),
                    entry,
                    rolled_back: domain::history::Rollbacks::rolled_back(self.book, revision.submission, self.as_of),
                    standing: Some(revision.position) == standing,
                    provenance: self.provenance(&revision),
                }
            })
            .collect()
    }
}
