//! Decimals as they are written, and rounding.

use proptest::prelude::*;

use crate::measure::grouped;
use crate::number::{DecimalError, Exact, RatioError, SCALE_MAX};
use crate::result::{Doubt, Figure};
use crate::{Decimal, Missing};

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn a_decimal_keeps_the_digits_that_were_written() {
    for text in
        ["0", "0.0", "74", "74.0", "-12.50", "0.000000000000000001", "9223372036854775807", "-9223372036854775808"]
    {
        assert_eq!(decimal(text).to_string(), text);
    }
    assert_eq!(decimal("-9.223372036854775808").coefficient(), i64::MIN);
    assert_ne!(decimal("74"), decimal("74.0"), "the writing differs");
    assert!(decimal("74").compare(decimal("74.0")).is_eq(), "the number does not");
    assert!(decimal("-0").compare(decimal("0")).is_eq());
}

#[test]
fn what_is_not_a_decimal_is_refused() {
    for text in
        ["", "-", ".", ".5", "5.", "+5", "1e3", "1,000", " 5", "5 ", "--5", "1.2.3", "5%", "٣", "NaN", "1.-2", "0x1"]
    {
        assert_eq!(Decimal::parse(text), Err(DecimalError::Form), "{text:?}");
    }
    for text in ["9223372036854775808", "-9223372036854775809", "0.0000000000000000001", "10.000000000000000000"] {
        assert_eq!(Decimal::parse(text), Err(DecimalError::Digits), "{text:?}");
    }
    assert_eq!(Decimal::new(1, 19), Err(DecimalError::Digits));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(coefficient in any::<i64>(), scale in 0..=18_u8) {
        let decimal = Decimal::new(coefficient, scale).unwrap();
        prop_assert_eq!(decimal.to_string().parse::<Decimal>(), Ok(decimal));
    }

    #[test]
    fn reading_never_panics_and_what_is_read_is_written_alike(text in "-?[0-9]{0,22}(\\.[0-9]{0,20})?") {
        if let Ok(decimal) = Decimal::parse(&text) {
            let plain = text.trim_start_matches('-').trim_start_matches('0');
            let shown = decimal.to_string();
            let shown = shown.trim_start_matches('-').trim_start_matches('0');
            prop_assert_eq!(shown, plain);
        }
    }
}

/// Half away from zero, by whole numbers alone.
fn rounded(numerator: i128, denominator: i128, places: u8) -> i128 {
    let scaled = numerator.abs() * 10_i128.pow(u32::from(places));
    let magnitude = (2 * scaled + denominator) / (2 * denominator);
    if numerator < 0 { -magnitude } else { magnitude }
}

#[test]
fn every_ratio_of_small_numbers_rounds_half_away_from_zero() {
    for denominator in 1..=200 {
        for numerator in 0..=2 * denominator {
            for (multiplier, places) in [(1, 0), (1, 3), (100, 0), (100, 1), (100, 2), (10_000, 1)] {
                let exact = Exact::ratio(Decimal::whole(numerator), Decimal::whole(denominator), multiplier).unwrap();
                let expected = rounded(i128::from(numerator) * i128::from(multiplier), i128::from(denominator), places);
                let found = exact.round(places).unwrap();
                assert_eq!(
                    (i128::from(found.coefficient()), found.scale()),
                    (expected, places),
                    "{numerator}/{denominator} × {multiplier}"
                );
            }
        }
    }
}

#[test]
fn every_small_decimal_rounds_half_away_from_zero_on_both_sides_of_it() {
    for coefficient in -20_050..=20_050 {
        let exact = Decimal::new(coefficient, 3).unwrap().exact();
        for places in 0..=5 {
            let expected = rounded(i128::from(coefficient), 1_000, places);
            assert_eq!(i128::from(exact.round(places).unwrap().coefficient()), expected, "{coefficient}e-3");
        }
    }
}

#[test]
fn a_half_rounds_away_and_what_does_not_fit_is_none() {
    let shown = |text: &str, places| decimal(text).exact().round(places).map(|it| it.to_string());
    assert_eq!(shown("43.45", 1).as_deref(), Some("43.5"));
    assert_eq!(shown("-43.45", 1).as_deref(), Some("-43.5"));
    assert_eq!(shown("0.5", 0).as_deref(), Some("1"));
    assert_eq!(shown("-0.5", 0).as_deref(), Some("-1"));
    assert_eq!(shown("-0.4", 0).as_deref(), Some("0"));
    assert_eq!(shown("9223372036854775807", 0).as_deref(), Some("9223372036854775807"));
    assert_eq!(shown("9223372036854775807", 1), None);
    assert_eq!(shown("-9223372036854775808", 0).as_deref(), Some("-9223372036854775808"));
}

#[test]
fn the_councils_own_figures_are_shown_as_it_printed_them() {
    for (numerator, denominator, printed) in [(759, 1_747, "43.4"), (204, 613, "33.3"), (101, 194, "52.1")] {
        let exact = Exact::ratio(Decimal::whole(numerator), Decimal::whole(denominator), 100).unwrap();
        assert_eq!(exact.round(1).unwrap().to_string(), printed);
    }
}

#[test]
fn thousands_are_separated() {
    for (number, shown) in [
        ("0", "0"),
        ("0.05", "0.05"),
        ("999", "999"),
        ("1747", "1,747"),
        ("-1234567.89", "-1,234,567.89"),
        ("-100", "-100"),
        ("-9223372036854775808", "-9,223,372,036,854,775,808"),
        ("9.223372036854775807", "9.223372036854775807"),
    ] {
        assert_eq!(grouped(decimal(number)), shown);
        assert_eq!(decimal(number).text(), number);
    }
}

proptest! {
    #[test]
    fn commas_are_all_that_grouping_adds(coefficient: i64, scale in 0..=SCALE_MAX) {
        let number = Decimal::new(coefficient, scale).unwrap();
        prop_assert_eq!(Decimal::parse(&number.text()), Ok(number));
        let grouped = grouped(number);
        prop_assert_eq!(grouped.replace(',', ""), number.text());
        let whole = grouped.split('.').next().unwrap().trim_start_matches('-');
        let mut groups = whole.split(',');
        prop_assert!(groups.next().is_some_and(|first| (1..=3).contains(&first.len())));
        prop_assert!(groups.all(|group| group.len() == 3));
    }
}

#[test]
fn counts_that_give_no_value_are_refused() {
    let ratio = |n: &str, d: &str, multiplier| Exact::ratio(decimal(n), decimal(d), multiplier).err();
    assert_eq!(ratio("1", "0", 100), Some(RatioError::DenominatorZero));
    assert_eq!(ratio("0", "0.00", 100), Some(RatioError::DenominatorZero));
    assert_eq!(ratio("-1", "2", 100), Some(RatioError::Negative));
    assert_eq!(ratio("1", "-2", 100), Some(RatioError::Negative));
    assert_eq!(ratio("1.0000001", "2", 100), Some(RatioError::Scale));
    assert_eq!(ratio("1", "2.0000001", 100), Some(RatioError::Scale));
    assert_eq!(ratio("1", "2", 0), Some(RatioError::Multiplier));
    assert_eq!(ratio("1", "2", 1_000_001), Some(RatioError::Multiplier));
    assert_eq!(ratio("0", "2", 1_000_000), None);
}

fn stated(value: &str, denominator: &str) -> Option<Doubt> {
    Figure::Stated { value: decimal(value), denominator: Some(decimal(denominator)) }.doubt(100)
}

#[test]
fn a_percentage_that_no_whole_numerator_gives_is_doubted() {
    let doubt = Doubt::Unattainable { value: decimal("74.0"), denominator: decimal("364") };
    assert_eq!(stated("74.0", "364"), Some(doubt));
    for (value, denominator) in
        [("73.9", "364"), ("74.2", "364"), ("43.4", "1747"), ("74", "364"), ("0", "3"), ("100", "7")]
    {
        assert_eq!(stated(value, denominator), None, "{value}% of {denominator}");
    }
    assert!(stated("33", "2").is_some());
    assert!(stated("-1", "100").is_some(), "no count is negative");
    assert_eq!(stated("50.1", "3.5"), None, "nothing can be said of a denominator that is no whole number");
    assert_eq!(stated("50.1", "0"), None);
}

#[test]
fn every_percentage_of_a_small_denominator_is_doubted_exactly_when_no_numerator_gives_it() {
    for denominator in 1..=60_i64 {
        let printed: std::collections::BTreeSet<i128> =
            (0..=2 * denominator).map(|n| rounded(i128::from(n) * 100, i128::from(denominator), 1)).collect();
        for tenths in 0..=2_000_i64 {
            let value = Decimal::new(tenths, 1).unwrap();
            let doubt = Figure::Stated { value, denominator: Some(Decimal::whole(denominator)) }.doubt(100);
            assert_eq!(doubt.is_none(), printed.contains(&i128::from(tenths)), "{value}% of {denominator}");
        }
    }
}

#[test]
fn a_printed_value_that_is_not_its_counts_rounded_is_doubted() {
    let counted = |stated: Option<&str>| {
        let (numerator, denominator) = (decimal("759"), decimal("1747"));
        Figure::Counted { numerator, denominator, stated: stated.map(decimal) }.doubt(100)
    };
    assert_eq!(counted(None), None);
    assert_eq!(counted(Some("43.4")), None);
    assert_eq!(counted(Some("43")), None);
    assert_eq!(counted(Some("43.45")), None);
    assert_eq!(counted(Some("43.5")), Some(Doubt::Disagrees { stated: decimal("43.5"), rounded: decimal("43.4") }));
    assert_eq!(Figure::Missing(Missing::Low).doubt(100), None);
}
