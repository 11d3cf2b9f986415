//! A log in memory, which refuses what the journal refuses and has the journal's chain.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::limits::{COMMIT_BYTES_MAX, COMMIT_RECORDS_MAX};
use domain::{Digest, Position, Recorded};
use engine::log::{Commit, Error, EventLog, Head};
use journal::record;

/// The salt of every record, so that the same records have the same chain.
pub const SALT: [u8; record::SALT_BYTES] = [7; record::SALT_BYTES];

/// A log that is gone with its process.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<Kept>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    records: Vec<Recorded>,
    /// The chain after each record.
    chain: Vec<Digest>,
}

impl Kept {
    fn head(&self) -> Head {
        match (self.records.last(), self.chain.last()) {
            (Some(last), Some(chain)) => {
                Head { position: last.position, chain: *chain, recorded_at: Some(last.recorded_at) }
            }
            _ => Head::EMPTY,
        }
    }

    /// Forgets what is after a position.
    fn cut(&mut self, end: Position) {
        let n_kept = self.records.iter().filter(|record| record.position <= end).count();
        self.records.truncate(n_kept);
        self.chain.truncate(n_kept);
    }

    /// Takes a commit that follows, or says why it is none.
    fn take(&mut self, commit: &Commit) -> Result<(), String> {
        let (Some(first), Some(last)) = (commit.first(), commit.last()) else {
            return Err("it has no records".to_owned());
        };
        if commit.len() > COMMIT_RECORDS_MAX {
            return Err("it has too many records".to_owned());
        }
        if self.head().recorded_at.is_some_and(|before| first.recorded_at <= before) {
            return Err("its recorded_at is not later than the commit's before".to_owned());
        }
        let mut n_bytes = 0;
        for recorded in commit {
            if recorded.position != self.head().position.next() {
                return Err(format!("position {} does not follow", recorded.position));
            }
            if recorded.recorded_at != first.recorded_at {
                return Err(format!("position {} has another recorded_at", recorded.position));
            }
            if recorded.known_at > recorded.recorded_at {
                return Err(format!("position {} is known later than it is recorded", recorded.position));
            }
            if recorded.last_of_commit != (recorded.position == last.position) {
                return Err(format!("position {} is wrongly marked", recorded.position));
            }
            let bytes = record::encode(recorded, SALT).map_err(|error| error.to_string())?;
            n_bytes += bytes.len();
            let chain = record::chain(self.head().chain, recorded.position, &bytes);
            self.chain.push(chain.map_err(|error| error.to_string())?);
            self.records.push(recorded.clone());
        }
        if n_bytes > COMMIT_BYTES_MAX { Err("it has too many bytes".to_owned()) } else { Ok(()) }
    }
}

impl Memory {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets what is after a position, which is the end of a commit, as no log may.
    pub fn cut(&self, end: Position) {
        self.lock().cut(end);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventLog for Memory {
    fn head(&self) -> Head {
        self.lock().head()
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        commit.iter().try_for_each(|record| record::encode(record, [0; 16]).map(|_| ()))
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let mut kept = self.lock();
        let found = kept.head().position;
        if found != expected {
            return Err(Error::Moved { expected, found });
        }
        for commit in commits {
            if let Err(reason) = kept.take(commit) {
                kept.cut(expected);
                return Err(Error::Refused { reason });
            }
        }
        self.moved.notify_all();
        Ok(kept.head())
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        let kept = self.lock();
        Ok(kept.records.iter().filter(|record| record.position > after).take(limit).cloned().collect())
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        let kept = self.lock();
        if position == Position::START {
            return Ok(Some(Head::EMPTY.chain));
        }
        let found = kept.records.iter().zip(&kept.chain).find(|(record, _)| record.position == position);
        Ok(found.map(|(_, chain)| *chain))
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        let kept = self.lock();
        let waited = self.moved.wait_timeout_while(kept, timeout, |kept| kept.head().position < position);
        let (kept, _) = waited.unwrap_or_else(PoisonError::into_inner);
        kept.head().position >= position
    }
}
