//! With which submission, from which line and why each result came, kept for runs of records.
//!
//! The rows of a file become records in the order of their lines, so that one entry says it for all of them.

use std::num::NonZeroU32;

use super::saved::{Parts, Reader, Tag, put_text};
use crate::history::SubmissionNumber;
use crate::ids::{Origin, Position};
use crate::result::{Cause, Why};

/// Records whose line is as far from the first's as their position is, or that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineRun {
    pub(super) first: u64,
    /// The first's line.
    pub(super) origin: Option<Origin>,
}

/// Records of one run of lines that came with one submission, and for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    lines: LineRun,
    submission: SubmissionNumber,
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

impl LineRun {
    #[inline]
    fn origin_at(self, position: u64) -> Option<Origin> {
        let Origin { file, line } = self.origin?;
        let further = u32::try_from(position.checked_sub(self.first)?).ok()?;
        Some(Origin { file, line: NonZeroU32::new(line.get().checked_add(further)?)? })
    }

    /// Whether a later record is of the run, by its line.
    #[inline]
    pub(super) fn continues(self, position: u64, origin: Option<Origin>) -> bool {
        match (self.origin, origin) {
            (None, None) => true,
            (Some(_), Some(_)) => self.origin_at(position) == origin,
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}

impl Origins {
    /// Adds a record that is later than those before it, or some that follow one another and are of one run.
    pub(crate) fn add(&mut self, position: Position, submission: SubmissionNumber, origin: Option<Origin>, why: &Why) {
        let position = position.get();
        let why = self.reason(why);
        let continues =
            |run: &Run| run.why == why && run.submission == submission && run.lines.continues(position, origin);
        if !self.runs.last().is_some_and(continues) {
            self.runs.push(Run { lines: LineRun { first: position, origin }, submission, why });
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
        let n = self.runs.partition_point(|run| run.lines.first <= position.get());
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
        (run.and_then(|run| run.lines.origin_at(position.get())), why)
    }
}

/// What was given as the cause of a reason, by number.
const CAUSES: [Option<Cause>; 4] =
    [None, Some(Cause::ScheduledRevision), Some(Cause::MethodChange), Some(Cause::CorrectionOfError)];

/// As items of parts, and back; see [`super::saved`].
impl Origins {
    pub(super) fn save<E>(&self, parts: &mut Parts<'_, E>) -> Result<(), E> {
        for why in &self.whys {
            parts.item(Tag::Why, |bytes| {
                put_text(bytes, &why.reason);
                let cause = CAUSES.iter().position(|cause| *cause == why.cause);
                bytes.push(cause.and_then(|cause| u8::try_from(cause).ok()).unwrap_or(0));
            })?;
        }
        for run in &self.runs {
            let LineRun { first, origin } = run.lines;
            let (file, line) = origin.map_or((0, 0), |it| (u32::from(it.file).saturating_add(1), it.line.get()));
            let why = u32::try_from(run.why).unwrap_or(u32::MAX);
            parts.item(Tag::Run, |bytes| {
                bytes.extend_from_slice(&first.to_le_bytes());
                bytes.extend([run.submission.0, why, file, line].into_iter().flat_map(u32::to_le_bytes));
            })?;
        }
        Ok(())
    }

    pub(super) fn restore_why(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let reason = reader.text()?.to_owned();
        let cause = *CAUSES.get(usize::from(reader.u8()?))?;
        self.whys.push(Why { reason, cause });
        Some(())
    }

    pub(super) fn restore_run(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let (first, submission, why) = (reader.u64()?, SubmissionNumber(reader.u32()?), reader.n()?);
        let origin = match (reader.u32()?, NonZeroU32::new(reader.u32()?)) {
            (0, None) => None,
            (file, line) => Some(Origin { file: u16::try_from(file.checked_sub(1)?).ok()?, line: line? }),
        };
        let follows = self.runs.last().is_none_or(|last| last.lines.first < first) && why < self.whys.len();
        self.runs.push(Run { lines: LineRun { first, origin }, submission, why });
        follows.then_some(())
    }
}
