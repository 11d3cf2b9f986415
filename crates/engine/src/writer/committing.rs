//! A judged submission's records, identified and within their bounds.

use domain::event::Event;
use domain::ids::EventId;
use domain::limits::{COMMIT_RECORDS_MAX, LOG_RECORDS_MAX};
use domain::preview::Draft;
use domain::result::Why;
use domain::{Position, Submission, SubmissionId, Timestamp};

use crate::error::Error;
use crate::log::Commit;

/// The records of a judged submission.
///
/// # Errors
/// [`Error::Request`] when they are too many for a commit, or for the log.
pub(super) fn commit(
    submission: &Submission,
    drafts: Vec<Draft>,
    head: Position,
    now: Timestamp,
) -> Result<Commit, Error> {
    let commit = submission.commit(drafts, head, now, event_id);
    if commit.len() > COMMIT_RECORDS_MAX {
        let problem = format!("{} records; at most {COMMIT_RECORDS_MAX} are taken at once; split it", commit.len());
        return Err(Error::Request { field: "files", problem });
    }
    if commit.last().is_some_and(|record| record.position.get() > LOG_RECORDS_MAX) {
        let problem = format!("the log would have more than {LOG_RECORDS_MAX} records; begin another log");
        return Err(Error::Request { field: "files", problem });
    }
    Ok(commit)
}

/// Version 5 of the submission's identifier and the record's ordinal in its commit, from 1, as eight bytes big-endian.
fn event_id(submission: SubmissionId, ordinal: u64) -> EventId {
    EventId(uuid::Uuid::new_v5(&uuid::Uuid::from_bytes(submission.0), &ordinal.to_be_bytes()).into_bytes())
}

/// The first commit of a log.
pub(crate) fn opening_commit(submission: &Submission, events: Vec<Event>, reason: &str, now: Timestamp) -> Commit {
    let why = Why { reason: reason.to_owned(), cause: None };
    let drafts = events.into_iter().map(|event| Draft { event, known_at: None, why: why.clone(), origin: None });
    submission.records(drafts.collect(), Position::START, now, event_id)
}
