//! A judged submission's records, identified and within their bounds.

use std::borrow::Cow;

use domain::event::Event;
use domain::ids::EventId;
use domain::limits::{COMMIT_RECORDS_MAX, LOG_RECORDS_MAX};
use domain::preview::{Draft, Drafted};
use domain::result::Why;
use domain::{Position, Submission, SubmissionId, Timestamp};
use sha1::{Digest as _, Sha1};

use crate::error::Error;
use crate::log::Commit;

/// The records of a judged submission, into which what it says is moved where it is given away.
///
/// # Errors
/// [`Error::Request`] when they are too many for a commit, or for the log.
pub(super) fn commit(
    submission: Cow<'_, Submission>,
    drafted: Vec<Drafted>,
    head: Position,
    now: Timestamp,
) -> Result<Commit, Error> {
    let commit = match submission {
        Cow::Owned(submission) => submission.into_commit(drafted, head, now, event_id),
        Cow::Borrowed(submission) => submission.commit(&drafted, head, now, event_id),
    };
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
    let hash: [u8; 20] = Sha1::new().chain_update(submission.0).chain_update(ordinal.to_be_bytes()).finalize().into();
    let [first @ .., _, _, _, _] = hash;
    EventId(uuid::Builder::from_sha1_bytes(first).into_uuid().into_bytes())
}

/// The first commit of a log.
pub(crate) fn opening_commit(submission: &Submission, events: Vec<Event>, reason: &str, now: Timestamp) -> Commit {
    let why = Why { reason: reason.to_owned(), cause: None };
    let drafts = events.into_iter().map(|event| Draft { event, known_at: None, why: why.clone(), origin: None });
    submission.records(drafts.collect(), Position::START, now, event_id)
}
