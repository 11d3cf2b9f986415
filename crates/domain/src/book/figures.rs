//! Reading the results: what stands in a cell within bounds, and every revision of it.

use super::columns::{Line, Packed, Revisions, Within};
use super::{Book, Noted};
use crate::history::{Revision, Rollbacks, SubmissionNumber};
use crate::ids::Position;
use crate::period::{DayNumber, Period, PeriodKey};
use crate::result::{Cell, Figure, ResultEntry, Series, Status};
use crate::time::{AsOf, Timestamp};

/// One revision of a result, written out; `None` for a withdrawal.
pub type ResultRevision = Revision<Noted<Option<ResultEntry>>>;

/// One revision of a result where it lies in the book. Cheap to copy; what it does not hold itself is looked up.
#[derive(Debug, Clone, Copy)]
pub struct StoredResult<'a> {
    book: &'a Book,
    packed: Packed,
}

impl StoredResult<'_> {
    /// When it was known.
    #[inline]
    pub fn known_at(self) -> Timestamp {
        Timestamp::of_micros(self.packed.known_at())
    }

    /// Where it is in the log.
    #[inline]
    pub fn position(self) -> Position {
        Position::new(u64::from(self.packed.position()))
    }

    /// When Scorebook took it in. Cost: a binary search among the commits.
    pub fn recorded_at(self) -> Timestamp {
        self.book.taken_in(self.position())
    }

    /// True when it was said to be known before Scorebook took it in.
    #[inline]
    pub fn backfill(self) -> bool {
        self.packed.backfill()
    }

    /// True when it empties its cell.
    #[inline]
    pub fn is_withdrawal(self) -> bool {
        self.packed.is_withdrawal()
    }

    /// The figure, and how settled it is; `None` for a withdrawal.
    pub fn figure(self) -> Option<(Figure, Status)> {
        self.book.columns.figure(&self.packed)
    }

    /// All that was recorded; `None` for a withdrawal.
    pub fn entry(self) -> Option<ResultEntry> {
        self.book.columns.entry(&self.packed)
    }

    /// With what it came. Cost: a binary search among the runs of records.
    pub fn submission(self) -> SubmissionNumber {
        self.book.origins.submission(self.position()).unwrap_or(SubmissionNumber(u32::MAX))
    }

    /// Written out, with from where and why it came.
    pub fn revision(self) -> ResultRevision {
        let (origin, why) = self.book.origins.note(self.position());
        Revision {
            known_at: self.known_at(),
            position: self.position(),
            recorded_at: self.recorded_at(),
            submission: self.submission(),
            value: Noted { value: self.entry(), origin, why },
        }
    }
}

/// Everything that was ever recorded for a series, looked up once.
#[derive(Clone, Copy)]
pub struct Figures<'a> {
    book: &'a Book,
    line: Option<&'a Line>,
}

impl<'a> Figures<'a> {
    pub(crate) const fn new(book: &'a Book, line: Option<&'a Line>) -> Self {
        Self { book, line }
    }

    pub(super) const fn book(self) -> &'a Book {
        self.book
    }

    pub(super) const fn line(self) -> Option<&'a Line> {
        self.line
    }

    const fn stored(self, packed: Packed) -> StoredResult<'a> {
        StoredResult { book: self.book, packed }
    }

    /// The result that stands for a period: its last word, unless that is a withdrawal.
    pub fn standing(self, period: Period, as_of: AsOf) -> Option<StoredResult<'a>> {
        self.last(period, as_of, self.book).filter(|stored| !stored.is_withdrawal())
    }

    /// The last word about a period, by rollbacks that may be seen otherwise.
    pub(crate) fn last(self, period: Period, as_of: AsOf, rollbacks: &impl Rollbacks) -> Option<StoredResult<'a>> {
        let all = self.line?.of(PeriodKey::of(period)).all();
        all.rev().find(|packed| self.book.counts(packed, as_of, rollbacks)).map(|packed| self.stored(packed))
    }

    /// Every revision of a period, by (`known_at`, `position`), rolled back ones included.
    pub fn revisions(self, period: Period) -> impl DoubleEndedIterator<Item = StoredResult<'a>> + use<'a> {
        let all = self.line.map_or(Revisions::default(), |line| line.of(PeriodKey::of(period)));
        all.all().map(move |packed| self.stored(packed))
    }

    /// Those that count within the bounds, newest first.
    pub fn newest_first(self, period: Period, as_of: AsOf) -> impl Iterator<Item = StoredResult<'a>> + use<'a> {
        let book = self.book;
        self.revisions(period).rev().filter(move |stored| book.counts(&stored.packed, as_of, book))
    }

    /// Every period that was ever recorded, earliest first.
    pub fn periods(self) -> impl DoubleEndedIterator<Item = Period> + use<'a> {
        self.line.into_iter().flat_map(Line::periods).filter_map(PeriodKey::period)
    }

    /// Of every period that has a result within the bounds, earliest first: its last day, and what was first known of it.
    /// Cost: some nanoseconds a period.
    pub fn first_known(self, as_of: AsOf) -> impl Iterator<Item = (DayNumber, StoredResult<'a>)> + use<'a> {
        let book = self.book;
        let within = Within::new(book, as_of);
        let counts = move |packed: &Packed| within.holds(packed.known_at(), packed.position());
        self.line.into_iter().flat_map(Line::by_period).filter_map(move |(key, revisions)| {
            let packed = if let Some(only) = revisions.only() {
                Some(only).filter(|packed| counts(packed) && !packed.is_withdrawal())?
            } else {
                let (mut first, mut stands) = (None, false);
                revisions.all().filter(counts).for_each(|packed| {
                    stands = !packed.is_withdrawal();
                    first = first.or(stands.then_some(packed));
                });
                first.filter(|_| stands)?
            };
            Some((key.last_day(), StoredResult { book, packed }))
        })
    }

    /// Every period that ends when this one does or earlier, latest first.
    pub fn until(self, period: Period) -> impl Iterator<Item = Period> + use<'a> {
        let bound = PeriodKey::of(period).after_last_day();
        self.line.into_iter().flat_map(move |line| line.before(bound)).filter_map(PeriodKey::period)
    }

    /// Every period after this one, earliest first.
    pub fn after(self, period: Period) -> impl Iterator<Item = Period> + use<'a> {
        let key = PeriodKey::of(period);
        self.line.into_iter().flat_map(move |line| line.after(key)).filter_map(PeriodKey::period)
    }
}

impl Book {
    /// The result that stands in a cell: its last word, unless that is a withdrawal.
    pub fn result(&self, cell: &Cell, as_of: AsOf) -> Option<StoredResult<'_>> {
        self.figures(&cell.series).standing(cell.period, as_of)
    }

    /// Everything that was ever recorded for a series, looked up once.
    pub fn figures(&self, series: &Series) -> Figures<'_> {
        Figures::new(self, self.columns.line_of(series))
    }

    /// Every series that was ever recorded, in order.
    pub fn all_series(&self) -> impl Iterator<Item = &Series> {
        self.columns.all().map(|(series, _)| series)
    }

    /// Every series that was ever recorded, from one on, in order. Cost: the logarithm of their number.
    pub fn series_from<'a>(&'a self, first: &Series) -> impl Iterator<Item = &'a Series> + use<'a> {
        self.columns.from(first)
    }

    /// How many cells ever had a result.
    pub fn n_cells(&self) -> usize {
        self.columns.n_cells()
    }

    /// Whether a revision is within the bounds, and not rolled back.
    #[inline]
    pub(crate) fn counts(&self, packed: &Packed, as_of: AsOf, rollbacks: &impl Rollbacks) -> bool {
        let known = as_of.known_at.is_none_or(|bound| packed.known_at() <= bound.micros());
        known
            && u64::from(packed.position()) <= as_of.position.get()
            && !(self.some_rolled_back && self.taken_back(packed, as_of, rollbacks))
    }

    /// Whether the record at a position is rolled back. Cost: a binary search among the runs of records.
    pub(crate) fn rolled_back_at(&self, position: Position, as_of: AsOf) -> bool {
        self.origins.submission(position).is_some_and(|submission| self.rolled_back(submission, as_of))
    }

    fn taken_back(&self, packed: &Packed, as_of: AsOf, rollbacks: &impl Rollbacks) -> bool {
        self.submission_of(packed).is_some_and(|submission| rollbacks.rolled_back(submission, as_of))
    }

    /// With which submission a revision came.
    pub(crate) fn submission_of(&self, packed: &Packed) -> Option<SubmissionNumber> {
        self.origins.submission(Position::new(u64::from(packed.position())))
    }

    /// When the record at a position was taken in. Cost: a binary search among the commits.
    fn taken_in(&self, position: Position) -> Timestamp {
        self.commit_span(position).recorded_at
    }

    /// The commit that holds a position. Cost: a binary search among the commits.
    pub fn commit_span(&self, position: Position) -> CommitSpan {
        let n = self.commit_ends.partition_point(|(end, _)| *end < position);
        let before = n.checked_sub(1).and_then(|before| self.commit_ends.get(before));
        let after = before.map_or(Position::START, |(end, _)| *end);
        match self.commit_ends.get(n) {
            Some((end, recorded_at)) => CommitSpan { after, end: *end, recorded_at: *recorded_at },
            // It is being folded.
            None => CommitSpan { after, end: self.head, recorded_at: self.recorded_at.unwrap_or_default() },
        }
    }
}

/// Where a commit is in the log, and when it was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommitSpan {
    /// The end of the commit before it.
    pub after: Position,
    /// Its last record.
    pub end: Position,
    /// When it was taken in.
    pub recorded_at: Timestamp,
}

impl CommitSpan {
    /// True when the record at a position is of this commit.
    #[inline]
    pub fn holds(self, position: Position) -> bool {
        self.after < position && position <= self.end
    }
}
