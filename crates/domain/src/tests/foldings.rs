//! Folding what others made ready: it is the fold of the records, or it is refused and changes nothing.

use super::rig::{at, cell, entry, series, stated, why};
use crate::book::{Folding, Gap, NumberedResult, ReaderSeries, ReadyResults, Unready};
use crate::event::{Attribution, ResultRecorded};
use crate::period::PeriodKey;
use crate::{Actor, ActorId, Book, Event, EventId, Period, Position, Recorded, SubmissionId, Timestamp};

const N_RECORDS: u64 = 600;
/// In the order in which the records name them.
const MEASURES: [&str; 4] = ["C", "D", "B", "A"];

/// Most are of one line, so that no part of the lines has its share of them.
fn measure_of(n: u64) -> usize {
    let others = [3, 1, 0, 2];
    if n.is_multiple_of(7) { others[usize::try_from(n / 7 % 4).unwrap()] } else { 0 }
}

fn period_of(n: u64) -> Period {
    Period::month(2018, i8::try_from(1 + n * 5 % 12).unwrap()).unwrap()
}

/// Known in no order.
fn known_at(n: u64) -> Timestamp {
    at(i64::try_from(n * 37 % 101).unwrap())
}

fn attribution() -> Attribution {
    let actor = Actor { id: ActorId::new("mi.officer").unwrap(), authenticated: false };
    Attribution { actor, submission: SubmissionId([1; 16]), origin: None, why: why("because") }
}

fn record(n: u64) -> Recorded {
    let mut cell = cell(MEASURES[measure_of(n)], "2018-01");
    cell.period = period_of(n);
    Recorded {
        position: Position::new(n),
        recorded_at: at(1_000),
        known_at: known_at(n),
        event_id: EventId([0; 16]),
        last_of_commit: n == N_RECORDS,
        attribution: attribution(),
        event: Event::ResultRecorded(ResultRecorded { cell, entry: entry(stated(&n.to_string())) }),
    }
}

/// Records after one up to another, by a reader that numbers the measures as they are numbered here.
fn ready(after: u64, up_to: u64) -> ReadyResults {
    let mut results = ReadyResults::for_results(0);
    results.attribute(attribution());
    for n in after + 1..=up_to {
        push(&mut results, n).unwrap();
    }
    results
}

fn push(results: &mut ReadyResults, n: u64) -> Result<(), Gap> {
    results.push(&NumberedResult {
        position: Position::new(n),
        recorded_at: at(1_000),
        known_at: known_at(n),
        last_of_commit: n == N_RECORDS,
        origin: None,
        series: u32::try_from(measure_of(n)).unwrap(),
        period: PeriodKey::of(period_of(n)),
        entry: &entry(stated(&n.to_string())),
    })
}

/// The first of them, which give the series their numbers.
fn first(up_to: u64) -> (ReadyResults, ReaderSeries) {
    let mut results = ready(0, up_to);
    for code in MEASURES {
        results.number(series(code));
    }
    (results, ReaderSeries::default())
}

fn by_records() -> Book {
    let mut book = Book::default();
    (1..=N_RECORDS).for_each(|n| book.apply(&record(n)).unwrap());
    book
}

#[test]
fn results_laid_in_any_number_of_parts_are_those_of_the_records() {
    let whole = by_records();
    for n_parts in [0, 1, 2, 3, 7] {
        let mut book = Book::default();
        let mut folding = Folding::new(&mut book);
        let (results, mut known) = first(200);
        folding.apply_results(results, &mut known).unwrap();
        let mut n_given = 0;
        folding.lay(n_parts, |parts| n_given = parts.len());
        assert!((1..=n_parts.max(1)).contains(&n_given), "{n_given} of {n_parts}");
        folding.apply_results(ready(200, N_RECORDS), &mut known).unwrap();
        folding.lay(n_parts, |parts| parts.into_iter().rev().for_each(drop));
        drop(folding);
        assert!(book == whole, "in {n_parts} parts");
    }
}

#[test]
fn results_that_do_not_follow_are_refused_and_change_nothing() {
    let mut results = ready(0, 3);
    let gap = push(&mut results, 5).unwrap_err();
    assert_eq!((gap.expected, gap.found), (Position::new(4), Position::new(5)));

    let mut book = Book::default();
    let mut folding = Folding::new(&mut book);
    let mut known = ReaderSeries::default();
    let refused = folding.apply_results(ready(4, 9), &mut known);
    assert!(matches!(refused, Err(Unready::Gap(gap)) if gap.found == Position::new(5)), "{refused:?}");
    let refused = folding.apply_results(ready(0, 3), &mut known);
    assert_eq!(refused, Err(Unready::Unnumbered(Position::START)));
    drop(folding);
    assert!(book == Book::default());
}
