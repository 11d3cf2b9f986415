//! The bounds of an answer, asked for and answered.

use domain::Position;
use domain::ids::{Digest, LogId};
use domain::time::{Date, Timestamp};
use reporting::answer::Basis;

use crate::v1;
use crate::value::{decode_date, decode_timestamp, encode_timestamp, position_if_any};
use crate::violation::{Decoded, FieldViolation, optional};

/// The bounds that were asked for. The engine settles them: it knows the time zone and the ends of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// What was known by this instant, inclusive.
    pub known_at: Option<Timestamp>,
    /// What was known by the end of this day in the authority's time zone; never together with `known_at`.
    pub known_on: Option<Date>,
    /// How much of the log, inclusive; `None` for all of it.
    pub at_position: Option<Position>,
    /// What Scorebook held by this instant, inclusive.
    pub recorded_by: Option<Timestamp>,
    /// What it held by the end of this day in the authority's time zone; never together with `recorded_by`.
    pub recorded_on: Option<Date>,
    /// Wait until the log has reached this; `None` for no waiting.
    pub at_least_position: Option<Position>,
}

/// When something was known, as a request says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// Nothing was said: when it is recorded.
    #[default]
    Now,
    /// At this instant.
    At(Timestamp),
    /// At the end of this day in the authority's time zone.
    EndOf(Date),
}

/// A point in a log with its chain, which an answer's basis is printed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which log.
    pub log: LogId,
    /// The hash that chains every record up to the basis's position.
    pub chain: Digest,
}

/// The bounds of a question; absent for everything that is known.
///
/// # Errors
/// Both `known_at` and `known_on`, or `recorded_by` and `recorded_on`, or one of them that cannot be read.
pub fn decode(field: &str, message: Option<v1::AsOf>) -> Decoded<Bounds> {
    optional(field, message, decode_as_of).map(Option::unwrap_or_default)
}

fn decode_as_of(message: v1::AsOf) -> Decoded<Bounds> {
    let v1::AsOf { known_at, known_on, at_position, at_least_position, recorded_by, recorded_on } = message;
    let (known_at, known_on) = decode_known(known_at, &known_on)?.parts();
    let (recorded_by, recorded_on) =
        decode_instant(("recorded_by", recorded_by), ("recorded_on", &recorded_on))?.parts();
    Ok(Bounds {
        known_at,
        known_on,
        at_position: position_if_any(at_position),
        recorded_by,
        recorded_on,
        at_least_position: position_if_any(at_least_position),
    })
}

impl Known {
    const fn parts(self) -> (Option<Timestamp>, Option<Date>) {
        match self {
            Self::Now => (None, None),
            Self::At(at) => (Some(at), None),
            Self::EndOf(date) => (None, Some(date)),
        }
    }
}

/// At most one of an instant and a day.
pub(crate) fn decode_known(known_at: Option<prost_types::Timestamp>, known_on: &str) -> Decoded<Known> {
    decode_instant(("known_at", known_at), ("known_on", known_on))
}

/// At most one of an instant and a day, each with its field's name.
fn decode_instant(
    (at_field, at): (&str, Option<prost_types::Timestamp>),
    (on_field, on): (&str, &str),
) -> Decoded<Known> {
    match (optional(at_field, at, decode_timestamp)?, on) {
        (None, "") => Ok(Known::Now),
        (Some(at), "") => Ok(Known::At(at)),
        (None, date) => decode_date(on_field, date).map(Known::EndOf),
        (Some(_), date) => {
            let problem = format!("is given beside {at_field}");
            Err(FieldViolation::new(on_field, date, problem, "give one of the two"))
        }
    }
}

/// What an answer rests on.
pub fn encode_basis(basis: &Basis, place: Place) -> v1::Basis {
    v1::Basis {
        known_at: basis.as_of.known_at.map(encode_timestamp),
        position: basis.as_of.position.get(),
        chain: place.chain.text(),
        n_backfilled: basis.n_backfilled,
        log_id: place.log.text(),
    }
}
