//! Asking. Every answer says the bounds that it rests on.

use domain::time::AsOf;
use domain::{Cell, Position, Recorded, Series};
use reporting::answer::{AreaAnswer, Basis, Comparison, Directory, MeasureHistory, Row, Scorecard, TargetHistory};
use reporting::directory::ScorecardEntry;
use reporting::grid::{self, Grid, GridDifferences};
use reporting::target_history::{self, Extent, OfScorecard, RecordedTargets};
use reporting::{PeriodRange, comparison, directory, history, results, scorecard};

use super::Engine;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::settings::{GRID_SLICE_CELLS, WAITERS_MAX};

impl Engine {
    /// Waits until the log is at least at a position, at most [`crate::settings::WAIT_MS`].
    ///
    /// The waiting itself is bounded by the adapter, which has a timer.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait; [`Error::Stopped`] when the writer has stopped; [`Error::Newer`] for a position
    /// that this program is too old to answer.
    pub async fn reach(&self, position: Position) -> Result<(), Error> {
        if self.head().position >= position {
            return Ok(());
        }
        if let Some(newer) = self.newer() {
            return Err(Error::Newer(newer));
        }
        let busy = |_| Error::Busy { what: "readers", limit: WAITERS_MAX };
        let _place = self.shared.waiters.try_acquire().map_err(busy)?;
        let mut heads = self.heads();
        let reached = heads.wait_for(|head| head.position >= position).await;
        if reached.is_ok() { Ok(()) } else { Err(Error::Stopped) }
    }

    /// K and P for what a reader asks: P is the lowest of what was asked for, what was taken in by then, and the head.
    ///
    /// # Errors
    /// [`Error::Request`]; [`Error::AfterHead`]; [`Error::Newer`] for what is as of now, which this program is too old to say.
    pub fn resolve(&self, bounds: Bounds) -> Result<AsOf, Error> {
        let (known_at, recorded_by) = bounds.instants(&self.shared.zone)?;
        let head = self.head();
        // What was taken in by an instant is settled for good once something later is there.
        let settled = recorded_by.is_some_and(|by| head.recorded_at.is_some_and(|last| by < last));
        if let (Some(newer), None, false) = (self.newer(), bounds.at_position, settled) {
            return Err(Error::Newer(newer));
        }
        let asked = bounds.at_position.unwrap_or(head.position);
        if asked > head.position {
            return Err(Error::AfterHead { wanted: asked, head: head.position });
        }
        let taken_in = recorded_by.map_or(asked, |by| self.book().taken_in_by(by));
        Ok(AsOf { known_at, position: asked.min(taken_in) })
    }

    /// A scorecard.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn scorecard(&self, question: &scorecard::Question, as_of: AsOf) -> Result<Scorecard, Error> {
        Ok(scorecard::scorecard(&self.book(), question, as_of)?)
    }

    /// What differs between two scorecards, each as of its own time.
    ///
    /// # Errors
    /// [`Error::NotDefined`], also of a view.
    pub fn compare(&self, before: &comparison::Asked, after: &comparison::Asked) -> Result<Comparison, Error> {
        let (head, authority) = (self.head().position, &self.opened().authority);
        let book = self.book();
        let (before, after) = comparison::sides(&book, (before, after), authority, head)?;
        Ok(comparison::compare(&book, &before, &after)?)
    }

    /// A measure through time.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn history(&self, series: &Series, range: PeriodRange, as_of: AsOf) -> Result<MeasureHistory, Error> {
        Ok(history::history(&self.book(), series, range, as_of)?)
    }

    /// The periods that a measure's history has, earliest first.
    pub fn periods(&self, series: &Series, range: PeriodRange, as_of: AsOf) -> Vec<domain::Period> {
        history::periods(&self.book(), series, range, as_of)
    }

    /// One cell's row, with why it has its rating.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn explain(&self, cell: &Cell, as_of: AsOf) -> Result<(Row, Basis), Error> {
        Ok(history::explain(&self.book(), cell, as_of)?)
    }

    /// A measure's targets through time.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn target_history(
        &self,
        question: &target_history::Question,
        extent: Extent,
        as_of: AsOf,
    ) -> Result<TargetHistory, Error> {
        Ok(target_history::target_history(&self.book(), question, extent, as_of)?)
    }

    /// The targets of every measure on a scorecard.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn scorecard_targets(
        &self,
        question: &OfScorecard,
        extent: Extent,
        as_of: AsOf,
    ) -> Result<(Vec<TargetHistory>, Basis), Error> {
        Ok(target_history::of_scorecard(&self.book(), question, extent, as_of)?)
    }

    /// Many figures at once. More than [`GRID_SLICE_CELLS`] are read in slices, between which the writer is let in: call it
    /// where it may block. What is recorded meanwhile is beyond the answer's bounds.
    ///
    /// # Errors
    /// [`Error::NotDefined`]; [`Error::Request`] for too many cells or periods out of order.
    pub fn grid(&self, question: &grid::Question, as_of: AsOf) -> Result<Grid, Error> {
        let mut slices = grid::slices(question, GRID_SLICE_CELLS)?;
        let Some(first) = slices.next() else { return Ok(grid::grid(&self.book(), question, as_of)?) };
        let mut all = grid::grid(&self.book(), &first.question, as_of)?;
        // The first slice has settled where the answer ends, and the rest end there too.
        let as_of = all.basis.as_of;
        for slice in slices {
            self.shared.book.let_writer_in();
            let cells = grid::grid(&self.book(), &slice.question, as_of)?;
            all.append(cells, slice.same_measure);
        }
        Ok(all)
    }

    /// The cells of a grid that differ between two times.
    ///
    /// # Errors
    /// As [`Engine::grid`].
    pub fn grid_differences(
        &self,
        question: &grid::Question,
        before: AsOf,
        after: AsOf,
    ) -> Result<GridDifferences, Error> {
        Ok(grid::differences(&self.book(), question, before, after)?)
    }

    /// A measure's targets as they were recorded.
    ///
    /// # Errors
    /// [`Error::NotDefined`].
    pub fn recorded_targets(&self, question: &target_history::Question, as_of: AsOf) -> Result<RecordedTargets, Error> {
        Ok(target_history::recorded_targets(&self.book(), question, as_of)?)
    }

    /// The directory of measures.
    pub fn measures(&self, as_of: AsOf) -> Directory {
        directory::measures(&self.book(), as_of)
    }

    /// The directory of scorecards.
    pub fn scorecards(&self, as_of: AsOf) -> (Vec<ScorecardEntry>, Basis) {
        directory::scorecards(&self.book(), as_of)
    }

    /// The directory of areas.
    pub fn areas(&self, as_of: AsOf) -> (Vec<AreaAnswer>, Basis) {
        directory::areas(&self.book(), as_of)
    }

    /// A part of every result that stands, after a cell; see [`results::results`].
    pub fn results(&self, after: Option<&Cell>, n_cells: usize, as_of: AsOf) -> results::Part {
        results::results(&self.book(), after, n_cells, as_of)
    }

    /// How many measures are defined, cells have a result, and submissions were received.
    pub fn counts(&self) -> (usize, usize, usize) {
        let book = self.book();
        (book.measure_ids().count(), book.n_cells(), book.submissions().len())
    }

    /// Records after a position, up to the published head.
    ///
    /// # Errors
    /// A failure of the log.
    pub fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        let head = self.head().position;
        if let Some(recent) = self.shared.recent.read(after, head, limit) {
            return Ok(recent);
        }
        // No further, so that what is damaged beyond the head is not met.
        let n_published = head.get().saturating_sub(after.get());
        Ok(self.shared.log.read(after, usize::try_from(n_published).unwrap_or(limit).min(limit))?)
    }
}
