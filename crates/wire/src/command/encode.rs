//! Commands as a client sends them.

use domain::command::{Command, ScorecardDefinition};
use domain::event::{
    AreaDefined, BenchmarkRecorded, MeasureWithdrawn, NeighboursAdopted, TargetChanged, TargetWithdrawn,
};
use domain::ids::AreaId;

use crate::v1::{self, instruction};
use crate::value::{
    self, encode_cell, encode_span, enums,
    figure::{encode_benchmark, encode_comparator, encode_entry, encode_stated_period},
    meeting::{encode_remit, encode_told},
    target::{encode_key, encode_terms},
};

/// One arm for each command; `None` for what no client sends.
pub(super) fn command(command: &Command) -> Option<instruction::Command> {
    use instruction::Command as Wire;
    Some(match command {
        Command::PublishView(_) => return None,
        Command::NameActor(named) => {
            Wire::NameActor(v1::NameActor { actor: named.actor.to_string(), name: named.name.clone() })
        }
        Command::DefineArea(area) => Wire::DefineArea(define_area(area)),
        Command::DefineCohort(cohort) => Wire::DefineCohort(v1::DefineCohort {
            cohort: cohort.cohort.to_string(),
            name: cohort.name.clone(),
            description: cohort.description.clone(),
        }),
        Command::DefineMeasure { definition, expect } => Wire::DefineMeasure(v1::DefineMeasure {
            definition: Some(value::definition::encode(definition)),
            expect: enums::expect::encode(*expect).into(),
        }),
        Command::WithdrawMeasure(withdrawn) => Wire::WithdrawMeasure(withdraw_measure(withdrawn)),
        Command::RecordResult(recorded) => Wire::RecordResult(v1::RecordResult {
            cell: Some(encode_cell(&recorded.cell)),
            entry: Some(encode_entry(&recorded.entry)),
        }),
        Command::WithdrawResult(cell) => Wire::WithdrawResult(v1::WithdrawResult { cell: Some(encode_cell(cell)) }),
        Command::ChangeTarget(changed) => Wire::ChangeTarget(change_target(changed)),
        Command::WithdrawTarget(withdrawn) => Wire::WithdrawTarget(withdraw_target(withdrawn)),
        Command::RecordBenchmark(benchmark) => Wire::RecordBenchmark(record_benchmark(benchmark)),
        Command::AdoptNeighbours(adopted) => Wire::AdoptNeighbours(adopt_neighbours(adopted)),
        Command::WriteCommentary { cell, text } => {
            Wire::WriteCommentary(v1::WriteCommentary { cell: Some(encode_cell(cell)), text: text.clone() })
        }
        Command::AdoptRatingRule(adopted) => Wire::AdoptRatingRule(v1::AdoptRatingRule {
            rule: adopted.rule.to_string(),
            measure: adopted.measure.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: adopted.from.to_string(),
        }),
        Command::AdoptDirectionMethod(adopted) => Wire::AdoptDirectionMethod(v1::AdoptDirectionMethod {
            method: adopted.rule.to_string(),
            measure: adopted.measure.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: adopted.from.to_string(),
        }),
        Command::DefineScorecard(scorecard) => Wire::DefineScorecard(define_scorecard(scorecard)),
        Command::RollBackSubmission(id) => {
            Wire::RollBackSubmission(v1::RollBackSubmission { submission_id: id.to_string() })
        }
        Command::ReinstateSubmission(id) => {
            Wire::ReinstateSubmission(v1::ReinstateSubmission { submission_id: id.to_string() })
        }
        Command::SetAside(row) => Wire::SetAside(v1::SetAside {
            text: row.text.clone(),
            field: row.field.clone(),
            problem: row.problem.clone(),
        }),
        Command::RaiseFormat(format) => Wire::RaiseFormat(v1::RaiseFormat { format: (*format).into() }),
        Command::AgreeAction { cell, text, owner, due } => Wire::AgreeAction(v1::AgreeAction {
            cell: Some(encode_cell(cell)),
            text: text.clone(),
            owner: owner.clone(),
            due: due.to_string(),
        }),
        Command::RecordCommitteeAct { view, act, text } => Wire::RecordCommitteeAct(v1::RecordCommitteeAct {
            view: view.to_string(),
            act: enums::committee_act::encode(*act).into(),
            text: text.clone(),
        }),
        Command::TellLateFigure { view, cell, told, text } => Wire::TellLateFigure(v1::TellLateFigure {
            view: view.to_string(),
            cell: Some(encode_cell(cell)),
            told: told.map(encode_told),
            text: text.clone(),
        }),
    })
}

fn define_area(area: &AreaDefined) -> v1::DefineArea {
    v1::DefineArea {
        area: area.area.to_string(),
        name: area.name.clone(),
        level: enums::area_level::encode(area.level).into(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

fn withdraw_measure(withdrawn: &MeasureWithdrawn) -> v1::WithdrawMeasure {
    v1::WithdrawMeasure {
        measure: withdrawn.measure.to_string(),
        from: withdrawn.from.to_string(),
        successor: withdrawn.successor.as_ref().map(ToString::to_string).unwrap_or_default(),
        comparable: withdrawn.comparable,
    }
}

fn change_target(changed: &TargetChanged) -> v1::ChangeTarget {
    v1::ChangeTarget {
        key: Some(encode_key(&changed.key)),
        span: Some(encode_span(changed.span)),
        terms: Some(encode_terms(changed.terms)),
        decision: changed.decision.clone(),
    }
}

fn withdraw_target(withdrawn: &TargetWithdrawn) -> v1::WithdrawTarget {
    v1::WithdrawTarget {
        key: Some(encode_key(&withdrawn.key)),
        span: Some(encode_span(withdrawn.span)),
        decision: withdrawn.decision.clone(),
    }
}

fn record_benchmark(benchmark: &BenchmarkRecorded) -> v1::RecordBenchmark {
    v1::RecordBenchmark {
        cell: Some(encode_cell(&benchmark.cell)),
        comparator: Some(encode_comparator(&benchmark.comparator)),
        figure: Some(encode_benchmark(&benchmark.figure)),
        period: encode_stated_period(&benchmark.period),
        source: benchmark.source.clone(),
    }
}

fn adopt_neighbours(adopted: &NeighboursAdopted) -> v1::AdoptNeighbours {
    v1::AdoptNeighbours {
        list: adopted.list.to_string(),
        area: adopted.area.to_string(),
        from: adopted.from.to_string(),
        members: adopted.members.iter().map(AreaId::to_string).collect(),
        average: enums::average::encode(adopted.average).into(),
        at_least: adopted.at_least.into(),
    }
}

fn define_scorecard(scorecard: &ScorecardDefinition) -> v1::DefineScorecard {
    v1::DefineScorecard {
        scorecard: scorecard.scorecard.to_string(),
        title: scorecard.title.clone(),
        committee: scorecard.committee.clone(),
        layout: Some(value::layout::encode(&scorecard.layout)),
        remit: encode_remit(&scorecard.remit),
    }
}
