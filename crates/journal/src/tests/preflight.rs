//! Damage of the store's own files never becomes loss: what the damage spared is there when the damage is mended.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::{Position, Recorded};
use engine::log::{Error, EventLog as _, Head};

use super::{commit, open, options};
use crate::preflight::{Proved, blocks};
use crate::{Journal, OpenError, Options, Salvage};

/// A store that was opened several times and grew in commits of many sizes, closed; and its head.
fn grown(options: &Options, n_openings: u64, n_commits: u64) -> Head {
    let mut head = Head::EMPTY;
    for opening in 0..n_openings {
        let journal = open(options);
        assert_eq!(journal.head(), head);
        for n in 0..n_commits {
            let n_records = [1, 3, 64, 1, 200, 17][usize::try_from((n + opening) % 6).unwrap()];
            let micros = i64::try_from(opening * n_commits + n + 1).unwrap();
            head = journal.append(head.position, &[commit(head.position.get(), n_records, micros)]).unwrap();
        }
    }
    head
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("blobs")).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn head_and_verify(journal: &Journal, head: Head) -> bool {
    journal.head() == head && journal.verify(Some((head.position, head.chain))).is_ok()
}

/// What became of a store whose data file was damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It opened, and every record is there.
    Whole,
    /// It was refused, and its data file is as it was.
    RefusedUntouched,
    /// It was refused or found damaged, and with the byte mended every record is there.
    FoundAndMended,
}

/// A store, closed, and what is in it.
struct Store {
    _folder: tempfile::TempDir,
    options: Options,
    head: Head,
    records: Vec<Recorded>,
}

impl Store {
    fn grown(n_openings: u64, n_commits: u64) -> Self {
        let (folder, options) = options();
        let head = grown(&options, n_openings, n_commits);
        let records = open(&options).read(Position::START, usize::MAX).unwrap();
        Self { _folder: folder, options, head, records }
    }

    fn db(&self) -> Vec<u8> {
        fs::read(self.options.dir.join("db")).unwrap()
    }

    /// A copy whose data file has these bytes.
    fn with(&self, db: &[u8]) -> (tempfile::TempDir, Options) {
        let scratch = tempfile::tempdir().unwrap();
        let mut options = self.options.clone();
        options.dir = scratch.path().join("journal");
        copy(&self.options.dir, &options.dir);
        fs::write(options.dir.join("db"), db).unwrap();
        (scratch, options)
    }

    /// What is salvaged of a damaged copy is what was recorded, commits are whole, and nothing can be added.
    #[track_caller]
    fn check_salvage(&self, options: &Options) -> u64 {
        let salvage = match Salvage::open(&options.dir, "it is damaged") {
            Ok(salvage) => salvage,
            Err(OpenError::Log { source: Error::Corrupt { position, .. }, .. }) => {
                let first_end = self.records.iter().find(|record| record.last_of_commit).unwrap().position;
                assert!(position <= first_end, "{position}");
                return 0;
            }
            Err(other) => panic!("{other:?}"),
        };
        let head = salvage.head();
        let n_records = usize::try_from(head.position.get()).unwrap();
        assert!(salvage.read(Position::START, usize::MAX).unwrap() == self.records[..n_records]);
        assert!(self.records[n_records - 1].last_of_commit);
        assert_eq!(salvage.chain_at(head.position).unwrap(), Some(head.chain));
        let damage = salvage.damage().unwrap();
        assert!(damage.position > head.position);
        let appended = salvage.append(head.position, &[commit(head.position.get(), 1, 2_000_000)]);
        assert!(matches!(appended, Err(Error::Corrupt { position, .. }) if position == damage.position));
        head.position.get()
    }
}

/// Flips bits of a byte, opens, and says what became of it.
#[track_caller]
fn flip(store: &Store, at: usize, bits: u8) -> Outcome {
    let mut bytes = store.db();
    bytes[at] ^= bits;
    let (_scratch, damaged) = store.with(&bytes);
    let db = damaged.dir.join("db");
    match Journal::open(&damaged) {
        Ok(journal) if head_and_verify(&journal, store.head) => return Outcome::Whole,
        Ok(_) => {}
        Err(OpenError::InUse { .. }) => panic!("in use"),
        Err(_) => {
            store.check_salvage(&damaged);
            if fs::read(&db).unwrap() == bytes {
                return Outcome::RefusedUntouched;
            }
        }
    }
    // Whatever happened, nothing but that byte is lost.
    crate::store::wait_for_last_user(&damaged.dir).unwrap();
    let mut left = fs::read(&db).unwrap();
    assert_eq!(left[at], bytes[at], "byte {at} of {} was overwritten", left.len());
    left[at] ^= bits;
    fs::write(&db, &left).unwrap();
    let mended = Journal::open(&damaged).unwrap_or_else(|error| panic!("byte {at}: {error:?}"));
    assert!(head_and_verify(&mended, store.head), "byte {at} of {}", left.len());
    Outcome::FoundAndMended
}

/// Numbers that look random, the same ones each time (xorshift64).
fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    }
}

fn slow() -> bool {
    std::env::var_os("SCOREBOOK_SLOW_TESTS").is_some()
}

#[test]
fn a_flipped_byte_anywhere_never_costs_more_than_itself() {
    let store = Store::grown(3, 12);
    let length = store.db().len();
    let mut below = numbers(0x5c0_7eb0);
    let mut outcomes = Vec::new();
    for _ in 0..if slow() { 2_000 } else { 40 } {
        let (at, bits) = (below(length), 1 << below(8));
        outcomes.push(flip(&store, at, bits));
    }
    let refused = outcomes.iter().filter(|it| **it == Outcome::RefusedUntouched).count();
    assert!(refused > 0, "some of this damage would have become loss");
}

#[test]
fn a_flipped_byte_after_the_last_opening_never_costs_more_than_itself() {
    let store = {
        // The last session's records are after the snapshot: a copy is made while the journal is open.
        let (folder, options) = options();
        let head = grown(&options, 2, 12);
        let journal = open(&options);
        let head = journal.append(head.position, &[commit(head.position.get(), 900, 1_000_000)]).unwrap();
        let head = journal.append(head.position, &[commit(head.position.get(), 2, 1_000_001)]).unwrap();
        let mut image = options.clone();
        image.dir = folder.path().join("image");
        copy(&options.dir, &image.dir);
        let records = journal.read(Position::START, usize::MAX).unwrap();
        Store { _folder: folder, options: image, head, records }
    };
    let length = store.db().len();
    let mut below = numbers(0xba11);
    let mut n_refused = 0;
    for _ in 0..if slow() { 1_000 } else { 30 } {
        let (at, bits) = (below(length), 1 << below(8));
        n_refused += u32::from(flip(&store, at, bits) == Outcome::RefusedUntouched);
    }
    assert!(n_refused > 0, "some of this damage would have become loss");
}

#[track_caller]
fn check_refused_untouched(store: &Store, db: &[u8]) -> u64 {
    let (_scratch, damaged) = store.with(db);
    let opened = Journal::open(&damaged);
    assert!(matches!(opened, Err(OpenError::Unsafe { .. })), "{opened:?}");
    assert!(fs::read(damaged.dir.join("db")).unwrap() == db);
    store.check_salvage(&damaged)
}

/// Where the newest block begins for the first time: sled may write a page again and leave the former copy, in any order,
/// and without all copies of this one no store is whole.
fn first_copy_of_newest(db: &[u8]) -> usize {
    let mut found = Vec::new();
    blocks(db, Proved::Not, &mut |block| found.push((block.first, block.at)));
    let newest = found.iter().map(|(first, _)| *first).max().unwrap();
    found.into_iter().filter(|(first, _)| *first == newest).map(|(_, at)| at).min().unwrap()
}

#[test]
fn a_data_file_that_was_cut_short_or_zeroed_is_refused_and_left_as_it_is() {
    let store = Store::grown(2, 12);
    let db = store.db();
    check_refused_untouched(&store, &[]);
    check_refused_untouched(&store, &vec![0; db.len()]);
    let newest = first_copy_of_newest(&db);
    let salvaged = check_refused_untouched(&store, &db[..newest + 30]);
    assert!(salvaged > 0, "what is before the end that was lost can be read");
    let mut zeroed = db;
    zeroed[newest..].fill(0);
    assert!(check_refused_untouched(&store, &zeroed) > 0);
}

#[test]
fn a_data_file_that_is_gone_is_refused_and_none_is_made() {
    let store = Store::grown(1, 3);
    let (_scratch, damaged) = store.with(&store.db());
    fs::remove_file(damaged.dir.join("db")).unwrap();
    let opened = Journal::open(&damaged);
    assert!(matches!(opened, Err(OpenError::Io { doing: "opening", .. })), "{opened:?}");
    assert!(!damaged.dir.join("db").exists());
}

#[test]
fn without_its_snapshot_a_store_is_read_from_its_beginning() {
    let store = Store::grown(3, 12);
    let (_scratch, damaged) = store.with(&store.db());
    let mut n_removed = 0;
    for entry in fs::read_dir(&damaged.dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("snap.") {
            fs::remove_file(path).unwrap();
            n_removed += 1;
        }
    }
    assert_eq!(n_removed, 1);
    assert!(head_and_verify(&open(&damaged), store.head));
}

#[test]
fn a_flipped_byte_of_the_files_beside_it_costs_no_record() {
    let store = Store::grown(3, 12);
    let mut below = numbers(0x51de);
    for entry in fs::read_dir(&store.options.dir).unwrap() {
        let name = entry.unwrap().file_name();
        let bytes = fs::read(store.options.dir.join(&name)).unwrap_or_default();
        if name == "db" || bytes.is_empty() {
            continue;
        }
        for _ in 0..if slow() { 200 } else { 8 } {
            let mut flipped = bytes.clone();
            flipped[below(bytes.len())] ^= 1 << below(8);
            let (_scratch, damaged) = store.with(&store.db());
            fs::write(damaged.dir.join(&name), flipped).unwrap();
            match Journal::open(&damaged) {
                Ok(journal) => assert!(head_and_verify(&journal, store.head), "{name:?}"),
                Err(OpenError::InUse { .. }) => panic!("in use"),
                Err(_) => assert_eq!(store.check_salvage(&damaged), store.head.position.get(), "{name:?}"),
            }
            crate::store::wait_for_last_user(&damaged.dir).unwrap();
            fs::write(damaged.dir.join(&name), &bytes).unwrap();
            assert!(head_and_verify(&open(&damaged), store.head), "{name:?}");
        }
    }
}

#[test]
fn bytes_that_are_no_store_are_refused_without_a_panic() {
    let (_folder, options) = options();
    drop(open(&options));
    let mut below = numbers(0x0dd);
    for round in 0..if slow() { 2_000 } else { 50 } {
        let length = below(3_000) + if round % 10 == 0 { 600_000 } else { 0 };
        let mut db: Vec<u8> = (0..length).map(|_| u8::try_from(below(256)).unwrap()).collect();
        if round % 2 == 0 && length > 20 {
            // A segment that begins as one should, so that what is in it is looked at.
            db[..20].fill(0xff);
            let sum = !crc32fast::hash(&db[4..20]);
            db[4..12].copy_from_slice(&i64::MAX.to_le_bytes());
            let sum = if round % 4 == 0 { sum } else { !crc32fast::hash(&db[4..20]) };
            db[..4].copy_from_slice(&sum.to_le_bytes());
        }
        fs::write(options.dir.join("db"), &db).unwrap();
        let tip: Vec<u8> = (0..below(200)).map(|_| u8::try_from(below(256)).unwrap()).collect();
        fs::write(options.dir.join("tip"), tip).unwrap();
        let looked_at = crate::preflight::check(&options.dir);
        assert!(matches!(looked_at, Ok(()) | Err(OpenError::Unsafe { .. })), "{looked_at:?}");
        let salvaged = Salvage::open(&options.dir, "it is none");
        assert!(matches!(salvaged, Err(OpenError::Log { .. })), "{salvaged:?}");
    }
}

#[test]
fn a_whole_store_is_never_refused_however_it_grew() {
    let (_folder, options) = options();
    let head = grown(&options, if slow() { 40 } else { 5 }, 40);
    assert!(head_and_verify(&open(&options), head));
    assert_eq!(Salvage::open(&options.dir, "nothing is damaged").unwrap().head(), head);
}

#[test]
fn what_the_background_finds_stops_appends_and_not_what_is_before() {
    let (_folder, options) = options();
    let head = grown(&options, 1, 12);
    let journal = Arc::new(open(&options));
    journal.verify_in_background().unwrap().finish();
    assert_eq!(journal.damage(), None);

    let block = journal.store.first_holding(Position::new(100)).unwrap().unwrap();
    let key = block.get().to_be_bytes();
    let mut value = journal.store.log.get(key).unwrap().unwrap().to_vec();
    *value.last_mut().unwrap() ^= 1;
    journal.store.log.insert(key, value).unwrap();
    journal.verify_in_background().unwrap().finish();
    let found = journal.damage().unwrap().position;
    assert!(found >= block && found <= block.plus(15));
    let appended = journal.append(head.position, &[commit(head.position.get(), 1, 2_000_000)]);
    assert!(matches!(appended, Err(Error::Corrupt { position, .. }) if position == found));
    let n_before = usize::try_from(found.get() - 1).unwrap();
    assert_eq!(journal.read(Position::START, n_before).unwrap().len(), n_before);
}
