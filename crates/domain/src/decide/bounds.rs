//! Checking an instruction against the bounds on what a record may hold, before anything else is asked of it.

use crate::command::{Command, Instruction};
use crate::decide::Rejection;
use crate::event::{BenchmarkRecorded, CommitteeAct, NeighboursAdopted};
use crate::limits::{
    CONTENT_BYTES_MAX, NAME_BYTES_MAX, NEIGHBOURS_MAX, REASON_BYTES_MAX, SCORECARD_ROWS_MAX, TEXT_BYTES_MAX,
    WARNINGS_BYTES_MAX,
};
use crate::measure::{Content, Definition};
use crate::number::{DECIMAL_PLACES_MAX, MULTIPLIER_MAX};
use crate::result::{ResultEntry, StatedPeriod};
use crate::view::ViewDraft;

/// # Errors
/// The first [`Rejection`] of a text that is too long, not one line, or required and empty, or of a number outside its
/// bounds.
pub(super) fn check(instruction: &Instruction) -> Result<(), Rejection> {
    one_line_at_most("reason", &instruction.why.reason, REASON_BYTES_MAX)?;
    match &instruction.command {
        Command::NameActor(named) => name("name", &named.name),
        Command::DefineArea(area) => name("name", &area.name),
        Command::DefineCohort(cohort) => {
            name("name", &cohort.name)?;
            at_most("description", &cohort.description, REASON_BYTES_MAX)
        }
        Command::DefineMeasure { definition, .. } => check_definition(definition),
        Command::WithdrawMeasure(_) => required(instruction, "withdrawing a measure"),
        Command::RecordResult(recorded) => check_entry(&recorded.entry),
        Command::WithdrawResult(_) => required(instruction, "withdrawing a result"),
        Command::ChangeTarget(changed) => {
            required(instruction, "a target")?;
            check_decision(&changed.decision)
        }
        Command::WithdrawTarget(withdrawn) => {
            required(instruction, "withdrawing a target")?;
            check_decision(&withdrawn.decision)
        }
        Command::RecordBenchmark(benchmark) => check_benchmark(benchmark),
        Command::AdoptNeighbours(list) => check_neighbours(list),
        Command::WriteCommentary { text, .. } => {
            not_empty("text", text)?;
            at_most("text", text, TEXT_BYTES_MAX)
        }
        Command::AdoptRatingRule(_) => required(instruction, "adopting a rating rule"),
        Command::AdoptDirectionMethod(_) => required(instruction, "adopting a direction method"),
        Command::DefineScorecard(definition) => {
            name("title", &definition.title)?;
            one_line_at_most("committee", &definition.committee, NAME_BYTES_MAX)?;
            one_line_at_most("owner", &definition.remit.owner, NAME_BYTES_MAX)?;
            one_line_at_most("director", &definition.remit.director, NAME_BYTES_MAX)?;
            too_many("rows", definition.layout.rows().count(), SCORECARD_ROWS_MAX)?;
            too_many("sections", definition.layout.sections.len(), SCORECARD_ROWS_MAX)?;
            definition.layout.sections.iter().try_for_each(|section| name("section", &section.title))
        }
        Command::AgreeAction { text, owner, .. } => {
            not_empty("text", text)?;
            at_most("text", text, TEXT_BYTES_MAX)?;
            name("owner", owner)
        }
        Command::PublishView(draft) => check_view(draft, instruction),
        Command::RecordCommitteeAct { act, text, .. } => {
            at_most("text", text, TEXT_BYTES_MAX)?;
            if *act == CommitteeAct::Noted { Ok(()) } else { not_empty("text", text) }
        }
        Command::TellLateFigure { told, text, .. } => {
            at_most("text", text, TEXT_BYTES_MAX)?;
            if told.is_some() { Ok(()) } else { not_empty("text", text) }
        }
        Command::RollBackSubmission(_) => required(instruction, "rolling back a submission"),
        Command::ReinstateSubmission(_) => required(instruction, "reinstating a submission"),
        Command::RaiseFormat(_) => required(instruction, "raising the log's format"),
        Command::SetAside(row) => {
            at_most("row", &row.text, REASON_BYTES_MAX)?;
            at_most("field", &row.field, NAME_BYTES_MAX)?;
            at_most("problem", &row.problem, REASON_BYTES_MAX)
        }
    }
}

fn check_definition(definition: &Definition) -> Result<(), Rejection> {
    name("title", &definition.title)?;
    one_line_at_most("unit", &definition.unit.label, NAME_BYTES_MAX)?;
    one_line_at_most("data_source", &definition.data_source, NAME_BYTES_MAX)?;
    one_line_at_most("owner", &definition.owner, NAME_BYTES_MAX)?;
    if let Content::Inline(text) = &definition.definition {
        at_most("definition", text, TEXT_BYTES_MAX)?;
    }
    let multiplier = definition.unit.multiplier;
    if multiplier == 0 || multiplier > MULTIPLIER_MAX {
        let value = multiplier.to_string();
        return Err(Rejection::OutOfBounds { field: "unit", value, bounds: "a rate per 1 to 1,000,000" });
    }
    if definition.decimal_places > DECIMAL_PLACES_MAX {
        let value = definition.decimal_places.to_string();
        return Err(Rejection::OutOfBounds { field: "decimal_places", value, bounds: "0 to 6" });
    }
    Ok(())
}

fn check_entry(entry: &ResultEntry) -> Result<(), Rejection> {
    at_most("value", &entry.source_text, NAME_BYTES_MAX)?;
    entry.stated_previous.as_ref().map_or(Ok(()), |previous| check_period("previous_period", &previous.period))
}

fn check_neighbours(list: &NeighboursAdopted) -> Result<(), Rejection> {
    too_many("neighbours", list.members.len(), NEIGHBOURS_MAX)?;
    if list.at_least == 0 || usize::from(list.at_least) > list.members.len().max(1) {
        let value = list.at_least.to_string();
        return Err(Rejection::OutOfBounds { field: "at_least", value, bounds: "1 to the number of neighbours" });
    }
    Ok(())
}

fn check_benchmark(benchmark: &BenchmarkRecorded) -> Result<(), Rejection> {
    if let crate::event::Comparator::Group(group) = &benchmark.comparator {
        name("comparator", group)?;
    }
    one_line_at_most("source", &benchmark.source, NAME_BYTES_MAX)?;
    check_period("benchmark_period", &benchmark.period)
}

fn check_view(draft: &ViewDraft, instruction: &Instruction) -> Result<(), Rejection> {
    name("committee", &draft.meeting.committee)?;
    name("form", &draft.form)?;
    at_most("view", &draft.text, CONTENT_BYTES_MAX)?;
    at_most("warnings", &draft.over.to_string(), WARNINGS_BYTES_MAX)?;
    if draft.over.0.is_empty() { Ok(()) } else { required(instruction, "publishing over warnings") }
}

fn check_period(field: &'static str, period: &StatedPeriod) -> Result<(), Rejection> {
    match period {
        StatedPeriod::Words(words) => name(field, words),
        StatedPeriod::Period(_) | StatedPeriod::NotStated => Ok(()),
    }
}

fn check_decision(decision: &str) -> Result<(), Rejection> {
    if decision.trim().is_empty() {
        return Err(Rejection::NoDecision);
    }
    one_line_at_most("decision", decision, REASON_BYTES_MAX)
}

fn required(instruction: &Instruction, what: &'static str) -> Result<(), Rejection> {
    if instruction.why.reason.trim().is_empty() { Err(Rejection::NoReason { what }) } else { Ok(()) }
}

fn name(field: &'static str, text: &str) -> Result<(), Rejection> {
    not_empty(field, text)?;
    one_line_at_most(field, text, NAME_BYTES_MAX)
}

fn not_empty(field: &'static str, text: &str) -> Result<(), Rejection> {
    if text.trim().is_empty() { Err(Rejection::Text { field, problem: "is empty" }) } else { Ok(()) }
}

/// Control characters would break tables, feeds and layouts.
fn one_line_at_most(field: &'static str, text: &str, limit: usize) -> Result<(), Rejection> {
    if text.chars().any(char::is_control) {
        return Err(Rejection::Text { field, problem: "has a line break or another control character" });
    }
    at_most(field, text, limit)
}

fn at_most(field: &'static str, text: &str, limit: usize) -> Result<(), Rejection> {
    if text.len() > limit { Err(Rejection::TooLong { field, bytes: text.len(), limit }) } else { Ok(()) }
}

fn too_many(what: &'static str, n: usize, limit: usize) -> Result<(), Rejection> {
    if n > limit { Err(Rejection::TooMany { what, n, limit }) } else { Ok(()) }
}
