//! Backups: of a stopped log and of a server that goes on, again and again, and back from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::folder::{Folder, list};
use crate::program::Finished;
use crate::server::Server;

/// `position:chain` as answers print it.
fn proof(folder: &Folder) -> String {
    let status = folder.ask("status");
    format!("{}:{}", status["position"].as_str().expect("text"), status["chain"].as_str().expect("text"))
}

fn place(folder: &Folder) -> PathBuf {
    folder.root().join("backup")
}

fn back_up(folder: &Folder) -> Finished {
    folder.run("backup backup")
}

fn restore(dir: &Path, into: &Folder, flags: &str) -> Finished {
    into.run(&format!("restore {} {flags}", dir.display()))
}

/// Every file with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry"));
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a name");
        (name, fs::read(entry.path()).expect("a file"))
    };
    entries.map(read).collect()
}

fn record(folder: &Folder, value: u32) {
    folder.act(&format!("result record ehcp-20-weeks --period 2018-10 --value {value} --reason x")).succeeded();
}

#[test]
fn a_backup_is_restored_to_the_same_log() {
    let folder = Folder::kent();
    let head = proof(&folder);
    back_up(&folder).succeeded().says("are backed up into").says("1 new of 1 segments").says(&format!("Head: {head}"));
    let other = Folder::new();
    restore(&place(&folder), &other, &format!("--expect {head}"))
        .succeeded()
        .says("is restored into")
        .says("in 2 commits are verified")
        .says("is what it was when that position was printed")
        .says(&format!("Head: {head}"));
    assert_eq!(other.records(), folder.records());
    let card = "scorecard cype --period 2018-09";
    assert_eq!(other.run(card).succeeded().stdout, folder.run(card).succeeded().stdout);
    restore(&place(&folder), &other, "").failed().complains("there is a log in").complains("name another folder");
    let wrong = format!("{}:{}", folder.position(), "0".repeat(64));
    let third = Folder::new();
    restore(&place(&folder), &third, &format!("--expect {wrong}")).failed().complains("its chain is");
    assert_eq!(fs::read_dir(third.data()).map_or(0, Iterator::count), 0);
}

#[test]
fn the_second_backup_adds_what_is_new() {
    let folder = Folder::kent();
    back_up(&folder).succeeded();
    let first = files(&place(&folder));
    back_up(&folder).succeeded().says("Nothing is new");
    assert_eq!(files(&place(&folder)), first);
    let before = folder.position();
    record(&folder, 50);
    let n_new = folder.position().saturating_sub(before);
    back_up(&folder)
        .succeeded()
        .says(&format!("{n_new} records of log"))
        .says(&format!("after position {before} are backed up"))
        .says("in 1 new of 2 segments");
    let second = files(&place(&folder));
    let kept = first.iter().filter(|(name, _)| *name != "manifest.json");
    assert!(kept.clone().count() >= 1);
    for (name, bytes) in kept {
        assert_eq!(&second[name], bytes, "{name} is as it was");
    }
    let other = Folder::new();
    restore(&place(&folder), &other, "").succeeded().says(&format!("Head: {}", proof(&folder)));
}

#[test]
fn a_server_is_backed_up_while_it_records() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    thread::scope(|scope| {
        let recording = scope.spawn(|| {
            for value in 1..12 {
                record(&folder, value);
            }
        });
        let mut n_backups = 0_u32;
        while !recording.is_finished() || n_backups == 0 {
            back_up(&folder).succeeded().says("Head: ");
            n_backups = n_backups.saturating_add(1);
        }
        recording.join().expect("recording does not panic");
    });
    let head = proof(&folder);
    back_up(&folder).succeeded().says(&format!("Head: {head}"));
    let records = folder.records();
    let other = Folder::new();
    restore(&place(&folder), &other, &format!("--expect {head}")).succeeded();
    assert_eq!(other.records(), records);
    // Only the command line of its own machine is answered, and it is told why a backup fails.
    folder.run_without_data_dir(&format!("--server {} backup there", server.address())).failed().complains("salts");
    fs::write(place(&folder).join("letter.txt"), "mine").expect("it can be written");
    back_up(&folder).failed().complains("letter.txt is not of a backup");
    server.stop_cleanly();
    assert!(!folder.data().join("control.sock").exists());
    fs::remove_file(place(&folder).join("letter.txt")).expect("it can be removed");
    back_up(&folder).succeeded().says("Nothing is new");
}

#[test]
fn a_server_that_was_killed_leaves_nothing_in_the_way_of_the_next() {
    let folder = Folder::kent();
    Server::start(&folder).kill();
    assert!(folder.data().join("control.sock").exists(), "it was killed");
    back_up(&folder).succeeded();
    let server = Server::start(&folder);
    record(&folder, 40);
    back_up(&folder).succeeded().says("in 1 new of 2 segments");
    server.stop_cleanly();
}

#[test]
fn the_backup_of_another_log_or_of_another_course_is_refused() {
    let folder = Folder::kent();
    back_up(&folder).succeeded();
    let before = files(&place(&folder));
    let there = format!("backup {}", place(&folder).display());
    let other = Folder::kent();
    other.run(&there).failed().complains("the backup is of another log").complains("back up into another folder");

    let twin = Folder::new();
    restore(&place(&folder), &twin, "").succeeded();
    record(&folder, 50);
    back_up(&folder).succeeded();
    twin.run(&there).failed().complains("but the log ends at");
    record(&twin, 51);
    record(&twin, 52);
    twin.run(&there).failed().complains("the log is not a continuation of its backup");
    assert_eq!(files(&place(&folder)).len(), before.len().saturating_add(1));
    let third = Folder::new();
    restore(&place(&folder), &third, "").succeeded().says(&format!("Head: {}", proof(&folder)));
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_served() {
    let folder = Folder::kent();
    back_up(&folder).succeeded();
    let dir = place(&folder);
    let whole = files(&dir);
    let segment = whole.keys().find(|name| name.starts_with("records-")).expect("a segment").clone();
    let damaged = |change: &dyn Fn(&mut Vec<u8>), name: &str, words: &str| {
        let mut bytes = whole[name].clone();
        change(&mut bytes);
        fs::write(dir.join(name), bytes).expect("it can be written");
        let other = Folder::new();
        restore(&dir, &other, "").failed().complains(name).complains(words).complains("was not restored");
        assert_eq!(fs::read_dir(other.data()).map_or(0, Iterator::count), 0, "nothing is left");
        fs::write(dir.join(name), &whole[name]).expect("it can be written");
    };
    damaged(&|bytes| bytes[5_000] ^= 1, &segment, "its SHA-256 is not the one in the manifest");
    damaged(&|bytes| bytes.truncate(9_000), &segment, "its SHA-256");
    damaged(&|bytes| bytes.truncate(100), "manifest.json", "it cannot be read");
    let other = Folder::new();
    restore(&folder.root().join("files"), &other, "").failed().complains("this folder is no backup");
    restore(&dir, &other, "").succeeded();
}

#[test]
fn a_damaged_log_is_not_backed_up_over_a_good_backup() {
    let folder = Folder::kent();
    back_up(&folder).succeeded();
    let before = files(&place(&folder));
    record(&folder, 77);
    let head = proof(&folder);
    let listed = list(&folder.ask("submission list")["submissions"]).len();
    assert!(listed >= 2);
    let db = folder.data().join("journal/db");
    let bytes = fs::read(&db).expect("the journal's store");
    // The last record that stands in the file, one byte of it.
    let magic = bytes.windows(4).rposition(|window| window == b"SBLK").expect("a block");
    let mut bad = bytes.clone();
    bad[magic.saturating_add(60)] ^= 0xff;
    fs::write(&db, &bad).expect("it can be written");
    back_up(&folder).failed();
    assert_eq!(files(&place(&folder)), before);
    fs::write(&db, &bytes).expect("it can be written");
    back_up(&folder).succeeded().says(&format!("Head: {head}"));
}

#[test]
fn what_was_cut_short_does_not_count() {
    let folder = Folder::kent();
    let dir = place(&folder);
    fs::create_dir(&dir).expect("a new folder");
    let name = format!("records-{:020}.part", 1);
    fs::write(dir.join(&name), b"SBAK half of what was to be").expect("it can be written");
    let other = Folder::new();
    restore(&dir, &other, "").failed().complains("this folder is no backup");
    back_up(&folder).succeeded();
    assert!(!dir.join(name).exists());
    restore(&dir, &other, "").succeeded().says(&format!("Head: {}", proof(&folder)));
}
