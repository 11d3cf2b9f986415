use std::cmp::Ordering;

use domain::measure::{MeasureKind, Polarity};
use domain::target::Minimum;
use domain::{Decimal, Exact};
use proptest::prelude::*;

use super::{exact, measure, terms, within};
use crate::average::Counts;
use crate::{Averaged, Verdict, mean, median, pooled, verdict};

/// A stated value, or counts with a slash, as a percentage.
fn value(text: &str) -> Exact {
    match text.split_once('/') {
        Some((n, d)) => Exact::ratio(n.parse().unwrap(), d.parse().unwrap(), 100).unwrap(),
        None => exact(text),
    }
}

fn values(texts: &[&str]) -> Vec<Exact> {
    texts.iter().map(|text| value(text)).collect()
}

#[track_caller]
fn check(averaged: Option<Averaged>, places: u8, expected: &str) {
    assert_eq!(averaged.and_then(|it| it.round(places)).map(|it| it.to_string()).as_deref(), Some(expected));
}

#[test]
fn a_mean_is_of_the_unrounded_values() {
    check(mean(&values(&["1/3", "1/3", "1/3"])), 6, "33.333333");
    check(mean(&values(&["0.05", "0.05", "0.05", "0.04"])), 1, "0.0");
    check(mean(&values(&["0.1", "0", "0.1", "0"])), 1, "0.1");
    check(mean(&values(&["-0.1", "0"])), 1, "-0.1");
    check(mean(&values(&["-0.1", "0.1"])), 1, "0.0");
    assert!(mean(&[]).is_none());
}

/// Three thirds of a percentage point add up to a tie, which no number of digits of each would show.
#[test]
fn a_tie_that_only_the_exact_sum_has_is_rounded_away_from_zero() {
    check(mean(&values(&["1/600", "1/600", "1/600"])), 0, "0");
    check(mean(&values(&["1/300", "1/300", "1/300", "2/300"])), 1, "0.4");
    let thirds = values(&["1/300", "1/300", "1/300", "0"]);
    check(mean(&thirds), 2, "0.25");
    check(mean(&thirds), 1, "0.3");
}

#[test]
fn a_median_is_the_middle_or_the_mean_of_the_middle_two() {
    check(median(&values(&["9", "1", "3"])), 1, "3.0");
    check(median(&values(&["9", "1", "3", "4"])), 1, "3.5");
    check(median(&values(&["7"])), 1, "7.0");
    assert!(median(&[]).is_none());
}

#[test]
fn pooled_is_all_over_all() {
    let of = |n: &str, d: &str| Counts { numerator: n.parse().unwrap(), denominator: d.parse().unwrap() };
    check(pooled(&[of("1", "2"), of("0", "98")], 100), 1, "1.0");
    check(pooled(&[of("204.25", "613"), of("1", "0.5")], 100), 2, "33.46");
    assert!(pooled(&[], 100).is_none());
}

/// The product of 32 denominators has far more than 127 bits.
#[test]
fn many_large_ratios_are_still_exact() {
    let many: Vec<Exact> =
        (0..32).map(|n| Exact::ratio(Decimal::whole(1), Decimal::whole(i64::MAX - 2 * n), 1).unwrap()).collect();
    check(mean(&many), 6, "0.000000");
    let (first, last) = (Averaged::from(many[0]), Averaged::from(many[31]));
    let middle = mean(&many).unwrap();
    assert_eq!((first.order(&middle), last.order(&middle)), (Ordering::Less, Ordering::Greater));
}

#[test]
fn what_does_not_fit_in_64_bits_is_not_rounded() {
    assert!(
        mean(&[Exact::ratio(Decimal::whole(i64::MAX), Decimal::whole(1), 100).unwrap()]).unwrap().round(0).is_none()
    );
}

#[test]
fn a_verdict_is_by_polarity() {
    let other = Averaged::from(exact("24.8"));
    let of = |polarity, own: &str| verdict(&measure(polarity, 1), None, value(own), &other);
    assert_eq!(of(Polarity::Higher, "24.9"), Verdict::Better);
    assert_eq!(of(Polarity::Lower, "24.9"), Verdict::Worse);
    assert_eq!(of(Polarity::Lower, "24.80"), Verdict::Level);
    assert_eq!(of(Polarity::Lower, "24.79"), Verdict::Better, "what is shown as the same may be better");
    assert_eq!(of(Polarity::None, "24.9"), Verdict::Higher);
    assert_eq!(of(Polarity::None, "24.8"), Verdict::Same);
    assert_eq!(of(Polarity::Range, "24.7"), Verdict::Lower, "without a target range neither way is better");
    let range = Some(terms(within("17.5", "22.5"), Minimum::Unknown));
    let of_range = |own: &str| verdict(&measure(Polarity::Range, 1), range, value(own), &other);
    assert_eq!(of_range("24.7"), Verdict::Better);
    assert_eq!(of_range("15.2"), Verdict::Level);
    assert_eq!(of_range("15.1"), Verdict::Worse);
    let mut activity = measure(Polarity::Higher, 1);
    activity.kind = MeasureKind::Activity { expected: None };
    assert_eq!(verdict(&activity, None, value("25"), &other), Verdict::Higher);
}

proptest! {
    #[test]
    fn a_mean_of_stated_values_is_what_whole_numbers_say(cents in prop::collection::vec(-100_000_i64..100_000, 1..32)) {
        let values: Vec<Exact> = cents.iter().map(|n| Decimal::new(*n, 2).unwrap().exact()).collect();
        let (sum, n) = (cents.iter().sum::<i64>(), i64::try_from(cents.len()).unwrap());
        // Half away from zero: of twice the distance, plus one divisor, over two divisors.
        let expected = (2 * sum.abs() + n) / (2 * n) * sum.signum();
        prop_assert_eq!(mean(&values).unwrap().round(2), Some(Decimal::new(expected, 2).unwrap()));
    }

    #[test]
    fn an_average_is_between_the_least_and_the_greatest(pairs in prop::collection::vec((0_i64..1_000_000, 1_i64..1_000_000), 1..32)) {
        let counts: Vec<_> = pairs
            .iter()
            .map(|(n, d)| Counts { numerator: Decimal::whole(*n), denominator: Decimal::whole(*d) })
            .collect();
        let values: Vec<_> = counts.iter().map(|it| Exact::ratio(it.numerator, it.denominator, 100).unwrap()).collect();
        let mut sorted = values.clone();
        sorted.sort_by(|left, right| left.compare(*right));
        let (least, greatest) = (Averaged::from(sorted[0]), Averaged::from(sorted[sorted.len() - 1]));
        for average in [pooled(&counts, 100), mean(&values), median(&values)] {
            let average = average.unwrap();
            prop_assert!(least.order(&average).is_le() && average.order(&greatest).is_le());
        }
    }
}
