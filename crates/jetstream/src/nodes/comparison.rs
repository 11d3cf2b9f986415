//! Whether what a node said of its log is so in one's own.

use std::collections::BTreeMap;
use std::fmt;

use domain::{Digest, LogId, Position};
use engine::log::Halt;

/// A place in a log and the chain there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The place.
    pub position: Position,
    /// The chain there.
    pub chain: Digest,
}

/// Two nodes whose logs are not one. What is before the position may be the same in both, and what is there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The node that was heard.
    pub node: String,
    /// The node that heard it: this one.
    pub own: String,
    /// In what they differ.
    pub difference: Difference,
}

/// In what two nodes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The chains at a position.
    Chain {
        /// Where.
        position: Position,
        /// The chain there in this node's log.
        own: Digest,
        /// The chain there in the other's.
        theirs: Digest,
    },
    /// The logs themselves.
    Log {
        /// This node's.
        own: LogId,
        /// The other's.
        theirs: LogId,
        /// Where the other's log ends.
        position: Position,
    },
}

/// Which node, where, and what to do, in a sentence.
impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, own, difference } = self;
        match difference {
            Difference::Chain { position, own: here, theirs } => write!(
                f,
                "node {node} and node {own} (this one) disagree at position {position}: the chain there is {theirs} on \
                 {node}, and {here} here; keep both data folders as they are, run `scorebook log verify` on both, and replace \
                 the log of the wrong one by a backup of the other"
            ),
            Difference::Log { own: here, theirs, position } => write!(
                f,
                "node {node} keeps another log than node {own} (this one): {theirs}, which ends at position {position}, and \
                 not {here}; stop the node that does not belong here, or give it a backup of the right log (`scorebook status` \
                 on both says which is which)"
            ),
        }
    }
}

impl Disagreement {
    /// What keeps this node from writing to the shared log.
    pub fn halt(&self) -> Halt {
        let position = match self.difference {
            Difference::Chain { position, .. } => position,
            // Two logs differ from their first record on.
            Difference::Log { .. } => Position::START.next(),
        };
        Halt { position, reason: self.to_string() }
    }
}

/// What one node has said of its log and is not compared yet.
///
/// At most two points are kept: the first that waits for one's own log to get there, so that a node which is always ahead
/// is compared all the same, and the latest.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    waiting: Vec<Point>,
    /// The furthest point that was compared and is the same.
    agreed: Option<Point>,
}

/// How many points of a node wait at the most.
const WAITING_MAX: usize = 2;

impl Claims {
    pub(crate) fn said(&mut self, point: Point) {
        if self.agreed == Some(point) || self.waiting.last() == Some(&point) {
            return;
        }
        self.waiting.truncate(WAITING_MAX - 1);
        self.waiting.push(point);
    }

    /// Forgets everything: the node has begun anew.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The places up to a head at which the own chain is wanted.
    pub(crate) fn wanted(&self, head: Position) -> impl Iterator<Item = Position> {
        self.waiting.iter().map(|point| point.position).filter(move |position| *position <= head)
    }

    /// Up to where the chains are known to be the same.
    pub(crate) fn agreed(&self) -> Position {
        self.agreed.map_or(Position::START, |point| point.position)
    }

    /// Compares what can be compared with the own chains, and gives the first difference.
    pub(crate) fn compare(&mut self, own: &BTreeMap<Position, Digest>) -> Option<Difference> {
        let mut different = None;
        for point in std::mem::take(&mut self.waiting) {
            let Point { position, chain: theirs } = point;
            match own.get(&position) {
                None => self.waiting.push(point),
                Some(own) if *own == theirs => {
                    if position >= self.agreed() {
                        self.agreed = Some(point);
                    }
                }
                Some(own) => {
                    different = different.or(Some(Difference::Chain { position, own: *own, theirs }));
                }
            }
        }
        different
    }
}
