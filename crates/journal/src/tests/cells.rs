//! Visiting cells says of each result and each withdrawal what reading the whole record says, and skips what is neither.

use domain::{Event, Position};
use engine::log::EventLog as _;

use super::{open, options, sample_commits};

#[test]
fn cells_are_those_of_the_records_that_are_read() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &sample_commits()).unwrap();
    let head = journal.head().position;
    for after in [0, 1, 20, head.get() - 1, head.get(), head.get() + 5] {
        let after = Position::new(after);
        let mut expected = Vec::new();
        for recorded in journal.read(after, usize::MAX).unwrap() {
            let (cell, figure) = if let Event::ResultRecorded(result) = recorded.event {
                (result.cell, Some(result.entry.figure))
            } else if let Event::ResultWithdrawn(cell) = recorded.event {
                (cell, None)
            } else {
                continue;
            };
            let series = cell.series;
            let codes = [series.measure.to_string(), series.area.to_string(), series.cohort.to_string()];
            expected.push((recorded.position, recorded.known_at, codes, cell.period.code(), figure));
        }
        let mut visited = Vec::new();
        let last = journal.visit_cells(after, |cell| {
            let codes = [cell.measure, cell.area, cell.cohort].map(str::to_owned);
            visited.push((cell.header.position, cell.header.known_at, codes, cell.period.to_owned(), cell.figure));
        });
        assert_eq!(last.unwrap(), head);
        assert_eq!(visited, expected);
        assert!(after.get() > 0 || visited.len() > 2, "there are cells among the samples");
    }
}

#[test]
fn the_chain_at_each_end_of_an_append_is_the_one_that_is_stored() {
    let (_folder, options) = options();
    let commits = sample_commits();
    let journal = open(&options);
    journal.append(Position::START, &commits).unwrap();
    let n_records = journal.head().position.get();
    let told: Vec<_> = (0..=n_records + 1).map(|n| journal.chain_at(Position::new(n)).unwrap()).collect();
    drop(journal);
    let journal = open(&options);
    let stored: Vec<_> = (0..=n_records + 1).map(|n| journal.chain_at(Position::new(n)).unwrap()).collect();
    assert_eq!(told, stored);
}
