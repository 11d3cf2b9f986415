//! One record of every type and form. Together, in this order, they are a valid log; golden bytes are kept of each.
//! A new sample goes to the end: those before are released.

use std::num::NonZeroU32;

use domain::event::{
    ActionAgreed, ActorNamed, AreaDefined, AreaLevel, Attribution, Average, BenchmarkRecorded, CohortDefined,
    CommentaryWritten, CommitteeAct, CommitteeActRecorded, Comparator, ContentStored, LateFigureTold, LogOpened,
    MeasureWithdrawn, NeighboursAdopted, ResultRecorded, RowSetAside, RuleAdopted, ScorecardDefined, Source,
    SubmissionReceived, TargetChanged, TargetWithdrawn, ViewPublished,
};
use domain::ids::NeighboursId;
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{Cause, Colour, ResultEntry, StatedPeriod, StatedPrevious, Why};
use domain::scorecard::Remit;
use domain::target::TargetKey;
use domain::{
    Actor, ActorId, AreaId, Cell, CohortId, Date, Decimal, Digest, Event, EventId, Figure, LogId, MeasureId, Meeting,
    Minimum, Missing, Origin, Owner, Period, Position, Recorded, RuleId, ScorecardId, Series, Span, Status,
    SubmissionId, Target, Terms, Timestamp, ViewId,
};

/// The salt of every golden record.
pub(crate) const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// 2018-11-29T10:00:00Z.
const BEGUN_MICROS: i64 = 1_543_485_600_000_000;

/// All samples, each with its name.
pub(crate) fn all() -> Vec<(&'static str, Recorded)> {
    let events = opening()
        .into_iter()
        .chain(definitions())
        .chain(places())
        .chain(results())
        .chain(targets())
        .chain(others())
        .chain(codes())
        .chain(second_format())
        .chain(second_schema())
        .chain(third_format());
    events.zip(1..).map(|((name, event), position)| (name, record(position, event))).collect()
}

/// The event at a position; positions 2 and 3 are one commit, every other record is one of its own.
pub(crate) fn record(position: u64, event: Event) -> Recorded {
    let last_of_commit = position != 2;
    let seconds = i64::try_from(if last_of_commit { position } else { 3 }).unwrap();
    let recorded_at = Timestamp::from_micros(BEGUN_MICROS + seconds * 1_000_000).unwrap();
    let backfilled = position.is_multiple_of(5);
    Recorded {
        position: Position::new(position),
        recorded_at,
        known_at: if backfilled { Timestamp::from_micros(BEGUN_MICROS - seconds).unwrap() } else { recorded_at },
        event_id: EventId([u8::try_from(position % 251).unwrap(); 16]),
        last_of_commit,
        attribution: attribution(position),
        event,
    }
}

fn attribution(position: u64) -> Attribution {
    let line = NonZeroU32::new(u32::try_from(position + 1).unwrap()).unwrap();
    let causes = [None, Some(Cause::ScheduledRevision), Some(Cause::MethodChange), Some(Cause::CorrectionOfError)];
    Attribution {
        actor: Actor { id: ActorId::new("mi.officer").unwrap(), authenticated: position.is_multiple_of(2) },
        submission: SubmissionId([0xA5; 16]),
        origin: (!position.is_multiple_of(3)).then_some(Origin { file: 2, line }),
        why: Why {
            reason: if position.is_multiple_of(4) { "as published – final".to_owned() } else { String::new() },
            cause: causes[usize::try_from(position).unwrap() % causes.len()],
        },
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn measure(code: &str) -> MeasureId {
    MeasureId::new(code).unwrap()
}

fn area(code: &str) -> AreaId {
    AreaId::new(code).unwrap()
}

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn cell(measure_code: &str, cohort: &str, period: &str) -> Cell {
    let (measure, area, cohort) = (measure(measure_code), area("E10000016"), CohortId::new(cohort).unwrap());
    Cell { series: Series { measure, area, cohort }, period: Period::parse(period).unwrap() }
}

type Named = (&'static str, Event);

fn opening() -> Vec<Named> {
    let opened =
        LogOpened { log: LogId([0x11; 16]), authority: area("E10000016"), time_zone: text("Europe/London"), format: 1 };
    let results = Source {
        name: text("results.csv"),
        sha256: Digest([0x22; 32]),
        size: 4_294_967_296,
        layout: text("scorebook-results.1"),
        stored: true,
    };
    let targets = Source { name: text("cibles d’été.csv"), stored: false, size: 12, ..results.clone() };
    let content =
        ContentStored { digest: Digest([0x33; 32]), part: 1, parts: 2, file: false, bytes: (0..=255).collect() };
    let file = ContentStored { file: true, part: 0, parts: 1, bytes: b"measure,period\n".to_vec(), ..content.clone() };
    let named = ActorNamed { actor: ActorId::new("mi.officer").unwrap(), name: text("Zoë Ångström") };
    vec![
        ("LogOpened", Event::LogOpened(opened)),
        (
            "SubmissionReceived",
            Event::SubmissionReceived(SubmissionReceived {
                digest: Digest([0x44; 32]),
                sources: vec![results, targets],
            }),
        ),
        ("ContentStored", Event::ContentStored(content)),
        ("ContentStored-file", Event::ContentStored(file)),
        (
            "SubmissionReceived-acts",
            Event::SubmissionReceived(SubmissionReceived { digest: Digest([0x45; 32]), sources: vec![] }),
        ),
        ("SubmissionRolledBack", Event::SubmissionRolledBack(SubmissionId([0x55; 16]))),
        ("SubmissionReinstated", Event::SubmissionReinstated(SubmissionId([0x56; 16]))),
        ("ActorNamed", Event::ActorNamed(named)),
    ]
}

fn definitions() -> Vec<Named> {
    let attainment = Definition {
        measure: measure("ks2-rwm"),
        title: text("Pupils at Key Stage 2 achieving the expected standard"),
        kind: MeasureKind::Indicator,
        unit: Unit::percent(),
        decimal_places: 1,
        polarity: Polarity::Higher,
        frequency: Frequency::Annual,
        basis: Basis::Snapshot,
        year_type: YearType::Academic,
        definition: Content::Inline(text("Reading, writing and mathematics.")),
        data_source: text("Department for Education"),
        owner: text("School improvement"),
    };
    let days = Definition {
        measure: measure("adoption-days"),
        unit: Unit { label: text("days"), multiplier: 1 },
        decimal_places: 0,
        polarity: Polarity::Lower,
        frequency: Frequency::Monthly,
        basis: Basis::RollingMonths(12),
        year_type: YearType::Financial,
        definition: Content::Stored { digest: Digest([0x66; 32]), size: 8_388_608 },
        ..attainment.clone()
    };
    let referrals = Definition {
        measure: measure("referrals"),
        kind: MeasureKind::Activity { expected: Some((number("1400.5"), number("1800"))) },
        polarity: Polarity::None,
        frequency: Frequency::Quarterly,
        basis: Basis::MeanOfMonths(3),
        year_type: YearType::Calendar,
        ..attainment.clone()
    };
    let caseload = Definition {
        measure: measure("caseload"),
        kind: MeasureKind::Activity { expected: None },
        polarity: Polarity::Range,
        frequency: Frequency::Termly,
        basis: Basis::YearToDate,
        data_source: String::new(),
        ..attainment.clone()
    };
    let basis = |basis| Definition { basis, ..attainment.clone() };
    vec![
        ("MeasureDefined", Event::MeasureDefined(attainment.clone())),
        ("MeasureDefined-stored", Event::MeasureDefined(days)),
        ("MeasureRevised", Event::MeasureRevised(referrals)),
        ("MeasureRevised-activity", Event::MeasureRevised(caseload)),
        ("MeasureRevised-single-period", Event::MeasureRevised(basis(Basis::SinglePeriod))),
        ("MeasureRevised-not-stated", Event::MeasureRevised(basis(Basis::NotStated))),
    ]
}

fn places() -> Vec<Named> {
    let withdrawn = MeasureWithdrawn {
        measure: measure("pep"),
        from: day(2018, 4, 1),
        successor: Some(measure("pep-2018")),
        comparable: true,
    };
    let ended = MeasureWithdrawn { successor: None, comparable: false, ..withdrawn.clone() };
    vec![
        ("MeasureWithdrawn", Event::MeasureWithdrawn(withdrawn)),
        ("MeasureWithdrawn-no-successor", Event::MeasureWithdrawn(ended)),
        (
            "AreaDefined",
            Event::AreaDefined(AreaDefined {
                area: area("E07000112"),
                name: text("Folkestone and Hythe"),
                level: AreaLevel::District,
                parent: Some(area("E10000016")),
            }),
        ),
        (
            "AreaDefined-country",
            Event::AreaDefined(AreaDefined {
                area: area("E92000001"),
                name: text("England"),
                level: AreaLevel::Country,
                parent: None,
            }),
        ),
        (
            "CohortDefined",
            Event::CohortDefined(CohortDefined {
                cohort: CohortId::new("excluding-uasc").unwrap(),
                name: text("Excluding unaccompanied children"),
                description: String::new(),
            }),
        ),
    ]
}

fn results() -> Vec<Named> {
    let stated = ResultEntry {
        figure: Figure::Stated { value: number("74.0"), denominator: Some(number("364")) },
        status: Status::Provisional,
        stated_colour: Some(Colour::Amber),
        stated_previous: Some(StatedPrevious {
            value: number("-72.10"),
            period: StatedPeriod::Period(Period::parse("AY2016").unwrap()),
        }),
        source_text: text("74.0 %"),
    };
    let counted = ResultEntry {
        figure: Figure::Counted { numerator: number("759"), denominator: number("1747"), stated: Some(number("43.4")) },
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    };
    let unstated = ResultEntry {
        figure: Figure::Counted { numerator: number("204.25"), denominator: number("613"), stated: None },
        status: Status::Revised,
        stated_previous: Some(StatedPrevious {
            value: number("33"),
            period: StatedPeriod::Words(text("same time last year")),
        }),
        ..counted.clone()
    };
    let missing = ResultEntry {
        figure: Figure::Missing(Missing::Confidential),
        status: Status::NotStated,
        stated_previous: Some(StatedPrevious {
            value: Decimal::new(i64::MIN, 18).unwrap(),
            period: StatedPeriod::NotStated,
        }),
        ..counted.clone()
    };
    let plain = ResultEntry { figure: Figure::Stated { value: number("349"), denominator: None }, ..counted.clone() };
    let event = |period, entry| Event::ResultRecorded(ResultRecorded { cell: cell("ks2-rwm", "all", period), entry });
    vec![
        ("ResultRecorded", event("2018-09", stated)),
        ("ResultRecorded-counted", event("FY2018-Q2", counted)),
        ("ResultRecorded-counted-alone", event("AY2018-T1", unstated)),
        ("ResultRecorded-missing", event("FY2013..FY2015", missing)),
        ("ResultRecorded-plain", event("2018-09-30", plain)),
        ("ResultWithdrawn", Event::ResultWithdrawn(cell("adoption-days", "excluding-uasc", "CY2018-Q3"))),
    ]
}

fn targets() -> Vec<Named> {
    let key = TargetKey {
        measure: measure("ks2-rwm"),
        area: area("E10000016"),
        cohort: CohortId::all(),
        owner: Owner::Local,
    };
    let changed = |owner, to, target, minimum| {
        Event::TargetChanged(TargetChanged {
            key: TargetKey { owner, ..key.clone() },
            span: Span { from: day(2018, 4, 1), to },
            terms: Terms { target, minimum },
            decision: text("CYPE Cabinet Committee, 29 November 2018, item 12"),
        })
    };
    let end = Some(day(2019, 4, 1));
    let (low, high) = (number("10.5"), number("20"));
    vec![
        ("TargetChanged", changed(Owner::Local, end, Target::AtLeast(number("85.0")), Minimum::Value(number("-80")))),
        ("TargetChanged-more-than", changed(Owner::Service, None, Target::MoreThan(low), Minimum::Unknown)),
        ("TargetChanged-at-most", changed(Owner::National, None, Target::AtMost(low), Minimum::Value(high))),
        ("TargetChanged-less-than", changed(Owner::Local, end, Target::LessThan(low), Minimum::Unknown)),
        (
            "TargetChanged-within",
            changed(Owner::Local, None, Target::Within { low, high }, Minimum::Within { low: number("0"), high }),
        ),
        (
            "TargetWithdrawn",
            Event::TargetWithdrawn(TargetWithdrawn {
                key: key.clone(),
                span: Span { from: day(2018, 4, 1), to: None },
                decision: text("Minute 77"),
            }),
        ),
    ]
}

fn others() -> Vec<Named> {
    let benchmark = BenchmarkRecorded {
        cell: cell("ks2-rwm", "all", "AY2017"),
        comparator: Comparator::Area(area("E92000001")),
        figure: Ok(number("65")),
        period: StatedPeriod::Period(Period::parse("AY2017").unwrap()),
        source: text("Department for Education"),
    };
    let neighbours = BenchmarkRecorded {
        comparator: Comparator::Neighbours,
        figure: Err(Missing::KnownNotToExist),
        period: StatedPeriod::NotStated,
        source: String::new(),
        ..benchmark.clone()
    };
    let group = BenchmarkRecorded {
        comparator: Comparator::Group(text("South East shire counties")),
        period: StatedPeriod::Words(text("2016/17 (latest)")),
        ..benchmark.clone()
    };
    let written = CommentaryWritten {
        cell: cell("ks2-rwm", "all", "AY2017"),
        about: Some(Position::new(20)),
        text: Content::Inline(text("Better than target for the third year.")),
    };
    let unbound = CommentaryWritten {
        about: None,
        text: Content::Stored { digest: Digest([0x77; 32]), size: 1_501 },
        ..written.clone()
    };
    let rule = RuleAdopted { rule: RuleId::new("kent.1").unwrap(), measure: None, from: day(1970, 1, 1) };
    let method = RuleAdopted {
        rule: RuleId::new("previous-reported.1").unwrap(),
        measure: Some(measure("ks2-rwm")),
        ..rule.clone()
    };
    let list = NeighboursAdopted {
        list: NeighboursId::new("cipfa-2018").unwrap(),
        area: area("E10000016"),
        from: day(2018, 1, 31),
        members: vec![area("E10000012"), area("E10000014")],
        average: Average::Pooled,
        at_least: 1,
    };
    let scorecard = ScorecardDefined {
        scorecard: ScorecardId::new("cype").unwrap(),
        title: text("Children, Young People and Education"),
        committee: text("CYPE Cabinet Committee"),
        layout: Content::Inline(text("= Monthly\nks2-rwm all rated any\n")),
        remit: Remit::default(),
    };
    let aside = RowSetAside { text: text("x,July 20188,3"), field: text("period"), problem: text("no such year") };
    vec![
        ("BenchmarkRecorded", Event::BenchmarkRecorded(benchmark)),
        ("BenchmarkRecorded-neighbours", Event::BenchmarkRecorded(neighbours)),
        ("BenchmarkRecorded-group", Event::BenchmarkRecorded(group)),
        ("NeighboursAdopted", Event::NeighboursAdopted(list)),
        ("CommentaryWritten", Event::CommentaryWritten(written)),
        ("CommentaryWritten-stored", Event::CommentaryWritten(unbound)),
        ("RatingRuleAdopted", Event::RatingRuleAdopted(rule)),
        ("DirectionMethodAdopted", Event::DirectionMethodAdopted(method)),
        ("ScorecardDefined", Event::ScorecardDefined(scorecard)),
        ("RowSetAside", Event::RowSetAside(aside)),
    ]
}

/// What a log of format 1 does not hold.
fn second_format() -> Vec<Named> {
    vec![("FormatRaised", Event::FormatRaised(2))]
}

/// The codes that the samples before do not have.
fn codes() -> Vec<Named> {
    let missing = |missing, status, stated_colour| {
        let figure = Figure::Missing(missing);
        let entry = ResultEntry { figure, status, stated_colour, stated_previous: None, source_text: String::new() };
        Event::ResultRecorded(ResultRecorded { cell: cell("ks2-rwm", "all", "CY2018"), entry })
    };
    let level = |level| {
        Event::AreaDefined(AreaDefined { area: area("E12000008"), name: text("South East"), level, parent: None })
    };
    let average = |average| {
        Event::NeighboursAdopted(NeighboursAdopted {
            list: NeighboursId::new("nearest").unwrap(),
            area: area("E10000016"),
            from: day(2018, 12, 31),
            members: vec![],
            average,
            at_least: 1,
        })
    };
    vec![
        ("ResultRecorded-z", missing(Missing::NotApplicable, Status::Estimated, Some(Colour::Green))),
        ("ResultRecorded-x", missing(Missing::Unavailable, Status::CarriedForward, Some(Colour::Red))),
        ("ResultRecorded-low", missing(Missing::Low, Status::Forecast, None)),
        ("ResultRecorded-u", missing(Missing::Unreliable, Status::NotStated, None)),
        ("ResultRecorded-not-supplied", missing(Missing::NotSupplied, Status::NotStated, None)),
        ("AreaDefined-region", level(AreaLevel::Region)),
        ("AreaDefined-authority", level(AreaLevel::Authority)),
        ("NeighboursAdopted-mean", average(Average::Mean)),
        ("NeighboursAdopted-median", average(Average::Median)),
    ]
}

/// A list with the field that the first schema version of its type has not.
fn second_schema() -> Vec<Named> {
    let list = NeighboursAdopted {
        list: NeighboursId::new("nearest").unwrap(),
        area: area("E10000016"),
        from: day(2025, 5, 28),
        members: vec![area("E10000012"), area("E10000008"), area("E09000004")],
        average: Average::Median,
        at_least: 2,
    };
    vec![("NeighboursAdopted-at-least", Event::NeighboursAdopted(list))]
}

/// What a log of format 2 does not hold.
fn third_format() -> Vec<Named> {
    let scorecard = |code: &str| ScorecardId::new(code).unwrap();
    let remit = Remit {
        from: Some(day(2018, 4, 1)),
        owner: text("Management Information"),
        director: text("Corporate Director, Children, Young People and Education"),
        behind: Some(scorecard("cype")),
        subset_of: None,
    };
    let service = ScorecardDefined {
        scorecard: scorecard("early-help"),
        title: text("Early Help and Preventative Services"),
        committee: String::new(),
        layout: Content::Inline(text("= Monthly\nks2-rwm all rated any\n")),
        remit,
    };
    let quarterly = ScorecardDefined {
        scorecard: scorecard("qpr"),
        remit: Remit { subset_of: Some(scorecard("cype")), ..Remit::default() },
        ..service.clone()
    };
    let action = ActionAgreed {
        cell: cell("ks2-rwm", "all", "AY2017"),
        about: Some(Position::new(20)),
        text: Content::Inline(text("Visit the schools below the floor standard.")),
        owner: text("School Improvement"),
        due: day(2019, 3, 31),
    };
    vec![
        ("ScorecardDefined-service", Event::ScorecardDefined(service)),
        ("ScorecardDefined-subset", Event::ScorecardDefined(quarterly)),
        ("ActionAgreed", Event::ActionAgreed(action)),
    ]
    .into_iter()
    .chain(views())
    .collect()
}

fn views() -> Vec<Named> {
    let code = ViewId::new("cype-2018-09-2018-11-29").unwrap();
    let view = ViewPublished {
        view: code.clone(),
        scorecard: ScorecardId::new("cype").unwrap(),
        period: "2018-09".parse().unwrap(),
        area: area("E10000016"),
        meeting: Meeting { committee: text("CYPE Cabinet Committee"), on: day(2018, 11, 29) },
        known_at: Some(Timestamp::from_micros(BEGUN_MICROS).unwrap()),
        position: Position::new(40),
        form: text("view/1"),
        content: Content::Stored { digest: Digest([0x56; 32]), size: 40_000 },
        over: Content::Inline(text("provisional\tks2-rwm\tThe figure is provisional.\n")),
    };
    let unbound = ViewPublished { known_at: None, over: Content::Inline(String::new()), ..view.clone() };
    let act = |act, words: &str| {
        Event::CommitteeActRecorded(CommitteeActRecorded {
            view: code.clone(),
            act,
            text: Content::Inline(text(words)),
        })
    };
    let late = LateFigureTold {
        view: code.clone(),
        cell: cell("ks2-rwm", "all", "AY2018"),
        told: Some((Figure::Stated { value: Decimal::new(655, 1).unwrap(), denominator: None }, Status::Provisional)),
        text: Content::Inline(String::new()),
    };
    let words = LateFigureTold { told: None, text: Content::Inline(text("Better than last year.")), ..late.clone() };
    vec![
        ("ViewPublished", Event::ViewPublished(view)),
        ("ViewPublished-unbound", Event::ViewPublished(unbound)),
        ("CommitteeActRecorded", act(CommitteeAct::Noted, "")),
        ("CommitteeActRecorded-commented", act(CommitteeAct::Commented, "Members asked for the districts.")),
        ("CommitteeActRecorded-resolved", act(CommitteeAct::Resolved, "That a report come in March.")),
        ("LateFigureTold", Event::LateFigureTold(late)),
        ("LateFigureTold-words", Event::LateFigureTold(words)),
    ]
}
