//! What is written is what is read, whatever it is; and nothing else is read as anything.

use domain::event::{ContentStored, RowSetAside};
use domain::measure::Content;
use domain::{ActorId, AreaId, Digest, Event, MeasureId, Position, limits};
use engine::log::Error;
use proptest::prelude::*;

use super::{samples, strategies};
use crate::block::Block;
use crate::record::{self, HEADER_BYTES, PAYLOAD_BYTES_MAX};

/// Puts the right checksum on bytes that were changed, so that what is behind it is put to the test.
fn reseal(bytes: &mut [u8]) {
    let sum = crc32c::crc32c_append(crc32c::crc32c(&bytes[..70]), &bytes[74..]);
    bytes[70..74].copy_from_slice(&sum.to_le_bytes());
}

proptest! {
    #[test]
    fn any_record_is_read_as_it_was_written(recorded in strategies::recorded(), salt in any::<[u8; 16]>()) {
        let bytes = record::encode(&recorded, salt).unwrap();
        prop_assert_eq!(bytes.len(), record::size(&recorded).unwrap());
        prop_assert_eq!(&record::header(recorded.position, &bytes).unwrap().salt, &salt);
        prop_assert_eq!(record::decode(recorded.position, &bytes).unwrap(), recorded);
    }

    #[test]
    fn bytes_that_are_no_payload_are_refused_without_a_panic(
        kind in 0..30_u16,
        payload in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let (_, sample) = samples::all().swap_remove(0);
        let mut bytes = record::encode(&sample, samples::SALT).unwrap();
        bytes[4..6].copy_from_slice(&kind.to_le_bytes());
        bytes[50..54].copy_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
        bytes.truncate(HEADER_BYTES);
        bytes.extend_from_slice(&payload);
        reseal(&mut bytes);
        let read = record::decode(sample.position, &bytes);
        prop_assert!(matches!(read, Err(Error::Corrupt { .. } | Error::Newer { .. })), "{:?}", read);
    }

    #[test]
    fn bytes_that_are_no_block_are_refused_without_a_panic(
        first in any::<u64>(),
        n_records in any::<u16>(),
        records in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = [&b"SBLK"[..], &[1, 0], &n_records.to_le_bytes(), &first.to_le_bytes(), &[0; 32]].concat();
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes.extend_from_slice(&records);
        let first = Position::new(first);
        let read = Block::read(first, &bytes).and_then(|block| block.last().map(|_| ()));
        prop_assert!(matches!(read, Err(Error::Corrupt { position, .. }) if position == first), "{:?}", read);
    }

    #[test]
    fn a_payload_with_one_byte_changed_is_another_record_or_refused(
        sample in 0..50_usize,
        at in 0..3_000_usize,
        byte in any::<u8>(),
    ) {
        let (_, sample) = samples::all().swap_remove(sample);
        let original = record::encode(&sample, samples::SALT).unwrap();
        let at = HEADER_BYTES + at % (original.len() - HEADER_BYTES);
        let mut bytes = original.clone();
        bytes[at] = byte;
        reseal(&mut bytes);
        // Whatever still reads is written again as the same bytes: no value has two writings.
        if let Ok(read) = record::decode(sample.position, &bytes) {
            prop_assert_eq!(record::encode(&read, samples::SALT).unwrap(), bytes);
        }
    }
}

/// A part of a content with so many bytes.
fn content(n_bytes: usize) -> Event {
    Event::ContentStored(ContentStored {
        digest: Digest([0; 32]),
        part: 0,
        parts: 1,
        file: false,
        bytes: vec![7; n_bytes],
    })
}

/// Asserts that an event fits with the longest actor and a reason of so many bytes.
#[track_caller]
fn fits(reason_bytes: usize, event: Event) {
    let mut recorded = samples::record(1, event);
    recorded.attribution.actor.id = ActorId::new(&"a".repeat(64)).unwrap();
    recorded.attribution.why.reason = "r".repeat(reason_bytes);
    let bytes = record::encode(&recorded, samples::SALT).unwrap();
    assert_eq!(record::decode(recorded.position, &bytes).unwrap(), recorded);
}

/// Makes the texts of the events with the longest as long as they may be.
fn lengthen(event: &mut Event) {
    let (name, reason) = ("n".repeat(limits::NAME_BYTES_MAX), "t".repeat(limits::REASON_BYTES_MAX));
    let inline = Content::Inline("c".repeat(limits::INLINE_BYTES_MAX));
    if let Event::MeasureDefined(e) = event {
        e.measure = MeasureId::new(&"m".repeat(64)).unwrap();
        (e.title, e.data_source, e.owner) = (name.clone(), name.clone(), name.clone());
        (e.unit.label, e.definition) = (name, inline);
    } else if let Event::NeighboursAdopted(e) = event {
        e.members = vec![AreaId::new(&"a".repeat(64)).unwrap(); limits::NEIGHBOURS_MAX];
    } else if let Event::TargetChanged(e) = event {
        e.decision = reason;
    } else if let Event::CommentaryWritten(e) = event {
        e.text = inline;
    } else if let Event::ScorecardDefined(e) = event {
        (e.title, e.committee, e.layout) = (name.clone(), name.clone(), inline);
        (e.remit.owner, e.remit.director) = (name.clone(), name);
    } else if let Event::ActionAgreed(e) = event {
        (e.text, e.owner) = (inline, name);
    } else if let Event::ViewPublished(e) = event {
        (e.meeting.committee, e.form, e.over) = (name.clone(), name, inline);
    } else if let Event::CommitteeActRecorded(e) = event {
        e.text = inline;
    } else if let Event::LateFigureTold(e) = event {
        e.text = inline;
    } else if let Event::RowSetAside(e) = event {
        (e.text, e.problem, e.field) = (reason.clone(), reason, name);
    }
}

#[test]
fn what_the_bounds_of_the_domain_allow_fits_with_the_longest_reason() {
    for (_, sample) in samples::all() {
        let mut event = sample.event;
        lengthen(&mut event);
        fits(limits::REASON_BYTES_MAX, event);
    }
    // A part is stored without a reason, which the event that it belongs to has.
    fits(0, content(limits::PART_BYTES_MAX));
}

#[test]
fn a_payload_over_the_bound_is_refused() {
    let encoded = |n_bytes| record::encode(&samples::record(1, content(n_bytes)), samples::SALT);
    let n_bytes = (3_000..4_000).take_while(|n_bytes| encoded(*n_bytes).is_ok()).last().unwrap();
    assert_eq!(encoded(n_bytes).unwrap().len(), HEADER_BYTES + PAYLOAD_BYTES_MAX);
    let Err(Error::Refused { reason }) = encoded(n_bytes + 1) else { panic!("one byte more is not refused") };
    assert_eq!(reason, "the ContentStored for position 1: its payload has 3801 bytes; at most 3800 are allowed");
    let long = RowSetAside { text: "x".repeat(100_000), field: String::new(), problem: String::new() };
    let refused = record::encode(&samples::record(1, Event::RowSetAside(long)), samples::SALT);
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
}

/// Asserts that a sample with changed bytes is too new, of this type and schema.
#[track_caller]
fn newer(at: usize, value: u16, expected: (u16, u16)) {
    let (_, sample) = samples::all().swap_remove(0);
    let mut bytes = record::encode(&sample, samples::SALT).unwrap();
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    reseal(&mut bytes);
    match record::decode(sample.position, &bytes) {
        Err(Error::Newer { position, kind, schema, held_back: None }) => {
            assert_eq!((position, (kind, schema)), (sample.position, expected));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_newer_program_wrote_is_said_to_be_newer() {
    newer(2, 2, (1, 1));
    newer(4, 28, (28, 1));
    newer(6, 2, (1, 2));
    newer(6, 3, (1, 3));
    newer(48, 0x8001, (1, 1));
}

#[test]
fn a_period_is_read_in_its_one_writing_only() {
    let (_, sample) = samples::all().into_iter().find(|(name, _)| *name == "ResultRecorded-counted").unwrap();
    let mut bytes = record::encode(&sample, samples::SALT).unwrap();
    let at = bytes.windows(9).position(|window| window == b"FY2018-Q2").unwrap();
    bytes[at] = b'R';
    reseal(&mut bytes);
    let read = record::decode(sample.position, &bytes);
    let Err(Error::Corrupt { reason, .. }) = read else { panic!("{read:?}") };
    assert_eq!(reason, "\"RY2018-Q2\" is not how a period is stored");
}

#[test]
fn a_file_flag_that_its_payload_denies_is_damage() {
    let (_, sample) = samples::all().swap_remove(0);
    let mut bytes = record::encode(&sample, samples::SALT).unwrap();
    bytes[48] |= 2;
    reseal(&mut bytes);
    let read = record::decode(sample.position, &bytes);
    assert!(matches!(read, Err(Error::Corrupt { .. })), "{read:?}");
}

#[test]
fn leaf_and_chain_are_the_hashes_that_are_documented() {
    use sha2::{Digest as _, Sha256};
    let (_, sample) = samples::all().swap_remove(0);
    let bytes = record::encode(&sample, samples::SALT).unwrap();
    let leaf = Sha256::digest([&[0][..], &samples::SALT, &bytes[74..]].concat());
    assert_eq!(record::leaf(&samples::SALT, &bytes[74..]), Digest(leaf.into()));
    let chain = Sha256::digest([&[1][..], &[9; 32], &bytes[..54], &leaf].concat());
    assert_eq!(record::chain(Digest([9; 32]), sample.position, &bytes).unwrap(), Digest(chain.into()));
}
