//! What every client was told, and whether all of it can be true of one log.
//!
//! What is told is held against what was told before and against the disk at once, so that a finding stands where it came
//! about; what can only be known at the end is checked in `settle`.

use std::collections::BTreeMap;

use domain::{AsOf, Digest, Event, Position, Recorded, SubmissionId};
use engine::log::{EventLog as _, Head};
use engine::submission::{Preview, Receipt, Request, Token};
use engine::{Engine, Error, identifier};
use reporting::answer::Scorecard;
use reporting::scorecard::Question;

use super::clients::Answer;
use super::disk::Disk;

/// A scorecard that somebody was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What was asked.
    pub question: Question,
    /// As of when.
    pub as_of: AsOf,
    /// What was answered.
    pub answer: Result<Scorecard, reporting::Error>,
}

/// A request and what became of it. Requests are numbered in the order in which they were thought of.
pub(super) struct Sent {
    /// The identifier it is known by.
    pub(super) id: SubmissionId,
    /// As it is sent, but for the token.
    pub(super) request: Request,
    /// What its client was told first.
    pub(super) receipt: Option<Receipt>,
    /// Whether one of its clients knows nothing, and has to ask again.
    pub(super) unknown: bool,
}

/// Everything that was told.
#[derive(Default)]
pub(super) struct History {
    /// What cannot be true.
    pub(super) finding: Option<String>,
    pub(super) sent: Vec<Sent>,
    /// The latest head that anybody saw, and the chain at each.
    pub(super) head: Position,
    pub(super) chains: BTreeMap<Position, Digest>,
    /// The records that a follower read.
    pub(super) followed: Vec<Recorded>,
    pub(super) shown: Vec<Shown>,
}

impl History {
    /// Keeps the first finding.
    pub(super) fn check(&mut self, holds: bool, finding: impl FnOnce() -> String) {
        if !holds && self.finding.is_none() {
            self.finding = Some(finding());
        }
    }

    /// A request that may be sent; its number.
    pub(super) fn add(&mut self, request: Request) -> usize {
        let id = request.id.unwrap_or_else(|| SubmissionId(identifier(request.digest)));
        self.sent.push(Sent { id, request, receipt: None, unknown: false });
        self.sent.len() - 1
    }

    /// Somebody saw a head.
    pub(super) fn saw(&mut self, head: Head, disk: &Disk) {
        let synced = disk.head().position;
        self.check(head.position <= synced, || format!("readers see {}, but only {synced} is durable", head.position));
        let before = self.head;
        self.check(head.position >= before, || format!("the head was at {before}, and is at {}", head.position));
        let earlier = *self.chains.entry(head.position).or_insert(head.chain);
        self.check(earlier == head.chain, || format!("the chain at {} is another one", head.position));
        self.head = self.head.max(head.position);
    }

    /// A follower read on.
    pub(super) fn read_on(&mut self, records: Vec<Recorded>) {
        for record in records {
            let next = self.followed.last().map_or(Position::START, |last| last.position).next();
            self.check(record.position == next, || format!("after {next} should come, but {} does", record.position));
            self.followed.push(record);
        }
        let end = self.followed.last().map_or(Position::START, |last| last.position);
        let head = self.head;
        self.check(end <= head, || format!("{end} was read, after the head, {head}"));
    }

    /// Somebody was shown what somebody was shown before.
    pub(super) fn shown_again(&mut self, number: usize, answer: &Result<Scorecard, reporting::Error>) {
        let same = self.shown[number].answer == *answer;
        let as_of = self.shown[number].as_of;
        self.check(same, || format!("as of {as_of:?} another scorecard is shown than before"));
    }

    /// A client was answered. `engine` is there unless it crashed meanwhile.
    pub(super) fn told(
        &mut self,
        number: usize,
        expected: Option<Token>,
        answer: Answer,
        (engine, disk): (Option<&Engine>, &Disk),
    ) -> String {
        let told = match answer {
            Ok((preview, receipt)) => {
                self.acknowledged(number, &receipt, disk);
                self.previewed(&receipt, expected, preview.as_ref());
                if let Some(engine) = engine {
                    let head = engine.head().position;
                    let seen = head >= receipt.last && engine.received(receipt.submission).is_some();
                    self.check(seen, || format!("#{number} was recorded, but its sender cannot see it at {head}"));
                }
                let Receipt { first, last, recorded_at, chain, already, .. } = receipt;
                format!("recorded {first}..{last} at {recorded_at}, already {already}, chain {chain}")
            }
            Err(Error::Refused(preview)) => {
                self.durable(&preview, disk);
                format!("refused, {} of it, at {}", preview.n_refusals, preview.token.position)
            }
            Err(Error::Changed(preview)) => {
                self.durable(&preview, disk);
                let (judged, ahead) = (preview.token, self.knows_ahead(number, preview.token.position, disk));
                let other = expected.is_some_and(|agreed| {
                    agreed.digest != judged.digest && (agreed.position < judged.position || ahead)
                });
                self.check(other, || format!("#{number}: nothing changed since {expected:?}"));
                format!("changed since its preview, at {}", preview.token.position)
            }
            Err(Error::Conflict { id }) => {
                let digest = self.sent[number].request.digest;
                let other = digest_of(&disk.records(), id).is_some_and(|found| found != digest);
                self.check(other, || format!("#{number}: no other submission has its identifier, durably"));
                "in conflict".to_owned()
            }
            Err(Error::Log(engine::log::Error::Refused { .. })) if disk.has_refused() => "not taken".to_owned(),
            Err(Error::Stopped) if engine.is_none() => {
                self.sent[number].unknown = true;
                "stopped".to_owned()
            }
            Err(error) => {
                self.check(false, || format!("#{number} was answered with {error:?}"));
                error.to_string()
            }
        };
        format!("#{number}: {told}")
    }

    /// Every answer is the first one, of a commit that is durable.
    fn acknowledged(&mut self, number: usize, receipt: &Receipt, disk: &Disk) {
        let chain = disk.chain_at(receipt.last).expect("a log in memory can be read");
        self.check(chain == Some(receipt.chain), || format!("#{number} was told {receipt:?}, which is not durable"));
        let Sent { id, receipt: first, .. } = &mut self.sent[number];
        let id = *id == receipt.submission;
        let known = first.clone();
        first.get_or_insert_with(|| receipt.clone()).already |= receipt.already;
        self.check(id, || format!("#{number} was told of another: {receipt:?}"));
        if let Some(known) = known {
            let same = Receipt { already: known.already, ..receipt.clone() } == known;
            self.check(same, || format!("#{number} was told {known:?}, and now {receipt:?}"));
        }
    }

    /// Whether something in a request is known later than the last record, and so perhaps later than now: what becomes of
    /// it depends on the clock alone.
    fn knows_ahead(&self, number: usize, position: Position, disk: &Disk) -> bool {
        let records = disk.records();
        let last = records.iter().find(|record| record.position == position).map(|record| record.recorded_at);
        self.sent[number].request.instructions.iter().any(|instruction| instruction.known_at > last)
    }

    /// What was recorded is what its sender agreed to.
    fn previewed(&mut self, receipt: &Receipt, expected: Option<Token>, preview: Option<&Preview>) {
        let agreed = preview.is_none_or(|preview| expected.is_none_or(|token| token.digest == preview.token.digest));
        self.check(agreed, || format!("{receipt:?} is not what was agreed to"));
        let told = match preview {
            Some(preview) => !receipt.already && preview.token.position.next() == receipt.first,
            None => receipt.already,
        };
        self.check(told, || format!("{receipt:?} does not follow what it was judged against"));
    }

    /// A preview rests on what is durable.
    pub(super) fn durable(&mut self, preview: &Preview, disk: &Disk) {
        let (judged, synced) = (preview.token.position, disk.head().position);
        self.check(judged <= synced, || format!("judged against {judged}, but only {synced} is durable"));
    }
}

/// The digest of the submission with an identifier.
pub(super) fn digest_of(records: &[Recorded], id: SubmissionId) -> Option<Digest> {
    records.iter().find_map(|record| match &record.event {
        Event::SubmissionReceived(received) if record.attribution.submission == id => Some(received.digest),
        _ => None,
    })
}
