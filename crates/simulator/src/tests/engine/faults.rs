//! A log that is slow, refuses or fails.

use std::sync::Arc;

use domain::{Position, SubmissionId};
use engine::Error;
use engine::log::EventLog as _;
use engine::permissions::Permissions;
use engine::settings::QUEUE_LENGTH_MAX;
use engine::submission::Request;

use super::rig::{Rig, begin, request, wait};
use crate::faults::{Fault, Faulty};
use crate::memory::Memory;
use crate::tests::stories::{noon, record};

type Held = Arc<Faulty<Memory>>;

/// An engine whose log is held up on the first of these submissions, which is under way.
fn held() -> (Rig, Held) {
    let log: Held = Arc::new(Faulty::new(Memory::new()));
    let shared: Held = Arc::clone(&log);
    let rig = Rig::defined(shared);
    log.hold();
    (rig, log)
}

#[test]
fn nothing_is_seen_before_it_is_durable() {
    let (rig, log) = held();
    let head = rig.engine.head();
    std::thread::scope(|scope| {
        let _release = log.release_at_the_end();
        let submitted = scope.spawn(|| rig.submit(request(1, vec![record("2018-01", "95")])));
        log.wait_until_held();
        assert_eq!(rig.engine.head(), head);
        assert_eq!(rig.engine.received(SubmissionId([1; 16])), None);
        assert_eq!(rig.engine.submissions(head.position, 10), []);
        assert_eq!(rig.engine.read(head.position, 10).unwrap(), []);
        let after = engine::bounds::Bounds { at_position: Some(head.position.next()), ..Default::default() };
        assert!(matches!(rig.engine.resolve(after), Err(Error::AfterHead { .. })));
        log.release();
        let (_, receipt) = submitted.join().unwrap().unwrap();
        assert_eq!(rig.engine.head().position, receipt.last);
        assert!(rig.engine.received(SubmissionId([1; 16])).is_some());
    });
}

#[test]
fn a_full_queue_says_so_and_everything_in_it_is_recorded_later() {
    let (rig, log) = held();
    let submit = |id: u8, value: u64| {
        let mut wanted = request(id, vec![record("2018-01", &value.to_string())]);
        wanted.id =
            Some(SubmissionId([id, u8::try_from(value % 256).unwrap(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Box::pin(rig.engine.record(rig.engine.prepare(wanted).unwrap()))
    };
    let _release = log.release_at_the_end();
    let mut first: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(1, 0);
    begin(&mut first);
    log.wait_until_held();
    let mut waiting = Vec::new();
    for value in 0..u64::try_from(QUEUE_LENGTH_MAX).unwrap() {
        let mut queued: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(2, value);
        begin(&mut queued);
        waiting.push(queued);
    }
    match wait(submit(3, 0)) {
        Err(Error::Busy { limit, .. }) => assert_eq!(limit, QUEUE_LENGTH_MAX),
        other => panic!("{other:?}"),
    }
    log.release();
    wait(first).unwrap();
    let mut last = Position::START;
    for queued in waiting {
        let (_, receipt) = wait(queued).unwrap();
        assert!(last < receipt.first, "first come, first served");
        last = receipt.last;
    }
    assert_eq!(log.head().position, last);
    wait(submit(3, 0)).expect("there is room again");
}

#[test]
fn a_failing_log_ends_the_writer_and_nobody_is_told_that_anything_was_recorded() {
    let (rig, log) = held();
    let head = log.head();
    let submit =
        |id: u8| Box::pin(rig.engine.record(rig.engine.prepare(request(id, vec![record("2018-01", "9")])).unwrap()));
    let _release = log.release_at_the_end();
    let mut first: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(1);
    begin(&mut first);
    log.wait_until_held();
    // Both wait for the next group: a submission, and the retry of it by a client that gave up waiting.
    let mut second: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(2);
    let mut retry: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(2);
    begin(&mut second);
    begin(&mut retry);
    log.fail_next(Fault::Broken);
    log.release();
    for answer in [wait(first), wait(second), wait(retry)] {
        assert!(matches!(answer, Err(Error::Stopped)), "{answer:?}");
    }
    assert!(matches!(wait(submit(3)), Err(Error::Stopped)));
    assert!(matches!(wait(rig.engine.reach(head.position.next())), Err(Error::Stopped)));
    assert_eq!(log.head(), head);
    let ended = rig.stop();
    assert!(matches!(ended, Err(engine::log::Error::Broken { .. })), "{ended:?}");
}

#[test]
fn a_retry_in_the_same_group_is_answered_only_with_what_is_durable() {
    let (rig, log) = held();
    let submit = |id: u8, value: &str| {
        Box::pin(rig.engine.record(rig.engine.prepare(request(id, vec![record("2018-01", value)])).unwrap()))
    };
    let _release = log.release_at_the_end();
    let mut first: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(1, "1");
    begin(&mut first);
    log.wait_until_held();
    let mut second: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(2, "2");
    let mut retry: std::pin::Pin<Box<dyn Future<Output = _>>> = submit(2, "2");
    begin(&mut second);
    begin(&mut retry);
    log.release();
    wait(first).unwrap();
    let ((_, second), (_, retry)) = (wait(second).unwrap(), wait(retry).unwrap());
    assert!(!second.already && retry.already);
    assert_eq!(retry, engine::submission::Receipt { already: true, ..second.clone() });
    assert_eq!(log.chain_at(second.last).unwrap(), Some(second.chain));
}

#[test]
fn nobody_is_refused_over_what_never_became_durable() {
    let log: Held = Arc::new(Faulty::new(Memory::new()));
    let shared: Held = Arc::clone(&log);
    let rig = Rig::defined(shared);
    let agreed = Some(rig.token(request(3, vec![record("2018-01", "3")])));
    rig.stop().unwrap();
    let shared: Held = Arc::clone(&log);
    let options = engine::Options {
        clock: Arc::new(|| noon(1)),
        permissions: Permissions::local(),
        elsewhere: None,
        newest_format: engine::log::FORMAT,
    };
    let (engine, writer) = engine::Engine::start(shared, options).unwrap();
    // One group: a submission, another under its identifier, and one whose preview it makes stale.
    let group = [(2, "2", None), (2, "22", None), (3, "3", agreed)].map(|(id, value, expected)| {
        let wanted = Request { expected, ..request(id, vec![record("2018-01", value)]) };
        let mut queued: std::pin::Pin<Box<dyn Future<Output = _>>> =
            Box::pin(engine.record(engine.prepare(wanted).unwrap()));
        begin(&mut queued);
        queued
    });
    log.fail_next(Fault::Broken);
    assert!(matches!(writer.step(), Err(engine::log::Error::Broken { .. })));
    drop(writer);
    for queued in group {
        let answer = wait(queued);
        assert!(matches!(answer, Err(Error::Stopped)), "{answer:?}");
    }
}

#[test]
fn what_the_log_refuses_is_taken_back_and_the_engine_goes_on() {
    let (rig, log) = held();
    let head = rig.engine.head();
    log.fail_next(Fault::Refused);
    log.release();
    let refused = rig.submit(request(1, vec![record("2018-01", "95")]));
    assert!(matches!(refused, Err(Error::Log(engine::log::Error::Refused { .. }))), "{refused:?}");
    assert_eq!(rig.engine.head(), head);
    assert_eq!(rig.engine.received(SubmissionId([1; 16])), None);
    let (_, receipt) = rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    assert_eq!((receipt.first, receipt.already), (head.position.next(), false));
    rig.stop().unwrap();
}

#[test]
fn a_log_without_room_refuses_each_by_itself_and_goes_on_when_there_is_room() {
    let (rig, log) = held();
    log.release();
    let head = rig.engine.head();
    log.set_full(true);
    match rig.submit(request(1, vec![record("2018-01", "95")])) {
        Err(Error::Full(full)) => assert_eq!(
            full.to_string(),
            "the disk of /log is full: 0.0 MiB are free, and 0.1 MiB are needed, of which 0.0 MiB stay in reserve; \
             make room on that disk, and try again"
        ),
        other => panic!("{other:?}"),
    }
    assert_eq!(rig.engine.head(), head);
    assert_eq!(rig.engine.received(SubmissionId([1; 16])), None);
    assert!(rig.engine.warnings().concat().contains("the disk of /log is full"));
    log.set_full(false);
    assert_eq!(rig.engine.warnings(), [""; 0]);
    let (_, receipt) = rig.submit(request(1, vec![record("2018-01", "95")])).expect("there is room again");
    assert_eq!(receipt.first, head.position.next());
    assert!(!receipt.already);
}
