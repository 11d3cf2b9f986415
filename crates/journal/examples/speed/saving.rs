//! The book saved and restored beside the fold of the whole log.

use std::fs;
use std::path::Path;

use domain::event::LogOpened;
use domain::{AreaId, Book, Event, Figure, LogId, Position, Recorded};
use engine::log::EventLog as _;
use journal::{Journal, Options};

use crate::events::Generator;
use crate::rows::{Row, time};

const COMMIT_RECORDS: u64 = 20_000;
const PAGE_RECORDS: usize = 4_096;
const N_ROUNDS: usize = 3;

/// Once with plain figures, and once with most of them as numerators and denominators with the source's writing.
pub(crate) fn rows(folder: &Path, n_records: u64) {
    for (plain, figures) in [(true, "plain figures"), (false, "numerators, denominators and texts")] {
        let folder = folder.join("saved");
        let journal = filled(&folder, n_records, plain);
        let folding = || {
            let mut book = Book::default();
            while book.head() < journal.head().position {
                for record in journal.read(book.head(), PAGE_RECORDS).expect("a page") {
                    book.apply(&record).expect("a record that follows");
                }
            }
            book
        };
        let mut book = Book::default();
        let from_log = time(|| book = folding());
        let saved = time(|| assert!(journal.save_book(&book).expect("it is saved").is_some(), "there is enough of it"));
        let restored: Vec<f64> = (0..N_ROUNDS)
            .map(|_| {
                let mut found = None;
                let took = time(|| found = journal.saved_book().book);
                assert!(found.as_ref() == Some(&book), "it is the same book");
                took.seconds
            })
            .collect();
        let name = format!("book.{:020}", book.head().get());
        let n_bytes = fs::metadata(folder.join(name)).expect("the file").len();
        let title = format!("the saved book restored, {n_records} records of {figures}, {n_bytes} bytes");
        Row {
            title: &title,
            peer_name: "folding the log",
            unit: "seconds",
            goal: 1.0,
            ours: &restored,
            peer: &[from_log.seconds],
        }
        .print();
        let title = format!("the book saved, {n_records} records of {figures}");
        Row { title: &title, peer_name: "the goal", unit: "seconds", goal: 1.0, ours: &[saved.seconds], peer: &[3.0] }
            .print();
        drop(journal);
        fs::remove_dir_all(folder).expect("a folder that is there");
    }
}

fn filled(folder: &Path, n_records: u64, plain: bool) -> Journal {
    let journal = Journal::open(&Options::new(folder)).expect("a journal");
    let mut generator = Generator::new();
    let mut before = Position::START;
    while before.get() < n_records {
        let mut commit = generator.commit(COMMIT_RECORDS.min(n_records - before.get()));
        if plain {
            commit.iter_mut().for_each(make_plain);
        }
        if let Some(first) = commit.first_mut().filter(|_| before == Position::START) {
            let authority = AreaId::new("E10000016").expect("a code");
            let time_zone = "Europe/London".to_owned();
            first.event = Event::LogOpened(LogOpened { log: LogId([1; 16]), authority, time_zone, format: 1 });
        }
        before = journal.append(before, &[commit]).expect("an append").position;
    }
    journal
}

fn make_plain(record: &mut Recorded) {
    if let Event::ResultRecorded(result) = &mut record.event {
        result.entry.source_text.clear();
        if let Figure::Counted { stated: Some(value), .. } = result.entry.figure {
            result.entry.figure = Figure::Stated { value, denominator: None };
        }
    }
}
