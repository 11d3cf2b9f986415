//! Results made ready to be folded: by whoever reads a log, on a thread of its own and without the book.
//!
//! What a record says is in its columns' shape already, and who recorded it, from where and why is said once for a run of
//! records: the thread that has the book does little for each.

use super::Gap;
use super::columns::{Extra, Packed, Pending, Ratio, Stamp};
use super::origins::LineRun;
use crate::event::Attribution;
use crate::ids::{Origin, Position};
use crate::period::PeriodKey;
use crate::result::{ResultEntry, Series};
use crate::time::Timestamp;

/// The record of a result, with its series by number; the attribution was given before.
#[derive(Debug, Clone, Copy)]
pub struct NumberedResult<'a> {
    /// Where it is in the log.
    pub position: Position,
    /// When it was taken in.
    pub recorded_at: Timestamp,
    /// When it was known.
    pub known_at: Timestamp,
    /// Whether its commit ends with it.
    pub last_of_commit: bool,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
    /// Of which series, by the reader's number.
    pub series: u32,
    /// For which period.
    pub period: PeriodKey,
    /// What was recorded.
    pub entry: &'a ResultEntry,
}

/// Results that follow one another in the log: 32 bytes each.
///
/// A reader numbers the series that it meets from 0, over all that it makes ready. What it makes ready is folded in the
/// order in which it was made, by [`Folding::apply_results`](super::Folding::apply_results).
#[derive(Debug, Default)]
pub struct ReadyResults {
    pub(super) series: Vec<Series>,
    pub(super) attributions: Vec<Attribution>,
    pub(super) runs: Vec<Run>,
    /// With the reader's numbers of series, and the places of ratios among these.
    pub(super) pending: Vec<Pending>,
    pub(super) ratios: Vec<Ratio>,
    pub(super) extras: Vec<(u32, Extra)>,
    /// The greatest number of a series in it, plus 1.
    pub(super) n_series: u32,
    last: Position,
}

/// Results of one commit and one attribution, and of one run of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) lines: LineRun,
    pub(super) n_records: u64,
    /// Among the attributions.
    pub(super) attribution: usize,
    pub(super) recorded_at: Timestamp,
    pub(super) ends_commit: bool,
}

impl ReadyResults {
    /// None yet, with room for so many.
    pub fn for_results(n_results: usize) -> Self {
        Self { pending: Vec::with_capacity(n_results), ..Self::default() }
    }

    /// True when there is none.
    pub const fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// The attribution of the last results.
    pub fn attribution(&self) -> Option<&Attribution> {
        self.attributions.last()
    }

    /// Who recorded what is put in from now on, with which submission, and why. Its line is not looked at: records of one
    /// file share this.
    pub fn attribute(&mut self, attribution: Attribution) {
        self.attributions.push(attribution);
    }

    /// Gives a series the number after the last that the reader gave. A result of it must be put in next, as a book has no
    /// series without any.
    pub fn number(&mut self, series: Series) {
        self.series.push(series);
    }

    /// Puts in the result that follows. Cost: a few comparisons.
    ///
    /// # Errors
    /// [`Gap`] when a record between the last one and it is missing; nothing is changed.
    #[inline]
    pub fn push(&mut self, result: &NumberedResult<'_>) -> Result<(), Gap> {
        let NumberedResult { position, recorded_at, known_at, last_of_commit, origin, series, period, entry } = *result;
        if !self.is_empty() && position != self.last.next() {
            return Err(Gap { expected: self.last.next(), found: position });
        }
        let attribution = self.attributions.len().saturating_sub(1);
        let continues = |run: &&mut Run| {
            !run.ends_commit
                && run.attribution == attribution
                && run.recorded_at == recorded_at
                && run.lines.continues(position.get(), origin)
        };
        if let Some(run) = self.runs.last_mut().filter(continues) {
            run.n_records = run.n_records.saturating_add(1);
            run.ends_commit = last_of_commit;
        } else {
            let lines = LineRun { first: position.get(), origin };
            self.runs.push(Run { lines, n_records: 1, attribution, recorded_at, ends_commit: last_of_commit });
        }
        let stamp = Stamp { known_at, position, backfill: known_at < recorded_at };
        let (packed, ratio) = Packed::new(entry, self.ratios.len(), stamp);
        if let Some(ratio) = ratio {
            self.ratios.push(ratio);
        }
        if packed.has_extra() {
            self.extras.extend(Extra::of(entry).map(|extra| (packed.position(), extra)));
        }
        self.pending.push(Pending { line: series, period, packed });
        self.n_series = self.n_series.max(series.saturating_add(1));
        self.last = position;
        Ok(())
    }
}
