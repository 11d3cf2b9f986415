//! Instants, and the two bounds of an answer: what was known, and how much of the log.

use std::ops::Range;
use std::{fmt, iter};

use jiff::tz::{Offset, TimeZone};

use crate::ids::Position;

pub use jiff::civil::Date;

/// An instant: microseconds since 1970-01-01T00:00:00Z, printed as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Not an instant that can be printed: outside the years -9999 to 9999, or not RFC 3339 with a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an instant such as 2018-11-29T10:00:00Z")]
pub struct TimestampError {
    text: String,
}

/// The first and the last number of microseconds that jiff takes: -9999-01-02T01:59:59Z and 9999-12-30T22:00:00Z.
const FIRST_MICROS: i64 = -377_705_023_201_000_000;
const LAST_MICROS: i64 = 253_402_207_200_000_000;

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimestampError`] outside the years -9999 to 9999.
    #[inline]
    pub fn from_micros(micros: i64) -> Result<Self, TimestampError> {
        if (FIRST_MICROS..=LAST_MICROS).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(TimestampError { text: micros.to_string() })
        }
    }

    /// From microseconds that were an instant's before.
    #[inline]
    pub(crate) const fn of_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// One microsecond later, which is how `recorded_at` stays strictly increasing when a clock stands still.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The civil date in UTC.
    pub fn utc_date(self) -> Date {
        jiff::Timestamp::from_microsecond(self.0).map_or(Date::MIN, |at| at.to_zoned(TimeZone::UTC).date())
    }
}

/// The authority's time zone, of the IANA database that is built into the program; UTC by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    zone: TimeZone,
    /// Its offsets within [`OFFSETS_KNOWN`], each with the instant from which on it holds.
    offsets: Vec<(Timestamp, Offset)>,
}

/// The years of most records, 2000 to 2049. Their offsets are looked up once: a zone computes each anew, by the rule for its
/// summer time, at many times the cost.
const OFFSETS_KNOWN: Range<Timestamp> = Timestamp(946_684_800_000_000)..Timestamp(2_524_608_000_000_000);

impl Zone {
    /// By its IANA name; `None` when there is none of that name.
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::TimeZoneDatabase::bundled().get(name).ok().map(Self::new)
    }

    fn new(zone: TimeZone) -> Self {
        let first = jiff::Timestamp::from_microsecond(OFFSETS_KNOWN.start.0).unwrap_or_default();
        let later = zone.following(first).map(|it| (Timestamp(it.timestamp().as_microsecond()), it.offset()));
        let offsets = iter::once((OFFSETS_KNOWN.start, zone.to_offset(first)))
            .chain(later.take_while(|(from, _)| *from < OFFSETS_KNOWN.end))
            .collect();
        Self { zone, offsets }
    }

    /// The civil date of an instant there.
    pub fn date(&self, at: Timestamp) -> Date {
        let n_begun =
            if OFFSETS_KNOWN.contains(&at) { self.offsets.partition_point(|(from, _)| *from <= at) } else { 0 };
        let known = n_begun.checked_sub(1).and_then(|last| self.offsets.get(last));
        let there = |at| known.map_or_else(|| self.zone.to_datetime(at), |(_, offset)| offset.to_datetime(at));
        jiff::Timestamp::from_microsecond(at.0).map_or(Date::MIN, |at| there(at).date())
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::new(TimeZone::UTC)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => at.fmt(f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        match text.parse::<jiff::Timestamp>() {
            Ok(at) => Ok(Self(at.as_microsecond())),
            Err(_) => Err(TimestampError { text: text.to_owned() }),
        }
    }
}

/// What an answer may rest on: records with `known_at` ≤ K and `position` ≤ P, both inclusive.
///
/// An answer at a fixed pair never changes, however the log grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsOf {
    /// K: what was known by then. Without it there is no bound on `known_at`.
    pub known_at: Option<Timestamp>,
    /// P: how much of the log. The end of a commit; see [`crate::Book::settle`].
    pub position: Position,
}

impl AsOf {
    /// Everything up to and including `position`, whenever it was known.
    pub const fn position(position: Position) -> Self {
        Self { known_at: None, position }
    }

    /// True when a record with these coordinates is within both bounds.
    pub fn covers(self, known_at: Timestamp, position: Position) -> bool {
        position <= self.position && self.known_at.is_none_or(|bound| known_at <= bound)
    }
}
