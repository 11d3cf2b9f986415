//! An event as JSON that people and other programs can read: every field, under the name that `docs/FORMATS.md` gives.

use domain::event::{
    ActionAgreed, BenchmarkRecorded, CommentaryWritten, Comparator, ContentStored, LateFigureTold, MeasureWithdrawn,
    NeighboursAdopted, ResultRecorded, RuleAdopted, ScorecardDefined, Source, SubmissionReceived, ViewPublished,
};
use domain::measure::{Basis, Content, Definition, MeasureKind};
use domain::result::{StatedPeriod, StatedPrevious};
use domain::target::{TargetKey, Terms};
use domain::{AreaId, Cell, Decimal, Event, Figure, MeasureId, Minimum, Position, Span, Target};

use super::json::Json;
use super::{hex, words};

type Fields = Vec<(&'static str, Json)>;

/// The event's own fields, in their order.
pub(super) fn event(event: &Event) -> Json {
    Json::Object(match event {
        Event::LogOpened(e) => vec![
            ("log", Json::text(e.log)),
            ("authority", Json::text(&e.authority)),
            ("time_zone", Json::text(&e.time_zone)),
            ("format", Json::Number(e.format.into())),
        ],
        Event::SubmissionReceived(e) => submission_received(e),
        Event::SubmissionRolledBack(id) | Event::SubmissionReinstated(id) => vec![("submission", Json::text(id))],
        Event::ContentStored(e) => content_stored(e),
        Event::ActorNamed(e) => vec![("actor", Json::text(&e.actor)), ("name", Json::text(&e.name))],
        Event::MeasureDefined(e) | Event::MeasureRevised(e) => definition(e),
        Event::MeasureWithdrawn(e) => measure_withdrawn(e),
        Event::AreaDefined(e) => vec![
            ("area", Json::text(&e.area)),
            ("name", Json::text(&e.name)),
            ("level", Json::text(words::level(e.level))),
            ("parent", Json::maybe_text(e.parent.as_ref())),
        ],
        Event::CohortDefined(e) => vec![
            ("cohort", Json::text(&e.cohort)),
            ("name", Json::text(&e.name)),
            ("description", Json::text(&e.description)),
        ],
        Event::ResultRecorded(e) => result_recorded(e),
        Event::ResultWithdrawn(e) => cell(e),
        Event::TargetChanged(e) => {
            joined([key(&e.key), span(e.span), terms(e.terms), vec![("decision", Json::text(&e.decision))]])
        }
        Event::TargetWithdrawn(e) => joined([key(&e.key), span(e.span), vec![("decision", Json::text(&e.decision))]]),
        Event::BenchmarkRecorded(e) => benchmark_recorded(e),
        Event::NeighboursAdopted(e) => neighbours_adopted(e),
        Event::CommentaryWritten(e) => commentary_written(e),
        Event::RatingRuleAdopted(e) | Event::DirectionMethodAdopted(e) => rule_adopted(e),
        Event::ScorecardDefined(e) => scorecard_defined(e),
        Event::ActionAgreed(e) => action_agreed(e),
        Event::ViewPublished(e) => view_published(e),
        Event::CommitteeActRecorded(e) => {
            vec![("view", Json::text(&e.view)), ("act", Json::text(e.act.word())), ("text", content(&e.text))]
        }
        Event::LateFigureTold(e) => late_figure_told(e),
        Event::RowSetAside(e) => {
            vec![("row", Json::text(&e.text)), ("field", Json::text(&e.field)), ("problem", Json::text(&e.problem))]
        }
        Event::FormatRaised(format) => vec![("format", Json::Number((*format).into()))],
    })
}

fn joined<const N: usize>(parts: [Fields; N]) -> Fields {
    parts.into_iter().flatten().collect()
}

fn maybe_decimal(value: Option<Decimal>) -> Json {
    Json::maybe_text(value)
}

fn cell(value: &Cell) -> Fields {
    vec![
        ("measure", Json::text(&value.series.measure)),
        ("area", Json::text(&value.series.area)),
        ("cohort", Json::text(&value.series.cohort)),
        ("period", Json::Text(value.period.code())),
    ]
}

fn key(value: &TargetKey) -> Fields {
    vec![
        ("measure", Json::text(&value.measure)),
        ("area", Json::text(&value.area)),
        ("cohort", Json::text(&value.cohort)),
        ("owner", Json::text(words::owner(value.owner))),
    ]
}

fn span(value: Span) -> Fields {
    vec![("from", Json::text(value.from)), ("to", Json::maybe_text(value.to))]
}

fn content(value: &Content) -> Json {
    match value {
        Content::Inline(text) => Json::Object(vec![("text", Json::text(text))]),
        Content::Stored { digest, size } => {
            Json::Object(vec![("sha256", Json::text(digest)), ("size", Json::Number((*size).into()))])
        }
    }
}

fn stated_period(value: &StatedPeriod) -> Json {
    match value {
        StatedPeriod::NotStated => Json::Null,
        StatedPeriod::Period(period) => Json::Object(vec![("period", Json::Text(period.code()))]),
        StatedPeriod::Words(words) => Json::Object(vec![("words", Json::text(words))]),
    }
}

fn submission_received(e: &SubmissionReceived) -> Fields {
    let source = |source: &Source| {
        Json::Object(vec![
            ("name", Json::text(&source.name)),
            ("sha256", Json::text(source.sha256)),
            ("size", Json::Number(source.size)),
            ("layout", Json::text(&source.layout)),
            ("stored", Json::Flag(source.stored)),
        ])
    };
    vec![("digest", Json::text(e.digest)), ("sources", Json::List(e.sources.iter().map(source).collect()))]
}

/// A part of a text is text; a part that begins or ends within a character, or is of something else, is hexadecimal.
fn content_stored(e: &ContentStored) -> Fields {
    let bytes = match std::str::from_utf8(&e.bytes) {
        Ok(text) => ("text", Json::text(text)),
        Err(_) => ("hex", Json::Text(hex::write(&e.bytes))),
    };
    vec![
        ("sha256", Json::text(e.digest)),
        ("part", Json::Number(e.part.into())),
        ("parts", Json::Number(e.parts.into())),
        ("file", Json::Flag(e.file)),
        bytes,
    ]
}

fn definition(e: &Definition) -> Fields {
    let (kind, expected) = match e.kind {
        MeasureKind::Indicator => ("indicator", None),
        MeasureKind::Activity { expected } => ("activity", expected),
    };
    let (basis, months) = match e.basis {
        Basis::Snapshot => ("snapshot", None),
        Basis::YearToDate => ("year-to-date", None),
        Basis::RollingMonths(months) => ("rolling", Some(months)),
        Basis::SinglePeriod => ("single-period", None),
        Basis::MeanOfMonths(months) => ("mean-of", Some(months)),
        Basis::NotStated => ("not-stated", None),
    };
    vec![
        ("measure", Json::text(&e.measure)),
        ("title", Json::text(&e.title)),
        ("kind", Json::text(kind)),
        ("expected_low", maybe_decimal(expected.map(|(low, _)| low))),
        ("expected_high", maybe_decimal(expected.map(|(_, high)| high))),
        ("unit", Json::text(&e.unit.label)),
        ("multiplier", Json::Number(e.unit.multiplier.into())),
        ("decimal_places", Json::Number(e.decimal_places.into())),
        ("polarity", Json::text(words::polarity(e.polarity))),
        ("frequency", Json::text(words::frequency(e.frequency))),
        ("basis", Json::text(basis)),
        ("basis_months", months.map_or(Json::Null, |months| Json::Number(months.into()))),
        ("year_type", Json::text(words::year_type(e.year_type))),
        ("definition", content(&e.definition)),
        ("data_source", Json::text(&e.data_source)),
        ("owner", Json::text(&e.owner)),
    ]
}

fn measure_withdrawn(e: &MeasureWithdrawn) -> Fields {
    vec![
        ("measure", Json::text(&e.measure)),
        ("from", Json::text(e.from)),
        ("successor", Json::maybe_text(e.successor.as_ref())),
        ("comparable", Json::Flag(e.comparable)),
    ]
}

fn figure(figure: Figure) -> Fields {
    let (value, numerator, denominator, missing) = match figure {
        Figure::Stated { value, denominator } => (Some(value), None, denominator, None),
        Figure::Counted { numerator, denominator, stated } => (stated, Some(numerator), Some(denominator), None),
        Figure::Missing(missing) => (None, None, None, Some(missing)),
    };
    vec![
        ("value", maybe_decimal(value)),
        ("numerator", maybe_decimal(numerator)),
        ("denominator", maybe_decimal(denominator)),
        ("missing", Json::maybe_text(missing.map(words::missing))),
    ]
}

fn result_recorded(e: &ResultRecorded) -> Fields {
    let previous = |previous: &StatedPrevious| {
        Json::Object(vec![("value", Json::text(previous.value)), ("period", stated_period(&previous.period))])
    };
    joined([
        cell(&e.cell),
        figure(e.entry.figure),
        vec![
            ("status", Json::text(words::status(e.entry.status))),
            ("stated_rating", Json::maybe_text(e.entry.stated_colour.map(words::colour))),
            ("previous", e.entry.stated_previous.as_ref().map_or(Json::Null, previous)),
            ("source_text", Json::text(&e.entry.source_text)),
        ],
    ])
}

fn terms(value: Terms) -> Fields {
    let (comparison, low, high) = match value.target {
        Target::AtLeast(value) => ("at-least", value, None),
        Target::MoreThan(value) => ("more-than", value, None),
        Target::AtMost(value) => ("at-most", value, None),
        Target::LessThan(value) => ("less-than", value, None),
        Target::Within { low, high } => ("within", low, Some(high)),
    };
    let (minimum, minimum_high) = match value.minimum {
        Minimum::Unknown => (None, None),
        Minimum::Value(value) => (Some(value), None),
        Minimum::Within { low, high } => (Some(low), Some(high)),
    };
    vec![
        ("comparison", Json::text(comparison)),
        ("target", Json::text(low)),
        ("target_high", maybe_decimal(high)),
        ("minimum", maybe_decimal(minimum)),
        ("minimum_high", maybe_decimal(minimum_high)),
    ]
}

fn benchmark_recorded(e: &BenchmarkRecorded) -> Fields {
    let comparator = match &e.comparator {
        Comparator::Area(area) => ("area", Json::text(area)),
        Comparator::Neighbours => ("neighbours", Json::Flag(true)),
        Comparator::Group(name) => ("group", Json::text(name)),
    };
    joined([
        cell(&e.cell),
        vec![
            ("comparator", Json::Object(vec![comparator])),
            ("value", maybe_decimal(e.figure.ok())),
            ("missing", Json::maybe_text(e.figure.err().map(words::missing))),
            ("benchmark_period", stated_period(&e.period)),
            ("source", Json::text(&e.source)),
        ],
    ])
}

fn neighbours_adopted(e: &NeighboursAdopted) -> Fields {
    let member = |area: &AreaId| Json::text(area);
    // A list of schema version 1 has no such field, and its line stays what it was.
    let at_least = (e.at_least > 1).then_some(("at_least", Json::Number(e.at_least.into())));
    let fields = vec![
        ("list", Json::text(&e.list)),
        ("area", Json::text(&e.area)),
        ("from", Json::text(e.from)),
        ("members", Json::List(e.members.iter().map(member).collect())),
        ("average", Json::text(words::average(e.average))),
    ];
    fields.into_iter().chain(at_least).collect()
}

fn commentary_written(e: &CommentaryWritten) -> Fields {
    let about = e.about.map(Position::get).map_or(Json::Null, Json::Number);
    joined([cell(&e.cell), vec![("about", about), ("text", content(&e.text))]])
}

/// A scorecard of schema version 1 has no more than its first fields, and its line stays what it was.
fn scorecard_defined(e: &ScorecardDefined) -> Fields {
    let fields = vec![
        ("scorecard", Json::text(&e.scorecard)),
        ("title", Json::text(&e.title)),
        ("committee", Json::text(&e.committee)),
        ("layout", content(&e.layout)),
    ];
    if e.remit.none() {
        return fields;
    }
    let remit = vec![
        ("from", Json::maybe_text(e.remit.from)),
        ("owner", Json::text(&e.remit.owner)),
        ("director", Json::text(&e.remit.director)),
        ("behind", Json::maybe_text(e.remit.behind.as_ref())),
        ("subset_of", Json::maybe_text(e.remit.subset_of.as_ref())),
    ];
    joined([fields, remit])
}

fn action_agreed(e: &ActionAgreed) -> Fields {
    let about = e.about.map(Position::get).map_or(Json::Null, Json::Number);
    let action =
        vec![("about", about), ("text", content(&e.text)), ("owner", Json::text(&e.owner)), ("due", Json::text(e.due))];
    joined([cell(&e.cell), action])
}

fn view_published(e: &ViewPublished) -> Fields {
    vec![
        ("view", Json::text(&e.view)),
        ("scorecard", Json::text(&e.scorecard)),
        ("period", Json::Text(e.period.code())),
        ("area", Json::text(&e.area)),
        ("committee", Json::text(&e.meeting.committee)),
        ("on", Json::text(e.meeting.on)),
        ("view_known_at", Json::maybe_text(e.known_at)),
        ("view_position", Json::Number(e.position.get())),
        ("form", Json::text(&e.form)),
        ("content", content(&e.content)),
        ("over", content(&e.over)),
    ]
}

fn late_figure_told(e: &LateFigureTold) -> Fields {
    let told = e.told.map_or(Vec::new(), |(told, status)| {
        joined([figure(told), vec![("status", Json::text(words::status(status)))]])
    });
    joined([vec![("view", Json::text(&e.view))], cell(&e.cell), told, vec![("text", content(&e.text))]])
}

fn rule_adopted(e: &RuleAdopted) -> Fields {
    vec![
        ("rule", Json::text(&e.rule)),
        ("measure", Json::maybe_text(e.measure.as_ref().map(MeasureId::as_str))),
        ("from", Json::text(e.from)),
    ]
}
