use domain::{Decimal, Period};
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};

use crate::double::{shortest, without_noise};
use crate::number::{PerCent, read};
use crate::period;

#[track_caller]
fn check(text: &str, value: &str, rewritten: bool) {
    let number = read(text, PerCent::Allowed).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
    assert_eq!((number.value.to_string().as_str(), number.rewritten), (value, rewritten), "{text}");
}

#[track_caller]
fn check_refused(text: &str, remedy: &str) {
    let problem = read(text, PerCent::Allowed).expect_err(text);
    assert!(problem.remedy.contains(remedy), "{text}: {problem:?}");
}

#[test]
fn a_number_is_read_as_it_is_written() {
    for text in ["0", "43.4", "-0.5", "74.0", "1747", "0.123456789012345678", "9007199254740993"] {
        check(text, text, false);
    }
    check("43.4%", "43.4", true);
    check("43.4 %", "43.4", true);
    check("1,747", "1747", true);
    check("-1,234,567.5", "-1234567.5", true);
}

#[test]
fn what_is_no_number_is_refused_with_what_to_write() {
    check_refused("43,4", "a point before decimals");
    check_refused("1,74", "a point before decimals");
    check_refused("1747,000", "a point before decimals");
    check_refused("0,747", "a point before decimals");
    check_refused(",747", "a point before decimals");
    check_refused("1.5,000", "a point before decimals");
    check_refused("1e-05", "without an exponent");
    check_refused("+5", "leave out the plus sign");
    check_refused("5.", "digits with a point");
    check_refused("£5", "digits with a point");
    check_refused("4 3", "digits with a point");
    check_refused("0.1234567890123456789", "fewer digits");
    check_refused("99999999999999999999", "fewer digits");
    let per_cent = read("43.4%", PerCent::Refused).expect_err("the unit is the measure's");
    assert!(per_cent.remedy.contains("write the number alone"), "{per_cent:?}");
}

#[test]
fn a_double_written_long_is_read_as_the_shortest_decimal_of_that_double() {
    let table = [
        ("4.5999999999999996", Some("4.6")),
        ("0.10000000000000001", Some("0.1")),
        ("-28.899999999999999", Some("-28.9")),
        ("67.400000000000006", Some("67.4")),
        ("0.0045999999999999999", Some("0.0046")),
        ("4.600000000000000", Some("4.6")),
        // The shortest form of this double needs all seventeen digits.
        ("0.30000000000000004", None),
        // Exact decimals that no double was written as.
        ("0.1234567890123456789", None),
        ("4.5999999999999997", None),
        // Fifteen digits are what was meant.
        ("4.59999999999999", None),
        ("9007199254740993", None),
        ("4.5999999999999996e0", None),
        ("NaN.", None),
        ("0.0000000000000000000", None),
    ];
    for (text, expected) in table {
        assert_eq!(shortest(text).as_deref(), expected, "{text}");
    }
    check("4.5999999999999996", "4.6", true);
}

#[test]
fn the_noise_of_a_sum_is_taken_away_and_a_decimal_without_end_is_left() {
    let table = [
        ("28.999999999999996", Some("29")),
        ("0.30000000000000004", Some("0.3")),
        ("7.000000000000001", Some("7")),
        ("43.400000000000006", Some("43.4")),
        ("56.99999999999999", Some("57")),
        ("-1.0699999999999998", Some("-1.07")),
        ("0.00030000000000000003", Some("0.0003")),
        ("123456789.12000002", Some("123456789.12")),
        ("1234567890.1230001", None),
        ("123456789.12000000", Some("123456789.12")),
        // A third, a seventh, and a figure of LAIT that happens to end in two zeros when it is rounded.
        ("0.3333333333333333", None),
        ("14.285714285714286", None),
        ("66.66666666666667", None),
        ("5.231718268066998", None),
        // As Excel writes them, which are no double's form, neither shortest nor long.
        ("1.0699999999999999", Some("1.07")),
        ("2.8000000000000001", Some("2.8")),
        // More digits than programs write: somebody wrote them so.
        ("28.9999999999999971", None),
        ("0.100000000000000001", None),
        // Fifteen digits are what was meant, and whole numbers are counted.
        ("28.9999999999999", None),
        ("9007199254740993", None),
        ("NaN.............", None),
    ];
    for (text, expected) in table {
        assert_eq!(without_noise(text).as_deref(), expected, "{text}");
    }
    check("28.999999999999996", "29", true);
    check("28.999999999999996%", "29", true);
    check("1,028.9999999999998", "1029", true);
    // Written long, whether its shortest form has the noise or not.
    check("7.0000000000000009", "7", true);
    check("1.0699999999999999", "1.07", true);
    check("0.33333333333333331", "0.3333333333333333", true);
    check("14.285714285714286", "14.285714285714286", false);
}

#[test]
fn periods_are_read_from_codes_and_from_month_names() {
    let table = [
        ("2018-09", "2018-09"),
        ("2018-09-30", "2018-09-30"),
        ("FY2018-Q2", "FY2018-Q2"),
        ("AY2017", "AY2017"),
        ("RY2018", "FY2017"),
        ("September 2018", "2018-09"),
        ("Sep 2018", "2018-09"),
        ("Sept 2018", "2018-09"),
        ("SEPT. 2018", "2018-09"),
        ("Sep-18", "2018-09"),
        ("may-2018", "2018-05"),
        ("July\u{a0}2018", "2018-07"),
    ];
    for (text, code) in table {
        assert_eq!(period::read(text).map(Period::code), Ok(code.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_period_is_refused_with_what_to_write() {
    let table = [
        ("July 20188", "write it as 2018-07 or July 2018"),
        ("July 18888", "the year with four digits"),
        ("July 1776", "the year with four digits, from 1900 to 2199"),
        ("Sep-99", "the year with four digits"),
        ("2018/19", "write FY2018 for the financial year or AY2018"),
        ("2018-19", "write FY2018"),
        ("2018/2019", "write FY2018"),
        ("2018/20", "write it as 2018-09"),
        ("2018", "write CY2018, FY2018 or AY2018"),
        ("2018-13", "write it as 2018-09"),
        ("30/09/2018", "write it as 2018-09"),
        ("Septembre 2018", "write it as 2018-09"),
        ("July", "write it as 2018-09"),
        ("20188-07", "write it as 2018-09"),
    ];
    for (text, remedy) in table {
        let refused = period::read(text).expect_err(text);
        assert!(refused.0.contains(remedy), "{text}: {refused:?}");
    }
}

/// A percentage as a program computes it from the share.
#[expect(clippy::float_arithmetic, reason = "the noise of a product is what is read")]
fn percentage_of(thousandths: u32) -> String {
    (f64::from(thousandths) / 100_000.0 * 100.0).to_string()
}

proptest! {
    #[test]
    fn the_shortest_form_names_the_same_double(whole in 0_u32..10_000, places in 0_usize..6, digits in 0_u32..100_000) {
        let text = format!("{whole}.{digits:05}");
        let double: f64 = text.parse().unwrap();
        let long = format!("{double:.*}", 10 + places);
        let read = shortest(&long).unwrap_or_else(|| long.clone());
        assert_eq!(read.parse::<f64>().unwrap().to_bits(), long.parse::<f64>().unwrap().to_bits());
    }

    #[test]
    fn a_share_times_a_hundred_is_the_percentage_that_it_was(thousandths in 1_u32..100_000) {
        let percentage = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        let number = read(&percentage_of(thousandths), PerCent::Refused).unwrap();
        assert_eq!(number.value.compare(Decimal::parse(&percentage).unwrap()), std::cmp::Ordering::Equal, "{thousandths}");
    }

    #[test]
    fn reading_a_number_never_panics(text in prop_oneof![".*", "[-0-9.,%e]{0,40}", Just("9".repeat(5_000)).prop_map(|s| s + ".5")]) {
        let number = read(&text, PerCent::Allowed);
        let period = period::read(&text);
        assert!(number.is_err() || period.is_err(), "{text}");
    }
}
