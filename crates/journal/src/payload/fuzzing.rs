//! Any bytes as a payload of any type: two bytes for the type, of which the highest bit is the second schema version, then
//! the payload.

use bincode::Options as _;

use super::quick::{ResultBytes, Shared};
use super::v1::{Payload, ResultRecorded, ResultWithdrawn};
use super::{Recent, cell, direct, kind, options, parse, read as read_event, write};
use crate::bytes::Bytes;
use domain::event::ResultRecorded as ResultRecordedEvent;
use domain::period::PeriodKey;
use domain::{Event, EventId, Position, Recorded, Timestamp};

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
    assert_eq!((kind::of(&event), super::schema(&event)), (kind, schema));
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
    check_quick(bytes);
}

/// What a fold reads of a result is what reading it as any record gives, or nothing where that is refused.
#[track_caller]
fn check_quick(bytes: &[u8]) {
    let mut recent = Recent::for_records(2);
    let quick = super::result(kind::RESULT_RECORDED, 1, bytes).and_then(|whole| {
        let (stored, origin) = (ResultBytes::after_prefix(bytes)?, whole.origin().ok()?);
        if let Some(shared) = Shared::of(bytes) {
            let (row, rest) = shared.split(bytes).expect("it has the prefix that it has");
            assert_eq!(Some(row), origin, "{bytes:?}");
            assert_eq!(ResultBytes::of(rest).map(|it| it.codes()), Some(stored.codes()), "{bytes:?}");
        }
        let (entry, attribution) = (stored.entry()?, whole.attribution(&mut recent).ok()?);
        let period = stored.period(&mut recent)?;
        Some((attribution, stored.series(&mut recent)?, period, entry))
    });
    let entry = ResultBytes::after_prefix(bytes).and_then(|stored| stored.entry());
    assert!(entry.is_none() || super::result(kind::RESULT_RECORDED, 1, bytes).is_some(), "{bytes:?}");
    let whole = read_event(kind::RESULT_RECORDED, 1, bytes, &mut recent).ok().map(|(attribution, event)| {
        let Event::ResultRecorded(ResultRecordedEvent { cell, entry }) = event else { panic!("a result is one") };
        (attribution, cell.series, PeriodKey::of(cell.period), entry)
    });
    assert_eq!(quick, whole, "{bytes:?}");
}
