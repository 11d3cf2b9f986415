//! Judging a submission against what stands. Pure: the same book, submission and `now` give the same decision.
//!
//! Every instruction sees those before it, so that a file may define a measure and record its results. Nothing is
//! recorded for what stands already.

mod bounds;
mod cards;
mod desk;
mod facts;
mod given;
mod key;
mod naming;
mod notes;
mod orphans;
mod rejection;
mod standing;
mod views;

pub use rejection::Rejection;

use crate::book::{Book, Received};
use crate::command::{Command, Instruction, Submission};
use crate::event::{ContentStored, Event, FIRST_FORMAT, FORMAT, LogOpened, RuleAdopted, SubmissionReceived};
use crate::ids::{Digest, Position, SubmissionId};
use crate::limits;
use crate::measure::{Content, grouped};
use crate::number::Decimal;
use crate::preview::{Decision, Draft, Rejected};
use crate::result::Why;
use crate::time::Timestamp;
use desk::Desk;

/// SHA-256, given by the caller so that the core stays small.
pub type Sha256 = fn(&[u8]) -> Digest;

/// The result of an instruction is recorded, as it gives it.
struct Figured {
    /// Whether a result stood.
    stood: bool,
    /// Where the last word about its cell is in the book.
    place: Option<Position>,
    /// What stood, and what will stand, in words; none where no more changes are listed.
    words: Option<(String, String)>,
}

/// What becomes of one instruction.
enum Outcome {
    /// These events, the last of which is the instruction's own; what stood, and what will stand, in words.
    Change { events: Vec<Event>, before: String, after: String },
    /// A result is recorded. There may be a million of them, of which few are shown.
    Figure(Figured),
    /// It stands already.
    Unchanged,
}

impl Book {
    /// Judges a submission as if it were taken in at `now`, which is later than every `recorded_at` so far.
    ///
    /// Cost: the logarithm of the number of keys, for each instruction.
    pub fn decide(&self, submission: &Submission, now: Timestamp, sha256: Sha256) -> Decision {
        let mut desk = Desk::new(self, submission, now, sha256);
        for (number, instruction) in submission.instructions.iter().enumerate() {
            desk.turn_to(number);
            if let Err(rejection) = desk.carry_out(instruction) {
                desk.reject(Rejected { instruction: number, origin: instruction.origin, rejection });
            }
        }
        desk.look_again();
        desk.finish()
    }

    /// The events that open a log: whose it is, and the rule and the method that hold until others are adopted.
    pub fn opening(opened: LogOpened, rule: RuleAdopted, method: RuleAdopted) -> Vec<Event> {
        vec![Event::LogOpened(opened), Event::RatingRuleAdopted(rule), Event::DirectionMethodAdopted(method)]
    }
}

impl Submission {
    /// The first event of its commit.
    pub(crate) fn received(&self) -> Event {
        Event::SubmissionReceived(SubmissionReceived {
            digest: self.digest,
            sources: self.files.iter().map(|file| file.source.clone()).collect(),
        })
    }

    /// How many records its commit begins with before those that are decided: the first, and its stored files' parts.
    fn n_paperwork(&self) -> u64 {
        let stored = self.files.iter().filter(|file| file.source.stored);
        let n_parts = stored.map(|file| file.bytes.len().div_ceil(limits::PART_BYTES_MAX).max(1));
        u64::try_from(n_parts.fold(1, usize::saturating_add)).unwrap_or(u64::MAX)
    }

    /// The parts of its stored files, in order.
    pub(crate) fn stored_files(&self) -> Vec<Event> {
        self.files
            .iter()
            .filter(|file| file.source.stored)
            .flat_map(|file| parts(file.source.sha256, &file.bytes, true))
            .collect()
    }
}

fn facts(n: u64) -> String {
    let n = i64::try_from(n).ok().and_then(|n| Decimal::new(n, 0).ok()).map_or_else(|| n.to_string(), grouped);
    if n == "1" { "1 fact".to_owned() } else { format!("{n} facts") }
}

/// Cuts a content into events, each of at most [`limits::PART_BYTES_MAX`] bytes. An empty content has one empty part.
fn parts(digest: Digest, bytes: &[u8], file: bool) -> Vec<Event> {
    let chunks: Vec<&[u8]> =
        if bytes.is_empty() { vec![bytes] } else { bytes.chunks(limits::PART_BYTES_MAX).collect() };
    let parts = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
    (0..)
        .zip(chunks)
        .map(|(part, chunk)| Event::ContentStored(ContentStored { digest, part, parts, file, bytes: chunk.to_vec() }))
        .collect()
}

impl<'a> Desk<'a> {
    fn carry_out(&mut self, instruction: &'a Instruction) -> Result<(), Rejection> {
        self.catch_up();
        self.check_instant(instruction)?;
        bounds::check(instruction)?;
        self.check_once(instruction)?;
        let outcome = match self.judge(instruction) {
            // A backfill that changes nothing as things stand now may still change what stood at its own instant.
            Ok(Outcome::Unchanged) if instruction.known_at.is_some() => {
                self.judge_then(|desk| desk.judge(instruction)).unwrap_or(Outcome::Unchanged)
            }
            // So may one that withdraws what was rolled back since.
            Err(nothing @ Rejection::NothingToWithdraw { .. }) if instruction.known_at.is_some() => {
                self.judge_then(|desk| desk.judge(instruction)).map_err(|_still_nothing| nothing)?
            }
            judged => judged?,
        };
        self.give(instruction);
        match outcome {
            Outcome::Unchanged => self.count_unchanged(instruction),
            change @ (Outcome::Change { .. } | Outcome::Figure(_)) => self.record(instruction, change),
        }
        Ok(())
    }

    /// Judges once more what changed nothing but may have been displaced by what came after it in the submission: a row
    /// that was known earlier, in a file that is not sorted by when things were known.
    fn look_again(&mut self) {
        for (place, instruction) in self.take_unsettled() {
            self.turn_to(place);
            self.catch_up();
            if let Ok(change @ (Outcome::Change { .. } | Outcome::Figure(_))) = self.judge(instruction) {
                self.uncount_unchanged(instruction);
                self.record(instruction, change);
            }
        }
    }

    fn judge(&self, instruction: &Instruction) -> Result<Outcome, Rejection> {
        let outcome = self.judge_alone(instruction)?;
        match &outcome {
            Outcome::Change { events, .. } => events.iter().try_for_each(|event| self.check_format(event))?,
            Outcome::Figure(_) => self.check_needed("ResultRecorded", FIRST_FORMAT)?,
            Outcome::Unchanged => {}
        }
        Ok(outcome)
    }

    /// Judges an instruction whatever the log's format is.
    fn judge_alone(&self, instruction: &Instruction) -> Result<Outcome, Rejection> {
        match &instruction.command {
            Command::NameActor(named) => Ok(self.name_actor(named)),
            Command::DefineArea(area) => self.define_area(area, instruction),
            Command::DefineCohort(cohort) => self.define_cohort(cohort, instruction),
            Command::DefineMeasure { definition, expect } => self.define_measure(definition, *expect, instruction),
            Command::WithdrawMeasure(withdrawn) => self.withdraw_measure(withdrawn, instruction),
            Command::RecordResult(recorded) => self.record_result(recorded, instruction),
            Command::WithdrawResult(cell) => self.withdraw_result(cell, instruction),
            Command::ChangeTarget(changed) => self.change_target(changed, instruction),
            Command::WithdrawTarget(withdrawn) => self.withdraw_target(withdrawn, instruction),
            Command::RecordBenchmark(benchmark) => self.record_benchmark(benchmark, instruction),
            Command::AdoptNeighbours(list) => self.adopt_neighbours(list, instruction),
            Command::WriteCommentary { cell, text } => self.write_commentary(cell, text, instruction),
            Command::AdoptRatingRule(rule) => self.adopt(rule, true, instruction),
            Command::AdoptDirectionMethod(method) => self.adopt(method, false, instruction),
            Command::DefineScorecard(definition) => self.define_scorecard(definition, instruction),
            Command::RollBackSubmission(id) => self.roll_back(*id, instruction),
            Command::ReinstateSubmission(id) => self.reinstate(*id, instruction),
            Command::SetAside(row) => Ok(Outcome::Change {
                events: vec![Event::RowSetAside(row.clone())],
                before: String::new(),
                after: row.problem.clone(),
            }),
            Command::RaiseFormat(format) => self.raise_format(*format),
            Command::AgreeAction { cell, text, owner, due } => {
                self.agree_action(cell, text, (owner, *due), instruction)
            }
            Command::PublishView(draft) => self.publish_view(draft, instruction),
            Command::RecordCommitteeAct { view, act, text } => self.record_committee_act(view, *act, text, instruction),
            Command::TellLateFigure { view, cell, told, text } => {
                self.tell_late_figure((view, cell), *told, text, instruction)
            }
        }
    }

    /// Turns a text into content: inline when short, otherwise as parts in the same commit, unless the log has them.
    fn content(&self, text: &str) -> (Content, Vec<Event>) {
        if text.len() <= limits::INLINE_BYTES_MAX {
            return (Content::Inline(text.to_owned()), Vec::new());
        }
        let digest = self.sha256(text.as_bytes());
        let size = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let events = if self.stores(&digest) { Vec::new() } else { parts(digest, text.as_bytes(), false) };
        (Content::Stored { digest, size }, events)
    }

    /// What a rollback takes away is judged against the book, so that nothing else may be put in with it.
    fn check_alone(&self, what: &'static str) -> Result<(), Rejection> {
        if self.n_instructions() > 1 { Err(Rejection::NotAlone { what }) } else { Ok(()) }
    }

    /// Of rollbacks and reinstatements the last to be known holds, so that an earlier one would change nothing now.
    fn check_holds(received: &Received, instruction: &Instruction) -> Result<(), Rejection> {
        match instruction.known_at.zip(received.standing_known_at()) {
            Some((known_at, last)) if known_at < last => {
                Err(Rejection::KnownTooEarly { id: received.id, known_at, last })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn roll_back(&self, id: SubmissionId, instruction: &Instruction) -> Result<Outcome, Rejection> {
        self.check_alone("rolling back a submission")?;
        let (number, received) = self.base().received(id).ok_or(Rejection::UnknownSubmission { id })?;
        if received.fixed {
            return Err(Rejection::CannotRollBack { id });
        }
        if received.rolled_back(self.everything()) {
            return Err(Rejection::AlreadyRolledBack { id });
        }
        Self::check_holds(received, instruction)?;
        orphans::check_roll_back(self.base(), number)?;
        let before = facts(received.n_facts);
        Ok(Outcome::Change {
            events: vec![Event::SubmissionRolledBack(id)],
            before,
            after: "out of every answer from now on".to_owned(),
        })
    }

    fn reinstate(&self, id: SubmissionId, instruction: &Instruction) -> Result<Outcome, Rejection> {
        self.check_alone("reinstating a submission")?;
        let (number, received) = self.base().received(id).ok_or(Rejection::UnknownSubmission { id })?;
        if !received.rolled_back(self.everything()) {
            return Err(Rejection::NotRolledBack { id });
        }
        Self::check_holds(received, instruction)?;
        orphans::check_reinstate(self.base(), number)?;
        Ok(Outcome::Change {
            events: vec![Event::SubmissionReinstated(id)],
            before: "rolled back".to_owned(),
            after: facts(received.n_facts),
        })
    }

    fn raise_format(&self, format: u16) -> Result<Outcome, Rejection> {
        self.check_alone("raising the log's format")?;
        let log = self.format();
        if format == log {
            return Ok(Outcome::Unchanged);
        }
        if format < log {
            return Err(Rejection::FormatEarlier { format, log });
        }
        if format > FORMAT {
            return Err(Rejection::FormatUnknown { format, newest: FORMAT });
        }
        let (before, after) = (format!("format {log}"), format!("format {format}"));
        Ok(Outcome::Change { events: vec![Event::FormatRaised(format)], before, after })
    }

    /// Nothing is written that a program of the log's format could not read; but what raises it.
    fn check_format(&self, event: &Event) -> Result<(), Rejection> {
        if matches!(event, Event::FormatRaised(_)) { Ok(()) } else { self.check_needed(event.name(), event.format()) }
    }

    fn check_needed(&self, event: &'static str, needs: u16) -> Result<(), Rejection> {
        let log = self.format();
        if needs <= log { Ok(()) } else { Err(Rejection::FormatTooOld { event, needs, log }) }
    }

    /// The log's, to which nothing else of the submission can add.
    fn format(&self) -> u16 {
        self.base().format(self.base().head())
    }

    /// Makes the drafts of one instruction, if it changes anything.
    fn record(&mut self, instruction: &Instruction, outcome: Outcome) {
        let (place, stood, words) = match outcome {
            Outcome::Unchanged => return,
            Outcome::Figure(Figured { stood, place, words }) => {
                self.draft_result(instruction);
                (place, stood, words)
            }
            Outcome::Change { events, before, after } => {
                for event in events {
                    // A part of a content is full of it; the reason stands on the record that refers to it.
                    let part = matches!(event, Event::ContentStored(_));
                    self.draft_for(instruction, event, if part { Why::default() } else { instruction.why.clone() });
                }
                (self.standing_at(instruction), !before.is_empty(), Some((before, after)))
            }
        };
        self.list(instruction, place, stood, words);
    }

    fn draft_for(&mut self, instruction: &Instruction, event: Event, why: Why) {
        self.draft(Draft { event, known_at: instruction.known_at, why, origin: instruction.origin });
    }
}
