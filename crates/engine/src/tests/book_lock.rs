use std::thread;

use domain::event::{LogOpened, RuleAdopted};
use domain::{Actor, ActorId, AreaId, Book, Date, Digest, LogId, RuleId, Submission, SubmissionId, Timestamp};

use crate::book_lock::BookLock;
use crate::log::Commit;
use crate::writer::opening_commit;

#[test]
fn who_reads_in_slices_lets_the_writer_in_between_two_of_them() {
    let lock = BookLock::new(Book::default());
    thread::scope(|scope| {
        let slice = lock.read();
        scope.spawn(|| *lock.write() = opened());
        while !lock.wanted() {
            thread::yield_now();
        }
        // Another reader's, so that there was no moment at which nobody read.
        let other = lock.read();
        drop(slice);
        assert!(other.log().is_none(), "the writer waits while somebody reads");
        drop(other);
        lock.let_writer_in();
        assert!(lock.read().log().is_some(), "the next slice is read after the writer has been");
    });
    assert!(!lock.wanted(), "nobody waits any more");
}

fn opened() -> Book {
    let mut book = Book::default();
    for record in opening() {
        book.apply(&record).unwrap();
    }
    book
}

/// The first commit of a log.
pub(super) fn opening() -> Commit {
    let opened = LogOpened {
        log: LogId([1; 16]),
        authority: AreaId::new("K").unwrap(),
        time_zone: "Europe/London".to_owned(),
        format: 1,
    };
    let adopt = |rule| RuleAdopted { rule: RuleId::new(rule).unwrap(), measure: None, from: Date::constant(1, 1, 1) };
    let submission = Submission {
        id: SubmissionId([1; 16]),
        digest: Digest([0; 32]),
        actor: Actor { id: ActorId::new("officer").unwrap(), authenticated: false },
        files: Vec::new(),
        instructions: Vec::new(),
    };
    let events = Book::opening(opened, adopt(ratings::KENT), adopt(ratings::Method::PreviousReported.code()));
    opening_commit(&submission, events, "", Timestamp::from_micros(1).unwrap())
}
