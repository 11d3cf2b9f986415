//! Commands as a server reads them.

use domain::command::{Command, ScorecardDefinition};
use domain::event::{
    ActorNamed, AreaDefined, BenchmarkRecorded, CohortDefined, MeasureWithdrawn, NeighboursAdopted, ResultRecorded,
    RowSetAside, RuleAdopted, TargetChanged, TargetWithdrawn,
};
use domain::limits::{CONTENT_BYTES_MAX, NAME_BYTES_MAX, NEIGHBOURS_MAX, REASON_BYTES_MAX, TEXT_BYTES_MAX};

use crate::v1::{self, instruction};
use crate::value::{
    self, code, code_if_any, decode_cell, decode_date, decode_span, enums,
    figure::{decode_benchmark, decode_comparator, decode_entry, decode_stated_period},
    id,
    meeting::{decode_remit, decode_told},
    target::{decode_key, decode_terms},
    text, text_required,
};
use crate::violation::{Decoded, FieldViolation, list, optional, required};

/// One arm for each command; a violation is named from the instruction.
pub(super) fn command(command: instruction::Command) -> Decoded<Command> {
    use instruction::Command as Wire;
    match command {
        Wire::NameActor(message) => within("name_actor", name_actor(message)),
        Wire::DefineArea(message) => within("define_area", define_area(message)),
        Wire::DefineCohort(message) => within("define_cohort", define_cohort(message)),
        Wire::DefineMeasure(message) => within("define_measure", define_measure(message)),
        Wire::WithdrawMeasure(message) => within("withdraw_measure", withdraw_measure(message)),
        Wire::RecordResult(message) => within("record_result", record_result(message)),
        Wire::WithdrawResult(message) => {
            within("withdraw_result", required("cell", message.cell, decode_cell).map(Command::WithdrawResult))
        }
        Wire::ChangeTarget(message) => within("change_target", change_target(message)),
        Wire::WithdrawTarget(message) => within("withdraw_target", withdraw_target(message)),
        Wire::RecordBenchmark(message) => within("record_benchmark", record_benchmark(message)),
        Wire::AdoptNeighbours(message) => within("adopt_neighbours", adopt_neighbours(message)),
        Wire::WriteCommentary(message) => within("write_commentary", write_commentary(message)),
        Wire::AdoptRatingRule(v1::AdoptRatingRule { rule, measure, from }) => {
            within("adopt_rating_rule", adopt(("rule", &rule), &measure, &from).map(Command::AdoptRatingRule))
        }
        Wire::AdoptDirectionMethod(v1::AdoptDirectionMethod { method, measure, from }) => within(
            "adopt_direction_method",
            adopt(("method", &method), &measure, &from).map(Command::AdoptDirectionMethod),
        ),
        Wire::DefineScorecard(message) => within("define_scorecard", define_scorecard(message)),
        Wire::RollBackSubmission(message) => {
            within("roll_back_submission", id("submission_id", &message.submission_id).map(Command::RollBackSubmission))
        }
        Wire::ReinstateSubmission(message) => within(
            "reinstate_submission",
            id("submission_id", &message.submission_id).map(Command::ReinstateSubmission),
        ),
        Wire::SetAside(message) => within("set_aside", set_aside(message)),
        Wire::RaiseFormat(message) => within("raise_format", raise_format(message)),
        Wire::AgreeAction(message) => within("agree_action", agree_action(message)),
        Wire::RecordCommitteeAct(message) => within("record_committee_act", record_committee_act(message)),
        Wire::TellLateFigure(message) => within("tell_late_figure", tell_late_figure(message)),
    }
}

fn within(field: &str, decoded: Decoded<Command>) -> Decoded<Command> {
    decoded.map_err(|violation| violation.within(field))
}

fn name_actor(message: v1::NameActor) -> Decoded<Command> {
    Ok(Command::NameActor(ActorNamed {
        actor: code("actor", &message.actor)?,
        name: text_required("name", message.name, NAME_BYTES_MAX)?,
    }))
}

fn define_area(message: v1::DefineArea) -> Decoded<Command> {
    Ok(Command::DefineArea(AreaDefined {
        area: code("area", &message.area)?,
        name: text_required("name", message.name, NAME_BYTES_MAX)?,
        level: enums::area_level::decode("level", message.level)?,
        parent: code_if_any("parent", &message.parent)?,
    }))
}

fn define_cohort(message: v1::DefineCohort) -> Decoded<Command> {
    Ok(Command::DefineCohort(CohortDefined {
        cohort: code("cohort", &message.cohort)?,
        name: text_required("name", message.name, NAME_BYTES_MAX)?,
        description: text("description", message.description, REASON_BYTES_MAX)?,
    }))
}

fn define_measure(message: v1::DefineMeasure) -> Decoded<Command> {
    Ok(Command::DefineMeasure {
        definition: required("definition", message.definition, value::definition::decode)?,
        expect: enums::expect::decode("expect", message.expect)?,
    })
}

fn withdraw_measure(message: v1::WithdrawMeasure) -> Decoded<Command> {
    let v1::WithdrawMeasure { measure, from, successor, comparable } = message;
    Ok(Command::WithdrawMeasure(MeasureWithdrawn {
        measure: code("measure", &measure)?,
        from: decode_date("from", &from)?,
        successor: code_if_any("successor", &successor)?,
        comparable,
    }))
}

fn record_result(message: v1::RecordResult) -> Decoded<Command> {
    Ok(Command::RecordResult(ResultRecorded {
        cell: required("cell", message.cell, decode_cell)?,
        entry: required("entry", message.entry, decode_entry)?,
    }))
}

fn change_target(message: v1::ChangeTarget) -> Decoded<Command> {
    Ok(Command::ChangeTarget(TargetChanged {
        key: required("key", message.key, decode_key)?,
        span: required("span", message.span, decode_span)?,
        terms: required("terms", message.terms, decode_terms)?,
        decision: decision(message.decision)?,
    }))
}

fn withdraw_target(message: v1::WithdrawTarget) -> Decoded<Command> {
    Ok(Command::WithdrawTarget(TargetWithdrawn {
        key: required("key", message.key, decode_key)?,
        span: required("span", message.span, decode_span)?,
        decision: decision(message.decision)?,
    }))
}

fn decision(given: String) -> Decoded<String> {
    if given.is_empty() {
        return Err(FieldViolation::absent("decision", "name the minute, the plan or the letter"));
    }
    text("decision", given, REASON_BYTES_MAX)
}

fn record_benchmark(message: v1::RecordBenchmark) -> Decoded<Command> {
    Ok(Command::RecordBenchmark(BenchmarkRecorded {
        cell: required("cell", message.cell, decode_cell)?,
        comparator: required("comparator", message.comparator, decode_comparator)?,
        figure: decode_benchmark(message.figure)?,
        period: decode_stated_period("period", message.period)?,
        source: text("source", message.source, NAME_BYTES_MAX)?,
    }))
}

fn adopt_neighbours(message: v1::AdoptNeighbours) -> Decoded<Command> {
    if message.members.is_empty() {
        return Err(FieldViolation::absent("members", "give at least one neighbour"));
    }
    Ok(Command::AdoptNeighbours(NeighboursAdopted {
        list: code("list", &message.list)?,
        area: code("area", &message.area)?,
        from: decode_date("from", &message.from)?,
        members: list("members", message.members, NEIGHBOURS_MAX, |member| code("", &member))?,
        average: enums::average::decode("average", message.average)?,
        at_least: u8::try_from(message.at_least.max(1)).map_err(|_too_large| {
            let number = message.at_least.to_string();
            FieldViolation::new("at_least", &number, "is more than there are neighbours", "give at most their number")
        })?,
    }))
}

fn write_commentary(message: v1::WriteCommentary) -> Decoded<Command> {
    Ok(Command::WriteCommentary {
        cell: required("cell", message.cell, decode_cell)?,
        text: text_required("text", message.text, CONTENT_BYTES_MAX)?,
    })
}

fn agree_action(message: v1::AgreeAction) -> Decoded<Command> {
    Ok(Command::AgreeAction {
        cell: required("cell", message.cell, decode_cell)?,
        text: text_required("text", message.text, TEXT_BYTES_MAX)?,
        owner: text_required("owner", message.owner, NAME_BYTES_MAX)?,
        due: decode_date("due", &message.due)?,
    })
}

fn record_committee_act(message: v1::RecordCommitteeAct) -> Decoded<Command> {
    Ok(Command::RecordCommitteeAct {
        view: code("view", &message.view)?,
        act: enums::committee_act::decode("act", message.act)?,
        text: text("text", message.text, TEXT_BYTES_MAX)?,
    })
}

fn tell_late_figure(message: v1::TellLateFigure) -> Decoded<Command> {
    Ok(Command::TellLateFigure {
        view: code("view", &message.view)?,
        cell: required("cell", message.cell, decode_cell)?,
        told: optional("told", message.told, decode_told)?,
        text: text("text", message.text, TEXT_BYTES_MAX)?,
    })
}

fn adopt((field, rule): (&str, &str), measure: &str, from: &str) -> Decoded<RuleAdopted> {
    Ok(RuleAdopted {
        rule: code(field, rule)?,
        measure: code_if_any("measure", measure)?,
        from: decode_date("from", from)?,
    })
}

fn define_scorecard(message: v1::DefineScorecard) -> Decoded<Command> {
    Ok(Command::DefineScorecard(ScorecardDefinition {
        scorecard: code("scorecard", &message.scorecard)?,
        title: text_required("title", message.title, NAME_BYTES_MAX)?,
        committee: text("committee", message.committee, NAME_BYTES_MAX)?,
        layout: required("layout", message.layout, value::layout::decode)?,
        remit: optional("remit", message.remit, decode_remit)?.unwrap_or_default(),
    }))
}

fn set_aside(message: v1::SetAside) -> Decoded<Command> {
    Ok(Command::SetAside(RowSetAside {
        text: text("text", message.text, REASON_BYTES_MAX)?,
        field: text("field", message.field, NAME_BYTES_MAX)?,
        problem: text_required("problem", message.problem, REASON_BYTES_MAX)?,
    }))
}

fn raise_format(message: v1::RaiseFormat) -> Decoded<Command> {
    match u16::try_from(message.format) {
        Ok(0) => Err(FieldViolation::absent("format", "give the format that the log is to have")),
        Ok(format) => Ok(Command::RaiseFormat(format)),
        Err(_too_large) => {
            Err(FieldViolation::new("format", message.format, "is not a record format", "give one of 1 to 65,535"))
        }
    }
}
