//! Scalars at their edges.

use domain::{Decimal, Timestamp};

use super::given::{at, date};
use crate::v1;
use crate::value::{
    decode_date, decode_decimal, decode_period, decode_span, decode_timestamp, encode_decimal, encode_duration,
    encode_timestamp,
};

#[test]
fn a_decimal_keeps_its_writing() {
    let written = encode_decimal("74.0".parse().unwrap());
    assert_eq!(written, v1::Decimal { coefficient: 740, scale: 1 });
    assert_eq!(decode_decimal(written).unwrap().to_string(), "74.0");
}

#[test]
fn a_decimal_takes_the_whole_range_of_64_bits() {
    for coefficient in [i64::MIN, -1, 0, i64::MAX] {
        let written = v1::Decimal { coefficient, scale: 18 };
        assert_eq!(decode_decimal(written), Ok(Decimal::new(coefficient, 18).unwrap()));
    }
}

#[test]
fn an_instant_before_1970_has_positive_nanoseconds() {
    let encoded = encode_timestamp(at("1969-12-31T23:59:59.999999Z"));
    assert_eq!(encoded, prost_types::Timestamp { seconds: -1, nanos: 999_999_000 });
}

#[track_caller]
fn refused_instant(seconds: i64, nanos: i32) {
    let refused = decode_timestamp(prost_types::Timestamp { seconds, nanos });
    assert_eq!(refused.unwrap_err().problem, "is not an instant");
}

#[test]
fn instants_that_are_none_are_refused() {
    refused_instant(0, -1);
    refused_instant(0, 1_000_000_000);
    refused_instant(i64::MAX, 0);
    refused_instant(i64::MIN, 0);
    refused_instant(1_000_000_000_000, 0);
}

#[test]
fn the_edges_of_what_instants_can_say_are_read() {
    for text in ["0001-01-01T00:00:00Z", "9999-12-30T21:59:59.999999Z"] {
        let instant: Timestamp = at(text);
        assert_eq!(decode_timestamp(encode_timestamp(instant)), Ok(instant));
    }
}

#[test]
fn a_date_is_read_in_one_writing_only() {
    assert_eq!(decode_date("from", "2018-09-30"), Ok(date("2018-09-30")));
    for other in
        ["20180930", "2018-9-30", "2018-09-30T00:00:00", "2018-09-31", "30/09/2018", "2018-09-30 ", "20188-09-30"]
    {
        let violation = decode_date("from", other).unwrap_err();
        assert_eq!((violation.field.as_str(), violation.value.as_str()), ("from", other));
    }
}

#[test]
fn a_period_is_read_from_its_code_only() {
    assert_eq!(decode_period("period", "FY2018-Q2").unwrap().to_string(), "quarter 2 of 2018/19");
    for other in ["July 20188", "2018-13", "FY2018-Q5", "AY2018-T4", "20188-07"] {
        let violation = decode_period("period", other).unwrap_err();
        assert_eq!((violation.value.as_str(), violation.problem.as_str()), (other, "is not a period"));
    }
}

#[test]
fn a_span_ends_after_it_begins() {
    let span = |from: &str, to: &str| decode_span(v1::Span { from: from.to_owned(), to: to.to_owned() });
    assert_eq!(span("2018-04-01", "").unwrap().to, None);
    assert_eq!(span("2018-04-01", "2018-04-02").unwrap().to, Some(date("2018-04-02")));
    assert_eq!(span("2018-04-01", "2018-04-01").unwrap_err().field, "to");
    assert_eq!(span("2018-04-01", "2018-03-31").unwrap_err().field, "to");
}

#[test]
fn both_parts_of_a_span_have_its_sign() {
    assert_eq!(encode_duration(1_500_000), prost_types::Duration { seconds: 1, nanos: 500_000_000 });
    assert_eq!(encode_duration(-1_500_000), prost_types::Duration { seconds: -1, nanos: -500_000_000 });
    assert_eq!(encode_duration(-1), prost_types::Duration { seconds: 0, nanos: -1_000 });
}
