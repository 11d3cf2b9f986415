//! A backup gives the same log back, grows by what is new, and is refused when anything in it is not what was written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::{Digest, Event, Position};
use engine::log::EventLog as _;

use super::{open, options, sample_commits, samples};
use crate::backup::{BackedUp, backup, backup_in_segments, restore};
use crate::import::Taken;
use crate::{CopyError, Journal, Options};

/// So small that the samples take several segments.
const SEGMENT_BYTES_MAX: usize = 4_000;

/// A log of every type and form, and a folder for its backup.
fn filled() -> (tempfile::TempDir, Journal, PathBuf) {
    let (folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &sample_commits()).unwrap();
    let dir = folder.path().join("backup");
    (folder, journal, dir)
}

fn grow(journal: &Journal, n: u64) {
    let head = journal.head();
    let micros = head.recorded_at.unwrap().micros() + 1;
    journal.append(head.position, &[super::commit(head.position.get(), n, micros)]).unwrap();
}

fn back_up(journal: &Journal, dir: &Path) -> Result<BackedUp, CopyError> {
    backup_in_segments(journal, dir, SEGMENT_BYTES_MAX, &mut |_| {})
}

/// Restores into a folder of its own.
fn restored(dir: &Path) -> (tempfile::TempDir, Options, Result<Taken, CopyError>) {
    let (folder, options) = options();
    let taken = restore(&options, dir, None, &mut |_| {});
    (folder, options, taken)
}

#[track_caller]
fn refused(dir: &Path, file: &str, words: &str) {
    let (folder, options, taken) = restored(dir);
    match taken {
        Err(CopyError::Backup { path, reason }) => {
            assert_eq!(path.file_name().unwrap().to_str().unwrap(), file, "{reason}");
            assert!(reason.contains(words), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert!(!options.dir.exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}

/// Every file with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

fn segments(dir: &Path) -> Vec<String> {
    files(dir).into_keys().filter(|name| name.starts_with("records-")).collect()
}

fn change(dir: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(dir.join(name)).unwrap();
    change(&mut bytes);
    fs::write(dir.join(name), bytes).unwrap();
}

#[test]
fn a_backup_is_restored_to_the_same_records_and_chain() {
    let (_folder, journal, dir) = filled();
    let made = back_up(&journal, &dir).unwrap();
    assert_eq!((made.before, made.head), (Position::START, journal.head()));
    assert!(made.n_segments > 2 && made.n_segments == made.n_segments_new);
    let (_other, options, taken) = restored(&dir);
    let taken = taken.unwrap();
    assert_eq!((taken.verified.head, taken.log), (journal.head(), made.log));
    let copy = open(&options);
    assert_eq!(copy.read_raw(Position::START, 1_000).unwrap(), journal.read_raw(Position::START, 1_000).unwrap());
    grow(&copy, 3);
    back_up(&copy, &dir).expect("a restored log goes on where its backup ends");
}

#[test]
fn the_second_backup_copies_what_is_new_and_leaves_what_is_there() {
    let (_folder, journal, dir) = filled();
    let first = back_up(&journal, &dir).unwrap();
    let before = files(&dir);
    let same = back_up(&journal, &dir).unwrap();
    assert_eq!((same.n_segments_new, same.n_bytes_new, same.before), (0, 0, first.head.position));
    assert_eq!(files(&dir), before);

    grow(&journal, 50);
    let mut told = Vec::new();
    let second = backup(&journal, &dir, &mut |progress| told.push((progress.n_done, progress.n_total))).unwrap();
    assert_eq!((second.n_segments_new, second.before), (1, first.head.position));
    assert_eq!(told, [(50, 50)]);
    let after = files(&dir);
    for (name, bytes) in before.iter().filter(|(name, _)| name.starts_with("records-")) {
        assert_eq!(&after[name], bytes, "{name}");
    }
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(restored(&dir).2.unwrap().verified.head, journal.head());
}

#[test]
fn the_backup_of_another_log_or_of_a_fork_is_refused_and_left_as_it_was() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let before = files(&dir);

    let (_other, other) = options();
    let other = open(&other);
    let mut commits = sample_commits();
    let Event::LogOpened(opened) = &mut commits[0][0].event else { panic!("a log begins so") };
    opened.log.0[0] ^= 1;
    other.append(Position::START, &commits).unwrap();
    assert!(matches!(back_up(&other, &dir), Err(CopyError::OtherLog { .. })));

    let (_fork, fork) = options();
    let fork = open(&fork);
    let mut commits = sample_commits();
    commits.last_mut().unwrap()[0].attribution.why.reason.push('x');
    fork.append(Position::START, &commits).unwrap();
    let parted = back_up(&fork, &dir).unwrap_err();
    assert!(matches!(&parted, CopyError::Fork { reason } if reason.contains("the backup's chain is")), "{parted}");

    let (_short, short) = options();
    let short = open(&short);
    short.append(Position::START, &sample_commits()[..3]).unwrap();
    let parted = back_up(&short, &dir).unwrap_err();
    assert!(matches!(&parted, CopyError::Fork { reason } if reason.contains("but the log ends at 4")), "{parted}");
    assert_eq!(files(&dir), before);
}

#[test]
fn every_changed_byte_of_a_segment_is_found() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let name = segments(&dir).swap_remove(1);
    let length = fs::read(dir.join(&name)).unwrap().len();
    for at in (0..length).step_by(211) {
        change(&dir, &name, |bytes| bytes[at] ^= 4);
        refused(&dir, &name, "SHA-256");
        change(&dir, &name, |bytes| bytes[at] ^= 4);
    }
    change(&dir, &name, |bytes| bytes.truncate(length - 1));
    refused(&dir, &name, "SHA-256");
    assert!(matches!(back_up(&journal, &dir), Err(CopyError::Backup { .. })), "its length is looked at");
    fs::remove_file(dir.join(&name)).unwrap();
    assert!(matches!(restored(&dir).2, Err(CopyError::Io { .. })));
    assert!(matches!(back_up(&journal, &dir), Err(CopyError::Io { .. })));
}

/// Puts another digest into the manifest where the file is as somebody changed it.
fn agree(dir: &Path, name: &str) {
    let sha = |bytes: &[u8]| engine::sha256(bytes).to_string();
    let segment = fs::read(dir.join(name)).unwrap();
    let text = fs::read_to_string(dir.join("manifest.json")).unwrap();
    let (before, entry) = text.split_once(name).unwrap();
    let (_, rest) = entry.split_once("\"sha256\": \"").unwrap();
    let old = &rest[..64];
    fs::write(dir.join("manifest.json"), format!("{before}{name}{}", entry.replace(old, &sha(&segment)))).unwrap();
}

#[test]
fn a_segment_that_was_changed_with_its_digest_is_found_by_its_records_and_the_chain() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let name = segments(&dir).swap_remove(1);
    let whole = files(&dir);
    let again = || whole.iter().for_each(|(name, bytes)| fs::write(dir.join(name), bytes).unwrap());

    change(&dir, &name, |bytes| bytes[64 + 80] ^= 1);
    agree(&dir, &name);
    refused(&dir, &name, "its checksum does not match its bytes");
    again();
    change(&dir, &name, |bytes| {
        let record = &mut bytes[64..];
        let length = 74 + usize::from(u16::from_le_bytes([record[50], record[51]]));
        record[54] ^= 1;
        let sum = crc32c::crc32c_append(crc32c::crc32c(&record[..70]), &record[74..length]);
        record[70..74].copy_from_slice(&sum.to_le_bytes());
    });
    agree(&dir, &name);
    refused(&dir, &name, "its records end at");
    again();
    for at in [0, 4, 8, 24, 32] {
        change(&dir, &name, |bytes| bytes[at] ^= 1);
        agree(&dir, &name);
        refused(&dir, &name, "it is a segment of another log or place");
        again();
    }
    change(&dir, &name, |bytes| bytes.truncate(bytes.len() - 5));
    agree(&dir, &name);
    refused(&dir, &name, "end within a record");
    again();
    restored(&dir).2.unwrap();
}

#[test]
fn a_manifest_that_is_not_what_was_written_is_refused() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let text = fs::read_to_string(dir.join("manifest.json")).unwrap();
    let names = segments(&dir);
    let put = |text: &str| fs::write(dir.join("manifest.json"), text).unwrap();
    let position = journal.head().position;
    let said = format!("\"position\": {position}");
    assert!(text.contains(&said), "{text}");
    for (changed, words) in [
        (text[..text.len() / 2].to_owned(), "it cannot be read"),
        ("{}".to_owned(), "it is not the manifest of a backup"),
        (text.replace(&said, "\"position\": 7"), "its segments end at position"),
        (text.replace(&names[1], &names[2]), "is not the name of a segment that begins at"),
        (text.replace(&names[1], "../../etc/passwd"), "is not the name of a segment"),
        (text.replace(&journal.head().chain.to_string(), &"0".repeat(63)), "it cannot be read"),
    ] {
        put(&changed);
        refused(&dir, "manifest.json", words);
        assert!(matches!(back_up(&journal, &dir), Err(CopyError::Backup { .. })), "{words}");
    }
    put(&text.replace("\"scorebook_backup\": 1", "\"scorebook_backup\": 2"));
    assert!(matches!(restored(&dir).2, Err(CopyError::Newer { version: 2, .. })));
    let log = text.split_once("\"log\": \"").unwrap().1[..36].to_owned();
    put(&text.replacen(&log, "22222222-2222-4222-8222-222222222222", 1));
    refused(&dir, &names[0], "it is a segment of another log or place");
    put(&text.replacen("E10000016", "E10000012", 1));
    refused(&dir, &names[0], "and not the manifest's");
    fs::remove_file(dir.join("manifest.json")).unwrap();
    refused(&dir, "manifest.json", "there is none");
}

#[test]
fn a_restored_log_is_compared_with_what_was_printed() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let printed = (journal.head().position, journal.head().chain);
    grow(&journal, 4);
    let later = (journal.head().position, journal.head().chain);
    let (_other, options) = options();
    for expect in [later, (printed.0, Digest([9; 32]))] {
        let taken = restore(&options, &dir, Some(expect), &mut |_| {});
        assert!(matches!(taken, Err(CopyError::Unexpected { .. })), "{taken:?}");
        assert!(!options.dir.exists());
    }
    back_up(&journal, &dir).unwrap();
    let taken = restore(&options, &dir, Some(printed), &mut |_| {}).unwrap();
    assert!(taken.verified.assurance.to_string().contains("The 4 after it"), "{}", taken.verified.assurance);
    let again = restore(&options, &dir, None, &mut |_| {});
    assert!(matches!(again, Err(CopyError::Exists { .. })), "{again:?}");
}

#[test]
fn what_a_backup_that_was_killed_left_does_not_count_and_is_removed_by_the_next() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let before = files(&dir);
    grow(&journal, 9);
    let next = format!("records-{:020}", samples::all().len() + 1);
    for (name, bytes) in [
        (format!("{next}.part"), &b"SBAK half of a segment"[..]),
        (next, &b"SBAK a whole segment that no manifest names"[..]),
        ("manifest.json.part".to_owned(), b"{ \"scorebook_backup\""),
    ] {
        fs::write(dir.join(name), bytes).unwrap();
    }
    assert_eq!(restored(&dir).2.unwrap().verified.head.position.get(), journal.head().position.get() - 9);
    back_up(&journal, &dir).unwrap();
    assert_eq!(files(&dir).len(), before.len() + 1);
    assert_eq!(restored(&dir).2.unwrap().verified.head, journal.head());

    // Killed in the first run: there are segments and no manifest.
    fs::remove_file(dir.join("manifest.json")).unwrap();
    refused(&dir, "manifest.json", "there is none");
    back_up(&journal, &dir).unwrap();
    assert_eq!(restored(&dir).2.unwrap().verified.head, journal.head());
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let (folder, journal, dir) = filled();
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("letter.txt"), "mine").unwrap();
    let refused = back_up(&journal, &dir).unwrap_err();
    assert!(matches!(&refused, CopyError::Exists { path } if path.ends_with("letter.txt")), "{refused}");
    assert_eq!(files(&dir).len(), 1);
    assert!(matches!(back_up(&journal, folder.path()), Err(CopyError::Exists { .. })));
}

#[test]
fn two_backups_into_one_folder_wait_for_one_another() {
    let (_folder, journal, dir) = filled();
    back_up(&journal, &dir).unwrap();
    let lock = fs::File::open(dir.join("LOCK")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(back_up(&journal, &dir), Err(CopyError::InUse { .. })));
    drop(lock);
    back_up(&journal, &dir).unwrap();
}

#[test]
fn a_log_that_grows_meanwhile_is_copied_up_to_where_it_was() {
    let (_folder, journal, dir) = filled();
    let head = journal.head();
    let mut grown = false;
    let made = backup_in_segments(&journal, &dir, SEGMENT_BYTES_MAX, &mut |_| {
        if !grown {
            grown = true;
            grow(&journal, 5);
        }
    });
    assert_eq!(made.unwrap().head, head);
    assert_eq!(restored(&dir).2.unwrap().verified.head, head);
    assert_eq!(back_up(&journal, &dir).unwrap().head, journal.head());
}
