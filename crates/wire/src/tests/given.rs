//! Things to convert: any instruction, and a few fixed ones.

use std::num::NonZeroU32;

use domain::command::{Command, ScorecardDefinition};
use domain::event::{
    ActorNamed, AreaDefined, BenchmarkRecorded, CohortDefined, Comparator, MeasureWithdrawn, NeighboursAdopted,
    ResultRecorded, RowSetAside, RuleAdopted, TargetChanged, TargetWithdrawn,
};
use domain::ids::Origin;
use domain::measure::{Basis, Content, Definition, MeasureKind, Unit};
use domain::result::{ResultEntry, StatedPeriod, StatedPrevious, Why};
use domain::scorecard::{Layout, LayoutRow, Remit, Section};
use domain::target::{Minimum, Target, TargetKey};
use domain::{
    Cell, Date, Decimal, Figure, Instruction, MeasureId, Period, Position, Series, Span, Status, SubmissionId, Terms,
    Timestamp,
};
use proptest::prelude::*;

use crate::value::enums;

/// A definition as it might stand in a log.
pub(super) fn definition() -> Definition {
    Definition {
        measure: code("ehcp-20-weeks"),
        title: "EHCPs issued within 20 weeks".to_owned(),
        kind: MeasureKind::Indicator,
        unit: Unit::percent(),
        decimal_places: 1,
        polarity: domain::measure::Polarity::Higher,
        frequency: domain::measure::Frequency::Monthly,
        basis: Basis::RollingMonths(12),
        year_type: domain::period::YearType::Financial,
        definition: Content::Inline("Plans issued within 20 weeks of the request.".to_owned()),
        data_source: "Synergy".to_owned(),
        owner: "SEND".to_owned(),
    }
}

/// September 2018, Kent, everybody.
pub(super) fn cell() -> Cell {
    Cell {
        series: Series { measure: code("ehcp-20-weeks"), area: code("E10000016"), cohort: code("all") },
        period: Period::parse("2018-09").unwrap(),
    }
}

/// 759 of 1,747.
pub(super) fn entry() -> ResultEntry {
    ResultEntry {
        figure: Figure::Counted {
            numerator: decimal("759"),
            denominator: decimal("1747"),
            stated: Some(decimal("43.4")),
        },
        status: Status::Provisional,
        stated_colour: Some(domain::result::Colour::Red),
        stated_previous: Some(StatedPrevious {
            value: decimal("42.0"),
            period: StatedPeriod::Words("previous month".to_owned()),
        }),
        source_text: String::new(),
    }
}

/// 90% or more, at least 80%.
pub(super) fn terms() -> Terms {
    Terms { target: Target::AtLeast(decimal("90")), minimum: Minimum::Value(decimal("80")) }
}

/// The council's own target.
pub(super) fn key() -> TargetKey {
    let Series { measure, area, cohort } = cell().series;
    TargetKey { measure, area, cohort, owner: domain::target::Owner::Local }
}

/// The financial year 2018/19.
pub(super) fn span() -> Span {
    Span::of_periods(Period::parse("FY2018").unwrap(), Some(Period::parse("FY2018").unwrap())).unwrap()
}

/// A code of any sort.
pub(super) fn code<C: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> C {
    text.parse().unwrap()
}

/// A decimal.
pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// An instant.
pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A civil date.
pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// An instruction without anything but its command.
pub(super) fn instruction(command: Command) -> Instruction {
    Instruction { command, known_at: None, why: Why::default(), origin: None }
}

fn one_of<T: Clone + std::fmt::Debug>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn any_code<C: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = C> {
    "[A-Za-z0-9._-]{1,64}".prop_map(|text| code(&text))
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u8..=18).prop_map(|(coefficient, scale)| Decimal::new(coefficient, scale).unwrap())
}

fn any_range() -> impl Strategy<Value = (Decimal, Decimal)> {
    (any_decimal(), any_decimal())
}

/// From 1 January of the year 1 to the end of the year 9999.
pub(super) fn any_timestamp() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000_i64..=253_402_207_200_000_000).prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn any_period() -> impl Strategy<Value = Period> {
    const CODES: &[&str] = &[
        "2018-09",
        "2018-09-30",
        "FY2018-Q2",
        "CY2018-Q3",
        "AY2018-T1",
        "FY2018",
        "AY2017",
        "CY2020",
        "FY2013..FY2015",
    ];
    one_of(CODES).prop_map(|code| Period::parse(code).unwrap())
}

fn any_stated_period() -> impl Strategy<Value = StatedPeriod> {
    prop_oneof![
        any_period().prop_map(StatedPeriod::Period),
        ".{1,40}".prop_map(StatedPeriod::Words),
        Just(StatedPeriod::NotStated),
    ]
}

fn any_cell() -> impl Strategy<Value = Cell> {
    (any_code(), any_code(), any_code(), any_period())
        .prop_map(|(measure, area, cohort, period)| Cell { series: Series { measure, area, cohort }, period })
}

fn any_figure() -> impl Strategy<Value = Figure> {
    let maybe = || proptest::option::of(any_decimal());
    prop_oneof![
        (any_decimal(), maybe()).prop_map(|(value, denominator)| Figure::Stated { value, denominator }),
        (any_decimal(), any_decimal(), maybe()).prop_map(|(numerator, denominator, stated)| Figure::Counted {
            numerator,
            denominator,
            stated
        }),
        one_of(enums::missing::ALL).prop_map(Figure::Missing),
    ]
}

fn any_entry() -> impl Strategy<Value = ResultEntry> {
    let previous = (any_decimal(), any_stated_period()).prop_map(|(value, period)| StatedPrevious { value, period });
    let stated = (proptest::option::of(one_of(enums::colour::ALL)), proptest::option::of(previous));
    (any_figure(), one_of(enums::status::ALL), stated, ".{0,30}").prop_map(
        |(figure, status, (stated_colour, stated_previous), source_text)| ResultEntry {
            figure,
            status,
            stated_colour,
            stated_previous,
            source_text,
        },
    )
}

fn any_definition() -> impl Strategy<Value = Definition> {
    let kind = prop_oneof![
        Just(MeasureKind::Indicator),
        proptest::option::of(any_range()).prop_map(|expected| MeasureKind::Activity { expected }),
    ];
    let basis = prop_oneof![
        Just(Basis::Snapshot),
        Just(Basis::YearToDate),
        Just(Basis::SinglePeriod),
        Just(Basis::NotStated),
        (1_u8..=255).prop_map(Basis::RollingMonths),
        (1_u8..=255).prop_map(Basis::MeanOfMonths),
    ];
    let unit = (".{0,20}", 1_u32..=1_000_000).prop_map(|(label, multiplier)| Unit { label, multiplier });
    let words = (any_code::<MeasureId>(), ".{1,40}", ".{0,400}", ".{0,20}", ".{0,20}");
    let sorts = (one_of(enums::polarity::ALL), one_of(enums::frequency::ALL), one_of(enums::year_type::ALL));
    (words, (kind, unit, 0_u8..=6, basis), sorts).prop_map(
        |((measure, title, text, data_source, owner), (kind, unit, decimal_places, basis), sorts)| Definition {
            measure,
            title,
            kind,
            unit,
            decimal_places,
            polarity: sorts.0,
            frequency: sorts.1,
            basis,
            year_type: sorts.2,
            definition: Content::Inline(text),
            data_source,
            owner,
        },
    )
}

pub(super) fn any_key() -> impl Strategy<Value = TargetKey> {
    (any_code(), any_code(), any_code(), one_of(enums::owner::ALL))
        .prop_map(|(measure, area, cohort, owner)| TargetKey { measure, area, cohort, owner })
}

pub(super) fn any_span() -> impl Strategy<Value = Span> {
    (any_date(), any_date())
        .prop_map(|(from, to)| Span { from: from.min(to), to: (from != to).then_some(from.max(to)) })
}

pub(super) fn any_terms() -> impl Strategy<Value = Terms> {
    let target = prop_oneof![
        any_decimal().prop_map(Target::AtLeast),
        any_decimal().prop_map(Target::MoreThan),
        any_decimal().prop_map(Target::AtMost),
        any_decimal().prop_map(Target::LessThan),
        any_range().prop_map(|(low, high)| Target::Within { low, high }),
    ];
    let minimum = prop_oneof![
        Just(Minimum::Unknown),
        any_decimal().prop_map(Minimum::Value),
        any_range().prop_map(|(low, high)| Minimum::Within { low, high }),
    ];
    (target, minimum).prop_map(|(target, minimum)| Terms { target, minimum })
}

fn any_benchmark() -> impl Strategy<Value = BenchmarkRecorded> {
    let comparator = prop_oneof![
        any_code().prop_map(Comparator::Area),
        Just(Comparator::Neighbours),
        ".{1,40}".prop_map(Comparator::Group),
    ];
    let figure = prop_oneof![any_decimal().prop_map(Ok), one_of(enums::missing::ALL).prop_map(Err)];
    (any_cell(), comparator, figure, any_stated_period(), ".{0,40}").prop_map(
        |(cell, comparator, figure, period, source)| BenchmarkRecorded { cell, comparator, figure, period, source },
    )
}

fn any_layout() -> impl Strategy<Value = Layout> {
    let owner = proptest::option::of(one_of(enums::owner::ALL));
    let row = (any_code(), any_code(), any::<bool>(), owner).prop_map(|(measure, cohort, rated, owner)| LayoutRow {
        measure,
        cohort,
        rated,
        owner,
    });
    let section =
        ("[^\\r\\n]{1,40}", prop::collection::vec(row, 0..4)).prop_map(|(title, rows)| Section { title, rows });
    prop::collection::vec(section, 0..4).prop_map(|sections| Layout { sections })
}

fn any_rule() -> impl Strategy<Value = RuleAdopted> {
    (any_code(), proptest::option::of(any_code()), any_date()).prop_map(|(rule, measure, from)| RuleAdopted {
        rule,
        measure,
        from,
    })
}

fn any_submission() -> impl Strategy<Value = SubmissionId> {
    any::<[u8; 16]>().prop_map(SubmissionId)
}

/// Definitions and names.
fn any_definition_command() -> impl Strategy<Value = Command> {
    let area = (any_code(), ".{1,40}", one_of(enums::area_level::ALL), proptest::option::of(any_code()))
        .prop_map(|(area, name, level, parent)| AreaDefined { area, name, level, parent });
    let withdrawn = (any_code(), any_date(), proptest::option::of(any_code()), any::<bool>())
        .prop_map(|(measure, from, successor, comparable)| MeasureWithdrawn { measure, from, successor, comparable });
    let neighbours = (
        any_code(),
        any_code(),
        any_date(),
        prop::collection::vec(any_code(), 1..32),
        one_of(enums::average::ALL),
        1_u8..,
    )
        .prop_map(|(list, area, from, members, average, at_least)| NeighboursAdopted {
            list,
            area,
            from,
            members,
            average,
            at_least,
        });
    let remit = (proptest::option::of(any_date()), ".{0,40}", ".{0,40}", proptest::option::of(any_code()));
    let remit = remit.prop_map(|(from, owner, director, other)| Remit {
        from,
        owner,
        director,
        behind: other.clone(),
        subset_of: other,
    });
    let scorecard = (any_code(), ".{1,40}", ".{0,40}", any_layout(), remit).prop_map(
        |(scorecard, title, committee, layout, remit)| ScorecardDefinition {
            scorecard,
            title,
            committee,
            layout,
            remit,
        },
    );
    prop_oneof![
        (any_code(), ".{1,40}").prop_map(|(actor, name)| Command::NameActor(ActorNamed { actor, name })),
        area.prop_map(Command::DefineArea),
        (any_code(), ".{1,40}", ".{0,90}")
            .prop_map(|(cohort, name, description)| Command::DefineCohort(CohortDefined { cohort, name, description })),
        (any_definition(), one_of(enums::expect::ALL))
            .prop_map(|(definition, expect)| Command::DefineMeasure { definition, expect }),
        withdrawn.prop_map(Command::WithdrawMeasure),
        neighbours.prop_map(Command::AdoptNeighbours),
        scorecard.prop_map(Command::DefineScorecard),
        any_rule().prop_map(Command::AdoptRatingRule),
        any_rule().prop_map(Command::AdoptDirectionMethod),
    ]
}

/// Figures, targets, words, and what takes them back.
fn any_figure_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (any_cell(), any_entry()).prop_map(|(cell, entry)| Command::RecordResult(ResultRecorded { cell, entry })),
        any_cell().prop_map(Command::WithdrawResult),
        (any_key(), any_span(), any_terms(), ".{1,90}").prop_map(|(key, span, terms, decision)| {
            Command::ChangeTarget(TargetChanged { key, span, terms, decision })
        }),
        (any_key(), any_span(), ".{1,90}").prop_map(|(key, span, decision)| Command::WithdrawTarget(TargetWithdrawn {
            key,
            span,
            decision
        })),
        any_benchmark().prop_map(Command::RecordBenchmark),
        (any_cell(), ".{1,200}").prop_map(|(cell, text)| Command::WriteCommentary { cell, text }),
        (any_cell(), ".{1,200}", ".{1,40}", any_date()).prop_map(|(cell, text, owner, due)| Command::AgreeAction {
            cell,
            text,
            owner,
            due
        }),
        (any_code(), one_of(enums::committee_act::ALL), ".{0,90}")
            .prop_map(|(view, act, text)| Command::RecordCommitteeAct { view, act, text }),
        (any_code(), any_cell(), proptest::option::of(any_entry()), ".{0,90}").prop_map(|(view, cell, entry, text)| {
            Command::TellLateFigure { view, cell, told: entry.map(|entry| (entry.figure, entry.status)), text }
        }),
        any_submission().prop_map(Command::RollBackSubmission),
        any_submission().prop_map(Command::ReinstateSubmission),
        (".{0,90}", ".{0,20}", ".{1,90}").prop_map(|(text, field, problem)| Command::SetAside(RowSetAside {
            text,
            field,
            problem
        })),
        (1_u16..).prop_map(Command::RaiseFormat),
    ]
}

/// Any instruction that can be asked for.
pub(super) fn any_instruction() -> impl Strategy<Value = Instruction> {
    let command = prop_oneof![any_definition_command(), any_figure_command()];
    let why =
        (".{0,90}", proptest::option::of(one_of(enums::cause::ALL))).prop_map(|(reason, cause)| Why { reason, cause });
    let origin = (any::<u16>(), 1_u32..).prop_map(|(file, line)| Origin { file, line: NonZeroU32::new(line).unwrap() });
    (command, proptest::option::of(any_timestamp()), why, proptest::option::of(origin))
        .prop_map(|(command, known_at, why, origin)| Instruction { command, known_at, why, origin })
}

/// The end of a commit.
pub(super) fn position(n: u64) -> Position {
    Position::new(n)
}
