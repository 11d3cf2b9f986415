//! A small book of some measures, to draft on and to look at while the whole one goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Book, Gap};
use crate::command::Submission;
use crate::history::History;
use crate::ids::{EventId, MeasureId, Position, SubmissionId};
use crate::measure::Content;
use crate::preview::Draft;
use crate::result::Cell;
use crate::time::Timestamp;

impl Book {
    /// How many cells of some measures ever had a result. Cost: a look at each of their series.
    pub fn n_cells_of(&self, measures: &BTreeSet<MeasureId>) -> usize {
        measures.iter().map(|measure| self.columns.n_cells_of(measure)).fold(0, usize::saturating_add)
    }

    /// A book with all that results, targets and ratings of some measures rest on, at the same head. It holds no
    /// benchmark, commentary, action, scorecard, view, name of an actor, or long text.
    ///
    /// Cost: a copy of what it holds.
    #[must_use]
    pub fn excerpt(&self, measures: &BTreeSet<MeasureId>) -> Self {
        let targets = measures.iter().flat_map(|measure| self.targets_of(measure));
        Self {
            head: self.head,
            recorded_at: self.recorded_at,
            log: self.log.clone(),
            zone: self.zone.clone(),
            formats: self.formats.clone(),
            commit_ends: self.commit_ends.clone(),
            submissions: self.submissions.clone(),
            submission_numbers: self.submission_numbers.clone(),
            contents: BTreeMap::new(),
            actors: BTreeMap::new(),
            measures: self.measures.clone(),
            areas: self.areas.clone(),
            cohorts: self.cohorts.clone(),
            columns: self.columns.excerpt(measures),
            origins: self.origins.clone(),
            some_rolled_back: self.some_rolled_back,
            targets: targets.map(|(key, history)| (key.clone(), history.clone())).collect(),
            benchmarks: BTreeMap::new(),
            commentary: BTreeMap::new(),
            neighbours: self.neighbours.clone(),
            neighbour_lists: self.neighbour_lists.clone(),
            rating_rules: self.rating_rules.clone(),
            direction_methods: self.direction_methods.clone(),
            scorecards: BTreeMap::new(),
            actions: BTreeMap::new(),
            views: BTreeMap::new(),
            committee_acts: BTreeMap::new(),
            late_figures: BTreeMap::new(),
        }
    }

    /// The same with every scorecard, and with what stands beside the results of those measures and was written about them:
    /// all that a scorecard of them shows.
    ///
    /// Cost: a copy of what it holds, and a pass over all benchmarks and commentary.
    #[must_use]
    pub fn excerpt_with_scorecards(&self, measures: &BTreeSet<MeasureId>) -> Self {
        let of_them = |cell: &Cell| measures.contains(&cell.series.measure);
        let commentary: BTreeMap<_, _> = self
            .commentary
            .iter()
            .filter(|(cell, _)| of_them(cell))
            .map(|(cell, it)| (cell.clone(), it.clone()))
            .collect();
        let texts =
            commentary.values().flat_map(History::all).filter_map(|revision| match &revision.value.value.text {
                Content::Stored { digest, .. } => Some((*digest, self.contents.get(digest)?.clone())),
                Content::Inline(_) => None,
            });
        Self {
            contents: texts.collect(),
            benchmarks: self
                .benchmarks
                .iter()
                .filter(|(cell, _)| of_them(cell))
                .map(|(cell, it)| (cell.clone(), it.clone()))
                .collect(),
            scorecards: self.scorecards.clone(),
            commentary,
            ..self.excerpt(measures)
        }
    }

    /// Whether some submission was ever rolled back.
    pub const fn has_rollbacks(&self) -> bool {
        self.some_rolled_back
    }

    /// Counts every rollback and reinstatement that is in the log by a position as if it had been known from the first, as a
    /// backfill is decided on: it does not rest on what was rolled back since. Only for a book that is thrown away.
    ///
    /// Cost: a look at each submission.
    pub fn know_rollbacks_always(&mut self, by: Position) {
        let rollbacks = self.submissions.iter_mut().flat_map(|received| &mut received.rollbacks);
        for rollback in rollbacks.filter(|rollback| rollback.position <= by) {
            // Of several, the last of the log is the last to be known.
            rollback.known_at = Timestamp::of_micros(i64::MIN);
        }
    }

    /// Folds what was decided, as one commit after the head: what would be so if it were recorded. Only for a book that
    /// is thrown away.
    ///
    /// Cost: that of [`Book::apply`], for each draft.
    ///
    /// # Errors
    /// [`Gap`] never: each record follows the one before.
    pub fn suppose(&mut self, submission: &Submission, drafts: Vec<Draft>, now: Timestamp) -> Result<(), Gap> {
        let records = submission.records(drafts, self.head, now, unidentified);
        records.iter().try_for_each(|record| self.apply(record))
    }
}

/// What is only supposed has no identifier.
const fn unidentified(_: SubmissionId, _: u64) -> EventId {
    EventId([0; 16])
}
