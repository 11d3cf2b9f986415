use domain::measure::{Definition, Polarity, Unit};
use domain::result::{Colour, Figure, ResultEntry};
use domain::target::{Minimum, Target, Terms};
use proptest::prelude::*;

use super::{counted, counting, decimal, entry, floor, floors, kent, measure, stated, subject, terms, within};
use crate::{Subject, explain, rate, words};

#[track_caller]
pub(super) fn check(definition: &Definition, entry: &ResultEntry, terms: Terms, expected: &str) {
    check_subject(&subject(definition, entry, terms), expected);
}

#[track_caller]
pub(super) fn check_subject(subject: &Subject<'_>, expected: &str) {
    let sentence = explain(&kent(), subject, rate(&kent(), subject));
    assert_eq!(sentence, expected);
    assert!(sentence.split(' ').count() <= 28, "too long: {sentence}");
}

#[test]
fn higher_is_better() {
    let definition = measure(Polarity::Higher, 1);
    let at_least = terms(Target::AtLeast(decimal("85.0")), floor("60"));
    let is = |value, expected| check(&definition, &stated(value), at_least, expected);
    is("96.1", "96.1% is better than the target of 85.0% or more, so it is Green.");
    is("85", "85.0% is equal to the target of 85.0% or more, so it is Green.");
    is(
        "84.9",
        "84.9% misses the target of 85.0% or more but meets the minimum standard of 60% or more, so it is Amber.",
    );
    is(
        "60",
        "60.0% misses the target of 85.0% or more but is equal to the minimum standard of 60% or more, so it is Amber.",
    );
    is("43.4", "43.4% is worse than the minimum standard of 60% or more, so it is Red.");
    check(
        &definition,
        &counted(759, 1_747),
        terms(Target::AtLeast(decimal("95")), floor("60")),
        "43.4% (759 of 1,747) is worse than the minimum standard of 60% or more, so it is Red.",
    );
}

#[test]
fn lower_is_better() {
    let definition = counting("pupils", Polarity::Lower);
    let at_most = terms(Target::AtMost(decimal("35")), floor("1400"));
    let is = |value, expected| check(&definition, &stated(value), at_most, expected);
    is("29", "29 pupils is better than the target of 35 pupils or less, so it is Green.");
    is("35", "35 pupils is equal to the target of 35 pupils or less, so it is Green.");
    is(
        "36",
        "36 pupils misses the target of 35 pupils or less but meets the minimum standard of 1,400 pupils or less, \
         so it is Amber.",
    );
    is("1401", "1,401 pupils is worse than the minimum standard of 1,400 pupils or less, so it is Red.");
    check(
        &measure(Polarity::Lower, 1),
        &counted(204, 613),
        terms(Target::AtMost(decimal("36")), Minimum::Unknown),
        "33.3% (204 of 613) is better than the target of 36% or less, so it is Green.",
    );
}

#[test]
fn inside_a_range_is_better() {
    let definition = measure(Polarity::Range, 1);
    let range = terms(within("17.5", "22.5"), floors("15", "25"));
    let is = |value, expected| check(&definition, &stated(value), range, expected);
    is("20.4", "20.4% is inside the target range 17.5% to 22.5%, so it is Green.");
    is("17.5", "17.5% is inside the target range 17.5% to 22.5%, so it is Green.");
    is("22.5", "22.5% is inside the target range 17.5% to 22.5%, so it is Green.");
    is(
        "16",
        "16.0% is below the target range 17.5% to 22.5% but is inside the minimum standard range 15% to 25%, \
         so it is Amber.",
    );
    is(
        "23",
        "23.0% is above the target range 17.5% to 22.5% but is inside the minimum standard range 15% to 25%, \
         so it is Amber.",
    );
    is("14", "14.0% is below the minimum standard range 15% to 25%, so it is Red.");
    is("26", "26.0% is above the minimum standard range 15% to 25%, so it is Red.");
}

#[test]
fn strict_targets_are_met_or_missed() {
    let higher = terms(Target::MoreThan(decimal("60")), floor("60"));
    let definition = measure(Polarity::Higher, 0);
    check(&definition, &stated("61"), higher, "61% meets the target of more than 60%, so it is Green.");
    check(
        &definition,
        &stated("60"),
        higher,
        "60% misses the target of more than 60% but is equal to the minimum standard of 60% or more, so it is Amber.",
    );
    let lower = terms(Target::LessThan(decimal("22")), Minimum::Unknown);
    check(&measure(Polarity::Lower, 0), &stated("21"), lower, "21% meets the target of less than 22%, so it is Green.");
}

#[test]
fn more_digits_are_shown_where_rounding_would_blur_the_edge() {
    let at_least = terms(Target::AtLeast(decimal("85.0")), floor("60"));
    let just = " misses the target of 85.0% or more but meets the minimum standard of 60% or more, so it is Amber.";
    check(&measure(Polarity::Higher, 1), &stated("84.96"), at_least, &format!("84.96%{just}"));
    check(&measure(Polarity::Higher, 0), &stated("84.9"), at_least, &format!("84.9%{just}"));
    check(
        &measure(Polarity::Higher, 1),
        &counted(849_999, 1_000_000),
        at_least,
        &format!("84.9999% (849,999 of 1,000,000){just}"),
    );
    check(
        &measure(Polarity::Higher, 1),
        &counted(1, 3),
        terms(Target::AtLeast(decimal("33.3333")), Minimum::Unknown),
        "33.33333% (1 of 3) is better than the target of 33.3333% or more, so it is Green.",
    );
    check(
        &measure(Polarity::Higher, 0),
        &stated("84.96"),
        terms(Target::AtLeast(decimal("84.96")), floor("60")),
        "84.96% is equal to the target of 84.96% or more, so it is Green.",
    );
    check(
        &measure(Polarity::Higher, 0),
        &stated("59.9"),
        at_least,
        "59.9% is worse than the minimum standard of 60% or more, so it is Red.",
    );
    let third = terms(Target::AtMost(decimal("33.333333333333333")), floor("33.4"));
    check(
        &measure(Polarity::Lower, 1),
        &counted(1, 3),
        third,
        "33.3333333333333333% (1 of 3) misses the target of 33.333333333333333% or less but meets the minimum standard of \
         33.4% or less, so it is Amber.",
    );
}

#[test]
fn an_edge_finer_than_any_digits_is_said_in_words() {
    let figure = Figure::Counted {
        numerator: decimal("9223372036854.775806"),
        denominator: decimal("9223372036854.775807"),
        stated: None,
    };
    check(
        &measure(Polarity::Higher, 0),
        &entry(figure),
        terms(Target::AtLeast(decimal("100")), floor("60")),
        "100% (9,223,372,036,854.775806 of 9,223,372,036,854.775807) just misses the target of 100% or more but meets \
         the minimum standard of 60% or more, so it is Amber.",
    );
}

#[test]
fn a_value_that_no_digits_hold_is_not_called_close() {
    let huge = entry(Figure::Counted {
        numerator: domain::Decimal::whole(i64::MAX),
        denominator: domain::Decimal::whole(1),
        stated: None,
    });
    check(
        &measure(Polarity::Higher, 0),
        &huge,
        terms(Target::AtLeast(decimal("85")), floor("60")),
        "A value too large to show (9,223,372,036,854,775,807 of 1) is better than the target of 85% or more, \
         so it is Green.",
    );
}

#[test]
fn an_average_is_divided_and_a_rate_keeps_its_unit() {
    let cases = Definition { decimal_places: 1, ..counting("cases", Polarity::Lower) };
    check(
        &cases,
        &counted(770, 50),
        terms(Target::AtMost(decimal("15")), floor("20")),
        "15.4 cases (770 divided by 50) misses the target of 15 cases or less but meets the minimum standard of 20 cases \
         or less, so it is Amber.",
    );
    let unit = Unit { label: "per 10,000 children".to_owned(), multiplier: 10_000 };
    check(
        &Definition { unit, ..measure(Polarity::Lower, 0) },
        &counted(1_700, 340_000),
        terms(Target::AtMost(decimal("50")), Minimum::Unknown),
        "50 per 10,000 children (1,700 of 340,000) is equal to the target of 50 per 10,000 children or less, so it is Green.",
    );
}

#[test]
fn targets_and_minimum_standards_in_words() {
    let higher = measure(Polarity::Higher, 1);
    assert_eq!(words::target(&higher, Target::AtLeast(decimal("95"))), "95% or more");
    assert_eq!(words::minimum(&higher, floor("1234.50")).unwrap(), "1,234.50% or more");
    assert_eq!(words::minimum(&higher, Minimum::Unknown), None);
    let lower = counting("days", Polarity::Lower);
    assert_eq!(words::target(&lower, Target::LessThan(decimal("426"))), "less than 426 days");
    assert_eq!(words::minimum(&lower, floor("500")).unwrap(), "500 days or less");
    assert_eq!(words::target(&measure(Polarity::Range, 1), within("17.5", "22.5")), "17.5% to 22.5%");
    assert_eq!(words::minimum(&counting("days", Polarity::Range), floors("1", "2")).unwrap(), "1 to 2 days");
}

proptest! {
    #[test]
    fn a_sentence_names_its_colour_and_never_contradicts_polarity(
        value in 0_i64..2_000, goal in 0_i64..2_000, slack in 0_i64..500, lower in any::<bool>(), places in 0_u8..3,
    ) {
        let number = |n| domain::Decimal::new(n, 2).unwrap();
        let (polarity, target, minimum) = if lower {
            (Polarity::Lower, Target::AtMost(number(goal)), number(goal + slack))
        } else {
            (Polarity::Higher, Target::AtLeast(number(goal)), number(goal - slack))
        };
        let definition = measure(polarity, places);
        let result = entry(Figure::Stated { value: number(value), denominator: None });
        let subject = subject(&definition, &result, terms(target, Minimum::Value(minimum)));
        let found = rate(&kent(), &subject);
        let sentence = explain(&kent(), &subject, found);
        prop_assert!(sentence.ends_with(&format!("so it is {}.", found.word())), "{}", sentence);
        prop_assert!(!sentence.contains("above") && !sentence.contains("below"), "{}", sentence);
        prop_assert_eq!(sentence.contains("is worse than the minimum"), found.colour() == Some(Colour::Red));
        prop_assert_eq!(sentence.contains("is better than the target"), found.colour() == Some(Colour::Green) && value != goal);
        prop_assert_eq!(sentence.contains("is equal to the target"), value == goal);
    }
}
