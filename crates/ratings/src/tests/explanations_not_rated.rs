use domain::RuleId;
use domain::measure::{MeasureKind, Polarity};
use domain::result::{Colour, Figure, Missing, Status};
use domain::target::{Minimum, Target};

use super::explanations::{check, check_subject};
use super::{counted, counting, decimal, entry, floor, kent, measure, stated, subject, terms, within};
use crate::{NotRated, Rating, Subject, explain, rate};

#[test]
fn a_missed_target_without_a_minimum_standard() {
    check(
        &measure(Polarity::Higher, 1),
        &stated("72.0"),
        terms(Target::AtLeast(decimal("82")), Minimum::Unknown),
        "72.0% misses the target of 82% or more, and the minimum standard is not known, so it is neither Amber nor Red.",
    );
    check(
        &measure(Polarity::Range, 1),
        &stated("16"),
        terms(within("17.5", "22.5"), Minimum::Unknown),
        "16.0% is below the target range 17.5% to 22.5%, and the minimum standard is not known, so it is neither Amber nor \
         Red.",
    );
}

#[test]
fn what_is_not_rated_says_why_and_what_is_known() {
    let definition = measure(Polarity::Higher, 1);
    let judged_by = terms(Target::AtLeast(decimal("85")), floor("60"));
    let result = stated("72.0");
    let plain = subject(&definition, &result, judged_by);
    check_subject(&Subject { shown_only: true, ..plain }, "72.0% is shown for information only, so it is not rated.");
    check_subject(&Subject { withdrawn: true, ..plain }, "72.0% is not rated, because the measure is withdrawn.");
    check_subject(
        &Subject { withdrawn: true, entry: None, ..plain },
        "It is not rated, because the measure is withdrawn.",
    );
    check_subject(&Subject { entry: None, ..plain }, "There is no result, so it is not rated.");
    check_subject(&Subject { terms: None, ..plain }, "72.0% is not rated, because it has no target.");
    let unknown = RuleId::new("havering.1").unwrap();
    assert_eq!(
        explain(&unknown, &plain, rate(&unknown, &plain)),
        "72.0% is not rated, because the rule havering.1 is not known here."
    );
}

#[test]
fn a_figure_that_cannot_be_judged_says_what_it_is() {
    let definition = measure(Polarity::Higher, 1);
    let judged_by = terms(Target::AtLeast(decimal("85")), floor("60"));
    let result = stated("72.0");
    let mut forecast = stated("70");
    forecast.status = Status::Forecast;
    check(&definition, &forecast, judged_by, "70.0% is a forecast, and a forecast is never rated.");
    forecast.figure = stated("84.96").figure;
    let close = "85.0% is a forecast, and a forecast is never rated.";
    check(&definition, &forecast, judged_by, close);
    check(
        &definition,
        &counted(12, 0),
        judged_by,
        "12 of 0 gives no value (the denominator is 0), so it is not rated.",
    );
    check(
        &measure(Polarity::None, 0),
        &result,
        judged_by,
        "72% is not rated, because neither more nor less is better for this measure.",
    );
    check(
        &measure(Polarity::Lower, 1),
        &result,
        judged_by,
        "72.0% is not rated, because the target of 85% or more or its minimum standard does not suit a measure where less \
         is better.",
    );
}

#[test]
fn a_missing_result_says_its_reason() {
    let definition = measure(Polarity::Higher, 1);
    for (missing, expected) in [
        (Missing::Confidential, "The result is suppressed, because it could tell about a person, so it is not rated."),
        (Missing::NotApplicable, "The result is not applicable, so it is not rated."),
        (Missing::Unavailable, "The result is not available, so it is not rated."),
        (Missing::Low, "The result is too small to show, though not 0, so it is not rated."),
        (Missing::Unreliable, "The result is too unreliable to give, so it is not rated."),
        (Missing::NotSupplied, "The result is not yet supplied, so it is not rated."),
        (Missing::KnownNotToExist, "The result is known not to exist, so it is not rated."),
    ] {
        let judged_by = terms(Target::AtLeast(decimal("85")), floor("60"));
        check(&definition, &entry(Figure::Missing(missing)), judged_by, expected);
    }
}

#[test]
fn activity_is_held_against_its_expected_range() {
    let mut definition = counting("contacts", Polarity::None);
    definition.kind = MeasureKind::Activity { expected: Some((decimal("2000"), decimal("3000"))) };
    let judged_by = terms(Target::AtLeast(decimal("1")), Minimum::Unknown);
    let is = |value, expected| check(&definition, &stated(value), judged_by, expected);
    is("3000", "3,000 contacts is inside the expected range 2,000 to 3,000 contacts; activity is never rated.");
    is(
        "1999",
        "1,999 contacts is below the expected range 2,000 to 3,000 contacts, a signal of demand; activity is never rated.",
    );
    is(
        "3001",
        "3,001 contacts is above the expected range 2,000 to 3,000 contacts, a signal of demand; activity is never rated.",
    );
    let above = "3,000.4 contacts is above the expected range 2,000 to 3,000 contacts, a signal of demand; \
                 activity is never rated.";
    is("3000.4", above);
    let none = entry(Figure::Missing(Missing::NotSupplied));
    check(&definition, &none, judged_by, "It is activity, expected to be 2,000 to 3,000 contacts and never rated.");
    definition.kind = MeasureKind::Activity { expected: None };
    check(&definition, &stated("7"), judged_by, "7 contacts is activity, shown for information and never rated.");
}

#[test]
fn a_rating_that_the_subject_does_not_hold_is_said_without_a_reason() {
    let definition = measure(Polarity::Higher, 1);
    let bare = Subject { definition: &definition, entry: None, terms: None, withdrawn: false, shown_only: false };
    assert_eq!(explain(&kent(), &bare, Rating::Rated(Colour::Red)), "The rule kent.1 rates it Red.");
    assert_eq!(
        explain(&kent(), &bare, Rating::NotRated(NotRated::NoMinimumStandard)),
        "It is not rated, because the minimum standard is not known."
    );
}
