//! Any bytes as a payload of any type: two bytes for the type, of which the highest bit is the second schema version, then
//! the payload.

use bincode::Options as _;

use super::v1::{Payload, ResultRecorded, ResultWithdrawn};
use super::{Recent, cell, direct, options, parse, read as read_event, write};
use crate::bytes::Bytes;
use domain::{EventId, Position, Recorded, Timestamp};

/// Reads it, and checks that every other way to read it agrees.
pub(crate) fn read(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let Ok(first) = bytes.u16() else { return };
    let (kind, schema) = (first & 0x7fff, if first > 0x7fff { 2 } else { 1 });
    let bytes = bytes.0;
    check_direct(bytes);
    let found = cell(kind, schema, bytes);
    let mut recent = Recent::for_records(2);
    let Ok((attribution, event)) = read_event(kind, schema, bytes, &mut recent) else { return };
    let again = read_event(kind, schema, bytes, &mut recent).ok();
    assert_eq!(again, Some((attribution.clone(), event.clone())), "what was read before changes nothing");
    assert_eq!((super::kind::of(&event), super::schema(&event)), (kind, schema));
    assert!(found.is_ok(), "an index reads what the log does");
    let at = Timestamp::from_micros(0).expect("1970 is an instant");
    let recorded = Recorded {
        position: Position::START,
        recorded_at: at,
        known_at: at,
        event_id: EventId([0; 16]),
        last_of_commit: false,
        attribution,
        event,
    };
    let mut out = Vec::new();
    write(&recorded, &mut out).expect("what was read can be written");
    assert_eq!(out, bytes, "no payload has two writings");
    assert_eq!(super::size(&recorded).ok(), Some(bytes.len()));
}

/// What is read directly is what bincode reads, or nothing where it refuses.
#[track_caller]
pub(super) fn check_direct(bytes: &[u8]) {
    let encoded = |payload: Payload<&str, ResultRecorded<&str>>| options().serialize(&payload).ok();
    let (directly, by_bincode) = (direct::read_result(bytes), parse::<ResultRecorded<&str>>(bytes).ok());
    assert_eq!(directly.map(encoded), by_bincode.map(encoded), "{bytes:?}");
    let encoded = |payload: Payload<&str, ResultWithdrawn<&str>>| options().serialize(&payload).ok();
    let (directly, by_bincode) = (direct::read_withdrawal(bytes), parse::<ResultWithdrawn<&str>>(bytes).ok());
    assert_eq!(directly.map(encoded), by_bincode.map(encoded), "{bytes:?}");
}
