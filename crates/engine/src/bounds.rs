//! From what a reader asks to the two bounds of an answer.

use domain::time::{AsOf, Date};
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
}

impl Bounds {
    /// K and P, where the published head is `head`.
    ///
    /// # Errors
    /// [`Error::Request`] when both an instant and a day are given; [`Error::AfterHead`].
    pub(crate) fn resolve(self, head: Position, zone: &TimeZone) -> Result<AsOf, Error> {
        let known_at = match (self.known_at, self.known_on) {
            (Some(_), Some(_)) => {
                let problem = "give an instant or a day, not both".to_owned();
                return Err(Error::Request { field: "known_at", problem });
            }
            (instant, None) => instant,
            (None, Some(day)) => Some(end_of_day(day, zone)?),
        };
        let position = self.at_position.unwrap_or(head);
        if position > head {
            return Err(Error::AfterHead { wanted: position, head });
        }
        Ok(AsOf { known_at, position })
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
