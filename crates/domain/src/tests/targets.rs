//! Which terms fit which measures, and what reaches a target.

use super::numbers::decimal;
use crate::measure::Polarity;
use crate::target::{StoredTerms, TermsError};
use crate::{Minimum, Target, Terms};

fn value(text: &str) -> Minimum {
    Minimum::Value(decimal(text))
}

fn within(low: &str, high: &str) -> Target {
    Target::Within { low: decimal(low), high: decimal(high) }
}

fn minimum_within(low: &str, high: &str) -> Minimum {
    Minimum::Within { low: decimal(low), high: decimal(high) }
}

#[derive(Debug, PartialEq, Eq)]
enum Fit {
    Fits,
    Polarity,
    Backwards,
    MinimumBetter,
    MinimumForm,
}

fn fit(polarity: Polarity, target: Target, minimum: Minimum) -> Fit {
    match (Terms { target, minimum }).check(polarity) {
        Ok(()) => Fit::Fits,
        Err(TermsError::Polarity { .. }) => Fit::Polarity,
        Err(TermsError::Backwards { .. }) => Fit::Backwards,
        Err(TermsError::MinimumBetter { .. }) => Fit::MinimumBetter,
        Err(TermsError::MinimumForm) => Fit::MinimumForm,
    }
}

#[test]
fn a_target_points_the_way_of_its_measure() {
    let ninety = decimal("90");
    let targets = [
        Target::AtLeast(ninety),
        Target::MoreThan(ninety),
        Target::AtMost(ninety),
        Target::LessThan(ninety),
        within("80", "90"),
    ];
    for (polarity, fitting) in [
        (Polarity::Higher, [true, true, false, false, false]),
        (Polarity::Lower, [false, false, true, true, false]),
        (Polarity::Range, [false, false, false, false, true]),
        (Polarity::None, [false; 5]),
    ] {
        for (target, fits) in targets.into_iter().zip(fitting) {
            let expected = if fits { Fit::Fits } else { Fit::Polarity };
            assert_eq!(fit(polarity, target, Minimum::Unknown), expected, "{polarity:?} {target}");
        }
    }
}

#[test]
fn a_minimum_standard_is_no_better_than_its_target() {
    use Polarity::{Higher, Lower, Range};
    let (least, most) = (Target::AtLeast(decimal("90")), Target::AtMost(decimal("90")));
    for (polarity, target, minimum, expected) in [
        (Higher, least, value("80"), Fit::Fits),
        (Higher, least, value("90"), Fit::Fits),
        (Higher, least, value("90.0"), Fit::Fits),
        (Higher, least, value("90.01"), Fit::MinimumBetter),
        (Higher, least, minimum_within("1", "2"), Fit::MinimumForm),
        (Higher, Target::MoreThan(decimal("90")), value("90"), Fit::Fits),
        (Lower, most, value("100"), Fit::Fits),
        (Lower, most, value("90"), Fit::Fits),
        (Lower, most, value("89.99"), Fit::MinimumBetter),
        (Lower, most, minimum_within("1", "2"), Fit::MinimumForm),
        (Lower, Target::LessThan(decimal("90")), value("89"), Fit::MinimumBetter),
        (Range, within("10", "20"), minimum_within("5", "25"), Fit::Fits),
        (Range, within("10", "20"), minimum_within("10", "20"), Fit::Fits),
        (Range, within("10", "20"), minimum_within("11", "25"), Fit::MinimumBetter),
        (Range, within("10", "20"), minimum_within("5", "19"), Fit::MinimumBetter),
        (Range, within("10", "20"), value("5"), Fit::MinimumForm),
        (Range, within("20", "10"), Minimum::Unknown, Fit::Backwards),
        (Range, within("10", "10"), Minimum::Unknown, Fit::Fits),
    ] {
        assert_eq!(fit(polarity, target, minimum), expected, "{polarity:?} {target} {minimum:?}");
    }
}

#[test]
fn a_strict_target_excludes_equality_and_no_other_does() {
    let ninety = decimal("90");
    for (target, below, at, above) in [
        (Target::AtLeast(ninety), false, true, true),
        (Target::MoreThan(ninety), false, false, true),
        (Target::AtMost(ninety), true, true, false),
        (Target::LessThan(ninety), true, false, false),
        (within("90", "90"), false, true, false),
        (within("89.9", "90"), true, true, false),
        (within("90", "90.1"), false, true, true),
    ] {
        let reached = |text: &str| target.reached(decimal(text).exact());
        assert_eq!((reached("89.95"), reached("90.00"), reached("90.05")), (below, at, above), "{target}");
    }
}

#[test]
fn terms_are_kept_as_they_are_written() {
    let numbers = ["75", "75.0", "-3.50", "9223372036854775807", "-9223372036854775808", "0"].map(decimal);
    let mut kept = Vec::new();
    for one in numbers {
        for other in numbers {
            let targets = [
                Target::AtLeast(one),
                Target::MoreThan(one),
                Target::AtMost(one),
                Target::LessThan(one),
                Target::Within { low: one, high: other },
            ];
            let minimums = [Minimum::Unknown, Minimum::Value(other), Minimum::Within { low: other, high: one }];
            for target in targets {
                kept.extend(minimums.map(|minimum| Terms { target, minimum }));
            }
        }
    }
    let stored: Vec<StoredTerms> = kept.iter().copied().map(StoredTerms::new).collect();
    for (terms, stored_terms) in kept.iter().zip(&stored) {
        assert_eq!(stored_terms.terms(), Some(*terms));
        for (other, stored_other) in kept.iter().zip(&stored) {
            assert_eq!(stored_terms == stored_other, terms == other, "{terms:?}, {other:?}");
        }
    }
    let plain = Terms { target: Target::AtLeast(decimal("90.0")), minimum: value("85.5") };
    assert!(StoredTerms::new(plain).in_one_scale(), "most are read at once");
}
