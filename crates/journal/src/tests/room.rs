//! Room on the disk: what is promised, what is refused, and that no more is written than was promised.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::log::{Error, EventLog as _, Full};

use super::{commit, open, options};
use crate::bounds::{self, Bounds};
use crate::room::{RESERVE_BYTES, Room, STEP_BYTES, growth};

#[test]
fn what_is_promised_together_has_room_together_and_the_reserve_stays() {
    static FREE: AtomicU64 = AtomicU64::new(0);
    let free = |n: u64| FREE.store(n, Ordering::SeqCst);
    let room = Room::looked_for(Path::new("/log"), |_| Some(FREE.load(Ordering::SeqCst)));
    let refused = |n_bytes: u64, free_bytes: u64, needed_bytes: u64| match room.promise(n_bytes) {
        Err(Error::Full(full)) => {
            let folder = "/log".into();
            assert_eq!(full, Full { folder, free_bytes, needed_bytes, reserve_bytes: RESERVE_BYTES });
        }
        other => panic!("{other:?}"),
    };
    let smallest = RESERVE_BYTES + STEP_BYTES + growth(0);
    let two = RESERVE_BYTES + STEP_BYTES + growth(1_000) + growth(5_000);
    free(two);
    room.promise(1_000).unwrap();
    refused(5_001, two, two + 4);
    room.promise(5_000).expect("one that was refused takes no room");
    refused(0, two, two + growth(0));

    // The disk is looked at again for the next group alone.
    free(smallest - 1);
    refused(0, two, two + growth(0));
    room.written();
    refused(0, smallest - 1, smallest);
    assert_eq!(room.full().map(|full| full.free_bytes), Some(smallest - 1));
    free(smallest);
    assert_eq!(room.full(), None);
    room.promise(0).expect("there is room again");
}

#[test]
fn a_disk_that_does_not_say_what_is_free_is_written_to() {
    let room = Room::looked_for(Path::new("/log"), |_| None);
    room.promise(u64::from(u32::MAX)).unwrap();
    assert_eq!(room.full(), None);
}

#[test]
fn the_store_grows_by_no_more_than_was_promised() {
    let (_folder, options) = options();
    let journal = open(&options);
    let n_bytes = || {
        let files = fs::read_dir(&options.dir).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    for n_records in [1_024, 1, 1, 1, 3_000, 1, 1, 16] {
        let head = journal.head();
        let micros = head.recorded_at.map_or(1, |at| at.next().micros());
        let commit = commit(head.position.get(), n_records, micros);
        let n_commit_bytes = bounds::check_size(&commit, Bounds::COMMIT).unwrap();
        let promised = growth(n_commit_bytes.try_into().unwrap());
        let before = n_bytes();
        journal.check(&commit).unwrap();
        journal.append(head.position, &[commit]).unwrap();
        let grown = n_bytes().saturating_sub(before);
        assert!(grown <= promised + STEP_BYTES, "{n_records} records: {grown} bytes, {promised} were promised");
    }
}
