//! Periods: their codes, order and words.

use jiff::ToSpan as _;
use proptest::prelude::*;
use proptest::sample::select;

use crate::period::{YEARS, YearType};
use crate::{Date, Period};

pub(super) fn period(code: &str) -> Period {
    code.parse().unwrap()
}

#[test]
fn every_kind_has_a_code_that_is_read_again_with_its_dates_and_words() {
    for (code, first, last, words) in [
        ("2018-09", "2018-09-01", "2018-09-30", "September 2018"),
        ("2020-02", "2020-02-01", "2020-02-29", "February 2020"),
        ("2018-09-30", "2018-09-30", "2018-09-30", "30 September 2018"),
        ("FY2018-Q1", "2018-04-01", "2018-06-30", "quarter 1 of 2018/19"),
        ("FY2018-Q4", "2019-01-01", "2019-03-31", "quarter 4 of 2018/19"),
        ("CY2018-Q3", "2018-07-01", "2018-09-30", "quarter 3 of 2018"),
        ("AY2018-T1", "2018-09-01", "2018-12-31", "autumn term 2018/19"),
        ("AY2018-T2", "2019-01-01", "2019-03-31", "spring term 2018/19"),
        ("AY2018-T3", "2019-04-01", "2019-08-31", "summer term 2018/19"),
        ("FY2018", "2018-04-01", "2019-03-31", "2018/19"),
        ("AY1999", "1999-09-01", "2000-08-31", "academic year 1999/00"),
        ("CY2018", "2018-01-01", "2018-12-31", "2018"),
        ("FY2013..FY2015", "2013-04-01", "2016-03-31", "2013/14 to 2015/16"),
        ("CY2016..CY2018", "2016-01-01", "2018-12-31", "2016 to 2018"),
        ("AY2016..AY2018", "2016-09-01", "2019-08-31", "academic year 2016/17 to 2018/19"),
    ] {
        let period = period(code);
        assert_eq!(period.code(), code);
        assert_eq!(period.first_day().to_string(), first, "{code}");
        assert_eq!(period.last_day().to_string(), last, "{code}");
        assert_eq!(period.to_string(), words, "{code}");
    }
}

#[test]
fn a_reporting_year_is_the_financial_year_that_ends_then() {
    assert_eq!(period("RY2018"), period("FY2017"));
    assert_eq!(period("RY2018").code(), "FY2017");
    assert_eq!(period("RY2018").last_day().to_string(), "2018-03-31");
    assert_eq!(period("RY2016..RY2018"), period("FY2015..FY2017"));
}

#[test]
fn what_is_no_period_is_refused_and_not_guessed() {
    for text in [
        "",
        "July 20188",
        "July 2018",
        "20188",
        "20188-07",
        "2018",
        "2018-7",
        "2018-007",
        "2018-13",
        "2018-00",
        "2018-",
        "-09",
        "2018-02-30",
        "2018-9-30",
        "2018-09-30-1",
        "1899-12",
        "2200-01",
        "1899-12-31",
        "FY2018-Q0",
        "FY2018-Q5",
        "FY2018-Q",
        "FY2018-Q11",
        "AY2018-Q1",
        "AY2018-T0",
        "AY2018-T4",
        "FY2018-T1",
        "CY2018-T1",
        "FY2018..FY2018",
        "FY2018..FY2017",
        "FY2018..AY2019",
        "FY1990..FY2018",
        "FY2018..",
        "..FY2018",
        "fy2018",
        "FY18",
        "FY20188",
        "FY 2018",
        " FY2018",
        "RY1900",
        "XY2018",
        "٢٠١٨-٠٩",
        "2018/19",
        "FY2018–FY2019",
        "éé2018",
        "2018-Q1",
        "FY2018-é1",
    ] {
        let error = Period::parse(text).unwrap_err();
        assert!(error.to_string().contains(&format!("{text:?}")), "the refusal names {text:?}");
    }
}

#[test]
fn the_edges_of_the_years_that_are_kept() {
    assert_eq!(YEARS, 1900..=2199);
    for code in ["1900-01", "2199-12", "1900-01-01", "2199-12-31", "CY1900", "CY2199", "FY2198"] {
        assert_eq!(period(code).code(), code);
    }
    for code in ["FY2199", "AY2199", "RY1900"] {
        assert!(Period::parse(code).is_err(), "{code} reaches outside");
    }
    assert_eq!(period("1900-01").previous(), None);
    assert_eq!(period("1900-01-01").previous(), None);
    assert_eq!(Period::quarter(YearType::Financial, 2018, i8::MIN), None);
    assert_eq!(Period::quarter(YearType::Financial, i16::MAX, i8::MAX), None);
    assert_eq!(Period::years(YearType::Calendar, i16::MIN, i16::MAX), None);
    assert_eq!(Period::years(YearType::Calendar, 2000, 2020), None, "at most 20 years");
    assert!(Period::years(YearType::Calendar, 2000, 2019).is_some());
}

#[test]
fn the_period_before() {
    for (code, before) in [
        ("2018-01", "2017-12"),
        ("2018-09-01", "2018-08-31"),
        ("FY2018-Q1", "FY2017-Q4"),
        ("CY2018-Q3", "CY2018-Q2"),
        ("AY2018-T1", "AY2017-T3"),
        ("AY2018-T3", "AY2018-T2"),
        ("FY2018", "FY2017"),
        ("FY2013..FY2015", "FY2012..FY2014"),
    ] {
        assert_eq!(period(code).previous(), Some(period(before)), "{code}");
    }
}

#[test]
fn the_kinds_are_told_apart() {
    let codes = [
        "2018-09",
        "2018-09-30",
        "FY2018-Q1",
        "CY2018-Q1",
        "AY2018-T1",
        "FY2018",
        "AY2018",
        "CY2018",
        "FY2013..FY2015",
        "FY2013..FY2014",
        "AY2013..AY2015",
    ];
    for one in codes {
        for other in codes {
            assert_eq!(period(one).same_kind(period(other)), one == other, "{one} and {other}");
        }
        assert!(period(one).previous().unwrap().same_kind(period(one)));
    }
    assert!(period("FY2013..FY2015").same_kind(period("FY2001..FY2003")));
}

#[test]
fn a_later_period_is_greater() {
    let in_order = ["CY2017", "FY2017", "2018-03", "2018-03-31", "AY2017", "2018-08", "AY2018-T1", "2019-01"];
    let mut sorted: Vec<Period> = in_order.iter().map(|code| period(code)).collect();
    sorted.reverse();
    sorted.sort_unstable();
    assert_eq!(sorted.iter().map(|it| it.code()).collect::<Vec<_>>(), in_order, "by last day, then by first");
}

fn any_period() -> impl Strategy<Value = Period> {
    let year = 1_901..=2_150_i16;
    let kinds = select(vec![YearType::Financial, YearType::Academic, YearType::Calendar]);
    let quartered = select(vec![YearType::Financial, YearType::Calendar]);
    prop_oneof![
        (year.clone(), 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| Period::day(Date::new(y, m, d).unwrap()).unwrap()),
        (year.clone(), 1..=12_i8).prop_map(|(y, m)| Period::month(y, m).unwrap()),
        (quartered, year.clone(), 1..=4_i8).prop_map(|(t, y, q)| Period::quarter(t, y, q).unwrap()),
        (year.clone(), 1..=3_i8).prop_map(|(y, t)| Period::term(y, t).unwrap()),
        (kinds, year, 0..20_i16).prop_map(|(t, y, n)| Period::years(t, y, y + n).unwrap()),
    ]
}

proptest! {
    #[test]
    fn a_code_is_read_again(period in any_period()) {
        prop_assert_eq!(Period::parse(&period.code()), Ok(period));
    }

    #[test]
    fn codes_tell_periods_apart(one in any_period(), other in any_period()) {
        prop_assert_eq!(one == other, one.code() == other.code());
        prop_assert_eq!(one.cmp(&other).is_eq(), one == other);
    }

    #[test]
    fn order_is_by_last_day_then_first(one in any_period(), other in any_period()) {
        let days = |period: Period| (period.last_day(), period.first_day());
        let order = days(one).cmp(&days(other));
        prop_assert!(order.is_eq() || one.cmp(&other) == order);
    }

    #[test]
    fn the_period_before_ends_before_and_is_of_the_same_kind(period in any_period()) {
        let before = period.previous().unwrap();
        prop_assert!(before < period && before.same_kind(period));
        let steps_back = period.code().contains("..");
        prop_assert!(steps_back || before.last_day().tomorrow().unwrap() == period.first_day());
        prop_assert!(period.first_day() <= period.last_day());
        prop_assert!(period.last_day() < period.first_day() + (20.years()));
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,20}") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(&period.code()), Ok(period));
        }
    }
}

#[test]
fn days_and_months_are_written_as_the_calendar_writes_them() {
    let years = [-9_999, -1, 0, 7, 999, 1_000, 2_018, 2_020, 9_999];
    let days = years.into_iter().flat_map(|year| {
        let first = Date::new(year, 1, 1).unwrap();
        (0..366).map_while(move |n| first.checked_add(n.days()).ok())
    });
    for day in days {
        assert_eq!(crate::period::day_words(day), day.strftime("%-d %B %Y").to_string());
    }
    let (from, to) = ("2018-09-09".parse().unwrap(), "2019-04-01".parse().unwrap());
    assert_eq!(crate::Span { from, to: Some(to) }.to_string(), "from 9 September 2018 to 31 March 2019");
    assert_eq!(crate::Span { from, to: None }.to_string(), "from 9 September 2018");
}

#[test]
fn a_date_is_written_as_it_is_read() {
    for text in ["0000-01-01", "0001-01-01", "0999-12-31", "1000-10-10", "2018-09-30", "2020-02-29", "9999-12-31"] {
        assert_eq!(crate::period::day_code(text.parse().unwrap()), text);
    }
    let before = Date::constant(-1, 2, 3);
    assert_eq!(crate::period::day_code(before), before.to_string());
}
