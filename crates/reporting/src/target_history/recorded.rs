//! A measure's targets as they were recorded, for a program that works out for itself what they led to.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::book::Noted;
use domain::history::{Revision, Rollbacks as _, SubmissionNumber};
use domain::ids::SubmissionId;
use domain::measure::Definition;
use domain::result::Cause;
use domain::target::{TargetEntry, TargetKey};
use domain::time::AsOf;
use domain::{ActorId, Book, Origin, Position, Timestamp};

use super::Question;
use crate::Error;
use crate::answer::Basis;
use crate::reader::Reader;

/// A measure's targets, without what they led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTargets {
    /// The definition as of then.
    pub definition: Arc<Definition>,
    /// What they were set for, and by whom: each once.
    pub keys: Vec<TargetKey>,
    /// What they came with: each submission once, and of several files once for each.
    pub came_with: Vec<CameWith>,
    /// Every change within the bounds, by (`known_at`, `position`).
    pub changes: Vec<RecordedTarget>,
    /// What it rests on.
    pub basis: Basis,
}

/// A change of a target as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTarget {
    /// What it was set for, by its place among the keys.
    pub key: usize,
    /// What it came with, by its place there.
    pub came_with: usize,
    /// Which periods it judges, its terms, and the decision that set it.
    pub entry: TargetEntry,
    /// When it was known.
    pub known_at: Timestamp,
    /// Where it is in the log.
    pub position: Position,
    /// The file and the line in it, when it came from one.
    pub origin: Option<Origin>,
    /// Why, in words; may be empty.
    pub reason: String,
    /// Of which kind, when something was replaced.
    pub cause: Option<Cause>,
    /// True when its submission is rolled back as of then.
    pub rolled_back: bool,
}

/// A submission, and one of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameWith {
    /// Which submission.
    pub submission: SubmissionId,
    /// Who put it in.
    pub actor: ActorId,
    /// Whether that was proved.
    pub authenticated: bool,
    /// When Scorebook took it in.
    pub recorded_at: Timestamp,
    /// The file's name; empty where there is none.
    pub file_name: String,
}

/// Every change within the bounds.
///
/// Cost: the changes of the measure.
///
/// # Errors
/// [`Error::NotDefined`] when the measure is not there as of then.
pub fn recorded_targets(book: &Book, question: &Question, as_of: AsOf) -> Result<RecordedTargets, Error> {
    let reader = Reader::new(book, as_of);
    let definition = Arc::clone(reader.defined(&question.measure)?.shared);
    let (mut keys, mut changes, mut sources) = (Vec::new(), Vec::new(), Sources::default());
    for (key, history) in book.targets_of(&question.measure).filter(|(key, _)| question.asks(key)) {
        let judging = history.all().filter(|it| question.judged_by(&it.value.value));
        let mut within = judging.filter(|it| reader.as_of.covers(it.known_at, it.position)).peekable();
        if within.peek().is_some() {
            keys.push(key.clone());
        }
        for revision in within {
            reader.rests_on(revision);
            changes.push(RecordedTarget {
                key: keys.len().saturating_sub(1),
                came_with: sources.place(book, revision),
                entry: revision.value.value.clone(),
                known_at: revision.known_at,
                position: revision.position,
                origin: revision.value.origin,
                reason: revision.value.why.reason.clone(),
                cause: revision.value.why.cause,
                rolled_back: book.rolled_back(revision.submission, reader.as_of),
            });
        }
    }
    let order = |change: &RecordedTarget| (change.known_at, change.position);
    if !changes.is_sorted_by_key(order) {
        changes.sort_by_key(order);
    }
    Ok(RecordedTargets { definition, keys, came_with: sources.came_with, changes, basis: reader.basis() })
}

/// What changes came with, in the order in which it was met.
#[derive(Default)]
struct Sources {
    /// The places of submissions and their files.
    places: BTreeMap<(SubmissionNumber, Option<u16>), usize>,
    came_with: Vec<CameWith>,
}

impl Sources {
    /// The place of what a change came with.
    fn place(&mut self, book: &Book, revision: &Revision<Noted<TargetEntry>>) -> usize {
        let file = revision.value.origin.map(|origin| origin.file);
        let came_with = &mut self.came_with;
        *self.places.entry((revision.submission, file)).or_insert_with(|| {
            let received = book.submission(revision.submission).expect("every revision's submission was received");
            let source = file.and_then(|file| received.sources.get(usize::from(file)));
            came_with.push(CameWith {
                submission: received.id,
                actor: received.actor.id.clone(),
                authenticated: received.actor.authenticated,
                recorded_at: revision.recorded_at,
                file_name: source.map(|source| source.name.clone()).unwrap_or_default(),
            });
            came_with.len().saturating_sub(1)
        })
    }
}
