use domain::event::AreaLevel;
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{Cause, Why};
use domain::{Command, Decimal};

use crate::tests::{check_refused, command, instant, row, with};
use crate::{Defaults, parse};

const AREA: [(&str, &str); 4] =
    [("area", "E10000016"), ("name", "Kent"), ("level", "authority"), ("parent", "E12000008")];

const MEASURE: [(&str, &str); 9] = [
    ("measure", "ehcp-20-weeks"),
    ("title", "Plans issued in time"),
    ("kind", "indicator"),
    ("unit", "%"),
    ("decimal_places", "1"),
    ("polarity", "higher"),
    ("frequency", "monthly"),
    ("basis", "rolling-12"),
    ("definition", "Of the plans issued,\nall of them."),
];

const WITHDRAWAL: [(&str, &str); 5] =
    [("measure", "pep"), ("from", "2017-01-01"), ("successor", "plans"), ("comparable", "yes"), ("reason", "process")];

const RULE: [(&str, &str); 5] =
    [("kind", "rating"), ("rule", "kent.1"), ("measure", ""), ("from", "2017-04-01"), ("reason", "agreed")];

#[track_caller]
fn definition(fields: &[(&str, &str)]) -> Definition {
    match command(&row(fields)) {
        Command::DefineMeasure { definition, .. } => definition,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_area_is_defined() {
    let Command::DefineArea(area) = command(&row(&AREA)) else { panic!("no area") };
    assert_eq!((area.area.as_str(), area.name.as_str(), area.level), ("E10000016", "Kent", AreaLevel::Authority));
    assert_eq!(area.parent.unwrap().as_str(), "E12000008");
    let Command::DefineArea(area) = command(&row(&AREA[..3])) else { panic!("no area") };
    assert_eq!(area.parent, None);
}

#[test]
fn an_area_that_is_not_well_said_is_refused() {
    let long = "x".repeat(201);
    check_refused(
        &AREA,
        &[
            ("area", "", "area: is empty; fill it in"),
            ("area", "E1 2", "is not a code of 1 to 64 letters"),
            ("area", &"E".repeat(65), "shorten it"),
            ("name", "", "name: is empty"),
            ("name", "Folkestone\nand Hythe", "has more than one line"),
            ("name", &long, "has 201 bytes; use at most 200"),
            ("level", "", "level: is empty"),
            ("level", "distrct", "write district if that is meant, or another of country, region, authority, district"),
            ("parent", "South East", "is not a code"),
        ],
    );
}

#[test]
fn a_cohort_is_defined() {
    let fields = [("cohort", "excluding-uasc"), ("name", "Without"), ("description", "Two\nlines")];
    let Command::DefineCohort(cohort) = command(&row(&fields)) else { panic!("no cohort") };
    assert_eq!((cohort.cohort.as_str(), cohort.description.as_str()), ("excluding-uasc", "Two\nlines"));
    let long = "x".repeat(1_001);
    check_refused(
        &fields,
        &[
            ("cohort", "a b", "is not a code"),
            ("name", " ", "name: is empty"),
            ("description", &long, "has 1001 bytes; use at most 1000"),
        ],
    );
}

#[test]
fn a_measure_is_defined() {
    let read = definition(&MEASURE);
    assert_eq!((read.measure.as_str(), read.title.as_str()), ("ehcp-20-weeks", "Plans issued in time"));
    assert_eq!((read.kind, read.unit, read.decimal_places), (MeasureKind::Indicator, Unit::percent(), 1));
    assert_eq!((read.polarity, read.frequency), (Polarity::Higher, Frequency::Monthly));
    assert_eq!((read.basis, read.year_type), (Basis::RollingMonths(12), YearType::Financial));
    assert_eq!(read.definition, Content::Inline("Of the plans issued,\nall of them.".to_owned()));
    assert_eq!((read.data_source.as_str(), read.owner.as_str()), ("", ""));
}

#[test]
fn a_unit_says_what_a_ratio_is_multiplied_by() {
    let table = [
        ("%", 100),
        ("per 10,000 children", 10_000),
        ("per 100", 100),
        ("offenders per 100", 100),
        ("children per social worker", 1),
        ("days", 1),
        ("pupils", 1),
        ("persons", 1),
    ];
    for (unit, multiplier) in table {
        let read = definition(&with(&MEASURE, "unit", unit)).unit;
        assert_eq!((read.label.as_str(), read.multiplier), (unit, multiplier));
    }
}

#[test]
fn every_word_of_a_definition_is_read() {
    for (basis, expected) in [
        ("snapshot", Basis::Snapshot),
        ("year-to-date", Basis::YearToDate),
        ("rolling-3", Basis::RollingMonths(3)),
        ("mean-of-3", Basis::MeanOfMonths(3)),
        ("single-period", Basis::SinglePeriod),
        ("Not-Stated", Basis::NotStated),
    ] {
        assert_eq!(definition(&with(&MEASURE, "basis", basis)).basis, expected, "{basis}");
    }
    for (word, expected) in
        [("lower", Polarity::Lower), ("range", Polarity::Range), ("none", Polarity::None), ("HIGHER", Polarity::Higher)]
    {
        assert_eq!(definition(&with(&MEASURE, "polarity", word)).polarity, expected);
    }
    for (word, expected) in
        [("quarterly", Frequency::Quarterly), ("termly", Frequency::Termly), ("annual", Frequency::Annual)]
    {
        assert_eq!(definition(&with(&MEASURE, "frequency", word)).frequency, expected);
    }
    for (word, expected) in
        [("", YearType::Financial), ("academic", YearType::Academic), ("calendar", YearType::Calendar)]
    {
        assert_eq!(definition(&with(&MEASURE, "year_type", word)).year_type, expected);
    }
    let named = with(&MEASURE, "data_source", "DfE");
    let named = definition(&with(&named, "owner", "Education"));
    assert_eq!((named.data_source.as_str(), named.owner.as_str()), ("DfE", "Education"));
}

#[test]
fn an_activity_measure_may_have_an_expected_range() {
    let activity = with(&MEASURE, "kind", "activity");
    assert_eq!(definition(&activity).kind, MeasureKind::Activity { expected: None });
    let low = with(&activity, "expected_low", "10.5");
    let both = with(&low, "expected_high", "1,000");
    let expected = Some((Decimal::parse("10.5").unwrap(), Decimal::whole(1_000)));
    assert_eq!(definition(&both).kind, MeasureKind::Activity { expected });
    check_refused(&low, &[("polarity", "none", "expected_high: is empty, although the range's other end is given")]);
    check_refused(&both, &[("expected_high", "10.4", "is below expected_low, 10.5; exchange the two")]);
    check_refused(&activity, &[("expected_high", "5", "expected_low: is empty")]);
    check_refused(&MEASURE, &[("expected_low", "5", "is for activity measures alone; leave it empty")]);
}

#[test]
fn a_measure_that_is_not_well_said_is_refused() {
    check_refused(
        &MEASURE,
        &[
            ("measure", "EHCP 20", "is not a code"),
            ("title", "", "title: is empty"),
            ("kind", "kpi", "write one of indicator, activity"),
            ("unit", "percent", "does not say that it counts hundredths; write %"),
            ("unit", "per 10.5 children", "a whole number from 1 to 1,000,000"),
            ("unit", "per 2,000,000 children", "a whole number from 1 to 1,000,000"),
            ("unit", "", "unit: is empty"),
            ("decimal_places", "7", "write a digit from 0 to 6"),
            ("decimal_places", "01", "write a digit from 0 to 6"),
            ("decimal_places", "one", "write a digit from 0 to 6"),
            ("polarity", "high", "higher, lower, range, none"),
            ("frequency", "weekly", "monthly, quarterly, termly, annual"),
            ("basis", "rolling", "is no basis that is known; write one of snapshot"),
            ("basis", "rolling-1", "is no basis that is known"),
            ("basis", "mean-of-0300", "is no basis that is known"),
            ("year_type", "school", "financial, academic, calendar"),
            ("definition", "", "definition: is empty"),
            ("owner", "two\nlines", "has more than one line"),
        ],
    );
}

#[test]
fn a_withdrawal_says_from_when_and_why() {
    let Command::WithdrawMeasure(read) = command(&row(&WITHDRAWAL)) else { panic!("no withdrawal") };
    assert_eq!((read.measure.as_str(), read.from.to_string().as_str(), read.comparable), ("pep", "2017-01-01", true));
    assert_eq!(read.successor.unwrap().as_str(), "plans");
    check_refused(
        &WITHDRAWAL,
        &[
            ("measure", "", "measure: is empty"),
            ("from", "2017-01", "is not a day; write it as 2018-11-29"),
            ("from", "1 January 2017", "is not a day"),
            ("from", "20170101", "is not a day"),
            ("from", "2017-02-29", "is not a day"),
            ("successor", "", "has no successor to be comparable with"),
            ("comparable", "y", "write one of yes, no"),
            ("reason", "", "reason: is empty; say why, here or for the whole submission"),
        ],
    );
}

#[test]
fn rules_and_methods_are_adopted_from_a_day() {
    let Command::AdoptRatingRule(read) = command(&row(&RULE)) else { panic!("no rule") };
    assert_eq!((read.rule.as_str(), read.measure, read.from.to_string().as_str()), ("kent.1", None, "2017-04-01"));
    let direction = with(&with(&RULE, "kind", "direction"), "measure", "ehcp");
    let Command::AdoptDirectionMethod(read) = command(&row(&direction)) else { panic!("no method") };
    assert_eq!(read.measure.unwrap().as_str(), "ehcp");
    check_refused(
        &RULE,
        &[
            ("kind", "colour", "write one of rating, direction"),
            ("rule", "kent 1", "is not a code"),
            ("from", "", "from: is empty"),
            ("measure", "a b", "is not a code"),
        ],
    );
}

#[test]
fn a_row_says_when_and_why_or_the_submission_does() {
    let why = Why { reason: "as published".to_owned(), cause: Some(Cause::ScheduledRevision) };
    let defaults = Defaults { known_at: Some(instant("2018-11-29T10:00:00Z")), why, ..Defaults::default() };
    let read = |fields: &[(&str, &str)]| {
        let parsed = parse("areas.csv", 7, row(fields).as_bytes(), &defaults);
        assert_eq!(parsed.refusals, []);
        parsed.instructions.into_iter().next().unwrap()
    };
    let silent = read(&AREA);
    assert_eq!((silent.known_at, &silent.why), (defaults.known_at, &defaults.why));
    let origin = silent.origin.unwrap();
    assert_eq!((origin.file, origin.line.get()), (7, 2));

    let said = with(&with(&AREA, "known_at", "2017-03-23T10:00:00+01:00"), "reason", "renamed");
    let own = read(&with(&said, "cause", "correction-of-error"));
    assert_eq!(own.known_at, Some(instant("2017-03-23T09:00:00Z")));
    assert_eq!(own.why, Why { reason: "renamed".to_owned(), cause: Some(Cause::CorrectionOfError) });
    assert_eq!(read(&with(&AREA, "cause", "method-change")).why.cause, Some(Cause::MethodChange));
}

#[test]
fn an_instant_without_its_time_zone_is_refused() {
    let long = "x".repeat(1_001);
    let zone = "write an instant such as 2018-11-29T10:00:00Z; a date alone does not say in which time zone it ends";
    check_refused(
        &AREA,
        &[
            ("known_at", "2018-11-29", zone),
            ("known_at", "2018-11-29T10:00:00", zone),
            ("known_at", "yesterday", zone),
            ("cause", "typo", "write one of scheduled-revision, method-change, correction-of-error"),
            ("reason", &long, "has 1001 bytes; use at most 1000"),
            ("reason", "two\nlines", "has more than one line"),
        ],
    );
}
