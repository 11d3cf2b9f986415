use domain::measure::Polarity::{self, Higher, Lower, Range};
use domain::result::Colour::{self, Amber, Green, Red};
use domain::target::{Minimum, Target, Terms};

use super::{decimal, floor, floors, measure, rating, stated, terms, within};
use crate::Rating::Rated;

#[track_caller]
fn check(polarity: Polarity, terms: Terms, table: &[(&str, Colour)]) {
    terms.check(polarity).unwrap();
    for (value, colour) in table {
        for decimal_places in 0..=6 {
            let definition = measure(polarity, decimal_places);
            let found = rating(&definition, &stated(value), terms);
            assert_eq!(found, Rated(*colour), "{value} shown with {decimal_places} decimal places");
        }
    }
}

#[test]
fn higher_inclusive() {
    let table = [
        ("84.999999999999", Amber),
        ("85", Green),
        ("85.0", Green),
        ("85.000000000001", Green),
        ("59.999999999999", Red),
        ("60", Amber),
        ("60.000000000001", Amber),
        ("-1", Red),
    ];
    check(Higher, terms(Target::AtLeast(decimal("85.0")), floor("60.00")), &table);
}

#[test]
fn higher_strict() {
    let table = [
        ("84.999999999999", Amber),
        ("85", Amber),
        ("85.000000000001", Green),
        ("59.999999999999", Red),
        ("60", Amber),
        ("60.000000000001", Amber),
    ];
    check(Higher, terms(Target::MoreThan(decimal("85")), floor("60")), &table);
}

#[test]
fn lower_inclusive() {
    let table = [
        ("17.999999999999", Green),
        ("18", Green),
        ("18.000000000001", Amber),
        ("21.999999999999", Amber),
        ("22", Amber),
        ("22.000000000001", Red),
        ("0", Green),
    ];
    check(Lower, terms(Target::AtMost(decimal("18")), floor("22")), &table);
}

#[test]
fn lower_strict() {
    let table = [
        ("17.999999999999", Green),
        ("18", Amber),
        ("18.000000000001", Amber),
        ("21.999999999999", Amber),
        ("22", Amber),
        ("22.000000000001", Red),
    ];
    check(Lower, terms(Target::LessThan(decimal("18")), floor("22")), &table);
}

#[test]
fn range_at_both_ends() {
    let table = [
        ("14.999999999999", Red),
        ("15", Amber),
        ("15.000000000001", Amber),
        ("17.499999999999", Amber),
        ("17.5", Green),
        ("17.500000000001", Green),
        ("22.499999999999", Green),
        ("22.5", Green),
        ("22.500000000001", Amber),
        ("24.999999999999", Amber),
        ("25", Amber),
        ("25.000000000001", Red),
    ];
    check(Range, terms(within("17.5", "22.5"), floors("15", "25")), &table);
}

#[test]
fn a_minimum_standard_equal_to_the_target_leaves_amber_only_to_equality_with_a_strict_target() {
    let inclusive = terms(Target::AtLeast(decimal("60")), floor("60"));
    check(Higher, inclusive, &[("59.9", Red), ("60", Green), ("60.1", Green)]);
    let strict = terms(Target::MoreThan(decimal("60")), floor("60"));
    check(Higher, strict, &[("59.9", Red), ("60", Amber), ("60.1", Green)]);
    let inclusive = terms(Target::AtMost(decimal("60")), floor("60"));
    check(Lower, inclusive, &[("59.9", Green), ("60", Green), ("60.1", Red)]);
    let strict = terms(Target::LessThan(decimal("60")), floor("60"));
    check(Lower, strict, &[("59.9", Green), ("60", Amber), ("60.1", Red)]);
}

#[test]
fn a_range_of_one_value() {
    check(Range, terms(within("20", "20"), floors("20", "20")), &[("19.9", Red), ("20", Green), ("20.1", Red)]);
    check(Range, terms(within("20", "20"), floors("19", "20")), &[("19", Amber), ("20", Green), ("20.1", Red)]);
}

#[test]
fn a_target_of_zero_or_below() {
    check(Lower, terms(Target::AtMost(decimal("0")), floor("0.1")), &[("0.0", Green), ("0.1", Amber), ("0.2", Red)]);
    let negative = terms(Target::AtLeast(decimal("-1")), floor("-2.5"));
    check(Higher, negative, &[("-0.9", Green), ("-1", Green), ("-1.1", Amber), ("-2.5", Amber), ("-2.6", Red)]);
}

#[test]
fn without_a_minimum_standard_only_a_reached_target_has_a_colour() {
    use crate::{NotRated::NoMinimumStandard, Rating::NotRated};
    for (polarity, target, reached, missed) in [
        (Higher, Target::AtLeast(decimal("82")), "82", "72.0"),
        (Higher, Target::MoreThan(decimal("82")), "82.1", "82"),
        (Lower, Target::AtMost(decimal("18")), "18", "21.5"),
        (Lower, Target::LessThan(decimal("22")), "21.9", "22"),
        (Range, within("17.5", "22.5"), "20.4", "17.4"),
        (Range, within("17.5", "22.5"), "22.5", "22.6"),
    ] {
        let (definition, terms) = (measure(polarity, 1), terms(target, Minimum::Unknown));
        assert_eq!(rating(&definition, &stated(reached), terms), Rated(Green), "{polarity:?} {reached}");
        assert_eq!(rating(&definition, &stated(missed), terms), NotRated(NoMinimumStandard), "{polarity:?} {missed}");
    }
}
