//! The rule against one written from scratch, on fractions of small whole numbers, cross-multiplied.

use domain::measure::{Polarity, Unit};
use domain::result::{Colour, Figure};
use domain::target::{Minimum, Target};
use domain::{Decimal, Exact};
use proptest::prelude::*;

use super::{entry, exact, measure, rating, terms};
use crate::NotRated::NoMinimumStandard;
use crate::{Direction, Rating, direction};

/// A fraction of small whole numbers; the second is positive.
type Fraction = (i128, i128);

fn order(left: Fraction, right: Fraction) -> std::cmp::Ordering {
    (left.0 * right.1).cmp(&(right.0 * left.1))
}

fn fraction(number: Decimal) -> Fraction {
    (i128::from(number.coefficient()), 10_i128.pow(u32::from(number.scale())))
}

/// The design's sentences, one after the other.
fn oracle(value: Fraction, target: Target, minimum: Minimum) -> Rating {
    let vs = |number: Decimal| order(value, fraction(number));
    let (reached, acceptable) = match (target, minimum) {
        (Target::AtLeast(t), Minimum::Value(m)) => (vs(t).is_ge(), Some(vs(m).is_ge())),
        (Target::MoreThan(t), Minimum::Value(m)) => (vs(t).is_gt(), Some(vs(m).is_ge())),
        (Target::AtMost(t), Minimum::Value(m)) => (vs(t).is_le(), Some(vs(m).is_le())),
        (Target::LessThan(t), Minimum::Value(m)) => (vs(t).is_lt(), Some(vs(m).is_le())),
        (Target::Within { low, high }, Minimum::Within { low: least, high: most }) => {
            (vs(low).is_ge() && vs(high).is_le(), Some(vs(least).is_ge() && vs(most).is_le()))
        }
        (Target::AtLeast(t), _) => (vs(t).is_ge(), None),
        (Target::MoreThan(t), _) => (vs(t).is_gt(), None),
        (Target::AtMost(t), _) => (vs(t).is_le(), None),
        (Target::LessThan(t), _) => (vs(t).is_lt(), None),
        (Target::Within { low, high }, _) => (vs(low).is_ge() && vs(high).is_le(), None),
    };
    match (reached, acceptable) {
        (true, _) => Rating::Rated(Colour::Green),
        (false, Some(true)) => Rating::Rated(Colour::Amber),
        (false, Some(false)) => Rating::Rated(Colour::Red),
        (false, None) => Rating::NotRated(NoMinimumStandard),
    }
}

fn number() -> impl Strategy<Value = Decimal> {
    (0_i64..=120, 0_u8..=2).prop_map(|(n, scale)| Decimal::new(n, scale).unwrap())
}

/// Terms that fit a polarity, with or without a minimum standard.
fn judged_by() -> impl Strategy<Value = (Polarity, Target, Minimum)> {
    (0..5, any::<bool>(), prop::array::uniform4(number())).prop_map(|(form, known, mut n)| {
        n.sort_by(|a, b| a.compare(*b));
        let [a, b, c, d] = n;
        let minimum = |minimum| if known { minimum } else { Minimum::Unknown };
        match form {
            0 => (Polarity::Higher, Target::AtLeast(c), minimum(Minimum::Value(b))),
            1 => (Polarity::Higher, Target::MoreThan(c), minimum(Minimum::Value(b))),
            2 => (Polarity::Lower, Target::AtMost(b), minimum(Minimum::Value(c))),
            3 => (Polarity::Lower, Target::LessThan(b), minimum(Minimum::Value(c))),
            _ => (Polarity::Range, Target::Within { low: b, high: c }, minimum(Minimum::Within { low: a, high: d })),
        }
    })
}

/// Small figures, so that a value often lies exactly on a target: as printed, or as counts.
fn figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        number().prop_map(|value| Figure::Stated { value, denominator: None }),
        (number(), number().prop_filter("not 0", |d| d.coefficient() > 0))
            .prop_map(|(numerator, denominator)| { Figure::Counted { numerator, denominator, stated: None } }),
    ]
}

fn value_of(figure: Figure, multiplier: u32) -> Fraction {
    match figure {
        Figure::Stated { value, .. } => fraction(value),
        Figure::Counted { numerator, denominator, .. } => {
            let (n, d) = (fraction(numerator), fraction(denominator));
            (n.0 * d.1 * i128::from(multiplier), n.1 * d.0)
        }
        Figure::Missing(_) => unreachable!("the strategy makes no missing figure"),
    }
}

/// How good a rating is; `None` for what is not rated.
fn rank(rating: Rating) -> Option<u8> {
    rating.colour().map(|colour| match colour {
        Colour::Green => 2,
        Colour::Amber => 1,
        Colour::Red => 0,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_with_cross_multiplied_fractions(
        (polarity, target, minimum) in judged_by(),
        figure in figure(),
        multiplier in prop_oneof![Just(1_u32), Just(100)],
        decimal_places in 0_u8..=6,
    ) {
        let mut definition = measure(polarity, decimal_places);
        definition.unit = Unit { label: "%".to_owned(), multiplier };
        prop_assert_eq!(terms(target, minimum).check(polarity), Ok(()));
        let found = rating(&definition, &entry(figure), terms(target, minimum));
        prop_assert_eq!(found, oracle(value_of(figure, multiplier), target, minimum));
    }

    #[test]
    fn a_better_value_is_never_rated_worse(
        (polarity, target, minimum) in judged_by(),
        one in number(),
        other in number(),
    ) {
        let definition = measure(polarity, 0);
        let rated = |value| rating(&definition, &entry(Figure::Stated { value, denominator: None }), terms(target, minimum));
        let both = direction(&definition, Some(terms(target, minimum)), one.exact(), other.exact());
        let (better, worse) = match both {
            Direction::Improved => (one, other),
            Direction::Worsened => (other, one),
            Direction::NoChange | Direction::NoClearTrend | Direction::Unjudged(_) | Direction::None(_) => {
                return Ok(());
            }
        };
        // A range's minimum standard may reach further on one side than on the other, so that the nearer value may be
        // outside it: there only Green is monotone in the distance.
        match (rank(rated(better)), rank(rated(worse))) {
            (Some(better), Some(worse)) if polarity == Polarity::Range => prop_assert!(worse < 2 || better == 2),
            (Some(better), Some(worse)) => prop_assert!(better >= worse),
            (None, worse) => prop_assert_eq!(worse, None, "a reached target is never further than a missed one"),
            (Some(better), None) => prop_assert_eq!(better, 2, "without a minimum standard there is only Green"),
        }
    }

    #[test]
    fn a_range_s_rating_falls_on_each_side_of_it(
        mut n in prop::array::uniform4(number()),
        one in number(),
        other in number(),
    ) {
        n.sort_by(|a, b| a.compare(*b));
        let [a, b, c, d] = n;
        let judged_by = terms(Target::Within { low: b, high: c }, Minimum::Within { low: a, high: d });
        let definition = measure(Polarity::Range, 0);
        let rated = |value| {
            let figure = Figure::Stated { value, denominator: None };
            rank(rating(&definition, &entry(figure), judged_by)).unwrap()
        };
        let (less, more) = if one.compare(other).is_le() { (one, other) } else { (other, one) };
        if more.compare(c).is_le() {
            prop_assert!(rated(less) <= rated(more));
        }
        if less.compare(b).is_ge() {
            prop_assert!(rated(less) >= rated(more));
        }
    }

    #[test]
    fn a_range_s_direction_is_by_distance(
        low in 0_i64..=60, width in 0_i64..=30, now in -20_i64..=120, before in -20_i64..=120,
    ) {
        let high = low + width;
        let target = Target::Within { low: Decimal::whole(low), high: Decimal::whole(high) };
        let distance = |value: i64| (low - value).max(value - high).max(0);
        let expected = match distance(now).cmp(&distance(before)) {
            std::cmp::Ordering::Less => Direction::Improved,
            std::cmp::Ordering::Greater => Direction::Worsened,
            std::cmp::Ordering::Equal => Direction::NoChange,
        };
        let (now, before): (Exact, Exact) = (Decimal::whole(now).exact(), Decimal::whole(before).exact());
        let found = direction(&measure(Polarity::Range, 0), Some(terms(target, Minimum::Unknown)), now, before);
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn the_oracle_itself_knows_the_seed_s_figures() {
    let at_least_95 = Target::AtLeast(Decimal::whole(95));
    let found = oracle((75_900, 1_747), at_least_95, Minimum::Value(Decimal::whole(60)));
    assert_eq!(found, Rating::Rated(Colour::Red));
    assert_eq!(order((1, 3), (333_333, 1_000_000)), exact("2").compare(exact("1")));
}
