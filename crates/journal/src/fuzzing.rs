//! The journal's readers, each as one function of any bytes: what `cargo xtask fuzz` drives, and what the tests give again
//! the inputs that it found. Compiled for these two alone.
//!
//! Bytes behind a checksum would never be reached by chance, so that half of the inputs are given the right ones first.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow is a finding")]

use std::fs::File;
use std::io::{Seek as _, Write as _};

use domain::{Digest, Position};

use crate::block::Block;
use crate::export::{hex, line};
use crate::payload::{self, Recent};
use crate::preflight::{self, Data, Proved};
use crate::record::{self, Frame, HEADER_BYTES};
use crate::salvage;

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// What serde sets aside at most for a list, by the length that it says, before its items are read.
const LIST_BYTES: usize = 1024 * 1024;

/// A value of the store: its block, the records in it, and the line of an export for each.
pub const BLOCK: Target = ("block", read_block, |n| LIST_BYTES + 64 * 1024 + 32 * n);
/// A payload of any type.
pub const PAYLOAD: Target = ("payload", payload::fuzzing::read, |n| LIST_BYTES + 16 * 1024 + 16 * n);
/// sled's data file, before it is opened, and when it must not be.
pub const STORE: Target = ("store", read_store, |n| 16 * 1024 + 16 * n);
/// An export.
pub const EXPORT: Target = ("export", crate::import::fuzzing::read, |n| LIST_BYTES + 512 * 1024 + 32 * n);
/// A backup: two bytes for the length of its manifest, the manifest, and a segment.
pub const BACKUP: Target = ("backup", crate::backup::fuzzing::read, |n| LIST_BYTES + 16 * 1024 + 16 * n);

/// All of them.
pub const TARGETS: &[Target] = &[BLOCK, PAYLOAD, STORE, EXPORT, BACKUP];

fn read_block(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let mut bytes = bytes.to_vec();
    if how & 1 == 1 {
        seal_block(&mut bytes);
    }
    for proved in [Proved::Already, Proved::Not] {
        preflight::blocks(&bytes, proved, &mut |found| assert!(found.at + found.n_bytes <= bytes.len()));
    }
    let Some(first) = bytes.get(8..16).and_then(|first| first.first_chunk()) else { return };
    let Ok(block) = Block::read(Position::new(u64::from_le_bytes(*first)), &bytes) else { return };
    let mut recent = Recent::for_records(2);
    let mut chain = block.chain_before;
    let mut whole = true;
    for frame in block.frames() {
        let Ok(frame) = frame else {
            whole = false;
            break;
        };
        chain = frame.chain(chain);
        check_record(&frame, chain, &mut recent);
    }
    let last = block.last().ok().map(|(_, chain)| chain);
    assert_eq!(last, whole.then_some(chain), "the block ends where its records do");
}

/// What is read is written as the same bytes, and is the same after others were read.
fn check_record(frame: &Frame<'_>, chain: Digest, recent: &mut Recent) {
    let position = frame.header.position;
    let decoded = record::decode(position, frame.bytes);
    assert_eq!(decoded.as_ref().ok(), frame.decode(recent).ok().as_ref(), "what was read before changes nothing");
    if let Ok(recorded) = decoded {
        let again = record::encode(&recorded, frame.header.salt).expect("what was read can be written");
        assert_eq!(again, frame.bytes, "no record has two writings");
    }
    if let Ok(text) = line::record(position, frame.bytes, chain) {
        let exact: line::Exact = serde_json::from_str(&text).expect("a line is JSON");
        assert_eq!(hex::read(&exact.record).as_deref(), Some(frame.bytes), "the line holds the record");
    }
}

/// Puts the right magic and checksums on a block and its records, as far as their lengths lead.
fn seal_block(bytes: &mut [u8]) {
    let Some((head, mut records)) = bytes.split_at_mut_checked(52) else { return };
    put(head, 0, b"SBLK");
    let sum = head.get(..48).map(crc32c::crc32c).unwrap_or_default();
    put(head, 48, &sum.to_le_bytes());
    while let Some(length) = record::length_said(records)
        && let Some((first, rest)) = records.split_at_mut_checked(length)
    {
        seal_record(first);
        records = rest;
    }
}

/// Puts the right magic and checksum on a record.
pub(crate) fn seal_record(record: &mut [u8]) {
    put(record, 0, b"SB");
    if let (Some(summed), Some(payload)) = (record.get(..HEADER_BYTES - 4), record.get(HEADER_BYTES..)) {
        let sum = crc32c::crc32c_append(crc32c::crc32c(summed), payload);
        put(record, HEADER_BYTES - 4, &sum.to_le_bytes());
    }
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

/// Short, so that a few kilobytes are many segments.
const SEGMENT_BYTES: usize = 512;

fn read_store(bytes: &[u8]) {
    let [how, acknowledged, stable, bytes @ ..] = bytes else { return };
    let mut bytes = bytes.to_vec();
    if how & 1 == 1 {
        bytes.chunks_mut(SEGMENT_BYTES).for_each(seal_segment);
    }
    let stable = (how & 2 == 2).then(|| u64::from(*stable) * 16);
    let acknowledged = Position::new(u64::from(*acknowledged));
    let file = file_of(&bytes).expect("the folder for temporary files can be written to");
    let mut data = Data { file, segment_bytes: 512 };
    let judged = preflight::look(&mut data, stable, acknowledged).expect("the file can be read");
    let candidates = salvage::candidates(&mut data).expect("the file can be read");
    let (places, end, head) = salvage::prove(&mut data.file, &candidates, None).expect("the file can be read");
    assert!(head.position <= end && places.len() <= bytes.len() / HEADER_BYTES);
    drop(judged);
}

/// A file with these bytes and without a name.
fn file_of(bytes: &[u8]) -> std::io::Result<File> {
    let path = std::env::temp_dir().join(format!("scorebook-fuzz-{}", std::process::id()));
    let mut file = File::options().create(true).truncate(true).read(true).write(true).open(&path)?;
    std::fs::remove_file(&path)?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// Puts the right checksums on a segment and its messages, as far as their lengths lead.
fn seal_segment(segment: &mut [u8]) {
    let sum = !crc32fast::hash(segment.get(4..20).unwrap_or_default());
    put(segment, 0, &sum.to_le_bytes());
    let mut at = 20;
    while let Some(message) = segment.get(at..).filter(|rest| rest.len() > 8) {
        let mut rest = message.get(5..).unwrap_or_default();
        let n_body = preflight::number(&mut rest);
        preflight::number(&mut rest);
        preflight::number(&mut rest);
        let n_header = message.len() - rest.len();
        let n_body = n_body.and_then(|n_body| usize::try_from(n_body).ok());
        let Some((n_body, body)) = n_body.and_then(|n_body| Some((n_body, rest.get(..n_body)?))) else { return };
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(body);
        hasher.update(message.get(4..n_header).unwrap_or_default());
        let sum = !hasher.finalize();
        put(segment, at, &sum.to_le_bytes());
        at += n_header + n_body;
    }
}
