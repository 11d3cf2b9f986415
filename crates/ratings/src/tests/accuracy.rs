use domain::measure::Polarity::{Higher, Lower};
use domain::result::Colour::{Amber, Green, Red};
use domain::result::Figure;
use domain::target::Target;

use super::{counted, decimal, entry, exact, floor, measure, rating, stated, subject, terms};
use crate::Rating::Rated;
use crate::{explain, words};

#[track_caller]
fn shown(numerator: i64, denominator: i64) -> String {
    let definition = measure(Higher, 1);
    let value = counted(numerator, denominator).figure.exact(100).unwrap().unwrap();
    words::value(&definition, value)
}

#[test]
fn counts_are_divided_exactly_and_shown_rounded() {
    assert_eq!(shown(759, 1_747), "43.4%");
    assert_eq!(shown(204, 613), "33.3%");
    assert_eq!(shown(101, 194), "52.1%");
    assert_eq!(shown(505, 552), "91.5%");

    let at_least_95 = terms(Target::AtLeast(decimal("95")), floor("60"));
    assert_eq!(rating(&measure(Higher, 1), &counted(759, 1_747), at_least_95), Rated(Red));
    assert_eq!(rating(&measure(Higher, 1), &counted(101, 194), at_least_95), Rated(Red));
    let at_most_36 = terms(Target::AtMost(decimal("36")), floor("40"));
    assert_eq!(rating(&measure(Lower, 1), &counted(204, 613), at_most_36), Rated(Green));
}

#[test]
fn a_ratio_exactly_on_the_target_reaches_it() {
    let at_least_85 = terms(Target::AtLeast(decimal("85.0")), floor("60"));
    assert_eq!(rating(&measure(Higher, 0), &counted(17, 20), at_least_85), Rated(Green));
    let more_than_85 = terms(Target::MoreThan(decimal("85.0")), floor("60"));
    assert_eq!(rating(&measure(Higher, 0), &counted(17, 20), more_than_85), Rated(Amber));
    // 0.07 × 100 and 0.57 × 100 are not 7 and 57 in binary floating point.
    let at_most_7 = terms(Target::AtMost(decimal("7")), floor("8"));
    assert_eq!(rating(&measure(Lower, 0), &counted(7, 100), at_most_7), Rated(Green));
    let at_least_57 = terms(Target::AtLeast(decimal("57")), floor("50"));
    assert_eq!(rating(&measure(Higher, 0), &counted(57, 100), at_least_57), Rated(Green));
}

#[test]
fn a_ratio_without_an_end_is_told_from_its_rounded_target() {
    let target = terms(Target::AtLeast(decimal("33.3333")), floor("30"));
    assert_eq!(rating(&measure(Higher, 1), &counted(1, 3), target), Rated(Green));
    let target = terms(Target::AtMost(decimal("33.3333")), floor("40"));
    assert_eq!(rating(&measure(Lower, 1), &counted(1, 3), target), Rated(Amber));
    let target = terms(Target::AtLeast(decimal("33.33333333333333334")), floor("30"));
    assert_eq!(rating(&measure(Higher, 1), &counted(1, 3), target), Rated(Amber));
}

#[test]
fn rounding_for_show_never_changes_a_rating() {
    let target = terms(Target::AtLeast(decimal("85.0")), floor("60"));
    for decimal_places in [0, 1, 2] {
        let definition = measure(Higher, decimal_places);
        for value in ["84.9", "84.96", "84.999"] {
            assert_eq!(rating(&definition, &stated(value), target), Rated(Amber), "{value}");
        }
    }
    assert_eq!(words::value(&measure(Higher, 0), exact("84.9")), "85%");
}

#[test]
fn the_printed_value_beside_counts_is_never_judged() {
    let figure =
        Figure::Counted { numerator: decimal("759"), denominator: decimal("1747"), stated: Some(decimal("99.9")) };
    let target = terms(Target::AtLeast(decimal("95")), floor("60"));
    assert_eq!(rating(&measure(Higher, 1), &entry(figure), target), Rated(Red));
}

#[test]
fn the_largest_counts_still_compare_exactly() {
    let figure = |numerator| Figure::Counted {
        numerator: domain::Decimal::new(numerator, 6).unwrap(),
        denominator: domain::Decimal::new(i64::MAX, 6).unwrap(),
        stated: None,
    };
    let target = terms(Target::AtLeast(decimal("100.000000000000000")), floor("0"));
    let definition = measure(Higher, 0);
    for (numerator, colour) in [(i64::MAX, Green), (i64::MAX - 1, Amber)] {
        let entry = entry(figure(numerator));
        assert_eq!(rating(&definition, &entry, target), Rated(colour), "{numerator}");
        let sentence = explain(&super::kent(), &subject(&definition, &entry, target), Rated(colour));
        assert!(sentence.contains("100%") && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn no_source_of_this_crate_names_a_binary_float() {
    let sources = [
        include_str!("../direction.rs"),
        include_str!("../explanation.rs"),
        include_str!("../implied.rs"),
        include_str!("../kent_1.rs"),
        include_str!("../rating.rs"),
        include_str!("../words.rs"),
    ];
    for source in sources {
        assert!(!source.contains("f64") && !source.contains("f32"));
    }
}
