//! A yardstick gives what the rule and the direction give, figure by figure.

use domain::measure::{Definition, MeasureKind, Polarity};
use domain::target::{Minimum, StoredTerms, Target, Terms};
use domain::{Decimal, Figure};
use proptest::prelude::*;

use super::{entry, kent, measure};
use crate::{Rule, Subject, Yardsticks, direction, rate};

/// Digits that meet one another, and some that are as large as can be.
fn digits() -> impl Strategy<Value = i64> {
    prop_oneof![8 => -30_i64..30, 1 => any::<i64>(), 1 => Just(i64::MAX), 1 => Just(i64::MIN)]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let scale = prop_oneof![4 => 0_u8..3, 1 => 0_u8..=18];
    (digits(), scale).prop_map(|(digits, scale)| Decimal::new(digits, scale).unwrap())
}

fn terms() -> impl Strategy<Value = Option<Terms>> {
    let target = (0..5, decimal(), decimal()).prop_map(|(which, low, high)| match which {
        0 => Target::AtLeast(low),
        1 => Target::MoreThan(low),
        2 => Target::AtMost(low),
        3 => Target::LessThan(low),
        // A range that ends before it begins is never taken in.
        _ if low.compare(high).is_gt() => Target::Within { low: high, high: low },
        _ => Target::Within { low, high },
    });
    let minimum = (0..3, decimal(), decimal()).prop_map(|(which, low, high)| match which {
        0 => Minimum::Unknown,
        1 => Minimum::Value(low),
        _ => Minimum::Within { low, high },
    });
    proptest::option::weighted(0.9, (target, minimum).prop_map(|(target, minimum)| Terms { target, minimum }))
}

fn definition() -> impl Strategy<Value = Definition> {
    let polarity = prop_oneof![
        4 => Just(Polarity::Higher), 4 => Just(Polarity::Lower), 6 => Just(Polarity::Range), 1 => Just(Polarity::None)
    ];
    (polarity, proptest::bool::weighted(0.1)).prop_map(|(polarity, activity)| {
        let kind = if activity { MeasureKind::Activity { expected: None } } else { MeasureKind::Indicator };
        Definition { kind, ..measure(polarity, 1) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn rates_and_compares_as_the_rule_and_the_direction_do(
        definition in definition(),
        terms in terms(),
        scale in prop_oneof![4 => 0_u8..3, 1 => 0_u8..=18],
        (now, before) in (digits(), digits()),
        withdrawn in proptest::bool::weighted(0.1),
    ) {
        let value = |digits| Decimal::new(digits, scale).unwrap();
        let stored = terms.map(StoredTerms::new);
        prop_assert_eq!(stored.as_ref().and_then(StoredTerms::terms), terms);
        let in_digits = stored.as_ref().map(|stored| stored.in_digits(scale));
        let Some(in_digits) = in_digits.map_or(Some(None), |in_digits| in_digits.map(Some)) else {
            prop_assert!(!is_of_digits(terms.unwrap(), scale));
            return Ok(());
        };
        let yardsticks = Yardsticks::new(Rule::of(&kent()), definition.brief(), withdrawn);
        let yardstick = yardsticks.with(in_digits.as_deref());
        let entry = entry(Figure::Stated { value: value(now), denominator: None });
        let subject = Subject { definition: &definition, entry: Some(&entry), terms, withdrawn, shown_only: false };
        prop_assert_eq!(yardstick.rate(now), rate(&kent(), &subject));
        let nothing = Subject { entry: None, ..subject };
        prop_assert_eq!(yardsticks.rate_nothing(), rate(&kent(), &nothing));
        let exactly = direction(&definition, terms, value(now).exact(), value(before).exact());
        prop_assert_eq!(yardstick.direction(now, before), exactly);
    }
}

/// Whether every bound is a whole number of a scale's digits, neither the first nor the last of all, and no range is empty.
fn is_of_digits(terms: Terms, scale: u8) -> bool {
    let fits = |end: Decimal| {
        let units = i128::from(end.coefficient()).checked_mul(domain::number::pow10(scale)).unwrap();
        let per = domain::number::pow10(end.scale());
        let digits = i64::try_from(units.div_euclid(per));
        units.rem_euclid(per) == 0 && digits.is_ok_and(|digits| digits > i64::MIN && digits < i64::MAX)
    };
    let target = match terms.target {
        Target::AtLeast(end) | Target::MoreThan(end) | Target::AtMost(end) | Target::LessThan(end) => fits(end),
        Target::Within { low, high } => fits(low) && fits(high),
    };
    let minimum = match terms.minimum {
        Minimum::Unknown => true,
        Minimum::Value(end) => fits(end),
        Minimum::Within { low, high } => fits(low) && fits(high) && low.compare(high).is_le(),
    };
    target && minimum
}

#[test]
fn nothing_is_rated_by_a_rule_that_is_not_known() {
    let definition = measure(Polarity::Higher, 1);
    let yardstick = Yardsticks::new(None, definition.brief(), false).with(None);
    assert_eq!(yardstick.rate(10), crate::Rating::NotRated(crate::NotRated::UnknownRule));
}
