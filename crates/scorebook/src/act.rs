//! Single acts. What can be a row of a file is read as one, so that the words and the refusals are the same.

use anyhow::{Context as _, bail};
use domain::command::Expect;
use domain::{Command, Instruction, SubmissionId};
use wire::v1;

use crate::arguments::{MeasureAct, MeasureFields, ResultAct, SeriesFields, SpanFields, SubmissionAct, TargetAct, Why};
use crate::place::Access;
use crate::submit::{Manner, cause, put_in};
use crate::when;

/// Records or withdraws a result.
pub(crate) async fn result(access: &Access, actor: String, act: ResultAct, manner: &mut Manner<'_>) -> Done {
    match act {
        ResultAct::Record { measure, value, numerator, denominator, missing, status, period, series, why } => {
            let columns = [
                ("measure", Some(measure)),
                ("area", Some(area(access, &series).await?)),
                ("cohort", Some(series.cohort)),
                ("period", Some(period)),
                ("value", value),
                ("numerator", numerator),
                ("denominator", denominator),
                ("missing", missing),
                ("status", Some(word(&status))),
            ];
            let instruction = row("results.csv", &columns)?;
            carry_out(access, actor, instruction, why, manner).await
        }
        ResultAct::Withdraw { measure, period, series, why } => {
            let period = when::period(&period)?;
            let cell = v1::Cell { measure, area: area(access, &series).await?, cohort: series.cohort, period };
            let command = v1::instruction::Command::WithdrawResult(v1::WithdrawResult { cell: Some(cell) });
            put_in(access, single(actor, command, why, manner)?, manner).await
        }
    }
}

/// What an act gives.
type Done = anyhow::Result<()>;

/// Sets or withdraws a target.
pub(crate) async fn target(access: &Access, actor: String, act: TargetAct, manner: &mut Manner<'_>) -> Done {
    let (measure, span, mut columns, decision, why) = match act {
        TargetAct::Set { measure, comparison, target, target_high, minimum, minimum_high, span, decision, why } => {
            let columns = vec![
                ("comparison", Some(word(&comparison))),
                ("target", Some(target)),
                ("target_high", target_high),
                ("minimum", minimum),
                ("minimum_high", minimum_high),
            ];
            (measure, span, columns, decision, why)
        }
        TargetAct::Withdraw { measure, span, decision, why } => {
            let columns = vec![("comparison", Some("none".to_owned())), ("target", Some(String::new()))];
            (measure, span, columns, decision, why)
        }
    };
    let SpanFields { series, owner, from, to } = span;
    columns.extend([
        ("measure", Some(measure)),
        ("area", Some(area(access, &series).await?)),
        ("cohort", Some(series.cohort)),
        ("owner", Some(word(&owner))),
        ("from", Some(from)),
        ("to", to),
        ("decision", Some(decision)),
        ("reason", Some(why.reason.clone())),
    ]);
    let instruction = row("targets.csv", &columns)?;
    carry_out(access, actor, instruction, why, manner).await
}

/// Defines, revises or withdraws a measure.
pub(crate) async fn measure(access: &Access, actor: String, act: MeasureAct, manner: &mut Manner<'_>) -> Done {
    match act {
        MeasureAct::Define { measure, fields, why } => {
            let instruction = definition(measure, *fields, Expect::New)?;
            carry_out(access, actor, instruction, why, manner).await
        }
        MeasureAct::Revise { measure, fields, why } => {
            let instruction = definition(measure, *fields, Expect::Existing)?;
            carry_out(access, actor, instruction, why, manner).await
        }
        MeasureAct::Withdraw { measure, from, successor, comparable, why } => {
            let columns = [
                ("measure", Some(measure)),
                ("from", Some(from)),
                ("successor", successor),
                ("comparable", Some(if comparable { "yes" } else { "no" }.to_owned())),
                ("reason", Some(why.reason.clone())),
            ];
            let instruction = row("withdrawals.csv", &columns)?;
            carry_out(access, actor, instruction, why, manner).await
        }
    }
}

fn definition(measure: String, fields: MeasureFields, wanted: Expect) -> anyhow::Result<Instruction> {
    let columns = [
        ("measure", Some(measure)),
        ("title", Some(fields.title)),
        ("kind", Some(fields.kind)),
        ("unit", Some(fields.unit)),
        ("decimal_places", Some(fields.decimal_places)),
        ("polarity", Some(fields.polarity)),
        ("frequency", Some(fields.frequency)),
        ("basis", Some(fields.basis)),
        ("year_type", Some(fields.year_type)),
        ("definition", Some(fields.definition)),
        ("data_source", Some(fields.data_source)),
        ("owner", Some(fields.owner)),
    ];
    let mut instruction = row("measures.csv", &columns)?;
    if let Command::DefineMeasure { expect, .. } = &mut instruction.command {
        *expect = wanted;
    }
    Ok(instruction)
}

/// Rolls back or reinstates a submission.
pub(crate) async fn submission(access: &Access, actor: String, act: SubmissionAct, manner: &mut Manner<'_>) -> Done {
    let (id, why, roll_back) = match act {
        SubmissionAct::RollBack { submission, why } => (submission, why, true),
        SubmissionAct::Reinstate { submission, why } => (submission, why, false),
    };
    let id: SubmissionId =
        id.parse().with_context(|| format!("{id:?} is no submission; `scorebook submission list` prints them"))?;
    let submission_id = id.to_string();
    let command = if roll_back {
        v1::instruction::Command::RollBackSubmission(v1::RollBackSubmission { submission_id })
    } else {
        v1::instruction::Command::ReinstateSubmission(v1::ReinstateSubmission { submission_id })
    };
    put_in(access, single(actor, command, why, manner)?, manner).await
}

/// Raises the log's format.
pub(crate) async fn raise_format(
    access: &Access,
    actor: String,
    (format, why): (u16, Why),
    manner: &mut Manner<'_>,
) -> Done {
    let command = v1::instruction::Command::RaiseFormat(v1::RaiseFormat { format: format.into() });
    put_in(access, single(actor, command, why, manner)?, manner).await
}

/// Puts one act in.
pub(crate) async fn carry_out(
    access: &Access,
    actor: String,
    instruction: Instruction,
    why: Why,
    manner: &mut Manner<'_>,
) -> Done {
    let command = wire::command::encode(&instruction).command.context("the act has no command")?;
    put_in(access, single(actor, command, why, manner)?, manner).await
}

/// A request of one act.
pub(crate) fn single(
    actor: String,
    command: v1::instruction::Command,
    why: Why,
    manner: &mut Manner<'_>,
) -> anyhow::Result<v1::SubmitRequest> {
    let (known_at, known_on) = when::fields(why.known_at.as_deref())?;
    manner.confirm = why.confirm;
    Ok(v1::SubmitRequest {
        actor,
        known_at,
        known_on,
        reason: why.reason,
        cause: cause(why.cause).into(),
        instructions: vec![v1::Instruction { command: Some(command), ..v1::Instruction::default() }],
        ..v1::SubmitRequest::default()
    })
}

/// The area asked for, or the authority itself.
pub(crate) async fn area(access: &Access, series: &SeriesFields) -> anyhow::Result<String> {
    if let Some(area) = &series.area {
        return Ok(area.clone());
    }
    let status = access.get_status(v1::GetStatusRequest::default()).await;
    Ok(status.map_err(crate::failure::failed)?.authority)
}

/// Reads columns as the one row of a file of their kind.
pub(crate) fn row(file: &str, columns: &[(&str, Option<String>)]) -> anyhow::Result<Instruction> {
    let given: Vec<(&str, &str)> =
        columns.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    // What reads rows says this of a file's line, and how to save it.
    for (name, value) in &given {
        let unprintable = value.chars().find(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'));
        if let Some(letter) = unprintable {
            let code = u32::from(letter);
            bail!(
                "{name} {value:?} has a character that cannot be printed (U+{code:04X}); leave it out, and give it again"
            );
        }
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let header = given.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    let values = given.iter().map(|(_, value)| quoted(value)).collect::<Vec<_>>().join(",");
    let text = format!("{header}\n{values}\n");
    let parsed = ingest::parse(file, 0, text.as_bytes(), &ingest::Defaults::default());
    if let Some(refusal) = parsed.refusals.first() {
        let ingest::Refusal { field, value, problem, remedy, .. } = refusal;
        bail!("{field} {value:?} {problem}; {remedy}");
    }
    let mut instruction = parsed.instructions.into_iter().next().context("the act says nothing to do")?;
    instruction.origin = None;
    Ok(instruction)
}

/// A flag's value as it is written on the command line, which is how files write it.
pub(crate) fn word(value: &impl clap::ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
