//! What one asks for: imperative, one for each thing that can become so.

use crate::event::{
    ActorNamed, AreaDefined, BenchmarkRecorded, CohortDefined, MeasureWithdrawn, NeighboursAdopted, ResultRecorded,
    RowSetAside, RuleAdopted, Source, TargetChanged, TargetWithdrawn,
};
use crate::ids::{Actor, Digest, Origin, ScorecardId, SubmissionId, ViewId};
use crate::measure::Definition;
use crate::result::{Cell, Figure, Status, Why};
use crate::scorecard::{Layout, Remit};
use crate::time::{Date, Timestamp};
use crate::view::{CommitteeAct, ViewDraft};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Give an actor a name.
    NameActor(ActorNamed),
    /// Define an area, or give it another name.
    DefineArea(AreaDefined),
    /// Define a cohort, or describe it otherwise.
    DefineCohort(CohortDefined),
    /// Define or revise a measure.
    DefineMeasure {
        /// The whole definition. Its text may be of any length up to 64 KiB; a long one is stored as content.
        definition: Definition,
        /// Whether it must be new, or must be there.
        expect: Expect,
    },
    /// End a measure.
    WithdrawMeasure(MeasureWithdrawn),
    /// Record a figure, or the reason for having none.
    RecordResult(ResultRecorded),
    /// Empty a cell.
    WithdrawResult(Cell),
    /// Set a target and its minimum standard for a span of periods.
    ChangeTarget(TargetChanged),
    /// End a target for a span of periods.
    WithdrawTarget(TargetWithdrawn),
    /// Record a comparator's figure beside a result.
    RecordBenchmark(BenchmarkRecorded),
    /// Adopt a list of neighbours.
    AdoptNeighbours(NeighboursAdopted),
    /// Write about a figure as it stands.
    WriteCommentary {
        /// About which cell.
        cell: Cell,
        /// The words, up to 64 KiB.
        text: String,
    },
    /// Agree what is done about a figure as it stands.
    AgreeAction {
        /// About which cell.
        cell: Cell,
        /// What is done, up to 64 KiB.
        text: String,
        /// Who sees to it.
        owner: String,
        /// By when.
        due: Date,
    },
    /// Compute ratings by a rule, from a day.
    AdoptRatingRule(RuleAdopted),
    /// Compute directions of travel by a method, from a day.
    AdoptDirectionMethod(RuleAdopted),
    /// Define a scorecard, or lay it out anew.
    DefineScorecard(ScorecardDefinition),
    /// Take a submission out of every answer from now on.
    RollBackSubmission(SubmissionId),
    /// Let a rolled back submission count again.
    ReinstateSubmission(SubmissionId),
    /// Put a row aside that could not be taken in.
    SetAside(RowSetAside),
    /// Let the log hold records of this format from now on.
    RaiseFormat(u16),
    /// Publish a committee's view. By itself, and never taken back.
    PublishView(ViewDraft),
    /// Record what a committee did with a view.
    RecordCommitteeAct {
        /// With which view.
        view: ViewId,
        /// What it did.
        act: CommitteeAct,
        /// In its words, up to 64 KiB; may be empty where it noted.
        text: String,
    },
    /// Record a figure that was told at the meeting.
    TellLateFigure {
        /// Beside which view.
        view: ViewId,
        /// Which figure.
        cell: Cell,
        /// The figure and how settled it is; `None` when it was told in words alone.
        told: Option<(Figure, Status)>,
        /// The words, up to 64 KiB; may be empty beside a figure.
        text: String,
    },
}

/// Whether a measure that is being defined may be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It must not be.
    New,
    /// It must be.
    Existing,
    /// Either: a file of definitions is compared with what stands.
    Either,
}

/// A scorecard's layout, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorecardDefinition {
    /// Which.
    pub scorecard: ScorecardId,
    /// What members read.
    pub title: String,
    /// Which committee it goes to; may be empty.
    pub committee: String,
    /// Sections and rows, at most [`crate::limits::SCORECARD_ROWS_MAX`].
    pub layout: Layout,
    /// From when, and who answers for it.
    pub remit: Remit,
}

/// A command with where it came from, when it was known, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// What to do.
    pub command: Command,
    /// When it was known; `None` for now. An earlier instant makes it a backfill.
    pub known_at: Option<Timestamp>,
    /// Why.
    pub why: Why,
    /// Its line, when it came from a file.
    pub origin: Option<Origin>,
}

/// What was put in at once, to be taken whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The client's identifier, or one made from the digest: never used for anything else, for ever.
    pub id: SubmissionId,
    /// SHA-256 of the request.
    pub digest: Digest,
    /// Who puts it in.
    pub actor: Actor,
    /// Its files, at most [`crate::limits::SUBMISSION_FILES_MAX`].
    pub files: Vec<SubmittedFile>,
    /// What to do, in order.
    pub instructions: Vec<Instruction>,
}

/// A file of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedFile {
    /// What is recorded of it.
    pub source: Source,
    /// Its bytes, when `source.stored`.
    pub bytes: Vec<u8>,
}
