//! Which numbers are instants, and on which day an instant is.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::time::Date;
use crate::{Timestamp, Zone};

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

/// Zones of which one skipped a day, one has half an hour of summer time, and one has none.
const ZONES: [&str; 4] = ["Europe/London", "Pacific/Apia", "Australia/Lord_Howe", "UTC"];

fn day_by_the_calendar(zone: &TimeZone, micros: i64) -> Date {
    zone.to_datetime(jiff::Timestamp::from_microsecond(micros).unwrap()).date()
}

#[test]
fn a_day_changes_with_the_clocks_at_the_very_instant() {
    for name in ZONES {
        let (zone, there) = (Zone::named(name).unwrap(), TimeZone::get(name).unwrap());
        let from: jiff::Timestamp = "1999-01-01T00:00:00Z".parse().unwrap();
        let changes = there.following(from).map(|change| change.timestamp().as_microsecond());
        let bounds =
            ["2000-01-01T00:00:00Z", "2050-01-01T00:00:00Z"].map(|at| at.parse::<Timestamp>().unwrap().micros());
        for micros in changes.take(120).chain(bounds).flat_map(|at| [at - 1, at, at + 1]) {
            let at = Timestamp::from_micros(micros).unwrap();
            assert_eq!(zone.date(at), day_by_the_calendar(&there, micros), "{name}, {at}");
        }
    }
}

proptest! {
    #[test]
    fn a_day_is_the_calendars(
        name in prop::sample::select(&ZONES),
        micros in prop_oneof![800_000_000_000_000_i64..2_700_000_000_000_000, -99_000_000_000_000_000_i64..99_000_000_000_000_000],
    ) {
        let (zone, there) = (Zone::named(name).unwrap(), TimeZone::get(name).unwrap());
        prop_assert_eq!(zone.date(Timestamp::from_micros(micros).unwrap()), day_by_the_calendar(&there, micros));
    }
}
