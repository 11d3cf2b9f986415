use domain::measure::{MeasureKind, Polarity};
use domain::number::Exact;
use domain::target::{Minimum, Target, Terms};
use domain::{Decimal, RuleId};

use super::{decimal, exact, measure, terms, within};
use crate::Direction::{self, Improved, NoChange, Unjudged, Worsened};
use crate::{Method, Movement, NoDirection, direction};

#[track_caller]
fn check(polarity: Polarity, terms: Option<Terms>, before: &str, now: &str, expected: Direction) {
    assert_eq!(direction(&measure(polarity, 0), terms, exact(now), exact(before)), expected, "{before} to {now}");
}

#[test]
fn polarity_says_which_way_is_better() {
    for (polarity, up, down) in [(Polarity::Higher, Improved, Worsened), (Polarity::Lower, Worsened, Improved)] {
        check(polarity, None, "62.2", "65.6", up);
        check(polarity, None, "65.4", "64.7", down);
        check(polarity, None, "74", "74.0", NoChange);
    }
}

/// Source: Kent County Council, Children's, Young People and Education Cabinet Committee, 29 November 2018.
#[test]
fn directions_of_the_september_2018_figures() {
    use Polarity::{Higher, Lower};
    for (polarity, before, now, expected) in [
        (Lower, "27", "29", Worsened),
        (Higher, "62.2", "65.6", Improved),
        (Higher, "80.3", "84.9", Improved),
        (Higher, "65.4", "64.7", Worsened),
        (Higher, "77.9", "74.0", Worsened),
        (Lower, "16.4", "15.4", Improved),
        (Lower, "23.1", "21.5", Improved),
        (Higher, "83.5", "72.0", Worsened),
        (Lower, "24", "22", Improved),
    ] {
        check(polarity, None, before, now, expected);
    }
}

#[test]
fn a_change_that_rounding_would_hide_is_still_a_change() {
    check(Polarity::Higher, None, "84.94", "84.96", Improved);
    let third = Exact::ratio(Decimal::whole(1), Decimal::whole(3), 100).unwrap();
    assert_eq!(direction(&measure(Polarity::Higher, 1), None, third, exact("33.3")), Improved);
}

#[test]
fn a_range_improves_by_coming_nearer() {
    let target = Some(terms(within("17.5", "22.5"), Minimum::Unknown));
    for (before, now, expected) in [
        ("18", "22", NoChange),
        ("17.5", "22.5", NoChange),
        ("17.4", "17.5", Improved),
        ("22.6", "22.5", Improved),
        ("20", "17.4", Worsened),
        ("20", "22.6", Worsened),
        ("15", "16", Improved),
        ("16", "15", Worsened),
        ("25", "24", Improved),
        ("24", "25", Worsened),
        ("16", "16.0", NoChange),
        ("16.5", "23.5", NoChange),
        ("16.5", "23.4", Improved),
        ("16.5", "23.6", Worsened),
        ("23.5", "16.5", NoChange),
        ("23.5", "16.6", Improved),
        ("23.5", "16.4", Worsened),
    ] {
        check(Polarity::Range, target, before, now, expected);
    }
}

#[test]
fn without_a_better_way_only_the_movement_is_said() {
    let no_range = Some(terms(Target::AtLeast(decimal("10")), Minimum::Unknown));
    for (polarity, terms) in
        [(Polarity::None, None), (Polarity::None, no_range), (Polarity::Range, None), (Polarity::Range, no_range)]
    {
        check(polarity, terms, "1", "2", Unjudged(Movement::Up));
        check(polarity, terms, "2", "1", Unjudged(Movement::Down));
        check(polarity, terms, "2", "2.0", Unjudged(Movement::Same));
    }
    let mut activity = measure(Polarity::Higher, 0);
    activity.kind = MeasureKind::Activity { expected: None };
    assert_eq!(direction(&activity, None, exact("2"), exact("1")), Unjudged(Movement::Up));
}

#[test]
fn distances_that_do_not_fit_are_left_unjudged_only_across_the_range() {
    let tiny = |n| Exact::ratio(Decimal::new(n, 6).unwrap(), Decimal::new(i64::MAX, 0).unwrap(), 1).unwrap();
    let narrow = Decimal::new(5_000_000_000_000, 18).unwrap();
    let target = Some(terms(Target::Within { low: narrow, high: narrow }, Minimum::Unknown));
    let range = measure(Polarity::Range, 0);
    assert_eq!(direction(&range, target, tiny(2), tiny(1)), Improved);
    assert_eq!(direction(&range, target, exact("1"), tiny(1)), Unjudged(Movement::Up));
}

#[test]
fn methods_are_found_by_code_and_named() {
    for method in Method::ALL {
        assert_eq!(Method::of(&RuleId::new(method.code()).unwrap()), Some(method));
    }
    assert_eq!(Method::of(&RuleId::new("previous-reported.2").unwrap()), None);
    assert_eq!(Method::PreviousReported.code(), "previous-reported.1");
    assert_eq!(Method::PreviousPeriod.code(), "previous-period.1");
    assert_eq!(Method::PreviousReported.words(), "compared with the previously reported figure");
    assert_eq!(Method::PreviousPeriod.words(), "compared with the period before");
}

#[test]
fn every_direction_has_its_own_code() {
    let all = [
        Improved,
        Worsened,
        NoChange,
        Direction::NoClearTrend,
        Unjudged(Movement::Up),
        Unjudged(Movement::Down),
        Unjudged(Movement::Same),
        Direction::None(NoDirection::NoResult),
        Direction::None(NoDirection::NoPrevious),
        Direction::None(NoDirection::UnknownMethod),
    ];
    let mut codes: Vec<_> = all.iter().map(|d| d.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    assert_eq!(Direction::None(NoDirection::NoPrevious).words(), "no earlier figure");
}
