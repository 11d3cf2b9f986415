//! A log that a bad disk damaged: what is before the damage is served, and said to be; nothing is added, nothing is lost.

use std::fs;
use std::path::PathBuf;

use crate::folder::{Folder, row};
use crate::server::Server;

/// Kent's log, and after it one result whose reason is unmistakable; and where the log was before that.
fn with_a_last_result() -> (Folder, u64) {
    let folder = Folder::kent();
    let head = folder.position();
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason zebracrossing").succeeded();
    (folder, head)
}

fn db(folder: &Folder) -> PathBuf {
    folder.data().join("journal/db")
}

/// Overwrites these bytes wherever they stand in the store.
#[track_caller]
fn damage(folder: &Folder, needle: &[u8]) -> Vec<u8> {
    let mut bytes = fs::read(db(folder)).expect("the journal's store");
    let found: Vec<usize> =
        bytes.windows(needle.len()).enumerate().filter(|(_, w)| *w == needle).map(|(at, _)| at).collect();
    assert!(!found.is_empty(), "texts stand in the store as they are");
    for at in found {
        bytes[at] ^= 1;
    }
    fs::write(db(folder), &bytes).expect("it can be written");
    bytes
}

#[test]
fn what_is_before_the_damage_is_served_and_nothing_is_recorded() {
    let (folder, head) = with_a_last_result();
    let card = format!("scorecard cype --period 2018-09 --at-position {head}");
    let before = row(&folder.ask(&card), "ehcp-20-weeks");
    let damaged = damage(&folder, b"zebracrossing");

    let server = Server::start(&folder);
    let status = folder.run("status").succeeded();
    status.says("read-only: the log is damaged at position").says("restore the newest backup");
    let cluster = folder.run("cluster --width 120").succeeded();
    cluster.says("stopped").says("Read-only: the log is damaged at position");
    assert_eq!(folder.position(), head);
    assert_eq!(row(&folder.ask(&card), "ehcp-20-weeks"), before);
    folder
        .act("result record ehcp-20-weeks --period 2018-10 --value 51 --reason again")
        .failed()
        .complains("read-only: the log is damaged at position");
    server.stop_cleanly().says("This server is read-only: the log is damaged at position");

    let said = format!("the log is damaged at position {}", head.saturating_add(1));
    folder.run("log verify").failed().complains(&said).complains("restore the newest backup");
    assert!(fs::read(db(&folder)).expect("it is there") == damaged, "a damaged store is left as it is");
}

#[test]
fn without_a_server_a_damaged_log_is_read_and_refuses_to_be_written() {
    let (folder, head) = with_a_last_result();
    damage(&folder, b"zebracrossing");
    let status = folder.run("status");
    assert_eq!(status.code, Some(0), "{}", status.whole());
    status.says("read-only: the log is damaged").says(&format!("Position {head}"));
    folder
        .act("result record ehcp-20-weeks --period 2018-10 --value 51 --reason again")
        .failed()
        .complains("read-only: the log is damaged at position");
}

#[test]
fn a_log_whose_damage_is_mended_goes_on_with_everything_in_it() {
    let (folder, head) = with_a_last_result();
    let whole = fs::read(db(&folder)).expect("the journal's store");
    damage(&folder, b"zebracrossing");
    folder.run("log verify").failed();
    fs::write(db(&folder), whole).expect("it can be written");
    folder.run("log verify").succeeded();
    assert_eq!(folder.position(), head.saturating_add(2));
    folder.act("result record ehcp-20-weeks --period 2018-11 --value 51 --reason next").succeeded();
}

#[test]
fn a_log_without_one_whole_commit_is_refused() {
    let folder = Folder::kent();
    fs::write(db(&folder), []).expect("it can be written");
    for line in ["status", "log verify", "serve --listen 127.0.0.1:0"] {
        folder.run(line).failed().complains("restore the newest backup");
    }
    assert_eq!(fs::read(db(&folder)).expect("it is there"), b"");
}
