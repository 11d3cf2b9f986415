//! What is written: every record is a function of its position and of how many a commit has.

use anyhow::{Context as _, Result, ensure};
use domain::event::{Attribution, LogOpened, RowSetAside};
use domain::result::Why;
use domain::{Actor, ActorId, AreaId, Event, EventId, LogId, Position, Recorded, SubmissionId, Timestamp};
use engine::log::{Commit, EventLog as _};
use journal::Journal;

/// How many records are read at once.
const READ: usize = 1_000;

/// The commit of `batch` records after a position.
pub(crate) fn commit(after: Position, batch: u64) -> Result<Commit> {
    let first = after.next().get();
    (first..first.saturating_add(batch)).map(|position| record(position, batch)).collect()
}

/// The record at a position, when every commit has `batch` records.
fn record(position: u64, batch: u64) -> Result<Recorded> {
    let commit = position.saturating_sub(1).checked_div(batch).context("a batch has records")?;
    let at = Timestamp::from_micros(i64::try_from(commit)?.saturating_add(1_543_485_600_000_000))?;
    let mut id = [0; 16];
    let (places, _) = id.split_at_mut(8);
    places.copy_from_slice(&position.to_be_bytes());
    Ok(Recorded {
        position: Position::new(position),
        recorded_at: at,
        known_at: at,
        event_id: EventId(id),
        last_of_commit: position.checked_rem(batch) == Some(0),
        attribution: Attribution {
            actor: Actor { id: ActorId::new("power").context("an id")?, authenticated: false },
            submission: SubmissionId([0x50; 16]),
            origin: None,
            why: Why { reason: String::new(), cause: None },
        },
        event: event(position, commit)?,
    })
}

/// A log begins as every log does, so that it can be copied.
fn event(position: u64, commit: u64) -> Result<Event> {
    if position == 1 {
        let authority = AreaId::new("E10000016").context("an id")?;
        let time_zone = "Europe/London".to_owned();
        return Ok(Event::LogOpened(LogOpened { log: LogId([0x50; 16]), authority, time_zone, format: 1 }));
    }
    // From a few bytes to most of a block, so that blocks are of every length.
    let words = usize::try_from(position.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)?.saturating_add(1);
    Ok(Event::RowSetAside(RowSetAside {
        text: format!("{position} ").repeat(words),
        field: "period".to_owned(),
        problem: format!("commit {commit}"),
    }))
}

/// Every record is what was written at its position, and every commit is whole.
pub(crate) fn check(journal: &Journal, batch: u64) -> Result<()> {
    let head = journal.head().position;
    let partial = head.get().checked_rem(batch).context("a batch has records")?;
    ensure!(partial == 0, "{partial} records of a commit of {batch} are visible");
    let mut after = Position::START;
    while after < head {
        let read = journal.read(after, READ)?;
        ensure!(!read.is_empty(), "nothing is read after {after}");
        for recorded in read {
            let expected = record(after.next().get(), batch)?;
            ensure!(recorded == expected, "position {} is {recorded:?}, and not {expected:?}", expected.position);
            after = recorded.position;
        }
    }
    Ok(())
}
