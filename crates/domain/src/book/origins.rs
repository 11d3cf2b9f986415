//! With which submission, from which line and why each result came, kept for runs of records.
//!
//! The rows of a file become records in the order of their lines, so that one entry says it for all of them.

use std::num::NonZeroU32;

use crate::event::Attribution;
use crate::history::SubmissionNumber;
use crate::ids::{Origin, Position};
use crate::result::Why;

/// Records whose line is as far from the first's as their position is, or that have none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    first: u64,
    submission: SubmissionNumber,
    /// The first's line.
    origin: Option<Origin>,
    /// Among the reasons.
    why: usize,
}

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    runs: Vec<Run>,
    whys: Vec<Why>,
}

/// How many of the last reasons are looked at for one that is given again.
const REASONS_LOOKED_AT: usize = 8;

impl Run {
    fn origin_at(&self, position: u64) -> Option<Origin> {
        let Origin { file, line } = self.origin?;
        let further = u32::try_from(position.checked_sub(self.first)?).ok()?;
        Some(Origin { file, line: NonZeroU32::new(line.get().checked_add(further)?)? })
    }
}

impl Origins {
    /// Adds a record that is later than those before it.
    pub(crate) fn add(&mut self, position: Position, submission: SubmissionNumber, attribution: &Attribution) {
        let Attribution { origin, why, .. } = attribution;
        let position = position.get();
        let why = self.reason(why);
        let continued = self.runs.last().is_some_and(|run| {
            run.why == why
                && run.submission == submission
                && (run.origin.is_none() && origin.is_none() || origin.is_some() && run.origin_at(position) == *origin)
        });
        if !continued {
            self.runs.push(Run { first: position, submission, origin: *origin, why });
        }
    }

    /// The place of a reason: one of the last that were met, as a file's rows have a few, or a new one.
    fn reason(&mut self, why: &Why) -> usize {
        let n = self.whys.len();
        let last = self.whys.iter().rev().take(REASONS_LOOKED_AT).position(|known| known == why);
        last.and_then(|back| n.checked_sub(back.saturating_add(1))).unwrap_or_else(|| {
            self.whys.push(why.clone());
            n
        })
    }

    fn run(&self, position: Position) -> Option<&Run> {
        let n = self.runs.partition_point(|run| run.first <= position.get());
        self.runs.get(n.checked_sub(1)?)
    }

    /// With which submission the record at a position came. Cost: a binary search among the runs.
    pub(crate) fn submission(&self, position: Position) -> Option<SubmissionNumber> {
        self.run(position).map(|run| run.submission)
    }

    /// From which line, and why.
    pub(crate) fn note(&self, position: Position) -> (Option<Origin>, Why) {
        let run = self.run(position);
        let why = run.and_then(|run| self.whys.get(run.why)).cloned().unwrap_or_default();
        (run.and_then(|run| run.origin_at(position.get())), why)
    }
}
