//! Folding a log from its bytes gives the book that folding its records gives, up to wherever it can be read.

use domain::event::FIRST_FORMAT;
use domain::{Book, Cell, Event, MeasureId, Period, Position, Recorded, Timestamp};
use engine::log::{Commit, Error, EventLog as _};

use super::{commit, open, options, samples};
use crate::Journal;

fn at(n: u64) -> Position {
    Position::new(n)
}

/// More than is folded without threads, and no whole number of what each reads at once.
const N_RECORDS: u64 = 9_011;

/// Where a record stands that programs of the first format cannot read.
const RAISED: u64 = 7_777;

/// Records of every type, results in series that come again and again, with revisions known in no order.
fn commits() -> Vec<Commit> {
    let varied = |mut recorded: Recorded| {
        let n = recorded.position.get().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        recorded.attribution = samples::record(recorded.position.get() / 700, recorded.event.clone()).attribution;
        if !n.is_multiple_of(3) {
            let micros = recorded.recorded_at.micros() - i64::try_from(n % 1_000).unwrap();
            recorded.known_at = Timestamp::from_micros(micros).unwrap();
        }
        if recorded.position == at(RAISED) {
            recorded.event = Event::FormatRaised(2);
        }
        if let Event::ResultRecorded(result) = &mut recorded.event {
            vary(&mut result.cell, n);
        } else if let Event::ResultWithdrawn(cell) = &mut recorded.event {
            vary(cell, n);
        }
        recorded
    };
    let begin = 1_543_485_600_000_000;
    let parts = [(0, 5_000), (5_000, 1), (5_001, N_RECORDS - 5_001)];
    let commits = (0..).zip(parts).map(|(number, (after, n))| commit(after, n, begin + number));
    commits.map(|commit| commit.into_iter().map(varied).collect()).collect()
}

fn vary(cell: &mut Cell, n: u64) {
    cell.series.measure = MeasureId::new(&format!("measure-{}", n % 37)).unwrap();
    let year = i16::try_from(2015 + n % 5).unwrap();
    cell.period = Period::month(year, i8::try_from(1 + n % 12).unwrap()).unwrap();
}

fn filled(change: impl FnOnce(&mut crate::Options)) -> (tempfile::TempDir, Journal, Vec<Recorded>) {
    let (folder, mut options) = options();
    change(&mut options);
    let journal = open(&options);
    let commits = commits();
    journal.append(Position::START, &commits).unwrap();
    (folder, journal, commits.concat())
}

fn by_records(records: &[Recorded], up_to: u64) -> Book {
    let mut book = Book::default();
    records.iter().filter(|record| record.position.get() <= up_to).for_each(|record| book.apply(record).unwrap());
    book
}

#[test]
fn from_any_position_to_any_other_the_book_is_that_of_the_records() {
    let (_folder, journal, records) = filled(|_| {});
    let whole = by_records(&records, N_RECORDS);
    assert!(whole.n_cells() > 100, "{} cells", whole.n_cells());
    for between in [0, 17, 4_800, 9_000] {
        let mut book = Book::default();
        journal.fold(&mut book, at(between)).unwrap();
        assert!(book == by_records(&records, between), "up to {between}");
        journal.fold(&mut book, Position::MAX).unwrap();
        assert!(book == whole, "after {between}");
    }
}

#[test]
fn what_is_before_damage_is_folded_and_the_damage_is_known() {
    let (_folder, journal, records) = filled(|_| {});
    for damaged in [8_500, 3_333] {
        let block = journal.store.first_holding(at(damaged)).unwrap().unwrap();
        let key = block.get().to_be_bytes();
        let mut value = journal.store.log.get(key).unwrap().unwrap().to_vec();
        *value.last_mut().unwrap() ^= 1;
        journal.store.log.insert(key, value).unwrap();
        let mut book = Book::default();
        let folded = journal.fold(&mut book, Position::MAX);
        let Err(Error::Corrupt { position, .. }) = folded else { panic!("{folded:?}") };
        assert_eq!(book.head().next(), position);
        assert!(position >= block && position.get() < block.get() + 16, "{position}");
        assert!(book == by_records(&records, book.head().get()));
        assert_eq!(journal.damage().unwrap().position, position);
    }
}

#[test]
fn what_is_newer_than_the_program_ends_the_fold() {
    let (_folder, journal, _) = filled(|options| options.newest_format = FIRST_FORMAT);
    let mut book = Book::default();
    let folded = journal.fold(&mut book, Position::MAX);
    let Err(Error::Newer { position, .. }) = folded else { panic!("{folded:?}") };
    assert_eq!((position, book.head().next()), (at(RAISED), at(RAISED)));
    let read = journal.read(at(RAISED - 1), 1);
    assert!(matches!(read, Err(Error::Newer { position, .. }) if position == at(RAISED)), "{read:?}");
}
