//! The log as a log: the suite that every log passes, and what only a shared one has to do.

use domain::event::ContentStored;
use domain::limits::COMMIT_BYTES_MAX;
use domain::{Digest, Event, Position};
use engine::log::{Error, EventLog as _};
use journal::Salts;
use simulator::conformance::{commit, conformance};
use simulator::memory::SALT;
use simulator::world::World;

use super::rig::Rig;

fn conforms(n_servers: usize) {
    let rig = Rig::new(n_servers);
    conformance(|| {
        let folder = tempfile::tempdir().expect("a folder");
        rig.node_with(&rig.stream(), "only", folder, Salts::Fixed(SALT))
    });
}

#[test]
fn a_shared_log_on_one_server_is_a_log() {
    conforms(1);
}

#[test]
fn a_shared_log_on_three_servers_is_a_log() {
    conforms(3);
}

#[test]
fn what_one_node_appends_every_node_has() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let (one, other) = (rig.node(&names, "one"), rig.node(&names, "other"));
    let head = one.append(Position::START, &[commit(0, 3, 10)]).unwrap();
    other.wait_until("the other has it", |other| other.head() == head);
    let head = other.append(head.position, &[commit(3, 20, 20)]).unwrap();
    one.wait_until("the first has it", |one| one.head() == head);
    let late = rig.node(&names, "late");
    late.wait_until("who comes later has all of it", |late| late.head() == head);
    assert_eq!(
        late.journal.read_raw(Position::START, 100).unwrap(),
        one.journal.read_raw(Position::START, 100).unwrap()
    );
    match late.append(Position::new(3), &[commit(3, 1, 30)]) {
        Err(Error::Moved { found, .. }) => assert_eq!(found, head.position),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_node_begins_with_the_book_that_its_journal_saved() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let one = rig.node(&names, "one");
    let world = World::grown(7, 10);
    one.shared.append(Position::START, &world.commits).unwrap();
    assert_eq!(one.shared.save_book(&world.book).unwrap(), Some(world.book.head()));
    let folder = one.stop();
    let again = rig.node_in(&names, "one", folder);
    assert_eq!(again.shared.saved_book().book, Some(world.book));
}

/// A commit of the most bytes that are allowed: parts of content, as a submitted file has.
fn largest() -> Vec<domain::Recorded> {
    let mut record = commit(0, 1, 10).remove(0);
    record.event = Event::ContentStored(ContentStored {
        digest: Digest([7; 32]),
        part: 0,
        parts: 1,
        file: true,
        bytes: vec![7; 3_500],
    });
    let n_bytes = journal::record::encode(&record, SALT).unwrap().len();
    let n_records = u64::try_from(COMMIT_BYTES_MAX / n_bytes).unwrap();
    let mut commit = commit(0, n_records, 10);
    for it in &mut commit {
        it.event = record.event.clone();
    }
    commit
}

#[test]
fn the_largest_commit_is_appended_whole_on_one_server_and_on_three() {
    let n_all = std::env::var_os("SCOREBOOK_SLOW_TESTS").map_or(3_000, |_| usize::MAX);
    for n_servers in [1, 3] {
        let rig = Rig::new(n_servers);
        let names = rig.stream();
        let (one, other) = (rig.node(&names, "one"), rig.node(&names, "other"));
        let mut commit = largest();
        commit.truncate(n_all.min(commit.len()));
        commit.last_mut().unwrap().last_of_commit = true;
        let head = one.append(Position::START, std::slice::from_ref(&commit)).unwrap();
        assert_eq!(head.position, Position::new(u64::try_from(commit.len()).unwrap()));
        other.wait_until("the other has it", |other| other.head() == head);
    }
}
