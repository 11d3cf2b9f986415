//! Damage is found, named by its position, and not built upon; what is before it can be read.

use domain::{Digest, Position};
use engine::log::{Error, EventLog as _};

use super::{commit, open, options, samples};
use crate::{Assurance, Journal, OpenError, Options, record};

fn at(n: u64) -> Position {
    Position::new(n)
}

/// A log of 100 records in one commit and 10 in another, and the block that holds position 50.
fn filled() -> (tempfile::TempDir, Options, Journal, Position) {
    let (folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 100, 1_000), commit(100, 10, 1_001)]).unwrap();
    let block = journal.store.first_holding(at(50)).unwrap().unwrap();
    (folder, options, journal, block)
}

/// Changes a stored block behind the journal's back.
fn change(journal: &Journal, block: Position, change: impl FnOnce(&mut Vec<u8>)) {
    let key = block.get().to_be_bytes();
    let mut value = journal.store.log.get(key).unwrap().unwrap().to_vec();
    change(&mut value);
    journal.store.log.insert(key, value).unwrap();
    journal.store.sync().unwrap();
}

#[track_caller]
fn corrupt_at<T: std::fmt::Debug>(result: Result<T, Error>) -> (Position, String) {
    match result {
        Err(Error::Corrupt { position, reason }) => (position, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_flipped_byte_is_named_and_stops_writing_but_not_reading_before_it() {
    let (_folder, _options, journal, block) = filled();
    change(&journal, block, |value| *value.last_mut().unwrap() ^= 1);
    let (position, reason) = corrupt_at(journal.read(Position::START, 1_000));
    assert_eq!(reason, "its checksum does not match its bytes");
    assert!(position >= block && position <= block.plus(15), "{position}");

    let before = usize::try_from(position.get() - 1).unwrap();
    assert_eq!(journal.read(Position::START, before).unwrap().len(), before);
    let after_block = journal.read(position.plus(16), 10).unwrap();
    assert_eq!(after_block.len(), 10);
    assert_eq!(corrupt_at(journal.append(at(110), &[commit(110, 1, 1_002)])).0, position);
    assert_eq!(corrupt_at(journal.verify(None)).0, position);
}

#[test]
fn every_byte_of_a_block_is_guarded() {
    let (_folder, _options, journal, block) = filled();
    let length = journal.store.log.get(block.get().to_be_bytes()).unwrap().unwrap().len();
    for byte in 0..length {
        change_in_memory(&journal, block, byte);
        let (position, _) = corrupt_at(journal.verify(None));
        assert!(position >= block && position <= block.plus(15), "byte {byte}: {position}");
        change_in_memory(&journal, block, byte);
    }
    journal.verify(None).unwrap();
}

/// As [`change`], without the wait for the disk.
fn change_in_memory(journal: &Journal, block: Position, byte: usize) {
    let key = block.get().to_be_bytes();
    let mut value = journal.store.log.get(key).unwrap().unwrap().to_vec();
    value[byte] ^= 0x10;
    journal.store.log.insert(key, value).unwrap();
}

#[test]
fn a_missing_block_is_named() {
    let (_folder, options, journal, block) = filled();
    journal.store.remove(&[block]).unwrap();
    journal.store.sync().unwrap();
    assert_eq!(corrupt_at(journal.read(Position::START, 1_000)), (block, "the record is missing".to_owned()));
    assert_eq!(corrupt_at(journal.verify(None)).0, block);
    assert_eq!(corrupt_at(journal.read(block, 1)).0, block.next());
    assert_eq!(corrupt_at(journal.chain_at(block)).0, block);
    drop(journal);
    let opened = Journal::open(&options);
    let Err(OpenError::Log { source: Error::Corrupt { position, .. }, .. }) = opened else { panic!("{opened:?}") };
    assert_eq!(position, block);
}

#[test]
fn a_log_without_its_beginning_does_not_open() {
    let (_folder, options, journal, _) = filled();
    journal.store.remove(&[at(1)]).unwrap();
    journal.store.sync().unwrap();
    assert_eq!(corrupt_at(journal.read(Position::START, 1)).0, at(1));
    drop(journal);
    let opened = Journal::open(&options);
    let Err(OpenError::Log { source: Error::Corrupt { position, .. }, .. }) = opened else { panic!("{opened:?}") };
    assert_eq!(position, at(1));
}

#[test]
fn a_record_that_was_rewritten_with_its_checksum_is_found_by_the_chain() {
    let (_folder, options, journal, block) = filled();
    change(&journal, block, |value| {
        // The first record of a block begins at byte 52; its salt, which nothing else depends on, at 54 within it.
        let (_, record) = value.split_at_mut(52);
        let length = 74 + usize::from(u16::from_le_bytes([record[50], record[51]]));
        record[54] ^= 1;
        let sum = crc32c::crc32c_append(crc32c::crc32c(&record[..70]), &record[74..length]);
        record[70..74].copy_from_slice(&sum.to_le_bytes());
    });
    assert_eq!(journal.read(Position::START, 1_000).unwrap().len(), 110, "each record is well formed");
    let (position, reason) = corrupt_at(journal.verify(None));
    assert!(position >= block && position <= block.plus(15), "{position}");
    assert!(reason.starts_with("the chain through it"), "{reason}");
    drop(journal);
    let opened = Journal::open(&options);
    assert!(matches!(opened, Err(OpenError::Log { .. })), "{opened:?}");
}

#[test]
fn a_printed_chain_finds_a_log_that_was_cut_off_or_written_anew() {
    let (_folder, _options, journal, _) = filled();
    let head = journal.head();
    let whole = journal.verify(Some((head.position, head.chain))).unwrap();
    assert_eq!(whole.assurance, Assurance::Printed { position: at(110), n_after: 0 });
    assert_eq!(journal.verify(None).unwrap().assurance, Assurance::Itself);
    let (position, reason) = corrupt_at(journal.verify(Some((at(120), head.chain))));
    assert_eq!(position, at(111));
    assert_eq!(reason, "position 120 was printed, but the log ends at 110: it was cut off");

    let (position, _) = corrupt_at(journal.verify(Some((at(7), head.chain))));
    assert_eq!(position, at(7));
    journal.append(at(110), &[commit(110, 1, 1_002)]).expect("a slip of the pen does not stop writing");

    let (_other, other_options) = options();
    let other = open(&other_options);
    other.append(Position::START, &[commit(0, 100, 1_000), commit(100, 10, 1_002)]).unwrap();
    other.verify(None).unwrap();
    let (position, reason) = corrupt_at(other.verify(Some((head.position, head.chain))));
    assert_eq!(position, at(110));
    assert!(reason.ends_with("was printed: it, or what is before, was changed"), "{reason}");
}

#[test]
fn assurances_are_said_in_sentences() {
    let printed = |n_after| Assurance::Printed { position: at(7), n_after }.to_string();
    assert_eq!(printed(0), "Every record up to position 7 is what it was when that position was printed.");
    assert!(printed(2).contains("The 2 after it are as they were chained"));
    assert!(Assurance::Itself.to_string().contains("cannot be excluded"));
}

#[test]
fn a_record_of_a_newer_type_is_kept_chained_and_said_to_be_newer() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    // As a newer program would have written it: a commit of one record, of a type that is not known here.
    let bytes = {
        let mut bytes = record::encode(&commit(3, 1, 1_001).remove(0), samples::SALT).unwrap();
        bytes[4..6].copy_from_slice(&99_u16.to_le_bytes());
        let sum = crc32c::crc32c_append(crc32c::crc32c(&bytes[..70]), &bytes[74..]);
        bytes[70..74].copy_from_slice(&sum.to_le_bytes());
        bytes
    };
    let mut block = [&b"SBLK"[..], &[1, 0, 1, 0], &4_u64.to_le_bytes(), &journal.head().chain.0].concat();
    let sum = crc32c::crc32c(&block);
    block.extend_from_slice(&sum.to_le_bytes());
    block.extend_from_slice(&bytes);
    journal.store.put(vec![(at(4), block)]).unwrap();
    journal.store.sync().unwrap();
    drop(journal);

    let journal = open(&options);
    assert_eq!(journal.head().position, at(4));
    let read = journal.read(at(2), 10);
    assert!(matches!(read, Err(Error::Newer { position, kind: 99, schema: 1, .. }) if position == at(4)), "{read:?}");
    assert_eq!(journal.read(at(2), 1).unwrap().len(), 1);
    let raw = journal.read_raw(at(3), 10).unwrap();
    assert_eq!((raw.len(), &raw[0].bytes, raw[0].header.name()), (1, &bytes, None));
    let verified = journal.verify(None).unwrap();
    assert_eq!((verified.n_newer, verified.n_commits), (1, 2));
    journal.append(at(4), &[commit(4, 2, 1_002)]).unwrap();
    assert_ne!(journal.chain_at(at(4)).unwrap(), Some(Digest([0; 32])));
}

/// Closes the journal and changes its data file as a bad disk would.
fn change_file(options: &Options, journal: Journal, change: impl FnOnce(&mut Vec<u8>)) {
    drop(journal);
    let path = options.dir.join("db");
    let mut bytes = std::fs::read(&path).unwrap();
    change(&mut bytes);
    std::fs::write(&path, bytes).unwrap();
}

#[test]
fn a_store_that_lost_its_end_is_refused_and_not_taken_for_a_shorter_log() {
    let (_folder, options, journal, _block) = filled();
    journal.append(at(110), &[commit(110, 100, 1_002)]).unwrap();
    change_file(&options, journal, |bytes| {
        // What stands in the file of the last records: sled takes it for the end of what was written.
        let found = bytes.windows(4).rposition(|window| window == b"SBLK").unwrap();
        bytes[found + 60] ^= 0xff;
    });
    match Journal::open(&options) {
        Err(OpenError::Unsafe { reason, .. }) => assert!(reason.contains("were acknowledged"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_note_that_is_cut_short_or_missing_hides_nothing_and_stops_nothing() {
    let (_folder, options, journal, _block) = filled();
    let head = journal.head();
    drop(journal);
    let tip = options.dir.join("tip");
    let whole = std::fs::read(&tip).unwrap();
    for kept in [0, 10, 64, 100, whole.len()] {
        std::fs::write(&tip, whole.get(..kept.min(whole.len())).unwrap()).unwrap();
        assert_eq!(open(&options).head(), head);
    }
    std::fs::remove_file(&tip).unwrap();
    assert_eq!(open(&options).head(), head);
}

#[test]
fn a_note_with_another_chain_at_the_same_position_is_refused() {
    let (_folder, options, journal, _block) = filled();
    drop(journal);
    let (_other_folder, other, longer) = options_with_other_records();
    drop(longer);
    std::fs::copy(other.dir.join("tip"), options.dir.join("tip")).unwrap();
    assert!(matches!(Journal::open(&options), Err(OpenError::Log { .. })));
}

fn options_with_other_records() -> (tempfile::TempDir, Options, Journal) {
    let (folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 110, 2_000)]).unwrap();
    (folder, options, journal)
}
