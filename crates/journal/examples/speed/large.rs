//! A log of ten million records: how long it takes to open after a kill, and what memory reading all of it takes.

use std::fs;
use std::path::Path;
use std::process::Command;

use domain::Position;
use engine::log::EventLog as _;
use journal::{Journal, Options};

use crate::reading::{copy, decode, fill_and_kill};
use crate::rows::{Row, time};

/// How often a copy of what a killed process left is opened.
const N_OPENINGS: usize = 3;
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) fn rows(folder: &Path, n_records: u64) {
    let folder = folder.join("large");
    let (killed, journal) = (folder.join("killed"), folder.join("journal"));
    fs::create_dir_all(&folder).expect("a folder");
    fill_and_kill(&killed, n_records);
    let mut openings = Vec::new();
    for _ in 0..N_OPENINGS {
        if journal.exists() {
            fs::remove_dir_all(&journal).expect("a folder that is there");
        }
        copy(&killed, &journal);
        let took = time(|| {
            let journal = Journal::open(&options(&journal)).expect("a journal");
            let last = Position::new(n_records.saturating_sub(1));
            assert_eq!(journal.read(last, 1).expect("a record").len(), 1, "the last record is there");
        });
        openings.push(took.seconds);
    }
    let title = format!("first answer after a kill, {n_records} records since the last opening");
    Row { title: &title, peer_name: "the goal", unit: "seconds", goal: 1.0, ours: &openings, peer: &[6.0] }.print();
    let (all, store) = (peak("read-all", &journal), peak("read-store", &journal));
    let row = |title: &str, ours: f64, goal: f64| {
        let title = format!("{title}, {n_records} records read with a cache of 64 MiB");
        Row { title: &title, peer_name: "the goal", unit: "bytes", goal: 1.0, ours: &[ours], peer: &[goal] }.print();
    };
    row("peak memory", all, 600e6);
    row("of which ours: more than the store alone takes", (all - store).max(1.0), 100e6);
    fs::remove_dir_all(folder).expect("a folder that is there");
}

fn options(folder: &Path) -> Options {
    Options { cache_bytes: CACHE_BYTES, ..Options::new(folder) }
}

/// What another process, that reads all of a log, had in memory at the most, in bytes.
fn peak(how: &str, folder: &Path) -> f64 {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).arg(how).arg(folder).output().expect("a process");
    assert!(output.status.success(), "{how}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of bytes")
}

/// Reads every record, and says what that took.
pub(crate) fn read_all(folder: &Path) {
    let journal = Journal::open(&options(folder)).expect("a journal");
    assert!(decode(&journal) > 0, "there are records");
    println!("{}", peak_bytes());
}

/// Reads every block as the store keeps it, and says what that took.
pub(crate) fn read_store(folder: &Path) {
    let config = sled::Config::new().path(folder).segment_size(4 * 1024 * 1024).mode(sled::Mode::LowSpace);
    let store = config.cache_capacity(CACHE_BYTES).open().expect("a store");
    let blocks = store.open_tree("log").expect("a tree");
    let n_bytes: usize = blocks.iter().map(|block| block.expect("a block").1.len()).sum();
    assert!(n_bytes > 0, "there are blocks");
    println!("{}", peak_bytes());
}

/// The most memory that this process ever had, as Linux counts it.
fn peak_bytes() -> u64 {
    let said = fs::read_to_string("/proc/self/status").expect("a system that says");
    let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of kilobytes") * 1024
}
