//! Many at once: each acknowledged submission is in the log exactly once.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::thread;

use crate::folder::{Folder, number};
use crate::program::Finished;
use crate::server::Server;

const WRITERS: u32 = 4;
const IMPORTS: u32 = 5;
const ROWS: u32 = 12;

/// Imports one file, again when what its preview read has changed meanwhile.
fn import(folder: &Folder, writer: u32, n: u32) -> Finished {
    let mut text = "measure,area,period,value\n".to_owned();
    for month in 1..=ROWS {
        writeln!(text, "ehcp-20-weeks,E0700010{writer},{}-{month:02},{n}", n.saturating_add(2000)).expect("text grows");
    }
    let name = format!("writer-{writer}-{n}.csv");
    for _try in 0..200_u32 {
        let finished = folder.import_text(&name, &text, "--format json");
        if finished.code == Some(0) {
            return finished;
        }
        assert!(finished.stderr.contains("changed"), "only a changed preview may refuse it: {}", finished.whole());
    }
    panic!("{name} was never taken");
}

#[test]
fn imports_at_once_are_each_recorded_exactly_once() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    let receipts: Vec<Finished> = thread::scope(|scope| {
        let writers = (5..5_u32.saturating_add(WRITERS)).map(|writer| {
            let folder = &folder;
            scope.spawn(move || (0..IMPORTS).map(|n| import(folder, writer, n)).collect::<Vec<_>>())
        });
        let writers: Vec<_> = writers.collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer does not panic")).collect()
    });
    let records = folder.records();
    server.stop_cleanly();

    let positions: Vec<u64> = records.iter().map(|record| number(&record["position"])).collect();
    let head = u64::try_from(records.len()).expect("a count");
    assert_eq!(positions, (1..=head).collect::<Vec<_>>(), "positions are dense");
    let event_ids: BTreeSet<&str> = records.iter().map(|record| record["eventId"].as_str().expect("text")).collect();
    assert_eq!(event_ids.len(), records.len(), "no record is there twice");

    let mut submissions = BTreeSet::new();
    for finished in &receipts {
        let receipt = finished.json()["receipt"].clone();
        let id = receipt["submissionId"].as_str().expect("text").to_owned();
        let (first, last) = (number(&receipt["firstPosition"]), number(&receipt["lastPosition"]));
        let of_it: Vec<u64> = records
            .iter()
            .filter(|record| record["submissionId"] == id.as_str())
            .map(|record| number(&record["position"]))
            .collect();
        assert_eq!(of_it, (first..=last).collect::<Vec<_>>(), "it lies together, where its receipt says");
        assert!(submissions.insert(id), "each has its own identifier");
    }
    assert_eq!(receipts.len(), usize::try_from(WRITERS.saturating_mul(IMPORTS)).expect("a count"));
    let results = records.iter().filter(|record| !record["resultRecorded"].is_null()).count();
    let expected = 32_u32.saturating_add(WRITERS.saturating_mul(IMPORTS).saturating_mul(ROWS));
    assert_eq!(results, usize::try_from(expected).expect("a count"));

    let mut last_recorded_at = String::new();
    for record in &records {
        let recorded_at = record["recordedAt"].as_str().expect("text").to_owned();
        assert!(recorded_at >= last_recorded_at || recorded_at.len() != last_recorded_at.len(), "{recorded_at}");
        last_recorded_at = recorded_at;
    }
    folder.run("log verify").succeeded().says(&format!("{head} records in 22 commits are verified."));
}

#[test]
fn readers_during_writes_see_whole_commits_only() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    thread::scope(|scope| {
        let writing = scope.spawn(|| (0..6).map(|n| import(&folder, 5, n)).collect::<Vec<_>>());
        while !writing.is_finished() {
            let history = folder.ask("measure ehcp-20-weeks --area E07000105");
            let n_rows = history["rows"].as_array().map_or(0, Vec::len);
            let whole = n_rows.checked_rem(usize::try_from(ROWS).expect("a count"));
            assert_eq!(whole, Some(0), "{n_rows} rows");
        }
        writing.join().expect("the writer does not panic")
    });
    server.stop_cleanly();
}
