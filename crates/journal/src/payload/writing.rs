//! From events to the structs that are written.

use domain::event::{
    Attribution, BenchmarkRecorded, CommentaryWritten, Comparator, ContentStored, MeasureWithdrawn, NeighboursAdopted,
    ResultRecorded, RuleAdopted, ScorecardDefined, SubmissionReceived, TargetChanged, TargetWithdrawn,
};
use domain::measure::{Basis, Content, Definition, MeasureKind};
use domain::result::StatedPeriod;
use domain::target::TargetKey;
use domain::{AreaId, Cell, Date, Decimal, Event, Figure, MeasureId, Minimum, Position, Span, SubmissionId, Target};
use serde::{Serialize, Serializer};

use super::codes::{Code as _, optional};
use super::{Sink, v1, v2, views};

/// Gives an event, with who put it in and why, to a sink.
pub(super) fn event(attribution: &Attribution, event: &Event, out: &mut impl Sink) -> Result<(), String> {
    let prefix = prefix(attribution);
    match event {
        Event::LogOpened(e) => put(
            out,
            prefix,
            v1::LogOpened {
                log: e.log.0,
                authority: e.authority.as_str(),
                time_zone: e.time_zone.as_str(),
                format: e.format,
            },
        ),
        Event::SubmissionReceived(e) => put(out, prefix, submission_received(e)),
        Event::SubmissionRolledBack(id) | Event::SubmissionReinstated(id) => put(out, prefix, other_submission(*id)),
        Event::ContentStored(e) => put(out, prefix, content_stored(e)),
        Event::ActorNamed(e) => put(out, prefix, v1::ActorNamed { actor: e.actor.as_str(), name: e.name.as_str() }),
        Event::MeasureDefined(e) | Event::MeasureRevised(e) => put(out, prefix, definition(e)),
        Event::MeasureWithdrawn(e) => put(out, prefix, measure_withdrawn(e)),
        Event::AreaDefined(e) => put(
            out,
            prefix,
            v1::AreaDefined {
                area: e.area.as_str(),
                name: e.name.as_str(),
                level: e.level.to_code(),
                parent: e.parent.as_ref().map(AreaId::as_str),
            },
        ),
        Event::CohortDefined(e) => put(
            out,
            prefix,
            v1::CohortDefined { cohort: e.cohort.as_str(), name: e.name.as_str(), description: e.description.as_str() },
        ),
        Event::ResultRecorded(e) => result_recorded(prefix, e, out),
        Event::ResultWithdrawn(e) => {
            let period = e.period.code();
            put(out, prefix, v1::ResultWithdrawn { cell: cell(e, &period) })
        }
        Event::TargetChanged(e) => put(out, prefix, target_changed(e)),
        Event::TargetWithdrawn(e) => put(out, prefix, target_withdrawn(e)),
        Event::BenchmarkRecorded(e) => benchmark_recorded(prefix, e, out),
        Event::NeighboursAdopted(e) if e.at_least > 1 => put(out, prefix, neighbours_adopted_2(e)),
        Event::NeighboursAdopted(e) => put(out, prefix, neighbours_adopted(e)),
        Event::CommentaryWritten(e) => commentary_written(prefix, e, out),
        Event::RatingRuleAdopted(e) | Event::DirectionMethodAdopted(e) => put(out, prefix, rule_adopted(e)),
        Event::ScorecardDefined(e) if !e.remit.none() => put(out, prefix, views::scorecard_defined_2(e)),
        Event::ActionAgreed(e) => views::action_agreed(prefix, e, out),
        Event::ViewPublished(e) => views::view_published(prefix, e, out),
        Event::CommitteeActRecorded(e) => put(out, prefix, views::committee_act_recorded(e)),
        Event::LateFigureTold(e) => views::late_figure_told(prefix, e, out),
        Event::ScorecardDefined(e) => put(out, prefix, scorecard_defined(e)),
        Event::RowSetAside(e) => put(
            out,
            prefix,
            v1::RowSetAside { text: e.text.as_str(), field: e.field.as_str(), problem: e.problem.as_str() },
        ),
        Event::FormatRaised(format) => put(out, prefix, v1::FormatRaised { format: *format }),
    }
}

pub(super) fn put<T: Serialize>(out: &mut impl Sink, prefix: v1::Prefix<&str>, event: T) -> Result<(), String> {
    out.put(&v1::Payload { prefix, event })
}

fn prefix(attribution: &Attribution) -> v1::Prefix<&str> {
    v1::Prefix {
        actor: attribution.actor.id.as_str(),
        authenticated: attribution.actor.authenticated,
        submission: attribution.submission.0,
        origin: attribution.origin.map(|origin| v1::Origin { file: origin.file, line: origin.line.get() }),
        cause: optional(attribution.why.cause),
        reason: attribution.why.reason.as_str(),
    }
}

fn decimal(value: Decimal) -> v1::Decimal {
    v1::Decimal { coefficient: value.coefficient(), scale: value.scale() }
}

pub(super) fn date(value: Date) -> v1::Date {
    v1::Date { year: value.year(), month: value.month(), day: value.day() }
}

fn span(value: Span) -> v1::Span {
    v1::Span { from: date(value.from), to: value.to.map(date) }
}

/// `period` is the cell's period code, which the caller keeps until it is written.
pub(super) fn cell<'a>(value: &'a Cell, period: &'a str) -> v1::Cell<&'a str> {
    v1::Cell {
        measure: value.series.measure.as_str(),
        area: value.series.area.as_str(),
        cohort: value.series.cohort.as_str(),
        period,
    }
}

pub(super) fn content(value: &Content) -> v1::Content<&str> {
    match value {
        Content::Inline(text) => v1::Content { form: 1, text, digest: None, size: 0 },
        Content::Stored { digest, size } => v1::Content { form: 2, text: "", digest: Some(digest.0), size: *size },
    }
}

/// The form and the text of a stated period.
fn stated_period(value: &StatedPeriod) -> (u8, String) {
    match value {
        StatedPeriod::NotStated => (0, String::new()),
        StatedPeriod::Period(period) => (1, period.code()),
        StatedPeriod::Words(words) => (2, words.clone()),
    }
}

fn submission_received(e: &SubmissionReceived) -> v1::SubmissionReceived<&str> {
    let sources = e.sources.iter().map(|source| v1::Source {
        name: source.name.as_str(),
        sha256: source.sha256.0,
        size: source.size,
        layout: source.layout.as_str(),
        stored: source.stored,
    });
    v1::SubmissionReceived { digest: e.digest.0, sources: sources.collect() }
}

fn other_submission(id: SubmissionId) -> v1::OtherSubmission {
    v1::OtherSubmission { submission: id.0 }
}

/// Bytes written at once: the same bytes on disk as a list of bytes, which serde would write one by one.
struct Blob<'a>(&'a [u8]);

impl Serialize for Blob<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

fn content_stored(e: &ContentStored) -> v1::ContentStored<Blob<'_>> {
    v1::ContentStored { digest: e.digest.0, part: e.part, parts: e.parts, file: e.file, bytes: Blob(&e.bytes) }
}

fn definition(e: &Definition) -> v1::Definition<&str> {
    let (kind, expected) = match e.kind {
        MeasureKind::Indicator => (1, None),
        MeasureKind::Activity { expected } => (2, expected),
    };
    let (basis, basis_months) = match e.basis {
        Basis::Snapshot => (1, 0),
        Basis::YearToDate => (2, 0),
        Basis::RollingMonths(months) => (3, months),
        Basis::SinglePeriod => (4, 0),
        Basis::MeanOfMonths(months) => (5, months),
        Basis::NotStated => (6, 0),
    };
    v1::Definition {
        measure: e.measure.as_str(),
        title: e.title.as_str(),
        kind,
        expected_low: expected.map(|(low, _)| decimal(low)),
        expected_high: expected.map(|(_, high)| decimal(high)),
        unit: e.unit.label.as_str(),
        multiplier: e.unit.multiplier,
        decimal_places: e.decimal_places,
        polarity: e.polarity.to_code(),
        frequency: e.frequency.to_code(),
        basis,
        basis_months,
        year_type: e.year_type.to_code(),
        text: content(&e.definition),
        data_source: e.data_source.as_str(),
        owner: e.owner.as_str(),
    }
}

fn measure_withdrawn(e: &MeasureWithdrawn) -> v1::MeasureWithdrawn<&str> {
    v1::MeasureWithdrawn {
        measure: e.measure.as_str(),
        from: date(e.from),
        successor: e.successor.as_ref().map(MeasureId::as_str),
        comparable: e.comparable,
    }
}

pub(super) fn figure(value: Figure) -> v1::Figure {
    let empty = v1::Figure { form: 3, missing: 0, value: None, numerator: None, denominator: None };
    match value {
        Figure::Stated { value, denominator } => {
            v1::Figure { form: 1, value: Some(decimal(value)), denominator: denominator.map(decimal), ..empty }
        }
        Figure::Counted { numerator, denominator, stated } => v1::Figure {
            form: 2,
            value: stated.map(decimal),
            numerator: Some(decimal(numerator)),
            denominator: Some(decimal(denominator)),
            ..empty
        },
        Figure::Missing(missing) => v1::Figure { missing: missing.to_code(), ..empty },
    }
}

fn result_recorded(prefix: v1::Prefix<&str>, e: &ResultRecorded, out: &mut impl Sink) -> Result<(), String> {
    let period = e.cell.period.code();
    let previous = e.entry.stated_previous.as_ref();
    let previous = previous.map(|previous| (previous.value, stated_period(&previous.period)));
    let stated_previous = previous.as_ref().map(|(value, (form, text))| v1::StatedPrevious {
        value: decimal(*value),
        period: v1::StatedPeriod { form: *form, text: text.as_str() },
    });
    put(
        out,
        prefix,
        v1::ResultRecorded {
            cell: cell(&e.cell, &period),
            figure: figure(e.entry.figure),
            status: e.entry.status.to_code(),
            stated_colour: optional(e.entry.stated_colour),
            stated_previous,
            source_text: e.entry.source_text.as_str(),
        },
    )
}

fn target_key(value: &TargetKey) -> v1::TargetKey<&str> {
    v1::TargetKey {
        measure: value.measure.as_str(),
        area: value.area.as_str(),
        cohort: value.cohort.as_str(),
        owner: value.owner.to_code(),
    }
}

fn target_changed(e: &TargetChanged) -> v1::TargetChanged<&str> {
    let (form, low, high) = match e.terms.target {
        Target::AtLeast(value) => (1, value, None),
        Target::MoreThan(value) => (2, value, None),
        Target::AtMost(value) => (3, value, None),
        Target::LessThan(value) => (4, value, None),
        Target::Within { low, high } => (5, low, Some(high)),
    };
    let target = v1::Target { form, low: decimal(low), high: high.map(decimal) };
    let minimum = match e.terms.minimum {
        Minimum::Unknown => v1::Minimum { form: 0, low: None, high: None },
        Minimum::Value(value) => v1::Minimum { form: 1, low: Some(decimal(value)), high: None },
        Minimum::Within { low, high } => v1::Minimum { form: 2, low: Some(decimal(low)), high: Some(decimal(high)) },
    };
    v1::TargetChanged { key: target_key(&e.key), span: span(e.span), target, minimum, decision: e.decision.as_str() }
}

fn target_withdrawn(e: &TargetWithdrawn) -> v1::TargetWithdrawn<&str> {
    v1::TargetWithdrawn { key: target_key(&e.key), span: span(e.span), decision: e.decision.as_str() }
}

fn benchmark_recorded(prefix: v1::Prefix<&str>, e: &BenchmarkRecorded, out: &mut impl Sink) -> Result<(), String> {
    let cell_period = e.cell.period.code();
    let (form, text) = stated_period(&e.period);
    let (comparator, comparator_name) = match &e.comparator {
        Comparator::Area(area) => (1, area.as_str()),
        Comparator::Neighbours => (2, ""),
        Comparator::Group(name) => (3, name.as_str()),
    };
    let (missing, value) = match e.figure {
        Ok(value) => (0, Some(decimal(value))),
        Err(missing) => (missing.to_code(), None),
    };
    put(
        out,
        prefix,
        v1::BenchmarkRecorded {
            cell: cell(&e.cell, &cell_period),
            comparator,
            comparator_name,
            missing,
            value,
            period: v1::StatedPeriod { form, text: text.as_str() },
            source: e.source.as_str(),
        },
    )
}

fn neighbours_adopted_2(e: &NeighboursAdopted) -> v2::NeighboursAdopted<&str> {
    let v1::NeighboursAdopted { list, area, from, members, average } = neighbours_adopted(e);
    v2::NeighboursAdopted { list, area, from, members, average, at_least: e.at_least }
}

fn neighbours_adopted(e: &NeighboursAdopted) -> v1::NeighboursAdopted<&str> {
    v1::NeighboursAdopted {
        list: e.list.as_str(),
        area: e.area.as_str(),
        from: date(e.from),
        members: e.members.iter().map(AreaId::as_str).collect(),
        average: e.average.to_code(),
    }
}

fn commentary_written(prefix: v1::Prefix<&str>, e: &CommentaryWritten, out: &mut impl Sink) -> Result<(), String> {
    let period = e.cell.period.code();
    put(
        out,
        prefix,
        v1::CommentaryWritten {
            cell: cell(&e.cell, &period),
            about: e.about.map(Position::get),
            text: content(&e.text),
        },
    )
}

fn rule_adopted(e: &RuleAdopted) -> v1::RuleAdopted<&str> {
    v1::RuleAdopted { rule: e.rule.as_str(), measure: e.measure.as_ref().map(MeasureId::as_str), from: date(e.from) }
}

pub(super) fn scorecard_defined(e: &ScorecardDefined) -> v1::ScorecardDefined<&str> {
    v1::ScorecardDefined {
        scorecard: e.scorecard.as_str(),
        title: e.title.as_str(),
        committee: e.committee.as_str(),
        layout: content(&e.layout),
    }
}
