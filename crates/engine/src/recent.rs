//! What was recorded last, kept in memory: those who follow the log want just that, all of them at once, and need not read
//! it back from the store.

use std::sync::{Mutex, PoisonError};

use domain::{Position, Recorded};

use crate::log::Commit;
use crate::settings::FEED_RECORDS;

/// The last group that was appended, if it is small enough to be one page of a follower.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Vec<Commit>>);

impl Recent {
    /// Keeps commits that are durable, instead of those before.
    pub(crate) fn keep(&self, commits: Vec<Commit>) {
        let small = commits.iter().map(Vec::len).sum::<usize>() <= FEED_RECORDS;
        let kept = if small { commits } else { Vec::new() };
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), kept);
        drop(before);
    }

    /// Up to `limit` records after a position, if all up to the head are here. Cost: a copy of them.
    pub(crate) fn read(&self, after: Position, head: Position, limit: usize) -> Option<Vec<Recorded>> {
        let commits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (first, last) = (commits.first()?.first()?, commits.last()?.last()?);
        (first.position <= after.next() && last.position == head).then(|| {
            let records = commits.iter().flatten();
            records.filter(|record| record.position > after).take(limit).cloned().collect()
        })
    }
}
