//! Everything that was ever recorded under one key, and what stood of it within any bounds.

use crate::ids::Position;
use crate::time::{AsOf, Timestamp};

/// The number of a submission in the book, dense from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubmissionNumber(pub(crate) u32);

/// One revision of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision<T> {
    /// When it was known.
    pub known_at: Timestamp,
    /// Where it is in the log.
    pub position: Position,
    /// When Scorebook took it in.
    pub recorded_at: Timestamp,
    /// With what it came; see [`crate::Book::submission`].
    pub submission: SubmissionNumber,
    /// What it says.
    pub value: T,
}

impl<T> Revision<T> {
    /// True when it was said to be known before Scorebook took it in.
    pub fn backfill(&self) -> bool {
        self.known_at < self.recorded_at
    }
}

/// Says which submissions are rolled back within given bounds.
pub trait Rollbacks {
    /// True when the submission's records are out of every answer with these bounds.
    fn rolled_back(&self, submission: SubmissionNumber, as_of: AsOf) -> bool;
}

/// Revisions sorted by (`known_at`, `position`): the order in which the definition folds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History<T> {
    revisions: Vec<Revision<T>>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self { revisions: Vec::new() }
    }
}

impl<T> History<T> {
    /// Adds a revision at its place. Positions only grow, so that live records go to the end.
    pub(crate) fn add(&mut self, revision: Revision<T>) {
        let key = |revision: &Revision<T>| (revision.known_at, revision.position);
        if self.revisions.last().is_none_or(|last| key(last) < key(&revision)) {
            self.revisions.push(revision);
        } else {
            let at = self.revisions.partition_point(|r| key(r) < key(&revision));
            self.revisions.insert(at, revision);
        }
    }

    /// All revisions, by (`known_at`, `position`), rolled back ones included.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Revision<T>> {
        self.revisions.iter()
    }

    /// Those that count within the bounds, newest first. Cost: the revisions within the bound on `known_at`.
    pub fn newest_first<'a>(
        &'a self,
        as_of: AsOf,
        rollbacks: &'a impl Rollbacks,
    ) -> impl Iterator<Item = &'a Revision<T>> {
        let n_known = match as_of.known_at {
            Some(bound) => self.revisions.partition_point(|r| r.known_at <= bound),
            None => self.revisions.len(),
        };
        self.revisions
            .iter()
            .take(n_known)
            .rev()
            .filter(move |r| r.position <= as_of.position && !rollbacks.rolled_back(r.submission, as_of))
    }

    /// The last that counts: what stands.
    pub fn standing<'a>(&'a self, as_of: AsOf, rollbacks: &'a impl Rollbacks) -> Option<&'a Revision<T>> {
        self.newest_first(as_of, rollbacks).next()
    }

    /// The earliest to be known of those in the log so far, whatever was known when: how a definition is shown for a
    /// result that is older than it.
    pub fn earliest<'a>(&'a self, position: Position, rollbacks: &'a impl Rollbacks) -> Option<&'a Revision<T>> {
        let as_of = AsOf::position(position);
        self.revisions.iter().find(|r| r.position <= position && !rollbacks.rolled_back(r.submission, as_of))
    }
}
