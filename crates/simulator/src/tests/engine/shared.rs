//! Engines that share a log: what others append is taken in, a lost race is decided again, and what is not known is said.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use domain::event::FORMAT;
use domain::{Digest, Position, Recorded};
use engine::bounds::Bounds;
use engine::log::{self, Commit, EventLog, Halt, Head};
use engine::permissions::Permissions;
use engine::settings::{PAGE_RECORDS, RACES_MAX};
use engine::submission::{Preview, Receipt, Request, Token};
use engine::writer::{Clock, Writer};
use engine::{Engine, Error, Options};

use super::rig::{Rig, begin, definitions, request, wait};
use crate::memory::Memory;
use crate::tests::stories::{record, target};
use crate::world::{BEGIN_MICROS, instant};

type Act = Box<dyn FnOnce() + Send>;

/// How long something may take that happens at once, under the load of all other tests.
const LONG: Duration = Duration::from_secs(20);

/// A log in memory that several engines append to, as one of them meets it.
#[derive(Default)]
pub(super) struct Among {
    log: Arc<Memory>,
    /// What somebody else does just before the next appends.
    before: Mutex<VecDeque<Act>>,
    /// How the next append ends, whatever became of it.
    ends: Mutex<Option<log::Error>>,
    halted: Mutex<Option<Halt>>,
    /// The first position that cannot be read.
    newer: Mutex<Option<Position>>,
    /// What the watching thread waits for now: everything before it was told to the writer.
    waited_for: Mutex<Position>,
    waits: Condvar,
}

impl EventLog for Among {
    fn head(&self) -> Head {
        self.log.head()
    }
    fn check(&self, commit: &Commit) -> Result<(), log::Error> {
        self.log.check(commit)
    }
    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, log::Error> {
        let before = self.before.lock().unwrap().pop_front();
        if let Some(act) = before {
            act();
        }
        let appended = self.log.append(expected, commits)?;
        self.ends.lock().unwrap().take().map_or(Ok(appended), Err)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, log::Error> {
        let records = self.log.read(after, limit)?;
        let newer = self.newer.lock().unwrap().filter(|newer| records.iter().any(|it| it.position >= *newer));
        newer.map_or(Ok(records), |position| Err(log::Error::Newer { position, kind: 99, schema: 1, held_back: None }))
    }
    fn chain_at(&self, position: Position) -> Result<Option<Digest>, log::Error> {
        self.log.chain_at(position)
    }
    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        *self.waited_for.lock().unwrap() = position;
        self.waits.notify_all();
        self.log.wait_for(position, timeout)
    }
    fn shared(&self) -> bool {
        true
    }
    fn halted(&self) -> Option<Halt> {
        self.halted.lock().unwrap().clone()
    }
}

impl Among {
    pub(super) fn of(log: &Arc<Memory>) -> Arc<Self> {
        Arc::new(Self { log: Arc::clone(log), ..Self::default() })
    }

    /// An engine on it.
    fn rig(self: &Arc<Self>) -> Rig {
        let log: Arc<dyn EventLog> = self.clone();
        Rig::start(log)
    }

    /// An engine on it, whose writer takes its turns by hand.
    fn by_hand(self: &Arc<Self>, clock: Clock) -> (Engine, Writer) {
        let log: Arc<dyn EventLog> = self.clone();
        let permissions = Permissions::local();
        Engine::start(log, Options { clock, permissions, elsewhere: None, newest_format: FORMAT }).unwrap()
    }

    /// Waits until the writer was told of everything that is in the log.
    fn wait_until_told(&self) {
        let waited_for = self.waited_for.lock().unwrap();
        let told = |waited_for: &mut Position| *waited_for > self.log.head().position;
        let waited = self.waits.wait_timeout_while(waited_for, LONG, |it| !told(it)).unwrap();
        assert!(!waited.1.timed_out(), "the watching thread tells the writer");
    }

    fn first(&self, act: impl FnOnce() + Send + 'static) {
        self.before.lock().unwrap().push_back(Box::new(act));
    }
}

/// The log as an engine meets it, and the engine.
type Met = (Arc<Among>, Rig);

/// Two engines on one log, with everything defined.
fn two() -> (Arc<Memory>, Met, Met) {
    let log = Arc::new(Memory::new());
    let (here, there) = (Among::of(&log), Among::of(&log));
    let one = here.rig();
    let other = there.rig();
    one.submit(request(200, definitions())).unwrap();
    let end = log.head().position;
    wait(other.engine.reach(end)).unwrap();
    (log, (here, one), (there, other))
}

fn end(rigs: [Rig; 2]) {
    for rig in rigs {
        rig.engine.stop();
        rig.stop().unwrap();
    }
}

/// How often a submission is in the log.
fn n_times(log: &Memory, id: u8) -> usize {
    let records = log.read(Position::START, usize::MAX).unwrap();
    records
        .iter()
        .filter(|it| it.event.name() == "SubmissionReceived" && it.attribution.submission.0 == [id; 16])
        .count()
}

#[test]
fn what_one_records_the_other_answers_and_builds_on() {
    let (log, (_, one), (_, other)) = two();
    let (_, receipt) = one.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    wait(other.engine.reach(receipt.last)).unwrap();
    assert_eq!(other.engine.head(), one.engine.head());
    let (preview, later) = other.submit(request(2, vec![record("2018-01", "96")])).unwrap();
    assert_eq!(preview.unwrap().tallies["result"].revised, 1, "it is judged against what the first recorded");
    assert_eq!(later.first, receipt.last.next());
    assert_eq!(log.head().position, later.last);
    let again = one.submit(request(2, vec![record("2018-01", "96")])).unwrap().1;
    assert!(again.already && again.last == later.last && again.chain == later.chain, "a retry elsewhere is answered");
    end([one, other]);
}

#[test]
fn a_lost_race_is_decided_again_on_what_won() {
    let (log, (here, one), (_, other)) = two();
    let other = Arc::new(other);
    let rival = Arc::clone(&other);
    here.first(move || drop(rival.submit(request(1, vec![record("2018-01", "95")])).unwrap()));
    let (preview, receipt) = one.submit(request(2, vec![record("2018-01", "96")])).unwrap();
    assert_eq!(preview.unwrap().tallies["result"].revised, 1, "what won is what it revises");
    assert_eq!((n_times(&log, 1), n_times(&log, 2)), (1, 1));
    assert_eq!(log.chain_at(receipt.last).unwrap(), Some(receipt.chain));
    let rival = Arc::clone(&other);
    here.first(move || drop(rival.submit(request(3, vec![record("2018-02", "50")])).unwrap()));
    let same = one.submit(request(3, vec![record("2018-02", "50")])).unwrap().1;
    assert!(same.already, "the same submission was first, through the other");
    assert_eq!(n_times(&log, 3), 1);
    let other = Arc::into_inner(other).expect("nobody else has it");
    end([one, other]);
}

#[test]
fn an_accepted_preview_that_loses_a_race_to_what_it_read_is_refused() {
    let (log, (here, one), (_, other)) = two();
    let token = one.token(request(1, vec![target("2018-01", None, 90)]));
    let other = Arc::new(other);
    let rival = Arc::clone(&other);
    here.first(move || drop(rival.submit(request(2, vec![target("2018-01", None, 80)])).unwrap()));
    let mut accepted = request(1, vec![target("2018-01", None, 90)]);
    accepted.expected = Some(token);
    assert!(matches!(one.submit(accepted), Err(Error::Changed(_))));
    assert_eq!(n_times(&log, 1), 0);
    end([one, Arc::into_inner(other).expect("nobody else has it")]);
}

#[test]
fn who_always_loses_is_told_to_come_again() {
    let (log, (here, one), (_, other)) = two();
    let other = Arc::new(other);
    // Once with others that may be queued, and then so often alone.
    for n in 0..=RACES_MAX {
        let rival = Arc::clone(&other);
        let id = u8::try_from(n).unwrap();
        here.first(move || drop(rival.submit(request(id, vec![record("2018-01", &format!("{n}"))])).unwrap()));
    }
    assert!(matches!(one.submit(request(150, vec![record("2018-02", "1")])), Err(Error::Busy { .. })));
    assert_eq!(n_times(&log, 150), 0);
    one.submit(request(150, vec![record("2018-02", "1")])).unwrap();
    assert_eq!(n_times(&log, 150), 1);
    end([one, Arc::into_inner(other).expect("nobody else has it")]);
}

#[test]
fn an_unknown_outcome_is_said_and_a_retry_finds_what_became_of_it() {
    let (log, (here, one), (_, other)) = two();
    *here.ends.lock().unwrap() = Some(log::Error::Unsettled { reason: "nobody answers".to_owned() });
    assert!(matches!(one.submit(request(1, vec![record("2018-01", "95")])), Err(Error::Unsettled { .. })));
    let again = one.submit(request(1, vec![record("2018-01", "95")])).unwrap().1;
    assert!(again.already, "it was taken");
    assert_eq!(n_times(&log, 1), 1);
    one.submit(request(2, vec![record("2018-02", "95")])).unwrap();
    end([one, other]);
}

#[test]
fn a_halted_log_takes_nothing_and_answers() {
    let (log, (here, one), (_, other)) = two();
    *here.halted.lock().unwrap() = Some(Halt { position: Position::new(3), reason: "nodes disagree".to_owned() });
    let before = log.head();
    assert!(matches!(one.submit(request(1, vec![record("2018-01", "95")])), Err(Error::Halted(_))));
    assert_eq!(log.head(), before);
    assert!(one.engine.warnings().iter().any(|it| it.contains("nodes disagree")));
    one.engine.resolve(Bounds::default()).unwrap();
    *here.halted.lock().unwrap() = None;
    one.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    end([one, other]);
}

#[test]
fn what_is_too_new_is_not_passed_by() {
    let (log, (_, one), (there, other)) = two();
    let readable = one.submit(request(1, vec![record("2018-01", "95")])).unwrap().1.last;
    wait(other.engine.reach(readable)).unwrap();
    // The second record of the next commit: its first can be read, and is not shown.
    *there.newer.lock().unwrap() = Some(Position::new(readable.get() + 2));
    let later = one.submit(request(2, vec![record("2018-02", "95")])).unwrap().1.last;
    let mut heads = other.engine.heads();
    while other.engine.newer().is_none() {
        assert!(!there.wait_for(Position::new(later.get() + 1), Duration::from_millis(10)));
    }
    assert!(heads.borrow_and_update().position == readable, "nothing of it is shown");
    assert!(matches!(wait(other.engine.reach(later)), Err(Error::Newer(newer)) if newer.kind == 99));
    assert!(matches!(other.engine.resolve(Bounds::default()), Err(Error::Newer(_))));
    other.engine.resolve(Bounds { at_position: Some(readable), ..Bounds::default() }).unwrap();
    assert!(matches!(other.submit(request(3, vec![record("2018-03", "1")])), Err(Error::Newer(_))));
    one.submit(request(4, vec![record("2018-03", "1")])).unwrap();
    end([one, other]);

    let upgraded = Among::of(&log).rig();
    assert_eq!(upgraded.engine.head(), log.head(), "a program that can read it goes on");
    assert!(upgraded.engine.newer().is_none());
    upgraded.engine.stop();
    upgraded.stop().unwrap();
}

#[test]
fn an_engine_that_begins_before_what_is_too_new_serves_what_is_before() {
    let (log, (_, one), (_, other)) = two();
    let readable = log.head().position;
    one.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    let old = Among::of(&log);
    *old.newer.lock().unwrap() = Some(Position::new(readable.get() + 2));
    let late = old.rig();
    assert_eq!(late.engine.head().position, readable);
    assert_eq!(late.engine.newer().map(|newer| newer.position), Some(Position::new(readable.get() + 2)));
    late.engine.stop();
    late.stop().unwrap();
    end([one, other]);
}

/// Submissions of one group, queued before the writer's turn.
fn queued<'a>(engine: &'a Engine, requests: Vec<Request>) -> Vec<Recording<'a>> {
    let recording = |request| -> Recording<'a> {
        let prepared = engine.prepare(request).unwrap();
        let mut future: Recording<'a> = Box::pin(engine.record(prepared));
        begin(&mut future);
        future
    };
    requests.into_iter().map(recording).collect()
}

type Recording<'a> = Pin<Box<dyn Future<Output = Result<(Option<Preview>, Receipt), Error>> + 'a>>;

#[test]
fn a_group_that_loses_a_race_is_decided_again_one_by_one() {
    let (log, (_, one), (_, other)) = two();
    let mine = Among::of(&log);
    let (engine, writer) = mine.by_hand(Arc::new(|| instant(BEGIN_MICROS)));

    // Nobody else is first: one append for all of them.
    let months = |ids: std::ops::Range<u8>| {
        ids.map(|id| request(id, vec![record(&format!("2018-{id:02}"), "95")])).collect::<Vec<_>>()
    };
    let together = queued(&engine, months(1..4));
    assert!(writer.step().unwrap() && !writer.step().unwrap());
    let receipts: Vec<Receipt> = together.into_iter().map(|recorded| wait(recorded).unwrap().1).collect();
    for receipt in &receipts {
        assert_eq!(log.chain_at(receipt.last).unwrap(), Some(receipt.chain));
    }
    assert_eq!(receipts.last().map(|last| last.last), Some(log.head().position));

    // Another node is: what it recorded is there, and each of these once, on top of it.
    let rival = Arc::new(other);
    let first = Arc::clone(&rival);
    mine.first(move || drop(first.submit(request(9, vec![record("2018-04", "50")])).unwrap()));
    let again = queued(&engine, [months(4..7), months(5..6)].concat());
    while writer.step().unwrap() {}
    let told: Vec<_> = again.into_iter().map(|recorded| wait(recorded).unwrap()).collect();
    assert_eq!(told[0].0.as_ref().unwrap().tallies["result"].revised, 1, "it revises what won");
    assert!(told[3].1.already, "the same submission in the same group");
    for id in [4, 5, 6, 9] {
        assert_eq!(n_times(&log, id), 1);
    }
    assert_eq!(engine.head(), log.head());
    drop(mine);
    end([one, Arc::into_inner(rival).expect("nobody else has it")]);
}

#[test]
fn word_of_others_is_not_lost_with_a_refused_submission() {
    let (log, (_, one), (_, other)) = two();
    let mine = Among::of(&log);
    // The clock is read within the decision: just then another node records, and the writer is told.
    let meanwhile: Arc<Mutex<Option<Act>>> = Arc::default();
    let hook = Arc::clone(&meanwhile);
    let (engine, writer) = mine.by_hand(Arc::new(move || {
        let act = hook.lock().unwrap().take();
        if let Some(act) = act {
            act();
        }
        instant(BEGIN_MICROS)
    }));
    let thread = std::thread::spawn(move || writer.run());
    let mut refused = request(1, vec![record("2018-01", "95")]);
    refused.expected = Some(Token { position: Position::new(1), digest: Digest([0; 32]) });
    let prepared = engine.prepare(refused).unwrap();
    let (rival, watched) = (Arc::new(other), Arc::clone(&mine));
    let first = Arc::clone(&rival);
    *meanwhile.lock().unwrap() = Some(Box::new(move || {
        first.submit(request(9, vec![record("2018-04", "50")])).unwrap();
        watched.wait_until_told();
    }));
    let mut heads = engine.heads();
    let there = wait(async {
        assert!(matches!(engine.record(prepared).await, Err(Error::Changed(_))));
        let there = log.head().position;
        heads.wait_for(|head| head.position == there).await.expect("the writer lives").position
    });
    assert_eq!(engine.head().position, there, "readers see what the other recorded");
    engine.stop();
    thread.join().unwrap().unwrap();
    drop(mine);
    end([one, Arc::into_inner(rival).expect("nobody else has it")]);
}

#[test]
fn whole_commits_before_what_is_too_new_are_shown() {
    let (log, (_, one), (_, other)) = two();
    let mine = Among::of(&log);
    let (engine, writer) = mine.by_hand(Arc::new(|| instant(BEGIN_MICROS)));
    // More commits than are read at a time, so that the page that cannot be read begins after whole ones.
    let start = log.head().position;
    let newer = Position::new(start.get() + u64::try_from(PAGE_RECORDS).unwrap() + 1);
    let mut before = start;
    for n in 0_u32.. {
        let submitted = Request { id: None, ..request(7, vec![record("2018-01", &n.to_string())]) };
        let end = one.submit(submitted).unwrap().1.last;
        if end >= newer {
            break;
        }
        before = end;
    }
    *mine.newer.lock().unwrap() = Some(newer);
    let told = queued(&engine, vec![request(1, vec![record("2018-02", "95")])]);
    assert!(writer.step().unwrap());
    for told in told {
        assert!(matches!(wait(told), Err(Error::Newer(_))));
    }
    let seen = engine.head().position;
    drop(mine);
    end([one, other]);
    assert_eq!(seen, before, "started at {start}");
}
