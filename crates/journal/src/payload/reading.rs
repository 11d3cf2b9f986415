//! From the structs that were written to events. Texts are checked as if they were new: a stored code that is none, or a
//! form with the wrong fields, is damage.

use std::fmt::Display;
use std::num::NonZeroU32;

use domain::event::{
    ActorNamed, AreaDefined, AreaLevel, Attribution, Average, BenchmarkRecorded, CohortDefined, CommentaryWritten,
    Comparator, ContentStored, LogOpened, MeasureWithdrawn, NeighboursAdopted, RowSetAside, RuleAdopted,
    ScorecardDefined, Source, SubmissionReceived, TargetChanged, TargetWithdrawn,
};
use domain::ids::NeighboursId;
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{ResultEntry, StatedPeriod, StatedPrevious, Why};
use domain::scorecard::Remit;
use domain::target::TargetKey;
use domain::{
    Actor, ActorId, AreaId, Cell, CohortId, Date, Decimal, Digest, Event, Figure, LogId, MeasureId, Minimum, Missing,
    Origin, Owner, Period, Position, RuleId, ScorecardId, Series, Span, Status, SubmissionId, Target, Terms,
};

use super::codes::{Code as _, read_optional, unknown};
use super::direct::Text;
use super::result::checked;
use super::{Recent, StoredCell, StoredResult, direct, kind, parse, v1, v2, views};
use crate::bytes::Fault;

/// Reads a payload of schema version 1.
pub(super) fn event(kind: u16, bytes: &[u8], recent: &mut Recent) -> Result<(Attribution, Event), Fault> {
    match kind {
        kind::LOG_OPENED => read(bytes, log_opened, Event::LogOpened),
        kind::SUBMISSION_RECEIVED => read_plain(bytes, submission_received, Event::SubmissionReceived),
        kind::SUBMISSION_ROLLED_BACK => read_plain(bytes, other_submission, Event::SubmissionRolledBack),
        kind::SUBMISSION_REINSTATED => read_plain(bytes, other_submission, Event::SubmissionReinstated),
        kind::CONTENT_STORED => read_plain(bytes, content_stored, Event::ContentStored),
        kind::ACTOR_NAMED => read(bytes, actor_named, Event::ActorNamed),
        kind::MEASURE_DEFINED => read(bytes, definition, Event::MeasureDefined),
        kind::MEASURE_REVISED => read(bytes, definition, Event::MeasureRevised),
        kind::MEASURE_WITHDRAWN => read(bytes, measure_withdrawn, Event::MeasureWithdrawn),
        kind::AREA_DEFINED => read(bytes, area_defined, Event::AreaDefined),
        kind::COHORT_DEFINED => read(bytes, cohort_defined, Event::CohortDefined),
        kind::RESULT_RECORDED => StoredResult(stored_result(bytes)?).read(recent),
        kind::RESULT_WITHDRAWN => read(bytes, |e: &v1::ResultWithdrawn<&str>| cell(&e.cell), Event::ResultWithdrawn),
        kind::TARGET_CHANGED => read(bytes, target_changed, Event::TargetChanged),
        kind::TARGET_WITHDRAWN => read(bytes, target_withdrawn, Event::TargetWithdrawn),
        kind::BENCHMARK_RECORDED => read(bytes, benchmark_recorded, Event::BenchmarkRecorded),
        kind::NEIGHBOURS_ADOPTED => read(bytes, neighbours_adopted, Event::NeighboursAdopted),
        kind::COMMENTARY_WRITTEN => read(bytes, commentary_written, Event::CommentaryWritten),
        kind::RATING_RULE_ADOPTED => read(bytes, rule_adopted, Event::RatingRuleAdopted),
        kind::DIRECTION_METHOD_ADOPTED => read(bytes, rule_adopted, Event::DirectionMethodAdopted),
        kind::SCORECARD_DEFINED => read(bytes, scorecard_defined, Event::ScorecardDefined),
        kind::ROW_SET_ASIDE => read_plain(bytes, row_set_aside, Event::RowSetAside),
        kind::ACTION_AGREED | kind::VIEW_PUBLISHED | kind::COMMITTEE_ACT_RECORDED | kind::LATE_FIGURE_TOLD => {
            views::read_new(kind, bytes)
        }
        kind::FORMAT_RAISED => read_plain(bytes, |e: &v1::FormatRaised| e.format, Event::FormatRaised),
        _ => Err(Fault::Newer { kind, schema: 1 }),
    }
}

/// What cannot be read directly is read the long way, which says what is wrong with it.
fn stored_result(bytes: &[u8]) -> Result<v1::Payload<&str, v1::ResultRecorded<&str>>, Fault> {
    direct::read_result(bytes).map_or_else(|| parse(bytes), Ok)
}

/// Reads the cell of a result or a withdrawal, without making it one.
pub(super) fn stored_cell(kind: u16, bytes: &[u8]) -> Result<Option<StoredCell<'_>>, Fault> {
    let (cell, figure) = match kind {
        kind::RESULT_RECORDED => {
            let v1::Payload { event, .. } = stored_result(bytes)?;
            (event.cell, Some(figure(&event.figure)?))
        }
        kind::RESULT_WITHDRAWN => {
            let stored = direct::read_withdrawal(bytes).map_or_else(|| parse(bytes), Ok)?;
            (stored.event.cell, None)
        }
        _ => return Ok(None),
    };
    let v1::Cell { measure, area, cohort, period } = cell;
    Ok(Some(StoredCell { measure, area, cohort, period, figure }))
}

/// Reads the stored struct `T`, turns it into the content of an event, and wraps that.
pub(super) fn read<'a, T: serde::Deserialize<'a>, E>(
    bytes: &'a [u8],
    content: impl FnOnce(&T) -> Result<E, Fault>,
    wrap: impl FnOnce(E) -> Event,
) -> Result<(Attribution, Event), Fault> {
    let payload = parse::<T>(bytes)?;
    Ok((attribution(&payload.prefix)?, wrap(content(&payload.event)?)))
}

/// As [`read`], for what cannot be wrong.
fn read_plain<'a, T: serde::Deserialize<'a>, E>(
    bytes: &'a [u8],
    content: impl FnOnce(&T) -> E,
    wrap: impl FnOnce(E) -> Event,
) -> Result<(Attribution, Event), Fault> {
    read(bytes, |stored| Ok(content(stored)), wrap)
}

/// A stored text that its own constructor refuses.
pub(super) fn bad(error: impl Display) -> Fault {
    Fault::Damaged(error.to_string())
}

fn attribution(prefix: &v1::Prefix<&str>) -> Result<Attribution, Fault> {
    attribution_of(ActorId::new(prefix.actor).map_err(bad)?, prefix)
}

/// The rest of an attribution to somebody.
pub(super) fn attribution_of(id: ActorId, prefix: &v1::Prefix<&str>) -> Result<Attribution, Fault> {
    Ok(Attribution {
        actor: Actor { id, authenticated: prefix.authenticated },
        submission: SubmissionId(prefix.submission),
        origin: prefix.origin.as_ref().map(origin).transpose()?,
        why: Why { reason: prefix.reason.to_owned(), cause: read_optional(prefix.cause)? },
    })
}

pub(super) fn origin(origin: &v1::Origin) -> Result<Origin, Fault> {
    match NonZeroU32::new(origin.line) {
        Some(line) => Ok(Origin { file: origin.file, line }),
        None => Err(Fault::damaged("its origin is line 0")),
    }
}

fn measure(code: &str) -> Result<MeasureId, Fault> {
    MeasureId::new(code).map_err(bad)
}

pub(super) fn area(code: &str) -> Result<AreaId, Fault> {
    AreaId::new(code).map_err(bad)
}

fn cohort(code: &str) -> Result<CohortId, Fault> {
    CohortId::new(code).map_err(bad)
}

fn decimal(value: &v1::Decimal) -> Result<Decimal, Fault> {
    Decimal::new(value.coefficient, value.scale).map_err(|error| Fault::Damaged(format!("a stored number {error}")))
}

fn maybe_decimal(value: Option<&v1::Decimal>) -> Result<Option<Decimal>, Fault> {
    value.map(decimal).transpose()
}

pub(super) fn date(value: &v1::Date) -> Result<Date, Fault> {
    Date::new(value.year, value.month, value.day).map_err(bad)
}

fn span(value: &v1::Span) -> Result<Span, Fault> {
    Ok(Span { from: date(&value.from)?, to: value.to.as_ref().map(date).transpose()? })
}

/// `RY` is read from files as another name of a financial year, but it is never written: a value has one writing.
pub(super) fn period(code: &str) -> Result<Period, Fault> {
    if code.contains("RY") {
        return Err(Fault::Damaged(format!("{code:?} is not how a period is stored")));
    }
    Period::parse(code).map_err(bad)
}

pub(super) fn cell(value: &v1::Cell<&str>) -> Result<Cell, Fault> {
    let series = Series { measure: measure(value.measure)?, area: area(value.area)?, cohort: cohort(value.cohort)? };
    Ok(Cell { series, period: period(value.period)? })
}

pub(super) fn content(value: &v1::Content<&str>) -> Result<Content, Fault> {
    match (value.form, value.text, value.digest, value.size) {
        (1, text, None, 0) => Ok(Content::Inline(text.to_owned())),
        (2, "", Some(digest), size) => Ok(Content::Stored { digest: Digest(digest), size }),
        (form, ..) => Err(unknown("form of content with these fields", form)),
    }
}

fn stated_period(value: &v1::StatedPeriod<&str>) -> Result<StatedPeriod, Fault> {
    match (value.form, value.text) {
        (0, "") => Ok(StatedPeriod::NotStated),
        (1, code) => period(code).map(StatedPeriod::Period),
        (2, words) => Ok(StatedPeriod::Words(words.to_owned())),
        (form, _) => Err(unknown("form of stated period with these fields", form)),
    }
}

fn log_opened(e: &v1::LogOpened<&str>) -> Result<LogOpened, Fault> {
    let authority = area(e.authority)?;
    Ok(LogOpened { log: LogId(e.log), authority, time_zone: e.time_zone.to_owned(), format: e.format })
}

fn submission_received(e: &v1::SubmissionReceived<&str>) -> SubmissionReceived {
    let sources = e.sources.iter().map(|source| Source {
        name: source.name.to_owned(),
        sha256: Digest(source.sha256),
        size: source.size,
        layout: source.layout.to_owned(),
        stored: source.stored,
    });
    SubmissionReceived { digest: Digest(e.digest), sources: sources.collect() }
}

fn other_submission(e: &v1::OtherSubmission) -> SubmissionId {
    SubmissionId(e.submission)
}

fn content_stored(e: &v1::ContentStored<&[u8]>) -> ContentStored {
    let v1::ContentStored { digest, part, parts, file, bytes } = *e;
    ContentStored { digest: Digest(digest), part, parts, file, bytes: bytes.to_vec() }
}

fn actor_named(e: &v1::ActorNamed<&str>) -> Result<ActorNamed, Fault> {
    Ok(ActorNamed { actor: ActorId::new(e.actor).map_err(bad)?, name: e.name.to_owned() })
}

fn definition(e: &v1::Definition<&str>) -> Result<Definition, Fault> {
    let expected_low = maybe_decimal(e.expected_low.as_ref())?;
    let kind = match (e.kind, expected_low, maybe_decimal(e.expected_high.as_ref())?) {
        (1, None, None) => MeasureKind::Indicator,
        (2, Some(low), Some(high)) => MeasureKind::Activity { expected: Some((low, high)) },
        (2, None, None) => MeasureKind::Activity { expected: None },
        (kind, ..) => return Err(unknown("kind of measure with this expected range", kind)),
    };
    let basis = match (e.basis, e.basis_months) {
        (1, 0) => Basis::Snapshot,
        (2, 0) => Basis::YearToDate,
        (3, months) => Basis::RollingMonths(months),
        (4, 0) => Basis::SinglePeriod,
        (5, months) => Basis::MeanOfMonths(months),
        (6, 0) => Basis::NotStated,
        (basis, _) => return Err(unknown("basis with this number of months", basis)),
    };
    Ok(Definition {
        measure: measure(e.measure)?,
        title: e.title.to_owned(),
        kind,
        unit: Unit { label: e.unit.to_owned(), multiplier: e.multiplier },
        decimal_places: e.decimal_places,
        polarity: Polarity::read(e.polarity)?,
        frequency: Frequency::read(e.frequency)?,
        basis,
        year_type: YearType::read(e.year_type)?,
        definition: content(&e.text)?,
        data_source: e.data_source.to_owned(),
        owner: e.owner.to_owned(),
    })
}

fn measure_withdrawn(e: &v1::MeasureWithdrawn<&str>) -> Result<MeasureWithdrawn, Fault> {
    Ok(MeasureWithdrawn {
        measure: measure(e.measure)?,
        from: date(&e.from)?,
        successor: e.successor.map(measure).transpose()?,
        comparable: e.comparable,
    })
}

fn area_defined(e: &v1::AreaDefined<&str>) -> Result<AreaDefined, Fault> {
    Ok(AreaDefined {
        area: area(e.area)?,
        name: e.name.to_owned(),
        level: AreaLevel::read(e.level)?,
        parent: e.parent.map(area).transpose()?,
    })
}

fn cohort_defined(e: &v1::CohortDefined<&str>) -> Result<CohortDefined, Fault> {
    let cohort = cohort(e.cohort)?;
    Ok(CohortDefined { cohort, name: e.name.to_owned(), description: e.description.to_owned() })
}

pub(super) fn figure(value: &v1::Figure) -> Result<Figure, Fault> {
    let v1::Figure { form, missing, .. } = *value;
    let numerator = maybe_decimal(value.numerator.as_ref())?;
    let denominator = maybe_decimal(value.denominator.as_ref())?;
    match (form, missing, maybe_decimal(value.value.as_ref())?, numerator, denominator) {
        (1, 0, Some(value), None, denominator) => Ok(Figure::Stated { value, denominator }),
        (2, 0, stated, Some(numerator), Some(denominator)) => Ok(Figure::Counted { numerator, denominator, stated }),
        (3, missing, None, None, None) => Missing::read(missing).map(Figure::Missing),
        _ => Err(unknown("form of figure with these fields", form)),
    }
}

pub(super) fn entry<'a, S: Text<'a>>(e: &v1::ResultRecorded<S>) -> Result<ResultEntry, Fault> {
    let previous = |previous: &v1::StatedPrevious<S>| {
        let v1::StatedPeriod { form, text: of } = previous.period;
        let period = stated_period(&v1::StatedPeriod { form, text: checked(of)? })?;
        Ok(StatedPrevious { value: decimal(&previous.value)?, period })
    };
    Ok(ResultEntry {
        figure: figure(&e.figure)?,
        status: Status::read(e.status)?,
        stated_colour: read_optional(e.stated_colour)?,
        stated_previous: e.stated_previous.as_ref().map(previous).transpose()?,
        source_text: checked(e.source_text)?.to_owned(),
    })
}

fn target_key(value: &v1::TargetKey<&str>) -> Result<TargetKey, Fault> {
    Ok(TargetKey {
        measure: measure(value.measure)?,
        area: area(value.area)?,
        cohort: cohort(value.cohort)?,
        owner: Owner::read(value.owner)?,
    })
}

fn target(value: &v1::Target) -> Result<Target, Fault> {
    let low = decimal(&value.low)?;
    match (value.form, maybe_decimal(value.high.as_ref())?) {
        (1, None) => Ok(Target::AtLeast(low)),
        (2, None) => Ok(Target::MoreThan(low)),
        (3, None) => Ok(Target::AtMost(low)),
        (4, None) => Ok(Target::LessThan(low)),
        (5, Some(high)) => Ok(Target::Within { low, high }),
        (form, _) => Err(unknown("form of target with these fields", form)),
    }
}

fn minimum(value: &v1::Minimum) -> Result<Minimum, Fault> {
    let low = maybe_decimal(value.low.as_ref())?;
    match (value.form, low, maybe_decimal(value.high.as_ref())?) {
        (0, None, None) => Ok(Minimum::Unknown),
        (1, Some(value), None) => Ok(Minimum::Value(value)),
        (2, Some(low), Some(high)) => Ok(Minimum::Within { low, high }),
        (form, ..) => Err(unknown("form of minimum standard with these fields", form)),
    }
}

fn target_changed(e: &v1::TargetChanged<&str>) -> Result<TargetChanged, Fault> {
    Ok(TargetChanged {
        key: target_key(&e.key)?,
        span: span(&e.span)?,
        terms: Terms { target: target(&e.target)?, minimum: minimum(&e.minimum)? },
        decision: e.decision.to_owned(),
    })
}

fn target_withdrawn(e: &v1::TargetWithdrawn<&str>) -> Result<TargetWithdrawn, Fault> {
    Ok(TargetWithdrawn { key: target_key(&e.key)?, span: span(&e.span)?, decision: e.decision.to_owned() })
}

fn benchmark_recorded(e: &v1::BenchmarkRecorded<&str>) -> Result<BenchmarkRecorded, Fault> {
    let comparator = match (e.comparator, e.comparator_name) {
        (1, code) => Comparator::Area(area(code)?),
        (2, "") => Comparator::Neighbours,
        (3, name) => Comparator::Group(name.to_owned()),
        (form, _) => return Err(unknown("form of comparator with this name", form)),
    };
    let figure = match (e.missing, maybe_decimal(e.value.as_ref())?) {
        (0, Some(value)) => Ok(value),
        (missing, None) => Err(Missing::read(missing)?),
        (missing, Some(_)) => return Err(unknown("benchmark that has a value", missing)),
    };
    Ok(BenchmarkRecorded {
        cell: cell(&e.cell)?,
        comparator,
        figure,
        period: stated_period(&e.period)?,
        source: e.source.to_owned(),
    })
}

fn neighbours_adopted(e: &v1::NeighboursAdopted<&str>) -> Result<NeighboursAdopted, Fault> {
    Ok(NeighboursAdopted {
        list: NeighboursId::new(e.list).map_err(bad)?,
        area: area(e.area)?,
        from: date(&e.from)?,
        members: e.members.iter().map(|code| area(code)).collect::<Result<_, _>>()?,
        average: Average::read(e.average)?,
        at_least: 1,
    })
}

/// Reads a list of schema version 2.
pub(super) fn neighbours_adopted_2(bytes: &[u8]) -> Result<(Attribution, Event), Fault> {
    let from_2 = |e: &v2::NeighboursAdopted<&str>| {
        let v2::NeighboursAdopted { list, area, from, members, average, at_least } = e;
        if *at_least < 2 {
            return Err(Fault::damaged(format!(
                "a list that needs at least {at_least} members is stored as version 1"
            )));
        }
        let (from, members) = (v1::Date { ..*from }, members.clone());
        let list = neighbours_adopted(&v1::NeighboursAdopted { list, area, from, members, average: *average })?;
        Ok(NeighboursAdopted { at_least: *at_least, ..list })
    };
    read(bytes, from_2, Event::NeighboursAdopted)
}

fn commentary_written(e: &v1::CommentaryWritten<&str>) -> Result<CommentaryWritten, Fault> {
    Ok(CommentaryWritten { cell: cell(&e.cell)?, about: e.about.map(Position::new), text: content(&e.text)? })
}

fn rule_adopted(e: &v1::RuleAdopted<&str>) -> Result<RuleAdopted, Fault> {
    let rule = RuleId::new(e.rule).map_err(bad)?;
    Ok(RuleAdopted { rule, measure: e.measure.map(measure).transpose()?, from: date(&e.from)? })
}

pub(super) fn scorecard_defined(e: &v1::ScorecardDefined<&str>) -> Result<ScorecardDefined, Fault> {
    Ok(ScorecardDefined {
        scorecard: ScorecardId::new(e.scorecard).map_err(bad)?,
        title: e.title.to_owned(),
        committee: e.committee.to_owned(),
        layout: content(&e.layout)?,
        remit: Remit::default(),
    })
}

fn row_set_aside(e: &v1::RowSetAside<&str>) -> RowSetAside {
    RowSetAside { text: e.text.to_owned(), field: e.field.to_owned(), problem: e.problem.to_owned() }
}
