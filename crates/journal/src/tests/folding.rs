//! Folding a log from its bytes gives the book that folding its records gives, up to wherever it can be read.

use std::num::NonZeroU32;

use domain::event::{Attribution, FIRST_FORMAT, ResultRecorded};
use domain::result::{Colour, ResultEntry, StatedPeriod, StatedPrevious};
use domain::{
    AreaId, Book, Cell, CohortId, Decimal, Event, Figure, MeasureId, Missing, Origin, Period, Position, Recorded,
    Series, Status, SubmissionId, Timestamp,
};
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
fn what_is_after_what_is_asked_for_is_not_looked_at() {
    let (_folder, journal, records) = filled(|_| {});
    let block = journal.store.first_holding(at(8_500)).unwrap().unwrap();
    let end = journal.store.first_holding(at(block.get() + 16)).unwrap().unwrap();
    let key = block.get().to_be_bytes();
    let mut value = journal.store.log.get(key).unwrap().unwrap().to_vec();
    *value.last_mut().unwrap() ^= 1;
    journal.store.log.insert(key, value).unwrap();
    assert!(end.get() > block.get() + 3, "{block} to {end}");
    let mut book = Book::default();
    journal.fold(&mut book, at(end.get() - 2)).unwrap();
    assert!(book == by_records(&records, end.get() - 2));
}

/// A file's row: its line, and what is not said of every row.
fn row(n: u64, line: u64) -> Event {
    let n_kinds = if line.is_multiple_of(5) { 7 } else { 1 };
    let entry = |figure| ResultEntry {
        figure,
        status: if n.is_multiple_of(3) { Status::Final } else { Status::Forecast },
        stated_colour: n.is_multiple_of(4).then_some(Colour::Amber),
        stated_previous: None,
        source_text: String::new(),
    };
    let number = |digits: u64| Decimal::new(i64::try_from(digits).unwrap() - 500, 2).unwrap();
    let stated = Figure::Stated { value: number(n), denominator: None };
    let (numerator, denominator) = (number(n), number(n + 7));
    let period = StatedPeriod::Words("the year before".to_owned());
    let entry = match n % n_kinds {
        1 => entry(Figure::Stated { value: number(n), denominator: Some(denominator) }),
        2 => entry(Figure::Counted { numerator, denominator, stated: None }),
        3 => entry(Figure::Counted { numerator, denominator, stated: Some(number(n)) }),
        4 => entry(Figure::Missing(Missing::Low)),
        5 => ResultEntry { source_text: "1.50*".to_owned(), ..entry(stated) },
        6 => ResultEntry { stated_previous: Some(StatedPrevious { value: number(n), period }), ..entry(stated) },
        _ => entry(stated),
    };
    // Longer than a reader's table holds, together.
    let long = if n.is_multiple_of(11) { "-of-those-who-were-known-to-the-service" } else { "" };
    let series = Series {
        measure: MeasureId::new(&format!("m-{}{long}", n % 13)).unwrap(),
        area: AreaId::new(&format!("E0700{}", n % 29)).unwrap(),
        cohort: CohortId::all(),
    };
    let (year, month) = (2010 + n % 9, 1 + n % 12);
    let quarterly = n.is_multiple_of(17);
    let code = if quarterly { format!("FY{year}-Q{}", 1 + n % 4) } else { format!("{year}-{month:02}") };
    Event::ResultRecorded(ResultRecorded { cell: Cell { series, period: Period::parse(&code).unwrap() }, entry })
}

/// Files of results, one after the other, of which some are without lines, and some rows have a reason of their own.
fn rows(n_records: u64) -> Vec<Commit> {
    let begin = 1_543_485_600_000_000;
    let commits = (0..n_records).step_by(1_500).zip(0..).map(|(after, number)| {
        let n = (n_records - after).min(1_500);
        let mut records = commit(after, n, begin + number);
        for (recorded, line) in records.iter_mut().zip(1..) {
            let mixed = recorded.position.get().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            recorded.event = row(mixed % 1_000, line);
            let own = recorded.position.get().is_multiple_of(97);
            let Attribution { submission, origin, why, .. } = &mut recorded.attribution;
            *submission = SubmissionId([u8::try_from(number).unwrap(); 16]);
            let file = u16::try_from(line / 700).unwrap();
            let line = NonZeroU32::new(u32::try_from(line).unwrap()).unwrap();
            *origin = (number % 3 != 1).then_some(Origin { file, line });
            why.reason = if own { "restated now" } else { "as published" }.to_owned();
        }
        records
    });
    commits.collect()
}

#[test]
fn rows_of_files_are_folded_as_their_records_are() {
    let (_folder, options) = options();
    let journal = open(&options);
    let commits = rows(9_011);
    journal.append(Position::START, &commits).unwrap();
    let mut book = Book::default();
    journal.fold(&mut book, Position::MAX).unwrap();
    let whole = by_records(&commits.concat(), 9_011);
    assert!(whole.n_cells() > 900, "{} cells", whole.n_cells());
    assert!(book == whole);
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
