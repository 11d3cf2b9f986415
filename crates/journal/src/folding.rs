//! Folding a log from its bytes: results, which are nearly all of it, without making records of them.
//!
//! ```text
//! reader 0: stretches 0, 2, 4 …  checksums, codes, numbers ─┐
//!                                                           ├─▶ the book, stretch by stretch, in order
//! reader 1: stretches 1, 3, 5 …                            ─┘
//! ```
//!
//! A reader numbers the series that it meets, so that the book looks each up once for each reader, and not for each record.
//! What is checked of a record is what reading it checks.

#![expect(clippy::disallowed_types, reason = "series are looked up by hash and never walked through")]

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use domain::book::{Folding, Gap, NumberedResult, SeriesNumber};
use domain::event::Attribution;
use domain::period::PeriodKey;
use domain::result::{ResultEntry, Series};
use domain::{Book, Origin, Position, Recorded, Timestamp};
use engine::log::{Error, EventLog as _, fold_pages};

use crate::Journal;
use crate::journal::missing;
use crate::payload::{self, Recent, StoredResult};
use crate::record::Frame;

/// How many threads read. The book is folded by the one that asked for it, which is idle while it waits for them.
const N_READERS: usize = 2;
/// How many records are read at once by one reader, and handed over: less than a fifth of a mebibyte.
const STRETCH_RECORDS: u64 = 1_024;
/// How many stretches a reader may be ahead.
const STRETCHES_AHEAD: usize = 4;
/// Fewer records are folded as they are read, because threads would take longer to begin.
const FEW_RECORDS: u64 = 4 * STRETCH_RECORDS;

/// What a reader made of a stretch of the log.
#[derive(Default)]
struct Stretch {
    records: Vec<Read>,
    /// Who, with which submission and why, as results refer to it; without their lines.
    attributions: Vec<Attribution>,
    /// The series that the reader met for the first time; it numbers them as they come.
    series: Vec<Series>,
    /// What ended it before its time.
    error: Option<Error>,
}

enum Read {
    Result(ReadResult),
    Other(Box<Recorded>),
}

struct ReadResult {
    position: Position,
    recorded_at: Timestamp,
    known_at: Timestamp,
    last_of_commit: bool,
    origin: Option<Origin>,
    /// Among the stretch's.
    attribution: usize,
    /// By the reader's number.
    series: usize,
    period: PeriodKey,
    entry: ResultEntry,
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
        if last.get().saturating_sub(first.get()) <= FEW_RECORDS {
            return fold_pages(self, book, last);
        }
        thread::scope(|scope| {
            let mut readers = Vec::with_capacity(N_READERS);
            for number in 0..N_READERS {
                let (sender, stretches) = sync_channel(STRETCHES_AHEAD);
                let skipped = u64::try_from(number).unwrap_or(0).saturating_mul(STRETCH_RECORDS);
                scope.spawn(move || self.read_stretches(first.plus(skipped), last, &sender));
                readers.push(Stretches { coming: stretches, series: Vec::new() });
            }
            let mut folding = Folding::new(book);
            while folding.head() < last {
                for reader in &mut readers {
                    if folding.head() < last {
                        reader.fold_next(&mut folding)?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Reads every so manieth stretch after a position, until the last record, an error, or nobody takes them.
    fn read_stretches(&self, first: Position, last: Position, sender: &SyncSender<Stretch>) {
        let mut reader = Reader::new(self.newest_format());
        let mut after = first;
        while after < last {
            let end = after.plus(STRETCH_RECORDS).min(last);
            let stretch = reader.read(self, after, end);
            let failed = stretch.error.is_some();
            if sender.send(stretch).is_err() || failed {
                return;
            }
            after = after.plus(STRETCH_RECORDS.saturating_mul(u64::try_from(N_READERS).unwrap_or(1)));
        }
    }
}

/// A reader's stretches as they are folded.
struct Stretches {
    coming: Receiver<Stretch>,
    /// By the reader's number; in the book only from its first result on.
    series: Vec<(Series, Option<SeriesNumber>)>,
}

impl Stretches {
    /// Folds the next stretch.
    fn fold_next(&mut self, book: &mut Folding<'_>) -> Result<(), Error> {
        let next = self.coming.recv().map_err(|_ended| missing(book.head().next()))?;
        let Stretch { records, attributions, series, error } = next;
        self.series.extend(series.into_iter().map(|series| (series, None)));
        for read in records {
            match read {
                Read::Result(result) => self.fold_result(&result, &attributions, book)?,
                Read::Other(record) => book.apply(&record).map_err(not_next)?,
            }
        }
        error.map_or(Ok(()), Err)
    }

    fn fold_result(
        &mut self,
        read: &ReadResult,
        attributions: &[Attribution],
        book: &mut Folding<'_>,
    ) -> Result<(), Error> {
        let unnumbered = || Error::Corrupt { position: read.position, reason: "it was not numbered".to_owned() };
        let (series, number) = self.series.get_mut(read.series).ok_or_else(unnumbered)?;
        let result = NumberedResult {
            position: read.position,
            recorded_at: read.recorded_at,
            known_at: read.known_at,
            last_of_commit: read.last_of_commit,
            attribution: attributions.get(read.attribution).ok_or_else(unnumbered)?,
            origin: read.origin,
            series: *number.get_or_insert_with(|| book.number_of(series)),
            period: read.period,
            entry: &read.entry,
        };
        book.apply_result(&result).map_err(not_next)
    }
}

fn not_next(gap: Gap) -> Error {
    missing(gap.expected)
}

/// What a reader knows of what it read before.
struct Reader {
    newest_format: u16,
    recent: Recent,
    numbers: HashMap<Vec<u8>, usize>,
    /// The codes of a series, a zero after each: no code has one.
    codes: Vec<u8>,
}

impl Reader {
    fn new(newest_format: u16) -> Self {
        let n_records = usize::try_from(STRETCH_RECORDS).unwrap_or(usize::MAX);
        Self { newest_format, recent: Recent::for_records(n_records), numbers: HashMap::new(), codes: Vec::new() }
    }

    /// Reads the records after one position up to another.
    fn read(&mut self, journal: &Journal, after: Position, end: Position) -> Stretch {
        let n_records = usize::try_from(end.get().saturating_sub(after.get())).unwrap_or(0);
        let mut stretch = Stretch { records: Vec::with_capacity(n_records), ..Stretch::default() };
        let visited = journal.visit(after, |frame| {
            let read = self.read_one(frame, &mut stretch)?;
            stretch.records.push(read);
            Ok(frame.header.position < end)
        });
        stretch.error = visited.err();
        stretch
    }

    fn read_one(&mut self, frame: &Frame<'_>, stretch: &mut Stretch) -> Result<Read, Error> {
        // What is wrong with a result is said by reading it as any other record.
        match self.read_result(frame, stretch) {
            Some(result) => Ok(Read::Result(result)),
            None => frame.decode_up_to(self.newest_format, &mut self.recent).map(|it| Read::Other(Box::new(it))),
        }
    }

    fn read_result(&mut self, frame: &Frame<'_>, stretch: &mut Stretch) -> Option<ReadResult> {
        let header = &frame.header;
        frame.expect_known().ok().filter(|()| !header.file())?;
        let result = payload::result(header.kind, header.schema, frame.payload())?;
        if !stretch.attributions.last().is_some_and(|last| result.attributed_to(last)) {
            stretch.attributions.push(result.attribution(&mut self.recent).ok()?);
        }
        let (origin, entry) = (result.origin().ok()?, result.entry().ok()?);
        Some(ReadResult {
            position: header.position,
            recorded_at: header.recorded_at,
            known_at: header.known_at,
            last_of_commit: header.last_of_commit(),
            origin,
            attribution: stretch.attributions.len().saturating_sub(1),
            period: PeriodKey::of(result.period(&mut self.recent).ok()?),
            entry,
            series: self.number(&result, stretch)?,
        })
    }

    /// The reader's number of a result's series.
    fn number(&mut self, result: &StoredResult<&[u8]>, stretch: &mut Stretch) -> Option<usize> {
        self.codes.clear();
        for code in result.codes() {
            self.codes.extend_from_slice(code);
            self.codes.push(0);
        }
        if let Some(number) = self.numbers.get(&self.codes) {
            return Some(*number);
        }
        let number = self.numbers.len();
        stretch.series.push(result.series(&mut self.recent).ok()?);
        self.numbers.insert(self.codes.clone(), number);
        Some(number)
    }
}
