//! Folding a log from its bytes: results, which are nearly all of it, without making records of them.
//!
//! ```text
//! reader 0: stretches 0, 2, 4 …  checksums, codes, numbers ─┐
//!                                                           ├─▶ the book, stretch by stretch, in order ─▶ lines, on both
//! reader 1: stretches 1, 3, 5 …                            ─┘
//! ```
//!
//! A reader numbers the series that it meets, so that the book looks each up once for each reader, and not for each record;
//! and it gives results the shape that the book keeps them in, so that the one thread that has the book does little for each.
//! What is checked of a record is what reading it checks.

mod numbers;

use std::iter::Take;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use domain::book::{Folding, NumberedResult, ReaderSeries, ReadyResults, Unready};
use domain::period::PeriodKey;
use domain::result::ResultEntry;
use domain::{Book, Origin, Position, Recorded};
use engine::log::{Error, EventLog as _, fold_pages};

use crate::Journal;
use crate::block::{BLOCK_RECORDS_MAX, Records};
use crate::journal::missing;
use crate::payload::quick::{self, ResultBytes, Shared};
use crate::payload::{self, Recent};
use crate::record::Raw;
use numbers::{Codes, Numbers, Periods};

/// How many threads read. The book is folded by the one that asked for it, which does little; what was put aside is laid into
/// its lines by as many.
const N_READERS: usize = 2;
/// How many records are read at once by one reader, and handed over: 32 bytes each.
const STRETCH_RECORDS: u64 = 8_192;
/// Fewer, so that the readers have as much to do as one another.
const STRETCH_RECORDS_MIN: u64 = 1_024;
/// Into how many stretches what is to be read is cut, unless they are longer or shorter than these bounds.
const N_STRETCHES: u64 = 32;
/// How many stretches a reader may be ahead.
const STRETCHES_AHEAD: usize = 4;
/// Fewer records are folded as they are read, because threads would take longer to begin.
const FEW_RECORDS: u64 = 4_096;

/// What a reader made of a stretch of the log, in order.
#[derive(Default)]
struct Stretch {
    parts: Vec<Part>,
    /// What is after them.
    results: ReadyResults,
    /// What ended it before its time.
    error: Option<Error>,
}

enum Part {
    Results(ReadyResults),
    Other(Box<Recorded>),
}

impl Stretch {
    /// Makes a part of the results that are after the parts.
    fn part(&mut self) {
        if !self.results.is_empty() {
            self.parts.push(Part::Results(std::mem::take(&mut self.results)));
        }
    }
}

impl Journal {
    /// Folds what follows a book's head, up to a position or the head.
    ///
    /// Every record's checksum is proved, the chain is not. Cost: about a fifth of a microsecond a record, on two cores.
    ///
    /// # Errors
    /// As reading; what is before is folded.
    pub(crate) fn fold_from_bytes(&self, book: &mut Book, up_to: Position) -> Result<(), Error> {
        let last = up_to.min(self.head().position);
        let first = book.head();
        let n_records = last.get().saturating_sub(first.get());
        if n_records <= FEW_RECORDS {
            return fold_pages(self, book, last);
        }
        let stretch = n_records.div_euclid(N_STRETCHES).clamp(STRETCH_RECORDS_MIN, STRETCH_RECORDS);
        thread::scope(|scope| {
            let mut readers = Vec::with_capacity(N_READERS);
            for number in 0..N_READERS {
                let (sender, stretches) = sync_channel(STRETCHES_AHEAD);
                let skipped = u64::try_from(number).unwrap_or(0).saturating_mul(stretch);
                scope.spawn(move || self.read_stretches(first.plus(skipped), last, stretch, &sender));
                readers.push(Stretches { coming: stretches, series: ReaderSeries::default() });
            }
            let mut folding = Folding::new(book);
            while folding.head() < last {
                for reader in &mut readers {
                    if folding.head() < last {
                        reader.fold_next(&mut folding)?;
                    }
                }
                if folding.due() {
                    lay(&mut folding);
                }
            }
            lay(&mut folding);
            Ok(())
        })
    }

    /// Reads every so manieth stretch after a position, until the last record, an error, or nobody takes them.
    fn read_stretches(&self, first: Position, last: Position, stretch: u64, sender: &SyncSender<Stretch>) {
        let mut reader = Reader::new(self.newest_format());
        let mut after = first;
        while after < last {
            let end = after.plus(stretch).min(last);
            let read = reader.read(self, after, end);
            let failed = read.error.is_some();
            if sender.send(read).is_err() || failed {
                return;
            }
            after = after.plus(stretch.saturating_mul(u64::try_from(N_READERS).unwrap_or(1)));
        }
    }
}

/// Lays what was put aside on as many threads as read, of which this is one.
fn lay(folding: &mut Folding<'_>) {
    folding.lay(N_READERS, |mut parts| {
        let own = parts.pop();
        thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || drop(part));
            }
            drop(own);
        });
    });
}

/// A reader's stretches as they are folded.
struct Stretches {
    coming: Receiver<Stretch>,
    series: ReaderSeries,
}

impl Stretches {
    /// Folds the next stretch.
    fn fold_next(&mut self, book: &mut Folding<'_>) -> Result<(), Error> {
        let next = self.coming.recv().map_err(|_ended| missing(book.head().next()))?;
        for part in next.parts.into_iter().chain([Part::Results(next.results)]) {
            match part {
                Part::Results(results) => book.apply_results(results, &mut self.series).map_err(unready)?,
                Part::Other(record) => book.apply(&record).map_err(|gap| missing(gap.expected))?,
            }
        }
        next.error.map_or(Ok(()), Err)
    }
}

fn unready(why: Unready) -> Error {
    match why {
        Unready::Gap(gap) => missing(gap.expected),
        Unready::Unnumbered(after) => Error::Corrupt { position: after.next(), reason: why.to_string() },
    }
}

/// What a reader knows of what it read before.
struct Reader {
    newest_format: u16,
    recent: Recent,
    /// The prefix of the result that was read in full last, when the last attribution of the results is its.
    shared: Option<Shared>,
    numbers: Numbers,
    periods: Periods,
}

/// A record of a block.
struct Found<'a> {
    record: Raw<'a>,
    /// Of a result with the prefix that was read last, its line and what follows.
    row: Option<(Origin, ResultBytes<'a>)>,
    codes: Option<Codes>,
    /// The number of the series, if it was met before.
    number: Option<u32>,
}

impl Reader {
    fn new(newest_format: u16) -> Self {
        let n_records = usize::try_from(STRETCH_RECORDS).unwrap_or(usize::MAX);
        let (recent, numbers, periods) = (Recent::for_records(n_records), Numbers::new(), Periods::new());
        Self { newest_format, recent, shared: None, numbers, periods }
    }

    /// Reads the records after one position up to another.
    fn read(&mut self, journal: &Journal, after: Position, end: Position) -> Stretch {
        let n_records = usize::try_from(end.get().saturating_sub(after.get())).unwrap_or(0);
        let mut stretch = Stretch { results: ReadyResults::for_results(n_records), ..Stretch::default() };
        self.shared = None;
        stretch.error = journal.visit_blocks(after, |records| self.read_block(records, end, &mut stretch)).err();
        stretch
    }

    /// Reads a block's records up to a position; true when that is not the last of them.
    ///
    /// The series of its results are looked up together, because each look-up waits for memory.
    fn read_block(&mut self, records: Take<Records<'_>>, end: Position, stretch: &mut Stretch) -> Result<bool, Error> {
        let mut found = Vec::with_capacity(usize::from(BLOCK_RECORDS_MAX));
        let mut error = None;
        for record in records {
            match record {
                Ok(record) => {
                    let last = record.position >= end;
                    let row = self.row(&record);
                    let codes = row.as_ref().and_then(|(_, result)| Codes::of(result.codes()));
                    found.push(Found { record, row, codes, number: None });
                    if last {
                        break;
                    }
                }
                Err(damaged) => error = Some(damaged),
            }
        }
        for it in &mut found {
            it.number = it.codes.as_ref().and_then(|codes| self.numbers.find(codes));
        }
        let mut same_prefix = true;
        for it in &found {
            same_prefix = same_prefix && self.put_row(it, &mut stretch.results).is_some();
            // What is wrong with a result is said by reading it as any other record.
            if !same_prefix && self.put_result(&it.record, &mut stretch.results).is_none() {
                self.put_other(&it.record, stretch)?;
            }
        }
        let read_up_to = found.last().map(|last| last.record.position);
        error.map_or(Ok(read_up_to.is_some_and(|last| last < end)), Err)
    }

    #[inline]
    fn row<'a>(&self, record: &Raw<'a>) -> Option<(Origin, ResultBytes<'a>)> {
        let shared = self.shared.as_ref().filter(|_| record.plain() && quick::result(record.kind, record.schema))?;
        let (origin, rest) = shared.split(record.payload)?;
        Some((origin, ResultBytes::of(rest)?))
    }

    fn put_other(&mut self, record: &Raw<'_>, stretch: &mut Stretch) -> Result<(), Error> {
        let frame = record.frame().map_err(|fault| fault.at(record.position))?;
        let recorded = frame.decode_up_to(self.newest_format, &mut self.recent)?;
        stretch.part();
        self.shared = None;
        stretch.parts.push(Part::Other(Box::new(recorded)));
        Ok(())
    }

    /// Puts a result with the prefix that was read last; `None` when it has another, or is wrong.
    fn put_row(&mut self, found: &Found<'_>, results: &mut ReadyResults) -> Option<()> {
        let (origin, stored) = found.row.as_ref()?;
        let entry = stored.entry()?;
        let recent = &mut self.recent;
        let period = self.periods.get(stored.period_code(), || stored.period(recent))?;
        let series = match (found.number, &found.codes) {
            (Some(number), _) => number,
            (None, codes) => self.number(codes.as_ref(), stored, results)?,
        };
        results.push(&numbered(&found.record, Some(*origin), (series, period), &entry)).ok()
    }

    /// Puts a result of which the whole prefix is read, too.
    #[cold]
    fn put_result(&mut self, record: &Raw<'_>, results: &mut ReadyResults) -> Option<()> {
        let whole = payload::result(record.kind, record.schema, record.payload).filter(|_| record.plain())?;
        if !results.attribution().is_some_and(|last| whole.attributed_to(last)) {
            results.attribute(whole.attribution(&mut self.recent).ok()?);
        }
        let origin = whole.origin().ok()?;
        self.shared = Shared::of(record.payload);
        let stored = ResultBytes::after_prefix(record.payload)?;
        let (entry, period) = (stored.entry()?, stored.period(&mut self.recent)?);
        let series = self.number(Codes::of(stored.codes()).as_ref(), &stored, results)?;
        results.push(&numbered(record, origin, (series, period), &entry)).ok()
    }

    /// The number of a series, a new one when it was not met before.
    #[cold]
    fn number(&mut self, codes: Option<&Codes>, stored: &ResultBytes<'_>, results: &mut ReadyResults) -> Option<u32> {
        let known = match codes {
            Some(codes) => self.numbers.find(codes),
            None => self.numbers.find_long(stored.codes()),
        };
        if known.is_some() {
            return known;
        }
        results.number(stored.series(&mut self.recent)?);
        match codes {
            Some(codes) => self.numbers.add(codes),
            None => self.numbers.add_long(stored.codes()),
        }
    }
}

#[inline]
fn numbered<'a>(
    record: &Raw<'_>,
    origin: Option<Origin>,
    (series, period): (u32, PeriodKey),
    entry: &'a ResultEntry,
) -> NumberedResult<'a> {
    let Raw { position, recorded_at, known_at, .. } = *record;
    let last_of_commit = record.last_of_commit();
    NumberedResult { position, recorded_at, known_at, last_of_commit, origin, series, period, entry }
}
