//! Tests of the whole crate; each module is about one promise.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test that has it")]

mod backups;
mod cells;
mod crash;
mod damage;
mod exporting;
mod folding;
mod fuzzing;
mod golden;
mod log;
mod opening;
mod preflight;
mod room;
mod round_trip;
pub(crate) mod samples;
mod saved;
mod sharing;
pub(crate) mod strategies;

use domain::{Event, Position, Recorded, Timestamp};
use engine::log::{Commit, FORMAT};

use crate::{Journal, Options, Salts};

/// A folder for one test, and how a journal in it is opened.
pub(crate) fn options() -> (tempfile::TempDir, Options) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        dir: folder.path().join("journal"),
        cache_bytes: 8 * 1024 * 1024,
        salts: Salts::Fixed(samples::SALT),
        newest_format: FORMAT,
        save_records: 1,
    };
    (folder, options)
}

pub(crate) fn open(options: &Options) -> Journal {
    Journal::open(options).unwrap()
}

/// Some event, of a length that differs with `n`.
pub(crate) fn event(n: u64) -> Event {
    let (_, sample) = samples::all().swap_remove(usize::try_from(n % 40).unwrap());
    sample.event
}

/// A commit of `n` records after a position, all recorded at `micros`.
pub(crate) fn commit(after: u64, n: u64, micros: i64) -> Commit {
    let at = Timestamp::from_micros(micros).unwrap();
    let mut template = samples::record(1, event(0));
    template.recorded_at = at;
    template.known_at = at;
    let record = |position| Recorded {
        position: Position::new(position),
        last_of_commit: position == after + n,
        event: event(position),
        ..template.clone()
    };
    (after + 1..=after + n).map(record).collect()
}

/// The samples as the commits that they are.
pub(crate) fn sample_commits() -> Vec<Commit> {
    let mut commits: Vec<Commit> = vec![vec![]];
    for (_, recorded) in samples::all() {
        let last = recorded.last_of_commit;
        commits.last_mut().unwrap().push(recorded);
        if last {
            commits.push(vec![]);
        }
    }
    assert_eq!(commits.pop(), Some(vec![]), "the last sample ends its commit");
    commits
}
