//! What a crash leaves behind: everything that was acknowledged, and nothing of what was not.

use std::fs;
use std::path::Path;

use domain::Position;
use engine::log::{Commit, Error, EventLog as _, Head};

use super::{commit, open, options};
use crate::Journal;

/// Writes records that were cut off before the end of their commit, as a crash between two batches would leave them.
fn write_torn(journal: &Journal, mut commit: Commit) {
    if let Some(last) = commit.last_mut() {
        last.last_of_commit = false;
    }
    journal.write(journal.head(), &[commit]).unwrap();
}

fn n_blocks(journal: &Journal) -> usize {
    journal.store.blocks_from(Position::START).count()
}

#[track_caller]
fn check_torn(n_acknowledged: u64, n_torn: u64) {
    let (_folder, options) = options();
    let journal = open(&options);
    if n_acknowledged > 0 {
        journal.append(Position::START, &[commit(0, n_acknowledged, 1_000)]).unwrap();
    }
    let (head, blocks) = (journal.head(), n_blocks(&journal));
    write_torn(&journal, commit(n_acknowledged, n_torn, 1_001));
    assert!(n_blocks(&journal) > blocks);
    drop(journal);

    let journal = open(&options);
    assert_eq!(journal.head(), head);
    assert_eq!(n_blocks(&journal), blocks);
    journal.verify(Some((head.position, head.chain))).unwrap();
    let next = commit(n_acknowledged, 5, 1_002);
    journal.append(head.position, std::slice::from_ref(&next)).unwrap();
    drop(journal);

    let journal = open(&options);
    assert_eq!(journal.read(head.position, 10).unwrap(), next);
    journal.verify(None).unwrap();
}

#[test]
fn a_commit_that_was_cut_short_is_gone_and_what_was_before_stays() {
    check_torn(100, 1);
    check_torn(100, 50);
}

#[test]
fn a_commit_that_was_cut_short_after_several_batches_is_gone() {
    check_torn(20, 5_000);
}

#[test]
fn a_first_commit_that_was_cut_short_leaves_an_empty_log() {
    check_torn(0, 40);
}

#[test]
fn of_commits_of_one_append_those_stay_that_were_stored_whole() {
    let (_folder, options) = options();
    let journal = open(&options);
    let whole = [commit(0, 2, 1_000), commit(2, 2, 1_001), commit(4, 2, 1_002)];
    let cut = commit(6, 40, 1_003);
    journal.write(Head::EMPTY, &[whole.as_slice(), &[cut]].concat()).unwrap();
    let last = journal.store.blocks_backwards().next().unwrap().unwrap().0;
    assert!(last > Position::new(7), "the commit is of several blocks");
    journal.store.remove(&[last]).unwrap();
    journal.store.sync().unwrap();
    drop(journal);

    let journal = open(&options);
    assert_eq!(journal.head().position, Position::new(6));
    assert_eq!(journal.read(Position::START, 10).unwrap(), whole.concat());
    assert_eq!(journal.verify(None).unwrap().n_commits, 3);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn what_is_on_the_disk_after_each_append_has_all_that_was_acknowledged() {
    let (folder, options) = options();
    let journal = open(&options);
    let mut images: Vec<(crate::Options, Head)> = Vec::new();
    for n in 0..8_u64 {
        let head = journal.head().position;
        let micros = i64::try_from(n).unwrap();
        let head = journal.append(head, &[commit(head.get(), 1 + n * 13, micros)]).unwrap();
        let mut image = options.clone();
        image.dir = folder.path().join(format!("image-{n}"));
        copy(&options.dir, &image.dir);
        images.push((image, head));
    }
    let all = journal.read(Position::START, usize::MAX).unwrap();
    for (image, head) in images {
        let journal = open(&image);
        assert_eq!(journal.head(), head);
        journal.verify(Some((head.position, head.chain))).unwrap();
        let n_records = usize::try_from(head.position.get()).unwrap();
        assert_eq!(journal.read(Position::START, usize::MAX).unwrap(), all[..n_records]);
    }
}

/// `fdatasync` of a device is an error, as it is of a disk that fails.
#[cfg(unix)]
#[test]
fn after_a_failed_sync_nothing_more_is_written() {
    let (_folder, options) = options();
    let mut journal = open(&options);
    let head = journal.append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    let data = std::mem::replace(&mut journal.store.file, fs::File::open("/dev/null").unwrap());
    let failed = journal.append(head.position, &[commit(3, 1, 1_001)]);
    assert!(matches!(failed, Err(Error::Broken { doing: "syncing", .. })), "{failed:?}");
    assert_eq!(journal.head(), head, "what may not be durable is not shown");

    // Not even when the disk seems well again: an error of a sync is told once.
    journal.store.file = data;
    let later = journal.append(head.position, &[commit(3, 1, 1_002)]);
    assert!(matches!(later, Err(Error::Broken { .. })), "{later:?}");
    assert_eq!(journal.read(Position::START, 10).unwrap().len(), 3);
    drop(journal);

    let journal = open(&options);
    assert!(journal.head().position >= head.position);
    journal.verify(Some((head.position, head.chain))).unwrap();
}
