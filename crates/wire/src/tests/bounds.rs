//! Bounds that are asked for and answered.

use domain::ids::{Digest, LogId};
use domain::time::AsOf;
use reporting::answer::Basis;

use super::given::{at, date, position};
use crate::bounds::{Bounds, Place, decode, encode_basis};
use crate::v1;
use crate::value::encode_timestamp;

fn as_of(known_at: Option<&str>, known_on: &str) -> v1::AsOf {
    v1::AsOf {
        known_at: known_at.map(|text| encode_timestamp(at(text))),
        known_on: known_on.to_owned(),
        ..v1::AsOf::default()
    }
}

#[test]
fn nothing_asked_is_everything_known() {
    assert_eq!(decode("as_of", None), Ok(Bounds::default()));
    assert_eq!(decode("as_of", Some(as_of(None, ""))), Ok(Bounds::default()));
}

#[test]
fn an_instant_a_day_and_positions_are_kept_apart() {
    let instant = decode("as_of", Some(as_of(Some("2018-11-29T10:00:00Z"), ""))).unwrap();
    assert_eq!(instant, Bounds { known_at: Some(at("2018-11-29T10:00:00Z")), ..Bounds::default() });
    let asked = v1::AsOf { at_position: 7, at_least_position: 9, ..as_of(None, "2018-11-29") };
    let expected = Bounds {
        known_at: None,
        known_on: Some(date("2018-11-29")),
        at_position: Some(position(7)),
        at_least_position: Some(position(9)),
        ..Bounds::default()
    };
    assert_eq!(decode("as_of", Some(asked)), Ok(expected));
}

#[test]
fn what_scorebook_held_is_asked_by_an_instant_or_a_day_and_not_both() {
    let instant = encode_timestamp(at("2018-11-29T10:00:00Z"));
    let by = v1::AsOf { recorded_by: Some(instant), ..v1::AsOf::default() };
    let on = v1::AsOf { recorded_on: "2018-11-29".to_owned(), ..as_of(Some("2018-11-01T10:00:00Z"), "") };
    let expected = Bounds { recorded_by: Some(at("2018-11-29T10:00:00Z")), ..Bounds::default() };
    assert_eq!(decode("as_of", Some(by.clone())), Ok(expected));
    let expected = Bounds {
        known_at: Some(at("2018-11-01T10:00:00Z")),
        recorded_on: Some(date("2018-11-29")),
        ..Bounds::default()
    };
    assert_eq!(decode("as_of", Some(on.clone())), Ok(expected));
    let both = v1::AsOf { recorded_by: by.recorded_by, ..on };
    assert_eq!(
        decode("as_of", Some(both)).unwrap_err().to_string(),
        "as_of.recorded_on: \"2018-11-29\" is given beside recorded_by; give one of the two"
    );
}

#[test]
fn an_instant_and_a_day_together_are_refused() {
    let violation = decode("before", Some(as_of(Some("2018-11-29T10:00:00Z"), "2018-11-29"))).unwrap_err();
    assert_eq!(violation.to_string(), "before.known_on: \"2018-11-29\" is given beside known_at; give one of the two");
}

#[test]
fn a_basis_says_which_log_and_how_far() {
    let basis =
        Basis { as_of: AsOf { known_at: Some(at("2018-11-29T10:00:00Z")), position: position(42) }, n_backfilled: 3 };
    let place = Place { log: LogId([7; 16]), chain: Digest([0xab; 32]) };
    insta::assert_debug_snapshot!(encode_basis(&basis, place), @r#"
    Basis {
        known_at: Some(
            Timestamp {
                seconds: 1543485600,
                nanos: 0,
            },
        ),
        position: 42,
        chain: "abababababababababababababababababababababababababababababababab",
        n_backfilled: 3,
        log_id: "07070707-0707-0707-0707-070707070707",
    }
    "#);
}
