//! Which numbers are instants.

use crate::Timestamp;

#[test]
fn an_instant_is_what_jiff_takes_for_one() {
    let (first, last) = (jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_second() * 1_000_000);
    for micros in [i64::MIN, first - 1, first, first + 1, -1, 0, last - 1, last, last + 1, i64::MAX] {
        let instant = Timestamp::from_micros(micros);
        assert_eq!(instant.is_ok(), jiff::Timestamp::from_microsecond(micros).is_ok(), "{micros}");
        assert!(instant.is_err() || instant.is_ok_and(|instant| instant.micros() == micros));
    }
    assert!(Timestamp::from_micros(first).is_ok() && Timestamp::from_micros(last).is_ok());
}
