//! Any event: every text is one that its constructor takes, every number any that fits.

mod views;

use std::num::NonZeroU32;

use domain::event::{
    ActorNamed, AreaDefined, AreaLevel, Attribution, Average, BenchmarkRecorded, CohortDefined, CommentaryWritten,
    Comparator, ContentStored, FORMAT, LogOpened, MeasureWithdrawn, NeighboursAdopted, ResultRecorded, RowSetAside,
    RuleAdopted, ScorecardDefined, Source, SubmissionReceived, TargetChanged, TargetWithdrawn,
};
use domain::ids::NeighboursId;
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{Cause, Colour, ResultEntry, StatedPeriod, StatedPrevious, Why};
use domain::target::TargetKey;
use domain::{
    Actor, ActorId, AreaId, Cell, CohortId, Date, Decimal, Digest, Event, EventId, Figure, LogId, MeasureId, Minimum,
    Missing, Origin, Owner, Period, Position, Recorded, RuleId, ScorecardId, Series, Span, Status, SubmissionId,
    Target, Terms, Timestamp,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

fn code() -> impl Strategy<Value = String> {
    "[A-Za-z0-9._-]{1,64}"
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,30}"
}

fn measure() -> impl Strategy<Value = MeasureId> {
    code().prop_map(|code| MeasureId::new(&code).unwrap())
}

fn area() -> impl Strategy<Value = AreaId> {
    code().prop_map(|code| AreaId::new(&code).unwrap())
}

fn cohort() -> impl Strategy<Value = CohortId> {
    code().prop_map(|code| CohortId::new(&code).unwrap())
}

fn actor() -> impl Strategy<Value = ActorId> {
    code().prop_map(|code| ActorId::new(&code).unwrap())
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0..=18_u8).prop_map(|(coefficient, scale)| Decimal::new(coefficient, scale).unwrap())
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn date() -> impl Strategy<Value = Date> {
    (-9999..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn year_type() -> impl Strategy<Value = YearType> {
    select(vec![YearType::Financial, YearType::Academic, YearType::Calendar])
}

fn period() -> impl Strategy<Value = Period> {
    let year = 1900..=2150_i16;
    prop_oneof![
        (year.clone(), 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| Period::day(Date::new(y, m, d).unwrap()).unwrap()),
        (year.clone(), 1..=12_i8).prop_map(|(y, m)| Period::month(y, m).unwrap()),
        (select(vec![YearType::Financial, YearType::Calendar]), year.clone(), 1..=4_i8)
            .prop_map(|(t, y, q)| Period::quarter(t, y, q).unwrap()),
        (year.clone(), 1..=3_i8).prop_map(|(y, t)| Period::term(y, t).unwrap()),
        (year_type(), year, 0..20_i16).prop_map(|(t, y, n)| Period::years(t, y, y + n).unwrap()),
    ]
}

fn cell() -> impl Strategy<Value = Cell> {
    let series = (measure(), area(), cohort()).prop_map(|(measure, area, cohort)| Series { measure, area, cohort });
    (series, period()).prop_map(|(series, period)| Cell { series, period })
}

fn span() -> impl Strategy<Value = Span> {
    (date(), of(date())).prop_map(|(from, to)| Span { from, to })
}

fn content() -> impl Strategy<Value = Content> {
    let stored = (digest(), any::<u32>()).prop_map(|(digest, size)| Content::Stored { digest, size });
    prop_oneof![text().prop_map(Content::Inline), stored]
}

fn missing() -> impl Strategy<Value = Missing> {
    select(vec![
        Missing::Confidential,
        Missing::NotApplicable,
        Missing::Unavailable,
        Missing::Low,
        Missing::Unreliable,
        Missing::NotSupplied,
        Missing::KnownNotToExist,
    ])
}

fn stated_period() -> impl Strategy<Value = StatedPeriod> {
    prop_oneof![
        period().prop_map(StatedPeriod::Period),
        text().prop_map(StatedPeriod::Words),
        Just(StatedPeriod::NotStated)
    ]
}

fn submission_events() -> impl Strategy<Value = Event> {
    let source = (text(), digest(), any::<u64>(), text(), any::<bool>())
        .prop_map(|(name, sha256, size, layout, stored)| Source { name, sha256, size, layout, stored });
    let id = || any::<[u8; 16]>().prop_map(SubmissionId);
    prop_oneof![
        (any::<[u8; 16]>(), area(), text(), 1..=FORMAT).prop_map(|(log, authority, time_zone, format)| {
            Event::LogOpened(LogOpened { log: LogId(log), authority, time_zone, format })
        }),
        (digest(), prop::collection::vec(source, 0..8))
            .prop_map(|(digest, sources)| { Event::SubmissionReceived(SubmissionReceived { digest, sources }) }),
        id().prop_map(Event::SubmissionRolledBack),
        id().prop_map(Event::SubmissionReinstated),
        (digest(), any::<u32>(), any::<u32>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..3_400)).prop_map(
            |(digest, part, parts, file, bytes)| Event::ContentStored(ContentStored {
                digest,
                part,
                parts,
                file,
                bytes
            })
        ),
        (actor(), text()).prop_map(|(actor, name)| Event::ActorNamed(ActorNamed { actor, name })),
        (text(), text(), text()).prop_map(|(text, field, problem)| Event::RowSetAside(RowSetAside {
            text,
            field,
            problem
        })),
        (1..=FORMAT).prop_map(Event::FormatRaised),
    ]
}

fn definition() -> impl Strategy<Value = Definition> {
    let kind = prop_oneof![
        Just(MeasureKind::Indicator),
        of((decimal(), decimal())).prop_map(|expected| MeasureKind::Activity { expected })
    ];
    let basis = prop_oneof![
        select(vec![Basis::Snapshot, Basis::YearToDate, Basis::SinglePeriod, Basis::NotStated]),
        any::<u8>().prop_map(Basis::RollingMonths),
        any::<u8>().prop_map(Basis::MeanOfMonths),
    ];
    let polarity = select(vec![Polarity::Higher, Polarity::Lower, Polarity::Range, Polarity::None]);
    let frequency = select(vec![Frequency::Monthly, Frequency::Quarterly, Frequency::Termly, Frequency::Annual]);
    let unit = (text(), any::<u32>()).prop_map(|(label, multiplier)| Unit { label, multiplier });
    let words = (measure(), text(), content(), text(), text());
    (words, kind, unit, any::<u8>(), polarity, frequency, basis, year_type()).prop_map(
        |(words, kind, unit, decimal_places, polarity, frequency, basis, year_type)| {
            let (measure, title, definition, data_source, owner) = words;
            Definition {
                measure,
                title,
                kind,
                unit,
                decimal_places,
                polarity,
                frequency,
                basis,
                year_type,
                definition,
                data_source,
                owner,
            }
        },
    )
}

fn definition_events() -> impl Strategy<Value = Event> {
    let level = select(vec![AreaLevel::Country, AreaLevel::Region, AreaLevel::Authority, AreaLevel::District]);
    prop_oneof![
        definition().prop_map(Event::MeasureDefined),
        definition().prop_map(Event::MeasureRevised),
        (measure(), date(), of(measure()), any::<bool>()).prop_map(|(measure, from, successor, comparable)| {
            Event::MeasureWithdrawn(MeasureWithdrawn { measure, from, successor, comparable })
        }),
        (area(), text(), level, of(area()))
            .prop_map(|(area, name, level, parent)| { Event::AreaDefined(AreaDefined { area, name, level, parent }) }),
        (cohort(), text(), text()).prop_map(|(cohort, name, description)| {
            Event::CohortDefined(CohortDefined { cohort, name, description })
        }),
        (code(), text(), text(), content(), views::remit()).prop_map(|(code, title, committee, layout, remit)| {
            let scorecard = ScorecardId::new(&code).unwrap();
            Event::ScorecardDefined(ScorecardDefined { scorecard, title, committee, layout, remit })
        }),
    ]
}

fn result_events() -> impl Strategy<Value = Event> {
    let figure = prop_oneof![
        (decimal(), of(decimal())).prop_map(|(value, denominator)| Figure::Stated { value, denominator }),
        (decimal(), decimal(), of(decimal())).prop_map(|(numerator, denominator, stated)| Figure::Counted {
            numerator,
            denominator,
            stated
        }),
        missing().prop_map(Figure::Missing),
    ];
    let status = select(vec![
        Status::Provisional,
        Status::Revised,
        Status::Final,
        Status::Estimated,
        Status::CarriedForward,
        Status::Forecast,
        Status::NotStated,
    ]);
    let colour = of(select(vec![Colour::Green, Colour::Amber, Colour::Red]));
    let previous = (decimal(), stated_period()).prop_map(|(value, period)| StatedPrevious { value, period });
    let entry = (figure, status, colour, of(previous), text()).prop_map(
        |(figure, status, stated_colour, stated_previous, source_text)| ResultEntry {
            figure,
            status,
            stated_colour,
            stated_previous,
            source_text,
        },
    );
    let benchmarked = prop_oneof![decimal().prop_map(Ok), missing().prop_map(Err)];
    let comparator = prop_oneof![
        area().prop_map(Comparator::Area),
        Just(Comparator::Neighbours),
        text().prop_map(Comparator::Group)
    ];
    prop_oneof![
        (cell(), entry).prop_map(|(cell, entry)| Event::ResultRecorded(ResultRecorded { cell, entry })),
        cell().prop_map(Event::ResultWithdrawn),
        (cell(), comparator, benchmarked, stated_period(), text()).prop_map(
            |(cell, comparator, figure, period, source)| {
                Event::BenchmarkRecorded(BenchmarkRecorded { cell, comparator, figure, period, source })
            }
        ),
        (cell(), of(any::<u64>()), content()).prop_map(|(cell, about, text)| {
            Event::CommentaryWritten(CommentaryWritten { cell, about: about.map(Position::new), text })
        }),
    ]
}

fn target_events() -> impl Strategy<Value = Event> {
    let key = || {
        let owner = select(vec![Owner::Local, Owner::Service, Owner::National]);
        (measure(), area(), cohort(), owner).prop_map(|(measure, area, cohort, owner)| TargetKey {
            measure,
            area,
            cohort,
            owner,
        })
    };
    let target = prop_oneof![
        decimal().prop_map(Target::AtLeast),
        decimal().prop_map(Target::MoreThan),
        decimal().prop_map(Target::AtMost),
        decimal().prop_map(Target::LessThan),
        (decimal(), decimal()).prop_map(|(low, high)| Target::Within { low, high }),
    ];
    let minimum = prop_oneof![
        Just(Minimum::Unknown),
        decimal().prop_map(Minimum::Value),
        (decimal(), decimal()).prop_map(|(low, high)| Minimum::Within { low, high }),
    ];
    let rule = || {
        (code(), of(measure()), date()).prop_map(|(code, measure, from)| RuleAdopted {
            rule: RuleId::new(&code).unwrap(),
            measure,
            from,
        })
    };
    let average = select(vec![Average::Pooled, Average::Mean, Average::Median]);
    let neighbours = (code(), area(), date(), prop::collection::vec(area(), 0..32), average, 1_u8..=32);
    prop_oneof![
        (key(), span(), target, minimum, text()).prop_map(|(key, span, target, minimum, decision)| {
            Event::TargetChanged(TargetChanged { key, span, terms: Terms { target, minimum }, decision })
        }),
        (key(), span(), text())
            .prop_map(|(key, span, decision)| { Event::TargetWithdrawn(TargetWithdrawn { key, span, decision }) }),
        rule().prop_map(Event::RatingRuleAdopted),
        rule().prop_map(Event::DirectionMethodAdopted),
        neighbours.prop_map(|(code, area, from, members, average, at_least)| {
            let list = NeighboursId::new(&code).unwrap();
            Event::NeighboursAdopted(NeighboursAdopted { list, area, from, members, average, at_least })
        }),
    ]
}

/// Any event.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    Union::new([
        submission_events().boxed(),
        definition_events().boxed(),
        result_events().boxed(),
        target_events().boxed(),
        views::events().boxed(),
    ])
}

fn attribution() -> impl Strategy<Value = Attribution> {
    let cause = of(select(vec![Cause::ScheduledRevision, Cause::MethodChange, Cause::CorrectionOfError]));
    let origin =
        (any::<u16>(), 1..=u32::MAX).prop_map(|(file, line)| Origin { file, line: NonZeroU32::new(line).unwrap() });
    (actor(), any::<bool>(), any::<[u8; 16]>(), of(origin), cause, text()).prop_map(
        |(id, authenticated, submission, origin, cause, reason)| Attribution {
            actor: Actor { id, authenticated },
            submission: SubmissionId(submission),
            origin,
            why: Why { reason, cause },
        },
    )
}

/// Any record.
pub(crate) fn recorded() -> impl Strategy<Value = Recorded> {
    // The years -9999 to 9999, in microseconds.
    let micros = || -377_000_000_000_000_000..=253_000_000_000_000_000_i64;
    let at = move || micros().prop_map(|micros| Timestamp::from_micros(micros).unwrap());
    (any::<u64>(), at(), at(), any::<[u8; 16]>(), any::<bool>(), attribution(), event()).prop_map(
        |(position, recorded_at, known_at, event_id, last_of_commit, attribution, event)| Recorded {
            position: Position::new(position),
            recorded_at,
            known_at,
            event_id: EventId(event_id),
            last_of_commit,
            attribution,
            event,
        },
    )
}
