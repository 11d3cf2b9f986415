//! From what a reader asks to the two bounds of an answer.

use domain::time::Date;
use domain::{Position, Timestamp};
use jiff::tz::TimeZone;

use crate::error::Error;

/// What a reader asks: as known when, with how much of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// As known at this instant.
    pub known_at: Option<Timestamp>,
    /// As known on this day: at its end in the authority's time zone. At most one of both is given.
    pub known_on: Option<Date>,
    /// With the log up to here; the head without. Inside a commit it is lowered to the end of the one before it.
    pub at_position: Option<Position>,
    /// With what was taken in by this instant.
    pub recorded_by: Option<Timestamp>,
    /// With what was taken in by the end of this day in the authority's time zone. At most one of both is given.
    pub recorded_on: Option<Date>,
}

impl Bounds {
    /// K, and until when the log is wanted, if that is said.
    ///
    /// # Errors
    /// [`Error::Request`] when both an instant and a day are given for one of them.
    pub(crate) fn instants(self, zone: &TimeZone) -> Result<(Option<Timestamp>, Option<Timestamp>), Error> {
        let known_at = instant("known_at", self.known_at, self.known_on, zone)?;
        let recorded_by = instant("recorded_by", self.recorded_by, self.recorded_on, zone)?;
        Ok((known_at, recorded_by))
    }
}

fn instant(
    field: &'static str,
    at: Option<Timestamp>,
    day: Option<Date>,
    zone: &TimeZone,
) -> Result<Option<Timestamp>, Error> {
    match (at, day) {
        (Some(_), Some(_)) => Err(Error::Request { field, problem: "give an instant or a day, not both".to_owned() }),
        (at, None) => Ok(at),
        (None, Some(day)) => end_of_day(day, zone).map(Some),
    }
}

/// The last microsecond of a day in a time zone.
///
/// # Errors
/// [`Error::Request`] for a day outside what instants can say.
pub fn end_of_day(day: Date, zone: &TimeZone) -> Result<Timestamp, Error> {
    let instant = || -> Option<Timestamp> {
        let midnight = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
        Timestamp::from_micros(midnight.timestamp().as_microsecond().checked_sub(1)?).ok()
    };
    let problem = format!("{day} is outside the years that are kept");
    instant().ok_or(Error::Request { field: "known_on", problem })
}

/// A time zone of the IANA database that is built into the program, so that every machine agrees.
///
/// # Errors
/// [`Error::TimeZone`].
pub fn time_zone(name: &str) -> Result<TimeZone, Error> {
    let found = jiff::tz::TimeZoneDatabase::bundled().get(name).ok();
    found.ok_or_else(|| Error::TimeZone { name: name.to_owned() })
}
