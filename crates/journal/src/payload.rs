//! Payloads: what a record says, in bincode with frozen options.
//!
//! Every payload is the common prefix (who, with which submission, from where, why) followed by the fields of its event.
//! [`v1`], [`v2`] and [`v3`] hold the structs as they are on disk, which are never edited: a changed event gets a new schema version and a
//! new struct, and [`read`] is the one place where an old version becomes today's event.

mod codes;
mod direct;
pub(crate) mod kind;
pub(crate) mod quick;
mod reading;
mod recent;
mod result;
mod v1;
mod v2;
mod v3;
mod views;
mod writing;

use bincode::Options as _;
use domain::event::{Attribution, ContentStored};
use domain::{Event, Figure, Recorded};
use serde::{Deserialize, Serialize};

use crate::bytes::Fault;
pub(crate) use recent::Recent;
pub(crate) use result::StoredResult;
use v1::Payload;

/// The schema version that an event is written with: the first that has all its fields.
pub(crate) fn schema(event: &Event) -> u16 {
    let second = matches!(event, Event::NeighboursAdopted(list) if list.at_least > 1)
        || matches!(event, Event::ScorecardDefined(defined) if !defined.remit.none());
    if second { 2 } else { 1 }
}

/// More than any payload, so that the length of a text that was damaged is refused before anything is allocated for it; for
/// a list serde sets aside 1 MiB at most.
const DECODE_BYTES_MAX: u64 = 64 * 1024;

/// The one encoding, frozen: little endian, numbers of fixed width, bounded, nothing after the payload.
fn options() -> impl bincode::Options {
    bincode::DefaultOptions::new()
        .with_little_endian()
        .with_fixint_encoding()
        .with_limit(DECODE_BYTES_MAX)
        .reject_trailing_bytes()
}

/// True for a part of a submitted file.
pub(crate) fn file(event: &Event) -> bool {
    matches!(event, Event::ContentStored(ContentStored { file: true, .. }))
}

/// What is done with a payload struct: the lengths and the bytes come from the same conversion.
trait Sink {
    fn put<T: Serialize>(&mut self, payload: &T) -> Result<(), String>;
}

impl Sink for &mut Vec<u8> {
    fn put<T: Serialize>(&mut self, payload: &T) -> Result<(), String> {
        // The limit would be kept by counting the bytes before writing them; the record's own limit is the lower one.
        options().with_no_limit().serialize_into(&mut **self, payload).map_err(|error| error.to_string())
    }
}

struct Size(u64);

impl Sink for Size {
    fn put<T: Serialize>(&mut self, payload: &T) -> Result<(), String> {
        self.0 = options().serialized_size(payload).map_err(|error| error.to_string())?;
        Ok(())
    }
}

/// Appends the payload's bytes to `out`.
pub(crate) fn write(recorded: &Recorded, mut out: &mut Vec<u8>) -> Result<(), String> {
    if let Event::ResultRecorded(result) = &recorded.event {
        direct::result_recorded(&recorded.attribution, result, out);
        return Ok(());
    }
    writing::event(&recorded.attribution, &recorded.event, &mut out)
}

/// The length of the payload in bytes.
pub(crate) fn size(recorded: &Recorded) -> Result<usize, String> {
    if let Event::ResultRecorded(result) = &recorded.event {
        let mut count = direct::Count(0);
        direct::result_recorded(&recorded.attribution, result, &mut count);
        return Ok(count.0);
    }
    let mut size = Size(0);
    writing::event(&recorded.attribution, &recorded.event, &mut size)?;
    usize::try_from(size.0).map_err(|error| error.to_string())
}

/// Reads a payload of any type and schema that ever was; the only path from old versions to today's events.
pub(crate) fn read(kind: u16, schema: u16, bytes: &[u8], recent: &mut Recent) -> Result<(Attribution, Event), Fault> {
    match (kind, schema) {
        (_, 1) => reading::event(kind, bytes, recent),
        (kind::NEIGHBOURS_ADOPTED, 2) => reading::neighbours_adopted_2(bytes),
        (kind::SCORECARD_DEFINED, 2) => views::read_scorecard_2(bytes),
        _ => Err(Fault::Newer { kind, schema }),
    }
}

/// What an index needs of a result or a withdrawal, borrowed.
pub(crate) struct StoredCell<'a> {
    pub(crate) measure: &'a str,
    pub(crate) area: &'a str,
    pub(crate) cohort: &'a str,
    pub(crate) period: &'a str,
    /// `None` for a withdrawal.
    pub(crate) figure: Option<Figure>,
}

/// Reads the cell of a result or a withdrawal; `None` for every other type that is known.
pub(crate) fn cell(kind: u16, schema: u16, bytes: &[u8]) -> Result<Option<StoredCell<'_>>, Fault> {
    match (kind, schema) {
        (_, 1) if kind::name(kind).is_some() => reading::stored_cell(kind, bytes),
        (kind::NEIGHBOURS_ADOPTED | kind::SCORECARD_DEFINED, 2) => Ok(None),
        _ => Err(Fault::Newer { kind, schema }),
    }
}

/// The bytes of a result that are to be folded; `None` for every other type and schema, and for what is no result.
pub(crate) fn result(kind: u16, schema: u16, bytes: &[u8]) -> Option<StoredResult<&[u8]>> {
    if (kind, schema) == (kind::RESULT_RECORDED, 1) { direct::read_result(bytes).map(StoredResult) } else { None }
}

/// Reads one payload struct from a slice, which its texts then borrow from.
fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<Payload<&'a str, T>, Fault> {
    options().deserialize(bytes).map_err(|error| Fault::damaged(format!("its payload cannot be read: {error}")))
}

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

#[cfg(test)]
mod tests;
