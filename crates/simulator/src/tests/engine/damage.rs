//! A log of which a record is damaged: what is before it is answered, and nothing is added.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Digest, Position, Recorded};
use engine::Error;
use engine::log::{self, Commit, Damage, EventLog, Head};

use super::rig::{Rig, request};
use crate::memory::Memory;
use crate::tests::stories::record;

/// A log in memory whose record at a position, and every read over it, is damaged from when it is said.
#[derive(Debug, Default)]
struct Damaged {
    inner: Memory,
    at: Mutex<Option<Position>>,
    /// Whether it knows by itself, before it is asked to append.
    known: Mutex<bool>,
}

impl Damaged {
    fn break_at(&self, position: Position, known: bool) {
        *self.at.lock().unwrap() = Some(position);
        *self.known.lock().unwrap() = known;
    }

    fn check_up_to(&self, end: Position) -> Result<(), log::Error> {
        let at = *self.at.lock().unwrap();
        match at {
            Some(position) if end >= position => {
                Err(log::Error::Corrupt { position, reason: "a bit is flipped".to_owned() })
            }
            _ => Ok(()),
        }
    }
}

impl EventLog for Damaged {
    fn head(&self) -> Head {
        self.inner.head()
    }

    fn check(&self, commit: &Commit) -> Result<(), log::Error> {
        self.inner.check(commit)
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, log::Error> {
        self.check_up_to(Position::new(u64::MAX))?;
        self.inner.append(expected, commits)
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, log::Error> {
        let records = self.inner.read(after, limit)?;
        self.check_up_to(records.last().map_or(Position::START, |record| record.position))?;
        Ok(records)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, log::Error> {
        self.check_up_to(position)?;
        self.inner.chain_at(position)
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        self.inner.wait_for(position, timeout)
    }

    fn damage(&self) -> Option<Damage> {
        let position = self.at.lock().unwrap().filter(|_| *self.known.lock().unwrap())?;
        Some(Damage { position, reason: "a bit is flipped".to_owned() })
    }
}

#[track_caller]
fn read_only_at<T: std::fmt::Debug>(answer: Result<T, Error>, position: Position) {
    match answer {
        Err(Error::ReadOnly(damage)) => assert_eq!(damage.position, position),
        other => panic!("{other:?}"),
    }
}

/// A log with a commit for each of these values after its definitions, and the end of each.
fn grown(log: &Arc<Damaged>) -> (Rig, Vec<Position>) {
    let shared: Arc<Damaged> = Arc::clone(log);
    let rig = Rig::defined(shared);
    let mut ends = vec![rig.engine.head().position];
    for id in 1..=3 {
        let (_, receipt) = rig.submit(request(id, vec![record("2018-01", &id.to_string())])).unwrap();
        ends.push(receipt.last);
    }
    (rig, ends)
}

#[test]
fn a_damaged_log_is_folded_to_the_last_whole_commit_before_the_damage() {
    let log = Arc::new(Damaged::default());
    let (rig, ends) = grown(&log);
    rig.stop().unwrap();
    // The first and the last record of a commit of two; the commit is served neither way.
    for damaged in [ends[1].next(), ends[2]] {
        log.break_at(damaged, true);
        let shared: Arc<Damaged> = Arc::clone(&log);
        let rig = Rig::start(shared);
        let head = rig.engine.head();
        assert_eq!(head.position, ends[1]);
        assert_eq!(Some(head.chain), log.inner.chain_at(ends[1]).unwrap());
        let records = rig.engine.read(Position::START, 10_000).unwrap();
        assert_eq!(records, log.inner.read(Position::START, records.len()).unwrap());
        assert_eq!(records.last().unwrap().position, ends[1]);
        assert_eq!(rig.engine.damage().unwrap().position, damaged);
        read_only_at(rig.submit(request(9, vec![record("2018-02", "9")])), damaged);
        rig.stop().unwrap();
    }
}

#[test]
fn damage_that_is_found_while_running_refuses_what_comes_and_keeps_answering() {
    let log = Arc::new(Damaged::default());
    let (rig, ends) = grown(&log);
    let asked = rig.engine.prepare(request(9, vec![record("2018-02", "9")])).unwrap();
    log.break_at(ends[3], true);
    read_only_at(super::rig::wait(rig.engine.record(asked)), ends[3]);
    assert_eq!(rig.engine.head().position, ends[3], "it was whole when it was folded");
    assert_eq!(rig.engine.read(ends[1], 2).unwrap().len(), 2);
    rig.stop().expect("the writer goes on refusing, and ends when it is told to");
}

#[test]
fn damage_that_the_append_itself_finds_refuses_it_and_serves_what_is_whole() {
    let log = Arc::new(Damaged::default());
    let (rig, ends) = grown(&log);
    log.break_at(ends[3], false);
    read_only_at(rig.submit(request(9, vec![record("2018-02", "9")])), ends[3]);
    assert_eq!(rig.engine.head().position, ends[2]);
    assert_eq!(rig.engine.counts().2, 4, "the opening, the definitions and two results");
    rig.stop().unwrap();
}
