//! What a submission would change, known before it is accepted.

use std::collections::BTreeMap;

use crate::event::Event;
use crate::ids::Origin;
use crate::result::Why;
use crate::time::Timestamp;

/// What `decide` answers: the events that would be recorded, and what they change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// What would be recorded, in order, after `SubmissionReceived`. Empty when everything stands already.
    pub drafts: Vec<Drafted>,
    /// How much of what would change, by the noun of the thing (`result`, `target` …).
    pub tallies: BTreeMap<&'static str, Tally>,
    /// The changes one by one, the first [`crate::limits::CHANGES_LISTED_MAX`].
    pub changes: Vec<Change>,
    /// What was read and what would change, a line an instruction: equal accounts are equal decisions.
    pub account: String,
    /// What cannot be done. Any one of them refuses the whole submission.
    pub rejected: Vec<Rejected>,
}

/// An event that was decided. Of a result, of which a submission may have a million, it is the place of its instruction
/// alone; [`crate::Submission::drafts`] writes it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drafted {
    /// The result that the instruction at this place gives, from 0, as it gives it.
    Result(usize),
    /// Any other event.
    Other(Box<Draft>),
}

impl Drafted {
    /// The event, unless it is a result.
    pub fn other(&self) -> Option<&Event> {
        match self {
            Self::Result(_) => None,
            Self::Other(draft) => Some(&draft.event),
        }
    }
}

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What would be so.
    pub event: Event,
    /// When it was known; `None` for when it is recorded.
    pub known_at: Option<Timestamp>,
    /// Why.
    pub why: Why,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
}

/// How much would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Nothing stood before.
    pub new: u64,
    /// Something else stood before.
    pub revised: u64,
    /// What stands is taken away.
    pub withdrawn: u64,
    /// The same stands already: nothing is recorded.
    pub unchanged: u64,
}

/// What happens to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Nothing stood before.
    New,
    /// Something else stood before.
    Revised,
    /// What stands is taken away.
    Withdrawn,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happens.
    pub kind: ChangeKind,
    /// To what: `result ehcp-20-weeks, Kent, September 2018`.
    pub subject: String,
    /// What stood; empty for something new.
    pub before: String,
    /// What will stand; empty for a withdrawal.
    pub after: String,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
}

/// An instruction that cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its place in the submission, from 0.
    pub instruction: usize,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
    /// Why not, and what to do.
    pub rejection: crate::decide::Rejection,
}
