//! What is found in a folder, and what is done about it.

use std::fs;

use domain::Position;
use engine::log::EventLog as _;

use super::{commit, open, options};
use crate::{Journal, OpenError};

#[test]
fn a_folder_in_use_is_refused_and_free_again_afterwards() {
    let (_folder, options) = options();
    let first = open(&options);
    let second = Journal::open(&options);
    let Err(error @ OpenError::InUse { .. }) = second else { panic!("{second:?}") };
    let said = format!(
        "the journal in {} is already open, in another process or elsewhere in this one",
        options.dir.display()
    );
    assert_eq!(error.to_string(), said);
    drop(first);
    for n in 0..20 {
        let journal = open(&options);
        assert_eq!(journal.head().position, Position::new(n));
        let micros = i64::try_from(n).unwrap();
        journal.append(Position::new(n), &[commit(n, 1, micros)]).unwrap();
    }
}

#[test]
fn an_unfinished_snapshot_is_removed() {
    let (_folder, options) = options();
    open(&options).append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    let unfinished = options.dir.join("snap.7FFFFFFFFFFFFFFF.generating");
    fs::write(&unfinished, [1, 2, 3]).unwrap();
    assert_eq!(open(&options).head().position, Position::new(3));
    assert!(!unfinished.exists());
}

#[test]
fn values_in_files_of_their_own_are_refused() {
    let (_folder, options) = options();
    drop(open(&options));
    fs::write(options.dir.join("blobs").join("1"), "x").unwrap();
    let opened = Journal::open(&options);
    assert!(matches!(opened, Err(OpenError::Blobs { .. })), "{opened:?}");
}

#[test]
fn no_value_ever_gets_a_file_of_its_own() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 3_000, 1_000)]).unwrap();
    drop(journal);
    assert_eq!(fs::read_dir(options.dir.join("blobs")).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let (folder, mut options) = options();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    options.dir = file.join("journal");
    let opened = Journal::open(&options);
    let Err(error @ OpenError::Io { .. }) = opened else { panic!("{opened:?}") };
    assert_eq!(error.to_string(), format!("creating {} failed", options.dir.display()));
}

#[test]
fn a_store_that_is_none_is_refused_without_a_panic() {
    let (_folder, options) = options();
    fs::create_dir_all(&options.dir).unwrap();
    fs::write(options.dir.join("conf"), "not a configuration").unwrap();
    let opened = Journal::open(&options);
    assert!(matches!(opened, Err(OpenError::Store { .. })), "{opened:?}");
}

/// A process that dies while the store is created leaves any beginning of them, or as many zeroes.
#[test]
fn unfinished_settings_of_the_store_are_written_again() {
    let (_folder, options) = options();
    open(&options).append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    let path = options.dir.join("conf");
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(open(&options).head().position, Position::new(3), "{length} bytes");
        assert_eq!(fs::read(&path).unwrap(), whole, "{length} bytes");
    }
    fs::write(&path, vec![0; whole.len()]).unwrap();
    assert_eq!(open(&options).head().position, Position::new(3));
    assert_eq!(fs::read(&path).unwrap(), whole);
}

/// Segments were 512 KiB in the first stores, which sled would not open with any other length.
#[test]
fn a_store_keeps_the_segments_that_it_was_made_with() {
    let (_folder, options) = options();
    drop(sled::Config::new().path(&options.dir).segment_size(512 * 1024).open().unwrap());
    let conf = fs::read(options.dir.join("conf")).unwrap();
    let n_records = 3_000;
    for after in [0, n_records] {
        let journal = open(&options);
        let micros = i64::try_from(after + 1).unwrap();
        journal.append(Position::new(after), &[commit(after, n_records, micros)]).unwrap();
    }
    let journal = open(&options);
    let verified = journal.verify(None).unwrap();
    assert_eq!(verified.head.position, Position::new(2 * n_records));
    assert_eq!(fs::read(options.dir.join("conf")).unwrap(), conf);
    let n_bytes = fs::metadata(options.dir.join("db")).unwrap().len();
    drop(journal);
    assert!(n_bytes > 2 * 1024 * 1024, "several segments: {n_bytes} bytes");
    let salvaged = crate::Salvage::open(&options.dir, "nothing is damaged").unwrap();
    assert_eq!(salvaged.head(), verified.head);
}
