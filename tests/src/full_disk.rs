//! A disk that fills up: recording is refused before anything goes wrong, reading goes on, and so does recording as soon
//! as there is room.

use std::fs;
use std::thread;

use crate::client;
use crate::folder::Folder;
use crate::server::Server;
use crate::small_disk::SmallDisk;

const MIB: u64 = 1024 * 1024;
/// What the journal leaves free.
const RESERVE: u64 = 64 * MIB;
/// By how much its file grows at a time, which has to be free too.
const SEGMENT: u64 = 4 * MIB;
/// Room for a new log with its reserve, and for some imports.
const DISK_MEBIBYTES: u64 = 92;

fn disk(folder: &Folder) -> SmallDisk {
    SmallDisk::at(&folder.data(), DISK_MEBIBYTES)
}

/// Kent's log on a disk of its own.
fn kent() -> (Folder, SmallDisk) {
    let folder = Folder::new();
    let disk = disk(&folder);
    folder.run("init --authority E10000016").succeeded();
    folder.import(&Folder::example("kent-2018/as-reported"), "--known-at 2018-11-29").succeeded();
    (folder, disk)
}

/// How many results of the imported files are in the log.
fn n_there(folder: &Folder) -> usize {
    let records = folder.records();
    records.iter().filter(|record| record["resultRecorded"]["cell"]["area"] == "E07000105").count()
}

/// Imports one file after the other until there is no room; gives the years of those that were acknowledged, and the one
/// that was refused.
fn import_until_refused(folder: &Folder, from: u32) -> (Vec<u32>, u32) {
    let mut acknowledged = Vec::new();
    let mut year = from;
    loop {
        let finished = folder.import(&folder.months(year), "");
        if finished.code == Some(0) {
            acknowledged.push(year);
            year = year.saturating_add(20);
        } else if finished.stderr.contains("has changed since") {
            // Another one was faster.
        } else {
            let folder = folder.data().join("journal").display().to_string();
            let finished = finished.failed().complains(&format!("nothing was recorded: the disk of {folder} is full:"));
            assert!(!finished.stderr.contains("Try again in a moment"), "{}", finished.whole());
            finished
                .complains("MiB are needed, of which 64.0 MiB stay in reserve; make room on that disk, and try again");
            return (acknowledged, year);
        }
        assert!(year < from.saturating_add(140), "there was room for {acknowledged:?}");
    }
}

#[test]
fn a_disk_that_fills_up_refuses_and_reads_and_goes_on_when_there_is_room() {
    let (folder, disk) = kent();
    let server = Server::start(&folder);
    disk.fill_up_to(RESERVE + SEGMENT + 3 * MIB);
    // Two at a time, so that several commits are promised room at once.
    let done: Vec<(Vec<u32>, u32)> = thread::scope(|scope| {
        let clients = [1900, 2040].map(|from| {
            scope.spawn({
                let folder = &folder;
                move || import_until_refused(folder, from)
            })
        });
        clients.map(|client| client.join().expect("a client does not panic")).into_iter().collect()
    });
    let n_acknowledged: usize = done.iter().map(|(acknowledged, _)| acknowledged.len() * 240).sum();
    assert!(n_acknowledged > 0, "there was room for some: {done:?}");
    assert!(disk.free() >= RESERVE, "the reserve is not used up: {} bytes are free", disk.free());

    // Everything is read, by the same server, while as much as one record is refused.
    disk.fill_up_to(RESERVE);
    client::check(&server, "full_disk");
    assert_eq!(n_there(&folder), n_acknowledged);
    folder.run("status").succeeded().says("warning: nothing can be recorded: the disk of");
    folder.run("scorecard cype --period 2018-09").succeeded();
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").failed().complains("is full");

    disk.make_room();
    folder.run("status").succeeded().says_not("warning");
    for (_, refused) in &done {
        folder.import(&folder.months(*refused), "").succeeded();
    }
    let n_all = n_acknowledged + 240 * done.len();
    assert_eq!(n_there(&folder), n_all);
    server.stop_cleanly();
    folder.run("log verify").succeeded();
    let server = Server::start(&folder);
    assert_eq!(n_there(&folder), n_all);
    server.stop_cleanly();
}

#[test]
fn when_others_take_the_last_byte_the_log_is_read_and_nothing_is_lost() {
    let (folder, disk) = kent();
    let server = Server::start(&folder);
    folder.import(&folder.months(1900), "").succeeded();
    let head = folder.position();
    disk.fill_up_to(0);
    folder
        .act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x")
        .failed()
        .complains("0.0 MiB are free");
    assert_eq!(n_there(&folder), 240);
    server.kill();
    fs::remove_file(folder.notice()).expect("a server that was killed leaves it");

    // The store is not opened now, which would write to it; it is not damaged, and nobody says so.
    let on_full_disk =
        |line: &str| folder.run(line).failed().complains("the disk of").complains("is full: 0.0 MiB are free");
    on_full_disk("serve --listen 127.0.0.1:0");
    on_full_disk("log verify").complains("the log was left as it is");
    on_full_disk("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x --yes");
    folder.run("status").succeeded().says("warning: nothing can be recorded: the disk of").says_not("damage");
    assert_eq!(n_there(&folder), 240);

    disk.make_room();
    assert_eq!(folder.position(), head);
    folder.run("log verify").succeeded();
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
}

#[test]
fn a_log_is_not_begun_imported_or_restored_where_there_is_no_room() {
    let source = Folder::kent();
    source.run("log export log.jsonl").succeeded();
    source.run("backup backup").succeeded();
    let folder = Folder::new();
    let disk = disk(&folder);
    disk.fill_up_to(RESERVE + 2 * MIB);
    let lines = [
        "init --authority E10000016".to_owned(),
        format!("log import {}", source.root().join("log.jsonl").display()),
        format!("restore {}", source.root().join("backup").display()),
    ];
    for line in &lines {
        folder.run(line).failed().complains("is full: 66.0 MiB are free, and 72.0 MiB are needed");
        folder.run("status").failed().complains("there is no log in");
        disk.make_room();
        folder.run(line).succeeded();
        fs::remove_dir_all(folder.data().join("journal")).expect("it was made");
        disk.fill_up_to(RESERVE + 2 * MIB);
    }
}

#[test]
fn a_backup_onto_a_full_disk_is_refused_and_both_stay_as_they_were() {
    let folder = Folder::kent();
    let disk = SmallDisk::at(&folder.root().join("backups"), 4);
    let server = Server::start(&folder);
    folder.run("backup backups/kent").succeeded();
    let head = folder.position();
    folder.import(&folder.months(1900), "").succeeded();
    disk.fill_up_to(4 * 4096);
    folder.run("backup backups/kent").failed().complains("backups/kent").complains("No space left on device");
    let other = Folder::new();
    let restored = |into: &Folder| into.run(&format!("restore {}", folder.root().join("backups/kent").display()));
    restored(&other).succeeded();
    assert_eq!(other.position(), head);
    // The server goes on.
    folder.import(&folder.months(1920), "").succeeded();
    disk.make_room();
    folder.run("backup backups/kent").succeeded();
    let third = Folder::new();
    restored(&third).succeeded();
    assert_eq!(third.position(), folder.position());
    server.stop_cleanly();
    folder.run("log verify").succeeded();
}
