//! The records that a judged submission becomes.

use crate::command::Submission;
use crate::event::{Attribution, Event, Recorded};
use crate::ids::{EventId, Position, SubmissionId};
use crate::preview::Draft;
use crate::result::Why;
use crate::time::Timestamp;

/// The identifier of a record, from its submission and its ordinal in the commit, from 1. Given by the caller, as it
/// takes a hash.
pub type Identify = fn(SubmissionId, u64) -> EventId;

impl Submission {
    /// Its commit, after `head`, taken in at `now`: that it was received, the parts of its stored files, and what was
    /// decided.
    pub fn commit(&self, drafts: Vec<Draft>, head: Position, now: Timestamp, identify: Identify) -> Vec<Recorded> {
        let paperwork: Vec<Draft> = [self.received()].into_iter().chain(self.stored_files()).map(Draft::bare).collect();
        let n_records = paperwork.len().saturating_add(drafts.len());
        self.in_places(paperwork.into_iter().chain(drafts), n_records, (head, now), identify)
    }

    /// Exactly these drafts as a commit, after `head`, taken in at `now`.
    pub fn records(&self, drafts: Vec<Draft>, head: Position, now: Timestamp, identify: Identify) -> Vec<Recorded> {
        let n_records = drafts.len();
        self.in_places(drafts, n_records, (head, now), identify)
    }

    fn in_places(
        &self,
        drafts: impl IntoIterator<Item = Draft>,
        n_records: usize,
        (head, now): (Position, Timestamp),
        identify: Identify,
    ) -> Vec<Recorded> {
        let mut records = Vec::with_capacity(n_records);
        records.extend((1_u64..).zip(drafts).map(|(ordinal, draft)| Recorded {
            event_id: identify(self.id, ordinal),
            last_of_commit: usize::try_from(ordinal).is_ok_and(|ordinal| ordinal == n_records),
            ..draft.recorded(self, head.plus(ordinal), now)
        }));
        records
    }
}

impl Draft {
    /// An event with no line, reason or instant of its own.
    pub fn bare(event: Event) -> Self {
        Self { event, known_at: None, why: Why::default(), origin: None }
    }

    /// Itself at its place in the log, in the midst of a commit and not yet identified.
    pub(crate) fn recorded(self, submission: &Submission, position: Position, now: Timestamp) -> Recorded {
        Recorded {
            position,
            recorded_at: now,
            known_at: self.known_at.unwrap_or(now),
            event_id: EventId([0; 16]),
            last_of_commit: false,
            attribution: Attribution {
                actor: submission.actor.clone(),
                submission: submission.id,
                origin: self.origin,
                why: self.why,
            },
            event: self.event,
        }
    }
}
