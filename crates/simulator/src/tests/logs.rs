//! Both logs against their suite, and the book against what they give back.

use domain::{Book, Position};
use engine::log::{EventLog, Head};
use journal::{Journal, Options, Salts};

use super::properties::seeds;
use crate::conformance::{commit, conformance};
use crate::memory::{Memory, SALT};
use crate::world::World;

/// A journal in a folder of its own, with the salts of the log in memory.
pub(super) fn options(folder: &tempfile::TempDir) -> Options {
    Options { cache_bytes: 8 * 1024 * 1024, salts: Salts::Fixed(SALT), ..Options::new(folder.path().join("journal")) }
}

pub(super) fn open(options: &Options) -> Journal {
    Journal::open(options).unwrap()
}

/// Folds what a log gives, page by page.
fn replayed(log: &impl EventLog, limit: usize) -> Book {
    let mut book = Book::default();
    loop {
        let page = log.read(book.head(), limit).unwrap();
        if page.is_empty() {
            return book;
        }
        for record in &page {
            book.apply(record).unwrap();
        }
    }
}

#[test]
fn the_log_in_memory_conforms() {
    conformance(Memory::new);
}

#[test]
fn the_journal_conforms() {
    let mut folders = Vec::new();
    conformance(|| {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(&options(&folder));
        folders.push(folder);
        journal
    });
}

#[test]
fn both_logs_have_the_same_chain_at_every_position() {
    let folder = tempfile::tempdir().unwrap();
    let (memory, journal) = (Memory::new(), open(&options(&folder)));
    let world = World::grown(7, 40);
    for (at, commit) in world.commits.iter().enumerate() {
        let expected = memory.head().position;
        let commits = std::slice::from_ref(commit);
        let head = memory.append(expected, commits).unwrap();
        assert_eq!(journal.append(expected, commits).unwrap(), head, "after commit {at}");
    }
    for position in 0..=memory.head().position.get() + 1 {
        let position = Position::new(position);
        assert_eq!(memory.chain_at(position).unwrap(), journal.chain_at(position).unwrap(), "at {position}");
    }
}

#[test]
fn a_journal_is_the_same_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let mut head = Head::EMPTY;
    let mut commits = Vec::new();
    for (number, n_records) in (1..).zip([3, 1, 40, 16, 15]) {
        let journal = open(&options);
        assert_eq!(journal.head(), head, "before commit {number}");
        let commit = commit(head.position.get(), n_records, number);
        head = journal.append(head.position, std::slice::from_ref(&commit)).unwrap();
        commits.push(commit);
        drop(journal);
    }
    let journal = open(&options);
    assert_eq!(journal.read(Position::START, usize::MAX).unwrap(), commits.concat());
    assert_eq!(journal.chain_at(head.position).unwrap(), Some(head.chain));
    let refused = journal.append(Position::START, &[commit(0, 1, 99)]);
    assert!(matches!(refused, Err(engine::log::Error::Moved { .. })), "{refused:?}");
}

#[test]
fn a_book_replayed_from_the_log_in_memory_is_the_live_book() {
    for seed in seeds().step_by(4) {
        let world = World::grown(seed, 25);
        let memory = Memory::new();
        memory.append(Position::START, &world.commits).unwrap();
        let limit = usize::try_from(1 + seed % 9).unwrap();
        assert!(replayed(&memory, limit) == world.book, "seed {seed}");
    }
}

#[test]
fn a_book_replayed_from_the_journal_is_the_live_book() {
    for seed in seeds().step_by(25) {
        let folder = tempfile::tempdir().unwrap();
        let world = World::grown(seed, 25);
        let journal = open(&options(&folder));
        for group in world.commits.chunks(5) {
            journal.append(journal.head().position, group).unwrap();
        }
        drop(journal);
        let journal = open(&options(&folder));
        assert_eq!(journal.read(Position::START, usize::MAX).unwrap(), world.records(), "seed {seed}");
        assert!(replayed(&journal, 7) == world.book, "seed {seed}");
    }
}
