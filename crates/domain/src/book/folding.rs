//! Folding a log as a whole: it names few series, each of them many times, and in no order that keeps a line at hand.
//!
//! So each series is looked up once, and its revisions are put aside and laid into their lines together.

use super::columns::{Laying, Pending};
use super::ready::{ReadyResults, Run};
use super::{Book, Gap};
use crate::event::{Attribution, Recorded};
use crate::ids::Position;

/// How many revisions are put aside, 32 bytes each, before they are to be laid into their lines.
const PENDING_MAX: usize = 1_048_576;

/// Fewer are put beside those before them, and not aside by themselves.
const FEW: usize = 1_024;

/// What the series that a reader numbered are in a book.
#[derive(Debug, Clone, Default)]
pub struct ReaderSeries(Vec<u32>);

/// Why results cannot be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// They do not follow what is folded. Fold what is between first.
    #[error(transparent)]
    Gap(Gap),
    /// A series has a number that it was never given. Fold what its reader made ready before.
    #[error("a series of the results after position {0} has no number")]
    Unnumbered(Position),
}

/// A book while much is folded into it. It is whole again when this is dropped.
#[derive(Debug)]
pub struct Folding<'a> {
    book: &'a mut Book,
    pending: Vec<Vec<Pending>>,
    n_pending: usize,
}

impl<'a> Folding<'a> {
    /// Begins with what a book holds.
    pub const fn new(book: &'a mut Book) -> Self {
        Self { book, pending: Vec::new(), n_pending: 0 }
    }

    /// The position of the last record folded.
    pub const fn head(&self) -> Position {
        self.book.head
    }

    /// Folds any record, as [`Book::apply`] does.
    ///
    /// # Errors
    /// [`Gap`] when a record before it is missing; nothing is changed.
    pub fn apply(&mut self, record: &Recorded) -> Result<(), Gap> {
        self.book.apply(record)
    }

    /// Folds results that follow, with what their reader's series are in this book. Cost: four look-ups for each series that
    /// is new, one among the last for each run of lines, an addition for each result, and its share of laying them.
    ///
    /// # Errors
    /// [`Unready`]; nothing is changed.
    pub fn apply_results(&mut self, results: ReadyResults, known: &mut ReaderSeries) -> Result<(), Unready> {
        let Some(first) = results.runs.first().map(|run| Position::new(run.lines.first)) else { return Ok(()) };
        let head = self.book.head;
        if first != head.next() {
            return Err(Unready::Gap(Gap { expected: head.next(), found: first }));
        }
        let n_known = known.0.len().saturating_add(results.series.len());
        if usize::try_from(results.n_series).is_ok_and(|n| n > n_known) {
            return Err(Unready::Unnumbered(head));
        }
        let ReadyResults { series, attributions, runs, mut pending, ratios, extras, .. } = results;
        let columns = &mut self.book.columns;
        known.0.extend(series.iter().map(|series| columns.enter(series)));
        let counted = !ratios.is_empty();
        let n_ratios = columns.keep(ratios, extras);
        for it in &mut pending {
            let number = usize::try_from(it.line).ok().and_then(|number| known.0.get(number));
            it.line = number.copied().unwrap_or(u32::MAX);
            if let Some(place) = it.packed.ratio().filter(|_| counted) {
                it.packed = it.packed.with_ratio(place.saturating_add(n_ratios));
            }
        }
        self.n_pending = self.n_pending.saturating_add(pending.len());
        match self.pending.last_mut() {
            Some(last) if pending.len() < FEW => last.append(&mut pending),
            _ => self.pending.push(pending),
        }
        for run in &runs {
            if let Some(attribution) = attributions.get(run.attribution) {
                self.note(run, attribution);
            }
        }
        Ok(())
    }

    /// Notes from where and why the results of a run came.
    fn note(&mut self, run: &Run, attribution: &Attribution) {
        let Run { lines, n_records, recorded_at, ends_commit, .. } = *run;
        let first = Position::new(lines.first);
        let last = first.plus(n_records.saturating_sub(1));
        let submission = self.book.enter_submission(attribution, first, recorded_at);
        if let Some(received) = self.book.submission_mut(submission) {
            received.last = last;
            received.n_facts = received.n_facts.saturating_add(n_records);
        }
        self.book.origins.add(first, submission, lines.origin, &attribution.why);
        self.book.go_on(last, recorded_at, ends_commit);
    }

    /// True when so much was put aside that it is to be laid.
    pub const fn due(&self) -> bool {
        self.n_pending >= PENDING_MAX
    }

    /// Lays what was put aside into its lines: `lay` is given all of it in `n_parts` parts, or fewer, and drops each of them,
    /// on any thread, before it returns.
    pub fn lay(&mut self, n_parts: usize, lay: impl FnOnce(Vec<Laying<'_>>)) {
        let pending = std::mem::take(&mut self.pending);
        if std::mem::take(&mut self.n_pending) > 0 {
            self.book.columns.lay(&pending, n_parts, lay);
        }
    }
}

impl Drop for Folding<'_> {
    fn drop(&mut self) {
        self.lay(1, |parts| drop(parts));
    }
}
