//! Times a new node that catches up with a stream of three servers, beside a bare consumer of the same stream, in turn.
//!
//! Prints one line a row: its title, the peer, the unit, the goal, our rounds and the peer's, parted by tabs.
//! `cargo xtask bench feed` runs it and shows the table.
//!
//! ```text
//! catching_up SCOREBOOK FOLDER    the program, and a folder on the disk to be measured
//! ```

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(dead_code, reason = "the journal's own benchmark uses more of it")]
#[path = "../../journal/examples/speed/events.rs"]
mod events;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream as api;
use async_nats::jetstream::consumer::pull::OrderedConfig;
use domain::{AreaId, Position, Timestamp};
use engine::log::{EventLog as _, Head};
use futures_util::StreamExt as _;
use jetstream::{Connection, Credentials, Names, Options, Parts, Shared};
use journal::{Journal, Salts};
use simulator::nats::Nats;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// How many rounds are kept; one before them is not, because it fills the caches.
const N_ROUNDS: usize = 5;
const AUTHORITY: &str = "E10000016";
const GOAL: f64 = 0.7;

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [scorebook, folder] = arguments.as_slice() else { panic!("say `catching_up SCOREBOOK FOLDER`") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    for (n_commits, n_records) in [(60_000, 2), (60, 9_600)] {
        let bench = Bench::new(scorebook, folder, &runtime, (n_commits, n_records));
        bench.rows(&format!("a stream of {n_commits} commits of {n_records} events"));
    }
}

/// A stream, and what reads it.
struct Bench<'a> {
    scorebook: &'a Path,
    folder: PathBuf,
    runtime: &'a Runtime,
    nats: Nats,
    head: Head,
}

impl<'a> Bench<'a> {
    /// A log of so many commits of so many records, in a stream of three servers.
    fn new(scorebook: &'a Path, folder: &Path, runtime: &'a Runtime, (n_commits, n_records): (u64, u64)) -> Self {
        let folder = folder.join("catching-up");
        fs::create_dir_all(&folder).expect("a folder");
        let data = folder.join("first");
        let mut init = Command::new(scorebook);
        init.args(["init", "--authority", AUTHORITY, "--data-dir"]).arg(&data).env("HOME", &folder);
        assert!(init.stdout(Stdio::null()).status().expect("the program runs").success(), "a log is begun");
        let journal = Journal::open(&journal::Options::new(data.join("journal"))).expect("a journal");
        fill(&journal, n_commits, n_records);
        let nats = Nats::cluster(3);
        let head = runtime.block_on(async {
            let connection = connect(&nats).await;
            jetstream::reseeding::reseed(&connection, &names(), &journal, 3, |_| {}).await.expect("it is filled")
        });
        Self { scorebook, folder, runtime, nats, head }
    }

    fn rows(&self, what: &str) {
        let (mut bare, mut journal, mut node) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=N_ROUNDS {
            let figures = [self.read_bare(), self.fill_journal(), self.new_node()];
            if round > 0 {
                let rate = |time: Duration| self.head.position.get() as f64 / time.as_secs_f64();
                let [one, two, three] = figures.map(rate);
                bare.push(one);
                journal.push(two);
                node.push(three);
            }
        }
        row(&format!("{what}: into a new node's journal, durable and chained"), GOAL, &journal, &bare);
        row(&format!("{what}: a new reporting node, from its start until it answers"), GOAL, &node, &bare);
    }

    /// Only takes the messages.
    fn read_bare(&self) -> Duration {
        let begin = Instant::now();
        self.runtime.block_on(async {
            let client = async_nats::connect(self.nats.addresses()).await.expect("a connection");
            let mut stream = api::new(client).get_stream(names().log_stream()).await.expect("the stream");
            let last = stream.info().await.expect("it answers").state.last_sequence;
            let consumer = stream.create_consumer(OrderedConfig::default()).await.expect("a consumer");
            let mut messages = consumer.messages().await.expect("messages");
            loop {
                let message = messages.next().await.expect("there is more").expect("a message");
                if message.info().expect("it says which").stream_sequence == last {
                    break;
                }
            }
        });
        begin.elapsed()
    }

    /// What a node does with them, and nothing else that a node does.
    fn fill_journal(&self) -> Duration {
        let folder = self.folder.join("journal");
        let begin = Instant::now();
        let journal = Arc::new(Journal::open(&journal::Options::new(&folder)).expect("a journal"));
        self.runtime.block_on(async {
            let parts = Parts {
                connection: connect(&self.nats).await,
                names: names(),
                journal: Arc::clone(&journal),
                salts: Salts::Random,
                node: "new".to_owned(),
                appends: false,
            };
            let shared = Shared::new(parts);
            let (stop, stopping) = watch::channel(false);
            let following = tokio::spawn({
                let shared = shared.clone();
                async move { shared.follow(stopping).await }
            });
            shared.caught_up().await.expect("nothing stands in the way");
            stop.send_replace(true);
            following.await.expect("the task ends").expect("the journal is whole");
        });
        let time = begin.elapsed();
        assert_eq!(journal.head(), self.head);
        drop(journal);
        fs::remove_dir_all(folder).expect("a folder that is there");
        time
    }

    /// A process with an empty folder, until it listens.
    fn new_node(&self) -> Duration {
        let data = self.folder.join("node");
        let begin = Instant::now();
        let mut serve = Command::new(self.scorebook);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--role", "reporting", "--authority", AUTHORITY]);
        serve.args(["--nats", &self.nats.addresses().join(",")]).arg("--data-dir").arg(&data);
        serve.env("HOME", &self.folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = serve.spawn().expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("listens on")), "it says where it listens");
        let time = begin.elapsed();
        process.kill().expect("it runs");
        process.wait().expect("it ends");
        fs::remove_dir_all(data).expect("a folder that is there");
        time
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).expect("a folder that is there");
    }
}

fn names() -> Names {
    Names::of(&AreaId::new(AUTHORITY).expect("a code"))
}

async fn connect(nats: &Nats) -> Connection {
    let name = "bench".to_owned();
    let options = Options { servers: nats.addresses(), name, credentials: Credentials::None, tls: None };
    Connection::open(&options).await.expect("a connection")
}

/// Appends results after what a new log begins with.
fn fill(journal: &Journal, n_commits: u64, n_records: u64) {
    let mut generator = events::Generator::new();
    let begun = journal.head();
    let mut at = begun.recorded_at.expect("it is begun").micros();
    let mut head = begun.position;
    for _ in 0..n_commits {
        let mut commit = generator.commit(n_records);
        at += 1;
        let instant = Timestamp::from_micros(at).expect("an instant");
        for record in &mut commit {
            record.position = Position::new(record.position.get() + begun.position.get());
            (record.recorded_at, record.known_at) = (instant, instant);
        }
        head = journal.append(head, &[commit]).expect("it is appended").position;
    }
}

/// Prints a row.
fn row(title: &str, goal: f64, ours: &[f64], peer: &[f64]) {
    let joined = |figures: &[f64]| figures.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    println!("{title}\ta bare consumer\tper_second\t{goal}\t{}\t{}", joined(ours), joined(peer));
}
