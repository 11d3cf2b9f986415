//! Durable appends: each is on the disk before the next begins.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Position, Recorded};
use engine::log::EventLog as _;
use journal::{Journal, Options};

use crate::events::{Generator, encoded};
use crate::peers::{Postgres, Sqlite};
use crate::rows::{N_ROUNDS, Row, rate, time};
use crate::segment::Segments;

/// Commits in a round of batches.
const N_BATCHES: u64 = 32;
const BATCH_RECORDS: u64 = 1_024;
/// Commits in a round of single records.
const N_SINGLES: u64 = 200;

/// Every system, empty, in one folder.
struct Systems {
    folder: PathBuf,
    journal: Journal,
    floor: Segments,
    encoding: Segments,
    sqlite: Sqlite,
    postgres: Option<Postgres>,
}

/// Events a second of each round, by system.
#[derive(Default)]
struct Figures {
    ours: Vec<f64>,
    floor: Vec<f64>,
    encoding: Vec<f64>,
    sqlite: Vec<f64>,
    postgres: Vec<f64>,
}

impl Systems {
    fn new(folder: &Path, postgres: Option<&Path>) -> Self {
        let folder = folder.join("append");
        fs::create_dir_all(&folder).expect("a folder");
        Self {
            journal: Journal::open(&Options::new(folder.join("journal"))).expect("a journal"),
            floor: Segments::create(&folder.join("floor")),
            encoding: Segments::create(&folder.join("encoding")),
            sqlite: Sqlite::create(&folder),
            postgres: postgres.map(|socket| Postgres::connect(socket, &folder)),
            folder,
        }
    }

    fn append(&self, commit: &Vec<Recorded>) {
        let expected = self.journal.head().position;
        self.journal.append(expected, std::slice::from_ref(commit)).expect("an append");
    }

    fn end(self) {
        let folder = self.folder.clone();
        drop(self);
        fs::remove_dir_all(folder).expect("a folder that is there");
    }

    fn print(&mut self, what: &str, how: [&str; 2], goals: [f64; 2], figures: &Figures) {
        let row = |peer_name: &str, goal: f64, peer: &[f64]| {
            Row { title: what, peer_name, unit: "per_second", goal, ours: &figures.ours, peer }.print();
        };
        row("segment file, records encoded before", goals[0], &figures.floor);
        row("segment file, encoding them too", 0.0, &figures.encoding);
        if let Some(postgres) = &mut self.postgres {
            row(&format!("PostgreSQL {}, {}", postgres.version(), how[0]), goals[1], &figures.postgres);
        }
        row(&format!("SQLite {}, {}", self.sqlite.version(), how[1]), goals[1], &figures.sqlite);
    }
}

/// Batches of 1,024.
pub(crate) fn batches(folder: &Path, postgres: Option<&Path>) {
    let mut systems = Systems::new(folder, postgres);
    let mut generator = Generator::new();
    let mut figures = Figures::default();
    for round in 0..=N_ROUNDS {
        let commits: Vec<Vec<Recorded>> = (0..N_BATCHES).map(|_| generator.commit(BATCH_RECORDS)).collect();
        let bytes: Vec<Vec<Vec<u8>>> = commits.iter().map(|commit| encoded(commit)).collect();
        let n_events = N_BATCHES * BATCH_RECORDS;
        let ours = time(|| commits.iter().for_each(|commit| systems.append(commit)));
        let floor = time(|| bytes.iter().for_each(|records| systems.floor.append(records)));
        let encoding = time(|| commits.iter().for_each(|commit| systems.encoding.encode_and_append(commit)));
        let files: Vec<PathBuf> = commits
            .iter()
            .zip(&bytes)
            .map(|(commit, records)| systems.sqlite.prepare(first(commit), records))
            .collect();
        let sqlite: f64 = files.iter().map(|file| systems.sqlite.batch(file)).sum();
        remove(&files);
        let postgres = systems.postgres.as_mut().map(|postgres| {
            let files = commits.iter().zip(&bytes).map(|(commit, records)| postgres.prepare(first(commit), records));
            let files: Vec<PathBuf> = files.collect();
            let took = time(|| files.iter().for_each(|file| postgres.copy(file)));
            remove(&files);
            took.seconds
        });
        if round > 0 {
            figures.ours.push(rate(n_events, ours.seconds));
            figures.floor.push(rate(n_events, floor.seconds));
            figures.encoding.push(rate(n_events, encoding.seconds));
            figures.sqlite.push(rate(n_events, sqlite));
            figures.postgres.extend(postgres.map(|seconds| rate(n_events, seconds)));
        }
    }
    systems.print(
        &format!("durable append, {BATCH_RECORDS} a commit"),
        ["COPY", "one transaction"],
        [0.8, 1.0],
        &figures,
    );
    systems.end();
}

/// One record a commit.
pub(crate) fn singles(folder: &Path, postgres: Option<&Path>) {
    let mut systems = Systems::new(folder, postgres);
    let mut generator = Generator::new();
    let mut figures = Figures::default();
    for round in 0..=N_ROUNDS {
        let commits: Vec<Vec<Recorded>> = (0..N_SINGLES).map(|_| generator.commit(1)).collect();
        let bytes: Vec<Vec<Vec<u8>>> = commits.iter().map(|commit| encoded(commit)).collect();
        let at = commits.first().map_or(0, |commit| first(commit));
        let flat: Vec<Vec<u8>> = bytes.iter().flatten().cloned().collect();
        let ours = time(|| commits.iter().for_each(|commit| systems.append(commit)));
        let floor = time(|| bytes.iter().for_each(|records| systems.floor.append(records)));
        let encoding = time(|| commits.iter().for_each(|commit| systems.encoding.encode_and_append(commit)));
        let file = systems.sqlite.prepare(at, &flat);
        let sqlite = systems.sqlite.singles(&file);
        let postgres = systems.postgres.as_mut().map(|postgres| {
            let inserts = Postgres::inserts(at, &flat);
            time(|| postgres.insert(&inserts)).seconds
        });
        if round > 0 {
            figures.ours.push(rate(N_SINGLES, ours.seconds));
            figures.floor.push(rate(N_SINGLES, floor.seconds));
            figures.encoding.push(rate(N_SINGLES, encoding.seconds));
            figures.sqlite.push(rate(N_SINGLES, sqlite));
            figures.postgres.extend(postgres.map(|seconds| rate(N_SINGLES, seconds)));
        }
    }
    systems.print("durable append, 1 a commit", ["prepared insert", "one insert"], [0.0, 0.0], &figures);
    systems.end();
}

fn first(commit: &[Recorded]) -> u64 {
    commit.first().map_or(Position::START, |recorded| recorded.position).get()
}

fn remove(files: &[PathBuf]) {
    for file in files {
        fs::remove_file(file).expect("a file that is there");
    }
}
