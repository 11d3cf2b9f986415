//! Folding a log as a whole: it names few series, each of them many times, and in no order that keeps a line at hand.
//!
//! So each series is looked up once, and its revisions are put aside and laid into their lines together.

use super::columns::{Pending, Stamp};
use super::{Book, Gap};
use crate::event::{Attribution, Recorded};
use crate::ids::{Origin, Position};
use crate::period::PeriodKey;
use crate::result::{ResultEntry, Series};
use crate::time::Timestamp;

/// The number of a series in one book, and in no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesNumber(u32);

/// The record of a result, with its series by number.
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
    /// Who, with which submission, and why. Its line is not looked at: records of one file share this.
    pub attribution: &'a Attribution,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
    /// Of which series, by [`Folding::number_of`].
    pub series: SeriesNumber,
    /// For which period.
    pub period: PeriodKey,
    /// What was recorded.
    pub entry: &'a ResultEntry,
}

/// How many revisions are put aside, 32 bytes each, before they are laid into their lines.
const PENDING_MAX: usize = 1_048_576;

/// A book while much is folded into it. It is whole again when this is dropped.
#[derive(Debug)]
pub struct Folding<'a> {
    book: &'a mut Book,
    pending: Vec<Pending>,
}

impl<'a> Folding<'a> {
    /// Begins with what a book holds.
    pub const fn new(book: &'a mut Book) -> Self {
        Self { book, pending: Vec::new() }
    }

    /// The position of the last record folded.
    pub const fn head(&self) -> Position {
        self.book.head
    }

    /// The number of a series, which is entered if it is new. Ask only for a series of which a result is folded next: a
    /// book has no series without any.
    ///
    /// Cost: four look-ups.
    pub fn number_of(&mut self, series: &Series) -> SeriesNumber {
        SeriesNumber(self.book.columns.enter(series))
    }

    /// Folds any record, as [`Book::apply`] does.
    ///
    /// # Errors
    /// [`Gap`] when a record before it is missing; nothing is changed.
    pub fn apply(&mut self, record: &Recorded) -> Result<(), Gap> {
        self.book.apply(record)
    }

    /// Folds the record of a result. Cost: a few comparisons, and its share of laying many into their lines.
    ///
    /// # Errors
    /// [`Gap`] when a record before it is missing; nothing is changed.
    pub fn apply_result(&mut self, result: &NumberedResult<'_>) -> Result<(), Gap> {
        let NumberedResult { position, recorded_at, known_at, last_of_commit, attribution, origin, .. } = *result;
        if !self.book.follows(position)? {
            return Ok(());
        }
        let submission = self.book.enter_submission(attribution, position, recorded_at);
        if let Some(received) = self.book.submission_mut(submission) {
            received.n_facts = received.n_facts.saturating_add(1);
        }
        let stamp = Stamp { known_at, position, backfill: known_at < recorded_at };
        let packed = self.book.columns.pack(Some(result.entry), stamp);
        self.pending.push(Pending { line: result.series.0, period: result.period, packed });
        if self.pending.len() >= PENDING_MAX {
            self.book.columns.lay(&mut self.pending);
        }
        self.book.origins.add(position, submission, origin, &attribution.why);
        self.book.go_on(position, recorded_at, last_of_commit);
        Ok(())
    }
}

impl Drop for Folding<'_> {
    fn drop(&mut self) {
        self.book.columns.lay(&mut self.pending);
    }
}
