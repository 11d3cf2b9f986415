//! What an instruction is about, so that a second word about it in one submission is seen.

use crate::command::Command;
use crate::event::Comparator;
use crate::ids::{ActorId, AreaId, CohortId, MeasureId, NeighboursId, ScorecardId, SubmissionId, ViewId};
use crate::period::Span;
use crate::result::Cell;
use crate::target::TargetKey;
use crate::time::Date;

/// Two instructions with one key, known at one instant, contradict one another or say one thing twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key<'a> {
    Actor(&'a ActorId),
    Area(&'a AreaId),
    Cohort(&'a CohortId),
    Measure(&'a MeasureId),
    MeasureEnd(&'a MeasureId),
    Result(&'a Cell),
    Target(&'a TargetKey, Span),
    Benchmark(&'a Cell, &'a Comparator),
    Commentary(&'a Cell),
    Action(&'a Cell),
    Neighbours(&'a NeighboursId),
    RatingRule(Option<&'a MeasureId>, Date),
    DirectionMethod(Option<&'a MeasureId>, Date),
    Scorecard(&'a ScorecardId, Option<Date>),
    Submission(SubmissionId),
    Format,
    View(&'a ViewId),
    LateFigure(&'a ViewId, &'a Cell),
}

impl<'a> Key<'a> {
    /// `None` for what may be said many times: a row put aside, an act of a committee.
    pub(super) const fn of(command: &'a Command) -> Option<Self> {
        Some(match command {
            Command::NameActor(named) => Self::Actor(&named.actor),
            Command::DefineArea(area) => Self::Area(&area.area),
            Command::DefineCohort(cohort) => Self::Cohort(&cohort.cohort),
            Command::DefineMeasure { definition, .. } => Self::Measure(&definition.measure),
            Command::WithdrawMeasure(withdrawn) => Self::MeasureEnd(&withdrawn.measure),
            Command::RecordResult(recorded) => Self::Result(&recorded.cell),
            Command::WithdrawResult(cell) => Self::Result(cell),
            Command::ChangeTarget(changed) => Self::Target(&changed.key, changed.span),
            Command::WithdrawTarget(withdrawn) => Self::Target(&withdrawn.key, withdrawn.span),
            Command::RecordBenchmark(benchmark) => Self::Benchmark(&benchmark.cell, &benchmark.comparator),
            Command::AdoptNeighbours(list) => Self::Neighbours(&list.list),
            Command::WriteCommentary { cell, .. } => Self::Commentary(cell),
            Command::AgreeAction { cell, .. } => Self::Action(cell),
            Command::AdoptRatingRule(rule) => Self::RatingRule(rule.measure.as_ref(), rule.from),
            Command::AdoptDirectionMethod(rule) => Self::DirectionMethod(rule.measure.as_ref(), rule.from),
            Command::DefineScorecard(definition) => Self::Scorecard(&definition.scorecard, definition.remit.from),
            Command::RollBackSubmission(id) | Command::ReinstateSubmission(id) => Self::Submission(*id),
            Command::RaiseFormat(_) => Self::Format,
            Command::PublishView(draft) => Self::View(&draft.view),
            Command::TellLateFigure { view, cell, .. } => Self::LateFigure(view, cell),
            Command::SetAside(_) | Command::RecordCommitteeAct { .. } => return None,
        })
    }
}
