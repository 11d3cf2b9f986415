//! Exact values are compared as products of 256 bits compare them.

use std::cmp::Ordering;

use proptest::prelude::*;

use crate::Decimal;
use crate::number::Exact;

/// A product of two 128-bit numbers: high half, low half.
fn product(left: u128, right: u128) -> (u128, u128) {
    let halves = |n: u128| (n >> 64, n & u128::from(u64::MAX));
    let ((a, b), (c, d)) = (halves(left), halves(right));
    let low = b * d;
    let (middle, carried) = (a * d).overflowing_add(b * c);
    let (low, overflowed) = low.overflowing_add(middle << 64);
    let high = a * c + (middle >> 64) + (u128::from(carried) << 64) + u128::from(overflowed);
    (high, low)
}

#[test]
fn the_oracle_multiplies() {
    assert_eq!(product(3, 5), (0, 15));
    assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
    assert_eq!(product(1 << 100, 1 << 100), (1 << 72, 0));
}

/// A value with the numerator and denominator that it should have.
#[derive(Debug, Clone, Copy)]
struct Known {
    exact: Exact,
    numerator: i128,
    denominator: i128,
}

fn of_decimal(coefficient: i64, scale: u8) -> Known {
    Known {
        exact: Decimal::new(coefficient, scale).unwrap().exact(),
        numerator: i128::from(coefficient),
        denominator: 10_i128.pow(u32::from(scale)),
    }
}

fn of_ratio((n, n_scale): (i64, u8), (d, d_scale): (i64, u8), multiplier: u32) -> Known {
    let decimal = |coefficient, scale| Decimal::new(coefficient, scale).unwrap();
    Known {
        exact: Exact::ratio(decimal(n, n_scale), decimal(d, d_scale), multiplier).unwrap(),
        numerator: i128::from(n) * i128::from(multiplier) * 10_i128.pow(u32::from(d_scale)),
        denominator: i128::from(d) * 10_i128.pow(u32::from(n_scale)),
    }
}

fn compared(left: Known, right: Known) -> Ordering {
    let crossed = |one: Known, other: Known| {
        (one.numerator.signum(), product(one.numerator.unsigned_abs(), other.denominator.unsigned_abs()))
    };
    let ((l_sign, l), (r_sign, r)) = (crossed(left, right), crossed(right, left));
    match l_sign.cmp(&r_sign) {
        Ordering::Equal if l_sign < 0 => r.cmp(&l),
        Ordering::Equal => l.cmp(&r),
        order => order,
    }
}

fn known() -> impl Strategy<Value = Known> {
    let count = || (prop_oneof![0..=i64::MAX, 0..=2_000_i64, (i64::MAX - 1_000)..=i64::MAX], 0..=6_u8);
    let whole = || (prop_oneof![1..=i64::MAX, 1..=2_000_i64, (i64::MAX - 1_000)..=i64::MAX], 0..=6_u8);
    let coefficient = prop_oneof![any::<i64>(), -2_000..=2_000_i64];
    prop_oneof![
        (coefficient, 0..=18_u8).prop_map(|(coefficient, scale)| of_decimal(coefficient, scale)),
        (count(), whole(), 1..=1_000_000_u32).prop_map(|(n, d, multiplier)| of_ratio(n, d, multiplier)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn exact_values_compare_as_their_products_do(left in known(), right in known()) {
        prop_assert_eq!(left.exact.compare(right.exact), compared(left, right));
        prop_assert_eq!(right.exact.compare(left.exact), compared(left, right).reverse());
        prop_assert_eq!(left.exact.compare(left.exact), Ordering::Equal);
    }

    /// The nearest neighbours of a fraction, where rounding of any kind would call them equal.
    #[test]
    fn neighbours_are_told_apart(d in (i64::MAX - 1_000_000)..i64::MAX, n in (i64::MAX - 2_000_000)..(i64::MAX - 1_000_000)) {
        let (one, other) = (of_ratio((n, 6), (d, 0), 1_000_000), of_ratio((n, 6), (d + 1, 0), 999_999));
        prop_assert_eq!(one.exact.compare(other.exact), compared(one, other));
        let (one, other) = (of_ratio((n, 0), (d, 0), 1), of_ratio((n + 1, 0), (d + 1, 0), 1));
        prop_assert_eq!(one.exact.compare(other.exact), compared(one, other));
        prop_assert_eq!(one.exact.compare(other.exact), Ordering::Less);
    }

    #[test]
    fn a_distance_is_the_difference(a in -100_000..100_000_i64, b in -100_000..100_000_i64, scale in 0..=6_u8) {
        let exact = |n| Decimal::new(n, scale).unwrap().exact();
        let distance = exact(a).distance(exact(b)).unwrap();
        prop_assert_eq!(distance, exact((a - b).abs()));
    }

    /// A rounded value is never further than half a last digit away.
    #[test]
    fn rounding_stays_near(value in known(), places in 0..=6_u8) {
        if let Some(rounded) = value.exact.round(places) {
            let step = Decimal::new(5, places + 1).unwrap().exact();
            if let Some(distance) = value.exact.distance(rounded.exact()) {
                prop_assert!(distance.compare(step).is_le());
            }
        }
    }
}

#[test]
fn how_many_times_as_large_is_exact_and_without_signs() {
    let exact = |text: &str| text.parse::<Decimal>().unwrap().exact();
    assert_eq!(exact("3071").times(exact("307.1")), Some(exact("10")));
    assert_eq!(exact("-1.5").times(exact("3")), Some(exact("0.5")));
    assert_eq!(exact("0").times(exact("3")), Some(exact("0")));
    assert_eq!(exact("3").times(exact("0")), None);
    assert_eq!(exact("0").times(exact("0")), None);
    let third = Exact::ratio(Decimal::whole(1), Decimal::whole(3), 1).unwrap();
    assert_eq!(third.times(exact("2")).unwrap().round(6), Some("0.166667".parse().unwrap()));
    let tiny = Decimal::new(1, 18).unwrap().exact();
    assert!(Decimal::whole(i64::MAX).exact().times(tiny).is_some(), "2^63 × 10^18 fits");
    let large = Decimal::whole(i64::MAX).exact().times(tiny).unwrap();
    assert_eq!(large.times(Exact::ratio(Decimal::whole(1), Decimal::whole(i64::MAX - 1), 1).unwrap()), None);
}
