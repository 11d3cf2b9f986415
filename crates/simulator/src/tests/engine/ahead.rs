//! What is queued behind a large submission is decided while that is appended.

use std::pin::Pin;
use std::sync::Arc;

use domain::{Instruction, SubmissionId};
use engine::log::EventLog as _;
use engine::permissions::Permissions;
use engine::settings::GROUP_RECORDS_MAX;
use engine::submission::{Preview, Receipt, Request};
use engine::writer::Writer;
use engine::{Engine, Error};

use super::rig::{Rig, begin, request, wait};
use crate::faults::{Fault, Faulty};
use crate::memory::Memory;
use crate::tests::stories::{noon, record};

type Log = Arc<Faulty<Memory>>;
type Queued<'a> = Pin<Box<dyn Future<Output = Result<(Option<Preview>, Receipt), Error>> + 'a>>;

/// An engine whose writer moves by steps alone.
fn stepped() -> (Engine, Writer, Log) {
    let log: Log = Arc::new(Faulty::new(Memory::new()));
    Rig::defined(Arc::<Faulty<Memory>>::clone(&log)).stop().unwrap();
    let options = engine::Options {
        clock: Arc::new(|| noon(1)),
        permissions: Permissions::local(),
        elsewhere: None,
        newest_format: engine::log::FORMAT,
    };
    let (engine, writer) = Engine::start(Arc::<Faulty<Memory>>::clone(&log), options).unwrap();
    (engine, writer, log)
}

/// A result a day: more than share a disk sync.
fn large() -> Vec<Instruction> {
    let days =
        (2000..2013).flat_map(|year| (1..=12).flat_map(move |month| (1..=28).map(move |day| (year, month, day))));
    let all: Vec<Instruction> =
        days.map(|(year, month, day)| record(&format!("{year}-{month:02}-{day:02}"), "1")).collect();
    assert!(all.len() > GROUP_RECORDS_MAX);
    all
}

fn queue(engine: &Engine, wanted: Request) -> Queued<'_> {
    let mut queued: Queued<'_> = Box::pin(engine.record(engine.prepare(wanted).unwrap()));
    begin(&mut queued);
    queued
}

#[test]
fn what_is_decided_ahead_rests_on_what_is_before_it_and_follows_it() {
    let (engine, writer, log) = stepped();
    let first = queue(&engine, request(1, large()));
    // Of two results the large one gives one already.
    let second = queue(&engine, request(2, vec![record("2000-01-01", "1"), record("2018-01", "1")]));
    let third = queue(&engine, request(3, vec![record("2018-01", "2")]));
    assert!(writer.step().unwrap());
    let (_, first) = wait(first).unwrap();
    assert_eq!(engine.head().position, first.last, "what is decided ahead is not there yet");
    assert_eq!(engine.received(SubmissionId([2; 16])), None);
    assert!(writer.step().unwrap());
    let ((second, there), (third, last)) = (wait(second).unwrap(), wait(third).unwrap());
    assert_eq!((second.unwrap().n_changes, third.unwrap().n_changes), (1, 1));
    assert_eq!((there.first, last.first), (first.last.next(), there.last.next()));
    assert!(first.recorded_at < there.recorded_at && there.recorded_at < last.recorded_at);
    assert_eq!(log.chain_at(there.last).unwrap(), Some(there.chain));
    assert!(!writer.step().unwrap());
}

#[test]
fn a_retry_of_what_is_being_appended_is_told_where_that_ends() {
    let (engine, writer, log) = stepped();
    let first = queue(&engine, request(1, large()));
    let retry = queue(&engine, request(1, large()));
    // It is known already before the log has it.
    log.hold_until_asked();
    assert!(writer.step().unwrap());
    assert!(writer.step().unwrap());
    let ((_, first), (_, retry)) = (wait(first).unwrap(), wait(retry).unwrap());
    assert_eq!(retry, Receipt { already: true, ..first.clone() });
    assert_eq!(log.chain_at(first.last).unwrap(), Some(retry.chain));
}

#[test]
fn what_is_decided_ahead_on_what_the_log_refuses_is_refused_with_it() {
    let (engine, writer, log) = stepped();
    let head = engine.head();
    let first = queue(&engine, request(1, large()));
    let second = queue(&engine, request(2, vec![record("2000-01-01", "2")]));
    let third = queue(&engine, request(3, vec![record("2000-01-01", "3")]));
    log.fail_next(Fault::Refused);
    assert!(writer.step().unwrap());
    for refused in [wait(first), wait(second)] {
        assert!(matches!(refused, Err(Error::Log(engine::log::Error::Refused { .. }))), "{refused:?}");
    }
    assert_eq!((engine.head(), engine.received(SubmissionId([2; 16]))), (head, None));
    assert!(writer.step().unwrap());
    let (preview, receipt) = wait(third).unwrap();
    assert_eq!(preview.unwrap().changes[0].before, "", "nothing stood");
    assert_eq!(receipt.first, head.position.next());
    assert!(!writer.step().unwrap());
}

#[test]
fn a_refusal_that_rests_on_what_is_being_appended_is_told_once_that_is_durable() {
    let (engine, writer, log) = stepped();
    let first = queue(&engine, request(1, large()));
    let mut twice = vec![record("2018-01", "1")];
    twice.push(record("2018-01", "2"));
    let second = queue(&engine, request(2, twice));
    log.fail_next(Fault::Broken);
    assert!(matches!(writer.step(), Err(engine::log::Error::Broken { .. })));
    drop(writer);
    for stopped in [wait(first), wait(second)] {
        assert!(matches!(stopped, Err(Error::Stopped)), "{stopped:?}");
    }
}

#[test]
fn a_stop_behind_a_large_submission_ends_the_writer_after_it() {
    let (engine, writer, _log) = stepped();
    let first = queue(&engine, request(1, large()));
    engine.stop();
    let second = queue(&engine, request(2, vec![record("2018-01", "1")]));
    writer.run().unwrap();
    let (_, receipt) = wait(first).unwrap();
    assert_eq!(engine.head().position, receipt.last);
    assert!(matches!(wait(second), Err(Error::Stopped)));
}
