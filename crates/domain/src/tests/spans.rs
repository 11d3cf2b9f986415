//! Spans: half-open, and asked about day by day.

use proptest::prelude::*;

use super::periods::period;
use crate::{Date, Period, Span};

fn span(first: &str, last: Option<&str>) -> Option<Span> {
    Span::of_periods(period(first), last.map(period))
}

#[test]
fn a_span_of_periods_has_both_of_them() {
    let year = span("2018-04", Some("2019-03")).unwrap();
    assert_eq!((year.from.to_string(), year.to.unwrap().to_string()), ("2018-04-01".into(), "2019-04-01".into()));
    assert_eq!(year.to_string(), "from 1 April 2018 to 31 March 2019");
    assert_eq!(span("2018-04", None).unwrap().to_string(), "from 1 April 2018");
    assert_eq!(span("2018-04", Some("2018-03")), None, "it would end before it begins");
    assert!(span("2018-04", Some("2018-04")).is_some());
}

#[test]
fn a_span_judges_the_periods_whose_last_day_is_inside() {
    let year = span("FY2018", Some("FY2018")).unwrap();
    for (code, judged) in [
        ("2018-03", false),
        ("2018-04", true),
        ("2019-03", true),
        ("2019-04", false),
        ("CY2018", true),
        ("AY2017", true),
        ("AY2018", false),
        ("FY2016..FY2018", true),
        ("2019-03-31", true),
        ("2018-03-31", false),
    ] {
        assert_eq!(year.holds(Period::parse(code).unwrap()), judged, "{code}");
    }
}

fn any_span() -> impl Strategy<Value = Span> {
    let day = || (1..=28_i8).prop_map(|day| Date::new(2018, 1, day).unwrap());
    (day(), proptest::option::of(day())).prop_map(|(from, to)| Span { from, to: to.filter(|to| *to > from) })
}

proptest! {
    /// Every day of a month that holds all ends, and one after it for the open spans.
    #[test]
    fn overlapping_and_containing_are_by_days(one in any_span(), other in any_span()) {
        let days: Vec<Date> = (1..=31).map(|day| Date::new(2018, 1, day).unwrap()).collect();
        let within = |span: Span| days.iter().filter(move |day| span.holds_day(**day));
        prop_assert_eq!(one.overlaps(other), within(one).any(|day| other.holds_day(*day)));
        prop_assert_eq!(one.contains(other), within(other).all(|day| one.holds_day(*day)));
        prop_assert_eq!(one.overlaps(other), other.overlaps(one));
        prop_assert!(one.contains(one) && one.overlaps(one));
    }
}
