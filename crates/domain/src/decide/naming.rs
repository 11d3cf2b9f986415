//! What a command is about, in words and codes.

use crate::command::Command;
use crate::period::Span;
use crate::result::{Cell, Series};
use crate::target::TargetKey;

impl Command {
    /// The noun that tallies are kept under.
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::NameActor(_) => "actor",
            Self::DefineArea(_) => "area",
            Self::DefineCohort(_) => "cohort",
            Self::DefineMeasure { .. } | Self::WithdrawMeasure(_) => "measure",
            Self::RecordResult(_) | Self::WithdrawResult(_) => "result",
            Self::ChangeTarget(_) | Self::WithdrawTarget(_) => "target",
            Self::RecordBenchmark(_) => "benchmark",
            Self::AdoptNeighbours(_) => "neighbour list",
            Self::WriteCommentary { .. } => "commentary",
            Self::AgreeAction { .. } => "action",
            Self::PublishView(_) => "view",
            Self::RecordCommitteeAct { .. } => "committee act",
            Self::TellLateFigure { .. } => "late figure",
            Self::AdoptRatingRule(_) | Self::AdoptDirectionMethod(_) => "rule",
            Self::DefineScorecard(_) => "scorecard",
            Self::RollBackSubmission(_) | Self::ReinstateSubmission(_) => "submission",
            Self::SetAside(_) => "row set aside",
            Self::RaiseFormat(_) => "log format",
        }
    }

    /// What it is about, in codes: `result of ehcp-20-weeks, E10000016, all, September 2018`.
    pub fn subject(&self) -> String {
        let noun = self.noun();
        let cell = |cell: &Cell| {
            let Series { measure, area, cohort } = &cell.series;
            format!("{noun} of {measure}, {area}, {cohort}, {}", cell.period)
        };
        let target = |key: &TargetKey, span: Span| {
            format!("{} {noun} of {}, {}, {}, {span}", key.owner.word(), key.measure, key.area, key.cohort)
        };
        match self {
            Self::NameActor(named) => format!("{noun} {}", named.actor),
            Self::DefineArea(area) => format!("{noun} {}", area.area),
            Self::DefineCohort(cohort) => format!("{noun} {}", cohort.cohort),
            Self::DefineMeasure { definition, .. } => format!("{noun} {}", definition.measure),
            Self::WithdrawMeasure(withdrawn) => format!("{noun} {}", withdrawn.measure),
            Self::RecordResult(recorded) => cell(&recorded.cell),
            Self::WithdrawResult(withdrawn) => cell(withdrawn),
            Self::ChangeTarget(changed) => target(&changed.key, changed.span),
            Self::WithdrawTarget(withdrawn) => target(&withdrawn.key, withdrawn.span),
            Self::RecordBenchmark(benchmark) => cell(&benchmark.cell),
            Self::AdoptNeighbours(list) => format!("{noun} {}", list.list),
            Self::WriteCommentary { cell: about, .. }
            | Self::AgreeAction { cell: about, .. }
            | Self::TellLateFigure { cell: about, .. } => cell(about),
            Self::PublishView(draft) => format!("{noun} {}", draft.view),
            Self::RecordCommitteeAct { view, .. } => format!("{noun} on {view}"),
            Self::AdoptRatingRule(rule) | Self::AdoptDirectionMethod(rule) => {
                format!("{noun} {} from {}", rule.rule, rule.from)
            }
            Self::DefineScorecard(definition) => format!("{noun} {}", definition.scorecard),
            Self::RollBackSubmission(id) | Self::ReinstateSubmission(id) => format!("{noun} {id}"),
            Self::SetAside(row) => format!("{noun}: {}", row.text),
            Self::RaiseFormat(format) => format!("{noun} {format}"),
        }
    }
}
