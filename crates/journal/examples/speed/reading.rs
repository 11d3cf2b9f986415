//! Opening a log after a kill, reading all of it, and what it takes on the disk.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::Position;
use engine::log::EventLog as _;
use journal::{Journal, Options};

use crate::events::{Generator, encoded};
use crate::rows::{N_ROUNDS, Row, Took, rate, time};
use crate::segment::{self, Reading, Segments};

const BATCH_RECORDS: u64 = 1_024;
const PAGE_RECORDS: usize = 4_096;
/// How often a copy of what a killed process left is opened.
const N_OPENINGS: usize = 3;
/// Single records whose bytes are counted.
const N_SINGLES: u64 = 2_000;

/// Fills a log, says so, and waits for its end from outside.
pub(crate) fn fill_and_wait(folder: &Path, n_records: u64) {
    let journal = Journal::open(&Options::new(folder)).expect("a journal");
    fill(&journal, n_records, BATCH_RECORDS);
    println!("filled");
    std::io::stdout().flush().expect("somebody listens");
    // Ends by being killed, or when the one who started it is gone.
    std::io::stdin().lines().for_each(drop);
}

fn fill(journal: &Journal, n_records: u64, batch_records: u64) {
    let mut generator = Generator::new();
    let mut left = n_records;
    while left > 0 {
        let commit = generator.commit(left.min(batch_records));
        left = left.saturating_sub(batch_records);
        journal.append(journal.head().position, &[commit]).expect("an append");
    }
}

pub(crate) fn rows(folder: &Path, n_records: u64) {
    let folder = folder.join("read");
    let killed = folder.join("killed");
    fs::create_dir_all(&folder).expect("a folder");
    fill_and_kill(&killed, n_records);
    let mut openings = Vec::new();
    let journal = folder.join("journal");
    for _ in 0..N_OPENINGS {
        if journal.exists() {
            fs::remove_dir_all(&journal).expect("a folder that is there");
        }
        copy(&killed, &journal);
        let took = time(|| {
            let journal = Journal::open(&Options::new(&journal)).expect("a journal");
            let last = Position::new(n_records.saturating_sub(1));
            assert_eq!(journal.read(last, 1).expect("a record").len(), 1, "the last record is there");
        });
        openings.push(took.seconds);
    }
    let title = format!("first answer after a kill, {n_records} records since the last opening");
    Row { title: &title, peer_name: "the goal", unit: "seconds", goal: 1.0, ours: &openings, peer: &[2.0] }.print();
    let segments = folder.join("segments");
    let n_bytes = write_segments(&segments, n_records);
    let journal = Journal::open(&Options::new(&journal)).expect("a journal");
    read_all(&journal, &segments, n_records);
    drop(journal);
    sizes(&folder, &killed, n_records, n_bytes);
    fs::remove_dir_all(folder).expect("a folder that is there");
}

pub(crate) fn fill_and_kill(folder: &Path, n_records: u64) {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.arg("fill").arg(folder).arg(n_records.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("a process");
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut said).expect("a word from it");
    assert_eq!(said, "filled\n");
    child.kill().expect("its end");
    child.wait().expect("its end");
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

/// Bytes that the files of a folder occupy, holes apart.
fn disk_bytes(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let bytes = entries.map(|path| {
        if path.is_dir() { disk_bytes(&path) } else { fs::metadata(&path).expect("a file").blocks() * 512 }
    });
    bytes.sum()
}

/// The same records in segment files; how many bytes they have.
fn write_segments(folder: &Path, n_records: u64) -> u64 {
    let mut segments = Segments::create(folder);
    let mut generator = Generator::new();
    let mut left = n_records;
    let mut n_bytes = 0;
    while left > 0 {
        let records = encoded(&generator.commit(left.min(BATCH_RECORDS)));
        left = left.saturating_sub(BATCH_RECORDS);
        segments.append(&records);
        n_bytes += records.iter().map(|record| u64::try_from(record.len()).expect("a short record")).sum::<u64>();
    }
    n_bytes
}

/// One way to read the log: ours, the segment file's, and how many events a second a core is to manage.
struct Way {
    title: &'static str,
    goal: f64,
    ours: fn(&Journal) -> u64,
    reading: Reading,
}

const WAYS: [Way; 3] = [
    Way { title: "decoded, chain verified", goal: 1_000_000.0, ours: verify, reading: Reading::Chained },
    Way { title: "decoded, checksums", goal: 1_600_000.0, ours: decode, reading: Reading::Decoded },
    Way { title: "cells only, checksums", goal: 3_000_000.0, ours: cells, reading: Reading::Header },
];

fn verify(journal: &Journal) -> u64 {
    journal.verify(None).expect("a log that is whole").head.position.get()
}

pub(crate) fn decode(journal: &Journal) -> u64 {
    let mut position = Position::START;
    loop {
        let page = journal.read(position, PAGE_RECORDS).expect("a page");
        match page.last() {
            Some(last) => position = last.position,
            None => return position.get(),
        }
    }
}

fn cells(journal: &Journal) -> u64 {
    let (mut n_cells, mut n_bytes) = (0, 0);
    let visited = journal.visit_cells(Position::START, |cell| {
        n_cells += 1;
        n_bytes += cell.measure.len() + cell.area.len() + cell.cohort.len() + cell.period.len();
    });
    assert_eq!(visited.expect("a log").get(), n_cells);
    assert!(n_bytes > 0, "cells have codes");
    n_cells
}

fn read_all(journal: &Journal, segments: &Path, n_records: u64) {
    for Way { title, goal, ours, reading } in WAYS {
        let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
        for round in 0..=N_ROUNDS {
            let ours = time(|| assert_eq!(ours(journal), n_records));
            let peer = time(|| assert_eq!(segment::read(segments, reading), n_records));
            if round > 0 {
                our_times.push(ours);
                peer_times.push(peer);
            }
        }
        let figures = |times: &[Took], seconds: fn(&Took) -> f64| -> Vec<f64> {
            times.iter().map(|took| rate(n_records, seconds(took))).collect()
        };
        let core = figures(&our_times, |took| took.processor_seconds);
        let row = |title: &str, peer_name: &str, goal: f64, ours: &[f64], peer: &[f64]| {
            Row { title, peer_name, unit: "per_second", goal, ours, peer }.print();
        };
        row(&format!("read, {title}, a second of one core"), "the goal", 1.0, &core, &[goal]);
        row(
            &format!("read, {title}, by the clock"),
            "the same of the segment file",
            0.0,
            &figures(&our_times, |took| took.seconds),
            &figures(&peer_times, |took| took.seconds),
        );
    }
}

fn sizes(folder: &Path, batches: &Path, n_records: u64, n_bytes: u64) {
    let record = n_bytes as f64 / n_records as f64;
    let each = |folder: &Path, n_records: u64| disk_bytes(folder) as f64 / n_records as f64;
    let singles = folder.join("singles");
    let journal = Journal::open(&Options::new(&singles)).expect("a journal");
    fill(&journal, N_SINGLES, 1);
    drop(journal);
    let row = |title: &str, goal: f64, ours: f64| {
        Row { title, peer_name: "the record", unit: "bytes", goal, ours: &[ours], peer: &[record] }.print();
    };
    // At most 1.7 times the record.
    row("on disk an event, 1,024 a commit", 0.588, each(batches, n_records));
    row("on disk an event, 1 a commit", 0.0, each(&singles, N_SINGLES));
}

/// Encodes, appends and reads in memory-backed storage, for a profiler.
pub(crate) fn profile(n_records: u64) {
    let folder = Path::new("/dev/shm").join(format!("journal-profile-{}", std::process::id()));
    let journal = Journal::open(&Options::new(&folder)).expect("a journal");
    let mut generator = Generator::new();
    let mut commits = Vec::new();
    for _ in 0..n_records / BATCH_RECORDS {
        commits.push(generator.commit(BATCH_RECORDS));
    }
    let n_records = n_records / BATCH_RECORDS * BATCH_RECORDS;
    let say =
        |what: &str, took: Took| println!("{what}: {:.0} ns an event", took.processor_seconds * 1e9 / n_records as f64);
    let took = time(|| commits.iter().for_each(|commit| commit.chunks(1_024).for_each(|c| drop(encoded(c)))));
    say("encode", took);
    let took = time(|| {
        for commit in &commits {
            journal.append(journal.head().position, std::slice::from_ref(commit)).expect("an append");
        }
    });
    say("append", took);
    for way in WAYS {
        for _ in 0..3 {
            let took = time(|| assert_eq!((way.ours)(&journal), n_records));
            say(way.title, took);
        }
    }
    drop(journal);
    fs::remove_dir_all(folder).expect("a folder that is there");
}
