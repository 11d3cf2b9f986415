//! What a commit must be like before anything of it is written.

use domain::limits::{COMMIT_BYTES_MAX, COMMIT_RECORDS_MAX};
use domain::{Position, Recorded, Timestamp};
use engine::log::{Commit, Error, Head};

use crate::record;

/// How large a commit may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Records.
    pub(crate) n_records: usize,
    /// Bytes of records, headers included.
    pub(crate) n_bytes: usize,
}

impl Bounds {
    /// The bounds of every log.
    pub(crate) const COMMIT: Self = Self { n_records: COMMIT_RECORDS_MAX, n_bytes: COMMIT_BYTES_MAX };
}

fn refused<T>(reason: String) -> Result<T, Error> {
    Err(Error::Refused { reason })
}

/// Checks that commits follow a head and one another, and that each has records and not too many.
pub(crate) fn check_order(head: &Head, commits: &[Commit], bounds: Bounds) -> Result<(), Error> {
    let mut position = head.position;
    let mut recorded_at = head.recorded_at;
    for commit in commits {
        let (Some(first), Some(last)) = (commit.first(), commit.last()) else {
            return refused("a commit without records".to_owned());
        };
        check_count(commit, bounds)?;
        if recorded_at.is_some_and(|before| first.recorded_at <= before) {
            return refused(format!(
                "recorded_at {} at position {} is not later than that of the commit before",
                first.recorded_at, first.position
            ));
        }
        for recorded in commit {
            position = position.next();
            check_record(recorded, position, first.recorded_at, recorded.position == last.position)?;
        }
        recorded_at = Some(first.recorded_at);
    }
    Ok(())
}

/// Checks one commit's size and that of each of its records, and gives the bytes of all of them.
pub(crate) fn check_size(commit: &Commit, bounds: Bounds) -> Result<usize, Error> {
    check_count(commit, bounds)?;
    let mut n_bytes: usize = 0;
    for recorded in commit {
        n_bytes = n_bytes.saturating_add(record::size(recorded)?);
    }
    if n_bytes > bounds.n_bytes {
        return refused(format!(
            "a commit of {n_bytes} bytes; at most {} are allowed: put it in as several submissions",
            bounds.n_bytes
        ));
    }
    Ok(n_bytes)
}

fn check_count(commit: &Commit, bounds: Bounds) -> Result<(), Error> {
    if commit.len() > bounds.n_records {
        return refused(format!(
            "a commit of {} records; at most {} are allowed: put it in as several submissions",
            commit.len(),
            bounds.n_records
        ));
    }
    Ok(())
}

fn check_record(recorded: &Recorded, expected: Position, at: Timestamp, last: bool) -> Result<(), Error> {
    let Recorded { position, recorded_at, known_at, last_of_commit, .. } = recorded;
    if *position != expected {
        return refused(format!("position {position} is given where {expected} is next"));
    }
    if *recorded_at != at {
        return refused(format!("recorded_at {recorded_at} at position {position} is not its commit's, {at}"));
    }
    if known_at > recorded_at {
        return refused(format!("known_at {known_at} at position {position} is later than recorded_at {recorded_at}"));
    }
    if *last_of_commit != last {
        return refused(format!("position {position} is wrongly marked: only the last record of a commit is its last"));
    }
    Ok(())
}
