//! Events as they leave in the log's own order. Nothing is read back: a log is written by commands alone.

use domain::event::{
    ActionAgreed, AreaDefined, Attribution, BenchmarkRecorded, CommentaryWritten, CommitteeActRecorded, ContentStored,
    Event, LateFigureTold, LogOpened, MeasureWithdrawn, NeighboursAdopted, Recorded, ScorecardDefined, Source,
    SubmissionReceived, TargetChanged, ViewPublished,
};
use domain::ids::AreaId;

use crate::v1::{self, envelope};
use crate::value::{
    count, definition, encode_actor, encode_cell, encode_origin, encode_span, encode_timestamp, enums,
    figure::{encode_benchmark_event, encode_comparator, encode_entry, encode_stated_period},
    meeting::{encode_meeting, encode_remit, encode_told},
    target::{encode_key, encode_terms},
};
use crate::violation::{Decoded, FieldViolation};

/// The names of all events, as [`Event::name`] gives them, for a filter to choose from.
pub const NAMES: [&str; 27] = [
    "LogOpened",
    "SubmissionReceived",
    "SubmissionRolledBack",
    "SubmissionReinstated",
    "ContentStored",
    "ActorNamed",
    "MeasureDefined",
    "MeasureRevised",
    "MeasureWithdrawn",
    "AreaDefined",
    "CohortDefined",
    "ResultRecorded",
    "ResultWithdrawn",
    "TargetChanged",
    "TargetWithdrawn",
    "BenchmarkRecorded",
    "NeighboursAdopted",
    "CommentaryWritten",
    "RatingRuleAdopted",
    "DirectionMethodAdopted",
    "ScorecardDefined",
    "RowSetAside",
    "FormatRaised",
    "ActionAgreed",
    "ViewPublished",
    "CommitteeActRecorded",
    "LateFigureTold",
];

/// Reads the name of an event, for a filter.
pub(crate) fn decode_name(given: &str) -> Decoded<&'static str> {
    NAMES.into_iter().find(|name| *name == given).ok_or_else(|| {
        let remedy = format!("give one of {}", NAMES.join(", "));
        FieldViolation::new("", given, "is not an event's name", remedy)
    })
}

/// A record of the log. The bytes of contents stay behind: only their digest, part and size leave.
pub fn encode(record: &Recorded) -> v1::Envelope {
    let Attribution { actor, submission, origin, why } = &record.attribution;
    v1::Envelope {
        position: record.position.get(),
        recorded_at: Some(encode_timestamp(record.recorded_at)),
        known_at: Some(encode_timestamp(record.known_at)),
        backfill: record.backfill(),
        event_id: record.event_id.to_string(),
        last_of_commit: record.last_of_commit,
        actor: Some(encode_actor(actor)),
        submission_id: submission.to_string(),
        origin: origin.map(|origin| encode_origin(origin, "")),
        reason: why.reason.clone(),
        cause: why.cause.map_or(v1::Cause::Unspecified, enums::cause::encode).into(),
        event: Some(encode_event(&record.event)),
    }
}

/// One arm for each event.
fn encode_event(event: &Event) -> envelope::Event {
    use envelope::Event as Wire;
    match event {
        Event::LogOpened(opened) => Wire::LogOpened(log_opened(opened)),
        Event::SubmissionReceived(received) => Wire::SubmissionReceived(submission_received(received)),
        Event::SubmissionRolledBack(id) => {
            Wire::SubmissionRolledBack(v1::SubmissionRolledBack { submission_id: id.to_string() })
        }
        Event::SubmissionReinstated(id) => {
            Wire::SubmissionReinstated(v1::SubmissionReinstated { submission_id: id.to_string() })
        }
        Event::ContentStored(part) => Wire::ContentStored(content_stored(part)),
        Event::ActorNamed(named) => {
            Wire::ActorNamed(v1::ActorNamed { actor: named.actor.to_string(), name: named.name.clone() })
        }
        Event::MeasureDefined(measure) => {
            Wire::MeasureDefined(v1::MeasureDefined { definition: Some(definition::encode(measure)) })
        }
        Event::MeasureRevised(measure) => {
            Wire::MeasureRevised(v1::MeasureRevised { definition: Some(definition::encode(measure)) })
        }
        Event::MeasureWithdrawn(withdrawn) => Wire::MeasureWithdrawn(measure_withdrawn(withdrawn)),
        Event::AreaDefined(area) => Wire::AreaDefined(area_defined(area)),
        Event::CohortDefined(cohort) => Wire::CohortDefined(v1::CohortDefined {
            cohort: cohort.cohort.to_string(),
            name: cohort.name.clone(),
            description: cohort.description.clone(),
        }),
        Event::ResultRecorded(recorded) => Wire::ResultRecorded(v1::ResultRecorded {
            cell: Some(encode_cell(&recorded.cell)),
            entry: Some(encode_entry(&recorded.entry)),
        }),
        Event::ResultWithdrawn(cell) => Wire::ResultWithdrawn(v1::ResultWithdrawn { cell: Some(encode_cell(cell)) }),
        Event::TargetChanged(changed) => Wire::TargetChanged(target_changed(changed)),
        Event::TargetWithdrawn(withdrawn) => Wire::TargetWithdrawn(v1::TargetWithdrawn {
            key: Some(encode_key(&withdrawn.key)),
            span: Some(encode_span(withdrawn.span)),
            decision: withdrawn.decision.clone(),
        }),
        Event::BenchmarkRecorded(benchmark) => Wire::BenchmarkRecorded(benchmark_recorded(benchmark)),
        Event::NeighboursAdopted(adopted) => Wire::NeighboursAdopted(neighbours_adopted(adopted)),
        Event::CommentaryWritten(written) => Wire::CommentaryWritten(commentary_written(written)),
        Event::RatingRuleAdopted(adopted) => Wire::RatingRuleAdopted(v1::RatingRuleAdopted {
            rule: adopted.rule.to_string(),
            measure: adopted.measure.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: adopted.from.to_string(),
        }),
        Event::DirectionMethodAdopted(adopted) => Wire::DirectionMethodAdopted(v1::DirectionMethodAdopted {
            method: adopted.rule.to_string(),
            measure: adopted.measure.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: adopted.from.to_string(),
        }),
        Event::ScorecardDefined(defined) => Wire::ScorecardDefined(scorecard_defined(defined)),
        Event::RowSetAside(row) => Wire::RowSetAside(v1::RowSetAside {
            text: row.text.clone(),
            field: row.field.clone(),
            problem: row.problem.clone(),
        }),
        Event::ActionAgreed(agreed) => Wire::ActionAgreed(action_agreed(agreed)),
        Event::ViewPublished(view) => Wire::ViewPublished(view_published(view)),
        Event::CommitteeActRecorded(recorded) => Wire::CommitteeActRecorded(committee_act_recorded(recorded)),
        Event::LateFigureTold(late) => Wire::LateFigureTold(late_figure_told(late)),
        Event::FormatRaised(format) => Wire::FormatRaised(v1::FormatRaised { format: (*format).into() }),
    }
}

fn log_opened(opened: &LogOpened) -> v1::LogOpened {
    v1::LogOpened {
        log_id: opened.log.to_string(),
        authority: opened.authority.to_string(),
        time_zone: opened.time_zone.clone(),
        format: opened.format.into(),
    }
}

fn submission_received(received: &SubmissionReceived) -> v1::SubmissionReceived {
    v1::SubmissionReceived {
        digest: received.digest.to_string(),
        sources: received.sources.iter().map(encode_source).collect(),
    }
}

/// A submitted file, as it is recorded.
pub(crate) fn encode_source(source: &Source) -> v1::Source {
    v1::Source {
        name: source.name.clone(),
        sha256: source.sha256.to_string(),
        size: source.size,
        layout: source.layout.clone(),
        stored: source.stored,
    }
}

fn content_stored(part: &ContentStored) -> v1::ContentStored {
    v1::ContentStored {
        digest: part.digest.to_string(),
        part: part.part,
        parts: part.parts,
        file: part.file,
        size: count(part.bytes.len()),
    }
}

fn target_changed(changed: &TargetChanged) -> v1::TargetChanged {
    v1::TargetChanged {
        key: Some(encode_key(&changed.key)),
        span: Some(encode_span(changed.span)),
        terms: Some(encode_terms(changed.terms)),
        decision: changed.decision.clone(),
    }
}

fn benchmark_recorded(benchmark: &BenchmarkRecorded) -> v1::BenchmarkRecorded {
    v1::BenchmarkRecorded {
        cell: Some(encode_cell(&benchmark.cell)),
        comparator: Some(encode_comparator(&benchmark.comparator)),
        figure: Some(encode_benchmark_event(&benchmark.figure)),
        period: encode_stated_period(&benchmark.period),
        source: benchmark.source.clone(),
    }
}

fn neighbours_adopted(adopted: &NeighboursAdopted) -> v1::NeighboursAdopted {
    v1::NeighboursAdopted {
        list: adopted.list.to_string(),
        area: adopted.area.to_string(),
        from: adopted.from.to_string(),
        members: adopted.members.iter().map(AreaId::to_string).collect(),
        average: enums::average::encode(adopted.average).into(),
        at_least: adopted.at_least.into(),
    }
}

fn commentary_written(written: &CommentaryWritten) -> v1::CommentaryWritten {
    v1::CommentaryWritten {
        cell: Some(encode_cell(&written.cell)),
        about_position: written.about.map(domain::Position::get).unwrap_or_default(),
        text: Some(definition::encode_content(&written.text)),
    }
}

fn scorecard_defined(defined: &ScorecardDefined) -> v1::ScorecardDefined {
    v1::ScorecardDefined {
        scorecard: defined.scorecard.to_string(),
        title: defined.title.clone(),
        committee: defined.committee.clone(),
        layout: Some(definition::encode_content(&defined.layout)),
        remit: encode_remit(&defined.remit),
    }
}

fn action_agreed(agreed: &ActionAgreed) -> v1::ActionAgreed {
    v1::ActionAgreed {
        cell: Some(encode_cell(&agreed.cell)),
        about_position: agreed.about.map(domain::Position::get).unwrap_or_default(),
        text: Some(definition::encode_content(&agreed.text)),
        owner: agreed.owner.clone(),
        due: agreed.due.to_string(),
    }
}

fn view_published(view: &ViewPublished) -> v1::ViewPublished {
    v1::ViewPublished {
        view: view.view.to_string(),
        scorecard: view.scorecard.to_string(),
        period: view.period.code(),
        area: view.area.to_string(),
        meeting: Some(encode_meeting(&view.meeting)),
        known_at: view.known_at.map(encode_timestamp),
        position: view.position.get(),
        form: view.form.clone(),
        content: Some(definition::encode_content(&view.content)),
        over: Some(definition::encode_content(&view.over)),
    }
}

fn committee_act_recorded(recorded: &CommitteeActRecorded) -> v1::CommitteeActRecorded {
    v1::CommitteeActRecorded {
        view: recorded.view.to_string(),
        act: enums::committee_act::encode(recorded.act).into(),
        text: Some(definition::encode_content(&recorded.text)),
    }
}

fn late_figure_told(late: &LateFigureTold) -> v1::LateFigureTold {
    v1::LateFigureTold {
        view: late.view.to_string(),
        cell: Some(encode_cell(&late.cell)),
        told: late.told.map(encode_told),
        text: Some(definition::encode_content(&late.text)),
    }
}

fn measure_withdrawn(withdrawn: &MeasureWithdrawn) -> v1::MeasureWithdrawn {
    v1::MeasureWithdrawn {
        measure: withdrawn.measure.to_string(),
        from: withdrawn.from.to_string(),
        successor: withdrawn.successor.as_ref().map(ToString::to_string).unwrap_or_default(),
        comparable: withdrawn.comparable,
    }
}

fn area_defined(area: &AreaDefined) -> v1::AreaDefined {
    v1::AreaDefined {
        area: area.area.to_string(),
        name: area.name.clone(),
        level: enums::area_level::encode(area.level).into(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}
