//! What every event log must do, whatever it is made of.

use std::time::Duration;

use domain::event::{ActorNamed, Attribution};
use domain::result::Why;
use domain::{Actor, ActorId, Digest, Event, EventId, Position, Recorded, SubmissionId, Timestamp};
use engine::log::{Commit, Error, EventLog, Head};

/// Runs the whole suite; `open` gives a new and empty log each time.
///
/// # Panics
/// With what the log does otherwise.
pub fn conformance<L: EventLog>(mut open: impl FnMut() -> L) {
    empty(&open());
    appends(&open());
    moved(&open());
    reads_in_pages(&open());
    chains(&open(), &open());
    waits(&open());
    for (what, spoil) in SPOILED {
        refuses(&open(), what, spoil);
    }
    refuses_all_or_nothing(&open());
    takes_many(&open());
}

/// A commit of `n` records after a position, recorded at `micros`.
pub fn commit(after: u64, n: u64, micros: i64) -> Commit {
    let at = Timestamp::from_micros(micros).expect("an instant");
    let record = |position| Recorded {
        position: Position::new(position),
        recorded_at: at,
        known_at: at,
        event_id: EventId([u8::try_from(position % 251).expect("below 256"); 16]),
        last_of_commit: position == after + n,
        attribution: Attribution {
            actor: Actor { id: ActorId::new("tester").expect("a code"), authenticated: false },
            submission: SubmissionId([1; 16]),
            origin: None,
            why: Why::default(),
        },
        event: Event::ActorNamed(ActorNamed {
            actor: ActorId::new("somebody").expect("a code"),
            name: format!("number {position}"),
        }),
    };
    (after + 1..=after + n).map(record).collect()
}

fn place(position: u64) -> Position {
    Position::new(position)
}

fn all(log: &impl EventLog) -> Vec<Recorded> {
    log.read(Position::START, usize::MAX).expect("the log can be read")
}

/// Asserts that a log is exactly these commits.
fn assert_is(log: &impl EventLog, commits: &[Commit]) {
    let records: Vec<Recorded> = commits.iter().flatten().cloned().collect();
    assert_eq!(all(log), records, "what is read is what was appended");
    let head = log.head();
    assert_eq!(head.position, records.last().map_or(Position::START, |last| last.position));
    assert_eq!(head.recorded_at, records.last().map(|last| last.recorded_at));
    assert_eq!(log.chain_at(head.position).expect("readable"), Some(head.chain), "the chain at the head");
}

fn empty(log: &impl EventLog) {
    assert_eq!(log.head(), Head::EMPTY);
    assert_eq!(all(log), []);
    assert_eq!(log.chain_at(Position::START).expect("readable"), Some(Digest([0; 32])));
    assert_eq!(log.chain_at(place(1)).expect("readable"), None);
    assert!(log.wait_for(Position::START, Duration::ZERO));
    assert!(!log.wait_for(place(1), Duration::ZERO));
    let head = log.append(Position::START, &[]).expect("nothing can be appended");
    assert_eq!(head, Head::EMPTY, "appending no commits changes nothing");
}

fn appends(log: &impl EventLog) {
    let (first, second, third) = (commit(0, 3, 10), commit(3, 1, 11), commit(4, 40, 500));
    let head = log.append(Position::START, std::slice::from_ref(&first)).expect("a first commit");
    assert_eq!((head.position, head.recorded_at), (place(3), Some(first[0].recorded_at)));
    assert_is(log, std::slice::from_ref(&first));
    let head = log.append(place(3), &[second.clone(), third.clone()]).expect("two commits at once");
    assert_eq!(head, log.head(), "the head that is answered is the head");
    assert_is(log, &[first, second, third]);
    let positions: Vec<u64> = all(log).iter().map(|record| record.position.get()).collect();
    assert_eq!(positions, (1..=44).collect::<Vec<_>>(), "positions are dense, from 1");
}

fn moved(log: &impl EventLog) {
    let first = commit(0, 2, 10);
    log.append(Position::START, std::slice::from_ref(&first)).expect("a first commit");
    for expected in [0, 1, 3] {
        match log.append(place(expected), &[commit(expected, 1, 20)]) {
            Err(Error::Moved { expected: told, found }) => assert_eq!((told, found), (place(expected), place(2))),
            other => panic!("appending after {expected} to a log at 2 gave {other:?}"),
        }
        assert_is(log, std::slice::from_ref(&first));
    }
}

fn reads_in_pages(log: &impl EventLog) {
    let commits = [commit(0, 17, 10), commit(17, 1, 11), commit(18, 33, 12)];
    log.append(Position::START, &commits).expect("commits");
    let records: Vec<Recorded> = commits.iter().flatten().cloned().collect();
    for limit in [1, 2, 16, 17, 50, 51, 52] {
        let mut read = Vec::new();
        loop {
            let after = read.last().map_or(Position::START, |last: &Recorded| last.position);
            let page = log.read(after, limit).expect("readable");
            assert!(page.len() == limit || after.get() + u64::try_from(page.len()).expect("few") == 51);
            if page.is_empty() {
                break;
            }
            read.extend(page);
        }
        assert_eq!(read, records, "pages of {limit}");
    }
    for after in 0..=51 {
        let from = usize::try_from(after).expect("few");
        assert_eq!(log.read(place(after), 3).expect("readable"), records[from..(from + 3).min(51)]);
    }
    assert_eq!(log.read(place(52), 3).expect("readable"), [], "after the head there is nothing");
    assert_eq!(log.read(Position::MAX, 3).expect("readable"), []);
    assert_eq!(log.read(Position::START, 0).expect("readable"), []);
}

/// However commits are grouped, the same records have the same chain; another record has another one.
fn chains(one: &impl EventLog, other: &impl EventLog) {
    let commits = [commit(0, 5, 10), commit(5, 20, 11)];
    one.append(Position::START, &commits).expect("two commits");
    other.append(Position::START, &commits[..1]).expect("a commit");
    other.append(place(5), &commits[1..]).expect("a commit");
    let mut seen = Vec::new();
    for position in 0..=25 {
        let chain = one.chain_at(place(position)).expect("readable").expect("within the log");
        assert_eq!(other.chain_at(place(position)).expect("readable"), Some(chain), "at {position}");
        assert!(!seen.contains(&chain), "the chain at {position} is another one");
        seen.push(chain);
    }
    assert_eq!(one.chain_at(place(26)).expect("readable"), None);
    let mut changed = commit(25, 2, 30);
    one.append(place(25), std::slice::from_ref(&changed)).expect("a commit");
    changed[0].event_id = EventId([99; 16]);
    other.append(place(25), &[changed]).expect("a commit");
    assert_ne!(one.head().chain, other.head().chain, "the chain covers every byte of every record");
}

fn waits(log: &impl EventLog) {
    let commits = [commit(0, 4, 10), commit(4, 1, 11)];
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| log.wait_for(place(5), Duration::from_mins(1)));
        log.append(Position::START, &commits[..1]).expect("a commit");
        assert!(!log.wait_for(place(5), Duration::ZERO), "the time runs out before the position is there");
        log.append(place(4), &commits[1..]).expect("a commit");
        assert!(waiting.join().expect("the waiting thread ends"), "an append wakes who waits for it");
    });
    assert!(log.wait_for(place(1), Duration::ZERO), "what is there is not waited for");
}

type Spoil = fn(&mut Commit);

/// What is wrong with a commit, and how to make it so from `commit(3, 3, 20)` after `commit(0, 3, 10)`.
const SPOILED: [(&str, Spoil); 11] = [
    ("no records", Vec::clear),
    ("a gap before it", |commit| commit.iter_mut().for_each(|r| r.position = r.position.next())),
    ("a gap inside it", |commit| {
        commit.remove(1);
    }),
    ("a position twice", |commit| commit[1].position = commit[0].position),
    ("positions from before", |commit| commit.iter_mut().for_each(|r| r.position = place(r.position.get() - 3))),
    ("the recorded_at of the commit before", |commit| retime(commit, 10)),
    ("an earlier recorded_at than the commit before", |commit| retime(commit, 9)),
    ("two instants of recording", |commit| commit[2].recorded_at = instant(21)),
    ("a record known later than it is recorded", |commit| commit[1].known_at = instant(21)),
    ("no last mark", |commit| commit[2].last_of_commit = false),
    ("a last mark inside", |commit| commit[1].last_of_commit = true),
];

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("an instant")
}

fn retime(commit: &mut Commit, micros: i64) {
    for record in commit {
        record.recorded_at = instant(micros);
        record.known_at = instant(micros.min(5));
    }
}

fn refuses(log: &impl EventLog, what: &str, spoil: Spoil) {
    let first = commit(0, 3, 10);
    log.append(Position::START, std::slice::from_ref(&first)).expect("a first commit");
    let mut spoiled = commit(3, 3, 20);
    spoil(&mut spoiled);
    match log.append(place(3), &[spoiled]) {
        Err(Error::Refused { reason }) => assert!(!reason.is_empty(), "a refusal says why"),
        other => panic!("a commit with {what} gave {other:?}"),
    }
    assert_is(log, std::slice::from_ref(&first));
    log.append(place(3), &[commit(3, 3, 20)]).expect("a refusal is no failure: a good commit is taken");
}

fn refuses_all_or_nothing(log: &impl EventLog) {
    let mut wrong = commit(5, 2, 12);
    wrong[1].last_of_commit = false;
    let refused = log.append(Position::START, &[commit(0, 3, 10), commit(3, 2, 11), wrong]);
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    assert_is(log, &[]);
}

/// More commits and records than fit in any one unit of storage.
fn takes_many(log: &impl EventLog) {
    let mut commits = Vec::new();
    let mut after = 0;
    for n in [1, 15, 16, 17, 300, 1, 2_000] {
        commits.push(commit(after, n, i64::try_from(after).expect("few") + 1));
        after += n;
    }
    log.append(Position::START, &commits).expect("many commits");
    assert_is(log, &commits);
}
