//! The records that a judged submission becomes.

use crate::command::{Command, Instruction, Submission};
use crate::event::{Attribution, Event, Recorded};
use crate::ids::{Actor, EventId, Position, SubmissionId};
use crate::preview::{Draft, Drafted};
use crate::result::Why;
use crate::time::Timestamp;

/// The identifier of a record, from its submission and its ordinal in the commit, from 1. Given by the caller, as it
/// takes a hash.
pub type Identify = fn(SubmissionId, u64) -> EventId;

/// Why a drafted result is there.
const OF_A_RESULT: &str = "a result is drafted of an instruction that gives one, and once";

impl Submission {
    /// What was decided of it, written out.
    ///
    /// # Panics
    /// When something else was decided on: the place of a result is one in this submission.
    pub fn drafts(&self, drafted: &[Drafted]) -> Vec<Draft> {
        drafted.iter().map(|drafted| self.draft(drafted)).collect()
    }

    fn draft(&self, drafted: &Drafted) -> Draft {
        match drafted {
            Drafted::Other(draft) => (**draft).clone(),
            Drafted::Result(place) => {
                self.instructions.get(*place).cloned().as_mut().and_then(take_result).expect(OF_A_RESULT)
            }
        }
    }

    /// Its commit, after `head`, taken in at `now`: that it was received, the parts of its stored files, and what was
    /// decided.
    ///
    /// # Panics
    /// As [`Submission::drafts`].
    pub fn commit(&self, drafted: &[Drafted], head: Position, now: Timestamp, identify: Identify) -> Vec<Recorded> {
        let mut records = Records::of(self, (head, now), identify);
        records.begin(self, drafted.len());
        for drafted in drafted {
            records.add(self.draft(drafted));
        }
        records.finish()
    }

    /// The same of a submission that is not needed any more: its results are moved into their records, not copied.
    ///
    /// # Panics
    /// As [`Submission::drafts`].
    pub fn into_commit(
        mut self,
        drafted: Vec<Drafted>,
        head: Position,
        now: Timestamp,
        identify: Identify,
    ) -> Vec<Recorded> {
        let mut records = Records::of(&self, (head, now), identify);
        records.begin(&self, drafted.len());
        for drafted in drafted {
            records.add(match drafted {
                Drafted::Other(draft) => *draft,
                Drafted::Result(place) => self.instructions.get_mut(place).and_then(take_result).expect(OF_A_RESULT),
            });
        }
        records.finish()
    }

    /// Exactly these drafts as a commit, after `head`, taken in at `now`.
    pub fn records(&self, drafts: Vec<Draft>, head: Position, now: Timestamp, identify: Identify) -> Vec<Recorded> {
        let mut records = Records::of(self, (head, now), identify);
        records.made.reserve_exact(drafts.len());
        for draft in drafts {
            records.add(draft);
        }
        records.finish()
    }
}

/// Takes the result out of an instruction, which is of no use then; `None` when it gives none.
fn take_result(instruction: &mut Instruction) -> Option<Draft> {
    if !matches!(instruction.command, Command::RecordResult(_)) {
        return None;
    }
    // What is left in its place has nothing to be freed.
    let command = std::mem::replace(&mut instruction.command, Command::RaiseFormat(0));
    let Command::RecordResult(recorded) = command else { return None };
    let (known_at, why) = (instruction.known_at, std::mem::take(&mut instruction.why));
    Some(Draft { event: Event::ResultRecorded(recorded), known_at, why, origin: instruction.origin })
}

/// The records of a commit while they are made.
struct Records {
    actor: Actor,
    submission: SubmissionId,
    head: Position,
    now: Timestamp,
    identify: Identify,
    made: Vec<Recorded>,
}

impl Records {
    fn of(submission: &Submission, (head, now): (Position, Timestamp), identify: Identify) -> Self {
        Self { actor: submission.actor.clone(), submission: submission.id, head, now, identify, made: Vec::new() }
    }

    /// Begins with the paperwork, and makes room for what was decided.
    fn begin(&mut self, submission: &Submission, n_decided: usize) {
        let paperwork: Vec<Event> = [submission.received()].into_iter().chain(submission.stored_files()).collect();
        self.made.reserve_exact(paperwork.len().saturating_add(n_decided));
        for event in paperwork {
            self.add(Draft::bare(event));
        }
    }

    fn add(&mut self, draft: Draft) {
        let ordinal = u64::try_from(self.made.len()).unwrap_or(u64::MAX).saturating_add(1);
        let event_id = (self.identify)(self.submission, ordinal);
        let who = (&self.actor, self.submission);
        self.made.push(Recorded { event_id, ..draft.at(who, self.head.plus(ordinal), self.now) });
    }

    fn finish(self) -> Vec<Recorded> {
        let mut made = self.made;
        if let Some(last) = made.last_mut() {
            last.last_of_commit = true;
        }
        made
    }
}

impl Draft {
    /// An event with no line, reason or instant of its own.
    pub fn bare(event: Event) -> Self {
        Self { event, known_at: None, why: Why::default(), origin: None }
    }

    /// Itself at its place in the log, in the midst of a commit and not yet identified.
    pub(crate) fn recorded(self, submission: &Submission, position: Position, now: Timestamp) -> Recorded {
        self.at((&submission.actor, submission.id), position, now)
    }

    fn at(self, (actor, submission): (&Actor, SubmissionId), position: Position, now: Timestamp) -> Recorded {
        Recorded {
            position,
            recorded_at: now,
            known_at: self.known_at.unwrap_or(now),
            event_id: EventId([0; 16]),
            last_of_commit: false,
            attribution: Attribution { actor: actor.clone(), submission, origin: self.origin, why: self.why },
            event: self.event,
        }
    }
}
