//! What goes wrong between a node and the stream: lost answers, lost messages, a lost stream, a race.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use domain::{Position, Timestamp};
use engine::log::{Error, EventLog as _, Head};
use simulator::conformance::commit;

use super::rig::{Node, Rig};
use crate::lease::Lease;
use crate::reseeding::{self, reseed};
use crate::stream::Stream;
use crate::{Connection, Names};

fn n_messages(rig: &Rig, connection: &Connection, names: &Names) -> u64 {
    rig.runtime.block_on(Stream::of(connection, names).tail()).expect("the stream answers").last_sequence
}

/// Waits until the stream has so many messages.
#[track_caller]
fn wait_for_messages(rig: &Rig, names: &Names, n: u64) {
    let connection = rig.connect();
    let mut n_left = 600;
    while n_messages(rig, &connection, names) < n {
        assert!(n_left > 0, "the stream never had {n} messages");
        n_left -= 1;
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

#[test]
fn an_append_whose_answer_is_lost_is_found_and_not_repeated() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let (node, relay) = rig.node_through(&names, "one");
    let first = node.append(Position::START, &[commit(0, 2, 10)]).unwrap();
    relay.deafen();
    let head = std::thread::scope(|scope| {
        let appending = scope.spawn(|| node.append(first.position, &[commit(2, 3, 20)]));
        wait_for_messages(&rig, &names, 2);
        relay.heal();
        appending.join().expect("the appending thread ends")
    });
    assert_eq!(head.unwrap().position, Position::new(5));
    assert_eq!(n_messages(&rig, &rig.connect(), &names), 2, "it is there once");
    node.append(Position::new(5), &[commit(5, 1, 30)]).unwrap();
}

#[test]
fn an_append_that_never_arrived_is_sent_again() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let (node, relay) = rig.node_through(&names, "one");
    let first = node.append(Position::START, &[commit(0, 2, 10)]).unwrap();
    relay.mute();
    let head = std::thread::scope(|scope| {
        let appending = scope.spawn(|| node.append(first.position, &[commit(2, 3, 20)]));
        std::thread::park_timeout(Duration::from_millis(200));
        relay.heal();
        appending.join().expect("the appending thread ends")
    });
    assert_eq!(head.unwrap().position, Position::new(5));
    assert_eq!(n_messages(&rig, &rig.connect(), &names), 2, "it is there once");
}

#[test]
fn a_node_that_was_cut_off_catches_up() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let writer = rig.node(&names, "writer");
    let (reader, relay) = rig.node_through(&names, "reader");
    let mut head = writer.append(Position::START, &[commit(0, 2, 10)]).unwrap();
    reader.wait_until("the first is there", |reader| reader.head() == head);
    relay.cut();
    for n in 0..50 {
        head = writer.append(head.position, &[commit(head.position.get(), 3, 20 + n)]).unwrap();
    }
    assert!(reader.head().position < head.position);
    relay.heal();
    reader.wait_until("all of it is there", |reader| reader.head() == head);
    assert_eq!(reader.shared.halted(), None);
}

/// Appends small commits until told to stop.
fn keep_appending(node: &Node, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let head = node.head();
        let at = head.recorded_at.expect("there are records").micros() + 1;
        match node.append(head.position, &[commit(head.position.get(), 1, at)]) {
            Ok(_) | Err(Error::Moved { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Appends five thousand records at once; false when somebody else was first.
fn append_many(node: &Node) -> bool {
    let head = node.head();
    let at = head.recorded_at.map_or(0, Timestamp::micros) + 1;
    node.append(head.position, &[commit(head.position.get(), 5_000, at)]).is_ok()
}

#[test]
fn a_large_commit_gets_its_turn_among_many_small_ones() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let (large, small) = (rig.node(&names, "large"), rig.node(&names, "small"));
    small.append(Position::START, &[commit(0, 1, 10)]).unwrap();
    let stop = AtomicBool::new(false);
    let n_lost = std::thread::scope(|scope| {
        scope.spawn(|| keep_appending(&small, &stop));
        let lost = (0..10).take_while(|_| !append_many(&large)).count();
        stop.store(true, Ordering::SeqCst);
        lost
    });
    assert!(n_lost <= 2, "the lease keeps the small ones back: lost {n_lost} times");
}

#[test]
fn a_node_answers_while_its_append_waits_for_its_turn() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let node = rig.node(&names, "waiting");
    node.append(Position::START, &[commit(0, 1, 10)]).unwrap();
    let other = Lease::new(&rig.connect(), &names, "other".to_owned());
    let held = rig.runtime.block_on(other.turn(0, 1_001));
    let (tell, told) = sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(|| node.append(Position::new(1), &[commit(1, 1_001, 20)]).unwrap());
        scope.spawn(|| {
            while tell.send(node.shared.standing()).is_ok() {}
            drop(tell);
        });
        for _ in 0..20_000 {
            let standing = told.recv_timeout(Duration::from_secs(5)).expect("it says how it stands");
            assert_eq!(standing.followed_sequence, Some(1), "it waits");
        }
        drop(told);
        rig.runtime.block_on(held.end());
    });
    assert_eq!(node.head().position, Position::new(1_002));
}

#[test]
fn a_stream_behind_a_journal_stops_writes_until_it_is_filled() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let short = rig.node(&names, "short");
    let head = short.append(Position::START, &[commit(0, 2, 10)]).unwrap();
    let short = short.stop();
    let long = rig.node(&names, "long");
    let longer = {
        long.wait_until("it has the first", |long| long.head() == head);
        long.append(head.position, &[commit(2, 2, 20)]).unwrap()
    };

    let connection = rig.connect();
    let set_back = async {
        connection.context.delete_stream(names.log_stream()).await.expect("the stream can be deleted by its server");
        let options = journal::Options::new(short.path().join("journal"));
        let journal = journal::Journal::open(&options).expect("a journal");
        reseed(&connection, &names, &journal, 1, |_| {}).await.expect("it is filled")
    };
    assert_eq!(rig.runtime.block_on(set_back), head);
    long.wait_until("it says so", |long| {
        long.shared.halted().is_some_and(|it| it.reason.contains("ends at position 2"))
    });
    assert!(matches!(long.append(longer.position, &[commit(4, 1, 30)]), Err(Error::Halted(_))));
    assert_eq!(long.head(), longer, "what was acknowledged is not taken away");

    let filled = rig.runtime.block_on(reseed(&connection, &names, &long.journal, 1, |_| {}));
    assert_eq!(filled.unwrap(), longer);
    long.wait_until("it goes on", |long| long.shared.halted().is_none());
    long.append(longer.position, &[commit(4, 1, 30)]).unwrap();
}

#[test]
fn a_stream_is_not_filled_with_what_it_does_not_follow() {
    let rig = Rig::new(1);
    let (names, elsewhere) = (rig.stream(), rig.stream());
    let node = rig.node(&names, "one");
    node.append(Position::START, &[commit(0, 2, 10), commit(2, 2, 20)]).unwrap();
    let other = rig.node(&elsewhere, "other");
    other.append(Position::START, &[commit(0, 2, 10), commit(2, 3, 30)]).unwrap();
    let connection = rig.connect();
    let filled = rig.runtime.block_on(reseed(&connection, &names, &other.journal, 1, |_| {}));
    assert!(matches!(filled, Err(reseeding::Error::Differs { .. })), "{filled:?}");
    let before = node.head();
    let longer = node.append(before.position, &[commit(4, 1, 40)]).unwrap();
    assert_ne!((before, Head::EMPTY), (longer, before));
}

#[test]
fn what_is_no_log_stops_the_follower_and_is_named() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let node = rig.node(&names, "one");
    let head = node.append(Position::START, &[commit(0, 2, 10)]).unwrap();
    let connection = rig.connect();
    rig.runtime.block_on(async {
        let sent = connection.context.publish(names.log_subject(), "something else".into()).await.expect("sent");
        sent.await.expect("stored");
    });
    node.wait_until("it says so", |node| {
        node.shared.halted().is_some_and(|it| it.reason.contains("message 2 of stream"))
    });
    assert!(matches!(node.append(head.position, &[commit(2, 1, 20)]), Err(Error::Halted(_))));
    assert_eq!(node.head(), head);
}

/// How long an append that must not come about is given to do so.
const GIVEN: Duration = Duration::from_secs(2);

#[test]
fn a_node_that_is_behind_does_not_fork_a_stream_that_is_being_filled() {
    let rig = Rig::new(1);
    let names = rig.stream();
    let long = rig.node(&names, "long");
    let append_many = |after: Head| {
        let (first, at) = (after.position.get(), after.recorded_at.map_or(0, Timestamp::micros) + 1);
        let commits = (0..500_i32).map(|n| commit(first + u64::try_from(n).unwrap() * 10, 10, at + i64::from(n)));
        long.append(after.position, &commits.collect::<Vec<_>>()).unwrap()
    };
    let short = append_many(long.head());
    let behind = rig.node(&names, "behind");
    behind.wait_until("it has the first", |behind| behind.head() == short);
    let behind = behind.stop();
    let longer = (0..7).fold(short, |head, _| append_many(head));
    let folder = long.stop();

    let connection = rig.connect();
    rig.runtime.block_on(async { connection.context.delete_stream(names.log_stream()).await.expect("deleted") });
    let behind = rig.node_in(&names, "behind", behind);
    let journal = journal::Journal::open(&journal::Options::new(folder.path().join("journal"))).expect("a journal");
    let (appended, answers) = sync_channel(1);
    let mut tried = false;
    let filled = std::thread::scope(|scope| {
        rig.runtime.block_on(reseed(&connection, &names, &journal, 1, |reached| {
            if tried || reached < short.position {
                return;
            }
            tried = true;
            behind.wait_until("it follows", |behind| behind.head().position >= reached && behind.halted().is_none());
            scope.spawn(|| {
                let head = behind.head();
                let at = head.recorded_at.map_or(0, Timestamp::micros) + 1;
                appended.send(behind.append(head.position, &[commit(head.position.get(), 1, at)])).expect("awaited");
            });
            let answer = answers.recv_timeout(GIVEN);
            assert!(answer.is_err(), "nobody else is let in while it is filled: {answer:?}");
        }))
    });
    assert!(tried, "it was filled in more than one batch");
    assert_eq!(filled.unwrap(), longer);
    assert!(matches!(answers.recv().expect("it ends"), Err(Error::Moved { .. })), "and then it is not the first");
}
