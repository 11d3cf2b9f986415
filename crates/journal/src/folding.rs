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

#![expect(clippy::disallowed_types, reason = "series are looked up by hash and never walked through")]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use domain::book::{Folding, NumberedResult, ReaderSeries, ReadyResults, Unready};
use domain::period::PeriodKey;
use domain::{Book, Position, Recorded};
use engine::log::{Error, EventLog as _, fold_pages};

use crate::Journal;
use crate::journal::missing;
use crate::payload::{self, Recent, StoredResult};
use crate::record::Frame;

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
    /// What ended it before its time.
    error: Option<Error>,
}

enum Part {
    Results(ReadyResults),
    Other(Box<Recorded>),
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
        for part in next.parts {
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
    /// By the codes of a series, a zero after each: no code has one.
    numbers: HashMap<Vec<u8>, u32, BuildHasherDefault<Summed>>,
    codes: Vec<u8>,
}

/// The checksum of a series' codes, spread over all bits, as their hash. Only who may record can give codes, and two that
/// meet cost a comparison, so that nobody has to be kept from guessing it.
#[derive(Default)]
struct Summed(u32);

impl Hasher for Summed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = crc32c::crc32c_append(self.0, bytes);
    }

    /// The length of the codes, which end with a zero each.
    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        // The odd number that is nearest to 2^64 over the golden ratio.
        u64::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Reader {
    fn new(newest_format: u16) -> Self {
        let n_records = usize::try_from(STRETCH_RECORDS).unwrap_or(usize::MAX);
        let recent = Recent::for_records(n_records);
        Self { newest_format, recent, numbers: HashMap::default(), codes: Vec::new() }
    }

    /// Reads the records after one position up to another.
    fn read(&mut self, journal: &Journal, after: Position, end: Position) -> Stretch {
        let mut stretch = Stretch::default();
        let n_records = usize::try_from(end.get().saturating_sub(after.get())).unwrap_or(0);
        let mut results = ReadyResults::for_results(n_records);
        let visited = journal.visit(after, |frame| {
            let position = frame.header.position;
            // What is wrong with a result is said by reading it as any other record.
            if self.read_result(frame, &mut results).is_none() {
                let record = frame.decode_up_to(self.newest_format, &mut self.recent)?;
                if !results.is_empty() {
                    stretch.parts.push(Part::Results(std::mem::take(&mut results)));
                }
                stretch.parts.push(Part::Other(Box::new(record)));
            }
            Ok(position < end)
        });
        stretch.parts.push(Part::Results(results));
        stretch.error = visited.err();
        stretch
    }

    fn read_result(&mut self, frame: &Frame<'_>, results: &mut ReadyResults) -> Option<()> {
        let header = &frame.header;
        frame.expect_known().ok().filter(|()| !header.file())?;
        let result = payload::result(header.kind, header.schema, frame.payload())?;
        if !results.attribution().is_some_and(|last| result.attributed_to(last)) {
            results.attribute(result.attribution(&mut self.recent).ok()?);
        }
        let (origin, entry) = (result.origin().ok()?, result.entry().ok()?);
        let period = PeriodKey::of(result.period(&mut self.recent).ok()?);
        let numbered = NumberedResult {
            position: header.position,
            recorded_at: header.recorded_at,
            known_at: header.known_at,
            last_of_commit: header.last_of_commit(),
            origin,
            series: self.number(&result, results)?,
            period,
            entry: &entry,
        };
        results.push(&numbered).ok()
    }

    /// The reader's number of a result's series.
    fn number(&mut self, result: &StoredResult<&[u8]>, results: &mut ReadyResults) -> Option<u32> {
        self.codes.clear();
        for code in result.codes() {
            self.codes.extend_from_slice(code);
            self.codes.push(0);
        }
        if let Some(number) = self.numbers.get(&self.codes) {
            return Some(*number);
        }
        let number = u32::try_from(self.numbers.len()).ok()?;
        results.number(result.series(&mut self.recent).ok()?);
        self.numbers.insert(self.codes.clone(), number);
        Some(number)
    }
}
